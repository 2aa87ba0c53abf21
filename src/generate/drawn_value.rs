//! Values that are drawn: a strategy for each schema node, of what the node documents as valid.
//! Objects are drawn field by field, lists item by item.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Map, Value};

use crate::contract::formats::{DateParts, DateTemplate};
use crate::contract::{Facet, FieldPath, Place, Schema, enum_values, types_of};

use super::boundary_values::LONGEST_MADE;
use super::char_runs::Runs;
use super::files;
use super::request::{Request, is_of_cookie};
use super::sample::{allows_nothing, fewest, is_checked, limit, sample, sample_text, size};
use super::slot::is_in_words;
use super::text::{length_bounds, text_of_length};
use super::together::{Together, is_kept_out};

/// Whether a place is bound to a resource of the target.
pub(super) type Bound<'a> = &'a dyn Fn(Place, &FieldPath) -> bool;

/// How deep values are drawn: what is nested deeper is as plain as in the boundary cases. A schema
/// may refer to itself.
const DEPTH: usize = 4;

/// The most items of a drawn list, where the schema asks for no more.
const ITEMS: usize = 3;

/// The longest text that is drawn where no page limits it.
const LONGEST: usize = 100;

/// Letters of several scripts and ordinary punctuation: what any sound endpoint takes where no page
/// limits it.
const ORDINARY: &[&str] = &[
    "abcxyzABCXYZ",
    "0123456789",
    " -_.,;:()/+*#@%?$[]{}|~^`",
    "äéñçøß",
    "жиЯ",
    "备份实例",
    "テスト",
    "αβΩ",
    "<>!\"&'=",
];

/// Ordinary characters, the plainest first.
pub(super) fn ordinary() -> Vec<char> {
    ORDINARY.iter().flat_map(|set| set.chars()).collect()
}

/// Those of them that belong into a place: a header is ASCII, a cookie some of it.
fn ordinary_in(place: Place) -> Vec<char> {
    let mut characters = ordinary();
    characters.retain(|c| match place {
        Place::Header => c.is_ascii(),
        Place::Cookie => u8::try_from(*c).is_ok_and(is_of_cookie),
        _ => true,
    });
    characters
}

/// Texts of some characters.
pub(super) fn text_of(
    characters: impl IntoIterator<Item = char>,
    least: usize,
    most: usize,
) -> Runs {
    Runs::of(characters.into_iter().collect(), least, most)
}

/// Where values are drawn for.
pub(super) struct Values<'a> {
    pub(super) schema: &'a Schema,
    /// What bound places keep their value of.
    pub(super) baseline: &'a Request,
    pub(super) place: Place,
    pub(super) bound: Bound<'a>,
}

/// The valid values of a field.
pub(super) fn valid_value(
    values: &Values<'_>,
    node: &Value,
    field: &FieldPath,
) -> SBoxedStrategy<Value> {
    value_at(values, node, field, 0)
}

fn value_at(
    values: &Values<'_>,
    node: &Value,
    field: &FieldPath,
    depth: usize,
) -> SBoxedStrategy<Value> {
    let node = values.schema.follow(node);
    let plain = || Just(sample(values.schema, node, 0)).sboxed();
    if (values.bound)(values.place, field) {
        return match values.baseline.get(values.place, field) {
            Some(value) => Just(value).sboxed(),
            None => plain(),
        };
    }
    let listed = enum_values(node);
    if !listed.is_empty() {
        return proptest::sample::select(listed).sboxed();
    }
    if files::has_kind(node) {
        return plain();
    }
    let kinds = types_of(node);
    let is = |kind: &str| kinds.contains(&kind);
    if is("string") {
        return valid_text(node, values.place)
            .prop_map(Value::from)
            .sboxed();
    }
    if is("integer") || is("number") {
        return match whole_numbers(node) {
            Some((least, most)) => numbers(node, least, most),
            None => plain(),
        };
    }
    if is("boolean") {
        return any::<bool>().prop_map(Value::from).sboxed();
    }
    if depth >= DEPTH {
        return plain();
    }
    if is("object") || node.get("properties").is_some() {
        return object_at(values, node, field, depth).unwrap_or_else(plain);
    }
    if is("array") {
        return items_at(values, node, field, depth).unwrap_or_else(plain);
    }
    plain()
}

/// An object: its required fields, and some of the others. One without any field is not what a page
/// shows.
fn object_at(
    values: &Values<'_>,
    node: &Value,
    field: &FieldPath,
    depth: usize,
) -> Option<SBoxedStrategy<Value>> {
    let properties = node.get("properties")?.as_object()?;
    let required = node.get("required").and_then(Value::as_array);
    let is_needed = |name: &str| required.is_some_and(|all| all.iter().any(|one| one == name));
    let mut parts: Vec<SBoxedStrategy<(Arc<str>, Option<Value>)>> = Vec::new();
    for (name, child) in properties {
        let path = field.child(name);
        let is_bound = (values.bound)(values.place, &path);
        if allows_nothing(child) && !is_needed(name) {
            continue;
        }
        if is_kept_out(child) && !is_bound {
            // Nobody makes up what the service sets, or what an answer gives.
            if let Some(value) = kept_out(values, required, name, child, &path) {
                let name: Arc<str> = name.as_str().into();
                parts.push(Just((name, Some(value))).sboxed());
            }
            continue;
        }
        let facts = values.schema.field(&path).map(|field| field.facts);
        if facts.is_some_and(is_in_words) && !is_needed(name) {
            continue;
        }
        let drawn = value_at(values, child, &path, depth + 1);
        let name: Arc<str> = name.as_str().into();
        let is_required = is_needed(&name);
        parts.push(if is_required || is_bound {
            drawn
                .prop_map(move |value| (Arc::clone(&name), Some(value)))
                .sboxed()
        } else {
            proptest::option::of(drawn)
                .prop_map(move |value| (Arc::clone(&name), value))
                .sboxed()
        });
    }
    if parts.is_empty() {
        return None;
    }
    let whole = sample(values.schema, node, 0);
    let together = Together::of(values.schema, node);
    let part = is_checked(node).then(|| values.schema.part(node)).flatten();
    let part = part.map(Arc::new);
    let object = parts.prop_map(move |fields| {
        let mut map: Map<String, Value> = fields
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_string(), value?)))
            .collect();
        if let Some(together) = &together {
            together.settle(&mut map, &[]);
        }
        // What was drawn field by field may break a rule of the whole: as much of it as keeps it.
        if let Some(part) = &part
            && !part.is_valid(&Value::Object(map.clone()))
        {
            map = fewest(part, &map).unwrap_or_default();
        }
        if map.is_empty() {
            whole.clone()
        } else {
            Value::Object(map)
        }
    });
    Some(object.sboxed())
}

/// What stands in a field that nobody makes up: what the baseline has there, or, where it must be
/// there, the plainest.
fn kept_out(
    values: &Values<'_>,
    required: Option<&Vec<Value>>,
    name: &str,
    node: &Value,
    path: &FieldPath,
) -> Option<Value> {
    let is_required = required.is_some_and(|all| all.iter().any(|one| one == name));
    let plain = || sample(values.schema, node, 0);
    let own = values.baseline.get(values.place, path);
    is_required.then(|| own.unwrap_or_else(plain))
}

/// A list of as few items as documented, or some more.
fn items_at(
    values: &Values<'_>,
    node: &Value,
    field: &FieldPath,
    depth: usize,
) -> Option<SBoxedStrategy<Value>> {
    let item = value_at(values, node.get("items")?, &field.item(), depth + 1);
    let least = size(node, Facet::MinItems).unwrap_or(0).max(1);
    let most = size(node, Facet::MaxItems)
        .unwrap_or(usize::MAX)
        .min(least.max(ITEMS));
    if least > most || least > LONGEST {
        return None;
    }
    let list = proptest::collection::vec(item, least..=most)
        .prop_map(move |items| Value::Array(different(items, least)));
    Some(list.sboxed())
}

/// Items of which no two have a text in common, but for as many as there have to be: that two may
/// share a name, or a key, no page says.
fn different(items: Vec<Value>, least: usize) -> Vec<Value> {
    let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
    let mut kept = Vec::new();
    for item in items {
        let texts: Vec<(String, String)> = match &item {
            Value::Object(map) => map
                .iter()
                .filter(|(_, value)| value.is_string() || value.is_number())
                .map(|(key, value)| (key.clone(), value.to_string()))
                .collect(),
            other => vec![(String::new(), other.to_string())],
        };
        if kept.len() < least || texts.iter().all(|text| !seen.contains(text)) {
            seen.extend(texts);
            kept.push(item);
        }
    }
    kept
}

/// The least and the greatest whole number that a node's bounds allow; a thousand of them where
/// there is only one bound. `None` where there is none.
pub(super) fn whole_numbers(node: &Value) -> Option<(i64, i64)> {
    // A bound with a fraction is cut towards zero by `limit`: the whole number beyond it is what it
    // allows.
    let above = |facet: Facet| {
        let bound = node.get(facet.as_str())?.as_f64();
        limit(node, facet).map(|cut| match bound {
            Some(bound) if bound > 0.0 && bound.fract() > 0.0 => cut.saturating_add(1),
            _ => cut,
        })
    };
    let below = |facet: Facet| {
        let bound = node.get(facet.as_str())?.as_f64();
        limit(node, facet).map(|cut| match bound {
            Some(bound) if bound < 0.0 && bound.fract() < 0.0 => cut.saturating_sub(1),
            _ => cut,
        })
    };
    let whole = |facet: Facet| {
        node.get(facet.as_str())
            .and_then(Value::as_f64)
            .is_some_and(|bound| bound.fract() == 0.0)
    };
    let least = above(Facet::Minimum)
        .into_iter()
        .chain(
            above(Facet::ExclusiveMinimum)
                .map(|bound| bound.saturating_add(i64::from(whole(Facet::ExclusiveMinimum)))),
        )
        .max();
    let most = below(Facet::Maximum)
        .into_iter()
        .chain(
            below(Facet::ExclusiveMaximum)
                .map(|bound| bound.saturating_sub(i64::from(whole(Facet::ExclusiveMaximum)))),
        )
        .min();
    let least_drawn = least.unwrap_or_else(|| most.map_or(1, |most| most.min(1)));
    let most_drawn = most.unwrap_or_else(|| least_drawn.max(1).saturating_add(1_000));
    (least_drawn <= most_drawn).then_some((least_drawn, most_drawn))
}

/// The numbers between two bounds that are multiples of the documented step.
fn numbers(node: &Value, least: i64, most: i64) -> SBoxedStrategy<Value> {
    let step = match node.get(Facet::MultipleOf.as_str()) {
        None => Some(1),
        // Each whole number is a multiple of one half, and so on; of other fractions there is no
        // telling.
        Some(step) => match step.as_f64() {
            Some(step) if step > 0.0 && step < 1.0 && (1.0 / step).fract() == 0.0 => Some(1),
            Some(step) if step.fract() == 0.0 => {
                limit(node, Facet::MultipleOf).filter(|step| *step > 0)
            }
            _ => None,
        },
    };
    let first = step.map(|step| least.div_euclid(step) + i64::from(least.rem_euclid(step) > 0));
    let last = step.map(|step| most.div_euclid(step));
    match (step, first, last) {
        (Some(step), Some(first), Some(last)) if first <= last => (first..=last)
            .prop_map(move |count| Value::from(count.saturating_mul(step)))
            .sboxed(),
        _ => Just(Value::from(least)).sboxed(),
    }
}

/// The valid texts of a node: of its format, its pattern and its length.
pub(super) fn valid_text(node: &Value, place: Place) -> SBoxedStrategy<String> {
    if let Some(format) = node.get("format").and_then(Value::as_str) {
        return match DateTemplate::parse(format) {
            Some(template) => dates(template),
            // The plain one: what else is of the format, this program does not know.
            None => Just(sample_text(node, 0)).sboxed(),
        };
    }
    let most = size(node, Facet::MaxLength).map(|most| most.min(LONGEST_MADE));
    let Some(pattern) = node.get("pattern").and_then(Value::as_str) else {
        // An empty text is what no page speaks of, unless it gives a least length.
        let least = size(node, Facet::MinLength).unwrap_or(1);
        let most = most.unwrap_or(LONGEST).max(least);
        return Runs::of(ordinary_in(place), least, most).sboxed();
    };
    let least = size(node, Facet::MinLength).unwrap_or_else(|| usize::from(most != Some(0)));
    let plain = ordinary_in(place);
    let runs = jsonschema_regex::to_rust_regex(pattern)
        .ok()
        .and_then(|translated| regex_syntax::parse(&translated).ok())
        .and_then(|hir| Runs::of_pattern(&hir, &plain, least, most));
    match runs {
        Some(runs) => runs.sboxed(),
        None => of_regex(pattern).unwrap_or_else(|| of_lengths(pattern, least, most)),
    }
}

fn dates(template: DateTemplate) -> SBoxedStrategy<String> {
    (
        1990_u32..2038,
        1_u32..=12,
        1_u32..=28,
        0_u32..24,
        0_u32..60,
        0_u32..60,
    )
        .prop_map(move |(year, month, day, hour, minute, second)| {
            template.write(DateParts::new((year, month, day), (hour, minute, second)))
        })
        .sboxed()
}

/// The texts of a pattern that is more than one run of characters after another, if the strategy of
/// patterns can draw them.
fn of_regex(pattern: &str) -> Option<SBoxedStrategy<String>> {
    let unanchored = pattern.strip_prefix('^')?.strip_suffix('$')?;
    let translated = jsonschema_regex::to_rust_regex(unanchored).ok()?;
    let strategy = proptest::string::string_regex(&translated).ok()?;
    Some(strategy.sboxed())
}

/// Texts of a pattern of every length that it may have.
fn of_lengths(pattern: &str, least: usize, most: Option<usize>) -> SBoxedStrategy<String> {
    let (low, high) = length_bounds(pattern).unwrap_or((least, None));
    let low = least.max(low);
    let high = most
        .or(high)
        .unwrap_or(low.saturating_add(LONGEST))
        .max(low);
    let pattern = pattern.to_owned();
    (low..=high, any::<u16>())
        .prop_map(move |(length, variety)| {
            text_of_length(Some(&pattern), length, usize::from(variety)).unwrap_or_default()
        })
        .sboxed()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::generate::{Body, Credential};

    fn request(body: Value) -> Request {
        Request {
            method: "POST".to_owned(),
            template: "/".to_owned(),
            path: BTreeMap::new(),
            query: Vec::new(),
            headers: Vec::new(),
            cookies: Vec::new(),
            body: Body::Json(body),
            content_type: None,
            credential: Credential::Given,
            credential_of: None,
            borrowed: std::sync::Arc::default(),
            given: std::sync::Arc::default(),
            lists: std::sync::Arc::default(),
        }
    }

    /// The values that are drawn for a schema, `a.id` being bound.
    fn drawn(root: Value) -> (Schema, Vec<Value>) {
        let schema = Schema::compile(root).unwrap();
        let baseline = request(json!({ "a": { "id": "bound" } }));
        let bound = |_: Place, field: &FieldPath| *field == FieldPath::from("a.id");
        let values = Values {
            schema: &schema,
            baseline: &baseline,
            place: Place::Request,
            bound: &bound,
        };
        let strategy = valid_value(&values, &schema.root, &FieldPath::name("a"));
        let mut runner = TestRunner::deterministic();
        let drawn = (0..300)
            .map(|_| strategy.new_tree(&mut runner).unwrap().current())
            .collect();
        (schema, drawn)
    }

    #[rstest]
    #[case::bounds(json!({"type": "integer", "exclusiveMinimum": 3, "exclusiveMaximum": 9}), 5)]
    #[case::multiples(json!({"type": "integer", "minimum": 1, "maximum": 100, "multipleOf": 20}), 5)]
    #[case::negative(json!({"type": "integer", "minimum": -7, "exclusiveMaximum": 0, "multipleOf": 3}), 2)]
    #[case::fractions(json!({"type": "number", "minimum": -1.5, "maximum": 1.5}), 3)]
    #[case::halves(json!({"type": "number", "minimum": 1, "maximum": 3, "multipleOf": 0.5}), 3)]
    #[case::one(json!({"type": "integer", "minimum": 4, "maximum": 4}), 1)]
    #[case::lists(json!({"type": "array", "minItems": 1, "items": {"type": "string", "enum": ["x", "y"]}}), 4)]
    #[case::uuid(json!({"type": "string", "format": "uuid"}), 1)]
    fn every_drawn_value_is_valid_and_they_differ(#[case] root: Value, #[case] different: usize) {
        let (schema, drawn) = drawn(root);
        let mut seen: Vec<Value> = Vec::new();
        for value in drawn {
            assert!(schema.is_valid(&value), "{value}");
            if !seen.contains(&value) {
                seen.push(value);
            }
        }
        assert_eq!(seen.len(), different, "{seen:?}");
    }

    #[test]
    fn nested_fields_vary_and_bound_ones_do_not() {
        let (schema, drawn) = drawn(json!({
            "type": "object",
            "required": ["id", "parts"],
            "properties": {
                "id": { "type": "string" },
                "parts": { "type": "array", "items": { "type": "object", "required": ["size"], "properties": {
                    "size": { "type": "integer", "minimum": 1, "maximum": 9 },
                    "note": { "type": "string", "maxLength": 5 }
                } } }
            }
        }));
        let (mut sizes, mut notes) = (Vec::new(), 0);
        for value in drawn {
            assert!(schema.is_valid(&value), "{value}");
            assert_eq!(value["id"], "bound");
            let size = value["parts"][0]["size"].clone();
            if !sizes.contains(&size) {
                sizes.push(size);
            }
            notes += usize::from(value["parts"][0].get("note").is_some());
        }
        assert_eq!(sizes.len(), 9);
        assert!((50..250).contains(&notes), "{notes}");
    }

    #[test]
    fn a_header_has_ascii_alone() {
        let strategy = valid_text(&json!({ "type": "string", "minLength": 30 }), Place::Header);
        let mut runner = TestRunner::deterministic();
        for _ in 0..100 {
            let text = strategy.new_tree(&mut runner).unwrap().current();
            assert!(text.is_ascii(), "{text}");
        }
    }
}
