//! Boundary cases, enumerated and the same every run: for each documented facet of each request field, values on both sides.

use serde_json::Value;

use crate::contract::{Location, Operation, Schema, facts_of, types_of};

use super::body::Body;
use super::case::{Case, Expectation};
use super::class::{Broken, Class, LONGEST_UNLIMITED, classify};
use super::custom::refusal;
use super::dates;
use super::near;
use super::request::{Request, is_protocol_header};
use super::sample::{limit, sample, size};
use super::violate;

/// A place of a request that a page describes: a parameter, or a field of the body.
#[derive(Debug, Clone)]
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

/// The facets of a field that its page limits by nothing that is read.
const UNLIMITED: [&str; 5] = ["prose", "required", "type", "default", "nullable"];

/// Whether a page limits the values of a field in words that are not read, and by nothing else: then nobody knows which values are allowed beside those that
/// the page shows.
pub fn is_in_words(node: &Value) -> bool {
    let facts = facts_of(node);
    facts.iter().any(|fact| fact.facet == "prose")
        && facts
            .iter()
            .all(|fact| UNLIMITED.contains(&fact.facet.as_str()))
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
            .filter(|field| !field.path.is_root() && !field.path.has_entry())
        {
            slots.push(Slot {
                place: "request",
                field: field.name.to_owned(),
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
        "type" if is_in_words(slot.node) => baseline
            .get(slot.place, &slot.field)
            .map(|shown| ("the value that the page shows".to_owned(), Some(shown)))
            .into_iter()
            .collect(),
        "type" => (0..3)
            .map(|variety| {
                let value = sample(slot.schema, slot.node, variety * 7);
                let label = if value.is_array() || value.is_object() {
                    format!("plain value number {}", variety + 1)
                } else {
                    format!("the plain value {value}")
                };
                (label, Some(value))
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
        "minLength" | "maxLength" => some(near::at_length(slot.node, facet)),
        "pattern" => some(near::inside_pattern(slot.node)),
        "format" => some(dates::well_formatted(slot.node)),
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
            size(slot.node, facet)
                .filter(|length| *length <= near::MOST_ITEMS)
                .map(|length| (format!("{length} items"), near::array_of(slot, length)))
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
            let expectation = refusal(operation, &request, wanted.first()?);
            stands.then_some(Case {
                label,
                request,
                expectation,
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

/// The baseline with one value changed; nothing where there is no body to take it from.
fn with(baseline: &Request, slot: &Slot<'_>, value: Option<Value>) -> Option<Request> {
    let mut request = baseline.clone();
    if value.is_none() && slot.place == "request" && !matches!(request.body, Body::Json(_)) {
        return None;
    }
    reach(&mut request, slot, &slot.field);
    request.set(slot.place, &slot.field, value);
    // What HTTP cannot carry, such as a line break in a header, nobody can be asked.
    request.is_sendable().then_some(request)
}

/// The baseline with the object that a field within a slot belongs to.
pub(super) fn reached(baseline: &Request, slot: &Slot<'_>, field: &str) -> Request {
    let mut request = baseline.clone();
    reach(&mut request, slot, field);
    request
}

/// Has the request hold the object that a field belongs to, with all that belongs to it: alone, the field's value would break other rules too.
fn reach(request: &mut Request, slot: &Slot<'_>, field: &str) {
    let Some((parent, _)) = field.rsplit_once('.') else {
        return;
    };
    let is_there = |request: &Request| {
        request
            .get(slot.place, parent)
            .is_some_and(|value| value.is_object())
    };
    if slot.place != "request" || is_there(request) {
        return;
    }
    let top = slot.field.split(['.', '[']).next().unwrap_or_default();
    let whole = sample(slot.schema, &slot.schema.root, 0);
    if let Some(value) = whole.get(top) {
        request.set(slot.place, top, Some(value.clone()));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::contract::{Service, Suite};

    /// A rule within an optional object, or within the items of a list that the example leaves out, is tried.
    #[test]
    fn rules_below_what_the_example_leaves_out_are_tried() {
        let page = crate::page::read(
            "p.md",
            "# Making\n\n## URI\n\nPOST /v1/things\n\nTable 1 Request body parameters\n\n| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n\
             | name | Yes | String | The name. |\n| parts | No | Array of [Part](#part) objects | The parts. |\n\nTable 2 Part\n\n| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n\
             | size | Yes | Integer | The size. |\n| colour | Yes | String | The colour. |\n\n## Example Request\n\n```json\n{\"name\": \"a\"}\n```\n",
        )
        .unwrap();
        let derived = crate::derive::derive(&[page], &crate::derive::Options::default()).unwrap();
        let services: Vec<Service> = derived.services;
        let suite = Suite::new(services, std::collections::BTreeMap::new()).unwrap();
        let operation = &suite.operations[0];
        let baseline = crate::generate::baseline(
            operation,
            &suite.bindings(operation),
            &std::collections::BTreeMap::new(),
        )
        .unwrap();
        assert_eq!(baseline.get("request", ""), Some(json!({"name": "a"})));
        for (field, facet) in [
            ("parts[].size", "required"),
            ("parts[].size", "type"),
            ("parts[].colour", "required"),
        ] {
            let slot = slots(operation)
                .into_iter()
                .find(|slot| slot.field == field)
                .unwrap();
            assert!(
                !rejects(operation, &baseline, &slot, facet, None).is_empty(),
                "{field} {facet}"
            );
        }
    }
}
