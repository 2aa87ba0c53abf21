//! Schemas as other tools read them best: each change can be taken back.

use serde_json::{Map, Value, json};

use super::super::facet::Facet;
use super::super::formats::DateTemplate;
use super::super::provenance::ANNOTATION;
use super::super::render;
use super::super::schema::{type_of, types_of};

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
pub(super) fn forget_in_schema(node: &mut Map<String, Value>) {
    if let Some(pattern) = pattern_of_format(node)
        && node.get("pattern").and_then(Value::as_str) == Some(&pattern)
        && !states(node, Facet::Pattern)
    {
        node.shift_remove("pattern");
    }
    forget_alternatives(node);
}

/// The pattern that says the same as a node's format, where that is a date's of its own form.
fn pattern_of_format(node: &Map<String, Value>) -> Option<String> {
    let template = DateTemplate::parse(node.get("format")?.as_str()?)?;
    Some(template.pattern())
}

/// Whether a node's annotation has a fact of a facet.
pub(super) fn states(node: &Map<String, Value>, facet: Facet) -> bool {
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
    // What a source says of an alternative stood there from the first.
    let is_own = |branch: &Value| {
        let map = branch.as_object();
        map.is_some_and(|map| states(map, Facet::Type))
    };
    if branches.iter().any(is_own) {
        return;
    }
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

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::super::for_each_schema;
    use super::*;

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
    #[case::types_of_the_alternatives_own(
        json!({ "anyOf": [
            { "type": "string", "format": "byte", "x-docproof": { "facts": [{ "facet": "type" }] } },
            { "type": "integer", "x-docproof": { "facts": [{ "facet": "type" }] } },
        ] }),
        json!({ "anyOf": [
            { "type": "string", "format": "byte", "x-docproof": { "facts": [{ "facet": "type" }] } },
            { "type": "integer", "x-docproof": { "facts": [{ "facet": "type" }] } },
        ] })
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
}
