//! The look at an endpoint before the first trial: one that is gone, or that refuses the
//! credential, is said once and not by every trial.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::contract::{Location, Operation, SecurityScheme, is_credential, parameters_of_path};
use crate::exchange::{Answer, Redactor, Spoken, TransportError, printable};
use crate::generate::{Case, Request, UNDOCUMENTED_PART, undocumented_path};

use super::abort::RunError;
use super::fixture::TrialContext;
use super::trial::{Kind, Trial, Work};

/// After so many answers of 404 no more documented requests are tried.
const MOST_ABSENT: u32 = 24;

/// What of an endpoint is not there.
#[derive(Default)]
struct Absent {
    /// How many documented requests were answered 404.
    count: u32,
    /// One of them that tells of no resource but of the path, as it was sent.
    asked: Option<String>,
}

/// What the documented requests to an endpoint came to, as long as none was served.
#[derive(Default)]
struct Looked {
    /// Whether one was served, or nothing more is to be asked.
    served: bool,
    /// Whether one was served that asks for no credential, which says nothing of the one that is
    /// sent.
    is_open: bool,
    /// The status of the refusals, what was sent, and what is asked for.
    refused: Option<(u16, String, String)>,
    absent: Option<Absent>,
    /// What is answered to any path, where that is no answer of an API.
    site: Option<String>,
    /// How an answer broke off, or was none of HTTP.
    broken: Option<String>,
}

/// Sends a documented request to each endpoint, a safe one where there is one: an endpoint that is
/// gone, or that refuses the credential, is said once and not by every trial. A credential that is
/// refused for one operation may be good for another: the documented requests of the others are
/// asked before that is held against it.
pub(super) async fn preflight(context: &TrialContext, trials: &[Trial]) -> Result<(), RunError> {
    let mut looked: BTreeMap<&str, Looked> = BTreeMap::new();
    let suite = &context.sender.suite;
    let is_sent = !context.sender.lacks_credential();
    for (operation, case) in sendable(context, trials) {
        let Some(endpoint) = context.sender.target.endpoint(&operation.service) else {
            continue;
        };
        let known = looked.entry(endpoint).or_default();
        let is_absent = known.absent.is_some();
        let is_enough = |absent: &Absent| absent.count >= MOST_ABSENT;
        if known.served
            || known.site.is_some()
            || (is_absent || known.broken.is_some()) && operation.writes()
            || known.is_open && known.refused.is_none() && operation.writes()
            || known.is_open && !suite.asks_for_credential(operation)
            || known.absent.as_ref().is_some_and(is_enough)
        {
            continue;
        }
        look(context, operation, &case, endpoint, known).await?;
        if known.served && is_sent && !suite.asks_for_credential(operation) {
            known.served = false;
            known.is_open = true;
        }
    }
    for (endpoint, known) in &looked {
        let is_dumb = known.refused.is_none() && known.absent.is_none();
        if let (Some(how), false, true) = (&known.broken, known.served || known.is_open, is_dumb) {
            match context.sender.spoken(endpoint).await {
                Some(Spoken::Other(reason)) => return Err(unreachable(endpoint, reason)),
                // What is wrong are its answers, and each trial says so.
                Some(Spoken::AsAsked) => {}
                None if speaks_http(context, endpoint).await => {}
                None => {
                    let reason =
                        format!("it answers nothing that is HTTP, whatever it is asked: {how}");
                    return Err(unreachable(endpoint, reason));
                }
            }
        }
    }
    for (endpoint, known) in &looked {
        if let (Some(reason), false) = (&known.site, known.served || known.is_open) {
            return Err(unreachable(endpoint, reason.clone()));
        }
    }
    for (endpoint, known) in &looked {
        let asked = known
            .absent
            .as_ref()
            .and_then(|absent| absent.asked.clone());
        if let (Some(asked), false) = (
            asked,
            known.served || known.is_open || known.refused.is_some(),
        ) {
            return Err(RunError::NotThere {
                endpoint: (*endpoint).to_owned(),
                asked,
            });
        }
    }
    let refused = looked.into_iter().find_map(|(endpoint, known)| {
        known
            .refused
            // Beside what asks for none, 403 may be said of what this credential may not do.
            .filter(|(status, ..)| !known.served && (!known.is_open || *status == 401))
            .map(|it| (endpoint, known.is_open, it))
    });
    match refused {
        Some((endpoint, is_open, (status, sent, wanted))) => Err(RunError::Refused {
            endpoint: endpoint.to_owned(),
            status,
            whose: if is_open {
                " that needs a credential"
            } else {
                ""
            },
            sent,
            wanted,
        }),
        None => Ok(()),
    }
}

/// The documented requests: first those that change nothing, of them those that name no resource.
fn sendable<'c>(context: &'c TrialContext, trials: &[Trial]) -> Vec<(&'c Operation, Case)> {
    let mut sendable: Vec<(&Operation, Case)> = trials
        .iter()
        .filter(|trial| trial.kind == Kind::Example)
        .filter_map(|trial| match &trial.work {
            Work::Cases(cases) => {
                let operation = context.sender.suite.operations.get(trial.operation)?;
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
    sendable.sort_by_key(|(operation, _)| {
        let names_resource = !parameters_of_path(operation).is_empty();
        (operation.writes(), names_resource)
    });
    sendable
}

fn unreachable(endpoint: &str, reason: impl Into<String>) -> RunError {
    RunError::Unreachable {
        endpoint: endpoint.to_owned(),
        reason: reason.into(),
    }
}

/// Whether all that is documented of an endpoint changes nothing, so that all of it is asked.
fn has_reads_alone(context: &TrialContext, endpoint: &str) -> bool {
    let (suite, target) = (&context.sender.suite, &context.sender.target);
    let is_own = |operation: &&Operation| target.endpoint(&operation.service) == Some(endpoint);
    let mut own = suite.operations.iter().filter(is_own);
    own.all(|operation| !operation.writes())
}

/// Sends one documented request, and takes note of what it tells of its endpoint.
async fn look(
    context: &TrialContext,
    operation: &Operation,
    case: &Case,
    endpoint: &str,
    known: &mut Looked,
) -> Result<(), RunError> {
    let exchange = context.send(operation, case).await;
    let scheme = &exchange.authentication.scheme;
    match exchange.outcome {
        Err(TransportError::Connect(reason)) => return Err(unreachable(endpoint, reason)),
        Err(TransportError::Timeout(limit)) => {
            let target = case.request.target();
            let reason = format!(
                "{} {target} was not answered within {limit:?} (`--timeout` gives it longer)",
                operation.method
            );
            return Err(unreachable(endpoint, reason));
        }
        Err(TransportError::NotSent(_)) => {}
        Err(error @ (TransportError::Broken(_) | TransportError::Cut(_))) => {
            known.broken.get_or_insert_with(|| error.to_string());
        }
        Ok(answer) if matches!(answer.status, 401 | 403) => {
            let redactor = &context.sender.redactor;
            let sent = format!(
                "{} {} sent",
                scheme.in_words(),
                if scheme.schemes().len() > 1 {
                    "were"
                } else {
                    "was"
                }
            );
            let told = known
                .refused
                .get_or_insert((answer.status, sent, String::new()));
            // One refusal may be of an operation that says less than another.
            if told.2.is_empty() {
                told.2 = wanted(operation, &answer, redactor);
            }
        }
        Ok(answer) if answer.status == 404 => {
            let absent = known.absent.get_or_insert_default();
            absent.count += 1;
            // What names no resource is there, where the endpoint is what is documented. Else a path
            // that nobody documents is answered otherwise, and what names a resource may be all
            // that is not served.
            let names_resource = !parameters_of_path(operation).is_empty();
            let is_plain = !names_resource && !operation.names(404);
            let may_tell = !names_resource || has_reads_alone(context, endpoint);
            if absent.asked.is_none()
                && (is_plain
                    || may_tell
                        && is_answer_to_nobody(context, operation, &case.request, &answer).await)
            {
                absent.asked = Some(format!("{} {}", operation.method, exchange.url));
            }
        }
        Ok(answer) => match context.sender.way_of(&answer) {
            Some(reason) => return Err(unreachable(endpoint, reason)),
            None => match of_site(operation, &answer, (endpoint, &case.request.target())) {
                Some(what)
                    if is_answer_to_nobody(context, operation, &case.request, &answer).await =>
                {
                    known.site = Some(format!(
                        "it answers {what} to any path, as to {} {}: a web site, or something in \
                         front of the API",
                        operation.method, exchange.url
                    ));
                }
                _ => known.served = true,
            },
        },
        Err(
            TransportError::TooLarge(_)
            | TransportError::TooMany(_)
            | TransportError::Credential(_)
            | TransportError::Unsendable(_),
        ) => known.served = true,
    }
    Ok(())
}

/// What an answer is that is none of those that are documented: a page, or a way to another place.
fn of_site(
    operation: &Operation,
    answer: &Answer,
    (endpoint, target): (&str, &str),
) -> Option<String> {
    if (200..300).contains(&answer.status) {
        let kind = answer.header("content-type").unwrap_or_default();
        let is_page = kind.trim_start().to_lowercase().starts_with("text/html");
        let response = operation.response(answer.status)?;
        let is_json = response.schema.is_some();
        return (is_page && is_json).then(|| format!("{} with a page of HTML", answer.status));
    }
    if (300..400).contains(&answer.status) && !operation.is_documented_success(answer.status) {
        let place = answer.header("location").unwrap_or_default();
        // The same path with a slash after it is the service's own matter.
        let origin = |url: &str| url::Url::parse(url).ok().map(|url| url.origin());
        let leaves = origin(place).is_some_and(|other| Some(other) != origin(endpoint));
        let path = target.split('?').next().unwrap_or_default();
        if !leaves && place.contains(path) {
            return None;
        }
        let place: String = printable(place).chars().take(LONGEST_CHALLENGE).collect();
        return Some(format!("{} with `Location: {place}`", answer.status));
    }
    None
}

/// Whether an endpoint answers a path that nobody documents by HTTP at all.
async fn speaks_http(context: &TrialContext, endpoint: &str) -> bool {
    let (suite, target) = (&context.sender.suite, &context.sender.target);
    let mut operations = suite.operations.iter();
    let own = operations.find(|operation| target.endpoint(&operation.service) == Some(endpoint));
    let case = undocumented_path(&format!("/{UNDOCUMENTED_PART}"), &["GET"]).pop();
    let (Some(operation), Some(case)) = (own, case) else {
        return true;
    };
    let exchange = context.send(operation, &case.make()).await;
    !matches!(exchange.outcome, Err(TransportError::Broken(_)))
}

/// Whether a path that nobody documents, not even its first part, is answered as a request was,
/// but for what differs from answer to answer: then it is the path that is not there.
async fn is_answer_to_nobody(
    context: &TrialContext,
    operation: &Operation,
    request: &Request,
    answer: &Answer,
) -> bool {
    let mut cases = undocumented_path(&format!("/{UNDOCUMENTED_PART}"), &["GET"]);
    let Some(case) = cases.pop().map(|case| case.make()) else {
        return false;
    };
    let other = context.send(operation, &case).await;
    let Ok(other) = other.outcome else {
        return false;
    };
    let plain = |answer: &Answer, target: &str| {
        let text = String::from_utf8_lossy(&answer.body);
        let path = target.split('?').next().unwrap_or_default();
        let text = text.replace(target, "").replace(path, "");
        let is_varying = |c: &char| c.is_ascii_digit() || matches!(c, 'a'..='f' | '-');
        text.chars().filter(|c| !is_varying(c)).collect::<String>()
    };
    let kind = |answer: &Answer| answer.header("content-type").map(str::to_owned);
    other.status == answer.status
        && kind(&other) == kind(answer)
        && plain(&other, &case.request.target()) == plain(answer, &request.target())
}

/// The option that gives a credential of a scheme of HTTP (RFC 9110, section 11.1).
fn option_for(scheme: &str) -> Option<String> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    match scheme.to_ascii_lowercase().as_str() {
        "bearer" => Some("`--bearer TOKEN`".to_owned()),
        "basic" => Some("`--basic USER:PASSWORD`".to_owned()),
        // These are worked out anew for each request.
        "" | "digest" | "negotiate" | "ntlm" | "hoba" | "mutual" => None,
        _ if scheme.bytes().all(is_word) => {
            Some(format!("`--header 'Authorization: {scheme} VALUE'`"))
        }
        _ => None,
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
        let needed = operation.security.as_ref();
        let is_all = needed.is_some_and(|security| security.is_all(&schemes));
        let schemes: Vec<String> = schemes.iter().map(SecurityScheme::in_words).collect();
        let joined = schemes.join(if is_all { " and " } else { " or " });
        asked = format!("; the source asks for {joined}");
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
        let scheme = challenge.split([' ', ',']).next().unwrap_or_default();
        if let Some(option) = option_for(scheme) {
            let _ = write!(asked, ", which {option} gives");
        }
    }
    asked
}
