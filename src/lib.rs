//! docproof proves that an HTTP endpoint does what its documentation says.
//!
//! The modules are the stages of one flow: [`page`] -> [`mod@derive`] -> [`contract`] ->
//! [`generate`] -> [`exchange`] -> [`check`] -> [`harness`] -> [`report`]; [`snapshot`] stands
//! beside the harness, [`compare`], [`recognise`] and [`starter`] above the contract. An arrow only ever runs down
//! that list. [`mock`] knows the contract and the generator, never the checks.

#[macro_use]
mod pattern;

pub mod check;
pub mod cli;
pub mod compare;
pub mod contract;
pub mod derive;
mod error;
pub mod exchange;
pub mod exit_code;
pub mod generate;
pub mod harness;
pub mod mock;
mod nearest;
pub mod openapi;
pub mod page;
pub mod recognise;
pub mod report;
mod session;
pub mod snapshot;
mod sources;
pub mod starter;
mod suite;
mod text;
mod toml_reader;
pub mod unite;
mod vocabulary;

pub use error::Error;
pub use suite::{Counts, Facts, Finding, Mode, Report, Severity, Suite};
