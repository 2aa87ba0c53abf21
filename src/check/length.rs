//! `Content-Length`, where it is stated and the body was not encoded, is the length of the body (RFC 9110, 8.6).

use crate::contract::Level;

use super::{Context, Observation};

pub(super) fn check(context: &Context<'_>) -> Vec<Observation> {
    let answer = context.answer;
    if answer.header("content-encoding").is_some()
        || answer.header("transfer-encoding").is_some()
        || answer.status == 204
    {
        return Vec::new();
    }
    let Some(stated) = answer.header("content-length") else {
        return Vec::new();
    };
    let actual = answer.body.len();
    if stated.trim().parse::<usize>() == Ok(actual) {
        return Vec::new();
    }
    vec![Observation {
        check: "content-length",
        fact: context
            .operation
            .fact(&context.place(), "", "contentLength"),
        level: Level::Should,
        message: format!("`Content-Length: {stated}` with a body of {actual} bytes"),
        documented: "RFC 9110, 8.6".to_owned(),
        rows: context
            .response
            .map(|response| response.facts.clone())
            .unwrap_or_default(),
        at: None,
    }]
}
