//! A body that is documented, or that calls itself JSON, is one well-formed JSON value: no
//! duplicate keys, BOM, NaN or trailing text.

use crate::contract::{Facet, Level, Malformed, Wire};

use super::{Check, Context, Observation, Seen};

pub(super) fn check(context: &Context<'_>) -> Vec<Observation> {
    let Some(Err(error)) = &context.body else {
        return Vec::new();
    };
    // That is a bound of the reader, not a fault of the answer.
    if matches!(error, Malformed::TooDeep(_)) {
        return Vec::new();
    }
    let says_json = context
        .answer
        .header("content-type")
        .is_some_and(|kind| kind.to_ascii_lowercase().contains("json"));
    let documented = context
        .response
        .is_some_and(|response| response.schema.is_some());
    if !documented && !says_json {
        return Vec::new();
    }
    vec![context.observe(
        Check::Json,
        Facet::Wire(Wire::Json),
        Level::Must,
        Seen::NotJson {
            fault: error.into(),
        },
        format!("the body of the {} answer {error}", context.answer.status),
        "a JSON body",
    )]
}
