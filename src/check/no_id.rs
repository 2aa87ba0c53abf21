//! Texts in a path that are no ids: the parameter that they stand for takes none of their form.

use crate::contract::{Facet, Location, Operation, Parameter};
use crate::generate::{Request, typed};

/// Whether a part of a request's path is of a form that its parameter does not take, or of which
/// nobody knows whether it does. A router that looks at forms leads it to no operation at all.
pub(super) fn is_in_path(operation: &Operation, request: &Request) -> bool {
    let mut in_path = operation.parameters_in(Location::Path);
    in_path.any(|parameter| {
        let sent = request.path.get(&parameter.name);
        sent.is_some_and(|text| !is_taken(parameter, text))
    })
}

fn is_taken(parameter: &Parameter, text: &str) -> bool {
    let mut facts = parameter.schema.fields().flat_map(|field| field.facts);
    !facts.any(|fact| fact.facet == Facet::Prose)
        && typed(text, &parameter.schema).is_some_and(|value| parameter.schema.is_valid(&value))
}
