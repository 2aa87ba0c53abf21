//! The layer that makes the mock answer in a legal variation.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::header::ACCEPT_ENCODING;
use serde_json::Value;

use crate::contract::{
    OperationId, Place, ResourceExpectation, Response, Row, Schema, StatusRange, Suite,
};

use super::super::answer::Answer;
use super::super::call::Call;
use super::super::layer::{Answered, Layer};
use super::super::operation::MockOperation;
use super::super::rejection::{Cause, Reason, Rejection};
use super::super::reply::{Body, JSON, Reply, each};
use super::super::resource::Ids;
use super::encode;
use super::{Effect, Variation};

/// Answers in one legal variation.
#[derive(Debug)]
pub(crate) struct VariationLayer {
    variation: Variation,
    /// The answer of another documented success, or of an empty list.
    other: Option<Answer>,
    /// The schemas of answers by operation and status, so that a body is only varied where it stays
    /// valid.
    schemas: HashMap<OperationId, Vec<(StatusRange, Arc<Schema>)>>,
    calls: AtomicU64,
}

impl VariationLayer {
    /// Prepares a variation.
    pub(in super::super) fn new(variation: Variation, suite: &Suite) -> Self {
        let other = suite.operations.iter().find_map(|operation| {
            let mut successes = operation.successes();
            let response: Option<&Response> = match &variation.effect {
                Effect::Success {
                    operation: name,
                    status,
                } if *name == operation.operation_id() => {
                    successes.find(|response| response.status == *status)
                }
                Effect::EmptyList { operation: name } if *name == operation.operation_id() => {
                    successes.find(|response| response.schema.is_some())
                }
                _ => None,
            };
            response.map(|response| Answer::of(operation, Some(response), &Ids::default()))
        });
        let schemas = suite
            .operations
            .iter()
            .map(|operation| {
                let of_status = operation.responses.iter().filter_map(|response| {
                    Some((response.status, Arc::clone(response.schema.as_ref()?)))
                });
                (operation.operation_id(), of_status.collect())
            })
            .collect();
        Self {
            variation,
            other,
            schemas,
            calls: AtomicU64::new(0),
        }
    }

    /// Whether a body is as documented; where nothing is documented anything is.
    fn allows(&self, answered: &Answered<'_>, status: u16, body: &Value) -> bool {
        answered
            .operation
            .and_then(|operation| self.schemas.get(&operation.id))
            .and_then(|schemas| schemas.iter().find(|(range, _)| range.covers(status)))
            .is_none_or(|(_, schema)| schema.is_valid(body))
    }

    /// Replaces a body by another form of it, where that is still as documented.
    fn vary(&self, answered: &Answered<'_>, reply: &mut Reply, form: impl Fn(&Value) -> Value) {
        if let Body::Json(body) = &mut reply.body {
            let other = form(body);
            if self.allows(answered, reply.status, &other) {
                *body = other;
            }
        }
    }

    fn vary_fields(
        &self,
        answered: &Answered<'_>,
        reply: &mut Reply,
        fields: &[(OperationId, Row)],
        act: impl Fn(&mut serde_json::Map<String, Value>, &str),
    ) {
        let Some(mocked) = answered.operation else {
            return;
        };
        let status = reply.status;
        self.vary(answered, reply, |body| {
            let mut body = body.clone();
            for (operation, row) in fields {
                if let Place::Response(range) = row.place
                    && *operation == mocked.id
                    && range.covers(status)
                {
                    each(&mut body, &row.field, &mut |parent, name| {
                        act(parent, name);
                    });
                }
            }
            body
        });
    }
}

impl Layer for VariationLayer {
    fn judge(&self, _operation: &MockOperation, _call: &Call<'_>, rejections: &mut Vec<Rejection>) {
        if let Effect::Busy { every, .. } = &self.variation.effect {
            let call = self.calls.fetch_add(1, Ordering::Relaxed);
            if (call + 1).is_multiple_of(*every) {
                rejections.insert(0, Rejection::of_place(Place::Request, Cause::Busy));
            }
        }
    }

    fn reply(&self, answered: &Answered<'_>, reply: &mut Reply) {
        let is_of = |id: &OperationId| {
            answered
                .operation
                .is_some_and(|operation| operation.id == *id)
        };
        let is_accepted = answered.rejection.is_none();
        match &self.variation.effect {
            Effect::ExtraFields => self.vary(answered, reply, encode::with_extra_fields),
            Effect::Shuffled => self.vary(answered, reply, encode::reversed),
            Effect::Null(fields) => self.vary_fields(answered, reply, fields, |parent, name| {
                if let Some(slot) = parent.get_mut(name) {
                    *slot = Value::Null;
                }
            }),
            Effect::Absent(fields) => self.vary_fields(answered, reply, fields, |parent, name| {
                parent.shift_remove(name);
            }),
            Effect::Sometimes(fields) => {
                let call = self.calls.fetch_add(1, Ordering::Relaxed);
                if call.is_multiple_of(3) {
                    self.vary_fields(answered, reply, fields, |parent, name| {
                        parent.shift_remove(name);
                    });
                }
            }
            Effect::Pretty => rewrite(reply, |body| {
                serde_json::to_vec_pretty(body).unwrap_or_default()
            }),
            Effect::Escaped => rewrite(reply, encode::escaped),
            Effect::Status { operation, status } => {
                if is_of(operation) && is_accepted {
                    reply.status = *status;
                }
            }
            Effect::Success { operation, .. } => {
                if let (Some(other), Some(call)) = (&self.other, answered.call)
                    && is_of(operation)
                    && is_accepted
                    && call.expectation == ResourceExpectation::Success
                {
                    *reply = other.reply(call);
                }
            }
            Effect::EmptyList { operation } => {
                if let Some(other) = &self.other
                    && is_of(operation)
                    && is_accepted
                    && reply.status == 204
                {
                    *reply = other.empty_list();
                }
            }
            Effect::ContentType(content_type) => {
                if reply.content_type.as_deref() == Some(JSON) {
                    reply.content_type = Some((*content_type).into());
                }
            }
            Effect::Headers => {
                let headers = [
                    ("x-request-id", "7f0c1e"),
                    ("cache-control", "no-store"),
                    ("set-cookie", "a=b; Path=/"),
                    ("set-cookie", "c=d"),
                    ("server", "api-gateway"),
                ];
                let headers = headers.map(|(name, value)| (name.into(), value.to_owned()));
                reply.headers.extend(headers);
            }
            Effect::Chunked(size) => reply.wire.chunks = Some(*size),
            Effect::Gzip => {
                let accepts = answered
                    .headers
                    .get(ACCEPT_ENCODING)
                    .and_then(|value| value.to_str().ok())
                    .is_some_and(|value| value.contains("gzip"));
                if accepts && matches!(reply.body, Body::Json(_)) {
                    rewrite(reply, |body| {
                        encode::gzip(&serde_json::to_vec(body).unwrap_or_default())
                    });
                    reply
                        .headers
                        .push(("content-encoding".into(), "gzip".to_owned()));
                }
            }
            // That is for what is kept.
            Effect::UniqueNames => {}
            Effect::Delayed(delay) => reply.wire.delay = Some(*delay),
            Effect::Closes => reply.wire.closes = true,
            Effect::Busy { status, .. } => {
                if answered
                    .rejection
                    .is_some_and(|rejection| rejection.reason() == Reason::Busy)
                {
                    reply.status = *status;
                    reply.headers.push(("retry-after".into(), "0".to_owned()));
                }
            }
            Effect::Refusal { reason, status } => {
                if answered
                    .rejection
                    .is_some_and(|rejection| rejection.reason() == *reason)
                {
                    reply.status = *status;
                }
            }
        }
    }
}

/// Writes a body in another way.
fn rewrite(reply: &mut Reply, write: impl Fn(&Value) -> Vec<u8>) {
    if let Body::Json(body) = &reply.body {
        reply.body = Body::Raw(write(body));
    }
}
