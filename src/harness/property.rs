//! A property trial: draws cases, sends them, shrinks the first that fails within a bounded number of requests, and tries it again to tell whether
//! it fails always.

use std::time::{Duration, Instant};

use crate::check::Subject;
use crate::contract::Operation;
use crate::generate::{
    Broken, Case, Class, Drawn, Property, Request, Source, classify, plain_requests, slots,
    unusual_requests,
};

use super::busy::Judged;
use super::finding::{Again, Finding};
use super::shared::Shared;
use super::trial::Verdict;

/// The most requests that shrinking may cost.
const SHRINKS: u32 = 60;

/// The longest that shrinking may take.
const SHRINK_TIME: Duration = Duration::from_secs(5);

/// How often the smallest failing case is tried again.
const AGAIN: u32 = 3;

/// How many cases are sent at once where they do not disturb each other.
const LANES: usize = 16;

/// Holds a property against the endpoint. `is_alone`: the trial holds its resource for itself, and sends one request at a time.
pub(super) async fn hold(
    shared: &Shared,
    operation: &Operation,
    subject: &Subject,
    property: Property,
    baseline: &Request,
    is_alone: bool,
) -> (Verdict, Option<String>, u64, Vec<Finding>) {
    let bound = |place: &str, field: &str| shared.is_bound(operation, place, field);
    let Some(mut source) = Source::new(
        operation,
        baseline,
        property,
        shared.seed,
        &bound,
        shared.omission.violation,
    ) else {
        return (
            Verdict::Skipped,
            Some("nothing can be varied".to_owned()),
            0,
            Vec::new(),
        );
    };
    let mut tries = Tries {
        shared,
        operation,
        lanes: if is_alone { 1 } else { LANES },
        requests: 0,
        blocked: None,
        minor: Vec::new(),
    };
    let failing = match tries.known(property, subject, baseline, &bound).await {
        Some(failing) => Some(failing),
        // Where not even the plain requests say anything, generated ones would not either.
        None if property == Property::Valid && tries.blocked.is_some() => None,
        None => tries.drawn(&mut source, property, subject, baseline).await,
    };
    shared.drop_cases(source.dropped());
    if let Some((judged, about)) = failing {
        let findings = tries.confirm(judged, &about).await;
        return (shared.verdict(&findings), None, tries.requests, findings);
    }
    let Tries {
        requests,
        blocked,
        minor,
        ..
    } = tries;
    match blocked {
        Some(reason) => (Verdict::Blocked, Some(reason), requests, minor),
        None => (shared.verdict(&minor), None, requests, minor),
    }
}

/// The tries of one trial.
struct Tries<'s> {
    shared: &'s Shared,
    operation: &'s Operation,
    /// How many cases are sent at once.
    lanes: usize,
    requests: u64,
    blocked: Option<String>,
    /// What is below the level is kept.
    minor: Vec<Finding>,
}

impl Tries<'_> {
    async fn judge(&mut self, case: &Case, about: &Subject) -> Judged {
        let mut case = case.clone();
        self.shared
            .mark(self.operation, &about.fact, &mut case.request);
        self.shared
            .try_case(
                self.operation,
                &case,
                about,
                &mut self.requests,
                &mut self.blocked,
            )
            .await
    }

    /// Judges a case; what is seen without being a failure is kept.
    async fn judge_first(&mut self, case: &Case, about: &Subject) -> Option<Judged> {
        let judged = self.judge(case, about).await;
        if fails(self.shared, &judged) {
            return Some(judged);
        }
        for observation in judged.observations {
            Finding::new(observation, case, &judged.exchange, &self.shared.redactor)
                .add(&mut self.minor);
        }
        None
    }

    /// Cases that are the same in every run, before those that are drawn: the first that fails.
    async fn known(
        &mut self,
        property: Property,
        subject: &Subject,
        baseline: &Request,
        bound: &dyn Fn(&str, &str) -> bool,
    ) -> Option<(Judged, Subject)> {
        let cases: Vec<(Case, Option<Broken>)> = match property {
            Property::Valid => plain_requests(self.operation, baseline)
                .into_iter()
                .map(|case| (case, None))
                .collect(),
            Property::Invalid => Vec::new(),
            Property::Unspecified => unusual_requests(self.operation, baseline, bound)
                .into_iter()
                .map(|(case, about)| (case, Some(about)))
                .collect(),
        };
        for (case, about) in cases {
            if self.stopped() {
                return None;
            }
            let about = self::about(self.operation, subject, about.as_ref());
            if let Some(judged) = self.judge_first(&case, &about).await {
                return Some((judged, about));
            }
        }
        None
    }

    /// Draws cases; the first that fails, shrunk, and named by the field that it hangs on. Several are sent at once, always the same ones together: what a
    /// seed sends does not hang on which answer comes first.
    async fn drawn(
        &mut self,
        source: &mut Source<'_>,
        property: Property,
        subject: &Subject,
        baseline: &Request,
    ) -> Option<(Judged, Subject)> {
        let mut left = usize::try_from(self.shared.cases).unwrap_or(usize::MAX);
        while left > 0 && !self.stopped() {
            let mut batch: Vec<(Drawn, Case, Subject)> = Vec::new();
            for _ in 0..self.lanes.min(left) {
                let Some(drawn) = source.draw() else {
                    left = 0;
                    break;
                };
                if let Some((case, broken)) = source.case(&drawn.request()) {
                    let about = about(self.operation, subject, broken.as_ref());
                    batch.push((drawn, case, about));
                }
            }
            left = left.saturating_sub(self.lanes);
            let judged = self.judge_all(&batch).await;
            for ((mut drawn, case, about), judged) in batch.into_iter().zip(judged) {
                if !fails(self.shared, &judged) {
                    self.keep(&case, judged);
                    continue;
                }
                let failing = self
                    .shrink(source, &mut drawn, subject, (judged, about))
                    .await;
                return Some(if property == Property::Valid {
                    self.attribute(subject, baseline, failing).await
                } else {
                    failing
                });
            }
        }
        None
    }

    /// Judges cases at once.
    async fn judge_all(&mut self, batch: &[(Drawn, Case, Subject)]) -> Vec<Judged> {
        let (shared, operation) = (self.shared, self.operation);
        let tries = batch.iter().map(|(_, case, about)| async move {
            let mut alone = Tries {
                shared,
                operation,
                lanes: 1,
                requests: 0,
                blocked: None,
                minor: Vec::new(),
            };
            let judged = alone.judge(case, about).await;
            (judged, alone.requests, alone.blocked)
        });
        let mut all = Vec::with_capacity(batch.len());
        for (judged, requests, blocked) in futures_util::future::join_all(tries).await {
            self.requests += requests;
            self.blocked = self.blocked.take().or(blocked);
            all.push(judged);
        }
        all
    }

    /// Keeps what is seen without being a failure.
    fn keep(&mut self, case: &Case, judged: Judged) {
        for observation in judged.observations {
            Finding::new(observation, case, &judged.exchange, &self.shared.redactor)
                .add(&mut self.minor);
        }
    }

    /// Shrinks towards a simpler request that fails in the same way.
    async fn shrink(
        &mut self,
        source: &Source<'_>,
        drawn: &mut Drawn,
        subject: &Subject,
        first: (Judged, Subject),
    ) -> (Judged, Subject) {
        let mut smallest = first;
        let mut failed = true;
        let started = Instant::now();
        for _ in 0..SHRINKS {
            if started.elapsed() > SHRINK_TIME || !drawn.step(failed) {
                break;
            }
            let Some((case, broken)) = source.case(&drawn.request()) else {
                failed = false;
                continue;
            };
            let about = about(self.operation, subject, broken.as_ref());
            let judged = self.judge(&case, &about).await;
            failed = fails(self.shared, &judged) && is_same(&smallest.0, &judged);
            if failed {
                smallest = (judged, about);
            }
        }
        smallest
    }

    /// Names the one field that a valid request is refused for: the documented request with nothing but that field changed is refused too.
    async fn attribute(
        &mut self,
        subject: &Subject,
        baseline: &Request,
        failing: (Judged, Subject),
    ) -> (Judged, Subject) {
        let request = failing.0.case.request.clone();
        for slot in slots(self.operation) {
            let value = request.get(slot.place, &slot.field);
            if slot.field.contains(['.', '['])
                || value == baseline.get(slot.place, &slot.field)
                || self.stopped()
            {
                continue;
            }
            let facet = if value.is_none() { "required" } else { "type" };
            let mut alone = baseline.clone();
            alone.set(slot.place, &slot.field, value);
            if classify(self.operation, &alone) != Class::Valid {
                continue;
            }
            let broken = Broken {
                place: slot.place.to_owned(),
                field: slot.field.clone(),
                facet: facet.to_owned(),
            };
            let about = about(self.operation, subject, Some(&broken));
            let case = Case {
                request: alone,
                ..failing.0.case.clone()
            };
            let judged = self.judge(&case, &about).await;
            if fails(self.shared, &judged) {
                return (judged, about);
            }
        }
        failing
    }

    fn stopped(&self) -> bool {
        self.shared.stop.reason().is_some()
    }

    /// The findings of a failing case, tried again to tell how surely it fails.
    async fn confirm(&mut self, judged: Judged, about: &Subject) -> Vec<Finding> {
        let mut failed = 1;
        // Nobody knows what became of a write that was not answered: it is not sent again.
        let is_lost = judged.exchange.outcome.is_err() && !judged.case.request.is_safe();
        let tries = if is_lost { 0 } else { AGAIN };
        for _ in 0..tries {
            let repeated = self.judge(&judged.case, about).await;
            failed += u32::from(fails(self.shared, &repeated));
        }
        let again = Again {
            failed,
            of: tries + 1,
        };
        let mut findings = std::mem::take(&mut self.minor);
        for observation in judged.observations {
            let mut finding = Finding::new(
                observation,
                &judged.case,
                &judged.exchange,
                &self.shared.redactor,
            );
            finding.again = (tries > 0).then_some(again);
            finding.add(&mut findings);
        }
        findings
    }
}

/// Whether a case fails, accepted or not: a run with deviations takes the same way as the one that they come from, and so ends at the same finding.
fn fails(shared: &Shared, judged: &Judged) -> bool {
    judged
        .observations
        .iter()
        .any(|observation| observation.level >= shared.level)
}

/// Whether two failures have a broken fact in common.
fn is_same(one: &Judged, other: &Judged) -> bool {
    one.observations.iter().any(|observation| {
        other
            .observations
            .iter()
            .any(|seen| seen.fact == observation.fact)
    })
}

/// The subject of a case: the rule that it breaks, where it breaks one.
fn about(operation: &Operation, subject: &Subject, broken: Option<&Broken>) -> Subject {
    let Some(broken) = broken else {
        return subject.clone();
    };
    let fact = operation.fact(&broken.place, &broken.field, &broken.facet);
    match operation
        .facts()
        .into_iter()
        .find(|known| known.name == fact)
    {
        Some(known) => Subject {
            level: known.level(),
            fact,
            documented: broken.facet.clone(),
            rows: known.rows,
        },
        None => Subject {
            fact,
            ..subject.clone()
        },
    }
}
