//! The reports of several runs of one suite, put together to one: each trial once, one ledger over
//! all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::Value;

use crate::contract::Suite;
use crate::harness::known_findings::{KnownFindingLine, KnownFindingState};
use crate::harness::{
    Bucket, Latency, LeftOut, Observed, RunResult, Seen, TrialResult, Undocumented, Verdict,
    look_at_all, take_back_what_was_seen,
};

use super::result::{About, Report};

/// Why reports cannot be put together.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// There is none.
    #[error("there is no report to merge")]
    Nothing,
    /// The runs were told different things.
    #[error(
        "the reports are of different runs: `{setting}` is {first} in the first, and {other} in another"
    )]
    Different {
        /// What differs.
        setting: String,
        /// In the first report.
        first: String,
        /// In the other.
        other: String,
    },
    /// The parts are not one run.
    #[error("the reports are not all parts of one run: part {0}")]
    Parts(String),
    /// A trial is of no fact that the suite knows.
    #[error("the reports are of another suite: it has no operation `{0}`")]
    Foreign(String),
}

/// The settings in which runs of one suite may differ: what was selected, and how it was sent.
const FREE: [&str; 9] = [
    "filters",
    "skip",
    "partition",
    "test_threads",
    "timeout_s",
    "rate",
    "budget_s",
    "max_failures",
    "max_writes",
];

/// Puts reports together. A trial that several of them have counts once, with its gravest verdict.
pub fn merge(suite: &Suite, reports: Vec<Report>) -> Result<Report, MergeError> {
    let first = reports.first().ok_or(MergeError::Nothing)?;
    for other in &reports {
        agree(first, other)?;
    }
    complete(&reports)?;
    let about = About {
        level: first.summary.level,
        seed: first.summary.seed,
        endpoints: reports
            .iter()
            .flat_map(|report| report.summary.endpoints.clone())
            .collect(),
        min_coverage: first.summary.min_coverage,
        configuration: configuration(&reports),
        pages: reports
            .iter()
            .flat_map(|report| report.pages.clone())
            .collect(),
    };
    let started_at = reports
        .iter()
        .map(|report| report.summary.started_at.clone())
        .filter(|time| !time.is_empty())
        .min()
        .unwrap_or_default();
    let result = result(suite, reports)?;
    let mut merged = Report::new(suite, result, about);
    merged.summary.started_at = started_at;
    Ok(merged)
}

/// Whether reports of parts are all parts of one run, each once.
fn complete(reports: &[Report]) -> Result<(), MergeError> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for report in reports {
        if let Some(part) = report
            .configuration
            .get("partition")
            .and_then(Value::as_str)
        {
            *seen.entry(part).or_default() += 1;
        }
    }
    if let Some((part, _)) = seen.iter().find(|(_, times)| **times > 1) {
        return Err(MergeError::Parts(format!("{part} is there twice")));
    }
    let count = seen
        .keys()
        .find_map(|part| part.split_once('/')?.1.parse::<u64>().ok())
        .unwrap_or(0);
    match (1..=count)
        .map(|index| format!("{index}/{count}"))
        .find(|part| !seen.contains_key(part.as_str()))
    {
        Some(missing) => Err(MergeError::Parts(format!("{missing} is missing"))),
        None => Ok(()),
    }
}

/// Whether two reports are of runs that were told the same.
fn agree(first: &Report, other: &Report) -> Result<(), MergeError> {
    let settings = |report: &Report| {
        let mut settings = report.configuration.clone();
        settings.retain(|name, _| !FREE.contains(&name.as_str()));
        settings.insert(
            "level".to_owned(),
            Value::from(report.summary.level.as_str()),
        );
        settings.insert("seed".to_owned(), Value::from(report.summary.seed));
        settings
    };
    let (mine, theirs) = (settings(first), settings(other));
    let names: BTreeSet<&String> = mine.keys().chain(theirs.keys()).collect();
    for name in names {
        let value =
            |settings: &BTreeMap<String, Value>| settings.get(name).cloned().unwrap_or_default();
        if value(&mine) != value(&theirs) {
            return Err(MergeError::Different {
                setting: name.clone(),
                first: value(&mine).to_string(),
                other: value(&theirs).to_string(),
            });
        }
    }
    Ok(())
}

/// What all runs were told; of what they were told differently, each once.
fn configuration(reports: &[Report]) -> BTreeMap<String, Value> {
    let mut all: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for report in reports {
        for (name, value) in &report.configuration {
            let values = all.entry(name.clone()).or_default();
            if !values.contains(value) {
                values.push(value.clone());
            }
        }
    }
    all.into_iter()
        .map(|(name, mut values)| {
            let value = match values.len() {
                1 => values.pop().unwrap_or_default(),
                _ => Value::Array(values),
            };
            (name, value)
        })
        .collect()
}

fn result(suite: &Suite, reports: Vec<Report>) -> Result<RunResult, MergeError> {
    let mut merged = RunResult {
        unusable: None,
        trials: Vec::new(),
        requests: 0,
        wall: Duration::ZERO,
        filtered_out: 0,
        dropped: 0,
        lost: 0,
        halted: None,
        created: Vec::new(),
        created_untold: BTreeMap::new(),
        left_out: Vec::new(),
        observed: Observed::default(),
        known_findings: Vec::new(),
    };
    let mut trials: BTreeMap<String, TrialResult> = BTreeMap::new();
    let mut left_out: BTreeMap<String, LeftOut> = BTreeMap::new();
    for report in reports {
        for trial in report.results() {
            let graver = trials
                .get(&trial.name)
                .is_none_or(|known| gravity(known.verdict) < gravity(trial.verdict));
            if graver {
                trials.insert(trial.name.clone(), trial);
            }
        }
        merged.requests += report.summary.requests;
        merged.dropped += report.summary.dropped;
        merged.lost += report.summary.lost;
        merged.wall = merged
            .wall
            .max(Duration::from_millis(report.summary.wall_ms));
        merged.created.extend(report.created);
        for (operation, times) in report.created_untold {
            *merged.created_untold.entry(operation).or_default() += times;
        }
        for trial in report.left_out {
            left_out.insert(trial.name.clone(), trial);
        }
        for (row, seen) in report.shown {
            let sum = merged.observed.rows.entry(row).or_default();
            *sum = Seen {
                values: sum.values + seen.values,
                nulls: sum.nulls + seen.nulls,
            };
        }
        add_undocumented(&mut merged.observed.undocumented, report.undocumented);
        add_latency(&mut merged.observed.latency, report.latency);
        add_known_findings(&mut merged.known_findings, report.known_findings);
        if let Some(halted) = report.halted {
            merged.halted.get_or_insert(halted.cause);
        }
    }
    let known: BTreeSet<String> = suite
        .operations
        .iter()
        .map(crate::contract::Operation::name)
        .collect();
    for trial in trials.values() {
        let operation = trial.fact.operation.to_string();
        if !known.contains(&operation) {
            return Err(MergeError::Foreign(operation));
        }
    }
    left_out.retain(|name, _| !trials.contains_key(name));
    merged.filtered_out = u64::try_from(left_out.len()).unwrap_or(u64::MAX);
    merged.left_out = left_out.into_values().collect();
    merged.trials = trials.into_values().collect();
    take_back_what_was_seen(&merged.observed, &mut merged.trials);
    look_at_all(&merged.observed, &mut merged.trials);
    // As a run tells them: by operation, in the suite's order.
    merged.trials.sort_by_key(|trial| {
        suite
            .operations
            .iter()
            .position(|operation| operation.operation_id() == trial.fact.operation)
    });
    Ok(merged)
}

/// How grave a verdict is: of two runs of one trial, the graver counts.
fn gravity(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Skipped => 0,
        Verdict::Blocked => 1,
        Verdict::Passed => 2,
        Verdict::Known => 3,
        Verdict::Failed => 4,
    }
}

fn add_undocumented(all: &mut Vec<Undocumented>, more: Vec<Undocumented>) {
    for one in more {
        let known = all.iter_mut().find(|known| {
            known.operation == one.operation
                && known.kind == one.kind
                && known.place == one.place
                && known.value == one.value
        });
        match known {
            Some(known) => known.seen += one.seen,
            None => all.push(one),
        }
    }
}

/// Adds up distributions. The quantiles are those of the buckets: no finer than these are wide.
fn add_latency(all: &mut Vec<Latency>, more: Vec<Latency>) {
    for one in more {
        let Some(known) = all
            .iter_mut()
            .find(|known| known.operation == one.operation)
        else {
            all.push(one);
            continue;
        };
        let mut buckets: BTreeMap<u64, u64> = BTreeMap::new();
        for bucket in known.buckets.iter().chain(&one.buckets) {
            *buckets.entry(bucket.to_us).or_default() += bucket.count;
        }
        known.buckets = buckets
            .into_iter()
            .map(|(to_us, count)| Bucket { to_us, count })
            .collect();
        known.count += one.count;
        known.max_us = known.max_us.max(one.max_us);
        let (count, most) = (known.count, known.max_us);
        let quantile = |percent: u64| {
            let mut below = 0;
            known
                .buckets
                .iter()
                .find(|bucket| {
                    below += bucket.count;
                    below * 100 >= count * percent
                })
                .map_or(most, |bucket| bucket.to_us.min(most))
        };
        (known.p50_us, known.p90_us, known.p99_us) = (quantile(50), quantile(90), quantile(99));
    }
}

/// An entry that one part of the trials saw is there, whatever the other parts say of it.
fn add_known_findings(all: &mut Vec<KnownFindingLine>, more: Vec<KnownFindingLine>) {
    let weight = |state: KnownFindingState| match state {
        KnownFindingState::UnexpectedlyFixed => 0,
        KnownFindingState::NotSeen => 1,
        KnownFindingState::Changed => 2,
        KnownFindingState::Known => 3,
        KnownFindingState::Expired => 4,
    };
    for one in more {
        let known = all.iter_mut().find(|known| {
            known.entry.place == one.entry.place
                && known.fact == one.fact
                && known.observed == one.observed
        });
        match known {
            Some(known) if weight(known.state) < weight(one.state) => *known = one,
            Some(_) => {}
            None => all.push(one),
        }
    }
}
