//! Whatever is wrong, in an endpoint or in pages, in one form, and the formats that have one writer
//! for all of it.

pub(super) mod commands;
pub(super) mod sarif;

use serde_json::Value;

use crate::contract::Level;

/// One thing that is wrong.
#[derive(Debug, Clone)]
pub(super) struct Diagnostic {
    /// How grave it is.
    pub(super) level: Level,
    /// What it has in common with others.
    pub(super) kind: Kind,
    /// What is wrong.
    pub(super) message: String,
    /// The rows that it rests on; the first is where it is shown.
    pub(super) rows: Vec<Row>,
    /// The operation that it is about (`service::Operation`), where it is shown beside the row.
    pub(super) operation: Option<String>,
    /// By what it is known again, and the name of that way of knowing.
    pub(super) fingerprint: Option<(&'static str, String)>,
    /// Why it is accepted, where somebody accepts it; `None` where nobody can.
    pub(super) accepted: Option<Vec<String>>,
    /// What else a program may want to know.
    pub(super) properties: Option<Value>,
}

impl Diagnostic {
    /// One of which there is no more to tell.
    pub(super) fn new(level: Level, kind: Kind, message: String, rows: Vec<Row>) -> Self {
        Self {
            level,
            kind,
            message,
            rows,
            operation: None,
            fingerprint: None,
            accepted: None,
            properties: None,
        }
    }
}

/// A kind of thing that is wrong.
#[derive(Debug, Clone)]
pub(super) struct Kind {
    /// Its id.
    pub(super) id: String,
    /// Its name, where the id is none.
    pub(super) name: Option<&'static str>,
    /// The kind in a few words.
    pub(super) title: String,
    /// What to do about it.
    pub(super) help: &'static str,
    /// How grave it is as a rule.
    pub(super) level: Level,
}

/// Where something stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// The page's path, where it is a file.
    pub(super) file: Option<String>,
    /// The page as a URI reference.
    pub(super) uri: String,
    /// The line, counted from 1.
    pub(super) line: usize,
    /// What stands there.
    pub(super) text: Option<String>,
}
