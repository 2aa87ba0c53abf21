//! `docproof lint`: what pages contradict or leave open, offline.

use clap::{Args, ValueEnum};

use crate::contract::{Level, render};
use crate::derive::Options;
use crate::exit_code::ExitCode;
use crate::report::LintReport;

use super::CliError;
use super::pages::{Naming, derive_sources, read_sources, tell_operations, with_operations};

/// What `lint` prints below its help.
const EXAMPLES: &str = "\
Examples:
  docproof lint docs/
  docproof lint docs/create-order.md --level may
  docproof lint openapi.yaml
  docproof lint docs/ --format sarif > findings.sarif
  docproof lint docs/ --format github";

/// What `lint` is told.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct LintArguments {
    /// Pages and OpenAPI documents: files, folders, or URLs
    #[arg(required = true, value_name = "PAGE|DIR|URL")]
    pages: Vec<String>,
    /// How the findings are printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The lowest severity that is reported and fails the command
    #[arg(long, value_enum, default_value_t = Level::Should)]
    level: Level,
    /// The service's name, for pages that do not tell
    #[arg(long)]
    service: Option<String>,
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    Text,
    Json,
    /// SARIF 2.1.0
    Sarif,
    /// Annotations of a GitHub workflow
    Github,
}

/// Reads the pages and prints what they contradict or leave open.
pub(super) fn lint(arguments: &LintArguments) -> Result<ExitCode, CliError> {
    let options = Options {
        service: arguments.service.clone(),
    };
    let sources = read_sources(&arguments.pages, Naming::AsGiven)?;
    let read = sources.len();
    let pages = with_operations(sources, &arguments.pages, &options)?;
    let derived = derive_sources(&pages, &options)?;
    tell_operations(&derived.pages);
    let found = derived.services.iter().flat_map(|service| {
        service
            .documentation()
            .iter()
            .map(|finding| (service.name.clone(), finding.clone()))
    });
    let report = LintReport::new(pages.len(), read - pages.len(), arguments.level, found);
    let json = |value: &serde_json::Value| anstream::print!("{}", render(value));
    match arguments.format {
        Format::Text => anstream::print!("{}", report.text()),
        Format::Github => anstream::print!("{}", report.github()),
        Format::Sarif => json(&report.sarif()),
        Format::Json => json(
            &serde_json::to_value(&report).map_err(|error| CliError::usage(error.to_string()))?,
        ),
    }
    Ok(if report.findings.is_empty() {
        ExitCode::Success
    } else {
        ExitCode::Findings
    })
}
