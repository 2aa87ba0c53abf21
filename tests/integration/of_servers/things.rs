//! Things: what was given is let alone, and what the run made is known by what it sent.

use std::collections::BTreeMap;
use std::sync::Mutex;

use rstest::rstest;
use serde_json::{Value, json};

use super::{body, parts, permitted, refusal, shown, try_document};
use crate::in_the_field::VERSION;
use crate::support::small::{Answer, try_page};
use crate::support::{Received, Reply};

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
    let given = permitted("api.thing_id=lamp");
    let ran = try_page(page, &given, answer);
    assert_eq!(ran.code, code, "{}", ran.text);
    let of_given = |own: &&Received| own.target.split('?').next() == Some("/things/lamp");
    let mut writes = ran.received.iter().filter(of_given);
    let is_documented = |own: &Received| matches!(own.method.as_str(), "GET" | "HEAD" | "POST");
    assert!(writes.all(is_documented), "{}", ran.text);
    let mut sent = ran.received.iter();
    assert!(sent.any(|own| own.method == "DELETE"), "{}", ran.text);
}

/// Nobody permits by what a page says of a list that all of it is taken away.
#[test]
fn an_undocumented_method_takes_no_list_away() {
    let page = "# Things\n\n## GET /things\n\nLists them.\n\n\
                ```json\n{\"things\": []}\n```\n\nReturns 200.\n";
    let answer: Answer = Box::new(|request| match request.method.as_str() {
        "GET" | "HEAD" if parts(request) == ["things"] => {
            Reply::json(200, &json!({ "things": [] }))
        }
        "GET" | "HEAD" => refusal(404),
        _ => refusal(405),
    });
    let all = ["--mode", "full", "--allow-changes", "api"];
    let ran = try_page(page, &all, answer);
    assert_eq!(ran.code, 0, "{}", ran.text);
    let was_sent = |method: &str| ran.received.iter().any(|own| own.method == method);
    assert!(was_sent("PUT"), "{}", ran.text);
    assert!(!was_sent("DELETE") && !was_sent("PATCH"), "{}", ran.text);
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
    let given = permitted("api.room_name=hall");
    let ran = try_page(&page, &given, answer);
    assert_eq!(ran.code, code, "{}", ran.text);
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

/// What changes all that there is may take what was given away.
#[rstest]
#[case::taken_away(&["routes"], 0)]
#[case::never_there(&[], 1)]
fn what_was_given_may_be_lost(#[case] before: &'static [&'static str], #[case] code: i32) {
    let page = "# Set-up\n\n## POST /load\n\nReplaces all of it.\n\n### Request body\n\n\
                | Name | Required | Type | Description |\n|---|---|---|---|\n\
                | routes | Yes | object | The routes. |\n\n```json\n{\"routes\": {}}\n```\n\n\
                ### Response 200\n\n```json\n{\"ok\": true}\n```\n\n### Response 400\n\nBad.\n\n\
                ## GET /routes/{route_id}\n\n### Response 200\n\n```json\n{\"path\": \"/a\"}\n```\n\n\
                ### Response 404\n\nNone.\n";
    let there = Mutex::new(!before.is_empty());
    let answer: Answer =
        Box::new(
            move |request| match (request.method.as_str(), parts(request)[..].as_ref()) {
                ("POST", ["load"]) if body(request)["routes"].is_object() => {
                    *there.lock().unwrap() = false;
                    Reply::json(200, &json!({ "ok": true }))
                }
                ("POST", ["load"]) => refusal(400),
                ("GET" | "HEAD", ["routes", "r1"]) if *there.lock().unwrap() => {
                    Reply::json(200, &json!({ "path": "/a" }))
                }
                ("GET" | "HEAD", ["routes", _]) => refusal(404),
                (_, ["load"] | ["routes", _]) => refusal(405),
                _ => refusal(404),
            },
        );
    let given = [&permitted("api.route_id=r1")[..], &["-j", "1"]].concat();
    let ran = try_page(page, &given, answer);
    assert_eq!(ran.code, code, "{}", ran.text);
}
