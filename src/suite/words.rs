//! The words of the library's options.

use std::fmt;

use crate::{contract, harness};

/// What a run may send.
///
/// ```
/// assert_eq!(docproof::Mode::ReadOnly.to_string(), "read-only");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Everything.
    Full,
    /// Writes too, but few, under names that can be told apart.
    Sandbox,
    /// Only requests that cannot write.
    ReadOnly,
}

impl From<Mode> for harness::Mode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Full => Self::Full,
            Mode::Sandbox => Self::Sandbox,
            Mode::ReadOnly => Self::ReadOnly,
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(harness::Mode::from(*self).as_str())
    }
}

/// How grave a finding is, in the words of RFC 2119.
///
/// ```
/// use docproof::Severity;
/// assert!(Severity::Must > Severity::Should);
/// assert_eq!(Severity::Must.to_string(), "must");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// By convention only.
    May,
    /// An example, an RFC or only some editions say so.
    Should,
    /// The documentation says so.
    Must,
}

impl From<Severity> for contract::Level {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::May => Self::May,
            Severity::Should => Self::Should,
            Severity::Must => Self::Must,
        }
    }
}

impl From<contract::Level> for Severity {
    fn from(level: contract::Level) -> Self {
        match level {
            contract::Level::May => Self::May,
            contract::Level::Should => Self::Should,
            contract::Level::Must => Self::Must,
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(contract::Level::from(*self).as_str())
    }
}
