//! What words mean: the keys of the tables in a dialect's file.

use serde::Deserialize;

/// What a column of a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Column {
    /// The name of a parameter or field.
    Name,
    /// Whether it is mandatory.
    Mandatory,
    /// Whether it may be left out.
    Optional,
    /// Whether only answers have it.
    ReadOnly,
    /// Its type.
    Type,
    /// Its description, where constraints stand.
    Description,
    /// Its default value.
    Default,
    /// Its range of values.
    Range,
    /// How many characters it has at least.
    MinLength,
    /// How many characters it has at most.
    MaxLength,
    /// The least value.
    Minimum,
    /// The greatest value.
    Maximum,
    /// An example value.
    Example,
    /// Where the parameter is sent (`path`, `query`, `header`, `body`).
    Location,
    /// A status code.
    Status,
    /// An error code.
    ErrorCode,
    /// An error message.
    ErrorMessage,
}

/// Where a field is sent, as the cell of a column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query string.
    Query,
    /// As a header.
    Header,
    /// In the body, whatever its format.
    Body,
    /// As a cookie, or in an answer: with no request that is made here.
    Elsewhere,
}

/// What a word says of a place, in the order in which the words are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum PlaceWord {
    Elsewhere,
    Path,
    Query,
    Header,
    Body,
    /// `URL` and `URI` are the path for a name that stands there, else the query.
    Url,
}

impl PlaceWord {
    /// The place that it says.
    pub(super) fn place(self) -> Place {
        match self {
            Self::Elsewhere => Place::Elsewhere,
            Self::Header => Place::Header,
            Self::Path | Self::Url => Place::Path,
            Self::Query => Place::Query,
            Self::Body => Place::Body,
        }
    }
}

/// What a cell of a column of requiredness says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Requiredness {
    Mandatory,
    Optional,
}

/// A part of a description that has a label of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CellPart {
    /// What the field is; a cell that is made of parts begins with it.
    Definition,
    /// What holds for it.
    Constraints,
    /// Its range, or its values.
    Range,
    /// Its default.
    Default,
}

/// The sections of a reference page that decide what stands in them, in the order in which their
/// patterns are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Section {
    /// Example requests.
    ExampleRequest,
    /// Example responses.
    ExampleResponse,
    /// Answers to what goes wrong.
    AbnormalResponse,
    /// Examples, of which is not said what they show.
    Example,
    /// The status codes.
    StatusCodes,
    /// The error codes.
    ErrorCodes,
    /// Method and path, and the path and query parameters.
    Uri,
    /// The request's parameters.
    RequestParameters,
    /// The response's fields.
    ResponseParameters,
    /// What the operation does.
    Function,
    /// Sample code: nothing documented stands there.
    SampleCode,
    /// A section that holds nothing of the contract (calling method, feedback, debugging).
    Other,
}

/// The type that a word spells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum TypeWord {
    /// Text.
    String,
    /// Text of a form that the word names.
    Formed,
    /// Text that is one of several values.
    Listed,
    /// Text of some signs, where its greatest length stands behind the word: `AN(20)`.
    Sized,
    /// The bytes of a file.
    File,
    /// An integer of which no width is told.
    Integer,
    /// A 32-bit integer.
    Int32,
    /// A 64-bit integer.
    Long,
    /// A number of which no precision is told.
    Number,
    /// A number of single precision.
    Float,
    /// A number of double precision.
    Double,
    /// `true` or `false`.
    Boolean,
    /// An object without a name of its own.
    Object,
    /// An array of nothing said.
    Array,
    /// Anything.
    Any,
}

/// What a word of a label means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum LabelWord {
    /// Fields of something.
    Fields,
    /// Fields, by a word that pages also have for an object's structure.
    Structure,
    /// The request.
    Request,
    /// The answer.
    Response,
    /// The path.
    Path,
    /// The URL: its path or its query.
    Url,
    /// The query string.
    Query,
    /// The headers.
    Header,
    /// The body.
    Body,
    /// A word that says nothing of what is meant.
    Filler,
}
