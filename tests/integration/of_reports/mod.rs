//! Kinds of services that public reports of faults are about: a right one is let alone, and each
//! breach is found.

mod changes;
mod lives;
mod requests;
mod told;

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde_json::{Map, Value};

use super::support::small::{Answer, try_page};
use super::support::{Received, Reply};

/// What a service keeps, by its ids.
type Kept = BTreeMap<String, Map<String, Value>>;

/// A service that keeps things, with one fault at most.
fn keeping(
    fault: &'static str,
    answer: fn(&str, &mut Kept, &Received, &[&str]) -> Reply,
) -> Answer {
    let kept = Mutex::new(Kept::new());
    Box::new(move |request| {
        let path = request.target.split('?').next().unwrap_or_default();
        let path: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        answer(fault, &mut kept.lock().unwrap(), request, &path)
    })
}

fn refusal(status: u16) -> Reply {
    let reply = Reply::json(status, &Value::Null);
    match status {
        405 => reply.with("Allow", "GET, POST, PATCH, DELETE"),
        _ => reply,
    }
}

/// The object that a request sends as JSON.
fn sent(request: &Received) -> Option<Map<String, Value>> {
    let is_json = request
        .header("content-type")?
        .starts_with("application/json");
    let read = serde_json::from_slice(&request.body).ok();
    read.filter(|_| is_json)
}

fn is_text(value: &Value, most: usize) -> bool {
    let text = value.as_str().unwrap_or_default();
    (1..=most).contains(&text.chars().count())
}

fn new_id(kept: &Kept) -> String {
    format!("{:08x}", kept.len() * 7_919 + 0x0d0f_0b05)
}

fn keep(kept: &mut Kept, id: &str, thing: Value) -> Value {
    kept.insert(id.to_owned(), thing.as_object().cloned().unwrap());
    thing
}

/// The status, and the facts of the findings, of a run.
fn assert_found(page: &str, answer: Answer, expected: &[&str]) {
    let ran = try_page(page, &[], answer);
    let broken = ran.broken();
    for fact in expected {
        assert!(broken.iter().any(|own| own == fact), "{fact}\n{}", ran.text);
    }
    assert_eq!(ran.code, i32::from(!expected.is_empty()), "{}", ran.text);
}
