//! Parameters of a list that may be left out, of which a page says what is taken then.

use std::collections::BTreeMap;

use serde_json::Value;

use super::list::{List, says};
use super::names::{LIMITS, MARKERS, OFFSETS, PAGES, SIZES, STARTS, is_one_of};
use crate::contract::{Facet, Fact, Level, Location, Meaning, Parameter, enum_values};

/// The query parameters of a list that have a documented default, and that as a query spells it.
/// How a list is paged has laws of its own.
pub(super) fn omitted(list: &List<'_>) -> BTreeMap<String, String> {
    let is_of_pages = |name: &str| {
        let all = [LIMITS, SIZES, OFFSETS, STARTS, PAGES, MARKERS];
        all.iter().any(|names| is_one_of(name, names))
    };
    let all = list.operation.parameters_in(Location::Query);
    let own = all.filter(|own| !own.required && !is_of_pages(&own.name));
    own.filter_map(|own| Some((own.name.clone(), default_of(own)?)))
        .collect()
}

/// Words for a default that is no value: everything, or what is told elsewhere.
const NO_VALUES: [&str; 12] = [
    "*",
    "all",
    "any",
    "anything",
    "both",
    "current",
    "everyone",
    "everything",
    "none",
    "now",
    "today",
    "unlimited",
];

/// The default of a parameter, where a value is not restricted by words alone.
fn default_of(parameter: &Parameter) -> Option<String> {
    let facts = parameter.schema.own_facts();
    let node = parameter.schema.follow(&parameter.schema.root);
    let is_restricting = |fact: &Fact| fact.facet == Facet::Prose && fact.level > Level::May;
    let is_in_words = enum_values(node).is_empty() && facts.iter().any(is_restricting);
    if is_in_words || says(facts, Meaning::Opaque) {
        return None;
    }
    let is_listed = |text: &str| enum_values(node).iter().any(|own| *own == text);
    let is_word = |text: &str| NO_VALUES.contains(&text.to_ascii_lowercase().as_str());
    match node.get(Facet::Default.as_str())? {
        Value::String(text) if is_word(text) && !is_listed(text) => None,
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        value @ (Value::Bool(_) | Value::Number(_)) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
