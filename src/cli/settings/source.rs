//! Where a value came from.

use std::fmt;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) enum Source {
    /// An option on the command line.
    Flag(&'static str),
    /// A variable of the environment.
    Environment(String),
    /// A line of the configuration file.
    File {
        /// The file, as it was named.
        path: String,
        /// The line.
        line: usize,
    },
    /// Nobody said anything.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => write!(formatter, "--{flag}"),
            Self::Environment(name) => write!(formatter, "environment {name}"),
            Self::File { path, line } => write!(formatter, "{path}:{line}"),
            Self::Default => formatter.write_str("default"),
        }
    }
}

/// A value, and where it came from.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Settled<T> {
    /// The value.
    pub(in crate::cli) value: T,
    /// Its source.
    pub(in crate::cli) source: Source,
}

/// A variable of the environment that is set to something.
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
