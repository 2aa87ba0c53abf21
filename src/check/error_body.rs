//! A documented error body says something: its code and message are not empty, wherever they stand
//! in it.

use serde_json::Value;

use crate::contract::{Facet, FieldPath, Level, Rule};

use super::{Check, Context, Observation, Part, Seen};

pub(super) fn check(context: &Context<'_>) -> Vec<Observation> {
    if context.answer.status < 400 {
        return Vec::new();
    }
    let Some(Ok(body)) = &context.body else {
        return Vec::new();
    };
    let Some(schema) = context
        .response
        .and_then(|response| response.schema.as_deref())
    else {
        return Vec::new();
    };
    // Few answers have an empty text at all: only then is it looked up what the field is.
    if !has_blank(body) {
        return Vec::new();
    }
    schema
        .fields()
        .filter(|field| field.expected().is_some() && says_what_is_wrong(field.path))
        .filter(|field| {
            body.pointer(&field.path.to_pointer())
                .and_then(Value::as_str)
                .is_some_and(|text| text.trim().is_empty())
        })
        .map(|field| Observation {
            check: Check::ErrorBody,
            fact: context.operation.fact_id(Rule::new(
                context.place(),
                field.path.clone(),
                Facet::Required,
            )),
            seen: Seen::Blank,
            level: Level::Should,
            message: format!("`{}` of the error is empty", field.path),
            documented: "an error body".to_owned(),
            rows: field.facts.to_vec(),
            at: Some(Part::Body(field.path.to_pointer())),
        })
        .collect()
}

/// Whether a body has an empty text, outside lists.
fn has_blank(value: &Value) -> bool {
    match value {
        Value::String(text) => text.trim().is_empty(),
        Value::Object(map) => map.values().any(has_blank),
        _ => false,
    }
}

/// Whether a field, by its name, holds what every error has: a code or a message. One within a list
/// may have no item to stand in.
fn says_what_is_wrong(path: &FieldPath) -> bool {
    const ENDS: [&str; 3] = ["code", "msg", "message"];
    let name = path.last_name().unwrap_or_default().to_ascii_lowercase();
    !path.has_item() && !path.has_entry() && ENDS.iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("error_code", true)]
    #[case("error.message", true)]
    #[case("errorMsg", true)]
    #[case("request_id", false)]
    #[case("errors[].code", false)]
    #[case("", false)]
    fn only_codes_and_messages_have_to_say_something(#[case] path: &str, #[case] expected: bool) {
        assert_eq!(says_what_is_wrong(&FieldPath::from(path)), expected);
    }
}
