//! One case, tried. A refusal of a valid request is told by controls, the operation's other plain requests, from a refusal of everything: a resource that is
//! not there, or one that is busy with another write, which is waited for within a bound.

use std::sync::PoisonError;
use std::time::Duration;

use crate::check::{self, Observation, Subject};
use crate::contract::{Facet, Operation, Place, Rule};
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
    /// Sends a case and judges the answer. A valid write that is refused may have met a busy resource: that is looked into first.
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
        if case.expectation == Expectation::Success
            && !operation.writes()
            && is_refusal(&exchange)
            && let Some(reason) = self
                .is_barred(operation, case, subject, &exchange, requests)
                .await
        {
            blocked.get_or_insert(reason);
            return Judged {
                case: case.clone(),
                exchange,
                observations: Vec::new(),
            };
        }
        if may_be_busy && is_refusal(&exchange) {
            let refused = self
                .look_into(operation, case, subject, exchange, requests)
                .await;
            if refused.is_busy {
                blocked.get_or_insert_with(|| {
                    "the endpoint refused the plain documented request too, all the time: are the resources of `--set` there, and free?"
                        .to_owned()
                });
                return Judged {
                    case: case.clone(),
                    exchange: refused.exchange,
                    observations: Vec::new(),
                };
            }
            exchange = refused.exchange;
        }
        // An answer that only asks for patience, or none because the run is at its end, says nothing of the contract.
        let undecided = match &exchange.outcome {
            Err(
                TransportError::NotSent(reason)
                | TransportError::Credential(reason)
                | TransportError::Unsendable(reason),
            ) => Some(reason.clone()),
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
                .insert((index, case.request.target()), case.clone());
        }
        let judgement = check::judge(operation, case, subject, &exchange, &self.redactor);
        let body = judgement.body.as_ref();
        self.recorder
            .record(index, operation, &exchange, body, &self.redactor);
        let mut observations = judgement.observations;
        if is_cut_off(case, &exchange) {
            if self.still_answers(operation, requests).await {
                observations.clear();
            }
            for observation in &mut observations {
                observation
                    .message
                    .push_str("; the documented request after it has no answer either");
            }
        }
        observations.retain(|observation| self.omission.check != Some(observation.check));
        observations.extend(
            self.max_response_time
                .and_then(|most| check::in_time(operation, &exchange, most)),
        );
        Judged {
            case: case.clone(),
            exchange,
            observations,
        }
    }
}

impl Shared {
    /// Looks into a refusal of a valid write. Where a control (another plain valid request on the same path) is taken twice, each time right after the
    /// case was refused, the refusal is the case's own. Where the controls are refused too, the resource is busy: the case is tried again within
    /// a bound, and held against the endpoint only if a control is then taken while the case still is not.
    async fn look_into(
        &self,
        operation: &Operation,
        case: &Case,
        subject: &Subject,
        exchange: Exchange,
        requests: &mut u64,
    ) -> Refused {
        let index = self.index_of(operation);
        let target = (index, case.request.target());
        let last_taken = self
            .accepted
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&target)
            .cloned();
        let controls: Vec<&Case> = self
            .controls_of(index, case)
            .chain(last_taken.iter().filter(|plain| is_control(plain, case)))
            .collect();
        let mut refused = Refused {
            exchange,
            is_busy: false,
        };
        // At once, without a pause: a resource that a control has just made busy refuses the next control.
        if self
            .is_own(operation, case, &controls, &mut refused, requests)
            .await
        {
            // A resource that is busy for less time than a request takes can refuse every second request: once more after a rest.
            tokio::time::sleep(REST).await;
            *requests += 1;
            refused.exchange = self.send(operation, case).await;
            return refused;
        }
        if !is_refusal(&refused.exchange) {
            return refused;
        }
        // Nobody of ours makes the resource busy now: it comes free, or is held by others. One that was busy all the time is not waited for again.
        let patience = match self.busy_count(&target, |count| count) {
            0 => BUSY_WAITS.len(),
            _ => 1,
        };
        self.wait_for(operation, case, patience, &mut refused, requests)
            .await;
        if !is_refusal(&refused.exchange) {
            self.busy_count(&target, |_| 0);
            return refused;
        }
        if self
            .is_own(operation, case, &controls, &mut refused, requests)
            .await
        {
            // The control that was taken may have made it busy again.
            self.wait_for(operation, case, BUSY_WAITS.len(), &mut refused, requests)
                .await;
            return refused;
        }
        if !is_refusal(&refused.exchange) {
            return refused;
        }
        let was_taken = self
            .accepted
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains_key(&target);
        refused.is_busy = was_taken || !self.has_to_be_taken(operation, case, subject);
        self.busy_count(&target, |count| count + 1);
        refused
    }

    /// Whether the endpoint still answers a documented request: one that only reads if the service has one. Where none can be sent, nobody knows of
    /// anything wrong.
    async fn still_answers(&self, operation: &Operation, requests: &mut u64) -> bool {
        let own = self.index_of(operation);
        let of_service = self.suite.operations.iter().enumerate();
        let known = of_service
            .filter(|(_, other)| other.service == operation.service)
            .filter_map(|(index, other)| Some((index, other, self.documented(index)?)))
            .filter(|(index, _, case)| *index == own || case.request.is_safe());
        let Some((_, other, case)) =
            known.min_by_key(|(index, _, case)| (!case.request.is_safe(), *index != own))
        else {
            return true;
        };
        // Twice: what took the large request may come up again.
        for wait in [Duration::ZERO, REST] {
            tokio::time::sleep(wait).await;
            *requests += 1;
            let outcome = self.send(other, case).await.outcome;
            let is_broken = matches!(
                outcome,
                Err(TransportError::Connect(_)
                    | TransportError::Broken(_)
                    | TransportError::Timeout(_))
            );
            if !is_broken {
                return true;
            }
        }
        false
    }

    /// Why a refused read says nothing of itself, if so: no other plain request on its path is taken either.
    async fn is_barred(
        &self,
        operation: &Operation,
        case: &Case,
        subject: &Subject,
        exchange: &Exchange,
        requests: &mut u64,
    ) -> Option<String> {
        for control in self.controls_of(self.index_of(operation), case) {
            *requests += 1;
            if self.send(operation, control).await.is_success() {
                return None;
            }
        }
        let status = exchange.outcome.as_ref().ok()?.status;
        (!self.has_to_be_taken(operation, case, subject))
            .then(|| format!(
                "the endpoint refuses the plain documented request too ({status}): are the resources of `--set` there?"
            ))
    }

    /// The plain requests that a refused one is held against: others on its path.
    fn controls_of<'c>(&'c self, index: usize, case: &'c Case) -> impl Iterator<Item = &'c Case> {
        self.controls
            .get(&index)
            .into_iter()
            .flatten()
            .filter(|plain| is_control(plain, case))
    }

    /// Whether a request has to be taken even where no control is: the documented request, in the trial that is about it, or one on a path of its own.
    /// What else is refused beside it says nothing more.
    fn has_to_be_taken(&self, operation: &Operation, case: &Case, subject: &Subject) -> bool {
        match self.documented(self.index_of(operation)) {
            Some(documented) if documented.request == case.request => {
                subject.fact == operation.fact_id(Rule::of_place(Place::Request, Facet::Example))
            }
            Some(documented) => documented.request.path != case.request.path,
            None => true,
        }
    }

    /// Whether a control is taken twice while the case is refused. The last answer to the case is kept.
    async fn is_own(
        &self,
        operation: &Operation,
        case: &Case,
        controls: &[&Case],
        refused: &mut Refused,
        requests: &mut u64,
    ) -> bool {
        for control in controls {
            let mut taken = 0;
            while taken < 2 {
                *requests += 1;
                // Neither a refusal nor a failure of the server is a request taken.
                if !self.send(operation, control).await.is_success() {
                    break;
                }
                taken += 1;
                *requests += 1;
                refused.exchange = self.send(operation, case).await;
                if !is_refusal(&refused.exchange) {
                    return false;
                }
            }
            if taken == 2 {
                return true;
            }
        }
        false
    }

    /// Tries the case again after ever longer pauses until it is taken.
    async fn wait_for(
        &self,
        operation: &Operation,
        case: &Case,
        patience: usize,
        refused: &mut Refused,
        requests: &mut u64,
    ) {
        for wait in BUSY_WAITS.iter().take(patience) {
            tokio::time::sleep(Duration::from_millis(*wait)).await;
            *requests += 1;
            refused.exchange = self.send(operation, case).await;
            if !is_refusal(&refused.exchange) {
                break;
            }
        }
    }

    /// Reads and changes how often in a row a resource was busy all the time.
    fn busy_count(&self, target: &(usize, String), change: impl Fn(u32) -> u32) -> u32 {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        let count = busy.entry(target.clone()).or_default();
        let before = *count;
        *count = change(before);
        before
    }
}

/// What looking into a refusal came to.
struct Refused {
    /// The last answer to the case.
    exchange: Exchange,
    /// Whether the resource, not the request, was the reason.
    is_busy: bool,
}

/// Whether a plain request tells something of a refused one: it is another on the same path.
fn is_control(plain: &Case, case: &Case) -> bool {
    plain.request != case.request && plain.request.path == case.request.path
}

/// Whether the connection was closed on a request that is too large, which is an answer to it where the endpoint is still there afterwards.
fn is_cut_off(case: &Case, exchange: &Exchange) -> bool {
    case.expectation == Expectation::Oversized
        && matches!(exchange.outcome, Err(TransportError::Broken(_)))
}

/// Whether an answer refuses the request.
fn is_refusal(exchange: &Exchange) -> bool {
    exchange
        .outcome
        .as_ref()
        .is_ok_and(|answer| (400..500).contains(&answer.status) && !asks_for_patience(answer))
}
