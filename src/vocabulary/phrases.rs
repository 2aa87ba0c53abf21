//! Words that a text has or has not: what `phrases!` declares is read from the files here.

use std::borrow::Cow;
use std::sync::OnceLock;

use regex::{Captures, Regex};

use super::DIALECTS;
use super::sentences::{Sentence, Topic};
use crate::pattern::{compile, needs_more_than_ascii};

/// The entries of a topic that say the same, in any language: those of one file in its order, the
/// files by name. Each is compiled where it is first looked for, and those of another script never
/// are on a page of ASCII.
pub(crate) struct Phrase {
    each: Vec<Entry>,
}

struct Entry {
    pattern: String,
    /// Whether each text that has it has a sign that is none of ASCII's.
    is_beyond_ascii: bool,
    compiled: OnceLock<Regex>,
}

impl Entry {
    fn of(pattern: String) -> Self {
        Self {
            is_beyond_ascii: needs_more_than_ascii(&pattern),
            pattern,
            compiled: OnceLock::new(),
        }
    }

    /// The pattern, where a text may have it.
    fn for_text(&self, text: &str) -> Option<&Regex> {
        if self.is_beyond_ascii && text.is_ascii() {
            return None;
        }
        Some(self.compiled.get_or_init(|| compile(&self.pattern)))
    }
}

/// What the entries of a phrase say which a static of this name reads.
fn called(name: &str) -> String {
    name.to_lowercase().replace('_', "-")
}

/// What an entry says, where that is a phrase.
fn says(sentence: &Sentence) -> &str {
    sentence.says.as_str().unwrap_or_default()
}

impl Phrase {
    /// The phrase of a topic that a static of this name reads.
    pub(crate) fn of(topic: Topic, name: &str) -> Self {
        let own = called(name);
        let entries = DIALECTS.iter().flat_map(|(_, dialect)| {
            let all = dialect.sentences.get(&topic).into_iter().flatten();
            all.map(|sentence| (sentence, &dialect.fragments))
        });
        Self {
            each: entries
                .filter(|(sentence, _)| says(sentence) == own)
                .map(|(sentence, fragments)| Entry::of(sentence.whole(fragments)))
                .collect(),
        }
    }

    /// Its patterns that a text may have.
    fn for_text(&self, text: &str) -> impl Iterator<Item = &Regex> {
        self.each.iter().filter_map(|entry| entry.for_text(text))
    }

    /// Whether a text has it.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.for_text(text).any(|pattern| pattern.is_match(text))
    }

    /// What the first of its patterns that a text has finds there.
    pub(crate) fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.for_text(text)
            .find_map(|pattern| pattern.captures(text))
    }

    /// A text with something else where it first had the phrase.
    pub(crate) fn replace<'t>(&self, text: &'t str, with: &str) -> Cow<'t, str> {
        let own = self.for_text(text).find(|pattern| pattern.is_match(text));
        own.map_or(Cow::Borrowed(text), |pattern| pattern.replace(text, with))
    }

    /// A text with something else wherever it had the phrase.
    pub(crate) fn replace_all<'t>(&self, text: &'t str, with: &str) -> Cow<'t, str> {
        let mut text = Cow::Borrowed(text);
        for entry in &self.each {
            let changed = entry
                .for_text(&text)
                .map(|pattern| pattern.replace_all(&text, with));
            if let Some(Cow::Owned(other)) = changed {
                text = Cow::Owned(other);
            }
        }
        text
    }
}

/// Proves that the phrases of a topic are those that statics of these names read.
#[cfg(test)]
pub(crate) fn assert_phrases(topic: Topic, names: &[&str]) {
    use std::collections::BTreeSet;

    let dialects = DIALECTS.iter();
    let entries = dialects.filter_map(|(_, dialect)| dialect.sentences.get(&topic));
    let known: BTreeSet<&str> = entries.flatten().map(says).collect();
    let read: Vec<String> = names.iter().map(|name| called(name)).collect();
    let read: BTreeSet<&str> = read.iter().map(String::as_str).collect();
    assert_eq!(known, read);
}
