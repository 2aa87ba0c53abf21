//! The body is as documented: every keyword of the documented schema, formats asserted, lengths
//! counted in characters.

use serde_json::Value;

use crate::contract::{
    Facet, Fact, Field, Level, Rule, Schema, Source, Step, Violation, Watched, escape_token,
};
use crate::generate::Expectation;
use crate::recognise::is_count;

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
    let is_held = context
        .case
        .expectation
        .tells_presence(context.answer.status);
    for violation in schema.violations(body) {
        // Nobody says what an answer has to a request that no page speaks of.
        if violation.facet == Facet::Required && !is_held {
            continue;
        }
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
    observations.extend(below_zero(context, schema, body));
    observations.extend(super::state_tied::check(context, schema, body));
    observations.extend(super::counts::check(context, schema, body));
    observations.extend(super::computed::check(context, schema, body));
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

/// The fields of an answer that are held to what no keyword says.
pub(super) fn watched(schema: &Schema) -> Watched {
    let paths = |is_watched: fn(&Field<'_>) -> bool| {
        let fields = schema.fields().filter(is_watched);
        fields.map(|field| field.path.clone()).collect()
    };
    Watched {
        counts: paths(is_count),
        of_failure: paths(super::state_tied::is_of_failure),
        counting: paths(super::counts::is_counting),
        computed: paths(super::computed::is_computed),
    }
}

/// Sizes and counts that are below zero, though no page says that they may be.
fn below_zero(context: &Context<'_>, schema: &Schema, body: &Value) -> Vec<Observation> {
    // An error says what it likes of numbers.
    if context.answer.status >= 300 {
        return Vec::new();
    }
    let mut found = Vec::new();
    for path in &schema.watched(watched).counts {
        let Some((tokens, seen)) = negative(body, path.steps()) else {
            continue;
        };
        let mut pointer = String::new();
        for token in tokens.iter().rev() {
            pointer.push('/');
            pointer.push_str(token);
        }
        let Some(field) = schema.field(path) else {
            continue;
        };
        let is_type = |fact: &&Fact| fact.facet == Facet::Type;
        found.push(Observation {
            check: Check::Schema,
            fact: context.operation.fact_id(Rule::new(
                context.place(),
                field.path.clone(),
                Facet::Minimum,
            )),
            seen: Seen::OutOfBounds,
            level: Level::Should,
            message: format!(
                "`{}` is {seen}: what counts or measures is not below zero",
                field.path
            ),
            documented: "a size or a count".to_owned(),
            rows: field.facts.iter().filter(is_type).cloned().collect(),
            at: Some(Part::Body(pointer)),
        });
    }
    found
}

/// The first number below zero that stands in a field, and the tokens of the pointer to it, the last
/// first: they are spelled only where there is one.
fn negative<'b>(body: &'b Value, steps: &[Step]) -> Option<(Vec<String>, &'b Value)> {
    let Some((step, below)) = steps.split_first() else {
        let is_negative = body.as_f64().is_some_and(|number| number < 0.0);
        return is_negative.then(|| (Vec::new(), body));
    };
    let within = |value: &'b Value, token: &dyn Fn() -> String| {
        let (mut tokens, seen) = negative(value, below)?;
        tokens.push(token());
        Some((tokens, seen))
    };
    match (step, body) {
        (Step::Name(name), Value::Object(map)) => within(map.get(name)?, &|| escape_token(name)),
        (Step::Item, Value::Array(items)) => {
            let mut items = items.iter().enumerate();
            items.find_map(|(index, item)| within(item, &|| index.to_string()))
        }
        (Step::Entry, Value::Object(map)) => {
            let mut entries = map.iter();
            entries.find_map(|(name, entry)| within(entry, &|| escape_token(name)))
        }
        _ => None,
    }
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
    let is_of_document = |row: &Fact| matches!(row.source, Source::Document(_));
    let level = match stated {
        // What a branch of a union needs is told of no answer as a whole, but surely of one that is
        // of that branch alone.
        Some(Level::May) if facet == Facet::Required && rows.iter().all(is_of_document) => {
            Level::Must
        }
        Some(level) => level,
        None => Level::Should,
    };
    let level = if is_null && facet != Facet::Required {
        if schema.is_null_unstated_in_answers(&violation.field, &rows) {
            Level::May
        } else if rows.iter().all(|row| matches!(row.source, Source::Page(_))) {
            // That it is always there does not say that it always has a value.
            level.min(Level::Should)
        } else {
            level
        }
    } else {
        level
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
