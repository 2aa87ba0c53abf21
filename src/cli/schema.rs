//! `docproof schema`: the JSON Schemas of what docproof writes.

use clap::{Args, ValueEnum};

use crate::contract::render;
use crate::exit_code::ExitCode;
use crate::report;

use super::CliError;

/// What `schema` is told.
#[derive(Debug, Args)]
pub(super) struct SchemaArguments {
    /// Whose schema
    #[arg(value_enum)]
    of: Of,
}

/// What has a schema.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Of {
    /// The JSON report of `docproof run`
    Report,
}

/// Prints a schema.
#[expect(clippy::unnecessary_wraps, reason = "every subcommand has this form")]
pub(super) fn schema(arguments: &SchemaArguments) -> Result<ExitCode, CliError> {
    match arguments.of {
        Of::Report => out!("{}", render(&report::schema())),
    }
    Ok(ExitCode::Success)
}
