//! What stands within a thing and what the thing is: a time that the service sets within an object
//! that is sent, the id of another thing that an answer shows, a name that the path has too, one of
//! several kinds within a whole. Mocks of such documents are right, and so are servers of them.

use std::sync::Mutex;

use rstest::rstest;
use serde_json::{Map, Value, json};

use super::by_the_letter::{answer, document, refusal, refused, run};
use super::support::docproof;
use super::support::{Received, Reply};

fn body(schema: &Value) -> Value {
    json!({ "required": true, "content": { "application/json": { "schema": schema } } })
}

fn object(required: &Value, fields: &Value) -> Value {
    json!({ "type": "object", "required": required, "properties": fields })
}

fn in_path(names: &[&str]) -> Value {
    let named = names.iter().map(|name| {
        json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
    });
    named.collect()
}

fn text() -> Value {
    json!({ "type": "string" })
}

/// A club is made for a member, whose name the path calls as the body calls that of the club; what
/// the answer takes of a motto is shorter than what the request may say.
fn called_as_in_the_path() -> Value {
    let sent = object(
        &json!(["name"]),
        &json!({ "name": text(), "motto": { "type": "string", "maxLength": 60 } }),
    );
    let told = object(
        &json!(["id", "name"]),
        &json!({ "id": { "type": "integer" }, "name": text(), "motto": { "type": "string", "maxLength": 5 } }),
    );
    json!({ "/members/{name}/clubs": { "post": {
        "operationId": "addClub", "parameters": in_path(&["name"]), "requestBody": body(&sent),
        "responses": { "201": answer(&told), "4XX": refused() },
    } } })
}

/// A thing has parts in an object of their own, and the service sets one of them.
fn set_within() -> Value {
    let stage = object(
        &json!([]),
        &json!({ "id": { "type": "string", "readOnly": true }, "properties": object(&json!([]), &json!({
            "mode": text(), "created": { "type": "string", "format": "date-time", "readOnly": true },
        })) }),
    );
    json!({ "/stages/{stage}": {
        "parameters": in_path(&["stage"]),
        "get": { "operationId": "getStage", "responses": { "200": answer(&stage), "4XX": refused() } },
        "put": {
            "operationId": "putStage", "requestBody": body(&stage),
            "responses": { "200": answer(&stage), "201": answer(&stage), "4XX": refused() },
        },
    } })
}

/// What is done to a thing says what it says of something else, and is answered so.
fn an_act_of_its_own() -> Value {
    let pool = object(
        &json!([]),
        &json!({ "id": text(), "kind": text(), "properties": object(&json!([]), &json!({ "count": { "type": "integer" } })) }),
    );
    let house = object(&json!(["id"]), &json!({ "id": text(), "note": text() }));
    json!({
        "/houses": { "post": { "operationId": "addHouse", "responses": {
            "201": answer(&house), "4XX": refused() } } },
        "/houses/{house_id}": { "get": {
            "operationId": "getHouse", "parameters": in_path(&["house_id"]),
            "responses": { "200": answer(&house), "4XX": refused() },
        } },
        "/houses/{house_id}/pools/first": { "put": {
            "operationId": "fill", "parameters": in_path(&["house_id"]), "requestBody": body(&pool),
            "responses": { "200": answer(&pool), "4XX": refused() },
        } },
    })
}

/// A page of a list has at least one item, and markers may be longer than servers take.
fn never_empty() -> Value {
    let event = object(&json!(["id"]), &json!({ "id": text() }));
    let list = json!({ "type": "array", "items": event, "minItems": 1 });
    let events = object(
        &json!(["events"]),
        &json!({ "events": list, "nextToken": text() }),
    );
    let token = json!({
        "name": "nextToken", "in": "query", "schema": { "type": "string", "minLength": 1, "maxLength": 2000 },
    });
    json!({ "/events": {
        "post": { "operationId": "addEvent", "responses": { "201": answer(&event), "4XX": refused() } },
        "get": {
            "operationId": "listEvents", "parameters": [token],
            "responses": { "200": answer(&events), "4XX": refused() },
        },
    } })
}

#[rstest]
#[case::called_as_in_the_path(called_as_in_the_path())]
#[case::set_within(set_within())]
#[case::an_act_of_its_own(an_act_of_its_own())]
#[case::never_empty(never_empty())]
fn the_mock_of_a_document_has_no_finding(#[case] paths: Value) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document(&paths).to_string()).unwrap();
    let told = docproof(folder.path(), ["run", "api.json"]);
    assert_eq!(told.code, 0, "{}", told.text());
}

/// Two names of schemes that both are a bearer's token: one token is what both ask for.
#[test]
fn one_token_is_sent_for_two_names_of_it() {
    let thing = object(&json!(["id"]), &json!({ "id": text() }));
    let mut document = document(&json!({ "/things": { "get": {
        "operationId": "listThings", "security": [{ "code": ["read"], "implicit": ["read"] }],
        "responses": { "200": answer(&json!({ "type": "array", "items": thing })), "4XX": refused() },
    } } }));
    let flow = |name: &str| {
        json!({ "type": "oauth2", "flows": { (name): {
            "authorizationUrl": "https://example.com/a", "tokenUrl": "https://example.com/t",
            "scopes": { "read": "Reads." },
        } } })
    };
    document["components"] = json!({ "securitySchemes": {
        "code": flow("authorizationCode"), "implicit": flow("implicit"),
    } });
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document.to_string()).unwrap();
    let told = docproof(folder.path(), ["run", "api.json", "-v", "::auth::"]);
    assert_eq!(told.code, 0, "{}", told.text());
    assert!(
        told.text()
            .contains("passed   yard::listThings::auth::absent"),
        "{}",
        told.text()
    );
}

fn sent(request: &Received) -> Option<Map<String, Value>> {
    serde_json::from_slice(&request.body).ok()
}

/// Several are made by one author, who has an id before theirs; each has an id of its own, or not.
#[rstest]
#[case::own_ids(true, &[])]
#[case::one_id(false, &["yard::addRelease::relation::echo::unique"])]
fn an_author_is_not_what_is_made(#[case] has_own: bool, #[case] expected: &[&str]) {
    let number = json!({ "type": "integer" });
    let author = object(&json!(["id"]), &json!({ "id": number, "login": text() }));
    let told = object(
        &json!(["author", "id", "tag"]),
        &json!({ "author": author, "id": number, "tag": text() }),
    );
    let sent_body = object(&json!(["tag"]), &json!({ "tag": text() }));
    let paths = json!({ "/releases": { "post": {
        "operationId": "addRelease", "requestBody": body(&sent_body),
        "responses": { "201": answer(&told), "400": refused() },
    } } });
    let made = Mutex::new(0);
    let (_, facts, text) = run(&document(&paths), move |request: &Received| {
        match (request.method.as_str(), request.target.as_str()) {
            ("POST", "/releases") => {
                let tag =
                    sent(request).and_then(|sent| Some(sent.get("tag")?.as_str()?.to_owned()));
                let Some(tag) = tag else { return refusal(400) };
                let mut made = made.lock().unwrap();
                *made += i64::from(has_own || *made == 0);
                let author = json!({ "id": 1, "login": "ada" });
                Reply::json(201, &json!({ "author": author, "id": *made, "tag": tag }))
            }
            (_, "/releases") => refusal(405).with("Allow", "POST"),
            _ => refusal(404),
        }
    });
    assert_eq!(facts, expected, "{text}");
}

/// A drawing whose shape is of one of two kinds.
fn drawings() -> Value {
    let shape = json!({ "oneOf": [
        object(&json!(["kind", "radius"]), &json!({ "kind": { "enum": ["circle"], "type": "string" },
            "radius": { "type": "integer", "minimum": 1 } })),
        object(&json!(["kind", "width"]), &json!({ "kind": { "enum": ["box"], "type": "string" },
            "width": { "type": "integer", "minimum": 1 } })),
    ] });
    let fields = json!({ "title": { "type": "string", "minLength": 1 }, "shape": shape });
    let sent = object(&json!(["title", "shape"]), &fields);
    let mut told = object(&json!(["id", "title", "shape"]), &fields);
    told["properties"]["id"] = json!({ "type": "integer" });
    let id = json!([{ "name": "drawing_id", "in": "path", "required": true, "schema": { "type": "integer" } }]);
    json!({
        "/drawings": { "post": {
            "operationId": "draw", "requestBody": body(&sent),
            "responses": { "201": answer(&told), "400": refused() },
        } },
        "/drawings/{drawing_id}": {
            "parameters": id,
            "get": { "operationId": "show", "responses": { "200": answer(&told), "404": refused() } },
            "put": {
                "operationId": "redraw", "requestBody": body(&sent),
                "responses": { "200": answer(&told), "400": refused(), "404": refused() },
            },
        },
    })
}

/// Whether a body is a drawing as documented.
fn is_drawing(body: &Map<String, Value>) -> bool {
    let size = |name: &str| body["shape"][name].as_i64().is_some_and(|size| size >= 1);
    let is_shape = body
        .get("shape")
        .is_some_and(|shape| match shape["kind"].as_str() {
            Some("circle") => size("radius"),
            Some("box") => size("width"),
            _ => false,
        });
    let title = body.get("title").and_then(Value::as_str);
    is_shape && title.is_some_and(|title| !title.is_empty())
}

#[rstest]
#[case::right("", &[])]
#[case::of_no_kind("kind", &["yard::draw::response-201.shape::enum"])]
#[case::not_kept("lost", &["yard::redraw::relation::echo::same"])]
fn a_shape_is_told_as_it_is(#[case] wrong: &'static str, #[case] expected: &[&str]) {
    let kept: Mutex<Vec<Map<String, Value>>> = Mutex::default();
    let told = move |drawing: &Map<String, Value>| {
        let mut drawing = Value::Object(drawing.clone());
        if wrong == "kind" {
            drawing["shape"]["kind"] = json!("blob");
        }
        drawing
    };
    let (_, facts, text) = run(&document(&drawings()), move |request: &Received| {
        let mut kept = kept.lock().unwrap();
        let drawn = || sent(request).filter(is_drawing);
        let target = request.target.as_str();
        if target == "/drawings" {
            if request.method != "POST" {
                return refusal(405).with("Allow", "POST");
            }
            let Some(mut drawing) = drawn() else {
                return refusal(400);
            };
            drawing.insert("id".to_owned(), json!(kept.len()));
            kept.push(drawing.clone());
            return Reply::json(201, &told(&drawing));
        }
        let id = target
            .strip_prefix("/drawings/")
            .and_then(|id| id.parse::<usize>().ok());
        let Some(known) = id.and_then(|id| kept.get_mut(id)) else {
            return refusal(404);
        };
        match request.method.as_str() {
            "GET" => Reply::json(200, &told(known)),
            "PUT" => {
                let Some(mut drawing) = drawn() else {
                    return refusal(400);
                };
                if wrong != "lost" {
                    drawing.insert("id".to_owned(), known["id"].clone());
                    known.clone_from(&drawing);
                }
                Reply::json(200, &told(known))
            }
            _ => refusal(405).with("Allow", "GET, PUT"),
        }
    });
    assert_eq!(facts, expected, "{text}");
}

/// Who reads the first value of a body alone reads a whole body, whatever follows it; who takes a
/// part of one, or no value at all, does not.
#[rstest]
#[case::first_value(false, &[])]
#[case::anything(true, &["yard::addNote::request::malformed"])]
fn what_follows_a_whole_body_may_be_left_aside(#[case] takes_all: bool, #[case] expected: &[&str]) {
    let fields = json!({ "note": { "type": "string", "minLength": 1 } });
    let note = object(&json!(["note"]), &fields);
    let told = object(&json!(["id"]), &json!({ "id": { "type": "integer" } }));
    let paths = json!({ "/notes": { "post": {
        "operationId": "addNote", "requestBody": body(&note),
        "responses": { "201": answer(&told), "400": refused() },
    } } });
    let made = Mutex::new(0);
    let (_, facts, text) = run(&document(&paths), move |request: &Received| {
        match (request.method.as_str(), request.target.as_str()) {
            ("POST", "/notes") => {
                let values = serde_json::Deserializer::from_slice(&request.body);
                let first = values.into_iter::<Value>().next();
                let read = first.and_then(Result::ok);
                let is_broken = read.is_none() && !request.body.is_empty();
                let is_note = read
                    .is_some_and(|read| read["note"].as_str().is_some_and(|note| !note.is_empty()));
                if !(is_note || takes_all && is_broken) {
                    return refusal(400);
                }
                let mut made = made.lock().unwrap();
                *made += 1;
                Reply::json(201, &json!({ "id": *made }))
            }
            (_, "/notes") => refusal(405).with("Allow", "POST"),
            _ => refusal(404),
        }
    });
    assert_eq!(facts, expected, "{text}");
}

/// A JSON Patch names fields of what it changes: one that is made up from its schema names none, and
/// is refused by a right server, which holds to what the document says of its form.
#[rstest]
#[case::right("", 0)]
#[case::takes_no_list("takes", 1)]
fn a_patch_that_is_made_up_proves_nothing(#[case] wrong: &'static str, #[case] code: i32) {
    let text = json!({ "type": "string", "nullable": true });
    let step = object(
        &json!([]),
        &json!({ "op": text, "path": text, "from": text, "value": {} }),
    );
    let patch = json!({ "type": "array", "items": step });
    let told = object(
        &json!(["id", "title"]),
        &json!({ "id": { "type": "integer" }, "title": { "type": "string" } }),
    );
    let sent_body = object(&json!(["title"]), &json!({ "title": { "type": "string" } }));
    let id = json!([{ "name": "task_id", "in": "path", "required": true, "schema": { "type": "integer" } }]);
    let document = document(&json!({
        "/tasks": { "post": {
            "operationId": "addTask", "requestBody": body(&sent_body),
            "responses": { "201": answer(&told), "400": refused() },
        } },
        "/tasks/{task_id}": {
            "parameters": id,
            "get": { "operationId": "getTask", "responses": { "200": answer(&told), "404": refused() } },
            "patch": {
                "operationId": "patchTask",
                "requestBody": { "required": true, "content": {
                    "application/json-patch+json": { "schema": patch } } },
                "responses": {
                    "204": { "description": "Done." }, "400": refused(), "404": refused() },
            },
        },
    }));
    let kept: Mutex<Vec<Value>> = Mutex::default();
    let (found, _, text) = run(&document, move |request: &Received| {
        let mut kept = kept.lock().unwrap();
        if request.target == "/tasks" {
            if request.method != "POST" {
                return refusal(405).with("Allow", "POST");
            }
            let title = sent(request).and_then(|sent| sent.get("title").cloned());
            let Some(title) = title.filter(Value::is_string) else {
                return refusal(400);
            };
            let task = json!({ "id": kept.len(), "title": title });
            kept.push(task.clone());
            return Reply::json(201, &task);
        }
        let id = request.target.strip_prefix("/tasks/");
        let id = id.and_then(|id| id.parse::<usize>().ok());
        let Some(task) = id.and_then(|id| kept.get_mut(id)) else {
            return refusal(404);
        };
        match request.method.as_str() {
            "GET" => Reply::json(200, task),
            "PATCH" => {
                let steps = serde_json::from_slice::<Value>(&request.body);
                let steps = steps.ok().and_then(|steps| steps.as_array().cloned());
                let is_step = |step: &Value| {
                    step["op"] == "replace" && step["path"] == "/title" && step["value"].is_string()
                };
                match steps {
                    Some(steps) if steps.iter().all(is_step) => {
                        for step in steps {
                            task["title"] = step["value"].clone();
                        }
                        Reply::json(204, &Value::Null)
                    }
                    None if wrong == "takes" => Reply::json(204, &Value::Null),
                    _ => refusal(400),
                }
            }
            _ => refusal(405).with("Allow", "GET, PATCH"),
        }
    });
    assert_eq!(found, code, "{text}");
}
