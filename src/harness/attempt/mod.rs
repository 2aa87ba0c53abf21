//! One case, tried: sent, looked at for what would make its answer say nothing, and judged.

mod busy;
mod judged;
mod unheld;

use crate::check::{self, Subject};
use crate::contract::{Level, Operation, Topic};
use crate::exchange::{Exchange, TransportError};
use crate::generate::{Case, Expectation};

use super::fixture::TrialContext;
use super::lost::send_until_answered;
use super::trial::Attempt;

pub(super) use self::unheld::given;

/// A case that is tried, and what it is tried for.
#[derive(Clone, Copy)]
struct Tried<'t> {
    context: &'t TrialContext,
    operation: &'t Operation,
    case: &'t Case,
    subject: &'t Subject,
}

impl Tried<'_> {
    /// Whether the request is valid, and has to be taken.
    fn is_valid(&self) -> bool {
        self.case.expectation == Expectation::Success
    }

    /// Whether it is a valid write: its refusal may be a busy resource's.
    fn may_be_busy(&self) -> bool {
        self.is_valid() && self.operation.writes()
    }
}

/// Sends a case and judges the answer. A refusal of a valid request may come of what it met there:
/// that is looked into first, and what says nothing of the endpoint is left in `blocked`.
pub(super) async fn attempt(
    context: &TrialContext,
    operation: &Operation,
    case: &Case,
    subject: &Subject,
    requests: &mut u64,
    blocked: &mut Option<String>,
) -> Attempt {
    let planned = case;
    let sending = send_until_answered(context, operation, case, subject, is_cut_off);
    let mut sent = Box::pin(sending).await;
    *requests += sent.tries;
    let sender = &context.sender;
    sender.leavings.note(
        context.scope(),
        operation,
        subject,
        &sent.case,
        &sent.exchange,
    );
    let index = sender.index_of(operation);
    if let Some((taken, exchange)) = sender.memory.tell_taken_twice(index) {
        return of_taken_twice(context, operation, taken, exchange);
    }
    let tried = Tried {
        context,
        operation,
        case: &sent.case,
        subject,
    };
    let unheld = tried
        .why_unheld(planned, &mut sent.exchange, requests)
        .await;
    let observations = if let Some(unheld) = unheld {
        blocked.get_or_insert(unheld.reason);
        unheld.observations
    } else {
        tried.judged(&sent, requests, blocked).await
    };
    Attempt {
        case: sent.case,
        exchange: sent.exchange,
        observations,
    }
}

/// What a server error says of a request that has a value which is there already: it is told by
/// itself, once for its operation, and is held against no field that was under test.
fn of_taken_twice(
    context: &TrialContext,
    operation: &Operation,
    taken: Case,
    exchange: Exchange,
) -> Attempt {
    let law = Topic::Law {
        relation: "lifecycle".to_owned(),
        law: "unique".to_owned(),
    };
    let subject = Subject {
        fact: operation.about(law),
        rows: operation.facts.clone(),
        level: Level::Must,
        documented: "a refusal of what is there already".to_owned(),
    };
    let case = Case {
        label: "a value that is there already".to_owned(),
        expectation: Expectation::Refusal,
        ..taken
    };
    let redactor = &context.sender.redactor;
    let judged = check::judge(operation, &case, &subject, &exchange, redactor);
    let observations = judged.observations;
    Attempt {
        case,
        exchange,
        observations,
    }
}

/// Whether the connection was closed on a request that is too large, or for want of a client
/// certificate, which is an answer to it where the endpoint is still there afterwards.
fn is_cut_off(case: &Case, exchange: &Exchange) -> bool {
    match &exchange.outcome {
        Err(TransportError::Broken(_) | TransportError::Cut(_))
            if case.expectation == Expectation::Oversized =>
        {
            true
        }
        Err(TransportError::Broken(_) | TransportError::Cut(_) | TransportError::Connect(_)) => {
            exchange.authentication.lacks_certificate(&case.request)
        }
        _ => false,
    }
}
