//! Where a value came from.

use std::fmt;

/// Who says what to connect to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Origin {
    /// The command line, with the environment and the configuration file behind it.
    CommandLine,
    /// A program that has the library, and nobody else: what the environment holds for other runs
    /// is not meant.
    #[default]
    Library,
}

impl Origin {
    /// The source of what an option of the command line gives, or the library's method of its name.
    pub(crate) fn source(self, option: &'static str) -> Source {
        match self {
            Self::CommandLine => Source::Flag(option),
            Self::Library => Source::Method(option),
        }
    }
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// An option on the command line.
    Flag(&'static str),
    /// The method of the library that has this option's name.
    Method(&'static str),
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
            Self::Method(name) => write!(formatter, "Suite::{}", name.replace('-', "_")),
            Self::Environment(name) => write!(formatter, "environment {name}"),
            Self::File { path, line } => write!(formatter, "{path}:{line}"),
            Self::Default => formatter.write_str("default"),
        }
    }
}

/// A value, and where it came from.
#[derive(Debug, Clone)]
pub(crate) struct Settled<T> {
    /// The value.
    pub(crate) value: T,
    /// Its source.
    pub(crate) source: Source,
}

/// A variable of the environment that is set to something.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
