//! What a refusal quotes from an example is its author's, whatever status it has.

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Received, Recorder, Told, docproof};

/// Runs a document against a server that answers as told.
fn run(document: &Value, answer: impl FnMut(&Received) -> (u16, Value) + Send + 'static) -> Told {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document.to_string()).unwrap();
    let server = Recorder::start(answer);
    docproof(
        folder.path(),
        ["run", "api.json", "--endpoint", server.url()],
    )
}

#[rstest]
#[case::its_own("could not find domain 1789d1", false)]
#[case::nothing_of_it("could not find it", true)]
fn what_a_refusal_quotes_from_an_example_is_its_authors(
    #[case] words: &'static str,
    #[case] is_held: bool,
) {
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "Users", "version": "1" },
        "paths": { "/users": { "get": {
            "operationId": "ListUsers", "responses": { "200": { "description": "Found." } },
        }, "post": {
            "operationId": "CreateUser",
            "requestBody": { "required": true, "content": { "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["name", "domain_id"],
                    "properties": { "name": { "type": "string" }, "domain_id": { "type": "string" } },
                },
                "example": { "name": "a", "domain_id": "1789d1" },
            } } },
            "responses": { "201": { "description": "Made." }, "400": { "description": "Refused." } },
        } } },
    });
    let told = run(&document, move |request: &Received| {
        if request.target != "/users" {
            return (404, json!({}));
        }
        if matches!(request.method.as_str(), "GET" | "HEAD") {
            return (200, json!([]));
        }
        if request.method != "POST" {
            return (405, json!({}));
        }
        let body = serde_json::from_slice::<Value>(&request.body).unwrap_or_default();
        if body["name"].is_string() && body["domain_id"].is_string() {
            (404, json!({ "message": words }))
        } else {
            (400, json!({ "message": "refused" }))
        }
    });
    let text = told.text();
    assert_eq!(
        text.contains("CreateUser::request::example"),
        is_held,
        "{text}"
    );
}
