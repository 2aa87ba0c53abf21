//! The query parameters that are ends of a range, and the field of an item that each is about.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use super::list::{List, says};
use crate::contract::{
    Facet, HIGH, LOW, Location, Meaning, Operation, Parameter, RangeEnd, types_of, words,
};

/// Words of a name that tell of nothing but a time.
const OF_TIME: [&str; 8] = [
    "than",
    "date",
    "time",
    "day",
    "datetime",
    "at",
    "on",
    "timestamp",
];

/// Words of a name that tell of nothing but that something happened: whatever happens has one such
/// time. When a thing was made or changed may be another than is meant.
const OF_HAPPENING: [&str; 10] = [
    "happened", "occurred", "occured", "recorded", "logged", "measured", "observed", "sampled",
    "sent", "posted",
];

/// What a field's values are, so that two of them can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Number,
    Day,
    Moment,
}

fn sort(node: &Value) -> Option<Sort> {
    let types = types_of(node);
    let format = node.get(Facet::Format.as_str()).and_then(Value::as_str);
    let is = |kind: &str| types.contains(&kind);
    match format {
        Some("date" | "YYYY-MM-DD" | "yyyy-MM-dd") if is("string") => Some(Sort::Day),
        Some("date-time") if is("string") => Some(Sort::Moment),
        _ if is("integer") || is("number") => Some(Sort::Number),
        _ => None,
    }
}

/// Which of two values comes first, where both are numbers, days or moments.
pub(crate) fn compared(one: &Value, other: &Value) -> Option<Ordering> {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64().partial_cmp(&other.as_f64()),
        (Value::String(one), Value::String(other)) => {
            let day = |text: &str| {
                let is_day = text.len() == "2024-01-31".len();
                text.parse::<Date>().ok().filter(|_| is_day)
            };
            if let (Some(one), Some(other)) = (day(one), day(other)) {
                return Some(one.cmp(&other));
            }
            let moment = |text: &str| text.parse::<Timestamp>().ok();
            Some(moment(one)?.cmp(&moment(other)?))
        }
        _ => None,
    }
}

/// The names of the fields that a list can be cut to a range of.
pub(crate) fn ranged_by(operation: &Operation) -> Vec<String> {
    let ends = List::of(operation, None).map(|list| list.ranges());
    let fields = ends.into_iter().flatten().map(|(_, end)| end.field);
    fields
        .filter_map(|field| field.rsplit('/').next().map(str::to_owned))
        .collect()
}

impl List<'_> {
    /// The query parameters that are ends of a range, each with the field that it is about.
    pub(crate) fn ranges(&self) -> BTreeMap<String, RangeEnd> {
        let query = self.operation.parameters_in(Location::Query);
        let ends = query.filter_map(|parameter| {
            let facts = parameter.schema.own_facts();
            let (low, inclusive) = [
                (Meaning::NotBelow, true, true),
                (Meaning::NotAbove, false, true),
                (Meaning::Above, true, false),
                (Meaning::Below, false, false),
            ]
            .into_iter()
            .find(|(meaning, ..)| says(facts, *meaning))
            .map(|(_, low, inclusive)| (low, inclusive))?;
            let field = self.ranged(parameter)?;
            let end = RangeEnd {
                field,
                low,
                inclusive,
            };
            Some((parameter.name.clone(), end))
        });
        ends.collect()
    }

    /// The field that a parameter is an end of: the one that its name has beside the words of an
    /// end. Where it has none, that is a day or a moment that is called no more than that, or the one
    /// at which it happened: any other, such as when an item was made, may be another than is meant.
    fn ranged(&self, parameter: &Parameter) -> Option<String> {
        let wanted = sort(parameter.schema.follow(&parameter.schema.root))?;
        let is_bare = |word: &String| {
            let word = word.as_str();
            !LOW.contains(&word) && !HIGH.contains(&word) && !OF_TIME.contains(&word)
        };
        let bare =
            |name: &str| -> Vec<String> { words(name).into_iter().filter(is_bare).collect() };
        let rest = bare(&parameter.name);
        let fields = self.scalar_fields();
        // A time that only an example shows has no format: its name tells that it is one.
        let is_sort = |name: &str, node: &Value| {
            let is_text = types_of(node).contains(&"string") && node.get("format").is_none();
            let is_called_so = || {
                words(name)
                    .iter()
                    .any(|word| OF_TIME.contains(&word.as_str()))
            };
            sort(node) == Some(wanted) || wanted != Sort::Number && is_text && is_called_so()
        };
        let mut same = fields
            .iter()
            .filter(|(name, node)| is_sort(name, node) && bare(name) == rest);
        let is_named = !rest.is_empty() || wanted != Sort::Number;
        let only = match (same.next(), same.next()) {
            (Some(only), None) => only,
            (None, _) if rest.is_empty() => {
                let is_happening = |word: &String| OF_HAPPENING.contains(&word.as_str());
                let mut happening = fields.iter().filter(|(name, node)| {
                    is_sort(name, node) && bare(name).iter().all(is_happening)
                });
                happening.next().filter(|_| happening.next().is_none())?
            }
            _ => return None,
        };
        is_named.then(|| self.place_of(&only.0))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case(json!(2), json!(10), Some(Ordering::Less))]
    #[case(json!("2024-02-01"), json!("2024-01-31"), Some(Ordering::Greater))]
    #[case(json!("2024-01-01T01:00:00+01:00"), json!("2024-01-01T00:00:00Z"), Some(Ordering::Equal))]
    #[case(json!("2024-01-01"), json!("2024-01-01T00:00:00Z"), None)]
    #[case(json!("b"), json!("a"), None)]
    #[case(json!(null), json!(1), None)]
    fn what_can_be_compared_is(
        #[case] one: Value,
        #[case] other: Value,
        #[case] expected: Option<Ordering>,
    ) {
        assert_eq!(compared(&one, &other), expected);
    }
}
