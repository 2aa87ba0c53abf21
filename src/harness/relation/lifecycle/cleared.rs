//! Null takes a value away where the page says that it does: a change with it leaves nothing of the
//! value that was there.

use serde_json::Value;

use crate::check::Breach;
use crate::contract::{Facet, FieldPath, Meaning, Operation, Place};
use crate::generate::{Validity, classify, is_opaque};

use super::record::is_same;
use super::update::{barest, other_value, repeat};
use super::{Life, Outcome, Seen, inner};

/// The most fields that are tried.
const MOST: usize = 3;

/// The fields of a request whose value null takes away, as the page says.
pub(super) fn fields(operation: &Operation) -> impl Iterator<Item = FieldPath> {
    let cleared = Facet::Meaning(Meaning::Cleared);
    let body = operation.request_body.iter();
    body.flat_map(|body| body.schema.record())
        .filter(move |field| field.facts.iter().any(|fact| fact.facet == cleared))
        .filter(|field| !is_opaque(field.facts))
        .map(|field| field.path.clone())
        .take(MOST)
}

pub(super) async fn hold(life: &Life<'_>) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    let operation = life.law.operation;
    let index = life.law.context.sender.index_of(operation);
    let made = life.make(&life.plain_create()?).await?;
    let mut is_tried = false;
    for field in fields(operation) {
        let value = other_value(operation, &field, None);
        let mut shown = None;
        for sent in [value.clone(), Some(Value::Null)] {
            let mut request = life.request_about(index, &made.id)?;
            if operation.method == "PUT"
                && let Some(body) = &operation.request_body
                && let Some(schema) = operation.answer()
            {
                let fields = life.repeated(&body.schema, schema);
                repeat(operation, &mut request, &fields, &made.seen.body);
            } else {
                barest(operation, &mut request);
            }
            let is_last = sent == Some(Value::Null);
            request.set(Place::Request, &field, sent);
            if classify(operation, &request) != Validity::Valid {
                shown = None;
                break;
            }
            let seen = life.ask_patiently(operation, &request, "a change").await?;
            if !seen.is_success() || seen.status == 202 {
                shown = None;
                break;
            }
            // A change need not tell what it changed.
            let now = life.show(&made.id).await?.filter(Seen::is_success);
            let seen = now.unwrap_or(seen);
            let is_there = value.as_ref().is_some_and(|value| {
                inner(&seen.body, &field).is_some_and(|now| is_same(value, now))
            });
            // What is not shown as it was set shows nothing when it is taken away.
            if !is_last && !is_there {
                break;
            }
            shown = is_last.then_some((seen, is_there));
        }
        let Some((seen, is_there)) = shown else {
            continue;
        };
        is_tried = true;
        let schema = operation.request_body.as_ref().map(|body| &body.schema);
        let default = schema.and_then(|schema| schema.field(&field));
        let default = default.and_then(|own| own.node.get(Facet::Default.as_str()));
        if is_there && default != value.as_ref() {
            let value = value.unwrap_or_default();
            let message =
                format!("`{field}` was changed to null, which takes it away, and is {value} still");
            let field = field.to_string();
            life.broken(
                &mut outcome,
                &seen.exchange,
                Breach::NotTakenAway { field },
                message,
            );
            return Ok(outcome);
        }
    }
    if is_tried {
        Ok(outcome)
    } else {
        Err("no answer shows a value that null could take away".to_owned())
    }
}
