//! What right servers do that a page leaves open, as servers of others showed it: a service that is set
//! up otherwise, a parameter or a body that only words tell, an answer that comes one at a time. The
//! same request is held against a server where the page leaves nothing open.

use std::sync::Mutex;
use std::time::Duration;

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::small::{Answer, Small, try_page};
use crate::support::{Received, Reply, docproof};

/// The part of a page about an operation that answers its version.
pub const VERSION: &str = "
## GET /version

Returns the version.

```json
{\"version\": \"v1\"}
```
";

/// A service that answers one request as told, its version, and nothing else.
pub fn one(method: &'static str, path: &'static str, status: u16, body: Value) -> Answer {
    Box::new(move |request: &Received| {
        let at = request.target.split('?').next().unwrap_or_default();
        match request.method.as_str() {
            _ if at != path && at != "/version" => Reply::json(404, &Value::Null),
            "GET" | "HEAD" if at == "/version" => Reply::json(200, &json!({ "version": "v1" })),
            own if at == path && (own == method || own == "HEAD" && method == "GET") => {
                Reply::json(status, &body)
            }
            _ => Reply::json(405, &Value::Null).with("Allow", "GET"),
        }
    })
}

#[rstest]
// Words above the operation say when it serves.
#[case::set_up("It requires the option `trace` to be enabled.", "GET", 403, 0)]
#[case::other_store("Returns an error on SQLite.", "GET", 400, 0)]
#[case::always("It is of the last hour.", "GET", 403, 1)]
#[case::never_here("It is of the last hour.", "GET", 400, 1)]
// A parameter of which a sentence alone tells is what the request lacks.
#[case::parameter("Takes one parameter, `folder`.", "GET", 404, 0)]
// What the body is stands in words, and what is shown there is read.
#[case::body("Post all of it, as it is shown.", "POST", 400, 0)]
#[case::broken("Post all of it, as it is shown.", "POST", 500, 1)]
#[case::needed("Requires `device` and `folder`.", "GET", 404, 0)]
#[case::needs_the("Needs the `folder`.", "GET", 400, 0)]
#[case::in_the_query("Needs `device` in the query string.", "GET", 404, 0)]
#[case::of_rights("Requires `admin`.", "GET", 404, 1)]
#[case::to_enable("To enable this endpoint set `tracing.on` to `true`.", "GET", 404, 0)]
#[case::started_so(
    "Start the server with `--enable-trace` to use this endpoint.",
    "GET",
    404,
    0
)]
#[case::plugin("Requires the <code>trace</code> plugin to be enabled.", "GET", 404, 0)]
#[case::needs_plugin("Needs the trace plugin.", "GET", 501, 0)]
#[case::is_enabled("The `trace` plugin must be enabled.", "GET", 503, 0)]
#[case::unable("It is of the last hour.", "GET", 501, 1)]
fn a_refusal_of_what_a_page_leaves_open_is_no_finding(
    #[case] said: &str,
    #[case] method: &'static str,
    #[case] status: u16,
    #[case] code: i32,
) {
    let example = "\n```json\n{\"size\": 1}\n```\n";
    let shown = if method == "GET" {
        String::new()
    } else {
        format!("\n## GET /profile\n\nReturns it.\n{example}")
    };
    let page = format!(
        "# Profiles\n\n## {method} /profile\n\nWorks on it. {said}\n{example}{shown}{VERSION}"
    );
    let answer: Answer = if method == "GET" {
        one(method, "/profile", status, json!({ "error": "no" }))
    } else {
        let write = one(method, "/profile", status, json!({ "error": "no" }));
        let read = one("GET", "/profile", 200, json!({ "size": 1 }));
        Box::new(move |request| match request.method.as_str() {
            "GET" | "HEAD" => read(request),
            _ => write(request),
        })
    };
    let all = ["--mode", "full", "--allow-changes", "api"];
    let ran = try_page(&page, &all, answer);
    assert_eq!(ran.code, code, "{}", ran.text);
    let asked = |own: &Received| own.method == method && own.target.starts_with("/profile");
    assert!(ran.received.iter().any(asked), "{}", ran.text);
}

#[rstest]
#[case::nothing(json!({ "rooms": [], "count": 0 }), 0)]
#[case::something(json!({ "rooms": ["a"], "count": 1 }), 1)]
fn nothing_of_an_id_that_nobody_has_is_an_answer(#[case] body: Value, #[case] code: i32) {
    let page = format!(
        "# Rooms\n\n## GET /users/{{user_id}}/rooms\n\nLists the rooms of a user.\n\n\
         ```json\n{{\"rooms\": [\"a\"], \"count\": 1}}\n```\n{VERSION}"
    );
    let version = one("GET", "/version", 200, json!({ "version": "v1" }));
    let answer: Answer = Box::new(move |request| {
        let is_user = request.target.starts_with("/users/");
        match request.method.as_str() {
            "GET" | "HEAD" if request.target.starts_with("/users/ann/") => {
                Reply::json(200, &json!({ "rooms": ["a"], "count": 1 }))
            }
            "GET" | "HEAD" if is_user => Reply::json(200, &body),
            _ if is_user => Reply::json(405, &Value::Null).with("Allow", "GET"),
            _ => version(request),
        }
    });
    let service = ["--set", "api.user_id=ann"];
    let ran = try_page(&page, &service, answer);
    assert_eq!(ran.code, code, "{}", ran.text);
}

/// Whose credential it is may have no right to what is asked for; who is asked for none says so.
#[rstest]
#[case::given(&["--bearer", "key-0123456789"], 403, 0)]
#[case::none(&[], 403, 1)]
#[case::other_refusal(&["--bearer", "key-0123456789"], 404, 1)]
fn a_credential_may_lack_a_right(#[case] given: &[&str], #[case] status: u16, #[case] code: i32) {
    let page = format!(
        "# Limits\n\n## GET /limit\n\nReturns the limit.\n\n```json\n{{\"rate\": 3}}\n```\n{VERSION}"
    );
    let ran = try_page(
        &page,
        given,
        one("GET", "/limit", status, json!({ "error": "no" })),
    );
    assert_eq!(ran.code, code, "{}", ran.text);
}

/// Of two whole examples of an answer one goes without a field.
#[rstest]
#[case::shown("```json\n{}\n```\n", 0)]
#[case::never("", 1)]
fn what_an_example_goes_without_may_be_absent(#[case] second: &str, #[case] code: i32) {
    let page = format!(
        "# Limits\n\n## GET /limit\n\nReturns the limit.\n\n```json\n\
         {{\"rate\": 3, \"burst\": 5}}\n```\n\n**Response**\n\nThe following fields are returned in \
         the JSON response body:\n\n- `rate` - integer - How many in a second.\n- `burst` - integer - How \
         many at once.\n\nWithout a limit, an empty object is returned.\n\n{second}{VERSION}"
    );
    let ran = try_page(&page, &[], one("GET", "/limit", 200, json!({})));
    assert_eq!(ran.code, code, "{}", ran.text);
}

/// An operation that serves one request at a time, and takes its time.
#[test]
fn requests_do_not_wait_for_each_other_too_long() {
    let page = format!(
        "# Reports\n\n## GET /report\n\nReturns the report.\n\n```json\n{{\"cpus\": 4}}\n```\n{VERSION}"
    );
    let turn = Mutex::new(());
    let report = one("GET", "/report", 200, json!({ "cpus": 4 }));
    let answer: Answer = Box::new(move |request| {
        let is_slow = request.target.starts_with("/report") && request.method == "GET";
        let _turn = is_slow.then(|| {
            let turn = turn.lock().unwrap();
            std::thread::sleep(Duration::from_millis(250));
            turn
        });
        report(request)
    });
    let ran = try_page(&page, &["--timeout", "2", "-j", "16"], answer);
    assert_eq!(ran.code, 0, "{}", ran.text);
    let asked = ran
        .received
        .iter()
        .filter(|own| own.target.starts_with("/report"));
    assert!(asked.count() > 16, "{}", ran.text);
}

/// A document of tags: nothing has to be sent in a change, and nothing shows what may be.
fn tags(said: &str) -> Value {
    let field = |kind: &str| json!({ "type": kind });
    let answer = json!({ "description": "Done." });
    let body = |schema: Value| json!({ "required": true, "content": { "application/json": { "schema": schema } } });
    let id = json!([{ "name": "id", "in": "path", "required": true, "schema": field("string") }]);
    json!({ "openapi": "3.1.0", "info": { "title": "tags", "version": "1" }, "paths": {
        "/tags": { "post": { "operationId": "createTag", "responses": { "201": { "description": "Made.",
                "content": { "application/json": { "schema": { "type": "object", "properties": { "id": field("string") } } } } }, "400": answer },
            "requestBody": { "required": true, "content": { "application/json": { "example": { "title": "a" },
                "schema": { "type": "object", "required": ["title"], "properties": { "title": field("string") } } } } } } },
        "/tags/{id}": { "parameters": id,
            "put": { "operationId": "updateTag", "responses": { "200": answer, "400": answer, "404": answer },
                "requestBody": body(json!({ "type": "object", "properties": {
                    "urls": { "type": "array", "maxItems": 9, "items": { "type": "string", "maxLength": 99 }, "description": said },
                    "shown": { "type": "boolean", "default": false }, "kept": { "type": "boolean", "default": false } } })) },
            "delete": { "operationId": "deleteTag", "responses": { "204": answer, "404": answer } } } } })
}

/// What of a made-up request is refused is no matter of each field that another request has otherwise.
#[rstest]
#[case::form_that_no_page_tells("Where it is told.", |body: &Value| body.get("urls").is_none(), 0)]
#[case::optional("Where it is told.", |body: &Value| body.get("kept").is_some(), 1)]
fn a_field_beside_a_refused_one_is_not_to_blame(
    #[case] said: &str,
    #[case] takes: fn(&Value) -> bool,
    #[case] code: i32,
) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("tags.json"), tags(said).to_string()).unwrap();
    let held: Mutex<Vec<String>> = Mutex::default();
    let server = Small::start(Box::new(move |request| {
        let mut held = held.lock().unwrap();
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let of_kinds = |name: &str| match body.get(name) {
            None => true,
            Some(Value::Bool(_)) => name != "urls",
            Some(Value::Array(urls)) => name == "urls" && urls.iter().all(Value::is_string),
            Some(_) => false,
        };
        let id = request.target.strip_prefix("/tags/").map(str::to_owned);
        let is_there = id.as_ref().is_some_and(|id| held.contains(id));
        match (request.method.as_str(), id) {
            ("POST", None) if body.get("title").is_some_and(Value::is_string) => {
                let id = format!("t{}", request.body.len() + 1_000 * held.len());
                held.push(id);
                Reply::json(201, &json!({ "id": held.last() }))
            }
            ("POST", None) => Reply::json(400, &Value::Null),
            ("PUT" | "DELETE", Some(_)) if !is_there => Reply::json(404, &Value::Null),
            ("DELETE", Some(id)) => {
                held.retain(|own| *own != id);
                Reply::json(204, &Value::Null)
            }
            ("PUT", Some(_)) => {
                let is_right =
                    body.is_object() && ["urls", "shown", "kept"].into_iter().all(of_kinds);
                Reply::json(
                    if is_right && takes(&body) { 200 } else { 400 },
                    &Value::Null,
                )
            }
            _ => Reply::json(405, &Value::Null).with("Allow", "POST, PUT, DELETE"),
        }
    }));
    let told = docproof(
        folder.path(),
        [
            "run",
            "tags.json",
            "--mode",
            "full",
            "--endpoint",
            &server.url,
        ],
    );
    assert_eq!(told.code, code, "{}", told.text());
}

/// A document of uploads, whose address is in a header of the create.
fn uploads() -> Value {
    let id =
        json!([{ "name": "uuid", "in": "path", "required": true, "schema": { "type": "string" } }]);
    let located = json!({ "description": "Begun.", "headers": { "Location": { "schema": { "type": "string" } } } });
    let (gone, unknown) = (
        json!({ "description": "Done." }),
        json!({ "description": "Unknown." }),
    );
    json!({ "openapi": "3.1.0", "info": { "title": "uploads", "version": "1" }, "paths": {
        "/uploads": { "post": { "operationId": "begin", "responses": { "201": located } } },
        "/uploads/{uuid}": { "parameters": id,
            "get": { "operationId": "state", "responses": { "204": gone, "404": unknown } },
            "delete": { "operationId": "cancel", "responses": { "204": gone, "404": unknown } } } } })
}

/// What stands at an address with a query is not asked for without it; what stands at a plain one is.
#[rstest]
#[case::query("?state=s", "?state=s", 0)]
#[case::plain("", "", 0)]
#[case::lost("", "?state=s", 1)]
fn a_thing_stands_where_its_create_says(
    #[case] told: &'static str,
    #[case] needed: &'static str,
    #[case] code: i32,
) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("uploads.json"), uploads().to_string()).unwrap();
    let held: Mutex<Vec<String>> = Mutex::default();
    let server = Small::start(Box::new(move |request| {
        let mut held = held.lock().unwrap();
        let target = request.target.as_str();
        let id = target
            .strip_prefix("/uploads/")
            .and_then(|own| own.strip_suffix(needed));
        let is_there = id.is_some_and(|id| held.iter().any(|own| own == id));
        match request.method.as_str() {
            "POST" if target.split('?').next() == Some("/uploads") => {
                let id = format!("u{}x", held.len() + 1_000);
                let place = format!("/uploads/{id}{told}");
                held.push(id);
                Reply::json(201, &Value::Null).with("Location", &place)
            }
            "GET" | "HEAD" if is_there => Reply::json(204, &Value::Null),
            "DELETE" if is_there => {
                held.retain(|own| Some(own.as_str()) != id);
                held.push(String::new());
                Reply::json(204, &Value::Null)
            }
            "GET" | "HEAD" | "DELETE" => Reply::json(404, &Value::Null),
            _ => Reply::json(405, &Value::Null).with("Allow", "GET, POST, DELETE"),
        }
    }));
    let told = docproof(
        folder.path(),
        [
            "run",
            "uploads.json",
            "--mode",
            "full",
            "--endpoint",
            &server.url,
        ],
    );
    assert_eq!(told.code, code, "{}", told.text());
}
