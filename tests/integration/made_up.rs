//! Values that are made up from their types where nobody shows a request: those that are in the way
//! are left out, and what is left of the request is judged.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::Duration;

use rstest::rstest;
use serde_json::{Value, json};

use super::support::docproof;
use super::support::small::Small;
use super::support::{Received, Reply};

/// A search that orders by one of its fields, which no source lists.
fn document() -> Value {
    let answer = json!({
        "type": "object",
        "required": ["hits"],
        "properties": { "hits": { "type": "integer" } }
    });
    let json_of = |schema: &Value| json!({ "application/json": { "schema": schema } });
    let asked = json!({
        "type": "object",
        "properties": {
            "kind": { "type": "string", "enum": ["book", "map"] },
            "order_by": { "type": "array", "items": { "type": "string" } },
            "text": { "type": "string" }
        }
    });
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Search", "version": "1" },
        "paths": { "/search": { "post": {
            "operationId": "search",
            "requestBody": { "required": true, "content": json_of(&asked) },
            "responses": {
                "200": { "description": "Found.", "content": json_of(&answer) },
                "400": { "description": "No." }
            }
        } } }
    })
}

/// The search, which takes a while to refuse.
fn serve(is_wrong: bool, pause: u64) -> Small {
    Small::start(Box::new(move |request: &Received| {
        let no = |status: u16| Reply::json(status, &Value::Null);
        if request.target != "/search" {
            return no(404);
        }
        if request.method != "POST" {
            let mut reply = no(405);
            reply.headers.push(("Allow".to_owned(), "POST".to_owned()));
            return reply;
        }
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let is_known = |order: &Value| matches!(order.as_str(), Some("title" | "year"));
        let is_order = |order: &Value| order.as_array().is_some_and(|all| all.iter().all(is_known));
        let is_kind = |kind: &Value| matches!(kind.as_str(), Some("book" | "map"));
        let is_right = body.is_object()
            && body.get("order_by").is_none_or(is_order)
            && body.get("kind").is_none_or(is_kind)
            && body.get("text").is_none_or(Value::is_string);
        if !is_right {
            std::thread::sleep(Duration::from_millis(pause));
            return no(400);
        }
        let hits = if is_wrong { json!("none") } else { json!(0) };
        Reply::json(200, &json!({ "hits": hits }))
    }))
}

/// Many trials at once wait for the one that finds out what is in the way.
#[rstest]
fn what_is_made_up_and_in_the_way_is_left_out(
    #[values(false, true)] is_wrong: bool,
    #[values(0, 50)] pause: u64,
) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document().to_string()).unwrap();
    let server = serve(is_wrong, pause);
    let told = docproof(
        folder.path(),
        [
            "run",
            "api.json",
            "--endpoint",
            &server.url,
            "--seed",
            "1",
            "--cases",
            "5",
            "--test-threads",
            "32",
        ],
    );
    assert_eq!(told.code == 1, is_wrong, "{}", told.text());
    assert_eq!(
        told.text().contains("response-200.hits::type"),
        is_wrong,
        "{}",
        told.text()
    );
    assert!(
        !told.text().contains("search is refused"),
        "{}",
        told.text()
    );
}

/// Files that are put under any name; a `PUT` of nothing is answered as if there were no folder.
fn files() -> Value {
    let text = json!({ "type": "string" });
    let json_of = |schema: &Value| json!({ "application/json": { "schema": schema } });
    let said = json!({ "type": "object", "properties": { "format": text, "content": text } });
    let shown = json!({
        "type": "object",
        "required": ["name", "size"],
        "properties": { "name": text, "size": { "type": "integer" } }
    });
    let no = json!({ "description": "No." });
    let made = json!({ "description": "Made.", "content": json_of(&shown) });
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Files", "version": "1" },
        "paths": { "/files/{name}": {
            "parameters": [{ "name": "name", "in": "path", "required": true, "schema": text }],
            "put": {
                "operationId": "save",
                "requestBody": { "required": true, "content": json_of(&said) },
                "responses": { "201": made, "200": made, "400": no, "404": no }
            },
            "get": { "operationId": "show", "responses": { "200": made, "404": no } },
            "delete": { "operationId": "drop", "responses": { "204": no, "404": no } }
        } }
    })
}

fn serve_files(is_wrong: bool) -> Small {
    let kept: Mutex<BTreeSet<String>> = Mutex::default();
    Small::start(Box::new(move |request: &Received| {
        let no = |status: u16| Reply::json(status, &Value::Null);
        let mut kept = kept.lock().unwrap();
        let path = request.target.split('?').next().unwrap_or_default();
        let Some(name) = path.strip_prefix("/files/").filter(|name| !name.is_empty()) else {
            return no(404);
        };
        let shown = |size: &Value| json!({ "name": name, "size": size });
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        match request.method.as_str() {
            "PUT" => {
                let Some(fields) = body.as_object() else {
                    return no(400);
                };
                let known = ["format", "content"];
                if !fields.values().all(Value::is_string) || fields.get("format").is_some() {
                    return no(400);
                }
                if !fields.keys().any(|field| known.contains(&field.as_str())) {
                    return no(404);
                }
                let is_new = kept.insert(name.to_owned());
                Reply::json(if is_new { 201 } else { 200 }, &shown(&json!(0)))
            }
            "GET" if kept.contains(name) => {
                let size = if is_wrong { json!("none") } else { json!(0) };
                Reply::json(200, &shown(&size))
            }
            "DELETE" if kept.remove(name) => no(204),
            "GET" | "DELETE" => no(404),
            _ => {
                let mut reply = no(405);
                let allow = ("Allow".to_owned(), "GET, PUT, DELETE".to_owned());
                reply.headers.push(allow);
                reply
            }
        }
    }))
}

#[rstest]
fn a_create_that_says_nothing_is_tried_with_a_field(#[values(false, true)] is_wrong: bool) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), files().to_string()).unwrap();
    let server = serve_files(is_wrong);
    let told = docproof(
        folder.path(),
        [
            "run",
            "api.json",
            "--endpoint",
            &server.url,
            "--seed",
            "1",
            "--cases",
            "5",
        ],
    );
    let text = told.text();
    assert_eq!(told.code == 1, is_wrong, "{text}");
    assert_eq!(
        text.contains("show::response-200.size::type"),
        is_wrong,
        "{text}"
    );
    assert!(!text.contains("could not be created"), "{text}");
}
