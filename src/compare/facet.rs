//! How one facet of a field changed: the order that there is among the values of each facet.

use std::collections::BTreeSet;

use serde_json::Value;

use super::verdict::{Alteration, Aspect};
use crate::contract::{Facet, enum_values, type_of, types_of};

/// How the values of a facet are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    /// A greater number allows less.
    Least,
    /// A greater number allows more.
    Most,
    /// A divisor allows more.
    Divisor,
    /// Names, of which one may allow all that another does.
    Named,
    /// Two different values cannot be compared.
    None,
}

/// The facets that are compared as they stand: the keyword, what it is about, and its order.
const FACETS: &[(Facet, Aspect, Order)] = &[
    (Facet::MinLength, Aspect::Bound, Order::Least),
    (Facet::MaxLength, Aspect::Bound, Order::Most),
    (Facet::Minimum, Aspect::Bound, Order::Least),
    (Facet::ExclusiveMinimum, Aspect::Bound, Order::Least),
    (Facet::Maximum, Aspect::Bound, Order::Most),
    (Facet::ExclusiveMaximum, Aspect::Bound, Order::Most),
    (Facet::MinItems, Aspect::Bound, Order::Least),
    (Facet::MaxItems, Aspect::Bound, Order::Most),
    (Facet::MultipleOf, Aspect::Bound, Order::Divisor),
    (Facet::Pattern, Aspect::Shape, Order::None),
    (Facet::Format, Aspect::Shape, Order::Named),
    (Facet::Default, Aspect::Default, Order::None),
];

/// Names of which the first allows less than the second.
const WIDER: &[(&str, &str)] = &[("int32", "int64"), ("float", "double")];

/// One facet that differs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Difference {
    pub(super) facet: Facet,
    pub(super) aspect: Aspect,
    pub(super) alteration: Alteration,
    pub(super) old: Option<Value>,
    pub(super) new: Option<Value>,
}

/// Everything in which two schema nodes differ, their children aside.
pub(super) fn differences(old: &Value, new: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut add = |facet, aspect, alteration, old: Option<Value>, new: Option<Value>| {
        found.push(Difference {
            facet,
            aspect,
            alteration,
            old,
            new,
        });
    };
    let (old_types, new_types) = (types(old), types(new));
    if let Some(alteration) = sets(&old_types, &new_types, covers_type) {
        add(
            Facet::Type,
            Aspect::Type,
            alteration,
            listed(&old_types),
            listed(&new_types),
        );
    }
    let (old_values, new_values) = (values(old), values(new));
    if let Some(alteration) = sets(&old_values, &new_values, <[String]>::contains) {
        add(
            Facet::Enum,
            Aspect::Values,
            alteration,
            listed(&old_values),
            listed(&new_values),
        );
    }
    for (facet, aspect, order) in FACETS {
        let (before, after) = (old.get(facet.as_str()), new.get(facet.as_str()));
        let alteration = match (before, after) {
            (None, None) => continue,
            (None, Some(_)) => Alteration::Added,
            (Some(_), None) => Alteration::Removed,
            (Some(before), Some(after)) if same(before, after) => continue,
            (Some(before), Some(after)) => altered(*order, before, after),
        };
        add(*facet, *aspect, alteration, before.cloned(), after.cloned());
    }
    found
}

fn branches(node: &Value) -> &[Value] {
    node.get("anyOf")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}

/// The types of a node; those of its branches, and of the values that they list, where it is a
/// union.
pub(super) fn types(node: &Value) -> Vec<String> {
    let mut types: BTreeSet<String> = types_of(node).into_iter().map(str::to_owned).collect();
    if types.is_empty() {
        for branch in branches(node) {
            types.extend(types_of(branch).into_iter().map(str::to_owned));
            types.extend(
                enum_values(branch)
                    .iter()
                    .map(|value| type_of(value).to_owned()),
            );
        }
    }
    types.into_iter().collect()
}

/// The values that a node lists, as JSON texts; `null` among them is a matter of the type.
pub(super) fn values(node: &Value) -> Vec<String> {
    let values: BTreeSet<String> = enum_values(node)
        .iter()
        .filter(|value| !value.is_null())
        .map(Value::to_string)
        .collect();
    values.into_iter().collect()
}

fn listed(all: &[String]) -> Option<Value> {
    let value = |text: &String| serde_json::from_str(text).unwrap_or(Value::from(text.as_str()));
    match all {
        [] => None,
        [one] => Some(value(one)),
        many => Some(many.iter().map(value).collect()),
    }
}

/// Whether a type is one of several, or part of one.
fn covers_type(wide: &[String], one: &String) -> bool {
    wide.contains(one) || (one == "integer" && wide.iter().any(|wide| wide == "number"))
}

fn sets(
    old: &[String],
    new: &[String],
    covers: impl Fn(&[String], &String) -> bool,
) -> Option<Alteration> {
    if old == new {
        return None;
    }
    let all = |wide: &[String], narrow: &[String]| narrow.iter().all(|one| covers(wide, one));
    Some(match (old.is_empty(), new.is_empty()) {
        (true, _) => Alteration::Added,
        (_, true) => Alteration::Removed,
        _ if all(new, old) => Alteration::Widened,
        _ if all(old, new) => Alteration::Narrowed,
        _ => Alteration::Replaced,
    })
}

/// Whether two values are one: numbers by what they are.
pub(super) fn same(old: &Value, new: &Value) -> bool {
    old == new || (old.is_number() && old.as_f64() == new.as_f64())
}

fn altered(order: Order, old: &Value, new: &Value) -> Alteration {
    let numbers = old.as_f64().zip(new.as_f64());
    let widened = |wider: bool| {
        if wider {
            Alteration::Widened
        } else {
            Alteration::Narrowed
        }
    };
    match (order, numbers) {
        (Order::Least, Some((old, new))) => widened(new < old),
        (Order::Most, Some((old, new))) => widened(new > old),
        (Order::Divisor, Some((old, new))) if divides(new, old) => Alteration::Widened,
        (Order::Divisor, Some((old, new))) if divides(old, new) => Alteration::Narrowed,
        (Order::Named, _) => {
            let pair = (
                old.as_str().unwrap_or_default(),
                new.as_str().unwrap_or_default(),
            );
            if WIDER.contains(&pair) {
                Alteration::Widened
            } else if WIDER.contains(&(pair.1, pair.0)) {
                Alteration::Narrowed
            } else {
                Alteration::Replaced
            }
        }
        _ => Alteration::Replaced,
    }
}

fn divides(divisor: f64, number: f64) -> bool {
    divisor > 0.0 && (number % divisor).abs() < f64::EPSILON
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case(json!({"maxLength": 1}), json!({"maxLength": 2}), Facet::MaxLength, Alteration::Widened)]
    #[case(json!({"maxLength": 2}), json!({"maxLength": 1}), Facet::MaxLength, Alteration::Narrowed)]
    #[case(json!({"minLength": 1}), json!({"minLength": 2}), Facet::MinLength, Alteration::Narrowed)]
    #[case(json!({"minimum": 0}), json!({}), Facet::Minimum, Alteration::Removed)]
    #[case(json!({}), json!({"maximum": 9}), Facet::Maximum, Alteration::Added)]
    #[case(json!({"multipleOf": 10}), json!({"multipleOf": 5}), Facet::MultipleOf, Alteration::Widened)]
    #[case(json!({"multipleOf": 5}), json!({"multipleOf": 10}), Facet::MultipleOf, Alteration::Narrowed)]
    #[case(json!({"multipleOf": 5}), json!({"multipleOf": 7}), Facet::MultipleOf, Alteration::Replaced)]
    #[case(json!({"enum": ["a"]}), json!({"enum": ["b", "a"]}), Facet::Enum, Alteration::Widened)]
    #[case(json!({"enum": ["a", "b"]}), json!({"const": "a"}), Facet::Enum, Alteration::Narrowed)]
    #[case(json!({"enum": ["a"]}), json!({"enum": ["b"]}), Facet::Enum, Alteration::Replaced)]
    #[case(json!({"type": "integer"}), json!({"type": "number"}), Facet::Type, Alteration::Widened)]
    #[case(json!({"type": ["string", "null"]}), json!({"type": "string"}), Facet::Type, Alteration::Narrowed)]
    #[case(json!({"type": "string"}), json!({"anyOf": [{"type": "string"}, {"type": "object"}]}), Facet::Type, Alteration::Widened)]
    #[case(json!({"format": "int32"}), json!({"format": "int64"}), Facet::Format, Alteration::Widened)]
    #[case(json!({"format": "uuid"}), json!({"format": "date"}), Facet::Format, Alteration::Replaced)]
    #[case(json!({"pattern": "^a"}), json!({"pattern": "^b"}), Facet::Pattern, Alteration::Replaced)]
    #[case(json!({"default": 1}), json!({"default": 2}), Facet::Default, Alteration::Replaced)]
    fn a_facet_is_compared_by_its_order(
        #[case] old: Value,
        #[case] new: Value,
        #[case] facet: Facet,
        #[case] alteration: Alteration,
    ) {
        let found = differences(&old, &new);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].facet, found[0].alteration), (facet, alteration));
    }

    #[rstest]
    #[case(json!({"maximum": 1}), json!({"maximum": 1.0}))]
    #[case(json!({"enum": ["a", "b"]}), json!({"enum": ["b", "a"]}))]
    #[case(json!({"enum": ["a", null]}), json!({"enum": ["a"]}))]
    #[case(json!({"type": ["null", "string"]}), json!({"anyOf": [{"type": "string"}, {"type": "null"}]}))]
    fn what_means_the_same_does_not_differ(#[case] old: Value, #[case] new: Value) {
        assert_eq!(differences(&old, &new), []);
    }
}
