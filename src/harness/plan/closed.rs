//! Objects of a request that have no other fields than the documented ones: one more is refused.

use std::sync::Arc;

use serde_json::Value;

use crate::contract::{Facet, Keyword, Level, Place};
use crate::generate::{Edit, Expectation, PlannedCase, Validity, classify};
use crate::harness::cases::TrialCases;
use crate::harness::claim::{Claim, Side};
use crate::harness::trial::{Kind, Work};

use super::Planner;

/// A field that no source describes.
const UNKNOWN: &str = "docproof_unknown";

impl Planner<'_> {
    /// A field too many in each object of the body of which the source says that it has no others.
    pub(super) fn closed(&mut self) {
        let operation = self.operation;
        let (Ok(baseline), Some(body)) = (self.baseline.clone(), &operation.request_body) else {
            return;
        };
        let sent: Value = match baseline.body_bytes() {
            Some(bytes) if body.media.is_json() => {
                serde_json::from_slice(&bytes).unwrap_or_default()
            }
            _ => return,
        };
        let closed = Facet::Keyword(Keyword::AdditionalProperties);
        let facts = self.facts.iter().map(|fact| &fact.rule);
        let rules = facts.filter(|rule| rule.place == Place::Request && rule.facet == closed);
        let rules: Vec<_> = rules
            .filter(|rule| !rule.field.has_entry())
            .cloned()
            .collect();
        for rule in rules {
            let there = sent.pointer(&rule.field.to_pointer());
            if !there.is_some_and(Value::is_object) {
                continue;
            }
            let label = "a field more than the documented ones";
            let case = PlannedCase::of(&baseline, label, Expectation::Refusal).with(Edit::Set {
                place: Place::Request,
                field: rule.field.child(UNKNOWN),
                value: Some(Arc::new(Value::from("docproof"))),
            });
            let broken = classify(operation, &case.make().request);
            if broken != Validity::Invalid(vec![rule.clone()]) {
                continue;
            }
            let fact = operation.fact_id(rule);
            let subject = self.subject(fact.clone(), Level::Must);
            let work = Work::Cases(TrialCases::one(case));
            let name = format!("{fact}::rejects");
            let trial = self.push(name, Kind::Rejects, subject, work, false);
            trial.claims.push(Claim::alone(fact, Side::Rejects));
        }
    }
}
