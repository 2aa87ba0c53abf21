//! The generator: contract -> cases. Values, requests, and what may be expected of their answers.

mod sample;
pub mod text;

pub use sample::{limit, sample};
