//! The class of a request, decided from the wire form alone: documented-valid, invalid by exactly the rules it breaks, or unspecified.
//! This is a second reading of the contract, independent of how a case was made: a case that does not come out in its class is dropped.

use serde_json::Value;

use crate::contract::formats::DateTemplate;
use crate::contract::{
    Level, Location, Malformed, Operation, Parameter, Schema, facts_of, parse_strict, types_of,
};

use super::request::{Request, is_protocol_header};

/// The longest text, in characters, that an endpoint must take where no page limits it.
pub(super) const LONGEST_UNLIMITED: usize = 128;

/// What a request is by the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Class {
    /// Everything is as documented.
    Valid,
    /// The rules it breaks: names as facts spell them (`request.name` + `pattern`).
    Invalid(Vec<Broken>),
    /// Nothing documented is broken, but no page says that it is allowed either.
    Unspecified(String),
}

/// One rule that a request breaks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Broken {
    /// `request`, `query`, `path` or `header`.
    pub place: String,
    /// The field within it.
    pub field: String,
    /// The facet.
    pub facet: String,
}

/// Classifies what goes on the wire.
pub fn classify(operation: &Operation, request: &Request) -> Class {
    let mut broken = Vec::new();
    let mut unusual = None;
    let target = request.target();
    let (_, query) = target.split_once('?').unwrap_or((target.as_str(), ""));
    let query: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let headers: Vec<(String, String)> = request
        .headers
        .iter()
        // Blanks around a header's value are no part of it (RFC 9110, section 5.5).
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    for parameter in &operation.parameters {
        let (sent, name) = match parameter.location {
            Location::Query => (&query, parameter.name.clone()),
            Location::Header if !is_protocol_header(&parameter.name) => {
                (&headers, parameter.name.to_ascii_lowercase())
            }
            _ => continue,
        };
        let values: Vec<&str> = sent
            .iter()
            .filter(|(known, _)| *known == name)
            .map(|(_, value)| value.as_str())
            .collect();
        judge_parameter(parameter, &values, &mut broken, &mut unusual);
    }
    if let Some((name, _)) = query
        .iter()
        .find(|(name, _)| operation.parameter(Location::Query, name).is_none())
    {
        unusual.get_or_insert_with(|| format!("the query has `{name}`, which no page documents"));
    }
    if unusual.is_none() {
        unusual = times_out_of_order(operation, &query);
    }
    if let Some(body) = &operation.request_body {
        match request.body_bytes() {
            None if body.required => {
                broken.push(Broken {
                    place: "request".to_owned(),
                    field: String::new(),
                    facet: "required".to_owned(),
                });
            }
            None if body.empty_shown => {}
            None => {
                unusual.get_or_insert_with(|| "no body, which no page shows".to_owned());
            }
            Some(bytes) => match parse_strict(&bytes) {
                Ok(value) => judge(
                    &body.schema,
                    &value,
                    "request",
                    "",
                    &mut broken,
                    &mut unusual,
                ),
                Err(Malformed::DuplicateKey(key)) => {
                    unusual.get_or_insert_with(|| format!("the key `{key}` stands twice"));
                }
                Err(_) => broken.push(Broken {
                    place: "request".to_owned(),
                    field: String::new(),
                    facet: "malformed".to_owned(),
                }),
            },
        }
    }
    broken.sort();
    broken.dedup();
    match (broken.is_empty(), unusual) {
        (false, _) => Class::Invalid(broken),
        (true, Some(reason)) => Class::Unspecified(reason),
        (true, None) => Class::Valid,
    }
}

/// Adds what the texts sent for a parameter break, and what is unusual about them.
fn judge_parameter(
    parameter: &Parameter,
    values: &[&str],
    broken: &mut Vec<Broken>,
    unusual: &mut Option<String>,
) {
    let place = parameter.location.as_str();
    let breaks = |facet: &str| Broken {
        place: place.to_owned(),
        field: parameter.name.clone(),
        facet: facet.to_owned(),
    };
    match values {
        [] if parameter.required => broken.push(breaks("required")),
        [] => {}
        [_] if is_structured(&parameter.schema.root) => {
            unusual.get_or_insert_with(|| {
                format!("how `{}` writes its parts, no page says", parameter.name)
            });
        }
        [text] if place == "header" && !text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) => {
            unusual.get_or_insert_with(|| {
                format!(
                    "`{}` has what does not belong into a header",
                    parameter.name
                )
            });
        }
        [text] => match typed(text, &parameter.schema) {
            Some(value) => judge(
                &parameter.schema,
                &value,
                place,
                &parameter.name,
                broken,
                unusual,
            ),
            None => broken.push(breaks("type")),
        },
        _ => {
            unusual.get_or_insert_with(|| format!("`{}` is sent twice", parameter.name));
        }
    }
}

/// Whether a parameter is an array or an object: written into a query or header in one of many ways.
pub fn is_structured(node: &Value) -> bool {
    let kinds = types_of(node);
    kinds.contains(&"array") || kinds.contains(&"object")
}

/// Two times of one form of which the one documented first is the later: a window that ends before it begins, and no page says what then.
fn times_out_of_order(operation: &Operation, query: &[(String, String)]) -> Option<String> {
    let mut last: Option<(&str, &str)> = None;
    for parameter in operation.parameters_in(Location::Query) {
        let format = parameter
            .schema
            .root
            .get("format")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let template = DateTemplate::parse(format);
        let value = query
            .iter()
            .find(|(name, _)| *name == parameter.name)
            .map(|(_, value)| value.as_str());
        let (Some(_), Some(value)) = (template, value) else {
            continue;
        };
        // Times of one template that begins with the year are in order as texts are.
        if let Some((name, _)) = last.filter(|(_, before)| *before > value) {
            return Some(format!("`{}` is before `{name}`", parameter.name));
        }
        last = Some((parameter.name.as_str(), value));
    }
    None
}

/// A parameter's text as the value of its declared type; `None` where it is none.
fn typed(text: &str, schema: &Schema) -> Option<Value> {
    let kinds = types_of(&schema.root);
    if kinds.contains(&"string") || kinds.is_empty() {
        return Some(Value::from(text));
    }
    if kinds.contains(&"integer") {
        let digits = text.strip_prefix('-').unwrap_or(text);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        // Beyond 64 bits it is still an integer; what matters is that it is not an ordinary one.
        return Some(
            text.parse::<i64>()
                .map_or_else(|_| Value::from(i64::MAX), Value::from),
        );
    }
    if kinds.contains(&"number") {
        return text
            .parse::<f64>()
            .ok()
            .filter(|number| number.is_finite())
            .map(Value::from);
    }
    if kinds.contains(&"boolean") {
        return matches!(text, "true" | "false").then(|| Value::from(text == "true"));
    }
    Some(Value::from(text))
}

/// Adds what a value breaks, and what is unusual about it.
fn judge(
    schema: &Schema,
    value: &Value,
    place: &str,
    name: &str,
    broken: &mut Vec<Broken>,
    unusual: &mut Option<String>,
) {
    for violation in schema.violations(value) {
        let field = match (name.is_empty(), violation.field.is_empty()) {
            (true, _) => violation.field,
            (false, true) => name.to_owned(),
            (false, false) => format!("{name}.{}", violation.field),
        };
        broken.push(Broken {
            place: place.to_owned(),
            field,
            facet: violation.facet,
        });
    }
    if unusual.is_none() {
        *unusual = find_unusual(schema, &schema.root, value, name, 0);
    }
}

/// What no page says to be allowed, although it breaks nothing.
fn find_unusual(
    schema: &Schema,
    node: &Value,
    value: &Value,
    name: &str,
    depth: usize,
) -> Option<String> {
    let node = schema.follow(node);
    if depth > 20 {
        return Some("nested deeper than any page shows".to_owned());
    }
    match value {
        Value::Object(map) => {
            let properties = node.get("properties").and_then(Value::as_object);
            if properties.is_none() && !map.is_empty() && node.get("additionalProperties").is_none()
            {
                return Some(format!("`{name}` has fields that no page documents"));
            }
            map.iter().find_map(
                |(key, child)| match properties.and_then(|all| all.get(key)) {
                    Some(child_node) => find_unusual(schema, child_node, child, key, depth + 1),
                    None if node
                        .get("additionalProperties")
                        .is_some_and(Value::is_object) =>
                    {
                        None
                    }
                    None => Some(format!("`{key}` is a field that no page documents")),
                },
            )
        }
        Value::Array(items) => {
            if items.len() > 100 {
                return Some(format!("`{name}` has {} items", items.len()));
            }
            let item_node = node.get("items")?;
            items
                .iter()
                .find_map(|item| find_unusual(schema, item_node, item, name, depth + 1))
        }
        Value::String(text) => unusual_text(node, text, name),
        Value::Number(number) => {
            let stated = || {
                facts_of(node)
                    .into_iter()
                    .any(|fact| fact.facet == "minimum" && fact.level == Level::Must)
            };
            let bounded = node.get("maximum").is_some();
            let size = number.as_f64().unwrap_or(f64::INFINITY);
            if size == 0.0 && !stated() {
                Some(format!("`{name}` is zero, and no page gives a lower bound"))
            } else if !bounded && !(-1e6..=1e6).contains(&size) {
                Some(format!(
                    "`{name}` is very large, and no page gives an upper bound"
                ))
            } else {
                None
            }
        }
        Value::Null | Value::Bool(_) => None,
    }
}

fn unusual_text(node: &Value, text: &str, name: &str) -> Option<String> {
    if node.get("enum").is_some()
        || node
            .get("format")
            .and_then(Value::as_str)
            .and_then(DateTemplate::parse)
            .is_some()
    {
        return None;
    }
    let length = text.chars().count();
    if length == 0 && node.get("minLength").is_none() {
        return Some(format!(
            "`{name}` is empty, and no page says whether it may be"
        ));
    }
    if node.get("maxLength").is_none() && length > LONGEST_UNLIMITED {
        return Some(format!(
            "`{name}` has {length} characters, and no page limits it"
        ));
    }
    if text.trim() != text {
        return Some(format!("`{name}` begins or ends with white space"));
    }
    text.chars()
        .find(|c| is_unusual(*c))
        .map(|c| format!("`{name}` has the unusual character U+{:04X}", u32::from(c)))
}

/// Characters that a sound endpoint may well refuse although no page says so: controls, formatting, private and unassigned ones, combining
/// marks, and everything outside the basic plane.
fn is_unusual(c: char) -> bool {
    let code = u32::from(c);
    c.is_control()
        || code > 0xFFFF
        || (0x0300..=0x036F).contains(&code)
        || (0x0590..=0x08FF).contains(&code)
        || (0x2000..=0x200F).contains(&code)
        || (0x2028..=0x202F).contains(&code)
        || (0x2060..=0x206F).contains(&code)
        || (0xD800..=0xF8FF).contains(&code)
        || code >= 0xFE00
}
