//! A case: one request with its expectation.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::request::Request;

/// What the answer to a request may be (the oracle's table).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Expectation {
    /// Documented-valid: a documented success status.
    Success,
    /// Breaks exactly one documented rule: a documented 4xx.
    Refusal,
    /// Breaks a rule of which no page says how it is met: as a refusal, at level `should`.
    CustomaryRefusal,
    /// Not JSON, not UTF-8 or not the documented content type: a documented 4xx, or 415 where the content type is at fault.
    Malformed,
    /// Unspecified: any documented status, never a 5xx.
    Unspecified,
    /// No or wrong credentials: 401, 403 or a documented 4xx.
    Unauthorised,
    /// An unknown resource: a documented 4xx or 404.
    UnknownResource,
    /// A resource for which the operation is documented to be refused: a documented 4xx.
    RefusedResource,
    /// A resource without records: 204, or a success whose arrays are empty.
    EmptyResource,
    /// A method that no page documents on the path: 405, 404, 501 or a documented 4xx.
    UndocumentedMethod,
    /// An id far too long to be one: a documented 4xx, 413, 414 or 431.
    TooLarge,
    /// Documented-valid but for its size, a URI, header or body far beyond what any page shows: any documented status, 413, 414, 431, or a closed
    /// connection (RFC 9110, section 15.5.14); never a 5xx.
    Oversized,
}

impl Expectation {
    /// Whether the request is to be refused for what it is, whoever sends it and in whatever state the endpoint is.
    pub fn is_refusal(self) -> bool {
        matches!(
            self,
            Self::Refusal
                | Self::CustomaryRefusal
                | Self::Malformed
                | Self::UnknownResource
                | Self::RefusedResource
                | Self::TooLarge
        )
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
