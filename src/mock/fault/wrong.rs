//! Values that break one documented facet of a field: candidates from a table, kept only if the
//! compiled schema says that they do.

use serde_json::{Map, Value, json};

use crate::contract::{Facet, Schema, enum_values};
use crate::generate::limit;
use crate::generate::text::{filler, text_of_length};

/// One field's schema, compiled by itself.
pub(super) struct Alone(Schema);

impl Alone {
    /// Compiles a node of a schema; nothing where it does not compile by itself.
    pub(super) fn new(schema: &Schema, node: &Value) -> Option<Self> {
        schema.part(node).map(Self)
    }

    /// Whether a value is valid.
    pub(super) fn allows(&self, value: &Value) -> bool {
        self.0.is_valid(value)
    }

    /// The facets that a value breaks at the field itself.
    fn broken(&self, value: &Value) -> Vec<Facet> {
        self.0
            .violations(value)
            .into_iter()
            .filter(|violation| violation.field.is_root())
            .map(|violation| violation.facet)
            .collect()
    }

    /// Whether a value breaks a facet and nothing else.
    pub(super) fn breaks_alone(&self, facet: Facet) -> bool {
        self.breaking(facet, usize::MAX)
            .iter()
            .any(|(_, value)| self.broken(value) == [facet])
    }

    /// Values that break a facet, in words; those that break nothing else before those that also
    /// break another. At most `most`.
    pub(super) fn breaking(&self, facet: Facet, most: usize) -> Vec<(&'static str, Value)> {
        let node = &self.0.root;
        let mut found: Vec<(usize, &'static str, Value)> = candidates(node, facet)
            .into_iter()
            .filter_map(|(way, value)| {
                let broken = self.broken(&value);
                broken
                    .contains(&facet)
                    .then_some((broken.len(), way, value))
            })
            .collect();
        found.sort_by_key(|(count, _, _)| *count);
        found.truncate(most);
        found
            .into_iter()
            .map(|(_, way, value)| (way, value))
            .collect()
    }
}

fn candidates(node: &Value, facet: Facet) -> Vec<(&'static str, Value)> {
    let bound = limit(node, facet).unwrap_or(0);
    let length = usize::try_from(bound).unwrap_or(0);
    let pattern = node.get(Facet::Pattern.as_str()).and_then(Value::as_str);
    let text = |length: usize| {
        Value::from(text_of_length(pattern, length, 0).unwrap_or_else(|| filler(length, 0)))
    };
    match facet {
        Facet::Type => vec![
            ("null", Value::Null),
            ("number", json!(7)),
            ("text", json!("7")),
            ("array", json!([])),
            ("object", Value::Object(Map::new())),
            ("boolean", json!(true)),
            ("fraction", json!(1.5)),
        ],
        Facet::Enum => {
            let first = enum_values(node)
                .into_iter()
                .find_map(|value| value.as_str().map(str::to_owned))
                .unwrap_or_default();
            let other_case = if first.to_uppercase() == first {
                first.to_lowercase()
            } else {
                first.to_uppercase()
            };
            vec![
                ("unlisted", json!("undocumented")),
                ("other-case", Value::from(other_case)),
                ("number", json!(-7)),
            ]
        }
        Facet::MaxLength => vec![("one-over", text(length.saturating_add(1)))],
        Facet::MinLength => length
            .checked_sub(1)
            .map(|length| ("one-under", text(length)))
            .into_iter()
            .collect(),
        Facet::Pattern => ["!", "a&b", "1abc", " ", "é", "", "aaaa<aaaa", "-", "aaaa\n"]
            .into_iter()
            .map(|text| ("outside", Value::from(text)))
            .take(9)
            .collect(),
        Facet::Format => [
            ("impossible-date", "20240230000000"),
            ("impossible-date", "2024-13-09T08:31:16+0800"),
            ("impossible-date", "2024-02-30T08:31:16Z"),
            ("impossible-date", "2024-02-30"),
            ("other-form", "2024-05-09T08:31:16Z"),
            ("other-form", "2024-05-09T08:31:16+08:00"),
            ("other-form", "09.05.2024"),
            ("words", "nonsense"),
        ]
        .into_iter()
        .map(|(way, text)| (way, Value::from(text)))
        .collect(),
        Facet::Minimum => vec![("below", json!(bound.saturating_sub(1)))],
        Facet::Maximum => vec![("above", json!(bound.saturating_add(1)))],
        Facet::ExclusiveMinimum | Facet::ExclusiveMaximum => vec![("at-the-bound", json!(bound))],
        Facet::MultipleOf => vec![("between", json!(bound.saturating_add(1)))],
        Facet::MinItems => vec![("none", json!([]))],
        Facet::MaxItems => {
            let item = node
                .get(Facet::Items.as_str())
                .map_or(Value::Null, |items| {
                    Value::from(items.get(Facet::Type.as_str()) == Some(&json!("boolean")))
                });
            let item = if item == Value::Bool(true) {
                item
            } else {
                json!("a")
            };
            vec![(
                "one-over",
                Value::from(vec![item; length.saturating_add(1)]),
            )]
        }
        Facet::UniqueItems => vec![("repeated", json!(["a", "a"]))],
        Facet::Required
        | Facet::Nullable
        | Facet::Const
        | Facet::Items
        | Facet::Default
        | Facet::Example
        | Facet::Status
        | Facet::Body
        | Facet::EmptyBody
        | Facet::Method
        | Facet::Name
        | Facet::Prose
        | Facet::Meaning(_)
        | Facet::Keyword(_)
        | Facet::Wire(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(Facet::MinLength, json!({"type": "string", "minLength": 1}), true)]
    #[case(Facet::MinLength, json!({"type": "string", "minLength": 1, "format": "uuid"}), false)]
    #[case(Facet::MaxLength, json!({"type": "string", "maxLength": 4, "enum": ["a", "b"]}), false)]
    fn a_length_is_not_broken_alone_where_a_form_is_said(
        #[case] facet: Facet,
        #[case] node: Value,
        #[case] expected: bool,
    ) {
        let schema = Schema::compile(node).unwrap();
        let alone = Alone::new(&schema, &schema.root).unwrap();
        assert_eq!(alone.breaks_alone(facet), expected);
    }

    #[rstest]
    #[case(Facet::Type, json!({"type": "string"}))]
    #[case(Facet::Type, json!({"type": ["string", "object", "null"]}))]
    #[case(Facet::Enum, json!({"type": "string", "enum": ["TRUE", "FALSE"]}))]
    #[case(Facet::MaxLength, json!({"type": "string", "maxLength": 9}))]
    #[case(Facet::MinLength, json!({"type": "string", "minLength": 4, "pattern": "^[a-z]*$"}))]
    #[case(Facet::Pattern, json!({"type": "string", "pattern": "^[^>!<\"&'=]*$"}))]
    #[case(Facet::Format, json!({"type": "string", "format": "yyyyMMddHHmmss"}))]
    #[case(Facet::Format, json!({"type": "string", "format": "yyyy-mm-ddThh:mm:ssZ"}))]
    #[case(Facet::Minimum, json!({"type": "integer", "minimum": 0}))]
    #[case(Facet::MaxItems, json!({"type": "array", "maxItems": 2}))]
    fn every_facet_has_a_value_that_breaks_it_alone(#[case] facet: Facet, #[case] node: Value) {
        let schema = Schema::compile(node).unwrap();
        let alone = Alone::new(&schema, &schema.root).unwrap();
        let values = alone.breaking(facet, 3);
        assert!(!values.is_empty());
        for (way, value) in values.into_iter().take(1) {
            assert_eq!(alone.broken(&value), [facet], "{way} {value}");
        }
    }
}
