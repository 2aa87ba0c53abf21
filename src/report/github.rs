//! Annotations for GitHub Actions: a workflow command for each finding, at the line of the
//! documentation page that states the broken fact.

use crate::contract::Level;
use crate::harness::Finding;

use super::diagnostic::commands::{command, write};
use super::diagnostic::sarif::uri;
use super::diagnostic::{Diagnostic, Kind, Row};
use super::result::Report;
use super::view::{one_line, surely};

/// The findings as workflow commands: those that fail the run as errors, the others as notices.
pub(super) fn annotations(report: &Report) -> String {
    let failing = report.failing().map(|finding| (finding, Level::Must));
    let others = report.accepted().chain(report.lesser());
    let others = others.map(|finding| (finding, Level::May));
    let diagnostics: Vec<Diagnostic> = failing
        .chain(others)
        .map(|(finding, level)| diagnostic(report, finding, level))
        .collect();
    let mut out = write(&diagnostics);
    for line in report
        .known_findings
        .iter()
        .filter(|line| line.state.fails())
    {
        // An entry stands at `FILE:LINE`.
        let mut properties = Vec::new();
        if let Some((file, number)) = line.entry.place.rsplit_once(':')
            && number.parse::<u64>().is_ok()
        {
            properties.push(("file", one_line(file)));
            properties.push(("line", number.to_owned()));
        }
        properties.push(("title", one_line(&line.fact.to_string())));
        let message = format!("{}: {}", line.state.words(), line.observed);
        out.push_str(&command("error", &properties, &one_line(&message)));
    }
    let of_run = [("title", "docproof".to_owned())];
    if let Some(gap) = report.coverage_gap() {
        out.push_str(&command("error", &of_run, &gap));
    }
    if report
        .configuration
        .get("insecure")
        .is_some_and(|told| told == true)
    {
        let message = "--insecure: the certificate of the endpoint was not verified";
        let of_insecure = command("notice", &of_run, message);
        return with_verdict(report, out) + &of_insecure;
    }
    with_verdict(report, out)
}

/// The commands, and how the run ended where they do not tell it.
fn with_verdict(report: &Report, mut out: String) -> String {
    let of_run = [("title", "docproof".to_owned())];
    let word = if out.is_empty() { "notice" } else { "warning" };
    if report.halted.is_some() || out.is_empty() {
        let message = format!("{}: {}", report.verdict(), report.totals());
        out.push_str(&command(word, &of_run, &message));
    }
    out
}

fn diagnostic(report: &Report, finding: &Finding, level: Level) -> Diagnostic {
    let more = match finding.related.len() {
        0 => String::new(),
        more => format!("; {more} more of this cause"),
    };
    let message = format!(
        "{}\ndocumented: {}\nseen {}{more}\n{}",
        one_line(&finding.message),
        one_line(&finding.documented),
        surely(finding),
        one_line(&finding.curl().replace('\n', "; "))
    );
    let row = finding.rows.first().map(|row| {
        let page = report.page(&finding.fact.operation.service, row.page());
        Row {
            uri: uri(&page),
            file: Some(one_line(&page)),
            line: row.line(),
            text: None,
        }
    });
    let kind = Kind {
        id: finding.fact.to_string(),
        name: None,
        title: one_line(&finding.fact.to_string()),
        help: "",
        level,
    };
    let message = message.trim_end().to_owned();
    Diagnostic::new(level, kind, message, row.into_iter().collect())
}
