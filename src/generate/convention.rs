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
            Some(Value::String(_)) => takes_numbers(node),
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
    let kinds = types_of(node);
    kinds.contains(&"integer") || kinds.contains(&"number")
}
