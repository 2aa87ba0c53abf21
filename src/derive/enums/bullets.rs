//! Values in bullets: each bullet a value, alone or with its meaning.

use super::super::statement::Kind;
use super::super::wordings;
use super::token::{checked, clean, tokens};
use crate::vocabulary::Phrase;

/// How a list of bullets was announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Announcement {
    /// Not at all.
    None,
    /// By words that may mean values: `as follows:`, `Range:`.
    Loose,
    /// As an enumeration: each bullet is a value as it stands.
    Explicit,
}

phrases! {
    Bullets:

    /// What explains a bullet and shows that its first word is a subject, no value:
    /// `MySQL: The value ranges from 1 to 9`.
    static RULE;

    /// A bullet that is a value, alone or with its meaning.
    static BULLET;

    /// A bullet of an announced list: a comma or `为` may part the value from its meaning too.
    static ANNOUNCED;

    /// A number or a quoted value with `为`, which needs no announcement.
    static PLAIN;

    /// `If the value is X, ...`, `当参数值为“X”时，...`
    static CONDITION;

    /// A bullet that lists the values of one case: `MySQL为“a”或“b”`,
    /// `If the engine is X, the value can be a or b`.
    static CHOICES;

    /// Words of a bullet by which it has a default of its own.
    static BY_DEFAULT;
}

pattern! {
    /// A constant in capitals, and its meaning.
    static CONSTANT = r"^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*\s*[:：]\s*\S";
}

/// The values of a list in which every bullet is one.
pub(super) fn bullets(
    items: &[String],
    kind: Kind,
    announced: Announcement,
) -> Option<Vec<String>> {
    if announced == Announcement::Explicit
        && let Some(values) = verbatim(items, kind)
    {
        return Some(values);
    }
    if let Some(values) = choices(items, kind) {
        return Some(values);
    }
    // `name=<text>` is how a value is written, not one.
    if items.iter().any(|item| item.contains("=<")) {
        return None;
    }
    let mut values = Vec::new();
    let mut bare = 0;
    let defaults = items.iter().filter(|item| BY_DEFAULT.is_match(item));
    if announced == Announcement::None && defaults.count() > 1 {
        return None;
    }
    for item in items {
        let item = item.trim();
        let (value, end) = value_of(item, kind, announced)?;
        if end >= item.len() {
            bare += 1;
        }
        if announced == Announcement::None && item.get(end..).is_some_and(explains_a_rule) {
            return None;
        }
        values.push(clean(&value));
    }
    // Without a heading a lone bullet, or bullets that explain nothing, may be anything.
    let least = if announced == Announcement::None {
        2
    } else {
        1
    };
    if announced == Announcement::None && bare > 0 && bare == values.len() && values.len() < 2 {
        return None;
    }
    checked(values, kind, least, announced != Announcement::None)
}

/// The values of bullets that each list those of one case.
fn choices(items: &[String], kind: Kind) -> Option<Vec<String>> {
    let mut values = Vec::new();
    for item in items {
        let list = CHOICES.captures(item.trim())?;
        values.extend(tokens(list.name("list")?.as_str()));
    }
    checked(values, kind, 2, false)
}

/// Paragraphs, each a value with its meaning, that follow an announcement as bullets do.
pub(super) fn paragraphs(texts: &[&str], kind: Kind) -> Vec<String> {
    texts
        .iter()
        .take_while(|text| {
            let text = text.trim();
            value_of(text, kind, Announcement::None).is_some_and(|(_, end)| end < text.len())
        })
        .map(|text| (*text).to_owned())
        .collect()
}

/// Lines below one that ends in a colon, each a constant in capitals with its meaning.
pub(super) fn constants<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<String> {
    let lines = texts.map(str::trim);
    lines
        .take_while(|text| CONSTANT.is_match(text))
        .map(str::to_owned)
        .collect()
}

/// The value that a bullet names, and where what is read of the bullet ends.
fn value_of(item: &str, kind: Kind, announced: Announcement) -> Option<(String, usize)> {
    let found = |captures: &regex::Captures<'_>| {
        let value = ["value", "quoted"]
            .iter()
            .find_map(|name| captures.name(name))?;
        let end = captures.get(0)?.end();
        Some((value.as_str().to_owned(), end))
    };
    let mut phrases: Vec<&Phrase> = vec![&PLAIN, &BULLET, &CONDITION];
    if announced != Announcement::None {
        phrases.push(&ANNOUNCED);
    }
    phrases
        .into_iter()
        .filter_map(|phrase| phrase.captures(item))
        .filter_map(|captures| found(&captures))
        .find(|(value, _)| super::token::fits(value, kind))
}

/// Whether what follows a bullet's first word states a rule for it.
pub(super) fn explains_a_rule(rest: &str) -> bool {
    RULE.is_match(rest) || !wordings::limits(rest, Kind::String).is_empty()
}

/// Bullets that are values as they stand: no mark parts a value from a meaning.
fn verbatim(items: &[String], kind: Kind) -> Option<Vec<String>> {
    let plain = items.iter().all(|item| {
        let item = item.trim();
        item.chars().count() <= 60 && !item.contains([':', '：', '，', '。', '（', '(', ';', '；'])
    });
    if !plain {
        return None;
    }
    let values = items
        .iter()
        .map(|item| clean(item.trim().trim_matches(['"', '“', '”', '\'', '`'])))
        .collect();
    checked(values, kind, 1, true)
}
