//! The exit codes of `docproof`, so that CI can tell cases apart. The README has the same table.

/// The exit codes of `docproof run`, for its help.
pub const HELP: &str = "\
Exit codes:
  0    all that was tried is as documented, or a known finding
  1    findings, an entry of known findings that is out of date, or too little coverage
  2    the command line, configuration, page or suite cannot be used
  3    the endpoint cannot be reached, or refuses the credential
  4    nothing was tested, or no documented fact was decided
  130  interrupted";

/// How a run of the program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitCode {
    /// Everything that was tried is as documented, or accepted as a known finding. A run that
    /// `--budget` cut short says which trials it did not get to.
    Success,
    /// There are findings, an entry for a known finding needs attention, or less was decided than
    /// `--min-coverage` asks for.
    Findings,
    /// The command line, a configuration, a page or a suite cannot be used.
    Usage,
    /// The endpoint cannot be reached, or answers 401, 403 or 429 to everything, or never in good
    /// time; reports are written, and say so.
    Unreachable,
    /// Nothing was tested: no trial was selected, all were skipped, the budget was used up before
    /// one had passed, or a run of all trials decided none of the documented facts.
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
