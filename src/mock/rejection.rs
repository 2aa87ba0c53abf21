//! Why a request is rejected: where, and for what.

use crate::contract::{Facet, FieldPath, Malformed, NoForm, Place, Row, Violation};

/// One reason to reject a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rejection {
    /// Where; the operation itself for credentials, methods and paths.
    pub(super) row: Row,
    /// What is wrong there.
    pub(super) cause: Cause,
    /// More for people; empty where the rest says enough.
    pub(super) detail: String,
}

/// What is wrong with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Cause {
    /// A documented rule is broken.
    Rule(Facet),
    /// A parameter that has one value is sent more than once.
    Repeated,
    /// A time window ends before it begins.
    Order,
    /// The request cannot be read.
    Unreadable(Unreadable),
    /// The resource is not known.
    Unknown,
    /// The resource cannot be used for this.
    Unsuitable,
    /// Another one has this already.
    Taken,
    /// The credential is not accepted.
    Credential(Flaw),
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
    /// A fault refuses what is valid.
    Strict,
    /// A fault breaks the server.
    Broken,
}

/// Why a request cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Unreadable {
    /// An escape of the path is broken.
    Path,
    /// An escape of the query is broken.
    Query,
    /// The content type is not the documented one.
    ContentType,
    /// No media type that is asked for is one that is answered.
    Accept,
    /// The body is cut off.
    Length,
    /// The body is not UTF-8.
    Encoding,
    /// The body is not of its media type.
    Syntax,
    /// An object of the body has a key twice, or a form a field.
    Duplicate,
    /// Something follows the JSON value.
    Trailing,
}

/// What is wrong with a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Flaw {
    /// There is none.
    Missing,
    /// It is not the one that is accepted.
    Wrong,
    /// It is the one that is accepted, but for its end.
    Cut,
    /// It is the one that is accepted, and more.
    Extended,
    /// It is the one that is accepted, under another scheme of `Authorization`.
    OtherScheme,
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
    /// The body is of another media type.
    MediaType,
    /// No media type that is asked for is one that is answered.
    Accept,
    /// The resource is not known.
    Unknown,
    /// The resource cannot be used for this.
    Unsuitable,
    /// Another one has this already.
    Taken,
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

impl Unreadable {
    /// The word for it in messages.
    fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "escape",
            Self::ContentType => "contentType",
            Self::Accept => "accept",
            Self::Length => "length",
            Self::Encoding => "encoding",
            Self::Syntax => "syntax",
            Self::Duplicate => "duplicate",
            Self::Trailing => "trailing",
        }
    }
}

impl From<Malformed> for Unreadable {
    fn from(malformed: Malformed) -> Self {
        match malformed {
            Malformed::NotUtf8(_) => Self::Encoding,
            Malformed::ByteOrderMark | Malformed::Syntax(_) | Malformed::TooDeep(_) => Self::Syntax,
            Malformed::DuplicateKey(_) => Self::Duplicate,
            Malformed::Trailing(_) => Self::Trailing,
        }
    }
}

impl From<NoForm> for Unreadable {
    fn from(fault: NoForm) -> Self {
        match fault {
            NoForm::NotUtf8 => Self::Encoding,
            NoForm::NoParts => Self::Syntax,
            NoForm::Twice(_) => Self::Duplicate,
        }
    }
}

impl Flaw {
    /// The word for it in the names of faults.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Wrong => "wrong",
            Self::Cut => "cut",
            Self::Extended => "extended",
            Self::OtherScheme => "other-scheme",
        }
    }
}

impl Cause {
    /// The kind of refusal that it deserves.
    pub(super) fn reason(self) -> Reason {
        match self {
            Self::Rule(Facet::Required) => Reason::Required,
            Self::Rule(_) | Self::Repeated | Self::Order | Self::Strict | Self::Broken => {
                Reason::Value
            }
            Self::Unreadable(Unreadable::ContentType) => Reason::MediaType,
            Self::Unreadable(Unreadable::Accept) => Reason::Accept,
            Self::Unreadable(_) => Reason::Malformed,
            Self::Unknown => Reason::Unknown,
            Self::Unsuitable => Reason::Unsuitable,
            Self::Taken => Reason::Taken,
            Self::Credential(_) => Reason::Credentials,
            Self::Method => Reason::Method,
            Self::Path => Reason::Path,
            Self::LongUri => Reason::LongUri,
            Self::LongHeaders => Reason::LongHeaders,
            Self::LongBody => Reason::LongBody,
            Self::Busy => Reason::Busy,
        }
    }
}

impl Reason {
    /// The number in the error code.
    pub(super) fn number(self) -> u16 {
        match self {
            Self::Value => 4000,
            Self::Required => 4001,
            Self::Malformed | Self::MediaType => 4002,
            Self::Accept => 4060,
            Self::Unsuitable => 4003,
            Self::Taken => 4090,
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
            Self::Value | Self::Required | Self::Malformed | Self::MediaType | Self::Unsuitable => {
                400
            }
            Self::Taken => 409,
            Self::Credentials => 401,
            Self::Unknown | Self::Path => 404,
            Self::Method => 405,
            Self::Accept => 406,
            Self::LongBody => 413,
            Self::Busy => 429,
            Self::LongUri => 414,
            Self::LongHeaders => 431,
        }
    }
}

impl Rejection {
    /// A rejection for a field.
    pub(super) fn new(place: Place, field: FieldPath, cause: Cause) -> Self {
        Self {
            row: Row { place, field },
            cause,
            detail: String::new(),
        }
    }

    /// What a value breaks; `field` is where the value stands.
    pub(super) fn of_violation(place: Place, field: &FieldPath, violation: &Violation) -> Self {
        let field = field.followed_by(&violation.field);
        Self::new(place, field, Cause::Rule(violation.facet))
    }

    /// A rejection for a place as a whole.
    pub(super) fn of_place(place: Place, cause: Cause) -> Self {
        Self::new(place, FieldPath::root(), cause)
    }

    /// The kind of refusal that it deserves.
    pub(super) fn reason(&self) -> Reason {
        self.cause.reason()
    }

    /// A sentence for people. It never repeats what was sent.
    pub(super) fn message(&self) -> String {
        let field = if self.row.field.is_root() {
            "the body".to_owned()
        } else {
            self.row.field.to_string()
        };
        let breaks = |rule: &str| format!("{field} does not meet its {rule} rule");
        match self.cause {
            Cause::Rule(Facet::Required) => format!("{field} is missing"),
            Cause::Rule(facet) => breaks(facet.as_str()),
            Cause::Repeated => breaks("repeated"),
            Cause::Order => breaks("order"),
            Cause::Strict => breaks("strict"),
            Cause::Broken => breaks("error"),
            Cause::Unreadable(why) => format!("the request is malformed: {}", why.as_str()),
            Cause::Unknown => format!("{field} names nothing that exists"),
            Cause::Unsuitable => format!("{field} names something that this is not possible on"),
            Cause::Taken => format!("another one has this {field} already"),
            Cause::Credential(_) => {
                format!("incorrect authentication information: {}", self.detail)
            }
            Cause::Method => "the method is not supported here".to_owned(),
            Cause::Path => "there is nothing at this path".to_owned(),
            Cause::LongUri => "the URI is too long".to_owned(),
            Cause::LongHeaders => "the headers are too long".to_owned(),
            Cause::LongBody => "the body is too long".to_owned(),
            Cause::Busy => "there is too much to do".to_owned(),
        }
    }
}
