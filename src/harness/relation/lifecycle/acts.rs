//! What an act tells of a resource is what is shown of it afterwards: an order that is told as
//! cancelled is no open one. And what can be done once is refused the second time, where the page says
//! so.

use serde_json::Value;

use crate::check::Breach;
use crate::contract::{FieldPath, Identity, Operation, Place, Resource, is_state, told_by_act};
use crate::generate::{Validity, classify};
use crate::harness::ground::undoes;

use super::record::{is_same, mirrored, value_at};
use super::update::other_value;
use super::{Life, Made, Outcome, Seen, delete, text_of};

/// How many of a resource's other acts are tried until one makes it ready for this one.
const MOST_BEFORE: usize = 4;

/// How often it is looked whether what is told is shown.
const LOOKS: usize = 5;

/// Words of states that a service goes on from by itself: it may well be where it was before.
const PASSING: [&str; 10] = [
    "pending",
    "queued",
    "waiting",
    "scheduled",
    "submitted",
    "accepted",
    "received",
    "requested",
    "planned",
    "init",
];

/// Whether a text is a state that a service goes on from by itself.
fn is_passing(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default().to_lowercase();
    text.ends_with("ing") || PASSING.iter().any(|word| text.starts_with(word))
}

/// Last words of paths that only work something out, and change nothing.
const ONLY_TOLD: [&str; 22] = [
    "preview",
    "render",
    "validate",
    "check",
    "verify",
    "test",
    "simulate",
    "estimate",
    "quote",
    "calculate",
    "compute",
    "convert",
    "translate",
    "dry-run",
    "dry_run",
    "diff",
    "compare",
    "search",
    "query",
    "export",
    "evaluate",
    "try",
];

/// Whether an act's answer tells of what it was about: of a resource that an operation shows.
pub(super) fn tells(resource: &Resource, act: &Operation, operations: &[Operation]) -> bool {
    let last = act.path.trim_end_matches('/').rsplit('/').next();
    let word = last.unwrap_or_default().to_lowercase();
    let show = resource.show.and_then(|show| operations.get(show));
    let told = show.map_or_else(Vec::new, |show| told_by_act(act, show));
    // What is shown as verified was verified, and not only looked at.
    let is_done = |path: &FieldPath| {
        let name = path.last_name().unwrap_or_default().to_lowercase();
        let stem = word.trim_end_matches(['e', 'y']);
        stem.len() > 2 && name.starts_with(stem) && name.ends_with("ed")
    };
    let only_told = ONLY_TOLD.contains(&word.as_str());
    if only_told {
        told.iter().any(is_done)
    } else {
        !told.is_empty()
    }
}

/// Whether a change is asked for in another form than what is shown of what it changes, as a list of
/// steps is (RFC 6902): then what it tells is all that it can be held to.
pub(super) fn is_of_steps(
    resource: &Resource,
    change: &Operation,
    operations: &[Operation],
) -> bool {
    let show = resource.show.and_then(|show| operations.get(show));
    let shown = show.and_then(Operation::answer);
    let body = change.request_body.as_ref();
    let (Some(shown), Some(body)) = (shown, body) else {
        return false;
    };
    change.method == "PATCH"
        && !body.examples.is_empty()
        && mirrored(&body.schema, shown).is_empty()
        && tells(resource, change, operations)
}

/// A resource on which an act was done.
struct Done {
    made: Made,
    /// What was shown before, where it was.
    before: Option<Seen>,
    seen: Seen,
}

/// Does an act on something new: as it is made, else as another act or its delete leaves it.
async fn done(life: &Life<'_>) -> Result<Done, String> {
    let operation = life.law.operation;
    let index = life.law.context.sender.index_of(operation);
    let acts = life.resource.acts.iter().copied();
    let before = acts.filter(|act| *act != index).take(MOST_BEFORE);
    let before = before.chain(life.resource.delete);
    let mut refused = String::new();
    for first in std::iter::once(None).chain(before.map(Some)) {
        let made = life.make(&life.plain_create()?).await?;
        life.shown_new(&made.id).await?;
        if let Some(first) = first {
            let ready = life.ask_about(first, &made.id, "what comes before").await;
            if !ready.is_ok_and(|seen| seen.is_success()) {
                continue;
            }
        }
        let before = life.show(&made.id).await?.filter(Seen::is_success);
        let mut request = life.request_about(index, &made.id)?;
        if let (Some(body), Some(before)) = (&operation.request_body, &before) {
            for field in body.schema.fields().filter(|field| field.required) {
                let now = value_at(&before.body, field.path);
                let sent = request.get(Place::Request, field.path);
                let value = other_value(operation, field.path, now);
                let is_told = now.is_some() && sent.as_ref() == now;
                let mut varied = request.clone();
                varied.set(Place::Request, field.path, value.clone());
                if is_told && value.is_some() && classify(operation, &varied) == Validity::Valid {
                    request = varied;
                }
            }
        }
        let seen = life.law.look(operation, &request, "an act").await?;
        if seen.is_success() {
            return Ok(Done { made, before, seen });
        }
        refused = format!(
            "it was answered {} on all that was made for it",
            seen.status
        );
        if !matches!(seen.status, 400 | 404 | 409 | 410 | 412 | 422) {
            break;
        }
    }
    Err(refused)
}

/// A field that an act tells in another way than it was before, and that is shown as it was before
/// still; none where all that it tells is shown. It says why that is not known.
async fn undone(life: &Life<'_>, done: &Done) -> Result<Option<(FieldPath, Seen)>, String> {
    let show = life.operation(life.resource.show.ok_or("nothing shows one")?)?;
    let Done { made, before, seen } = done;
    if seen.status == 202 || !is_of(life.resource, &seen.body, &made.id) {
        return Err("its answer is about something else".to_owned());
    }
    let before = before.as_ref().ok_or("nothing was shown before it")?;
    let old = |path: &FieldPath| value_at(&before.body, path);
    // A text that no request names may be worked out for the answer alone, but for a state, and for
    // what a change tells.
    let body = life.law.operation.request_body.as_ref();
    let is_change = life.law.operation.method == "PATCH";
    let is_meant = |path: &FieldPath| {
        let is_text = value_at(&seen.body, path).is_some_and(Value::is_string);
        !is_text
            || is_change
            || is_state(path)
            || body.is_some_and(|body| body.schema.field(path).is_some())
    };
    let changed: Vec<FieldPath> = told_by_act(life.law.operation, show)
        .into_iter()
        .filter(is_meant)
        .filter(|path| {
            let now = value_at(&seen.body, path);
            now.is_some_and(|now| {
                !is_passing(now) && old(path).is_none_or(|old| !is_same(old, now))
            })
        })
        .collect();
    if changed.is_empty() {
        return Err("it changes nothing that is shown".to_owned());
    }
    let mut still = None;
    for wait in delete::WAITS.into_iter().take(LOOKS) {
        let after = life.show(&made.id).await?.ok_or("nothing shows one")?;
        if !after.is_success() {
            return Err(format!("{} answered {} afterwards", show.id, after.status));
        }
        let is_as_before = |path: &&FieldPath| match (old(path), value_at(&after.body, path)) {
            (Some(old), Some(now)) => is_same(old, now),
            (old, now) => old.is_none() && now.is_none(),
        };
        let path = changed.iter().find(is_as_before).cloned();
        still = path.map(|path| (path, after));
        if still.is_none() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(wait)).await;
    }
    Ok(still)
}

/// Holds what an act tells against what is shown afterwards: what is as it was before was not done.
pub(super) async fn is_shown(life: &Life<'_>) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    let operation = life.law.operation;
    let show = life.operation(life.resource.show.ok_or("nothing shows one")?)?;
    let done = done(life).await?;
    if done.is_return(operation) {
        if let Some(after) = still_gone(life, &done).await? {
            let message = format!(
                "{} of `{}` was answered {}, and {} answers {} for it afterwards",
                operation.id,
                text_of(&done.made.id),
                done.seen.status,
                show.id,
                after.status
            );
            life.broken(&mut outcome, &after.exchange, Breach::NotShown, message);
        }
        return Ok(outcome);
    }
    if let Some((path, after)) = undone(life, &done).await? {
        let value = |seen: &Seen| value_at(&seen.body, &path).cloned().unwrap_or_default();
        let message = format!(
            "{} of `{}` told `{path}` as {}, and {} shows {} still, as before",
            operation.id,
            text_of(&done.made.id),
            value(&done.seen),
            show.id,
            value(&after)
        );
        let field = path.to_string();
        let breach = Breach::ShownOtherwise { field };
        life.broken(&mut outcome, &after.exchange, breach, message);
    }
    Ok(outcome)
}

/// The answer by which what was brought back, and was not shown before, is not shown afterwards
/// either; none where it is.
async fn still_gone(life: &Life<'_>, done: &Done) -> Result<Option<Seen>, String> {
    let Done { made, seen, .. } = done;
    if seen.status == 202 || !is_of(life.resource, &seen.body, &made.id) {
        return Err("its answer is about something else".to_owned());
    }
    let after = life.shown_new(&made.id).await?.ok_or("nothing shows one")?;
    Ok(Some(after).filter(|after| matches!(after.status, 404 | 410)))
}

impl Done {
    /// Whether something was brought back that was not shown before.
    fn is_return(&self, operation: &Operation) -> bool {
        self.before.is_none() && undoes(operation).is_some()
    }
}

/// Whether an answer is about the resource of an id.
fn is_of(resource: &Resource, body: &Value, id: &Value) -> bool {
    let create = resource.create.as_ref();
    let told = create.and_then(|create| match &create.identity {
        Identity::Answered(path) | Identity::Sent(path) => value_at(body, path),
        Identity::Chosen | Identity::Located => None,
    });
    let told = told
        .or_else(|| body.get(&resource.parameter))
        .or_else(|| body.get("id"));
    told.is_some_and(|told| text_of(told) == text_of(id))
}

/// Asks for the same thing twice of something that was made for it.
pub(super) async fn is_refused(life: &Life<'_>) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    let index = life.law.context.sender.index_of(life.law.operation);
    let done = done(life).await?;
    let made = &done.made;
    // What is only started may well be started again, and so may what was not done.
    if done.seen.status == 202 {
        return Err("it was only started (202)".to_owned());
    }
    if life.resource.show.is_some() {
        let is_undone = if done.is_return(life.law.operation) {
            matches!(still_gone(life, &done).await, Ok(Some(_)))
        } else {
            matches!(undone(life, &done).await, Ok(Some(_)))
        };
        if is_undone {
            return Err("it was not done the first time".to_owned());
        }
    }
    let second = life
        .ask_about(index, &made.id, "the same once more")
        .await?;
    if second.is_success() {
        let status = second.status;
        let message = format!(
            "`{}` was asked for it twice, and the second time is answered {status}: 409 is documented \
             for what is done already",
            text_of(&made.id)
        );
        let breach = Breach::DoneTwice { status };
        life.broken(&mut outcome, &second.exchange, breach, message);
    }
    Ok(outcome)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case(json!("pending"), true)]
    #[case(json!("Restarting"), true)]
    #[case(json!("queued"), true)]
    #[case(json!("paid"), false)]
    #[case(json!(3), false)]
    fn a_service_goes_on_from_some_states_by_itself(#[case] value: Value, #[case] expected: bool) {
        assert_eq!(is_passing(&value), expected);
    }
}
