//! What a run comes to: its reports, written and read, what is printed of it, and how the program
//! ends.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::contract::Suite;
use crate::exit_code::ExitCode;
use crate::generate::Scheme;
use crate::harness::Target;
use crate::report::{Report, SinkError, Sinks, read_json, render};

use super::CliError;
use super::progress::width;
use super::run_arguments::{RunArguments, THREADS};

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
    let text = render(report, width(sinks.takes_output()));
    if sinks.takes_output() {
        anstream::eprint!("{text}");
    } else {
        anstream::print!("{text}");
    }
    if let Some(gap) = report.coverage_gap() {
        anstream::eprintln!("error: {gap}");
    }
}

/// How the program ends after trials that nothing cut short.
pub(super) fn exit_code(report: &Report) -> ExitCode {
    match () {
        () if report.fails() => ExitCode::Findings,
        () if report.summary.tested_nothing() => ExitCode::NothingTested,
        () if report.coverage_gap().is_some() => ExitCode::Findings,
        () => ExitCode::Success,
    }
}

fn unwritable(error: SinkError) -> CliError {
    let said = CliError::usage(error.to_string());
    match error.hint() {
        Some(hint) => said.with_hint(hint),
        None => said,
    }
}

/// Where the pages of a suite stand, by service and name; the bundled suite's as they stand in
/// docproof's repository.
pub(super) fn pages(suite: &Suite, arguments: &RunArguments) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    let given = arguments.sources.iter().map(Path::new);
    let folders: Vec<&Path> = given
        .chain(arguments.suite.as_deref())
        .map(|given| match given.parent() {
            Some(parent) if given.is_file() => parent,
            _ => given,
        })
        .collect();
    for operation in &suite.operations {
        let service = &operation.service;
        for row in operation.facts().iter().flat_map(|fact| &fact.rows) {
            let name = row.page();
            let usual = format!("cases/{service}/pages/{name}");
            let place = if folders.is_empty() {
                Some(usual)
            } else {
                let places = [usual, format!("pages/{name}"), name.to_owned()];
                folders
                    .iter()
                    .flat_map(|folder| places.iter().map(|place| folder.join(place)))
                    .find(|place| place.is_file())
                    .map(|place| place.to_string_lossy().into_owned())
            };
            if let Some(place) = place {
                pages.insert(format!("{service}/{name}"), place);
            }
        }
    }
    pages
}

/// What the run was told, for the reports: every setting that matters, never the credential itself.
pub(super) fn configuration(
    arguments: &RunArguments,
    target: &Target,
    scheme: Scheme,
    insecure: bool,
) -> BTreeMap<String, Value> {
    let headers: BTreeMap<&String, &String> = target
        .headers
        .iter()
        .map(|(name, value)| (name, value))
        .collect();
    let suite = match &arguments.suite {
        Some(path) => path.display().to_string(),
        None if !arguments.sources.is_empty() => arguments.sources.join(" "),
        None => "bundled".to_owned(),
    };
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
        ("rate".to_owned(), Value::from(arguments.rate)),
        ("budget_s".to_owned(), Value::from(arguments.budget)),
        ("max_writes".to_owned(), Value::from(target.max_writes)),
        ("credential".to_owned(), Value::from(scheme.to_string())),
        ("insecure".to_owned(), Value::from(insecure)),
        ("headers".to_owned(), serde_json::json!(headers)),
        ("filters".to_owned(), serde_json::json!(arguments.filter)),
        ("skip".to_owned(), serde_json::json!(arguments.skip)),
        ("resources".to_owned(), serde_json::json!(target.resources)),
    ])
}
