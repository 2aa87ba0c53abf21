//! Requests: what they lack, and what an answer to them says.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rstest::rstest;
use serde_json::{Value, json};

use super::{body, parts, permitted, refusal, shown, try_document};
use crate::in_the_field::{VERSION, one};
use crate::support::small::{Answer, try_page};
use crate::support::{Received, Reply};

/// Items of an example's list name things of its author.
#[rstest]
#[case::told(&["mail-out"], json!({ "error": "unknown queues: ['mail-out']" }), 0)]
#[case::untold(&["mail-out"], json!({ "error": "no" }), 1)]
fn items_that_a_refusal_names_are_their_authors(
    #[case] items: &[&str],
    #[case] said: Value,
    #[case] code: i32,
) {
    let list = json!({ "type": "array", "items": { "type": "string" } });
    let sent = json!({ "application/json": { "example": { "queues": items },
        "schema": { "type": "object", "required": ["queues"], "properties": { "queues": list } } } });
    let document = json!({ "openapi": "3.1.0", "info": { "title": "q", "version": "1" }, "paths": { "/counts": {
        "post": { "operationId": "count", "requestBody": { "required": true, "content": sent }, "responses": {
            "200": { "description": "Counts.", "content": shown(&json!({ "n": 1 })) },
            "400": { "description": "Wrong." }, "404": { "description": "Unknown." } } } },
        "/version": { "get": { "operationId": "version", "responses": {
            "200": { "description": "It.", "content": shown(&json!({ "version": "v1" })) } } } } } });
    let answer: Answer =
        Box::new(
            move |request| match (request.method.as_str(), parts(request)[..].as_ref()) {
                ("POST", ["counts"]) => match body(request)["queues"].as_array() {
                    Some(items) if items.iter().all(Value::is_string) && items.is_empty() => {
                        Reply::json(200, &json!({ "n": 0 }))
                    }
                    Some(items) if items.iter().all(Value::is_string) => Reply::json(404, &said),
                    _ => refusal(400),
                },
                ("GET" | "HEAD", ["version"]) => Reply::json(200, &json!({ "version": "v1" })),
                (_, ["counts" | "version"]) => refusal(405),
                _ => refusal(404),
            },
        );
    let (was, told) = try_document(
        &document,
        &["--mode", "full", "--allow-changes", "q"],
        answer,
    );
    assert_eq!(was, code, "{told}");
}

/// A crash that the same request does not bring about again is no matter of what it sends; one that a
/// value brings about each time is.
#[rstest]
#[case::by_itself("", &["unstable"])]
#[case::by_a_value("blue", &["request.colour::enum"])]
fn a_crash_that_does_not_come_again_is_of_no_value(
    #[case] wrong: &'static str,
    #[case] expected: &[&str],
) {
    let page = "# Notes\n\n## POST /notes\n\n### Request body\n\n\
                | Name | Required | Type | Description |\n|---|---|---|---|\n\
                | text | Yes | string | The text, of 1 to 30 characters. |\n\
                | colour | No | string | The colour: `red`, `green` or `blue`. |\n\n\
                ```json\n{\"text\": \"a\", \"colour\": \"red\"}\n```\n\n### Response 201\n\n\
                ```json\n{\"id\": \"n1\", \"text\": \"a\"}\n```\n\n### Response 400\n\nBad.\n\n\
                ## DELETE /notes/{note_id}\n\n### Response 204\n\nDone.\n\n### Response 404\n\nNone.\n";
    let (count, kept) = (AtomicUsize::new(0), Mutex::new(Vec::<String>::new()));
    let answer: Answer =
        Box::new(
            move |request| match (request.method.as_str(), parts(request)[..].as_ref()) {
                ("POST", ["notes"]) => {
                    let sent = body(request);
                    let length = sent["text"].as_str().map_or(0, |text| text.chars().count());
                    let colour = sent.get("colour").cloned().unwrap_or(json!("red"));
                    let is_right = (1..=30).contains(&length)
                        && [json!("red"), json!("green"), json!("blue")].contains(&colour);
                    if !is_right {
                        return refusal(400);
                    }
                    let turn = count.fetch_add(1, Ordering::SeqCst);
                    if wrong.is_empty() && turn % 3 == 1 || colour == json!(wrong) {
                        return Reply::json(500, &json!({ "error": "locked" }));
                    }
                    let id = format!("n{turn}");
                    kept.lock().unwrap().push(id.clone());
                    Reply::json(201, &json!({ "id": id, "text": sent["text"] }))
                }
                ("DELETE", ["notes", id]) => {
                    let mut kept = kept.lock().unwrap();
                    let before = kept.len();
                    kept.retain(|own| own != id);
                    Reply::json(if kept.len() < before { 204 } else { 404 }, &Value::Null)
                }
                (_, ["notes"] | ["notes", _]) => refusal(405),
                _ => refusal(404),
            },
        );
    let ran = try_page(page, &["--mode", "full"], answer);
    assert_eq!(ran.code, 1, "{}", ran.text);
    assert_eq!(ran.broken(), expected, "{}", ran.text);
}

/// A row of a page's table of paths shows what is sent.
#[rstest]
#[case::takes_it(204, 0)]
#[case::refuses_it(422, 1)]
fn a_row_of_paths_shows_a_body(#[case] status: u16, #[case] code: i32) {
    let page = "<html><body><h1>Users</h1><table><thead><tr><th>GET</th><th>PUT</th><th>Path</th>\
        <th>Description</th></tr></thead><tbody><tr><td>X</td><td></td><td>/version</td><td>The \
        version.</td></tr>\n<tr><td>X</td><td>X</td><td>/users/<i>name</i></td><td>A user. To PUT one, \
        you will need a body looking something like this:\n<pre>{\"secret\":\"a\",\"tags\":\"b\"}</pre>\
        <code>tags</code> are parted by commas.</td></tr></tbody></table></body></html>";
    let answer: Answer =
        Box::new(
            move |request| match (request.method.as_str(), parts(request)[..].as_ref()) {
                ("GET" | "HEAD", ["version"]) => Reply::json(200, &json!({ "version": "v1" })),
                ("GET" | "HEAD", ["users", "ann"]) => Reply::json(200, &json!({ "tags": "b" })),
                ("PUT", ["users", _])
                    if body(request)["tags"].is_string() && body(request)["secret"].is_string() =>
                {
                    if status == 204 {
                        Reply::json(status, &Value::Null)
                    } else {
                        refusal(status)
                    }
                }
                ("PUT", ["users", _]) => refusal(400),
                ("GET" | "HEAD", _) => refusal(404),
                (_, ["version"] | ["users", _]) => refusal(405),
                _ => refusal(404),
            },
        );
    let given = permitted("api.user_name=ann");
    let ran = try_page(page, &given, answer);
    assert_eq!(ran.code, code, "{}", ran.text);
    let is_shown = |own: &Received| body(own) == json!({ "secret": "a", "tags": "b" });
    assert!(ran.received.iter().any(is_shown), "{}", ran.text);
}

/// The lines of a log may have a trace among them; no other answer shows one.
#[rstest]
#[case::log("/logs/error", "text/plain", 0)]
#[case::log_as_json("/logs/error", "application/json", 1)]
#[case::report("/report", "text/plain", 1)]
fn a_log_may_show_a_trace(
    #[case] path: &'static str,
    #[case] media: &'static str,
    #[case] code: i32,
) {
    let page = format!("# Logs\n\n## GET {path}\n\nReturns the lines of the last hour.\n{VERSION}");
    let version = one("GET", "/version", 200, json!({ "version": "v1" }));
    let answer: Answer = Box::new(move |request| match request.method.as_str() {
        "GET" | "HEAD" if request.target.split('?').next() == Some(path) => {
            let trace = "12:00 begun\nTraceback (most recent call last):\n  File \"/srv/main.py\", line 3, in run\n    go()\n";
            let mut reply = Reply::json(200, &Value::Null).with("Content-Type", media);
            reply.body = if media == "text/plain" {
                trace.as_bytes().to_vec()
            } else {
                json!({ "lines": trace }).to_string().into_bytes()
            };
            reply
        }
        _ if request.target.starts_with(path) => refusal(405),
        _ => version(request),
    });
    let ran = try_page(&page, &[], answer);
    assert_eq!(ran.code, code, "{}", ran.text);
}

/// What a read has for a body means nothing; what a write has does.
#[rstest]
#[case::read("get", 0)]
#[case::write("post", 1)]
fn a_body_of_a_read_may_be_anything(#[case] method: &str, #[case] code: i32) {
    let document = json!({ "openapi": "3.1.0", "info": { "title": "s", "version": "1" }, "paths": { "/search": {
        method: { "operationId": "search", "requestBody": { "required": true, "content": shown(&json!({ "q": "a" })) },
            "responses": { "200": { "description": "Found.", "content": shown(&json!({ "n": 1 })) },
                "400": { "description": "Wrong." } } } } } });
    let is_read = method == "get";
    let answer: Answer = Box::new(move |request| match request.method.as_str() {
        _ if parts(request) != ["search"] => refusal(404),
        "GET" | "HEAD" if is_read => Reply::json(200, &json!({ "n": 1 })),
        "POST" if !is_read => Reply::json(200, &json!({ "n": 1 })),
        _ => refusal(405),
    });
    let (was, told) = try_document(
        &document,
        &["--mode", "full", "--allow-changes", "s"],
        answer,
    );
    assert_eq!(was, code, "{told}");
}

/// What a schema allows of an error is right, whatever an example of it shows; where an example alone
/// shows it, an error has its shape.
#[rstest]
#[case::described(true, 0)]
#[case::shown_alone(false, 1)]
fn an_error_is_what_is_said_of_it(#[case] is_described: bool, #[case] code: i32) {
    let mut error = json!({ "example": { "code": 4, "hint": "look elsewhere" } });
    if is_described {
        error["schema"] = json!({ "type": "object", "properties": {
            "code": { "type": ["string", "integer"] }, "hint": { "type": "string" } } });
    }
    let document = json!({ "openapi": "3.1.0", "info": { "title": "s", "version": "1" }, "paths": { "/lamps/{id}": {
        "get": { "operationId": "getLamp",
            "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }],
            "responses": { "200": { "description": "There.", "content": shown(&json!({ "n": 1 })) },
                "404": { "description": "None.", "content": { "application/json": error } } } } } } });
    let answer: Answer = Box::new(|request| match request.method.as_str() {
        "GET" | "HEAD" if parts(request) == ["lamps", "a"] => Reply::json(200, &json!({ "n": 1 })),
        "GET" | "HEAD" => Reply::json(404, &json!({ "code": "none" })),
        _ => refusal(405),
    });
    let (was, told) = try_document(&document, &["--set", "s.lamp_id=a"], answer);
    assert_eq!(was, code, "{told}");
}
