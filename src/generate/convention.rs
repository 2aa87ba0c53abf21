//! Which refusals are conventional and which are documented: a page that calls a field an integer
//! says nothing of how a text for it is met.

use serde_json::{Value, json};

use crate::contract::{Facet, Fact, FieldPath, Operation, Place, Rule, Schema, Source, types_of};

use crate::recognise::bounds_a_page;

use super::case::Expectation;
use super::request::Request;

/// What the answer to a request may be that breaks one facet of a field; `sent` is the value of the
/// field. `null` for a field that no page calls nullable, and a text for a number, are refused by
/// convention: many services take the one for an absent field, and read the other leniently. A value
/// that stands for one of the type, such as `true` for 1 or `yes` for true, is refused by the strict.
pub(super) fn refusal(node: &Value, sent: Option<&Value>, facet: Facet) -> Expectation {
    let Some(sent) = sent else {
        return Expectation::Refusal;
    };
    match facet {
        Facet::Type | Facet::Format if stands_for(node, sent) => Expectation::LenientRefusal,
        Facet::Pattern if is_in_another_script(node, sent) => Expectation::LenientRefusal,
        Facet::Pattern if is_in_another_plane(node, sent) || is_grouped(node, sent) => {
            Expectation::LenientRefusal
        }
        Facet::Type if is_by_convention(node, sent) => Expectation::ConventionalRefusal,
        _ => Expectation::Refusal,
    }
}

/// Whether a value is null for a field that may be left out, where nothing but our reading of a page
/// says that it may not be null: many take the one for the other, and a change by it clears.
pub(super) fn is_null_for_absent(
    schema: &Schema,
    field: &FieldPath,
    facts: &[Fact],
    sent: Option<&Value>,
) -> bool {
    sent.is_some_and(Value::is_null) && schema.is_null_unstated(field, facts)
}

fn is_by_convention(node: &Value, sent: &Value) -> bool {
    match sent {
        Value::Null => true,
        Value::String(text) => {
            takes_numbers(node) || takes(node, &["boolean"]) && is_nearly_a_truth(text)
        }
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => false,
    }
}

/// Whether a value stands for one that a field takes: a truth value for a number and the other way
/// round, a number as a text, in the digits of whatever script or in base 16, a time as the seconds
/// since 1970.
fn stands_for(node: &Value, sent: &Value) -> bool {
    let is_time = || {
        let format = node.get("format").and_then(Value::as_str);
        format.is_some_and(|format| {
            ["date", "date-time", "iso-8601", "duration", "time"].contains(&format)
        })
    };
    let is_truth = |number: &serde_json::Number| matches!(number.as_i64(), Some(0 | 1));
    match sent {
        Value::Bool(_) => takes_numbers(node) || is_time(),
        Value::Number(number) => is_time() || takes(node, &["boolean"]) && is_truth(number),
        Value::String(text) => {
            let is_number = in_ascii(text).parse::<f64>().is_ok() || is_hexadecimal(text);
            is_number && (takes_numbers(node) || is_time())
                || takes(node, &["boolean"]) && is_truth_in_words(text)
        }
        Value::Null | Value::Array(_) | Value::Object(_) => false,
    }
}

/// What the answer to a request may be that breaks one rule of an operation.
pub(super) fn refusal_of(operation: &Operation, request: &Request, rule: &Rule) -> Expectation {
    let sent = request.get(rule.place, &rule.field);
    if let (Place::Request, Some(body)) = (rule.place, &operation.request_body)
        && let Some(field) = body.schema.field(&rule.field)
        && is_null_for_absent(&body.schema, &rule.field, field.facts, sent.as_ref())
    {
        return Expectation::LenientRefusal;
    }
    let node = match rule.place {
        Place::Request => operation.request_body.as_ref().and_then(|body| {
            let field = body.schema.field(&rule.field);
            field.map(|field| field.node)
        }),
        Place::Path | Place::Query | Place::Header | Place::Cookie => operation
            .parameters
            .iter()
            .find(|parameter| {
                parameter.location.place() == rule.place
                    && rule.field.top() == Some(parameter.name.as_str())
            })
            .and_then(|parameter| {
                let within = rule.field.steps().iter().skip(1);
                let within = within.fold(FieldPath::root(), |path, step| path.join(step.clone()));
                parameter.schema.field(&within).map(|field| field.node)
            }),
        Place::Operation | Place::Response(_) | Place::ResponseHeader(_) => None,
    };
    refusal_at(operation, rule, node.unwrap_or(&Value::Null), sent.as_ref())
}

/// The same of a rule whose place may say more than its facet.
pub(super) fn refusal_at(
    operation: &Operation,
    rule: &Rule,
    node: &Value,
    sent: Option<&Value>,
) -> Expectation {
    // Whoever has no text in a language that is asked for answers in another (RFC 9110, section
    // 12.5.4), unless the page says otherwise.
    let name = rule.field.top().unwrap_or_default().to_ascii_lowercase();
    let is_wish = matches!(rule.place, Place::Query | Place::Header | Place::Cookie)
        && ["accept-language", "lang", "language", "locale"].contains(&name.as_str());
    // Where a document does not say how a read is refused, or a page names its refusals and this is
    // none of them, many pass over what they cannot read of it, and give no more than the most.
    let is_of_document = |fact: &Fact| matches!(fact.source, Source::Document(_));
    let is_read = rule.place == Place::Query && !operation.writes();
    let names_refusal = [400, 422].iter().any(|status| operation.names(*status));
    let is_document = operation.facts.iter().all(is_of_document);
    let is_usual = || {
        [400, 422]
            .iter()
            .any(|status| operation.response(*status).is_some())
    };
    let names_others = !names_refusal
        && (400..500).any(|status| operation.names(status))
        && !(is_document && is_usual());
    let is_of_size =
        rule.facet == Facet::Maximum && bounds_a_page(rule.field.top().unwrap_or_default());
    let is_passed_over = is_read
        && (rule.facet == Facet::Type
            && (operation.facts.iter().all(is_of_document)
                && ![400, 422]
                    .iter()
                    .any(|status| operation.response(*status).is_some())
                || names_others && sent.is_some_and(Value::is_string))
            || is_of_size && names_others);
    // Nor has anybody such an address or id: a list that is cut down to those who have it is empty,
    // unless the page names the refusal.
    let finds_nobody = is_read
        && !names_refusal
        && rule.facet == Facet::Format
        && types_of(node).iter().all(|kind| *kind == "string")
        && node
            .get("format")
            .and_then(Value::as_str)
            .is_some_and(|format| NAMES.contains(&format));
    if rule.facet == Facet::Enum && is_wish || is_passed_over || finds_nobody {
        return Expectation::LenientRefusal;
    }
    refusal(node, sent, rule.facet)
}

/// The formats of texts that name somebody or something.
const NAMES: [&str; 8] = [
    "email",
    "hostname",
    "idn-email",
    "idn-hostname",
    "ipv4",
    "ipv6",
    "uri",
    "uuid",
];

/// Whether a text matches a pattern once the letters and digits of other scripts in it are those of
/// ASCII: that `\d` and `\w` mean ASCII alone, not every regular expression has it so.
fn is_in_another_script(node: &Value, sent: &Value) -> bool {
    let pattern = node.get("pattern").and_then(Value::as_str);
    let (Some(pattern), Value::String(text)) = (pattern, sent) else {
        return false;
    };
    if text.is_ascii() || !["\\d", "\\w"].iter().any(|class| pattern.contains(class)) {
        return false;
    }
    Schema::compile(json!({ "pattern": pattern }))
        .is_ok_and(|schema| schema.is_valid(&Value::from(in_ascii(text))))
}

/// Whether a text is a decimal number with underscores among its digits: what converts texts by the
/// rules of a programming language takes it.
fn is_grouped(node: &Value, sent: &Value) -> bool {
    let is_decimal = node.get("format").is_some_and(|format| format == "decimal");
    let (true, Value::String(text)) = (is_decimal && takes(node, &["string"]), sent) else {
        return false;
    };
    text.contains('_') && text.replace('_', "").parse::<f64>().is_ok()
}

/// Whether a text matches a pattern once its characters beyond the first 65,536 are two others, as
/// regular expressions see them that know UTF-16 alone.
fn is_in_another_plane(node: &Value, sent: &Value) -> bool {
    let pattern = node.get("pattern").and_then(Value::as_str);
    let (Some(pattern), Value::String(text)) = (pattern, sent) else {
        return false;
    };
    let is_beyond = |c: char| u32::from(c) > 0xffff;
    if !text.contains(is_beyond) {
        return false;
    }
    let halves: String = text
        .chars()
        .flat_map(|c| {
            let two = if is_beyond(c) {
                ['\u{d7ff}', '\u{e000}']
            } else {
                [c, c]
            };
            two.into_iter().take(if is_beyond(c) { 2 } else { 1 })
        })
        .collect();
    Schema::compile(json!({ "pattern": pattern }))
        .is_ok_and(|schema| schema.is_valid(&Value::from(halves)))
}

/// A text with a letter or digit of ASCII for each of another script.
fn in_ascii(text: &str) -> String {
    let plain = |c: char| match c {
        c if c.is_ascii() => c,
        c if c.is_numeric() => '1',
        c if c.is_alphabetic() => 'a',
        other => other,
    };
    text.chars().map(plain).collect()
}

/// Whether a text is a whole number as programs write it in base 16: what converts texts by the rules
/// of a programming language takes it.
fn is_hexadecimal(text: &str) -> bool {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    digits.is_some_and(|digits| i64::from_str_radix(digits, 16).is_ok())
}

/// Whether numbers are what a field takes.
fn takes_numbers(node: &Value) -> bool {
    takes(node, &["integer", "number"])
}

/// Whether values of one of some types are what a field takes.
fn takes(node: &Value, kinds: &[&str]) -> bool {
    types_of(node).iter().any(|kind| kinds.contains(kind))
}

/// Whether a text is nothing, or a word that lenient services read as none.
fn is_nearly_a_truth(text: &str) -> bool {
    ["", "null", "none"].contains(&text.to_ascii_lowercase().as_str())
}

/// Whether a text is a word that lenient services read as a truth value.
fn is_truth_in_words(text: &str) -> bool {
    const WORDS: [&str; 12] = [
        "true", "false", "yes", "no", "on", "off", "1", "0", "t", "f", "y", "n",
    ];
    WORDS.contains(&text.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::null("string", json!(null), Expectation::ConventionalRefusal)]
    #[case::text_for_number("integer", json!("abc"), Expectation::ConventionalRefusal)]
    #[case::empty_for_number("integer", json!(""), Expectation::ConventionalRefusal)]
    #[case::empty_for_boolean("boolean", json!(""), Expectation::ConventionalRefusal)]
    #[case::capitals_for_boolean("boolean", json!("TRUE"), Expectation::LenientRefusal)]
    #[case::yes_for_boolean("boolean", json!("yes"), Expectation::LenientRefusal)]
    #[case::one_for_boolean("boolean", json!(1), Expectation::LenientRefusal)]
    #[case::truth_for_number("integer", json!(true), Expectation::LenientRefusal)]
    #[case::digits_for_number("number", json!("1.5"), Expectation::LenientRefusal)]
    #[case::digits_of_another_script("integer", json!("١٢"), Expectation::LenientRefusal)]
    #[case::digits_of_base_16("integer", json!("0x10"), Expectation::LenientRefusal)]
    #[case::no_digits_of_base_16("integer", json!("0xg"), Expectation::ConventionalRefusal)]
    #[case::word_for_boolean("boolean", json!("abc"), Expectation::Refusal)]
    #[case::number_for_boolean("boolean", json!(2), Expectation::Refusal)]
    #[case::number_for_text("string", json!(7), Expectation::Refusal)]
    #[case::truth_for_text("string", json!(true), Expectation::Refusal)]
    fn what_services_read_leniently_is_refused_by_convention(
        #[case] kind: &str,
        #[case] sent: Value,
        #[case] expected: Expectation,
    ) {
        let node = json!({ "type": kind });
        assert_eq!(refusal(&node, Some(&sent), Facet::Type), expected);
        let other = refusal(&node, Some(&sent), Facet::Enum);
        assert_eq!(other, Expectation::Refusal);
    }

    #[rstest]
    #[case(r"^\d+$", "1１", Expectation::LenientRefusal)]
    #[case(r"^[0-9]+$", "1１", Expectation::Refusal)]
    #[case(r"^\d+$", "1x", Expectation::Refusal)]
    fn digits_of_other_scripts_are_read_by_some(
        #[case] pattern: &str,
        #[case] sent: &str,
        #[case] expected: Expectation,
    ) {
        let node = json!({ "type": "string", "pattern": pattern });
        let found = refusal(&node, Some(&Value::from(sent)), Facet::Pattern);
        assert_eq!(found, expected);
    }

    #[rstest]
    #[case("date-time", json!("0"), Expectation::LenientRefusal)]
    #[case("date-time", json!(12_345), Expectation::LenientRefusal)]
    #[case("date-time", json!("docproof"), Expectation::Refusal)]
    #[case("uuid", json!("12345"), Expectation::Refusal)]
    fn seconds_stand_for_a_time(
        #[case] format: &str,
        #[case] sent: Value,
        #[case] expected: Expectation,
    ) {
        let node = json!({ "type": "string", "format": format });
        let facet = if sent.is_string() {
            Facet::Format
        } else {
            Facet::Type
        };
        assert_eq!(refusal(&node, Some(&sent), facet), expected);
    }
}
