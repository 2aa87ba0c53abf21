//! Animals of two kinds, each a schema that takes up the common one: a field of one kind is sent of no
//! other, a list of both is read by pages and filters as any list is, and a replacement leaves out what
//! its kind does not need.

use std::collections::BTreeMap;
use std::sync::Mutex;

use rstest::rstest;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::support::docproof;
use super::support::small::Small;
use super::support::{Received, Reply};

const REFUSED: &str = "#/responses/Refused";
const ANIMAL: &str = "#/definitions/Animal";

fn document() -> Value {
    let heir = |own: Value| json!({ "allOf": [{ "$ref": ANIMAL }, own] });
    let bird = json!({ "type": "object", "required": ["span"],
        "properties": { "span": { "type": "integer", "minimum": 1, "maximum": 400 } } });
    let cat = json!({ "type": "object",
        "properties": { "claws": { "type": "string", "enum": ["sharp", "blunt"] } } });
    let many = json!({ "type": "object", "required": ["animals", "total"], "properties": {
        "animals": { "type": "array", "items": { "$ref": ANIMAL } },
        "total": { "type": "integer" } } });
    let sent =
        json!({ "name": "body", "in": "body", "required": true, "schema": { "$ref": ANIMAL } });
    let with = |status: &str, schema: Value| {
        json!({ status: { "description": "An answer.", "schema": schema },
            "400": { "$ref": REFUSED }, "404": { "$ref": REFUSED } })
    };
    json!({
        "swagger": "2.0",
        "info": { "title": "Zoo", "version": "1" },
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "responses": { "Refused": { "description": "Refused.", "schema": { "type": "object",
            "required": ["message"], "properties": { "message": { "type": "string" } } } } },
        "definitions": {
            "Animal": { "type": "object", "discriminator": "species",
                "required": ["species", "name"],
                "properties": {
                    "id": { "type": "integer", "readOnly": true },
                    "species": { "type": "string" },
                    "name": { "type": "string", "minLength": 2, "maxLength": 30 },
                    "keeper": { "type": "string", "maxLength": 30 },
                } },
            "Bird": heir(bird),
            "Cat": heir(cat),
        },
        "paths": {
            "/animals": {
                "get": { "operationId": "list", "parameters": [
                    { "name": "page", "in": "query", "type": "integer", "minimum": 1, "default": 1 },
                    { "name": "per_page", "in": "query", "type": "integer",
                        "minimum": 1, "maximum": 20, "default": 10 },
                    { "name": "species", "in": "query", "type": "string",
                        "enum": ["Bird", "Cat"], "description": "Only animals of this species." },
                ], "responses": with("200", many) },
                "post": { "operationId": "create", "parameters": [sent],
                    "responses": with("201", json!({ "$ref": ANIMAL })) },
            },
            "/animals/{id}": {
                "parameters": [{ "name": "id", "in": "path", "required": true, "type": "integer" }],
                "get": { "operationId": "show", "responses": with("200", json!({ "$ref": ANIMAL })) },
                "put": { "operationId": "replace", "parameters": [sent],
                    "responses": with("200", json!({ "$ref": ANIMAL })) },
                "delete": { "operationId": "remove", "responses": {
                    "204": { "description": "Gone" }, "404": { "$ref": REFUSED } } },
            },
        },
    })
}

fn refusal(status: u16) -> Reply {
    Reply::json(status, &json!({ "message": "no" }))
}

#[derive(Default)]
struct Zoo {
    animals: BTreeMap<u64, Map<String, Value>>,
    made: u64,
}

/// An animal as it is kept, if it may be: with the fields of its own kind.
fn kept(body: &[u8]) -> Option<Map<String, Value>> {
    let mut sent: Map<String, Value> = serde_json::from_slice(body).ok()?;
    let is_bird = match sent.get("species")?.as_str()? {
        "Bird" => true,
        "Cat" => false,
        _ => return None,
    };
    let own = if is_bird { "span" } else { "claws" };
    sent.retain(|name, _| ["species", "name", "keeper", own].contains(&name.as_str()));
    let is_short = |value: &Value| {
        value
            .as_str()
            .is_some_and(|text| text.chars().count() <= 30)
    };
    let is_right = |(name, value): (&String, &Value)| match name.as_str() {
        "name" => is_short(value) && value.as_str().is_some_and(|text| text.chars().count() > 1),
        "keeper" => is_short(value),
        "span" => value.as_u64().is_some_and(|span| (1..=400).contains(&span)),
        "claws" => ["sharp", "blunt"].iter().any(|claws| value == claws),
        _ => true,
    };
    let is_whole = sent.contains_key("name") && (!is_bird || sent.contains_key("span"));
    (is_whole && sent.iter().all(is_right)).then_some(sent)
}

impl Zoo {
    fn listed(&self, breach: &str, query: &str) -> Option<Value> {
        let (mut page, mut size, mut species) = (1, 10, None);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "page" => page = value.parse().ok().filter(|page| *page > 0)?,
                "per_page" => size = value.parse().ok().filter(|size| (1..=20).contains(size))?,
                "species" => {
                    species = Some(value.into_owned());
                    ["Bird", "Cat"]
                        .iter()
                        .find(|own| species.as_deref() == Some(**own))?;
                }
                _ => {}
            }
        }
        let is_wanted = |animal: &&Map<String, Value>| {
            let is_one = species
                .as_ref()
                .is_none_or(|own| animal["species"] == **own);
            is_one || breach == "species-ignored"
        };
        let animals: Vec<Value> = self
            .animals
            .values()
            .filter(is_wanted)
            .map(|animal| Value::Object(animal.clone()))
            .collect();
        let first: usize = (page - 1_usize).saturating_mul(size);
        let shown: Vec<&Value> = animals.iter().skip(first).take(size).collect();
        Some(json!({ "animals": shown, "total": animals.len() }))
    }

    fn answer(&mut self, breach: &str, request: &Received) -> Reply {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        let id = parts.get(1).and_then(|id| id.parse::<u64>().ok());
        let known = id.filter(|id| self.animals.contains_key(id));
        let is_json = request.header("content-type") == Some("application/json");
        let sent = kept(&request.body).filter(|_| is_json);
        match (request.method.as_str(), parts.as_slice(), known) {
            ("GET", ["animals"], _) => self
                .listed(breach, query)
                .map_or_else(|| refusal(400), |page| Reply::json(200, &page)),
            ("POST", ["animals"], _) => {
                let Some(mut sent) = sent else {
                    return refusal(400);
                };
                self.made += 1;
                sent.insert("id".to_owned(), Value::from(self.made));
                self.animals.insert(self.made, sent.clone());
                Reply::json(201, &Value::Object(sent))
            }
            ("GET", ["animals", _], Some(id)) => {
                Reply::json(200, &Value::Object(self.animals[&id].clone()))
            }
            ("PUT", ["animals", _], Some(id)) => {
                let Some(mut sent) = sent else {
                    return refusal(400);
                };
                sent.insert("id".to_owned(), Value::from(id));
                self.animals.insert(id, sent.clone());
                Reply::json(200, &Value::Object(sent))
            }
            ("DELETE", ["animals", _], Some(id)) => {
                self.animals.remove(&id);
                Reply::json(204, &Value::Null)
            }
            ("GET" | "PUT" | "DELETE", ["animals", _], None) => refusal(404),
            (_, ["animals"], _) => refusal(405).with("Allow", "GET, POST"),
            (_, ["animals", _], _) => refusal(405).with("Allow", "GET, PUT, DELETE"),
            _ => refusal(404),
        }
    }
}

#[rstest]
#[case::right("", &[])]
#[case::species_ignored("species-ignored", &["list::relation::filter::fits"])]
fn kinds_of_animals(#[case] breach: &'static str, #[case] expected: &[&str]) {
    let zoo = Mutex::new(Zoo::default());
    let server = Small::start(Box::new(move |request| {
        zoo.lock().unwrap().answer(breach, request)
    }));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("zoo.json"), document().to_string()).unwrap();
    let arguments = ["run", "zoo.json", "--endpoint", &server.url];
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
    let facts: Vec<&str> = findings
        .iter()
        .map(|finding| {
            finding["fact"]
                .as_str()
                .unwrap()
                .split_once("::")
                .unwrap()
                .1
        })
        .collect();
    assert_eq!(facts, expected, "{}", told.text());
}
