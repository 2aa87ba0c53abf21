//! Why a contract cannot be used.

use std::path::PathBuf;

use super::json::Malformed;

/// Why a contract cannot be loaded, compiled or saved.
#[derive(Debug, thiserror::Error)]
pub enum ContractError {
    /// A file could not be read or written.
    #[error("cannot {verb} `{}`: {source}", path.display())]
    Io {
        /// What was tried (`read`, `write`).
        verb: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
    /// A file is not JSON, or does not mean one thing.
    #[error("`{file}` {problem}")]
    NotJson {
        /// The file.
        file: String,
        /// Why.
        problem: Malformed,
    },
    /// The document is no contract.
    #[error("`{file}` is {what}; this version reads contracts that `docproof derive` wrote")]
    Foreign {
        /// The file.
        file: String,
        /// What it is.
        what: String,
    },
    /// Something in a file is not as a contract has it.
    #[error("`{file}`, at `{}`: {message}", if pointer.is_empty() { "/" } else { pointer })]
    Wrong {
        /// The file.
        file: String,
        /// The JSON pointer (RFC 6901) to it.
        pointer: String,
        /// What was expected.
        message: String,
    },
    /// A service has no document.
    #[error("`{0}` is missing")]
    Missing(String),
    /// There is no contract in the folder.
    #[error("no contract in `{}`: expected SERVICE/openapi.json below it", .0.display())]
    Empty(PathBuf),
}
