//! Every fact that a finding of a suite can be about: an entry about another one is stale, or
//! misspelt.

use std::collections::{BTreeMap, BTreeSet};

use crate::contract::{Facet, FactId, Operation, OperationId, Place, Row, Suite, Wire};
use crate::generate::Scheme;
use crate::harness::ablation::Omission;
use crate::harness::plan::plan_all;
use crate::harness::snapshot::snapshots;
use crate::harness::target::Target;
use crate::nearest::nearest;

/// Whether every answer is held against a facet, though no row states it.
fn is_of_answers(facet: Facet) -> bool {
    match facet {
        Facet::Body
        | Facet::Status
        | Facet::Type
        | Facet::Wire(
            Wire::Allow | Wire::ContentLength | Wire::ContentType | Wire::Json | Wire::Leak,
        ) => true,
        Facet::Required
        | Facet::Nullable
        | Facet::Enum
        | Facet::Const
        | Facet::MinLength
        | Facet::MaxLength
        | Facet::Pattern
        | Facet::Format
        | Facet::Minimum
        | Facet::ExclusiveMinimum
        | Facet::Maximum
        | Facet::ExclusiveMaximum
        | Facet::MultipleOf
        | Facet::MinItems
        | Facet::MaxItems
        | Facet::UniqueItems
        | Facet::Items
        | Facet::Default
        | Facet::Example
        | Facet::EmptyBody
        | Facet::Method
        | Facet::Name
        | Facet::Prose
        | Facet::Meaning(_)
        | Facet::Keyword(_)
        | Facet::Wire(Wire::Malformed | Wire::Size | Wire::ResponseTime) => false,
    }
}

/// Whether a schema may check a facet in a field though no row of its own states it.
fn is_of_fields(facet: Facet) -> bool {
    match facet {
        Facet::Type
        | Facet::Required
        | Facet::Enum
        | Facet::Const
        | Facet::MinLength
        | Facet::MaxLength
        | Facet::Pattern
        | Facet::Format
        | Facet::Minimum
        | Facet::ExclusiveMinimum
        | Facet::Maximum
        | Facet::ExclusiveMaximum
        | Facet::MultipleOf
        | Facet::MinItems
        | Facet::MaxItems
        | Facet::UniqueItems
        | Facet::Items
        | Facet::Keyword(_) => true,
        Facet::Nullable
        | Facet::Default
        | Facet::Example
        | Facet::Status
        | Facet::Body
        | Facet::EmptyBody
        | Facet::Method
        | Facet::Name
        | Facet::Prose
        | Facet::Meaning(_)
        | Facet::Wire(_) => false,
    }
}

/// The facts of a suite.
#[derive(Debug, Clone)]
pub struct KnownFacts {
    facts: BTreeMap<FactId, String>,
    rows: BTreeSet<(OperationId, Row)>,
    operations: BTreeSet<OperationId>,
}

impl KnownFacts {
    /// The facts of a suite: those of its pages, and those that its trials are about, whatever the
    /// target.
    pub fn new(suite: &Suite) -> Self {
        // No trial is left out for want of a resource.
        let target = Target::of_everything(suite);
        let mut trials = plan_all(suite, &target, Scheme::token(), Omission::default());
        let more = snapshots(suite, &trials);
        trials.extend(more);
        let stated: Vec<FactId> = suite
            .operations
            .iter()
            .flat_map(|of| of.facts().iter().map(|fact| of.fact_id(fact.rule.clone())))
            .collect();
        Self {
            rows: stated
                .iter()
                .filter_map(|fact| Some((fact.operation.clone(), fact.row()?)))
                .collect(),
            facts: trials
                .into_iter()
                .map(|trial| trial.subject.fact)
                .chain(stated)
                .map(|fact| (fact.clone(), fact.to_string()))
                .collect(),
            operations: suite
                .operations
                .iter()
                .map(Operation::operation_id)
                .collect(),
        }
    }

    /// Whether a finding can be about a fact.
    pub fn has(&self, fact: &FactId) -> bool {
        if self.facts.contains_key(fact) {
            return true;
        }
        let Some(rule) = fact.rule() else {
            return false;
        };
        let is_whole = rule.field.is_root() && self.operations.contains(&fact.operation);
        match rule.place {
            Place::Operation if rule.facet == Facet::Wire(Wire::ResponseTime) => is_whole,
            Place::Response(_) if is_whole && is_of_answers(rule.facet) => true,
            Place::Operation
            | Place::Path
            | Place::Query
            | Place::Header
            | Place::Cookie
            | Place::Request
            | Place::Response(_)
            | Place::ResponseHeader(_) => {
                is_of_fields(rule.facet)
                    && self.rows.contains(&(fact.operation.clone(), rule.row()))
            }
        }
    }

    /// The fact that was probably meant.
    pub fn nearest(&self, fact: &str) -> Option<&str> {
        let facet = fact.rsplit("::").next().unwrap_or(fact);
        let all = || self.facts.values().map(String::as_str);
        let alike = all().filter(|known| known.rsplit("::").next() == Some(facet));
        nearest(fact, alike).or_else(|| nearest(fact, all()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("dcs::CopyInstance::request.backup_format::enum", true)]
    #[case("dcs::CopyInstance::operation::responseTime", true)]
    #[case("dcs::CopyInstance::response-200::responseTime", false)]
    #[case("dcs::CopyInstance::auth", true)]
    #[case("dcs::ListBackupRecords::relation::pagination::limit", true)]
    #[case("dcs::CopyInstance::response-502::json", true)]
    #[case("dcs::CopyInstance::response-200::contentType", true)]
    #[case("dcs::CopyInstance::snapshot::example", true)]
    #[case("dcs::CopyInstance::request.backup_formt::enum", false)]
    #[case("dcs::RemoveInstance::response-200::json", false)]
    fn facts_of_the_suite_are_told_from_others(#[case] fact: &str, #[case] expected: bool) {
        let known = KnownFacts::new(&Suite::bundled().unwrap());
        assert_eq!(known.has(&fact.parse().unwrap()), expected, "{fact}");
    }

    #[test]
    fn a_misspelt_fact_has_a_suggestion_and_nonsense_has_none() {
        let known = KnownFacts::new(&Suite::bundled().unwrap());
        assert_eq!(
            known.nearest("dcs::CopyInstance::request.backup_formt::enum"),
            Some("dcs::CopyInstance::request.backup_format::enum")
        );
        assert_eq!(known.nearest("nonsense"), None);
    }
}
