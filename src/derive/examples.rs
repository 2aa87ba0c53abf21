//! Examples: the request lines and JSON bodies that code blocks and squashed paragraphs show.

use serde_json::Value;

use super::outline::{Item, ItemKind, Section};

/// A request line in an example.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RequestLine {
    pub url: String,
    pub line: usize,
}

/// A JSON text of an example.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shown {
    /// The value; `None` where the text does not parse.
    pub value: Option<Value>,
    pub line: usize,
    /// The status code that it stands under.
    pub status: Option<u16>,
    /// Whether it stands where a page tells of refusals.
    pub refusal: bool,
}

/// What the examples of a page show.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Examples {
    pub request_lines: Vec<RequestLine>,
    pub requests: Vec<Shown>,
    pub responses: Vec<Shown>,
}

pattern! {
    static REQUEST_LINE =
        r"^\s*(?:GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS)\s*(?P<url>(?:https?://|/)\S+)";
}

/// The line of a text (from 1) on which a place in it stands.
fn line_at(first: usize, text: &str, offset: usize) -> usize {
    first
        + text
            .get(..offset)
            .map_or(0, |head| head.matches('\n').count())
}

/// Reads the examples of a page.
pub(super) fn examples(items: &[Item<'_>]) -> Examples {
    let mut found = Examples::default();
    // In a section that does not say which of the two it shows, the first body after a request line
    // is the request's.
    let mut after_request_line = false;
    let mut section = Section::Other;
    for item in items {
        if item.section != section {
            section = item.section;
            after_request_line = false;
        }
        let text = match item.kind {
            ItemKind::Code(text) => text.to_owned(),
            ItemKind::Paragraph(text) => text.plain.clone(),
            _ => continue,
        };
        let in_code = matches!(item.kind, ItemKind::Code(_));
        let shows = matches!(
            section,
            Section::RequestExample | Section::ResponseExample | Section::Example
        );
        let bodies = matches!(
            section,
            Section::Request | Section::Response | Section::AbnormalResponse
        );
        if !(shows || (bodies && in_code)) {
            continue;
        }
        let mut rest = 0;
        if let Some(captures) = REQUEST_LINE.captures(&text)
            && let (Some(whole), Some(url)) = (captures.get(0), captures.name("url"))
            && section != Section::ResponseExample
        {
            found.request_lines.push(RequestLine {
                url: url.as_str().to_owned(),
                line: item.line,
            });
            after_request_line = true;
            rest = whole.end();
        }
        let Some(body) = text.get(rest..) else {
            continue;
        };
        let Some(start) = body.find(['{', '[']) else {
            continue;
        };
        // Only what starts with a brace is a body: a sentence may hold braces.
        if !body.get(..start).is_some_and(|head| {
            head.trim().is_empty() || (in_code && head.lines().last().is_some_and(is_head))
        }) {
            continue;
        }
        let shown = Shown {
            value: body.get(start..).and_then(parse),
            line: line_at(item.line, &text, rest + start),
            status: item.status,
            refusal: section == Section::AbnormalResponse,
        };
        let is_request = match section {
            Section::RequestExample | Section::Request => true,
            Section::Example => after_request_line,
            _ => false,
        };
        if is_request {
            after_request_line = false;
            found.requests.push(shown);
        } else {
            found.responses.push(shown);
        }
    }
    found
}

/// What may stand on the line before a body in a code block: nothing, or headers.
fn is_head(line: &str) -> bool {
    line.trim().is_empty() || line.contains(':')
}

/// Parses the first JSON value of a text, bearing with a comma too many.
fn parse(text: &str) -> Option<Value> {
    let first = |text: &str| {
        serde_json::Deserializer::from_str(text)
            .into_iter::<Value>()
            .next()
            .and_then(Result::ok)
    };
    first(text).or_else(|| first(&without_trailing_commas(text)))
}

/// Drops commas before a closing brace, outside strings.
fn without_trailing_commas(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_string = false;
    let mut escaped = false;
    for character in text.chars() {
        if in_string {
            in_string = escaped || character != '"';
            escaped = character == '\\' && !escaped;
        } else if character == '"' {
            in_string = true;
        } else if matches!(character, '}' | ']') {
            let kept = out.trim_end().len();
            if out.get(..kept).is_some_and(|head| head.ends_with(',')) {
                out.truncate(kept - 1);
            }
        }
        out.push(character);
    }
    out
}

/// The texts that the query string of a URL has for a name, decoded.
pub(super) fn query_values(url: &str, name: &str) -> Vec<String> {
    let query = url.split_once('?').map(|(_, query)| query);
    let pairs = query.map(|query| url::form_urlencoded::parse(query.as_bytes()));
    pairs
        .into_iter()
        .flatten()
        .filter(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
        .collect()
}

/// The names in the query string of a URL.
pub(super) fn query_names(url: &str) -> Vec<String> {
    let Some((_, query)) = url.split_once('?') else {
        return Vec::new();
    };
    query
        .split('&')
        .filter_map(|pair| {
            let name = pair.split('=').next().unwrap_or_default();
            let name = name.strip_suffix("[]").unwrap_or(name);
            let named = !name.is_empty()
                && name
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
            named.then(|| name.to_owned())
        })
        .collect()
}
