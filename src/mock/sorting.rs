//! The order of a list as a request chooses it, and the text that it searches for.

use std::cmp::Ordering;

use serde_json::Value;

use crate::contract::{Location, RangeEnd, is_descending, sort_order};
use crate::recognise::{Sorting, compared};

use super::call::Call;

/// The order that a request asks for: the pointer to the field, and whether the greatest comes
/// first.
pub(super) fn asked<'s>(sorting: &'s Sorting, call: &Call<'_>) -> Option<(&'s str, bool)> {
    let value = call.text(Location::Query, &sorting.by)?;
    let pointer = sorting.fields.get(value)?;
    let direction = sorting.direction.as_deref();
    let word = direction.and_then(|name| call.text(Location::Query, name));
    let own = sort_order(value).1;
    let descends = own.or_else(|| is_descending(word?)).unwrap_or(false);
    Some((pointer, descends))
}

/// Which of two values comes first: numbers as numbers, everything else by its text.
pub(super) fn order(one: Option<&Value>, other: Option<&Value>, descends: bool) -> Ordering {
    let text = |value: Option<&Value>| match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.to_lowercase(),
        Some(other) => other.to_string(),
    };
    let number = |value: Option<&Value>| value.and_then(Value::as_f64);
    let order = match (number(one), number(other)) {
        (Some(one), Some(other)) => one.partial_cmp(&other).unwrap_or(Ordering::Equal),
        _ => text(one).cmp(&text(other)),
    };
    if descends { order.reverse() } else { order }
}

/// Whether a field of an item is within the end of a range that a request asks for; what is not there
/// is.
pub(super) fn is_within(
    call: &Call<'_>,
    parameter: &str,
    end: &RangeEnd,
    own: Option<&Value>,
) -> bool {
    let asked = call.parameter(Location::Query, parameter);
    let Some(order) = own.zip(asked).and_then(|(own, asked)| compared(own, asked)) else {
        return true;
    };
    match order {
        Ordering::Less => !end.low,
        Ordering::Equal => end.inclusive,
        Ordering::Greater => end.low,
    }
}

/// Whether a text that a request searches for stands somewhere in a value, in either case.
pub(super) fn has(value: &Value, wanted: &str) -> bool {
    match value {
        Value::String(own) => own.to_lowercase().contains(&wanted.to_lowercase()),
        Value::Array(items) => items.iter().any(|item| has(item, wanted)),
        Value::Object(map) => map.values().any(|item| has(item, wanted)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether every text that a request searches for stands in an item.
pub(super) fn is_found(searches: &[String], call: &Call<'_>, item: &Value) -> bool {
    let mut wanted = searches
        .iter()
        .filter_map(|name| call.text(Location::Query, name));
    wanted.all(|wanted| has(item, wanted))
}
