//! What an answer tells of a field that was left out is its documented default, as far as the
//! answer tells the default of who sends it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::check::Breach;
use crate::contract::{Facet, FieldPath, Operation, Place};
use crate::generate::{Expectation, Request, Validity, classify, is_bound, is_in_words, is_opaque};

use super::{Law, Outcome};

/// The most fields that are left out.
const MOST: usize = 6;

/// A field that may be left out, and what it is then.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::harness) struct Default {
    pub(in crate::harness) field: FieldPath,
    value: Value,
    /// Where the answer tells it.
    pointer: String,
}

/// The fields with a documented default that an answer repeats, where leaving them out makes
/// something new or states the whole of one: a change leaves alone what it is not given. A `PUT` that
/// does so too shows the default all the same, for it is sent first, to the same thing.
pub(in crate::harness) fn defaults(
    operation: &Operation,
    same: &BTreeMap<String, String>,
) -> Vec<Default> {
    let Some(body) = &operation.request_body else {
        return Vec::new();
    };
    let is_to_one = operation.path.trim_end_matches('/').ends_with('}');
    let states_whole = operation.method == "PUT" && is_to_one;
    if operation.method != "POST" && !states_whole {
        return Vec::new();
    }
    same.iter()
        .filter_map(|(field, pointer)| {
            let known = body.schema.field(&FieldPath::from(field.as_str()))?;
            let value = known.node.get(Facet::Default.as_str())?.clone();
            let is_told = !known.required && !is_in_words(known.facts) && !is_opaque(known.facts);
            (is_told && !value.is_null()).then(|| Default {
                field: known.path.clone(),
                value,
                pointer: pointer.clone(),
            })
        })
        .take(MOST)
        .collect()
}

/// Sends each default, and leaves it out: where the answer repeats what was sent, it has to tell
/// the same of what was not.
pub(super) async fn hold(
    law: &Law<'_>,
    same: &BTreeMap<String, String>,
    mut outcome: Outcome,
) -> Outcome {
    let bindings = law.context.sender.suite.bindings(law.operation);
    for default in defaults(law.operation, same) {
        if is_bound(&bindings, Place::Request, &default.field) {
            continue;
        }
        law.forget_steps();
        let sent = Some(default.value.clone());
        let Some((told, first)) = told(law, &default, sent, &mut outcome).await else {
            continue;
        };
        // What stands for something else is told as that.
        if told != default.value {
            continue;
        }
        let Some((seen, exchange)) = self::told(law, &default, None, &mut outcome).await else {
            continue;
        };
        // What changes something leaves it as it was before, if that is another than the first.
        let is_of_same = first.request.path == exchange.request.path;
        if law.operation.method == "PUT" && !is_of_same {
            continue;
        }
        if seen != default.value && !seen.is_null() {
            let (field, value) = (&default.field, &default.value);
            law.broken(
                &mut outcome,
                &exchange,
                Breach::DefaultNotApplied {
                    field: field.to_string(),
                },
                format!("`{field}` was left out, documented default {value}, and is {seen}"),
            );
            return outcome;
        }
    }
    outcome
}

/// What the answer to a request with this value of a field, or without one, tells of it.
async fn told(
    law: &Law<'_>,
    default: &Default,
    value: Option<Value>,
    outcome: &mut Outcome,
) -> Option<(Value, crate::exchange::Exchange)> {
    let mut request: Request = law.baseline.clone();
    request.set(Place::Request, &default.field, value);
    law.context
        .mark(law.operation, &law.subject.fact, &mut request);
    if classify(law.operation, &request) != Validity::Valid {
        return None;
    }
    // That it is taken is for the trials of the field to show.
    let (body, exchange) = law
        .ask(
            law.operation,
            &request,
            "a create",
            Expectation::Unspecified,
            outcome,
        )
        .await?;
    let seen = body.pointer(&default.pointer).cloned().unwrap_or_default();
    exchange.is_success().then_some((seen, exchange))
}
