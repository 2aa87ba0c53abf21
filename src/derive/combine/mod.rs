//! Which fields go together: sentences about it become rules between the fields of one object,
//! where their conditions are plain, and combinations of which nothing is said, where they are not.

mod around;
mod meant;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::conditions::{Says, Told};
use super::draft::Parameter;
use super::statement::{Constraint, Direction, Node, Site};
use crate::contract::{Combination, Guard, Meaning, Test, UNSPECIFIED};

use around::Around;

/// What one sentence means for the fields of its object.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Between {
    /// What is refused.
    pub rules: Vec<Combination>,
    /// What no page speaks of: combinations, each with the field that the sentence is about.
    pub loose: Vec<Guard>,
    /// Whether the sentence conditions the field in a way that is not understood: then nothing but
    /// what the page's example shows is known to be allowed.
    pub in_words: bool,
    /// The fields beside it that such a sentence names.
    pub named: Vec<String>,
    /// Whether it says which of two values comes first.
    pub is_order: bool,
}

impl Between {
    fn in_words(named: Vec<String>) -> Self {
        Self {
            in_words: true,
            named,
            ..Self::default()
        }
    }
}

/// Gives the fields of every object what the sentences about them mean together.
pub(super) fn settle_body(node: &mut Node, direction: Direction) {
    node.each_mut(&mut |object| {
        settle(
            &mut object.properties,
            direction,
            |(name, _)| name,
            |(_, node)| node,
            |(_, node)| node,
        );
    });
    // What belongs to no object has nothing beside it.
    node.each_mut(&mut |field| {
        field
            .statements
            .retain(|one| !matches!(one.constraint, Constraint::Told(_)));
    });
}

/// What a sentence beside the rows of an object means for the fields that it names, where it says that
/// one of them must be there, or not all: the first of them, and what becomes of it.
pub(super) fn among(object: &Node, told: &Told) -> Option<(String, Between)> {
    if !matches!(told.says, Says::Among { .. }) || told.subject.is_some() {
        return None;
    }
    let fields = object.properties.iter();
    let around = Around {
        fields: fields.map(|(name, node)| (name.as_str(), node)).collect(),
    };
    let named = around.all_named(&told.when)?;
    let [own, _, ..] = named.as_slice() else {
        return None;
    };
    let between = around.between(own, told);
    (!between.rules.is_empty()).then(|| ((*own).to_owned(), between))
}

/// Gives each of some fields that stand side by side what the sentences about them mean together.
pub(super) fn settle<T>(
    fields: &mut [T],
    direction: Direction,
    name: fn(&T) -> &String,
    node: fn(&T) -> &Node,
    node_mut: fn(&mut T) -> &mut Node,
) {
    let is_told = |field: &T| {
        let statements = &node(field).statements;
        statements
            .iter()
            .any(|one| matches!(one.constraint, Constraint::Told(_)))
    };
    if !fields.iter().any(is_told) {
        return;
    }
    let mut found: Vec<(String, Constraint, Site)> = Vec::new();
    let around = Around {
        fields: fields
            .iter()
            .map(|field| (name(field).as_str(), node(field)))
            .collect(),
    };
    for (own, node) in &around.fields {
        for statement in &node.statements {
            let Constraint::Told(told) = &statement.constraint else {
                continue;
            };
            let is_order = matches!(told.says, Says::Lies(_));
            let constraint = match direction {
                Direction::Response if is_order => continue,
                Direction::Response => Constraint::Meaning(Meaning::Conditional),
                Direction::Request => {
                    let subject = told.subject.as_deref();
                    let between = match subject.map(|subject| around.named(subject)) {
                        Some(Some(subject)) => {
                            let between = around.between(subject, told);
                            found.push((
                                subject.to_owned(),
                                Constraint::Between(Box::new(between)),
                                statement.site.clone(),
                            ));
                            continue;
                        }
                        Some(None) => Between::in_words(around.mentioned(&told.sentence, own)),
                        None => around.between(own, told),
                    };
                    if is_order && !between.is_order {
                        // It compares with what is no field beside it.
                        Constraint::Prose
                    } else {
                        Constraint::Between(Box::new(between))
                    }
                }
            };
            found.push(((*own).to_owned(), constraint, statement.site.clone()));
        }
    }
    // A cell that says that it depends adds nothing where a sentence says on what.
    let is_told_by_sentence = |own: &str| {
        found.iter().any(|(name, constraint, _)| match constraint {
            Constraint::Between(between) => {
                name == own && !(between.rules.is_empty() && between.loose.is_empty())
            }
            _ => false,
        })
    };
    let is_bare = |constraint: &Constraint| match constraint {
        Constraint::Between(between) => between.in_words && between.named.is_empty(),
        _ => false,
    };
    let found: Vec<_> = found
        .iter()
        .filter(|(own, constraint, _)| !is_bare(constraint) || !is_told_by_sentence(own))
        .collect();
    for field in fields.iter_mut() {
        node_mut(field)
            .statements
            .retain(|one| !matches!(one.constraint, Constraint::Told(_)));
        for (own, constraint, site) in found.iter().copied() {
            if own == name(field) {
                node_mut(field).state(constraint.clone(), site);
            }
        }
    }
}

/// The keywords of an object that say which of its fields go together. `shown` are the objects that
/// examples have in its place. Of parameters, which are no object together, each has its own.
pub(super) fn keywords<'n>(
    fields: &[(&'n str, &'n Node)],
    only: Option<&str>,
    shown: &[&Value],
    map: &mut Map<String, Value>,
) {
    let is_wanted = |name: &str| only.is_none_or(|only| only == name);
    let around = Around {
        fields: fields.to_vec(),
    };
    let mut rules: Vec<Value> = Vec::new();
    let mut loose: BTreeMap<&str, Vec<Guard>> = BTreeMap::new();
    for (name, node) in fields {
        for statement in &node.statements {
            let Constraint::Between(between) = &statement.constraint else {
                continue;
            };
            for rule in between.rules.iter().filter(|rule| is_wanted(&rule.field)) {
                let rule = rule.to_json();
                if !rules.contains(&rule) {
                    rules.push(rule);
                }
            }
            let own = loose.entry(name).or_default();
            own.extend(between.loose.iter().cloned());
            if between.in_words {
                own.extend(around.as_shown(name, shown));
                // Where no other is named, any that has a choice may decide.
                let others = fields.iter().filter(|(other, _)| other != name);
                let any: Vec<String> = others
                    .filter(|(other, _)| !around.listed(other).is_empty())
                    .map(|(other, _)| (*other).to_owned())
                    .collect();
                let named = if between.named.is_empty() {
                    &any
                } else {
                    &between.named
                };
                for named in named {
                    if let Some((named, _)) = fields.iter().find(|(known, _)| known == named) {
                        let others = around.as_decided(named, shown);
                        loose.entry(named).or_default().extend(others);
                        let apart = around.as_divided(name, named, shown);
                        loose.entry(name).or_default().extend(apart);
                    }
                }
            }
        }
    }
    let mut written = Map::new();
    for (name, mut guards) in loose {
        // What an example shows is spoken of.
        guards.retain(|guard| {
            let holds = |object: &&Value| guard.holds(&|name| object.get(name));
            !shown.iter().any(holds)
        });
        let mut unique: Vec<Value> = Vec::new();
        for guard in guards.iter().map(Guard::to_json) {
            if !unique.contains(&guard) {
                unique.push(guard);
            }
        }
        if !unique.is_empty() && is_wanted(name) {
            written.insert(name.to_owned(), Value::Array(unique));
        }
    }
    if !rules.is_empty() {
        map.insert("allOf".to_owned(), Value::Array(rules));
    }
    if !written.is_empty() {
        map.insert(UNSPECIFIED.to_owned(), Value::Object(written));
    }
}

/// The same of each parameter, among those that are sent in the same place.
pub(super) fn of_parameters(parameters: &[Parameter]) -> Vec<Map<String, Value>> {
    parameters
        .iter()
        .map(|own| {
            let beside: Vec<(&str, &Node)> = parameters
                .iter()
                .filter(|other| other.location == own.location)
                .map(|other| (other.name.as_str(), &other.node))
                .collect();
            let mut map = Map::new();
            keywords(&beside, Some(&own.name), &[], &mut map);
            map
        })
        .collect()
}

impl Around<'_> {
    /// What no page speaks of where nobody knows when a field is there: that it is, where no example
    /// shows it, and that it is not, where all do.
    fn as_shown(&self, name: &str, shown: &[&Value]) -> Option<Guard> {
        let count = shown
            .iter()
            .filter(|object| object.get(name).is_some())
            .count();
        if self.is_mandatory(name) {
            None
        } else if count == 0 {
            Some(Guard::of(name, Test::Present))
        } else {
            (count == shown.len()).then(|| Guard::of(name, Test::Absent))
        }
    }

    /// What no page speaks of where some examples show a field and others do not, and another field
    /// has other values in these than in those: that it is there with a value of those, and that it
    /// is not with one of these.
    fn as_divided(&self, name: &str, decides: &str, shown: &[&Value]) -> Vec<Guard> {
        let values = |is_there: bool| -> Vec<Value> {
            let own = shown
                .iter()
                .filter(|object| object.get(name).is_some() == is_there);
            own.filter_map(|object| object.get(decides))
                .cloned()
                .collect()
        };
        let (with, without) = (values(true), values(false));
        let is_divided = !with.is_empty()
            && !without.is_empty()
            && with.iter().all(|value| !without.contains(value));
        if !is_divided {
            return Vec::new();
        }
        let listed = self.listed(decides);
        let others = listed.into_iter().filter(|value| !with.contains(value));
        let mut elsewhere = without;
        for value in others {
            if !elsewhere.contains(&value) {
                elsewhere.push(value);
            }
        }
        vec![
            Guard::of(name, Test::Present).and(decides, Test::In(elsewhere)),
            Guard::of(name, Test::Absent).and(decides, Test::In(with)),
        ]
    }

    /// What no page speaks of where a field decides about others in a way that is not understood:
    /// that it has another value than examples show.
    fn as_decided(&self, name: &str, shown: &[&Value]) -> Option<Guard> {
        let values: Vec<&Value> = shown.iter().filter_map(|object| object.get(name)).collect();
        let listed = self.listed(name);
        if values.is_empty() && !self.is_mandatory(name) {
            return Some(Guard::of(name, Test::Present));
        }
        let others: Vec<Value> = match values.as_slice() {
            // Without an example the first value is sent.
            [] => listed.into_iter().skip(1).collect(),
            values => listed
                .into_iter()
                .filter(|value| !values.contains(&value))
                .collect(),
        };
        (!others.is_empty()).then(|| Guard::of(name, Test::In(others)))
    }
}
