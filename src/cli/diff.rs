//! `docproof diff`: two contracts, or what two sets of pages give, compared.

use std::collections::BTreeMap;
use std::path::Path;

use clap::{Args, ValueEnum};

use crate::compare::changes;
use crate::contract::{ContractError, DOCUMENT, Service, Suite, SuiteError, render};
use crate::derive::Options;
use crate::exchange::is_url;
use crate::exit_code::ExitCode;
use crate::harness::trial_changes;
use crate::report::DifferenceReport;

use super::CliError;
use super::pages::{Naming, derive_sources, read_sources};

/// What `diff` prints below its help.
const EXAMPLES: &str = "\
Examples:
  docproof diff docs-2023/ docs-2024/
  docproof diff suite/ new-docs/ --format markdown
  docproof diff suite/schemas/shop https://docs.example.com/api/orders.html";

/// What `diff` is told.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct DiffArguments {
    /// What held before: a page, an OpenAPI document, a folder of them, a URL, a suite, or a folder
    /// of derived schemas
    #[arg(value_name = "OLD")]
    old: String,
    /// What holds now
    #[arg(value_name = "NEW")]
    new: String,
    /// How the changes are printed
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
    let old = load(&arguments.old, arguments.service.as_deref())?;
    let new = load(&arguments.new, arguments.service.as_deref())?;
    let (old, new) = with_cases(old, new);
    let report = DifferenceReport::new(
        changes(&old.operations, &new.operations),
        trial_changes(&old, &new),
    );
    match arguments.format {
        Format::Text => anstream::print!("{}", report.text()),
        Format::Markdown => anstream::print!("{}", report.markdown()),
        Format::Json => {
            let value = serde_json::to_value(&report)
                .map_err(|error| CliError::usage(error.to_string()))?;
            anstream::print!("{}", render(&value));
        }
    }
    Ok(if report.summary.breaking > 0 {
        ExitCode::Findings
    } else {
        ExitCode::Success
    })
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

/// One side: a suite, a folder of schemas, the folder of one service, pages, or a document.
fn load(given: &str, service: Option<&str>) -> Result<Suite, CliError> {
    let folder = Path::new(given);
    if !is_url(given) && folder.is_dir() {
        if folder.join(DOCUMENT).is_file() {
            let service = Service::load(folder).map_err(SuiteError::from)?;
            return Ok(Suite::new(vec![service], BTreeMap::new())?);
        }
        match Suite::load(folder) {
            Ok(suite) => return Ok(suite),
            // A folder without a contract is one of pages.
            Err(SuiteError::Contract(ContractError::Empty(_))) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let options = Options {
        service: service.map(str::to_owned),
    };
    let sources = read_sources(&[given.to_owned()], Naming::FileName)?;
    let derived = derive_sources(&sources, &options)?;
    Ok(Suite::new(derived.services, BTreeMap::new())?)
}
