//! The documented headers of an answer are there where each answer has them, and hold what is
//! documented; a redirection says where it leads (RFC 9110, section 15.4).

use serde_json::Value;

use crate::contract::{
    Facet, FieldPath, Level, Place, ResponseHeader, Rule, StatusRange, Violation, is_redirect,
};
use crate::generate::typed;

use super::{Check, Context, Observation, Part, Seen};

/// The header of a redirection that says where it leads.
const LOCATION: &str = "Location";

pub(super) fn check(context: &Context<'_>) -> Vec<Observation> {
    let Some(response) = context.response else {
        return Vec::new();
    };
    let place = Place::ResponseHeader(response.status);
    let mut observations: Vec<Observation> = response
        .headers
        .iter()
        .flat_map(|header| of_header(context, place, header))
        .collect();
    let status = context.answer.status;
    let is_documented = response
        .headers
        .iter()
        .any(|header| header.required && header.name.eq_ignore_ascii_case(LOCATION));
    if is_redirect(status)
        && response.status == StatusRange::Code(status)
        && !is_documented
        && context.answer.header("location").is_none()
    {
        let known = response
            .headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case(LOCATION));
        let name = known.map_or(LOCATION, |header| header.name.as_str());
        let rule = Rule::new(place, FieldPath::name(name), Facet::Required);
        observations.push(Observation {
            check: Check::Headers,
            fact: context.operation.fact_id(rule),
            seen: Seen::Absent,
            level: Level::Should,
            message: format!("answered {status} without `{LOCATION}`"),
            documented: "RFC 9110, 15.4: a redirection says where it leads".to_owned(),
            rows: known.map_or_else(
                || response.facts.clone(),
                |header| header.schema.own_facts().to_vec(),
            ),
            at: Some(Part::Header(LOCATION.to_lowercase())),
        });
    }
    observations
}

/// What is wrong with one header of an answer.
fn of_header(context: &Context<'_>, place: Place, header: &ResponseHeader) -> Vec<Observation> {
    let name = header.name.to_lowercase();
    let field = FieldPath::name(&header.name);
    let observe = |violation: Violation, value: Option<&Value>| {
        let all = header.schema.facts(&violation.pointer, violation.facet);
        let stated = all.iter().filter(|row| row.facet == violation.facet);
        let level = stated.map(|row| row.level).max();
        let field = field.followed_by(&violation.field);
        Observation {
            check: Check::Headers,
            fact: context
                .operation
                .fact_id(Rule::new(place, field, violation.facet)),
            seen: Seen::of_value(violation.facet, value),
            level: level.unwrap_or(Level::Should),
            message: format!("the header `{}` {}", header.name, violation.message),
            documented: violation.facet.to_string(),
            rows: all,
            at: Some(Part::Header(name.clone())),
        }
    };
    let whole = |facet: Facet, message: &str| Violation {
        field: FieldPath::root(),
        pointer: String::new(),
        facet,
        message: message.to_owned(),
    };
    let Some(text) = context.answer.header(&name) else {
        // An answer without a body may come from a copy that keeps fewer headers.
        let is_expected = header.required && context.answer.status != 304;
        let absent = is_expected.then(|| whole(Facet::Required, "is absent"));
        return absent
            .into_iter()
            .map(|violation| observe(violation, None))
            .collect();
    };
    match typed(text.trim(), &header.schema) {
        None => {
            let message = format!("has a value of another type: {:?}", shown(text));
            let text = Value::from(text);
            vec![observe(whole(Facet::Type, &message), Some(&text))]
        }
        Some(value) => {
            let value = match of_media(&name, &value) {
                Some(media) if header.schema.violations(&media).is_empty() => media,
                Some(_) | None => value,
            };
            header
                .schema
                .violations(&value)
                .into_iter()
                .map(|violation| {
                    let seen = value.pointer(&violation.pointer).cloned();
                    observe(violation, seen.as_ref())
                })
                .collect()
        }
    }
}

/// The media type of a `Content-Type` without its parameters: whoever documents the type allows a
/// character set beside it (RFC 9110, section 8.3).
fn of_media(name: &str, value: &Value) -> Option<Value> {
    let text = value.as_str().filter(|_| name == "content-type")?;
    let media = text.split(';').next()?.trim();
    Some(Value::from(media))
}

/// The beginning of a text.
fn shown(text: &str) -> String {
    text.chars().take(80).collect()
}
