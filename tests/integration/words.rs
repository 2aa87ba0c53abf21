//! What a page says in words, and what a run that learns little claims: nothing is held against an
//! endpoint, or called proven, that was not told or shown.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Received, Recorder, docproof, program, told};

const PAGE: &str = r#"---
service: shop
operation: AddPerson
edition: 2025-01-01
---

# Add a person

## URI

`POST /v1/people`

## Request parameters

Table 1 Request body parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| name | Yes | String | The name. 1 to 32 characters. |
| mail | No | String | An email address. |
| weight | No | Float | The weight in kilograms. |
| level | No | Integer | The level, from 1 to 5. |

Example request:

```json
{ "name": "ann", "mail": "ann@example.com", "weight": 0.5, "level": 2 }
```

## Response parameters

Status code: 200

Table 2 Response body parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| id | Yes | String | The person's id. |

## Status codes

| Status code | Description |
|---|---|
| 200 | The person was added. |
| 400 | The request is wrong. |
"#;

/// Whether a value is one that the service takes for a field.
fn is_good(field: &str, value: &Value, longest: usize) -> bool {
    match field {
        "name" => value
            .as_str()
            .is_some_and(|text| (1..=longest).contains(&text.chars().count())),
        "mail" => value.as_str().is_some_and(|text| text.contains('@')),
        "weight" => value.is_number(),
        "level" => value.as_i64().is_some_and(|level| (1..=5).contains(&level)),
        _ => true,
    }
}

/// A service that does what the page says, with names of at most so many characters.
fn serve(request: &Received, longest: usize) -> (u16, Value) {
    let refuse = |status| (status, json!({ "error": "no" }));
    match (request.header("x-auth-token"), request.target.as_str()) {
        (Some("t"), "/v1/people") if request.method == "POST" => {}
        (Some("t"), "/v1/people") => return refuse(405),
        (Some("t"), _) => return refuse(404),
        _ => return refuse(401),
    }
    let kind = request.header("content-type").unwrap_or_default();
    let twice = String::from_utf8_lossy(&request.body)
        .matches("\"name\"")
        .count()
        > 1;
    match serde_json::from_slice::<Value>(&request.body) {
        Ok(Value::Object(map))
            if kind.starts_with("application/json")
                && !twice
                && map.contains_key("name")
                && map
                    .iter()
                    .all(|(field, value)| is_good(field, value, longest)) =>
        {
            (200, json!({ "id": "7" }))
        }
        _ => refuse(400),
    }
}

/// The findings' facts and the exit code of a run of the page's suite.
fn run(folder: &Path, longest: usize) -> (i32, Vec<String>, String) {
    std::fs::write(folder.join("page.md"), PAGE).unwrap();
    let made = docproof(folder, ["init", "suite", "page.md"]);
    assert_eq!(made.code, 0, "{}", made.text());
    let server = Recorder::start(move |request| serve(request, longest));
    let ran = told(program(folder).args([
        "run",
        "--suite",
        "suite",
        "--endpoint",
        server.url(),
        "--token",
        "t",
        "--report",
        "json=report.json",
    ]));
    let report = std::fs::read(folder.join("report.json")).unwrap();
    let report: Value = serde_json::from_slice(&report).unwrap();
    let facts = report["findings"].as_array().unwrap().iter();
    let facts = facts.map(|finding| finding["fact"].as_str().unwrap().to_owned());
    (ran.code, facts.collect(), ran.text())
}

#[test]
fn a_field_that_is_limited_in_words_is_held_against_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let (code, facts, text) = run(folder.path(), 32);
    assert_eq!((code, facts), (0, Vec::new()), "{text}");
}

#[test]
fn a_fraction_in_the_example_silences_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (code, facts, text) = run(folder.path(), 31);
    assert_eq!(code, 1, "{text}");
    let fact = "shop::AddPerson::request.name::maxLength".to_owned();
    assert!(facts.contains(&fact), "{facts:?}");
}

/// Resources that nobody gave leave offline trials alone, which say nothing of the endpoint.
#[test]
fn a_run_without_a_request_tested_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [
        "run",
        "--endpoint",
        "http://127.0.0.1:1",
        "--set",
        "project_id=x",
    ];
    let ran = docproof(folder.path(), arguments);
    assert_eq!(ran.code, 4, "{}", ran.text());
    assert!(ran.out.contains("nothing was tested"), "{}", ran.out);
}

/// A page for people instead of an answer has no field, and so shows none.
#[test]
fn fields_of_a_body_that_is_no_object_are_not_proven() {
    let folder = tempfile::tempdir().unwrap();
    let server = Recorder::start(|_| (200, json!("please log in")));
    let mut command = program(folder.path());
    command.args([
        "run",
        "::request::example",
        "::answers",
        "--endpoint",
        server.url(),
    ]);
    command.args(["--token", "t", "--report", "json=report.json"]);
    for (key, value) in crate::support::RESOURCES {
        command.args(["--set", &format!("{key}={value}")]);
    }
    let ran = told(&mut command);
    assert_eq!(ran.code, 1, "{}", ran.text());
    let report = std::fs::read(folder.path().join("report.json")).unwrap();
    let report: Value = serde_json::from_slice(&report).unwrap();
    let ledger = report["ledger"].as_array().unwrap().iter();
    let fields: Vec<&Value> = ledger
        .filter(|line| line["state"] == "proven")
        .map(|line| &line["fact"])
        .filter(|fact| fact.as_str().unwrap().contains("::response-2"))
        .filter(|fact| fact.as_str().unwrap().ends_with("::required"))
        .collect();
    assert_eq!(fields, Vec::<&Value>::new());
}

const UNPROCESSABLE: &str = r"---
service: shop
operation: ShowPerson
edition: 2025-01-01
---

# Show a person

## URI

`GET /v1/people/{person_id}`

Table 1 Path parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| person_id | Yes | String | The person's id. |

Table 2 Query parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| lang | No | String | The language of the answer. |

## Response parameters

Status code: 200

Table 3 Response body parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| id | Yes | String | The person's id. |

Status code: 422

Table 4 Response body parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| error_code | Yes | String | The error code. |
| error_msg | Yes | String | The error message. |
";

/// No request of this operation can be invalid, and so none is sent for the sake of a 422; that
/// unknown people, or all of them, are answered with one is seen all the same.
#[rstest::rstest]
#[case::unknown_people("/v1/people/7", "::", "proven", "each was checked")]
#[case::everybody(
    "/v1/people/nobody",
    "query.lang::type",
    "not-tested",
    "were not checked"
)]
fn what_other_trials_bring_about_is_not_called_never_brought_about(
    #[case] known: &'static str,
    #[case] trials: &str,
    #[case] state: &str,
    #[case] reason: &str,
) {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("page.md"), UNPROCESSABLE).unwrap();
    let made = docproof(folder, ["init", "suite", "page.md"]);
    assert_eq!(made.code, 0, "{}", made.text());
    let server = Recorder::start(move |request| {
        let refuse = |status| (status, json!({ "error_code": "E1", "error_msg": "no" }));
        match (request.header("x-auth-token"), request.method.as_str()) {
            (Some("t"), "GET") if request.target.split('?').next() == Some(known) => {
                (200, json!({ "id": "7" }))
            }
            (Some("t"), "GET") => refuse(422),
            (Some("t"), _) => refuse(405),
            _ => refuse(401),
        }
    });
    let ran = told(program(folder).args([
        "run",
        trials,
        "::response-422",
        "--suite",
        "suite",
        "--endpoint",
        server.url(),
        "--token",
        "t",
        "--set",
        "shop.person_id=7",
        "--report",
        "json=report.json",
    ]));
    let answered = server.received();
    assert!(answered.len() > 1, "{}", ran.text());
    let report = std::fs::read(folder.join("report.json")).unwrap();
    let report: Value = serde_json::from_slice(&report).unwrap();
    let about = |list: &str| -> Vec<Value> {
        let all = report[list].as_array().unwrap().iter();
        all.filter(|one| one["fact"].as_str().unwrap().contains("::response-422"))
            .cloned()
            .collect()
    };
    let (trials, ledger) = (about("trials"), about("ledger"));
    assert!(trials.len() > 4, "{}", ran.text());
    for trial in trials {
        assert_eq!(trial["verdict"], "skipped", "{trial}");
        let told = trial["reason"].as_str().unwrap();
        assert!(told.contains(reason), "{trial}");
    }
    for line in ledger {
        assert_eq!(line["state"], state, "{line}");
    }
}
