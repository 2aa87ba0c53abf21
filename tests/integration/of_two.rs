//! What goes by two names where paths end in verbs: a version, by its model and a number of its own.
//! And lists that are called after a collection: their items name what is there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use rstest::rstest;
use serde_json::{Map, Value, json};

use super::support::docproof;
use super::support::small::Small;
use super::support::{Received, Reply};

fn refusal(status: u16) -> Reply {
    Reply::json(status, &json!({ "error": "no" }))
}

fn of_object(fields: &Value, required: &[&str]) -> Value {
    json!({ "application/json": { "schema": {
        "type": "object", "properties": fields, "required": required
    } } })
}

fn body(fields: &Value, required: &[&str]) -> Value {
    json!({ "required": true, "content": of_object(fields, required) })
}

fn answers(fields: &Value, required: &[&str]) -> Value {
    let refusal = json!({ "description": "No.",
        "content": of_object(&json!({ "error": { "type": "string" } }), &["error"]) });
    json!({
        "200": { "description": "Done.", "content": of_object(fields, required) },
        "400": refusal, "404": refusal, "409": refusal
    })
}

fn in_query(names: &[&str]) -> Value {
    let named = |name: &&str| json!({ "name": name, "in": "query", "required": true, "schema": { "type": "string" } });
    names.iter().map(named).collect()
}

/// Models by their names, and versions of a model by numbers that the service gives.
fn registry() -> Value {
    let text = json!({ "type": "string", "minLength": 1, "maxLength": 60 });
    let id = json!({ "type": "string" });
    let model = json!({ "type": "object", "required": ["name"], "properties": {
        "name": text, "folder": id } });
    let version = json!({ "type": "object", "required": ["name", "version", "summary"],
        "properties": { "name": id, "version": id, "summary": text } });
    let named = body(&json!({ "name": id }), &["name"]);
    let both = body(&json!({ "name": id, "version": id }), &["name", "version"]);
    let of_model = answers(&json!({ "model": model }), &["model"]);
    let of_version = answers(&json!({ "model_version": version }), &["model_version"]);
    let done = answers(&json!({}), &[]);
    let create_model = body(&json!({ "name": text, "folder": text }), &["name"]);
    let create_version = body(
        &json!({ "name": text, "summary": text }),
        &["name", "summary"],
    );
    let mut paths = Map::new();
    let mut add = |path: &str, method: &str, operation: Value| {
        let mut operation = operation;
        operation["operationId"] = json!(path.replace('/', "_"));
        paths.insert(format!("/v1/{path}"), json!({ method: operation }));
    };
    let asking =
        |names, answers: &Value| json!({ "parameters": in_query(names), "responses": answers });
    let telling =
        |body: &Value, answers: &Value| json!({ "requestBody": body, "responses": answers });
    add("models/create", "post", telling(&create_model, &of_model));
    add("models/get", "get", asking(&["name"], &of_model));
    add("models/latest", "get", asking(&["name"], &done));
    add("models/delete", "delete", telling(&named, &done));
    add(
        "model-versions/create",
        "post",
        telling(&create_version, &of_version),
    );
    add(
        "model-versions/get",
        "get",
        asking(&["name", "version"], &of_version),
    );
    add("model-versions/publish", "post", telling(&both, &done));
    add("model-versions/delete", "delete", telling(&both, &done));
    json!({ "openapi": "3.1.0", "info": { "title": "Registry", "version": "1" }, "paths": paths })
}

/// The models, each with its folder and its versions, of which each has a summary.
#[derive(Default)]
struct Registry(BTreeMap<String, (String, Vec<Option<String>>)>);

impl Registry {
    fn answer(&mut self, breach: &str, method: &str, path: &str, said: &Value) -> Reply {
        let wants = |fields: &[&str]| {
            let text = |name: &&str| said.get(*name)?.as_str().map(str::to_owned);
            let texts = fields.iter().map(text).collect::<Option<Vec<String>>>()?;
            let is_good = |text: &String| (1..=60).contains(&text.chars().count());
            texts.iter().all(is_good).then_some(texts)
        };
        let done = || Reply::json(200, &json!({}));
        let is_versions = path.starts_with("model-versions");
        let fields: &[&str] = match path {
            "model-versions/create" => &["name", "summary"],
            _ if is_versions => &["name", "version"],
            _ => &["name"],
        };
        let Some(texts) = wants(fields) else {
            return refusal(400);
        };
        let name = &texts[0];
        if path == "models/create" {
            let folder = said.get("folder").cloned().unwrap_or(json!("main"));
            let Some(folder) = folder
                .as_str()
                .filter(|text| !text.is_empty() && text.chars().count() <= 60)
            else {
                return refusal(400);
            };
            if self.0.contains_key(name) {
                return refusal(409);
            }
            // A folder is a place below that of the service.
            let folder = format!("/data/{}", folder.trim_start_matches("/data/"));
            self.0.insert(name.clone(), (folder.clone(), Vec::new()));
            return Reply::json(200, &json!({ "model": { "name": name, "folder": folder } }));
        }
        let Some((folder, versions)) = self.0.get_mut(name) else {
            return refusal(404);
        };
        let show = |version: usize, summary: &str| {
            let version = version.to_string();
            Reply::json(
                200,
                &json!({ "model_version": {
                "name": name, "version": version, "summary": summary } }),
            )
        };
        match (method, path) {
            (_, "models/get") => {
                Reply::json(200, &json!({ "model": { "name": name, "folder": folder } }))
            }
            (_, "models/delete") => {
                self.0.remove(name);
                done()
            }
            (_, "models/latest") => done(),
            (_, "model-versions/create") => {
                versions.push(Some(texts[1].clone()));
                show(versions.len(), &texts[1])
            }
            _ => {
                let number = texts[1].parse::<usize>().ok().filter(|number| *number > 0);
                let own = number.and_then(|number| versions.get_mut(number - 1));
                let (Some(number), Some(own)) = (number, own) else {
                    return refusal(404);
                };
                let Some(summary) = own.clone() else {
                    return refusal(404);
                };
                match path {
                    "model-versions/delete" => {
                        if breach != "keeps-the-deleted" {
                            *own = None;
                        }
                        done()
                    }
                    "model-versions/get" if breach == "forgets" => show(number, "something"),
                    "model-versions/get" => show(number, &summary),
                    _ => done(),
                }
            }
        }
    }
}

fn serve(breach: &'static str) -> Small {
    let kept: Mutex<Registry> = Mutex::default();
    let document = registry();
    Small::start(Box::new(move |request: &Received| {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        let Some(known) = document["paths"].get(path).and_then(Value::as_object) else {
            return refusal(404);
        };
        let (method, _) = known.iter().next().unwrap();
        if *method != request.method.to_lowercase() {
            let mut reply = refusal(405);
            reply
                .headers
                .push(("Allow".to_owned(), method.to_uppercase()));
            return reply;
        }
        let said: Value = if method == "get" {
            let pairs = url::form_urlencoded::parse(query.as_bytes());
            pairs
                .map(|(name, value)| (name.into_owned(), json!(value)))
                .collect()
        } else {
            serde_json::from_slice(&request.body).unwrap_or_default()
        };
        let path = path.trim_start_matches("/v1/");
        kept.lock().unwrap().answer(breach, method, path, &said)
    }))
}

#[rstest]
#[case::correct("", "")]
#[case::forgets("forgets", "create-then-read")]
#[case::keeps("keeps-the-deleted", "delete-then-gone")]
fn a_version_is_made_shown_and_deleted_by_its_model_and_its_number(
    #[case] breach: &'static str,
    #[case] found: &str,
) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), registry().to_string()).unwrap();
    let server = serve(breach);
    let arguments = ["run", "api.json", "--endpoint", &server.url, "--seed", "1"];
    let told = docproof(folder.path(), arguments.iter().chain(&["--cases", "5"]));
    let text = told.text();
    assert_eq!(told.code == 1, !breach.is_empty(), "{text}");
    assert!(text.contains(found), "{text}");
    // Each is made by the run itself, and the model of a version is one that is there.
    assert!(!text.contains("--set"), "{text}");
    assert!(!text.contains("model-versions_create is refused"), "{text}");
    if breach.is_empty() {
        assert!(!text.contains("left behind"), "{text}");
    }
    let targets: Vec<String> = server
        .received()
        .into_iter()
        .map(|one| one.target)
        .collect();
    let asked = |target: &String| {
        target.starts_with("/v1/model-versions/get?") && target.contains("version=1")
    };
    assert!(targets.iter().any(asked), "{targets:?}");
}

/// Roles by their names, and teams that have some of them.
fn teams() -> Value {
    let text = json!({ "type": "string", "minLength": 1, "maxLength": 60 });
    let name = json!([{ "name": "name", "in": "path", "required": true, "schema": text }]);
    let id = json!([{ "name": "team_id", "in": "path", "required": true, "schema": { "type": "string" } }]);
    let role = answers(&json!({ "name": text }), &["name"]);
    let roles = json!({ "type": "array", "items": { "type": "string" } });
    let team = answers(
        &json!({ "team_id": { "type": "string" }, "roles": roles }),
        &["team_id", "roles"],
    );
    let sent = body(&json!({ "roles": roles }), &["roles"]);
    json!({ "openapi": "3.1.0", "info": { "title": "Teams", "version": "1" }, "paths": {
        "/roles": { "post": { "operationId": "makeRole",
            "requestBody": body(&json!({ "name": text }), &["name"]), "responses": role } },
        "/roles/{name}": { "parameters": name,
            "get": { "operationId": "showRole", "responses": role },
            "delete": { "operationId": "removeRole", "responses": answers(&json!({}), &[]) } },
        "/teams": { "post": { "operationId": "makeTeam", "requestBody": sent, "responses": team } },
        "/teams/{team_id}": { "parameters": id,
            "get": { "operationId": "showTeam", "responses": team } },
    } })
}

#[derive(Default)]
struct Teams {
    roles: BTreeSet<String>,
    teams: Vec<Value>,
}

impl Teams {
    fn answer(&mut self, breach: &str, request: &Received) -> Reply {
        let path = request.target.split('?').next().unwrap_or_default();
        let parts: Vec<String> = path
            .split('/')
            .skip(1)
            .map(|part| {
                url::form_urlencoded::parse(format!("a={part}").as_bytes())
                    .map(|pair| pair.1.into_owned())
                    .collect()
            })
            .collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let sent: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let not_allowed = |allowed: &str| {
            let mut reply = refusal(405);
            reply.headers.push(("Allow".to_owned(), allowed.to_owned()));
            reply
        };
        match (request.method.as_str(), parts.as_slice()) {
            ("POST", ["roles"]) => match sent.get("name").and_then(Value::as_str) {
                Some(name) if (1..=60).contains(&name.chars().count()) => {
                    if !self.roles.insert(name.to_owned()) {
                        return refusal(409);
                    }
                    Reply::json(200, &json!({ "name": name }))
                }
                _ => refusal(400),
            },
            ("GET", ["roles", name]) if self.roles.contains(*name) => {
                Reply::json(200, &json!({ "name": name }))
            }
            ("DELETE", ["roles", name]) if self.roles.remove(*name) => Reply::json(200, &json!({})),
            ("POST", ["teams"]) => {
                let Some(roles) = sent.get("roles").and_then(Value::as_array) else {
                    return refusal(400);
                };
                let is_there = |role: &Value| match role.as_str() {
                    Some(role) => self.roles.contains(role),
                    None => breach == "takes-numbers",
                };
                if !roles.iter().all(is_there) {
                    return refusal(400);
                }
                let id = format!("team-{}", self.teams.len());
                self.teams.push(json!({ "team_id": id, "roles": roles }));
                Reply::json(200, self.teams.last().unwrap())
            }
            ("GET", ["teams", id]) => {
                let mut teams = self.teams.iter();
                let team = teams.find(|team| team["team_id"] == *id);
                team.map_or_else(|| refusal(404), |team| Reply::json(200, team))
            }
            ("GET" | "DELETE", ["roles", _]) => refusal(404),
            (_, ["roles" | "teams"]) => not_allowed("POST"),
            (_, ["roles", _]) => not_allowed("GET, DELETE"),
            (_, ["teams", _]) => not_allowed("GET"),
            _ => refusal(404),
        }
    }
}

#[rstest]
#[case::correct("", "")]
#[case::takes_numbers("takes-numbers", "makeTeam::request.roles[]::type")]
fn the_items_of_a_list_called_after_a_collection_are_there(
    #[case] breach: &'static str,
    #[case] found: &str,
) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), teams().to_string()).unwrap();
    let kept: Mutex<Teams> = Mutex::default();
    let server = Small::start(Box::new(move |request: &Received| {
        kept.lock().unwrap().answer(breach, request)
    }));
    let arguments = ["run", "api.json", "--endpoint", &server.url, "--seed", "1"];
    let told = docproof(folder.path(), arguments.iter().chain(&["--cases", "5"]));
    let text = told.text();
    assert_eq!(told.code == 1, !breach.is_empty(), "{text}");
    assert!(text.contains(found), "{text}");
    assert!(!text.contains("makeTeam is refused"), "{text}");
    let is_made = |one: &Received| one.method == "GET" && one.target.starts_with("/teams/team-");
    assert!(server.received().iter().any(is_made), "{text}");
}
