//! One case, tried: a service may refuse a valid write while another one runs on the same resource. That is told from a refusal of the request
//! itself by a control, the operation's plain documented request, and waited for within a bound.

use std::sync::PoisonError;
use std::time::Duration;

use crate::check::{self, Observation, Subject};
use crate::contract::Operation;
use crate::exchange::{Exchange, TransportError, asks_for_patience};
use crate::generate::{Case, Expectation};

use super::shared::Shared;

/// How long a refused valid write is tried again: a service may refuse one while another is running.
const BUSY_WAITS: [u64; 6] = [40, 80, 160, 320, 640, 1_200];

/// How long a resource rests before a refusal is held against the endpoint.
const REST: Duration = Duration::from_millis(200);

/// An exchange with what the checks saw.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) case: Case,
    pub(super) exchange: Exchange,
    pub(super) observations: Vec<Observation>,
}

impl Shared {
    /// Sends a case and judges the answer. A valid write that is refused may have met a busy resource: the operation's plain request is the control.
    /// Where the control is taken twice, each time right after the case was refused, the refusal is the case's own. Where the control is refused
    /// too, the resource is busy: the case alone is tried again within a bound, and held against the endpoint only if the control is then taken.
    pub(super) async fn try_case(
        &self,
        operation: &Operation,
        case: &Case,
        subject: &Subject,
        requests: &mut u64,
        blocked: &mut Option<String>,
    ) -> Judged {
        let mut exchange = self.send(operation, case).await;
        *requests += 1;
        let may_be_busy = case.expectation == Expectation::Success && operation.writes();
        let index = self.index_of(operation);
        if may_be_busy && is_refusal(&exchange) {
            let control = self
                .successes
                .get(&index)
                .and_then(|cases| cases.first())
                .filter(|plain| {
                    plain.request != case.request && plain.request.path == case.request.path
                });
            // At once, without a pause: a resource that the control has just made busy refuses the next control.
            let mut own = false;
            if let Some(plain) = control {
                for _ in 0..2 {
                    *requests += 2;
                    own = !is_refusal(&self.send(operation, plain).await);
                    if !own {
                        break;
                    }
                    exchange = self.send(operation, case).await;
                    if !is_refusal(&exchange) {
                        break;
                    }
                }
            }
            if is_refusal(&exchange) && own {
                // A resource that is busy for less time than a request takes can refuse every second request: once more after a rest.
                tokio::time::sleep(REST).await;
                exchange = self.send(operation, case).await;
                *requests += 1;
            }
            if is_refusal(&exchange) && !own {
                // Nobody of ours makes the resource busy now: it comes free, or is held by others.
                for wait in BUSY_WAITS {
                    tokio::time::sleep(Duration::from_millis(wait)).await;
                    exchange = self.send(operation, case).await;
                    *requests += 1;
                    if !is_refusal(&exchange) {
                        break;
                    }
                }
                if is_refusal(&exchange) {
                    let target = (index, case.request.target());
                    let still_busy = match control {
                        Some(plain) => {
                            *requests += 1;
                            is_refusal(&self.send(operation, plain).await)
                        }
                        None => self
                            .accepted
                            .lock()
                            .unwrap_or_else(PoisonError::into_inner)
                            .contains(&target),
                    };
                    if still_busy {
                        blocked.get_or_insert_with(|| "the endpoint refused the plain documented request too, all the time".to_owned());
                        return Judged {
                            case: case.clone(),
                            exchange,
                            observations: Vec::new(),
                        };
                    }
                }
            }
        }
        // An answer that only asks for patience, or none because the run is at its end, says nothing of the contract.
        let undecided = match &exchange.outcome {
            Err(TransportError::NotSent(reason) | TransportError::Credential(reason)) => {
                Some(reason.clone())
            }
            Ok(answer) if asks_for_patience(answer) => Some(format!(
                "the endpoint asks for patience all the time ({})",
                answer.status
            )),
            _ => None,
        };
        if let Some(reason) = undecided {
            blocked.get_or_insert(reason);
            return Judged {
                case: case.clone(),
                exchange,
                observations: Vec::new(),
            };
        }
        if may_be_busy
            && exchange
                .outcome
                .as_ref()
                .is_ok_and(|answer| answer.status < 300)
        {
            self.accepted
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert((index, case.request.target()));
        }
        let judgement = check::judge(operation, case, subject, &exchange, &self.redactor);
        let body = judgement.body.as_ref();
        self.recorder
            .record(index, operation, &exchange, body, &self.redactor);
        let mut observations = judgement.observations;
        observations.retain(|observation| self.omission.check != Some(observation.check));
        observations.extend(
            self.max_response_time
                .and_then(|most| check::in_time(subject, &exchange, most)),
        );
        Judged {
            case: case.clone(),
            exchange,
            observations,
        }
    }
}

/// Whether an answer refuses the request.
fn is_refusal(exchange: &Exchange) -> bool {
    exchange
        .outcome
        .as_ref()
        .is_ok_and(|answer| (400..500).contains(&answer.status))
}
