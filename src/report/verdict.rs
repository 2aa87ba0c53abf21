//! What a run amounts to in words: its verdict, what has to be said beside it, and its totals.

use crate::text::counted;

use super::result::{Outcome, Report};
use super::view::one_line;

impl Report {
    /// What the run amounts to, in a few words.
    pub fn verdict(&self) -> String {
        let ended = self
            .halted
            .as_ref()
            .map(|halted| format!(" (ended early: {})", halted.message))
            .unwrap_or_default();
        let verdict = match self.summary.outcome {
            Outcome::AsDocumented => "as documented".to_owned(),
            Outcome::AsKnown => format!(
                "as documented but for {} accepted",
                counted(self.summary.known_findings, "finding")
            ),
            Outcome::LittleDecided => {
                let total = &self.coverage.total;
                let known = match self.summary.known_findings {
                    0 => String::new(),
                    known => format!(" beside {known} accepted"),
                };
                let little = if total.is_mostly_open() {
                    "little"
                } else {
                    "too little"
                };
                format!(
                    "no finding{known}, but {little} was decided: {} of {} testable facts{}",
                    total.decided(),
                    total.testable(),
                    self.what_decides_more()
                )
            }
            Outcome::KnownFindings => {
                "entries for known findings need attention; otherwise as documented".to_owned()
            }
            Outcome::Findings => counted(self.summary.findings, "finding"),
            Outcome::NothingTested if self.summary.passed > 0 && self.summary.requests > 0 => {
                format!(
                    "nothing that is documented was tested: 0 of {} testable facts were decided{}",
                    self.coverage.total.testable(),
                    self.what_decides_more()
                )
            }
            Outcome::NothingTested => "nothing was tested".to_owned(),
            // Why it ended says more than that nothing was found until then.
            Outcome::Incomplete => {
                let why = self
                    .halted
                    .as_ref()
                    .map(|halted| format!(": {}", halted.message));
                let why = why.unwrap_or_default();
                return one_line(&format!("ended early{why}; no finding until then"));
            }
        };
        one_line(&format!("{verdict}{}{ended}", self.reservation()))
    }

    /// What would decide more: what the most frequent reason advises.
    fn what_decides_more(&self) -> String {
        let reasons = self.reasons();
        let advice = reasons.first().and_then(|(reason, _)| advised(reason));
        advice.map_or_else(String::new, |advice| {
            format!("; `{advice}` would decide more")
        })
    }

    /// What has to be said beside the verdict where many trials could not be decided: a run that
    /// decides little is no clean bill.
    fn reservation(&self) -> String {
        let summary = &self.summary;
        let is_silent = matches!(
            summary.outcome,
            Outcome::AsDocumented | Outcome::AsKnown | Outcome::KnownFindings
        );
        if is_silent && summary.blocked * 5 > summary.trials {
            format!(
                ", as far as it was decided: {} of {} trials could not be",
                summary.blocked, summary.trials
            )
        } else {
            String::new()
        }
    }

    /// Trials, requests and time, on one line.
    pub fn totals(&self) -> String {
        let summary = &self.summary;
        format!(
            "{}: {} passed, {}{} failed, {} skipped, {} blocked; {} in {:.1} s",
            counted(summary.trials, "trial"),
            summary.passed,
            if summary.known > 0 {
                format!("{} known, ", summary.known)
            } else {
                String::new()
            },
            summary.failed,
            summary.skipped,
            summary.blocked,
            counted(summary.requests, "request"),
            std::time::Duration::from_millis(summary.wall_ms).as_secs_f64(),
        )
    }
}

/// The option, or the line of a suite's files, that a reason advises.
fn advised(reason: &str) -> Option<&str> {
    let marked = reason.split('`').skip(1).step_by(2);
    let mut advice = marked.filter(|text| text.starts_with("--") || text.starts_with("bind = "));
    advice.next()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(
        "no credential was given: `--bearer`, `--basic`, `--api-key` and `--token` give one",
        Some("--bearer")
    )]
    #[case(
        "`request.name` is made up; bind it: `bind = { \"a\" = \"b\" }`",
        Some("bind = { \"a\" = \"b\" }")
    )]
    #[case("`GET /v1/notes` was not answered", None)]
    #[case("no trial was selected", None)]
    fn an_advice_is_an_option_or_a_line(#[case] reason: &str, #[case] expected: Option<&str>) {
        assert_eq!(advised(reason), expected);
    }
}
