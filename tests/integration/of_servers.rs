//! What right servers do, and how the same breach is still found: what was given is let alone, a value
//! that its author alone has is not here, a crash that comes by itself is nobody's value.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rstest::rstest;
use serde_json::{Value, json};

use crate::in_the_field::{VERSION, one};
use crate::support::small::{Answer, Small, try_page};
use crate::support::{Received, Reply, docproof};

/// The path of a request, part by part.
fn parts(request: &Received) -> Vec<&str> {
    let path = request.target.split('?').next().unwrap_or_default();
    path.trim_start_matches('/').split('/').collect()
}

fn body(request: &Received) -> Value {
    serde_json::from_slice(&request.body).unwrap_or_default()
}

fn refusal(status: u16) -> Reply {
    let reply = Reply::json(status, &json!({ "error": "no" }));
    match status {
        405 => reply.with("Allow", "GET, POST, PUT, DELETE"),
        _ => reply,
    }
}

/// Runs a document against a small server: the exit code, and what is told.
fn try_document(document: &Value, more: &[&str], answer: Answer) -> (i32, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("d.json"), document.to_string()).unwrap();
    let server = Small::start(answer);
    let first = ["run", "d.json", "--endpoint", &server.url];
    let told = docproof(folder.path(), first.iter().chain(more));
    (told.code, told.text())
}

/// An answer of a document, with a body as an example has it.
fn shown(example: &Value) -> Value {
    let fields = example.as_object().cloned().unwrap_or_default();
    let fields = fields.into_iter().map(|(name, value)| {
        let kind = match value {
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            _ => "string",
        };
        (name, json!({ "type": kind }))
    });
    let properties: serde_json::Map<String, Value> = fields.collect();
    let required: Vec<String> = properties.keys().cloned().collect();
    json!({ "application/json": { "example": example,
        "schema": { "type": "object", "required": required, "properties": properties } } })
}

/// A service removes what a method names that no page documents: whoever runs against it keeps what
/// was given, though a person permits that it is changed as documented.
#[rstest]
#[case::removes("lamp", 0)]
#[case::removes_what_nobody_has("", 1)]
fn an_undocumented_method_is_sent_to_nothing_that_was_given(
    #[case] known: &'static str,
    #[case] code: i32,
) {
    let page = "# Things\n\n## GET /things/{thing_id}\n\nReturns the thing.\n\n\
                ```json\n{\"id\": \"lamp\", \"state\": \"on\"}\n```\n\n\
                Returns 404 if there is no such thing.\n\n## POST /things/{thing_id}\n\n\
                Sets the state.\n\n```json\n{\"state\": \"on\"}\n```\n\nReturns 200.\n";
    let answer: Answer =
        Box::new(
            move |request| match (request.method.as_str(), parts(request)[..].as_ref()) {
                ("GET" | "HEAD", ["things", "lamp"]) => {
                    Reply::json(200, &json!({ "id": "lamp", "state": "on" }))
                }
                ("POST", ["things", "lamp"]) if body(request)["state"].is_string() => {
                    Reply::json(200, &Value::Null)
                }
                ("POST", ["things", "lamp"]) => refusal(400),
                ("DELETE", ["things", id]) if known.is_empty() || *id == known => {
                    Reply::json(200, &Value::Null)
                }
                ("GET" | "HEAD" | "POST" | "DELETE", _) => refusal(404),
                _ => refusal(405),
            },
        );
    let given = [
        "--mode",
        "full",
        "--set",
        "api.thing_id=lamp",
        "--allow-changes",
        "api",
    ];
    let ran = try_page(page, &given, answer);
    assert_eq!(ran.code, code, "{}", ran.text);
    let of_given = |own: &&Received| own.target.split('?').next() == Some("/things/lamp");
    let mut writes = ran.received.iter().filter(of_given);
    let is_documented = |own: &Received| matches!(own.method.as_str(), "GET" | "HEAD" | "POST");
    assert!(writes.all(is_documented), "{}", ran.text);
    let mut sent = ran.received.iter();
    assert!(sent.any(|own| own.method == "DELETE"), "{}", ran.text);
}

/// Of a thing that its path names by `{property_name}`, a change says the `name` again.
#[rstest]
#[case::keeps_names(|_: &str, _: &Value| 200, 0)]
#[case::refuses_titles(|_: &str, sent: &Value| if sent["title"] == json!("A title") { 400 } else { 200 }, 1)]
fn what_is_named_by_its_path_keeps_its_name(
    #[case] changes: fn(&str, &Value) -> u16,
    #[case] code: i32,
) {
    let rows = "| Name | Required | Type | Description |\n|---|---|---|---|\n\
                | name | Yes | string | The name. |\n| title | No | string | A title. |\n";
    let answers = |status: u16| {
        format!("\n### Response {status}\n\n```json\n{{\"name\": \"a\", \"title\": \"b\"}}\n```\n")
    };
    let others = "\n### Response 400\n\nBad.\n\n### Response 404\n\nThere is none.\n";
    let page = format!(
        "# Properties\n\n## POST /properties\n\n### Request body\n\n{rows}\n\
         ```json\n{{\"name\": \"size\", \"title\": \"Size\"}}\n```\n{}{others}\n\
         ## GET /properties/{{property_name}}\n{}{others}\n\
         ## PUT /properties/{{property_name}}\n\n### Request body\n\n{rows}\n\
         ```json\n{{\"name\": \"size_new\", \"title\": \"A title\"}}\n```\n{}{others}\n\
         ## DELETE /properties/{{property_name}}\n\n### Response 204\n\nDone.\n{others}",
        answers(201),
        answers(200),
        answers(200)
    );
    let kept: Mutex<BTreeMap<String, Value>> = Mutex::default();
    let answer: Answer = Box::new(move |request| {
        let mut kept = kept.lock().unwrap();
        let sent = body(request);
        let is_right = sent["name"].is_string() && sent.get("title").is_none_or(Value::is_string);
        let shown =
            json!({ "name": sent["name"], "title": sent.get("title").unwrap_or(&json!("")) });
        match (request.method.as_str(), parts(request)[..].as_ref()) {
            ("POST", ["properties"]) if is_right => {
                let name = sent["name"].as_str().unwrap().to_owned();
                kept.insert(name, shown.clone());
                Reply::json(201, &shown)
            }
            ("POST", ["properties"]) => refusal(400),
            ("GET" | "HEAD" | "PUT" | "DELETE", ["properties", name])
                if !kept.contains_key(*name) =>
            {
                refusal(404)
            }
            ("GET" | "HEAD", ["properties", name]) => Reply::json(200, &kept[*name]),
            ("DELETE", ["properties", name]) => {
                kept.remove(*name);
                Reply::json(204, &Value::Null)
            }
            ("PUT", ["properties", name]) => {
                let is_renamed = sent["name"] != json!(name);
                if !is_right || is_renamed || changes(name, &sent) != 200 {
                    return refusal(400);
                }
                kept.insert((*name).to_owned(), shown.clone());
                Reply::json(200, &shown)
            }
            (_, ["properties"] | ["properties", _]) => refusal(405),
            _ => refusal(404),
        }
    });
    let ran = try_page(&page, &["--mode", "full"], answer);
    assert_eq!(ran.code, code, "{}", ran.text);
}

/// What a call sends has fields of which a sentence alone tells: it is sent whole.
#[rstest]
#[case::needs_a_filter(true, 0)]
#[case::refuses_what_is_shown(false, 1)]
fn what_a_call_sends_is_sent_whole(#[case] takes: bool, #[case] code: i32) {
    let page = format!(
        "# Checks\n\n## POST /checks/plan\n\nPlans a check.\n\n\
         | Parameter | Type | Description |\n|---|---|---|\n\
         | force | Boolean | **Optional.** Whether it runs in any case. |\n\n\
         In addition to these parameters a filter must be provided.\n\n```bash\n\
         curl -X POST http://localhost/checks/plan -d '{{ \"filter\": \"name==a\", \"force\": true }}'\n\
         ```\n\n```json\n{{\"planned\": 1}}\n```\n{VERSION}"
    );
    let version = one("GET", "/version", 200, json!({ "version": "v1" }));
    let answer: Answer =
        Box::new(
            move |request| match (request.method.as_str(), parts(request)[..].as_ref()) {
                ("POST", ["checks", "plan"]) => {
                    let sent = body(request);
                    let is_right = sent["filter"].is_string()
                        && sent.get("force").is_none_or(Value::is_boolean);
                    if is_right && takes {
                        Reply::json(200, &json!({ "planned": 1 }))
                    } else {
                        refusal(400)
                    }
                }
                _ if request.target.starts_with("/checks/plan") => refusal(405),
                _ => version(request),
            },
        );
    let all = ["--mode", "full", "--allow-changes", "api"];
    let ran = try_page(&page, &all, answer);
    assert_eq!(ran.code, code, "{}", ran.text);
    let has_filter = |own: &Received| body(own)["filter"] == json!("name==a");
    assert!(ran.received.iter().any(has_filter), "{}", ran.text);
}

/// Items of an example's list name things of its author.
#[rstest]
#[case::told(&["mail-out"], json!({ "error": "unknown queues: ['mail-out']" }), 0)]
#[case::untold(&["mail-out"], json!({ "error": "no" }), 1)]
fn items_that_a_refusal_names_are_their_authors(
    #[case] items: &[&str],
    #[case] said: Value,
    #[case] code: i32,
) {
    let list = json!({ "type": "array", "items": { "type": "string" } });
    let sent = json!({ "application/json": { "example": { "queues": items },
        "schema": { "type": "object", "required": ["queues"], "properties": { "queues": list } } } });
    let document = json!({ "openapi": "3.1.0", "info": { "title": "q", "version": "1" }, "paths": { "/counts": {
        "post": { "operationId": "count", "requestBody": { "required": true, "content": sent }, "responses": {
            "200": { "description": "Counts.", "content": shown(&json!({ "n": 1 })) },
            "400": { "description": "Wrong." }, "404": { "description": "Unknown." } } } } } });
    let answer: Answer =
        Box::new(
            move |request| match (request.method.as_str(), parts(request)[..].as_ref()) {
                ("POST", ["counts"]) => match body(request)["queues"].as_array() {
                    Some(items) if items.iter().all(Value::is_string) && items.is_empty() => {
                        Reply::json(200, &json!({ "n": 0 }))
                    }
                    Some(items) if items.iter().all(Value::is_string) => Reply::json(404, &said),
                    _ => refusal(400),
                },
                (_, ["counts"]) => refusal(405),
                _ => refusal(404),
            },
        );
    let (was, told) = try_document(
        &document,
        &["--mode", "full", "--allow-changes", "q"],
        answer,
    );
    assert_eq!(was, code, "{told}");
}

/// A crash that the same request does not bring about again is no matter of what it sends; one that a
/// value brings about each time is.
#[rstest]
#[case::by_itself("", &["unstable"])]
#[case::by_a_value("blue", &["request.colour::enum"])]
fn a_crash_that_does_not_come_again_is_of_no_value(
    #[case] wrong: &'static str,
    #[case] expected: &[&str],
) {
    let page = "# Notes\n\n## POST /notes\n\n### Request body\n\n\
                | Name | Required | Type | Description |\n|---|---|---|---|\n\
                | text | Yes | string | The text, of 1 to 30 characters. |\n\
                | colour | No | string | The colour: `red`, `green` or `blue`. |\n\n\
                ```json\n{\"text\": \"a\", \"colour\": \"red\"}\n```\n\n### Response 201\n\n\
                ```json\n{\"id\": \"n1\", \"text\": \"a\"}\n```\n\n### Response 400\n\nBad.\n\n\
                ## DELETE /notes/{note_id}\n\n### Response 204\n\nDone.\n\n### Response 404\n\nNone.\n";
    let (count, kept) = (AtomicUsize::new(0), Mutex::new(Vec::<String>::new()));
    let answer: Answer =
        Box::new(
            move |request| match (request.method.as_str(), parts(request)[..].as_ref()) {
                ("POST", ["notes"]) => {
                    let sent = body(request);
                    let length = sent["text"].as_str().map_or(0, |text| text.chars().count());
                    let colour = sent.get("colour").cloned().unwrap_or(json!("red"));
                    let is_right = (1..=30).contains(&length)
                        && [json!("red"), json!("green"), json!("blue")].contains(&colour);
                    if !is_right {
                        return refusal(400);
                    }
                    let turn = count.fetch_add(1, Ordering::SeqCst);
                    if wrong.is_empty() && turn % 3 == 1 || colour == json!(wrong) {
                        return Reply::json(500, &json!({ "error": "locked" }));
                    }
                    let id = format!("n{turn}");
                    kept.lock().unwrap().push(id.clone());
                    Reply::json(201, &json!({ "id": id, "text": sent["text"] }))
                }
                ("DELETE", ["notes", id]) => {
                    let mut kept = kept.lock().unwrap();
                    let before = kept.len();
                    kept.retain(|own| own != id);
                    Reply::json(if kept.len() < before { 204 } else { 404 }, &Value::Null)
                }
                (_, ["notes"] | ["notes", _]) => refusal(405),
                _ => refusal(404),
            },
        );
    let ran = try_page(page, &["--mode", "full"], answer);
    assert_eq!(ran.code, 1, "{}", ran.text);
    assert_eq!(ran.broken(), expected, "{}", ran.text);
}

/// A zone's name is shown with the dot of the root, and as no other name.
#[rstest]
#[case::with_the_dot("", ".", 0)]
#[case::another("x", ".", 1)]
fn a_name_with_the_dot_of_the_root_is_the_same(
    #[case] before: &'static str,
    #[case] after: &'static str,
    #[case] code: i32,
) {
    let row = "| name | Yes | string | The name of a zone. |\n";
    let answered = "\n```json\n{\"id\": \"z1\", \"name\": \"example.org\"}\n```\n";
    let page = format!(
        "# Zones\n\n## POST /zones\n\n### Request body\n\n\
         | Name | Required | Type | Description |\n|---|---|---|---|\n{row}\n\
         ```json\n{{\"name\": \"example.org\"}}\n```\n\n### Response 201\n{answered}\n\
         ### Response 400\n\nBad.\n\n## GET /zones/{{zone_id}}\n\n### Response 200\n{answered}\n\
         ### Response 404\n\nNone.\n\n## DELETE /zones/{{zone_id}}\n\n### Response 204\n\nDone.\n\n\
         ### Response 404\n\nNone.\n"
    );
    let kept: Mutex<BTreeMap<String, String>> = Mutex::default();
    let answer: Answer = Box::new(move |request| {
        let mut kept = kept.lock().unwrap();
        let is_label = |label: &str| {
            !label.is_empty()
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        match (request.method.as_str(), parts(request)[..].as_ref()) {
            ("POST", ["zones"]) => match body(request)["name"].as_str() {
                Some(name) if name.split('.').all(is_label) && name.len() < 64 => {
                    let id = format!("z{}", 1_000 + kept.len());
                    let name = format!("{before}{name}{after}");
                    kept.insert(id.clone(), name.clone());
                    Reply::json(201, &json!({ "id": id, "name": name }))
                }
                _ => refusal(400),
            },
            ("GET" | "HEAD", ["zones", id]) => {
                match kept.get(*id).filter(|name| !name.is_empty()) {
                    Some(name) => Reply::json(200, &json!({ "id": id, "name": name })),
                    None => refusal(404),
                }
            }
            ("DELETE", ["zones", id]) => match kept.get_mut(*id).filter(|name| !name.is_empty()) {
                Some(name) => {
                    name.clear();
                    Reply::json(204, &Value::Null)
                }
                None => refusal(404),
            },
            (_, ["zones"] | ["zones", _]) => refusal(405),
            _ => refusal(404),
        }
    });
    let ran = try_page(&page, &["--mode", "full"], answer);
    assert_eq!(ran.code, code, "{}", ran.text);
}

/// A row of a page's table of paths shows what is sent.
#[rstest]
#[case::takes_it(204, 0)]
#[case::refuses_it(422, 1)]
fn a_row_of_paths_shows_a_body(#[case] status: u16, #[case] code: i32) {
    let page = "<html><body><h1>Users</h1><table><thead><tr><th>GET</th><th>PUT</th><th>Path</th>\
        <th>Description</th></tr></thead><tbody><tr><td>X</td><td></td><td>/version</td><td>The \
        version.</td></tr><tr><td>X</td><td>X</td><td>/users/<i>name</i></td><td>A user. To PUT one, \
        you will need a body looking something like this:\n<pre>{\"secret\":\"a\",\"tags\":\"b\"}</pre>\
        <code>tags</code> are parted by commas.</td></tr></tbody></table></body></html>";
    let answer: Answer =
        Box::new(
            move |request| match (request.method.as_str(), parts(request)[..].as_ref()) {
                ("GET" | "HEAD", ["version"]) => Reply::json(200, &json!({ "version": "v1" })),
                ("GET" | "HEAD", ["users", "ann"]) => Reply::json(200, &json!({ "tags": "b" })),
                ("PUT", ["users", _])
                    if body(request)["tags"].is_string() && body(request)["secret"].is_string() =>
                {
                    if status == 204 {
                        Reply::json(status, &Value::Null)
                    } else {
                        refusal(status)
                    }
                }
                ("PUT", ["users", _]) => refusal(400),
                ("GET" | "HEAD", _) => refusal(404),
                (_, ["version"] | ["users", _]) => refusal(405),
                _ => refusal(404),
            },
        );
    let given = [
        "--mode",
        "full",
        "--set",
        "api.user_name=ann",
        "--allow-changes",
        "api",
    ];
    let ran = try_page(page, &given, answer);
    assert_eq!(ran.code, code, "{}", ran.text);
    let is_shown = |own: &Received| body(own) == json!({ "secret": "a", "tags": "b" });
    assert!(ran.received.iter().any(is_shown), "{}", ran.text);
}

/// A `PUT` may make what is not there, unless its page says that it refuses that.
#[rstest]
#[case::silent("", 0)]
#[case::says_so("\nReturns 404 if there is none.\n", 1)]
fn a_put_may_make_what_is_not_there(#[case] said: &str, #[case] code: i32) {
    let page = format!("# Rooms\n\n## PUT /rooms/{{name}}\n\nSets it up.\n{said}{VERSION}");
    let answer: Answer =
        Box::new(
            move |request| match (request.method.as_str(), parts(request)[..].as_ref()) {
                ("GET" | "HEAD", ["version"]) => Reply::json(200, &json!({ "version": "v1" })),
                ("PUT", ["rooms", name]) => {
                    Reply::json(if *name == "hall" { 204 } else { 201 }, &Value::Null)
                }
                ("GET" | "HEAD", ["rooms", _]) | (_, ["version"] | ["rooms", _]) => refusal(405),
                _ => refusal(404),
            },
        );
    let given = [
        "--mode",
        "full",
        "--set",
        "api.room_name=hall",
        "--allow-changes",
        "api",
    ];
    let ran = try_page(&page, &given, answer);
    assert_eq!(ran.code, code, "{}", ran.text);
}

/// The lines of a log may have a trace among them; no other answer shows one.
#[rstest]
#[case::log("/logs/error", "text/plain", 0)]
#[case::log_as_json("/logs/error", "application/json", 1)]
#[case::report("/report", "text/plain", 1)]
fn a_log_may_show_a_trace(
    #[case] path: &'static str,
    #[case] media: &'static str,
    #[case] code: i32,
) {
    let page = format!("# Logs\n\n## GET {path}\n\nReturns the lines of the last hour.\n{VERSION}");
    let version = one("GET", "/version", 200, json!({ "version": "v1" }));
    let answer: Answer = Box::new(move |request| match request.method.as_str() {
        "GET" | "HEAD" if request.target.split('?').next() == Some(path) => {
            let trace = "12:00 begun\nTraceback (most recent call last):\n  File \"/srv/main.py\", line 3, in run\n    go()\n";
            let mut reply = Reply::json(200, &Value::Null).with("Content-Type", media);
            reply.body = if media == "text/plain" {
                trace.as_bytes().to_vec()
            } else {
                json!({ "lines": trace }).to_string().into_bytes()
            };
            reply
        }
        _ if request.target.starts_with(path) => refusal(405),
        _ => version(request),
    });
    let ran = try_page(&page, &[], answer);
    assert_eq!(ran.code, code, "{}", ran.text);
}

/// What a read has for a body means nothing; what a write has does.
#[rstest]
#[case::read("get", 0)]
#[case::write("post", 1)]
fn a_body_of_a_read_may_be_anything(#[case] method: &str, #[case] code: i32) {
    let document = json!({ "openapi": "3.1.0", "info": { "title": "s", "version": "1" }, "paths": { "/search": {
        method: { "operationId": "search", "requestBody": { "required": true, "content": shown(&json!({ "q": "a" })) },
            "responses": { "200": { "description": "Found.", "content": shown(&json!({ "n": 1 })) },
                "400": { "description": "Wrong." } } } } } });
    let is_read = method == "get";
    let answer: Answer = Box::new(move |request| match request.method.as_str() {
        _ if parts(request) != ["search"] => refusal(404),
        "GET" | "HEAD" if is_read => Reply::json(200, &json!({ "n": 1 })),
        "POST" if !is_read => Reply::json(200, &json!({ "n": 1 })),
        _ => refusal(405),
    });
    let (was, told) = try_document(
        &document,
        &["--mode", "full", "--allow-changes", "s"],
        answer,
    );
    assert_eq!(was, code, "{told}");
}

/// What the example of a create has protected is not removed, as is documented; what it has not, is.
#[rstest]
#[case::protected(true, 0)]
#[case::free(false, 1)]
fn what_an_example_protects_may_stay(#[case] is_protected: bool, #[case] code: i32) {
    let thing = json!({ "id": "i1", "protected": is_protected });
    let told = |said: &str| json!({ "description": said });
    let document = json!({ "openapi": "3.1.0", "info": { "title": "i", "version": "1" }, "paths": {
        "/images": { "post": { "operationId": "make",
            "requestBody": { "required": true, "content": shown(&json!({ "name": "a", "protected": is_protected })) },
            "responses": { "201": { "description": "Made.", "content": shown(&thing) }, "400": told("Wrong.") } } },
        "/images/{image_id}": {
            "parameters": [{ "name": "image_id", "in": "path", "required": true, "schema": { "type": "string" } }],
            "get": { "operationId": "show", "responses": { "200": { "description": "It.", "content": shown(&thing) }, "404": told("None.") } },
            "delete": { "operationId": "remove", "responses": { "204": told("Gone."), "403": told("Protected."), "404": told("None.") } } } } });
    let kept: Mutex<Vec<bool>> = Mutex::default();
    let answer: Answer = Box::new(move |request| {
        let mut kept = kept.lock().unwrap();
        let known = |id: &str| id.strip_prefix('i')?.parse::<usize>().ok();
        match (request.method.as_str(), parts(request)[..].as_ref()) {
            ("POST", ["images"]) => {
                let sent = body(request);
                let Some(own) = sent["protected"]
                    .as_bool()
                    .filter(|_| sent["name"].is_string())
                else {
                    return refusal(400);
                };
                kept.push(own);
                Reply::json(
                    201,
                    &json!({ "id": format!("i{}", kept.len() - 1), "protected": own }),
                )
            }
            ("GET" | "HEAD" | "DELETE", ["images", id]) => {
                match known(id).and_then(|at| kept.get(at)) {
                    Some(_) if request.method == "DELETE" => refusal(403),
                    Some(own) => Reply::json(200, &json!({ "id": id, "protected": own })),
                    None => refusal(404),
                }
            }
            (_, ["images"] | ["images", _]) => refusal(405),
            _ => refusal(404),
        }
    });
    let (was, told) = try_document(&document, &["--mode", "full"], answer);
    assert_eq!(was, code, "{told}");
}
