//! One JSON Schema of the contract, compiled: what a value breaks, and which documented facts stand behind each keyword.
//! The interface to the `jsonschema` crate is localised here.

use std::collections::BTreeSet;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, Validator};
use serde_json::{Map, Value};

use super::formats::DateTemplate;
use super::provenance::{ANNOTATION, Fact};

/// How deep a schema is walked; a schema may refer to itself.
const DEPTH: usize = 24;

/// How many fields of one schema are told apart.
const MOST_FIELDS: usize = 20_000;

/// A compiled schema. `root` has no references to other files: they are bundled under `$defs`.
#[derive(Debug)]
pub struct Schema {
    /// The schema as JSON.
    pub root: Value,
    validator: Validator,
}

/// One keyword that a value breaks, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// The place as facts spell it: `backup_record_response[].status`; empty for the root.
    pub field: String,
    /// The JSON pointer to the value.
    pub pointer: String,
    /// The documented facet that is broken (`enum`, `maxLength`, `required`, ...).
    pub facet: String,
    /// What is wrong, in one clause.
    pub message: String,
}

/// One field of a schema: its place, its node, and whether its object requires it.
#[derive(Debug, Clone)]
pub struct Field<'s> {
    /// The place as facts spell it: `backup.id`, `items[].id`; empty for the root.
    pub path: String,
    /// The field's schema, references followed.
    pub node: &'s Value,
    /// Whether the parent lists it under `required`.
    pub required: bool,
    /// The facts of the field: those that stand beside a reference, and those of the node itself.
    pub facts: Vec<Fact>,
}

/// Why a schema of the contract cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("schema {place}: {message}")]
pub struct SchemaError {
    /// Which schema.
    pub place: String,
    /// What is wrong with it.
    pub message: String,
}

/// The most errors of one value that are looked at: a long list breaks the same rules over and over.
const MOST_ERRORS: usize = 4_096;

impl Schema {
    /// Compiles a schema that has no references to other files.
    pub fn compile(root: Value, place: &str) -> Result<Self, SchemaError> {
        let mut options = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(true)
            .should_ignore_unknown_formats(true)
            .offline();
        let mut formats = BTreeSet::new();
        collect_formats(&root, &mut formats, 0);
        for format in formats {
            if let Some(template) = DateTemplate::parse(&format) {
                options = options.with_format(format, move |text: &str| template.matches(text));
            }
        }
        let validator = options.build(&root).map_err(|error| SchemaError {
            place: place.to_owned(),
            message: error.to_string(),
        })?;
        Ok(Self { root, validator })
    }

    /// Whether a value breaks nothing.
    pub fn is_valid(&self, value: &Value) -> bool {
        self.validator.is_valid(value)
    }

    /// Everything that a value breaks, in a fixed order, each place and facet once.
    pub fn violations(&self, value: &Value) -> Vec<Violation> {
        if self.validator.is_valid(value) {
            return Vec::new();
        }
        let mut found = BTreeSet::new();
        for error in self.validator.iter_errors(value).take(MOST_ERRORS) {
            let mut pointer = error.instance_path().as_str().to_owned();
            let facet = match error.kind() {
                ValidationErrorKind::Required { property } => {
                    let name = property
                        .as_str()
                        .map_or_else(|| property.to_string(), str::to_owned);
                    pointer = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
                    "required".to_owned()
                }
                // A union of types keeps its values in branches: what is broken is the list of values.
                ValidationErrorKind::AnyOf { .. } | ValidationErrorKind::Constant { .. } => {
                    "enum".to_owned()
                }
                kind => kind.keyword().to_owned(),
            };
            let message = describe(&facet, value.pointer(&pointer), self.node(&pointer));
            found.insert(Violation {
                field: self.field_path(&pointer),
                pointer,
                facet,
                message,
            });
        }
        // A value of another type breaks no further rule of its field: its type is what is wrong.
        let mistyped: BTreeSet<String> = found
            .iter()
            .filter(|violation: &&Violation| violation.facet == "type")
            .map(|violation| violation.pointer.clone())
            .collect();
        found.retain(|violation| {
            violation.facet == "type" || !mistyped.contains(&violation.pointer)
        });
        found.into_iter().collect()
    }

    /// The schema node that describes the value at a JSON pointer, references followed.
    pub fn node(&self, pointer: &str) -> Option<&Value> {
        let mut node = self.follow(&self.root);
        for token in tokens(pointer) {
            node = self.child(node, &token)?;
        }
        Some(node)
    }

    /// The facts that stand behind one facet of the value at a JSON pointer; all the facts of the row where none has that facet.
    pub fn facts(&self, pointer: &str, facet: &str) -> Vec<Fact> {
        let mut pointer = pointer;
        loop {
            let path = self.field_path(pointer);
            let all = self
                .fields()
                .into_iter()
                .find(|field| field.path == path)
                .map_or_else(
                    || self.node(pointer).map(facts_of).unwrap_or_default(),
                    |field| field.facts,
                );
            if !all.is_empty() {
                let exact: Vec<Fact> = all
                    .iter()
                    .filter(|fact| fact.facet == facet)
                    .cloned()
                    .collect();
                return if exact.is_empty() { all } else { exact };
            }
            match pointer.rfind('/') {
                Some(cut) => pointer = &pointer[..cut],
                None => return Vec::new(),
            }
        }
    }

    /// The place of a JSON pointer as facts spell it: array indices become `[]`.
    pub fn field_path(&self, pointer: &str) -> String {
        let mut path = String::new();
        let mut node = Some(self.follow(&self.root));
        for token in tokens(pointer) {
            let is_item = token.bytes().all(|byte| byte.is_ascii_digit())
                && node.is_none_or(|node| {
                    node.get("properties")
                        .and_then(|all| all.get(&token))
                        .is_none()
                        && node.get("items").is_some()
                });
            if is_item {
                path.push_str("[]");
            } else {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(&token);
            }
            node = node.and_then(|node| self.child(node, &token));
        }
        path
    }

    /// All fields of the schema, parents before children, in the page's order; the root first.
    pub fn fields(&self) -> Vec<Field<'_>> {
        let mut fields = Vec::new();
        self.collect(&self.root, String::new(), true, 0, &mut fields);
        fields
    }

    fn collect<'s>(
        &'s self,
        node: &'s Value,
        path: String,
        required: bool,
        depth: usize,
        fields: &mut Vec<Field<'s>>,
    ) {
        // Objects that refer to each other have more fields than memory, each a path of its own.
        if depth > DEPTH || fields.len() >= MOST_FIELDS {
            return;
        }
        let mut facts = facts_of(node);
        let followed = self.follow(node);
        if !std::ptr::eq(node, followed) {
            facts.extend(facts_of(followed));
        }
        let node = followed;
        fields.push(Field {
            path: path.clone(),
            node,
            required,
            facts,
        });
        let needed = node.get("required").and_then(Value::as_array);
        for (name, child) in node
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let child_path = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}.{name}")
            };
            let is_needed = needed.is_some_and(|needed| needed.iter().any(|one| one == name));
            self.collect(child, child_path, is_needed, depth + 1, fields);
        }
        if let Some(items) = node.get("items") {
            self.collect(items, format!("{path}[]"), false, depth + 1, fields);
        }
        if let Some(values) = node
            .get("additionalProperties")
            .filter(|values| values.is_object())
        {
            self.collect(values, format!("{path}.*"), false, depth + 1, fields);
        }
    }

    /// A node with its `$ref` followed; a reference that leads nowhere is the node itself.
    pub fn follow<'s>(&'s self, node: &'s Value) -> &'s Value {
        let mut node = node;
        for _ in 0..DEPTH {
            let Some(target) = node.get("$ref").and_then(Value::as_str) else {
                break;
            };
            match target
                .strip_prefix('#')
                .and_then(|pointer| self.root.pointer(pointer))
            {
                Some(next) => node = next,
                None => break,
            }
        }
        node
    }

    /// The schema node of a field or item of what a node describes, references followed.
    pub fn child<'s>(&'s self, node: &'s Value, token: &str) -> Option<&'s Value> {
        let child = node
            .get("properties")
            .and_then(|all| all.get(token))
            .or_else(|| {
                node.get("items")
                    .filter(|_| token.bytes().all(|byte| byte.is_ascii_digit()))
            })
            .or_else(|| {
                node.get("additionalProperties")
                    .filter(|values| values.is_object())
            });
        if let Some(child) = child {
            return Some(self.follow(child));
        }
        ["anyOf", "oneOf", "allOf"]
            .iter()
            .filter_map(|keyword| node.get(*keyword).and_then(Value::as_array))
            .flatten()
            .find_map(|branch| self.child(self.follow(branch), token))
    }
}

/// The facts annotated on a schema node (or any object that carries the annotation).
pub fn facts_of(node: &Value) -> Vec<Fact> {
    node.get(ANNOTATION)
        .and_then(|annotation| annotation.get("facts"))
        .and_then(Value::as_array)
        .map(|facts| {
            facts
                .iter()
                .filter_map(|fact| serde_json::from_value(fact.clone()).ok())
                .collect()
        })
        .unwrap_or_default()
}

/// The types that a node allows (`type` as text or list); empty when it does not say.
pub fn types_of(node: &Value) -> Vec<&str> {
    match node.get("type") {
        Some(Value::String(one)) => vec![one.as_str()],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The type of a value, by its word in JSON Schema; a whole number is an integer.
pub(crate) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn tokens(pointer: &str) -> impl Iterator<Item = String> + '_ {
    pointer
        .split('/')
        .skip(1)
        .map(|token| token.replace("~1", "/").replace("~0", "~"))
}

fn collect_formats(node: &Value, found: &mut BTreeSet<String>, depth: usize) {
    if depth > DEPTH * 4 {
        return;
    }
    match node {
        Value::Object(map) => {
            if let Some(format) = map.get("format").and_then(Value::as_str) {
                found.insert(format.to_owned());
            }
            for (name, child) in map {
                if name != "examples" && name != "default" && name != "enum" && name != ANNOTATION {
                    collect_formats(child, found, depth + 1);
                }
            }
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| collect_formats(item, found, depth + 1)),
        _ => {}
    }
}

/// What is wrong with a value, in one clause that names the documented limit and what was seen.
fn describe(facet: &str, value: Option<&Value>, node: Option<&Value>) -> String {
    let stated = node.and_then(|node| node.get(facet));
    let seen = value.map_or_else(|| "nothing".to_owned(), excerpt);
    let length = value
        .and_then(Value::as_str)
        .map(|text| text.chars().count());
    match (facet, stated) {
        ("required", _) => "is absent".to_owned(),
        ("type", Some(stated)) if value.is_some_and(Value::is_null) => {
            format!("is null, documented type {}", type_list(stated))
        }
        ("type", Some(stated)) => format!(
            "is {} {seen}, documented type {}",
            type_word(value),
            type_list(stated)
        ),
        ("enum", _) => {
            let values = node.map(enum_values).unwrap_or_default();
            let listed: Vec<String> = values.iter().map(excerpt).collect();
            format!("is {seen}, documented values {}", listed.join(", "))
        }
        ("maxLength", Some(limit)) => format!(
            "has {} characters, documented maximum {limit}: {seen}",
            length.unwrap_or_default()
        ),
        ("minLength", Some(limit)) => format!(
            "has {} characters, documented minimum {limit}: {seen}",
            length.unwrap_or_default()
        ),
        ("format" | "pattern", Some(stated)) => {
            format!(
                "is {seen}, documented {facet} `{}`",
                stated.as_str().unwrap_or_default()
            )
        }
        (_, Some(stated)) => format!("is {seen}, documented {facet} {stated}"),
        (_, None) => format!("is {seen}, which breaks {facet}"),
    }
}

/// The values that a node lists, in a union's branches too.
pub fn enum_values(node: &Value) -> Vec<Value> {
    if let Some(values) = node.get("enum").and_then(Value::as_array) {
        return values.clone();
    }
    if let Some(value) = node.get("const") {
        return vec![value.clone()];
    }
    node.get("anyOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .flat_map(enum_values)
        .collect()
}

fn type_list(stated: &Value) -> String {
    match stated {
        Value::Array(many) => many
            .iter()
            .filter_map(Value::as_str)
            .collect::<Vec<_>>()
            .join(" or "),
        other => other.as_str().unwrap_or_default().to_owned(),
    }
}

/// The JSON type of a value, as a word with its article.
fn type_word(value: Option<&Value>) -> &'static str {
    match value {
        None => "nothing",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "a boolean",
        Some(Value::Number(number)) if number.is_f64() => "a number",
        Some(Value::Number(_)) => "an integer",
        Some(Value::String(_)) => "a string",
        Some(Value::Array(_)) => "an array",
        Some(Value::Object(_)) => "an object",
    }
}

/// A value as JSON text, cut to a length that fits on a line.
fn excerpt(value: &Value) -> String {
    const MOST: usize = 80;
    let text = match value {
        // Of a long text no more is spelled than is shown.
        Value::String(text) if text.len() > 8 * MOST => {
            Value::from(text.chars().take(2 * MOST).collect::<String>()).to_string()
        }
        value => value.to_string(),
    };
    if text.chars().count() <= MOST {
        return text;
    }
    let head: String = text.chars().take(MOST).collect();
    format!("{head}...")
}

/// An empty object schema node: a start for building one.
pub fn object() -> Map<String, Value> {
    let mut map = Map::new();
    map.insert("type".to_owned(), Value::from("object"));
    map
}
