//! Answers before they become bytes, and the bodies of refusals as an operation documents them.

use std::borrow::Cow;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::contract::{Facet, FieldPath, Operation, Schema, Step, enum_values, types_of};
use crate::generate::{sample, size};

use super::answer::media_of;
use super::rejection::Reason;

/// The media type of every JSON body.
pub(super) const JSON: &str = "application/json";

/// An answer. It stays data until the last moment, so that a layer can alter it.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    /// The status.
    pub(super) status: u16,
    /// The body.
    pub(super) body: Body,
    /// Its media type; sent only with a body.
    pub(super) content_type: Option<Cow<'static, str>>,
    /// Further headers.
    pub(super) headers: Vec<(Cow<'static, str>, String)>,
    /// How it travels.
    pub(super) wire: Wire,
}

/// How an answer travels; by default at once, with its length, on a connection that stays open.
#[derive(Debug, Clone, Default)]
pub(super) struct Wire {
    /// How long it is held back.
    pub(super) delay: Option<Duration>,
    /// The size of the pieces of a body without an announced length.
    pub(super) chunks: Option<usize>,
    /// Whether the connection is closed after it.
    pub(super) closes: bool,
    /// Bytes that are sent instead of everything HTTP would have sent; then the connection is
    /// closed, rudely where there are none.
    pub(super) instead: Option<Vec<u8>>,
}

/// What an answer carries.
#[derive(Debug, Clone)]
pub(super) enum Body {
    /// Nothing.
    None,
    /// A JSON value.
    Json(Value),
    /// Bytes as they are.
    Raw(Vec<u8>),
}

impl Reply {
    /// An answer with a JSON body.
    pub(super) fn json(status: u16, body: Value) -> Self {
        Self {
            status,
            body: Body::Json(body),
            content_type: Some(JSON.into()),
            headers: Vec::new(),
            wire: Wire::default(),
        }
    }

    /// An answer with a body of another media type.
    pub(super) fn of_media(status: u16, media: &str) -> Self {
        Self {
            body: Body::Raw(b"docproof".to_vec()),
            content_type: Some(media.to_owned().into()),
            ..Self::empty(status)
        }
    }

    /// An answer without a body.
    pub(super) fn empty(status: u16) -> Self {
        Self {
            status,
            body: Body::None,
            content_type: None,
            headers: Vec::new(),
            wire: Wire::default(),
        }
    }
}

/// The body of a refusal: a template that conforms to the contract, and where its code and its
/// message stand.
#[derive(Debug)]
pub(super) struct ErrorShape {
    status: u16,
    service: String,
    /// The media type, where it is another than JSON.
    media: Option<String>,
    template: Value,
    code: Option<Slot>,
    message: Option<Slot>,
}

/// A place in a template that takes a text of limited length, or a number.
#[derive(Debug)]
struct Slot {
    pointer: String,
    most: usize,
    is_number: bool,
}

impl ErrorShape {
    /// The shape of a service's errors that no page describes.
    pub(super) fn plain(service: &str, status: u16) -> Self {
        let slot = |name: &str| {
            Some(Slot {
                pointer: format!("/{name}"),
                most: usize::MAX,
                is_number: false,
            })
        };
        Self {
            status,
            service: service.to_uppercase(),
            media: None,
            template: json!({"error_code": "", "error_msg": ""}),
            code: slot("error_code"),
            message: slot("error_msg"),
        }
    }

    /// The shape that an operation documents for a status; that of another of its errors where this
    /// status is not described.
    pub(super) fn of(operation: &Operation, status: u16) -> Self {
        let described = operation
            .response(status)
            .into_iter()
            .chain(
                operation
                    .responses
                    .iter()
                    .filter(|response| response.class().is_some_and(|class| class >= 4)),
            )
            .find_map(|response| Some((response.schema.as_ref()?, &response.examples)));
        let media = operation.response(status).and_then(media_of);
        let plain = Self {
            media,
            ..Self::plain(&operation.service, status)
        };
        let Some((schema, examples)) = described else {
            return plain;
        };
        let mut shape = Self {
            template: sample(schema, &schema.root, 0),
            code: None,
            message: None,
            ..plain
        };
        shape.fill(schema);
        let filled = shape.render(Reason::Value, "text");
        if !schema.is_valid(&filled) {
            // The fields do not mean what their names say: the documented example is what is left
            // to trust.
            shape.code = None;
            shape.message = None;
            shape.template = examples
                .iter()
                .find(|example| schema.is_valid(example))
                .cloned()
                .unwrap_or_else(|| sample(schema, &schema.root, 0));
        }
        shape
    }

    /// Finds the code and the message by the names of the fields, and empties what may be null.
    fn fill(&mut self, schema: &Schema) {
        for field in schema.fields() {
            let pointer = field.path.to_pointer();
            let name = field.path.last_name().unwrap_or_default().to_lowercase();
            let types = types_of(field.node);
            let free = enum_values(field.node).is_empty()
                && field.node.get(Facet::Pattern.as_str()).is_none()
                && field.node.get(Facet::Format.as_str()).is_none();
            let slot = || Slot {
                pointer: pointer.clone(),
                most: size(field.node, Facet::MaxLength).unwrap_or(usize::MAX),
                is_number: !types.contains(&"string"),
            };
            if field.path.is_root() || types.contains(&"object") || types.contains(&"array") {
                continue;
            }
            if types.contains(&"null") {
                if let Some(value) = self.template.pointer_mut(&pointer) {
                    *value = Value::Null;
                }
            } else if free && name.contains("code") && self.code.is_none() {
                self.code = Some(slot());
            } else if free
                && types.contains(&"string")
                && ["msg", "message", "reason", "detail", "description"]
                    .iter()
                    .any(|word| name.contains(word))
                && self.message.is_none()
            {
                self.message = Some(slot());
            }
        }
    }

    /// The body for one refusal.
    fn render(&self, reason: Reason, message: &str) -> Value {
        let mut body = self.template.clone();
        if let Some(slot) = &self.code
            && let Some(value) = body.pointer_mut(&slot.pointer)
        {
            *value = if slot.is_number {
                Value::from(reason.number())
            } else {
                Value::from(cut(
                    &format!("{}.{}", self.service, reason.number()),
                    slot.most,
                ))
            };
        }
        if let Some(slot) = &self.message
            && let Some(value) = body.pointer_mut(&slot.pointer)
        {
            *value = Value::from(cut(message, slot.most));
        }
        body
    }

    /// The refusal as an answer.
    pub(super) fn reply(&self, reason: Reason, message: &str) -> Reply {
        match &self.media {
            Some(media) => Reply::of_media(self.status, media),
            None => Reply::json(self.status, self.render(reason, message)),
        }
    }
}

/// Does something with a field of a value wherever its parent is: `items[].size`, `backup.id`.
/// `act` is told the parent and the field's name in it.
pub(super) fn each(
    value: &mut Value,
    path: &FieldPath,
    act: &mut dyn FnMut(&mut Map<String, Value>, &str),
) {
    each_below(value, path.steps(), act);
}

fn each_below(
    value: &mut Value,
    steps: &[Step],
    act: &mut dyn FnMut(&mut Map<String, Value>, &str),
) {
    let Some((step, below)) = steps.split_first() else {
        return;
    };
    match step {
        Step::Name(name) if below.is_empty() => {
            if let Value::Object(map) = value {
                act(map, name);
            }
        }
        Step::Name(name) => {
            if let Some(child) = value.get_mut(name) {
                each_below(child, below, act);
            }
        }
        Step::Item => {
            for item in value.as_array_mut().into_iter().flatten() {
                each_below(item, below, act);
            }
        }
        Step::Entry => {
            let entries = value.as_object_mut().into_iter();
            for entry in entries.flat_map(Map::values_mut) {
                each_below(entry, below, act);
            }
        }
    }
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// A value made complete: what `full` has and `value` lacks is added, in objects at every depth. A
/// list that is shown empty gets its items: an example often leaves them out, and nothing could be
/// told of them.
pub(super) fn completed(value: &Value, full: &Value) -> Value {
    match (value, full) {
        (Value::Object(value), Value::Object(full)) => {
            let mut map: Map<String, Value> = value
                .iter()
                .map(|(name, child)| {
                    let child = full
                        .get(name)
                        .map_or_else(|| child.clone(), |full| completed(child, full));
                    (name.clone(), child)
                })
                .collect();
            for (name, child) in full {
                if !map.contains_key(name) {
                    map.insert(name.clone(), child.clone());
                }
            }
            Value::Object(map)
        }
        (Value::Array(items), Value::Array(full)) if items.is_empty() => full.clone().into(),
        (Value::Array(items), Value::Array(full)) => items
            .iter()
            .map(|item| {
                full.first()
                    .map_or_else(|| item.clone(), |full| completed(item, full))
            })
            .collect(),
        (value, _) => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("a", json!({"a": 9, "b": {"c": 1}, "l": [{"m": 1}, {"m": 2}]}))]
    #[case("b.c", json!({"a": 0, "b": {"c": 9}, "l": [{"m": 1}, {"m": 2}]}))]
    #[case("b.*.c", json!({"a": 0, "b": {"c": 1}, "l": [{"m": 1}, {"m": 2}]}))]
    #[case("*[].m", json!({"a": 0, "b": {"c": 1}, "l": [{"m": 9}, {"m": 9}]}))]
    #[case("l[].m", json!({"a": 0, "b": {"c": 1}, "l": [{"m": 9}, {"m": 9}]}))]
    #[case("x.y", json!({"a": 0, "b": {"c": 1}, "l": [{"m": 1}, {"m": 2}]}))]
    fn a_field_is_reached_wherever_it_is(#[case] path: &str, #[case] expected: Value) {
        let mut value = json!({"a": 0, "b": {"c": 1}, "l": [{"m": 1}, {"m": 2}]});
        each(&mut value, &FieldPath::from(path), &mut |parent, name| {
            parent.insert(name.to_owned(), json!(9));
        });
        assert_eq!(value, expected);
    }

    #[test]
    fn a_value_is_completed_at_every_depth() {
        let value = json!({"a": [{"b": 1}], "p": {}, "l": []});
        let full = json!({"a": [{"b": 9, "c": 2}], "p": {"q": 3}, "z": 4, "l": [5]});
        assert_eq!(
            completed(&value, &full),
            json!({"a": [{"b": 1, "c": 2}], "p": {"q": 3}, "l": [5], "z": 4})
        );
    }
}
