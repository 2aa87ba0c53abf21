//! Boundary cases, enumerated and the same every run: for each documented facet of each request field, values on both sides.

use serde_json::Value;

use crate::contract::{Location, Operation, Schema, types_of};

use super::case::{Case, Expectation};
use super::class::{Broken, Class, LONGEST_UNLIMITED, classify};
use super::request::{Body, Request, is_protocol_header};
use super::sample::{limit, sample};
use super::violate;

/// A place of a request that a page describes: a parameter, or a field of the body.
#[derive(Debug)]
pub struct Slot<'o> {
    /// `query`, `header` or `request`.
    pub place: &'static str,
    /// The field within it.
    pub field: String,
    /// The schema that the node belongs to.
    pub schema: &'o Schema,
    /// The field's schema node.
    pub node: &'o Value,
    /// Whether it must be sent.
    pub required: bool,
}

/// The places of an operation's requests whose facts can be tried. Path parameters are bound to resources: they are tried as such.
pub fn slots(operation: &Operation) -> Vec<Slot<'_>> {
    let mut slots = Vec::new();
    for parameter in &operation.parameters {
        let place = match parameter.location {
            Location::Query => "query",
            Location::Header if !is_protocol_header(&parameter.name) => "header",
            _ => continue,
        };
        slots.push(Slot {
            place,
            field: parameter.name.clone(),
            schema: &parameter.schema,
            node: &parameter.schema.root,
            required: parameter.required,
        });
    }
    if let Some(body) = &operation.request_body {
        for field in body
            .schema
            .fields()
            .into_iter()
            .filter(|field| !field.path.is_empty() && !field.path.contains(".*"))
        {
            slots.push(Slot {
                place: "request",
                field: field.path,
                schema: &body.schema,
                node: field.node,
                required: field.required,
            });
        }
    }
    slots
}

/// Cases that the endpoint must accept, for one facet of a slot: each is documented-valid on the wire.
pub fn accepts(
    operation: &Operation,
    baseline: &Request,
    slot: &Slot<'_>,
    facet: &str,
    bound: bool,
) -> Vec<Case> {
    let values: Vec<(String, Option<Value>)> = match facet {
        // A field that is bound to a resource has one valid value that we know of: the baseline's.
        _ if bound && facet != "required" => vec![(
            "the target's own".to_owned(),
            baseline.get(slot.place, &slot.field),
        )],
        "type" => (0..3)
            .map(|variety| {
                (
                    format!("plain value {}", variety + 1),
                    Some(sample(slot.schema, slot.node, variety * 7)),
                )
            })
            .chain(free_texts(slot))
            .collect(),
        "required" if slot.required => {
            vec![("present".to_owned(), baseline.get(slot.place, &slot.field))]
        }
        "required" | "default" | "nullable" => {
            let null = types_of(slot.node).contains(&"null") && slot.place == "request";
            let mut values = vec![("absent".to_owned(), None)];
            if null {
                values.push(("null".to_owned(), Some(Value::Null)));
            }
            values
        }
        "enum" => some(
            crate::contract::enum_values(slot.node)
                .into_iter()
                .map(|value| (value.to_string(), value))
                .collect(),
        ),
        "minLength" | "maxLength" => some(violate::at_length(slot.node, facet)),
        "pattern" => some(violate::inside_pattern(slot.node)),
        "format" => some(violate::well_formatted(slot.node)),
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => some(
            limit(slot.node, facet)
                .map(|bound| match facet {
                    "exclusiveMinimum" => bound.saturating_add(1),
                    "exclusiveMaximum" => bound.saturating_sub(1),
                    _ => bound,
                })
                .map(|bound| (bound.to_string(), Value::from(bound)))
                .into_iter()
                .collect(),
        ),
        "minItems" | "maxItems" => some(
            limit(slot.node, facet)
                .and_then(|length| usize::try_from(length).ok())
                .filter(|length| *length <= violate::MOST_ITEMS)
                .map(|length| (format!("{length} items"), violate::array_of(slot, length)))
                .into_iter()
                .collect(),
        ),
        _ => Vec::new(),
    };
    values
        .into_iter()
        .filter_map(|(label, value)| {
            let request = with(baseline, slot, value)?;
            (classify(operation, &request) == Class::Valid).then_some(Case {
                label,
                request,
                expectation: Expectation::Success,
            })
        })
        .collect()
}

/// Cases that the endpoint must refuse: each breaks exactly this facet of this slot, on the wire.
pub fn rejects(
    operation: &Operation,
    baseline: &Request,
    slot: &Slot<'_>,
    facet: &str,
    omitted: Option<&str>,
) -> Vec<Case> {
    let values: Vec<(String, Option<Value>)> = match facet {
        "required" if slot.required && omitted != Some("absent") => {
            vec![("absent".to_owned(), None)]
        }
        _ => some(violate::violations(slot, facet, omitted)),
    };
    let wanted = vec![Broken {
        place: slot.place.to_owned(),
        field: slot.field.clone(),
        facet: facet.to_owned(),
    }];
    values
        .into_iter()
        .filter_map(|(label, value)| {
            let request = with(baseline, slot, value)?;
            let is_empty = request.get(slot.place, &slot.field) == Some(Value::from(""));
            let stands = match classify(operation, &request) {
                Class::Invalid(broken) if is_empty && facet == "minLength" => {
                    // No characters are no pattern's either: the one value that cannot break this rule alone.
                    broken.contains(wanted.first()?)
                        && broken
                            .iter()
                            .all(|broken| broken.place == slot.place && broken.field == slot.field)
                }
                class => class == Class::Invalid(wanted.clone()),
            };
            stands.then_some(Case {
                label,
                request,
                expectation: Expectation::Refusal,
            })
        })
        .collect()
}

/// Texts that a field of the body takes if nothing but its type is said of it.
fn free_texts(slot: &Slot<'_>) -> Vec<(String, Option<Value>)> {
    const SAYING: [&str; 4] = ["pattern", "format", "enum", "const"];
    let is_free = slot.place == "request"
        && types_of(slot.node).contains(&"string")
        && SAYING
            .iter()
            .all(|keyword| slot.node.get(keyword).is_none());
    if !is_free {
        return Vec::new();
    }
    [
        ("letters beyond ASCII", "Grüße, 备份 и резерв"),
        (
            "quotation marks and a backslash",
            "a \"quoted\" 'text' \\ <b>",
        ),
    ]
    .into_iter()
    .map(|(label, text)| (label.to_owned(), Some(Value::from(text))))
    .chain(std::iter::once((
        format!("{LONGEST_UNLIMITED} characters"),
        Some(Value::from(super::text::filler(LONGEST_UNLIMITED, 0))),
    )))
    .collect()
}

fn some(values: Vec<(String, Value)>) -> Vec<(String, Option<Value>)> {
    values
        .into_iter()
        .map(|(label, value)| (label, Some(value)))
        .collect()
}

/// The baseline with one value changed; nothing where the field's parent is not in the baseline and must not be made up.
fn with(baseline: &Request, slot: &Slot<'_>, value: Option<Value>) -> Option<Request> {
    let mut request = baseline.clone();
    if value.is_none() && slot.place == "request" && !matches!(request.body, Body::Json(_)) {
        return None;
    }
    request.set(slot.place, &slot.field, value);
    Some(request)
}
