//! Headers of pipe tables whose last cell is empty and stands open: `/users (GET) |` above
//! `---|---`. GFM counts one cell there, and takes the table for text.

use std::borrow::Cow;

pattern! {
    /// The line below the header of a table of several columns.
    static DELIMITER = r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*$";
}

/// The text with such headers closed; the lines stay as many as they are.
pub(super) fn close(source: &str) -> Cow<'_, str> {
    let lines: Vec<&str> = source.split('\n').collect();
    let is_open = |at: usize| {
        let (Some(line), Some(below)) = (lines.get(at), lines.get(at + 1)) else {
            return false;
        };
        let line = line.trim();
        line.ends_with('|')
            && !line.starts_with('|')
            && DELIMITER.is_match(below)
            && columns(line) + 1 == columns(below.trim())
    };
    if !(0..lines.len()).any(is_open) {
        return Cow::Borrowed(source);
    }
    let closed = lines.iter().enumerate().map(|(at, line)| {
        if is_open(at) {
            Cow::Owned(format!("{} |", line.trim_end()))
        } else {
            Cow::Borrowed(*line)
        }
    });
    Cow::Owned(closed.collect::<Vec<_>>().join("\n"))
}

/// How many cells a line of a table has; a pipe at either end parts none.
fn columns(line: &str) -> usize {
    let inner = line.strip_prefix('|').unwrap_or(line);
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    inner.split('|').count()
}

#[cfg(test)]
mod tests {
    use super::close;
    use rstest::rstest;

    #[rstest]
    #[case("/users (GET) |  \n---|---\na | b", "/users (GET) | |\n---|---\na | b")]
    #[case("a | b |\n---|---\nc | d", "a | b |\n---|---\nc | d")]
    #[case("a |\n---\nb", "a |\n---\nb")]
    #[case("| a |\n|---|---|\n", "| a |\n|---|---|\n")]
    fn a_header_that_stands_open_is_closed(#[case] source: &str, #[case] expected: &str) {
        assert_eq!(close(source), expected);
    }
}
