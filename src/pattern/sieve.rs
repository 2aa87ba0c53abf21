//! Many patterns of which a text has few: each is compiled where a text first has its words.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex::Regex;

use super::needles::needles;
use super::{ascii_words, compile, valid};

/// Patterns, in an order. A text is searched once for the words of all of them, and only those
/// whose words it has are compiled and tried: pages of one kind, and of one language, have few.
pub(crate) struct Sieve {
    each: Vec<Lazy>,
    /// The words that are looked for; none where no pattern has any.
    words: Option<AhoCorasick>,
    /// The pattern of each word.
    owners: Vec<usize>,
    /// The patterns of which nothing is certain: any text may have them.
    wordless: Vec<usize>,
}

struct Lazy {
    pattern: String,
    compiled: OnceLock<Regex>,
}

impl Sieve {
    /// Of patterns of the program's own.
    pub(crate) fn of(patterns: impl IntoIterator<Item = String>) -> Self {
        let mut own = Self {
            each: Vec::new(),
            words: None,
            owners: Vec::new(),
            wordless: Vec::new(),
        };
        let mut words: Vec<String> = Vec::new();
        for (index, pattern) in patterns.into_iter().enumerate() {
            let parsed = regex_syntax::parse(&ascii_words(&pattern));
            if let Some(certain) = parsed.ok().and_then(|parsed| needles(&parsed)) {
                own.owners.extend(certain.iter().map(|_| index));
                words.extend(certain);
            } else {
                own.wordless.push(index);
            }
            own.each.push(Lazy {
                pattern,
                compiled: OnceLock::new(),
            });
        }
        own.words = (!words.is_empty()).then(|| looked_for(&words));
        own
    }

    /// The patterns that a text has, in their order, each with its place.
    pub(crate) fn in_text(&self, text: &str) -> impl Iterator<Item = (usize, &Regex)> {
        self.likely_in(text)
            .filter(move |(_, pattern)| pattern.is_match(text))
    }

    /// The patterns that a text may have: it has their words.
    pub(crate) fn likely_in(&self, text: &str) -> impl Iterator<Item = (usize, &Regex)> {
        let likely = self.likely(text).into_iter();
        likely.filter_map(|index| self.pattern(index).map(|pattern| (index, pattern)))
    }

    /// The pattern with this place in the order.
    pub(crate) fn pattern(&self, index: usize) -> Option<&Regex> {
        let own = self.each.get(index)?;
        Some(own.compiled.get_or_init(|| compile(&own.pattern)))
    }

    /// The patterns as they are written.
    pub(crate) fn written(&self) -> impl Iterator<Item = &str> {
        self.each.iter().map(|own| own.pattern.as_str())
    }

    /// The places of the patterns whose words a text has, in order.
    fn likely(&self, text: &str) -> Vec<usize> {
        // These fold to letters of ASCII, which are looked for as they are.
        if !text.is_ascii() && text.contains(['\u{212A}', '\u{17F}']) {
            return (0..self.each.len()).collect();
        }
        let mut likely = self.wordless.clone();
        if let Some(words) = &self.words {
            let found = words.find_overlapping_iter(text);
            likely.extend(found.filter_map(|word| self.owners.get(word.pattern().as_usize())));
        }
        likely.sort_unstable();
        likely.dedup();
        likely
    }
}

/// All words at once, whatever the case of their letters.
fn looked_for(words: &[String]) -> AhoCorasick {
    valid(
        AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(words),
    )
}

#[cfg(test)]
mod tests {
    use super::Sieve;

    fn found(sieve: &Sieve, text: &str) -> Vec<usize> {
        sieve.in_text(text).map(|(index, _)| index).collect()
    }

    #[test]
    fn a_text_has_the_patterns_that_a_set_finds_in_it() {
        let patterns = [
            r"(?i)\bat most\b",
            "[0-9]{3}",
            "(?i)(?:kelvin|class)",
            "MOST",
        ];
        let sieve = Sieve::of(patterns.map(str::to_owned));
        let texts = [
            ("at most 12", vec![0]),
            ("At MOST 123", vec![0, 1, 3]),
            ("almost", vec![]),
            ("\u{212A}elvin", vec![2]),
            ("cla\u{17F}s 404", vec![1, 2]),
            ("", vec![]),
        ];
        for (text, expected) in texts {
            assert_eq!(found(&sieve, text), expected, "{text}");
        }
    }

    #[test]
    fn without_words_each_pattern_is_tried() {
        let sieve = Sieve::of([String::from("[0-9]"), String::from("^$")]);
        assert_eq!(found(&sieve, "1"), [0]);
        assert_eq!(found(&sieve, ""), [1]);
    }
}
