//! The cases of a trial, which are made one by one when they are sent: a plan holds what they are
//! made from.

use crate::contract::Operation;
use crate::generate::{Boundary, BoundarySide, Case, PlannedCase};

/// The cases of a trial.
#[derive(Debug, Clone)]
pub enum TrialCases {
    /// These.
    Listed(Vec<PlannedCase>),
    /// Those on one side of a facet of a field.
    Field(Box<Boundary>),
}

impl TrialCases {
    /// A single case.
    pub(super) fn one(case: PlannedCase) -> Self {
        Self::Listed(vec![case])
    }

    /// The cases before they are made.
    pub(super) fn planned(&self, operation: &Operation) -> Vec<PlannedCase> {
        match self {
            Self::Listed(cases) => cases.clone(),
            Self::Field(side) => side.planned(operation),
        }
    }

    /// The first of them.
    pub(super) fn first(&self, operation: &Operation) -> Option<PlannedCase> {
        match self {
            Self::Listed(cases) => cases.first().cloned(),
            Self::Field(side) => side.first(operation),
        }
    }

    /// A case with its request; none where that does not stand in its class on the wire.
    pub(super) fn make(&self, operation: &Operation, case: &PlannedCase) -> Option<Case> {
        let case = case.make();
        match self {
            Self::Listed(_) => Some(case),
            Self::Field(side) => side.stands(operation, &case).then_some(case),
        }
    }

    /// The same cases, found and classified for good: for plans that are run many times.
    pub(super) fn settled(&self, operation: &Operation) -> Self {
        let mut cases = self.planned(operation);
        cases.retain(|case| self.make(operation, case).is_some());
        Self::Listed(cases)
    }

    /// Whether all of them are to be refused for what they are.
    pub(super) fn are_refusals(&self) -> bool {
        match self {
            Self::Listed(cases) => {
                !cases.is_empty() && cases.iter().all(|case| case.expectation.is_refusal())
            }
            Self::Field(side) => side.side == BoundarySide::Rejects,
        }
    }
}
