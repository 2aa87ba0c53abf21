//! `docproof known-findings propose`, and how a run reads its known findings.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use crate::contract::Suite;
use crate::exit_code::ExitCode;
use crate::harness::known_findings::{self, KnownFacts, KnownFindings};

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
    /// Write an entry for each finding of a report; the reasons are left for a person to fill in
    Propose {
        /// The report, as `docproof run --report json=FILE` writes it
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
        None => anstream::print!("{}", crate::exchange::printable(&proposal.text)),
    }
    let place = out
        .as_ref()
        .map_or_else(String::new, |path| format!(" in `{}`", path.display()));
    let renewed = match proposal.renewed {
        0 => String::new(),
        renewed => format!(", {renewed} renewed"),
    };
    anstream::eprintln!(
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
        anstream::eprintln!(
            "\nhint: fill in each `reason`: until then `docproof run --known-findings` refuses the file"
        );
    }
    Ok(ExitCode::Success)
}

/// The known findings in a file. All problems are reported at once.
pub(super) fn load(suite: &Suite, path: &Path) -> Result<KnownFindings, CliError> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        CliError::usage(format!("cannot read `{}`: {error}", path.display()))
            .with_hint("`docproof known-findings propose REPORT.json --out FILE` makes one")
    })?;
    let known = KnownFacts::new(suite);
    let name = path.display().to_string();
    let known_findings = known_findings::parse(&name, &text, &known, known_findings::today())
        .map_err(|problems| {
            let lines: Vec<String> = problems
                .into_iter()
                .map(|problem| match &problem.hint {
                    Some(hint) => format!("{problem}\n  {hint}"),
                    None => problem.to_string(),
                })
                .collect();
            CliError::usage(format!(
                "the known findings cannot be used\n{}",
                lines.join("\n")
            ))
        })?;
    let superseded = known_findings.superseded().count();
    if let Some(first) = known_findings.superseded().next() {
        anstream::eprintln!(
            "warning: {}: {superseded} {} a finding in words (`observed`), which the next version no longer reads\n  \
             `docproof known-findings propose REPORT.json --out {name}` renews {}: give it the report of a run with this file",
            first.place,
            if superseded == 1 {
                "entry identifies"
            } else {
                "entries identify"
            },
            if superseded == 1 { "it" } else { "them" },
        );
    }
    Ok(known_findings)
}
