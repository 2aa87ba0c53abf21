//! Whether a request to an operation can be wrong at all: what takes nothing but names in its path
//! has nothing that a service could find fault with.

use serde_json::Value;

use super::facet::Facet;
use super::message::{Location, Parameter};
use super::operation::Operation;
use super::provenance::{Fact, Source};
use super::rule::StatusRange;

/// Words of a schema that restrict no text.
const FREE: [&str; 7] = [
    "type",
    "title",
    "description",
    "default",
    "example",
    "examples",
    "x-docproof",
];

impl Operation {
    /// Whether a status tells of a wrong request (400, 422), and no request can be wrong: it has no
    /// body, and no parameter but texts in the path, which name something or nothing. Only an OpenAPI
    /// document lists all that an operation takes; what a page does not speak of may be taken.
    pub fn cannot_be_asked_wrongly(&self, status: StatusRange) -> bool {
        let is_of_document = |fact: &Fact| matches!(fact.source, Source::Document(_));
        matches!(status, StatusRange::Code(400 | 422))
            && !self.facts.is_empty()
            && self.facts.iter().all(is_of_document)
            && !self.facts.iter().any(|fact| fact.facet == Facet::Prose)
            && self.prose.is_empty()
            && self.request_body.is_none()
            && self.parameters.iter().all(|own| {
                own.location == Location::Path && is_any_text(own)
                    || self.is_credential(own.location, &own.name)
            })
    }
}

/// Whether any text is a value of a parameter.
fn is_any_text(parameter: &Parameter) -> bool {
    let Value::Object(schema) = &parameter.schema.root else {
        return false;
    };
    let is_free = |(word, value): (&String, &Value)| {
        FREE.contains(&word.as_str()) && (word != "type" || value == "string")
    };
    schema.iter().all(is_free)
}
