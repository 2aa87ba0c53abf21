//! Documentation findings as `docproof lint` tells them: text, JSON, SARIF, GitHub annotations.

mod github;
mod sarif;

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use crate::contract::{DocumentationFinding, Fact, Level};
use crate::exchange::printable;
use crate::text::counted;

const BOLD: Style = Style::new().bold();
const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const GREEN: Style = AnsiColor::Green.on_default().bold();
const DIM: Style = Style::new().dimmed();

/// What was found in pages.
#[derive(Debug, Serialize)]
pub struct LintReport {
    /// How many pages were read.
    pub pages: usize,
    /// How many more tell of no operation.
    pub skipped: usize,
    /// The least level that is reported.
    pub level: Level,
    /// How many findings there are below it.
    pub below: usize,
    /// The findings, by page and line.
    pub findings: Vec<LintFinding>,
}

/// One finding.
#[derive(Debug, Serialize)]
pub struct LintFinding {
    /// How grave it is.
    pub level: Level,
    /// Its kind.
    pub kind: String,
    /// The service of the operation.
    pub service: String,
    /// The operation.
    pub operation: String,
    /// What is found.
    pub message: String,
    /// What to do about it.
    pub help: &'static str,
    /// The rows that it rests on; the first is where it is shown.
    pub rows: Vec<Fact>,
}

impl LintReport {
    /// A report of findings, by service.
    pub fn new(
        pages: usize,
        skipped: usize,
        level: Level,
        found: impl IntoIterator<Item = (String, DocumentationFinding)>,
    ) -> Self {
        let mut all: Vec<LintFinding> = found
            .into_iter()
            .map(|(service, finding)| LintFinding {
                level: finding.level(),
                help: finding.known_kind().map_or("", |kind| kind.help),
                kind: finding.kind,
                service,
                operation: finding.operation,
                message: finding.message,
                rows: each_once(finding.rows),
            })
            .collect();
        let total = all.len();
        all.retain(|finding| finding.level >= level);
        all.sort_by(|one, other| one.key().cmp(&other.key()));
        Self {
            pages,
            skipped,
            level,
            below: total - all.len(),
            findings: all,
        }
    }

    fn count(&self, level: Level) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.level == level)
            .count()
    }

    /// What a person reads on a terminal.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for finding in &self.findings {
            let style = match finding.level {
                Level::Must => RED,
                Level::Should => YELLOW,
                Level::May => DIM,
            };
            let _ = writeln!(
                out,
                "{BOLD}{}{BOLD:#}: {style}{}{style:#} {}",
                place_of(finding.rows.first()),
                finding.level,
                printable(&finding.message)
            );
            let _ = writeln!(
                out,
                "   {DIM}{} {}::{}{}{DIM:#}",
                finding.kind,
                printable(&finding.service),
                printable(&finding.operation),
                finding
                    .rows
                    .first()
                    .map(|row| format!(", {}", row_of(row)))
                    .unwrap_or_default()
            );
            for row in finding.rows.iter().skip(1) {
                let _ = writeln!(
                    out,
                    "   {DIM}and {}, {}{DIM:#}",
                    place_of(Some(row)),
                    row_of(row)
                );
            }
        }
        if !self.findings.is_empty() {
            out.push('\n');
        }
        let style = if self.findings.is_empty() { GREEN } else { RED };
        let pages = counted(self.pages, "page");
        let verdict = if self.findings.is_empty() {
            format!("{style}nothing to mend{style:#} in {pages}")
        } else {
            format!(
                "{style}{}{style:#} in {pages}: {} must, {} should, {} may",
                counted(self.findings.len(), "finding"),
                self.count(Level::Must),
                self.count(Level::Should),
                self.count(Level::May)
            )
        };
        let _ = writeln!(out, "{verdict}");
        if self.below > 0 {
            let _ = writeln!(
                out,
                "{} below level `{}`: `--level may` shows all",
                counted(self.below, "finding"),
                self.level
            );
        }
        out
    }

    /// SARIF 2.1.0.
    pub fn sarif(&self) -> serde_json::Value {
        sarif::log(self)
    }

    /// Workflow commands, which GitHub shows beside the lines of a pull request.
    pub fn github(&self) -> String {
        github::commands(self)
    }
}

impl LintFinding {
    /// Where it is shown: page, line, then what it is.
    fn key(&self) -> (&str, usize, &str, &str) {
        let row = self.rows.first();
        (
            row.map_or("", |row| row.page()),
            row.map_or(0, Fact::line),
            &self.kind,
            &self.message,
        )
    }
}

/// Rows without those that differ by the facet alone.
fn each_once(rows: Vec<Fact>) -> Vec<Fact> {
    let mut kept: Vec<Fact> = Vec::new();
    for row in rows {
        let known = kept.iter().any(|known| {
            known.page() == row.page()
                && known.line() == row.line()
                && known.row() == row.row()
                && known.table() == row.table()
        });
        if !known {
            kept.push(row);
        }
    }
    kept
}

/// `page.md:31`, as editors and terminals make links of.
fn place_of(row: Option<&Fact>) -> String {
    row.map_or_else(
        || "the pages".to_owned(),
        |row| printable(&format!("{}:{}", row.page(), row.line())),
    )
}

/// The table and row.
fn row_of(row: &Fact) -> String {
    let text = if row.table().is_empty() {
        format!("row `{}`", row.row())
    } else {
        format!("{}, row `{}`", row.table(), row.row())
    };
    printable(&text.replace('\n', " "))
}
