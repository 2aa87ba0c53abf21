//! libtest's side of the command line: its arguments, and the harness under `cargo test`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use libtest_mimic::Arguments;

use crate::contract::Level;
use crate::exchange::ConnectionOptions;
use crate::exit_code::ExitCode;
use crate::harness::{self, Allowed, MAX_WRITES, Mode, Omission, RunOptions, Target, Trial};
use crate::mock::Mock;
use crate::nearest::nearest;

use super::CliError;
use super::aim::{client, load_suite, mock_credentials, mock_options};
use super::run_arguments::{CASES, RunArguments, THREADS};

/// libtest's arguments. libtest-mimic takes one filter; of several, the trials that match none are
/// left out by name.
pub(super) fn libtest_arguments(trials: &[Trial], arguments: RunArguments) -> Arguments {
    let mut libtest = Arguments {
        list: arguments.list,
        exact: arguments.exact,
        ignored: arguments.ignored,
        include_ignored: arguments.include_ignored,
        skip: arguments.skip,
        test_threads: Some(arguments.threads.unwrap_or(THREADS)),
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
            let left_out = trials.iter().filter(|trial| !selected(&trial.name));
            libtest
                .skip
                .extend(left_out.map(|trial| trial.name.clone()));
            // Names are left out by what they contain: a name that contains a left-out one must not
            // go with it.
            libtest.exact = true;
        }
    }
    libtest
}

/// The trials that these arguments select. None at all is a mistake, told with what comes near to
/// what was asked for.
pub(super) fn selected<'t>(
    trials: &'t [Trial],
    asked: &[String],
    arguments: &Arguments,
) -> Result<Vec<&'t Trial>, CliError> {
    let selected: Vec<&Trial> = trials
        .iter()
        .filter(|trial| {
            let named = libtest_mimic::Trial::test(trial.name.as_str(), || Ok(()));
            !arguments.is_filtered_out(&named)
        })
        .collect();
    if !selected.is_empty() {
        return Ok(selected);
    }
    let parts: BTreeSet<&str> = trials
        .iter()
        .flat_map(|trial| trial.name.split("::"))
        .collect();
    let near: Vec<String> = asked
        .iter()
        .filter_map(|word| nearest(word, parts.iter().copied()))
        .map(|part| format!("`{part}`"))
        .collect();
    let message = match (asked, arguments.exact) {
        ([], _) => "no trial is selected".to_owned(),
        (words, exact) => format!(
            "no trial is selected: none {} `{}`",
            if exact { "is named" } else { "has a name with" },
            words.join("` or `")
        ),
    };
    let hint = "`docproof run --list` prints every trial's name; `--exact`, `--skip` and `--ignored` leave more out";
    Err(CliError {
        message,
        hint: Some(if near.is_empty() {
            hint.to_owned()
        } else {
            format!("did you mean {}? {hint}", near.join(" or "))
        }),
        code: ExitCode::NothingTested,
    })
}

/// The same harness under `cargo test`: libtest's arguments, the bundled suite, the embedded mock.
pub fn conformance() -> std::process::ExitCode {
    use std::process::Termination;
    let outcome = (|| {
        let arguments = Arguments::from_args();
        let suite = Arc::new(load_suite(None)?);
        let credentials = mock_credentials(&suite);
        let mock = Mock::start(Arc::clone(&suite), mock_options(&credentials))
            .map_err(|error| CliError::usage(error.to_string()))?;
        let target = Target {
            default_endpoint: Some(mock.url()),
            endpoints: BTreeMap::new(),
            resources: mock.resources().into_iter().collect(),
            headers: Vec::new(),
            mode: Mode::Full,
            max_writes: MAX_WRITES,
            allowed: Allowed::Everything,
        };
        let (runtime, client) = client(
            &target,
            credentials,
            ConnectionOptions::default(),
            Duration::from_secs(30),
            None,
        )?;
        let trials = harness::plan_all(&suite, &target, client.scheme(), Omission::default());
        if arguments.list {
            harness::list(&trials, &arguments, None);
            return Ok(ExitCode::Success);
        }
        let options = RunOptions {
            arguments,
            level: Level::Should,
            seed: 0,
            cases: CASES,
            ..RunOptions::default()
        };
        let result = harness::run(
            suite,
            trials,
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
