//! What stands below the findings: where the answers came from, the ledger, what else there is to
//! know, and the verdict.

use std::collections::BTreeMap;

use anstyle::Style;

use crate::contract::Level;
use crate::harness::State;
use crate::text::counted;

use super::super::result::{Outcome, Report};
use super::super::view::one_line;
use super::{BOLD, DIM, GREEN, Page, RED, YELLOW};

/// The most names of trials that were not run.
const MOST_NAMES: usize = 8;

/// The most ids of what was left behind.
const MOST_IDS: usize = 8;

/// Where the text beside a count of the ledger begins.
const BESIDE_COUNT: usize = 22;

/// What the run has left behind, so that a person finds it without a report too.
fn left_behind(report: &Report) -> Option<String> {
    let (left, untold) = (report.left_behind(), &report.created_untold);
    let told: usize = left.values().map(Vec::len).sum();
    let mut room = MOST_IDS;
    let mut parts = Vec::new();
    for (operation, ids) in &left {
        let shown: Vec<&str> = ids.iter().take(room).copied().collect();
        room -= shown.len();
        if !shown.is_empty() {
            parts.push(format!("`{operation}` {}", shown.join(", ")));
        }
    }
    if let Some(more @ 1..) = told.checked_sub(MOST_IDS) {
        parts.push(format!("and {more} more (`--report json=FILE` has all)"));
    }
    for (operation, times) in untold {
        parts.push(format!("`{operation}` {times} whose id no answer told"));
    }
    let all = untold
        .values()
        .fold(u64::try_from(told).unwrap_or(u64::MAX), |sum, times| {
            sum.saturating_add(*times)
        });
    (all > 0).then(|| {
        let counted = counted(all, "resource");
        format!("{counted} left behind by this run: {}", parts.join("; "))
    })
}

impl Page {
    /// Where the answers came from: each address once, with its services where there are several.
    pub(super) fn endpoint(&mut self, report: &Report) {
        let mut services: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (service, endpoint) in &report.summary.endpoints {
            services.entry(endpoint).or_default().push(service);
        }
        let several = services.len() > 1;
        let each: Vec<String> = services
            .into_iter()
            .map(|(endpoint, services)| {
                if several {
                    format!("{endpoint} ({})", services.join(", "))
                } else {
                    endpoint.to_owned()
                }
            })
            .collect();
        if !each.is_empty() {
            self.note("endpoint", &each.join(", "));
        }
    }

    /// A label and a text beside it.
    fn note(&mut self, label: &str, text: &str) {
        for (index, line) in self.wrap(text, 10).iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            self.out
                .push_str(&format!("{DIM}{label:10}{DIM:#}{line}\n"));
        }
    }

    /// The ledger: a line for each state, or more where the text beside the count is long.
    pub(super) fn ledger(&mut self, report: &Report) {
        let total = &report.coverage.total;
        self.out.push_str(&format!(
            "{BOLD}facts{BOLD:#}  {} documented; {:.1} % of the testable ones decided\n",
            total.facts, total.percent
        ));
        let reason = report
            .reasons()
            .into_iter()
            .next()
            .map(|(reason, times)| format!("{times} of them: {}", one_line(&reason)))
            .unwrap_or_default();
        let elsewhere = report.beyond_ledger();
        let is_ok = matches!(
            report.summary.outcome,
            Outcome::AsDocumented | Outcome::LittleDecided
        );
        let gravest = report.findings.iter().map(|finding| finding.level).max();
        let broken = match (total.contradicted, elsewhere) {
            (1.., _) if is_ok && gravest.is_some() => format!(
                "{} at `{}`, which fails no run at this `--level`: the reports show what there is, `--level may` tells it here",
                total.contradicted,
                gravest.unwrap_or_default()
            ),
            (_, 0) => "broken in at least one case".to_owned(),
            (0, _) => format!(
                "{} about what no row states by itself",
                counted(elsewhere, "finding")
            ),
            _ => format!(
                "broken in at least one case; {} about what no row states by itself",
                counted(elsewhere, "more finding")
            ),
        };
        let lines = [
            (
                State::Proven,
                total.proven,
                "tested, with good and bad values where there are both",
            ),
            (State::Contradicted, total.contradicted, broken.as_str()),
            (State::NotTested, total.not_tested, reason.as_str()),
            (
                State::NotTestable,
                total.not_testable,
                "prose that no test can be made of",
            ),
        ];
        for (state, count, note) in lines {
            let style = match state {
                State::Proven => GREEN,
                State::Contradicted if count > 0 => RED,
                _ => Style::new(),
            };
            let note = if count > 0 || elsewhere > 0 && state == State::Contradicted {
                note
            } else {
                ""
            };
            let line = format!("  {:13}{style}{count:>5}{style:#}", state.words());
            self.out.push_str(&line);
            for (index, text) in self.wrap(note, BESIDE_COUNT).iter().enumerate() {
                if index > 0 {
                    self.out
                        .push_str(&format!("\n{:width$}", "", width = BESIDE_COUNT - 2));
                }
                if !text.is_empty() {
                    self.out.push_str(&format!("  {text}"));
                }
            }
            self.out.push('\n');
        }
    }

    /// What else there is to know, each on a line.
    pub(super) fn notes(&mut self, report: &Report) {
        let mut notes = Vec::new();
        let cut_short = report.cut_short();
        if let Some(halted) = report.halted.as_ref().filter(|_| !cut_short.is_empty()) {
            notes.push((
                "not run",
                format!(
                    "{}, or not to the end ({}): {}{}",
                    counted(cut_short.len(), "trial"),
                    halted.message,
                    cut_short
                        .iter()
                        .take(MOST_NAMES)
                        .copied()
                        .collect::<Vec<_>>()
                        .join(", "),
                    match cut_short.len().saturating_sub(MOST_NAMES) {
                        0 => String::new(),
                        more => format!(" and {more} more (in the reports, and with `--verbose`)"),
                    }
                ),
            ));
        }
        let reasons = report.skips().into_iter().filter(|(reason, _)| {
            report.halted.as_ref().is_none_or(|halted| {
                reason.strip_prefix("blocked: ").unwrap_or(reason) != halted.message
            })
        });
        for (reason, times) in reasons.take(3) {
            let (label, reason) = match reason.strip_prefix("blocked: ") {
                Some(blocked) => ("blocked", blocked),
                None => ("skipped", reason.as_str()),
            };
            notes.push((label, format!("{}: {reason}", counted(times, "trial"))));
        }
        if !report.undocumented.is_empty() {
            notes.push((
                "observed",
                format!(
                    "{} in the answers that no page documents (in the reports)",
                    counted(report.undocumented.len(), "thing")
                ),
            ));
        }
        if !report.documentation.is_empty() {
            let mut kinds = report.documentation.iter().map(|found| found.kind);
            let level = if kinds.all(|kind| kind.level() == Level::May) {
                " --level may"
            } else {
                ""
            };
            notes.push((
                "pages",
                format!(
                    "{} in the pages themselves (`docproof lint{level} PAGE...` and the reports show them)",
                    counted(report.documentation.len(), "finding")
                ),
            ));
        }
        notes.extend(left_behind(report).map(|text| ("created", text)));
        if report.summary.dropped > 0 {
            notes.push((
                "not sent",
                format!(
                    "{}, which on the wire would not have tested what they were made for",
                    counted(report.summary.dropped, "generated request")
                ),
            ));
        }
        if report.summary.lost > 0 {
            let lost = report.summary.lost;
            let (each, were) = if lost == 1 {
                ("it came when its request was", "was")
            } else {
                ("each came when its request was", "were")
            };
            notes.push((
                "lost",
                format!(
                    "{} {were} lost on the way; {each} sent again",
                    counted(lost, "answer")
                ),
            ));
        }
        for (label, text) in notes {
            self.note(label, &text);
        }
    }

    pub(super) fn verdict(&mut self, report: &Report) {
        let (style, word) = match report.summary.outcome {
            Outcome::AsDocumented | Outcome::AsKnown => (GREEN, "OK: "),
            Outcome::Findings | Outcome::KnownFindings => (RED, "FAILED: "),
            Outcome::NothingTested | Outcome::LittleDecided | Outcome::Incomplete => (YELLOW, ""),
        };
        self.out.push_str(&format!(
            "{style}{word}{}{style:#}. {}\n",
            report.verdict(),
            report.totals()
        ));
    }
}
