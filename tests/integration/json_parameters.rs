//! Parameters that are JSON texts (OpenAPI's `content`): each field of one is tried as a field of a
//! body is. A right server is silent, each breach is found, and the document is exported as it was.

use rstest::rstest;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::by_the_letter::{answer, document, refusal, refused, run};
use super::support::{Received, Reply, docproof};

/// What a search is narrowed by.
fn narrowing() -> Value {
    json!({
        "type": "object", "required": ["least"], "additionalProperties": false,
        "properties": {
            "least": { "type": "integer", "minimum": 0, "maximum": 100 },
            "colour": { "type": "string", "enum": ["red", "blue"] },
            "near": { "type": "object", "required": ["lat"], "properties": {
                "lat": { "type": "number", "minimum": -90, "maximum": 90 } } },
        },
    })
}

/// Which columns are shown.
fn columns() -> Value {
    json!({ "type": "array", "maxItems": 2, "items": { "type": "string", "enum": ["a", "b"] } })
}

fn search() -> Value {
    let text = |schema: Value| json!({ "application/json": { "schema": schema } });
    let found = json!({ "type": "object", "required": ["count"],
        "properties": { "count": { "type": "integer" } } });
    document(&json!({ "/boxes": { "get": {
        "operationId": "findBoxes",
        "parameters": [
            { "name": "filter", "in": "query", "required": true, "content": text(narrowing()) },
            { "name": "X-Columns", "in": "header", "content": text(columns()) },
        ],
        "responses": { "200": answer(&found), "400": refused() },
    } } }))
}

/// Answers as it is asked, by the rules of both parameters.
fn finds(request: &Received, filter: &Value, columns: &Value) -> Reply {
    let (path, query) = request
        .target
        .split_once('?')
        .unwrap_or((&request.target, ""));
    if path != "/boxes" {
        return refusal(404);
    }
    if request.method != "GET" {
        return refusal(405).with("Allow", "GET");
    }
    let keeps = |text: &str, schema: &Value| {
        let value = serde_json::from_str::<Value>(text).ok();
        value.is_some_and(|value| jsonschema::is_valid(schema, &value))
    };
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let given = pairs.find(|(name, _)| name == "filter");
    let is_right = match given {
        Some((_, text)) => keeps(&text, filter),
        None => filter == &json!({}),
    };
    let of_header = request.header("x-columns");
    if is_right && of_header.is_none_or(|text| keeps(text, columns)) {
        Reply::json(200, &json!({ "count": 3 }))
    } else {
        refusal(400)
    }
}

#[rstest]
#[case::bound("/properties/least/maximum", "query.filter.least::maximum")]
#[case::listed("/properties/colour/enum", "query.filter.colour::enum")]
#[case::within("/properties/near/required", "query.filter.near.lat::required")]
#[case::type_of_within("/properties/near/properties/lat/type", "query.filter.near.lat::type")]
#[case::more_fields("/additionalProperties", "query.filter::additionalProperties")]
fn each_field_of_a_json_text_is_tried(#[case] rule: &str, #[case] fact: &str) {
    let (code, facts, text) = run(&search(), |request| {
        finds(request, &narrowing(), &columns())
    });
    assert_eq!((code, facts.len()), (0, 0), "{text}");
    let mut wrong = narrowing();
    let (above, word) = rule.rsplit_once('/').unwrap();
    let holder = wrong.pointer_mut(above).unwrap().as_object_mut().unwrap();
    assert!(holder.shift_remove(word).is_some());
    let (code, facts, text) = run(&search(), move |request| finds(request, &wrong, &columns()));
    assert_eq!(code, 1, "{text}");
    assert_eq!(facts, [format!("yard::findBoxes::{fact}")], "{text}");
}

#[test]
fn a_json_text_in_a_header_is_tried() {
    let mut wrong = columns();
    wrong.as_object_mut().unwrap().shift_remove("maxItems");
    let (code, facts, text) = run(&search(), move |request| {
        finds(request, &narrowing(), &wrong)
    });
    assert_eq!(code, 1, "{text}");
    assert_eq!(facts, ["yard::findBoxes::header.X-Columns::maxItems"]);
}

#[test]
fn what_has_to_be_sent_is_sent() {
    let (code, facts, text) = run(&search(), |request| finds(request, &json!({}), &columns()));
    assert_eq!(code, 1, "{text}");
    assert!(
        facts.contains(&"yard::findBoxes::query.filter::required".to_owned()),
        "{facts:?}"
    );
}

/// The mock holds the parameter, the selftest catches it where it does not, and what is exported is
/// `content` again.
#[test]
fn the_mock_and_the_export_have_it_too() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    std::fs::write(at.join("api.json"), search().to_string()).unwrap();
    let told = docproof(at, ["run", "api.json"]);
    assert_eq!(told.code, 0, "{}", told.text());
    assert_eq!(docproof(at, ["init", "suite", "api.json"]).code, 0);
    let fault = "yard::findBoxes::query.filter.least::maximum::accepted";
    let told = docproof(at, ["selftest", "--suite", "suite", "--fault", fault]);
    assert!(told.text().contains("1 of 1"), "{}", told.text());
    let told = docproof(at, ["export", "yard", "--suite", "suite"]);
    let exported: Value = serde_json::from_str(&told.out).unwrap();
    let parameter = exported.pointer("/paths/~1boxes/get/parameters/0").unwrap();
    assert!(parameter.get("schema").is_none(), "{parameter}");
    let schema = parameter
        .pointer("/content/application~1json/schema")
        .unwrap();
    assert_eq!(schema["required"], json!(["least"]));
}
