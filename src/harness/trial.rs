//! A trial: one named test of one or many cases, and what became of it.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::{Observation, Subject};
use crate::contract::{FactId, FieldPath, Place, Relation};
use crate::exchange::Exchange;
use crate::generate::{Base, Case, PlannedCase, Property, Request};

use super::cases::TrialCases;
use super::claim::{Claim, LeftOut};
use super::finding::Finding;
use super::known_findings::Planned;
use super::relation::lifecycle::LifeLaw;

/// The kinds of trials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A documented example: sent, or checked offline.
    Example,
    /// Boundary cases that must be accepted.
    Accepts,
    /// Boundary cases that must be refused.
    Rejects,
    /// A documented fact of an answer, held against answers.
    Answers,
    /// Credentials.
    Auth,
    /// Methods that no page documents.
    Method,
    /// Bodies that are no JSON object.
    Malformed,
    /// Resources of another kind, or none.
    Resource,
    /// Generated requests.
    Property,
    /// A law between the answers of several requests.
    Relation,
    /// What is answered to fixed requests, held against reviewed files.
    Snapshot,
}

/// What a trial does.
#[derive(Debug, Clone)]
pub enum Work {
    /// Sends its cases, each judged by every check.
    Cases(TrialCases),
    /// Looks at shared answers of one status for one fact of theirs.
    Answers {
        /// The answers of a documented status (`200`, `2XX`), or their headers.
        place: Place,
        /// The field within the place; the root for the answer itself.
        field: FieldPath,
    },
    /// Draws cases of a property, and shrinks the first that fails.
    Property {
        /// The property.
        property: Property,
        /// The request that the cases are made from.
        base: Arc<Base>,
    },
    /// Tries one law of a relation.
    Relation {
        /// The relation.
        relation: Box<Relation>,
        /// The law.
        law: &'static str,
        /// The request that the law's requests are made from.
        baseline: Arc<Request>,
    },
    /// Tries one law of a resource that the run makes.
    Lifecycle {
        /// The resource, as a place among the suite's; none where the law needs none.
        resource: Option<usize>,
        /// The law.
        law: LifeLaw,
        /// The request of the trial's own operation.
        baseline: Arc<Request>,
    },
    /// Sends its requests before the other trials, and holds the answers against a file.
    Snapshot(Vec<Shot>),
    /// Has found what it looks for without sending anything.
    Offline(Vec<Finding>),
    /// Cannot be done, and says why.
    Skip(String),
}

/// One request of a snapshot.
#[derive(Debug, Clone)]
pub struct Shot {
    /// What it is about.
    pub title: String,
    /// The fact that its trial is about.
    pub subject: Subject,
    /// The request.
    pub case: PlannedCase,
}

/// What became of a snapshot.
pub(super) type Taken = (Verdict, Option<String>, u64, Vec<Finding>);

/// A case that was sent, with what the checks saw.
#[derive(Debug)]
pub(super) struct Attempt {
    pub(super) case: Case,
    pub(super) exchange: Exchange,
    pub(super) observations: Vec<Observation>,
}

/// What came of bringing answers about, once for all trials that look at them.
#[derive(Debug, Default)]
pub(super) struct Provocation {
    pub(super) attempts: Vec<Attempt>,
    /// Why some of it says nothing, if so.
    pub(super) blocked: Option<String>,
}

/// A planned trial.
#[derive(Debug, Clone)]
pub struct Trial {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// The index of its operation in the suite.
    pub operation: usize,
    /// The fact that it is about.
    pub subject: Subject,
    /// What it decides where it holds.
    pub claims: Vec<Claim>,
    /// What it does.
    pub work: Work,
    /// The resource that it uses, and whether it needs it for itself.
    pub lock: Option<(String, bool)>,
}

impl Trial {
    /// Whether all its requests are to be refused for what they are.
    pub(super) fn is_about_refusals(&self) -> bool {
        match &self.work {
            Work::Cases(cases) => cases.are_refusals(),
            Work::Property { property, .. } => *property == Property::Invalid,
            Work::Answers { .. }
            | Work::Relation { .. }
            | Work::Lifecycle { .. }
            | Work::Snapshot(_)
            | Work::Offline(_)
            | Work::Skip(_) => false,
        }
    }

    /// What has to be known of it where it is not run.
    pub(super) fn left_out(&self) -> LeftOut {
        LeftOut {
            name: self.name.clone(),
            fact: self.subject.fact.clone(),
            claims: self.claims.clone(),
        }
    }

    /// What has to be known of it after the run.
    pub(super) fn planned(&self) -> Planned {
        Planned {
            name: self.name.clone(),
            fact: self.subject.fact.clone(),
            kind: self.kind,
        }
    }
}

/// What became of a trial. Ordered: a run takes the worst of its trials.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Everything as documented.
    Passed,
    /// A documented fact is broken as known, and in no other way.
    Known,
    /// Not tried, with the reason.
    Skipped,
    /// Could not be decided: the endpoint was busy all the time.
    Blocked,
    /// A documented fact is broken.
    Failed,
}

/// A trial's result, with its findings: a report has them in a list of its own, and refers to them
/// there.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "TrialResult", deny_unknown_fields)]
pub struct TrialResult<F = Finding> {
    /// The trial's name.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// The fact that it is about.
    pub fact: FactId,
    /// What it decides where it holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
    /// The verdict.
    pub verdict: Verdict,
    /// Why it was skipped or blocked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How many requests it sent.
    pub requests: u64,
    /// How many cases it judged; what it sent to make sure of a finding is not among them.
    #[serde(default)]
    pub cases: u64,
    /// How long it took, in milliseconds.
    pub elapsed_ms: u64,
    /// What it found, findings below the run's level included.
    pub findings: Vec<F>,
}

impl<F> TrialResult<F> {
    /// The same result, each of its findings told in another way, or left out.
    pub fn tell<G>(self, tell: impl FnMut(F) -> Option<G>) -> TrialResult<G> {
        TrialResult {
            name: self.name,
            kind: self.kind,
            fact: self.fact,
            claims: self.claims,
            verdict: self.verdict,
            reason: self.reason,
            requests: self.requests,
            cases: self.cases,
            elapsed_ms: self.elapsed_ms,
            findings: self.findings.into_iter().filter_map(tell).collect(),
        }
    }
}
