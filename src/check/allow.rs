//! A 405 says with `Allow` which methods there are (RFC 9110, section 15.5.6).

use crate::contract::{Facet, Level, Wire};

use super::{Check, Context, Observation, Seen};

pub(super) fn check(context: &Context<'_>) -> Vec<Observation> {
    let answer = context.answer;
    if answer.status != 405 || answer.header("allow").is_some() {
        return Vec::new();
    }
    // Whoever documents the status knows what belongs to it; of one that comes from whatever
    // stands in front of the service, no page says anything.
    let level = if context.operation.names(405) {
        Level::Should
    } else {
        Level::May
    };
    vec![context.observe(
        Check::Allow,
        Facet::Wire(Wire::Allow),
        level,
        Seen::Absent,
        "answered 405 without `Allow`".to_owned(),
        "RFC 9110, 15.5.6: the methods that there are",
    )]
}
