//! Notes that a page sets aside by a tag of HTML: `<aside class="notice">`. What stands in them is a
//! part of the text.

use std::borrow::Cow;

pattern! {
    static TAG = r"(?im)^[ \t]*<aside\b[^<>\n]*>[ \t]*|[ \t]*</aside>[ \t]*$";
}

/// A text whose notes are paragraphs of it.
pub(super) fn replace(source: &str) -> Cow<'_, str> {
    if source.contains("<aside") {
        TAG.replace_all(source, "")
    } else {
        Cow::Borrowed(source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(
        "a\n\n<aside class=\"notice\">\nOne of `a` or `b`.\n</aside>\n",
        "a\n\n\nOne of `a` or `b`.\n\n"
    )]
    #[case("<aside>One.</aside>\n", "One.\n")]
    #[case("a < b\n", "a < b\n")]
    fn a_note_is_text(#[case] source: &str, #[case] expected: &str) {
        assert_eq!(replace(source), expected);
    }
}
