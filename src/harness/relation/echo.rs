//! An answer repeats what the request said, and names something new.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::generate::Expectation;

use super::{Law, Outcome, texts};

pub(super) async fn hold(law: &Law<'_>, same: &BTreeMap<String, String>) -> Outcome {
    let mut outcome = Outcome::default();
    for round in 0..texts::ROUNDS {
        let mut request = law.baseline.clone();
        let mut expectation = Expectation::Success;
        for field in same.keys() {
            if law.shared.is_bound(law.operation, "request", field) {
                continue;
            }
            if let Some((told, expected)) = texts::tell(law.operation, &request, field, round) {
                request = told;
                if expected == Expectation::Unspecified {
                    expectation = expected;
                }
            }
        }
        law.shared
            .mark(law.operation, &law.subject.fact, &mut request);
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
            let sent = request.get("request", field).unwrap_or_default();
            let seen = body.pointer(pointer).cloned().unwrap_or_default();
            if sent != seen {
                law.broken(
                    &mut outcome,
                    &exchange,
                    format!("sent `{field}` {sent}, and the answer's `{pointer}` is {seen}"),
                );
                return outcome;
            }
        }
    }
    outcome
}

/// How often something is created.
const CREATIONS: usize = 3;

/// Every creation gets an identity of its own.
pub(super) async fn unique(law: &Law<'_>, created: &str) -> Outcome {
    let mut outcome = Outcome::default();
    let mut seen: Vec<Value> = Vec::new();
    for _ in 0..CREATIONS {
        let asked = law
            .ask(
                law.operation,
                &law.baseline,
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
                format!("two creations have the same `{created}`: {id}"),
            );
            return outcome;
        }
        seen.push(id.clone());
    }
    outcome
}
