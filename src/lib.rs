//! docproof proves that an HTTP API does what its documentation says: reference pages or an OpenAPI
//! document become contract tests, and every finding cites the row that the server breaks.
//!
//! ```no_run
//! #[test]
//! fn my_server_does_what_its_documentation_says() {
//!     let server = start_my_server();
//!     docproof::Suite::from_pages("docs/api")
//!         .unwrap()
//!         .endpoint(server)
//!         .bearer("secret")
//!         .set("project_id", "p1")
//!         .run()
//!         .assert_ok();
//! }
//! # fn start_my_server() -> String { String::new() }
//! ```
//!
//! A server that lives in the runtime of an async test is run against by [`Suite::run_async`]; a
//! target of its own, with one test a trial, is what [`main!`] writes. The program `docproof` makes
//! the same runs.

// What follows is the public API, and all of it.
pub use error::Error;
pub use suite::{Counts, Facts, Finding, Mode, Report, Severity, Suite};

#[macro_use]
mod pattern;

mod error;
mod nearest;
mod session;
mod sources;
mod suite;
mod text;
mod toml_reader;
mod vocabulary;

// The program, and the rooms that docproof's own tests and benches look into from outside. They are
// no part of the API, and change without notice.
#[doc(hidden)]
pub mod check;
#[doc(hidden)]
pub mod cli;
#[doc(hidden)]
pub mod compare;
#[doc(hidden)]
pub mod contract;
#[doc(hidden)]
pub mod derive;
#[doc(hidden)]
pub mod exchange;
#[doc(hidden)]
pub mod exit_code;
#[doc(hidden)]
pub mod generate;
#[doc(hidden)]
pub mod harness;
#[doc(hidden)]
pub mod mock;
#[doc(hidden)]
pub mod openapi;
#[doc(hidden)]
pub mod page;
#[doc(hidden)]
pub mod recognise;
#[doc(hidden)]
pub mod report;
#[doc(hidden)]
pub mod snapshot;
#[doc(hidden)]
pub mod starter;
#[doc(hidden)]
pub mod unite;
