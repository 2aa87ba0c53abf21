//! What a trial left in the endpoint that no page allows: the values of writes that were taken
//! though they break a rule, or though no page speaks of them. Where another trial's answer shows
//! such a value, it is no fault of that answer: it belongs to the finding of the request that
//! brought it in.

use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use crate::check::{Check, Observation, Part, Subject};
use crate::contract::{FactId, Level, Operation, Place, parameters_of_path, unescape_token};
use crate::exchange::{Exchange, RecordedResponse};
use crate::generate::{Case, Expectation, text_of};

use super::created::created;
use super::finding::{Because, Finding};
use super::trial::{Kind, TrialResult, Verdict};

/// How many are kept: an endpoint that takes everything must not fill the memory.
const MOST: usize = 4_096;

/// How many ids of one write are kept.
const MOST_IDS: usize = 32;

/// The shortest text that another one is not by chance.
const TELLING: usize = 4;

/// What writes left, and what other trials saw of it.
#[derive(Debug, Default)]
pub(super) struct Leavings {
    left: Mutex<Vec<Leaving>>,
    shown: Mutex<Vec<(FactId, Finding)>>,
}

/// What one write left.
#[derive(Debug, Clone)]
struct Leaving {
    /// Whose it is.
    scope: u64,
    service: String,
    /// The fact that the write is about.
    fact: FactId,
    /// Whether the write breaks a rule, so that there is a finding of its being taken.
    is_wrong: bool,
    /// The field that is wrong or unusual, where it is one.
    field: Option<String>,
    /// The ids of what was written.
    ids: Vec<String>,
    /// The values that were written, by the names of their fields.
    values: Vec<(String, Value)>,
}

impl Leavings {
    /// Takes note of what a write has left, if it has.
    pub(super) fn note(
        &self,
        scope: u64,
        operation: &Operation,
        subject: &Subject,
        case: &Case,
        exchange: &Exchange,
    ) {
        let is_wrong = match case.expectation {
            Expectation::Success | Expectation::EmptyResource => return,
            Expectation::Unspecified | Expectation::Oversized => false,
            Expectation::Refusal
            | Expectation::ConventionalRefusal
            | Expectation::LenientRefusal
            | Expectation::Malformed
            | Expectation::Unauthorised
            | Expectation::UnknownResource
            | Expectation::AbsentResource
            | Expectation::RefusedResource
            | Expectation::UndocumentedMethod
            | Expectation::UndocumentedPath
            | Expectation::TooLarge => true,
        };
        let request = &exchange.request;
        let Ok(answer) = &exchange.outcome else {
            return;
        };
        if request.is_safe() || !exchange.is_success() {
            return;
        }
        // Other ids are those of what it belongs to.
        let told = created(&operation.name(), request, &answer.body).into_iter();
        let own = told.filter(|one| is_id(one.field.rsplit('.').next().unwrap_or_default()));
        let changed = parameters_of_path(operation)
            .pop()
            .filter(|_| request.method != "POST")
            .and_then(|name| request.path.get(name).cloned());
        let body = request
            .body_bytes()
            .and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
        let mut values = Vec::new();
        if let Some(body) = &body {
            collect("", body, &mut values);
        }
        let rule = subject.fact.rule();
        let of_request = rule.filter(|rule| !rule.place.is_response());
        let field = of_request.and_then(|rule| rule.field.last_name());
        let leaving = Leaving {
            scope,
            service: operation.service.clone(),
            fact: subject.fact.clone(),
            is_wrong,
            field: field.map(str::to_owned),
            ids: own
                .map(|one| one.id)
                .chain(changed)
                .take(MOST_IDS)
                .collect(),
            values,
        };
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        if left.len() < MOST {
            left.push(leaving);
        }
    }

    /// Whether there is anything at all.
    fn is_empty(&self) -> bool {
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        left.is_empty()
    }

    /// What an answer shows at a pointer that somebody has left there: the fact that the write is
    /// about. `scope` is that of who asks, whose own writes are its own matter.
    fn origin(
        &self,
        scope: Option<u64>,
        service: &str,
        body: &Value,
        pointer: &str,
    ) -> Option<FactId> {
        let name = pointer
            .split('/')
            .map(unescape_token)
            .rfind(|token| token.parse::<usize>().is_err())?;
        let value = body.pointer(pointer);
        let mut objects = pointer
            .match_indices('/')
            .filter_map(|(at, _)| body.pointer(pointer.get(..at)?))
            .filter(|object| object.is_object());
        let object = objects.next_back();
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let shows = |one: &&Leaving| {
            let is_of_field = one.field.as_ref().map(|field| *field == name);
            let is_it = is_of_field == Some(true) && object.is_some_and(|object| one.is(object));
            let is_foreign = scope != Some(one.scope);
            is_foreign
                && one.service == service
                && is_of_field != Some(false)
                && (is_it || value.is_some_and(|value| one.holds(&name, value)))
        };
        // What breaks a rule has a finding of its own.
        let of_kind = |is_wrong: bool| left.iter().filter(move |one| one.is_wrong == is_wrong);
        let mut known = of_kind(true).chain(of_kind(false));
        known.find(shows).map(|one| one.fact.clone())
    }

    /// Takes what others have left out of what the checks saw of an answer to a trial.
    pub(super) fn take_out(
        &self,
        scope: u64,
        operation: &Operation,
        body: Option<&Value>,
        observations: &mut Vec<Observation>,
        finding: impl Fn(Observation) -> Finding,
    ) {
        let Some(body) = body.filter(|_| !observations.is_empty() && !self.is_empty()) else {
            return;
        };
        let origin = |observation: &Observation| match &observation.at {
            Some(Part::Body(pointer)) if is_of_value(observation.check, &observation.fact) => {
                self.origin(Some(scope), &operation.service, body, pointer)
            }
            _ => None,
        };
        let mut shown = Vec::new();
        observations.retain(|observation| match origin(observation) {
            Some(fact) => {
                shown.push((fact, finding(observation.clone())));
                false
            }
            None => true,
        });
        let mut known = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        known.extend(shown);
    }

    /// Gives what other trials saw to the findings that it belongs to. What a trial saw before it
    /// was known that somebody had left it is taken out of its findings now.
    pub(super) fn settle(&self, results: &mut [TrialResult], level: Level) {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let mut shown = std::mem::take(&mut *shown);
        if !self.is_empty() {
            for result in results.iter_mut() {
                self.take_late(result, level, &mut shown);
            }
        }
        for (fact, finding) in shown {
            let mut origins = results.iter_mut().flat_map(|result| &mut result.findings);
            // Where the write is one that no page forbids there is none, and nothing is wrong.
            if let Some(origin) =
                origins.find(|origin| origin.fact == fact && origin.check == Check::Status)
            {
                origin.relate(Because::ShowsStored, finding);
            }
        }
    }

    fn take_late(
        &self,
        result: &mut TrialResult,
        level: Level,
        shown: &mut Vec<(FactId, Finding)>,
    ) {
        let origin = |finding: &Finding| {
            let exchange = finding.exchange.as_ref()?;
            let is_read = matches!(exchange.request.shown().method.as_str(), "GET" | "HEAD");
            let (Some(Part::Body(pointer)), RecordedResponse::Received { body, .. }) =
                (&finding.at, &exchange.response)
            else {
                return None;
            };
            let body: Value = serde_json::from_str(body).ok()?;
            let service = &finding.fact.operation.service;
            (is_read && is_of_value(finding.check, &finding.fact))
                .then(|| self.origin(None, service, &body, pointer))?
        };
        let mut taken = None;
        result.findings.retain(|finding| match origin(finding) {
            Some(fact) => {
                taken = Some(fact.clone());
                shown.push((fact, finding.clone()));
                false
            }
            None => true,
        });
        let still_fails = result.findings.iter().any(|finding| finding.fails(level));
        if let Some(fact) = taken
            && result.verdict == Verdict::Failed
            && !still_fails
        {
            // What is generated has ended there.
            let has_ended = matches!(result.kind, Kind::Property | Kind::Relation);
            result.verdict = if has_ended {
                result.reason = Some(format!("an answer shows what `{fact}` has stored"));
                Verdict::Blocked
            } else {
                Verdict::Passed
            };
        }
    }
}

impl Leaving {
    /// Whether an object is what was written.
    fn is(&self, object: &Value) -> bool {
        let fields = object.as_object().into_iter().flatten();
        fields
            .filter(|(_, value)| value.is_string() || value.is_number())
            .any(|(name, value)| is_id(name) && self.ids.contains(&text_of(value)))
    }

    /// Whether a value is one that was written into a field of this name. A value that many fields
    /// have proves that only where its being taken is a finding.
    fn holds(&self, name: &str, value: &Value) -> bool {
        let is_telling = match value {
            Value::String(text) => text.chars().count() >= TELLING,
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
            Value::Array(_) | Value::Object(_) => true,
        };
        (self.is_wrong || is_telling)
            && self
                .values
                .iter()
                .any(|(known, sent)| known == name && sent == value)
    }
}

/// Whether a field names what it is in, and not what that belongs to.
fn is_id(name: &str) -> bool {
    matches!(name, "id" | "uuid")
}

/// Whether a check looks at a value of a success.
fn is_of_value(check: Check, fact: &FactId) -> bool {
    let is_success = fact.rule().is_some_and(|rule| match rule.place {
        Place::Response(status) => status.class() == Some(2),
        Place::Operation
        | Place::Path
        | Place::Query
        | Place::Header
        | Place::Cookie
        | Place::ResponseHeader(_)
        | Place::Request => false,
    });
    check == Check::Schema && is_success
}

/// The values of a body by the names of their fields, lists and objects too.
fn collect(name: &str, value: &Value, found: &mut Vec<(String, Value)>) {
    if !name.is_empty() {
        found.push((name.to_owned(), value.clone()));
    }
    match value {
        Value::Object(map) => map
            .iter()
            .for_each(|(name, value)| collect(name, value, found)),
        Value::Array(items) => items.iter().for_each(|item| collect(name, item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    /// What a write of `type: "compute\n"` and `note: null` left under the id `a1`.
    fn leavings(is_wrong: bool, field: Option<&str>) -> Leavings {
        let left = Leaving {
            scope: 7,
            service: "s".to_owned(),
            fact: "s::Create::request.type::enum".parse().unwrap(),
            is_wrong,
            field: field.map(str::to_owned),
            ids: vec!["a1".to_owned()],
            values: vec![
                ("type".to_owned(), json!("compute\n")),
                ("note".to_owned(), Value::Null),
            ],
        };
        Leavings {
            left: Mutex::new(vec![left]),
            shown: Mutex::default(),
        }
    }

    #[rstest]
    #[case::value(true, Some("type"), json!({"items": [{"type": "compute\n"}]}), "/items/0/type", true)]
    #[case::other_value(true, Some("type"), json!({"items": [{"type": "other"}]}), "/items/0/type", false)]
    #[case::of_its_id(true, Some("type"), json!({"items": [{"id": "a1", "type": "x"}]}), "/items/0/type", true)]
    #[case::absent(true, Some("type"), json!({"items": [{"id": "a1"}]}), "/items/0/type", true)]
    #[case::any_field_of_its_id(true, None, json!({"items": [{"id": "a1", "type": "x"}]}), "/items/0/type", false)]
    #[case::of_another_id(true, Some("type"), json!({"items": [{"id": "b2"}]}), "/items/0/type", false)]
    #[case::another_field(true, Some("type"), json!({"id": "a1", "size": "x"}), "/size", false)]
    #[case::null(true, None, json!({"note": null}), "/note", true)]
    #[case::null_of_anybody(false, None, json!({"note": null}), "/note", false)]
    #[case::unspecified(false, None, json!({"type": "compute\n"}), "/type", true)]
    fn what_was_left_is_known_by_its_id_or_its_value(
        #[case] is_wrong: bool,
        #[case] field: Option<&str>,
        #[case] body: Value,
        #[case] pointer: &str,
        #[case] expected: bool,
    ) {
        let leavings = leavings(is_wrong, field);
        let found = |scope| leavings.origin(scope, "s", &body, pointer).is_some();
        assert_eq!(found(Some(1)), expected);
        // What is one's own, and what another service has, is not.
        assert!(!found(Some(7)));
        assert!(leavings.origin(Some(1), "t", &body, pointer).is_none());
    }
}
