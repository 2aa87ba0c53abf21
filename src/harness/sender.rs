//! The one way out: every request of a run leaves here, where the mode allows it and the run is not
//! to end, and what came of it is noted: in the journal, in what is known of the endpoint, and
//! among what the run created.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::json;
use tokio::sync::Semaphore;

use crate::contract::{Operation, Suite};
use crate::exchange::{Authentication, Client, Exchange, Journal, Redactor, TransportError};
use crate::generate::{Case, Expectation, Request};

use super::abort::{AbortHandle, AbortReason, Diagnosis, Health};
use super::coverage_of_answers::Recorder;
use super::created::{Created, Leftover, created};
use super::memory::Memory;
use super::options::RunOptions;
use super::removal::{KEPT_BACK, leftovers, removal};
use super::samples::Samples;
use super::target::{Mode, Target};

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
    client: Arc<Client>,
    /// As many requests are on the way at once as trials may run at once.
    places: Semaphore,
    health: Health,
    journal: Option<Arc<Journal>>,
    /// How many requests that could write were sent, or are kept back for removals.
    writes: AtomicU64,
    /// How many of them are kept back.
    reserved: AtomicU64,
    created: Mutex<Vec<Created>>,
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
            places: Semaphore::new(places),
            health: Health::new(client.timeout()),
            journal: options.journal.clone(),
            writes: AtomicU64::new(0),
            reserved: AtomicU64::new(0),
            created: Mutex::default(),
            leftovers: Mutex::default(),
            suite,
            target,
            client,
        }
    }

    /// Sends a request of an operation. What the mode does not allow is not sent, nor is anything
    /// once the run is to end.
    pub(super) async fn send(&self, operation: &Operation, case: &Case) -> Exchange {
        let request = &case.request;
        if let Err(reason) = self.may_send(operation, request) {
            return not_sent(request, reason);
        }
        self.send_once(operation, case).await
    }

    /// Sends a request that may be sent, and takes note of what came of it.
    async fn send_once(&self, operation: &Operation, case: &Case) -> Exchange {
        let request = &case.request;
        let endpoint = self.target.endpoint(&operation.service).unwrap_or_default();
        // The semaphore is never closed: without a place there would be nothing to wait for.
        let _place = self.places.acquire().await;
        let is_out = AtomicBool::new(false);
        let sending = self.client.send(endpoint, request, &is_out);
        tokio::pin!(sending);
        let exchange = tokio::select! {
            exchange = &mut sending => exchange,
            reason = self.abort.aborted() => {
                // What still waits for its turn can create nothing any more.
                let matters = !request.is_safe() && is_out.load(Ordering::SeqCst);
                let last = if matters {
                    tokio::time::timeout(GRACE, sending).await.ok()
                } else {
                    None
                };
                match last {
                    Some(exchange) => exchange,
                    None => return not_sent(request, reason.to_string()),
                }
            }
        };
        self.note(operation, case, &exchange);
        match self.health.note(&exchange) {
            Some(Diagnosis::End(reason)) => self.abort.abort(reason),
            Some(Diagnosis::Refused(status)) => self.look_again(status).await,
            None => {}
        }
        exchange
    }

    /// Sends a request whatever the mode and the state of the run: what the run created is removed
    /// so, and the caller has counted it.
    pub(super) async fn send_anyway(&self, operation: &Operation, case: &Case) -> Exchange {
        let endpoint = self.target.endpoint(&operation.service).unwrap_or_default();
        let exchange = self
            .client
            .send(endpoint, &case.request, &AtomicBool::new(false))
            .await;
        self.note(operation, case, &exchange);
        exchange
    }

    /// Takes note of an exchange: in the journal, and of what it created.
    fn note(&self, operation: &Operation, case: &Case, exchange: &Exchange) {
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
                .is_some_and(|documented| documented.request.path == exchange.request.path);
        if is_plain {
            self.memory.note_plain(index, exchange);
        }
        let request = &case.request;
        let mut removable = 0;
        if let Ok(answer) = &exchange.outcome
            && answer.status < 300
            && !request.is_safe()
            && request.method != "DELETE"
        {
            removable = self.note_created(operation, request, &answer.body);
        }
        // A create was counted with its removal: where there is nothing to remove, there are more
        // writes to send.
        let kept_back = self.cost(operation, request) - 1;
        if removable == 0 {
            self.writes.fetch_sub(kept_back, Ordering::SeqCst);
        } else {
            self.reserved.fetch_add(kept_back, Ordering::SeqCst);
        }
    }

    /// Takes note of what an answer says was created, and gives how much of it can be removed.
    fn note_created(&self, operation: &Operation, request: &Request, answer: &[u8]) -> usize {
        let mut found = created(&operation.name(), request, answer);
        for one in &mut found {
            one.id = self.redactor.redact(&one.id);
            one.field = self.redactor.redact(&one.field);
        }
        let mut known = self.created.lock().unwrap_or_else(PoisonError::into_inner);
        let mut removable = leftovers(
            &self.suite,
            &self.target.resources,
            (operation, request),
            &mut found,
            known.len(),
        );
        known.append(&mut found);
        let count = removable.len();
        let mut leftovers = self
            .leftovers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        leftovers.append(&mut removable);
        count
    }

    /// What can be removed, for whoever removes it now: the writes that were kept back for that are
    /// given free.
    pub(super) fn take_leftovers(&self) -> Vec<Leftover> {
        let reserved = self.reserved.swap(0, Ordering::SeqCst);
        self.writes.fetch_sub(reserved, Ordering::SeqCst);
        let mut leftovers = self
            .leftovers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *leftovers)
    }

    /// Takes note that something was removed.
    pub(super) fn note_removed(&self, leftover: &Leftover) {
        let mut created = self.created.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(one) = created.get_mut(leftover.created) {
            one.removed = Some(true);
        }
    }

    /// What the run created.
    pub(super) fn take_created(&self) -> Vec<Created> {
        let mut created = self.created.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *created)
    }

    /// How many writes a request is counted as, in the sandbox mode: what a documented delete can
    /// remove is removed again.
    fn cost(&self, operation: &Operation, request: &Request) -> u64 {
        let creates = request.method == operation.method
            && self.target.mode == Mode::Sandbox
            && removal(&self.suite, operation).is_some();
        if creates { 1 + KEPT_BACK } else { 1 }
    }

    /// Counts writes, where there are so many left.
    pub(super) fn count_writes(&self, count: u64) -> Result<(), String> {
        if self.target.mode != Mode::Sandbox {
            return Ok(());
        }
        let most = self.target.max_writes;
        self.writes
            .try_update(Ordering::SeqCst, Ordering::SeqCst, |sent| {
                sent.checked_add(count).filter(|sent| *sent <= most)
            })
            .map(|_| ())
            .map_err(|_| {
                if count == 1 {
                    format!("`--max-writes {most}` was used up")
                } else {
                    format!("`--max-writes {most}` leaves no room for a create and its removal")
                }
            })
    }

    /// Whether the mode allows a request now. A write that is allowed is counted.
    fn may_send(&self, operation: &Operation, request: &Request) -> Result<(), String> {
        if let Some(reason) = self.abort.reason() {
            return Err(reason.to_string());
        }
        if request.is_safe() {
            return Ok(());
        }
        match self.target.mode {
            Mode::Full => Ok(()),
            Mode::ReadOnly => Err("read-only mode: the request could write".to_owned()),
            Mode::Sandbox => self.count_writes(self.cost(operation, request)),
        }
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
        if self.may_send(operation, &case.request).is_err() {
            return;
        }
        let exchange = self.send_anyway(operation, case).await;
        if exchange
            .outcome
            .is_ok_and(|answer| matches!(answer.status, 401 | 403))
        {
            self.abort.abort(AbortReason::Refused { status });
        }
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

/// What stands for an exchange that did not take place.
fn not_sent(request: &Request, reason: String) -> Exchange {
    Exchange {
        request: request.clone(),
        url: String::new(),
        authentication: Authentication::default(),
        outcome: Err(TransportError::NotSent(reason)),
        elapsed: Duration::ZERO,
    }
}
