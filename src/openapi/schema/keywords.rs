//! The keywords that hold plain values: of which form each is, and which of several holds.

use serde_json::Value;

use crate::contract::{Facet, Schema};

/// What form a keyword's value has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A count.
    Count,
    /// A number.
    Number,
    /// A number above zero.
    Step,
    /// `true` or `false`.
    Flag,
    /// A text.
    Text,
    /// A regular expression that is understood.
    Pattern,
}

/// Which of two values of a keyword holds where both do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stricter {
    /// The greater.
    Greater,
    /// The less.
    Less,
    /// Both, each by itself.
    Both,
}

/// A keyword that holds a plain value.
pub(super) struct Plain {
    pub(super) word: &'static str,
    pub(super) form: Form,
    pub(super) stricter: Stricter,
}

const fn plain(word: &'static str, form: Form, stricter: Stricter) -> Plain {
    Plain {
        word,
        form,
        stricter,
    }
}

/// The keywords, in the order in which they are written.
pub(super) const PLAIN: [Plain; 18] = [
    plain("format", Form::Text, Stricter::Both),
    plain("pattern", Form::Pattern, Stricter::Both),
    plain("minLength", Form::Count, Stricter::Greater),
    plain("maxLength", Form::Count, Stricter::Less),
    plain("minimum", Form::Number, Stricter::Greater),
    plain("exclusiveMinimum", Form::Number, Stricter::Greater),
    plain("maximum", Form::Number, Stricter::Less),
    plain("exclusiveMaximum", Form::Number, Stricter::Less),
    plain("multipleOf", Form::Step, Stricter::Both),
    plain("minItems", Form::Count, Stricter::Greater),
    plain("maxItems", Form::Count, Stricter::Less),
    plain("uniqueItems", Form::Flag, Stricter::Both),
    plain("minProperties", Form::Count, Stricter::Greater),
    plain("maxProperties", Form::Count, Stricter::Less),
    plain("minContains", Form::Count, Stricter::Greater),
    plain("maxContains", Form::Count, Stricter::Less),
    plain("contentEncoding", Form::Text, Stricter::Both),
    plain("contentMediaType", Form::Text, Stricter::Both),
];

impl Form {
    /// Whether a value has the form.
    pub(super) fn takes(self, value: &Value) -> bool {
        match self {
            Self::Count => {
                value.is_u64()
                    || value
                        .as_f64()
                        .is_some_and(|count| count >= 0.0 && count.fract() == 0.0)
            }
            Self::Number => value.is_number(),
            Self::Step => value.as_f64().is_some_and(|step| step > 0.0),
            Self::Flag => value.is_boolean(),
            Self::Text => value.is_string(),
            Self::Pattern => {
                value.as_str().is_some_and(is_of_ecma)
                    && Schema::compile(serde_json::json!({ "pattern": value })).is_ok()
            }
        }
    }
}

/// Whether a pattern is written in the words of ECMA-262, as far as it shows: a literal of a program
/// (`/^a$/i`) and a class of POSIX (`[[:alpha:]]`) mean something else by its rules than by their own.
fn is_of_ecma(pattern: &str) -> bool {
    let inner = pattern.strip_prefix('/').and_then(|rest| {
        let (inner, flags) = rest.rsplit_once('/')?;
        flags
            .chars()
            .all(|c| "dgimsuvy".contains(c))
            .then_some(inner)
    });
    let is_literal = inner.is_some_and(|inner| inner.starts_with('^') || inner.ends_with('$'));
    !is_literal && !pattern.contains("[[:") && !pattern.contains("[[.")
}

impl Stricter {
    /// Whether the second of two values is the one that holds; none where both do, each by itself.
    pub(super) fn is_second(self, first: &Value, second: &Value) -> Option<bool> {
        let numbers = (first.as_f64()?, second.as_f64()?);
        match self {
            Self::Greater => Some(numbers.1 > numbers.0),
            Self::Less => Some(numbers.1 < numbers.0),
            Self::Both => None,
        }
    }
}

/// The facet of a keyword.
pub(super) fn facet(word: &str) -> Facet {
    Facet::from_word(word).unwrap_or(Facet::Prose)
}

/// Formats of texts that are known, or that say no more than how a value is shown: of any other it
/// is not known which texts have it.
const KNOWN_FORMATS: [&str; 30] = [
    "binary",
    "byte",
    "date",
    "date-time",
    "decimal",
    "double",
    "duration",
    "email",
    "float",
    "hostname",
    "int32",
    "int64",
    "ipv4",
    "ipv6",
    "iri",
    "iri-reference",
    "iso-8601",
    "json-pointer",
    "multi-line",
    "password",
    "regex",
    "string",
    "text",
    "textarea",
    "time",
    "uri",
    "uri-reference",
    "uri-template",
    "url",
    "uuid",
];

/// Whether it is known which texts have a format.
pub(super) fn is_known_format(format: &str) -> bool {
    KNOWN_FORMATS.contains(&format)
        || crate::contract::formats::DateTemplate::parse(format).is_some()
}

/// The types of JSON Schema.
pub(super) const TYPES: [&str; 7] = [
    "null", "boolean", "integer", "number", "string", "array", "object",
];

/// The types that two lists have in common; a whole number is a number.
pub(super) fn common(one: &[String], other: &[String]) -> Vec<String> {
    let has = |list: &[String], kind: &str| list.iter().any(|known| known == kind);
    TYPES
        .into_iter()
        .filter(|kind| {
            let within =
                |list: &[String]| has(list, kind) || *kind == "integer" && has(list, "number");
            within(one)
                && within(other)
                && !(*kind == "integer" && has(one, "number") && has(other, "number"))
        })
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(&["integer"], &["number"], &["integer"])]
    #[case(&["number", "null"], &["number"], &["number"])]
    #[case(&["string", "integer"], &["integer", "string"], &["integer", "string"])]
    #[case(&["string"], &["object"], &[])]
    fn types_are_intersected(
        #[case] one: &[&str],
        #[case] other: &[&str],
        #[case] expected: &[&str],
    ) {
        let owned =
            |list: &[&str]| -> Vec<String> { list.iter().map(|&kind| kind.into()).collect() };
        assert_eq!(common(&owned(one), &owned(other)), owned(expected));
    }

    #[rstest]
    #[case("^[a-z]+$", true)]
    #[case("^/v1/[a-z]+$", true)]
    #[case("/v1/", true)]
    #[case("/^[a-z]+$/", false)]
    #[case("/^[a-z]+/i", false)]
    #[case("^[[:alpha:]]+$", false)]
    fn a_pattern_of_another_dialect_is_not_understood(
        #[case] pattern: &str,
        #[case] is_understood: bool,
    ) {
        assert_eq!(Form::Pattern.takes(&Value::from(pattern)), is_understood);
    }

    #[test]
    fn every_keyword_has_a_facet() {
        for Plain { word, .. } in PLAIN {
            assert_eq!(facet(word).as_str(), word);
        }
    }
}
