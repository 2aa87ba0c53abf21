//! Two contracts compared: each change with what it means to whoever relied on the old one, by
//! direction, from one table of verdicts; and pages beside a document, by what both state.

mod change;
mod facet;
mod fields;
mod operations;
mod responses;
mod sources;
mod verdict;

pub use change::Change;
pub use operations::changes;
pub use sources::{Base, Disagreement, Disagreements, Mentions, Paired, disagreements, pair};
pub use verdict::Verdict;
