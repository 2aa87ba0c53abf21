//! Facts of answers: answers of a class are brought about once, and every trial that is about such a fact looks at them.

use std::sync::{Arc, PoisonError};

use tokio::sync::OnceCell;

use crate::contract::Operation;
use crate::generate::Case;

use super::busy::Judged;
use super::finding::Finding;
use super::shared::Shared;
use super::trial::{Trial, Verdict};

/// Answers that were brought about once, for all trials that look at them.
pub(super) type Provoked = Arc<OnceCell<Provocation>>;

/// What came of bringing answers about.
#[derive(Debug, Default)]
pub(super) struct Provocation {
    judged: Vec<Judged>,
    /// Why some of it says nothing, if so.
    blocked: Option<String>,
}

impl Shared {
    /// Holds one fact of an answer against the shared answers of its status.
    pub(super) async fn answers(
        &self,
        trial: &Trial,
        operation: &Operation,
        status: &str,
        field: &str,
    ) -> (Verdict, Option<String>, u64, Vec<Finding>) {
        let class = status
            .chars()
            .next()
            .and_then(|digit| digit.to_digit(10))
            .unwrap_or(0);
        // 204 is brought about by a resource without records, another success by the documented request, a refusal by an invalid one.
        let key = match status {
            "204" => 204,
            "401" | "403" => 401,
            "404" => 404,
            "405" => 405,
            _ => u16::try_from(class).unwrap_or(0),
        };
        let cell = {
            let mut provoked = self.provoked.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(provoked.entry((trial.operation, key)).or_default())
        };
        let mut requests = 0;
        let provocation = cell
            .get_or_init(|| self.provoke(trial, operation, key, &mut requests))
            .await;
        if provocation.judged.is_empty() {
            return (
                Verdict::Skipped,
                Some(format!("no request of this target brings about a {status}")),
                0,
                Vec::new(),
            );
        }
        let mut seen = false;
        // That a field is there can be told from its object; all else needs a value to tell it from.
        let needs_value = !trial.subject.fact.ends_with("::required");
        let mut findings = Vec::new();
        for judged in &provocation.judged {
            let Ok(answer) = &judged.exchange.outcome else {
                continue;
            };
            let described = operation
                .response(answer.status)
                .is_some_and(|response| response.status == status);
            if described && shows(&answer.body, field, needs_value) {
                seen = true;
            }
            for observation in &judged.observations {
                if observation.fact == trial.subject.fact {
                    Finding::new(
                        observation.clone(),
                        &judged.case,
                        &judged.exchange,
                        &self.redactor,
                    )
                    .add_to(&mut findings);
                }
            }
        }
        match self.verdict(&findings) {
            Verdict::Passed if !seen && provocation.blocked.is_some() => (
                Verdict::Blocked,
                provocation.blocked.clone(),
                requests,
                findings,
            ),
            Verdict::Passed if !seen && findings.is_empty() => {
                let what = if field.is_empty() {
                    format!("a {status}")
                } else if needs_value {
                    format!("a {status} with a value for `{field}`")
                } else {
                    format!("a {status} with `{field}`'s object")
                };
                (
                    Verdict::Skipped,
                    Some(format!("no answer was {what}")),
                    requests,
                    findings,
                )
            }
            verdict => (verdict, None, requests, findings),
        }
    }

    /// Brings about answers of a class once, for all trials that look at them.
    async fn provoke(
        &self,
        trial: &Trial,
        operation: &Operation,
        key: u16,
        requests: &mut u64,
    ) -> Provocation {
        let cases: Vec<Case> = match key {
            204 => self
                .empties
                .get(&trial.operation)
                .cloned()
                .into_iter()
                .collect(),
            401 | 404 | 405 => self
                .exact
                .get(&(trial.operation, key))
                .cloned()
                .into_iter()
                .collect(),
            2 => self
                .successes
                .get(&trial.operation)
                .cloned()
                .unwrap_or_default(),
            4 => self
                .refusals
                .get(&trial.operation)
                .cloned()
                .into_iter()
                .collect(),
            _ => Vec::new(),
        };
        let _guard = match &trial.lock {
            Some((resource, _)) => Some(
                self.locks
                    .acquire(resource, key == 2 && operation.writes())
                    .await,
            ),
            None => None,
        };
        let mut provocation = Provocation::default();
        for case in &cases {
            let blocked = &mut provocation.blocked;
            let judged = self
                .try_case(operation, case, &trial.subject, requests, blocked)
                .await;
            provocation.judged.push(judged);
        }
        provocation
    }
}

/// Whether a body has a value (not null) for a field, or only the object that the field belongs to: then the field could be judged.
pub(super) fn shows(body: &[u8], field: &str, needs_value: bool) -> bool {
    if field.is_empty() {
        return true;
    }
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(body) else {
        return false;
    };
    let place = match field.rfind(['.', ']']) {
        _ if needs_value => field,
        Some(at) if field.as_bytes().get(at) == Some(&b'.') => field.get(..at).unwrap_or_default(),
        Some(_) => field,
        None => "",
    };
    super::observed::has_value(&value, place)
}
