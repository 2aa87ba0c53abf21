//! Targets: the texts that state the method and path of an operation, and their path templates.
//!
//! A target is all that a line says. A line of prose that mentions one, and the request line of an
//! example, are none: see [`super::split`] for where targets count.

mod code;
mod half;
mod prose;
mod table;
mod words;

pub(super) use self::code::{of_code, of_relative};
pub(super) use self::half::{
    Half, bare_method, half_below, labelled_half, leading_method, leads_to_half, method_of_heading,
    titles_half, titles_method, with_bare_path,
};
pub(super) use self::prose::{in_small_letters, of_prose};
pub(super) use self::table::{bodies_of_row, of_table, statuses_of_row, unread_rows};

use std::sync::LazyLock;

use self::words::{
    BASE, BASE_OF_ALL, BETWEEN_TARGETS, LEADING_ON, METHOD_LABEL, PATH_LABEL, REQUEST_TO, SEND,
};
use super::curl::Asked;
use crate::page::Text;

/// A method and a path as a line states them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stated {
    pub method: String,
    /// The path as written, with a query string where one stands there.
    pub path: String,
    /// Whether a host stands before it, as in examples.
    pub has_host: bool,
    /// Whether it is the first line of a request: a version of HTTP stands behind it, or headers
    /// below.
    pub has_version: bool,
    /// Whether such a line has no value in it and nothing below it.
    pub is_alone: bool,
}

/// The methods, as a pattern.
const METHODS: &str = "GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS|LIST|COPY";

/// The names that pages give to the host, where it is to be filled in: `{base_url}`, `$API_HOST`.
const HOST_NAME: &str = r"(?i:(?:(?:api|base|server|service|root|your|instance)[_ .-]?)*(?:ur[il]|host(?:[_ ]?name)?|endpoint|origin|domain|server|base(?:[_ ]?path)?|address))";

/// The path of a target up to white space; brackets and braces may hold a name of several words. It
/// begins with one slash: two stand before a host.
static PATH: LazyLock<String> = LazyLock::new(|| {
    let named = r"<[^<>\n]{1,40}>|[,;]?\{[^{}\n]{1,40}\}|\([^()\n]{0,40}\)";
    format!(
        r"(?P<host>https?://[^/\s`]+|\{{\{{[\w.-]{{1,40}}\}}\}}|\$?\{{{HOST_NAME}\}}|<{HOST_NAME}>|\${HOST_NAME})?(?P<path>/(?:(?:{named}|[^\s`，。,;()（）/])(?:{named}|[^\s`，。,;()（）])*)?)"
    )
});

/// What may stand between a method and its path.
const BETWEEN: &str = r#"[\])）】]?[`*]*\s*(?:[:：–—-]\s*)?[`*"]*"#;

/// What may stand before a target on its line: a label.
const LABEL: &str = r"(?:[^.。`\n]{1,30}[:：]\s*)?";

/// Words before a target in a title: `Create a job (POST /v1/jobs)`, `HTTP GET /v1/jobs`.
const TITLE: &str = r"(?:[\d.]+\s+)?(?:(?P<title>[^/`\n]{1,80}?)\s*[(（\[:：–—-]\s*|(?i:HTTPS?)\s+|[^\w\s/`]{1,4}\s*)?";

/// A title behind a target: behind a dash, in brackets, or with a capital letter.
const BEHIND: &str = r"(?:\s*(?:[:：–—]|-{1,2})\s+[^/\n]{1,80}|\s*[(（][^()（）/\n]{1,80}[)）]|\s+\p{Lu}[^/\n]{1,80})";

/// The same in a paragraph, where a capital letter may begin a sentence.
const BEHIND_LINE: &str = r"(?:\s*(?:[:：–—]|-{1,2})\s+\p{Lu}[^./\n]{1,80}\.?|\s*[(（][\p{Lu}\p{Han}][^()（）/\n]{1,80}[)）]|\s*[`*]*\s*(?:→|⇒|[-=]>)\s*[`*]*[1-5]\d\d\b[^/\n]{0,60})";

pattern! {
    static LINE = format!(
        r#"^\s*{LABEL}[`*"]*[\[(（【]?(?P<methods>(?:{METHODS})(?:\s*[|,/]\s*(?:{METHODS}))*){BETWEEN}{}[`*"]*(?P<version>\s+HTTP/\d(?:\.\d)?)?\s*[.。]?\s*$"#,
        *PATH
    );
    static HEADING = format!(
        r"^\s*{TITLE}[`*]*[\[(（]?(?P<methods>(?:{METHODS})(?:\s*[|,/]\s*(?:{METHODS}))*){BETWEEN}{}[`*]*[)）\]]?{BEHIND}?\s*$",
        *PATH
    );
    /// A paragraph that is a target and its title.
    static TITLED_LINE = format!(
        r"^\s*[`*]*(?P<methods>(?:{METHODS})(?:\s*[|,/]\s*(?:{METHODS}))*){BETWEEN}{}[`*]*{BEHIND_LINE}\s*$",
        *PATH
    );
    /// A label, the path, and the method in brackets: `URI: /jobs (GET)`.
    static LABELLED_PAIR = format!(
        r"^\s*{}[`*]*{}[`*]*\s*[(（\[](?P<methods>(?:{METHODS})(?:\s*[|,/]\s*(?:{METHODS}))*)[)）\]]\s*$",
        *PATH_LABEL,
        *PATH
    );
    /// A heading with the address of a service and nothing behind it: what stands at its root.
    static HEADING_ROOT = format!(
        r"^\s*(?:[\d.]+\s+)?[`*]*(?P<methods>{METHODS}){BETWEEN}(?P<host>https?://[^/\s`]+)(?P<path>)[`*]*\s*$"
    );
    /// A heading with the method behind the path: `/jobs (GET)`.
    static HEADING_TURNED = format!(
        r"^\s*(?:[\d.]+\s+)?[`*]*{}[`*]*\s*[\[(（](?P<methods>(?:{METHODS})(?:\s*[|,/]\s*(?:{METHODS}))*)[\])）]\s*$",
        *PATH
    );
    /// Method and path behind a label each, in one text; further labels may follow.
    static LABELLED = format!(
        r#"^\s*{}[`*"]*(?P<methods>(?i:{METHODS}))[`*"]*\s*[,;，；|]?\s*{}[`*"]*{}[`*"]*(?:\s+[^:：\n/]{{1,30}}[:：]\s.*)?\s*$"#,
        *METHOD_LABEL,
        *PATH_LABEL,
        *PATH
    );
    static LABELLED_TURNED = format!(
        r#"^\s*{}[`*"]*{}[`*"]*\s*[,;，；|]?\s*{}[`*"]*(?P<methods>(?i:{METHODS}))[`*"]*(?:\s+[^:：\n/]{{1,30}}[:：]\s.*)?\s*$"#,
        *PATH_LABEL,
        *PATH,
        *METHOD_LABEL
    );
    /// A line that looks like a target, whatever its method is called.
    static LIKE = format!(
        r#"^\s*{LABEL}[`*"\[(（]*(?P<methods>[A-Z]{{3,16}}){BETWEEN}{}[`*"\])）]*(?:\s+[(（][^()（）\n]{{1,200}}[)）])?\s*$"#,
        *PATH
    );
    /// A heading that begins with a method and a path, and goes on in another way.
    static HEADING_LIKE = format!(
        r"^\W{{0,3}}(?:\d[\d.]*\s+)?\W{{0,3}}(?:{METHODS})\b\W{{1,4}}?/[^\s/]"
    );
    /// Method and path in one line, with a word for the request between them.
    static REQUEST_SENT = format!(
        r"^\s*[`*]*(?P<methods>{METHODS})[`*]*\s*[–—-]?\s*(?i:requests?(?:\s+(?:sent|to|ur[il]|path|endpoint|address))*)\s*[:：]?\s*[`*]*{}[`*]*\s*[.:]?\s*$",
        *PATH
    );
    static SENTENCE = format!(
        r#"^\s*{}[`*"]*(?P<methods>{METHODS})[`*"]*{}[:：]?\s*[`*"]*{}[`*"]*\s*[.。:：]?\s*$"#,
        SEND.part(),
        REQUEST_TO.part(),
        *PATH
    );
    /// A method in lower case, as badges are written that a style shows in capitals.
    static BADGE = r"^(?P<method>get|post|put|delete|patch|head|options)\s*(?P<path>/[^\s`,;]*)$";
    /// A title behind a target.
    static TITLED = r"^\s*[:：–—-]+\s+[^.]{1,100}\.?\s*$";
    static WHOLE_PATH = format!("^{}$", *PATH);
    static BETWEEN_METHODS = r"(?:\s|[|,/*`]|\b(?:OR|AND)\b)+";
    static UNTOLD = r"/(?:\.{3}|…)(?:/|$)";
    static SPLIT_METHODS = r"\s*[|,/]\s*";
    /// A host that is to be filled in.
    static OPEN_HOST = r"^(?:https?://[{<$]|[<$]|\{[^{])";
    /// A part of a path that is to be filled in.
    static OPEN_PART = r"[{<]|/:[A-Za-z_]";
    /// A value in a path: a number, an escape, a query.
    static VALUE = r"[?%]|/\d+(?:/|$)|/[^/{<:]*\d[^/{<:]*-[^/]*(?:/|$)|/[A-Za-z_-]*\d{3,}";
}

/// The longest line that is looked at.
const LONGEST: usize = 600;

fn all(captures: &regex::Captures<'_>) -> Vec<Stated> {
    let (Some(methods), Some(path)) = (captures.name("methods"), captures.name("path")) else {
        return Vec::new();
    };
    let has_host = captures
        .name("host")
        .is_some_and(|host| !OPEN_HOST.is_match(host.as_str()));
    let has_version = captures.name("version").is_some();
    // Templates of collections have two braces on each side.
    let path = path.as_str().replace("{{", "{").replace("}}", "}");
    // What goes on after three dots is not told.
    if is_torn(&path) || UNTOLD.is_match(&path) {
        return Vec::new();
    }
    // What has a host and nothing behind it stands at the root.
    let path = if path.is_empty() {
        "/".to_owned()
    } else {
        path
    };
    // The bracket around the target: `List jobs [GET /jobs]`.
    let path = match path.strip_suffix(']') {
        Some(inner) if inner.matches('[').count() == inner.matches(']').count() => inner,
        _ => path.as_str(),
    };
    SPLIT_METHODS
        .split(methods.as_str())
        .map(|method| Stated {
            method: method.to_uppercase(),
            path: path.trim_end_matches(['.', '。']).to_owned(),
            has_host,
            has_version,
            is_alone: false,
        })
        .collect()
}

/// Whether the braces of a path are those of another markup's escapes (`++{++id++}++`), or do not
/// pair: which parameters it has is then not known.
pub(super) fn is_torn(path: &str) -> bool {
    // A part between two slashes was lost on the way: which it was is not known.
    let bare = path.split('?').next().unwrap_or(path);
    if path.contains("++") || bare.get(1..).is_some_and(|rest| rest.contains("//")) {
        return true;
    }
    let mut is_open = false;
    for sign in path.chars() {
        match sign {
            '{' if is_open => return true,
            '{' => is_open = true,
            '}' if !is_open => return true,
            '}' => is_open = false,
            _ => {}
        }
    }
    is_open
}

/// The targets that a line is.
pub(super) fn of_line(line: &str) -> Vec<Stated> {
    if line.len() > LONGEST {
        return Vec::new();
    }
    let one = |text: &str| {
        let captures = LINE
            .captures(text)
            .or_else(|| SENTENCE.captures(text))
            .or_else(|| REQUEST_SENT.captures(text))
            .or_else(|| LABELLED.captures(text))
            .or_else(|| LABELLED_TURNED.captures(text))
            .or_else(|| LABELLED_PAIR.captures(text));
        captures.map(|captures| all(&captures)).unwrap_or_default()
    };
    let whole = one(line);
    if !whole.is_empty() {
        return whole;
    }
    // Several, each whole: `GET /jobs or GET /jobs/{job}`.
    let parts: Vec<&str> = BETWEEN_TARGETS.pattern().split(line).collect();
    let each: Vec<Vec<Stated>> = parts.iter().map(|part| one(part)).collect();
    if each.len() < 2 || each.iter().any(Vec::is_empty) {
        return Vec::new();
    }
    each.concat()
}

/// The targets that a heading states, with or without a title.
pub(super) fn of_heading(text: &str) -> Vec<Stated> {
    if text.len() > LONGEST || is_struck(text) {
        return Vec::new();
    }
    HEADING
        .captures(text)
        .or_else(|| HEADING_TURNED.captures(text))
        .or_else(|| HEADING_ROOT.captures(text))
        .map(|captures| all(&captures))
        .unwrap_or_default()
}

/// The targets that a heading states in code marks beside its title: `` List all `GET /jobs` ``.
pub(super) fn of_code_in_heading(text: &Text) -> Vec<Stated> {
    let [code] = text.codes.as_slice() else {
        return Vec::new();
    };
    let parts = (
        text.plain.get(..code.start),
        text.plain.get(code.clone()),
        text.plain.get(code.end..),
    );
    let (Some(head), Some(code), Some(title)) = parts else {
        return Vec::new();
    };
    let is_number = head.chars().all(|sign| !sign.is_alphabetic());
    let is_title = title.trim_start().starts_with(char::is_uppercase);
    let is_behind_title = title.trim().is_empty() && !LEADING_ON.is_match(head);
    if is_number && is_title || is_behind_title {
        of_line(code)
    } else {
        Vec::new()
    }
}

/// A line that looks like a target and is none that can be read: its method is not known, its braces
/// do not pair.
pub(super) fn like(text: &str) -> Option<Stated> {
    if text.len() > LONGEST || text.trim().lines().count() > 1 {
        return None;
    }
    let captures = LIKE.captures(text.trim().trim_matches('~'))?;
    Some(Stated {
        method: captures.name("methods")?.as_str().to_owned(),
        path: captures.name("path")?.as_str().to_owned(),
        has_host: captures.name("host").is_some(),
        has_version: false,
        is_alone: false,
    })
}

/// Whether a text is struck out: what it says holds no more.
pub(super) fn is_struck(text: &str) -> bool {
    text.starts_with("~~") && text.ends_with("~~")
}

/// Whether a heading begins as one that states a target does.
pub(super) fn begins_heading(text: &str) -> bool {
    text.len() <= LONGEST && HEADING_LIKE.is_match(text)
}

/// Whether requests of a method are made.
pub(super) fn is_known(method: &str) -> bool {
    METHODS.split('|').any(|own| own == method)
}

/// The path that a text says all operations stand below.
pub(super) fn base(text: &str) -> Option<&str> {
    Some(BASE.captures(text)?.name("base")?.as_str())
}

/// The path that a text says all paths of the page stand below, those with a slash before them too.
pub(super) fn base_of_all(text: &str) -> Option<&str> {
    Some(BASE_OF_ALL.captures(text)?.name("base")?.as_str())
}

/// The target that a badge and the template beside it state.
pub(super) fn of_badge(text: &str) -> Option<(String, &str)> {
    let captures = BADGE.captures(text.trim())?;
    let path = captures.name("path")?.as_str();
    let method = captures.name("method")?.as_str().to_uppercase();
    (text.len() <= LONGEST && !is_torn(path) && !VALUE.is_match(path)).then_some((method, path))
}

/// Whether the path of what a call asks for can be that of a target.
pub(super) fn is_whole(asked: &Asked) -> bool {
    asked.path.len() <= LONGEST && !is_torn(&asked.path)
}

/// Whether a path has a value in it, as that of an example has.
pub(super) fn has_value(path: &str) -> bool {
    VALUE.is_match(path)
}

/// Whether a path has something to fill in.
pub(super) fn is_open(path: &str) -> bool {
    OPEN_PART.is_match(path)
}

/// Whether nothing but blanks stands outside the code marks of a text.
pub(super) fn is_all_code(text: &Text) -> bool {
    let is_in_code = |at: usize| text.codes.iter().any(|code| code.contains(&at));
    let mut signs = text.plain.char_indices();
    signs.all(|(at, sign)| sign.is_whitespace() || is_in_code(at))
}

/// The targets that a text states with a title: at its beginning which is set off, where a dash parts
/// it from the title (`**GET /jobs** - list the jobs`), or with a capital letter behind the dash.
pub(super) fn of_titled(text: &Text) -> Vec<Stated> {
    let head = text.plain.get(..text.marked).unwrap_or_default();
    let behind = text.plain.get(text.marked..).unwrap_or_default();
    if text.plain.len() > LONGEST {
        return Vec::new();
    }
    if TITLED.is_match(behind) {
        return of_line(head);
    }
    // Parts that are all set off as code state a target and its title as a heading does.
    if text.codes.len() > 1 && is_all_code(text) {
        return of_heading(&text.plain);
    }
    let captures = TITLED_LINE.captures(&text.plain);
    captures.map(|captures| all(&captures)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn told(stated: &[Stated]) -> Vec<String> {
        stated
            .iter()
            .map(|own| {
                let mark = if own.has_host || own.has_version {
                    "!"
                } else {
                    ""
                };
                format!("{mark}{} {}", own.method, own.path)
            })
            .collect()
    }

    #[rstest]
    #[case("GET /v1/jobs", &["GET /v1/jobs"])]
    #[case("`PUT` `/jobs/:job`", &["PUT /jobs/:job"])]
    #[case("Endpoint: `POST /v1/jobs`", &["POST /v1/jobs"])]
    #[case("PUT, PATCH /v1/jobs/<job id>", &["PUT /v1/jobs/<job id>", "PATCH /v1/jobs/<job id>"])]
    #[case("请求方式：【POST】/v1/jobs", &["POST /v1/jobs"])]
    #[case("GET /v1/jobs/7 HTTP/1.1", &["!GET /v1/jobs/7"])]
    #[case("GET https://a.example/v1/jobs", &["!GET /v1/jobs"])]
    #[case("Send a `POST` request to the URL endpoint `/v1/stop`.", &["POST /v1/stop"])]
    #[case("`GET` -Request sent: `/v1/jobs/{job}`", &["GET /v1/jobs/{job}"])]
    #[case("GET request to `/v1/jobs`", &["GET /v1/jobs"])]
    #[case("GET request for the jobs of `/v1/teams`", &[])]
    #[case("GET /v1/zones//checks", &[])]
    #[case("GET /v1/jobs?next=https://a.example/", &["GET /v1/jobs?next=https://a.example/"])]
    #[case("The body of a `PUT /v1/jobs/{job}` request.", &[])]
    #[case("`GET /v1/jobs` or `GET /v1/jobs/{job}`", &["GET /v1/jobs", "GET /v1/jobs/{job}"])]
    #[case("GET /v1/jobs, PUT /v1/jobs/{job}", &["GET /v1/jobs", "PUT /v1/jobs/{job}"])]
    #[case("GET /v1/jobs and the rest", &[])]
    #[case("GET /v1/++{++job++_++id}/logs", &[])]
    #[case("GET /v1/{job/logs", &[])]
    #[case("GET /v1/jobs/...", &[])]
    #[case("GET /v1/jobs lists the jobs", &[])]
    #[case("Send a `GET` request to `/v1/status` to see more.", &[])]
    fn a_line_is_a_target_or_none(#[case] line: &str, #[case] expected: &[&str]) {
        assert_eq!(told(&of_line(line)), expected);
    }

    #[rstest]
    #[case("GET /jobs\nGET /teams/:team/jobs\n", &["GET /jobs", "GET /teams/:team/jobs"])]
    #[case("# All\nGET /jobs\n\n# One\nGET /jobs/:job", &["GET /jobs", "GET /jobs/:job"])]
    #[case("GET /jobs      # all\nPOST /jobs/:job  // one\n", &["GET /jobs", "POST /jobs/:job"])]
    #[case("POST /jobs\n\n{ \"a\": 1 }", &["POST /jobs"])]
    #[case("POST /jobs\n\na=1\nGET /x", &["POST /jobs"])]
    #[case("POST /jobs\nContent-Type: text/plain\n\nx", &["!POST /jobs"])]
    #[case("curl -X POST https://a.example/jobs", &[])]
    #[case("GET /jobs\nprint(x)", &[])]
    #[case("GET /jobs/:id HTTP/1.1\n", &["!GET /jobs/:id"])]
    fn code_is_a_target_or_none(#[case] code: &str, #[case] expected: &[&str]) {
        assert_eq!(told(&of_code(code)), expected);
    }

    #[rstest]
    #[case("GET /v1/jobs/:id HTTP/1.1", true)]
    #[case("GET /v1/jobs/7 HTTP/1.1", false)]
    #[case("GET /v1/jobs?state=new HTTP/1.1", false)]
    #[case("POST /v1/jobs HTTP/1.1\n\n{}", false)]
    #[case("GET /v1/jobs HTTP/1.1\nHost: a.example", false)]
    fn a_request_line_may_stand_alone(#[case] code: &str, #[case] expected: bool) {
        assert_eq!(of_code(code).iter().any(|own| own.is_alone), expected);
    }

    #[rstest]
    #[case("Create a job (POST /v1/jobs)", &["POST /v1/jobs"])]
    #[case("GET /v1/jobs", &["GET /v1/jobs"])]
    #[case("List jobs: `GET /v1/jobs`", &["GET /v1/jobs"])]
    #[case("GET /v1/jobs - List jobs", &["GET /v1/jobs"])]
    #[case("GET /v1/jobs – list of jobs", &["GET /v1/jobs"])]
    #[case("GET /v1/jobs (List jobs)", &["GET /v1/jobs"])]
    #[case("GET /v1/jobs List jobs", &["GET /v1/jobs"])]
    #[case("List jobs [GET /v1/jobs]", &["GET /v1/jobs"])]
    #[case("HTTP GET /v1/jobs", &["GET /v1/jobs"])]
    #[case("🟢 GET /v1/jobs", &["GET /v1/jobs"])]
    #[case("GET /v1/jobs is slow", &[])]
    #[case("Why GET /v1/jobs is slow", &[])]
    fn a_heading_is_a_target_or_none(#[case] text: &str, #[case] expected: &[&str]) {
        assert_eq!(told(&of_heading(text)), expected);
    }

    #[rstest]
    #[case("**GET** `/jobs` - List jobs", &["GET /jobs"])]
    #[case("`GET /jobs` - list jobs", &["GET /jobs"])]
    #[case("GET /jobs -- List jobs.", &["GET /jobs"])]
    #[case("`GET` `/jobs` (List jobs)", &["GET /jobs"])]
    #[case("GET /jobs - which is slow - is called often.", &[])]
    #[case("GET /jobs (the old one) is slow.", &[])]
    fn a_paragraph_may_be_a_target_and_its_title(#[case] source: &str, #[case] expected: &[&str]) {
        let page = crate::page::read("p.md", &format!("# T\n\n{source}\n")).unwrap();
        let text = page.blocks.iter().find_map(|block| match &block.kind {
            crate::page::BlockKind::Paragraph(text) => Some(text),
            _ => None,
        });
        assert_eq!(told(&of_titled(text.unwrap())), expected);
    }

    #[rstest]
    #[case("## 3. List jobs `GET /jobs`", &["GET /jobs"])]
    #[case("## 1.2 `GET /jobs` List jobs", &["GET /jobs"])]
    #[case("## Changes to `GET /jobs`", &[])]
    #[case("## Why `GET /jobs` is slow", &[])]
    fn a_heading_may_set_off_its_target(#[case] source: &str, #[case] expected: &[&str]) {
        let page = crate::page::read("p.md", &format!("# T\n\n{source}\n")).unwrap();
        let text = page
            .blocks
            .iter()
            .rev()
            .find_map(|block| match &block.kind {
                crate::page::BlockKind::Heading { text, .. } => Some(text),
                _ => None,
            });
        assert_eq!(told(&of_code_in_heading(text.unwrap())), expected);
    }

    #[rstest]
    #[case(
        "The API is hosted under the `/api` route on the server.",
        Some("/api")
    )]
    #[case("All paths are relative to /rest/v2.", Some("/rest/v2"))]
    #[case("The API is hosted at https://a.example/api.", None)]
    #[case("The result is available at /results.", None)]
    fn the_base_of_all_paths_is_read(#[case] text: &str, #[case] expected: Option<&str>) {
        assert_eq!(base(text), expected);
    }

    #[rstest]
    #[case("Request Method", "`POST`", Some(Half::Method("POST".to_owned())))]
    #[case("Request URL", "`/v1/jobs`", Some(Half::Path("/v1/jobs".to_owned(), false)))]
    #[case("请求方式", "GET", Some(Half::Method("GET".to_owned())))]
    #[case("Response", "GET", None)]
    fn halves_stand_below_labels(
        #[case] title: &str,
        #[case] text: &str,
        #[case] expected: Option<Half>,
    ) {
        assert_eq!(half_below(title, text), expected);
    }
}
