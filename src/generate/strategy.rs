//! What requests are drawn from: proptest strategies made from the schemas, for documented-valid, single-violation and unspecified requests, nested fields
//! included.

use std::sync::Arc;

use proptest::prelude::*;
use proptest::strategy::Union;
use serde_json::{Map, Value};

use crate::contract::{Operation, enum_values, types_of};

use super::body::Body;
use super::boundary::{Slot, is_in_words, reached, slots};
use super::drawn_value::{
    Bound, Values, ordinary, text_of, valid_text, valid_value, whole_numbers,
};
use super::near::LONGEST_MADE;
use super::request::Request;
use super::runs::Runs;
use super::sample::{limit, size};
use super::violate;

/// A request as it was, and what is put where: place, field and value.
type Change = (&'static str, Arc<str>, Option<Value>);

/// The characters that endpoints stumble over.
const UNUSUAL: &[char] = &[
    'a',
    '\u{0}',
    '\u{7}',
    '\t',
    '\n',
    '\r',
    '\u{7f}',
    '\u{85}',
    '\u{301}',
    '\u{200b}',
    '\u{202e}',
    '\u{2028}',
    '\u{feff}',
    '\u{fffd}',
    '\u{e000}',
    '😀',
    '👩',
    '𝒳',
    '𐍈',
    '\u{10ffff}',
    'ا',
    'ש',
    '"',
    '\\',
    '\'',
    '%',
    ';',
    '<',
];

/// Whether a slot is a parameter, or stands at the top of the body.
fn is_top(slot: &Slot<'_>) -> bool {
    !slot.field.contains(['.', '['])
}

/// Every field with a valid value or, where it is optional, sometimes absent. What is within an object or a list is drawn with it.
pub(super) fn valid(
    operation: &Operation,
    baseline: &Request,
    bound: Bound<'_>,
) -> Option<SBoxedStrategy<Request>> {
    let mut parts: Vec<SBoxedStrategy<Change>> = Vec::new();
    for slot in slots(operation)
        .iter()
        .filter(|slot| is_top(slot) && !bound(slot.place, &slot.field) && !is_in_words(slot.node))
    {
        let (place, field): (_, Arc<str>) = (slot.place, slot.field.as_str().into());
        let values = Values {
            schema: slot.schema,
            baseline,
            place,
            bound,
        };
        let values = valid_value(&values, slot.node, &slot.field);
        parts.push(if slot.required {
            values
                .prop_map(move |value| (place, Arc::clone(&field), Some(value)))
                .sboxed()
        } else {
            proptest::option::of(values)
                .prop_map(move |value| (place, Arc::clone(&field), value))
                .sboxed()
        });
    }
    if parts.is_empty() {
        return None;
    }
    let baseline = baseline.clone();
    Some(
        parts
            .prop_map(move |changes| {
                let mut request = baseline.clone();
                for (place, field, value) in changes {
                    request.set(place, &field, value);
                }
                request
            })
            .sboxed(),
    )
}

/// Requests in which one slot has one of these values, the object that it belongs to being there.
fn with(
    baseline: &Request,
    slot: &Slot<'_>,
    values: impl Strategy<Value = Value> + Send + Sync + 'static,
) -> SBoxedStrategy<Request> {
    let (place, field) = (slot.place, slot.field.clone());
    let from = reached(baseline, slot, &slot.field);
    values
        .prop_map(move |value| {
            let mut request = from.clone();
            request.set(place, &field, Some(value));
            request
        })
        .sboxed()
}

/// One field broken, the others as in the baseline.
pub(super) fn invalid(
    operation: &Operation,
    baseline: &Request,
    omitted: Option<&str>,
) -> Option<SBoxedStrategy<Request>> {
    let mut options: Vec<SBoxedStrategy<Request>> = Vec::new();
    for slot in &slots(operation) {
        for values in broken_values(slot, omitted) {
            options.push(with(baseline, slot, values));
        }
        if slot.required && omitted != Some("absent") {
            let mut without = reached(baseline, slot, &slot.field);
            without.set(slot.place, &slot.field, None);
            options.push(Just(without).sboxed());
        }
    }
    (!options.is_empty()).then(|| Union::new(options).sboxed())
}

/// Values that break a rule of a field, one kind of violation left out where that is asked for.
fn broken_values(slot: &Slot<'_>, omitted: Option<&str>) -> Vec<SBoxedStrategy<Value>> {
    let node = slot.node;
    let kinds = types_of(node);
    let omits = |kind: &str| omitted == Some(kind);
    let mut values: Vec<SBoxedStrategy<Value>> = Vec::new();
    let listed: Vec<Value> = violate::facets()
        .flat_map(|facet| violate::violations(slot, facet, omitted))
        .map(|(_, value)| value)
        .collect();
    let is_number = kinds.contains(&"integer") || kinds.contains(&"number");
    if slot.place == "request" && !is_number && !omits("wrong-type") {
        values.push(any::<i32>().prop_map(Value::from).sboxed());
    }
    if slot.place != "request" && is_number && !omits("wrong-text") {
        values.push(text_of('a'..='z', 1, 8).prop_map(Value::from).sboxed());
    }
    if !enum_values(node).is_empty() && kinds.contains(&"string") && !omits("outside-enum") {
        let characters = ('a'..='z').chain('A'..='Z').chain('0'..='9').chain(['_']);
        values.push(text_of(characters, 1, 12).prop_map(Value::from).sboxed());
    }
    if let Some(most) =
        size(node, "maxLength").filter(|most| *most <= LONGEST_MADE && !omits("too-long"))
    {
        let longer = Runs::of(ordinary(), most.saturating_add(1), most.saturating_add(40));
        values.push(longer.prop_map(Value::from).sboxed());
    }
    if node.get("pattern").is_some() && !omits("outside-pattern") {
        let at = any::<proptest::sample::Index>();
        let wrong = proptest::sample::select(ordinary());
        values.push(
            (valid_text(node, slot.place), at, wrong)
                .prop_map(|(text, at, wrong)| {
                    let mut characters: Vec<char> = text.chars().collect();
                    if !characters.is_empty() {
                        let index = at.index(characters.len());
                        if let Some(slot) = characters.get_mut(index) {
                            *slot = wrong;
                        }
                    }
                    Value::from(characters.into_iter().collect::<String>())
                })
                .sboxed(),
        );
    }
    if node.get("format").is_some() && kinds.contains(&"string") && !omits("bad-format") {
        values.push(text_of('0'..='9', 1, 20).prop_map(Value::from).sboxed());
    }
    if is_number && !omits("below-minimum") && limit(node, "minimum").is_some() {
        values.push(
            (1_i64..1_000_000)
                .prop_map(|below| Value::from(-below))
                .sboxed(),
        );
    }
    if is_number && let Some((least, most)) = whole_numbers(node) {
        if limit(node, "multipleOf").is_some() && !omits("no-multiple") {
            values.push((least..=most).prop_map(Value::from).sboxed());
        }
        let is_bounded = limit(node, "maximum").or(limit(node, "exclusiveMaximum"));
        if is_bounded.is_some() && !omits("above-maximum") {
            values.push(
                (1_i64..1_000_000)
                    .prop_map(move |above| Value::from(most.saturating_add(above)))
                    .sboxed(),
            );
        }
    }
    if !listed.is_empty() {
        values.push(proptest::sample::select(listed).sboxed());
    }
    values
}

/// What no page speaks of: unknown fields and parameters, duplicate keys, very long and empty texts, zero, deep nesting, unusual characters.
pub(super) fn unspecified(
    operation: &Operation,
    baseline: &Request,
    bound: Bound<'_>,
) -> Option<SBoxedStrategy<Request>> {
    let mut options: Vec<SBoxedStrategy<Request>> = Vec::new();
    for slot in slots(operation)
        .iter()
        .filter(|slot| !bound(slot.place, &slot.field))
    {
        let kinds = types_of(slot.node);
        if kinds.contains(&"string")
            && slot.node.get("format").is_none()
            && enum_values(slot.node).is_empty()
        {
            let most = size(slot.node, "maxLength");
            let unusual = Runs::of(UNUSUAL.to_vec(), 1, most.unwrap_or(40).clamp(1, 40));
            options.push(with(baseline, slot, unusual.prop_map(Value::from)));
            if most.is_none() {
                let long = (200_usize..4_000).prop_map(|length| Value::from("x".repeat(length)));
                options.push(with(baseline, slot, long));
            }
            options.push(with(baseline, slot, Just(Value::from(""))));
        }
        if kinds.contains(&"integer") {
            let sizes = [0, i64::from(i32::MAX), i64::MAX].map(Value::from);
            options.push(with(
                baseline,
                slot,
                proptest::sample::select(sizes.to_vec()),
            ));
        }
        if kinds.contains(&"object") && slot.place == "request" {
            let field = slot.field.clone();
            let from = reached(baseline, slot, &format!("{field}.x"));
            let extra = unknown_name().prop_map(move |name| {
                let mut request = from.clone();
                let name = format!("{field}.{name}");
                request.set("request", &name, Some(Value::from(1)));
                request
            });
            options.push(extra.sboxed());
        }
    }
    options.extend(around(operation, baseline));
    (!options.is_empty()).then(|| Union::new(options).sboxed())
}

/// A name that no page documents.
fn unknown_name() -> impl Strategy<Value = String> {
    text_of('a'..='z', 3, 12).prop_map(|name| format!("x_{name}"))
}

/// What no page speaks of in the request as a whole.
fn around(operation: &Operation, baseline: &Request) -> Vec<SBoxedStrategy<Request>> {
    let from = baseline.clone();
    if operation.request_body.is_none() {
        let extra = unknown_name().prop_map(move |name| {
            let mut request = from.clone();
            request.query.push((name, "1".to_owned()));
            request
        });
        return vec![extra.sboxed()];
    }
    let put = |from: &Request, name: &str, value: Value| {
        let mut request = from.clone();
        request.set("request", name, Some(value));
        request
    };
    let mut options = vec![
        unknown_name()
            .prop_map(move |name| put(&from, &name, Value::from(1)))
            .sboxed(),
    ];
    let from = baseline.clone();
    options.push(
        (2_usize..60)
            .prop_map(move |depth| put(&from, "x_deep", nested(depth)))
            .sboxed(),
    );
    if let Body::Json(Value::Object(map)) = &baseline.body
        && !map.is_empty()
    {
        let doubled: Vec<Request> = map
            .iter()
            .map(|(key, value)| twice(baseline, key, value))
            .collect();
        options.push(proptest::sample::select(doubled).sboxed());
    }
    options
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(Value::from(1), |inner, _| {
        let mut map = Map::new();
        map.insert("x".to_owned(), inner);
        Value::Object(map)
    })
}

/// The body with one key a second time, with the same value.
fn twice(baseline: &Request, key: &str, value: &Value) -> Request {
    let text = String::from_utf8(baseline.body_bytes().unwrap_or_default()).unwrap_or_default();
    let head = format!("{{{}:{value},", Value::from(key));
    let body = text.replacen('{', &head, 1).into_bytes();
    Request {
        body: Body::Raw(body),
        ..baseline.clone()
    }
}
