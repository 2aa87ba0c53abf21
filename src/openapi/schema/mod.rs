//! Schemas of a document as those of a contract: JSON Schema 2020-12 with the facts that state each
//! keyword. What is joined by `allOf` becomes one object; `null` in a union becomes a type; each
//! named schema becomes a file of its own, one for what is sent and one for what is answered where
//! both use it: what is optional, `readOnly` or `writeOnly` means different things on the two sides.

mod bounds;
pub(super) mod described;
mod heirs;
mod keywords;
mod object;
mod parts;
mod shown;
mod types;
mod union;
mod write;

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map, Value, json};

use self::described::Readings;
use super::error::{OpenApiError, Problem};
use super::library::Library;
use super::notes::Notes;
use super::spot::Spot;
use super::version::Version;
use crate::contract::{ANNOTATION, DIALECT, Facet, Fact, Level, Meaning};

/// Which side of an exchange a schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Side {
    /// A parameter, which is a text on the wire and never null.
    Parameter,
    /// A body that is sent.
    Request,
    /// A body or header that is answered.
    Response,
}

/// The file that a schema stands in, from which its references lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holder {
    /// The contract's document.
    Document,
    /// A file of an operation.
    Operation,
    /// A file of a named schema.
    Object,
}

/// Names of devices where no file can be called so.
const DEVICES: [&str; 10] = [
    "aux", "com1", "com2", "com3", "con", "lpt1", "lpt2", "lpt3", "nul", "prn",
];

/// How deep schemas may stand in each other without a name.
const DEPTH: usize = 100;

/// Schemas while they are translated.
pub(super) struct Schemas<'l> {
    pub(super) library: &'l Library,
    pub(super) version: Version,
    /// The schema files of the contract by their paths.
    pub(super) files: BTreeMap<String, Value>,
    pub(super) notes: Notes,
    /// What descriptions were read as.
    pub(super) readings: Readings<'l>,
    /// The file of each named schema.
    named: HashMap<(String, String, Side), String>,
    /// The names that stand for a file in one bundled document.
    taken: HashSet<String>,
    holder: Holder,
    depth: usize,
    /// The named schemas that are written in the place of a union with null, and not as their own.
    inlined: Vec<(String, String)>,
}

impl<'l> Schemas<'l> {
    pub(super) fn new(library: &'l Library, version: Version) -> Self {
        Self {
            library,
            version,
            files: BTreeMap::new(),
            notes: Notes::default(),
            readings: Readings::default(),
            named: HashMap::new(),
            taken: HashSet::new(),
            holder: Holder::Document,
            depth: 0,
            inlined: Vec::new(),
        }
    }

    /// The schema of a parameter, complete in itself but for what stands deeper.
    pub(super) fn parameter(
        &mut self,
        spot: &Spot<'l>,
        facts: Vec<Fact>,
    ) -> Result<Value, OpenApiError> {
        self.parameter_of(spot, Side::Parameter, facts)
    }

    /// The same of a parameter that is a JSON text: of it null may be a value, and a field `readOnly`.
    pub(super) fn json_parameter(
        &mut self,
        spot: &Spot<'l>,
        facts: Vec<Fact>,
    ) -> Result<Value, OpenApiError> {
        self.parameter_of(spot, Side::Request, facts)
    }

    fn parameter_of(
        &mut self,
        spot: &Spot<'l>,
        side: Side,
        facts: Vec<Fact>,
    ) -> Result<Value, OpenApiError> {
        self.holder = Holder::Document;
        let mut schema = self.whole(vec![spot.clone()], side)?;
        add_facts(&mut schema, facts, true);
        Ok(schema)
    }

    /// The schema of a body as it stands in the contract's document: a reference to its file.
    pub(super) fn body(
        &mut self,
        spot: &Spot<'l>,
        side: Side,
        operation: &str,
        name: &str,
    ) -> Result<Value, OpenApiError> {
        self.holder = Holder::Document;
        if let Some((target, None)) = self.named_target(spot)? {
            let path = self.named(&target, side)?;
            return Ok(json!({ "$ref": path }));
        }
        self.own_body(spot, side, operation, name, &|_| ())
    }

    /// The schema of a body in a file of its operation alone, changed by what the operation says.
    pub(super) fn own_body(
        &mut self,
        spot: &Spot<'l>,
        side: Side,
        operation: &str,
        name: &str,
        change: &dyn Fn(&mut Value),
    ) -> Result<Value, OpenApiError> {
        self.holder = Holder::Operation;
        let schema = match self.named_target(spot)? {
            Some((target, None)) => self.whole(vec![target], side),
            Some(_) | None => self.schema(vec![spot.clone()], side),
        };
        self.holder = Holder::Document;
        let schema = schema?;
        Ok(self.keep(schema, operation, name, change))
    }

    /// The same of a list, whose items stand in the file themselves where that is wanted.
    pub(super) fn own_list(
        &mut self,
        spot: &Spot<'l>,
        side: Side,
        operation: &str,
        name: &str,
        items: bool,
        change: &dyn Fn(&mut Value),
    ) -> Result<Value, OpenApiError> {
        let reference = self.own_body(spot, side, operation, name, &|_| ())?;
        let path = format!("{operation}/{name}.json");
        let Some(mut schema) = self.files.get(&path).cloned() else {
            return Ok(reference);
        };
        if let Some(list) = described::list_of(&mut schema).filter(|_| items)
            && let Some(own) = list.get("items").and_then(|items| items["$ref"].as_str())
            && let Some(known) = self.files.get(own.trim_start_matches("../"))
        {
            let mut item = known.clone();
            if let Value::Object(map) = &mut item {
                map.shift_remove("$schema");
            }
            refer_from_operation(&mut item);
            list["items"] = item;
        }
        change(&mut schema);
        self.files.insert(path, schema);
        Ok(reference)
    }

    /// Writes a schema into a file of its operation.
    pub(super) fn keep(
        &mut self,
        mut schema: Value,
        operation: &str,
        name: &str,
        change: &dyn Fn(&mut Value),
    ) -> Value {
        change(&mut schema);
        let path = format!("{operation}/{name}.json");
        self.taken
            .insert(format!("{operation}-{name}").to_lowercase());
        self.files.insert(path.clone(), file(schema));
        json!({ "$ref": path })
    }

    /// The file of a named schema, written when it is first asked for.
    fn named(&mut self, target: &Spot<'l>, side: Side) -> Result<String, OpenApiError> {
        let (path, pointer) = target.id();
        let key = (path, pointer, side);
        if let Some(known) = self.named.get(&key) {
            return Ok(known.clone());
        }
        let name = self.name(target, side);
        let path = format!("objects/{name}.json");
        self.named.insert(key, path.clone());
        let holder = std::mem::replace(&mut self.holder, Holder::Object);
        let schema = self.whole(vec![target.clone()], side);
        self.holder = holder;
        self.files.insert(path.clone(), file(schema?));
        Ok(path)
    }

    /// A name that no other file has, for the file of a schema.
    fn name(&mut self, target: &Spot<'l>, side: Side) -> String {
        let key = target.key();
        let stem = if target.pointer.is_empty() {
            let file = target.path.rsplit('/').next().unwrap_or_default();
            file.split('.').next().unwrap_or_default().to_owned()
        } else {
            key
        };
        let is_plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let clean: String = stem.chars().filter(is_plain).collect();
        let clean = clean.trim_matches('.');
        let clean = if clean.is_empty() { "Schema" } else { clean };
        let word = match side {
            Side::Parameter => "parameter",
            Side::Request => "request",
            Side::Response => "response",
        };
        let sided = format!("{clean}-{word}");
        // Some file systems know no case, and keep some names for devices.
        let is_device = DEVICES.contains(&clean.to_lowercase().as_str());
        let mut name = if is_device {
            format!("{clean}-schema")
        } else {
            clean.to_owned()
        };
        let mut number = 1;
        while !self.taken.insert(name.to_lowercase()) {
            name = if number == 1 {
                sided.clone()
            } else {
                format!("{sided}-{number}")
            };
            number += 1;
        }
        name
    }

    /// What a reference to a named schema is in the file that is being written.
    fn reference(&self, path: &str) -> String {
        match self.holder {
            Holder::Document => path.to_owned(),
            Holder::Operation => format!("../{path}"),
            Holder::Object => path.trim_start_matches("objects/").to_owned(),
        }
    }

    /// The schema that all of these state together: a reference where that is all.
    fn schema(&mut self, spots: Vec<Spot<'l>>, side: Side) -> Result<Value, OpenApiError> {
        if let [one] = spots.as_slice()
            && let Some((target, nullable)) = self.named_target(one)?
            && !self.has_own_default(one, &target)
        {
            let path = self.named(&target, side)?;
            let reference = json!({ "$ref": self.reference(&path) });
            return Ok(match nullable {
                Some(spot) => json!({
                    "anyOf": [reference, { "type": "null" }],
                    (ANNOTATION): { "facts": [spot.fact(Facet::Nullable, Level::Must)] },
                }),
                None => reference,
            });
        }
        if let [one] = spots.as_slice()
            && let Some((target, null)) = self.optional_target(one)?
        {
            return self.optional(spots, &target, null, side);
        }
        self.whole(spots, side)
    }

    /// Whether a default stands beside the reference to a schema of plain values: it is that of this
    /// place alone, which no file of the schema could tell.
    fn has_own_default(&self, spot: &Spot<'l>, target: &Spot<'l>) -> bool {
        let is_ignored = self.version.is_own_dialect() && spot.text("$ref").is_some();
        let is_plain = || match target.text("type") {
            Some(kind) => !matches!(kind, "object" | "array"),
            None => target.get("enum").is_some(),
        };
        let default = spot.get("default").filter(|_| !is_ignored);
        default.is_some_and(|default| !default.value.is_null()) && is_plain()
    }

    /// A union of one named schema and null: the schema itself, with null among its types; where it
    /// stands in itself, a reference and null.
    fn optional(
        &mut self,
        spots: Vec<Spot<'l>>,
        target: &Spot<'l>,
        null: Option<Spot<'l>>,
        side: Side,
    ) -> Result<Value, OpenApiError> {
        let (path, pointer) = target.id();
        let known = self.named.get(&(path.clone(), pointer.clone(), side));
        let is_open = known.is_some_and(|file| !self.files.contains_key(file));
        if !is_open && !self.inlined.contains(&target.id()) {
            self.inlined.push((path, pointer));
            let written = self.whole(spots, side);
            self.inlined.pop();
            return written;
        }
        let file = self.named(target, side)?;
        let reference = json!({ "$ref": self.reference(&file) });
        Ok(match null.filter(|_| side != Side::Parameter) {
            Some(spot) => json!({
                "anyOf": [reference, { "type": "null" }],
                (ANNOTATION): { "facts": [spot.fact(Facet::Nullable, Level::Must)] },
            }),
            None => reference,
        })
    }

    /// The schema that all of these state together, complete in itself but for what stands deeper.
    fn whole(&mut self, spots: Vec<Spot<'l>>, side: Side) -> Result<Value, OpenApiError> {
        let Some(first) = spots.first().cloned() else {
            return Ok(json!({}));
        };
        self.depth += 1;
        if self.depth > DEPTH {
            let message = "schemas stand in each other too deep, or without end";
            return Err(first.error(Problem::Ring, message));
        }
        let kinds = self.of_heirs(&spots, side)?;
        let written = match kinds {
            Some(kinds) => Ok(kinds),
            None => self.parts(spots).and_then(|parts| self.write(parts, side)),
        };
        self.depth -= 1;
        written
    }
}

/// Makes the references of a named schema those of a file of an operation.
fn refer_from_operation(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            for (name, value) in map {
                match value {
                    Value::String(path) if name == "$ref" && !path.starts_with('#') => {
                        *path = format!("../objects/{path}");
                    }
                    other => refer_from_operation(other),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(refer_from_operation),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A schema as a file of its own.
fn file(schema: Value) -> Value {
    let mut file = Map::new();
    file.insert("$schema".to_owned(), Value::from(DIALECT));
    match schema {
        Value::Object(map) => file.extend(map),
        Value::Bool(false) => {
            file.insert("not".to_owned(), json!({}));
        }
        _ => {}
    }
    Value::Object(file)
}

/// Adds facts to a schema, before those it has or after them.
pub(super) fn add_facts(schema: &mut Value, facts: Vec<Fact>, first: bool) {
    if facts.is_empty() {
        return;
    }
    if *schema == Value::Bool(true) {
        *schema = json!({});
    }
    let Value::Object(map) = schema else {
        return;
    };
    let read_only = Facet::Meaning(Meaning::ReadOnly);
    if facts.iter().any(|fact| fact.facet == read_only) {
        // The keyword is what leaves the field out of what is made up, and what the export shows.
        map.insert("readOnly".to_owned(), Value::Bool(true));
    }
    let more = facts
        .into_iter()
        .filter_map(|fact| serde_json::to_value(fact).ok());
    let mut known = match map.shift_remove(ANNOTATION) {
        Some(Value::Object(mut annotation)) => match annotation.shift_remove("facts") {
            Some(Value::Array(known)) => known,
            _ => Vec::new(),
        },
        _ => Vec::new(),
    };
    if first {
        known.splice(0..0, more);
    } else {
        known.extend(more);
    }
    map.insert(ANNOTATION.to_owned(), json!({ "facts": known }));
}
