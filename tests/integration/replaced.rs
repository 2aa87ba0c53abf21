//! A replacement with null, or with an empty list, leaves nothing of what was there.

use std::collections::BTreeMap;
use std::sync::Mutex;

use rstest::rstest;
use serde_json::{Value, json};

use super::support::docproof;
use super::support::small::Small;
use super::support::{Received, Reply};

/// A document of boxes with a note that may be null and with a list.
fn document() -> Value {
    let said = json!({
        "title": { "type": "string", "minLength": 1, "maxLength": 40 },
        "note": { "type": ["string", "null"], "maxLength": 40 },
        "tags": { "type": "array", "items": { "type": "string" } },
    });
    let sent = json!({ "type": "object", "required": ["title"], "properties": said });
    let mut shown = sent.clone();
    shown["properties"]["id"] = json!({ "type": "integer" });
    shown["required"] = json!(["title", "id"]);
    let body = json!({ "required": true, "content": { "application/json": { "schema": sent } } });
    let answer = |schema: &Value| json!({ "description": "", "content": { "application/json": { "schema": schema } } });
    let no = json!({ "description": "No." });
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Yard", "version": "1" },
        "paths": {
            "/boxes": { "post": {
                "operationId": "addBox", "requestBody": body,
                "responses": { "201": answer(&shown), "400": no },
            } },
            "/boxes/{box_id}": {
                "parameters": [{ "name": "box_id", "in": "path", "required": true, "schema": { "type": "integer" } }],
                "get": { "operationId": "showBox", "responses": { "200": answer(&shown), "404": no } },
                "put": {
                    "operationId": "setBox", "requestBody": body,
                    "responses": { "200": answer(&shown), "400": no, "404": no },
                },
                "delete": { "operationId": "dropBox", "responses": { "204": no, "404": no } },
            },
        },
    })
}

fn refusal(status: u16) -> Reply {
    Reply::json(status, &json!({ "message": "no" }))
}

/// Whether a body is as the document wants it.
fn is_valid(body: &Value) -> bool {
    let short = |value: &Value, least: usize| {
        let length = value.as_str().map(|text| text.chars().count());
        length.is_some_and(|length| (least..=40).contains(&length))
    };
    let texts = |tags: &Value| {
        let tags = tags.as_array();
        tags.is_some_and(|tags| tags.iter().all(Value::is_string))
    };
    body.is_object()
        && short(&body["title"], 1)
        && (body["note"].is_null() || short(&body["note"], 0))
        && body.get("tags").is_none_or(texts)
}

/// Its server; what it does not clear stays.
fn server(stays: Option<&'static str>) -> impl Fn(&Received) -> Reply + Send + Sync + 'static {
    let kept = Mutex::new((0, BTreeMap::<u64, Value>::new()));
    move |request| {
        let mut kept = kept.lock().unwrap();
        let path = request.target.split('?').next().unwrap_or_default();
        let Some(rest) = path.strip_prefix("/boxes") else {
            return refusal(404);
        };
        let id = rest.strip_prefix('/').and_then(|id| id.parse::<u64>().ok());
        let known = id.filter(|id| kept.1.contains_key(id));
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let of = |id: u64| json!({ "id": id, "title": body["title"], "note": body["note"], "tags": body.get("tags").cloned().unwrap_or(json!([])) });
        match (request.method.as_str(), rest.is_empty(), known) {
            ("POST", true, _) if is_valid(&body) => {
                kept.0 += 1;
                let new = of(kept.0);
                let id = kept.0;
                kept.1.insert(id, new.clone());
                Reply::json(201, &new)
            }
            ("GET", false, Some(id)) => Reply::json(200, &kept.1[&id]),
            ("PUT", false, Some(id)) if is_valid(&body) => {
                let mut new = of(id);
                if let Some(name) = stays
                    && (new[name].is_null() || new[name] == json!([]))
                {
                    new[name] = kept.1[&id][name].clone();
                }
                kept.1.insert(id, new.clone());
                Reply::json(200, &new)
            }
            ("POST", true, _) | ("PUT", false, Some(_)) => refusal(400),
            ("DELETE", false, Some(id)) => {
                kept.1.remove(&id);
                Reply::json(204, &Value::Null)
            }
            ("GET" | "PUT" | "DELETE", false, None) => refusal(404),
            _ => refusal(405).with("Allow", "GET, PUT, DELETE, POST"),
        }
    }
}

#[rstest]
#[case::correct(None, 0)]
#[case::null_is_ignored(Some("note"), 1)]
#[case::an_empty_list_is_ignored(Some("tags"), 1)]
fn what_is_replaced_by_nothing_is_gone(#[case] stays: Option<&'static str>, #[case] code: i32) {
    let server = Small::start(Box::new(server(stays)));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document().to_string()).unwrap();
    let told = docproof(
        folder.path(),
        ["run", "api.json", "--endpoint", &server.url],
    );
    assert_eq!(told.code, code, "{}", told.text());
    assert_eq!(told.text().contains(" still"), code == 1, "{}", told.text());
}
