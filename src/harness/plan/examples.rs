//! Documented requests are sent; documented answers are held against the tables.

use crate::check::{Subject, observed_offline};
use crate::contract::{Facet, Level, Place, Rule};
use crate::generate::{Case, Expectation};
use crate::harness::finding::Finding;
use crate::harness::trial::{Kind, Work};

use super::Planner;

impl Planner<'_> {
    /// The documented examples: requests that are sent, and answers that are held against the tables.
    pub(super) fn examples(&mut self) {
        let operation = self.operation;
        let name = operation.fact("request", "", "example");
        let subject = Subject {
            documented: "the documented example".to_owned(),
            ..self.subject(&name, Level::Must)
        };
        let mut cases: Vec<Case> = Vec::new();
        if let Ok(request) = &self.baseline {
            cases.push(Case {
                label: "the documented request".to_owned(),
                request: request.clone(),
                expectation: Expectation::Success,
            });
        }
        let claims = self.claims_of_example();
        self.push(name, Kind::Example, subject, Work::Cases(cases), true)
            .claims = claims;
        // Documented answers are held against the documented tables: offline, for they are the page's own.
        for response in &operation.responses {
            let Some(schema) = &response.schema else {
                continue;
            };
            if response.examples.is_empty() {
                continue;
            }
            let place = format!("response-{}", response.status);
            let name = operation.fact(&place, "", "example");
            let mut findings = Vec::new();
            for example in &response.examples {
                for violation in schema.violations(example) {
                    let rows = schema.facts(&violation.pointer, &violation.facet);
                    // An example may leave out what is expected and not promised.
                    let promised = rows
                        .iter()
                        .any(|row| row.facet != "required" || row.level == Level::Must);
                    if violation.facet == "required" && !rows.is_empty() && !promised {
                        continue;
                    }
                    let fact = operation.fact(&place, &violation.field, &violation.facet);
                    let stated = rows.iter().filter(|row| row.facet == violation.facet);
                    let stated = stated.map(|row| row.level).max();
                    let message = format!(
                        "in the documented example, `{}` {}",
                        violation.field, violation.message
                    );
                    let finding = Finding {
                        behaviour: observed_offline(&fact, &violation.message),
                        documented: violation.facet.clone(),
                        rows,
                        case: "the documented answer".to_owned(),
                        // What the page itself contradicts has been weakened already.
                        ..Finding::of_no_exchange(
                            &fact,
                            "example",
                            stated.unwrap_or(Level::Must),
                            message,
                        )
                    };
                    finding.add_to(&mut findings);
                }
            }
            let subject = Subject {
                rows: response.facts.clone(),
                ..self.subject(&name, Level::Must)
            };
            let example = Rule::of_place(Place::Response(response.range), Facet::Example);
            let claims = vec![self.claim_of_answer(example)];
            self.push(name, Kind::Example, subject, Work::Offline(findings), false)
                .claims = claims;
        }
    }
}
