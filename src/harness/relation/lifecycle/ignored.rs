//! What the service alone sets is not taken from a request, where the page says so: refused or left
//! aside, but never shown.

use serde_json::Value;

use crate::check::Breach;
use crate::contract::{Facet, FieldPath, Meaning, Operation, Place, Resource};
use crate::generate::sample;

use super::record::is_same;
use super::{Life, Outcome, Seen, inner, text_of};

/// The most fields that are tried.
const MOST: usize = 5;

/// How many values of a field are tried until one is another than is shown.
const VARIETIES: usize = 6;

/// How far a number is from the one that the service has set: it may count by itself.
const FAR: i64 = 4_711;

/// The fields of a request of which the page says that the service leaves them aside.
pub(super) fn fields(operation: &Operation) -> impl Iterator<Item = FieldPath> {
    let ignored = Facet::Meaning(Meaning::Ignored);
    let body = operation.request_body.iter();
    body.flat_map(|body| body.schema.fields())
        .filter(|field| !field.path.has_item() && !field.path.has_entry())
        .filter(move |field| field.facts.iter().any(|fact| fact.facet == ignored))
        .map(|field| field.path.clone())
        .take(MOST)
}

pub(super) async fn hold(life: &Life<'_>) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    let operation = life.law.operation;
    let (index, _) = life.create()?;
    let own = life.law.context.sender.index_of(operation);
    let made = life.make(&life.plain_create()?).await?;
    let shown = life.shown_new(&made.id).await?.filter(Seen::is_success);
    let before = shown.map_or_else(|| made.seen.body.clone(), |seen| seen.body);
    let mut is_tried = false;
    for field in fields(operation).filter(|field| !is_identity(life.resource, field)) {
        let now = inner(&before, &field);
        let Some(value) = now.and_then(|now| other(operation, &field, now)) else {
            continue;
        };
        let (mut request, label) = if own == index {
            (life.plain_create()?, "a create")
        } else {
            (life.request_about(own, &made.id)?, "a change")
        };
        request.set(Place::Request, &field, Some(value.clone()));
        let seen = life.law.look(operation, &request, label).await?;
        is_tried = true;
        if !seen.is_success() {
            continue;
        }
        let id = if own == index {
            life.resource.create.as_ref().and_then(|create| {
                let parameter = &life.resource.parameter;
                crate::harness::created::id_of(&create.identity, parameter, &seen.exchange)
            })
        } else {
            Some(made.id.clone())
        };
        let shown = match &id {
            Some(id) => life.shown_new(id).await?.filter(Seen::is_success),
            None => None,
        };
        let told = [Some(seen), shown].into_iter().flatten();
        let wrong = told
            .filter(|seen| inner(&seen.body, &field).is_some_and(|now| is_same(&value, now)))
            .last();
        if let Some(seen) = wrong {
            let message = format!(
                "the service alone sets `{field}`, and `{}` has the {value} of {label}",
                id.as_ref().map(text_of).unwrap_or_default()
            );
            let field = field.to_string();
            life.broken(
                &mut outcome,
                &seen.exchange,
                Breach::TakenOver { field },
                message,
            );
            return Ok(outcome);
        }
    }
    if is_tried {
        Ok(outcome)
    } else {
        Err("no answer shows what the service alone sets".to_owned())
    }
}

/// Whether a field is what the resource is known by: another one there makes another resource.
fn is_identity(resource: &Resource, field: &FieldPath) -> bool {
    let name = field.last_name().unwrap_or_default();
    let own = format!("{}_id", resource.noun);
    matches!(name, "id" | "uuid") || name == resource.parameter || name == own
}

/// A value of a field's type that the service has hardly set by itself.
fn other(operation: &Operation, field: &FieldPath, now: &Value) -> Option<Value> {
    let schema = &operation.request_body.as_ref()?.schema;
    let node = schema.field(field)?.node;
    match now {
        Value::Number(number) => Some(Value::from(number.as_i64()?.checked_add(FAR)?)),
        Value::String(_) => (0..VARIETIES)
            .map(|variety| sample(schema, node, variety))
            .find(|value| value.is_string() && !is_same(value, now)),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}
