//! Which headings links lead to a table by: those above it that name its object.

use std::collections::BTreeMap;

use crate::derive::labels::{Label, label};
use crate::derive::outline::{Item, ItemKind};
use crate::derive::proofread::slug;
use crate::derive::section::Section;
use crate::derive::tables::{FieldTable, Role, Tables, object_name};
use crate::page::Text;

/// Lets links lead to a table by a heading that has the name of its object, where one of its own
/// stands between the two: `Job Object`, and below it `Job Structure`.
pub(super) fn anchor_by_names(tables: &mut [FieldTable], items: &[Item<'_>]) {
    let mut above: BTreeMap<String, (Vec<String>, usize)> = BTreeMap::new();
    for item in items {
        if let ItemKind::Heading(text) = item.kind
            && let Some(name) = object_name(&text.plain)
        {
            let own = above.entry(name).or_insert((Vec::new(), item.line));
            own.0.push(slug(&text.plain));
            own.0.extend(text.anchors.iter().cloned());
        }
    }
    for (name, (anchors, line)) in above {
        let is_own =
            |table: &&mut FieldTable| table.name.as_ref() == Some(&name) && table.site.line >= line;
        let mut own: Vec<&mut FieldTable> = tables.iter_mut().filter(is_own).collect();
        if let [table] = own.as_mut_slice() {
            let new = anchors.into_iter();
            let new: Vec<String> = new.filter(|own| !table.anchors.contains(own)).collect();
            table.anchors.extend(new);
        }
    }
}

/// Lets links lead to a table below a label of fields by the heading above that: `The job object`, and
/// below it `Attributes`. The heading has no other table below it.
pub(super) fn anchor_below_labels(tables: &mut [FieldTable], items: &[Item<'_>]) {
    let mut above: Option<(&Text, Vec<usize>)> = None;
    let mut all = Vec::new();
    for item in items {
        match item.kind {
            // A label of fields may be a heading too.
            ItemKind::Heading(text) if above.is_some() && is_of_fields(&text.plain) => {}
            ItemKind::Heading(text) => all.extend(above.replace((text, Vec::new()))),
            ItemKind::Table(_) => {
                if let Some((_, lines)) = &mut above {
                    lines.push(item.line);
                }
            }
            _ => {}
        }
    }
    all.extend(above);
    for (heading, lines) in all {
        let ([line], Some(name)) = (lines.as_slice(), object_name(&heading.plain)) else {
            continue;
        };
        let is_own = |table: &&mut FieldTable| {
            table.site.line == *line && table.label != heading.plain && is_of_fields(&table.label)
        };
        if let Some(table) = tables.iter_mut().find(is_own) {
            table.name = Some(name);
            table.anchors.push(slug(&heading.plain));
            table.anchors.extend_from_slice(&heading.anchors);
        }
    }
}

/// Whether a heading labels fields, of whatever the heading above it names.
fn is_of_fields(heading: &str) -> bool {
    matches!(
        label(heading),
        Some(Label::Neutral(_) | Label::Of(Section::Response, _))
    )
}

/// Lets links lead to the objects of an operation by the headings above their tables, where a
/// heading has one table below it: the heading that labels them, and the one right above.
pub(super) fn anchor_objects(tables: &mut Tables, items: &[Item<'_>]) {
    let mut above: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut heading = None;
    for (at, item) in items.iter().enumerate() {
        match item.kind {
            ItemKind::Heading(_) => heading = Some(at),
            ItemKind::Table(_) => above
                .entry(heading.unwrap_or(usize::MAX))
                .or_default()
                .push(item.line),
            _ => {}
        }
    }
    for (at, lines) in above {
        let (Some(ItemKind::Heading(text)), [line]) =
            (items.get(at).map(|item| item.kind), lines.as_slice())
        else {
            continue;
        };
        let mut own = tables.fields.iter_mut();
        if let Some(table) =
            own.find(|table| table.role == Role::Object && table.site.line == *line)
        {
            table.anchors.push(slug(&text.plain));
            table.anchors.extend(text.anchors.iter().cloned());
        }
    }
    let mut below: BTreeMap<String, usize> = BTreeMap::new();
    for table in &tables.fields {
        *below.entry(table.label.clone()).or_default() += 1;
    }
    for table in &mut tables.fields {
        let is_own = table.role == Role::Object && below.get(&table.label) == Some(&1);
        if is_own && !table.label.is_empty() {
            table.anchors.push(slug(&table.label));
        }
    }
}
