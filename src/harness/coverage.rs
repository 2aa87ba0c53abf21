//! The coverage that a ledger amounts to: how many of the documented facts were decided, in all and
//! by operation.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ledger::{LedgerLine, State};

/// How many facts are in which state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Tally {
    /// All documented facts.
    pub facts: usize,
    /// Proven ones.
    pub proven: usize,
    /// Contradicted ones.
    pub contradicted: usize,
    /// Those not tested.
    pub not_tested: usize,
    /// Prose.
    pub not_testable: usize,
    /// The coverage: of the facts that are not prose, how many were decided, proven or
    /// contradicted; in percent, rounded down to a tenth.
    #[schemars(range(min = 0, max = 100))]
    pub percent: f64,
}

/// The coverage of one operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct OperationCoverage {
    /// `service::Operation`.
    pub operation: String,
    /// Its facts.
    pub tally: Tally,
}

/// The coverage of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Coverage {
    /// Of all operations together.
    pub total: Tally,
    /// Of each operation, in the suite's order.
    pub operations: Vec<OperationCoverage>,
}

impl Tally {
    /// The facts that are not prose.
    pub fn testable(&self) -> usize {
        self.facts - self.not_testable
    }

    /// Those of them that were decided.
    pub fn decided(&self) -> usize {
        self.proven + self.contradicted
    }

    /// Whether most of the facts that can be tested were not decided.
    pub fn is_mostly_open(&self) -> bool {
        self.decided() * 2 < self.testable()
    }

    fn add(&mut self, state: State) {
        self.facts += 1;
        match state {
            State::Proven => self.proven += 1,
            State::Contradicted => self.contradicted += 1,
            State::NotTested => self.not_tested += 1,
            State::NotTestable => self.not_testable += 1,
        }
        // Rounded down: 100 % is said only of all.
        let tenths = (1_000 * self.decided())
            .checked_div(self.testable())
            .unwrap_or(0);
        self.percent = f64::from(u32::try_from(tenths).unwrap_or(0)) / 10.0;
    }
}

/// The coverage that a ledger amounts to.
pub fn coverage(lines: &[LedgerLine]) -> Coverage {
    let mut coverage = Coverage::default();
    for line in lines {
        coverage.total.add(line.state);
        let operation = line.fact.operation.to_string();
        let known = coverage
            .operations
            .iter()
            .position(|known| known.operation == operation);
        if known.is_none() {
            coverage.operations.push(OperationCoverage {
                operation,
                tally: Tally::default(),
            });
        }
        let index = known.unwrap_or(coverage.operations.len() - 1);
        if let Some(known) = coverage.operations.get_mut(index) {
            known.tally.add(line.state);
        }
    }
    coverage
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(fact: &str, state: State) -> LedgerLine {
        LedgerLine {
            fact: fact.parse().unwrap(),
            state,
            reason: None,
            evidence: Vec::new(),
            shown: None,
            rows: Vec::new(),
        }
    }

    #[test]
    fn prose_is_not_counted_and_a_hundred_percent_is_said_of_all_alone() {
        let mut lines: Vec<LedgerLine> = (0..1_999)
            .map(|index| line(&format!("a::B::request.f{index}::type"), State::Proven))
            .collect();
        lines.push(line("a::B::request.g::prose", State::NotTestable));
        assert!((coverage(&lines).total.percent - 100.0).abs() < f64::EPSILON);
        lines.push(line("a::C::request.g::type", State::NotTested));
        let coverage = coverage(&lines);
        assert!(
            (coverage.total.percent - 99.9).abs() < f64::EPSILON,
            "{coverage:?}"
        );
        assert_eq!(coverage.operations.len(), 2);
        assert!(coverage.operations[1].tally.percent < f64::EPSILON);
    }

    #[test]
    fn what_was_contradicted_was_decided() {
        let lines = [
            line("a::B::request.x::type", State::Contradicted),
            line("a::B::request.y::type", State::NotTested),
        ];
        assert!((coverage(&lines).total.percent - 50.0).abs() < f64::EPSILON);
    }
}
