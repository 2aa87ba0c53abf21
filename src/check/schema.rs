//! The body is as documented: every keyword of the documented schema, formats asserted, lengths
//! counted in characters.

use serde_json::Value;

use crate::contract::{Facet, Level, Rule, Schema, Violation};
use crate::generate::Expectation;

use super::{Check, Context, Observation, Part, Seen};

/// The most observations about one body: an endpoint that answers something else altogether breaks
/// every field at once.
const MOST: usize = 40;

pub(super) fn check(context: &Context<'_>) -> Vec<Observation> {
    let Some(Ok(body)) = &context.body else {
        return Vec::new();
    };
    let Some(schema) = context
        .response
        .and_then(|response| response.schema.as_deref())
    else {
        return Vec::new();
    };
    let mut observations: Vec<Observation> = Vec::new();
    for violation in schema.violations(body) {
        let observation = observe(context, schema, body, &violation);
        if !observations
            .iter()
            .any(|known| known.fact == observation.fact && known.seen == observation.seen)
        {
            observations.push(observation);
        }
        if observations.len() >= MOST {
            break;
        }
    }
    if context.case.expectation == Expectation::EmptyResource && !is_empty(body) {
        observations.push(Observation::about(
            context.subject,
            Check::Schema,
            Seen::Items,
            format!("{}: the answer has records", context.case.label),
        ));
    }
    observations
}

fn observe(
    context: &Context<'_>,
    schema: &Schema,
    body: &Value,
    violation: &Violation,
) -> Observation {
    let facet = violation.facet;
    let rows = schema.facts(&violation.pointer, facet);
    let stated = rows
        .iter()
        .filter(|row| row.facet == facet)
        .map(|row| row.level)
        .max();
    let is_null = body.pointer(&violation.pointer).is_some_and(Value::is_null);
    // That a field may not be null is our reading of a page that does not call it nullable.
    let level = match stated {
        Some(level) if facet == Facet::Type && is_null => level.min(Level::Should),
        Some(level) => level,
        None => Level::Should,
    };
    let name = if violation.field.is_root() {
        "the body".to_owned()
    } else {
        violation.field.to_string()
    };
    Observation {
        check: Check::Schema,
        fact: context
            .operation
            .fact_id(Rule::new(context.place(), violation.field.clone(), facet)),
        seen: Seen::of_value(facet, body.pointer(&violation.pointer)),
        level,
        message: format!("`{name}` {}", violation.message),
        documented: documented(schema, violation),
        rows,
        at: Some(Part::Body(violation.pointer.clone())),
    }
}

/// The facet with its documented value: `maxLength 64`.
fn documented(schema: &Schema, violation: &Violation) -> String {
    match schema
        .node(&violation.pointer)
        .and_then(|node| node.get(violation.facet.as_str()))
    {
        Some(value) if violation.facet != Facet::Required => format!("{} {value}", violation.facet),
        Some(_) | None => violation.facet.to_string(),
    }
}

/// Whether a body has no records: every array at its top is empty.
fn is_empty(body: &Value) -> bool {
    match body {
        Value::Object(map) => map
            .values()
            .all(|value| value.as_array().is_none_or(Vec::is_empty)),
        Value::Array(items) => items.is_empty(),
        _ => true,
    }
}
