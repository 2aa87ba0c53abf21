//! libtest's side of the command line: its arguments, and the harness under `cargo test`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use libtest_mimic::Arguments;

use crate::contract::{Level, Suite};
use crate::exchange::Credentials;
use crate::exit_code::ExitCode;
use crate::generate::Scheme;
use crate::harness::{self, MAX_WRITES, Mode, RunOptions, Target, Trial};
use crate::mock::Mock;

use super::CliError;
use super::aim::{MOCK_TOKEN, client, load_suite, mock_options};
use super::run::{CASES, RunArguments};

/// How many trials run at once if not told: they wait for the network, not for the processor.
pub(super) const THREADS: usize = 16;

/// Every trial of a run.
pub(super) fn planned(
    suite: &Suite,
    target: &Target,
    scheme: Scheme,
    snapshots: bool,
) -> Vec<Trial> {
    let mut trials = harness::plan(suite, target, scheme);
    if snapshots {
        let more = harness::snapshots(suite, &trials);
        trials.extend(more);
    }
    trials
}

/// libtest's arguments. libtest-mimic takes one filter; of several, the trials that match none are left out by name.
pub(super) fn libtest_arguments(
    suite: &Suite,
    target: &Target,
    scheme: Scheme,
    arguments: RunArguments,
) -> Result<Arguments, CliError> {
    let threads = arguments.threads.unwrap_or(THREADS);
    if threads == 0 {
        return Err(CliError::usage(
            "`-j 0`: at least one trial has to run at a time",
        ));
    }
    let mut libtest = Arguments {
        list: arguments.list,
        exact: arguments.exact,
        ignored: arguments.ignored,
        include_ignored: arguments.include_ignored,
        skip: arguments.skip,
        test_threads: Some(threads),
        ..Arguments::default()
    };
    libtest.format = Some(match arguments.format.as_deref() {
        Some("terse") => libtest_mimic::FormatSetting::Terse,
        Some("json") => libtest_mimic::FormatSetting::Json,
        _ => libtest_mimic::FormatSetting::Pretty,
    });
    libtest.color = Some(match arguments.color.as_str() {
        "always" => libtest_mimic::ColorSetting::Always,
        "never" => libtest_mimic::ColorSetting::Never,
        _ => libtest_mimic::ColorSetting::Auto,
    });
    match arguments.filter.as_slice() {
        [] => {}
        [one] => libtest.filter = Some(one.clone()),
        many => {
            let matches = |name: &str, filter: &String| {
                if arguments.exact {
                    name == filter
                } else {
                    name.contains(filter.as_str())
                }
            };
            let skips = std::mem::take(&mut libtest.skip);
            let selected = |name: &str| {
                many.iter().any(|filter| matches(name, filter))
                    && !skips.iter().any(|skip| matches(name, skip))
            };
            for trial in planned(suite, target, scheme, arguments.snapshots.is_some()) {
                if !selected(&trial.name) {
                    libtest.skip.push(trial.name);
                }
            }
            // Names are left out by what they contain: a name that contains a left-out one must not go with it.
            libtest.exact = true;
        }
    }
    Ok(libtest)
}

/// The same harness under `cargo test`: libtest's arguments, the bundled suite, the embedded mock.
pub fn conformance() -> std::process::ExitCode {
    use std::process::Termination;
    let outcome = (|| {
        let arguments = Arguments::from_args();
        let suite = Arc::new(load_suite(None)?);
        let credentials = Credentials::Token(MOCK_TOKEN.to_owned());
        let mock = Mock::start(Arc::clone(&suite), mock_options(&credentials))
            .map_err(|error| CliError::usage(error.to_string()))?;
        let target = Target {
            default_endpoint: Some(mock.url()),
            endpoints: BTreeMap::new(),
            resources: mock.resources().into_iter().collect(),
            mode: Mode::Full,
            max_writes: MAX_WRITES,
        };
        let (runtime, client) = client(credentials, Duration::from_secs(30), None)?;
        let options = RunOptions {
            arguments,
            level: Level::Should,
            seed: 0,
            cases: CASES,
            ..RunOptions::default()
        };
        let result = harness::run(
            suite,
            target,
            Arc::new(client),
            runtime.handle().clone(),
            options,
        );
        let failed = result
            .trials
            .iter()
            .any(|trial| trial.verdict == harness::Verdict::Failed);
        Ok::<ExitCode, CliError>(if failed {
            ExitCode::Findings
        } else {
            ExitCode::Success
        })
    })();
    match outcome {
        Ok(code) => code.report(),
        Err(error) => {
            error.print();
            error.code.report()
        }
    }
}
