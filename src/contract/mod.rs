//! The contract: OpenAPI 3.1 documents and JSON Schemas with provenance; loading, saving and compiling them.

pub mod diff;
mod documentation;
mod facet;
pub mod formats;
mod json;
mod operation;
mod provenance;
mod relation;
mod rule;
mod schema;
mod service;
pub mod starter;
mod suite;

pub use documentation::DocumentationKind;
pub use facet::{Facet, Keyword, UnknownFacet, Wire};
pub use json::{Malformed, parse_strict};
pub use operation::{
    Location, METHODS, NamedFact, Operation, Parameter, RequestBody, Response, annotation,
};
pub use provenance::{
    ANNOTATION, DocumentPlace, DocumentationFinding, Fact, Level, PageRow, Source,
};
pub use relation::{Listing, Owner, Relation};
pub use rule::{
    FactId, FieldPath, NameError, OperationId, Place, Row, Rule, StatusRange, Step, Topic,
    escape_token, unescape_token,
};
pub use schema::{Field, Schema, SchemaError, Violation, enum_values, facts_of, object, types_of};
pub use service::{ContractError, DOCUMENT, Service, render, without_provenance};
pub use suite::{CaseFile, OperationCases, ResourceCase, ResourceExpectation, Suite, SuiteError};

pub(crate) use schema::type_of;
pub(crate) use suite::merge_case_files;
