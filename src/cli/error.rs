//! Errors as people see them: what went wrong, where, and what to do.

use crate::contract::{ContractError, SuiteError};
use crate::exchange::printable;
use crate::exit_code::ExitCode;

/// An error that ends the program.
#[derive(Debug)]
pub struct CliError {
    /// What went wrong, in one paragraph.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// How the program ends.
    pub code: ExitCode,
}

impl CliError {
    /// An error of usage or configuration.
    pub fn usage(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: None,
            code: ExitCode::Usage,
        }
    }

    /// The same with advice.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Prints the error on standard error.
    pub(super) fn print(&self) {
        let shown = |text: &str| match super::REDACTOR.get() {
            Some(redactor) => printable(&redactor.redact(text)),
            None => printable(text),
        };
        anstream::eprintln!("error: {}", shown(&self.message));
        if let Some(hint) = &self.hint {
            anstream::eprintln!("\nhint: {}", shown(hint));
        }
    }
}

impl From<SuiteError> for CliError {
    fn from(error: SuiteError) -> Self {
        let hint = match &error {
            SuiteError::Contract(
                ContractError::Empty(_) | ContractError::Missing(_) | ContractError::Io { .. },
            ) => Some(
                "a suite is a folder with `schemas/SERVICE/openapi.json`: \
                 `docproof derive PAGE --out DIR/schemas` makes one"
                    .to_owned(),
            ),
            SuiteError::Contract(ContractError::Foreign { .. }) => Some(
                "`docproof derive PAGE --out DIR/schemas` makes a contract from reference pages"
                    .to_owned(),
            ),
            SuiteError::Contract(ContractError::NotJson { .. } | ContractError::Wrong { .. }) => {
                Some(
                    "mend the file, or write the contract anew: \
                 `docproof derive PAGE --out DIR/schemas`"
                        .to_owned(),
                )
            }
            SuiteError::Cases { hint, .. } => hint.clone(),
            SuiteError::Io { .. } => None,
        };
        Self {
            hint,
            ..Self::usage(error.to_string())
        }
    }
}
