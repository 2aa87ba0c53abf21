//! Blocks that MkDocs indents below a line with their title: `!!! note "Title"`, `??? note "Title"`,
//! `=== "Tab"`; and those between lines of colons (`::: tip Title`) or slashes
//! (`/// note | Title`). The title is a line of its own, and what stands below it is a part of the
//! text.

use std::borrow::Cow;

use super::super::tab_title;
use crate::vocabulary;

/// How far such a block is indented.
const INDENT: usize = 4;

pattern! {
    static OPENS = r#"^[ \t]*(?:(?:!!!|\?\?\?\+?)[ \t]+[A-Za-z][\w -]*?(?:[ \t]+"(?P<title>[^"\n]*)")?|===[!+]?[ \t]+"(?P<tab>[^"\n]*)")[ \t]*$"#;
    /// A line of colons, with the kind of the block that it opens and its title.
    static COLONS = r"^[ \t]*:{3,}[ \t]*(?:\{?[A-Za-z][\w-]*\}?[ \t]*(?P<title>[^:\n]*?))?[ \t]*$";
    /// The same with slashes: a line stands between the kind and the title.
    static SLASHES = r"^[ \t]*/{3,}[ \t]*(?:(?P<kind>[a-z][a-z0-9-]*)[ \t]*(?:\|[ \t]*(?P<title>[^\n]*?))?)?[ \t]*$";
    /// An option of such a block, right below its first line.
    static OPTION = r"^[ \t]{4,}[a-z][\w-]*:(?:[ \t].*)?$";
    static FENCE = r"^[ \t]*(?P<marks>`{3,}|~{3,})";
}

/// A text whose indented blocks stand where their titles do, line by line.
pub(super) fn replace(source: &str) -> Cow<'_, str> {
    let has = |marks: &str| source.contains(marks);
    let may_open = has("!!!") || has("???") || has("===");
    let may_close = has(":::") && source.lines().any(|line| COLONS.is_match(line));
    let slashes = || source.lines().filter(|line| SLASHES.is_match(line));
    let has_slashes = has("///") && slashes().count() > 1;
    if !may_close && !has_slashes && (!may_open || !source.lines().any(|line| OPENS.is_match(line)))
    {
        return Cow::Borrowed(source);
    }
    let mut open: Vec<usize> = Vec::new();
    let mut fence: Option<&str> = None;
    let mut lines: Vec<Cow<'_, str>> = Vec::new();
    let mut takes_options = false;
    for line in source.split('\n') {
        let indent = line.len() - line.trim_start_matches(' ').len();
        if line.trim().is_empty() {
            lines.push(Cow::Borrowed(line));
            continue;
        }
        while fence.is_none() && open.last().is_some_and(|own| indent < own + INDENT) {
            open.pop();
        }
        let depth = (open.len() * INDENT).min(indent);
        let own = line.get(depth..).unwrap_or(line);
        if let Some(marks) = FENCE.captures(own).and_then(|found| found.name("marks")) {
            let marks = marks.as_str();
            match fence {
                Some(known) if marks.starts_with(known) => fence = None,
                None => fence = Some(marks),
                Some(_) => {}
            }
        }
        let opened = OPENS.captures(own).filter(|_| fence.is_none());
        let parted = COLONS.captures(own).filter(|_| fence.is_none());
        let slashed = SLASHES
            .captures(own)
            .filter(|_| fence.is_none() && has_slashes);
        let is_option = takes_options && fence.is_none() && OPTION.is_match(own);
        takes_options = is_option || slashed.is_some();
        if is_option {
            lines.push(Cow::Borrowed(""));
        } else if let Some(found) = slashed {
            let part = |name: &str| found.name(name).map_or("", |own| own.as_str().trim());
            let title = match part("title") {
                "" => of_kind(part("kind")).unwrap_or_default(),
                title => title.to_owned(),
            };
            let shown = if title.is_empty() {
                String::new()
            } else {
                format!("**{title}**")
            };
            lines.push(Cow::Owned(shown));
        } else if let Some(found) = parted {
            let title = found
                .name("title")
                .map_or("", |title| title.as_str().trim());
            // What gives the block attributes is no title.
            let is_title = !title.is_empty() && !title.starts_with('{');
            let shown = if is_title {
                format!("**{title}**")
            } else {
                String::new()
            };
            lines.push(Cow::Owned(shown));
        } else if let Some(found) = opened {
            let tab = found.name("tab").map(|tab| tab_title::label(tab.as_str()));
            let title = found.name("title").map(|title| title.as_str().trim());
            let title = title.or(tab).unwrap_or_default();
            open.push(indent);
            let shown = if title.is_empty() {
                String::new()
            } else {
                format!("**{title}**")
            };
            lines.push(Cow::Owned(shown));
        } else {
            lines.push(Cow::Borrowed(own));
        }
    }
    Cow::Owned(lines.join("\n"))
}

/// What a kind of block says that stands in it: `api-parameters`, `api-response-spec`.
fn of_kind(kind: &str) -> Option<String> {
    let words = kind.strip_prefix("api-").unwrap_or(kind);
    let words = words.strip_suffix("-spec").unwrap_or(words);
    let words = words.replace('-', " ");
    vocabulary::heading(&words).map(|_| words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::note(
        "??? note \"Parameters\"\n\n    | A |\n    |---|\n    | a |\n\nText.\n",
        "**Parameters**\n\n| A |\n|---|\n| a |\n\nText.\n"
    )]
    #[case::tabs(
        "=== \"200\"\n\n    A\n\n=== \"404\"\n\n    B\n",
        "**200**\n\nA\n\n**404**\n\nB\n"
    )]
    #[case::nested(
        "!!! tip\n\n    === \"One\"\n\n        A\n\n    B\nC\n",
        "\n\n**One**\n\nA\n\nB\nC\n"
    )]
    #[case::fence(
        "=== \"A\"\n\n    ```\n    !!! note\n      x\n    ```\n",
        "**A**\n\n```\n!!! note\n  x\n```\n"
    )]
    #[case::colons(
        "`GET /a`\n\n::: tip Notes\n- One\n:::\n",
        "`GET /a`\n\n**Notes**\n- One\n\n"
    )]
    #[case::colons_in_code("```\n::: tip\n```\n", "```\n::: tip\n```\n")]
    #[case::slashes(
        "/// note | Title\nA\n///\n\n/// api-response-spec\n    open: True\n\nB\n///\n",
        "**Title**\nA\n\n\n**response**\n\n\nB\n\n"
    )]
    #[case::a_line_of_slashes("/// note\nA\n", "/// note\nA\n")]
    #[case::slashes_in_code("```\n/// a\n///\n```\n", "```\n/// a\n///\n```\n")]
    #[case::heading("Title\n===\n\n    code\n", "Title\n===\n\n    code\n")]
    #[case::shown("```\n!!! note\n    x\n```\n", "```\n!!! note\n    x\n```\n")]
    #[case::exclamation("Hello!!! note\n\n    code\n", "Hello!!! note\n\n    code\n")]
    fn an_indented_block_is_text(#[case] source: &str, #[case] expected: &str) {
        assert_eq!(replace(source), expected);
    }
}
