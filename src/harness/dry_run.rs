//! What a run would send, told without sending anything (`--plan`).

use std::fmt::Write;

use crate::contract::{Operation, Relation, Suite};
use crate::generate::{Expectation, PlannedCase, Property, Whose};

use super::abort::RunError;
use super::changes::{Changes, changes};
use super::options::RunOptions;
use super::relation::{CREATIONS, ROUNDS, defaults, values};
use super::removal::removal;
use super::supply::Supplies;
use super::target::{Mode, Target};
use super::trial::{Trial, Work};

/// The requests of an operation, counted.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Count {
    reads: u64,
    writes: u64,
    creations: u64,
    /// Writes of which no page says whether they create something.
    open: u64,
}

impl Count {
    fn add(&mut self, case: &PlannedCase) {
        if case.is_safe() {
            self.reads += 1;
            return;
        }
        self.writes += 1;
        match case.expectation {
            Expectation::Success => self.creations += 1,
            Expectation::Unspecified | Expectation::Oversized => self.open += 1,
            Expectation::Refusal
            | Expectation::ConventionalRefusal
            | Expectation::LenientRefusal
            | Expectation::Malformed
            | Expectation::Unauthorised
            | Expectation::UnknownResource
            | Expectation::AbsentResource
            | Expectation::RefusedResource
            | Expectation::EmptyResource
            | Expectation::UndocumentedMethod
            | Expectation::UndocumentedPath
            | Expectation::TooLarge => {}
        }
    }

    fn create(&mut self, times: usize) {
        let times = u64::try_from(times).unwrap_or(u64::MAX);
        self.writes += times;
        self.creations += times;
    }
}

/// What a run would send.
pub struct Forecast {
    /// By operation, as text.
    pub told: String,
    /// How many writes at least, removals included.
    pub writes: u64,
    /// How many of them are expected to create something.
    pub creations: u64,
}

/// The plan as text: trials and requests by operation, what is skipped and why. Relations and busy
/// resources cost some more requests than can be foretold; they are counted by their least number.
pub fn forecast(
    suite: &Suite,
    target: &Target,
    trials: &[&Trial],
    options: &RunOptions,
) -> Result<Forecast, RunError> {
    let mut out = String::new();
    let mut total = Count::default();
    let supplies = Supplies::of(suite, target);
    for (index, operation) in suite.operations.iter().enumerate() {
        let own: Vec<&Trial> = trials
            .iter()
            .copied()
            .filter(|trial| trial.operation == index)
            .collect();
        if own.is_empty() {
            continue;
        }
        let mut count = Count::default();
        let mut skipped: Vec<(&str, usize)> = Vec::new();
        for trial in &own {
            options.abort.check()?;
            if let Work::Skip(reason) = &trial.work {
                match skipped.iter_mut().find(|(known, _)| known == reason) {
                    Some((_, times)) => *times += 1,
                    None => skipped.push((reason, 1)),
                }
            }
            foretell(operation, trial, options, &mut count);
        }
        let request = supplies.baseline(suite, index);
        let is_own =
            request.is_ok_and(|one| one.borrowed.iter().any(|one| one.whose == Whose::Own));
        if changes(suite, index) != Changes::Nothing {
            // What is accepted changes something; what it changes is made first.
            count.creations = 0;
        }
        if is_own {
            let made = own.iter().filter(|trial| changes_its_own(trial)).count();
            count.create(made);
            count.writes += u64::try_from(made).unwrap_or(0);
        }
        let sent = own
            .iter()
            .filter(|trial| !matches!(trial.work, Work::Skip(_)))
            .count();
        let _ = writeln!(
            out,
            "{}: {sent} trials: {} reads, {} writes, of which {} are expected to create something, and {} may",
            operation.name(),
            count.reads,
            count.writes,
            count.creations,
            count.open
        );
        let _ = writeln!(
            out,
            "  {} {}{}",
            operation.method,
            target
                .endpoint(&operation.service)
                .unwrap_or("(no endpoint)"),
            operation.path
        );
        for line in fixtures(suite, &supplies, index) {
            let _ = writeln!(out, "  {line}");
        }
        if let Some(delete) = removal(suite, index).and_then(|resource| resource.delete)
            && let Some(delete) = suite.operations.get(delete)
            && count.creations > 0
        {
            // What was created is removed again.
            count.writes += count.creations;
            let _ = writeln!(
                out,
                "  {} removed again by {}",
                count.creations,
                delete.name()
            );
        }
        for (reason, times) in skipped {
            let _ = writeln!(out, "  {times} skipped: {reason}");
        }
        total.reads += count.reads;
        total.writes += count.writes;
        total.creations += count.creations;
        total.open += count.open;
    }
    let _ = writeln!(
        out,
        "in all: at least {} reads and {} writes, of which {} are expected to create something, and {} may; what fails or is refused is tried again, and a connection closed on an oversized request is followed by the documented one; nothing was sent",
        total.reads, total.writes, total.creations, total.open
    );
    if target.mode == Mode::Sandbox && total.writes > target.max_writes {
        let _ = writeln!(
            out,
            "sandbox mode: no more than {} writes are sent (`--max-writes`); facts that no trial has tried come first",
            target.max_writes
        );
    }
    Ok(Forecast {
        told: out,
        writes: total.writes,
        creations: total.creations,
    })
}

/// What the requests of an operation change, and which resources the run creates for them.
fn fixtures(suite: &Suite, supplies: &Supplies, index: usize) -> Vec<String> {
    let Ok(request) = supplies.baseline(suite, index) else {
        return Vec::new();
    };
    let name = |index: usize| {
        let operation = suite.operations.get(index);
        operation.map_or_else(String::new, |operation| operation.id.clone())
    };
    let mut lines = Vec::new();
    for borrowed in request.borrowed.iter() {
        let resource = supplies
            .creatable(&borrowed.key)
            .and_then(|resource| suite.resources.get(resource));
        let Some((resource, create)) =
            resource.and_then(|resource| Some((resource, resource.create.as_ref()?)))
        else {
            continue;
        };
        let removed = match resource.delete {
            Some(delete) => format!("removed by {}", name(delete)),
            None => "left behind: no page says how it is removed".to_owned(),
        };
        let (verb, many) = match borrowed.whose {
            Whose::Own => ("changes", "one for each trial"),
            Whose::Everybodys => ("uses", "one for the run"),
            Whose::Nobodys => ("creates", "one with each request"),
        };
        lines.push(format!(
            "{verb} `{}`: {many}, made by {}, {removed}",
            borrowed.key,
            name(create.operation)
        ));
    }
    if lines.is_empty()
        && let Changes::Resources(keys) = changes(suite, index)
    {
        let lines_of = keys.iter().map(|key| format!("changes the given `{key}`"));
        lines.extend(lines_of);
    }
    lines
}

/// Whether a trial sends requests that change a resource which is made for it.
fn changes_its_own(trial: &Trial) -> bool {
    match &trial.work {
        Work::Cases(_) | Work::Property { .. } | Work::Snapshot(_) => true,
        Work::Answers { .. }
        | Work::Relation { .. }
        | Work::Lifecycle { .. }
        | Work::Offline(_)
        | Work::Skip(_) => false,
    }
}

/// Counts what a trial would send.
fn foretell(operation: &Operation, trial: &Trial, options: &RunOptions, count: &mut Count) {
    match &trial.work {
        Work::Cases(cases) => {
            for case in cases.planned(operation) {
                count.add(&case);
            }
        }
        Work::Property { property, .. } => {
            let cases = u64::from(options.cases);
            if operation.writes() {
                count.writes += cases;
                match property {
                    Property::Valid => count.creations += cases,
                    Property::Invalid => {}
                    Property::Unspecified => count.open += cases,
                }
            } else {
                count.reads += cases;
            }
        }
        Work::Snapshot(shots) => shots.iter().for_each(|shot| count.add(&shot.case)),
        Work::Relation { relation, law, .. } => {
            count.reads += 2;
            match relation.as_ref() {
                Relation::CreatedAppears { .. } if *law == "default" => count.create(2),
                Relation::CreatedAppears { .. } if *law == "status" => count.create(1),
                Relation::Repeated { .. } => count.create(2),
                Relation::Echo { .. } if *law == "unique" => count.create(CREATIONS),
                Relation::Echo { same, .. } => {
                    let left_out = defaults(operation, same).len();
                    count.create(ROUNDS + values(operation, same.keys()).len() + 2 * left_out);
                }
                Relation::CreatedAppears { .. } => count.create(ROUNDS),
                _ => {}
            }
        }
        Work::Lifecycle { law, .. } => {
            count.reads += 2;
            count.create(law.creations());
        }
        Work::Answers { .. } | Work::Offline(_) | Work::Skip(_) => {}
    }
}
