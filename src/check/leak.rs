//! Nothing leaks: no stack trace, no SQL error, no credential in an answer.

use regex::bytes::RegexSet;

use crate::contract::Level;
use crate::pattern::compile_byte_set;

use super::{Context, Observation};

/// How many bytes of a body are searched for them: an error shows at its beginning.
const SEARCHED: usize = 256 * 1024;

/// What gives an endpoint's inside away, by kind.
const SIGNS: &[(&str, &str)] = &[
    (
        "a Java stack trace",
        r"\bat [\w$.]+\([\w$]+\.java:\d+\)|java\.lang\.\w+(?:Exception|Error)",
    ),
    (
        "a Python stack trace",
        r"Traceback \(most recent call last\)",
    ),
    ("a Go stack trace", r"goroutine \d+ \["),
    ("a Rust panic", r"\bpanicked at (?:'[^'\n]*', )?\S+\.rs:\d+"),
    (
        "a JavaScript stack trace",
        r"\bat \S+ \([^)\s]+\.[cm]?[jt]s:\d+:\d+\)|\b(?:Type|Reference|Range)Error: [^\n]+\s+at ",
    ),
    (
        "a .NET stack trace",
        r"System\.\w+Exception:|   at [\w.]+\(.*\) in ",
    ),
    ("a PHP error", r"Fatal error:.*on line \d+"),
    (
        "an SQL error",
        r"(?i)SQLSTATE\[|(?-i:\bORA-\d{5}\b)|You have an error in your SQL syntax|syntax error at or near|SQLITE_ERROR|sqlite3?\.\w*Error|no such (?:table|column): |SQLException|unterminated quoted string|near \x22[^\x22]*\x22: syntax error",
    ),
    (
        "an SQL statement",
        r"(?i)\bSELECT\s+[\w*,\s.`]+\s+FROM\s+\w+\s+WHERE\b|\bINSERT\s+INTO\s+\w+\s*\(",
    ),
];

pattern! {
    /// All signs at once: one look at an answer tells that it has none of them. Letters are ASCII, as in the programs that write such texts.
    static PATTERNS: RegexSet = compile_byte_set(SIGNS.iter().map(|(_, text)| *text));
}

pub(super) fn check(context: &Context<'_>) -> Vec<Observation> {
    let body = &context.answer.body;
    let mut seen: Vec<&str> = signs(body.get(..SEARCHED).unwrap_or(body));
    let in_headers = context
        .answer
        .headers
        .iter()
        .any(|(_, value)| context.redactor.finds(value));
    if in_headers || context.redactor.finds(body) {
        seen.push("the credential");
    }
    seen.into_iter()
        .map(|what| Observation {
            check: "leak",
            fact: context.operation.fact(&context.place(), "", "leak"),
            level: Level::Must,
            message: format!("the {} answer shows {what}", context.answer.status),
            documented: "the documented body".to_owned(),
            rows: context
                .response
                .map(|response| response.facts.clone())
                .unwrap_or_default(),
            at: None,
        })
        .collect()
}

/// The signs that a text shows.
fn signs(text: &[u8]) -> Vec<&'static str> {
    if !PATTERNS.is_match(text) {
        return Vec::new();
    }
    PATTERNS
        .matches(text)
        .iter()
        .filter_map(|index| SIGNS.get(index).map(|(name, _)| *name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("java.lang.NullPointerException: x", true)]
    #[case("Traceback (most recent call last):\n  File", true)]
    #[case("SQLSTATE[42000]: syntax", true)]
    #[case(
        "Invalid request parameter: select a format from the list where possible",
        false
    )]
    #[case("backup_20190510163116", false)]
    #[case("aurora-20240101", false)]
    #[case("taken at midnight (00:00:00)", false)]
    #[case("TypeError: x is undefined at f (/srv/app.js:10:7)", true)]
    #[case("thread 'main' panicked at src/main.rs:3:5:", true)]
    #[case("thread 'main' panicked at 'no row', src/main.rs:3:5", true)]
    #[case("nobody panicked at the news", false)]
    #[case("ORA-00942: table or view does not exist", true)]
    fn signs_of_leaks_are_told_from_ordinary_messages(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(!signs(text.as_bytes()).is_empty(), expected);
    }

    #[test]
    fn every_sign_compiles() {
        assert_eq!(PATTERNS.len(), SIGNS.len());
    }
}
