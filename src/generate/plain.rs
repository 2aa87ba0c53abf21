//! Plain valid requests of an operation: what a service that takes any valid request takes first. A run uses them as controls, to tell a request that is
//! refused for itself from a service that is busy.

use crate::contract::Operation;

use super::boundary::{is_in_words, slots};
use super::case::{Case, Expectation};
use super::class::{Class, classify};
use super::request::Request;
use super::sample::sample;

/// The documented request, the required fields alone, and every field at once that can be: each where it is documented-valid, none twice.
pub fn plain_requests(operation: &Operation, documented: &Request) -> Vec<Case> {
    let (mut barest, mut fullest) = (documented.clone(), documented.clone());
    for slot in slots(operation) {
        if slot.required || slot.field.contains('[') {
            continue;
        }
        if documented.get(slot.place, &slot.field).is_some() {
            // A parent that was taken out already took its fields with it.
            if barest.get(slot.place, &slot.field).is_some() {
                barest.set(slot.place, &slot.field, None);
            }
        } else if !slot.field.contains('.') && !is_in_words(slot.node) {
            let mut fuller = fullest.clone();
            let value = sample(slot.schema, slot.node, 0);
            fuller.set(slot.place, &slot.field, Some(value));
            if classify(operation, &fuller) == Class::Valid {
                fullest = fuller;
            }
        }
    }
    let mut cases: Vec<Case> = Vec::new();
    for (label, request) in [
        ("the documented request", documented.clone()),
        ("the required fields alone", barest),
        ("every field at once", fullest),
    ] {
        let is_new = cases.iter().all(|case| case.request != request);
        if is_new && classify(operation, &request) == Class::Valid {
            cases.push(Case {
                label: label.to_owned(),
                request,
                expectation: Expectation::Success,
            });
        }
    }
    cases
}
