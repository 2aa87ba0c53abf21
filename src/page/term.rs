//! The terms of lists of definitions: names of fields, alone or before their types.

use super::words::{header, mandatory, parse_type};

pattern! {
    /// A name, and what is said of it.
    static TERM = r"^(?P<name>[A-Za-z_$@][\w.$@\[\]-]{0,79})(?P<rest>.*)$";

    /// A name alone, which begins no sentence.
    static BARE = r"^[a-z_$@][\w.$@\[\]-]{0,79}$";

    /// A type, and whether the field must be sent, in brackets or behind a colon.
    static SAID = r"^\s*(?:\((?P<inner>[^()]{1,80})\)|:\s+(?P<told>\S.{0,80}))\s*$";
}

/// The name that a term begins with, where it says nothing but what is said of a field.
pub(super) fn name(term: &str) -> Option<&str> {
    let found = TERM.captures(term.trim_end())?;
    let rest = found.name("rest")?.as_str();
    let is_known = rest.trim().is_empty() || is_typed(rest) || is_bare(rest);
    let name = found.name("name")?.as_str();
    // `Parameters` and `Returns` are labels.
    let is_label = name.starts_with(char::is_uppercase) && header(name).is_some();
    (is_known && !is_label).then_some(name)
}

/// The name of a term behind which stands what it is: `color (string, required)`, `width : int`.
pub(super) fn typed_name(term: &str) -> Option<&str> {
    let found = TERM.captures(term.trim_end())?;
    let name = found.name("name")?.as_str();
    is_typed(found.name("rest")?.as_str()).then_some(name)
}

/// Whether a line is a name of a field and nothing else; words that may begin a text are none.
pub(super) fn is_bare_name(line: &str) -> bool {
    BARE.is_match(line)
}

fn is_typed(rest: &str) -> bool {
    let Some(found) = SAID.captures(rest) else {
        return false;
    };
    let said = found.name("inner").or_else(|| found.name("told"));
    let mut parts = said.map_or("", |said| said.as_str()).split(',');
    parts.next().is_some_and(|part| is_word(part.trim()))
}

/// Whether a term has a type behind its name without any sign: `width integer required`.
fn is_bare(rest: &str) -> bool {
    let mut words = rest.split_whitespace().map(|word| word.trim_matches(','));
    rest.starts_with(' ') && words.clone().count() <= 3 && words.all(is_word)
}

fn is_word(text: &str) -> bool {
    parse_type(text).is_some() || mandatory(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("color (string, required)", Some("color"))]
    #[case("width : int, optional", Some("width"))]
    #[case("width", None)]
    #[case("Note: it is slow", None)]
    #[case("See (below)", None)]
    fn a_term_tells_a_type(#[case] term: &str, #[case] expected: Option<&str>) {
        assert_eq!(typed_name(term), expected);
    }

    #[rstest]
    #[case("id", Some("id"))]
    #[case("color string required", Some("color"))]
    #[case("color (string)", Some("color"))]
    #[case("How it works", None)]
    #[case("Parameters", None)]
    fn a_term_begins_with_a_name(#[case] term: &str, #[case] expected: Option<&str>) {
        assert_eq!(name(term), expected);
    }
}
