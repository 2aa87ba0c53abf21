//! The plan: contract + target -> trials, each named by the fact that it is about. Nothing is sent here.
//!
//! One file a stage; what follows from a contract alone, its generated requests and its answers, stands here.

mod claims;
mod examples;
mod fields;
mod laws;
mod protocol;
mod resources;

use std::collections::BTreeMap;

use crate::check::Subject;
use crate::contract::{Facet, FactId, Level, NamedFact, Operation, Place, Suite, Topic};
use crate::generate::{Property, Request, Scheme, Slot, Source, baseline, slots};

use super::omission::Omission;
use super::target::{Mode, Target};
use super::trial::{Kind, Trial, Work};

pub use resources::missing_resources;

/// Plans every trial of a suite for a target, but for the cases that are left out on purpose.
pub fn plan(suite: &Suite, target: &Target, scheme: Scheme, omission: Omission) -> Vec<Trial> {
    let mut trials = Vec::new();
    for (index, operation) in suite.operations.iter().enumerate() {
        let mut planner = Planner::new(suite, target, operation, index, scheme);
        planner.omission = omission;
        planner.plan();
        trials.append(&mut planner.trials);
    }
    trials
}

struct Planner<'s> {
    suite: &'s Suite,
    target: &'s Target,
    operation: &'s Operation,
    index: usize,
    scheme: Scheme,
    bindings: BTreeMap<String, String>,
    /// The operation's facts.
    facts: &'s [NamedFact],
    slots: Vec<Slot<'s>>,
    baseline: Result<Request, String>,
    omission: Omission,
    trials: Vec<Trial>,
}

impl<'s> Planner<'s> {
    fn new(
        suite: &'s Suite,
        target: &'s Target,
        operation: &'s Operation,
        index: usize,
        scheme: Scheme,
    ) -> Self {
        let bindings = suite.bindings(operation);
        let baseline = baseline(operation, &bindings, &target.resources);
        Self {
            suite,
            target,
            operation,
            index,
            scheme,
            bindings,
            facts: operation.facts(),
            slots: slots(operation),
            baseline,
            omission: Omission::default(),
            trials: Vec::new(),
        }
    }

    fn plan(&mut self) {
        self.examples();
        self.fields();
        self.resources();
        self.protocol();
        self.properties();
        self.relations();
        self.answers();
    }

    /// Whether a kind of violation is left out on purpose.
    fn omits(&self, violation: &str) -> bool {
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

    /// A fact as the subject of a trial; one that no row states takes the operation's own rows.
    fn subject(&self, fact: FactId, level: Level) -> Subject {
        let known = fact
            .rule()
            .and_then(|rule| self.operation.documented_fact(rule));
        let rows = known.map_or_else(|| self.operation.facts.clone(), |known| known.rows.clone());
        let level = known.map_or(level, NamedFact::level);
        let documented = known.map_or_else(
            || "the operation".to_owned(),
            |known| self.documented(known),
        );
        Subject {
            fact,
            rows,
            level,
            documented,
        }
    }

    /// A fact's facet with its value: `maxLength 64`.
    fn documented(&self, fact: &NamedFact) -> String {
        let slot = self
            .slots
            .iter()
            .find(|slot| slot.place == fact.place && slot.field == fact.field);
        match slot.and_then(|slot| slot.node.get(fact.facet.as_str())) {
            Some(value) => format!("{} {value}", fact.facet),
            None if fact.facet == "required" => {
                if slot.is_some_and(|slot| slot.required) {
                    "mandatory".to_owned()
                } else {
                    "optional".to_owned()
                }
            }
            None => fact.facet.to_string(),
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
    fn properties(&mut self) {
        let operation = self.operation;
        for property in [Property::Valid, Property::Invalid, Property::Unspecified] {
            let Ok(baseline) = self.baseline.clone() else {
                return;
            };
            let bindings = &self.bindings;
            let bound =
                |place: &str, field: &str| crate::generate::is_bound(bindings, place, field);
            if Source::new(operation, &baseline, property, 0, &bound, None).is_none() {
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
                    baseline: Box::new(baseline),
                },
                property != Property::Invalid,
            );
        }
    }

    /// Every documented fact of the answers that a request can bring about. Server errors cannot be.
    fn answers(&mut self) {
        for fact in self.facts {
            let Place::Response(status) = fact.rule.place else {
                continue;
            };
            if status.class() == Some(5)
                || matches!(fact.facet, Facet::Prose | Facet::Default | Facet::Nullable)
            {
                continue;
            }
            let id = self.operation.fact_id(fact.rule.clone());
            let subject = Subject {
                documented: fact.facet.to_string(),
                ..self.subject(id, fact.level())
            };
            let work = Work::Answers {
                status,
                field: fact.rule.field.clone(),
            };
            let claim = self.claim_of_answer(fact.rule.clone());
            let name = format!("{}::answers", fact.name);
            self.push(name, Kind::Answers, subject, work, false).claims = vec![claim];
        }
    }
}
