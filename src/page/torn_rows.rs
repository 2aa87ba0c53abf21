//! Rows of pipe tables that a converter tore: a cell of several lines becomes rows of one cell each,
//! or lines below the row, or a list behind it. Each is put back into the cell that it was torn from.

use super::run_on::{Joined, count, is_delimiter};

/// How many lines may stand between a row and the next one of its table.
const MOST_LINES: usize = 60;

/// How many pipes part three cells: a row of one cell is none of a table with as many.
const PIPES: usize = 2;

/// Puts torn rows together.
pub(super) fn join(source: &str) -> Joined {
    let all: Vec<&str> = source.split_inclusive('\n').collect();
    let mut joined = Joined {
        text: String::with_capacity(source.len()),
        lines: Vec::with_capacity(all.len()),
    };
    let mut at = 0;
    let mut fence: Option<&str> = None;
    let mut table: Option<Shape> = None;
    while let Some(line) = all.get(at) {
        let trimmed = line.trim();
        if let Some(mark) = super::fence::mark(trimmed)
            && fence.is_none_or(|open| open == mark)
        {
            fence = fence.is_none().then_some(mark);
        }
        let begins = fence.is_none() && is_delimiter(trimmed) && trimmed.contains('|');
        if begins {
            table = Shape::of(trimmed);
        } else if !trimmed.contains('|') {
            table = None;
        }
        joined.lines.push(at + 1);
        let row = table.filter(|shape| !begins && fence.is_none() && shape.is_row(trimmed));
        let Some(shape) = row else {
            joined.text.push_str(line);
            at += 1;
            continue;
        };
        let torn = shape.torn(&all, at);
        if torn == 0 {
            joined.text.push_str(line);
            at += 1;
            continue;
        }
        let mut cell = line.trim_end().trim_end_matches('|').trim_end().to_owned();
        let mut before = *line;
        for next in all.iter().skip(at + 1).take(torn) {
            let text = next.trim().trim_matches('|').trim();
            if !text.is_empty() {
                // A converter that folds its lines sets two blanks where a line of the cell ends.
                let goes_on = !shape.is_bordered && is_folded(before) && !is_item(text);
                cell.push_str(if goes_on { " " } else { "<br>" });
                cell.push_str(text);
            }
            before = next;
        }
        joined.text.push_str(&cell);
        joined
            .text
            .push_str(if shape.is_bordered { " |\n" } else { "\n" });
        at += torn + 1;
    }
    joined
}

/// Whether a line ends where it was folded, and not where its text does.
fn is_folded(line: &str) -> bool {
    let line = line.trim_end_matches(['\n', '\r']);
    !line.trim().is_empty() && !line.ends_with("  ")
}

fn is_item(text: &str) -> bool {
    text.starts_with("* ") || text.starts_with("- ")
}

/// What the rows of a table look like.
#[derive(Clone, Copy)]
struct Shape {
    /// How many pipes a row has.
    pipes: usize,
    /// Whether pipes stand at both ends.
    is_bordered: bool,
}

impl Shape {
    /// The shape that the line below a header tells, of a table with three columns at least.
    fn of(delimiter: &str) -> Option<Self> {
        let is_bordered = delimiter.starts_with('|') && delimiter.ends_with('|');
        let is_bare = !delimiter.starts_with('|') && !delimiter.ends_with('|');
        let pipes = count(delimiter);
        let borders = if is_bordered { 2 } else { 0 };
        let is_wide = pipes >= PIPES + borders;
        (is_wide && (is_bordered || is_bare)).then_some(Self { pipes, is_bordered })
    }

    fn is_row(self, line: &str) -> bool {
        count(line) == self.pipes && line.starts_with('|') == self.is_bordered
    }

    /// How many lines below a row were torn from it.
    fn torn(self, all: &[&str], at: usize) -> usize {
        let below = all.get(at + 1..).unwrap_or_default();
        if self.is_bordered {
            let cells: Vec<&str> = below
                .iter()
                .map(|line| line.trim())
                .take_while(|line| is_one_cell(line))
                .take(MOST_LINES)
                .collect();
            let inner = |line: &&str| line.trim_matches('|').trim().to_owned();
            return if are_torn(&cells.iter().map(inner).collect::<Vec<_>>()) {
                cells.len()
            } else {
                0
            };
        }
        // Right below, up to the next row or the end of the table.
        let near: Vec<String> = below
            .iter()
            .map(|line| line.trim())
            .take_while(|line| !line.is_empty() && count(line) == 0 && !line.starts_with('#'))
            .take(MOST_LINES)
            .map(str::to_owned)
            .collect();
        // Where lines are folded, the last of a row ends in two blanks.
        let is_cut = all.get(at).is_some_and(|line| is_folded(line))
            && below
                .get(near.len().wrapping_sub(1))
                .is_some_and(|last| !is_folded(last));
        let near = if is_cut || are_torn(&near) {
            near.len()
        } else {
            0
        };
        let rest = below.get(near..).unwrap_or_default();
        self.next_row(rest).map_or(near, |far| near + far)
    }

    /// How many lines stand before the next row of the table, where what stands between is text and
    /// lists alone and what follows begins no table of its own.
    fn next_row(self, below: &[&str]) -> Option<usize> {
        if !below.first()?.trim().is_empty() {
            return None;
        }
        for (far, line) in below.iter().take(MOST_LINES).enumerate() {
            let line = line.trim();
            if self.is_row(line) {
                let is_header = below
                    .get(far + 1)
                    .is_some_and(|next| is_delimiter(next.trim()));
                return (!is_header && far > 1).then_some(far);
            }
            if count(line) > 0 || line.starts_with('#') || super::fence::mark(line).is_some() {
                return None;
            }
        }
        None
    }
}

/// Whether a line is a row of one cell.
fn is_one_cell(line: &str) -> bool {
    line.len() > 1 && line.starts_with('|') && line.ends_with('|') && count(line) == 2
}

/// Whether texts that stand alone below a row were torn from it: names alone may be fields of which
/// nothing is said, and one that is set off may be the label of the rows below.
fn are_torn(texts: &[String]) -> bool {
    let is_name = |text: &String| {
        let bare = text.trim_matches(['`', '*', '_']);
        let mut signs = bare.chars();
        !bare.is_empty()
            && signs
                .all(|sign| sign.is_alphanumeric() || matches!(sign, '_' | '.' | '-' | '[' | ']'))
    };
    let is_label = texts.len() == 1
        && texts
            .iter()
            .all(|text| text.starts_with("**") && text.ends_with("**"));
    !texts.is_empty() && !is_label && !texts.iter().all(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const HEAD: &str = "| A | B | C |\n|---|---|---|\n";
    const BARE: &str = "A| B| C\n---|---|---\n";

    #[rstest]
    #[case::cells(
        "| a | x | Values: |\n|   * p |\n|   * q |\n| |\n| b | y | z |\n",
        "| a | x | Values:<br>* p<br>* q |\n| b | y | z |\n"
    )]
    #[case::names("| a | x | z |\n| b |\n| c |\n", "| a | x | z |\n| b |\n| c |\n")]
    #[case::label(
        "| a | x | z |\n| **All others** |\n",
        "| a | x | z |\n| **All others** |\n"
    )]
    #[case::whole("| a | x | z |\n| b | y | z |\n", "| a | x | z |\n| b | y | z |\n")]
    fn cells_of_their_own_lines(#[case] rows: &str, #[case] expected: &str) {
        assert_eq!(
            join(&format!("{HEAD}{rows}")).text,
            format!("{HEAD}{expected}")
        );
    }

    #[rstest]
    #[case::lines(
        "a| x| One.  \nTwo of them.  \nb| y| z\n",
        "a| x| One.<br>Two of them.\nb| y| z\n"
    )]
    #[case::folded("a| x| One\ntwo.  \nb| y| z\n", "a| x| One two.\nb| y| z\n")]
    #[case::list(
        "a| x| Values:\n\n  * p\n  * q\n\nThe end.  \nb| y| z\n",
        "a| x| Values:<br>* p<br>* q<br>The end.\nb| y| z\n"
    )]
    #[case::end("a| x| z\n\nText.\n", "a| x| z\n\nText.\n")]
    #[case::heading("a| x| z\n\n## T\n\nb| y| z\n", "a| x| z\n\n## T\n\nb| y| z\n")]
    #[case::other_table(
        "a| x| z\n\nText.\n\nA| B| C\n---|---|---\n",
        "a| x| z\n\nText.\n\nA| B| C\n---|---|---\n"
    )]
    #[case::gap("a| x| z\n\nb| y| z\n", "a| x| z\n\nb| y| z\n")]
    fn lines_below_a_row(#[case] rows: &str, #[case] expected: &str) {
        assert_eq!(
            join(&format!("{BARE}{rows}")).text,
            format!("{BARE}{expected}")
        );
    }

    #[test]
    fn lines_keep_their_numbers() {
        let joined = join(&format!(
            "{HEAD}| a | x | Values: |\n|   * p |\n| b | y | z |\n"
        ));
        assert_eq!(joined.lines, [1, 2, 3, 5]);
    }
}
