//! Which documented fields the objects of a run's answers had, all answers together: an object has
//! a form, the state of each of its documented fields, and few forms come again and again.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::contract::{FieldPath, Operation, Schema, StatusRange, Step, enum_values};
use crate::harness::finding::Finding;

/// How many forms are kept of the objects of one place.
const MOST_FORMS: usize = 64;

/// How many places of objects are kept of one answer.
const MOST_PLACES: usize = 400;

/// How deep a body is looked into.
const DEPTH: usize = 24;

/// The state of a field: it is absent, null, empty, has a value, or the listed value of this number.
pub(super) const ABSENT: u8 = 0;
const NULL: u8 = 1;
const EMPTY: u8 = 2;
const VALUE: u8 = 3;
pub(super) const FIRST_LISTED: u8 = 4;

/// The state of each documented field of an object, in the order of its schema.
type Form = Box<[u8]>;

/// What was seen of one documented answer: its headers, and the objects at each path of its body.
#[derive(Debug, Default)]
struct Seen {
    headers: Option<Objects>,
    body: HashMap<FieldPath, Objects>,
}

/// What a run saw of the objects of its answers, by operation.
#[derive(Debug, Default)]
pub(in crate::harness) struct Forms(Vec<Mutex<HashMap<StatusRange, Seen>>>);

/// The objects of one place.
#[derive(Debug, Clone, Default)]
pub(super) struct Objects {
    /// Their documented fields, in the order of the schema.
    pub(super) names: Vec<String>,
    /// The listed values of each field.
    listed: Vec<Vec<Value>>,
    /// How often each field was there, in whatever answer.
    there: Vec<u64>,
    /// How many objects there were of which the documentation says what they have.
    pub(super) held: u64,
    /// The forms that these had, each with its number.
    pub(super) forms: HashMap<Form, u64>,
    /// Whether there were more forms than are kept.
    pub(super) is_full: bool,
    /// The first exchange that showed one of these, as a finding would tell it.
    pub(super) shown_by: Option<Box<Finding>>,
}

/// An answer that is recorded.
pub(in crate::harness) struct Shown<'a> {
    /// The documented answer that it is.
    pub status: StatusRange,
    /// Its schema.
    pub schema: &'a Schema,
    /// Its body.
    pub body: &'a Value,
    /// Whether the documentation says what it has: the request is one that it speaks of.
    pub is_held: bool,
}

impl Forms {
    /// Nothing yet, of so many operations.
    pub(in crate::harness) fn new(operations: usize) -> Self {
        Self((0..operations).map(|_| Mutex::default()).collect())
    }

    /// Records an answer; `tell` makes of it what a finding tells of an exchange.
    pub(in crate::harness) fn record(
        &self,
        index: usize,
        shown: &Shown<'_>,
        tell: impl Fn() -> Finding,
    ) {
        let Some(mut seen) = self.of(index) else {
            return;
        };
        let mut look = Look {
            shown,
            tell: &tell,
            places: &mut seen.entry(shown.status).or_default().body,
            path: FieldPath::root(),
        };
        let root = shown.schema.follow(&shown.schema.root);
        look.at(root, shown.body, 0);
    }

    /// Records the documented headers of an answer, each with whether it was there.
    pub(in crate::harness) fn record_headers(
        &self,
        index: usize,
        status: StatusRange,
        headers: &[(&str, bool)],
        is_held: bool,
        tell: impl Fn() -> Finding,
    ) {
        let Some(mut seen) = self.of(index) else {
            return;
        };
        let known = &mut seen.entry(status).or_default().headers;
        let objects = known.get_or_insert_with(|| {
            let names = headers.iter().map(|(name, _)| (*name).to_owned());
            Objects {
                names: names.collect(),
                there: vec![0; headers.len()],
                ..Objects::default()
            }
        });
        for (count, (_, is_there)) in objects.there.iter_mut().zip(headers) {
            *count += u64::from(*is_there);
        }
        if is_held {
            objects.held += 1;
            objects.shown_by.get_or_insert_with(|| Box::new(tell()));
        }
    }

    /// The objects at a path of an answer.
    pub(super) fn objects(
        &self,
        index: usize,
        status: StatusRange,
        at: &FieldPath,
    ) -> Option<Objects> {
        self.of(index)?.get(&status)?.body.get(at).cloned()
    }

    /// The headers of an answer.
    pub(super) fn headers(&self, index: usize, status: StatusRange) -> Option<Objects> {
        self.of(index)?.get(&status)?.headers.clone()
    }

    fn of(&self, index: usize) -> Option<MutexGuard<'_, HashMap<StatusRange, Seen>>> {
        let seen = self.0.get(index)?;
        Some(seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A look at one body.
struct Look<'l> {
    shown: &'l Shown<'l>,
    tell: &'l dyn Fn() -> Finding,
    places: &'l mut HashMap<FieldPath, Objects>,
    /// Where the look is.
    path: FieldPath,
}

impl Look<'_> {
    fn at(&mut self, node: &Value, value: &Value, depth: usize) {
        if depth > DEPTH {
            return;
        }
        let schema = self.shown.schema;
        match value {
            Value::Object(map) => {
                let described = node.get("properties").and_then(Value::as_object);
                if let Some(described) = described.filter(|described| !described.is_empty()) {
                    self.object(described, map);
                }
                for (name, child) in map {
                    if !child.is_object() && !child.is_array() {
                        continue;
                    }
                    let Some(below) = schema.child(node, name) else {
                        continue;
                    };
                    let is_named = described.is_some_and(|named| named.contains_key(name));
                    let step = if is_named {
                        Step::Name(name.clone())
                    } else {
                        Step::Entry
                    };
                    self.path.push(step);
                    self.at(below, child, depth + 1);
                    self.path.pop();
                }
            }
            Value::Array(items) => {
                let Some(below) = schema.child(node, "0") else {
                    return;
                };
                self.path.push(Step::Item);
                for item in items {
                    self.at(below, item, depth + 1);
                }
                self.path.pop();
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn object(
        &mut self,
        described: &serde_json::Map<String, Value>,
        map: &serde_json::Map<String, Value>,
    ) {
        // Most objects stand where others stood before: their path need not be copied.
        if !self.places.contains_key(&self.path) {
            if self.places.len() >= MOST_PLACES {
                return;
            }
            let schema = self.shown.schema;
            let values = described.values();
            let objects = Objects {
                names: described.keys().cloned().collect(),
                listed: values
                    .map(|node| enum_values(schema.follow(node)))
                    .collect(),
                there: vec![0; described.len()],
                ..Objects::default()
            };
            self.places.insert(self.path.clone(), objects);
        }
        let Some(objects) = self.places.get_mut(&self.path) else {
            return;
        };
        let values = values(&objects.names, map).zip(&objects.listed);
        let form: Form = values.map(|(value, listed)| state(value, listed)).collect();
        for (count, state) in objects.there.iter_mut().zip(&form) {
            *count += u64::from(*state != ABSENT);
        }
        if !self.shown.is_held {
            return;
        }
        objects.held += 1;
        objects
            .shown_by
            .get_or_insert_with(|| Box::new((self.tell)()));
        if let Some(count) = objects.forms.get_mut(&form) {
            *count += 1;
        } else if objects.forms.len() < MOST_FORMS {
            objects.forms.insert(form, 1);
        } else {
            objects.is_full = true;
        }
    }
}

/// The values of the fields of these names. Most objects have theirs in the order of the schema: what
/// comes next is looked at before a name is looked up.
fn values<'m>(
    names: &[String],
    map: &'m serde_json::Map<String, Value>,
) -> impl Iterator<Item = Option<&'m Value>> {
    let mut entries = map.iter().peekable();
    names.iter().map(move |name| {
        let next = entries.next_if(|(own, _)| *own == name);
        next.map(|(_, value)| value).or_else(|| map.get(name))
    })
}

/// The state of a field.
fn state(value: Option<&Value>, listed: &[Value]) -> u8 {
    match value {
        None => ABSENT,
        Some(Value::Null) => NULL,
        Some(Value::Array(items)) if items.is_empty() => EMPTY,
        Some(Value::Object(map)) if map.is_empty() => EMPTY,
        Some(Value::String(text)) if text.is_empty() => EMPTY,
        Some(value) => {
            let known = listed.iter().position(|listed| listed == value);
            known.map_or(VALUE, listed_state)
        }
    }
}

/// The state of a field that has the listed value of this number.
fn listed_state(number: usize) -> u8 {
    u8::try_from(number)
        .ok()
        .and_then(|number| number.checked_add(FIRST_LISTED))
        .unwrap_or(VALUE)
}

impl Objects {
    /// The number of a field.
    pub(super) fn number(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }

    /// How often a field was there, in whatever answer.
    pub(super) fn there(&self, field: usize) -> u64 {
        self.there.get(field).copied().unwrap_or(0)
    }

    /// Whether a field was there in some of the objects that are held to it, and not in others, and
    /// no other field tells which: none has other values, or is otherwise unset, where it is absent.
    pub(super) fn is_unexplained(&self, field: usize) -> bool {
        let state_of = |form: &Form, at: usize| form.get(at).copied().unwrap_or(ABSENT);
        let (absent, present): (Vec<&Form>, Vec<&Form>) = self
            .forms
            .keys()
            .partition(|form| state_of(form, field) == ABSENT);
        if self.is_full || absent.is_empty() || present.is_empty() {
            return false;
        }
        let others = (0..self.names.len()).filter(|other| *other != field);
        let explains = |other: usize| {
            let among = |forms: &[&Form]| -> Vec<u8> {
                forms.iter().map(|form| state_of(form, other)).collect()
            };
            let (without, with) = (among(&absent), among(&present));
            let all = without.iter().chain(&with);
            let is_told = all.clone().any(|state| *state != VALUE);
            is_told && without.iter().all(|state| !with.contains(state))
        };
        !others.into_iter().any(explains)
    }

    /// Whether an object of these had the listed values, and the empty ones, that an example has
    /// beside a field, one by one: the value of one such field that none of these had.
    pub(super) fn lacking<'n>(
        &'n self,
        example: &'n serde_json::Map<String, Value>,
        field: usize,
    ) -> Option<(&'n str, &'n Value)> {
        let fields = self.names.iter().zip(&self.listed).enumerate();
        for (other, (name, listed)) in fields {
            let Some(shown) = example.get(name).filter(|_| other != field) else {
                continue;
            };
            let wanted = state(Some(shown), listed);
            if wanted < FIRST_LISTED {
                continue;
            }
            let mut seen = self.forms.keys().filter_map(|form| form.get(other));
            let is_told = seen.clone().any(|state| *state >= FIRST_LISTED);
            if is_told && !self.is_full && !seen.any(|state| *state == wanted) {
                return Some((name, shown));
            }
        }
        None
    }
}

/// The objects that the examples of an answer show at a place.
pub(super) fn shown_at<'e>(
    operation: &'e Operation,
    status: StatusRange,
    at: &FieldPath,
) -> Vec<&'e serde_json::Map<String, Value>> {
    let responses = operation.responses.iter();
    responses
        .filter(|response| response.status == status)
        .flat_map(|response| &response.examples)
        .flat_map(|example| objects_at(example, at))
        .collect()
}

/// The objects that stand at a place of a body.
pub(super) fn objects_at<'v>(
    body: &'v Value,
    at: &FieldPath,
) -> Vec<&'v serde_json::Map<String, Value>> {
    let found = at.steps().iter().fold(vec![body], |found, step| {
        found
            .into_iter()
            .flat_map(|value| below(value, step))
            .collect()
    });
    found.into_iter().filter_map(Value::as_object).collect()
}

/// The values that a step leads to.
fn below<'v>(value: &'v Value, step: &Step) -> Vec<&'v Value> {
    match (step, value) {
        (Step::Name(name), Value::Object(map)) => map.get(name).into_iter().collect(),
        (Step::Entry, Value::Object(map)) => map.values().collect(),
        (Step::Item, Value::Array(items)) => items.iter().collect(),
        (Step::Name(_) | Step::Entry | Step::Item, _) => Vec::new(),
    }
}
