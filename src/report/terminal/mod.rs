//! The terminal report: one block for each distinct finding, then the ledger, then the verdict.
//! Text only: where it goes, and whether its colours are kept, is the caller's.

mod summary;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use crate::harness::{Finding, Verdict};
use crate::text::{counted, cut};

use super::result::Report;
use super::view::{Line, Segment, one_line, place, related, sides, surely, values};

const BOLD: Style = Style::new().bold();
const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const GREEN: Style = AnsiColor::Green.on_default().bold();
const DIM: Style = Style::new().dimmed();

/// The longest curl line that is shown: a longer one is no line to copy from a terminal.
const LONGEST_CURL: usize = 3_000;

/// The longest first line of a side, in characters: a URI may have thousands.
const LONGEST_LINE: usize = 400;

/// The most rows of a finding.
const MOST_ROWS: usize = 4;

/// The most lines of one side of an exchange, and the most that is told of what has its cause: the
/// first of these with which a finding has no more lines than are shown of one.
const ROOMS: [Room; 4] = [
    Room::new(14, 8, true),
    Room::new(7, 5, true),
    Room::new(4, 3, true),
    Room::new(2, 2, false),
];

/// The most lines that are shown of one cause.
const MOST_LINES: usize = 40;

/// The longest text of what is documented, in characters: a list of values may have hundreds.
const LONGEST_DOCUMENTED: usize = 400;

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

/// How much of a finding is shown.
#[derive(Debug, Clone, Copy)]
struct Room {
    /// The most lines of one side of its exchange.
    side: usize,
    /// The most of what has its cause.
    related: usize,
    /// Whether the line that sends it again is shown.
    again: bool,
}

impl Room {
    const fn new(side: usize, related: usize, again: bool) -> Self {
        Self {
            side,
            related,
            again,
        }
    }
}

impl Page {
    /// All lines of a finding, as many as are shown of one cause.
    fn block(&mut self, number: usize, finding: &Finding) {
        let mut block = String::new();
        for room in ROOMS {
            let mut page = Page {
                out: String::new(),
                width: self.width,
            };
            page.block_in(room, number, finding);
            block = page.out;
            // The empty line at its end separates it from the next.
            if block.lines().count() <= MOST_LINES + 1 {
                self.out.push_str(&block);
                return;
            }
        }
        for line in block.lines().take(MOST_LINES - 1) {
            self.out.push_str(line);
            self.out.push('\n');
        }
        self.labelled("", "the rest stands in the reports");
        self.out.push('\n');
    }

    fn block_in(&mut self, room: Room, number: usize, finding: &Finding) {
        let head = format!("{number}. {}", finding.fact);
        let kind = format!("({}, {} check)", finding.level, finding.check);
        let lines = self.wrap(&head, INDENT);
        let last = lines.last().map_or(0, |line| line.width());
        for (index, line) in lines.iter().enumerate() {
            let indent = if index == 0 { 0 } else { INDENT };
            let before = if index == 0 { "" } else { "\n" };
            self.out
                .push_str(&format!("{before}{:indent$}{RED}{line}{RED:#}", ""));
        }
        // Beside the name where there is room, else below it.
        if INDENT + last + 1 + kind.width() > self.width {
            self.out
                .push_str(&format!("\n{:INDENT$}{DIM}{kind}{DIM:#}\n", ""));
        } else {
            self.out.push_str(&format!(" {DIM}{kind}{DIM:#}\n"));
        }
        for line in self.wrap(&finding.message, INDENT) {
            self.out
                .push_str(&format!("{:INDENT$}{BOLD}{line}{BOLD:#}\n", ""));
        }
        self.field("documented", &cut(&finding.documented, LONGEST_DOCUMENTED));
        for row in finding.rows.iter().take(MOST_ROWS) {
            self.field("", &place(row));
        }
        if finding.rows.len() > MOST_ROWS {
            let more = finding.rows.len() - MOST_ROWS;
            self.field("", &format!("and {}", counted(more, "more row")));
        }
        if let Some(sides) = sides(finding) {
            self.field("case", &finding.case);
            self.side("sent", &sides.request, room.side);
            self.side("answered", &sides.response, room.side);
        }
        self.field("seen", &surely(finding));
        if !finding.examples.is_empty() {
            self.field("values", &cut(&values(finding), LONGEST_LINE));
        }
        self.related(room, finding);
        self.again(room, finding);
        self.out.push('\n');
    }

    /// What else has the cause.
    fn related(&mut self, room: Room, finding: &Finding) {
        let related = related(finding);
        let mut label = "also";
        for one in related.iter().take(room.related) {
            self.field(std::mem::take(&mut label), &cut(one, LONGEST_LINE));
        }
        if let Some(more @ 1..) = related.len().checked_sub(room.related) {
            let text = format!("and {more} more of this cause (in the reports)");
            self.field(label, &text);
        }
    }

    /// The lines that send it again.
    fn again(&mut self, room: Room, finding: &Finding) {
        let curl = finding.curl();
        if curl.len() > LONGEST_CURL || !room.again && !curl.is_empty() {
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
    fn side(&mut self, label: &str, lines: &[Line], most: usize) {
        let mut label = label;
        let mut omitted = false;
        for (index, line) in lines.iter().enumerate() {
            if !is_shown(lines, index, most) {
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

    /// A text broken into lines that fit beside an indentation. A word that is too long stays
    /// whole, unless it is a name of several parts.
    fn wrap(&self, text: &str, indent: usize) -> Vec<String> {
        let room = self.width.saturating_sub(indent).max(NARROWEST);
        let mut lines: Vec<String> = Vec::new();
        let text = one_line(text);
        let words = text.split(' ').flat_map(|word| parts(word, room));
        for (word, is_begun) in words {
            match lines.last_mut() {
                Some(line) if is_begun && line.width() + word.width() <= room => {
                    line.push_str(word);
                }
                _ if is_begun => lines.push(word.to_owned()),
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

/// A word, or the parts of a name that does not fit into a line, each with whether it goes on with
/// the one before.
fn parts(word: &str, room: usize) -> Vec<(&str, bool)> {
    if word.width() <= room {
        return vec![(word, false)];
    }
    let each = word.split_inclusive("::").enumerate();
    each.map(|(index, part)| (part, index > 0)).collect()
}

/// Whether a line of a side is shown: the first, those at fault with the lines around them, or all
/// of a short body; never plain headers.
fn is_shown(lines: &[Line], index: usize, most: usize) -> bool {
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
            < most;
    }
    if line.is_header {
        return false;
    }
    let body = lines.iter().filter(|line| !line.is_header).count();
    if body <= most {
        return true;
    }
    let marked = lines.iter().skip(1).any(Line::is_marked);
    if !marked {
        return lines
            .iter()
            .take(index)
            .filter(|line| !line.is_header)
            .count()
            < most / 2;
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
        // A name that is too long is broken between its parts.
        assert_eq!(
            page.wrap("see api::Replace::relation::lifecycle::restores", 2),
            ["see api::Replace::relation::", "lifecycle::restores"]
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
