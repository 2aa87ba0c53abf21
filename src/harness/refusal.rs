//! What an answer that is no success says: no, not now, no room, not of this copy, or not here.

use crate::contract::Operation;
use crate::exchange::{Answer, Exchange, asks_for_patience};
use crate::generate::Case;

/// Whether an answer is a documented refusal that says that there is no room for more.
pub(super) fn tells_of_quota(operation: &Operation, answer: &Answer) -> bool {
    const WORDS: [&str; 4] = ["quota", "limit exceeded", "exceeds the limit", "too many"];
    let is_of_kind =
        matches!(answer.status, 403 | 409 | 413 | 422) && operation.names(answer.status);
    let most = answer.body.len().min(4_096);
    let text = String::from_utf8_lossy(answer.body.get(..most).unwrap_or_default()).to_lowercase();
    is_of_kind && WORDS.iter().any(|word| text.contains(word))
}

/// Whether an answer says that a condition which the request's headers state does not hold (RFC
/// 9110, section 15.5.13): whoever makes up a tag or a time may be told so.
pub(super) fn lacks_copy(case: &Case, exchange: &Exchange) -> bool {
    let headers = &case.request.headers;
    let states = |condition: &str| {
        headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case(condition))
    };
    let is_refused = |answer: &Answer| answer.status == 412;
    exchange.outcome.as_ref().is_ok_and(is_refused) && PRECONDITIONS.into_iter().any(states)
}

/// The headers that state a condition (RFC 9110, section 13.1).
const PRECONDITIONS: [&str; 4] = [
    "if-match",
    "if-none-match",
    "if-modified-since",
    "if-unmodified-since",
];

/// Whether an answer says, with a status that the source gives by its number, that the service
/// cannot do what is asked: not a failure, as 500 is, but a state of it.
pub(super) fn is_documented_inability(operation: &Operation, exchange: &Exchange) -> bool {
    exchange
        .outcome
        .as_ref()
        .is_ok_and(|answer| (501..600).contains(&answer.status) && operation.names(answer.status))
}

/// Whether an answer refuses the request.
pub(super) fn is_refusal(exchange: &Exchange) -> bool {
    exchange
        .outcome
        .as_ref()
        .is_ok_and(|answer| (400..500).contains(&answer.status) && !asks_for_patience(answer))
}
