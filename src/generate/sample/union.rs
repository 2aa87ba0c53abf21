//! Samples of what is joined from several schemas: of a union the first branch that makes a whole
//! which the schema allows.

use serde_json::{Map, Value};

use super::within::Within;
use super::{is_null_alone, sample_at};
use crate::contract::Schema;

/// The words that say what values are, rather than which fields of an object go together.
const DESCRIBING: [&str; 9] = [
    "$ref",
    "allOf",
    "anyOf",
    "const",
    "enum",
    "items",
    "oneOf",
    "properties",
    "type",
];

/// The most branches of one union that are tried.
const BRANCHES: usize = 16;

/// Whether a node joins schemas that describe values.
pub(super) fn is_joined(schema: &Schema, node: &Value) -> bool {
    ["allOf", "anyOf", "oneOf"]
        .into_iter()
        .any(|word| branches(schema, node, word).next().is_some())
}

/// The branches that describe values.
fn branches<'s>(
    schema: &'s Schema,
    node: &'s Value,
    word: &str,
) -> impl Iterator<Item = &'s Value> + use<'s> {
    let all = node.get(word).and_then(Value::as_array);
    let all = all
        .into_iter()
        .flatten()
        .map(|branch| schema.follow(branch));
    all.filter(|branch| {
        let is_conditional = branch.get("if").is_some();
        !is_conditional && DESCRIBING.iter().any(|word| branch.get(word).is_some())
    })
}

/// A value that a node allows which joins schemas; none where what is tried is not.
pub(super) fn sample(
    schema: &Schema,
    node: &Value,
    plain: &Value,
    variety: usize,
    within: &Within<'_>,
) -> Option<Value> {
    let part = schema.part(node)?;
    // What says nothing itself has no plain value of its own.
    let is_described = ["type", "properties", "items"]
        .iter()
        .any(|word| node.get(word).is_some());
    if is_described && part.is_valid(plain) {
        return Some(plain.clone());
    }
    let mut base = is_described.then(|| plain.clone());
    for branch in branches(schema, node, "allOf") {
        let more = sample_at(schema, branch, variety, within);
        base = Some(joined(base.take(), more));
    }
    if let Some(base) = base.as_ref().filter(|base| part.is_valid(base)) {
        return Some(base.clone());
    }
    ["oneOf", "anyOf"].into_iter().find_map(|word| {
        let mut all: Vec<&Value> = branches(schema, node, word).take(BRANCHES).collect();
        let turn = variety % all.len().max(1);
        all.rotate_left(turn);
        // What leads back to where it stands comes last: a sample has to end. Null says the least.
        all.sort_by_key(|branch| (within.leads_back(schema, branch), is_null_alone(branch)));
        all.into_iter().find_map(|branch| {
            let whole = joined(base.clone(), sample_at(schema, branch, variety, within));
            part.is_valid(&whole).then_some(whole)
        })
    })
}

/// Two samples as one: an object with the fields of both, the second before the first.
fn joined(base: Option<Value>, more: Value) -> Value {
    match (base, more) {
        (Some(Value::Object(mut base)), Value::Object(more)) => {
            let more: Map<String, Value> = more;
            base.extend(more);
            Value::Object(base)
        }
        (_, more) => more,
    }
}
