//! Reports: one result, one module a format. Everything that comes from an endpoint is escaped for the format that it stands in.

mod json;
mod result;
mod sink;
mod terminal;

pub use json::SCHEMA;
pub use result::{About, Report, Summary};
pub use sink::{SinkError, Sinks};
pub use terminal::render;
