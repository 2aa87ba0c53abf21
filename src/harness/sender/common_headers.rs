//! The headers that every request of an operation carries, beside those that its source documents.

use std::borrow::Cow;

use crate::contract::{Location, Operation, Suite};
use crate::generate::Request;
use crate::harness::target::Target;

/// A request with the headers that every request of an operation carries: those that `cases/` and
/// the target name, where the operation does not document them.
pub(in crate::harness) fn with_common_headers<'r>(
    suite: &Suite,
    target: &Target,
    operation: &Operation,
    request: &'r Request,
) -> Cow<'r, Request> {
    let cases = suite.cases_of(operation);
    let own: Vec<_> = cases.headers.iter().collect();
    let common = target.headers.iter().filter(|(name, _)| {
        let is_documented = operation
            .parameters_in(Location::Header)
            .any(|parameter| parameter.name.eq_ignore_ascii_case(name));
        !is_documented && !own.iter().any(|(one, _)| one.eq_ignore_ascii_case(name))
    });
    let common = common.map(|(name, value)| (name, value));
    let mut sent = Cow::Borrowed(request);
    for (name, value) in own.iter().copied().chain(common) {
        let is_there = |(known, _): &(String, String)| known.eq_ignore_ascii_case(name);
        if !sent.headers.iter().any(is_there) {
            sent.to_mut().headers.push((name.clone(), value.clone()));
        }
    }
    sent
}
