//! Sizes and counts: numbers of answers that are not below zero by what they are called.

use crate::contract::{Facet, Field, Meaning, enum_values, types_of, words};

/// The last words of names that count or measure.
const COUNTS: &[&str] = &[
    "size", "count", "total", "num", "length", "bytes", "quantity", "capacity",
];

/// Words by which a number is a difference or a place, which may be below zero.
const SIGNED: &[&str] = &[
    "offset",
    "delta",
    "balance",
    "temperature",
    "change",
    "diff",
    "difference",
    "growth",
    "net",
    "adjustment",
    "correction",
    "variation",
    "remaining",
    "max",
    "limit",
];

/// Whether a field of an answer is a whole number that counts or measures, and no page says that it
/// may be below zero, or gives it a least value of its own.
pub(crate) fn is_count(field: &Field<'_>) -> bool {
    const BOUNDS: [Facet; 2] = [Facet::Minimum, Facet::ExclusiveMinimum];
    let Some(name) = field.path.last_name() else {
        return false;
    };
    // Most fields count nothing: that costs no look at their words.
    let may_count = COUNTS.iter().any(|word| {
        let at = name.len().checked_sub(word.len());
        let end = at.and_then(|at| name.get(at..));
        end.is_some_and(|end| end.eq_ignore_ascii_case(word))
    });
    if !may_count {
        return false;
    }
    let words = words(name);
    let is_counting = words
        .last()
        .is_some_and(|last| COUNTS.contains(&last.as_str()));
    let signed = Facet::Meaning(Meaning::Signed);
    is_counting
        && !words.iter().any(|word| SIGNED.contains(&word.as_str()))
        && types_of(field.node).contains(&"integer")
        && enum_values(field.node).is_empty()
        && BOUNDS
            .iter()
            .all(|bound| field.node.get(bound.as_str()).is_none())
        && !field.facts.iter().any(|fact| fact.facet == signed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{FieldPath, Schema};
    use rstest::rstest;
    use serde_json::{Value, json};

    #[rstest]
    #[case("size", json!({"type": "integer"}), true)]
    #[case("total_num", json!({"type": ["integer", "null"]}), true)]
    #[case("usedBytes", json!({"type": "integer"}), true)]
    #[case("size", json!({"type": "string"}), false)]
    #[case("count", json!({"type": "integer", "minimum": -1}), false)]
    #[case("count", json!({"type": "integer", "enum": [-1, 1]}), false)]
    #[case("size_delta", json!({"type": "integer"}), false)]
    #[case("delta_bytes", json!({"type": "integer"}), false)]
    #[case("max_size", json!({"type": "integer"}), false)]
    #[case("offset", json!({"type": "integer"}), false)]
    #[case("discount", json!({"type": "integer"}), false)]
    fn counts_are_known_by_name(#[case] name: &str, #[case] node: Value, #[case] expected: bool) {
        let schema =
            Schema::compile(json!({"type": "object", "properties": {name: node}})).unwrap();
        let field = schema.field(&FieldPath::name(name)).unwrap();
        assert_eq!(is_count(&field), expected);
    }
}
