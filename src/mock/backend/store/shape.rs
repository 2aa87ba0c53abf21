//! How an operation's answer tells a record: where the record stands in the body, and which of its
//! fields the contract allows there.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::contract::{
    FieldPath, Resource, Schema, Step, is_called, is_wrapper, types_of, unescape_token,
};

use super::super::super::answer::Answer;
use super::super::super::call::Call;
use super::super::super::new_ids::NewIds;
use super::super::super::reply::{Body, Reply};
use super::fields::Described;
use super::state::Record;

/// How often a body is mended: one wrong field may hide another.
const MENDINGS: usize = 4;

/// The record within an answer.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) described: Described,
    /// The name that its id has there.
    pub(super) id: Option<String>,
    names: Vec<String>,
    /// Fields that hold the id of something that the record belongs to, and its resource key.
    owners: Vec<(String, String)>,
    /// The record as the documented answer shows it.
    pub(super) template: Map<String, Value>,
}

/// What the id of a resource may be called, the likeliest first.
fn id_names(resource: &Resource) -> Vec<String> {
    let noun = &resource.noun;
    let listed = resource.list.as_ref().map(|list| list.id.clone());
    let mut names: Vec<String> = listed.into_iter().collect();
    names.extend([resource.parameter.clone(), format!("{noun}_id")]);
    names.extend(["id", "uuid"].map(str::to_owned));
    names.push(format!("{noun}_uuid"));
    // The last word of `bucket_name` is what a bucket may call it itself.
    if let Some((_, own)) = resource.parameter.rsplit_once('_') {
        names.push(own.to_owned());
    }
    names
}

/// Where a body tells its one record, and what the record's id is called there: the root, or the
/// object in it that has an id or the resource's name.
pub(in crate::mock) fn place(resource: &Resource, schema: &Schema) -> (FieldPath, Option<String>) {
    let wanted = id_names(resource);
    let id_in = |at: &FieldPath| {
        let own: Vec<&str> = schema
            .fields()
            .filter(|field| field.path.parent().as_ref() == Some(at))
            .filter(|field| {
                let types = types_of(field.node);
                ["string", "integer", "number"]
                    .iter()
                    .any(|kind| types.contains(kind))
            })
            .filter_map(|field| field.path.last_name())
            .collect();
        let found = |wanted: &String| own.iter().find(|name| is_called(name, wanted));
        wanted.iter().find_map(found).map(|name| (*name).to_owned())
    };
    let inner: Vec<&FieldPath> = schema
        .fields()
        .filter(|field| matches!(field.path.steps(), [Step::Name(_)]))
        .filter(|field| types_of(field.node).contains(&"object"))
        .map(|field| field.path)
        .collect();
    let is_named = |path: &FieldPath| {
        path.last_name()
            .is_some_and(|name| is_called(name, &resource.noun) || is_wrapper(name))
    };
    let wrapper = inner.iter().find(|path| is_named(path));
    if let Some((path, id)) = wrapper.and_then(|path| Some((*path, id_in(path)?))) {
        return (path.clone(), Some(id));
    }
    let root = FieldPath::root();
    if let Some(id) = id_in(&root) {
        return (root, Some(id));
    }
    let other = inner.iter().find_map(|path| Some((*path, id_in(path)?)));
    match (other, wrapper) {
        (Some((path, id)), _) => (path.clone(), Some(id)),
        (None, Some(path)) => ((*path).clone(), None),
        (None, None) => (root, None),
    }
}

/// Where a request's body says what its record is like.
pub(in crate::mock) fn place_in_request(resource: &Resource, schema: &Schema) -> FieldPath {
    let mut tops = schema
        .fields()
        .filter(|field| matches!(field.path.steps(), [Step::Name(_)]));
    let wrapper = tops.next().filter(|top| {
        let name = top.path.last_name().unwrap_or_default();
        let is_named = is_called(name, &resource.noun) || is_wrapper(name);
        is_named && types_of(top.node).contains(&"object")
    });
    match (wrapper, tops.next()) {
        (Some(wrapper), None) => wrapper.path.clone(),
        _ => FieldPath::root(),
    }
}

impl Shape {
    /// The record at a pointer into an answer.
    pub(super) fn new(
        answer: &Answer,
        at: &str,
        id: Option<String>,
        outer: &[String],
    ) -> Option<Self> {
        let described = Described::new(answer.schema.as_ref()?, at);
        let template = answer.template.as_ref()?.pointer(at)?.as_object()?.clone();
        let mut names = described.names();
        for name in template.keys() {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        let owners = names
            .iter()
            .filter(|name| Some(*name) != id.as_ref())
            .filter_map(|name| {
                let key = outer
                    .iter()
                    .find(|key| is_called(name, key.rsplit('.').next().unwrap_or_default()))?;
                Some((name.clone(), key.clone()))
            })
            .collect();
        Some(Self {
            described,
            id,
            names,
            owners,
            template,
        })
    }

    /// Says what an id has to be like to be told here.
    pub(super) fn describe_id(&self, ids: &mut NewIds) {
        let Some(name) = &self.id else {
            return;
        };
        if let Some((schema, node)) = self.described.field(name) {
            ids.stands(schema, node);
        }
        if let Some(shown) = self.template.get(name) {
            ids.shown(shown);
        }
    }

    /// A record as the answer tells it; what the record has no value for stays as `object` has it,
    /// but for what a request might have said.
    pub(super) fn tell(
        &self,
        record: &Record,
        sayable: &[String],
        object: &mut Map<String, Value>,
    ) {
        for name in &self.names {
            if let Some(value) = record.fields.get(name) {
                object.insert(name.clone(), self.described.shown(name, value));
            } else if sayable.contains(name) {
                object.shift_remove(name);
            }
        }
        for (name, key) in &self.owners {
            if let Some(id) = record.scope.get(key) {
                object.insert(name.clone(), self.typed(name, id));
            }
        }
        if let Some(name) = &self.id {
            object.insert(name.clone(), self.typed(name, &record.id));
        }
    }

    /// An id as the type of its field has it.
    fn typed(&self, name: &str, id: &str) -> Value {
        let types = self.described.field(name).map(|(_, node)| types_of(node));
        let is_number = types.is_some_and(|types| {
            let is_numeric = |kind: &&str| matches!(*kind, "integer" | "number");
            types.iter().any(is_numeric) && !types.contains(&"string")
        });
        match id.parse::<i64>() {
            Ok(number) if is_number => Value::from(number),
            _ => Value::from(id),
        }
    }

    /// The one record of an answer.
    pub(super) fn reply(
        &self,
        answer: &Answer,
        call: &Call<'_>,
        record: &Record,
        sayable: &[String],
    ) -> Reply {
        let mut reply = answer.reply(call);
        if let Body::Json(body) = &mut reply.body
            && let Some(object) = body.pointer_mut(&self.described.at)
            && let Value::Object(object) = object
        {
            self.tell(record, sayable, object);
            self.mend(
                answer.schema.as_ref(),
                body,
                std::slice::from_ref(&self.described.at),
            );
        }
        reply
    }

    /// Puts back what the documented answer shows wherever a field of the records at these pointers
    /// is not as the answer's schema wants it: requests may say what answers may not.
    pub(super) fn mend(&self, schema: Option<&Arc<Schema>>, body: &mut Value, records: &[String]) {
        let Some(schema) = schema else {
            return;
        };
        for round in 0..MENDINGS {
            if schema.is_valid(body) {
                return;
            }
            for violation in schema.violations(body) {
                // Of which kind it is, and what of it is wrong, nobody can tell: it is as it is shown.
                if let Some(at) = records
                    .iter()
                    .find(|at| **at == violation.pointer && violation.facet.is_of_kinds())
                    && let Some(Value::Object(object)) = body.pointer_mut(at)
                {
                    object.retain(|name, _| self.template.contains_key(name));
                    for (name, shown) in &self.template {
                        if self.id.as_ref() != Some(name) {
                            object.insert(name.clone(), shown.clone());
                        }
                    }
                    continue;
                }
                let wrong = records.iter().find_map(|at| {
                    let rest = violation.pointer.strip_prefix(at.as_str())?;
                    let tokens = rest.strip_prefix('/')?.split('/');
                    let tokens: Vec<String> = tokens.map(unescape_token).collect();
                    Some((at, tokens))
                });
                let Some((at, tokens)) = wrong else { continue };
                let (Some(Value::Object(object)), Some(name)) =
                    (body.pointer_mut(at), tokens.first().cloned())
                else {
                    continue;
                };
                if round == 0 && put_back(object, &self.template, &tokens) {
                    continue;
                }
                match self.template.get(&name) {
                    Some(shown) if round == 0 || object.get(&name) != Some(shown) => {
                        object.insert(name, shown.clone());
                    }
                    _ => {
                        object.shift_remove(&name);
                    }
                }
            }
        }
    }
}

/// Puts back what is shown of the innermost field that a path leads to through objects; whether there
/// was such a field below the first.
fn put_back(object: &mut Map<String, Value>, shown: &Map<String, Value>, path: &[String]) -> bool {
    let [name, next, ..] = path else {
        return false;
    };
    let (Some(Value::Object(own)), Some(Value::Object(shown))) =
        (object.get_mut(name), shown.get(name))
    else {
        return false;
    };
    if put_back(own, shown, path.get(1..).unwrap_or_default()) {
        return true;
    }
    let Some(value) = shown.get(next) else {
        return false;
    };
    own.insert(next.clone(), value.clone());
    true
}
