//! Every fact that a finding of a suite can be about: an entry about another one is stale, or misspelt.

use std::collections::BTreeSet;

use crate::contract::Suite;
use crate::generate::Scheme;
use crate::harness::omission::Omission;
use crate::harness::plan::plan;
use crate::harness::snapshot::snapshots;
use crate::harness::target::Target;
use crate::nearest::nearest;

/// Facets of an answer that no row states, and that every answer is held against.
const ANSWER_FACETS: &[&str] = &[
    "body",
    "contentLength",
    "contentType",
    "json",
    "leak",
    "status",
    "type",
];

/// Facets that a schema may check in a field though no row of its own states them.
const FIELD_FACETS: &[&str] = &[
    "additionalProperties",
    "const",
    "enum",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "pattern",
    "required",
    "type",
    "uniqueItems",
];

/// The facts of a suite.
#[derive(Debug, Clone)]
pub struct KnownFacts {
    facts: BTreeSet<String>,
    /// What stands before the facet: operation, place and field.
    fields: BTreeSet<String>,
    operations: BTreeSet<String>,
}

impl KnownFacts {
    /// The facts of a suite: those of its pages, and those that its trials are about, whatever the target.
    pub fn new(suite: &Suite) -> Self {
        // No trial is left out for want of a resource.
        let target = Target::of_everything(suite);
        let mut trials = plan(suite, &target, Scheme::Token, Omission::default());
        let more = snapshots(suite, &trials);
        trials.extend(more);
        let mut facts: BTreeSet<String> =
            trials.into_iter().map(|trial| trial.subject.fact).collect();
        let mut fields = BTreeSet::new();
        for fact in suite
            .operations
            .iter()
            .flat_map(crate::contract::Operation::facts)
        {
            if let Some((field, _)) = fact.name.rsplit_once("::") {
                fields.insert(field.to_owned());
            }
            facts.insert(fact.name.clone());
        }
        Self {
            facts,
            fields,
            operations: suite
                .operations
                .iter()
                .map(crate::contract::Operation::name)
                .collect(),
        }
    }

    /// Whether a finding can be about a fact.
    pub fn has(&self, fact: &str) -> bool {
        let fact = fact.strip_suffix("::responseTime").unwrap_or(fact);
        if self.facts.contains(fact) {
            return true;
        }
        let Some((field, facet)) = fact.rsplit_once("::") else {
            return false;
        };
        if self.fields.contains(field) && FIELD_FACETS.contains(&facet) {
            return true;
        }
        let Some((operation, place)) = field.rsplit_once("::") else {
            return false;
        };
        self.operations.contains(operation)
            && place.strip_prefix("response-").is_some_and(is_status)
            && ANSWER_FACETS.contains(&facet)
    }

    /// The fact that was probably meant.
    pub fn nearest(&self, fact: &str) -> Option<&str> {
        let facet = fact.rsplit("::").next().unwrap_or(fact);
        let all = || self.facts.iter().map(String::as_str);
        let alike = all().filter(|known| known.rsplit("::").next() == Some(facet));
        nearest(fact, alike).or_else(|| nearest(fact, all()))
    }
}

/// `200`, `4XX`.
fn is_status(text: &str) -> bool {
    text.len() == 3
        && text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || c == 'X')
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("dcs::CopyInstance::request.backup_format::enum", true)]
    #[case("dcs::CopyInstance::request.backup_format::enum::responseTime", true)]
    #[case("dcs::CopyInstance::auth", true)]
    #[case("dcs::ListBackupRecords::relation::pagination::limit", true)]
    #[case("dcs::CopyInstance::response-502::json", true)]
    #[case("dcs::CopyInstance::response-200::contentType", true)]
    #[case("dcs::CopyInstance::snapshot::example", true)]
    #[case("dcs::CopyInstance::request.backup_formt::enum", false)]
    #[case("dcs::RemoveInstance::response-200::json", false)]
    #[case("nonsense", false)]
    fn facts_of_the_suite_are_told_from_others(#[case] fact: &str, #[case] expected: bool) {
        let known = KnownFacts::new(&Suite::bundled().unwrap());
        assert_eq!(known.has(fact), expected, "{fact}");
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
