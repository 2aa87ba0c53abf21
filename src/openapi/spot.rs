//! A spot: a value of a document with its pointer and line.

use std::sync::Arc;

use serde_json::Value;

use super::error::{OpenApiError, Place, Problem};
use super::library::File;
use super::lines::Lines;
use crate::contract::{DocumentPlace, Facet, Fact, Level, Source, escape_token, unescape_token};

/// A value of a document, and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Spot<'d> {
    /// The path of the file from the document's folder.
    pub(super) path: &'d str,
    /// The name that the file has in what is found.
    name: &'d str,
    /// The JSON pointer (RFC 6901) from the file's root.
    pub(super) pointer: String,
    /// The value.
    pub(super) value: &'d Value,
    lines: Option<&'d Lines>,
    line: usize,
}

impl<'d> Spot<'d> {
    /// The whole of a file.
    pub(super) fn of(path: &'d str, file: &'d File) -> Self {
        Self {
            path,
            name: &file.name,
            pointer: String::new(),
            value: &file.value,
            lines: Some(&file.lines),
            line: 1,
        }
    }

    fn child(&self, token: &str, value: &'d Value, lines: Option<&'d Lines>) -> Self {
        Self {
            path: self.path,
            name: self.name,
            pointer: format!("{}/{}", self.pointer, escape_token(token)),
            value,
            lines,
            line: lines.map_or(self.line, |lines| lines.line),
        }
    }

    /// The member of a name.
    pub(super) fn get(&self, name: &str) -> Option<Self> {
        let value = self.value.get(name).filter(|_| self.value.is_object())?;
        Some(self.child(name, value, self.lines.and_then(|lines| lines.named(name))))
    }

    /// What a pointer from here leads to.
    pub(super) fn at(&self, pointer: &str) -> Option<Self> {
        pointer
            .split('/')
            .skip(1)
            .try_fold(self.clone(), |spot, token| {
                let name = unescape_token(token);
                match spot.value {
                    Value::Array(_) => spot.item(name.parse().ok()?),
                    _ => spot.get(&name),
                }
            })
    }

    fn item(&self, index: usize) -> Option<Self> {
        let value = self.value.get(index)?;
        let lines = self.lines.and_then(|lines| lines.item(index));
        Some(self.child(&index.to_string(), value, lines))
    }

    /// The items of a list, in order; none of anything else.
    pub(super) fn items(&self) -> impl Iterator<Item = Self> {
        let count = self.value.as_array().map_or(0, Vec::len);
        (0..count).filter_map(|index| self.item(index))
    }

    /// The members of an object, in order; none of anything else.
    pub(super) fn members(&self) -> impl Iterator<Item = Self> {
        let map = self.value.as_object();
        map.into_iter()
            .flatten()
            .filter_map(|(name, _)| self.get(name))
    }

    /// The last part of the pointer: a member's name, or an item's index.
    pub(super) fn key(&self) -> String {
        let token = self.pointer.rsplit('/').next().unwrap_or_default();
        unescape_token(token)
    }

    /// A member that is a text.
    pub(super) fn text(&self, name: &str) -> Option<&'d str> {
        self.value.get(name)?.as_str()
    }

    /// Whether a member is `true`.
    pub(super) fn is(&self, name: &str) -> bool {
        self.value.get(name) == Some(&Value::Bool(true))
    }

    /// Where it stands, as what identifies it.
    pub(super) fn id(&self) -> (String, String) {
        (self.path.to_owned(), self.pointer.clone())
    }

    /// A fact that is stated here.
    pub(super) fn fact(&self, facet: Facet, level: Level) -> Fact {
        Fact {
            facet,
            source: Source::Document(Arc::new(DocumentPlace {
                document: self.name.to_owned(),
                pointer: self.pointer.clone(),
                line: self.line,
            })),
            level,
        }
    }

    /// What is wrong here.
    pub(super) fn error(&self, problem: Problem, message: impl Into<String>) -> OpenApiError {
        OpenApiError {
            place: Place {
                document: self.name.to_owned(),
                pointer: Some(self.pointer.clone()),
                line: Some(self.line),
            },
            problem,
            message: message.into(),
        }
    }
}
