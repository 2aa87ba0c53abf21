//! What a run makes of a document alone is held against no service that keeps to it: fields put
//! together, things of another type, and ids of the service's own.

use std::collections::{BTreeMap, BTreeSet};

use rstest::rstest;
use serde_json::{Value, json};

use crate::field::run;
use crate::support::{Received, Recorder, docproof};

/// A document of rooms with two settings, of which each may be there by itself.
fn of_rooms() -> String {
    let setting = json!({ "type": ["object", "null"], "properties": {
        "size": { "type": "integer", "minimum": 0, "maximum": 9 },
        "depth": { "type": "integer", "minimum": 0, "maximum": 9 },
    } });
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Rooms", "version": "1" },
        "paths": { "/v1/rooms": { "post": {
            "operationId": "CreateRoom",
            "requestBody": { "required": true, "content": { "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["name"],
                    "properties": {
                        "name": { "type": "string", "minLength": 1, "maxLength": 20 },
                        "lights": { "type": ["object", "null"], "properties": {
                            "ceiling": setting.clone(),
                            "floor": setting,
                        } },
                    },
                },
                "example": { "name": "hall", "lights": null },
            } } },
            "responses": {
                "201": { "description": "Made.", "content": { "application/json": { "schema": {
                    "type": "object", "required": ["id"], "properties": { "id": { "type": "string" } },
                } } } },
                "400": { "description": "Refused." },
            },
        } } },
    })
    .to_string()
}

#[test]
fn what_the_run_alone_puts_together_is_not_held_against_a_service_that_takes_each() {
    let mut count = 0;
    let (told, _) = run(&of_rooms(), &[], move |request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let is_setting = |setting: &Value| {
            let parts = setting.as_object();
            let is_size = |size: &Value| size.as_i64().is_some_and(|size| (0..=9).contains(&size));
            setting.is_null()
                || parts.is_some_and(|parts| {
                    let known = ["size", "depth"].map(|name| parts.get(name));
                    known.into_iter().flatten().all(is_size)
                })
        };
        let lights = &body["lights"];
        let has = |name: &str| lights[name].is_object();
        let name = body["name"].as_str().map(|name| name.chars().count());
        let is_valid = name.is_some_and(|count| (1..=20).contains(&count))
            && (lights.is_null() || lights.is_object())
            && ["ceiling", "floor"]
                .iter()
                .all(|name| is_setting(&lights[name]))
            && !(has("ceiling") && has("floor"));
        match (request.method.as_str(), request.target.as_str()) {
            ("POST", "/v1/rooms") if is_valid => {
                count += 1;
                (201, json!({ "id": format!("r{count}") }))
            }
            ("POST", "/v1/rooms") => (400, json!({ "error": "one kind of light at most" })),
            ("GET" | "POST", _) => (404, json!({ "error": "not here" })),
            _ => (405, json!({ "error": "not so" })),
        }
    });
    assert!(
        !told.text().contains("expected a documented success"),
        "{}",
        told.text()
    );
}

/// A document whose list is documented with another thing's items.
fn of_shelves() -> String {
    let shelf = json!({ "type": "object", "properties": {
        "name": { "type": "string", "minLength": 1, "maxLength": 60 },
    }, "required": ["name"] });
    let listed = json!({ "type": "array", "items": { "type": "object", "properties": {
        "shelf": { "type": "string" }, "colour": { "type": "string" },
    } } });
    let parameter = json!([{ "name": "shelf", "in": "path", "required": true, "schema": { "type": "string" } }]);
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Shelves", "version": "1" },
        "paths": {
            "/v1/shelves": {
                "get": { "operationId": "list_shelves", "responses": { "200": { "description": "All.",
                    "content": { "application/json": { "schema": listed } } } } },
                "post": { "operationId": "create_shelf",
                    "requestBody": { "required": true, "content": { "application/json": { "schema": shelf } } },
                    "responses": { "201": { "description": "Made." }, "400": { "description": "Refused." } } },
            },
            "/v1/shelves/{shelf}": {
                "parameters": parameter,
                "get": { "operationId": "get_shelf", "responses": { "200": { "description": "One.",
                    "content": { "application/json": { "schema": shelf } } }, "404": { "description": "None." } } },
                "delete": { "operationId": "delete_shelf",
                    "responses": { "204": { "description": "Gone." }, "404": { "description": "None." } } },
            },
        },
    })
    .to_string()
}

#[test]
fn what_was_created_is_not_missed_where_no_item_has_the_field_that_tells_it() {
    let mut shelves: Vec<String> = Vec::new();
    let (told, _) = run(&of_shelves(), &[], move |request| {
        let path = request
            .target
            .split('?')
            .next()
            .unwrap_or_default()
            .to_owned();
        let own = path.strip_prefix("/v1/shelves/");
        let at = own.and_then(|own| shelves.iter().position(|known| known == own));
        match (request.method.as_str(), own, at) {
            ("GET", None, _) if path == "/v1/shelves" => {
                let items = shelves
                    .iter()
                    .map(|name| json!({ "name": name, "colour": "red" }));
                (200, Value::Array(items.collect()))
            }
            ("POST", None, _) if path == "/v1/shelves" => {
                let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
                let name = body["name"].as_str().unwrap_or_default().to_owned();
                if !(1..=60).contains(&name.chars().count()) || shelves.contains(&name) {
                    return (400, json!({ "error": "the name" }));
                }
                shelves.push(name);
                (201, json!({}))
            }
            ("GET", Some(own), Some(_)) => (200, json!({ "name": own })),
            ("DELETE", Some(_), Some(at)) => {
                shelves.remove(at);
                (204, Value::Null)
            }
            ("GET" | "POST" | "DELETE", _, _) => (404, json!({ "error": "not here" })),
            _ => (405, json!({ "error": "not so" })),
        }
    });
    assert!(
        !told.text().contains("is not in the list"),
        "{}",
        told.text()
    );
}

/// Entries of two types, of one schema for what is sent and what is shown: the service gives ids.
fn of_entries() -> String {
    let text = json!({ "type": "string" });
    let kind = json!({ "type": "string", "enum": ["file", "folder"] });
    let entry = json!({
        "type": "object",
        "required": ["name"],
        "properties": {
            "id": { "type": "string", "description": "The id of the entry." },
            "name": { "type": "string", "minLength": 1, "maxLength": 40 },
            "type": kind,
        },
    });
    let body = json!({ "required": true, "content": { "application/json": { "schema": entry } } });
    let shown = json!({ "description": "The entry.", "content": { "application/json": { "schema": entry } } });
    let no = json!({ "description": "No." });
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Entries", "version": "1" },
        "paths": {
            "/entries": { "post": {
                "operationId": "create", "requestBody": body, "responses": { "201": shown, "400": no },
            } },
            "/entries/{entry_id}": {
                "parameters": [{ "name": "entry_id", "in": "path", "required": true, "schema": text }],
                "get": {
                    "operationId": "show",
                    "parameters": [{ "name": "type", "in": "query", "schema": kind }],
                    "responses": { "200": shown, "400": no, "404": no },
                },
                "patch": {
                    "operationId": "change", "requestBody": body,
                    "responses": { "200": shown, "400": no, "404": no },
                },
                "delete": { "operationId": "drop", "responses": { "204": no, "404": no } },
            },
        },
    })
    .to_string()
}

/// A server of entries; `keeps` says whether a change is kept, `is_one` whether it has one entry alone,
/// which each create answers with.
fn entries(keeps: bool, is_one: bool) -> impl FnMut(&Received) -> (u16, Value) {
    let mut all: BTreeMap<String, Value> = BTreeMap::new();
    let mut count = 0;
    move |request| {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let is_text = |name: &str| body.get(name).is_none_or(Value::is_string);
        let name = body["name"].as_str().map_or(0, |name| name.chars().count());
        let kinds = [json!("file"), json!("folder")];
        let is_right = (1..=40).contains(&name)
            && is_text("id")
            && body.get("type").is_none_or(|kind| kinds.contains(kind));
        let id = path
            .strip_prefix("/entries/")
            .unwrap_or_default()
            .to_owned();
        match request.method.as_str() {
            "POST" if path == "/entries" && is_right && is_one && !all.is_empty() => {
                (201, all.values().next().cloned().unwrap_or_default())
            }
            "POST" if path == "/entries" && is_right => {
                count += 1;
                let id = format!("e{count}");
                let kind = body.get("type").cloned().unwrap_or(json!("file"));
                let entry = json!({ "id": id, "name": body["name"], "type": kind });
                all.insert(id, entry.clone());
                (201, entry)
            }
            "POST" if path == "/entries" => (400, json!({})),
            _ if path == "/entries" => (405, json!({})),
            "GET" | "PATCH" | "DELETE" if !all.contains_key(&id) => (404, json!({})),
            "GET" => {
                let entry = all[&id].clone();
                let asked = query.strip_prefix("type=");
                let is_its = asked.is_none_or(|asked| entry["type"] == asked);
                (if is_its { 200 } else { 400 }, entry)
            }
            "PATCH" if is_right => {
                let mut entry = all[&id].clone();
                for field in ["name", "type"].into_iter().filter(|_| keeps) {
                    if let Some(value) = body.get(field) {
                        entry[field] = value.clone();
                    }
                }
                all.insert(id, entry.clone());
                (200, entry)
            }
            "PATCH" => (400, json!({})),
            "DELETE" => {
                all.remove(&id);
                (204, Value::Null)
            }
            _ => (405, json!({})),
        }
    }
}

#[rstest]
fn what_is_of_another_type_or_has_an_id_of_the_services_own_is_no_finding(
    #[values(true, false)] keeps: bool,
) {
    let (told, _) = run(
        &of_entries(),
        &["--seed", "1", "--cases", "5"],
        entries(keeps, false),
    );
    let text = told.text();
    assert_eq!(told.code, i32::from(!keeps), "{text}");
    assert_eq!(text.contains("update-changes-this-alone"), !keeps, "{text}");
}

#[test]
fn what_a_create_answers_that_was_there_is_held_against_nobody() {
    let (told, _) = run(
        &of_entries(),
        &["--seed", "1", "--cases", "5", "create::relation"],
        entries(true, true),
    );
    let text = told.text();
    assert!(!text.contains("echo::same"), "{text}");
    assert!(!text.contains("create-then-read (should"), "{text}");
}

/// Marks that are put under names of a form that no document tells.
const MARKS: &str = r#"{
  "openapi": "3.1.0",
  "info": { "title": "Marks", "version": "1" },
  "paths": { "/marks/{name}": {
    "parameters": [{ "name": "name", "in": "path", "required": true, "schema": { "type": "string" } }],
    "put": { "operationId": "put", "responses": {
      "201": { "description": "Made." }, "204": { "description": "There." }, "400": { "description": "No." } } },
    "get": { "operationId": "show", "responses": {
      "204": { "description": "There." }, "404": { "description": "None." } } },
    "delete": { "operationId": "drop", "responses": {
      "204": { "description": "Gone." }, "404": { "description": "None." } } }
  } }
}"#;

#[rstest]
#[case::shown(r#"operations.put.example."path.name" = "OWN_MARK""#, true)]
#[case::untold("", false)]
fn ids_are_like_those_that_a_person_shows(#[case] written: &str, #[case] is_made: bool) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), MARKS).unwrap();
    let told = docproof(
        folder.path(),
        ["init", "suite", "api.json", "--service", "marks"],
    );
    assert_eq!(told.code, 0, "{}", told.text());
    std::fs::write(folder.path().join("suite/cases/marks/own.toml"), written).unwrap();
    let mut known: BTreeSet<String> = BTreeSet::new();
    let server = Recorder::start(move |request: &Received| {
        let path = request.target.split('?').next().unwrap_or_default();
        let name = path.strip_prefix("/marks/").unwrap_or_default();
        let is_own = |name: &str| {
            name.strip_prefix("OWN_").is_some_and(|rest| {
                let may_stand =
                    |one: char| one == '_' || one.is_ascii_uppercase() || one.is_ascii_digit();
                !rest.is_empty() && rest.chars().all(may_stand)
            })
        };
        match request.method.as_str() {
            "PUT" if !is_own(name) => (400, json!({})),
            "PUT" if known.insert(name.to_owned()) => (201, Value::Null),
            "GET" if known.contains(name) => (204, Value::Null),
            "DELETE" if known.remove(name) => (204, Value::Null),
            "PUT" => (204, Value::Null),
            "GET" | "DELETE" => (404, json!({})),
            _ => (405, json!({})),
        }
    });
    let told = docproof(
        folder.path(),
        ["run", "--suite", "suite", "--endpoint", server.url()],
    );
    let text = told.text();
    assert_ne!(told.code, 1, "{text}");
    assert_eq!(text.contains("could not be created"), !is_made, "{text}");
}
