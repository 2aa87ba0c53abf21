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

/// A document that lists nothing as required says nothing of what may be left out; where others of its
/// schemas have such a list, the absence of one says it.
#[rstest]
#[case::no_list_anywhere(None, None, 0)]
#[case::a_list_elsewhere(Some("no"), None, 1)]
#[case::no_list_anywhere_and_an_example(None, Some("red"), 0)]
#[case::a_list_elsewhere_and_an_example(Some("no"), Some("red"), 1)]
fn a_list_that_nobody_wrote_allows_nothing(
    #[case] listed: Option<&str>,
    #[case] example: Option<&str>,
    #[case] code: i32,
) {
    let mut refused = json!({
        "type": "object", "properties": { "message": { "type": "string" } }
    });
    if listed.is_some() {
        refused["required"] = json!(["message"]);
    }
    let mut body = json!({ "schema": {
        "type": "object",
        "properties": {
            "colour": { "type": "string", "enum": ["red", "blue"] },
            "note": { "type": "string", "maxLength": 20 },
        },
    } });
    if let Some(colour) = example {
        body["example"] = json!({ "colour": colour, "note": "a" });
    }
    let document = document(
        "/doors",
        &json!({ "put": {
            "operationId": "paint",
            "requestBody": { "required": true, "content": { "application/json": body } },
            "responses": { "204": { "description": "Done." }, "400": answer(&refused) },
        } }),
    );
    let (told, text) = run(&document, |request: &Received| {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let note = body["note"].as_str().map(|note| note.chars().count());
        let is_right = body["colour"] == "red" || body["colour"] == "blue";
        let fits = body.get("note").is_none() || note.is_some_and(|count| count <= 20);
        match (request.method.as_str(), is_right && fits) {
            ("PUT", true) => Reply::json(204, &Value::Null),
            ("PUT", false) => refusal(400),
            _ => refusal(405).with("Allow", "PUT"),
        }
    });
    assert_eq!(told, code, "{text}");
    assert_eq!(text.contains("colour::required"), code == 1, "{text}");
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

/// A service that breaks on one kind of request that no document speaks of.
#[rstest]
#[case::nothing("", 0)]
#[case::stray_type("content type of a form", 1)]
#[case::edge_of_a_pattern("more than its pattern means", 1)]
#[case::method_without_a_body("PUT without a body", 1)]
fn a_crash_beside_the_documented_is_found(#[case] on: &'static str, #[case] code: i32) {
    let stock = json!({ "type": "object", "properties": { "count": { "type": "integer" } } });
    let item = json!({ "get": {
        "operationId": "showStock",
        "parameters": [{ "name": "mark", "in": "query", "schema": { "type": "string", "pattern": "^[0-9]+$|\\*" } }],
        "responses": { "200": answer(&stock), "400": message() }
    } });
    let (told, text) = run(&document("/stock", &item), move |request: &Received| {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        let mark = query.strip_prefix("mark=").unwrap_or("1");
        let is_number = !mark.is_empty() && mark.bytes().all(|byte| byte.is_ascii_digit());
        let is_star = mark.contains('*') || mark.contains("%2A");
        let has_type = request.header("content-type").is_some();
        let breaks = match on {
            "content type of a form" => request.method == "GET" && has_type,
            "more than its pattern means" => is_star && mark.len() > 3,
            "PUT without a body" => request.method == "PUT" && request.body.is_empty(),
            _ => false,
        };
        match (request.method.as_str(), path) {
            (_, "/stock") if breaks => Reply::json(500, &Value::Null),
            ("GET", "/stock") if query.matches("mark=").count() > 1 => refusal(400),
            ("GET", "/stock") if is_number || is_star => Reply::json(200, &json!({ "count": 3 })),
            ("GET", "/stock") => refusal(400),
            (_, "/stock") => refusal(405).with("Allow", "GET"),
            _ => refusal(404),
        }
    });
    assert_eq!(told, code, "{text}");
    assert!(text.contains(on), "{text}");
}

/// A list whose items are told apart by what their own path ends with, and that is asked for by a
/// free text.
#[rstest]
#[case::right("", 0)]
#[case::filter("filter::fits", 1)]
#[case::pages("pagination::", 1)]
fn the_laws_of_a_list_hold_where_its_items_are_read_by_another_name(
    #[case] wrong: &'static str,
    #[case] code: i32,
) {
    let crate_ = json!({
        "type": "object", "required": ["reference", "owner"],
        "properties": { "reference": { "type": "string", "format": "uuid" }, "owner": { "type": "string" } }
    });
    let sent = json!({
        "type": "object", "required": ["owner"],
        "properties": { "owner": { "type": "string", "minLength": 1, "maxLength": 40 } }
    });
    let page = json!({
        "type": "object", "required": ["crates", "next"],
        "properties": {
            "crates": { "type": "array", "items": crate_ },
            "next": { "type": "string", "nullable": true }
        }
    });
    let query = json!([
        { "name": "owner", "in": "query", "description": "Only crates of this owner", "schema": { "type": "string" } },
        { "name": "limit", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 20 } },
        { "name": "cursor", "in": "query", "description": "The `next` of the page before", "schema": { "type": "string" } },
    ]);
    let reference = json!([{
        "name": "reference", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" }
    }]);
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "Yard", "version": "1" },
        "paths": {
            "/crates": {
                "post": {
                    "operationId": "takeCrate",
                    "requestBody": { "required": true, "content": { "application/json": { "schema": sent } } },
                    "responses": { "201": answer(&crate_), "400": message() }
                },
                "get": { "operationId": "listCrates", "parameters": query, "responses": { "200": answer(&page), "400": message() } }
            },
            "/crates/{reference}": {
                "parameters": reference,
                "get": { "operationId": "showCrate", "responses": { "200": answer(&crate_), "400": message(), "404": message() } },
                "delete": { "operationId": "dropCrate", "responses": { "204": { "description": "Gone" }, "400": message(), "404": message() } }
            }
        }
    });
    let (told, text) = run(&document, yard(wrong));
    assert_eq!(told, code, "{text}");
    assert!(text.contains(wrong), "{text}");
}

/// A yard of crates, whose list is wrong in one way.
fn yard(wrong: &'static str) -> impl Fn(&Received) -> Reply {
    let crates: std::sync::Mutex<Vec<Value>> = std::sync::Mutex::default();
    let count = std::sync::atomic::AtomicUsize::new(0);
    move |request: &Received| {
        let mut crates = crates.lock().unwrap();
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        let asked = |name: &str| {
            let mut pairs = url::form_urlencoded::parse(query.as_bytes());
            pairs
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned())
        };
        let is_reference =
            |text: &str| text.len() == 36 && text.bytes().filter(|byte| *byte == b'-').count() == 4;
        match (request.method.as_str(), path) {
            ("POST", "/crates") => {
                let Ok(body) = serde_json::from_slice::<Value>(&request.body) else {
                    return refusal(400);
                };
                let owner = body["owner"].as_str().map(|owner| owner.chars().count());
                if !owner.is_some_and(|length| (1..=40).contains(&length)) {
                    return refusal(400);
                }
                let number = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                let reference = format!("7d6f0e1c-3a52-4c3b-9a3e-{number:012x}");
                let made = json!({ "reference": reference, "owner": body["owner"] });
                crates.push(made.clone());
                Reply::json(201, &made)
            }
            ("GET", "/crates") => {
                let limit = asked("limit").map_or(Ok(10), |limit| limit.parse::<usize>());
                let start = asked("cursor").map_or(Ok(0), |cursor| cursor.parse::<usize>());
                let (Ok(limit @ 1..=20), Ok(start)) = (limit, start) else {
                    return refusal(400);
                };
                let owner = asked("owner").filter(|_| wrong != "filter::fits");
                let fits =
                    |one: &&Value| owner.as_ref().is_none_or(|owner| one["owner"] == **owner);
                let all: Vec<&Value> = crates.iter().filter(fits).collect();
                let skipped = if wrong == "pagination::" {
                    start * 2
                } else {
                    start
                };
                let page: Vec<&&Value> = all.iter().skip(skipped).take(limit).collect();
                let end = start + limit;
                let next = (end < all.len()).then(|| end.to_string());
                Reply::json(200, &json!({ "crates": page, "next": next }))
            }
            (method @ ("GET" | "DELETE"), _) if path.starts_with("/crates/") => {
                let reference = path.trim_start_matches("/crates/");
                if !is_reference(reference) {
                    return refusal(400);
                }
                match crates.iter().position(|one| one["reference"] == *reference) {
                    None => refusal(404),
                    Some(at) if method == "GET" => Reply::json(200, &crates[at]),
                    Some(at) => {
                        crates.remove(at);
                        Reply::json(204, &Value::Null)
                    }
                }
            }
            (_, "/crates") => refusal(405).with("Allow", "GET, POST"),
            (_, _) if path.starts_with("/crates/") => refusal(405).with("Allow", "GET, DELETE"),
            _ => refusal(404),
        }
    }
}

#[rstest]
#[case::text(json!({ "type": "string", "minLength": 2 }), false, 0)]
#[case::text_by_a_server_that_takes_all(json!({ "type": "string", "minLength": 2 }), true, 1)]
#[case::number(json!({ "type": "integer", "minimum": 1 }), false, 0)]
#[case::list(json!({ "type": "array", "items": { "type": "string" } }), false, 0)]
fn a_body_need_not_be_an_object(#[case] schema: Value, #[case] takes_all: bool, #[case] code: i32) {
    let item = json!({ "post": {
        "operationId": "keep",
        "requestBody": { "required": true, "content": { "application/json": { "schema": schema } } },
        "responses": { "200": answer(&json!({ "type": "object" })), "400": message() }
    } });
    let kind = schema["type"].as_str().unwrap_or_default().to_owned();
    let (told, text) = run(&document("/notes", &item), move |request: &Received| {
        let path = request.target.split('?').next().unwrap_or_default();
        let body = serde_json::from_slice::<Value>(&request.body);
        let is_right = match (&body, kind.as_str()) {
            (Ok(Value::String(text)), "string") => text.chars().count() >= 2,
            (Ok(Value::Number(number)), "integer") => number.as_i64().is_some_and(|n| n >= 1),
            (Ok(Value::Array(items)), "array") => items.iter().all(Value::is_string),
            _ => false,
        };
        match (request.method.as_str(), path) {
            ("POST", "/notes") if is_right || takes_all => Reply::json(200, &json!({})),
            ("POST", "/notes") => refusal(400),
            (_, "/notes") => refusal(405).with("Allow", "POST"),
            _ => refusal(404),
        }
    });
    assert_eq!(told, code, "{text}");
}

/// A document of things by name, which a `POST` makes and a `PUT` makes or replaces.
fn things() -> Value {
    let thing = json!({
        "type": "object",
        "required": ["name", "size"],
        "properties": {
            "name": { "type": "string", "minLength": 1, "maxLength": 40 },
            "size": { "type": "integer", "minimum": 1, "maximum": 9 },
        },
    });
    let body = json!({
        "type": "object", "required": ["size"], "properties": { "size": thing["properties"]["size"] }
    });
    let sends = |schema: &Value, example: Value| json!({ "required": true, "content": { "application/json": { "schema": schema, "example": example } } });
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Yard", "version": "1" },
        "paths": {
            "/things": { "post": {
                "operationId": "makeThing",
                "requestBody": sends(&thing, json!({ "name": "tree", "size": 3 })),
                "responses": { "201": answer(&thing), "400": message(), "409": message() },
            } },
            "/things/{name}": {
                "parameters": [{ "name": "name", "in": "path", "required": true, "schema": thing["properties"]["name"] }],
                "get": { "operationId": "showThing", "responses": { "200": answer(&thing), "404": message() } },
                "put": {
                    "operationId": "putThing",
                    "requestBody": sends(&body, json!({ "size": 4 })),
                    "responses": { "200": answer(&thing), "201": answer(&thing), "400": message() },
                },
                "delete": { "operationId": "dropThing", "responses": { "204": { "description": "" }, "404": message() } },
            },
        },
    })
}

/// The server of [`things`]; every answer may be held back by `before`.
fn keeps_things(
    before: impl Fn(&Received) -> Option<Reply> + Send + Sync + 'static,
) -> impl Fn(&Received) -> Reply + Send + Sync + 'static {
    let kept = std::sync::Mutex::new(std::collections::BTreeMap::<String, Value>::new());
    move |request| {
        if let Some(reply) = before(request) {
            return reply;
        }
        let mut kept = kept.lock().unwrap();
        let Some(rest) = request.target.strip_prefix("/things") else {
            return refusal(404);
        };
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let fits = body["size"]
            .as_i64()
            .is_some_and(|size| (1..=9).contains(&size));
        let is_name = |name: &str| (1..=40).contains(&name.chars().count());
        match (request.method.as_str(), rest.strip_prefix('/')) {
            ("POST", None) => match body["name"].as_str() {
                Some(name) if fits && is_name(name) && !kept.contains_key(name) => {
                    kept.insert(name.to_owned(), body.clone());
                    Reply::json(201, &body)
                }
                Some(name) if kept.contains_key(name) => refusal(409),
                _ => refusal(400),
            },
            ("GET", Some(name)) => kept
                .get(name)
                .map_or_else(|| refusal(404), |thing| Reply::json(200, thing)),
            ("PUT", Some(name)) if fits && is_name(name) => {
                let thing = json!({ "name": name, "size": body["size"] });
                let old = kept.insert(name.to_owned(), thing.clone());
                Reply::json(if old.is_some() { 200 } else { 201 }, &thing)
            }
            ("PUT", Some(_)) => refusal(400),
            ("DELETE", Some(name)) if kept.remove(name).is_some() => Reply::json(204, &Value::Null),
            ("DELETE", Some(_)) => refusal(404),
            _ => refusal(405).with("Allow", "GET, PUT, DELETE, POST"),
        }
    }
}

#[test]
fn what_is_put_under_a_new_name_may_be_made_by_that() {
    let (code, text) = run(&things(), keeps_things(|_| None));
    assert_eq!(code, 0, "{text}");
}

#[test]
fn an_answer_that_asks_for_patience_is_no_state_of_a_resource() {
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let hold = move |request: &Received| {
        let count = asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let is_held = request.method == "GET" && count > 40 && !count.is_multiple_of(4);
        is_held.then(|| refusal(429).with("Retry-After", "0"))
    };
    let (_, text) = run(&things(), keeps_things(hold));
    assert!(!text.contains("relation check"), "{text}");
}

#[rstest]
#[case::right(false, 0)]
#[case::any_kind(true, 1)]
fn a_change_of_a_patch_has_the_parts_that_its_kind_needs(#[case] is_lax: bool, #[case] code: i32) {
    let change = json!({
        "type": "object",
        "required": ["op", "path"],
        "properties": {
            "op": { "type": "string", "enum": ["add", "replace", "remove"] },
            "path": { "type": "string", "enum": ["/text", "/colour"] },
            "value": { "type": "string" },
        },
    });
    let body = json!({
        "schema": { "type": "array", "items": change },
        "example": [{ "op": "replace", "path": "/text", "value": "hello" }],
    });
    let shown = json!({ "type": "object", "required": ["text"], "properties": { "text": { "type": "string" } } });
    let document = document(
        "/label",
        &json!({ "patch": {
            "operationId": "patchLabel",
            "requestBody": { "required": true, "content": { "application/json-patch+json": body } },
            "responses": { "200": answer(&shown), "400": message() },
        } }),
    );
    let (told, text) = run(&document, move |request: &Received| {
        let Ok(Value::Array(changes)) = serde_json::from_slice(&request.body) else {
            return refusal(if request.method == "PATCH" { 400 } else { 405 });
        };
        let is_right = |change: &Value| {
            let kind = change["op"].as_str().unwrap_or_default();
            let is_kind = is_lax || ["add", "replace", "remove"].contains(&kind);
            let is_path =
                ["/text", "/colour"].contains(&change["path"].as_str().unwrap_or_default());
            let value = change.get("value");
            let needs = ["add", "replace"].contains(&kind);
            is_kind && is_path && value.is_none_or(Value::is_string) && (value.is_some() || !needs)
        };
        match request.method.as_str() {
            "PATCH" if changes.iter().all(is_right) => Reply::json(200, &json!({ "text": "a" })),
            "PATCH" => refusal(400),
            _ => refusal(405).with("Allow", "PATCH"),
        }
    });
    assert_eq!(told, code, "{text}");
    assert!(!text.contains("value::required"), "{text}");
}

/// Some frameworks document a change of a patch without saying that anything of it is needed.
#[test]
fn a_patch_that_nobody_shows_is_not_made_up() {
    let change = json!({
        "type": "object",
        "properties": { "op": { "type": "string" }, "path": { "type": "string" }, "value": {} },
    });
    let body = json!({ "schema": { "type": "array", "items": change } });
    let shown = json!({ "type": "object", "properties": { "text": { "type": "string" } } });
    let document = document(
        "/label",
        &json!({ "patch": {
            "operationId": "patchLabel",
            "requestBody": { "required": true, "content": { "application/json-patch+json": body } },
            "responses": { "200": answer(&shown), "400": message() },
        } }),
    );
    let (told, text) = run(&document, |request: &Received| {
        let changes = serde_json::from_slice::<Value>(&request.body).unwrap_or_default();
        let is_change = |change: &Value| change["op"].is_string() && change["path"].is_string();
        match (request.method.as_str(), changes.as_array()) {
            ("PATCH", Some(all)) if all.iter().all(is_change) => {
                Reply::json(200, &json!({ "text": "a" }))
            }
            ("PATCH", _) => refusal(400),
            _ => refusal(405).with("Allow", "PATCH"),
        }
    });
    assert_ne!(told, 1, "{text}");
    assert!(!text.contains("FAILED"), "{text}");
}

#[rstest]
#[case::of_the_parameter(false)]
#[case::of_the_schema(true)]
fn a_header_has_the_value_that_its_document_shows(#[case] is_in_schema: bool) {
    let mut header = json!({
        "name": "X-Tenant", "in": "header", "required": true, "schema": { "type": "string" }
    });
    if is_in_schema {
        header["schema"]["example"] = json!("acme");
    } else {
        header["example"] = json!("acme");
    }
    let stock = json!({ "type": "object", "properties": { "count": { "type": "integer" } } });
    let item = json!({ "get": {
        "operationId": "showStock",
        "parameters": [header],
        "responses": { "200": answer(&stock), "400": message() },
    } });
    let (told, text) = run(&document("/stock", &item), |request: &Received| {
        match (request.method.as_str(), request.header("x-tenant")) {
            ("GET", Some("acme")) if request.target == "/stock" => {
                Reply::json(200, &json!({ "count": 3 }))
            }
            ("GET", Some("acme")) => refusal(404),
            ("GET", _) => refusal(400),
            _ => refusal(405).with("Allow", "GET"),
        }
    });
    assert_eq!(told, 0, "{text}");
    assert!(!text.contains("nobody spells it out"), "{text}");
}
