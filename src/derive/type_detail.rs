//! What the cell of a type says besides the type: a format (`uuid`, `string(date)`), a length
//! (`string(64)`), a range (`integer 1-5`), or words that limit it (`string, max 20 chars`).

use super::rows::kind_of;
use super::scope;
use super::statement::{Constraint, Kind};
use super::wordings::limits;
use crate::page::words::{self, TypeName};
use crate::vocabulary::{TypeWord, type_word};

phrases! {
    TypeDetails:

    /// A text that has characters.
    static NOT_EMPTY;

    /// What a number counts.
    static UNIT;

    /// A number that is not below zero.
    static UNSIGNED;
}

pattern! {
    /// One number, or two and what stands between them.
    static NUMBERS = r"^(?P<first>\d{1,9})(?:\s*(?P<between>-|–|~|\.{2,3}|,|，|to)\s*(?P<last>\d{1,9}))?$";
}

/// What a cell says of the values of its type, and of the items of an array.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Details {
    pub own: Vec<Constraint>,
    pub of_items: Vec<Constraint>,
}

/// Words of a type, or beside one, that name a format of JSON Schema.
const FORMATS: [(&str, &str); 5] = [
    ("uuid", "uuid"),
    ("uuids", "uuid"),
    ("date-time", "date-time"),
    ("email", "email"),
    ("rfc3339", "date-time"),
];

/// Further ones, which only name a format beside a type: alone a `date` may be written in any way.
const FORMATS_OF_TEXT: [(&str, &str); 5] = [
    ("date", "date"),
    ("uri", "uri"),
    ("ipv4", "ipv4"),
    ("ipv6", "ipv6"),
    ("hostname", "hostname"),
];

/// What is said beside a type, and says nothing of the value.
const ASIDE: [&str; 4] = ["password", "binary", "utf-8", "json"];

/// What a cell says besides a type that was read from it.
pub(super) fn details(spelled: &str, kind: &TypeName) -> Details {
    match kind {
        TypeName::Array(items) => Details {
            own: limits(spelled, Kind::Array)
                .into_iter()
                .map(|limit| limit.constraint)
                .collect(),
            of_items: match **items {
                TypeName::String => of_items(spelled),
                _ => Vec::new(),
            },
        },
        // A text or a number, and not every one.
        TypeName::OneOf(_) if is_open(parted(spelled).0) || words::is_formed(spelled) => Details {
            own: vec![Constraint::Prose],
            of_items: Vec::new(),
        },
        _ if is_plain(kind) => Details {
            own: of_plain(spelled, kind_of(kind).0),
            of_items: Vec::new(),
        },
        _ => Details::default(),
    }
}

/// The plain type that a cell begins with, where what follows limits its values, or says what is
/// counted.
pub(super) fn limited(spelled: &str) -> Option<TypeName> {
    let (head, rest) = parted(spelled);
    if rest.is_empty() && is_address(head) {
        return Some(TypeName::String);
    }
    let kind = words::parse_type(head).filter(is_plain)?;
    let of = kind_of(&kind).0;
    let is_limited = !limits(rest, of).is_empty();
    let is_counted = of.is_number() && UNIT.is_match(rest);
    (is_limited || is_counted).then_some(kind)
}

/// Whether values of a type have neither fields nor items.
fn is_plain(kind: &TypeName) -> bool {
    !matches!(
        kind,
        TypeName::Object(_)
            | TypeName::Array(_)
            | TypeName::Map(_)
            | TypeName::OneOf(_)
            | TypeName::Any
            | TypeName::File
    )
}

/// The first word of a cell, and what follows without the brackets around it.
fn parted(spelled: &str) -> (&str, &str) {
    let spelled = spelled.trim().trim_matches('`');
    let end = spelled.find(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_'));
    let (head, rest) = spelled.split_at(end.unwrap_or(spelled.len()));
    let is_around = |c: char| c.is_whitespace() || "()（）<>[]{},;:，；：$".contains(c);
    (head, rest.trim_matches(is_around))
}

fn format_of(word: &str, is_beside: bool) -> Option<Constraint> {
    let word = word.to_lowercase().replace(' ', "");
    let further = FORMATS_OF_TEXT.iter().filter(|_| is_beside);
    let (_, format) = FORMATS
        .iter()
        .chain(further)
        .find(|(known, _)| *known == word)?;
    Some(Constraint::Format((*format).to_owned()))
}

/// What a cell says of the values of a type without fields or items.
fn of_plain(spelled: &str, kind: Kind) -> Vec<Constraint> {
    let (head, rest) = parted(spelled);
    if let Some(found) = NUMBERS.captures(rest) {
        let number = |role: &str| found.name(role)?.as_str().parse::<u32>().ok();
        let between = found.name("between").map(|sign| sign.as_str());
        let mut stated = of_numbers(number("first"), number("last"), between, kind);
        if type_word(head) == Some(TypeWord::Sized) {
            stated.push(Constraint::Prose);
        }
        return stated;
    }
    let mut stated: Vec<Constraint> = Vec::new();
    let mut add = |constraint: Constraint| {
        if !stated.contains(&constraint) {
            stated.push(constraint);
        }
    };
    if kind == Kind::String {
        let format = format_of(rest, true).or_else(|| format_of(head, false));
        if let Some(format) = format {
            return vec![format];
        }
        if NOT_EMPTY.is_match(spelled) {
            add(Constraint::MinLength(1));
        }
    }
    if kind.is_number() && UNSIGNED.is_match(spelled) {
        add(Constraint::Minimum(0.0));
    }
    let in_words = [spelled, rest].map(|text| limits(text, kind));
    for limit in in_words.into_iter().flatten() {
        add(limit.constraint);
    }
    let restricts = || {
        let is_type = words::parse_type(rest).is_some();
        let is_aside = rest.is_empty() || ASIDE.contains(&rest.to_lowercase().as_str());
        let is_of_rest = !is_type && !is_aside && scope::restricts(rest, kind);
        // `timestamp`, `snowflake`: not every text is one.
        let is_formed =
            is_open(head) || is_open(rest) || is_open(spelled) || words::is_formed(spelled);
        is_of_rest || kind == Kind::String && is_formed
    };
    if stated.is_empty() && restricts() {
        stated.push(Constraint::Prose);
    }
    stated
}

/// Whether a type word says more of a text than that it is one.
fn is_open(word: &str) -> bool {
    matches!(type_word(word), Some(TypeWord::Formed | TypeWord::Listed)) || is_address(word)
}

/// Whether the type says no more of a text than that it is one of several values.
pub(super) fn is_of_values(spelled: &str) -> bool {
    type_word(spelled.trim()) == Some(TypeWord::Listed)
}

/// Whether a word is the type of an address: elsewhere than in the cell of a type it is the title of
/// a section.
fn is_address(word: &str) -> bool {
    let word = word.to_lowercase();
    matches!(word.as_str(), "url" | "urls" | "uri" | "uris")
}

/// What numbers behind a type say: the length of a text, the range of a number. One number behind
/// the type of a number is how wide a database shows it; two after a comma are its digits.
fn of_numbers(
    first: Option<u32>,
    last: Option<u32>,
    between: Option<&str>,
    kind: Kind,
) -> Vec<Constraint> {
    let is_text = kind == Kind::String;
    match (first, last) {
        (Some(most), None) if is_text => vec![Constraint::MaxLength(u64::from(most))],
        (Some(least), Some(most)) if is_text && least <= most => {
            let least = Some(least).filter(|least| *least > 0);
            let least = least.map(|least| Constraint::MinLength(u64::from(least)));
            let most = Constraint::MaxLength(u64::from(most));
            least.into_iter().chain([most]).collect()
        }
        (Some(least), Some(most)) if kind.is_number() && between != Some(",") && least <= most => {
            vec![
                Constraint::Minimum(f64::from(least)),
                Constraint::Maximum(f64::from(most)),
            ]
        }
        (Some(_), Some(_)) => vec![Constraint::Prose],
        _ => Vec::new(),
    }
}

/// What the words of an array's type say of each item, a text: `array of uuids`.
fn of_items(spelled: &str) -> Vec<Constraint> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let words = || {
        spelled
            .split(|c| !is_part(c))
            .filter(|word| !word.is_empty())
    };
    let format = words().find_map(|word| format_of(word, false));
    let is_open = || words().any(is_open);
    match format {
        Some(format) => vec![format],
        None if is_open() => vec![Constraint::Prose],
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn format(name: &str) -> Constraint {
        Constraint::Format(name.to_owned())
    }

    #[rstest]
    #[case("string", &[])]
    #[case("uuid", &[format("uuid")])]
    #[case("UUID string", &[format("uuid")])]
    #[case("string(date)", &[format("date")])]
    #[case("string($date-time)", &[format("date-time")])]
    #[case("string<uri>", &[format("uri")])]
    #[case("string(64)", &[Constraint::MaxLength(64)])]
    #[case("varchar(20)", &[Constraint::MaxLength(20)])]
    #[case("string[1..10]", &[Constraint::MinLength(1), Constraint::MaxLength(10)])]
    #[case("integer (1-5)", &[Constraint::Minimum(1.0), Constraint::Maximum(5.0)])]
    #[case("integer 0-100", &[Constraint::Minimum(0.0), Constraint::Maximum(100.0)])]
    #[case("string, max 20 chars", &[Constraint::MaxLength(20)])]
    #[case("positive integer", &[Constraint::Minimum(1.0)])]
    #[case("unsigned integer", &[Constraint::Minimum(0.0)])]
    #[case("non-empty string", &[Constraint::MinLength(1)])]
    // How wide a database shows it, and how many digits it has.
    #[case("int(11)", &[])]
    #[case("decimal(10,2)", &[Constraint::Prose])]
    // Not every text is one, and which are is not told.
    #[case("timestamp", &[Constraint::Prose])]
    #[case("snowflake", &[Constraint::Prose])]
    #[case("string (base64)", &[Constraint::Prose])]
    #[case("duration format string", &[Constraint::Prose])]
    #[case("int or duration format string", &[Constraint::Prose])]
    #[case("AN(20)", &[Constraint::MaxLength(20), Constraint::Prose])]
    #[case("string (password)", &[])]
    #[case("integer <int64>", &[])]
    fn a_type_says_more_than_a_type(#[case] spelled: &str, #[case] expected: &[Constraint]) {
        let kind = words::parse_type(spelled).or_else(|| {
            let (head, _) = spelled.split_once(',')?;
            words::parse_type(head)
        });
        assert_eq!(details(spelled, &kind.unwrap()).own, expected);
    }

    #[rstest]
    #[case("array of uuids", &[format("uuid")])]
    #[case("snowflake[]", &[Constraint::Prose])]
    #[case("array of strings", &[])]
    fn a_type_says_more_of_items(#[case] spelled: &str, #[case] expected: &[Constraint]) {
        let kind = words::parse_type(spelled).unwrap();
        assert_eq!(details(spelled, &kind).of_items, expected);
    }

    #[rstest]
    #[case("integer (max 100)", Some(TypeName::Integer))]
    #[case("URL", Some(TypeName::String))]
    #[case("number (km)", Some(TypeName::Number))]
    #[case("string (km)", None)]
    #[case("string (see below)", None)]
    #[case("Widget (max 100)", None)]
    fn a_type_is_read_beside_its_limits(#[case] spelled: &str, #[case] expected: Option<TypeName>) {
        assert_eq!(limited(spelled), expected);
    }
}
