//! Further resources, unknown ones, and those that nobody gave.

use std::sync::Arc;

use crate::check::Subject;
use crate::contract::{
    Facet, FieldPath, Identity, Level, Place, ResourceExpectation, Row, Rule, Suite, Topic,
    parameters_of_path,
};
use crate::generate::{self, Expectation, PlannedCase, ViolationKind};
use crate::harness::cases::TrialCases;
use crate::harness::claim::{Claim, Side};
use crate::harness::supply::{Lack, Supplies};
use crate::harness::target::Target;
use crate::harness::trial::{Kind, Trial, Work};

use super::Planner;

impl Planner<'_> {
    /// The further resources that people named, and one that nobody has.
    pub(super) fn resources(&mut self) {
        let operation = self.operation;
        for resource in self.suite.cases_of(operation).resources {
            let place = resource.bind.keys().next();
            let row = place.and_then(|place| place.parse().ok()).unwrap_or(Row {
                place: Place::Operation,
                field: FieldPath::root(),
            });
            let fact = operation.about(Topic::Row(row));
            let mut bindings = self.bindings.clone();
            bindings.extend(resource.bind.clone());
            let (expectation, documented) = match resource.expect {
                ResourceExpectation::Success => (Expectation::Success, "is served"),
                ResourceExpectation::Refused => (Expectation::RefusedResource, "is refused"),
                ResourceExpectation::Empty => (Expectation::EmptyResource, "has no records"),
            };
            let level = if resource.expect == ResourceExpectation::Empty {
                Level::Should
            } else {
                Level::Must
            };
            let subject = Subject {
                documented: format!(
                    "the {} resource {documented}: {}",
                    resource.name, resource.reason
                ),
                ..self.subject(fact.clone(), level)
            };
            let work = match self.supplies.baseline_of(self.suite, self.index, &bindings) {
                Ok(request) => Work::Cases(TrialCases::one(PlannedCase::of(
                    &Arc::new(request),
                    format!("the {} resource", resource.name),
                    expectation,
                ))),
                Err(lack) => Work::Skip(lack.to_string()),
            };
            let name = format!("{fact}::resource::{}", resource.name);
            self.push(
                name,
                Kind::Resource,
                subject,
                work,
                resource.expect == ResourceExpectation::Success,
            );
            // The lock is the further resource's own.
            if let (Some(trial), Some(key)) =
                (self.trials.last_mut(), resource.bind.values().next())
            {
                trial.lock = Some((
                    key.clone(),
                    operation.writes() && resource.expect == ResourceExpectation::Success,
                ));
            }
        }
        let nobody = self.supplies.of_nobody(self.suite, self.index);
        let (base, is_safe) = match &self.baseline {
            Ok(baseline) => (Some(Arc::clone(baseline)), true),
            // An id that nobody has can be asked for where nothing of others may be changed.
            Err(Lack::NotOurs(_) | Lack::Untold(_)) => (nobody.ok().map(Arc::new), false),
            Err(
                Lack::Missing(_)
                | Lack::Shown(_)
                | Lack::Undocumented
                | Lack::Unwritten(_)
                | Lack::Unsent(_),
            ) => (None, true),
        };
        let base = base.filter(|_| !self.omits(ViolationKind::UnknownResource));
        let mut unknown = base.map_or_else(Vec::new, |base| {
            generate::unknown_resources(operation, &base, &self.bindings)
        });
        unknown.retain(|unknown| {
            let name = unknown.row.field.top().unwrap_or_default();
            unknown.row.place != Place::Path || self.suite.names_thing(operation, name)
        });
        // For a create that chooses its id, one that nobody has is as good as any.
        let chooses = self.suite.resources.iter().any(|resource| {
            let create = resource.create.as_ref();
            resource.may_be_made_by(self.index, operation)
                || create.is_some_and(|create| {
                    create.operation == self.index && create.identity == Identity::Chosen
                })
        });
        // So it may be for any `PUT` to one thing, which makes what is not there (RFC 9110, section
        // 9.3.4), unless its source says that it refuses that.
        let may_put = operation.method == "PUT"
            && operation.path.trim_end_matches('/').ends_with('}')
            && ![404, 410].iter().any(|status| operation.names(*status));
        if chooses || may_put {
            let own = parameters_of_path(operation).pop();
            unknown.retain(|unknown| {
                unknown.row.place != Place::Path || unknown.row.field.top() != own
            });
        }
        if !is_safe {
            let innermost = parameters_of_path(operation).pop();
            unknown.retain(|unknown| {
                unknown.row.place == Place::Path && unknown.row.field.top() == innermost
            });
        }
        for unknown in unknown {
            let row = &unknown.row;
            let rule = Rule::new(row.place, row.field.clone(), Facet::Type);
            let fact = operation.fact_id(rule);
            let subject = Subject {
                documented: "an existing resource".to_owned(),
                level: Level::Should,
                ..self.subject(fact, Level::Should)
            };
            let name = format!("{}::{row}::resource::{}", operation.name(), unknown.kind);
            let work = Work::Cases(TrialCases::one(unknown.case));
            if is_safe {
                self.push(name, Kind::Resource, subject, work, false);
            } else {
                let work = match self.obstacle_of_target(operation.writes()) {
                    Some(reason) => Work::Skip(reason),
                    None => work,
                };
                self.push_as(name, Kind::Resource, subject, work, false);
            }
        }
    }
}

impl Planner<'_> {
    /// Reads with what the rows of the path rule out.
    pub(super) fn path_values(&mut self) {
        let Ok(baseline) = self.baseline.clone() else {
            return;
        };
        if self.omits(ViolationKind::UnknownResource) {
            return;
        }
        for (rule, cases) in generate::path_values(self.operation, &baseline) {
            let fact = self.operation.fact_id(rule);
            let subject = Subject {
                documented: fact.to_string(),
                ..self.subject(fact.clone(), Level::Should)
            };
            let subject = Subject {
                level: Level::Should,
                ..subject
            };
            let work = Work::Cases(TrialCases::Listed(cases));
            let name = format!("{fact}::rejects");
            let obstacle = self.obstacle_of_target(self.operation.writes());
            let work = obstacle.map_or(work, Work::Skip);
            let trial = self.push(name, Kind::Rejects, subject, work, false);
            trial.claims = vec![Claim::alone(fact, Side::Rejects)];
        }
    }
}

/// The resources whose absence leaves nothing to be sent of these trials; none where something can
/// be sent, or something else is in the way too.
pub fn missing_resources<'t>(
    suite: &Suite,
    target: &Target,
    trials: impl IntoIterator<Item = &'t Trial>,
) -> Vec<String> {
    let mut missing = std::collections::BTreeSet::new();
    let supplies = Supplies::of(suite, target);
    for trial in trials {
        match (&trial.work, suite.operations.get(trial.operation)) {
            (Work::Offline(_), _) | (_, None) => {}
            (Work::Skip(_), Some(operation)) if target.endpoint(&operation.service).is_none() => {}
            (Work::Skip(_), Some(operation)) => {
                let absent: Vec<String> = suite
                    .bindings(operation)
                    .into_values()
                    .filter(|key| {
                        !target.resources.contains_key(key) && supplies.creatable(key).is_none()
                    })
                    .collect();
                if absent.is_empty() {
                    return Vec::new();
                }
                missing.extend(absent);
            }
            _ => return Vec::new(),
        }
    }
    // What can be created once the others are given need not be given.
    let is_created = |key: &String| {
        let mut own = suite.resources.iter().filter(|own| own.key == *key);
        own.any(|own| own.create.is_some())
    };
    let needed: Vec<String> = missing
        .iter()
        .filter(|key| !is_created(key))
        .cloned()
        .collect();
    if needed.is_empty() {
        missing.into_iter().collect()
    } else {
        needed
    }
}
