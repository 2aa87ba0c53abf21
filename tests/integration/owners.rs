//! What belongs to whom: a parameter of a path that is called the owner of what the next one names.

use std::collections::BTreeMap;

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Received, Recorder, docproof};

/// A parameter of a path that is a text.
fn part(name: &str) -> Value {
    json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
}

/// The parts of a request's path.
fn parts(request: &Received) -> Vec<String> {
    let path = request.target.split('?').next().unwrap_or_default();
    path.trim_matches('/')
        .split('/')
        .map(str::to_owned)
        .collect()
}

/// An operation with parameters of its path and an answer: a status, and one field of it that is a
/// text.
fn operation(id: &str, parts: &[&str], status: &str, field: Option<&str>) -> Value {
    let mut answer = json!({ "description": "Done." });
    if let Some(field) = field {
        answer["content"] = json!({ "application/json": { "schema": {
            "type": "object", "required": [field], "properties": { field: { "type": "string" } },
        } } });
    }
    let mut responses = json!({ status: answer });
    if !parts.is_empty() {
        responses["404"] = json!({ "description": "There is none." });
    }
    let parts: Vec<Value> = parts.iter().map(|name| part(name)).collect();
    json!({ "operationId": id, "parameters": parts, "responses": responses })
}

/// Users have sheds, which are made under a name of one's choice, beside one without a name; what is
/// lent stands below `owner`, with what follows it.
fn document(lent: &str) -> Value {
    let shed = ["name", "shed_name"];
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Sheds", "version": "1" },
        "paths": {
            "/users/{name}": {
                "get": operation("getUser", &["name"], "200", Some("name")),
                "post": operation("makeUser", &["name"], "201", Some("name")),
                "delete": operation("deleteUser", &["name"], "204", None),
            },
            "/users/{name}/shed": { "post": operation("makeMain", &["name"], "201", None) },
            "/users/{name}/sheds/{shed_name}": {
                "post": operation("makeShed", &shed, "201", None),
                "delete": operation("deleteShed", &shed, "204", None),
            },
            lent: { "post": operation("lend", &["owner", "shed_name"], "200", Some("code")) },
        },
    })
}

/// The folder with the document and the suite that `init` makes of it: its fixtures and bindings.
fn suite(document: &Value) -> (tempfile::TempDir, String, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("sheds.json"), document.to_string()).unwrap();
    let made = docproof(
        folder.path(),
        ["init", "suite", "sheds.json", "--service", "sheds"],
    );
    assert_eq!(made.code, 0, "{}", made.text());
    let read = |name: &str| {
        let place = folder.path().join("suite/cases/sheds").join(name);
        std::fs::read_to_string(place).unwrap()
    };
    let (fixtures, bindings) = (read("fixtures.toml"), read("bindings.toml"));
    (folder, fixtures, bindings)
}

#[test]
fn what_is_made_under_a_name_is_made_by_the_post_that_has_it() {
    let (_folder, fixtures, _) = suite(&document("/lent/{owner}/{shed_name}"));
    let shed = fixtures
        .split("[[fixtures]]")
        .find(|one| one.contains("key = \"sheds.shed_name\""));
    let shed = shed.unwrap_or_default();
    assert!(
        shed.contains("create = \"makeShed\"\nid = \"path\""),
        "{fixtures}"
    );
    // Where the answer is documented to tell the place of what it made, that is where it is.
    let mut document = document("/lent/{owner}/{shed_name}");
    document["paths"]["/users/{name}/shed"]["post"]["responses"]["201"]["headers"] =
        json!({ "Location": { "schema": { "type": "string" } } });
    let (_folder, fixtures, _) = suite(&document);
    assert!(
        fixtures.contains("create = \"makeMain\"\nid = \"location\""),
        "{fixtures}"
    );
}

#[rstest]
#[case::the_user("/lent/{owner}/{shed_name}", "sheds.user_name")]
#[case::not_beside("/lent/{owner}/by/{shed_name}", "sheds.owner")]
fn an_owner_is_what_the_item_behind_it_belongs_to(#[case] lent: &str, #[case] key: &str) {
    let (_folder, _, bindings) = suite(&document(lent));
    let bound = format!("\"path.owner\" = \"{key}\"");
    assert!(bindings.contains(&bound), "{bindings}");
}

#[test]
fn what_is_lent_is_a_shed_of_its_owner() {
    let (folder, ..) = suite(&document("/lent/{owner}/{shed_name}"));
    let run = |code: Value| {
        let mut sheds: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let server = Recorder::start(move |request: &Received| {
            let path = parts(request);
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            let has = |sheds: &BTreeMap<String, Vec<String>>, user: &str, shed: &str| {
                sheds
                    .get(user)
                    .is_some_and(|own| own.iter().any(|own| own == shed))
            };
            match (request.method.as_str(), path.as_slice()) {
                ("POST", ["users", user]) => {
                    sheds.entry((*user).to_owned()).or_default();
                    (201, json!({ "name": user }))
                }
                ("GET", ["users", user]) if sheds.contains_key(*user) => {
                    (200, json!({ "name": user }))
                }
                ("DELETE", ["users", user]) if sheds.remove(*user).is_some() => (204, Value::Null),
                ("POST", ["users", user, "shed"]) if sheds.contains_key(*user) => {
                    (201, Value::Null)
                }
                ("POST", ["users", user, "sheds", shed]) if sheds.contains_key(*user) => {
                    let own = sheds.entry((*user).to_owned()).or_default();
                    own.push((*shed).to_owned());
                    (201, Value::Null)
                }
                ("DELETE", ["users", user, "sheds", shed]) if has(&sheds, user, shed) => {
                    let own = sheds.entry((*user).to_owned()).or_default();
                    own.retain(|own| own != shed);
                    (204, Value::Null)
                }
                ("POST", ["lent", user, shed]) if has(&sheds, user, shed) => {
                    (200, json!({ "code": code }))
                }
                ("GET" | "POST" | "DELETE", ["users", ..]) | ("POST", ["lent", ..]) => {
                    (404, json!({}))
                }
                _ => (405, json!({})),
            }
        });
        let arguments = [
            "run",
            "--suite",
            "suite",
            "--allow-changes",
            "sheds",
            "--endpoint",
        ];
        docproof(folder.path(), arguments.into_iter().chain([server.url()]))
    };
    let right = run(json!("c"));
    assert!(!right.text().contains("FAILED"), "{}", right.text());
    let wrong = run(json!(7));
    assert_eq!(wrong.code, 1, "{}", wrong.text());
    assert!(
        wrong.text().contains("lend::response-200.code::type"),
        "{}",
        wrong.text()
    );
}

/// A list that belongs to a box, and what reads one thing of it.
fn of_boxes() -> Value {
    let made = |id: &str, parts: &[&str]| operation(id, parts, "201", Some("id"));
    let shown = |id: &str, parts: &[&str]| operation(id, parts, "200", Some("id"));
    let both = ["box_id", "thing_id"];
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Boxes", "version": "1" },
        "paths": {
            "/boxes": { "post": made("addBox", &[]) },
            "/boxes/{box_id}": {
                "get": shown("getBox", &["box_id"]),
                "delete": operation("dropBox", &["box_id"], "204", None),
            },
            "/boxes/{box_id}/things": { "post": made("addThing", &["box_id"]) },
            "/boxes/{box_id}/things/{thing_id}": {
                "get": shown("getThing", &both),
                "delete": operation("dropThing", &both, "204", None),
            },
        },
    })
}

/// The box that is given is read where it is named alone: what the run makes is in one of its own.
#[test]
fn what_the_run_makes_is_not_looked_for_in_what_is_given() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("boxes.json"), of_boxes().to_string()).unwrap();
    let mut things = BTreeMap::from([("given".to_owned(), Vec::<String>::new())]);
    let mut count = 0;
    let server = Recorder::start(move |request: &Received| {
        let path = parts(request);
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        count += 1;
        let id = format!("n{count}");
        match (request.method.as_str(), path.as_slice()) {
            ("POST", ["boxes"]) => {
                things.insert(id.clone(), Vec::new());
                (201, json!({ "id": id }))
            }
            ("GET", ["boxes", own]) if things.contains_key(*own) => (200, json!({ "id": own })),
            ("DELETE", ["boxes", own]) if things.remove(*own).is_some() => (204, Value::Null),
            ("POST", ["boxes", own, "things"]) if things.contains_key(*own) => {
                things
                    .entry((*own).to_owned())
                    .or_default()
                    .push(id.clone());
                (201, json!({ "id": id }))
            }
            (method @ ("GET" | "DELETE"), ["boxes", own, "things", thing]) => {
                let Some(inside) = things.get_mut(*own) else {
                    return (404, json!({}));
                };
                if !inside.iter().any(|known| known == thing) {
                    return (404, json!({}));
                }
                if method == "GET" {
                    return (200, json!({ "id": thing }));
                }
                inside.retain(|known| known != thing);
                (204, Value::Null)
            }
            ("GET" | "DELETE", ["boxes", _]) | ("POST", ["boxes", _, "things"]) => (404, json!({})),
            _ => (405, json!({})),
        }
    });
    let given = [
        "run",
        "boxes.json",
        "--set",
        "boxes.box_id=given",
        "--endpoint",
    ];
    let told = docproof(folder.path(), given.into_iter().chain([server.url()]));
    assert_eq!(told.code, 0, "{}", told.text());
    let mut received = server.received().into_iter();
    let is_read = |request: Received| request.method == "GET" && request.target == "/boxes/given";
    assert!(received.any(is_read), "the given box was not read");
}
