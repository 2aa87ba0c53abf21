//! A property trial: draws cases, sends them, shrinks the first that fails within a bounded number of requests, and tries it again to tell whether
//! it fails always.

use std::time::{Duration, Instant};

use crate::check::Subject;
use crate::contract::Operation;
use crate::generate::{Broken, Property, Request, Source};

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

/// Holds a property against the endpoint.
pub(super) async fn hold(
    shared: &Shared,
    operation: &Operation,
    subject: &Subject,
    property: Property,
    baseline: &Request,
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
    let mut requests = 0;
    let mut blocked = None;
    // What a deviation accepts is kept, and does not hide what comes after it.
    let mut accepted = Vec::new();
    for _ in 0..shared.cases {
        if shared.stop.reason().is_some() {
            break;
        }
        let Some(mut drawn) = source.draw() else {
            break;
        };
        let Some((mut case, broken)) = source.case(&drawn.request()) else {
            continue;
        };
        let about = about(operation, subject, broken.as_ref());
        shared.mark(operation, &about.fact, &mut case.request);
        let judged = shared
            .try_case(operation, &case, &about, &mut requests, &mut blocked)
            .await;
        if !fails(shared, &judged) {
            for observation in judged.observations {
                Finding::new(observation, &case, &judged.exchange, &shared.redactor)
                    .add(&mut accepted);
            }
            continue;
        }
        // Shrinks towards a simpler request that fails in the same way.
        let mut smallest = (judged, about);
        let mut failed = true;
        let started = Instant::now();
        for _ in 0..SHRINKS {
            if started.elapsed() > SHRINK_TIME || !drawn.step(failed) {
                break;
            }
            let Some((mut case, broken)) = source.case(&drawn.request()) else {
                failed = false;
                continue;
            };
            let about = self::about(operation, subject, broken.as_ref());
            shared.mark(operation, &about.fact, &mut case.request);
            let judged = shared
                .try_case(operation, &case, &about, &mut requests, &mut blocked)
                .await;
            failed = fails(shared, &judged) && is_same(&smallest.0, &judged);
            if failed {
                smallest = (judged, about);
            }
        }
        let (judged, about) = smallest;
        let mut again = 0;
        for _ in 0..AGAIN {
            let repeated = shared
                .try_case(operation, &judged.case, &about, &mut requests, &mut blocked)
                .await;
            again += u32::from(fails(shared, &repeated));
        }
        let mut findings = accepted;
        let again = Again {
            failed: again + 1,
            of: AGAIN + 1,
        };
        for observation in judged.observations {
            let mut finding = Finding::new(
                observation,
                &judged.case,
                &judged.exchange,
                &shared.redactor,
            );
            finding.again = Some(again);
            finding.add(&mut findings);
        }
        shared.drop_cases(source.dropped());
        return (shared.verdict(&findings), None, requests, findings);
    }
    shared.drop_cases(source.dropped());
    match blocked {
        Some(reason) => (Verdict::Blocked, Some(reason), requests, accepted),
        // Accepted or below the level: the caller tells which.
        None => (shared.verdict(&accepted), None, requests, accepted),
    }
}

fn fails(shared: &Shared, judged: &Judged) -> bool {
    judged
        .observations
        .iter()
        .any(|observation| shared.counts(observation, &judged.exchange))
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
