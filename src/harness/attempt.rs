//! One case, tried. A refusal of a valid request is told by controls, the operation's other plain
//! requests, from a refusal of everything: a resource that is not there, or one that is busy with
//! another write, which is waited for within a bound.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;

use crate::check::{self, Check, Observation, Seen, Subject, asks_for_body};
use crate::contract::{Facet, FactId, Level, Operation, Place, Rule, Topic};
use crate::exchange::{Exchange, TransportError, asks_for_patience};
use crate::generate::{Body, Case, Expectation};

use super::fixture::{TrialContext, plain_fact};
use super::ground::{unread_body, why_not_held, why_refused_otherwise};
use super::lost::send_until_answered;
use super::presence;
use super::refusal::{
    is_documented_inability, is_made_elsewhere, is_refusal, tells_of_quota, unmet_form,
};
use super::sender::Sender;
use super::trial::Attempt;
use super::unique::is_conflict;

/// How long a refused valid write is tried again: a service may refuse one while another is
/// running.
const BUSY_WAITS: [u64; 6] = [40, 80, 160, 320, 640, 1_200];

/// How long a resource rests before a refusal is held against the endpoint.
const REST: Duration = Duration::from_millis(200);

/// Sends a case and judges the answer. A valid write that is refused may have met a busy resource:
/// that is looked into first.
pub(super) async fn attempt(
    context: &TrialContext,
    operation: &Operation,
    case: &Case,
    subject: &Subject,
    requests: &mut u64,
    blocked: &mut Option<String>,
) -> Attempt {
    let planned = case;
    let sending = send_until_answered(context, operation, case, subject, is_cut_off);
    let sent = Box::pin(sending).await;
    *requests += sent.tries;
    let may_have_been_done = sent.may_have_been_done();
    let (fresh, mut exchange, tries) = (sent.case, sent.exchange, sent.tries);
    let case = &fresh;
    context
        .sender
        .leavings
        .note(context.scope(), operation, subject, case, &exchange);
    let index = context.sender.index_of(operation);
    if let Some((taken, exchange)) = context.sender.memory.tell_taken_twice(index) {
        return of_taken_twice(context, operation, taken, exchange);
    }
    let may_be_busy = case.expectation == Expectation::Success && operation.writes();
    if case.expectation == Expectation::Success
        && let Some(reason) = unmet_form(case, &exchange)
    {
        blocked.get_or_insert_with(|| reason.to_owned());
        return Attempt {
            case: fresh,
            exchange,
            observations: Vec::new(),
        };
    }
    let sender = &context.sender;
    if case.expectation == Expectation::Success
        && let Some(reason) = is_made_elsewhere(sender, operation, case, &exchange)
    {
        blocked.get_or_insert(reason);
        return Attempt {
            case: fresh,
            exchange,
            observations: Vec::new(),
        };
    }
    if case.expectation == Expectation::Success
        && let Ok(answer) = &exchange.outcome
        && asks_for_body(operation, case, answer.status)
    {
        blocked.get_or_insert_with(|| {
            let lacking = match answer.status {
                415 => "no page says of which media type one is",
                _ => "no page shows what one has",
            };
            unread_body(&context.sender.suite, operation)
                .unwrap_or_else(|| format!("answered {} without a body: {lacking}", answer.status))
        });
        let judging = taken_with_body(context, operation, case, subject, &exchange, requests);
        let observations = Box::pin(judging).await;
        return Attempt {
            case: fresh,
            exchange,
            observations,
        };
    }
    if case.expectation == Expectation::Success
        && (is_refusal(&exchange) || is_documented_inability(operation, &exchange))
        && let Some(reason) = Box::pin(why_not_held(
            context, operation, planned, subject, &exchange, requests,
        ))
        .await
    {
        blocked.get_or_insert(reason);
        return Attempt {
            case: fresh,
            exchange,
            observations: Vec::new(),
        };
    }
    if case.expectation == Expectation::Success
        && !operation.writes()
        && is_refusal(&exchange)
        && let Some(reason) = Box::pin(is_barred(
            context, operation, case, subject, &exchange, requests,
        ))
        .await
    {
        blocked.get_or_insert(reason);
        return Attempt {
            case: fresh,
            exchange,
            observations: Vec::new(),
        };
    }
    if case.expectation.is_refusal()
        && let Ok(answer) = &exchange.outcome
        && let Some(reason) = why_refused_otherwise(sender, operation, case, answer.status)
    {
        blocked.get_or_insert(reason);
        return Attempt {
            case: fresh,
            exchange,
            observations: Vec::new(),
        };
    }
    if may_be_busy && is_refusal(&exchange) {
        let refused = Box::pin(look_into(
            context, operation, case, subject, exchange, requests,
        ))
        .await;
        if refused.is_busy {
            blocked.get_or_insert_with(|| {
                format!(
                    "the endpoint refused the plain documented request too, all the time{}",
                    given(&context.sender, operation)
                )
            });
            return Attempt {
                case: fresh,
                exchange: refused.exchange,
                observations: Vec::new(),
            };
        }
        exchange = refused.exchange;
    }
    // An answer that only asks for patience, or none because the run is at its end, says nothing of
    // the contract. Nor does a documented conflict that fresh values do not end: somebody has the
    // value that the case is about.
    let undecided = match &exchange.outcome {
        Ok(answer)
            if answer.status == 409
                && case.expectation == Expectation::Success
                && operation.names(409) =>
        {
            Some("answered 409, which is documented, with fresh values too".to_owned())
        }
        Ok(answer)
            if answer.status >= 500
                && is_conflict(&exchange)
                && context.sender.memory.is_taken_twice(index) =>
        {
            Some(format!(
                "answered {} since a value of it is there already, which is told by itself",
                answer.status
            ))
        }
        Err(
            TransportError::NotSent(reason)
            | TransportError::Credential(reason)
            | TransportError::Unsendable(reason),
        ) => Some(reason.clone()),
        // Whoever cannot be reached has answered nothing, rightly or wrongly; but a door that ends
        // the handshake where no certificate is shown has refused the request.
        Err(error @ TransportError::Connect(_)) if !is_cut_off(case, &exchange) => {
            Some(error.to_string())
        }
        Err(error @ (TransportError::TooLarge(_) | TransportError::TooMany(_))) => {
            Some(format!("the answer is larger than docproof reads: {error}"))
        }
        Ok(answer)
            if case.expectation == Expectation::Success
                && operation.writes()
                && tells_of_quota(operation, answer) =>
        {
            Some(format!(
                "answered {}, which is documented: the quota is used up",
                answer.status
            ))
        }
        Ok(answer) if asks_for_patience(answer) => Some(format!(
            "the endpoint answered {}, which asks to try again later, however often it was tried again",
            answer.status
        )),
        _ => None,
    };
    if let Some(reason) = undecided {
        blocked.get_or_insert(reason);
        let observations = match &exchange.outcome {
            Ok(answer) if asks_for_patience(answer) => {
                headers_of_patience(context, operation, case, subject, &exchange)
            }
            _ => Vec::new(),
        };
        return Attempt {
            case: fresh,
            exchange,
            observations,
        };
    }
    if may_be_busy
        && exchange
            .outcome
            .as_ref()
            .is_ok_and(|answer| answer.status < 300)
    {
        context
            .sender
            .memory
            .accept((index, case.request.target()), case);
    }
    let judgement = check::judge(
        operation,
        case,
        subject,
        &exchange,
        &context.sender.redactor,
    );
    let body = judgement.body.as_ref();
    let secrets = &exchange.authentication.secrets;
    let redactor = context.sender.redactor.with(secrets);
    context
        .sender
        .recorder
        .record(index, operation, &exchange, body, &redactor);
    presence::record(context, operation, case, &exchange, body);
    let mut observations = judgement.observations;
    context.sender.leavings.take_out(
        context.scope(),
        operation,
        body,
        &mut observations,
        |observation| context.finding(observation, case, &exchange),
    );
    if is_cut_off(case, &exchange) {
        if still_answers(context, operation, requests).await {
            observations.clear();
        }
        for observation in &mut observations {
            observation
                .message
                .push_str("; the documented request after it has no answer either");
        }
    }
    if may_have_been_done && exchange.outcome.is_ok() {
        let is_of_status = |observation: &Observation| observation.check == Check::Status;
        if observations.iter().any(is_of_status) {
            blocked.get_or_insert_with(|| {
                "an answer was lost on the way, and what was asked may have been done by then"
                    .to_owned()
            });
            observations.retain(|observation| !is_of_status(observation));
        }
    } else if tries > 1 && exchange.outcome.is_err() {
        for observation in &mut observations {
            observation
                .message
                .push_str(&format!("; it was sent {tries} times"));
        }
    }
    observations.retain(|observation| context.options.omission.check != Some(observation.check));
    if judgement.body.is_none()
        && is_taken_wrongly(case, &observations)
        && Box::pin(is_shown_kept(
            context, operation, case, subject, &exchange, requests,
        ))
        .await
    {
        for observation in &mut observations {
            if observation.check == Check::Status {
                observation.level = Level::May;
            }
        }
    }
    observations.extend(
        context
            .options
            .max_response_time
            .and_then(|most| check::in_time(operation, &exchange, most)),
    );
    Attempt {
        case: fresh,
        exchange,
        observations,
    }
}

/// What a server error says of a request that has a value which is there already: it is told by
/// itself, once for its operation, and is held against no field that was under test.
fn of_taken_twice(
    context: &TrialContext,
    operation: &Operation,
    taken: Case,
    exchange: Exchange,
) -> Attempt {
    let law = Topic::Law {
        relation: "lifecycle".to_owned(),
        law: "unique".to_owned(),
    };
    let subject = Subject {
        fact: operation.about(law),
        rows: operation.facts.clone(),
        level: Level::Must,
        documented: "a refusal of what is there already".to_owned(),
    };
    let case = Case {
        label: "a value that is there already".to_owned(),
        expectation: Expectation::Refusal,
        ..taken
    };
    let redactor = &context.sender.redactor;
    let judged = check::judge(operation, &case, &subject, &exchange, redactor);
    Attempt {
        case,
        exchange,
        observations: judged.observations,
    }
}

/// Whether what is wrong is that a request which breaks a rule was taken.
fn is_taken_wrongly(case: &Case, observations: &[Observation]) -> bool {
    let is_success = |seen: &Seen| matches!(seen, Seen::Status { code: 200..300 });
    let mut statuses = observations
        .iter()
        .filter(|observation| observation.check == Check::Status);
    case.expectation.is_refusal()
        && statuses.any(|told| is_success(&told.seen) && told.level > Level::May)
}

/// Whether what a request has made or changed shows a value that keeps the rule which the one that
/// was sent breaks, where the answer itself shows nothing of it.
async fn is_shown_kept(
    context: &TrialContext,
    operation: &Operation,
    case: &Case,
    subject: &Subject,
    exchange: &Exchange,
    requests: &mut u64,
) -> bool {
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
    let answer = answer.filter(|answer| (200..300).contains(&answer.status));
    let body = answer.and_then(|answer| serde_json::from_slice::<Value>(&answer.body).ok());
    body.is_some_and(|body| check::is_kept(operation, &case.request, &subject.fact, &body))
}

/// What is said of a write that is refused for want of a body's media type, where the endpoint takes
/// it with an empty JSON object: by its page it has no body, which a header that is told of
/// elsewhere may excuse.
async fn taken_with_body(
    context: &TrialContext,
    operation: &Operation,
    case: &Case,
    subject: &Subject,
    exchange: &Exchange,
    requests: &mut u64,
) -> Vec<Observation> {
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
    let Some(status) = taken.outcome.ok().map(|answer| answer.status) else {
        return Vec::new();
    };
    if !(200..300).contains(&status) {
        return Vec::new();
    }
    let redactor = &context.sender.redactor;
    let judged = check::judge(operation, case, subject, exchange, redactor);
    let mut observations = judged.observations;
    observations.retain(|observation| observation.check == Check::Status);
    for observation in &mut observations {
        observation.level = Level::May;
        observation.message.push_str(&format!(
            "; with an empty JSON object it answers {status}, and the page names no body"
        ));
    }
    observations
}

/// What is wrong with the headers of an answer that asks for patience, where its status is
/// documented: they say how long.
fn headers_of_patience(
    context: &TrialContext,
    operation: &Operation,
    case: &Case,
    subject: &Subject,
    exchange: &Exchange,
) -> Vec<Observation> {
    let redactor = &context.sender.redactor;
    let judged = check::judge(operation, case, subject, exchange, redactor);
    let mut observations = judged.observations;
    observations.retain(|observation| {
        observation.check == Check::Headers
            && context.options.omission.check != Some(observation.check)
    });
    observations
}

/// Looks into a refusal of a valid write. Where a control (another plain valid request on the same
/// path) is taken twice, each time right after the case was refused, the refusal is the case's own.
/// Where the controls are refused too, the resource is busy: the case is tried again within a
/// bound, and held against the endpoint only if a control is then taken while the case still is
/// not.
async fn look_into(
    context: &TrialContext,
    operation: &Operation,
    case: &Case,
    subject: &Subject,
    exchange: Exchange,
    requests: &mut u64,
) -> Refused {
    let index = context.sender.index_of(operation);
    let own = (case, &subject.fact);
    let target = (index, case.request.target());
    let last_taken = context.sender.memory.accepted(&target);
    let controls: Vec<&Case> = controls_of(context, index, case)
        .chain(last_taken.iter().filter(|plain| is_control(plain, case)))
        .collect();
    let mut refused = Refused {
        exchange,
        is_busy: false,
    };
    // At once, without a pause: a resource that a control has just made busy refuses the next
    // control.
    if is_own(context, operation, own, &controls, &mut refused, requests).await {
        // A resource that is busy for less time than a request takes can refuse every second
        // request: once more after a rest.
        tokio::time::sleep(REST).await;
        *requests += 1;
        refused.exchange = again(context, operation, case, &subject.fact).await;
        return refused;
    }
    if !is_refusal(&refused.exchange) {
        return refused;
    }
    // Nobody of ours makes the resource busy now: it comes free, or is held by others. One that was
    // busy all the time is not waited for again.
    // Nor is one that need not be taken, where another of its operation was busy all the time:
    // each trial may have one of its own.
    let of_all = (index, String::new());
    let memory = &context.sender.memory;
    let must_be_taken = has_to_be_taken(context, operation, case, subject);
    let patience = match memory.busy_count(&target, |count| count) {
        0 if must_be_taken || memory.busy_count(&of_all, |count| count) == 0 => BUSY_WAITS.len(),
        _ => 1,
    };
    wait_for(context, operation, own, patience, &mut refused, requests).await;
    if !is_refusal(&refused.exchange) {
        memory.busy_count(&target, |_| 0);
        memory.busy_count(&of_all, |_| 0);
        return refused;
    }
    if is_own(context, operation, own, &controls, &mut refused, requests).await {
        // The control that was taken may have made it busy again.
        wait_for(
            context,
            operation,
            own,
            BUSY_WAITS.len(),
            &mut refused,
            requests,
        )
        .await;
        return refused;
    }
    if !is_refusal(&refused.exchange) {
        return refused;
    }
    let was_taken = context.sender.memory.accepted(&target).is_some();
    refused.is_busy = was_taken || !must_be_taken;
    memory.busy_count(&target, |count| count + 1);
    memory.busy_count(&of_all, |count| count + 1);
    refused
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

/// Why a refused read says nothing of itself, if so: no other plain request on its path is taken
/// either.
async fn is_barred(
    context: &TrialContext,
    operation: &Operation,
    case: &Case,
    subject: &Subject,
    exchange: &Exchange,
    requests: &mut u64,
) -> Option<String> {
    for control in controls_of(context, context.sender.index_of(operation), case) {
        *requests += 1;
        if context.send(operation, control).await.is_success() {
            return None;
        }
    }
    let status = exchange.outcome.as_ref().ok()?.status;
    (!has_to_be_taken(context, operation, case, subject)).then(|| {
        format!(
            "the endpoint refuses the plain documented request too ({status}){}",
            given(&context.sender, operation)
        )
    })
}

/// What the user gave that an operation is asked about, as a question: it may be what is wrong.
pub(super) fn given(sender: &Sender, operation: &Operation) -> String {
    let bound = sender.suite.bindings(operation);
    let given: BTreeSet<&String> = bound
        .values()
        .filter(|key| sender.target.resources.contains_key(*key))
        .collect();
    let named: Vec<String> = given
        .into_iter()
        .map(|key| format!("`--set {key}=...`"))
        .collect();
    if named.is_empty() {
        String::new()
    } else {
        format!(": is what {} names there, and free?", named.join(" and "))
    }
}

/// The plain requests that a refused one is held against: others on its path.
fn controls_of<'c>(
    context: &'c TrialContext,
    index: usize,
    case: &'c Case,
) -> impl Iterator<Item = &'c Case> {
    let controls = context.sender.samples.controls(index).iter();
    controls.filter(|plain| is_control(plain, case))
}

/// Whether a request has to be taken even where no control is: the documented request, in the trial
/// that is about it, or one on a path of its own. What else is refused beside it says nothing more.
fn has_to_be_taken(
    context: &TrialContext,
    operation: &Operation,
    case: &Case,
    subject: &Subject,
) -> bool {
    match context
        .sender
        .samples
        .documented(context.sender.index_of(operation))
    {
        Some(documented) if documented.request == case.request => {
            subject.fact == operation.fact_id(Rule::of_place(Place::Request, Facet::Example))
        }
        Some(documented) => documented.request.path != case.request.path,
        None => true,
    }
}

/// Sends a case once more, or a control of it, with fresh values in what must be unique: those that
/// it had may be there by now.
async fn again(
    context: &TrialContext,
    operation: &Operation,
    case: &Case,
    about: &FactId,
) -> Exchange {
    let sending = context.send_unique(operation, case, about, context.scope());
    Box::pin(sending).await.1
}

/// Whether a control is taken twice while the case is refused. The last answer to the case is kept.
async fn is_own(
    context: &TrialContext,
    operation: &Operation,
    (case, about): (&Case, &FactId),
    controls: &[&Case],
    refused: &mut Refused,
    requests: &mut u64,
) -> bool {
    for control in controls {
        let mut taken = 0;
        while taken < 2 {
            *requests += 1;
            // Neither a refusal nor a failure of the server is a request taken.
            let plain = plain_fact(operation);
            if !again(context, operation, control, &plain)
                .await
                .is_success()
            {
                break;
            }
            taken += 1;
            *requests += 1;
            refused.exchange = again(context, operation, case, about).await;
            if !is_refusal(&refused.exchange) {
                return false;
            }
        }
        if taken == 2 {
            return true;
        }
    }
    false
}

/// Tries the case again after ever longer pauses until it is taken.
async fn wait_for(
    context: &TrialContext,
    operation: &Operation,
    (case, about): (&Case, &FactId),
    patience: usize,
    refused: &mut Refused,
    requests: &mut u64,
) {
    for wait in BUSY_WAITS.iter().take(patience) {
        tokio::time::sleep(Duration::from_millis(*wait)).await;
        *requests += 1;
        refused.exchange = again(context, operation, case, about).await;
        if !is_refusal(&refused.exchange) {
            break;
        }
    }
}

/// What looking into a refusal came to.
struct Refused {
    /// The last answer to the case.
    exchange: Exchange,
    /// Whether the resource, not the request, was the reason.
    is_busy: bool,
}

/// Whether a plain request tells something of a refused one: it is another on the same path.
fn is_control(plain: &Case, case: &Case) -> bool {
    plain.request != case.request && plain.request.path == case.request.path
}

/// Whether the connection was closed on a request that is too large, or for want of a client
/// certificate, which is an answer to it where the endpoint is still there afterwards.
fn is_cut_off(case: &Case, exchange: &Exchange) -> bool {
    match &exchange.outcome {
        Err(TransportError::Broken(_) | TransportError::Cut(_))
            if case.expectation == Expectation::Oversized =>
        {
            true
        }
        Err(TransportError::Broken(_) | TransportError::Cut(_) | TransportError::Connect(_)) => {
            exchange.authentication.lacks_certificate(&case.request)
        }
        _ => false,
    }
}
