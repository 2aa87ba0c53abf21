//! The one way out: every request of a run leaves here, where the mode allows it and the run is not
//! to end, and what came of it is noted: in the journal, in what is known of the endpoint, and
//! among what the run created.

mod allowance;
mod belongings;
pub(super) mod common_headers;
mod pace;

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::check::refuses_in_body;
use crate::contract::{Identity, Operation, Suite};
use crate::exchange::{
    Answer, Authentication, Client, Exchange, Journal, Redactor, Spoken, TransportError,
};
use crate::generate::{Case, Expectation, Request, Scheme, text_of};

use self::common_headers::with_common_headers;
use self::pace::Pace;
use super::abort::{AbortHandle, AbortReason, Diagnosis, Health};
use super::basis::Bases;
use super::changes::{Changes, changes};
use super::coverage_of_answers::{Observed, Recorder};
use super::created::{Leftover, id_of};
use super::created_log::CreatedLog;
use super::fixture::{Leases, WHOLE_RUN};
use super::leavings::Leavings;
use super::memory::Memory;
use super::named_field::named_field;
use super::one_time::OneTimeKeys;
use super::options::RunOptions;
use super::presence::Forms;
use super::refusal::{ACCEPT, wants_another_kind};
use super::repeats::{Repeat, Repeats};
use super::samples::Samples;
use super::supply::{Lack, Supplies};
use super::target::Target;
use super::witness::Making;

/// How many requests are on the way at once if nobody says how many.
const PLACES: usize = 16;

/// How long a write that was sent is waited for once the run is to end: what it creates has to be
/// told.
const GRACE: Duration = Duration::from_secs(5);

/// The way out.
pub(super) struct Sender {
    pub(super) suite: Arc<Suite>,
    pub(super) target: Target,
    pub(super) redactor: Redactor,
    pub(super) abort: Arc<AbortHandle>,
    pub(super) samples: Samples,
    pub(super) memory: Memory,
    /// What the answers hold, beside what the checks say of them.
    pub(super) recorder: Recorder,
    /// The answers that came before.
    repeats: Repeats,
    /// Which fields the objects of answers had.
    pub(super) forms: Forms,
    /// The resources that trials only read.
    pub(super) shared: Leases,
    pub(super) supplies: Supplies,
    /// What changes rest on.
    pub(super) bases: Bases,
    /// Where requests have keys that serve one of them alone.
    pub(super) keys: OneTimeKeys,
    /// What was taken though no page allows it.
    pub(super) leavings: Leavings,
    /// The ids of what was there before the run, as far as a list showed it.
    others: Mutex<HashSet<String>>,
    /// The given ids that the run has deleted, as it was allowed to.
    gone: Mutex<HashSet<String>>,
    /// How the resources were made that trials only read.
    makings: Mutex<Vec<Making>>,
    client: Arc<Client>,
    /// As many requests are on the way at once as trials may run at once.
    places: Semaphore,
    /// How many requests to one operation are on their way at once.
    pace: Pace,
    health: Health,
    journal: Option<Arc<Journal>>,
    /// How many requests that could write were sent, or are kept back for removals.
    writes: AtomicU64,
    /// How many of them are kept back.
    reserved: AtomicU64,
    created: Mutex<CreatedLog>,
    /// What of it can be removed again.
    leftovers: Mutex<Vec<Leftover>>,
}

impl Sender {
    pub(super) fn new(
        suite: Arc<Suite>,
        target: Target,
        client: Arc<Client>,
        options: &RunOptions,
        samples: Samples,
    ) -> Self {
        let places = options.arguments.test_threads.unwrap_or(PLACES).max(1);
        Self {
            redactor: client.redactor(),
            abort: Arc::clone(&options.abort),
            samples,
            memory: Memory::default(),
            recorder: Recorder::new(suite.operations.len()),
            repeats: Repeats::default(),
            forms: Forms::new(suite.operations.len()),
            places: Semaphore::new(places),
            pace: Pace::new(suite.operations.len(), client.timeout()),
            health: Health::new(client.timeout()),
            journal: options.journal.clone(),
            writes: AtomicU64::new(0),
            reserved: AtomicU64::new(0),
            created: Mutex::default(),
            leftovers: Mutex::default(),
            shared: Leases::default(),
            makings: Mutex::default(),
            others: Mutex::default(),
            gone: Mutex::default(),
            supplies: Supplies::of(&suite, &target),
            bases: Bases::of(&suite),
            keys: OneTimeKeys::of(&suite),
            leavings: Leavings::default(),
            suite,
            target,
            client,
        }
    }

    /// Sends the request of a case, with the ids of what the case borrows. What the mode does not
    /// allow is not sent, nor is anything once the run is to end. What it makes belongs to the
    /// scope.
    pub(super) async fn send(
        &self,
        operation: &Operation,
        case: &Case,
        request: &Request,
        scope: u64,
    ) -> Exchange {
        if let Err(reason) = self.may_send(operation, request) {
            return not_sent(request, reason);
        }
        let exchange = self.send_once(operation, case, request, scope).await;
        if !wants_another_kind(operation, &exchange) {
            return exchange;
        }
        // From now on the operation's requests take any kind.
        self.memory.note_of_any_kind(self.index_of(operation));
        if self.may_send(operation, request).is_err() {
            return exchange;
        }
        self.send_once(operation, case, request, scope).await
    }

    /// Sends a request that may be sent, and takes note of what came of it.
    async fn send_once(
        &self,
        operation: &Operation,
        case: &Case,
        request: &Request,
        scope: u64,
    ) -> Exchange {
        let endpoint = self.target.endpoint(&operation.service).unwrap_or_default();
        let request = &self.with_headers(operation, request);
        let index = self.index_of(operation);
        let turn = self.pace.turn(index).await;
        // The semaphore is never closed: without a place there would be nothing to wait for.
        let _place = self.places.acquire().await;
        let is_out = AtomicBool::new(false);
        // On the heap: every future of a trial holds this one.
        let mut sending = Box::pin(self.client.send(endpoint, request, &is_out));
        let exchange = tokio::select! {
            exchange = &mut sending => exchange,
            reason = self.abort.aborted() => {
                // What still waits for its turn can create nothing any more.
                let matters = !request.is_safe() && is_out.load(Ordering::SeqCst);
                let last = if matters {
                    tokio::select! {
                        answered = tokio::time::timeout(GRACE, sending) => answered.ok(),
                        () = self.abort.hurried() => None,
                    }
                } else {
                    None
                };
                match last {
                    Some(exchange) => exchange,
                    None => return not_sent(request, reason.to_string()),
                }
            }
        };
        if let Some(turn) = turn {
            turn.note(exchange.outcome.is_ok().then_some(exchange.elapsed));
        }
        let exchange = as_told(operation, exchange);
        self.note(operation, case, &exchange, scope);
        match self.health.note(&exchange) {
            Some(Diagnosis::End(reason)) => self.abort.abort(reason),
            Some(Diagnosis::Refused(status)) => self.look_again(status).await,
            None => {}
        }
        exchange
    }

    /// What an endpoint speaks that answers nothing as HTTP, where that can be seen.
    pub(super) async fn spoken(&self, endpoint: &str) -> Option<Spoken> {
        self.client.spoken(endpoint).await
    }

    /// What an answer tells of the way to the endpoint, where the endpoint did not make it.
    pub(super) fn way_of(&self, answer: &Answer) -> Option<&'static str> {
        self.client.way_of(answer)
    }

    /// Sends a request whatever the mode and the state of the run: what the run created is removed
    /// so, and the caller has counted it.
    pub(super) async fn send_anyway(&self, operation: &Operation, case: &Case) -> Exchange {
        let endpoint = self.target.endpoint(&operation.service).unwrap_or_default();
        let is_out = AtomicBool::new(false);
        let request = self.with_fresh_keys(operation, case, &case.request, None);
        let request = self.with_headers(operation, &request);
        let exchange = tokio::select! {
            exchange = Box::pin(self.client.send(endpoint, &request, &is_out)) => exchange,
            () = self.abort.hurried() => {
                return not_sent(&case.request, AbortReason::Interrupted.to_string());
            }
        };
        let exchange = as_told(operation, exchange);
        self.note(operation, case, &exchange, WHOLE_RUN);
        exchange
    }

    /// A request with the headers that every request carries. Where an operation documents one, it
    /// is a value like others, and a trial may leave it out.
    fn with_headers<'r>(&self, operation: &Operation, request: &'r Request) -> Cow<'r, Request> {
        let mut sent = with_common_headers(&self.suite, &self.target, operation, request);
        if self.memory.is_of_any_kind(self.index_of(operation)) && !sent.has_header(ACCEPT) {
            let any = (ACCEPT.to_owned(), "*/*".to_owned());
            sent.to_mut().headers.push(any);
        }
        sent
    }

    /// Takes note of an exchange: in the journal, and of what it created.
    fn note(&self, operation: &Operation, case: &Case, exchange: &Exchange, scope: u64) {
        if let Some(journal) = &self.journal {
            journal.write(&json!({
                "operation": operation.name(),
                "case": self.redactor.redact(&case.label),
                "exchange": exchange.shown(&self.redactor),
            }));
        }
        let index = self.index_of(operation);
        self.recorder.count(index, operation, exchange);
        let is_plain = case.expectation == Expectation::Success
            && case.request.method == operation.method
            && self
                .samples
                .documented(index)
                .is_some_and(|documented| documented.request.path == case.request.path);
        if is_plain {
            self.memory.note_plain(index, exchange);
            if self.memory.is_refused(index)
                && let Some(row) = named_field(operation, exchange)
            {
                self.memory.note_named(index, row);
            }
        }
        let request = &exchange.request;
        let is_write = !request.is_safe() && exchange.is_success();
        if is_write && changes(&self.suite, index) == Changes::Unnamed {
            self.memory.note_of_all(index);
        }
        let mut is_removable = false;
        if let Ok(answer) = &exchange.outcome
            && answer.status < 300
            && !request.is_safe()
        {
            let mut creates = self.suite.resources.iter().filter_map(|own| {
                let create = own.create.as_ref()?;
                (create.operation == index).then_some((own, &create.identity))
            });
            if let Some((own, identity @ Identity::Answered(_))) = creates.next()
                && let Some(id) = id_of(identity, &own.parameter, exchange)
            {
                let create = (index, request.target());
                self.memory.note_given(create, text_of(&id));
            }
            let mut resources = self.suite.resources.iter();
            if request.method == "DELETE" || resources.any(|own| own.delete == Some(index)) {
                for id in request.path.values() {
                    self.memory.forget_given(id);
                }
                self.note_deleted(operation, request);
            } else {
                is_removable = self.note_created(operation, exchange, &answer.body, scope);
            }
        }
        // A create was counted with its removal: where there is nothing to remove, there are more
        // writes to send.
        let kept_back = self.cost(operation, request) - 1;
        if is_removable {
            self.reserved.fetch_add(kept_back, Ordering::SeqCst);
        } else {
            self.writes.fetch_sub(kept_back, Ordering::SeqCst);
        }
    }

    /// Whether what the answer to a case holds has to be looked at: not where the same was.
    pub(super) fn is_new(&self, operation: &Operation, case: &Case, exchange: &Exchange) -> bool {
        let index = self.index_of(operation);
        let settle = |all: Vec<Repeat>| self.settle(&all);
        self.repeats
            .is_new(index, operation, case, exchange, settle)
    }

    /// Counts what came again.
    fn settle(&self, all: &[Repeat]) {
        for repeat in all {
            if let Some(operation) = self.suite.operations.get(repeat.index) {
                self.recorder
                    .record_again(repeat, operation, &self.redactor);
            }
        }
    }

    /// What the answers of the run held.
    pub(super) fn observed(&self) -> Observed {
        self.settle(&self.repeats.take());
        self.recorder.observed(&self.suite, &self.redactor)
    }

    /// Keeps how a resource was made that trials only read.
    pub(super) fn note_making(&self, making: Making) {
        let mut makings = self.makings.lock().unwrap_or_else(PoisonError::into_inner);
        makings.push(making);
    }

    /// Looks at how the resources were made that trials only read.
    pub(super) fn with_makings(&self, look: impl FnOnce(&[Making])) {
        let makings = self.makings.lock().unwrap_or_else(PoisonError::into_inner);
        look(&makings);
    }

    /// The plainest request of an operation of the suite.
    pub(super) fn baseline(&self, index: usize) -> Result<Request, Lack> {
        self.supplies.baseline(&self.suite, index)
    }

    /// The same, about nothing but what the run makes.
    pub(super) fn baseline_of_run(&self, index: usize) -> Result<Request, Lack> {
        self.supplies.baseline_of_run(&self.suite, index)
    }

    /// The same about the resource of a key and id.
    pub(super) fn baseline_of_id(
        &self,
        index: usize,
        key: &str,
        id: &Value,
    ) -> Result<Request, Lack> {
        self.supplies.about(&self.suite, index, key, id)
    }

    /// Sends a documented request that was taken before, one that only reads if there is one: if
    /// that is refused now, the credential is no longer good, and the run ends.
    async fn look_again(&self, status: u16) {
        let known = self.memory.taken().into_iter().filter_map(|index| {
            let operation = self.suite.operations.get(index)?;
            Some((index, operation, self.samples.documented(index)?))
        });
        let Some((_, operation, case)) =
            known.min_by_key(|(index, _, case)| (!case.request.is_safe(), *index))
        else {
            return;
        };
        let Some(request) = self.shared.fill(&case.request) else {
            return;
        };
        if self.may_send(operation, &request).is_err() {
            return;
        }
        let case = Case {
            request,
            ..case.clone()
        };
        let exchange = self.send_anyway(operation, &case).await;
        if exchange
            .outcome
            .is_ok_and(|answer| matches!(answer.status, 401 | 403))
        {
            self.abort.abort(AbortReason::Refused { status });
        }
    }

    /// Takes note that the last that was heard of the endpoint is that it cannot be reached, where
    /// the run has ended too soon for anybody to be sure of that.
    pub(super) fn notice_the_end(&self) {
        if let Some(reason) = self.health.last_failure() {
            self.abort.abort(AbortReason::Gone { reason });
        }
    }

    /// Whether requests carry no credential.
    pub(super) fn lacks_credential(&self) -> bool {
        self.client.scheme() == Scheme::None
    }

    /// How many requests were sent.
    pub(super) fn sent(&self) -> u64 {
        self.client.sent()
    }

    /// The index of an operation of the suite.
    pub(super) fn index_of(&self, operation: &Operation) -> usize {
        self.suite
            .operations
            .iter()
            .position(|other| std::ptr::eq(other, operation))
            .unwrap_or(usize::MAX)
    }
}

/// An exchange of an operation with what its answer says of itself.
fn as_told(operation: &Operation, mut exchange: Exchange) -> Exchange {
    if let Ok(answer) = &mut exchange.outcome {
        answer.refuses = refuses_in_body(operation, answer);
    }
    exchange
}

/// What stands for an exchange that did not take place.
pub(super) fn not_sent(request: &Request, reason: String) -> Exchange {
    Exchange {
        request: request.clone(),
        url: String::new(),
        authentication: Authentication::default(),
        connection: std::sync::Arc::default(),
        outcome: Err(TransportError::NotSent(reason)),
        elapsed: Duration::ZERO,
    }
}
