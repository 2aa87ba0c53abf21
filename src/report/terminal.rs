//! The terminal report: one block for each distinct finding, then the totals and the ledger. Text only: colour is the caller's.

use anstyle::{AnsiColor, Style};

use crate::contract::{Fact, Level};
use crate::exchange::printable;
use crate::harness::Finding;

use super::result::Report;

const BOLD: Style = Style::new().bold();
const RED: Style = AnsiColor::Red.on_default().bold();
const GREEN: Style = AnsiColor::Green.on_default().bold();
const DIM: Style = Style::new().dimmed();

/// The longest curl line that is shown: a longer one is no line to copy from a terminal.
const LONGEST_CURL: usize = 2_000;

/// Renders what a person reads after the trials: findings, totals, the ledger.
pub fn render(report: &Report, level: Level) -> String {
    let mut out = String::new();
    let shown: Vec<&Finding> = report
        .findings
        .iter()
        .filter(|finding| finding.fails(level))
        .collect();
    for (index, finding) in shown.iter().enumerate() {
        out.push_str(&block(index + 1, finding));
    }
    let summary = &report.summary;
    out.push_str(&super::deviations::render(&report.deviations));
    let style = if report.fails() { RED } else { GREEN };
    let verdict = match shown.len() {
        _ if summary.passed + summary.failed + summary.expected == 0 => {
            "nothing was tested".to_owned()
        }
        0 if report.fails() => "as documented, but the deviations have to be mended".to_owned(),
        0 if summary.expected_findings > 0 => "as expected".to_owned(),
        0 => "as documented".to_owned(),
        1 => "1 finding".to_owned(),
        many => format!("{many} findings"),
    };
    out.push_str(&format!(
        "{style}{verdict}{style:#}: {} trials: {} passed, {}{} failed, {} skipped, {} blocked; {} requests in {:.1} s\n",
        summary.trials,
        summary.passed,
        if summary.expected > 0 {
            format!("{} expected, ", summary.expected)
        } else {
            String::new()
        },
        summary.failed,
        summary.skipped,
        summary.blocked,
        summary.requests,
        std::time::Duration::from_millis(summary.wall_ms).as_secs_f64(),
    ));
    let count = |word: &str| summary.facts.get(word).copied().unwrap_or(0);
    let total: usize = summary.facts.values().sum();
    out.push_str(&format!(
        "ledger: {total} documented facts: {} proven, {} contradicted, {} not tested, {} not testable (prose)\n",
        count("proven"),
        count("contradicted"),
        count("not-tested"),
        count("not-testable"),
    ));
    if !report.documentation.is_empty() {
        out.push_str(&format!(
            "{DIM}documentation: {} findings in the pages themselves (in the JSON report){DIM:#}\n",
            report.documentation.len()
        ));
    }
    out
}

fn block(number: usize, finding: &Finding) -> String {
    let mut out = format!(
        "{RED}{number}. {}{RED:#} ({}, {} check)\n",
        finding.fact, finding.level, finding.check
    );
    out.push_str(&format!(
        "   {BOLD}{}{BOLD:#}\n",
        printable(&finding.message)
    ));
    out.push_str(&format!(
        "   documented: {}\n",
        printable(&finding.documented)
    ));
    for row in finding.rows.iter().take(4) {
        out.push_str(&format!("     {}\n", place(row)));
    }
    if finding.seen > 1 {
        out.push_str(&format!(
            "   seen in {} cases; the first: {}\n",
            finding.seen,
            printable(&finding.case)
        ));
    }
    if finding.curl.len() > LONGEST_CURL {
        out.push_str(&format!(
            "   {DIM}the curl line has {} bytes: it stands in the JSON report{DIM:#}\n",
            finding.curl.len()
        ));
    } else if !finding.curl.is_empty() {
        out.push_str(&format!("   {DIM}{}{DIM:#}\n", printable(&finding.curl)));
    }
    out.push('\n');
    out
}

/// Where a row stands: page, edition, table, row.
pub(crate) fn place(row: &Fact) -> String {
    let edition = row
        .edition
        .as_ref()
        .map(|edition| format!(" ({edition})"))
        .unwrap_or_default();
    let table = if row.table.is_empty() {
        String::new()
    } else {
        format!(", {}", row.table)
    };
    printable(&format!(
        "{}{edition}{table}, row `{}`, line {}",
        row.page, row.row, row.line
    ))
}
