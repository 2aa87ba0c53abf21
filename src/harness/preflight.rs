//! The look at an endpoint before the first trial: one that is gone, or that refuses the
//! credential, is said once and not by every trial.

use std::collections::{BTreeMap, HashSet};

use crate::contract::Operation;
use crate::exchange::TransportError;
use crate::generate::Case;

use super::abort::RunError;
use super::fixture::TrialContext;
use super::trial::{Kind, Trial, Work};

/// Sends a documented request to each endpoint, a safe one where there is one: an endpoint that is
/// gone, or that refuses the credential, is said once and not by every trial. A credential that is
/// refused for one operation may be good for another: the documented requests of the others are
/// asked before that is held against it.
pub(super) async fn preflight(context: &TrialContext, trials: &[Trial]) -> Result<(), RunError> {
    let (suite, target) = (&context.sender.suite, &context.sender.target);
    let mut sendable: Vec<(&Operation, Case)> = trials
        .iter()
        .filter(|trial| trial.kind == Kind::Example)
        .filter_map(|trial| match &trial.work {
            Work::Cases(cases) => {
                let operation = suite.operations.get(trial.operation)?;
                let mut case = cases.first(operation)?.make();
                context.mark(operation, &trial.subject.fact, &mut case.request);
                Some((operation, case))
            }
            Work::Answers { .. }
            | Work::Property { .. }
            | Work::Relation { .. }
            | Work::Lifecycle { .. }
            | Work::Snapshot(_)
            | Work::Offline(_)
            | Work::Skip(_) => None,
        })
        .collect();
    sendable.sort_by_key(|(operation, _)| operation.writes());
    let mut answering: HashSet<&str> = HashSet::new();
    let mut refused: BTreeMap<&str, u16> = BTreeMap::new();
    for (operation, case) in sendable {
        let Some(endpoint) = target.endpoint(&operation.service) else {
            continue;
        };
        if answering.contains(endpoint) {
            continue;
        }
        match context.send(operation, &case).await.outcome {
            Err(TransportError::Connect(reason)) => {
                return Err(RunError::Unreachable {
                    endpoint: endpoint.to_owned(),
                    reason,
                });
            }
            Err(error @ TransportError::Timeout(_)) => {
                return Err(RunError::Unreachable {
                    endpoint: endpoint.to_owned(),
                    reason: error.to_string(),
                });
            }
            Ok(answer) if matches!(answer.status, 401 | 403) => {
                refused.entry(endpoint).or_insert(answer.status);
            }
            Err(TransportError::NotSent(_)) => {}
            _ => {
                answering.insert(endpoint);
            }
        }
    }
    let refused = refused
        .into_iter()
        .find(|(endpoint, _)| !answering.contains(endpoint));
    match refused {
        Some((endpoint, status)) => Err(RunError::Refused {
            endpoint: endpoint.to_owned(),
            status,
        }),
        None => Ok(()),
    }
}
