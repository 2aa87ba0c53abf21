//! Keys that serve one request alone: who sends a known one again asks for the old answer, or is
//! refused. Every request that may write leaves with keys of its own; the client's own retries of
//! it keep them.

use std::borrow::Cow;

use crate::contract::{
    Facet, Meaning, Operation, Place, Row, Suite, enum_values, is_one_time, types_of,
};
use crate::generate::{Case, Expectation, Request, Slot, classify, is_bound, slots};

use super::sender::Sender;
use super::unique::{alike, fresh};

/// The places of such keys, by the suite's operations.
#[derive(Debug, Default)]
pub(super) struct OneTimeKeys(Vec<Vec<Row>>);

impl OneTimeKeys {
    /// Those of a suite. What a resource is bound to, and what takes listed values, is no key.
    pub(super) fn of(suite: &Suite) -> Self {
        let keys = suite.operations.iter().map(|operation| {
            if !operation.writes() {
                return Vec::new();
            }
            let bindings = suite.bindings(operation);
            slots(operation)
                .into_iter()
                .filter(|slot| is_key(slot) && !is_bound(&bindings, slot.place, &slot.field))
                .map(|slot| Row {
                    place: slot.place,
                    field: slot.field,
                })
                .collect()
        });
        Self(keys.collect())
    }

    /// The places of an operation, as its place in the suite.
    fn places(&self, operation: usize) -> &[Row] {
        self.0.get(operation).map_or(&[], Vec::as_slice)
    }
}

/// Whether a field takes a key that serves one request: by its name, or by what its page says.
fn is_key(slot: &Slot<'_>) -> bool {
    let is_text = types_of(slot.node)
        .iter()
        .all(|kind| matches!(*kind, "string" | "null"));
    let once = Facet::Meaning(Meaning::Once);
    let name = slot.field.last_name().unwrap_or_default();
    is_text
        && !slot.field.has_item()
        && enum_values(slot.node).is_empty()
        && (slot.facts.iter().any(|fact| fact.facet == once)
            || is_one_time(slot.place == Place::Header, name))
}

impl Sender {
    /// A request with keys that no request had before. The key that the case is about keeps its
    /// length, and where it is to be refused it stays as it is.
    pub(super) fn with_fresh_keys<'r>(
        &self,
        operation: &Operation,
        case: &Case,
        request: &'r Request,
        about: Option<&Row>,
    ) -> Cow<'r, Request> {
        let places = self.keys.places(self.index_of(operation));
        let mut sent = Cow::Borrowed(request);
        for place in places {
            let is_own = about == Some(place);
            if is_own && case.expectation != Expectation::Success {
                continue;
            }
            let Some(value) = sent.get(place.place, &place.field) else {
                continue;
            };
            let Some(text) = value.as_str().filter(|text| !text.is_empty()) else {
                continue;
            };
            let candidates = if is_own {
                alike(text, self.sent())
            } else {
                fresh(text, self.sent())
            };
            let class = classify(operation, &sent);
            let varied = candidates.into_iter().find_map(|candidate| {
                let mut varied = (*sent).clone();
                varied.set(place.place, &place.field, Some(candidate.into()));
                (classify(operation, &varied) == class).then_some(varied)
            });
            if let Some(varied) = varied {
                if let Some(fresh) = varied.get(place.place, &place.field) {
                    self.memory.note_drawn(&place.field, &value, &fresh);
                }
                sent = Cow::Owned(varied);
            }
        }
        sent
    }
}
