//! Which refusals are conventional and which are documented: a page that calls a field an integer
//! says nothing of how a text for it is met.

use serde_json::Value;

use crate::contract::{Facet, Operation, Place, Rule, types_of};

use super::case::Expectation;
use super::request::Request;

/// What the answer to a request may be that breaks one facet of a field; `sent` is the value of the
/// field. `null` for a field that no page calls nullable, and a text for a number, are refused by
/// convention: many services take the one for an absent field, and read the other leniently.
pub(super) fn refusal(node: &Value, sent: Option<&Value>, facet: Facet) -> Expectation {
    let is_by_convention = facet == Facet::Type
        && match sent {
            Some(Value::Null) => true,
            Some(Value::String(text)) => {
                takes_numbers(node) || takes(node, &["boolean"]) && is_nearly_a_truth(text)
            }
            Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) | None => {
                false
            }
        };
    if is_by_convention {
        Expectation::ConventionalRefusal
    } else {
        Expectation::Refusal
    }
}

/// What the answer to a request may be that breaks one rule of an operation.
pub(super) fn refusal_of(operation: &Operation, request: &Request, rule: &Rule) -> Expectation {
    let sent = request.get(rule.place, &rule.field);
    let node = match rule.place {
        Place::Request => operation.request_body.as_ref().and_then(|body| {
            let field = body.schema.field(&rule.field);
            field.map(|field| field.node)
        }),
        Place::Path | Place::Query | Place::Header | Place::Cookie => operation
            .parameters
            .iter()
            .find(|parameter| {
                parameter.location.place() == rule.place
                    && rule.field.top() == Some(parameter.name.as_str())
            })
            .map(|parameter| &parameter.schema.root),
        Place::Operation | Place::Response(_) | Place::ResponseHeader(_) => None,
    };
    refusal(node.unwrap_or(&Value::Null), sent.as_ref(), rule.facet)
}

/// Whether numbers are what a field takes.
fn takes_numbers(node: &Value) -> bool {
    takes(node, &["integer", "number"])
}

/// Whether values of one of some types are what a field takes.
fn takes(node: &Value, kinds: &[&str]) -> bool {
    types_of(node).iter().any(|kind| kinds.contains(kind))
}

/// Whether a text is nothing, or a word that lenient services read as a truth value or as none.
fn is_nearly_a_truth(text: &str) -> bool {
    const WORDS: [&str; 11] = [
        "", "true", "false", "yes", "no", "on", "off", "1", "0", "null", "none",
    ];
    WORDS.contains(&text.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case::null("string", json!(null), true)]
    #[case::text_for_number("integer", json!("abc"), true)]
    #[case::empty_for_number("integer", json!(""), true)]
    #[case::empty_for_boolean("boolean", json!(""), true)]
    #[case::capitals_for_boolean("boolean", json!("TRUE"), true)]
    #[case::yes_for_boolean("boolean", json!("yes"), true)]
    #[case::word_for_boolean("boolean", json!("abc"), false)]
    #[case::number_for_boolean("boolean", json!("2"), false)]
    #[case::number_for_text("string", json!(7), false)]
    fn what_services_read_leniently_is_refused_by_convention(
        #[case] kind: &str,
        #[case] sent: Value,
        #[case] is_by_convention: bool,
    ) {
        let found = refusal(&json!({ "type": kind }), Some(&sent), Facet::Type);
        assert_eq!(found == Expectation::ConventionalRefusal, is_by_convention);
        let other = refusal(&json!({ "type": kind }), Some(&sent), Facet::Enum);
        assert_eq!(other, Expectation::Refusal);
    }
}
