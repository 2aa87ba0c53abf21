//! What a document promises of a value: that no two have the same, that null takes it away, that the
//! service alone sets it, that no answer shows it, and what a `PUT` tells. A right service is let
//! alone, and each breach is found.

use std::collections::BTreeMap;

use rstest::rstest;
use serde_json::{Map, Value, json};

use crate::support::{Received, Recorder, docproof};

/// The document of a service of roles and keys.
fn document() -> Value {
    let answer = |schema: &Value| {
        json!({ "description": "It.", "content":
        { "application/json": { "schema": schema } } })
    };
    let refused = answer(&json!({ "type": "object", "required": ["message"],
        "properties": { "message": { "type": "string" } } }));
    let said = json!({
        "name": { "type": "string", "minLength": 1, "maxLength": 40,
            "description": "The name. It must be unique." },
        "note": { "type": ["string", "null"], "minLength": 1, "maxLength": 40,
            "description": "A note. `null` removes the note." },
        "owner": { "type": "string", "readOnly": true,
            "description": "Set by the server. A value in a request is ignored." },
        "pin": { "type": "string", "pattern": "^[0-9]{4}$", "writeOnly": true },
    });
    let role = json!({ "type": "object", "required": ["id", "name", "owner"], "properties": {
        "id": { "type": "string" }, "name": { "type": "string" },
        "note": { "type": ["string", "null"] }, "owner": { "type": "string" } } });
    let body = |schema: Value| {
        json!({ "required": true, "content":
        { "application/json": { "schema": schema } } })
    };
    let path = |name: &str| {
        json!([{ "name": name, "in": "path", "required": true,
        "schema": { "type": "string", "pattern": "^[a-z0-9-]{1,40}$" } }])
    };
    let key = json!({ "type": "object", "required": ["value"],
        "properties": { "value": { "type": "string", "maxLength": 40 } } });
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Roles", "version": "1" },
        "paths": {
            "/roles": { "post": {
                "operationId": "create_role",
                "requestBody": body(json!({ "type": "object", "required": ["name"],
                    "properties": said })),
                "responses": { "201": answer(&role), "400": refused, "409": refused },
            } },
            "/roles/{role_id}": { "parameters": path("role_id"),
                "get": { "operationId": "show_role",
                    "responses": { "200": answer(&role), "404": refused } },
                "patch": { "operationId": "change_role",
                    "requestBody": body(json!({ "type": "object", "properties": said })),
                    "responses": { "200": answer(&role), "400": refused, "404": refused,
                        "409": refused } },
                "delete": { "operationId": "delete_role",
                    "responses": { "204": { "description": "Gone." }, "404": refused } },
            },
            "/keys/{key}": { "parameters": path("key"),
                "put": { "operationId": "set_key", "requestBody": body(key.clone()),
                    "responses": { "200": answer(&key), "201": answer(&key), "400": refused } },
                "get": { "operationId": "show_key",
                    "responses": { "200": answer(&key), "400": refused, "404": refused } },
                "delete": { "operationId": "delete_key",
                    "responses": { "204": { "description": "Gone." }, "404": refused } },
            },
        },
    })
}

/// The service, with one breach or none.
#[derive(Default)]
struct Service {
    breach: &'static str,
    made: u32,
    roles: BTreeMap<String, Map<String, Value>>,
    keys: BTreeMap<String, Value>,
}

fn no(status: u16) -> (u16, Value) {
    (status, json!({ "message": "no" }))
}

/// The object that a request says; none where it says something else, or of another kind.
fn object(request: &Received) -> Option<Map<String, Value>> {
    let is_json = request
        .header("content-type")
        .is_some_and(|kind| kind.starts_with("application/json"));
    let said = serde_json::from_slice(&request.body).ok();
    said.filter(|_| is_json)
}

impl Service {
    fn answer(&mut self, request: &Received) -> (u16, Value) {
        let target = request.target.clone();
        let parts: Vec<&str> = target.trim_start_matches('/').split('/').collect();
        let method = request.method.as_str();
        match parts.as_slice() {
            ["roles"] if method == "POST" => self.create(request),
            ["roles", id] => self.one(method, id, request),
            ["keys", key] => self.key(method, key, request),
            ["roles"] => no(405),
            _ => no(404),
        }
    }

    /// What a request says of a role, where it is right.
    fn said(request: &Received) -> Option<Map<String, Value>> {
        let said = object(request)?;
        let is_text = |value: &Value, least: usize| {
            value
                .as_str()
                .is_some_and(|text| (least..=40).contains(&text.chars().count()))
        };
        let is_pin = |value: &Value| {
            value.as_str().is_some_and(|text| {
                text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())
            })
        };
        let is_right = said.iter().all(|(name, value)| match name.as_str() {
            "name" => is_text(value, 1),
            "note" => value.is_null() || is_text(value, 1),
            "pin" => is_pin(value),
            _ => true,
        });
        is_right.then_some(said)
    }

    fn is_taken(&self, id: &str, said: &Map<String, Value>) -> bool {
        let mut others = self.roles.iter().filter(|(own, _)| *own != id);
        said.contains_key("name") && others.any(|(_, own)| own.get("name") == said.get("name"))
    }

    /// What is shown of a role: all but its pin.
    fn shown(&self, role: &Map<String, Value>) -> Value {
        let mut role = role.clone();
        if self.breach != "pin-shown" {
            role.remove("pin");
        }
        Value::Object(role)
    }

    fn create(&mut self, request: &Received) -> (u16, Value) {
        let Some(mut role) = Self::said(request).filter(|said| said.contains_key("name")) else {
            return no(400);
        };
        if self.is_taken("", &role) && self.breach != "made-twice" {
            return no(409);
        }
        self.made += 1;
        let id = format!("role-{}", self.made);
        role.insert("id".to_owned(), json!(id));
        if self.breach != "owner-taken" || !role.contains_key("owner") {
            role.insert("owner".to_owned(), json!("root"));
        }
        let shown = self.shown(&role);
        self.roles.insert(id, role);
        (201, shown)
    }

    fn one(&mut self, method: &str, id: &str, request: &Received) -> (u16, Value) {
        let Some(role) = self.roles.get(id).cloned() else {
            return no(404);
        };
        match method {
            "GET" => (200, self.shown(&role)),
            "DELETE" => {
                self.roles.remove(id);
                (204, Value::Null)
            }
            "PATCH" => {
                let Some(said) = Self::said(request) else {
                    return no(400);
                };
                if self.is_taken(id, &said) && self.breach != "changed-twice" {
                    return no(409);
                }
                let mut role = role;
                for (name, value) in said {
                    let is_kept = value.is_null() && self.breach == "null-kept";
                    let is_own = name == "owner" && self.breach != "owner-changed";
                    if !is_kept && !is_own && name != "id" {
                        role.insert(name, value);
                    }
                }
                let shown = self.shown(&role);
                self.roles.insert(id.to_owned(), role);
                (200, shown)
            }
            _ => no(405),
        }
    }

    fn key(&mut self, method: &str, key: &str, request: &Received) -> (u16, Value) {
        let is_name = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
        if key.is_empty() || key.len() > 40 || !key.bytes().all(is_name) {
            return no(if method == "DELETE" { 404 } else { 400 });
        }
        let known = self.keys.get(key).cloned();
        match method {
            "PUT" => {
                let said = object(request).and_then(|said| said.get("value").cloned());
                let is_right = |value: &Value| {
                    value
                        .as_str()
                        .is_some_and(|text| text.chars().count() <= 40)
                };
                let Some(value) = said.filter(is_right) else {
                    return no(400);
                };
                let value = json!({ "value": value });
                self.keys.insert(key.to_owned(), value.clone());
                let status = match (self.breach, known) {
                    ("put-200", _) => 200,
                    ("put-201", _) | (_, None) => 201,
                    (_, Some(_)) => 200,
                };
                (status, value)
            }
            "GET" => known.map_or_else(|| no(404), |value| (200, value)),
            "DELETE" => match self.keys.remove(key) {
                Some(_) => (204, Value::Null),
                None => no(404),
            },
            _ => no(405),
        }
    }
}

/// The findings that fail a run against the service with a breach.
fn found(breach: &'static str) -> (Vec<String>, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document().to_string()).unwrap();
    let mut service = Service {
        breach,
        ..Service::default()
    };
    let server = Recorder::start(move |request| service.answer(request));
    let url = server.url();
    let arguments = [
        "run",
        "api.json",
        "--cases",
        "8",
        "--endpoint",
        url,
        "--report",
    ];
    let told = docproof(
        folder.path(),
        arguments.into_iter().chain(["json=report.json"]),
    );
    let report = std::fs::read_to_string(folder.path().join("report.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let failing = findings.filter(|finding| finding["level"] != "may");
    let named = failing.map(|finding| format!("{}: {}", finding["fact"], finding["message"]));
    (named.collect(), told.text())
}

#[test]
fn a_service_that_keeps_its_promises_is_let_alone() {
    let (found, text) = found("");
    assert_eq!(found, Vec::<String>::new(), "{text}");
}

#[rstest]
#[case("made-twice", "create_role::relation::lifecycle::unique")]
#[case("changed-twice", "change_role::relation::lifecycle::unique")]
#[case("null-kept", "change_role::relation::lifecycle::null-takes-away")]
#[case("owner-taken", "create_role::relation::lifecycle::set-by-service")]
#[case("owner-changed", "change_role::relation::lifecycle::set-by-service")]
#[case("pin-shown", "create_role::request.pin::hidden")]
#[case("put-200", "set_key::relation::lifecycle::put-tells")]
#[case("put-201", "set_key::relation::lifecycle::put-tells")]
fn a_broken_promise_is_found(#[case] breach: &'static str, #[case] fact: &str) {
    let (found, text) = found(breach);
    assert!(
        found.iter().any(|one| one.contains(fact)),
        "{found:#?}\n{text}"
    );
}
