//! One cause, one finding: the distinct findings of a run, each with what has its cause. What else
//! is wrong with an answer of the wrong status, what one value breaks beside its type, and what
//! several operations show alike stands with the finding that tells the cause. Each keeps its own
//! evidence and its own identity.

mod alike;
mod shown;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::contract::{
    Facet, FactId, FieldPath, Level, Operation, Place, Rule, StatusRange, Suite, Topic,
};
use crate::generate::NO_CREDENTIAL;
use crate::harness::{AbortReason, Because, Finding, TrialResult};

use self::alike::{Alike, absent_in, taken_in};
use self::shown::{Shown, status_of};
use super::lost_id::is_of_lost_id;
use super::result::FindingReference;

/// What the causes are told by.
pub(super) struct Causes<'s> {
    /// The suite, which says what an object has.
    pub(super) suite: &'s Suite,
    /// The lowest severity that fails a run.
    pub(super) level: Level,
    /// Why the run ended early, if it did.
    pub(super) halted: Option<&'s AbortReason>,
}

/// In how many facts a value of one wrong kind is taken where that is how a service reads: in fewer,
/// each may be a slip of its own.
const USUAL: usize = 3;

/// Findings that stand together only if they stand alike: accepted or not, failing the run or not.
type Standing = (bool, bool);

impl Causes<'_> {
    /// The distinct findings of trials, the gravest first, each with what has its cause; and the
    /// trials, which refer to them.
    pub(super) fn distinct(
        &self,
        trials: Vec<TrialResult>,
    ) -> (Vec<Finding>, Vec<TrialResult<FindingReference>>) {
        let mut findings: Vec<Finding> = Vec::new();
        let mut trials: Vec<TrialResult<FindingReference>> = trials
            .into_iter()
            .map(|trial| {
                let name = trial.name.clone();
                trial.tell(|finding| {
                    Some(FindingReference {
                        seen: finding.seen,
                        finding: finding.shown_by(&name).add_to(&mut findings),
                        related: None,
                    })
                })
            })
            .collect();
        let order = ranked(&findings);
        let owners = self.owners(&findings, &order);
        let mut places: HashMap<usize, (usize, Option<usize>)> = HashMap::new();
        let mut told: Vec<Finding> = Vec::new();
        for index in order.iter().filter(|index| !owners.contains_key(*index)) {
            places.insert(*index, (told.len(), None));
            told.extend(findings.get(*index).cloned());
        }
        for index in &order {
            let Some((owner, because)) = root(&owners, *index) else {
                continue;
            };
            let (Some((at, _)), Some(mut finding)) =
                (places.get(&owner).copied(), findings.get(*index).cloned())
            else {
                continue;
            };
            let Some(cause) = told.get_mut(at) else {
                continue;
            };
            for related in std::mem::take(&mut finding.related) {
                cause.relate(related.because, related.finding);
            }
            let related = cause.relate(because, finding);
            places.insert(*index, (at, Some(related)));
        }
        for reference in trials.iter_mut().flat_map(|trial| &mut trial.findings) {
            if let Some((finding, related)) = places.get(&reference.finding) {
                (reference.finding, reference.related) = (*finding, *related);
            }
        }
        (told, trials)
    }

    /// The findings that stand with another one, which is told before them.
    fn owners(&self, findings: &[Finding], order: &[usize]) -> BTreeMap<usize, (usize, Because)> {
        let mut owners = BTreeMap::new();
        let failing: Vec<Shown<'_>> = findings.iter().map(Shown::of).collect();
        self.join(
            &mut owners,
            findings,
            order,
            Because::SameAnswer,
            |own, cause| match (failing.get(own), failing.get(cause)) {
                (Some(shown), Some(other)) => {
                    shown.is_beside(other, &failing)
                        || shown.is_of_no_json(other)
                        || shown.is_of_value(other)
                        || shown.repeats(other)
                        || shown.is_of_refused(other)
                }
                _ => false,
            },
        );
        let open = order.iter().filter(|index| !owners.contains_key(*index));
        let mut taken: HashMap<Alike, usize> = HashMap::new();
        let usual_in = |finding: &Finding| taken_in(finding).or_else(|| absent_in(finding));
        for alike in open.filter_map(|index| usual_in(findings.get(*index)?)) {
            *taken.entry(alike).or_default() += 1;
        }
        let mut first: HashMap<(Alike, Standing), Vec<usize>> = HashMap::new();
        // What is served without a header or a credential says more than what is taken for it.
        let mut order = order.to_vec();
        order.sort_by_key(|index| {
            let finding = findings.get(*index);
            let level = Reverse(finding.map(|finding| finding.level));
            let law = finding.map_or(0, rank_of_law);
            (level, !finding.is_some_and(is_of_absence), law)
        });
        let order = order.as_slice();
        for index in order {
            let Some(finding) = findings.get(*index).filter(|_| !owners.contains_key(index)) else {
                continue;
            };
            let is_usual = |alike: &Alike| taken.get(alike).is_some_and(|count| *count >= USUAL);
            let usual = usual_in(finding).filter(is_usual);
            let Some(alike) = usual.or_else(|| self.alike(finding)) else {
                continue;
            };
            let is_whole = alike.is_whole();
            let known = first.entry((alike, self.standing(finding))).or_default();
            let cause = known.iter().copied().find(|cause| {
                is_whole
                    || findings
                        .get(*cause)
                        .is_some_and(|cause| self.are_of_one_object(cause, finding))
            });
            match cause {
                Some(cause) => {
                    owners.insert(*index, (cause, Because::BrokenAlike));
                }
                None => known.push(*index),
            }
        }
        self.join(
            &mut owners,
            findings,
            order,
            Because::BrokenAlike,
            |own, cause| match (failing.get(own), failing.get(cause)) {
                (Some(shown), Some(other)) => {
                    shown.breaks_a_law_of(other)
                        || shown.breaks_down_as(other) && self.is_of_one_holder(shown, other)
                }
                _ => false,
            },
        );
        self.join(
            &mut owners,
            findings,
            order,
            Because::BrokenAlike,
            |own, cause| match (findings.get(own), findings.get(cause)) {
                (Some(finding), Some(other)) => is_of_lost_id(self.suite, finding, other),
                _ => false,
            },
        );
        owners
    }

    /// Gives each finding that stands alone the first other one that is its cause, of those that
    /// stand alone and as it does. `is_of` is given the place of a finding and that of its cause.
    fn join(
        &self,
        owners: &mut BTreeMap<usize, (usize, Because)>,
        findings: &[Finding],
        order: &[usize],
        because: Because,
        is_of: impl Fn(usize, usize) -> bool,
    ) {
        for (index, finding) in findings.iter().enumerate() {
            if owners.contains_key(&index) {
                continue;
            }
            let cause = order.iter().copied().find(|at| {
                *at != index
                    && !owners.contains_key(at)
                    && findings
                        .get(*at)
                        .is_some_and(|other| self.standing(finding) == self.standing(other))
                    && is_of(index, *at)
            });
            if let Some(cause) = cause {
                owners.insert(index, (cause, because));
            }
        }
    }

    fn standing(&self, finding: &Finding) -> Standing {
        (finding.known.is_some(), finding.fails(self.level))
    }

    /// Whether two findings are about requests of one resource.
    fn is_of_one_holder(&self, one: &Shown<'_>, other: &Shown<'_>) -> bool {
        let holder = |shown: &Shown<'_>| self.holder(&shown.finding.fact.operation, None);
        holder(one) == holder(other)
    }

    /// Whether fields of one name belong to one object, as far as their documented neighbours tell:
    /// a list may show less of it.
    fn are_of_one_object(&self, one: &Finding, other: &Finding) -> bool {
        let (Some(rule), Some(second)) = (one.fact.rule(), other.fact.rule()) else {
            return true;
        };
        if rule.field.is_root() || second.field.is_root() {
            return true;
        }
        if !one.rows.is_empty() && one.rows == other.rows {
            return true;
        }
        // The errors of a service have one form, though it may have one field alone.
        let is_of_errors = [rule, second].iter().all(|rule| {
            let status = status_of(rule);
            status.is_some_and(|status| status.class() == Some(4))
        });
        let (first, second) = (
            self.neighbours(&one.fact, rule),
            self.neighbours(&other.fact, second),
        );
        let (small, large) = if first.len() < second.len() {
            (first, second)
        } else {
            (second, first)
        };
        small.len() > 1 && small.is_subset(&large) || is_of_errors && small == large
    }

    /// The documented fields of the object that a field of an answer belongs to.
    fn neighbours(&self, fact: &FactId, rule: &Rule) -> BTreeSet<String> {
        let operation = self
            .suite
            .operations
            .iter()
            .find(|operation| operation.operation_id() == fact.operation);
        let Some((status, operation)) = status_of(rule).zip(operation) else {
            return BTreeSet::new();
        };
        let parent = rule.field.parent().unwrap_or_else(FieldPath::root);
        names_below(operation, status, &parent)
    }
}

/// Of the laws of pages, and of those that tell of one field, the one comes first that says most of
/// what is wrong in the fewest requests.
fn rank_of_law(finding: &Finding) -> u8 {
    let Topic::Law { relation, law } = &finding.fact.topic else {
        return 0;
    };
    match (relation.as_str(), law.as_str()) {
        ("pagination", "offset" | "marker") | ("lifecycle", "create-then-read") => 1,
        ("pagination", "pages") | ("lifecycle", "create-then-list") => 2,
        ("pagination", "limit") => 0,
        // A total is held against what the pages have.
        ("pagination" | "filter", "total") => 4,
        ("pagination" | "lifecycle", _) => 3,
        _ => 0,
    }
}

/// Whether a finding is about a request that lacks a header, or a credential.
fn is_of_absence(finding: &Finding) -> bool {
    match &finding.fact.topic {
        Topic::Rule(rule) => rule.place == Place::Header && rule.facet == Facet::Required,
        Topic::Credential => finding.exchange.as_ref().is_some_and(|exchange| {
            exchange.request.is_unauthorised() && finding.case == NO_CREDENTIAL
        }),
        _ => false,
    }
}

fn names_below(operation: &Operation, status: StatusRange, parent: &FieldPath) -> BTreeSet<String> {
    let mut responses = operation.responses.iter();
    let response = responses.find(|response| response.status == status);
    let schema = response.and_then(|response| response.schema.as_ref());
    let fields = schema.into_iter().flat_map(|schema| schema.fields());
    fields
        .filter(|field| field.path.parent().unwrap_or_else(FieldPath::root) == *parent)
        .filter_map(|field| field.path.last_name().map(str::to_owned))
        .collect()
}

/// The gravest first, then in the order of their facts.
fn ranked(findings: &[Finding]) -> Vec<usize> {
    let mut ranked: Vec<usize> = (0..findings.len()).collect();
    ranked.sort_by_cached_key(|index| {
        let finding = findings.get(*index);
        (
            Reverse(finding.map(|finding| finding.level)),
            finding.map(|finding| finding.fact.to_string()),
        )
    });
    ranked
}

/// The finding that tells the cause of one, where that is another.
fn root(owners: &BTreeMap<usize, (usize, Because)>, index: usize) -> Option<(usize, Because)> {
    let (mut owner, because) = owners.get(&index).copied()?;
    while let Some((next, _)) = owners.get(&owner) {
        owner = *next;
    }
    Some((owner, because))
}
