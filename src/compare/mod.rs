//! Two contracts compared: each change with what it means to whoever relied on the old one, by
//! direction, from one table of verdicts.

mod change;
mod facet;
mod fields;
mod operations;
mod responses;
mod verdict;

pub use change::Change;
pub use operations::changes;
pub use verdict::{Alteration, Aspect, Direction, Verdict, verdict};
