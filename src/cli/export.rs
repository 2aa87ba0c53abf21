//! `docproof export`: one bundled OpenAPI document.

use std::path::PathBuf;

use clap::Args;

use crate::contract::render;
use crate::exit_code::ExitCode;

use super::CliError;

/// What `export` is told.
#[derive(Debug, Args)]
pub(super) struct ExportArguments {
    /// The service; may be left out where the suite has one
    service: Option<String>,
    /// The suite's folder; the bundled suite if absent
    #[arg(long, value_name = "DIR")]
    suite: Option<PathBuf>,
}

/// Prints the document on standard output.
pub(super) fn export(arguments: &ExportArguments) -> Result<ExitCode, CliError> {
    let suite = super::run::load_suite(arguments.suite.as_deref())?;
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
        CliError::usage("which service is to be exported?")
            .with_hint(format!("give one of: {}", names.join(", ")))
    })?;
    let document = service
        .bundle()
        .map_err(|error| CliError::usage(error.to_string()))?;
    anstream::print!("{}", render(&document));
    Ok(ExitCode::Success)
}
