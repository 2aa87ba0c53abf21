//! Words for characters, as lists of those that a text may have use them.

use std::cmp::Reverse;
use std::sync::LazyLock;

use super::DIALECTS;

/// The words of all dialects, in lower case, each with the class of characters that it means; of two
/// that begin alike the longer one comes first.
static CHARACTERS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let classes = DIALECTS.iter().flat_map(|(_, dialect)| &dialect.characters);
    let words = classes.flat_map(|(class, words)| {
        let words = words.iter().map(String::as_str);
        words.map(|word| (word, class.as_str()))
    });
    let mut words: Vec<(&str, &str)> = words.collect();
    words.sort_by_key(|(word, _)| Reverse(word.len()));
    words
});

/// Words in such a list that say nothing, in the same order.
static FILLERS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let words = DIALECTS.iter().flat_map(|(_, own)| &own.character_fillers);
    let mut words: Vec<&str> = words.map(String::as_str).collect();
    words.sort_by_key(|word| Reverse(word.len()));
    words
});

/// The word for characters that a text begins with: how many bytes it has, and the class that it
/// means.
pub(crate) fn characters(text: &str) -> Option<(usize, &'static str)> {
    let mut words = CHARACTERS.iter();
    let (word, class) = words.find(|(word, _)| text.starts_with(word))?;
    Some((word.len(), class))
}

/// How many bytes the word has that a text begins with and that says nothing of characters.
pub(crate) fn character_filler(text: &str) -> Option<usize> {
    let word = FILLERS.iter().find(|word| text.starts_with(**word))?;
    Some(word.len())
}

/// Whether a text is such a word.
pub(crate) fn is_character_filler(text: &str) -> bool {
    character_filler(text) == Some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_is_dead() {
        for (name, dialect) in DIALECTS.iter() {
            for (class, words) in &dialect.characters {
                for word in words {
                    let read = characters(word);
                    assert_eq!(read, Some((word.len(), class.as_str())), "{name}: {word}");
                }
            }
            for word in &dialect.character_fillers {
                assert!(is_character_filler(word), "{name}: {word}");
                assert_eq!(characters(word), None, "{name}: {word}");
            }
        }
    }
}
