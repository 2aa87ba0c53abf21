//! What is there to be looked at: what lists show before the run makes anything, and a few resources
//! that are made before a law of their list is tried.

use std::time::Duration;

use serde_json::Value;

use crate::contract::{Facet, Location, Operation, Place, enum_values, types_of};
use crate::generate::{
    Case, Expectation, Request, Slot, Validity, classify, is_in_words, is_opaque, sample, slots,
    text_of,
};

use super::fixture::TrialContext;

impl TrialContext {
    /// Makes so many of what an operation lists, so that there is something to look at: one under the
    /// name of the page's example, others under names that begin with it, one after another with
    /// such a pause. `order` is the last name of the field that the list is in the order of. What
    /// cannot be made is not there.
    pub(super) async fn stock(
        &self,
        list: usize,
        count: usize,
        pause: Duration,
        order: Option<&str>,
    ) {
        let resources = &self.sender.suite.resources;
        let listed = resources.iter().find(|resource| {
            let own = resource.list.as_ref();
            own.is_some_and(|own| own.operation == list)
                && self.sender.supplies.creatable(&resource.key).is_some()
        });
        let Some(resource) = listed else { return };
        for number in 0..count {
            let variety = Variety { number, order };
            // Why it could not be made, its own trials say.
            let made = Box::pin(self.try_to_make(&resource.key, self.scope, variety)).await;
            if made.is_err() {
                return;
            }
            tokio::time::sleep(pause).await;
        }
    }

    /// Takes note of what is there before the run creates anything, as far as lists show it.
    pub(super) async fn look_around(&self) {
        for resource in &self.sender.suite.resources {
            let (Some(list), Some(_)) = (
                &resource.list,
                self.sender.supplies.creatable(&resource.key),
            ) else {
                continue;
            };
            let (Some(operation), Ok(request)) = (
                self.sender.suite.operations.get(list.operation),
                self.sender.baseline(list.operation),
            ) else {
                continue;
            };
            // What the run will create has nothing in it yet.
            if !request.is_safe() || !request.borrowed.is_empty() {
                continue;
            }
            let case = Case {
                label: "what is there already".to_owned(),
                request,
                expectation: Expectation::Success,
            };
            let exchange = self.send(operation, &case).await;
            let Ok(answer) = &exchange.outcome else {
                continue;
            };
            let items = answer.body.at(&list.items.to_pointer());
            let items = items.and_then(Value::as_array).into_iter().flatten();
            let ids = items.filter_map(|item| item.get(&list.id));
            self.sender.note_others(ids.map(text_of));
        }
    }
}

/// How one of several that are made differs from the others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Variety<'v> {
    /// 0 for one as the page's example has it; others have a name of their own, and from 2 on other
    /// values where the contract lists them.
    pub(super) number: usize,
    /// The last name of the field that a list of them is in the order of.
    pub(super) order: Option<&'v str>,
}

/// Endings of texts by which what is made one after another is in no order.
const ENDINGS: [&str; 3] = ["m", "x", "c"];

/// Gives what is made a text of its own in the field that a list of them is in the order of, where
/// one is sent and may be any other: of equal ones each order is right.
pub(super) fn part_by_order(operation: &Operation, variety: Variety<'_>, request: &mut Request) {
    let Some(ending) = ENDINGS
        .get(variety.number)
        .filter(|_| variety.order.is_some())
    else {
        return;
    };
    for slot in slots(operation) {
        let is_own = slot.place == Place::Request
            && !slot.field.has_item()
            && slot.field.last_name() == variety.order
            && enum_values(slot.node).is_empty()
            && slot.node.get(Facet::Format.as_str()).is_none()
            && !is_opaque(slot.facts);
        let Some(Value::String(text)) = request.get(slot.place, &slot.field).filter(|_| is_own)
        else {
            continue;
        };
        let mut varied = request.clone();
        varied.set(
            slot.place,
            &slot.field,
            Some(Value::from(format!("{text}{ending}"))),
        );
        if classify(operation, &varied) == classify(operation, request) {
            *request = varied;
        }
    }
}

/// Puts other values into the fields of a request's body of which the contract lists the values,
/// truth values among them, and into those texts, numbers and days that the list of what is made can
/// be asked by, cut to a range of, or put in the order of.
pub(super) fn vary(
    operation: &Operation,
    variety: usize,
    list: Option<&Operation>,
    request: &mut Request,
) {
    let sorted = list.map(crate::recognise::sorted_by).unwrap_or_default();
    let ranged = list.map(crate::recognise::ranged_by).unwrap_or_default();
    let is_among = |names: &[String], slot: &Slot<'_>| {
        let name = slot.field.last_name();
        name.is_some_and(|name| names.iter().any(|own| own == name))
    };
    // What JSON:API and others wrap a resource into has its fields within.
    let is_plain = |slot: &Slot<'_>| !slot.field.has_item() && !slot.field.has_entry();
    for slot in slots(operation) {
        let kinds = types_of(slot.node);
        let is_listed = !enum_values(slot.node).is_empty() || kinds.contains(&"boolean");
        let is_asked = || {
            let name = slot.field.last_name().filter(|_| is_plain(&slot));
            let asked = name.and_then(|name| list?.parameter(Location::Query, name));
            let is_plain = slot.node.get(Facet::Format.as_str()).is_none();
            asked.is_some() && is_plain && !is_in_words(slot.facts) && !is_opaque(slot.facts)
        };
        if slot.place != Place::Request || slot.field.has_item() {
            continue;
        }
        let is_number = kinds.contains(&"integer") || kinds.contains(&"number");
        let parts = is_number && is_among(&sorted, &slot) || is_among(&ranged, &slot);
        if parts && !is_listed && !is_in_words(slot.facts) && is_plain(&slot) {
            // In no order of their making, so that a list in another order shows.
            let variety = [1, 0, 2].get(variety).copied().unwrap_or(variety);
            let value = sample(slot.schema, slot.node, variety);
            let mut varied = request.clone();
            varied.set(Place::Request, &slot.field, Some(value));
            if classify(operation, &varied) == Validity::Valid {
                *request = varied;
                continue;
            }
        }
        if !(is_listed || is_asked()) {
            continue;
        }
        // What is left out is its default.
        let default = || slot.node.get(Facet::Default.as_str()).cloned();
        let now = request.get(Place::Request, &slot.field).or_else(default);
        let other = (0..=variety)
            .map(|number| sample(slot.schema, slot.node, number))
            .find(|value| Some(value) != now.as_ref() && !value.is_null());
        let mut varied = request.clone();
        varied.set(Place::Request, &slot.field, other);
        if classify(operation, &varied) == Validity::Valid {
            *request = varied;
        }
    }
}
