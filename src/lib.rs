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

mod check;
mod cli;
mod compare;
mod contract;
mod derive;
mod error;
mod exchange;
mod exit_code;
mod file;
mod foreign;
mod generate;
mod harness;
mod mock;
mod nearest;
mod openapi;
mod page;
mod recognise;
mod relay;
mod remembered;
mod report;
mod session;
mod snapshot;
mod sources;
mod starter;
mod suite;
mod text;
mod toml_reader;
mod unite;
mod vocabulary;

/// The one door for the program and for docproof's own tests and benches. What is behind it is no
/// part of the API, and changes without notice.
#[doc(hidden)]
pub mod internal {
    pub use crate::cli::main;

    pub mod contract {
        pub use crate::contract::{
            DocumentationKind, Fact, Location, Operation, Schema, Service, Suite, compile,
            without_provenance,
        };
    }
    pub mod derive {
        pub use crate::derive::{DeriveError, Derived, Options, derive};
    }
    pub mod generate {
        pub use crate::generate::{Base, Property, Source, baseline};
    }
    pub mod mock {
        pub use crate::mock::{Fault, Mock, MockError, MockOptions, faults, variations};
    }
    pub mod page {
        pub use crate::page::{Page, PageError, read, read_bytes};
    }
}
