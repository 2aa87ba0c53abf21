//! How surely a case fails: what failed is tried again, a few times, within a bound for the whole
//! run. A status that does not come back is *flaky*: nobody can tell what brought it about.

use std::time::Duration;

use crate::check::{Check, Subject};
use crate::contract::{Level, Operation, Topic};
use crate::generate::Case;

use super::attempt::attempt;
use super::finding::{Finding, Reproducibility};
use super::fixture::TrialContext;
use super::trial::Attempt;

/// How often a failing case is tried again.
const TRIES: u32 = 2;

/// How many findings of one trial are made sure of.
const MOST: usize = 2;

/// A case that took longer than this is not tried again: an endpoint that hangs would cost minutes.
const SLOW: Duration = Duration::from_secs(1);

/// Tries the case of each finding again, notes how often it fails, and gives the number of
/// requests.
pub(super) async fn reproduce(
    context: &TrialContext,
    operation: &Operation,
    cases: &[Case],
    subject: &Subject,
    findings: &mut [Finding],
) -> u64 {
    let options = &context.options;
    let is_wanted = |finding: &Finding| {
        finding.level >= options.level && options.known_findings.accepts(finding).is_none()
    };
    let mut requests = 0;
    for finding in findings
        .iter_mut()
        .filter(|finding| is_wanted(finding))
        .take(MOST)
    {
        let Some(case) = cases.iter().find(|case| case.label == finding.case) else {
            continue;
        };
        // Nobody knows what became of a write that was not answered: it is not sent again.
        if finding.check == Check::Transport && !case.request.is_safe() {
            continue;
        }
        let is_slow = finding
            .exchange
            .as_ref()
            .is_none_or(|exchange| Duration::from_millis(exchange.elapsed_ms) > SLOW);
        if is_slow {
            continue;
        }
        let mut again = Reproducibility { failed: 1, of: 1 };
        for _ in 0..TRIES {
            if !context.may_repeat() {
                break;
            }
            let mut blocked = None;
            let judged = attempt(
                context,
                operation,
                case,
                subject,
                &mut requests,
                &mut blocked,
            )
            .await;
            // No answer where there was one says nothing of the case, and neither does a resource
            // that is busy now.
            let had_answer = finding.status().is_some();
            if blocked.is_some() || had_answer && judged.exchange.outcome.is_err() {
                break;
            }
            let is_same = judged.observations.iter().any(|observation| {
                observation.fact == finding.fact
                    && observation.check == finding.check
                    && observation.seen == finding.fingerprint
            });
            if !is_same && meets_its_own_making(&judged) {
                break;
            }
            again.of += 1;
            again.failed += u32::from(is_same);
            if judged.exchange.elapsed > SLOW {
                break;
            }
        }
        if again.of > 1 {
            finding.again = Some(again);
        }
    }
    let flaky: Vec<Finding> = findings
        .iter()
        .filter(|finding| is_flaky(finding))
        .cloned()
        .collect();
    for finding in findings.iter_mut() {
        // What else is wrong with an answer that does not come back does not come back either.
        let cause = flaky
            .iter()
            .find(|flaky| flaky.case == finding.case && flaky.status() == finding.status());
        if let Some(cause) = cause {
            // That a service cannot answer for the moment (RFC 9110, section 15.6.4) may be for what
            // the run itself asks of it at once.
            let most = if finding.status() == Some(503) {
                Level::May
            } else {
                Level::Should
            };
            finding.level = finding.level.min(most);
            finding.again = cause.again;
        }
        if let Some(again) = finding.again.filter(|again| again.failed < again.of)
            && finding.status().is_some_and(|status| status >= 500)
        {
            is_unstable(operation, finding, again);
        }
    }
    requests
}

/// Tells a server error that the same request does not bring about each time for what it is: of the
/// operation, and not of the value that was tried when it came.
fn is_unstable(operation: &Operation, finding: &mut Finding, again: Reproducibility) {
    let behaviour = Topic::Behaviour("unstable".to_owned());
    finding.fact = operation.about(behaviour);
    finding.level = finding.level.min(Level::Should);
    "the same answer to the same request".clone_into(&mut finding.documented);
    finding.rows.clone_from(&operation.facts);
    finding.message = format!(
        "{}; the same request was answered otherwise {} of {} times, so that what it sends is not to blame",
        finding.message,
        again.of.saturating_sub(again.failed),
        again.of
    );
}

/// Whether a finding is a status, or the lack of an answer, that came once and then no more.
fn is_flaky(finding: &Finding) -> bool {
    matches!(finding.check, Check::Status | Check::Transport) && finding.comes_once()
}

/// Whether a request that is tried again is refused for what the first try has made: that says
/// nothing of whether it would fail again.
fn meets_its_own_making(judged: &Attempt) -> bool {
    judged.case.request.method == "POST"
        && judged
            .exchange
            .outcome
            .as_ref()
            .is_ok_and(|answer| answer.status == 409)
}
