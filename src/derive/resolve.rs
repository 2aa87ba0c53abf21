//! What the statements of a field mean together: the looser reading, as JSON Schema keywords with the facts behind them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::keywords::keywords;
use super::statement::{Constraint, Kind, Node, Site, Statement};
use crate::contract::{ANNOTATION, Facet, Fact, Level, without_provenance};

/// The dialect of every schema file.
pub(super) const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Writes schemas; named objects become files of their own.
pub(super) struct Writer<'f> {
    /// The service's schema files.
    pub files: &'f mut BTreeMap<String, Value>,
    /// The operation that is written.
    pub operation: &'f str,
}

/// The direction that a body goes: what is missing means something else in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Request,
    Response,
}

impl Writer<'_> {
    /// The schema file of a body, written; its path.
    pub(super) fn body(
        &mut self,
        node: &Node,
        examples: &[&Value],
        direction: Direction,
        file: &str,
    ) -> String {
        let mut schema = Map::new();
        schema.insert("$schema".to_owned(), Value::from(DIALECT));
        let mut root = node.clone();
        if root.kind().is_none() {
            root.statements.push(Statement {
                constraint: Constraint::Type(Kind::Object, None),
                site: Site::default(),
            });
            root.rows.clear();
        }
        let mut written = self.schema(&root, examples, direction);
        if let Value::Object(map) = &mut written {
            // The root stands in no row: it has nothing to cite.
            if node.rows.is_empty() {
                map.shift_remove(ANNOTATION);
            }
            for (key, value) in std::mem::take(map) {
                schema.insert(key, value);
            }
        }
        let path = format!("{}/{file}", self.operation);
        self.files.insert(path.clone(), Value::Object(schema));
        path
    }

    /// The schema of a node. `shown` are the values that examples show at its place.
    pub(super) fn schema(&mut self, node: &Node, shown: &[&Value], direction: Direction) -> Value {
        let mut facts = facts(node, direction);
        if direction == Direction::Response {
            facts.retain(|fact| fact.facet != "required");
        }
        let mut map = keywords(node, direction);
        if let Some(reference) = self.object(node, shown, direction) {
            map.insert("$ref".to_owned(), Value::from(reference));
            map.shift_remove("type");
        } else {
            self.children(node, shown, direction, &mut map);
        }
        annotate(&mut map, facts);
        Value::Object(map)
    }

    /// Writes the children of an object, array or map into its schema.
    fn children(
        &mut self,
        node: &Node,
        shown: &[&Value],
        direction: Direction,
        map: &mut Map<String, Value>,
    ) {
        if !node.properties.is_empty() {
            let parents: Vec<&Value> = shown
                .iter()
                .copied()
                .filter(|value| value.as_object().is_some_and(|object| !object.is_empty()))
                .collect();
            let mut properties = Map::new();
            let mut required = Vec::new();
            for (name, child) in &node.properties {
                let values: Vec<&Value> =
                    parents.iter().filter_map(|value| value.get(name)).collect();
                let mut schema = self.schema(child, &values, direction);
                let (needed, fact) = presence(child, &values, parents.len(), direction);
                if needed {
                    required.push(Value::from(name.clone()));
                }
                if let Value::Object(schema) = &mut schema {
                    prepend(schema, fact);
                }
                properties.insert(name.clone(), schema);
            }
            map.insert("properties".to_owned(), Value::Object(properties));
            if !required.is_empty() {
                map.insert("required".to_owned(), Value::Array(required));
            }
        }
        if let Some(items) = &node.items {
            let values: Vec<&Value> = shown
                .iter()
                .filter_map(|value| value.as_array())
                .flatten()
                .collect();
            let mut schema = self.schema(items, &values, direction);
            // What an array's row says of its items is cited on the array.
            strip_facets(&mut schema, &["type", "items"]);
            map.insert("items".to_owned(), schema);
        }
        if let Some(values) = &node.values {
            let inside: Vec<&Value> = shown
                .iter()
                .filter_map(|value| value.as_object())
                .flat_map(Map::values)
                .collect();
            let mut schema = self.schema(values, &inside, direction);
            strip_facets(&mut schema, &["type"]);
            map.insert("additionalProperties".to_owned(), schema);
        }
    }

    /// Writes a named object's file and gives the reference to it; `None` for a node that is none.
    fn object(&mut self, node: &Node, shown: &[&Value], direction: Direction) -> Option<String> {
        let name = file_name(node.object.as_ref()?)?;
        let reference = |stem: &str| format!("../objects/{stem}.json");
        if node.properties.is_empty() {
            return node.recursive.then(|| reference(&name));
        }
        let mut map = Map::new();
        map.insert("$schema".to_owned(), Value::from(DIALECT));
        map.insert("type".to_owned(), Value::from("object"));
        self.children(node, shown, direction, &mut map);
        let schema = Value::Object(map);
        let stems = [name.clone(), format!("{}-{name}", self.operation)]
            .into_iter()
            .chain((2..100).map(|n| format!("{}-{name}-{n}", self.operation)));
        for stem in stems {
            let file = format!("objects/{stem}.json");
            let mut own = schema.clone();
            if stem != name {
                redirect(&mut own, &reference(&name), &reference(&stem));
            }
            match self.files.get_mut(&file) {
                None => {
                    self.files.insert(file, own);
                    return Some(reference(&stem));
                }
                Some(known) if without_provenance(known) == without_provenance(&own) => {
                    unite_facts(known, &own);
                    return Some(reference(&stem));
                }
                Some(_) => {}
            }
        }
        None
    }
}

/// A name that can be a file's.
fn file_name(name: &str) -> Option<String> {
    let clean: String = name
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        .take(80)
        .collect();
    (!clean.is_empty()).then_some(clean)
}

/// Points the references of a schema to another file.
fn redirect(node: &mut Value, from: &str, to: &str) {
    match node {
        Value::Object(map) => {
            for (key, child) in map.iter_mut() {
                if key == "$ref" && child.as_str() == Some(from) {
                    *child = Value::from(to);
                } else {
                    redirect(child, from, to);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| redirect(item, from, to)),
        _ => {}
    }
}

/// Adds the facts of one schema to another that is the same but for them.
fn unite_facts(own: &mut Value, other: &Value) {
    let (Value::Object(own), Value::Object(other)) = (own, other) else {
        return;
    };
    for (key, child) in other {
        if key == ANNOTATION {
            let more = child
                .get("facts")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default();
            let entry = own
                .entry(ANNOTATION)
                .or_insert_with(|| json!({ "facts": [] }));
            if let Some(facts) = entry.get_mut("facts").and_then(Value::as_array_mut) {
                for fact in more {
                    if !facts.contains(&fact) {
                        facts.push(fact);
                    }
                }
            }
        } else if let Some(own) = own.get_mut(key) {
            unite_facts(own, child);
        }
    }
}

/// Whether an object requires a field, and the facts that say so.
fn presence(
    node: &Node,
    values: &[&Value],
    parents: usize,
    direction: Direction,
) -> (bool, Vec<Fact>) {
    let mandatory: Vec<bool> = node
        .statements
        .iter()
        .filter_map(|statement| match statement.constraint {
            Constraint::Required(mandatory) => Some(mandatory),
            _ => None,
        })
        .collect();
    if direction == Direction::Request {
        // The facts of the Mandatory column are on the node already.
        return (
            !mandatory.is_empty() && mandatory.iter().all(|mandatory| *mandatory),
            Vec::new(),
        );
    }
    let nullable = node.statements.iter().any(|statement| {
        matches!(
            statement.constraint,
            Constraint::Nullable | Constraint::ShownUnset | Constraint::Shown(Kind::Null)
        )
    });
    let facts = |level: Level| {
        node.rows
            .iter()
            .map(|row| row.fact(Facet::Required, level))
            .collect()
    };
    if mandatory.contains(&false) {
        return (false, facts(Level::May));
    }
    let always = parents > 0 && values.len() == parents;
    if always || mandatory.contains(&true) {
        (true, facts(Level::Must))
    } else if nullable && values.is_empty() {
        (false, Vec::new())
    } else {
        (true, facts(Level::Should))
    }
}

/// The facts of a node: one a row and facet. A fact that only some of the editions with the row state has level `should`.
fn facts(node: &Node, direction: Direction) -> Vec<Fact> {
    let described: BTreeSet<&str> = node.rows.iter().map(|row| row.page.as_str()).collect();
    let mut facts: Vec<Fact> = Vec::new();
    let open = direction == Direction::Response && node.is_open();
    for statement in &node.statements {
        let silent = matches!(
            statement.constraint,
            Constraint::ValuesLost | Constraint::ShownValue(_)
        );
        if silent || statement.site.page.is_empty() {
            continue;
        }
        let facet = statement.constraint.facet();
        let stating: BTreeSet<&str> = node
            .statements
            .iter()
            .filter(|other| {
                other.constraint.facet() == facet && other.constraint != Constraint::ValuesLost
            })
            .map(|other| other.site.page.as_str())
            .collect();
        let own = statement.constraint.level();
        let level = if described.iter().all(|page| stating.contains(page)) {
            own
        } else {
            own.min(Level::Should)
        };
        // A list that the page's own example contradicts is reported, and fails nothing.
        let level = if open && facet == "enum" {
            Level::May
        } else {
            level
        };
        let fact = statement.site.fact(facet, level);
        let same = facts.iter_mut().find(|known| {
            known.facet == fact.facet
                && known.page() == fact.page()
                && known.line() == fact.line()
                && known.table() == fact.table()
                && known.row() == fact.row()
        });
        match same {
            // A row may state the values twice, below a heading and in prose: the stronger counts.
            Some(known) => known.level = known.level.max(fact.level),
            None => facts.push(fact),
        }
    }
    facts
}

fn annotate(map: &mut Map<String, Value>, facts: Vec<Fact>) {
    if !facts.is_empty() {
        map.insert(ANNOTATION.to_owned(), json!({ "facts": facts }));
    }
}

/// Puts facts before those that a schema has.
fn prepend(map: &mut Map<String, Value>, facts: Vec<Fact>) {
    if facts.is_empty() {
        return;
    }
    let mut all: Vec<Value> = facts
        .iter()
        .filter_map(|fact| serde_json::to_value(fact).ok())
        .collect();
    if let Some(own) = map
        .get(ANNOTATION)
        .and_then(|annotation| annotation.get("facts"))
        .and_then(Value::as_array)
    {
        all.extend(own.iter().cloned());
    }
    map.insert(ANNOTATION.to_owned(), json!({ "facts": all }));
}

fn strip_facets(schema: &mut Value, facets: &[&str]) {
    let Value::Object(map) = schema else { return };
    let Some(facts) = map
        .get_mut(ANNOTATION)
        .and_then(|annotation| annotation.get_mut("facts"))
        .and_then(Value::as_array_mut)
    else {
        return;
    };
    facts.retain(|fact| {
        !fact
            .get("facet")
            .and_then(Value::as_str)
            .is_some_and(|facet| facets.contains(&facet))
    });
    if facts.is_empty() {
        map.shift_remove(ANNOTATION);
    }
}
