//! A suite as a test target of its own: one test a trial, under `cargo test` and `cargo nextest`.

use std::process::Termination;
use std::sync::Arc;

use libtest_mimic::Arguments;

use crate::error::Error;
use crate::exit_code::{BROKEN_PIPE, ExitCode, is_broken_pipe};
use crate::harness;
use crate::session::{THREADS, interruptible};

use super::Suite;
use super::report::Report;

/// The `main` of a test target without libtest's harness: each trial of a suite is a test of its
/// own. The suite may be made with `?`.
///
/// In `Cargo.toml`:
///
/// ```toml
/// [[test]]
/// name = "conformance"
/// harness = false
/// ```
///
/// In `tests/conformance.rs`:
///
/// ```no_run
/// docproof::main!(docproof::Suite::open("suite")?.endpoint("http://127.0.0.1:8080"));
/// ```
///
/// A target that has to start its server first calls [`Suite::main`] at the end of its own `main`.
#[macro_export]
macro_rules! main {
    ($suite:expr) => {
        fn main() -> ::std::process::ExitCode {
            let made = || -> ::std::result::Result<$crate::Suite, $crate::Error> {
                ::std::result::Result::Ok($suite)
            };
            match made() {
                ::std::result::Result::Ok(suite) => suite.main(),
                ::std::result::Result::Err(error) => {
                    ::std::eprintln!("error: {error}");
                    ::std::process::ExitCode::from(2)
                }
            }
        }
    };
}

/// A reader that goes away (`--list | head`) ends the target without a word; what else panics is
/// told as before.
fn end_with_the_reader() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        // A server that runs in the same process may panic so too: that is told.
        let is_of_list = panic
            .location()
            .is_some_and(|at| at.file().contains("libtest-mimic"));
        let message = panic.to_string();
        let is_printed = is_of_list || message.contains("failed printing to");
        if is_printed && is_broken_pipe(&message) {
            #[expect(clippy::exit, reason = "nobody reads what the target would still say")]
            std::process::exit(BROKEN_PIPE);
        }
        usual(panic);
    }));
}

impl Suite {
    /// Runs the suite as libtest runs tests: it takes the arguments of the process (`--list`,
    /// `--exact`, filters, `--test-threads`, ...), as `cargo test` and `cargo nextest` give them.
    /// [`main!`](crate::main) writes the `main` that calls it.
    ///
    /// ```no_run
    /// fn main() -> std::process::ExitCode {
    ///     let endpoint = start_my_server();
    ///     match docproof::Suite::from_openapi("openapi.yaml") {
    ///         Ok(suite) => suite.endpoint(endpoint).main(),
    ///         Err(error) => panic!("{error}"),
    ///     }
    /// }
    /// # fn start_my_server() -> String { String::new() }
    /// ```
    pub fn main(self) -> std::process::ExitCode {
        end_with_the_reader();
        let mut arguments = Arguments::from_args();
        arguments.test_threads = arguments.test_threads.or(Some(THREADS));
        match self.run_tests(arguments) {
            Ok(code) => code.report(),
            Err(error) => {
                anstream::eprintln!("error: {error}");
                error.code.report()
            }
        }
    }

    fn run_tests(self, arguments: Arguments) -> Result<ExitCode, Error> {
        let (session, mut options) = self.session()?;
        let abort = interruptible(session.handle())?;
        let trials = session.plan(&abort)?;
        if arguments.list {
            harness::list(&trials, &arguments, None);
            return Ok(ExitCode::Success);
        }
        session.prepare()?;
        session.sendable(&trials.iter().collect::<Vec<_>>())?;
        options.abort = Arc::clone(&abort);
        options.arguments = arguments;
        let report = Report::of(session.run(trials, options));
        // A trial that is skipped is no failed test, though nothing was tested where it ran alone.
        let code = match report.code() {
            ExitCode::NothingTested => ExitCode::Success,
            code => code,
        };
        if code != ExitCode::Success {
            anstream::eprint!("{}", report.text());
        }
        Ok(code)
    }
}
