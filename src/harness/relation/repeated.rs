//! A create that is sent again with its key makes nothing new: it is answered as the first one, or
//! refused.

use serde_json::Value;

use crate::check::Breach;
use crate::contract::{FieldPath, Place};
use crate::generate::{Case, Expectation, Validity, classify};

use super::{Law, Outcome};

/// A key; each request that is sent has one of its own in its place.
const KEYS: [&str; 3] = [
    "docproof-7d1c0f5e",
    "7d1c0f5e-2f5b-4c58-9d5f-6f1f3f0d9a01",
    "7d1c0f5e",
];

pub(super) async fn hold(law: &Law<'_>, key: &str, created: &str) -> Outcome {
    let mut outcome = Outcome::default();
    let field = FieldPath::name(key);
    let keyed = KEYS.into_iter().find_map(|value| {
        let mut request = law.baseline.clone();
        request.set(Place::Header, &field, Some(Value::from(value)));
        (classify(law.operation, &request) == Validity::Valid).then_some(request)
    });
    let Some(mut request) = keyed else {
        return Outcome::undecided(format!("no value of `{key}` is known to be valid"));
    };
    law.context
        .mark(law.operation, &law.subject.fact, &mut request);
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
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let other = body.pointer(created).filter(|other| !other.is_null());
    if let Some(other) = other.filter(|other| again.is_success() && **other != id) {
        let message = format!(
            "a create that was sent twice with the same `{key}` made {id} and then {other}"
        );
        law.broken(&mut outcome, &again, Breach::MadeAgain, message);
    }
    outcome
}
