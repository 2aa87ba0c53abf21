//! Targets of which method and path stand apart.

use super::words::{KIND_OF_REQUEST, KIND_WORD, METHOD_WORD, PATH_WORD, SYNTAX_WORD, VERB_WORD};
use super::{LONGEST, METHODS, OPEN_HOST, OPEN_PART, PATH, Stated, is_torn};

pattern! {
    /// The method alone, with a label before it or none.
    static METHOD = format!(
        r#"^\s*(?:[^.。\n/]{{0,20}}(?i:{}|{}|{})\s*[:：]\s*)?[`*"]*(?P<method>(?i:{METHODS}))[`*"]*\s*$"#,
        METHOD_WORD.part(),
        VERB_WORD.part(),
        KIND_WORD.part()
    );
    static BARE_METHOD = format!(r"^\s*(?P<method>{METHODS})\s*$");
    /// A heading that is a method, with a title or none.
    static METHOD_HEADING = format!(
        r"^\s*(?:(?i:(?:http\s+)?(?:{}|{}))\s*[:：]\s*)?(?P<method>{METHODS})\s*(?:[:：–—-]\s.{{1,80}})?$",
        METHOD_WORD.part(),
        VERB_WORD.part()
    );
    static LEADING_METHOD = format!(r"^\s*(?P<method>{METHODS})\s*(?:[:：–—-]\s.{{1,200}}|[(（].{{1,200}})?$");
    static BARE_PATH = r"^/(?:[^\s,;，；。/][^\s,;，；。]*)?$";
    static HOSTED_PATH = r"^https?://[^/\s]+(?P<path>/[^\s,;，；。]+)$";
    /// The name of the address of a thing, which the path goes on behind: `{JobURL}parts`.
    static NAMED_ADDRESS = r"^\{\w*(?:URL|Url|url|URI|Uri|uri)\}(?P<path>[A-Za-z_][^\s,;，；。]*)$";
    static LABELLED_METHOD = format!(
        r#"(?i)^\s*[^.。\n/]{{0,20}}{}\s*[:：]\s*[`*"]*(?P<method>{METHODS})\b|^\W*{}\s*[:：]\s*[`*"]*(?P<verb>(?-i:{METHODS}))\b"#,
        METHOD_WORD.part(),
        KIND_OF_REQUEST.part()
    );
    /// The path alone, with a label before it or none.
    static PATH_ALONE =
        format!(r#"^\s*(?:[^.。\n/]{{1,20}}[:：]\s*)?[`*"]*{}[`*"]*\s*$"#, *PATH);
    static LABELLED_PATH = format!(
        r"(?i)^\s*[^.。\n/]{{0,20}}(?:{}|{})\s*[:：]\s*`?{}",
        PATH_WORD.part(),
        SYNTAX_WORD.part(),
        *PATH
    );
}

phrases! {
    TargetHalves:

    /// Headings and labels of a method that stands below them.
    static METHOD_TITLE;

    /// The same of a path.
    static PATH_TITLE;

    /// Headings that are those of a path where nothing else stands below them.
    static PATH_ALONE_TITLE;
}

/// What a text says of a target of which method and path stand apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::derive) enum Half {
    Method(String),
    /// The path, and whether a host stands before it.
    Path(String, bool),
}

/// The half of a target that a label and its value on one line state (`Method: POST`).
pub(in crate::derive) fn labelled_half(text: &str) -> Option<Half> {
    if text.len() > LONGEST {
        return None;
    }
    if let Some(captures) = LABELLED_METHOD.captures(text) {
        let method = captures.name("method").or_else(|| captures.name("verb"))?;
        return Some(Half::Method(method.as_str().to_uppercase()));
    }
    path_of(&LABELLED_PATH, text)
}

/// The method that a block is, and nothing else.
pub(in crate::derive) fn bare_method(text: &str) -> Option<String> {
    let captures = BARE_METHOD.captures(text)?;
    Some(captures.name("method")?.as_str().to_owned())
}

/// The method that a heading is, with a title behind it or none.
pub(in crate::derive) fn method_of_heading(text: &str) -> Option<String> {
    let captures = METHOD_HEADING.captures(text)?;
    Some(captures.name("method")?.as_str().to_owned())
}

/// The target of a method and a path in the block below it, which is nothing else.
pub(in crate::derive) fn with_bare_path(method: &str, text: &str) -> Option<Stated> {
    let path = text.trim();
    if path.len() > LONGEST {
        return None;
    }
    let stated = |path: &str, has_host: bool| Stated {
        method: method.to_owned(),
        path: path.to_owned(),
        has_host,
        has_version: false,
        is_alone: false,
    };
    if BARE_PATH.is_match(path) {
        return Some(stated(path, false));
    }
    // A host before the path is no sign of an example where the path has something to fill in.
    let captures = HOSTED_PATH.captures(path)?;
    let own = captures.name("path")?.as_str();
    (!is_torn(own)).then(|| stated(own, !OPEN_PART.is_match(own)))
}

/// Whether a heading or label says that the method of a target stands below.
pub(in crate::derive) fn titles_method(title: &str) -> bool {
    let title = title.trim().trim_end_matches([':', '：']).trim();
    title.len() <= 60 && METHOD_TITLE.is_match(title)
}

/// Whether a heading or label says that the method or the path of a target stands below.
pub(in crate::derive) fn titles_half(title: &str) -> bool {
    let title = title.trim().trim_end_matches([':', '：']).trim();
    title.len() <= 60 && (METHOD_TITLE.is_match(title) || PATH_TITLE.is_match(title))
}

/// Whether the half of a target may stand alone below a heading, whatever else that is a heading of.
pub(in crate::derive) fn leads_to_half(title: &str) -> bool {
    let title = title.trim().trim_end_matches([':', '：']).trim();
    titles_half(title) || PATH_ALONE_TITLE.is_match(title)
}

/// The method that a line begins with, and nothing behind it but what it does: `GET - read one`.
pub(in crate::derive) fn leading_method(line: &str) -> Option<String> {
    let captures = LEADING_METHOD.captures(line)?;
    Some(captures.name("method")?.as_str().to_owned())
}

/// The half of a target that stands alone below a label.
pub(in crate::derive) fn half_below(title: &str, text: &str) -> Option<Half> {
    if title.len() > 60 || text.len() > LONGEST {
        return None;
    }
    let title = title.trim().trim_end_matches([':', '：']).trim();
    if METHOD_TITLE.is_match(title) {
        let captures = METHOD.captures(text)?;
        return Some(Half::Method(
            captures.name("method")?.as_str().to_uppercase(),
        ));
    }
    let is_of_path = PATH_TITLE.is_match(title) || LABELLED_METHOD.is_match(title);
    if is_of_path || PATH_ALONE_TITLE.is_match(title) {
        let named = NAMED_ADDRESS.captures(text.trim()).filter(|_| is_of_path);
        let named = named.and_then(|found| Some(format!("/{}", found.name("path")?.as_str())));
        return path_of(&PATH_ALONE, text).or(named.map(|path| Half::Path(path, false)));
    }
    None
}

fn path_of(pattern: &regex::Regex, text: &str) -> Option<Half> {
    let captures = pattern.captures(text)?;
    let path = captures.name("path")?.as_str().to_owned();
    let host = captures.name("host");
    let has_host = host.is_some_and(|host| !OPEN_HOST.is_match(host.as_str()));
    Some(Half::Path(path, has_host))
}
