//! Objects whose fields go together as documented: what is sampled or drawn field by field is
//! brought into a combination that a page allows, or into one that breaks a rule between fields.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::contract::{
    Combination, Effect, FieldPath, Guard, Location, Operation, Place, Schema, Sense, Test,
    combinations, enum_values, types_of, unspecified,
};

use super::oracle::typed;
use super::request::Request;
use super::sample::sample;

/// How often an object is changed until it stands as wanted: rules may go round in a circle.
const ROUNDS: usize = 24;

/// What is said of the fields of one object together, and what it takes to follow it.
#[derive(Debug, Clone)]
pub(super) struct Together {
    rules: Vec<Combination>,
    loose: Vec<(String, Guard)>,
    required: BTreeSet<String>,
    /// A value for each field that may come or go.
    samples: BTreeMap<String, Value>,
    /// The values that each field may have, where they are listed.
    listed: BTreeMap<String, Vec<Value>>,
}

impl Together {
    /// What is said of the fields of what a node describes; none where nothing is.
    pub(super) fn of(schema: &Schema, node: &Value) -> Option<Self> {
        let rules = combinations(node);
        let loose: Vec<(String, Guard)> = unspecified(node)
            .into_iter()
            .map(|(field, guard)| (field.to_owned(), guard))
            .collect();
        if rules.is_empty() && loose.is_empty() {
            return None;
        }
        let required = node.get("required").and_then(Value::as_array);
        let mut together = Self {
            required: required
                .into_iter()
                .flatten()
                .filter_map(|name| name.as_str().map(str::to_owned))
                .collect(),
            rules,
            loose,
            samples: BTreeMap::new(),
            listed: BTreeMap::new(),
        };
        let guards = together.rules.iter().map(|rule| &rule.guard);
        let guards = guards.chain(together.loose.iter().map(|(_, guard)| guard));
        let guarded = guards.flat_map(|guard| guard.tests.iter().map(|(name, _)| name));
        let names: BTreeSet<String> = guarded
            .chain(together.rules.iter().map(|rule| &rule.field))
            .cloned()
            .collect();
        for name in names {
            let Some(child) = node.get("properties").and_then(|all| all.get(&name)) else {
                continue;
            };
            if !is_kept_out(child) {
                let value = sample(schema, child, 0);
                together.samples.insert(name.clone(), value);
            }
            let child = schema.follow(child);
            let mut listed = enum_values(child);
            if listed.is_empty() && types_of(child).contains(&"boolean") {
                listed = vec![Value::Bool(true), Value::Bool(false)];
            }
            together.listed.insert(name, listed);
        }
        Some(together)
    }

    /// The first combination that is not allowed, or of which nothing is said: the field that it is
    /// about, and when.
    fn trouble(&self, map: &Map<String, Value>) -> Option<(&str, &Guard)> {
        let holds = |guard: &Guard| guard.holds(&|name| map.get(name));
        let broken = self.rules.iter().find(|rule| {
            let is_there = map.contains_key(&rule.field);
            holds(&rule.guard)
                && match rule.effect {
                    Effect::Needed => !is_there,
                    Effect::Barred => is_there,
                }
        });
        broken
            .map(|rule| (rule.field.as_str(), &rule.guard))
            .or_else(|| {
                let found = self.loose.iter().find(|(_, guard)| holds(guard));
                found.map(|(field, guard)| (field.as_str(), guard))
            })
    }

    /// Brings an object into an allowed combination, some fields being left as they are; whether
    /// that was possible.
    pub(super) fn settle(&self, map: &mut Map<String, Value>, pinned: &[&str]) -> bool {
        for _ in 0..ROUNDS {
            let Some((field, guard)) = self.trouble(map) else {
                return true;
            };
            let (field, guard) = (field.to_owned(), guard.clone());
            let is_free = |name: &str| !pinned.contains(&name);
            let is_changed = reorder(map, &guard, &is_free)
                || is_free(&field) && self.toggle(map, &field)
                || guard
                    .tests
                    .iter()
                    .filter(|(name, _)| *name != field && is_free(name))
                    .any(|(name, test)| self.deny(map, name, test));
            if !is_changed {
                return false;
            }
        }
        self.trouble(map).is_none()
    }

    /// Puts a field into an object, and changes what does not go with it; whether that was
    /// possible.
    pub(super) fn suit(&self, map: &mut Map<String, Value>, field: &str) -> bool {
        (map.contains_key(field) || self.put(map, field)) && self.settle(map, &[field])
    }

    /// Whether an object is in an allowed combination.
    pub(super) fn is_settled(&self, map: &Map<String, Value>) -> bool {
        self.trouble(map).is_none()
    }

    fn put(&self, map: &mut Map<String, Value>, field: &str) -> bool {
        let value = self.samples.get(field).cloned();
        value.is_some_and(|value| {
            map.insert(field.to_owned(), value);
            true
        })
    }

    fn toggle(&self, map: &mut Map<String, Value>, field: &str) -> bool {
        if !map.contains_key(field) {
            return self.put(map, field);
        }
        let may_go = !self.required.contains(field);
        if may_go {
            map.shift_remove(field);
        }
        may_go
    }

    /// Makes a test hold of a field; whether that was possible.
    fn make(&self, map: &mut Map<String, Value>, field: &str, test: &Test) -> bool {
        if test.holds(map.get(field)) {
            return true;
        }
        match test {
            Test::Present => self.put(map, field),
            Test::Absent => self.toggle(map, field),
            Test::In(values) => values.first().is_some_and(|value| {
                map.insert(field.to_owned(), value.clone());
                true
            }),
            Test::NotIn(values) => self.other(map, field, values),
            Test::Lies(sense, other) => place(map, field, *sense, other),
        }
    }

    /// Makes a test that holds of a field hold no more; whether that was possible.
    fn deny(&self, map: &mut Map<String, Value>, field: &str, test: &Test) -> bool {
        match test {
            Test::Present | Test::Absent => self.toggle(map, field),
            Test::In(values) => self.other(map, field, values),
            Test::NotIn(values) => self.make(map, field, &Test::In(values.clone())),
            Test::Lies(sense, other) => place(map, field, sense.denied(), other),
        }
    }

    /// Gives a field another value than these; whether there is one.
    fn other(&self, map: &mut Map<String, Value>, field: &str, values: &[Value]) -> bool {
        let listed = self.listed.get(field);
        let other = listed
            .into_iter()
            .flatten()
            .find(|value| !value.is_null() && !values.contains(value));
        other.is_some_and(|value| {
            map.insert(field.to_owned(), value.clone());
            true
        })
    }

    /// Objects on both sides of each rule that is about a field, made from one; in words, and
    /// whether the rule is kept.
    pub(super) fn sides(
        &self,
        from: &Map<String, Value>,
        field: &str,
    ) -> Vec<(String, bool, Map<String, Value>)> {
        let mut found = Vec::new();
        for rule in self.rules.iter().filter(|rule| rule.field == field) {
            for guard in each_value(&rule.guard) {
                let clause = guard.clause(field);
                let Some(kept) = self.made(from, &guard, field, rule.effect) else {
                    continue;
                };
                let mut broken = kept.clone();
                let (held, bad) = match rule.effect {
                    Effect::Needed => ("present", "absent"),
                    Effect::Barred => ("absent", "present"),
                };
                let is_broken = match rule.effect {
                    Effect::Needed => broken.shift_remove(field).is_some(),
                    Effect::Barred => self.put(&mut broken, field),
                };
                found.push((format!("{held} {clause}"), true, kept));
                if is_broken {
                    found.push((format!("{bad} {clause}"), false, broken));
                }
            }
            let mut there = from.clone();
            if rule.effect == Effect::Barred && self.suit(&mut there, field) {
                found.push(("present where it may be".to_owned(), true, there));
            }
        }
        let ordered = self.loose.iter().filter(|(own, _)| own == field);
        for (_, guard) in ordered.filter(|(_, guard)| guard.is_of_order()) {
            found.extend(self.ordered(from, guard, field));
        }
        found
    }

    /// The same of a guard that compares the value of a field with that of another.
    fn ordered(
        &self,
        from: &Map<String, Value>,
        guard: &Guard,
        field: &str,
    ) -> Vec<(String, bool, Map<String, Value>)> {
        let mut kept = from.clone();
        let mut found = Vec::new();
        for (name, test) in &guard.tests {
            let Test::Lies(sense, other) = test else {
                continue;
            };
            let both = [name, other];
            if !both
                .iter()
                .all(|own| kept.contains_key(*own) || self.put(&mut kept, own))
            {
                return Vec::new();
            }
            if !self.settle(&mut kept, &[other.as_str()]) {
                return Vec::new();
            }
            let values = kept
                .get(other)
                .map_or_else(Vec::new, |own| sense.examples(own));
            found.push((
                format!("a value that is not so: {}", guard.clause(field)),
                true,
                kept.clone(),
            ));
            for value in values {
                let mut broken = kept.clone();
                let label = format!("{} {value}", guard.clause(field));
                broken.insert(name.clone(), value);
                found.push((label, false, broken));
            }
        }
        found
    }

    /// An object in which a guard holds of the other fields, and the rule of this one is kept.
    fn made(
        &self,
        from: &Map<String, Value>,
        guard: &Guard,
        field: &str,
        effect: Effect,
    ) -> Option<Map<String, Value>> {
        let mut map = from.clone();
        match effect {
            Effect::Needed if !map.contains_key(field) => {
                self.put(&mut map, field).then_some(())?;
            }
            Effect::Barred if self.required.contains(field) => return None,
            Effect::Barred => {
                map.shift_remove(field);
            }
            Effect::Needed => {}
        }
        let mut pinned = vec![field];
        for (name, test) in guard.tests.iter().filter(|(name, _)| name != field) {
            self.make(&mut map, name, test).then_some(())?;
            pinned.push(name);
        }
        self.settle(&mut map, &pinned).then_some(map)
    }
}

/// Gives one of two values that a guard compares another one, so that it holds no more; whether
/// that was possible.
fn reorder(map: &mut Map<String, Value>, guard: &Guard, is_free: &dyn Fn(&str) -> bool) -> bool {
    guard.tests.iter().any(|(name, test)| {
        let Test::Lies(sense, other) = test else {
            return false;
        };
        is_free(name) && place(map, name, sense.denied(), other)
            || is_free(other) && place(map, other, sense.mirrored().denied(), name)
    })
}

/// Gives a field a value that lies so to that of another; whether there is one.
fn place(map: &mut Map<String, Value>, field: &str, sense: Sense, other: &str) -> bool {
    let values = map.get(other).map(|other| sense.examples(other));
    let value = values.and_then(|values| values.into_iter().next());
    value.is_some_and(|value| {
        map.insert(field.to_owned(), value);
        true
    })
}

/// A guard for each value that it lists.
fn each_value(guard: &Guard) -> Vec<Guard> {
    let mut all = vec![Guard::default()];
    for (name, test) in &guard.tests {
        let tests: Vec<Test> = match test {
            Test::In(values) => values
                .iter()
                .take(8)
                .map(|value| Test::In(vec![value.clone()]))
                .collect(),
            other => vec![other.clone()],
        };
        all = all
            .iter()
            .flat_map(|guard| {
                tests
                    .iter()
                    .map(|test| guard.clone().and(name, test.clone()))
            })
            .take(16)
            .collect();
    }
    all
}

/// Whether a field is left out of what is made up: the service sets it, or an answer gave it.
pub(super) fn is_kept_out(node: &Value) -> bool {
    let is_so = |mark: &str| node.get(mark) == Some(&Value::Bool(true));
    is_so("readOnly") || is_so(crate::contract::OPAQUE)
}

/// The parameters of a place, as the fields of one object.
pub(super) fn parameters(
    operation: &Operation,
    location: Location,
    request: &Request,
) -> Map<String, Value> {
    let mut map = Map::new();
    for parameter in operation.parameters_in(location) {
        let field = FieldPath::name(&parameter.name);
        let sent = request.get(location.place(), &field);
        if let Some(text) = sent.as_ref().and_then(Value::as_str) {
            let value = typed(text, &parameter.schema).unwrap_or_else(|| Value::from(text));
            map.insert(parameter.name.clone(), value);
        }
    }
    map
}

/// Brings what is sent in each place into an allowed combination; what is bound is left alone.
pub(super) fn settle_request(
    operation: &Operation,
    request: &mut Request,
    is_bound: &dyn Fn(Place, &FieldPath) -> bool,
) {
    for (location, schema) in &operation.beside {
        let Some(together) = Together::of(schema, &schema.root) else {
            continue;
        };
        let place = location.place();
        let mut map = parameters(operation, *location, request);
        let names = operation.parameters_in(*location).map(|one| &one.name);
        let pinned: Vec<&str> = names
            .filter(|name| is_bound(place, &FieldPath::name(*name)))
            .map(String::as_str)
            .collect();
        let before = map.clone();
        together.settle(&mut map, &pinned);
        for (field, value) in changes(&before, &map) {
            request.set(place, &field, value);
        }
    }
    if let (Some(body), Some(value)) = (&operation.request_body, request.body.value_mut()) {
        let schema = &body.schema;
        settle_body(schema, &schema.root, value, &FieldPath::root(), is_bound, 0);
    }
}

/// How deep bodies are looked into.
const DEPTH: usize = 20;

/// The same of the objects of a body; what the service sets is taken out of them.
fn settle_body(
    schema: &Schema,
    node: &Value,
    value: &mut Value,
    path: &FieldPath,
    is_bound: &dyn Fn(Place, &FieldPath) -> bool,
    depth: usize,
) {
    if depth > DEPTH {
        return;
    }
    let node = schema.follow(node);
    match value {
        Value::Object(map) => {
            let Some(properties) = node.get("properties").and_then(Value::as_object) else {
                return;
            };
            map.retain(|name, _| {
                let child = properties.get(name);
                child.is_none_or(|child| child.get("readOnly") != Some(&Value::Bool(true)))
            });
            if let Some(together) = Together::of(schema, node) {
                let pinned: Vec<&str> = properties
                    .keys()
                    .filter(|name| is_bound(Place::Request, &path.child(name.as_str())))
                    .map(String::as_str)
                    .collect();
                together.settle(map, &pinned);
            }
            for (name, child) in properties {
                if let Some(value) = map.get_mut(name) {
                    settle_body(schema, child, value, &path.child(name), is_bound, depth + 1);
                }
            }
        }
        Value::Array(items) => {
            if let Some(child) = node.get("items") {
                for item in items {
                    settle_body(schema, child, item, &path.item(), is_bound, depth + 1);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// What has to be changed in one object for it to be another.
pub(super) fn changes(
    before: &Map<String, Value>,
    after: &Map<String, Value>,
) -> Vec<(FieldPath, Option<Value>)> {
    let gone = before.keys().filter(|name| !after.contains_key(*name));
    let gone = gone.map(|name| (FieldPath::name(name), None));
    let new = after
        .iter()
        .filter(|(name, value)| before.get(*name) != Some(value))
        .map(|(name, value)| (FieldPath::name(name), Some(value.clone())));
    gone.chain(new).collect()
}
