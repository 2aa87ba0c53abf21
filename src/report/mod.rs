//! Reports: one result, one module a format.

mod json;
mod result;
mod terminal;

pub use json::write_json;
pub use result::{Report, Summary};
pub use terminal::render;
