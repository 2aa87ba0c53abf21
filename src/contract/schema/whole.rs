//! Rules of a value as a whole that hold further schemas: what breaks one of these schemas breaks the
//! rule that holds it. A list whose first item is a text where a number has to be breaks
//! `prefixItems` of the list, and an object without what `then` asks for breaks its `if`.

use crate::contract::facet::Keyword;

/// The rule that an error belongs to, where a schema which such a rule holds is what is broken: its
/// keyword, and how many steps of the way to the value that is wrong lead to the one that the rule
/// is about. The path is that of the evaluation, references among its steps.
pub(super) fn holder(evaluation: &str) -> Option<(Keyword, usize)> {
    let mut words = evaluation.split('/').skip(1);
    let mut depth = 0;
    loop {
        let keyword = match words.next()? {
            "properties" => {
                words.next()?;
                depth += 1;
                continue;
            }
            "items" | "additionalProperties" | "unevaluatedItems" | "unevaluatedProperties" => {
                depth += 1;
                continue;
            }
            "allOf" | "anyOf" | "oneOf" => {
                words.next()?;
                continue;
            }
            "$ref" | "$dynamicRef" => continue,
            "then" | "else" => Keyword::If,
            "not" => Keyword::Not,
            "contains" => Keyword::Contains,
            "minContains" => Keyword::MinContains,
            "maxContains" => Keyword::MaxContains,
            "prefixItems" => Keyword::PrefixItems,
            "patternProperties" => Keyword::PatternProperties,
            "propertyNames" => Keyword::PropertyNames,
            "dependentRequired" => Keyword::DependentRequired,
            "dependentSchemas" => Keyword::DependentSchemas,
            _ => return None,
        };
        return Some((keyword, depth));
    }
}

/// The first steps of a JSON pointer.
pub(super) fn first_steps(pointer: &str, count: usize) -> &str {
    let cut = pointer.match_indices('/').nth(count);
    cut.map_or(pointer, |(at, _)| pointer.get(..at).unwrap_or(pointer))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use crate::contract::Schema;

    #[rstest]
    #[case::then(json!({ "if": { "required": ["a"] }, "then": { "required": ["b"] } }), json!({ "a": 1 }), ":if")]
    #[case::otherwise(json!({ "allOf": [{ "if": { "required": ["a"] }, "else": { "properties": { "b": { "maximum": 3 } } } }] }), json!({ "b": 9 }), ":if")]
    #[case::referred(json!({ "properties": { "o": { "$ref": "#/$defs/O" } }, "$defs": { "O": { "dependentRequired": { "a": ["b"] } } } }), json!({ "o": { "a": 1 } }), "o:dependentRequired")]
    #[case::schemas(json!({ "dependentSchemas": { "a": { "$ref": "#/$defs/N" } }, "$defs": { "N": { "required": ["b"] } } }), json!({ "a": 1 }), ":dependentSchemas")]
    #[case::first_items(json!({ "properties": { "l": { "type": "array", "prefixItems": [{ "type": "integer" }] } } }), json!({ "l": ["x"] }), "l:prefixItems")]
    #[case::names(json!({ "propertyNames": { "pattern": "^a" } }), json!({ "b": 1 }), ":propertyNames")]
    #[case::patterns(json!({ "patternProperties": { "^a": { "type": "integer" } } }), json!({ "ab": "x" }), ":patternProperties")]
    #[case::contains(json!({ "items": { "contains": { "const": 1 } } }), json!([[2]]), "[]:contains")]
    #[case::fewest(json!({ "contains": { "const": 1 }, "minContains": 2 }), json!([1]), ":minContains")]
    #[case::most(json!({ "contains": { "const": 1 }, "maxContains": 1 }), json!([1, 1]), ":maxContains")]
    #[case::not(json!({ "not": { "required": ["a"] } }), json!({ "a": 1 }), ":not")]
    #[case::named_so(json!({ "properties": { "then": { "type": "integer" } } }), json!({ "then": "x" }), "then:type")]
    fn what_breaks_a_schema_within_a_rule_breaks_the_rule(
        #[case] root: Value,
        #[case] value: Value,
        #[case] expected: &str,
    ) {
        let schema = Schema::compile(root).unwrap();
        let found = schema.violations(&value);
        let told: Vec<String> = found
            .iter()
            .map(|one| format!("{}:{}", one.field, one.facet))
            .collect();
        assert_eq!(told, [expected], "{found:?}");
    }
}
