//! The trials that a change of the contract adds, changes and drops: two plans compared by name.
//! Nothing is sent.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::Serialize;

use crate::contract::{Place, Response, Suite};
use crate::generate::{Request, Scheme};

use super::ablation::Omission;
use super::plan::plan_all;
use super::target::Target;
use super::trial::{Trial, Work};

/// What becomes of the trials.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TrialChanges {
    /// Trials that there were not.
    pub adds: Vec<String>,
    /// Trials that do something else.
    pub changes: Vec<String>,
    /// Trials that there are no more.
    pub drops: Vec<String>,
}

/// Compares the plans of two suites, each for a target that has everything.
pub fn trial_changes(old: &Suite, new: &Suite) -> TrialChanges {
    let (before, after) = (fingerprints(old), fingerprints(new));
    let mut found = TrialChanges::default();
    for (name, does) in &after {
        match before.get(name) {
            None => found.adds.push(name.clone()),
            Some(did) if did != does => found.changes.push(name.clone()),
            Some(_) => {}
        }
    }
    found.drops = before
        .into_keys()
        .filter(|name| !after.contains_key(name))
        .collect();
    found
}

/// What each trial does, by its name.
fn fingerprints(suite: &Suite) -> BTreeMap<String, String> {
    let target = Target::of_everything(suite);
    let trials = plan_all(suite, &target, Scheme::token(), Omission::default());
    trials
        .iter()
        .map(|trial| (trial.name.clone(), fingerprint(suite, trial)))
        .collect()
}

/// A number that stands for a request: whole texts of every one would fill the memory.
fn number(request: &Request) -> u64 {
    let mut hasher = DefaultHasher::new();
    format!("{request:?}").hash(&mut hasher);
    hasher.finish()
}

/// All that decides what a trial sends and how it judges, as text; where it is stated is left out.
fn fingerprint(suite: &Suite, trial: &Trial) -> String {
    let operation = suite.operations.get(trial.operation);
    let does = match &trial.work {
        Work::Offline(findings) => findings
            .iter()
            .map(|finding| format!("{}: {}", finding.fact, finding.message))
            .collect::<Vec<_>>()
            .join("\n"),
        Work::Answers { place, field } => {
            let status = place.answered();
            let response = operation.and_then(|operation| {
                let mut responses = operation.responses.iter();
                responses.find(|response| Some(response.status) == status)
            });
            let header = |response: &Response| {
                let mut headers = response.headers.iter();
                let header = headers.find(|header| field.top() == Some(&header.name))?;
                Some(header.schema.root.to_string())
            };
            let node = match place {
                Place::ResponseHeader(_) => response.and_then(header),
                _ => response
                    .and_then(|response| response.schema.as_ref())
                    .and_then(|schema| schema.field(field).map(|known| known.node.to_string())),
            };
            format!("{place} {field} {}", node.unwrap_or_default())
        }
        Work::Cases(cases) => operation
            .map(|operation| cases.planned(operation))
            .unwrap_or_default()
            .iter()
            .map(|case| {
                let request = number(&case.make().request);
                format!("{}: {request} {:?}", case.label, case.expectation)
            })
            .collect::<Vec<_>>()
            .join("\n"),
        Work::Property { property, base } => {
            let body = operation
                .and_then(|operation| operation.request_body.as_ref())
                .map(|body| body.schema.root.to_string());
            let parameters: Vec<String> = operation
                .into_iter()
                .flat_map(|operation| &operation.parameters)
                .map(|parameter| {
                    let schema = &parameter.schema.root;
                    format!("{} {} {schema}", parameter.name, parameter.required)
                })
                .collect();
            let base = number(&base.request);
            format!("{property:?} {base} {body:?} {parameters:?}")
        }
        other @ (Work::Relation { .. }
        | Work::Lifecycle { .. }
        | Work::Snapshot(_)
        | Work::Skip(_)) => format!("{other:?}"),
    };
    format!("{} {:?} {does}", trial.subject.documented, trial.kind)
}
