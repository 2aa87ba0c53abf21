//! The fields of a record: what a request says, the documented defaults of what it leaves out, and
//! what the documented answers show of the rest.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::contract::{
    Facet, FieldPath, Meaning, Schema, Step, enum_values, escape_token, types_of,
};
use crate::generate::sample;

/// How deep objects are looked into.
const DEPTH: usize = 12;

/// The part of a body's schema that describes a record.
#[derive(Debug, Clone)]
pub(super) struct Described {
    schema: Arc<Schema>,
    /// The JSON pointer to the record, within a body.
    pub(super) at: String,
}

/// What a schema says of an object.
#[derive(Debug, Clone, Copy)]
struct Node<'s> {
    schema: &'s Schema,
    node: &'s Value,
}

impl<'s> Node<'s> {
    fn below(self, name: &str) -> Option<Self> {
        let node = self.schema.child(self.node, name)?;
        Some(Self { node, ..self })
    }

    /// Whether the service alone sets a field.
    fn is_read_only(self, name: &str) -> bool {
        let all_of = self.node.get("allOf").and_then(Value::as_array);
        let parts = all_of
            .into_iter()
            .flatten()
            .map(|part| self.schema.follow(part));
        std::iter::once(self.node).chain(parts).any(|node| {
            let field = node.get("properties").and_then(|all| all.get(name));
            field.and_then(|field| field.get("readOnly")) == Some(&Value::Bool(true))
        })
    }

    fn properties(self) -> impl Iterator<Item = (&'s str, Self)> {
        // What is one of several kinds has the fields of each, as far as anybody sends them.
        let parts = ["allOf", "oneOf", "anyOf"]
            .into_iter()
            .filter_map(move |word| self.node.get(word)?.as_array())
            .flatten();
        let parts = parts.flat_map(move |part| {
            let part = self.schema.follow(part);
            let inner = part.get("allOf").and_then(Value::as_array);
            let inner = inner.into_iter().flatten();
            std::iter::once(part).chain(inner.map(move |part| self.schema.follow(part)))
        });
        std::iter::once(self.node)
            .chain(parts)
            .filter_map(|node| node.get("properties")?.as_object())
            .flatten()
            .map(move |(name, node)| {
                let node = self.schema.follow(node);
                (name.as_str(), Self { node, ..self })
            })
    }

    /// Whether more may stand in it than its own properties say: unions, and fields without a name.
    fn is_joined(self) -> bool {
        [
            "anyOf",
            "oneOf",
            "if",
            "additionalProperties",
            "patternProperties",
        ]
        .iter()
        .any(|word| {
            self.node
                .get(word)
                .is_some_and(|more| *more != Value::Bool(false))
        })
    }

    fn requires(self, name: &str) -> bool {
        let required = self.node.get("required").and_then(Value::as_array);
        required.is_some_and(|names| names.iter().any(|known| known == name))
    }

    /// What stands for a value that was not given: null, or something empty; nothing where the
    /// schema allows neither.
    fn blank(self) -> Option<Value> {
        let types = types_of(self.node);
        let empty = if types.contains(&"string") {
            Value::from("")
        } else if types.contains(&"array") {
            Value::Array(Vec::new())
        } else {
            Value::Null
        };
        let alone = self.schema.part(self.node)?;
        [Value::Null, empty]
            .into_iter()
            .find(|value| !types.is_empty() && alone.is_valid(value))
    }
}

fn shown(node: Node<'_>, value: &Value, depth: usize) -> Value {
    let node = Node {
        node: node.schema.follow(node.node),
        ..node
    };
    match value {
        Value::Object(map) if depth < DEPTH => {
            let known: Vec<&str> = node.properties().map(|(name, _)| name).collect();
            let is_open = known.is_empty() || node.is_joined();
            let fields = map
                .iter()
                .filter(|(name, _)| is_open || known.contains(&name.as_str()));
            let told = fields.map(|(name, value)| {
                let value = match node.below(name) {
                    Some(node) => shown(node, value, depth + 1),
                    None => value.clone(),
                };
                (name.clone(), value)
            });
            Value::Object(told.collect())
        }
        Value::Array(items) if depth < DEPTH => {
            let inner = node
                .node
                .get("items")
                .map(|items| node.schema.follow(items));
            let told = items.iter().map(|item| match inner {
                Some(inner) => shown(
                    Node {
                        node: inner,
                        ..node
                    },
                    item,
                    depth + 1,
                ),
                None => item.clone(),
            });
            Value::Array(told.collect())
        }
        other => other.clone(),
    }
}

impl Described {
    /// What stands at a pointer into the bodies of a schema.
    pub(super) fn new(schema: &Arc<Schema>, at: &str) -> Self {
        Self {
            schema: Arc::clone(schema),
            at: at.to_owned(),
        }
    }

    fn node(&self) -> Option<Node<'_>> {
        let schema: &Schema = &self.schema;
        let node = schema.node(&self.at)?;
        Some(Node { schema, node })
    }

    /// The names of the fields that a request may say.
    pub(super) fn names(&self) -> Vec<String> {
        let node = self.node().into_iter();
        node.flat_map(|node| {
            let sent = node.properties();
            sent.filter(move |(name, _)| !node.is_read_only(name))
        })
        .map(|(name, _)| name.to_owned())
        .collect()
    }

    /// Whether a request may say a field of an object that is described here.
    pub(super) fn takes(&self, path: &FieldPath) -> bool {
        let mut steps = path.steps().iter();
        let below = steps.try_fold(self.node(), |node, step| match (node, step) {
            (Some(node), Step::Name(name)) if !node.is_read_only(name) => Some(node.below(name)),
            _ => None,
        });
        below.flatten().is_some()
    }

    /// A value as a field that is described here shows it: of the objects in it the fields that are
    /// described, where any are and no others may stand there by a schema of their own.
    pub(super) fn shown(&self, name: &str, value: &Value) -> Value {
        let node = self.node().and_then(|node| node.below(name));
        node.map_or_else(|| value.clone(), |node| shown(node, value, 0))
    }

    /// The schema of a field, and its node there.
    pub(super) fn field(&self, name: &str) -> Option<(&Arc<Schema>, &Value)> {
        Some((&self.schema, self.node()?.below(name)?.node))
    }

    /// The fields that a record has, by path, those of the objects in it too. Schemas that lead to
    /// each other describe thousands more.
    pub(super) fn fields_of(&self, record: &Map<String, Value>) -> Vec<(FieldPath, &Value)> {
        let mut found = Vec::new();
        if let Some(node) = self.node() {
            gather(node, record, &FieldPath::root(), 0, &mut found);
        }
        found
    }

    /// What a request might say: as `plain` has it, so varied that records can be told apart.
    pub(super) fn sample(&self, plain: &Map<String, Value>, variety: usize) -> Map<String, Value> {
        let node = self.node().into_iter();
        node.flat_map(Node::properties)
            .filter_map(|(name, node)| {
                let listed = enum_values(node.node);
                let alone = node.schema.part(node.node)?;
                let shown = plain.get(name).cloned();
                let varied = match &shown {
                    _ if !listed.is_empty() => listed.get(variety % listed.len()).cloned(),
                    Some(Value::String(text)) if variety > 0 => {
                        Some(Value::from(format!("{text}-{variety}")))
                    }
                    Some(Value::Number(number)) if variety > 0 => {
                        let more = i64::try_from(variety).ok()?;
                        number
                            .as_i64()
                            .map(|number| Value::from(number.saturating_add(more)))
                    }
                    _ => None,
                };
                let sampled = sample(node.schema, node.node, variety);
                let value = [varied, shown, Some(sampled)]
                    .into_iter()
                    .flatten()
                    .find(|value| alone.is_valid(value))?;
                Some((name.to_owned(), value))
            })
            .collect()
    }

    /// The value that stands for nothing in a field.
    pub(super) fn blank(&self, name: &str) -> Option<Value> {
        self.node()?.below(name)?.blank()
    }

    /// Whether a field has to be there.
    pub(super) fn requires(&self, name: &str) -> bool {
        self.node().is_some_and(|node| node.requires(name))
    }

    /// Whether a page says that a field which a request leaves out stays as it is.
    pub(super) fn keeps(&self, name: &str) -> bool {
        self.schema.fields().any(|field| {
            let is_own = field.path.to_pointer() == format!("{}/{}", self.at, escape_token(name));
            let says = |facet| field.facts.iter().any(|fact| fact.facet == facet);
            is_own && says(Facet::Meaning(Meaning::Kept)) && !says(Facet::Meaning(Meaning::Reset))
        })
    }

    /// The names of the numbers of which a page says that they go up by one with each change.
    pub(super) fn rising(&self) -> Vec<String> {
        let rises = Facet::Meaning(Meaning::Rises);
        let fields = self.schema.fields();
        let fields = fields.filter(|field| field.facts.iter().any(|fact| fact.facet == rises));
        fields
            .filter_map(|field| {
                let name = field.path.last_name()?;
                let own = format!("{}/{}", self.at, escape_token(name));
                (field.path.to_pointer() == own).then(|| name.to_owned())
            })
            .collect()
    }

    /// What a body says at the pointer.
    pub(super) fn said<'b>(&self, body: Option<&'b Value>) -> Option<&'b Map<String, Value>> {
        body?.pointer(&self.at)?.as_object()
    }

    /// The fields of a record that is as a request says: `rest` is what it is beside that, `shown`
    /// describes how records are told.
    pub(super) fn settled(
        &self,
        said: Option<&Map<String, Value>>,
        rest: &Map<String, Value>,
        shown: Option<&Described>,
    ) -> Map<String, Value> {
        let shown = shown.and_then(Described::node);
        match self.node() {
            Some(node) => settle(node, said, rest, shown, 0),
            None => rest.clone(),
        }
    }
}

fn gather<'s>(
    node: Node<'s>,
    record: &Map<String, Value>,
    path: &FieldPath,
    depth: usize,
    found: &mut Vec<(FieldPath, &'s Value)>,
) {
    for (name, below) in node.properties() {
        let Some(value) = record.get(name) else {
            continue;
        };
        let path = path.child(name);
        if let (Value::Object(inner), true) = (value, depth < DEPTH) {
            gather(below, inner, &path, depth + 1, found);
        }
        found.push((path, below.node));
    }
}

fn settle(
    asked: Node<'_>,
    said: Option<&Map<String, Value>>,
    rest: &Map<String, Value>,
    shown: Option<Node<'_>>,
    depth: usize,
) -> Map<String, Value> {
    let mut fields = rest.clone();
    // What the service sets stays as it is, whatever a request says.
    let sent = asked.properties();
    for (name, node) in sent.filter(|(name, _)| !asked.is_read_only(name)) {
        let told = shown.and_then(|shown| shown.below(name));
        let value = match said.and_then(|said| said.get(name)) {
            Some(Value::Object(inner)) if depth < DEPTH => {
                let rest = rest.get(name).and_then(Value::as_object);
                let rest = rest.cloned().unwrap_or_default();
                let value = settle(node, Some(inner), &rest, told, depth + 1);
                Some(Value::Object(with_unknown(value, node, inner)))
            }
            Some(value) => Some(value.clone()),
            None => left_out(name, node, told, shown, rest),
        };
        match value {
            Some(value) => {
                fields.insert(name.to_owned(), value);
            }
            None => {
                fields.shift_remove(name);
            }
        }
    }
    fields
}

/// The value of a field that a request leaves out: its default, else what stands for nothing; what
/// it is anyway where it has to be there.
fn left_out(
    name: &str,
    asked: Node<'_>,
    told: Option<Node<'_>>,
    shown: Option<Node<'_>>,
    rest: &Map<String, Value>,
) -> Option<Value> {
    let default = asked.node.get(Facet::Default.as_str()).cloned();
    let is_needed = || shown.is_some_and(|shown| shown.requires(name));
    default
        .or_else(|| told?.blank())
        .or_else(|| rest.get(name).filter(|_| is_needed()).cloned())
}

/// An object with what was said of it beside its documented fields: a map has its entries.
fn with_unknown(
    mut value: Map<String, Value>,
    asked: Node<'_>,
    said: &Map<String, Value>,
) -> Map<String, Value> {
    let is_map = asked.properties().next().is_none();
    if is_map {
        value.clear();
    }
    for (name, child) in said.iter().filter(|_| is_map) {
        value.insert(name.clone(), child.clone());
    }
    value
}

/// Changes what a request says, and leaves the rest as it is.
pub(super) fn merge(fields: &mut Map<String, Value>, said: &Map<String, Value>) {
    for (name, value) in said {
        match (fields.get_mut(name), value) {
            (Some(Value::Object(known)), Value::Object(said)) => merge(known, said),
            _ => {
                fields.insert(name.clone(), value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn described(node: Value) -> Described {
        Described::new(&Arc::new(Schema::compile(node).unwrap()), "")
    }

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn what_is_left_out_takes_its_default_or_is_empty() {
        let asked = described(json!({"properties": {
            "name": {"type": "string"},
            "note": {"type": "string"},
            "ratio": {"type": "number"},
            "count": {"type": "integer"},
            "active": {"type": "boolean", "default": true},
            "size": {"type": "object", "properties": {
                "width": {"type": "integer"}, "unit": {"type": "string", "default": "mm"}}},
            "tags": {"type": "object", "additionalProperties": {"type": "string"}},
        }}));
        let shown = described(json!({"required": ["count"], "properties": {
            "note": {"type": "string"},
            "ratio": {"type": ["number", "null"]},
            "count": {"type": "integer"},
            "size": {"type": "object", "properties": {"area": {"type": "integer"}}},
        }}));
        let rest = map(
            json!({"id": "x", "note": "shown", "ratio": 1.5, "count": 3, "size": {"area": 9},
            "tags": {"a": "b"}}),
        );
        let said = map(json!({"name": "n", "size": {"width": 80}, "tags": {"c": "d"}}));
        assert_eq!(
            Value::Object(asked.settled(Some(&said), &rest, Some(&shown))),
            json!({"id": "x", "note": "", "ratio": null, "count": 3,
                "size": {"area": 9, "width": 80, "unit": "mm"},
                "tags": {"c": "d"}, "name": "n", "active": true})
        );
    }

    #[test]
    fn a_change_keeps_the_rest_at_every_depth() {
        let mut fields = map(json!({"a": 1, "b": {"c": 2, "d": 3}, "l": [1]}));
        merge(
            &mut fields,
            &map(json!({"b": {"c": 9}, "l": [], "n": null})),
        );
        assert_eq!(
            Value::Object(fields),
            json!({"a": 1, "b": {"c": 9, "d": 3}, "l": [], "n": null})
        );
    }
}
