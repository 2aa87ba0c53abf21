//! How a store can fail to keep what it should: each breaks one law of resources.

use serde_json::{Map, Value};

use crate::contract::enum_values;

/// A failing of a store, at one resource.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::mock) struct StoreFault {
    /// The key of the resource.
    pub(in crate::mock) resource: String,
    /// What goes wrong.
    pub(in crate::mock) failing: Failing,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::mock) enum Failing {
    /// A field of a new one is lost.
    Loses(String),
    /// A field of a new one is kept as something else.
    Alters(String),
    /// A new one is not shown.
    NotShown,
    /// A new one is not listed.
    NotListed,
    /// The times of a new one are some hours off.
    OffTheClock,
    /// What is made under one parent is listed under each.
    ListsForeign,
    /// What is made under one parent is shown under each.
    ShowsForeign,
    /// A change in part is answered and not done.
    ChangeIgnored,
    /// A change in part sets back what it leaves out.
    ChangeResets,
    /// A change in part is done to all.
    ChangeSpreads,
    /// A replacement is answered and not done.
    ReplaceIgnored,
    /// A replacement keeps what it leaves out.
    ReplaceKeeps,
    /// A replacement is done to all.
    ReplaceSpreads,
    /// A deleted one is shown.
    StillShown,
    /// A deleted one is listed.
    StillListed,
    /// What belongs to a deleted one is shown.
    BelowStays,
    /// A change gives another id.
    ChangeMoves,
    /// What is done once is done again.
    DoneAgain,
    /// What is done is answered and not done.
    ActForgotten,
    /// A second delete is taken for a first.
    DeletesAgain,
    /// Showing one changes it.
    ShowChanges,
    /// Listing them changes them.
    ListChanges,
    /// A refused one is made.
    RefusedMade,
    /// A refused change in part is done.
    RefusedDone,
    /// A refused replacement is done.
    RefusedReplaced,
    /// A value that is unique is given to a second one.
    TakenTwice,
    /// Null leaves a field as it is.
    NullKept(String),
    /// A field that the service sets is taken from a request.
    TakesOver(String),
    /// What is made is told of as what is replaced.
    PutTellsAlike,
}

/// A value that is not the one that is given, of the same type where there is one.
pub(super) fn altered(value: &Value, node: Option<&Value>) -> Value {
    let listed = node.map(enum_values).unwrap_or_default();
    if let Some(other) = listed
        .into_iter()
        .find(|other| other != value && !other.is_null())
    {
        return other;
    }
    match value {
        Value::String(text) => {
            let mut letters: Vec<char> = text.chars().collect();
            let last = letters.pop();
            letters.push(match last {
                Some(letter @ 'a'..='y') => char::from(u8::try_from(letter).unwrap_or(b'a') + 1),
                _ => 'a',
            });
            Value::from(letters.into_iter().collect::<String>())
        }
        Value::Number(number) => match number.as_i64() {
            Some(number) => Value::from(number.checked_add(1).unwrap_or(0)),
            None => Value::from(number.as_f64().unwrap_or_default() + 1.0),
        },
        Value::Bool(is_so) => Value::Bool(!is_so),
        Value::Object(map) => {
            let mut map = map.clone();
            for value in map.values_mut() {
                let other = altered(value, None);
                if other != *value {
                    *value = other;
                    break;
                }
            }
            Value::Object(map)
        }
        Value::Array(items) => items.iter().skip(1).cloned().collect(),
        Value::Null => Value::Null,
    }
}

/// Changes one of some fields that has a value; `node` gives the schema's node of a field. One of
/// more than a few values is preferred: what goes to and fro may be back when it is looked at.
/// Whether the changed one goes to and fro.
pub(super) fn alter_one<'n>(
    fields: &mut Map<String, Value>,
    names: &[String],
    may_go_back: bool,
    node: impl Fn(&str) -> Option<&'n Value>,
) -> bool {
    let others: Vec<(&String, Value, bool)> = names
        .iter()
        .filter_map(|name| {
            let value = fields.get(name)?;
            let node = node(name);
            let other = altered(value, node);
            let goes_back =
                value.is_boolean() || !node.map(enum_values).unwrap_or_default().is_empty();
            (other != *value).then_some((name, other, goes_back))
        })
        .collect();
    let steady = others.iter().find(|(_, _, goes_back)| !goes_back);
    let chosen = steady.or_else(|| others.first().filter(|_| may_go_back));
    if let Some((name, other, goes_back)) = chosen.cloned() {
        fields.insert(name.clone(), other);
        return goes_back;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case(json!("abc"), json!("abd"))]
    #[case(json!("z"), json!("a"))]
    #[case(json!(""), json!("a"))]
    #[case(json!(7), json!(8))]
    #[case(json!(1.5), json!(2.5))]
    #[case(json!(true), json!(false))]
    #[case(json!({"a": null, "b": 1, "c": 2}), json!({"a": null, "b": 2, "c": 2}))]
    #[case(json!(["a", "b"]), json!(["b"]))]
    fn a_value_is_altered(#[case] value: Value, #[case] expected: Value) {
        assert_eq!(altered(&value, None), expected);
    }

    #[test]
    fn a_listed_value_is_altered_to_another() {
        let node = json!({"enum": ["on", "off"]});
        assert_eq!(altered(&json!("on"), Some(&node)), json!("off"));
    }
}
