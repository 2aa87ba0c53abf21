//! A 204 has no body (RFC 9110, 15.3.5), and neither has its header a length; a documented body is
//! there, but for answers that have none by nature.

use crate::contract::{Facet, Level, Location, Source, is_without_body};
use crate::generate::Expectation;

use super::{Check, Context, Observation, Seen};

pub(super) fn check(context: &Context<'_>) -> Vec<Observation> {
    let answer = context.answer;
    let announced = answer
        .header("content-length")
        .and_then(|length| length.trim().parse::<u64>().ok())
        .unwrap_or(0);
    let observe = |seen: Seen, message: String| {
        vec![context.observe(
            Check::EmptyBody,
            Facet::Body,
            Level::Must,
            seen,
            message,
            Facet::Body.as_str(),
        )]
    };
    if answer.status == 204 {
        let chunked = answer.header("transfer-encoding").is_some();
        if !answer.body.is_empty() || announced > 0 || chunked {
            return observe(
                Seen::UnexpectedBody,
                "answered 204 with a body, which 204 does not have".to_owned(),
            );
        }
        return Vec::new();
    }
    let is_without = is_without_body(&context.case.request.method, answer.status);
    if is_without || !answer.body.is_empty() {
        return Vec::new();
    }
    if context
        .response
        .is_some_and(|response| response.schema.is_some())
    {
        return observe(
            Seen::NoBody,
            format!("answered {} without the documented body", answer.status),
        );
    }
    // A document that gives an answer no content says that it has none.
    let mut facts = context.operation.facts.iter();
    let is_of_document = facts.any(|fact| matches!(fact.source, Source::Document(_)));
    if context.case.expectation == Expectation::Unauthorised && !is_of_document {
        let rows = context
            .operation
            .parameters_in(Location::Header)
            .flat_map(|parameter| parameter.schema.own_facts().to_vec())
            .collect();
        let mut observation = Observation::about(
            context.subject,
            Check::EmptyBody,
            Seen::NoBody,
            format!("answered {} without an error body", answer.status),
        );
        observation.rows = if observation.rows.is_empty() {
            rows
        } else {
            observation.rows
        };
        observation.level = Level::Should;
        return vec![observation];
    }
    Vec::new()
}
