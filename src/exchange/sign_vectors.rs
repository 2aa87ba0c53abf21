//! Signing against vectors that the public SDK's own signer made.

use super::sign::{KeyPair, Signable, string_to_sign};
use serde_json::Value;

/// A query value as the SDK takes it: lists become repeated names, the rest becomes text.
fn texts(value: &Value) -> Vec<String> {
    match value {
        // Within a list a truth value is Python's word for it.
        Value::Array(items) => items
            .iter()
            .flat_map(|item| match item {
                Value::Bool(true) => vec!["True".to_owned()],
                Value::Bool(false) => vec!["False".to_owned()],
                item => texts(item),
            })
            .collect(),
        Value::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}

fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap()
}

fn headers(value: &Value) -> Vec<(String, String)> {
    value
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
        .collect()
}

/// The vectors hold header values as Python's HTTP library takes them: each character stands for
/// one byte.
fn from_wire(value: &str) -> String {
    let bytes: Option<Vec<u8>> = value
        .chars()
        .map(|c| u8::try_from(u32::from(c)).ok())
        .collect();
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_else(|| value.to_owned())
}

#[test]
#[cfg_attr(
    not(real_pages),
    ignore = "the vectors stand beside the repository, in `../shared`"
)]
fn requests_are_signed_as_the_vectors_say() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/signing_vectors.json"
    );
    let document: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let vectors = document["vectors"].as_array().unwrap();
    assert!(vectors.len() >= 13, "{}", vectors.len());
    for vector in vectors {
        let name = text(vector, "/name");
        let query: Vec<(String, String)> = vector["input"]["query_params"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|pair| {
                texts(&pair[1])
                    .into_iter()
                    .map(|value| (pair[0].as_str().unwrap().to_owned(), value))
            })
            .collect();
        let body: Vec<u8> = (0..text(vector, "/input/body_hex").len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&text(vector, "/input/body_hex")[at..at + 2], 16).unwrap())
            .collect();
        let before = headers(&vector["input"]["headers_before_signing"]);
        let after: Vec<(String, String)> = headers(&vector["headers_after_signing"])
            .into_iter()
            .map(|(name, value)| (name, from_wire(&value)))
            .collect();
        let keys = KeyPair {
            access_key: text(vector, "/ak").to_owned(),
            secret_key: text(vector, "/sk").to_owned(),
            security_token: None,
        };
        let request = Signable {
            method: text(vector, "/input/method"),
            path: text(vector, "/input/resource_path"),
            query: &query,
            headers: &before,
            body: &body,
        };
        let signed = request.sign(&keys, text(vector, "/input/host"), "no date of ours");
        let unsigned: Vec<_> = signed
            .iter()
            .filter(|(name, _)| name != "Authorization")
            .cloned()
            .collect();
        let canonical = Signable {
            headers: &unsigned,
            ..request
        }
        .canonical();
        assert_eq!(canonical, text(vector, "/canonical_request"), "{name}");
        let date = text(vector, "/string_to_sign").lines().nth(1).unwrap();
        assert_eq!(
            string_to_sign(date, &canonical),
            text(vector, "/string_to_sign"),
            "{name}"
        );
        let (_, authorization) = signed.last().unwrap();
        assert_eq!(authorization, text(vector, "/authorization"), "{name}");
        let sorted = |mut list: Vec<(String, String)>| {
            list.sort();
            list
        };
        assert_eq!(sorted(signed), sorted(after), "{name}");
    }
}
