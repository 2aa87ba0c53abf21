//! The plan: contract + target -> trials, each named by the fact that it is about. Nothing is sent
//! here.
//!
//! One file a stage; what follows from a contract alone, its generated requests and its answers,
//! stands here.

mod claims;
mod examples;
mod fields;
mod laws;
mod protocol;
mod resources;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::check::Subject;
use crate::contract::{
    DocumentedRule, Facet, FactId, FieldPath, Level, Operation, Place, Suite, Topic,
};
use crate::generate::{
    Base, Property, Request, Scheme, Slot, ViolationKind, baseline, is_bound, slots,
};

use crate::recognise::Laws;

use super::ablation::Omission;
use super::abort::{AbortHandle, RunError};
use super::target::{Mode, Target};
use super::trial::{Kind, Trial, Work};

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
    let laws = Laws::new(suite);
    let mut trials = Vec::new();
    for (index, operation) in suite.operations.iter().enumerate() {
        abort.check()?;
        let mut planner = Planner::new(suite, target, &laws, (index, operation), scheme);
        planner.omission = omission;
        planner.plan(abort)?;
        trials.append(&mut planner.trials);
    }
    Ok(trials)
}

/// The same where nothing ends it early.
pub fn plan_all(suite: &Suite, target: &Target, scheme: Scheme, omission: Omission) -> Vec<Trial> {
    plan(suite, target, scheme, omission, &AbortHandle::default()).unwrap_or_default()
}

struct Planner<'s> {
    suite: &'s Suite,
    target: &'s Target,
    laws: &'s Laws,
    operation: &'s Operation,
    index: usize,
    scheme: Scheme,
    bindings: BTreeMap<String, String>,
    /// The operation's facts.
    facts: &'s [DocumentedRule],
    baseline: Result<Arc<Request>, String>,
    omission: Omission,
    trials: Vec<Trial>,
}

impl<'s> Planner<'s> {
    fn new(
        suite: &'s Suite,
        target: &'s Target,
        laws: &'s Laws,
        (index, operation): (usize, &'s Operation),
        scheme: Scheme,
    ) -> Self {
        let bindings = suite.bindings(operation);
        let baseline = baseline(operation, &bindings, &target.resources).map(Arc::new);
        Self {
            suite,
            target,
            laws,
            operation,
            index,
            scheme,
            bindings,
            facts: operation.facts(),
            baseline,
            omission: Omission::default(),
            trials: Vec::new(),
        }
    }

    fn plan(&mut self, abort: &AbortHandle) -> Result<(), RunError> {
        let base = self.base();
        let slots = slots(self.operation);
        self.examples();
        self.fields(base.as_ref(), &slots, abort)?;
        self.resources();
        self.protocol();
        self.properties(base.as_ref(), &slots);
        self.relations();
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
            return Some(format!(
                "no endpoint for `{}`: give `--endpoint {}=URL`",
                self.operation.service, self.operation.service
            ));
        }
        if let Err(key) = &self.baseline {
            return Some(format!("no resource `{key}`: give `--set {key}=VALUE`"));
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
                |known| known.rule.facet.to_string(),
            ),
            fact,
        }
    }

    /// The resource that requests of this operation are about: the innermost one bound.
    fn resource(&self) -> Option<String> {
        self.bindings
            .values()
            .find(|key| *key != "project_id")
            .or_else(|| self.bindings.values().next())
            .cloned()
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
        let lock = self
            .resource()
            .map(|resource| (resource, exclusive && self.operation.writes()));
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
    /// be.
    fn answers(&mut self) {
        for fact in self.facts {
            let Place::Response(status) = fact.rule.place else {
                continue;
            };
            if status.class() == Some(5)
                || matches!(
                    fact.rule.facet,
                    Facet::Prose | Facet::Meaning(_) | Facet::Default | Facet::Nullable
                )
            {
                continue;
            }
            let id = self.operation.fact_id(fact.rule.clone());
            let subject = Subject {
                documented: fact.rule.facet.to_string(),
                ..self.subject(id, fact.level())
            };
            let work = Work::Answers {
                status,
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
            plan(&suite, &target, Scheme::Token, omission, abort)
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
