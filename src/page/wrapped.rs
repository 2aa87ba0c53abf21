//! Markdown within tags that say so (`<div markdown="1">`), and lines of attributes
//! (`{: class="table"}`): readers that know neither take both for text.

pattern! {
    /// A tag alone on its line that holds Markdown.
    static OPENS = r#"^\s*<(?:div|section|article)\b[^<>]*\bmarkdown=["']?(?:1|block|span)["']?[^<>]*>\s*$"#;
    static CLOSES = r"^\s*</(?:div|section|article)>\s*$";
    static ATTRIBUTES = r"^\s*\{:[^{}]*\}\s*$";
}

/// The text without such tags and lines, each line in its place; `None` where it has no such tag.
pub(super) fn unwrap(text: &str) -> Option<String> {
    if !text.contains("markdown=") || !text.lines().any(|line| OPENS.is_match(line)) {
        return None;
    }
    let mut depth = 0_usize;
    let lines = text.split('\n').map(|line| {
        if OPENS.is_match(line) {
            depth += 1;
            ""
        } else if depth > 0 && CLOSES.is_match(line) {
            depth -= 1;
            ""
        } else if ATTRIBUTES.is_match(line) {
            ""
        } else {
            line
        }
    });
    Some(lines.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_in_a_tag_keeps_its_lines() {
        let text =
            "# A\n<div markdown=\"1\">\na | b\n---|---\n1 | 2\n{: class=\"x\"}\n</div>\n</div>\n";
        let expected = "# A\n\na | b\n---|---\n1 | 2\n\n\n</div>\n";
        assert_eq!(unwrap(text).as_deref(), Some(expected));
        assert_eq!(unwrap("# A\n</div>\n{: x}\n"), None);
    }
}
