//! A value that must be unique: what else a request is refused for is told by others that are taken,
//! each with a value of its own there.

use std::collections::BTreeMap;
use std::sync::Mutex;

use rstest::rstest;
use serde_json::{Value, json};

use super::support::docproof;
use super::support::small::Small;
use super::support::{Received, Reply};

/// A document of rooms with a unique name.
fn document() -> Value {
    let said = json!({
        "name": { "type": "string", "minLength": 1, "maxLength": 40 },
        "floor": { "type": "string", "enum": ["low", "middle", "high"] },
    });
    let sent = json!({ "type": "object", "required": ["name", "floor"], "properties": said });
    let mut shown = sent.clone();
    shown["properties"]["id"] = json!({ "type": "integer" });
    shown["required"] = json!(["id", "name", "floor"]);
    let body = json!({ "required": true, "content": { "application/json": { "schema": sent } } });
    let answer = |schema: &Value| json!({ "description": "", "content": { "application/json": { "schema": schema } } });
    let no = json!({ "description": "No." });
    json!({
        "openapi": "3.1.0",
        "info": { "title": "House", "version": "1" },
        "paths": {
            "/rooms": { "post": {
                "operationId": "addRoom", "requestBody": body,
                "responses": { "201": answer(&shown), "400": no, "409": no },
            } },
            "/rooms/{room_id}": {
                "parameters": [{ "name": "room_id", "in": "path", "required": true, "schema": { "type": "integer" } }],
                "get": { "operationId": "showRoom", "responses": { "200": answer(&shown), "404": no } },
                "delete": { "operationId": "dropRoom", "responses": { "204": no, "404": no } },
            },
        },
    })
}

fn refusal(status: u16, message: &str) -> Reply {
    Reply::json(status, &json!({ "message": message }))
}

/// Its server, which has no room on one of the floors.
fn server(missing: Option<&'static str>) -> impl Fn(&Received) -> Reply + Send + Sync + 'static {
    let kept = Mutex::new((0, BTreeMap::<u64, Value>::new()));
    move |request| {
        let mut kept = kept.lock().unwrap();
        let path = request.target.split('?').next().unwrap_or_default();
        let Some(rest) = path.strip_prefix("/rooms") else {
            return refusal(404, "nothing is here");
        };
        let id = rest.strip_prefix('/').and_then(|id| id.parse::<u64>().ok());
        let known = id.filter(|id| kept.1.contains_key(id));
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let length = body["name"].as_str().map(|text| text.chars().count());
        let is_valid = length.is_some_and(|length| (1..=40).contains(&length))
            && matches!(body["floor"].as_str(), Some("low" | "middle" | "high"))
            && body["floor"].as_str() != missing;
        match (request.method.as_str(), rest.is_empty(), known) {
            ("POST", true, _) if !is_valid => refusal(400, "not so"),
            ("POST", true, _) if kept.1.values().any(|room| room["name"] == body["name"]) => {
                refusal(409, "a room of that name is there")
            }
            ("POST", true, _) => {
                kept.0 += 1;
                let room = json!({ "id": kept.0, "name": body["name"], "floor": body["floor"] });
                let id = kept.0;
                kept.1.insert(id, room.clone());
                Reply::json(201, &room)
            }
            ("GET", false, Some(id)) => Reply::json(200, &kept.1[&id]),
            ("DELETE", false, Some(id)) => {
                kept.1.remove(&id);
                Reply::json(204, &Value::Null)
            }
            ("GET" | "DELETE", false, None) => refusal(404, "there is none"),
            _ => refusal(405, "not so").with("Allow", "GET, DELETE, POST"),
        }
    }
}

#[rstest]
#[case::correct(None, 0)]
#[case::a_documented_value_is_refused(Some("high"), 1)]
fn a_refused_value_is_told_from_a_name_that_is_taken(
    #[case] missing: Option<&'static str>,
    #[case] code: i32,
) {
    let server = Small::start(Box::new(server(missing)));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document().to_string()).unwrap();
    let told = docproof(
        folder.path(),
        ["run", "api.json", "--endpoint", &server.url],
    );
    assert_eq!(told.code, code, "{}", told.text());
    let is_told = told.text().contains("addRoom::request.floor::enum");
    assert_eq!(is_told, code == 1, "{}", told.text());
}
