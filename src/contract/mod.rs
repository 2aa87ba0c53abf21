//! The contract: OpenAPI 3.1 documents and JSON Schemas with provenance; loading, saving and
//! compiling them.

mod action;
mod border;
mod bundle;
mod combination;
mod compile;
mod computed;
mod counted;
mod document;
mod documentation;
mod error;
mod example;
mod extent;
mod facet;
mod field_path;
mod fixtures;
mod for_tools;
mod form;
pub mod formats;
mod json;
mod keyword;
mod layout;
mod list_style;
mod media;
mod message;
mod multipart;
mod naming;
pub mod numbered;
mod operation;
mod order;
mod provenance;
mod refusals;
mod relation;
mod resource;
mod rule;
mod schema;
mod security;
mod service;
mod standard_formats;
mod suite;
mod told_by_act;
mod unbundle;
mod violation;
mod wrong;

pub use action::{Action, sent_path};
pub use combination::{
    BETWEEN, Combination, Effect, Guard, Test, UNSPECIFIED, combinations, unspecified,
};
pub use compile::{compile, compile_file};
pub use computed::{COMPUTED, Computed, Sign, told};
pub use counted::{counted_by, counted_list};
pub use document::{PageEdition, Provenance};
pub use documentation::DocumentationKind;
pub use error::ContractError;
pub use extent::untold;
pub use facet::{Facet, Keyword, Meaning, Wire};
pub use field_path::{FieldPath, Step, escape_token, unescape_token};
pub use for_tools::plain;
pub use form::{Form, NoForm, is_file};
pub use json::{Malformed, Reading, is_too_deep, parse_strict, too_deep_from};
pub use layout::Writes;
pub use list_style::ListStyle;
pub use media::{MediaType, Writing};
pub use message::{
    LinkedValue, Location, Parameter, RequestBody, Response, ResponseHeader, is_redirect,
    is_without_body,
};
pub use multipart::{Part as FormPart, read as form_parts};
pub use naming::{
    HIGH, LOW, carries_credential, checks_credential, hands_out_credential, is_called, is_one_time,
    is_scope, is_secret, is_volatile, is_wrapper, may_carry_credential, names_owner, words,
};
pub use operation::{DocumentedRule, Operation, is_credential};
pub use order::Sense;
pub use provenance::{
    ANNOTATION, DocumentPlace, DocumentationFinding, Fact, Level, PageRow, Source,
};
pub use relation::{Listing, Owner, RangeEnd, Relation, is_descending, sort_order};
pub(crate) use resource::self_link;
pub use resource::{
    Collection, Creation, Identity, ItemKeys, Resource, changes_by_verb, collections, makes,
    parameters_of_path, singular, takes_id,
};
pub use rule::{FactId, NameError, OperationId, Place, Row, Rule, StatusRange, Topic};
pub use schema::{Field, OPAQUE, Schema, Violation, Watched, enum_values, types_of};
pub use security::{AWS_SIGNATURE, Security, SecurityScheme};
pub use service::{DIALECT, DOCUMENT, Service, render, without_provenance};
pub use suite::{CaseFile, EVERYWHERE, ResourceExpectation, Suite, SuiteError};
pub use told_by_act::{is_state, tells_a_state, told_by_act};

pub(crate) use schema::type_of;
pub(crate) use suite::merge_case_files;
