//! Generic answers: a documented success, its body the documented example made complete, with what
//! the request said echoed where the field names agree, and a fresh id where something is made.
//! What is sent is always valid against the response's schema.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;

use crate::contract::{
    Facet, Fact, FieldPath, Meaning, Operation, Place, ResourceExpectation, Response, Row, Schema,
    Step, makes, types_of,
};
use crate::generate::sample;
use crate::recognise::created;

use super::call::Call;
use super::new_ids::NewIds;
use super::reply::{Body, Reply, completed};
use super::resource::{Ids, text_of};

/// What an operation answers to an accepted request.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    /// The status.
    pub(super) status: u16,
    /// The status without a body for a resource that has no records, where one is documented.
    pub(super) empty_status: Option<u16>,
    /// A valid body; `None` where the status has none.
    pub(super) template: Option<Value>,
    /// The media type of a body that no schema describes, where one is documented.
    media: Option<String>,
    /// The body's schema.
    pub(super) schema: Option<Arc<Schema>>,
    /// Pointers into the template that take what the request says, and the place it is taken from.
    echoes: Vec<(String, Row)>,
    /// Pointers into the template that take a fresh id, and how each is made.
    fresh: Vec<(String, Arc<NewIds>)>,
    /// How many answers were made.
    made: Arc<AtomicU64>,
    ids: Ids,
}

impl Answer {
    /// Chooses the first documented success that describes a body, else the first one, else 200.
    pub(super) fn new(operation: &Operation, ids: &Ids) -> Self {
        let response = operation
            .successes()
            .find(|response| response.schema.is_some())
            .or_else(|| operation.successes().next());
        if response.is_some() {
            return Self::of(operation, response, ids);
        }
        // What is documented of any status is so of a success.
        let mut answer = Self::of(operation, operation.response(200), ids);
        answer.status = 200;
        answer
    }

    /// The answer with one documented response.
    pub(super) fn of(operation: &Operation, response: Option<&Response>, ids: &Ids) -> Self {
        let schema = response.and_then(|response| response.schema.clone());
        let template = match (&schema, response) {
            (Some(schema), Some(response)) => Some(template(schema, &response.examples)),
            // No page describes any success: an empty object says as much.
            (None, None) => Some(Value::Object(serde_json::Map::new())),
            _ => None,
        };
        let template = match (&schema, template) {
            (Some(schema), Some(mut body)) => {
                without_failures(schema, &mut body);
                Some(body)
            }
            (_, template) => template,
        };
        let mut answer = Self {
            status: response.map_or(200, status_of),
            empty_status: operation
                .successes()
                .find(|response| response.is_bodyless())
                .map(status_of),
            media: response.and_then(media_of),
            template,
            schema,
            echoes: Vec::new(),
            fresh: Vec::new(),
            made: Arc::default(),
            ids: ids.clone(),
        };
        answer.plan(operation);
        answer
    }

    /// Finds which leaves of the template echo the request, and which are ids of something new.
    fn plan(&mut self, operation: &Operation) {
        // What a body says of a thing comes before what a path calls something by that name.
        let mut rows: Vec<Row> = Vec::new();
        if let Some(body) = &operation.request_body {
            rows.extend(
                body.schema
                    .fields()
                    .filter(|field| !field.path.is_root())
                    .filter(|field| !field.path.has_item() && !field.path.has_entry())
                    .filter(|field| !body.schema.is_read_only(field.path))
                    .map(|field| Row {
                        place: Place::Request,
                        field: field.path.clone(),
                    }),
            );
        }
        rows.extend(operation.parameters.iter().map(|parameter| Row {
            place: parameter.location.place(),
            field: FieldPath::name(&parameter.name),
        }));
        let mut leaves = Vec::new();
        if let Some(template) = &self.template {
            collect_leaves(template, &FieldPath::root(), &mut leaves);
        }
        // What is made has an id of its own, whatever the path calls that of what it belongs to.
        let made = created(operation, None).filter(|_| makes(operation));
        for leaf in leaves {
            let name = leaf.last_name().unwrap_or_default();
            let pointer = leaf.to_pointer();
            let is_made = made.as_ref() == Some(&pointer);
            // The same path first, then the same name.
            let echo = rows
                .iter()
                .find(|row| row.field == leaf)
                .or_else(|| rows.iter().find(|row| row.field.last_name() == Some(name)))
                .filter(|row| !is_made || row.place == Place::Request)
                .filter(|row| row.field == leaf || !is_id_of_item(&pointer))
                .filter(|row| self.is_alike(operation, &pointer, row));
            if let Some(row) = echo {
                self.echoes.push((pointer, row.clone()));
            } else if operation.writes() && (name == "id" || name.ends_with("_id")) {
                let new_ids = self.new_ids(&leaf, &pointer);
                self.fresh.push((pointer, Arc::new(new_ids)));
            }
        }
    }

    /// How an id of the answer is made anew.
    fn new_ids(&self, leaf: &FieldPath, pointer: &str) -> NewIds {
        let mut new_ids = NewIds::default();
        if let Some(schema) = &self.schema
            && let Some(field) = schema.field(leaf)
        {
            new_ids.stands(schema, field.node);
        }
        let template = self.template.as_ref();
        if let Some(shown) = template.and_then(|body| body.pointer(pointer)) {
            new_ids.shown(shown);
        }
        new_ids
    }

    /// Where its fresh ids come from.
    pub(super) fn ids(&self) -> &Ids {
        &self.ids
    }

    /// Whether what a request says at a place can stand at a pointer of the answer: a list for a
    /// list, a single value for a single value.
    fn is_alike(&self, operation: &Operation, pointer: &str, row: &Row) -> bool {
        let own = self
            .template
            .as_ref()
            .and_then(|body| body.pointer(pointer));
        let node = match (&operation.request_body, row.place) {
            (Some(body), Place::Request) => body.schema.field(&row.field).map(|field| field.node),
            _ => None,
        };
        let is_list = node.is_some_and(|node| types_of(node).contains(&"array"));
        own.is_some_and(Value::is_array) == is_list
    }

    /// Answers an accepted request.
    pub(super) fn reply(&self, call: &Call<'_>) -> Reply {
        if call.expectation == ResourceExpectation::Empty {
            return self.without_records();
        }
        let Some(template) = &self.template else {
            return match &self.media {
                Some(media) => Reply::of_media(self.status, media),
                None => Reply::empty(self.status),
            };
        };
        let mut said: Vec<(&String, Value)> = Vec::new();
        for (pointer, row) in &self.echoes {
            said.extend(call.at(row).map(|value| (pointer, value.clone())));
        }
        if !self.fresh.is_empty() {
            let count = self.made.fetch_add(1, Ordering::Relaxed);
            for (pointer, new_ids) in &self.fresh {
                // The id that the page shows is that of something that was there.
                let shown = template.pointer(pointer).map(text_of).unwrap_or_default();
                let small = shown.parse::<u64>().ok().filter(|number| *number < 1_000);
                let past = small.map_or(0, |number| number + 1);
                let id = new_ids.value(&self.ids, count + past, &|id| id == shown);
                said.push((pointer, id));
            }
        }
        Reply::json(self.status, self.with(template, said))
    }

    /// A body with values at some pointers. The contract may limit a response's field more than the
    /// request's: then it has each of those that can stand in it.
    fn with(&self, body: &Value, said: Vec<(&String, Value)>) -> Value {
        let mut whole = body.clone();
        for (pointer, value) in &said {
            if let Some(slot) = whole.pointer_mut(pointer) {
                slot.clone_from(value);
            }
        }
        if self.allows(&whole) {
            return whole;
        }
        let mut body = body.clone();
        for (pointer, value) in said {
            let Some(slot) = body.pointer_mut(pointer) else {
                continue;
            };
            let before = std::mem::replace(slot, value);
            if !self.allows(&body)
                && let Some(slot) = body.pointer_mut(pointer)
            {
                *slot = before;
            }
        }
        body
    }

    /// Puts what a request's body says into an answer that may have it at the same path.
    pub(super) fn repeat(&self, call: &Call<'_>, reply: &mut Reply) {
        let Body::Json(body) = &mut reply.body else {
            return;
        };
        let said = self.echoes.iter().filter(|(pointer, row)| {
            row.place == Place::Request && row.field.to_pointer() == *pointer
        });
        for (_, row) in said {
            let mut varied = body.clone();
            let (Some(value), Some(slot)) = (call.at(row), slot_of(&mut varied, &row.field)) else {
                continue;
            };
            slot.clone_from(value);
            if self.allows(&varied) {
                *body = varied;
            }
        }
    }

    /// The answer for a resource that has no records.
    fn without_records(&self) -> Reply {
        self.empty_status
            .map_or_else(|| self.empty_list(), Reply::empty)
    }

    /// A body whose lists are empty.
    pub(super) fn empty_list(&self) -> Reply {
        let Some(template) = &self.template else {
            return Reply::empty(self.status);
        };
        let mut body = template.clone();
        for value in body
            .as_object_mut()
            .into_iter()
            .flat_map(|map| map.values_mut())
        {
            match value {
                Value::Array(items) => items.clear(),
                Value::Number(number) if number.is_i64() => *value = Value::from(0),
                _ => {}
            }
        }
        let body = if self.allows(&body) {
            body
        } else {
            template.clone()
        };
        Reply::json(self.status, body)
    }

    /// Whether the response's schema allows a body.
    pub(super) fn allows(&self, body: &Value) -> bool {
        self.schema
            .as_ref()
            .is_none_or(|schema| schema.is_valid(body))
    }
}

/// Where a body has a field, with the objects that it stands in; none where something else is there.
fn slot_of<'b>(body: &'b mut Value, field: &FieldPath) -> Option<&'b mut Value> {
    field.steps().iter().try_fold(body, |value, step| {
        let (Value::Object(map), Step::Name(name)) = (value, step) else {
            return None;
        };
        let inner = map.entry(name.as_str());
        Some(inner.or_insert_with(|| Value::Object(serde_json::Map::new())))
    })
}

/// The media type that a body is sent as which no schema describes; of a range, one of it.
pub(super) fn media_of(response: &Response) -> Option<String> {
    let mut others = response.media.iter().filter(|media| !media.is_json());
    let media = others.next().filter(|_| response.schema.is_none())?;
    let media = media.as_str();
    Some(match media.strip_suffix("/*") {
        Some("*") => "text/plain".to_owned(),
        Some(kind) => format!("{kind}/x-docproof"),
        None => media.to_owned(),
    })
}

/// The status of a response; the usual one of its class where it names only that.
fn status_of(response: &Response) -> u16 {
    response
        .status
        .code()
        .unwrap_or_else(|| response.class().unwrap_or(2) * 100)
}

/// A valid body: the first example that is, made complete, else the plainest value.
fn template(schema: &Schema, examples: &[Value]) -> Value {
    let plain = sample(schema, &schema.root, 0);
    examples
        .iter()
        .map(|example| completed(example, &plain))
        .chain(examples.iter().cloned())
        .find(|body| schema.is_valid(body))
        .unwrap_or(plain)
}

/// Whether a pointer is that of the id of an item of a list: each has its own, whatever the request
/// calls that of what they belong to.
fn is_id_of_item(pointer: &str) -> bool {
    let mut parts = pointer.rsplit('/');
    let is_id = parts.next() == Some("id");
    is_id
        && parts
            .next()
            .is_some_and(|part| part.parse::<usize>().is_ok())
}

/// The paths of a value's leaves, each item of a list by the name of its index.
fn collect_leaves(value: &Value, path: &FieldPath, leaves: &mut Vec<FieldPath>) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (name, child) in map {
                collect_leaves(child, &path.child(name), leaves);
            }
        }
        Value::Array(items) => {
            // A list of single values is repeated as a whole.
            let is_single = |item: &Value| !item.is_array() && !item.is_object();
            if !items.is_empty() && items.iter().all(is_single) {
                leaves.push(path.clone());
            }
            for (index, item) in items.iter().enumerate() {
                collect_leaves(item, &path.child(index.to_string()), leaves);
            }
        }
        Value::Object(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            leaves.push(path.clone());
        }
    }
}

/// Takes the values out of what its page ties to a failure: nothing of a mock has failed.
fn without_failures(schema: &Schema, body: &mut Value) {
    let is_tied = |fact: &Fact| fact.facet == Facet::Meaning(Meaning::OfFailure);
    let tied = schema
        .fields()
        .filter(|field| field.facts.iter().any(is_tied));
    for field in tied {
        let (Some(object), Some(name)) = (field.path.parent(), field.path.last_name()) else {
            continue;
        };
        let Some(Value::Object(map)) = body.pointer_mut(&object.to_pointer()) else {
            continue;
        };
        if types_of(field.node).contains(&"null") {
            map.insert(name.to_owned(), Value::Null);
        } else if !field.required {
            map.shift_remove(name);
        } else if types_of(field.node).contains(&"string") {
            map.insert(name.to_owned(), Value::from(""));
        }
    }
}
