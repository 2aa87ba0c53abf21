//! The mock's own reading of a request: parameters by their declared types, the body strictly as
//! JSON, both against the schemas. The outcome is data (the call, and what it breaks), so that a
//! layer can leave a rule out.

use std::borrow::Cow;

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use serde_json::{Number, Value};

use crate::contract::{Facet, FieldPath, Place, ResourceExpectation, parse_strict};

use super::breach::{Breach, Cause, Unreadable};
use super::call::Call;
use super::resource::text_of;
use super::served::{Kind, Served, Taken};
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

/// Reads a request and finds what it breaks.
pub(super) fn read<'s>(served: &'s Served, incoming: &Incoming<'_>) -> (Call<'s>, Vec<Breach>) {
    let mut call = Call {
        parameters: Vec::with_capacity(served.path.len() + served.query.len()),
        body: None,
        expectation: ResourceExpectation::Success,
    };
    let mut breaches = Vec::new();
    for (taken, text) in served.path.iter().zip(&incoming.path) {
        take(taken, &[text], &mut call, &mut breaches);
    }
    read_query(served, incoming.query, &mut call, &mut breaches);
    for taken in &served.header {
        let texts: Vec<&str> = incoming
            .headers
            .get_all(taken.name.as_str())
            .iter()
            .filter_map(|value| value.to_str().ok())
            .map(str::trim)
            .collect();
        take(taken, &texts, &mut call, &mut breaches);
    }
    read_body(served, incoming, &mut call, &mut breaches);
    find_resources(served, &mut call, &mut breaches);
    (call, breaches)
}

fn read_query<'s>(
    served: &'s Served,
    query: &str,
    call: &mut Call<'s>,
    breaches: &mut Vec<Breach>,
) {
    let pairs = uri::query(query).unwrap_or_else(|| {
        let cause = Cause::Unreadable(Unreadable::Query);
        breaches.push(Breach::of_place(Place::Query, cause));
        Vec::new()
    });
    let mut texts: Vec<&str> = Vec::new();
    for taken in &served.query {
        texts.clear();
        texts.extend(
            pairs
                .iter()
                .filter(|(name, _)| *name == taken.name)
                .map(|(_, value)| &**value),
        );
        take(taken, &texts, call, breaches);
    }
}

/// Reads one parameter from the texts that were sent for it.
fn take<'s>(taken: &'s Taken, texts: &[&str], call: &mut Call<'s>, breaches: &mut Vec<Breach>) {
    let name = FieldPath::name(&taken.name);
    let breach = |cause| Breach::new(taken.location.place(), name.clone(), cause);
    let Some(first) = texts.first() else {
        if taken.required {
            breaches.push(breach(Cause::Rule(Facet::Required)));
        }
        return;
    };
    if texts.len() > 1 && !taken.kinds.contains(&Kind::Array) {
        breaches.push(breach(Cause::Repeated));
    }
    let read = taken
        .kinds
        .iter()
        .find_map(|kind| read_as(*kind, taken, texts));
    let value = if let Some(value) = read {
        for violation in taken.schema.violations(&value) {
            let place = taken.location.place();
            breaches.push(Breach::of_violation(place, &name, &violation));
        }
        value
    } else {
        breaches.push(breach(Cause::Rule(Facet::Type)));
        Value::from(*first)
    };
    call.parameters.push((taken.location, &taken.name, value));
}

/// A text read as a type; `None` when it is not one.
fn read_as(kind: Kind, taken: &Taken, texts: &[&str]) -> Option<Value> {
    let text = *texts.first()?;
    match kind {
        Kind::Integer => {
            let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
            if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            let number: i64 = text.parse().ok()?;
            (!taken.is_int32 || i32::try_from(number).is_ok()).then(|| Value::from(number))
        }
        Kind::Number => {
            let plain = text
                .bytes()
                .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
            let number: f64 = text.parse().ok().filter(|_| plain)?;
            Number::from_f64(number).map(Value::Number)
        }
        Kind::Boolean => text.parse::<bool>().ok().map(Value::Bool),
        Kind::Array => Some(match texts {
            // Both of OpenAPI's ways to send a list are understood: repeated, and separated by
            // commas.
            [one] => one.split(',').map(Value::from).collect(),
            many => many.iter().map(|text| Value::from(*text)).collect(),
        }),
        Kind::Text => Some(Value::from(text)),
    }
}

fn read_body(
    served: &Served,
    incoming: &Incoming<'_>,
    call: &mut Call<'_>,
    breaches: &mut Vec<Breach>,
) {
    let Some(taken) = &served.body else {
        return;
    };
    let of_body = |cause| Breach::of_place(Place::Request, cause);
    if incoming.body.is_empty() {
        if taken.required {
            breaches.push(of_body(Cause::Rule(Facet::Required)));
        }
        return;
    }
    if !is_json(incoming.headers) {
        breaches.push(of_body(Cause::Unreadable(Unreadable::ContentType)));
    }
    let value = match parse_strict(incoming.body) {
        Ok(value) => value,
        Err(why) => {
            breaches.push(of_body(Cause::Unreadable(why.into())));
            return;
        }
    };
    let violations = taken.schema.violations(&value);
    if taken.is_object && !value.is_object() && violations.is_empty() {
        breaches.push(of_body(Cause::Rule(Facet::Type)));
    }
    for violation in violations {
        let breach = Breach::of_violation(Place::Request, &FieldPath::root(), &violation);
        breaches.push(breach);
    }
    call.body = Some(value);
}

/// Whether the content type says JSON, whatever its parameters.
fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|media| media.trim().eq_ignore_ascii_case(super::reply::JSON))
}

/// Looks up what the request names.
fn find_resources(served: &Served, call: &mut Call<'_>, breaches: &mut Vec<Breach>) {
    for bound in &served.bound {
        let Some(value) = call.at(&bound.row) else {
            continue;
        };
        let given = match value {
            Value::String(text) => Cow::Borrowed(text.as_str()),
            other => Cow::Owned(text_of(other)),
        };
        let breach = |cause| Breach::new(bound.row.place, bound.row.field.clone(), cause);
        match bound.known.iter().find(|(id, _)| *id == given) {
            None => breaches.push(breach(Cause::Unknown)),
            Some((_, ResourceExpectation::Refused)) => {
                breaches.push(breach(Cause::Unsuitable));
            }
            Some((_, ResourceExpectation::Empty)) => {
                call.expectation = ResourceExpectation::Empty;
            }
            Some((_, ResourceExpectation::Success)) => {}
        }
    }
}
