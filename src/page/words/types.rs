//! The names of types, as pages spell them.

use crate::remembered::Remembered;
use crate::vocabulary::{Phrase, TypeWord, mandatory, type_word};

phrases! {
    TypeSpellings:

    /// Words for an array behind the type of its items, the group `of`.
    static ARRAY;

    /// Words for an object behind its name, the group `of`.
    static OBJECT;

    /// A type that is a text as well as a number.
    static TIMESTAMP;

    /// What stands between two types, one or the other of which a value has.
    static OR;
}

/// The longest spelling of a type.
const LONGEST: usize = 120;

/// A type as pages spell them, resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeName {
    /// Text.
    String,
    /// The bytes of a file, which only a form carries.
    File,
    /// An integer of which no width is told.
    Integer,
    /// A 32-bit integer.
    Int32,
    /// A 64-bit integer.
    Long,
    /// A number of which no precision is told.
    Number,
    /// A number of single precision.
    Float,
    /// A number of double precision.
    Double,
    /// `true` or `false`.
    Boolean,
    /// An object, with the name that the page gives its structure (`BackupRecordResponse`), if any.
    Object(Option<String>),
    /// An array of something.
    Array(Box<TypeName>),
    /// A map from text to something.
    Map(Box<TypeName>),
    /// Anything.
    Any,
    /// One of several.
    OneOf(Vec<TypeName>),
}

thread_local! {
    static KNOWN: Remembered<String, Option<TypeName>> = Remembered::default();
}

/// The type that a cell spells; `None` for what is no type.
pub fn parse_type(spelled: &str) -> Option<TypeName> {
    if spelled.len() > LONGEST {
        return read_type(spelled);
    }
    KNOWN.with(|known| known.of(spelled.to_owned(), |spelled| read_type(spelled)))
}

fn read_type(spelled: &str) -> Option<TypeName> {
    // Tools escape signs in code marks too, where a backslash stays: `string\[\]`.
    if spelled.contains('\\') {
        return parse_type_at(&spelled.replace('\\', ""), 0);
    }
    parse_type_at(spelled, 0)
}

fn parse_type_at(spelled: &str, depth: usize) -> Option<TypeName> {
    if spelled.len() > LONGEST || depth > 6 {
        return None;
    }
    let spelled = spelled
        .trim()
        .trim_end_matches(['。', '.', ',', '，'])
        .trim();
    word(spelled)
        .or_else(|| list(spelled, depth))
        .or_else(|| map(spelled, depth))
        .or_else(|| object(spelled))
        .or_else(|| one_of(spelled, depth))
        .or_else(|| detailed(spelled, depth))
        .or_else(|| limited(spelled))
}

/// A plain type with words before it, or numbers behind it, that limit its values: `positive integer`,
/// `integer 0-100`, `string[1..10]`.
fn limited(spelled: &str) -> Option<TypeName> {
    let words = [
        "positive ",
        "non-negative ",
        "nonnegative ",
        "unsigned ",
        "non-empty ",
        "nonempty ",
        "non-blank ",
        "uuid ",
    ];
    if let Some(rest) = after(spelled, &words) {
        return word(rest.trim()).filter(is_plain);
    }
    if is_formed(spelled) {
        return Some(TypeName::String);
    }
    let end = spelled.find(|c: char| !c.is_ascii_alphanumeric())?;
    let (head, rest) = spelled.split_at_checked(end)?;
    let rest = rest.trim();
    let inner = rest
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(rest);
    let is_size = || inner.len() < rest.len() && is_size(inner);
    word(head).filter(|kind| is_plain(kind) && (is_range(inner) || is_size()))
}

/// Whether a type is a text of a form that is only named: `duration format string`.
pub fn is_formed(spelled: &str) -> bool {
    let tails = [
        " format string",
        " formatted string",
        " encoded string",
        "-encoded string",
    ];
    let head = before(spelled.trim(), &tails);
    head.is_some_and(|head| !head.is_empty() && head.split(' ').count() <= 4)
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

/// Whether a text is two numbers and what stands between those of a range: `0-100`, `1..10`.
fn is_range(text: &str) -> bool {
    let between = text.trim_matches(|c: char| c.is_ascii_digit());
    let is_sign = matches!(between.trim(), "-" | "–" | "~" | ".." | "..." | "to");
    is_sign
        && text.starts_with(|c: char| c.is_ascii_digit())
        && text.ends_with(|c: char| c.is_ascii_digit())
}

/// Whether what stands in brackets behind a type is its least and its greatest size, or its greatest
/// alone: `string[1,21]`, `string[≤21]`. One number alone may be that of items.
fn is_size(text: &str) -> bool {
    let is_number = |text: &str| {
        let text = text.trim();
        !text.is_empty() && text.chars().all(|c| c.is_ascii_digit())
    };
    let greatest = text.trim_start().strip_prefix(['≤', '<']);
    let greatest = greatest.map(|rest| rest.trim_start_matches('='));
    greatest.is_some_and(is_number)
        || text
            .split_once([',', '，'])
            .is_some_and(|(least, most)| is_number(least) && is_number(most))
}

/// A type that is one word. OData has its own before a dot: `Edm.Int32`.
fn word(spelled: &str) -> Option<TypeName> {
    let spelled = spelled.strip_prefix("Edm.").unwrap_or(spelled);
    // A text as well as a number is called so.
    if TIMESTAMP.is_match(spelled) {
        return Some(TypeName::OneOf(vec![TypeName::String, TypeName::Number]));
    }
    Some(match type_word(spelled)? {
        TypeWord::String | TypeWord::Formed | TypeWord::Listed => TypeName::String,
        // A type with its size alone.
        TypeWord::Sized => return None,
        TypeWord::File => TypeName::File,
        TypeWord::Integer => TypeName::Integer,
        TypeWord::Int32 => TypeName::Int32,
        TypeWord::Long => TypeName::Long,
        TypeWord::Number => TypeName::Number,
        TypeWord::Float => TypeName::Float,
        TypeWord::Double => TypeName::Double,
        TypeWord::Boolean => TypeName::Boolean,
        TypeWord::Object => TypeName::Object(None),
        TypeWord::Array => TypeName::Array(Box::new(TypeName::Any)),
        TypeWord::Any => TypeName::Any,
    })
}

/// What follows a head, in whatever case.
fn after<'s>(spelled: &'s str, heads: &[&str]) -> Option<&'s str> {
    heads.iter().find_map(|head| {
        let own = spelled.get(..head.len())?;
        own.eq_ignore_ascii_case(head)
            .then(|| spelled.get(head.len()..))?
    })
}

/// What stands before a tail, in whatever case.
fn before<'s>(spelled: &'s str, tails: &[&str]) -> Option<&'s str> {
    tails.iter().find_map(|tail| {
        let at = spelled.len().checked_sub(tail.len())?;
        let own = spelled.get(at..)?;
        own.eq_ignore_ascii_case(tail).then(|| spelled.get(..at))?
    })
}

/// What stands before the words of a phrase.
fn within<'s>(phrase: &Phrase, spelled: &'s str) -> Option<&'s str> {
    let found = phrase.captures(spelled)?.name("of")?;
    Some(found.as_str())
}

/// An array, with the type of its items.
fn list(spelled: &str, depth: usize) -> Option<TypeName> {
    let of = |items: TypeName| Some(TypeName::Array(Box::new(items)));
    if let Some(rest) = after(
        spelled,
        &[
            "array of ",
            "arrays of ",
            "list of ",
            "an array of ",
            "a list of ",
        ],
    ) {
        // `array of numbers, or a string`: what follows is no item of the array.
        if rest.contains(", or ") {
            return None;
        }
        let rest = without_bound(without_count(rest));
        let rest = rest.strip_suffix(" arrays").unwrap_or(rest);
        return of(items(rest, depth));
    }
    if let Some(rest) = spelled.strip_prefix("[]") {
        return of(named_items(rest, depth)?);
    }
    // Generators write the type of the items in brackets: `[string]`, `[Widget]`.
    if let Some(inner) = spelled
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        return of(parse_type_at(inner, depth + 1).or_else(|| structure(inner))?);
    }
    if let Some(rest) = before(spelled, &["[]"]) {
        return of(named_items(rest, depth)?);
    }
    if let Some(rest) = within(&ARRAY, spelled) {
        return of(parse_type_at(rest, depth + 1)?);
    }
    let heads = [
        "list<",
        "array<",
        "list[",
        "array[",
        "list(",
        "array(",
        "collection(",
        "set<",
        "vec<",
    ];
    let rest = after(spelled, &heads)?;
    let inner = rest.strip_suffix(['>', ']', ')'])?;
    of(parse_type_at(inner, depth + 1).unwrap_or_else(|| TypeName::Object(identifier(inner))))
}

/// The object that a name such as `Widget` tells; a word about the field (`Optional`) tells none.
fn structure(name: &str) -> Option<TypeName> {
    let is_name = name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.contains(|c: char| c.is_ascii_lowercase())
        && mandatory(name).is_none();
    is_name
        .then(|| identifier(name))
        .flatten()
        .map(|name| TypeName::Object(Some(name)))
}

/// The type of the items of an array: anything, where words of the page's own name it.
fn items(spelled: &str, depth: usize) -> TypeName {
    parse_type_at(spelled, depth + 1).unwrap_or_else(|| {
        let is_object = before(spelled, &[" objects", " object"]).is_some();
        if is_object {
            TypeName::Object(None)
        } else {
            TypeName::Any
        }
    })
}

/// The type of the items of an array that brackets mark: anything, where it has a name of the page's
/// own.
fn named_items(spelled: &str, depth: usize) -> Option<TypeName> {
    parse_type_at(spelled, depth + 1).or_else(|| identifier(spelled).map(|_| TypeName::Any))
}

/// A map, with the type of its values.
fn map(spelled: &str, depth: usize) -> Option<TypeName> {
    let value = if let Some(rest) = after(spelled, &["map[string]"]) {
        rest
    } else if let Some((key, rest)) =
        before(spelled, &[" map"]).and_then(|all| all.split_once(" to "))
    {
        // `String to string map`
        word(key)?;
        rest
    } else {
        let heads = [
            "map<",
            "dict[",
            "dict<",
            "record<",
            "dictionary<",
            "hash<",
            "map(",
            "object<",
        ];
        let inner = after(spelled, &heads)?.strip_suffix(['>', ']', ')'])?;
        inner
            .split_once([',', '|'])
            .map_or(inner, |(_, value)| value)
    };
    let value = value.trim();
    let value =
        parse_type_at(value, depth + 1).unwrap_or_else(|| TypeName::Object(identifier(value)));
    Some(TypeName::Map(Box::new(value)))
}

/// An object with a name of its own.
fn object(spelled: &str) -> Option<TypeName> {
    let name = within(&OBJECT, spelled)?;
    Some(TypeName::Object(Some(identifier(name)?)))
}

/// Several types, each of which a value may have.
fn one_of(spelled: &str, depth: usize) -> Option<TypeName> {
    let mut kinds: Vec<TypeName> = Vec::new();
    for part in OR
        .replace_all(spelled, "|")
        .split(['|', '/', ',', '，', '、'])
        .map(str::trim)
    {
        // `integer, or string` has nothing between its two signs.
        if part.is_empty() && !kinds.is_empty() {
            continue;
        }
        // `rfc3339 | unix_timestamp`: how the second is written is not told.
        if part.to_lowercase().contains("timestamp") {
            return None;
        }
        let kind = parse_type_at(part, depth + 3)?;
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    match kinds.len() {
        0 => None,
        1 => kinds.pop(),
        _ => Some(TypeName::OneOf(kinds)),
    }
}

/// A type with what it is in detail behind it: `string (date-time)`, `string(64)`, `integer <int64>`.
fn detailed(spelled: &str, depth: usize) -> Option<TypeName> {
    let (head, detail) = spelled.split_once(['(', '（', '<'])?;
    let detail = detail.strip_suffix([')', '）', '>'])?;
    let is_size = detail.trim().parse::<u32>().is_ok();
    if is_size && type_word(head) == Some(TypeWord::Sized) {
        return Some(TypeName::String);
    }
    let kind = parse_type_at(head, depth + 3)?;
    let is_length = |text: &str| {
        text.chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '–' | '~' | ',' | ' '))
    };
    match &kind {
        TypeName::Object(None) => return structure(detail),
        TypeName::Array(items) if **items == TypeName::Any => {
            let items = parse_type_at(detail, depth + 3).or_else(|| structure(detail))?;
            return Some(TypeName::Array(Box::new(items)));
        }
        TypeName::Object(_) | TypeName::Array(_) | TypeName::Map(_) | TypeName::OneOf(_) => {
            return None;
        }
        _ => {}
    }
    // As OpenAPI's own tools write a format.
    let detail = detail.trim().trim_start_matches('$');
    match word(detail) {
        // `number (integer)`: the narrower of the two.
        Some(inner) if matches!(kind, TypeName::Number) && inner != TypeName::String => Some(inner),
        Some(inner @ (TypeName::Int32 | TypeName::Long)) if kind == TypeName::Integer => {
            Some(inner)
        }
        Some(_) => Some(kind),
        None if parse_type_at(detail, depth + 3).as_ref() == Some(&kind) => Some(kind),
        None => {
            (is_length(detail) || DETAILS.contains(&detail.to_lowercase().as_str())).then_some(kind)
        }
    }
}

/// What a type may be in detail, beside other types.
const DETAILS: [&str; 20] = [
    "numeric",
    "true/false",
    "date-time",
    "date",
    "time",
    "iso 8601",
    "iso8601",
    "rfc 3339",
    "rfc3339",
    "uri",
    "url",
    "email",
    "password",
    "byte",
    "binary",
    "ipv4",
    "ipv6",
    "json",
    "base64",
    "utf-8",
];

/// The type of items without how many there may be, or that they are a part of a larger object:
/// `up to 10 jobs`, `partial job objects`.
fn without_count(items: &str) -> &str {
    let rest = items.strip_prefix("up to ").map_or(items, |rest| {
        rest.trim_start_matches(|c: char| c.is_ascii_digit())
            .trim_start()
    });
    rest.strip_prefix("partial ").unwrap_or(rest)
}

/// The type of items without how many there may be behind it: `strings <= 5 items`.
fn without_bound(items: &str) -> &str {
    let Some(end) = items.find(['<', '>', '=', '≤', '≥', '[']) else {
        return items;
    };
    let (head, bound) = items.split_at(end);
    let is_count =
        bound.trim_end().ends_with(" items") && bound.contains(|sign: char| sign.is_ascii_digit());
    if is_count { head.trim_end() } else { items }
}

fn identifier(name: &str) -> Option<String> {
    let name = name.trim();
    let plain = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    plain.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("String。", Some(TypeName::String))]
    #[case("Interger", Some(TypeName::Integer))]
    #[case("Array of strings", Some(TypeName::Array(Box::new(TypeName::String))))]
    #[case("Array of Tag objects", Some(TypeName::Array(Box::new(TypeName::Object(Some("Tag".to_owned()))))))]
    #[case("List<String>", Some(TypeName::Array(Box::new(TypeName::String))))]
    #[case("Map<String,String>", Some(TypeName::Map(Box::new(TypeName::String))))]
    #[case("TagInfo object", Some(TypeName::Object(Some("TagInfo".to_owned()))))]
    #[case("字典数据结构", Some(TypeName::Object(None)))]
    #[case("Snowflake", Some(TypeName::String))]
    #[case("ISO8601 timestamp", Some(TypeName::String))]
    #[case("uint32", Some(TypeName::Integer))]
    #[case("int32", Some(TypeName::Int32))]
    #[case("integer(int32)", Some(TypeName::Int32))]
    #[case("Set<Widget>", Some(TypeName::Array(Box::new(TypeName::Object(Some("Widget".to_owned()))))))]
    #[case("DECIMAL", Some(TypeName::Double))]
    #[case("[]string", Some(TypeName::Array(Box::new(TypeName::String))))]
    #[case("[string]", Some(TypeName::Array(Box::new(TypeName::String))))]
    #[case("[string(uuid)]", Some(TypeName::Array(Box::new(TypeName::String))))]
    #[case(
        "[[integer]]",
        Some(TypeName::Array(Box::new(TypeName::Array(Box::new(TypeName::Integer)))))
    )]
    #[case("[Widget]", Some(TypeName::Array(Box::new(TypeName::Object(Some("Widget".to_owned()))))))]
    #[case("Widget[]", Some(TypeName::Array(Box::new(TypeName::Any))))]
    #[case("[]widget", Some(TypeName::Array(Box::new(TypeName::Any))))]
    #[case(r"string\[\]", Some(TypeName::Array(Box::new(TypeName::String))))]
    #[case(r"\-", None)]
    #[case("array of numbers, or a `\"line(...)\"` string", None)]
    #[case(
        "array of strings, or string",
        Some(TypeName::OneOf(vec![TypeName::Array(Box::new(TypeName::String)), TypeName::String]))
    )]
    #[case("[Optional]", None)]
    #[case("[required]", None)]
    #[case("Edm.Int32", Some(TypeName::Int32))]
    #[case(
        "Collection(Edm.String)",
        Some(TypeName::Array(Box::new(TypeName::String)))
    )]
    #[case("String collection", Some(TypeName::Array(Box::new(TypeName::String))))]
    #[case("timestamp", Some(TypeName::String))]
    #[case("时间戳", Some(TypeName::OneOf(vec![TypeName::String, TypeName::Number])))]
    #[case("unix timestamp", Some(TypeName::Integer))]
    #[case("Json", Some(TypeName::Any))]
    #[case("integer(unsigned integer)", Some(TypeName::Integer))]
    #[case("Boolean (true/false)", Some(TypeName::Boolean))]
    #[case("Collection(Int)", Some(TypeName::Array(Box::new(TypeName::Integer))))]
    #[case("整数数组", Some(TypeName::Array(Box::new(TypeName::Integer))))]
    #[case("array of up to 10 job objects", Some(TypeName::Array(Box::new(TypeName::Object(Some("job".to_owned()))))))]
    #[case(
        "array of snowflakes",
        Some(TypeName::Array(Box::new(TypeName::String)))
    )]
    #[case("uuid", Some(TypeName::String))]
    #[case("string (date-time)", Some(TypeName::String))]
    #[case("string(64)", Some(TypeName::String))]
    #[case("integer <int64>", Some(TypeName::Long))]
    #[case("number (integer)", Some(TypeName::Integer))]
    #[case("string (see below)", None)]
    #[case("String[]", Some(TypeName::Array(Box::new(TypeName::String))))]
    #[case("string array", Some(TypeName::Array(Box::new(TypeName::String))))]
    #[case(
        "array of message components",
        Some(TypeName::Array(Box::new(TypeName::Any)))
    )]
    #[case(
        "array of partial mail request objects",
        Some(TypeName::Array(Box::new(TypeName::Object(None))))
    )]
    #[case("Map<string, int>", Some(TypeName::Map(Box::new(TypeName::Integer))))]
    #[case(
        "String to string map",
        Some(TypeName::Map(Box::new(TypeName::String)))
    )]
    #[case("map[string]string", Some(TypeName::Map(Box::new(TypeName::String))))]
    #[case("map<string|string>", Some(TypeName::Map(Box::new(TypeName::String))))]
    #[case("integer or string", Some(TypeName::OneOf(vec![TypeName::Integer, TypeName::String])))]
    #[case("integer/string", Some(TypeName::OneOf(vec![TypeName::Integer, TypeName::String])))]
    #[case("Array|String", Some(TypeName::OneOf(vec![TypeName::Array(Box::new(TypeName::Any)), TypeName::String])))]
    #[case("string or Widget", None)]
    #[case("string($date-time)", Some(TypeName::String))]
    #[case("integer (1-5)", Some(TypeName::Integer))]
    #[case("integer 0-100", Some(TypeName::Integer))]
    #[case("string[1..10]", Some(TypeName::String))]
    #[case("string[10]", None)]
    #[case("positive integer", Some(TypeName::Integer))]
    #[case("non-empty string", Some(TypeName::String))]
    #[case("UUID string", Some(TypeName::String))]
    #[case("positive array", None)]
    #[case("Object (Widget)", Some(TypeName::Object(Some("Widget".to_owned()))))]
    #[case("object (see below)", None)]
    #[case("array (string)", Some(TypeName::Array(Box::new(TypeName::String))))]
    #[case("array (Widget)", Some(TypeName::Array(Box::new(TypeName::Object(Some("Widget".to_owned()))))))]
    #[case("array (optional)", None)]
    // A digest of a commit, or an object in the words of one language.
    #[case("hash", None)]
    #[case("string/string", Some(TypeName::String))]
    #[case("Match Rules", None)]
    #[case("Backup ID.", None)]
    fn types_are_read_as_pages_spell_them(
        #[case] spelled: &str,
        #[case] expected: Option<TypeName>,
    ) {
        assert_eq!(parse_type(spelled), expected);
    }
}
