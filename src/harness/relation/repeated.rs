//! A create that is sent again with its key makes nothing new: it is answered as the first one, or
//! refused. With another body it is refused, where the page says so.

use serde_json::Value;

use crate::check::Breach;
use crate::contract::{FieldPath, Operation, Place};
use crate::generate::{Case, Expectation, Request, Validity, classify};

use super::lifecycle::other_value;
use super::{Law, Outcome};

/// A key; each request that is sent has one of its own in its place.
const KEYS: [&str; 3] = [
    "docproof-7d1c0f5e",
    "7d1c0f5e-2f5b-4c58-9d5f-6f1f3f0d9a01",
    "7d1c0f5e",
];

/// A documented request with a key; why there is none.
fn keyed(law: &Law<'_>, key: &str) -> Result<Request, String> {
    let field = FieldPath::name(key);
    let keyed = KEYS.into_iter().find_map(|value| {
        let mut request = law.baseline.clone();
        request.set(Place::Header, &field, Some(Value::from(value)));
        (classify(law.operation, &request) == Validity::Valid).then_some(request)
    });
    let mut request = keyed.ok_or(format!("no value of `{key}` is known to be valid"))?;
    law.context
        .mark(law.operation, &law.subject.fact, &mut request);
    Ok(request)
}

/// The same request with another valid value of a field that is in its body.
fn with_another_value(operation: &Operation, request: &Request) -> Option<Request> {
    let schema = &operation.request_body.as_ref()?.schema;
    schema.fields().find_map(|field| {
        let is_plain = !field.path.is_root() && !field.path.has_item() && !field.path.has_entry();
        let now = request
            .get(Place::Request, field.path)
            .filter(|now| is_plain && !now.is_object())?;
        let value = other_value(operation, field.path, Some(&now))?;
        let mut other = request.clone();
        other.set(Place::Request, field.path, Some(value));
        (classify(operation, &other) == Validity::Valid).then_some(other)
    })
}

/// A key that was sent with one body is refused with another, as the page says.
pub(super) async fn with_another_body(law: &Law<'_>, key: &str) -> Outcome {
    let mut outcome = Outcome::default();
    let field = FieldPath::name(key);
    let request = match keyed(law, key) {
        Ok(request) => request,
        Err(reason) => return Outcome::undecided(reason),
    };
    let either = Expectation::Unspecified;
    let asked = law.ask(law.operation, &request, "a create", either, &mut outcome);
    let Some((_, first)) = asked.await.filter(|(_, first)| first.is_success()) else {
        return outcome;
    };
    if first.request.get(Place::Header, &field).is_none() {
        return Outcome::undecided(format!("the create was sent without `{key}`"));
    }
    let Some(other) = with_another_value(law.operation, &first.request) else {
        return Outcome::undecided("no field of the body has another value");
    };
    let case = Case {
        label: format!("the same `{key}` with another body"),
        request: other,
        expectation: Expectation::Refusal,
    };
    let again = law.context.send_again(law.operation, &case).await;
    law.requests.set(law.requests.get() + 1);
    law.step(&again);
    let Ok(answer) = &again.outcome else {
        return Outcome::undecided("the second create was not answered");
    };
    if again.is_success() {
        let message = format!(
            "the same `{key}` with another body was answered {}, expected a refusal",
            answer.status
        );
        law.broken(&mut outcome, &again, Breach::OtherBodyTaken, message);
    }
    outcome
}

pub(super) async fn hold(law: &Law<'_>, key: &str, created: &str) -> Outcome {
    let mut outcome = Outcome::default();
    let field = FieldPath::name(key);
    let request = match keyed(law, key) {
        Ok(request) => request,
        Err(reason) => return Outcome::undecided(reason),
    };
    let expectation = Expectation::Unspecified;
    let asked = law
        .ask(
            law.operation,
            &request,
            "a create",
            expectation,
            &mut outcome,
        )
        .await;
    let Some((body, first)) = asked else {
        return outcome;
    };
    let id = body.pointer(created).filter(|id| !id.is_null()).cloned();
    let Some(id) = id.filter(|_| first.is_success()) else {
        return Outcome::undecided("the first create tells no id");
    };
    if first.request.get(Place::Header, &field).is_none() {
        return Outcome::undecided(format!("the create was sent without `{key}`"));
    }
    let case = Case {
        label: "the same create once more".to_owned(),
        request: first.request.clone(),
        expectation: Expectation::Unspecified,
    };
    let again = law.context.send_again(law.operation, &case).await;
    law.requests.set(law.requests.get() + 1);
    law.step(&again);
    let Ok(answer) = &again.outcome else {
        return Outcome::undecided("the second create was not answered");
    };
    let other = answer.body.at(created).filter(|other| !other.is_null());
    if let Some(other) = other.filter(|other| again.is_success() && **other != id) {
        let message = format!(
            "a create that was sent twice with the same `{key}` made {id} and then {other}"
        );
        law.broken(&mut outcome, &again, Breach::MadeAgain, message);
    }
    outcome
}
