//! GitHub's workflow commands of documentation findings.

use std::fmt::Write as _;

use crate::contract::{DOCUMENTATION_KINDS, Level};
use crate::exchange::{is_url, printable};

use super::{LintReport, row_of};

/// One command a finding.
pub(super) fn commands(report: &LintReport) -> String {
    let mut out = String::new();
    for finding in &report.findings {
        let word = match finding.level {
            Level::Must => "error",
            Level::Should => "warning",
            Level::May => "notice",
        };
        let title = DOCUMENTATION_KINDS
            .iter()
            .find(|kind| kind.name == finding.kind)
            .map_or(finding.kind.as_str(), |kind| kind.title);
        let mut properties = Vec::new();
        if let Some(row) = finding.rows.first() {
            if !is_url(row.page()) {
                let file = row.page().replace('\\', "/");
                properties.push(format!("file={}", property(file.trim_start_matches("./"))));
            }
            properties.push(format!("line={}", row.line().max(1)));
        }
        properties.push(format!("title={}", property(title)));
        let mut message = printable(&finding.message);
        for (index, row) in finding.rows.iter().enumerate() {
            let _ = write!(
                message,
                "\n{}{}:{}, {}",
                if index == 0 { "" } else { "and " },
                printable(row.page()),
                row.line(),
                row_of(row)
            );
        }
        let _ = writeln!(out, "::{word} {}::{}", properties.join(","), data(&message));
    }
    out
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_command_early() {
        assert_eq!(property("a,b:c\n%"), "a%2Cb%3Ac%0A%25");
        assert_eq!(data("a,b:c\r\n::error::"), "a,b:c%0D%0A::error::");
    }
}
