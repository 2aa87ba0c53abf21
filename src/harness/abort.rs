//! When a run ends before its last trial: it is interrupted, its budget is used up, the endpoint is
//! gone, or what it was for has been seen. What was found until then stands; what was not tried
//! says why.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::exchange::{Exchange, TransportError, asks_for_patience};
use crate::generate::Credential;

/// So many failed connections in a row, and the endpoint is gone.
const CONNECTIONS: u32 = 6;

/// So many requests without an answer, and the rest is not waited for.
const UNANSWERED: u32 = 8;

/// So many answers in a row, and the requests that had none before are forgiven.
const RECOVERED: u32 = 100;

/// So many refused credentials in a row, and it is looked whether any request is still taken.
const REFUSALS: u32 = 24;

/// So many answers in a row that ask for patience, each after it was waited for, and nothing else
/// is to come.
const THROTTLED: u32 = 24;

/// So many answers in a row that took most of the time that is waited for one.
const SLOW: u32 = 16;

/// Why a run ended early.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum AbortReason {
    /// A signal asked for it.
    Interrupted,
    /// `--budget` is used up.
    Budget {
        /// The budget in milliseconds.
        milliseconds: u64,
    },
    /// `--max-failures` is reached.
    Enough {
        /// How many trials failed.
        failures: u32,
    },
    /// No connection any more.
    Gone {
        /// Why.
        reason: String,
    },
    /// The endpoint leaves requests unanswered.
    Silent {
        /// How many.
        unanswered: u32,
        /// Whether it answered any.
        answered: bool,
    },
    /// Every credential is refused.
    Refused {
        /// The status.
        status: u16,
    },
    /// The endpoint only asks for patience, however long it is waited for.
    Throttled {
        /// The status.
        status: u16,
    },
    /// The endpoint answers, but takes nearly as long as is waited for.
    Slow {
        /// How long at least, in milliseconds.
        milliseconds: u64,
    },
    /// The credential could not be renewed.
    Credential {
        /// Why.
        reason: String,
    },
}

impl std::fmt::Display for AbortReason {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Interrupted => formatter.write_str("the run was interrupted"),
            Self::Budget { milliseconds } => write!(
                formatter,
                "the budget of {:?} was used up",
                Duration::from_millis(*milliseconds)
            ),
            Self::Enough { failures: 1 } => {
                formatter.write_str("a trial failed, and no more was asked for")
            }
            Self::Enough { failures } => write!(
                formatter,
                "{failures} trials failed, and no more was asked for"
            ),
            Self::Gone { reason } => {
                write!(
                    formatter,
                    "the endpoint cannot be reached any more: {reason}"
                )
            }
            Self::Silent { unanswered, .. } => {
                write!(
                    formatter,
                    "the endpoint left {unanswered} requests unanswered"
                )
            }
            Self::Refused { status } => write!(
                formatter,
                "the endpoint refuses the credential now: {status} to every request"
            ),
            Self::Throttled { status } => write!(
                formatter,
                "the endpoint answers {status} to every request, however long it is waited for: lower `--rate` or `-j`, or try again later"
            ),
            Self::Slow { milliseconds } => write!(
                formatter,
                "the endpoint takes {:?} and longer for every answer: raise `--timeout` if that is to be waited for",
                Duration::from_millis(*milliseconds)
            ),
            Self::Credential { reason } => formatter.write_str(reason),
        }
    }
}

/// Why a run ended before its first trial.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// No connection.
    #[error("cannot reach {endpoint}: {reason}")]
    Unreachable {
        /// The endpoint.
        endpoint: String,
        /// Why.
        reason: String,
    },
    /// Every answer is 401 or 403, but for those to requests that need no credential.
    #[error("{endpoint} answers {status} to every request{whose}; {sent}{wanted}")]
    Refused {
        /// The endpoint.
        endpoint: String,
        /// The status.
        status: u16,
        /// Which requests, where not all are refused.
        whose: &'static str,
        /// What the requests carried of a credential.
        sent: String,
        /// What the source and the answers ask for.
        wanted: String,
    },
    /// Every documented request is answered 404.
    #[error("{endpoint} answers 404 to every documented request, as to `{asked}`")]
    NotThere {
        /// The endpoint.
        endpoint: String,
        /// A request, as it was sent.
        asked: String,
    },
    /// It was to end while its trials were planned.
    #[error("{0} while its trials were planned; nothing was sent")]
    Aborted(AbortReason),
}

impl RunError {
    /// The same as what ends a run.
    pub(super) fn reason(&self) -> AbortReason {
        match self {
            Self::Unreachable { reason, .. } => AbortReason::Gone {
                reason: reason.clone(),
            },
            Self::Refused { status, .. } => AbortReason::Refused { status: *status },
            Self::NotThere { .. } => AbortReason::Gone {
                reason: "404 to every documented request".to_owned(),
            },
            Self::Aborted(reason) => reason.clone(),
        }
    }
}

/// The switch that ends a run: set once, seen by every trial.
#[derive(Debug)]
pub struct AbortHandle {
    state: watch::Sender<Option<AbortReason>>,
    /// Whether nothing is to be waited for any more: no answer, and no removal.
    hurried: watch::Sender<bool>,
}

impl Default for AbortHandle {
    fn default() -> Self {
        Self {
            state: watch::Sender::new(None),
            hurried: watch::Sender::new(false),
        }
    }
}

impl AbortHandle {
    /// An error where the run is to end before its first trial.
    pub(super) fn check(&self) -> Result<(), RunError> {
        self.reason()
            .map_or(Ok(()), |reason| Err(RunError::Aborted(reason)))
    }

    /// Ends the run. The first reason stands.
    pub fn abort(&self, reason: AbortReason) {
        self.state.send_if_modified(|state| {
            let first = state.is_none();
            if first {
                *state = Some(reason);
            }
            first
        });
    }

    /// Why the run ended, if it did.
    pub fn reason(&self) -> Option<AbortReason> {
        self.state.borrow().clone()
    }

    /// Ends what a run that is ending still waits for: answers to writes, and the removal of what
    /// it created.
    pub fn hurry(&self) {
        self.hurried.send_replace(true);
    }

    /// Waits until the run is to end.
    pub(super) async fn aborted(&self) -> AbortReason {
        seen(&self.state, Clone::clone).await
    }

    /// Waits until nothing is to be waited for any more.
    pub(super) async fn hurried(&self) {
        seen(&self.hurried, |hurried| hurried.then_some(())).await;
    }
}

/// Waits until a state has what is looked for.
async fn seen<S, T>(state: &watch::Sender<S>, has: impl Fn(&S) -> Option<T>) -> T {
    let mut changes = state.subscribe();
    loop {
        if let Some(found) = has(&changes.borrow_and_update()) {
            return found;
        }
        if changes.changed().await.is_err() {
            // Whoever waits borrows the sender: it cannot be gone.
            std::future::pending::<()>().await;
        }
    }
}

/// What is known of the endpoint's health.
#[derive(Debug, Default)]
pub(super) struct Health {
    counts: Mutex<Counts>,
    /// Answers that take longer than this are slow, where there is such a bound.
    slow: Option<Duration>,
}

#[derive(Debug, Default)]
struct Counts {
    connections: u32,
    /// Why the last connection failed, where nothing was answered since.
    failure: Option<String>,
    unanswered: u32,
    answered: bool,
    /// How many answers there were since a request had none.
    answers: u32,
    refusals: u32,
    throttled: u32,
    slow: u32,
}

/// What an exchange says of the endpoint's health.
#[derive(Debug)]
pub(super) enum Diagnosis {
    /// The run should end.
    End(AbortReason),
    /// Every credential was refused for a while, with this status: a request that was taken before
    /// tells whether it still is.
    Refused(u16),
}

impl Health {
    /// The health of an endpoint that is waited for so long.
    pub(super) fn new(timeout: Duration) -> Self {
        Self {
            slow: Some(timeout * 2 / 3),
            ..Self::default()
        }
    }

    /// Why the endpoint could not be reached, if nothing was answered since.
    pub(super) fn last_failure(&self) -> Option<String> {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.failure.clone()
    }

    /// Takes note of an exchange.
    pub(super) fn note(&self, exchange: &Exchange) -> Option<Diagnosis> {
        // Who shows no certificate may well be let in by nobody.
        let is_bare = exchange.authentication.lacks_certificate(&exchange.request);
        if is_bare && exchange.outcome.is_err() {
            return None;
        }
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        match &exchange.outcome {
            Err(TransportError::Connect(reason)) => {
                counts.connections += 1;
                counts.failure = Some(reason.clone());
                (counts.connections >= CONNECTIONS).then(|| {
                    Diagnosis::End(AbortReason::Gone {
                        reason: reason.clone(),
                    })
                })
            }
            Err(TransportError::Timeout(_)) => {
                counts.unanswered += 1;
                counts.answers = 0;
                (counts.unanswered >= UNANSWERED).then_some(Diagnosis::End(AbortReason::Silent {
                    unanswered: counts.unanswered,
                    answered: counts.answered,
                }))
            }
            Err(TransportError::Credential(reason)) => {
                Some(Diagnosis::End(AbortReason::Credential {
                    reason: reason.clone(),
                }))
            }
            Err(_) => None,
            Ok(answer) => {
                counts.connections = 0;
                counts.failure = None;
                counts.answered = true;
                counts.answers = counts.answers.saturating_add(1);
                if counts.answers >= RECOVERED {
                    counts.unanswered = 0;
                }
                if asks_for_patience(answer) {
                    counts.throttled += 1;
                    let status = answer.status;
                    return (counts.throttled >= THROTTLED)
                        .then_some(Diagnosis::End(AbortReason::Throttled { status }));
                }
                counts.throttled = 0;
                if let Some(slow) = self.slow.filter(|slow| exchange.elapsed > *slow) {
                    counts.slow += 1;
                    if counts.slow >= SLOW {
                        let milliseconds = u64::try_from(slow.as_millis()).unwrap_or(u64::MAX);
                        return Some(Diagnosis::End(AbortReason::Slow { milliseconds }));
                    }
                } else {
                    counts.slow = 0;
                }
                if exchange.request.credential != Credential::Given {
                    return None;
                }
                if !matches!(answer.status, 401 | 403) {
                    counts.refusals = 0;
                    return None;
                }
                counts.refusals += 1;
                if counts.refusals < REFUSALS {
                    return None;
                }
                counts.refusals = 0;
                Some(Diagnosis::Refused(answer.status))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{Answer, Authentication};
    use crate::generate::{Body, Request};

    fn exchange(outcome: Result<u16, TransportError>) -> Exchange {
        let request = Request {
            method: "GET".to_owned(),
            template: "/".to_owned(),
            path: std::collections::BTreeMap::new(),
            query: Vec::new(),
            headers: Vec::new(),
            cookies: Vec::new(),
            body: Body::Absent,
            content_type: None,
            credential: Credential::Given,
            credential_of: None,
            borrowed: std::sync::Arc::default(),
            given: std::sync::Arc::default(),
            lists: std::sync::Arc::default(),
        };
        Exchange {
            request,
            url: String::new(),
            authentication: Authentication::default(),
            connection: std::sync::Arc::default(),
            outcome: outcome.map(|status| Answer {
                status,
                headers: Vec::new(),
                body: Vec::new().into(),
                refuses: false,
            }),
            elapsed: Duration::ZERO,
        }
    }

    #[test]
    fn failed_connections_count_only_in_a_row() {
        let health = Health::default();
        let refused = || exchange(Err(TransportError::Connect("refused".to_owned())));
        for _ in 1..CONNECTIONS {
            assert!(health.note(&refused()).is_none());
        }
        assert!(health.note(&exchange(Ok(200))).is_none());
        for _ in 1..CONNECTIONS {
            assert!(health.note(&refused()).is_none());
        }
        assert_eq!(health.last_failure().as_deref(), Some("refused"));
        assert!(matches!(
            health.note(&refused()),
            Some(Diagnosis::End(AbortReason::Gone { .. }))
        ));
        assert!(health.note(&exchange(Ok(200))).is_none());
        assert_eq!(health.last_failure(), None);
    }

    #[test]
    fn unanswered_requests_count_in_all() {
        let health = Health::default();
        let late = || exchange(Err(TransportError::Timeout(Duration::from_secs(1))));
        for _ in 1..UNANSWERED {
            assert!(health.note(&late()).is_none());
            assert!(health.note(&exchange(Ok(200))).is_none());
        }
        assert!(matches!(
            health.note(&late()),
            Some(Diagnosis::End(AbortReason::Silent { answered: true, .. }))
        ));
    }

    #[test]
    fn unanswered_requests_are_forgiven_after_many_answers() {
        let health = Health::default();
        let late = || exchange(Err(TransportError::Timeout(Duration::from_secs(1))));
        for _ in 0..UNANSWERED * 3 {
            assert!(health.note(&late()).is_none());
            for _ in 0..RECOVERED {
                assert!(health.note(&exchange(Ok(200))).is_none());
            }
        }
    }

    #[test]
    fn refused_credentials_are_a_suspicion_only_in_a_row() {
        let health = Health::default();
        for _ in 1..REFUSALS {
            assert!(health.note(&exchange(Ok(403))).is_none());
        }
        assert!(health.note(&exchange(Ok(200))).is_none());
        for _ in 1..REFUSALS {
            assert!(health.note(&exchange(Ok(401))).is_none());
        }
        assert!(matches!(
            health.note(&exchange(Ok(401))),
            Some(Diagnosis::Refused(401))
        ));
    }

    #[test]
    fn patience_is_asked_for_in_a_row() {
        let health = Health::default();
        let later = || exchange(Ok(429));
        for _ in 1..THROTTLED {
            assert!(health.note(&later()).is_none());
        }
        assert!(health.note(&exchange(Ok(200))).is_none());
        for _ in 1..THROTTLED {
            assert!(health.note(&later()).is_none());
        }
        assert!(matches!(
            health.note(&later()),
            Some(Diagnosis::End(AbortReason::Throttled { status: 429 }))
        ));
    }

    #[test]
    fn slow_answers_count_in_a_row() {
        let health = Health::new(Duration::from_secs(3));
        let slow = || Exchange {
            elapsed: Duration::from_millis(2_001),
            ..exchange(Ok(200))
        };
        for _ in 1..SLOW {
            assert!(health.note(&slow()).is_none());
        }
        assert!(health.note(&exchange(Ok(200))).is_none());
        for _ in 1..SLOW {
            assert!(health.note(&slow()).is_none());
        }
        assert!(matches!(
            health.note(&slow()),
            Some(Diagnosis::End(AbortReason::Slow {
                milliseconds: 2_000
            }))
        ));
    }

    #[test]
    fn the_first_reason_stands() {
        let abort = AbortHandle::default();
        assert_eq!(abort.reason(), None);
        abort.abort(AbortReason::Budget { milliseconds: 1 });
        abort.abort(AbortReason::Interrupted);
        assert_eq!(
            abort.reason(),
            Some(AbortReason::Budget { milliseconds: 1 })
        );
    }
}
