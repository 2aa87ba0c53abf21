//! What a request breaks, named as the contract names facts: place, field, facet.

use std::borrow::Cow;

/// One rule that a request breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Breach {
    /// `path`, `query`, `header`, `request`; `auth` for credentials.
    pub(super) place: &'static str,
    /// The field's path within the place; empty for the place itself.
    pub(super) field: String,
    /// The facet that is broken (`enum`, `maxLength`, `required`, ...), or one of the words of [`Reason`].
    pub(super) facet: Cow<'static, str>,
    /// What kind of refusal it deserves.
    pub(super) reason: Reason,
    /// More for people; empty where the rest says enough.
    pub(super) detail: String,
}

/// The kinds of refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Reason {
    /// A value is not as documented.
    Value,
    /// Something mandatory is absent.
    Required,
    /// The body cannot be read.
    Malformed,
    /// The resource is not known.
    Unknown,
    /// The resource cannot be used for this.
    Unsuitable,
    /// The credentials are absent or wrong.
    Credentials,
    /// The method is not documented on the path.
    Method,
    /// No documented path.
    Path,
    /// The URI is too long.
    LongUri,
    /// The headers are too long.
    LongHeaders,
    /// The body is too long.
    LongBody,
    /// The service has too much to do.
    Busy,
}

impl Reason {
    /// The number in the error code.
    pub(super) fn number(self) -> u16 {
        match self {
            Self::Value => 4000,
            Self::Required => 4001,
            Self::Malformed => 4002,
            Self::Unsuitable => 4003,
            Self::Credentials => 4010,
            Self::Unknown => 4040,
            Self::Path => 4041,
            Self::Method => 4050,
            Self::LongBody => 4130,
            Self::Busy => 4290,
            Self::LongUri => 4140,
            Self::LongHeaders => 4310,
        }
    }

    /// The status where a page does not say another one.
    pub(super) fn status(self) -> u16 {
        match self {
            Self::Value | Self::Required | Self::Malformed | Self::Unsuitable => 400,
            Self::Credentials => 401,
            Self::Unknown | Self::Path => 404,
            Self::Method => 405,
            Self::LongBody => 413,
            Self::Busy => 429,
            Self::LongUri => 414,
            Self::LongHeaders => 431,
        }
    }
}

impl Breach {
    /// A breach of a value's rule.
    pub(super) fn new(
        place: &'static str,
        field: &str,
        facet: impl Into<Cow<'static, str>>,
        reason: Reason,
    ) -> Self {
        Self {
            place,
            field: field.to_owned(),
            facet: facet.into(),
            reason,
            detail: String::new(),
        }
    }

    /// A sentence for people. It never repeats what was sent.
    pub(super) fn message(&self) -> String {
        let field = if self.field.is_empty() {
            "the body"
        } else {
            &self.field
        };
        match self.reason {
            Reason::Value => format!("{field} does not meet its {} rule", self.facet),
            Reason::Required => format!("{field} is missing"),
            Reason::Malformed => format!("the request is malformed: {}", self.facet),
            Reason::Unknown => format!("{field} names nothing that exists"),
            Reason::Unsuitable => format!("{field} names something that this is not possible on"),
            Reason::Credentials => format!("incorrect authentication information: {}", self.detail),
            Reason::Method => "the method is not supported here".to_owned(),
            Reason::Path => "there is nothing at this path".to_owned(),
            Reason::LongUri => "the URI is too long".to_owned(),
            Reason::LongHeaders => "the headers are too long".to_owned(),
            Reason::LongBody => "the body is too long".to_owned(),
            Reason::Busy => "there is too much to do".to_owned(),
        }
    }
}
