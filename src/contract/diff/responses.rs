//! The walk over the answers of two operations: their statuses as a set, and each body that belongs to another.

use serde_json::Value;

use super::compare::{Changes, Place};
use super::fields::Moved;
use super::rule::{Alteration, Aspect, Direction};
use crate::contract::{Fact, Operation, Response};

impl Changes {
    /// The statuses of a class as a set: the answers that can come.
    pub(super) fn statuses(
        &mut self,
        old: &Operation,
        new: &Operation,
        aspect: Aspect,
        wanted: impl Fn(u16) -> bool,
    ) {
        let named = |operation: &Operation| -> Vec<String> {
            operation
                .responses
                .iter()
                .filter(|response| response.class().is_some_and(&wanted))
                .map(|response| response.status.clone())
                .filter(|status| status.parse::<u16>().is_ok())
                .collect()
        };
        let (before, after) = (named(old), named(new));
        let gone: Vec<&String> = before.iter().filter(|one| !after.contains(one)).collect();
        let fresh: Vec<&String> = after.iter().filter(|one| !before.contains(one)).collect();
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
        let list = |statuses: &[String]| {
            if statuses.is_empty() {
                "any".to_owned()
            } else {
                statuses.join(", ")
            }
        };
        let message = format!(
            "documented statuses of {word}: {}, were {}",
            list(&after),
            list(&before)
        );
        let at = Place {
            operation: new,
            part: "responses",
            field: "",
            facet: word,
            direction: Direction::Response,
        };
        // The rows of what differs.
        let facts = |operation: &Operation, statuses: &[&String]| -> Vec<Fact> {
            operation
                .responses
                .iter()
                .filter(|response| statuses.contains(&&response.status))
                .flat_map(|response| response.facts.clone())
                .collect()
        };
        let rows = (facts(old, &gone), facts(new, &fresh));
        let values = (Some(Value::from(before)), Some(Value::from(after)));
        self.add(&at, aspect, alteration, message, values, rows);
    }

    pub(super) fn response(&mut self, operation: &Operation, old: &Response, new: &Response) {
        let place = format!("response-{}", new.status);
        let at = Place {
            operation,
            part: &place,
            field: "",
            facet: "body",
            direction: Direction::Response,
        };
        match (&old.schema, &new.schema) {
            (None, None) => {}
            (None, Some(_)) => {
                let message = format!("the body of {} is described now", new.status);
                self.add(
                    &at,
                    Aspect::Body,
                    Alteration::Added,
                    message,
                    (None, None),
                    (old.facts.clone(), new.facts.clone()),
                );
            }
            (Some(_), None) => {
                let message = format!("the body of {} is not described any more", new.status);
                self.add(
                    &at,
                    Aspect::Body,
                    Alteration::Removed,
                    message,
                    (None, None),
                    (old.facts.clone(), new.facts.clone()),
                );
            }
            (Some(before), Some(after)) => {
                let mut moved = Moved::default();
                self.fields(
                    operation,
                    &place,
                    "",
                    Direction::Response,
                    (before, after),
                    &mut moved,
                );
                self.moved(operation, &place, Direction::Response, moved);
            }
        }
        self.examples(
            operation,
            &place,
            Direction::Response,
            &old.examples,
            &new.examples,
        );
    }
}

/// The old response of a new one: of the same status, or the one that was silent about it, where there is no other of its class.
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
        let silent = [&only.status, &new.status]
            .iter()
            .any(|status| status.parse::<u16>().is_err());
        silent.then_some(only)
    })
}
