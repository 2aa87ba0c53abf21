//! Answers that came before, byte for byte: what they hold was looked at the first time, and is only
//! counted from then on.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::contract::Operation;
use crate::exchange::{Content, Exchange};
use crate::generate::{Case, Expectation};

use super::coverage_of_answers::is_of;

/// How many contents are known at once.
const KNOWN: usize = 256;

/// What was looked at: the content of an answer of one operation and status, and whether the
/// documentation says what it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Looked {
    index: usize,
    status: u16,
    is_held: bool,
    /// Where the content is held, which it is as long as it is known.
    address: usize,
}

/// A content that came again.
#[derive(Debug)]
pub(super) struct Repeat {
    /// The operation that it is an answer of.
    pub index: usize,
    /// Its status.
    pub status: u16,
    /// What it holds.
    pub content: Content,
    /// How often it came after it was looked at.
    pub times: u64,
}

/// The contents that were looked at last, each with how often it came again.
#[derive(Debug, Default)]
pub(super) struct Repeats(Mutex<HashMap<Looked, (Content, u64)>>);

impl Repeats {
    /// Whether what an answer to a case holds has to be looked at: not where that was done. What is
    /// forgotten to make room is given to `settle`.
    pub(super) fn is_new(
        &self,
        index: usize,
        operation: &Operation,
        case: &Case,
        exchange: &Exchange,
        settle: impl FnOnce(Vec<Repeat>),
    ) -> bool {
        let Ok(answer) = &exchange.outcome else {
            return true;
        };
        // What is secret in one exchange alone is looked for each time.
        if !is_of(operation, exchange)
            || case.expectation == Expectation::UndocumentedPath
            || !exchange.authentication.secrets.is_empty()
            || !answer.body.may_come_again()
        {
            return true;
        }
        let looked = Looked {
            index,
            status: answer.status,
            is_held: case.expectation.tells_presence(answer.status),
            address: answer.body.address(),
        };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, times)) = known.get_mut(&looked) {
            *times += 1;
            return false;
        }
        let full = (known.len() >= KNOWN).then(|| std::mem::take(&mut *known));
        known.insert(looked, (answer.body.clone(), 0));
        drop(known);
        if let Some(full) = full {
            settle(repeats(full));
        }
        true
    }

    /// All that came again, which is forgotten.
    pub(super) fn take(&self) -> Vec<Repeat> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        repeats(std::mem::take(&mut *known))
    }
}

fn repeats(known: HashMap<Looked, (Content, u64)>) -> Vec<Repeat> {
    let all = known.into_iter().filter(|(_, (_, times))| *times > 0);
    let repeat = |(looked, (content, times)): (Looked, (Content, u64))| Repeat {
        index: looked.index,
        status: looked.status,
        content,
        times,
    };
    all.map(repeat).collect()
}
