//! Objects that need not be sent: what is tried in one stands in it alone, with what has to be there.

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Received, Recorder, docproof};

/// A document of one create, whose optional object has fields that no service takes together.
fn of_branches() -> String {
    let number = json!({ "type": "integer", "minimum": 1, "maximum": 9 });
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Stores", "version": "1" },
        "paths": { "/stores": { "post": {
            "operationId": "CreateStore",
            "requestBody": { "required": true, "content": { "application/json": { "example": { "size": 2 }, "schema": {
                "type": "object",
                "required": ["size"],
                "properties": {
                    "size": number,
                    "engine": { "type": "object", "properties": {
                        "tree": { "type": "object", "properties": { "depth": number, "width": number } },
                        "hash": { "type": "object", "properties": { "load": number } },
                    } },
                },
            } } } },
            "responses": { "201": { "description": "Made." }, "400": { "description": "Refused." } },
        } } },
    })
    .to_string()
}

#[rstest]
#[case::right(9, 0)]
#[case::too_much_is_taken(10, 1)]
fn one_branch_of_an_object_is_sent_in_a_request(#[case] most: i64, #[case] code: i32) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), of_branches()).unwrap();
    let server = Recorder::start(move |request: &Received| {
        if request.target != "/stores" {
            return (404, json!({}));
        }
        if request.method != "POST" {
            return (405, json!({}));
        }
        let body = serde_json::from_slice::<Value>(&request.body).unwrap_or_default();
        let engine = body.get("engine").cloned().unwrap_or_else(|| json!({}));
        let is_number = |value: Option<&Value>, most: i64| {
            value.is_none_or(|value| {
                value
                    .as_i64()
                    .is_some_and(|value| (1..=most).contains(&value))
            })
        };
        let is_object = |value: Option<&Value>| value.is_none_or(Value::is_object);
        let is_right = body.get("size").is_some()
            && is_number(body.get("size"), 9)
            && engine.is_object()
            && is_object(engine.get("tree"))
            && is_object(engine.get("hash"))
            && is_number(engine.pointer("/tree/depth"), most)
            && is_number(engine.pointer("/tree/width"), 9)
            && is_number(engine.pointer("/hash/load"), 9)
            // Of two engines it takes one.
            && !(engine.get("tree").is_some() && engine.get("hash").is_some());
        (if is_right { 201 } else { 400 }, json!({}))
    });
    let arguments = [
        "run",
        "api.json",
        "--endpoint",
        server.url(),
        "request.engine.tree.depth",
    ];
    let told = docproof(folder.path(), arguments);
    let text = told.text();
    assert_eq!(told.code, code, "{text}");
    assert!(!text.contains("blocked:"), "{text}");
}
