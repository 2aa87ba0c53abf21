//! The run: trials are selected and run by libtest-mimic; each sends its cases and judges every answer by every check.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use libtest_mimic::{Arguments, Completion, Failed};
use tokio::runtime::Handle;
use tokio::sync::OnceCell;

use crate::check::{self, Observation, Subject};
use crate::contract::{Level, Operation, Suite};
use crate::exchange::{Client, Exchange, Redactor, TransportError};
use crate::generate::{Case, Expectation};

use super::finding::Finding;
use super::locks::{Guard, Locks};
use super::plan::plan;
use super::property;
use super::relation::{self, Law};
use super::target::Target;
use super::trial::{Kind, Trial, TrialResult, Verdict, Work};

/// How long a refused valid write is tried again: a service may refuse one while another is running.
const BUSY_WAITS: [u64; 6] = [40, 80, 160, 320, 640, 1_200];

/// How long a resource rests before a refusal is held against the endpoint.
const REST: Duration = Duration::from_millis(200);

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
    /// Whether an unreachable endpoint, or one that refuses the credential, ends the run before it starts.
    pub preflight: bool,
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
    /// Whether trials were only listed.
    pub listed: bool,
}

/// Why a run ended before its first trial.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// No connection.
    #[error("cannot reach {endpoint}: {reason}")]
    Unreachable {
        /// The endpoint.
        endpoint: String,
        /// Why.
        reason: String,
    },
    /// Every answer is 401 or 403.
    #[error("{endpoint} answers {status} to every request")]
    Refused {
        /// The endpoint.
        endpoint: String,
        /// The status.
        status: u16,
    },
}

/// What all trials of a run share.
pub(super) struct Shared {
    pub(super) suite: Arc<Suite>,
    pub(super) target: Target,
    pub(super) seed: u64,
    pub(super) cases: u32,
    max_response_time: Option<Duration>,
    client: Arc<Client>,
    pub(super) redactor: Redactor,
    handle: Handle,
    locks: Locks,
    pub(super) level: Level,
    provoked: Mutex<HashMap<(usize, u16), Provoked>>,
    refusals: HashMap<usize, Case>,
    empties: HashMap<usize, Case>,
    successes: HashMap<usize, Vec<Case>>,
    results: Mutex<HashMap<String, TrialResult>>,
    /// The operations and paths of which a valid write was accepted in this run.
    accepted: Mutex<HashSet<(usize, String)>>,
}

/// Answers that were brought about once, for all trials that look at them.
type Provoked = Arc<OnceCell<Vec<Judged>>>;

/// An exchange with what the checks saw.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) case: Case,
    pub(super) exchange: Exchange,
    pub(super) observations: Vec<Observation>,
}

/// Runs a suite against a target.
pub fn run(
    suite: Arc<Suite>,
    target: Target,
    client: Arc<Client>,
    handle: Handle,
    options: RunOptions,
) -> Result<RunResult, RunError> {
    let trials = plan(&suite, &target, client.has_credential());
    let started = Instant::now();
    if options.preflight && !options.arguments.list {
        handle.block_on(preflight(&suite, &target, &client, &trials))?;
    }
    let shared = Arc::new(share(suite, target, client, handle, &options, &trials));
    let order: Vec<String> = trials.iter().map(|trial| trial.name.clone()).collect();
    let tests: Vec<libtest_mimic::Trial> = trials
        .into_iter()
        .map(|trial| {
            let shared = Arc::clone(&shared);
            libtest_mimic::Trial::ignorable_test(trial.name.clone(), move || {
                shared.run_trial(&trial)
            })
        })
        .collect();
    let conclusion = libtest_mimic::run(&options.arguments, tests);
    let mut results = std::mem::take(
        &mut *shared
            .results
            .lock()
            .unwrap_or_else(PoisonError::into_inner),
    );
    let trials = order
        .iter()
        .filter_map(|name| results.remove(name))
        .collect();
    Ok(RunResult {
        trials,
        requests: shared.client.sent(),
        wall: started.elapsed(),
        filtered_out: conclusion.num_filtered_out,
        listed: options.arguments.list,
    })
}

/// Runs every trial on threads of its own, without a word: for runs whose results are read by the program itself.
pub(super) fn run_quietly(
    suite: Arc<Suite>,
    target: Target,
    client: Arc<Client>,
    handle: &Handle,
    options: &RunOptions,
    threads: usize,
) -> Vec<TrialResult> {
    let trials = plan(&suite, &target, client.has_credential());
    let shared = share(suite, target, client, handle.clone(), options, &trials);
    let next = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(trial) =
                    trials.get(next.fetch_add(1, std::sync::atomic::Ordering::SeqCst))
                {
                    // The verdict is in the results; what libtest would print is not wanted.
                    let _ = shared.run_trial(trial);
                }
            });
        }
    });
    let mut results = shared
        .results
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    trials
        .iter()
        .filter_map(|trial| results.remove(&trial.name))
        .collect()
}

fn share(
    suite: Arc<Suite>,
    target: Target,
    client: Arc<Client>,
    handle: Handle,
    options: &RunOptions,
    trials: &[Trial],
) -> Shared {
    let mut refusals = HashMap::new();
    let mut empties = HashMap::new();
    let mut successes: HashMap<usize, Vec<Case>> = HashMap::new();
    for trial in trials {
        let Work::Cases(cases) = &trial.work else {
            continue;
        };
        for case in cases {
            match case.expectation {
                Expectation::Refusal => {
                    refusals
                        .entry(trial.operation)
                        .or_insert_with(|| case.clone());
                }
                Expectation::EmptyResource => {
                    empties
                        .entry(trial.operation)
                        .or_insert_with(|| case.clone());
                }
                Expectation::Success if trial.kind == Kind::Example => successes
                    .entry(trial.operation)
                    .or_default()
                    .push(case.clone()),
                _ => {}
            }
        }
    }
    Shared {
        redactor: client.redactor(),
        suite,
        target,
        client,
        handle,
        locks: Locks::default(),
        level: options.level,
        seed: options.seed,
        cases: options.cases,
        max_response_time: options.max_response_time,
        provoked: Mutex::default(),
        refusals,
        empties,
        successes,
        results: Mutex::default(),
        accepted: Mutex::default(),
    }
}

/// Sends one documented request to each endpoint, a safe one where there is one: an endpoint that is gone, or that refuses the credential, is
/// said once and not by every trial.
async fn preflight(
    suite: &Suite,
    target: &Target,
    client: &Client,
    trials: &[Trial],
) -> Result<(), RunError> {
    let mut endpoints: Vec<(&str, &Case)> = Vec::new();
    let mut sendable: Vec<(&Operation, &Case)> = trials
        .iter()
        .filter(|trial| trial.kind == Kind::Example)
        .filter_map(|trial| match &trial.work {
            Work::Cases(cases) => Some((suite.operations.get(trial.operation)?, cases.first()?)),
            _ => None,
        })
        .collect();
    sendable.sort_by_key(|(operation, _)| operation.writes());
    for (operation, case) in sendable {
        if let Some(endpoint) = target.endpoint(&operation.service)
            && !endpoints.iter().any(|(known, _)| *known == endpoint)
        {
            endpoints.push((endpoint, case));
        }
    }
    for (endpoint, case) in endpoints {
        match client.send(endpoint, &case.request).await.outcome {
            Err(TransportError::Connect(reason)) => {
                return Err(RunError::Unreachable {
                    endpoint: endpoint.to_owned(),
                    reason,
                });
            }
            Err(error @ TransportError::Timeout(_)) => {
                return Err(RunError::Unreachable {
                    endpoint: endpoint.to_owned(),
                    reason: error.to_string(),
                });
            }
            Ok(answer) if matches!(answer.status, 401 | 403) => {
                return Err(RunError::Refused {
                    endpoint: endpoint.to_owned(),
                    status: answer.status,
                });
            }
            _ => {}
        }
    }
    Ok(())
}

impl Shared {
    /// Runs a trial on the thread that libtest-mimic gives it.
    fn run_trial(&self, trial: &Trial) -> Result<Completion, Failed> {
        let started = Instant::now();
        let result = self.handle.block_on(self.decide(trial));
        let elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (verdict, reason, requests, findings) = result;
        let message = findings
            .iter()
            .filter(|finding| finding.level >= self.level)
            .map(|finding| crate::exchange::printable(&finding.message))
            .collect::<Vec<_>>()
            .join("\n");
        self.results
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(
                trial.name.clone(),
                TrialResult {
                    name: trial.name.clone(),
                    kind: trial.kind,
                    fact: trial.subject.fact.clone(),
                    verdict,
                    reason: reason.clone(),
                    requests,
                    elapsed_ms,
                    findings,
                },
            );
        match verdict {
            Verdict::Passed => Ok(Completion::Completed),
            Verdict::Skipped => Ok(Completion::ignored_with(reason.unwrap_or_default())),
            Verdict::Blocked => Ok(Completion::ignored_with(format!(
                "blocked: {}",
                reason.unwrap_or_default()
            ))),
            Verdict::Failed => Err(Failed::from(message)),
        }
    }

    async fn decide(&self, trial: &Trial) -> (Verdict, Option<String>, u64, Vec<Finding>) {
        let Some(operation) = self.suite.operations.get(trial.operation) else {
            return (
                Verdict::Skipped,
                Some("the operation is not in the suite".to_owned()),
                0,
                Vec::new(),
            );
        };
        match &trial.work {
            Work::Skip(reason) => (Verdict::Skipped, Some(reason.clone()), 0, Vec::new()),
            Work::Offline(findings) => (self.verdict(findings), None, 0, findings.clone()),
            Work::Cases(cases) => {
                let _guard = self.guard(trial).await;
                let mut findings = Vec::new();
                let mut requests = 0;
                let mut blocked = None;
                for case in cases {
                    let judged = self
                        .try_case(operation, case, &trial.subject, &mut requests, &mut blocked)
                        .await;
                    for observation in judged.observations {
                        Finding::new(observation, &judged.case, &judged.exchange, &self.redactor)
                            .add(&mut findings);
                    }
                }
                match (self.verdict(&findings), blocked) {
                    (Verdict::Passed, Some(reason)) => {
                        (Verdict::Blocked, Some(reason), requests, findings)
                    }
                    (verdict, _) => (verdict, None, requests, findings),
                }
            }
            Work::Property { property, baseline } => {
                let _guard = self.guard(trial).await;
                property::hold(self, operation, &trial.subject, *property, baseline).await
            }
            Work::Relation {
                relation,
                law,
                baseline,
            } => {
                let _guard = self.guard(trial).await;
                let work = Law {
                    shared: self,
                    operation,
                    baseline: baseline.as_ref().clone(),
                    subject: &trial.subject,
                    requests: std::cell::Cell::new(0),
                };
                let outcome = relation::hold(&work, relation, law).await;
                let mut findings = Vec::new();
                for (case, exchange, observation) in outcome.observations {
                    Finding::new(observation, &case, &exchange, &self.redactor).add(&mut findings);
                }
                match (self.verdict(&findings), outcome.undecided) {
                    (Verdict::Passed, Some(reason)) => (
                        Verdict::Skipped,
                        Some(reason),
                        work.requests.get(),
                        findings,
                    ),
                    (verdict, _) => (verdict, None, work.requests.get(), findings),
                }
            }
            Work::Answers { status, field } => self.answers(trial, operation, status, field).await,
        }
    }

    async fn guard(&self, trial: &Trial) -> Option<Guard> {
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
    pub(super) fn is_bound(&self, operation: &Operation, place: &str, field: &str) -> bool {
        self.suite
            .bindings(operation)
            .contains_key(&format!("{place}.{field}"))
    }

    pub(super) fn verdict(&self, findings: &[Finding]) -> Verdict {
        if findings.iter().any(|finding| finding.level >= self.level) {
            Verdict::Failed
        } else {
            Verdict::Passed
        }
    }

    async fn send(&self, operation: &Operation, case: &Case) -> Exchange {
        let endpoint = self.target.endpoint(&operation.service).unwrap_or_default();
        self.client.send(endpoint, &case.request).await
    }

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
        let mut observations = check::judge(operation, case, subject, &exchange, &self.redactor);
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

    fn index_of(&self, operation: &Operation) -> usize {
        self.suite
            .operations
            .iter()
            .position(|other| std::ptr::eq(other, operation))
            .unwrap_or(usize::MAX)
    }

    /// Holds one fact of an answer against the shared answers of its status.
    async fn answers(
        &self,
        trial: &Trial,
        operation: &Operation,
        status: &str,
        field: &str,
    ) -> (Verdict, Option<String>, u64, Vec<Finding>) {
        let class = status
            .chars()
            .next()
            .and_then(|digit| digit.to_digit(10))
            .unwrap_or(0);
        // 204 is brought about by a resource without records, another success by the documented request, a refusal by an invalid one.
        let key = if status == "204" {
            204
        } else {
            u16::try_from(class).unwrap_or(0)
        };
        let cell = {
            let mut provoked = self.provoked.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(provoked.entry((trial.operation, key)).or_default())
        };
        let mut requests = 0;
        let judged = cell
            .get_or_init(|| self.provoke(trial, operation, key, &mut requests))
            .await;
        if judged.is_empty() {
            return (
                Verdict::Skipped,
                Some(format!("no request of this target brings about a {status}")),
                0,
                Vec::new(),
            );
        }
        let mut seen = false;
        let mut findings = Vec::new();
        for judged in judged {
            let Ok(answer) = &judged.exchange.outcome else {
                continue;
            };
            let described = operation
                .response(answer.status)
                .is_some_and(|response| response.status == status);
            if described && shows(&answer.body, field) {
                seen = true;
            }
            for observation in &judged.observations {
                if observation.fact == trial.subject.fact {
                    Finding::new(
                        observation.clone(),
                        &judged.case,
                        &judged.exchange,
                        &self.redactor,
                    )
                    .add(&mut findings);
                }
            }
        }
        match self.verdict(&findings) {
            Verdict::Passed if !seen && findings.is_empty() => {
                let what = if field.is_empty() {
                    format!("a {status}")
                } else {
                    format!("a {status} with `{field}`'s object")
                };
                (
                    Verdict::Skipped,
                    Some(format!("no answer was {what}")),
                    requests,
                    findings,
                )
            }
            verdict => (verdict, None, requests, findings),
        }
    }

    /// Brings about answers of a class once, for all trials that look at them.
    async fn provoke(
        &self,
        trial: &Trial,
        operation: &Operation,
        key: u16,
        requests: &mut u64,
    ) -> Vec<Judged> {
        let cases: Vec<Case> = match key {
            204 => self
                .empties
                .get(&trial.operation)
                .cloned()
                .into_iter()
                .collect(),
            2 => self
                .successes
                .get(&trial.operation)
                .cloned()
                .unwrap_or_default(),
            4 => self
                .refusals
                .get(&trial.operation)
                .cloned()
                .into_iter()
                .collect(),
            _ => Vec::new(),
        };
        let _guard = match &trial.lock {
            Some((resource, _)) => Some(
                self.locks
                    .acquire(resource, key == 2 && operation.writes())
                    .await,
            ),
            None => None,
        };
        let mut judged = Vec::new();
        let mut blocked = None;
        for case in &cases {
            judged.push(
                self.try_case(operation, case, &trial.subject, requests, &mut blocked)
                    .await,
            );
        }
        judged
    }
}

/// Whether an answer refuses the request.
fn is_refusal(exchange: &Exchange) -> bool {
    exchange
        .outcome
        .as_ref()
        .is_ok_and(|answer| (400..500).contains(&answer.status))
}

/// Whether a body has the object that a field belongs to: then the field could be judged.
fn shows(body: &[u8], field: &str) -> bool {
    if field.is_empty() {
        return true;
    }
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(body) else {
        return false;
    };
    let parent = match field.rfind(['.', ']']) {
        Some(at) if field.as_bytes().get(at) == Some(&b'.') => field.get(..at).unwrap_or_default(),
        Some(_) => field,
        None => "",
    };
    value
        .pointer(&crate::generate::pointer_of(parent))
        .is_some()
}
