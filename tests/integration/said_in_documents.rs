//! What a document says at a place where frameworks and people write it: the order of a list in the
//! description of its answer, what is unique in that of the create, a value that the service sets by
//! `readOnly` alone. The right service is silent, and each breach is found.

use std::collections::BTreeMap;
use std::sync::Mutex;

use rstest::rstest;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::support::docproof;
use super::support::small::Small;
use super::support::{Received, Reply};

/// A document of things, and of imports that are jobs.
fn document() -> Value {
    let fields = json!({
        "code": { "type": "string", "pattern": "^[A-Z]{3}-[0-9]{4}$" },
        "kind": { "$ref": "#/components/schemas/Kind" },
        "active": { "type": "boolean", "default": true },
        "size": { "type": "integer", "minimum": 1, "maximum": 90, "default": 7 },
        "views": { "type": "integer", "minimum": 0, "readOnly": true },
        "settings": { "type": "object", "patternProperties": { "^x-[a-z]+$": { "type": "integer" } },
            "additionalProperties": false },
        "place": { "type": "array", "minItems": 2, "items": false,
            "prefixItems": [{ "type": "number" }, { "type": "number" }] }
    });
    let thing = json!({ "type": "object", "required": ["code", "kind"], "properties": fields });
    let shown = json!({ "allOf": [{ "$ref": "#/components/schemas/ThingIn" }, { "type": "object",
        "required": ["id", "views"], "properties": { "id": { "type": "string", "format": "uuid" } } }] });
    let job = json!({ "type": "object", "required": ["id", "status", "progress"], "properties": {
        "id": { "type": "string", "format": "uuid" },
        "status": { "type": "string", "enum": ["queued", "running", "done"] },
        "progress": { "type": "number", "minimum": 0, "maximum": 100 } } });
    let of = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let answer = |text: &str, schema: Value| json!({ "description": text, "content": { "application/json": { "schema": schema } } });
    let no = json!({ "description": "No." });
    let body = json!({ "required": true, "content": { "application/json": { "schema": of("ThingIn"),
        "example": { "code": "ABC-0001", "kind": "a", "settings": { "x-rate": 6 }, "place": [4.5, 9.5] } } } });
    let import = json!({ "required": true, "content": { "application/json": { "schema": {
        "type": "object", "required": ["from"],
        "properties": { "from": { "type": "string", "enum": ["a", "b"] } } } } } });
    let query = |name: &str, schema: Value, text: &str| json!({ "name": name, "in": "query", "schema": schema, "description": text });
    let id = |name: &str| json!([{ "name": name, "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" } }]);
    json!({ "openapi": "3.1.0", "info": { "title": "things", "version": "1" }, "paths": {
        "/things": {
            "get": { "operationId": "listThings", "parameters": [
                query("filter[kind]", of("Kind"), ""),
                query("min_size", json!({ "type": "integer", "minimum": 1, "maximum": 90 }), "Only things of at least this size."),
                query("limit", json!({ "type": "integer", "minimum": 1, "maximum": 40, "default": 6 }), "How many."),
                query("offset", json!({ "type": "integer", "minimum": 0, "default": 0 }), "") ],
                "responses": { "200": answer("The things, sorted by code.", json!({ "type": "array", "items": of("Thing") })), "400": no } },
            "post": { "operationId": "createThing", "description": "Makes a thing. A code can be registered once only.",
                "requestBody": body, "responses": { "201": answer("The thing.", of("Thing")), "400": no, "409": no } } },
        "/things/{id}": { "parameters": id("id"),
            "get": { "operationId": "getThing", "responses": { "200": answer("The thing.", of("Thing")), "404": no } },
            "put": { "operationId": "putThing", "requestBody": body, "responses": { "200": answer("The thing.", of("Thing")), "400": no, "404": no, "409": no } },
            "delete": { "operationId": "deleteThing", "responses": { "204": { "description": "Gone." }, "404": no } } },
        "/imports": { "post": { "operationId": "startImport", "requestBody": import, "responses": { "202": answer("A job.", of("Job")), "400": no } } },
        "/jobs/{jobId}": { "parameters": id("jobId"),
            "get": { "operationId": "getJob", "responses": { "200": answer("The job.", of("Job")), "404": no } } }
    }, "components": { "schemas": { "Kind": { "enum": ["a", "b", "c"] }, "ThingIn": thing, "Thing": shown, "Job": job } } })
}

/// The service, with one breach of what its document says.
#[derive(Default)]
struct Things {
    breach: &'static str,
    all: BTreeMap<String, Value>,
    jobs: BTreeMap<String, i64>,
    made: u64,
}

fn no(status: u16) -> Reply {
    Reply::json(status, &Value::Null)
}

impl Things {
    fn has(&self, breach: &str) -> bool {
        self.breach == breach
    }

    fn id(&mut self) -> String {
        self.made += 1;
        format!("3f2504e0-4f89-41d3-9a0c-{:012x}", self.made)
    }

    /// Whether a body is a thing.
    fn is_thing(&self, body: &Value) -> bool {
        let Some(map) = body.as_object() else {
            return false;
        };
        let is_code = |text: &str| {
            let bytes = text.as_bytes();
            bytes.len() == 8
                && bytes[..3].iter().all(u8::is_ascii_uppercase)
                && bytes[3] == b'-'
                && bytes[4..].iter().all(u8::is_ascii_digit)
        };
        let is_set = |value: &Value| {
            let own = value.as_object();
            own.is_some_and(|own| {
                own.iter().all(|(name, value)| {
                    let word = name.strip_prefix("x-").unwrap_or_default();
                    let is_own = !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
                    value.is_i64() && (is_own || self.has("any key"))
                })
            })
        };
        let is_place = |value: &Value| {
            let own = value.as_array();
            own.is_some_and(|own| {
                own.iter().all(Value::is_number)
                    && (own.len() == 2 || self.has("third item") && own.len() > 2)
            })
        };
        let is_of = |name: &str, is: &dyn Fn(&Value) -> bool| map.get(name).is_none_or(is);
        map.contains_key("code")
            && map.contains_key("kind")
            && is_of("code", &|value| value.as_str().is_some_and(is_code))
            && is_of("kind", &|value| {
                ["a", "b", "c"].iter().any(|one| value == one)
            })
            && is_of("active", &Value::is_boolean)
            && is_of("size", &|value| {
                value.as_i64().is_some_and(|size| (1..=90).contains(&size))
            })
            && is_of("settings", &is_set)
            && is_of("place", &is_place)
    }

    /// What is kept of a body, under an id.
    fn kept(&self, body: &Value, id: &str, views: i64) -> Value {
        let mut kept = body.clone();
        let left_out = |name: &str| body.get(name).is_none();
        if left_out("active") {
            kept["active"] = json!(!self.has("default"));
        }
        if left_out("size") || self.has("seven") && body["size"] == 7 {
            kept["size"] = json!(if self.has("seven") { 8 } else { 7 });
        }
        if left_out("views") || !self.has("views") {
            kept["views"] = json!(views);
        }
        kept["id"] = json!(id);
        kept
    }

    fn answer(&mut self, received: &Received) -> Reply {
        let (path, query) = received
            .target
            .split_once('?')
            .unwrap_or((&received.target, ""));
        let query: BTreeMap<String, String> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        let method = received.method.as_str();
        let body = || serde_json::from_slice::<Value>(&received.body).unwrap_or_default();
        match (method, parts.as_slice()) {
            ("GET" | "HEAD", ["things"]) => self.list(&query),
            ("POST", ["things"]) => self.create(&body()),
            ("POST", ["imports"]) => {
                let body = body();
                if !(body["from"] == "a" || body["from"] == "b") {
                    return no(400);
                }
                let id = self.id();
                self.jobs.insert(id.clone(), 0);
                Reply::json(202, &json!({ "id": id, "status": "queued", "progress": 0 }))
            }
            ("GET" | "HEAD", ["jobs", id]) => {
                let back = self.has("job back");
                let Some(seen) = self.jobs.get_mut(*id) else {
                    return no(404);
                };
                *seen += 1;
                let (status, progress) = match *seen {
                    1 => ("running", 40),
                    2 if back => ("running", 20),
                    2 => ("running", 60),
                    _ => ("done", 100),
                };
                Reply::json(
                    200,
                    &json!({ "id": id, "status": status, "progress": progress }),
                )
            }
            ("GET" | "HEAD", ["things", id]) => match self.all.get(*id) {
                Some(thing) => Reply::json(200, thing),
                None => no(404),
            },
            ("PUT", ["things", id]) => self.replace(id, &body()),
            ("DELETE", ["things", id]) => match self.all.remove(*id) {
                Some(_) => no(204),
                None => no(404),
            },
            (_, ["things" | "imports"] | ["things" | "jobs", _]) => {
                let allowed = match parts.as_slice() {
                    ["things"] => "GET, POST, HEAD",
                    ["imports"] => "POST",
                    ["jobs", _] => "GET, HEAD",
                    _ => "GET, HEAD, PUT, DELETE",
                };
                no(405).with("Allow", allowed)
            }
            _ => no(404),
        }
    }

    fn list(&self, query: &BTreeMap<String, String>) -> Reply {
        let number = |name: &str, least: usize, most: usize, default: usize| match query.get(name) {
            None => Some(default),
            Some(text) => text.parse().ok().filter(|own| (least..=most).contains(own)),
        };
        let (limit, offset) = (
            number("limit", 1, 40, 6),
            number("offset", 0, usize::MAX, 0),
        );
        let size = number("min_size", 1, 90, 1);
        let (Some(mut limit), Some(offset), Some(size)) = (limit, offset, size) else {
            return no(400);
        };
        if self.has("six") && limit == 6 {
            limit = 4;
        }
        let kind = query.get("filter[kind]");
        if kind.is_some_and(|kind| !["a", "b", "c"].contains(&kind.as_str())) {
            return no(400);
        }
        let mut all: Vec<&Value> = self
            .all
            .values()
            .filter(|own| kind.is_none_or(|kind| own["kind"] == **kind || self.has("kind")))
            .filter(|own| own["size"].as_u64() >= Some(size as u64) || self.has("range"))
            .collect();
        if !self.has("order") {
            all.sort_by_key(|own| own["code"].to_string());
        }
        let page: Vec<&Value> = all.into_iter().skip(offset).take(limit).collect();
        Reply::json(200, &json!(page))
    }

    fn is_taken(&self, code: &Value, but: &str) -> bool {
        let mut others = self.all.iter();
        !self.has("twice") && others.any(|(id, own)| id != but && own["code"] == *code)
    }

    fn create(&mut self, body: &Value) -> Reply {
        if !self.is_thing(body) {
            return no(400);
        }
        if self.is_taken(&body["code"], "") {
            return no(409);
        }
        let id = self.id();
        let kept = self.kept(body, &id, 0);
        self.all.insert(id, kept.clone());
        Reply::json(201, &kept)
    }

    fn replace(&mut self, id: &str, body: &Value) -> Reply {
        let Some(before) = self.all.get(id).cloned() else {
            return no(404);
        };
        if !self.is_thing(body) {
            return no(400);
        }
        if self.is_taken(&body["code"], id) {
            return no(409);
        }
        let views = before["views"].as_i64().unwrap_or_default();
        let named = if self.has("other id") {
            self.id()
        } else {
            id.to_owned()
        };
        let kept = self.kept(body, &named, views);
        self.all.insert(id.to_owned(), kept.clone());
        Reply::json(200, &kept)
    }
}

/// The facts of the findings that fail a run.
fn found(breach: &'static str) -> Vec<String> {
    let things = Mutex::new(Things {
        breach,
        ..Things::default()
    });
    let server = Small::start(Box::new(move |received| {
        things.lock().unwrap().answer(received)
    }));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document().to_string()).unwrap();
    let arguments = ["run", "api.json", "--endpoint", &server.url];
    let more = ["--cases", "5", "--report", "json=report.json"];
    let told = docproof(folder.path(), arguments.into_iter().chain(more));
    let report = std::fs::read_to_string(folder.path().join("report.json"));
    assert!(report.is_ok(), "{}", told.text());
    let report: Value = serde_json::from_str(&report.unwrap()).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let grave = findings.filter(|finding| finding["level"] != "may");
    grave
        .map(|finding| finding["fact"].as_str().unwrap().to_owned())
        .collect()
}

#[rstest]
#[case::right("", &[])]
#[case::filter_of_values_without_a_type("kind", &["listThings::relation::filter::fits"])]
#[case::order_in_an_answers_description("order", &["listThings::relation::sorted::sorted"])]
#[case::range_of_what_is_made("range", &["listThings::relation::range::within"])]
#[case::default_of_a_page("six", &["listThings::relation::pagination::default"])]
#[case::unique_by_the_creates_description("twice", &["createThing::relation::lifecycle::unique"])]
#[case::read_only_alone("views", &["createThing::relation::lifecycle::set-by-service", "putThing::relation::lifecycle::set-by-service"])]
#[case::default_beside_a_map_of_patterns("default", &["createThing::relation::echo::same", "putThing::relation::echo::same"])]
#[case::the_default_as_it_is_sent("seven", &["createThing::relation::echo::same", "putThing::relation::echo::same"])]
#[case::the_id_in_a_replacement("other id", &["putThing::relation::lifecycle::update-changes-this-alone"])]
#[case::a_name_that_no_pattern_takes("any key", &["createThing::request.settings::additionalProperties"])]
#[case::an_item_behind_the_last("third item", &["createThing::request.place::prefixItems"])]
#[case::a_job_called_id("job back", &["startImport::relation::lifecycle::job-after-202"])]
fn what_a_document_says_is_held_to(#[case] breach: &'static str, #[case] expected: &[&str]) {
    let found = found(breach);
    let is_told = |fact: &String| expected.iter().any(|one| fact.ends_with(one));
    assert!(found.iter().all(is_told), "{found:#?}");
    assert_eq!(found.is_empty(), expected.is_empty(), "{found:#?}");
}
