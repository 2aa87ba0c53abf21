//! The mutation test of a suite: every fault of the mock must be caught by a check or trial that
//! names the broken fact, every trial must catch a fault, and no legal variation may have a
//! finding.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::{Serialize, Serializer};
use tokio::runtime::Handle;

use crate::contract::{FactId, Level, Suite, Topic};
use crate::exchange::{Client, ClientError, ClientOptions, ConnectionOptions, Credentials, Part};
use crate::generate::Scheme;
use crate::mock::{Fault, FaultKind, Mock, MockError, MockOptions, Variation, faults, variations};

use super::ablation::Omission;
use super::finding::Finding;
use super::options::RunOptions;
use super::plan::plan_all;
use super::run::{Selection, run_quietly};
use super::target::{Allowed, Mode, Target};
use super::trial::{Trial, TrialResult, Verdict, Work};

/// The token of the mocks.
const TOKEN: &str = "selftest:mock-token";

/// The most time for one request to a mock with a fault: one that answers later is caught by it.
const TIMEOUT: Duration = Duration::from_secs(2);

/// The most time for one request to a mock in a legal variation.
const PATIENCE: Duration = Duration::from_secs(30);

/// The most time that an answer may take: a mock that answers late, though it answers, is caught by
/// it.
const MAX_RESPONSE_TIME: Duration = Duration::from_secs(1);

/// How many trials of one run go at once.
const THREADS: usize = 8;

/// What a selftest is told.
#[derive(Debug, Clone)]
pub struct SelftestOptions {
    /// How many mocks are tried at once.
    pub jobs: usize,
    /// Only faults whose id contains one of these; all if there is none. Then nothing is said of
    /// idle trials and of variations.
    pub only: Vec<String>,
    /// Every how many-eth fault and variation is tried: 1 for all. Then nothing is said of idle
    /// trials.
    pub sample: usize,
    /// What the suite leaves out on purpose.
    pub omission: Omission,
}

impl Default for SelftestOptions {
    fn default() -> Self {
        Self {
            jobs: 6,
            only: Vec::new(),
            sample: 1,
            omission: Omission::default(),
        }
    }
}

/// What became of a fault or a variation.
#[derive(Debug, Clone, Serialize)]
pub struct Kill {
    /// The fault's or the variation's id.
    pub id: String,
    /// What it is.
    pub kind: Tried,
    /// The fact that the fault breaks; none for a variation.
    #[serde(serialize_with = "or_nothing")]
    pub fact: Option<FactId>,
    /// The relations whose laws the fault breaks.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub relations: &'static [&'static str],
    /// What the mock does.
    pub what: String,
    /// Whether a finding names the fact. For a variation: whether there was any finding.
    pub caught: bool,
    /// Why the fault is not applicable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inapplicable: Option<String>,
    /// The trials that failed, among those that were run until the fault was caught.
    pub trials: Vec<String>,
    /// The facts that findings named.
    pub found: Vec<String>,
    /// How long it took, in milliseconds.
    pub elapsed_ms: u64,
}

/// What a mock is made to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// To break the contract.
    Fault(FaultKind),
    /// To be as documented in another way.
    Variation,
}

impl fmt::Display for Tried {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fault(kind) => write!(formatter, "{kind}"),
            Self::Variation => formatter.write_str("variation"),
        }
    }
}

impl Serialize for Tried {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Writes a fact as its name, and none as an empty text.
#[expect(clippy::ref_option, reason = "serde passes a reference")]
fn or_nothing<S: Serializer>(fact: &Option<FactId>, serializer: S) -> Result<S::Ok, S::Error> {
    match fact {
        Some(fact) => fact.serialize(serializer),
        None => serializer.serialize_str(""),
    }
}

/// The kill matrix.
#[derive(Debug, Clone, Serialize)]
pub struct Matrix {
    /// Every fault.
    pub faults: Vec<Kill>,
    /// Every legal variation.
    pub variations: Vec<Kill>,
    /// The trials that caught no fault.
    pub idle: Vec<String>,
    /// How many trials there are that send something.
    pub trials: usize,
}

/// Why a selftest cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum SelftestError {
    /// A mock does not start.
    #[error(transparent)]
    Mock(#[from] MockError),
    /// There is no client.
    #[error(transparent)]
    Client(#[from] ClientError),
}

impl Matrix {
    /// The faults that nothing caught, though they can be.
    pub fn missed(&self) -> impl Iterator<Item = &Kill> {
        self.faults
            .iter()
            .filter(|kill| !kill.caught && kill.inapplicable.is_none())
    }

    /// The faults that cannot be served, or could not be noticed.
    pub fn inapplicable(&self) -> impl Iterator<Item = &Kill> {
        self.faults
            .iter()
            .filter(|kill| kill.inapplicable.is_some())
    }

    /// The variations that had a finding.
    pub fn alarms(&self) -> impl Iterator<Item = &Kill> {
        self.variations.iter().filter(|kill| kill.caught)
    }

    /// Whether every fault is caught, no trial is idle, and no variation had a finding.
    pub fn is_sound(&self) -> bool {
        self.missed().next().is_none() && self.alarms().next().is_none() && self.idle.is_empty()
    }
}

/// One mock to be tried.
#[derive(Debug, Clone)]
enum Subject {
    Fault(Box<Fault>),
    Variation(Variation),
}

/// Runs the suite against every fault and every variation; `progress` is told how many of how many
/// are done.
pub fn selftest(
    suite: &Arc<Suite>,
    handle: &Handle,
    options: &SelftestOptions,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Matrix, SelftestError> {
    let is_whole = options.only.is_empty() && options.sample <= 1;
    let wanted = |index: usize, id: &str| {
        (options.only.is_empty() || options.only.iter().any(|part| id.contains(part.as_str())))
            && index.is_multiple_of(options.sample.max(1))
    };
    let all_faults = faults(suite);
    let mut work: Vec<(Kill, Subject)> = all_faults
        .iter()
        .enumerate()
        .filter(|(index, fault)| wanted(*index, &fault.id))
        .map(|(_, fault)| (kill_of(fault), Subject::Fault(Box::new(fault.clone()))))
        .collect();
    if options.only.is_empty() {
        work.extend(
            variations(suite)
                .into_iter()
                .enumerate()
                .filter(|(index, variation)| wanted(*index, &variation.id))
                .map(|(_, variation)| {
                    let kill = Kill {
                        id: variation.id.clone(),
                        kind: Tried::Variation,
                        fact: None,
                        relations: &[],
                        what: variation.what.clone(),
                        caught: false,
                        inapplicable: None,
                        trials: Vec::new(),
                        found: Vec::new(),
                        elapsed_ms: 0,
                    };
                    (kill, Subject::Variation(variation))
                }),
        );
    }
    let runner = Runner {
        suite,
        handle,
        options,
        plan: Mutex::default(),
    };
    let names: Mutex<BTreeMap<String, FactId>> = Mutex::default();
    let mut kills = in_parallel(options.jobs, work, progress, |(mut kill, subject)| {
        if kill.inapplicable.is_none() {
            let started = Instant::now();
            let results = runner.run(&subject, &rank_for(&kill), &|result| {
                kill.kind != Tried::Variation && catches(result, &kill)
            })?;
            kill.elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
            note(&mut kill, &results);
            if kill.kind == Tried::Variation {
                let mut names = names.lock().unwrap_or_else(PoisonError::into_inner);
                for result in results {
                    // The offline trials look at pages, which no fault of an endpoint can break.
                    if result.requests > 0 && result.verdict != Verdict::Skipped {
                        names.insert(result.name, result.fact);
                    }
                }
            }
        }
        Ok(kill)
    })?;
    let names = names.into_inner().unwrap_or_else(PoisonError::into_inner);
    let trials = names.len();
    let idle = if is_whole {
        runner.idle(names, &all_faults, &mut kills)?
    } else {
        Vec::new()
    };
    let (variations, faults): (Vec<Kill>, Vec<Kill>) = kills
        .into_iter()
        .partition(|kill| kill.kind == Tried::Variation);
    Ok(Matrix {
        faults,
        variations,
        idle,
        trials,
    })
}

fn kill_of(fault: &Fault) -> Kill {
    Kill {
        id: fault.id.clone(),
        kind: Tried::Fault(fault.kind),
        fact: Some(fault.fact.clone()),
        relations: fault.relations,
        what: fault.what.clone(),
        caught: false,
        inapplicable: fault.inapplicable.clone(),
        trials: Vec::new(),
        found: Vec::new(),
        elapsed_ms: 0,
    }
}

/// Does work on threads, results in the order of the work; the first error ends it.
fn in_parallel<W: Clone + Sync, R: Send>(
    jobs: usize,
    work: Vec<W>,
    progress: &(dyn Fn(usize, usize) + Sync),
    act: impl Fn(W) -> Result<R, SelftestError> + Sync,
) -> Result<Vec<R>, SelftestError> {
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let results: Mutex<BTreeMap<usize, R>> = Mutex::default();
    let failure: Mutex<Option<SelftestError>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::SeqCst);
                    let Some(item) = work.get(index) else {
                        break;
                    };
                    match act(item.clone()) {
                        Ok(result) => {
                            results
                                .lock()
                                .unwrap_or_else(PoisonError::into_inner)
                                .insert(index, result);
                        }
                        Err(error) => {
                            failure
                                .lock()
                                .unwrap_or_else(PoisonError::into_inner)
                                .get_or_insert(error);
                            next.store(work.len(), Ordering::SeqCst);
                            break;
                        }
                    }
                    progress(done.fetch_add(1, Ordering::SeqCst) + 1, work.len());
                }
            });
        }
    });
    match failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(error) => Err(error),
        None => Ok(results
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .into_values()
            .collect()),
    }
}

/// Runs trials against mocks.
struct Runner<'s> {
    suite: &'s Arc<Suite>,
    handle: &'s Handle,
    options: &'s SelftestOptions,
    plan: Mutex<Option<Plan>>,
}

/// The last plan, and the resources that it is for.
struct Plan {
    resources: BTreeMap<String, String>,
    trials: Arc<[Trial]>,
}

impl Runner<'_> {
    /// The trials for a target. Mocks of one suite have the same resources, so that one plan serves
    /// all.
    fn plan(&self, target: &Target, scheme: Scheme) -> Arc<[Trial]> {
        let mut kept = self.plan.lock().unwrap_or_else(PoisonError::into_inner);
        match kept.as_ref() {
            Some(plan) if plan.resources == target.resources => Arc::clone(&plan.trials),
            _ => {
                let mut trials = plan_all(self.suite, target, scheme, self.options.omission);
                // Some hundreds of runs share them: what they send is found once.
                for trial in &mut trials {
                    if let (Work::Cases(cases), Some(operation)) =
                        (&mut trial.work, self.suite.operations.get(trial.operation))
                    {
                        *cases = cases.settled(operation);
                    }
                }
                let trials: Arc<[Trial]> = Arc::from(trials);
                *kept = Some(Plan {
                    resources: target.resources.clone(),
                    trials: Arc::clone(&trials),
                });
                trials
            }
        }
    }

    /// One run against one mock.
    fn run(
        &self,
        subject: &Subject,
        rank: &(dyn Fn(&Trial) -> Option<u8> + Sync),
        enough: &(dyn Fn(&TrialResult) -> bool + Sync),
    ) -> Result<Vec<TrialResult>, SelftestError> {
        let (fault, variation) = match subject {
            Subject::Fault(fault) => (Some(Fault::clone(fault)), None),
            Subject::Variation(variation) => (None, Some(variation.clone())),
        };
        let is_fault = fault.is_some();
        let mock = Mock::start(
            Arc::clone(self.suite),
            MockOptions {
                token: Some(TOKEN.to_owned()),
                workers: 1,
                fault,
                variation,
                ..MockOptions::default()
            },
        )?;
        let client = Client::new(ClientOptions {
            credentials: Credentials::Carried(vec![Part::text(
                self.suite.security_scheme(),
                TOKEN,
            )]),
            connection: ConnectionOptions::default(),
            timeout: if is_fault { TIMEOUT } else { PATIENCE },
            rate: None,
            tls: false,
        })?;
        let target = Target {
            default_endpoint: Some(mock.url()),
            endpoints: BTreeMap::new(),
            resources: mock.resources().into_iter().collect(),
            found: Vec::new(),
            headers: Vec::new(),
            mode: Mode::Full,
            max_writes: 0,
            allowed: Allowed::Everything,
        };
        let trials = self.plan(&target, client.scheme());
        let run = RunOptions {
            cases: 16,
            max_response_time: is_fault.then_some(MAX_RESPONSE_TIME),
            omission: self.options.omission,
            ..RunOptions::default()
        };
        Ok(run_quietly(
            Arc::clone(self.suite),
            &trials,
            target,
            Arc::new(client),
            self.handle,
            &run,
            &Selection {
                rank,
                enough,
                threads: THREADS,
            },
        ))
    }

    /// The trials that caught nothing yet, each tried alone against faults near its own fact until
    /// it catches one; what it catches is added to the matrix. What is left is idle.
    fn idle(
        &self,
        names: BTreeMap<String, FactId>,
        faults: &[Fault],
        kills: &mut [Kill],
    ) -> Result<Vec<String>, SelftestError> {
        let useful: BTreeSet<String> = kills
            .iter()
            .filter(|kill| kill.kind != Tried::Variation)
            .flat_map(|kill| kill.trials.iter().cloned())
            .collect();
        let left: Vec<(String, FactId)> = names
            .into_iter()
            .filter(|(name, _)| !useful.contains(name))
            .collect();
        let outcomes = in_parallel(self.options.jobs, left, &|_, _| {}, |(name, fact)| {
            let mut near: Vec<(u8, &Fault)> = faults
                .iter()
                .filter(|fault| fault.inapplicable.is_none())
                .filter_map(|fault| Some((nearness(&fact, &fault.fact)?, fault)))
                .collect();
            near.sort_by_key(|(rank, _)| *rank);
            for (_, fault) in near {
                let alone = |trial: &Trial| (trial.name == name).then_some(0);
                let results =
                    self.run(&Subject::Fault(Box::new(fault.clone())), &alone, &|_| false)?;
                if results
                    .iter()
                    .any(|result| result.verdict == Verdict::Failed)
                {
                    return Ok((name, Some(fault.id.clone())));
                }
            }
            Ok((name, None))
        })?;
        let mut idle = Vec::new();
        for (name, caught) in outcomes {
            match caught.and_then(|id| kills.iter_mut().find(|kill| kill.id == id)) {
                Some(kill) => kill.trials.push(name),
                None => idle.push(name),
            }
        }
        Ok(idle)
    }
}

/// In which order trials are tried against a fault: those about its fact, about its row, about its
/// operation, then the others.
fn rank_for(kill: &Kill) -> impl Fn(&Trial) -> Option<u8> + Sync + use<> {
    let broken = kill.fact.clone();
    move |trial| {
        let near = broken
            .as_ref()
            .and_then(|broken| nearness(&trial.subject.fact, broken));
        Some(near.unwrap_or(3))
    }
}

/// How near two facts are: the same (0), of the same row (1), of the same operation (2).
fn nearness(one: &FactId, other: &FactId) -> Option<u8> {
    if one.operation != other.operation {
        None
    } else if one == other {
        Some(0)
    } else if one.row().is_some() && one.row() == other.row() {
        Some(1)
    } else {
        Some(2)
    }
}

/// Takes note of what a run says of a fault or a variation.
fn note(kill: &mut Kill, results: &[TrialResult]) {
    for result in results {
        for finding in result
            .findings
            .iter()
            .flat_map(Finding::with_related)
            .filter(|finding| finding.level >= Level::Should)
        {
            let fact = finding.fact.to_string();
            if !kill.found.contains(&fact) {
                kill.found.push(fact);
            }
        }
        if result.verdict == Verdict::Failed {
            kill.trials.push(result.name.clone());
        }
    }
    kill.caught = match kill.kind {
        Tried::Variation => !kill.found.is_empty(),
        Tried::Fault(_) => results.iter().any(|result| catches(result, kill)),
    };
}

/// Whether a result names what a fault breaks.
fn catches(result: &TrialResult, kill: &Kill) -> bool {
    result
        .findings
        .iter()
        .filter(|finding| finding.level >= Level::Should)
        .any(|finding| names(finding, kill))
}

/// Whether a finding names the fact that a fault breaks, its row by another facet (a broken value
/// may be named by the rule that it breaks first), or a law that the fault breaks. A fault on the
/// way is about no row: whichever trial meets it names its own fact.
fn names(finding: &Finding, kill: &Kill) -> bool {
    let fact = &finding.fact;
    let Some(broken) = &kill.fact else {
        return false;
    };
    if let Topic::Law { relation, .. } = &fact.topic
        && kill.relations.contains(&relation.as_str())
    {
        return true;
    }
    let nearness = nearness(fact, broken);
    if kill.kind == Tried::Fault(FaultKind::Transport) {
        nearness.is_some()
    } else {
        nearness.is_some_and(|nearness| nearness <= 1)
    }
}
