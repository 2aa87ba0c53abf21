//! The walk over two contracts: operations, parameters, bodies and statuses that belong together, field by field.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use super::fields::{Moved, of_facet};
use super::responses::partner;
use super::rule::{Alteration, Aspect, Direction, Verdict, rule_of};
use crate::contract::{Fact, Location, Operation, Parameter, Schema};

/// One change.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// What it means.
    pub verdict: Verdict,
    /// The name of the fact: `dcs::CopyInstance::request.remark::maxLength`.
    pub fact: String,
    /// Which way the message goes.
    pub direction: Direction,
    /// What changed.
    pub aspect: Aspect,
    /// How.
    pub alteration: Alteration,
    /// What changed, in one clause.
    pub message: String,
    /// Why it means what it means.
    pub because: &'static str,
    /// What was stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<Value>,
    /// What is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<Value>,
    /// The rows that stated it.
    pub old_rows: Vec<Fact>,
    /// The rows that state it.
    pub new_rows: Vec<Fact>,
}

/// All changes from one set of operations to another: breaking ones first, then in the order of the new documents.
pub fn changes(old: &[Operation], new: &[Operation]) -> Vec<Change> {
    let mut found = Changes::default();
    let mut met: BTreeSet<usize> = BTreeSet::new();
    for operation in new {
        let partner = old.iter().enumerate().find(|(index, other)| {
            !met.contains(index) && same_operation(other, operation, old, new)
        });
        match partner {
            Some((index, partner)) => {
                met.insert(index);
                found.operation(partner, operation);
            }
            None => found.whole(operation, Alteration::Added),
        }
    }
    for (index, operation) in old.iter().enumerate() {
        if !met.contains(&index) {
            found.whole(operation, Alteration::Removed);
        }
    }
    // The sort is stable: within a verdict the order stays.
    found
        .changes
        .sort_by_key(|change| std::cmp::Reverse(change.verdict));
    found.changes
}

/// Whether two operations are one: the same method and path, of the same service where there are several.
fn same_operation(
    one: &Operation,
    other: &Operation,
    old: &[Operation],
    new: &[Operation],
) -> bool {
    let single = |all: &[Operation]| {
        all.iter()
            .all(|operation| Some(&operation.service) == all.first().map(|first| &first.service))
    };
    one.method == other.method
        && shape(&one.path) == shape(&other.path)
        && (one.service == other.service || (single(old) && single(new)))
}

/// A path without the names of its parameters, which nobody sees on the wire.
fn shape(path: &str) -> String {
    path.trim_end_matches('/')
        .split('/')
        .map(|part| if part.starts_with('{') { "{}" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

/// One side of a place: the field's path, the facet, the rows.
pub(super) struct Place<'p> {
    pub(super) operation: &'p Operation,
    pub(super) part: &'p str,
    pub(super) field: &'p str,
    pub(super) facet: &'p str,
    pub(super) direction: Direction,
}

#[derive(Default)]
pub(super) struct Changes {
    changes: Vec<Change>,
}

impl Changes {
    pub(super) fn add(
        &mut self,
        at: &Place<'_>,
        aspect: Aspect,
        alteration: Alteration,
        message: String,
        values: (Option<Value>, Option<Value>),
        rows: (Vec<Fact>, Vec<Fact>),
    ) {
        let Some(rule) = rule_of(aspect, at.direction, alteration) else {
            return;
        };
        self.changes.push(Change {
            verdict: rule.verdict,
            fact: at.operation.fact(at.part, at.field, at.facet),
            direction: at.direction,
            aspect,
            alteration,
            message,
            because: rule.because,
            old: values.0,
            new: values.1,
            old_rows: rows.0,
            new_rows: rows.1,
        });
    }

    fn whole(&mut self, operation: &Operation, alteration: Alteration) {
        let at = Place {
            operation,
            part: "operation",
            field: "",
            facet: "method",
            direction: Direction::Request,
        };
        let word = if alteration == Alteration::Added {
            "is new"
        } else {
            "is gone"
        };
        let message = format!(
            "{} {} ({}) {word}",
            operation.method,
            operation.path,
            operation.name()
        );
        let facts = operation.facts.clone();
        let rows = if alteration == Alteration::Added {
            (Vec::new(), facts)
        } else {
            (facts, Vec::new())
        };
        self.add(
            &at,
            Aspect::Operation,
            alteration,
            message,
            (None, None),
            rows,
        );
    }

    fn operation(&mut self, old: &Operation, new: &Operation) {
        for location in [Location::Path, Location::Query, Location::Header] {
            self.parameters(old, new, location);
        }
        self.request(old, new);
        self.statuses(old, new, Aspect::Success, |class| class == 2);
        self.statuses(old, new, Aspect::Failure, |class| class >= 4);
        for response in &new.responses {
            if let Some(partner) = partner(old, response) {
                self.response(new, partner, response);
            }
        }
    }

    fn parameters(&mut self, old: &Operation, new: &Operation, location: Location) {
        let before: Vec<&Parameter> = in_order(old, location);
        let after: Vec<&Parameter> = in_order(new, location);
        let place = location.as_str();
        let mut moved = Moved::default();
        let mut met: BTreeSet<usize> = BTreeSet::new();
        for (position, parameter) in after.iter().enumerate() {
            let partner = before
                .iter()
                .enumerate()
                .find(|(index, other)| match location {
                    // On the wire a path parameter is its place.
                    Location::Path => *index == position,
                    Location::Query => other.name == parameter.name,
                    Location::Header => other.name.eq_ignore_ascii_case(&parameter.name),
                });
            let at = Place {
                operation: new,
                part: place,
                field: &parameter.name,
                facet: "required",
                direction: Direction::Request,
            };
            let Some((index, partner)) = partner else {
                let alteration = if parameter.required {
                    Alteration::AddedMandatory
                } else {
                    Alteration::Added
                };
                let message = format!(
                    "{place} parameter `{}` is new and {}",
                    parameter.name,
                    if parameter.required {
                        "mandatory"
                    } else {
                        "optional"
                    }
                );
                let rows = (Vec::new(), rows_of(&parameter.schema, "required"));
                self.add(&at, Aspect::Field, alteration, message, (None, None), rows);
                continue;
            };
            met.insert(index);
            if partner.name != parameter.name && location == Location::Path {
                let message = format!(
                    "path parameter `{}` is called `{}` now",
                    partner.name, parameter.name
                );
                let rows = (
                    rows_of(&partner.schema, "required"),
                    rows_of(&parameter.schema, "required"),
                );
                self.add(
                    &at,
                    Aspect::Source,
                    Alteration::Replaced,
                    message,
                    (None, None),
                    rows,
                );
            }
            self.required(
                &at,
                partner.required,
                parameter.required,
                (
                    rows_of(&partner.schema, "required"),
                    rows_of(&parameter.schema, "required"),
                ),
            );
            self.fields(
                new,
                place,
                &parameter.name,
                Direction::Request,
                (&partner.schema, &parameter.schema),
                &mut moved,
            );
        }
        for (index, parameter) in before.iter().enumerate() {
            if !met.contains(&index) {
                let at = Place {
                    operation: new,
                    part: place,
                    field: &parameter.name,
                    facet: "required",
                    direction: Direction::Request,
                };
                let message = format!("{place} parameter `{}` is gone", parameter.name);
                let rows = (rows_of(&parameter.schema, "required"), Vec::new());
                self.add(
                    &at,
                    Aspect::Field,
                    Alteration::Removed,
                    message,
                    (None, None),
                    rows,
                );
            }
        }
        self.moved(new, place, Direction::Request, moved);
    }

    fn request(&mut self, old: &Operation, new: &Operation) {
        let at = Place {
            operation: new,
            part: "request",
            field: "",
            facet: "body",
            direction: Direction::Request,
        };
        let rows = |body: &Schema| rows_of(body, "type");
        match (&old.request_body, &new.request_body) {
            (None, None) => {}
            (None, Some(body)) => {
                let (alteration, word) = if body.required {
                    (Alteration::AddedMandatory, "mandatory")
                } else {
                    (Alteration::Added, "optional")
                };
                let message = format!("the request has a body now, which is {word}");
                let rows = (Vec::new(), rows(&body.schema));
                self.add(&at, Aspect::Body, alteration, message, (None, None), rows);
            }
            (Some(body), None) => {
                let message = "the request has no body any more".to_owned();
                let rows = (rows(&body.schema), Vec::new());
                self.add(
                    &at,
                    Aspect::Body,
                    Alteration::Removed,
                    message,
                    (None, None),
                    rows,
                );
            }
            (Some(before), Some(after)) => {
                self.required(
                    &at,
                    before.required,
                    after.required,
                    (rows(&before.schema), rows(&after.schema)),
                );
                let mut moved = Moved::default();
                self.fields(
                    new,
                    "request",
                    "",
                    Direction::Request,
                    (&before.schema, &after.schema),
                    &mut moved,
                );
                self.moved(new, "request", Direction::Request, moved);
                self.examples(
                    new,
                    "request",
                    Direction::Request,
                    &before.examples,
                    &after.examples,
                );
            }
        }
    }

    pub(super) fn examples(
        &mut self,
        operation: &Operation,
        place: &str,
        direction: Direction,
        old: &[Value],
        new: &[Value],
    ) {
        let alike = old.len() == new.len() && old.iter().all(|one| new.contains(one));
        if alike {
            return;
        }
        let alteration = match (old.is_empty(), new.is_empty()) {
            (true, _) => Alteration::Added,
            (_, true) => Alteration::Removed,
            _ => Alteration::Replaced,
        };
        let at = Place {
            operation,
            part: place,
            field: "",
            facet: "example",
            direction,
        };
        let message = format!("{} documented examples, were {}", new.len(), old.len());
        let message = if new.len() == old.len() {
            "the documented examples differ".to_owned()
        } else {
            message
        };
        self.add(
            &at,
            Aspect::Example,
            alteration,
            message,
            (None, None),
            (Vec::new(), Vec::new()),
        );
    }
}

/// The parameters of a place; those of the path in its order.
fn in_order(operation: &Operation, location: Location) -> Vec<&Parameter> {
    let mut all: Vec<&Parameter> = operation.parameters_in(location).collect();
    if location == Location::Path {
        all.sort_by_key(|parameter| {
            operation
                .path
                .find(&format!("{{{}}}", parameter.name))
                .unwrap_or(usize::MAX)
        });
    }
    all
}

fn rows_of(schema: &Schema, facet: &str) -> Vec<Fact> {
    schema
        .fields()
        .next()
        .map(|field| of_facet(field.facts, facet))
        .unwrap_or_default()
}
