//! What a page calls unique is not given twice: a second create with the value of the first, or a
//! change to the value of another, is refused as documented, or makes nothing.

use serde_json::Value;

use crate::check::{self, Breach};
use crate::contract::{
    Facet, FieldPath, Identity, Meaning, Operation, Place, Resource, enum_values, is_secret,
};
use crate::exchange::Exchange;
use crate::generate::{Case, Expectation, Request, Validity, classify, is_bound, is_opaque};

use super::record::{is_same, value_at};
use super::update::other_value;
use super::{Life, Made, Outcome, Seen, inner, text_of};

/// The most fields that are tried.
const MOST: usize = 2;

/// The most creates of a trial.
pub(super) const CREATIONS: usize = 1 + MOST;

/// The fields of a request that no two may have the same of, as the page says.
fn fields(operation: &Operation) -> impl Iterator<Item = FieldPath> {
    let unique = Facet::Meaning(Meaning::Unique);
    let body = operation.request_body.iter();
    body.flat_map(|body| body.schema.record())
        .filter(move |field| field.facts.iter().any(|fact| fact.facet == unique))
        .filter(|field| !is_opaque(field.facts) && !is_secret(field.path))
        .filter(|field| enum_values(field.node).is_empty())
        .map(|field| field.path.clone())
        .take(MOST)
}

/// Whether a second value is documented to be refused: only the status says that somebody looks.
pub(super) fn is_refused(resource: &Resource, operation: &Operation) -> bool {
    let create = resource.create.as_ref();
    // Who puts the same once more replaces it.
    let is_chosen = create.is_some_and(|create| create.identity == Identity::Chosen);
    !is_chosen && operation.names(409) && fields(operation).next().is_some()
}

pub(super) async fn hold(life: &Life<'_>) -> Result<Outcome, String> {
    let (index, _) = life.create()?;
    if life.law.context.sender.index_of(life.law.operation) == index {
        on_create(life).await
    } else {
        on_change(life).await
    }
}

/// The fields that can be tried: what the suite binds names something that is there.
fn tried(life: &Life<'_>, operation: &Operation) -> Vec<FieldPath> {
    let bindings = life.law.context.sender.suite.bindings(operation);
    fields(operation)
        .filter(|field| !is_bound(&bindings, Place::Request, field))
        .collect()
}

/// The request with fresh values of what is unique, but for one field.
fn but_for(
    life: &Life<'_>,
    operation: &Operation,
    request: &mut Request,
    kept: Option<&FieldPath>,
) {
    for field in fields(operation).filter(|field| Some(field) != kept) {
        life.law.context.freshen_field(operation, &field, request);
    }
}

/// Two creates of one value.
async fn on_create(life: &Life<'_>) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    let (_, operation) = life.create()?;
    let first = life.make(&life.plain_create()?).await?;
    let mut is_tried = false;
    for field in tried(life, operation) {
        let Some(value) = first.request.get(Place::Request, &field) else {
            continue;
        };
        let mut request = first.request.clone();
        but_for(life, operation, &mut request, Some(&field));
        let other = vary_another(life, operation, &first, &field, &mut request);
        let again = send(life, operation, request, "a second create of the value").await?;
        is_tried = true;
        if again.status == 202 {
            return Err("the second create is only promised".to_owned());
        }
        if !again.is_success() {
            judge(life, operation, &again, &mut outcome);
        } else if let Some(id) = another(life, &first, &again.exchange) {
            let message = format!(
                "`{field}` is unique, and a second create with {value} was answered {}, and made \
                 `{id}` beside `{}`",
                again.status,
                text_of(&first.id)
            );
            broken(life, &field, &again, message, &mut outcome);
        } else if let Some(other) = other.filter(|other| other.is_taken(&again)) {
            // What is unique may be the id itself: then it is what has become of the first.
            let message = format!(
                "`{field}` is unique, and a second create with {value} was answered {}, and shows \
                 the second one's `{}` in place of the first one's",
                again.status, other.shown
            );
            broken(life, &field, &again, message, &mut outcome);
        }
        if !outcome.is_open() {
            return Ok(outcome);
        }
    }
    if is_tried {
        Ok(outcome)
    } else {
        Err("the documented create has no value of what is unique".to_owned())
    }
}

/// A field in which a second create differs from the first, beside what is unique.
struct Other {
    /// Where the answers show it.
    shown: FieldPath,
    first: Value,
    second: Value,
}

impl Other {
    /// Whether an answer shows what the second create sent, and no more what the first did.
    fn is_taken(&self, seen: &Seen) -> bool {
        let told = value_at(&seen.body, &self.shown);
        told.is_some_and(|told| is_same(&self.second, told) && !is_same(&self.first, told))
    }
}

/// Gives a second create another value of a field that its answer repeats, where there is one.
fn vary_another(
    life: &Life<'_>,
    operation: &Operation,
    first: &Made,
    unique: &FieldPath,
    request: &mut Request,
) -> Option<Other> {
    let body = operation.request_body.as_ref()?;
    let response = operation.response(first.seen.status)?;
    let all: Vec<FieldPath> = fields(operation).collect();
    let repeated = life.repeated(&body.schema, response.schema.as_ref()?);
    let others = repeated
        .into_iter()
        .filter(|field| field.sent != *unique && !all.contains(&field.sent));
    for field in others {
        let told = value_at(&first.seen.body, &field.shown).cloned();
        let value = other_value(operation, &field.sent, told.as_ref());
        let (Some(told), Some(value)) = (told, value) else {
            continue;
        };
        let mut varied = request.clone();
        varied.set(Place::Request, &field.sent, Some(value.clone()));
        if classify(operation, &varied) == Validity::Valid {
            *request = varied;
            return Some(Other {
                shown: field.shown,
                first: told,
                second: value,
            });
        }
    }
    None
}

/// The id of what a second create has made beside the first one; none where it answers with the
/// first.
fn another(life: &Life<'_>, first: &Made, exchange: &Exchange) -> Option<String> {
    let create = life.resource.create.as_ref()?;
    let id = crate::harness::created::id_of(&create.identity, &life.resource.parameter, exchange)?;
    (text_of(&id) != text_of(&first.id)).then(|| text_of(&id))
}

/// A change to the value of another.
async fn on_change(life: &Life<'_>) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    let operation = life.law.operation;
    let (_, create) = life.create()?;
    let index = life.law.context.sender.index_of(operation);
    let first = life.make(&life.plain_create()?).await?;
    let mut request = first.request.clone();
    but_for(life, create, &mut request, None);
    let second = life.make(&request).await?;
    let mut is_tried = false;
    for field in tried(life, operation) {
        let value = first.request.get(Place::Request, &field);
        let own = second.request.get(Place::Request, &field);
        let Some(value) = value.filter(|value| Some(value) != own.as_ref()) else {
            continue;
        };
        let mut request = life.request_about(index, &second.id)?;
        but_for(life, operation, &mut request, Some(&field));
        request.set(Place::Request, &field, Some(value.clone()));
        let seen = send(life, operation, request, "a change to the value of another").await?;
        is_tried = true;
        if (400..500).contains(&seen.status) || seen.status == 202 {
            continue;
        }
        if !seen.is_success() {
            judge(life, operation, &seen, &mut outcome);
            return Ok(outcome);
        }
        let shown = life.show(&second.id).await?;
        let seen = shown.filter(Seen::is_success).unwrap_or(seen);
        if inner(&seen.body, &field).is_some_and(|now| is_same(&value, now)) {
            let message = format!(
                "`{field}` is unique, and `{}` was given the {value} of `{}`",
                text_of(&second.id),
                text_of(&first.id)
            );
            broken(life, &field, &seen, message, &mut outcome);
            return Ok(outcome);
        }
    }
    if is_tried {
        Ok(outcome)
    } else {
        Err("no change gives one the value of another".to_owned())
    }
}

fn broken(life: &Life<'_>, field: &FieldPath, seen: &Seen, message: String, outcome: &mut Outcome) {
    let breach = Breach::TakenTwice {
        field: field.to_string(),
    };
    life.broken(outcome, &seen.exchange, breach, message);
}

/// Sends a request as it is: a fresh value in the place of one that is there already would show
/// nothing.
async fn send(
    life: &Life<'_>,
    operation: &Operation,
    request: Request,
    label: &str,
) -> Result<Seen, String> {
    let law = life.law;
    let case = case(label, request);
    let scope = law.context.scope();
    let exchange = law.context.send_about(operation, &case, None, scope).await;
    law.requests.set(law.requests.get() + 1);
    law.step(&exchange);
    let answer = exchange.outcome.as_ref();
    let answer = answer.map_err(|error| format!("{label}: {error}"))?;
    Ok(Seen {
        status: answer.status,
        body: answer.body.to_value().unwrap_or_default(),
        exchange,
    })
}

fn case(label: &str, request: Request) -> Case {
    Case {
        label: label.to_owned(),
        request,
        expectation: Expectation::Refusal,
    }
}

/// Holds a refusal against what is documented of it.
fn judge(life: &Life<'_>, operation: &Operation, seen: &Seen, outcome: &mut Outcome) {
    let law = life.law;
    let case = case(
        "a value that is there already",
        seen.exchange.request.clone(),
    );
    let redactor = &law.context.sender.redactor;
    let judged = check::judge(operation, &case, law.subject, &seen.exchange, redactor);
    for observation in judged.observations {
        let witness = law.steps.borrow().clone();
        let finding = law.context.finding(observation, &case, &seen.exchange);
        finding.witnessed(witness).add_to(&mut outcome.findings);
    }
}
