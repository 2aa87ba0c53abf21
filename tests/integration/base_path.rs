//! An endpoint whose path is wrong: every documented request is answered 404, which is said once
//! and at once, whatever the documented operations are.

use std::sync::Mutex;

use rstest::rstest;
use serde_json::json;

use crate::support::small::{Answer, Ran, Small, run_page};
use crate::support::{Received, Reply};

const STATUSES: &str = "
## Status codes

| Status code | Description |
|---|---|
| 200 | It is done. |
| 400 | The request is refused. |
";

const LISTS: &str = "# List notes

## URI

`GET /v1/notes`

## Response parameters

### Status code: 200

| Parameter | Type | Description |
|---|---|---|
| count | Integer | How many notes there are. |
";

const CREATES: &str = "# Create a note

## URI

`POST /v1/notes`

## Request parameters

Table 1 Request body parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| text | Yes | String | The text.<br>Maximum length: 20 |

## Response parameters

### Status code: 200

| Parameter | Type | Description |
|---|---|---|
| id | String | The id of the note. |
";

const READS: &str = "# Show a note

## URI

`GET /v1/notes/{note_id}`

## Request parameters

Table 1 Path parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| note_id | Yes | String | The id of the note. |

## Response parameters

### Status code: 200

| Parameter | Type | Description |
|---|---|---|
| id | String | The id of the note. |
| text | String | The text. |
";

/// A page of some operations, with more statuses.
fn page(operations: &[&str], statuses: &str) -> String {
    let operations: Vec<String> = operations
        .iter()
        .map(|operation| format!("{operation}{STATUSES}{statuses}\n"))
        .collect();
    format!("---\nservice: notes\n---\n\n{}", operations.concat())
}

/// A service whose paths stand below `/api`; what is no note of its has an answer of its own.
fn below_api() -> Answer {
    let notes = Mutex::new(vec!["one".to_owned()]);
    Box::new(move |request: &Received| {
        let path = request.target.split('?').next().unwrap_or_default();
        let mut notes = notes.lock().unwrap();
        let gone = json!({ "code": "N.404", "message": "there is no such note" });
        match (request.method.as_str(), path.strip_prefix("/api")) {
            ("GET", Some("/v1/notes")) => Reply::json(200, &json!({ "count": notes.len() })),
            ("POST", Some("/v1/notes")) => {
                let body: serde_json::Value =
                    serde_json::from_slice(&request.body).unwrap_or_default();
                match body["text"].as_str() {
                    Some(text) if text.chars().count() <= 20 => {
                        notes.push(text.to_owned());
                        Reply::json(200, &json!({ "id": format!("n{}", notes.len()) }))
                    }
                    _ => Reply::json(400, &json!({ "code": "N.400" })),
                }
            }
            ("GET", Some(path)) if path.starts_with("/v1/notes/") => {
                let id = path.trim_start_matches("/v1/notes/");
                let number = id.strip_prefix('n').and_then(|id| id.parse::<usize>().ok());
                match number.and_then(|number| notes.get(number.checked_sub(1)?)) {
                    Some(text) => Reply::json(200, &json!({ "id": id, "text": text })),
                    None => Reply::json(404, &gone),
                }
            }
            _ => {
                let id = format!("{:x}", request.target.len() * 7919);
                let body = json!({ "error": "Not Found", "path": path, "request_id": id });
                Reply::json(404, &body)
            }
        }
    })
}

fn run(page: &str, below: &str, more: &[&str]) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let server = Small::start(below_api());
    let url = format!("{}{below}", server.url);
    let mut ran = run_page(folder.path(), page, &url, more, &[]);
    ran.received = server.received();
    ran
}

const GONE: &str = "| 404 | There is no such note. |";

#[rstest]
#[case::lists(&[LISTS], "", &[])]
#[case::creates(&[CREATES], "", &[])]
#[case::creates_and_says_404(&[CREATES], GONE, &[])]
#[case::reads(&[READS], "", &["--set", "notes.note_id=n1"])]
#[case::reads_and_says_404(&[READS], GONE, &["--set", "notes.note_id=n1"])]
#[case::all(&[LISTS, CREATES, READS], "", &[])]
#[case::all_and_says_404(&[LISTS, CREATES, READS], GONE, &[])]
fn a_wrong_path_of_the_endpoint_is_said_at_once(
    #[case] operations: &[&str],
    #[case] statuses: &str,
    #[case] more: &[&str],
) {
    let page = page(operations, statuses);
    let ran = run(&page, "", more);
    assert_eq!(ran.code, 3, "{}", ran.text);
    assert!(
        ran.text.contains("answers 404 to every documented request"),
        "{}",
        ran.text
    );
    assert!(
        ran.text.contains("is the path of `--endpoint` right?"),
        "{}",
        ran.text
    );
    // A few requests tell it, and no pause is made between them.
    assert!(ran.received.len() < 20, "{} requests", ran.received.len());
    let ran = run(&page, "/api", more);
    assert_ne!(ran.code, 3, "{}", ran.text);
    assert!(ran.received.len() > 30, "{}", ran.text);
}

#[test]
fn a_note_that_is_not_there_is_no_wrong_path() {
    let page = page(&[READS], GONE);
    let ran = run(&page, "/api", &["--set", "notes.note_id=n7"]);
    assert!(!ran.text.contains("is the path"), "{}", ran.text);
    assert_eq!(ran.broken(), ["request::example"], "{}", ran.text);
}

/// What stands before a service, or beside it, answers every path alike.
#[rstest]
#[case::a_page(
    200,
    "text/html; charset=utf-8",
    "<html>Welcome</html>",
    "a page of HTML"
)]
#[case::elsewhere(301, "text/plain", "", "301 with `Location: https://notes.example/`")]
fn a_web_site_is_named_for_what_it_is(
    #[case] status: u16,
    #[case] kind: &'static str,
    #[case] body: &'static str,
    #[case] what: &str,
) {
    let folder = tempfile::tempdir().unwrap();
    let server = Small::start(Box::new(move |_: &Received| {
        let mut reply = Reply::json(status, &json!(null));
        reply.body = body.as_bytes().to_vec();
        reply
            .headers
            .retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
        reply
            .with("Content-Type", kind)
            .with("Location", "https://notes.example/")
    }));
    let page = page(&[LISTS, CREATES], "");
    let ran = run_page(folder.path(), &page, &server.url, &[], &[]);
    assert_eq!(ran.code, 3, "{}", ran.text);
    assert!(ran.text.contains(what), "{}", ran.text);
    assert!(ran.text.contains("to any path"), "{}", ran.text);
}
