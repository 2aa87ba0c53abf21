//! Refusals that are told in the body alone: services that answer all with 200 say by a field at the
//! top whether they did what was asked (`"ok": false`, `"code": 40001`). Where the source names no
//! refusal by its number, and the success that it documents has such a field with the value of a
//! success, the field decides.

use serde_json::{Map, Value};

use crate::contract::Operation;
use crate::exchange::Answer;

/// Fields at the top of a body that are true in a success, and false in a refusal.
const FLAGS: [&str; 4] = ["ok", "success", "succeeded", "issuccess"];

/// Fields at the top of a body that have a number or word of their own in a success. A `status` or a
/// `result` may be that of the thing which is answered.
const CODES: [&str; 9] = [
    "code",
    "errcode",
    "errno",
    "errorcode",
    "ret",
    "retcode",
    "resultcode",
    "returncode",
    "statuscode",
];

/// Fields that tell it by a word alone, and the words by which they tell a refusal.
const WORDED: [&str; 2] = ["status", "result"];
const REFUSALS: [&str; 6] = ["error", "fail", "failed", "failure", "denied", "refused"];

/// What such a field has in a success.
const DONE: [&str; 5] = ["0", "200", "ok", "success", "true"];

/// Whether an answer with a success's status says in its body that it is a refusal, of an operation
/// whose source documents refusals in this way alone.
pub fn refuses_in_body(operation: &Operation, answer: &Answer) -> bool {
    if !(200..300).contains(&answer.status) || (400..600).any(|status| operation.names(status)) {
        return false;
    }
    let answers = operation.responses.iter();
    let shown = answers.filter(|shown| shown.class() == Some(2));
    let shown = shown.flat_map(|shown| &shown.examples);
    let mut done = shown.filter_map(Value::as_object).filter(|shown| {
        let mut fields = shown.iter();
        fields.any(|(name, own)| is_done(name, own) == Some(true))
    });
    // Most operations show no such field: their answers need not be read for it.
    let Some(first) = done.next() else {
        return false;
    };
    let Some(said) = answer.body.value().and_then(Value::as_object) else {
        return false;
    };
    std::iter::once(first).chain(done).any(|done| {
        said.iter().any(|(name, value)| {
            let is_done = done.get(name).and_then(|own| is_done(name, own));
            is_done == Some(true) && is_done_now(name, value, done) == Some(false)
        })
    })
}

/// The name of a field as all its spellings have it.
fn folded(name: &str) -> String {
    name.replace(['_', '-'], "").to_lowercase()
}

/// Whether a field says that what was asked for is done; `None` for a field that says nothing of it.
fn is_done(name: &str, value: &Value) -> Option<bool> {
    let name = folded(name);
    match value {
        Value::Bool(flag) => FLAGS.contains(&name.as_str()).then_some(*flag),
        Value::String(text) if WORDED.contains(&name.as_str()) => {
            let text = text.to_lowercase();
            let is_refusal = REFUSALS.contains(&text.as_str());
            (is_refusal || DONE.contains(&text.as_str())).then_some(!is_refusal)
        }
        Value::Number(_) | Value::String(_) if CODES.contains(&name.as_str()) => {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_lowercase);
            Some(DONE.contains(&text.as_str()))
        }
        _ => None,
    }
}

/// The same of a value beside that of the documented success, which has a value of the same type.
fn is_done_now(name: &str, value: &Value, done: &Map<String, Value>) -> Option<bool> {
    let own = done.get(name)?;
    let is_alike = own.is_boolean() == value.is_boolean() && own.is_string() == value.is_string();
    is_done(name, value).filter(|_| is_alike)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case("ok", json!(true), Some(true))]
    #[case("success", json!(false), Some(false))]
    #[case("errcode", json!(0), Some(true))]
    #[case("ret_code", json!("40001"), Some(false))]
    #[case("status", json!("success"), Some(true))]
    #[case("status", json!("error"), Some(false))]
    #[case("status", json!("degraded"), None)]
    #[case("status", json!(4), None)]
    #[case("active", json!(false), None)]
    #[case("name", json!("0"), None)]
    fn a_field_says_whether_it_is_done(
        #[case] name: &str,
        #[case] value: Value,
        #[case] expected: Option<bool>,
    ) {
        assert_eq!(is_done(name, &value), expected);
    }
}
