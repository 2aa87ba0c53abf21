//! Trials: planned from the contract, selected and run by libtest-mimic, each judged by every check; then verdicts and the ledger.

mod finding;
mod ledger;
mod locks;
mod plan;
mod property;
mod relation;
mod run;
mod selftest;
mod target;
mod trial;

pub use finding::Finding;
pub use ledger::{LedgerLine, State, ledger};
pub use plan::plan;
pub use run::{RunError, RunOptions, RunResult, run};
pub use selftest::{Kill, Matrix, SelftestError, selftest};
pub use target::{Mode, Target};
pub use trial::{Kind, Trial, TrialResult, Verdict, Work};
