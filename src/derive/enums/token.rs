//! One value in a text: what it looks like, and what only looks like one.

use super::super::statement::Kind;

phrases! {
    ValueWords:

    /// A word that stands where values do and is none.
    static NO_VALUE;

    /// Such a word that a list may name among others.
    static VALUE_IN_LISTS;

    /// A word that joins values, and is none.
    static JOINS;
}

pattern! {
    /// The ends of a range: `2..20`, `..64`.
    static RANGE = r"^\d*\.{2,3}\d*$";
    /// A value: a bare word, or words in quotes. A bare word may be a negative number.
    static TOKEN =
        r#"(?:[“"](?P<quoted>[^“”",，。;；:：]{1,40})[”"]|['‘`]?(?P<value>(?:-\d|[A-Za-z0-9_])[A-Za-z0-9_.+/-]*)['’`]?)(?:\s*[(（][^()（）]*[)）])?"#;
}

/// Words that stand where values do, and are values beside their opposites.
const PAIRS: &[(&str, &str)] = &[
    ("in", "out"),
    ("up", "down"),
    ("left", "right"),
    ("from", "to"),
    ("to", "from"),
];

/// Whether a word is none of those that only stand where values do. In a list of several some of
/// them are values.
pub(super) fn is_value(word: &str, in_list: bool) -> bool {
    // `A` in a list is a letter, no article.
    if RANGE.is_match(word) {
        return false;
    }
    (in_list && word == "A")
        || !NO_VALUE.is_match(word)
        || (in_list && VALUE_IN_LISTS.is_match(word))
}

/// A text that is one value.
pub(super) fn token(text: &str) -> Option<String> {
    let text = text
        .trim()
        .trim_end_matches(['.', '。', ';', '；', ',', '，']);
    let captures = TOKEN.captures(text)?;
    let whole = captures.get(0)?;
    let value = captures.name("quoted").or_else(|| captures.name("value"))?;
    (whole.range() == (0..text.len())).then(|| clean(value.as_str()))
}

/// The values that stand in a list, in order.
pub(super) fn tokens(list: &str) -> Vec<String> {
    let values: Vec<String> = TOKEN
        .captures_iter(list)
        .filter_map(|captures| captures.name("quoted").or_else(|| captures.name("value")))
        .map(|value| clean(value.as_str()))
        .filter(|value| !JOINS.is_match(value))
        .collect();
    if is_open(&values) {
        return Vec::new();
    }
    match values.as_slice() {
        // `on/off` alone is a list, `MB/s` among others is a value.
        [one] if is_slashed(one) => one.split('/').map(str::to_owned).collect(),
        _ => values,
    }
}

/// Whether a list names a type among its values (`true, false, or Number`), values that are made
/// of others (`a, b, or a,b`), or words for one (`empty string`): then it is no list of all values.
fn is_open(values: &[String]) -> bool {
    let is_type = |value: &String| TYPE_WORDS.contains(&value.as_str());
    let types = values.iter().filter(|value| is_type(value)).count();
    let repeats = values
        .iter()
        .enumerate()
        .any(|(place, value)| values.iter().take(place).any(|before| before == value));
    let is_named = values
        .iter()
        .any(|value| value.to_lowercase().ends_with("empty string"));
    types > 0 && types < values.len() && values.iter().any(|value| is_lower(value))
        || repeats
        || is_named
}

/// Types as they are written where values are meant by them.
const TYPE_WORDS: &[&str] = &["Number", "String", "Integer", "Boolean", "Object", "Array"];

fn is_lower(value: &str) -> bool {
    value.starts_with(|c: char| c.is_ascii_lowercase())
}

/// Whether a token is several words parted by slashes.
fn is_slashed(token: &str) -> bool {
    token.contains('/')
        && !token.eq_ignore_ascii_case("n/a")
        && !is_media_type(token)
        && token.split('/').all(|part| {
            part.starts_with(|c: char| c.is_ascii_alphabetic())
                && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        })
}

/// Whether a token is a media type: its slash parts no values.
fn is_media_type(token: &str) -> bool {
    const KINDS: &[&str] = &[
        "application",
        "text",
        "image",
        "audio",
        "video",
        "multipart",
        "message",
        "font",
    ];
    token.split_once('/').is_some_and(|(kind, part)| {
        let is_kind = |word: &str| KINDS.contains(&word.to_ascii_lowercase().as_str());
        is_kind(kind) && !is_kind(part) && !part.contains('/')
    })
}

/// A value without the stop of the sentence that it ends.
pub(super) fn clean(value: &str) -> String {
    value.trim().trim_end_matches('.').to_owned()
}

/// Whether a value can be one of a type. `1-100` is a range, no value.
pub(super) fn fits(value: &str, kind: Kind) -> bool {
    let typed = match kind {
        Kind::Integer => value.parse::<i64>().is_ok(),
        Kind::Number => value.parse::<f64>().is_ok(),
        _ => true,
    };
    let range = value
        .split_once(['-', '~'])
        .is_some_and(|(from, to)| from.parse::<u64>().is_ok() && to.parse::<u64>().is_ok());
    typed && !range && !value.is_empty()
}

/// Whether a text is the form of a date: `YYYY-MM-DD`.
fn is_form_of_a_date(value: &str) -> bool {
    let lower = value.to_lowercase();
    lower.contains("yyyy") && lower.contains("mm")
}

/// More values than any page lists: what has more is no list.
const MOST: usize = 1_000;

/// The values, each once, if all can be values of the type and they are enough.
pub(super) fn checked(
    values: Vec<String>,
    kind: Kind,
    least: usize,
    announced: bool,
) -> Option<Vec<String>> {
    if values.len() > MOST {
        return None;
    }
    // A date's form beside a word is no value of a list.
    let forms = values
        .iter()
        .filter(|value| is_form_of_a_date(value))
        .count();
    if forms > 0 && forms < values.len() {
        return None;
    }
    let in_list = values.len() > 1;
    let is_one_of_a_pair = |value: &str| {
        let other = PAIRS.iter().find(|(one, _)| *one == value);
        other.is_some_and(|(_, other)| values.iter().any(|value| value == other))
    };
    let paired: Vec<bool> = values.iter().map(|value| is_one_of_a_pair(value)).collect();
    let mut unique: Vec<String> = Vec::new();
    for (value, is_paired) in values.into_iter().zip(paired) {
        let is_known = announced || is_paired || is_value(&value, in_list);
        if !fits(&value, kind) || !is_known {
            return None;
        }
        if !unique.contains(&value) {
            unique.push(value);
        }
    }
    (unique.len() >= least).then_some(unique)
}
