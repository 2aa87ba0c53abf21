//! Entries of docproof 0.1, which say in words what was observed. They are read for one version,
//! and `docproof known-findings propose` renews them: this file goes when they are no longer read.
//!
//! The words were made from the message of a finding, without identities, times and numbers; for
//! what was seen in a value, from the value. So they are told here: any change of a message or of
//! the words of a fingerprint that these entries rest on fails a test of this file.

use crate::check::{Check, JsonType, Seen, Shape};
use crate::contract::{Facet, FactId, NameError, Place, Rule, Topic, Wire};
use crate::harness::finding::Finding;
use crate::snapshot::stable;

pattern! {
    /// A number.
    static NUMBER = r"[0-9]+";
}

/// The fact of an entry in words: the time of an answer was written behind the fact of the trial
/// that saw it.
pub(super) fn fact(text: &str) -> Result<FactId, NameError> {
    match text.strip_suffix("::responseTime") {
        Some(of) => of.parse::<FactId>().map(|of| FactId {
            operation: of.operation,
            topic: Topic::Rule(Rule::of_place(
                Place::Operation,
                Facet::Wire(Wire::ResponseTime),
            )),
        }),
        None => text.parse(),
    }
}

/// Whether the words of an entry speak of what a finding saw.
pub(super) fn is_seen_in(words: &str, finding: &Finding) -> bool {
    let seen = &finding.fingerprint;
    let by_value = match (seen, words.strip_prefix("is ")) {
        (
            Seen::WrongType {
                seen: JsonType::Number,
            },
            Some(kind),
        ) => {
            matches!(kind, "an integer" | "a number")
        }
        (Seen::NotListed, Some(_)) => finding.check == Check::Schema,
        (Seen::Format { shape }, _) => words
            .strip_prefix("of another form: ")
            .is_some_and(|text| Shape::of(text.trim_matches('"')) == *shape),
        _ => false,
    };
    by_value || seen.to_string() == words || in_words(finding) == words
}

/// What a finding saw, in the words of docproof 0.1.
fn in_words(finding: &Finding) -> String {
    let message = finding.message.as_str();
    match finding.check {
        Check::Relation | Check::Json | Check::ContentLength => without_numbers(message),
        Check::Schema => {
            let seen = message.split(", documented ").next().unwrap_or(message);
            let value = seen
                .strip_prefix('`')
                .and_then(|rest| rest.split_once("` "));
            without_numbers(value.map_or(seen, |(_, seen)| seen))
        }
        Check::Example => {
            let (facet, field) = match finding.fact.rule() {
                Some(rule) => (rule.facet.as_str(), rule.field.to_string()),
                None => ("", String::new()),
            };
            let head = format!("in the documented example, `{field}` ");
            let value = message.strip_prefix(&head).unwrap_or(message);
            stable(&format!("{facet}: {value}"))
        }
        Check::Status
        | Check::EmptyBody
        | Check::ContentType
        | Check::Headers
        | Check::ErrorBody
        | Check::Leak
        | Check::Allow
        | Check::Transport
        | Check::ResponseTime
        | Check::Snapshot => stable(message),
    }
}

/// A text without identities, times and numbers.
fn without_numbers(text: &str) -> String {
    NUMBER.replace_all(&stable(text), "N").into_owned()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::check::{Breach, LengthFault, Sign, TransportFailure};
    use crate::contract::Level;

    /// What docproof 0.1 wrote of findings, and what they are today.
    #[rstest]
    #[case("s::O::request.a::enum", Check::Status, Seen::Status { code: 200 }, "a label: answered 200, expected a documented 4xx", "answered 200")]
    #[case(
        "s::O::response-200.a::required",
        Check::Schema,
        Seen::Absent,
        "`a` is absent",
        "is absent"
    )]
    #[case(
        "s::O::response-200.a::type",
        Check::Schema,
        Seen::Null,
        "`a` is null, documented type string",
        "is null"
    )]
    #[case("s::O::response-200.a::type", Check::Schema, Seen::WrongType { seen: JsonType::Number }, "`a` is an integer 1, documented type string", "is an integer")]
    #[case(
        "s::O::response-200.a::enum",
        Check::Schema,
        Seen::NotListed,
        "`a` is \"x\", documented values \"a\"",
        "is \"broken\""
    )]
    #[case(
        "s::O::response-200.a::maxLength",
        Check::Schema,
        Seen::TooLong,
        "`a` has 9 characters, documented maximum 8: \"x\"",
        "too long"
    )]
    #[case(
        "s::O::response-200.a::pattern",
        Check::Schema,
        Seen::NoMatch,
        "`a` is \"x\", documented pattern `y`",
        "does not match"
    )]
    #[case("s::O::response-200.a::format", Check::Schema, Seen::Format { shape: Shape::of("Fri, 10 May 2019 16:31:16 GMT") }, "`a` is ..", "of another form: \"Sat, 99 Jun 9999 99:99:99 GMT\"")]
    #[case(
        "s::O::response-200.a::maximum",
        Check::Schema,
        Seen::OutOfBounds,
        "`a` is 17, documented maximum 5",
        "is N"
    )]
    #[case("s::O::response-200::leak", Check::Leak, Seen::Leak { what: Sign::SqlError }, "the 400 answer shows an SQL error", "the 400 answer shows an SQL error")]
    #[case("s::O::response-200::contentLength", Check::ContentLength, Seen::ContentLength { fault: LengthFault::Other }, "`Content-Length: 17` with a body of 18 bytes", "`Content-Length: N` with a body of N bytes")]
    #[case("s::O::auth", Check::Transport, Seen::Transport { failure: TransportFailure::Timeout }, "a label: no complete answer within 5s", "no complete answer in time")]
    #[case(
        "s::O::relation::pagination::offset",
        Check::Relation,
        Seen::Law(Breach::BeginsElsewhere),
        "`offset=1` began with the item at 0 (counted from 0), expected the one at 1",
        "`offset=N` began with the item at N (counted from N), expected the one at N"
    )]
    #[case(
        "s::O::response-200.a::type",
        Check::Example,
        Seen::Null,
        "in the documented example, `a` is null, documented type string",
        "type: is null, documented type string"
    )]
    #[case("s::O::snapshot::example", Check::Snapshot, Seen::SnapshotDiffers { lines: vec!["-a".to_owned(), "+b".to_owned()] }, "the answers differ", "`-a`, `+b`")]
    fn entries_in_words_are_read(
        #[case] fact: &str,
        #[case] check: Check,
        #[case] seen: Seen,
        #[case] message: &str,
        #[case] words: &str,
    ) {
        let finding = Finding::of_no_exchange(
            fact.parse().unwrap(),
            check,
            seen,
            Level::Must,
            message.to_owned(),
        );
        assert!(is_seen_in(words, &finding));
        assert!(!is_seen_in("answered 500", &finding));
    }

    #[test]
    fn the_words_of_a_law_have_no_values() {
        let text =
            "`4f2a1c9e-1d3b-4b7c-9a55-1f2e3d4c5b6a` was created at 2019-05-10T16:31:00Z, 17 s ago";
        assert_eq!(
            without_numbers(text),
            "`<id>` was created at <time>, N s ago"
        );
    }
}
