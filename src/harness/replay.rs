//! A replay: what failed in a recorded run is sent again, from the recorded cases, to see whether
//! it is fixed. Nothing else is sent but, where a valid write is refused, the controls that tell a
//! refusal from a busy resource; and nothing that the target's mode forbids.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::runtime::Handle;

use crate::check::{Check, Observation, Seen, Subject};
use crate::contract::{Facet, Operation, Suite};
use crate::exchange::{Client, Exchange};
use crate::generate::{Case, Expectation, text_of};

use super::ablation::Omission;
use super::abort::{AbortHandle, RunError};
use super::answers::shows;
use super::attempt::attempt;
use super::clean_up::clean_up;
use super::finding::{Finding, Reproducibility};
use super::fixture::{TrialContext, plain_fact};
use super::options::RunOptions;
use super::plan::plan;
use super::preflight::preflight;
use super::presence;
use super::run_context::RunContext;
use super::target::Target;

/// What a replay needs to know beside suite, target and findings.
#[derive(Debug)]
pub struct ReplayOptions {
    /// How often each case is sent.
    pub tries: u32,
    /// The most time that an answer may take, where the recorded run asked for one.
    pub max_response_time: Option<Duration>,
    /// Ids of the recorded target, and those that stand for them now.
    pub renamed: BTreeMap<String, String>,
    /// Whether an unreachable endpoint, or one that refuses the credential, ends the replay before
    /// it starts.
    pub preflight: bool,
    /// What ends the replay early.
    pub abort: Arc<AbortHandle>,
}

/// What became of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// No try showed it again.
    Fixed,
    /// Every try showed it.
    Failed,
    /// Some did.
    Flaky(Reproducibility),
    /// It cannot be told.
    CannotReplay(String),
}

/// A finding with what became of it.
#[derive(Debug, Clone)]
pub struct Replayed {
    /// The finding as it was recorded.
    pub finding: Finding,
    /// What became of it.
    pub outcome: Outcome,
    /// What is seen now, where it is seen: the message, and a curl line.
    pub now: Option<(String, String)>,
}

/// Sends the cases of findings again, one after the other.
pub fn replay(
    suite: Arc<Suite>,
    target: Target,
    client: Arc<Client>,
    handle: Handle,
    findings: Vec<Finding>,
    options: ReplayOptions,
) -> Result<Vec<Replayed>, RunError> {
    let trials = plan(
        &suite,
        &target,
        client.scheme(),
        Omission::default(),
        &options.abort,
    )?;
    let run = RunOptions {
        max_response_time: options.max_response_time,
        abort: Arc::clone(&options.abort),
        ..RunOptions::default()
    };
    let context = Arc::new(RunContext::new(
        suite,
        target,
        client,
        handle.clone(),
        run,
        &trials,
    ));
    handle.block_on(async {
        if options.preflight {
            let asking = TrialContext::new(&context);
            let looked = preflight(&asking, &trials).await;
            asking.release().await;
            looked?;
        }
        let mut replayed = Vec::new();
        for finding in findings {
            let trying = TrialContext::new(&context);
            replayed.push(one(&trying, finding, &options).await);
            trying.release().await;
        }
        clean_up(&context.sender).await;
        Ok(replayed)
    })
}

async fn one(context: &TrialContext, finding: Finding, options: &ReplayOptions) -> Replayed {
    let made = make_again(context, &finding, &options.renamed).await;
    let prepared = made.and_then(|renamed| prepare(context, &finding, &renamed));
    let (outcome, now) = match prepared {
        Ok((operation, case)) => tries(context, operation, &case, &finding, options.tries).await,
        Err(reason) => (Outcome::CannotReplay(reason), None),
    };
    Replayed {
        finding,
        outcome,
        now,
    }
}

/// Makes anew what the case of a finding is about, where the run had made it: gives which id stands
/// for which.
async fn make_again(
    context: &TrialContext,
    finding: &Finding,
    renamed: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, String> {
    let mut renamed = renamed.clone();
    if matches!(finding.check, Check::Relation | Check::Snapshot) {
        return Ok(renamed);
    }
    let operations = &context.sender.suite.operations;
    let about = finding.case_again();
    for (index, step) in finding.steps.iter().enumerate() {
        let captures = || finding.captures.iter().filter(|own| own.step == index);
        let is_captured = captures().next().is_some();
        let Some(request) = step.sent() else {
            if is_captured {
                return Err("the request that made what it is about is not recorded".to_owned());
            }
            continue;
        };
        // The last of them is the case itself, which is sent by itself.
        if about.as_ref().is_some_and(|case| case.request == *request) {
            continue;
        }
        let operation = operations.iter().enumerate().find(|(_, operation)| {
            operation.service == finding.fact.operation.service
                && operation.method == request.method
                && operation.path == request.template
        });
        let Some((at, operation)) = operation else {
            if is_captured {
                return Err(
                    "the suite has no operation any more that makes what it is about".to_owned(),
                );
            }
            continue;
        };
        let mut resources = context.sender.suite.resources.iter();
        let made = resources.find(|own| own.create.as_ref().is_some_and(|own| own.operation == at));
        if !is_captured && made.is_none() {
            continue;
        }
        let mut case = Case {
            label: "what the finding is about is made again".to_owned(),
            request: request.clone(),
            expectation: Expectation::Success,
        };
        rename(&mut case, &renamed);
        let fact = plain_fact(operation);
        let (_, exchange) = context
            .send_unique(operation, &case, &fact, context.scope())
            .await;
        let refused = || {
            format!(
                "what it is about could not be made again by {}",
                operation.id
            )
        };
        let answer = exchange.outcome.as_ref().ok();
        let answer = answer
            .filter(|_| exchange.is_success())
            .ok_or_else(refused)?;
        for capture in captures() {
            let id = answer.body.at(&capture.pointer).ok_or_else(refused)?;
            renamed.insert(capture.id.clone(), text_of(id));
        }
        // An id that the answer's body does not tell: the request or a header said it.
        if let Some((resource, id)) = context.made_by(&exchange).filter(|_| !is_captured)
            && let Some(old) = about
                .as_ref()
                .and_then(|case| case.request.path.get(&resource.parameter))
        {
            renamed.insert(old.clone(), text_of(&id));
        }
    }
    Ok(renamed)
}

/// The operation and the case of a finding, or why it cannot be sent again.
fn prepare<'s>(
    context: &'s TrialContext,
    finding: &Finding,
    renamed: &BTreeMap<String, String>,
) -> Result<(&'s Operation, Case), String> {
    let name = &finding.fact.operation;
    let service = &name.service;
    let operation = context
        .sender
        .suite
        .operations
        .iter()
        .find(|operation| operation.operation_id() == *name)
        .ok_or_else(|| format!("the suite has no operation `{name}`"))?;
    if finding.check == Check::Relation {
        let again = finding.trials.first().map_or_else(String::new, |trial| {
            format!(": `docproof run --exact {trial}` tries it anew")
        });
        return Err(format!("it is a law between several answers{again}"));
    }
    if finding.check == Check::Snapshot {
        return Err(format!(
            "it is about many answers: `docproof run --snapshots DIR --exact {}` holds them against the file anew",
            finding.fact
        ));
    }
    if finding.exchange.is_none() {
        return Err("it was found in the pages themselves, without a request".to_owned());
    }
    let mut case = finding.case_again().ok_or(
        "its case is not recorded: it is larger than 64 KiB, or holds what must not be written down",
    )?;
    if case.request.template != operation.path {
        return Err(format!(
            "the suite documents another path of it now: `{}`",
            operation.path
        ));
    }
    if context.sender.target.endpoint(service).is_none() {
        return Err(format!("there is no endpoint for `{service}`"));
    }
    rename(&mut case, renamed);
    context.mark(operation, &finding.fact, &mut case.request);
    Ok((operation, case))
}

/// Puts the resources of the present target into the places of those of the recorded one.
fn rename(case: &mut Case, renamed: &BTreeMap<String, String>) {
    let put = |text: &mut String| {
        if let Some(other) = renamed.get(text.as_str()) {
            text.clone_from(other);
        }
    };
    let request = &mut case.request;
    request.path.values_mut().for_each(put);
    for (_, value) in request.query.iter_mut().chain(&mut request.headers) {
        put(value);
    }
    if let Some(Value::Object(fields)) = request.body.value_mut() {
        for value in fields.values_mut() {
            if let Value::String(text) = value {
                put(text);
            }
        }
    }
}

async fn tries(
    context: &TrialContext,
    operation: &Operation,
    case: &Case,
    finding: &Finding,
    tries: u32,
) -> (Outcome, Option<(String, String)>) {
    let subject = Subject {
        fact: finding.fact.clone(),
        rows: finding.rows.clone(),
        level: finding.level,
        documented: finding.documented.clone(),
    };
    let mut again = Reproducibility { failed: 0, of: 0 };
    let mut now = None;
    let mut requests = 0;
    for _ in 0..tries {
        let mut blocked = None;
        let judged = attempt(
            context,
            operation,
            case,
            &subject,
            &mut requests,
            &mut blocked,
        )
        .await;
        let lack = (finding.fingerprint == Seen::NeverThere)
            .then(|| presence::again(finding, operation, &judged.exchange));
        let observed = judged.observations.iter().find(|observation| {
            observation.check == finding.check && observation.fact == finding.fact
        });
        let seen = match &lack {
            Some(lack) => lack.as_ref(),
            None => observed,
        };
        let reason = match seen {
            Some(_) => None,
            None => blocked.or_else(|| undecided(operation, finding, &judged.exchange)),
        };
        if let Some(reason) = reason {
            // What was seen to fail before is said all the same.
            if again.failed == 0 {
                return (Outcome::CannotReplay(reason), None);
            }
            break;
        }
        again.of += 1;
        if let Some(observation) = seen {
            again.failed += 1;
            now = Some(told(context, finding, observation, &judged.exchange));
        }
    }
    let outcome = match again.failed {
        0 => Outcome::Fixed,
        failed if failed == again.of => Outcome::Failed,
        _ => Outcome::Flaky(again),
    };
    (outcome, now)
}

/// What is seen now: the message, with the way of breaking where it is another one than before, and
/// a curl line.
fn told(
    context: &TrialContext,
    finding: &Finding,
    observation: &Observation,
    exchange: &Exchange,
) -> (String, String) {
    let seen = observation
        .seen
        .clone()
        .redacted(|text| context.sender.redactor.redact(text));
    let mut message = context.sender.redactor.redact(&observation.message);
    if seen != finding.fingerprint {
        message.push_str(&format!(" (before: {})", finding.fingerprint));
    }
    let request = exchange.recorded_request(&context.sender.redactor);
    (message, request.curl())
}

/// Why an exchange without the finding does not show that it is fixed; `None` if it does.
fn undecided(operation: &Operation, finding: &Finding, exchange: &Exchange) -> Option<String> {
    let answer = match &exchange.outcome {
        Ok(answer) => answer,
        Err(error) => return Some(error.to_string()),
    };
    // Whoever has nothing of that name any more refuses it for that.
    let is_of_known = matches!(
        finding.expectation,
        Some(Expectation::Refusal | Expectation::LenientRefusal | Expectation::Malformed)
    );
    let was_there = finding.status().is_some_and(|status| status < 400);
    let names_thing = operation.path.contains('{');
    if is_of_known && was_there && names_thing && matches!(answer.status, 404 | 410) {
        return Some(format!(
            "what it is about is not there any more (answered {})",
            answer.status
        ));
    }
    // A fact of an answer is only shown by an answer of its status that has the place it is about.
    let rule = finding.fact.rule()?;
    let status = rule.place.answered()?;
    if finding.check == Check::Status {
        return None;
    }
    let described = operation
        .response(answer.status)
        .is_some_and(|response| response.status == status);
    if !described && finding.status() != Some(answer.status) {
        return Some(format!(
            "it is about a {status}, and the answer is {} now",
            answer.status
        ));
    }
    let needs_value = rule.facet != Facet::Required;
    (!shows(answer, (rule.place, &rule.field), needs_value))
        .then(|| format!("no answer has the object of `{}` now", rule.field))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    use crate::generate::{Body, Credential, Expectation, Request};

    #[test]
    fn ids_of_the_recorded_target_are_replaced_where_they_stand_alone() {
        let mut case = Case {
            label: String::new(),
            expectation: Expectation::Success,
            request: Request {
                method: "POST".to_owned(),
                template: "/v1/{id}".to_owned(),
                path: BTreeMap::from([("id".to_owned(), "old".to_owned())]),
                query: vec![("of".to_owned(), "old".to_owned())],
                headers: vec![("X-Of".to_owned(), "older".to_owned())],
                cookies: Vec::new(),
                body: Body::Json(json!({ "id": "old", "name": "an old name", "count": 1 })),
                content_type: None,
                credential: Credential::Given,
                credential_of: None,
                borrowed: std::sync::Arc::default(),
                given: std::sync::Arc::default(),
                lists: std::sync::Arc::default(),
            },
        };
        rename(
            &mut case,
            &BTreeMap::from([("old".to_owned(), "new".to_owned())]),
        );
        assert_eq!(case.request.target(), "/v1/new?of=new");
        assert_eq!(case.request.headers[0].1, "older");
        assert_eq!(
            case.request.body,
            Body::Json(json!({ "id": "new", "name": "an old name", "count": 1 }))
        );
    }
}
