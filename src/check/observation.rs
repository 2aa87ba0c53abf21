//! What a check saw: structured, with the fact and the rows it rests on. Text is rendered last.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::{Fact, Level};

/// The part of an answer that is at fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(deny_unknown_fields)]
pub enum Part {
    /// The status.
    Status,
    /// A header, by its name in lower case.
    Header(String),
    /// The value at a JSON pointer of the body; the whole body at the empty pointer. What is absent has a pointer too.
    Body(String),
    /// The time that the answer took.
    Time,
}

/// The fact that a trial is about: what is broken when the endpoint does not take, or takes, the trial's requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The fact's name.
    pub fact: String,
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
    /// The name of the check.
    pub check: &'static str,
    /// The fact that is broken.
    pub fact: String,
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
    pub fn about(subject: &Subject, check: &'static str, message: String) -> Self {
        Self {
            check,
            fact: subject.fact.clone(),
            level: subject.level,
            message,
            documented: subject.documented.clone(),
            rows: subject.rows.clone(),
            at: None,
        }
    }
}
