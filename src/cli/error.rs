//! Errors as people see them: what went wrong, where, and what to do.

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
        anstream::eprintln!("error: {}", printable(&self.message));
        if let Some(hint) = &self.hint {
            anstream::eprintln!("\nhint: {}", printable(hint));
        }
    }
}
