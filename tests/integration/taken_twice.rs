//! A server that fails where a value is there already: that is told once, by itself, and is held
//! against no field that was under test.

use std::collections::BTreeSet;

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Received, Recorder, docproof};

/// A document of one create, whose example names what it makes.
fn document() -> String {
    let size = json!({ "type": "integer", "minimum": 1, "maximum": 5 });
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Notes", "version": "1" },
        "paths": { "/notes": { "post": {
            "operationId": "CreateNote",
            "requestBody": { "required": true, "content": { "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["title"],
                    "properties": { "title": { "type": "string", "minLength": 1, "maxLength": 99 }, "size": size },
                },
                "example": { "title": "first", "size": 2 },
            } } },
            "responses": { "201": { "description": "Made." }, "400": { "description": "Refused." } },
        } } },
    })
    .to_string()
}

#[rstest]
#[case::a_database("UNIQUE constraint failed: notes.title", true)]
#[case::a_sentence("a note of this title already exists", true)]
// What says nothing of the kind may be the fault of any field.
#[case::anything("out of order", false)]
fn a_server_error_for_what_is_there_is_told_once(
    #[case] words: &'static str,
    #[case] is_told: bool,
) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document()).unwrap();
    let mut known: BTreeSet<String> = BTreeSet::new();
    let server = Recorder::start(move |request: &Received| {
        if request.target != "/notes" {
            return (404, json!({}));
        }
        if request.method != "POST" {
            return (405, json!({}));
        }
        let body = serde_json::from_slice::<Value>(&request.body).unwrap_or_default();
        let title = body["title"].as_str().unwrap_or_default().to_owned();
        let length = title.chars().count();
        let size = body.get("size");
        let is_size =
            size.is_none_or(|size| size.as_i64().is_some_and(|size| (1..=5).contains(&size)));
        if !(1..=99).contains(&length) || !is_size {
            (400, json!({ "message": "refused" }))
        } else if known.insert(title) {
            (201, Value::Null)
        } else {
            (500, json!({ "message": words }))
        }
    });
    let arguments = ["run", "api.json", "--endpoint", server.url()];
    let told = docproof(folder.path(), arguments);
    let text = told.text();
    assert_eq!(told.code, 1, "{text}");
    assert_eq!(
        text.contains("relation::lifecycle::unique"),
        is_told,
        "{text}"
    );
    assert_eq!(
        text.contains("a value that is there already"),
        is_told,
        "{text}"
    );
    assert_eq!(text.contains("request.size"), !is_told, "{text}");
}
