//! The walk over two schemas: fields by path, and what is said of each.

use std::collections::BTreeSet;

use serde_json::Value;

use super::change::{About, At, Changes, direction};
use super::facet::{self, Difference};
use super::verdict::{Alteration, Aspect, Direction};
use crate::contract::{
    Facet, Fact, Field, FieldPath, Keyword, Meaning, Operation, Place, Rule, Schema,
};

impl Changes {
    /// The fields of two schemas, by path below a stem.
    pub(super) fn fields(
        &mut self,
        operation: &Operation,
        (place, stem): (Place, &FieldPath),
        (before, after): (&Schema, &Schema),
        moved: &mut Moved,
    ) {
        let required =
            |path: &FieldPath| At::rule(operation, Rule::new(place, path.clone(), Facet::Required));
        for field in after.fields() {
            let path = stem.followed_by(field.path);
            let stated = of_facet(field.facts, Facet::Required);
            let Some(partner) = before.field(field.path) else {
                // What is new as a whole is said once.
                if has_parent(before, &field) {
                    let (alteration, word) = match (direction(place), field.required) {
                        (Direction::Request, true) => {
                            (Alteration::AddedMandatory, ", and mandatory")
                        }
                        (Direction::Request, false) => (Alteration::Added, ", and optional"),
                        (Direction::Response, _) => (Alteration::Added, ""),
                    };
                    let at = required(&path).rows(Vec::new(), stated);
                    let message = format!("`{path}` is new{word}");
                    self.note(at, Aspect::Field, alteration, message);
                }
                continue;
            };
            if !field.path.is_root() {
                let at = required(&path).rows(of_facet(partner.facts, Facet::Required), stated);
                self.required(at, partner.required, field.required);
            }
            self.field(operation, (place, &path), &partner, &field);
            self.openness(operation, (place, &path), (&partner, &field));
            let is_left_out = |schema: &Schema| schema.is_read_only(field.path);
            self.left_out(
                operation,
                (place, &path),
                (is_left_out(before), is_left_out(after)),
            );
            moved.note(&partner, &field);
        }
        for field in before.fields() {
            if after.field(field.path).is_some() || !has_parent(after, &field) {
                continue;
            }
            let path = stem.followed_by(field.path);
            let at = required(&path).rows(of_facet(field.facts, Facet::Required), Vec::new());
            let message = format!("`{path}` is gone");
            self.note(at, Aspect::Field, Alteration::Removed, message);
        }
    }

    /// What is said of one field, its children aside.
    fn field(
        &mut self,
        operation: &Operation,
        (place, path): (Place, &FieldPath),
        old: &Field<'_>,
        new: &Field<'_>,
    ) {
        let shown = shown(path);
        let at = |facet| At::rule(operation, Rule::new(place, path.clone(), facet));
        for difference in facet::differences(old.node, new.node) {
            // In a URL or a header everything is text: to say so narrows nothing.
            let textual = difference.facet == Facet::Type
                && matches!(
                    place,
                    Place::Path
                        | Place::Query
                        | Place::Header
                        | Place::Cookie
                        | Place::ResponseHeader(_)
                )
                && difference.alteration == Alteration::Added
                && difference.new == Some(Value::from("string"));
            let (aspect, alteration) = if textual {
                (Aspect::Source, Alteration::Replaced)
            } else {
                (difference.aspect, difference.alteration)
            };
            let facet = difference.facet;
            let at = at(facet).rows(of_facet(old.facts, facet), of_facet(new.facts, facet));
            let message = said(&shown, &difference);
            let values = (difference.old, difference.new);
            self.add(at, aspect, alteration, message, values);
        }
        let prose = |facts: &[Fact]| -> Vec<Fact> {
            facts
                .iter()
                .filter(|fact| fact.facet == Facet::Prose)
                .cloned()
                .collect()
        };
        let (before, after) = (prose(old.facts), prose(new.facts));
        let (alteration, word) = match (before.is_empty(), after.is_empty()) {
            (true, false) => (Alteration::Added, "has a constraint in prose now"),
            (false, true) => (Alteration::Removed, "has no constraint in prose any more"),
            (true, true) | (false, false) => return,
        };
        let at = at(Facet::Prose).rows(before, after);
        self.note(at, Aspect::Prose, alteration, format!("`{shown}` {word}"));
    }

    /// Whether an object takes fields that nothing describes.
    fn openness(
        &mut self,
        operation: &Operation,
        (place, path): (Place, &FieldPath),
        (old, new): (&Field<'_>, &Field<'_>),
    ) {
        let facet = Facet::Keyword(Keyword::AdditionalProperties);
        let is_closed =
            |field: &Field<'_>| field.node.get(facet.as_str()) == Some(&Value::Bool(false));
        let (word, alteration) = match (is_closed(old), is_closed(new), direction(place)) {
            (false, true, _) => ("takes no other fields now", Alteration::Narrowed),
            (true, false, Direction::Request) => ("may have other fields", Alteration::Widened),
            (true, false, Direction::Response) => ("may have other fields", Alteration::Added),
            _ => return,
        };
        let at = At::rule(operation, Rule::new(place, path.clone(), facet))
            .rows(of_facet(old.facts, facet), of_facet(new.facts, facet));
        let message = format!("`{}` {word}", shown(path));
        self.note(at, Aspect::Field, alteration, message);
    }

    /// Whether the service alone sets a field of a request.
    fn left_out(
        &mut self,
        operation: &Operation,
        (place, path): (Place, &FieldPath),
        (old, new): (bool, bool),
    ) {
        if old == new || direction(place) == Direction::Response {
            return;
        }
        let (word, alteration) = if new {
            ("is set by the service alone, was sent", Alteration::Removed)
        } else {
            (
                "may be sent, was set by the service alone",
                Alteration::Added,
            )
        };
        let facet = Facet::Meaning(Meaning::ReadOnly);
        let at = At::rule(operation, Rule::new(place, path.clone(), facet));
        self.note(at, Aspect::Field, alteration, format!("`{path}` {word}"));
    }

    pub(super) fn required(&mut self, at: At<'_>, old: bool, new: bool) {
        if old == new {
            return;
        }
        let shown = match &at.about {
            About::Rule(rule) if !rule.field.is_root() => format!("`{}`", rule.field),
            About::Rule(_) | About::Statuses(_) | About::Source(_) => "the body".to_owned(),
        };
        let (alteration, word) = match (at.direction(), new) {
            (Direction::Request, true) => (Alteration::Narrowed, "is mandatory, was optional"),
            (Direction::Request, false) => (Alteration::Widened, "is optional, was mandatory"),
            (Direction::Response, true) => (Alteration::Narrowed, "is always there now"),
            (Direction::Response, false) => (Alteration::Widened, "may be absent now"),
        };
        let message = format!("{shown} {word}");
        let values = (Some(Value::from(old)), Some(Value::from(new)));
        self.add(at, Aspect::Required, alteration, message, values);
    }

    pub(super) fn examples(
        &mut self,
        operation: &Operation,
        place: Place,
        old: &[Value],
        new: &[Value],
    ) {
        if old.len() == new.len() && old.iter().all(|one| new.contains(one)) {
            return;
        }
        let alteration = match (old.is_empty(), new.is_empty()) {
            (true, _) => Alteration::Added,
            (_, true) => Alteration::Removed,
            (false, false) => Alteration::Replaced,
        };
        let message = if new.len() == old.len() {
            "the documented examples differ".to_owned()
        } else {
            format!("{} documented examples, were {}", new.len(), old.len())
        };
        let at = At::rule(operation, Rule::of_place(place, Facet::Example));
        self.note(at, Aspect::Example, alteration, message);
    }

    /// What is stated in another table or row, or more or less strongly: once a place.
    pub(super) fn moved(&mut self, operation: &Operation, place: Place, moved: Moved) {
        let message = match moved.fields {
            0 => return,
            1 => format!("one field of {place} is stated in another table or row"),
            many => format!("{many} fields of {place} are stated in other tables or rows"),
        };
        let at = At {
            operation,
            about: About::Source(place),
            rows: (moved.old, moved.new),
        };
        self.note(at, Aspect::Source, Alteration::Replaced, message);
    }
}

/// A field in words.
fn shown(path: &FieldPath) -> String {
    if path.is_root() {
        "the body".to_owned()
    } else {
        path.to_string()
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
pub(super) fn of_facet(facts: &[Fact], facet: Facet) -> Vec<Fact> {
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

/// The facts of one facet of what a schema describes as a whole.
pub(super) fn rows_of(schema: &Schema, facet: Facet) -> Vec<Fact> {
    let root = schema.field(&FieldPath::root());
    root.map(|root| of_facet(root.facts, facet))
        .unwrap_or_default()
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
