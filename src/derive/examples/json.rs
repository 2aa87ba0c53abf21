//! The JSON that texts of examples have: where it begins, what people add to it, and what only looks
//! like an example.

use serde_json::Value;

use super::STATUS_LINE;
use crate::page::words::{self, TypeName};

/// How deep an example is looked into.
const DEPTH: usize = 12;

/// How many braces of a text are looked at for the one that begins its body.
const BRACES: usize = 20;

/// Whether a text is an object or a list in JSON.
pub(super) fn is_json(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with(['{', '[']) && parse(text).is_some()
}

/// Whether all values of an example are the names of types, of which one is no text's, or stands in
/// angle brackets: `{"q": "<string>", "limit": "integer"}`. What generators show as a text is the
/// word for one, beside numbers that are numbers.
pub(super) fn is_of_types(value: &Value) -> bool {
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
pub(super) fn is_schema(value: &Value) -> bool {
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
pub(super) fn begins(text: &str, in_code: bool) -> Option<usize> {
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
pub(in crate::derive) fn parse(text: &str) -> Option<Value> {
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
