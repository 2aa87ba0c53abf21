//! Kinds of what real servers and their references showed, each on a small service: what they are
//! set up without, what an example has of its author, and what is tried first.

use std::collections::{BTreeMap, BTreeSet};

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
fn run(
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

/// A page of one read and of one act that has no body.
const JOBS: &str = "# Jobs

## GET /v1/jobs

| Name | In | Type | Required |
|---|---|---|---|
| limit | query | integer | no |

### Response

| Name | Type |
|---|---|
| count | integer |

| Code | Description |
|---|---|
| 200 | The jobs |
| 400 | Refused |

## POST /v1/jobs/prune

| Code | Description |
|---|---|
| 200 | Done |
| 400 | Refused |
";

/// Runs the page of jobs against a server, with what of it was contradicted and its text.
fn run_jobs(answer: impl FnMut(&Received) -> (u16, Value) + Send + 'static) -> (Told, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("jobs.md"), JOBS).unwrap();
    let server = Recorder::start(answer);
    let run = docproof(
        folder.path(),
        [
            "run",
            "jobs.md",
            "--endpoint",
            server.url(),
            "--report",
            "json=report.json",
            "--allow-changes",
            "PostJobsPrune",
        ],
    );
    let report = std::fs::read_to_string(folder.path().join("report.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let found = findings.map(|finding| {
        let text = |name: &str| finding[name].as_str().unwrap_or_default().to_owned();
        format!("{} {} {}", text("level"), text("fact"), text("message"))
    });
    (run, found.collect())
}

/// A server of jobs: `is_read` says what reads it takes, `is_act` which acts.
fn jobs(
    is_read: fn(&Received) -> bool,
    is_act: fn(&Received) -> bool,
) -> impl FnMut(&Received) -> (u16, Value) {
    move |request| {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        let limit = query.strip_prefix("limit=");
        match (request.method.as_str(), path) {
            ("GET", "/v1/jobs") if !is_read(request) => (406, json!({ "error": "no such kind" })),
            ("GET", "/v1/jobs") if limit.is_some_and(|limit| limit.parse::<u32>().is_err()) => {
                (400, json!({ "error": "no number" }))
            }
            ("GET", "/v1/jobs") => (200, json!({ "count": 1 })),
            ("POST", "/v1/jobs/prune") if !is_act(request) => {
                (415, json!({ "error": "JSON alone" }))
            }
            ("POST", "/v1/jobs/prune") => (200, json!({})),
            ("GET" | "POST", _) => (404, json!({ "error": "not here" })),
            _ => (405, json!({ "error": "not so" })),
        }
    }
}

fn takes_any(request: &Received) -> bool {
    request.header("accept") == Some("*/*")
}

fn is_json(request: &Received) -> bool {
    request.header("content-type") == Some("application/json")
}

#[test]
fn what_is_refused_for_a_kind_that_the_run_alone_asks_for_is_asked_for_in_any() {
    let (run, found) = run_jobs(jobs(takes_any, |_| true));
    let about_kind = |line: &&String| line.contains("406");
    assert_eq!(found.iter().find(about_kind), None, "{}", run.text());
    // The number alone may be part of the server's port.
    for told in ["answered 406", "(406)", "HTTP 406"] {
        assert!(!run.text().contains(told), "{}", run.text());
    }
}

#[test]
fn a_read_that_is_refused_whatever_kind_is_asked_for_is_told_of() {
    let (run, found) = run_jobs(jobs(|_| false, |_| true));
    let is_told = |line: &String| {
        line.starts_with("must api::GetJobs") && line.contains("answered 406, expected")
            || line.starts_with("must jobs::") && line.contains("answered 406, expected")
    };
    assert!(found.iter().any(is_told), "{found:?}\n{}", run.text());
    assert_eq!(run.code, 1, "{}", run.text());
}

#[rstest]
#[case::of_an_empty_object(is_json as fn(&Received) -> bool, 1)]
#[case::of_another_type(|_: &Received| false, 0)]
fn an_act_that_wants_a_body_which_no_page_tells_of_fails_nothing(
    #[case] is_act: fn(&Received) -> bool,
    #[case] told: usize,
) {
    let (run, found) = run_jobs(jobs(|_| true, is_act));
    let about_body: Vec<&String> = found.iter().filter(|line| line.contains("415")).collect();
    assert_eq!(about_body.len(), told, "{found:?}\n{}", run.text());
    assert!(
        about_body.iter().all(|line| line.starts_with("may ")),
        "{found:?}"
    );
    assert_eq!(run.code, 0, "{}", run.text());
}

#[test]
fn a_status_of_refusals_asks_for_no_more_than_the_rule_that_brings_it_about() {
    let (run, found) = run_jobs(|request| match request.target.as_str() {
        // A negative limit is none.
        "/v1/jobs" | "/v1/jobs?limit=-1" => (200, json!({ "count": 1 })),
        target if target.starts_with("/v1/jobs") => jobs(|_| true, |_| true)(request),
        _ => (404, json!({ "error": "not here" })),
    });
    let is_firm = |line: &&String| line.starts_with("must ") && line.contains("-1: answered 200");
    assert_eq!(found.iter().find(is_firm), None, "{}", run.text());
}

/// A document of rooms with two settings, of which each may be there by itself.
fn of_rooms() -> String {
    let setting = json!({ "type": ["object", "null"], "properties": {
        "size": { "type": "integer", "minimum": 0, "maximum": 9 },
        "depth": { "type": "integer", "minimum": 0, "maximum": 9 },
    } });
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Rooms", "version": "1" },
        "paths": { "/v1/rooms": { "post": {
            "operationId": "CreateRoom",
            "requestBody": { "required": true, "content": { "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["name"],
                    "properties": {
                        "name": { "type": "string", "minLength": 1, "maxLength": 20 },
                        "lights": { "type": ["object", "null"], "properties": {
                            "ceiling": setting.clone(),
                            "floor": setting,
                        } },
                    },
                },
                "example": { "name": "hall", "lights": null },
            } } },
            "responses": {
                "201": { "description": "Made.", "content": { "application/json": { "schema": {
                    "type": "object", "required": ["id"], "properties": { "id": { "type": "string" } },
                } } } },
                "400": { "description": "Refused." },
            },
        } } },
    })
    .to_string()
}

#[test]
fn what_the_run_alone_puts_together_is_not_held_against_a_service_that_takes_each() {
    let mut count = 0;
    let (told, _) = run(&of_rooms(), &[], move |request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let is_setting = |setting: &Value| {
            let parts = setting.as_object();
            let is_size = |size: &Value| size.as_i64().is_some_and(|size| (0..=9).contains(&size));
            setting.is_null()
                || parts.is_some_and(|parts| {
                    let known = ["size", "depth"].map(|name| parts.get(name));
                    known.into_iter().flatten().all(is_size)
                })
        };
        let lights = &body["lights"];
        let has = |name: &str| lights[name].is_object();
        let name = body["name"].as_str().map(|name| name.chars().count());
        let is_valid = name.is_some_and(|count| (1..=20).contains(&count))
            && (lights.is_null() || lights.is_object())
            && ["ceiling", "floor"]
                .iter()
                .all(|name| is_setting(&lights[name]))
            && !(has("ceiling") && has("floor"));
        match (request.method.as_str(), request.target.as_str()) {
            ("POST", "/v1/rooms") if is_valid => {
                count += 1;
                (201, json!({ "id": format!("r{count}") }))
            }
            ("POST", "/v1/rooms") => (400, json!({ "error": "one kind of light at most" })),
            ("GET" | "POST", _) => (404, json!({ "error": "not here" })),
            _ => (405, json!({ "error": "not so" })),
        }
    });
    assert!(
        !told.text().contains("expected a documented success"),
        "{}",
        told.text()
    );
}

/// A document whose list is documented with another thing's items.
fn of_shelves() -> String {
    let shelf = json!({ "type": "object", "properties": {
        "name": { "type": "string", "minLength": 1, "maxLength": 60 },
    }, "required": ["name"] });
    let listed = json!({ "type": "array", "items": { "type": "object", "properties": {
        "shelf": { "type": "string" }, "colour": { "type": "string" },
    } } });
    let parameter = json!([{ "name": "shelf", "in": "path", "required": true, "schema": { "type": "string" } }]);
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Shelves", "version": "1" },
        "paths": {
            "/v1/shelves": {
                "get": { "operationId": "list_shelves", "responses": { "200": { "description": "All.",
                    "content": { "application/json": { "schema": listed } } } } },
                "post": { "operationId": "create_shelf",
                    "requestBody": { "required": true, "content": { "application/json": { "schema": shelf } } },
                    "responses": { "201": { "description": "Made." }, "400": { "description": "Refused." } } },
            },
            "/v1/shelves/{shelf}": {
                "parameters": parameter,
                "get": { "operationId": "get_shelf", "responses": { "200": { "description": "One.",
                    "content": { "application/json": { "schema": shelf } } }, "404": { "description": "None." } } },
                "delete": { "operationId": "delete_shelf",
                    "responses": { "204": { "description": "Gone." }, "404": { "description": "None." } } },
            },
        },
    })
    .to_string()
}

#[test]
fn what_was_created_is_not_missed_where_no_item_has_the_field_that_tells_it() {
    let mut shelves: Vec<String> = Vec::new();
    let (told, _) = run(&of_shelves(), &[], move |request| {
        let path = request
            .target
            .split('?')
            .next()
            .unwrap_or_default()
            .to_owned();
        let own = path.strip_prefix("/v1/shelves/");
        let at = own.and_then(|own| shelves.iter().position(|known| known == own));
        match (request.method.as_str(), own, at) {
            ("GET", None, _) if path == "/v1/shelves" => {
                let items = shelves
                    .iter()
                    .map(|name| json!({ "name": name, "colour": "red" }));
                (200, Value::Array(items.collect()))
            }
            ("POST", None, _) if path == "/v1/shelves" => {
                let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
                let name = body["name"].as_str().unwrap_or_default().to_owned();
                if !(1..=60).contains(&name.chars().count()) || shelves.contains(&name) {
                    return (400, json!({ "error": "the name" }));
                }
                shelves.push(name);
                (201, json!({}))
            }
            ("GET", Some(own), Some(_)) => (200, json!({ "name": own })),
            ("DELETE", Some(_), Some(at)) => {
                shelves.remove(at);
                (204, Value::Null)
            }
            ("GET" | "POST" | "DELETE", _, _) => (404, json!({ "error": "not here" })),
            _ => (405, json!({ "error": "not so" })),
        }
    });
    assert!(
        !told.text().contains("is not in the list"),
        "{}",
        told.text()
    );
}

/// Entries of two types, of one schema for what is sent and what is shown: the service gives ids.
fn of_entries() -> String {
    let text = json!({ "type": "string" });
    let kind = json!({ "type": "string", "enum": ["file", "folder"] });
    let entry = json!({
        "type": "object",
        "required": ["name"],
        "properties": {
            "id": { "type": "string", "description": "The id of the entry." },
            "name": { "type": "string", "minLength": 1, "maxLength": 40 },
            "type": kind,
        },
    });
    let body = json!({ "required": true, "content": { "application/json": { "schema": entry } } });
    let shown = json!({ "description": "The entry.", "content": { "application/json": { "schema": entry } } });
    let no = json!({ "description": "No." });
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Entries", "version": "1" },
        "paths": {
            "/entries": { "post": {
                "operationId": "create", "requestBody": body, "responses": { "201": shown, "400": no },
            } },
            "/entries/{entry_id}": {
                "parameters": [{ "name": "entry_id", "in": "path", "required": true, "schema": text }],
                "get": {
                    "operationId": "show",
                    "parameters": [{ "name": "type", "in": "query", "schema": kind }],
                    "responses": { "200": shown, "400": no, "404": no },
                },
                "patch": {
                    "operationId": "change", "requestBody": body,
                    "responses": { "200": shown, "400": no, "404": no },
                },
                "delete": { "operationId": "drop", "responses": { "204": no, "404": no } },
            },
        },
    })
    .to_string()
}

/// A server of entries; `keeps` says whether a change is kept, `is_one` whether it has one entry alone,
/// which each create answers with.
fn entries(keeps: bool, is_one: bool) -> impl FnMut(&Received) -> (u16, Value) {
    let mut all: BTreeMap<String, Value> = BTreeMap::new();
    let mut count = 0;
    move |request| {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let is_text = |name: &str| body.get(name).is_none_or(Value::is_string);
        let name = body["name"].as_str().map_or(0, |name| name.chars().count());
        let kinds = [json!("file"), json!("folder")];
        let is_right = (1..=40).contains(&name)
            && is_text("id")
            && body.get("type").is_none_or(|kind| kinds.contains(kind));
        let id = path
            .strip_prefix("/entries/")
            .unwrap_or_default()
            .to_owned();
        match request.method.as_str() {
            "POST" if path == "/entries" && is_right && is_one && !all.is_empty() => {
                (201, all.values().next().cloned().unwrap_or_default())
            }
            "POST" if path == "/entries" && is_right => {
                count += 1;
                let id = format!("e{count}");
                let kind = body.get("type").cloned().unwrap_or(json!("file"));
                let entry = json!({ "id": id, "name": body["name"], "type": kind });
                all.insert(id, entry.clone());
                (201, entry)
            }
            "POST" if path == "/entries" => (400, json!({})),
            _ if path == "/entries" => (405, json!({})),
            "GET" | "PATCH" | "DELETE" if !all.contains_key(&id) => (404, json!({})),
            "GET" => {
                let entry = all[&id].clone();
                let asked = query.strip_prefix("type=");
                let is_its = asked.is_none_or(|asked| entry["type"] == asked);
                (if is_its { 200 } else { 400 }, entry)
            }
            "PATCH" if is_right => {
                let mut entry = all[&id].clone();
                for field in ["name", "type"].into_iter().filter(|_| keeps) {
                    if let Some(value) = body.get(field) {
                        entry[field] = value.clone();
                    }
                }
                all.insert(id, entry.clone());
                (200, entry)
            }
            "PATCH" => (400, json!({})),
            "DELETE" => {
                all.remove(&id);
                (204, Value::Null)
            }
            _ => (405, json!({})),
        }
    }
}

#[rstest]
fn what_is_of_another_type_or_has_an_id_of_the_services_own_is_no_finding(
    #[values(true, false)] keeps: bool,
) {
    let (told, _) = run(
        &of_entries(),
        &["--seed", "1", "--cases", "5"],
        entries(keeps, false),
    );
    let text = told.text();
    assert_eq!(told.code, i32::from(!keeps), "{text}");
    assert_eq!(text.contains("update-changes-this-alone"), !keeps, "{text}");
}

#[test]
fn what_a_create_answers_that_was_there_is_held_against_nobody() {
    let (told, _) = run(
        &of_entries(),
        &["--seed", "1", "--cases", "5", "create::relation"],
        entries(true, true),
    );
    let text = told.text();
    assert!(!text.contains("echo::same"), "{text}");
    assert!(!text.contains("create-then-read (should"), "{text}");
}

/// Marks that are put under names of a form that no document tells.
const MARKS: &str = r#"{
  "openapi": "3.1.0",
  "info": { "title": "Marks", "version": "1" },
  "paths": { "/marks/{name}": {
    "parameters": [{ "name": "name", "in": "path", "required": true, "schema": { "type": "string" } }],
    "put": { "operationId": "put", "responses": {
      "201": { "description": "Made." }, "204": { "description": "There." }, "400": { "description": "No." } } },
    "get": { "operationId": "show", "responses": {
      "204": { "description": "There." }, "404": { "description": "None." } } },
    "delete": { "operationId": "drop", "responses": {
      "204": { "description": "Gone." }, "404": { "description": "None." } } }
  } }
}"#;

#[rstest]
#[case::shown(r#"operations.put.example."path.name" = "OWN_MARK""#, true)]
#[case::untold("", false)]
fn ids_are_like_those_that_a_person_shows(#[case] written: &str, #[case] is_made: bool) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), MARKS).unwrap();
    let told = docproof(
        folder.path(),
        ["init", "suite", "api.json", "--service", "marks"],
    );
    assert_eq!(told.code, 0, "{}", told.text());
    std::fs::write(folder.path().join("suite/cases/marks/own.toml"), written).unwrap();
    let mut known: BTreeSet<String> = BTreeSet::new();
    let server = Recorder::start(move |request: &Received| {
        let path = request.target.split('?').next().unwrap_or_default();
        let name = path.strip_prefix("/marks/").unwrap_or_default();
        let is_own = |name: &str| {
            name.strip_prefix("OWN_").is_some_and(|rest| {
                let may_stand =
                    |one: char| one == '_' || one.is_ascii_uppercase() || one.is_ascii_digit();
                !rest.is_empty() && rest.chars().all(may_stand)
            })
        };
        match request.method.as_str() {
            "PUT" if !is_own(name) => (400, json!({})),
            "PUT" if known.insert(name.to_owned()) => (201, Value::Null),
            "GET" if known.contains(name) => (204, Value::Null),
            "DELETE" if known.remove(name) => (204, Value::Null),
            "PUT" => (204, Value::Null),
            "GET" | "DELETE" => (404, json!({})),
            _ => (405, json!({})),
        }
    });
    let told = docproof(
        folder.path(),
        ["run", "--suite", "suite", "--endpoint", server.url()],
    );
    let text = told.text();
    assert_ne!(told.code, 1, "{text}");
    assert_eq!(text.contains("could not be created"), !is_made, "{text}");
}
