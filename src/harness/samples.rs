//! Requests that a run sends for more than one trial, found among the planned cases: each
//! operation's documented request, and those that bring about each class of answers.

use std::collections::HashMap;

use crate::contract::{Level, Operation, Suite};
use crate::generate::{BoundarySide, Case, Credential, Edit, Expectation, plain_requests};

use super::cases::TrialCases;
use super::sandbox;
use super::target::Mode;
use super::trial::{Kind, Trial, Work};

/// The requests, by the operation's index in the suite.
#[derive(Debug, Default)]
pub(super) struct Samples {
    /// One that has to be refused for what it is.
    refusals: HashMap<usize, Case>,
    /// One about a resource without records.
    empties: HashMap<usize, Case>,
    /// Cases that bring about one status of refusals: 401, 404 and 405.
    exact: HashMap<(usize, u16), Case>,
    /// The documented requests.
    successes: HashMap<usize, Vec<Case>>,
    /// Plain valid requests, to tell a refusal of one request from that of all.
    controls: HashMap<usize, Vec<Case>>,
    /// For each trial whose requests are to be refused, its operation: where the documented request
    /// is refused too, that proves nothing.
    pub(super) refusing: HashMap<String, usize>,
}

impl Samples {
    /// Those of planned trials.
    pub(super) fn of(suite: &Suite, mode: Mode, trials: &[Trial]) -> Self {
        let mut refusals: HashMap<usize, Case> = HashMap::new();
        // Those that only a custom or some editions ask for.
        let mut weak: HashMap<usize, Case> = HashMap::new();
        let mut empties = HashMap::new();
        let mut exact = HashMap::new();
        let mut successes: HashMap<usize, Vec<Case>> = HashMap::new();
        for trial in trials {
            let (Work::Cases(cases), Some(operation)) =
                (&trial.work, suite.operations.get(trial.operation))
            else {
                continue;
            };
            let marked = |mut case: Case| {
                if mode == Mode::Sandbox {
                    let bindings = suite.bindings(operation);
                    sandbox::mark(operation, &bindings, &trial.subject.fact, &mut case.request);
                }
                case
            };
            let refusals = if trial.subject.level == Level::Must {
                &mut refusals
            } else {
                &mut weak
            };
            let listed = match cases {
                TrialCases::Listed(listed) => listed,
                TrialCases::Field(side) => {
                    if side.side == BoundarySide::Rejects
                        && !refusals.contains_key(&trial.operation)
                        && let Some(case) = refusal(cases, operation)
                    {
                        refusals.insert(trial.operation, marked(case));
                    }
                    continue;
                }
            };
            for case in listed {
                let made = || marked(case.make());
                match case.expectation {
                    Expectation::Refusal => {
                        refusals.entry(trial.operation).or_insert_with(made);
                    }
                    Expectation::EmptyResource => {
                        empties.entry(trial.operation).or_insert_with(made);
                    }
                    // A wrong credential, where one can be made: absent and empty ones may be
                    // refused in another way.
                    Expectation::Unauthorised => {
                        let is_wrong =
                            |edit: &Edit| matches!(edit, Edit::Credential(Credential::Wrong));
                        let known = exact.entry((trial.operation, 401));
                        if case.edits.iter().any(is_wrong) {
                            known.insert_entry(made());
                        } else {
                            known.or_insert_with(made);
                        }
                    }
                    Expectation::UnknownResource => {
                        exact.entry((trial.operation, 404)).or_insert_with(made);
                    }
                    Expectation::UndocumentedMethod => {
                        exact.entry((trial.operation, 405)).or_insert_with(made);
                    }
                    Expectation::Success if trial.kind == Kind::Example => {
                        successes.entry(trial.operation).or_default().push(made());
                    }
                    Expectation::Success
                    | Expectation::ConventionalRefusal
                    | Expectation::LenientRefusal
                    | Expectation::Malformed
                    | Expectation::Unspecified
                    | Expectation::AbsentResource
                    | Expectation::RefusedResource
                    | Expectation::UndocumentedPath
                    | Expectation::TooLarge
                    | Expectation::Oversized => {}
                }
            }
        }
        // What need not be refused proves no more by another name.
        for (operation, mut case) in weak {
            case.expectation = Expectation::ConventionalRefusal;
            refusals.entry(operation).or_insert(case);
        }
        let mut controls = HashMap::new();
        for (index, cases) in &successes {
            if let (Some(operation), Some(case)) = (suite.operations.get(*index), cases.first()) {
                controls.insert(*index, plain_requests(operation, &case.request));
            }
        }
        Self {
            refusing: trials
                .iter()
                .filter(|trial| trial.is_about_refusals())
                .map(|trial| (trial.name.clone(), trial.operation))
                .collect(),
            refusals,
            empties,
            exact,
            successes,
            controls,
        }
    }

    /// The documented request of an operation.
    pub(super) fn documented(&self, operation: usize) -> Option<&Case> {
        self.successes.get(&operation)?.first()
    }

    /// The plain requests of an operation.
    pub(super) fn controls(&self, operation: usize) -> &[Case] {
        self.controls.get(&operation).map_or(&[], Vec::as_slice)
    }

    /// The requests that bring about answers of a class: 204 by a resource without records, another
    /// success by the documented request, a refusal by an invalid one.
    pub(super) fn of_class(&self, operation: usize, class: u16) -> Vec<Case> {
        let one = match class {
            2 => return self.successes.get(&operation).cloned().unwrap_or_default(),
            4 => self.refusals.get(&operation),
            204 => self.empties.get(&operation),
            other => self.exact.get(&(operation, other)),
        };
        one.cloned().into_iter().collect()
    }
}

/// The first of some cases that has to be refused by what a page states.
fn refusal(cases: &TrialCases, operation: &Operation) -> Option<Case> {
    let stated = cases
        .planned(operation)
        .into_iter()
        .filter(|case| case.expectation == Expectation::Refusal);
    stated
        .into_iter()
        .find_map(|case| cases.make(operation, &case))
}
