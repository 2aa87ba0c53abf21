//! Paths as pages write them, as templates, with what stands in their queries.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::converter::{Converter, converters};
use crate::contract::Action;
use crate::pattern::compile;

/// The method and path of an operation, and where they stand.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RequestTarget {
    pub method: String,
    pub path: String,
    /// The names in the query string that the URI shows.
    pub query: Vec<String>,
    /// The path with all that may be left out, where there is such.
    pub longest: Option<String>,
    /// What the path says of the values of its parameters.
    pub converters: Vec<Converter>,
    pub line: usize,
    pub section: String,
}

pattern! {
    /// A link in a path: its words are the path's.
    static LINK = r"\[([^\]\[]*)\]\([^()\s]*\)";

    /// A parameter with its converter: `(int:id)`, `<path:file>`.
    static CONVERTED = r"[(<](?:string|str|int|integer|float|number|path|uuid|any|bool|slug):(?P<name>[A-Za-z_][\w-]*)[)>]";

    /// A pair of a query that stands for any.
    static PLACEHOLDER = r"(?i)^(?:options?|param(?:eter)?s?|key|arg(?:ument)?|field)\d?=\{?(?:value|val)\d?\}?$";

    /// A placeholder in capitals: `YOUR_INSTANCE`, `USER_ID`.
    static ALL_CAPITALS = r"^[A-Z]{3,}$";
    static CAPITALS = r"^(?P<name>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|ID|UUID|GUID|NAME)(?P<form>\.[a-z]{2,5})?$";
}

phrases! {
    PathWords:

    /// A word in brackets behind a path that says something of the operation.
    static REMARK;
}

/// Spellings of parameters that frameworks and RFC 6570 have, and the one that is read: each in the
/// place of the one before.
static SPELLINGS: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    // A word about the operation behind its path, which no key of OData is.
    let remark = (compile(REMARK.part()), "");
    let parameters = [
        // RFC 6570, sections 3.2.8, 3.2.9: a query; 3.2.6: a part that may be left out.
        (r"\{[?&](?P<names>[\w.,*-]+)\}$", "?$names"),
        (r"\{/(?P<name>[\w.-]+)\*?\}", "[/{$name}]"),
        // A part that may be left out, as routers write it.
        (r"/\{(?P<name>[\w.-]+)\?\}", "[/{$name}]"),
        (r"/:(?P<name>[A-Za-z_]\w*)\?(?P<end>/|$)", "[/:$name]$end"),
        // What a value may be: `{id:[0-9]+}`, `{id:int}`, `:id(\d+)`.
        (
            r"\{(?P<name>[A-Za-z_][\w.-]*)\s*:(?:[^{}]|\{\d+(?:,\d*)?\})*\}",
            "{$name}",
        ),
        (r"/:(?P<name>[A-Za-z_]\w*)\([^()/]*\)", "/:$name"),
        // Values with slashes in them.
        (r"\{(?:\+|#|\*{1,2}|\.{3})(?P<name>[\w.-]+)\}", "{$name}"),
        (
            r"\{(?P<name>[A-Za-z_][\w-]*)(?:\.{3}|\*{1,2}|\+)\}",
            "{$name}",
        ),
        (r"/\*(?P<end>/|$)", "/{wildcard}$end"),
        // As code puts a value into a text.
        (r"[$#]\{(?P<name>[\w.-]+)\}", "{$name}"),
        // As shells do.
        (r"/\$(?P<name>[A-Z][A-Z0-9_]*[A-Z0-9])", "/{$name}"),
        (r"/%(?P<name>[A-Za-z_]\w+)%(?P<end>/|$)", "/{$name}$end"),
        (r"/\[:(?P<name>[A-Za-z_]\w*)\]", "/{$name}"),
        (
            r"/:(?P<one>[A-Za-z_]\w*)(?P<sign>[-.,])?:(?P<other>[A-Za-z_]\w*)",
            "/{$one}$sign{$other}",
        ),
        // A name with the form that is asked for behind it.
        (
            r"/<(?P<name>[A-Za-z_][\w-]*)>(?P<form>\.[a-z]{2,5})(?P<end>[?]|$)",
            "/{$name}$form$end",
        ),
        // A name with hyphens, where no second parameter follows.
        (
            r"/:(?P<name>[A-Za-z_]\w*(?:-[A-Za-z_]\w*)+)(?P<end>[/.?]|$)",
            "/{$name}$end",
        ),
    ]
    .map(|(pattern, read)| (compile(pattern), read));
    std::iter::once(remark).chain(parameters).collect()
});

/// A path whose parameters are spelled in one of the ways that are read below.
fn spelled(raw: &str) -> Cow<'_, str> {
    if !raw.contains(['{', ':', '*', '$', '%', '#', '<']) && !raw.ends_with([')', '）']) {
        return Cow::Borrowed(raw);
    }
    let mut path = Cow::Borrowed(raw);
    for (pattern, read) in SPELLINGS.iter() {
        if pattern.is_match(&path) {
            path = Cow::Owned(pattern.replace_all(&path, *read).into_owned());
        }
    }
    path
}

/// The ways to write a path of which parts may be left out (`[/{id}]`, `(/:id)`, one within another):
/// none of them, the first, the first two, and so on.
fn ways(path: &str) -> Vec<String> {
    let mut parts: Vec<(bool, String)> = vec![(false, String::new())];
    let mut open = Vec::new();
    let mut signs = path.chars().peekable();
    while let Some(sign) = signs.next() {
        let is_optional = match signs.peek() {
            Some('/') => true,
            // A form that may be asked for: `[.{format}]`.
            Some('.') => sign == '[',
            _ => false,
        };
        match (sign, open.last()) {
            ('[' | '(', _) => {
                open.push((if sign == '[' { ']' } else { ')' }, is_optional));
                if is_optional {
                    parts.push((true, String::new()));
                    continue;
                }
            }
            (own, Some((close, was_optional))) if own == *close => {
                let was_optional = *was_optional;
                open.pop();
                if was_optional {
                    parts.push((open.iter().any(|(_, own)| *own), String::new()));
                    continue;
                }
            }
            _ => {}
        }
        if let Some((_, text)) = parts.last_mut() {
            text.push(sign);
        }
    }
    let optional: Vec<usize> = (0..parts.len())
        .filter(|at| {
            parts
                .get(*at)
                .is_some_and(|(own, text)| *own && !text.is_empty())
        })
        .collect();
    if !open.is_empty() || optional.is_empty() {
        return vec![path.to_owned()];
    }
    (0..=optional.len())
        .map(|count| {
            let is_there = |at: usize| optional.iter().take(count).any(|own| *own == at);
            let kept = parts.iter().enumerate();
            kept.filter(|(at, (is_optional, _))| !is_optional || is_there(*at))
                .map(|(_, (_, text))| text.as_str())
                .collect()
        })
        .collect()
}

/// The target of a method and a path as written, without what may be left out.
pub(super) fn made(method: &str, raw: &str, line: usize, section: &str) -> RequestTarget {
    let raw = LINK.replace_all(raw, "$1");
    let converters = converters(&raw);
    let raw = spelled(&raw);
    if Action::of(&raw).is_some() {
        let path = match raw.split_once('?') {
            Some((path, query)) => format!("{}?{query}", clean_path(path)),
            None => raw.into_owned(),
        };
        return RequestTarget {
            method: method.to_uppercase(),
            path,
            query: Vec::new(),
            longest: None,
            converters,
            line,
            section: section.to_owned(),
        };
    }
    let (path, query) = raw.split_once('?').unwrap_or((&raw, ""));
    let query = query
        .split(['&', ','])
        .filter(|pair| !PLACEHOLDER.is_match(pair))
        .filter_map(|pair| pair.trim_end_matches('*').split('=').next())
        .filter(|name| {
            !name.is_empty()
                && name
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        })
        .map(str::to_owned)
        .collect();
    RequestTarget {
        method: method.to_uppercase(),
        path: clean_path(path),
        query,
        longest: ways(path)
            .get(1..)
            .and_then(<[_]>::last)
            .map(|way| clean_path(way)),
        converters,
        line,
        section: if section.is_empty() {
            "URI".to_owned()
        } else {
            section.to_owned()
        },
    }
}

/// A path template without escapes or emphasis: `{_project_id_}` is `{project_id}`, and so are
/// `:project_id`, `<project_id>`, `[project_id]`, `(string:project_id)` and `%7Bproject_id%7D`. A
/// part that may be left out is.
pub(super) fn clean_path(path: &str) -> String {
    let path = path
        .replace(['\\', '*', ' '], "")
        .replace("%7B", "{")
        .replace("%7b", "{")
        .replace("%7D", "}")
        .replace("%7d", "}");
    let path = ways(&path).swap_remove(0);
    let path = CONVERTED.replace_all(&path, "{$name}");
    // Where the path has no small letter, capitals are how it is written.
    let has_small = path.contains(|c: char| c.is_ascii_lowercase());
    let is_named = has_small && path.split('/').any(|own| CAPITALS.is_match(own));
    let mut out = String::new();
    let mut before = "";
    for (index, segment) in path.split('/').enumerate() {
        if index > 0 {
            out.push('/');
        }
        // One of what stands before it: `/clients/CLIENT`.
        let is_one = has_small && !before.is_empty() && {
            before.starts_with(&segment.to_ascii_lowercase()) && before != segment
        };
        if has_small && CAPITALS.is_match(segment) {
            out.push_str(&CAPITALS.replace(segment, "{$name}$form"));
        } else if (is_named || is_one) && ALL_CAPITALS.is_match(segment) {
            out.push_str(&format!("{{{segment}}}"));
        } else {
            out.push_str(&segment_of(segment));
        }
        before = segment;
    }
    let marks = ['.', '。', '"', '”', ':', '：', ',', '，', ';', '；'];
    let shown = out.trim_end_matches(marks);
    let bare = shown.trim_end_matches(|c| c == '/' || marks.contains(&c));
    // A service may have nothing at a path without the slash at its end.
    if shown.ends_with('/') {
        format!("{bare}/")
    } else {
        bare.to_owned()
    }
}

/// A segment of a path with its parameter in braces.
fn segment_of(segment: &str) -> String {
    let name = |inner: &str| {
        let clean: String = inner
            .trim_matches(['_', '@', ' '])
            // As routers spell a parameter, in marks of its own.
            .trim_start_matches(':')
            .chars()
            .map(|c| if c.is_whitespace() { '_' } else { c })
            .collect();
        format!("{{{clean}}}")
    };
    if let Some(inner) = segment
        .strip_prefix('{')
        .and_then(|inner| inner.strip_suffix('}'))
    {
        let inner = inner.trim_matches('_');
        return format!("{{{}}}", inner.strip_prefix(':').unwrap_or(inner));
    }
    if let Some(inner) = segment
        .strip_prefix('<')
        .and_then(|inner| inner.strip_suffix('>'))
        .filter(|inner| !inner.contains(['<', '>']))
    {
        return name(inner);
    }
    let in_brackets = |open: char, close: char| {
        segment
            .strip_prefix(open)
            .and_then(|inner| inner.strip_suffix(close))
    };
    if let Some(inner) = in_brackets('(', ')')
        .or_else(|| in_brackets('[', ']'))
        .filter(|inner| inner.starts_with(|c: char| c.is_ascii_alphabetic()))
        .filter(|inner| {
            inner
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ' ' | '-'))
        })
    {
        return name(inner);
    }
    if let Some(rest) = segment.strip_prefix(':') {
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        if let (Some(inner), Some(tail)) = (rest.get(..end), rest.get(end..))
            && !inner.is_empty()
        {
            return format!("{}{tail}", name(inner));
        }
    }
    segment.to_owned()
}

/// A path template with the names of its parameters left out: what two editions of one operation
/// share. One of them may have a slash at its end.
pub(super) fn shape(path: &str) -> String {
    path.trim_end_matches('/')
        .split('/')
        .map(|segment| {
            if segment.starts_with('{') {
                "{}"
            } else {
                segment
            }
        })
        .collect::<Vec<_>>()
        .join("/")
}

/// The names of a path template's parameters, in order.
pub(super) fn path_names(path: &str) -> Vec<&str> {
    path.split('{')
        .skip(1)
        .filter_map(|part| Some(part.split_once('}')?.0))
        .filter(|name| !name.contains('/'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("/v2/{_project_id_}/a", "/v2/{project_id}/a")]
    #[case("/v2/\\{project\\_id\\}/a", "/v2/{project_id}/a")]
    #[case("/v2/%7Bproject_id%7D/a", "/v2/{project_id}/a")]
    #[case("/v1/a/", "/v1/a/")]
    #[case("/v1/a/.", "/v1/a/")]
    #[case("/v1/a:", "/v1/a")]
    #[case("/v1/a:start", "/v1/a:start")]
    #[case("/", "/")]
    #[case("/teams/:team/jobs/<job>", "/teams/{team}/jobs/{job}")]
    #[case("/teams/{team.id}", "/teams/{team.id}")]
    #[case("/teams/<:team-id>/jobs/{:job}", "/teams/{team-id}/jobs/{job}")]
    #[case("/teams/TEAM_ID/jobs/YOUR_JOB", "/teams/{TEAM_ID}/jobs/{YOUR_JOB}")]
    #[case("/docks/DOCK_ID.json", "/docks/{DOCK_ID}.json")]
    #[case("/clients/CLIENT/keys/KEY", "/clients/{CLIENT}/keys/{KEY}")]
    #[case("/data/NAME/ITEM", "/data/{NAME}/{ITEM}")]
    #[case("/rates/USD", "/rates/USD")]
    #[case("/WEB_INF/A", "/WEB_INF/A")]
    #[case("/teams/ALL", "/teams/ALL")]
    #[case("/job/[ID]/runs/[RUN-NO]", "/job/{ID}/runs/{RUN-NO}")]
    #[case("/hash(/:algorithm)", "/hash")]
    #[case("/volumes/(name)", "/volumes/{name}")]
    #[case("/files/(string:place)/(path:file)", "/files/{place}/{file}")]
    #[case("/files/<int:id>.json", "/files/{id}.json")]
    #[case("/volumes/(id or name)/json", "/volumes/{idorname}/json")]
    #[case("/purge/<room>[/<event>]", "/purge/{room}")]
    fn path_is_cleaned(#[case] raw: &str, #[case] clean: &str) {
        assert_eq!(clean_path(raw), clean);
    }

    #[rstest]
    #[case("/look{?q,limit}", "/look", &["q", "limit"], None)]
    #[case("/x/{id?}", "/x", &[], Some("/x/{id}"))]
    #[case("/x/:id?", "/x", &[], Some("/x/{id}"))]
    #[case("/x/:id?full=1", "/x/{id}", &["full"], None)]
    #[case("/files/<id>.json", "/files/{id}.json", &[], None)]
    #[case("/x/:id(\\d+)", "/x/{id}", &[], None)]
    #[case("/files/{path:.*}", "/files/{path}", &[], None)]
    #[case("/files/{id:[0-9]{3,8}}", "/files/{id}", &[], None)]
    #[case("/files/{+path}", "/files/{path}", &[], None)]
    #[case("/files/{path...}", "/files/{path}", &[], None)]
    #[case("/files/*", "/files/{wildcard}", &[], None)]
    #[case("/a/$count", "/a/$count", &[], None)]
    #[case("/x/#{id}", "/x/{id}", &[], None)]
    #[case("/x/%id%", "/x/{id}", &[], None)]
    #[case("/x/$TOKEN/y/$USER_ID", "/x/{TOKEN}/y/{USER_ID}", &[], None)]
    #[case("/x/[:id]", "/x/{id}", &[], None)]
    #[case("/things/ID/SUB_ID", "/things/{ID}/{SUB_ID}", &[], None)]
    #[case("/x/:user-id", "/x/{user-id}", &[], None)]
    #[case("/x/:from-:to", "/x/{from}-{to}", &[], None)]
    #[case("/search?q={query}&limit={n}", "/search", &["q", "limit"], None)]
    #[case("/x/{a},{b}", "/x/{a},{b}", &[], None)]
    #[case("/orders/level2(Recommend)", "/orders/level2", &[], None)]
    #[case("/orders（推荐）", "/orders", &[], None)]
    #[case("/orders(id)", "/orders(id)", &[], None)]
    #[case("/orders('{id}')", "/orders('{id}')", &[], None)]
    fn each_spelling_of_a_path_is_read(
        #[case] raw: &str,
        #[case] path: &str,
        #[case] query: &[&str],
        #[case] longest: Option<&str>,
    ) {
        let target = made("GET", raw, 1, "");
        assert_eq!(target.path, path);
        assert_eq!(target.query, query);
        assert_eq!(target.longest.as_deref(), longest);
    }

    #[rstest]
    #[case("/a/{id}", "/a/{id}", None)]
    #[case("/hash(/:algorithm)", "/hash", Some("/hash/{algorithm}"))]
    #[case(
        "/purge/<room>[/<event>]?a=1",
        "/purge/{room}",
        Some("/purge/{room}/{event}")
    )]
    #[case("/a[/{b}[/{c}]]", "/a", Some("/a/{b}/{c}"))]
    #[case("/a[/{b}]/d", "/a/d", Some("/a/{b}/d"))]
    #[case("/a(/:b)(/:c)", "/a", Some("/a/{b}/{c}"))]
    #[case(
        "/files/(string:place)(/:part)",
        "/files/{place}",
        Some("/files/{place}/{part}")
    )]
    #[case("/{a}/{b}[.{form}]?option=value", "/{a}/{b}", Some("/{a}/{b}.{form}"))]
    #[case("/a[/{b}", "/a[/{b}", None)]
    fn parts_of_a_path_may_be_left_out(
        #[case] raw: &str,
        #[case] path: &str,
        #[case] longest: Option<&str>,
    ) {
        let target = made("GET", raw, 1, "");
        assert_eq!(target.path, path);
        assert_eq!(target.longest.as_deref(), longest);
    }

    #[test]
    fn links_in_a_path_are_its_words() {
        let target = made(
            "GET",
            "/teams/[\\{team.id\\}](/docs/team#object)/jobs?limit=5",
            1,
            "",
        );
        assert_eq!(target.path, "/teams/{team.id}/jobs");
        assert_eq!(target.query, ["limit"]);
    }
}
