//! What is said of an answer that can be held against the endpoint.

use std::time::Duration;

use serde_json::Value;

use crate::check::{self, Check, Observation, Seen};
use crate::contract::{Level, Operation};
use crate::exchange::{Answer, Exchange, TransportError};

use super::super::fixture::TrialContext;
use super::super::lost::Sent;
use super::super::presence;
use super::unheld::options;
use super::{Tried, is_cut_off};

/// How long what took a large request may take to come up again.
const REST: Duration = Duration::from_millis(200);

impl Tried<'_> {
    /// What the checks say of the answer, in the light of what came before and after it. What the
    /// run learns of the endpoint by it is noted.
    pub(super) async fn judged(
        self,
        sent: &Sent,
        requests: &mut u64,
        blocked: &mut Option<String>,
    ) -> Vec<Observation> {
        let Self {
            context,
            operation,
            case,
            subject,
        } = self;
        let exchange = &sent.exchange;
        let sender = &context.sender;
        let index = sender.index_of(operation);
        let is_taken = |exchange: &Exchange| {
            let outcome = exchange.outcome.as_ref();
            outcome.is_ok_and(|answer| answer.status < 300)
        };
        if self.may_be_busy() && is_taken(exchange) {
            sender.memory.accept((index, case.request.target()), case);
        }
        let judgement = check::judge(operation, case, subject, exchange, &sender.redactor);
        let body = judgement.body;
        let is_new = body.is_none() || sender.is_new(operation, case, exchange);
        let redactor = sender.redactor.with(&exchange.authentication.secrets);
        sender.recorder.record(
            index,
            operation,
            exchange,
            body.filter(|_| is_new),
            &redactor,
        );
        presence::record(context, operation, case, exchange, body.filter(|_| is_new));
        let mut observations = judgement.observations;
        sender.leavings.take_out(
            context.scope(),
            operation,
            body,
            &mut observations,
            |observation| context.finding(observation, case, exchange),
        );
        if is_cut_off(case, exchange) {
            if still_answers(context, operation, requests).await {
                observations.clear();
            }
            add(
                &mut observations,
                "; the documented request after it has no answer either",
            );
        }
        take_out_lost(sent, &mut observations, blocked);
        // What somebody mistyped is not there either.
        let is_gone = |answer: &Answer| matches!(answer.status, 404 | 410);
        let is_asked = || {
            let mut given = sender.target.resources.values();
            given.any(|given| case.request.path.values().any(|own| own == given))
        };
        if self.is_valid() && exchange.outcome.as_ref().is_ok_and(is_gone) && is_asked() {
            let named = options(sender, operation);
            if !named.is_empty() {
                let words = format!("; is what {} names there?", named.join(" and "));
                add(&mut observations, &words);
            }
        }
        let omitted = context.options.omission.check;
        observations.retain(|observation| omitted != Some(observation.check));
        if body.is_none()
            && self.is_taken_wrongly(&observations)
            && Box::pin(self.is_shown_kept(exchange, requests)).await
        {
            for observation in &mut observations {
                if observation.check == Check::Status {
                    observation.level = Level::May;
                }
            }
        }
        let most = context.options.max_response_time;
        observations.extend(most.and_then(|most| check::in_time(operation, exchange, most)));
        observations
    }

    /// Whether what is wrong is that a request which breaks a rule was taken.
    fn is_taken_wrongly(self, observations: &[Observation]) -> bool {
        let is_success = |seen: &Seen| matches!(seen, Seen::Status { code: 200..300 });
        let mut statuses = observations
            .iter()
            .filter(|observation| observation.check == Check::Status);
        self.case.expectation.is_refusal()
            && statuses.any(|told| is_success(&told.seen) && told.level > Level::May)
    }

    /// Whether what a request has made or changed shows a value that keeps the rule which the one
    /// that was sent breaks, where the answer itself shows nothing of it.
    async fn is_shown_kept(self, exchange: &Exchange, requests: &mut u64) -> bool {
        let Self {
            context,
            operation,
            case,
            subject,
        } = self;
        let index = context.sender.index_of(operation);
        let changed = || {
            let mut resources = context.sender.suite.resources.iter();
            let own = resources.find(|own| own.is_changed_by(index))?;
            let id = exchange.request.path.get(&own.parameter)?;
            Some((own, Value::from(id.as_str())))
        };
        let Some((resource, id)) = context.made_by(exchange).or_else(changed) else {
            return false;
        };
        let Some(show) = resource.show else {
            return false;
        };
        *requests += 1;
        let shown = context.ask_for(show, &resource.key, &id).await;
        let answer = shown.and_then(|shown| shown.outcome.ok());
        let answer = answer.filter(Answer::is_success);
        let body = answer.as_ref().and_then(|answer| answer.body.value());
        body.is_some_and(|body| check::is_kept(operation, &case.request, &subject.fact, body))
    }
}

/// Adds words to all that is said.
fn add(observations: &mut [Observation], words: &str) {
    for observation in observations {
        observation.message.push_str(words);
    }
}

/// Takes out what a lost answer before this one excuses: what was asked may have been done by then.
/// Of one that never came it is said how often it was asked for.
fn take_out_lost(sent: &Sent, observations: &mut Vec<Observation>, blocked: &mut Option<String>) {
    let is_answered = sent.exchange.outcome.is_ok();
    let is_of_status = |observation: &Observation| observation.check == Check::Status;
    if !is_answered && sent.tries > 1 {
        add(observations, &format!("; it was sent {} times", sent.tries));
    } else if is_answered && sent.may_have_been_done() && observations.iter().any(is_of_status) {
        blocked.get_or_insert_with(|| {
            "an answer was lost on the way, and what was asked may have been done by then"
                .to_owned()
        });
        observations.retain(|observation| !is_of_status(observation));
    }
}

/// Whether the endpoint still answers a documented request: one that only reads if the service has
/// one. Where none can be sent, nobody knows of anything wrong.
async fn still_answers(context: &TrialContext, operation: &Operation, requests: &mut u64) -> bool {
    let own = context.sender.index_of(operation);
    let of_service = context.sender.suite.operations.iter().enumerate();
    let known = of_service
        .filter(|(_, other)| other.service == operation.service)
        .filter_map(|(index, other)| {
            Some((index, other, context.sender.samples.documented(index)?))
        })
        .filter(|(index, _, case)| *index == own || case.request.is_safe());
    let Some((_, other, case)) =
        known.min_by_key(|(index, _, case)| (!case.request.is_safe(), *index != own))
    else {
        return true;
    };
    // Twice: what took the large request may come up again.
    for wait in [Duration::ZERO, REST] {
        tokio::time::sleep(wait).await;
        *requests += 1;
        let outcome = context.send(other, case).await.outcome;
        let is_broken = matches!(
            outcome,
            Err(TransportError::Connect(_)
                | TransportError::Broken(_)
                | TransportError::Cut(_)
                | TransportError::Timeout(_))
        );
        if !is_broken {
            return true;
        }
    }
    false
}
