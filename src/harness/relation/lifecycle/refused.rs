//! What is refused leaves nothing.

use std::time::Duration;

use serde_json::Value;

use crate::check::Breach;
use crate::contract::{FieldPath, Operation, Place};
use crate::generate::{Request, Validity, classify, slots};

use super::record::{is_same, mirrored, value_at};
use super::update::other_value;
use super::{Life, Outcome, text_of};

/// How many refused requests are tried.
const MOST: usize = 4;

/// How long something that should not be there is given to appear.
const LATE: Duration = Duration::from_millis(100);

/// How often it is looked whether another trial made what is in the list, with that pause between.
const ANSWERS: u32 = 20;

/// A refused create leaves nothing in the list.
pub(super) async fn create(life: &Life<'_>) -> Result<Outcome, String> {
    let (_, operation) = life.create()?;
    let mut outcome = Outcome::default();
    let plain = life.plain_create()?;
    let mut is_tried = false;
    let mut before = life.listed().await?.ok_or("nothing lists them")?;
    if before.is_cut {
        return Err("the list is longer than what is read of one".to_owned());
    }
    for invalid in broken_ones(operation, &plain) {
        let seen = life
            .law
            .look(operation, &invalid, "a create that breaks a rule")
            .await?;
        if !(400..500).contains(&seen.status)
            || matches!(seen.status, 401 | 403 | 404 | 409 | 423 | 425 | 429)
        {
            // What was taken is no doing of the next one that is refused.
            before = life.listed().await?.ok_or("nothing lists them")?;
            continue;
        }
        is_tried = true;
        tokio::time::sleep(LATE).await;
        let after = life.listed().await?.ok_or("nothing lists them")?;
        // Others make things too, this run's other trials among them: what is new has to be what
        // was refused.
        let sender = &life.law.context.sender;
        let is_it = |id: &String, item: &Value| {
            !before.ids.contains(id)
                && !sender.has_created(id)
                && says(life, operation, &invalid, item)
        };
        let mut listed = after.ids.iter().zip(&after.items);
        let Some((id, _)) = listed.find(|(id, item)| is_it(id, item)) else {
            continue;
        };
        let id = id.clone();
        // A create of another trial may be in the list before its answer is here.
        let mut is_of_another = false;
        for _ in 0..ANSWERS {
            is_of_another = sender.has_created(&id);
            if is_of_another {
                break;
            }
            tokio::time::sleep(LATE).await;
        }
        if is_of_another {
            before = life.listed().await?.ok_or("nothing lists them")?;
            continue;
        }
        let message = format!(
            "a create was answered {}, and `{id}` is in the list",
            seen.status
        );
        life.broken(
            &mut outcome,
            &after.exchange,
            Breach::RefusedAndDone,
            message,
        );
        return Ok(outcome);
    }
    if is_tried {
        Ok(outcome)
    } else {
        Err("no create that breaks a rule was refused".to_owned())
    }
}

/// Whether an item of the list has what a request said: at least one of the values that it sent.
fn says(life: &Life<'_>, operation: &Operation, request: &Request, item: &Value) -> bool {
    let Some(body) = &operation.request_body else {
        return true;
    };
    let Some(collection) = &life.resource.list else {
        return true;
    };
    let Ok(list) = life.operation(collection.operation) else {
        return true;
    };
    let Some(schema) = list.answer() else {
        return true;
    };
    let item_schema = schema
        .field(&collection.items.item())
        .and_then(|field| schema.part_of(&field));
    let Some(item_schema) = item_schema else {
        return true;
    };
    mirrored(&body.schema, &item_schema).iter().any(|field| {
        let sent = request.get(Place::Request, &field.sent);
        let now = value_at(item, &field.shown);
        sent.is_some_and(|sent| now.is_some_and(|now| is_same(&sent, now)))
    })
}

/// Requests that break exactly one rule: a mandatory field is left out, or a field has what it does
/// not take.
fn broken_ones(operation: &Operation, plain: &Request) -> Vec<Request> {
    let mut found = Vec::new();
    for slot in slots(operation) {
        if slot.place != Place::Request || slot.field.has_item() || found.len() == MOST {
            continue;
        }
        let mut candidates = Vec::new();
        if slot.required {
            candidates.push(None);
        }
        candidates.extend([
            Some(Value::from("x".repeat(5_000))),
            Some(Value::from(-1)),
            Some(Value::from("no such value")),
        ]);
        let refused = candidates.into_iter().find_map(|value| {
            let mut request = plain.clone();
            request.set(Place::Request, &slot.field, value);
            let is_one = matches!(
                classify(operation, &request),
                Validity::Invalid(broken) if broken.len() == 1
            );
            is_one.then_some(request)
        });
        found.extend(refused);
    }
    found
}

/// A refused change leaves everything as it was.
pub(super) async fn update(life: &Life<'_>) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    let operation = life.law.operation;
    let index = life.law.context.sender.index_of(operation);
    let made = life.make(&life.plain_create()?).await?;
    let show = life.operation(life.resource.show.ok_or("nothing shows one")?)?;
    let (Some(body), Some(schema)) = (&operation.request_body, show.answer()) else {
        return Err("no documented answer shows the fields that it changes".to_owned());
    };
    let fields = mirrored(&body.schema, schema);
    let mut before = life.shown_new(&made.id).await?.ok_or("nothing shows one")?;
    if !before.is_success() {
        return Err(format!("{} answered {}", show.id, before.status));
    }
    let plain = life.request_about(index, &made.id)?;
    let mut is_tried = false;
    for invalid in broken_ones(operation, &plain) {
        // Beside the rule that is broken, everything is to be changed: what is taken shows.
        let request = changed(operation, &invalid, &fields, &before.body);
        let seen = life
            .ask_patiently(operation, &request, "a change that breaks a rule")
            .await?;
        if !(400..500).contains(&seen.status)
            || matches!(seen.status, 401 | 403 | 404 | 409 | 423 | 425 | 429)
        {
            before = life.show(&made.id).await?.ok_or("nothing shows one")?;
            continue;
        }
        is_tried = true;
        let after = life.show(&made.id).await?.ok_or("nothing shows one")?;
        for field in &fields {
            let (old, now) = (
                value_at(&before.body, &field.shown)
                    .cloned()
                    .unwrap_or_default(),
                value_at(&after.body, &field.shown)
                    .cloned()
                    .unwrap_or_default(),
            );
            if is_same(&old, &now) {
                continue;
            }
            let message = format!(
                "a change was answered {}, and `{}` of `{}` is {now} instead of {old}",
                seen.status,
                field.shown,
                text_of(&made.id)
            );
            life.broken(
                &mut outcome,
                &after.exchange,
                Breach::RefusedAndDone,
                message,
            );
            return Ok(outcome);
        }
    }
    if is_tried {
        Ok(outcome)
    } else {
        Err("no change that breaks a rule was refused".to_owned())
    }
}

/// A request that breaks one rule, with other values in all fields that it can change beside that.
fn changed(
    operation: &Operation,
    invalid: &Request,
    fields: &[super::record::Mirrored],
    before: &Value,
) -> Request {
    let mut request = invalid.clone();
    let class = classify(operation, invalid);
    for field in fields {
        let old = value_at(before, &field.shown);
        let Some(value) = other_value(operation, &field.sent, old) else {
            continue;
        };
        let mut varied = request.clone();
        varied.set(Place::Request, &field.sent, Some(value));
        let keeps = is_untouched(&request, invalid, &field.sent);
        if keeps && classify(operation, &varied) == class {
            request = varied;
        }
    }
    request
}

/// Whether a field is not the one that breaks the rule: it has a value that is as it was.
fn is_untouched(request: &Request, invalid: &Request, field: &FieldPath) -> bool {
    request.get(Place::Request, field) == invalid.get(Place::Request, field)
}
