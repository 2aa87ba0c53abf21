//! The ledger: every documented row x facet with its state after the run. Nothing documented is silently skipped.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::contract::{Fact, Suite};

use super::trial::{Kind, TrialResult, Verdict};

/// The state of a fact after a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Tried, from both sides where it has two, and held.
    Proven,
    /// Broken in at least one case.
    Contradicted,
    /// Not tried, with the reason.
    NotTested,
    /// Prose that no test can be made of.
    NotTestable,
}

/// A line of the ledger.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LedgerLine {
    /// The fact.
    pub fact: String,
    /// Its state.
    pub state: State,
    /// Why it was not tested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The rows that state it.
    pub rows: Vec<Fact>,
}

/// The ledger of a run.
pub fn ledger(suite: &Suite, trials: &[TrialResult]) -> Vec<LedgerLine> {
    let mut by_fact: BTreeMap<&str, Vec<&TrialResult>> = BTreeMap::new();
    let mut contradicted: BTreeSet<&str> = BTreeSet::new();
    for trial in trials {
        by_fact.entry(trial.fact.as_str()).or_default().push(trial);
        for finding in &trial.findings {
            contradicted.insert(finding.fact.as_str());
        }
    }
    let mut lines = Vec::new();
    for operation in &suite.operations {
        for fact in operation.facts() {
            let tried = by_fact
                .get(fact.name.as_str())
                .map(Vec::as_slice)
                .unwrap_or_default();
            let (state, reason) = if contradicted.contains(fact.name.as_str()) {
                (State::Contradicted, None)
            } else if fact.facet == "prose" {
                (State::NotTestable, None)
            } else {
                judge(&fact.place, &fact.facet, tried, &by_fact, &operation.name())
            };
            lines.push(LedgerLine {
                fact: fact.name,
                state,
                reason,
                rows: fact.rows,
            });
        }
    }
    lines
}

fn judge(
    place: &str,
    facet: &str,
    tried: &[&TrialResult],
    by_fact: &BTreeMap<&str, Vec<&TrialResult>>,
    operation: &str,
) -> (State, Option<String>) {
    if let Some(skipped) = tried
        .iter()
        .find(|trial| matches!(trial.verdict, Verdict::Skipped | Verdict::Blocked))
    {
        return (State::NotTested, skipped.reason.clone());
    }
    if tried.iter().any(|trial| trial.verdict == Verdict::Passed) {
        return (State::Proven, None);
    }
    if !tried.is_empty() {
        return (
            State::NotTested,
            Some("the trial failed on another fact".to_owned()),
        );
    }
    if place.starts_with("response-5") {
        return (
            State::NotTested,
            Some("no request brings about a server error".to_owned()),
        );
    }
    // Method and path are proven by any request that was served.
    let example = format!("{operation}::request::example");
    let served = by_fact.get(example.as_str()).is_some_and(|trials| {
        trials
            .iter()
            .any(|trial| trial.kind == Kind::Example && trial.verdict == Verdict::Passed)
    });
    if served && (place == "operation" || place == "path" || facet == "emptyBody") {
        return if facet == "emptyBody" {
            (State::NotTested, Some("no trial is made of it".to_owned()))
        } else {
            (State::Proven, None)
        };
    }
    let reason = match (place, facet) {
        ("header", _) => "the client sends this header by itself",
        (_, "nullable" | "default") if place.starts_with("response-") => {
            "it allows, and so cannot be broken"
        }
        _ => "no case could be made, or the trial was not selected",
    };
    (State::NotTested, Some(reason.to_owned()))
}
