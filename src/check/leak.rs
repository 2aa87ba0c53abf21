//! Nothing leaks: no stack trace, no SQL error, no credential in an answer, neither in its bytes
//! nor in the texts that they spell.

use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::bytes::RegexSet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::contract::{Facet, FieldPath, Level, Wire, words};
use crate::generate::Credential;
use crate::pattern::compile_byte_set;

use super::{Check, Context, Observation, Seen};

/// How many bytes of a body are searched for them: an error shows at its beginning.
const SEARCHED: usize = 256 * 1024;

/// How many JSON texts within JSON texts are read.
const NESTED: usize = 3;

/// A kind of what gives an endpoint's inside away.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Sign {
    /// A Java stack trace.
    JavaStackTrace,
    /// A Python stack trace.
    PythonStackTrace,
    /// A Go stack trace.
    GoStackTrace,
    /// A Rust panic.
    RustPanic,
    /// A JavaScript stack trace.
    JavaScriptStackTrace,
    /// A .NET stack trace.
    DotNetStackTrace,
    /// A PHP error.
    PhpError,
    /// An SQL error.
    SqlError,
    /// An SQL statement.
    SqlStatement,
    /// The credential.
    Credential,
}

impl fmt::Display for Sign {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::JavaStackTrace => "a Java stack trace",
            Self::PythonStackTrace => "a Python stack trace",
            Self::GoStackTrace => "a Go stack trace",
            Self::RustPanic => "a Rust panic",
            Self::JavaScriptStackTrace => "a JavaScript stack trace",
            Self::DotNetStackTrace => "a .NET stack trace",
            Self::PhpError => "a PHP error",
            Self::SqlError => "an SQL error",
            Self::SqlStatement => "an SQL statement",
            Self::Credential => "the credential",
        })
    }
}

/// What gives an endpoint's inside away, by kind.
struct Shape {
    sign: Sign,
    /// What each text of the kind has, whatever the case of its letters: a text without any of these
    /// needs no look at the patterns.
    marks: &'static [&'static str],
    /// What texts of the kind are like.
    pattern: &'static str,
}

/// The shapes of all signs.
const SHAPES: [Shape; 9] = [
    Shape {
        sign: Sign::JavaStackTrace,
        marks: &[".java:", "java.lang."],
        pattern: r"\bat [\w$.]+\([\w$]+\.java:\d+\)|java\.lang\.\w+(?:Exception|Error)",
    },
    Shape {
        sign: Sign::PythonStackTrace,
        marks: &["traceback"],
        pattern: r"Traceback \(most recent call last\)",
    },
    Shape {
        sign: Sign::GoStackTrace,
        marks: &["goroutine "],
        pattern: r"goroutine \d+ \[",
    },
    Shape {
        sign: Sign::RustPanic,
        marks: &["panicked at "],
        pattern: r"\bpanicked at (?:'[^'\n]*', )?\S+\.rs:\d+",
    },
    Shape {
        sign: Sign::JavaScriptStackTrace,
        marks: &["js:", "ts:", "error: "],
        pattern: r"\bat \S+ \([^)\s]+\.[cm]?[jt]s:\d+:\d+\)|\b(?:Type|Reference|Range)Error: [^\n]+\s+at ",
    },
    Shape {
        sign: Sign::DotNetStackTrace,
        marks: &["exception:", "   at "],
        pattern: r"System\.\w+Exception:|   at [\w.]+\(.*\) in ",
    },
    Shape {
        sign: Sign::PhpError,
        marks: &["fatal error:"],
        pattern: r"Fatal error:.*on line \d+",
    },
    Shape {
        sign: Sign::SqlError,
        marks: &["sql", "ora-", "no such ", "at or near", "syntax error"],
        pattern: r"(?i)SQLSTATE\[|(?-i:\bORA-\d{5}\b)|You have an error in your SQL syntax|syntax error at or near|SQLITE_ERROR|sqlite3?\.\w*Error|no such (?:table|column): |SQLException|unterminated quoted string at or near|near \x22[^\x22]*\x22: syntax error",
    },
    Shape {
        sign: Sign::SqlStatement,
        marks: &["select", "insert"],
        pattern: r"(?i)\bSELECT\s+[\w*,\s.`]+\s+FROM\s+\w+\s+WHERE\b|\bINSERT\s+INTO\s+\w+\s*\(",
    },
];

/// The marks of all shapes: one look at a text tells that it has none of them.
static MARKS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let marks = SHAPES.iter().flat_map(|shape| shape.marks);
    let mut builder = AhoCorasick::builder();
    builder.ascii_case_insensitive(true).build(marks).ok()
});

pattern! {
    /// All shapes at once. Letters are ASCII, as in the programs that write such texts.
    static PATTERNS: RegexSet = compile_byte_set(SHAPES.iter().map(|shape| shape.pattern));
}

pub(super) fn check(context: &Context<'_>) -> Vec<Observation> {
    let body = &context.answer.body;
    let searched = body.get(..SEARCHED).unwrap_or(body);
    let mut seen = Vec::new();
    if !body.is_plain(|| may_show_any(searched)) {
        seen = signs(searched);
    }
    let in_headers = context
        .answer
        .headers
        .iter()
        .any(|(_, value)| context.redactor.finds(value));
    if in_headers || context.redactor.finds(body) {
        seen.push(Sign::Credential);
    }
    if let Some(value) = spelled(context) {
        let mut left = SEARCHED;
        each_text(&value, NESTED, &mut |text| {
            let text = text.get(..text.floor_char_boundary(left)).unwrap_or(text);
            left = left.saturating_sub(text.len());
            seen.extend(signs(text.as_bytes()));
            if context.redactor.finds(text) {
                seen.push(Sign::Credential);
            }
            left > 0
        });
    }
    if is_log(context) {
        seen.retain(|what| *what == Sign::Credential);
    }
    seen.sort_unstable();
    seen.dedup();
    let is_handed_out = !in_headers && seen.contains(&Sign::Credential) && is_handed_out(context);
    let of_page = super::hidden::check(context);
    seen.into_iter()
        .map(|what| {
            let is_given = context.case.request.credential == Credential::Given;
            // What a service keeps and shows may be a statement: a setting, a text that was sent.
            let may_be_shown = match what {
                Sign::SqlStatement => context.answer.status / 100 == 2,
                Sign::Credential => is_handed_out,
                _ => false,
            };
            let level = if may_be_shown {
                Level::May
            } else {
                Level::Must
            };
            let whose = match what {
                Sign::Credential if !is_given => " that was presented",
                _ => "",
            };
            context.observe(
                Check::Leak,
                Facet::Wire(Wire::Leak),
                level,
                Seen::Leak { what },
                format!("the {} answer shows {what}{whose}", context.answer.status),
                "the documented body",
            )
        })
        .chain(of_page)
        .collect()
}

/// Whether an answer is what its operation is there to give: the lines of a log, in plain text, of
/// which a trace or a statement is a part like any other.
fn is_log(context: &Context<'_>) -> bool {
    const LOGS: [&str; 8] = [
        "log",
        "logs",
        "logfile",
        "logfiles",
        "stderr",
        "stdout",
        "traces",
        "stacktrace",
    ];
    let is_text = context
        .answer
        .header("content-type")
        .is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/plain"));
    let fixed = context.operation.path.split('/');
    let fixed = fixed.filter(|part| !part.starts_with('{'));
    let mut words = fixed.flat_map(words);
    context.answer.status / 100 == 2 && is_text && words.any(|word| LOGS.contains(&word.as_str()))
}

pattern! {
    /// Names of fields that hold what a service hands out to be authenticated by.
    static KEY = r"(?i)(?:token|api[ _-]?key|access[ _-]?key|secret|password|credential)s?$";
}

/// Whether the credential stands in a success alone, as the whole of documented fields that are called
/// so (`apikey`): who asks is shown what is its own.
fn is_handed_out(context: &Context<'_>) -> bool {
    let Some(Ok(body)) = &context.body else {
        return false;
    };
    let schema = context
        .response
        .and_then(|response| response.schema.as_ref());
    let is_documented = |path: &FieldPath| schema.is_some_and(|own| own.field(path).is_some());
    let is_hidden = |text: &str| !context.redactor.finds(text);
    context.answer.status / 100 == 2
        && stands_in_keys(body, &FieldPath::root(), &is_hidden, &is_documented)
}

/// Whether each text of a value hides the credential, or is that of a field that may show it.
fn stands_in_keys(
    value: &Value,
    path: &FieldPath,
    is_hidden: &impl Fn(&str) -> bool,
    may_show: &impl Fn(&FieldPath) -> bool,
) -> bool {
    match value {
        Value::String(text) => {
            is_hidden(text)
                || path.last_name().is_some_and(|name| KEY.is_match(name)) && may_show(path)
        }
        Value::Array(items) => {
            let path = path.item();
            let mut items = items.iter();
            items.all(|item| stands_in_keys(item, &path, is_hidden, may_show))
        }
        Value::Object(map) => map.iter().all(|(name, value)| {
            is_hidden(name) && stands_in_keys(value, &path.child(name), is_hidden, may_show)
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
    }
}

/// The body as JSON, where its texts are not what stands in its bytes: only an escape hides
/// anything from who looks at the bytes.
fn spelled<'a>(context: &'a Context<'_>) -> Option<Cow<'a, Value>> {
    let body = &context.answer.body;
    if !body.contains(&b'\\') {
        return None;
    }
    match context.body.as_ref()? {
        Ok(value) => Some(Cow::Borrowed(value)),
        Err(_) => serde_json::from_slice(body).ok().map(Cow::Owned),
    }
}

/// Looks at each text of a value, names of fields included, and at the texts of a text that is JSON
/// itself, until nothing more is wanted; gives whether more is.
fn each_text(value: &Value, nested: usize, look: &mut impl FnMut(&str) -> bool) -> bool {
    match value {
        Value::String(text) => {
            let within = || serde_json::from_str::<Value>(text).ok();
            let is_json = nested > 0 && text.starts_with(['{', '[']) && text.contains('\\');
            look(text)
                && (!is_json || within().is_none_or(|value| each_text(&value, nested - 1, look)))
        }
        Value::Array(items) => items.iter().all(|item| each_text(item, nested, look)),
        Value::Object(map) => map
            .iter()
            .all(|(name, value)| look(name) && each_text(value, nested, look)),
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
    }
}

/// The signs that a text shows.
fn signs(text: &[u8]) -> Vec<Sign> {
    if !may_show_any(text) {
        return Vec::new();
    }
    PATTERNS
        .matches(text)
        .iter()
        .filter_map(|index| SHAPES.get(index).map(|shape| shape.sign))
        .collect()
}

/// Whether a text has anything that texts of a shape have.
fn may_show_any(text: &[u8]) -> bool {
    MARKS.as_ref().is_none_or(|marks| marks.is_match(text))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::strategy::Union;
    use proptest::string::bytes_regex;
    use rstest::rstest;

    use super::*;

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

    #[rstest]
    #[case::key(serde_json::json!({"users": [{"name": "a", "apikey": "s3cret"}]}), true)]
    #[case::message(serde_json::json!({"message": "no s3cret here"}), false)]
    #[case::both(serde_json::json!({"token": "s3cret", "seen": "s3cret"}), false)]
    #[case::name(serde_json::json!({"s3cret": 1}), false)]
    #[case::undocumented(serde_json::json!({"own_token": "s3cret"}), false)]
    fn a_key_may_be_shown_as_one(#[case] body: Value, #[case] expected: bool) {
        let is_hidden = |text: &str| !text.contains("s3cret");
        let may_show = |path: &FieldPath| path.last_name() != Some("own_token");
        let root = FieldPath::root();
        assert_eq!(
            stands_in_keys(&body, &root, &is_hidden, &may_show),
            expected
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_matches_a_shape_has_a_mark((shape, text) in texts()) {
            prop_assert!(PATTERNS.matches(&text).matched(shape), "{:?}", text);
            prop_assert!(may_show_any(&text), "{:?}", text);
        }
    }

    /// Texts of each shape. Where a word ends is not drawn, so that each stands by itself.
    fn texts() -> impl Strategy<Value = (usize, Vec<u8>)> {
        let of = |(index, shape): (usize, &Shape)| {
            let pattern = shape.pattern.replace(r"\b", "");
            let texts = bytes_regex(&format!("(?-u:{pattern})")).unwrap();
            texts.prop_map(move |text| (index, text)).boxed()
        };
        Union::new(SHAPES.iter().enumerate().map(of))
    }
}
