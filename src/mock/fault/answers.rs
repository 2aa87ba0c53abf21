//! Faults of answers: each documented fact of each documented response, broken in the ways that its facet can be.

use std::sync::Arc;

use crate::contract::{Field, Level, Response, Schema, Step};

use super::super::served::is_answered;
use super::wrong::Alone;
use super::{Alter, Effect, Fault, FaultKind, Maker, Spoil};

/// How many wrong values are served for one facet, each as a fault of its own.
const WAYS: usize = 3;

/// Ways to spoil a body.
const SPOILS: [(&str, &str, Spoil); 6] = [
    (
        "truncated",
        "the body lacks its last byte",
        Spoil::Truncated,
    ),
    ("trailing", "text follows the body", Spoil::Trailing),
    (
        "duplicate-key",
        "the body names a field twice",
        Spoil::Duplicate,
    ),
    (
        "byte-order-mark",
        "the body begins with a byte-order mark",
        Spoil::Mark,
    ),
    ("not-utf-8", "the body is not UTF-8", Spoil::NotUtf8),
    (
        "not-a-number",
        "a value of the body is NaN",
        Spoil::NotANumber,
    ),
];

/// Statuses that hardly any page documents, one for each class, to answer with instead.
const ODD_STATUSES: [(u16, &[u16]); 4] = [
    (2, &[202, 203, 206]),
    (3, &[304, 303]),
    (4, &[418, 406, 451]),
    (5, &[507, 502]),
];

/// Facets that allow something, or are not about a value: no answer breaks them.
const PERMISSIONS: [&str; 6] = ["nullable", "default", "prose", "items", "example", "status"];

impl Maker<'_> {
    /// Adds the faults of all responses, and those of the refusal of credentials.
    pub(super) fn answers(&mut self) {
        for response in &self.operation.responses {
            if response.class() == Some(5) {
                let fact = self.fact(response, "", "status");
                self.skip(
                    FaultKind::Answer,
                    fact,
                    "any",
                    "no request brings a server error about",
                );
                continue;
            }
            if !is_answered(self.suite, self.operation, response) {
                let fact = self.fact(response, "", "status");
                let reason = format!("no request to a mock brings a {} about", response.status);
                self.skip(FaultKind::Answer, fact, "any", &reason);
                continue;
            }
            self.statuses(response);
            match &response.schema {
                Some(schema) => {
                    self.bodies(response);
                    self.fields(response, schema);
                    self.slips(response, schema);
                }
                None if response.is_bodyless() => {
                    let fact = self.fact(response, "", "body");
                    let what = format!("{} comes with a body", response.status);
                    self.alter(response, fact, "added", what, Alter::ExtraBody);
                }
                None => {}
            }
        }
    }

    fn fact(&self, response: &Response, field: &str, facet: &str) -> String {
        self.operation
            .fact(&format!("response-{}", response.status), field, facet)
    }

    fn alter(&mut self, response: &Response, fact: String, way: &str, what: String, alter: Alter) {
        let effect = Effect::Answer {
            status: response.status.clone(),
            alter,
        };
        self.add(FaultKind::Answer, fact, way, what, effect);
    }

    fn statuses(&mut self, response: &Response) {
        let class = response.class().unwrap_or(2);
        // The oracle names the first documented status of a class when another one of that class is answered.
        let first = self
            .operation
            .responses
            .iter()
            .find(|other| other.class() == Some(class))
            .unwrap_or(response);
        let fact = self.fact(first, "", "status");
        let odd = ODD_STATUSES
            .iter()
            .find(|(known, _)| *known == class)
            .and_then(|(_, statuses)| {
                statuses
                    .iter()
                    .find(|status| !self.operation.is_documented(**status))
            });
        let spelled = response.status.clone();
        match odd {
            Some(odd) => {
                let way = format!("{spelled}-as-{odd}");
                let what = format!("answers {odd} instead of {spelled}");
                self.alter(response, fact, &way, what, Alter::Status(*odd));
            }
            None => self.skip(
                FaultKind::Answer,
                fact,
                &format!("{spelled}-as-another"),
                "every status of the class counts as documented",
            ),
        }
    }

    fn bodies(&mut self, response: &Response) {
        for (way, what, spoil) in SPOILS {
            let fact = self.fact(response, "", "json");
            self.alter(response, fact, way, what.to_owned(), Alter::Spoil(spoil));
        }
        let fact = self.fact(response, "", "contentType");
        for (way, what, value) in [
            ("text", "calls JSON plain text", Some("text/plain")),
            (
                "html",
                "calls JSON a page",
                Some("text/html; charset=utf-8"),
            ),
            ("absent", "does not say what the body is", None),
        ] {
            let alter = Alter::ContentType(value);
            self.alter(response, fact.clone(), way, what.to_owned(), alter);
        }
        let fact = self.fact(response, "", "body");
        let what = format!("{} comes without its body", response.status);
        self.alter(response, fact, "missing", what, Alter::NoBody);
    }

    fn fields(&mut self, response: &Response, schema: &Arc<Schema>) {
        let place = format!("response-{}", response.status);
        for field in schema.fields() {
            if field.path.is_root()
                || field.path.has_entry()
                || field.path.steps().last() == Some(&Step::Item)
            {
                continue;
            }
            let facets: Vec<(String, Level)> = self
                .facts
                .iter()
                .filter(|fact| fact.place == place && fact.field == field.name)
                .map(|fact| (fact.facet.to_string(), fact.level()))
                .collect();
            for (facet, level) in facets {
                if level == Level::May && facet != "required" {
                    let fact = self.fact(response, field.name, &facet);
                    let reason = "the page contradicts it itself: a breach fails nothing";
                    self.skip(FaultKind::Answer, fact, "any", reason);
                } else {
                    self.facet(response, schema, &field, &facet);
                }
            }
        }
    }

    fn facet(&mut self, response: &Response, schema: &Schema, field: &Field<'_>, facet: &str) {
        let fact = self.fact(response, field.name, facet);
        let name = field.name.to_owned();
        if facet == "required" {
            if field.required {
                let what = format!("{name} is missing");
                self.alter(response, fact, "missing", what, Alter::Remove(name));
            } else {
                self.skip(
                    FaultKind::Answer,
                    fact,
                    "missing",
                    "the field may be absent",
                );
            }
            return;
        }
        if PERMISSIONS.contains(&facet) {
            let reason = "the fact allows something, or is not about a value";
            self.skip(FaultKind::Answer, fact, "any", reason);
            return;
        }
        let values = Alone::new(schema, field.node)
            .map(|alone| alone.breaking(facet, WAYS))
            .unwrap_or_default();
        if values.is_empty() {
            self.skip(FaultKind::Answer, fact, "any", "no value breaks it");
            return;
        }
        for (way, value) in values {
            let shown: String = value.to_string().chars().take(40).collect();
            let what = format!("{name} is {shown}");
            let alter = Alter::Set(name.clone(), value);
            self.alter(response, fact.clone(), way, what, alter);
        }
    }
}

impl Fault {
    /// Whether the mock can be made to show it.
    pub fn is_applicable(&self) -> bool {
        self.inapplicable.is_none()
    }
}
