//! The walk over two schemas: fields by path, and what is said of each.

use std::collections::BTreeSet;

use serde_json::Value;

use super::compare::{Changes, Place};
use super::facet::{self, Difference};
use super::rule::{Alteration, Aspect, Direction};
use crate::contract::{Fact, Field, Operation, Schema};

impl Changes {
    /// The fields of two schemas, by path below `stem`.
    pub(super) fn fields(
        &mut self,
        operation: &Operation,
        place: &str,
        stem: &str,
        direction: Direction,
        schemas: (&Schema, &Schema),
        moved: &mut Moved,
    ) {
        let (before, after) = schemas;
        let name = |path: &str| match (stem, path) {
            ("", path) => path.to_owned(),
            (stem, "") => stem.to_owned(),
            (stem, path) if path.starts_with('[') => format!("{stem}{path}"),
            (stem, path) => format!("{stem}.{path}"),
        };
        for field in after.fields() {
            let path = name(field.name);
            let at = |facet| Place {
                operation,
                part: place,
                field: &path,
                facet,
                direction,
            };
            let Some(partner) = before.field(field.path) else {
                // What is new as a whole is said once.
                let known = has_parent(before, &field);
                if known {
                    let (alteration, word) = match (direction, field.required) {
                        (Direction::Request, true) => {
                            (Alteration::AddedMandatory, ", and mandatory")
                        }
                        (Direction::Request, false) => (Alteration::Added, ", and optional"),
                        (Direction::Response, _) => (Alteration::Added, ""),
                    };
                    self.add(
                        &at("required"),
                        Aspect::Field,
                        alteration,
                        format!("`{path}` is new{word}"),
                        (None, None),
                        (Vec::new(), of_facet(field.facts, "required")),
                    );
                }
                continue;
            };
            if !field.path.is_root() {
                self.required(
                    &at("required"),
                    partner.required,
                    field.required,
                    (
                        of_facet(partner.facts, "required"),
                        of_facet(field.facts, "required"),
                    ),
                );
            }
            self.field(&path, &at, &partner, &field);
            moved.note(&partner, &field);
        }
        for field in before.fields() {
            if after.field(field.path).is_some() || !has_parent(after, &field) {
                continue;
            }
            let path = name(field.name);
            let at = Place {
                operation,
                part: place,
                field: &path,
                facet: "required",
                direction,
            };
            self.add(
                &at,
                Aspect::Field,
                Alteration::Removed,
                format!("`{path}` is gone"),
                (None, None),
                (of_facet(field.facts, "required"), Vec::new()),
            );
        }
    }

    /// What is said of one field, its children aside.
    fn field<'p>(
        &mut self,
        path: &str,
        at: &impl Fn(&'static str) -> Place<'p>,
        old: &Field<'_>,
        new: &Field<'_>,
    ) {
        let shown = if path.is_empty() { "the body" } else { path };
        for difference in facet::differences(old.node, new.node) {
            let place = at(difference.facet);
            // In a URL or a header everything is text: to say so narrows nothing.
            let textual = difference.aspect == Aspect::Type
                && place.part != "request"
                && place.direction == Direction::Request
                && difference.alteration == Alteration::Added
                && difference.new == Some(Value::from("string"));
            let rows = (
                of_facet(old.facts, difference.facet),
                of_facet(new.facts, difference.facet),
            );
            let message = said(shown, &difference);
            let (aspect, alteration) = if textual {
                (Aspect::Source, Alteration::Replaced)
            } else {
                (difference.aspect, difference.alteration)
            };
            self.add(
                &place,
                aspect,
                alteration,
                message,
                (difference.old, difference.new),
                rows,
            );
        }
        let prose = |facts: &[Fact]| -> Vec<Fact> {
            facts
                .iter()
                .filter(|fact| fact.facet == "prose")
                .cloned()
                .collect()
        };
        let (before, after) = (prose(old.facts), prose(new.facts));
        let (alteration, word) = match (before.is_empty(), after.is_empty()) {
            (true, false) => (Alteration::Added, "has a constraint in prose now"),
            (false, true) => (Alteration::Removed, "has no constraint in prose any more"),
            _ => return,
        };
        self.add(
            &at("prose"),
            Aspect::Prose,
            alteration,
            format!("`{shown}` {word}"),
            (None, None),
            (before, after),
        );
    }

    pub(super) fn required(
        &mut self,
        at: &Place<'_>,
        old: bool,
        new: bool,
        rows: (Vec<Fact>, Vec<Fact>),
    ) {
        if old == new {
            return;
        }
        let shown = if at.field.is_empty() {
            "the body".to_owned()
        } else {
            format!("`{}`", at.field)
        };
        let (alteration, word) = match (at.direction, new) {
            (Direction::Request, true) => (Alteration::Narrowed, "is mandatory, was optional"),
            (Direction::Request, false) => (Alteration::Widened, "is optional, was mandatory"),
            (Direction::Response, true) => (Alteration::Narrowed, "is always there now"),
            (Direction::Response, false) => (Alteration::Widened, "may be absent now"),
        };
        self.add(
            at,
            Aspect::Required,
            alteration,
            format!("{shown} {word}"),
            (Some(Value::from(old)), Some(Value::from(new))),
            rows,
        );
    }

    /// What is stated in another table or row, or more or less strongly: once a place.
    pub(super) fn moved(
        &mut self,
        operation: &Operation,
        place: &str,
        direction: Direction,
        moved: Moved,
    ) {
        if moved.fields == 0 {
            return;
        }
        let at = Place {
            operation,
            part: place,
            field: "",
            facet: "source",
            direction,
        };
        let message = if moved.fields == 1 {
            format!("one field of {place} is stated in another table or row")
        } else {
            format!(
                "{} fields of {place} are stated in other tables or rows",
                moved.fields
            )
        };
        self.add(
            &at,
            Aspect::Source,
            Alteration::Replaced,
            message,
            (None, None),
            (moved.old, moved.new),
        );
    }
}

/// The fields whose rows are others than they were; pages, editions and lines aside.
#[derive(Default)]
pub(super) struct Moved {
    fields: usize,
    old: Vec<Fact>,
    new: Vec<Fact>,
}

impl Moved {
    fn note(&mut self, old: &Field<'_>, new: &Field<'_>) {
        let places = |facts: &[Fact]| -> BTreeSet<(String, String)> {
            facts
                .iter()
                .map(|fact| (fact.table().to_owned(), fact.row().to_owned()))
                .collect()
        };
        let (before, after) = (places(old.facts), places(new.facts));
        if before.is_empty() || after.is_empty() || before == after {
            return;
        }
        self.fields += 1;
        self.old.extend(old.facts.first().cloned());
        self.new.extend(new.facts.first().cloned());
    }
}

/// The facts of one facet; one fact of the row where none has that facet.
pub(super) fn of_facet(facts: &[Fact], facet: &str) -> Vec<Fact> {
    let exact: Vec<Fact> = facts
        .iter()
        .filter(|fact| fact.facet == facet)
        .cloned()
        .collect();
    if exact.is_empty() {
        facts.first().cloned().into_iter().collect()
    } else {
        exact
    }
}

/// Whether a schema has what a field of another stands in.
fn has_parent(schema: &Schema, field: &Field<'_>) -> bool {
    let parent = field.path.parent();
    parent.is_none_or(|parent| schema.field(&parent).is_some())
}

fn said(path: &str, difference: &Difference) -> String {
    let spelled = |value: &Option<Value>| match value {
        Some(Value::Array(many)) => many.iter().map(plain).collect::<Vec<_>>().join(", "),
        Some(one) => plain(one),
        None => "not stated".to_owned(),
    };
    format!(
        "`{path}`: {} {}, was {}",
        difference.facet,
        spelled(&difference.new),
        spelled(&difference.old)
    )
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
