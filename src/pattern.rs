//! Regular expressions of the program's own: none fails silently.
//!
//! A pattern that does not compile ends the program where it is first used. That it never comes so
//! far is proven by a test that [`pattern!`] writes beside each pattern; `clippy.toml` forbids the
//! constructors of `regex` elsewhere.

use regex::{Regex, RegexSet, bytes};
use regex_syntax::hir::{Class, Hir, HirKind};

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

/// Patterns that are searched for at once, compiled.
#[expect(clippy::disallowed_methods, reason = "the place where they are made")]
pub(crate) fn compile_set<'p>(patterns: impl IntoIterator<Item = &'p str>) -> RegexSet {
    valid(RegexSet::new(patterns.into_iter().map(ascii_words)))
}

/// Patterns of bytes that are searched for at once, compiled: letters are ASCII.
#[expect(clippy::disallowed_methods, reason = "the place where they are made")]
pub(crate) fn compile_byte_set<'p>(patterns: impl IntoIterator<Item = &'p str>) -> bytes::RegexSet {
    valid(bytes::RegexSetBuilder::new(patterns).unicode(false).build())
}

/// Whether each text that has a pattern has a sign that is none of ASCII's: on other texts it need
/// not be looked for.
pub(crate) fn needs_more_than_ascii(pattern: &str) -> bool {
    !pattern.is_ascii()
        && regex_syntax::parse(&ascii_words(pattern)).is_ok_and(|parsed| is_beyond_ascii(&parsed))
}

fn is_beyond_ascii(part: &Hir) -> bool {
    match part.kind() {
        HirKind::Empty | HirKind::Look(_) => false,
        HirKind::Literal(literal) => !literal.0.is_ascii(),
        HirKind::Class(Class::Unicode(class)) => {
            (class.ranges().iter()).all(|range| !range.start().is_ascii())
        }
        HirKind::Class(Class::Bytes(class)) => {
            (class.ranges().iter()).all(|range| !range.start().is_ascii())
        }
        HirKind::Repetition(repeated) => repeated.min > 0 && is_beyond_ascii(&repeated.sub),
        HirKind::Capture(group) => is_beyond_ascii(&group.sub),
        HirKind::Concat(parts) => parts.iter().any(is_beyond_ascii),
        HirKind::Alternation(parts) => parts.iter().all(is_beyond_ascii),
    }
}

fn ascii_words(pattern: &str) -> String {
    pattern
        .replace(r"\b", r"(?-u:\b)")
        .replace(r"\d", "[0-9]")
        .replace(r"\w", "[0-9A-Za-z_]")
}

#[expect(
    clippy::expect_used,
    reason = "every pattern stands in the source, and a test compiles each"
)]
fn valid<T>(compiled: Result<T, regex::Error>) -> T {
    compiled.expect("a pattern of the program is valid")
}

#[cfg(test)]
mod tests {
    use super::needs_more_than_ascii;
    use rstest::rstest;

    #[rstest]
    #[case("只读|(?:系统|自动)生成", true)]
    #[case("(?i)响应\\s*header", true)]
    #[case("\\d+(?:이상|以上)", true)]
    #[case("(?:不)?read", false)]
    #[case("null|空", false)]
    #[case("[-−]\\d", false)]
    #[case("read-only", false)]
    fn a_pattern_needs_signs_beyond_ascii(#[case] pattern: &str, #[case] expected: bool) {
        assert_eq!(needs_more_than_ascii(pattern), expected);
    }
}
