//! Facts of answers: answers of a class are brought about once, and every trial that is about such
//! a fact looks at them.

use crate::check::Check;
use crate::contract::{Facet, FieldPath, Operation, Place, StatusRange, Step};
use crate::exchange::Answer;
use crate::generate::Case;

use super::attempt::attempt;
use super::claim::Claim;
use super::coverage_of_answers::{Observed, has_value};
use super::finding::Finding;
use super::fixture::TrialContext;
use super::presence;
use super::reproduce::reproduce;
use super::trial::{Kind, Provocation, Trial, TrialResult, Verdict};

/// Holds one fact of an answer against the shared answers of its status.
pub(super) async fn hold(
    context: &TrialContext,
    trial: &Trial,
    operation: &Operation,
    place: Place,
    field: &FieldPath,
) -> (Verdict, Option<String>, u64, Vec<Finding>) {
    let status = place.answered().unwrap_or(StatusRange::Default);
    // 204 is brought about by a resource without records, another success by the documented
    // request, a refusal by an invalid one.
    let key = match status {
        StatusRange::Code(401 | 403) => 401,
        StatusRange::Code(code @ (204 | 404 | 405)) => code,
        StatusRange::Code(_) | StatusRange::Class(_) | StatusRange::Default => {
            status.class().unwrap_or(0)
        }
    };
    let cell = context.sender.memory.provoked(trial.operation, key);
    let mut requests = 0;
    let provocation = cell
        .get_or_init(|| provoke(context, trial, operation, key, &mut requests))
        .await;
    if provocation.attempts.is_empty() {
        return (
            Verdict::Skipped,
            Some(format!("no request is planned to bring about a {status}")),
            0,
            Vec::new(),
        );
    }
    let mut seen = false;
    let needs_value = needs_value(&trial.claims);
    let mut findings = Vec::new();
    let mut shown_by = None;
    for judged in &provocation.attempts {
        let Ok(answer) = &judged.exchange.outcome else {
            continue;
        };
        let described = operation
            .response(answer.status)
            .is_some_and(|response| response.status == status);
        if described && shows(answer, (place, field), needs_value) {
            seen = true;
            shown_by.get_or_insert(judged);
        }
        for observation in &judged.observations {
            if observation.fact == trial.subject.fact {
                context
                    .finding(observation.clone(), &judged.case, &judged.exchange)
                    .add_to(&mut findings);
            }
        }
    }
    // The answers that the trial looked at show best what none of the run has.
    if let (Some(shown_by), Some(lack)) = (shown_by, presence::so_far(context, &trial.subject.fact))
    {
        context
            .finding(lack, &shown_by.case, &shown_by.exchange)
            .add_to(&mut findings);
    }
    // A status that came once is told from one that comes every time.
    if findings
        .iter()
        .any(|finding| finding.check == Check::Status)
    {
        let tried = provocation.attempts.iter();
        let cases: Vec<Case> = tried.map(|judged| judged.case.clone()).collect();
        requests += reproduce(context, operation, &cases, &trial.subject, &mut findings).await;
    }
    match context.verdict(&findings) {
        Verdict::Passed if !seen && provocation.blocked.is_some() => (
            Verdict::Blocked,
            provocation.blocked.clone(),
            requests,
            findings,
        ),
        Verdict::Passed if !seen && findings.is_empty() => {
            let what = sought(place, field, needs_value);
            (
                Verdict::Skipped,
                Some(format!("none of its answers was {what}")),
                requests,
                findings,
            )
        }
        verdict => (verdict, None, requests, findings),
    }
}

/// Brings about answers of a class once, for all trials that look at them.
async fn provoke(
    context: &TrialContext,
    trial: &Trial,
    operation: &Operation,
    key: u16,
    requests: &mut u64,
) -> Provocation {
    let cases = context.sender.samples.of_class(trial.operation, key);
    let _guard = context
        .guard_as(trial, key == 2 && operation.writes())
        .await;
    let mut provocation = Provocation::default();
    for case in &cases {
        let blocked = &mut provocation.blocked;
        let judged = attempt(context, operation, case, &trial.subject, requests, blocked).await;
        provocation.attempts.push(judged);
    }
    provocation
}

/// Whether an answer has a value (not null) for a field, or only the object that the field belongs
/// to: then the field could be judged.
pub(super) fn shows(
    answer: &Answer,
    (place, field): (Place, &FieldPath),
    needs_value: bool,
) -> bool {
    if field.is_root() {
        return true;
    }
    if let (Place::ResponseHeader(_), Some(name)) = (place, field.top()) {
        return !needs_value || answer.header(&name.to_lowercase()).is_some();
    }
    let Ok(value) = answer.body.strict() else {
        return false;
    };
    match field.steps() {
        [object @ .., Step::Name(_) | Step::Entry] if !needs_value => has_value(value, object),
        steps => has_value(value, steps),
    }
}

/// Whether a fact of an answer needs a value to tell it from: that a field is there can be told
/// from its object.
fn needs_value(claims: &[Claim]) -> bool {
    let mut rules = claims.iter().filter_map(|claim| claim.fact.rule());
    !rules.any(|rule| rule.facet == Facet::Required)
}

/// The answer that a trial looks for.
fn sought(place: Place, field: &FieldPath, needs_value: bool) -> String {
    let status = place.answered().unwrap_or(StatusRange::Default);
    let is_header = matches!(place, Place::ResponseHeader(_));
    if field.is_root() || is_header && !needs_value {
        format!("a {status}")
    } else if is_header {
        format!("a {status} with the header `{field}`")
    } else if needs_value {
        format!("a {status} with a value for `{field}`")
    } else {
        format!("a {status} with `{field}`'s object")
    }
}

/// Why answers that came show nothing, where no check has looked at any of them.
pub(super) fn never_judged(status: StatusRange, answers: u64) -> String {
    format!(
        "the answers that were a {status} ({answers}) were not checked: they refused every valid \
         request, asked for patience, or only made sure of another"
    )
}

/// What the whole run has shown to the trials that had no answer of their own to look at: the
/// requests of other trials may have brought some about.
pub fn look_at_all(observed: &Observed, results: &mut [TrialResult]) {
    let without = |result: &&mut TrialResult| {
        result.kind == Kind::Answers && result.verdict == Verdict::Skipped
    };
    for result in results.iter_mut().filter(without) {
        let Some((operation, rule)) = result
            .claims
            .iter()
            .find_map(|claim| Some((&claim.fact.operation, claim.fact.rule()?)))
        else {
            continue;
        };
        let Some(status) = rule.place.answered() else {
            continue;
        };
        let what = sought(rule.place, &rule.field, needs_value(&result.claims));
        let (shown, unjudged) = (
            observed.shown(operation, rule),
            observed.unjudged(operation, rule),
        );
        if shown > 0 {
            result.reason = Some(format!(
                "none of its own answers was {what}; {shown} of other trials were, and each was checked"
            ));
        } else if observed.answers(operation, rule) > 0 {
            result.reason = Some(format!("no answer was {what}"));
        } else if unjudged > 0 {
            result.reason = Some(never_judged(status, unjudged));
        }
    }
}
