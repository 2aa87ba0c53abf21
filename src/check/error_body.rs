//! A documented error body says something: its code and message are not empty, wherever they stand
//! in it. One that an example shows alone has its shape.

use serde_json::{Map, Value};

use crate::contract::{Facet, FieldPath, Level, Rule, escape_token, is_without_body};
use crate::generate::Expectation;

use super::{Check, Context, JsonType, Observation, Part, Seen};

/// Names that the bodies of errors have at their top: one that is shown with none of these may be an
/// object of the request's fields, of which each error has others.
const OF_ERRORS: [&str; 14] = [
    "code",
    "description",
    "detail",
    "error",
    "errorcode",
    "errormessage",
    "errors",
    "errormsg",
    "fault",
    "message",
    "msg",
    "reason",
    "status",
    "title",
];

/// How deep the shape of an error is compared.
const DEPTH: usize = 3;

pub(super) fn check(context: &Context<'_>) -> Vec<Observation> {
    if context.answer.status < 400 {
        return Vec::new();
    }
    let unlike = unlike_shown(context);
    if !unlike.is_empty() {
        return unlike;
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

/// Where an error has another shape than each example of it: no field that they show, or one that is
/// of another type. Where a schema describes the error, what it allows is right, whatever an example
/// shows.
fn unlike_shown(context: &Context<'_>) -> Vec<Observation> {
    // What comes before an operation reads its request has an error of its own.
    let is_held = matches!(
        context.case.expectation,
        Expectation::Success
            | Expectation::Refusal
            | Expectation::ConventionalRefusal
            | Expectation::LenientRefusal
            | Expectation::UnknownResource
            | Expectation::AbsentResource
    );
    let response = context.response.filter(|own| own.schema.is_none());
    let Some(response) = response.filter(|_| is_held) else {
        return Vec::new();
    };
    let shown: Vec<&Map<String, Value>> = response
        .examples
        .iter()
        .filter_map(Value::as_object)
        .filter(|own| {
            own.keys()
                .any(|name| OF_ERRORS.contains(&folded(name).as_str()))
        })
        .collect();
    if shown.is_empty() || shown.len() < response.examples.len() {
        return Vec::new();
    }
    let (seen, pointer) = match &context.body {
        Some(Ok(Value::Object(own))) => {
            let mut unlike = shown.iter().map(|shown| unlike(shown, own, DEPTH));
            let Some(Some(first)) = unlike.next() else {
                return Vec::new();
            };
            if unlike.any(|own| own.is_none()) {
                return Vec::new();
            }
            first
        }
        Some(Ok(other)) => match JsonType::of(other) {
            Some(seen) => (Seen::WrongType { seen }, String::new()),
            None => (Seen::Null, String::new()),
        },
        None if context.answer.body.is_empty()
            && !is_without_body(&context.case.request.method, context.answer.status) =>
        {
            (Seen::NoBody, String::new())
        }
        _ => return Vec::new(),
    };
    let place = if pointer.is_empty() {
        "the body of the error".to_owned()
    } else {
        format!(
            "`{}` of the error",
            pointer.trim_start_matches('/').replace('/', ".")
        )
    };
    let message = format!("{place} {seen}, unlike the example");
    let mut own = context.observe(
        Check::ErrorBody,
        Facet::Example,
        Level::Should,
        seen,
        message,
        "an error like the example",
    );
    own.at = Some(Part::Body(pointer));
    vec![own]
}

/// What of an object is unlike the one that is shown, and the pointer to it. A text may stand for a
/// list of them.
fn unlike(
    shown: &Map<String, Value>,
    own: &Map<String, Value>,
    depth: usize,
) -> Option<(Seen, String)> {
    let mut shared = shown
        .iter()
        .filter_map(|(name, shown)| Some((name, shown, own.get(name)?)))
        .peekable();
    if shared.peek().is_none() {
        return (!shown.is_empty() && depth == DEPTH).then(|| (Seen::Absent, String::new()));
    }
    shared
        .filter(|(name, ..)| OF_ERRORS.contains(&folded(name).as_str()))
        .find_map(|(name, shown, own)| {
            let (is, was) = (JsonType::of(own)?, JsonType::of(shown)?);
            let pair = (is.min(was), is.max(was));
            match (shown, own) {
                (Value::Object(shown), Value::Object(own)) if depth > 0 => {
                    let (seen, below) = unlike(shown, own, depth - 1)?;
                    Some((seen, format!("/{}{below}", escape_token(name))))
                }
                _ if is == was || pair == (JsonType::String, JsonType::Array) => None,
                _ => Some((
                    Seen::WrongType { seen: is },
                    format!("/{}", escape_token(name)),
                )),
            }
        })
}

/// The name of a field as all its spellings have it.
fn folded(name: &str) -> String {
    name.replace(['_', '-'], "").to_lowercase()
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
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case(json!({"error": {"code": "a"}}), json!({"message": "b"}), Some(""))]
    #[case(json!({"error": {"code": "a"}}), json!({"error": "b"}), Some("/error"))]
    #[case(json!({"error": {"code": "a"}}), json!({"error": {"code": 4}}), Some("/error/code"))]
    #[case(json!({"error": {"code": "a"}}), json!({"error": {"code": null}}), None)]
    #[case(json!({"error": {"code": "a"}}), json!({"error": {"text": "b"}}), None)]
    #[case(json!({"detail": "a"}), json!({"detail": ["b"]}), None)]
    #[case(json!({"message": "a", "data": {}}), json!({"message": "b", "data": 1}), None)]
    fn an_error_has_the_shape_of_the_example(
        #[case] shown: Value,
        #[case] own: Value,
        #[case] expected: Option<&str>,
    ) {
        let (shown, own) = (shown.as_object().unwrap(), own.as_object().unwrap());
        let found = unlike(shown, own, DEPTH).map(|(_, pointer)| pointer);
        assert_eq!(found.as_deref(), expected);
    }

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
