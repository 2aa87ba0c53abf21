//! `docproof export`: one bundled file of a service, for other tools.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::contract::{plain, render};
use crate::exit_code::ExitCode;

use super::CliError;

/// What `export` prints below its help.
const EXAMPLES: &str = "\
Examples:
  docproof export dcs > dcs.json
  docproof export --suite shop --plain
  docproof export gaussdb --format json-schema";

/// What `export` is told.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ExportArguments {
    /// The service; may be left out where the suite has one
    service: Option<String>,
    /// The suite's folder
    ///
    /// If absent that of `docproof.toml`, else the bundled suite.
    #[arg(long, value_name = "DIR")]
    suite: Option<PathBuf>,
    /// Print as openapi or json-schema
    #[arg(long, value_enum, default_value_t = Format::Openapi)]
    format: Format,
    /// Leave out where facts are stated (`x-docproof`)
    ///
    /// And what only docproof knows.
    #[arg(long)]
    plain: bool,
}

/// What is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One OpenAPI 3.1 document
    Openapi,
    /// One JSON Schema (2020-12) that holds every body and named object under `$defs`
    JsonSchema,
}

/// Prints the document on standard output.
pub(super) fn export(arguments: &ExportArguments) -> Result<ExitCode, CliError> {
    let suite = super::load_suite_here(arguments.suite.as_deref())?;
    let names: Vec<&str> = suite
        .services
        .iter()
        .map(|service| service.name.as_str())
        .collect();
    let service = match &arguments.service {
        Some(name) => suite.services.iter().find(|service| service.name == *name),
        None if suite.services.len() == 1 => suite.services.first(),
        None => None,
    };
    let service = service.ok_or_else(|| {
        let message = match &arguments.service {
            Some(name) => format!("the suite has no service `{name}`"),
            None => "which service is to be exported?".to_owned(),
        };
        CliError::usage(message).with_hint(format!("give one of: {}", names.join(", ")))
    })?;
    let document = match arguments.format {
        Format::Openapi => service.bundle(),
        Format::JsonSchema => service.bundle_schemas(),
    }
    .map_err(|error| CliError::usage(error.to_string()))?;
    let document = if arguments.plain {
        plain(&document)
    } else {
        document
    };
    out!("{}", render(&document));
    Ok(ExitCode::Success)
}
