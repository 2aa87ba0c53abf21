//! Snapshot trials: a fixed set of requests is sent before any other trial, one after the other,
//! and what is answered is held against files that people reviewed. Reading operations come first,
//! so that they see the target as it was.

use std::collections::HashMap;
use std::sync::Arc;

use crate::check::{Check, Seen, Subject};
use crate::contract::{Level, Suite, Topic};
use crate::exchange::TransportError;
use crate::generate::{Case, Expectation, PlannedCase};
use crate::snapshot::{Held, Part, Store, render};

use super::attempt::attempt;
use super::finding::Finding;
use super::fixture::TrialContext;
use super::run_context::RunContext;
use super::trial::{Kind, Shot, Taken, Trial, Verdict, Work};

/// Which trials' requests make a snapshot, its name, and whether all cases of a trial are sent or
/// its first.
const GROUPS: &[(&str, Kind, bool)] = &[
    ("example", Kind::Example, true),
    ("rejects", Kind::Rejects, false),
    ("resource", Kind::Resource, false),
    ("auth", Kind::Auth, false),
    ("method", Kind::Method, false),
    ("malformed", Kind::Malformed, false),
];

/// How many changed lines a finding shows.
const MOST_LINES: usize = 12;

/// The snapshot trials of a plan.
pub fn snapshots(suite: &Suite, trials: &[Trial]) -> Vec<Trial> {
    let mut planned = Vec::new();
    for (index, operation) in suite.operations.iter().enumerate() {
        for (group, kind, whole) in GROUPS {
            let own = || {
                trials
                    .iter()
                    .filter(|trial| trial.operation == index && trial.kind == *kind)
            };
            let mut shots = Vec::new();
            for trial in own() {
                let Work::Cases(cases) = &trial.work else {
                    continue;
                };
                let chosen = if *whole {
                    cases.planned(operation)
                } else {
                    let first = cases.first(operation);
                    let stands = |case: &PlannedCase| cases.make(operation, case).is_some();
                    first.filter(stands).into_iter().collect()
                };
                for case in chosen {
                    // What is too large is for gateways to answer, and says little of the endpoint.
                    if case.expectation == Expectation::Oversized {
                        continue;
                    }
                    shots.push(Shot {
                        title: title(&operation.name(), &trial.name, &case.label),
                        subject: trial.subject.clone(),
                        case,
                    });
                }
            }
            let skipped = own().find_map(|trial| match &trial.work {
                Work::Skip(reason) => Some(reason.clone()),
                _ => None,
            });
            let work = match skipped {
                _ if !shots.is_empty() => Work::Snapshot(shots),
                Some(reason) => Work::Skip(reason),
                None => continue,
            };
            let fact = operation.about(Topic::Snapshot((*group).to_owned()));
            planned.push(Trial {
                subject: Subject {
                    fact: fact.clone(),
                    rows: operation.facts.clone(),
                    level: Level::Should,
                    documented: "the reviewed snapshot".to_owned(),
                },
                name: fact.to_string(),
                kind: Kind::Snapshot,
                operation: index,
                claims: Vec::new(),
                work,
                lock: None,
            });
        }
    }
    planned
}

/// `request.remark::type: a number`.
fn title(operation: &str, trial: &str, label: &str) -> String {
    let about = trial
        .strip_prefix(operation)
        .unwrap_or(trial)
        .trim_start_matches("::");
    let about = about
        .strip_suffix("::rejects")
        .or_else(|| about.strip_suffix("::accepts"))
        .unwrap_or(about);
    format!("{about}: {label}")
}

/// Takes the snapshots of these trials, by name.
pub(super) async fn take(
    run: &Arc<RunContext>,
    store: &Store,
    trials: &[Trial],
) -> HashMap<String, Taken> {
    let mut order: Vec<&Trial> = trials.iter().collect();
    order.sort_by_key(|trial| {
        let operations = &run.sender.suite.operations;
        let operation = operations.get(trial.operation);
        operation.is_some_and(crate::contract::Operation::writes)
    });
    let mut taken = HashMap::new();
    run.sender.memory.watch_draws();
    for trial in order {
        if let Work::Snapshot(shots) = &trial.work {
            let context = TrialContext::new(run);
            taken.insert(trial.name.clone(), one(&context, store, trial, shots).await);
            context.release().await;
        }
    }
    run.sender.memory.forget_draws();
    taken
}

async fn one(context: &TrialContext, store: &Store, trial: &Trial, shots: &[Shot]) -> Taken {
    let Some(operation) = context.sender.suite.operations.get(trial.operation) else {
        return (Verdict::Skipped, None, 0, Vec::new());
    };
    let mut requests = 0;
    let mut findings = Vec::new();
    let mut exchanges = Vec::new();
    let cases: Vec<Case> = shots
        .iter()
        .map(|shot| {
            let mut case = shot.case.make();
            context.mark(operation, &shot.subject.fact, &mut case.request);
            case
        })
        .collect();
    for (shot, case) in shots.iter().zip(&cases) {
        let mut blocked = None;
        let judged = attempt(
            context,
            operation,
            case,
            &shot.subject,
            &mut requests,
            &mut blocked,
        )
        .await;
        if let Some(reason) = blocked {
            return (Verdict::Blocked, Some(reason), requests, findings);
        }
        if let Err(error @ TransportError::Connect(_)) = &judged.exchange.outcome {
            return (
                Verdict::Blocked,
                Some(error.to_string()),
                requests,
                findings,
            );
        }
        for observation in judged.observations {
            context
                .finding(observation, &judged.case, &judged.exchange)
                .add_to(&mut findings);
        }
        exchanges.push(judged.exchange);
    }
    let parts: Vec<Part<'_>> = shots
        .iter()
        .zip(&cases)
        .zip(&exchanges)
        .map(|((shot, case), exchange)| Part {
            title: &shot.title,
            case,
            exchange,
        })
        .collect();
    let text = render(
        operation,
        &parts,
        &context.sender.target.resources,
        &context.sender.memory.draws(),
        &context.sender.redactor,
    );
    let description = format!(
        "what {} {} answers: {}",
        operation.method,
        operation.path,
        trial.name.rsplit("::").next().unwrap_or_default()
    );
    match store.hold(&trial.name, &description, &text) {
        Ok(Held::Agrees) => {}
        Ok(Held::New { pending }) => {
            let message = format!(
                "there is no reviewed snapshot: review `{}`",
                pending.display()
            );
            findings.push(finding(trial, message, Seen::NoSnapshot));
        }
        Ok(Held::Differs { pending, changes }) => {
            let mut lines: Vec<String> = changes
                .iter()
                .filter(|line| line.starts_with(['-', '+']))
                .cloned()
                .collect();
            let more = lines.len().saturating_sub(MOST_LINES);
            lines.truncate(MOST_LINES);
            let seen = Seen::SnapshotDiffers { lines };
            let message = format!(
                "the answers differ from the snapshot: {seen}{}; review `{}`",
                if more > 0 {
                    format!(" and {more} lines more")
                } else {
                    String::new()
                },
                pending.display()
            );
            findings.push(finding(trial, message, seen));
        }
        Err(error) => {
            return (
                Verdict::Blocked,
                Some(error.to_string()),
                requests,
                findings,
            );
        }
    }
    (context.verdict(&findings), None, requests, findings)
}

/// A finding about a snapshot as a whole: no single exchange shows it.
fn finding(trial: &Trial, message: String, seen: Seen) -> Finding {
    let subject = &trial.subject;
    Finding {
        documented: subject.documented.clone(),
        rows: subject.rows.clone(),
        case: "the requests of the snapshot".to_owned(),
        ..Finding::of_no_exchange(
            subject.fact.clone(),
            Check::Snapshot,
            seen,
            subject.level,
            message,
        )
    }
}

/// What became of a snapshot that was taken before the trials.
pub(super) fn taken(context: &TrialContext, name: &str) -> Taken {
    let reason = || Some("the snapshot was not taken".to_owned());
    let missing = || (Verdict::Blocked, reason(), 0, Vec::new());
    context.snapshot(name).unwrap_or_else(missing)
}
