//! A case: one request with its expectation.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::contract::{FieldPath, Place, SecurityScheme};

use super::body::Body;
use super::request::{Credential, Request, is_safe};

/// What the answer to a request may be (the oracle's table).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Expectation {
    /// Documented-valid: a documented success status.
    Success,
    /// Breaks exactly one documented rule: a documented 4xx.
    Refusal,
    /// Breaks a rule of which no page says how it is met: as a refusal, at level `should`.
    #[serde(alias = "customary-refusal")]
    ConventionalRefusal,
    /// Breaks a rule by a value that lenient readers take for what it stands for: as a refusal, at
    /// level `may`.
    LenientRefusal,
    /// Not JSON, not UTF-8 or not the documented content type: a documented 4xx, or 415 where the
    /// content type is at fault.
    Malformed,
    /// Unspecified: any documented status, never a 5xx.
    Unspecified,
    /// No or wrong credentials: 401, 403 or a documented 4xx.
    Unauthorised,
    /// An unknown resource: a documented 4xx or 404.
    UnknownResource,
    /// An unknown resource for an operation that documents no refusal of one, such as a delete that
    /// may be repeated (RFC 9110, section 9.2.2): any documented status, 404 or 410.
    AbsentResource,
    /// A resource for which the operation is documented to be refused: a documented 4xx.
    RefusedResource,
    /// A resource without records: 204, or a success whose arrays are empty.
    EmptyResource,
    /// A method that no page documents on the path: 405 or another refusal.
    UndocumentedMethod,
    /// A path that no page documents, below those that they do: not a 2xx.
    UndocumentedPath,
    /// An id far too long to be one: a documented 4xx, 413, 414 or 431.
    TooLarge,
    /// Documented-valid but for its size, a URI, header or body far beyond what any page shows: any
    /// documented status, 413, 414, 431, or a closed connection (RFC 9110, section 15.5.14); never
    /// a 5xx.
    Oversized,
}

impl Expectation {
    /// Whether the request is to be refused for what it is, whoever sends it and in whatever state
    /// the endpoint is.
    pub fn is_refusal(self) -> bool {
        matches!(
            self,
            Self::Refusal
                | Self::ConventionalRefusal
                | Self::LenientRefusal
                | Self::Malformed
                | Self::UnknownResource
                | Self::RefusedResource
                | Self::TooLarge
        )
    }

    /// Whether the documentation says which fields the answer of a status has: it speaks of
    /// requests that it calls valid, and of refusals.
    pub fn tells_presence(self, status: u16) -> bool {
        match self {
            Self::Success => true,
            Self::Refusal
            | Self::ConventionalRefusal
            | Self::LenientRefusal
            | Self::Malformed
            | Self::Unspecified
            | Self::Unauthorised
            | Self::UnknownResource
            | Self::AbsentResource
            | Self::RefusedResource
            | Self::UndocumentedMethod => status >= 400,
            Self::EmptyResource | Self::UndocumentedPath | Self::TooLarge | Self::Oversized => {
                false
            }
        }
    }
}

/// One request with its expectation.
#[derive(Debug, Clone)]
pub struct Case {
    /// What the case is, in a few words (`one character over the maximum`).
    pub label: String,
    /// The request.
    pub request: Request,
    /// What may be answered.
    pub expectation: Expectation,
}

/// A case before it is made: a request that many cases share, and what is changed in it.
#[derive(Debug, Clone)]
pub struct PlannedCase {
    /// The request that is changed.
    pub base: Arc<Request>,
    /// The changes, in their order.
    pub edits: Vec<Edit>,
    /// What the case is, in a few words.
    pub label: String,
    /// What may be answered.
    pub expectation: Expectation,
}

/// A change of a request.
#[derive(Debug, Clone)]
pub enum Edit {
    /// Puts a value into a field, or takes it out.
    Set {
        /// Where.
        place: Place,
        /// The field within the place.
        field: FieldPath,
        /// The value, which many cases may share.
        value: Option<Arc<Value>>,
    },
    /// Adds a parameter to the query, whatever is there.
    AddToQuery(String, String),
    /// Adds a header, whatever is there.
    AddHeader(String, String),
    /// Adds a parameter of so many zeros to the query.
    PadQuery(&'static str, usize),
    /// Adds a header of so many zeros.
    PadHeader(&'static str, usize),
    /// Takes another method.
    Method(&'static str),
    /// Takes another body; the content type stays.
    Body(Body),
    /// Adds blanks to the end of the body.
    Blanks(usize),
    /// Takes another content type, or none.
    ContentType(Option<&'static str>),
    /// Carries another credential.
    Credential(Credential),
    /// Carries another credential by one scheme, and the right ones by the others.
    CredentialOf(SecurityScheme, Credential),
}

impl Edit {
    /// Changes a request.
    pub(super) fn apply(&self, request: &mut Request) {
        match self {
            Self::Set {
                place,
                field,
                value,
            } => request.set(*place, field, value.as_deref().cloned()),
            Self::AddToQuery(name, value) => request.query.push((name.clone(), value.clone())),
            Self::AddHeader(name, value) => request.headers.push((name.clone(), value.clone())),
            // Made when it is sent: a plan of many operations would hold megabytes of zeros.
            Self::PadQuery(name, count) => {
                request.query.push(((*name).to_owned(), "0".repeat(*count)));
            }
            Self::PadHeader(name, count) => {
                let padding = "0".repeat(*count);
                request.headers.push(((*name).to_owned(), padding));
            }
            Self::Method(method) => (*method).clone_into(&mut request.method),
            Self::Body(body) => request.body = body.clone(),
            Self::Blanks(count) => {
                let mut bytes = request.body_bytes().unwrap_or_default();
                bytes.resize(bytes.len() + count, b' ');
                request.body = Body::Raw(bytes);
            }
            Self::ContentType(kind) => request.content_type = kind.map(str::to_owned),
            Self::Credential(credential) => request.credential = *credential,
            Self::CredentialOf(scheme, credential) => {
                request.credential = *credential;
                request.credential_of = Some(Box::new(scheme.clone()));
            }
        }
    }
}

impl PlannedCase {
    /// A case that sends a request as it is.
    pub fn of(base: &Arc<Request>, label: impl Into<String>, expectation: Expectation) -> Self {
        Self {
            base: Arc::clone(base),
            edits: Vec::new(),
            label: label.into(),
            expectation,
        }
    }

    /// The same with a change more.
    #[must_use]
    pub fn with(mut self, edit: Edit) -> Self {
        self.edits.push(edit);
        self
    }

    /// The case with its request.
    pub fn make(&self) -> Case {
        let mut request = (*self.base).clone();
        for edit in &self.edits {
            edit.apply(&mut request);
        }
        Case {
            label: self.label.clone(),
            request,
            expectation: self.expectation,
        }
    }

    /// Whether its method asks for nothing to be changed: known without its request.
    pub fn is_safe(&self) -> bool {
        let method = self.edits.iter().rev().find_map(|edit| match edit {
            Edit::Method(method) => Some(*method),
            Edit::Set { .. }
            | Edit::AddToQuery(..)
            | Edit::AddHeader(..)
            | Edit::PadQuery(..)
            | Edit::PadHeader(..)
            | Edit::Body(_)
            | Edit::Blanks(_)
            | Edit::ContentType(_)
            | Edit::Credential(_)
            | Edit::CredentialOf(..) => None,
        });
        is_safe(method.unwrap_or(&self.base.method), &self.base.template)
    }
}
