//! The nodes of a schema: which of them describes a value, with references and the branches of a
//! union followed, and what a node says of types and listed values.

use std::borrow::Cow;

use serde_json::Value;

use super::super::field_path::{escape_token, unescape_token, value_at};
use super::{DEPTH, Schema};

impl Schema {
    /// The schema node that describes the value at a JSON pointer, references followed.
    pub fn node(&self, pointer: &str) -> Option<&Value> {
        self.node_at(pointer).map(|at| at.node)
    }

    /// The node that describes the value at a JSON pointer, and where it stands.
    pub(super) fn node_at(&self, pointer: &str) -> Option<NodeAt<'_>> {
        let root = NodeAt {
            pointer: Some(Cow::Borrowed("")),
            node: &self.root,
        };
        tokens(pointer).try_fold(self.target(root), |at, token| self.below(&at, &token))
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
    pub(super) fn target<'s>(&'s self, at: NodeAt<'s>) -> NodeAt<'s> {
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
    pub(super) fn referred<'s>(&'s self, at: NodeAt<'s>) -> NodeAt<'s> {
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
pub(super) struct NodeAt<'s> {
    pub(super) pointer: Option<Cow<'s, str>>,
    pub(super) node: &'s Value,
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

pub(super) fn tokens(pointer: &str) -> impl Iterator<Item = String> + '_ {
    pointer.split('/').skip(1).map(unescape_token)
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
