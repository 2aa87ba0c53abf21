//! Creates that a service only tries: by a parameter that asks for no more, nothing is made.

use crate::contract::{FieldPath, Location, Operation, Place, is_called};
use crate::generate::Request;

/// Names of parameters by which a service only tries what a request asks for, and makes nothing.
const TRIES: [&str; 6] = [
    "dry_run",
    "dryrun",
    "validate_only",
    "validation_only",
    "simulate",
    "what_if",
];

/// A request without what keeps it from making anything.
pub(super) fn really(operation: &Operation, request: &Request) -> Request {
    let mut request = request.clone();
    let query = operation.parameters_in(Location::Query);
    for tries in query.filter(|own| TRIES.iter().any(|name| is_called(&own.name, name))) {
        let field = FieldPath::name(&tries.name);
        if !tries.required && request.get(Place::Query, &field).is_some() {
            request.set(Place::Query, &field, None);
        }
    }
    request
}
