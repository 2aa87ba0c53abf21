//! What the statements of a field mean together: the looser reading, as JSON Schema keywords with the facts behind them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::statement::{Constraint, Kind, Node, Site, Statement};
use crate::contract::{ANNOTATION, Fact, Level, without_provenance};

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
            .map(|row| row.fact("required", level))
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
                && known.page == fact.page
                && known.line == fact.line
                && known.table == fact.table
                && known.row == fact.row
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

/// A number as JSON, whole where it is.
fn number(value: f64) -> Value {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole and within the range"
    )]
    if value.fract() == 0.0 && value.abs() < 9.0e15 {
        Value::from(value as i64)
    } else {
        Value::from(value)
    }
}

/// The one value that all agree on; `None` where they differ or none is stated.
pub(super) fn agreed<T: PartialEq>(values: impl IntoIterator<Item = T>) -> Option<T> {
    let mut values = values.into_iter();
    let first = values.next()?;
    values.all(|value| value == first).then_some(first)
}

/// The types that a node may have, with the format of a number; none where anything goes.
pub(super) fn types(node: &Node) -> (Vec<Kind>, Option<&'static str>) {
    let mut kinds: Vec<Kind> = Vec::new();
    let mut formats: BTreeSet<Option<&'static str>> = BTreeSet::new();
    let mut add = |kind: Kind| {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    };
    // Stated types first, so that the union reads as the page does.
    for statement in &node.statements {
        if let Constraint::Type(kind, format) = statement.constraint {
            add(kind);
            formats.insert(format);
        }
    }
    for statement in &node.statements {
        match statement.constraint {
            Constraint::Shown(kind) if kind != Kind::Null => add(kind),
            Constraint::ShownUnset => add(Kind::Object),
            _ => {}
        }
    }
    for statement in &node.statements {
        if matches!(
            statement.constraint,
            Constraint::Nullable | Constraint::ShownUnset | Constraint::Shown(Kind::Null)
        ) {
            add(Kind::Null);
        }
    }
    if kinds.contains(&Kind::Any) {
        return (Vec::new(), None);
    }
    if kinds.contains(&Kind::Number) {
        kinds.retain(|kind| *kind != Kind::Integer);
    }
    // The looser of two widths.
    let format = ["int64", "int32", "double", "float"]
        .into_iter()
        .find(|format| formats.contains(&Some(*format)))
        .filter(|format| {
            kinds.contains(if format.starts_with("int") {
                &Kind::Integer
            } else {
                &Kind::Number
            })
        });
    (kinds, format)
}

/// The keywords of a node, its children left out.
fn keywords(node: &Node, direction: Direction) -> Map<String, Value> {
    let (kinds, format) = types(node);
    let mut map = Map::new();
    match kinds.as_slice() {
        [] => {}
        [one] => {
            map.insert("type".to_owned(), Value::from(one.as_str()));
        }
        many => {
            let names: Vec<&str> = many.iter().map(|kind| kind.as_str()).collect();
            map.insert("type".to_owned(), json!(names));
        }
    }
    if let Some(format) = format {
        map.insert("format".to_owned(), Value::from(format));
    }
    let text = kinds.contains(&Kind::String) || kinds.is_empty();
    let numeric = kinds.iter().any(|kind| kind.is_number());
    values(node, &kinds, direction, &mut map);
    let all = || {
        node.statements
            .iter()
            .map(|statement| &statement.constraint)
    };
    if text {
        let min = all()
            .filter_map(|c| match c {
                Constraint::MinLength(n) => Some(*n),
                _ => None,
            })
            .min();
        let max = all()
            .filter_map(|c| match c {
                Constraint::MaxLength(n) => Some(*n),
                _ => None,
            })
            .max();
        // Bounds that leave nothing between them are misread or mistyped: silence is the looser reading.
        if !matches!((min, max), (Some(min), Some(max)) if min > max) {
            insert(&mut map, "minLength", min.map(Value::from));
            insert(&mut map, "maxLength", max.map(Value::from));
        }
        insert(
            &mut map,
            "pattern",
            agreed(all().filter_map(|c| match c {
                Constraint::Pattern(p) => Some(p.clone()),
                _ => None,
            }))
            .map(Value::from),
        );
        insert(
            &mut map,
            "format",
            agreed(all().filter_map(|c| match c {
                Constraint::Format(f) => Some(f.clone()),
                _ => None,
            }))
            .map(Value::from),
        );
    }
    if numeric {
        let least =
            |pick: fn(&Constraint) -> Option<f64>| all().filter_map(pick).min_by(f64::total_cmp);
        let most =
            |pick: fn(&Constraint) -> Option<f64>| all().filter_map(pick).max_by(f64::total_cmp);
        let minimum = least(|c| match c {
            Constraint::Minimum(n) => Some(*n),
            _ => None,
        })
        .or_else(|| {
            least(|c| match c {
                Constraint::CustomMinimum(n) => Some(*n),
                _ => None,
            })
        });
        let maximum = most(|c| match c {
            Constraint::Maximum(n) => Some(*n),
            _ => None,
        });
        if !matches!((minimum, maximum), (Some(min), Some(max)) if min > max) {
            insert(&mut map, "minimum", minimum.map(number));
            insert(&mut map, "maximum", maximum.map(number));
        }
        insert(
            &mut map,
            "exclusiveMinimum",
            least(|c| match c {
                Constraint::ExclusiveMinimum(n) => Some(*n),
                _ => None,
            })
            .map(number),
        );
        insert(
            &mut map,
            "exclusiveMaximum",
            most(|c| match c {
                Constraint::ExclusiveMaximum(n) => Some(*n),
                _ => None,
            })
            .map(number),
        );
        insert(
            &mut map,
            "multipleOf",
            agreed(all().filter_map(|c| match c {
                Constraint::MultipleOf(n) => Some(*n),
                _ => None,
            }))
            .map(number),
        );
    }
    if kinds.contains(&Kind::Array) {
        insert(
            &mut map,
            "minItems",
            all()
                .filter_map(|c| match c {
                    Constraint::MinItems(n) => Some(*n),
                    _ => None,
                })
                .min()
                .map(Value::from),
        );
        insert(
            &mut map,
            "maxItems",
            all()
                .filter_map(|c| match c {
                    Constraint::MaxItems(n) => Some(*n),
                    _ => None,
                })
                .max()
                .map(Value::from),
        );
    }
    let default = agreed(all().filter_map(|c| match c {
        Constraint::Default(value) => Some(value.clone()),
        _ => None,
    }));
    insert(
        &mut map,
        "default",
        default.and_then(|text| kinds.first().and_then(|kind| spelled(&text, *kind))),
    );
    map
}

fn insert(map: &mut Map<String, Value>, keyword: &str, value: Option<Value>) {
    if let Some(value) = value {
        map.insert(keyword.to_owned(), value);
    }
}

/// A value as spelled on a page, as JSON of a type.
fn spelled(text: &str, kind: Kind) -> Option<Value> {
    match kind {
        Kind::Integer => text.parse::<i64>().ok().map(Value::from),
        Kind::Number => text.parse::<f64>().ok().map(number),
        Kind::Boolean => text.to_lowercase().parse::<bool>().ok().map(Value::from),
        Kind::String => Some(Value::from(text)),
        _ => None,
    }
}

/// The enumeration of a node: plain, with null, or as the branch of a union. A request may have what an example shows besides.
fn values(node: &Node, kinds: &[Kind], direction: Direction, map: &mut Map<String, Value>) {
    let kind = kinds.first().copied().unwrap_or(Kind::String);
    let mut listed: Vec<Value> = Vec::new();
    let mut all = node.listed();
    if !all.is_empty() && direction == Direction::Request {
        all.extend(node.shown());
    }
    for value in all {
        if let Some(value) = spelled(value, kind)
            && !listed.contains(&value)
        {
            listed.push(value);
        }
    }
    if listed.is_empty() {
        return;
    }
    let others: Vec<&str> = kinds.iter().skip(1).map(|kind| kind.as_str()).collect();
    match others.as_slice() {
        [] => {
            map.insert("enum".to_owned(), Value::Array(listed));
        }
        ["null"] => {
            listed.push(Value::Null);
            map.insert("enum".to_owned(), Value::Array(listed));
        }
        _ => {
            let mut branches = vec![json!({ "enum": listed }), json!({ "type": others })];
            if kind == Kind::String {
                // Where an unset value is shown, the empty text is one too.
                branches.push(json!({ "maxLength": 0, "type": "string" }));
            }
            map.insert("anyOf".to_owned(), Value::Array(branches));
        }
    }
}
