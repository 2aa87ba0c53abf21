//! Examples: the request lines and JSON bodies that code blocks and squashed paragraphs show.

mod calls;
mod json;
mod sides;

pub(super) use self::json::parse;
pub(super) use self::sides::take_for_answers;

use self::calls::CallAbove;
use self::json::{begins, is_json, is_of_types, is_schema};

use std::collections::BTreeSet;

use serde_json::Value;

use super::code_label;
use super::curl;
use super::declared::declares;
use super::outline::{Item, ItemKind};
use super::parameters::takes_body;
use super::path::RequestTarget;
use super::section::Section;
use super::split::Opening;
use super::stated::of_answer;
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
    /// Whether it is sent to, or answered by, the operation's own path.
    is_own: bool,
    origin: Origin,
}

impl Shown {
    /// Whether a call sends it, which may show what other parts of a page describe.
    pub(super) fn is_of_call(&self) -> bool {
        self.origin == Origin::Call
    }

    /// What the page shows elsewhere of the object that an operation answers with, or is sent.
    pub(super) fn of_answer(value: Value, line: usize, status: Option<u16>) -> Self {
        Self {
            value: Some(value),
            line,
            status,
            refusal: false,
            is_of_either: false,
            is_own: true,
            origin: Origin::Page,
        }
    }
}

impl Examples {
    /// The examples with the bodies that stand beside a target, where there are some.
    pub(super) fn with_bodies(&self, method: &str, opening: &Opening) -> Option<Self> {
        if !takes_body(method) || opening.bodies.is_empty() {
            return None;
        }
        let mut own = self.clone();
        let bodies = opening.bodies.iter().cloned();
        let of_request = |(value, line)| Shown::of_answer(value, line, None);
        own.requests.extend(bodies.map(of_request));
        Some(own)
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
    /// The successes that stand below calls, and their lines.
    pub statuses: Vec<(u16, usize)>,
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

/// The line of a text (from 1) on which a place in it stands.
fn line_at(first: usize, text: &str, offset: usize) -> usize {
    first
        + text
            .get(..offset)
            .map_or(0, |head| head.matches('\n').count())
}

/// Reads the examples of the operations that some targets open.
pub(super) fn examples(items: &[Item<'_>], targets: &[RequestTarget]) -> Examples {
    let mut found = Examples::default();
    let methods: Vec<&str> = targets.iter().map(|own| own.method.as_str()).collect();
    let methods = methods.as_slice();
    // In a section that does not say which of the two it shows, the first body after a request line
    // is the request's.
    let mut after_request_line = false;
    let mut section = Section::Other;
    // The paragraph before.
    let mut before = "";
    // The call right before.
    let mut above_call: Option<CallAbove> = None;
    // The table right before.
    let mut above = None;
    for (at, item) in items.iter().enumerate() {
        let table = above.take();
        let call = above_call.take();
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
            // What is refused shows no request that is taken.
            let below = items
                .get(at + 1)
                .filter(|below| below.unknown_label.is_none());
            let refused = below.and_then(|below| match below.kind {
                ItemKind::Code(text) => of_answer(text).filter(|(status, _)| *status >= 400),
                _ => None,
            });
            found.call(item, text, targets, refused.is_some());
            above_call = Some(CallAbove::of(text, methods));
            before = "";
            continue;
        }
        let is_of_another = call.is_some_and(|own| own.is_of_another(section));
        if in_code && is_of_another && is_json(text) {
            let why = "it answers a call of another operation".to_owned();
            found.passed_over.push((item.line, why));
            continue;
        }
        if in_code && call.is_some_and(|own| own.is_answered(section)) {
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
                is_own: true,
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
    /// Keeps what no label tells of, until the tables are known.
    fn undecided(&mut self, item: &Item<'_>, text: &str) {
        let shown = Shown {
            value: parse(text),
            line: item.line,
            status: None,
            refusal: false,
            is_of_either: true,
            is_own: true,
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
            is_own: true,
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
            is_own: true,
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

/// Whether an example is an object whose values are no types of values.
pub(super) fn is_of_values(value: &Value) -> bool {
    value.is_object() && !is_schema(value) && !is_of_types(value)
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
