//! Rules of a value as a whole: an object that takes no other fields, fields that need each other, a
//! list that has to contain something. What keeps such a rule is taken, and what breaks it refused.

use std::sync::Arc;

use crate::contract::Level;
use crate::generate::{Base, is_of_whole, whole_cases};
use crate::harness::cases::TrialCases;
use crate::harness::claim::{Claim, Side};
use crate::harness::trial::{Kind, Work};

use super::Planner;

impl Planner<'_> {
    /// Both sides of each rule that is about a value of the body as a whole.
    pub(super) fn wholes(&mut self, base: Option<&Arc<Base>>) {
        let (Some(base), Ok(_)) = (base, &self.baseline) else {
            return;
        };
        let operation = self.operation;
        let facts = self.facts;
        let rules = facts.iter().map(|fact| &fact.rule);
        for rule in rules.filter(|rule| is_of_whole(rule)) {
            let cases = whole_cases(operation, base, rule);
            let fact = operation.fact_id(rule.clone());
            // That a value is taken which the rule says nothing of is no side of its own.
            let is_alone = cases.accepted.is_empty();
            for (kind, side, word, cases) in [
                (Kind::Accepts, Side::Accepts, "accepts", cases.accepted),
                (Kind::Rejects, Side::Rejects, "rejects", cases.rejected),
            ] {
                if cases.is_empty() {
                    continue;
                }
                let subject = self.subject(fact.clone(), Level::Must);
                let work = Work::Cases(TrialCases::Listed(cases));
                let is_exclusive = kind == Kind::Accepts;
                let name = format!("{fact}::{word}");
                let trial = self.push(name, kind, subject, work, is_exclusive);
                let claim = Claim::of(fact.clone(), side);
                trial.claims.push(Claim {
                    alone: is_alone,
                    ..claim
                });
            }
        }
    }
}
