//! One valid value for a schema node: the plainest that the schema allows.

use std::borrow::Cow;

use serde_json::Value;

use crate::contract::formats::{DateParts, DateTemplate};
use crate::contract::{Facet, FieldPath, Schema, enum_values, is_file, types_of, unescape_token};

use super::boundary_values::{LONGEST_MADE, MOST_ITEMS};
use super::files;
use super::slot::{is_in_words, shown_values};
use super::text::text_of_length;

mod list;
mod object;
mod union;
mod whole;
mod within;

pub(super) use self::whole::{fewest, is_checked};
use self::within::Within;

/// The length of a sampled text where nothing limits it.
const PLAIN_LENGTH: usize = 8;

/// A value that a schema's node allows; `variety` selects among texts and numbers. Check it with
/// the schema before use: a schema may contradict itself.
pub fn sample(schema: &Schema, node: &Value, variety: usize) -> Value {
    sample_at(schema, node, variety, &Within::default())
}

/// The plainest body that has every field whose values are known: of one that is restricted in words
/// the value that the page shows, and where none is shown it is left out if it may be.
pub(super) fn plain_body(schema: &Schema) -> Value {
    let mut body = sample(schema, &schema.root, 0);
    leave_known(schema, &FieldPath::root(), &mut body);
    leave_valid(schema, &mut body);
    body
}

/// How often a body is looked at again after fields were left out of it.
const ROUNDS: usize = 8;

/// Leaves out the fields whose sampled values are not what the schema allows, where they may be
/// left out: rules may be such that no plain value keeps them.
fn leave_valid(schema: &Schema, body: &mut Value) {
    for _ in 0..ROUNDS {
        let broken = schema.violations(body);
        let is_changed = broken
            .iter()
            .filter(|violation| violation.facet != Facet::Required)
            .filter_map(|violation| optional_above(schema, body, &violation.pointer))
            .collect::<Vec<String>>();
        if is_changed.is_empty() {
            return;
        }
        for pointer in is_changed {
            let Some((object, name)) = pointer.rsplit_once('/') else {
                continue;
            };
            if let Some(Value::Object(map)) = body.pointer_mut(object) {
                map.shift_remove(&unescape_token(name));
            }
        }
    }
}

/// The innermost field at or above a place of a body that may be left out.
fn optional_above(schema: &Schema, body: &Value, pointer: &str) -> Option<String> {
    let mut at = pointer;
    while let Some((above, name)) = at.rsplit_once('/') {
        let is_field = body.pointer(above).is_some_and(Value::is_object);
        let required = schema.node(above).and_then(|node| node.get("required"));
        let name = unescape_token(name);
        let is_required = required
            .and_then(Value::as_array)
            .is_some_and(|all| all.iter().any(|one| *one == *name));
        if is_field && !is_required {
            return Some(at.to_owned());
        }
        at = above;
    }
    None
}

fn leave_known(schema: &Schema, at: &FieldPath, value: &mut Value) {
    match value {
        Value::Object(map) => map.retain(|name, child| {
            let path = at.child(name);
            // What stands deeper than fields are told apart is not made up.
            if schema.tells_few() && schema.field(&path).is_none() {
                return schema
                    .field(at)
                    .is_none_or(|object| !may_lack(object.node, name));
            }
            let field = schema.field(&path).filter(|field| is_in_words(field.facts));
            if let Some(field) = field {
                match shown_values(field.node).next() {
                    Some(shown) => shown.clone_into(child),
                    None => return field.required,
                }
            } else {
                let was_hollow = is_hollow(child);
                leave_known(schema, &path, child);
                // What is left of it says nothing.
                if is_hollow(child) && !was_hollow {
                    return schema.field(&path).is_some_and(|field| field.required);
                }
            }
            true
        }),
        Value::Array(items) => {
            for item in items {
                leave_known(schema, &at.item(), item);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Whether a field that a node names may be left out of its object.
fn may_lack(node: &Value, name: &str) -> bool {
    let required = node.get("required").and_then(Value::as_array);
    let properties = node.get("properties");
    properties.is_some_and(|all| all.get(name).is_some())
        && !required.is_some_and(|all| all.iter().any(|one| *one == *name))
}

/// Whether a value is nothing but empty objects, one or a list of them.
fn is_hollow(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.is_empty(),
        Value::Array(items) => !items.is_empty() && items.iter().all(is_hollow),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn sample_at(schema: &Schema, node: &Value, variety: usize, within: &Within<'_>) -> Value {
    let target = schema.follow(node);
    if is_null_alone(target) || may_be_null(node, target) && within.leads_back(schema, target) {
        return Value::Null;
    }
    let node = target;
    let listed: Vec<Value> = enum_values(node)
        .into_iter()
        .filter(|value| !value.is_null())
        .collect();
    if let Some(value) = listed.get(variety % listed.len().max(1)) {
        return value.clone();
    }
    if let Some(shown) = example(node, variety) {
        return shown.clone();
    }
    let within = &within.inside(node);
    let plain = sample_plain(schema, node, variety, within);
    if within.is_deep() || !union::is_joined(schema, node) {
        return whole::settled(schema, node, plain);
    }
    let joined = union::sample(schema, node, &plain, variety, within);
    whole::settled(schema, node, joined.unwrap_or(plain))
}

/// The example that a field's schema shows: a service that takes time zones takes the one that its
/// documentation names, and no made-up word. What has a known format is made up in that: an id or a
/// day that is shown is its author's.
fn example(node: &Value, variety: usize) -> Option<&Value> {
    let format = node.get("format").and_then(Value::as_str);
    let is_known = |format: &str| {
        DateTemplate::parse(format).is_some() || standard_format(format, 0).is_some()
    };
    if format.is_some_and(is_known) {
        return None;
    }
    let examples = node.get("examples")?.as_array()?;
    let mut scalars = examples
        .iter()
        .filter(|own| own.is_string() || own.is_number());
    scalars.nth(variety)
}

/// Whether a node, or what it leads to, says that null may stand for a value.
fn may_be_null(node: &Value, target: &Value) -> bool {
    let branches = node.get("anyOf").and_then(Value::as_array);
    let mut nodes = branches.into_iter().flatten().chain([target]);
    nodes.any(|node| types_of(node).contains(&"null"))
}

/// Whether null is the one value of a node.
fn is_null_alone(node: &Value) -> bool {
    let types = types_of(node);
    if !types.is_empty() && types.iter().all(|kind| *kind == "null") {
        return true;
    }
    let listed = node.get("enum").and_then(Value::as_array);
    listed.is_some_and(|all| !all.is_empty() && all.iter().all(Value::is_null))
        || node.get("const").is_some_and(Value::is_null)
}

/// Whether a node allows no value at all: who documents such a field says that nobody sends it.
pub(super) fn allows_nothing(node: &Value) -> bool {
    let all = |value: &Value| match value {
        Value::Bool(all) => *all,
        Value::Object(map) => map.is_empty(),
        _ => false,
    };
    *node == Value::Bool(false) || node.get("not").is_some_and(all)
}

/// A value that the node itself describes, whatever is joined with it.
fn sample_plain(schema: &Schema, node: &Value, variety: usize, within: &Within<'_>) -> Value {
    let kind = types_of(node)
        .into_iter()
        .find(|kind| *kind != "null")
        .unwrap_or(if node.get("properties").is_some() {
            "object"
        } else {
            "string"
        });
    match kind {
        "object" => Value::Object(object::sample(schema, node, variety, within)),
        "array" => Value::Array(list::sample(schema, node, variety, within)),
        "integer" => Value::from(sample_integer(node, variety)),
        "number" => sample_number(node, variety),
        "boolean" => Value::Bool(variety.is_multiple_of(2)),
        _ => Value::String(sample_text(node, variety)),
    }
}

/// A whole number within a node's bounds.
fn sample_integer(node: &Value, variety: usize) -> i64 {
    let least = limit(node, Facet::Minimum)
        .or_else(|| limit(node, Facet::ExclusiveMinimum).map(|bound| bound.saturating_add(1)));
    let most = limit(node, Facet::Maximum)
        .or_else(|| limit(node, Facet::ExclusiveMaximum).map(|bound| bound.saturating_sub(1)));
    let step = limit(node, Facet::MultipleOf).unwrap_or(1).max(1);
    let wanted = i64::try_from(variety % 5).unwrap_or(0) + 1;
    let value = wanted
        .max(least.unwrap_or(wanted))
        .min(most.unwrap_or(i64::MAX));
    let rounded = value.div_euclid(step) * step;
    if least.is_some_and(|least| rounded < least) {
        rounded + step
    } else {
        rounded
    }
}

/// A number within a node's bounds: a whole one where there is one.
fn sample_number(node: &Value, variety: usize) -> Value {
    let whole = sample_integer(node, variety);
    let bound = |facet: Facet| node.get(facet.as_str()).and_then(Value::as_f64);
    let least = bound(Facet::Minimum).or(bound(Facet::ExclusiveMinimum));
    let most = bound(Facet::Maximum).or(bound(Facet::ExclusiveMaximum));
    #[expect(clippy::cast_precision_loss, reason = "what is sampled is small")]
    let is_within = least.is_none_or(|least| {
        let beyond = bound(Facet::ExclusiveMinimum).is_some_and(|bound| whole as f64 <= bound);
        whole as f64 >= least && !beyond
    }) && most.is_none_or(|most| {
        let beyond = bound(Facet::ExclusiveMaximum).is_some_and(|bound| whole as f64 >= bound);
        whole as f64 <= most && !beyond
    });
    match (least, most) {
        _ if is_within => Value::from(whole),
        (Some(least), Some(most)) => Value::from(f64::midpoint(least, most)),
        (Some(least), None) => Value::from(least + 0.5),
        (None, Some(most)) => Value::from(most - 0.5),
        (None, None) => Value::from(whole),
    }
}

/// A text within a node's limits, in its format.
pub(super) fn sample_text(node: &Value, variety: usize) -> String {
    if let Some(template) = node
        .get("format")
        .and_then(Value::as_str)
        .and_then(DateTemplate::parse)
    {
        let day = u32::try_from(variety % 28).unwrap_or(0) + 1;
        return template.write(DateParts::new((2024, 5, day), (8, 31, 16)));
    }
    if let Some(text) = node
        .get("format")
        .and_then(Value::as_str)
        .and_then(|format| standard_format(format, variety))
    {
        return text.into_owned();
    }
    if is_file(node) {
        return files::sample(node);
    }
    let pattern = node.get("pattern").and_then(Value::as_str);
    let least = size(node, Facet::MinLength).unwrap_or(0);
    let most = size(node, Facet::MaxLength).unwrap_or(usize::MAX);
    let plain = PLAIN_LENGTH.max(least).min(most);
    // A pattern may want another length: the nearest that works, within what is documented.
    std::iter::once(plain)
        .chain(least..=most.min(least + 128))
        .find_map(|length| text_of_length(pattern, length, variety))
        .unwrap_or_default()
}

/// The formats of JSON Schema that are moments.
const MOMENTS: [&str; 4] = ["date-time", "iso-8601", "date", "time"];

/// Whether a node takes moments.
fn is_moment(node: &Value) -> bool {
    let format = node.get("format").and_then(Value::as_str);
    format.is_some_and(|own| MOMENTS.contains(&own) || DateTemplate::parse(own).is_some())
}

/// The plain moment of a node's format, so many steps later, as long as there are days and hours.
fn moment(node: &Value, variety: usize, steps: usize) -> Option<String> {
    let format = node.get("format").and_then(Value::as_str)?;
    if let Some(template) = DateTemplate::parse(format) {
        let day = u32::try_from(variety % 28 + steps).ok()? + 1;
        let hour = 8 + u32::try_from(steps).ok()?;
        let is_there = day <= 31 && hour < 24;
        return is_there.then(|| template.write(DateParts::new((2024, 5, day), (hour, 31, 16))));
    }
    let steps = u32::try_from(steps).ok().filter(|steps| *steps < 15)?;
    Some(match format {
        "date" => format!("2024-05-{:02}", 9 + steps),
        "time" => format!("{:02}:31:16Z", 8 + steps),
        _ => format!("2024-05-{:02}T08:31:16Z", 9 + steps),
    })
}

/// A text for each format that JSON Schema names and pages use. Of addresses any is as good as
/// another; a moment has to fit others.
fn standard_format(format: &str, variety: usize) -> Option<Cow<'static, str>> {
    let varied = Some(variety).filter(|variety| *variety > 0);
    let address = varied.and_then(|variety| match format {
        "email" => Some(format!("someone{variety}@example.com")),
        "uri" | "iri" | "url" => Some(format!("https://example.com/{variety}")),
        _ => None,
    });
    if let Some(address) = address {
        return Some(Cow::Owned(address));
    }
    Some(Cow::Borrowed(match format {
        "uuid" => "548ceeff-2cbb-47ab-9a1c-7b085a8c08d7",
        "date-time" | "iso-8601" => "2024-05-09T08:31:16Z",
        "date" => "2024-05-09",
        "time" => "08:31:16Z",
        "email" => "someone@example.com",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "uri" | "uri-template" | "iri" | "url" => "https://example.com/",
        "hostname" => "example.com",
        "duration" => "P1D",
        "byte" => "ZG9jcHJvb2Y=",
        "decimal" | "double" | "float" | "int32" | "int64" => "1",
        "uri-reference" | "iri-reference" | "json-pointer" => "/docproof",
        "regex" => "docproof",
        _ => return None,
    }))
}

/// A numeric keyword of a node as a whole number.
pub fn limit(node: &Value, facet: Facet) -> Option<i64> {
    let value = node.get(facet.as_str())?;
    value.as_i64().or_else(|| {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "bounds beyond i64 are cut to it, which keeps them bounds"
        )]
        value.as_f64().map(|float| float.trunc() as i64)
    })
}

/// A numeric keyword of a node as a count: of characters, or of items. What must be larger than
/// anything that is made counts as the largest: then no value that is made is valid.
pub fn size(node: &Value, facet: Facet) -> Option<usize> {
    let count = usize::try_from(limit(node, facet)?).ok()?;
    Some(match facet {
        Facet::MinLength => count.min(LONGEST_MADE),
        Facet::MinItems => count.min(MOST_ITEMS),
        _ => count,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    /// Objects that have to stand in each other.
    fn nested(depth: usize) -> Value {
        (0..depth).fold(
            json!({"type": "string", "minLength": 2}),
            |inner, _| json!({"type": "object", "required": ["a"], "properties": {"a": inner}}),
        )
    }

    #[rstest]
    #[case(json!({"type": "string", "minLength": 100_000_000}))]
    #[case(json!({"type": "array", "minItems": 100_000_000, "items": {"type": "integer"}}))]
    #[case(json!({"type": "array", "minContains": 100_000_000, "contains": {"const": 1}}))]
    fn what_would_be_too_large_is_not_made(#[case] root: Value) {
        let schema = Schema::compile(root).unwrap();
        let value = sample(&schema, &schema.root, 0);
        assert!(value.to_string().len() <= 2 * LONGEST_MADE);
        assert!(!schema.is_valid(&value));
    }

    #[rstest]
    #[case(json!({"type": "string", "minLength": 4, "maxLength": 64, "pattern": "^[A-Za-z][A-Za-z0-9_-]*$"}))]
    #[case(json!({"type": "string", "format": "yyyyMMddHHmmss"}))]
    #[case(json!({"type": ["string", "null"], "enum": ["aof", "rdb", null]}))]
    #[case(json!({"type": "integer", "minimum": 10, "maximum": 20, "multipleOf": 5}))]
    #[case(json!({"type": "array", "minItems": 2, "items": {"type": "object", "required": ["a"], "properties": {"a": {"type": "boolean"}}}}))]
    #[case(json!({"type": "string", "pattern": "^\\d{14}$"}))]
    #[case(json!({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}))]
    #[case(json!({"type": "number", "minimum": 0.25, "maximum": 0.75}))]
    #[case(json!({"type": "array", "minItems": 2, "maxItems": 2, "prefixItems": [{"type": "number"}, {"type": "boolean"}]}))]
    #[case(json!({"anyOf": [{"type": "integer", "minimum": 3}, {"type": "string", "pattern": "^\\d+$"}]}))]
    #[case(json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}, "oneOf": [
        {"type": "object", "properties": {"kind": {"const": "x"}}, "required": ["kind"]},
        {"type": "object", "properties": {"kind": {"const": "y"}, "b": {"type": "string"}}, "required": ["kind", "b"]}]}))]
    #[case(json!({"oneOf": [
        {"allOf": [{"type": "object", "properties": {"kind": {"type": "string"}}}, {"properties": {"kind": {"enum": ["cat"]}}, "required": ["kind"]}]},
        {"allOf": [{"type": "object", "properties": {"kind": {"type": "string"}}}, {"properties": {"kind": {"enum": ["dog"]}}, "required": ["kind"]}]}]}))]
    #[case(json!({"allOf": [{"anyOf": [{"type": "integer"}, {"type": "array", "items": {"type": "integer"}}]}]}))]
    #[case(json!({"const": null}))]
    #[case(json!({"type": "object", "properties": {"a": {"const": null}, "b": {"enum": [null]}}}))]
    #[case(json!({"type": "object", "properties": {"a": false, "b": {"not": {}}, "c": {"not": true}}}))]
    #[case(json!({"type": "object", "minProperties": 2, "additionalProperties": {"type": "integer"}}))]
    #[case(json!({"type": "object", "minProperties": 1, "maxProperties": 3, "propertyNames": {"pattern": "^[a-z]{1,5}$"}, "additionalProperties": {"type": "integer"}}))]
    #[case(json!({"type": "object", "minProperties": 2, "propertyNames": {"enum": ["cpu", "ram"]}}))]
    #[case(json!({"type": "object", "minProperties": 2, "patternProperties": {"^x_[a-z]+$": {"type": "integer"}}, "additionalProperties": false}))]
    #[case(json!({"type": "object", "maxProperties": 1, "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}))]
    #[case(json!({"type": "object", "not": {"required": ["a", "b"]}, "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}))]
    #[case(json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}, "b": {"type": "string"}, "c": {"type": "string"}},
        "dependentSchemas": {"b": {"properties": {"c": false}}, "c": {"properties": {"a": {"maxLength": 5}}}}}))]
    #[case(json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "dependentRequired": {"a": ["z"]}}))]
    #[case(json!({"type": "array", "items": {"type": "string"}, "contains": {"const": "must"}, "uniqueItems": true}))]
    #[case(json!({"type": "array", "contains": {"type": "integer", "minimum": 5}, "minContains": 2, "maxContains": 3, "minItems": 3}))]
    #[case(json!({"not": {"type": "string"}}))]
    #[case(json!({"type": "integer", "not": {"minimum": 0, "maximum": 3}}))]
    #[case(nested(60))]
    #[case(json!({"$ref": "#/$defs/T", "$defs": {"T": {"type": "object", "required": ["v"], "properties": {
        "v": {"type": "string"}, "a": {"$ref": "#/$defs/T"}, "b": {"$ref": "#/$defs/T"},
        "c": {"type": "array", "items": {"$ref": "#/$defs/T"}},
        "d": {"type": "object", "additionalProperties": {"$ref": "#/$defs/T"}},
        "e": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/T"}}}}}}))]
    #[case(json!({"$ref": "#/$defs/E", "$defs": {"E": {"oneOf": [
        {"type": "object", "required": ["add"], "additionalProperties": false, "properties": {"add": {"type": "array", "minItems": 2, "items": {"$ref": "#/$defs/E"}}}},
        {"type": "object", "required": ["lit"], "additionalProperties": false, "properties": {"lit": {"type": "integer"}}}]}}}))]
    #[case(json!({"$ref": "#/$defs/N", "$defs": {"N": {"type": "object", "required": ["next"], "properties": {
        "next": {"anyOf": [{"$ref": "#/$defs/N"}, {"type": "null"}]}}}}}))]
    fn sample_is_valid(#[case] root: Value) {
        let schema = Schema::compile(root).unwrap();
        for variety in 0..40 {
            let value = sample(&schema, &schema.root, variety);
            assert!(schema.is_valid(&value), "{value}");
        }
    }
}
