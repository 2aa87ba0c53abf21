//! Samples as wholes: rules of which none is about one field alone, such as `not`,
//! `dependentSchemas` and `maxProperties`, and what is left where one of them is broken.

use serde_json::{Map, Value, json};

use super::sample_plain;
use super::within::Within;
use crate::contract::{ANNOTATION, Schema, types_of};

/// The words of rules that a value is held to as a whole.
const CHECKED: [&str; 8] = [
    "contains",
    "dependentRequired",
    "dependentSchemas",
    "if",
    "maxProperties",
    "minProperties",
    "not",
    "propertyNames",
];

/// How many other samples are tried where one breaks a rule.
const VARIETIES: usize = 16;

/// Whether rules speak of a node's values as wholes.
pub(in crate::generate) fn is_checked(node: &Value) -> bool {
    let has = |node: &Value| {
        CHECKED.iter().any(|word| node.get(*word).is_some()) || is_one_of_presence(node)
    };
    let joined = node.get("allOf").and_then(Value::as_array);
    has(node) || joined.is_some_and(|all| all.iter().any(has))
}

/// Whether the branches of a union say nothing but which fields are there: `oneOf: [{required: [a]},
/// {required: [b]}]`.
fn is_one_of_presence(node: &Value) -> bool {
    let is_bare = |branch: &Value| {
        let words = branch.as_object().into_iter().flatten();
        branch.get("required").is_some()
            && words
                .map(|(word, _)| word.as_str())
                .all(|word| matches!(word, "required" | "not" | ANNOTATION))
    };
    let branches = node.get("oneOf").and_then(Value::as_array);
    branches.is_some_and(|branches| branches.iter().all(is_bare))
}

/// A sample, or one that breaks no rule of the whole where it does and there is one.
pub(super) fn settled(schema: &Schema, node: &Value, plain: Value) -> Value {
    if !is_checked(node) {
        return plain;
    }
    let Some(part) = schema.part(node).filter(|part| !part.is_valid(&plain)) else {
        return plain;
    };
    if let Value::Object(map) = &plain {
        return fewest(&part, map).map_or(plain, Value::Object);
    }
    let others =
        (1..=VARIETIES).map(|variety| sample_plain(schema, node, variety, &Within::default()));
    // What says nothing of its type takes values of any.
    let untyped = [json!(1), json!(-1), json!(true), json!([]), json!({})];
    let untyped = untyped.into_iter().filter(|_| types_of(node).is_empty());
    let beyond = [json!(-1), json!(1_000), json!(-1_000)];
    let beyond = beyond.into_iter().filter(|_| plain.is_number());
    others
        .chain(untyped)
        .chain(beyond)
        .find(|other| part.is_valid(other))
        .unwrap_or(plain)
}

/// As much of an object as its schema allows: what has to be there, and each other field that goes
/// with those before it. None where what has to be there does not go together itself.
pub(in crate::generate) fn fewest(
    part: &Schema,
    map: &Map<String, Value>,
) -> Option<Map<String, Value>> {
    let required = part.root.get("required").and_then(Value::as_array);
    let is_required =
        |name: &String| required.is_some_and(|all| all.iter().any(|one| *one == **name));
    let (needed, others): (Vec<_>, Vec<_>) = map.iter().partition(|(name, _)| is_required(name));
    let mut kept: Map<String, Value> = needed
        .into_iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let mut best = is_whole(part, &kept).then(|| kept.clone());
    for (name, value) in others {
        kept.insert(name.clone(), value.clone());
        if is_whole(part, &kept) {
            best = Some(kept.clone());
        } else if best.is_some() {
            kept.shift_remove(name);
        }
    }
    best
}

fn is_whole(part: &Schema, map: &Map<String, Value>) -> bool {
    part.is_valid(&Value::Object(map.clone()))
}
