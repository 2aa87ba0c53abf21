//! What is told of a field that a create leaves out is null, where its row says so.

use serde_json::Value;

use crate::check::Breach;
use crate::contract::{Facet, Field, FieldPath, Meaning, Operation, Place, Schema};
use crate::exchange::Exchange;
use crate::generate::{Expectation, Validity, classify, is_bound, is_opaque};

use super::{Law, Outcome};

/// The most fields that are left out.
const MOST: usize = 6;

/// Whether a row of an answer says that its value is null where a request gave none.
fn is_null_if_none(field: &Field<'_>) -> bool {
    let stated = Facet::Meaning(Meaning::NullIfNone);
    field.facts.iter().any(|fact| fact.facet == stated)
}

/// The fields of a create that may be left out, and of which an answer says that they are null then.
pub(in crate::harness) fn fields(create: &Operation, answer: &Schema) -> Vec<FieldPath> {
    let Some(body) = &create.request_body else {
        return Vec::new();
    };
    if create.method != "POST" {
        return Vec::new();
    }
    let may_be_without = |path: &FieldPath| {
        let own = body.schema.field(path);
        own.is_some_and(|own| {
            let default = own.node.get(Facet::Default.as_str());
            !own.required && default.is_none_or(Value::is_null) && !is_opaque(own.facts)
        })
    };
    let stated = answer.fields().filter(is_null_if_none);
    let stated = stated.filter(|field| !field.path.has_item() && !field.path.has_entry());
    stated
        .map(|field| field.path.clone())
        .filter(may_be_without)
        .take(MOST)
        .collect()
}

/// What is wrong with what a body shows of a field that no request gave.
pub(in crate::harness) fn wrong(body: &Value, field: &FieldPath) -> Option<String> {
    let object = field.parent().unwrap_or_default();
    // Of an object that is not there nothing is said.
    let object = body.pointer(&object.to_pointer())?.as_object()?;
    match object.get(field.last_name()?) {
        Some(Value::Null) => None,
        Some(other) => Some(format!(
            "`{field}` was left out, and is {other}: it is documented to be null then"
        )),
        None => Some(format!(
            "`{field}` was left out, and is not there: it is documented to be null then"
        )),
    }
}

/// Leaves each out: the answer shows null for it.
pub(super) async fn hold(law: &Law<'_>, mut outcome: Outcome) -> Outcome {
    let Some(answer) = law.operation.answer() else {
        return outcome;
    };
    let bindings = law.context.sender.suite.bindings(law.operation);
    for field in fields(law.operation, answer) {
        if is_bound(&bindings, Place::Request, &field) {
            continue;
        }
        law.forget_steps();
        let Some((body, exchange)) = without(law, &field, &mut outcome).await else {
            continue;
        };
        if let Some(message) = wrong(&body, &field) {
            let field = field.to_string();
            law.broken(&mut outcome, &exchange, Breach::NotNull { field }, message);
            return outcome;
        }
    }
    outcome
}

/// The answer to a create without a field, where it is taken.
async fn without(
    law: &Law<'_>,
    field: &FieldPath,
    outcome: &mut Outcome,
) -> Option<(Value, Exchange)> {
    let mut request = law.baseline.clone();
    request.set(Place::Request, field, None);
    law.context
        .mark(law.operation, &law.subject.fact, &mut request);
    // What a mark gave back is not left out.
    let is_given = request.get(Place::Request, field).is_some();
    if is_given || classify(law.operation, &request) != Validity::Valid {
        return None;
    }
    let either = Expectation::Unspecified;
    let (body, exchange) = law
        .ask(law.operation, &request, "a create", either, outcome)
        .await?;
    let is_gone = exchange.request.get(Place::Request, field).is_none();
    (exchange.is_success() && is_gone).then_some((body, exchange))
}
