//! Words that a text has or has not: what `phrases!` declares is read from the files here.

use std::borrow::Cow;

use regex::{Captures, Match, Regex};

use super::DIALECTS;
use super::sentences::{Sentence, Topic};
use crate::pattern::Sieve;

/// The entries of a topic that say the same, in any language: those of one file in its order, the
/// files by name.
pub(crate) struct Phrase {
    each: Sieve,
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
        let own = entries.filter(|(sentence, _)| says(sentence) == own);
        Self {
            each: Sieve::of(own.map(|(sentence, fragments)| sentence.whole(fragments))),
        }
    }

    /// Its patterns that a text may have.
    fn likely_in(&self, text: &str) -> impl Iterator<Item = &Regex> {
        self.each.likely_in(text).map(|(_, pattern)| pattern)
    }

    /// Whether a text has it.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.likely_in(text).any(|pattern| pattern.is_match(text))
    }

    /// What the first of its patterns that a text has finds there.
    pub(crate) fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.likely_in(text)
            .find_map(|pattern| pattern.captures(text))
    }

    /// What each of its patterns that a text has finds there first.
    pub(crate) fn each<'t>(&self, text: &'t str) -> impl Iterator<Item = Captures<'t>> {
        self.likely_in(text)
            .filter_map(move |pattern| pattern.captures(text))
    }

    /// All that its patterns find in a text, one pattern after the other.
    pub(crate) fn all<'t>(&self, text: &'t str) -> impl Iterator<Item = Captures<'t>> {
        self.likely_in(text)
            .flat_map(move |pattern| pattern.captures_iter(text))
    }

    /// Where a text first has it.
    pub(crate) fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        self.likely_in(text)
            .filter_map(|pattern| pattern.find(text))
            .min_by_key(Match::start)
    }

    /// A text with something else where it first had the phrase.
    pub(crate) fn replace<'t>(&self, text: &'t str, with: &str) -> Cow<'t, str> {
        let own = self.each.in_text(text).next();
        own.map_or(Cow::Borrowed(text), |(_, pattern)| {
            pattern.replace(text, with)
        })
    }

    /// A text with something else wherever it had the phrase: the patterns one after the other, each
    /// on what those before it left.
    pub(crate) fn replace_all<'t>(&self, text: &'t str, with: &str) -> Cow<'t, str> {
        let mut text = Cow::Borrowed(text);
        let mut done = 0;
        while let Some((index, pattern)) = self.next_in(&text, done) {
            if let Cow::Owned(other) = pattern.replace_all(&text, with) {
                text = Cow::Owned(other);
            }
            done = index + 1;
        }
        text
    }

    /// A text with a dash wherever it had the phrase, but for what is kept: the patterns one after
    /// the other, each on what those before it left.
    pub(crate) fn without(&self, text: &str, keeps: impl Fn(&Captures<'_>) -> bool) -> String {
        let mut rest = text.to_owned();
        let mut done = 0;
        while let Some((index, pattern)) = self.next_in(&rest, done) {
            let left = pattern.replace_all(&rest, |found: &Captures<'_>| {
                let whole = found.get(0).filter(|_| keeps(found));
                whole.map_or(" – ", |whole| whole.as_str()).to_owned()
            });
            rest = left.into_owned();
            done = index + 1;
        }
        rest
    }

    /// The one pattern of a phrase that is written once for all languages.
    #[expect(
        clippy::expect_used,
        reason = "every phrase has an entry in the source, and a test looks for it"
    )]
    pub(crate) fn pattern(&self) -> &Regex {
        debug_assert!(
            self.each.pattern(1).is_none(),
            "a further pattern is not read"
        );
        self.each.pattern(0).expect("a phrase has a pattern")
    }

    /// All its patterns as a part of another.
    pub(crate) fn part(&self) -> String {
        let own: Vec<String> = self
            .each
            .written()
            .map(|own| format!("(?:{own})"))
            .collect();
        format!("(?:{})", own.join("|"))
    }

    /// The first of its patterns from a place on that a text has.
    fn next_in(&self, text: &str, from: usize) -> Option<(usize, &Regex)> {
        self.each.in_text(text).find(|(index, _)| *index >= from)
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
