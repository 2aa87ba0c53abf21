//! Unusual requests that break nothing documented, each about one field: what endpoints stumble over most.

use serde_json::Value;

use crate::contract::{Operation, enum_values, types_of};

use super::boundary::{Slot, is_in_words, slots};
use super::case::{Case, Expectation};
use super::class::{Broken, Class, classify};
use super::request::Request;
use super::sample::sample;

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

/// Unusual numbers, with a label.
const NUMBERS: [(&str, i64); 3] = [
    ("zero", 0),
    ("the largest of 32 bits", 2_147_483_647),
    ("one more than 32 bits hold", 2_147_483_648),
];

/// Requests with one unusual value, each with the rule's place that it is about. What breaks a rule is for the violations; what is documented-valid has to
/// be taken.
pub fn unusual_requests(
    operation: &Operation,
    baseline: &Request,
    bound: &dyn Fn(&str, &str) -> bool,
) -> Vec<(Case, Broken)> {
    let mut cases = Vec::new();
    for slot in slots(operation)
        .iter()
        .filter(|slot| !slot.field.contains(['.', '[']) && !bound(slot.place, &slot.field))
    {
        for (label, request) in variants(slot, baseline) {
            if !request.is_sendable() {
                continue;
            }
            let expectation = match classify(operation, &request) {
                Class::Valid if !is_in_words(slot.node) => Expectation::Success,
                Class::Valid | Class::Unspecified(_) => Expectation::Unspecified,
                Class::Invalid(_) => continue,
            };
            let about = Broken {
                place: slot.place.to_owned(),
                field: slot.field.clone(),
                facet: "type".to_owned(),
            };
            cases.push((
                Case {
                    label,
                    request,
                    expectation,
                },
                about,
            ));
        }
    }
    cases
}

fn variants(slot: &Slot<'_>, baseline: &Request) -> Vec<(String, Request)> {
    let kinds = types_of(slot.node);
    let with = |label: &str, value: Value| {
        let mut request = baseline.clone();
        request.set(slot.place, &slot.field, Some(value));
        (format!("`{}`: {label}", slot.field), request)
    };
    let mut variants: Vec<(String, Request)> = Vec::new();
    let is_free = slot.node.get("format").is_none() && enum_values(slot.node).is_empty();
    if kinds.contains(&"string") && is_free {
        variants.extend(
            texts()
                .into_iter()
                .filter(|(_, text)| slot.place != "header" || text.is_ascii())
                .map(|(label, text)| with(label, Value::from(text))),
        );
    }
    if kinds.contains(&"integer") {
        variants.extend(
            NUMBERS
                .iter()
                .map(|(label, number)| with(label, Value::from(*number))),
        );
    }
    if slot.place == "query" {
        let mut request = baseline.clone();
        if request.get("query", &slot.field).is_none() {
            let value = sample(slot.schema, slot.node, 0);
            request.set("query", &slot.field, Some(value));
        }
        let sent = request
            .query
            .iter()
            .find(|(name, _)| *name == slot.field)
            .cloned();
        if let Some(sent) = sent {
            request.query.push(sent);
            variants.push((format!("`{}`: twice in the query", slot.field), request));
        }
    }
    variants
}
