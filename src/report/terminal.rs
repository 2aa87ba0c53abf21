//! The terminal report: one block for each distinct finding, then the ledger, then the verdict.
//! Text only: where it goes, and whether its colours are kept, is the caller's.

use std::collections::BTreeMap;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use crate::harness::{Finding, State, Verdict};
use crate::text::counted;

use super::result::{Outcome, Report};
use super::view::{Line, Segment, one_line, place, sides, surely, values};

const BOLD: Style = Style::new().bold();
const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const GREEN: Style = AnsiColor::Green.on_default().bold();
const DIM: Style = Style::new().dimmed();

/// The longest curl line that is shown: a longer one is no line to copy from a terminal.
const LONGEST_CURL: usize = 3_000;

/// The longest first line of a side, in characters: a URI may have thousands.
const LONGEST_LINE: usize = 400;

/// The most rows of a finding, and the most lines of one side of its exchange.
const MOST_ROWS: usize = 4;
const MOST_LINES: usize = 14;

/// The most names of trials that were not run.
const MOST_NAMES: usize = 8;

/// The lines that are shown around one at fault.
const AROUND: usize = 1;

/// Where the text of a block begins, and where that of its fields does.
const INDENT: usize = 3;
const LABEL: usize = 12;

/// The narrowest text that is still broken into lines.
const NARROWEST: usize = 24;

/// What a person reads after the trials, for a terminal so many columns wide.
pub fn render(report: &Report, width: usize) -> String {
    let mut page = Page {
        out: String::new(),
        width,
    };
    let shown: Vec<&Finding> = report.failing().collect();
    for (index, finding) in shown.iter().enumerate() {
        page.block(index + 1, finding);
    }
    page.out
        .push_str(&super::known_findings::render(&report.known_findings));
    page.endpoint(report);
    page.ledger(report);
    page.notes(report);
    page.verdict(report);
    page.out
}

struct Page {
    out: String,
    width: usize,
}

impl Page {
    fn block(&mut self, number: usize, finding: &Finding) {
        self.out.push_str(&format!(
            "{RED}{number}. {}{RED:#} {DIM}({}, {} check){DIM:#}\n",
            one_line(&finding.fact.to_string()),
            finding.level,
            finding.check
        ));
        for line in self.wrap(&finding.message, INDENT) {
            self.out
                .push_str(&format!("{:INDENT$}{BOLD}{line}{BOLD:#}\n", ""));
        }
        self.field("documented", &finding.documented);
        for row in finding.rows.iter().take(MOST_ROWS) {
            self.field("", &place(row));
        }
        if finding.rows.len() > MOST_ROWS {
            let more = finding.rows.len() - MOST_ROWS;
            self.field("", &format!("and {}", counted(more, "more row")));
        }
        if let Some(sides) = sides(finding) {
            self.field("case", &finding.case);
            self.side("sent", &sides.request);
            self.side("answered", &sides.response);
        }
        self.field("seen", &surely(finding));
        if !finding.examples.is_empty() {
            self.field("values", &values(finding));
        }
        let curl = finding.curl();
        if curl.len() > LONGEST_CURL {
            self.field(
                "again",
                &format!(
                    "the curl line has {} bytes: it stands in the HTML report",
                    curl.len()
                ),
            );
        } else if !curl.is_empty() {
            // Never broken: it is to be copied.
            let mut label = "again";
            for line in curl.lines() {
                self.labelled(
                    std::mem::take(&mut label),
                    &crate::exchange::printable(line),
                );
            }
        }
        self.out.push('\n');
    }

    /// A label, and a text broken into lines beside it.
    fn field(&mut self, label: &str, text: &str) {
        let lines = self.wrap(text, INDENT + LABEL);
        for (index, line) in lines.iter().enumerate() {
            self.labelled(if index == 0 { label } else { "" }, line);
        }
    }

    fn labelled(&mut self, label: &str, text: &str) {
        self.out
            .push_str(&format!("{:INDENT$}{DIM}{label:LABEL$}{DIM:#}{text}\n", ""));
    }

    /// One side of an exchange: its first line, and of its body what is at fault, or its beginning.
    /// The gutter marks lines at fault without colour, and keeps any line of an answer from
    /// standing at the beginning of one of ours.
    fn side(&mut self, label: &str, lines: &[Line]) {
        let mut label = label;
        let mut omitted = false;
        for (index, line) in lines.iter().enumerate() {
            if !is_shown(lines, index) {
                omitted |= !line.segments.is_empty() && !line.is_header;
                continue;
            }
            if line.segments.is_empty() {
                continue;
            }
            if std::mem::take(&mut omitted) && index > 0 {
                self.labelled("", &format!("{DIM}| ...{DIM:#}"));
            }
            let text = self.marked(line, index == 0);
            self.labelled(std::mem::take(&mut label), &text);
        }
        if omitted {
            self.labelled("", &format!("{DIM}| ...{DIM:#}"));
        }
    }

    /// A line with its gutter, cut to the width; the first one, which names the resource, stays
    /// whole.
    fn marked(&self, line: &Line, whole: bool) -> String {
        let gutter = if line.is_marked() {
            format!("{RED}>{RED:#} ")
        } else {
            format!("{DIM}|{DIM:#} ")
        };
        let room = self
            .width
            .saturating_sub(INDENT + LABEL + 2)
            .max(NARROWEST * 2);
        let mut text = gutter;
        let mut used = 0;
        for Segment {
            text: piece,
            marked,
        } in &line.segments
        {
            let left = match room.saturating_sub(used) {
                _ if whole => LONGEST_LINE,
                left if *marked => left.max(NARROWEST),
                left => left,
            };
            let shown = shorten(piece, left);
            used += shown.width();
            if *marked {
                text.push_str(&format!("{RED}{shown}{RED:#}"));
            } else {
                text.push_str(&shown);
            }
        }
        text
    }

    /// Where the answers came from: each address once, with its services where there are several.
    fn endpoint(&mut self, report: &Report) {
        let mut services: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (service, endpoint) in &report.summary.endpoints {
            services.entry(endpoint).or_default().push(service);
        }
        let several = services.len() > 1;
        let each: Vec<String> = services
            .into_iter()
            .map(|(endpoint, services)| {
                if several {
                    format!("{endpoint} ({})", services.join(", "))
                } else {
                    endpoint.to_owned()
                }
            })
            .collect();
        if !each.is_empty() {
            self.note("endpoint", &each.join(", "));
        }
    }

    /// A label and a text beside it.
    fn note(&mut self, label: &str, text: &str) {
        for (index, line) in self.wrap(text, 10).iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            self.out
                .push_str(&format!("{DIM}{label:10}{DIM:#}{line}\n"));
        }
    }

    /// The ledger in five lines.
    fn ledger(&mut self, report: &Report) {
        let total = &report.coverage.total;
        self.out.push_str(&format!(
            "{BOLD}facts{BOLD:#}  {} documented; {:.1} % of the testable ones decided\n",
            total.facts, total.percent
        ));
        let reason = report
            .reasons()
            .into_iter()
            .next()
            .map(|(reason, times)| format!("{times} of them: {}", one_line(&reason)))
            .unwrap_or_default();
        let elsewhere = report.beyond_ledger();
        let broken = match (total.contradicted, elsewhere) {
            (_, 0) => "broken in at least one case".to_owned(),
            (0, _) => format!(
                "{} about what no row states by itself",
                counted(elsewhere, "finding")
            ),
            _ => format!(
                "broken in at least one case; {} about what no row states by itself",
                counted(elsewhere, "more finding")
            ),
        };
        let lines = [
            (
                State::Proven,
                total.proven,
                "tried, from both sides where there are two, and held",
            ),
            (State::Contradicted, total.contradicted, broken.as_str()),
            (State::NotTested, total.not_tested, reason.as_str()),
            (
                State::NotTestable,
                total.not_testable,
                "prose that no test can be made of",
            ),
        ];
        for (state, count, note) in lines {
            let style = match state {
                State::Proven => GREEN,
                State::Contradicted if count > 0 => RED,
                _ => Style::new(),
            };
            let note = if count > 0 || elsewhere > 0 && state == State::Contradicted {
                note
            } else {
                ""
            };
            let note = shorten(note, self.width.saturating_sub(24).max(NARROWEST));
            let line = format!("  {:13}{style}{count:>5}{style:#}  {note}", state.words());
            self.out.push_str(line.trim_end());
            self.out.push('\n');
        }
    }

    /// What else there is to know, each on a line.
    fn notes(&mut self, report: &Report) {
        let mut notes = Vec::new();
        let cut_short = report.cut_short();
        if let Some(halted) = report.halted.as_ref().filter(|_| !cut_short.is_empty()) {
            notes.push((
                "not run",
                format!(
                    "{}, or not to the end ({}): {}{}",
                    counted(cut_short.len(), "trial"),
                    halted.message,
                    cut_short
                        .iter()
                        .take(MOST_NAMES)
                        .copied()
                        .collect::<Vec<_>>()
                        .join(", "),
                    match cut_short.len().saturating_sub(MOST_NAMES) {
                        0 => String::new(),
                        more => format!(" and {more} more (in the reports, and with `--verbose`)"),
                    }
                ),
            ));
        }
        let reasons = report.skips().into_iter().filter(|(reason, _)| {
            report.halted.as_ref().is_none_or(|halted| {
                reason.strip_prefix("blocked: ").unwrap_or(reason) != halted.message
            })
        });
        for (reason, times) in reasons.take(3) {
            notes.push(("skipped", format!("{}: {reason}", counted(times, "trial"))));
        }
        if !report.undocumented.is_empty() {
            notes.push((
                "observed",
                format!(
                    "{} in the answers that no page documents (in the reports)",
                    counted(report.undocumented.len(), "thing")
                ),
            ));
        }
        if !report.documentation.is_empty() {
            notes.push((
                "pages",
                format!(
                    "{} in the pages themselves (in the reports)",
                    counted(report.documentation.len(), "finding")
                ),
            ));
        }
        if !report.created.is_empty() {
            let left = report
                .created
                .iter()
                .filter(|created| created.removed != Some(true))
                .count();
            notes.push((
                "created",
                format!(
                    "{} left behind by this run (in the reports)",
                    counted(left, "resource")
                ),
            ));
        }
        if report.summary.dropped > 0 {
            notes.push((
                "discarded",
                format!(
                    "{}: after encoding they were no longer valid (or invalid) in the intended way",
                    counted(report.summary.dropped, "generated request")
                ),
            ));
        }
        for (label, text) in notes {
            self.note(label, &text);
        }
    }

    fn verdict(&mut self, report: &Report) {
        let (style, word) = match report.summary.outcome {
            Outcome::AsDocumented | Outcome::AsKnown => (GREEN, "OK: "),
            Outcome::Findings | Outcome::KnownFindings => (RED, "FAILED: "),
            Outcome::NothingTested | Outcome::Incomplete => (YELLOW, ""),
        };
        self.out.push_str(&format!(
            "{style}{word}{}{style:#}. {}\n",
            report.verdict(),
            report.totals()
        ));
    }

    /// A text broken into lines that fit beside an indentation. A word that is too long stays
    /// whole.
    fn wrap(&self, text: &str, indent: usize) -> Vec<String> {
        let room = self.width.saturating_sub(indent).max(NARROWEST);
        let mut lines: Vec<String> = Vec::new();
        for word in one_line(text).split(' ') {
            match lines.last_mut() {
                Some(line) if line.width() + 1 + word.width() <= room => {
                    line.push(' ');
                    line.push_str(word);
                }
                // What a CI system would take for a command of ours, is none at the beginning of a
                // line.
                _ if word.starts_with("::") || word.starts_with("##[") => {
                    lines.push(format!("\\{word}"));
                }
                _ => lines.push(word.to_owned()),
            }
        }
        lines
    }
}

/// Whether a line of a side is shown: the first, those at fault with the lines around them, or all
/// of a short body; never plain headers.
fn is_shown(lines: &[Line], index: usize) -> bool {
    let Some(line) = lines.get(index) else {
        return false;
    };
    if index == 0 || line.is_marked() {
        // Of many lines at fault the first ones are enough.
        return lines
            .iter()
            .take(index)
            .filter(|line| line.is_marked())
            .count()
            < MOST_LINES;
    }
    if line.is_header {
        return false;
    }
    let body = lines.iter().filter(|line| !line.is_header).count();
    if body <= MOST_LINES {
        return true;
    }
    let marked = lines.iter().skip(1).any(Line::is_marked);
    if !marked {
        return lines
            .iter()
            .take(index)
            .filter(|line| !line.is_header)
            .count()
            < MOST_LINES / 2;
    }
    lines
        .iter()
        .enumerate()
        .skip(index.saturating_sub(AROUND).max(1))
        .take_while(|(at, _)| *at <= index + AROUND)
        .any(|(_, line)| line.is_marked() && !line.is_header)
}

/// A text of at most so many columns.
fn shorten(text: &str, most: usize) -> String {
    if text.width() <= most {
        return text.to_owned();
    }
    let mut out = String::new();
    for c in text.chars() {
        if out.width() + 4 > most {
            break;
        }
        out.push(c);
    }
    if most > 3 {
        out.push_str("...");
    }
    out
}

/// The line of a trial that ended, for those who want to see them all.
pub fn trial_line(name: &str, verdict: Verdict, note: &str) -> String {
    let (style, word) = match verdict {
        Verdict::Passed => (GREEN, "passed"),
        Verdict::Known => (YELLOW, "known"),
        Verdict::Failed => (RED, "FAILED"),
        Verdict::Skipped => (DIM, "skipped"),
        Verdict::Blocked => (YELLOW, "blocked"),
    };
    let note = if note.is_empty() {
        String::new()
    } else {
        format!("  {DIM}{}{DIM:#}", one_line(note))
    };
    format!("{style}{word:9}{style:#}{name}{note}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_broken_at_the_width_and_no_line_is_a_command() {
        let page = Page {
            out: String::new(),
            width: 30,
        };
        assert_eq!(
            page.wrap("one two three four five six ::error::seven", 2),
            ["one two three four five six", "\\::error::seven"]
        );
        // Wide characters take two columns each.
        let wide = "备".repeat(13);
        assert_eq!(page.wrap(&format!("{wide} x"), 2), [format!("{wide} x")]);
        let wide = "备".repeat(14);
        assert_eq!(page.wrap(&format!("{wide} x"), 2), [wide, "x".to_owned()]);
    }

    #[test]
    fn a_long_text_is_cut() {
        assert_eq!(shorten("abcdefghij", 10), "abcdefghij");
        assert_eq!(shorten("abcdefghijk", 10), "abcdefg...");
        assert_eq!(shorten("abc", 0), "");
    }
}
