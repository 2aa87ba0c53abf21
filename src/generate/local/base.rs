//! A known request that many cases are made from, and what is wrong with it, gathered once.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use serde_json::{Map, Value};

use crate::contract::{FieldPath, Location, Operation, Place, Schema, Step};

use crate::generate::case::Edit;
use crate::generate::lists::Written;
use crate::generate::oracle::{Part, Troubles, Validity, classify, is_time, judge, troubles};
use crate::generate::request::{Request, set_field};
use crate::generate::sample::plain_body;
use crate::generate::slot::{Slot, holder};
use crate::generate::together::{Together, changes, parameters};

use super::{Changed, Inner, Local};

/// A request that many cases are made from, and what keeps it from being documented-valid.
#[derive(Debug)]
pub struct Base {
    /// The request.
    pub request: Arc<Request>,
    troubles: Troubles,
    pub(super) is_sendable: bool,
    /// Whether the source says which fields of the body have to be sent.
    tells_presence: bool,
    /// The documented bodies.
    pub(super) examples: Vec<Value>,
    sampled: OnceLock<Sampled>,
}

/// The plainest body that has every field.
#[derive(Debug)]
struct Sampled {
    /// Its fields.
    fields: HashMap<String, Arc<Value>>,
    troubles: Troubles,
}

impl Base {
    /// A request of an operation.
    pub fn new(operation: &Operation, request: Arc<Request>) -> Self {
        Self {
            troubles: troubles(operation, &request),
            is_sendable: request.is_sendable(),
            tells_presence: operation.tells_presence(Place::Request),
            examples: operation
                .request_body
                .as_ref()
                .map(|body| body.examples.clone())
                .unwrap_or_default(),
            sampled: OnceLock::new(),
            request,
        }
    }

    /// Whether the request breaks a rule.
    pub(in crate::generate) fn is_broken(&self) -> bool {
        self.troubles.is_broken()
    }

    /// The same request with those fields of its body alone that have to be there: what else is sent
    /// may ask for more of each. None where that is no documented-valid request, or no other.
    pub fn least(&self, operation: &Operation) -> Option<Self> {
        let body = operation.request_body.as_ref()?;
        let sent = self.request.body.value()?.as_object()?;
        let needed = body.schema.follow(&body.schema.root).get("required");
        let needed = needed.and_then(Value::as_array);
        let mut kept = sent.clone();
        kept.retain(|name, _| {
            let mut needed = needed.into_iter().flatten();
            needed.any(|known| known == name.as_str())
        });
        if kept.is_empty() || kept.len() == sent.len() {
            return None;
        }
        let mut request = (*self.request).clone();
        request.set(
            Place::Request,
            &FieldPath::root(),
            Some(Value::Object(kept)),
        );
        let is_valid = classify(operation, &request) == Validity::Valid;
        is_valid.then(|| Self::new(operation, Arc::new(request)))
    }

    /// Puts a value into a slot with which the request is documented-valid.
    pub(in crate::generate) fn put(&mut self, slot: &Slot<'_>, value: Value) {
        Arc::make_mut(&mut self.request).set(slot.place, &slot.field, Some(value));
        self.troubles = Troubles::all();
    }

    /// What has to be changed in the request for it to hold the object that a field at or below a
    /// slot belongs to, with what else has to be there: alone, the field's value would break other
    /// rules too. Where no source says what has to be, that is all of it.
    pub(in crate::generate) fn reach(&self, slot: &Slot<'_>, field: &FieldPath) -> Option<Edit> {
        let object = holder(field)?;
        if slot.place != Place::Request {
            let is_there = self.request.get(slot.place, &object);
            let is_json = self.request.written(slot.place, field) == Some(Written::Json);
            return (is_json && is_there.is_none()).then(|| Edit::Set {
                place: slot.place,
                field: field.top().map(FieldPath::name).unwrap_or_default(),
                value: Some(Arc::new(plain_body(slot.schema))),
            });
        }
        if self.request.body.at(&object).is_some_and(Value::is_object) {
            return None;
        }
        let top = slot.field.top()?;
        let whole = self.sampled(slot.schema).fields.get(top)?;
        let value = self.fewer(slot.schema, whole, field);
        let value = value.map_or_else(|| Arc::clone(whole), Arc::new);
        Some(Edit::Set {
            place: Place::Request,
            field: FieldPath::name(top),
            value: Some(value),
        })
    }

    /// A field at the top with what has to stand in it and the way to a field below it, where that
    /// is as documented: what a service does not take together is then not sent together.
    fn fewer(&self, schema: &Schema, whole: &Value, field: &FieldPath) -> Option<Value> {
        let (Step::Name(name), way) = field.steps().split_first()? else {
            return None;
        };
        if !self.tells_presence {
            return None;
        }
        let top = FieldPath::name(name.as_str());
        let mut value = whole.clone();
        leave_needed(schema, &mut value, &top, way);
        let body = Value::Object(Map::from_iter([(name.clone(), value.clone())]));
        let mut broken = schema.violations(&body).into_iter();
        let is_whole = !broken.any(|violation| top.contains(&violation.field));
        (is_whole && value != *whole).then_some(value)
    }

    fn sampled(&self, schema: &Schema) -> &Sampled {
        self.sampled.get_or_init(|| {
            let whole = plain_body(schema);
            let mut found = Troubles::all();
            judge(
                schema,
                &whole,
                Part::of_body(&FieldPath::root()).showing(&self.examples, &self.request),
                &mut found,
            );
            let fields = match whole {
                Value::Object(map) => map
                    .into_iter()
                    .map(|(name, value)| (name, Arc::new(value)))
                    .collect(),
                Value::Null
                | Value::Bool(_)
                | Value::Number(_)
                | Value::String(_)
                | Value::Array(_) => HashMap::new(),
            };
            Sampled {
                fields,
                troubles: found,
            }
        })
    }

    /// What is wrong with a body that has one field, which is sampled.
    fn troubles_of(&self, schema: &Schema, name: &str, value: &Arc<Value>) -> Cow<'_, Troubles> {
        let sampled = self.sampled(schema);
        let whole = sampled.fields.get(name);
        if whole.is_some_and(|whole| Arc::ptr_eq(whole, value)) {
            return Cow::Borrowed(&sampled.troubles);
        }
        let body = Map::from_iter([(name.to_owned(), Value::clone(value))]);
        let mut found = Troubles::all();
        let root = FieldPath::root();
        let part = Part::of_body(&root).showing(&self.examples, &self.request);
        judge(schema, &Value::Object(body), part, &mut found);
        Cow::Owned(found)
    }

    /// The object that a field belongs to, in a request that may have to be changed for it to be
    /// there: what is put where, the way to the object from there, and what is said of its fields.
    pub(in crate::generate) fn around(
        &self,
        operation: &Operation,
        slot: &Slot<'_>,
    ) -> Option<Around> {
        let name = slot.field.last_name()?.to_owned();
        if slot.place != Place::Request {
            // What stands within a JSON text is beside nothing else of its place.
            if slot.field.steps().len() > 1 && !slot.is_text {
                return None;
            }
            let location = [Location::Query, Location::Header, Location::Cookie]
                .into_iter()
                .find(|location| location.place() == slot.place)?;
            let (_, schema) = operation.beside.iter().find(|(at, _)| *at == location)?;
            return Some(Around {
                together: Together::of(schema, &schema.root)?,
                object: parameters(operation, location, &self.request),
                name,
                at: None,
            });
        }
        let Some(Step::Name(_)) = slot.field.steps().last() else {
            return None;
        };
        let parent = slot.field.parent()?;
        let together = Together::of(slot.schema, slot.schema.field(&parent)?.node)?;
        if let Some(Value::Object(object)) = self.request.body.at(&parent) {
            return Some(Around {
                together,
                object: object.clone(),
                name,
                at: Some((parent.clone(), Value::Null, parent)),
            });
        }
        let top = FieldPath::name(parent.top()?);
        let whole = self.sampled(slot.schema).fields.get(parent.top()?)?;
        let mut within = FieldPath::root();
        for step in parent.steps().iter().skip(1) {
            within.push(step.clone());
        }
        let object = whole.pointer(&within.to_pointer())?.as_object()?.clone();
        Some(Around {
            together,
            object,
            name,
            at: Some((top, Value::clone(whole), within)),
        })
    }

    /// The same, changed so that it goes with what else is sent.
    fn suit(&self, operation: &Operation, slot: &Slot<'_>) -> Vec<Edit> {
        let Some(around) = self.around(operation, slot) else {
            return Vec::new();
        };
        let mut object = around.object.clone();
        let has_it = object.contains_key(&around.name);
        if has_it && around.together.is_settled(&object)
            || !around.together.suit(&mut object, &around.name)
        {
            return Vec::new();
        }
        around.edits(slot.place, object)
    }

    /// What is needed to tell the class of the request with another value in a slot.
    pub fn local<'l>(&'l self, operation: &'l Operation, slot: &'l Slot<'l>) -> Local<'l> {
        let suited = self.suit(operation, slot);
        let is_suited = !suited.is_empty();
        let reach = if is_suited {
            suited
        } else {
            self.reach(slot, &slot.field).into_iter().collect()
        };
        let (rest, changed) = match slot.place {
            _ if is_suited => (Troubles::default(), Changed::Whole),
            Place::Query | Place::Header | Place::Path | Place::Cookie => {
                self.parameter(operation, slot)
            }
            // What a form says is known when it is written and read again.
            _ if self.request.body.is_of_texts() => (Troubles::default(), Changed::Whole),
            Place::Request | Place::Operation | Place::Response(_) | Place::ResponseHeader(_) => {
                self.field(slot, reach.first())
            }
        };
        Local {
            operation,
            base: self,
            slot,
            reach,
            is_suited,
            rest: rest.for_class(),
            changed,
        }
    }

    fn parameter<'l>(&self, operation: &'l Operation, slot: &Slot<'_>) -> (Troubles, Changed<'l>) {
        let whole = slot.field.top().map(FieldPath::name).unwrap_or_default();
        let mut rest = self.troubles.outside(slot.place, &whole);
        let parameter = operation.parameters.iter().find(|parameter| {
            parameter.location.place() == slot.place
                && Some(parameter.name.as_str()) == slot.field.top()
        });
        match parameter {
            // Whether it goes with the others depends on all of them.
            Some(parameter)
                if parameter.is_json
                    || operation
                        .beside
                        .iter()
                        .any(|(at, _)| *at == parameter.location) =>
            {
                (rest, Changed::Whole)
            }
            Some(parameter) => {
                let is_time = parameter.location == Location::Query && is_time(parameter);
                if is_time {
                    rest.forget_order();
                }
                (rest, Changed::Parameter { parameter, is_time })
            }
            None => (rest, Changed::Whole),
        }
    }

    /// The smallest part of the body that has to be judged anew, and what is wrong outside of it.
    fn field<'l>(&self, slot: &Slot<'_>, reach: Option<&Edit>) -> (Troubles, Changed<'l>) {
        // Whether a change changes nothing depends on all of it.
        let body = self.request.body.at(&FieldPath::root());
        let may_be_empty = body
            .and_then(Value::as_object)
            .is_some_and(|map| map.len() < 2);
        if self.request.method == "PATCH" && may_be_empty {
            let rest = self.troubles.outside(Place::Request, &FieldPath::root());
            return (rest, Changed::Whole);
        }
        let sampled = if let Some(Edit::Set { value, .. }) = reach {
            value.as_ref()
        } else {
            None
        };
        let mut inner = Inner {
            node: &slot.schema.root,
            value: self.request.body.at(&FieldPath::root()),
            field: FieldPath::root(),
            is_required: true,
        };
        for step in slot.field.steps() {
            let Step::Name(name) = step else { break };
            let is_top = inner.field.is_root();
            let Some(mut next) = inner.below(slot.schema, name) else {
                break;
            };
            if is_top && sampled.is_some() {
                next.value = sampled.map(AsRef::as_ref);
            }
            inner = next;
        }
        let name = inner.field.last_name();
        let schema = slot
            .schema
            .field(&inner.field)
            .and_then(|field| slot.schema.part_of(&field));
        let (Some(name), Some(schema)) = (name, schema) else {
            return (
                self.troubles.outside(Place::Request, &FieldPath::root()),
                Changed::Whole,
            );
        };
        let mut rest = self.troubles.outside(Place::Request, &inner.field);
        if let (Some(value), Some(name)) = (sampled, slot.field.top()) {
            let top = FieldPath::name(name);
            rest = rest.outside(Place::Request, &top);
            let of_it = self.troubles_of(slot.schema, name, value);
            let of_it = of_it.within(Place::Request, &top);
            rest.extend(of_it.outside(Place::Request, &inner.field));
        }
        let mut around = Map::new();
        if let Some(value) = inner.value {
            around.insert(name.to_owned(), value.clone());
        }
        let depth = inner.field.steps().len();
        let mut within = FieldPath::name(name);
        for step in slot.field.steps().iter().skip(depth) {
            within.push(step.clone());
        }
        let changed = Changed::Field {
            schema: Box::new(schema),
            around: Value::Object(around),
            within,
            is_required: inner.is_required,
            field: inner.field,
        };
        (rest, changed)
    }
}

/// Leaves what has to stand in a value, and the way to a field below it.
fn leave_needed(schema: &Schema, value: &mut Value, at: &FieldPath, way: &[Step]) {
    let step = way.first();
    let below = way.get(1..).unwrap_or_default();
    match value {
        Value::Object(map) => {
            let is_needed = |name: &str| {
                let known = schema.field(&at.child(name));
                known.is_none_or(|known| known.required)
            };
            let is_way = |name: &str| matches!(step, Some(Step::Name(own)) if own == name);
            map.retain(|name, _| is_way(name) || is_needed(name));
            for (name, child) in map {
                let way = if is_way(name) { below } else { &[] };
                leave_needed(schema, child, &at.child(name.as_str()), way);
            }
        }
        Value::Array(items) => {
            let way = if step == Some(&Step::Item) {
                below
            } else {
                &[]
            };
            for item in items {
                leave_needed(schema, item, &at.item(), way);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The object that a field belongs to, and how it is put into a request.
pub(in crate::generate) struct Around {
    /// What is said of its fields together.
    pub(in crate::generate) together: Together,
    /// The object.
    pub(in crate::generate) object: Map<String, Value>,
    /// The name of the field.
    pub(in crate::generate) name: String,
    /// Of a body: the field that is set, its value, and the way from there to the object.
    at: Option<(FieldPath, Value, FieldPath)>,
}

impl Around {
    /// What has to be changed for another object to stand there.
    pub(in crate::generate) fn edits(&self, place: Place, object: Map<String, Value>) -> Vec<Edit> {
        let set = |field: FieldPath, value: Option<Value>| Edit::Set {
            place,
            field,
            value: value.map(Arc::new),
        };
        let Some((field, value, within)) = &self.at else {
            let changes = changes(&self.object, &object);
            return changes
                .into_iter()
                .map(|(field, value)| set(field, value))
                .collect();
        };
        if field == within {
            return vec![set(field.clone(), Some(Value::Object(object)))];
        }
        let mut value = value.clone();
        set_field(&mut value, within, Some(Value::Object(object)));
        vec![set(field.clone(), Some(value))]
    }
}
