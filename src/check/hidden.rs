//! What a page says that no answer shows is in none: neither under its name, nor as it was sent.

use serde_json::Value;

use super::{Check, Context, Observation, Part, Seen};
use crate::contract::{Facet, Fact, Meaning, Place, Rule, escape_token};

/// The shortest text that is told from others: shorter ones may stand anywhere.
const SHORTEST: usize = 4;

pub(super) fn check(context: &Context<'_>) -> Vec<Observation> {
    let hidden = Facet::Meaning(Meaning::Hidden);
    let schema = match &context.operation.request_body {
        Some(body) if context.answer.status / 100 == 2 => &body.schema,
        _ => return Vec::new(),
    };
    let Some(Ok(body)) = &context.body else {
        return Vec::new();
    };
    let is_hidden = |facts: &[Fact]| facts.iter().any(|fact| fact.facet == hidden);
    let mut found = Vec::new();
    for field in schema.fields().filter(|field| is_hidden(field.facts)) {
        let sent = context.case.request.get(Place::Request, field.path);
        let (Some(sent), Some(name)) = (sent, field.path.last_name()) else {
            continue;
        };
        let is_telling = match &sent {
            Value::String(text) => text.chars().count() >= SHORTEST,
            Value::Number(number) => number.to_string().len() >= SHORTEST,
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => false,
        };
        let at = is_telling.then(|| named(body, name, &sent, String::new()));
        let Some(pointer) = at.flatten() else {
            continue;
        };
        let rule = Rule::new(Place::Request, field.path.clone(), hidden);
        let is_stating = |fact: &&Fact| fact.facet == hidden;
        let rows: Vec<Fact> = field.facts.iter().filter(is_stating).cloned().collect();
        found.push(Observation {
            check: Check::Leak,
            fact: context.operation.fact_id(rule),
            seen: Seen::UnexpectedBody,
            level: rows.iter().map(|row| row.level).max().unwrap_or_default(),
            message: format!(
                "the {} answer shows `{}` as it was sent",
                context.answer.status, field.path
            ),
            documented: "no answer shows it".to_owned(),
            rows,
            at: Some(Part::Body(pointer)),
        });
    }
    found
}

/// Where a body has a field of this name and value, as a pointer.
fn named(body: &Value, name: &str, sent: &Value, pointer: String) -> Option<String> {
    match body {
        Value::Object(map) => map.iter().find_map(|(own, value)| {
            let pointer = format!("{pointer}/{}", escape_token(own));
            if own == name && value == sent {
                return Some(pointer);
            }
            named(value, name, sent, pointer)
        }),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| named(item, name, sent, format!("{pointer}/{index}"))),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}
