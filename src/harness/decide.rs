//! One trial: what it does, and what that comes to.

use std::sync::Arc;
use std::time::Instant;

use libtest_mimic::{Completion, Failed};

use crate::contract::Operation;
use crate::generate::Case;

use super::again;
use super::answers;
use super::busy::try_case;
use super::cases::TrialCases;
use super::finding::Finding;
use super::property;
use super::relation::{self, Law};
use super::shared::Shared;
use super::snapshot;
use super::trial::{Trial, TrialResult, Verdict, Work};

/// Runs a trial on the thread that libtest-mimic gives it.
pub(super) fn run_trial(shared: &Arc<Shared>, trial: &Trial) -> Result<Completion, Failed> {
    let started = Instant::now();
    let decision = shared.handle.block_on(decide(shared, trial));
    let elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let Decision {
        mut verdict,
        reason,
        requests,
        cases,
        mut findings,
    } = decision;
    let mut reason = reason.map(|reason| shared.sender.redactor.redact(&reason));
    shared.options.known_findings.mark(&mut findings);
    if verdict == Verdict::Failed && shared.verdict(&findings) == Verdict::Passed {
        verdict = Verdict::Known;
        reason = findings
            .iter()
            .find_map(|finding| finding.known.as_ref())
            .map(ToString::to_string);
    }
    let message = findings
        .iter()
        .filter(|finding| finding.fails(shared.options.level))
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
    if let Some(watcher) = &shared.options.watcher {
        watcher.ended(&result, shared.sender.sent());
    }
    shared.keep(result);
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

async fn decide(shared: &Arc<Shared>, trial: &Trial) -> Decision {
    let Some(operation) = shared.sender.suite.operations.get(trial.operation) else {
        let reason = "the operation is not in the suite".to_owned();
        return (Verdict::Skipped, Some(reason), 0, Vec::new()).into();
    };
    match &trial.work {
        Work::Skip(reason) => (Verdict::Skipped, Some(reason.clone()), 0, Vec::new()).into(),
        Work::Snapshot(_) => snapshot::taken(shared, &trial.name).into(),
        Work::Offline(findings) => (shared.verdict(findings), None, 0, findings.clone()).into(),
        Work::Cases(cases) => {
            let _guard = shared.guard(trial).await;
            send_all(shared, trial, operation, cases).await
        }
        Work::Property { property, base } => {
            let _guard = shared.guard(trial).await;
            property::hold(shared, trial, operation, *property, base)
                .await
                .into()
        }
        Work::Relation {
            relation,
            law,
            baseline,
        } => {
            let _guard = shared.guard(trial).await;
            let mut baseline = baseline.as_ref().clone();
            shared.mark(operation, &trial.subject.fact, &mut baseline);
            let work = Law::new(shared, operation, baseline, &trial.subject);
            let outcome = relation::hold(&work, relation, law).await;
            let requests = work.requests.get();
            let findings = outcome.findings;
            match (shared.verdict(&findings), outcome.undecided) {
                (Verdict::Passed, Some(reason)) => {
                    (Verdict::Skipped, Some(reason), requests, findings).into()
                }
                (verdict, _) => (verdict, None, requests, findings).into(),
            }
        }
        Work::Answers { status, field } => answers::hold(shared, trial, operation, *status, field)
            .await
            .into(),
    }
}

/// Sends the cases of a trial, each made and classified when its turn comes.
async fn send_all(
    shared: &Shared,
    trial: &Trial,
    operation: &Operation,
    cases: &TrialCases,
) -> Decision {
    let mut decision = Decision::from((Verdict::Passed, None, 0, Vec::new()));
    let mut blocked = None;
    let mut failing: Vec<Case> = Vec::new();
    for planned in cases.planned(operation) {
        let Some(mut case) = cases.make(operation, &planned) else {
            shared.drop_cases(1);
            continue;
        };
        shared.mark(operation, &trial.subject.fact, &mut case.request);
        decision.cases += 1;
        let requests = &mut decision.requests;
        let judged = try_case(
            shared,
            operation,
            &case,
            &trial.subject,
            requests,
            &mut blocked,
        )
        .await;
        if !judged.observations.is_empty() {
            failing.push(case);
        }
        for observation in judged.observations {
            Finding::new(
                observation,
                &judged.case,
                &judged.exchange,
                &shared.sender.redactor,
            )
            .add_to(&mut decision.findings);
        }
    }
    if decision.cases == 0 {
        let reason = "no generated request stands in its class on the wire".to_owned();
        return (Verdict::Skipped, Some(reason), 0, Vec::new()).into();
    }
    decision.requests += again::try_again(
        shared,
        operation,
        &failing,
        &trial.subject,
        &mut decision.findings,
    )
    .await;
    decision.verdict = shared.verdict(&decision.findings);
    if decision.verdict == Verdict::Passed && blocked.is_some() {
        decision.verdict = Verdict::Blocked;
    }
    decision.reason = blocked;
    decision
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
