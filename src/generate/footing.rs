//! What a valid request rests on: whether its source spells it out, or it was made up from types.
//! A refusal of what nobody wrote down says nothing of the endpoint.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::contract::{
    Facet, FieldPath, Level, Location, Operation, Parameter, Place, Row, Schema, Source, Step,
    enum_values, names_owner, types_of,
};

use super::baseline::{accepted, is_bound, shown};
use super::oracle::is_structured;
use super::request::{Borrowed, Request, Whose};
use super::sample::plain_body;
use super::slot::{Slot, slots};

/// What the plainest request of an operation rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Footing {
    /// Its source spells it out.
    Firm,
    /// A value of it is made up, for its source shows none.
    MadeUp(Row),
    /// Its source does not say which of its parts have to be sent.
    Silent(Row),
    /// Its source shows a value that is its author's: an id, a date, a counter, a placeholder.
    Authors(Row),
    /// It is an example that a person wrote in `cases/`: what is refused of it is that person's.
    Written(Row),
}

/// What the plainest request of an operation rests on. `bindings` are the places that take what the
/// user gave.
pub fn footing(
    operation: &Operation,
    bindings: &BTreeMap<String, String>,
    request: &Request,
) -> Footing {
    let is_bound = |place, field: &FieldPath| is_bound(bindings, place, field);
    let is_silent = !operation.tells_presence(Place::Query);
    if let Some(row) = made_up_name(operation, request) {
        return Footing::MadeUp(row);
    }
    let written = operation.examples.keys().next();
    let mut authors = None;
    for slot in slots(operation) {
        let is_written = || operation.example_of(slot.place, &slot.field).is_some();
        if slot.place == Place::Request || is_bound(slot.place, &slot.field) || is_written() {
            continue;
        }
        // Of what has parts each part is looked at.
        if !slot.is_text
            && is_structured(slot.node)
            && request.get(slot.place, &slot.field).is_some()
        {
            continue;
        }
        if let Some(value) = request.get(slot.place, &slot.field) {
            let is_spelled = |parameter: &Parameter| {
                slot.place == Place::Header
                    && Some(parameter.name.as_str()) == slot.field.top()
                    && accepted(parameter) == Some(&value)
            };
            let is_shown = |parameter: &Parameter| {
                parameter.location.place() == slot.place
                    && Some(parameter.name.as_str()) == slot.field.top()
                    && shown(parameter) == Some(&value)
            };
            if operation.parameters.iter().any(is_shown) && !is_told_by_rule(&slot) {
                authors.get_or_insert_with(|| row_of(slot.place, slot.field.clone()));
            } else if !is_told_by_rule(&slot) && !operation.parameters.iter().any(is_spelled) {
                return Footing::MadeUp(row_of(slot.place, slot.field));
            }
        } else if written.is_none() && (is_silent || !slot.required && !tells_presence(&slot)) {
            return Footing::Silent(row_of(slot.place, slot.field));
        }
    }
    if let Some(row) = authors {
        return Footing::Authors(row);
    }
    let firm = || written.map_or(Footing::Firm, |row| Footing::Written(row.clone()));
    let (Some(body), Some(value)) = (&operation.request_body, request.body.value()) else {
        return firm();
    };
    if operation
        .example_of(Place::Request, &FieldPath::root())
        .is_some()
    {
        return firm();
    }
    let is_shown = body
        .examples
        .iter()
        .any(|example| body.schema.is_valid(example));
    let mut leaves = Vec::new();
    gather_leaves(value, &FieldPath::root(), &mut leaves);
    let mut own = leaves
        .into_iter()
        .filter(|(field, _)| !is_bound(Place::Request, field));
    if is_shown {
        own.find(|(field, leaf)| is_authors(field, leaf, &body.schema))
            .map_or_else(firm, |(field, _)| {
                Footing::Authors(row_of(Place::Request, field))
            })
    } else if let Some((field, _)) = own.next() {
        Footing::MadeUp(row_of(Place::Request, field))
    } else {
        left_out_in_silence(operation, value)
            .map_or_else(firm, |field| Footing::Silent(row_of(Place::Request, field)))
    }
}

/// The first field at the top of a body that a request lacks, where the source says of none of
/// them whether it has to be sent; of a body that is empty, the first of which it says nothing.
fn left_out_in_silence(operation: &Operation, value: &Value) -> Option<FieldPath> {
    let top = || {
        let slots = slots(operation).into_iter();
        slots.filter(|slot| slot.place == Place::Request && slot.is_top())
    };
    // Of a body that has nothing in it, any field may be the one that is missed.
    let is_empty = value.as_object().is_some_and(serde_json::Map::is_empty);
    let is_told = top().any(|slot| slot.required || tells_presence(&slot));
    let mut lacking = top().filter(|slot| {
        value.get(slot.field.top().unwrap_or_default()).is_none()
            && !(is_empty && tells_presence(slot))
    });
    lacking
        .next()
        .filter(|_| is_empty || !is_told)
        .map(|slot| slot.field)
}

/// Whether a source says of a field itself that it may be left out, or has to be there: a value that
/// stands in for it says so too.
fn tells_presence(slot: &Slot<'_>) -> bool {
    slot.facts.iter().any(|fact| match fact.facet {
        Facet::Default => true,
        // A parameter may be left out unless its document says otherwise, and documents do.
        Facet::Required => slot.place != Place::Request || !is_by_absence(&fact.source),
        _ => false,
    })
}

/// Whether a document says that a field may be left out only by having no list of what is required
/// where the field stands: many a document has none because nobody wrote one.
fn is_by_absence(source: &Source) -> bool {
    let Source::Document(place) = source else {
        return false;
    };
    let mut steps = place.pointer.rsplit('/');
    let (last, holder) = (steps.next(), steps.next());
    last != Some("required") || holder == Some("properties")
}

/// The header of a request whose value is made up, though each request has to have it.
pub fn made_up_header(
    operation: &Operation,
    bindings: &BTreeMap<String, String>,
    request: &Request,
) -> Option<Row> {
    let is_made_up = |slot: &Slot<'_>| {
        let is_shown = |parameter: &Parameter| {
            parameter.location == Location::Header
                && Some(parameter.name.as_str()) == slot.field.top()
                && (accepted(parameter).is_some() || shown(parameter).is_some())
        };
        slot.place == Place::Header
            && slot.required
            && !is_bound(bindings, slot.place, &slot.field)
            && operation.example_of(slot.place, &slot.field).is_none()
            && request.get(slot.place, &slot.field).is_some()
            && !is_told_by_rule(slot)
            && !operation.parameters.iter().any(is_shown)
    };
    let slot = slots(operation).into_iter().find(is_made_up)?;
    Some(row_of(slot.place, slot.field))
}

/// The place of the path that the request gives a new name to, where no rule tells its form, or only
/// words do.
fn made_up_name(operation: &Operation, request: &Request) -> Option<Row> {
    let is_made_up = |borrowed: &&Borrowed| {
        let mut parameters = operation.parameters.iter();
        let parameter = parameters.find(|parameter| {
            parameter.location.place() == borrowed.row.place
                && borrowed.row.field.top() == Some(parameter.name.as_str())
        });
        parameter.is_some_and(|parameter| {
            let slot = Slot {
                place: borrowed.row.place,
                field: borrowed.row.field.clone(),
                schema: &parameter.schema,
                node: &parameter.schema.root,
                required: parameter.required,
                facts: parameter.schema.own_facts(),
                is_text: true,
            };
            let has_letters = [Facet::Pattern, Facet::Format, Facet::Enum]
                .iter()
                .any(|facet| slot.node.get(facet.as_str()).is_some());
            types_of(slot.node).contains(&"string") && !(is_told_by_rule(&slot) && has_letters)
        })
    };
    let mut borrowed = request.borrowed.iter();
    let is_written = |one: &&Borrowed| {
        let row = &one.row;
        operation.example_of(row.place, &row.field).is_some()
    };
    let named =
        borrowed.find(|one| one.whose == Whose::Nobodys && !is_written(one) && is_made_up(one))?;
    Some(named.row.clone())
}

pub(super) fn row_of(place: Place, field: FieldPath) -> Row {
    Row { place, field }
}

/// The single values of a body, each with its field; the items of a list are one field.
fn gather_leaves<'v>(value: &'v Value, path: &FieldPath, leaves: &mut Vec<(FieldPath, &'v Value)>) {
    match value {
        Value::Object(map) => {
            for (name, child) in map {
                gather_leaves(child, &path.child(name), leaves);
            }
        }
        Value::Array(items) => {
            for item in items {
                gather_leaves(item, &path.item(), leaves);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            leaves.push((path.clone(), value));
        }
    }
}

pattern! {
    /// Ids as machines make them, times, addresses, places of a machine's own files, and what only
    /// stands for a value.
    static AUTHORS =
        r"(?i)^\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?|^[0-9a-f]{16,}|^\d{4}-\d\d-\d\d|^\w+://|^\S*[{<][\w .:-]+[}>]|^\$\{?\w+|^x{3,}$|\*{3,}|\.\.\.|^[\w-]+(?:\s?\|\s?[\w-]+)+$|^(?:string|integer|number|boolean|bool|float|datetime|timestamp)[,;(:].*$|^(?:~|/(?:dev|etc|home|media|mnt|opt|root|srv|tmp|usr|var|Users|Volumes))/\S|^[a-z]:\\";

    /// Names of fields that hold what a service counts or hands out.
    static HANDED_OUT =
        r"(?i)(?:^|_|-)(?:u?u?id|ids|uuid|ref|urn|arn|href|generation|revision|etag|serial|sequence|cursor|token)$|[a-z](?:Id|Ids|Uuid|Ref|Urn|Arn|Href|Generation|Revision)$";
}

pattern! {
    /// What only stands for a value, or for a part of one.
    static PLACEHOLDER = r"(?i)[{<][\w .:-]+[}>]|\$\{?\w+|^x{3,}$|\*{3,}|\.\.\.|^[\w-]+(?:\s?\|\s?[\w-]+)+$|^(?:string|integer|number|boolean|bool|float|datetime|timestamp)[,;(:].*$";
}

/// Whether a value of a request only stands for one: no service can take it.
pub fn is_placeholder(request: &Request, row: &Row) -> bool {
    let mut values = Vec::new();
    if let Some(value) = request.body.value().filter(|_| row.place == Place::Request) {
        gather_leaves(value, &FieldPath::root(), &mut values);
    }
    let mut own = values.into_iter().filter(|(field, _)| *field == row.field);
    own.any(|(_, value)| {
        value
            .as_str()
            .is_some_and(|text| PLACEHOLDER.is_match(text))
    })
}

/// The fields of an example's request that hold values of its author's and need not be sent: each
/// is the value itself, or what holds it. Where one thing is changed, what it says that it belongs to
/// may be another than it does.
pub fn optional_of_author(
    operation: &Operation,
    bindings: &BTreeMap<String, String>,
    request: &Request,
) -> Vec<FieldPath> {
    let (Some(body), Some(value)) = (&operation.request_body, request.body.value()) else {
        return Vec::new();
    };
    if operation
        .example_of(Place::Request, &FieldPath::root())
        .is_some()
    {
        return Vec::new();
    }
    let mut leaves = Vec::new();
    gather_leaves(value, &FieldPath::root(), &mut leaves);
    let mut found: Vec<FieldPath> = Vec::new();
    let changes_one = matches!(operation.method.as_str(), "PATCH" | "PUT")
        && operation.path.trim_end_matches('/').ends_with('}');
    for (field, leaf) in leaves {
        let is_in_the_way = if is_bound(bindings, Place::Request, &field) {
            changes_one && !names_what_the_path_does(bindings, &field)
        } else {
            is_authors(&field, leaf, &body.schema)
        };
        if !is_in_the_way {
            continue;
        }
        let is_optional = |field: &FieldPath| {
            let known = body.schema.field(field);
            matches!(field.steps().last(), Some(Step::Name(_)))
                && known.is_some_and(|known| !known.required)
        };
        let around = std::iter::successors(Some(field), FieldPath::parent);
        found.extend(around.into_iter().find(is_optional));
    }
    found.sort();
    found.dedup();
    found
}

/// Whether a field of the body is bound to the same thing as a parameter of the path.
fn names_what_the_path_does(bindings: &BTreeMap<String, String>, field: &FieldPath) -> bool {
    let place = Row {
        place: Place::Request,
        field: field.clone(),
    };
    let own = bindings.get(&place.to_string());
    let in_path = |place: &str| {
        place
            .parse::<Row>()
            .is_ok_and(|row| row.place == Place::Path)
    };
    let mut others = bindings.iter().filter(|(place, _)| in_path(place));
    others.any(|(_, key)| Some(key) == own)
}

/// The fields at the top of a request's body that are made up from their types and need not be sent,
/// where its source shows no body.
pub fn optional_made_up(
    operation: &Operation,
    bindings: &BTreeMap<String, String>,
    request: &Request,
) -> Vec<FieldPath> {
    let (Some(body), Some(value)) = (&operation.request_body, request.body.value()) else {
        return Vec::new();
    };
    if shows_body(operation) {
        return Vec::new();
    }
    let own = slots(operation).into_iter().filter(|slot| {
        slot.place == Place::Request
            && matches!(slot.field.steps(), [Step::Name(name)] if value.get(name).is_some())
            && body
                .schema
                .field(&slot.field)
                .is_some_and(|known| !known.required)
            && !is_bound(bindings, Place::Request, &slot.field)
            && !is_told_by_rule(slot)
    });
    own.map(|slot| slot.field).collect()
}

/// Whether a source, or a person, shows what the body of an operation's request is like.
pub fn shows_body(operation: &Operation) -> bool {
    let written = operation.example_of(Place::Request, &FieldPath::root());
    let body = operation.request_body.as_ref();
    written.is_some()
        || body.is_some_and(|body| {
            let mut examples = body.examples.iter();
            examples.any(|example| body.schema.is_valid(example))
        })
}

/// Whether a value that an example shows is of its author's server, or of the day it was written.
fn is_authors(field: &FieldPath, value: &Value, schema: &Schema) -> bool {
    let has_list = schema
        .field(field)
        .is_some_and(|known| !enum_values(known.node).is_empty());
    if has_list {
        return false;
    }
    match value {
        Value::String(text) => {
            AUTHORS.is_match(text.trim())
                || !text.is_empty() && HANDED_OUT.is_match(field.last_name().unwrap_or_default())
        }
        Value::Number(_) => HANDED_OUT.is_match(field.last_name().unwrap_or_default()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => false,
    }
}

/// Whether a rule that a source states says which values a field takes, beyond their type: a list, a
/// length, a form, a bound. True and false are all that there is of a boolean.
pub fn is_told_by_rule(slot: &Slot<'_>) -> bool {
    const RULES: [Facet; 13] = [
        Facet::Enum,
        Facet::Const,
        Facet::MinLength,
        Facet::MaxLength,
        Facet::Pattern,
        Facet::Minimum,
        Facet::Maximum,
        Facet::ExclusiveMinimum,
        Facet::ExclusiveMaximum,
        Facet::MultipleOf,
        Facet::MinItems,
        Facet::MaxItems,
        Facet::UniqueItems,
    ];
    // A branch that only allows an empty text tells nothing of the other values.
    fn tells(node: &Value) -> bool {
        let is_blank = node.get(Facet::Const.as_str()) == Some(&Value::from(""));
        let branches = node.get("anyOf").and_then(Value::as_array);
        !is_blank && RULES.iter().any(|facet| node.get(facet.as_str()).is_some())
            || branches.is_some_and(|branches| branches.iter().any(tells))
    }
    let types = types_of(slot.node);
    // Several values are told by what is said of each.
    let items = slot.node.get("items").filter(|_| types.contains(&"array"));
    let told = slot.is_told_by_schema() && slot.place != Place::Request;
    if told && items.is_some_and(|items| tells(slot.schema.follow(items))) {
        return true;
    }
    let has_form = || types.contains(&"string") && slot.node.get(Facet::Format.as_str()).is_some();
    // That a count is not negative is no more than custom, and tells of no value that it is taken.
    let is_custom = |facet: &Facet| {
        let mut own = slot.facts.iter().filter(|fact| fact.facet == *facet);
        *facet == Facet::Minimum
            && own.clone().next().is_some()
            && own.all(|fact| fact.level == Level::May)
    };
    let stated = RULES
        .iter()
        .filter(|facet| slot.node.get(facet.as_str()).is_some());
    let is_by_custom = stated.clone().count() > 0 && stated.into_iter().all(is_custom);
    // The form of a tenant's id tells of no tenant that it is there.
    let is_owner = matches!(slot.place, Place::Header | Place::Query)
        && slot.field.top().is_some_and(names_owner)
        && enum_values(slot.node).is_empty();
    slot.is_told_by_schema()
        && !is_owner
        && !is_by_custom
        && (types.contains(&"boolean") || has_form() || tells(slot.node))
}

/// The first field that the documented request of an operation has and a body lacks, where no page
/// says of any field whether it has to be sent.
pub(super) fn silently_missing(operation: &Operation, value: &Value) -> Option<FieldPath> {
    let body = operation.request_body.as_ref()?;
    if operation.tells_presence(Place::Request) {
        return None;
    }
    let mut shown = body.examples.iter();
    let shown = shown.find(|example| body.schema.is_valid(example));
    let documented = shown.map_or_else(|| Cow::Owned(plain_body(&body.schema)), Cow::Borrowed);
    missing(&body.schema, &documented, value, &FieldPath::root())
}

fn missing(schema: &Schema, shown: &Value, value: &Value, path: &FieldPath) -> Option<FieldPath> {
    match (shown, value) {
        (Value::Object(shown), Value::Object(value)) => shown.iter().find_map(|(name, below)| {
            let path = path.child(name);
            if let Some(value) = value.get(name) {
                return missing(schema, below, value, &path);
            }
            let has_default = schema.field(&path).is_some_and(|field| {
                let mut facts = field.facts.iter();
                facts.any(|fact| fact.facet == Facet::Default)
            });
            (!has_default).then_some(path)
        }),
        (Value::Array(shown), Value::Array(value)) => {
            let (shown, value) = (shown.first()?, value.first()?);
            missing(schema, shown, value, &path.item())
        }
        _ => None,
    }
}

/// Leaves out of a body that is made up what need not be sent and of which nobody knows the form:
/// texts of which no rule says anything.
pub(super) fn without_unknown(operation: &Operation, schema: &Schema, body: &mut Value) {
    if !operation.tells_presence(Place::Request) {
        return;
    }
    for field in schema.fields() {
        let is_text = types_of(field.node).contains(&"string") || types_of(field.node).is_empty();
        let slot = Slot {
            place: Place::Request,
            field: field.path.clone(),
            schema,
            node: field.node,
            required: field.required,
            facts: field.facts,
            is_text: false,
        };
        let is_named = matches!(field.path.steps().last(), Some(Step::Name(_)));
        if is_named && is_text && !field.required && !is_told_by_rule(&slot) {
            let mut fewer = body.clone();
            remove(&mut fewer, field.path.steps());
            // What one kind of a body has to have is not left out of it.
            if schema.is_valid(&fewer) || !schema.is_valid(body) {
                *body = fewer;
            }
        }
    }
}

fn remove(value: &mut Value, steps: &[Step]) {
    let Some((step, below)) = steps.split_first() else {
        return;
    };
    match (step, value) {
        (Step::Name(name), Value::Object(map)) if below.is_empty() => {
            map.shift_remove(name);
        }
        (Step::Name(name), Value::Object(map)) => {
            if let Some(child) = map.get_mut(name) {
                remove(child, below);
            }
        }
        (Step::Item, Value::Array(items)) => {
            for item in items {
                remove(item, below);
            }
        }
        (Step::Entry, Value::Object(map)) => {
            for entry in map.values_mut() {
                remove(entry, below);
            }
        }
        (Step::Name(_) | Step::Item | Step::Entry, _) => {}
    }
}
