//! Pipe tables without the line below their header, as kramdown has them: `| Field | Type |` right
//! above the first row. GFM takes them for text.

use super::run_on::{Joined, count, is_delimiter};
use super::words::{self, Column};

/// The text with that line where the first row of such a table is a header.
pub(super) fn rule(source: &str) -> Joined {
    let all: Vec<&str> = source.split_inclusive('\n').collect();
    let mut joined = Joined {
        text: String::with_capacity(source.len()),
        lines: Vec::with_capacity(all.len()),
    };
    let mut fence: Option<&str> = None;
    let mut before = "";
    for (at, line) in all.iter().enumerate() {
        let trimmed = line.trim();
        if let Some(mark) = super::fence::mark(trimmed)
            && fence.is_none_or(|open| open == mark)
        {
            fence = fence.is_none().then_some(mark);
        }
        joined.text.push_str(line);
        joined.lines.push(at + 1);
        let next = all.get(at + 1).map_or("", |next| next.trim());
        let begins = fence.is_none() && before.is_empty() && is_row(trimmed);
        if begins && is_row(next) && !is_delimiter(next) && count(next) == count(trimmed) {
            let cells = trimmed.trim_matches('|').split('|').map(words::header);
            let columns: Option<Vec<Column>> = cells.collect();
            if let Some(columns) = columns.filter(|own| own.contains(&Column::Name)) {
                let indent = line.len() - line.trim_start().len();
                let rule = format!(
                    "{}|{}\n",
                    line.get(..indent).unwrap_or_default(),
                    "---|".repeat(columns.len())
                );
                joined.text.push_str(&rule);
                joined.lines.push(at + 1);
            }
        }
        before = trimmed;
    }
    joined
}

fn is_row(line: &str) -> bool {
    line.len() > 2 && line.starts_with('|') && line.ends_with('|')
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::header(
        "\n| Field | Data type |\n| `a` | String |\n",
        "\n| Field | Data type |\n|---|---|\n| `a` | String |\n"
    )]
    #[case::ruled(
        "\n| Field | Type |\n|---|---|\n| a | b |\n",
        "\n| Field | Type |\n|---|---|\n| a | b |\n"
    )]
    #[case::no_header(
        "\n| a | String |\n| b | String |\n",
        "\n| a | String |\n| b | String |\n"
    )]
    #[case::row_of_another(
        "\n| A | B |\n|---|---|\n| Field | Type |\n| a | b |\n",
        "\n| A | B |\n|---|---|\n| Field | Type |\n| a | b |\n"
    )]
    #[case::code(
        "```\n\n| Field | Type |\n| a | b |\n```\n",
        "```\n\n| Field | Type |\n| a | b |\n```\n"
    )]
    fn a_header_gets_its_line(#[case] source: &str, #[case] expected: &str) {
        assert_eq!(rule(source).text, expected);
    }

    #[test]
    fn lines_keep_their_numbers() {
        assert_eq!(rule("| Field | Type |\n| a | b |\n").lines, [1, 1, 2]);
    }
}
