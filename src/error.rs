//! Errors as people see them: what went wrong, where, and what to do.

use std::fmt;

use crate::contract::{ContractError, SuiteError};
use crate::exchange::{Redactor, printable};
use crate::exit_code::ExitCode;

/// Why a suite cannot be read, or a run cannot be made: what went wrong and where, and what to do
/// about it.
///
/// ```
/// let error = docproof::Suite::from_openapi("no/such/file.yaml").unwrap_err();
/// assert!(error.message().contains("no/such/file.yaml"));
/// ```
#[derive(Debug, Clone)]
pub struct Error {
    /// What went wrong, in one paragraph.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) hint: Option<String>,
    /// How the program ends.
    pub(crate) code: ExitCode,
}

impl Error {
    /// What went wrong, and where.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// An error of usage or configuration.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: None,
            code: ExitCode::Usage,
        }
    }

    /// The same with advice.
    #[must_use]
    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same without what a redactor knows.
    pub(crate) fn redacted(self, redactor: &Redactor) -> Self {
        Self {
            message: redactor.redact(&self.message),
            hint: self.hint.map(|hint| redactor.redact(&hint)),
            code: self.code,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&printable(&self.message))?;
        match &self.hint {
            Some(hint) => write!(formatter, "\n\nhint: {}", printable(hint)),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

impl From<SuiteError> for Error {
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
