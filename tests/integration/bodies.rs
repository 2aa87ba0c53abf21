//! Bodies and headers of every kind: each is sent as its page says, its rules are tried, and what is
//! not written is said to be so.

use rstest::rstest;
use serde_json::{Value, json};

use crate::doors::refuse;
use crate::support::small::{Answer, Ran, try_page};
use crate::support::{Received, Reply};

/// A page of one operation.
fn page(target: &str, headers: &str, body: &str, answer: &str) -> String {
    format!(
        "---
service: notes
operation: TryNotes
edition: 2025-03-01
---

# Try notes

## URI

`{target}`

## Request parameters

Table 1 Request header parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
{headers}
{body}
## Response parameters

### Status code: 200

{answer}
## Status codes

| Status code | Description |
|---|---|
| 200 | It is done. |
| 400 | The request is refused. |
| 406 | No such answer is made. |
| 415 | The media type is not taken. |
"
    )
}

fn content(media: &str) -> String {
    format!("| Content-Type | Yes | String | Fixed: {media} |")
}

/// The rows of a body.
fn rows(rows: &str) -> String {
    format!(
        "Table 2 Request body parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
{rows}
"
    )
}

const COUNT: &str = "| Parameter | Type | Description |
|---|---|---|
| count | Integer | How many there are. |
";

/// What is wrong with a server.
#[derive(Clone, Copy, PartialEq)]
enum Fault {
    None,
    /// It takes whatever it gets.
    TakesAll,
}

/// A server of one operation that takes bodies of one media type.
fn taking(
    method: &'static str,
    media: &'static str,
    fault: Fault,
    is_right: impl Fn(&[u8]) -> bool + Send + Sync + 'static,
) -> Answer {
    Box::new(move |request: &Received| {
        let path = request.target.split('?').next().unwrap_or_default();
        let kind = request.header("content-type").unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        match () {
            () if path != "/v1/notes" => refuse(404, "nothing is here"),
            () if request.method != method => refuse(405, "not so").with("Allow", method),
            () if kind != media => refuse(415, "another type"),
            () if fault == Fault::TakesAll || is_right(&request.body) => {
                Reply::json(200, &json!({ "count": 1 }))
            }
            () => refuse(400, "not this"),
        }
    })
}

fn assert_found(ran: &Ran, fault: Fault, found: &[&str]) {
    let broken = ran.broken();
    if fault == Fault::None {
        assert_eq!(broken, Vec::<String>::new(), "{}", ran.text);
        assert_eq!(ran.code, 0, "{}", ran.text);
        return;
    }
    for part in found {
        let is_it = |fact: &String| fact.contains(part);
        // Both ends of a range that are broken alike are one finding.
        let is_beside = ran.text.contains(&format!("{part} (broken alike)"));
        assert!(
            broken.iter().any(is_it) || is_beside,
            "{part}: {broken:?}\n{}",
            ran.text
        );
    }
}

#[rstest]
fn a_text_is_a_body(#[values(Fault::None, Fault::TakesAll)] fault: Fault) {
    let body =
        rows("| body | Yes | String | The text.<br>Minimum length: 2<br>Maximum length: 9 |");
    let page = page("POST /v1/notes", &content("text/plain"), &body, COUNT);
    let answer = taking("POST", "text/plain", fault, |body| {
        std::str::from_utf8(body).is_ok_and(|text| (2..=9).contains(&text.chars().count()))
    });
    let ran = try_page(&page, &[], answer);
    assert_found(&ran, fault, &["request::minLength", "request::maxLength"]);
}

#[rstest]
fn a_merge_patch_is_a_body(#[values(Fault::None, Fault::TakesAll)] fault: Fault) {
    let body = rows(
        "| title | No | String | The title.<br>Maximum length: 9 |
| state | No | String | The state.<br>Enumeration values: open, done |",
    );
    let media = "application/merge-patch+json";
    let page = page("PATCH /v1/notes", &content(media), &body, COUNT);
    let answer = taking("PATCH", media, fault, |body| {
        let Ok(Value::Object(patch)) = serde_json::from_slice(body) else {
            return false;
        };
        patch.iter().all(|(name, value)| match name.as_str() {
            "title" => {
                let length = value.as_str().map(|text| text.chars().count());
                value.is_null() || length.is_some_and(|length| length <= 9)
            }
            "state" => value.is_null() || ["open", "done"].iter().any(|known| value == known),
            _ => true,
        })
    });
    let ran = try_page(&page, &["--allow-changes", "TryNotes"], answer);
    assert_found(&ran, fault, &["title::maxLength", "state::enum"]);
}

#[rstest]
fn operations_of_a_json_patch_are_a_body(#[values(Fault::None, Fault::TakesAll)] fault: Fault) {
    let table = rows(
        "| [].op | Yes | String | The operation.<br>Enumeration values: add, replace, remove |
| [].path | Yes | String | The path. |
| [].value | No | String | The value. |",
    );
    let example = "### Example request

```
PATCH /v1/notes
Content-Type: application/json-patch+json

[{\"op\": \"replace\", \"path\": \"/title\", \"value\": \"Tea\"}]
```
";
    let media = "application/json-patch+json";
    let body = format!("{table}\n{example}\n");
    let page = page("PATCH /v1/notes", &content(media), &body, COUNT);
    let answer = taking("PATCH", media, fault, |body| {
        let Ok(Value::Array(operations)) = serde_json::from_slice(body) else {
            return false;
        };
        operations.iter().all(|one| {
            let op = one["op"].as_str().unwrap_or_default();
            // RFC 6902, sections 4.1 and 4.3: who adds or replaces says by what.
            let value = one.get("value");
            let fits = value.is_none_or(Value::is_string) && (op == "remove" || value.is_some());
            ["add", "replace", "remove"].contains(&op) && one["path"].is_string() && fits
        })
    });
    let ran = try_page(&page, &["--allow-changes", "TryNotes"], answer);
    assert_found(&ran, fault, &["[].op::enum", "[].path::required"]);
}

#[rstest]
#[case::bytes("application/octet-stream", "")]
#[case::xml("application/xml", "| name | Yes | String | The name. |")]
fn what_is_not_written_is_said_to_be_so(#[case] media: &'static str, #[case] table: &str) {
    let body = if table.is_empty() {
        "The body is the content of the note.\n".to_owned()
    } else {
        rows(table)
    };
    let page = page("POST /v1/notes", &content(media), &body, COUNT);
    // A right server refuses a body that is none.
    let answer = taking("POST", media, Fault::None, |body| !body.is_empty());
    let ran = try_page(&page, &[], answer);
    assert_ne!(ran.code, 1, "{}", ran.text);
    let said = format!("the body is {media}, and only JSON, forms and texts are written");
    assert!(ran.report.to_string().contains(&said), "{}", ran.text);
    let sends = |request: &&Received| request.method == "POST" && request.target == "/v1/notes";
    assert_eq!(ran.received.iter().filter(sends).count(), 0, "{}", ran.text);
}

/// A server that answers with one body of one media type.
fn answering(media: &'static str, body: &'static [u8]) -> Answer {
    Box::new(move |request: &Received| {
        let path = request.target.split('?').next().unwrap_or_default();
        if path != "/v1/notes" {
            return refuse(404, "nothing is here");
        }
        if request.method != "GET" {
            return refuse(405, "not so").with("Allow", "GET");
        }
        let mut reply = Reply::json(200, &Value::Null).with("Content-Type", media);
        reply.body = body.to_vec();
        reply
    })
}

const NAMES: &str = "The body is an array of strings.

| Parameter | Type | Description |
|---|---|---|
| [] | Array of strings | The names. |
";

const PICTURE: &str = "Table 3 Response header parameters

| Parameter | Type | Description |
|---|---|---|
| Content-Type | String | Fixed: image/png |
";

#[rstest]
#[case::names(NAMES, "application/json", b"[\"a\"]", None)]
#[case::no_names(NAMES, "application/json", b"[\"a\", 7]", Some("response-200[]::type"))]
#[case::picture(PICTURE, "image/png", b"\x89PNG", None)]
#[case::no_picture(PICTURE, "text/html", b"<p>", Some("contentType"))]
fn answers_of_every_kind_are_judged(
    #[case] described: &str,
    #[case] media: &'static str,
    #[case] body: &'static [u8],
    #[case] found: Option<&str>,
) {
    let header = "| X-Trace | No | String | A name for the logs. |";
    let page = page("GET /v1/notes", header, "", described);
    let ran = try_page(&page, &[], answering(media, body));
    let fault = if found.is_some() {
        Fault::TakesAll
    } else {
        Fault::None
    };
    assert_found(&ran, fault, found.as_slice());
}

/// A server that wants a version and a tenant with every request, and answers with a kind of JSON.
fn choosy(fault: Fault) -> Answer {
    const KIND: &str = "application/vnd.notes+json";
    Box::new(move |request: &Received| {
        let path = request.target.split('?').next().unwrap_or_default();
        let tenant = request.header("x-tenant").unwrap_or_default();
        let is_tenant = !tenant.is_empty() && tenant.chars().count() <= 8;
        match () {
            () if request.header("openstack-api-version") != Some("notes 3.70") => {
                refuse(406, "another version")
            }
            () if path != "/v1/notes" => refuse(404, "nothing is here"),
            () if request.method != "GET" => refuse(405, "not so").with("Allow", "GET"),
            () if fault == Fault::None && !is_tenant => refuse(400, "no such tenant"),
            () if request.header("accept") != Some(KIND) => refuse(406, "no such type"),
            () => {
                let mut reply = Reply::json(200, &json!({ "count": 1 }));
                reply.headers.clear();
                reply.with("Content-Type", KIND)
            }
        }
    })
}

#[rstest]
fn headers_go_with_every_request_and_documented_ones_are_tried(
    #[values(Fault::None, Fault::TakesAll)] fault: Fault,
) {
    let headers = "| X-Tenant | Yes | String | The tenant.<br>Maximum length: 8 |
| Accept | Yes | String | Fixed: application/vnd.notes+json |";
    let page = page("GET /v1/notes", headers, "", COUNT);
    let given = [
        "--header",
        "OpenStack-API-Version: notes 3.70",
        "--header",
        "X-Tenant: t1",
    ];
    let ran = try_page(&page, &given, choosy(fault));
    assert_found(&ran, fault, &["header.X-Tenant::required"]);
    let has = |request: &&Received| request.header("openstack-api-version").is_none();
    assert_eq!(ran.received.iter().filter(has).count(), 0, "{}", ran.text);
}

/// A text that a page tells of in words alone: nothing is made up for it, and a right service that
/// wants one is met by silence.
#[test]
fn a_text_that_no_row_describes_is_not_made_up() {
    let page = "# Shop\n\n## Set the slogan\n\n`PUT /slogan`\n\nContent-Type: text/plain\n\n\
                The body is the slogan, 1 to 50 characters of ASCII.\n\n### Response\n\n`204 No Content`\n\n\
                | Status | Meaning |\n|---|---|\n| 400 | The slogan is wrong. |\n";
    let answer = |request: &Received| -> Reply {
        let is_text = request.header("content-type") == Some("text/plain");
        match (request.method.as_str(), request.target.as_str()) {
            ("PUT", "/slogan") if is_text && request.body == b"Bread!" => {
                Reply::json(204, &json!({}))
            }
            ("PUT", "/slogan") => Reply::json(400, &json!({})),
            (_, "/slogan") => Reply::json(405, &json!({})).with("Allow", "PUT"),
            _ => Reply::json(404, &json!({})),
        }
    };
    let ran = try_page(page, &[], Box::new(answer));
    assert_eq!(ran.broken(), Vec::<String>::new(), "{}", ran.text);
}
