//! An answer repeats what the request said, and names something new.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::check::Breach;
use crate::contract::{Facet, FieldPath, Identity, Meaning, Operation, Place, Schema};
use crate::exchange::Exchange;
use crate::generate::{Expectation, Request, Validity, classify, is_bound, text_of};
use crate::text;

use super::lifecycle::{is_added_to, is_masked};
use super::{Law, Outcome, texts, values};

pub(super) async fn hold(law: &Law<'_>, same: &BTreeMap<String, String>) -> Outcome {
    let mut outcome = Outcome::default();
    let same = &asked_for(law, same);
    if same.is_empty() {
        return Outcome::undecided("the service alone sets what is repeated");
    }
    if law.operation.answers_before() {
        return Outcome::undecided("the answer shows what was there before");
    }
    let mut requests: Vec<Request> = Vec::new();
    for round in 0..texts::ROUNDS {
        let (request, expectation) = texts::vary(law, same.keys(), &law.baseline, round);
        // Without a text to vary, one request is every round's.
        if requests.contains(&request) {
            continue;
        }
        requests.push(request.clone());
        let expectation = unless_taken(law, expectation);
        if !repeats(law, same, &request, expectation, None, &mut outcome).await {
            return outcome;
        }
    }
    let bindings = law.context.sender.suite.bindings(law.operation);
    let told = values::values(law.operation, same.keys());
    for (number, told) in told.iter().enumerate() {
        if is_bound(&bindings, Place::Request, &told.field) {
            continue;
        }
        let Some(mut request) = values::with(law.operation, &law.baseline, &bindings, told, number)
        else {
            continue;
        };
        law.context
            .mark(law.operation, &law.subject.fact, &mut request);
        // That a value is taken is for the trials of its field to show, and what was made once may
        // well be refused a second time: what is taken has to be repeated.
        let expectation = match classify(law.operation, &request) {
            Validity::Valid | Validity::Unspecified(_) => Expectation::Unspecified,
            Validity::Invalid(_) => continue,
        };
        let field = told.field.to_string();
        if !repeats(law, same, &request, expectation, Some(&field), &mut outcome).await {
            return outcome;
        }
    }
    outcome
}

/// What a request of an operation is, in words.
pub(super) fn what(operation: &Operation) -> &'static str {
    match operation.method.as_str() {
        "PUT" => "a replacement",
        "PATCH" => "a change",
        _ => "a create",
    }
}

/// The fields that a request asks for: an id that the answer gives, and a count of copies, are the
/// service's, whatever a body says.
fn asked_for(law: &Law<'_>, same: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let sender = &law.context.sender;
    let index = sender.index_of(law.operation);
    let is_given = |field: &FieldPath| {
        sender.suite.resources.iter().any(|resource| {
            let create = resource.create.as_ref();
            create.is_some_and(|create| {
                create.operation == index && create.identity == Identity::Answered(field.clone())
            })
        })
    };
    let mut asked = same.clone();
    asked.retain(|field, _| {
        let field = FieldPath::from(field.as_str());
        !is_given(&field) && !sender.bases.names(index, &field)
    });
    asked
}

/// What is expected of a create: where a conflict is documented, something of that name may be there
/// already.
fn unless_taken(law: &Law<'_>, expectation: Expectation) -> Expectation {
    let mut responses = law.operation.responses.iter();
    if responses.any(|response| response.status.code() == Some(409)) {
        Expectation::Unspecified
    } else {
        expectation
    }
}

/// Sends a request, and whether its answer, where it is a success, repeats what was said: all of
/// it, or one field.
async fn repeats(
    law: &Law<'_>,
    same: &BTreeMap<String, String>,
    request: &Request,
    expectation: Expectation,
    only: Option<&String>,
    outcome: &mut Outcome,
) -> bool {
    // One answer alone shows what it does not repeat.
    law.forget_steps();
    let asked = law
        .ask(
            law.operation,
            request,
            what(law.operation),
            expectation,
            outcome,
        )
        .await;
    let Some((body, exchange)) = asked else {
        return false;
    };
    if !exchange.is_success() {
        return true;
    }
    let bytes = exchange
        .outcome
        .as_ref()
        .map(|answer| &*answer.body)
        .unwrap_or_default();
    // An answer without a body repeats nothing.
    if bytes.is_empty() {
        return true;
    }
    // What was there already is as others have asked for it.
    let sender = &law.context.sender;
    let is_there = law.context.made_by(&exchange).is_some_and(|(_, id)| {
        let create = (sender.index_of(law.operation), exchange.request.target());
        sender.memory.is_given_again(create, &text_of(&id))
    });
    if is_there {
        *outcome = Outcome::undecided("the create answers with what is there already");
        return false;
    }
    let told = told_schema(law, &exchange);
    for (field, pointer) in same {
        if only.is_some_and(|only| only != field) {
            continue;
        }
        // As it was sent: what must be unique had a fresh value.
        let sent = exchange
            .request
            .get(Place::Request, &FieldPath::from(field.as_str()))
            .unwrap_or_default();
        let node = told.and_then(|schema| Some((schema, schema.field(&path_of(pointer))?)));
        // What the answer's field cannot hold by the contract is told in another way.
        let fits = node.as_ref().is_none_or(|(schema, field)| {
            schema
                .part(field.node)
                .is_none_or(|part| part.is_valid(&sent))
        });
        if !fits {
            continue;
        }
        let repeated = values::is_repeated(bytes, &body, pointer, &sent);
        let may_be_absent = node.as_ref().is_some_and(|(_, field)| {
            !field.required || field.facts.iter().any(|fact| fact.facet == Facet::Nullable)
        });
        let holds = match repeated {
            Some(repeated) => repeated || sent.is_null(),
            None => sent.is_null() || only.is_some() && may_be_absent,
        };
        let now = body.pointer(pointer);
        let seen = now.cloned().unwrap_or_default();
        if !holds
            && !is_masked(&sent, &seen)
            && !is_added_to(&sent, &seen)
            && !is_same_number(law, field, &sent, &seen)
        {
            law.broken(
                outcome,
                &exchange,
                Breach::NotEchoed {
                    field: field.clone(),
                },
                format!(
                    "sent `{field}` {sent}, and the answer's `{pointer}` is {}",
                    super::told(now)
                ),
            );
            return false;
        }
    }
    true
}

/// Whether a text that its pattern makes a number is shown as that number, written in another way.
fn is_same_number(law: &Law<'_>, field: &str, sent: &Value, seen: &Value) -> bool {
    let body = law.operation.request_body.as_ref();
    let known = body.and_then(|body| body.schema.field(&FieldPath::from(field)));
    let has_pattern = known.is_some_and(|known| known.node.get(Facet::Pattern.as_str()).is_some());
    let is_decimal = |text: &str| {
        let mut parts = text.splitn(2, '.');
        let is_number =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        parts.all(is_number)
    };
    match (sent, seen) {
        (Value::String(sent), Value::String(seen)) => {
            has_pattern
                && [sent, seen].into_iter().all(|text| is_decimal(text))
                && (sent.contains('.') || seen.contains('.'))
                && text::says_the_same(sent, seen)
        }
        _ => false,
    }
}

/// The schema of the answer that came.
fn told_schema<'l>(law: &Law<'l>, exchange: &Exchange) -> Option<&'l Schema> {
    let answer = exchange.outcome.as_ref().ok()?;
    law.operation.response(answer.status)?.schema.as_deref()
}

/// The field that a pointer leads to; its tokens are names.
fn path_of(pointer: &str) -> FieldPath {
    pointer
        .split('/')
        .skip(1)
        .fold(FieldPath::root(), |path, token| {
            path.child(crate::contract::unescape_token(token))
        })
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
                unless_taken(law, Expectation::Success),
                &mut outcome,
            )
            .await;
        let Some((body, exchange)) = asked else {
            return outcome;
        };
        if !exchange.is_success() {
            continue;
        }
        let Some(id) = body.pointer(created).filter(|id| !id.is_null()) else {
            return Outcome::undecided(format!("the answer has no `{created}`"));
        };
        let said = exchange.request.get(Place::Request, &path_of(created));
        if said.as_ref() == Some(id) {
            return Outcome::undecided(format!("the request itself says `{created}`"));
        }
        if seen.contains(id) {
            law.broken(
                &mut outcome,
                &exchange,
                Breach::SameIdentity,
                format!("two creations have the same `{created}`: {id}"),
            );
            return outcome;
        }
        if let (true, Some(last)) = (grows(law, created), seen.last())
            && id.as_f64() < last.as_f64()
        {
            law.broken(
                &mut outcome,
                &exchange,
                Breach::FallsBack,
                format!("`{created}` is {id} after one of {last}, and it grows by its page"),
            );
            return outcome;
        }
        seen.push(id.clone());
    }
    outcome
}

/// Whether a page says of a number that the later of two things has the greater one.
fn grows(law: &Law<'_>, created: &str) -> bool {
    let grows = Facet::Meaning(Meaning::Grows);
    let field = law
        .operation
        .answer()
        .and_then(|schema| schema.field(&path_of(created)));
    field.is_some_and(|field| field.facts.iter().any(|fact| fact.facet == grows))
}
