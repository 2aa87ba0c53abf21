//! What an observation saw, in a form that is the same from run to run: without identities, times and other values that nobody chose. Deviations
//! are keyed by it, so that a fact that comes to be broken in another way is told from the one that was accepted.

use regex::Regex;

use crate::exchange::{Exchange, TransportError};
use crate::pattern::compile;

use super::Observation;

/// What changes from run to run within a text, and the word that stands for it. In this order: what an earlier one took is no longer there.
const VOLATILE: &[(&str, &str)] = &[
    (
        r"(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b",
        "<id>",
    ),
    (
        r"\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?",
        "<time>",
    ),
    (r"(?i)\b[0-9a-f]*\d[0-9a-f]{15,}(?:(?:in|no)\d+)?\b", "<id>"),
];

pattern! {
    static PATTERNS: Vec<(Regex, &'static str)> = VOLATILE
        .iter()
        .map(|(text, word)| (compile(text), *word))
        .collect();
}

/// What an observation saw, normalised.
pub fn observed(observation: &Observation, exchange: &Exchange) -> String {
    match (observation.check, &exchange.outcome) {
        ("status", Ok(answer)) => format!("answered {}", answer.status),
        ("transport", Err(error)) => transport(error).to_owned(),
        ("response-time", _) => "slower than allowed".to_owned(),
        ("schema", _) => schema(observation),
        ("relation" | "json" | "content-length", _) => without_numbers(&observation.message),
        _ => stable(&observation.message),
    }
}

/// What a finding saw that no exchange shows.
pub fn observed_offline(fact: &str, message: &str) -> String {
    stable(&format!("{}: {message}", facet(fact)))
}

fn transport(error: &TransportError) -> &'static str {
    match error {
        TransportError::Connect(_) => "no connection",
        TransportError::Timeout(_) => "no complete answer in time",
        TransportError::Broken(_) => "a broken answer",
        TransportError::TooLarge(_) | TransportError::TooMany(_) => "a body that is too large",
        TransportError::Unsendable(_)
        | TransportError::NotSent(_)
        | TransportError::Credential(_) => "not sent",
    }
}

/// The facet that a fact's name ends in.
fn facet(fact: &str) -> &str {
    fact.rsplit("::").next().unwrap_or(fact)
}

/// What a body's value is, as far as that is the endpoint's choice: the type, the value of an enumeration, on which side of a limit it is.
fn schema(observation: &Observation) -> String {
    let seen = observation
        .message
        .split(", documented ")
        .next()
        .unwrap_or(&observation.message);
    let seen = match seen
        .strip_prefix('`')
        .and_then(|rest| rest.split_once("` "))
    {
        Some((_, seen)) => seen,
        None => seen,
    };
    match facet(&observation.fact) {
        "type" => seen
            .strip_prefix("is ")
            .map_or_else(|| stable(seen), |rest| format!("is {}", type_word(rest))),
        "maxLength" => "too long".to_owned(),
        "minLength" => "too short".to_owned(),
        "pattern" => "does not match".to_owned(),
        "format" => format!("of another form: {}", shape(seen)),
        "enum" | "const" | "required" => stable(seen),
        _ => without_numbers(seen),
    }
}

/// The type at the beginning of `a string "x"`: a word, with its article where it has one.
fn type_word(text: &str) -> String {
    let words = if text.starts_with("a ") || text.starts_with("an ") {
        2
    } else {
        1
    };
    text.split(' ').take(words).collect::<Vec<_>>().join(" ")
}

/// A text in which every digit is a nine: the form of a date, whichever day it is.
fn shape(text: &str) -> String {
    let text = text.strip_prefix("is ").unwrap_or(text);
    text.chars()
        .map(|c| if c.is_ascii_digit() { '9' } else { c })
        .collect()
}

/// A text without identities and times.
pub fn stable(text: &str) -> String {
    PATTERNS
        .iter()
        .fold(text.to_owned(), |text, (pattern, word)| {
            pattern.replace_all(&text, *word).into_owned()
        })
}

/// A text without identities, times and numbers.
fn without_numbers(text: &str) -> String {
    let mut out = String::new();
    let mut in_number = false;
    for c in stable(text).chars() {
        if c.is_ascii_digit() {
            if !in_number {
                out.push('N');
            }
            in_number = true;
        } else {
            in_number = false;
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    use crate::contract::{Level, Schema};
    use serde_json::{Value, json};

    /// What a violation of a schema is seen as, through the schema's own words: a change of them shows here.
    fn seen(keyword: Value, value: Value) -> String {
        let root = json!({ "type": "object", "required": ["x"], "properties": { "x": keyword } });
        let schema = Schema::compile(root, "x.json").unwrap();
        let violation = schema.violations(&value).remove(0);
        schema_of(
            &format!("s::O::response-200.x::{}", violation.facet),
            &format!("`x` {}", violation.message),
        )
    }

    fn schema_of(fact: &str, message: &str) -> String {
        schema(&Observation {
            check: "schema",
            fact: fact.to_owned(),
            level: Level::Must,
            message: message.to_owned(),
            documented: String::new(),
            rows: Vec::new(),
            at: None,
        })
    }

    #[rstest]
    #[case::absent(json!({}), json!({}), "is absent")]
    #[case::null(json!({"type": "string"}), json!({"x": null}), "is null")]
    #[case::number(json!({"type": "string"}), json!({"x": 17}), "is an integer")]
    #[case::value(json!({"enum": ["on", "off"]}), json!({"x": "broken"}), "is \"broken\"")]
    #[case::long(json!({"type": "string", "maxLength": 2}), json!({"x": "a1b2c3"}), "too long")]
    #[case::form(json!({"type": "string", "format": "date-time"}), json!({"x": "2019-05-10 16:31"}), "of another form: \"9999-99-99 99:99\"")]
    #[case::above(json!({"type": "integer", "maximum": 5}), json!({"x": 12}), "is N")]
    fn what_a_schema_saw_has_no_value_that_nobody_chose(
        #[case] keyword: Value,
        #[case] value: Value,
        #[case] expected: &str,
    ) {
        assert_eq!(seen(keyword, value), expected);
    }

    #[rstest]
    #[case(
        "two items have `4f2a1c9e-1d3b-4b7c-9a55-1f2e3d4c5b6a`",
        "two items have `<id>`"
    )]
    #[case(
        "asked for 7e01ac5ac5274957ba506f3851d11d51in14 here",
        "asked for <id> here"
    )]
    #[case("created 2019-05-10T16:31:00.000Z, then", "created <time>, then")]
    #[case("at 2019-05-10T16:31:00+0800", "at <time>")]
    #[case(
        "content type `text/html; charset=utf-8`",
        "content type `text/html; charset=utf-8`"
    )]
    fn identities_and_times_are_words(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(stable(text), expected);
    }

    #[test]
    fn numbers_of_laws_are_not_held_still() {
        assert_eq!(
            without_numbers("asked for 10, got 12"),
            "asked for N, got N"
        );
    }
}
