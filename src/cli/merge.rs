//! `docproof merge`: the reports of a CI matrix, put together to one.

use std::path::PathBuf;

use clap::Args;

use crate::exit_code::ExitCode;
use crate::report::{Report, Sinks, merge as join, read_json, render};

use super::CliError;
use super::progress::width;
use super::run::{load_suite, parse_percent, unwritable};

/// What `merge` is told.
#[derive(Debug, Args)]
pub(super) struct MergeArguments {
    /// The reports, as `docproof run --report json=FILE` writes them
    #[arg(value_name = "REPORT.json", required = true)]
    reports: Vec<PathBuf>,
    /// Write a report of all, such as `json=FILE`
    #[arg(long = "report", value_name = "KIND=FILE")]
    sinks: Vec<String>,
    /// The least coverage, in percent of the documented facts that are not prose, below which it fails
    #[arg(long, value_name = "PERCENT", value_parser = parse_percent)]
    min_coverage: Option<f64>,
    /// The folder of the suite that was run; the bundled suite if absent
    #[arg(long, value_name = "DIR")]
    suite: Option<PathBuf>,
}

/// Merges and prints what it came to, with the exit code that one run of all would have had.
pub(super) fn merge(arguments: &MergeArguments) -> Result<ExitCode, CliError> {
    let suite = load_suite(arguments.suite.as_deref())?;
    let step_summary = std::env::var("GITHUB_STEP_SUMMARY")
        .ok()
        .filter(|path| !path.is_empty());
    let sinks = Sinks::open(&arguments.sinks, step_summary.as_deref()).map_err(unwritable)?;
    let reports = arguments
        .reports
        .iter()
        .map(|path| {
            read_json(path).map_err(|error| {
                CliError::usage(error.to_string())
                    .with_hint("`docproof run --report json=FILE` writes a report")
            })
        })
        .collect::<Result<Vec<Report>, CliError>>()?;
    let mut report = join(&suite, reports).map_err(|error| {
        CliError::usage(error.to_string())
            .with_hint("merge the reports of one suite, each from a `docproof run --partition K/N` that was told the same otherwise; give the suite by `--suite`")
    })?;
    if arguments.min_coverage.is_some() {
        report.summary.min_coverage = arguments.min_coverage;
    }
    sinks.write(&report).map_err(unwritable)?;
    let text = render(&report, width(sinks.takes_output()));
    if sinks.takes_output() {
        anstream::eprint!("{text}");
    } else {
        anstream::print!("{text}");
    }
    let gap = report.coverage_gap();
    if let Some(gap) = &gap {
        anstream::eprintln!("error: {gap}");
    }
    Ok(match () {
        () if report.fails() => ExitCode::Findings,
        () if report.summary.passed + report.summary.expected == 0 => ExitCode::NothingTested,
        () if gap.is_some() => ExitCode::Findings,
        () => ExitCode::Success,
    })
}
