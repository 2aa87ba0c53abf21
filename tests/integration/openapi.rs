//! OpenAPI documents where pages may stand: run, derived, made a suite of, served.

use serde_json::{Value, json};

use super::support::docproof;
use super::support::small::Small;
use super::support::{Received, Reply};

/// A document of the kind that people write.
const DOCUMENT: &str = "\
openapi: 3.0.3
info: { title: Doors, version: '2' }
servers:
  - url: https://example.com/v1
paths:
  /doors/{door_id}:
    parameters:
      - name: door_id
        in: path
        required: true
        schema: { type: string, enum: [front, back] }
    get:
      operationId: showDoor
      parameters:
        - name: units
          in: query
          schema: { $ref: 'parts/units.yaml' }
      responses:
        '200':
          description: The door.
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Door' }
        4XX:
          description: A refusal.
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Problem' }
components:
  schemas:
    Door:
      type: object
      required: [width]
      properties:
        width: { type: integer, minimum: 1 }
        note: { type: string, nullable: true }
    Problem:
      type: object
      required: [message]
      properties:
        message: { type: string }
";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("openapi.yaml"), DOCUMENT).unwrap();
    std::fs::create_dir(folder.path().join("parts")).unwrap();
    let units = "type: string\nenum: [cm, inch]\n";
    std::fs::write(folder.path().join("parts/units.yaml"), units).unwrap();
    folder
}

/// A server of the document; one that is wrong answers no width.
fn answer(request: &Received, is_wrong: bool) -> Reply {
    let (path, query) = request
        .target
        .split_once('?')
        .unwrap_or((&request.target, ""));
    let refusal = |status: u16| Reply::json(status, &json!({ "message": "no" }));
    match (request.method.as_str(), path) {
        ("GET", "/v1/doors/front" | "/v1/doors/back") => match query {
            "" | "units=cm" | "units=inch" if is_wrong => Reply::json(200, &json!({ "note": 1 })),
            "" | "units=cm" | "units=inch" => {
                Reply::json(200, &json!({ "width": 80, "note": null }))
            }
            _ if query.starts_with("units=") => refusal(400),
            _ => Reply::json(200, &json!({ "width": 80 })),
        },
        (_, "/v1/doors/front" | "/v1/doors/back") => refusal(405).with("Allow", "GET"),
        _ => refusal(404),
    }
}

fn run(is_wrong: bool, path: &str) -> (i32, String, Value) {
    let server = Small::start(Box::new(move |request| answer(request, is_wrong)));
    let folder = folder();
    let endpoint = format!("{}{path}", server.url);
    let told = docproof(
        folder.path(),
        [
            "run",
            "openapi.yaml",
            "--endpoint",
            &endpoint,
            "--report",
            "json=report.json",
        ],
    );
    let report = std::fs::read(folder.path().join("report.json")).unwrap_or_default();
    (
        told.code,
        told.text(),
        serde_json::from_slice(&report).unwrap_or_default(),
    )
}

#[test]
fn a_document_is_run_without_a_suite() {
    for path in ["", "/v1", "/v1/"] {
        let (code, text, _) = run(false, path);
        assert_eq!(code, 0, "{text}");
    }
    let (code, text, report) = run(true, "");
    assert_eq!(code, 1, "{text}");
    let rows: Vec<String> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|finding| finding["rows"].as_array().unwrap())
        .map(|row| format!("{} {} {}", row["document"], row["pointer"], row["line"]))
        .collect();
    let expected = "\"openapi.yaml\" \"/components/schemas/Door/required/0\" 33";
    assert!(rows.iter().any(|row| row == expected), "{rows:?}");
}

#[test]
fn a_document_becomes_a_suite_that_derives_to_the_same() {
    let folder = folder();
    let made = docproof(folder.path(), ["init", "suite", "openapi.yaml"]);
    assert_eq!(made.code, 0, "{}", made.text());
    assert!(
        folder
            .path()
            .join("suite/cases/doors/pages/parts/units.yaml")
            .is_file()
    );
    let check = ["derive", "suite/cases", "--out", "suite/schemas", "--check"];
    let checked = docproof(folder.path(), check);
    assert_eq!(checked.code, 0, "{}", checked.text());
    let of_document = docproof(folder.path(), ["run", "openapi.yaml", "--list"]);
    let of_suite = docproof(folder.path(), ["run", "--suite", "suite", "--list"]);
    assert_eq!(of_document.out, of_suite.out);
    let trial = "doors::showDoor::query.units::enum::rejects: test";
    assert!(of_document.out.contains(trial), "{}", of_document.out);
    let same = docproof(folder.path(), ["diff", "openapi.yaml", "suite"]);
    assert_eq!(same.code, 0, "{}", same.text());
}

#[test]
fn an_export_is_read_back() {
    let folder = folder();
    let export = docproof(folder.path(), ["export", "--suite", "openapi.yaml"]);
    std::fs::write(folder.path().join("export.json"), &export.out).unwrap();
    let again = docproof(folder.path(), ["export", "--suite", "export.json"]);
    assert_eq!(again.out, export.out);
}

#[test]
fn what_is_not_used_is_told() {
    let folder = folder();
    let text = DOCUMENT.replace(
        "      parameters:\n        - name: units",
        "      callbacks: { onOpen: {} }\n      parameters:\n        - { name: session, in: \
         cookie, schema: { type: string } }\n        - name: units",
    );
    let text = text.replace("minimum: 1 }", "minimum: 1, frobnicate: 2 }");
    std::fs::write(folder.path().join("openapi.yaml"), text).unwrap();
    let told = docproof(folder.path(), ["lint", "openapi.yaml", "--level", "may"]);
    for part in [
        "the cookie `session` is not sent",
        "callbacks are not tried: the service sends them",
        "the word `frobnicate` of a schema is not read",
        "openapi.yaml:37",
    ] {
        assert!(told.text().contains(part), "no {part} in {}", told.text());
    }
}

/// A document with an operation that needs a cookie, one that may have one, and a form.
const DESK: &str = "\
openapi: 3.0.3
info: { title: Desk, version: '1' }
paths:
  /session:
    get:
      operationId: showSession
      parameters:
        - { name: sid, in: cookie, required: true, schema: { type: string, minLength: 4 } }
      responses:
        '200': { description: It }
        '422': { description: No }
  /lamp:
    get:
      operationId: showLamp
      parameters:
        - { name: theme, in: cookie, schema: { type: string } }
      responses:
        '200':
          description: It
          content:
            application/json:
              schema: { type: object, required: [on], properties: { on: { type: boolean } } }
    post:
      operationId: turnLamp
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              required: [level]
              properties: { level: { type: integer, minimum: 1, maximum: 5 } }
      responses:
        '200': { description: Done }
        '422': { description: No }
";

/// A server of the desk; a wrong one takes any level.
fn desk(request: &Received, is_wrong: bool) -> Reply {
    let path = request.target.split('?').next().unwrap_or_default();
    let level = |body: &[u8]| -> Option<i64> {
        let text = std::str::from_utf8(body).ok()?;
        let value = text
            .split('&')
            .find_map(|pair| pair.strip_prefix("level="))?;
        value.parse().ok()
    };
    match (request.method.as_str(), path) {
        ("GET", "/session") => Reply::json(422, &json!({ "detail": "no cookie" })),
        ("GET", "/lamp") => Reply::json(200, &json!({ "on": true })),
        ("POST", "/lamp") => match level(&request.body) {
            Some(1..=5) => Reply::json(200, &json!({})),
            Some(_) if is_wrong => Reply::json(200, &json!({})),
            _ => Reply::json(422, &json!({})),
        },
        (_, "/session") => Reply::json(405, &json!({})).with("Allow", "GET"),
        (_, "/lamp") => Reply::json(405, &json!({})).with("Allow", "GET, POST"),
        _ => Reply::json(404, &json!({})),
    }
}

#[test]
fn what_needs_a_cookie_is_not_sent_without_one() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("desk.yaml"), DESK).unwrap();
    for (is_wrong, code) in [(false, 0), (true, 1)] {
        let server = Small::start(Box::new(move |request| desk(request, is_wrong)));
        let run = [
            "run",
            "desk.yaml",
            "--endpoint",
            &server.url,
            "--mode",
            "full",
        ];
        let told = docproof(folder.path(), run);
        assert_eq!(told.code, code, "{}", told.text());
        let reason = "not sent: it needs what no run sends (desk.yaml, line 8)";
        let text = told.text().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(reason), "{text}");
    }
}

/// A payment is one of two objects, told apart by a word that the union adds to each.
const UNION: &str = "\
openapi: 3.0.3
info: { title: Till, version: '1' }
paths:
  /payments:
    post:
      operationId: pay
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [by]
              properties:
                by: { $ref: '#/components/schemas/Way' }
      responses:
        '200': { description: Paid. }
        '400': { description: No. }
components:
  schemas:
    Way:
      oneOf: [{ $ref: '#/components/schemas/Card' }, { $ref: '#/components/schemas/Transfer' }]
      discriminator:
        propertyName: kind
        mapping: { card: '#/components/schemas/Card', transfer: '#/components/schemas/Transfer' }
    Card:
      type: object
      required: [kind, number]
      properties: { kind: { type: string }, number: { type: string, maxLength: 20 } }
    Transfer:
      type: object
      required: [kind, iban]
      properties: { kind: { type: string }, iban: { type: string, maxLength: 34 } }
";

#[test]
fn the_fields_of_each_object_of_a_union_are_tried() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("till.yaml"), UNION).unwrap();
    let listed = docproof(folder.path(), ["run", "till.yaml", "--list"]);
    for field in ["number", "iban"] {
        let trial = format!("till::pay::request.by.{field}::maxLength::rejects");
        assert!(listed.text().contains(&trial), "{}", listed.text());
    }
}
