//! What all trials of a run share: the target, the client, locks, and the one door through which
//! every request leaves.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::json;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use crate::contract::{FactId, FieldPath, Level, Operation, Place, Suite};
use crate::exchange::{
    Authentication, Client, Exchange, Journal, Redactor, TransportError, asks_for_patience,
};
use crate::generate::{Base, BoundarySide, Case, Expectation, Request, plain_requests};

use super::answers::Provoked;
use super::cases::TrialCases;
use super::coverage_of_answers::{Observed, Recorder};
use super::created::{Created, created};
use super::deviation::Deviations;
use super::finding::Finding;
use super::locks::{Guard, Locks};
use super::omission::Omission;
use super::removal::{KEPT_BACK, Leftover, removal};
use super::run::{RunOptions, Watcher};
use super::sandbox;
use super::snapshot::Taken;
use super::stop::{Halt, Health, Stop, Suspicion};
use super::target::{Mode, Target};
use super::trial::{Kind, Trial, TrialResult, Verdict, Work};

/// How many requests are on the way at once if nobody says how many.
const PLACES: usize = 16;

/// How long a write that was sent is waited for once the run is to end: what it creates has to be
/// told.
const GRACE: Duration = Duration::from_secs(5);

/// How many requests of a run may go into trying failing cases again.
const REPEATS: u32 = 200;

/// What all trials of a run share.
pub(super) struct Shared {
    pub(super) suite: Arc<Suite>,
    pub(super) target: Target,
    pub(super) seed: u64,
    pub(super) cases: u32,
    pub(super) max_response_time: Option<Duration>,
    pub(super) redactor: Redactor,
    pub(super) handle: Handle,
    pub(super) level: Level,
    pub(super) omission: Omission,
    pub(super) deviations: Arc<Deviations>,
    pub(super) stop: Arc<Stop>,
    pub(super) provoked: Mutex<HashMap<(usize, u16), Provoked>>,
    pub(super) refusals: HashMap<usize, Case>,
    pub(super) empties: HashMap<usize, Case>,
    /// Cases that bring about one status of refusals: 401, 404 and 405, by operation.
    pub(super) exact: HashMap<(usize, u16), Case>,
    pub(super) successes: HashMap<usize, Vec<Case>>,
    /// Plain valid requests of each operation, to tell a refusal of one request from that of all.
    pub(super) controls: HashMap<usize, Vec<Case>>,
    /// For each trial whose requests are to be refused, its operation: where the documented request
    /// is refused too, that proves nothing.
    pub(super) refusing: HashMap<String, usize>,
    /// The operations of which a valid request was taken, and those of which one was refused.
    plain: Mutex<Plain>,
    /// How many cases in a row found a resource busy all the time, by operation and path.
    pub(super) busy: Mutex<HashMap<(usize, String), u32>>,
    pub(super) results: Mutex<HashMap<String, TrialResult>>,
    /// The last valid write that was accepted in this run, by operation and path.
    pub(super) accepted: Mutex<HashMap<(usize, String), Case>>,
    /// The snapshots that were taken before the trials.
    pub(super) snapshots: Mutex<HashMap<String, Taken>>,
    /// What the run created.
    pub(super) created: Mutex<Vec<Created>>,
    /// What of it can be removed again.
    pub(super) leftovers: Mutex<Vec<Leftover>>,
    /// How many requests may still be sent to try a failing case again.
    pub(super) repeats: AtomicU32,
    /// What the answers hold, beside what the checks say of them.
    pub(super) recorder: Recorder,
    /// Who is told of each trial that ends.
    pub(super) watcher: Option<Arc<dyn Watcher>>,
    client: Arc<Client>,
    pub(super) locks: Locks,
    /// As many requests are on the way at once as trials may run at once.
    places: Semaphore,
    health: Health,
    journal: Option<Arc<Journal>>,
    writes: AtomicU64,
    /// How many of the counted writes are kept back for removals.
    reserved: AtomicU64,
    dropped: AtomicU64,
}

/// What became of valid requests, by operation.
#[derive(Debug, Default)]
struct Plain {
    taken: HashSet<usize>,
    refused: HashSet<usize>,
}

pub(super) fn share(
    suite: Arc<Suite>,
    target: Target,
    client: Arc<Client>,
    handle: Handle,
    options: &RunOptions,
    trials: &[Trial],
) -> Shared {
    let mut refusals = HashMap::new();
    let mut empties = HashMap::new();
    let mut exact = HashMap::new();
    let mut successes: HashMap<usize, Vec<Case>> = HashMap::new();
    for trial in trials {
        let (Work::Cases(cases), Some(operation)) =
            (&trial.work, suite.operations.get(trial.operation))
        else {
            continue;
        };
        let marked = |mut case: Case| {
            if target.mode == Mode::Sandbox {
                let bindings = suite.bindings(operation);
                sandbox::mark(operation, &bindings, &trial.subject.fact, &mut case.request);
            }
            case
        };
        let listed = match cases {
            TrialCases::Listed(listed) => listed,
            TrialCases::Field(side) => {
                if side.side == BoundarySide::Rejects
                    && !refusals.contains_key(&trial.operation)
                    && let Some(case) = refusal(cases, operation)
                {
                    refusals.insert(trial.operation, marked(case));
                }
                continue;
            }
        };
        for case in listed {
            let made = || marked(case.make());
            match case.expectation {
                Expectation::Refusal => {
                    refusals.entry(trial.operation).or_insert_with(made);
                }
                Expectation::EmptyResource => {
                    empties.entry(trial.operation).or_insert_with(made);
                }
                // The last kind of credential is a wrong one: absent and empty ones may be refused
                // in another way.
                Expectation::Unauthorised => {
                    exact.insert((trial.operation, 401), made());
                }
                Expectation::UnknownResource => {
                    exact.entry((trial.operation, 404)).or_insert_with(made);
                }
                Expectation::UndocumentedMethod => {
                    exact.entry((trial.operation, 405)).or_insert_with(made);
                }
                Expectation::Success if trial.kind == Kind::Example => {
                    successes.entry(trial.operation).or_default().push(made());
                }
                Expectation::Success
                | Expectation::CustomaryRefusal
                | Expectation::Malformed
                | Expectation::Unspecified
                | Expectation::RefusedResource
                | Expectation::TooLarge
                | Expectation::Oversized => {}
            }
        }
    }
    let mut controls = HashMap::new();
    for (index, cases) in &successes {
        if let (Some(operation), Some(case)) = (suite.operations.get(*index), cases.first()) {
            controls.insert(*index, plain_requests(operation, &case.request));
        }
    }
    let timeout = client.timeout();
    Shared {
        redactor: client.redactor(),
        controls,
        refusing: trials
            .iter()
            .filter(|trial| trial.is_about_refusals())
            .map(|trial| (trial.name.clone(), trial.operation))
            .collect(),
        plain: Mutex::default(),
        busy: Mutex::default(),
        repeats: AtomicU32::new(REPEATS),
        recorder: Recorder::new(suite.operations.len()),
        watcher: options.watcher.clone(),
        suite,
        target,
        client,
        handle,
        locks: Locks::default(),
        places: Semaphore::new(options.arguments.test_threads.unwrap_or(PLACES).max(1)),
        health: Health::new(timeout),
        journal: options.journal.clone(),
        writes: AtomicU64::new(0),
        reserved: AtomicU64::new(0),
        dropped: AtomicU64::new(0),
        omission: options.omission,
        deviations: Arc::clone(&options.deviations),
        stop: Arc::clone(&options.stop),
        created: Mutex::default(),
        leftovers: Mutex::default(),
        level: options.level,
        seed: options.seed,
        cases: options.cases,
        max_response_time: options.max_response_time,
        provoked: Mutex::default(),
        refusals,
        empties,
        exact,
        successes,
        results: Mutex::default(),
        snapshots: Mutex::default(),
        accepted: Mutex::default(),
    }
}

/// The first of some cases that has to be refused by what a page states.
fn refusal(cases: &TrialCases, operation: &Operation) -> Option<Case> {
    let stated = cases
        .planned(operation)
        .into_iter()
        .filter(|case| case.expectation == Expectation::Refusal);
    stated
        .into_iter()
        .find_map(|case| cases.make(operation, &case))
}

impl Shared {
    /// Sends a request of an operation: the one way out. What the mode does not allow is not sent,
    /// nor is anything once the run is to end.
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
            halt = self.stop.halted() => {
                // What still waits for its turn can create nothing any more.
                let matters = !request.is_safe() && is_out.load(Ordering::SeqCst);
                let last = if matters { tokio::time::timeout(GRACE, sending).await.ok() } else { None };
                match last {
                    Some(exchange) => exchange,
                    None => return not_sent(request, halt.to_string()),
                }
            }
        };
        self.note(operation, case, &exchange);
        match self.health.note(&exchange) {
            Some(Suspicion::End(halt)) => self.stop.halt(halt),
            Some(Suspicion::Refused(status)) => self.look_again(status).await,
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

    /// Names what a request creates so that it can be told apart, in the sandbox mode.
    pub(super) fn mark(&self, operation: &Operation, fact: &FactId, request: &mut Request) {
        if self.target.mode == Mode::Sandbox {
            sandbox::mark(operation, &self.suite.bindings(operation), fact, request);
        }
    }

    /// The request that cases are made from, named in the same way.
    pub(super) fn marked(
        &self,
        operation: &Operation,
        fact: &FactId,
        base: &Arc<Base>,
    ) -> Arc<Base> {
        if self.target.mode != Mode::Sandbox {
            return Arc::clone(base);
        }
        let mut request = (*base.request).clone();
        self.mark(operation, fact, &mut request);
        Arc::new(Base::new(operation, Arc::new(request)))
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
        if case.expectation == Expectation::Success && case.request.method == operation.method {
            self.note_plain(index, exchange);
        }
        let request = &case.request;
        let mut removable = 0;
        if let Ok(answer) = &exchange.outcome
            && answer.status < 300
            && !request.is_safe()
            && request.method != "DELETE"
        {
            let mut found = created(&operation.name(), request, &answer.body);
            for one in &mut found {
                one.id = self.redactor.redact(&one.id);
                one.field = self.redactor.redact(&one.field);
            }
            let mut known = self.created.lock().unwrap_or_else(PoisonError::into_inner);
            removable = self.note_leftovers(operation, request, &mut found, known.len());
            known.append(&mut found);
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

    /// Takes note of what became of a valid request of the operation's own resources.
    fn note_plain(&self, operation: usize, exchange: &Exchange) {
        let documented = self.documented(operation);
        if documented.is_none_or(|case| case.request.path != exchange.request.path) {
            return;
        }
        let mut plain = self.plain.lock().unwrap_or_else(PoisonError::into_inner);
        if exchange.is_success() {
            plain.taken.insert(operation);
        } else if exchange
            .outcome
            .as_ref()
            .is_ok_and(|answer| (400..500).contains(&answer.status) && !asks_for_patience(answer))
        {
            plain.refused.insert(operation);
        }
    }

    /// Sends the documented request of each operation of which trials saw nothing but refusals,
    /// where no valid request was sent in the whole run.
    pub(super) async fn ask_beside(&self) {
        let mut open: Vec<usize> = {
            let results = self.results.lock().unwrap_or_else(PoisonError::into_inner);
            let plain = self.plain.lock().unwrap_or_else(PoisonError::into_inner);
            let passed = |name: &str| {
                results
                    .get(name)
                    .is_some_and(|result| result.verdict == Verdict::Passed)
            };
            self.refusing
                .iter()
                .filter(|(name, _)| passed(name))
                .map(|(_, index)| *index)
                .filter(|index| !plain.taken.contains(index) && !plain.refused.contains(index))
                .collect()
        };
        open.sort_unstable();
        open.dedup();
        for index in open {
            if let (Some(operation), Some(case)) =
                (self.suite.operations.get(index), self.documented(index))
            {
                self.send(operation, case).await;
            }
        }
    }

    /// The operations of which no valid request was taken.
    pub(super) fn never_taken(&self) -> Vec<usize> {
        let plain = self.plain.lock().unwrap_or_else(PoisonError::into_inner);
        (0..self.suite.operations.len())
            .filter(|index| !plain.taken.contains(index))
            .collect()
    }

    /// Why a trial that saw nothing but refusals proves nothing, if so.
    pub(super) fn proves_nothing(&self, trial: &str) -> Option<String> {
        let operation = self.refusing.get(trial)?;
        let plain = self.plain.lock().unwrap_or_else(PoisonError::into_inner);
        (plain.refused.contains(operation) && !plain.taken.contains(operation)).then(|| {
            "the endpoint refuses every valid request of the operation too: that this one is refused says nothing"
                .to_owned()
        })
    }

    /// How many writes a request is counted as, in the sandbox mode: what a documented delete can
    /// remove is removed again.
    fn cost(&self, operation: &Operation, request: &Request) -> u64 {
        let creates = request.method == operation.method
            && self.target.mode == Mode::Sandbox
            && removal(&self.suite, operation).is_some();
        if creates { 1 + KEPT_BACK } else { 1 }
    }

    /// Gives free what was kept back for removals: they are about to be sent.
    pub(super) fn release_reserved(&self) {
        let reserved = self.reserved.swap(0, Ordering::SeqCst);
        self.writes.fetch_sub(reserved, Ordering::SeqCst);
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
        if let Some(halt) = self.stop.reason() {
            return Err(halt.to_string());
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

    /// The documented request of an operation.
    pub(super) fn documented(&self, operation: usize) -> Option<&Case> {
        self.successes.get(&operation)?.first()
    }

    /// Sends a documented request that was taken before, one that only reads if there is one: if
    /// that is refused now, the credential is no longer good, and the run ends.
    async fn look_again(&self, status: u16) {
        let taken: Vec<usize> = {
            let plain = self.plain.lock().unwrap_or_else(PoisonError::into_inner);
            plain.taken.iter().copied().collect()
        };
        let known = taken.into_iter().filter_map(|index| {
            let operation = self.suite.operations.get(index)?;
            Some((index, operation, self.documented(index)?))
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
            self.stop.halt(Halt::Refused { status });
        }
    }

    /// Counts generated requests that did not stand in their class on the wire, and so were not
    /// sent.
    pub(super) fn drop_cases(&self, count: u64) {
        self.dropped.fetch_add(count, Ordering::Relaxed);
    }

    /// How many generated requests were dropped.
    pub(super) fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// What the answers held until now.
    pub(super) fn observed(&self) -> Observed {
        self.recorder.observed(&self.suite, &self.redactor)
    }

    /// How many requests were sent.
    pub(super) fn sent(&self) -> u64 {
        self.client.sent()
    }

    pub(super) async fn guard(&self, trial: &Trial) -> Option<Guard> {
        match &trial.lock {
            Some((resource, exclusive)) => Some(self.locks.acquire(resource, *exclusive).await),
            None => None,
        }
    }

    /// The operation of a service and id.
    pub(super) fn operation(&self, service: &str, id: &str) -> Option<&Operation> {
        self.suite
            .operations
            .iter()
            .find(|operation| operation.service == service && operation.id == id)
    }

    /// Whether a place of an operation's requests takes a resource of the target.
    pub(super) fn is_bound(&self, operation: &Operation, place: Place, field: &FieldPath) -> bool {
        crate::generate::is_bound(&self.suite.bindings(operation), place, field)
    }

    pub(super) fn verdict(&self, findings: &[Finding]) -> Verdict {
        if findings.iter().any(|finding| finding.fails(self.level)) {
            Verdict::Failed
        } else {
            Verdict::Passed
        }
    }

    /// Whether a deviation accepts a finding.
    pub(super) fn is_accepted(&self, finding: &Finding) -> bool {
        self.deviations.accepts(finding).is_some()
    }

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
