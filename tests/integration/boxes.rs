//! What a document says of a list's order, of a search, of keys of creates, of replacements and of
//! times: a correct server gets no finding, and each breach of one of them is found.

use std::collections::BTreeMap;
use std::sync::Mutex;

use rstest::rstest;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::support::docproof;
use super::support::small::Small;
use super::support::{Received, Reply};

/// A document of boxes as frameworks write it.
fn document() -> Value {
    let sent = json!({
        "title": { "type": "string", "minLength": 1, "maxLength": 40 },
        "weight": { "type": "integer", "minimum": 1, "maximum": 500 },
        "kind": { "$ref": "#/components/schemas/Kind", "default": "small" },
        "note": { "anyOf": [{ "type": "string", "maxLength": 40 }, { "type": "null" }] },
    });
    let mut shown = sent.clone();
    shown["id"] = json!({ "type": "integer" });
    for time in ["created_at", "updated_at"] {
        shown[time] = json!({ "type": "string", "format": "date-time" });
    }
    let sent = json!({ "type": "object", "required": ["title", "weight"], "properties": sent });
    let required = [
        "id",
        "title",
        "weight",
        "kind",
        "note",
        "created_at",
        "updated_at",
    ];
    let shown = json!({ "type": "object", "required": required, "properties": shown });
    let page = json!({ "type": "object", "required": ["items", "page"], "properties": {
        "items": { "type": "array", "items": { "$ref": "#/components/schemas/Box" } },
        "page": { "type": "integer" },
    } });
    let answer = |name: &str| {
        let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
        json!({ "description": "", "content": { "application/json": { "schema": schema } } })
    };
    let no = json!({ "description": "No.", "content": { "application/problem+json": {
        "schema": { "$ref": "#/components/schemas/Problem" },
    } } });
    let body = json!({ "required": true, "content": { "application/json": {
        "schema": { "$ref": "#/components/schemas/BoxIn" },
    } } });
    let query = |name: &str, schema: Value, text: &str| json!({ "name": name, "in": "query", "schema": schema, "description": text });
    let id = json!({ "name": "box_id", "in": "path", "required": true, "schema": { "type": "integer" } });
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Yard", "version": "1" },
        "paths": {
            "/boxes": {
                "post": {
                    "operationId": "addBox", "requestBody": body,
                    "parameters": [{ "name": "Idempotency-Key", "in": "header", "schema": { "type": "string", "maxLength": 60 } }],
                    "responses": { "201": answer("Box"), "400": no },
                },
                "get": {
                    "operationId": "listBoxes",
                    "parameters": [
                        query("page", json!({ "type": "integer", "minimum": 1, "default": 1 }), "The number of the page."),
                        query("size", json!({ "type": "integer", "minimum": 1, "maximum": 50, "default": 20 }), "How many boxes a page has."),
                        query("sort", json!({ "type": "string", "enum": ["title", "weight", "created"] }), "What the list is sorted by."),
                        query("order", json!({ "type": "string", "enum": ["asc", "desc"], "default": "asc" }), "The direction."),
                        query("q", json!({ "type": "string", "minLength": 1, "maxLength": 30 }), "Only boxes whose title contains this text."),
                    ],
                    "responses": { "200": answer("Page"), "400": no },
                },
            },
            "/boxes/{box_id}": {
                "parameters": [id],
                "get": { "operationId": "showBox", "responses": { "200": answer("Box"), "404": no } },
                "put": {
                    "operationId": "replaceBox", "requestBody": body,
                    "responses": { "200": answer("Box"), "400": no, "404": no },
                },
                "delete": {
                    "operationId": "dropBox",
                    "responses": { "204": { "description": "" }, "404": no },
                },
            },
        },
        "components": { "schemas": {
            "Box": shown, "BoxIn": sent, "Page": page,
            "Kind": { "type": "string", "enum": ["small", "large"] },
            "Problem": { "type": "object", "required": ["title"], "properties": { "title": { "type": "string" } } },
        } },
    })
}

/// What the server keeps.
#[derive(Default)]
struct Yard {
    last: i64,
    boxes: BTreeMap<i64, Value>,
    keys: BTreeMap<String, Value>,
}

fn now() -> Value {
    json!(jiff::Timestamp::now().to_string())
}

fn is_valid(body: &Value) -> bool {
    let text = |value: &Value, least: usize| {
        let length = value.as_str().map(|text| text.chars().count());
        length.is_some_and(|length| (least..=40).contains(&length))
    };
    text(&body["title"], 1)
        && body["weight"]
            .as_i64()
            .is_some_and(|weight| (1..=500).contains(&weight))
        && (body["note"].is_null() || text(&body["note"], 0))
        && body
            .get("kind")
            .is_none_or(|kind| kind == "small" || kind == "large")
}

impl Yard {
    fn refuse(breach: &str, status: u16) -> Reply {
        let reply = Reply::json(status, &json!({ "title": "no" }));
        if breach == "plain-json" {
            return reply;
        }
        let kind = (
            "Content-Type".to_owned(),
            "application/problem+json".to_owned(),
        );
        Reply {
            headers: vec![kind],
            ..reply
        }
    }

    /// A box of what was sent; `known` is the one that it replaces.
    fn of(breach: &str, id: i64, body: &Value, known: Option<&Value>) -> Value {
        let mut kind = body.get("kind").cloned().unwrap_or(json!("small"));
        let mut note = body["note"].clone();
        if let (Some(known), "keeps-what-is-left-out") = (known, breach)
            && body.get("note").is_none()
        {
            note = known["note"].clone();
        }
        if let (Some(known), "keeps-a-default") = (known, breach)
            && body.get("kind").is_none()
        {
            kind = known["kind"].clone();
        }
        if breach == "other-default" && known.is_none() && body.get("kind").is_none() {
            kind = json!("large");
        }
        let created = known.filter(|_| breach != "made-anew");
        let created = created.map_or_else(now, |known| known["created_at"].clone());
        json!({
            "id": id, "title": body["title"], "weight": body["weight"], "kind": kind, "note": note,
            "created_at": created, "updated_at": now(),
        })
    }

    fn list(&self, breach: &str, query: &str) -> Option<Value> {
        let asked: BTreeMap<String, String> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let text = |name: &str| asked.get(name).map(String::as_str);
        let number = |name: &str, default: usize, most: usize| {
            let number = text(name).map_or(Some(default), |text| text.parse().ok());
            number.filter(|number| (1..=most).contains(number))
        };
        let (page, size) = (number("page", 1, usize::MAX)?, number("size", 20, 50)?);
        let field = match text("sort") {
            None | Some("created") => "created_at",
            Some(known @ ("title" | "weight")) => known,
            Some(_) => return None,
        };
        let falls = match text("order") {
            None | Some("asc") => false,
            Some("desc") => breach != "order-ignored",
            Some(_) => return None,
        };
        let wanted = text("q");
        if wanted.is_some_and(|text| text.is_empty() || text.chars().count() > 30) {
            return None;
        }
        let wanted = wanted.filter(|_| breach != "search-ignored");
        let has = |one: &&Value| {
            let title = one["title"].as_str().unwrap_or_default();
            wanted.is_none_or(|text| title.contains(text))
        };
        let mut found: Vec<&Value> = self.boxes.values().filter(has).collect();
        if breach != "sort-ignored" {
            found.sort_by(|one, other| {
                let numbers = one[field].as_i64().cmp(&other[field].as_i64());
                let order = numbers.then_with(|| one[field].as_str().cmp(&other[field].as_str()));
                if falls { order.reverse() } else { order }
            });
        }
        let start = (page - 1).saturating_mul(size);
        let items: Vec<&Value> = found.into_iter().skip(start).take(size).collect();
        let told = if breach == "other-page" { 1 } else { page };
        Some(json!({ "items": items, "page": told }))
    }

    fn answer(&mut self, breach: &str, request: &Received) -> Reply {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        let Some(rest) = path.strip_prefix("/boxes") else {
            return Self::refuse(breach, 404);
        };
        let id = rest.strip_prefix('/').and_then(|id| id.parse::<i64>().ok());
        let id = id.filter(|id| self.boxes.contains_key(id));
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        match (request.method.as_str(), rest.is_empty(), id) {
            ("POST", true, _) if is_valid(&body) => {
                let key = request.header("idempotency-key");
                if key.is_some_and(|key| key.len() > 60) {
                    return Self::refuse(breach, 400);
                }
                let key = key.filter(|_| breach != "key-ignored");
                if let Some(known) = key.and_then(|key| self.keys.get(key)) {
                    return Reply::json(201, known);
                }
                self.last += 1;
                let new = Self::of(breach, self.last, &body, None);
                self.boxes.insert(self.last, new.clone());
                self.keys
                    .extend(key.map(|key| (key.to_owned(), new.clone())));
                let place = if breach == "no-place" { "box" } else { "boxes" };
                let place = format!("/{place}/{}", self.last);
                Reply::json(201, &new).with("Location", &place)
            }
            ("GET", true, _) => match self.list(breach, query) {
                Some(page) => Reply::json(200, &page),
                None => Self::refuse(breach, 400),
            },
            ("GET", false, Some(id)) => {
                if let Some(known) = self.boxes.get_mut(&id)
                    && breach == "reading-writes"
                {
                    known["updated_at"] = now();
                }
                Reply::json(200, &self.boxes[&id])
            }
            ("PUT", false, Some(id)) if is_valid(&body) => {
                let new = Self::of(breach, id, &body, self.boxes.get(&id));
                self.boxes.insert(id, new.clone());
                Reply::json(200, &new)
            }
            ("POST", true, _) | ("PUT", false, Some(_)) => Self::refuse(breach, 400),
            ("DELETE", false, Some(id)) => {
                self.boxes.remove(&id);
                Reply::json(204, &Value::Null)
            }
            ("GET" | "PUT" | "DELETE", false, None) => Self::refuse(breach, 404),
            _ => Self::refuse(breach, 405).with("Allow", "GET, PUT, DELETE, POST"),
        }
    }
}

#[rstest]
#[case::correct("", "")]
#[case::order_of_nothing("sort-ignored", "sort-by")]
#[case::one_direction("order-ignored", "sort-by::direction")]
#[case::a_search_that_finds_all("search-ignored", "search::fits")]
#[case::a_page_of_another_number("other-page", "pagination::told")]
#[case::a_key_that_counts_for_nothing("key-ignored", "repeated::same")]
#[case::a_refusal_as_plain_json("plain-json", "application/problem+json")]
#[case::a_default_beside_a_reference("other-default", "echo::same")]
#[case::a_default_that_does_not_come_back("keeps-a-default", "replace-restores-defaults")]
#[case::what_is_left_out_stays("keeps-what-is-left-out", "replace-restores-defaults")]
#[case::made_anew_by_a_change("made-anew", "created_at")]
#[case::a_location_that_leads_nowhere("no-place", "Location")]
#[case::changed_by_a_look("reading-writes", "read-is-safe")]
fn what_a_document_says_of_lists_keys_and_times_is_tried(
    #[case] breach: &'static str,
    #[case] told: &str,
) {
    let yard = Mutex::new(Yard::default());
    let server = Small::start(Box::new(move |request| {
        yard.lock().unwrap().answer(breach, request)
    }));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document().to_string()).unwrap();
    let arguments = ["run", "api.json", "--endpoint", &server.url, "--cases", "4"];
    let ran = docproof(folder.path(), arguments);
    assert_eq!(ran.code, i32::from(!breach.is_empty()), "{}", ran.text());
    assert!(ran.text().contains(told), "{}", ran.text());
}
