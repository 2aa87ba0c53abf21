//! What requests are drawn from: proptest strategies made from the schemas, for documented-valid,
//! single-violation and unspecified requests, nested fields included.

use std::sync::Arc;

use proptest::prelude::*;
use proptest::strategy::Union;
use serde_json::{Map, Value};

use crate::contract::{Facet, FieldPath, Operation, Place, enum_values, types_of};

use super::body::Body;
use super::boundary_values::LONGEST_MADE;
use super::case::Edit;
use super::char_runs::Runs;
use super::drawn_value::{
    Bound, Values, ordinary, text_of, valid_text, valid_value, whole_numbers,
};
use super::local::Base;
use super::request::Request;
use super::sample::{limit, size};
use super::slot::{Slot, is_opaque, slots};
use super::together::{Together, changes};
use super::violate::{self, ViolationKind};

/// What is put where: place, field and value.
type Change = (Place, Arc<FieldPath>, Option<Value>);

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

/// The slots that valid requests vary. What is within an object or a list is drawn with it.
fn varied<'s, 'o>(slots: &'s [Slot<'o>], bound: Bound<'s>) -> impl Iterator<Item = &'s Slot<'o>> {
    slots.iter().filter(move |slot| {
        slot.is_top() && !bound(slot.place, &slot.field) && slot.is_told_by_schema()
    })
}

/// Whether there is anything that valid requests vary.
pub(super) fn has_valid(slots: &[Slot<'_>], bound: Bound<'_>) -> bool {
    varied(slots, bound).next().is_some()
}

/// Every field with a valid value or, where it is optional, sometimes absent.
pub(super) fn valid(
    operation: &Operation,
    base: &Base,
    bound: Bound<'_>,
) -> Option<SBoxedStrategy<Request>> {
    let mut parts: Vec<SBoxedStrategy<Change>> = Vec::new();
    for slot in varied(&slots(operation), bound) {
        let (place, field) = (slot.place, Arc::new(slot.field.clone()));
        let values = Values {
            schema: slot.schema,
            baseline: &base.request,
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
    let baseline = Arc::clone(&base.request);
    let together = beside(operation, bound);
    Some(
        parts
            .prop_map(move |changes| {
                let mut request = (*baseline).clone();
                for (place, field, value) in changes {
                    request.set(place, &field, value);
                }
                for (place, together, pinned) in &together {
                    settle(*place, together, pinned, &mut request);
                }
                request
            })
            .sboxed(),
    )
}

/// What is said of the parameters of each place together, and of the top of the body, with what is
/// bound there. What stands deeper is drawn as it goes together.
fn beside(operation: &Operation, bound: Bound<'_>) -> Vec<(Place, Together, Vec<String>)> {
    let body = operation.request_body.as_ref().map(|body| &body.schema);
    let objects = operation
        .beside
        .iter()
        .map(|(location, schema)| (location.place(), schema))
        .chain(body.map(|schema| (Place::Request, schema)));
    objects
        .filter_map(|(place, schema)| {
            let properties = schema.root.get("properties").and_then(Value::as_object);
            let names = properties.into_iter().flat_map(Map::keys);
            let pinned = names.filter(|name| bound(place, &FieldPath::name(*name)));
            let pinned = pinned.cloned().collect();
            Some((place, Together::of(schema, &schema.root)?, pinned))
        })
        .collect()
}

/// Brings what is drawn for a place into an allowed combination.
fn settle(place: Place, together: &Together, pinned: &[String], request: &mut Request) {
    let pinned: Vec<&str> = pinned.iter().map(String::as_str).collect();
    let list = match place {
        Place::Query => &request.query,
        Place::Header => &request.headers,
        Place::Cookie => &request.cookies,
        _ => {
            if let Some(Value::Object(map)) = request.body.value_mut() {
                together.settle(map, &pinned);
            }
            return;
        }
    };
    let before: Map<String, Value> = list
        .iter()
        .map(|(name, text)| (name.clone(), Value::from(text.as_str())))
        .collect();
    let mut after = before.clone();
    together.settle(&mut after, &pinned);
    for (field, value) in changes(&before, &after) {
        request.set(place, &field, value);
    }
}

/// A request that the object of a field is put into, if it is not there, for each draw anew.
struct Reached {
    request: Arc<Request>,
    reach: Option<Edit>,
}

impl Reached {
    fn new(base: &Base, slot: &Slot<'_>, field: &FieldPath) -> Self {
        Self {
            request: Arc::clone(&base.request),
            reach: base.reach(slot, field),
        }
    }

    fn request(&self) -> Request {
        let mut request = (*self.request).clone();
        if let Some(reach) = &self.reach {
            reach.apply(&mut request);
        }
        request
    }
}

/// Requests in which one slot has one of these values, the object that it belongs to being there.
fn with(
    base: &Base,
    slot: &Slot<'_>,
    values: impl Strategy<Value = Value> + Send + Sync + 'static,
) -> SBoxedStrategy<Request> {
    let (place, field) = (slot.place, slot.field.clone());
    let from = Reached::new(base, slot, &slot.field);
    values
        .prop_map(move |value| {
            let mut request = from.request();
            request.set(place, &field, Some(value));
            request
        })
        .sboxed()
}

/// Whether there is a field that can be broken.
pub(super) fn has_invalid(slots: &[Slot<'_>], omitted: Option<ViolationKind>) -> bool {
    slots.iter().any(|slot| {
        slot.required && omitted != Some(ViolationKind::Absent)
            || !broken_values(slot, omitted).is_empty()
    })
}

/// One field broken, the others as in the baseline.
pub(super) fn invalid(
    operation: &Operation,
    base: &Base,
    omitted: Option<ViolationKind>,
) -> Option<SBoxedStrategy<Request>> {
    let mut options: Vec<SBoxedStrategy<Request>> = Vec::new();
    for slot in &slots(operation) {
        for values in broken_values(slot, omitted) {
            options.push(with(base, slot, values));
        }
        if slot.required && omitted != Some(ViolationKind::Absent) {
            let (place, field) = (slot.place, slot.field.clone());
            let from = Reached::new(base, slot, &slot.field);
            let without = Just(()).prop_map(move |()| {
                let mut request = from.request();
                request.set(place, &field, None);
                request
            });
            options.push(without.sboxed());
        }
    }
    (!options.is_empty()).then(|| Union::new(options).sboxed())
}

/// Values that break a rule of a field, one kind of violation left out where that is asked for.
fn broken_values(slot: &Slot<'_>, omitted: Option<ViolationKind>) -> Vec<SBoxedStrategy<Value>> {
    if is_opaque(slot.facts) {
        return Vec::new();
    }
    let node = slot.node;
    let kinds = types_of(node);
    let omits = |kind: ViolationKind| omitted == Some(kind);
    let mut values: Vec<SBoxedStrategy<Value>> = Vec::new();
    let listed: Vec<Value> = violate::FACETS
        .into_iter()
        .flat_map(|facet| violate::violations(slot, facet, omitted))
        .map(|(_, value)| value)
        .collect();
    let is_number = kinds.contains(&"integer") || kinds.contains(&"number");
    if slot.place == Place::Request && !is_number && !omits(ViolationKind::WrongType) {
        values.push(any::<i32>().prop_map(Value::from).sboxed());
    }
    if slot.place != Place::Request && is_number && !omits(ViolationKind::WrongText) {
        values.push(text_of('a'..='z', 1, 8).prop_map(Value::from).sboxed());
    }
    if !enum_values(node).is_empty()
        && kinds.contains(&"string")
        && !omits(ViolationKind::OutsideEnum)
    {
        let characters = ('a'..='z').chain('A'..='Z').chain('0'..='9').chain(['_']);
        values.push(text_of(characters, 1, 12).prop_map(Value::from).sboxed());
    }
    if let Some(most) = size(node, Facet::MaxLength)
        .filter(|most| *most <= LONGEST_MADE && !omits(ViolationKind::TooLong))
    {
        let longer = Runs::of(ordinary(), most.saturating_add(1), most.saturating_add(40));
        values.push(longer.prop_map(Value::from).sboxed());
    }
    if node.get("pattern").is_some() && !omits(ViolationKind::OutsidePattern) {
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
    if node.get("format").is_some() && kinds.contains(&"string") && !omits(ViolationKind::BadFormat)
    {
        values.push(text_of('0'..='9', 1, 20).prop_map(Value::from).sboxed());
    }
    if is_number && !omits(ViolationKind::BelowMinimum) && limit(node, Facet::Minimum).is_some() {
        values.push(
            (1_i64..1_000_000)
                .prop_map(|below| Value::from(-below))
                .sboxed(),
        );
    }
    if is_number && let Some((least, most)) = whole_numbers(node) {
        if limit(node, Facet::MultipleOf).is_some() && !omits(ViolationKind::NoMultiple) {
            values.push((least..=most).prop_map(Value::from).sboxed());
        }
        let is_bounded = limit(node, Facet::Maximum).or(limit(node, Facet::ExclusiveMaximum));
        if is_bounded.is_some() && !omits(ViolationKind::AboveMaximum) {
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

/// What no page speaks of: unknown fields and parameters, duplicate keys, very long and empty
/// texts, zero, deep nesting, unusual characters.
pub(super) fn unspecified(
    operation: &Operation,
    base: &Base,
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
            let most = size(slot.node, Facet::MaxLength);
            let unusual = Runs::of(UNUSUAL.to_vec(), 1, most.unwrap_or(40).clamp(1, 40));
            options.push(with(base, slot, unusual.prop_map(Value::from)));
            if most.is_none() {
                let long = (200_usize..4_000).prop_map(|length| Value::from("x".repeat(length)));
                options.push(with(base, slot, long));
            }
            options.push(with(base, slot, Just(Value::from(""))));
        }
        if kinds.contains(&"integer") {
            let sizes = [0, i64::from(i32::MAX), i64::MAX].map(Value::from);
            options.push(with(base, slot, proptest::sample::select(sizes.to_vec())));
        }
        if kinds.contains(&"object") && slot.place == Place::Request {
            let field = slot.field.clone();
            let from = Reached::new(base, slot, &field.child("x"));
            let extra = unknown_name().prop_map(move |name| {
                let mut request = from.request();
                request.set(Place::Request, &field.child(name), Some(Value::from(1)));
                request
            });
            options.push(extra.sboxed());
        }
    }
    options.extend(around(operation, &base.request));
    (!options.is_empty()).then(|| Union::new(options).sboxed())
}

/// A name that no page documents.
fn unknown_name() -> impl Strategy<Value = String> {
    text_of('a'..='z', 3, 12).prop_map(|name| format!("x_{name}"))
}

/// What no page speaks of in the request as a whole.
fn around(operation: &Operation, baseline: &Arc<Request>) -> Vec<SBoxedStrategy<Request>> {
    let from = Arc::clone(baseline);
    if operation.request_body.is_none() {
        let extra = unknown_name().prop_map(move |name| {
            let mut request = (*from).clone();
            request.query.push((name, "1".to_owned()));
            request
        });
        return vec![extra.sboxed()];
    }
    let put = |from: &Request, name: &str, value: Value| {
        let mut request = from.clone();
        request.set(Place::Request, &FieldPath::name(name), Some(value));
        request
    };
    let mut options = vec![
        unknown_name()
            .prop_map(move |name| put(&from, &name, Value::from(1)))
            .sboxed(),
    ];
    let from = Arc::clone(baseline);
    options.push(
        (2_usize..60)
            .prop_map(move |depth| put(&from, "x_deep", nested(depth)))
            .sboxed(),
    );
    if let Body::Json(Value::Object(map)) = &baseline.body
        && !map.is_empty()
    {
        let fields: Vec<(String, Value)> = map
            .iter()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        let from = Arc::clone(baseline);
        options.push(
            proptest::sample::select(fields)
                .prop_map(move |(key, value)| twice(&from, &key, &value))
                .sboxed(),
        );
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
