//! What became of each known finding in a run: still there, gone, changed, or not tried.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::FactId;
use crate::harness::finding::{Finding, KnownEntry};
use crate::harness::trial::{Kind, TrialResult, Verdict};

use super::{KnownFinding, KnownFindings};

/// The state of a known finding after a run.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum KnownFindingState {
    /// Still there, as accepted.
    Known,
    /// It could not be told: what would show it was not run, or the entry says that it does not
    /// always show.
    NotSeen,
    /// The fact is broken in another way, which is a finding.
    Changed,
    /// Everything that would show it was run, and it is gone: the entry has to go too.
    UnexpectedlyFixed,
    /// Its last day has passed: it accepts nothing any more.
    Expired,
}

impl KnownFindingState {
    /// Whether an entry in this state fails a run: the file has to be mended. What has changed
    /// fails by its new finding.
    pub fn fails(self) -> bool {
        matches!(self, Self::UnexpectedlyFixed | Self::Expired)
    }

    /// The state in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::NotSeen => "not seen",
            Self::Changed => "changed",
            Self::UnexpectedlyFixed => "unexpectedly fixed",
            Self::Expired => "expired",
        }
    }
}

/// A known finding with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct KnownFindingLine {
    /// The fact.
    pub fact: FactId,
    /// What is accepted.
    pub observed: String,
    /// Why, until when, and where it stands.
    #[serde(flatten)]
    pub entry: KnownEntry,
    /// What became of it.
    pub state: KnownFindingState,
    /// What to know of that, in a clause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A planned trial, as far as it matters here.
#[derive(Debug, Clone)]
pub struct Planned {
    /// Its name.
    pub name: String,
    /// The fact that it is about.
    pub fact: FactId,
    /// Its kind.
    pub kind: Kind,
}

/// What became of each entry. `planned` are all trials, those that filters left out included.
pub fn settle(
    known_findings: &KnownFindings,
    planned: &[Planned],
    results: &[TrialResult],
) -> Vec<KnownFindingLine> {
    let findings: Vec<&Finding> = results
        .iter()
        .flat_map(|trial| &trial.findings)
        .flat_map(Finding::with_related)
        .collect();
    known_findings
        .entries
        .iter()
        .map(|entry| {
            let (state, note) = state(entry, planned, results, &findings);
            KnownFindingLine {
                fact: entry.fact.clone(),
                observed: entry.accepted.to_string(),
                entry: entry.entry(),
                state,
                note,
            }
        })
        .collect()
}

fn state(
    entry: &KnownFinding,
    planned: &[Planned],
    results: &[TrialResult],
    findings: &[&Finding],
) -> (KnownFindingState, Option<String>) {
    let mut seen = findings.iter().filter(|finding| finding.fact == entry.fact);
    let is_there = seen.clone().any(|finding| entry.is_about(finding));
    if entry.has_expired {
        let note = if is_there {
            "the finding is still there"
        } else {
            "the finding was not seen"
        };
        return (KnownFindingState::Expired, Some(note.to_owned()));
    }
    if is_there {
        return (KnownFindingState::Known, None);
    }
    if let Some(other) = seen.next() {
        return (
            KnownFindingState::Changed,
            Some(format!("now observed: {}", other.fingerprint)),
        );
    }
    match undecided(entry, planned, results) {
        Some(reason) => (KnownFindingState::NotSeen, Some(reason)),
        None if entry.sometimes => (
            KnownFindingState::NotSeen,
            Some("it does not always show".to_owned()),
        ),
        None => (KnownFindingState::UnexpectedlyFixed, None),
    }
}

/// Why it cannot be said that a known finding is gone; `None` if it can.
fn undecided(entry: &KnownFinding, planned: &[Planned], results: &[TrialResult]) -> Option<String> {
    let own: Vec<&Planned> = planned
        .iter()
        .filter(|trial| match &entry.trial {
            Some(name) => trial.name == *name,
            None => trial.fact == entry.fact,
        })
        .collect();
    if own.is_empty() && entry.trial.is_some() {
        return Some("the trial that shows it is not in this run's plan".to_owned());
    }
    if !own.is_empty() {
        return own.iter().find_map(|trial| not_decided(trial, results));
    }
    // No trial is about it alone: every answer of the operation is held against it.
    let mut all = planned
        .iter()
        .filter(|trial| trial.fact.operation == entry.fact.operation);
    all.find_map(|trial| {
        let left_out = !results.iter().any(|result| result.name == trial.name);
        let needed = left_out || trial.kind == Kind::Example;
        needed.then(|| not_decided(trial, results)).flatten()
    })
}

/// Why a trial says nothing about a known finding that it would show.
fn not_decided(trial: &Planned, results: &[TrialResult]) -> Option<String> {
    let Some(result) = results.iter().find(|result| result.name == trial.name) else {
        return Some(format!("`{}` was not selected", trial.name));
    };
    match result.verdict {
        Verdict::Passed => None,
        Verdict::Skipped | Verdict::Blocked => Some(format!(
            "`{}` was {}: {}",
            trial.name,
            if result.verdict == Verdict::Skipped {
                "skipped"
            } else {
                "blocked"
            },
            result.reason.as_deref().unwrap_or("no reason was given")
        )),
        // What is generated stops at its first finding, and a law at the request that it cannot go
        // on from.
        Verdict::Failed | Verdict::Known => matches!(trial.kind, Kind::Property | Kind::Relation)
            .then(|| format!("`{}` ended at another finding", trial.name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Check, Seen};
    use crate::contract::Level;
    use crate::harness::known_findings::Accepted;
    use rstest::rstest;

    const FACT: &str = "s::O::request.a::maxLength";

    fn seen(code: u16) -> Seen {
        Seen::Status { code }
    }

    fn entry(code: u16) -> KnownFinding {
        KnownFinding {
            fact: FACT.parse().unwrap(),
            accepted: Accepted::Seen {
                check: Check::Status,
                fingerprint: seen(code),
            },
            reason: "r".to_owned(),
            ticket: None,
            owner: None,
            expires: None,
            sometimes: false,
            trial: None,
            place: "d.toml:1".to_owned(),
            has_expired: false,
        }
    }

    fn planned(name: &str, kind: Kind) -> Planned {
        Planned {
            name: name.to_owned(),
            fact: FACT.parse().unwrap(),
            kind,
        }
    }

    fn result(name: &str, verdict: Verdict, codes: &[u16]) -> TrialResult {
        TrialResult {
            claims: Vec::new(),
            name: name.to_owned(),
            kind: Kind::Rejects,
            fact: FACT.parse().unwrap(),
            verdict,
            reason: None,
            requests: 1,
            cases: 1,
            elapsed_ms: 1,
            findings: codes.iter().map(|code| finding(*code)).collect(),
        }
    }

    fn finding(code: u16) -> Finding {
        Finding::of_no_exchange(
            FACT.parse().unwrap(),
            Check::Status,
            seen(code),
            Level::Must,
            String::new(),
        )
    }

    #[rstest]
    #[case::there("t", Verdict::Known, &[200], KnownFindingState::Known)]
    #[case::otherwise("t", Verdict::Failed, &[500], KnownFindingState::Changed)]
    #[case::gone("t", Verdict::Passed, &[], KnownFindingState::UnexpectedlyFixed)]
    #[case::skipped("t", Verdict::Skipped, &[], KnownFindingState::NotSeen)]
    #[case::blocked("t", Verdict::Blocked, &[], KnownFindingState::NotSeen)]
    #[case::left_out("u", Verdict::Passed, &[], KnownFindingState::NotSeen)]
    fn a_deviation_is_gone_only_if_what_shows_it_was_run(
        #[case] name: &str,
        #[case] verdict: Verdict,
        #[case] codes: &[u16],
        #[case] expected: KnownFindingState,
    ) {
        let results = [result(name, verdict, codes)];
        let known_findings = KnownFindings {
            entries: vec![entry(200)],
        };
        let lines = settle(&known_findings, &[planned("t", Kind::Rejects)], &results);
        assert_eq!(lines[0].state, expected);
    }

    #[test]
    fn what_does_not_always_show_is_never_called_fixed() {
        let mut entry = entry(200);
        entry.sometimes = true;
        let known_findings = KnownFindings {
            entries: vec![entry],
        };
        let results = [result("t", Verdict::Passed, &[])];
        let lines = settle(&known_findings, &[planned("t", Kind::Rejects)], &results);
        assert_eq!(lines[0].state, KnownFindingState::NotSeen);
    }

    #[test]
    fn an_expired_entry_accepts_nothing_and_fails() {
        let mut entry = entry(200);
        entry.has_expired = true;
        let known_findings = KnownFindings {
            entries: vec![entry],
        };
        assert!(known_findings.accepts(&finding(200)).is_none());
        let results = [result("t", Verdict::Failed, &[200])];
        let lines = settle(&known_findings, &[planned("t", Kind::Rejects)], &results);
        assert!(lines[0].state.fails());
    }

    #[test]
    fn a_fact_without_a_trial_of_its_own_needs_the_whole_operation() {
        let mut about = entry(200);
        about.fact = "s::O::response-200::contentType".parse().unwrap();
        let known_findings = KnownFindings {
            entries: vec![about],
        };
        let plan = [
            planned("s::O::request::example", Kind::Example),
            planned("s::O::request.a::maxLength::rejects", Kind::Rejects),
        ];
        let run = |names: &[&str]| {
            let results: Vec<TrialResult> = names
                .iter()
                .map(|name| result(name, Verdict::Passed, &[]))
                .collect();
            settle(&known_findings, &plan, &results)[0].state
        };
        assert_eq!(
            run(&[
                "s::O::request::example",
                "s::O::request.a::maxLength::rejects"
            ]),
            KnownFindingState::UnexpectedlyFixed
        );
        assert_eq!(run(&["s::O::request::example"]), KnownFindingState::NotSeen);
    }
}
