//! Values in running text: after a label, in a sentence, in conditions, by their meanings.

use regex::Captures;

use super::super::statement::Kind;
use super::bullets;
use super::token::{checked, clean, fits, is_value, tokens};
use super::worded::worded;
use crate::vocabulary::Phrase;

phrases! {
    ListedValues:

    /// Values that a tool ran together, or left out.
    static RUN_TOGETHER;

    /// Words right before a label of values by which it is that of something else.
    static OTHERWISE;

    /// Words before what a request is called with, which is no list of values: `Parameters: a=b`.
    static CALLED;

    /// Words by which a text leaves room for values that it does not name.
    static OPEN;

    /// Words by which a sentence speaks of one case only.
    static CASE;

    /// Values after a label: `Options: TRUE and FALSE`, `Value: manual (manual full backup)`.
    static LABELLED;

    /// Values in quotation marks, or numbers, with nothing but blanks between them, as generators of
    /// OpenAPI's pages write them: `Enum: "a" "b"`.
    static SPACED;

    /// A label alone: what follows may be values with their meanings.
    static LABELS;

    /// One value with its meaning, in a list of such.
    static MEANT;

    /// A part of a list of values that only says which of them is the default.
    static IS_DEFAULT;

    /// Values in brackets behind words for them: `["fast", "slow"]`.
    static BRACKETED;

    /// A single value of a case beside those of others: `对应的枚举值为3600`.
    static ONE_MORE;

    /// One value with a verb and its meaning.
    static VERB;

    /// Values in a sentence without a label: `The value can be A or B`, `支持A、B两种`.
    static SENTENCE;

    /// A single value: `The value is fixed to X`, `取值为“X”，表示...`
    static SINGLE;

    /// A value that a condition names: `If this parameter is X, ...`, `取值“X”，...`
    static CONDITION;

    /// A value with its meaning in running text: `0表示关闭，1表示开启`, `0: off; 1: on`.
    static MEANING;

    /// The end of a text before the number of something.
    static NUMBERED;

    /// A word before the last of several values, each with its meaning.
    static BEFORE_LAST;
}

pattern! {
    /// One value with its meaning behind a comma, where semicolons part the values.
    static COMMA_MEANT =
        r#"^["'“‘`]?(?P<value>(?:-\d|[A-Za-z0-9_])[A-Za-z0-9_.+/-]*)["'”’`]?\s*[,，]\s*\p{Han}"#;

    /// The end of a text that is a value with its meaning.
    static MEANING_BEFORE = r"(?:^|[\s，。；;,、:：(（])-?\d+-\p{Han}+[ \t]+$";
}

/// The values that one paragraph lists.
pub(super) fn listed(text: &str, kind: Kind) -> Option<Vec<String>> {
    labelled(text, kind)
        .or_else(|| spaced(text, kind))
        .or_else(|| bracketed(text, kind))
        .or_else(|| meant(text, kind))
        .or_else(|| in_sentence(text, kind))
        .or_else(|| explained(text, kind))
        .or_else(|| worded(text, kind))
}

/// Whether a tool ran the values together that a text announces, or left them out:
/// `Values:redgreen`.
pub(super) fn are_run_together(text: &str) -> bool {
    RUN_TOGETHER.is_match(text)
}

/// Values after a label.
pub(super) fn labelled(text: &str, kind: Kind) -> Option<Vec<String>> {
    let list = behind_label(&LABELLED, text)?.name("list")?.as_str();
    checked(tokens(list), kind, 1, false)
}

/// What a phrase finds that begins with a label of values: `Default value: rdb` has none.
fn behind_label<'t>(phrase: &Phrase, text: &'t str) -> Option<Captures<'t>> {
    phrase.all(text).find(|captures| {
        let start = captures.get(0).map_or(0, |whole| whole.start());
        !OTHERWISE.is_match(text.get(..start).unwrap_or_default())
    })
}

/// Values with nothing but blanks between them.
fn spaced(text: &str, kind: Kind) -> Option<Vec<String>> {
    let list = SPACED.captures(text)?.name("list")?;
    checked(tokens(list.as_str()), kind, 1, true)
}

/// Whether a value is the number of what the word before it names: `Method 1: log in`.
fn counts_something(before: &str) -> bool {
    // `1-low 2-high`: the word is the meaning of the value before.
    let is_meaning = MEANING_BEFORE.is_match(before);
    NUMBERED
        .captures(before)
        .filter(|_| !is_meaning)
        .and_then(|captures| captures.name("word"))
        .is_some_and(|word| !word.as_str().to_lowercase().starts_with("value"))
}

/// Values with their meanings after a label: `Options: 0: off; 1: on`. Every part of the list must
/// be one.
fn meant(text: &str, kind: Kind) -> Option<Vec<String>> {
    let rest = behind_label(&LABELS, text)?.name("rest")?.as_str();
    let marks: &[char] = if rest.contains([';', '；']) {
        &[';', '；']
    } else {
        &[',', '，']
    };
    let mut values = Vec::new();
    for part in rest.split(marks) {
        let part = part.trim().trim_end_matches('.').trim();
        if part.is_empty() {
            continue;
        }
        if IS_DEFAULT.is_match(part) && !values.is_empty() {
            continue;
        }
        let is_comma = || COMMA_MEANT.captures(part).filter(|_| marks.contains(&';'));
        let captures = MEANT.captures(part).or_else(is_comma)?;
        values.push(clean(captures.name("value")?.as_str()));
    }
    checked(values, kind, 2, false)
}

/// Values in brackets; two numbers there are the ends of a range.
fn bracketed(text: &str, kind: Kind) -> Option<Vec<String>> {
    let values = tokens(BRACKETED.captures(text)?.name("list")?.as_str());
    let is_range = values.len() == 2 && values.iter().all(|value| value.parse::<f64>().is_ok());
    checked(values, kind, 2, false).filter(|_| !is_range)
}

/// Values with their meanings, parted by semicolons or, with a verb each, by commas:
/// `fast indicates quickly; slow indicates gently`.
fn explained(text: &str, kind: Kind) -> Option<Vec<String>> {
    text.split(['。', '\n'])
        .flat_map(|sentence| sentence.split(". "))
        .filter(|sentence| !OPEN.is_match(sentence))
        .find_map(|sentence| {
            let semicolons = ["；", "; "].map(|mark| sentence.split(mark).collect::<Vec<_>>());
            let commas = ["，", ", "].map(|mark| sentence.split(mark).collect::<Vec<_>>());
            semicolons
                .iter()
                .find_map(|parts| parts_explained(parts, &MEANT, kind))
                .or_else(|| {
                    commas
                        .iter()
                        .find_map(|parts| parts_explained(parts, &VERB, kind))
                })
                .or_else(|| {
                    // `0 = off, 1 = on`; with words for numbers they may be settings of others.
                    let is_number = matches!(kind, Kind::Integer | Kind::Number);
                    commas
                        .iter()
                        .filter(|_| is_number)
                        .find_map(|parts| parts_explained(parts, &MEANT, kind))
                })
        })
}

/// The values of the parts of a sentence if each is one with its meaning.
fn parts_explained(parts: &[&str], mark: &Phrase, kind: Kind) -> Option<Vec<String>> {
    // Which of them is the default says nothing of the list.
    let parts: Vec<&str> = parts
        .iter()
        .copied()
        .enumerate()
        .filter(|(at, part)| *at == 0 || !IS_DEFAULT.is_match(part))
        .map(|(_, part)| part)
        .collect();
    let is_call = parts
        .first()
        .is_some_and(|first| first.contains('=') && CALLED.is_match(first));
    if parts.len() < 2 || is_call || parts.iter().any(|part| bullets::explains_a_rule(part)) {
        return None;
    }
    let meant = |text: &str| {
        let text = text.trim();
        let from = BEFORE_LAST.find(text).map_or(0, |word| word.end());
        let text = text.get(from..)?;
        let captures = mark.captures(text)?;
        Some(clean(captures.name("value")?.as_str()))
    };
    let mut values = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let part = part.trim().trim_end_matches('.');
        if part.is_empty() {
            continue;
        }
        // A name of the whole may stand before the first value.
        let headless = part
            .split_once([':', '：'])
            .filter(|_| index == 0)
            .and_then(|(_, rest)| meant(rest));
        values.push(headless.or_else(|| meant(part))?);
    }
    checked(values, kind, 2, false)
}

/// The values that one sentence lists, and whether they are those of one case only:
/// `If the engine is A, the value can be B or C` says nothing of another engine.
fn of_sentence(sentence: &str, kind: Kind) -> Option<(bool, Vec<String>)> {
    let captures = SENTENCE.captures(sentence)?;
    let before = sentence.get(..captures.get(0)?.start())?;
    let list = captures.name("list")?.as_str();
    let second = captures.name("second").map_or("", |second| second.as_str());
    let values = checked(tokens(&format!("{list} {second}")), kind, 2, false)?;
    Some((CASE.is_match(before), values))
}

/// Whether a sentence lists values that are those of one case only.
pub(super) fn lists_in_a_case(sentence: &str, kind: Kind) -> bool {
    of_sentence(sentence, kind).is_some_and(|(is_of_a_case, _)| is_of_a_case)
}

fn in_sentence(text: &str, kind: Kind) -> Option<Vec<String>> {
    let mut all: Option<Vec<String>> = None;
    for sentence in super::super::sentences::sentences(text) {
        let (is_of_a_case, values) = of_sentence(&sentence, kind).unzip();
        let is_of_a_case = is_of_a_case.unwrap_or(false);
        match (&mut all, values) {
            // What holds in one case only adds to what is said of all.
            (Some(all), Some(values)) => {
                for value in values {
                    if !all.contains(&value) {
                        all.push(value);
                    }
                }
                continue;
            }
            (None, Some(values)) if !is_of_a_case => {
                all = Some(values);
                continue;
            }
            _ => {}
        }
        if all.is_some() {
            continue;
        }
        if let Some(value) = single(&sentence, kind) {
            return checked(tokens(&value), kind, 1, false);
        }
    }
    let mut all = all?;
    for captures in ONE_MORE.all(text) {
        let value = captures.name("value").map(|value| tokens(value.as_str()));
        let own = checked(value?, kind, 1, false)?;
        all.extend(
            own.into_iter()
                .filter(|value| !all.contains(value))
                .collect::<Vec<_>>(),
        );
    }
    Some(all)
}

/// The one value that a sentence allows.
fn single(sentence: &str, kind: Kind) -> Option<String> {
    if CASE.is_match(sentence) {
        return None;
    }
    let captures = SINGLE.captures(sentence)?;
    let fixed = captures.name("fixed");
    let value = clean(fixed.or_else(|| captures.name("value"))?.as_str());
    // A plain word may be anything in English (`The value is unique.`), and a number may be the
    // value of today.
    let telling = value
        .chars()
        .any(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
        || !sentence.is_ascii();
    let sure = fixed.is_some() || (telling && kind == Kind::String);
    (sure && fits(&value, kind) && is_value(&value, false)).then_some(value)
}

/// The values that conditions and meanings name, over a whole cell. Two at least, and no word that
/// leaves room for more.
pub(super) fn told(text: &str, kind: Kind) -> Option<Vec<String>> {
    if OPEN.is_match(text) {
        return None;
    }
    [&CONDITION, &MEANING].into_iter().find_map(|phrase| {
        let mut values: Vec<String> = Vec::new();
        for captures in phrase.all(text) {
            let Some(found) = captures.name("value") else {
                continue;
            };
            if counts_something(text.get(..found.start()).unwrap_or_default()) {
                continue;
            }
            let value = clean(found.as_str());
            if fits(&value, kind) && is_value(&value, false) && !values.contains(&value) {
                values.push(value);
            }
        }
        checked(values, kind, 2, false)
    })
}
