//! What right servers do, and how the same breach is still found: what was given is let alone, a value
//! that its author alone has is not here, a crash that comes by itself is nobody's value.

mod requests;
mod things;

use serde_json::{Value, json};

use crate::support::small::{Answer, Small};
use crate::support::{Received, Reply, docproof};

/// The path of a request, part by part.
fn parts(request: &Received) -> Vec<&str> {
    let path = request.target.split('?').next().unwrap_or_default();
    path.trim_start_matches('/').split('/').collect()
}

fn body(request: &Received) -> Value {
    serde_json::from_slice(&request.body).unwrap_or_default()
}

fn refusal(status: u16) -> Reply {
    let reply = Reply::json(status, &json!({ "error": "no" }));
    match status {
        405 => reply.with("Allow", "GET, POST, PUT, DELETE"),
        _ => reply,
    }
}

/// The options of a run with a thing of somebody's, which may change what the pages say.
fn permitted(given: &str) -> [&str; 6] {
    ["--mode", "full", "--set", given, "--allow-changes", "api"]
}

/// Runs a document against a small server: the exit code, and what is told.
fn try_document(document: &Value, more: &[&str], answer: Answer) -> (i32, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("d.json"), document.to_string()).unwrap();
    let server = Small::start(answer);
    let first = ["run", "d.json", "--endpoint", &server.url];
    let told = docproof(folder.path(), first.iter().chain(more));
    (told.code, told.text())
}

/// An answer of a document, with a body as an example has it.
fn shown(example: &Value) -> Value {
    let fields = example.as_object().cloned().unwrap_or_default();
    let fields = fields.into_iter().map(|(name, value)| {
        let kind = match value {
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            _ => "string",
        };
        (name, json!({ "type": kind }))
    });
    let properties: serde_json::Map<String, Value> = fields.collect();
    let required: Vec<String> = properties.keys().cloned().collect();
    json!({ "application/json": { "example": example,
        "schema": { "type": "object", "required": required, "properties": properties } } })
}
