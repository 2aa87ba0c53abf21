//! The mock's own reading of a request: parameters by their declared types, the body strictly as
//! what its media type says, both against the schemas. The outcome is data (the call, and what it
//! breaks), so that a layer can leave a rule out.

use std::borrow::Cow;

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_TYPE, COOKIE};
use serde_json::{Number, Value};

use crate::contract::{
    BETWEEN, Facet, FieldPath, MediaType, Place, ResourceExpectation, numbered, parse_strict,
};

use super::backend::Store;
use super::call::Call;
use super::operation::{Accepted, Kind, MockOperation};
use super::rejection::{Cause, Rejection, Unreadable};
use super::resource::text_of;
use super::uri;

/// The bytes of a request whose operation is known.
pub(super) struct Incoming<'r> {
    /// The captured path segments, decoded, in the template's order.
    pub(super) path: Vec<Cow<'r, str>>,
    /// The query string as sent.
    pub(super) query: &'r str,
    /// The headers.
    pub(super) headers: &'r HeaderMap,
    /// The body as sent.
    pub(super) body: &'r [u8],
}

/// Reads a request and finds what it breaks; `store` keeps what it may name.
pub(super) fn read<'s>(
    operation: &'s MockOperation,
    store: Option<&Store>,
    incoming: &Incoming<'_>,
) -> (Call<'s>, Vec<Rejection>) {
    let mut call = Call {
        parameters: Vec::with_capacity(operation.path.len() + operation.query.len()),
        omitted: operation
            .omitted
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone()))
            .collect(),
        body: None,
        expectation: ResourceExpectation::Success,
    };
    let mut rejections = Vec::new();
    for (accepted, text) in operation.path.iter().zip(&incoming.path) {
        take(accepted, &[text], &mut call, &mut rejections);
    }
    read_query(operation, incoming.query, &mut call, &mut rejections);
    for accepted in &operation.header {
        let texts: Vec<&str> = incoming
            .headers
            .get_all(accepted.name.as_str())
            .iter()
            .filter_map(|value| value.to_str().ok())
            .map(str::trim)
            .collect();
        take(accepted, &texts, &mut call, &mut rejections);
    }
    let cookies: Vec<&str> = incoming
        .headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|all| all.split(';'))
        .map(str::trim)
        .collect();
    for accepted in &operation.cookie {
        let texts: Vec<&str> = cookies
            .iter()
            .filter_map(|pair| pair.split_once('='))
            .filter(|(name, _)| *name == accepted.name)
            .map(|(_, value)| value)
            .collect();
        take(accepted, &texts, &mut call, &mut rejections);
    }
    for (location, schema) in &operation.beside {
        let sent = call.parameters.iter().filter(|(at, _, _)| at == location);
        let sent = sent.map(|(_, name, value)| ((*name).to_owned(), value.clone()));
        let place = location.place();
        for violation in schema.violations(&Value::Object(sent.collect())) {
            if violation.facet == BETWEEN {
                let rejection = Rejection::of_violation(place, &FieldPath::root(), &violation);
                rejections.push(rejection);
            }
        }
    }
    if !is_acceptable(operation, incoming.headers) {
        let cause = Cause::Unreadable(Unreadable::Accept);
        rejections.push(Rejection::of_place(Place::Operation, cause));
    }
    read_body(operation, incoming, &mut call, &mut rejections);
    find_resources(operation, store, &mut call, &mut rejections);
    (call, rejections)
}

/// Whether an operation takes what a path was parted into.
pub(super) fn takes_path(
    operation: &MockOperation,
    store: Option<&Store>,
    path: &[Cow<'_, str>],
) -> bool {
    let mut call = Call {
        parameters: Vec::with_capacity(path.len()),
        omitted: Vec::new(),
        body: None,
        expectation: ResourceExpectation::Success,
    };
    let mut rejections = Vec::new();
    for (accepted, text) in operation.path.iter().zip(path) {
        take(accepted, &[text], &mut call, &mut rejections);
    }
    find_resources(operation, store, &mut call, &mut rejections);
    !rejections
        .iter()
        .any(|rejection| rejection.row.place == Place::Path)
}

fn read_query<'s>(
    operation: &'s MockOperation,
    query: &str,
    call: &mut Call<'s>,
    rejections: &mut Vec<Rejection>,
) {
    let pairs = uri::query(query).unwrap_or_else(|| {
        let cause = Cause::Unreadable(Unreadable::Query);
        rejections.push(Rejection::of_place(Place::Query, cause));
        Vec::new()
    });
    let mut texts: Vec<&str> = Vec::new();
    for accepted in &operation.query {
        texts.clear();
        texts.extend(
            pairs
                .iter()
                .filter(|(name, _)| match accepted.style {
                    Some(style) => numbered::is_sent_as(&style.name(&accepted.name), name),
                    None => numbered::is_sent_as(&accepted.name, name),
                })
                .map(|(_, value)| &**value),
        );
        take(accepted, &texts, call, rejections);
    }
}

/// Reads one parameter from the texts that were sent for it.
fn take<'s>(
    accepted: &'s Accepted,
    texts: &[&str],
    call: &mut Call<'s>,
    rejections: &mut Vec<Rejection>,
) {
    let name = FieldPath::name(&accepted.name);
    let rejection = |cause| Rejection::new(accepted.location.place(), name.clone(), cause);
    let Some(first) = texts.first() else {
        if accepted.required {
            rejections.push(rejection(Cause::Rule(Facet::Required)));
        }
        return;
    };
    let is_once = match accepted.style {
        Some(style) => style.separator().is_some(),
        None => accepted.is_json || !accepted.kinds.contains(&Kind::Array),
    };
    if texts.len() > 1 && is_once {
        rejections.push(rejection(Cause::Repeated));
    }
    let read = if accepted.is_json {
        parse_strict(first.as_bytes()).ok()
    } else {
        let mut kinds = accepted.kinds.iter();
        kinds.find_map(|kind| read_as(*kind, accepted, texts))
    };
    let value = if let Some(value) = read {
        for violation in accepted.schema.violations(&value) {
            let place = accepted.location.place();
            rejections.push(Rejection::of_violation(place, &name, &violation));
        }
        value
    } else {
        rejections.push(rejection(Cause::Rule(Facet::Type)));
        Value::from(*first)
    };
    call.parameters
        .push((accepted.location, &accepted.name, value));
}

/// A text read as a type; `None` when it is not one.
fn read_as(kind: Kind, accepted: &Accepted, texts: &[&str]) -> Option<Value> {
    let text = *texts.first()?;
    match kind {
        Kind::Integer => {
            let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
            if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            let number: i64 = text.parse().ok()?;
            (!accepted.is_int32 || i32::try_from(number).is_ok()).then(|| Value::from(number))
        }
        Kind::Number => {
            let plain = text
                .bytes()
                .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
            // A whole number stays one: it may be an id.
            let whole = text.parse::<i64>().ok().map(Value::from);
            let number: f64 = text.parse().ok().filter(|_| plain)?;
            whole.or_else(|| Number::from_f64(number).map(Value::Number))
        }
        Kind::Boolean => text.parse::<bool>().ok().map(Value::Bool),
        Kind::Array => Some(match (accepted.style, texts) {
            (Some(style), _) => {
                let kind = accepted.items.unwrap_or(Kind::Text);
                let values = style.read(texts)?;
                let mut items = Vec::new();
                for text in values {
                    items.push(read_as(kind, accepted, &[text])?);
                }
                Value::Array(items)
            }
            // Both of OpenAPI's ways to send a list are understood: repeated, and separated by
            // commas.
            (None, [one]) => one.split(',').map(Value::from).collect(),
            (None, many) => many.iter().map(|text| Value::from(*text)).collect(),
        }),
        Kind::Text => Some(Value::from(text)),
    }
}

fn read_body(
    operation: &MockOperation,
    incoming: &Incoming<'_>,
    call: &mut Call<'_>,
    rejections: &mut Vec<Rejection>,
) {
    let Some(accepted) = &operation.body else {
        return;
    };
    let of_body = |cause| Rejection::of_place(Place::Request, cause);
    if incoming.body.is_empty() {
        if accepted.required {
            rejections.push(of_body(Cause::Rule(Facet::Required)));
        }
        return;
    }
    let kind = content_type(incoming.headers);
    if MediaType::read(kind).as_ref() != Some(&accepted.media) {
        rejections.push(of_body(Cause::Unreadable(Unreadable::ContentType)));
    }
    let read: Result<Value, Unreadable> = match &accepted.form {
        Some(form) => form.read(incoming.body, kind).map_err(Into::into),
        None => parse_strict(incoming.body).map_err(Into::into),
    };
    let value = match read {
        Ok(value) => value,
        Err(why) => {
            rejections.push(of_body(Cause::Unreadable(why)));
            return;
        }
    };
    let violations = accepted.schema.violations(&value);
    if accepted.is_object && !value.is_object() && violations.is_empty() {
        rejections.push(of_body(Cause::Rule(Facet::Type)));
    }
    for violation in violations {
        let rejection = Rejection::of_violation(Place::Request, &FieldPath::root(), &violation);
        rejections.push(rejection);
    }
    call.body = Some(value);
}

/// Whether a request takes one of the media types that an operation answers; where it refuses none
/// for that, each does.
fn is_acceptable(operation: &MockOperation, headers: &HeaderMap) -> bool {
    let asked = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    let Some(asked) = asked.filter(|_| !operation.offers.is_empty()) else {
        return true;
    };
    let asked: Vec<MediaType> = asked.split(',').filter_map(MediaType::read).collect();
    let offers = &operation.offers;
    asked.is_empty()
        || asked.iter().any(|asked| {
            offers
                .iter()
                .any(|own| asked.covers(own) || own.covers(asked))
        })
}

/// The content type that a request says; nothing where it says none.
fn content_type(headers: &HeaderMap) -> &str {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// Looks up what the request names: what is kept where something is, else what the mock knows from
/// the start.
fn find_resources(
    operation: &MockOperation,
    store: Option<&Store>,
    call: &mut Call<'_>,
    rejections: &mut Vec<Rejection>,
) {
    for bound in &operation.bound {
        // Null names nothing: whether it may stand there is the schema's.
        let Some(value) = call.at(&bound.row).filter(|value| !value.is_null()) else {
            continue;
        };
        let given = match value {
            Value::String(text) => Cow::Borrowed(text.as_str()),
            other => Cow::Owned(text_of(other)),
        };
        let rejection = |cause| Rejection::new(bound.row.place, bound.row.field.clone(), cause);
        let known = bound.known.iter().find(|(id, _)| *id == given);
        let is_there = store
            .and_then(|store| store.knows(operation, bound, &given, call))
            .unwrap_or(known.is_some());
        match known.map(|(_, expectation)| *expectation) {
            _ if !is_there => rejections.push(rejection(Cause::Unknown)),
            Some(ResourceExpectation::Refused) => rejections.push(rejection(Cause::Unsuitable)),
            Some(ResourceExpectation::Empty) => call.expectation = ResourceExpectation::Empty,
            Some(ResourceExpectation::Success) | None => {}
        }
    }
}
