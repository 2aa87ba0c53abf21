//! What servers do rightly though no document says it, as servers that are described by OpenAPI do:
//! nothing of it is a finding, and what is wrong beside it is one.

use rstest::rstest;
use serde_json::{Value, json};

use super::support::docproof;
use super::support::small::Small;
use super::support::{Received, Reply};

/// Runs a document against a server: the exit code, and what is told.
fn run(
    document: &Value,
    act: impl Fn(&Received) -> Reply + Send + Sync + 'static,
) -> (i32, String) {
    let server = Small::start(Box::new(act));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document.to_string()).unwrap();
    let told = docproof(
        folder.path(),
        [
            "run",
            "api.json",
            "--endpoint",
            &server.url,
            "--allow-changes",
            "yard",
        ],
    );
    (told.code, told.text())
}

/// A document of one path.
fn document(path: &str, item: &Value) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Yard", "version": "1" },
        "paths": { path: item },
    })
}

fn refusal(status: u16) -> Reply {
    Reply::json(status, &json!({ "message": "no" }))
}

fn answer(schema: &Value) -> Value {
    json!({ "description": "An answer.", "content": { "application/json": { "schema": schema } } })
}

fn message() -> Value {
    answer(&json!({
        "type": "object", "required": ["message"], "properties": { "message": { "type": "string" } }
    }))
}

#[rstest]
#[case::is_none_that_is_there(412, 0)]
#[case::refused_otherwise(400, 1)]
fn a_made_up_tag_is_that_of_no_copy(#[case] status: u16, #[case] code: i32) {
    let stock = json!({ "type": "object", "properties": { "count": { "type": "integer" } } });
    let item = json!({ "get": {
        "operationId": "showStock",
        "parameters": [{ "name": "If-Match", "in": "header", "schema": { "type": "string", "pattern": "^\"[0-9]+\"$" } }],
        "responses": { "200": answer(&stock), "400": message(), "412": message() }
    } });
    let (told, text) = run(
        &document("/stock", &item),
        move |request: &Received| match (request.method.as_str(), request.target.as_str()) {
            ("GET", "/stock") => match request.header("if-match") {
                Some(tag) if tag.starts_with('"') && tag.ends_with('"') => refusal(status),
                Some(_) => refusal(400),
                None => Reply::json(200, &json!({ "count": 3 })),
            },
            (_, "/stock") => refusal(405).with("Allow", "GET"),
            _ => refusal(404),
        },
    );
    assert_eq!(told, code, "{text}");
}

#[rstest]
#[case::documented(true, 501, false)]
#[case::undocumented(false, 501, true)]
#[case::crash(true, 500, true)]
fn what_a_service_is_documented_to_be_unable_to_do_is_no_crash(
    #[case] is_documented: bool,
    #[case] status: u16,
    #[case] is_found: bool,
) {
    let session = json!({
        "type": "object", "required": ["engine"], "properties": { "engine": { "type": "string" } }
    });
    let mut responses = json!({ "201": answer(&session), "400": message(), "500": message() });
    if is_documented {
        responses["501"] = message();
    }
    let item = json!({ "post": {
        "operationId": "startSession",
        "requestBody": { "required": true, "content": { "application/json": { "schema": session } } },
        "responses": responses
    } });
    let (told, text) = run(&document("/sessions", &item), move |request: &Received| {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        match (request.method.as_str(), request.target.as_str()) {
            ("POST", "/sessions") if !body["engine"].is_string() => refusal(400),
            ("POST", "/sessions") if body["engine"] == "two-stroke" => Reply::json(201, &body),
            ("POST", "/sessions") => refusal(status),
            (_, "/sessions") => refusal(405).with("Allow", "POST"),
            _ => refusal(404),
        }
    });
    let is_told = text.contains("request::example (must, status check)");
    assert_eq!(is_told, is_found, "{told}: {text}");
    assert_eq!(told == 1, is_found, "{text}");
}

#[rstest]
#[case::as_it_was_sent(None, 0)]
#[case::with_the_owner(Some("owner"), 0)]
#[case::without_what_was_sent(Some(""), 1)]
fn a_service_may_add_to_a_list(#[case] adds: Option<&'static str>, #[case] code: i32) {
    let names = json!({ "type": "array", "items": { "type": "string" } });
    let sent =
        json!({ "type": "object", "required": ["writers"], "properties": { "writers": names } });
    let mut shown = sent.clone();
    shown["properties"]["id"] = json!({ "type": "string" });
    shown["required"] = json!(["id", "writers"]);
    let item = json!({ "post": {
        "operationId": "createBucket",
        "requestBody": { "required": true, "content": { "application/json": {
            "schema": sent, "example": { "writers": ["ann", "bob"] }
        } } },
        "responses": { "201": answer(&shown), "400": message() }
    } });
    let count = std::sync::atomic::AtomicUsize::new(0);
    let (told, text) = run(&document("/buckets", &item), move |request: &Received| {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let writers = body["writers"].as_array();
        match (request.method.as_str(), request.target.as_str()) {
            ("POST", "/buckets") => match writers {
                Some(writers) if writers.iter().all(Value::is_string) => {
                    let mut kept = writers.clone();
                    match adds {
                        Some("") => kept = vec![json!("owner")],
                        Some(owner) => kept.insert(0, json!(owner)),
                        None => {}
                    }
                    let id = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    Reply::json(201, &json!({ "id": format!("b{id}"), "writers": kept }))
                }
                _ => refusal(400),
            },
            (_, "/buckets") => refusal(405).with("Allow", "POST"),
            _ => refusal(404),
        }
    });
    assert_eq!(told, code, "{text}");
}

#[rstest]
#[case::all("GET, HEAD", 0)]
#[case::another("POST", 1)]
fn the_methods_of_a_refusal_have_the_documented_one(#[case] allowed: &str, #[case] code: i32) {
    let item = json!({ "get": {
        "operationId": "listGates",
        "responses": {
            "200": answer(&json!({ "type": "array", "items": { "type": "string" } })),
            "405": message()
        }
    } });
    let allowed = allowed.to_owned();
    let (told, text) = run(
        &document("/gates", &item),
        move |request: &Received| match (request.method.as_str(), request.target.as_str()) {
            ("GET", "/gates") => Reply::json(200, &json!(["north"])),
            (_, "/gates") => refusal(405).with("Allow", &allowed),
            _ => refusal(404),
        },
    );
    assert_eq!(told, code, "{text}");
    assert!(code == 0 || text.contains("leaves out GET"), "{text}");
}

/// One thing that its own path and the paths below call otherwise, and one that its name identifies,
/// are made for what stands below them; and what a `PUT` makes is made, where a `POST` tells no id.
#[test]
fn what_paths_name_in_two_ways_is_one_thing() {
    let of = |names: &[&str]| -> Value {
        let parameters = names.iter().map(|name| {
            json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
        });
        parameters.collect()
    };
    let name = json!({ "type": "object", "required": ["name"], "properties": { "name": { "type": "string" } } });
    let body = json!({ "required": true, "content": { "application/json": { "schema": name } } });
    let operation = |id: &str, parameters: &[&str], status: &str, sends: bool, schema: &Value| {
        let mut operation = json!({
            "operationId": id, "parameters": of(parameters), "responses": { status: answer(schema) }
        });
        if sends {
            operation["requestBody"] = body.clone();
        }
        operation
    };
    let none = json!({ "type": "object" });
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "Yard", "version": "1" },
        "paths": {
            "/tenants": { "post": operation("createTenant", &[], "200", true, &none) },
            "/tenants/{tenant_name}": { "get": operation("showTenant", &["tenant_name"], "200", false, &name) },
            "/tenants/{tenant}/databases": { "post": operation("createDatabase", &["tenant"], "200", true, &none) },
            "/tenants/{tenant}/databases/{database}": { "get": operation("showDatabase", &["tenant", "database"], "200", false, &name) },
            "/bins": { "post": operation("addBin", &[], "201", true, &none) },
            "/bins/{id}": {
                "get": operation("showBin", &["id"], "200", false, &none),
                "put": operation("putBin", &["id"], "201", true, &none)
            },
        },
    });
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document.to_string()).unwrap();
    let told = docproof(folder.path(), ["init", "suite", "api.json"]);
    assert_eq!(told.code, 0, "{}", told.text());
    let cases = folder.path().join("suite/cases/yard");
    let read = |name: &str| std::fs::read_to_string(cases.join(name)).unwrap();
    let bindings = read("bindings.toml");
    assert!(!bindings.contains("yard.tenant\""), "{bindings}");
    let fixtures = read("fixtures.toml");
    for entry in [
        "key = \"yard.tenant_name\"\ncreate = \"createTenant\"\nid = \"request.name\"",
        "key = \"yard.database\"\nparent = \"yard.tenant_name\"\ncreate = \"createDatabase\"\nid = \"request.name\"",
        "key = \"yard.bin_id\"\ncreate = \"putBin\"\nid = \"path\"",
    ] {
        assert!(fixtures.contains(entry), "{entry}: {fixtures}");
    }
}
