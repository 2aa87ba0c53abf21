//! The known findings that a run is told.

use std::path::Path;

use crate::contract::Suite;
use crate::error::Error;
use crate::harness::known_findings::{self, KnownFacts, KnownFindings};
use crate::sources::Tell;

/// The known findings in a file. All problems are reported at once.
pub(super) fn known_findings(
    suite: &Suite,
    path: &Path,
    tell: Tell<'_>,
) -> Result<KnownFindings, Error> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Error::usage(format!("cannot read `{}`: {error}", path.display()))
            .with_hint("`docproof known-findings propose REPORT.json --out FILE` makes one")
    })?;
    let known = KnownFacts::new(suite);
    let name = path.display().to_string();
    let known_findings = known_findings::parse(&name, &text, &known, known_findings::today())
        .map_err(|problems| {
            let lines: Vec<String> = problems
                .into_iter()
                .map(|problem| match &problem.hint {
                    Some(hint) => format!("{problem}\n  {hint}"),
                    None => problem.to_string(),
                })
                .collect();
            Error::usage(format!(
                "the known findings cannot be used\n{}",
                lines.join("\n")
            ))
        })?;
    let superseded = known_findings.superseded().count();
    if let Some(first) = known_findings.superseded().next() {
        tell(format!(
            "warning: {}: {superseded} {} a finding in words (`observed`), which the next version no longer reads\n  \
             `docproof known-findings propose REPORT.json --out {name}` renews {}: give it the report of a run with this file",
            first.place,
            if superseded == 1 {
                "entry identifies"
            } else {
                "entries identify"
            },
            if superseded == 1 { "it" } else { "them" },
        ));
    }
    Ok(known_findings)
}
