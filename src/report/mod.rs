//! Reports: one result, one module a format. Everything that comes from an endpoint is escaped for
//! the format that it stands in.

mod badge;
mod cause;
mod diagnostic;
mod difference;
mod disagreement;
mod github;
mod html;
mod json;
mod junit;
mod known_findings;
mod lint;
mod lost_id;
mod markdown;
mod matrix;
mod merge;
mod replay;
mod result;
mod sarif;
mod schema;
mod sink;
mod terminal;
mod verdict;
mod view;

pub use difference::DifferenceReport;
pub use disagreement::DisagreementReport;
pub use json::{json, read_json};
pub use lint::LintReport;
pub use matrix::matrix_page;
pub use merge::{MergeError, merge};
pub use replay::render_replay;
pub use result::{About, EMBEDDED, Report};
pub use schema::schema;
pub use sink::{SinkError, Sinks};
pub use terminal::{render, trial_line};

pub(crate) use view::place;
