//! How a request differs from the plainest one of its operation, and whether its source tells the
//! values that it has instead.

use serde_json::Value;

use crate::contract::{Facet, Operation, Row, Step, type_of, types_of};

use super::footing::{is_told_by_rule, row_of};
use super::request::Request;
use super::slot::{Slot, slots};

/// How a request differs from the plainest one of its operation.
#[derive(Debug, Default)]
pub struct Edits {
    /// In how many fields.
    pub count: usize,
    /// The first field whose value no stated rule allows: it is made up from its type.
    pub made_up: Option<Row>,
}

/// How a request differs from the plainest one of its operation.
pub fn edits(operation: &Operation, base: &Request, request: &Request) -> Edits {
    let slots = slots(operation);
    let differs = |slot: &&Slot<'_>| {
        base.get(slot.place, &slot.field) != request.get(slot.place, &slot.field)
    };
    let differing: Vec<&Slot<'_>> = slots.iter().filter(differs).collect();
    // An object differs where a field within it does.
    let is_whole = |slot: &&&Slot<'_>| {
        !differing.iter().any(|other| {
            other.place == slot.place
                && other.field != slot.field
                && slot.field.contains(&other.field)
        })
    };
    let mut edits = Edits::default();
    for slot in differing.iter().filter(is_whole) {
        edits.count += 1;
        let is_stated = match request.get(slot.place, &slot.field) {
            None => is_optional(slot),
            Some(Value::Null) => types_of(slot.node).contains(&"null"),
            Some(value) => {
                let own = base.get(slot.place, &slot.field);
                let slot = of_kind(slot, &value);
                is_told_by_rule(&slot)
                    && !is_moment(&slot)
                    && !is_beyond(&slot, own.as_ref(), &value)
            }
        };
        if !is_stated {
            edits
                .made_up
                .get_or_insert_with(|| row_of(slot.place, slot.field.clone()));
        }
    }
    edits
}

/// A request with the one edit that it is sent for, and of the others those alone that cannot be taken
/// back; nothing where there are none that can.
pub fn with_edit_alone(
    operation: &Operation,
    base: &Request,
    request: &Request,
    row: &Row,
) -> Option<Request> {
    let mut control = request.clone();
    for slot in slots(operation) {
        let is_around = slot.place == row.place && slot.field.contains(&row.field);
        let (before, now) = (
            base.get(slot.place, &slot.field),
            control.get(slot.place, &slot.field),
        );
        let is_member = matches!(slot.field.steps().last(), Some(Step::Name(_)));
        if is_around || before == now || !is_member {
            continue;
        }
        let is_within = slot.place == row.place && row.field.contains(&slot.field);
        let may_go = !slot.required && now.is_some();
        if before.is_some() && !is_within {
            control.set(slot.place, &slot.field, before);
        } else if may_go {
            control.set(slot.place, &slot.field, None);
        }
    }
    (control != *request).then_some(control)
}

/// The slot with the one branch of a union that takes values of the kind of one: what is said of
/// numbers tells nothing of texts.
fn of_kind<'o>(slot: &Slot<'o>, value: &Value) -> Slot<'o> {
    let named = type_of(value);
    let takes = |node: &&'o Value| {
        let types = types_of(node);
        types.contains(&named) || value.is_number() && types.contains(&"number")
    };
    let union = ["anyOf", "oneOf"]
        .iter()
        .find_map(|word| slot.node.get(word));
    let branches = union.and_then(Value::as_array).into_iter().flatten();
    let mut own = branches
        .map(|branch| slot.schema.follow(branch))
        .filter(takes);
    match (own.next(), own.next()) {
        (Some(node), None) => Slot {
            node,
            ..slot.clone()
        },
        _ => slot.clone(),
    }
}

/// Whether a source says that a field may be left out.
fn is_optional(slot: &Slot<'_>) -> bool {
    let mut facts = slot.facts.iter();
    let is_told = facts.any(|fact| matches!(fact.facet, Facet::Required | Facet::Default));
    !slot.required && is_told
}

/// Whether a field takes a moment: services hold one against the clock, and against each other.
fn is_moment(slot: &Slot<'_>) -> bool {
    let format = slot
        .node
        .get(Facet::Format.as_str())
        .and_then(Value::as_str);
    matches!(format, Some("date" | "date-time" | "iso-8601"))
}

/// Whether a number lies beyond what is known to be taken, on a side of which the source states no end:
/// `at least 1` does not say that 1000 is taken.
fn is_beyond(slot: &Slot<'_>, own: Option<&Value>, value: &Value) -> bool {
    let Some(number) = value.as_f64() else {
        return false;
    };
    let has = |facets: &[Facet]| {
        facets
            .iter()
            .any(|facet| slot.node.get(facet.as_str()).is_some())
    };
    if has(&[Facet::Enum, Facet::Const]) {
        return false;
    }
    let stated = |facet: Facet| slot.node.get(facet.as_str()).and_then(Value::as_f64);
    let own = own.and_then(Value::as_f64);
    let known = |bound: Facet| {
        [stated(bound), stated(Facet::Default), own]
            .into_iter()
            .flatten()
    };
    let is_above = !has(&[Facet::Maximum, Facet::ExclusiveMaximum])
        && number > known(Facet::Minimum).fold(1.0, f64::max);
    let is_below = !has(&[Facet::Minimum, Facet::ExclusiveMinimum])
        && number < known(Facet::Maximum).fold(1.0, f64::min);
    is_above || is_below
}
