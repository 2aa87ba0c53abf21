//! Rows of pipe tables that run on over lines: a row ends at the pipe that closes its last cell.
//!
//! GFM ends a row with its line. Here a row goes on where its line has too few cells, and the lines
//! below close the last one before another row begins.

/// How many lines a row may have.
const MOST_LINES: usize = 200;

/// A source in which each row of a pipe table is one line.
pub(super) struct Joined {
    /// The text.
    pub text: String,
    /// For each of its lines, the line of the source that it begins at, from 1 on.
    pub lines: Vec<usize>,
}

/// Joins rows that run on over lines: a line end within a cell becomes `<br>`.
pub(super) fn join(source: &str) -> Joined {
    let all: Vec<&str> = source.split_inclusive('\n').collect();
    let mut joined = Joined {
        text: String::with_capacity(source.len()),
        lines: Vec::with_capacity(all.len()),
    };
    let mut at = 0;
    let mut fence: Option<&str> = None;
    // How many pipes a row of the table has, while the lines are those of one.
    let mut pipes: Option<usize> = None;
    while let Some(line) = all.get(at) {
        let trimmed = line.trim();
        if let Some(mark) = super::fence::mark(trimmed)
            && fence.is_none_or(|open| open == mark)
        {
            fence = fence.is_none().then_some(mark);
        }
        joined.lines.push(at + 1);
        let is_row = fence.is_none() && trimmed.starts_with('|');
        if !is_row {
            pipes = None;
        } else if is_delimiter(trimmed) {
            pipes = Some(count(trimmed));
        } else if let Some(wanted) = pipes
            && let Some(more) = rest_of_row(&all, at, wanted)
        {
            joined.text.push_str(line.trim_end());
            for next in all.iter().skip(at + 1).take(more) {
                let next = next.trim();
                if !next.is_empty() {
                    joined.text.push_str("<br>");
                    joined.text.push_str(next);
                }
            }
            joined.text.push('\n');
            at += more + 1;
            continue;
        }
        joined.text.push_str(line);
        at += 1;
    }
    joined
}

/// How many lines below belong to a row that its line does not close; `None` for one that is whole,
/// or is not closed at all.
fn rest_of_row(all: &[&str], at: usize, wanted: usize) -> Option<usize> {
    let first = all.get(at)?.trim();
    let mut have = count(first);
    if have >= wanted {
        return None;
    }
    for (more, line) in all.iter().skip(at + 1).take(MOST_LINES).enumerate() {
        let line = line.trim();
        let own = count(line);
        let begins =
            line.starts_with('|') && line.len() > 1 || super::fence::mark(line) == Some("```");
        let heads = line.starts_with('#') && line.trim_start_matches('#').starts_with(' ');
        if begins || heads || have + own > wanted {
            return None;
        }
        have += own;
        if have == wanted {
            return line.ends_with('|').then_some(more + 1);
        }
    }
    None
}

/// Whether a line parts the header of a table from its rows.
pub(super) fn is_delimiter(line: &str) -> bool {
    line.contains('-')
        && line
            .chars()
            .all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t'))
}

/// How many pipes a line has that part cells.
pub(super) fn count(line: &str) -> usize {
    let mut is_escaped = false;
    let mut pipes = 0;
    for character in line.chars() {
        match character {
            '\\' => is_escaped = !is_escaped,
            '|' if !is_escaped => pipes += 1,
            _ => is_escaped = false,
        }
        if character == '|' {
            is_escaped = false;
        }
    }
    pipes
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const HEAD: &str = "|A|B|\n|-|-|\n";

    #[rstest]
    #[case::whole("|a|x|\n|b|y|\n", "|a|x|\n|b|y|\n")]
    #[case::list(
        "|a|One of:\n\n-   x: 1\n-   y: 2\n\nThe end. |\n|b|y|\n",
        "|a|One of:<br>-   x: 1<br>-   y: 2<br>The end. |\n|b|y|\n"
    )]
    #[case::lone_pipe("|a| Text.\n\n |\n|b|y|\n", "|a| Text.<br>|\n|b|y|\n")]
    #[case::escaped("|a|x \\| y\nz |\n", "|a|x \\| y<br>z |\n")]
    #[case::too_few_cells("|a\n|b|y|\n", "|a\n|b|y|\n")]
    #[case::no_closing_pipe("|a|x\n\nText.\n", "|a|x\n\nText.\n")]
    #[case::heading("|a|x\n\n## b |\n", "|a|x\n\n## b |\n")]
    #[case::middle_cell("|a\nb|x|\n", "|a<br>b|x|\n")]
    fn a_row_ends_at_its_last_pipe(#[case] rows: &str, #[case] expected: &str) {
        assert_eq!(
            join(&format!("{HEAD}{rows}")).text,
            format!("{HEAD}{expected}")
        );
    }

    #[test]
    fn lines_keep_their_numbers() {
        let joined = join("|A|B|\n|-|-|\n|a|x\n\ny |\n|b|z|\n");
        assert_eq!(joined.lines, [1, 2, 3, 6]);
    }

    #[test]
    fn code_is_no_table() {
        let source = "```\n|A|B|\n|-|-|\n|a|x\ny |\n```\n";
        assert_eq!(join(source).text, source);
    }
}
