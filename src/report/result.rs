//! The result of a run as every report shows it: one type, serialisable, from which each format is made.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::contract::{DocumentationFinding, Level, Suite};
use crate::harness::deviation::DeviationLine;
use crate::harness::{
    Coverage, Finding, Latency, LedgerLine, RunResult, TrialResult, Undocumented, Verdict,
    coverage, ledger,
};

/// The version of the report's form: higher where a reader of the last one would be wrong.
pub(super) const VERSION: u32 = 1;

/// A report.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Report {
    /// The version of this form.
    pub version: u32,
    /// The program that wrote it.
    #[serde(default)]
    pub generator: String,
    /// The totals.
    pub summary: Summary,
    /// What the run was told, credentials left out.
    #[serde(default)]
    pub configuration: BTreeMap<String, Value>,
    /// The distinct findings, the gravest first; `seen` counts cases over all trials.
    pub findings: Vec<Finding>,
    /// Every trial.
    pub trials: Vec<TrialResult>,
    /// Every documented fact.
    pub ledger: Vec<LedgerLine>,
    /// What the ledger amounts to.
    #[serde(default)]
    pub coverage: Coverage,
    /// What the answers held that no page documents.
    #[serde(default)]
    pub undocumented: Vec<Undocumented>,
    /// How long the answers took, by operation.
    #[serde(default)]
    pub latency: Vec<Latency>,
    /// What the pages contradict or leave open.
    pub documentation: Vec<DocumentationFinding>,
    /// What became of each deviation.
    #[serde(default)]
    pub deviations: Vec<DeviationLine>,
}

/// The totals of a run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Summary {
    /// When the run began (RFC 3339).
    #[serde(default)]
    pub started_at: String,
    /// Requests sent.
    pub requests: u64,
    /// Wall time in milliseconds.
    pub wall_ms: u64,
    /// Trials run or skipped.
    pub trials: usize,
    /// Trials by verdict.
    pub passed: usize,
    /// Trials whose findings are all accepted by deviations.
    #[serde(default)]
    pub expected: usize,
    /// Failed trials.
    pub failed: usize,
    /// Skipped trials.
    pub skipped: usize,
    /// Blocked trials.
    pub blocked: usize,
    /// Trials that the filters left out.
    pub filtered_out: u64,
    /// Distinct findings at or above the level that no deviation accepts.
    pub findings: usize,
    /// Distinct findings that a deviation accepts.
    #[serde(default)]
    pub expected_findings: usize,
    /// Documented facts by state.
    pub facts: BTreeMap<String, usize>,
    /// The least level that fails a run.
    pub level: Level,
    /// What generated requests are a function of.
    pub seed: u64,
    /// Where the requests went, by service.
    pub endpoints: BTreeMap<String, String>,
    /// The least coverage that was asked for, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_coverage: Option<f64>,
}

/// What a report says of the run that the run's result does not know.
#[derive(Debug, Clone)]
pub struct About {
    /// The least level that fails a run.
    pub level: Level,
    /// What generated requests are a function of.
    pub seed: u64,
    /// Where the requests went, by service.
    pub endpoints: BTreeMap<String, String>,
    /// The least coverage that was asked for, in percent.
    pub min_coverage: Option<f64>,
    /// What the run was told, credentials left out.
    pub configuration: BTreeMap<String, Value>,
}

impl Report {
    /// The report of a run.
    pub fn new(suite: &Suite, result: RunResult, about: About) -> Self {
        let ledger = ledger(suite, &result);
        let mut facts: BTreeMap<String, usize> = BTreeMap::new();
        for line in &ledger {
            *facts.entry(line.state.as_str().to_owned()).or_default() += 1;
        }
        let mut findings: Vec<Finding> = Vec::new();
        for trial in &result.trials {
            for finding in &trial.findings {
                finding.shown_by(&trial.name).add(&mut findings);
            }
        }
        findings.sort_by(|a, b| b.level.cmp(&a.level).then_with(|| a.fact.cmp(&b.fact)));
        let count = |verdict: Verdict| {
            result
                .trials
                .iter()
                .filter(|trial| trial.verdict == verdict)
                .count()
        };
        let started_at = jiff::Timestamp::now()
            .checked_sub(jiff::SignedDuration::try_from(result.wall).unwrap_or_default())
            .ok()
            .and_then(|time| time.round(jiff::Unit::Second).ok())
            .map_or_else(String::new, |time| time.to_string());
        let summary = Summary {
            started_at,
            requests: result.requests,
            wall_ms: u64::try_from(result.wall.as_millis()).unwrap_or(u64::MAX),
            trials: result.trials.len(),
            passed: count(Verdict::Passed),
            expected: count(Verdict::Expected),
            failed: count(Verdict::Failed),
            skipped: count(Verdict::Skipped),
            blocked: count(Verdict::Blocked),
            filtered_out: result.filtered_out,
            findings: findings
                .iter()
                .filter(|finding| finding.fails(about.level))
                .count(),
            expected_findings: findings
                .iter()
                .filter(|finding| finding.expected.is_some())
                .count(),
            facts,
            level: about.level,
            seed: about.seed,
            endpoints: about.endpoints,
            min_coverage: about.min_coverage,
        };
        Self {
            version: VERSION,
            generator: concat!("docproof ", env!("CARGO_PKG_VERSION")).to_owned(),
            summary,
            configuration: about.configuration,
            findings,
            coverage: coverage(&ledger),
            trials: result.trials,
            ledger,
            undocumented: result.observed.undocumented,
            latency: result.observed.latency,
            deviations: result.deviations,
            documentation: suite
                .services
                .iter()
                .flat_map(crate::contract::Service::documentation)
                .collect(),
        }
    }

    /// Whether the run fails: by a finding that nobody accepts, or by a deviation that has to be mended.
    pub fn fails(&self) -> bool {
        self.summary.findings > 0
            || self.summary.failed > 0
            || self.deviations.iter().any(|line| line.state.fails())
    }

    /// Whether the coverage is below what was asked for: then in a sentence.
    pub fn coverage_gap(&self) -> Option<String> {
        let least = self.summary.min_coverage?;
        let total = &self.coverage.total;
        let decided = total.proven + total.contradicted;
        let testable = total.facts - total.not_testable;
        // Compared before it is rounded.
        let is_below = 100.0 * as_float(decided) < least * as_float(testable);
        is_below.then(|| {
            format!(
                "the coverage is {:.1} %, below the {least} % of `--min-coverage`: {decided} of {testable} documented facts were decided, {} were not tested",
                total.percent, total.not_tested
            )
        })
    }
}

fn as_float(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}
