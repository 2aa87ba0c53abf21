//! Several fields of a record of which one thing is wrong.

use crate::contract::FieldPath;

/// Fields of which one thing is wrong: the first as it is told, and the names of the others.
#[derive(Debug, Default)]
pub(super) struct Several {
    first: Option<(String, String)>,
    more: Vec<String>,
}

impl Several {
    /// Takes note of one more, and of what is told if it is the first.
    pub(super) fn add(&mut self, path: &FieldPath, message: impl FnOnce() -> String) {
        if self.first.is_some() {
            self.more.push(format!("`{path}`"));
        } else {
            self.first = Some((path.to_string(), message()));
        }
    }

    /// The first field, and a sentence about all of them.
    pub(super) fn told(self) -> Option<(String, String)> {
        let (field, mut message) = self.first?;
        if !self.more.is_empty() {
            message.push_str(&format!("; so it is with {}", self.more.join(", ")));
        }
        Some((field, message))
    }
}
