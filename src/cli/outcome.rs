//! What a run comes to: its reports, written and read, and what is printed of it.

use std::path::Path;

use serde_json::Value;

use crate::file::{is_same, place, read_found};
use crate::report::{Report, SinkError, Sinks, read_json, render};
use crate::sources::is_read;

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

/// What a run writes must be none of what it reads, nor one file for two things: the user would
/// lose a file of hers. `inputs` are files and folders.
pub(super) fn keep<'p>(
    sinks: &Sinks,
    journal: Option<&'p Path>,
    inputs: impl IntoIterator<Item = &'p Path>,
) -> Result<(), CliError> {
    let other = "give it a file of its own";
    let outputs: Vec<(&str, &Path)> = sinks
        .files()
        .map(|path| ("report", path))
        .chain(journal.map(|path| ("journal", path)))
        .collect();
    if let Some(journal) = journal
        && sinks.files().any(|path| is_same(path, journal))
    {
        let shown = journal.display();
        return Err(
            CliError::usage(format!("a report and the journal both go to `{shown}`"))
                .with_hint(other),
        );
    }
    for input in inputs {
        let found = outputs.iter().find(|(_, path)| is_input(path, input));
        if let Some((what, path)) = found {
            let shown = path.display();
            return Err(CliError::usage(format!(
                "the {what} would replace `{shown}`, which is read"
            ))
            .with_hint(other));
        }
    }
    Ok(())
}

/// Whether a file that is written is an input, or one of those in a folder. What an earlier run
/// wrote may be written anew.
fn is_input(path: &Path, input: &Path) -> bool {
    if !input.is_dir() {
        return is_same(path, input);
    }
    let (Some(path), Ok(folder)) = (place(path), input.canonicalize()) else {
        return false;
    };
    let Ok(below) = path.strip_prefix(&folder) else {
        return false;
    };
    let is_of_suite = below.starts_with("schemas") || below.starts_with("cases");
    let is_settings = below == Path::new("docproof.toml");
    let is_there = path.is_file();
    is_there && (is_settings || is_of_suite || is_read(&path) && !is_own(&path))
}

/// Whether a file is a report of docproof, by how its Markdown and its HTML begin: a page that only
/// names docproof is somebody's own.
fn is_own(path: &Path) -> bool {
    let Ok(bytes) = read_found(path) else {
        return false;
    };
    let head = bytes.get(..2048).unwrap_or(&bytes);
    let head = String::from_utf8_lossy(head);
    head.starts_with("## docproof: ") || head.contains("<title>docproof: ")
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
        err!("{text}");
    } else {
        out!("{text}");
    }
    if let Some(gap) = report.coverage_gap() {
        errln!("error: {gap}");
    }
}

fn unwritable(error: SinkError) -> CliError {
    let said = CliError::usage(error.to_string());
    match error.hint() {
        Some(hint) => said.with_hint(hint),
        None => said,
    }
}

/// What to do about a report that is of another suite than the one that is there.
pub(super) fn other_suite(report: &Report) -> String {
    let suite = report.configuration.get("suite").and_then(Value::as_str);
    match suite {
        Some(suite) if Path::new(suite).exists() => {
            format!("its run was of `{suite}`: give that by `--suite {suite}`")
        }
        Some("bundled") | None => {
            "its run was of the bundled suite, which is taken where neither `--suite` nor a `docproof.toml` names another".to_owned()
        }
        Some(suite) => format!(
            "its run was of `{suite}`: give by `--suite` a suite, a page, or a folder of pages, that has the same operations"
        ),
    }
}
