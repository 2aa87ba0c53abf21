//! `docproof run`: the trials, against an endpoint or the embedded mock.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use libtest_mimic::{Arguments, ColorSetting};

use crate::exchange::{Journal, is_url, printable, without_user};
use crate::exit_code::ExitCode;
use crate::harness::known_findings::{KnownFindings, today};
use crate::harness::{self, Forecast, RunOptions};
use crate::relay::Relay;
use crate::session::{Connection, Order, Session, interruptible, seconds, suite_of};
use crate::snapshot::Store;
use crate::sources::{holds_sources, names_source};
use crate::text::counted;

use super::libtest::{libtest_arguments, selected};
use super::outcome;
use super::output::{is_coloured, put_bytes};
use super::progress::Progress;
use super::run_arguments::RunArguments;
use super::settings::suite_here;
use super::{CliError, ConnectionArguments, load_suite, tell};

/// Runs the suite.
pub(super) fn run(arguments: RunArguments) -> Result<ExitCode, CliError> {
    match arguments.color.as_str() {
        "always" => anstream::ColorChoice::AlwaysAnsi.write_global(),
        "never" => anstream::ColorChoice::Never.write_global(),
        _ => {}
    }
    let mut arguments = arguments;
    take_sources(&mut arguments)?;
    if arguments.sources.is_empty() {
        arguments.suite = arguments.connection.suite(arguments.suite.take());
    }
    let suite = if arguments.sources.is_empty() {
        load_suite(arguments.suite.as_deref())?
    } else {
        suite_of(&arguments.sources, &tell)?
    };
    let reports = outcome::sinks(&arguments.report)?;
    if reports.takes_output() && arguments.format.is_some() {
        return Err(
            CliError::usage("`--format` and a report to `-` both take standard output")
                .with_hint("give the report a file, or leave `--format` out"),
        );
    }
    let inputs = arguments
        .sources
        .iter()
        .map(Path::new)
        .chain(arguments.suite.as_deref())
        .chain(arguments.known_findings.as_deref())
        .chain(arguments.connection.files());
    outcome::keep(&reports, arguments.journal.as_deref(), inputs)?;
    let connection = Connection::new(&suite, &arguments.connection)?;
    if connection.is_short() {
        tell(
            "warning: the credential has fewer than four characters: where the endpoint repeats it, the reports hold it"
                .to_owned(),
        );
    }
    let journal = arguments.journal.as_deref().map(journal).transpose()?;
    let mut session = Session::open(suite, connection, order(&arguments))?;
    if session.is_embedded() && arguments.sources.is_empty() {
        tell_targets(&arguments.connection, arguments.suite.as_deref());
    }
    super::redact_bugs(session.client());
    let known_findings = match &arguments.known_findings {
        Some(path) => session.known_findings(path, &tell)?,
        None => KnownFindings::default(),
    };
    if !arguments.list && !arguments.plan {
        session.prepare()?;
        session.find_ids(journal.as_deref());
        if let Some(told) = session.read_unasked() {
            tell(format!("note: {}", printable(&told)));
        }
    }
    let abort = interruptible(session.handle())?;
    if arguments.list {
        let names = session.names(arguments.snapshots.is_some(), &abort)?;
        let libtest = libtest_arguments(names.iter(), &arguments);
        out!("{}", harness::list(&names, &libtest, arguments.partition));
        return Ok(ExitCode::Success);
    }
    let mut trials = session.plan(&abort)?;
    let store = arguments.snapshots.clone().map(|folder| Store {
        folder,
        target: words(session.shown()),
        today: today().to_string(),
        confirms: !session.is_embedded() && std::env::var_os("CI").is_none(),
    });
    if store.is_some() {
        let more = harness::snapshots(session.suite(), &trials);
        trials.extend(more);
    }
    let mut libtest = libtest_arguments(trials.iter().map(|trial| &trial.name), &arguments);
    let relay = arguments
        .format
        .is_some()
        .then(|| relay(&mut libtest))
        .transpose()?;
    let progress = arguments
        .format
        .is_none()
        .then(|| Arc::new(Progress::new(arguments.verbose, reports.takes_output())));
    let options = RunOptions {
        arguments: libtest,
        level: arguments.level,
        seed: arguments.seed,
        cases: arguments.cases,
        max_response_time: arguments.max_response_time.map(Duration::from_millis),
        budget: arguments.budget.map(seconds),
        max_failures: arguments.max_failures,
        journal: journal.clone(),
        abort,
        partition: arguments.partition,
        snapshots: store,
        known_findings: Arc::new(known_findings),
        watcher: progress
            .clone()
            .map(|progress| progress as Arc<dyn harness::Watcher>),
        ..RunOptions::default()
    };
    let mut chosen = selected(&trials, &arguments.filter, &options.arguments)?;
    if arguments.plan {
        let partition = arguments.partition;
        chosen.retain(|trial| partition.is_none_or(|part| part.has(&trial.name)));
        out!("{}", session.forecast(&chosen, &options)?.told);
        return Ok(ExitCode::Success);
    }
    if session.writes_unasked() {
        tell_writes(&session.forecast(&chosen, &options)?);
    }
    session.sendable(&chosen)?;
    if let Some(store) = &options.snapshots {
        store.probe().map_err(|error| {
            CliError::usage(error.to_string())
                .with_hint("`--snapshots DIR` takes a folder that can be written to: what is new or differs waits there for a review")
        })?;
    }
    let ran = session.run(trials, options);
    if let Some(progress) = progress {
        progress.finish();
    }
    relay.into_iter().for_each(Relay::finish);
    outcome::write(&reports, &ran.report)?;
    if let Some(error) = ran.unusable {
        return Err(error);
    }
    outcome::print(&reports, &ran.report);
    match journal.and_then(|journal| journal.failure()) {
        Some(failure) => Err(CliError::usage(failure)
            .with_hint("the run is whole, and so are its reports; the journal is not")),
        None => Ok(ran.code),
    }
}

/// Has libtest's lines printed as everything else is.
fn relay(libtest: &mut Arguments) -> Result<Relay, CliError> {
    let relay = Relay::start(put_bytes)
        .map_err(|error| CliError::usage(format!("cannot print what libtest says: {error}")))?;
    if let Some(path) = relay.path() {
        libtest.logfile = Some(path);
        if is_coloured() && libtest.color == Some(ColorSetting::Auto) {
            libtest.color = Some(ColorSetting::Always);
        }
    }
    Ok(relay)
}

/// What the arguments say of the run as a whole.
fn order(arguments: &RunArguments) -> Order {
    Order {
        suite: arguments.suite.clone(),
        sources: arguments.sources.clone(),
        target: arguments.connection.target.clone(),
        mode: arguments.mode,
        max_writes: arguments.max_writes,
        allow_changes: arguments.allow_changes.clone(),
        timeout: arguments.timeout,
        rate: arguments.rate,
        budget: arguments.budget,
        max_failures: arguments.max_failures,
        min_coverage: arguments.min_coverage,
        filters: arguments.filter.clone(),
        skip: arguments.skip.clone(),
    }
}

/// The journal, which has to be writable.
fn journal(path: &Path) -> Result<Arc<Journal>, CliError> {
    Journal::create(path).map(Arc::new).map_err(|error| {
        CliError::usage(format!(
            "cannot write the journal `{}`: {error}",
            path.display()
        ))
        .with_hint("give a file of its own, in a folder that is there and can be written to")
    })
}

/// Says how much a run writes that nobody has said may write.
fn tell_writes(told: &Forecast) {
    if told.writes > 0 {
        tell(format!(
            "note: the endpoint is on this machine, so that this run writes: at least {}, {} of them to create something (`--plan` tells more, `--mode read-only` sends none)",
            counted(usize::try_from(told.writes).unwrap_or(usize::MAX), "write"),
            told.creations
        ));
    }
}

/// Says that the embedded mock is tested where the file of the suite has targets, and a reader of
/// that file may take one of them for the run's.
fn tell_targets(connection: &ConnectionArguments, suite: Option<&Path>) {
    if connection.names_no_target_on_purpose() {
        return;
    }
    let Some((path, names)) = connection.targets_of(suite) else {
        return;
    };
    let each: Vec<String> = names
        .iter()
        .map(|name| format!("`--target {name}`"))
        .collect();
    let Some(first) = names.first() else { return };
    tell(format!(
        "note: this run tests the embedded mock: `{path}` has no `default_target`. {} tests what \
         that target says; with `default_target = \"{first}\"` in the file every run here does",
        each.join(" or ")
    ));
}

/// Takes the pages and documents out of the filters.
fn take_sources(arguments: &mut RunArguments) -> Result<(), CliError> {
    // Where no suite is at hand, whose trials a filter would be of, a folder of pages is meant.
    let is_suite_near = arguments.suite.is_some() || suite_here()?.is_some();
    let names_folder = |given: &str| {
        !is_suite_near && Path::new(given).is_dir() && holds_sources(Path::new(given))
    };
    let (sources, filters): (Vec<String>, Vec<String>) = std::mem::take(&mut arguments.filter)
        .into_iter()
        .partition(|given| names_source(given) || names_folder(given));
    arguments.filter = filters;
    let is_missing = |source: &&String| !is_url(source) && !Path::new(source).exists();
    if let Some(missing) = sources.iter().find(is_missing) {
        return Err(CliError::usage(format!(
            "cannot read `{}`: there is no such file or folder",
            without_user(missing)
        )));
    }
    if let (Some(first), true) = (sources.first(), arguments.suite.is_some()) {
        return Err(CliError::usage(format!("`{first}` is one source too many"))
            .with_hint("a run is of one suite, or of pages and documents without one; `docproof init` makes a suite of them"));
    }
    arguments.sources = sources;
    Ok(())
}

/// Where the answers come from, in words: each address once.
fn words(endpoints: &BTreeMap<String, String>) -> String {
    let each: BTreeSet<&str> = endpoints.values().map(String::as_str).collect();
    each.into_iter().collect::<Vec<_>>().join(", ")
}
