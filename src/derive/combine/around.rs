//! The fields of one object, as a sentence about one of them sees them: which field its words name,
//! and what they ask of it.

use serde_json::{Value, json};

use super::super::keywords::spelled;
use super::super::statement::{Kind, Node};
use crate::contract::{Guard, Test};

phrases! {
    Around:

    /// Words of a name that are no part of it.
    static FILLER;

    /// What stands between names of fields.
    static BETWEEN_NAMES;

    /// What stands between values, or before the first of them.
    static BETWEEN_VALUES;

    /// What stands between conditions of which all must hold.
    static AND;

    /// None of several fields, the group `names`, is there.
    static NEITHER;

    /// A field is there; the group `not` denies it.
    static PRESENT;

    /// A field is not there.
    static ABSENT;

    /// A field of logic is on.
    static ON;

    /// It is off.
    static OFF;

    /// A field has one of some values; the group `not` denies it.
    static VALUED;
}

/// The fields of one object, as a sentence about one of them sees them.
pub(super) struct Around<'n> {
    /// Each with its name.
    pub(super) fields: Vec<(&'n str, &'n Node)>,
}

/// A name without what joins its words.
fn folded(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

impl<'n> Around<'n> {
    pub(super) fn field(&self, name: &str) -> Option<&'n Node> {
        let known = self.fields.iter().find(|(known, _)| *known == name);
        known.map(|(_, node)| *node)
    }

    /// The field that words name.
    pub(super) fn named(&self, words: &str) -> Option<&'n str> {
        let is_it = |(known, _): &&(&str, &Node)| *known == words.trim();
        if let Some((known, _)) = self.fields.iter().find(is_it) {
            return Some(known);
        }
        let words = FILLER.replace_all(words.trim(), " ");
        let words = words.trim().trim_matches([',', '，', '.', '。', ':', '：']);
        if words.is_empty() {
            return None;
        }
        let exact = self.fields.iter().find(|(known, _)| *known == words);
        let wanted = folded(words);
        exact
            .or_else(|| {
                self.fields
                    .iter()
                    .find(|(known, _)| folded(known) == wanted)
            })
            .map(|(known, _)| *known)
    }

    /// The fields that words name, all of them; none where one is not known.
    pub(super) fn all_named(&self, words: &str) -> Option<Vec<&'n str>> {
        let mut found = Vec::new();
        for part in BETWEEN_NAMES.pattern().split(words) {
            if !part.trim().is_empty() {
                found.push(self.named(part)?);
            }
        }
        (!found.is_empty()).then_some(found)
    }

    /// The fields whose names stand in a sentence, but for one.
    pub(super) fn mentioned(&self, sentence: &str, own: &str) -> Vec<String> {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let words: Vec<&str> = sentence
            .split(|c: char| !is_part(c))
            .map(|word| word.trim_matches('.'))
            .collect();
        self.fields
            .iter()
            .filter(|(name, _)| *name != own && words.contains(name))
            .map(|(name, _)| (*name).to_owned())
            .collect()
    }

    /// The values that a field lists, typed; both values of a boolean.
    pub(super) fn listed(&self, name: &str) -> Vec<Value> {
        let Some(node) = self.field(name) else {
            return Vec::new();
        };
        let kind = node.kind().unwrap_or(Kind::String);
        let listed = node.listed();
        if listed.is_empty() && kind == Kind::Boolean {
            return vec![json!(true), json!(false)];
        }
        let values = listed.into_iter().chain(node.shown());
        values.filter_map(|value| spelled(value, kind)).collect()
    }

    /// The values of a field that words name; none where one is not surely one of them.
    fn values(&self, name: &str, words: &str) -> Option<Vec<Value>> {
        let kind = self.field(name)?.kind().unwrap_or(Kind::String);
        let listed = self.listed(name);
        let mut found = Vec::new();
        for part in BETWEEN_VALUES.pattern().split(words) {
            let part = part.trim();
            if part.is_empty() {
                continue;
            }
            let value = spelled(part, kind)?;
            let folded = part.to_lowercase();
            let is_it = |one: &&Value| {
                **one == value || one.as_str().is_some_and(|one| one.to_lowercase() == folded)
            };
            found.push(match listed.iter().find(is_it) {
                Some(value) => value.clone(),
                None if listed.is_empty() && kind.is_number() => value,
                None => return None,
            });
        }
        (!found.is_empty()).then_some(found)
    }

    /// What a condition asks of the fields, where it is plain.
    pub(super) fn guard(&self, condition: &str) -> Option<Guard> {
        if let Some((field, test)) = self.test(condition) {
            return Some(Guard::of(field, test));
        }
        if let Some(captures) = NEITHER.captures(condition) {
            let mut guard = Guard::default();
            for name in self.all_named(captures.name("names")?.as_str())? {
                guard = guard.and(name, Test::Absent);
            }
            return Some(guard);
        }
        let parts: Vec<&str> = AND.pattern().split(condition).collect();
        let mut guard = Guard::default();
        for part in parts.iter().filter(|_| parts.len() > 1) {
            let (field, test) = self.test(part)?;
            if guard.tests.iter().any(|(known, _)| known == field) {
                return None;
            }
            guard = guard.and(field, test);
        }
        (!guard.tests.is_empty()).then_some(guard)
    }

    /// What a part of a condition asks of one field.
    pub(super) fn test(&self, part: &str) -> Option<(&'n str, Test)> {
        let part = part.trim();
        let present = PRESENT.each(part).map(|captures| (captures, false));
        let absent = ABSENT.each(part).map(|captures| (captures, true));
        for (captures, is_absent) in present.chain(absent) {
            let Some(name) = captures
                .name("name")
                .and_then(|name| self.named(name.as_str()))
            else {
                continue;
            };
            let is_denied = captures.name("not").is_some_and(|not| !not.is_empty());
            let is_absent = is_absent != is_denied;
            let test = if is_absent {
                Test::Absent
            } else {
                Test::Present
            };
            return Some((name, test));
        }
        for (phrase, value) in [(&ON, true), (&OFF, false)] {
            let name = phrase
                .captures(part)
                .and_then(|found| self.named(found.name("name")?.as_str()));
            if let Some(name) =
                name.filter(|name| self.field(name).is_some_and(|node| node.is(Kind::Boolean)))
            {
                return Some((name, Test::In(vec![json!(value)])));
            }
        }
        for captures in VALUED.each(part) {
            let words = |role: &str| captures.name(role).map(|found| found.as_str());
            let Some(name) = words("name").and_then(|name| self.named(name)) else {
                continue;
            };
            let Some(values) = words("values").and_then(|values| self.values(name, values)) else {
                continue;
            };
            let is_denied = words("not").is_some_and(|not| !not.is_empty());
            let test = if is_denied {
                Test::NotIn(values)
            } else {
                Test::In(values)
            };
            return Some((name, test));
        }
        None
    }
}
