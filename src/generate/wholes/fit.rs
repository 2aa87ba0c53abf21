//! Values changed until they fit a schema, or until they do not, by as little as comes to mind. What
//! is found is a guess: whoever uses it holds it against the whole schema.

use serde_json::{Map, Value, json};

use crate::contract::{Facet, Schema, enum_values, type_of, types_of};
use crate::generate::boundary_values::{
    above_maximum, below_minimum, no_multiples, outside_enum, outside_pattern, too_long, too_short,
    wrong_types,
};
use crate::generate::dates::badly_formatted;
use crate::generate::sample::{sample, size};

/// How deep schemas are followed.
const DEPTH: usize = 6;

/// How many values are looked at in one place.
const MOST: usize = 12;

/// How many plain values of a schema are tried.
const VARIETIES: usize = 4;

/// What values are changed within: a schema, and what it says of the place besides.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    pub(super) schema: &'p Schema,
    /// What describes the value beside the rule.
    pub(super) around: Option<&'p Value>,
    depth: usize,
}

impl<'p> Place<'p> {
    /// A value that a node describes.
    pub(super) fn of(schema: &'p Schema, around: &'p Value) -> Self {
        Self {
            schema,
            around: Some(around),
            depth: 0,
        }
    }

    /// A field or an item of it.
    fn below(self, token: &str) -> Self {
        Self {
            around: self.around.and_then(|node| self.schema.child(node, token)),
            depth: self.depth + 1,
            ..self
        }
    }

    /// The same value by another rule.
    fn inner(self) -> Self {
        Self {
            depth: self.depth + 1,
            ..self
        }
    }

    /// A plain value of a field.
    pub(super) fn sample_of(self, name: &str, stated: Option<&Value>) -> Value {
        let own = self.below(name).around;
        let stated = stated.filter(|node| node.is_object());
        let anything = json!({ "type": "string" });
        let node = stated.filter(|node| says_type(self.schema, node));
        let node = node.or(own).or(stated).unwrap_or(&anything);
        sample(self.schema, node, 0)
    }

    /// Plain values of what describes the value and of a rule together, which may say nothing of its
    /// type; and of what describes it alone.
    fn others(self, node: &Value) -> Vec<Value> {
        let around = self.around.and_then(Value::as_object);
        let mut both = around.cloned().unwrap_or_default();
        both.extend(node.as_object().cloned().unwrap_or_default());
        let both = Value::Object(both);
        let described = [Some(&both), self.around].into_iter().flatten();
        described
            .flat_map(|node| (0..VARIETIES).map(move |variety| (node, variety)))
            .map(|(node, variety)| sample(self.schema, node, variety))
            .collect()
    }
}

fn says_type(schema: &Schema, node: &Value) -> bool {
    let node = schema.follow(node);
    !types_of(node).is_empty() || !enum_values(node).is_empty() || node.get("properties").is_some()
}

/// The listed schemas under a word.
fn listed<'n>(node: &'n Value, word: &str) -> impl Iterator<Item = &'n Value> + use<'n> {
    node.get(word)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// The named schemas under a word.
fn named<'n>(
    node: &'n Value,
    word: &str,
) -> impl Iterator<Item = (&'n String, &'n Value)> + use<'n> {
    node.get(word)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

/// An object with another value of a field, or without it.
fn with(map: &Map<String, Value>, name: &str, value: Option<Value>) -> Value {
    let mut map = map.clone();
    match value {
        Some(value) => {
            map.insert(name.to_owned(), value);
        }
        None => {
            map.shift_remove(name);
        }
    }
    Value::Object(map)
}

/// A list with another item at a place.
pub(super) fn with_item(items: &[Value], index: usize, item: Value) -> Value {
    let mut items = items.to_vec();
    if let Some(place) = items.get_mut(index) {
        *place = item;
    }
    Value::Array(items)
}

/// Values that fit a schema, made from one.
pub(super) fn fitting(place: Place<'_>, node: &Value, from: &Value) -> Vec<Value> {
    if place.depth > DEPTH || *node == Value::Bool(false) {
        return Vec::new();
    }
    let node = place.schema.follow(node);
    let Some(part) = place.schema.part(node) else {
        return Vec::new();
    };
    if part.is_valid(from) {
        return vec![from.clone()];
    }
    let mut found: Vec<Value> = enum_values(node).into_iter().take(VARIETIES).collect();
    let kinds = types_of(node);
    let is_of_kind = kinds.is_empty() || kinds.contains(&type_of(from));
    let starts = if is_of_kind {
        vec![from.clone()]
    } else {
        vec![sample(place.schema, node, 0), sample(place.schema, node, 1)]
    };
    for start in starts {
        let mut value = start;
        for branch in listed(node, "allOf") {
            value = first(fitting(place.inner(), branch, &value), value);
        }
        if let Some(denied) = node.get("not") {
            found.extend(unfitting(place.inner(), denied, &value));
        }
        value = match value {
            Value::Object(map) => whole_object(place, node, map),
            Value::Array(items) => whole_list(place, node, items),
            plain => plain,
        };
        for branch in listed(node, "oneOf").chain(listed(node, "anyOf")) {
            found.extend(fitting(place.inner(), branch, &value));
        }
        found.push(value);
    }
    found.extend(place.others(node));
    found.extend((0..VARIETIES).map(|variety| sample(place.schema, node, variety)));
    kept(found, |value| part.is_valid(value))
}

/// An object with what a schema asks for.
fn whole_object(place: Place<'_>, node: &Value, mut map: Map<String, Value>) -> Value {
    let described = node.get("properties");
    for name in listed(node, "required").filter_map(Value::as_str) {
        if !map.contains_key(name) {
            let stated = described.and_then(|all| all.get(name));
            map.insert(name.to_owned(), place.sample_of(name, stated));
        }
    }
    for (name, child) in named(node, "properties") {
        if *child == Value::Bool(false) {
            map.shift_remove(name);
        } else if let Some(value) = map.get(name) {
            let better = first(fitting(place.below(name), child, value), value.clone());
            map.insert(name.clone(), better);
        }
    }
    Value::Object(map)
}

/// A list with what a schema asks for.
fn whole_list(place: Place<'_>, node: &Value, mut items: Vec<Value>) -> Value {
    if let Some(each) = node.get("items") {
        for item in &mut items {
            *item = first(fitting(place.below("0"), each, item), item.clone());
        }
    }
    let least = size(node, Facet::MinItems).unwrap_or(0).min(MOST);
    while items.len() < least {
        items.push(place.sample_of("0", node.get("items")));
    }
    if let Some(held) = node.get("contains") {
        let own = items.first().cloned();
        let own = own.unwrap_or_else(|| place.sample_of("0", None));
        items.extend(fitting(place.below("0"), held, &own).into_iter().next());
    }
    Value::Array(items)
}

/// Values that do not fit a schema, made from one.
pub(super) fn unfitting(place: Place<'_>, node: &Value, from: &Value) -> Vec<Value> {
    if place.depth > DEPTH || *node == Value::Bool(true) {
        return Vec::new();
    }
    let node = place.schema.follow(node);
    let Some(part) = place.schema.part(node) else {
        return Vec::new();
    };
    if !part.is_valid(from) {
        return vec![from.clone()];
    }
    let mut found = Vec::new();
    match from {
        Value::Object(map) => {
            for name in listed(node, "required").filter_map(Value::as_str) {
                found.push(with(map, name, None));
            }
            for (name, child) in named(node, "properties") {
                let inner = place.below(name);
                let own = map.get(name).cloned();
                let own = own.unwrap_or_else(|| place.sample_of(name, Some(child)));
                for value in unfitting(inner, child, &own).into_iter().take(VARIETIES) {
                    found.push(with(map, name, Some(value)));
                }
            }
        }
        Value::Array(items) => {
            let each = node.get("items");
            let item = items.first().cloned();
            let item = item.unwrap_or_else(|| place.sample_of("0", each));
            for value in each
                .into_iter()
                .flat_map(|each| unfitting(place.below("0"), each, &item))
            {
                found.push(json!([value]));
            }
            if let Some(held) = node.get("contains") {
                found.extend(without(place, held, items));
            }
            let least = size(node, Facet::MinItems).unwrap_or(0);
            found.extend(
                least
                    .checked_sub(1)
                    .and_then(|most| items.get(..most))
                    .map(|few| json!(few)),
            );
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            found.extend(place.around.into_iter().flat_map(enum_values));
            found.extend(place.others(&Value::Null));
            found.extend(beside(node));
            found.push(json!(!from.as_bool().unwrap_or(true)));
        }
    }
    if let Some(denied) = node.get("not") {
        found.extend(fitting(place.inner(), denied, from));
    }
    for branch in listed(node, "allOf") {
        found.extend(unfitting(place.inner(), branch, from));
    }
    let of_none = listed(node, "anyOf").chain(listed(node, "oneOf"));
    found.push(of_none.fold(from.clone(), |value, branch| {
        first(unfitting(place.inner(), branch, &value), value)
    }));
    found.extend(wrong_types(node).into_iter().map(|(_, value)| value));
    kept(found, |value| !part.is_valid(value))
}

/// A list of which no item fits a schema.
pub(super) fn without(place: Place<'_>, held: &Value, items: &[Value]) -> Option<Value> {
    let part = place.schema.part(held)?;
    let changed = items.iter().map(|item| {
        if part.is_valid(item) {
            unfitting(place.below("0"), held, item).into_iter().next()
        } else {
            Some(item.clone())
        }
    });
    changed.collect::<Option<Vec<Value>>>().map(Value::Array)
}

/// Plain values on the other side of a node's bounds.
fn beside(node: &Value) -> Vec<Value> {
    let few = |values: Vec<(String, Value)>| values.into_iter().take(VARIETIES);
    let bounds = [
        few(outside_enum(node)),
        few(too_short(node)),
        few(too_long(node)),
        few(outside_pattern(node)),
        few(badly_formatted(node)),
        few(below_minimum(node, Facet::Minimum)),
        few(below_minimum(node, Facet::ExclusiveMinimum)),
        few(above_maximum(node, Facet::Maximum)),
        few(above_maximum(node, Facet::ExclusiveMaximum)),
        few(no_multiples(node)),
    ];
    bounds
        .into_iter()
        .flatten()
        .map(|(_, value)| value)
        .collect()
}

fn first(values: Vec<Value>, otherwise: Value) -> Value {
    values.into_iter().next().unwrap_or(otherwise)
}

/// The values that are as wanted, each once.
fn kept(values: Vec<Value>, is_wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
    let mut kept: Vec<Value> = Vec::new();
    for value in values {
        if kept.len() < MOST && !kept.contains(&value) && is_wanted(&value) {
            kept.push(value);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::required(json!({ "required": ["b"] }), json!({ "a": 1 }))]
    #[case::listed(json!({ "properties": { "a": { "enum": [2, 3] } }, "required": ["a"] }), json!({ "a": 1 }))]
    #[case::pattern(json!({ "properties": { "b": { "pattern": "^[0-9]{5}$" } } }), json!({ "b": "x" }))]
    #[case::barred(json!({ "properties": { "b": false } }), json!({ "b": "x" }))]
    #[case::held(json!({ "contains": { "type": "integer", "minimum": 5 } }), json!([1]))]
    #[case::any(json!({ "anyOf": [{ "required": ["x"] }, { "required": ["y"] }] }), json!({}))]
    #[case::denied(json!({ "not": { "required": ["a"] } }), json!({ "a": 1 }))]
    #[case::multiple(json!({ "multipleOf": 3, "type": "integer" }), json!(4))]
    fn a_value_is_made_to_fit_and_not_to_fit(#[case] rule: Value, #[case] from: Value) {
        let around = json!({ "properties": {
            "a": { "type": "integer" }, "b": { "type": "string" }, "x": { "type": "string" },
        } });
        let schema = Schema::compile(json!({ "$defs": { "rule": rule } })).unwrap();
        let place = Place::of(&schema, &around);
        let node = &schema.root["$defs"]["rule"];
        let part = schema.part(node).unwrap();
        assert!(!part.is_valid(&from));
        let fitting = fitting(place, node, &from);
        assert!(!fitting.is_empty());
        for value in fitting {
            assert!(part.is_valid(&value), "{value}");
            let back = unfitting(place, node, &value);
            assert!(!back.is_empty(), "{value}");
            assert!(back.iter().all(|value| !part.is_valid(value)));
        }
    }
}
