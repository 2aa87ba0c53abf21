//! The query parameters that choose the order of a list, and what they choose: a field of an item,
//! and which end comes first.

use std::collections::BTreeMap;

use crate::contract::{
    Location, Operation, Parameter, enum_values, is_called, is_descending, sort_order, words,
};

/// Names of a parameter that chooses the field.
const FIELDS: [&str; 9] = [
    "sort",
    "sort_by",
    "order_by",
    "ordering",
    "sort_key",
    "sort_field",
    "sorted_by",
    "order_field",
    "order",
];

/// Names of one that chooses which end comes first.
const DIRECTIONS: [&str; 9] = [
    "order",
    "direction",
    "sort_order",
    "sort_dir",
    "sort_direction",
    "order_dir",
    "order_direction",
    "dir",
    "order_type",
];

/// How the order of a list is chosen.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Sorting {
    /// The query parameter that names the field.
    pub(crate) by: String,
    /// Its values, and the fields that they name.
    pub(crate) fields: BTreeMap<String, String>,
    /// The query parameter that says which end comes first.
    pub(crate) direction: Option<String>,
}

/// The texts that a parameter lists as its values.
fn listed(parameter: &Parameter) -> Vec<String> {
    let schema = &parameter.schema;
    let node = schema.follow(&schema.root);
    // Several may be asked for at once: each is one.
    let each = node.get("items").map(|items| schema.follow(items));
    let values = enum_values(each.unwrap_or(node));
    values
        .iter()
        .filter_map(|value| value.as_str().map(str::to_owned))
        .collect()
}

/// The field among some that a word names: by its own name, or by that without `at` for a time.
fn field<'f>(fields: &'f [String], word: &str) -> Option<&'f String> {
    let wanted = words(word);
    let with_at = [wanted.as_slice(), &["at".to_owned()]].concat();
    let named = |wanted: &[String]| fields.iter().find(|field| words(field) == wanted);
    named(&wanted).or_else(|| named(&with_at))
}

/// How the order of an operation's list is chosen, where a parameter lists the names of fields that
/// its items have.
pub(super) fn sorting(operation: &Operation, fields: &[String]) -> Option<Sorting> {
    let called = |names: &[&str]| -> Vec<&Parameter> {
        let all = operation.parameters_in(Location::Query);
        all.filter(|own| names.iter().any(|name| is_called(&own.name, name)))
            .collect()
    };
    let (by, named) = called(&FIELDS).into_iter().find_map(|parameter| {
        let values = listed(parameter);
        let named: BTreeMap<String, String> = values
            .iter()
            .filter_map(|value| {
                let known = field(fields, sort_order(value).0)?;
                Some((value.clone(), known.clone()))
            })
            .collect();
        (!named.is_empty()).then(|| (parameter.name.clone(), named))
    })?;
    let direction = called(&DIRECTIONS).into_iter().find(|parameter| {
        let values = listed(parameter);
        let orders = || values.iter().filter_map(|value| is_descending(value));
        parameter.name != by && orders().any(|one| one) && orders().any(|one| !one)
    });
    Some(Sorting {
        by,
        fields: named,
        direction: direction.map(|own| own.name.clone()),
    })
}

/// The names of all fields that a list can be put in the order of, whichever its items have.
pub(crate) fn sorted_by(operation: &Operation) -> Vec<String> {
    let all = operation.parameters_in(Location::Query);
    let choosing = all.filter(|own| FIELDS.iter().any(|name| is_called(&own.name, name)));
    choosing
        .flat_map(listed)
        .map(|value| sort_order(&value).0.to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("size", Some("size"))]
    #[case("createdAt", Some("created_at"))]
    #[case("created", Some("created_at"))]
    #[case("relevance", None)]
    fn a_word_names_a_field(#[case] word: &str, #[case] expected: Option<&str>) {
        let fields = ["size".to_owned(), "created_at".to_owned()];
        assert_eq!(field(&fields, word).map(String::as_str), expected);
    }
}
