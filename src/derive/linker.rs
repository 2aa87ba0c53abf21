//! The table that a row's object is described in: rows and tables become trees of fields.

use std::collections::{BTreeMap, BTreeSet};

use super::named_types::values_of;
use super::root::OF_ITEM;
use super::rows::{self, FieldRow};
use super::section::Section;
use super::statement::{Constraint, Kind, Node, Site, Stand};
use super::tables::{FieldTable, MOST_FIELDS, Role};
use super::together::leads_to;
use crate::contract::Facet;
use crate::page::caption;
use crate::page::words::TypeName;

/// How many rows of one name in one object are read.
pub(super) const REPEATS: usize = 50;

/// Builds the trees of fields that the tables describe together.
pub(super) struct Linker<'t> {
    tables: &'t [&'t FieldTable],
    /// Tables without a name that a row has taken already, in reading order.
    claimed: BTreeSet<usize>,
    /// The tables that were found by order, by the name of the type: rows of one type share one
    /// table.
    by_type: BTreeMap<String, usize>,
    /// How many more nodes may be made: a page may refer to its tables without end.
    budget: usize,
    /// Whether objects in objects were left out because they stand too deep.
    is_cut: bool,
}

/// How deep objects stand in each other.
const DEEPEST: usize = 12;

impl<'t> Linker<'t> {
    pub(super) fn new(tables: &'t [&'t FieldTable]) -> Self {
        Self {
            tables,
            claimed: BTreeSet::new(),
            by_type: BTreeMap::new(),
            budget: MOST_FIELDS,
            is_cut: false,
        }
    }

    /// Whether a row has taken a table for its object.
    pub(super) fn is_claimed(&self, index: usize) -> bool {
        self.claimed.contains(&index)
    }

    /// Whether the page has more fields than are read.
    pub(super) fn is_exhausted(&self) -> bool {
        self.budget == 0 || self.is_cut
    }

    /// The object that a table describes.
    pub(super) fn object(&mut self, index: usize) -> Node {
        let mut node = Node::default();
        self.fill(&mut node, index, &mut Vec::new());
        node
    }

    fn fill(&mut self, node: &mut Node, index: usize, ancestors: &mut Vec<usize>) {
        let tables = self.tables;
        let Some(table) = tables.get(index) else {
            return;
        };
        self.claimed.insert(index);
        ancestors.push(index);
        for row in &table.rows {
            if self.budget == 0 {
                break;
            }
            self.budget -= 1;
            let child = self.field(row, index, ancestors);
            match node
                .properties
                .iter_mut()
                .find(|(known, _)| *known == row.name)
            {
                // A row that is repeated without end says nothing new.
                Some((_, own)) if own.rows.len() >= REPEATS => {}
                Some((_, own)) => own.unite(child),
                None => node.properties.push((row.name.clone(), child)),
            }
        }
        ancestors.pop();
    }

    /// The field that a row describes, with its children.
    pub(super) fn field(
        &mut self,
        row: &FieldRow,
        index: usize,
        ancestors: &mut Vec<usize>,
    ) -> Node {
        let mut node = row.node();
        let Some(kind) = &row.kind else {
            return node;
        };
        let (holder, name) = match kind {
            TypeName::Object(name) => (Holder::Itself, name.clone()),
            TypeName::Array(item) => match item.as_ref() {
                TypeName::Object(name) => (Holder::Items, name.clone()),
                TypeName::Any => (Holder::Items, None),
                TypeName::Array(inner) => match inner.as_ref() {
                    TypeName::Object(name) => (Holder::ItemsOfItems, name.clone()),
                    _ => return node,
                },
                _ => return node,
            },
            TypeName::Map(value) => match value.as_ref() {
                TypeName::Object(name) => (Holder::Values, name.clone()),
                scalar => {
                    node.values = rows::value_of(scalar, &row.site).map(Box::new);
                    return node;
                }
            },
            // One of several types: the rows below it are of the object among them.
            TypeName::OneOf(kinds) if kinds.contains(&TypeName::Object(None)) => {
                (Holder::Itself, None)
            }
            _ => return node,
        };
        let is_one_of_several = matches!(kind, TypeName::OneOf(_));
        let targets = self.targets(row, name.as_deref(), index);
        if let [target] = targets.as_slice()
            && let Some(values) = self.tables.get(*target).and_then(|table| values_of(table))
        {
            self.claimed.insert(*target);
            return one_of(node, values, holder, &row.site);
        }
        // What refers to itself needs a name, to be referred to by; and what has a name is that
        // object and nothing else.
        let name = name
            .or_else(|| self.name_of_its_own(&targets))
            .filter(|_| !is_one_of_several);
        if targets.is_empty() && name.is_none() && holder != Holder::ItemsOfItems {
            return node;
        }
        let mut object = Node::default();
        object.state(Constraint::Type(Kind::Object, None), &row.site);
        object.object = name;
        let variants = targets.len();
        for target in targets {
            if ancestors.contains(&target) {
                object.recursive = true;
                continue;
            }
            if ancestors.len() > DEEPEST {
                // Without its fields it is no object that another may refer to by name.
                self.is_cut = true;
                object.object = None;
                continue;
            }
            let mut variant = Node::default();
            self.fill(&mut variant, target, ancestors);
            if variants > 1 {
                for (_, field) in &mut variant.properties {
                    loosen(field);
                }
            }
            object.unite(variant);
        }
        match holder {
            Holder::Itself => {
                object.statements.clear();
                node.unite(object);
            }
            Holder::Items => {
                node.state(Constraint::Items, &row.site);
                node.items = Some(Box::new(object));
            }
            Holder::ItemsOfItems => {
                let mut inner = Node::default();
                inner.state(Constraint::Type(Kind::Array, None), &row.site);
                inner.items = Some(Box::new(object));
                node.state(Constraint::Items, &row.site);
                node.items = Some(Box::new(inner));
            }
            Holder::Values => node.values = Some(Box::new(object)),
        }
        node
    }

    /// Whether a row of an object's table may hold that object again: its type has fields or items.
    fn is_nested(&self, row: &FieldRow, index: usize) -> bool {
        let holds = |kind: &TypeName| {
            matches!(
                kind,
                TypeName::Object(_) | TypeName::Array(_) | TypeName::Map(_)
            )
        };
        let is_object = |table: &FieldTable| table.role == Role::Object;
        self.tables.get(index).is_some_and(|table| is_object(table))
            && row.kind.as_ref().is_some_and(holds)
    }

    /// The name of the one table that a row refers to, where a row of that table refers to it too.
    fn name_of_its_own(&self, targets: &[usize]) -> Option<String> {
        let [target] = targets else {
            return None;
        };
        let table = self.tables.get(*target)?;
        let refers = |row: &FieldRow| {
            let is_numbered = caption::references(&row.text)
                .any(|reference| table.number == Some(reference.number));
            let is_linked = row.links.iter().any(|link| leads_to(link, table));
            self.is_nested(row, *target) && (is_numbered || is_linked)
        };
        if !table.rows.iter().any(refers) {
            return None;
        }
        let numbered = || table.number.map(|number| format!("Table{number}"));
        table.name.clone().or_else(numbered)
    }

    /// The tables of several that no row of another refers to: `see Table 3 and Table 4` may name a
    /// table and its child.
    fn outermost(&self, places: Vec<usize>) -> Vec<usize> {
        let refers = |from: usize, to: usize| {
            let (Some(table), Some(target)) = (self.tables.get(from), self.tables.get(to)) else {
                return false;
            };
            table.rows.iter().any(|row| {
                let linked = row.links.iter().any(|link| leads_to(link, target));
                linked
                    || target
                        .name
                        .as_ref()
                        .is_some_and(|name| row.kind.is_some() && *name == row.name)
            })
        };
        let kept: Vec<usize> = places
            .iter()
            .copied()
            .filter(|place| {
                !places
                    .iter()
                    .any(|other| other != place && refers(*other, *place))
            })
            .collect();
        if kept.is_empty() { places } else { kept }
    }

    /// The tables that describe a row's object: by link, by number, by the name of the type, by the
    /// name of the field, by order.
    fn targets(&mut self, row: &FieldRow, name: Option<&str>, index: usize) -> Vec<usize> {
        let describes = |table: &FieldTable| {
            !matches!(
                table.role,
                Role::Path | Role::Query | Role::Header | Role::ResponseHeader
            )
        };
        let page = self.tables.get(index).map(|table| table.site.page.as_str());
        // Names and numbers are those of a page.
        let is_beside = |table: &FieldTable| Some(table.site.page.as_str()) == page;
        let usable = |place: usize, table: &FieldTable| {
            place != index && describes(table) && is_beside(table)
        };
        let own_half = self.tables.get(index).map(|table| half(table.section));
        // A row that only mentions its own table by number or link refers to it where it is nested.
        let is_nested = self.is_nested(row, index);
        let linked: Vec<usize> = row
            .links
            .iter()
            .filter_map(|link| {
                let mut tables = self.tables.iter();
                tables.position(|table| leads_to(link, table))
            })
            .filter(|place| *place != index || is_nested)
            .collect();
        if !linked.is_empty() {
            return self.outermost(unique(linked));
        }
        let numbered: Vec<usize> = caption::references(&row.text)
            .filter_map(|reference| {
                self.tables
                    .iter()
                    .position(|table| table.number == Some(reference.number) && is_beside(table))
            })
            .filter(|place| *place != index || is_nested)
            .collect();
        if !numbered.is_empty() {
            return self.outermost(unique(numbered));
        }
        let by_name = |wanted: &str| {
            let matches = |place: &usize| {
                self.tables.get(*place).is_some_and(|table| {
                    usable(*place, table)
                        && table
                            .name
                            .as_ref()
                            .is_some_and(|own| own.eq_ignore_ascii_case(wanted))
                })
            };
            let all: Vec<usize> = (0..self.tables.len()).filter(matches).collect();
            all.iter()
                .copied()
                .find(|place| {
                    self.tables.get(*place).map(|table| half(table.section)) == own_half
                        && *place > index
                })
                .or_else(|| all.first().copied())
        };
        // An object may hold others of its own kind: its table's name is the row's type.
        let own = self.tables.get(index).filter(|table| {
            let is_named = |own: &String| name.is_some_and(|name| own.eq_ignore_ascii_case(name));
            table.role == Role::Object && table.name.as_ref().is_some_and(is_named)
        });
        if own.is_some() {
            return vec![index];
        }
        if let Some(place) = name
            .and_then(by_name)
            .or_else(|| by_name(row.name.trim_start_matches(OF_ITEM)))
        {
            return vec![place];
        }
        // `see the QuerySessionResponse table`
        let mentioned = self.tables.iter().enumerate().find(|(place, table)| {
            usable(*place, table)
                && table.role == Role::Object
                && !self.claimed.contains(place)
                && Some(half(table.section)) == own_half
                && table.name.as_ref().is_some_and(|own| {
                    own.len() > 4
                        && row
                            .text
                            .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                            .any(|word| word == own)
                })
        });
        if let Some((place, _)) = mentioned {
            return vec![place];
        }
        if let Some(place) = name.and_then(|name| self.by_type.get(name)) {
            return vec![*place];
        }
        // Without captions a child table follows its parent; a table that was taken by another row
        // is not taken again.
        let own = self.tables.get(index);
        let status = own.and_then(|table| table.status);
        let label = own.map(|table| table.label.as_str());
        let found = self
            .tables
            .iter()
            .enumerate()
            .skip(index + 1)
            .find(|(place, table)| {
                usable(*place, table)
                    && table.role == Role::Object
                    && table.name.is_none()
                    && table.number.is_none()
                    && !table.is_shared
                    && Some(half(table.section)) == own_half
                    && table.status == status
                    // A type that leads to another place is not what follows.
                    && (Some(table.label.as_str()) == label && !row.is_linked
                        || names(&table.label, row, name))
                    && !self.claimed.contains(place)
            })
            .map(|(place, _)| place);
        if let (Some(place), Some(name)) = (found, name) {
            self.by_type.insert(name.to_owned(), place);
        }
        found.into_iter().collect()
    }
}

/// Where a field keeps its object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holder {
    Itself,
    Items,
    ItemsOfItems,
    Values,
}

/// A field whose type is a list of names: its values, or those of what it holds.
fn one_of(mut node: Node, values: Vec<String>, holder: Holder, site: &Site) -> Node {
    let mut own = Node::default();
    own.state(Constraint::Type(Kind::String, None), site);
    own.state(Constraint::Enum(values, Stand::Heading), site);
    match holder {
        Holder::Itself => {
            node.statements
                .retain(|statement| statement.constraint.facet() != Facet::Type);
            node.statements.append(&mut own.statements);
        }
        Holder::Items => {
            node.state(Constraint::Items, site);
            node.items = Some(Box::new(own));
        }
        Holder::Values => node.values = Some(Box::new(own)),
        Holder::ItemsOfItems => {}
    }
    node
}

/// Whether the heading above a table names a row or its type: `Tags`, `Structure of a tag`.
fn names(label: &str, row: &FieldRow, name: Option<&str>) -> bool {
    let squashed = |text: &str| -> String {
        let own = text.chars().filter(|sign| sign.is_alphanumeric());
        own.flat_map(char::to_lowercase).collect()
    };
    let heading = squashed(label);
    let mut words: Vec<String> = label
        .split(|sign: char| !sign.is_alphanumeric())
        .map(squashed)
        .collect();
    words.push(heading.clone());
    let is_named = |wanted: &str| {
        let wanted = squashed(wanted);
        let one = wanted.strip_suffix('s').unwrap_or(&wanted);
        let is_one = |word: &String| word == one || word.strip_suffix('s') == Some(one);
        !one.is_empty() && words.iter().any(is_one)
            || one.chars().count() > 3 && heading.contains(one)
    };
    is_named(&row.name) || name.is_some_and(is_named)
}

/// Whether a section tells of the request or of the response.
fn half(section: Section) -> bool {
    matches!(
        section,
        Section::Response | Section::ResponseExample | Section::AbnormalResponse
    )
}

fn unique(places: Vec<usize>) -> Vec<usize> {
    let mut unique = Vec::new();
    for place in places {
        if !unique.contains(&place) {
            unique.push(place);
        }
    }
    unique
}

/// A field of one of several variants of a body cannot be called mandatory: the other variant may
/// lack it.
fn loosen(field: &mut Node) {
    for statement in &mut field.statements {
        if matches!(
            statement.constraint,
            Constraint::Required(true) | Constraint::Implied
        ) {
            statement.constraint = Constraint::Required(false);
        }
    }
}
