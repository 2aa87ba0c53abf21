//! What a new suite's `cases/` begin with: bindings to check, and relations that the contract
//! suggests. Each is a comment: what the contract proves to apply is tried by itself, and what rests
//! on names alone waits until a person has looked at it.

mod bindings;
mod configuration;
mod fixtures;
mod relations;

pub use configuration::configuration;
pub use fixtures::fixtures;

use std::collections::BTreeMap;

use crate::contract::{CaseFile, Operation};
use crate::recognise::{Recognised, laws};

/// The texts of a service's first case files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Starter {
    /// `bindings.toml`.
    pub bindings: String,
    /// `relations.toml`.
    pub relations: String,
    /// What is suggested: kind and operation.
    pub suggested: Vec<(&'static str, String)>,
    /// What is tried by itself: kind and operation.
    pub applied: Vec<(&'static str, String)>,
}

/// The first case files of one service's operations.
pub fn starter(operations: &[&Operation]) -> Starter {
    let recognised = laws(operations);
    let (own, suggested): (Vec<&Recognised>, Vec<&Recognised>) = recognised
        .iter()
        .partition(|law| law.sure.as_ref() == Some(&law.relation));
    let named = |laws: &[&Recognised]| {
        laws.iter()
            .map(|law| (law.relation.kind(), law.relation.subject().to_owned()))
            .collect()
    };
    Starter {
        bindings: bindings::text(operations),
        suggested: named(&suggested),
        applied: named(&own),
        relations: relations::text(&own, &suggested),
    }
}

/// What a run takes for a service's cases where nobody has written any: the bindings that a new
/// suite would begin with.
pub fn inferred(operations: &[Operation]) -> BTreeMap<String, CaseFile> {
    bindings::inferred(operations)
}

/// A text as a TOML string. JSON's escapes are TOML's too, which wants one more.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text)
        .to_string()
        .replace('\u{7f}', "\\u007F")
}

/// A text as a TOML key: bare where it can be.
fn key(text: &str) -> String {
    let bare = !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if bare { text.to_owned() } else { quoted(text) }
}

/// An inline table of texts.
fn inline<K: AsRef<str>, V: AsRef<str>>(pairs: impl IntoIterator<Item = (K, V)>) -> String {
    let pairs: Vec<String> = pairs
        .into_iter()
        .map(|(name, value)| format!("{} = {}", key(name.as_ref()), quoted(value.as_ref())))
        .collect();
    format!("{{ {} }}", pairs.join(", "))
}

/// A list of what is quoted already.
fn inline_list(quoted: &[String]) -> String {
    format!("[{}]", quoted.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("a b\n\"c\"")]
    #[case("\u{7f}\u{1}\\")]
    #[case("")]
    fn a_text_is_a_toml_string(#[case] text: &str) {
        let parsed: toml::Table =
            toml::from_str(&format!("{} = {}", key(text), quoted(text))).unwrap();
        assert_eq!(parsed[text].as_str(), Some(text));
    }
}
