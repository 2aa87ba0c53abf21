//! Numbers of an answer that follow from others in it, as their rows say: a sum, or how many items a
//! list has. Made up each by itself they would contradict each other.

use serde_json::{Map, Number, Value};

use crate::contract::{
    Computed, Facet, Field, FieldPath, Meaning, Operation, Schema, StatusRange, counted_list,
    types_of,
};

use super::reply::{Body, Reply, each};

/// A number of an operation's answers, and what it follows from.
#[derive(Debug)]
pub(super) struct Follows {
    status: StatusRange,
    field: FieldPath,
    from: From,
    /// Whether it is told as a text.
    is_text: bool,
    /// What it has to satisfy.
    alone: Option<Schema>,
}

/// What a number follows from.
#[derive(Debug)]
enum From {
    /// Others beside it.
    Numbers(Computed),
    /// The items of a list beside it.
    List(String),
}

/// The numbers of an operation's successes that follow from others.
pub(super) fn of(operation: &Operation) -> Vec<Follows> {
    let mut found = Vec::new();
    for response in operation.successes() {
        let Some(schema) = &response.schema else {
            continue;
        };
        for field in schema.fields() {
            if let Some(from) = From::of(schema, &field) {
                found.push(Follows {
                    status: response.status,
                    field: field.path.clone(),
                    from,
                    is_text: types_of(field.node) == ["string"],
                    alone: schema.part(field.node),
                });
            }
        }
    }
    // What lies deeper is a part of what is above it.
    found.sort_by_key(|own| std::cmp::Reverse(own.field.steps().len()));
    found
}

impl From {
    fn of(schema: &Schema, field: &Field<'_>) -> Option<Self> {
        let says = |meaning| {
            let facet = Facet::Meaning(meaning);
            field.facts.iter().any(|fact| fact.facet == facet)
        };
        if says(Meaning::Computed) {
            Computed::of(field.node).map(Self::Numbers)
        } else if says(Meaning::Counts) {
            counted_list(schema, field.path).map(Self::List)
        } else {
            None
        }
    }

    /// The number, where what it follows from is there.
    fn within(&self, object: &Map<String, Value>) -> Option<f64> {
        match self {
            Self::Numbers(computed) => computed.wanted(object).map(|wanted| wanted.value),
            Self::List(list) => {
                let items = object.get(list)?.as_array()?.len();
                u32::try_from(items).ok().map(f64::from)
            }
        }
    }
}

/// Sets the numbers of an answer to what they follow from.
pub(super) fn settle(all: &[Follows], reply: &mut Reply) {
    let status = reply.status;
    let Body::Json(body) = &mut reply.body else {
        return;
    };
    // One may follow from another beside it.
    for own in all.iter().chain(all) {
        if own.status.covers(status) {
            each(body, &own.field, &mut |object, name| {
                let told = own.from.within(object).and_then(number);
                let told = told.map(|number| {
                    if own.is_text {
                        Value::from(number.to_string())
                    } else {
                        Value::Number(number)
                    }
                });
                let is_taken =
                    |value: &Value| own.alone.as_ref().is_none_or(|alone| alone.is_valid(value));
                if let Some(value) = told.filter(is_taken) {
                    object.insert(name.to_owned(), value);
                }
            });
        }
    }
}

/// A number as JSON has it: a whole one without a fraction.
fn number(value: f64) -> Option<Number> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() < EXACT {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "it is whole and within range"
        )]
        let whole = value as i64;
        return Some(Number::from(whole));
    }
    Number::from_f64(value)
}
