//! A documented error body says something: its code and message are not empty.

use serde_json::Value;

use crate::contract::{Level, facts_of};

use super::{Context, Observation, Part};

pub(super) fn check(context: &Context<'_>) -> Vec<Observation> {
    if context.answer.status < 400 {
        return Vec::new();
    }
    let Some(Ok(Value::Object(body))) = &context.body else {
        return Vec::new();
    };
    let Some(schema) = context
        .response
        .and_then(|response| response.schema.as_deref())
    else {
        return Vec::new();
    };
    schema
        .fields()
        .into_iter()
        .filter(|field| field.required && !field.path.is_empty())
        .filter(|field| {
            body.get(&field.path)
                .and_then(Value::as_str)
                .is_some_and(|text| text.trim().is_empty())
        })
        .map(|field| Observation {
            check: "error-body",
            fact: context
                .operation
                .fact(&context.place(), &field.path, "required"),
            level: Level::Should,
            message: format!("`{}` of the error is empty", field.path),
            documented: "an error body".to_owned(),
            rows: facts_of(field.node),
            at: Some(Part::Body(format!("/{}", field.path))),
        })
        .collect()
}
