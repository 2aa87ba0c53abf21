//! The run: trials are selected and run by libtest-mimic; each sends its cases and judges every
//! answer by every check.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use libtest_mimic::Arguments;
use tokio::runtime::Handle;

use crate::contract::{FactId, Suite};
use crate::exchange::Client;
use crate::generate::Whose;

use super::abort::{AbortReason, RunError};
use super::answers::look_at_all;
use super::attempt::given;
use super::claim::LeftOut;
use super::clean_up::clean_up;
use super::coverage_of_answers::Observed;
use super::created::Created;
use super::decide::run_trial;
use super::fixture::TrialContext;
use super::ground::set_aside;
use super::known_findings::{self, KnownFindingLine, Planned};
use super::options::RunOptions;
use super::preflight::preflight;
use super::presence;
use super::root_cause::{suppress_repeats, suppress_twins};
use super::run_context::RunContext;
use super::shard::Shard;
use super::snapshot;
use super::supply::Supplies;
use super::target::{Mode, Target};
use super::trial::{Kind, Trial, TrialResult, Verdict, Work};

/// Where libtest's own lines go when they are not wanted.
const NOWHERE: &str = if cfg!(windows) { "NUL" } else { "/dev/null" };

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
    /// How many requests were answered only when they were sent again.
    pub lost: u64,
    /// Why the run ended before its last trial, if it did.
    pub halted: Option<AbortReason>,
    /// Why no trial was tried, if the endpoint is of no use: every trial says so.
    pub unusable: Option<RunError>,
    /// What the run created.
    pub created: Vec<Created>,
    /// How much more each operation created of which no answer told an id.
    pub created_untold: BTreeMap<String, u64>,
    /// The trials that were not run.
    pub left_out: Vec<LeftOut>,
    /// What the answers held.
    pub observed: Observed,
    /// What became of each known finding.
    pub known_findings: Vec<KnownFindingLine>,
}

/// The names of planned trials, as libtest lists them: a line each.
pub fn list(names: &[String], arguments: &Arguments, partition: Option<Shard>) -> String {
    // None of them is a test that libtest ignores.
    if arguments.ignored {
        return String::new();
    }
    let mut told = String::new();
    for name in names {
        let is_here = partition.is_none_or(|partition| partition.has(name));
        let named = libtest_mimic::Trial::test(name, || Ok(()));
        if is_here && !arguments.is_filtered_out(&named) {
            told.push_str(name);
            told.push_str(": test\n");
        }
    }
    told
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
    // What becomes of the plain request of an operation tells whether the rest is worth a try.
    trials.sort_by_key(|trial| trial.kind != Kind::Example);
    let may_be_cut = options.budget.is_some() || options.max_failures.is_some();
    if may_be_cut || target.mode == Mode::Sandbox {
        trials = broad_first(trials);
    }
    // What takes a given resource away comes last: after that there is nothing to be asked about.
    let takes: HashSet<usize> = takes_given(&suite, &target);
    trials.sort_by_key(|trial| takes.contains(&trial.operation));
    let started = Instant::now();
    let options_of = options.clone();
    let context = Arc::new(RunContext::new(
        suite, target, client, handle, options_of, &trials,
    ));
    let mut unusable = None;
    if options.preflight {
        let asking = TrialContext::new(&context);
        unusable = context
            .handle
            .block_on(async {
                let looked = preflight(&asking, &trials).await;
                asking.release().await;
                looked
            })
            .err();
        if let Some(error) = &unusable {
            options.abort.abort(error.reason());
        }
    }
    if unusable.is_none() {
        let looking = TrialContext::new(&context);
        context.handle.block_on(looking.look_around());
    }
    let timer = options.budget.map(|budget| {
        let abort = Arc::clone(&options.abort);
        context.handle.spawn(async move {
            tokio::time::sleep(budget).await;
            let milliseconds = u64::try_from(budget.as_millis()).unwrap_or(u64::MAX);
            abort.abort(AbortReason::Budget { milliseconds });
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
            let context = Arc::clone(&context);
            libtest_mimic::Trial::ignorable_test(trial.name.clone(), move || {
                run_trial(&context, &trial)
            })
        })
        .collect();
    let elsewhere = u64::try_from(all - tests.len()).unwrap_or(u64::MAX);
    let mut arguments = options.arguments;
    if let Some(watcher) = &options.watcher {
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
        let taken = context
            .handle
            .block_on(snapshot::take(&context, store, &shots));
        context.keep_snapshots(taken);
    }
    let conclusion = libtest_mimic::run(&arguments, tests);
    if let Some(timer) = timer {
        timer.abort();
    }
    context.sender.notice_the_end();
    context.handle.block_on(async {
        ask_beside(&TrialContext::new(&context)).await;
        clean_up(&context.sender).await;
    });
    let sender = &context.sender;
    let observed = sender.observed();
    let (created, created_untold) = sender.take_created();
    let mut trials = results(&context, &order);
    look_at_all(&observed, &mut trials);
    let run: HashSet<&str> = trials.iter().map(|trial| trial.name.as_str()).collect();
    left_out.retain(|trial| !run.contains(trial.name.as_str()));
    RunResult {
        unusable,
        known_findings: known_findings::settle(&options.known_findings, &planned, &trials),
        trials,
        requests: sender.sent(),
        dropped: context.dropped(),
        lost: context.lost.found(),
        wall: started.elapsed(),
        filtered_out: conclusion.num_filtered_out + elsewhere,
        halted: options.abort.reason(),
        created,
        created_untold,
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
    let handle = handle.clone();
    let options = options.clone();
    let context = Arc::new(RunContext::new(
        suite, target, client, handle, options, trials,
    ));
    // Nobody asks how surely a fault is caught.
    context.repeat_nothing();
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
                    let _ = run_trial(&context, trial);
                    let enough = context.with_result(&trial.name, selection.enough);
                    if enough == Some(true) {
                        seen.store(true, Ordering::SeqCst);
                    }
                }
            });
        }
    });
    let order: Vec<String> = trials.iter().map(|trial| trial.name.clone()).collect();
    results(&context, &order)
}

/// The operations that delete a resource which was given, because nothing creates another.
fn takes_given(suite: &Suite, target: &Target) -> HashSet<usize> {
    let supplies = Supplies::of(suite, target);
    let deletes = suite.operations.iter().enumerate();
    deletes
        .filter(|(index, operation)| {
            let has_own = || {
                let request = supplies.baseline(suite, *index);
                request.is_ok_and(|one| one.borrowed.iter().any(|one| one.whose == Whose::Own))
            };
            operation.method == "DELETE" && !has_own()
        })
        .map(|(index, _)| index)
        .collect()
}

/// Where a trial stands among the others: whether it sends anything, whether its requests are
/// generated, and how many of its fact come before it.
type Rank = (bool, bool, usize);

/// Trials in an order in which every fact has its first trial before any has its second, and every
/// operation as many as the others; what sends nothing comes first, generated requests last.
fn broad_first(trials: Vec<Trial>) -> Vec<Trial> {
    let mut of_fact: HashMap<FactId, usize> = HashMap::new();
    let mut ranked: Vec<(Rank, Trial)> = trials
        .into_iter()
        .map(|trial| {
            let count = of_fact.entry(trial.subject.fact.clone()).or_default();
            *count += 1;
            let is_sent = !matches!(trial.work, Work::Skip(_) | Work::Offline(_));
            ((is_sent, trial.kind == Kind::Property, *count), trial)
        })
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    let mut of_operation: HashMap<(Rank, usize), usize> = HashMap::new();
    let mut turns: Vec<((Rank, usize), Trial)> = ranked
        .into_iter()
        .map(|(rank, trial)| {
            let turn = of_operation.entry((rank, trial.operation)).or_default();
            *turn += 1;
            ((rank, *turn), trial)
        })
        .collect();
    turns.sort_by_key(|(turn, _)| *turn);
    turns.into_iter().map(|(_, trial)| trial).collect()
}

/// The results in an order. Where the credential stopped being good, what was found because of
/// that is no finding.
fn results(context: &RunContext, order: &[String]) -> Vec<TrialResult> {
    let mut results = context.take_results();
    let halted = context.sender.abort.reason();
    let mut results: Vec<TrialResult> = order
        .iter()
        .filter_map(|name| results.remove(name))
        .collect();
    // What became of the valid requests is known only now.
    for result in &mut results {
        if result.verdict == Verdict::Passed
            && let Some(reason) = proves_nothing(context, &result.name)
        {
            result.verdict = Verdict::Blocked;
            result.reason = Some(reason);
        }
    }
    context
        .sender
        .leavings
        .settle(&mut results, context.options.level);
    presence::settle(context, &mut results);
    let taken = context.sender.memory.taken();
    // The results of an operation stand together, as its trials do in the plan.
    for own in results.chunk_by_mut(|one, next| one.fact.operation == next.fact.operation) {
        suppress_twins(own, context.options.level);
        let operation = own
            .first()
            .and_then(|one| context.known().index(&one.fact.operation));
        let operations = &context.sender.suite.operations;
        if let Some(index) = operation.filter(|index| !taken.contains(index))
            && let Some(operation) = operations.get(index)
        {
            set_aside(context, operation, own, context.options.level);
            let given = given(&context.sender, operation);
            suppress_repeats(operation, own, context.options.level, &given);
        }
    }
    if let Some(reason @ (AbortReason::Refused { .. } | AbortReason::Credential { .. })) = halted {
        for result in &mut results {
            let all = result.findings.len();
            result
                .findings
                .retain(|finding| !finding.refused_credential);
            if result.findings.len() < all && result.verdict == Verdict::Failed {
                result.verdict = context.verdict(&result.findings);
                if result.verdict == Verdict::Passed {
                    result.verdict = Verdict::Blocked;
                    result.reason = Some(reason.to_string());
                }
            }
        }
    }
    results
}

/// Sends the documented request of each operation of which trials saw nothing but refusals, where
/// no valid request was sent in the whole run.
async fn ask_beside(context: &TrialContext) {
    let sender = &context.sender;
    let passed = |name: &str| {
        let passed = |result: &TrialResult| result.verdict == Verdict::Passed;
        context.with_result(name, passed) == Some(true)
    };
    let open: BTreeSet<usize> = sender
        .samples
        .refusing
        .iter()
        .filter(|(name, index)| sender.memory.is_unknown(**index) && passed(name))
        .map(|(_, index)| *index)
        .collect();
    for index in open {
        if let (Some(operation), Some(case)) = (
            sender.suite.operations.get(index),
            sender.samples.documented(index),
        ) {
            context.send(operation, case).await;
        }
    }
}

/// Why a trial that saw nothing but refusals proves nothing, if so.
fn proves_nothing(context: &RunContext, trial: &str) -> Option<String> {
    let operation = context.sender.samples.refusing.get(trial)?;
    context.sender.memory.is_refused(*operation).then(|| {
        "inconclusive: the endpoint also rejects every valid request of this operation".to_owned()
    })
}
