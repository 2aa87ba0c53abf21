//! What a comparison of two contracts came to: text, JSON, Markdown.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use crate::compare::{Change, Verdict};
use crate::exchange::printable;
use crate::harness::TrialChanges;

use super::place;
use super::view::escaped_cell;

const RED: Style = AnsiColor::Red.on_default().bold();
const GREEN: Style = AnsiColor::Green.on_default().bold();
const DIM: Style = Style::new().dimmed();

/// How many trials of a kind the text names.
const SHOWN: usize = 20;

/// A comparison.
#[derive(Debug, Serialize)]
pub struct DifferenceReport {
    /// How many changes there are of each verdict.
    pub summary: DifferenceSummary,
    /// The changes, breaking ones first.
    pub changes: Vec<Change>,
    /// What becomes of the trials.
    pub trials: TrialChanges,
}

/// How many changes there are of each verdict.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct DifferenceSummary {
    /// Changes that break.
    pub breaking: usize,
    /// Changes that nobody need care about.
    pub compatible: usize,
    /// Changes of the documentation alone.
    pub clarified: usize,
}

impl DifferenceReport {
    /// A report of changes.
    pub fn new(changes: Vec<Change>, trials: TrialChanges) -> Self {
        let count = |verdict| {
            changes
                .iter()
                .filter(|change| change.verdict == verdict)
                .count()
        };
        Self {
            summary: DifferenceSummary {
                breaking: count(Verdict::Breaking),
                compatible: count(Verdict::Compatible),
                clarified: count(Verdict::Clarified),
            },
            changes,
            trials,
        }
    }

    fn totals(&self) -> String {
        let DifferenceSummary {
            breaking,
            compatible,
            clarified,
        } = self.summary;
        if self.changes.is_empty() {
            return "no change".to_owned();
        }
        format!("{breaking} breaking, {compatible} compatible, {clarified} clarified")
    }

    fn trials(&self) -> [(&'static str, char, &[String]); 3] {
        [
            ("added", '+', &self.trials.adds),
            ("changed", '~', &self.trials.changes),
            ("dropped", '-', &self.trials.drops),
        ]
    }

    /// What a person reads on a terminal.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for change in &self.changes {
            let style = match change.verdict {
                Verdict::Breaking => RED,
                Verdict::Compatible => GREEN,
                Verdict::Clarified => DIM,
            };
            let _ = writeln!(
                out,
                "{style}{}{style:#}  {}\n   {} ({})",
                change.verdict.as_str(),
                printable(&change.fact),
                printable(&change.message),
                change.because
            );
            for (word, rows) in [("old", &change.old_rows), ("new", &change.new_rows)] {
                if let Some(row) = rows.first() {
                    let _ = writeln!(out, "   {DIM}{word}: {}{DIM:#}", place(row));
                }
            }
        }
        if !self.changes.is_empty() {
            out.push('\n');
        }
        let _ = writeln!(out, "{}", self.totals());
        let counts: Vec<String> = self
            .trials()
            .iter()
            .map(|(word, _, names)| format!("{} {word}", names.len()))
            .collect();
        let _ = writeln!(out, "trials: {}", counts.join(", "));
        for (_, sign, names) in self.trials() {
            for name in names.iter().take(SHOWN) {
                let _ = writeln!(out, "  {sign} {}", printable(name));
            }
            if names.len() > SHOWN {
                let _ = writeln!(
                    out,
                    "  {sign} ... and {} more: `--format json` names them",
                    names.len() - SHOWN
                );
            }
        }
        out
    }

    /// For the description of a pull request.
    pub fn markdown(&self) -> String {
        let mut out = format!("## Contract: {}\n", self.totals());
        for verdict in [Verdict::Breaking, Verdict::Compatible, Verdict::Clarified] {
            let of_verdict: Vec<&Change> = self
                .changes
                .iter()
                .filter(|change| change.verdict == verdict)
                .collect();
            if of_verdict.is_empty() {
                continue;
            }
            let _ = write!(
                out,
                "\n### {}\n\n| fact | change | why | stated in |\n|---|---|---|---|\n",
                capitalised(verdict.as_str())
            );
            for change in of_verdict {
                let row = change.new_rows.first().or(change.old_rows.first());
                let _ = writeln!(
                    out,
                    "| `{}` | {} | {} | {} |",
                    escaped_cell(&change.fact),
                    escaped_cell(&change.message),
                    change.because,
                    row.map(|row| escaped_cell(&place(row))).unwrap_or_default()
                );
            }
        }
        out.push_str("\n### Trials\n");
        for (word, _, names) in self.trials() {
            let _ = writeln!(out, "\n{} {word}\n", names.len());
            for name in names {
                let _ = writeln!(out, "- `{}`", escaped_cell(name));
            }
        }
        out.truncate(out.trim_end().len());
        out.push('\n');
        out
    }
}

fn capitalised(word: &str) -> String {
    let mut characters = word.chars();
    characters
        .next()
        .map(|first| first.to_uppercase().chain(characters).collect())
        .unwrap_or_default()
}
