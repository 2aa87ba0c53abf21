//! Values that a row shows as examples, or that what it calls the value is like: `ISO 4217 code, such
//! as `EUR``. What is made up of letters alone no service takes for a currency.

use serde_json::{Map, Value};

use super::description::{Passage, running, running_with_marks};
use super::enums;
use super::sentences::sentences;
use super::statement::{Kind, Node};
use crate::contract::Schema;
use crate::vocabulary::{Topic, Wordings};

phrases! {
    ShownSamples:

    /// Words before a value by which it is an example.
    static SHOWN;

    /// Words of a sentence whose examples are no values, or not always.
    static OTHERWISE;
}

pattern! {
    /// What values are called.
    static CALLED: Wordings<Vec<String>> = Wordings::of(Topic::Samples);

    /// A word in code marks.
    static EACH = r"`(?P<value>[\w.-]{1,40})`";

    /// A number, and nothing behind it.
    static NUMBER = r"^\s*`?(?P<value>-?\d+(?:\.\d+)?)`?\W*$";

    /// A value in code marks, at the beginning.
    static VALUE = r#"^`["']?(?P<value>[^`"']{1,80})["']?`"#;
}

/// What a row shows of its values.
#[derive(Debug, Default)]
pub(super) struct Samples {
    /// Those that it shows, else those that it is like.
    pub values: Vec<String>,
    /// Whether it calls the value something that not every text is.
    pub is_called: bool,
}

/// The samples of a row.
pub(super) fn of_row(passages: &[Passage], kind: Kind) -> Samples {
    if !matches!(kind, Kind::String | Kind::Integer | Kind::Number) {
        return Samples::default();
    }
    let marked = running_with_marks(passages);
    let shown = sentences(&marked).into_iter().filter_map(|sentence| {
        if OTHERWISE.is_match(&sentence) {
            return None;
        }
        let end = SHOWN.captures(&sentence)?.get(0)?.end();
        let rest = sentence.get(end..)?;
        let value = VALUE.captures(rest).or_else(|| {
            // A number needs no marks.
            NUMBER.captures(rest).filter(|_| kind != Kind::String)
        })?;
        Some(value.name("value")?.as_str().to_owned())
    });
    let mut values: Vec<String> = shown.collect();
    values.dedup();
    if values.is_empty() && kind == Kind::String && enums::joins(passages) {
        values.extend(joined(&marked));
    }
    let plain = running(passages);
    let called = CALLED.in_text(&plain).next().map(|(_, own)| own);
    if values.is_empty() {
        values.extend(called.into_iter().flatten().cloned());
    }
    Samples {
        values,
        is_called: called.is_some(),
    }
}

/// A sentence about a number without the example that it ends with: `2000 to 2100, for example 2025`.
pub(super) fn without_example(sentence: &str, kind: Kind) -> &str {
    let shown = || {
        let found = SHOWN.captures(sentence)?.get(0)?;
        let is_number = NUMBER.is_match(sentence.get(found.end()..)?);
        let head = sentence.get(..found.start()).filter(|_| is_number)?;
        let head = head.trim_end_matches([' ', ',', '(', ';']);
        Some(head).filter(|head| !head.is_empty())
    };
    match kind {
        Kind::Integer | Kind::Number => shown().unwrap_or(sentence),
        _ => sentence,
    }
}

/// Values of a text of which one may be sent or several, joined by commas.
fn joined(marked: &str) -> Vec<String> {
    let of_list = sentences(marked).into_iter().find_map(|sentence| {
        let values = EACH.captures_iter(&sentence);
        let values: Vec<String> = values
            .filter_map(|own| Some(own.name("value")?.as_str().to_owned()))
            .collect();
        (values.len() > 1 && !OTHERWISE.is_match(&sentence)).then_some(values)
    });
    let mut values = of_list.unwrap_or_default();
    if let [first, second, ..] = values.as_slice() {
        values.push(format!("{first},{second}"));
    }
    values
}

/// Writes the samples that the keywords of a field allow as its examples, where they tell neither
/// its values nor its form.
pub(super) fn show(node: &Node, kinds: &[Kind], map: &mut Map<String, Value>) {
    const TOLD: [&str; 4] = ["enum", "const", "format", "anyOf"];
    if node.samples.is_empty() || TOLD.iter().any(|keyword| map.contains_key(*keyword)) {
        return;
    }
    let Ok(schema) = Schema::compile(Value::Object(map.clone())) else {
        return;
    };
    let is_text = kinds.contains(&Kind::String) || kinds.is_empty();
    let values = node.samples.iter().filter_map(|text| {
        if is_text {
            Some(Value::from(text.as_str()))
        } else {
            serde_json::from_str(text).ok()
        }
    });
    let allowed: Vec<Value> = values.filter(|value| schema.is_valid(value)).collect();
    if !allowed.is_empty() {
        map.insert("examples".to_owned(), Value::Array(allowed));
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2000 to 2100, for example 2025", "2000 to 2100")]
    #[case("2000 to 2100 (e.g. 2025).", "2000 to 2100")]
    #[case("Such as 2025", "Such as 2025")]
    #[case(
        "2000 to 2100, for example in 2025 or 2026",
        "2000 to 2100, for example in 2025 or 2026"
    )]
    fn an_example_is_no_part_of_a_range(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(without_example(text, Kind::Integer), expected);
        assert_eq!(without_example(text, Kind::String), text);
    }
}
