//! The mutation test of a suite: every fault of the mock must be caught by a check or trial that names the broken fact, every trial must catch a
//! fault, and no legal variation may have a finding.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::runtime::Handle;

use crate::contract::{Level, Suite};
use crate::exchange::{Client, ClientError, ClientOptions};
use crate::mock::{Mock, MockError, MockOptions, faults, variations};

use super::run::{RunOptions, run_quietly};
use super::target::{Mode, Target};
use super::trial::{TrialResult, Verdict};

/// The token of the mocks.
const TOKEN: &str = "selftest-mock-token";

/// The most time for one request: a fault that answers late is caught by it.
const TIMEOUT: Duration = Duration::from_secs(3);

/// What became of a fault or a variation.
#[derive(Debug, Clone, Serialize)]
pub struct Kill {
    /// The fault's or the variation's id.
    pub id: String,
    /// The kind of the fault; `variation` for a variation.
    pub kind: String,
    /// The fact that the fault breaks.
    pub fact: String,
    /// Whether a finding names the fact. For a variation: whether there was any finding.
    pub caught: bool,
    /// Why the fault is not applicable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inapplicable: Option<String>,
    /// The trials that failed.
    pub trials: Vec<String>,
    /// The facts that findings named.
    pub found: Vec<String>,
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

    /// The variations that had a finding.
    pub fn alarms(&self) -> impl Iterator<Item = &Kill> {
        self.variations.iter().filter(|kill| kill.caught)
    }

    /// Whether every fault is caught, no trial is idle, and no variation had a finding.
    pub fn is_sound(&self) -> bool {
        self.missed().next().is_none() && self.alarms().next().is_none() && self.idle.is_empty()
    }
}

/// Runs the suite against every fault and every variation, `jobs` at a time; `progress` is told how many of how many are done.
pub fn selftest(
    suite: &Arc<Suite>,
    handle: &Handle,
    jobs: usize,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Matrix, SelftestError> {
    let faults = faults(suite);
    let variations = variations(suite);
    let work: Vec<(Kill, MockOptions)> = faults
        .into_iter()
        .map(|fault| {
            let kill = Kill {
                id: fault.id.clone(),
                kind: fault.kind.to_string(),
                fact: fault.fact.clone(),
                caught: false,
                inapplicable: fault.inapplicable.clone(),
                trials: Vec::new(),
                found: Vec::new(),
            };
            (
                kill,
                MockOptions {
                    fault: Some(fault),
                    ..MockOptions::default()
                },
            )
        })
        .chain(variations.into_iter().map(|variation| {
            let kill = Kill {
                id: variation.id.clone(),
                kind: "variation".to_owned(),
                fact: String::new(),
                caught: false,
                inapplicable: None,
                trials: Vec::new(),
                found: Vec::new(),
            };
            (
                kill,
                MockOptions {
                    variation: Some(variation),
                    ..MockOptions::default()
                },
            )
        }))
        .collect();
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let kills: Mutex<Vec<Option<Kill>>> = Mutex::new(vec![None; work.len()]);
    let names: Mutex<BTreeSet<String>> = Mutex::default();
    let failure: Mutex<Option<SelftestError>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::SeqCst);
                    let Some((kill, options)) = work.get(index) else {
                        break;
                    };
                    let mut kill = kill.clone();
                    if kill.inapplicable.is_none() {
                        match one(suite, handle, options.clone()) {
                            Ok(results) => judge(&mut kill, &results, &names),
                            Err(error) => {
                                failure
                                    .lock()
                                    .unwrap_or_else(PoisonError::into_inner)
                                    .get_or_insert(error);
                                break;
                            }
                        }
                    }
                    if let Some(slot) = kills
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .get_mut(index)
                    {
                        *slot = Some(kill);
                    }
                    progress(done.fetch_add(1, Ordering::SeqCst) + 1, work.len());
                }
            });
        }
    });
    if let Some(error) = failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error);
    }
    let all: Vec<Kill> = kills
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner)
        .into_iter()
        .flatten()
        .collect();
    let (variations, faults): (Vec<Kill>, Vec<Kill>) =
        all.into_iter().partition(|kill| kill.kind == "variation");
    let useful: BTreeSet<&String> = faults.iter().flat_map(|kill| &kill.trials).collect();
    let names = names.into_inner().unwrap_or_else(PoisonError::into_inner);
    let idle = names
        .iter()
        .filter(|name| !useful.contains(name))
        .cloned()
        .collect();
    Ok(Matrix {
        faults,
        variations,
        idle,
    })
}

/// One run of the suite against one mock.
fn one(
    suite: &Arc<Suite>,
    handle: &Handle,
    options: MockOptions,
) -> Result<Vec<TrialResult>, SelftestError> {
    let mock = Mock::start(
        Arc::clone(suite),
        MockOptions {
            token: Some(TOKEN.to_owned()),
            workers: 1,
            ..options
        },
    )?;
    let client = Client::new(ClientOptions {
        token: Some(TOKEN.to_owned()),
        timeout: TIMEOUT,
    })?;
    let target = Target {
        default_endpoint: Some(mock.url()),
        endpoints: std::collections::BTreeMap::new(),
        resources: mock.resources().into_iter().collect(),
        mode: Mode::Full,
    };
    let run = RunOptions {
        arguments: libtest_mimic::Arguments::default(),
        level: Level::Should,
        seed: 0,
        cases: 16,
        max_response_time: None,
        preflight: false,
    };
    Ok(run_quietly(
        Arc::clone(suite),
        target,
        Arc::new(client),
        handle,
        &run,
        8,
    ))
}

/// What a run says of a fault or a variation.
fn judge(kill: &mut Kill, results: &[TrialResult], names: &Mutex<BTreeSet<String>>) {
    let mut names = names.lock().unwrap_or_else(PoisonError::into_inner);
    for result in results {
        // The offline trials look at pages, which no fault of an endpoint can break.
        if result.requests > 0 && result.verdict != Verdict::Skipped {
            names.insert(result.name.clone());
        }
        for finding in result
            .findings
            .iter()
            .filter(|finding| finding.level >= Level::Should)
        {
            if !kill.found.contains(&finding.fact) {
                kill.found.push(finding.fact.clone());
            }
        }
        if result.verdict == Verdict::Failed {
            kill.trials.push(result.name.clone());
        }
    }
    kill.caught = if kill.kind == "variation" {
        !kill.found.is_empty()
    } else {
        kill.found.iter().any(|fact| names_fact(fact, &kill.fact))
    };
}

/// Whether a finding's fact is the fault's, or one about the same field.
fn names_fact(found: &str, broken: &str) -> bool {
    // A broken value may be named by the rule that it breaks first: the row is what counts.
    let row = |fact: &str| {
        fact.rsplit_once("::")
            .map_or(fact.to_owned(), |(row, _)| row.to_owned())
    };
    found == broken || row(found) == row(broken)
}
