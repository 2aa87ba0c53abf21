//! `Content-Length`, where it is stated and the body was not encoded, is the length of the body
//! (RFC 9110, 8.6), and does not stand beside `Transfer-Encoding` (RFC 9112, 6.2). Of an answer that
//! has no body by nature it tells what another answer would have (RFC 9110, 8.6).

use crate::contract::{Facet, Level, Wire, is_without_body};

use super::fingerprint::LengthFault;
use super::{Check, Context, Observation, Seen};

pub(super) fn check(context: &Context<'_>) -> Vec<Observation> {
    let answer = context.answer;
    if is_without_body(&context.case.request.method, answer.status) {
        return Vec::new();
    }
    let Some(stated) = answer.header("content-length") else {
        return Vec::new();
    };
    let actual = answer.body.len();
    let (fault, message, documented) = if let Some(encoding) = answer.header("transfer-encoding") {
        (
            LengthFault::BesideTransferEncoding,
            format!("`Content-Length: {stated}` beside `Transfer-Encoding: {encoding}`"),
            "RFC 9112, 6.2: one or the other",
        )
    } else if answer.header("content-encoding").is_some()
        || stated.trim().parse::<usize>() == Ok(actual)
    {
        return Vec::new();
    } else {
        (
            LengthFault::Other,
            format!("`Content-Length: {stated}` with a body of {actual} bytes"),
            "RFC 9110, 8.6: the length of the body",
        )
    };
    vec![context.observe(
        Check::ContentLength,
        Facet::Wire(Wire::ContentLength),
        Level::Should,
        Seen::ContentLength { fault },
        message,
        documented,
    )]
}
