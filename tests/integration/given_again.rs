//! A create that answers with what is there already: trials share nothing that one of them removes.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use rstest::rstest;
use serde_json::{Map, Value, json};

use crate::support::small::{Answer, try_page};
use crate::support::{Received, Reply};

/// The page of a service that has one session for each path.
const SESSIONS: &str = "
# Open a session

`POST /sessions`

A path that has a session is answered with that one.

Table 1 Request body parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| path | Yes | String | What it is about. |
| name | No | String | What it is called. |

Example request: `{\"path\": \"notes/a.txt\", \"name\": \"a\"}`

Status code: 201

| Parameter | Type | Description |
|---|---|---|
| id | String | The id. |
| path | String | What it is about. |
| name | String | What it is called. |

| Status code | Description |
|---|---|
| 201 | The session. |
| 400 | The request is wrong. |

# Show a session

`GET /sessions/{id}`

| Status code | Description |
|---|---|
| 200 | The session. |
| 404 | There is none. |

# Change a session

`PATCH /sessions/{id}`

Table 1 Request body parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| kind | No | String | One of `a` and `b`. |
| size | No | Integer | From 1 to 9. |

| Status code | Description |
|---|---|
| 200 | The session. |
| 400 | The request is wrong. |

# Close a session

`DELETE /sessions/{id}`

| Status code | Description |
|---|---|
| 204 | It is closed. |
| 404 | There is none. |
";

/// Whether a service looks at what a change says.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Sight {
    Looks,
    Blind,
}

fn is_of(name: &str, value: &Value) -> bool {
    match name {
        "path" => value.as_str().is_some_and(|text| !text.is_empty()),
        "name" => value.is_string(),
        "kind" => matches!(value.as_str(), Some("a" | "b")),
        "size" => matches!(value.as_i64(), Some(1..=9)),
        _ => true,
    }
}

/// The body of a request where it is right.
fn body(request: &Received, names: [&str; 2]) -> Option<Map<String, Value>> {
    let Value::Object(body) = serde_json::from_slice(&request.body).ok()? else {
        return None;
    };
    let is_json = request
        .header("content-type")
        .is_some_and(|own| own.contains("json"));
    let is_right =
        |(name, value): (&String, &Value)| !names.contains(&name.as_str()) || is_of(name, value);
    (is_json && body.iter().all(is_right)).then_some(body)
}

fn service(sight: Sight) -> Answer {
    let held: Mutex<HashMap<String, Map<String, Value>>> = Mutex::default();
    Box::new(move |request| {
        // Long enough for trials to meet.
        std::thread::sleep(Duration::from_millis(10));
        let path = request.target.split('?').next().unwrap_or_default();
        let mut held = held.lock().unwrap();
        let refuse = |status: u16| Reply::json(status, &Value::Null);
        if path == "/sessions" {
            if request.method != "POST" {
                return refuse(405).with("Allow", "POST");
            }
            let Some(mut body) = body(request, ["path", "name"]) else {
                return refuse(400);
            };
            let Some(about) = body.get("path").and_then(Value::as_str) else {
                return refuse(400);
            };
            let id: String = about.bytes().map(|byte| format!("{byte:02x}")).collect();
            body.insert("id".to_owned(), json!(id));
            body.retain(|name, _| ["id", "path", "name"].contains(&name.as_str()));
            return Reply::json(201, &json!(held.entry(id).or_insert(body)));
        }
        let Some(id) = path.strip_prefix("/sessions/") else {
            return refuse(404);
        };
        if !["GET", "HEAD", "PATCH", "DELETE"].contains(&request.method.as_str()) {
            return refuse(405).with("Allow", "GET, HEAD, PATCH, DELETE");
        }
        let Some(own) = held.get_mut(id) else {
            return refuse(404);
        };
        match request.method.as_str() {
            "DELETE" => {
                held.remove(id);
                refuse(204)
            }
            "PATCH" => match body(request, ["kind", "size"]) {
                None if sight == Sight::Looks => refuse(400),
                changed => {
                    own.extend(changed.unwrap_or_default());
                    Reply::json(200, &json!(own))
                }
            },
            _ => Reply::json(200, &json!(own)),
        }
    })
}

#[rstest]
#[case::right(Sight::Looks, 0)]
#[case::blind(Sight::Blind, 1)]
fn each_trial_has_a_thing_of_its_own(#[case] sight: Sight, #[case] code: i32) {
    let ran = try_page(SESSIONS, &["--mode", "full"], service(sight));
    assert_eq!(ran.code, code, "{}", ran.text);
    // What tells one from another is varied: trials need not wait for each other.
    let paths = ran
        .received
        .iter()
        .filter(|request| request.method == "POST");
    let mut paths: Vec<Value> = paths
        .filter_map(|request| body(request, ["path", "name"])?.get("path").cloned())
        .collect();
    paths.sort_by_key(Value::to_string);
    paths.dedup();
    assert!(paths.len() > 3, "{paths:?}\n{}", ran.text);
}
