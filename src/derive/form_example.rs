//! Example requests whose bodies are forms or texts: a line of pairs behind the headers, or the
//! options of a curl line.

use serde_json::{Map, Value};

use super::curl::{self, is_call};
use super::draft::{Draft, Example};
use super::finding::Findings;
use super::outline::{Item, ItemKind};
use super::section::Section;
use super::shown::confront;
use super::statement::{Kind, Node, Site};
use crate::contract::{ListStyle, MediaType, Writes, Writing};

pattern! {
    /// What an option of curl sends, where it is a pair, or several.
    static SENT_PAIRS = r"^[\w.\[\]%-]+=[^\n]*$";

    /// A line of pairs.
    static PAIRS = r"^[\w.\[\]%-]+=[^\s&=]*(?:&[\w.\[\]%-]+=[^\s&=]*)*$";

    static REQUEST_LINE = r"^\s*(?:POST|PUT|PATCH|DELETE)\s+\S+";
}

/// Whether an item is code that may show a request.
fn request_code<'p>(item: &Item<'p>) -> Option<&'p str> {
    let is_request = matches!(
        item.section,
        Section::Request | Section::RequestExample | Section::Example
    );
    match item.kind {
        ItemKind::Code(text) if is_request => Some(text),
        // A call is a request wherever it stands.
        ItemKind::Code(text) if is_call(text) => Some(text),
        _ => None,
    }
}

/// Options of curl that make a part of a body.
const OPTIONS: [&str; 8] = [
    "--data-urlencode",
    "--data-raw",
    "--data-binary",
    "--data",
    "--form-string",
    "--form",
    "-d",
    "-F",
];

/// The options of a text's calls that make a body: each with its value, as a shell takes it.
fn options(text: &str) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for call in curl::commands(text) {
        let mut words = shlex::split(call).unwrap_or_default().into_iter();
        while let Some(word) = words.next() {
            let known = |own: &&&str| word.starts_with(**own);
            let Some(option) = OPTIONS.iter().find(known) else {
                continue;
            };
            let behind = word.get(option.len()..).unwrap_or_default();
            let value = match (option.starts_with("--"), behind) {
                (_, "") => words.next(),
                (true, behind) => behind.strip_prefix('=').map(str::to_owned),
                (false, behind) => Some(behind.to_owned()),
            };
            found.extend(value.map(|value| (*option, value)));
        }
    }
    found
}

/// The media type of the body that a curl line makes by its options.
pub(super) fn media_of_curl(text: &str) -> Option<MediaType> {
    let options = options(text);
    let (option, value) = options.first()?;
    match *option {
        "-F" | "--form" | "--form-string" => Some(MediaType::Multipart),
        "--data-urlencode" => Some(MediaType::Form),
        _ => SENT_PAIRS.is_match(value.trim()).then_some(MediaType::Form),
    }
}

/// The pairs that the example requests of a page show; a file is told by its name.
pub(super) fn pairs(items: &[Item<'_>]) -> Vec<(String, String)> {
    let texts = items.iter().filter_map(request_code);
    texts.flat_map(of_code).collect()
}

/// The pairs that a block of code shows.
fn of_code(text: &str) -> Vec<(String, String)> {
    let decoded = |line: &str| -> Vec<(String, String)> {
        url::form_urlencoded::parse(line.as_bytes())
            .into_owned()
            .collect()
    };
    let mut found = Vec::new();
    for (option, value) in options(text) {
        let value = value.trim();
        match (option, value.split_once('=')) {
            ("-d" | "--data" | "--data-raw" | "--data-binary", Some(_)) => {
                if SENT_PAIRS.is_match(value) {
                    found.extend(decoded(value));
                }
            }
            (_, Some((name, value))) => {
                let value = value.strip_prefix(['@', '<']).unwrap_or(value);
                let value = value.split(";type=").next().unwrap_or(value);
                found.push((name.to_owned(), value.to_owned()));
            }
            (_, None) => {}
        }
    }
    if found.is_empty()
        && let Some(body) = body_of(text)
    {
        let line: String = body.split_whitespace().collect();
        if PAIRS.is_match(&line) {
            return decoded(&line);
        }
    }
    found
}

/// The body that a block of code shows: behind the empty line after a request line, or alone.
fn body_of(text: &str) -> Option<&str> {
    if !REQUEST_LINE.is_match(text) {
        return (!is_call(text)).then(|| text.trim());
    }
    let head = text.find("\n\n").map(|at| at + 2);
    let head = head.or_else(|| text.find("\r\n\r\n").map(|at| at + 4))?;
    let body = text.get(head..)?.trim();
    (!body.is_empty()).then_some(body)
}

/// Adds the bodies that example requests show, where they are no JSON.
pub(super) fn read(draft: &mut Draft, items: &[Item<'_>], site: &Site) {
    let writing = draft.media.writing();
    let Some(body) = &mut draft.request else {
        return;
    };
    for item in items {
        let Some(text) = request_code(item) else {
            continue;
        };
        let value = match writing {
            Writing::Form | Writing::Multipart => {
                let pairs = of_code(text);
                let is_known = |name: &str| field(&body.node, name).is_some();
                if pairs.is_empty() || !pairs.iter().any(|(name, _)| is_known(name)) {
                    continue;
                }
                value_of(&pairs, &body.node, &draft.layout)
            }
            Writing::Text => match body_of(text).filter(|_| REQUEST_LINE.is_match(text)) {
                Some(shown) => Value::from(shown),
                None => continue,
            },
            Writing::Json | Writing::Unknown => return,
        };
        let own = site.below("Example Requests", "request", item.line);
        let mut findings = Findings::default();
        confront(&mut body.node, &value, &own, "", &mut findings);
        body.examples.push(Example { value, site: own });
        draft.findings.unite(findings);
    }
}

/// The field of a name that is sent, with its own name.
fn field<'n>(node: &'n Node, sent: &str) -> Option<(&'n str, &'n Node)> {
    let bare = sent.strip_suffix("[]").unwrap_or(sent);
    let mut fields = node.properties.iter();
    let known = fields.find(|(name, _)| name == sent || name == bare)?;
    Some((known.0.as_str(), &known.1))
}

/// Pairs as the object that they mean.
fn value_of(
    pairs: &[(String, String)],
    node: &Node,
    layout: &std::collections::BTreeMap<String, Writes>,
) -> Value {
    let mut map = Map::new();
    for (sent, text) in pairs {
        let Some((name, field)) = field(node, sent) else {
            map.insert(sent.clone(), Value::from(text.as_str()));
            continue;
        };
        if !field.is(Kind::Array) {
            map.insert(name.to_owned(), typed(text, field));
            continue;
        }
        let style = layout.get(name).and_then(|writes| writes.style);
        let separator = style.and_then(ListStyle::separator);
        let items = field.items.as_deref();
        let one = |text: &str| items.map_or_else(|| Value::from(text), |items| typed(text, items));
        let values: Vec<Value> = match separator {
            Some(separator) => text.split(separator).map(one).collect(),
            None => vec![one(text)],
        };
        let list = map.entry(name).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(list) = list {
            list.extend(values);
        }
    }
    Value::Object(map)
}

/// A text as the value of a field's type.
fn typed(text: &str, field: &Node) -> Value {
    let read = if field.is(Kind::Integer) {
        text.parse::<i64>().ok().map(Value::from)
    } else if field.is(Kind::Number) {
        text.parse::<f64>().ok().map(Value::from)
    } else if field.is(Kind::Boolean) {
        text.parse::<bool>().ok().map(Value::from)
    } else {
        None
    };
    read.unwrap_or_else(|| Value::from(text))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("POST /v1/a\nContent-Type: x\n\na=1&b=x%20y", &[("a", "1"), ("b", "x y")])]
    #[case("POST /v1/a\n\na=1\n&b=2", &[("a", "1"), ("b", "2")])]
    #[case("curl -X POST https://h/v1/a -d 'a=1&b=2'", &[("a", "1"), ("b", "2")])]
    #[case("curl https://h/v1/a \\\n  --data-urlencode 'a=1 & 2' \\\n  -d b=2", &[("a", "1 & 2"), ("b", "2")])]
    #[case("curl https://h/v1/a -F 'file=@cat.png;type=image/png' -F name=cat", &[("file", "cat.png"), ("name", "cat")])]
    #[case("curl https://h/v1/a -d a=\"x y\" -d b='2'", &[("a", "x y"), ("b", "2")])]
    #[case("curl https://h/v1/a -d 'a=x y' -db=2", &[("a", "x y"), ("b", "2")])]
    #[case("curl https://h/v1/a -d \"a[b]\"=2", &[("a[b]", "2")])]
    #[case("a=1&b=2", &[("a", "1"), ("b", "2")])]
    #[case("POST /v1/a\n\n{\"a\": \"b=c\"}", &[])]
    #[case("curl https://h/v1/a -d '{\"a\": 1}'", &[])]
    fn the_pairs_of_an_example_are_read(#[case] text: &str, #[case] expected: &[(&str, &str)]) {
        let found = of_code(text);
        let found: Vec<(&str, &str)> = found.iter().map(|(a, b)| (&**a, &**b)).collect();
        assert_eq!(found, expected);
    }

    #[rstest]
    #[case("curl h -F a=1", Some(MediaType::Multipart))]
    #[case("curl h --data-urlencode a=1", Some(MediaType::Form))]
    #[case("curl h -d 'a=1&b=2'", Some(MediaType::Form))]
    #[case("curl h -d '{\"a\":1}'", None)]
    #[case("curl h", None)]
    #[case("a -d 'b=1'", None)]
    fn curl_tells_the_media_type(#[case] text: &str, #[case] expected: Option<MediaType>) {
        assert_eq!(media_of_curl(text), expected);
    }
}
