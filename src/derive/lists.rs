//! How a page writes several values of one parameter: its row says so, or a request line shows it.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::rows::FieldRow;
use crate::contract::{ListStyle, Location};
use crate::page::words::TypeName;
use crate::vocabulary::Phrase;

phrases! {
    ListStyles:

    /// Words for values with commas between them.
    static COMMAS;

    /// Words for values with vertical bars between them.
    static PIPES;

    /// Words for values with blanks between them.
    static SPACES;

    /// Words for a parameter that is sent once for each value.
    static REPEATED;
}

/// The words for each style; the first that a row has counts.
static WORDS: [(&LazyLock<Phrase>, ListStyle); 4] = [
    (&COMMAS, ListStyle::Commas),
    (&PIPES, ListStyle::Pipes),
    (&SPACES, ListStyle::Spaces),
    (&REPEATED, ListStyle::Repeated),
];

/// The style of a parameter by its row, where it has several values.
pub(super) fn by_row(row: &FieldRow, location: Location) -> Option<ListStyle> {
    if !matches!(row.kind, Some(TypeName::Array(_))) {
        return None;
    }
    let shown = by_pairs(&row.name, &pairs(&row.text));
    let said = || {
        let mut words = WORDS.iter();
        words
            .find(|(phrase, _)| phrase.is_match(&row.text))
            .map(|(_, style)| *style)
    };
    let style = shown.or_else(said)?;
    // A header is a list by its commas (RFC 9110, section 5.6.1).
    (location == Location::Query || style == ListStyle::Commas).then_some(style)
}

/// A sentence without the words for a style.
pub(super) fn without_style(sentence: &str) -> Cow<'_, str> {
    let mut words = WORDS.iter();
    match words.find(|(phrase, _)| phrase.is_match(sentence)) {
        Some((phrase, _)) => phrase.replace_all(sentence, " – "),
        None => Cow::Borrowed(sentence),
    }
}

/// The style that the query of a request line shows.
pub(super) fn by_url(name: &str, url: &str) -> Option<ListStyle> {
    let (_, query) = url.split_once('?')?;
    by_pairs(name, &pairs(query))
}

/// The names and values of `name=value` that stand in a text.
pub(super) fn pairs(text: &str) -> Vec<(&str, &str)> {
    let is_end =
        |c: char| c.is_whitespace() || matches!(c, '&' | '?' | '`' | '"' | '\'' | '(' | ')');
    text.split(is_end)
        .filter_map(|part| part.split_once('='))
        .map(|(name, value)| (name, value.trim_end_matches(['.', ',', ';', ':'])))
        .collect()
}

/// The style that pairs of names and values show.
pub(super) fn by_pairs(name: &str, pairs: &[(&str, &str)]) -> Option<ListStyle> {
    let bracketed = |known: &str| {
        let known = known.replace("%5B", "[").replace("%5D", "]");
        known.strip_suffix("[]") == Some(name)
    };
    if pairs.iter().any(|(known, _)| bracketed(known)) {
        return Some(ListStyle::Brackets);
    }
    let own: Vec<&str> = pairs
        .iter()
        .filter(|(known, _)| *known == name)
        .map(|(_, value)| *value)
        .collect();
    match own.as_slice() {
        [_, _, ..] => Some(ListStyle::Repeated),
        [one] if one.contains(',') || one.to_uppercase().contains("%2C") => Some(ListStyle::Commas),
        [one] if one.contains('|') || one.to_uppercase().contains("%7C") => Some(ListStyle::Pipes),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("a=1&a=2", Some(ListStyle::Repeated))]
    #[case("for example a[]=1&a[]=2.", Some(ListStyle::Brackets))]
    #[case("for example `a=1,2`", Some(ListStyle::Commas))]
    #[case("a=1|2", Some(ListStyle::Pipes))]
    #[case("a=1&b=2", None)]
    #[case("a=1, and then more", None)]
    fn a_query_shows_how_values_are_written(
        #[case] text: &str,
        #[case] expected: Option<ListStyle>,
    ) {
        assert_eq!(by_pairs("a", &pairs(text)), expected);
    }

    #[rstest]
    #[case("The levels, separated by commas.", Some(ListStyle::Commas))]
    #[case("A comma-separated list of levels.", Some(ListStyle::Commas))]
    #[case("Use commas to separate levels.", Some(ListStyle::Commas))]
    #[case(
        "The hosts. Repeat the parameter for several.",
        Some(ListStyle::Repeated)
    )]
    #[case(
        "The hosts. The parameter may be given more than once.",
        Some(ListStyle::Repeated)
    )]
    #[case("多个标签以逗号分隔。", Some(ListStyle::Commas))]
    #[case("Joined by vertical bars.", Some(ListStyle::Pipes))]
    #[case("The levels.", None)]
    fn a_row_says_how_values_are_written(#[case] text: &str, #[case] expected: Option<ListStyle>) {
        let found = WORDS.iter().find(|(pattern, _)| pattern.is_match(text));
        assert_eq!(found.map(|(_, style)| *style), expected);
    }
}
