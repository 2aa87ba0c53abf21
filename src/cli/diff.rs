//! `docproof diff`: two contracts, or what two sets of pages give, compared; pages beside a
//! document, by where the two disagree.

use std::collections::BTreeMap;
use std::path::Path;

use clap::{Args, ValueEnum};

use crate::compare::{Mentions, changes, disagreements};
use crate::contract::{ContractError, DOCUMENT, Service, Suite, SuiteError, render};
use crate::derive::Options;
use crate::exchange::is_url;
use crate::exit_code::ExitCode;
use crate::harness::trial_changes;
use crate::page::Page;
use crate::report::{DifferenceReport, DisagreementReport};
use crate::sources::{Naming, Source, derive_sources, read_sources};

use super::{CliError, tell};

/// What `diff` prints below its help.
const EXAMPLES: &str = "\
Examples:
  docproof diff docs-2023/ docs-2024/
  docproof diff suite/ new-docs/ --format markdown
  docproof diff docs/ openapi.yaml
  docproof diff suite/schemas/shop https://docs.example.com/api/orders.html";

/// What `diff` is told.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct DiffArguments {
    /// What held before: pages, a document, a suite
    ///
    /// A page, an OpenAPI document, a folder of them, a URL, a suite, or a folder of derived schemas.
    #[arg(value_name = "OLD")]
    old: String,
    /// What holds now
    #[arg(value_name = "NEW")]
    new: String,
    /// Print as text, json or markdown
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The service's name, for pages that do not tell
    #[arg(long)]
    service: Option<String>,
}

/// How changes are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Markdown,
}

/// Compares and prints.
pub(super) fn diff(arguments: &DiffArguments) -> Result<ExitCode, CliError> {
    let service = arguments.service.as_deref();
    let old = load(&arguments.old, service)?;
    let new = load(&arguments.new, service)?;
    match (old.kind, new.kind) {
        (Kind::Pages, Kind::Document) => beside(&old, &new, arguments.format),
        (Kind::Document, Kind::Pages) => beside(&new, &old, arguments.format),
        _ => editions(old.suite, new.suite, arguments.format),
    }
}

/// Tells where pages and a document disagree.
fn beside(pages: &Loaded, document: &Loaded, format: Format) -> Result<ExitCode, CliError> {
    let (written, given) = (&pages.suite.operations, &document.suite.operations);
    let mentions = Mentions::of(&pages.pages, written);
    let found = disagreements(written, given, &mentions);
    let report = DisagreementReport::new(found);
    match format {
        Format::Text => out!("{}", report.text()),
        Format::Markdown => out!("{}", report.markdown()),
        Format::Json => print_json(&report)?,
    }
    Ok(if report.disagreements.is_empty() {
        ExitCode::Success
    } else {
        ExitCode::Findings
    })
}

/// Tells what changed from what held before to what holds now.
fn editions(old: Suite, new: Suite, format: Format) -> Result<ExitCode, CliError> {
    let (old, new) = with_cases(old, new);
    let report = DifferenceReport::new(
        changes(&old.operations, &new.operations),
        trial_changes(&old, &new),
    );
    match format {
        Format::Text => out!("{}", report.text()),
        Format::Markdown => out!("{}", report.markdown()),
        Format::Json => print_json(&report)?,
    }
    Ok(if report.summary.breaking > 0 {
        ExitCode::Findings
    } else {
        ExitCode::Success
    })
}

fn print_json(report: &impl serde::Serialize) -> Result<(), CliError> {
    let value = serde_json::to_value(report).map_err(|error| CliError::usage(error.to_string()))?;
    out!("{}", render(&value));
    Ok(())
}

/// Both sides with the cases of the one that has any, where they fit the other: whether bindings
/// were written is no change of a contract.
fn with_cases(old: Suite, new: Suite) -> (Suite, Suite) {
    let lend = |from: &Suite, to: Suite| -> Suite {
        let is_bare = to
            .cases
            .values()
            .all(|cases| cases.operations.is_empty() && cases.relations.is_empty());
        if !is_bare {
            return to;
        }
        Suite::new(to.services.clone(), from.cases.clone()).unwrap_or(to)
    };
    let new = lend(&old, new);
    let old = lend(&new, old);
    (old, new)
}

/// What a side is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Pages alone.
    Pages,
    /// OpenAPI documents alone.
    Document,
    /// A contract, or pages and documents together.
    Contract,
}

/// One side of the comparison.
struct Loaded {
    suite: Suite,
    kind: Kind,
    /// The pages, where it is made of some.
    pages: Vec<Page>,
}

/// One side: a suite, a folder of schemas, the folder of one service, pages, or a document.
fn load(given: &str, service: Option<&str>) -> Result<Loaded, CliError> {
    let folder = Path::new(given);
    let contract = |suite| Loaded {
        suite,
        kind: Kind::Contract,
        pages: Vec::new(),
    };
    if !is_url(given) && folder.is_dir() {
        if folder.join(DOCUMENT).is_file() {
            let service = Service::load(folder).map_err(SuiteError::from)?;
            return Ok(contract(Suite::new(vec![service], BTreeMap::new())?));
        }
        match Suite::load(folder) {
            Ok(suite) => return Ok(contract(suite)),
            // A folder without a contract is one of pages.
            Err(SuiteError::Contract(ContractError::Empty(_))) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let options = Options {
        service: service.map(str::to_owned),
    };
    let sources = read_sources(&[given.to_owned()], Naming::FileName, &tell)?;
    let is_page = |source: &Source| source.page().is_some();
    let kind = if sources.iter().all(is_page) {
        Kind::Pages
    } else if sources.iter().any(is_page) || sources.iter().any(Source::is_derived) {
        Kind::Contract
    } else {
        Kind::Document
    };
    let derived = derive_sources(&sources, &options)?;
    Ok(Loaded {
        suite: Suite::new(derived.services, BTreeMap::new())?,
        kind,
        pages: sources.iter().filter_map(Source::page).cloned().collect(),
    })
}
