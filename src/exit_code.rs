//! The exit codes of `docproof`, so that CI can tell cases apart. The README has the same table.

/// How a run of the program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitCode {
    /// Everything is as documented.
    Success,
    /// There are findings.
    Findings,
    /// The command line, a configuration, a page or a suite cannot be used.
    Usage,
    /// The endpoint cannot be reached, or answers 401 or 403 to everything.
    Unreachable,
    /// Nothing was tested: no trial was selected, or all were skipped.
    NothingTested,
    /// Interrupted; partial reports are written.
    Interrupted,
}

impl ExitCode {
    /// The number.
    pub fn number(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::Unreachable => 3,
            Self::NothingTested => 4,
            Self::Interrupted => 130,
        }
    }
}

impl std::process::Termination for ExitCode {
    fn report(self) -> std::process::ExitCode {
        std::process::ExitCode::from(self.number())
    }
}
