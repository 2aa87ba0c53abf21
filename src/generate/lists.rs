//! Parameters that have several values: how they are put into a query or a header, and found there.

use serde_json::Value;

use super::request::text_of;
use crate::contract::{FieldPath, ListStyle, Operation, Parameter, Place};

/// A parameter that has several values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Where it is sent.
    pub place: Place,
    /// Its name.
    pub name: String,
    /// How its values are written.
    pub style: ListStyle,
}

/// The parameters of an operation that have several values, and how they are written.
pub(super) fn lists_of(operation: &Operation) -> Vec<Listed> {
    let listed = |parameter: &Parameter| {
        Some(Listed {
            place: parameter.location.place(),
            name: parameter.name.clone(),
            style: parameter.style?,
        })
    };
    operation.parameters.iter().filter_map(listed).collect()
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
