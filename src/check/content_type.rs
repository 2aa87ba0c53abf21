//! A documented JSON body comes with a JSON content type (RFC 9110, 8.3; RFC 8259, 11), a body of
//! another media type with that, and JSON that is documented by a name of its own with that name;
//! parameters are free.

use crate::contract::{Facet, FieldPath, Level, Location, MediaType, Parameter, Place, Wire};

use super::asked_format::is_asked_for;
use super::{Check, Context, Observation, Seen};

pub(super) fn check(context: &Context<'_>) -> Vec<Observation> {
    if context.answer.body.is_empty() || is_asked_for(context) {
        return Vec::new();
    }
    let Some(response) = context.response else {
        return Vec::new();
    };
    let others = response.media.iter().any(|media| !media.is_json());
    if others || response.is_json_by_name() {
        return of_documented(context, &response.media);
    }
    if !response.has_json() {
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

/// The same of a body that is not, or not always, plain JSON.
fn of_documented(context: &Context<'_>, documented: &[MediaType]) -> Vec<Observation> {
    let stated = context.answer.header("content-type");
    let media = stated.and_then(MediaType::read);
    let is_one = |media: &MediaType| documented.iter().any(|known| known.covers(media));
    if media.as_ref().is_some_and(is_one) {
        return of_asked(context, documented, media.as_ref());
    }
    let seen = stated.map_or_else(
        || "no content type".to_owned(),
        |stated| format!("content type `{stated}`"),
    );
    let names: Vec<String> = documented
        .iter()
        .map(|known| format!("`{known}`"))
        .collect();
    let names = names.join(" or ");
    vec![context.observe(
        Check::ContentType,
        Facet::Wire(Wire::ContentType),
        Level::Should,
        Seen::of_content_type(stated),
        format!("a body with {seen}, expected {names}"),
        "the media type of the body",
    )]
}

/// What a documented value of `Accept` asks for is what comes, where answers of it are documented.
fn of_asked(
    context: &Context<'_>,
    documented: &[MediaType],
    media: Option<&MediaType>,
) -> Vec<Observation> {
    let name = |own: &Parameter| own.name.eq_ignore_ascii_case("accept");
    let mut headers = context.operation.parameters_in(Location::Header);
    let asked = headers.find(|own| name(own)).and_then(|own| {
        let field = FieldPath::name(&own.name);
        let value = context.case.request.get(Place::Header, &field)?;
        MediaType::read(value.as_str()?)
    });
    let (Some(asked), Some(media)) = (asked, media) else {
        return Vec::new();
    };
    if !documented.contains(&asked) || asked.covers(media) {
        return Vec::new();
    }
    vec![context.observe(
        Check::ContentType,
        Facet::Wire(Wire::ContentType),
        Level::Should,
        Seen::of_content_type(context.answer.header("content-type")),
        format!("`Accept` asks for `{asked}`, and the answer is `{media}`"),
        "the media types that `Accept` may ask for",
    )]
}
