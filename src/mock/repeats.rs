//! Creates that are sent again with their key: each is answered as the first one was.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::contract::{Location, Operation, Relation};
use crate::recognise::Laws;

use super::call::Call;
use super::reply::Reply;

/// How many answers are kept at most: who sends more begins anew.
const MOST: usize = 4_096;

/// The answers of an operation by their keys.
#[derive(Debug)]
pub(super) struct Repeats {
    header: String,
    /// Whether a key that was sent with one body is refused with another.
    refuses_others: bool,
    answers: Mutex<HashMap<(String, String), Reply>>,
}

impl Repeats {
    /// Those of an operation; `None` where no law speaks of a key.
    pub(super) fn new(laws: &Laws, operation: &Operation) -> Option<Self> {
        laws.of(operation)
            .iter()
            .find_map(|relation| match relation {
                Relation::Repeated {
                    key, other_body, ..
                } => Some(Self {
                    header: key.clone(),
                    refuses_others: *other_body,
                    answers: Mutex::default(),
                }),
                _ => None,
            })
    }

    /// The key of a request, and what it says.
    fn key(&self, call: &Call<'_>) -> Option<(String, String)> {
        let key = call.text(Location::Header, &self.header)?.to_owned();
        let body = call.body.as_ref().map(ToString::to_string);
        Some((key, body.unwrap_or_default()))
    }

    /// The answer to the request that this one repeats.
    pub(super) fn known(&self, call: &Call<'_>) -> Option<Reply> {
        let key = self.key(call)?;
        let answers = self.answers.lock();
        let answers = answers.unwrap_or_else(PoisonError::into_inner);
        answers.get(&key).cloned()
    }

    /// Whether a request has the key of another body, and is refused for it.
    pub(super) fn refuses(&self, call: &Call<'_>) -> bool {
        let Some((key, body)) = self.key(call).filter(|_| self.refuses_others) else {
            return false;
        };
        let answers = self.answers.lock();
        let answers = answers.unwrap_or_else(PoisonError::into_inner);
        answers
            .keys()
            .any(|(own, other)| *own == key && *other != body)
    }

    /// Keeps the answer to a request with a key.
    pub(super) fn keep(&self, call: &Call<'_>, reply: &Reply) {
        let Some(key) = self.key(call).filter(|_| reply.status / 100 == 2) else {
            return;
        };
        let answers = self.answers.lock();
        let mut answers = answers.unwrap_or_else(PoisonError::into_inner);
        if answers.len() >= MOST {
            answers.clear();
        }
        answers.insert(key, reply.clone());
    }
}
