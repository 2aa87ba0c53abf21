//! Samples of lists.

use serde_json::Value;

use super::within::Within;
use super::{sample_at, size};
use crate::contract::{Facet, Schema};
use crate::generate::boundary_values::MOST_ITEMS;

/// A list of an item where it may have one, and else of as many as it has to have.
pub(super) fn sample(
    schema: &Schema,
    node: &Value,
    variety: usize,
    within: &Within<'_>,
) -> Vec<Value> {
    if within.is_at_end() {
        return Vec::new();
    }
    let first = node.get("prefixItems").and_then(Value::as_array);
    let first = first.map(Vec::as_slice).unwrap_or_default();
    let items = node.get("items").filter(|items| items.is_object());
    let contained = node
        .get("contains")
        .filter(|contained| contained.is_object());
    let asked = |word: &str| {
        let count = node.get(word).and_then(Value::as_u64)?;
        usize::try_from(count)
            .ok()
            .map(|count| count.min(MOST_ITEMS))
    };
    let held = contained.map_or(0, |_| asked("minContains").unwrap_or(1));
    let most_held = asked("maxContains").unwrap_or(usize::MAX);
    let least = size(node, Facet::MinItems).unwrap_or(0);
    let most = size(node, Facet::MaxItems).unwrap_or(usize::MAX);
    let is_left_out =
        within.is_deep() || items.is_some_and(|items| within.leads_back(schema, items));
    let wanted = least.max(usize::from(!is_left_out));
    let count = wanted.max(first.len()).max(first.len() + held).min(most);
    // One that the list need not contain stands before those that it has to, so that it can be changed
    // by itself.
    let plain = items
        .zip(contained)
        .filter(|_| first.is_empty() && !is_left_out && held < most)
        .map(|(items, contained)| (sample_at(schema, items, variety, within), contained))
        .filter(|(plain, contained)| {
            let part = schema.part(contained);
            part.is_some_and(|part| !part.is_valid(plain))
        });
    if let (Some((plain, contained)), Some(items)) = (plain, items) {
        let rest = held.max(count.saturating_sub(1));
        let others = (1..=rest).map(|index| {
            let node = if index <= held { contained } else { items };
            sample_at(schema, node, variety + index, within)
        });
        return std::iter::once(plain).chain(others).collect();
    }
    (0..count)
        .filter_map(|index| {
            let is_held = index < first.len() + held;
            let item = first
                .get(index)
                .or(contained.filter(|_| is_held))
                .or(items)
                // Of what nothing is said but what the list contains, there is more of that.
                .or(contained.filter(|_| index < least && index < most_held));
            match item {
                Some(item) => Some(sample_at(schema, item, variety + index, within)),
                None if index < least => Some(Value::from(format!("item{index}"))),
                None => None,
            }
        })
        .collect()
}
