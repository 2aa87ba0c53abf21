//! Which field no two things may have the same of, as the description of an operation says it, or that
//! of its conflict (409): there people write it who have no description at the field.

use serde_json::Value;

use super::operation::Operations;
use super::schema::add_facts;
use super::spot::Spot;
use crate::contract::{Facet, Fact, Level, Meaning, enum_values, singular, types_of, words};
use crate::derive::said;

/// A sentence by which something is unique.
pub(super) struct Unique {
    /// The words that may be a field's.
    words: Vec<String>,
    /// Whether they are its name, and not a sentence that names it.
    is_name: bool,
    fact: Fact,
}

impl<'l> Operations<'l> {
    /// What an operation says of fields that no two things have the same of; nothing where it
    /// documents no conflict.
    pub(super) fn unique(&self, operation: &Spot<'l>) -> Vec<Unique> {
        let conflict = operation.get("responses").and_then(|all| all.get("409"));
        let Some(conflict) = conflict.and_then(|own| self.resolved(&own).ok()) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        let mut add = |at: &Spot<'l>, level, is_name, texts: Vec<String>| {
            found.extend(texts.iter().map(|text| Unique {
                words: words(text),
                is_name,
                fact: at.fact(Facet::Meaning(Meaning::Unique), level),
            }));
        };
        for word in ["description", "summary"] {
            if let Some(at) = operation.get(word) {
                let text = at.value.as_str().unwrap_or_default();
                add(&at, Level::Must, false, said::of_unique(text));
            }
        }
        if let Some(at) = conflict.get("description") {
            let text = at.value.as_str().unwrap_or_default();
            // When a conflict is answered is said here, and not that each one is.
            add(&at, Level::May, true, said::of_conflict(text));
        }
        found
    }
}

/// Adds to a field of a body that no two may have the same of it, where one field alone is meant.
pub(super) fn add_unique(schema: &mut Value, said: &[Unique]) {
    let fields = schema.get_mut("properties").and_then(Value::as_object_mut);
    let Some(fields) = fields else { return };
    for own in said {
        let is_meant = |name: &str| own.names(name);
        let mut meant = fields
            .iter_mut()
            .filter(|(name, field)| is_meant(name) && can_be_unique(field));
        if let (Some((_, field)), None) = (meant.next(), meant.next()) {
            add_facts(field, vec![own.fact.clone()], false);
        }
    }
}

impl Unique {
    /// Whether it names a field.
    fn names(&self, field: &str) -> bool {
        let name = words(field);
        let is_it = |told: &[String]| {
            let mut pairs = told.iter().zip(&name);
            told.len() == name.len()
                && pairs.all(|(told, name)| told == name || singular(told) == *name)
        };
        if self.is_name {
            is_it(&self.words)
        } else {
            !name.is_empty() && self.words.windows(name.len()).any(is_it)
        }
    }
}

/// Whether a field has values of which nobody lists all, as far as it is told here: what a reference
/// leads to, the law looks at.
fn can_be_unique(field: &Value) -> bool {
    let types = types_of(field);
    let mut kinds = ["string", "integer"].iter();
    let is_plain = field.get("$ref").is_some() || kinds.any(|kind| types.contains(kind));
    is_plain && enum_values(field).is_empty() && field.get("readOnly") != Some(&Value::Bool(true))
}
