//! An answer repeats what the request said, and names something new.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::check::Breach;
use crate::contract::{FieldPath, Place};
use crate::generate::{Expectation, Request};

use super::{Law, Outcome, texts};

pub(super) async fn hold(law: &Law<'_>, same: &BTreeMap<String, String>) -> Outcome {
    let mut outcome = Outcome::default();
    for round in 0..texts::ROUNDS {
        let (request, expectation) = texts::vary(law, same.keys(), &law.baseline, round);
        let asked = law
            .ask(
                law.operation,
                &request,
                "a create",
                expectation,
                &mut outcome,
            )
            .await;
        let Some((body, exchange)) = asked else {
            return outcome;
        };
        if !exchange.is_success() {
            continue;
        }
        for (field, pointer) in same {
            let sent = request
                .get(Place::Request, &FieldPath::from(field.as_str()))
                .unwrap_or_default();
            let seen = body.pointer(pointer).cloned().unwrap_or_default();
            if sent != seen {
                law.broken(
                    &mut outcome,
                    &exchange,
                    Breach::NotEchoed {
                        field: field.clone(),
                    },
                    format!("sent `{field}` {sent}, and the answer's `{pointer}` is {seen}"),
                );
                return outcome;
            }
        }
    }
    outcome
}

/// How often something is created.
pub(in crate::harness) const CREATIONS: usize = 3;

/// Every creation gets an identity of its own. No request is sent twice: a service may take the
/// same one, sent again, for a repetition.
pub(super) async fn unique(
    law: &Law<'_>,
    same: &BTreeMap<String, String>,
    created: &str,
) -> Outcome {
    let mut outcome = Outcome::default();
    let mut seen: Vec<Value> = Vec::new();
    let mut requests: Vec<Request> = Vec::new();
    for round in 0..texts::ROUNDS {
        let (request, expectation) = texts::vary(law, same.keys(), &law.baseline, round);
        if expectation == Expectation::Success && !requests.contains(&request) {
            requests.push(request);
        }
    }
    if requests.len() < 2 {
        return Outcome::undecided("all creations would be one and the same request");
    }
    for request in requests.iter().take(CREATIONS) {
        let asked = law
            .ask(
                law.operation,
                request,
                "a create",
                Expectation::Success,
                &mut outcome,
            )
            .await;
        let Some((body, exchange)) = asked else {
            return outcome;
        };
        let Some(id) = body.pointer(created).filter(|id| !id.is_null()) else {
            return Outcome::undecided(format!("the answer has no `{created}`"));
        };
        if seen.contains(id) {
            law.broken(
                &mut outcome,
                &exchange,
                Breach::SameIdentity,
                format!("two creations have the same `{created}`: {id}"),
            );
            return outcome;
        }
        seen.push(id.clone());
    }
    outcome
}
