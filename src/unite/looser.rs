//! The looser of two statements, keyword by keyword.

use serde_json::{Map, Value};

use crate::contract::Facet;

/// Which of two values of a keyword allows more.
#[derive(Debug, Clone, Copy)]
enum Looser {
    /// The smaller number.
    Least,
    /// The greater number.
    Most,
    /// The one that divides the other; neither where none does.
    Divisor,
    /// The one of a list that stands later; both together where neither stands there.
    Format,
    /// A text that fits either.
    Pattern,
    /// All values of both.
    Values,
    /// True only where both say so.
    Both,
    /// Neither, where they differ: nothing is known for sure.
    Neither,
}

/// The keywords that are compared as they stand.
const KEYWORDS: [(Facet, Looser); 15] = [
    (Facet::MinLength, Looser::Least),
    (Facet::MaxLength, Looser::Most),
    (Facet::Minimum, Looser::Least),
    (Facet::ExclusiveMinimum, Looser::Least),
    (Facet::Maximum, Looser::Most),
    (Facet::ExclusiveMaximum, Looser::Most),
    (Facet::MinItems, Looser::Least),
    (Facet::MaxItems, Looser::Most),
    (Facet::MultipleOf, Looser::Divisor),
    (Facet::Format, Looser::Format),
    (Facet::Pattern, Looser::Pattern),
    (Facet::Enum, Looser::Values),
    (Facet::UniqueItems, Looser::Both),
    (Facet::Default, Looser::Neither),
    (Facet::Const, Looser::Neither),
];

/// Formats of which each allows what those before it do.
const WIDER: [&[&str]; 2] = [&["int32", "int64"], &["float", "double"]];

/// The keywords of two schemas that say the same kind of things, as those of one.
pub(super) fn looser(own: &Map<String, Value>, other: &Map<String, Value>) -> Map<String, Value> {
    let (own, other) = (inclusive(own), inclusive(other));
    let mut map = Map::new();
    for (key, value) in &own {
        let told = match (other.get(key), rule(key)) {
            (Some(second), Some(rule)) => either(rule, value, second),
            (None, _) | (Some(_), None) => Some(value.clone()),
        };
        if let Some(told) = told {
            map.insert(key.clone(), told);
        }
    }
    for (key, value) in &other {
        if !own.contains_key(key) {
            map.insert(key.clone(), value.clone());
        }
    }
    one_bound(
        &mut map,
        Facet::Minimum,
        Facet::ExclusiveMinimum,
        |one, exclusive| one <= exclusive,
    );
    one_bound(
        &mut map,
        Facet::Maximum,
        Facet::ExclusiveMaximum,
        |one, exclusive| one >= exclusive,
    );
    if own.get("format") != other.get("format")
        && own.contains_key("format")
        && other.contains_key("format")
    {
        formats(&own, &other, &mut map);
    }
    map
}

fn rule(key: &str) -> Option<Looser> {
    let known = KEYWORDS.iter().find(|(facet, _)| facet.as_str() == key);
    known.map(|(_, rule)| *rule)
}

/// The looser of two values; nothing where neither is.
fn either(rule: Looser, own: &Value, other: &Value) -> Option<Value> {
    if own == other {
        return Some(own.clone());
    }
    let numbers = own.as_f64().zip(other.as_f64());
    let first_if = |is_first: bool| Some(if is_first { own } else { other }.clone());
    match rule {
        Looser::Least => first_if(numbers?.0 <= numbers?.1),
        Looser::Most => first_if(numbers?.0 >= numbers?.1),
        Looser::Divisor => {
            let (one, two) = numbers?;
            let divides = |divisor: f64, number: f64| {
                divisor > 0.0 && (number % divisor).abs() < f64::EPSILON
            };
            if divides(one, two) {
                return Some(own.clone());
            }
            divides(two, one).then(|| other.clone())
        }
        Looser::Format => {
            let at = |value: &Value| {
                WIDER.iter().enumerate().find_map(|(chain, names)| {
                    let at = names.iter().position(|name| value == name)?;
                    Some((chain, at))
                })
            };
            let (one, two) = (at(own)?, at(other)?);
            (one.0 == two.0).then(|| if one.1 > two.1 { own } else { other }.clone())
        }
        Looser::Pattern => {
            let text = format!("(?:{})|(?:{})", own.as_str()?, other.as_str()?);
            Some(Value::from(text))
        }
        Looser::Values => {
            let mut all = own.as_array()?.clone();
            let more = other.as_array()?.iter();
            let more: Vec<Value> = more.filter(|value| !all.contains(value)).cloned().collect();
            all.extend(more);
            Some(Value::from(all))
        }
        Looser::Both => Some(Value::from(
            own == &Value::Bool(true) && other == &Value::Bool(true),
        )),
        Looser::Neither => None,
    }
}

/// Keywords whose exclusive bounds of whole numbers are inclusive ones.
fn inclusive(map: &Map<String, Value>) -> Map<String, Value> {
    let mut map = map.clone();
    if map.get("type").is_none_or(|kind| kind != "integer") {
        return map;
    }
    for (exclusive, inclusive, step) in [
        (Facet::ExclusiveMinimum, Facet::Minimum, 1),
        (Facet::ExclusiveMaximum, Facet::Maximum, -1),
    ] {
        let bound = map.get(exclusive.as_str()).and_then(Value::as_i64);
        if let Some(bound) = bound.and_then(|bound| bound.checked_add(step))
            && !map.contains_key(inclusive.as_str())
        {
            map.shift_remove(exclusive.as_str());
            map.insert(inclusive.as_str().to_owned(), Value::from(bound));
        }
    }
    map
}

/// Leaves the looser of two bounds of one side.
fn one_bound(
    map: &mut Map<String, Value>,
    inclusive: Facet,
    exclusive: Facet,
    is_looser: fn(f64, f64) -> bool,
) {
    let bound = |facet: Facet| map.get(facet.as_str()).and_then(Value::as_f64);
    if let (Some(one), Some(beyond)) = (bound(inclusive), bound(exclusive)) {
        let stricter = if is_looser(one, beyond) {
            exclusive
        } else {
            inclusive
        };
        map.shift_remove(stricter.as_str());
    }
}

/// Lets a text be of either of two formats, of which neither is known to allow what the other does.
fn formats(own: &Map<String, Value>, other: &Map<String, Value>, map: &mut Map<String, Value>) {
    if map.contains_key("format") || map.contains_key("anyOf") {
        return;
    }
    let branches: Vec<Value> = [own, other]
        .into_iter()
        .filter_map(|one| one.get("format"))
        .map(|format| serde_json::json!({ "type": "string", "format": format }))
        .collect();
    if map.get("type").is_some_and(|kind| kind == "string") {
        map.insert("anyOf".to_owned(), Value::from(branches));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case(json!({"maxLength": 40}), json!({"maxLength": 64}), json!({"maxLength": 64}))]
    #[case(json!({"minLength": 1}), json!({"minLength": 2}), json!({"minLength": 1}))]
    #[case(json!({"maxLength": 40}), json!({}), json!({"maxLength": 40}))]
    #[case(json!({}), json!({"pattern": "^a"}), json!({"pattern": "^a"}))]
    #[case(json!({"pattern": "^a$"}), json!({"pattern": "^b$"}), json!({"pattern": "(?:^a$)|(?:^b$)"}))]
    #[case(json!({"enum": ["a", "b"]}), json!({"enum": ["b", "c"]}), json!({"enum": ["a", "b", "c"]}))]
    #[case(json!({"format": "int32"}), json!({"format": "int64"}), json!({"format": "int64"}))]
    #[case(json!({"default": 1}), json!({"default": 2}), json!({}))]
    #[case(json!({"multipleOf": 10}), json!({"multipleOf": 5}), json!({"multipleOf": 5}))]
    #[case(json!({"multipleOf": 4}), json!({"multipleOf": 6}), json!({}))]
    #[case(json!({"uniqueItems": true}), json!({"uniqueItems": false}), json!({"uniqueItems": false}))]
    #[case(json!({"type": "integer", "minimum": 1}), json!({"type": "integer", "exclusiveMinimum": 0}), json!({"type": "integer", "minimum": 1}))]
    #[case(json!({"minimum": 1}), json!({"exclusiveMinimum": 0}), json!({"exclusiveMinimum": 0}))]
    #[case(json!({"maximum": 9}), json!({"exclusiveMaximum": 9}), json!({"maximum": 9}))]
    fn the_looser_holds(#[case] own: Value, #[case] other: Value, #[case] expected: Value) {
        let map = |value: &Value| value.as_object().cloned().unwrap_or_default();
        for (one, two) in [(&own, &other), (&other, &own)] {
            let found = looser(&map(one), &map(two));
            let sorted = |value: &Value| value.as_object().map(Map::len);
            assert_eq!(sorted(&Value::from(found.clone())), sorted(&expected));
            for (key, value) in map(&expected) {
                let is_pattern = key == "pattern";
                let same = match (found.get(&key), &value) {
                    (Some(Value::Array(one)), Value::Array(two)) => {
                        one.len() == two.len() && one.iter().all(|value| two.contains(value))
                    }
                    (Some(_), _) if is_pattern => true,
                    (one, two) => one == Some(two),
                };
                assert!(same, "{found:?}");
            }
        }
    }

    #[test]
    fn a_text_may_be_of_either_format() {
        let own = json!({ "type": "string", "format": "date-time" });
        let other = json!({ "type": "string", "format": "yyyyMMdd" });
        let found = looser(own.as_object().unwrap(), other.as_object().unwrap());
        assert_eq!(found.get("format"), None);
        assert_eq!(found["anyOf"].as_array().map(Vec::len), Some(2));
    }
}
