//! What an exported document says for other tools: what docproof reads from its contract without a
//! word, they need in so many words. Each addition can be taken back, so that what is exported is
//! read as the contract that it came from.

mod plain;
mod schema;

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::facet::Facet;
use super::keyword::{Holds, holds};
use super::naming::words;
use super::operation::is_credential;
use super::provenance::ANNOTATION;
use super::security::SecurityScheme;

pub use self::plain::plain;
use self::schema::{forget_in_schema, state_in_schema};

/// Adds to a bundled document what other tools ask for: a server, and of each operation a summary,
/// the types of its parameters, its refusal and its credential; schemas as [`state_in_schema`]
/// writes them.
pub(super) fn state_for_tools(document: &mut Value) {
    let mut schemes = Map::new();
    for_each_operation(document, |operation| {
        state_wire_types(operation);
        state_any_refusal(operation);
        let summary = operation
            .get("operationId")
            .and_then(Value::as_str)
            .map(summary);
        if let Some(summary) = summary {
            operation.insert("summary".to_owned(), Value::from(summary));
        }
        if !operation.contains_key("security") {
            for name in credential_headers(operation) {
                let scheme = SecurityScheme::Header(name);
                schemes.insert(scheme.component(), scheme.to_openapi());
            }
            operation.insert("security".to_owned(), security_of_headers(operation));
        }
    });
    for_each_schema(document, &mut state_in_schema);
    let Some(map) = document.as_object_mut() else {
        return;
    };
    // The base path that OpenAPI supposes where a document names no server.
    map.insert("servers".to_owned(), json!([{ "url": "/" }]));
    if !schemes.is_empty() {
        let components = map.entry("components").or_insert_with(|| json!({}));
        if let Some(components) = components.as_object_mut() {
            let known = components
                .entry("securitySchemes")
                .or_insert_with(|| json!({}));
            if let Some(known) = known.as_object_mut() {
                for (name, scheme) in schemes {
                    known.entry(name).or_insert(scheme);
                }
            }
        }
    }
}

/// Takes back what [`state_for_tools`] adds.
pub(super) fn forget_for_tools(document: &mut Value) {
    let mut needed: HashSet<String> = HashSet::new();
    for_each_operation(document, |operation| {
        operation.shift_remove("summary");
        // A contract of its own stands before the annotation.
        let place = |name: &str| operation.keys().position(|key| key == name);
        let is_added = place("security") > place(ANNOTATION);
        if is_added && operation.get("security") == Some(&security_of_headers(operation)) {
            operation.shift_remove("security");
        }
        let ways = operation.get("security").and_then(Value::as_array);
        let ways = ways.into_iter().flatten().filter_map(Value::as_object);
        needed.extend(ways.flat_map(Map::keys).cloned());
    });
    for_each_schema(document, &mut forget_in_schema);
    for_each_operation(document, |operation| {
        forget_wire_types(operation);
        forget_any_refusal(operation);
    });
    if let Some(map) = document.as_object_mut() {
        map.shift_remove("servers");
        if let Some(components) = map.get_mut("components").and_then(Value::as_object_mut) {
            let schemes = components.get_mut("securitySchemes");
            if let Some(schemes) = schemes.and_then(Value::as_object_mut) {
                schemes.retain(|name, _| needed.contains(name));
                if schemes.is_empty() {
                    components.shift_remove("securitySchemes");
                }
            }
            if components.is_empty() {
                map.shift_remove("components");
            }
        }
    }
}

/// `ListBackupRecords` -> `List backup records`.
fn summary(id: &str) -> String {
    let text = words(id).join(" ");
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => id.to_owned(),
    }
}

/// What an operation asks for whose headers alone tell it.
fn security_of_headers(operation: &Map<String, Value>) -> Value {
    let headers = credential_headers(operation).into_iter();
    let schemes = headers.map(|name| SecurityScheme::Header(name).component());
    Value::Array(schemes.map(|name| json!({ (name): [] })).collect())
}

/// The headers of an operation that carry a credential, by their names.
fn credential_headers(operation: &Map<String, Value>) -> Vec<String> {
    let parameters = operation.get("parameters").and_then(Value::as_array);
    parameters
        .into_iter()
        .flatten()
        .filter(|parameter| parameter["in"] == "header")
        .filter_map(|parameter| parameter["name"].as_str())
        .filter(|name| is_credential(name))
        .map(str::to_owned)
        .collect()
}

/// What is sent in a URL or a header is text. Where no source gives a parameter's type this is said,
/// for tools that would draw values of any type.
fn state_wire_types(operation: &mut Map<String, Value>) {
    const TELLING: [&str; 5] = ["type", "$ref", "anyOf", "enum", "const"];
    for_each_parameter(operation, |schema| {
        if !TELLING.iter().any(|keyword| schema.contains_key(*keyword)) {
            schema.insert("type".to_owned(), Value::from("string"));
        }
    });
}

/// Takes back what [`state_wire_types`] adds: a type that no fact states, which stands last.
fn forget_wire_types(operation: &mut Map<String, Value>) {
    for_each_parameter(operation, |schema| {
        let is_last = schema.keys().next_back().is_some_and(|key| key == "type");
        if is_last && !schema::states(schema, Facet::Type) {
            schema.shift_remove("type");
        }
    });
}

/// What is said of the refusal that no source names.
const ANY_REFUSAL: &str = "A refusal; no page names its status";

/// Where no source names a refusal, any counts as documented. This is said, for tools that take what
/// is not listed for a breach.
fn state_any_refusal(operation: &mut Map<String, Value>) {
    let responses = operation
        .get_mut("responses")
        .and_then(Value::as_object_mut);
    if let Some(responses) = responses
        && !responses
            .keys()
            .any(|status| status.starts_with('4') || status == "default")
    {
        let refusal = json!({ "description": ANY_REFUSAL });
        responses.insert("4XX".to_owned(), refusal);
    }
}

/// Takes back what [`state_any_refusal`] adds.
fn forget_any_refusal(operation: &mut Map<String, Value>) {
    let responses = operation
        .get_mut("responses")
        .and_then(Value::as_object_mut);
    if let Some(responses) = responses
        && responses.get("4XX") == Some(&json!({ "description": ANY_REFUSAL }))
    {
        responses.shift_remove("4XX");
    }
}

/// Calls `edit` with the schema of each parameter of an operation.
fn for_each_parameter(
    operation: &mut Map<String, Value>,
    edit: impl FnMut(&mut Map<String, Value>),
) {
    let parameters = operation
        .get_mut("parameters")
        .and_then(Value::as_array_mut);
    let schemas = parameters.into_iter().flatten();
    let schemas = schemas.filter_map(|parameter| parameter.get_mut("schema")?.as_object_mut());
    schemas.for_each(edit);
}

/// Calls `edit` with each operation of a document.
fn for_each_operation(document: &mut Value, mut edit: impl FnMut(&mut Map<String, Value>)) {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    let items = paths.into_iter().flat_map(Map::values_mut);
    let operations = items
        .filter_map(Value::as_object_mut)
        .flat_map(Map::values_mut);
    for operation in operations.filter_map(Value::as_object_mut) {
        edit(operation);
    }
}

/// Calls `edit` with each node of each schema of a document: those under `schema` and those among
/// the components or the definitions.
fn for_each_schema(document: &mut Value, edit: &mut impl FnMut(&mut Map<String, Value>)) {
    match document {
        Value::Object(map) => {
            for (key, child) in map {
                match key.as_str() {
                    "schema" => for_each_node(child, edit),
                    "schemas" | "$defs" => {
                        let named = child.as_object_mut();
                        let named = named.into_iter().flat_map(Map::values_mut);
                        named.for_each(|schema| for_each_node(schema, edit));
                    }
                    "example" | "examples" | ANNOTATION => {}
                    _ => for_each_schema(child, edit),
                }
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| for_each_schema(item, edit)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Calls `edit` with each node of a schema, the innermost first.
fn for_each_node(schema: &mut Value, edit: &mut impl FnMut(&mut Map<String, Value>)) {
    let Some(map) = schema.as_object_mut() else {
        return;
    };
    for (key, child) in map.iter_mut() {
        match holds(key) {
            Some(Holds::Schema) => for_each_node(child, edit),
            Some(Holds::List) => {
                let list = child.as_array_mut().into_iter().flatten();
                list.for_each(|child| for_each_node(child, edit));
            }
            Some(Holds::Names) => {
                let named = child.as_object_mut();
                let named = named.into_iter().flat_map(Map::values_mut);
                named.for_each(|child| for_each_node(child, edit));
            }
            Some(Holds::Data) | None => {}
        }
    }
    edit(map);
}

/// Writes the schemas of a document as [`state_in_schema`] does.
pub(super) fn state_in_schemas(document: &mut Value) {
    for_each_schema(document, &mut state_in_schema);
}

#[cfg(test)]
mod tests {
    use super::super::render;
    use super::*;

    #[test]
    fn what_is_said_of_operations_can_be_taken_back() {
        let document = json!({
            "openapi": "3.1.0",
            "paths": { "/w": { "get": {
                "operationId": "ListWidgets",
                "parameters": [{ "name": "X-Auth-Token", "in": "header" }],
                "responses": {},
            } } },
        });
        let mut stated = document.clone();
        state_for_tools(&mut stated);
        let operation = &stated["paths"]["/w"]["get"];
        assert_eq!(operation["summary"], "List widgets");
        assert_eq!(
            operation["security"],
            json!([{ "header-X-Auth-Token": [] }])
        );
        assert_eq!(
            stated["components"]["securitySchemes"]["header-X-Auth-Token"]["in"],
            "header"
        );
        forget_for_tools(&mut stated);
        assert_eq!(render(&stated), render(&document));
    }

    #[test]
    fn a_credential_that_the_contract_tells_is_kept_where_it_stands() {
        let document = json!({
            "openapi": "3.1.0",
            "paths": { "/w": { "get": {
                "operationId": "ListWidgets",
                "parameters": [{ "name": "X-Auth-Token", "in": "header" }],
                "responses": {},
                "security": [{ "header-X-Auth-Token": [] }],
                (ANNOTATION): { "facts": [] },
            } } },
            "components": { "securitySchemes": { "header-X-Auth-Token": {
                "type": "apiKey", "in": "header", "name": "X-Auth-Token",
            } } },
            (ANNOTATION): {},
        });
        let mut stated = document.clone();
        state_for_tools(&mut stated);
        forget_for_tools(&mut stated);
        assert_eq!(render(&stated), render(&document));
    }
}
