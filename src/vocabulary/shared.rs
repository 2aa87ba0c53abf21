//! Parts that the patterns of all files share: `{{or}}` stands for what every language has for it,
//! the files by name. A pattern that is written once is read in each of them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::DIALECTS;
use super::sentences::Fragments;

/// What the languages of one file have for a part.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shared {
    /// What patterns call it.
    name: String,
    /// The regular expression.
    pattern: String,
    /// Texts that have it.
    #[cfg_attr(not(test), expect(dead_code, reason = "each part is tested by them"))]
    examples: Vec<String>,
}

/// The parts of all files, by name.
pub(super) static SHARED: LazyLock<Fragments> = LazyLock::new(|| {
    let mut found: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for part in DIALECTS.iter().flat_map(|(_, dialect)| &dialect.shared) {
        let own = found.entry(&part.name).or_default();
        own.push(format!("(?:{})", part.pattern));
    }
    let parts = found.into_iter();
    parts
        .map(|(name, own)| (name.to_owned(), format!("(?:{})", own.join("|"))))
        .collect()
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::compile;
    use crate::vocabulary::sentences::within;

    #[test]
    fn each_part_has_its_examples() {
        for (name, dialect) in DIALECTS.iter() {
            for part in &dialect.shared {
                let whole = within(&part.pattern, &SHARED);
                assert!(!whole.contains("{{"), "{name}: no part of {whole}");
                assert!(!part.examples.is_empty(), "{name}: {whole}");
                let pattern = compile(&whole);
                for example in &part.examples {
                    assert!(pattern.is_match(example), "{name}: {whole}: {example}");
                }
            }
        }
    }

    #[test]
    fn each_part_is_in_a_pattern() {
        let patterns: Vec<String> = DIALECTS
            .iter()
            .flat_map(|(_, dialect)| {
                let sentences = dialect.sentences.values().flatten();
                let parts = dialect.shared.iter().map(|part| part.pattern.clone());
                sentences
                    .filter_map(|sentence| sentence.pattern.clone())
                    .chain(dialect.fragments.values().cloned())
                    .chain(parts)
            })
            .collect();
        for name in SHARED.keys() {
            let used = format!("{{{{{name}}}}}");
            assert!(
                patterns.iter().any(|pattern| pattern.contains(&used)),
                "no pattern has {used}"
            );
        }
    }
}
