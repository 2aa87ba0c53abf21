//! The one way to read a TOML file: into serde types, strictly, with every problem at once.
//!
//! A problem says its line, the key and what was expected. It never repeats a text of the file,
//! which may be a secret. Values whose lines matter later are [`Located`].

mod checked;

use std::borrow::Cow;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, ValueDeserializer};

use crate::nearest::{did_you_mean, nearest};

pub(crate) use checked::{Checked, Rule};

/// As many problems are looked for: each costs a reading of the whole file.
const MOST: usize = 100;

/// What a file gives: its value where one could be made, and everything that is wrong. A key that
/// is wrong is left out of the value.
pub(crate) struct Read<T> {
    /// The value; `None` where the text is not TOML, a key is missing at its top, or too much is
    /// wrong.
    pub(crate) value: Option<T>,
    /// What is wrong, by line.
    pub(crate) problems: Vec<Problem>,
    /// The lines of the text.
    pub(crate) lines: Lines,
}

/// Something wrong with a file.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    /// The line.
    pub(crate) line: usize,
    /// Where it is, from the top of the file: keys, and indices of arrays as `[0]`.
    pub(crate) path: Vec<String>,
    /// What is wrong.
    pub(crate) mistake: Mistake,
}

/// What is wrong with a key or its value.
#[derive(Debug, Clone)]
pub(crate) enum Mistake {
    /// The file is not TOML.
    Syntax(String),
    /// The table has no such key.
    UnknownKey {
        /// The key.
        key: String,
        /// The keys that it has.
        known: Vec<String>,
    },
    /// The table lacks a key.
    MissingKey(String),
    /// The text is none of the words that the key takes.
    UnknownWord {
        /// The text.
        word: String,
        /// The words.
        known: Vec<String>,
    },
    /// The value does not fit.
    Unfit {
        /// What it is; `None` where it stands somewhere in the table.
        is: Option<String>,
        /// What it has to be.
        takes: String,
    },
}

impl Problem {
    /// The table that the key which is wrong stands in, as its head is written: `[target.a.auth]`.
    pub(crate) fn table(&self) -> String {
        let is_key = |step: &String| !step.starts_with('[');
        let last = self.path.iter().rposition(is_key).unwrap_or_default();
        head(self.path.get(..last).unwrap_or_default())
    }

    /// What is wrong, in a sentence.
    pub(crate) fn message(&self) -> String {
        let (own, table) = (head(&self.path), self.table());
        let key = self.path.iter().rfind(|step| !step.starts_with('['));
        let place = match (key, table.as_str()) {
            (None, _) => "the file".to_owned(),
            (Some(key), "") => format!("`{key}`"),
            (Some(key), table) => format!("`{key}` in `{table}`"),
        };
        match &self.mistake {
            Mistake::Syntax(message) => format!("this is not TOML: {message}"),
            Mistake::UnknownKey { key, .. } if self.path.last() != Some(key) => {
                format!("`{own}` has no key `{key}`")
            }
            Mistake::UnknownKey { key, .. } if table.is_empty() => {
                format!("there is no key `{key}`")
            }
            Mistake::UnknownKey { key, .. } => format!("`{table}` has no key `{key}`"),
            Mistake::MissingKey(missing) => format!("`{own}` has no `{missing}`"),
            Mistake::UnknownWord { .. } => format!("{place} is none of its words"),
            Mistake::Unfit { is: Some(is), .. } => format!("{place} is {is}"),
            Mistake::Unfit { is: None, .. } => format!("a value in `{own}` does not fit"),
        }
    }

    /// What to write instead, where that can be said.
    pub(crate) fn hint(&self) -> Option<String> {
        match &self.mistake {
            Mistake::Syntax(_) | Mistake::MissingKey(_) => None,
            Mistake::UnknownKey { key, known } => {
                Some(match nearest(key, known.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("there are: {}", known.join(", ")),
                })
            }
            Mistake::UnknownWord { word, known } => Some(did_you_mean(word, known)),
            Mistake::Unfit { takes, .. } => Some(format!("it takes {takes}")),
        }
    }
}

/// The head of a table, `[a.b]`, or of one of several, `[[a.b]]`.
fn head(path: &[String]) -> String {
    let keys = path.iter().filter(|step| !step.starts_with('['));
    let keys = keys.map(String::as_str).collect::<Vec<_>>().join(".");
    match path.last() {
        None => keys,
        Some(step) if step.starts_with('[') => format!("[[{keys}]]"),
        Some(_) => format!("[{keys}]"),
    }
}

/// A value, and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Located<T> {
    /// The value.
    pub(crate) value: T,
    /// Its first byte; of a table, that of its head. [`Lines`] know the line.
    pub(crate) at: usize,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Located<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<T>::deserialize(deserializer)?;
        Ok(Self {
            at: spanned.span().start,
            value: spanned.into_inner(),
        })
    }
}

impl<T: JsonSchema> JsonSchema for Located<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// Where the lines of a text end.
#[derive(Debug, Clone)]
pub(crate) struct Lines(Arc<[usize]>);

impl Lines {
    fn new(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(at, _)| at).collect())
    }

    /// The number of the line that a byte stands in.
    pub(crate) fn of(&self, at: usize) -> usize {
        self.0.partition_point(|end| *end < at) + 1
    }
}

/// Reads a file's text.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Read<T> {
    let lines = Lines::new(text);
    let mut problems: Vec<Problem> = Vec::new();
    let mut root = match DeTable::parse(text) {
        Ok(root) => Spanned::new(root.span(), DeValue::Table(root.into_inner())),
        Err(error) => {
            // The message alone: the line that it would show may hold what is secret.
            problems.push(Problem {
                line: lines.of(error.span().map_or(0, |span| span.start)),
                path: Vec::new(),
                mistake: Mistake::Syntax(error.message().trim_end().replace('\n', ", ")),
            });
            return Read {
                value: None,
                problems,
                lines,
            };
        }
    };
    // A key that is wrong is noted, taken out, and the rest is read again.
    let value = loop {
        let document = ValueDeserializer::from(root.clone());
        let problem = match serde_path_to_error::deserialize(document) {
            Ok(value) => break Some(value),
            Err(error) => Problem::new(error, root.get_ref(), &lines),
        };
        let is_removed = remove(root.get_mut(), &problem.path);
        // The key that is missing may be one of those that are wrong: one error is enough.
        let is_known = matches!(problem.mistake, Mistake::MissingKey(_))
            && problems.iter().any(|known| {
                known.path.len() == problem.path.len() + 1 && known.path.starts_with(&problem.path)
            });
        if !is_known {
            problems.push(problem);
        }
        if !is_removed || problems.len() >= MOST {
            break None;
        }
    };
    problems.sort_by_key(|problem| problem.line);
    Read {
        value,
        problems,
        lines,
    }
}

impl Problem {
    fn new(
        error: serde_path_to_error::Error<toml::de::Error>,
        root: &DeValue<'_>,
        lines: &Lines,
    ) -> Self {
        // `Spanned` is a map with keys of its own.
        let path: Vec<String> = error
            .path()
            .iter()
            .map(ToString::to_string)
            .filter(|step| !step.starts_with("$__serde_spanned"))
            .collect();
        let node = path.iter().try_fold(root, |node, step| {
            match index(step) {
                Some(index) => node.get(index),
                None => node.get(step),
            }
            .map(Spanned::get_ref)
        });
        let error = error.into_inner();
        Self {
            line: lines.of(error.span().map_or(0, |span| span.start)),
            mistake: Mistake::new(error.message(), node),
            path,
        }
    }
}

/// The index that a step is.
fn index(step: &str) -> Option<usize> {
    step.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

impl Mistake {
    /// What serde says, told apart. A message of a type of ours is what it takes.
    fn new(message: &str, node: Option<&DeValue<'_>>) -> Self {
        // The name that was found, and those that are known.
        let mut names = message.split('`').skip(1).step_by(2).map(str::to_owned);
        let mut name = || names.next().unwrap_or_default();
        if message.starts_with("unknown field `") {
            return Self::UnknownKey {
                key: name(),
                known: names.collect(),
            };
        }
        if message.starts_with("unknown variant `") {
            return Self::UnknownWord {
                word: name(),
                known: names.collect(),
            };
        }
        if message.starts_with("missing field `") {
            return Self::MissingKey(name());
        }
        let (found, takes) = message
            .rsplit_once(", expected ")
            .filter(|_| message.starts_with("invalid "))
            .unwrap_or_default();
        let takes = match takes {
            "" if message == "wanted string or table" => "one of its words, as a text",
            "" => message,
            "a string" => "a text",
            "a boolean" => "true or false",
            "u64" => "a whole number from 0",
            "a nonzero u64" => "a whole number from 1",
            "a sequence" => "an array",
            "a map" => "a table",
            other if other.starts_with("struct ") => "a table",
            other => other,
        };
        let is_table = matches!(node, Some(DeValue::Table(_)));
        let is_inside =
            is_table && found.starts_with("invalid type: ") && found != "invalid type: map";
        Self::Unfit {
            is: node.filter(|_| !is_inside).map(described),
            takes: takes.to_owned(),
        }
    }
}

/// What a value is; texts and the like are not repeated, they may be secret.
fn described(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) if text.is_empty() => "an empty text".to_owned(),
        DeValue::String(_) => "a text that does not fit".to_owned(),
        DeValue::Integer(number) => format!("the number {number}"),
        DeValue::Float(number) => format!("the number {number}"),
        DeValue::Boolean(boolean) => format!("`{boolean}`"),
        DeValue::Datetime(_) => "a time".to_owned(),
        DeValue::Array(items) if items.is_empty() => "an empty array".to_owned(),
        DeValue::Array(_) => "an array".to_owned(),
        DeValue::Table(table) if table.is_empty() => "an empty table".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

/// Takes out what a path leads to; whether there was anything.
fn remove(node: &mut DeValue<'_>, path: &[String]) -> bool {
    let Some((step, rest)) = path.split_first() else {
        return false;
    };
    let inner = match (&mut *node, index(step)) {
        (DeValue::Table(table), _) if rest.is_empty() => {
            return table.remove(step.as_str()).is_some();
        }
        (DeValue::Array(items), Some(index)) if rest.is_empty() => {
            let others = items.iter().enumerate().filter(|(at, _)| *at != index);
            let others: DeArray<'_> = others.map(|(_, item)| item.clone()).collect();
            let is_there = others.len() < items.len();
            *items = others;
            return is_there;
        }
        (DeValue::Table(table), _) => table.get_mut(step.as_str()),
        (DeValue::Array(items), Some(index)) => items.get_mut(index),
        _ => None,
    };
    inner.is_some_and(|inner| remove(inner.get_mut(), rest))
}

#[cfg(test)]
mod tests;
