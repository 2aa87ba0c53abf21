//! Plain valid requests of an operation: what a service that takes any valid request takes first. A
//! run uses them as controls, to tell a request that is refused for itself from a service that is
//! busy.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::contract::{Operation, Place, Schema, types_of};

use super::body::Body;
use super::case::{Case, Expectation};
use super::local::Base;
use super::oracle::{Validity, classify};
use super::request::Request;
use super::sample::sample;
use super::slot::slots;

/// The documented request, the required fields alone, and every field at once that can be: each
/// where it is documented-valid, none twice.
pub fn plain_requests(operation: &Operation, documented: &Request) -> Vec<Case> {
    let mut barest = documented.clone();
    let mut fullest = Base::new(operation, Arc::new(documented.clone()));
    for slot in slots(operation) {
        if slot.required || slot.field.has_item() {
            continue;
        }
        if documented.get(slot.place, &slot.field).is_some() {
            // A parent that was taken out already took its fields with it.
            if barest.get(slot.place, &slot.field).is_some() {
                barest.set(slot.place, &slot.field, None);
            }
        } else if slot.is_top() && slot.is_told_by_schema() {
            let value = sample(slot.schema, slot.node, 0);
            let local = fullest.local(operation, &slot);
            if !local.is_reached() && local.class(Some(&value)) == Validity::Valid {
                fullest.put(&slot, value);
            }
        }
    }
    let mut cases: Vec<Case> = Vec::new();
    let mut all = vec![
        ("the documented request".to_owned(), documented.clone()),
        ("the required fields alone".to_owned(), barest),
        ("every field at once".to_owned(), (*fullest.request).clone()),
    ];
    all.extend(
        with_entries(operation, documented)
            .map(|request| ("an entry in each map".to_owned(), request)),
    );
    all.extend(of_branches(operation, documented));
    for (label, request) in all {
        let is_new = cases.iter().all(|case| case.request != request);
        if is_new && classify(operation, &request) == Validity::Valid {
            cases.push(Case {
                label,
                request,
                expectation: Expectation::Success,
            });
        }
    }
    cases
}

/// The most branches of one union that requests are made of.
const BRANCHES: usize = 6;

/// The request with an entry in each object of the body whose names are free, where there is one.
fn with_entries(operation: &Operation, documented: &Request) -> Option<Request> {
    let mut request = documented.clone();
    for slot in slots(operation) {
        let is_map = slot.place == Place::Request
            && slot.is_top()
            && slot.is_told_by_schema()
            && is_map(slot.node);
        let now = request.get(slot.place, &slot.field);
        let is_empty = now.is_none_or(|now| now.as_object().is_some_and(Map::is_empty));
        let entry = slot.node.get("additionalProperties");
        let Some(entry) = entry.filter(|_| is_map && is_empty) else {
            continue;
        };
        let mut name = Value::from("key1");
        if let Some(names) = slot.node.get("propertyNames") {
            name = sample(slot.schema, names, 0);
        }
        let Some(name) = name.as_str() else { continue };
        let mut varied = request.clone();
        let map = Map::from_iter([(name.to_owned(), sample(slot.schema, entry, 0))]);
        varied.set(slot.place, &slot.field, Some(Value::Object(map)));
        if classify(operation, &varied) == Validity::Valid {
            request = varied;
        }
    }
    (request != *documented).then_some(request)
}

/// Whether a node describes an object of free names, whose values are of one kind.
pub fn is_map(node: &Value) -> bool {
    let is_described = node
        .get("properties")
        .is_some_and(|own| own != &Value::Object(Map::new()));
    let entry = node.get("additionalProperties");
    types_of(node).contains(&"object") && !is_described && entry.is_some_and(Value::is_object)
}

/// For each field of the body that is one of several objects, and for the body itself, a request
/// with each of them that the documented one does not have.
pub fn of_branches(operation: &Operation, documented: &Request) -> Vec<(String, Request)> {
    let mut found: Vec<(String, Request)> = Vec::new();
    let mut add = |label: String, request: Request| {
        let is_new = request != *documented && found.iter().all(|(_, known)| *known != request);
        if is_new && classify(operation, &request) == Validity::Valid {
            found.push((label, request));
        }
    };
    for slot in slots(operation) {
        let is_own = slot.place == Place::Request && slot.is_top() && slot.is_told_by_schema();
        let count = branches(slot.schema, slot.node);
        let Some(now) = documented.get(slot.place, &slot.field).filter(|_| is_own) else {
            continue;
        };
        for variety in 1..count {
            let value = sample(slot.schema, slot.node, variety);
            if value.is_object() && names(&value) != names(&now) {
                let mut request = documented.clone();
                request.set(slot.place, &slot.field, Some(value));
                add(
                    format!("another of the objects that {} may be", slot.field),
                    request,
                );
            }
        }
    }
    if let (Some(body), Body::Json(now)) = (&operation.request_body, &documented.body) {
        let schema = &body.schema;
        for variety in 1..branches(schema, &schema.root) {
            let value = sample(schema, &schema.root, variety);
            if value.is_object() && names(&value) != names(now) {
                let request = Request {
                    body: Body::Json(value),
                    ..documented.clone()
                };
                add(
                    "another of the objects that the body may be".to_owned(),
                    request,
                );
            }
        }
    }
    found
}

/// How many branches a node has some of which are objects; none where it is no union of such.
fn branches(schema: &Schema, node: &Value) -> usize {
    let node = schema.follow(node);
    let of = |word: &str| node.get(word).and_then(Value::as_array);
    let all = of("oneOf").or_else(|| of("anyOf"));
    let count = all.map_or(0, Vec::len);
    let mut all = all
        .into_iter()
        .flatten()
        .map(|branch| schema.follow(branch));
    // What is joined of several says its type in them.
    let is_object = |branch: &&Value| match types_of(branch).as_slice() {
        [] => branch.get("allOf").is_some() || branch.get("properties").is_some(),
        types => types.contains(&"object"),
    };
    let has_object = all.any(|branch| is_object(&branch));
    if has_object { count.min(BRANCHES) } else { 0 }
}

/// The names of an object's fields.
fn names(value: &Value) -> Vec<&String> {
    let mut names: Vec<&String> = value.as_object().into_iter().flat_map(Map::keys).collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_map_is_an_object_of_free_names() {
        let texts = json!({ "type": "object", "additionalProperties": { "type": "string" } });
        assert!(is_map(&texts));
        assert!(!is_map(&json!({ "type": "object" })));
        let named =
            json!({ "type": "object", "properties": { "a": {} }, "additionalProperties": {} });
        assert!(!is_map(&named));
    }
}
