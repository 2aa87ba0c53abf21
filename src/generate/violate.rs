//! The table of violations: each kind's name, the facets that it breaks, and where its values come from.

use super::boundary::Slot;
use super::dates::badly_formatted;
use super::near::{
    Labelled, no_multiples, outside_bounds, outside_enum, outside_pattern, repeated_items,
    too_few_items, too_long, too_many_items, too_short, wrong_texts, wrong_types,
};

/// A kind of violation of one field.
struct Violation {
    /// Its name, for those who leave one out.
    name: &'static str,
    /// The facets that it breaks.
    facets: &'static [&'static str],
    /// Whether it is for fields of bodies (`true`), for those of path, query and headers (`false`), or both (`None`).
    in_body: Option<bool>,
    /// Values that break a facet of a schema node.
    values: fn(&Slot<'_>, &str) -> Vec<Labelled>,
}

/// Every kind of violation of a field that is there. What is left out altogether breaks `required`.
const TABLE: [Violation; 13] = [
    Violation {
        name: "wrong-type",
        facets: &["type"],
        in_body: Some(true),
        values: |slot, _| wrong_types(slot.node),
    },
    Violation {
        name: "wrong-text",
        facets: &["type"],
        in_body: Some(false),
        values: |slot, _| wrong_texts(slot.node),
    },
    Violation {
        name: "outside-enum",
        facets: &["enum"],
        in_body: None,
        values: |slot, _| outside_enum(slot.node),
    },
    Violation {
        name: "too-short",
        facets: &["minLength"],
        in_body: None,
        values: |slot, _| too_short(slot.node),
    },
    Violation {
        name: "too-long",
        facets: &["maxLength"],
        in_body: None,
        values: |slot, _| too_long(slot.node),
    },
    Violation {
        name: "outside-pattern",
        facets: &["pattern"],
        in_body: None,
        values: |slot, _| outside_pattern(slot.node),
    },
    Violation {
        name: "bad-format",
        facets: &["format"],
        in_body: None,
        values: |slot, _| badly_formatted(slot.node),
    },
    Violation {
        name: "below-minimum",
        facets: &["minimum", "exclusiveMinimum"],
        in_body: None,
        values: |slot, facet| outside_bounds(slot.node, facet),
    },
    Violation {
        name: "above-maximum",
        facets: &["maximum", "exclusiveMaximum"],
        in_body: None,
        values: |slot, facet| outside_bounds(slot.node, facet),
    },
    Violation {
        name: "no-multiple",
        facets: &["multipleOf"],
        in_body: None,
        values: |slot, _| no_multiples(slot.node),
    },
    Violation {
        name: "too-few-items",
        facets: &["minItems"],
        in_body: Some(true),
        values: too_few_items,
    },
    Violation {
        name: "too-many-items",
        facets: &["maxItems"],
        in_body: Some(true),
        values: too_many_items,
    },
    Violation {
        name: "repeated-items",
        facets: &["uniqueItems"],
        in_body: Some(true),
        values: repeated_items,
    },
];

/// The names of all kinds of violations: those of fields, and those of requests as a whole.
pub const VIOLATIONS: [&str; 19] = [
    "wrong-type",
    "wrong-text",
    "outside-enum",
    "too-short",
    "too-long",
    "outside-pattern",
    "bad-format",
    "below-minimum",
    "above-maximum",
    "no-multiple",
    "too-few-items",
    "too-many-items",
    "repeated-items",
    "absent",
    "malformed",
    "oversized",
    "credential",
    "method",
    "unknown-resource",
];

/// Values that break one facet of a field, one kind of violation left out where that is asked for.
pub(super) fn violations(slot: &Slot<'_>, facet: &str, omitted: Option<&str>) -> Vec<Labelled> {
    TABLE
        .iter()
        .filter(|kind| kind.facets.contains(&facet) && omitted != Some(kind.name))
        .filter(|kind| {
            kind.in_body
                .is_none_or(|body| body == (slot.place == "request"))
        })
        .flat_map(|kind| (kind.values)(slot, facet))
        .collect()
}

/// The facets that violations are known for.
pub(super) fn facets() -> impl Iterator<Item = &'static str> {
    let mut seen: Vec<&'static str> = Vec::new();
    for facet in TABLE.iter().flat_map(|kind| kind.facets) {
        if !seen.contains(facet) {
            seen.push(facet);
        }
    }
    seen.into_iter()
}
