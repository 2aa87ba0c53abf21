//! The result of a run as every report shows it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::contract::{DocumentationFinding, Level, Suite};
use crate::harness::{Finding, LedgerLine, RunResult, State, TrialResult, Verdict, ledger};

/// The version of the report's form.
pub(super) const VERSION: u32 = 1;

/// A report.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Report {
    /// The version of this form.
    pub version: u32,
    /// The totals.
    pub summary: Summary,
    /// The distinct findings, the gravest first; `seen` counts cases over all trials.
    pub findings: Vec<Finding>,
    /// Every trial.
    pub trials: Vec<TrialResult>,
    /// Every documented fact.
    pub ledger: Vec<LedgerLine>,
    /// What the pages contradict or leave open.
    pub documentation: Vec<DocumentationFinding>,
}

/// The totals of a run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Summary {
    /// Requests sent.
    pub requests: u64,
    /// Wall time in milliseconds.
    pub wall_ms: u64,
    /// Trials run or skipped.
    pub trials: usize,
    /// Trials by verdict.
    pub passed: usize,
    /// Failed trials.
    pub failed: usize,
    /// Skipped trials.
    pub skipped: usize,
    /// Blocked trials.
    pub blocked: usize,
    /// Trials that the filters left out.
    pub filtered_out: u64,
    /// Distinct findings at or above the level.
    pub findings: usize,
    /// Documented facts by state.
    pub facts: BTreeMap<String, usize>,
    /// The least level that fails a run.
    pub level: Level,
    /// What generated requests are a function of.
    pub seed: u64,
    /// Where the requests went, by service.
    pub endpoints: BTreeMap<String, String>,
}

impl Report {
    /// The report of a run.
    pub fn new(
        suite: &Suite,
        result: RunResult,
        level: Level,
        seed: u64,
        endpoints: BTreeMap<String, String>,
    ) -> Self {
        let ledger = ledger(suite, &result.trials);
        let mut facts: BTreeMap<String, usize> = BTreeMap::new();
        for line in &ledger {
            *facts.entry(state_word(line.state).to_owned()).or_default() += 1;
        }
        let mut findings: Vec<Finding> = Vec::new();
        for finding in result.trials.iter().flat_map(|trial| &trial.findings) {
            finding.clone().add(&mut findings);
        }
        findings.sort_by(|a, b| b.level.cmp(&a.level).then_with(|| a.fact.cmp(&b.fact)));
        let count = |verdict: Verdict| {
            result
                .trials
                .iter()
                .filter(|trial| trial.verdict == verdict)
                .count()
        };
        let summary = Summary {
            requests: result.requests,
            wall_ms: u64::try_from(result.wall.as_millis()).unwrap_or(u64::MAX),
            trials: result.trials.len(),
            passed: count(Verdict::Passed),
            failed: count(Verdict::Failed),
            skipped: count(Verdict::Skipped),
            blocked: count(Verdict::Blocked),
            filtered_out: result.filtered_out,
            findings: findings
                .iter()
                .filter(|finding| finding.level >= level)
                .count(),
            facts,
            level,
            seed,
            endpoints,
        };
        Self {
            version: VERSION,
            summary,
            findings,
            trials: result.trials,
            ledger,
            documentation: suite
                .services
                .iter()
                .flat_map(crate::contract::Service::documentation)
                .collect(),
        }
    }
}

/// A state's words.
pub(super) fn state_word(state: State) -> &'static str {
    match state {
        State::Proven => "proven",
        State::Contradicted => "contradicted",
        State::NotTested => "not-tested",
        State::NotTestable => "not-testable",
    }
}
