//! The walk over two contracts: operations, parameters, bodies and statuses that belong together,
//! field by field.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

use super::change::{At, Change, Changes};
use super::fields::{Moved, rows_of};
use super::responses::partner;
use super::verdict::{Alteration, Aspect};
use crate::contract::{
    Facet, FieldPath, Keyword, Location, MediaType, Operation, Parameter, Place, RequestBody, Rule,
};

/// All changes from one set of operations to another: breaking ones first, then in the order of the
/// new documents.
pub fn changes(old: &[Operation], new: &[Operation]) -> Vec<Change> {
    let mut found = Changes::default();
    // The names of services tell operations apart only where there are several.
    let by_service = !(is_one_service(old) && is_one_service(new));
    let key = |operation: &Operation| {
        let service = by_service.then(|| operation.service.clone());
        (service, operation.method.clone(), shape(&operation.path))
    };
    let mut partners: BTreeMap<_, VecDeque<usize>> = BTreeMap::new();
    for (index, operation) in old.iter().enumerate() {
        partners.entry(key(operation)).or_default().push_back(index);
    }
    for operation in new {
        let partner = partners
            .get_mut(&key(operation))
            .and_then(VecDeque::pop_front)
            .and_then(|index| old.get(index));
        match partner {
            Some(partner) => found.operation(partner, operation),
            None => found.whole(operation, Alteration::Added),
        }
    }
    let gone: BTreeSet<usize> = partners.into_values().flatten().collect();
    for operation in gone.into_iter().filter_map(|index| old.get(index)) {
        found.whole(operation, Alteration::Removed);
    }
    // The sort is stable: within a verdict the order stays.
    found
        .0
        .sort_by_key(|change| std::cmp::Reverse(change.verdict));
    found.0
}

fn is_one_service(all: &[Operation]) -> bool {
    all.windows(2)
        .all(|pair| pair.first().map(|one| &one.service) == pair.last().map(|one| &one.service))
}

/// A path without the names of its parameters, which nobody sees on the wire.
pub(super) fn shape(path: &str) -> String {
    path.trim_end_matches('/')
        .split('/')
        .map(|part| if part.starts_with('{') { "{}" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

impl Changes {
    fn whole(&mut self, operation: &Operation, alteration: Alteration) {
        let at = At::rule(operation, Rule::of_place(Place::Operation, Facet::Method));
        let facts = operation.facts.clone();
        let (word, at) = if alteration == Alteration::Added {
            ("is new", at.rows(Vec::new(), facts))
        } else {
            ("is gone", at.rows(facts, Vec::new()))
        };
        let message = format!(
            "{} {} ({}) {word}",
            operation.method,
            operation.path,
            operation.name()
        );
        self.note(at, Aspect::Operation, alteration, message);
    }

    fn operation(&mut self, old: &Operation, new: &Operation) {
        for location in [
            Location::Path,
            Location::Query,
            Location::Header,
            Location::Cookie,
        ] {
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
        let place = location.place();
        let required = |parameter: &Parameter| {
            let rule = Rule::new(place, FieldPath::name(&parameter.name), Facet::Required);
            At::rule(new, rule)
        };
        let stated = |parameter: &Parameter| rows_of(&parameter.schema, Facet::Required);
        let mut moved = Moved::default();
        let mut met: BTreeSet<usize> = BTreeSet::new();
        for (position, parameter) in after.iter().enumerate() {
            let partner = before
                .iter()
                .enumerate()
                .find(|(index, other)| match location {
                    // On the wire a path parameter is its place.
                    Location::Path => *index == position,
                    Location::Query | Location::Cookie => other.name == parameter.name,
                    Location::Header => other.name.eq_ignore_ascii_case(&parameter.name),
                });
            let Some((index, partner)) = partner else {
                let (alteration, word) = if parameter.required {
                    (Alteration::AddedMandatory, "mandatory")
                } else {
                    (Alteration::Added, "optional")
                };
                let message = format!("{place} parameter `{}` is new and {word}", parameter.name);
                let at = required(parameter).rows(Vec::new(), stated(parameter));
                self.note(at, Aspect::Field, alteration, message);
                continue;
            };
            met.insert(index);
            if partner.name != parameter.name && location == Location::Path {
                let message = format!(
                    "path parameter `{}` is called `{}` now",
                    partner.name, parameter.name
                );
                let at = required(parameter).rows(stated(partner), stated(parameter));
                self.note(at, Aspect::Source, Alteration::Replaced, message);
            }
            let at = required(parameter).rows(stated(partner), stated(parameter));
            self.required(at, partner.required, parameter.required);
            self.fields(
                new,
                (place, &FieldPath::name(&parameter.name)),
                (&partner.schema, &parameter.schema),
                &mut moved,
            );
        }
        for (index, parameter) in before.iter().enumerate() {
            if !met.contains(&index) {
                let message = format!("{place} parameter `{}` is gone", parameter.name);
                let at = required(parameter).rows(stated(parameter), Vec::new());
                self.note(at, Aspect::Field, Alteration::Removed, message);
            }
        }
        self.moved(new, place, moved);
    }

    /// The media type of the request: that of JSON is the one that is read where there are several.
    fn media(&mut self, operation: &Operation, (before, after): (&RequestBody, &RequestBody)) {
        if before.media == after.media || after.media == MediaType::Json {
            return;
        }
        let rule = Rule::of_place(Place::Request, Facet::Keyword(Keyword::ContentMediaType));
        let message = format!(
            "the body is `{}`, was `{}`",
            after.media.as_str(),
            before.media.as_str()
        );
        let values = [&before.media, &after.media].map(|media| Some(Value::from(media.as_str())));
        let [old, new] = values;
        let at = At::rule(operation, rule);
        self.add(at, Aspect::Body, Alteration::Replaced, message, (old, new));
    }

    fn request(&mut self, old: &Operation, new: &Operation) {
        let at = At::rule(new, Rule::of_place(Place::Request, Facet::Body));
        match (&old.request_body, &new.request_body) {
            (None, None) => {}
            (None, Some(body)) => {
                let (alteration, word) = if body.required {
                    (Alteration::AddedMandatory, "mandatory")
                } else {
                    (Alteration::Added, "optional")
                };
                let message = format!("the request has a body now, which is {word}");
                let at = at.rows(Vec::new(), rows_of(&body.schema, Facet::Type));
                self.note(at, Aspect::Body, alteration, message);
            }
            (Some(body), None) => {
                let message = "the request has no body any more".to_owned();
                let at = at.rows(rows_of(&body.schema, Facet::Type), Vec::new());
                self.note(at, Aspect::Body, Alteration::Removed, message);
            }
            (Some(before), Some(after)) => {
                let rows = |schema| rows_of(schema, Facet::Type);
                let at = at.rows(rows(&before.schema), rows(&after.schema));
                self.required(at, before.required, after.required);
                self.media(new, (before, after));
                let mut moved = Moved::default();
                self.fields(
                    new,
                    (Place::Request, &FieldPath::root()),
                    (&before.schema, &after.schema),
                    &mut moved,
                );
                self.moved(new, Place::Request, moved);
                self.examples(new, Place::Request, &before.examples, &after.examples);
            }
        }
    }
}

/// The parameters of a place; those of the path in its order.
pub(super) fn in_order(operation: &Operation, location: Location) -> Vec<&Parameter> {
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
