//! Trials: planned from the contract, selected and run by libtest-mimic, each judged by every check; then verdicts and the ledger.

mod answers;
mod busy;
mod created;
mod finding;
mod forecast;
mod ledger;
mod locks;
mod omission;
mod plan;
mod preflight;
mod property;
mod relation;
mod run;
mod selftest;
mod shared;
mod stop;
mod target;
mod trial;

pub use created::Created;
pub use finding::Finding;
pub use forecast::forecast;
pub use ledger::{LedgerLine, State, ledger};
pub use omission::Omission;
pub use plan::plan;
pub use preflight::RunError;
pub use run::{RunOptions, RunResult, run};
pub use selftest::{Kill, Matrix, SelftestError, SelftestOptions, selftest};
pub use stop::{Halt, Stop};
pub use target::{MAX_WRITES, Mode, Target};
pub use trial::{Kind, Trial, TrialResult, Verdict, Work};
