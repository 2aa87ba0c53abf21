//! What all trials of a run have in common: what it was told, the way out for its requests, and
//! what became of the trials so far.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::runtime::Handle;

use crate::contract::{FactId, Operation, Suite};
use crate::exchange::Client;
use crate::generate::{Base, Request};

use super::abort::AbortReason;
use super::finding::Finding;
use super::fixture::WHOLE_RUN;
use super::ground::is_settled;
use super::locks::{Guard, Locks};
use super::lost::Lost;
use super::options::RunOptions;
use super::presence::Known;
use super::samples::Samples;
use super::sandbox;
use super::sender::Sender;
use super::target::{Mode, Target};
use super::trial::{Taken, Trial, TrialResult, Verdict};

/// How many requests of a run may go into trying failing cases again.
const REPEATS: u32 = 200;

/// What all trials of a run share.
pub(super) struct RunContext {
    pub(super) options: RunOptions,
    pub(super) sender: Sender,
    pub(super) handle: Handle,
    locks: Locks,
    /// How many requests may still be sent to try a failing case again.
    repeats: AtomicU32,
    /// Answers that did not arrive.
    pub(super) lost: Lost,
    /// How many generated requests did not stand in their class on the wire.
    dropped: AtomicU64,
    /// How many trials failed, whatever the others come to.
    failures: AtomicU32,
    results: Mutex<HashMap<String, TrialResult>>,
    /// The snapshots that were taken before the trials.
    snapshots: Mutex<HashMap<String, Taken>>,
    /// What is looked up where the presence of fields is judged.
    known: OnceLock<Known>,
    /// The number of the next scope.
    scopes: AtomicU64,
    /// The number of the next value that nobody had before.
    values: AtomicU64,
}

impl RunContext {
    pub(super) fn new(
        suite: Arc<Suite>,
        target: Target,
        client: Arc<Client>,
        handle: Handle,
        options: RunOptions,
        trials: &[Trial],
    ) -> Self {
        let samples = Samples::of(&suite, target.mode, trials);
        Self {
            sender: Sender::new(suite, target, client, &options, samples),
            options,
            handle,
            locks: Locks::default(),
            repeats: AtomicU32::new(REPEATS),
            lost: Lost::default(),
            dropped: AtomicU64::new(0),
            failures: AtomicU32::new(0),
            results: Mutex::default(),
            snapshots: Mutex::default(),
            known: OnceLock::new(),
            scopes: AtomicU64::new(WHOLE_RUN + 1),
            values: AtomicU64::new(0),
        }
    }

    /// What is looked up where the presence of fields is judged.
    pub(super) fn known(&self) -> &Known {
        self.known.get_or_init(|| Known::of(&self.sender.suite))
    }

    /// A scope that nothing belongs to yet.
    pub(super) fn next_scope(&self) -> u64 {
        self.scopes.fetch_add(1, Ordering::Relaxed)
    }

    /// A number that no other value of this run has.
    pub(super) fn next_value(&self) -> u64 {
        self.values.fetch_add(1, Ordering::Relaxed)
    }

    /// Names what a request creates so that it can be told apart, in the sandbox mode.
    pub(super) fn mark(&self, operation: &Operation, fact: &FactId, request: &mut Request) {
        if self.sender.target.mode == Mode::Sandbox {
            let bindings = self.sender.suite.bindings(operation);
            sandbox::mark(operation, &bindings, fact, request);
        }
    }

    /// The request that cases are made from, named in the same way.
    pub(super) fn marked(
        &self,
        operation: &Operation,
        fact: &FactId,
        base: &Arc<Base>,
    ) -> Arc<Base> {
        if self.sender.target.mode != Mode::Sandbox {
            return Arc::clone(base);
        }
        let mut request = (*base.request).clone();
        self.mark(operation, fact, &mut request);
        Arc::new(Base::new(operation, Arc::new(request)))
    }

    /// Waits for the resource of a trial.
    pub(super) async fn guard(&self, trial: &Trial) -> Option<Guard> {
        let (resource, exclusive) = trial.lock.as_ref()?;
        Some(self.locks.acquire(resource, *exclusive).await)
    }

    /// Waits for the resource of a trial that may need it in another way than the trial.
    pub(super) async fn guard_as(&self, trial: &Trial, exclusive: bool) -> Option<Guard> {
        let (resource, _) = trial.lock.as_ref()?;
        Some(self.locks.acquire(resource, exclusive).await)
    }

    /// Counts a request that tries a failing case again, where there are any left.
    pub(super) fn may_repeat(&self) -> bool {
        let left = self
            .repeats
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(1)
            });
        left.is_ok()
    }

    /// Lets no failing case be tried again.
    pub(super) fn repeat_nothing(&self) {
        self.repeats.store(0, Ordering::Relaxed);
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

    /// The verdict that findings come to.
    pub(super) fn verdict(&self, findings: &[Finding]) -> Verdict {
        let level = self.options.level;
        if findings.iter().any(|finding| finding.fails(level)) {
            Verdict::Failed
        } else {
            Verdict::Passed
        }
    }

    /// Keeps what became of a trial, and ends the run where as many failed as are asked for.
    pub(super) fn keep(&self, operation: usize, result: TrialResult) {
        let fails = |finding: &Finding| {
            finding.fails(self.options.level) && is_settled(self, operation, finding)
        };
        if let Some(most) = self.options.max_failures
            && result.verdict == Verdict::Failed
            && result.findings.iter().any(fails)
        {
            let failures = self.failures.fetch_add(1, Ordering::Relaxed) + 1;
            if failures >= most {
                let failures = most;
                self.options.abort.abort(AbortReason::Enough { failures });
            }
        }
        let mut results = self.results.lock().unwrap_or_else(PoisonError::into_inner);
        results.insert(result.name.clone(), result);
    }

    /// What a trial that has ended came to.
    pub(super) fn with_result<T>(
        &self,
        name: &str,
        look: impl FnOnce(&TrialResult) -> T,
    ) -> Option<T> {
        let results = self.results.lock().unwrap_or_else(PoisonError::into_inner);
        results.get(name).map(look)
    }

    /// What became of all trials.
    pub(super) fn take_results(&self) -> HashMap<String, TrialResult> {
        std::mem::take(&mut *self.results.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Keeps the snapshots that were taken before the trials.
    pub(super) fn keep_snapshots(&self, taken: HashMap<String, Taken>) {
        *self
            .snapshots
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = taken;
    }

    /// What became of a snapshot that was taken before the trials.
    pub(super) fn snapshot(&self, name: &str) -> Option<Taken> {
        let mut snapshots = self
            .snapshots
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        snapshots.remove(name)
    }
}
