//! A field that its page ties to a failure has no value where nothing has failed.

use serde_json::Value;

use crate::contract::{
    Facet, Fact, Field, FieldPath, Level, Meaning, Rule, Schema, Step, enum_values, escape_token,
    words,
};

use super::{Breach, Check, Context, Observation, Part, Seen};

/// Words of states that are a failure.
const FAILURES: [&str; 8] = [
    "fail", "failed", "failure", "failing", "error", "errored", "faulty", "fault",
];

/// Beginnings of states in which something may have failed before.
const OPEN: [&str; 8] = [
    "delet", "remov", "archiv", "expir", "cancel", "abort", "partial", "retr",
];

/// Whether a state is a failure.
fn is_failure(state: &str) -> bool {
    words(state)
        .iter()
        .any(|word| FAILURES.contains(&word.as_str()))
}

/// Whether nothing can have failed in a state.
fn is_sound(state: &str) -> bool {
    let lower = state.to_lowercase();
    !is_failure(state) && !OPEN.iter().any(|open| lower.contains(open))
}

/// Whether a value says nothing.
fn is_unset(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => {
            const NOTHING: [&str; 9] = [
                "", "0", "-", "none", "null", "n/a", "ok", "success", "no error",
            ];
            NOTHING.contains(&text.trim().to_lowercase().as_str())
        }
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(true) => false,
    }
}

/// The field beside a field that says in which state the object is, and its documented states.
fn state_beside(schema: &Schema, field: &FieldPath) -> Option<(String, Vec<String>)> {
    let object = field.parent()?;
    ["status", "state", "phase"].iter().find_map(|name| {
        let beside = schema.field(&object.child(*name))?;
        let states: Vec<String> = enum_values(beside.node)
            .iter()
            .filter_map(|value| value.as_str().map(str::to_owned))
            .collect();
        states
            .iter()
            .any(|state| is_failure(state))
            .then(|| ((*name).to_owned(), states))
    })
}

/// What a row says that ties its field to a failure.
const OF_FAILURE: Facet = Facet::Meaning(Meaning::OfFailure);

fn ties_to_failure(fact: &Fact) -> bool {
    fact.facet == OF_FAILURE
}

/// Whether a page ties a field to a failure.
pub(super) fn is_of_failure(field: &Field<'_>) -> bool {
    field.facts.iter().any(ties_to_failure)
}

/// Holds a body against what its page ties to a failure.
pub(super) fn check(context: &Context<'_>, schema: &Schema, body: &Value) -> Vec<Observation> {
    if context.answer.status >= 300 {
        return Vec::new();
    }
    let mut found = Vec::new();
    for path in &schema.watched(super::schema::watched).of_failure {
        let Some(field) = schema.field(path) else {
            continue;
        };
        let rows = field.facts.iter().filter(|fact| ties_to_failure(fact));
        let rows: Vec<Fact> = rows.cloned().collect();
        let Some((beside, states)) = state_beside(schema, field.path) else {
            continue;
        };
        let (Some(object), Some(name)) = (field.path.parent(), field.path.last_name()) else {
            continue;
        };
        let mut objects = Vec::new();
        collect(body, object.steps(), String::new(), &mut objects);
        let breach = objects.iter().find_map(|(pointer, object)| {
            let state = object.get(&beside)?.as_str()?;
            let value = object.get(name).filter(|value| !is_unset(value))?;
            let is_other = states.iter().any(|known| known == state) && is_sound(state);
            is_other.then(|| (format!("{pointer}/{}", escape_token(name)), state, value))
        });
        let Some((pointer, state, value)) = breach else {
            continue;
        };
        found.push(Observation {
            check: Check::Schema,
            fact: context.operation.fact_id(Rule::new(
                context.place(),
                field.path.clone(),
                OF_FAILURE,
            )),
            seen: Seen::Law(Breach::OfAnotherState {
                field: field.path.to_string(),
            }),
            level: Level::Should,
            message: format!(
                "`{}` is {value} where `{beside}` is {state}: its page ties it to a failure",
                field.path
            ),
            documented: "a value only where something has failed".to_owned(),
            rows,
            at: Some(Part::Body(pointer)),
        });
    }
    found
}

/// The objects that stand at a path of a body, and the pointers to them.
pub(super) fn collect<'b>(
    body: &'b Value,
    steps: &[Step],
    pointer: String,
    found: &mut Vec<(String, &'b Value)>,
) {
    let Some((step, below)) = steps.split_first() else {
        if body.is_object() {
            found.push((pointer, body));
        }
        return;
    };
    match (step, body) {
        (Step::Name(name), Value::Object(map)) => {
            if let Some(value) = map.get(name) {
                let pointer = format!("{pointer}/{}", escape_token(name));
                collect(value, below, pointer, found);
            }
        }
        (Step::Item, Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, below, format!("{pointer}/{index}"), found);
            }
        }
        (Step::Entry, Value::Object(map)) => {
            for (name, value) in map {
                collect(
                    value,
                    below,
                    format!("{pointer}/{}", escape_token(name)),
                    found,
                );
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case("failed", true, false)]
    #[case("BACKUP_ERROR", true, false)]
    #[case("ready", false, true)]
    #[case("deleting", false, false)]
    #[case("partially_done", false, false)]
    fn states_are_failures_or_sound(#[case] state: &str, #[case] fails: bool, #[case] sound: bool) {
        assert_eq!(is_failure(state), fails);
        assert_eq!(is_sound(state), sound);
    }

    #[rstest]
    #[case(json!(null), true)]
    #[case(json!(""), true)]
    #[case(json!({}), true)]
    #[case(json!(0), true)]
    #[case(json!("None"), true)]
    #[case(json!("SUCCESS"), true)]
    #[case(json!("E.1"), false)]
    fn what_says_nothing_is_unset(#[case] value: Value, #[case] expected: bool) {
        assert_eq!(is_unset(&value), expected);
    }
}
