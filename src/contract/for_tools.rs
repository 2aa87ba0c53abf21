//! What an exported document says for other tools: what docproof reads from its contract without a
//! word, they need in so many words. Each addition can be taken back, so that what is exported is
//! read as the contract that it came from.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::facet::Facet;
use super::formats::DateTemplate;
use super::keyword::{Holds, holds};
use super::naming::words;
use super::operation::is_credential;
use super::provenance::ANNOTATION;
use super::render;
use super::schema::{type_of, types_of};
use super::security::SecurityScheme;

/// The formats that other tools know: those of JSON Schema 2020-12 and of OpenAPI's registry.
const KNOWN_FORMATS: [&str; 26] = [
    "date-time",
    "date",
    "time",
    "duration",
    "email",
    "idn-email",
    "hostname",
    "idn-hostname",
    "ipv4",
    "ipv6",
    "uri",
    "uri-reference",
    "iri",
    "iri-reference",
    "uuid",
    "uri-template",
    "json-pointer",
    "relative-json-pointer",
    "regex",
    "int32",
    "int64",
    "float",
    "double",
    "password",
    "binary",
    "byte",
];

/// Adds to a bundled document what other tools ask for: a server, summaries, the credential of
/// each operation, and schemas as [`state_in_schema`] writes them.
pub(super) fn state_for_tools(document: &mut Value) {
    let mut schemes = Map::new();
    for_each_operation(document, |operation| {
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
        if operation.get("security") == Some(&security_of_headers(operation)) {
            operation.shift_remove("security");
        }
        let ways = operation.get("security").and_then(Value::as_array);
        let ways = ways.into_iter().flatten().filter_map(Value::as_object);
        needed.extend(ways.flat_map(Map::keys).cloned());
    });
    for_each_schema(document, &mut forget_in_schema);
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

/// Writes a schema's node as other tools read it best: a date of a form of its own has an
/// equivalent pattern too, an empty text is a constant, and the types of alternatives stand within
/// them.
pub(super) fn state_in_schema(node: &mut Map<String, Value>) {
    if let Some(pattern) = pattern_of_format(node)
        && !node.contains_key("pattern")
    {
        node.insert("pattern".to_owned(), Value::from(pattern));
    }
    let mut stated = node.clone();
    let branches = stated.get_mut("anyOf").and_then(Value::as_array_mut);
    for branch in branches.into_iter().flatten() {
        if is_empty_text(branch) {
            *branch = json!({ "const": "" });
        }
    }
    state_types_within(&mut stated);
    // Only what can be taken back is changed.
    let mut back = stated.clone();
    forget_alternatives(&mut back);
    let text = |map: &Map<String, Value>| render(&Value::Object(map.clone()));
    if text(&back) == text(node) {
        *node = stated;
    }
}

/// Takes back what [`state_in_schema`] changes.
fn forget_in_schema(node: &mut Map<String, Value>) {
    if let Some(pattern) = pattern_of_format(node)
        && node.get("pattern").and_then(Value::as_str) == Some(&pattern)
        && !states(node, Facet::Pattern)
    {
        node.shift_remove("pattern");
    }
    forget_alternatives(node);
}

/// The document as a tool takes it that refuses what it does not know: without extensions in
/// schemas, without the words of where a fact is stated, and without formats of docproof's own,
/// whose patterns stay.
pub fn plain(document: &Value) -> Value {
    let mut document = super::without_provenance(document);
    for_each_schema(&mut document, &mut |node| {
        node.retain(|key, _| !key.starts_with("x-"));
        let format = node.get("format").and_then(Value::as_str);
        if format.is_some_and(|format| !KNOWN_FORMATS.contains(&format)) {
            node.shift_remove("format");
        }
        name_what_is_required(node);
        state_one_type_each(node);
    });
    document
}

/// Names each mandatory property among the properties too: a strict validator takes a name that is
/// only required for a slip of the pen.
fn name_what_is_required(node: &mut Map<String, Value>) {
    let Some(Value::Array(required)) = node.get("required").cloned() else {
        return;
    };
    let properties = node.entry("properties").or_insert_with(|| json!({}));
    let Some(properties) = properties.as_object_mut() else {
        return;
    };
    for name in required.iter().filter_map(Value::as_str) {
        properties.entry(name).or_insert(Value::Bool(true));
    }
}

/// Writes a union of types as alternatives of one type each, each with the keywords that its type
/// has: a strict validator takes no union but that with null.
fn state_one_type_each(node: &mut Map<String, Value>) {
    let types: Vec<String> = match node.get("type") {
        Some(Value::Array(types)) => types
            .iter()
            .filter_map(|word| Some(word.as_str()?.to_owned()))
            .collect(),
        _ => return,
    };
    let others = types.iter().filter(|word| *word != "null").count();
    if others < 2 || node.contains_key("anyOf") {
        return;
    }
    let rules: Vec<(String, Value)> = node
        .iter()
        .filter(|(key, _)| types.iter().any(|word| is_rule_of(word, key)))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    for (key, _) in &rules {
        node.shift_remove(key);
    }
    let branch = |word: &String| {
        let own = rules.iter().filter(|(key, _)| is_rule_of(word, key));
        let mut branch: Map<String, Value> = own.cloned().collect();
        branch.insert("type".to_owned(), Value::from(word.as_str()));
        Value::Object(branch)
    };
    let branches = types.iter().map(branch).collect();
    node.shift_remove("type");
    node.insert("anyOf".to_owned(), Value::Array(branches));
}

/// Whether a keyword restricts values of a type and of no other.
fn is_rule_of(word: &str, keyword: &str) -> bool {
    match word {
        "string" => ["minLength", "maxLength", "pattern", "format"].contains(&keyword),
        "integer" | "number" => {
            let bounds = ["minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"];
            bounds.contains(&keyword) || keyword == "multipleOf"
        }
        "array" => [
            "items",
            "prefixItems",
            "minItems",
            "maxItems",
            "uniqueItems",
        ]
        .contains(&keyword),
        "object" => {
            let names = ["properties", "required", "additionalProperties"];
            names.contains(&keyword) || ["patternProperties", "propertyNames"].contains(&keyword)
        }
        _ => false,
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

/// The pattern that says the same as a node's format, where that is a date's of its own form.
fn pattern_of_format(node: &Map<String, Value>) -> Option<String> {
    let template = DateTemplate::parse(node.get("format")?.as_str()?)?;
    Some(template.pattern())
}

/// Whether a node's annotation has a fact of a facet.
fn states(node: &Map<String, Value>, facet: Facet) -> bool {
    let facts = node.get(ANNOTATION).and_then(|own| own["facts"].as_array());
    let mut facts = facts.into_iter().flatten();
    facts.any(|fact| fact["facet"] == facet.as_str())
}

/// Whether a schema takes the empty text alone, as a contract says it.
fn is_empty_text(branch: &Value) -> bool {
    branch.as_object().is_some_and(|map| map.len() == 2)
        && branch["maxLength"] == 0
        && branch["type"] == "string"
}

/// Moves the type of a node into its alternatives: tools that make values from a schema take the
/// type beside `anyOf` for all that there is.
fn state_types_within(node: &mut Map<String, Value>) {
    let Some(outer) = node.get("type").cloned() else {
        return;
    };
    let Some(branches) = node.get_mut("anyOf").and_then(Value::as_array_mut) else {
        return;
    };
    for branch in branches.iter_mut().filter_map(Value::as_object_mut) {
        if branch.contains_key("type") || branch.contains_key("const") {
            continue;
        }
        let of_values = branch.get("enum").map(types_of_values);
        let types = of_values.unwrap_or_else(|| outer.clone());
        branch.shift_insert(0, "type".to_owned(), types);
    }
    node.shift_remove("type");
}

/// The types of listed values: a word, or a list of several.
fn types_of_values(values: &Value) -> Value {
    let mut types: Vec<&str> = Vec::new();
    for value in values.as_array().into_iter().flatten() {
        let word = type_of(value);
        if !types.contains(&word) {
            types.push(word);
        }
    }
    one_or_many(&types)
}

fn one_or_many(types: &[&str]) -> Value {
    match types {
        [one] => Value::from(*one),
        many => Value::from(many.to_vec()),
    }
}

/// Takes back what was done to the alternatives of a node: the type stands beside them again.
fn forget_alternatives(node: &mut Map<String, Value>) {
    if node.contains_key("type") {
        return;
    }
    let Some(branches) = node.get_mut("anyOf").and_then(Value::as_array_mut) else {
        return;
    };
    let mut types: Vec<String> = Vec::new();
    for branch in branches.iter_mut() {
        if *branch == json!({ "const": "" }) {
            *branch = json!({ "maxLength": 0, "type": "string" });
        }
        let of_branch: Vec<String> = types_of(branch)
            .iter()
            .map(|&word| word.to_owned())
            .collect();
        if of_branch.is_empty() {
            return;
        }
        for word in of_branch {
            if !types.contains(&word) {
                types.push(word);
            }
        }
    }
    for branch in branches.iter_mut().filter_map(Value::as_object_mut) {
        let is_of_values = branch.contains_key("enum");
        let is_of_texts = branch.contains_key("pattern") || branch.contains_key("format");
        if is_of_values || is_of_texts {
            branch.shift_remove("type");
        }
    }
    let types: Vec<&str> = types.iter().map(String::as_str).collect();
    node.shift_insert(0, "type".to_owned(), one_or_many(&types));
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
pub(super) fn for_each_schema(
    document: &mut Value,
    edit: &mut impl FnMut(&mut Map<String, Value>),
) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::a_date_of_its_own_form(
        json!({ "type": "string", "format": "yyyyMMdd" }),
        json!({
            "type": "string",
            "format": "yyyyMMdd",
            "pattern": r"^[0-9]{4}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])$",
        })
    )]
    #[case::a_known_format(
        json!({ "type": "string", "format": "uuid" }),
        json!({ "type": "string", "format": "uuid" })
    )]
    #[case::values_or_nothing(
        json!({
            "type": ["string", "null"],
            "anyOf": [
                { "enum": ["a", "b"] },
                { "type": "null" },
                { "maxLength": 0, "type": "string" },
            ],
        }),
        json!({
            "anyOf": [
                { "type": "string", "enum": ["a", "b"] },
                { "type": "null" },
                { "const": "" },
            ],
        })
    )]
    #[case::values_or_a_pattern(
        json!({ "type": "string", "anyOf": [{ "enum": ["a"] }, { "pattern": "^b" }] }),
        json!({
            "anyOf": [
                { "type": "string", "enum": ["a"] },
                { "type": "string", "pattern": "^b" },
            ],
        })
    )]
    #[case::what_could_not_be_taken_back(
        json!({ "type": ["null", "string"], "anyOf": [{ "enum": ["a"] }, { "type": "null" }] }),
        json!({ "type": ["null", "string"], "anyOf": [{ "enum": ["a"] }, { "type": "null" }] })
    )]
    fn a_schema_is_written_for_other_tools(#[case] schema: Value, #[case] expected: Value) {
        let mut document = json!({ "schema": schema });
        let before = render(&document);
        for_each_schema(&mut document, &mut state_in_schema);
        assert_eq!(render(&document["schema"]), render(&expected));
        for_each_schema(&mut document, &mut forget_in_schema);
        assert_eq!(render(&document), before, "it can be taken back");
    }

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
    fn a_plain_document_has_no_word_of_docproof_alone() {
        let document = json!({
            "x-docproof": {},
            "schema": {
                "format": "yyyyMMdd",
                "x-unspecified": true,
                "properties": { "x-kept": { "format": "uuid" } },
            },
        });
        let expected = json!({ "schema": { "properties": { "x-kept": { "format": "uuid" } } } });
        assert_eq!(plain(&document), expected);
    }

    #[rstest]
    #[case::a_union_of_types(
        json!({ "type": ["string", "object", "null"], "maxLength": 3, "default": "a" }),
        json!({
            "default": "a",
            "anyOf": [{ "maxLength": 3, "type": "string" }, { "type": "object" }, { "type": "null" }],
        })
    )]
    #[case::a_type_or_null(
        json!({ "type": ["string", "null"], "maxLength": 3 }),
        json!({ "type": ["string", "null"], "maxLength": 3 })
    )]
    #[case::a_name_that_is_only_required(
        json!({ "required": ["a"] }),
        json!({ "required": ["a"], "properties": { "a": true } })
    )]
    fn a_plain_schema_is_strict(#[case] schema: Value, #[case] expected: Value) {
        let document = plain(&json!({ "schema": schema }));
        assert_eq!(render(&document["schema"]), render(&expected));
    }
}
