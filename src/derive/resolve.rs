//! What the statements of a field mean together: the looser reading, as a schema with the facts
//! behind it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::combine;
use super::keywords::{keywords, may_be_null, widen};
use super::meant::goes;
use super::schema::Schema;
use super::statement::{Constraint, Direction, Kind, Node, Site};
use crate::contract::{Facet, Fact, Level, Meaning};

/// Writes schemas; named objects become files of their own.
pub(super) struct Writer<'f> {
    /// The service's schema files.
    pub files: &'f mut BTreeMap<String, Schema>,
    /// The operation that is written.
    pub operation: &'f str,
}

impl Writer<'_> {
    /// The schema file of a body, written; its path.
    pub(super) fn body(
        &mut self,
        node: &mut Node,
        examples: &[&Value],
        direction: Direction,
        file: &str,
    ) -> String {
        // The root stands in no row: it is an object, and has nothing to cite.
        if node.kind().is_none() {
            node.state(Constraint::Type(Kind::Object, None), &Site::default());
        }
        let facts = if node.rows.is_empty() {
            Vec::new()
        } else {
            facts(node, direction)
        };
        let schema = self.schema(node, facts, examples, direction);
        let path = format!("{}/{file}", self.operation);
        self.files.insert(path.clone(), schema);
        node.file = Some(path.clone());
        path
    }

    /// The schema of a parameter; `together` says how it goes with those beside it.
    pub(super) fn parameter(&mut self, node: &mut Node, together: Map<String, Value>) -> Schema {
        let facts = facts(node, Direction::Request);
        let mut schema = self.schema(node, facts, &[], Direction::Request);
        schema.keywords.extend(together);
        schema
    }

    /// The schema of a node. `shown` are the values that examples show at its place.
    fn schema(
        &mut self,
        node: &mut Node,
        facts: Vec<Fact>,
        shown: &[&Value],
        direction: Direction,
    ) -> Schema {
        let mut schema = Schema {
            keywords: keywords(node, direction),
            facts,
            ..Schema::default()
        };
        if let Some(reference) = self.object(node, shown, direction) {
            schema.keywords.shift_remove("type");
            schema.reference = Some(reference);
            schema.may_be_null = may_be_null(node, direction);
        } else {
            self.children(node, shown, direction, &mut schema);
        }
        schema
    }

    /// Writes the children of an object, array or map into its schema.
    fn children(
        &mut self,
        node: &mut Node,
        shown: &[&Value],
        direction: Direction,
        schema: &mut Schema,
    ) {
        let parents: Vec<&Value> = shown
            .iter()
            .copied()
            .filter(|value| value.as_object().is_some_and(|object| !object.is_empty()))
            .collect();
        for (name, child) in &mut node.properties {
            let values: Vec<&Value> = parents
                .iter()
                .filter_map(|value| value.get(name.as_str()))
                .collect();
            let (needed, mut stated) = presence(child, &values, parents.len(), direction);
            stated.extend(facts(child, direction));
            if needed {
                schema.required.push(name.clone());
            }
            let child = self.schema(child, stated, &values, direction);
            schema.properties.push((name.clone(), child));
        }
        if direction == Direction::Request {
            let fields: Vec<(&str, &Node)> = node
                .properties
                .iter()
                .map(|(name, child)| (name.as_str(), child))
                .collect();
            combine::keywords(&fields, None, &parents, &mut schema.keywords);
        }
        if let Some(items) = &mut node.items {
            let values: Vec<&Value> = shown
                .iter()
                .filter_map(|value| value.as_array())
                .flatten()
                .collect();
            // What an array's row says of its items is cited on the array.
            let mut own = facts(items, direction);
            own.retain(|fact| !matches!(fact.facet, Facet::Type | Facet::Items));
            schema.items = Some(Box::new(self.schema(items, own, &values, direction)));
        }
        if let Some(values) = &mut node.values {
            let inside: Vec<&Value> = shown
                .iter()
                .filter_map(|value| value.as_object())
                .flat_map(Map::values)
                .collect();
            let mut own = facts(values, direction);
            own.retain(|fact| fact.facet != Facet::Type);
            schema.values = Some(Box::new(self.schema(values, own, &inside, direction)));
        }
    }

    /// Writes a named object's file and gives the reference to it; `None` for a node that is none.
    fn object(
        &mut self,
        node: &mut Node,
        shown: &[&Value],
        direction: Direction,
    ) -> Option<String> {
        node.file = None;
        let name = file_name(node.object.as_ref()?)?;
        let reference = |stem: &str| format!("../objects/{stem}.json");
        if node.properties.is_empty() {
            return node.recursive.then(|| reference(&name));
        }
        let mut schema = Schema::default();
        let kind = Value::from(Kind::Object.as_str());
        schema.keywords.insert("type".to_owned(), kind);
        widen(node, &mut schema.keywords);
        self.children(node, shown, direction, &mut schema);
        let stems = [name.clone(), format!("{}-{name}", self.operation)]
            .into_iter()
            .chain((2..100).map(|n| format!("{}-{name}-{n}", self.operation)));
        for stem in stems {
            let file = format!("objects/{stem}.json");
            let mut own = schema.clone();
            if stem != name {
                own.redirect(&reference(&name), &reference(&stem));
            }
            match self.files.get_mut(&file) {
                None => {
                    self.files.insert(file.clone(), own);
                }
                Some(known) if known.allows_the_same(&own) => known.unite_facts(own),
                Some(_) => continue,
            }
            node.file = Some(file);
            return Some(reference(&stem));
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

/// Whether an object requires a field, and the facts that say so where no row does.
fn presence(
    node: &Node,
    values: &[&Value],
    parents: usize,
    direction: Direction,
) -> (bool, Vec<Fact>) {
    let mandatory = node.mandatory();
    if direction == Direction::Request {
        // The facts of the Mandatory column are on the node already.
        return (mandatory == Some(true), Vec::new());
    }
    let level = expected(node, values, parents);
    let facts = node
        .rows
        .iter()
        .map(|row| row.fact(Facet::Required, level))
        .collect();
    let is_promised = mandatory == Some(true) && level == Level::Must;
    (is_promised, facts)
}

/// How surely a field of an answer is to be seen. A table of answers has no Mandatory column, and
/// services leave out what does not apply: what no row calls mandatory need not be in every answer,
/// but what an example shows with a value has to be in one.
fn expected(node: &Node, values: &[&Value], parents: usize) -> Level {
    let may_lack = may_lack(node);
    let may_be_null = node
        .statements
        .iter()
        .any(|statement| statement.constraint.allows_null());
    let always = parents > 0 && values.len() == parents;
    let is_empty = values.iter().any(|value| is_unset(value));
    match node.mandatory() {
        _ if may_lack => Level::May,
        Some(true) => Level::Must,
        Some(false) => Level::May,
        None if may_be_null || is_empty => Level::May,
        None if always && is_only_shown(node) => Level::Should,
        None if always => Level::Must,
        // An example of the object that leaves it out shows that it may be left out.
        None if parents > 0 => Level::May,
        None => Level::Should,
    }
}

/// Whether nothing but examples tells of a field.
fn is_only_shown(node: &Node) -> bool {
    let mut statements = node.statements.iter();
    !node.statements.is_empty()
        && statements.all(|statement| matches!(statement.constraint, Constraint::Shown(_)))
}

/// Whether a row or an example says that an answer may be without a field, whatever else is said.
pub(super) fn may_lack(node: &Node) -> bool {
    node.statements.iter().any(|statement| {
        matches!(
            statement.constraint,
            Constraint::Conditional
                | Constraint::Meaning(
                    Meaning::LastPage | Meaning::OfFailure | Meaning::Conditional
                )
                | Constraint::ShownAbsent
        )
    })
}

/// Whether an example shows that there is nothing: `{}`, `""`, `null`, `[]`.
fn is_unset(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The facts of a node: one a row and facet. A fact that only some of the editions with the row
/// state has level `should`.
fn facts(node: &Node, direction: Direction) -> Vec<Fact> {
    let described: BTreeSet<&str> = node.rows.iter().map(|row| row.page.as_str()).collect();
    let mut facts: Vec<Fact> = Vec::new();
    let open = direction == Direction::Response && node.is_open();
    let absent = node
        .statements
        .iter()
        .any(|statement| statement.constraint == Constraint::ShownAbsent);
    for statement in &node.statements {
        let facet = statement.constraint.facet();
        let silent = matches!(
            statement.constraint,
            Constraint::ValuesLost
                | Constraint::ShownValue(_)
                | Constraint::Conditional
                | Constraint::CountOf(..)
                | Constraint::InWords(_)
                | Constraint::OfPart
        );
        // Whether a response has a field is told by its examples too.
        let elsewhere = direction == Direction::Response && facet == Facet::Required
            || matches!(facet, Facet::Meaning(meaning) if !goes(meaning, direction));
        if silent || elsewhere || statement.site.page.is_empty() {
            continue;
        }
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
        let level = if open && facet == Facet::Enum {
            // A list that the page's own example contradicts is reported, and fails nothing.
            Level::May
        } else if absent && facet == Facet::Required {
            Level::Should
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
