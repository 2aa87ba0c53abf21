//! A documented JSON body comes with a JSON content type (RFC 9110, 8.3; RFC 8259, 11); parameters
//! are free.

use crate::contract::{Facet, Level, Wire};

use super::{Check, Context, Observation, Seen};

pub(super) fn check(context: &Context<'_>) -> Vec<Observation> {
    let documented = context
        .response
        .is_some_and(|response| response.schema.is_some());
    if context.answer.body.is_empty() || !documented {
        return Vec::new();
    }
    let stated = context.answer.header("content-type");
    let media = stated
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    if media == "application/json"
        || (media.starts_with("application/") && media.ends_with("+json"))
    {
        return Vec::new();
    }
    let seen = stated.map_or_else(
        || "no content type".to_owned(),
        |stated| format!("content type `{stated}`"),
    );
    vec![context.observe(
        Check::ContentType,
        Facet::Wire(Wire::ContentType),
        Level::Should,
        Seen::of_content_type(stated),
        format!("a JSON body with {seen}, expected `application/json`"),
        "a JSON body",
    )]
}
