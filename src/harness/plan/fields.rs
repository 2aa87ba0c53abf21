//! Both sides of every documented facet of a request's fields.

use std::collections::BTreeMap;

use crate::contract::{Level, Rule};
use crate::generate::{Slot, accepts, baseline, is_bound, rejects};
use crate::harness::trial::{Kind, Work};

use super::Planner;

impl Planner<'_> {
    /// Both sides of every documented facet of every field of the request.
    pub(super) fn fields(&mut self) {
        for slot in self.slots.clone() {
            let bound = is_bound(&self.bindings, slot.place, &slot.field);
            let rules: Vec<Rule> = self
                .facts
                .iter()
                .filter(|fact| fact.place == slot.place && fact.field == slot.field)
                .map(|fact| fact.rule.clone())
                .collect();
            for rule in rules {
                let first = self.trials.len();
                self.side(&slot, rule.facet.as_str(), bound, Kind::Accepts);
                self.side(&slot, rule.facet.as_str(), bound, Kind::Rejects);
                self.claim_sides(&slot, rule, first);
            }
        }
    }

    fn side(&mut self, slot: &Slot<'_>, facet: &str, bound: bool, kind: Kind) {
        let fact = self.operation.fact_in_words(slot.place, &slot.field, facet);
        let word = if kind == Kind::Accepts {
            "accepts"
        } else {
            "rejects"
        };
        let subject = self.subject(fact.clone(), Level::Must);
        let cases = match &self.baseline {
            Ok(baseline) if kind == Kind::Accepts => {
                accepts(self.operation, baseline, slot, facet, bound)
            }
            Ok(baseline) => rejects(
                self.operation,
                baseline,
                slot,
                facet,
                self.omission.violation,
            ),
            // Without its resource the trial is planned all the same, so that its name is there, with the reason why it is not run.
            Err(_) if self.could_have(slot, facet, kind) => {
                self.push(
                    format!("{fact}::{word}"),
                    kind,
                    subject,
                    Work::Cases(Vec::new()),
                    false,
                );
                return;
            }
            Err(_) => return,
        };
        if !cases.is_empty() {
            self.push(
                format!("{fact}::{word}"),
                kind,
                subject,
                Work::Cases(cases),
                kind == Kind::Accepts,
            );
        }
    }

    /// Whether a side of a facet would have cases if the resources were given.
    fn could_have(&self, slot: &Slot<'_>, facet: &str, kind: Kind) -> bool {
        let resources: BTreeMap<String, String> = self
            .bindings
            .values()
            .map(|key| (key.clone(), "placeholder".to_owned()))
            .collect();
        let Ok(request) = baseline(self.operation, &self.bindings, &resources) else {
            return false;
        };
        let cases = if kind == Kind::Accepts {
            accepts(self.operation, &request, slot, facet, false)
        } else {
            rejects(
                self.operation,
                &request,
                slot,
                facet,
                self.omission.violation,
            )
        };
        !cases.is_empty()
    }
}
