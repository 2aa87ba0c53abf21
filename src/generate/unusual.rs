//! Unusual requests that break nothing documented, each about one field: what endpoints stumble
//! over most.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::contract::{Facet, FieldPath, Operation, Place, Rule, Schema, enum_values, types_of};

use super::case::{Edit, Expectation, PlannedCase};
use super::dates;
use super::local::{Base, Local};
use super::oracle::{Validity, is_structured};
use super::request::{is_of_cookie, text_of};
use super::sample::sample;
use super::slot::{is_in_words, slots};

/// Unusual texts, with a label.
fn texts() -> [(&'static str, String); 6] {
    [
        ("empty", String::new()),
        ("a space first", " docproof".to_owned()),
        ("an emoji", "docproof 😀".to_owned()),
        ("a letter with a combining accent", "cafe\u{301}".to_owned()),
        (
            "text from right to left",
            "\u{202e}גיבוי \u{202c}".to_owned(),
        ),
        ("5,000 characters", "x".repeat(5_000)),
    ]
}

/// How many texts at the edge of a pattern are tried.
const MOST_EDGES: usize = 4;

/// Unusual numbers, with a label.
const NUMBERS: [(&str, i64); 3] = [
    ("zero", 0),
    ("the largest of 32 bits", 2_147_483_647),
    ("one more than 32 bits hold", 2_147_483_648),
];

/// Requests with one unusual value, each with the rule that it is about. What breaks a rule is for
/// the violations; what is documented-valid has to be taken.
pub fn unusual_requests(
    operation: &Operation,
    base: &Arc<Base>,
    bound: &dyn Fn(Place, &FieldPath) -> bool,
) -> Vec<(PlannedCase, Rule)> {
    let mut cases = Vec::new();
    for slot in slots(operation)
        .iter()
        .filter(|slot| slot.is_top() && !bound(slot.place, &slot.field))
    {
        let local = base.local(operation, slot);
        let about = Rule::new(slot.place, slot.field.clone(), Facet::Type);
        for (label, value) in values(&local) {
            let label = format!("`{}`: {label}", slot.field);
            let expectation = match local.class(Some(&value)) {
                _ if !local.is_sendable(Some(&value)) => continue,
                Validity::Valid if slot.is_told_by_schema() => Expectation::Success,
                Validity::Valid | Validity::Unspecified(_) => Expectation::Unspecified,
                Validity::Invalid(_) => continue,
            };
            cases.push((local.case(Some(value), label, expectation), about.clone()));
        }
        for (label, value) in dates::extreme(slot.node) {
            // Whether an endpoint has a use for such a date, no page says; a leap second may not
            // even be a time to who has read the page otherwise.
            let format = Rule::new(slot.place, slot.field.clone(), Facet::Format);
            let is_its_own = match local.class(Some(&value)) {
                _ if !local.is_sendable(Some(&value)) => false,
                Validity::Valid | Validity::Unspecified(_) => true,
                Validity::Invalid(broken) => broken == [format],
            };
            if is_its_own {
                let label = format!("`{}`: {label}", slot.field);
                let case = local.case(Some(value), label, Expectation::Unspecified);
                cases.push((case, about.clone()));
            }
        }
        for value in pattern_edges(&local) {
            let label = format!("`{}`: more than its pattern means", slot.field);
            let case = local.case(Some(value), label, Expectation::Unspecified);
            cases.push((case, about.clone()));
        }
        cases.extend(twice(&local).map(|case| (case, about)));
    }
    cases
}

/// Unusual values of a field, with a label.
fn values(local: &Local<'_>) -> Vec<(&'static str, Value)> {
    let slot = local.slot;
    let kinds = types_of(slot.node);
    let mut values: Vec<(&'static str, Value)> = Vec::new();
    let is_free = slot.node.get("format").is_none() && enum_values(slot.node).is_empty();
    if kinds.contains(&"string") && is_free {
        values.extend(
            texts()
                .into_iter()
                .filter(|(_, text)| match slot.place {
                    Place::Header => text.is_ascii(),
                    Place::Cookie => text.bytes().all(is_of_cookie),
                    _ => true,
                })
                .map(|(label, text)| (label, Value::from(text))),
        );
    }
    if kinds.contains(&"integer") {
        values.extend(NUMBERS.map(|(label, number)| (label, Value::from(number))));
    }
    values
}

/// Texts that a pattern without an end, or without a beginning, allows beyond what it is about:
/// whoever reads on what it stands for may stumble over the rest.
fn pattern_edges(local: &Local<'_>) -> Vec<Value> {
    let slot = local.slot;
    let pattern = slot.node.get(Facet::Pattern.as_str());
    let Some(pattern) = pattern.and_then(Value::as_str) else {
        return Vec::new();
    };
    let mut texts: Vec<String> = Vec::new();
    // Of alternatives within a group nothing is made by itself.
    for part in pattern.split('|') {
        let Ok(schema) = Schema::compile(json!({ "type": "string", "pattern": part })) else {
            continue;
        };
        let Value::String(text) = sample(&schema, &schema.root, 0) else {
            continue;
        };
        texts.extend([format!("{text}2"), format!("2{text}")]);
    }
    let edges = texts.into_iter().map(Value::from);
    edges
        .filter(|value| {
            let is_open = matches!(
                local.class(Some(value)),
                Validity::Valid | Validity::Unspecified(_)
            );
            is_open && local.is_sendable(Some(value))
        })
        .take(MOST_EDGES)
        .collect()
}

/// The request with a parameter of the query twice, where nothing else is wrong with it.
fn twice(local: &Local<'_>) -> Option<PlannedCase> {
    let slot = local.slot;
    if slot.place != Place::Query || is_structured(slot.node) || !slot.is_text {
        return None;
    }
    let request = &local.base.request;
    let sent = request.get(slot.place, &slot.field);
    // What is told of its values in words may say that the answer is another with it.
    if sent.is_none() && is_in_words(slot.facts) {
        return None;
    }
    let value = sent.unwrap_or_else(|| sample(slot.schema, slot.node, 0));
    if !local.is_sendable(Some(&value)) || local.is_broken_elsewhere() {
        return None;
    }
    let name = slot.field.top()?.to_owned();
    let label = format!("`{}`: twice in the query", slot.field);
    let again = Edit::AddToQuery(name, text_of(&value));
    let case = local.case(Some(value), label, Expectation::Unspecified);
    Some(case.with(again))
}
