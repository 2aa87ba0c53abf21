//! What a run came to, as plain data and as people read it.

use std::fmt;
use std::io::IsTerminal;

use serde_json::Value;

use crate::error::Error;
use crate::exchange::RecordedResponse;
use crate::exit_code::ExitCode;
use crate::harness;
use crate::report::{self, place, render};
use crate::session::Ran;

use super::words::Severity;

/// The columns of a report in a test's output.
const WIDTH: usize = 100;

/// What a run came to. Its `Display` is what the command line prints, without colours.
///
/// ```
/// let report = docproof::Suite::bundled()?.cases(2).run();
/// println!("{report}");
/// # Ok::<(), docproof::Error>(())
/// ```
#[derive(Debug)]
pub struct Report {
    full: Option<Box<report::Report>>,
    error: Option<Error>,
    code: ExitCode,
}

/// A documented fact that the server breaks, or a law that its answers do not keep.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The fact: `orders::CreateOrder::request.name::maxLength`.
    pub fact: String,
    /// How grave it is.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What is documented.
    pub documented: String,
    /// Where that is documented: file, table, row and line, or pointer and line.
    pub sources: Vec<String>,
    /// The status of the answer that shows it, where there is one.
    pub status: Option<http::StatusCode>,
    /// A curl line that sends the request again, without the credential.
    pub curl: Option<String>,
    /// The trials that show it.
    pub trials: Vec<String>,
}

/// The numbers of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Requests sent.
    pub requests: u64,
    /// Trials that held.
    pub passed: usize,
    /// Trials that did not.
    pub failed: usize,
    /// Trials of which all findings are known.
    pub known: usize,
    /// Trials that were not tried, each with a reason.
    pub skipped: usize,
    /// Trials that could not be decided, each with a reason.
    pub blocked: usize,
    /// What became of the documented facts.
    pub facts: Facts,
}

/// What became of the documented facts: each is one of these.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Facts {
    /// Tried, from both sides where there are two, and held.
    pub proven: usize,
    /// Broken in at least one case.
    pub contradicted: usize,
    /// Not tried, with a reason.
    pub not_tested: usize,
    /// Prose that no test can be made of.
    pub not_testable: usize,
}

impl Report {
    /// The report of a run that was made.
    pub(super) fn of(ran: Ran) -> Self {
        Self {
            full: Some(Box::new(ran.report)),
            error: ran.unusable,
            code: ran.code,
        }
    }

    /// The report of a run that could not be made.
    pub(super) fn failed(error: Error) -> Self {
        Self {
            full: None,
            code: error.code,
            error: Some(error),
        }
    }

    /// Whether the server could not be reached.
    pub(super) fn is_unreachable(&self) -> bool {
        self.code == ExitCode::Unreachable
    }

    /// How the command line would end.
    pub(super) fn code(&self) -> ExitCode {
        self.code
    }

    /// The same, with other advice.
    pub(super) fn with_hint(mut self, hint: &str) -> Self {
        self.error = self.error.map(|error| error.with_hint(hint));
        self
    }

    /// Whether all that was tried is as documented, or known. A run that tested nothing is not ok,
    /// nor is one that could not be made.
    ///
    /// ```
    /// let wrong = docproof::Suite::bundled()?.set("no such key", "value").run();
    /// assert!(!wrong.is_ok());
    /// # Ok::<(), docproof::Error>(())
    /// ```
    pub fn is_ok(&self) -> bool {
        self.code == ExitCode::Success
    }

    /// Panics with the report unless it [is ok](Self::is_ok).
    ///
    /// ```
    /// docproof::Suite::bundled()?.cases(2).run().assert_ok();
    /// # Ok::<(), docproof::Error>(())
    /// ```
    ///
    /// # Panics
    ///
    /// Where the report is not ok: this is what fails a test.
    #[track_caller]
    #[expect(clippy::panic, reason = "it is what fails a test")]
    pub fn assert_ok(&self) {
        if self.is_ok() {
            return;
        }
        let is_terminal = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        let text = self.text();
        let text = if is_terminal {
            text
        } else {
            anstream::adapter::strip_str(&text).to_string()
        };
        panic!("{text}");
    }

    /// The distinct findings that fail the run, the gravest first.
    ///
    /// ```
    /// let report = docproof::Suite::bundled()?.cases(2).run();
    /// for finding in report.findings() {
    ///     println!("{}: {}", finding.fact, finding.message);
    /// }
    /// # Ok::<(), docproof::Error>(())
    /// ```
    pub fn findings(&self) -> Vec<Finding> {
        let full = self.full.iter();
        full.flat_map(|report| report.failing())
            .map(Finding::of)
            .collect()
    }

    /// The numbers of the run.
    ///
    /// ```
    /// let counts = docproof::Suite::bundled()?.cases(2).run().counts();
    /// assert!(counts.requests > 0 && counts.failed == 0);
    /// assert!(counts.facts.proven > counts.facts.not_tested);
    /// # Ok::<(), docproof::Error>(())
    /// ```
    pub fn counts(&self) -> Counts {
        let Some(report) = &self.full else {
            return Counts::default();
        };
        let (summary, total) = (&report.summary, &report.coverage.total);
        Counts {
            requests: summary.requests,
            passed: summary.passed,
            failed: summary.failed,
            known: summary.known,
            skipped: summary.skipped,
            blocked: summary.blocked,
            facts: Facts {
                proven: total.proven,
                contradicted: total.contradicted,
                not_tested: total.not_tested,
                not_testable: total.not_testable,
            },
        }
    }

    /// Why the run could not be made, or nothing could be held against the server.
    ///
    /// ```
    /// let report = docproof::Suite::bundled()?.endpoint("http://127.0.0.1:1").token("t").run();
    /// assert!(report.error().is_some());
    /// # Ok::<(), docproof::Error>(())
    /// ```
    pub fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }

    /// The code that the command line ends with: 0 as documented, 1 findings, 2 a run that cannot be
    /// made as it was asked for, 3 the server cannot be reached or refuses the credential, 4 nothing
    /// tested, 130 interrupted.
    ///
    /// ```
    /// let report = docproof::Suite::bundled()?.set("no such key", "value").run();
    /// assert_eq!(report.exit_code(), 2);
    /// # Ok::<(), docproof::Error>(())
    /// ```
    pub fn exit_code(&self) -> u8 {
        self.code.number()
    }

    /// The whole report, as `docproof run --report json=FILE` writes it; null where no run could be
    /// made.
    ///
    /// ```
    /// let report = docproof::Suite::bundled()?.cases(2).run().to_json();
    /// assert_eq!(report["summary"]["outcome"], "as-documented");
    /// # Ok::<(), docproof::Error>(())
    /// ```
    pub fn to_json(&self) -> Value {
        let text = self
            .full
            .as_ref()
            .and_then(|report| report::json(report).ok());
        text.and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default()
    }

    /// What people read, with colours.
    pub(super) fn text(&self) -> String {
        match (&self.error, &self.full) {
            (Some(error), _) => format!("error: {error}\n"),
            (None, Some(report)) => {
                let gap = report.coverage_gap();
                let gap = gap.map_or_else(String::new, |gap| format!("error: {gap}\n"));
                format!("{}{gap}", render(report, WIDTH))
            }
            (None, None) => String::new(),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        anstream::adapter::strip_str(&self.text()).fmt(formatter)
    }
}

impl Finding {
    fn of(finding: &harness::Finding) -> Self {
        let mut sources: Vec<String> = Vec::new();
        for row in &finding.rows {
            let place = place(row);
            if !sources.contains(&place) {
                sources.push(place);
            }
        }
        let exchange = finding.exchange.as_ref();
        let status = exchange.and_then(|exchange| match exchange.response {
            RecordedResponse::Received { status, .. } => http::StatusCode::from_u16(status).ok(),
            RecordedResponse::NoAnswer { .. } => None,
        });
        Self {
            fact: finding.fact.to_string(),
            severity: finding.level.into(),
            message: finding.message.clone(),
            documented: finding.documented.clone(),
            sources,
            status,
            curl: exchange.map(|exchange| exchange.request.curl()),
            trials: finding.trials.clone(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            severity,
            fact,
            message,
            ..
        } = self;
        let line = format!("{severity} {fact}: {message}");
        formatter.write_str(&crate::exchange::printable(&line))
    }
}
