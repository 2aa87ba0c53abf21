//! Answers in a format that the request asks for by its name: `?format=csv` is answered as
//! `text/csv`, whatever is documented of the answers in JSON.

use serde_json::Value;

use crate::contract::{FieldPath, Location, MediaType, Place};

use super::Context;

/// Names of media types that their subtypes do not have.
const NAMES: [(&str, &str); 3] = [("plain", "text"), ("plain", "txt"), ("x-yaml", "yaml")];

/// Whether an answer is no JSON, and a parameter of the query asks for what it is.
pub(super) fn is_asked_for(context: &Context<'_>) -> bool {
    let stated = context.answer.header("content-type");
    let Some(media) = stated
        .and_then(MediaType::read)
        .filter(|own| !own.is_json())
    else {
        return false;
    };
    let media = media.to_string().to_ascii_lowercase();
    let Some((_, subtype)) = media.split_once('/') else {
        return false;
    };
    let is_name = |asked: &str| {
        let parts = || subtype.split(['+', '.', '-']);
        !asked.is_empty()
            && (asked == media
                || asked == subtype
                || parts().any(|part| part == asked)
                || NAMES.contains(&(subtype, asked)))
    };
    let request = &context.case.request;
    let mut asked = context.operation.parameters_in(Location::Query);
    asked.any(|parameter| {
        let value = request.get(Place::Query, &FieldPath::name(&parameter.name));
        let text = value.as_ref().and_then(Value::as_str);
        text.is_some_and(|text| is_name(&text.trim().to_ascii_lowercase()))
    })
}
