//! Cases about HTTP itself rather than a documented field: credentials, methods, malformed bodies, unknown resources.

use serde_json::Value;

use crate::contract::{Location, Operation};

use super::case::{Case, Expectation};
use super::request::{Body, Credential, Request};

/// The methods that are tried where no page documents them. `HEAD` and `OPTIONS` are left out: servers answer them by themselves, rightly.
pub const UNDOCUMENTED_METHODS: [&str; 5] = ["DELETE", "GET", "PATCH", "POST", "PUT"];

/// Requests without a credential, with an empty and with a wrong one.
pub fn auth(baseline: &Request) -> Vec<(&'static str, Case)> {
    [
        ("absent", "no credential", Credential::Absent),
        ("empty", "an empty credential", Credential::Empty),
        ("wrong", "a wrong credential", Credential::Wrong),
    ]
    .into_iter()
    .map(|(name, label, credential)| {
        let request = Request {
            credential,
            ..baseline.clone()
        };
        (
            name,
            Case {
                label: label.to_owned(),
                request,
                expectation: Expectation::Unauthorised,
            },
        )
    })
    .collect()
}

/// A request with a method that no operation documents on the path.
pub fn method(baseline: &Request, method: &str) -> Case {
    let mut request = baseline.clone();
    method.clone_into(&mut request.method);
    if method == "GET" {
        request.body = Body::Absent;
        request.content_type = None;
    } else if matches!(request.body, Body::Absent) && method != "DELETE" {
        request.body = Body::Json(Value::Object(serde_json::Map::new()));
        request.content_type = Some("application/json".to_owned());
    }
    Case {
        label: method.to_owned(),
        request,
        expectation: Expectation::UndocumentedMethod,
    }
}

/// Bodies that are no JSON object, by kind.
pub fn malformed(operation: &Operation, baseline: &Request) -> Vec<(&'static str, Case)> {
    if operation.request_body.is_none() {
        return Vec::new();
    }
    let Some(valid) = baseline.body_bytes() else {
        return Vec::new();
    };
    let text = String::from_utf8_lossy(&valid).into_owned();
    let truncated = valid
        .get(..valid.len().saturating_sub(1))
        .unwrap_or_default()
        .to_vec();
    let mut not_utf8 = valid.clone();
    // In front of the last quote: inside the last text of the body.
    if let Some(at) = not_utf8.iter().rposition(|byte| *byte == b'"') {
        not_utf8.insert(at, 0xff);
    }
    let kinds: Vec<(&'static str, &str, Vec<u8>)> = vec![
        (
            "broken-json",
            "a JSON object without quotes",
            b"{backup: yes".to_vec(),
        ),
        (
            "truncated-json",
            "the body without its last byte",
            truncated,
        ),
        (
            "trailing-text",
            "the body, then more text",
            format!("{text} x").into_bytes(),
        ),
        (
            "two-values",
            "the body twice",
            format!("{text}{text}").into_bytes(),
        ),
        ("not-utf-8", "a byte that is not UTF-8", not_utf8),
        (
            "array",
            "an array around the body",
            format!("[{text}]").into_bytes(),
        ),
        (
            "text",
            "a JSON text instead of an object",
            b"\"text\"".to_vec(),
        ),
        (
            "number",
            "a JSON number instead of an object",
            b"12".to_vec(),
        ),
        ("plain-text", "words that are no JSON", b"hello".to_vec()),
    ];
    kinds
        .into_iter()
        .map(|(name, label, bytes)| {
            let request = Request {
                body: Body::Raw(bytes),
                ..baseline.clone()
            };
            (
                name,
                Case {
                    label: label.to_owned(),
                    request,
                    expectation: Expectation::Malformed,
                },
            )
        })
        .collect()
}

/// Requests about a resource that is not there: the innermost path parameter takes an id that nobody has.
pub fn unknown_resource(operation: &Operation, baseline: &Request) -> Option<(String, Case)> {
    let innermost = operation
        .parameters_in(Location::Path)
        .max_by_key(|parameter| operation.path.find(&format!("{{{}}}", parameter.name)))?;
    // A project stands for the credential's scope: asking for another is a matter of authorisation, which no page describes.
    if innermost.name == "project_id" {
        return None;
    }
    let mut request = baseline.clone();
    request.set(
        "path",
        &innermost.name,
        Some(Value::from("00000000-0000-4000-8000-000000000000")),
    );
    let case = Case {
        label: "an id that nobody has".to_owned(),
        request,
        expectation: Expectation::UnknownResource,
    };
    Some((innermost.name.clone(), case))
}
