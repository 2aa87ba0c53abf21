//! A 405 says with `Allow` which methods there are (RFC 9110, section 15.5.6): the documented one
//! is among them.

use crate::contract::{Facet, Level, Wire};

use super::{Check, Context, Observation, Seen};

pub(super) fn check(context: &Context<'_>) -> Vec<Observation> {
    let answer = context.answer;
    if answer.status != 405 {
        return Vec::new();
    }
    let method = context.operation.method.as_str();
    let (seen, message) = match answer.header("allow") {
        Some(allowed) if lists(allowed, method) || context.is_documented_method() => {
            return Vec::new();
        }
        Some(allowed) => {
            let shown: String = allowed.chars().take(LONGEST_SHOWN).collect();
            let message = format!("answered 405 with `Allow: {shown}`, which leaves out {method}");
            (Seen::NotListed, message)
        }
        None => (Seen::Absent, "answered 405 without `Allow`".to_owned()),
    };
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
        seen,
        message,
        "RFC 9110, 15.5.6: the methods that there are",
    )]
}

/// The most characters of a header that are told.
const LONGEST_SHOWN: usize = 200;

/// Whether a list of methods has one.
fn lists(allowed: &str, method: &str) -> bool {
    allowed.split(',').any(|one| one.trim() == method)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("GET", true)]
    #[case("HEAD,GET", true)]
    #[case("POST, GET , PUT", true)]
    #[case("POST", false)]
    #[case("GETS", false)]
    #[case("", false)]
    fn a_method_is_among_those_that_are_allowed(#[case] allowed: &str, #[case] expected: bool) {
        assert_eq!(lists(allowed, "GET"), expected);
    }
}
