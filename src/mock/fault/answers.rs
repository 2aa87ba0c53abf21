//! Faults of answers: each documented fact of each documented response, broken in the ways that its
//! facet can be.

use std::sync::Arc;

use serde_json::Value;

use crate::contract::{
    Computed, DocumentedRule, Facet, Field, FieldPath, Level, Meaning, Place, Response,
    ResponseHeader, Row, Rule, Schema, Wire, counted_list, is_redirect,
};
use crate::generate::{text_of, typed};
use crate::recognise::is_count;

use super::super::operation::is_answered;
use super::alter::Spoil;
use super::wrong::Alone;
use super::{Alter, Effect, Fault, FaultKind, Maker, Meant};

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

impl Maker<'_> {
    /// Adds the faults of all responses, and those of the refusal of credentials.
    pub(super) fn answers(&mut self) {
        for response in &self.operation.responses {
            let place = Place::Response(response.status);
            let status = Rule::of_place(place, Facet::Status);
            if response.class() == Some(5) {
                self.skip_answer(status, "any", "no request brings a server error about");
                continue;
            }
            if !is_answered(self.suite, self.laws, self.operation, response) {
                let reason = format!("no request to a mock brings a {} about", response.status);
                self.skip_answer(status, "any", &reason);
                continue;
            }
            self.statuses(response);
            self.headers(response);
            match &response.schema {
                Some(schema) => {
                    self.bodies(response);
                    self.fields(response, schema);
                    self.slips(response, schema);
                }
                None if response.is_bodyless() => {
                    let rule = Rule::of_place(place, Facet::Body);
                    let what = format!("{} comes with a body", response.status);
                    self.alter(response, rule, "added", what, Alter::ExtraBody);
                }
                None if response.media.iter().any(|media| !media.is_json()) => {
                    let rule = Rule::of_place(place, Facet::Wire(Wire::ContentType));
                    let what = "calls the body a page".to_owned();
                    let alter = Alter::ContentType(Some("application/x-page"));
                    self.alter(response, rule, "another", what, alter);
                }
                None => {}
            }
        }
    }

    /// Adds a fault that alters the answers of a response.
    pub(super) fn alter(
        &mut self,
        response: &Response,
        rule: Rule,
        way: &str,
        what: String,
        alter: Alter,
    ) -> Option<&mut Fault> {
        let effect = Effect::Answer {
            meant: Meant::Statuses(response.status),
            alter,
        };
        let fact = self.operation.fact_id(rule);
        self.add(FaultKind::Answer, fact, way, what, effect)
    }

    fn skip_answer(&mut self, rule: Rule, way: &str, reason: &str) {
        let fact = self.operation.fact_id(rule);
        self.skip(FaultKind::Answer, fact, way, reason);
    }

    fn statuses(&mut self, response: &Response) {
        let class = response.class().unwrap_or(2);
        // The oracle names the first documented status of a class when another one of that class is
        // answered.
        let first = self
            .operation
            .responses
            .iter()
            .find(|other| other.class() == Some(class))
            .unwrap_or(response);
        let rule = Rule::of_place(Place::Response(first.status), Facet::Status);
        let odd = ODD_STATUSES
            .iter()
            .find(|(known, _)| *known == class)
            .and_then(|(_, statuses)| {
                statuses
                    .iter()
                    .find(|status| !self.operation.is_documented(**status))
            });
        let spelled = response.status;
        match odd {
            Some(odd) => {
                let way = format!("{spelled}-as-{odd}");
                let what = format!("answers {odd} instead of {spelled}");
                let altered = self.alter(response, rule, &way, what, Alter::Status(*odd));
                // Only a law brings about that a copy is the newest.
                if let Some(fault) = altered.filter(|_| response.status.code() == Some(304)) {
                    fault.relations = &["entity-tag"];
                }
            }
            None => self.skip_answer(
                rule,
                &format!("{spelled}-as-another"),
                "every status of the class counts as documented",
            ),
        }
    }

    fn bodies(&mut self, response: &Response) {
        let place = Place::Response(response.status);
        for (way, what, spoil) in SPOILS {
            let rule = Rule::of_place(place, Facet::Wire(Wire::Json));
            self.alter(response, rule, way, what.to_owned(), Alter::Spoil(spoil));
        }
        for (way, what, value) in [
            ("text", "calls JSON plain text", Some("text/plain")),
            (
                "html",
                "calls JSON a page",
                Some("text/html; charset=utf-8"),
            ),
            ("absent", "does not say what the body is", None),
        ] {
            let rule = Rule::of_place(place, Facet::Wire(Wire::ContentType));
            let alter = Alter::ContentType(value);
            self.alter(response, rule, way, what.to_owned(), alter);
        }
        if response.is_json_by_name() {
            let rule = Rule::of_place(place, Facet::Wire(Wire::ContentType));
            let what = "calls JSON of another name plain JSON".to_owned();
            let alter = Alter::ContentType(Some("application/json"));
            self.alter(response, rule, "plain", what, alter);
        }
        let rule = Rule::of_place(place, Facet::Body);
        let what = format!("{} comes without its body", response.status);
        self.alter(response, rule, "missing", what, Alter::NoBody);
    }

    /// The documented headers are missing, or have values that their rows do not allow; a
    /// redirection leads nowhere.
    fn headers(&mut self, response: &Response) {
        let place = Place::ResponseHeader(response.status);
        let leads = |header: &&ResponseHeader| header.name.eq_ignore_ascii_case("location");
        let location = response.headers.iter().find(leads);
        if response.status.code().is_some_and(is_redirect)
            && !location.is_some_and(|header| header.required)
        {
            let name = location.map_or("Location", |header| header.name.as_str());
            let rule = Rule::new(place, FieldPath::name(name), Facet::Required);
            let alter = Alter::Header(name.to_owned(), None);
            self.alter(response, rule, "nowhere", "leads nowhere".to_owned(), alter);
        }
        for header in &response.headers {
            let name = header.name.clone();
            let alone = Alone::new(&header.schema, &header.schema.root);
            let row = Row {
                place,
                field: FieldPath::name(&name),
            };
            for rule in self.rules_at(&row) {
                let level = self.operation.documented(&rule).map(DocumentedRule::level);
                let is_expected = header.required || level > Some(Level::May);
                if rule.facet == Facet::Required && is_expected {
                    let what = format!("the header {name} is missing");
                    let alter = Alter::Header(name.clone(), None);
                    self.alter(response, rule, "missing", what, alter);
                    continue;
                }
                // What a header holds is text: a text is of no wrong type.
                let wrong = alone
                    .iter()
                    .flat_map(|alone| alone.breaking(rule.facet, WAYS));
                let is_told = |value: &Value| {
                    let text = text_of(value);
                    typed(&text, &header.schema).is_none_or(|read| {
                        let broken = header.schema.violations(&read);
                        broken.iter().any(|violation| violation.facet == rule.facet)
                    })
                };
                let wrong: Vec<_> = wrong.filter(|(_, value)| is_told(value)).collect();
                if wrong.is_empty() {
                    self.skip_answer(rule, "any", "no text breaks it");
                    continue;
                }
                for (way, value) in wrong {
                    let what = format!("the header {name} is {value}");
                    let alter = Alter::Header(name.clone(), Some(text_of(&value)));
                    self.alter(response, rule.clone(), way, what, alter);
                }
            }
        }
    }

    fn fields(&mut self, response: &Response, schema: &Arc<Schema>) {
        let operation = self.operation;
        for field in schema.fields() {
            if field.path.last_name().is_none() || field.path.has_entry() {
                continue;
            }
            let row = Row {
                place: Place::Response(response.status),
                field: field.path.clone(),
            };
            if response.class() == Some(2) && is_count(&field) {
                let rule = Rule::new(row.place, row.field.clone(), Facet::Minimum);
                let what = format!("{} is below zero", field.path);
                let alter = Alter::Set(field.path.clone(), Value::from(-1));
                self.alter(response, rule, "negative", what, alter);
            }
            for rule in self.rules_at(&row) {
                let level = operation.documented(&rule).map(DocumentedRule::level);
                if level == Some(Level::May) && rule.facet != Facet::Required {
                    let reason = "the page contradicts it itself: a breach fails nothing";
                    self.skip_answer(rule, "any", reason);
                } else {
                    self.rule(response, schema, &field, rule);
                }
            }
        }
    }

    fn rule(&mut self, response: &Response, schema: &Schema, field: &Field<'_>, rule: Rule) {
        let name = field.path.clone();
        match rule.facet {
            Facet::Required if is_to_be_seen(schema, field) => {
                let what = format!("{name} is missing");
                self.alter(response, rule, "missing", what, Alter::Remove(name));
                return;
            }
            Facet::Required => {
                self.skip_answer(rule, "missing", "the field may be absent");
                return;
            }
            Facet::Meaning(Meaning::Computed | Meaning::Counts) => {
                self.off(response, schema, field, rule);
                return;
            }
            Facet::Nullable
            | Facet::Default
            | Facet::Prose
            | Facet::Meaning(_)
            | Facet::Items
            | Facet::Example
            | Facet::Status => {
                let reason = "the fact allows something, or is not about a value";
                self.skip_answer(rule, "any", reason);
                return;
            }
            Facet::Type
            | Facet::Enum
            | Facet::Const
            | Facet::MinLength
            | Facet::MaxLength
            | Facet::Pattern
            | Facet::Format
            | Facet::Minimum
            | Facet::ExclusiveMinimum
            | Facet::Maximum
            | Facet::ExclusiveMaximum
            | Facet::MultipleOf
            | Facet::MinItems
            | Facet::MaxItems
            | Facet::UniqueItems
            | Facet::Body
            | Facet::EmptyBody
            | Facet::Method
            | Facet::Name
            | Facet::Keyword(_)
            | Facet::Wire(_) => {}
        }
        let mut values = Alone::new(schema, field.node)
            .map(|alone| alone.breaking(rule.facet, WAYS + 1))
            .unwrap_or_default();
        // Whether an object may be null stands beside what it is; and that a field of a page may
        // not be null, nothing states.
        let nullable = rule.with(Facet::Nullable);
        let is_nullable = self.operation.documented(&nullable).is_some();
        if is_nullable || schema.is_null_unstated_in_answers(field.path, field.facts) {
            values.retain(|(_, value)| !value.is_null());
        }
        values.truncate(WAYS);
        if values.is_empty() {
            self.skip_answer(rule, "any", "no value breaks it");
            return;
        }
        for (way, value) in values {
            let shown: String = value.to_string().chars().take(40).collect();
            let what = format!("{name} is {shown}");
            let alter = Alter::Set(name.clone(), value);
            self.alter(response, rule.clone(), way, what, alter);
        }
    }

    /// A number that follows from others in the answer is one more than what they make.
    fn off(&mut self, response: &Response, schema: &Schema, field: &Field<'_>, rule: Rule) {
        let follows = match rule.facet {
            Facet::Meaning(Meaning::Computed) => Computed::of(field.node).is_some(),
            _ => counted_list(schema, field.path).is_some(),
        };
        if follows && response.class() == Some(2) {
            let what = format!("{} is one more than what it follows from", field.path);
            let alter = Alter::More(field.path.clone());
            self.alter(response, rule, "one-more", what, alter);
        } else {
            self.skip_answer(rule, "any", "nothing beside it tells what it has to be");
        }
    }
}

/// Whether it is noticed that no answer has a field: each has to have it, or an example shows
/// it, or a row describes it among others that answers have.
fn is_to_be_seen(schema: &Schema, field: &Field<'_>) -> bool {
    let has_sibling = || {
        let holder = field.path.parent();
        let own = |other: &Field<'_>| {
            other.path != field.path && other.path.parent() == holder && !other.path.is_root()
        };
        schema.fields().any(|other| own(&other))
    };
    match field.expected() {
        Some(Level::Must) => true,
        Some(Level::Should) => has_sibling(),
        Some(Level::May) | None => false,
    }
}

impl Fault {
    /// Whether the mock can be made to show it.
    pub fn is_applicable(&self) -> bool {
        self.inapplicable.is_none()
    }
}
