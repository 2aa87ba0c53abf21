//! Why the answer to a case says nothing of the endpoint: what the request lacked, what stood in
//! its way there, and what nobody can be blamed for.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::check::{self, Check, Observation, asks_for_body};
use crate::contract::{
    Facet, Fact, Level, MediaType, Operation, Parameter, Place, RequestBody, Rule, Source,
};
use crate::exchange::{Answer, Exchange, TransportError, asks_for_patience};
use crate::generate::{Body, Case, Expectation, Whose};

use super::super::ground::{is_plainest_taken, unread_part, why_not_held, why_refused_otherwise};
use super::super::refusal::{
    is_documented_inability, is_made_elsewhere, is_refusal, no_credential, tells_of_quota,
    unmet_form, wants_credential,
};
use super::super::sender::Sender;
use super::super::unique::is_conflict;
use super::{Tried, is_cut_off};

/// An answer that is not held against the endpoint.
pub(super) struct Unheld {
    /// Why.
    pub(super) reason: String,
    /// What is said of it all the same.
    pub(super) observations: Vec<Observation>,
}

impl From<String> for Unheld {
    fn from(reason: String) -> Self {
        Self {
            reason,
            observations: Vec::new(),
        }
    }
}

impl Tried<'_> {
    /// Why the answer says nothing of the endpoint, if so. `planned` is the case as it was before
    /// fresh values were put in. Where a resource may have been busy, the case is sent again, and
    /// `exchange` is the last of them.
    pub(super) async fn why_unheld(
        self,
        planned: &Case,
        exchange: &mut Exchange,
        requests: &mut u64,
    ) -> Option<Unheld> {
        if self.lacks_credential(exchange) {
            return Some(no_credential(self.operation).into());
        }
        if self.is_valid()
            && let Some(unheld) = self.why_not_taken(planned, exchange, requests).await
        {
            return Some(unheld);
        }
        if self.case.expectation == Expectation::Unauthorised
            && exchange.is_success()
            && let Some(base) = self.plainest()
            && !Box::pin(is_plainest_taken(
                self.context,
                self.operation,
                base,
                self.subject,
                requests,
            ))
            .await
        {
            let reason = "the documented request with the credential that was given was not taken";
            return Some(reason.to_owned().into());
        }
        if self.case.expectation.is_refusal()
            && let Ok(answer) = &exchange.outcome
            && let Some(reason) = why_refused_otherwise(
                &self.context.sender,
                self.operation,
                self.case,
                answer.status,
            )
        {
            return Some(reason.into());
        }
        if self.is_gone(exchange, requests).await {
            return Some(
                "what the request is about is not there any more"
                    .to_owned()
                    .into(),
            );
        }
        if self.may_be_busy()
            && is_refusal(exchange)
            && Box::pin(self.is_busy(exchange, requests)).await
        {
            let given = given(&self.context.sender, self.operation);
            let reason = format!(
                "the endpoint refused the plain documented request too, all the time{given}"
            );
            return Some(reason.into());
        }
        let reason = self.says_nothing(exchange)?;
        let observations = match &exchange.outcome {
            Ok(answer) if asks_for_patience(answer) => self.headers_of_patience(exchange),
            _ => Vec::new(),
        };
        Some(Unheld {
            reason,
            observations,
        })
    }

    /// Whether a request was refused for want of a credential that nobody gave.
    fn lacks_credential(&self, exchange: &Exchange) -> bool {
        let operation = self.operation;
        let is_for_want = match exchange.outcome.as_ref().map_or(0, |answer| answer.status) {
            401 => wants_credential(operation),
            // Much else is forbidden too.
            403 => operation.names(401) || !operation.security_schemes().is_empty(),
            _ => false,
        };
        is_for_want
            && self.case.expectation != Expectation::Unauthorised
            && self.context.sender.lacks_credential()
    }

    /// Whether a wrong request was answered that there is nothing of that id, where what the run made
    /// for it is there no more: that says nothing of what is wrong with it.
    async fn is_gone(self, exchange: &Exchange, requests: &mut u64) -> bool {
        let mut borrowed = exchange.request.borrowed.iter();
        let is_told = |answer: &Answer| {
            matches!(answer.status, 404 | 410) && !self.operation.is_documented(answer.status)
        };
        if !self.case.expectation.is_refusal()
            || !exchange.outcome.as_ref().is_ok_and(is_told)
            || borrowed.all(|borrowed| borrowed.whose == Whose::Nobodys)
        {
            return false;
        }
        *requests += 1;
        let context = self.context;
        let is_there = context.is_there(self.operation, &exchange.request);
        Box::pin(is_there).await == Some(false)
    }

    /// The plainest request of the operation.
    fn plainest(&self) -> Option<&Case> {
        let sender = &self.context.sender;
        sender.samples.documented(sender.index_of(self.operation))
    }

    /// Why it says nothing that a valid request was not taken, if so.
    async fn why_not_taken(
        self,
        planned: &Case,
        exchange: &Exchange,
        requests: &mut u64,
    ) -> Option<Unheld> {
        let Self {
            context,
            operation,
            case,
            subject,
        } = self;
        let sender = &context.sender;
        if let Some(reason) = unmet_form(case, exchange) {
            return Some(reason.to_owned().into());
        }
        if let Some(reason) = self.why_lost(exchange) {
            return Some(reason.into());
        }
        if let Some(reason) = is_made_elsewhere(sender, operation, case, exchange) {
            return Some(reason.into());
        }
        if let Ok(answer) = &exchange.outcome
            && asks_for_body(operation, case, answer.status)
        {
            let reason = unread_part(&sender.suite, operation, None).unwrap_or_else(|| {
                let lacking = match answer.status {
                    415 => "no page says of which media type one is",
                    _ => "no page shows what one has",
                };
                format!("answered {} without a body: {lacking}", answer.status)
            });
            return Some(Unheld {
                reason,
                observations: Box::pin(self.taken_with_body(exchange, requests)).await,
            });
        }
        if wants_other_media(operation, exchange) {
            let reason = "answered 415, and no page says that the body is JSON: a row \
                          `Content-Type`, or an example request with that header, does";
            return Some(reason.to_owned().into());
        }
        let is_refused = is_refusal(exchange);
        if is_refused || is_documented_inability(operation, exchange) {
            let looking = why_not_held(context, operation, planned, subject, exchange, requests);
            if let Some(reason) = Box::pin(looking).await {
                return Some(reason.into());
            }
        }
        if is_refused && !operation.writes() {
            let reason = Box::pin(self.why_barred(exchange, requests)).await?;
            return Some(reason.into());
        }
        None
    }

    /// Why it says nothing that a given thing is not there, if so: it was there before the run sent what
    /// changes more than ids tell.
    fn why_lost(self, exchange: &Exchange) -> Option<String> {
        let Self {
            context,
            operation,
            case,
            ..
        } = self;
        let sender = &context.sender;
        let status = exchange.outcome.as_ref().ok()?.status;
        let other = sender.suite.operations.get(sender.memory.of_all()?)?;
        let given = |id: &String| {
            let mut all = sender.target.resources.iter();
            all.find(|(_, own)| *own == id).map(|(key, _)| key)
        };
        let key = case.request.path.values().find_map(given)?;
        let names_it = |index: usize| {
            let known = sender.suite.operations.get(index);
            known.is_some_and(|known| sender.suite.bindings(known).values().any(|own| own == key))
        };
        let was_there = sender.memory.taken().into_iter().any(names_it);
        (matches!(status, 404 | 410) && was_there && other.id != operation.id).then(|| {
            format!(
                "answered {status}: what `--set {key}=...` names was there before {} changed more than \
                 what has an id",
                other.id
            )
        })
    }

    /// Why an answer says nothing of the contract, if so: it only asks for patience, or there is
    /// none because the run is at its end. Nor does a documented conflict that fresh values do not
    /// end: somebody has the value that the case is about.
    fn says_nothing(self, exchange: &Exchange) -> Option<String> {
        let Self {
            context, operation, ..
        } = self;
        let index = context.sender.index_of(operation);
        match &exchange.outcome {
            Ok(answer) if answer.status == 409 && self.is_valid() && operation.names(409) => {
                Some("answered 409, which is documented, with fresh values too".to_owned())
            }
            Ok(answer)
                if answer.status >= 500
                    && is_conflict(exchange)
                    && context.sender.memory.is_taken_twice(index) =>
            {
                Some(format!(
                    "answered {} since a value of it is there already, which is told by itself",
                    answer.status
                ))
            }
            Ok(answer) if self.may_be_busy() && tells_of_quota(operation, answer) => Some(format!(
                "answered {}, which is documented: the quota is used up",
                answer.status
            )),
            Ok(answer) if asks_for_patience(answer) => Some(format!(
                "the endpoint answered {}, which asks to try again later, however often it was \
                 tried again",
                answer.status
            )),
            Err(
                TransportError::NotSent(reason)
                | TransportError::Credential(reason)
                | TransportError::Unsendable(reason),
            ) => Some(reason.clone()),
            // Whoever cannot be reached has answered nothing, rightly or wrongly; but a door that
            // ends the handshake where no certificate is shown has refused the request.
            Err(error @ TransportError::Connect(_)) if !is_cut_off(self.case, exchange) => {
                Some(error.to_string())
            }
            Err(error @ (TransportError::TooLarge(_) | TransportError::TooMany(_))) => {
                Some(format!("the answer is larger than docproof reads: {error}"))
            }
            _ => None,
        }
    }

    /// What is said of a write that is refused for want of a body's media type, where the endpoint
    /// takes it with an empty JSON object: by its page it has no body, which a header that is told
    /// of elsewhere may excuse.
    async fn taken_with_body(self, exchange: &Exchange, requests: &mut u64) -> Vec<Observation> {
        let Self {
            context,
            operation,
            case,
            subject,
        } = self;
        // One cause is told once, and what a page describes is sent as it says.
        let documented = operation.fact_id(Rule::of_place(Place::Request, Facet::Example));
        if subject.fact != documented || operation.request_body.is_some() {
            return Vec::new();
        }
        let mut control = Case {
            label: "the documented request with an empty JSON object".to_owned(),
            request: case.request.clone(),
            expectation: Expectation::Success,
        };
        control.request.body = Body::Json(Value::Object(serde_json::Map::new()));
        control.request.content_type = Some("application/json".to_owned());
        *requests += 1;
        let taken = context.send(operation, &control).await;
        let Some(answer) = taken.outcome.ok().filter(Answer::is_success) else {
            return Vec::new();
        };
        let mut observations = self.observed(exchange);
        observations.retain(|observation| observation.check == Check::Status);
        for observation in &mut observations {
            observation.level = Level::May;
            observation.message.push_str(&format!(
                "; with an empty JSON object it answers {}, and the page names no body",
                answer.status
            ));
        }
        observations
    }

    /// What is wrong with the headers of an answer that asks for patience, where its status is
    /// documented: they say how long.
    fn headers_of_patience(self, exchange: &Exchange) -> Vec<Observation> {
        let omitted = self.context.options.omission.check;
        let mut observations = self.observed(exchange);
        observations.retain(|observation| {
            observation.check == Check::Headers && omitted != Some(observation.check)
        });
        observations
    }

    /// What the checks see in an answer.
    fn observed(self, exchange: &Exchange) -> Vec<Observation> {
        let redactor = &self.context.sender.redactor;
        check::judge(self.operation, self.case, self.subject, exchange, redactor).observations
    }
}

/// Whether a body in JSON is refused for its media type, where pages do not say which it has: JSON is
/// what most take.
fn wants_other_media(operation: &Operation, exchange: &Exchange) -> bool {
    let is_refused = matches!(&exchange.outcome, Ok(answer) if answer.status == 415);
    let is_of_page = |fact: &Fact| matches!(fact.source, Source::Page(_));
    let is_plain = |body: &RequestBody| body.media == MediaType::Json;
    let is_told = |own: &Parameter| own.name.eq_ignore_ascii_case("content-type");
    is_refused
        && operation.facts.iter().all(is_of_page)
        && operation.request_body.as_ref().is_some_and(is_plain)
        && !operation.parameters.iter().any(is_told)
}

/// What the user gave that an operation is asked about, as a question: it may be what is wrong.
pub(in crate::harness) fn given(sender: &Sender, operation: &Operation) -> String {
    let named = options(sender, operation);
    if named.is_empty() {
        String::new()
    } else {
        format!(": is what {} names there, and free?", named.join(" and "))
    }
}

/// The options by which the user gave what an operation is asked about.
pub(super) fn options(sender: &Sender, operation: &Operation) -> Vec<String> {
    let bound = sender.suite.bindings(operation);
    let given: BTreeSet<&String> = bound
        .values()
        .filter(|key| sender.target.resources.contains_key(*key))
        .collect();
    given
        .into_iter()
        .map(|key| format!("`--set {key}=...`"))
        .collect()
}
