//! Schemas as they are written: keywords, children, and beside them the facts that they rest on.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::contract::{ANNOTATION, Facet, Fact, Level};

/// The dialect of every schema file.
pub(super) const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// One schema.
#[derive(Debug, Clone, Default)]
pub(super) struct Schema {
    /// The keywords that stand for themselves.
    pub keywords: Map<String, Value>,
    /// The reference to the file that describes the object.
    pub reference: Option<String>,
    /// Whether null may stand in the place of what the reference describes.
    pub may_be_null: bool,
    pub properties: Vec<(String, Schema)>,
    /// The properties that an object must have.
    pub required: Vec<String>,
    pub items: Option<Box<Schema>>,
    /// The schema of a map's values.
    pub values: Option<Box<Schema>>,
    /// The facts that the schema rests on.
    pub facts: Vec<Fact>,
}

impl Schema {
    /// Points the references to one file to another.
    pub(super) fn redirect(&mut self, from: &str, to: &str) {
        if self.reference.as_deref() == Some(from) {
            self.reference = Some(to.to_owned());
        }
        for (_, child) in &mut self.properties {
            child.redirect(from, to);
        }
        for child in [&mut self.items, &mut self.values].into_iter().flatten() {
            child.redirect(from, to);
        }
    }

    /// Whether another allows the same, whoever states it. The order of properties means nothing.
    pub(super) fn allows_the_same(&self, other: &Self) -> bool {
        let same = |own: &Option<Box<Self>>, other: &Option<Box<Self>>| match (own, other) {
            (Some(own), Some(other)) => own.allows_the_same(other),
            (None, None) => true,
            _ => false,
        };
        let named: BTreeMap<&str, &Self> = other
            .properties
            .iter()
            .map(|(name, child)| (name.as_str(), child))
            .collect();
        self.keywords == other.keywords
            && self.reference == other.reference
            && self.may_be_null == other.may_be_null
            && self.required == other.required
            && self.presence() == other.presence()
            && self.properties.len() == other.properties.len()
            && self.properties.iter().all(|(name, child)| {
                named
                    .get(name.as_str())
                    .is_some_and(|other| child.allows_the_same(other))
            })
            && same(&self.items, &other.items)
            && same(&self.values, &other.values)
    }

    /// How surely the field is to be seen, as its strongest row says.
    fn presence(&self) -> Option<Level> {
        let rows = self.facts.iter();
        rows.filter(|fact| fact.facet == Facet::Required)
            .map(|fact| fact.level)
            .max()
    }

    /// Adds the facts of another that allows the same.
    pub(super) fn unite_facts(&mut self, other: Self) {
        for fact in other.facts {
            if !self.facts.contains(&fact) {
                self.facts.push(fact);
            }
        }
        let mut named: BTreeMap<String, Self> = other.properties.into_iter().collect();
        for (name, child) in &mut self.properties {
            if let Some(other) = named.remove(name) {
                child.unite_facts(other);
            }
        }
        let children = [
            (&mut self.items, other.items),
            (&mut self.values, other.values),
        ];
        for (own, other) in children {
            if let (Some(own), Some(other)) = (own, other) {
                own.unite_facts(*other);
            }
        }
    }

    /// The schema as JSON.
    pub(super) fn to_json(&self) -> Value {
        let mut map = self.keywords.clone();
        if let Some(reference) = &self.reference {
            let object = json!({ "$ref": reference });
            if self.may_be_null {
                map.insert("anyOf".to_owned(), json!([object, { "type": "null" }]));
            } else if let Value::Object(object) = object {
                map.extend(object);
            }
        }
        if !self.properties.is_empty() {
            let properties = self
                .properties
                .iter()
                .map(|(name, child)| (name.clone(), child.to_json()));
            map.insert("properties".to_owned(), properties.collect());
        }
        if !self.required.is_empty() {
            map.insert("required".to_owned(), Value::from(self.required.clone()));
        }
        if let Some(items) = &self.items {
            map.insert("items".to_owned(), items.to_json());
        }
        if let Some(values) = &self.values {
            map.insert("additionalProperties".to_owned(), values.to_json());
        }
        if !self.facts.is_empty() {
            map.insert(ANNOTATION.to_owned(), json!({ "facts": self.facts }));
        }
        Value::Object(map)
    }

    /// The schema as a file of its own.
    pub(super) fn to_file(&self) -> Value {
        let mut file = Map::new();
        file.insert("$schema".to_owned(), Value::from(DIALECT));
        if let Value::Object(map) = self.to_json() {
            file.extend(map);
        }
        Value::Object(file)
    }
}
