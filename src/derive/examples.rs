//! Examples: the request lines and JSON bodies that code blocks and squashed paragraphs show.

mod sides;

pub(super) use self::sides::take_for_answers;

use std::collections::BTreeSet;

use serde_json::Value;

use super::code_label;
use super::curl;
use super::declared::declares;
use super::outline::{Item, ItemKind};
use super::section::Section;
use crate::page::words::{self, TypeName};
use crate::page::{Block, BlockKind, Table};

/// A request line in an example.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RequestLine {
    pub url: String,
    pub line: usize,
    /// Whether a body stands below it, which may be none that can be read.
    pub has_body: bool,
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
    /// Whether nothing says which side it shows.
    pub is_of_either: bool,
    origin: Origin,
}

impl Shown {
    /// Whether a call sends it, which may show what other parts of a page describe.
    pub(super) fn is_of_call(&self) -> bool {
        self.origin == Origin::Call
    }
}

/// Where an example is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// The page says whose it is, or shows it alone.
    Page,
    /// A call sends it, which may show what other parts of a page describe.
    Call,
    /// The label above it is of something that is not known.
    Unknown,
}

/// What the examples of a page show.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Examples {
    pub request_lines: Vec<RequestLine>,
    pub requests: Vec<Shown>,
    pub responses: Vec<Shown>,
    /// Those of a request with a body or of its answer, as no label says: whether a label stands
    /// above that is not known.
    undecided: Vec<(Shown, bool)>,
    /// What is passed over: the line of each, and why.
    pub passed_over: Vec<(usize, String)>,
}

phrases! {
    ExampleSides:

    /// Words before an example of an answer.
    static ANSWERED;
}

pattern! {
    /// The labels of the two sides of an exchange, each on a line of its own.
    static SIDE = r"(?mi)^[ \t]*(?:(?P<request>request)|response)[ \t]*:[ \t]*$";
    /// The line of an answer that states its status.
    static STATUS_LINE =
        r"(?m)^[ \t]*(?:HTTP/[\d.]+[ \t]+)?(?P<status>[1-5]\d\d)[ \t]+[A-Z][A-Za-z' -]*[ \t]*$";
    /// What stands for values in a sketch of JSON.
    static SKETCH = r#"<[A-Za-z][\w |,./-]*>|"\s*\|\s*"|\.\.\."#;
    static BODYLESS = r"^\s*(?:GET|HEAD|OPTIONS)\b";
    static REQUEST_LINE =
        r"^\s*(?:GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS)\s*(?P<url>(?:https?://|/)\S+)";
}

/// How deep an example is looked into.
const DEPTH: usize = 12;

/// How many braces of a text are looked at for the one that begins its body.
const BRACES: usize = 20;

/// The line of a text (from 1) on which a place in it stands.
fn line_at(first: usize, text: &str, offset: usize) -> usize {
    first
        + text
            .get(..offset)
            .map_or(0, |head| head.matches('\n').count())
}

/// Reads the examples of a page, whose operations have these methods.
pub(super) fn examples(items: &[Item<'_>], methods: &[&str]) -> Examples {
    let mut found = Examples::default();
    // In a section that does not say which of the two it shows, the first body after a request line
    // is the request's.
    let mut after_request_line = false;
    let mut section = Section::Other;
    // The paragraph before.
    let mut before = "";
    // Whether a call stands right before that sends nothing from a file.
    let mut after_call = false;
    // Whether that call sends a body.
    let mut sends = false;
    // The table right before.
    let mut above = None;
    for item in items {
        let table = above.take();
        let is_below_call = std::mem::take(&mut after_call);
        if item.section != section {
            section = item.section;
            after_request_line = false;
        }
        let (text, in_code) = match item.kind {
            ItemKind::Code(text) => (text, true),
            ItemKind::Paragraph(text) => (text.plain.as_str(), false),
            ItemKind::Table(table) => {
                above = Some(table);
                continue;
            }
            _ => continue,
        };
        if in_code && section != Section::ResponseExample && curl::is_call(text) {
            found.call(item, text, methods);
            after_call = !text.contains('@') && !curl::calls(text, methods).is_empty();
            sends = curl::commands(text).next().is_some();
            before = "";
            continue;
        }
        // What stands below the body of a request, without a label of its own, answers it.
        let is_answer = match section {
            Section::Operation => true,
            Section::Request | Section::RequestExample => sends,
            _ => false,
        };
        if in_code && is_below_call && is_answer {
            found.below_call(item, text);
            continue;
        }
        if !in_code {
            before = text;
        }
        // `The result has the following format:` among the fields of a request.
        let section = match section {
            Section::Request
                if in_code && item.unknown_label.is_none() && ANSWERED.is_match(before) =>
            {
                Section::ResponseExample
            }
            // What begins with the line of a request is one, whatever is announced above it.
            Section::Operation if in_code && is_request(text) && shows_body(text) => {
                Section::RequestExample
            }
            Section::Response | Section::AbnormalResponse | Section::ResponseExample
                if in_code && is_request(text) =>
            {
                Section::RequestExample
            }
            own => own,
        };
        let shows = is_example(section);
        let bodies = matches!(
            section,
            Section::Request | Section::Response | Section::AbnormalResponse
        );
        let sides = if in_code { sides(text) } else { Vec::new() };
        if !sides.is_empty() {
            for (section, start, side) in sides {
                let first = line_at(item.line, text, start);
                found.show(item, first, side, section, true, &mut after_request_line);
            }
        } else if section == Section::Operation
            && in_code
            && let Some(value) = parse(text)
            && table.is_some_and(|table| is_sent(&value, table, methods))
        {
            found.requests.push(Shown {
                value: Some(value),
                line: item.line,
                status: None,
                refusal: false,
                is_of_either: false,
                origin: Origin::Page,
            });
        } else if section == Section::Operation && in_code && is_json(text) {
            found.below_target(item, text, methods);
        } else if section == Section::Other && in_code && item.is_free && is_json(text) {
            found.undecided(item, text);
        } else if shows || (bodies && in_code) {
            found.show(
                item,
                item.line,
                text,
                section,
                in_code,
                &mut after_request_line,
            );
        }
    }
    found
}

/// Whether a block of code is a request with a body, and no answer stands below that.
fn is_request(text: &str) -> bool {
    REQUEST_LINE.is_match(text) && !BODYLESS.is_match(text) && !STATUS_LINE.is_match(text)
}

/// Whether the body in a block of code is JSON.
fn shows_body(text: &str) -> bool {
    let body = begins(text, true).and_then(|start| parse(text.get(start..)?));
    body.is_some_and(|value| !is_of_types(&value))
}

/// Whether what is shown right below a table is what a request sends: an object of the fields of its
/// rows, or the changes of a JSON Patch.
fn is_sent(value: &Value, table: &Table, methods: &[&str]) -> bool {
    let takes = |method: &&str| matches!(*method, "POST" | "PUT" | "PATCH");
    let is_change = |item: &Value| item.get("op").is_some() && item.get("path").is_some();
    let names: BTreeSet<String> = table
        .rows
        .iter()
        .filter_map(|row| row.cells.first())
        .map(|cell| cell.plain().trim().trim_matches(['`', '*']).to_owned())
        .collect();
    let is_shown = match value {
        Value::Object(map) => !map.is_empty() && map.keys().all(|key| names.contains(key)),
        Value::Array(items) => !items.is_empty() && items.iter().all(is_change),
        _ => false,
    };
    is_shown && !methods.is_empty() && methods.iter().all(takes)
}

/// The two sides of an exchange that a block of code shows whole, each behind its label, with the
/// place where it begins.
fn sides(text: &str) -> Vec<(Section, usize, &str)> {
    let labels: Vec<(Section, usize, usize)> = SIDE
        .captures_iter(text)
        .filter_map(|captures| {
            let whole = captures.get(0)?;
            let section = match captures.name("request") {
                Some(_) => Section::RequestExample,
                None => Section::ResponseExample,
            };
            Some((section, whole.start(), whole.end()))
        })
        .collect();
    labels
        .iter()
        .enumerate()
        .filter_map(|(at, (section, _, from))| {
            let to = labels.get(at + 1).map_or(text.len(), |(_, next, _)| *next);
            Some((*section, *from, text.get(*from..to)?))
        })
        .collect()
}

impl Examples {
    /// Adds what a call shows: the query of its URL, the bodies that it sends, and the answer below
    /// it.
    fn call(&mut self, item: &Item<'_>, text: &str, methods: &[&str]) {
        for (method, at) in curl::of_other_methods(text, methods) {
            let why = format!("a call by `{method}` shows another operation, and is not read");
            self.passed_over.push((line_at(item.line, text, at), why));
        }
        for call in curl::calls(text, methods) {
            let line = |at: usize| line_at(item.line, text, at);
            for (value, at) in &call.bodies {
                self.requests.push(Shown {
                    value: value.clone(),
                    line: line(*at),
                    status: None,
                    refusal: false,
                    is_of_either: false,
                    origin: Origin::Call,
                });
            }
            if let Some((url, at)) = call.url.filter(|_| call.bodies.is_empty()) {
                self.request_lines.push(RequestLine {
                    url: url.to_owned(),
                    line: line(at),
                    has_body: false,
                });
            }
            if let Some((value, at)) = call.answer {
                self.responses.push(Shown {
                    value: Some(value),
                    line: line(at),
                    status: item.status,
                    refusal: false,
                    is_of_either: false,
                    origin: Origin::Page,
                });
            }
        }
    }

    /// Adds the answer that stands right below a call, where no label says of what it is.
    fn below_call(&mut self, item: &Item<'_>, text: &str) {
        let shown = text.trim_start();
        let value = shown.starts_with(['{', '[']).then(|| parse(shown));
        if let Some(value) = value.flatten() {
            self.responses.push(Shown {
                value: Some(value),
                line: line_at(item.line, text, text.len() - shown.len()),
                status: item.status,
                refusal: false,
                is_of_either: false,
                origin: Origin::Page,
            });
        }
    }

    /// Keeps what no label tells of, until the tables are known.
    fn undecided(&mut self, item: &Item<'_>, text: &str) {
        let shown = Shown {
            value: parse(text),
            line: item.line,
            status: None,
            refusal: false,
            is_of_either: true,
            origin: Origin::Page,
        };
        self.undecided.push((shown, item.unknown_label.is_some()));
    }

    /// Adds what stands below a target without a label: a method that sends nothing is answered with
    /// it.
    fn below_target(&mut self, item: &Item<'_>, text: &str, methods: &[&str]) {
        let is_answer = methods.iter().all(|own| matches!(*own, "GET" | "HEAD"));
        if !is_answer || item.unknown_label.is_some() {
            self.undecided(item, text);
            return;
        }
        self.responses.push(Shown {
            value: parse(text),
            line: item.line,
            status: item.status,
            refusal: false,
            is_of_either: true,
            origin: Origin::Page,
        });
    }

    /// Adds what a text shows.
    fn show(
        &mut self,
        item: &Item<'_>,
        first: usize,
        text: &str,
        section: Section,
        in_code: bool,
        after_request_line: &mut bool,
    ) {
        if item.unknown_label.is_some_and(code_label::is_of_refused) {
            let why = "its label says that it is sent in vain";
            self.passed_over.push((first, why.to_owned()));
            return;
        }
        let mut rest = 0;
        if let Some(captures) = REQUEST_LINE.captures(text)
            && let (Some(whole), Some(url)) = (captures.get(0), captures.name("url"))
            && section != Section::ResponseExample
        {
            let below = text.get(whole.end()..).unwrap_or_default();
            let opens = |line: &str| line.trim_start().starts_with(['{', '[', '<']);
            self.request_lines.push(RequestLine {
                url: url.as_str().to_owned(),
                line: first,
                has_body: below.lines().skip(1).any(opens),
            });
            // What stands below the line of a request without a body is its answer.
            *after_request_line = !BODYLESS.is_match(whole.as_str());
            rest = whole.end();
        }
        let Some(body) = text.get(rest..) else {
            return;
        };
        if in_code && declares(body) {
            let why = "fields are declared in code there, which is not read: expected a table, \
                       bullets, or JSON";
            self.passed_over
                .push((line_at(first, text, rest), why.to_owned()));
            return;
        }
        let Some(start) = begins(body, in_code) else {
            return;
        };
        let status = item.status.or_else(|| {
            let head = body.get(..start)?;
            STATUS_LINE
                .captures(head)?
                .name("status")?
                .as_str()
                .parse()
                .ok()
        });
        if let Some(status @ (204 | 205 | 304)) = status {
            let why = format!("an answer with {status} has no body, and one is shown");
            self.passed_over
                .push((line_at(first, text, rest + start), why));
            return;
        }
        let value = body.get(start..).and_then(parse);
        // What stands for values is written for people.
        let why = match &value {
            None => body
                .get(start..)
                .filter(|text| SKETCH.is_match(text))
                .map(|_| "an example is a sketch with words for values, and no JSON"),
            Some(value) if is_schema(value) => Some("a schema is shown, and no example"),
            Some(value) => {
                is_of_types(value).then_some("an example is a sketch: its values are types")
            }
        };
        if let Some(why) = why {
            let line = line_at(first, text, rest + start);
            self.passed_over.push((line, why.to_owned()));
            return;
        }
        let shown = Shown {
            value,
            line: line_at(first, text, rest + start),
            status,
            refusal: section == Section::AbnormalResponse,
            is_of_either: section == Section::Example && status.is_none() && !*after_request_line,
            origin: if item.unknown_label.is_some() {
                Origin::Unknown
            } else {
                Origin::Page
            },
        };
        let is_request = match section {
            Section::RequestExample | Section::Request => true,
            Section::Example => *after_request_line,
            _ => false,
        };
        if is_request {
            *after_request_line = false;
            self.requests.push(shown);
        } else {
            self.responses.push(shown);
        }
    }
}

fn is_example(section: Section) -> bool {
    matches!(
        section,
        Section::RequestExample | Section::ResponseExample | Section::Example
    )
}

/// Whether a text is an object or a list in JSON.
fn is_json(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with(['{', '[']) && parse(text).is_some()
}

/// The objects that code blocks of a page show, whatever they are examples of.
pub(super) fn of_page(blocks: &[&Block]) -> Vec<Value> {
    blocks
        .iter()
        .filter_map(|block| match &block.kind {
            BlockKind::Code { text, .. } => Some(text.as_str()),
            _ => None,
        })
        .filter(|text| text.trim_start().starts_with('{'))
        .filter_map(parse)
        .collect()
}

/// Whether all values of an example are the names of types, of which one is no text's, or stands in
/// angle brackets: `{"q": "<string>", "limit": "integer"}`. What generators show as a text is the
/// word for one, beside numbers that are numbers.
fn is_of_types(value: &Value) -> bool {
    let mut texts = Vec::new();
    if !gather_texts(value, &mut texts, 0) || texts.len() < 2 {
        return false;
    }
    let kind = |text: &str| {
        let text = text.trim_start_matches(['<', '{', '$', '(']);
        let end = text.find(|c: char| !c.is_alphanumeric() && c != '-');
        words::parse_type(text.get(..end.unwrap_or(text.len()))?)
    };
    let is_other = |text: &&str| text.starts_with('<') || kind(text) != Some(TypeName::String);
    texts.iter().all(|text| kind(text).is_some())
        && texts.iter().any(|text| is_other(&text.as_str()))
}

/// Whether an example is a JSON Schema, which describes the body and is none.
fn is_schema(value: &Value) -> bool {
    let says_so = value.get("$schema").is_some_and(Value::is_string);
    let is_of_object = value.get("type").and_then(Value::as_str) == Some("object");
    let properties = value.get("properties").and_then(Value::as_object);
    let describes = properties.is_some_and(|own| {
        let mut inner = own.values();
        inner.all(|own| own.get("type").is_some() || own.get("$ref").is_some())
    });
    (says_so || is_of_object) && describes
}

/// Gathers the texts of a value, however deep; whether it has no other plain values.
fn gather_texts(value: &Value, texts: &mut Vec<String>, depth: usize) -> bool {
    match value {
        Value::String(text) => {
            texts.push(text.trim().to_owned());
            true
        }
        Value::Array(items) => {
            depth < DEPTH
                && items
                    .iter()
                    .all(|item| gather_texts(item, texts, depth + 1))
        }
        Value::Object(map) => {
            depth < DEPTH
                && map
                    .values()
                    .all(|item| gather_texts(item, texts, depth + 1))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Where a text's body begins. Only what starts with a brace is one: a sentence may hold braces, and
/// a header may have a placeholder in them.
fn begins(text: &str, in_code: bool) -> Option<usize> {
    let first = text.find(['{', '['])?;
    let line_of = |at: usize| {
        let head = text.get(..at).unwrap_or_default();
        head.rsplit('\n').next().unwrap_or_default()
    };
    let is_value = |at: usize| text.get(at..).and_then(parse).is_some();
    let is_alone = |at: &usize| in_code && line_of(*at).trim().is_empty() && is_value(*at);
    let is_first = text.get(..first).is_some_and(|head| head.trim().is_empty());
    // Behind the headers of a request, what begins a line is the body, whether or not it is JSON.
    let begins_line = in_code && line_of(first).trim().is_empty();
    if is_first || begins_line && goes_over_lines(text, first) {
        return Some(first);
    }
    let braces = text.match_indices(['{', '[']).map(|(at, _)| at);
    let found = if is_value(first) {
        None
    } else {
        braces.take(BRACES).find(is_alone)
    };
    found.or_else(|| (in_code && is_head(line_of(first))).then_some(first))
}

/// Whether nothing else stands on the line of a brace, as in a body of several lines.
fn goes_over_lines(text: &str, at: usize) -> bool {
    let line = text.get(at + 1..).and_then(|rest| rest.lines().next());
    line.is_none_or(|line| line.trim().is_empty())
}

/// What may stand on the line before a body in a code block: nothing, headers, or a status.
fn is_head(line: &str) -> bool {
    line.trim().is_empty() || line.contains(':') || STATUS_LINE.is_match(line)
}

/// Parses the first JSON value of a text, bearing with a comma too many and comments beside values.
pub(super) fn parse(text: &str) -> Option<Value> {
    let first = |text: &str| {
        serde_json::Deserializer::from_str(text)
            .into_iter::<Value>()
            .next()
            .and_then(Result::ok)
    };
    first(text).or_else(|| first(&without_trailing_commas(&without_comments(text))))
}

/// Drops what people write beside the values of an example, outside strings: `// ...` and `/* ... */`.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut in_string = false;
    while let Some(character) = rest.chars().next() {
        let end = match rest.get(..2) {
            Some("//") if !in_string => Some(rest.find('\n').unwrap_or(rest.len())),
            Some("/*") if !in_string => Some(rest.find("*/").map_or(rest.len(), |at| at + 2)),
            _ => None,
        };
        if let Some(end) = end {
            rest = rest.get(end..).unwrap_or_default();
            continue;
        }
        in_string ^= character == '"';
        // What is escaped ends no string.
        let taken = if in_string && character == '\\' {
            rest.chars().take(2).map(char::len_utf8).sum()
        } else {
            character.len_utf8()
        };
        let Some((own, behind)) = rest.split_at_checked(taken) else {
            break;
        };
        out.push_str(own);
        rest = behind;
    }
    out
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

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::alone("{\"a\": 1}", Some("{\"a\": 1}"))]
    #[case::behind_a_header("Content-Type: x\n\n{\"a\": 1}", Some("{\"a\": 1}"))]
    #[case::behind_a_placeholder(
        "Headers:\n  Token: {token}\n\nContent:\n{\"a\": 1}",
        Some("{\"a\": 1}")
    )]
    #[case::placeholder_alone("Headers:\n  Token: {token}\n", Some("{token}\n"))]
    #[case::sentence("The set {a} is empty.", None)]
    fn a_body_begins_where_its_brace_does(#[case] text: &str, #[case] expected: Option<&str>) {
        let body = begins(text, true).and_then(|start| text.get(start..));
        assert_eq!(body, expected);
    }

    #[rstest]
    #[case::comments("{\"a\": 1, // one\n \"b\": /* two */ 2}", r#"{"a":1,"b":2}"#)]
    #[case::commas("{\"a\": [1, 2, ], }", r#"{"a":[1,2]}"#)]
    #[case::what_is_no_comment(
        r#"{"a": "http://b/*c", "d": "\"//", "e":1,}"#,
        r#"{"a":"http://b/*c","d":"\"//","e":1}"#
    )]
    fn what_people_add_to_json_is_borne_with(#[case] text: &str, #[case] expected: &str) {
        let value = parse(text).map(|value| value.to_string());
        assert_eq!(value.as_deref(), Some(expected));
    }
}
