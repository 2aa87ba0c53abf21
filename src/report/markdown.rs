//! The Markdown summary, for a pull request or a step summary: verdict, coverage by operation,
//! findings. What an endpoint sends stands in code only.

use std::collections::BTreeSet;

use crate::harness::{Finding, Tally};
use crate::text::counted;

use super::result::{Outcome, Report};
use super::view::{Line, one_line, place, related, sides, surely};

/// The most findings that are told: a step summary may have a megabyte.
const MOST: usize = 50;

/// The most that is told of what has the cause of one finding.
const MOST_RELATED: usize = 20;

/// The longest line of an exchange.
const LONGEST: usize = 2_000;

/// The report as GitHub-flavoured Markdown.
pub(super) fn markdown(report: &Report) -> String {
    let sign = match report.summary.outcome {
        Outcome::AsDocumented | Outcome::AsKnown => "✅",
        Outcome::Findings | Outcome::KnownFindings => "❌",
        Outcome::NothingTested | Outcome::LittleDecided | Outcome::Incomplete => "⚠️",
    };
    let mut out = format!(
        "## docproof: {sign} {}\n\n{}.\n\n",
        escape(&report.verdict()),
        escape(&report.totals())
    );
    let endpoints: BTreeSet<&str> = report
        .summary
        .endpoints
        .values()
        .map(String::as_str)
        .collect();
    for endpoint in &endpoints {
        out.push_str(&format!("Endpoint: {}\n\n", escape(endpoint)));
    }
    out.push_str(&ledger(report));
    let shown: Vec<&Finding> = report.failing().collect();
    if !shown.is_empty() {
        out.push_str("### Findings\n\n");
    }
    for (index, finding) in shown.iter().take(MOST).enumerate() {
        out.push_str(&block(index + 1, finding));
    }
    if shown.len() > MOST {
        out.push_str(&format!(
            "... and {}, which stand in the JSON and HTML reports.\n\n",
            counted(shown.len() - MOST, "more finding")
        ));
    }
    out.push_str(&known_findings(report));
    out.push_str(&lists(report));
    out
}

fn ledger(report: &Report) -> String {
    let mut out = "### Ledger\n\n| operation | facts | proven | contradicted | not tested | not testable | decided |\n|---|--:|--:|--:|--:|--:|--:|\n".to_owned();
    let mut row = |name: &str, tally: &Tally| {
        out.push_str(&format!(
            "| {name} | {} | {} | {} | {} | {} | {:.1} % |\n",
            tally.facts,
            tally.proven,
            tally.contradicted,
            tally.not_tested,
            tally.not_testable,
            tally.percent
        ));
    };
    for operation in &report.coverage.operations {
        row(&escape(&operation.operation), &operation.tally);
    }
    row("**all**", &report.coverage.total);
    out.push('\n');
    let reasons = report.reasons();
    if !reasons.is_empty() {
        out.push_str("<details><summary>Why facts were not tested</summary>\n\n");
        for (reason, times) in reasons {
            out.push_str(&format!("- {times}: {}\n", escape(&reason)));
        }
        out.push_str("\n</details>\n\n");
    }
    out
}

fn block(number: usize, finding: &Finding) -> String {
    let mut out = format!(
        "<details><summary>{number}. <code>{}</code> ({}): {}</summary>\n\n",
        html(&finding.fact.to_string()),
        finding.level,
        html(&one_line(&finding.message))
    );
    out.push_str(&format!("documented: {}\n\n", code(&finding.documented)));
    for row in &finding.rows {
        out.push_str(&format!("- {}\n", escape(&place(row))));
    }
    out.push_str(&format!("\nseen {}\n\n", escape(&surely(finding))));
    let related = related(finding);
    for one in related.iter().take(MOST_RELATED) {
        out.push_str(&format!("- also {}\n", code(one)));
    }
    if let Some(more @ 1..) = related.len().checked_sub(MOST_RELATED) {
        out.push_str(&format!("- and {more} more of this cause\n"));
    }
    if !related.is_empty() {
        out.push('\n');
    }
    if let Some(sides) = sides(finding) {
        out.push_str(&fenced("http", &text(&sides.request)));
        out.push_str(&fenced("http", &text(&sides.response)));
    }
    let curl = finding.curl();
    if !curl.is_empty() {
        out.push_str(&fenced("sh", &crate::exchange::printable(&curl)));
    }
    out.push_str("</details>\n\n");
    out
}

fn known_findings(report: &Report) -> String {
    if report.known_findings.is_empty() {
        return String::new();
    }
    let mut out = "### KnownFindings\n\n| state | fact | accepted | reason | until | entry |\n|---|---|---|---|---|---|\n".to_owned();
    for line in &report.known_findings {
        out.push_str(&format!(
            "| {} | {} | {} | {} | {} | {} |\n",
            line.state.words(),
            escape(&line.fact.to_string()),
            escape(&line.observed),
            escape(&line.entry.reason),
            line.entry.expires.as_deref().unwrap_or_default(),
            escape(&line.entry.place)
        ));
    }
    out.push('\n');
    out
}

fn lists(report: &Report) -> String {
    let mut out = String::new();
    if !report.undocumented.is_empty() {
        out.push_str("<details><summary>Observed, and not documented</summary>\n\n");
        for one in &report.undocumented {
            out.push_str(&format!(
                "- {} at {}: {} ({})\n",
                one.kind.as_str(),
                code(&format!("{}::{}", one.operation, one.place)),
                code(&one.value),
                counted(one.seen, "time")
            ));
        }
        out.push_str("\n</details>\n\n");
    }
    if !report.created.is_empty() || !report.created_untold.is_empty() {
        out.push_str("<details><summary>Created by this run</summary>\n\n");
        for one in &report.created {
            out.push_str(&format!(
                "- {} {}: {}\n",
                escape(&one.operation),
                code(&one.field),
                code(&one.id)
            ));
        }
        for (operation, times) in &report.created_untold {
            out.push_str(&format!(
                "- {}: {} without an id in the answer\n",
                escape(operation),
                counted(*times, "more resource")
            ));
        }
        out.push_str("\n</details>\n\n");
    }
    if !report.documentation.is_empty() {
        out.push_str("<details><summary>What the pages contradict or leave open</summary>\n\n");
        for one in &report.documentation {
            out.push_str(&format!(
                "- {}: {}\n",
                escape(&one.operation),
                escape(&one.message)
            ));
        }
        out.push_str("\n</details>\n\n");
    }
    out
}

fn text(lines: &[Line]) -> String {
    let mut out = String::new();
    for line in lines.iter().filter(|line| !line.is_header) {
        let mut text = line.text();
        if text.len() > LONGEST {
            text.truncate(text.floor_char_boundary(LONGEST));
            text.push_str("...");
        }
        // The gutter marks what is at fault; nothing in a fence can be coloured.
        out.push_str(if line.is_marked() { "> " } else { "  " });
        out.push_str(&text);
        out.push('\n');
    }
    out
}

/// A fenced block that nothing within can end.
fn fenced(kind: &str, text: &str) -> String {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    format!(
        "{fence}{kind}\n{}\n{fence}\n\n",
        text.trim_end_matches('\n')
    )
}

/// A code span that nothing within can end.
fn code(text: &str) -> String {
    let text = one_line(text);
    if text.is_empty() {
        return String::new();
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    format!("{fence} {text} {fence}")
}

fn longest_run(text: &str) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// A text that is text in Markdown, whatever it holds.
fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in one_line(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // No mention of a person, no link made of a bare address.
            '@' => out.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// A text that is text in HTML.
pub(super) fn html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_fence_or_a_span() {
        assert_eq!(
            fenced("http", "a\n```\n````x\n"),
            "`````http\na\n```\n````x\n`````\n\n"
        );
        assert_eq!(code("a``b"), "``` a``b ```");
    }

    #[test]
    fn text_stays_text() {
        assert_eq!(
            escape("<img src=x> **b** @me [x](y)"),
            "&lt;img src=x&gt; \\*\\*b\\*\\* &#64;me \\[x\\](y)"
        );
    }
}
