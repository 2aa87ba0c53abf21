//! What a request and its answer, or an item of a list, have in common.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::list::List;
use super::names::UNTOLD;
use crate::contract::{
    Facet, Fact, Field, FieldPath, Meaning, Operation, Schema, Step, enum_values, is_called,
    is_wrapper, singular, types_of,
};

/// Formats of numbers: they say how wide one is, and nothing of how it is written.
const WIDTHS: &[&str] = &["int32", "int64", "float", "double", "uuid"];

/// The pointer to the identity of what an operation made, in its answer.
pub(crate) fn created(operation: &Operation, id: Option<&str>) -> Option<String> {
    if operation.method != "POST" {
        return None;
    }
    let collection = operation
        .path
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let noun = singular(collection);
    let own = format!("{noun}_id");
    let known = outside_lists(operation.answer()?);
    let tops: BTreeSet<&str> = known.iter().filter_map(|path| path.top()).collect();
    // What stands within another thing tells that one: only an object around the whole tells this.
    let is_around = |(depth, step): (usize, &Step)| match step {
        Step::Name(name) => {
            depth == 0 && tops.len() == 1 || is_called(name, &noun) || is_wrapper(name)
        }
        Step::Item | Step::Entry => false,
    };
    let is_its = |path: &FieldPath| {
        let around = path
            .steps()
            .split_last()
            .map_or(&[][..], |(_, around)| around);
        around.iter().enumerate().all(is_around)
    };
    let called = |name: &str| {
        let mut own = known.iter().filter(|path| is_its(path));
        own.find(|path| path.last_name() == Some(name))
    };
    [Some(own.as_str()), id, Some("id")]
        .into_iter()
        .flatten()
        .find_map(called)
        // Beside its own id, what is called after a kind may be the id of something of that kind.
        .map(|path| {
            called("id")
                .filter(|id| id.parent() == path.parent())
                .unwrap_or(path)
        })
        .or_else(|| {
            // What grows from one to the next tells them apart as an id does.
            let grows = Facet::Meaning(Meaning::Grows);
            let mut fields = operation.answer()?.fields();
            let own = fields.find(|own| own.facts.iter().any(|fact| fact.facet == grows))?;
            known.iter().find(|path| **path == own.path)
        })
        .map(|path| path.to_pointer())
}

/// The fields of the request that stand in the answer under the same name: request field ->
/// pointer.
pub(super) fn repeated(operation: &Operation) -> BTreeMap<String, String> {
    let answered = operation.answer().map(outside_lists).unwrap_or_default();
    asked(operation)
        .into_iter()
        .filter_map(|path| {
            let mut same = answered
                .iter()
                .filter(|other| other.last_name() == path.last_name());
            // A name that stands twice says nothing.
            let only = same.next().filter(|_| same.next().is_none())?;
            Some((path.to_string(), only.to_pointer()))
        })
        .collect()
}

/// The fields of the request that the answer repeats by the contract alone: of one path, but for an
/// object around the whole, of one type, and none that a page says the service sets.
pub(super) fn surely_repeated(operation: &Operation) -> BTreeMap<String, String> {
    let (Some(body), Some(answer)) = (&operation.request_body, operation.answer()) else {
        return BTreeMap::new();
    };
    let told: Vec<Field<'_>> = answer.fields().filter(is_told).collect();
    let (is_asked_whole, is_told_whole) = (is_alone(&body.schema), !has_own_id(answer));
    body.schema
        .fields()
        .filter(is_told)
        .filter(|asked| !body.schema.is_read_only(asked.path))
        .filter(|asked| !is_of_another(&body.schema, asked.path))
        .filter_map(|asked| {
            let kind = told_type(&body.schema, asked.node)?;
            let mut same = told.iter().filter(|told| {
                is_same_place(asked.path, told.path, is_asked_whole, is_told_whole)
                    && told_type(answer, told.node).is_some_and(|own| is_alike(own, kind))
            });
            let only = same.next().filter(|_| same.next().is_none())?;
            Some((asked.path.to_string(), only.path.to_pointer()))
        })
        .collect()
}

/// Whether a field of a request stands beside the id of another thing than the request is about, in an
/// object within it: that names which one is meant, and what else is said of that is its own to keep.
pub(crate) fn is_of_another(schema: &Schema, path: &FieldPath) -> bool {
    // An object around the whole tells of the thing itself.
    let around = usize::from(is_alone(schema));
    let names_one = |above: &FieldPath| {
        ["id", "uuid"].iter().any(|id| {
            let id = above.child(*id);
            id != *path && schema.field(&id).is_some() && !schema.is_read_only(&id)
        })
    };
    std::iter::successors(path.parent(), FieldPath::parent)
        .take_while(|above| above.steps().len() > around)
        .any(|above| names_one(&above))
}

/// Whether a field is one that a message repeats as it was sent: a value, or a list of values, that
/// the service neither sets nor writes in another way.
fn is_told(field: &Field<'_>) -> bool {
    let name = field.path.last_name().unwrap_or_default().to_lowercase();
    let of_service = Facet::Meaning(Meaning::OfService);
    let says = |fact: &Fact| fact.facet == of_service;
    let format = field.node.get(Facet::Format.as_str());
    let has_form = format
        .and_then(Value::as_str)
        .is_some_and(|format| !WIDTHS.contains(&format));
    !field.path.is_root()
        && !field.path.has_item()
        && !field.path.has_entry()
        && !has_form
        && !UNTOLD.iter().any(|untold| {
            let head = name.strip_suffix(untold);
            head.is_some_and(|head| head.is_empty() || head.ends_with('_'))
        })
        && !field.facts.iter().any(says)
}

/// The type of a value, or of the values of a list, without null; none where there is not one.
fn told_type<'n>(schema: &'n Schema, node: &'n Value) -> Option<(bool, &'n str)> {
    if let Some(kind) = scalar_type(node) {
        return Some((false, kind));
    }
    let is_list = types_of(node).contains(&"array");
    let items = node.get("items").filter(|_| is_list)?;
    Some((true, scalar_type(schema.follow(items))?))
}

/// Whether two types are one; of a number that an example shows it is not told whether it is whole.
fn is_alike(one: (bool, &str), other: (bool, &str)) -> bool {
    let is_number = |kind: &str| matches!(kind, "integer" | "number");
    one.0 == other.0 && (one.1 == other.1 || is_number(one.1) && is_number(other.1))
}

/// Whether one path is another's, but for one object around the whole of each, where there may be
/// one.
fn is_same_place(
    asked: &FieldPath,
    told: &FieldPath,
    is_asked_whole: bool,
    is_told_whole: bool,
) -> bool {
    let (asked, told) = (asked.steps(), told.steps());
    let is_within = |whole: &[Step], own: &[Step]| match whole {
        [_, within @ ..] => !within.is_empty() && are_called(within, own),
        [] => false,
    };
    are_called(asked, told)
        || is_told_whole && is_within(told, asked)
        || is_asked_whole && is_within(asked, told)
}

/// Whether two paths are one but for the way that the words of names are joined: who is sent
/// `FriendlyName` may answer `friendly_name`.
fn are_called(asked: &[Step], told: &[Step]) -> bool {
    let is_same = |(one, other): (&Step, &Step)| match (one, other) {
        (Step::Name(one), Step::Name(other)) => is_called(one, other),
        _ => one == other,
    };
    asked.len() == told.len() && asked.iter().zip(told).all(is_same)
}

/// The fields of a body that stand in nothing else.
fn outermost(schema: &Schema) -> impl Iterator<Item = Field<'_>> {
    let is_outermost = |field: &Field<'_>| field.path.parent().is_some_and(|above| above.is_root());
    schema.fields().filter(is_outermost)
}

/// Whether a body is one field, so that it may be an object around the whole: what stands beside
/// others is a part.
fn is_alone(schema: &Schema) -> bool {
    outermost(schema).nth(1).is_none()
}

/// Whether what a body tells of has its id outside any object: then no object is around the whole.
fn has_own_id(schema: &Schema) -> bool {
    let is_id = |name: &str| ["id", "uuid"].iter().any(|id| is_called(name, id));
    outermost(schema).any(|field| field.path.last_name().is_some_and(is_id))
}

/// The fields of the request that an item of a list repeats: request field -> pointer within the
/// item.
pub(super) fn listed(operation: &Operation, list: &List<'_>) -> BTreeMap<String, String> {
    asked(operation)
        .into_iter()
        .filter_map(|path| {
            let name = path.last_name().filter(|name| list.has(name))?;
            Some((path.to_string(), list.place_of(name)))
        })
        .collect()
}

/// The scalar fields that a request sends.
fn asked(operation: &Operation) -> Vec<&FieldPath> {
    operation
        .request_body
        .as_ref()
        .map(|body| {
            let fields = outside_lists(&body.schema).into_iter();
            fields
                .filter(|path| !body.schema.is_read_only(path))
                .collect()
        })
        .unwrap_or_default()
}

/// Whether a schema describes single values.
pub(super) fn is_scalar(node: &Value) -> bool {
    let types = types_of(node);
    let is_told = !types.is_empty() || type_of_listed(node).is_some();
    is_told && !types.contains(&"object") && !types.contains(&"array")
}

/// The one type of single values that a schema describes, beside null.
pub(super) fn scalar_type(node: &Value) -> Option<&str> {
    let mut types = types_of(node);
    types.retain(|kind| *kind != "null");
    match types.as_slice() {
        [kind @ ("string" | "integer" | "number" | "boolean")] => Some(kind),
        [] => type_of_listed(node),
        _ => None,
    }
}

/// The one type of the values that a schema lists, where it names no type itself.
fn type_of_listed(node: &Value) -> Option<&'static str> {
    let mut types = enum_values(node)
        .into_iter()
        .filter_map(|value| match value {
            Value::String(_) => Some("string"),
            Value::Number(number) if number.is_f64() => Some("number"),
            Value::Number(_) => Some("integer"),
            Value::Bool(_) => Some("boolean"),
            Value::Null => None,
            Value::Array(_) | Value::Object(_) => Some("other"),
        });
    let first = types.next().filter(|kind| *kind != "other")?;
    types.all(|kind| kind == first).then_some(first)
}

/// The scalar fields of a body.
pub(super) fn scalars(schema: &Schema) -> impl Iterator<Item = Field<'_>> {
    schema
        .fields()
        .filter(|field| !field.path.is_root() && is_scalar(field.node))
}

/// The paths of the scalar fields that stand once in a body.
fn outside_lists(schema: &Schema) -> Vec<&FieldPath> {
    scalars(schema)
        .map(|field| field.path)
        .filter(|path| !path.has_item())
        .collect()
}

/// The JSON pointer of a field at the top of what it stands in.
pub(super) fn pointer(name: &str) -> String {
    FieldPath::name(name).to_pointer()
}
