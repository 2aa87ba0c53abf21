//! The status is one that the oracle allows for the case.

use serde_json::Value;

use crate::contract::{
    Facet, Fact, Level, Location, Operation, Place, Rule, Source, StatusRange, Topic, is_file,
};
use crate::generate::{Body, Case, Credential, Expectation, Request, Validity, classify};

use super::{Check, Context, Observation, Seen, kept, no_id, partial};

/// Statuses allowed for an expectation beside the documented 4xx: custom and RFC 9110 say so, not
/// the page.
fn tolerated(expectation: Expectation) -> &'static [u16] {
    match expectation {
        Expectation::Success
        | Expectation::Refusal
        | Expectation::ConventionalRefusal
        | Expectation::LenientRefusal
        | Expectation::EmptyResource
        | Expectation::Unspecified
        | Expectation::UndocumentedPath
        | Expectation::RefusedResource => &[],
        Expectation::Malformed => &[400, 415, 422],
        Expectation::Unauthorised => &[401, 403],
        Expectation::UnknownResource => &[404],
        Expectation::AbsentResource => &[404, 410],
        // Who looks at the media type or the body first refuses it all the same.
        Expectation::UndocumentedMethod => &[400, 401, 403, 404, 405, 415, 422, 501],
        Expectation::TooLarge => &[400, 404, 413, 414, 431],
        Expectation::Oversized => &[400, 404, 413, 414, 422, 431],
    }
}

/// Whether a status is allowed for an expectation.
fn is_allowed(context: &Context<'_>, expectation: Expectation, status: u16) -> bool {
    let documented = context.operation.is_documented(status);
    let refuses = context.answer.refuses;
    let success = !refuses && context.operation.is_documented_success(status)
        || status == 304 && context.operation.names(304) && is_conditional(context);
    let class = status / 100;
    if refuses
        && !matches!(
            expectation,
            Expectation::Success | Expectation::EmptyResource
        )
    {
        return true;
    }
    match expectation {
        Expectation::Success | Expectation::EmptyResource => success,
        Expectation::AbsentResource => {
            success || class == 4 && documented || tolerated(expectation).contains(&status)
        }
        // Who may refuse or take it may say so as he likes.
        Expectation::Unspecified => {
            class == 4 || success || context.operation.may_be_unable(status)
        }
        Expectation::Oversized => {
            success
                || class == 4 && documented
                || tolerated(expectation).contains(&status)
                // A write may meet what another one is doing (RFC 9110, section 15.5.10).
                || status == 409 && context.operation.writes()
                || context.operation.may_be_unable(status)
        }
        Expectation::UndocumentedPath => class != 2,
        Expectation::Unauthorised if is_malformed(context.case.request.credential) => {
            status == 400 || class == 4 && documented || tolerated(expectation).contains(&status)
        }
        Expectation::Refusal
        | Expectation::ConventionalRefusal
        | Expectation::LenientRefusal
        | Expectation::Malformed
        | Expectation::Unauthorised
        | Expectation::UnknownResource
        | Expectation::RefusedResource
        | Expectation::UndocumentedMethod
        | Expectation::TooLarge => {
            class == 4 && documented || tolerated(expectation).contains(&status)
        }
    }
}

/// Whether a credential has no form of one: who reads it first may call the request itself wrong (RFC
/// 6750, section 3.1, `invalid_request`).
fn is_malformed(credential: Credential) -> bool {
    matches!(credential, Credential::Empty | Credential::EmptyPassword)
}

/// Whether a request that breaks a documented rule is refused by the status of all such requests,
/// where the source lists neither of the two: it lists what is special of the operation, and denies
/// no refusal of what its own rules deny.
fn is_usual_refusal(context: &Context<'_>) -> bool {
    const USUAL: [u16; 2] = [400, 422];
    let is_refusal = match context.case.expectation {
        Expectation::Refusal | Expectation::ConventionalRefusal | Expectation::LenientRefusal => {
            true
        }
        // What is no id at all is one that nobody has, and a value that its place does not take.
        Expectation::UnknownResource | Expectation::AbsentResource | Expectation::TooLarge => {
            names_by_no_id(context)
        }
        _ => false,
    };
    let is_listed = |status: &u16| context.operation.names(*status);
    is_refusal && USUAL.contains(&context.answer.status) && !USUAL.iter().any(is_listed)
}

/// Whether a request has a value that its place does not take, or one of a form that nobody knows.
fn names_by_no_id(context: &Context<'_>) -> bool {
    let Context {
        operation, case, ..
    } = context;
    no_id::is_in_path(operation, &case.request)
        || matches!(classify(operation, &case.request), Validity::Invalid(_))
}

/// Whether a file that is larger than is allowed is refused by HTTP's own status for that (RFC 9110,
/// section 15.5.14), which servers and what stands before them give whatever a page lists.
fn is_too_large_a_file(context: &Context<'_>) -> bool {
    let Topic::Rule(rule) = &context.subject.fact.topic else {
        return false;
    };
    let described = context.operation.request_body.as_ref();
    let field = described.and_then(|body| body.schema.field(&rule.field));
    context.answer.status == 413
        && rule.place == Place::Request
        && rule.facet == Facet::MaxLength
        && field.is_some_and(|field| is_file(field.node))
}

/// The length of path and query that every server is advised to take (RFC 9110, section 4.1).
const LONGEST_TARGET: usize = 8_000;

/// Whether a request is refused for the length of its target, which a page may want to be longer than
/// servers, and what stands before them, take.
pub fn is_too_long_a_target(request: &Request, status: u16) -> bool {
    matches!(status, 414 | 431) && request.target().len() > LONGEST_TARGET
}

/// Whether a request asks for a copy only where the caller's is not the newest (RFC 9110, 13.1).
fn is_conditional(context: &Context<'_>) -> bool {
    const CONDITIONS: [&str; 2] = ["if-none-match", "if-modified-since"];
    let headers = &context.case.request.headers;
    headers.iter().any(|(name, _)| {
        CONDITIONS
            .iter()
            .any(|condition| name.eq_ignore_ascii_case(condition))
    })
}

/// The most characters of a `Location` that are told.
const LONGEST_LOCATION: usize = 200;

/// The status as it is told: of a redirection with where it leads.
fn told(context: &Context<'_>) -> String {
    let status = context.answer.status;
    let location = context
        .answer
        .header("location")
        .filter(|_| status / 100 == 3);
    match location {
        Some(location) => {
            let shown: String = location.chars().take(LONGEST_LOCATION).collect();
            format!("{status} with `Location: {shown}`")
        }
        None if context.answer.refuses => format!("{status} with a body that says it was refused"),
        None => status.to_string(),
    }
}

/// Whether a header or a parameter of the query that may be left out came without a value, or with
/// the word null for one of another type: many take that for none.
fn is_blank(context: &Context<'_>) -> bool {
    let Topic::Rule(rule) = &context.subject.fact.topic else {
        return false;
    };
    let name = rule.field.top().unwrap_or_default();
    let location = match rule.place {
        Place::Header => Location::Header,
        Place::Query => Location::Query,
        Place::Request => return is_blank_of_form(context, rule),
        _ => return false,
    };
    let parameter = context.operation.parameter(location, name);
    rule.facet != Facet::MinLength
        && parameter.is_some_and(|parameter| !parameter.required)
        && context
            .case
            .request
            .get(rule.place, &rule.field)
            .is_some_and(|sent| sent == "" || rule.facet == Facet::Type && sent == "null")
}

/// The same of a form's field, which is written as a parameter of the query is.
fn is_blank_of_form(context: &Context<'_>, rule: &Rule) -> bool {
    let request = &context.case.request;
    let body = context.operation.request_body.as_ref();
    let field = body.and_then(|body| body.schema.field(&rule.field));
    matches!(request.body, Body::Form(..))
        && rule.facet != Facet::MinLength
        && rule.field.steps().len() == 1
        && field.is_some_and(|field| !field.required)
        && request.get(rule.place, &rule.field) == Some(Value::from(""))
}

/// Whether what is wrong with an item of what is sent is told of that item alone: the status says that
/// each has its own (RFC 4918, section 13), or the documented success has a result for each, and one
/// of them is that of a refusal.
fn is_refused_in_part(context: &Context<'_>) -> bool {
    let rule = context.subject.fact.rule();
    let breaks_item =
        rule.is_some_and(|rule| rule.place == Place::Request && rule.field.has_item());
    let body = context.body.and_then(Result::ok);
    let status = context.answer.status;
    let schema = || {
        let documented = context.operation.response(status)?;
        documented.schema.as_ref()
    };
    body.is_some_and(|body| match status {
        207 => {
            let is_of_answer = rule.is_none_or(|rule| rule.place.is_response());
            let may_be_told = breaks_item || is_of_answer;
            may_be_told && context.operation.names(207) && partial::refuses(body, None)
        }
        // What is listed may have failed long ago: only a request with a wrong item is told so.
        200..300 if breaks_item && context.operation.names(status) => {
            schema().is_some_and(|schema| partial::refuses(body, Some(schema)))
        }
        _ => false,
    })
}

/// Whether null was taken for a field that may be left out, and that an answer of the operation is
/// documented to show as null: who shows nothing so may take it so.
fn is_null_as_shown(context: &Context<'_>) -> bool {
    let Topic::Rule(rule) = &context.subject.fact.topic else {
        return false;
    };
    let body = context.operation.request_body.as_ref();
    let field = body.and_then(|body| body.schema.field(&rule.field));
    let name = rule.field.top().unwrap_or_default();
    let is_null = |own: &Value| own.get(name).is_some_and(Value::is_null);
    let shows_null = |example: &Value| {
        let wrapped = example.as_object().filter(|map| map.len() == 1);
        is_null(example) || wrapped.is_some_and(|map| map.values().any(is_null))
    };
    let mut shown = context.operation.successes().flat_map(|own| &own.examples);
    rule.place == Place::Request
        && rule.field.steps().len() == 1
        && field.is_some_and(|field| !field.required)
        && context.case.request.get(rule.place, &rule.field) == Some(Value::Null)
        && shown.any(shows_null)
}

/// Whether a request's bytes are such as nothing says that a receiver refuses: no text, though who
/// sends JSON writes it in UTF-8 (RFC 8259, section 8.1), in which many put a mark in the place of what
/// is not; or a whole value and then more, of which many readers take the first value alone.
fn is_read_in_part(context: &Context<'_>) -> bool {
    let more_than_a_value = |bytes: &[u8]| {
        let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<Value>();
        let is_first = values.next().is_some_and(|value| value.is_ok());
        let rest = bytes.get(values.byte_offset()..).unwrap_or_default();
        is_first && !rest.trim_ascii().is_empty()
    };
    match &context.case.request.body {
        Body::Raw(bytes) if context.case.expectation == Expectation::Malformed => {
            std::str::from_utf8(bytes).is_err() || more_than_a_value(bytes)
        }
        Body::Raw(_) | Body::Absent | Body::Json(_) | Body::Form(..) => false,
    }
}

/// Whether it is about the body of a request that reads, of which no meaning is defined (RFC 9110,
/// section 9.3.1), so that it was taken whatever it has: about a field, the whole, or the refusal that
/// a wrong one would be.
fn is_of_body_that_means_nothing(context: &Context<'_>) -> bool {
    let Context {
        operation,
        case,
        subject,
        ..
    } = context;
    let is_of_body = |rule: &Rule| rule.place == Place::Request;
    let is_read = matches!(case.request.method.as_str(), "GET" | "HEAD");
    let is_taken = context.answer.status / 100 == 2;
    let has_body = operation.request_body.is_some();
    is_read
        && subject.fact.rule().is_some_and(|rule| match rule.place {
            Place::Request => is_taken && has_body || !rule.field.is_root(),
            Place::Response(_) if is_taken => match classify(operation, &case.request) {
                Validity::Invalid(broken) => broken.iter().all(is_of_body),
                Validity::Valid | Validity::Unspecified(_) => false,
            },
            _ => false,
        })
}

/// Whether who asks for what belongs to an id that nobody has is told that there is nothing, where no
/// source names a refusal: an empty list is one way to say so.
fn tells_of_nothing(context: &Context<'_>) -> bool {
    fn is_nothing(value: &Value) -> bool {
        match value {
            Value::Null => true,
            Value::Number(number) => number.as_f64() == Some(0.0),
            Value::Array(items) => items.is_empty(),
            Value::Object(map) => map.values().all(is_nothing),
            Value::Bool(_) | Value::String(_) => false,
        }
    }
    let is_of_id = matches!(
        context.case.expectation,
        Expectation::UnknownResource | Expectation::AbsentResource
    );
    let rule = context.subject.fact.rule();
    let is_in_path = rule.is_some_and(|rule| rule.place == Place::Path);
    let body = context.body.and_then(Result::ok);
    context.answer.status / 100 == 2
        && (is_of_id || is_in_path)
        && !context.operation.documents_class(4)
        && body.is_some_and(is_nothing)
}

/// Whether a value that breaks a rule was taken for one that keeps it, as the answer shows.
fn is_kept(context: &Context<'_>) -> bool {
    let Some(Ok(body)) = &context.body else {
        return false;
    };
    let Context {
        operation,
        case,
        subject,
        ..
    } = context;
    // Of a trial that is about the refusal itself, the request tells what is refused.
    let is_of_answer = subject
        .fact
        .rule()
        .is_some_and(|rule| matches!(rule.place, Place::Response(_)));
    let broken = match classify(operation, &case.request) {
        Validity::Invalid(broken) if is_of_answer => broken,
        Validity::Valid | Validity::Invalid(_) | Validity::Unspecified(_) => Vec::new(),
    };
    let fact = match broken.as_slice() {
        [one] => operation.fact_id(one.clone()),
        _ => subject.fact.clone(),
    };
    kept::is_kept(operation, &case.request, &fact, body)
}

/// Whether a refusal asks a write that has no body for one, or for its media type: a page of it tells
/// of none. Of what replaces and changes a thing, a page that shows no body tells nothing of what it
/// becomes; an act (`POST`) may well have none.
pub fn asks_for_body(operation: &Operation, case: &Case, status: u16) -> bool {
    let mut facts = operation.facts.iter();
    let is_of_page = facts.all(|fact| matches!(fact.source, Source::Page(_)));
    let lacks_body = operation.writes() && case.request.body.value().is_none();
    let is_untold = operation.request_body.is_none()
        && matches!(operation.method.as_str(), "PUT" | "PATCH")
        && matches!(status, 400 | 411 | 422);
    is_of_page && lacks_body && (status == 415 || is_untold)
}

pub(super) fn check(context: &Context<'_>) -> Vec<Observation> {
    let status = context.answer.status;
    let expectation = context.case.expectation;
    if is_allowed(context, expectation, status)
        || is_too_long_a_target(&context.case.request, status)
    {
        return Vec::new();
    }
    if is_refused_in_part(context) {
        return Vec::new();
    }
    let class = status / 100;
    let label = &context.case.label;
    let wants_success = matches!(
        expectation,
        Expectation::Success | Expectation::EmptyResource
    );
    // Where an operation is documented to send elsewhere, another redirection is its like.
    let leads_on = class == 3
        && context
            .operation
            .successes()
            .any(|response| response.class() == Some(3));
    let may_be_either = matches!(
        expectation,
        Expectation::Unspecified | Expectation::Oversized | Expectation::AbsentResource
    );
    let is_of_class = match class {
        2 => wants_success || may_be_either,
        3 => wants_success && leads_on,
        4 => !wants_success,
        _ => false,
    };
    let right_class = is_of_class && !context.answer.refuses;
    if right_class && context.is_documented_method() {
        // The server says of the request's form what the page does not.
        if class == 4 && asks_for_body(context.operation, context.case, status)
            || is_too_large_a_file(context)
        {
            return Vec::new();
        }
        // The endpoint did the right thing, with a status that no page gives it.
        let statuses: Vec<StatusRange> = context
            .operation
            .responses
            .iter()
            .filter(|response| response.class() == Some(class))
            .map(|response| response.status)
            .collect();
        let rows: Vec<Fact> = context
            .operation
            .responses
            .iter()
            .filter(|response| response.class() == Some(class))
            .flat_map(|response| {
                response
                    .facts
                    .iter()
                    .filter(|fact| fact.facet == Facet::Status)
                    .cloned()
            })
            .collect();
        let documented = statuses
            .iter()
            .map(StatusRange::to_string)
            .collect::<Vec<_>>()
            .join(", ");
        let place = statuses
            .first()
            .copied()
            .unwrap_or(StatusRange::Class(u8::try_from(class).unwrap_or(0)));
        return vec![Observation {
            check: Check::Status,
            fact: context
                .operation
                .fact_id(Rule::of_place(Place::Response(place), Facet::Status)),
            seen: Seen::Status { code: status },
            level: if is_usual_refusal(context) {
                Level::May
            } else {
                Level::Must
            },
            message: format!("answered {}, documented {documented}", told(context)),
            documented: format!("status {documented}"),
            rows,
            at: None,
        }];
    }
    let wanted = match expectation {
        Expectation::Success => "a documented success",
        Expectation::EmptyResource => "204 or an empty list",
        Expectation::Refusal
        | Expectation::ConventionalRefusal
        | Expectation::LenientRefusal
        | Expectation::RefusedResource
        | Expectation::Malformed => "a documented 4xx",
        Expectation::Unspecified => "a documented 2xx, or a 4xx",
        Expectation::AbsentResource => "a documented 2xx or 4xx, 404 or 410",
        Expectation::Unauthorised => "401 or 403",
        Expectation::UnknownResource => "a documented 4xx or 404",
        Expectation::UndocumentedMethod => "405 or another refusal",
        Expectation::UndocumentedPath => "404",
        Expectation::TooLarge => "413, 414, 431 or a documented 4xx",
        Expectation::Oversized => "a documented 2xx or 4xx, 413, 414 or 431",
    };
    let mut observation = Observation::about(
        context.subject,
        Check::Status,
        Seen::Status { code: status },
        format!("{label}: answered {}, expected {wanted}", told(context)),
    );
    if class == 5 {
        // A crash is never right, however the rule that led to it is stated.
        observation.level = Level::Must;
    } else if expectation == Expectation::LenientRefusal
        || is_kept(context)
        || is_read_in_part(context)
        || is_blank(context)
        || is_null_as_shown(context)
        || tells_of_nothing(context)
        || is_of_body_that_means_nothing(context)
    {
        observation.level = Level::May;
    } else if expectation == Expectation::ConventionalRefusal {
        observation.level = observation.level.min(Level::Should);
    }
    vec![observation]
}
