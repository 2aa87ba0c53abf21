//! Reads, and puts that make something, whose path has a value that its own row rules out.

use std::sync::Arc;

use serde_json::Value;

use crate::contract::{Facet, FieldPath, Location, Operation, Place, Rule, is_scope};

use super::super::case::{Edit, PlannedCase};
use super::super::request::Request;
use super::super::slot::{Slot, is_in_words, is_opaque};
use super::super::violate;
use super::unknown::expectation_in_path;

/// What a row may say of the value itself.
const OF_VALUE: [Facet; 6] = [
    Facet::Pattern,
    Facet::MinLength,
    Facet::MaxLength,
    Facet::Minimum,
    Facet::Maximum,
    Facet::Enum,
];

/// The most values of a rule.
const MOST: usize = 12;

/// A longer value is refused for the length of the target.
const LONGEST: usize = 400;

/// The shortest name that a request which makes something may have without being somebody's.
const LONG_ENOUGH: usize = 8;

/// Reads with a value in the path that breaks one rule of its row, by rule. Whoever refuses it may do
/// so as he refuses what nobody has.
pub fn path_values(
    operation: &Operation,
    baseline: &Arc<Request>,
) -> Vec<(Rule, Vec<PlannedCase>)> {
    // What makes something where nothing is chooses its name.
    if operation.writes() && !operation.creates() {
        return Vec::new();
    }
    let mut found = Vec::new();
    // A project stands for the credential's scope: another form of it is a matter of that.
    let all = operation.parameters_in(Location::Path);
    for parameter in all.filter(|own| !is_scope(&own.name)) {
        let schema = &parameter.schema;
        let slot = Slot {
            place: Place::Path,
            field: FieldPath::name(&parameter.name),
            schema,
            node: schema.follow(&schema.root),
            required: true,
            facts: schema.own_facts(),
            is_text: true,
        };
        if is_in_words(slot.facts) || is_opaque(slot.facts) {
            continue;
        }
        let expected = expectation_in_path(operation, &parameter.name);
        for facet in OF_VALUE {
            if !slot.facts.iter().any(|fact| fact.facet == facet) {
                continue;
            }
            let breaks_it_alone = |value: &Value| {
                let all = schema.violations(value);
                let mut broken = all.iter();
                !all.is_empty() && broken.all(|own| own.facet == facet)
            };
            let mut cases = violate::violations(&slot, facet, None);
            cases.retain(|(_, value)| {
                let text = value.as_str().unwrap_or_default();
                let typed = super::super::oracle::typed(text, schema);
                // A short name may be somebody's all the same, and would be replaced.
                let is_nobodys = !operation.writes() || text.len() >= LONG_ENOUGH;
                is_nobodys && is_part_of_path(text) && typed.as_ref().is_some_and(breaks_it_alone)
            });
            // Letters, digits and another length tell more than one sign after another.
            cases.sort_by_key(|(_, value)| !has_letters_alone(value));
            let cases = cases.into_iter().take(MOST).map(|(label, value)| {
                PlannedCase::of(baseline, label, expected).with(Edit::Set {
                    place: Place::Path,
                    field: slot.field.clone(),
                    value: Some(Arc::new(value)),
                })
            });
            let cases: Vec<PlannedCase> = cases.collect();
            if !cases.is_empty() {
                found.push((Rule::new(Place::Path, slot.field.clone(), facet), cases));
            }
        }
    }
    found
}

/// Whether a value is of letters and digits of ASCII alone.
fn has_letters_alone(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    text.chars().all(|c| c.is_ascii_alphanumeric())
}

/// Whether a text stays the part of a path that it is sent as.
fn is_part_of_path(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '~' | '!' | '$');
    !text.is_empty() && text.len() <= LONGEST && text.chars().all(is_plain)
}
