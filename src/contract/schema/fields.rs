//! The fields of a schema: each by its path, with its node, its facts, and whether its object
//! requires it. They are told apart once, when they are first asked for.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::node::NodeAt;
use super::{DEPTH, MOST_FIELDS, Schema, types_of};
use crate::contract::facet::{Facet, Meaning};
use crate::contract::field_path::{FieldPath, escape_token, value_at};
use crate::contract::provenance::{Fact, Level, Source};

/// How deep unions stand in each other.
const UNIONS: usize = 4;

/// One field of a schema: its place, its node, and whether its object requires it.
#[derive(Debug, Clone, Copy)]
pub struct Field<'s> {
    /// Its path within the schema; empty for the root.
    pub path: &'s FieldPath,
    /// What describes its values, references followed; of a field that may be null or empty besides,
    /// what describes the values that are neither.
    pub node: &'s Value,
    /// The JSON pointer from the root to the whole of its schema, references followed.
    pub pointer: &'s str,
    /// Whether the parent lists it under `required`.
    pub required: bool,
    /// The facts of the field: those that stand beside a reference, and those of the node itself.
    pub facts: &'s [Fact],
}

impl Field<'_> {
    /// How surely an answer of a run has the field: each does where the schema requires it, one does
    /// where an example or a row shows it.
    pub fn expected(&self) -> Option<Level> {
        if self.required {
            return Some(Level::Must);
        }
        let stated = self.facts.iter();
        stated
            .filter(|fact| fact.facet == Facet::Required)
            .map(|fact| fact.level)
            .max()
            .filter(|level| *level > Level::May)
    }
}

/// What a field is made from; fields of one node share what belongs to the node.
#[derive(Debug)]
pub(super) struct FieldEntry {
    required: bool,
    /// Whether the service sets it, or an object that it stands in.
    is_read_only: bool,
    node: NodeEntry,
}

/// What belongs to a node, whatever path leads to it.
#[derive(Debug, Clone)]
struct NodeEntry {
    /// The pointer to the whole of the node, references followed.
    pointer: Arc<str>,
    /// The pointer to what describes its values.
    described: Arc<str>,
    facts: Arc<[Fact]>,
}

impl Schema {
    /// All fields of the schema, parents before children, in the page's order; the root first.
    pub fn fields(&self) -> impl ExactSizeIterator<Item = Field<'_>> + Clone {
        self.entries()
            .iter()
            .map(|(path, entry)| self.view(path, entry))
    }

    /// The fields of what a body says of one thing: those at its top, or within the one object that is
    /// all of it.
    pub fn record(&self) -> impl Iterator<Item = Field<'_>> {
        let of = |length: usize| {
            let own = self.fields();
            own.filter(move |field| field.path.steps().len() == length)
        };
        let is_wrapped =
            of(1).count() == 1 && of(1).any(|field| types_of(field.node).contains(&"object"));
        let length = if is_wrapped { 2 } else { 1 };
        of(length).filter(|field| !field.path.has_item() && !field.path.has_entry())
    }

    /// The fields that may be left out, and whose default is none of the values that they may have:
    /// nobody knows what becomes of them then.
    pub fn wrongly_preset(&self) -> &[FieldPath] {
        let is_wrong = |field: &Field<'_>| {
            let default = field.node.get(Facet::Default.as_str());
            default.filter(|_| !field.required).is_some_and(|default| {
                let own = self.part(field.node);
                own.is_some_and(|own| !own.is_valid(default))
            })
        };
        let find = || self.record().filter(is_wrong).map(|own| own.path.clone());
        self.wrongly_preset.get_or_init(|| find().collect())
    }

    /// The facts of what the schema describes as a whole.
    pub fn own_facts(&self) -> &[Fact] {
        self.field(&FieldPath::root())
            .map(|root| root.facts)
            .unwrap_or_default()
    }

    /// Whether nothing but our reading of a page says that a field may not be null: it names a type,
    /// and neither says that the field is always there nor of a field beside it that it may be null.
    pub fn is_null_unstated(&self, path: &FieldPath, rows: &[Fact]) -> bool {
        let is_of_page = |row: &Fact| matches!(row.source, Source::Page(_));
        let is_required = self.field(path).is_some_and(|field| field.required);
        let speaks_of_null = |field: &Field<'_>| {
            field.path.parent() == path.parent()
                && field.facts.iter().any(|fact| fact.facet == Facet::Nullable)
        };
        !is_required
            && rows.iter().all(is_of_page)
            && !self.fields().any(|field| speaks_of_null(&field))
    }

    /// The same of a field of answers: a list that has nothing is an empty list.
    pub fn is_null_unstated_in_answers(&self, path: &FieldPath, rows: &[Fact]) -> bool {
        let field = self.field(path);
        !field.is_some_and(|field| types_of(field.node).contains(&"array"))
            && self.is_null_unstated(path, rows)
    }

    /// Whether the service sets a field, or an object that it stands in: no request has it.
    pub fn is_read_only(&self, path: &FieldPath) -> bool {
        let mut above = std::iter::successors(Some(path.clone()), FieldPath::parent);
        let known = above.find_map(|path| self.entries().get(&path));
        known.is_some_and(|entry| entry.is_read_only)
    }

    /// Takes note of what the service sets: a field, and all that stands in it.
    fn mark_read_only(&self, fields: &mut IndexMap<FieldPath, FieldEntry>) {
        let fact = Facet::Meaning(Meaning::ReadOnly);
        for at in 0..fields.len() {
            let Some((path, entry)) = fields.get_index(at) else {
                continue;
            };
            let field = self.view(path, entry);
            let is_own = field.node.get("readOnly") == Some(&Value::Bool(true))
                || field.facts.iter().any(|one| one.facet == fact);
            // Parents stand before their children.
            let mut above = std::iter::successors(path.parent(), FieldPath::parent);
            let around = above.find_map(|path| fields.get(&path));
            let is_read_only = is_own || around.is_some_and(|around| around.is_read_only);
            if let Some((_, entry)) = fields.get_index_mut(at) {
                entry.is_read_only = is_read_only;
            }
        }
    }

    /// The field of a path.
    pub fn field(&self, path: &FieldPath) -> Option<Field<'_>> {
        let (path, entry) = self.entries().get_key_value(path)?;
        Some(self.view(path, entry))
    }

    fn entries(&self) -> &IndexMap<FieldPath, FieldEntry> {
        self.fields.get_or_init(|| {
            let mut fields = self.told_apart();
            self.mark_read_only(&mut fields);
            fields
        })
    }

    fn told_apart(&self) -> IndexMap<FieldPath, FieldEntry> {
        let Some(most) = self.most_fields.get() else {
            return self.walk(usize::MAX, MOST_FIELDS).fields;
        };
        // As deep as there are no more of them, and what stands at the top in any case.
        let mut fields = self.walk(1, MOST_FIELDS).fields;
        for depth in 2..=DEPTH {
            let deeper = self.walk(depth, *most);
            let is_whole = deeper.fields.len() == fields.len();
            if deeper.is_full || is_whole {
                break;
            }
            fields = deeper.fields;
        }
        fields
    }

    /// The fields down to a depth, and no more than so many.
    fn walk(&self, deepest: usize, most: usize) -> FieldWalk<'_> {
        let mut walk = FieldWalk {
            schema: self,
            nodes: HashMap::new(),
            above: Vec::new(),
            fields: IndexMap::new(),
            deepest,
            most,
            is_full: false,
        };
        walk.visit("", FieldPath::root(), true);
        walk
    }

    /// How many fields there are, at most so many as are told apart: counted node by node, without a
    /// path to any of them.
    pub fn count_fields(&self) -> usize {
        let mut known = HashMap::new();
        self.count(&self.root, &mut known).min(MOST_FIELDS)
    }

    fn count(&self, node: &Value, known: &mut HashMap<*const Value, usize>) -> usize {
        let node = self.follow(node);
        let at: *const Value = node;
        if let Some(count) = known.get(&at) {
            return *count;
        }
        // What stands within itself has no fields that the outer one has not.
        known.insert(at, 1);
        let properties = node.get("properties").and_then(Value::as_object);
        let others = ["items", "additionalProperties"].into_iter();
        let others = others.filter_map(|word| node.get(word).filter(|child| child.is_object()));
        let below = properties.into_iter().flat_map(Map::values).chain(others);
        let mut count = below.fold(1_usize, |sum, child| {
            sum.saturating_add(self.count(child, known))
        });
        for word in ["allOf", "oneOf", "anyOf"] {
            let branches = node.get(word).and_then(Value::as_array);
            for branch in branches.into_iter().flatten() {
                count = count.saturating_add(self.count(branch, known) - 1);
            }
        }
        known.insert(at, count);
        count
    }

    /// Tells no more fields apart than so many, unless more stand at the top: those that stand
    /// deepest are not told. Without effect once they were asked for.
    pub fn tell_few(&self, most: usize) {
        let _ = self.most_fields.set(most);
    }

    /// Whether not all of its fields are told apart.
    pub fn tells_few(&self) -> bool {
        self.most_fields.get().is_some()
    }

    fn view<'s>(&'s self, path: &'s FieldPath, entry: &'s FieldEntry) -> Field<'s> {
        Field {
            path,
            node: value_at(&self.root, &entry.node.described).unwrap_or(&self.root),
            pointer: &entry.node.pointer,
            required: entry.required,
            facts: &entry.node.facts,
        }
    }
}

/// The facts of a field of a union's branch: that it must be there is said of the objects of this
/// branch alone, so that no answer as a whole is known to have it.
fn within_union(facts: &[Fact]) -> impl Iterator<Item = Fact> + '_ {
    facts.iter().cloned().map(|fact| match fact.facet {
        Facet::Required => Fact {
            level: Level::May,
            ..fact
        },
        _ => fact,
    })
}

/// The walk that tells the fields of a schema apart.
struct FieldWalk<'s> {
    schema: &'s Schema,
    /// What is known of the nodes met so far, by the pointer to each.
    nodes: HashMap<String, NodeEntry>,
    /// The pointers of the nodes above, references followed.
    above: Vec<Arc<str>>,
    fields: IndexMap<FieldPath, FieldEntry>,
    /// How many steps the longest path may have.
    deepest: usize,
    /// How many fields there may be.
    most: usize,
    /// Whether there are more.
    is_full: bool,
}

impl FieldWalk<'_> {
    fn visit(&mut self, pointer: &str, path: FieldPath, required: bool) {
        if self.above.len() > DEPTH || path.steps().len() > self.deepest {
            return;
        }
        if self.fields.len() >= self.most {
            self.is_full = true;
            return;
        }
        let schema = self.schema;
        let Some(entry) = self.node(pointer) else {
            return;
        };
        let pointer = Arc::clone(&entry.described);
        let node = entry;
        let entry = FieldEntry {
            required,
            is_read_only: false,
            node,
        };
        self.fields.insert(path.clone(), entry);
        let Some(node) = schema.root.pointer(&pointer) else {
            return;
        };
        // An object within another of its kind has no fields that the outer one has not.
        if self.above.contains(&pointer) {
            return;
        }
        self.above.push(Arc::clone(&pointer));
        let needed: HashSet<&str> = node
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let properties = node.get("properties").and_then(Value::as_object);
        for name in properties.into_iter().flat_map(Map::keys) {
            self.visit(
                &format!("{pointer}/properties/{}", escape_token(name)),
                path.child(name),
                needed.contains(name.as_str()),
            );
        }
        if node.get("items").is_some() {
            self.visit(&format!("{pointer}/items"), path.item(), false);
        }
        if node
            .get("additionalProperties")
            .is_some_and(Value::is_object)
        {
            let pointer = format!("{pointer}/additionalProperties");
            self.visit(&pointer, path.entry(), false);
        }
        self.branches(&pointer, &path, 0);
        self.above.pop();
    }

    /// The fields of the branches of a node's unions, which an object may have. What the node or
    /// another branch has already gets the facts of this one.
    fn branches(&mut self, pointer: &str, path: &FieldPath, depth: usize) {
        let schema = self.schema;
        for word in ["allOf", "oneOf", "anyOf"] {
            let branches = schema
                .root
                .pointer(pointer)
                .and_then(|node| node.get(word)?.as_array());
            for index in 0..branches.map_or(0, Vec::len) {
                let Some(entry) = self.node(&format!("{pointer}/{word}/{index}")) else {
                    continue;
                };
                let branch = entry.described;
                let Some(node) = schema.root.pointer(&branch) else {
                    continue;
                };
                if depth >= UNIONS || self.above.contains(&branch) || node.get("if").is_some() {
                    continue;
                }
                self.above.push(Arc::clone(&branch));
                let properties = node.get("properties").and_then(Value::as_object);
                for name in properties.into_iter().flat_map(Map::keys) {
                    let child = format!("{branch}/properties/{}", escape_token(name));
                    let path = path.child(name);
                    if self.fields.contains_key(&path) {
                        self.add_facts(&child, &path);
                    } else {
                        self.visit(&child, path.clone(), false);
                        if let Some(known) = self.fields.get_mut(&path) {
                            known.node.facts = within_union(&known.node.facts).collect();
                        }
                    }
                }
                self.branches(&branch, path, depth + 1);
                self.above.pop();
            }
        }
    }

    /// Adds the facts of a node to those of a known field.
    fn add_facts(&mut self, pointer: &str, path: &FieldPath) {
        let Some(node) = self.node(pointer) else {
            return;
        };
        if let Some(known) = self.fields.get_mut(path) {
            let more: Vec<Fact> = within_union(&node.facts)
                .filter(|fact| !known.node.facts.contains(fact))
                .collect();
            if !more.is_empty() {
                known.node.facts = known.node.facts.iter().cloned().chain(more).collect();
            }
        }
    }

    /// What belongs to the node at a pointer.
    fn node(&mut self, pointer: &str) -> Option<NodeEntry> {
        if let Some(known) = self.nodes.get(pointer) {
            return Some(known.clone());
        }
        let node = self.schema.root.pointer(pointer)?;
        let whole = self.schema.referred(NodeAt {
            pointer: Some(Cow::Borrowed(pointer)),
            node,
        });
        let pointer_to_whole: Arc<str> = whole.pointer.as_deref()?.into();
        let described = self.schema.target(whole).pointer?;
        let mut pointers = vec![pointer, &*pointer_to_whole, &*described];
        pointers.dedup();
        let entry = NodeEntry {
            pointer: Arc::clone(&pointer_to_whole),
            described: (*described).into(),
            facts: pointers
                .into_iter()
                .filter_map(|pointer| self.schema.facts.get(pointer))
                .flatten()
                .cloned()
                .collect(),
        };
        self.nodes.insert(pointer.to_owned(), entry.clone());
        Some(entry)
    }
}
