//! Rules that are about a value as a whole: of each, a request that keeps it and one that breaks it
//! and nothing else are sent. A server that holds it has no finding, one that does not has one, of
//! that fact; the mock of the document holds it, and the selftest shows that the trial can fail.

use rstest::rstest;
use serde_json::{Value, json};

use super::by_the_letter::{boxes, run, takes};
use super::support::docproof;

/// An object of some fields, with a rule.
fn object(rule: &Value) -> Value {
    let mut schema = json!({
        "type": "object",
        "required": ["kind"],
        "properties": {
            "kind": { "type": "string", "enum": ["card", "cash"] },
            "number": { "type": "string", "pattern": "^[0-9]{4,8}$" },
            "note": { "type": "string", "maxLength": 40 },
            "size": { "type": "integer", "minimum": 1, "maximum": 9 },
        },
    });
    schema
        .as_object_mut()
        .unwrap()
        .extend(rule.as_object().unwrap().clone());
    schema
}

/// An object whose one field is a list, with a rule.
fn list(rule: &Value) -> Value {
    let mut schema = json!({ "type": "array", "maxItems": 6 });
    schema
        .as_object_mut()
        .unwrap()
        .extend(rule.as_object().unwrap().clone());
    json!({ "type": "object", "required": ["list"], "properties": { "list": schema } })
}

/// A map of numbers, with a rule.
fn map(rule: &Value) -> Value {
    let mut schema = json!({ "type": "object", "additionalProperties": { "type": "integer", "minimum": 1, "maximum": 9 } });
    schema
        .as_object_mut()
        .unwrap()
        .extend(rule.as_object().unwrap().clone());
    json!({ "type": "object", "required": ["map"], "properties": { "map": schema } })
}

/// The rule in an object within the body, which is a schema of its own.
fn within(rule: &Value) -> Value {
    json!({ "type": "object", "required": ["o"], "properties": { "o": object(rule) } })
}

/// Each rule, where it stands, and the fact that it is.
fn rules() -> Vec<(Value, &'static str, &'static str)> {
    let needed = json!({ "dependentRequired": { "number": ["note"] } });
    let of_card = json!({
        "if": { "properties": { "kind": { "const": "card" } }, "required": ["kind"] },
        "then": { "required": ["number"] },
        "else": { "properties": { "number": false } },
    });
    let of_size = json!({
        "if": { "properties": { "size": { "minimum": 5 } }, "required": ["size"] },
        "then": { "properties": { "note": { "maxLength": 5 } }, "required": ["note"] },
    });
    let pair = json!([{ "type": "integer" }, { "type": "string", "maxLength": 5 }]);
    let held = json!({ "type": "string", "enum": ["head", "body"] });
    let texts = json!({ "type": "string" });
    vec![
        (
            object(&needed),
            "/dependentRequired",
            "request::dependentRequired",
        ),
        (
            within(&needed),
            "/properties/o/dependentRequired",
            "request.o::dependentRequired",
        ),
        (object(&of_card), "/if", "request::if"),
        (within(&of_size), "/properties/o/if", "request.o::if"),
        (
            object(&json!({ "not": { "required": ["note", "size"] } })),
            "/not",
            "request::not",
        ),
        (
            json!({ "type": "object", "required": ["n"], "properties": {
                "n": { "type": "integer", "not": { "enum": [3, 5] } },
            } }),
            "/properties/n/not",
            "request.n::not",
        ),
        (
            list(&json!({ "prefixItems": pair, "minItems": 2 })),
            "/properties/list/prefixItems",
            "request.list::prefixItems",
        ),
        (
            list(&json!({ "items": texts, "contains": held })),
            "/properties/list/contains",
            "request.list::contains",
        ),
        (
            list(&json!({ "items": texts, "contains": held, "minContains": 2 })),
            "/properties/list/minContains",
            "request.list::minContains",
        ),
        (
            map(&json!({ "propertyNames": { "pattern": "^[a-z]{2,6}$" } })),
            "/properties/map/propertyNames",
            "request.map::propertyNames",
        ),
        (
            map(&json!({ "minProperties": 2 })),
            "/properties/map/minProperties",
            "request.map::minProperties",
        ),
        (
            map(&json!({ "maxProperties": 3 })),
            "/properties/map/maxProperties",
            "request.map::maxProperties",
        ),
        (
            object(&json!({ "minProperties": 2 })),
            "/minProperties",
            "request::minProperties",
        ),
        (
            object(&json!({ "patternProperties": { "^x_[a-z]+$": { "type": "integer" } } })),
            "/patternProperties",
            "request::patternProperties",
        ),
        (
            object(&json!({ "additionalProperties": false })),
            "/additionalProperties",
            "request::additionalProperties",
        ),
        (
            object(&json!({ "dependentSchemas": { "size": { "required": ["note"] } } })),
            "/dependentSchemas",
            "request::dependentSchemas",
        ),
    ]
}

fn document(schema: &Value) -> Value {
    let mut document = boxes(schema, &json!({}));
    document["openapi"] = json!("3.1.0");
    document
}

/// A schema without one of its rules.
fn without(schema: &Value, pointer: &str) -> Value {
    let (above, word) = pointer.rsplit_once('/').unwrap();
    let mut schema = schema.clone();
    let holder = schema.pointer_mut(above).unwrap().as_object_mut().unwrap();
    assert!(holder.shift_remove(word).is_some(), "{pointer}");
    schema
}

#[rstest]
fn a_rule_of_the_whole_is_kept_or_found_broken(
    #[values(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)] index: usize,
) {
    let (schema, pointer, fact) = rules().remove(index);
    let right = schema.clone();
    let (code, facts, text) = run(&document(&schema), move |request| takes(request, &right));
    assert_eq!((code, facts.len()), (0, 0), "{fact}: {text}");
    let wrong = without(&schema, pointer);
    let (code, facts, text) = run(&document(&schema), move |request| takes(request, &wrong));
    assert_eq!(code, 1, "{fact}: {text}");
    assert_eq!(facts, [format!("yard::fillBox::{fact}")], "{text}");
}

/// The own mock holds each rule, the ledger calls it proven, and each breach of the mock is caught.
#[rstest]
fn the_mock_holds_a_rule_of_the_whole(
    #[values(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)] index: usize,
) {
    let (schema, _, fact) = rules().remove(index);
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    std::fs::write(at.join("api.json"), document(&schema).to_string()).unwrap();
    let told = docproof(at, ["run", "api.json", "--report", "json=report.json"]);
    assert_eq!(told.code, 0, "{fact}: {}", told.text());
    let report = std::fs::read(at.join("report.json")).unwrap();
    let report: Value = serde_json::from_slice(&report).unwrap();
    let name = format!("yard::fillBox::{fact}");
    let ledger = report["ledger"].as_array().unwrap();
    let line = ledger.iter().find(|line| line["fact"] == *name).unwrap();
    assert_eq!(line["state"], "proven", "{line}");
    assert_eq!(docproof(at, ["init", "suite", "api.json"]).code, 0);
    let fault = format!("{name}::accepted");
    let told = docproof(at, ["selftest", "--suite", "suite", "--fault", &fault]);
    assert_eq!(told.code, 0, "{}", told.text());
    assert!(told.text().contains("1 of 1"), "{}", told.text());
}

/// Of a rule that nothing breaks by itself the ledger says so.
#[test]
fn a_rule_that_nothing_breaks_alone_is_not_tested() {
    let schema = json!({
        "type": "object", "required": ["a", "b"], "minProperties": 2,
        "properties": { "a": { "type": "string" }, "b": { "type": "string" } },
    });
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    std::fs::write(at.join("api.json"), document(&schema).to_string()).unwrap();
    docproof(at, ["run", "api.json", "--report", "json=report.json"]);
    let report = std::fs::read(at.join("report.json")).unwrap();
    let report: Value = serde_json::from_slice(&report).unwrap();
    let mut ledger = report["ledger"].as_array().unwrap().iter();
    let line = ledger.find(|line| line["fact"] == "yard::fillBox::request::minProperties");
    let line = line.unwrap();
    assert_eq!(line["state"], "not-tested");
    let reason = line["reason"].as_str().unwrap();
    assert!(
        reason.contains("no request can be made that breaks this and nothing else"),
        "{reason}"
    );
}

/// Values of which one rule is seen only in another than the plainest: in the branch of a union that
/// has the field, in a list of two at least, in a map. Each with the fact that its absence breaks.
fn hidden() -> Vec<(Value, &'static str, &'static str)> {
    let paid = json!({ "oneOf": [
        { "type": "object", "required": ["card"], "additionalProperties": false, "properties": {
            "card": { "type": "string", "pattern": "^[0-9]{6}$" } } },
        { "type": "object", "required": ["iban", "bic"], "additionalProperties": false,
            "properties": {
                "iban": { "type": "string", "minLength": 15, "maxLength": 34 },
                "bic": { "type": "string", "minLength": 8, "maxLength": 11 } } },
    ] });
    let pet = json!({ "oneOf": [
        { "type": "object", "required": ["kind", "lives"], "properties": {
            "kind": { "const": "cat" }, "lives": { "type": "integer", "minimum": 1 } } },
        { "type": "object", "required": ["kind", "bark"], "properties": {
            "kind": { "const": "dog" }, "bark": { "type": "string", "maxLength": 9 } } },
    ] });
    let term = json!({ "anyOf": [
        { "type": "number" },
        { "type": "object", "required": ["op", "of"], "properties": {
            "op": { "enum": ["+", "*"] },
            "of": { "type": "array", "minItems": 2, "items": { "type": "number" } } } },
    ] });
    let pair = list(&json!({ "minItems": 2, "items": { "type": "string", "enum": ["a", "b"] } }));
    let beside = object(&json!({ "dependentSchemas": {
        "note": { "properties": { "kind": { "const": "card" } } },
    } }));
    vec![
        (
            paid.clone(),
            "/oneOf/1/properties/iban/minLength",
            "request.iban::minLength",
        ),
        (
            paid.clone(),
            "/oneOf/1/properties/bic/type",
            "request.bic::type",
        ),
        (paid, "/oneOf/1/required", "request.bic::required"),
        (pet, "/oneOf/0/required", "request.lives::required"),
        (term, "/anyOf/1/properties/op/enum", "request.op::enum"),
        (pair, "/properties/list/items/enum", "request.list[]::enum"),
        (
            map(&json!({})),
            "/properties/map/additionalProperties/type",
            "request.map.*::type",
        ),
        (
            map(&json!({})),
            "/properties/map/additionalProperties/maximum",
            "request.map.*::maximum",
        ),
        (beside, "/properties/kind/enum", "request.kind::enum"),
    ]
}

#[rstest]
fn a_rule_is_tried_where_a_value_can_break_it(#[values(0, 1, 2, 3, 4, 5, 6, 7, 8)] index: usize) {
    let (schema, pointer, fact) = hidden().remove(index);
    let right = schema.clone();
    let (code, facts, text) = run(&document(&schema), move |request| takes(request, &right));
    assert_eq!((code, facts.len()), (0, 0), "{fact}: {text}");
    let wrong = without(&schema, pointer);
    let (code, facts, text) = run(&document(&schema), move |request| takes(request, &wrong));
    assert_eq!(code, 1, "{fact}: {text}");
    let told = format!("yard::fillBox::{fact}");
    assert!(
        facts.contains(&told) || text.contains(&told),
        "{told}: {text}"
    );
}
