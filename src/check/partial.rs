//! Answers that tell of each item of what was sent by itself: some were taken, others were not.

use serde_json::Value;

use crate::contract::{FieldPath, Schema};

/// Fields that have the status of one item as a number.
const STATUSES: [&str; 3] = ["status", "statuscode", "code"];

/// Fields that have it as a word, and the words by which they tell a refusal.
const WORDED: [&str; 5] = ["status", "state", "result", "outcome", "action"];
const REFUSALS: [&str; 10] = [
    "error", "fail", "failed", "failure", "invalid", "rejected", "refused", "skipped", "denied",
    "ignored",
];

/// Fields that say what is wrong with an item.
const FAULTS: [&str; 6] = [
    "error",
    "errors",
    "errormessage",
    "failure",
    "failurereason",
    "problem",
];

/// How deep lists are looked for.
const DEPTH: usize = 12;

/// Whether an answer says of an item that it was not taken: an entry of a list has the status or the
/// fault of one that was refused. Where a schema is given, only what it describes counts.
pub(super) fn refuses(body: &Value, schema: Option<&Schema>) -> bool {
    is_told(body, &FieldPath::root(), schema)
}

fn is_told(value: &Value, path: &FieldPath, schema: Option<&Schema>) -> bool {
    if path.steps().len() > DEPTH {
        return false;
    }
    match value {
        Value::Array(items) => {
            let path = path.item();
            items.iter().any(|item| is_told(item, &path, schema))
        }
        Value::Object(map) => map.iter().any(|(name, own)| {
            let child = path.child(name);
            let is_described = || schema.is_none_or(|schema| schema.field(&child).is_some());
            // Beside the list, a status is that of the whole.
            path.has_item() && tells_refusal(name, own) && is_described()
                || is_told(own, &child, schema)
        }),
        _ => false,
    }
}

/// Whether a field of an entry says that the item which it is about was not taken.
fn tells_refusal(name: &str, value: &Value) -> bool {
    let name = name.replace(['_', '-'], "").to_lowercase();
    let name = name.as_str();
    match value {
        Value::Number(number) => {
            let code = number.as_u64().unwrap_or_default();
            STATUSES.contains(&name) && (400..500).contains(&code)
        }
        Value::String(text) => {
            let word = text.to_lowercase();
            WORDED.contains(&name) && REFUSALS.contains(&word.as_str())
                || FAULTS.contains(&name) && !text.is_empty()
        }
        Value::Object(map) => FAULTS.contains(&name) && !map.is_empty(),
        Value::Array(items) => FAULTS.contains(&name) && !items.is_empty(),
        Value::Null | Value::Bool(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case(json!({"results": [{"status": 201}, {"status": 422}]}), true)]
    #[case(json!([{"status": "created"}, {"status": "error"}]), true)]
    #[case(json!({"results": [{"id": "1", "error": null}]}), false)]
    #[case(json!({"results": [{"id": null, "error": {"code": "taken"}}]}), true)]
    #[case(json!({"status": "error", "results": []}), false)]
    #[case(json!({"results": [{"status": "created"}]}), false)]
    fn an_entry_tells_that_its_item_was_not_taken(#[case] body: Value, #[case] expected: bool) {
        assert_eq!(refuses(&body, None), expected);
    }
}
