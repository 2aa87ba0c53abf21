//! What has to be there, or to be done, before a request can be taken: an assignment that a `PUT`
//! makes of two things, what a thing belongs to, a state to leave first. A right server refuses as
//! its document says, and is let alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use rstest::rstest;
use serde_json::{Value, json};

use super::by_the_letter::{answer, document, refusal, refused, run};
use super::support::small::Small;
use super::support::{Received, Reply, docproof};

fn object(required: &Value, fields: &Value) -> Value {
    json!({ "type": "object", "required": required, "properties": fields })
}

fn body(schema: &Value) -> Value {
    json!({ "required": true, "content": { "application/json": { "schema": schema } } })
}

fn in_path(names: &[&str]) -> Value {
    let named = names.iter().map(|name| {
        json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
    });
    named.collect()
}

/// The parts of a request's path.
fn parts(request: &Received) -> Vec<&str> {
    let path = request.target.split('?').next().unwrap_or_default();
    path.trim_matches('/').split('/').collect()
}

fn sent(request: &Received) -> Option<Value> {
    let value = serde_json::from_slice::<Value>(&request.body).ok();
    value.filter(Value::is_object)
}

fn no_method(methods: &str) -> Reply {
    refusal(405).with("Allow", methods)
}

/// Users and roles, and which user has which role: the path of that ends in the role, or goes on
/// behind it, and what says nothing of refusals may leave out that there is none.
fn of_roles(end: &str, tells: bool) -> Value {
    let named = object(&json!(["name"]), &json!({ "name": { "type": "string" } }));
    let told = object(
        &json!(["id", "name"]),
        &json!({ "id": { "type": "string" }, "name": { "type": "string" } }),
    );
    let made = |id: &str| {
        json!({ "post": {
            "operationId": id, "requestBody": body(&named),
            "responses": { "201": answer(&told), "400": refused() },
        } })
    };
    let one = |show: &str, delete: &str, name: &str| {
        json!({
            "parameters": in_path(&[name]),
            "get": { "operationId": show, "responses": { "200": answer(&told), "404": refused() } },
            "delete": { "operationId": delete, "responses": {
                "204": { "description": "" }, "404": refused() } },
        })
    };
    let mut done = json!({ "204": { "description": "" } });
    if tells {
        done["404"] = json!({ "description": "" });
    }
    let assigned = format!("/users/{{user_id}}/roles/{{role_id}}{end}");
    document(&json!({
        "/users": made("AddUser"),
        "/users/{user_id}": one("ShowUser", "DropUser", "user_id"),
        "/roles": made("AddRole"),
        "/roles/{role_id}": one("ShowRole", "DropRole", "role_id"),
        assigned: {
            "parameters": in_path(&["user_id", "role_id"]),
            "put": { "operationId": "Assign", "responses": done },
            "head": { "operationId": "Check", "responses": done },
            "delete": { "operationId": "Unassign", "responses": done },
        },
    }))
}

/// A server of roles; one that is wrong answers a server error for what is not assigned.
fn roles(unassigned: u16) -> impl Fn(&Received) -> Reply {
    let known: Mutex<BTreeMap<String, String>> = Mutex::default();
    let assigned: Mutex<BTreeSet<String>> = Mutex::default();
    let count = Mutex::new(0);
    move |request| {
        let (mut known, mut assigned) = (known.lock().unwrap(), assigned.lock().unwrap());
        let mut count = count.lock().unwrap();
        let is_there = |kind: &str, id: &str| known.contains_key(&format!("{kind}/{id}"));
        match (request.method.as_str(), parts(request).as_slice()) {
            ("POST", [kind @ ("users" | "roles")]) => {
                let name = sent(request).and_then(|sent| sent["name"].as_str().map(str::to_owned));
                let Some(name) = name else {
                    return refusal(400);
                };
                *count += 1;
                let id = format!("n{count}");
                known.insert(format!("{kind}/{id}"), name.clone());
                Reply::json(201, &json!({ "id": id, "name": name }))
            }
            (_, ["users" | "roles"]) => no_method("POST"),
            ("GET" | "HEAD", [kind, id]) if is_there(kind, id) => {
                let name = &known[&format!("{kind}/{id}")];
                Reply::json(200, &json!({ "id": id, "name": name }))
            }
            ("DELETE", [kind, id]) if is_there(kind, id) => {
                known.remove(&format!("{kind}/{id}"));
                Reply::json(204, &Value::Null)
            }
            ("GET" | "HEAD" | "DELETE", [_, _]) => refusal(404),
            (_, [_, _]) => no_method("GET, DELETE"),
            (method @ ("PUT" | "HEAD" | "DELETE"), ["users", user, "roles", role, ..]) => {
                if !(is_there("users", user) && is_there("roles", role)) {
                    return refusal(404);
                }
                let key = format!("{user} {role}");
                let was_there = assigned.contains(&key);
                match method {
                    "PUT" => assigned.insert(key),
                    _ if !was_there => return refusal(unassigned),
                    "DELETE" => assigned.remove(&key),
                    _ => true,
                };
                Reply::json(204, &Value::Null)
            }
            (_, ["users", _, "roles", _, ..]) => no_method("PUT, HEAD, DELETE"),
            _ => refusal(404),
        }
    }
}

#[rstest]
#[case::right("", true, 404)]
#[case::fails("", true, 500)]
#[case::right_behind_the_role("/inherited", true, 404)]
#[case::fails_behind_the_role("/inherited", true, 500)]
#[case::right_without_a_word_of_it("/inherited", false, 404)]
#[case::fails_without_a_word_of_it("/inherited", false, 500)]
fn what_nobody_has_assigned_is_not_there(
    #[case] end: &str,
    #[case] tells: bool,
    #[case] unassigned: u16,
) {
    let (_, facts, text) = run(&of_roles(end, tells), roles(unassigned));
    let is_wrong = unassigned == 500;
    let found = facts.iter().any(|fact| fact.contains("Unassign"));
    assert_eq!(found, is_wrong, "{facts:?} {text}");
    assert!(is_wrong || facts.is_empty(), "{facts:?} {text}");
}

/// A list that is cut by a depth below a root, which a request has to name with it; a wrong server
/// refuses each depth.
#[rstest]
#[case::right("'root' is a dependency of 'depth'", false)]
#[case::names_nothing("it is a dependency of all that is good", true)]
#[case::names_what_was_not_sent("this list requires root to be set", true)]
fn what_needs_another_beside_it_is_refused_without(#[case] said: &str, #[case] is_found: bool) {
    let text = json!({ "type": "string" });
    let listed = object(
        &json!([]),
        &json!({ "names": { "type": "array", "items": text } }),
    );
    let number = json!({ "type": "integer", "minimum": 1, "maximum": 9 });
    let document = document(&json!({ "/leaves": { "get": {
        "operationId": "ListLeaves",
        "parameters": [
            { "name": "depth", "in": "query", "schema": number },
            { "name": "root", "in": "query", "schema": text },
        ],
        "responses": { "200": answer(&listed), "400": refused() },
    } } }));
    let said = said.to_owned();
    let (_, facts, text) = run(&document, move |request: &Received| {
        let query = request
            .target
            .split_once('?')
            .map_or("", |(_, query)| query);
        let has = |name: &str| query.split('&').any(|pair| pair.starts_with(name));
        match (request.method.as_str(), parts(request).as_slice()) {
            ("GET" | "HEAD", ["leaves"]) if has("depth=") && !has("root=") => {
                Reply::json(400, &json!({ "message": said }))
            }
            ("GET" | "HEAD", ["leaves"]) => {
                let depth = query
                    .split('&')
                    .find_map(|pair| pair.strip_prefix("depth="));
                match depth.map(str::parse::<u32>) {
                    None | Some(Ok(1..=9)) => Reply::json(200, &json!({ "names": ["oak"] })),
                    Some(_) => refusal(400),
                }
            }
            (_, ["leaves"]) => no_method("GET"),
            _ => refusal(404),
        }
    });
    let is_of_depth = |fact: &String| fact.contains("query.depth");
    assert_eq!(facts.iter().any(is_of_depth), is_found, "{facts:?} {text}");
}

/// Teams within a branch, which cannot be moved to another, and have to be closed before they go. The
/// fields of a change stand in an object of their own.
fn of_teams() -> Value {
    let text = json!({ "type": "string", "minLength": 1, "maxLength": 40 });
    let fields =
        json!({ "title": text, "branch_id": { "type": "string" }, "open": { "type": "boolean" } });
    let whole = object(
        &json!(["id", "title", "open"]),
        &json!({ "id": { "type": "string" }, "title": text, "branch_id": { "type": "string" }, "open": { "type": "boolean" } }),
    );
    let told = object(&json!(["team"]), &json!({ "team": whole }));
    let branch = object(&json!(["id"]), &json!({ "id": { "type": "string" } }));
    let wrapped = |required: &Value| {
        object(
            &json!(["team"]),
            &json!({ "team": object(required, &fields) }),
        )
    };
    let change = json!({ "required": true, "content": { "application/json": {
        "schema": wrapped(&json!([])),
        "example": { "team": { "title": "New", "branch_id": "b7e0c1d2f3a44b5c8d9e0f1a2b3c4d5e" } },
    } } });
    let create = json!({ "required": true, "content": { "application/json": {
        "schema": wrapped(&json!(["title"])),
        "example": { "team": { "title": "Old" } },
    } } });
    document(&json!({
        "/branches": { "post": { "operationId": "AddBranch", "responses": {
            "201": answer(&branch), "400": refused() } } },
        "/branches/{branch_id}": {
            "parameters": in_path(&["branch_id"]),
            "get": { "operationId": "ShowBranch", "responses": { "200": answer(&branch), "404": refused() } },
            "delete": { "operationId": "DropBranch", "responses": {
                "204": { "description": "" }, "404": refused() } },
        },
        "/teams": { "post": { "operationId": "AddTeam", "requestBody": create, "responses": {
            "201": answer(&told), "400": refused(), "404": refused() } } },
        "/teams/{team_id}": {
            "parameters": in_path(&["team_id"]),
            "get": { "operationId": "ShowTeam", "responses": { "200": answer(&told), "404": refused() } },
            "patch": { "operationId": "ChangeTeam", "requestBody": change, "responses": {
                "200": answer(&told), "400": refused(), "404": refused() } },
            "delete": { "operationId": "DropTeam", "responses": {
                "204": { "description": "" }, "403": refused(), "404": refused() } },
        },
    }))
}

/// A server of teams; one that is wrong takes a title in a change that is too long.
fn teams(most: usize) -> impl Fn(&Received) -> Reply {
    let branches: Mutex<BTreeSet<String>> = Mutex::default();
    let known: Mutex<BTreeMap<String, Value>> = Mutex::default();
    let count = Mutex::new(0);
    let takes = move |team: &Value, is_whole: bool| {
        let Some(map) = team.as_object() else {
            return false;
        };
        let is_title = |title: &Value| {
            let count = title.as_str().map(|title| title.chars().count());
            let most = if is_whole { 40 } else { most };
            count.is_some_and(|count| (1..=most).contains(&count))
        };
        map.get("title").map_or(!is_whole, is_title)
            && map.get("open").is_none_or(Value::is_boolean)
            && map.get("branch_id").is_none_or(Value::is_string)
            && (is_whole || !map.is_empty())
    };
    move |request| {
        let (mut branches, mut known) = (branches.lock().unwrap(), known.lock().unwrap());
        let mut count = count.lock().unwrap();
        let team = sent(request).map(|sent| sent["team"].clone());
        match (request.method.as_str(), parts(request).as_slice()) {
            ("POST", ["branches"]) => {
                *count += 1;
                let id = format!("b{count}");
                branches.insert(id.clone());
                Reply::json(201, &json!({ "id": id }))
            }
            ("GET" | "HEAD", ["branches", id]) if branches.contains(*id) => {
                Reply::json(200, &json!({ "id": id }))
            }
            ("DELETE", ["branches", id]) if branches.remove(*id) => Reply::json(204, &Value::Null),
            ("POST", ["teams"]) => {
                let Some(mut team) = team.filter(|team| takes(team, true)) else {
                    return refusal(400);
                };
                let is_known = |id: &Value| branches.contains(id.as_str().unwrap_or_default());
                if !team.get("branch_id").is_none_or(is_known) {
                    return refusal(404);
                }
                *count += 1;
                let id = format!("t{count}");
                team["id"] = json!(id);
                if team.get("open").is_none() {
                    team["open"] = json!(true);
                }
                known.insert(id, team.clone());
                Reply::json(201, &json!({ "team": team }))
            }
            ("GET" | "HEAD", ["teams", id]) if known.contains_key(*id) => {
                Reply::json(200, &json!({ "team": known[*id] }))
            }
            ("PATCH", ["teams", id]) if known.contains_key(*id) => {
                let Some(team) = team.filter(|team| takes(team, false)) else {
                    return refusal(400);
                };
                let own = known.get_mut(*id).unwrap();
                if team
                    .get("branch_id")
                    .is_some_and(|other| Some(other) != own.get("branch_id"))
                {
                    return refusal(400);
                }
                for (name, value) in team.as_object().unwrap() {
                    own[name] = value.clone();
                }
                Reply::json(200, &json!({ "team": own }))
            }
            ("DELETE", ["teams", id]) if known.contains_key(*id) => {
                if known[*id]["open"] == true {
                    let why = "Cannot delete a team that is open, please close it first.";
                    return Reply::json(403, &json!({ "message": why }));
                }
                known.remove(*id);
                Reply::json(204, &Value::Null)
            }
            ("GET" | "HEAD" | "DELETE" | "PATCH", [_, _]) => refusal(404),
            (_, ["branches" | "teams"]) => no_method("POST"),
            (_, ["branches", _]) => no_method("GET, DELETE"),
            (_, ["teams", _]) => no_method("GET, PATCH, DELETE"),
            _ => refusal(404),
        }
    }
}

#[rstest]
#[case::right(40, false)]
#[case::takes_too_long_titles(60, true)]
fn what_a_change_may_not_say_is_held_against_nobody(#[case] most: usize, #[case] is_found: bool) {
    let (_, facts, text) = run(&of_teams(), teams(most));
    let is_of_change = |fact: &String| fact.contains("ChangeTeam::request.team.title::maxLength");
    assert_eq!(facts.iter().any(is_of_change), is_found, "{facts:?} {text}");
    assert!(is_found || facts.is_empty(), "{facts:?} {text}");
}

/// Clubs, which a run makes, and towns, which are there: which club is known in which town.
fn of_clubs() -> Value {
    let club = object(&json!(["id"]), &json!({ "id": { "type": "string" } }));
    document(&json!({
        "/clubs": { "post": { "operationId": "AddClub", "responses": {
            "201": answer(&club), "400": refused() } } },
        "/clubs/{club_id}": {
            "parameters": in_path(&["club_id"]),
            "get": { "operationId": "ShowClub", "responses": { "200": answer(&club), "404": refused() } },
            "delete": { "operationId": "DropClub", "responses": {
                "204": { "description": "" }, "404": refused() } },
        },
        "/clubs/{club_id}/towns/{town}": {
            "parameters": in_path(&["club_id", "town"]),
            "get": { "operationId": "ShowFame", "responses": { "200": answer(&club) } },
            "delete": { "operationId": "DropFame", "responses": { "204": { "description": "" } } },
        },
    }))
}

#[rstest]
#[case::right(404, false)]
#[case::fails(500, true)]
fn what_was_given_has_nothing_to_do_with_what_was_made(
    #[case] unknown: u16,
    #[case] is_found: bool,
) {
    let known: Mutex<BTreeSet<String>> = Mutex::default();
    let count = Mutex::new(0);
    let server = Small::start(Box::new(move |request: &Received| {
        let (mut known, mut count) = (known.lock().unwrap(), count.lock().unwrap());
        match (request.method.as_str(), parts(request).as_slice()) {
            ("POST", ["clubs"]) => {
                *count += 1;
                known.insert(format!("c{count}"));
                Reply::json(201, &json!({ "id": format!("c{count}") }))
            }
            ("GET" | "HEAD", ["clubs", id]) if known.contains(*id) => {
                Reply::json(200, &json!({ "id": id }))
            }
            ("DELETE", ["clubs", id]) if known.remove(*id) => Reply::json(204, &Value::Null),
            ("GET" | "HEAD" | "DELETE", ["clubs", id, "towns", _]) if known.contains(*id) => {
                refusal(unknown)
            }
            ("GET" | "HEAD" | "DELETE", _) => refusal(404),
            (_, ["clubs"]) => no_method("POST"),
            (_, ["clubs", _] | ["clubs", _, "towns", _]) => no_method("GET, DELETE"),
            _ => refusal(404),
        }
    }));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), of_clubs().to_string()).unwrap();
    let given = [
        "--endpoint",
        &server.url,
        "--set",
        "yard.town=ulm",
        "--allow-changes",
        "yard",
    ];
    let told = docproof(folder.path(), ["run", "api.json"].into_iter().chain(given));
    for name in ["ShowFame", "DropFame"] {
        let fact = format!("{name}::request::example");
        assert_eq!(told.text().contains(&fact), is_found, "{}", told.text());
    }
    assert_eq!(told.code, i32::from(is_found), "{}", told.text());
}
