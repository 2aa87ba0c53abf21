//! A garage, described by the document of a framework, which answers as frameworks do: a change puts
//! an object within the body in the place of the old one, a query's `null` is none, numbers in lists
//! may be in base 16, and a body that is no JSON is refused in plain words. Each is right or one
//! finding, and each breach is found.

use std::collections::BTreeMap;
use std::sync::Mutex;

use rstest::rstest;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::support::docproof;
use super::support::small::Small;
use super::support::{Received, Reply};

/// The credential that is given.
const TOKEN: &str = "Bearer garage";

/// The fields that a car may have beside its plate.
fn optional() -> Value {
    let text = json!({ "type": "string", "maxLength": 30 });
    let side = json!({ "type": "integer", "minimum": 1, "maximum": 200 });
    let count = json!({ "type": "integer", "minimum": 1, "maximum": 9 });
    json!({
        "colour": { "type": "string", "enum": ["red", "blue", "white"] },
        "doors": count, "seats": count, "keys": count, "wheels": count,
        "note": text,
        "owner": { "type": "object", "required": ["name"],
            "properties": { "name": text, "phone": text } },
        "size": { "type": "array", "minItems": 2, "maxItems": 2,
            "prefixItems": [side, side], "items": false },
        "rank": count,
    })
}

fn create() -> Value {
    let mut fields = optional();
    fields["plate"] = json!({ "type": "string", "minLength": 2, "maxLength": 10 });
    json!({ "type": "object", "required": ["plate"], "properties": fields })
}

fn change() -> Value {
    let mut fields = optional();
    fields["sold"] = json!({ "type": "boolean" });
    json!({ "type": "object", "properties": fields })
}

fn car() -> Value {
    let mut car = create();
    car["required"] = json!(["id", "plate", "sold"]);
    car["properties"]["id"] = json!({ "type": "integer" });
    car["properties"]["sold"] = json!({ "type": "boolean" });
    car
}

fn message() -> Value {
    json!({ "type": "object", "required": ["message"],
        "properties": { "message": { "type": "string" } } })
}

fn answer(schema: &Value) -> Value {
    json!({ "description": "An answer.", "content": { "application/json": { "schema": schema } } })
}

fn body(schema: &Value) -> Value {
    json!({ "required": true, "content": { "application/json": { "schema": schema } } })
}

fn document() -> Value {
    let refused = answer(&message());
    let with = |status: &str, schema: &Value| json!({ status: answer(schema), "400": refused, "401": refused, "404": refused });
    let needs = json!([{ "token": [] }]);
    let ids = json!({ "name": "ids", "in": "query",
        "description": "Only cars with one of these ids.",
        "schema": { "type": "array", "maxItems": 5, "items": { "type": "integer" } } });
    let seats = json!({ "name": "least", "in": "query", "schema": { "type": "integer" } });
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Garage", "version": "1" },
        "components": { "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } } },
        "paths": {
            "/cars": {
                "post": { "operationId": "create", "security": needs, "requestBody": body(&create()),
                    "responses": { "201": answer(&car()), "400": refused, "401": refused } },
                "get": { "operationId": "list", "security": needs, "parameters": [ids, seats],
                    "responses": with("200", &json!({ "type": "array", "items": car() })) },
            },
            "/cars/{id}": {
                "parameters": [{ "name": "id", "in": "path", "required": true,
                    "schema": { "type": "integer" } }],
                "get": { "operationId": "show", "security": needs,
                    "responses": with("200", &car()) },
                "patch": { "operationId": "change", "security": needs,
                    "requestBody": body(&change()), "responses": with("200", &car()) },
                "delete": { "operationId": "remove", "security": needs, "responses": {
                    "204": { "description": "Gone" }, "401": refused, "404": refused } },
            },
            // A router gives all its operations one list of answers.
            "/health": { "get": { "operationId": "health",
                "responses": { "200": answer(&message()), "401": refused } } },
        },
    })
}

fn refusal(status: u16) -> Reply {
    Reply::json(status, &json!({ "message": "no" }))
}

#[derive(Default)]
struct Garage {
    cars: BTreeMap<u64, Map<String, Value>>,
    made: u64,
}

impl Garage {
    /// What of a body is taken; else how it is refused.
    fn read(way: &str, schema: &Value, request: &Received) -> Result<Map<String, Value>, Reply> {
        let Ok(mut sent) = serde_json::from_slice::<Value>(&request.body) else {
            return Err(match way {
                "plain-words" => {
                    let mut reply = refusal(400).with("X-Plain", "yes");
                    reply.headers.retain(|(name, _)| name != "Content-Type");
                    reply.body = b"The body is no JSON.".to_vec();
                    reply.with("Content-Type", "text/plain; charset=utf-8")
                }
                _ => refusal(400),
            });
        };
        let mut schema = schema.clone();
        match way {
            "second-side" => schema["properties"]["size"]["prefixItems"][1] = json!({}),
            "null-shown" => {
                schema["properties"]["note"]["type"] = json!(["string", "null"]);
            }
            _ => {}
        }
        if !jsonschema::is_valid(&schema, &sent) {
            return Err(refusal(400));
        }
        let known = schema["properties"].as_object().unwrap();
        let fields = sent.as_object_mut().unwrap();
        fields.retain(|name, _| known.contains_key(name));
        Ok(fields.clone())
    }

    /// The cars that a query asks for; none where it is refused.
    fn listed(&self, way: &str, query: &str) -> Option<Vec<Value>> {
        let mut ids = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let digits = value.strip_prefix("0x");
            let number = digits.map_or_else(
                || value.parse::<i64>(),
                |digits| i64::from_str_radix(digits, 16),
            );
            match (name.as_ref(), number) {
                ("least", _) if matches!(value.as_ref(), "null" | "") => {}
                ("ids", Ok(id)) => ids.push(id),
                ("ids" | "least", Err(_)) => return None,
                _ => {}
            }
        }
        if ids.len() > 5 {
            return None;
        }
        let is_wanted = |id: &u64| {
            let is_one = ids.iter().any(|wanted| u64::try_from(*wanted) == Ok(*id));
            ids.is_empty() || is_one || way == "ids-ignored"
        };
        let wanted = self.cars.iter().filter(|(id, _)| is_wanted(id));
        Some(wanted.map(|(_, car)| Value::Object(car.clone())).collect())
    }

    fn answer(&mut self, way: &str, request: &Received) -> Reply {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        if parts == ["health"] {
            return match request.method.as_str() {
                "GET" => Reply::json(200, &json!({ "message": "fine" })),
                _ => refusal(405).with("Allow", "GET"),
            };
        }
        if request.header("authorization") != Some(TOKEN) {
            return refusal(401);
        }
        let id = parts.get(1).and_then(|id| id.parse::<u64>().ok());
        let known = id.filter(|id| self.cars.contains_key(id));
        match (request.method.as_str(), parts.as_slice(), known) {
            ("POST", ["cars"], _) => match Self::read(way, &create(), request) {
                Err(refused) => refused,
                Ok(mut sent) => {
                    self.made += 1;
                    sent.insert("id".to_owned(), Value::from(self.made));
                    sent.insert("sold".to_owned(), Value::from(false));
                    self.cars.insert(self.made, sent.clone());
                    Reply::json(201, &Value::Object(sent))
                }
            },
            ("GET", ["cars"], _) => self.listed(way, query).map_or_else(
                || refusal(400),
                |cars| Reply::json(200, &Value::Array(cars)),
            ),
            ("GET", ["cars", _], Some(id)) => {
                Reply::json(200, &Value::Object(self.cars[&id].clone()))
            }
            ("PATCH", ["cars", _], Some(id)) => match Self::read(way, &change(), request) {
                Err(refused) => refused,
                Ok(mut sent) => {
                    if way == "sold-lost" {
                        sent.remove("sold");
                    }
                    let car = self.cars.get_mut(&id).unwrap();
                    car.extend(sent);
                    Reply::json(200, &Value::Object(car.clone()))
                }
            },
            ("DELETE", ["cars", _], Some(id)) => {
                self.cars.remove(&id);
                Reply::json(204, &Value::Null)
            }
            (_, ["cars"], _) => refusal(405).with("Allow", "GET, POST"),
            ("GET" | "PATCH" | "DELETE", ["cars", _], None) => refusal(404),
            (_, ["cars", _], _) => refusal(405).with("Allow", "GET, PATCH, DELETE"),
            _ => refusal(404),
        }
    }
}

/// The findings that fail a run, and what is told.
fn tried(way: &'static str) -> (Vec<Value>, String) {
    let garage = Mutex::new(Garage::default());
    let server = Small::start(Box::new(move |request| {
        garage.lock().unwrap().answer(way, request)
    }));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document().to_string()).unwrap();
    let arguments = [
        "run",
        "api.json",
        "--endpoint",
        &server.url,
        "--bearer",
        "garage",
    ];
    let told = docproof(
        folder.path(),
        arguments
            .into_iter()
            .chain(["--report", "json=report.json"]),
    );
    let report = std::fs::read_to_string(folder.path().join("report.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    let mut findings = report["findings"].as_array().unwrap().clone();
    findings.retain(|finding| finding["level"] != "may");
    (findings, told.text())
}

#[test]
fn what_frameworks_do_is_right() {
    let (findings, told) = tried("");
    assert!(findings.is_empty(), "{told}");
}

#[rstest]
// The answer to what has a null shows it: that it is taken is told, of the request.
#[case::null_shown("null-shown", "change::request.note::type")]
// That a text is called a text is no second finding.
#[case::plain_words("plain-words", "change::response-400::json")]
// The second of the first items has bounds of its own.
#[case::second_side("second-side", "change::request.size::prefixItems")]
// The tenth field that a change sets is looked at, too.
#[case::sold_lost("sold-lost", "change::relation::lifecycle::update-changes-this-alone")]
// A list of values chooses, where its description says so.
#[case::ids_ignored("ids-ignored", "list::relation::filter::fits")]
fn each_breach_is_one_finding(#[case] way: &'static str, #[case] expected: &str) {
    let (findings, told) = tried(way);
    let fact = |finding: &Value| {
        let fact = finding["fact"].as_str().unwrap();
        fact.split_once("::").unwrap().1.to_owned()
    };
    let facts: Vec<String> = findings.iter().map(fact).collect();
    assert_eq!(facts, [expected], "{told}");
}
