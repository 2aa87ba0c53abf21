//! The look at an endpoint before the first trial: one that is gone, or that refuses the
//! credential, is said once and not by every trial.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use crate::contract::{Location, Operation, SecurityScheme, is_credential, parameters_of_path};
use crate::exchange::{Answer, Redactor, TransportError, printable};
use crate::generate::Case;

use super::abort::RunError;
use super::fixture::TrialContext;
use super::trial::{Kind, Trial, Work};

/// After so many answers of 404 it is left to the trials what is there.
const MOST_ABSENT: u32 = 24;

/// What of an endpoint is not there.
#[derive(Default)]
struct Absent {
    /// How many documented requests were answered 404.
    count: u32,
    /// One of them that names no resource, as it was sent.
    asked: Option<String>,
}

/// Sends a documented request to each endpoint, a safe one where there is one: an endpoint that is
/// gone, or that refuses the credential, is said once and not by every trial. A credential that is
/// refused for one operation may be good for another: the documented requests of the others are
/// asked before that is held against it.
pub(super) async fn preflight(context: &TrialContext, trials: &[Trial]) -> Result<(), RunError> {
    let (suite, target) = (&context.sender.suite, &context.sender.target);
    let mut sendable: Vec<(&Operation, Case)> = trials
        .iter()
        .filter(|trial| trial.kind == Kind::Example)
        .filter_map(|trial| match &trial.work {
            Work::Cases(cases) => {
                let operation = suite.operations.get(trial.operation)?;
                let mut case = cases.first(operation)?.make();
                context.mark(operation, &trial.subject.fact, &mut case.request);
                Some((operation, case))
            }
            Work::Answers { .. }
            | Work::Property { .. }
            | Work::Relation { .. }
            | Work::Lifecycle { .. }
            | Work::Snapshot(_)
            | Work::Offline(_)
            | Work::Skip(_) => None,
        })
        .collect();
    sendable.sort_by_key(|(operation, _)| operation.writes());
    let mut answering: HashSet<&str> = HashSet::new();
    let mut refused: BTreeMap<&str, (u16, String, String)> = BTreeMap::new();
    let mut absent: BTreeMap<&str, Absent> = BTreeMap::new();
    for (operation, case) in sendable {
        let Some(endpoint) = target.endpoint(&operation.service) else {
            continue;
        };
        let is_absent = absent.contains_key(endpoint);
        if answering.contains(endpoint) || is_absent && operation.writes() {
            continue;
        }
        let exchange = context.send(operation, &case).await;
        let carried = &exchange.authentication.headers;
        let carried: Vec<String> = carried
            .iter()
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        match exchange.outcome {
            Err(TransportError::Connect(reason)) => {
                return Err(RunError::Unreachable {
                    endpoint: endpoint.to_owned(),
                    reason,
                });
            }
            Err(error @ TransportError::Timeout(_)) => {
                return Err(RunError::Unreachable {
                    endpoint: endpoint.to_owned(),
                    reason: error.to_string(),
                });
            }
            Ok(answer) if matches!(answer.status, 401 | 403) => {
                let redactor = &context.sender.redactor;
                let sent = match carried.as_slice() {
                    [] => "no credential was sent".to_owned(),
                    names => format!("{} was sent", names.join(", ")),
                };
                let told = refused
                    .entry(endpoint)
                    .or_insert((answer.status, sent, String::new()));
                // One refusal may be of an operation that says less than another.
                if told.2.is_empty() {
                    told.2 = wanted(operation, &answer, redactor);
                }
            }
            Err(TransportError::NotSent(_)) => {}
            Ok(answer) if answer.status == 404 && !operation.writes() => {
                let known = absent.entry(endpoint).or_default();
                known.count += 1;
                // What names no resource is there, where the endpoint is what is documented.
                let is_plain = parameters_of_path(operation).is_empty();
                if is_plain && !operation.names(404) {
                    let target = case.request.target();
                    known.asked = Some(format!("{} {target}", operation.method));
                }
                if known.count >= MOST_ABSENT {
                    answering.insert(endpoint);
                }
            }
            _ => {
                answering.insert(endpoint);
            }
        }
    }
    for (endpoint, Absent { asked, .. }) in absent {
        let is_served = answering.contains(endpoint) || refused.contains_key(endpoint);
        if let (Some(asked), false) = (asked, is_served) {
            return Err(RunError::NotThere {
                endpoint: endpoint.to_owned(),
                asked,
            });
        }
    }
    let refused = refused
        .into_iter()
        .find(|(endpoint, _)| !answering.contains(endpoint));
    match refused {
        Some((endpoint, (status, sent, wanted))) => Err(RunError::Refused {
            endpoint: endpoint.to_owned(),
            status,
            sent,
            wanted,
        }),
        None => Ok(()),
    }
}

/// The most characters that are told of what an answer asks for.
const LONGEST_CHALLENGE: usize = 160;

/// What the source and the answer of a refused request ask for, as the end of a sentence; nothing
/// where neither says so.
fn wanted(operation: &Operation, answer: &Answer, redactor: &Redactor) -> String {
    let mut asked = String::new();
    let schemes = operation.security_schemes();
    if !schemes.is_empty() {
        let schemes: Vec<String> = schemes.iter().map(SecurityScheme::in_words).collect();
        asked = format!("; the source asks for {}", schemes.join(" or "));
    }
    let mut headers = operation.parameters_in(Location::Header);
    let row = headers.find(|header| is_credential(&header.name));
    if let Some(fact) = row.and_then(|header| header.schema.own_facts().first()) {
        let _ = write!(asked, " ({}, line {})", fact.page(), fact.line());
    }
    // RFC 9110, section 11.6.1: who refuses a credential says which kinds are taken.
    if let Some(challenge) = answer.header("www-authenticate") {
        let shown: String = challenge.chars().take(LONGEST_CHALLENGE).collect();
        let shown = printable(&redactor.redact(&shown));
        let _ = write!(asked, "; the answer asks for `{shown}`");
    }
    asked
}
