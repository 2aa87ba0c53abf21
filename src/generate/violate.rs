//! Values that break one facet of a field, and values at its bounds: tables of near-misses, one function a facet.

use serde_json::{Value, json};

use crate::contract::formats::{DateParts, DateTemplate};
use crate::contract::{enum_values, types_of};

use super::boundary::Slot;
use super::sample::{limit, sample};
use super::text::{filler, length_bounds, text_of_length};

/// A labelled value.
pub(super) type Labelled = (String, Value);

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

/// A kind of violation of one field.
struct Violation {
    /// Its name, for those who leave one out.
    name: &'static str,
    /// The facets that it breaks.
    facets: &'static [&'static str],
    /// Whether it is for fields of bodies (`true`), for those of path, query and headers (`false`), or both (`None`).
    in_body: Option<bool>,
    /// Values that break a facet of a schema node.
    values: fn(&Slot<'_>, &str) -> Vec<Labelled>,
}

/// Every kind of violation of a field that is there. What is left out altogether breaks `required`.
const TABLE: [Violation; 13] = [
    Violation {
        name: "wrong-type",
        facets: &["type"],
        in_body: Some(true),
        values: |slot, _| wrong_types(slot.node),
    },
    Violation {
        name: "wrong-text",
        facets: &["type"],
        in_body: Some(false),
        values: |slot, _| wrong_texts(slot.node),
    },
    Violation {
        name: "outside-enum",
        facets: &["enum"],
        in_body: None,
        values: |slot, _| outside_enum(slot.node),
    },
    Violation {
        name: "too-short",
        facets: &["minLength"],
        in_body: None,
        values: |slot, _| too_short(slot.node),
    },
    Violation {
        name: "too-long",
        facets: &["maxLength"],
        in_body: None,
        values: |slot, _| too_long(slot.node),
    },
    Violation {
        name: "outside-pattern",
        facets: &["pattern"],
        in_body: None,
        values: |slot, _| outside_pattern(slot.node),
    },
    Violation {
        name: "bad-format",
        facets: &["format"],
        in_body: None,
        values: |slot, _| badly_formatted(slot.node),
    },
    Violation {
        name: "below-minimum",
        facets: &["minimum", "exclusiveMinimum"],
        in_body: None,
        values: |slot, facet| outside_bounds(slot.node, facet),
    },
    Violation {
        name: "above-maximum",
        facets: &["maximum", "exclusiveMaximum"],
        in_body: None,
        values: |slot, facet| outside_bounds(slot.node, facet),
    },
    Violation {
        name: "no-multiple",
        facets: &["multipleOf"],
        in_body: None,
        values: |slot, _| no_multiples(slot.node),
    },
    Violation {
        name: "too-few-items",
        facets: &["minItems"],
        in_body: Some(true),
        values: too_few_items,
    },
    Violation {
        name: "too-many-items",
        facets: &["maxItems"],
        in_body: Some(true),
        values: too_many_items,
    },
    Violation {
        name: "repeated-items",
        facets: &["uniqueItems"],
        in_body: Some(true),
        values: repeated_items,
    },
];

/// The names of all kinds of violations: those of fields, and those of requests as a whole.
pub const VIOLATIONS: [&str; 18] = [
    "wrong-type",
    "wrong-text",
    "outside-enum",
    "too-short",
    "too-long",
    "outside-pattern",
    "bad-format",
    "below-minimum",
    "above-maximum",
    "no-multiple",
    "too-few-items",
    "too-many-items",
    "repeated-items",
    "absent",
    "malformed",
    "credential",
    "method",
    "unknown-resource",
];

/// Values that break one facet of a field, one kind of violation left out where that is asked for.
pub(super) fn violations(slot: &Slot<'_>, facet: &str, omitted: Option<&str>) -> Vec<Labelled> {
    TABLE
        .iter()
        .filter(|kind| kind.facets.contains(&facet) && omitted != Some(kind.name))
        .filter(|kind| {
            kind.in_body
                .is_none_or(|body| body == (slot.place == "request"))
        })
        .flat_map(|kind| (kind.values)(slot, facet))
        .collect()
}

/// The facets that violations are known for.
pub(super) fn facets() -> impl Iterator<Item = &'static str> {
    let mut seen: Vec<&'static str> = Vec::new();
    for facet in TABLE.iter().flat_map(|kind| kind.facets) {
        if !seen.contains(facet) {
            seen.push(facet);
        }
    }
    seen.into_iter()
}

/// Values of other JSON types than those documented.
fn wrong_types(node: &Value) -> Vec<Labelled> {
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

/// Texts that are no value of the documented type: what a parameter can be instead of a number or a truth value.
fn wrong_texts(node: &Value) -> Vec<Labelled> {
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
fn outside_enum(node: &Value) -> Vec<Labelled> {
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
fn too_short(node: &Value) -> Vec<Labelled> {
    let Some(least) = limit(node, "minLength").and_then(|least| usize::try_from(least).ok()) else {
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
fn too_long(node: &Value) -> Vec<Labelled> {
    let Some(most) = limit(node, "maxLength").and_then(|most| usize::try_from(most).ok()) else {
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
fn outside_pattern(node: &Value) -> Vec<Labelled> {
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
    out
}

/// A plain text that matches a node's pattern within its limits.
fn plain_text(node: &Value, pattern: &str) -> String {
    let least = limit(node, "minLength")
        .and_then(|least| usize::try_from(least).ok())
        .unwrap_or(0);
    let most = limit(node, "maxLength")
        .and_then(|most| usize::try_from(most).ok())
        .unwrap_or(usize::MAX);
    let wanted = length_bounds(pattern).map_or(8, |(low, high)| low.max(8).min(high.unwrap_or(8)));
    text_of_length(Some(pattern), wanted.max(least).min(most), 0)
        .unwrap_or_else(|| filler(wanted, 0))
}

/// Texts that are no date of the documented form.
fn badly_formatted(node: &Value) -> Vec<Labelled> {
    let Some(format) = node.get("format").and_then(Value::as_str) else {
        return Vec::new();
    };
    let Some(template) = DateTemplate::parse(format) else {
        return match format {
            "uuid" | "date-time" | "date" | "time" | "email" | "ipv4" | "ipv6" | "uri" => {
                vec![("a plain word".to_owned(), json!("docproof"))]
            }
            _ => Vec::new(),
        };
    };
    let valid = DateParts {
        year: 2024,
        month: 5,
        day: 9,
        hour: 8,
        minute: 31,
        second: 16,
    };
    let text = template.write(valid);
    let shorter: String = text
        .chars()
        .take(text.chars().count().saturating_sub(1))
        .collect();
    let mut out = vec![
        ("one character missing".to_owned(), shorter),
        ("one digit too many".to_owned(), format!("{text}0")),
        ("a letter in it".to_owned(), text.replacen('4', "x", 1)),
        ("a word".to_owned(), "yesterday".to_owned()),
        ("empty".to_owned(), String::new()),
        (
            "another notation".to_owned(),
            if text.contains('-') {
                "20240509083116"
            } else {
                "2024-05-09T08:31:16Z"
            }
            .to_owned(),
        ),
        ("a space after".to_owned(), format!("{text} ")),
        ("SQL notation".to_owned(), "2024-05-09 08:31:16".to_owned()),
        ("a date alone".to_owned(), text.chars().take(8).collect()),
        (
            "milliseconds since 1970".to_owned(),
            "1715243476000".to_owned(),
        ),
    ];
    if template.has_date() {
        for (label, parts) in [
            ("month 13", DateParts { month: 13, ..valid }),
            ("month 00", DateParts { month: 0, ..valid }),
            ("day 32", DateParts { day: 32, ..valid }),
            ("day 00", DateParts { day: 0, ..valid }),
            (
                "30 February",
                DateParts {
                    month: 2,
                    day: 30,
                    ..valid
                },
            ),
            (
                "29 February of a common year",
                DateParts {
                    year: 2023,
                    month: 2,
                    day: 29,
                    ..valid
                },
            ),
            (
                "31 April",
                DateParts {
                    month: 4,
                    day: 31,
                    ..valid
                },
            ),
        ] {
            out.push((label.to_owned(), template.write(parts)));
        }
    }
    if template.has_time() {
        for (label, parts) in [
            ("hour 25", DateParts { hour: 25, ..valid }),
            (
                "24:00",
                DateParts {
                    hour: 24,
                    minute: 0,
                    second: 0,
                    ..valid
                },
            ),
            (
                "minute 60",
                DateParts {
                    minute: 60,
                    ..valid
                },
            ),
            (
                "second 61",
                DateParts {
                    second: 61,
                    ..valid
                },
            ),
        ] {
            out.push((label.to_owned(), template.write(parts)));
        }
    }
    out.into_iter()
        .map(|(label, text)| (label, Value::from(text)))
        .collect()
}

/// Numbers outside the bounds.
fn outside_bounds(node: &Value, facet: &str) -> Vec<Labelled> {
    let Some(bound) = limit(node, facet) else {
        return Vec::new();
    };
    let near: Vec<i64> = match facet {
        "minimum" => vec![bound.saturating_sub(1), bound.saturating_sub(100)],
        "exclusiveMinimum" | "exclusiveMaximum" => vec![bound],
        "maximum" => vec![bound.saturating_add(1), bound.saturating_add(100)],
        _ => Vec::new(),
    };
    near.into_iter()
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

fn items_limit(slot: &Slot<'_>, facet: &str) -> Option<usize> {
    limit(slot.node, facet).and_then(|limit| usize::try_from(limit).ok())
}

/// Arrays of fewer items than documented.
fn too_few_items(slot: &Slot<'_>, facet: &str) -> Vec<Labelled> {
    items_limit(slot, facet)
        .and_then(|least| least.checked_sub(1))
        .map(|length| (format!("{length} items"), array_of(slot, length)))
        .into_iter()
        .collect()
}

/// Arrays of more items than documented.
fn too_many_items(slot: &Slot<'_>, facet: &str) -> Vec<Labelled> {
    items_limit(slot, facet)
        .filter(|most| *most < MOST_ITEMS)
        .map(|most| (format!("{} items", most + 1), array_of(slot, most + 1)))
        .into_iter()
        .collect()
}

/// An array that has an item twice.
fn repeated_items(slot: &Slot<'_>, _: &str) -> Vec<Labelled> {
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
fn no_multiples(node: &Value) -> Vec<Labelled> {
    let Some(step) = limit(node, "multipleOf").filter(|step| *step > 1) else {
        return Vec::new();
    };
    let least = limit(node, "minimum").unwrap_or(step).max(step);
    let first = least.saturating_add(step - 1) / step * step;
    [first.saturating_add(1), first.saturating_add(step - 1)]
        .into_iter()
        .map(|number| (number.to_string(), Value::from(number)))
        .collect()
}

/// Valid texts at the lengths that matter: the bound itself, in plain letters and, where the pattern allows, in letters of more bytes.
pub(super) fn at_length(node: &Value, facet: &str) -> Vec<Labelled> {
    let Some(length) = limit(node, facet).and_then(|length| usize::try_from(length).ok()) else {
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

/// Dates of the documented form at the edges of the calendar.
pub(super) fn well_formatted(node: &Value) -> Vec<Labelled> {
    let Some(template) = node
        .get("format")
        .and_then(Value::as_str)
        .and_then(DateTemplate::parse)
    else {
        return Vec::new();
    };
    let date = |year, month, day, hour, minute, second| {
        template.write(DateParts {
            year,
            month,
            day,
            hour,
            minute,
            second,
        })
    };
    [
        ("a leap day", date(2024, 2, 29, 12, 0, 0)),
        ("the last second of a year", date(2023, 12, 31, 23, 59, 59)),
        ("the first second of a year", date(2024, 1, 1, 0, 0, 0)),
        ("an ordinary time", date(2019, 5, 10, 8, 31, 16)),
    ]
    .into_iter()
    .map(|(label, text)| (label.to_owned(), Value::from(text)))
    .collect()
}
