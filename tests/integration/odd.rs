//! Documents that are valid and odd, in the manner of the tools that write them and beyond: each
//! passes its own mock, and what servers of such documents do rightly is no finding.

use std::path::{Path, PathBuf};

use rstest::rstest;
use serde_json::{Value, json};

use super::support::docproof;
use super::support::small::Small;
use super::support::{Received, Reply};

#[rstest]
fn an_odd_document_passes_its_own_mock(#[files("tests/fixtures/odd/*.yaml")] document: PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let told = docproof(folder.path(), ["run", document.to_str().unwrap()]);
    assert_eq!(told.code, 0, "{}", told.text());
}

/// Runs a document against a server: the exit code, and what is told.
fn run(
    document: &Value,
    act: impl Fn(&Received) -> Reply + Send + Sync + 'static,
) -> (i32, String) {
    let server = Small::start(Box::new(act));
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), document);
    let told = docproof(
        folder.path(),
        [
            "run",
            "api.json",
            "--endpoint",
            &server.url,
            "--allow-changes",
            "yard",
        ],
    );
    (told.code, told.text())
}

fn write(folder: &Path, document: &Value) {
    std::fs::write(folder.join("api.json"), document.to_string()).unwrap();
}

fn document(paths: &Value, schemas: &Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Yard", "version": "1" },
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

fn body(schema: &Value) -> Value {
    json!({ "description": "A body.", "required": true, "content": { "application/json": { "schema": schema } } })
}

fn answer(schema: &Value) -> Value {
    json!({ "description": "An answer.", "content": { "application/json": { "schema": schema } } })
}

fn refusal(status: u16) -> Reply {
    Reply::json(status, &json!({ "message": "no" }))
}

/// The body of a request, where it is JSON of an object.
fn sent(request: &Received) -> Option<Value> {
    let value: Value = serde_json::from_slice(&request.body).ok()?;
    value.is_object().then_some(value)
}

/// A change says again what its path names: a service may refuse another id, and keeps its own.
#[test]
fn a_change_carries_the_id_of_its_path() {
    let door = json!({
        "type": "object", "required": ["id", "colour"],
        "properties": { "id": { "type": "integer" }, "colour": { "type": "string", "enum": ["red", "blue"] } },
    });
    let number =
        json!([{ "name": "id", "in": "path", "required": true, "schema": { "type": "integer" } }]);
    let paths = json!({ "/doors/{id}": {
        "parameters": number,
        "get": { "operationId": "show", "responses": { "200": answer(&door), "404": { "description": "None." } } },
        "put": { "operationId": "paint", "requestBody": body(&door),
                 "responses": { "200": answer(&door), "400": { "description": "No." }, "404": { "description": "None." } } },
    } });
    let colour = std::sync::Mutex::new("red".to_owned());
    let server = Small::start(Box::new(move |request: &Received| {
        let mut colour = colour.lock().unwrap();
        match (request.method.as_str(), request.target.as_str()) {
            ("GET", "/doors/17") => Reply::json(200, &json!({ "id": 17, "colour": *colour })),
            ("PUT", "/doors/17") => {
                let Some(body) = sent(request).filter(|body| body["id"] == 17) else {
                    return refusal(400);
                };
                match body["colour"].as_str() {
                    Some(new @ ("red" | "blue")) => new.clone_into(&mut colour),
                    _ => return refusal(400),
                }
                Reply::json(200, &json!({ "id": 17, "colour": *colour }))
            }
            (_, "/doors/17") => refusal(405).with("Allow", "GET, PUT"),
            _ => refusal(404),
        }
    }));
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &document(&paths, &json!({})));
    let told = docproof(
        folder.path(),
        [
            "run",
            "api.json",
            "--endpoint",
            &server.url,
            "--set",
            "yard.door_id=17",
            "--allow-changes",
            "yard.door_id",
        ],
    );
    let text = told.text();
    assert_eq!(told.code, 0, "{text}");
    assert!(!text.contains("little was decided"), "{text}");
}

/// Whether a body is a node with parts that are nodes.
fn is_node(node: &Value) -> bool {
    node["id"].as_i64().is_some_and(|id| id >= 0)
        && node["name"].as_str().is_some_and(|name| !name.is_empty())
        && node
            .get("child")
            .is_none_or(|child| child.is_null() || is_node(child))
}

/// What stands in a part of a request is not what stands beside the part in an answer, and who
/// says the id of what is made may say one twice.
#[rstest]
#[case::right(false, 0)]
#[case::not_kept(true, 1)]
fn a_part_is_not_the_whole(#[case] is_wrong: bool, #[case] code: i32) {
    let name = json!({ "type": "string", "minLength": 1 });
    let schemas = json!({
        "New": { "type": "object", "required": ["id", "name"], "properties": {
            "id": { "type": "integer", "minimum": 0 }, "name": name,
            "child": { "anyOf": [{ "$ref": "#/components/schemas/New" }, { "type": "null" }] } } },
        "Made": { "type": "object", "required": ["id", "name"], "properties": {
            "id": { "type": "integer" }, "name": name } },
    });
    let paths = json!({ "/nodes": { "post": {
        "operationId": "make",
        "requestBody": body(&json!({ "$ref": "#/components/schemas/New" })),
        "responses": { "201": answer(&json!({ "$ref": "#/components/schemas/Made" })), "400": { "description": "No." } },
    } } });
    let (told, text) = run(
        &document(&paths, &schemas),
        move |request: &Received| match (request.method.as_str(), request.target.as_str()) {
            ("POST", "/nodes") => match sent(request).filter(is_node) {
                Some(node) => {
                    let name = if is_wrong {
                        json!("another")
                    } else {
                        node["name"].clone()
                    };
                    Reply::json(201, &json!({ "id": node["id"], "name": name }))
                }
                None => refusal(400),
            },
            (_, "/nodes") => refusal(405).with("Allow", "POST"),
            _ => refusal(404),
        },
    );
    assert_eq!(told, code, "{text}");
}

/// An object of names that no document lists has as many as it has to have.
#[test]
fn a_map_is_not_sent_empty_where_it_may_not_be() {
    let limits = json!({
        "type": "object", "minProperties": 1, "maxProperties": 3,
        "propertyNames": { "pattern": "^[a-z]{1,5}$" }, "additionalProperties": { "type": "integer" },
    });
    let whole =
        json!({ "type": "object", "required": ["limits"], "properties": { "limits": limits } });
    let paths = json!({ "/limits": { "put": {
        "operationId": "limit", "requestBody": body(&whole),
        "responses": { "204": { "description": "Done." }, "400": { "description": "No." } },
    } } });
    let (told, text) = run(&document(&paths, &json!({})), |request: &Received| {
        match (request.method.as_str(), request.target.as_str()) {
            ("PUT", "/limits") => {
                let body = sent(request).unwrap_or_default();
                let limits = body["limits"].as_object();
                let is_right = limits.is_some_and(|limits| {
                    let is_name = |name: &String| {
                        (1..=5).contains(&name.len())
                            && name.bytes().all(|b| b.is_ascii_lowercase())
                    };
                    (1..=3).contains(&limits.len())
                        && limits
                            .iter()
                            .all(|(name, value)| is_name(name) && value.is_i64())
                });
                if is_right {
                    Reply::json(204, &Value::Null)
                } else {
                    refusal(400)
                }
            }
            (_, "/limits") => refusal(405).with("Allow", "PUT"),
            _ => refusal(404),
        }
    });
    assert_eq!(told, 0, "{text}");
    assert!(!text.contains("little was decided"), "{text}");
}
