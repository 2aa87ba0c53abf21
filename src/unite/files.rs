//! The schema files of two contracts as those of one: what only one refers to is copied, what both
//! describe is united once.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value, json};

use crate::contract::{ANNOTATION, DIALECT, Fact, Service};

/// Which of the two contracts something stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Side {
    Pages,
    Document,
}

/// A schema: where it stands, and itself.
#[derive(Debug, Clone)]
pub(super) struct At<'s> {
    pub(super) side: Side,
    /// The file; empty for the document of the contract.
    pub(super) file: String,
    pub(super) node: &'s Value,
}

/// The files of the contract that is made.
pub(super) struct Files<'s> {
    pages: &'s Service,
    document: &'s Service,
    written: BTreeMap<String, Value>,
    copied: HashMap<(Side, String), String>,
    united: HashMap<(String, String), String>,
    /// The folder of the document's operation, and that of the one of pages.
    folders: Option<(String, String)>,
}

/// Keywords under which no schema stands.
const DATA: [&str; 5] = [ANNOTATION, "enum", "const", "default", "examples"];

impl<'s> Files<'s> {
    pub(super) fn new(pages: &'s Service, document: &'s Service) -> Self {
        Self {
            pages,
            document,
            written: BTreeMap::new(),
            copied: HashMap::new(),
            united: HashMap::new(),
            folders: None,
        }
    }

    /// The files as they are now.
    pub(super) fn finish(self) -> BTreeMap<String, Value> {
        self.written
    }

    /// Says that what the document has in the folder of one operation belongs to another.
    pub(super) fn of_operation(&mut self, document: &str, pages: &str) {
        self.folders = Some((format!("{document}/"), format!("{pages}/")));
    }

    /// What a reference leads to; none where it leads nowhere.
    pub(super) fn target(&self, at: &At<'s>, reference: &str) -> Option<At<'s>> {
        let file = resolved(&at.file, reference);
        let service = match at.side {
            Side::Pages => self.pages,
            Side::Document => self.document,
        };
        let node = service.schemas.get(&file)?;
        Some(At {
            side: at.side,
            file,
            node,
        })
    }

    /// An operation with its schemas copied.
    pub(super) fn copy_operation(&mut self, node: &'s Value, side: Side) -> Value {
        self.folders = None;
        self.copy(
            &At {
                side,
                file: String::new(),
                node,
            },
            "",
        )
    }

    /// A copy whose references lead to copies; `before` is what stands before the path of a file
    /// where the copy will stand.
    pub(super) fn copy(&mut self, at: &At<'s>, before: &str) -> Value {
        self.copy_of(at, at.node, before)
    }

    /// A copy of a node that stands where another does.
    pub(super) fn copy_of(&mut self, at: &At<'s>, node: &Value, before: &str) -> Value {
        match node {
            Value::Object(map) => {
                let mut out = Map::new();
                for (key, child) in map {
                    let value = match (key.as_str(), child) {
                        ("$ref", Value::String(reference)) => {
                            let target = self.target(at, reference);
                            let path = target.map(|target| self.copied(&target));
                            Value::from(path.map_or_else(
                                || reference.clone(),
                                |path| format!("{before}{path}"),
                            ))
                        }
                        (data, _) if DATA.contains(&data) || data.starts_with("x-") => {
                            child.clone()
                        }
                        _ => self.copy_of(at, child, before),
                    };
                    out.insert(key.clone(), value);
                }
                Value::Object(out)
            }
            Value::Array(items) => {
                let items = items.iter();
                items.map(|item| self.copy_of(at, item, before)).collect()
            }
            other => other.clone(),
        }
    }

    /// The path of the copy of a file.
    pub(super) fn copied(&mut self, at: &At<'s>) -> String {
        let key = (at.side, at.file.clone());
        if let Some(known) = self.copied.get(&key) {
            return known.clone();
        }
        let path = self.free(&at.file);
        self.copied.insert(key, path.clone());
        self.written.insert(path.clone(), Value::Null);
        let schema = self.copy(at, "../");
        self.written.insert(path.clone(), schema);
        path
    }

    /// The path of the file that two files are united in, which is made by `make` where there is
    /// none yet.
    pub(super) fn both(
        &mut self,
        own: &At<'s>,
        other: &At<'s>,
        make: impl FnOnce(&mut Self) -> Value,
    ) -> String {
        let key = (own.file.clone(), other.file.clone());
        if let Some(known) = self.united.get(&key) {
            return known.clone();
        }
        let path = self.free(&own.file);
        self.united.insert(key, path.clone());
        self.written.insert(path.clone(), Value::Null);
        let mut file = Map::new();
        file.insert("$schema".to_owned(), Value::from(DIALECT));
        if let Value::Object(map) = make(self) {
            file.extend(map);
        }
        self.written.insert(path.clone(), Value::Object(file));
        path
    }

    /// A path that no file has, as near as can be to another.
    fn free(&self, path: &str) -> String {
        let folders = self.folders.as_ref();
        let moved =
            folders.and_then(|(from, to)| Some(format!("{to}{}", path.strip_prefix(from)?)));
        let path = moved.unwrap_or_else(|| path.to_owned());
        let stem = path.strip_suffix(".json").unwrap_or(&path);
        let mut free = path.clone();
        let mut number = 2;
        while self.written.contains_key(&free) {
            free = format!("{stem}-{number}.json");
            number += 1;
        }
        free
    }
}

/// What stands below a place.
pub(super) fn below<'s>(at: &At<'s>, node: &'s Value) -> At<'s> {
    At { node, ..at.clone() }
}

/// The facts that stand at a node.
pub(super) fn facts(node: &Value) -> Vec<Fact> {
    let facts = node.get(ANNOTATION).and_then(|own| own.get("facts"));
    let facts = facts.and_then(|facts| serde_json::from_value(facts.clone()).ok());
    facts.unwrap_or_default()
}

/// Puts facts at a node.
pub(super) fn put_facts(map: &mut Map<String, Value>, facts: &[Fact]) {
    map.shift_remove(ANNOTATION);
    if !facts.is_empty() {
        map.insert(ANNOTATION.to_owned(), json!({ "facts": facts }));
    }
}

/// The path of a file that another refers to.
fn resolved(from: &str, reference: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in reference.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.join("/")
}
