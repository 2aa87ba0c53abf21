//! One JSON Schema of the contract, compiled: what a value breaks, and which documented facts stand
//! behind each keyword. The interface to the `jsonschema` crate is localised here and in
//! `violation.rs`.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::OnceLock;

use indexmap::IndexMap;
use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, Validator};
use serde_json::{Map, Value};

use super::combination::{BETWEEN, rule_around};
use super::facet::{Facet, Keyword, Meaning};
use super::field_path::{FieldPath, Step, escape_token, unescape_token, value_at};
use super::formats::DateTemplate;
use super::provenance::{ANNOTATION, Fact, Level};
use super::standard_formats::{is_duration, is_moment, is_time};
use super::violation::{describe, describe_whole, each_cause, facet_of};

mod fields;
mod whole;

pub use self::fields::Field;
use self::fields::FieldEntry;

/// The mark, in a compiled schema, of a field whose values come from answers. Facts alone say so in
/// the files of a contract.
pub const OPAQUE: &str = "x-opaque";

/// How deep a schema is walked.
const DEPTH: usize = 24;

/// How many fields of one schema are told apart.
const MOST_FIELDS: usize = 20_000;

/// A compiled schema. `root` has no references to other files: they are bundled under `$defs`.
#[derive(Debug)]
pub struct Schema {
    /// The schema as JSON.
    pub root: Value,
    validator: Validator,
    /// The facts of each node, by the pointer to it from the root.
    facts: BTreeMap<String, Vec<Fact>>,
    /// Whether words that are not read restrict any of its values.
    has_restricting_words: bool,
    /// The fields by path, told apart when they are first asked for.
    fields: OnceLock<IndexMap<FieldPath, FieldEntry>>,
    /// How many fields are told apart, where that is fewer than in other schemas.
    most_fields: OnceLock<usize>,
    /// The fields that answers are held to by more than keywords, found by the first answer.
    watched: OnceLock<Watched>,
    /// The fields whose default their own rules forbid, found once.
    wrongly_preset: OnceLock<Vec<FieldPath>>,
}

/// Fields of an answer that are held to what no keyword says.
#[derive(Debug, Default)]
pub struct Watched {
    /// Those that count or measure, and are not below zero.
    pub counts: Vec<FieldPath>,
    /// Those that their page ties to a failure.
    pub of_failure: Vec<FieldPath>,
    /// Those that count the items of a list beside them.
    pub counting: Vec<FieldPath>,
    /// Those that are computed from others beside them.
    pub computed: Vec<FieldPath>,
}

/// One keyword that a value breaks, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The field, within the schema.
    pub field: FieldPath,
    /// The JSON pointer to the value.
    pub pointer: String,
    /// The documented facet that is broken.
    pub facet: Facet,
    /// What is wrong, in one clause.
    pub message: String,
}

/// Why a schema of the contract cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("`{pointer}` of a schema: {message}")]
pub struct SchemaError {
    /// The JSON pointer to what is wrong, from the root.
    pub pointer: String,
    /// What is wrong with it.
    pub message: String,
}

/// The most errors of one value that are looked at: a long list breaks the same rules over and
/// over.
const MOST_ERRORS: usize = 4_096;

impl Schema {
    /// Compiles a schema that has no references to other files, and about which nothing is
    /// documented.
    pub fn compile(root: Value) -> Result<Self, SchemaError> {
        Self::with_facts(root, BTreeMap::new())
    }

    /// Compiles a schema that has no references to other files, with the facts of its nodes.
    pub(super) fn with_facts(
        mut root: Value,
        facts: BTreeMap<String, Vec<Fact>>,
    ) -> Result<Self, SchemaError> {
        for (pointer, facts) in &facts {
            let opaque = Facet::Meaning(Meaning::Opaque);
            if facts.iter().any(|fact| fact.facet == opaque)
                && let Some(Value::Object(map)) = root.pointer_mut(pointer)
            {
                map.insert(OPAQUE.to_owned(), Value::Bool(true));
            }
        }
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
            } else if format == "duration" {
                options = options.with_format(format, is_duration);
            } else if format == "time" {
                options = options.with_format(format, is_time);
            } else if format == "iso-8601" {
                options = options.with_format(format, is_moment);
            }
        }
        let validator = options.build(&root).map_err(|error| SchemaError {
            pointer: error.instance_path().to_string(),
            message: error.to_string(),
        })?;
        let has_restricting_words = facts
            .values()
            .flatten()
            .any(|fact| fact.facet == Facet::Prose && fact.level > Level::May);
        Ok(Self {
            root,
            validator,
            facts,
            has_restricting_words,
            fields: OnceLock::new(),
            most_fields: OnceLock::new(),
            watched: OnceLock::new(),
            wrongly_preset: OnceLock::new(),
        })
    }

    /// The fields that answers are held to by more than keywords, found once.
    pub fn watched(&self, find: impl FnOnce(&Self) -> Watched) -> &Watched {
        self.watched.get_or_init(|| find(self))
    }

    /// The schema of a node by itself, with the definitions that it refers to and without facts;
    /// none where it does not compile, or refers to anything else.
    pub fn part(&self, node: &Value) -> Option<Self> {
        let root = self.part_root(node)?;
        Self::compile(root).ok()
    }

    /// The schema of a field by itself, with its facts.
    pub fn part_of(&self, field: &Field<'_>) -> Option<Self> {
        let root = self.part_root(self.root.pointer(field.pointer)?)?;
        let names = root.get("$defs").and_then(Value::as_object);
        let names = names.into_iter().flat_map(Map::keys);
        let defined = names.map(|name| format!("/$defs/{}", escape_token(name)));
        let mut facts: BTreeMap<String, Vec<Fact>> = self
            .facts_from(field.pointer)
            .map(|(below, facts)| (below.to_owned(), facts.to_vec()))
            .collect();
        for pointer in defined {
            let below = self.facts_from(&pointer);
            facts.extend(below.map(|(below, facts)| (format!("{pointer}{below}"), facts.to_vec())));
        }
        Self::with_facts(root, facts).ok()
    }

    /// The facts of a node and of what stands below it, by the pointer from the node.
    fn facts_from<'s>(&'s self, pointer: &str) -> impl Iterator<Item = (&'s str, &'s [Fact])> {
        let own = self.facts.get(pointer).map(|facts| ("", facts.as_slice()));
        let stem = format!("{pointer}/");
        let skipped = pointer.len();
        let below = self
            .facts
            .range(stem.clone()..)
            .take_while(move |(known, _)| known.starts_with(&stem))
            .filter_map(move |(known, facts)| Some((known.get(skipped..)?, facts.as_slice())));
        own.into_iter().chain(below)
    }

    fn part_root(&self, node: &Value) -> Option<Value> {
        let mut definitions = Map::new();
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            match node {
                Value::Object(map) => {
                    if let Some(Value::String(target)) = map.get("$ref") {
                        let path = target.strip_prefix("#/$defs/")?;
                        let name = unescape_token(path.split('/').next().unwrap_or(path));
                        if !definitions.contains_key(&name) {
                            let found = self.root.get("$defs")?.get(&name)?;
                            definitions.insert(name, found.clone());
                            open.push(found);
                        }
                    }
                    open.extend(map.values());
                }
                Value::Array(items) => open.extend(items),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
            }
        }
        let mut root = node.clone();
        if let Value::Object(map) = &mut root {
            map.shift_remove("$defs");
            if !definitions.is_empty() {
                map.insert("$defs".to_owned(), Value::Object(definitions));
            }
        }
        Some(root)
    }

    /// Whether words that are not read restrict any of its values.
    pub fn has_restricting_words(&self) -> bool {
        self.has_restricting_words
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
        let mut found: Vec<Violation> = Vec::new();
        for error in self.validator.iter_errors(value).take(MOST_ERRORS) {
            each_cause(&error, 0, &mut |error| {
                let mut pointer = error.instance_path().as_str().to_owned();
                if let ValidationErrorKind::Required { property } = error.kind() {
                    let name = property
                        .as_str()
                        .map_or_else(|| property.to_string(), str::to_owned);
                    pointer = format!("{pointer}/{}", escape_token(&name));
                }
                let rule = rule_around(error.schema_path().as_str());
                let rule = rule.and_then(|rule| self.root.pointer(rule));
                let inner = facet_of(error.kind());
                if let Some((keyword, at)) =
                    self.rule_of_whole(error, rule.is_some().then_some(pointer.as_str()))
                {
                    let facet = Facet::Keyword(keyword);
                    let wrong = value.pointer(&pointer);
                    let message = describe_whole(facet, pointer.get(at.len()..), inner, wrong);
                    found.push(Violation {
                        message,
                        field: self.field_path(&at),
                        pointer: at,
                        facet,
                    });
                    return;
                }
                let facet = rule.map_or(inner, |_| BETWEEN);
                let node = rule.or_else(|| self.node(&pointer));
                found.push(Violation {
                    message: describe(facet, value.pointer(&pointer), node),
                    field: self.field_path(&pointer),
                    pointer,
                    facet,
                });
            });
        }
        // A value of another type breaks no further rule of its field: its type is what is wrong.
        let mistyped: HashSet<String> = found
            .iter()
            .filter(|violation| violation.facet == Facet::Type)
            .map(|violation| violation.pointer.clone())
            .collect();
        found.retain(|violation| {
            violation.facet == Facet::Type || !mistyped.contains(&violation.pointer)
        });
        found.sort_by_cached_key(|violation| {
            (
                violation.field.to_string(),
                violation.pointer.clone(),
                violation.facet.as_str(),
                violation.message.clone(),
            )
        });
        found.dedup();
        found
    }

    /// The rule of a value as a whole that an error belongs to, and the pointer to that value. A rule
    /// between fields, `between` being the pointer to the field, is one of the object where the
    /// source states it of the object.
    fn rule_of_whole(
        &self,
        error: &jsonschema::ValidationError<'_>,
        between: Option<&str>,
    ) -> Option<(Keyword, String)> {
        let (keyword, depth) = whole::holder(error.evaluation_path().as_str())?;
        let at = whole::first_steps(error.instance_path().as_str(), depth).to_owned();
        let states = |pointer: &str| {
            let field = self.field(&self.field_path(pointer));
            let facts = field.map(|field| field.facts).unwrap_or_default();
            facts.iter().any(|fact| fact.facet == BETWEEN)
        };
        let is_of_field =
            keyword == Keyword::If && between.is_some_and(|field| states(field) || !states(&at));
        (!is_of_field).then_some((keyword, at))
    }

    /// The schema node that describes the value at a JSON pointer, references followed.
    pub fn node(&self, pointer: &str) -> Option<&Value> {
        self.node_at(pointer).map(|at| at.node)
    }

    /// The node that describes the value at a JSON pointer, and where it stands.
    fn node_at(&self, pointer: &str) -> Option<NodeAt<'_>> {
        let root = NodeAt {
            pointer: Some(Cow::Borrowed("")),
            node: &self.root,
        };
        tokens(pointer).try_fold(self.target(root), |at, token| self.below(&at, &token))
    }

    /// The facts that stand behind one facet of the value at a JSON pointer; all the facts of the
    /// row where none has that facet.
    pub fn facts(&self, pointer: &str, facet: Facet) -> Vec<Fact> {
        let mut pointer = pointer;
        loop {
            let all = match self.field(&self.field_path(pointer)) {
                Some(field) => Cow::Borrowed(field.facts),
                None => Cow::Borrowed(
                    self.node_at(pointer)
                        .and_then(|at| self.facts.get(&*at.pointer?))
                        .map(Vec::as_slice)
                        .unwrap_or_default(),
                ),
            };
            if !all.is_empty() {
                let exact: Vec<Fact> = all
                    .iter()
                    .filter(|fact| fact.facet == facet)
                    .cloned()
                    .collect();
                return if exact.is_empty() {
                    all.into_owned()
                } else {
                    exact
                };
            }
            match pointer.rfind('/') {
                Some(cut) => pointer = &pointer[..cut],
                None => return Vec::new(),
            }
        }
    }

    /// The path of the field at a JSON pointer into a value: an array's index is any item. What
    /// stands in an object within another of its kind has the path that it has in the outer one:
    /// one rule of a table is one rule, however deep the table's objects nest.
    fn field_path(&self, pointer: &str) -> FieldPath {
        let mut path = FieldPath::root();
        let mut node = Some(self.follow(&self.root));
        // The nodes above, each with its path.
        let mut above: Vec<(&Value, FieldPath)> = Vec::new();
        for token in tokens(pointer) {
            if let Some(node) = node {
                match above.iter().find(|(known, _)| std::ptr::eq(*known, node)) {
                    Some((_, outer)) => path.clone_from(outer),
                    None => above.push((node, path.clone())),
                }
            }
            let is_item = token.bytes().all(|byte| byte.is_ascii_digit())
                && node.is_none_or(|node| {
                    node.get("properties")
                        .and_then(|all| all.get(&token))
                        .is_none()
                        && node.get("items").is_some()
                });
            node = node.and_then(|node| self.child(node, &token));
            path.push(if is_item {
                Step::Item
            } else {
                Step::Name(token)
            });
        }
        path
    }

    /// Whether a node describes objects: by its type, by what is joined in it, or by each of the
    /// kinds of which a value is one.
    pub(crate) fn is_of_objects(&self, node: &Value) -> bool {
        self.is_of_objects_within(node, 0)
    }

    fn is_of_objects_within(&self, node: &Value, depth: usize) -> bool {
        const UNIONS: usize = 4;
        let node = self.follow(node);
        let parts = |word: &str| {
            let parts = node.get(word).and_then(Value::as_array);
            parts.map(Vec::as_slice).unwrap_or_default()
        };
        let is_one = |part: &Value| self.is_of_objects_within(part, depth + 1);
        let kinds = ["oneOf", "anyOf"].map(parts);
        types_of(node).contains(&"object")
            || depth < UNIONS
                && (parts("allOf").iter().any(is_one)
                    || kinds
                        .iter()
                        .any(|all| !all.is_empty() && all.iter().all(is_one)))
    }

    /// What describes the values of a node: its `$ref` followed, and what it allows besides, null or
    /// an empty text, left out. A reference that leads nowhere is the node itself.
    pub fn follow<'s>(&'s self, node: &'s Value) -> &'s Value {
        self.target(NodeAt::untold(node)).node
    }

    /// What describes the values of a node, null and the empty text left out.
    fn target<'s>(&'s self, at: NodeAt<'s>) -> NodeAt<'s> {
        let mut at = self.referred(at);
        for _ in 0..DEPTH {
            let Some((index, branch)) = described_branch(at.node) else {
                break;
            };
            at = self.referred(at.step(Key::Branch("anyOf", index), branch));
        }
        at
    }

    /// A node with its references followed.
    fn referred<'s>(&'s self, at: NodeAt<'s>) -> NodeAt<'s> {
        let mut at = at;
        for _ in 0..DEPTH {
            let target = at.node.get("$ref").and_then(Value::as_str);
            let Some(pointer) = target.and_then(|target| target.strip_prefix('#')) else {
                break;
            };
            let Some(node) = value_at(&self.root, pointer) else {
                break;
            };
            at = NodeAt {
                pointer: at.pointer.is_some().then_some(Cow::Borrowed(pointer)),
                node,
            };
        }
        at
    }

    /// The schema node of a field or item of what a node describes, references followed.
    pub fn child<'s>(&'s self, node: &'s Value, token: &str) -> Option<&'s Value> {
        self.below(&NodeAt::untold(node), token).map(|at| at.node)
    }

    fn below<'s>(&'s self, at: &NodeAt<'s>, token: &str) -> Option<NodeAt<'s>> {
        let node = at.node;
        let named = || {
            let child = node.get("properties")?.get(token)?;
            Some((Key::Named(token), child))
        };
        let item = || {
            let is_index = token.bytes().all(|byte| byte.is_ascii_digit());
            let child = node.get("items").filter(|_| is_index)?;
            Some((Key::Items, child))
        };
        let entry = || {
            let child = node.get("additionalProperties")?;
            child.is_object().then_some((Key::Entries, child))
        };
        if let Some((key, child)) = named().or_else(item).or_else(entry) {
            return Some(self.target(at.step(key, child)));
        }
        ["anyOf", "oneOf", "allOf"].iter().find_map(|keyword| {
            let branches = node.get(*keyword)?.as_array()?;
            branches.iter().enumerate().find_map(|(index, branch)| {
                let branch = self.target(at.step(Key::Branch(keyword, index), branch));
                self.below(&branch, token)
            })
        })
    }
}

/// A node of a schema, and the pointer to it from the root where that is asked for: every answer is
/// looked at node by node, and few of those looks need to say where.
struct NodeAt<'s> {
    pointer: Option<Cow<'s, str>>,
    node: &'s Value,
}

/// A step from a node of a schema to one below it.
#[derive(Clone, Copy)]
enum Key<'k> {
    Named(&'k str),
    Items,
    Entries,
    Branch(&'k str, usize),
}

impl<'s> NodeAt<'s> {
    /// A node whose place nobody asks for.
    fn untold(node: &'s Value) -> Self {
        Self {
            pointer: None,
            node,
        }
    }

    /// The node one step below.
    fn step(&self, key: Key<'_>, node: &'s Value) -> Self {
        let pointer = self.pointer.as_ref().map(|pointer| {
            let pointer = match key {
                Key::Named(name) => format!("{pointer}/properties/{}", escape_token(name)),
                Key::Items => format!("{pointer}/items"),
                Key::Entries => format!("{pointer}/additionalProperties"),
                Key::Branch(keyword, index) => format!("{pointer}/{keyword}/{index}"),
            };
            Cow::Owned(pointer)
        });
        Self { pointer, node }
    }
}

/// The one branch of a union that describes values, and its place, where the others allow no more
/// than null or an empty text.
fn described_branch(node: &Value) -> Option<(usize, &Value)> {
    let is_nothing = |branch: &Value| match branch.as_object()?.iter().next()? {
        (keyword, value) if branch.as_object()?.len() == 1 => {
            Some(keyword == "const" && value == "" || keyword == "type" && value == "null")
        }
        _ => Some(false),
    };
    let branches = node.get("anyOf")?.as_array()?;
    let mut described = branches
        .iter()
        .enumerate()
        .filter(|(_, branch)| is_nothing(branch) != Some(true));
    let found = described.next()?;
    (described.next().is_none() && branches.len() > 1).then_some(found)
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
    pointer.split('/').skip(1).map(unescape_token)
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::super::{Level, PageRow, Source};
    use super::*;

    #[test]
    fn fields_are_found_by_their_paths_with_the_facts_of_both_ends_of_a_reference() {
        let fact = |row: &str| Fact {
            facet: Facet::Type,
            source: Source::Page(Arc::new(PageRow {
                row: row.to_owned(),
                ..PageRow::default()
            })),
            level: Level::Must,
        };
        let root = json!({
            "properties": {
                "a/b": { "type": "string" },
                "tags": { "type": "array", "items": { "$ref": "#/$defs/Tag" } },
                "labels": { "additionalProperties": { "type": "string" } },
            },
            "required": ["tags"],
            "$defs": { "Tag": { "type": "object" } },
        });
        let facts = BTreeMap::from([
            ("/properties/tags/items".to_owned(), vec![fact("tags")]),
            ("/$defs/Tag".to_owned(), vec![fact("Tag")]),
        ]);
        let schema = Schema::with_facts(root, facts).unwrap();
        let names: Vec<String> = schema
            .fields()
            .map(|field| field.path.to_string())
            .collect();
        assert_eq!(names, ["", "a/b", "tags", "tags[]", "labels", "labels.*"]);
        let field = |path: &str| schema.field(&FieldPath::from(path)).unwrap();
        assert_eq!(field("a/b").pointer, "/properties/a~1b");
        assert!(field("tags").required && !field("labels").required);
        assert_eq!(field("tags[]").pointer, "/$defs/Tag");
        let rows: Vec<&str> = field("tags[]").facts.iter().map(Fact::row).collect();
        assert_eq!(rows, ["tags", "Tag"]);
        assert!(schema.field(&FieldPath::from("tag")).is_none());
    }
}
