//! What stands in a line of Markdown beside its words: tags, targets, attributes of headings.

use super::html_tables::MARK;
use crate::page::block::{Block, BlockKind, Text};
use crate::page::{tag, words};
use crate::vocabulary::{self, LabelWord};

pattern! {
    /// Attributes behind a heading: `{#errors .section}`, `{: #errors}`. Anything else in braces
    /// may be a part of a path.
    static ATTRIBUTES = r"\s*\{:?\s*(?:[#.][\w:.-]+\s*)+\}\s*$";
    static STATUS = r#"(?i)^\w+\s+(?:(?:title|label|name)\s*=\s*)?["']?(?:(?:response|success|error|http)\s+)*\(?(?P<status>[1-5]\d\d)\b\)?(?:\s+[A-Za-z ]{1,30})?["']?\s*$"#;
    /// The title of a block of code: `json title="Example response"`, `json [Response]`,
    /// `json: Response`.
    static TITLE = r#"(?:\btitle\s*=\s*(?:"(?P<double>[^"]+)"|'(?P<single>[^']+)')|^\w+\s+\[(?P<tab>[^\[\]]+)\]|^\w+:\s+(?P<behind>.+))"#;
    static ANCHOR = r"#(?P<id>[\w:.-]+)";
    /// The name of a place behind a heading, in square brackets: `Request body [create-body]`.
    static PLACE = r"\s+\[#?(?P<id>[a-z0-9_]+(?:[-.][A-Za-z0-9_.]+)+)\]\s*$";
}

/// The status of the answer that a block of code shows, where its first line says so: `json 200`,
/// `json title="404"`.
pub(super) fn status_of_fence(info: &str) -> Option<&str> {
    Some(STATUS.captures(info)?.name("status")?.as_str())
}

/// The title of a block of code, where it says what the code shows.
pub(super) fn title_of_fence(info: &str) -> Option<&str> {
    let found = TITLE.captures(info)?;
    let names = ["double", "single", "tab", "behind"];
    let title = names.into_iter().find_map(|name| found.name(name))?;
    let title = title.as_str().trim();
    let folded = title.to_lowercase();
    let names_side = || {
        let mut words = folded.split(|own: char| !own.is_alphanumeric());
        words.any(|word| {
            let own = vocabulary::label_word(word);
            matches!(own, Some(LabelWord::Request | LabelWord::Response))
        })
    };
    let is_known = vocabulary::heading(&folded).is_some()
        || vocabulary::section(title).is_some()
        || names_side();
    is_known.then_some(title)
}

/// Takes the attributes behind a heading out of its text: its anchor is what a link points to.
pub(super) fn take_attributes(text: &mut Text) {
    let (end, anchors) = if let Some(found) = ATTRIBUTES.find(&text.plain) {
        let ids = ANCHOR.captures_iter(found.as_str());
        let ids = ids.filter_map(|captures| captures.name("id").map(|id| id.as_str().to_owned()));
        (found.start(), ids.collect::<Vec<_>>())
    } else if let Some(found) = PLACE.captures(&text.plain)
        && let (Some(whole), Some(id)) = (found.get(0), found.name("id"))
        && !text.codes.iter().any(|code| code.end > whole.start())
    {
        (whole.start(), vec![id.as_str().to_owned()])
    } else {
        return;
    };
    text.anchors.extend(anchors);
    text.plain.truncate(end);
    text.marked = text.marked.min(end);
}

/// The heading that a line is: what stands right below a component is part of its block for
/// Markdown, and of the page for its author.
pub(super) fn heading(line: &str) -> Option<(u8, &str)> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    let words = text.strip_prefix(' ')?.trim();
    let level = u8::try_from(level)
        .ok()
        .filter(|level| (1..=6).contains(level))?;
    (!words.is_empty()).then_some((level, words))
}

/// The target that a tag in a paragraph states: the path stands in the tag, or is the paragraph up to
/// its first table. What is left of the paragraph stays in the text.
pub(super) fn route(line: usize, stated: tag::Tag, text: &mut Text) -> Option<Block> {
    let method = stated.method;
    let target = |path| Block::new(line, BlockKind::Target { method, path });
    if let Some(path) = stated.path {
        return Some(target(path));
    }
    let end = text.plain.find(MARK).unwrap_or(text.plain.len());
    let path = text.plain.get(..end)?.trim();
    if !tag::is_path(path) {
        return None;
    }
    let path = path.to_owned();
    text.plain = text.plain.get(end..).unwrap_or_default().to_owned();
    Some(target(path))
}

/// Elements of HTML that stand in lines.
const IS_HTML: [&str; 24] = [
    "a", "abbr", "b", "br", "code", "del", "div", "em", "i", "img", "ins", "kbd", "li", "mark",
    "ol", "p", "s", "small", "span", "strong", "sub", "sup", "u", "ul",
];

/// Whether what looks like a tag is a part of the path before it that is to be filled in:
/// `/zones/<zone>`, `/zones?name=<name>`.
pub(super) fn is_path_part(before: &str, tag: &str) -> bool {
    let Some(inner) = tag.strip_prefix('<').and_then(|own| own.strip_suffix('>')) else {
        return false;
    };
    let is_sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ');
    let path = before
        .rsplit(char::is_whitespace)
        .next()
        .unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let is_in_path = before.ends_with('/') || path.contains('?') && before.ends_with('=');
    is_in_path
        && path.contains('/')
        && inner.starts_with(|c: char| c.is_ascii_alphabetic())
        && inner.chars().all(is_sign)
        && !IS_HTML.contains(&inner.to_ascii_lowercase().as_str())
}

/// Whether what looks like a tag is the argument of the type before it: `List<String>`, `string
/// <uuid>`.
pub(super) fn is_type_argument(before: &str, tag: &str) -> bool {
    const GENERIC: [&str; 12] = [
        "array",
        "collection",
        "dict",
        "iterable",
        "list",
        "map",
        "optional",
        "page",
        "record",
        "sequence",
        "set",
        "vec",
    ];
    let is_plain = tag
        .trim_start_matches('<')
        .trim_end_matches('>')
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let word = before
        .trim_end()
        .rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .next()
        .unwrap_or_default();
    let inner = tag.trim_matches(['<', '>']).to_ascii_lowercase();
    is_plain
        && !word.is_empty()
        && !IS_HTML.contains(&inner.as_str())
        && (GENERIC.contains(&word.to_ascii_lowercase().as_str())
            || words::parse_type(word).is_some())
}

/// Takes the sign of a footnote, which is raised behind a word from `start` on, out of a text. Behind a
/// number it is its power.
pub(in crate::page) fn footnote(text: &mut Text, start: usize) {
    let (before, raised) = text.plain.split_at(start.min(text.plain.len()));
    let raised = raised.trim().trim_matches(['[', ']']);
    let is_number = raised.len() <= 2 && raised.bytes().all(|byte| byte.is_ascii_digit());
    let is_letter = raised.len() == 1 && raised.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_sign = is_number || is_letter || raised.chars().all(|sign| "†‡§".contains(sign));
    if raised.is_empty() {
        return;
    }
    if before.ends_with(|sign: char| sign.is_ascii_digit()) {
        text.plain = format!("{before}^{raised}");
    } else if is_sign && !before.trim().is_empty() {
        text.plain.truncate(start);
    }
}

/// What an inline tag means for the text: breaks, list items and anchors.
pub(super) fn inline_tag(tag: &str, text: &mut Text) {
    let lower = tag.to_ascii_lowercase();
    if lower.starts_with("<br")
        || lower.starts_with("<p")
        || lower.starts_with("</ul")
        || lower.starts_with("</ol")
    {
        text.plain.push('\n');
    } else if lower.starts_with("<li") {
        text.plain.push_str("\n• ");
    } else if let Some(name) = ["name=\"", "id=\""]
        .iter()
        .find_map(|key| lower.find(key).map(|at| at + key.len()))
        && let Some(anchor) = tag.get(name..).and_then(|rest| rest.split('"').next())
    {
        text.anchors.push(anchor.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use crate::page::block::BlockKind;
    use crate::page::markdown::read;

    #[rstest::rstest]
    #[case("Request body [create-job-body]", "Request body")]
    #[case("Errors {#errors}", "Errors")]
    #[case("`/jobs` [optional]", "/jobs [optional]")]
    #[case("List jobs [GET]", "List jobs [GET]")]
    fn the_name_of_a_place_is_no_word_of_the_heading(#[case] text: &str, #[case] expected: &str) {
        let blocks = read(&format!("## {text}\n"), 0);
        assert!(
            matches!(&blocks[0].kind, BlockKind::Heading { text, .. } if text.plain == expected),
            "{blocks:?}"
        );
    }

    #[rstest::rstest]
    #[case("json 200", Some("200"))]
    #[case("json Response 404", Some("404"))]
    #[case("json title=\"200 OK\"", Some("200"))]
    #[case("json {200}", None)]
    #[case("json", None)]
    fn a_fence_may_name_a_status(#[case] info: &str, #[case] expected: Option<&str>) {
        assert_eq!(super::status_of_fence(info), expected);
    }

    #[rstest::rstest]
    #[case("List<String>", "List<String>")]
    #[case("Map<String, List<Integer>>", "Map<String, List<Integer>>")]
    #[case("string <uuid>", "string <uuid>")]
    #[case("string<br>or null", "string\nor null")]
    #[case("name<sup>1</sup>", "name")]
    #[case("name<sup>*</sup>", "name*")]
    #[case("10<sup>6</sup>", "10^6")]
    #[case("5<sup>th</sup> day", "5^th day")]
    #[case("See it<Note>here</Note>", "See ithere")]
    fn arguments_of_types_are_no_tags(#[case] source: &str, #[case] expected: &str) {
        let blocks = read(&format!("## {source}\n"), 0);
        let BlockKind::Heading { text, .. } = &blocks[0].kind else {
            panic!("{blocks:?}");
        };
        assert_eq!(text.plain, expected);
    }
}
