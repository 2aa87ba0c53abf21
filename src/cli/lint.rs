//! `docproof lint`: what pages contradict or leave open, and where they and an OpenAPI document
//! disagree, offline.

use std::collections::BTreeMap;

use clap::{Args, ValueEnum};

use crate::compare::{Mentions, disagreements};
use crate::contract::{DocumentationFinding, Level, Suite, render};
use crate::derive::{Derived, Options, PageRead};
use crate::exit_code::ExitCode;
use crate::report::LintReport;
use crate::sources::{
    Naming, Source, derive_sources, read_sources, tell_operations, with_operations,
};

use super::{CliError, tell};

/// What `lint` prints below its help.
const EXAMPLES: &str = "\
Examples:
  docproof lint docs/
  docproof lint docs/create-order.md --level may
  docproof lint openapi.yaml
  docproof lint docs/ openapi.yaml
  docproof lint docs/ --format sarif > findings.sarif
  docproof lint docs/ --format github";

/// What `lint` is told.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct LintArguments {
    /// Pages and OpenAPI documents: files, folders, or URLs
    #[arg(required = true, value_name = "PAGE|DIR|URL")]
    pages: Vec<String>,
    /// Print as text, json, sarif or github
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The lowest severity that is told
    ///
    /// What is told fails the command.
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
    let sources = read_sources(&arguments.pages, Naming::AsGiven, &tell)?;
    let read = sources.len();
    let pages = with_operations(sources, &arguments.pages, &options, &tell)?;
    let (documents, written): (Vec<Source>, Vec<Source>) = pages
        .iter()
        .cloned()
        .partition(|source| source.document().is_some());
    let of_pages = derived(&written, &options)?;
    let of_documents = derived(&documents, &options)?;
    let read_of: Vec<PageRead> = [&of_pages, &of_documents]
        .into_iter()
        .flat_map(|derived| derived.pages.clone())
        .collect();
    tell_operations(&read_of, &tell);
    let services = || of_pages.services.iter().chain(&of_documents.services);
    let own = services().flat_map(|service| {
        let findings = service.documentation().iter();
        findings.map(|finding| (service.name.clone(), finding.clone()))
    });
    let found = own.chain(between(&written, (&of_pages, &of_documents))?);
    let report = LintReport::new(pages.len(), read - pages.len(), arguments.level, found);
    let json = |value: &serde_json::Value| out!("{}", render(value));
    match arguments.format {
        Format::Text => out!("{}", report.text()),
        Format::Github => out!("{}", report.github()),
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

/// What sources come to; nothing where there are none.
fn derived(sources: &[Source], options: &Options) -> Result<Derived, CliError> {
    if sources.is_empty() {
        return Ok(Derived::default());
    }
    derive_sources(sources, options)
}

/// Where pages and documents disagree, by service.
fn between(
    sources: &[Source],
    (pages, documents): (&Derived, &Derived),
) -> Result<Vec<(String, DocumentationFinding)>, CliError> {
    if pages.services.is_empty() || documents.services.is_empty() {
        return Ok(Vec::new());
    }
    let suite = |derived: &Derived| Suite::new(derived.services.clone(), BTreeMap::new());
    let (pages, documents) = (suite(pages)?, suite(documents)?);
    let mentions = Mentions::of(sources.iter().filter_map(Source::page), &pages.operations);
    let found = disagreements(&pages.operations, &documents.operations, &mentions);
    let all = found.found.iter().chain(&found.silences);
    Ok(all
        .map(|one| (one.service.clone(), one.finding()))
        .collect())
}
