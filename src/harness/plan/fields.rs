//! Both sides of every documented facet of a request's fields.

use std::collections::HashMap;
use std::sync::Arc;

use crate::check::Subject;
use crate::contract::{DocumentedRule, Facet, Fact, FieldPath, Level, Place, Rule, Source};
use crate::generate::{Base, Boundary, BoundarySide, Local, Slot, is_bound, of_branches};
use crate::harness::abort::{AbortHandle, RunError};
use crate::harness::cases::TrialCases;
use crate::harness::trial::{Kind, Work};

use super::Planner;

impl<'s> Planner<'s> {
    /// Both sides of every documented facet of every field of the request.
    pub(super) fn fields(
        &mut self,
        base: Option<&Arc<Base>>,
        slots: &[Slot<'_>],
        abort: &AbortHandle,
    ) -> Result<(), RunError> {
        let Some(base) = base else {
            return Ok(());
        };
        let facets = self.facets();
        let others = of_branches(self.operation, &base.request);
        let others = others.into_iter().map(|(_, request)| Arc::new(request));
        let others: Vec<Arc<Base>> = others
            .map(|request| Arc::new(Base::new(self.operation, request)))
            .collect();
        let least = base.least(self.operation).map(Arc::new);
        for slot in slots {
            abort.check()?;
            let facets = facets.get(&(slot.place, &slot.field));
            // A field of one of several objects is tried where that one is.
            let has = |base: &&Arc<Base>| base.request.get(slot.place, &slot.field).is_some();
            let own = Some(base).filter(has).or_else(|| others.iter().find(has));
            let base = own.unwrap_or(base);
            // One that several of the objects have is refused in each.
            let is_other = |other: &&Arc<Base>| !Arc::ptr_eq(other, base) && has(other);
            let beside: Vec<Arc<Base>> = if is_of_union(slot) {
                others.iter().filter(is_other).cloned().collect()
            } else {
                Vec::new()
            };
            let local = base.local(self.operation, slot);
            for facet in facets.into_iter().flatten() {
                let first = self.trials.len();
                self.side((base, &[]), &local, *facet, BoundarySide::Accepts);
                let is_tried = self.side((base, &beside), &local, *facet, BoundarySide::Rejects);
                if !is_tried && slot.is_beside_rules() {
                    self.refused_elsewhere(others.iter().chain(&least), slot, *facet);
                }
                let rule = Rule::new(slot.place, slot.field.clone(), *facet);
                self.claim_sides(slot, rule, first);
            }
        }
        Ok(())
    }

    /// The documented facets of each field.
    fn facets(&self) -> HashMap<(Place, &'s FieldPath), Vec<Facet>> {
        let mut facets: HashMap<(Place, &FieldPath), Vec<Facet>> = HashMap::new();
        for DocumentedRule { rule, .. } in self.facts {
            let of_field = facets.entry((rule.place, &rule.field)).or_default();
            of_field.push(rule.facet);
        }
        facets
    }

    /// The refusals of a facet that no value breaks alone in the plainest request: in another.
    fn refused_elsewhere<'b>(
        &mut self,
        bases: impl Iterator<Item = &'b Arc<Base>>,
        slot: &Slot<'_>,
        facet: Facet,
    ) {
        for base in bases {
            let local = base.local(self.operation, slot);
            if self.side((base, &[]), &local, facet, BoundarySide::Rejects) {
                return;
            }
        }
    }

    /// Plans one side of a facet, and tells whether there is anything to be tried.
    fn side(
        &mut self,
        (base, others): (&Arc<Base>, &[Arc<Base>]),
        local: &Local<'_>,
        facet: Facet,
        side: BoundarySide,
    ) -> bool {
        let slot = local.slot();
        let rule = Rule::new(slot.place, slot.field.clone(), facet);
        let cases = Boundary {
            base: Arc::clone(base),
            others: others.to_vec(),
            rule: rule.clone(),
            side,
            // Without its resource the trial is planned all the same, so that its name is there,
            // with the reason why it is not run.
            is_bound: self.baseline.is_ok() && is_bound(&self.bindings, slot.place, &slot.field),
            omitted: self.omission.violation,
        };
        if !cases.has_cases(local) {
            return false;
        }
        let (kind, word) = match side {
            BoundarySide::Accepts => (Kind::Accepts, "accepts"),
            BoundarySide::Rejects => (Kind::Rejects, "rejects"),
        };
        let fact = self.operation.fact_id(rule);
        let name = format!("{fact}::{word}");
        let mut subject = Subject {
            documented: documented(slot, facet, side),
            ..self.subject(fact, Level::Must)
        };
        // That a branch needs a field says nothing of the others: without it no branch is left.
        let is_of_branch = facet == Facet::Required && !slot.required;
        let is_of_document = |fact: &Fact| matches!(fact.source, Source::Document(_));
        if is_of_branch && side == BoundarySide::Rejects && slot.facts.iter().all(is_of_document) {
            subject.level = Level::Must;
        }
        let is_exclusive = side == BoundarySide::Accepts && self.baseline.is_ok();
        let work = Work::Cases(TrialCases::Field(Box::new(cases)));
        self.push(name, kind, subject, work, is_exclusive);
        true
    }
}

/// Whether a field is one of an object that is one of several kinds.
fn is_of_union(slot: &Slot<'_>) -> bool {
    let above = slot.field.parent().filter(|_| slot.place == Place::Request);
    above.is_some_and(|above| {
        let node = slot.schema.node(&above.to_pointer());
        node.is_some_and(|node| node.get("oneOf").or_else(|| node.get("anyOf")).is_some())
    })
}

/// A facet with its value: `maxLength 64`.
fn documented(slot: &Slot<'_>, facet: Facet, side: BoundarySide) -> String {
    match (slot.node.get(facet.as_str()), facet) {
        (Some(value), _) => format!("{facet} {value}"),
        (None, Facet::Required) if slot.required || side == BoundarySide::Rejects => {
            "mandatory".to_owned()
        }
        (None, Facet::Required) => "optional".to_owned(),
        (None, _) => facet.to_string(),
    }
}
