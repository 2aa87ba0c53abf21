//! What the answers of a run held, whatever the trial: which documented fields had values, and what was there that no page documents. Without it a
//! fact could be called proven that no answer ever showed.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::contract::{Operation, Schema, Suite, enum_values};
use crate::exchange::{Exchange, Redactor};

use super::latency::{Latency, Times};

/// How many undocumented fields are kept of one object: an endpoint that invents names must not fill the memory.
const MOST_FIELDS: usize = 64;

/// How many different values are kept of one field.
const MOST_TEXTS: usize = 64;

/// How many different statuses are kept of one operation.
const MOST_STATUSES: usize = 64;

/// The longest name or value that is kept, in characters.
const LONGEST: usize = 120;

/// How deep a body is looked into.
const DEPTH: usize = 24;

/// What the answers of a run held.
#[derive(Debug, Clone, Default)]
pub struct Observed {
    /// How often each documented row had a value, by the row's name: a fact's name without its facet.
    pub rows: BTreeMap<String, Seen>,
    /// What no page documents.
    pub undocumented: Vec<Undocumented>,
    /// How long the answers took.
    pub latency: Vec<Latency>,
}

/// How often a row had a value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Seen {
    /// Values that are not null.
    pub values: u64,
    /// Nulls.
    pub nulls: u64,
}

/// Something that was observed and that no page documents. It breaks nothing: it is what the documentation could say, too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Undocumented {
    /// `service::Operation`.
    pub operation: String,
    /// What it is.
    pub kind: UndocumentedKind,
    /// Where it was seen: `response-200.backups[].colour`.
    pub place: String,
    /// The status, the error code or the value; for a field, a value that it had.
    pub value: String,
    /// How often.
    pub seen: u64,
}

/// The kinds of undocumented things.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum UndocumentedKind {
    /// A status.
    Status,
    /// A field of an answer.
    Field,
    /// An error code that no page lists.
    ErrorCode,
    /// A value that is not in the documented list.
    EnumValue,
}

impl UndocumentedKind {
    /// The kind in words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Field => "field",
            Self::ErrorCode => "error code",
            Self::EnumValue => "value",
        }
    }
}

/// Collects what answers hold, from all threads of a run.
#[derive(Debug)]
pub(super) struct Recorder(Vec<Mutex<Record>>);

#[derive(Debug)]
struct Record {
    times: Times,
    statuses: BTreeMap<u16, Status>,
}

#[derive(Debug, Default)]
struct Status {
    seen: u64,
    body: Node,
}

/// What was seen at one place of the bodies of one status.
#[derive(Debug, Default)]
struct Node {
    seen: Seen,
    /// Whether a page documents the place.
    documented: bool,
    /// Whether its values are kept.
    kept: Option<UndocumentedKind>,
    /// The documented values, which are not kept.
    listed: Vec<Value>,
    texts: BTreeMap<String, u64>,
    fields: BTreeMap<String, Node>,
    items: Option<Box<Node>>,
}

impl Recorder {
    /// A recorder for so many operations.
    pub(super) fn new(operations: usize) -> Self {
        let record = || Record {
            times: Times::new(),
            statuses: BTreeMap::new(),
        };
        Self((0..operations).map(|_| Mutex::new(record())).collect())
    }

    /// Records an exchange of the operation at an index. Answers to methods that no page documents say nothing of the operation.
    pub(super) fn record(
        &self,
        index: usize,
        operation: &Operation,
        exchange: &Exchange,
        body: Option<&Value>,
        redactor: &Redactor,
    ) {
        let (Some(record), Ok(answer)) = (self.0.get(index), &exchange.outcome) else {
            return;
        };
        if exchange.request.method != operation.method {
            return;
        }
        let mut record = record.lock().unwrap_or_else(PoisonError::into_inner);
        record.times.add(exchange.elapsed);
        if record.statuses.len() >= MOST_STATUSES && !record.statuses.contains_key(&answer.status) {
            return;
        }
        let status = record.statuses.entry(answer.status).or_default();
        status.seen += 1;
        let schema = operation
            .response(answer.status)
            .and_then(|response| response.schema.as_deref());
        if let (Some(body), Some(schema)) = (body, schema) {
            let root = schema.follow(&schema.root);
            let is_error = answer.status >= 400;
            let how = (is_error, redactor);
            look(&mut status.body, schema, Some(root), body, how, 0);
        }
    }

    /// What was recorded.
    pub(super) fn observed(&self, suite: &Suite, redactor: &Redactor) -> Observed {
        let mut observed = Observed::default();
        for (operation, record) in suite.operations.iter().zip(&self.0) {
            let record = record.lock().unwrap_or_else(PoisonError::into_inner);
            observed.latency.extend(record.times.of(&operation.name()));
            for (number, status) in &record.statuses {
                let response = operation.response(*number);
                let spelled =
                    response.map_or_else(|| number.to_string(), |response| response.status.clone());
                let place = format!("response-{spelled}");
                if response.is_none() {
                    observed.undocumented.push(Undocumented {
                        operation: operation.name(),
                        kind: UndocumentedKind::Status,
                        place: place.clone(),
                        value: number.to_string(),
                        seen: status.seen,
                    });
                    continue;
                }
                let answers = observed.rows.entry(operation.row(&place, "")).or_default();
                answers.values += status.seen;
                gather(&status.body, operation, &place, "", &mut observed);
            }
        }
        for undocumented in &mut observed.undocumented {
            let place = redactor.redact(&undocumented.place);
            undocumented.place = place.chars().take(2 * LONGEST).collect();
        }
        observed.undocumented.sort_by(|a, b| {
            (&a.operation, a.kind, &a.place).cmp(&(&b.operation, b.kind, &b.place))
        });
        observed
    }
}

/// Looks at a value and what is in it.
fn look(
    node: &mut Node,
    schema: &Schema,
    described: Option<&Value>,
    value: &Value,
    (is_error, redactor): (bool, &Redactor),
    depth: usize,
) {
    if node.seen == Seen::default() {
        node.documented = described.is_some();
    }
    count(node, value);
    if depth >= DEPTH {
        return;
    }
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                // A field that was seen before, and has nothing within it, is counted without a look at the schema.
                if !value.is_object()
                    && !value.is_array()
                    && let Some(field) = node.fields.get_mut(name)
                {
                    keep(field, value, redactor);
                    count(field, value);
                    continue;
                }
                let child = described.and_then(|described| schema.child(described, name));
                // A map has entries of any name: they are one row.
                let is_entry = child.is_some()
                    && described
                        .and_then(|described| described.get("properties"))
                        .and_then(|properties| properties.get(name))
                        .is_none()
                    && described
                        .and_then(|described| described.get("additionalProperties"))
                        .is_some_and(Value::is_object);
                let name = if is_entry { "*" } else { name.as_str() };
                if !node.fields.contains_key(name) {
                    if child.is_none() && (node.fields.len() >= MOST_FIELDS || !node.documented) {
                        continue;
                    }
                    let listed = child.map(enum_values).unwrap_or_default();
                    let kept = match child {
                        None => Some(UndocumentedKind::Field),
                        Some(_) if !listed.is_empty() => Some(UndocumentedKind::EnumValue),
                        Some(_) if is_error && name.to_ascii_lowercase().contains("code") => {
                            Some(UndocumentedKind::ErrorCode)
                        }
                        Some(_) => None,
                    };
                    node.fields.insert(
                        name.to_owned(),
                        Node {
                            kept,
                            listed,
                            ..Node::default()
                        },
                    );
                }
                if let Some(field) = node.fields.get_mut(name) {
                    keep(field, value, redactor);
                    look(field, schema, child, value, (is_error, redactor), depth + 1);
                }
            }
        }
        Value::Array(values) => {
            let child = described.and_then(|described| schema.child(described, "0"));
            let items = node.items.get_or_insert_default();
            for value in values {
                look(items, schema, child, value, (is_error, redactor), depth + 1);
            }
        }
        _ => {}
    }
}

/// Counts a value.
fn count(node: &mut Node, value: &Value) {
    if value.is_null() {
        node.seen.nulls += 1;
    } else {
        node.seen.values += 1;
    }
}

/// Keeps a value that no page lists.
fn keep(node: &mut Node, value: &Value, redactor: &Redactor) {
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
    let text: String = redactor.redact(&text).chars().take(LONGEST).collect();
    // One value is enough to show what a field that no page documents is like.
    let most = if node.kept == Some(UndocumentedKind::Field) {
        1
    } else {
        MOST_TEXTS
    };
    if node.texts.len() < most || node.texts.contains_key(&text) {
        *node.texts.entry(text).or_default() += 1;
    }
}

/// Turns what was seen at a place, and below it, into rows and undocumented things.
fn gather(node: &Node, operation: &Operation, place: &str, field: &str, observed: &mut Observed) {
    if !field.is_empty() && node.documented {
        let row = observed
            .rows
            .entry(operation.row(place, field))
            .or_default();
        row.values += node.seen.values;
        row.nulls += node.seen.nulls;
    }
    if let Some(kind) = node.kept {
        let row = operation.row(place, field);
        let row = row.rsplit("::").next().unwrap_or_default().to_owned();
        let mut add = |value: &str, seen: u64| {
            observed.undocumented.push(Undocumented {
                operation: operation.name(),
                kind,
                place: row.clone(),
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
    for (key, child) in &node.fields {
        let path = if field.is_empty() {
            key.clone()
        } else {
            format!("{field}.{key}")
        };
        gather(child, operation, place, &path, observed);
    }
    if let Some(items) = &node.items {
        gather(items, operation, place, &format!("{field}[]"), observed);
    }
}

/// Whether a value has anything but null at a place as facts spell it (`backups[].id`).
pub(super) fn has_value(value: &Value, place: &str) -> bool {
    if place.is_empty() {
        return !value.is_null();
    }
    if let Some(rest) = place.strip_prefix("[]") {
        let rest = rest.strip_prefix('.').unwrap_or(rest);
        return value
            .as_array()
            .is_some_and(|items| items.iter().any(|item| has_value(item, rest)));
    }
    let end = place.find(['.', '[']).unwrap_or(place.len());
    let (name, rest) = place.split_at(end);
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    match value {
        Value::Object(map) if name == "*" => map.values().any(|value| has_value(value, rest)),
        Value::Object(map) => map.get(name).is_some_and(|value| has_value(value, rest)),
        _ => false,
    }
}
