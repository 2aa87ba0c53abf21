//! What is deleted is gone, and deleting it again is answered as documented.

use std::time::Duration;

use serde_json::Value;

use crate::check::Breach;
use crate::contract::{Facet, FieldPath, Meaning, Operation, Place, Rule, parameters_of_path};
use crate::exchange::Exchange;
use crate::generate::Request;

use super::super::Law;
use super::{Life, Outcome, Seen, made, text_of};

/// How long a delete that is only promised (202), or is refused while what it is about is still
/// being made (409), is waited for.
pub(super) const WAITS: [u64; 8] = [20, 50, 100, 200, 400, 800, 1_600, 3_200];

/// Parts of words by which a service that keeps what was deleted says so.
const GONE: [&str; 19] = [
    "delet", "remov", "terminat", "destroy", "archiv", "gone", "cancel", "revok", "expir", "clos",
    "withdr", "deactiv", "inactiv", "trash", "disab", "void", "discard", "retir", "invalid",
];

/// What was deleted is neither shown nor listed.
pub(super) async fn then_gone(life: &Life<'_>) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    let made = life.make(&life.plain_create()?).await?;
    let id = text_of(&made.id);
    // What was never in the list says nothing by being absent from it.
    let was_listed = made::appears_in_list(life, &id).await?;
    let hides = life.resource.list.as_ref().is_some_and(|list| {
        let unlisted = Rule::of_place(Place::Operation, Facet::Meaning(Meaning::Unlisted));
        let list = life.operation(list.operation);
        list.is_ok_and(|list| list.documented(&unlisted).is_some())
    });
    let show = life.resource.show.map(|show| life.operation(show));
    let is_gone = show.is_some_and(|show| show.is_ok_and(Operation::is_gone_once_deleted));
    delete(life, &made.id).await?;
    let mut still = None;
    let mut is_going = false;
    for wait in WAITS {
        still = None;
        is_going = false;
        // Null shows nothing: that its status is a success is for trials of what nobody has to tell.
        let is_shown = |seen: &Seen| seen.is_success() && !is_null(&seen.exchange);
        let shown = life.show(&made.id).await?.filter(is_shown);
        if let Some(seen) = &shown {
            // No other trial sees the states that it has on its way out.
            life.judge_shown(&made, seen, &mut outcome)?;
        }
        if let Some(seen) = shown
            && (is_gone || !is_marked_gone(&seen.body, &made.seen.body))
        {
            is_going = is_on_its_way(&seen.body);
            let message = format!("`{id}` was deleted, and is still shown");
            still = Some((seen.exchange, Breach::StillShown, message));
        } else if was_listed
            && let Some(listed) = life.listed().await?
            && let Some(at) = listed.ids.iter().position(|known| *known == id)
            && (hides
                || !listed
                    .items
                    .get(at)
                    .is_some_and(|item| is_marked_gone(item, &made.seen.body)))
        {
            is_going = listed.items.get(at).is_some_and(is_on_its_way);
            let message = format!("`{id}` was deleted, and is still in the list");
            still = Some((listed.exchange, Breach::StillListed, message));
        }
        if still.is_none() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(wait)).await;
    }
    if is_going && outcome.is_open() {
        return Err("what was deleted is still on its way out".to_owned());
    }
    if let Some((exchange, breach, message)) = still {
        life.broken(&mut outcome, &exchange, breach, message);
    }
    Ok(outcome)
}

/// What belongs to what was deleted is not shown any more. Both are made for this alone: other trials
/// look at what belongs to others.
pub(super) async fn takes_below(life: &Life<'_>) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    let suite = &life.law.context.sender.suite;
    let show_at = life.resource.show.ok_or("nothing shows one")?;
    let show = life.operation(show_at)?;
    let resource = life.resource.parent.and_then(|at| suite.resources.get(at));
    let above = Life {
        law: life.law,
        resource: resource.ok_or("what it belongs to is not in the suite")?,
    };
    // Where the path of an operation names what is deleted.
    let place_in = |operation: &Operation| -> Result<FieldPath, String> {
        let bindings = suite.bindings(operation);
        let is_it =
            |name: &&str| bindings.get(&format!("path.{name}")) == Some(&above.resource.key);
        let name = parameters_of_path(operation).into_iter().find(is_it);
        let name =
            name.ok_or_else(|| format!("{} does not name what it belongs to", operation.id))?;
        Ok(FieldPath::name(name))
    };
    let place = place_in(life.create()?.1)?;
    let parent = above.make(&above.plain_create()?).await?;
    let mut create = life.plain_create()?;
    create.set(Place::Path, &place, Some(parent.id.clone()));
    let made = life.make(&create).await?;
    let mut shown = life.request_about(show_at, &made.id)?;
    shown.set(Place::Path, &place_in(show)?, Some(parent.id.clone()));
    let seen = life.law.look(show, &shown, "what belongs to it").await?;
    if !seen.is_success() {
        return Err(format!("{} answered {}", show.id, seen.status));
    }
    delete(&above, &parent.id).await?;
    let mut still = None;
    for wait in WAITS {
        let after = life.law.look(show, &shown, "what belonged to it").await?;
        let is_shown = after.is_success()
            && !is_null(&after.exchange)
            && !is_marked_gone(&after.body, &made.seen.body);
        still = Some(after).filter(|_| is_shown);
        if still.is_none() {
            return Ok(outcome);
        }
        tokio::time::sleep(Duration::from_millis(wait)).await;
    }
    if let Some(after) = still {
        let message = format!(
            "`{}` was deleted, and `{}`, which belongs to it, is still shown",
            text_of(&parent.id),
            text_of(&made.id)
        );
        life.broken(&mut outcome, &after.exchange, Breach::StillShown, message);
    }
    Ok(outcome)
}

/// Whether the body of an answer is null, and not only no JSON.
fn is_null(exchange: &Exchange) -> bool {
    let answer = exchange.outcome.as_ref().ok();
    answer.is_some_and(|answer| answer.body.trim_ascii() == b"null")
}

/// Whether a record says of itself that it was deleted, which it did not say when it was made.
fn is_marked_gone(record: &Value, before: &Value) -> bool {
    match record {
        Value::Object(map) => map.iter().any(|(name, value)| {
            if !value.is_object() && says(before, name, value) {
                return false;
            }
            let name = name.to_lowercase();
            match value {
                Value::String(text) => {
                    let text = text.to_lowercase();
                    let is_status = ["status", "state", "phase", "stage"]
                        .iter()
                        .any(|part| name.contains(part));
                    is_status
                        && !text.ends_with("ing")
                        && GONE.iter().any(|part| text.contains(part))
                        || name.contains("delet") && !text.is_empty()
                }
                Value::Bool(is_so) => *is_so && name.contains("delet"),
                Value::Object(_) => is_marked_gone(value, before),
                Value::Number(_) | Value::Null | Value::Array(_) => false,
            }
        }),
        _ => false,
    }
}

/// Whether an answer has a field of this name and value, wherever it stands.
fn says(answer: &Value, name: &str, value: &Value) -> bool {
    match answer {
        Value::Object(map) => {
            map.get(name) == Some(value) || map.values().any(|inner| says(inner, name, value))
        }
        Value::Array(items) => items.iter().any(|item| says(item, name, value)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// Whether a record says of itself that it is being deleted: `deleting`.
fn is_on_its_way(record: &Value) -> bool {
    match record {
        Value::Object(map) => map.values().any(|value| match value {
            Value::String(text) => {
                let text = text.to_lowercase();
                text.ends_with("ing") && GONE.iter().any(|part| text.contains(part))
            }
            Value::Object(_) => is_on_its_way(value),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => false,
        }),
        _ => false,
    }
}

/// Deletes a resource; one that is still being made is waited for.
async fn delete(life: &Life<'_>, id: &Value) -> Result<Seen, String> {
    let index = life.resource.delete.ok_or("nothing deletes one")?;
    let mut status = 0;
    for wait in WAITS {
        let seen = life.ask_about(index, id, "a delete").await?;
        if seen.is_success() {
            return Ok(seen);
        }
        status = seen.status;
        if !matches!(status, 409 | 423 | 425) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(wait)).await;
    }
    if status == 409 && end(life, id).await {
        let seen = life.ask_about(index, id, "a delete").await?;
        if seen.is_success() {
            return Ok(seen);
        }
    }
    Err(format!("the delete was answered {status}"))
}

/// Last words of paths by which something is brought to its end, and is there still.
const ENDS: [&str; 12] = [
    "cancel",
    "abort",
    "stop",
    "terminate",
    "close",
    "finish",
    "complete",
    "end",
    "archive",
    "deactivate",
    "disable",
    "suspend",
];

/// Brings what was made for a law to its end, where an act that takes no body does: what goes on may
/// well not be deleted. Whether it was.
async fn end(life: &Life<'_>, id: &Value) -> bool {
    for index in life.resource.acts.iter().copied() {
        let Ok(operation) = life.operation(index) else {
            continue;
        };
        let last = operation.path.rsplit('/').next().unwrap_or_default();
        let is_end = ENDS.contains(&last.to_lowercase().as_str());
        if !is_end || operation.method != "POST" || operation.request_body.is_some() {
            continue;
        }
        let seen = life.ask_about(index, id, "its end").await;
        if seen.is_ok_and(|seen| seen.is_success()) {
            return true;
        }
    }
    false
}

/// A second delete is answered as documented: refused where a refusal of what is not there is
/// documented, else as the first one or refused.
pub(super) async fn again(life: &Life<'_>) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    let index = life.resource.delete.ok_or("nothing deletes one")?;
    let operation = life.operation(index)?;
    let made = life.make(&life.plain_create()?).await?;
    let first = delete(life, &made.id).await?;
    if first.status == 202 {
        wait_until_gone(life, &made.id).await?;
    }
    let second = life.ask_about(index, &made.id, "the same delete").await?;
    let id = text_of(&made.id);
    let refuses = [404, 410]
        .into_iter()
        .find(|status| operation.names(*status));
    let is_repeatable = operation.repeatable().next().is_some();
    if matches!(second.status, 404 | 410)
        && !is_repeatable
        && refuses.is_none()
        && takes_nothing(life, index).await?
    {
        let message = format!(
            "`{id}` was deleted, and deleting it again is answered {}, though the delete of what never was is not refused",
            second.status
        );
        let breach = Breach::DeletedTwice {
            status: second.status,
        };
        life.broken(&mut outcome, &second.exchange, breach, message);
        return Ok(outcome);
    }
    // What is still shown is there for a second delete too: whether it may be is for another law.
    let is_kept = second.is_success()
        && !operation.is_gone_once_deleted()
        && life
            .show(&made.id)
            .await?
            .is_some_and(|seen| seen.is_success());
    let is_right = match second.status {
        200..300 if is_kept => operation.is_documented(second.status),
        404 | 410 => !is_repeatable,
        200..300 if refuses.is_some() && !is_repeatable => false,
        200..300 | 400..500 => operation.is_documented(second.status),
        _ => false,
    };
    if !is_right {
        let wanted = match refuses {
            _ if is_repeatable => "the page says that it is no error".to_owned(),
            Some(status) => format!("{status} is documented for what is not there"),
            None => "no page documents that".to_owned(),
        };
        let message = format!(
            "`{id}` was deleted, and deleting it again is answered {}: {wanted}",
            second.status
        );
        life.broken(
            &mut outcome,
            &second.exchange,
            Breach::DeletedTwice {
                status: second.status,
            },
            message,
        );
    }
    Ok(outcome)
}

/// Whether an operation answers the delete of an id that nobody has as done.
async fn takes_nothing(life: &Life<'_>, index: usize) -> Result<bool, String> {
    let operation = life.operation(index)?;
    let context = life.law.context;
    let id = context.unknown_id(
        operation,
        Some(&life.resource.key),
        &life.resource.parameter,
    );
    let seen = life
        .ask_about(index, &id, "the delete of what never was")
        .await?;
    Ok(seen.is_success())
}

async fn wait_until_gone(life: &Life<'_>, id: &Value) -> Result<(), String> {
    for wait in WAITS {
        match life.show(id).await? {
            Some(seen) if seen.is_success() => {
                tokio::time::sleep(Duration::from_millis(wait)).await;
            }
            Some(_) | None => return Ok(()),
        }
    }
    Err("what was deleted is still on its way out".to_owned())
}

/// Two deletes of an id that nobody has are answered alike: nothing changes between them.
pub(super) async fn of_nothing(law: &Law<'_>) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    let operation = law.operation;
    let request = of_nobody(law, operation)?;
    let first = law.look(operation, &request, "a delete of nothing").await?;
    let second = law.look(operation, &request, "the same delete").await?;
    let is_done = |seen: &Seen| seen.is_success();
    let is_refused = |seen: &Seen| (400..500).contains(&seen.status);
    if is_done(&first) && is_refused(&second) {
        let message = format!(
            "deleting an id that nobody has is answered {}, and deleting it again {}",
            first.status, second.status
        );
        let breach = Breach::DeletedTwice {
            status: second.status,
        };
        law.broken(&mut outcome, &second.exchange, breach, message);
    }
    Ok(outcome)
}

/// The law's request about an id that nobody has.
fn of_nobody(law: &Law<'_>, operation: &Operation) -> Result<Request, String> {
    let parameter = parameters_of_path(operation)
        .pop()
        .ok_or("its path names nothing")?;
    let mut request = law.baseline.clone();
    let path = FieldPath::name(parameter);
    let id = law.context.unknown_id(operation, None, parameter);
    request.set(crate::contract::Place::Path, &path, Some(id));
    Ok(request)
}
