//! Samples of objects: of named fields, and of as many others as there have to be.

use serde_json::{Map, Value};

use super::within::Within;
use super::{allows_nothing, is_moment, moment, sample_at, sample_text};
use crate::contract::Schema;
use crate::generate::together::{Together, is_kept_out};

/// How many names are tried for each field without a name of its own.
const NAMES: usize = 16;

/// The most fields that are added for there have to be so many.
const MOST: usize = 1_000;

/// An object with every field that may be there and ends somewhere.
pub(super) fn sample(
    schema: &Schema,
    node: &Value,
    variety: usize,
    within: &Within<'_>,
) -> Map<String, Value> {
    let mut map = Map::new();
    if within.is_at_end() {
        return map;
    }
    let required = node.get("required").and_then(Value::as_array);
    let is_required = |name: &str| required.is_some_and(|all| all.iter().any(|one| *one == *name));
    let properties = node.get("properties").and_then(Value::as_object);
    for (name, child) in properties.into_iter().flatten() {
        let is_left_out = || {
            is_kept_out(child)
                || allows_nothing(child)
                || within.is_deep()
                || within.leads_back(schema, child)
        };
        if is_required(name) || !is_left_out() {
            map.insert(name.clone(), sample_at(schema, child, variety, within));
        }
    }
    in_order(properties, variety, &mut map);
    // What has to be there need not be described.
    let others = node.get("additionalProperties");
    for name in required.into_iter().flatten().filter_map(Value::as_str) {
        let is_described = properties.is_some_and(|own| own.contains_key(name));
        if !is_described && others != Some(&Value::Bool(false)) {
            let anything = serde_json::json!({ "type": "string" });
            let child = others.filter(|child| child.is_object());
            let value = sample_at(schema, child.unwrap_or(&anything), variety, within);
            map.entry(name).or_insert(value);
        }
    }
    if let Some(together) = Together::of(schema, node) {
        together.settle(&mut map, &[]);
    }
    fill(schema, node, variety, within, &mut map);
    map
}

/// Lets each moment of an object be later than the one before: what ends, ends after it has begun.
fn in_order(properties: Option<&Map<String, Value>>, variety: usize, map: &mut Map<String, Value>) {
    let mut earlier = 0;
    for (name, child) in properties.into_iter().flatten() {
        let is_chosen = child.get("enum").is_some() || child.get("const").is_some();
        if is_chosen || !is_moment(child) {
            continue;
        }
        if let Some(Value::String(text)) = map.get_mut(name) {
            *text = moment(child, variety, earlier).unwrap_or_else(|| std::mem::take(text));
            earlier += 1;
        }
    }
}

/// Adds fields until there are as many as there have to be: named ones first, then those that a
/// pattern or nothing but their kind describes.
fn fill(
    schema: &Schema,
    node: &Value,
    variety: usize,
    within: &Within<'_>,
    map: &mut Map<String, Value>,
) {
    let least = node.get("minProperties").and_then(Value::as_u64);
    let least = least.and_then(|least| usize::try_from(least).ok());
    let least = least.unwrap_or(0).min(MOST);
    let properties = node.get("properties").and_then(Value::as_object);
    for (name, child) in properties.into_iter().flatten() {
        if map.len() >= least {
            return;
        }
        if !map.contains_key(name) && !is_kept_out(child) && !allows_nothing(child) {
            map.insert(name.clone(), sample_at(schema, child, variety, within));
        }
    }
    let patterns = node.get("patternProperties").and_then(Value::as_object);
    let names = node.get("propertyNames");
    for (pattern, child) in patterns.into_iter().flatten() {
        let like = serde_json::json!({ "pattern": pattern });
        for number in 0..least * NAMES {
            if map.len() >= least {
                return;
            }
            let name = sample_text(&like, variety + number);
            let value = sample_at(schema, child, variety + number, within);
            map.entry(name).or_insert(value);
        }
    }
    let others = node.get("additionalProperties");
    if others == Some(&Value::Bool(false)) {
        return;
    }
    let anything = serde_json::json!({ "type": "string" });
    let child = others
        .filter(|child| child.is_object())
        .unwrap_or(&anything);
    for number in 0..least * NAMES {
        if map.len() >= least {
            return;
        }
        let name = match names {
            Some(names) => match sample_at(schema, &text_like(schema, names), number, within) {
                Value::String(name) => name,
                _ => return,
            },
            None => format!("key{}", number + 1),
        };
        let value = sample_at(schema, child, variety + number, within);
        map.entry(name).or_insert(value);
    }
}

/// What names are like, as the texts that they are.
fn text_like(schema: &Schema, names: &Value) -> Value {
    let mut names = schema.follow(names).clone();
    if let Value::Object(map) = &mut names {
        map.entry("type").or_insert_with(|| Value::from("string"));
    }
    names
}
