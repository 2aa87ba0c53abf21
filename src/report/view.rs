//! What several formats show alike: where a row stands, how often and how surely a finding shows,
//! and its exchange in lines, the parts at fault marked.

use serde::Serialize;
use serde_json::Value;

use crate::check::Part;
use crate::contract::{Fact, FactId, Place, Topic, parse_strict, unescape_token};
use crate::exchange::{RecordedResponse, ShownRequest, printable};
use crate::generate::COOKIE;
use crate::harness::{Finding, Related};
use crate::text::counted;

/// The most lines of one side of an exchange.
const MOST_LINES: usize = 400;

/// How deep a body is laid out; what is deeper stands on one line.
const DEPTH: usize = 32;

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Segment {
    pub(super) text: String,
    /// Whether it is the part at fault.
    pub(super) marked: bool,
}

/// A line of a request or a response.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub(super) struct Line {
    pub(super) segments: Vec<Segment>,
    /// Whether it belongs to the headers.
    pub(super) is_header: bool,
}

/// A request and its response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Sides {
    pub(super) request: Vec<Line>,
    pub(super) response: Vec<Line>,
    pub(super) elapsed_ms: u64,
}

impl Line {
    fn plain(text: &str) -> Self {
        Self::pieces(&[(text, false)])
    }

    fn marked(text: &str) -> Self {
        Self::pieces(&[(text, true)])
    }

    fn pieces(pieces: &[(&str, bool)]) -> Self {
        Self {
            segments: pieces
                .iter()
                .filter(|(text, _)| !text.is_empty())
                .map(|(text, marked)| Segment {
                    text: visible(text),
                    marked: *marked,
                })
                .collect(),
            is_header: false,
        }
    }

    fn header(mut self) -> Self {
        self.is_header = true;
        self
    }

    /// Whether any of it is at fault.
    pub(super) fn is_marked(&self) -> bool {
        self.segments.iter().any(|segment| segment.marked)
    }

    /// The whole text.
    pub(super) fn text(&self) -> String {
        self.segments
            .iter()
            .map(|segment| segment.text.as_str())
            .collect()
    }
}

/// Where a row stands: page, edition, table, row, line.
pub(crate) fn place(row: &Fact) -> String {
    let edition = row
        .edition()
        .as_ref()
        .map(|edition| format!(" ({edition})"))
        .unwrap_or_default();
    // A label is cited without the colon that it has on the page.
    let table = match row.table().trim_end_matches([':', '：']) {
        "" => String::new(),
        table => format!(", {table}"),
    };
    one_line(&format!(
        "{}{edition}{table}, row `{}`, line {}",
        row.page(),
        row.row(),
        row.line()
    ))
}

/// Where rows stand, each place once.
pub(super) fn places(rows: &[Fact]) -> Vec<String> {
    let mut places: Vec<String> = Vec::new();
    for row in rows {
        let place = place(row);
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places
}

/// A text that stays within its cell of a Markdown table.
pub(super) fn escaped_cell(text: &str) -> String {
    printable(text)
        .replace('\\', "\\\\")
        .replace('|', "\\|")
        .replace('<', "&lt;")
        .replace('\n', " ")
}

/// A text on one line, safe on a terminal and in a log.
pub(super) fn one_line(text: &str) -> String {
    printable(text)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// A text in which what a reader could not see is spelled out.
fn visible(text: &str) -> String {
    let hidden = |c: char| {
        matches!(
            c,
            '\u{200b}'..='\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{2060}' | '\u{feff}'
        )
    };
    let mut out = String::new();
    for c in printable(text).chars() {
        if hidden(c) {
            out.push_str(&format!("\\u{{{:x}}}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

/// The different values that a finding was seen with, where there is more than one.
pub(super) fn values(finding: &Finding) -> String {
    let values: Vec<String> = finding
        .examples
        .iter()
        .map(|value| one_line(value))
        .collect();
    values.join(", ")
}

/// What has the cause of a finding, each on a line.
pub(super) fn related(finding: &Finding) -> Vec<String> {
    let line = |related: &Related| {
        let Related { because, finding } = related;
        one_line(&format!(
            "{} ({}): {}",
            finding.fact,
            because.words(),
            finding.message
        ))
    };
    finding.related.iter().map(line).collect()
}

/// How often a finding was seen, and how surely it shows again.
pub(super) fn surely(finding: &Finding) -> String {
    let mut text = format!("in {}", counted(finding.seen, "case"));
    if finding.trials.len() > 1 {
        text.push_str(&format!(" of {}", counted(finding.trials.len(), "trial")));
    }
    if let Some(again) = finding.again {
        let tries = counted(again.of, "try").replace("trys", "tries");
        text.push_str(&if again.failed == again.of {
            format!("; the same request fails every time ({tries})")
        } else {
            format!("; flaky: fails in {} of {tries}", again.failed)
        });
    }
    text
}

/// The service of an operation's name.
pub(super) fn service_of(name: &str) -> &str {
    name.split("::").next().unwrap_or_default()
}

/// The exchange of a finding in lines; nothing for what was found offline.
pub(super) fn sides(finding: &Finding) -> Option<Sides> {
    let exchange = finding.exchange.as_ref()?;
    Some(Sides {
        request: cut(request_lines(&exchange.request.shown(), &finding.fact)),
        response: cut(response_lines(&exchange.response, finding.at.as_ref())),
        elapsed_ms: exchange.elapsed_ms,
    })
}

fn cut(mut lines: Vec<Line>) -> Vec<Line> {
    if lines.len() > MOST_LINES {
        let left = lines.len() - MOST_LINES;
        // What is at fault is shown wherever it stands.
        let tail: Vec<Line> = lines
            .split_off(MOST_LINES)
            .into_iter()
            .filter(Line::is_marked)
            .take(8)
            .collect();
        lines.push(Line::plain(&format!(
            "... ({})",
            counted(left, "more line")
        )));
        lines.extend(tail);
    }
    lines
}

/// A request: the method and the URL, the headers, the body; what the fact is about is marked.
fn request_lines(request: &ShownRequest, fact: &FactId) -> Vec<Line> {
    let row = fact.row();
    let place = row.as_ref().map(|row| row.place);
    let name = row.as_ref().and_then(|row| row.field.top());
    // Without scheme and host, which the curl line has.
    let url = request.url.as_str();
    let url = url
        .find("://")
        .and_then(|at| url.get(at + 3..)?.find('/').map(|path| at + 3 + path))
        .and_then(|path| url.get(path..))
        .unwrap_or(url);
    let method = format!("{} ", request.method);
    let marked = name
        .filter(|_| place == Some(Place::Query))
        .and_then(|name| query_parameter(url, name));
    let mut lines = vec![match marked {
        Some((start, end)) => Line::pieces(&[
            (&method, false),
            (url.get(..start).unwrap_or_default(), false),
            (url.get(start..end).unwrap_or_default(), true),
            (url.get(end..).unwrap_or_default(), false),
        ]),
        None => Line::pieces(&[(&method, fact.topic == Topic::OtherMethods), (url, false)]),
    }];
    for (header, value) in &request.headers {
        let is_named = name.is_some_and(|name| header.eq_ignore_ascii_case(name));
        let is_subject = place == Some(Place::Cookie) && header == COOKIE
            || place == Some(Place::Header) && is_named
            || fact.topic == Topic::Credential && header == "X-Auth-Token";
        let line = format!("{header}: {value}");
        lines.push(Line::pieces(&[(&line, is_subject)]).header());
    }
    if let Some(body) = &request.body {
        lines.push(Line::default());
        let pointer = row
            .as_ref()
            .filter(|row| row.place == Place::Request && !row.field.is_root())
            .map(|row| row.field.to_pointer());
        lines.extend(body_lines(body, pointer.as_deref()));
    }
    lines
}

/// Where a parameter stands in a URL: `name=value`, or its name alone.
fn query_parameter(url: &str, name: &str) -> Option<(usize, usize)> {
    let mut start = url.find('?')? + 1;
    for pair in url.get(start..)?.split('&') {
        let end = start + pair.len();
        if pair.split('=').next() == Some(name) {
            return Some((start, end));
        }
        start = end + 1;
    }
    None
}

/// A response: the status, the headers, the body; the part at fault is marked.
fn response_lines(response: &RecordedResponse, at: Option<&Part>) -> Vec<Line> {
    let (status, headers, body) = match response {
        RecordedResponse::Received {
            status,
            headers,
            body,
        } => (status, headers, body),
        RecordedResponse::NoAnswer { error } => {
            return vec![Line::marked(&format!("no answer: {error}"))];
        }
    };
    let mut lines = vec![Line::pieces(&[
        ("HTTP ", false),
        (&status.to_string(), at == Some(&Part::Status)),
    ])];
    let wanted = match at {
        Some(Part::Header(name)) => Some(name.as_str()),
        _ => None,
    };
    let mut found = false;
    for (name, value) in headers {
        let marked = wanted == Some(name.as_str());
        found |= marked;
        let line = format!("{name}: {value}");
        lines.push(Line::pieces(&[(&line, marked)]).header());
    }
    if let Some(name) = wanted.filter(|_| !found) {
        lines.push(Line::marked(&format!("(no `{name}` header)")).header());
    }
    let pointer = match at {
        Some(Part::Body(pointer)) => Some(pointer.as_str()),
        _ => None,
    };
    if !body.is_empty() {
        lines.push(Line::default());
        lines.extend(body_lines(body, pointer));
    } else if pointer.is_some() {
        lines.push(Line::default());
        let is_announced = |(name, value): (&String, &String)| {
            name == "transfer-encoding" || name == "content-length" && value.trim() != "0"
        };
        let text = if *status == 204 && headers.iter().any(is_announced) {
            "(a body is announced, of which nothing is read: a 204 has none)"
        } else {
            "(no body)"
        };
        lines.push(Line::marked(text));
    }
    lines
}

/// A body: JSON laid out, with the value at a pointer marked; anything else, and JSON that is at
/// fault as a whole, as it came.
fn body_lines(body: &str, pointer: Option<&str>) -> Vec<Line> {
    let as_it_came = |marked: bool| {
        body.split('\n')
            .map(|line| {
                // What a CI system would take for a command of ours, is none after a backslash.
                let text = line.trim_start();
                let is_command = text.starts_with("::") || text.starts_with("##[");
                let before = if is_command { "\\" } else { "" };
                Line::pieces(&[(before, marked), (line.trim_end_matches('\r'), marked)])
            })
            .collect()
    };
    // Laid out only where that loses nothing, such as a key that stands twice.
    let value: Value = match parse_strict(body.as_bytes()) {
        Ok(value) if pointer != Some("") => value,
        _ => return as_it_came(pointer.is_some()),
    };
    let target: Option<Vec<String>> =
        pointer.map(|pointer| pointer.split('/').skip(1).map(unescape_token).collect());
    let mut lines = Vec::new();
    lay_out(&value, target.as_deref(), ("", ""), (0, false), &mut lines);
    lines
}

/// Lays a value out. `target` is what is left of the way to the value at fault; the key stands
/// before the value, the comma after it.
fn lay_out(
    value: &Value,
    target: Option<&[String]>,
    (before, after): (&str, &str),
    (depth, inside): (usize, bool),
    lines: &mut Vec<Line>,
) {
    let marked = inside || target.is_some_and(<[String]>::is_empty);
    let indent = "  ".repeat(depth);
    let inner = "  ".repeat(depth + 1);
    let mut push = |text: &str, marked: bool| {
        lines.push(Line::pieces(&[
            (&indent, false),
            (text, marked),
            (after, false),
        ]));
    };
    let children: Vec<(String, String, &Value)> = match value {
        Value::Object(map) if !map.is_empty() || target.is_some_and(|way| !way.is_empty()) => map
            .iter()
            .map(|(name, child)| {
                (
                    name.clone(),
                    format!("{}: ", Value::from(name.as_str())),
                    child,
                )
            })
            .collect(),
        Value::Array(values) if !values.is_empty() => values
            .iter()
            .enumerate()
            .map(|(index, child)| (index.to_string(), String::new(), child))
            .collect(),
        _ => {
            push(&format!("{before}{value}"), marked);
            return;
        }
    };
    if depth >= DEPTH {
        push(&format!("{before}{value}"), marked);
        return;
    }
    let (open, close) = if value.is_array() {
        ("[", "]")
    } else {
        ("{", "}")
    };
    lines.push(Line::pieces(&[
        (&indent, false),
        (&format!("{before}{open}"), marked),
    ]));
    let next = target.and_then(<[String]>::split_first);
    let absent = next.filter(|(name, _)| !children.iter().any(|(known, _, _)| known == *name));
    let count = children.len();
    for (index, (name, key, child)) in children.iter().enumerate() {
        let comma = if index + 1 < count { "," } else { "" };
        let rest = next
            .filter(|(wanted, _)| *wanted == name)
            .map(|(_, rest)| rest);
        lay_out(child, rest, (key, comma), (depth + 1, marked), lines);
    }
    if let Some((name, _)) = absent {
        lines.push(Line::pieces(&[
            (&inner, false),
            (&format!("(no {})", Value::from(name.as_str())), true),
        ]));
    }
    lines.push(Line::pieces(&[
        (&indent, false),
        (close, marked),
        (after, false),
    ]));
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn shown(lines: &[Line]) -> String {
        let mut out = String::new();
        for line in lines {
            for segment in &line.segments {
                if segment.marked {
                    out.push_str(&format!("<{}>", segment.text));
                } else {
                    out.push_str(&segment.text);
                }
            }
            out.push('|');
        }
        out
    }

    #[rstest]
    #[case::value(
        r#"{"a":1,"b":[true]}"#,
        Some("/b/0"),
        r#"{|  "a": 1,|  "b": [|    <true>|  ]|}|"#
    )]
    #[case::object(
        r#"{"a":{"b":1}}"#,
        Some("/a"),
        r#"{|  <"a": {>|    <"b": 1>|  <}>|}|"#
    )]
    #[case::absent(r#"{"a":{}}"#, Some("/a/b"), r#"{|  "a": {|    <(no "b")>|  }|}|"#)]
    #[case::absent_at_the_root("{}", Some("/a"), r#"{|  <(no "a")>|}|"#)]
    #[case::nothing("{}", None, "{}|")]
    #[case::whole(r#"{"a":1,"a":2}"#, Some(""), r#"<{"a":1,"a":2}>|"#)]
    #[case::no_json("<b>\nx", None, "<b>|x|")]
    #[case::escaped_key(r#"{"a/b":1}"#, Some("/a~1b"), r#"{|  <"a/b": 1>|}|"#)]
    fn bodies_are_laid_out_with_the_fault_marked(
        #[case] body: &str,
        #[case] pointer: Option<&str>,
        #[case] expected: &str,
    ) {
        assert_eq!(shown(&body_lines(body, pointer)), expected);
    }

    #[rstest]
    #[case("http://x/y?limit=1&offset=2", "offset", Some("offset=2"))]
    #[case("http://x/y?limit=1&offset=2", "limit", Some("limit=1"))]
    #[case("http://x/y?limit", "limit", Some("limit"))]
    #[case("http://x/y?limits=1", "limit", None)]
    #[case("http://x/y", "limit", None)]
    fn a_parameter_is_found_by_its_whole_name(
        #[case] url: &str,
        #[case] name: &str,
        #[case] expected: Option<&str>,
    ) {
        let found = query_parameter(url, name).and_then(|(start, end)| url.get(start..end));
        assert_eq!(found, expected);
    }
}
