//! Ids that nobody gives: reads take what a list shows, or what the source shows of a parameter, and
//! what belongs to somebody is changed by no request. What a client asks for, and what it is given
//! without having asked for it.

use rstest::rstest;
use serde_json::{Value, json};

use super::support::docproof;
use super::support::small::Small;
use super::support::{Received, Reply};

/// What a run of a document against a server came to: the exit code, what a person sees, and what
/// came to the server.
fn run(
    document: &Value,
    more: &[&str],
    answer: impl Fn(&Received) -> Reply + Send + Sync + 'static,
) -> (i32, String, Vec<Received>) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document.to_string()).unwrap();
    let server = Small::start(Box::new(answer));
    let mut arguments = vec![
        "run",
        "api.json",
        "--endpoint",
        &server.url,
        "--cases",
        "10",
    ];
    arguments.extend(more);
    let told = docproof(folder.path(), arguments);
    (told.code, told.text(), server.received())
}

fn document(paths: &Value) -> Value {
    json!({ "openapi": "3.0.3", "info": { "title": "Coins", "version": "1" }, "paths": paths })
}

/// An answer with a JSON object that has a name.
fn named() -> Value {
    json!({ "description": "ok", "content": { "application/json": { "schema": {
        "type": "object", "required": ["name"], "properties": { "name": { "type": "string" } }
    } } } })
}

fn no(status: u16) -> Reply {
    Reply::json(status, &json!({ "error": "no" }))
}

/// A read of what its path names, with a parameter of the query that has bounds.
fn read(parameter: &Value) -> Value {
    json!({ "get": {
        "operationId": "show",
        "parameters": [
            parameter,
            { "name": "days", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 30 } }
        ],
        "responses": { "200": named(), "400": { "description": "bad" }, "404": { "description": "none" } }
    } })
}

fn is_within(request: &Received) -> bool {
    let (_, query) = request.target.split_once('?').unwrap_or_default();
    let days = query
        .split('&')
        .filter_map(|part| part.strip_prefix("days="));
    let is_right = |days: &str| {
        days.parse::<u8>()
            .is_ok_and(|days| (1..=30).contains(&days))
    };
    let all: Vec<&str> = days.collect();
    all.len() < 2 && all.into_iter().all(is_right)
}

#[rstest]
#[case::an_example(json!({ "name": "coin", "in": "path", "required": true, "schema": { "type": "string" }, "example": "oak" }), "oak", true)]
#[case::a_default(json!({ "name": "coin", "in": "path", "required": true, "schema": { "type": "string", "default": "oak" } }), "oak", true)]
#[case::a_number(json!({ "name": "coin", "in": "path", "required": true, "schema": { "type": "integer" } }), "1", true)]
#[case::the_least_number(json!({ "name": "coin", "in": "path", "required": true, "schema": { "type": "integer", "minimum": 4 } }), "4", true)]
#[case::an_example_of_nothing(json!({ "name": "coin", "in": "path", "required": true, "schema": { "type": "string" }, "example": "elm" }), "oak", false)]
#[case::no_example(json!({ "name": "coin", "in": "path", "required": true, "schema": { "type": "string" } }), "oak", false)]
fn what_a_source_shows_of_a_parameter_is_read(
    #[case] parameter: Value,
    #[case] known: &'static str,
    #[case] is_found: bool,
) {
    let paths = json!({ "/coins/{coin}": read(&parameter) });
    let (code, text, received) = run(&document(&paths), &[], move |request| {
        let path = request.target.split('?').next().unwrap_or_default();
        match (request.method.as_str(), path.strip_prefix("/coins/")) {
            ("GET", Some(coin)) if coin == known && is_within(request) => {
                Reply::json(200, &json!({ "name": coin }))
            }
            ("GET", Some(coin)) if coin == known => no(400),
            ("GET", _) => no(404),
            _ => no(405).with("Allow", "GET"),
        }
    });
    let is_tried = received
        .iter()
        .any(|request| request.target.ends_with("days=31"));
    assert_eq!(is_tried, is_found, "{text}");
    let told = format!("coins.coin={known} (as documented)");
    assert_eq!(text.contains(&told), is_found, "{text}");
    assert_eq!(code, if is_found { 0 } else { 2 }, "{text}");
}

/// A service of shelves that somebody has, each with its books; nothing makes a shelf.
fn shelves() -> Value {
    let id = json!({ "name": "shelf_id", "in": "path", "required": true, "schema": { "type": "string" } });
    let list = |name: &str| {
        json!({ "200": { "description": "ok", "content": { "application/json": { "schema": {
            "type": "object", "required": [name], "properties": { name: { "type": "array", "items": {
                "type": "object", "required": ["id"], "properties": { "id": { "type": "string" } }
            } } }
        } } } } })
    };
    let none = json!({ "description": "none" });
    document(&json!({
        "/shelves": { "get": { "operationId": "listShelves", "responses": list("shelves") } },
        "/shelves/{shelf_id}": {
            "get": { "operationId": "showShelf", "parameters": [id], "responses": { "200": named(), "404": none } },
            "delete": { "operationId": "deleteShelf", "parameters": [id], "responses": { "204": none, "404": none } }
        },
        "/shelves/{shelf_id}/books": {
            "get": { "operationId": "listBooks", "parameters": [id], "responses": list("books") },
            "post": {
                "operationId": "addBook", "parameters": [id],
                "requestBody": { "required": true, "content": { "application/json": { "schema": {
                    "type": "object", "required": ["name"], "properties": { "name": { "type": "string" } }
                } } } },
                "responses": { "201": named(), "404": none }
            }
        },
        "/shelves/{shelf_id}/books/{book_id}": { "get": {
            "operationId": "showBook",
            "parameters": [id, { "name": "book_id", "in": "path", "required": true, "schema": { "type": "string" } }],
            "responses": { "200": named(), "404": none }
        } }
    }))
}

#[rstest]
#[case::all_modes(&[])]
#[case::reading_alone(&["--mode", "read-only"])]
fn what_lists_show_is_read_and_never_changed(#[case] more: &[&str]) {
    let (code, text, received) = run(&shelves(), more, |request| {
        let path = request.target.split('?').next().unwrap_or_default();
        let ids = |name: &str, id: &str| Reply::json(200, &json!({ name: [{ "id": id }] }));
        match (request.method.as_str(), path) {
            ("GET", "/shelves") => ids("shelves", "tall"),
            ("GET", "/shelves/tall/books") => ids("books", "red"),
            ("GET", "/shelves/tall" | "/shelves/tall/books/red") => {
                Reply::json(200, &json!({ "name": "a" }))
            }
            ("GET" | "DELETE", _) => no(404),
            _ => no(405).with("Allow", "GET"),
        }
    });
    assert_eq!(code, 0, "{text}");
    for told in [
        "shelf_id=tall (listShelves lists it)",
        "book_id=red (listBooks lists it)",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    let is_read = |path: &str| {
        let mut all = received.iter();
        all.any(|request| request.method == "GET" && request.target == path)
    };
    assert!(is_read("/shelves/tall/books/red"), "{text}");
    let changed: Vec<String> = received
        .iter()
        .filter(|request| request.method != "GET" && request.target.contains("tall"))
        .map(|request| format!("{} {}", request.method, request.target))
        .collect();
    assert!(changed.is_empty(), "{changed:?}");
}

/// A read by its method that does something by its name.
#[rstest]
#[case::at_the_end("/shelves/{shelf_id}/delete", "removal", "/shelves/tall/delete")]
#[case::before_the_id("/stop/{shelf_id}", "halting", "/stop/tall")]
#[case::by_its_id("/shelves/{shelf_id}/gone", "deleteShelfNow", "/shelves/tall/gone")]
fn what_does_something_is_asked_for_by_no_id_that_was_found(
    #[case] path: &str,
    #[case] id: &str,
    #[case] sent: &str,
) {
    let mut document = shelves();
    document["paths"][path] = json!({ "get": {
        "operationId": id,
        "parameters": [{ "name": "shelf_id", "in": "path", "required": true, "schema": { "type": "string" } }],
        "responses": { "200": named(), "404": { "description": "none" } }
    } });
    let (_, text, received) = run(&document, &[], |request| {
        let path = request.target.split('?').next().unwrap_or_default();
        match (request.method.as_str(), path) {
            ("GET", "/shelves") => Reply::json(200, &json!({ "shelves": [{ "id": "tall" }] })),
            ("GET", "/shelves/tall") => Reply::json(200, &json!({ "name": "a" })),
            _ => no(404),
        }
    });
    assert!(text.contains("shelf_id=tall"), "{text}");
    let is_sent = received
        .iter()
        .any(|request| request.target.starts_with(sent));
    assert!(!is_sent, "{text}");
}

/// What is asked for of somebody's thing may not be there.
#[test]
fn what_an_id_that_was_found_has_nothing_of_is_held_against_nobody() {
    let id = json!({ "name": "shelf_id", "in": "path", "required": true, "schema": { "type": "string" } });
    let mut document = shelves();
    document["paths"]["/shelves/{shelf_id}/photo"] = json!({ "get": {
        "operationId": "showPhoto", "parameters": [id],
        "responses": { "200": named(), "404": { "description": "none" } }
    } });
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal");
    let journal = journal.to_str().unwrap();
    let report = folder.path().join("report.json");
    let kind = format!("json={}", report.display());
    let more = ["--journal", journal, "--report", &kind];
    let (code, text, received) = run(&document, &more, |request| {
        let path = request.target.split('?').next().unwrap_or_default();
        match (request.method.as_str(), path) {
            ("GET", "/shelves") => Reply::json(200, &json!({ "shelves": [{ "id": "tall" }] })),
            ("GET", "/shelves/tall/books") => Reply::json(200, &json!({ "books": [] })),
            ("GET", "/shelves/tall") => Reply::json(200, &json!({ "name": "a" })),
            ("GET" | "DELETE", _) => no(404),
            _ => no(405).with("Allow", "GET"),
        }
    });
    assert_eq!(code, 0, "{text}");
    let report = std::fs::read_to_string(report).unwrap();
    assert!(report.contains("answered 404 for an id that nobody gave"));
    // The journal has each exchange, those that look for ids among them.
    let written = std::fs::read_to_string(journal).unwrap();
    assert_eq!(written.lines().count(), received.len(), "{text}");
    assert!(written.contains("looks for an id to read by"));
}

#[rstest]
#[case::the_plan("--plan")]
#[case::the_names("--list")]
fn where_nothing_is_to_be_sent_nothing_is_looked_for(#[case] option: &str) {
    let (_, text, received) = run(&shelves(), &[option], |_| no(404));
    assert!(received.is_empty(), "{text}");
}

/// A value in a path that no source calls a thing may be any.
#[test]
fn what_is_computed_from_a_path_names_nothing_that_may_be_gone() {
    let parameter = json!({ "name": "length", "in": "path", "required": true, "schema": { "type": "integer" } });
    let mut shown = read(&parameter);
    shown["get"]["responses"] = json!({ "200": named(), "400": { "description": "bad" } });
    let paths = json!({ "/words/{length}": shown });
    let (code, text, _) = run(&document(&paths), &[], |request| {
        let path = request.target.split('?').next().unwrap_or_default();
        let length = path.strip_prefix("/words/").map(str::parse::<u64>);
        match (request.method.as_str(), length) {
            ("GET", Some(Ok(_))) if is_within(request) => Reply::json(200, &json!({ "name": "a" })),
            ("GET", Some(_)) => no(400),
            ("GET", None) => no(404),
            _ => no(405).with("Allow", "GET"),
        }
    });
    assert_eq!(code, 0, "{text}");
}

/// A 401 that is documented says nothing where nobody gave a credential.
#[test]
fn a_documented_401_without_a_credential_is_blocked() {
    let open = json!({ "get": { "operationId": "listOpen", "responses": { "200": named() } } });
    let closed = json!({ "get": {
        "operationId": "showMe",
        "parameters": [{ "name": "Authorization", "in": "header", "schema": { "type": "string" } }],
        "responses": { "200": named(), "401": { "description": "none" } }
    } });
    let paths = json!({ "/open": open, "/me": closed });
    let (code, text, _) = run(&document(&paths), &[], |request| {
        let path = request.target.split('?').next().unwrap_or_default();
        match (
            request.method.as_str(),
            path,
            request.header("authorization"),
        ) {
            ("GET", "/open", _) | ("GET", "/me", Some("Bearer right")) => {
                Reply::json(200, &json!({ "name": "a" }))
            }
            ("GET", "/me", _) => no(401),
            ("GET", ..) => no(404),
            _ => no(405).with("Allow", "GET"),
        }
    });
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("no credential was given"), "{text}");
}

/// What a source says that answers are is asked for.
#[test]
fn a_documented_media_type_is_asked_for() {
    let csv = json!({ "description": "ok", "content": { "text/csv": {} } });
    let paths =
        json!({ "/table": { "get": { "operationId": "table", "responses": { "200": csv } } } });
    let (code, text, received) = run(&document(&paths), &[], |request| {
        let path = request.target.split('?').next().unwrap_or_default();
        let accepted = request.header("accept").unwrap_or_default();
        match (request.method.as_str(), path) {
            ("GET", "/table") if accepted.starts_with("text/csv") => {
                let mut reply = Reply::json(200, &Value::Null).with("Content-Type", "text/csv");
                reply.body = b"a,b\r\n".to_vec();
                reply
            }
            ("GET", "/table") => no(406),
            ("GET", _) => no(404),
            _ => no(405).with("Allow", "GET"),
        }
    });
    assert_eq!(code, 0, "{text}");
    let accepted = received
        .iter()
        .filter_map(|request| request.header("accept"));
    assert!(
        accepted.clone().any(|kind| kind.contains("*/*;q=0.1")),
        "{text}"
    );
}

/// An encoding that nobody asked for is said to be that, and no malformed JSON.
#[test]
fn an_encoding_that_was_not_asked_for_is_named() {
    let paths =
        json!({ "/me": { "get": { "operationId": "showMe", "responses": { "200": named() } } } });
    let (code, text, _) = run(&document(&paths), &[], |request| {
        match request.method.as_str() {
            "GET" if request.target.starts_with("/me") => {
                let mut reply = Reply::json(200, &json!({})).with("Content-Encoding", "br");
                reply.body = vec![0x8b, 0x00, 0x80, 0xff, 0x03];
                reply
            }
            "GET" => no(404),
            _ => no(405).with("Allow", "GET"),
        }
    });
    assert_eq!(code, 1, "{text}");
    assert!(
        text.contains("is encoded as `br`, which the request did not ask for"),
        "{text}"
    );
    assert!(text.contains("(should, json check)"), "{text}");
}

/// A service of which one operation needs no credential, as it answers a right and a wrong one.
#[rstest]
#[case::wrong(&["--bearer", "wrong-one"], 3, "answers 401 to every request that needs a credential")]
#[case::right(&["--bearer", "right-one"], 0, "OK")]
#[case::none(&[], 0, "no credential was given")]
fn a_wrong_credential_is_named_beside_what_needs_none(
    #[case] more: &[&str],
    #[case] expected: i32,
    #[case] told: &str,
) {
    let mut document = document(&json!({
        "/health": { "get": { "operationId": "health", "security": [], "responses": { "200": named() } } },
        "/me": { "get": { "operationId": "showMe", "responses": { "200": named(), "401": { "description": "none" } } } }
    }));
    document["components"] =
        json!({ "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer" } } });
    document["security"] = json!([{ "bearer": [] }]);
    let (code, text, _) = run(&document, more, |request| {
        let path = request.target.split('?').next().unwrap_or_default();
        match (
            request.method.as_str(),
            path,
            request.header("authorization"),
        ) {
            ("GET", "/health", _) | ("GET", "/me", Some("Bearer right-one")) => {
                Reply::json(200, &json!({ "name": "a" }))
            }
            ("GET", "/me", _) => no(401),
            ("GET", ..) => no(404),
            _ => no(405).with("Allow", "GET"),
        }
    });
    assert_eq!(code, expected, "{text}");
    assert!(text.contains(told), "{text}");
}
