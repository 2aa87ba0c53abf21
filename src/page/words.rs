//! The vocabulary of reference pages, as tables: header words, words for mandatory, names of types, in the languages we read.
//! Readers use it to tell a header from a row; `derive` uses it to know what a column holds. One table each, no code.

/// What a column of a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// The name of a parameter or field.
    Name,
    /// Whether it is mandatory.
    Mandatory,
    /// Its type.
    Type,
    /// Its description, where constraints stand.
    Description,
    /// Its default value.
    Default,
    /// Its range of values.
    Range,
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

/// A type as pages spell them, resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeName {
    /// Text.
    String,
    /// A 32-bit integer.
    Integer,
    /// A 64-bit integer.
    Long,
    /// A number of single precision.
    Float,
    /// A number of double precision.
    Double,
    /// `true` or `false`.
    Boolean,
    /// An object, with the name that the page gives its structure (`BackupRecordResponse`), if any.
    Object(Option<String>),
    /// An array of something.
    Array(Box<TypeName>),
    /// A map from text to something.
    Map(Box<TypeName>),
    /// Anything.
    Any,
}
