//! A refusal has the status that its page gives to what is wrong with the request: where a body that
//! is no JSON gets a 400 and a wrong value a 422, neither gets the other's.

use serde_json::Value;

use crate::contract::{Facet, Fact, Level, Meaning, MediaType, Place, Response, Rule, Topic};
use crate::generate::{Body, Expectation, Validity, classify};

use super::{Check, Context, Observation, Seen};

/// The status of a body of a media type that is not taken (RFC 9110, section 15.5.16).
const UNSUPPORTED: u16 = 415;

pub(super) fn check(context: &Context<'_>) -> Vec<Observation> {
    let status = context.answer.status;
    if !context.is_documented_method() || !context.operation.names(status) {
        return Vec::new();
    }
    let of = |cause: Meaning| context.operation.refused_for(Facet::Meaning(cause));
    let is = |response: &Response| response.status.code() == Some(status);
    let causes = [Meaning::OfMalformed, Meaning::OfInvalid];
    let [Some(malformed), Some(invalid)] = causes.map(of) else {
        return of_media(context);
    };
    if is(invalid) && has_no_json(context) {
        vec![observe(context, malformed, "a body that is no JSON")]
    } else if is(malformed) && has_wrong_value(context) {
        vec![observe(context, invalid, "a wrong or missing value")]
    } else {
        of_media(context)
    }
}

/// A body of another media type is refused by the status for that, where it is documented.
fn of_media(context: &Context<'_>) -> Vec<Observation> {
    let own = context.operation.request_body.as_ref();
    let sent = context.case.request.content_type.as_deref();
    let sent = sent.and_then(MediaType::read);
    let is_other = match (own, sent) {
        (Some(own), Some(sent)) => own.media.is_json() && !sent.is_json(),
        _ => false,
    };
    let told = context.operation.responses.iter();
    let mut told = told.filter(|own| own.status.code() == Some(UNSUPPORTED));
    match told.next() {
        Some(response)
            if is_other
                && context.case.expectation == Expectation::Malformed
                && matches!(context.answer.status, 400 | 422) =>
        {
            vec![observe(context, response, "a body of another media type")]
        }
        _ => Vec::new(),
    }
}

/// Whether the request's body is a text that no reader of JSON takes for a value.
fn has_no_json(context: &Context<'_>) -> bool {
    let Body::Raw(bytes) = &context.case.request.body else {
        return false;
    };
    let sent = context.case.request.content_type.as_deref();
    let sent = sent.and_then(MediaType::read);
    // Whoever reads the first value alone, or puts a mark in the place of what is no text, is kind.
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<Value>();
    context.case.expectation == Expectation::Malformed
        && sent.is_some_and(|sent| sent.is_json())
        && std::str::from_utf8(bytes).is_ok()
        && values.next().is_some_and(|first| first.is_err())
}

/// Whether the request's body is an object, and nothing is wrong with the request but the value of
/// one field of it.
fn has_wrong_value(context: &Context<'_>) -> bool {
    let Topic::Rule(rule) = &context.subject.fact.topic else {
        return false;
    };
    let request = &context.case.request;
    let is_of_field = |rule: &Rule| rule.place == Place::Request && !rule.field.is_root();
    let is_object = matches!(&request.body, Body::Json(value) if value.is_object());
    let broken = || match classify(context.operation, request) {
        Validity::Invalid(broken) => broken.iter().all(is_of_field),
        Validity::Valid | Validity::Unspecified(_) => false,
    };
    context.case.expectation == Expectation::Refusal && is_object && is_of_field(rule) && broken()
}

fn observe(context: &Context<'_>, right: &Response, what: &str) -> Observation {
    let status = context.answer.status;
    let told = |fact: &&Fact| {
        let causes = [Meaning::OfMalformed, Meaning::OfInvalid].map(Facet::Meaning);
        causes.contains(&fact.facet) || fact.facet == Facet::Status
    };
    let rows: Vec<Fact> = right.facts.iter().filter(told).cloned().collect();
    let of_answer = Place::Response(right.status);
    Observation {
        check: Check::Status,
        fact: context
            .operation
            .fact_id(Rule::of_place(of_answer, Facet::Status)),
        seen: Seen::Status { code: status },
        level: Level::Should,
        message: format!(
            "{}: answered {status}, documented {} for {what}",
            context.case.label, right.status
        ),
        documented: format!("status {}", right.status),
        rows,
        at: None,
    }
}
