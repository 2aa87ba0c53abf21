//! docproof proves that an HTTP endpoint does what its documentation says.
//!
//! The modules are the stages of one flow: [`page`] -> [`derive`] -> [`contract`] -> [`generate`] -> [`exchange`] -> [`check`] ->
//! [`harness`] -> [`report`]. An arrow only ever runs down that list. [`mock`] knows the contract and the generator, never the checks.

pub mod contract;
pub mod generate;
pub mod page;
