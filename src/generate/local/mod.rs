//! The class of a request that differs from a known one in a single field, told without looking at
//! the rest of it again: what is wrong with the known request is gathered once, and what changes is
//! judged by a schema of its own. It says the same as [`classify`](super::classify) of the whole
//! request, at a cost that does not grow with the number of the other fields.

mod base;

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::contract::{FieldPath, Operation, Parameter, Place, Schema, UNSPECIFIED};

use super::case::{Edit, Expectation, PlannedCase};
use super::lists::texts_of;
use super::oracle::{Part, Troubles, Validity, header_text, judge, judge_order, judge_parameter};
use super::request::{is_header_value, is_of_cookie, set_field, text_of};
use super::slot::Slot;

pub use base::Base;

/// What of a request changes with the value of a slot.
#[derive(Debug)]
enum Changed<'l> {
    /// A parameter.
    Parameter {
        parameter: &'l Parameter,
        /// Whether it is one of the times of the query.
        is_time: bool,
    },
    /// A field of the body that nothing around it looks into.
    Field {
        field: FieldPath,
        /// The schema of the field alone.
        schema: Box<Schema>,
        /// An object that has nothing but the field.
        around: Value,
        /// The path of the slot in that object.
        within: FieldPath,
        /// Whether the field must be there.
        is_required: bool,
    },
    /// The body as a whole.
    Whole,
}

/// A field on the way from the body to a slot.
struct Inner<'i> {
    node: &'i Value,
    value: Option<&'i Value>,
    field: FieldPath,
    is_required: bool,
}

impl<'i> Inner<'i> {
    /// The property of a name, if the node and the value are objects whose properties have nothing
    /// to do with each other.
    fn below(&self, schema: &'i Schema, name: &str) -> Option<Self> {
        let node = open_object(schema, self.node)?;
        let map = self.value?.as_object()?;
        let needed = node.get("required").and_then(Value::as_array);
        Some(Self {
            node: node.get("properties")?.get(name)?,
            value: map.get(name),
            field: self.field.child(name),
            is_required: needed.is_some_and(|needed| needed.iter().any(|one| one == name)),
        })
    }
}

/// Keywords that say nothing of a value.
const SILENT: [&str; 11] = [
    "$comment",
    "$defs",
    "$schema",
    "default",
    "deprecated",
    "description",
    "example",
    "examples",
    "readOnly",
    "title",
    "writeOnly",
];

/// Keywords of an object that judge each of its properties without the others.
const OPEN: [&str; 4] = ["additionalProperties", "properties", "required", "type"];

/// A node with its references followed, if it judges each property without the others.
fn open_object<'s>(schema: &'s Schema, node: &'s Value) -> Option<&'s Map<String, Value>> {
    const DEPTH: usize = 24;
    let is_silent = |keyword: &str| {
        SILENT.contains(&keyword) || keyword.starts_with("x-") && keyword != UNSPECIFIED
    };
    let mut node = node.as_object()?;
    for _ in 0..DEPTH {
        let Some(target) = node.get("$ref") else {
            let is_open = node
                .keys()
                .all(|keyword| is_silent(keyword) || OPEN.contains(&keyword.as_str()));
            return is_open.then_some(node);
        };
        if !node
            .keys()
            .all(|keyword| keyword == "$ref" || is_silent(keyword))
        {
            return None;
        }
        let pointer = target.as_str()?.strip_prefix('#')?;
        node = schema.root.pointer(pointer)?.as_object()?;
    }
    None
}

/// A request with another value in one slot: its class, and the case that it makes.
#[derive(Debug)]
pub struct Local<'l> {
    pub(super) operation: &'l Operation,
    pub(super) base: &'l Base,
    pub(super) slot: &'l Slot<'l>,
    /// What has to be changed for the field to be there.
    reach: Vec<Edit>,
    /// Whether that is so for the sake of the fields beside it, which allow no other value than one
    /// that is sent.
    is_suited: bool,
    /// What is wrong with the request beside what changes.
    rest: Troubles,
    changed: Changed<'l>,
}

impl Local<'_> {
    /// The operation.
    pub(super) fn operation(&self) -> &Operation {
        self.operation
    }

    /// The class of the request with this value, or with none, in the slot.
    pub fn class(&self, value: Option<&Value>) -> Validity {
        let mut found = self.rest.clone();
        match &self.changed {
            Changed::Parameter { parameter, is_time } => {
                let text = value.map(text_of);
                let several = value.zip(parameter.style);
                let texts = match several {
                    Some((value, style)) => texts_of(value, style),
                    None => text.iter().cloned().collect(),
                };
                let sent: Vec<&str> = texts
                    .iter()
                    .map(|text| match self.slot.place {
                        Place::Header => header_text(text),
                        _ => text.as_str(),
                    })
                    .collect();
                judge_parameter(parameter, &sent, &self.base.request.given, &mut found);
                if *is_time {
                    let mut query = self.base.request.query.clone();
                    query.retain(|(name, _)| *name != parameter.name);
                    query.extend(text.map(|text| (parameter.name.clone(), text)));
                    judge_order(self.operation, &query, &mut found);
                }
            }
            Changed::Field {
                field,
                schema,
                around,
                within,
                is_required,
            } => {
                let mut around = around.clone();
                set_field(&mut around, within, value.cloned());
                let changed = field.last_name().and_then(|name| around.get(name));
                match changed {
                    Some(changed) => {
                        let part =
                            Part::of_body(field).showing(&self.base.examples, &self.base.request);
                        judge(schema, changed, part, &mut found);
                    }
                    None if *is_required => found.misses(Place::Request, field),
                    None => {}
                }
            }
            Changed::Whole => {
                let case = self.case(value.cloned(), String::new(), Expectation::Unspecified);
                return super::classify(self.operation, &case.make().request);
            }
        }
        found.class()
    }

    /// The slot.
    pub fn slot(&self) -> &Slot<'_> {
        self.slot
    }

    /// Whether HTTP can carry the request with this value.
    pub(super) fn is_sendable(&self, value: Option<&Value>) -> bool {
        let place = self.slot.place;
        // JSON escapes what no header may have.
        let is_text = |value: &Value| !self.slot.is_text || is_header_value(&text_of(value));
        let is_cookie = |value: &Value| text_of(value).bytes().all(is_of_cookie);
        // Without a body there is nothing to take a field out of.
        let has_body = || self.base.request.body.at(&FieldPath::root()).is_some();
        self.base.is_sendable
            && (place != Place::Header || value.is_none_or(is_text))
            && (place != Place::Cookie || value.is_none_or(is_cookie))
            && (place != Place::Request || value.is_some() || has_body())
    }

    /// Whether the request breaks a rule that has nothing to do with the slot.
    pub(super) fn is_broken_elsewhere(&self) -> bool {
        self.rest.is_broken()
    }

    /// Whether more than the slot is changed.
    pub(super) fn is_reached(&self) -> bool {
        !self.reach.is_empty()
    }

    /// The value that is then found in the slot: a parameter has its text.
    pub(super) fn sent(&self, value: Option<&Value>) -> Option<Value> {
        match self.slot.place {
            _ if !self.slot.is_text => value.cloned(),
            Place::Request
            | Place::Operation
            | Place::Path
            | Place::Query
            | Place::Header
            | Place::Cookie
            | Place::Response(_)
            | Place::ResponseHeader(_) => value.map(|value| match value {
                Value::Array(_) => value.clone(),
                _ => Value::from(text_of(value)),
            }),
        }
    }

    /// The case with this value, or none, in the slot.
    pub fn case(
        &self,
        value: Option<Value>,
        label: String,
        expectation: Expectation,
    ) -> PlannedCase {
        let mut case = PlannedCase::of(&self.base.request, label, expectation);
        if value.is_some() || !self.is_suited {
            case.edits.extend(self.reach.iter().cloned());
        }
        case.with(Edit::Set {
            place: self.slot.place,
            field: self.slot.field.clone(),
            value: value.map(Arc::new),
        })
    }
}
