//! Annotations for GitHub Actions: a workflow command for each finding, at the line of the documentation page that states the broken fact.

use crate::harness::Finding;

use super::result::Report;
use super::view::{one_line, service_of, surely};

/// The findings as workflow commands: those that fail the run as errors, the others as notices.
pub(super) fn annotations(report: &Report) -> String {
    let mut out = String::new();
    for finding in report.failing() {
        out.push_str(&command("error", report, finding));
    }
    for finding in report.accepted().chain(report.lesser()) {
        out.push_str(&command("notice", report, finding));
    }
    for line in report.deviations.iter().filter(|line| line.state.fails()) {
        // An entry stands at `FILE:LINE`.
        let place = match line.entry.place.rsplit_once(':') {
            Some((file, number)) if number.parse::<u64>().is_ok() => {
                format!("file={},line={number},", property(file))
            }
            _ => String::new(),
        };
        let message = format!("{}: {}", line.state.words(), line.observed);
        out.push_str(&format!(
            "::error {place}title={}::{}\n",
            property(&line.fact),
            data(&one_line(&message))
        ));
    }
    if let Some(gap) = report.coverage_gap() {
        out.push_str(&format!("::error title=docproof::{}\n", data(&gap)));
    }
    let kind = if out.is_empty() { "notice" } else { "warning" };
    if report.halted.is_some() || out.is_empty() {
        out.push_str(&format!(
            "::{kind} title=docproof::{}\n",
            data(&format!("{}: {}", report.verdict(), report.totals()))
        ));
    }
    out
}

fn command(kind: &str, report: &Report, finding: &Finding) -> String {
    let mut properties = Vec::new();
    if let Some(row) = finding.rows.first() {
        let page = report.page(service_of(&finding.fact), row.page());
        properties.push(format!("file={}", property(&page)));
        properties.push(format!("line={}", row.line()));
    }
    properties.push(format!("title={}", property(&finding.fact)));
    let message = format!(
        "{}\ndocumented: {}\nseen {}\n{}",
        one_line(&finding.message),
        one_line(&finding.documented),
        surely(finding),
        one_line(&finding.curl().replace('\n', "; "))
    );
    format!(
        "::{kind} {}::{}\n",
        properties.join(","),
        data(message.trim_end())
    )
}

/// The data of a command: nothing in it ends the line, so nothing in it is a command.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A property of a command.
fn property(text: &str) -> String {
    data(&one_line(text))
        .replace(':', "%3A")
        .replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_out_of_a_command() {
        assert_eq!(data("100%\r\n::error::x"), "100%25%0D%0A::error::x");
        assert_eq!(
            property("a,b=c::d\n::set-output name=x::y"),
            "a%2Cb=c%3A%3Ad %3A%3Aset-output name=x%3A%3Ay"
        );
    }
}
