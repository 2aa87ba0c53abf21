//! Answers that do not arrive. A way may lose one now and then, which says nothing of the endpoint:
//! a request is held against it for having no answer only where it has none each time.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use crate::check::Subject;
use crate::contract::Operation;
use crate::exchange::{Exchange, TransportError};
use crate::generate::Case;

use super::fixture::TrialContext;

/// How long what took a request may take to come up again, before it is sent once more.
const WAITS: [Duration; 2] = [Duration::from_millis(100), Duration::from_millis(400)];

/// Of so many requests it is found out that they are never answered; the others are not sent again,
/// for an endpoint that answers none would cost minutes.
const VAIN: u32 = 8;

/// So many lost answers say nothing of how many are.
const FEW: u64 = 3;

/// The same of requests that are not answered in time.
const TOO_LATE: u32 = 2;

/// What a run knows of answers that did not arrive.
#[derive(Debug, Default)]
pub(super) struct Lost {
    /// How many requests were answered when they were sent again.
    found: AtomicU64,
    /// How many were not.
    vain: AtomicU32,
    /// How many of these were not answered in time.
    too_late: AtomicU32,
}

impl Lost {
    /// How many answers were lost that came when the request was sent again.
    pub(super) fn found(&self) -> u64 {
        self.found.load(Ordering::Relaxed)
    }

    /// How often, and after which waits, an unanswered request is sent again.
    fn waits(&self, error: &TransportError, sent: u64) -> &'static [Duration] {
        // A way loses one of a hundred; whoever loses one of ten does so by itself.
        let found = self.found();
        if found >= FEW && found.saturating_mul(10) > sent {
            return &[];
        }
        match error {
            TransportError::Broken(_) | TransportError::Cut(_)
                if self.vain.load(Ordering::Relaxed) < VAIN =>
            {
                &WAITS
            }
            TransportError::Timeout(_) if self.too_late.load(Ordering::Relaxed) < TOO_LATE => {
                WAITS.get(..1).unwrap_or_default()
            }
            _ => &[],
        }
    }

    /// Takes note of what became of a request that was sent again.
    fn note(&self, first: &TransportError, last: &Exchange) {
        if last.outcome.is_ok() {
            self.found.fetch_add(1, Ordering::Relaxed);
        } else if matches!(first, TransportError::Timeout(_)) {
            self.too_late.fetch_add(1, Ordering::Relaxed);
        } else {
            self.vain.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// A case that was sent, what came of it, and whether an answer was lost before.
pub(super) struct Sent {
    pub(super) case: Case,
    pub(super) exchange: Exchange,
    /// How often it was sent.
    pub(super) tries: u64,
}

impl Sent {
    /// Whether another request like it may have done what this one was to do, unseen.
    pub(super) fn may_have_been_done(&self) -> bool {
        self.tries > 1 && !self.exchange.request.is_safe()
    }
}

/// Sends a case, again where no answer arrives, with fresh values where they must be unique.
/// `is_answer` tells where the lack of an answer is one.
pub(super) async fn send_until_answered(
    context: &TrialContext,
    operation: &Operation,
    case: &Case,
    subject: &Subject,
    is_answer: impl Fn(&Case, &Exchange) -> bool,
) -> Sent {
    let send = || context.send_unique(operation, case, &subject.fact, context.scope());
    // On the heap: what waits for an answer holds several requests.
    let (fresh, exchange) = Box::pin(send()).await;
    let mut sent = Sent {
        case: fresh,
        exchange,
        tries: 1,
    };
    let Err(first) = &sent.exchange.outcome else {
        return sent;
    };
    if is_answer(&sent.case, &sent.exchange) {
        return sent;
    }
    let first = first.clone();
    for wait in context.lost.waits(&first, context.sender.sent()) {
        tokio::time::sleep(*wait).await;
        let (fresh, exchange) = Box::pin(send()).await;
        // Nothing more may be sent: what came before is all that there is.
        if matches!(exchange.outcome, Err(TransportError::NotSent(_))) {
            return sent;
        }
        sent = Sent {
            case: fresh,
            exchange,
            tries: sent.tries + 1,
        };
        if sent.exchange.outcome.is_ok() {
            break;
        }
    }
    if sent.tries > 1 {
        context.lost.note(&first, &sent.exchange);
    }
    sent
}
