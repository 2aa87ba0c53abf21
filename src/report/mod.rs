//! Reports: one result, one module a format. Everything that comes from an endpoint is escaped for the format that it stands in.

mod deviations;
mod difference;
mod json;
mod lint;
mod replay;
mod result;
mod sink;
mod terminal;

pub use difference::{DifferenceReport, DifferenceSummary};
pub use json::{ReportError, SCHEMA, read_json};
pub use lint::{LintFinding, LintReport};
pub use replay::render_replay;
pub use result::{About, Report, Summary};
pub use sink::{SinkError, Sinks};
pub use terminal::render;

pub(crate) use terminal::place;
