//! Kinds of what real servers and their references showed, each on a small service: what they are
//! set up without, what an example has of its author, and what is tried first.

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Received, Recorder, Told, docproof};

/// A document of one create, whose example has a parent of its author's.
fn of_parents() -> String {
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Inns", "version": "1" },
        "paths": { "/v1/inns": { "post": {
            "operationId": "CreateInn",
            "requestBody": { "required": true, "content": { "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["name"],
                    "properties": {
                        "name": { "type": "string", "minLength": 1, "maxLength": 20 },
                        "kind": { "type": "string", "enum": ["inn", "pub"] },
                        "parent_id": { "type": "string", "format": "uuid" },
                    },
                },
                "example": {
                    "name": "Bell", "kind": "inn", "parent_id": "0b1c2d3e-4f50-4a61-8b72-9c8d7e6f5a4b",
                },
            } } },
            "responses": {
                "201": { "description": "Made.", "content": { "application/json": { "schema": {
                    "type": "object", "required": ["id"], "properties": { "id": { "type": "string" } },
                } } } },
                "422": { "description": "Refused." },
            },
        } } },
    })
    .to_string()
}

/// Runs a document against a server that answers as told; with the requests that came.
pub(crate) fn run(
    document: &str,
    more: &[&str],
    answer: impl FnMut(&Received) -> (u16, Value) + Send + 'static,
) -> (Told, Vec<Received>) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document).unwrap();
    let server = Recorder::start(answer);
    let mut arguments = vec!["run", "api.json", "--endpoint", server.url()];
    arguments.extend(more);
    let told = docproof(folder.path(), arguments);
    (told, server.received())
}

/// A server of inns that knows no parent, and refuses one with a status of its choice.
fn inns(
    unknown_parent: u16,
    may_take: fn(&Value) -> bool,
) -> impl FnMut(&Received) -> (u16, Value) {
    move |request| {
        let path = request.target.split('?').next();
        if path != Some("/v1/inns") {
            return (404, json!({}));
        }
        if request.method != "POST" {
            return (405, json!({}));
        }
        let Ok(body) = serde_json::from_slice::<Value>(&request.body) else {
            return (422, json!({}));
        };
        let name = body["name"].as_str().map_or(0, |name| name.chars().count());
        let is_right = (1..=20).contains(&name)
            && [json!("inn"), json!("pub"), Value::Null].contains(&body["kind"])
            && (body.get("kind") != Some(&Value::Null))
            && may_take(&body);
        match body.get("parent_id") {
            _ if !is_right => (422, json!({})),
            None => (201, json!({ "id": "1" })),
            Some(Value::String(_)) => (unknown_parent, json!({ "message": "no such parent" })),
            Some(_) => (422, json!({})),
        }
    }
}

#[test]
fn what_an_example_has_of_its_author_is_left_out_where_it_is_in_the_way() {
    for status in [400, 404, 422] {
        let (told, _) = run(&of_parents(), &[], inns(status, |_| true));
        let text = told.text();
        assert_eq!(told.code, 0, "{status}: {text}");
        assert!(text.contains("of the testable ones decided"), "{text}");
        assert!(!text.contains(" 0.0 % "), "{text}");
    }
    // Nor is it held where nobody else has found out before what is in the way.
    let (told, _) = run(&of_parents(), &["request::example"], inns(400, |_| true));
    assert!(!told.text().contains("FAILED"), "{}", told.text());
    assert!(
        told.text().contains("names what is not here"),
        "{}",
        told.text()
    );
    // The rest of the contract is tried all the same.
    let (told, _) = run(&of_parents(), &[], inns(400, |body| body["kind"] != "pub"));
    let text = told.text();
    assert_eq!(told.code, 1, "{text}");
    assert!(text.contains("request.kind::enum"), "{text}");
}

/// A document of three reads, each with many values to try.
fn of_lists() -> String {
    let numbers = |name: &str| json!({ "name": name, "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 50 } });
    let parameters: Vec<Value> = ["a", "b", "c", "d", "e"].map(numbers).to_vec();
    let list = |id: &str| {
        json!({ "get": {
            "operationId": id,
            "parameters": parameters,
            "responses": {
                "200": { "description": "Found." },
                "400": { "description": "Refused." },
            },
        } })
    };
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Lists", "version": "1" },
        "paths": {
            "/v1/inns": list("ListInns"),
            "/v1/pubs": list("ListPubs"),
            "/v1/huts": list("ListHuts"),
        },
    })
    .to_string()
}

fn lists(request: &Received) -> (u16, Value) {
    let (path, query) = request
        .target
        .split_once('?')
        .unwrap_or((&request.target, ""));
    if !["/v1/inns", "/v1/pubs", "/v1/huts"].contains(&path) {
        return (404, json!({}));
    }
    if request.method != "GET" {
        return (405, json!({}));
    }
    let is_right = query.split('&').filter(|own| !own.is_empty()).all(|own| {
        let number = own
            .split_once('=')
            .and_then(|(_, value)| value.parse().ok());
        number.is_some_and(|number: i64| (1..=50).contains(&number))
    });
    (if is_right { 200 } else { 400 }, json!({}))
}

#[test]
fn a_budget_leaves_no_operation_behind() {
    let more = ["--budget", "3", "--rate", "20", "-j", "1"];
    let (told, received) = run(&of_lists(), &more, lists);
    assert!(told.text().contains("ended early"), "{}", told.text());
    let count = |path: &str| {
        let own = received.iter().filter(|one| one.target.starts_with(path));
        own.count()
    };
    let counts = ["/v1/inns", "/v1/pubs", "/v1/huts"].map(count);
    let (least, most) = (counts.iter().min().unwrap(), counts.iter().max().unwrap());
    assert!(*least >= 3 && *most <= 4 * least, "{counts:?}");
}

#[test]
fn what_is_switched_off_is_said_once_and_left_alone() {
    let (told, received) = run(&of_lists(), &[], |request: &Received| {
        if request.target.starts_with("/v1/huts") {
            let reason = "Support of huts is not enabled in the configuration of the service.";
            return (404, json!({ "message": reason }));
        }
        lists(request)
    });
    let text = told.text();
    assert_eq!(told.code, 0, "{text}");
    assert!(text.contains("not set up for it"), "{text}");
    assert!(text.contains("Support of huts is not enabled"), "{text}");
    let mut huts = received
        .iter()
        .filter(|one| one.target.starts_with("/v1/huts"));
    assert!(huts.by_ref().count() < 12, "{text}");
    // Without a reason it is a finding.
    let (told, _) = run(&of_lists(), &[], |request: &Received| {
        if request.target.starts_with("/v1/huts") {
            return (404, json!({ "message": "Not found." }));
        }
        lists(request)
    });
    assert_eq!(told.code, 1, "{}", told.text());
}

/// A page that shows what a request sends in an example alone, and the address of what was made.
const SHOWN_ALONE: &str = r#"# Keys

## POST /v1/keys

### Request

```text
POST /v1/keys
Headers:
    X-Auth-Token: {token}

Content:
{
  "word": "access-limit"
}
```

### Response

```json
{ "key_ref": "https://host/v1/keys/12" }
```

| Code | Description |
|---|---|
| 201 | Made |
| 400 | Refused |

## GET /v1/keys/{key_id}

| Code | Description |
|---|---|
| 200 | Shown |
| 404 | Not found |

## DELETE /v1/keys/{key_id}

| Code | Description |
|---|---|
| 204 | Gone |
| 404 | Not found |
"#;

#[rstest]
#[case::made("201")]
#[case::promised("202")]
fn a_body_that_an_example_alone_shows_is_sent_and_what_it_makes_is_found_by_its_address(
    #[case] status: &str,
) {
    let folder = tempfile::tempdir().unwrap();
    let page = SHOWN_ALONE.replace("201", status);
    std::fs::write(folder.path().join("keys.md"), page).unwrap();
    let made = docproof(folder.path(), ["init", "suite", "keys.md"]);
    assert_eq!(made.code, 0, "{}", made.text());
    let service = std::fs::read_dir(folder.path().join("suite/cases"));
    let service = service.unwrap().next().unwrap().unwrap().path();
    let fixtures = std::fs::read_to_string(service.join("fixtures.toml")).unwrap();
    assert!(fixtures.contains("id = \"location\""), "{fixtures}");
    let run = docproof(
        folder.path(),
        ["run", "--suite", "suite", "--report", "json=report.json"],
    );
    assert_eq!(run.code, 0, "{}", run.text());
    let report = std::fs::read_to_string(folder.path().join("report.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    let trials = report["trials"].as_array().unwrap();
    let mut names = trials.iter().filter_map(|trial| trial["name"].as_str());
    assert!(
        names.any(|name| name.ends_with("CreateKey::request::example")
            || name.contains("PostKeys::request::example")),
        "{report}"
    );
}

/// A page whose PUT names no body.
const WITHOUT_BODY: &str = "# Tags

## PUT /v1/tags/{tag}

| Name | In | Type | Required |
|---|---|---|---|
| tag | path | string | yes |

| Code | Description |
|---|---|
| 200 | Changed |
| 400 | Refused |
| 404 | Not found |
";

#[test]
fn a_refusal_that_asks_for_a_body_which_no_page_tells_of_is_none_of_its_statuses() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("tags.md"), WITHOUT_BODY).unwrap();
    let server = Recorder::start(|request: &Received| match request.method.as_str() {
        "PUT" => (415, json!({ "message": "application/json alone" })),
        _ => (405, json!({})),
    });
    let run = docproof(
        folder.path(),
        [
            "run",
            "tags.md",
            "--endpoint",
            server.url(),
            "--set",
            "api.tag=a",
            "--allow-changes",
            "api",
        ],
    );
    assert!(!run.text().contains("415, documented"), "{}", run.text());
}

#[rstest]
#[case::change("PATCH", 400)]
#[case::replacement("PUT", 422)]
fn a_change_of_which_the_page_shows_no_body_is_not_held_against_the_service(
    #[case] method: &str,
    #[case] status: u16,
) {
    let folder = tempfile::tempdir().unwrap();
    let page = format!(
        "# Tags\n\n## Show a tag\n\n`GET /v1/tags/{{tag}}`\n\nReturns `200`, or `404` if there is \
         none.\n\n## Change a tag\n\n`{method} /v1/tags/{{tag}}`\n\nSend what is to change. Returns \
         `200`, or `404` if there is none.\n"
    );
    std::fs::write(folder.path().join("tags.md"), page).unwrap();
    let server = Recorder::start(move |request: &Received| {
        match (request.method.as_str(), request.body.is_empty()) {
            ("GET", _) if request.target == "/v1/tags/a" => (200, json!({ "tag": "a" })),
            ("PUT" | "PATCH", true) => (status, json!({ "message": "a body is missing" })),
            ("PUT" | "PATCH", false) => (status, json!({ "message": "nothing to change" })),
            ("GET", _) => (404, json!({})),
            _ => (405, json!({})),
        }
    });
    let endpoint = ["--endpoint", server.url(), "--set", "api.tag=a"];
    let run = docproof(
        folder.path(),
        [
            &["run", "tags.md", "--allow-changes", "api"][..],
            &endpoint[..],
        ]
        .concat(),
    );
    assert_eq!(run.code, 0, "{}", run.text());
    let blocked = format!("answered {status} without a body: no page shows what one has");
    assert!(run.text().contains(&blocked), "{}", run.text());
}
