//! Regular expressions of the program's own: none fails silently.
//!
//! A pattern that does not compile ends the program where it is first used. That it never comes so
//! far is proven by a test that [`pattern!`] writes beside each pattern; `clippy.toml` forbids the
//! constructors of `regex` elsewhere.

mod needles;
mod sieve;

use std::fmt::Debug;

use regex::{Regex, bytes};

pub(crate) use sieve::Sieve;

/// Declares statics that hold regular expressions, and for each a test that it compiles.
///
/// ```text
/// pattern! {
///     /// One expression: a `Regex`.
///     static NUMBER = r"^\d+$";
///     /// Several: a `Vec<Regex>`.
///     static WORDS = [r"^a", r"^b"];
///     /// Anything that is made of expressions.
///     static TABLE: Vec<(Regex, Kind)> = table();
/// }
/// ```
macro_rules! pattern {
    () => {};
    ($(#[$meta:meta])* static $name:ident = [$($text:expr),* $(,)?]; $($rest:tt)*) => {
        pattern! {
            $(#[$meta])*
            static $name: Vec<regex::Regex> = [$($text),*].into_iter().map($crate::pattern::compile).collect();
            $($rest)*
        }
    };
    ($(#[$meta:meta])* static $name:ident = $text:expr; $($rest:tt)*) => {
        pattern! {
            $(#[$meta])*
            static $name: regex::Regex = $crate::pattern::compile($text);
            $($rest)*
        }
    };
    ($(#[$meta:meta])* static $name:ident: $type:ty = $made:expr; $($rest:tt)*) => {
        $(#[$meta])*
        static $name: std::sync::LazyLock<$type> = std::sync::LazyLock::new(|| $made);

        #[cfg(test)]
        #[expect(non_snake_case, reason = "the test is called as the pattern is")]
        mod $name {
            #[test]
            fn compiles() {
                std::sync::LazyLock::force(&super::$name);
            }
        }

        pattern! { $($rest)* }
    };
}

/// Declares the phrases of one topic of the vocabulary, which a module reads. Each is called as its
/// entries are: `OF_SERVICE` has those with `says = "of-service"`. A test proves that each has an
/// entry, and that no entry of the topic is without one of them.
///
/// ```text
/// phrases! {
///     Meanings:
///     /// The value stands in an answer.
///     static OPAQUE;
/// }
/// ```
macro_rules! phrases {
    ($topic:ident: $($(#[$meta:meta])* $vis:vis static $name:ident;)*) => {
        $(
            $(#[$meta])*
            $vis static $name: std::sync::LazyLock<$crate::vocabulary::Phrase> =
                std::sync::LazyLock::new(|| {
                    $crate::vocabulary::Phrase::of(
                        $crate::vocabulary::Topic::$topic,
                        stringify!($name),
                    )
                });
        )*

        #[cfg(test)]
        mod phrases {
            #[test]
            fn are_those_of_the_vocabulary() {
                $crate::vocabulary::assert_phrases(
                    $crate::vocabulary::Topic::$topic,
                    &[$(stringify!($name)),*],
                );
            }
        }
    };
}

/// A pattern, compiled.
///
/// Its words end as ASCII's do, and have the letters and digits of ASCII: with Unicode's boundaries
/// no fast engine reads a Chinese text, `值A` has one before its `A`, and the digits of all scripts
/// make of a pattern a large automaton, slow to build.
#[expect(clippy::disallowed_methods, reason = "the place where they are made")]
pub(crate) fn compile(pattern: impl AsRef<str>) -> Regex {
    valid(Regex::new(&ascii_words(pattern.as_ref())))
}

/// Patterns of bytes that are searched for at once, compiled: letters are ASCII.
#[expect(clippy::disallowed_methods, reason = "the place where they are made")]
pub(crate) fn compile_byte_set<'p>(patterns: impl IntoIterator<Item = &'p str>) -> bytes::RegexSet {
    valid(bytes::RegexSetBuilder::new(patterns).unicode(false).build())
}

/// What `\W` stands for: spaces, punctuation and other signs, of any script. The letters of all
/// scripts, which it leaves out as Unicode's does, would make hundreds of ranges.
const SIGNS: &str = concat!(
    r"[\x00-/:-@\[-^`\x7b-\x7f\u{80}-\u{A9}\u{AB}-\u{B4}\u{B6}-\u{B9}\u{BB}-\u{BF}\u{D7}\u{F7}",
    r"\u{2000}-\u{2BFF}\u{2E00}-\u{2E7F}\u{3000}-\u{3004}\u{3008}-\u{3020}\u{3030}",
    r"\u{FE0F}\u{FE30}-\u{FE6F}\u{FEFF}\u{FF00}-\u{FF0F}\u{FF1A}-\u{FF20}\u{FF3B}-\u{FF40}",
    r"\u{FF5B}-\u{FF65}\u{FFFD}\u{1F000}-\u{1FAFF}]"
);

fn ascii_words(pattern: &str) -> String {
    pattern
        .replace(r"\b", r"(?-u:\b)")
        .replace(r"\d", "[0-9]")
        .replace(r"\w", "[0-9A-Za-z_]")
        .replace(r"\W", SIGNS)
}

#[expect(
    clippy::expect_used,
    reason = "every pattern stands in the source, and a test compiles each"
)]
fn valid<T, E: Debug>(compiled: Result<T, E>) -> T {
    compiled.expect("a pattern of the program is valid")
}

#[cfg(test)]
mod tests {
    use super::compile;

    #[test]
    fn signs_are_no_letters() {
        let signs = compile(r"^\W$");
        for sign in [
            " ",
            ".",
            "`",
            "{",
            "×",
            "—",
            "→",
            "✓",
            "，",
            "（",
            "、",
            "\u{1F512}",
        ] {
            assert!(signs.is_match(sign), "{sign}");
        }
        for letter in ["a", "_", "7", "é", "ß", "值", "々", "ж", "が"] {
            assert!(!signs.is_match(letter), "{letter}");
        }
    }
}
