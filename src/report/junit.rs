//! The JUnit report, for CI systems: a suite for each operation, a test case for each trial.

use std::time::Duration;

use quick_junit::{
    NonSuccessKind, Report as JunitReport, SerializeError, TestCase, TestCaseStatus, TestSuite,
};

use crate::contract::OperationId;
use crate::harness::{Finding, TrialResult, Verdict};

use super::result::Report;
use super::view::{one_line, place, related, surely};

/// The report as JUnit's XML.
pub(super) fn junit(report: &Report) -> Result<String, SerializeError> {
    let mut out = JunitReport::new("docproof");
    out.set_time(Duration::from_millis(report.summary.wall_ms));
    let mut operations: Vec<&OperationId> = Vec::new();
    for trial in &report.trials {
        let operation = &trial.fact.operation;
        if !operations.contains(&operation) {
            operations.push(operation);
        }
    }
    let trials: Vec<TrialResult> = report.results().collect();
    for operation in operations {
        let name = operation.to_string();
        let mut suite = TestSuite::new(clean(&name));
        suite.timestamp = report.summary.started_at.parse().ok();
        let mut elapsed = 0;
        for trial in &trials {
            if trial.fact.operation == *operation {
                elapsed += trial.elapsed_ms;
                suite.add_test_case(case(report, &name, trial));
            }
        }
        suite.set_time(Duration::from_millis(elapsed));
        for (key, value) in &report.configuration {
            let value = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            suite.add_property((clean(key), clean(&value)));
        }
        out.add_test_suite(suite);
    }
    Ok(without_skipped(out.to_string()?))
}

/// The root without its attribute `skipped`, which the schema that Jenkins publishes does not know;
/// each suite has its own.
fn without_skipped(text: String) -> String {
    let root = text.find("<testsuites ").unwrap_or(0);
    let end = text
        .get(root..)
        .and_then(|rest| rest.find('>'))
        .map_or(root, |end| root + end);
    let attribute = text.get(root..end).and_then(|tag| {
        let start = tag.find(" skipped=\"")?;
        let length = tag.get(start + 10..)?.find('"')? + 11;
        Some((root + start, root + start + length))
    });
    match attribute {
        Some((start, end)) => format!(
            "{}{}",
            text.get(..start).unwrap_or_default(),
            text.get(end..).unwrap_or_default()
        ),
        None => text,
    }
}

fn case(report: &Report, operation: &str, trial: &TrialResult) -> TestCase {
    let reason = trial.reason.clone().unwrap_or_default();
    let status = match trial.verdict {
        Verdict::Passed | Verdict::Known => TestCaseStatus::success(),
        Verdict::Skipped | Verdict::Blocked => {
            let mut status = TestCaseStatus::skipped();
            let blocked = trial.verdict == Verdict::Blocked;
            let message = if blocked {
                format!("blocked: {reason}")
            } else {
                reason
            };
            status.set_message(clean(&message));
            status
        }
        Verdict::Failed => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            let failing: Vec<&Finding> = trial
                .findings
                .iter()
                .filter(|finding| finding.fails(report.summary.level))
                .collect();
            if let Some(first) = failing.first() {
                status.set_message(clean(&one_line(&first.message)));
                status.set_type(clean(first.check.as_str()));
            }
            let text: Vec<String> = failing.iter().map(|finding| evidence(finding)).collect();
            status.set_description(clean(&text.join("\n\n")));
            status
        }
    };
    let mut case = TestCase::new(clean(&trial.name), status);
    case.set_classname(clean(operation))
        .set_time(Duration::from_millis(trial.elapsed_ms));
    if trial.verdict == Verdict::Known {
        let text: Vec<String> = trial.findings.iter().map(evidence).collect();
        case.set_system_out(clean(&format!("known:\n{}", text.join("\n\n"))));
    }
    case
}

/// A finding as text.
fn evidence(finding: &Finding) -> String {
    let mut text = format!(
        "{} ({}, {} check)\n{}\ndocumented: {}",
        finding.fact,
        finding.level,
        finding.check,
        one_line(&finding.message),
        one_line(&finding.documented)
    );
    for row in &finding.rows {
        text.push_str(&format!("\n  {}", place(row)));
    }
    text.push_str(&format!("\nseen {}", surely(finding)));
    for one in related(finding) {
        text.push_str(&format!("\nalso {one}"));
    }
    let curl = finding.curl();
    if !curl.is_empty() {
        text.push_str(&format!("\nagain: {curl}"));
    }
    text
}

/// A text without what XML 1.0 forbids: spelled out where `printable` does so, replaced where not.
/// Line ends stay.
fn clean(text: &str) -> String {
    crate::exchange::printable(text)
        .chars()
        .map(|c| match c {
            '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_xml_forbids_is_left() {
        let text = clean("a\u{0}b\u{1b}[31m\u{b}\u{7f}\u{85}\u{ffff}\u{fffe}\n😀");
        assert_eq!(
            text,
            "a\\u{0}b\\u{1b}[31m\\u{b}\\u{7f}\\u{85}\u{fffd}\u{fffd}\n😀"
        );
    }
}
