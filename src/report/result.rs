//! The result of a run as every report shows it: one type, serialisable, from which each format is
//! made.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::contract::{DocumentationFinding, FactId, Level, Suite};
use crate::harness::known_findings::KnownFindingLine;
use crate::harness::{
    AbortReason, Because, Coverage, Created, Finding, Latency, LedgerLine, LeftOut, Related,
    RunResult, Seen, State, Tally, TrialResult, Undocumented, Verdict, coverage, ledger,
};

use super::cause::Causes;

/// What stands in reports for the address of the embedded mock.
pub const EMBEDDED: &str = "embedded mock";

/// The version of the report's form: higher where a reader of the last one would be wrong.
pub(super) const VERSION: u32 = 3;

/// What `docproof run --report json=FILE` writes. A new optional field does not raise the version;
/// whatever would mislead a reader of the last version does.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "docproof report", deny_unknown_fields)]
pub struct Report {
    /// The version of this form.
    #[schemars(extend("const" = VERSION))]
    pub version: u32,
    /// The program that wrote it.
    #[serde(default)]
    pub generator: String,
    /// The totals.
    pub summary: Summary,
    /// What the run was told, credentials left out.
    #[serde(default)]
    pub configuration: BTreeMap<String, Value>,
    /// The distinct findings, the gravest first, one for each cause: what else has the cause is
    /// `related`. `seen` counts cases over all trials.
    pub findings: Vec<Finding>,
    /// Every trial.
    pub trials: Vec<TrialResult<FindingReference>>,
    /// Every documented fact.
    pub ledger: Vec<LedgerLine>,
    /// What the ledger amounts to.
    #[serde(default)]
    pub coverage: Coverage,
    /// What the answers held that no page documents.
    #[serde(default)]
    pub undocumented: Vec<Undocumented>,
    /// How often each documented row of an answer had a value, by the row's name: a fact's name
    /// without its facet.
    #[serde(default)]
    pub shown: BTreeMap<String, Seen>,
    /// The trials that were not selected.
    #[serde(default)]
    pub left_out: Vec<LeftOut>,
    /// How long the answers took, by operation.
    #[serde(default)]
    pub latency: Vec<Latency>,
    /// What the pages contradict or leave open.
    pub documentation: Vec<DocumentationFinding>,
    /// What became of each known finding.
    #[serde(default)]
    pub known_findings: Vec<KnownFindingLine>,
    /// Why the run ended before its last trial, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub halted: Option<Halted>,
    /// What the run created.
    #[serde(default)]
    pub created: Vec<Created>,
    /// How much more each operation created of which no answer told an id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub created_untold: BTreeMap<String, u64>,
    /// Where the pages stand, by service and name (`dcs/copy-instance.md`), where it is known.
    #[serde(default)]
    pub pages: BTreeMap<String, String>,
}

/// A finding of a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct FindingReference {
    /// Its index in the report's `findings`, counted from 0.
    pub finding: usize,
    /// Where it is one of those that have the cause of that finding: its index in `related`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub related: Option<usize>,
    /// In how many of the trial's cases it was seen.
    pub seen: u64,
}

/// Why a run ended early.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Halted {
    /// The cause.
    pub cause: AbortReason,
    /// The same in a sentence.
    pub message: String,
}

/// What a run amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Whatever was tried is as documented.
    AsDocumented,
    /// The same, but for findings that are known.
    AsKnown,
    /// There is no finding that nobody accepts, but most of what can be tested was not decided, or
    /// less than the run asks for.
    LittleDecided,
    /// There are findings at or above the level that nobody accepts.
    Findings,
    /// There is none, but entries for known findings need attention.
    KnownFindings,
    /// Nothing was tried.
    #[default]
    NothingTested,
    /// The run ended before its last trial, without a finding until then.
    Incomplete,
}

/// The totals of a run.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Summary {
    /// What the run amounts to.
    #[serde(default)]
    pub outcome: Outcome,
    /// When the run began (RFC 3339).
    #[serde(default)]
    pub started_at: String,
    /// Requests sent.
    pub requests: u64,
    /// Generated requests that did not stand in their class on the wire, and were not sent.
    #[serde(default)]
    pub dropped: u64,
    /// Requests that were not answered, and were when they were sent again.
    #[serde(default)]
    pub lost: u64,
    /// Wall time in milliseconds.
    pub wall_ms: u64,
    /// Trials run or skipped.
    pub trials: usize,
    /// Passed trials.
    pub passed: usize,
    /// Trials whose findings are all known.
    #[serde(default)]
    pub known: usize,
    /// Failed trials.
    pub failed: usize,
    /// Skipped trials.
    pub skipped: usize,
    /// Blocked trials.
    pub blocked: usize,
    /// Trials that the filters left out.
    pub filtered_out: u64,
    /// Distinct findings at or above the level that is not known.
    pub findings: usize,
    /// Distinct findings that is known.
    #[serde(default)]
    pub known_findings: usize,
    /// Documented facts by state.
    pub facts: BTreeMap<String, usize>,
    /// The lowest severity that fails a run.
    pub level: Level,
    /// What generated requests are a function of.
    pub seed: u64,
    /// Where the requests went, by service.
    pub endpoints: BTreeMap<String, String>,
    /// The lowest coverage that passes, in percent of the testable facts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 100))]
    pub min_coverage: Option<f64>,
}

impl Summary {
    /// Whether the run says nothing of the endpoint: nothing passed, or all that passed looks at
    /// the pages alone while the rest was not tried, or no documented fact was decided by a run of
    /// all trials.
    pub fn tested_nothing(&self) -> bool {
        self.passed + self.known == 0
            || self.requests == 0 && self.skipped + self.blocked > 0
            || self.decided_nothing()
    }

    /// Whether a run of all trials decided none of the documented facts that can be tested, though it
    /// tried some. Where docproof itself sends next to nothing, that is told, and no fault of the run.
    fn decided_nothing(&self) -> bool {
        let of = |state: State| self.facts.get(state.as_str()).copied().unwrap_or_default();
        self.filtered_out == 0
            && (self.blocked > 0 || self.passed > 1)
            && self.known == 0
            && of(State::Proven) + of(State::Contradicted) == 0
            && of(State::NotTested) > 0
    }
}

/// What a report says of the run that the run's result does not know.
#[derive(Debug, Clone)]
pub struct About {
    /// The lowest severity that fails a run.
    pub level: Level,
    /// What generated requests are a function of.
    pub seed: u64,
    /// Where the requests went, by service.
    pub endpoints: BTreeMap<String, String>,
    /// The lowest coverage that passes, in percent of the testable facts.
    pub min_coverage: Option<f64>,
    /// What the run was told, credentials left out.
    pub configuration: BTreeMap<String, Value>,
    /// Where the pages stand, by service and name.
    pub pages: BTreeMap<String, String>,
}

impl Report {
    /// The report of a run.
    pub fn new(suite: &Suite, result: RunResult, about: About) -> Self {
        let ledger = ledger(suite, &result);
        let mut facts: BTreeMap<String, usize> = BTreeMap::new();
        for line in &ledger {
            *facts.entry(line.state.as_str().to_owned()).or_default() += 1;
        }
        let causes = Causes {
            suite,
            level: about.level,
            halted: result.halted.as_ref(),
        };
        let (findings, trials) = causes.distinct(result.trials);
        let coverage = coverage(&ledger);
        let count = |verdict: Verdict| {
            trials
                .iter()
                .filter(|trial| trial.verdict == verdict)
                .count()
        };
        let started_at = jiff::Timestamp::now()
            .checked_sub(jiff::SignedDuration::try_from(result.wall).unwrap_or_default())
            .ok()
            .and_then(|time| time.round(jiff::Unit::Second).ok())
            .map_or_else(String::new, |time| time.to_string());
        let failing = findings
            .iter()
            .filter(|finding| finding.fails(about.level))
            .count();
        let known_findings = findings
            .iter()
            .filter(|finding| finding.known.is_some())
            .count();
        let (passed, failed) = (count(Verdict::Passed), count(Verdict::Failed));
        let mut summary = Summary {
            outcome: Outcome::NothingTested,
            started_at,
            requests: result.requests,
            dropped: result.dropped,
            lost: result.lost,
            wall_ms: u64::try_from(result.wall.as_millis()).unwrap_or(u64::MAX),
            trials: trials.len(),
            passed,
            known: count(Verdict::Known),
            failed,
            skipped: count(Verdict::Skipped),
            blocked: count(Verdict::Blocked),
            filtered_out: result.filtered_out,
            findings: failing,
            known_findings,
            facts,
            level: about.level,
            seed: about.seed,
            endpoints: about.endpoints,
            min_coverage: about.min_coverage,
        };
        summary.outcome = match &result.halted {
            _ if failing > 0 || failed > 0 => Outcome::Findings,
            Some(_) => Outcome::Incomplete,
            _ if summary.tested_nothing() => Outcome::NothingTested,
            _ if result.known_findings.iter().any(|line| line.state.fails()) => {
                Outcome::KnownFindings
            }
            _ if coverage.total.is_mostly_open()
                || is_below(&coverage.total, about.min_coverage) =>
            {
                Outcome::LittleDecided
            }
            _ if known_findings > 0 => Outcome::AsKnown,
            _ => Outcome::AsDocumented,
        };
        // What was made in the run's own mock is gone with it.
        let is_gone = summary.endpoints.values().all(|url| url == EMBEDDED);
        Self {
            version: VERSION,
            generator: concat!("docproof ", env!("CARGO_PKG_VERSION")).to_owned(),
            summary,
            configuration: about.configuration,
            findings,
            coverage,
            trials,
            ledger,
            undocumented: result.observed.undocumented,
            shown: result.observed.rows,
            left_out: result.left_out,
            latency: result.observed.latency,
            known_findings: result.known_findings,
            documentation: suite
                .services
                .iter()
                .flat_map(crate::contract::Service::documentation)
                .cloned()
                .collect(),
            halted: result.halted.map(|cause| Halted {
                message: cause.to_string(),
                cause,
            }),
            created: if is_gone { Vec::new() } else { result.created },
            created_untold: if is_gone {
                BTreeMap::new()
            } else {
                result.created_untold
            },
            pages: about.pages,
        }
    }

    /// The results of the trials, each with its findings: of one that several trials show, there is
    /// one exchange.
    pub fn results(&self) -> impl Iterator<Item = TrialResult> {
        let finding = |reference: FindingReference| {
            let cause = self.findings.get(reference.finding)?;
            let mut finding = match reference.related {
                None => cause.clone(),
                Some(related) => cause.related.get(related)?.finding.clone(),
            };
            finding.seen = reference.seen;
            finding.trials.clear();
            // What another trial has found itself is told with that trial.
            let is_shown = |related: &Related| related.because == Because::ShowsStored;
            finding.related.retain(is_shown);
            Some(finding)
        };
        self.trials
            .iter()
            .map(move |trial| trial.clone().tell(finding))
    }

    /// Whether the run fails: by a finding that nobody accepts, or by an entry for a known finding
    /// that needs attention.
    pub fn fails(&self) -> bool {
        self.summary.findings > 0
            || self.summary.failed > 0
            || self.known_findings.iter().any(|line| line.state.fails())
    }

    /// The findings that fail the run.
    pub fn failing(&self) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .filter(|finding| finding.fails(self.summary.level))
    }

    /// The ids of the resources that the run has left behind, each once, whichever answers told of
    /// it, by the operation that made them.
    pub fn left_behind(&self) -> BTreeMap<&str, Vec<&str>> {
        let (removed, left): (Vec<&Created>, Vec<&Created>) = self
            .created
            .iter()
            .partition(|one| one.removed == Some(true));
        let mut told: BTreeSet<&str> = removed.iter().map(|one| one.id.as_str()).collect();
        let mut by_operation: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for one in left {
            if told.insert(&one.id) {
                by_operation
                    .entry(&one.operation)
                    .or_default()
                    .push(&one.id);
            }
        }
        by_operation
    }

    /// The findings that are known.
    pub fn accepted(&self) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .filter(|finding| finding.known.is_some())
    }

    /// The findings below the level that fails a run.
    pub fn lesser(&self) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .filter(|finding| finding.level < self.summary.level && finding.known.is_none())
    }

    /// How many of the failing findings are about facts that no row states by itself, such as laws
    /// between answers: the ledger does not count them.
    pub fn beyond_ledger(&self) -> usize {
        let stated: BTreeSet<&FactId> = self.ledger.iter().map(|line| &line.fact).collect();
        self.failing()
            .filter(|finding| !stated.contains(&finding.fact))
            .count()
    }

    /// Why documented facts were not tested, the most frequent reason first.
    pub fn reasons(&self) -> Vec<(String, usize)> {
        frequent(
            self.ledger
                .iter()
                .filter(|line| line.state == State::NotTested)
                .filter_map(|line| line.reason.as_deref())
                // Each names its own trial: told apart, what a filter or a part left out would
                // never be the most frequent reason.
                .map(|reason| {
                    if reason.ends_with(" was not selected") {
                        "their trials were not selected".to_owned()
                    } else {
                        reason.to_owned()
                    }
                }),
        )
    }

    /// Why trials were skipped or blocked, the most frequent reason first.
    pub fn skips(&self) -> Vec<(String, usize)> {
        frequent(self.trials.iter().filter_map(|trial| {
            match trial.verdict {
                Verdict::Skipped => trial.reason.clone(),
                Verdict::Blocked => trial
                    .reason
                    .as_ref()
                    .map(|reason| format!("blocked: {reason}")),
                Verdict::Passed | Verdict::Known | Verdict::Failed => None,
            }
        }))
    }

    /// The trials that the end of the run kept from being decided: not begun, or not gone through.
    pub fn cut_short(&self) -> Vec<&str> {
        let Some(halted) = &self.halted else {
            return Vec::new();
        };
        self.trials
            .iter()
            .filter(|trial| matches!(trial.verdict, Verdict::Skipped | Verdict::Blocked))
            .filter(|trial| trial.reason.as_deref() == Some(halted.message.as_str()))
            .map(|trial| trial.name.as_str())
            .collect()
    }

    /// Where a page of a service stands; its name where that is not known.
    pub fn page(&self, service: &str, name: &str) -> String {
        self.pages
            .get(&format!("{service}/{name}"))
            .cloned()
            .unwrap_or_else(|| name.to_owned())
    }

    /// Whether the coverage is below what was asked for: then in a sentence.
    pub fn coverage_gap(&self) -> Option<String> {
        let least = self.summary.min_coverage?;
        let total = &self.coverage.total;
        let (decided, testable) = (total.decided(), total.testable());
        is_below(total, Some(least)).then(|| {
            format!(
                "the coverage is {:.1} %, below the {least} % of `--min-coverage`: {decided} of {testable} documented facts were decided, {} were not tested",
                total.percent, total.not_tested
            )
        })
    }
}

/// Whether less was decided than was asked for.
fn is_below(total: &Tally, least: Option<f64>) -> bool {
    // Compared before it is rounded.
    let part = |least: f64| 100.0 * as_float(total.decided()) < least * as_float(total.testable());
    least.is_some_and(part)
}

fn as_float(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

fn frequent(reasons: impl Iterator<Item = String>) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for reason in reasons {
        *counts.entry(reason).or_default() += 1;
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
}
