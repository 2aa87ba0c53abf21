//! Which field of a request a refusal names: in a list of places, as the name of a member, or in the
//! words of its message. It decides nothing but what a person is advised to look at.

use serde_json::Value;

use crate::contract::{Operation, Row};
use crate::exchange::Exchange;
use crate::generate::slots;

/// The largest refusal that is looked at, in bytes.
const LARGEST: usize = 16 * 1024;

pattern! {
    /// A name as sentences have it: in quotes of any kind.
    static QUOTED = r#"[`'"‘’“”]([\w.\[\]/-]+)[`'"‘’“”]"#;
}

/// The field of an operation's request that a refusal names, where it names one.
pub(super) fn named_field(operation: &Operation, exchange: &Exchange) -> Option<Row> {
    let answer = exchange.outcome.as_ref().ok()?;
    if answer.body.len() > LARGEST {
        return None;
    }
    let body = answer.body.value()?;
    let rows: Vec<Row> = slots(operation)
        .into_iter()
        .map(|slot| Row {
            place: slot.place,
            field: slot.field,
        })
        .collect();
    let mut said = Said::default();
    said.read(body);
    // What stands alone is meant; a name in a sentence may be a word, the name of a member a part of
    // the form that errors have.
    let sources = [&said.alone, &said.quoted, &said.members];
    sources.into_iter().find_map(|names| {
        names.iter().find_map(|name| {
            let mut rows = rows.iter();
            rows.find(|row| row.field.last_name() == Some(name))
                .cloned()
        })
    })
}

/// The names that an answer has, in its order.
#[derive(Default)]
struct Said {
    alone: Vec<String>,
    quoted: Vec<String>,
    members: Vec<String>,
}

impl Said {
    fn read(&mut self, value: &Value) {
        match value {
            Value::String(text) if !text.contains(char::is_whitespace) => {
                self.alone.extend(last_part(text));
            }
            Value::String(text) => {
                let names = QUOTED.captures_iter(text).filter_map(|found| found.get(1));
                self.quoted
                    .extend(names.filter_map(|name| last_part(name.as_str())));
                // A name of several words joined is no word of a sentence.
                let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
                let joined = words.filter(|word| word.trim_matches('_').contains('_'));
                self.quoted.extend(joined.map(str::to_owned));
            }
            // A list of places leads to the last of them.
            Value::Array(items) => items.iter().rev().for_each(|item| self.read(item)),
            Value::Object(map) => {
                for (name, value) in map {
                    self.members.extend(last_part(name));
                    self.read(value);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// The name at the end of a path such as `body.items[0].name` or `/data/name`.
fn last_part(text: &str) -> Option<String> {
    let mut parts = text.rsplit(['.', '/', '[', ']', '$']);
    let name = parts.find(|part| !part.is_empty() && part.parse::<u32>().is_err())?;
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case::list_of_places(json!({"detail": [{"loc": ["body", "template_id"], "msg": "no such name"}]}), "template_id")]
    #[case::pointer(json!({"errors": [{"source": {"pointer": "/data/items/0/colour"}, "title": "Bad"}]}), "colour")]
    #[case::quoted(json!({"code": "E1", "message": "The value of 'colour' is not known"}), "colour")]
    #[case::sentence(json!({"error": "template_id does not exist"}), "template_id")]
    #[case::member(json!({"colour": ["This one is not known."]}), "colour")]
    #[case::value_above_member(json!({"name": "ValidationError", "field": "colour"}), "colour")]
    #[case::a_word(json!({"error": "the name is not known here"}), "")]
    #[case::nothing(json!("no"), "")]
    fn the_field_is_found(#[case] body: Value, #[case] expected: &str) {
        let mut said = Said::default();
        said.read(&body);
        let known = ["name", "colour", "template_id"];
        let mut all = [said.alone, said.quoted, said.members]
            .into_iter()
            .flatten();
        let found = all.find(|name| known.contains(&name.as_str()));
        assert_eq!(found.unwrap_or_default(), expected);
    }
}
