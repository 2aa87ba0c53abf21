//! The plan: contract + target -> trials, each named by the fact that it is about. Nothing is sent
//! here.
//!
//! One file a stage; what follows from a contract alone, its generated requests and its answers,
//! stands here.

mod claims;
mod examples;
mod fields;
mod laws;
mod paths;
mod protocol;
mod resources;
mod wholes;

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::check::Subject;
use crate::contract::{
    DocumentedRule, Facet, FactId, FieldPath, Level, Operation, Place, Resource, Suite, Topic,
    is_scope,
};
use crate::generate::{
    Base, Property, Request, Scheme, Slot, ViolationKind, Whose, baseline, is_bound, slots,
};

use crate::recognise::Laws;

use super::ablation::Omission;
use super::abort::{AbortHandle, RunError};
use super::supply::{Lack, Supplies};
use super::target::{Mode, Target};
use super::trial::{Kind, Trial, Work};

use paths::Paths;
pub use resources::missing_resources;

/// Plans every trial of a suite for a target, but for the cases that are left out on purpose. Ends
/// early where the run is to end.
pub fn plan(
    suite: &Suite,
    target: &Target,
    scheme: Scheme,
    omission: Omission,
    abort: &AbortHandle,
) -> Result<Vec<Trial>, RunError> {
    let mut trials = Vec::new();
    plan_each(suite, target, scheme, omission, abort, |mut own| {
        trials.append(&mut own);
    })?;
    Ok(trials)
}

/// The same, where `take` gets the trials of one operation after the other: who only lists them need
/// not hold all.
pub fn plan_each(
    suite: &Suite,
    target: &Target,
    scheme: Scheme,
    omission: Omission,
    abort: &AbortHandle,
    mut take: impl FnMut(Vec<Trial>),
) -> Result<(), RunError> {
    let laws = Laws::new(suite);
    let supplies = Supplies::of(suite, target);
    let paths = Paths::of(suite, target);
    for (index, operation) in suite.operations.iter().enumerate() {
        abort.check()?;
        let common = Common {
            suite,
            target,
            supplies: &supplies,
            laws: &laws,
            paths: &paths,
        };
        let mut planner = Planner::new(common, index, operation, scheme.clone());
        planner.omission = omission;
        planner.plan(abort)?;
        take(planner.trials);
    }
    Ok(())
}

/// The same where nothing ends it early.
pub fn plan_all(suite: &Suite, target: &Target, scheme: Scheme, omission: Omission) -> Vec<Trial> {
    plan(suite, target, scheme, omission, &AbortHandle::default()).unwrap_or_default()
}

/// What the plans of all operations have in common.
#[derive(Clone, Copy)]
struct Common<'s> {
    suite: &'s Suite,
    target: &'s Target,
    supplies: &'s Supplies,
    laws: &'s Laws,
    paths: &'s Paths<'s>,
}

struct Planner<'s> {
    suite: &'s Suite,
    target: &'s Target,
    supplies: &'s Supplies,
    laws: &'s Laws,
    paths: &'s Paths<'s>,
    operation: &'s Operation,
    index: usize,
    scheme: Scheme,
    bindings: BTreeMap<String, String>,
    /// The operation's facts.
    facts: &'s [DocumentedRule],
    baseline: Result<Arc<Request>, Lack>,
    omission: Omission,
    /// What the operation's trials hold while they run, once it was asked for.
    held: OnceCell<Option<(String, bool)>>,
    trials: Vec<Trial>,
}

impl<'s> Planner<'s> {
    fn new(common: Common<'s>, index: usize, operation: &'s Operation, scheme: Scheme) -> Self {
        let Common {
            suite,
            target,
            supplies,
            laws,
            paths,
        } = common;
        let bindings = suite.bindings(operation);
        let baseline = supplies.baseline_of(suite, index, &bindings).map(Arc::new);
        Self {
            suite,
            target,
            supplies,
            laws,
            paths,
            operation,
            index,
            scheme,
            bindings,
            facts: operation.facts(),
            baseline,
            omission: Omission::default(),
            held: OnceCell::new(),
            trials: Vec::new(),
        }
    }

    fn plan(&mut self, abort: &AbortHandle) -> Result<(), RunError> {
        let base = self.base();
        let slots = slots(self.operation);
        self.examples();
        self.fields(base.as_ref(), &slots, abort)?;
        self.wholes(base.as_ref());
        self.resources();
        self.path_values();
        self.protocol();
        self.undocumented_path();
        self.properties(base.as_ref(), &slots);
        self.relations();
        self.lifecycle();
        self.answers();
        Ok(())
    }

    /// The request that cases are made from. Without its resources it has others in their place: it
    /// is not sent, and shows which trials there would be.
    fn base(&self) -> Option<Arc<Base>> {
        let request = if let Ok(request) = &self.baseline {
            Arc::clone(request)
        } else {
            let resources = self
                .bindings
                .values()
                .map(|key| (key.clone(), "placeholder".to_owned()))
                .collect();
            Arc::new(baseline(self.operation, &self.bindings, &resources).ok()?)
        };
        Some(Arc::new(Base::new(self.operation, request)))
    }

    /// Whether a kind of violation is left out on purpose.
    fn omits(&self, violation: ViolationKind) -> bool {
        self.omission.violation == Some(violation)
    }

    /// Why nothing of this operation can be sent, if so.
    fn obstacle(&self, writes: bool) -> Option<String> {
        if self.target.endpoint(&self.operation.service).is_none() {
            return self.obstacle_of_target(writes);
        }
        if let Err(lack) = &self.baseline {
            return Some(lack.to_string());
        }
        self.obstacle_of_target(writes)
    }

    /// Why nothing can be sent to the target, if so, whatever the request is about.
    fn obstacle_of_target(&self, writes: bool) -> Option<String> {
        if self.target.endpoint(&self.operation.service).is_none() {
            return Some(format!(
                "no endpoint for `{}`: give `--endpoint {}=URL`",
                self.operation.service, self.operation.service
            ));
        }
        (writes && self.target.mode == Mode::ReadOnly).then(|| {
            "read-only mode: the request could write; `--mode sandbox` or `full` sends it"
                .to_owned()
        })
    }

    /// What a trial is about: a documented fact with its rows, or something else of the operation,
    /// with the operation's own.
    fn subject(&self, fact: FactId, level: Level) -> Subject {
        let known = fact.rule().and_then(|rule| self.operation.documented(rule));
        Subject {
            rows: known.map_or_else(|| self.operation.facts.clone(), |known| known.rows.clone()),
            level: known.map_or(level, DocumentedRule::level),
            documented: known.map_or_else(
                || "the operation".to_owned(),
                |known| known.rule.documents(),
            ),
            fact,
        }
    }

    /// The resource that requests of this operation are about: the innermost one bound.
    fn resource(&self) -> Option<String> {
        self.bindings
            .values()
            .find(|key| !is_scope(key))
            .or_else(|| self.bindings.values().next())
            .cloned()
    }

    /// What a trial holds while it runs, and whether for itself.
    fn lock(&self, exclusive: bool) -> Option<(String, bool)> {
        let (key, is_always_exclusive) = self.held.get_or_init(|| self.what_is_held()).clone()?;
        Some((key, exclusive || is_always_exclusive))
    }

    /// What the operation's trials hold, and whether each for itself. What can be created is one
    /// family with all that belongs to it: whoever makes one of them disturbs who lists them.
    fn what_is_held(&self) -> Option<(String, bool)> {
        let resources = &self.suite.resources;
        let is_its = |resource: &Resource| {
            let reads = [
                resource.show,
                resource.create.as_ref().map(|create| create.operation),
                resource.list.as_ref().map(|list| list.operation),
            ];
            reads.contains(&Some(self.index)) || resource.is_changed_by(self.index)
        };
        let Some(mut family) = resources
            .iter()
            .find(|resource| is_its(resource) && resource.create.is_some())
        else {
            return self.resource().map(|resource| (resource, false));
        };
        while let Some(parent) = family.parent.and_then(|parent| resources.get(parent)) {
            if parent.create.is_none() {
                break;
            }
            family = parent;
        }
        let makes_its_own = self
            .baseline
            .as_ref()
            .is_ok_and(|request| request.borrowed.iter().any(|one| one.whose == Whose::Own));
        Some((family.key.clone(), makes_its_own))
    }

    /// Plans a trial, which decides nothing yet.
    fn push(
        &mut self,
        name: String,
        kind: Kind,
        subject: Subject,
        work: Work,
        exclusive: bool,
    ) -> &mut Trial {
        let work = match self.obstacle(self.operation.writes()) {
            Some(reason) if !matches!(work, Work::Offline(_) | Work::Skip(_)) => Work::Skip(reason),
            _ => work,
        };
        self.push_as(
            name,
            kind,
            subject,
            work,
            exclusive && self.operation.writes(),
        )
    }

    /// The same, whatever is in the way of the operation's own requests.
    fn push_as(
        &mut self,
        name: String,
        kind: Kind,
        subject: Subject,
        work: Work,
        exclusive: bool,
    ) -> &mut Trial {
        let lock = self.lock(exclusive);
        self.trials.push_mut(Trial {
            name,
            kind,
            operation: self.index,
            subject,
            claims: Vec::new(),
            work,
            lock,
        })
    }

    /// Generated requests of each property.
    fn properties(&mut self, base: Option<&Arc<Base>>, slots: &[Slot<'_>]) {
        let (Some(base), Ok(_)) = (base, &self.baseline) else {
            return;
        };
        let operation = self.operation;
        for property in [Property::Valid, Property::Invalid, Property::Unspecified] {
            let bound = |place: Place, field: &FieldPath| is_bound(&self.bindings, place, field);
            if !property.can_vary(slots, &bound, None) {
                continue;
            }
            let fact = operation.about(Topic::Property(property.as_str().to_owned()));
            let name = fact.to_string();
            let subject = Subject {
                documented: "the documented rows together".to_owned(),
                level: Level::Must,
                ..self.subject(fact, Level::Must)
            };
            self.push(
                name,
                Kind::Property,
                subject,
                Work::Property {
                    property,
                    base: Arc::clone(base),
                },
                property != Property::Invalid,
            );
        }
    }

    /// Every documented fact of the answers that a request can bring about. Server errors cannot
    /// be, nor what is said of wrong requests where no request can be wrong.
    fn answers(&mut self) {
        for fact in self.facts {
            let Some(status) = fact.rule.place.answered() else {
                continue;
            };
            if status.class() == Some(5)
                || self.operation.cannot_be_asked_wrongly(status)
                || matches!(
                    fact.rule.facet,
                    Facet::Prose | Facet::Meaning(_) | Facet::Default | Facet::Nullable
                )
            {
                continue;
            }
            let id = self.operation.fact_id(fact.rule.clone());
            let subject = Subject {
                documented: fact.rule.documents(),
                ..self.subject(id, fact.level())
            };
            let work = Work::Answers {
                place: fact.rule.place,
                field: fact.rule.field.clone(),
            };
            let claim = self.claim_of_answer(fact.rule.clone());
            let name = format!("{}::answers", subject.fact);
            self.push(name, Kind::Answers, subject, work, false).claims = vec![claim];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::abort::AbortReason;

    #[test]
    fn planning_ends_where_the_run_is_to_end() {
        let suite = Suite::bundled().unwrap();
        let target = Target::of_everything(&suite);
        let abort = AbortHandle::default();
        let planned = |abort: &AbortHandle| {
            let omission = Omission::default();
            plan(&suite, &target, Scheme::token(), omission, abort)
        };
        assert!(planned(&abort).is_ok_and(|trials| !trials.is_empty()));
        abort.abort(AbortReason::Interrupted);
        let error = planned(&abort).err().map(|error| error.to_string());
        assert_eq!(
            error.as_deref(),
            Some("the run was interrupted while its trials were planned; nothing was sent")
        );
    }
}
