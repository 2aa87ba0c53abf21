//! What was seen at one place of the answers of one status, and below it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_json::Value;

use crate::contract::{Operation, Row, Schema, Step, enum_values};
use crate::exchange::Redactor;

use super::{LONGEST, Observed, Seen, Undocumented, UndocumentedKind};

/// How many undocumented fields are kept of one object: an endpoint that invents names must not
/// fill the memory.
const MOST_FIELDS: usize = 64;

/// How many different values are kept of one field.
const MOST_TEXTS: usize = 64;

/// How deep a body is looked into.
const DEPTH: usize = 24;

/// What was seen at one place of the bodies of one status.
#[derive(Debug, Default)]
pub(super) struct Node {
    seen: Seen,
    /// Whether a page documents the place.
    documented: bool,
    /// Whether its values are kept.
    kept: Option<UndocumentedKind>,
    /// The documented values, which are not kept.
    listed: Vec<Value>,
    texts: BTreeMap<String, u64>,
    fields: BTreeMap<String, Node>,
    /// The values of a map, whatever their names: they are one row.
    entries: Option<Box<Node>>,
    items: Option<Box<Node>>,
}

/// A look at a body.
pub(super) struct Look<'l> {
    /// Its schema.
    pub schema: &'l Schema,
    /// Whether it is that of an error.
    pub is_error: bool,
    /// What is secret.
    pub redactor: &'l Redactor,
    /// How often it came.
    pub times: u64,
}

impl Node {
    /// The place of a name that nothing was seen at yet.
    fn of(described: Option<&Value>, name: &str, is_error: bool) -> Self {
        let listed = described.map(enum_values).unwrap_or_default();
        let kept = match described {
            None => Some(UndocumentedKind::Field),
            Some(_) if !listed.is_empty() => Some(UndocumentedKind::EnumValue),
            Some(_) if is_error && name.to_ascii_lowercase().contains("code") => {
                Some(UndocumentedKind::ErrorCode)
            }
            Some(_) => None,
        };
        Self {
            kept,
            listed,
            ..Self::default()
        }
    }

    /// Counts a value that came so often.
    fn count(&mut self, value: &Value, times: u64) {
        if value.is_null() {
            self.seen.nulls += times;
        } else {
            self.seen.values += times;
        }
    }
}

impl Look<'_> {
    /// Looks at a value and what is in it.
    pub(super) fn at(
        &self,
        node: &mut Node,
        described: Option<&Value>,
        value: &Value,
        depth: usize,
    ) {
        if node.seen == Seen::default() {
            node.documented = described.is_some();
        }
        node.count(value, self.times);
        if depth >= DEPTH {
            return;
        }
        let schema = self.schema;
        match value {
            Value::Object(map) => {
                for (name, value) in map {
                    // A field that was seen before, and has nothing within it, is counted without a
                    // look at the schema.
                    if !value.is_object()
                        && !value.is_array()
                        && let Some(field) = node.fields.get_mut(name)
                    {
                        self.keep(field, value);
                        field.count(value, self.times);
                        continue;
                    }
                    let child = described.and_then(|described| schema.child(described, name));
                    let is_entry = child.is_some()
                        && described
                            .and_then(|described| described.get("properties"))
                            .and_then(|properties| properties.get(name))
                            .is_none()
                        && described
                            .and_then(|described| described.get("additionalProperties"))
                            .is_some_and(Value::is_object);
                    let is_full = node.fields.len() >= MOST_FIELDS || !node.documented;
                    let field = if is_entry {
                        let entry = || Box::new(Node::of(child, "", self.is_error));
                        node.entries.get_or_insert_with(entry)
                    } else {
                        match node.fields.entry(name.clone()) {
                            Entry::Vacant(_) if child.is_none() && is_full => continue,
                            Entry::Vacant(place) => {
                                place.insert(Node::of(child, name, self.is_error))
                            }
                            Entry::Occupied(place) => place.into_mut(),
                        }
                    };
                    self.keep(field, value);
                    self.at(field, child, value, depth + 1);
                }
            }
            Value::Array(values) => {
                let child = described.and_then(|described| schema.child(described, "0"));
                let items = node.items.get_or_insert_default();
                for value in values {
                    self.at(items, child, value, depth + 1);
                }
            }
            _ => {}
        }
    }

    /// Keeps a value that no page lists.
    fn keep(&self, node: &mut Node, value: &Value) {
        let text = match (node.kept, value) {
            (None, _) | (_, Value::Null | Value::Object(_) | Value::Array(_)) => return,
            (Some(UndocumentedKind::EnumValue), value) => {
                if node.listed.contains(value) {
                    return;
                }
                value.to_string()
            }
            (Some(_), Value::String(text)) => text.clone(),
            (Some(_), value) => value.to_string(),
        };
        let text = self.redactor.redact(&text);
        let text: String = text.chars().take(LONGEST).collect();
        // One value is enough to show what a field that no page documents is like.
        let most = if node.kept == Some(UndocumentedKind::Field) {
            1
        } else {
            MOST_TEXTS
        };
        if node.texts.len() < most || node.texts.contains_key(&text) {
            *node.texts.entry(text).or_default() += self.times;
        }
    }
}

/// Turns what was seen at a place, and below it, into rows and undocumented things.
pub(super) fn gather(node: &Node, operation: &Operation, row: &Row, observed: &mut Observed) {
    if !row.field.is_root() && node.documented {
        let name = format!("{}::{row}", operation.name());
        let seen = observed.rows.entry(name).or_default();
        seen.values += node.seen.values;
        seen.nulls += node.seen.nulls;
    }
    if let Some(kind) = node.kept {
        let mut add = |value: &str, seen: u64| {
            observed.undocumented.push(Undocumented {
                operation: operation.name(),
                kind,
                place: row.to_string(),
                value: value.to_owned(),
                seen,
            });
        };
        if kind == UndocumentedKind::Field {
            let value = node.texts.keys().next().map_or("", String::as_str);
            add(value, node.seen.values + node.seen.nulls);
            return;
        }
        for (text, seen) in &node.texts {
            add(text, *seen);
        }
    }
    let mut below = |node: &Node, step: Step| {
        let row = Row {
            place: row.place,
            field: row.field.join(step),
        };
        gather(node, operation, &row, observed);
    };
    for (name, field) in &node.fields {
        below(field, Step::Name(name.clone()));
    }
    if let Some(entries) = &node.entries {
        below(entries, Step::Entry);
    }
    if let Some(items) = &node.items {
        below(items, Step::Item);
    }
}
