//! Documentation findings as `docproof lint` tells them: text, JSON, SARIF, GitHub annotations.

use std::fmt::Write as _;
use std::path::Path;

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use serde_json::Value;
use url::Url;

use crate::contract::{DocumentationFinding, DocumentationKind, Fact, Level};
use crate::exchange::{is_url, printable};
use crate::text::counted;

use super::diagnostic::sarif::{Form, Log, uri};
use super::diagnostic::{Diagnostic, Kind, Row, commands};

/// How a log of documentation findings is written.
const FORM: Form = Form {
    version: "version",
    result: &[
        "ruleId",
        "level",
        "message",
        "ruleIndex",
        "locations",
        "partialFingerprints",
        "relatedLocations",
    ],
    related: &["physicalLocation", "id", "message"],
    first_related: 1,
};

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
    /// The lowest severity that is reported.
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
    pub kind: DocumentationKind,
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
                help: finding.kind.help(),
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
            let _ = writeln!(out, "   {}", finding.help);
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

    /// SARIF 2.1.0: every kind is a rule, whether it was found or not.
    pub fn sarif(&self) -> Value {
        let mut log = Log::new(FORM);
        for kind in DocumentationKind::ALL {
            log.rule(&rule(*kind));
        }
        for finding in &self.findings {
            log.add(&finding.diagnostic());
        }
        log.finish(None)
    }

    /// Workflow commands, which GitHub shows beside the lines of a pull request.
    pub fn github(&self) -> String {
        let diagnostics: Vec<Diagnostic> = self
            .findings
            .iter()
            .map(|finding| Diagnostic {
                message: finding.with_rows(),
                ..finding.diagnostic()
            })
            .collect();
        commands::write(&diagnostics)
    }
}

/// The rule that findings of a kind break.
fn rule(kind: DocumentationKind) -> Kind {
    Kind {
        id: kind.to_string(),
        name: None,
        title: kind.title().to_owned(),
        help: kind.help(),
        level: kind.level(),
    }
}

impl LintFinding {
    fn diagnostic(&self) -> Diagnostic {
        let rows: Vec<Row> = self
            .rows
            .iter()
            .enumerate()
            .map(|(index, row)| Row {
                uri: artifact(row.page()),
                file: (!is_url(row.page())).then(|| relative(row.page())),
                line: row.line(),
                text: (index > 0).then(|| row_of(row)),
            })
            .collect();
        let name = format!("{}::{}", self.service, self.operation);
        Diagnostic {
            // The same finding of the same row is the same, whatever lines stand before it.
            fingerprint: self.rows.first().map(|row| {
                let text = format!("{name}::{}::{}", self.kind, row.row());
                ("row/v1", text)
            }),
            operation: Some(name),
            ..Diagnostic::new(self.level, rule(self.kind), printable(&self.message), rows)
        }
    }

    /// The message, and each row on a line below it.
    fn with_rows(&self) -> String {
        let mut message = printable(&self.message);
        for (index, row) in self.rows.iter().enumerate() {
            let before = if index == 0 { "" } else { "and " };
            let place = place_of(Some(row));
            let _ = write!(message, "\n{before}{place}, {}", row_of(row));
        }
        message
    }

    /// Where it is shown: page, line, then what it is.
    fn key(&self) -> (&str, usize, DocumentationKind, &str) {
        let row = self.rows.first();
        (
            row.map_or("", |row| row.page()),
            row.map_or(0, Fact::line),
            self.kind,
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

/// A page's path as it was given, but for what says nothing.
fn relative(page: &str) -> String {
    page.replace('\\', "/").trim_start_matches("./").to_owned()
}

/// A page as a URI reference: a URL as it is, a file relative where it was given so.
fn artifact(page: &str) -> String {
    if is_url(page) {
        return page.to_owned();
    }
    if Path::new(page).is_absolute()
        && let Ok(url) = Url::from_file_path(page)
    {
        return url.to_string();
    }
    uri(&relative(page))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("docs/a.md", "docs/a.md")]
    #[case("./a b.md", "a%20b.md")]
    #[case("a:b#c.md", "a%3Ab%23c.md")]
    #[case("/tmp/a b.md", "file:///tmp/a%20b.md")]
    #[case("https://x/y?z=1", "https://x/y?z=1")]
    #[case("seite-ü.md", "seite-%C3%BC.md")]
    fn a_page_is_a_uri_reference(#[case] page: &str, #[case] expected: &str) {
        assert_eq!(artifact(page), expected);
    }
}
