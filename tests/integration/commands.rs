//! Fields that count in some requests only: those of one of several commands, a parameter that is
//! ignored without another, and an act on what nobody says how to make.

use docproof::internal::derive::{Options, derive};
use docproof::internal::page;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Received, Recorder, Told, docproof};
use crate::tools::fields;

/// Runs a page or a document against a server that answers as told.
fn run(
    file: &str,
    text: &str,
    more: &[&str],
    answer: impl FnMut(&Received) -> (u16, Value) + Send + 'static,
) -> Told {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(file), text).unwrap();
    let server = Recorder::start(answer);
    let mut arguments = vec!["run", file, "--endpoint", server.url()];
    arguments.extend(more);
    docproof(folder.path(), arguments)
}

/// An operation of two commands, each with a field of its own and an example.
const BED: &str = r#"
Issue a bed command
===================

.. http:post:: /bed

   Sets what a bed is to be.

   .. sourcecode:: http

      POST /bed HTTP/1.1
      Content-Type: application/json

      {"command": "target", "target": 75}

   .. sourcecode:: http

      POST /bed HTTP/1.1
      Content-Type: application/json

      {"command": "offset", "offset": "low"}

   :json string command: The command to issue, COMMANDS.
   :json number target: ``target`` command: The temperature to set.
   :json string offset: ``offset`` command: The offset to set.
   :statuscode 204: No error
   :statuscode 400: If the request is invalid.
"#;

/// A server of beds that wants the field of its command, of its type where that is looked at, and
/// nothing of the other one.
fn beds(looks: bool) -> impl FnMut(&Received) -> (u16, Value) {
    move |request| {
        if request.target != "/bed" {
            return (404, json!({}));
        }
        if request.method != "POST" {
            return (405, json!({}));
        }
        let body = serde_json::from_slice::<Value>(&request.body).unwrap_or_default();
        let is_right = match body["command"].as_str() {
            Some("target") => body["target"].is_number() || !looks && body["target"] != Value::Null,
            Some("offset") => body["offset"].is_string(),
            _ => false,
        };
        if is_right {
            (204, Value::Null)
        } else {
            (400, json!({ "message": "invalid" }))
        }
    }
}

#[rstest]
// A list of the commands says which field goes with which; without it the examples do.
#[case::listed("either ``target`` or ``offset``")]
#[case::untold("as its name says")]
fn a_field_of_one_command_is_wanted_of_that_one_alone(#[case] commands: &str) {
    let page = BED.replace("COMMANDS", commands);
    let more = ["--allow-changes", "IssueBedCommand"];
    let told = run("bed.rst", &page, &more, beds(true));
    assert_eq!(told.code, 0, "{}", told.text());
    let told = run("bed.rst", &page, &more, beds(false));
    assert_eq!(told.code, 1, "{}", told.text());
    assert!(
        told.text().contains("request.target::type"),
        "{}",
        told.text()
    );
}

/// A read with a number that does not count without a switch.
const HISTORY: &str = r"
Get a bed
=========

.. http:get:: /bed

   :query history: TOLD
   :query limit: If set to an integer, only so many are shown. Will be ignored if ``history`` is not enabled.
   :statuscode 200: No error
   :statuscode 400: If the request is invalid.
";

#[rstest]
#[case::in_words("If set to ``true``, the history is shown too.")]
#[case::with_a_type("(boolean) Whether the history is shown too.")]
fn a_parameter_that_is_ignored_without_another_may_then_be_anything(#[case] told: &str) {
    let page = HISTORY.replace("TOLD", told);
    let told = run("bed.rst", &page, &[], |request: &Received| {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let value = |name: &str| {
            let mut own = pairs.iter().filter(|(known, _)| known == name);
            own.next().map(|(_, value)| value.clone())
        };
        let is_on = value("history").is_some_and(|on| on == "true");
        let limit = value("limit").map(|limit| limit.parse::<u32>());
        match request.method.as_str() {
            _ if path != "/bed" => (404, json!({})),
            "GET" | "HEAD" if is_on && matches!(limit, Some(Err(_))) => (400, json!({})),
            "GET" | "HEAD" => (200, json!({})),
            _ => (405, json!({})),
        }
    });
    assert!(!told.text().contains("query.limit"), "{}", told.text());
}

/// A create, and an act on what it makes that not everything is for; with and without an example of
/// what is sent.
fn of_acts(example: Option<Value>) -> String {
    let mut create = json!({ "schema": {
        "type": "object",
        "properties": { "title": { "type": "string" }, "folder": { "type": "string" } },
    } });
    if let Some(example) = example {
        create["example"] = example;
    }
    let answers = |status: &str| {
        json!({
            (status): { "description": "Done." },
            "400": { "description": "Refused." },
            "404": { "description": "None." },
        })
    };
    let id =
        json!([{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }]);
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Prints", "version": "1" },
        "paths": {
            "/prints": { "post": {
                "operationId": "CreatePrint",
                "requestBody": { "required": true, "content": { "application/json": create } },
                "responses": {
                    "201": { "description": "Made.", "content": { "application/json": { "schema": {
                        "type": "object", "required": ["id"], "properties": { "id": { "type": "string" } },
                    } } } },
                    "400": { "description": "Refused." },
                },
            } },
            "/prints/{id}": {
                "parameters": id,
                "get": { "operationId": "ShowPrint", "responses": answers("200") },
                "delete": { "operationId": "DeletePrint", "responses": answers("204") },
            },
            "/prints/{id}/start": {
                "parameters": id,
                "post": {
                    "operationId": "StartPrint",
                    "requestBody": { "content": { "application/json": {
                        "schema": { "type": "object", "properties": { "now": { "type": "boolean" } } },
                        "example": { "now": true },
                    } } },
                    "responses": answers("204"),
                },
            },
        },
    })
    .to_string()
}

#[rstest]
#[case::nobody_says_what_is_sent(None, false)]
#[case::an_example_does(Some(json!({ "title": "a" })), true)]
fn an_act_on_what_is_made_up_is_held_against_nobody(
    #[case] example: Option<Value>,
    #[case] is_held: bool,
) {
    let mut count = 0;
    let told = run(
        "api.json",
        &of_acts(example),
        &[],
        move |request: &Received| {
            let path = request.target.split('?').next().unwrap_or_default();
            let is_known = (1..=count).any(|id| path == format!("/prints/{id}"));
            match request.method.as_str() {
                "POST" if path == "/prints" && request.body.starts_with(b"{") => {
                    count += 1;
                    (201, json!({ "id": count.to_string() }))
                }
                "POST" if path == "/prints" => (400, json!({})),
                "GET" if is_known => (200, json!({})),
                "DELETE" if is_known => (204, Value::Null),
                "GET" | "DELETE" | "POST" => (404, json!({})),
                _ => (405, json!({})),
            }
        },
    );
    let text = told.text();
    assert_eq!(
        text.contains("StartPrint::request::example"),
        is_held,
        "{text}"
    );
    assert_eq!(text.contains("spells out what"), !is_held, "{text}");
}

#[test]
fn rows_below_one_of_several_types_are_of_the_object_among_them() {
    let text = "# Boxes\n\n`GET /box`\n\n### Response body\n\n| Name | Type | Description |\n|---|---|---|\n| box | boolean or object | Where it is, or false. |\n| box.width | number | How wide. |\n";
    let page = page::read("box.md", text).unwrap();
    let derived = derive(&[page], &Options::default()).unwrap();
    let expected = [
        "GET /box",
        "2XX.box [\"boolean\",\"object\"]",
        "2XX.box.width number",
    ];
    assert_eq!(fields(&derived), expected);
}

/// A read below what nobody says how to make, with a number that has a greatest value.
fn of_pages() -> String {
    let id =
        json!([{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }]);
    let size = json!({ "name": "size", "in": "query", "schema": {
        "type": "integer", "minimum": 1, "maximum": 40,
    } });
    let mut document: Value = serde_json::from_str(&of_acts(None)).unwrap();
    document["paths"]["/prints/{id}/pages"] = json!({ "parameters": id, "get": {
        "operationId": "ListPages", "parameters": [size],
        "responses": {
            "200": { "description": "Found." }, "400": { "description": "Refused." },
            "404": { "description": "None." },
        },
    } });
    document["paths"]
        .as_object_mut()
        .unwrap()
        .remove("/prints/{id}/start");
    document.to_string()
}

/// Where a plain read of what is made up is taken, the refusal of another is for what it asks.
#[rstest]
#[case::right(40, false)]
#[case::refuses_what_is_documented(39, true)]
fn what_is_asked_of_what_is_made_up_is_held(#[case] most: u32, #[case] is_held: bool) {
    let mut count = 0;
    let told = run("api.json", &of_pages(), &[], move |request: &Received| {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        let mut known = (1..=count).map(|id| format!("/prints/{id}"));
        let is_known = known.any(|known| path.trim_end_matches("/pages") == known);
        let size = query.strip_prefix("size=").map(str::parse::<u32>);
        match request.method.as_str() {
            "POST" if path == "/prints" && request.body.starts_with(b"{") => {
                count += 1;
                (201, json!({ "id": count.to_string() }))
            }
            "POST" if path == "/prints" => (400, json!({})),
            "GET" | "HEAD" if is_known && path.ends_with("/pages") => match size {
                Some(ref size) if !size.as_ref().is_ok_and(|size| (1..=most).contains(size)) => {
                    (400, json!({}))
                }
                _ => (200, json!({})),
            },
            "GET" | "HEAD" if is_known => (200, json!({})),
            "DELETE" if is_known && !path.ends_with("/pages") => (204, Value::Null),
            "GET" | "HEAD" | "DELETE" => (404, json!({})),
            _ => (405, json!({})),
        }
    });
    let text = told.text();
    let is_told = text.contains("ListPages::query.size::maximum (must");
    assert_eq!(is_told, is_held, "{text}");
}
