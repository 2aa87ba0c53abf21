//! A property trial: draws cases, sends them, shrinks the first that fails within a bounded number
//! of requests, and tries it again to tell whether it fails always.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::check::Subject;
use crate::contract::{Facet, FieldPath, Operation, Place, Rule};
use crate::generate::{
    Base, Case, Drawn, PlannedCase, Property, Source, Validity, classify, is_bound, plain_requests,
    slots, unusual_requests,
};

use super::attempt::attempt;
use super::concurrent::{Cases, Failing, Outcome};
use super::finding::Finding;
use super::fixture::TrialContext;
use super::ground::is_of_several_edits;
use super::reproduce::reproduce;
use super::trial::{Attempt, Trial, Verdict};

/// The most requests that shrinking may cost.
const SHRINKS: u32 = 60;

/// The longest that shrinking may take.
const SHRINK_TIME: Duration = Duration::from_secs(5);

/// How many cases are on the way at once where they do not disturb each other.
const WORKERS: u64 = 16;

/// Holds a property against the endpoint. A trial that holds its resource for itself sends one
/// request at a time.
pub(super) async fn hold(
    context: &Arc<TrialContext>,
    trial: &Trial,
    operation: &Operation,
    property: Property,
    base: &Arc<Base>,
) -> (Verdict, Option<String>, u64, Vec<Finding>) {
    let skipped = |reason: String| (Verdict::Skipped, Some(reason), 0, Vec::new());
    let bindings = context.sender.suite.bindings(operation);
    let bound = |place: Place, field: &FieldPath| is_bound(&bindings, place, field);
    let base = &context.marked(operation, &trial.subject.fact, base);
    let Some(source) = Source::new(
        operation,
        base,
        property,
        context.options.seed,
        &bound,
        context.options.omission.violation,
    ) else {
        return skipped("nothing can be varied".to_owned());
    };
    if context.options.cases > 0 && !source.is_fruitful(operation) {
        return skipped(format!(
            "could not generate any {} request",
            match property {
                Property::Valid => "documented-valid",
                Property::Invalid => "one that breaks exactly one rule",
                Property::Unspecified => "one that no page speaks of",
            }
        ));
    }
    let known = known(operation, property, base, &bound);
    let is_alone = trial.lock.as_ref().is_some_and(|(_, exclusive)| *exclusive);
    let cases = Arc::new(Cases::new(
        Arc::clone(context),
        trial.operation,
        trial.subject.clone(),
        known,
        source,
    ));
    let outcome = cases
        .judge(
            if is_alone { 1 } else { WORKERS },
            property == Property::Valid,
        )
        .await;
    context.drop_cases(cases.source.dropped());
    let mut tries = Tries {
        cases: &cases,
        operation,
        property,
        base,
        requests: outcome.requests,
    };
    tries.conclude(outcome).await
}

/// Cases that are the same in every run, before those that are drawn.
fn known(
    operation: &Operation,
    property: Property,
    base: &Arc<Base>,
    bound: &dyn Fn(Place, &FieldPath) -> bool,
) -> Vec<(PlannedCase, Option<Rule>)> {
    match property {
        Property::Valid => plain_requests(operation, &base.request)
            .into_iter()
            .map(|case| {
                let request = Arc::new(case.request);
                let case = PlannedCase::of(&request, case.label, case.expectation);
                (case, None)
            })
            .collect(),
        Property::Invalid => Vec::new(),
        Property::Unspecified => unusual_requests(operation, base, bound)
            .into_iter()
            .map(|(case, about)| (case, Some(about)))
            .collect(),
    }
}

/// What is tried of a case that failed.
struct Tries<'t> {
    cases: &'t Cases,
    operation: &'t Operation,
    property: Property,
    base: &'t Base,
    requests: u64,
}

impl Tries<'_> {
    /// The verdict: a case that failed is shrunk, named by the field that it hangs on, and tried
    /// again.
    async fn conclude(&mut self, outcome: Outcome) -> (Verdict, Option<String>, u64, Vec<Finding>) {
        let context = &self.cases.context;
        let mut findings = outcome.minor;
        if let Some(failing) = outcome.failing {
            let smallest = self.smallest(failing).await;
            if self.is_of_several_edits(&smallest) {
                let reason = "several fields together are refused, each of which is taken alone: \
                              a rule between them, of which no page speaks?";
                let reason = Some(reason.to_owned());
                return (Verdict::Blocked, reason, self.requests, findings);
            }
            self.confirm(smallest, &mut findings).await;
            return (context.verdict(&findings), None, self.requests, findings);
        }
        let (verdict, reason) = match outcome.blocked {
            Some(reason) => (Verdict::Blocked, Some(reason)),
            None if outcome.generated == 0 && context.options.cases > 0 => (
                Verdict::Skipped,
                Some("no request could be generated".to_owned()),
            ),
            None => (context.verdict(&findings), None),
        };
        (verdict, reason, self.requests, findings)
    }

    async fn judge(&mut self, case: &Case, about: &Subject) -> Attempt {
        let context = &self.cases.context;
        let mut case = case.clone();
        context.mark(self.operation, &about.fact, &mut case.request);
        // What cannot be decided does not fail, and is as good as a case that passes here.
        let mut blocked = None;
        attempt(
            context,
            self.operation,
            &case,
            about,
            &mut self.requests,
            &mut blocked,
        )
        .await
    }

    /// The simplest request that fails in the same way, and for a valid one the field that it is
    /// refused for.
    async fn smallest(&mut self, failing: Failing) -> (Attempt, Arc<Subject>) {
        let first = (failing.judged, failing.about);
        let Some(number) = failing.number else {
            return first;
        };
        let Some(mut drawn) = self.cases.source.draw(self.operation, number) else {
            return first;
        };
        let smallest = self.shrink(&mut drawn, first).await;
        if self.property == Property::Valid {
            self.attribute(smallest).await
        } else {
            smallest
        }
    }

    /// Shrinks towards a simpler request that fails in the same way.
    async fn shrink(
        &mut self,
        drawn: &mut Drawn,
        first: (Attempt, Arc<Subject>),
    ) -> (Attempt, Arc<Subject>) {
        let mut smallest = first;
        let mut failed = true;
        let started = Instant::now();
        for _ in 0..SHRINKS {
            if started.elapsed() > SHRINK_TIME || self.stopped() || !drawn.step(failed) {
                break;
            }
            let Some((case, broken)) = self.cases.source.case(self.operation, drawn.request())
            else {
                failed = false;
                continue;
            };
            let about = self.cases.about(broken.as_ref());
            let judged = self.judge(&case, &about).await;
            failed = self.cases.fails(&judged) && is_same(&smallest.0, &judged);
            if failed {
                smallest = (judged, about);
            }
        }
        smallest
    }

    /// Names the one field that a valid request is refused for: the documented request with nothing
    /// but that field changed is refused too. What is within an object or a list is tried before
    /// the whole of it.
    async fn attribute(&mut self, failing: (Attempt, Arc<Subject>)) -> (Attempt, Arc<Subject>) {
        let request = failing.0.case.request.clone();
        let slots = slots(self.operation);
        let (parts, wholes): (Vec<_>, Vec<_>) = slots.iter().partition(|slot| {
            !slots.iter().any(|other| {
                other.place == slot.place
                    && other.field != slot.field
                    && slot.field.contains(&other.field)
            })
        });
        let baseline = &self.base.request;
        for slot in parts.into_iter().chain(wholes) {
            let value = request.get(slot.place, &slot.field);
            if value == baseline.get(slot.place, &slot.field) {
                continue;
            }
            if self.stopped() {
                break;
            }
            let facet = if value.is_none() {
                Facet::Required
            } else {
                Facet::Type
            };
            let mut alone = baseline.as_ref().clone();
            alone.set(slot.place, &slot.field, value);
            if classify(self.operation, &alone) != Validity::Valid {
                continue;
            }
            let rule = Rule::new(slot.place, slot.field.clone(), facet);
            let about = self.cases.about(Some(&rule));
            let case = Case {
                request: alone,
                ..failing.0.case.clone()
            };
            let judged = self.judge(&case, &about).await;
            if self.cases.fails(&judged) {
                return (judged, about);
            }
        }
        failing
    }

    /// Whether a valid request that is refused differs from the documented one in several fields.
    fn is_of_several_edits(&self, (judged, about): &(Attempt, Arc<Subject>)) -> bool {
        let is_refused = judged
            .exchange
            .outcome
            .as_ref()
            .is_ok_and(|answer| answer.status / 100 == 4);
        self.property == Property::Valid
            && is_refused
            && is_of_several_edits(&self.cases.context, self.operation, &judged.case, about)
    }

    fn stopped(&self) -> bool {
        self.cases.context.sender.abort.reason().is_some()
    }

    /// Adds the findings of a failing case, tried again to tell how surely it fails.
    async fn confirm(
        &mut self,
        (judged, about): (Attempt, Arc<Subject>),
        findings: &mut Vec<Finding>,
    ) {
        let context = &self.cases.context;
        let mut found: Vec<Finding> = Vec::new();
        for observation in judged.observations {
            context
                .finding(observation, &judged.case, &judged.exchange)
                .add_to(&mut found);
        }
        let case = [judged.case];
        self.requests += reproduce(context, self.operation, &case, &about, &mut found).await;
        for finding in found {
            finding.add_to(findings);
        }
    }
}

/// Whether two failures have a broken fact in common.
fn is_same(one: &Attempt, other: &Attempt) -> bool {
    one.observations.iter().any(|observation| {
        other
            .observations
            .iter()
            .any(|seen| seen.fact == observation.fact)
    })
}
