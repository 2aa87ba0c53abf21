//! `docproof lint`: what pages contradict or leave open, offline.

use clap::{Args, ValueEnum};

use crate::contract::{Level, render};
use crate::derive::{DeriveError, Options};
use crate::exit_code::ExitCode;
use crate::page::Page;
use crate::report::LintReport;

use super::CliError;
use super::pages::{Naming, read_pages};

/// What `lint` is told.
#[derive(Debug, Args)]
pub(super) struct LintArguments {
    /// Pages: files, folders of pages, or URLs
    #[arg(required = true, value_name = "PAGE|DIR|URL")]
    pages: Vec<String>,
    /// How the findings are printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The least level that is reported, and fails
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
    let mut pages: Vec<Page> = Vec::new();
    let mut skipped: Vec<String> = Vec::new();
    for source in read_pages(&arguments.pages, Naming::AsGiven)? {
        match crate::derive::derive(std::slice::from_ref(&source.page), &options) {
            Err(DeriveError::NoOperation { page }) => skipped.push(page),
            _ => pages.push(source.page),
        }
    }
    // A folder holds introductions too; a page that was named is meant.
    if pages.is_empty() || skipped.iter().any(|page| arguments.pages.contains(page)) {
        let error = DeriveError::NoOperation {
            page: skipped
                .iter()
                .find(|page| arguments.pages.contains(page))
                .or(skipped.first())
                .cloned()
                .unwrap_or_default(),
        };
        return Err(CliError::usage(error.to_string()).with_hint(error.hint()));
    }
    let derived = crate::derive::derive(&pages, &options)
        .map_err(|error| CliError::usage(error.to_string()).with_hint(error.hint()))?;
    let found = derived.services.iter().flat_map(|service| {
        service
            .documentation()
            .into_iter()
            .map(|finding| (service.name.clone(), finding))
    });
    let report = LintReport::new(pages.len(), skipped, arguments.level, found);
    for page in &report.skipped {
        anstream::eprintln!("note: `{page}` tells of no operation");
    }
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
