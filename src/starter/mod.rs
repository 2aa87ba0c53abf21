//! What a new suite's `cases/` begin with: bindings to check, and relations that the contract
//! suggests. A suggestion rests on names alone, so each is a comment until a person has looked at
//! it.

mod bindings;
mod fixtures;
pub(crate) mod recognise;
mod relations;

pub use fixtures::fixtures;

use crate::contract::Operation;

/// The texts of a service's first case files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Starter {
    /// `bindings.toml`.
    pub bindings: String,
    /// `relations.toml`.
    pub relations: String,
    /// What is suggested: kind and operation.
    pub suggested: Vec<(&'static str, String)>,
}

/// The first case files of one service's operations.
pub fn starter(operations: &[&Operation]) -> Starter {
    let suggestions = relations::suggest(operations);
    Starter {
        bindings: bindings::text(operations),
        suggested: suggestions
            .iter()
            .map(|suggestion| (suggestion.kind, suggestion.operation.clone()))
            .collect(),
        relations: relations::text(&suggestions),
    }
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

/// A collection's name as that of one of its items: `backups` -> `backup`.
fn singular(name: &str) -> String {
    for (plural, single) in [("ies", "y"), ("sses", "ss"), ("s", "")] {
        if let Some(stem) = name.strip_suffix(plural)
            && !stem.is_empty()
            && !stem.ends_with('s')
        {
            return format!("{stem}{single}");
        }
    }
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("backups", "backup")]
    #[case("policies", "policy")]
    #[case("address", "address")]
    #[case("addresses", "address")]
    #[case("quota", "quota")]
    #[case("s", "s")]
    fn a_collection_is_called_after_its_items(#[case] name: &str, #[case] expected: &str) {
        assert_eq!(singular(name), expected);
    }

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
