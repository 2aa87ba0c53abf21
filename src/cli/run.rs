//! `docproof run`: the trials, against an endpoint or the embedded mock.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use libtest_mimic::Arguments;
use serde_json::Value;

use crate::contract::{Level, Suite};
use crate::exchange::{Client, ClientOptions, Credentials, Journal};
use crate::exit_code::ExitCode;
use crate::generate::Scheme;
use crate::harness::deviation::{Deviations, today};
use crate::harness::{
    self, Halt, MAX_WRITES, Mode, Partition, RunError, RunOptions, Stop, Target, Trial,
};
use crate::mock::Mock;
use crate::report::{About, Report, SinkError, Sinks, render};
use crate::snapshot::Store;

use super::CliError;
use super::aim::{Aim, MOCK_TOKEN, aim, mock_options};
use super::progress::{Progress, width};
use super::settings::{Connection, ConnectionArguments};

/// What to do about a command that gives no token.
pub(super) const TOKEN_COMMAND_HINT: &str = "run the command by hand: it has to print a token, or JSON with `token` and `expires_at` or `expires_in`, within 30 seconds";

/// How many trials run at once if not told: they wait for the network, not for the processor.
const THREADS: usize = 16;

/// The most time for one request if not told, in seconds.
pub(super) const TIMEOUT: f64 = 10.0;

/// How many requests each property trial draws if not told.
const CASES: u32 = 40;

/// What `run` is told.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own on the command line"
)]
pub struct RunArguments {
    /// Run only trials whose name contains one of these
    filter: Vec<String>,
    /// What to connect to
    #[command(flatten)]
    pub(super) connection: ConnectionArguments,
    /// What may be sent; `read-only` where the endpoint is not on this machine, else `full`
    #[arg(long, value_enum, env = "DOCPROOF_MODE")]
    mode: Option<Mode>,
    /// The least level of a finding that fails the run
    #[arg(long, value_enum, default_value_t = Level::Should, env = "DOCPROOF_LEVEL")]
    level: Level,
    /// How many requests each property trial draws
    #[arg(long, value_name = "N", default_value_t = CASES, env = "DOCPROOF_CASES")]
    cases: u32,
    /// What generated requests are a function of: the same seed sends the same requests
    #[arg(long, value_name = "N", default_value_t = 0, env = "DOCPROOF_SEED")]
    seed: u64,
    /// A finding for every answer that takes longer than this, in milliseconds
    #[arg(long, value_name = "MS", env = "DOCPROOF_MAX_RESPONSE_TIME")]
    max_response_time: Option<u64>,
    /// The most time for one request, in seconds
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = TIMEOUT,
        env = "DOCPROOF_TIMEOUT"
    )]
    timeout: f64,
    /// The most requests a second
    #[arg(long, value_name = "N", value_parser = parse_rate, env = "DOCPROOF_RATE")]
    rate: Option<f64>,
    /// The most time for the run, in seconds; facts that no trial has tried come first
    #[arg(long, value_name = "SECONDS", env = "DOCPROOF_BUDGET")]
    budget: Option<f64>,
    /// The most requests that could write, in the sandbox mode
    #[arg(long, value_name = "N", default_value_t = MAX_WRITES, env = "DOCPROOF_MAX_WRITES")]
    max_writes: u64,
    /// Write every exchange as it happens, one JSON value a line
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    /// Print what would be sent, and send nothing
    #[arg(long)]
    plan: bool,
    /// Write a report, such as `json=FILE`
    #[arg(long, value_name = "KIND=FILE")]
    report: Vec<String>,
    /// The least coverage, in percent of the documented facts that are not prose, below which the run fails
    #[arg(long, value_name = "PERCENT", value_parser = parse_percent)]
    min_coverage: Option<f64>,
    /// The findings that are accepted: they are tried, reported apart, and do not fail the run
    #[arg(long, value_name = "FILE")]
    deviations: Option<PathBuf>,
    /// Hold the answers to a fixed set of requests against the reviewed snapshots of this folder
    #[arg(long, value_name = "DIR")]
    snapshots: Option<PathBuf>,
    /// The suite's folder; the bundled suite if absent
    #[arg(long, value_name = "DIR")]
    suite: Option<PathBuf>,
    /// Run only the K-th of N parts of the trials, for a matrix of CI jobs; `docproof merge` puts the reports together
    #[arg(long, value_name = "K/N", env = "DOCPROOF_PARTITION")]
    partition: Option<Partition>,
    /// How many trials run at once
    #[arg(
        short = 'j',
        long = "test-threads",
        value_name = "N",
        env = "DOCPROOF_JOBS"
    )]
    threads: Option<usize>,
    /// List the trials and run none
    #[arg(long)]
    list: bool,
    /// A filter is a trial's whole name
    #[arg(long)]
    exact: bool,
    /// Leave out trials whose name contains this
    #[arg(long, value_name = "FILTER")]
    skip: Vec<String>,
    /// Run only ignored trials (there are none: a trial that cannot be run says why)
    #[arg(long)]
    ignored: bool,
    /// Run ignored trials too
    #[arg(long)]
    include_ignored: bool,
    /// Say how each trial ended
    #[arg(short, long)]
    verbose: bool,
    /// Print trials as libtest does, instead of their progress
    #[arg(long, value_parser = ["pretty", "terse", "json"])]
    format: Option<String>,
    /// When to use colour
    #[arg(long, value_parser = ["auto", "always", "never"], default_value = "auto")]
    color: String,
}

/// Runs the suite.
pub(super) fn run(arguments: RunArguments) -> Result<ExitCode, CliError> {
    match arguments.color.as_str() {
        "always" => anstream::ColorChoice::AlwaysAnsi.write_global(),
        "never" => anstream::ColorChoice::Never.write_global(),
        _ => {}
    }
    let suite = Arc::new(load_suite(arguments.suite.as_deref())?);
    let step_summary = std::env::var("GITHUB_STEP_SUMMARY")
        .ok()
        .filter(|path| !path.is_empty());
    let reports = Sinks::open(&arguments.report, step_summary.as_deref()).map_err(unwritable)?;
    let connection = Connection::new(&suite, &arguments.connection)?;
    let deviations = match &arguments.deviations {
        Some(path) => super::deviations::load(&suite, path)?,
        None => Deviations::default(),
    };
    let timeout = seconds("--timeout", arguments.timeout)?;
    let budget = arguments
        .budget
        .map(|budget| seconds("--budget", budget))
        .transpose()?;
    let journal = arguments
        .journal
        .as_deref()
        .map(|path| {
            Journal::create(path).map(Arc::new).map_err(|error| {
                CliError::usage(format!(
                    "cannot write the journal `{}`: {error}",
                    path.display()
                ))
                .with_hint("give a file in a folder that is there and can be written to")
            })
        })
        .transpose()?;
    let Aim {
        target,
        credentials,
        mock,
        shown,
    } = aim(
        &suite,
        connection,
        arguments.connection.keys.signs(),
        arguments.mode,
        arguments.max_writes,
    )?;
    let embedded = mock.is_some();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| CliError::usage(format!("cannot start: {error}")))?;
    let client = Client::new(ClientOptions {
        credentials,
        timeout,
        rate: arguments.rate,
    })
    .map_err(|error| CliError::usage(error.to_string()))?;
    if !arguments.list && !arguments.plan {
        runtime
            .block_on(client.prepare())
            .map_err(|error| CliError::usage(error.to_string()).with_hint(TOKEN_COMMAND_HINT))?;
    }
    let listing = arguments.list;
    let planning = arguments.plan;
    let stop = interruptible(runtime.handle())?;
    let about = About {
        level: arguments.level,
        seed: arguments.seed,
        endpoints: shown,
        min_coverage: arguments.min_coverage,
        configuration: configuration(&arguments, &target, client.scheme()),
        pages: pages(&suite, arguments.suite.as_deref()),
    };
    let store = arguments.snapshots.clone().map(|folder| Store {
        folder,
        target: words(&about.endpoints),
        today: today().to_string(),
        confirms: !embedded && std::env::var_os("CI").is_none(),
    });
    let output_is_taken = reports.takes_output();
    if output_is_taken && arguments.format.is_some() {
        return Err(
            CliError::usage("`--format` and a report to `-` both take standard output")
                .with_hint("give the report a file, or leave `--format` out"),
        );
    }
    let progress = (arguments.format.is_none() && !listing)
        .then(|| Arc::new(Progress::new(arguments.verbose, output_is_taken)));
    let level = arguments.level;
    let (seed, cases, partition) = (arguments.seed, arguments.cases, arguments.partition);
    let max_response_time = arguments.max_response_time.map(Duration::from_millis);
    let libtest = libtest_arguments(&suite, &target, client.scheme(), arguments)?;
    let options = RunOptions {
        arguments: libtest,
        level,
        seed,
        cases,
        max_response_time,
        preflight: !embedded,
        budget,
        journal,
        stop,
        partition,
        snapshots: store,
        deviations: Arc::new(deviations),
        watcher: progress
            .clone()
            .map(|progress| progress as Arc<dyn harness::Watcher>),
        ..RunOptions::default()
    };
    if planning {
        let plan = planned(
            &suite,
            &target,
            client.scheme(),
            options.snapshots.is_some(),
        );
        anstream::print!("{}", harness::forecast(&suite, &target, &plan, &options));
        return Ok(ExitCode::Success);
    }
    if !embedded && !listing && target.resources.is_empty() {
        sendable(&suite, &target, client.scheme(), &options.arguments)?;
    }
    let written = options.journal.clone();
    let mut result = harness::run(
        Arc::clone(&suite),
        target,
        Arc::new(client),
        runtime.handle().clone(),
        options,
    );
    drop(mock);
    if listing {
        return Ok(ExitCode::Success);
    }
    let halted = result.halted.clone();
    if let Some(progress) = progress {
        progress.finish();
    }
    let unusable = result.unusable.take();
    let report = Report::new(&suite, result, about);
    reports.write(&report).map_err(unwritable)?;
    if let Some(error) = unusable {
        return Err(unreachable(error));
    }
    let text = render(&report, width(output_is_taken));
    if output_is_taken {
        anstream::eprint!("{text}");
    } else {
        anstream::print!("{text}");
    }
    let gap = report.coverage_gap();
    if let Some(gap) = &gap {
        anstream::eprintln!("error: {gap}");
    }
    if let Some(failure) = written.and_then(|journal| journal.failure()) {
        anstream::eprintln!("warning: {failure}");
    }
    Ok(match halted {
        Some(Halt::Interrupted) => ExitCode::Interrupted,
        Some(
            Halt::Gone { .. }
            | Halt::Refused { .. }
            | Halt::Throttled { .. }
            | Halt::Slow { .. }
            | Halt::Credential { .. }
            | Halt::Silent {
                answered: false, ..
            },
        ) => ExitCode::Unreachable,
        _ if report.fails() => ExitCode::Findings,
        _ if report.summary.passed + report.summary.expected == 0 => ExitCode::NothingTested,
        _ if gap.is_some() => ExitCode::Findings,
        _ => ExitCode::Success,
    })
}

/// A run for which no resource at all is given, and which could send nothing for that, is a mistake: where some are given, trials say what they lack.
fn sendable(
    suite: &Suite,
    target: &Target,
    scheme: Scheme,
    arguments: &Arguments,
) -> Result<(), CliError> {
    let trials = harness::plan(suite, target, scheme);
    let asked_for = trials.iter().filter(|trial| {
        let named = libtest_mimic::Trial::test(trial.name.as_str(), || Ok(()));
        !arguments.is_filtered_out(&named)
    });
    let missing = harness::missing_resources(suite, target, asked_for);
    if missing.is_empty() {
        return Ok(());
    }
    Err(
        CliError::usage("nothing can be sent: the resources of the target are not given")
            .with_hint(format!(
                "give them by `--set KEY=VALUE`, or under `resources` in `docproof.toml`: {}",
                missing.join(", ")
            )),
    )
}

/// A switch that Ctrl-C and SIGTERM throw. The second signal ends the program at once.
pub(super) fn interruptible(handle: &tokio::runtime::Handle) -> Result<Arc<Stop>, CliError> {
    let stop = Arc::new(Stop::default());
    let thrown = Arc::clone(&stop);
    let _entered = handle.enter();
    let failed = |error: std::io::Error| CliError::usage(format!("cannot start: {error}"));
    #[cfg(unix)]
    let mut terminations =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
            .map_err(failed)?;
    #[cfg(unix)]
    let mut interruptions =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())
            .map_err(failed)?;
    handle.spawn(async move {
        let mut seen = false;
        loop {
            #[cfg(unix)]
            tokio::select! {
                _ = interruptions.recv() => {}
                _ = terminations.recv() => {}
            }
            #[cfg(not(unix))]
            if tokio::signal::ctrl_c().await.is_err() {
                return;
            }
            if seen {
                quit();
            }
            seen = true;
            thrown.halt(Halt::Interrupted);
        }
    });
    Ok(stop)
}

/// Ends the program without waiting for anything.
#[expect(clippy::exit, reason = "a second interruption asks for just that")]
fn quit() -> ! {
    std::process::exit(i32::from(ExitCode::Interrupted.number()))
}

/// Where the pages of a suite stand, by service and name; the bundled suite's as they stand in docproof's repository.
fn pages(suite: &Suite, folder: Option<&Path>) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    for operation in &suite.operations {
        let service = &operation.service;
        for row in operation.facts().into_iter().flat_map(|fact| fact.rows) {
            let name = &row.page;
            let usual = format!("cases/{service}/pages/{name}");
            let place = match folder {
                None => Some(usual),
                Some(folder) => [usual, format!("pages/{name}"), name.clone()]
                    .iter()
                    .map(|place| folder.join(place))
                    .find(|place| place.is_file())
                    .map(|place| place.to_string_lossy().into_owned()),
            };
            if let Some(place) = place {
                pages.insert(format!("{service}/{name}"), place);
            }
        }
    }
    pages
}

/// What the run was told, for the reports: every setting that matters, never the credential itself.
fn configuration(
    arguments: &RunArguments,
    target: &Target,
    scheme: Scheme,
) -> BTreeMap<String, Value> {
    let suite = arguments
        .suite
        .as_ref()
        .map_or_else(|| "bundled".to_owned(), |path| path.display().to_string());
    BTreeMap::from([
        ("suite".to_owned(), Value::from(suite)),
        (
            "target".to_owned(),
            Value::from(arguments.connection.target.clone()),
        ),
        ("mode".to_owned(), serde_json::json!(target.mode)),
        ("level".to_owned(), Value::from(arguments.level.as_str())),
        ("cases".to_owned(), Value::from(arguments.cases)),
        ("seed".to_owned(), Value::from(arguments.seed)),
        (
            "test_threads".to_owned(),
            Value::from(arguments.threads.unwrap_or(THREADS)),
        ),
        (
            "partition".to_owned(),
            Value::from(arguments.partition.map(|partition| partition.to_string())),
        ),
        (
            "max_response_time_ms".to_owned(),
            Value::from(arguments.max_response_time),
        ),
        ("timeout_s".to_owned(), Value::from(arguments.timeout)),
        (
            "credential".to_owned(),
            Value::from(match scheme {
                Scheme::None => "none",
                Scheme::Token => "token",
                Scheme::Signature => "signature",
            }),
        ),
        ("filters".to_owned(), serde_json::json!(arguments.filter)),
        ("skip".to_owned(), serde_json::json!(arguments.skip)),
        ("resources".to_owned(), serde_json::json!(target.resources)),
    ])
}

pub(super) fn unwritable(error: SinkError) -> CliError {
    let said = CliError::usage(error.to_string());
    match error.hint() {
        Some(hint) => said.with_hint(hint),
        None => said,
    }
}

pub(super) fn parse_percent(text: &str) -> Result<f64, String> {
    text.trim_end_matches('%')
        .parse()
        .ok()
        .filter(|percent| (0.0..=100.0).contains(percent))
        .ok_or_else(|| "a percentage is a number from 0 to 100".to_owned())
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
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(|error| CliError::usage(format!("cannot start: {error}")))?;
        let client = Client::new(ClientOptions {
            credentials,
            timeout: Duration::from_secs(30),
            rate: None,
        })
        .map_err(|error| CliError::usage(error.to_string()))?;
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

/// The suite in a folder, or the bundled one.
pub(super) fn load_suite(folder: Option<&Path>) -> Result<Suite, CliError> {
    match folder {
        Some(folder) => Suite::load(folder).map_err(|error| {
            CliError::usage(error.to_string()).with_hint("a suite is a folder with `schemas/SERVICE/openapi.json`: `docproof derive PAGE --out DIR/schemas` makes one")
        }),
        None => Suite::bundled().map_err(|error| CliError::usage(error.to_string())),
    }
}

pub(super) fn unreachable(error: RunError) -> CliError {
    let hint = match &error {
        RunError::Unreachable { .. } => {
            "check the URL of `--endpoint`, and that the endpoint is up"
        }
        RunError::Refused { .. } => {
            "check the credential (`--token`, or `--ak` and `--sk`, or the target's `auth`), and the project that the resources belong to"
        }
    };
    CliError {
        message: error.to_string(),
        hint: Some(hint.to_owned()),
        code: ExitCode::Unreachable,
    }
}

/// The longest time that can be asked for: a day.
const LONGEST: Duration = Duration::from_hours(24);

/// A number of seconds above zero, and no more than a day.
pub(super) fn seconds(flag: &str, given: f64) -> Result<Duration, CliError> {
    Duration::try_from_secs_f64(given)
        .ok()
        .filter(|time| !time.is_zero() && *time <= LONGEST)
        .ok_or_else(|| {
            CliError::usage(format!(
                "`{flag} {given}` is not a number of seconds above zero, and no more than a day"
            ))
        })
}

/// A number of requests a second.
pub(super) fn parse_rate(text: &str) -> Result<f64, String> {
    text.parse::<f64>()
        .ok()
        .filter(|rate| rate.is_finite() && *rate >= 0.001)
        .ok_or_else(|| "a number from 0.001: so many requests a second".to_owned())
}

/// Every trial of a run.
fn planned(suite: &Suite, target: &Target, scheme: Scheme, snapshots: bool) -> Vec<Trial> {
    let mut trials = harness::plan(suite, target, scheme);
    if snapshots {
        let more = harness::snapshots(suite, &trials);
        trials.extend(more);
    }
    trials
}

/// Where the answers come from, in words: each address once.
fn words(endpoints: &BTreeMap<String, String>) -> String {
    let each: BTreeSet<&str> = endpoints.values().map(String::as_str).collect();
    each.into_iter().collect::<Vec<_>>().join(", ")
}

/// libtest's arguments. libtest-mimic takes one filter; of several, the trials that match none are left out by name.
fn libtest_arguments(
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
