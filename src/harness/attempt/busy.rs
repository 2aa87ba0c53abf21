//! Valid requests that are refused for what they met there: a resource that is not there, or one
//! that is busy with another write. Controls, other plain requests on the same path, tell that from
//! a refusal of the request itself; what is busy is waited for within a bound.

use std::time::Duration;

use crate::contract::{Facet, FactId, Operation, Place, Rule};
use crate::exchange::Exchange;
use crate::generate::Case;

use super::super::fixture::{TrialContext, plain_fact};
use super::super::refusal::is_refusal;
use super::Tried;
use super::unheld::given;

/// How long a refused valid write is tried again: a service may refuse one while another is
/// running.
const BUSY_WAITS: [u64; 6] = [40, 80, 160, 320, 640, 1_200];

/// How long a resource rests before a refusal is held against the endpoint.
const REST: Duration = Duration::from_millis(200);

impl Tried<'_> {
    /// Whether a valid write was refused because the resource was busy, not for the request. Where a
    /// control (another plain valid request on the same path) is taken twice, each time right after
    /// the case was refused, the refusal is the case's own. Where the controls are refused too, the
    /// resource is busy: the case is tried again within a bound, and held against the endpoint only
    /// if a control is then taken while the case still is not. `last` becomes the last answer to the
    /// case.
    pub(super) async fn is_busy(self, last: &mut Exchange, requests: &mut u64) -> bool {
        let Self { context, case, .. } = self;
        let memory = &context.sender.memory;
        let index = context.sender.index_of(self.operation);
        let target = (index, case.request.target());
        let last_taken = memory.accepted(&target);
        let controls: Vec<&Case> = self
            .controls()
            .chain(last_taken.iter().filter(|plain| is_control(plain, case)))
            .collect();
        // At once, without a pause: a resource that a control has just made busy refuses the next
        // control.
        if self.is_own(&controls, last, requests).await {
            // A resource that is busy for less time than a request takes can refuse every second
            // request: once more after a rest.
            tokio::time::sleep(REST).await;
            *requests += 1;
            *last = self.again().await;
            return false;
        }
        if !is_refusal(last) {
            return false;
        }
        // Nobody of ours makes the resource busy now: it comes free, or is held by others. One that
        // was busy all the time is not waited for again.
        // Nor is one that need not be taken, where another of its operation was busy all the time:
        // each trial may have one of its own.
        let of_all = (index, String::new());
        let must_be_taken = self.has_to_be_taken();
        let patience = match memory.busy_count(&target, |count| count) {
            0 if must_be_taken || memory.busy_count(&of_all, |count| count) == 0 => {
                BUSY_WAITS.len()
            }
            _ => 1,
        };
        self.wait_for(patience, last, requests).await;
        if !is_refusal(last) {
            memory.busy_count(&target, |_| 0);
            memory.busy_count(&of_all, |_| 0);
            return false;
        }
        if self.is_own(&controls, last, requests).await {
            // The control that was taken may have made it busy again.
            self.wait_for(BUSY_WAITS.len(), last, requests).await;
            return false;
        }
        if !is_refusal(last) {
            return false;
        }
        memory.busy_count(&target, |count| count + 1);
        memory.busy_count(&of_all, |count| count + 1);
        memory.accepted(&target).is_some() || !must_be_taken
    }

    /// Why a refused read says nothing of itself, if so: no other plain request on its path is taken
    /// either.
    pub(super) async fn why_barred(
        self,
        exchange: &Exchange,
        requests: &mut u64,
    ) -> Option<String> {
        let Self {
            context, operation, ..
        } = self;
        for control in self.controls() {
            *requests += 1;
            if context.send(operation, control).await.is_success() {
                return None;
            }
        }
        let status = exchange.outcome.as_ref().ok()?.status;
        (!self.has_to_be_taken()).then(|| {
            format!(
                "the endpoint refuses the plain documented request too ({status}){}",
                given(&context.sender, operation)
            )
        })
    }

    /// Whether a control is taken twice while the case is refused. `last` becomes the last answer to
    /// the case.
    async fn is_own(self, controls: &[&Case], last: &mut Exchange, requests: &mut u64) -> bool {
        let Self {
            context, operation, ..
        } = self;
        let plain = plain_fact(operation);
        for control in controls {
            let mut taken = 0;
            while taken < 2 {
                *requests += 1;
                // Neither a refusal nor a failure of the server is a request taken.
                if !again(context, operation, control, &plain)
                    .await
                    .is_success()
                {
                    break;
                }
                taken += 1;
                *requests += 1;
                *last = self.again().await;
                if !is_refusal(last) {
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
    async fn wait_for(self, patience: usize, last: &mut Exchange, requests: &mut u64) {
        for wait in BUSY_WAITS.iter().take(patience) {
            tokio::time::sleep(Duration::from_millis(*wait)).await;
            *requests += 1;
            *last = self.again().await;
            if !is_refusal(last) {
                break;
            }
        }
    }

    /// Sends the case once more.
    async fn again(self) -> Exchange {
        again(self.context, self.operation, self.case, &self.subject.fact).await
    }

    /// Whether a request has to be taken even where no control is: the documented request, in the
    /// trial that is about it, or one on a path of its own. What else is refused beside it says
    /// nothing more.
    fn has_to_be_taken(self) -> bool {
        let sender = &self.context.sender;
        let request = &self.case.request;
        match sender.samples.documented(sender.index_of(self.operation)) {
            Some(documented) if documented.request == *request => {
                let example = Rule::of_place(Place::Request, Facet::Example);
                self.subject.fact == self.operation.fact_id(example)
            }
            Some(documented) => documented.request.path != request.path,
            None => true,
        }
    }
}

impl<'t> Tried<'t> {
    /// The plain requests that a refused one is held against: others on its path.
    fn controls(self) -> impl Iterator<Item = &'t Case> {
        let sender = &self.context.sender;
        let controls = sender.samples.controls(sender.index_of(self.operation));
        let case = self.case;
        controls.iter().filter(move |plain| is_control(plain, case))
    }
}

/// Sends a case once more, or a control of it, with fresh values in what must be unique: those that
/// it had may be there by now.
async fn again(
    context: &TrialContext,
    operation: &Operation,
    case: &Case,
    about: &FactId,
) -> Exchange {
    let sending = context.send_unique(operation, case, about, context.scope());
    Box::pin(sending).await.1
}

/// Whether a plain request tells something of a refused one: it is another on the same path.
fn is_control(plain: &Case, case: &Case) -> bool {
    plain.request != case.request && plain.request.path == case.request.path
}
