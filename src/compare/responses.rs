//! The walk over the answers of two operations: their statuses as a set, and each body that belongs
//! to another.

use serde_json::Value;

use super::change::{About, At, Changes};
use super::fields::Moved;
use super::verdict::{Alteration, Aspect};
use crate::contract::{
    Facet, Fact, FieldPath, Operation, Place, Response, ResponseHeader, Rule, StatusRange,
};

impl Changes {
    /// The statuses of a class as a set: the answers that can come.
    pub(super) fn statuses(
        &mut self,
        old: &Operation,
        new: &Operation,
        aspect: Aspect,
        wanted: impl Fn(u16) -> bool,
    ) {
        let named = |operation: &Operation| -> Vec<u16> {
            operation
                .responses
                .iter()
                .filter(|response| response.class().is_some_and(&wanted))
                .filter_map(|response| response.status.code())
                .collect()
        };
        let (before, after) = (named(old), named(new));
        let gone: Vec<u16> = before
            .iter()
            .copied()
            .filter(|one| !after.contains(one))
            .collect();
        let fresh: Vec<u16> = after
            .iter()
            .copied()
            .filter(|one| !before.contains(one))
            .collect();
        let alteration = match (before.is_empty(), after.is_empty()) {
            _ if gone.is_empty() && fresh.is_empty() => return,
            (true, _) => Alteration::Added,
            (_, true) => Alteration::Removed,
            _ if gone.is_empty() => Alteration::Widened,
            _ if fresh.is_empty() => Alteration::Narrowed,
            _ => Alteration::Replaced,
        };
        let word = if aspect == Aspect::Success {
            "success"
        } else {
            "failure"
        };
        let texts =
            |statuses: &[u16]| -> Vec<String> { statuses.iter().map(u16::to_string).collect() };
        let list = |statuses: &[u16]| {
            if statuses.is_empty() {
                "any".to_owned()
            } else {
                texts(statuses).join(", ")
            }
        };
        let message = format!(
            "documented statuses of {word}: {}, were {}",
            list(&after),
            list(&before)
        );
        // The rows of what differs.
        let facts = |operation: &Operation, statuses: &[u16]| -> Vec<Fact> {
            operation
                .responses
                .iter()
                .filter(|response| {
                    response
                        .status
                        .code()
                        .is_some_and(|code| statuses.contains(&code))
                })
                .flat_map(|response| response.facts.clone())
                .collect()
        };
        let at = At {
            operation: new,
            about: About::Statuses(word),
            rows: (facts(old, &gone), facts(new, &fresh)),
        };
        let values = (
            Some(Value::from(texts(&before))),
            Some(Value::from(texts(&after))),
        );
        self.add(at, aspect, alteration, message, values);
    }

    pub(super) fn response(&mut self, operation: &Operation, old: &Response, new: &Response) {
        let place = Place::Response(new.status);
        let at = At::rule(operation, Rule::of_place(place, Facet::Body))
            .rows(old.facts.clone(), new.facts.clone());
        match (&old.schema, &new.schema) {
            (None, None) => {}
            (None, Some(_)) => {
                let message = format!("the body of {} is described now", new.status);
                self.note(at, Aspect::Body, Alteration::Added, message);
            }
            (Some(_), None) => {
                let message = format!("the body of {} is not described any more", new.status);
                self.note(at, Aspect::Body, Alteration::Removed, message);
            }
            (Some(before), Some(after)) => {
                let mut moved = Moved::default();
                let at = (place, &FieldPath::root());
                self.fields(operation, at, (before, after), &mut moved);
                self.moved(operation, place, moved);
            }
        }
        self.examples(operation, place, &old.examples, &new.examples);
        self.headers(operation, old, new);
    }

    /// The headers of two answers, by name.
    fn headers(&mut self, operation: &Operation, old: &Response, new: &Response) {
        let place = Place::ResponseHeader(new.status);
        let named = |response: &'_ Response, name: &str| {
            let mut headers = response.headers.iter();
            headers.position(|header| header.name.eq_ignore_ascii_case(name))
        };
        let facts = |header: &ResponseHeader| header.schema.own_facts().to_vec();
        for header in &new.headers {
            let field = FieldPath::name(&header.name);
            let known = named(old, &header.name).and_then(|at| old.headers.get(at));
            let Some(known) = known else {
                let rule = Rule::new(place, field, Facet::Name);
                let at = At::rule(operation, rule).rows(Vec::new(), facts(header));
                let message = format!("the header `{}` is described now", header.name);
                self.note(at, Aspect::Field, Alteration::Added, message);
                continue;
            };
            if known.required != header.required {
                let rule = Rule::new(place, field.clone(), Facet::Required);
                let at = At::rule(operation, rule).rows(facts(known), facts(header));
                let (alteration, word) = if header.required {
                    (Alteration::Added, "is always there now")
                } else {
                    (Alteration::Removed, "need not be there any more")
                };
                let message = format!("the header `{}` {word}", header.name);
                self.note(at, Aspect::Required, alteration, message);
            }
            let mut moved = Moved::default();
            let schemas = (known.schema.as_ref(), header.schema.as_ref());
            self.fields(operation, (place, &field), schemas, &mut moved);
            self.moved(operation, place, moved);
        }
        for header in &old.headers {
            if named(new, &header.name).is_none() {
                let rule = Rule::new(place, FieldPath::name(&header.name), Facet::Name);
                let at = At::rule(operation, rule).rows(facts(header), Vec::new());
                let message = format!("the header `{}` is not described any more", header.name);
                self.note(at, Aspect::Field, Alteration::Removed, message);
            }
        }
    }
}

/// The old response of a new one: of the same status, or the one that was silent about it, where
/// there is no other of its class.
pub(super) fn partner<'o>(old: &'o Operation, new: &Response) -> Option<&'o Response> {
    let exact = old
        .responses
        .iter()
        .find(|response| response.status == new.status);
    exact.or_else(|| {
        let mut of_class = old
            .responses
            .iter()
            .filter(|response| response.class() == new.class());
        let only = of_class.next().filter(|_| of_class.next().is_none())?;
        let silent = [only.status, new.status]
            .into_iter()
            .any(|range| !matches!(range, StatusRange::Code(_)));
        silent.then_some(only)
    })
}
