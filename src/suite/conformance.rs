//! A suite as a test target of its own: one test a trial, under `cargo test` and `cargo nextest`.

use std::io::Write as _;
use std::process::Termination;
use std::sync::Arc;

use libtest_mimic::{Arguments, ColorSetting};

use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::harness;
use crate::relay::Relay;
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

/// Prints what libtest says. Whoever reads no more (`--list | head`) changes nothing of the run,
/// which takes away what it created.
fn print(bytes: &[u8]) {
    let mut output = std::io::stdout().lock();
    let _: Result<(), std::io::Error> = output.write_all(bytes).and_then(|()| output.flush());
}

/// Has libtest's lines printed by [`print`], in colours where libtest would have them.
fn relay(arguments: &mut Arguments) -> Option<Relay> {
    if arguments.logfile.is_some() {
        return None;
    }
    // Where there is no relay, libtest prints by itself.
    let relay = Relay::start(print).ok()?;
    if let Some(path) = relay.path() {
        arguments.logfile = Some(path);
        let choice = anstream::AutoStream::choice(&std::io::stdout());
        if choice != anstream::ColorChoice::Never
            && matches!(arguments.color, None | Some(ColorSetting::Auto))
        {
            arguments.color = Some(ColorSetting::Always);
        }
    }
    Some(relay)
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
        let mut arguments = Arguments::from_args();
        arguments.test_threads = arguments.test_threads.or(Some(THREADS));
        let relay = relay(&mut arguments);
        let ended = self.run_tests(arguments);
        relay.into_iter().for_each(Relay::finish);
        match ended {
            Ok((code, told)) => {
                let _: Result<(), std::io::Error> =
                    write!(anstream::stderr().lock(), "{}", told.unwrap_or_default());
                code.report()
            }
            Err(error) => {
                let _: Result<(), std::io::Error> =
                    writeln!(anstream::stderr().lock(), "error: {error}");
                error.code.report()
            }
        }
    }

    /// How the target ends, and what is then told: after libtest's own lines.
    fn run_tests(self, arguments: Arguments) -> Result<(ExitCode, Option<String>), Error> {
        let (mut session, mut options) = self.session()?;
        let abort = interruptible(session.handle())?;
        if arguments.list {
            let names = session.names(false, &abort)?;
            print(harness::list(&names, &arguments, None).as_bytes());
            return Ok((ExitCode::Success, None));
        }
        let trials = session.plan(&abort)?;
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
        let told = (code != ExitCode::Success).then(|| report.text());
        Ok((code, told))
    }
}
