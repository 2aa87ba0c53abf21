//! A job: what a request only starts (202) is told by another resource, which comes to an end.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::check::Breach;
use crate::contract::{FieldPath, Identity, Operation, Resource, Suite, enum_values};

use super::super::Law;
use super::record::value_at;
use super::{Life, Outcome, text_of};

/// How long a job is watched.
const WATCHED: Duration = Duration::from_secs(10);

/// The pause between two looks.
const PAUSE: Duration = Duration::from_millis(50);

/// How often a final status is looked at again.
const FINAL_LOOKS: u32 = 4;

/// Words that say that a job is over, and of these those that say that it went well.
const WELL: [&str; 8] = [
    "success",
    "succeed",
    "complete",
    "done",
    "finish",
    "available",
    "ready",
    "ended",
];
const BADLY: [&str; 6] = ["fail", "error", "cancel", "abort", "timeout", "reject"];

/// Names of the field that says how far a job is.
const PROGRESS: [&str; 4] = ["progress", "percent", "percentage", "percent_complete"];

/// Words that say that it is not over, though they hold one of those.
const OPEN: [&str; 3] = ["partial", "-ing", "incomplete"];

/// The resource that tells of what an operation has only started, as a place among the suite's, and
/// where its answer has the id.
pub(in crate::harness) fn job_of(
    suite: &Suite,
    operation: &Operation,
) -> Option<(usize, FieldPath)> {
    let started = operation.response(202).filter(|_| operation.names(202))?;
    let schema = started.schema.as_deref()?;
    let candidates = suite.resources.iter().enumerate();
    candidates
        .filter(|(_, resource)| resource.service == operation.service && resource.show.is_some())
        .find_map(|(place, resource)| {
            let own = format!("{}_id", resource.noun);
            let is_other = |creates: usize| {
                suite
                    .operations
                    .get(creates)
                    .is_some_and(|create| !std::ptr::eq(create, operation))
            };
            let is_made_here = resource
                .create
                .as_ref()
                .is_some_and(|create| !is_other(create.operation))
                && !resource.tells_of(operation);
            if resource.key.is_empty() {
                return None;
            }
            if is_made_here {
                return made_here(suite, resource).map(|path| (place, path));
            }
            // The operation that a run starts one by tells where its answer has the id.
            let started = resource.create.as_ref();
            let started = started.filter(|create| !is_other(create.operation));
            if let Some(Identity::Answered(path)) = started.map(|create| &create.identity) {
                return Some((place, path.clone()));
            }
            let field = schema.fields().find(|field| {
                !field.path.has_item() && field.path.last_name() == Some(own.as_str())
            })?;
            // A path that names the resource already does not start a new one.
            (!operation.path.contains(&format!("{{{own}}}"))).then(|| (place, field.path.clone()))
        })
}

/// Where the answer that only starts a job has its id, where what shows it tells its progress and a
/// status in which it is over.
fn made_here(suite: &Suite, resource: &Resource) -> Option<FieldPath> {
    let Identity::Answered(path) = &resource.create.as_ref()?.identity else {
        return None;
    };
    let show = suite.operations.get(resource.show?)?;
    let (_, values) = status_of(show)?;
    let ends = values
        .iter()
        .any(|own| holds(own, &WELL) || holds(own, &BADLY));
    let mut fields = show.answer()?.fields();
    let tells = fields.any(|field| {
        let name = field.path.last_name().unwrap_or_default();
        !field.path.has_item() && PROGRESS.contains(&name)
    });
    (ends && tells).then(|| path.clone())
}

/// The field of a record that says how far it is, and its documented values.
fn status_of(show: &Operation) -> Option<(FieldPath, Vec<String>)> {
    let schema = show.answer()?;
    schema
        .fields()
        .filter(|field| !field.path.has_item())
        .find_map(|field| {
            let name = field.path.last_name()?;
            let values = enum_values(field.node);
            let is_status = ["status", "state", "phase"].contains(&name) && !values.is_empty();
            is_status.then(|| {
                let words = values
                    .iter()
                    .filter_map(Value::as_str)
                    .map(str::to_owned)
                    .collect();
                (field.path.clone(), words)
            })
        })
}

fn holds(status: &str, words: &[&str]) -> bool {
    let status = status.to_lowercase();
    let is_open = OPEN.iter().any(|word| status.contains(word)) || status.ends_with("ing");
    !is_open && words.iter().any(|word| status.contains(word))
}

/// What was started is shown, its status ends in a final one and stays there, and its progress does
/// not go back. Whether it ends in time, no page says.
pub(super) async fn ends(law: &Law<'_>, resource: &Resource) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    let life = Life { law, resource };
    let suite = &law.context.sender.suite;
    let (_, pointer) = job_of(suite, law.operation).ok_or("its answer tells no job")?;
    let show = life.operation(resource.show.ok_or("nothing shows one")?)?;
    let started = law
        .look(law.operation, &law.baseline, "what is started")
        .await?;
    if started.status != 202 {
        return Err(format!("it was answered {}, not 202", started.status));
    }
    let Some(id) = value_at(&started.body, &pointer).cloned() else {
        return Err(format!("the answer has no `{pointer}`"));
    };
    let (field, _) = status_of(show).ok_or("its page lists no statuses")?;
    let begun = Instant::now();
    let mut end: Option<(String, u32)> = None;
    let mut furthest = None;
    loop {
        let seen = life.shown_new(&id).await?.ok_or("nothing shows one")?;
        if matches!(seen.status, 404 | 410) {
            let message = format!(
                "{} told the {} `{}`, and {} answers {} for it",
                law.operation.id,
                resource.noun,
                text_of(&id),
                show.id,
                seen.status
            );
            life.broken(&mut outcome, &seen.exchange, Breach::NotShown, message);
            return Ok(outcome);
        }
        if !seen.is_success() {
            return Err(format!("{} answered {}", show.id, seen.status));
        }
        let status = value_at(&seen.body, &field).and_then(Value::as_str);
        let status = status.unwrap_or_default().to_owned();
        let progress = progress(&seen.body);
        if let (Some(now), Some(before)) = (progress, furthest)
            && now < before
        {
            let message = format!("the progress was {before}, and is {now}");
            life.broken(
                &mut outcome,
                &seen.exchange,
                Breach::ProgressWentBack,
                message,
            );
            return Ok(outcome);
        }
        furthest = progress.or(furthest);
        let is_final = holds(&status, &WELL) || holds(&status, &BADLY);
        match &mut end {
            Some((known, _)) if *known != status => {
                let message = format!("the status was {known}, which is final, and is {status}");
                life.broken(
                    &mut outcome,
                    &seen.exchange,
                    Breach::StatusWentBack,
                    message,
                );
                return Ok(outcome);
            }
            Some((_, looks)) if *looks >= FINAL_LOOKS => break,
            Some((_, looks)) => *looks += 1,
            None if is_final => end = Some((status, 0)),
            None if begun.elapsed() > WATCHED => {
                return Err(format!(
                    "the status is still {status} after {} s",
                    WATCHED.as_secs()
                ));
            }
            None => {}
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(outcome)
}

/// How far a record says that it is, in percent.
fn progress(record: &Value) -> Option<f64> {
    let Value::Object(map) = record else {
        return None;
    };
    let own = PROGRESS.iter().find_map(|name| map.get(*name));
    match own {
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => text.trim().trim_end_matches('%').parse().ok(),
        _ => map
            .values()
            .filter(|value| value.is_object())
            .find_map(progress),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("SUCCESS", true, false)]
    #[case("Completed", true, false)]
    #[case("FAILED", false, true)]
    #[case("running", false, false)]
    #[case("completing", false, false)]
    #[case("INIT", false, false)]
    fn some_statuses_are_final(#[case] status: &str, #[case] well: bool, #[case] badly: bool) {
        assert_eq!(holds(status, &WELL), well);
        assert_eq!(holds(status, &BADLY), badly);
    }

    #[test]
    fn progress_is_read_in_percent() {
        let record = serde_json::json!({ "job": { "progress": "40 %".replace(' ', "") } });
        assert_eq!(progress(&record), Some(40.0));
    }
}
