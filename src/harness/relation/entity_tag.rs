//! Answers have entity tags (RFC 9110, section 8.8.3): whoever holds the newest copy is told so,
//! without a body, and a change that rests on another copy is refused.

use serde_json::Value;

use crate::check::Breach;
use crate::contract::{FieldPath, Place};
use crate::exchange::Exchange;
use crate::generate::Expectation;

use super::{Law, Outcome};

/// How often what changes between two requests is asked for again.
const ROUNDS: usize = 3;

/// A tag that no copy has.
const NO_TAG: &str = "\"docproof-has-no-such-copy\"";

/// Who names the newest copy gets a 304. `header` names the copies that the caller holds.
pub(super) async fn not_modified(law: &Law<'_>, header: &str) -> Outcome {
    let mut outcome = Outcome::default();
    for _ in 0..ROUNDS {
        law.forget_steps();
        let expectation = Expectation::Success;
        let label = "the newest copy is asked for";
        let asked = law.ask(
            law.operation,
            &law.baseline,
            label,
            expectation,
            &mut outcome,
        );
        let Some((_, first)) = asked.await else {
            return outcome;
        };
        let Some(tag) = tag_of(&first) else {
            return without_tag(law, outcome, &first);
        };
        let mut request = law.baseline.clone();
        let field = FieldPath::name(header);
        request.set(Place::Header, &field, Some(Value::from(tag.as_str())));
        let label = "the newest copy is held already";
        // Whether a refusal is that of the header, a plain request right after it tells.
        let either = Expectation::Unspecified;
        let asked = law.ask(law.operation, &request, label, either, &mut outcome);
        let Some((_, second)) = asked.await else {
            return outcome;
        };
        if status_of(&second).is_some_and(|status| status >= 400) {
            law.makes_sure.set(true);
            let plain = law.ask(
                law.operation,
                &law.baseline,
                label,
                expectation,
                &mut outcome,
            );
            let plain = plain.await;
            law.makes_sure.set(false);
            match plain.as_ref().and_then(|(_, plain)| tag_of(plain)) {
                Some(own) if own == tag => {}
                Some(_) => continue,
                None => return outcome,
            }
        }
        if status_of(&second) == Some(304) {
            return outcome;
        }
        // What changed meanwhile has another tag.
        if tag_of(&second).is_none_or(|own| own == tag) {
            let message = format!(
                "answered {} to `{header}: {tag}`, the `ETag` of the answer before, expected 304",
                status_of(&second).unwrap_or_default()
            );
            law.broken(&mut outcome, &second, Breach::NotConditional, message);
            return outcome;
        }
    }
    Outcome::undecided("each answer has another `ETag`")
}

/// A change that rests on another copy than the newest gets a 412. `header` names that copy.
pub(super) async fn precondition(law: &Law<'_>, header: &str) -> Outcome {
    let mut outcome = Outcome::default();
    let mut request = law.baseline.clone();
    let field = FieldPath::name(header);
    request.set(Place::Header, &field, Some(Value::from(NO_TAG)));
    let label = format!("`{header}` names a copy that nobody has");
    let expectation = Expectation::Refusal;
    let asked = law.ask(law.operation, &request, &label, expectation, &mut outcome);
    let Some((_, exchange)) = asked.await else {
        return outcome;
    };
    match status_of(&exchange) {
        Some(412) | None => outcome,
        Some(status) => Outcome::undecided(format!(
            "answered {status}: it was refused for something else than `{header}`"
        )),
    }
}

/// What an answer without a tag comes to: a breach where a page says that there is one.
fn without_tag(law: &Law<'_>, mut outcome: Outcome, exchange: &Exchange) -> Outcome {
    let documented = status_of(exchange).and_then(|status| law.operation.response(status));
    let is_documented = documented.is_some_and(|response| {
        let mut headers = response.headers.iter();
        headers.any(|header| header.name.eq_ignore_ascii_case("etag"))
    });
    if !is_documented {
        return Outcome::undecided("the answer has no `ETag`");
    }
    let message = "the answer has no `ETag` to ask by".to_owned();
    law.broken(&mut outcome, exchange, Breach::NotConditional, message);
    outcome
}

/// The entity tag of an answer.
fn tag_of(exchange: &Exchange) -> Option<String> {
    let answer = exchange.outcome.as_ref().ok()?;
    answer.header("etag").map(|tag| tag.trim().to_owned())
}

fn status_of(exchange: &Exchange) -> Option<u16> {
    exchange.outcome.as_ref().ok().map(|answer| answer.status)
}
