//! What a run comes to: its reports, written and read, and what is printed of it.

use std::path::Path;

use crate::report::{Report, SinkError, Sinks, read_json, render};

use super::CliError;
use super::progress::{folded, width};

/// The reports that are asked for, and GitHub's step summary where there is one. Every path is
/// tried.
pub(super) fn sinks(asked: &[String]) -> Result<Sinks, CliError> {
    let step_summary = std::env::var("GITHUB_STEP_SUMMARY")
        .ok()
        .filter(|path| !path.is_empty());
    Sinks::open(asked, step_summary.as_deref()).map_err(unwritable)
}

/// Reads the report of an earlier run.
pub(super) fn read(path: &Path) -> Result<Report, CliError> {
    read_json(path).map_err(|error| CliError::usage(error.to_string()).with_hint(error.hint()))
}

/// Writes the reports.
pub(super) fn write(sinks: &Sinks, report: &Report) -> Result<(), CliError> {
    sinks.write(report).map_err(unwritable)
}

/// Prints what it came to, beside a report that takes standard output.
pub(super) fn print(sinks: &Sinks, report: &Report) {
    let mut text = render(report, width(sinks.takes_output()));
    // The last line is one, but for a terminal that would break a word of it.
    let last = text.trim_end().rfind('\n').map_or(0, |at| at + 1);
    let verdict = folded(text.split_off(last), sinks.takes_output());
    text.push_str(&verdict);
    if sinks.takes_output() {
        anstream::eprint!("{text}");
    } else {
        anstream::print!("{text}");
    }
    if let Some(gap) = report.coverage_gap() {
        anstream::eprintln!("error: {gap}");
    }
}

fn unwritable(error: SinkError) -> CliError {
    let said = CliError::usage(error.to_string());
    match error.hint() {
        Some(hint) => said.with_hint(hint),
        None => said,
    }
}
