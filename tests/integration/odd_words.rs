//! Documents as people write them by hand or let tools write them, against the letter of their
//! version: each is read with a plain report or without one, and a right server gets no finding.

use std::sync::Mutex;

use rstest::rstest;
use serde_json::{Value, json};

use super::support::docproof;
use super::support::small::Small;
use super::support::{Received, Reply};

/// Pots that are made and listed, in OpenAPI 3.0.
const POTS: &str = "\
openapi: 3.0.3
info: { title: Pots, version: '1' }
paths:
  /pots:
    get:
      operationId: list
      parameters:
        - { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 50 } }
        - { name: lang, in: query, schema: { type: string } }
      responses:
        '200': { description: All, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Pot' } } } } }
        '400': { description: No }
    post:
      operationId: make
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/New' } } } }
      responses:
        '201': { description: Made, content: { application/json: { schema: { $ref: '#/components/schemas/Pot' } } } }
        '400': { description: No }
components:
  schemas:
    New:
      type: object
      required: [name]
      properties:
        name: { type: string, minLength: 1, maxLength: 20 }
        size: { type: integer, minimum: 1, maximum: 9 }
    Pot:
      allOf:
        - { $ref: '#/components/schemas/New' }
        - { type: object, required: [id], properties: { id: { type: integer } } }
";

const BODY: &str = "      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/New' } } } }\n";

fn refusal(status: u16) -> Reply {
    Reply::json(status, &json!({ "message": "no" }))
}

/// A new pot, where a body is one.
fn pot(body: &[u8], id: usize) -> Option<Value> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let name = body.as_object()?.get("name")?.as_str()?;
    let mut pot = json!({ "id": id, "name": name });
    if let Some(size) = body.get("size") {
        let size = size.as_f64().filter(|size| size.fract() == 0.0)?;
        pot["size"] = json!((1.0..=9.0).contains(&size).then_some(size)?);
    }
    (1..=20).contains(&name.chars().count()).then_some(pot)
}

/// A right server of pots, which answers in the one language that it has.
fn pots() -> impl Fn(&Received) -> Reply + Send + Sync + 'static {
    let kept: Mutex<Vec<Value>> = Mutex::default();
    move |request| {
        let mut kept = kept.lock().unwrap();
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        match (request.method.as_str(), path) {
            ("POST", "/pots") => match pot(&request.body, kept.len()) {
                Some(pot) => {
                    kept.push(pot.clone());
                    Reply::json(201, &pot)
                }
                None => refusal(400),
            },
            ("GET" | "HEAD", "/pots") => {
                let mut pairs = url::form_urlencoded::parse(query.as_bytes());
                let limit = pairs
                    .find(|(name, _)| name == "limit")
                    .map(|(_, value)| value);
                let limit = limit.map_or(Some(10), |value| value.parse::<usize>().ok());
                match limit.filter(|limit| (1..=50).contains(limit)) {
                    Some(limit) => Reply::json(200, &json!(&kept[..kept.len().min(limit)])),
                    None => refusal(400),
                }
            }
            (_, "/pots") => refusal(405).with("Allow", "GET, HEAD, POST"),
            _ => refusal(404),
        }
    }
}

#[rstest]
#[case::server_without_a_protocol("paths:", "servers: [{ url: 'localhost:8080' }]\npaths:", "")]
#[case::server_with_two_slashes("paths:", "servers: [{ url: '//api.example.com' }]\npaths:", "")]
#[case::least_without_a_type(
    "{ type: integer, minimum: 1, maximum: 9 }",
    "{ minimum: 1, maximum: 9, multipleOf: 1 }",
    ""
)]
#[case::required_that_is_nothing(
    "      required: [name]\n",
    "      required:\n",
    "`required` is not read: expected a list of names"
)]
#[case::required_by_itself(
    "      required: [name]\n      properties:\n        name: {",
    "      properties:\n        name: { required: true,",
    "`required: true` of a field is not read"
)]
#[case::body_of_a_get(
    "      operationId: list\n",
    "      operationId: list\n      requestBody: { content: { application/json: { schema: { type: object } } } }\n",
    "by OpenAPI 3.0 it means nothing"
)]
#[case::body_as_a_parameter(
    BODY,
    "      parameters: [{ in: body, name: pot, required: true, schema: { $ref: '#/components/schemas/New' } }]\n",
    "`in: body` is of Swagger 2.0: it is read as the body"
)]
#[case::two_bodies(
    BODY,
    "      parameters: [{ in: body, name: pot, required: true, schema: { $ref: '#/components/schemas/New' } }, { in: body, name: pan, schema: { type: object, required: [x] } }]\n",
    "a second body is not read"
)]
#[case::parameter_without_a_schema(
    "in: query, schema: { type: integer, minimum: 1, maximum: 50 } }",
    "in: query, type: integer, minimum: 1, maximum: 50 }",
    "`limit` has no `schema`"
)]
#[case::pattern_of_a_program(
    "maxLength: 20 }",
    "maxLength: 20, pattern: '/^[a-z]+$/i' }",
    "expected a regular expression that is understood"
)]
#[case::class_of_posix(
    "maxLength: 20 }",
    "maxLength: 20, pattern: '^[[:alpha:]]+$' }",
    "expected a regular expression that is understood"
)]
#[case::more_fields_in_words(
    "      required: [name]\n",
    "      required: [name]\n      additionalProperties: 'true'\n",
    "expected a schema, or `true` or `false`"
)]
#[case::language_that_is_a_wish(
    "lang, in: query, schema: { type: string }",
    "lang, in: query, schema: { type: string, enum: [de, en] }",
    ""
)]
fn a_document_with_odd_words_is_read_and_its_right_server_has_no_finding(
    #[case] right: &str,
    #[case] odd: &str,
    #[case] told: &str,
) {
    assert!(POTS.contains(right), "{right}");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.yaml"), POTS.replacen(right, odd, 1)).unwrap();
    let lint = docproof(folder.path(), ["lint", "api.yaml", "--level", "may"]);
    assert!(lint.text().contains(told), "{}", lint.text());
    let server = Small::start(Box::new(pots()));
    let run = docproof(
        folder.path(),
        ["run", "api.yaml", "--endpoint", &server.url],
    );
    assert_eq!(run.code, 0, "{}", run.text());
}

/// What no field is told of says little, and is told: a list of properties is no object of them.
#[test]
fn properties_that_are_a_list_are_told() {
    let text = POTS.replacen("      properties:\n        name: { type: string, minLength: 1, maxLength: 20 }\n        size: { type: integer, minimum: 1, maximum: 9 }\n", "      properties: [name, size]\n", 1);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.yaml"), text).unwrap();
    let lint = docproof(folder.path(), ["lint", "api.yaml"]);
    let told = "`properties` is not read: expected an object of schemas";
    assert!(
        lint.code == 1 && lint.text().contains(told),
        "{}",
        lint.text()
    );
}

/// A change of which every field may be left out: no body is as good as an empty object to many, and
/// a body that means something is refused where it is wrong.
#[rstest]
#[case::right(true, 0)]
#[case::takes_all(false, 1)]
fn no_body_is_an_empty_object_to_many(#[case] is_strict: bool, #[case] code: i32) {
    let lamp = json!({ "type": "object", "required": [],
        "properties": { "on": { "type": "boolean" }, "level": { "type": "integer", "maximum": 9 } } });
    let body = json!({ "application/json": { "schema": lamp } });
    let document = json!({
        "openapi": "3.0.0", "info": { "title": "Lamp", "version": "1" },
        "paths": { "/lamp": { "patch": {
            "operationId": "change", "requestBody": { "required": true, "content": body },
            "responses": { "200": { "description": "As it is now", "content": body },
                "400": { "description": "No" } },
        } } },
    });
    let server = Small::start(Box::new(move |request: &Received| {
        let body: Value = if request.body.is_empty() {
            json!({})
        } else {
            serde_json::from_slice(&request.body).unwrap_or_default()
        };
        let level = body
            .get("level")
            .map(|level| level.as_f64().unwrap_or(99.0));
        let fits = body.is_object()
            && body.get("on").is_none_or(Value::is_boolean)
            && level.is_none_or(|level| level.fract() == 0.0 && (level <= 9.0 || !is_strict));
        match (request.method.as_str(), request.target.as_str()) {
            ("PATCH", "/lamp") if fits => Reply::json(200, &json!({ "on": true })),
            ("PATCH", "/lamp") => refusal(400),
            (_, "/lamp") => refusal(405).with("Allow", "PATCH"),
            _ => refusal(404),
        }
    }));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document.to_string()).unwrap();
    let permits = ["--allow-changes", "change"];
    let arguments = ["run", "api.json", "--endpoint", &server.url];
    let told = docproof(folder.path(), arguments.into_iter().chain(permits));
    assert_eq!(told.code, code, "{}", told.text());
}

/// A table that is answered as text, whose refusal the document has as an object of the same media
/// type: no text is one.
#[rstest]
#[case::json("application/json", 0)]
#[case::html("text/html", 1)]
fn the_refusal_of_a_text_may_be_json(#[case] media: &'static str, #[case] code: i32) {
    let problem = json!({ "type": "object", "properties": { "detail": { "type": "string" } } });
    let rows = json!({ "name": "rows", "in": "query",
        "schema": { "type": "integer", "minimum": 1, "maximum": 9 } });
    let document = json!({
        "openapi": "3.1.0", "info": { "title": "Table", "version": "1" },
        "paths": { "/table.csv": { "get": { "operationId": "table", "parameters": [rows],
            "responses": {
                "200": { "description": "The table",
                    "content": { "text/plain": { "schema": { "type": "string" } } } },
                "400": { "description": "No", "content": { "text/plain": { "schema": problem } } },
            } } } },
    });
    let server = Small::start(Box::new(move |request: &Received| {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        let rows = query
            .strip_prefix("rows=")
            .map_or(Some(1), |rows| rows.parse::<u8>().ok());
        let told = |status: u16, media: &str| {
            let mut reply = Reply::json(status, &Value::Null).with("Content-Type", media);
            reply.body = b"{\"detail\":\"no\"}".to_vec();
            reply
        };
        match (request.method.as_str(), path) {
            ("GET" | "HEAD", "/table.csv") if rows.is_some_and(|rows| (1..=9).contains(&rows)) => {
                told(200, "text/plain")
            }
            ("GET" | "HEAD", "/table.csv") => told(400, media),
            (_, "/table.csv") => refusal(405).with("Allow", "GET, HEAD"),
            _ => refusal(404),
        }
    }));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document.to_string()).unwrap();
    let told = docproof(
        folder.path(),
        ["run", "api.json", "--endpoint", &server.url],
    );
    assert_eq!(told.code, code, "{}", told.text());
}
