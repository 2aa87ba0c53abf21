//! Rows of pipe tables whose cells go on with those of the row above: their line ends in `|^`, as
//! MkDocs has it with `markdown-tables-extended`. Each is put back into the row that it goes on with.

use super::run_on::Joined;

pattern! {
    /// A line below a table that names it, and is no row: `{ #id } Title`.
    static NAME = r"^\{\s*#[\w-]+[^{}|]*\}[^|]*$";
}

/// What closes a line that goes on with the row above.
const CLOSE: &str = "|^";

/// Joins such lines.
pub(super) fn join(source: &str) -> Joined {
    let mut rows: Vec<(usize, String)> = Vec::new();
    let mut fence: Option<&str> = None;
    let is_row = |line: &str| line.trim_start().starts_with('|');
    for (at, line) in source.split_inclusive('\n').enumerate() {
        let trimmed = line.trim();
        if let Some(mark) = super::fence::mark(trimmed)
            && fence.is_none_or(|open| open == mark)
        {
            fence = fence.is_none().then_some(mark);
        }
        let above = rows.last_mut().filter(|(_, above)| is_row(above));
        match (above, fence) {
            (Some((_, above)), None) if is_row(trimmed) && trimmed.ends_with(CLOSE) => {
                *above = joined(above, trimmed.trim_end_matches('^'));
            }
            (Some(_), None) if NAME.is_match(trimmed) => {
                rows.push((at + 1, "\n".to_owned()));
                rows.push((at + 1, line.to_owned()));
            }
            _ => rows.push((at + 1, line.to_owned())),
        }
    }
    let (lines, texts): (Vec<usize>, Vec<String>) = rows.into_iter().unzip();
    Joined {
        text: texts.concat(),
        lines,
    }
}

/// A row with the cells of one that goes on with it.
fn joined(above: &str, below: &str) -> String {
    let more = cells(below);
    let own = cells(above).into_iter().enumerate().map(|(at, cell)| {
        let more = more.get(at).map_or("", |more| more.trim());
        format!("{} {more}", cell.trim_end()).trim_end().to_owned()
    });
    format!("|{} |\n", own.collect::<Vec<_>>().join(" |"))
}

/// The cells of a row that stands between pipes; one behind a backslash parts none.
fn cells(row: &str) -> Vec<String> {
    let row = row.trim();
    let row = row.strip_prefix('|').unwrap_or(row);
    let row = row.strip_suffix('|').unwrap_or(row);
    let mut cells = vec![String::new()];
    let mut is_escaped = false;
    for character in row.chars() {
        if character == '|' && !is_escaped {
            cells.push(String::new());
        } else if let Some(cell) = cells.last_mut() {
            cell.push(character);
        }
        is_escaped = character == '\\' && !is_escaped;
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const HEAD: &str = "| A | B |\n|---|---|\n";

    #[rstest]
    #[case::goes_on(
        "| a | One |\n|   | more. |^\n| b | y |\n",
        "| a | One more. |\n| b | y |\n"
    )]
    #[case::twice("| a | 1 |\n|  | 2 |^\n|  | 3 |^\n", "| a | 1 2 3 |\n")]
    #[case::escaped("| a | x \\| y |\n|  | z |^\n", "| a | x \\| y z |\n")]
    #[case::no_mark("| a | x |\n|   | y |\n", "| a | x |\n|   | y |\n")]
    #[case::named("| a | x |\n{ #b } Things\n", "| a | x |\n\n{ #b } Things\n")]
    fn a_row_takes_what_goes_on_with_it(#[case] rows: &str, #[case] expected: &str) {
        assert_eq!(
            join(&format!("{HEAD}{rows}")).text,
            format!("{HEAD}{expected}")
        );
    }

    #[test]
    fn lines_keep_their_numbers() {
        let own = join("| A | B |\n|---|---|\n| a | 1 |\n|  | 2 |^\n| b | y |\n");
        assert_eq!(own.lines, [1, 2, 3, 5]);
    }

    #[test]
    fn code_is_no_table() {
        let source = "```\n| a | 1 |\n|  | 2 |^\n```\n";
        assert_eq!(join(source).text, source);
    }
}
