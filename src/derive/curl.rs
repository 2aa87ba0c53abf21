//! The JSON bodies of curl calls, over one line or several.

use std::borrow::Cow;

use serde_json::Value;

use super::examples::parse;

pattern! {
    static CALL = r"(?m)^\s*(?:\$\s*)?curl\b";

    /// An option that has the body, and its value in quotes.
    static BODY = r#"(?:^|\s)(?:-d|--data|--data-raw|--data-binary|--json)(?:\s+|=)\\?\s*\$?(?:'(?P<single>[^']*)'|"(?P<double>(?:[^"\\]|\\.)*)")"#;

    /// The URL of a call.
    static URL = r#"(?:^|\s)["']?(?P<url>(?:https?://|localhost|/)[^\s"']+)"#;

    /// The path of a URL with a host, or with what stands for one.
    static HOSTED = r#"(?:^|\s)["']?(?P<host>https?://[^/\s"']+|\$\{?\w+\}?|localhost(?::\d+)?|\{\{[\w.-]+\}\})(?P<path>/[^\s"'\\]*)"#;

    /// A line of comments below a call, as people write down what they saw.
    static COMMENT = r"^\s*(?:#+|//+|<)(?:\s|$)";

    /// The status of the answer there: `201`, `HTTP/1.1 201 Created`, `=> 201`, `Response: 201`.
    static ANSWERED = r"^\s*(?:(?:=>|->|→|HTTP(?:/[\d.]+)?|[A-Za-z]{1,12}:)\s*){0,2}(?P<status>[1-5]\d\d)(?:\s+[A-Z][A-Za-z' -]*)?\s*:?\s*$";

    /// A header of an answer.
    static HEADER = r"^[A-Za-z][A-Za-z0-9-]*:\s";

    /// Options by which a call sends something.
    static DATA = r"(?:^|\s)(?:-[dF]|(?:--data[\w-]*|--json|--form[\w-]*)(?:\s|=))";

    /// The option by which it sends that in its query.
    static GET = r"(?:^|\s)(?:-G|--get)(?:\s|$)";

    /// The method that a call names.
    static METHOD = r#"(?:^|\s)(?:-X\s*|--request(?:\s+|=))["']?(?P<method>[A-Za-z]+)"#;
}

/// Whether a text is a call.
pub(super) fn is_call(text: &str) -> bool {
    text.contains("curl") && CALL.is_match(text)
}

/// What a call shows. Places are those in the text.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Call<'t> {
    /// Its URL, where it has a query.
    pub url: Option<(&'t str, usize)>,
    /// The JSON bodies that it sends; `None` for one that looks like JSON and is none.
    pub bodies: Vec<(Option<Value>, usize)>,
    /// The path that it asks for, where it is told.
    pub path: Option<&'t str>,
    /// The status of its answer, where that stands below it.
    pub status: Option<(u16, usize)>,
    /// The JSON that stands below it.
    pub answer: Option<(Value, usize)>,
}

/// The calls of a text, each with the place where it begins and the place where it ends.
fn parts(text: &str) -> Vec<(usize, usize, &str, &str)> {
    let starts: Vec<usize> = CALL.find_iter(text).map(|call| call.start()).collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let parts = starts.iter().zip(ends).map(|(start, next)| {
        let whole = text.get(*start..next).unwrap_or_default();
        let end = end_of(whole);
        let (call, below) = whole.split_at_checked(end).unwrap_or((whole, ""));
        (*start, end, call, below)
    });
    parts.collect()
}

/// The calls of a text that send a body, as they are written.
pub(super) fn commands(text: &str) -> impl Iterator<Item = &str> {
    let parts = if is_call(text) {
        parts(text)
    } else {
        Vec::new()
    };
    let calls = parts.into_iter().map(|(_, _, call, _)| call);
    calls.filter(|call| DATA.is_match(call) && !GET.is_match(call))
}

/// The method of a call.
fn method_of(call: &str) -> &str {
    let sends = DATA.is_match(call) && !GET.is_match(call);
    METHOD
        .captures(call)
        .and_then(|captures| captures.name("method"))
        .map_or(if sends { "POST" } else { "GET" }, |method| method.as_str())
}

/// The methods of the calls of a text by none of some methods, with their places.
pub(super) fn of_other_methods(text: &str, methods: &[&str]) -> Vec<(String, usize)> {
    let parts = parts(text).into_iter();
    let all = parts.map(|(start, _, call, _)| (method_of(call).to_uppercase(), start));
    all.filter(|(method, _)| !methods.contains(&method.as_str()))
        .collect()
}

/// The calls of a text by one of some methods.
pub(super) fn calls<'t>(text: &'t str, methods: &[&str]) -> Vec<Call<'t>> {
    let mut found = Vec::new();
    for (start, end, call, below) in parts(text) {
        let method = method_of(call);
        if !methods.iter().any(|own| own.eq_ignore_ascii_case(method)) {
            continue;
        }
        let bodies = bodies(call, start);
        let url = URL.captures(call).and_then(|captures| {
            let url = captures.name("url")?;
            Some((url.as_str(), start + url.start()))
        });
        let (status, answer) = answered(below);
        let behind = |at: usize| start + end + at;
        found.push(Call {
            url: url.filter(|(url, _)| url.contains('?')),
            bodies,
            path: HOSTED
                .captures(call)
                .and_then(|own| own.name("path")?.as_str().split('?').next()),
            status: status.map(|(status, at)| (status, behind(at))),
            answer: answer.map(|(value, at)| (value, behind(at))),
        });
    }
    found
}

/// Something with its place in a text, if it is there.
type Placed<T> = Option<(T, usize)>;

/// What stands below a call of its answer: the status, and the JSON, each with its place. Both may be
/// written as comments.
fn answered(below: &str) -> (Placed<u16>, Placed<Value>) {
    let mut status = None;
    let mut at = 0;
    for line in below.split_inclusive('\n') {
        let mark = COMMENT.find(line).map_or(0, |mark| mark.end());
        let said = line.get(mark..).unwrap_or_default();
        let start = at + line.len() - said.trim_start().len();
        let is_status = |own: &regex::Captures<'_>| {
            let number = own.name("status")?.as_str().parse().ok()?;
            let known = http::StatusCode::from_u16(number).ok()?;
            known.canonical_reason().map(|_| number)
        };
        if said.trim_start().starts_with(['{', '[']) {
            let rest = below.get(at..).unwrap_or_default();
            let text = if mark > 0 {
                bare(rest)
            } else {
                rest.to_owned()
            };
            return (status, parse(text.trim_start()).map(|value| (value, start)));
        } else if let Some(number) = ANSWERED.captures(said).as_ref().and_then(is_status) {
            status = status.or(Some((number, start)));
        } else if mark == 0 && !said.trim().is_empty() && !HEADER.is_match(said) {
            break;
        }
        at += line.len();
    }
    (status, None)
}

/// A text of comments without their marks.
fn bare(text: &str) -> String {
    let marked = text.lines().map_while(|line| {
        let mark = COMMENT.find(line)?;
        line.get(mark.end()..)
    });
    marked.collect::<Vec<_>>().join("\n")
}

/// What the one call that a text is asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) method: String,
    pub(super) host: String,
    pub(super) path: String,
}

/// What the one call that a text is asks for, where the URL has a host.
pub(super) fn target(text: &str) -> Option<Asked> {
    let mut starts = CALL.find_iter(text);
    let start = starts.next()?.start();
    if starts.next().is_some() || !text.get(..start)?.trim().is_empty() {
        return None;
    }
    let whole = text.get(start..)?;
    let call = whole.get(..end_of(whole))?;
    let url = HOSTED.captures(call)?;
    let path = url.name("path")?.as_str().split('?').next()?;
    let host = url.name("host")?.as_str();
    Some(Asked {
        method: method_of(call).to_uppercase(),
        host: host.rsplit("//").next().unwrap_or(host).to_lowercase(),
        path: path.to_owned(),
    })
}

/// Where a call ends: at the end of its line, unless a backslash or an open quote takes it on.
fn end_of(text: &str) -> usize {
    let mut quote = None;
    let mut before = ' ';
    let mut is_begun = false;
    for (at, character) in text.char_indices() {
        is_begun |= !character.is_whitespace();
        match (character, quote) {
            ('\n', None) if before != '\\' && is_begun => return at,
            ('\'' | '"', None) => quote = Some(character),
            (own, Some(open)) if own == open && (open == '\'' || before != '\\') => quote = None,
            _ => {}
        }
        // An escaped backslash escapes nothing.
        before = if character == '\\' && before == '\\' {
            ' '
        } else {
            character
        };
    }
    text.len()
}

/// The JSON bodies that a call sends.
fn bodies(call: &str, start: usize) -> Vec<(Option<Value>, usize)> {
    let mut found = Vec::new();
    for captures in BODY.captures_iter(call) {
        let single = captures.name("single");
        let Some(body) = single.or_else(|| captures.name("double")) else {
            continue;
        };
        let text = if single.is_some() {
            Cow::Borrowed(body.as_str())
        } else {
            Cow::Owned(body.as_str().replace("\\\"", "\"").replace("\\\\", "\\"))
        };
        if text.trim_start().starts_with(['{', '[']) {
            found.push((parse(text.trim_start()), start + body.start()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case(r#"curl https://h/a -d '{"a": 1}'"#, &[json!({"a": 1})])]
    #[case("curl -X POST https://h/a \\\n  -H 'A: b' \\\n  -d '{\n  \"a\": 1,\n  \"b\": [2]\n}'", &[json!({"a": 1, "b": [2]})])]
    #[case(r#"$ curl -XPOST https://h/a --data-raw "{\"a\": \"b\"}""#, &[json!({"a": "b"})])]
    #[case(r#"curl --request POST --data='{"a": 1}' https://h/a"#, &[json!({"a": 1})])]
    #[case(r#"curl -X DELETE https://h/a -d '{"a": 1}'"#, &[])]
    #[case("curl https://h/a -d 'a=1'", &[])]
    #[case("wget https://h/a", &[])]
    fn a_call_shows_its_body(#[case] text: &str, #[case] expected: &[Value]) {
        let found: Vec<Value> = calls(text, &["POST"])
            .into_iter()
            .flat_map(|call| call.bodies)
            .filter_map(|(value, _)| value)
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[rstest]
    #[case("# 201\n# {\"a\": 1}\n", Some(201), Some(json!({"a": 1})))]
    #[case("#\n# HTTP/1.1 201 Created\n# {\n#   \"a\": 1\n# }\n", Some(201), Some(json!({"a": 1})))]
    #[case("HTTP/1.1 200 OK\nContent-Type: a/b\n\n{\"a\": 1}\n", Some(200), Some(json!({"a": 1})))]
    #[case("# => 204 No Content\n", Some(204), None)]
    #[case("# Response: 404\n", Some(404), None)]
    #[case("# 299\n# 200 things\n# ok\n", None, None)]
    #[case("echo done\n# 200\n", None, None)]
    fn comments_below_a_call_tell_its_answer(
        #[case] below: &str,
        #[case] status: Option<u16>,
        #[case] answer: Option<Value>,
    ) {
        let text = format!("curl -X POST https://h/v1/a?b=c\n{below}");
        let found = calls(&text, &["POST"]).remove(0);
        assert_eq!(found.path, Some("/v1/a"));
        assert_eq!(found.status.map(|(status, _)| status), status);
        assert_eq!(found.answer.map(|(value, _)| value), answer);
    }

    #[test]
    fn calls_by_another_method_are_told_apart() {
        let text = "curl https://h/a\ncurl -X DELETE https://h/a/7\n";
        let expected = vec![("DELETE".to_owned(), text.find("curl -X").unwrap())];
        assert_eq!(of_other_methods(text, &["GET"]), expected);
    }

    #[test]
    fn below_a_call_stands_its_answer() {
        let text =
            "$ curl 'http://h/v1/a?b=up&c=d'\n{\n  \"e\": 1\n}\n$ curl -X DELETE http://h/v1/a\n";
        let found = calls(text, &["GET"]);
        let [call] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!(call.url.map(|(url, _)| url), Some("http://h/v1/a?b=up&c=d"));
        assert_eq!(call.bodies, []);
        assert_eq!(call.answer, Some((json!({"e": 1}), 32)));
    }
}
