//! One trial: what it does, and what that comes to.

use std::sync::Arc;
use std::time::Instant;

use libtest_mimic::{Completion, Failed};

use crate::contract::{Location, Operation};
use crate::generate::{Case, Expectation};

use super::answers;
use super::attempt::attempt;
use super::cases::TrialCases;
use super::finding::Finding;
use super::fixture::TrialContext;
use super::property;
use super::relation::{self, Law, Outcome};
use super::reproduce::reproduce;
use super::run_context::RunContext;
use super::snapshot;
use super::trial::{Attempt, Trial, TrialResult, Verdict, Work};

/// Runs a trial on the thread that libtest-mimic gives it.
pub(super) fn run_trial(run: &Arc<RunContext>, trial: &Trial) -> Result<Completion, Failed> {
    let started = Instant::now();
    let context = &TrialContext::new(run);
    let decision = context.handle.block_on(async {
        let decision = Box::pin(decide(context, trial)).await;
        context.release().await;
        decision
    });
    let elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let Decision {
        mut verdict,
        reason,
        requests,
        cases,
        mut findings,
    } = decision;
    let requests = requests.max(context.requests());
    let mut reason = reason.map(|reason| context.sender.redactor.redact(&reason));
    context.options.known_findings.mark(&mut findings);
    if verdict == Verdict::Failed && context.verdict(&findings) == Verdict::Passed {
        verdict = Verdict::Known;
        reason = findings
            .iter()
            .find_map(|finding| finding.known.as_ref())
            .map(ToString::to_string);
    }
    let message = findings
        .iter()
        .filter(|finding| finding.fails(context.options.level))
        .map(|finding| crate::exchange::printable(&finding.message))
        .collect::<Vec<_>>()
        .join("\n");
    let result = TrialResult {
        name: trial.name.clone(),
        kind: trial.kind,
        fact: trial.subject.fact.clone(),
        claims: trial.claims.clone(),
        verdict,
        reason: reason.clone(),
        requests,
        cases,
        elapsed_ms,
        findings,
    };
    if let Some(watcher) = &context.options.watcher {
        watcher.ended(&result, context.sender.sent());
    }
    context.keep(trial.operation, result);
    match verdict {
        Verdict::Passed => Ok(Completion::Completed),
        Verdict::Skipped => Ok(Completion::ignored_with(reason.unwrap_or_default())),
        Verdict::Blocked => Ok(Completion::ignored_with(format!(
            "blocked: {}",
            reason.unwrap_or_default()
        ))),
        Verdict::Known => Ok(Completion::ignored_with(format!(
            "known: {}",
            crate::exchange::printable(&reason.unwrap_or_default())
        ))),
        Verdict::Failed => Err(Failed::from(message)),
    }
}

async fn decide(context: &Arc<TrialContext>, trial: &Trial) -> Decision {
    let Some(operation) = context.sender.suite.operations.get(trial.operation) else {
        let reason = "the operation is not in the suite".to_owned();
        return (Verdict::Skipped, Some(reason), 0, Vec::new()).into();
    };
    // What the service says of an operation's plain request holds for all that is tried of it.
    let is_sent = !matches!(
        trial.work,
        Work::Skip(_) | Work::Offline(_) | Work::Snapshot(_)
    );
    if let Some(reason) = context
        .sender
        .memory
        .off(trial.operation)
        .filter(|_| is_sent)
    {
        return (Verdict::Blocked, Some(reason), 0, Vec::new()).into();
    }
    // Nothing is sent any more: what would be is not made.
    let is_made = is_sent && !matches!(trial.work, Work::Answers { .. });
    if let Some(reason) = context.sender.abort.reason().filter(|_| is_made) {
        return (Verdict::Blocked, Some(reason.to_string()), 0, Vec::new()).into();
    }
    match &trial.work {
        Work::Skip(reason) => (Verdict::Skipped, Some(reason.clone()), 0, Vec::new()).into(),
        Work::Snapshot(_) => snapshot::taken(context, &trial.name).into(),
        Work::Offline(findings) => (context.verdict(findings), None, 0, findings.clone()).into(),
        Work::Cases(cases) => {
            let _guard = context.guard(trial).await;
            send_all(context, trial, operation, cases).await
        }
        Work::Property { property, base } => {
            let _guard = context.guard(trial).await;
            property::hold(context, trial, operation, *property, base)
                .await
                .into()
        }
        Work::Relation {
            relation,
            law,
            baseline,
        } => {
            let _guard = context.guard(trial).await;
            let mut baseline = baseline.as_ref().clone();
            context.mark(operation, &trial.subject.fact, &mut baseline);
            let work = Law::new(context, operation, baseline, &trial.subject);
            let outcome = Box::pin(relation::hold(&work, relation, law)).await;
            decided(context, &work, outcome)
        }
        Work::Lifecycle {
            resource,
            law,
            baseline,
        } => {
            let _guard = context.guard(trial).await;
            let resources = &context.sender.suite.resources;
            let resource = resource.and_then(|resource| resources.get(resource));
            let work = Law::new(
                context,
                operation,
                baseline.as_ref().clone(),
                &trial.subject,
            );
            let outcome = Box::pin(relation::lifecycle::hold(&work, resource, *law)).await;
            decided(context, &work, outcome)
        }
        Work::Answers { place, field } => answers::hold(context, trial, operation, *place, field)
            .await
            .into(),
    }
}

/// What a law came to.
fn decided(context: &TrialContext, law: &Law<'_>, outcome: Outcome) -> Decision {
    let requests = law.requests.get();
    let findings = outcome.findings;
    match (context.verdict(&findings), outcome.undecided) {
        (Verdict::Passed, Some(reason)) => {
            (Verdict::Skipped, Some(reason), requests, findings).into()
        }
        (verdict, _) => (verdict, None, requests, findings).into(),
    }
}

/// Sends the cases of a trial, each made and classified when its turn comes.
async fn send_all(
    context: &TrialContext,
    trial: &Trial,
    operation: &Operation,
    cases: &TrialCases,
) -> Decision {
    let mut decision = Decision::from((Verdict::Passed, None, 0, Vec::new()));
    let mut blocked = None;
    let mut failing: Vec<Case> = Vec::new();
    for planned in cases.planned(operation) {
        if let Some(reason) = context.sender.abort.reason() {
            blocked.get_or_insert_with(|| reason.to_string());
            break;
        }
        let Some(mut case) = cases.make(operation, &planned) else {
            context.drop_cases(1);
            continue;
        };
        context.mark(operation, &trial.subject.fact, &mut case.request);
        decision.cases += 1;
        let requests = &mut decision.requests;
        let judged = attempt(
            context,
            operation,
            &case,
            &trial.subject,
            requests,
            &mut blocked,
        )
        .await;
        if judged.observations.is_empty()
            && let Some(reason) = proves_nothing(context, operation, &judged).await
        {
            blocked.get_or_insert(reason);
        }
        if !judged.observations.is_empty() {
            failing.push(case);
        }
        for observation in judged.observations {
            context
                .finding(observation, &judged.case, &judged.exchange)
                .add_to(&mut decision.findings);
        }
    }
    if decision.cases == 0 && blocked.is_none() {
        let reason = "no generated request stands in its class on the wire".to_owned();
        return (Verdict::Skipped, Some(reason), 0, Vec::new()).into();
    }
    decision.requests += reproduce(
        context,
        operation,
        &failing,
        &trial.subject,
        &mut decision.findings,
    )
    .await;
    decision.verdict = context.verdict(&decision.findings);
    if decision.verdict == Verdict::Passed && blocked.is_some() {
        decision.verdict = Verdict::Blocked;
    }
    decision.reason = blocked;
    decision
}

/// Why a refusal of a credential proves nothing, if so: only 401 and 403 say that it was the
/// credential. Another refusal may be that of a resource which is not there; it counts where the
/// right credential is shown the resource right after.
async fn proves_nothing(
    context: &TrialContext,
    operation: &Operation,
    judged: &Attempt,
) -> Option<String> {
    let status = judged.exchange.outcome.as_ref().ok()?.status;
    let is_told_by_existence =
        judged.case.expectation == Expectation::Unauthorised && !matches!(status, 401 | 403);
    if !is_told_by_existence || operation.parameters_in(Location::Path).next().is_none() {
        return None;
    }
    match context.is_there(operation, &judged.case.request).await {
        Some(true) => None,
        Some(false) => Some(format!(
            "answered {status}, and the resource is not there for the right credential either: that says nothing of the credential"
        )),
        None => Some(format!(
            "answered {status}, and nothing shows that the resource is there: that says nothing of the credential"
        )),
    }
}

/// What became of a trial.
struct Decision {
    verdict: Verdict,
    reason: Option<String>,
    requests: u64,
    /// How many cases it judged.
    cases: u64,
    findings: Vec<Finding>,
}

impl From<(Verdict, Option<String>, u64, Vec<Finding>)> for Decision {
    /// Each of the requests was a case.
    fn from(
        (verdict, reason, requests, findings): (Verdict, Option<String>, u64, Vec<Finding>),
    ) -> Self {
        Self {
            verdict,
            reason,
            requests,
            cases: requests,
            findings,
        }
    }
}
