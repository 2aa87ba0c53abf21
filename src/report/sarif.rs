//! The SARIF report: each finding points at the line of the documentation page that states the
//! broken fact. It is the page or the endpoint that is wrong; the line is where a reviewer begins.

use serde_json::{Value, json};

use crate::contract::{DocumentationFinding, Fact, FactId, Level};
use crate::exchange::printable;
use crate::harness::{Finding, Related};

use super::diagnostic::sarif::{Form, Log, uri};
use super::diagnostic::{Diagnostic, Kind, Row};
use super::result::{Outcome, Report};
use super::view::{one_line, place, related, service_of, surely};

/// What is said of every rule.
const HELP: &str = "The result names the row of the documentation that states this, what was \
                    observed, and a curl line that shows it again.";

/// How a run's log is written.
const FORM: Form = Form {
    version: "semanticVersion",
    result: &[
        "ruleId",
        "ruleIndex",
        "level",
        "message",
        "partialFingerprints",
        "suppressions",
        "properties",
        "locations",
        "relatedLocations",
    ],
    related: &["physicalLocation", "message", "id"],
    first_related: 0,
};

/// The report as SARIF 2.1.0.
pub(super) fn sarif(report: &Report) -> Result<String, serde_json::Error> {
    let mut log = Log::new(FORM);
    for finding in &report.findings {
        log.add(&diagnostic(report, finding));
    }
    for finding in &report.documentation {
        log.add(&documentation(report, finding));
    }
    let mut text = serde_json::to_string_pretty(&log.finish(Some(invocation(report))))?;
    text.push('\n');
    Ok(text)
}

/// The run.
fn invocation(report: &Report) -> Value {
    let summary = &report.summary;
    let complete = report.halted.is_none();
    let mut invocation = json!({
        "executionSuccessful": complete && summary.outcome != Outcome::NothingTested,
        "properties": {
            "verdict": report.verdict(),
            "trials": summary.trials,
            "requests": summary.requests,
            "coverage": report.coverage.total.percent,
        },
    });
    // Whoever it was that answered: the certificate was not verified.
    if let Some(insecure) = report.configuration.get("insecure") {
        invocation["properties"]["insecure"] = insecure.clone();
    }
    if !summary.started_at.is_empty() {
        invocation["startTimeUtc"] = Value::from(summary.started_at.as_str());
    }
    invocation
}

/// A text that ends as a sentence does.
fn sentence(text: &str) -> String {
    let text = one_line(text);
    if text.ends_with('.') {
        text
    } else {
        format!("{text}.")
    }
}

fn diagnostic(report: &Report, finding: &Finding) -> Diagnostic {
    let mut message = format!("{} Seen {}.", sentence(&finding.message), surely(finding));
    for one in related(finding) {
        message.push_str(&format!("\nAlso {one}"));
    }
    let curl = finding.curl();
    if !curl.is_empty() {
        message.push_str(&format!("\n\n{}", printable(&curl)));
    }
    let fingerprint = format!(
        "{}/{}/{}",
        finding.fact,
        finding.check,
        finding.fingerprint.to_line()
    );
    let kind = Kind {
        id: finding.fact.to_string(),
        name: Some("DocumentedFact"),
        title: sentence(&format!("Documented: {}", finding.documented)),
        help: HELP,
        level: finding.level,
    };
    let mut rows = rows(report, &finding.fact.operation.service, &finding.rows);
    // Where what else has the cause is stated.
    for Related { finding: other, .. } in &finding.related {
        let service = &other.fact.operation.service;
        for row in self::rows(report, service, &other.rows) {
            if !rows.contains(&row) {
                rows.push(row);
            }
        }
    }
    let related: Vec<&FactId> = finding
        .related
        .iter()
        .map(|related| &related.finding.fact)
        .collect();
    Diagnostic {
        fingerprint: Some(("factCheckAndFingerprint/v2", fingerprint)),
        // Where one result has suppressions, all need to say whether they have any.
        accepted: Some(
            finding
                .known
                .iter()
                .map(|expected| one_line(&expected.reason))
                .collect(),
        ),
        properties: Some(json!({
            "check": finding.check,
            "case": one_line(&finding.case),
            "seen": finding.seen,
            "related": related,
        })),
        ..Diagnostic::new(finding.level, kind, message, rows)
    }
}

fn documentation(report: &Report, finding: &DocumentationFinding) -> Diagnostic {
    // The operation may be named without its service.
    let service = report
        .coverage
        .operations
        .iter()
        .map(|operation| operation.operation.as_str())
        .find(|name| {
            *name == finding.operation || name.ends_with(&format!("::{}", finding.operation))
        })
        .map_or_else(|| service_of(&finding.operation), service_of);
    let title = format!(
        "The pages contradict themselves or leave something open: {}",
        finding.kind.words()
    );
    let kind = Kind {
        id: format!("documentation/{}", finding.kind),
        name: Some("Documentation"),
        title: sentence(&title),
        help: HELP,
        level: Level::May,
    };
    let message = sentence(&finding.message);
    let rows = rows(report, service, &finding.rows);
    Diagnostic {
        accepted: Some(Vec::new()),
        ..Diagnostic::new(Level::May, kind, message, rows)
    }
}

fn rows(report: &Report, service: &str, facts: &[Fact]) -> Vec<Row> {
    let row = |fact: &Fact| {
        let page = report.page(service, fact.page());
        Row {
            uri: uri(&page),
            file: Some(page),
            line: fact.line(),
            text: Some(sentence(&place(fact))),
        }
    };
    facts.iter().map(row).collect()
}
