//! A body that is documented, or that calls itself JSON, is one well-formed JSON value: no duplicate keys, BOM, NaN or trailing text.

use crate::contract::Level;

use super::{Context, Observation};

pub(super) fn check(context: &Context<'_>) -> Vec<Observation> {
    let Some(Err(error)) = &context.body else {
        return Vec::new();
    };
    let says_json = context
        .answer
        .header("content-type")
        .is_some_and(|kind| kind.to_ascii_lowercase().contains("json"));
    let documented = context
        .response
        .is_some_and(|response| response.schema.is_some());
    if !documented && !says_json {
        return Vec::new();
    }
    vec![Observation {
        check: "json",
        fact: context.operation.fact(&context.place(), "", "json"),
        level: Level::Must,
        message: format!("the body of the {} answer {error}", context.answer.status),
        documented: "a JSON body".to_owned(),
        rows: context
            .response
            .map(|response| response.facts.clone())
            .unwrap_or_default(),
        at: None,
    }]
}
