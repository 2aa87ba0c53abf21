//! `Content-Length`, where it is stated and the body was not encoded, is the length of the body (RFC 9110, 8.6), and does not stand beside
//! `Transfer-Encoding` (RFC 9112, 6.2).

use crate::contract::Level;

use super::{Context, Observation};

pub(super) fn check(context: &Context<'_>) -> Vec<Observation> {
    let answer = context.answer;
    let Some(stated) = answer.header("content-length") else {
        return Vec::new();
    };
    let actual = answer.body.len();
    let (message, documented) = if let Some(encoding) = answer.header("transfer-encoding") {
        (
            format!("`Content-Length: {stated}` beside `Transfer-Encoding: {encoding}`"),
            "RFC 9112, 6.2: one or the other",
        )
    } else if answer.header("content-encoding").is_some()
        || answer.status == 204
        || stated.trim().parse::<usize>() == Ok(actual)
    {
        return Vec::new();
    } else {
        (
            format!("`Content-Length: {stated}` with a body of {actual} bytes"),
            "RFC 9110, 8.6: the length of the body",
        )
    };
    vec![Observation {
        check: "content-length",
        fact: context
            .operation
            .fact(&context.place(), "", "contentLength"),
        level: Level::Should,
        message,
        documented: documented.to_owned(),
        rows: context
            .response
            .map(|response| response.facts.clone())
            .unwrap_or_default(),
        at: None,
    }]
}
