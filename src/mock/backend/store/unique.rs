//! The fields of a request that no two resources may have the same of, and others of which a page says
//! something.

use crate::contract::{
    Facet, Meaning, Operation, Resource, Response, enum_values, is_called, types_of,
};

use super::Store;
use super::kind::said_by;
use super::shape::place_in_request;

/// Names of what a service may want to be unique, the likeliest first.
const UNIQUE: [&str; 6] = ["name", "alias", "title", "slug", "label", "username"];

/// The text of a request that no two of a resource may have the same of, where a page says how a
/// second one is refused.
pub(super) fn unique_name(resource: &Resource, operation: &Operation) -> Option<String> {
    let code = |response: &Response| response.status.code();
    if !operation
        .responses
        .iter()
        .any(|response| code(response) == Some(409))
    {
        return None;
    }
    let said = said_by(resource, operation)?;
    let names = said.names();
    let is_text = |name: &&String| {
        let field = said.field(name.as_str());
        field.is_some_and(|(_, node)| {
            types_of(node).contains(&"string") && enum_values(node).is_empty()
        })
    };
    let own = format!("{}_name", resource.noun);
    UNIQUE
        .iter()
        .copied()
        .chain([own.as_str()])
        .find_map(|wanted| {
            names
                .iter()
                .filter(is_text)
                .find(|name| is_called(name, wanted))
        })
        .cloned()
}

/// The fields of a request of which a page says something, by their names.
pub(in crate::mock) fn documented_as(
    resource: &Resource,
    operation: &Operation,
    meaning: Meaning,
) -> Vec<String> {
    let Some(body) = &operation.request_body else {
        return Vec::new();
    };
    let at = place_in_request(resource, &body.schema);
    let facet = Facet::Meaning(meaning);
    body.schema
        .fields()
        .filter(|field| field.path.parent().as_ref() == Some(&at))
        .filter(|field| field.facts.iter().any(|fact| fact.facet == facet))
        .filter_map(|field| field.path.last_name().map(str::to_owned))
        .collect()
}

/// The fields of a request that no two may have the same of.
pub(super) fn unique_of(store: &Store, resource: &Resource, operation: &Operation) -> Vec<String> {
    let mut unique = unique_fields(resource, operation);
    let name = unique_name(resource, operation).filter(|_| store.has_unique_names);
    unique.extend(name.filter(|name| !unique.contains(name)));
    unique
}

/// The fields of a request that a page calls unique, where it says how a second one is refused.
pub(in crate::mock) fn unique_fields(resource: &Resource, operation: &Operation) -> Vec<String> {
    if operation.names(409) {
        documented_as(resource, operation, Meaning::Unique)
    } else {
        Vec::new()
    }
}
