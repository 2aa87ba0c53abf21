//! A service whose paths end in verbs and have no ids: what it makes is recognised by what shows it
//! and by what creating it answers.

use std::sync::Mutex;

use rstest::rstest;
use serde_json::{Value, json};

use super::support::docproof;
use super::support::small::Small;
use super::support::{Received, Reply};

/// How the paths of the service are spelled.
#[derive(Debug, Clone, Copy)]
enum Spelling {
    Slash,
    Dot,
    Joined,
}

impl Spelling {
    fn path(self, noun: &str, verb: &str) -> String {
        let letters = noun.get(1..).unwrap_or_default();
        let first = noun.get(..1).unwrap_or_default().to_uppercase();
        match self {
            Self::Slash => format!("/v1/{noun}s/{verb}"),
            Self::Dot => format!("/v1/{noun}s.{verb}"),
            Self::Joined => format!("/v1/{verb}{first}{letters}"),
        }
    }
}

/// What the service does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Breach {
    /// Nothing.
    None,
    /// A new user is shown with another name.
    ForgetsNames,
    /// A deleted user is still shown.
    KeepsTheDeleted,
    /// A user's new name may be a number.
    TakesNumbers,
}

fn body(fields: &Value, required: &[&str]) -> Value {
    json!({ "required": true, "content": { "application/json": { "schema": {
        "type": "object", "properties": fields, "required": required
    } } } })
}

fn answers(fields: &Value, required: &[&str]) -> Value {
    let refusal = json!({ "description": "No.", "content": { "application/json": { "schema": {
        "type": "object", "required": ["error"], "properties": { "error": { "type": "string" } }
    } } } });
    json!({
        "200": { "description": "Done.", "content": { "application/json": { "schema": {
            "type": "object", "properties": fields, "required": required
        } } } },
        "400": refusal, "404": refusal
    })
}

fn document(spelling: Spelling) -> Value {
    let text = json!({ "type": "string", "minLength": 1, "maxLength": 40 });
    let id = json!({ "type": "string" });
    let user = json!({
        "type": "object",
        "required": ["user_id", "name"],
        "properties": { "user_id": id, "name": text }
    });
    let shown = json!({ "user": user });
    let named = |name: &str| json!([{ "name": name, "in": "query", "required": true, "schema": { "type": "string" } }]);
    let by_id = body(&json!({ "user_id": id }), &["user_id"]);
    let done = answers(&json!({}), &[]);
    let mut paths = json!({});
    let mut add = |noun: &str, verb: &str, method: &str, operation: Value| {
        let mut operation = operation;
        operation["operationId"] = json!(format!("{noun}-{verb}"));
        paths[spelling.path(noun, verb)] = json!({ method: operation });
    };
    add(
        "user",
        "create",
        "post",
        json!({
            "requestBody": body(&json!({ "name": text }), &["name"]),
            "responses": answers(&shown, &["user"])
        }),
    );
    add(
        "user",
        "get",
        "get",
        json!({
            "parameters": named("user_id"), "responses": answers(&shown, &["user"])
        }),
    );
    add(
        "user",
        "update",
        "post",
        json!({
            "requestBody": body(&json!({ "user_id": id, "name": text }), &["user_id"]),
            "responses": answers(&shown, &["user"])
        }),
    );
    add(
        "user",
        "delete",
        "post",
        json!({ "requestBody": by_id, "responses": done }),
    );
    add(
        "user",
        "restore",
        "post",
        json!({ "requestBody": by_id, "responses": done }),
    );
    add(
        "note",
        "create",
        "post",
        json!({
            "requestBody": body(&json!({ "text": text, "user_id": id }), &["text"]),
            "responses": answers(&json!({ "note_id": id }), &["note_id"])
        }),
    );
    add(
        "note",
        "get",
        "get",
        json!({
            "parameters": named("note_id"),
            "responses": answers(&json!({ "text": text, "user_id": id }), &["text"])
        }),
    );
    json!({ "openapi": "3.1.0", "info": { "title": "Verbs", "version": "1" }, "paths": paths })
}

/// What the service keeps.
#[derive(Debug, Default)]
struct Kept {
    /// Users, and whether each was deleted.
    users: Vec<(Value, bool)>,
    notes: Vec<Value>,
}

fn refusal(status: u16) -> Reply {
    Reply::json(status, &json!({ "error": "no" }))
}

fn is_text(value: &Value) -> bool {
    let length = value.as_str().map(|text| text.chars().count());
    length.is_some_and(|length| (1..=40).contains(&length))
}

impl Kept {
    /// The place of a user who is there, by the id that a request gives.
    fn user(&self, id: &Value) -> Option<usize> {
        let mut users = self.users.iter();
        users.position(|(user, is_gone)| user["user_id"] == *id && !is_gone)
    }

    fn answer(&mut self, noun: &str, verb: &str, said: &Value, breach: Breach) -> Reply {
        let is_id = |name: &str| said[name].is_string();
        match (noun, verb) {
            ("user", "create") if is_text(&said["name"]) => {
                let user = json!({
                    "user_id": format!("u{}", self.users.len() + 1), "name": said["name"]
                });
                let mut kept = user.clone();
                if breach == Breach::ForgetsNames {
                    kept["name"] = json!("somebody");
                }
                self.users.push((kept, false));
                Reply::json(200, &json!({ "user": user }))
            }
            ("user", "get") if is_id("user_id") => match self.user(&said["user_id"]) {
                Some(at) => Reply::json(200, &json!({ "user": self.users[at].0 })),
                None => refusal(404),
            },
            ("user", "update") if is_id("user_id") => {
                let is_taken = is_text(&said["name"])
                    || breach == Breach::TakesNumbers && said["name"].is_number();
                // Who changes nothing has forgotten something.
                match self.user(&said["user_id"]) {
                    _ if !is_taken => refusal(400),
                    Some(at) => {
                        if is_text(&said["name"]) {
                            self.users[at].0["name"] = said["name"].clone();
                        }
                        Reply::json(200, &json!({ "user": self.users[at].0 }))
                    }
                    None => refusal(404),
                }
            }
            ("user", "delete") if is_id("user_id") => match self.user(&said["user_id"]) {
                Some(at) => {
                    self.users[at].1 = breach != Breach::KeepsTheDeleted;
                    Reply::json(200, &json!({}))
                }
                None => refusal(404),
            },
            ("user", "restore") if is_id("user_id") => {
                let mut users = self.users.iter_mut();
                let is_it =
                    |user: &&mut (Value, bool)| user.1 && user.0["user_id"] == said["user_id"];
                match users.find(is_it) {
                    Some(user) => {
                        user.1 = false;
                        Reply::json(200, &json!({}))
                    }
                    None => refusal(404),
                }
            }
            ("note", "create") if is_text(&said["text"]) => {
                let is_known = |id: &Value| self.user(id).is_some();
                if !said.get("user_id").is_none_or(is_known) {
                    return refusal(400);
                }
                self.notes.push(said.clone());
                Reply::json(200, &json!({ "note_id": format!("n{}", self.notes.len()) }))
            }
            ("note", "get") => {
                let number = said["note_id"].as_str().and_then(|id| id.strip_prefix('n'));
                let number = number.and_then(|number| number.parse::<usize>().ok());
                match number.and_then(|number| self.notes.get(number.wrapping_sub(1))) {
                    Some(note) => Reply::json(200, note),
                    None => refusal(404),
                }
            }
            _ => refusal(400),
        }
    }
}

fn serve(spelling: Spelling, breach: Breach) -> Small {
    let kept: Mutex<Kept> = Mutex::default();
    let known: Vec<(&str, &str, &str)> = vec![
        ("user", "create", "POST"),
        ("user", "get", "GET"),
        ("user", "update", "POST"),
        ("user", "delete", "POST"),
        ("user", "restore", "POST"),
        ("note", "create", "POST"),
        ("note", "get", "GET"),
    ];
    Small::start(Box::new(move |request: &Received| {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        let mut paths = known.iter();
        let Some((noun, verb, method)) =
            paths.find(|(noun, verb, _)| spelling.path(noun, verb) == path)
        else {
            return refusal(404);
        };
        if *method != request.method {
            let mut reply = refusal(405);
            reply
                .headers
                .push(("Allow".to_owned(), (*method).to_owned()));
            return reply;
        }
        let said: Value = if *method == "GET" {
            let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs
                .map(|(name, value)| (name.to_owned(), json!(value)))
                .collect()
        } else {
            serde_json::from_slice(&request.body).unwrap_or_default()
        };
        if !said.is_object() {
            return refusal(400);
        }
        kept.lock().unwrap().answer(noun, verb, &said, breach)
    }))
}

#[rstest]
#[case::correct(Breach::None, "")]
#[case::forgets(Breach::ForgetsNames, "create-then-read")]
#[case::keeps(Breach::KeepsTheDeleted, "delete-then-gone")]
#[case::takes_numbers(Breach::TakesNumbers, "user-update::request.name::type")]
fn what_verbs_make_is_made_shown_and_deleted(
    #[values(Spelling::Slash, Spelling::Dot, Spelling::Joined)] spelling: Spelling,
    #[case] breach: Breach,
    #[case] found: &str,
    #[values(false, true)] from_a_suite: bool,
) {
    let folder = tempfile::tempdir().unwrap();
    let document = document(spelling).to_string();
    std::fs::write(folder.path().join("api.json"), document).unwrap();
    let server = serve(spelling, breach);
    let source: &[&str] = if from_a_suite {
        let made = docproof(folder.path(), ["init", "suite", "api.json"]);
        assert_eq!(made.code, 0, "{}", made.text());
        &["--suite", "suite"]
    } else {
        &["api.json"]
    };
    let arguments = [
        "run",
        "--endpoint",
        &server.url,
        "--seed",
        "1",
        "--cases",
        "5",
    ];
    let told = docproof(folder.path(), arguments.iter().chain(source));
    let text = told.text();
    assert_eq!(told.code == 1, breach != Breach::None, "{text}");
    assert!(text.contains(found), "{text}");
    // A note of an unknown user is refused: one is made first.
    assert!(!text.contains("note-create is refused"), "{text}");
    assert!(!text.contains("--set"), "{text}");
}

/// Comments, of which a delete without an id would take all.
fn comments() -> Value {
    let text = json!({ "type": "string" });
    let of = |schema: Value| json!({ "application/json": { "schema": schema } });
    let object = |fields: Value, required: Value| json!({ "type": "object", "properties": fields, "required": required });
    let answer = |schema: Value| json!({ "description": "Done.", "content": of(schema) });
    let refusal = answer(object(json!({ "error": text }), json!(["error"])));
    let told = object(json!({ "comment_id": text }), json!(["comment_id"]));
    let shown = json!({ "comment_id": text, "text": text });
    let by_id = json!({ "name": "comment_id", "in": "query", "required": true, "schema": text });
    let body = |schema: Value| json!({ "required": true, "content": of(schema) });
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Comments", "version": "1" },
        "paths": {
            "/comments/create": { "post": {
                "operationId": "create",
                "requestBody": body(object(json!({ "text": text }), json!(["text"]))),
                "responses": { "200": answer(told), "400": refusal }
            } },
            "/comments/get": { "get": {
                "operationId": "get",
                "parameters": [by_id],
                "responses": {
                    "200": answer(object(shown, json!(["comment_id", "text"]))),
                    "404": refusal
                }
            } },
            "/comments/delete": { "post": {
                "operationId": "delete",
                "requestBody": body(object(json!({ "comment_id": text }), json!([]))),
                "responses": {
                    "200": answer(object(json!({}), json!([]))),
                    "400": refusal,
                    "404": refusal
                }
            } }
        }
    })
}

/// Whether a request deletes without saying which.
fn deletes_all(request: &Received) -> bool {
    let said = String::from_utf8_lossy(&request.body).into_owned();
    let value: Value = serde_json::from_str(&said).unwrap_or_default();
    let id = value
        .pointer("/comment_id")
        .or(value.pointer("/0/comment_id"));
    let is_named = id.map_or(said.contains("comment_id"), |id| {
        id.as_str().is_some_and(|id| !id.trim().is_empty()) || id.is_number()
    });
    request.target.starts_with("/comments/delete") && request.method == "POST" && !is_named
}

#[rstest]
#[case::by_itself(&[], false)]
#[case::permitted(&["--allow-changes", "delete"], true)]
fn a_delete_that_names_none_is_sent_where_a_person_permits_it(
    #[case] more: &[&str],
    #[case] expected: bool,
) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), comments().to_string()).unwrap();
    let known: Mutex<Vec<Value>> = Mutex::default();
    let server = Small::start(Box::new(move |request: &Received| {
        let mut known = known.lock().unwrap();
        let no = |status: u16| Reply::json(status, &json!({ "error": "no" }));
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        let said: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let id = query
            .strip_prefix("comment_id=")
            .map_or(said["comment_id"].clone(), Value::from);
        let place = known.iter().position(|own| own["comment_id"] == id);
        match (request.method.as_str(), path, place) {
            ("POST", "/comments/create", _) if said["text"].is_string() => {
                let id = format!("c{}", known.len());
                known.push(json!({ "comment_id": id, "text": said["text"] }));
                Reply::json(200, &json!({ "comment_id": id }))
            }
            ("GET", "/comments/get", Some(at)) => Reply::json(200, &known[at]),
            ("POST", "/comments/delete", Some(at)) => {
                known[at] = json!({});
                Reply::json(200, &json!({}))
            }
            ("POST", "/comments/delete", None) if said.is_object() => no(404),
            ("GET", "/comments/get", None) => no(404),
            ("GET" | "POST", _, _) => no(400),
            _ => no(405).with("Allow", "GET, POST"),
        }
    }));
    let arguments = [
        "run",
        "api.json",
        "--endpoint",
        &server.url,
        "--cases",
        "20",
    ];
    let told = docproof(folder.path(), arguments.iter().chain(more));
    let received = server.received();
    let deletes = |request: &&Received| request.target == "/comments/delete";
    assert!(
        received.iter().filter(deletes).count() > 3,
        "{}",
        told.text()
    );
    let found = received.iter().any(deletes_all);
    assert_eq!(found, expected, "{}", told.text());
}
