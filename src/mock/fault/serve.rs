//! The layer that makes the mock commit a fault.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use crate::contract::{BETWEEN, Facet, Place, Row, StatusRange};

use super::super::call::Call;
use super::super::layer::{Answered, Layer};
use super::super::operation::MockOperation;
use super::super::rejection::{Cause, Reason, Rejection};
use super::super::reply::{Body, Reply, each};
use super::super::resource::{Resources, text_of};
use super::{Effect, Fault, Meant, When};

/// Commits one fault.
#[derive(Debug)]
pub(crate) struct FaultLayer {
    fault: Fault,
    resources: Resources,
    calls: AtomicU64,
    /// The values that a fault has met before.
    met: Mutex<HashSet<String>>,
}

impl FaultLayer {
    /// `resources`: the mock's own, for faults that mistake one for another.
    pub(in super::super) fn new(fault: Fault, resources: Resources) -> Self {
        Self {
            fault,
            resources,
            calls: AtomicU64::new(0),
            met: Mutex::default(),
        }
    }

    fn concerns(&self, operation: &MockOperation) -> bool {
        operation.id == self.fault.fact.operation
    }

    /// Whether a value is met for the first time.
    fn is_first(&self, value: &str) -> bool {
        let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        met.insert(value.to_owned())
    }

    /// Whether this is the n-th call of `every`.
    fn is_turn(&self, every: u64) -> bool {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        (call + 1).is_multiple_of(every.max(1))
    }
}

impl Layer for FaultLayer {
    fn serves_method(&self, operation: &MockOperation) -> bool {
        self.fault.effect == Effect::Method && self.concerns(operation)
    }

    fn judge(&self, operation: &MockOperation, call: &Call<'_>, rejections: &mut Vec<Rejection>) {
        if !self.concerns(operation) {
            return;
        }
        if let Effect::Hole { row, cause } = &self.fault.effect {
            overlook(rejections, row, *cause);
        } else if let Effect::Strict { row, when } = &self.fault.effect
            && rejections.is_empty()
            && self.applies(call, row, when)
        {
            let field = row.field.clone();
            rejections.push(Rejection::new(Place::Request, field, Cause::Strict));
        } else if let Effect::Once { row } = &self.fault.effect
            && let Some(value) = call.at(row)
        {
            if self.is_first(&text_of(value)) {
                overlook(rejections, row, Cause::Unknown);
            } else if rejections.is_empty() {
                rejections.push(Rejection::new(row.place, row.field.clone(), Cause::Unknown));
            }
        }
    }

    fn rewrite(&self, operation: &MockOperation, call: &mut Call<'_>) {
        if let Effect::Rewrite(rewrite) = &self.fault.effect
            && self.concerns(operation)
        {
            rewrite.apply(&self.resources, operation, call);
        }
    }

    fn reply(&self, answered: &Answered<'_>, reply: &mut Reply) {
        let reason = answered.rejection.map(Rejection::reason);
        if self.fault.effect == Effect::Path && reason == Some(Reason::Path) {
            *reply = Reply::json(200, Value::Object(serde_json::Map::new()));
        }
        let Some(operation) = answered
            .operation
            .filter(|operation| self.concerns(operation))
        else {
            return;
        };
        match &self.fault.effect {
            Effect::Answer { meant, alter } => {
                if meant.covers(answered, reply.status) {
                    alter.apply(answered.headers, reply);
                }
            }
            Effect::Oversized(reason) => {
                if answered
                    .rejection
                    .is_some_and(|rejection| rejection.reason() == *reason)
                {
                    reply.status = 500;
                }
            }
            Effect::StrayType => {
                if answered.headers.contains_key("content-type") {
                    reply.status = 500;
                }
            }
            Effect::Breaks { row, value } => {
                if answered
                    .call
                    .is_some_and(|call| call.at(row) == Some(value))
                {
                    *reply = operation.refuse(&Rejection::of_place(row.place, Cause::Broken));
                    reply.status = 500;
                }
            }
            Effect::Repeats { status, field } => {
                let sent = answered
                    .rejection
                    .and_then(|rejection| answered.call?.at(&rejection.row))
                    .and_then(Value::as_str);
                if let (Some(sent), Body::Json(body)) = (sent, &mut reply.body)
                    && status.covers(reply.status)
                {
                    each(body, field, &mut |parent, name| {
                        parent.insert(name.to_owned(), Value::from(format!("not taken: {sent}")));
                    });
                }
            }
            Effect::Travel { every, how } => {
                if self.is_turn(*every) {
                    how.apply(operation, reply);
                }
            }
            Effect::Misreport(misreport) => {
                if answered.rejection.is_none()
                    && let Body::Json(body) = &mut reply.body
                {
                    misreport.apply(&self.calls, answered.call, body);
                }
            }
            // These have been at the request, or at what is kept.
            Effect::None
            | Effect::Store(_)
            | Effect::Hole { .. }
            | Effect::Strict { .. }
            | Effect::Once { .. }
            | Effect::Method
            | Effect::Path
            | Effect::Rewrite(_) => {}
        }
    }
}

impl FaultLayer {
    fn applies(&self, call: &Call<'_>, row: &Row, when: &When) -> bool {
        let value = call.at(row);
        let text = value.and_then(Value::as_str);
        match when {
            When::Is(wanted) => value == Some(wanted),
            When::Characters(count) => text.is_some_and(|text| text.chars().count() == *count),
            When::MoreBytes(count) => text.is_some_and(|text| text.len() > *count),
            When::NonAscii => text.is_some_and(|text| !text.is_ascii()),
            When::Contains(character) => text.is_some_and(|text| text.contains(*character)),
            When::Present => value.is_some(),
            When::Absent => value.is_none(),
            When::NoBody => call.body.is_none(),
            When::Resource(key) => value.map(text_of).as_deref() == self.resources.id(key),
        }
    }
}

impl Meant {
    /// Whether an answer of a status is one of those that are meant.
    fn covers(self, answered: &Answered<'_>, status: u16) -> bool {
        let is_denial = answered
            .rejection
            .is_some_and(|rejection| rejection.reason() == Reason::Credentials);
        match self {
            Self::Denials => is_denial,
            Self::Statuses(range) => {
                let elsewhere = is_denial || answered.call.is_none();
                range.covers(status) && (!elsewhere || is_of_http(range))
            }
        }
    }
}

/// Whether a documented status is one of those that come from HTTP itself or from credentials, not
/// from an operation's own rules. Where it is documented, it is the operation's.
fn is_of_http(range: StatusRange) -> bool {
    matches!(range, StatusRange::Code(401 | 403 | 405 | 413 | 414 | 431))
}

/// Takes breaches of one rule away.
fn overlook(rejections: &mut Vec<Rejection>, row: &Row, cause: Cause) {
    let is_meant = |rejection: &Rejection| rejection.row == *row && rejection.cause == cause;
    if !rejections.iter().any(is_meant) {
        return;
    }
    let is_rule = matches!(cause, Cause::Rule(_));
    rejections.retain(|rejection| {
        // A value of another type breaks every other rule of its field too, and names no resource:
        // whoever does not see the one does not get to see the others.
        let follows = rejection.row == *row
            && (cause == Cause::Rule(Facet::Type)
                || (is_rule && rejection.cause == Cause::Unknown));
        // The rows of several fields may state one rule between them.
        let is_same = cause == Cause::Rule(BETWEEN)
            && rejection.cause == cause
            && rejection.row.place == row.place;
        let follows = follows || is_same;
        !is_meant(rejection) && !follows
    });
}
