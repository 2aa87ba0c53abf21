//! Many cases of one trial, judged side by side: each worker takes the next number, generates its
//! case, sends and judges it, while the other workers' requests are on their way. Nobody waits for
//! the slowest of a batch, and nothing is handed from thread to thread.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::task::JoinSet;

use crate::check::Subject;
use crate::contract::{FactId, Operation, Rule};
use crate::generate::{Case, PlannedCase, Source};

use super::attempt::attempt;
use super::finding::Finding;
use super::fixture::TrialContext;
use super::trial::Attempt;

/// The cases of a trial, and what its workers have in common.
pub(super) struct Cases {
    pub(super) context: Arc<TrialContext>,
    /// The index of the operation in the suite.
    pub(super) operation: usize,
    /// What the trial is about.
    subject: Arc<Subject>,
    /// The facts of the operation: what a case breaks is one of them.
    facts: HashMap<FactId, Arc<Subject>>,
    /// Cases that are the same in every run, which come first.
    known: Vec<(PlannedCase, Option<Rule>)>,
    /// Where the others come from.
    pub(super) source: Source,
    /// How many cases there are.
    all: u64,
    /// The number of the next case.
    next: AtomicU64,
    /// No case from this number on is wanted: so many there are, or one failed.
    end: AtomicU64,
}

/// A case that failed.
pub(super) struct Failing {
    /// Its number among the generated cases; `None` for one that is the same in every run.
    pub(super) number: Option<u64>,
    pub(super) judged: Attempt,
    pub(super) about: Arc<Subject>,
}

/// What the workers came to.
#[derive(Default)]
pub(super) struct Outcome {
    /// The first case that failed.
    pub(super) failing: Option<Failing>,
    /// What is below the level.
    pub(super) minor: Vec<Finding>,
    /// How many generated cases were judged.
    pub(super) generated: u64,
    pub(super) requests: u64,
    /// Why something could not be decided.
    pub(super) blocked: Option<String>,
}

/// What one worker came to; what it saw stands with the number of the case.
#[derive(Default)]
struct Worker {
    failing: Option<(u64, Attempt, Arc<Subject>)>,
    minor: Vec<(u64, Finding)>,
    blocked: Option<(u64, String)>,
    generated: u64,
    requests: u64,
    /// Whether the run ended before a case of it was judged.
    is_cut_short: bool,
}

/// A case that is to be judged next, and the rule that it breaks.
struct Drawn {
    number: u64,
    case: Case,
    broken: Option<Rule>,
}

impl Cases {
    pub(super) fn new(
        context: Arc<TrialContext>,
        operation: usize,
        subject: Subject,
        known: Vec<(PlannedCase, Option<Rule>)>,
        source: Source,
    ) -> Self {
        let facts = context
            .sender
            .suite
            .operations
            .get(operation)
            .into_iter()
            .flat_map(|of| of.facts().iter().map(move |fact| (of, fact)))
            .map(|(of, fact)| {
                let id = of.fact_id(fact.rule.clone());
                let subject = Subject {
                    level: fact.level(),
                    fact: id.clone(),
                    documented: fact.rule.documents(),
                    rows: fact.rows.clone(),
                };
                (id, Arc::new(subject))
            })
            .collect();
        let all = u64::try_from(known.len()).unwrap_or(u64::MAX) + u64::from(context.options.cases);
        Self {
            context,
            operation,
            subject: Arc::new(subject),
            facts,
            known,
            source,
            all,
            next: AtomicU64::new(0),
            end: AtomicU64::new(0),
        }
    }

    pub(super) fn operation(&self) -> Option<&Operation> {
        self.context.sender.suite.operations.get(self.operation)
    }

    /// The subject of a case: the rule that it breaks, where it breaks one.
    pub(super) fn about(&self, broken: Option<&Rule>) -> Arc<Subject> {
        let (Some(broken), Some(operation)) = (broken, self.operation()) else {
            return Arc::clone(&self.subject);
        };
        let fact = operation.fact_id(broken.clone());
        match self.facts.get(&fact) {
            Some(known) => Arc::clone(known),
            None => Arc::new(Subject {
                fact,
                ..self.subject.as_ref().clone()
            }),
        }
    }

    /// Whether a case fails, accepted or not: a run with known findings takes the same way as the
    /// one that they come from, and so ends at the same finding.
    pub(super) fn fails(&self, judged: &Attempt) -> bool {
        judged
            .observations
            .iter()
            .any(|observation| observation.level >= self.context.options.level)
    }

    /// Judges all cases in so many workers, those that are the same in every run first: where not
    /// even `needed` ones say anything, generated ones would not either.
    pub(super) async fn judge(self: &Arc<Self>, workers: u64, needed: bool) -> Outcome {
        let outcome = self.judge_to(self.known_count(), workers).await;
        if outcome.failing.is_some() || needed && outcome.blocked.is_some() {
            return outcome;
        }
        self.next.store(self.known_count(), Ordering::Relaxed);
        let mut more = self.judge_to(self.all, workers).await;
        more.requests += outcome.requests;
        more.blocked = outcome.blocked.or(more.blocked);
        let mut minor = outcome.minor;
        for finding in more.minor {
            finding.add_to(&mut minor);
        }
        more.minor = minor;
        more
    }

    /// Judges the cases up to a number. Which is the first that fails does not hang on which answer
    /// comes first: all before it were judged.
    async fn judge_to(self: &Arc<Self>, all: u64, workers: u64) -> Outcome {
        self.end.store(all, Ordering::Relaxed);
        let left = all.saturating_sub(self.next.load(Ordering::Relaxed));
        let mut workers: JoinSet<Worker> = (0..workers.min(left))
            .map(|_| Arc::clone(self).worker())
            .collect();
        let mut ended: Vec<Worker> = Vec::new();
        let mut panic = None;
        while let Some(worker) = workers.join_next().await {
            match worker {
                Ok(worker) => ended.push(worker),
                // The other workers end with it, each after the request that it has sent.
                Err(error) => {
                    self.end.store(0, Ordering::Relaxed);
                    panic = error.try_into_panic().ok();
                }
            }
        }
        // A panic is the trial's, as if it had no workers.
        if let Some(panic) = panic {
            std::panic::resume_unwind(panic);
        }
        let end = self.end.load(Ordering::Relaxed);
        let mut outcome = Outcome::default();
        let mut is_cut_short = self.next.load(Ordering::Relaxed) < all;
        let mut minor: Vec<(u64, Finding)> = Vec::new();
        let mut blocked: Option<(u64, String)> = None;
        for worker in ended {
            outcome.generated += worker.generated;
            is_cut_short |= worker.is_cut_short;
            outcome.requests += worker.requests;
            minor.extend(worker.minor);
            let earliest = |known: &(u64, String)| {
                blocked.as_ref().is_none_or(|(number, _)| known.0 < *number)
            };
            if let Some(found) = worker.blocked.filter(earliest) {
                blocked = Some(found);
            }
            if let Some((number, judged, about)) = worker.failing
                && number == end
            {
                outcome.failing = Some(Failing {
                    number: number.checked_sub(self.known_count()),
                    judged,
                    about,
                });
            }
        }
        // In the order of the cases, whichever worker they were in.
        minor.retain(|(number, _)| *number < end);
        minor.sort_by_key(|(number, _)| *number);
        for (_, finding) in minor {
            finding.add_to(&mut outcome.minor);
        }
        outcome.blocked = blocked.map(|(_, reason)| reason);
        if outcome.failing.is_none()
            && is_cut_short
            && let Some(reason) = self.context.sender.abort.reason()
        {
            outcome.blocked.get_or_insert_with(|| reason.to_string());
        }
        outcome
    }

    fn known_count(&self) -> u64 {
        u64::try_from(self.known.len()).unwrap_or(u64::MAX)
    }

    /// Judges one case after another until there is none left, one failed, or the run is to end.
    /// The next is made while the endpoint has the one before it.
    async fn worker(self: Arc<Self>) -> Worker {
        let mut worker = Worker::default();
        let Some(operation) = self.operation() else {
            return worker;
        };
        let mut next = self.draw(operation);
        while let Some(drawn) = next.take() {
            if self.context.sender.abort.reason().is_some() {
                worker.is_cut_short = true;
                break;
            }
            let Drawn {
                number,
                mut case,
                broken,
            } = drawn;
            // Another case before it failed meanwhile.
            if number >= self.end.load(Ordering::Relaxed) {
                break;
            }
            worker.generated += u64::from(number >= self.known_count());
            let about = self.about(broken.as_ref());
            self.context.mark(operation, &about.fact, &mut case.request);
            let mut blocked = None;
            let attempted = attempt(
                &self.context,
                operation,
                &case,
                &about,
                &mut worker.requests,
                &mut blocked,
            );
            let judged;
            (judged, next) = tokio::join!(biased; attempted, async { self.draw(operation) });
            if let Some(reason) = blocked {
                worker.blocked.get_or_insert((number, reason));
            }
            if self.fails(&judged) {
                self.end.fetch_min(number, Ordering::Relaxed);
                worker.failing = Some((number, judged, about));
                break;
            }
            for observation in judged.observations {
                worker.keep(
                    number,
                    self.context.finding(observation, &case, &judged.exchange),
                );
            }
        }
        worker
    }

    /// The next case that is to be judged; none where there are no more.
    fn draw(&self, operation: &Operation) -> Option<Drawn> {
        loop {
            if self.context.sender.abort.reason().is_some() {
                return None;
            }
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            if number >= self.end.load(Ordering::Relaxed) {
                return None;
            }
            let known = usize::try_from(number).ok();
            let known = known.and_then(|index| self.known.get(index));
            let drawn = match known {
                Some((planned, broken)) => Some((planned.make(), broken.clone())),
                None => self.source.generate(operation, number - self.known_count()),
            };
            if let Some((case, broken)) = drawn {
                return Some(Drawn {
                    number,
                    case,
                    broken,
                });
            }
        }
    }
}

impl Worker {
    /// Keeps what was seen without being a failure, with the first case that showed it.
    fn keep(&mut self, number: u64, finding: Finding) {
        match self
            .minor
            .iter_mut()
            .find(|(_, known)| known.is_same(&finding))
        {
            Some((_, known)) => known.seen += 1,
            None => self.minor.push((number, finding)),
        }
    }
}
