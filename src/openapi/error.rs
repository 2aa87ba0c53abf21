//! Why a document cannot be used: what is wrong, and where.

use std::fmt;

/// Where in a document something stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The document's name.
    pub document: String,
    /// The JSON pointer (RFC 6901); none for a text that could not be read.
    pub pointer: Option<String>,
    /// The 1-based line, where it is known.
    pub line: Option<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}`", self.document)?;
        if let Some(line) = self.line {
            write!(formatter, ", line {line}")?;
        }
        match self.pointer.as_deref() {
            None => Ok(()),
            Some("") => formatter.write_str(", at `/`"),
            Some(pointer) => write!(formatter, ", at `{pointer}`"),
        }
    }
}

/// What is wrong with a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// It is neither JSON nor YAML, or does not mean one thing.
    Text,
    /// It is larger than is read.
    Size,
    /// It is no OpenAPI document of a version that is read.
    Version,
    /// It refers to what is not there, or may not be read.
    Reference,
    /// Its references lead back to where they began.
    Ring,
    /// Two operations have one name, or one method and path.
    Duplicate,
    /// It has no operation.
    Empty,
    /// A part of it is of another form than OpenAPI's.
    Form,
}

/// Why a document cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct OpenApiError {
    /// Where.
    pub place: Place,
    /// What kind of thing is wrong.
    pub problem: Problem,
    /// What, in a sentence.
    pub message: String,
}

impl OpenApiError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self.problem {
            Problem::Text => "mend the text; a JSON or YAML checker shows the place too",
            Problem::Size => "make one document of each service, or split it by `$ref`",
            Problem::Version => {
                "read are OpenAPI 3.0, 3.1 and 3.2 (`openapi: 3.1.0`) and Swagger 2.0 \
                 (`swagger: \"2.0\"`)"
            }
            Problem::Reference => {
                "a `$ref` leads to a place of the document, or to a file in its folder or below; \
                 nothing is fetched: lay the file beside the document"
            }
            Problem::Ring => {
                "let one of the schemas or parts on the way say what it is, instead of referring on"
            }
            Problem::Duplicate => "give each operation an `operationId` of its own",
            Problem::Empty => "an operation is a method, such as `get`, below a path of `paths`",
            Problem::Form => "correct the document; a validator of OpenAPI shows the place too",
        }
    }
}

/// A document without a text.
pub(super) fn empty(document: &str) -> OpenApiError {
    OpenApiError {
        place: Place {
            document: document.to_owned(),
            pointer: None,
            line: None,
        },
        problem: Problem::Empty,
        message: "holds nothing".to_owned(),
    }
}
