//! Documented requests are sent; documented answers are held against the tables.

use std::sync::Arc;

use crate::check::{Check, Seen, Subject};
use crate::contract::{Facet, FieldPath, Level, Location, Place, Rule};
use crate::generate::{
    Edit, Expectation, PlannedCase, is_bound, is_opaque, is_structured, unapplicable_patch,
};
use crate::harness::cases::TrialCases;
use crate::harness::finding::Finding;
use crate::harness::trial::{Kind, Work};

use super::Planner;

impl Planner<'_> {
    /// What the query of the documented request has, or why it cannot be sent whole.
    fn documented_query(&self) -> Result<Vec<Edit>, String> {
        let mut query = Vec::new();
        for parameter in self.operation.parameters_in(Location::Query) {
            let field = FieldPath::name(&parameter.name);
            let Some(example) = &parameter.example else {
                continue;
            };
            let is_known = is_bound(&self.bindings, Place::Query, &field)
                || is_opaque(parameter.schema.own_facts());
            if is_known {
                continue;
            }
            let is_written = parameter.style.is_some() || parameter.is_json;
            if is_structured(&parameter.schema.root) && !is_written {
                return Err(format!(
                    "not sent: how `{}` writes its parts, no page says",
                    parameter.name
                ));
            }
            if !parameter.schema.is_valid(example) {
                return Err(format!(
                    "not sent: the documented query has a `{}` that its row does not allow",
                    parameter.name
                ));
            }
            query.push(Edit::Set {
                place: Place::Query,
                field,
                value: Some(Arc::new(example.clone())),
            });
        }
        Ok(query)
    }

    /// The documented examples: requests that are sent, and answers that are held against the
    /// tables.
    pub(super) fn examples(&mut self) {
        let operation = self.operation;
        let fact = operation.fact_id(Rule::of_place(Place::Request, Facet::Example));
        let subject = Subject {
            documented: "the documented example".to_owned(),
            ..self.subject(fact.clone(), Level::Must)
        };
        let documented =
            |request| PlannedCase::of(request, "the documented request", Expectation::Success);
        let patch = self.baseline.as_ref().ok();
        let patch = patch.and_then(|request| unapplicable_patch(operation, request));
        let query = match patch {
            Some(lacking) => Err(format!("not sent: {lacking}, and no example shows one")),
            None => self.documented_query(),
        };
        let work = match (&self.baseline, query) {
            (Ok(request), Ok(query)) => {
                let case = query
                    .into_iter()
                    .fold(documented(request), PlannedCase::with);
                Work::Cases(TrialCases::Listed(vec![case]))
            }
            (Ok(_), Err(reason)) => Work::Skip(reason),
            (Err(_), _) => Work::Cases(TrialCases::Listed(Vec::new())),
        };
        let claims = self.claims_of_example();
        self.push(fact.to_string(), Kind::Example, subject, work, true)
            .claims = claims;
        // Documented answers are held against the documented tables: offline, for they are the
        // page's own.
        for response in &operation.responses {
            let Some(schema) = &response.schema else {
                continue;
            };
            if response.examples.is_empty() {
                continue;
            }
            let place = Place::Response(response.status);
            let shown = operation.fact_id(Rule::of_place(place, Facet::Example));
            let mut findings = Vec::new();
            for example in &response.examples {
                for violation in schema.violations(example) {
                    let facet = violation.facet;
                    let rows = schema.facts(&violation.pointer, facet);
                    // An example may leave out what is expected and not promised.
                    let promised = rows
                        .iter()
                        .any(|row| row.facet != Facet::Required || row.level == Level::Must);
                    if facet == Facet::Required && !rows.is_empty() && !promised {
                        continue;
                    }
                    let field = violation.field.clone();
                    let fact = operation.fact_id(Rule::new(place, field, facet));
                    let stated = rows.iter().filter(|row| row.facet == facet);
                    let stated = stated.map(|row| row.level).max();
                    let message = format!(
                        "in the documented example, `{}` {}",
                        violation.field, violation.message
                    );
                    let finding = Finding {
                        documented: facet.to_string(),
                        rows,
                        case: "the documented answer".to_owned(),
                        // What the page itself contradicts has been weakened already.
                        ..Finding::of_no_exchange(
                            fact,
                            Check::Example,
                            Seen::of_value(facet, example.pointer(&violation.pointer)),
                            stated.unwrap_or(Level::Must),
                            message,
                        )
                    };
                    finding.add_to(&mut findings);
                }
            }
            let subject = Subject {
                rows: response.facts.clone(),
                ..self.subject(shown.clone(), Level::Must)
            };
            let example = Rule::of_place(place, Facet::Example);
            let name = shown.to_string();
            let claims = vec![self.claim_of_answer(example)];
            self.push(name, Kind::Example, subject, Work::Offline(findings), false)
                .claims = claims;
        }
    }
}
