//! Values just inside and just outside one facet: of a wrong type, too long, beside a documented
//! value. One function a facet.

use serde_json::{Value, json};

use crate::contract::{Facet, enum_values, is_file, types_of};

use super::files;
use super::sample::{limit, sample, size};
use super::slot::{Labelled, Slot};
use super::text::{filler, length_bounds, text_of_length};

/// The characters tried against a pattern: each alone replaces one character of a valid text.
const PROBES: &[(char, &str)] = &[
    ('>', "greater-than sign"),
    ('!', "exclamation mark"),
    ('<', "less-than sign"),
    ('"', "quotation mark"),
    ('&', "ampersand"),
    ('\'', "apostrophe"),
    ('=', "equals sign"),
    (' ', "space"),
    ('.', "full stop"),
    ('@', "at sign"),
    ('#', "number sign"),
    ('$', "dollar sign"),
    ('%', "percent sign"),
    ('/', "slash"),
    ('\\', "backslash"),
    (':', "colon"),
    (';', "semicolon"),
    (',', "comma"),
    ('*', "asterisk"),
    ('+', "plus sign"),
    ('?', "question mark"),
    ('(', "parenthesis"),
    ('[', "bracket"),
    ('{', "brace"),
    ('|', "vertical bar"),
    ('~', "tilde"),
    ('^', "circumflex"),
    ('`', "grave accent"),
    ('-', "hyphen"),
    ('_', "underscore"),
    ('0', "digit"),
    ('a', "lower-case letter"),
    ('Z', "capital letter"),
    ('é', "accented letter"),
    ('а', "Cyrillic letter"),
    ('汉', "Chinese letter"),
    ('１', "full-width digit"),
    ('٣', "Arabic digit"),
    ('😀', "emoji"),
    ('\n', "line feed"),
    ('\t', "tab"),
];

/// More items than this would be a large request rather than a long array.
pub(super) const MOST_ITEMS: usize = 10_000;

/// Longer texts are not made: a length of millions is for a page to state, and not for every run to
/// send.
pub(super) const LONGEST_MADE: usize = 64 * 1024;

/// Values of other JSON types than those documented.
pub(super) fn wrong_types(node: &Value) -> Vec<Labelled> {
    let valid = types_of(node);
    let all: [(&str, &str, Value); 7] = [
        ("integer", "an integer", json!(12_345)),
        ("number", "a number with a fraction", json!(1.5)),
        ("boolean", "a boolean", json!(true)),
        ("null", "null", Value::Null),
        ("array", "an array", json!(["text"])),
        ("object", "an object", json!({"key": "text"})),
        ("string", "a text", json!("text")),
    ];
    all.into_iter()
        .filter(|(kind, _, _)| !valid.contains(kind))
        .map(|(_, label, value)| (label.to_owned(), value))
        .collect()
}

/// Texts that are no value of the documented type: what a parameter can be instead of a number or a
/// truth value.
pub(super) fn wrong_texts(node: &Value) -> Vec<Labelled> {
    let kinds = types_of(node);
    let is = |kind: &str| kinds.contains(&kind);
    if is("string") || !(is("integer") || is("number") || is("boolean")) {
        return Vec::new();
    }
    let mut texts: Vec<(&str, &str)> =
        vec![("letters", "abc"), ("empty", ""), ("the word null", "null")];
    if !is("boolean") {
        texts.extend([
            ("digits, then letters", "10abc"),
            ("hexadecimal", "0x10"),
            ("a list", "1,2"),
            ("Arabic digits", "١٢"),
        ]);
        if !is("number") {
            texts.push(("a fraction", "1.5"));
        }
    } else if !is("integer") && !is("number") {
        texts.extend([("a number", "2"), ("another word", "yes")]);
    }
    texts
        .into_iter()
        .map(|(label, text)| (label.to_owned(), Value::from(text)))
        .collect()
}

/// Near-misses of the documented values.
pub(super) fn outside_enum(node: &Value) -> Vec<Labelled> {
    let values = enum_values(node);
    let mut out: Vec<Labelled> = Vec::new();
    for value in &values {
        match value {
            Value::String(text) => {
                let mut capital = text.to_lowercase();
                if let Some(first) = capital.get(..1).map(str::to_uppercase) {
                    capital.replace_range(..1, &first);
                }
                let shorter: String = text
                    .chars()
                    .take(text.chars().count().saturating_sub(1))
                    .collect();
                for (label, near) in [
                    ("in capitals", text.to_uppercase()),
                    ("in lower case", text.to_lowercase()),
                    ("capitalised", capital),
                    ("with a space before", format!(" {text}")),
                    ("with a space after", format!("{text} ")),
                    ("with a line feed after", format!("{text}\n")),
                    ("without its last character", shorter),
                    ("doubled", format!("{text}{text}")),
                ] {
                    out.push((format!("`{text}` {label}"), Value::from(near)));
                }
            }
            Value::Number(number) => {
                if let Some(number) = number.as_i64() {
                    out.push((
                        format!("{number} and one"),
                        Value::from(number.saturating_add(1)),
                    ));
                }
            }
            _ => {}
        }
    }
    if values.iter().any(Value::is_string) {
        out.push(("another word".to_owned(), json!("docproof")));
        out.push(("empty".to_owned(), json!("")));
    }
    out.retain(|(_, value)| !values.contains(value));
    out.dedup_by(|a, b| a.1 == b.1);
    out
}

/// Texts shorter than the minimum, otherwise as documented.
pub(super) fn too_short(node: &Value) -> Vec<Labelled> {
    let Some(least) = size(node, Facet::MinLength) else {
        return Vec::new();
    };
    let pattern = node.get("pattern").and_then(Value::as_str);
    [least.checked_sub(1), Some(1), Some(0)]
        .into_iter()
        .flatten()
        .filter(|length| *length < least)
        .filter_map(|length| {
            // No characters at all are tried though a pattern forbids them as well.
            let text = match length {
                0 => String::new(),
                _ => text_of_length(pattern, length, 0)?,
            };
            Some((format!("{length} characters"), Value::from(text)))
        })
        .collect()
}

/// Texts longer than the maximum, otherwise as documented.
pub(super) fn too_long(node: &Value) -> Vec<Labelled> {
    if is_file(node) {
        return files::too_long(node);
    }
    let Some(most) = size(node, Facet::MaxLength).filter(|most| *most <= LONGEST_MADE) else {
        return Vec::new();
    };
    let pattern = node.get("pattern").and_then(Value::as_str);
    let mut out: Vec<Labelled> = [most.saturating_add(1), most.saturating_mul(2).max(most + 2)]
        .into_iter()
        .filter_map(|length| {
            Some((
                format!("{length} characters"),
                Value::from(text_of_length(pattern, length, 0)?),
            ))
        })
        .collect();
    out.push((
        format!("{} characters of two bytes each", most + 1),
        Value::from("é".repeat(most + 1)),
    ));
    out
}

/// Texts of the right length in which one character is not as documented.
pub(super) fn outside_pattern(node: &Value) -> Vec<Labelled> {
    let Some(pattern) = node.get("pattern").and_then(Value::as_str) else {
        return Vec::new();
    };
    let valid = plain_text(node, pattern);
    let characters: Vec<char> = valid.chars().collect();
    let mut out = Vec::new();
    for (probe, label) in PROBES {
        for (place, at) in [
            ("first", 0),
            ("in the middle", characters.len() / 2),
            ("last", characters.len().saturating_sub(1)),
        ] {
            let mut changed = characters.clone();
            if let Some(slot) = changed.get_mut(at) {
                *slot = *probe;
                out.push((
                    format!("{label} {place}"),
                    Value::from(changed.iter().collect::<String>()),
                ));
            }
        }
    }
    out.extend(beside_lengths(node, pattern));
    out
}

/// Texts of a pattern's characters that are one shorter and one longer than it takes.
fn beside_lengths(node: &Value, pattern: &str) -> Vec<Labelled> {
    let Some((low, high)) = length_bounds(pattern) else {
        return Vec::new();
    };
    let text = |length: usize| {
        let least = size(node, Facet::MinLength).unwrap_or(0);
        let most = size(node, Facet::MaxLength).unwrap_or(usize::MAX);
        let is_within = (least..=most).contains(&length) && length <= LONGEST_BESIDE;
        text_of_length(Some(pattern), length, 0).filter(|_| is_within)
    };
    let label = |length: usize| format!("{length} of its characters");
    let shorter = text(low).filter(|_| low > 1).map(|text| {
        let cut: String = text.chars().take(low - 1).collect();
        (label(low - 1), Value::from(cut))
    });
    let longer = high.and_then(|high| {
        let text = text(high)?;
        let last = text.chars().next_back()?;
        Some((label(high + 1), Value::from(format!("{text}{last}"))))
    });
    shorter.into_iter().chain(longer).collect()
}

/// The longest text of a pattern that is made one longer.
const LONGEST_BESIDE: usize = 1_000;

/// A plain text that matches a node's pattern within its limits.
fn plain_text(node: &Value, pattern: &str) -> String {
    let least = size(node, Facet::MinLength).unwrap_or(0);
    let most = size(node, Facet::MaxLength).unwrap_or(usize::MAX);
    let wanted = length_bounds(pattern).map_or(8, |(low, high)| low.max(8).min(high.unwrap_or(8)));
    text_of_length(Some(pattern), wanted.max(least).min(most), 0)
        .unwrap_or_else(|| filler(wanted, 0))
}

/// Numbers below a least one, of either kind.
pub(super) fn below_minimum(node: &Value, facet: Facet) -> Vec<Labelled> {
    numbers(limit(node, facet), facet == Facet::ExclusiveMinimum, -1)
}

/// Numbers above a greatest one, of either kind.
pub(super) fn above_maximum(node: &Value, facet: Facet) -> Vec<Labelled> {
    numbers(limit(node, facet), facet == Facet::ExclusiveMaximum, 1)
}

/// Numbers on the wrong side of a bound, which is itself one of them if it is exclusive.
fn numbers(bound: Option<i64>, is_exclusive: bool, towards: i64) -> Vec<Labelled> {
    let distances: &[i64] = if is_exclusive { &[0] } else { &[1, 100] };
    bound
        .into_iter()
        .flat_map(|bound| {
            distances
                .iter()
                .map(move |distance| bound.saturating_add(towards * distance))
        })
        .map(|number| (number.to_string(), Value::from(number)))
        .collect()
}

/// An array of so many plain items.
pub(super) fn array_of(slot: &Slot<'_>, length: usize) -> Value {
    match slot.node.get("items") {
        Some(items) => (0..length)
            .map(|index| sample(slot.schema, items, index))
            .collect(),
        None => (0..length)
            .map(|index| Value::from(format!("item{index}")))
            .collect(),
    }
}

/// An array of so many items that differs from one that is taken in their number alone: more of its
/// objects are copies of the first, each with a name of its own. Plain values, and what must not stand
/// twice, are made up.
pub(super) fn array_like(slot: &Slot<'_>, own: Option<&Value>, length: usize) -> Value {
    let first = own.and_then(|own| own.get(0));
    let is_unique = slot.node.get("uniqueItems") == Some(&Value::Bool(true));
    match first.filter(|first| first.is_object() && !is_unique) {
        Some(first) => (0..length)
            .map(|index| renamed(slot, first, index))
            .collect(),
        None => array_of(slot, length),
    }
}

/// Fields that items of a list are told apart by: of two with one name, many services refuse one.
const NAMES: [&str; 5] = ["key", "name", "label", "title", "tag"];

/// A copy of an item with another name, where it has one that may be any text.
fn renamed(slot: &Slot<'_>, first: &Value, index: usize) -> Value {
    let mut copy = first.clone();
    let Some(items) = slot.node.get("items").filter(|_| index > 0) else {
        return copy;
    };
    let fields = slot.schema.follow(items).get("properties");
    let free = |name: &'static str| {
        let node = fields?.get(name).map(|node| slot.schema.follow(node))?;
        let is_bound = ["enum", "const", "format", "pattern", "anyOf", "oneOf"]
            .iter()
            .any(|rule| node.get(rule).is_some());
        let text = first.get(name)?.as_str().filter(|_| !is_bound)?;
        Some((
            name,
            text,
            size(node, Facet::MaxLength).unwrap_or(usize::MAX),
        ))
    };
    if let Some((name, text, most)) = NAMES.into_iter().find_map(free) {
        let number = index.to_string();
        let head = text.chars().take(most.saturating_sub(number.len()));
        let text: String = head.chain(number.chars()).collect();
        if let Some(own) = copy.get_mut(name) {
            *own = Value::from(text);
        }
    }
    copy
}

/// Arrays of fewer items than documented.
pub(super) fn too_few_items(slot: &Slot<'_>) -> Vec<Labelled> {
    size(slot.node, Facet::MinItems)
        .and_then(|least| least.checked_sub(1))
        .map(|length| (format!("{length} items"), array_of(slot, length)))
        .into_iter()
        .collect()
}

/// Arrays of more items than documented.
pub(super) fn too_many_items(slot: &Slot<'_>) -> Vec<Labelled> {
    size(slot.node, Facet::MaxItems)
        .filter(|most| *most < MOST_ITEMS)
        .map(|most| (format!("{} items", most + 1), array_of(slot, most + 1)))
        .into_iter()
        .collect()
}

/// An array that has an item twice.
pub(super) fn repeated_items(slot: &Slot<'_>) -> Vec<Labelled> {
    if slot.node.get("uniqueItems").and_then(Value::as_bool) != Some(true) {
        return Vec::new();
    }
    let Value::Array(mut items) = array_of(slot, 1) else {
        return Vec::new();
    };
    items.extend(items.clone());
    vec![("an item twice".to_owned(), Value::Array(items))]
}

/// Numbers beside the documented multiples.
pub(super) fn no_multiples(node: &Value) -> Vec<Labelled> {
    let Some(step) = limit(node, Facet::MultipleOf).filter(|step| *step > 1) else {
        return no_decimals(node);
    };
    let least = limit(node, Facet::Minimum).unwrap_or(step).max(step);
    let first = least.saturating_add(step - 1) / step * step;
    [first.saturating_add(1), first.saturating_add(step - 1)]
        .into_iter()
        .map(|number| (number.to_string(), Value::from(number)))
        .collect()
}

/// Numbers with a digit more than a decimal step has, such as 0.005 for 0.01. A step that no short
/// decimal is has none.
fn no_decimals(node: &Value) -> Vec<Labelled> {
    let step = node.get(Facet::MultipleOf.as_str()).map(Value::to_string);
    let digits = step.as_deref().and_then(|step| step.strip_prefix("0."));
    let Some(digits) = digits
        .filter(|digits| digits.len() <= 6 && digits.bytes().all(|digit| digit.is_ascii_digit()))
    else {
        return Vec::new();
    };
    let least = limit(node, Facet::Minimum).unwrap_or(0).max(0);
    let zeros = "0".repeat(digits.len());
    [
        format!("{least}.{zeros}5"),
        format!("{}.{zeros}5", least.saturating_add(1)),
    ]
    .into_iter()
    .filter_map(|text| {
        let number = serde_json::from_str::<Value>(&text).ok()?;
        Some((text, number))
    })
    .collect()
}

/// Valid texts at the lengths that matter: the bound itself, in plain letters and, where the
/// pattern allows, in letters of more bytes.
pub(super) fn at_length(node: &Value, facet: Facet) -> Vec<Labelled> {
    if is_file(node) {
        return files::at_length(node, facet);
    }
    let Some(length) = size(node, facet).filter(|length| *length <= LONGEST_MADE) else {
        return Vec::new();
    };
    let pattern = node.get("pattern").and_then(Value::as_str);
    let mut out = Vec::new();
    if let Some(text) = text_of_length(pattern, length, 0) {
        out.push((format!("{length} characters"), Value::from(text)));
    }
    for (letter, bytes) in [("é", "two"), ("汉", "three"), ("😀", "four")] {
        out.push((
            format!("{length} characters of {bytes} bytes each"),
            Value::from(letter.repeat(length)),
        ));
    }
    out
}

/// Valid texts that use each kind of character that the pattern allows.
pub(super) fn inside_pattern(node: &Value) -> Vec<Labelled> {
    let mut out = outside_pattern(node);
    out.retain(|(label, _)| !label.ends_with("last"));
    out
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::contract::Schema;

    #[rstest]
    #[case::money(json!({ "type": "number", "multipleOf": 0.01, "minimum": 0, "maximum": 999.99 }))]
    #[case::halves(json!({ "type": "number", "multipleOf": 0.05, "minimum": 0, "maximum": 100 }))]
    #[case::tenths(json!({ "type": "number", "multipleOf": 0.1, "minimum": 3 }))]
    #[case::whole(json!({ "type": "integer", "multipleOf": 5, "minimum": 10, "maximum": 90 }))]
    fn numbers_beside_the_multiples_break_nothing_else(#[case] node: Value) {
        let schema = Schema::compile(node.clone()).unwrap();
        let found = no_multiples(&node);
        assert!(!found.is_empty());
        for (_, value) in found {
            let broken: Vec<Facet> = schema
                .violations(&value)
                .iter()
                .map(|violation| violation.facet)
                .collect();
            assert_eq!(broken, [Facet::MultipleOf], "{value}");
        }
    }
}
