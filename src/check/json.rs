//! A body that is documented, or that calls itself JSON, is one well-formed JSON value: no
//! duplicate keys, BOM, NaN or trailing text.

use crate::contract::{Facet, Level, Malformed, Wire};

use crate::exchange::printable;

use super::asked_format::is_asked_for;
use super::{Check, Context, Observation, Seen};

pub(super) fn check(context: &Context<'_>) -> Vec<Observation> {
    let Some(Err(error)) = &context.body else {
        return Vec::new();
    };
    // That is a bound of the reader, not a fault of the answer.
    if matches!(error, Malformed::TooDeep(_)) {
        return Vec::new();
    }
    if is_asked_for(context) {
        return Vec::new();
    }
    let says_json = context
        .answer
        .header("content-type")
        .is_some_and(|kind| kind.to_ascii_lowercase().contains("json"));
    let coding = context.answer.header("content-encoding");
    let coding = coding.filter(|coding| !coding.trim().eq_ignore_ascii_case("identity"));
    let documented = context
        .response
        .is_some_and(crate::contract::Response::has_json);
    if !documented && !says_json {
        return Vec::new();
    }
    // An example alone shows what is answered, and states it of no answer.
    let has_schema = |response: &crate::contract::Response| response.schema.is_some();
    let is_stated = says_json || context.response.is_some_and(has_schema);
    let stated = if is_stated {
        Level::Must
    } else {
        Level::Should
    };
    let status = context.answer.status;
    let (level, message) = match coding {
        // What was asked for is decoded when it arrives.
        Some(coding) => (
            Level::Should,
            format!(
                "the body of the {status} answer is encoded as `{}`, which the request did not ask \
                 for (RFC 9110, section 12.5.3)",
                printable(coding)
            ),
        ),
        None => (stated, format!("the body of the {status} answer {error}")),
    };
    vec![context.observe(
        Check::Json,
        Facet::Wire(Wire::Json),
        level,
        Seen::NotJson {
            fault: (*error).into(),
        },
        message,
        "a JSON body",
    )]
}
