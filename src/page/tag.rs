//! Tags of Markdown dialects that state an operation's method and path:
//! `<Route method="GET">/v1/jobs</Route>`, `<Endpoint method="GET" path="/v1/jobs" />`.

use super::Format;
use crate::text::cut;

/// How many tags and directives are kept that are not read, and how long each is shown.
const UNREAD: usize = 20;
const SHOWN: usize = 80;

/// What stands in a tag: a value in quotes may hold the signs that end it.
const ATTRIBUTES: &str = r#"(?:[^<>"']|"[^"\n]*"|'[^'\n]*')*"#;

pattern! {
    static TAG = r"^<\s*(?P<name>[A-Za-z][\w.-]*)\s";
    static BARE_METHOD = r"^(?:GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS|LIST|COPY)$";
    static METHOD =
        r#"(?i)\s(?:http-?)?(?:method|verb)\s*=\s*\{?["'`]?(?P<method>GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS|LIST|COPY)["'`]?"#;
    static PATH = r#"(?i)\s(?:path|url|uri|route|endpoint)\s*=\s*\{?["'`](?P<path>(?:https?://[^/"'`]+)?/[^"'`]*)["'`]"#;
    /// A component, or a tag with a method: forms and what HTML has itself left out.
    static COMPONENT = r"<(?P<name>[A-Z][\w.-]*)\s[^<>]*?\b(?i:(?:http-?)?method|verb|path|ur[il]|route|endpoint|operation(?:-?id)?)\s*=[^<>]*>|<(?P<tag>[a-z][\w.-]*)\s[^<>]*?\b(?:(?:http-?)?method|verb)\s*=[^<>]*>";
    /// A block that states an operation.
    static SWAGGER = r"\{%\s*(?:swagger|openapi|api-method)\s[^%\n]*\b(?:method|path)\s*=[^%\n]*%\}";
    /// A directive whose name speaks of an interface.
    static DIRECTIVE = r"(?m)^[ \t]*\.\. (?P<name>[\w:-]*(?:http|rest|api|route|endpoint|openapi|swagger|operation|method)[\w:-]*)::[^\n]*";
    /// A tag and the text up to its end, in a block of HTML.
    static ELEMENT = format!(r"<[A-Za-z]{ATTRIBUTES}\s(?i:(?:http-?)?(?:method|verb))\s*={ATTRIBUTES}>(?P<inner>[^<]*)");
}

/// What a tag states: the method, and the path where an attribute has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag {
    pub method: String,
    pub path: Option<String>,
}

/// What an opening tag states of a target. A form has a method too, and is none.
pub(super) fn target(tag: &str) -> Option<Tag> {
    let name = TAG.captures(tag)?.name("name")?.as_str();
    if name.eq_ignore_ascii_case("form") {
        return None;
    }
    Some(Tag {
        method: METHOD
            .captures(tag)?
            .name("method")?
            .as_str()
            .to_uppercase(),
        path: PATH
            .captures(tag)
            .and_then(|captures| Some(captures.name("path")?.as_str().to_owned())),
    })
}

/// What a block states whose attribute has the method, and whose text is the path.
pub(super) fn of_block(method: &str, text: &str) -> Option<(String, String)> {
    let method = method.trim().to_uppercase();
    let path = text.trim();
    (BARE_METHOD.is_match(&method) && is_path(path)).then(|| (method, path.to_owned()))
}

/// The targets that the tags of a block of HTML state, with the line of each within the block.
pub(super) fn targets(html: &str) -> Vec<(usize, String, String)> {
    ELEMENT
        .captures_iter(html)
        .filter_map(|captures| {
            let whole = captures.get(0)?;
            let stated = target(whole.as_str())?;
            let inner = captures.name("inner")?.as_str().trim();
            let path = stated
                .path
                .or_else(|| is_path(inner).then(|| inner.to_owned()))?;
            let line = html.get(..whole.start())?.matches('\n').count();
            Some((line, stated.method, path))
        })
        .collect()
}

/// The tags and directives that may state a target, and do not in a way that is read.
pub(super) fn unread(text: &str, format: Format) -> Vec<(usize, String)> {
    let found: Vec<regex::Match<'_>> = match format {
        Format::Markdown if SWAGGER.is_match(text) => {
            SWAGGER.find_iter(text).take(UNREAD).collect()
        }
        Format::Markdown => COMPONENT
            .captures_iter(text)
            .filter(|captures| {
                let tag = captures.name("tag").map(|tag| tag.as_str());
                !tag.is_some_and(|tag| matches!(tag, "form" | "input" | "button"))
            })
            .filter_map(|captures| captures.get(0))
            .take(UNREAD)
            .collect(),
        Format::RestructuredText => DIRECTIVE.find_iter(text).take(UNREAD).collect(),
        Format::Portal | Format::Pipe | Format::Html => Vec::new(),
    };
    let mut line = 1;
    let mut from = 0;
    found
        .into_iter()
        .map(|own| {
            line += text
                .get(from..own.start())
                .unwrap_or_default()
                .matches('\n')
                .count();
            from = own.start();
            let words: Vec<&str> = own.as_str().split_whitespace().collect();
            (line, cut(&words.join(" "), SHOWN))
        })
        .collect()
}

/// Whether a block of HTML begins with a component (`<Anchor />`), not with an element of HTML.
pub(super) fn is_component(html: &str) -> bool {
    html.trim_start()
        .strip_prefix('<')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
}

/// Whether a text is a path and nothing else.
pub(super) fn is_path(text: &str) -> bool {
    text.starts_with('/') && !text.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("<Route method=\"GET\">/v1/jobs", &["0 GET /v1/jobs"])]
    #[case("<div>\n<Endpoint path='/v1/jobs' method={\"post\"} />", &["1 POST /v1/jobs"])]
    #[case("<Endpoint path=\"/jobs/<id>/logs\" method=\"get\">", &["0 GET /jobs/<id>/logs"])]
    #[case("<form method=\"POST\" action=\"/v1/jobs\">/x", &[])]
    #[case("<Route method=\"GET\">the jobs", &[])]
    fn tags_state_targets(#[case] html: &str, #[case] expected: &[&str]) {
        let found: Vec<String> = targets(html)
            .into_iter()
            .map(|(line, method, path)| format!("{line} {method} {path}"))
            .collect();
        assert_eq!(found, expected);
    }
}
