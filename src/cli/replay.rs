//! `docproof replay`: what failed in a recorded run, tried again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use serde_json::Value;

use crate::contract::Suite;
use crate::exit_code::ExitCode;
use crate::harness::{self, Because, Finding, MAX_WRITES, Mode, Outcome, ReplayOptions, Target};
use crate::report::{EMBEDDED, Report, render_replay};
use crate::session::{
    Aim, Connection, Settled, Source, TIMEOUT, UNVERIFIED, aim, client, interruptible, not_run,
    prepare, seconds,
};

use super::numbers::{parse_rate, parse_seconds};
use super::outcome::{other_suite, read};
use super::settings::ConnectionArguments;
use super::{CliError, load_suite};

/// What `replay` is told.
#[derive(Debug, Args)]
pub(super) struct ReplayArguments {
    /// The report that `run --report json=FILE` wrote
    #[arg(value_name = "REPORT.json")]
    report: PathBuf,
    #[command(flatten)]
    pub(super) connection: ConnectionArguments,
    /// What may be sent: read-only, sandbox or full
    ///
    /// `read-only` where the endpoint is not on this machine, else `full`.
    #[arg(long, value_enum, env = "DOCPROOF_MODE")]
    mode: Option<Mode>,
    /// How often each case is sent
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    tries: u32,
    /// The most seconds for one request
    #[arg(long, value_name = "SECONDS", default_value_t = TIMEOUT, value_parser = parse_seconds, env = "DOCPROOF_TIMEOUT")]
    timeout: f64,
    /// The most requests a second
    #[arg(long, value_name = "N", value_parser = parse_rate, env = "DOCPROOF_RATE")]
    rate: Option<f64>,
    /// The most requests that could write, in the sandbox mode
    #[arg(
        long,
        value_name = "N",
        default_value_t = MAX_WRITES,
        env = "DOCPROOF_MAX_WRITES",
        hide_short_help = true
    )]
    max_writes: u64,
    /// The suite that was run: a folder, or a page
    ///
    /// If absent that of `docproof.toml`, else the bundled suite.
    #[arg(long, value_name = "DIR")]
    suite: Option<PathBuf>,
}

/// A finding with what has its cause and shows by itself: what an earlier request stored is gone.
fn replayable(finding: &Finding) -> impl Iterator<Item = &Finding> {
    let related = finding
        .related
        .iter()
        .filter(|related| related.because != Because::ShowsStored)
        .map(|related| &related.finding);
    std::iter::once(finding).chain(related)
}

/// Runs the subcommand.
pub(super) fn replay(arguments: ReplayArguments) -> Result<ExitCode, CliError> {
    let report = read(&arguments.report)?;
    let folder = arguments.connection.suite(arguments.suite.clone());
    let mut suite = load_suite(folder.as_deref())?;
    let failed: Vec<_> = report
        .findings
        .iter()
        .filter(|finding| finding.fails(report.summary.level))
        .flat_map(replayable)
        .cloned()
        .collect();
    if failed.is_empty() {
        outln!(
            "nothing failed in `{}`",
            crate::exchange::printable(&arguments.report.display().to_string())
        );
        return Ok(ExitCode::Success);
    }
    let is_known = |finding: &Finding| {
        let name = finding.fact.operation.to_string();
        suite
            .operations
            .iter()
            .any(|operation| operation.name() == name)
    };
    if let (Some(first), false) = (failed.first(), failed.iter().any(is_known)) {
        let message = format!(
            "the report is of another suite: this one has no operation `{}`",
            first.fact.operation
        );
        return Err(CliError::usage(message).with_hint(other_suite(&report)));
    }
    let timeout = seconds(arguments.timeout);
    let mut connection = Connection::new(&suite, &arguments.connection)?;
    suite.bind_everywhere(connection.headers.iter().map(|(name, _)| name.as_str()));
    suite.carry(connection.schemes());
    let suite = Arc::new(suite);
    let recorded = resources_of(&report);
    let renamed: BTreeMap<String, String> = recorded
        .iter()
        .filter_map(|(key, old)| Some((old.clone(), connection.resources.get(key)?.value.clone())))
        .filter(|(old, new)| old != new)
        .collect();
    for (key, value) in recorded {
        connection.resources.entry(key).or_insert(Settled {
            value,
            source: Source::Default,
        });
    }
    recorded_endpoints(&suite, &report, &mut connection)?;
    let mut aim: Aim = aim(
        &suite,
        connection,
        arguments.mode,
        arguments.max_writes,
        BTreeSet::new(),
    )?;
    let (runtime, client) = client(
        &aim.target,
        aim.credentials,
        aim.transport,
        timeout,
        arguments.rate,
    )?;
    super::redact_bugs(&client);
    prepare(&runtime, &client, aim.mock.as_mut())?;
    let options = ReplayOptions {
        tries: arguments.tries,
        max_response_time: report
            .configuration
            .get("max_response_time_ms")
            .and_then(Value::as_u64)
            .map(Duration::from_millis),
        renamed,
        preflight: aim.mock.is_none(),
        abort: interruptible(runtime.handle())?,
    };
    let abort = Arc::clone(&options.abort);
    let scheme = client.scheme();
    let replayed = harness::replay(
        Arc::clone(&suite),
        aim.target,
        Arc::new(client),
        runtime.handle().clone(),
        failed,
        options,
    )
    .map_err(|error| not_run(error, &suite, &scheme))?;
    drop(aim.mock);
    out!("{}", render_replay(&replayed));
    let unknown = replayed
        .iter()
        .filter(|one| matches!(one.outcome, Outcome::CannotReplay(_)))
        .count();
    Ok(
        if abort.reason() == Some(harness::AbortReason::Interrupted) {
            ExitCode::Interrupted
        } else if unknown == replayed.len() {
            ExitCode::NothingTested
        } else if replayed.iter().all(|one| one.outcome == Outcome::Fixed) {
            ExitCode::Success
        } else {
            ExitCode::Findings
        },
    )
}

/// The resources of the recorded target.
fn resources_of(report: &Report) -> BTreeMap<String, String> {
    report
        .configuration
        .get("resources")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
        .collect()
}

/// Where nobody names an endpoint, the recorded ones are meant. A credential is not sent to an
/// address for the sole reason that a file holds it.
fn recorded_endpoints(
    suite: &Suite,
    report: &Report,
    connection: &mut Connection,
) -> Result<(), CliError> {
    if !connection.is_embedded() {
        return Ok(());
    }
    let proxy = connection.transport.proxy.clone();
    for service in &suite.services {
        let Some(url) = report.summary.endpoints.get(&service.name) else {
            continue;
        };
        if url == EMBEDDED {
            continue;
        }
        let url = url.strip_suffix(UNVERIFIED).unwrap_or(url);
        // What a proxy elsewhere calls this machine is another.
        let way = [url].into_iter().chain(proxy.as_deref());
        if connection.credentials.is_some() && Target::default_mode(way) != Mode::Full {
            let place = match &proxy {
                Some(_) => "or the proxy to it, is not on this machine",
                None => "is not on this machine",
            };
            return Err(CliError::usage(format!(
                "the report's endpoint `{url}`{comma} {place}, and nobody but the report names it",
                comma = if proxy.is_some() { "," } else { "" }
            ))
            .with_hint(format!(
                "say that the credential may be sent there: `--endpoint {}={url}`",
                service.name
            )));
        }
        connection.endpoints.insert(
            service.name.clone(),
            Settled {
                value: url.to_owned(),
                source: Source::Default,
            },
        );
    }
    Ok(())
}
