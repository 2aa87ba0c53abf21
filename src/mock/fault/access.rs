//! Faults of what a request names and who sends it: unknown resources and wrong credentials are
//! taken.

use super::super::rejection::{Cause, Flaw};
use super::super::resource::row_of;
use super::{Alter, Effect, FaultKind, Maker, Meant, When};
use crate::contract::{
    Facet, FieldPath, Operation, Place, ResourceExpectation, Row, Rule, SecurityScheme, Step,
    Topic, enum_values, is_scope,
};

impl Maker<'_> {
    /// Unknown and unsuitable resources are taken; suitable ones are not.
    pub(super) fn resources(&mut self) {
        let bindings = self.suite.bindings(self.operation);
        for row in bindings.keys().filter_map(|place| row_of(place)) {
            let rule = Rule::new(row.place, row.field, Facet::Type);
            let is_chosen = self.chosen().is_some_and(|chosen| chosen == rule.row());
            if is_chosen {
                let reason = "the request chooses the id of what it makes";
                self.skip_hole(rule, "unknown-accepted", reason);
            } else if rule.field.top().is_some_and(is_scope) {
                let reason = "a project stands for the credential's scope, which no page describes";
                self.skip_hole(rule, "unknown-accepted", reason);
            } else if self.operation.may_take_unknown() {
                let reason = "no page says that what is not there is refused";
                self.skip_hole(rule, "unknown-accepted", reason);
            } else if rule.place == Place::Path
                && !self
                    .suite
                    .names_thing(self.operation, rule.field.top().unwrap_or_default())
            {
                let reason = "no source says that its values name what may not be there";
                self.skip_hole(rule, "unknown-accepted", reason);
            } else if is_listed(self.operation, &rule) {
                let reason = "every value is documented: what is unknown breaks the list of values";
                self.skip_hole(rule, "unknown-accepted", reason);
            } else {
                let what = format!("takes any {}", rule.field);
                self.open(&rule, "unknown-accepted", what, Cause::Unknown);
            }
        }
        for case in self.suite.cases_of(self.operation).resources {
            let Some((place, key)) = case.bind.iter().next() else {
                continue;
            };
            let Some(row) = row_of(place) else {
                continue;
            };
            let fact = self.operation.about(Topic::Row(row.clone()));
            let way = format!("resource-{}", case.name);
            match case.expect {
                ResourceExpectation::Refused => {
                    let cause = Cause::Unsuitable;
                    let what = format!("takes a {} resource", case.name);
                    let effect = Effect::Hole { row, cause };
                    self.add(FaultKind::Hole, fact, &way, what, effect);
                }
                ResourceExpectation::Success => {
                    let when = When::Resource(key.clone());
                    let what = format!("refuses a {} resource", case.name);
                    let effect = Effect::Strict { row, when };
                    self.add(FaultKind::Strictness, fact, &way, what, effect);
                }
                ResourceExpectation::Empty => {}
            }
        }
    }

    pub(super) fn credentials(&mut self) {
        let fact = self.operation.about(Topic::Credential);
        let scheme = self.suite.security_scheme();
        let has_word = matches!(scheme, SecurityScheme::Bearer | SecurityScheme::Basic);
        let other = (
            Flaw::OtherScheme,
            "serves requests with the token under another scheme",
        );
        for (flaw, what) in [
            (Flaw::Missing, "serves requests without a token"),
            (Flaw::Wrong, "serves requests with a wrong token"),
            (Flaw::Cut, "serves requests with a token that lacks its end"),
            (Flaw::Extended, "serves requests with more than the token"),
        ]
        .into_iter()
        .chain(has_word.then_some(other))
        {
            let effect = Effect::Hole {
                row: Row {
                    place: Place::Operation,
                    field: FieldPath::root(),
                },
                cause: Cause::Credential(flaw),
            };
            let way = format!("{}-accepted", flaw.as_str());
            if !self.suite.asks_for_credential(self.operation) {
                let reason = "no page asks for a credential here";
                self.skip(FaultKind::Auth, fact.clone(), &way, reason);
                continue;
            }
            self.add(FaultKind::Auth, fact.clone(), &way, what.to_owned(), effect);
        }
        for (way, what, alter) in [
            (
                "server-error",
                "answers a wrong token with 500",
                Alter::Status(500),
            ),
            (
                "success",
                "answers a wrong token with 200",
                Alter::Status(200),
            ),
            (
                "redirect",
                "answers a wrong token with 302",
                Alter::EmptyStatus(302),
            ),
            (
                "no-body",
                "refuses a wrong token without a word",
                Alter::NoBody,
            ),
        ] {
            // Where a page describes the answer, that it lacks its body is a fault of its row.
            let is_described = self
                .operation
                .response(401)
                .is_some_and(|response| response.schema.is_some());
            if is_described && alter == Alter::NoBody
                || !self.suite.asks_for_credential(self.operation)
            {
                continue;
            }
            let effect = Effect::Answer {
                meant: Meant::Denials,
                alter,
            };
            self.add(FaultKind::Auth, fact.clone(), way, what.to_owned(), effect);
        }
    }
}

/// Whether a page lists the values of the parameter that a rule is about.
fn is_listed(operation: &Operation, rule: &Rule) -> bool {
    operation.parameters.iter().any(|parameter| {
        parameter.location.place() == rule.place
            && rule.field.steps() == [Step::Name(parameter.name.clone())]
            && !enum_values(parameter.schema.follow(&parameter.schema.root)).is_empty()
    })
}
