//! One cause, one finding: where an operation's documented request itself fails, and no valid
//! request of the operation was taken in the whole run, the same failure in its other trials says
//! nothing more. Such an address is wrong, or what stands there serves something else.

use crate::check::Check;
use crate::contract::{Facet, FactId, Level, Operation, Place, Rule};
use crate::exchange::RecordedRequest;
use crate::generate::Expectation;

use super::finding::Finding;
use super::trial::{TrialResult, Verdict};

/// The answers that speak of the address or the method, whatever stands in the path: redirects, and
/// that nothing is there.
fn is_of_address(status: u16) -> bool {
    (300..400).contains(&status) || [404, 405, 410, 501].contains(&status)
}

/// Sets aside, in the other trials of an operation that takes no valid request, the failure that
/// its documented request has in this very run. A trial of which nothing is left is blocked; where
/// the documented request was not tried, or does not fail, everything stands.
/// `given` asks after what the user gave, where the operation takes any of it.
pub(super) fn suppress_repeats(
    operation: &Operation,
    results: &mut [TrialResult],
    level: Level,
    given: &str,
) {
    let example = operation.fact_id(Rule::of_place(Place::Request, Facet::Example));
    let Some((status, cause)) = results
        .iter()
        .filter(|result| result.fact == example)
        .filter(|result| matches!(result.verdict, Verdict::Failed | Verdict::Known))
        .find_map(|result| Some((status(&result.findings)?, result.findings.clone())))
    else {
        return;
    };
    let failed = results.iter_mut().filter(|result| {
        result.verdict == Verdict::Failed
            && result.fact.operation == example.operation
            && result.fact != example
    });
    for result in failed {
        result
            .findings
            .retain(|finding| !is_same_failure(finding, status, &cause));
        if result.findings.iter().any(|finding| finding.fails(level)) {
            continue;
        }
        let accepted = result
            .findings
            .iter()
            .find_map(|finding| finding.known.as_ref());
        let (verdict, reason) = match accepted {
            Some(expected) => (Verdict::Known, expected.to_string()),
            None => (
                Verdict::Blocked,
                format!("the endpoint answers {status} to the plain documented request too{given}"),
            ),
        };
        result.verdict = verdict;
        result.reason = Some(reason);
    }
}

/// Sets aside, in the trials of one operation, the answer to an id that nobody has where the trial
/// of a documented status found the same of the same id: the status is what the page says.
pub(super) fn suppress_twins(results: &mut [TrialResult], level: Level) {
    let is_of_nobody = |finding: &Finding| {
        finding.check == Check::Status && finding.expectation == Some(Expectation::UnknownResource)
    };
    let told: Vec<(String, Finding)> = results
        .iter()
        .filter(|result| result.verdict == Verdict::Failed && is_status(&result.fact))
        .flat_map(|result| {
            let own = result.findings.iter().filter(|own| is_of_nobody(own));
            own.map(|own| (result.fact.to_string(), own.clone()))
        })
        .collect();
    let others = results
        .iter_mut()
        .filter(|result| result.verdict == Verdict::Failed && !is_status(&result.fact));
    for result in others {
        let same = |finding: &Finding| {
            told.iter().find(|(_, known)| {
                (is_of_nobody(finding) || is_too_long(finding))
                    && known.status() == finding.status()
                    && (path(known) == path(finding) || is_of_one_id(finding))
            })
        };
        let Some((fact, _)) = result.findings.iter().find_map(same) else {
            continue;
        };
        result.findings.retain(|finding| same(finding).is_none());
        if !result.findings.iter().any(|finding| finding.fails(level)) {
            result.verdict = Verdict::Blocked;
            result.reason = Some(format!("the same answer is told under `{fact}`"));
        }
    }
}

/// Whether a finding is that an id in the path is taken which is longer than any: it is one more that
/// nobody has.
fn is_too_long(finding: &Finding) -> bool {
    let is_in_path = |rule: &Rule| rule.place == Place::Path;
    finding.check == Check::Status
        && finding.expectation == Some(Expectation::TooLarge)
        && finding.fact.rule().is_some_and(is_in_path)
}

/// Whether the path of a finding's request has one id alone.
fn is_of_one_id(finding: &Finding) -> bool {
    finding.exchange.as_ref().is_some_and(
        |own| matches!(&own.request, RecordedRequest::Sent(sent) if sent.request.path.len() == 1),
    )
}

/// Whether a fact is that of an answer's status.
fn is_status(fact: &FactId) -> bool {
    fact.rule().is_some_and(|rule| rule.facet == Facet::Status)
}

/// The status that the documented request was answered with, where that is what is wrong.
fn status(findings: &[Finding]) -> Option<u16> {
    findings
        .iter()
        .find(|finding| finding.check == Check::Status)
        .and_then(Finding::status)
}

/// Whether a finding is the failure of the documented request once more: the same status in answer
/// to a request on the same path, on any path where the status speaks of the address, or the same
/// of what is wrong in such an answer.
fn is_same_failure(finding: &Finding, status: u16, cause: &[Finding]) -> bool {
    if finding.status() != Some(status) {
        return false;
    }
    if finding.check != Check::Status {
        return cause.iter().any(|known| known.is_same(finding));
    }
    is_of_address(status) || cause.iter().any(|known| path(known) == path(finding))
}

/// The path that a finding's request went to, without its query.
fn path(finding: &Finding) -> Option<String> {
    let mut url = finding.exchange.as_ref()?.request.url();
    url.truncate(url.find('?').unwrap_or(url.len()));
    Some(url)
}
