//! Faults on the way: answers that come too late, broken, or not at all. They are about no row:
//! whichever trial meets one names its own fact, so the fault's is the operation itself.

use std::time::Duration;

use crate::contract::{Place, Topic};

use super::super::operation::MockOperation;
use super::super::rejection::{Cause, Rejection};
use super::super::reply::{Body, JSON, Reply};
use super::{Effect, FaultKind, Maker};

/// How an answer travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Travel {
    /// A 5xx instead of it.
    ServerError(u16),
    /// A redirection instead of it.
    Redirect,
    /// Later than anybody waits.
    Late(Duration),
    /// The connection is reset.
    Reset,
    /// The connection is closed in the middle of the body.
    Cut,
    /// Something that is not HTTP.
    NotHttp,
}

/// Longer than a run waits for one answer.
const LATE: Duration = Duration::from_mins(2);

/// Name, what it is, how often, and how.
const TRAVELS: [(&str, &str, u64, Travel); 9] = [
    (
        "server-error",
        "answers 500 every third time",
        3,
        Travel::ServerError(500),
    ),
    (
        "server-error-always",
        "answers 500",
        1,
        Travel::ServerError(500),
    ),
    (
        "bad-gateway",
        "answers 502 every fifth time",
        5,
        Travel::ServerError(502),
    ),
    ("redirect", "redirects", 1, Travel::Redirect),
    (
        "late",
        "answers later than anybody waits",
        1,
        Travel::Late(LATE),
    ),
    ("reset", "resets every third connection", 3, Travel::Reset),
    ("reset-always", "resets every connection", 1, Travel::Reset),
    (
        "cut",
        "breaks off in the middle of the body",
        1,
        Travel::Cut,
    ),
    (
        "not-http",
        "answers with something that is not HTTP",
        1,
        Travel::NotHttp,
    ),
];

impl Maker<'_> {
    /// Adds the faults on the way.
    pub(super) fn transport(&mut self) {
        for (way, what, every, how) in TRAVELS {
            let topic = Topic::Behaviour("transport".to_owned());
            let fact = self.operation.about(topic);
            if way == "reset" && !self.operation.writes() {
                let reason = "a safe request whose connection fails is sent again";
                self.skip(FaultKind::Transport, fact, way, reason);
                continue;
            }
            let effect = Effect::Travel { every, how };
            self.add(FaultKind::Transport, fact, way, what.to_owned(), effect);
        }
    }
}

impl Travel {
    /// Sends the answer that way.
    pub(super) fn apply(self, operation: &MockOperation, reply: &mut Reply) {
        match self {
            Self::ServerError(status) => {
                *reply = operation.refuse(&Rejection::of_place(Place::Request, Cause::Broken));
                reply.status = status;
            }
            Self::Redirect => {
                *reply = Reply::empty(302);
                reply
                    .headers
                    .push(("location".into(), "/elsewhere".to_owned()));
            }
            Self::Late(delay) => reply.wire.delay = Some(delay),
            Self::Reset => reply.wire.instead = Some(Vec::new()),
            Self::NotHttp => reply.wire.instead = Some(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec()),
            Self::Cut => {
                let body = match &reply.body {
                    Body::Json(value) => serde_json::to_vec(value).unwrap_or_default(),
                    Body::None | Body::Raw(_) => b"{}".to_vec(),
                };
                let half = body.get(..body.len() / 2).unwrap_or_default();
                let head = format!(
                    "HTTP/1.1 {} Cut\r\ncontent-type: {JSON}\r\ncontent-length: {}\r\n\r\n",
                    if reply.status == 204 {
                        200
                    } else {
                        reply.status
                    },
                    body.len()
                );
                let mut bytes = head.into_bytes();
                bytes.extend_from_slice(half);
                reply.wire.instead = Some(bytes);
            }
        }
    }
}
