//! A document without what docproof alone knows, for tools that refuse what they do not know.

use serde_json::{Map, Value, json};

use super::super::without_provenance;
use super::for_each_schema;

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

/// The document as a tool takes it that refuses what it does not know: without extensions in
/// schemas, without the words of where a fact is stated, and without formats of docproof's own,
/// whose patterns stay.
pub fn plain(document: &Value) -> Value {
    let mut document = without_provenance(document);
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

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::super::super::render;
    use super::*;

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
