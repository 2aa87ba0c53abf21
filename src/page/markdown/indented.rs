//! What Markdown takes for code because it is indented, and is none: HTML within a block of HTML, as
//! templates write it, and tables.

use std::borrow::Cow;

pattern! {
    /// The elements that hold others, opened or closed.
    static HOLDER = r"(?i)<(?P<close>/?)(?:section|article|main|div|details)\b";

    /// A line that begins with an element.
    static ELEMENT = r"(?i)^</?(?:section|article|main|div|details|h[1-6]|p|ul|ol|li|dl|dt|dd|table|pre|code|span|strong|em|b|i|a)\b[^<>]*>";

    /// The line below the header of a table.
    static DELIMITER = r"^[\s|]*:?-+:?\s*(?:\|\s*:?-+:?\s*)+[\s|]*$";
}

/// A text in which no element within another is indented: behind an empty line it would be code, and
/// behind words a part of them.
pub(super) fn html(source: &str) -> Cow<'_, str> {
    if !HOLDER.is_match(source) {
        return Cow::Borrowed(source);
    }
    let mut out = String::with_capacity(source.len());
    let mut is_fenced = false;
    let mut is_kept = false;
    let mut open = 0_usize;
    for line in source.split_inclusive('\n') {
        let bare = line.trim_start();
        if super::super::fence::mark(line).is_some() {
            is_fenced = !is_fenced;
        }
        is_kept |= bare.contains("<pre");
        let is_code = line.starts_with('\t') || line.starts_with("    ");
        let is_taken = is_code && !is_fenced && !is_kept && open > 0;
        if is_taken && ELEMENT.is_match(bare) {
            out.push_str(bare);
        } else {
            out.push_str(line);
        }
        is_kept &= !bare.contains("</pre");
        if is_fenced {
            continue;
        }
        for holder in HOLDER.captures_iter(line) {
            let closes = holder.name("close").is_some_and(|own| !own.is_empty());
            open = if closes {
                open.saturating_sub(1)
            } else {
                open + 1
            };
        }
    }
    Cow::Owned(out)
}

/// The table that a block of indented code is, without its indentation; `None` for any other code.
pub(super) fn table(code: &str) -> Option<String> {
    let mut lines = code.trim_end().lines();
    let header = lines.next()?;
    let delimiter = lines.next()?;
    let is_table = header.contains('|')
        && DELIMITER.is_match(delimiter)
        && lines.clone().count() > 0
        && lines.all(|line| line.contains('|'));
    let bare = code.lines().map(str::trim_start);
    is_table.then(|| bare.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::within(
        "<div>\n\t<h2>A</h2>\n\n\t\t<code>GET /a</code>\n</div>\n",
        "<div>\n<h2>A</h2>\n\n<code>GET /a</code>\n</div>\n"
    )]
    #[case::kept(
        "<div>\n<pre>\n    <b>a</b>\n</pre>\n",
        "<div>\n<pre>\n    <b>a</b>\n</pre>\n"
    )]
    #[case::behind(
        "<div>\n</div>\n\n    <p>code</p>\n",
        "<div>\n</div>\n\n    <p>code</p>\n"
    )]
    #[case::words("<div>\n\n    words\n</div>\n", "<div>\n\n    words\n</div>\n")]
    #[case::fenced(
        "<div>\n\n```\n\n    <p>a</p>\n```\n</div>\n",
        "<div>\n\n```\n\n    <p>a</p>\n```\n</div>\n"
    )]
    fn elements_within_elements_are_no_code(#[case] source: &str, #[case] expected: &str) {
        assert_eq!(html(source), expected);
    }

    #[rstest]
    #[case("a | b\n--- | ---\n  c | d\n", Some("a | b\n--- | ---\nc | d"))]
    #[case("a | b\n--- | ---\n", None)]
    #[case("a | b\n--- | ---\nc | d\nwords\n", None)]
    #[case("GET /a\n\n{}\n", None)]
    fn a_table_is_no_code(#[case] code: &str, #[case] expected: Option<&str>) {
        assert_eq!(table(code).as_deref(), expected);
    }
}
