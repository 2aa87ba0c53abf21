//! `docproof known-findings propose`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use crate::exit_code::ExitCode;
use crate::harness::known_findings;

use super::CliError;
use super::outcome::read;

/// The arguments of `known-findings`.
#[derive(Debug, Args)]
pub(super) struct KnownFindingsArguments {
    #[command(subcommand)]
    command: KnownFindingsCommand,
}

#[derive(Debug, Subcommand)]
enum KnownFindingsCommand {
    /// Write an entry for each finding of a report
    ///
    /// The reasons are left for a person to fill in.
    Propose {
        /// The report that `run --report json=FILE` wrote
        #[arg(value_name = "REPORT.json")]
        report: PathBuf,
        /// The file to add the entries to; printed if absent
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

/// Runs the subcommand.
pub(super) fn known_findings(arguments: &KnownFindingsArguments) -> Result<ExitCode, CliError> {
    let KnownFindingsCommand::Propose { report, out } = &arguments.command;
    let report = read(report)?;
    let existing = match out {
        Some(path) if path.exists() => std::fs::read_to_string(path).map_err(|error| {
            CliError::usage(format!("cannot read `{}`: {error}", path.display()))
        })?,
        _ => String::new(),
    };
    let level = report.summary.level;
    let proposal = known_findings::propose(&existing, &report.findings, &report.trials, level)
        .map_err(|message| {
            let place = out.as_deref().unwrap_or(Path::new("-"));
            CliError::usage(format!("`{}`: {message}", place.display()))
        })?;
    match out {
        Some(path) if proposal.changes() => {
            std::fs::write(path, &proposal.text).map_err(|error| {
                CliError::usage(format!("cannot write `{}`: {error}", path.display()))
            })?;
        }
        Some(_) => {}
        None => out!("{}", crate::exchange::printable(&proposal.text)),
    }
    let place = out
        .as_ref()
        .map_or_else(String::new, |path| format!(" in `{}`", path.display()));
    let renewed = match proposal.renewed {
        0 => String::new(),
        renewed => format!(", {renewed} renewed"),
    };
    errln!(
        "{} new {}{place}{renewed}, {} known",
        proposal.added,
        if proposal.added == 1 {
            "entry"
        } else {
            "entries"
        },
        proposal.known
    );
    if proposal.added > 0 {
        errln!(
            "\nhint: fill in each `reason`: until then `docproof run --known-findings` refuses the file"
        );
    }
    Ok(ExitCode::Success)
}
