//! Faults of rules that are about a value of the body as a whole: what breaks one is taken.

use std::sync::Arc;

use crate::contract::Rule;
use crate::generate::{Base, baseline, is_of_whole, whole_cases};

use super::super::rejection::Cause;
use super::Maker;

impl Maker<'_> {
    /// Adds a hole for each such rule that a request can break by itself.
    pub(super) fn wholes(&mut self) {
        let facts = self.operation.facts().iter();
        let rules: Vec<Rule> = facts
            .map(|fact| &fact.rule)
            .filter(|rule| is_of_whole(rule))
            .cloned()
            .collect();
        if rules.is_empty() {
            return;
        }
        let bindings = self.suite.bindings(self.operation);
        let resources = bindings
            .values()
            .map(|key| (key.clone(), "placeholder".to_owned()));
        let Ok(request) = baseline(self.operation, &bindings, &resources.collect()) else {
            return;
        };
        let base = Base::new(self.operation, Arc::new(request));
        for rule in rules {
            if whole_cases(self.operation, &base, &rule)
                .rejected
                .is_empty()
            {
                let reason = "no request can be made that breaks it and nothing else";
                self.skip_hole(rule, "accepted", reason);
            } else {
                let name = if rule.field.is_root() {
                    "the body".to_owned()
                } else {
                    rule.field.to_string()
                };
                let what = format!("{name} is not held to its {}", rule.facet);
                self.open(&rule, "accepted", what, Cause::Rule(rule.facet));
            }
        }
    }
}
