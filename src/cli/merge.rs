//! `docproof merge`: the reports of a CI matrix, put together to one.

use std::path::PathBuf;

use clap::Args;

use crate::exit_code::ExitCode;
use crate::report::{MergeError, Report, merge as join};

use super::numbers::parse_percent;
use super::outcome;
use super::{CliError, load_suite_here};

/// What `merge` is told.
#[derive(Debug, Args)]
pub(super) struct MergeArguments {
    /// The reports that `run --report json=FILE` wrote
    #[arg(value_name = "REPORT.json", required = true)]
    reports: Vec<PathBuf>,
    /// Write a report of all, such as `json=FILE`
    #[arg(long = "report", value_name = "KIND=FILE")]
    sinks: Vec<String>,
    /// Fail if less of what can be tested was decided
    #[arg(long, value_name = "PERCENT", value_parser = parse_percent)]
    min_coverage: Option<f64>,
    /// The suite that was run: a folder, or a page
    ///
    /// If absent that of `docproof.toml`, else the bundled suite.
    #[arg(long, value_name = "DIR")]
    suite: Option<PathBuf>,
}

/// Merges and prints what it came to, with the exit code that one run of all would have had.
pub(super) fn merge(arguments: &MergeArguments) -> Result<ExitCode, CliError> {
    let suite = load_suite_here(arguments.suite.as_deref())?;
    let sinks = outcome::sinks(&arguments.sinks)?;
    outcome::keep(&sinks, None, arguments.reports.iter().map(PathBuf::as_path))?;
    let reports = arguments
        .reports
        .iter()
        .map(|path| outcome::read(path))
        .collect::<Result<Vec<Report>, CliError>>()?;
    let other_suite = reports.first().map(outcome::other_suite);
    let mut report = join(&suite, reports).map_err(|error| {
        let hint = match (&error, other_suite) {
            (MergeError::Foreign(_), Some(hint)) => hint,
            _ => "merge the reports of one suite, each from a `docproof run --partition K/N` that was told the same otherwise".to_owned(),
        };
        CliError::usage(error.to_string()).with_hint(hint)
    })?;
    if arguments.min_coverage.is_some() {
        report.summary.min_coverage = arguments.min_coverage;
    }
    outcome::write(&sinks, &report)?;
    outcome::print(&sinks, &report);
    Ok(crate::session::exit_code(&report))
}
