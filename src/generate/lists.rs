//! Parameters of more than one text, or of a text that has parts: how they are put into a query or a
//! header, and found there.

use serde_json::{Map, Value};

use super::request::{set_field, text_of};
use crate::contract::{FieldPath, ListStyle, Operation, Parameter, Place, parse_strict};

/// A parameter whose value is more than one plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Where it is sent.
    pub place: Place,
    /// Its name.
    pub name: String,
    /// How its value is written.
    pub written: Written,
}

/// How a value that is more than a plain text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// As several texts.
    List(ListStyle),
    /// As one JSON text.
    Json,
}

/// The parameters of an operation that are more than one plain text, and how they are written.
pub(super) fn lists_of(operation: &Operation) -> Vec<Listed> {
    let listed = |parameter: &Parameter| {
        let list = parameter.style.map(Written::List);
        Some(Listed {
            place: parameter.location.place(),
            name: parameter.name.clone(),
            written: list.or(parameter.is_json.then_some(Written::Json))?,
        })
    };
    operation.parameters.iter().filter_map(listed).collect()
}

/// The name of the parameter that a field belongs to, and the way from there to the field.
fn parted(field: &FieldPath) -> (&str, FieldPath) {
    let mut within = FieldPath::root();
    for step in field.steps().iter().skip(1) {
        within.push(step.clone());
    }
    (field.top().unwrap_or_default(), within)
}

/// Sets or removes a field of a parameter that is a JSON text, or the whole of it.
pub(super) fn set_json(list: &mut Vec<(String, String)>, field: &FieldPath, value: Option<&Value>) {
    let (name, within) = parted(field);
    let at = list.iter().position(|(known, _)| known == name);
    if within.is_root() && value.is_none() {
        list.retain(|(known, _)| known != name);
        return;
    }
    let known = at.and_then(|at| parse_strict(list.get(at)?.1.as_bytes()).ok());
    let Some(mut whole) = known.or_else(|| value.map(|_| Value::Object(Map::new()))) else {
        return;
    };
    set_field(&mut whole, &within, value.cloned());
    let text = whole.to_string();
    match at.and_then(|at| list.get_mut(at)) {
        Some((_, known)) => *known = text,
        None => list.push((name.to_owned(), text)),
    }
}

/// The value of a field of a parameter that is a JSON text.
pub(super) fn get_json(list: &[(String, String)], field: &FieldPath) -> Option<Value> {
    let (name, within) = parted(field);
    let (_, text) = list.iter().find(|(known, _)| known == name)?;
    let whole = parse_strict(text.as_bytes()).ok()?;
    whole.pointer(&within.to_pointer()).cloned()
}

/// Sets or removes the values of a parameter that has several; of one item, the others go.
pub(super) fn set_list(
    list: &mut Vec<(String, String)>,
    field: &FieldPath,
    value: Option<&Value>,
    style: ListStyle,
) {
    let name = style.name(field.top().unwrap_or_default());
    let at = list.iter().position(|(known, _)| *known == name);
    list.retain(|(known, _)| *known != name);
    let texts = value.map_or_else(Vec::new, |value| texts_of(value, style));
    let at = at.unwrap_or(list.len());
    let added = texts.into_iter().map(|text| (name.to_string(), text));
    list.splice(at..at, added);
}

/// The values of a parameter that has several, as texts; of an item, the first.
pub(super) fn get_list(
    list: &[(String, String)],
    field: &FieldPath,
    style: ListStyle,
) -> Option<Value> {
    let name = style.name(field.top().unwrap_or_default());
    let own = list.iter().filter(|(known, _)| *known == name);
    let texts: Vec<&str> = own.map(|(_, text)| text.as_str()).collect();
    if texts.is_empty() {
        return None;
    }
    let values = style.read(&texts)?;
    if field.has_item() {
        return values.first().map(|value| Value::from(*value));
    }
    Some(values.into_iter().map(Value::from).collect())
}

/// The texts that are sent for a value of a parameter that has several: one that is no array stands
/// for an array of it alone.
pub(super) fn texts_of(value: &Value, style: ListStyle) -> Vec<String> {
    let values: Vec<String> = match value {
        Value::Array(items) => items.iter().map(text_of).collect(),
        other => vec![text_of(other)],
    };
    if values.is_empty() {
        return Vec::new();
    }
    style.write(&values)
}
