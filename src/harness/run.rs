//! The run: trials are selected and run by libtest-mimic; each sends its cases and judges every
//! answer by every check.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use libtest_mimic::{Arguments, Completion, Failed};
use tokio::runtime::Handle;

use crate::contract::{FactId, Level, Operation, Suite};
use crate::exchange::{Client, Journal};
use crate::generate::Case;
use crate::snapshot::Store;

use super::again;
use super::answers::look_at_all;
use super::aside;
use super::cases::TrialCases;
use super::claim::LeftOut;
use super::coverage_of_answers::Observed;
use super::created::Created;
use super::deviation::{self, DeviationLine, Deviations, Planned};
use super::finding::Finding;
use super::omission::Omission;
use super::partition::Partition;
use super::preflight::{RunError, preflight};
use super::property;
use super::relation::{self, Law};
use super::shared::{Shared, share};
use super::snapshot;
use super::stop::{Halt, Stop};
use super::target::{Mode, Target};
use super::trial::{Kind, Trial, TrialResult, Verdict, Work};

/// Where libtest's own lines go when they are not wanted.
const NOWHERE: &str = if cfg!(windows) { "NUL" } else { "/dev/null" };

/// What a run needs to know beside suite and target.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// libtest's arguments: filters, `--list`, threads, format.
    pub arguments: Arguments,
    /// The least level that fails a trial.
    pub level: Level,
    /// What generated requests are a function of.
    pub seed: u64,
    /// How many requests a property trial draws.
    pub cases: u32,
    /// The most time that an answer may take, where one is asked for.
    pub max_response_time: Option<Duration>,
    /// Whether an unreachable endpoint, or one that refuses the credential, ends the run before it
    /// starts.
    pub preflight: bool,
    /// How long the run may take; what is not tried then is skipped, facts that no trial has tried
    /// coming first.
    pub budget: Option<Duration>,
    /// Where exchanges are written as they happen.
    pub journal: Option<Arc<Journal>>,
    /// What ends the run early.
    pub stop: Arc<Stop>,
    /// Which part of the trials is run; all if absent.
    pub partition: Option<Partition>,
    /// What the run leaves out on purpose, as its plan did.
    pub omission: Omission,
    /// The findings that are accepted.
    pub deviations: Arc<Deviations>,
    /// The folder of snapshots, where snapshots are asked for.
    pub snapshots: Option<Store>,
    /// Who follows the run; where somebody does, libtest's own lines are not printed.
    pub watcher: Option<Arc<dyn Watcher>>,
}

/// Who follows a run while it goes on.
pub trait Watcher: std::fmt::Debug + Send + Sync {
    /// So many trials were selected.
    fn begin(&self, trials: usize);
    /// A trial ended; so many requests were sent until now.
    fn ended(&self, result: &TrialResult, requests: u64);
}

impl Default for RunOptions {
    fn default() -> Self {
        Self {
            arguments: Arguments::default(),
            level: Level::Should,
            seed: 0,
            cases: 40,
            max_response_time: None,
            preflight: false,
            budget: None,
            journal: None,
            stop: Arc::default(),
            partition: None,
            omission: Omission::default(),
            snapshots: None,
            watcher: None,
            deviations: Arc::default(),
        }
    }
}

/// What became of a run.
#[derive(Debug)]
pub struct RunResult {
    /// The trials that were run, in the order of the plan.
    pub trials: Vec<TrialResult>,
    /// How many requests were sent.
    pub requests: u64,
    /// How long it took.
    pub wall: Duration,
    /// How many trials the filters left out.
    pub filtered_out: u64,
    /// How many generated requests did not stand in their class on the wire, and were not sent.
    pub dropped: u64,
    /// Why the run ended before its last trial, if it did.
    pub halted: Option<Halt>,
    /// Why no trial was tried, if the endpoint is of no use: every trial says so.
    pub unusable: Option<RunError>,
    /// What the run created.
    pub created: Vec<Created>,
    /// The trials that were not run.
    pub left_out: Vec<LeftOut>,
    /// What the answers held.
    pub observed: Observed,
    /// What became of each deviation.
    pub deviations: Vec<DeviationLine>,
}

/// Prints the names of planned trials, as libtest does.
pub fn list(trials: &[Trial], arguments: &Arguments, partition: Option<Partition>) {
    let tests = trials
        .iter()
        .filter(|trial| partition.is_none_or(|partition| partition.has(&trial.name)))
        .map(|trial| libtest_mimic::Trial::test(trial.name.clone(), || Ok(())))
        .collect();
    let _ = libtest_mimic::run(arguments, tests);
}

/// Runs planned trials against a target.
pub fn run(
    suite: Arc<Suite>,
    mut trials: Vec<Trial>,
    target: Target,
    client: Arc<Client>,
    handle: Handle,
    options: RunOptions,
) -> RunResult {
    let planned: Vec<Planned> = trials.iter().map(Trial::planned).collect();
    let order: Vec<String> = trials.iter().map(|trial| trial.name.clone()).collect();
    let mut left_out: Vec<LeftOut> = trials.iter().map(Trial::left_out).collect();
    if options.budget.is_some() || target.mode == Mode::Sandbox {
        trials = broad_first(trials);
    }
    let started = Instant::now();
    let shared = Arc::new(share(suite, target, client, handle, &options, &trials));
    let mut unusable = None;
    if options.preflight {
        unusable = shared.handle.block_on(preflight(&shared, &trials)).err();
        if let Some(error) = &unusable {
            options.stop.halt(error.halt());
        }
    }
    let timer = options.budget.map(|budget| {
        let stop = Arc::clone(&options.stop);
        shared.handle.spawn(async move {
            tokio::time::sleep(budget).await;
            let milliseconds = u64::try_from(budget.as_millis()).unwrap_or(u64::MAX);
            stop.halt(Halt::Budget { milliseconds });
        })
    });
    let mut shots: Vec<Trial> = trials
        .iter()
        .filter(|trial| trial.kind == Kind::Snapshot)
        .cloned()
        .collect();
    let all = trials.len();
    let tests: Vec<libtest_mimic::Trial> = trials
        .into_iter()
        .filter(|trial| {
            options
                .partition
                .is_none_or(|partition| partition.has(&trial.name))
        })
        .map(|trial| {
            let shared = Arc::clone(&shared);
            libtest_mimic::Trial::ignorable_test(trial.name.clone(), move || {
                shared.run_trial(&trial)
            })
        })
        .collect();
    let elsewhere = u64::try_from(all - tests.len()).unwrap_or(u64::MAX);
    let mut arguments = options.arguments;
    if let Some(watcher) = &shared.watcher {
        watcher.begin(
            tests
                .iter()
                .filter(|test| !arguments.is_filtered_out(test))
                .count(),
        );
        arguments.logfile = Some(NOWHERE.to_owned());
    }
    if let Some(store) = &options.snapshots {
        let selected: HashSet<&str> = tests
            .iter()
            .filter(|test| !arguments.is_filtered_out(test))
            .map(libtest_mimic::Trial::name)
            .collect();
        shots.retain(|trial| selected.contains(trial.name.as_str()));
        let taken = shared
            .handle
            .block_on(snapshot::take(&shared, store, &shots));
        *shared
            .snapshots
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = taken;
    }
    let conclusion = libtest_mimic::run(&arguments, tests);
    if let Some(timer) = timer {
        timer.abort();
    }
    shared.handle.block_on(async {
        shared.ask_beside().await;
        shared.clean_up().await;
    });
    let observed = shared.observed();
    let mut trials = shared.results(&order);
    look_at_all(&observed, &mut trials);
    let run: HashSet<&str> = trials.iter().map(|trial| trial.name.as_str()).collect();
    left_out.retain(|trial| !run.contains(trial.name.as_str()));
    let created = std::mem::take(
        &mut *shared
            .created
            .lock()
            .unwrap_or_else(PoisonError::into_inner),
    );
    RunResult {
        unusable,
        deviations: deviation::settle(&shared.deviations, &planned, &trials),
        trials,
        requests: shared.sent(),
        dropped: shared.dropped(),
        wall: started.elapsed(),
        filtered_out: conclusion.num_filtered_out + elsewhere,
        halted: options.stop.reason(),
        created,
        observed,
        left_out,
    }
}

/// Which trials a quiet run is about.
pub(super) struct Selection<'s> {
    /// The rank of a trial: the lower come first, those without one are left out.
    pub(super) rank: &'s (dyn Fn(&Trial) -> Option<u8> + Sync),
    /// Whether a result is what the run is for: then only trials of rank 0 are still run.
    pub(super) enough: &'s (dyn Fn(&TrialResult) -> bool + Sync),
    /// How many trials run at once.
    pub(super) threads: usize,
}

/// Runs trials on threads of its own and without a word: for runs whose results are read by the
/// program itself.
pub(super) fn run_quietly(
    suite: Arc<Suite>,
    trials: &[Trial],
    target: Target,
    client: Arc<Client>,
    handle: &Handle,
    options: &RunOptions,
    selection: &Selection<'_>,
) -> Vec<TrialResult> {
    let mut shared = share(suite, target, client, handle.clone(), options, trials);
    // Nobody asks how surely a fault is caught.
    shared.repeats = AtomicU32::new(0);
    let shared = Arc::new(shared);
    let mut chosen: Vec<(u8, &Trial)> = trials
        .iter()
        .filter_map(|trial| Some(((selection.rank)(trial)?, trial)))
        .collect();
    chosen.sort_by_key(|(rank, _)| *rank);
    let (next, seen) = (AtomicUsize::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for _ in 0..selection.threads.min(chosen.len()) {
            scope.spawn(|| {
                while let Some((rank, trial)) = chosen.get(next.fetch_add(1, Ordering::SeqCst)) {
                    if *rank > 0 && seen.load(Ordering::SeqCst) {
                        break;
                    }
                    // The verdict is in the results; what libtest would print is not wanted.
                    let _ = shared.run_trial(trial);
                    let enough = shared
                        .results
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .get(&trial.name)
                        .is_some_and(selection.enough);
                    if enough {
                        seen.store(true, Ordering::SeqCst);
                    }
                }
            });
        }
    });
    let order: Vec<String> = trials.iter().map(|trial| trial.name.clone()).collect();
    shared.results(&order)
}

/// Trials in an order in which every fact has its first trial before any has its second, and
/// generated requests come last.
fn broad_first(trials: Vec<Trial>) -> Vec<Trial> {
    let mut seen: HashMap<FactId, usize> = HashMap::new();
    let mut ranked: Vec<((bool, usize), Trial)> = trials
        .into_iter()
        .map(|trial| {
            let rank = seen.entry(trial.subject.fact.clone()).or_default();
            *rank += 1;
            ((trial.kind == Kind::Property, *rank), trial)
        })
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, trial)| trial).collect()
}

impl Shared {
    /// The results in an order. Where the credential stopped being good, what was found because of
    /// that is no finding.
    fn results(&self, order: &[String]) -> Vec<TrialResult> {
        let mut results =
            std::mem::take(&mut *self.results.lock().unwrap_or_else(PoisonError::into_inner));
        let halted = self.stop.reason();
        let mut results: Vec<TrialResult> = order
            .iter()
            .filter_map(|name| results.remove(name))
            .collect();
        // What became of the valid requests is known only now.
        for result in &mut results {
            if result.verdict == Verdict::Passed
                && let Some(reason) = self.proves_nothing(&result.name)
            {
                result.verdict = Verdict::Blocked;
                result.reason = Some(reason);
            }
        }
        for index in self.never_taken() {
            if let Some(operation) = self.suite.operations.get(index) {
                aside::set(operation, &mut results, self.level);
            }
        }
        if let Some(halt @ (Halt::Refused { .. } | Halt::Credential { .. })) = halted {
            for result in &mut results {
                let all = result.findings.len();
                result
                    .findings
                    .retain(|finding| !finding.refused_credential);
                if result.findings.len() < all && result.verdict == Verdict::Failed {
                    result.verdict = self.verdict(&result.findings);
                    if result.verdict == Verdict::Passed {
                        result.verdict = Verdict::Blocked;
                        result.reason = Some(halt.to_string());
                    }
                }
            }
        }
        results
    }

    /// Runs a trial on the thread that libtest-mimic gives it.
    fn run_trial(self: &Arc<Self>, trial: &Trial) -> Result<Completion, Failed> {
        let started = Instant::now();
        let decision = self.handle.block_on(self.decide(trial));
        let elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let Decision {
            mut verdict,
            reason,
            requests,
            cases,
            mut findings,
        } = decision;
        let mut reason = reason.map(|reason| self.redactor.redact(&reason));
        self.deviations.mark(&mut findings);
        if verdict == Verdict::Failed && self.verdict(&findings) == Verdict::Passed {
            verdict = Verdict::Expected;
            reason = findings
                .iter()
                .find_map(|finding| finding.expected.as_ref())
                .map(ToString::to_string);
        }
        let message = findings
            .iter()
            .filter(|finding| finding.fails(self.level))
            .map(|finding| crate::exchange::printable(&finding.message))
            .collect::<Vec<_>>()
            .join("\n");
        let result = TrialResult {
            name: trial.name.clone(),
            kind: trial.kind,
            fact: trial.subject.fact.clone(),
            claims: trial.claims.clone(),
            verdict,
            reason: reason.clone(),
            requests,
            cases,
            elapsed_ms,
            findings,
        };
        if let Some(watcher) = &self.watcher {
            watcher.ended(&result, self.sent());
        }
        self.results
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(trial.name.clone(), result);
        match verdict {
            Verdict::Passed => Ok(Completion::Completed),
            Verdict::Skipped => Ok(Completion::ignored_with(reason.unwrap_or_default())),
            Verdict::Blocked => Ok(Completion::ignored_with(format!(
                "blocked: {}",
                reason.unwrap_or_default()
            ))),
            Verdict::Expected => Ok(Completion::ignored_with(format!(
                "expected: {}",
                crate::exchange::printable(&reason.unwrap_or_default())
            ))),
            Verdict::Failed => Err(Failed::from(message)),
        }
    }

    async fn decide(self: &Arc<Self>, trial: &Trial) -> Decision {
        let Some(operation) = self.suite.operations.get(trial.operation) else {
            let reason = "the operation is not in the suite".to_owned();
            return (Verdict::Skipped, Some(reason), 0, Vec::new()).into();
        };
        match &trial.work {
            Work::Skip(reason) => (Verdict::Skipped, Some(reason.clone()), 0, Vec::new()).into(),
            Work::Snapshot(_) => self.taken(&trial.name).into(),
            Work::Offline(findings) => (self.verdict(findings), None, 0, findings.clone()).into(),
            Work::Cases(cases) => {
                let _guard = self.guard(trial).await;
                self.cases(trial, operation, cases).await
            }
            Work::Property { property, base } => {
                let _guard = self.guard(trial).await;
                property::hold(self, trial, operation, *property, base)
                    .await
                    .into()
            }
            Work::Relation {
                relation,
                law,
                baseline,
            } => {
                let _guard = self.guard(trial).await;
                let mut baseline = baseline.as_ref().clone();
                self.mark(operation, &trial.subject.fact, &mut baseline);
                let work = Law::new(self, operation, baseline, &trial.subject);
                let outcome = relation::hold(&work, relation, law).await;
                let requests = work.requests.get();
                let findings = outcome.findings;
                match (self.verdict(&findings), outcome.undecided) {
                    (Verdict::Passed, Some(reason)) => {
                        (Verdict::Skipped, Some(reason), requests, findings).into()
                    }
                    (verdict, _) => (verdict, None, requests, findings).into(),
                }
            }
            Work::Answers { status, field } => {
                self.answers(trial, operation, *status, field).await.into()
            }
        }
    }

    /// Sends the cases of a trial, each made and classified when its turn comes.
    async fn cases(&self, trial: &Trial, operation: &Operation, cases: &TrialCases) -> Decision {
        let mut decision = Decision::from((Verdict::Passed, None, 0, Vec::new()));
        let mut blocked = None;
        let mut failing: Vec<Case> = Vec::new();
        for planned in cases.planned(operation) {
            let Some(mut case) = cases.make(operation, &planned) else {
                self.drop_cases(1);
                continue;
            };
            self.mark(operation, &trial.subject.fact, &mut case.request);
            decision.cases += 1;
            let requests = &mut decision.requests;
            let judged = self
                .try_case(operation, &case, &trial.subject, requests, &mut blocked)
                .await;
            if !judged.observations.is_empty() {
                failing.push(case);
            }
            for observation in judged.observations {
                Finding::new(observation, &judged.case, &judged.exchange, &self.redactor)
                    .add_to(&mut decision.findings);
            }
        }
        if decision.cases == 0 {
            let reason = "no generated request stands in its class on the wire".to_owned();
            return (Verdict::Skipped, Some(reason), 0, Vec::new()).into();
        }
        decision.requests += again::try_again(
            self,
            operation,
            &failing,
            &trial.subject,
            &mut decision.findings,
        )
        .await;
        decision.verdict = self.verdict(&decision.findings);
        if decision.verdict == Verdict::Passed && blocked.is_some() {
            decision.verdict = Verdict::Blocked;
        }
        decision.reason = blocked;
        decision
    }
}

/// What became of a trial.
struct Decision {
    verdict: Verdict,
    reason: Option<String>,
    requests: u64,
    /// How many cases it judged.
    cases: u64,
    findings: Vec<Finding>,
}

impl From<(Verdict, Option<String>, u64, Vec<Finding>)> for Decision {
    /// Each of the requests was a case.
    fn from(
        (verdict, reason, requests, findings): (Verdict, Option<String>, u64, Vec<Finding>),
    ) -> Self {
        Self {
            verdict,
            reason,
            requests,
            cases: requests,
            findings,
        }
    }
}
