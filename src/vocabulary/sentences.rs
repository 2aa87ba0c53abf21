//! What sentences say, as data: patterns, what each states, and texts that have it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::DIALECTS;

/// What a sentence is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Topic {
    /// The limits of a value.
    Limits,
    /// Which fields go together.
    Conditions,
    /// Whether a field is there.
    Presence,
    /// What an operation does.
    Behaviour,
    /// How a credential is carried.
    Credentials,
}

/// An entry of a file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sentence {
    /// What it states: a value of the type that its topic has.
    says: toml::Value,
    /// The regular expression. Without one, the file's fragment `of-the-form` is taken.
    pattern: Option<String>,
    /// The words that `{{form}}` stands for.
    form: Option<String>,
    /// Texts that have it.
    examples: Vec<String>,
}

/// Parts of patterns, by name.
pub(super) type Fragments = BTreeMap<String, String>;

/// A wording of a topic whose entries state a `T`.
pub(crate) struct Wording<T> {
    /// What it states.
    pub says: T,
    /// Its regular expression, whole.
    pub pattern: String,
    /// Texts that have it.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "each wording is tested by them")
    )]
    pub examples: Vec<String>,
}

/// The most fragments within fragments.
const DEPTH: usize = 4;

impl Sentence {
    fn whole(&self, fragments: &Fragments) -> String {
        let mut whole = self
            .pattern
            .clone()
            .unwrap_or_else(|| "{{of-the-form}}".to_owned());
        for _ in 0..DEPTH {
            for (name, part) in fragments {
                whole = whole.replace(&format!("{{{{{name}}}}}"), part);
            }
            if let Some(form) = &self.form {
                whole = whole.replace("{{form}}", form);
            }
        }
        whole
    }
}

/// The wordings of a topic: those of one file in its order, the files by name.
#[expect(
    clippy::expect_used,
    reason = "every entry stands in the source, and a test reads each"
)]
pub(crate) fn wordings<T: DeserializeOwned>(topic: Topic) -> Vec<Wording<T>> {
    DIALECTS
        .iter()
        .flat_map(|(_, dialect)| {
            let own = dialect.sentences.get(&topic).into_iter().flatten();
            own.map(|sentence| Wording {
                says: sentence
                    .says
                    .clone()
                    .try_into()
                    .expect("what an entry of the source says is of its topic"),
                pattern: sentence.whole(&dialect.fragments),
                examples: sentence.examples.clone(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_entry_is_whole_and_has_an_example() {
        for (name, dialect) in DIALECTS.iter() {
            for sentence in dialect.sentences.values().flatten() {
                let whole = sentence.whole(&dialect.fragments);
                assert!(!whole.contains("{{"), "{name}: no fragment of {whole}");
                assert!(!sentence.examples.is_empty(), "{name}: {whole}");
            }
        }
    }
}
