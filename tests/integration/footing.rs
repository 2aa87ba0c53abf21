//! What a refusal can be held against: a request that a page spells out, or one that differs by a
//! stated rule from one that was taken; and what no page says is held against nobody.

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Received, Recorder, Told, docproof};

/// A page of one operation: its method and path, its request's rows, what else it says.
fn page(target: &str, rows: &str, more: &str) -> String {
    format!(
        "---\nservice: inns\noperation: TheOperation\n---\n\n# An operation\n\n## URI\n\n`{target}`\n\n\
         ## Request parameters\n\n{rows}\n\n## Response parameters\n\n### Status code: 200\n\n\
         Table 8 Response body parameters\n\n| Parameter | Type | Description |\n|---|---|---|\n| id | String | The id. |\n\n\
         ### Status code: 400\n\nTable 9 Response body parameters\n\n| Parameter | Type | Description |\n|---|---|---|\n\
         | error_code | String | The code. |\n\n{more}\n\n\
         ## Status codes\n\n| Status code | Description |\n|---|---|\n| 200 | Done. |\n| 400 | Refused. |\n"
    )
}

/// A run against a server that answers requests of the method and path as told, and refuses others.
fn run(
    page: &str,
    target: &'static str,
    more: &[&str],
    act: impl Fn(&str, Option<Value>) -> u16 + Send + 'static,
) -> Told {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("page.md"), page).unwrap();
    let told = docproof(folder.path(), ["init", "suite", "page.md"]);
    assert_eq!(told.code, 0, "{}", told.text());
    let server = Recorder::start(move |request: &Received| {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        let (method, wanted) = target.split_once(' ').unwrap();
        let status = if path.trim_end_matches(|c: char| c != '/') != wanted && path != wanted {
            404
        } else if request.method != method {
            405
        } else {
            act(query, serde_json::from_slice(&request.body).ok())
        };
        match status {
            200 => (200, json!({ "id": "a" })),
            refused => (refused, json!({ "error_code": "I.1" })),
        }
    });
    let mut arguments = vec!["run", "--suite", "suite", "--endpoint", server.url()];
    arguments.extend(["--mode", "full", "--allow-changes", "TheOperation"]);
    arguments.extend(more);
    docproof(folder.path(), arguments)
}

const BODY: &str = "Table 1 Request body parameters\n\n| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n\
| code | Yes | String | The code. |\n| kind | No | String | The kind.<br>Enumeration values:<br>- inn<br>- pub |\n| note | No | String | A note. |";

/// Whether a body is one that the page describes.
fn is_described(body: &Value) -> bool {
    let fields = body.as_object();
    fields.is_some_and(|fields| {
        fields.get("code").is_some_and(Value::is_string)
            && fields.get("note").is_none_or(Value::is_string)
            && fields
                .get("kind")
                .is_none_or(|kind| ["inn", "pub"].iter().any(|known| kind == known))
    })
}

fn status(is_right: bool) -> u16 {
    if is_right { 200 } else { 400 }
}

#[rstest]
// No page shows the code's form: the service wants three capitals.
#[case::made_up("", "", 400, None)]
#[case::crash("", "", 500, Some("500"))]
// The example's code is taken nowhere but at its author's.
#[case::id_of_the_author("0b1c2d3e-4f50-4a61-8b72-9c8d7e6f5a4b", "", 400, None)]
#[case::placeholder("<code>", "", 400, None)]
#[case::date("2021-03-04", "", 400, None)]
#[case::device("/dev/ttyACM0", "", 400, None)]
#[case::path_of_the_service("/v1/inns/abc", "", 400, Some("request::example (must"))]
// What a page spells out has to be taken.
#[case::spelled_out("abc", "", 400, Some("request::example (must"))]
fn a_refusal_is_held_against_what_is_spelled_out_alone(
    #[case] example: &str,
    #[case] more: &str,
    #[case] refusal: u16,
    #[case] found: Option<&str>,
) {
    let shown = if example.is_empty() {
        String::new()
    } else {
        format!(
            "## Example request\n\n```\nPOST https://inns.example.com/v1/inns\n\n{{ \"code\" : \"{example}\" }}\n```\n{more}"
        )
    };
    let text = page("POST /v1/inns", BODY, &shown);
    let told = run(&text, "POST /v1/inns", &[], move |_, body| {
        let is_right = |body: &Value| is_described(body) && body["code"] == "XYZ";
        match body {
            Some(body) if is_described(&body) && !is_right(&body) => refusal,
            Some(body) => status(is_right(&body)),
            None => 400,
        }
    });
    let text = told.text();
    match found {
        None => {
            assert!(matches!(told.code, 0 | 4), "{text}");
            assert!(text.contains("bindings.toml"), "{text}");
        }
        Some(found) => {
            assert_eq!(told.code, 1, "{text}");
            assert!(text.contains(found), "{text}");
        }
    }
}

#[rstest]
#[case::right("", None)]
#[case::listed_value("pub", Some("request.kind::enum"))]
fn what_was_taken_once_makes_a_stated_rule_firm(
    #[case] refused: &'static str,
    #[case] found: Option<&str>,
) {
    let text = page("POST /v1/inns", BODY, "");
    let told = run(&text, "POST /v1/inns", &[], move |_, body| {
        let body = body.unwrap_or_default();
        // A note of an unknown form is refused, and nobody says which form it has.
        let is_right = is_described(&body) && body.get("note").is_none();
        status(is_right && (refused.is_empty() || body["kind"] != refused))
    });
    let text = told.text();
    assert_eq!(told.code, i32::from(found.is_some()), "{text}");
    let mut headings = text.lines().filter(|line| line.contains(". inns::"));
    assert!(
        headings.clone().all(|line| line.contains("request.kind")),
        "{text}"
    );
    assert!(
        found.is_none_or(|found| headings.any(|line| line.contains(found))),
        "{text}"
    );
}

#[test]
fn silence_is_no_permission() {
    let rows = "Table 1 Request body parameters\n\n| Parameter | Type | Description |\n|---|---|---|\n\
| code | String | The code. |\n| city | String | The city. |\n| floors | Integer | How many. The value ranges from 1 to 9. |";
    let shown = "## Example request\n\n```\nPOST https://inns.example.com/v1/inns\n\n{ \"code\" : \"XYZ\", \"city\" : \"Bath\", \"floors\" : 2 }\n```\n";
    let text = page("POST /v1/inns", rows, shown);
    let answer = |refusal: u16| {
        move |_: &str, body: Option<Value>| {
            let Some(body) = body else { return 400 };
            let Some(fields) = body.as_object() else {
                return 400;
            };
            let is_text = |name: &str| fields.get(name).is_none_or(Value::is_string);
            let floors = &body["floors"];
            let is_right = is_text("code")
                && is_text("city")
                && floors
                    .as_u64()
                    .is_some_and(|floors| (1..=9).contains(&floors));
            match (is_right, fields.contains_key("code")) {
                (true, true) => 200,
                _ if fields.is_empty() => refusal,
                _ => 400,
            }
        }
    };
    // A status that no page documents, for a request that no page speaks of.
    let told = run(&text, "POST /v1/inns", &[], answer(422));
    assert_eq!(told.code, 0, "{}", told.text());
    let told = run(&text, "POST /v1/inns", &[], answer(500));
    assert_eq!(told.code, 1, "{}", told.text());
}

#[rstest]
#[case::nobody_asks("", 0)]
#[case::a_header_asks(
    "Table 2 Request header parameters\n\n| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n| X-Auth-Token | Yes | String | The token. |",
    1
)]
fn a_credential_is_expected_where_a_page_asks_for_one(#[case] rows: &str, #[case] code: i32) {
    let text = page("GET /v1/inns", rows, "");
    let told = run(
        &text,
        "GET /v1/inns",
        &["--token", "a-token-of-tests"],
        |_, _| 200,
    );
    assert_eq!(told.code, code, "{}", told.text());
}

#[rstest]
#[case(
    "Whether to show all. Any value other than 0 (including no value) is interpreted as true.",
    0
)]
#[case("Whether to show all.", 1)]
fn a_sentence_that_widens_a_type_wins(#[case] description: &str, #[case] code: i32) {
    let rows = format!(
        "Table 1 Query parameters\n\n| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n| all | No | Boolean | {description} |"
    );
    let text = page("GET /v1/inns", &rows, "");
    let told = run(&text, "GET /v1/inns", &[], |_, _| 200);
    assert_eq!(told.code, code, "{}", told.text());
}

#[test]
fn lint_names_what_is_routine_once() {
    let folder = tempfile::tempdir().unwrap();
    let text = page("GET /v1/inns", "", "") + "| 401 | No. |\n| 403 | No. |\n| 404 | No. |\n";
    std::fs::write(folder.path().join("page.md"), text).unwrap();
    let told = docproof(folder.path(), ["lint", "--level", "may", "page.md"]);
    let routine = told.text().matches("status-without-body").count();
    assert_eq!(routine, 1, "{}", told.text());
    assert!(
        told.text().contains("status 401, 403, 404"),
        "{}",
        told.text()
    );
}

#[test]
fn what_a_refusal_names_is_what_is_to_be_bound() {
    let rows = "Table 1 Request body parameters\n\n| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n\
                | code | Yes | String | The code. |\n| colour | Yes | String | The colour. |";
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("page.md"),
        page("POST /v1/rooms", rows, ""),
    )
    .unwrap();
    let made = docproof(folder.path(), ["init", "suite", "page.md"]);
    assert_eq!(made.code, 0, "{}", made.text());
    let server = Recorder::start(|_: &Received| {
        let place = json!({ "loc": ["body", "colour"], "msg": "there is no such colour" });
        (400, json!({ "error_code": "I.1", "detail": [place] }))
    });
    let mut arguments = vec!["run", "--suite", "suite", "--endpoint", server.url()];
    arguments.extend(["--mode", "full"]);
    let told = docproof(folder.path(), arguments);
    // The terminal folds its lines at blanks.
    let all = told.text();
    let words: Vec<&str> = all.split_whitespace().collect();
    let text = words.join(" ");
    assert!(text.contains("the answer names `request.colour`"), "{text}");
    let bind = "bind = { \"request.colour\" = \"inns.colour\" }";
    assert!(text.contains(bind), "{text}");
    assert!(
        text.contains(&format!("`{bind}` would decide more. ")),
        "{text}"
    );
}

/// The server of [`BODY`] whose codes have a form that no page tells.
fn takes_capitals(body: Option<Value>) -> u16 {
    let body = body.unwrap_or_default();
    let code = body["code"].as_str().unwrap_or_default();
    let is_right = !code.is_empty() && code.chars().all(|c| c.is_ascii_uppercase());
    status(is_right && is_described(&body))
}

#[rstest]
// With an example that the service takes, what the page lists is tried on both sides.
#[case::right("ABC", &[], 0)]
// What is refused of a person's example is that person's, and no finding.
#[case::wrong("abc", &["is refused with the example that cases/inns gives"], 0)]
fn an_example_of_a_person_is_what_requests_begin_with(
    #[case] code: &str,
    #[case] told: &[&str],
    #[case] exit: i32,
) {
    let written =
        format!("[operations.TheOperation]\nexample = {{ request = {{ code = {code:?} }} }}\n");
    let text = run_with(&page("POST /v1/inns", BODY, ""), &written, |body| {
        takes_capitals(body)
    });
    let without = run_with(&page("POST /v1/inns", BODY, ""), "", |body| {
        takes_capitals(body)
    });
    assert_eq!(text.code.min(1), exit, "{}", text.text());
    for part in told {
        assert!(text.text().contains(part), "{}", text.text());
    }
    let (with, without) = (decided(&text), decided(&without));
    assert_eq!(
        with > without,
        told.is_empty(),
        "{with} and {without}: {}",
        text.text()
    );
}

#[test]
fn an_example_that_the_contract_forbids_is_refused() {
    let written = "[operations.TheOperation]\nexample = { request = { code = 3 } }\n";
    let told = run_with(&page("POST /v1/inns", BODY, ""), written, takes_capitals);
    assert_eq!(told.code, 2, "{}", told.text());
    assert!(told.text().contains("`request/code`"), "{}", told.text());
}

/// A run with what a person wrote in `cases/`.
fn run_with(page: &str, written: &str, act: fn(Option<Value>) -> u16) -> Told {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("page.md"), page).unwrap();
    let told = docproof(folder.path(), ["init", "suite", "page.md"]);
    assert_eq!(told.code, 0, "{}", told.text());
    let cases = folder.path().join("suite/cases/inns/examples.toml");
    std::fs::write(cases, written).unwrap();
    let server = Recorder::start(move |request: &Received| {
        let is_there = request.method == "POST" && request.target == "/v1/inns";
        let status = match serde_json::from_slice(&request.body).ok() {
            _ if !is_there => 404,
            body => act(body),
        };
        (status, json!({ "id": "a", "error_code": "I.1" }))
    });
    let arguments = [
        "run",
        "--suite",
        "suite",
        "--endpoint",
        server.url(),
        "--mode",
        "full",
    ];
    docproof(folder.path(), arguments)
}

/// How many facts a run has decided, in percent.
fn decided(told: &Told) -> f64 {
    let text = told.text();
    let (before, _) = text.split_once(" % of ").unwrap_or_default();
    let number = before
        .rsplit(|c: char| !c.is_ascii_digit() && c != '.')
        .next();
    number
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}

/// A page of a form of which one field may be left out, and nothing is said of the others.
const FORM: &str = "\
=====
Files
=====

Add a file
==========

.. http:post:: /v1/files

   Adds a file, or a folder. The body is ``multipart/form-data``.

   :form file:       The file to upload.
   :form select:     Whether to select it. Optional, defaults to ``false``.
   :form foldername: The name of the folder to create.
   :statuscode 201:  No error
   :statuscode 400:  If no file or foldername is there.
";

#[test]
fn a_form_with_nothing_in_it_is_spelled_out_by_nobody() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("page.rst"), FORM).unwrap();
    let server = Recorder::start(|request: &Received| {
        let body = String::from_utf8_lossy(&request.body).into_owned();
        let is_there = body.contains("name=\"file\"") || body.contains("name=\"foldername\"");
        let status = match (request.target.split('?').next(), request.method.as_str()) {
            (Some("/v1/files"), "POST") if is_there => 201,
            (Some("/v1/files"), "POST") => 400,
            (Some("/v1/files"), _) => 405,
            _ => 404,
        };
        (status, json!({}))
    });
    let arguments = [
        "run",
        "page.rst",
        "--endpoint",
        server.url(),
        "--mode",
        "full",
    ];
    let told = docproof(folder.path(), arguments);
    // What is told is broken at the width of a terminal.
    let text = told.text();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(!text.contains("FAILED"), "{text}");
    let reason = "no page says whether `request.file` has to be sent";
    assert!(text.contains(reason), "{text}");
}
