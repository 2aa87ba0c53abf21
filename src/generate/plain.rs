//! Plain valid requests of an operation: what a service that takes any valid request takes first. A
//! run uses them as controls, to tell a request that is refused for itself from a service that is
//! busy.

use std::sync::Arc;

use crate::contract::Operation;

use super::case::{Case, Expectation};
use super::local::Base;
use super::oracle::{Validity, classify};
use super::request::Request;
use super::sample::sample;
use super::slot::slots;

/// The documented request, the required fields alone, and every field at once that can be: each
/// where it is documented-valid, none twice.
pub fn plain_requests(operation: &Operation, documented: &Request) -> Vec<Case> {
    let mut barest = documented.clone();
    let mut fullest = Base::new(operation, Arc::new(documented.clone()));
    for slot in slots(operation) {
        if slot.required || slot.field.has_item() {
            continue;
        }
        if documented.get(slot.place, &slot.field).is_some() {
            // A parent that was taken out already took its fields with it.
            if barest.get(slot.place, &slot.field).is_some() {
                barest.set(slot.place, &slot.field, None);
            }
        } else if slot.is_top() && slot.is_told_by_schema() {
            let value = sample(slot.schema, slot.node, 0);
            let local = fullest.local(operation, &slot);
            if !local.is_reached() && local.class(Some(&value)) == Validity::Valid {
                fullest.put(&slot, value);
            }
        }
    }
    let mut cases: Vec<Case> = Vec::new();
    for (label, request) in [
        ("the documented request", documented.clone()),
        ("the required fields alone", barest),
        ("every field at once", (*fullest.request).clone()),
    ] {
        let is_new = cases.iter().all(|case| case.request != request);
        if is_new && classify(operation, &request) == Validity::Valid {
            cases.push(Case {
                label: label.to_owned(),
                request,
                expectation: Expectation::Success,
            });
        }
    }
    cases
}
