//! What a description states of the limits of a value: every wording of the table, read as one type
//! would mean it.

use regex::Captures;
use serde::Deserialize;

use super::statement::{Constraint, Kind};
use crate::vocabulary::{Topic, Wordings};

/// What a wording states.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Keyword {
    /// `min` to `max` characters.
    Length,
    /// Exactly `n` characters.
    ExactLength,
    /// `n` characters at least.
    MinLength,
    /// `n` characters at most.
    MaxLength,
    /// `n` at least: characters of a text, the value of a number.
    Least,
    /// `n` at most: characters of a text, the value of a number.
    Most,
    /// A number from `min` to `max`.
    Range,
    /// A number between `min` and `max`, each in it where its bracket (`from`, `to`) is square, or
    /// its sign lets it be equal.
    Interval,
    /// A number from `n`.
    Minimum,
    /// A number above `n`.
    Above,
    /// A number to `n`.
    Maximum,
    /// A number below `n`.
    Below,
    /// A number from 0.
    NotNegative,
    /// A number from 1.
    Positive,
    /// A multiple of `n`.
    MultipleOf,
    /// A multiple of 2.
    Even,
    /// At least one character, or one item.
    NotEmpty,
    /// The default is `value`.
    Default,
    /// `n` items at least.
    MinItems,
    /// `n` items at most.
    MaxItems,
    /// `min` to `max` items.
    Items,
    /// No two items are alike.
    UniqueItems,
    /// A text of the form that the format of JSON Schema names.
    Format(String),
}

phrases! {
    LimitWords:

    /// Words by which a sentence gives away that it means to constrain.
    static SUSPECT;

    /// What goes on behind digits that are not the whole number: `10k`, `2^31`, `1,000`, `10万`,
    /// `5 * size`.
    static GOES_ON;

    /// A word behind a number that is no item of a list.
    pub(super) static UNIT;

    /// A word that follows `default is` without being a value.
    static NO_DEFAULT;

    /// What stands behind a range whose ends are not in it.
    static EXCLUSIVE;
}

pattern! {
    /// Every wording.
    static WORDINGS: Wordings<Keyword> = Wordings::of(Topic::Limits);
}

/// A limit that a text states, and the bytes of the text that state it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Limit {
    pub constraint: Constraint,
    pub span: std::ops::Range<usize>,
}

/// Roles of words by which the numbers beside them limit nothing, or not as they are: what only shows
/// or presets a value, what is denied, and ends that a range does not have.
const NO_LIMIT: [&str; 5] = ["other", "denied", "open", "ends", "excluded"];

/// The limits that a text states of a value of one type.
pub(super) fn limits(text: &str, kind: Kind) -> Vec<Limit> {
    let mut found = read(text, kind);
    for limit in &mut found {
        let rest = text.get(limit.span.end..).unwrap_or_default();
        if EXCLUSIVE.is_match(rest) {
            limit.constraint = match &limit.constraint {
                Constraint::Minimum(least) => Constraint::ExclusiveMinimum(*least),
                Constraint::Maximum(most) => Constraint::ExclusiveMaximum(*most),
                other => other.clone(),
            };
        }
    }
    // `A multiple of 5 from 5 to 50`: what goes on behind the multiple is said of the number.
    let multiple = found
        .iter()
        .find(|limit| matches!(limit.constraint, Constraint::MultipleOf(_)))
        .map(|limit| limit.span.clone());
    if let Some(span) = multiple {
        let mut told = text.to_owned();
        let number = format!("{:width$}", "number", width = span.len());
        if number.len() == span.len() {
            told.replace_range(span, &number);
        }
        for limit in read(&told, kind) {
            let is_known = |own: &Limit| own.constraint.facet() == limit.constraint.facet();
            if !found.iter().any(is_known) {
                found.push(limit);
            }
        }
    }
    found
}

/// The limits that a text states by the wordings as they are.
fn read(text: &str, kind: Kind) -> Vec<Limit> {
    let mut found: Vec<Limit> = Vec::new();
    for (pattern, keyword) in WORDINGS.in_text(text) {
        for captures in pattern.captures_iter(text) {
            let Some(whole) = captures.get(0) else {
                continue;
            };
            if NO_LIMIT.iter().any(|role| captures.name(role).is_some()) {
                continue;
            }
            // The comma of an interval parts its ends: `(0,100]`.
            let is_interval = captures
                .name("from")
                .is_some_and(|sign| !matches!(sign.as_str(), "<" | "<=" | "≤"));
            if !is_interval && goes_on(text, &captures, kind) {
                continue;
            }
            for constraint in constraints(keyword, &captures, kind) {
                let same = found.iter().any(|limit| limit.constraint == constraint);
                if !same {
                    found.push(Limit {
                        constraint,
                        span: whole.range(),
                    });
                }
            }
        }
    }
    found
}

pattern! {
    static THOUSANDS = r"^-?\d{1,3}(?:\.\d{3})+$";
}

/// Whether a number of a wording is only the beginning of one, or of a formula.
fn goes_on(text: &str, captures: &Captures<'_>, kind: Kind) -> bool {
    captures.iter().skip(1).flatten().any(|group| {
        // A whole number has no decimals: `1.000` is a thousand as some write it.
        kind == Kind::Integer && THOUSANDS.is_match(group.as_str())
            || group.as_str().ends_with(|c: char| c.is_ascii_digit())
                && text
                    .get(group.end()..)
                    .is_some_and(|rest| GOES_ON.is_match(rest))
    })
}

/// What a wording states of a value of one type; nothing where it cannot mean that type.
fn constraints(keyword: &Keyword, captures: &Captures<'_>, kind: Kind) -> Vec<Constraint> {
    let number = |role: &str| {
        let found = captures.name(role)?.as_str();
        if found.eq_ignore_ascii_case("zero") {
            return Some(0.0);
        }
        found.replace(',', "").parse::<f64>().ok()
    };
    let count = |role: &str| {
        captures
            .name(role)
            .and_then(|found| found.as_str().parse::<u64>().ok())
    };
    let text = kind == Kind::String;
    let numeric = kind.is_number();
    let one = |constraint: Option<Constraint>| constraint.into_iter().collect::<Vec<_>>();
    match keyword {
        Keyword::Length if text => match (count("min"), count("max")) {
            (Some(min), Some(max)) if min <= max => {
                let mut both = vec![Constraint::MaxLength(max)];
                if min > 0 {
                    both.insert(0, Constraint::MinLength(min));
                }
                both
            }
            _ => Vec::new(),
        },
        Keyword::ExactLength if text => count("n")
            .map(|n| vec![Constraint::MinLength(n), Constraint::MaxLength(n)])
            .unwrap_or_default(),
        Keyword::MinLength | Keyword::Least if text => {
            one(count("n").filter(|n| *n > 0).map(Constraint::MinLength))
        }
        Keyword::MaxLength | Keyword::Most if text => one(count("n").map(Constraint::MaxLength)),
        Keyword::NotEmpty if text => vec![Constraint::MinLength(1)],
        Keyword::NotEmpty if kind == Kind::Array => vec![Constraint::MinItems(1)],
        Keyword::UniqueItems if kind == Kind::Array => vec![Constraint::UniqueItems],
        Keyword::Format(format) if text => vec![Constraint::Format(format.clone())],
        Keyword::Range if numeric => match (number("min"), number("max")) {
            (Some(min), Some(max)) if min <= max => {
                vec![Constraint::Minimum(min), Constraint::Maximum(max)]
            }
            _ => Vec::new(),
        },
        Keyword::Interval if numeric => match (number("min"), number("max")) {
            (Some(min), Some(max)) if min < max => {
                let is_open = |role: &str| {
                    let sign = captures.name(role).map(|sign| sign.as_str());
                    matches!(sign, Some("(" | "（" | ")" | "）" | "<"))
                };
                let least = if is_open("from") {
                    Constraint::ExclusiveMinimum(min)
                } else {
                    Constraint::Minimum(min)
                };
                let most = if is_open("to") {
                    Constraint::ExclusiveMaximum(max)
                } else {
                    Constraint::Maximum(max)
                };
                vec![least, most]
            }
            _ => Vec::new(),
        },
        Keyword::Minimum | Keyword::Least if numeric => one(number("n").map(Constraint::Minimum)),
        Keyword::Maximum | Keyword::Most if numeric => one(number("n").map(Constraint::Maximum)),
        Keyword::Above if numeric => one(number("n").map(Constraint::ExclusiveMinimum)),
        Keyword::Below if numeric => one(number("n").map(Constraint::ExclusiveMaximum)),
        Keyword::NotNegative if numeric => vec![Constraint::Minimum(0.0)],
        Keyword::Positive if kind == Kind::Integer => vec![Constraint::Minimum(1.0)],
        Keyword::Positive if numeric => vec![Constraint::ExclusiveMinimum(0.0)],
        Keyword::MultipleOf if numeric => {
            one(number("n").filter(|n| *n > 0.0).map(Constraint::MultipleOf))
        }
        Keyword::Even if kind == Kind::Integer => vec![Constraint::MultipleOf(2.0)],
        Keyword::MinItems | Keyword::MaxItems | Keyword::Items
            if kind != Kind::Array || is_unit(captures) =>
        {
            Vec::new()
        }
        Keyword::MinItems => one(count("n").map(Constraint::MinItems)),
        Keyword::MaxItems => one(count("n").map(Constraint::MaxItems)),
        Keyword::Items => match (count("min"), count("max")) {
            (Some(min), Some(max)) if min <= max => {
                vec![Constraint::MinItems(min), Constraint::MaxItems(max)]
            }
            _ => Vec::new(),
        },
        Keyword::Default => one(captures
            .name("value")
            .or_else(|| captures.name("plain"))
            .map(|found| truth(found.as_str(), kind))
            .filter(|value| is_default(value, kind))
            .map(|value| Constraint::Default(value.to_owned()))),
        _ => Vec::new(),
    }
}

/// A truth value that a default is called by another word; any other default as it is.
fn truth(value: &str, kind: Kind) -> &str {
    match (kind, value.to_lowercase().as_str()) {
        (Kind::Boolean, "on" | "yes" | "enabled") => "true",
        (Kind::Boolean, "off" | "no" | "disabled") => "false",
        _ => value,
    }
}

/// Whether the number that was read is of something else than items.
fn is_unit(captures: &Captures<'_>) -> bool {
    ["noun", "second"]
        .iter()
        .filter_map(|role| captures.name(role))
        .any(|word| UNIT.is_match(word.as_str()))
}

/// Whether a text can be the default of a value of one type.
pub(super) fn is_default(value: &str, kind: Kind) -> bool {
    match kind {
        Kind::Integer => value.parse::<i64>().is_ok(),
        Kind::Number => value.parse::<f64>().is_ok(),
        Kind::Boolean => value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false"),
        Kind::String => !NO_DEFAULT.is_match(value) && !CALCULATED.is_match(value),
        _ => false,
    }
}

pattern! {
    /// What the service calculates when it is asked: a call, a variable, the time.
    static CALCULATED = r"^(?:\$\{?[A-Za-z_]\w*\}?|[A-Za-z_][\w.:]*\(.*\)|[A-Z]\w*(?:\.|::)(?:now|today|current)\w*)$";
}

/// Whether a sentence looks like a constraint.
pub(super) fn is_suspect(sentence: &str) -> bool {
    SUSPECT.is_match(sentence)
}

/// Names of query parameters that count or skip, and so are not negative by custom.
const COUNTS: &[&str] = &[
    "limit",
    "offset",
    "page",
    "page_no",
    "page_num",
    "page_number",
    "page_size",
    "page_limit",
    "page_offset",
    "pagesize",
    "pageno",
    "pagenum",
    "per_page",
    "perpage",
    "page_index",
    "current_page",
    "currentpage",
    "start",
    "count",
    "size",
    "curpage",
    "cur_page",
];

/// Whether a query parameter of this name counts or skips.
pub(super) fn counts(name: &str) -> bool {
    // `page[size]`
    let folded = name.to_lowercase().replace('[', "_").replace(']', "");
    COUNTS.contains(&folded.as_str())
}

/// Whether a parameter of this name counts even where its page gives no type: `start` and `size`
/// may be anything there.
pub(super) fn counts_by_name(name: &str) -> bool {
    counts(name) && !["start", "count", "size"].contains(&name.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Maximum length is 64 characters", &[Constraint::MaxLength(64)])]
    #[case("Maximum allowed length is 64 characters", &[Constraint::MaxLength(64)])]
    #[case("Minimum length is 8 characters", &[Constraint::MinLength(8)])]
    #[case("It must be 20 characters or fewer.", &[Constraint::MaxLength(20)])]
    #[case("It must be 8 characters or more.", &[Constraint::MinLength(8)])]
    #[case("It cannot be 20 characters or more.", &[])]
    #[case("The name is 8 characters.", &[Constraint::MinLength(8), Constraint::MaxLength(8)])]
    fn the_words_around_a_length_say_which_it_is(
        #[case] text: &str,
        #[case] expected: &[Constraint],
    ) {
        let mut found: Vec<Constraint> = Vec::new();
        for limit in limits(text, Kind::String) {
            if !found.contains(&limit.constraint) {
                found.push(limit.constraint);
            }
        }
        assert_eq!(found, expected);
    }

    #[test]
    fn each_wording_states_a_limit_by_its_examples() {
        let kinds = [Kind::String, Kind::Integer, Kind::Number, Kind::Array];
        for (example, pattern, says) in WORDINGS.examples() {
            let captures = pattern.captures(example);
            let captures = captures.unwrap_or_else(|| panic!("{pattern}: {example}"));
            let states = |kind| {
                let own = constraints(says, &captures, kind);
                let whole = limits(example, kind);
                !own.is_empty()
                    && (own.iter()).all(|own| whole.iter().any(|limit| limit.constraint == *own))
            };
            assert!(kinds.into_iter().any(states), "{pattern}: {example}");
        }
    }
}
