//! Values that a server may well lose on the way: the ends of a range, whole numbers that a double
//! cannot hold, both truths, every listed value, lists. And whether two values are one, numbers by
//! their digits, texts without the blanks around them, and lists in whatever order: which of these
//! a service keeps, no page says.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

use crate::contract::{
    Facet, Field, FieldPath, Operation, Place, Schema, enum_values, types_of, unescape_token,
};
use crate::generate::{Request, Validity, classify, is_bound, is_in_words, limit, sample};
use crate::text;

/// The most listed values of a field that are tried.
const LISTED: usize = 8;

/// The most values that one law tries: each field has its first before any has its second.
pub(in crate::harness) const MOST: usize = 24;

/// The first whole number that a double cannot hold.
const BEYOND_DOUBLE: i64 = 9_007_199_254_740_993;

/// A whole number that 16 bits cannot hold, where no page says how great one may be.
const PLAIN: i64 = 999_983;

/// A field of the request with a value to be repeated.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::harness) struct Told {
    pub(in crate::harness) field: FieldPath,
    pub(in crate::harness) value: Value,
}

/// The values that fields of an operation's request are tried with, one at a time.
pub(in crate::harness) fn values<'f>(
    operation: &Operation,
    fields: impl IntoIterator<Item = &'f String>,
) -> Vec<Told> {
    let Some(body) = &operation.request_body else {
        return Vec::new();
    };
    let mut of_fields: Vec<std::vec::IntoIter<Told>> = fields
        .into_iter()
        .filter_map(|field| body.schema.field(&FieldPath::from(field.as_str())))
        .map(|field| of_field(&body.schema, &field).into_iter())
        .collect();
    let mut told = Vec::new();
    loop {
        let before = told.len();
        told.extend(of_fields.iter_mut().filter_map(Iterator::next));
        if told.len() == before || told.len() >= MOST {
            told.truncate(MOST);
            return told;
        }
    }
}

/// The values of one field, the likeliest to be lost first.
fn of_field(schema: &Schema, field: &Field<'_>) -> Vec<Told> {
    if is_in_words(field.facts) {
        return Vec::new();
    }
    let node = field.node;
    let listed: Vec<Value> = enum_values(node)
        .into_iter()
        .filter(|value| !value.is_null())
        .take(LISTED)
        .collect();
    let types = types_of(node);
    let values = if !listed.is_empty() {
        listed
    } else if types.contains(&"integer") {
        let default = default_of(node);
        let mut numbers = whole_numbers(node);
        numbers.extend(default.filter(|default| !numbers.contains(default)));
        numbers
    } else if types.contains(&"number") {
        let ends = [Facet::Minimum, Facet::Maximum].map(|facet| node.get(facet.as_str()).cloned());
        ends.into_iter()
            .flatten()
            .chain([Value::from(0.5), Value::from(1.25)])
            .chain(default_of(node))
            .collect()
    } else if types.contains(&"boolean") {
        vec![Value::from(true), Value::from(false)]
    } else if let Some(items) = node.get("items") {
        lists(schema, schema.follow(items))
    } else {
        Vec::new()
    };
    values
        .into_iter()
        .map(|value| Told {
            field: field.path.clone(),
            value,
        })
        .collect()
}

/// The documented default, which is told as it is sent like any other number; what is zero or below
/// may well stand for something else.
fn default_of(node: &Value) -> Option<Value> {
    let default = node.get(Facet::Default.as_str())?;
    (default.as_f64()? > 0.0).then(|| default.clone())
}

/// The ends of the documented range, and between them what a double cannot hold.
fn whole_numbers(node: &Value) -> Vec<Value> {
    let format = node.get(Facet::Format.as_str()).and_then(Value::as_str);
    let (least, most) = (limit(node, Facet::Minimum), limit(node, Facet::Maximum));
    let is_wide = match most {
        Some(most) => most >= BEYOND_DOUBLE && format != Some("int32"),
        // A type of 64 bits is a bound too.
        None => format == Some("int64"),
    };
    if least.is_none() && most.is_none() && !is_wide {
        return vec![Value::from(PLAIN)];
    }
    let beyond = is_wide
        .then_some(BEYOND_DOUBLE)
        .filter(|beyond| least.is_none_or(|least| least <= *beyond));
    let mut numbers: Vec<i64> = Vec::new();
    for number in [beyond, most, least].into_iter().flatten() {
        if !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    numbers.into_iter().map(Value::from).collect()
}

/// Lists of scalars in an order that sorting would change, and of one item.
fn lists(schema: &Schema, item: &Value) -> Vec<Value> {
    let is_scalar = !types_of(item)
        .iter()
        .any(|kind| matches!(*kind, "object" | "array"));
    let items: Vec<Value> = match enum_values(item) {
        listed if !listed.is_empty() => listed,
        _ => (0..3)
            .map(|variety| sample(schema, item, variety * 7))
            .collect(),
    };
    // What is kept as a set has nothing twice.
    let mut distinct: Vec<Value> = Vec::new();
    for item in items {
        if !distinct.contains(&item) {
            distinct.push(item);
        }
    }
    let mut items = distinct;
    items.reverse();
    items.truncate(3);
    let Some(first) = items.first().cloned().filter(|_| is_scalar) else {
        return Vec::new();
    };
    let mut lists = vec![Value::Array(items.clone())];
    if items.len() > 1 {
        lists.push(Value::Array(vec![first]));
    }
    lists
}

/// A request with a value, and free texts of the rest changed, so that what must be unique is; none
/// where it breaks a rule.
pub(super) fn with(
    operation: &Operation,
    baseline: &Request,
    bindings: &BTreeMap<String, String>,
    told: &Told,
    number: usize,
) -> Option<Request> {
    let mut request = baseline.clone();
    for field in names(operation, baseline) {
        let text = request.get(Place::Request, &field);
        let Some(text) = text.as_ref().and_then(Value::as_str) else {
            continue;
        };
        // What names a resource stays.
        if told.field.contains(&field) || is_bound(bindings, Place::Request, &field) {
            continue;
        }
        let mut changed = request.clone();
        let text = format!("{text}-{number}");
        changed.set(Place::Request, &field, Some(Value::from(text)));
        if classify(operation, &changed) == Validity::Valid {
            request = changed;
        }
    }
    request.set(Place::Request, &told.field, Some(told.value.clone()));
    let is_broken = matches!(classify(operation, &request), Validity::Invalid(_));
    (!is_broken).then_some(request)
}

/// The free texts of a request.
fn names(operation: &Operation, baseline: &Request) -> Vec<FieldPath> {
    let Some(body) = &operation.request_body else {
        return Vec::new();
    };
    body.schema
        .fields()
        .filter(|field| {
            types_of(field.node).contains(&"string")
                && !field.path.has_item()
                && !field.path.has_entry()
                && enum_values(field.node).is_empty()
                && field.node.get(Facet::Format.as_str()).is_none()
                && !is_in_words(field.facts)
                && baseline.get(Place::Request, field.path).is_some()
        })
        .map(|field| field.path.clone())
        .collect()
}

/// Whether the answer has the value that was sent at a pointer; none where it has nothing there.
/// Numbers are compared by the digits that came, for a double may not hold them.
pub(super) fn is_repeated(body: &[u8], seen: &Value, pointer: &str, sent: &Value) -> Option<bool> {
    let seen = seen.pointer(pointer)?;
    if let (Value::Number(sent), Value::Number(_)) = (sent, seen) {
        let digits = raw_at(body, pointer).and_then(|raw| Decimal::parse(&raw));
        if let (Some(seen), Some(sent)) = (digits, Decimal::parse(&sent.to_string())) {
            return Some(seen == sent);
        }
    }
    Some(is_equal(sent, seen))
}

/// Whether two values are one: numbers by their value, however they are written; texts without the
/// blanks around them; lists in whatever order.
fn is_equal(sent: &Value, seen: &Value) -> bool {
    match (sent, seen) {
        (Value::Number(sent), Value::Number(seen)) => {
            let digits = |number: &serde_json::Number| Decimal::parse(&number.to_string());
            digits(sent) == digits(seen)
        }
        (Value::String(sent), Value::String(seen)) => {
            sent == seen || sent.trim() == seen || text::is_same_host(sent, seen)
        }
        (Value::Array(sent), Value::Array(seen)) => {
            let mut left: Vec<&Value> = seen.iter().collect();
            sent.len() == seen.len()
                && sent.iter().all(|sent| {
                    let at = left.iter().position(|seen| is_equal(sent, seen));
                    at.map(|at| left.swap_remove(at)).is_some()
                })
        }
        (Value::Object(sent), Value::Object(seen)) => {
            sent.len() == seen.len()
                && sent
                    .iter()
                    .all(|(name, sent)| seen.get(name).is_some_and(|seen| is_equal(sent, seen)))
        }
        (sent, seen) => sent == seen,
    }
}

/// The text of what stands at a pointer of a body.
fn raw_at(body: &[u8], pointer: &str) -> Option<String> {
    let mut raw: Box<RawValue> = serde_json::from_slice(body).ok()?;
    for token in pointer.split('/').skip(1) {
        let token = unescape_token(token);
        raw = match raw.get().as_bytes().first()? {
            b'{' => {
                let mut map: std::collections::HashMap<String, Box<RawValue>> =
                    serde_json::from_str(raw.get()).ok()?;
                map.remove(&token)?
            }
            b'[' => {
                let list: Vec<Box<RawValue>> = serde_json::from_str(raw.get()).ok()?;
                list.into_iter().nth(token.parse().ok()?)?
            }
            _ => return None,
        };
    }
    Some(raw.get().to_owned())
}

/// A number of JSON by its digits: `20`, `20.0` and `2e1` are one.
#[derive(Debug, PartialEq, Eq)]
struct Decimal {
    is_negative: bool,
    /// Without zeros at either end.
    digits: String,
    /// How many places the point stands after the digits' end.
    exponent: i64,
}

impl Decimal {
    fn parse(text: &str) -> Option<Self> {
        let (text, is_negative) = match text.strip_prefix('-') {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut exponent: i64 = exponent.parse().ok()?;
        exponent = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
        let all = format!("{whole}{fraction}");
        if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let short = all.trim_end_matches('0');
        exponent = exponent.checked_add(i64::try_from(all.len() - short.len()).ok()?)?;
        let digits = short.trim_start_matches('0').to_owned();
        Some(if digits.is_empty() {
            Self {
                is_negative: false,
                digits,
                exponent: 0,
            }
        } else {
            Self {
                is_negative,
                digits,
                exponent,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case("20", "20.0", true)]
    #[case("20", "2e1", true)]
    #[case("-0", "0.0", true)]
    #[case("9007199254740993", "9007199254740992", false)]
    #[case("9007199254740993", "9007199254740993.0", true)]
    #[case("9223372036854775807", "9.223372036854776e18", false)]
    #[case("0.5", "5E-1", true)]
    #[case("1", "-1", false)]
    #[case("1", "10", false)]
    fn numbers_are_equal_by_their_digits(
        #[case] sent: &str,
        #[case] seen: &str,
        #[case] expected: bool,
    ) {
        let body = format!("{{\"a\": [{{\"n\": {seen}}}]}}");
        let parsed: Value = serde_json::from_str(&body).unwrap();
        let sent: Value = serde_json::from_str(sent).unwrap();
        let told = is_repeated(body.as_bytes(), &parsed, "/a/0/n", &sent);
        assert_eq!(told, Some(expected));
    }

    #[rstest]
    #[case(json!("a"), json!("a"), true)]
    #[case(json!(" a "), json!("a"), true)]
    #[case(json!("a"), json!(" a "), false)]
    #[case(json!("a b"), json!("ab"), false)]
    #[case(json!([1, 2]), json!([1.0, 2]), true)]
    #[case(json!([1, 2]), json!([2, 1]), true)]
    #[case(json!([1, 2]), json!([2, 2]), false)]
    #[case(json!([1, 2]), json!([1]), false)]
    #[case(json!(true), json!(false), false)]
    #[case(json!(1), json!("1"), false)]
    #[case(json!({"a": 1}), json!({"a": 1, "b": 2}), false)]
    fn values_are_equal_as_json_is(
        #[case] sent: Value,
        #[case] seen: Value,
        #[case] expected: bool,
    ) {
        assert_eq!(is_equal(&sent, &seen), expected);
    }

    #[rstest]
    #[case(json!({"type": "integer", "format": "int64", "minimum": 0, "maximum": i64::MAX}), json!([BEYOND_DOUBLE, i64::MAX, 0]))]
    #[case(json!({"type": "integer", "minimum": 1, "maximum": 10}), json!([10, 1]))]
    #[case(json!({"type": "integer"}), json!([PLAIN]))]
    #[case(json!({"type": "integer", "format": "int64"}), json!([BEYOND_DOUBLE]))]
    #[case(json!({"type": "boolean"}), json!([true, false]))]
    #[case(json!({"type": "string", "enum": ["a", "b"]}), json!(["a", "b"]))]
    #[case(json!({"type": "string", "maxLength": 4}), json!([]))]
    #[case(json!({"type": "array", "items": {"type": "string", "enum": ["a", "b", "a"]}}), json!([["b", "a"], ["b"]]))]
    fn values_that_get_lost_are_known(#[case] node: Value, #[case] expected: Value) {
        let schema = Schema::compile(json!({"type": "object", "properties": {"a": node}})).unwrap();
        let field = schema.field(&FieldPath::name("a")).unwrap();
        let values: Vec<Value> = of_field(&schema, &field)
            .into_iter()
            .map(|told| told.value)
            .collect();
        assert_eq!(Value::from(values), expected);
    }
}
