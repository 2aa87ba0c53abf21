//! `docproof run`: the trials, against an endpoint or the embedded mock.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::contract::Suite;
use crate::exchange::Journal;
use crate::exit_code::ExitCode;
use crate::harness::known_findings::{KnownFindings, today};
use crate::harness::{self, AbortReason, Omission, RunOptions, Target, Trial};
use crate::report::{About, Report};
use crate::snapshot::Store;

use super::CliError;
use super::aim::{Aim, aim, allowed, client, load_suite, not_run, prepare, suite_of};
use super::libtest::{libtest_arguments, selected};
use super::numbers::seconds;
use super::outcome;
use super::pages::{DOCUMENT_ENDINGS, PAGE_ENDINGS, has_ending};
use super::progress::Progress;
use super::run_arguments::RunArguments;
use super::settings::Connection;
use super::signals::interruptible;

/// Runs the suite.
pub(super) fn run(arguments: RunArguments) -> Result<ExitCode, CliError> {
    match arguments.color.as_str() {
        "always" => anstream::ColorChoice::AlwaysAnsi.write_global(),
        "never" => anstream::ColorChoice::Never.write_global(),
        _ => {}
    }
    let mut arguments = arguments;
    take_sources(&mut arguments)?;
    let mut suite = if arguments.sources.is_empty() {
        load_suite(arguments.suite.as_deref())?
    } else {
        suite_of(&arguments.sources)?
    };
    let reports = outcome::sinks(&arguments.report)?;
    let connection = Connection::new(&suite, &arguments.connection)?;
    suite.bind_everywhere(connection.headers.iter().map(|(name, _)| name.as_str()));
    let suite = Arc::new(suite);
    let known_findings = match &arguments.known_findings {
        Some(path) => super::known_findings::load(&suite, path)?,
        None => KnownFindings::default(),
    };
    let timeout = seconds(arguments.timeout);
    let budget = arguments.budget.map(seconds);
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
        transport,
        mock,
        shown,
    } = aim(
        &suite,
        connection,
        arguments.mode,
        arguments.max_writes,
        allowed(&suite, &arguments.allow_changes)?,
    )?;
    let embedded = mock.is_some();
    let insecure = transport.insecure;
    let (runtime, client) = client(&target, credentials, transport, timeout, arguments.rate)?;
    if !arguments.list && !arguments.plan {
        prepare(&runtime, &client)?;
    }
    let listing = arguments.list;
    let planning = arguments.plan;
    let abort = interruptible(runtime.handle())?;
    let about = About {
        level: arguments.level,
        seed: arguments.seed,
        endpoints: shown,
        min_coverage: arguments.min_coverage,
        configuration: outcome::configuration(&arguments, &target, client.scheme(), insecure),
        pages: outcome::pages(&suite, &arguments),
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
    let asked = arguments.filter.clone();
    let (seed, cases, partition) = (arguments.seed, arguments.cases, arguments.partition);
    let max_response_time = arguments.max_response_time.map(Duration::from_millis);
    let scheme = client.scheme();
    let mut trials = harness::plan(&suite, &target, scheme.clone(), Omission::default(), &abort)
        .map_err(|error| not_run(error, &suite, &scheme))?;
    if store.is_some() {
        let more = harness::snapshots(&suite, &trials);
        trials.extend(more);
    }
    let libtest = libtest_arguments(&trials, arguments);
    if listing {
        harness::list(&trials, &libtest, partition);
        return Ok(ExitCode::Success);
    }
    let options = RunOptions {
        arguments: libtest,
        level,
        seed,
        cases,
        max_response_time,
        preflight: !embedded,
        budget,
        journal,
        abort,
        partition,
        snapshots: store,
        known_findings: Arc::new(known_findings),
        watcher: progress
            .clone()
            .map(|progress| progress as Arc<dyn harness::Watcher>),
        ..RunOptions::default()
    };
    let mut chosen = selected(&trials, &asked, &options.arguments)?;
    if planning {
        chosen.retain(|trial| partition.is_none_or(|part| part.has(&trial.name)));
        let told = harness::forecast(&suite, &target, &chosen, &options)
            .map_err(|error| not_run(error, &suite, &scheme))?;
        anstream::print!("{told}");
        return Ok(ExitCode::Success);
    }
    if !embedded && target.resources.is_empty() {
        sendable(&suite, &target, &chosen)?;
    }
    if let Some(store) = &options.snapshots {
        store.probe().map_err(|error| {
            CliError::usage(error.to_string())
                .with_hint("`--snapshots DIR` takes a folder that can be written to: what is new or differs waits there for a review")
        })?;
    }
    let written = options.journal.clone();
    let mut result = harness::run(
        Arc::clone(&suite),
        trials,
        target,
        Arc::new(client),
        runtime.handle().clone(),
        options,
    );
    drop(mock);
    let halted = result.halted.clone();
    if let Some(progress) = progress {
        progress.finish();
    }
    let unusable = result.unusable.take();
    let report = Report::new(&suite, result, about);
    outcome::write(&reports, &report)?;
    if let Some(error) = unusable {
        return Err(not_run(error, &suite, &scheme));
    }
    outcome::print(&reports, &report);
    if let Some(failure) = written.and_then(|journal| journal.failure()) {
        anstream::eprintln!("warning: {failure}");
    }
    Ok(match halted {
        Some(AbortReason::Interrupted) => ExitCode::Interrupted,
        Some(
            AbortReason::Gone { .. }
            | AbortReason::Refused { .. }
            | AbortReason::Throttled { .. }
            | AbortReason::Slow { .. }
            | AbortReason::Credential { .. }
            | AbortReason::Silent {
                answered: false, ..
            },
        ) => ExitCode::Unreachable,
        _ => outcome::exit_code(&report),
    })
}

/// Takes the pages and documents out of the filters.
fn take_sources(arguments: &mut RunArguments) -> Result<(), CliError> {
    let (sources, filters): (Vec<String>, Vec<String>) = std::mem::take(&mut arguments.filter)
        .into_iter()
        .partition(|given| {
            let path = Path::new(given);
            has_ending(path, &DOCUMENT_ENDINGS)
                || has_ending(path, &PAGE_ENDINGS)
                || given.ends_with('/') && path.is_dir()
        });
    arguments.filter = filters;
    if let Some(missing) = sources.iter().find(|source| !Path::new(source).exists()) {
        return Err(CliError::usage(format!(
            "cannot read `{missing}`: there is no such file"
        )));
    }
    if let (Some(first), true) = (sources.first(), arguments.suite.is_some()) {
        return Err(CliError::usage(format!("`{first}` is one source too many"))
            .with_hint("a run is of one suite, or of pages and documents without one; `docproof init` makes a suite of them"));
    }
    arguments.sources = sources;
    Ok(())
}

/// A run for which no resource at all is given, and which could send nothing for that, is a
/// mistake: where some are given, trials say what they lack.
fn sendable(suite: &Suite, target: &Target, trials: &[&Trial]) -> Result<(), CliError> {
    let missing = harness::missing_resources(suite, target, trials.iter().copied());
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

/// Where the answers come from, in words: each address once.
fn words(endpoints: &BTreeMap<String, String>) -> String {
    let each: BTreeSet<&str> = endpoints.values().map(String::as_str).collect();
    each.into_iter().collect::<Vec<_>>().join(", ")
}
