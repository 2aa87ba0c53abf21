//! Which refusals are custom and which are documented: a page that calls a field an integer says nothing of how a text for it is met.

use serde_json::Value;

use crate::contract::{FieldPath, Operation, types_of};

use super::case::Expectation;
use super::class::Broken;
use super::request::Request;

/// What the answer to a request may be that breaks one rule. `null` for a field that no page calls nullable, and a text for a number, are refused by custom:
/// many services take the one for an absent field, and read the other leniently.
pub(super) fn refusal(operation: &Operation, request: &Request, broken: &Broken) -> Expectation {
    let is_customary = broken.facet == "type"
        && match request.get(&broken.place, &broken.field) {
            Some(Value::Null) => true,
            Some(Value::String(_)) => takes_numbers(operation, broken),
            _ => false,
        };
    if is_customary {
        Expectation::CustomaryRefusal
    } else {
        Expectation::Refusal
    }
}

/// Whether numbers are what a field takes.
fn takes_numbers(operation: &Operation, broken: &Broken) -> bool {
    let is_number = |node: &Value| {
        let kinds = types_of(node);
        kinds.contains(&"integer") || kinds.contains(&"number")
    };
    match broken.place.as_str() {
        "request" => operation.request_body.as_ref().is_some_and(|body| {
            let field = body.schema.field(&FieldPath::from(broken.field.as_str()));
            field.is_some_and(|field| is_number(field.node))
        }),
        place => operation.parameters.iter().any(|parameter| {
            parameter.location.as_str() == place
                && parameter.name == broken.field
                && is_number(&parameter.schema.root)
        }),
    }
}
