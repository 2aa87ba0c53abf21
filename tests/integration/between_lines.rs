//! What documents say between their lines: a type in the words of another language, an operation that
//! its description opens to anybody, a `POST` to a name that makes what it names, and statuses that
//! no request can bring about.

use std::collections::BTreeSet;
use std::sync::Mutex;

use rstest::rstest;
use serde_json::{Value, json};

use super::by_the_letter::{answer, asked, document, refusal, refused, run};
use super::support::small::Small;
use super::support::{Received, Reply, docproof};

/// The states of the facts of a run, by name.
fn states(
    document: &Value,
    more: &[&str],
    act: impl Fn(&Received) -> Reply + Send + Sync + 'static,
) -> (i32, Vec<(String, String)>, String) {
    let server = Small::start(Box::new(act));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document.to_string()).unwrap();
    let mut arguments = vec!["run", "api.json", "--endpoint", &server.url];
    arguments.extend(["--report", "json=report.json"]);
    arguments.extend(more);
    let told = docproof(folder.path(), arguments);
    let report = std::fs::read(folder.path().join("report.json")).unwrap_or_default();
    let report: Value = serde_json::from_slice(&report).unwrap_or_default();
    let ledger = report["ledger"].as_array().cloned().unwrap_or_default();
    let states = ledger.iter().map(|line| {
        let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
        (text("fact"), text("state"))
    });
    (told.code, states.collect(), told.text())
}

fn state<'s>(states: &'s [(String, String)], fact: &str) -> &'s str {
    let mut own = states.iter().filter(|(name, _)| name == fact);
    own.next().map_or("none", |(_, state)| state.as_str())
}

#[rstest]
#[case::right("int", true, false)]
#[case::looks_at_nothing("int", false, true)]
#[case::of_another_language("long", false, true)]
#[case::no_type("thing", false, false)]
fn a_type_in_the_words_of_another_language_is_read(
    #[case] word: &str,
    #[case] looks: bool,
    #[case] is_found: bool,
) {
    let document = json!({
        "swagger": "2.0", "info": { "title": "Yard", "version": "1" }, "basePath": "/",
        "paths": { "/rows": { "get": {
            "operationId": "listRows", "produces": ["application/json"],
            "parameters": [{ "name": "size", "in": "query", "required": false, "type": word }],
            "responses": { "200": { "description": "" }, "400": { "description": "" } },
        } } },
    });
    let (_, facts, text) = run(&document, move |request: &Received| {
        if request.method != "GET" {
            return refusal(405).with("Allow", "GET");
        }
        let path = request.target.split('?').next();
        match asked(request, "size") {
            _ if path != Some("/rows") => refusal(404),
            Some(size) if looks && size.parse::<i64>().is_err() => refusal(400),
            _ => Reply::json(200, &json!({})),
        }
    });
    let found = facts == ["yard::listRows::query.size::type"];
    assert!(
        found == is_found && (is_found || facts.is_empty()),
        "{facts:?} {text}"
    );
    let is_left_out = text.contains("left out") && text.contains("none of JSON Schema's");
    assert_eq!(is_left_out, word == "thing", "{text}");
}

#[rstest]
#[case::as_it_says(
    "This endpoint is not authenticated, so that anybody can ask.",
    true,
    false
)]
#[case::by_its_summary("No authentication is required.", true, false)]
#[case::silent("Tells the version.", true, true)]
#[case::closed("Tells the version.", false, false)]
fn what_its_words_open_to_anybody_needs_no_credential(
    #[case] description: &str,
    #[case] is_open: bool,
    #[case] is_found: bool,
) {
    let version = json!({ "type": "object", "properties": { "version": { "type": "string" } } });
    let get = |id: &str, description: &str| {
        json!({ "get": {
            "operationId": id, "description": description,
            "responses": { "200": answer(&version) },
        } })
    };
    let mut document = document(&json!({
        "/version": get("tellVersion", description), "/details": get("tellDetails", "Tells more."),
    }));
    document["security"] = json!([{ "token": [] }]);
    document["components"] =
        json!({ "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } } });
    let act = move |request: &Received| {
        let is_known = request.header("authorization") == Some("Bearer secret-of-the-yard");
        match (request.method.as_str(), request.target.split('?').next()) {
            ("GET" | "HEAD", Some("/version")) if is_open || is_known => {
                Reply::json(200, &json!({ "version": "1" }))
            }
            ("GET" | "HEAD", Some("/details")) if is_known => {
                Reply::json(200, &json!({ "version": "1" }))
            }
            (_, Some("/version" | "/details")) if !is_known => refusal(401),
            (_, Some("/version" | "/details")) => refusal(405).with("Allow", "GET"),
            _ => refusal(404),
        }
    };
    let (code, _, text) = states(&document, &["--bearer", "secret-of-the-yard"], act);
    assert_eq!(text.contains("tellVersion::auth"), is_found, "{text}");
    assert_eq!(code, i32::from(is_found), "{text}");
}

/// Rooms that a `POST` to their name makes, and what is in them.
fn of_rooms() -> Value {
    let room = json!({
        "type": "object", "required": ["name", "seats"],
        "properties": { "name": { "type": "string" }, "seats": { "type": "integer" } },
    });
    let name =
        json!([{ "name": "name", "in": "path", "required": true, "schema": { "type": "string" } }]);
    document(&json!({ "/rooms/{name}": {
        "parameters": name,
        "get": { "operationId": "showRoom", "responses": {
            "200": answer(&room), "400": refused(), "404": refused() } },
        "post": { "operationId": "makeRoom", "responses": { "201": answer(&room), "409": refused() } },
        "delete": { "operationId": "dropRoom", "responses": {
            "204": { "description": "" }, "404": refused() } },
    } }))
}

/// A server of rooms; one that is wrong tells the seats as a text.
fn rooms(seats: &Value) -> impl Fn(&Received) -> Reply + use<> {
    let known: Mutex<BTreeSet<String>> = Mutex::default();
    let seats = seats.clone();
    move |request| {
        let mut known = known.lock().unwrap();
        let path = request.target.split('?').next().unwrap_or_default();
        let Some(name) = path
            .strip_prefix("/rooms/")
            .filter(|name| !name.contains('/'))
        else {
            return refusal(404);
        };
        let room = json!({ "name": percent_encoding::percent_decode_str(name).decode_utf8_lossy(), "seats": seats });
        match request.method.as_str() {
            "POST" if known.insert(name.to_owned()) => Reply::json(201, &room),
            "POST" => refusal(409),
            "GET" | "HEAD" if known.contains(name) => Reply::json(200, &room),
            "DELETE" if known.remove(name) => Reply::json(204, &Value::Null),
            "GET" | "HEAD" | "DELETE" => refusal(404),
            _ => refusal(405).with("Allow", "GET, POST, DELETE"),
        }
    }
}

#[rstest]
#[case::right(json!(4), "proven")]
#[case::tells_a_text(json!("four"), "contradicted")]
fn a_post_to_a_name_makes_what_it_names(#[case] seats: Value, #[case] expected: &str) {
    let (_, facts, text) = states(&of_rooms(), &[], rooms(&seats));
    let own = |fact: &str| state(&facts, &format!("yard::{fact}")).to_owned();
    assert_eq!(
        own("showRoom::response-200.seats::type"),
        expected,
        "{text}"
    );
    assert_eq!(own("dropRoom::response-204::status"), "proven", "{text}");
    // Nothing of what is asked for by a name can be wrong, but that there is none of it.
    assert_eq!(
        own("showRoom::response-400::status"),
        "not-testable",
        "{text}"
    );
    assert_eq!(own("showRoom::response-404::status"), "proven", "{text}");
}

#[test]
fn where_every_method_is_documented_none_is_left_to_be_refused() {
    let all = ["get", "put", "post", "delete", "patch"];
    let echo = |method: &&str| {
        let operation = json!({ "operationId": format!("echo_{method}"), "responses": { "200": { "description": "" } } });
        ((*method).to_owned(), operation)
    };
    let of_all: serde_json::Map<String, Value> = all.iter().map(echo).collect();
    let document = document(&json!({ "/echo": of_all }));
    let more = ["--allow-changes", "yard"];
    let (code, facts, text) = states(&document, &more, |request: &Received| {
        match request.target.split('?').next() {
            Some("/echo") => Reply::json(200, &json!({})),
            _ => refusal(404),
        }
    });
    assert_eq!(code, 0, "{text}");
    for method in all {
        let fact = format!("yard::echo_{method}::operation::method");
        assert_eq!(state(&facts, &fact), "proven", "{text}");
    }
}
