//! What a run is told, and who follows it.

use std::sync::Arc;
use std::time::Duration;

use libtest_mimic::Arguments;

use crate::contract::Level;
use crate::exchange::Journal;
use crate::snapshot::Store;

use super::ablation::Omission;
use super::abort::AbortHandle;
use super::known_findings::KnownFindings;
use super::shard::Shard;
use super::trial::TrialResult;

/// What a run needs to know beside suite and target.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// libtest's arguments: filters, `--list`, threads, format.
    pub arguments: Arguments,
    /// The lowest severity that fails a trial.
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
    /// How many failed trials end the run.
    pub max_failures: Option<u32>,
    /// Where exchanges are written as they happen.
    pub journal: Option<Arc<Journal>>,
    /// What ends the run early.
    pub abort: Arc<AbortHandle>,
    /// Which part of the trials is run; all if absent.
    pub partition: Option<Shard>,
    /// What the run leaves out on purpose, as its plan did.
    pub omission: Omission,
    /// The findings that are accepted.
    pub known_findings: Arc<KnownFindings>,
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

/// Follows a run of which nothing is said until its end.
#[derive(Debug)]
pub struct Silent;

impl Watcher for Silent {
    fn begin(&self, _trials: usize) {}

    fn ended(&self, _result: &TrialResult, _requests: u64) {}
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
            max_failures: None,
            journal: None,
            abort: Arc::default(),
            partition: None,
            omission: Omission::default(),
            snapshots: None,
            watcher: None,
            known_findings: Arc::default(),
        }
    }
}
