//! Empty elements on a line of their own, right above something else, that only name a place or part
//! what stands there: as CommonMark reads them (0.31.2, section 4.6), a block of HTML begins there that
//! takes the lines below with it.

use std::borrow::Cow;

use super::super::fence;

pattern! {
    static BREAK = r"^ {0,3}<(?:br|hr)\s*/?>\s*$";
    static ANCHOR = r#"^ {0,3}<(?:div|p|section|article|header|nav)\s+(?:id|name)\s*=\s*["']?(?P<name>[^"'<>\s]+)["']?\s*>\s*</(?:div|p|section|article|header|nav)>\s*$"#;
}

/// A text in which such elements are of the kind that names a place and begins no block, and those
/// that part something are lines without anything.
pub(super) fn replace(source: &str) -> Cow<'_, str> {
    if !["></", "<br", "<hr"]
        .iter()
        .any(|sign| source.contains(sign))
    {
        return Cow::Borrowed(source);
    }
    let mut open: Option<&str> = None;
    let lines: Vec<Cow<'_, str>> = source
        .split_inclusive('\n')
        .map(|line| {
            let mark = fence::mark(line);
            if open.is_none() && mark.is_none() {
                let end = if line.ends_with('\n') { "\n" } else { "" };
                if BREAK.is_match(line.trim_end()) {
                    return Cow::Borrowed(end);
                }
                return ANCHOR
                    .captures(line.trim_end())
                    .map_or(Cow::Borrowed(line), |found| {
                        let name = found.name("name").map_or("", |name| name.as_str());
                        Cow::Owned(format!("<a id=\"{name}\"></a>{end}"))
                    });
            }
            match open {
                None => open = mark,
                Some(own) if mark == Some(own) => open = None,
                Some(_) => {}
            }
            Cow::Borrowed(line)
        })
        .collect();
    Cow::Owned(lines.concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::above_a_heading("<div id=\"x\"></div>\n## A\n", "<a id=\"x\"></a>\n## A\n")]
    #[case::in_code("```\n<div id=\"x\"></div>\n```\n", "```\n<div id=\"x\"></div>\n```\n")]
    #[case::break_above_code("A\n<br>\n```\nB\n```\n", "A\n\n```\nB\n```\n")]
    #[case::break_in_code("```\n<br>\n```\n", "```\n<br>\n```\n")]
    #[case::break_behind_words("A<br>\nB\n", "A<br>\nB\n")]
    #[case::with_text("<div id=\"x\">A</div>\n", "<div id=\"x\">A</div>\n")]
    fn an_empty_element_begins_no_block(#[case] source: &str, #[case] expected: &str) {
        assert_eq!(replace(source), expected);
    }
}
