//! What frameworks make of a text that is no id of the documented form: a 400 that nobody lists, or
//! the router's own 404. Both are right; an id of the form that nobody has is held to the document.

use rstest::rstest;
use serde_json::{Value, json};

use super::by_the_letter::{answer, document, refusal, refused, run};
use super::support::{Received, Reply};

fn boxes(id: &Value) -> Value {
    let item = json!({ "type": "object", "required": ["id"], "properties": { "id": id } });
    let id = json!([{ "name": "id", "in": "path", "required": true, "schema": id }]);
    document(&json!({
        "/boxes": { "get": { "operationId": "listBoxes", "responses": {
            "200": answer(&json!({ "type": "array", "items": item })) } } },
        "/boxes/{id}": { "parameters": id, "get": { "operationId": "showBox", "responses": {
            "200": answer(&item), "404": refused() } } },
    }))
}

/// How a server meets what is no id, and one that it does not have.
fn shows(request: &Received, id: &Value, is_id: fn(&str) -> bool, way: &str) -> Reply {
    let path = request.target.split('?').next().unwrap();
    let page = || Reply {
        status: 404,
        headers: vec![("Content-Type".to_owned(), "text/html".to_owned())],
        body: b"<h1>Not Found</h1>".to_vec(),
        ..refusal(404)
    };
    if request.method != "GET" {
        return refusal(405).with("Allow", "GET");
    }
    match path.strip_prefix("/boxes") {
        Some("") => Reply::json(200, &json!([{ "id": id }])),
        Some(rest) if rest.starts_with('/') => {
            let text = rest.trim_start_matches('/');
            let own = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
            match (is_id(text), text == own) {
                (true, true) => Reply::json(200, &json!({ "id": id })),
                (true, false) if way == "wrong" => refusal(400),
                (true, false) if way == "page" => page(),
                (true, false) => refusal(404),
                (false, _) if way == "router" => page(),
                (false, _) => refusal(400),
            }
        }
        _ => refusal(404),
    }
}

fn is_number(text: &str) -> bool {
    text.parse::<i64>().is_ok()
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36 && text.bytes().filter(|byte| *byte == b'-').count() == 4
}

#[rstest]
#[case::of_type("validation", 0)]
#[case::of_router("router", 0)]
#[case::a_wrong_status_for_an_id("wrong", 1)]
#[case::a_wrong_body_for_an_id("page", 1)]
fn what_is_no_id_is_refused_as_the_framework_does(
    #[case] way: &'static str,
    #[case] code: i32,
    #[values(true, false)] counts: bool,
) {
    let (schema, id, is_id): (Value, Value, fn(&str) -> bool) = if counts {
        (
            json!({ "type": "integer", "format": "int64" }),
            json!(7),
            is_number,
        )
    } else {
        let id = json!("5b6cbcc1-7d4e-4c52-9f5f-2f6f5f3b7a11");
        (json!({ "type": "string", "format": "uuid" }), id, is_uuid)
    };
    let (exit, facts, text) = run(&boxes(&schema), move |request| {
        shows(request, &id, is_id, way)
    });
    assert_eq!(exit, code, "{facts:?} {text}");
    let is_of_unknown = |fact: &String| fact.starts_with("yard::showBox::response-404");
    assert!(facts.iter().all(is_of_unknown), "{facts:?}");
}

/// Items of two kinds, and what a list of one kind shows.
fn kinds(asked: Option<&str>, way: &str) -> Reply {
    let all = ["Low", "High", "Low"];
    let is_known = |asked: &str| ["Low", "High"].contains(&asked);
    let is_wanted = |kind: &&str| match asked {
        None => true,
        Some(asked) if way == "ignores" => !is_known(asked) || asked == *kind,
        Some(asked) => asked.eq_ignore_ascii_case(kind),
    };
    let is_taken = asked.is_none_or(|asked| {
        is_known(asked)
            || way == "ignores"
            || way == "kind" && all.iter().any(|kind| kind.eq_ignore_ascii_case(asked))
    });
    if !is_taken {
        return refusal(400);
    }
    let shown = all.iter().filter(|kind| is_wanted(kind));
    Reply::json(200, &shown.map(|kind| json!({ "kind": kind })).collect())
}

#[rstest]
#[case::strict("strict", 0)]
#[case::in_either_case("kind", 0)]
#[case::whatever_is_asked("ignores", 1)]
fn a_listed_value_of_a_query_may_be_taken_in_either_case(
    #[case] way: &'static str,
    #[case] code: i32,
) {
    let kind = json!({ "type": "string", "enum": ["Low", "High"] });
    let item = json!({ "type": "object", "required": ["kind"], "properties": { "kind": kind } });
    let document = document(&json!({ "/boxes": { "get": {
        "operationId": "listBoxes",
        "parameters": [{ "name": "kind", "in": "query", "schema": kind }],
        "responses": { "200": answer(&json!({ "type": "array", "items": item })),
            "400": refused() },
    } } }));
    let (exit, facts, text) = run(&document, move |request| {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        let asked = pairs.find(|(name, _)| name == "kind");
        let asked = asked.map(|(_, text)| text.into_owned());
        match path {
            _ if request.method != "GET" => refusal(405).with("Allow", "GET"),
            "/boxes" => kinds(asked.as_deref(), way),
            _ => refusal(404),
        }
    });
    assert_eq!(exit, code, "{text}");
    let expected: &[&str] = if code == 0 {
        &[]
    } else {
        &["yard::listBoxes::query.kind::enum"]
    };
    assert_eq!(facts, expected, "{text}");
}
