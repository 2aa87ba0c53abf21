//! The one way out: every request of a run leaves here, where the mode allows it and the run is not
//! to end, and what came of it is noted: in the journal, in what is known of the endpoint, and
//! among what the run created.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::contract::{Location, Operation, Suite, parameters_of_path};
use crate::exchange::{
    Answer, Authentication, Client, Exchange, Journal, Redactor, TransportError,
};
use crate::generate::{Case, Expectation, Request, text_of};

use super::abort::{AbortHandle, AbortReason, Diagnosis, Health};
use super::coverage_of_answers::Recorder;
use super::created::{Created, Leftover, created, has_made};
use super::created_log::CreatedLog;
use super::fixture::{Leases, WHOLE_RUN};
use super::leavings::Leavings;
use super::memory::Memory;
use super::one_time::OneTimeKeys;
use super::options::RunOptions;
use super::presence::Forms;
use super::removal::{KEPT_BACK, leftover, removal};
use super::samples::Samples;
use super::supply::{Lack, Supplies};
use super::target::{Mode, Target};
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
    /// Which fields the objects of answers had.
    pub(super) forms: Forms,
    /// The resources that trials only read.
    pub(super) shared: Leases,
    pub(super) supplies: Supplies,
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
            forms: Forms::new(suite.operations.len()),
            places: Semaphore::new(places),
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
        self.note(operation, case, &exchange, scope);
        match self.health.note(&exchange) {
            Some(Diagnosis::End(reason)) => self.abort.abort(reason),
            Some(Diagnosis::Refused(status)) => self.look_again(status).await,
            None => {}
        }
        exchange
    }

    /// What an endpoint speaks that answers nothing as HTTP, where that can be seen.
    pub(super) async fn other_protocol(&self, endpoint: &str) -> Option<&'static str> {
        self.client.other_protocol(endpoint).await
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
        self.note(operation, case, &exchange, WHOLE_RUN);
        exchange
    }

    /// A request with the headers that every request carries. Where an operation documents one, it
    /// is a value like others, and a trial may leave it out.
    fn with_headers<'r>(&self, operation: &Operation, request: &'r Request) -> Cow<'r, Request> {
        let cases = self.suite.cases_of(operation);
        let own: Vec<_> = cases.headers.iter().collect();
        let common = self.target.headers.iter().filter(|(name, _)| {
            let is_documented = operation
                .parameters_in(Location::Header)
                .any(|parameter| parameter.name.eq_ignore_ascii_case(name));
            !is_documented && !own.iter().any(|(one, _)| one.eq_ignore_ascii_case(name))
        });
        let common = common.map(|(name, value)| (name, value));
        let mut sent = Cow::Borrowed(request);
        for (name, value) in own.iter().copied().chain(common) {
            let is_there = |(known, _): &(String, String)| known.eq_ignore_ascii_case(name);
            if !sent.headers.iter().any(is_there) {
                sent.to_mut().headers.push((name.clone(), value.clone()));
            }
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
        }
        let request = &exchange.request;
        let mut is_removable = false;
        if let Ok(answer) = &exchange.outcome
            && answer.status < 300
            && !request.is_safe()
        {
            if request.method == "DELETE" {
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

    /// Takes note of what an answer says was created, and whether it can be removed.
    fn note_created(
        &self,
        operation: &Operation,
        exchange: &Exchange,
        answer: &[u8],
        scope: u64,
    ) -> bool {
        let request = &exchange.request;
        let mut found = created(&operation.name(), request, answer);
        let mut known = self.created.lock().unwrap_or_else(PoisonError::into_inner);
        found.retain(|one| !self.is_others(&one.id) && !known.holds(one));
        let index = self.index_of(operation);
        let is_create = request.method == operation.method
            && exchange
                .outcome
                .as_ref()
                .is_ok_and(|answer| has_made(operation, answer.status));
        let made = leftover(
            &self.suite,
            &self.target.resources,
            (index, operation),
            exchange,
            (known.len(), scope),
        )
        .filter(|(id, _)| is_create && !self.is_others(&text_of(id)));
        let mut leftovers = self
            .leftovers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mut is_removable = false;
        if let Some((id, mut leftover)) = made
            && !leftovers
                .iter()
                .any(|known| known.request == leftover.request)
        {
            let id = text_of(&id);
            let at = if let Some(at) = found.iter().position(|one| one.id == id) {
                at
            } else {
                found.push(Created {
                    operation: operation.name(),
                    field: "id".to_owned(),
                    id,
                    removed: None,
                    place: request.target(),
                });
                found.len() - 1
            };
            if let Some(one) = found.get_mut(at) {
                one.removed = Some(false);
            }
            leftover.created += at;
            leftovers.push(leftover);
            is_removable = true;
        }
        for one in &mut found {
            one.id = self.redactor.redact(&one.id);
            one.field = self.redactor.redact(&one.field);
        }
        known.append(found);
        is_removable
    }

    /// Takes note of what a trial's own request deleted: it needs no removal any more.
    fn note_deleted(&self, operation: &Operation, request: &Request) {
        let last = parameters_of_path(operation).pop();
        let id = last.and_then(|name| request.path.get(name));
        if let Some(id) = id.filter(|id| self.target.resources.values().any(|one| one == *id)) {
            let mut gone = self.gone.lock().unwrap_or_else(PoisonError::into_inner);
            gone.insert(id.clone());
        }
        let target = request.target();
        let mut leftovers = self
            .leftovers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let is_it = |leftover: &mut Leftover| leftover.request.target() == target;
        let gone: Vec<Leftover> = leftovers.extract_if(.., is_it).collect();
        drop(leftovers);
        for leftover in gone {
            self.give_back(1);
            self.note_removed(&leftover);
        }
    }

    /// Gives the writes free that were kept back for so many removals.
    fn give_back(&self, removals: u64) {
        if self.target.mode == Mode::Sandbox {
            self.reserved
                .fetch_sub(removals * KEPT_BACK, Ordering::SeqCst);
            self.writes
                .fetch_sub(removals * KEPT_BACK, Ordering::SeqCst);
        }
    }

    /// What one scope made and can be removed, for whoever removes it now.
    pub(super) fn take_leftovers_of(&self, scope: u64) -> Vec<Leftover> {
        let mut leftovers = self
            .leftovers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let taken: Vec<Leftover> = leftovers
            .extract_if(.., |leftover| leftover.scope == scope)
            .collect();
        drop(leftovers);
        self.give_back(u64::try_from(taken.len()).unwrap_or(0));
        taken
    }

    /// Takes back what could not be removed now, for the end of the run.
    pub(super) fn put_back(&self, leftover: Leftover) {
        if self.target.mode == Mode::Sandbox {
            self.reserved.fetch_add(KEPT_BACK, Ordering::SeqCst);
            self.writes.fetch_add(KEPT_BACK, Ordering::SeqCst);
        }
        let mut leftovers = self
            .leftovers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        leftovers.push(leftover);
    }

    /// Takes note that what was only promised is there.
    pub(super) fn note_shown(&self, id: &Value) {
        let text = text_of(id);
        let mut leftovers = self
            .leftovers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for leftover in leftovers.iter_mut() {
            if leftover.request.path.values().any(|value| *value == text) {
                leftover.is_promised = false;
            }
        }
    }

    /// Whether an id is that of something which was there before the run, or which the user gave.
    pub(super) fn is_others(&self, id: &str) -> bool {
        let is_given = self.target.resources.values().any(|given| given == id);
        let others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        is_given || others.contains(id)
    }

    /// Whether an answer to this run said that it created the thing of an id.
    pub(super) fn has_created(&self, id: &str) -> bool {
        let created = self.created.lock().unwrap_or_else(PoisonError::into_inner);
        created.names(id)
    }

    /// Takes note of what was there before the run.
    pub(super) fn note_others(&self, ids: impl IntoIterator<Item = String>) {
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        others.extend(ids);
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

    /// What can be removed, for whoever removes it now: the writes that were kept back for that are
    /// given free.
    pub(super) fn take_leftovers(&self) -> Vec<Leftover> {
        let reserved = self.reserved.swap(0, Ordering::SeqCst);
        self.writes.fetch_sub(reserved, Ordering::SeqCst);
        let mut leftovers = self
            .leftovers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mut taken = std::mem::take(&mut *leftovers);
        drop(leftovers);
        // What was put back came in another order than it was made in.
        taken.sort_by_key(|leftover| leftover.created);
        taken
    }

    /// Takes note that something was removed.
    pub(super) fn note_removed(&self, leftover: &Leftover) {
        let mut created = self.created.lock().unwrap_or_else(PoisonError::into_inner);
        let below = format!("{}/", leftover.request.target());
        // What belongs to it goes with it; a copy that was made by a path below it does not.
        let belongs = |operation: &str| {
            self.suite.resources.iter().any(|resource| {
                let create = resource
                    .create
                    .as_ref()
                    .filter(|_| resource.parent.is_some());
                let create = create.and_then(|create| self.suite.operations.get(create.operation));
                create.is_some_and(|create| create.name() == operation)
            })
        };
        created.remove(leftover.created, &below, |one| belongs(&one.operation));
    }

    /// What the run created.
    pub(super) fn take_created(&self) -> Vec<Created> {
        let mut created = self.created.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *created).into_all()
    }

    /// How many writes a request is counted as, in the sandbox mode: what a documented delete can
    /// remove is removed again.
    fn cost(&self, operation: &Operation, request: &Request) -> u64 {
        let creates = request.method == operation.method
            && self.target.mode == Mode::Sandbox
            && removal(&self.suite, self.index_of(operation)).is_some();
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
        let gone = self.gone.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = request.path.values().find(|id| gone.contains(*id)) {
            return Err(format!("`{id}` was given, and this run has deleted it"));
        }
        drop(gone);
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
pub(super) fn not_sent(request: &Request, reason: String) -> Exchange {
    Exchange {
        request: request.clone(),
        url: String::new(),
        authentication: Authentication::default(),
        outcome: Err(TransportError::NotSent(reason)),
        elapsed: Duration::ZERO,
    }
}
