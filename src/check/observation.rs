//! What a check saw: structured, with the fact and the rows it rests on. Text is rendered last.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::{Fact, FactId, Level};

use super::fingerprint::Seen;

/// The checks, in the order that findings of one answer are shown.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// The status is one that the request may be answered with.
    Status,
    /// A 405 says which methods there are.
    Allow,
    /// A body is there, or not, as documented.
    EmptyBody,
    /// A documented JSON body comes as JSON.
    ContentType,
    /// The documented headers are there, and as documented.
    Headers,
    /// The body is one well-formed JSON value.
    Json,
    /// The body is as its schema says.
    Schema,
    /// A documented error body says something.
    ErrorBody,
    /// `Content-Length` is the length of the body.
    ContentLength,
    /// Nothing leaks.
    Leak,
    /// There is an answer.
    Transport,
    /// The answer comes in time.
    ResponseTime,
    /// A law between answers holds.
    Relation,
    /// The answers are those of the reviewed snapshot.
    Snapshot,
    /// A documented answer is as its page says.
    Example,
}

impl Check {
    /// The check's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Allow => "allow",
            Self::EmptyBody => "empty-body",
            Self::ContentType => "content-type",
            Self::Headers => "headers",
            Self::Json => "json",
            Self::Schema => "schema",
            Self::ErrorBody => "error-body",
            Self::ContentLength => "content-length",
            Self::Leak => "leak",
            Self::Transport => "transport",
            Self::ResponseTime => "response-time",
            Self::Relation => "relation",
            Self::Snapshot => "snapshot",
            Self::Example => "example",
        }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// The part of an answer that is at fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(deny_unknown_fields)]
pub enum Part {
    /// The status.
    Status,
    /// A header, by its name in lower case.
    Header(String),
    /// The value at a JSON pointer of the body; the whole body at the empty pointer. What is absent
    /// has a pointer too.
    Body(String),
    /// The time that the answer took.
    Time,
}

/// The fact that a trial is about: what is broken when the endpoint does not take, or takes, the
/// trial's requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The fact.
    pub fact: FactId,
    /// The rows that state it.
    pub rows: Vec<Fact>,
    /// Its level.
    pub level: Level,
    /// What is documented, in a few words (`maxLength 64`).
    pub documented: String,
}

/// One thing that a check saw wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// The check.
    pub check: Check,
    /// The fact that is broken.
    pub fact: FactId,
    /// How it is broken: what identifies the finding beside the fact and the check.
    pub seen: Seen,
    /// How grave it is.
    pub level: Level,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What is documented, in a few words.
    pub documented: String,
    /// The rows that state it.
    pub rows: Vec<Fact>,
    /// The part of the answer that is at fault, where it is one part.
    pub at: Option<Part>,
}

impl Observation {
    /// An observation about the trial's own fact.
    pub fn about(subject: &Subject, check: Check, seen: Seen, message: String) -> Self {
        Self {
            check,
            fact: subject.fact.clone(),
            seen,
            level: subject.level,
            message,
            documented: subject.documented.clone(),
            rows: subject.rows.clone(),
            at: None,
        }
    }
}
