//! Tags of Markdown dialects that state an operation's method and path:
//! `<Route method="GET">/v1/jobs</Route>`, `<Endpoint method="GET" path="/v1/jobs" />`.

pattern! {
    static TAG = r"^<\s*(?P<name>[A-Za-z][\w.-]*)\s";
    static METHOD =
        r#"(?i)\s(?:http-?)?(?:method|verb)\s*=\s*\{?["'`]?(?P<method>GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS|LIST|COPY)["'`]?"#;
    static PATH = r#"(?i)\s(?:path|url|uri|route|endpoint)\s*=\s*\{?["'`](?P<path>(?:https?://[^/"'`]+)?/[^"'`]*)["'`]"#;
    /// A tag and the text up to its end, in a block of HTML.
    static ELEMENT = r"<[A-Za-z][^<>]*\s(?i:method|verb)\s*=[^<>]*>(?P<inner>[^<]*)";
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
