//! Tables that list a page's operations, each described in a section of its own below: the row names
//! the section, or links to it.

use std::collections::{BTreeMap, BTreeSet};

use super::candidates::{Candidate, named};
use super::curl;
use super::path::shape;
use super::proofread::slug;
use crate::page::{Block, BlockKind, Cell, Row};

/// Moves each row of an overview to the section that the row names or links to, where that states no
/// target of its own.
pub(super) fn to_sections(flat: &[&Block], candidates: &mut [Candidate]) {
    let mut headings: BTreeMap<String, Option<usize>> = BTreeMap::new();
    for (at, block) in flat.iter().enumerate() {
        if let BlockKind::Heading { text, .. } = &block.kind {
            let names = [text.plain.trim().to_lowercase(), slug(&text.plain)];
            for name in BTreeSet::from(names) {
                // Two headings of one name: which is meant is not known.
                headings
                    .entry(name)
                    .and_modify(|own| *own = None)
                    .or_insert(Some(at));
            }
        }
    }
    let places: BTreeSet<usize> = candidates.iter().map(|own| own.at).collect();
    let mut overviews = BTreeSet::new();
    for own in candidates.iter_mut() {
        let Some(Block {
            kind: BlockKind::Table(table),
            ..
        }) = flat.get(own.at)
        else {
            continue;
        };
        let row = table.rows.iter().find(|row| row.line == own.line);
        let names = row
            .into_iter()
            .flat_map(|row| &row.cells)
            .flat_map(named_by);
        let section = names
            .filter_map(|name| headings.get(&name).copied().flatten())
            .chain(leading(row, &headings))
            .find(|heading| {
                *heading > own.at
                    && places
                        .range(*heading..end_of_section(flat, *heading))
                        .next()
                        .is_none()
            });
        if let Some(section) = section {
            overviews.insert(own.at);
            own.at = section;
        }
    }
    for own in candidates.iter_mut() {
        own.is_overview = overviews.contains(&own.at);
    }
    to_calls(flat, candidates);
}

/// Moves each row of a table to the call that makes its request, where several calls below the table,
/// and no heading, tell the rows apart.
fn to_calls(flat: &[&Block], candidates: &mut [Candidate]) {
    let is_table = |at: usize| {
        flat.get(at)
            .is_some_and(|block| matches!(block.kind, BlockKind::Table(_)))
    };
    let places: BTreeSet<usize> = candidates.iter().map(|own| own.at).collect();
    let tables: Vec<usize> = places.iter().copied().filter(|at| is_table(*at)).collect();
    for table in tables {
        let next = places.range(table + 1..).next().copied();
        let below = flat
            .get(table + 1..next.unwrap_or(flat.len()))
            .unwrap_or_default();
        let mut calls: Vec<(usize, (String, String))> = Vec::new();
        for (at, block) in below.iter().enumerate() {
            match &block.kind {
                BlockKind::Heading { .. } => break,
                BlockKind::Code { text, .. } => {
                    let asked = curl::target(text);
                    calls.extend(asked.map(|own| (table + 1 + at, (own.method, shape(&own.path)))));
                }
                _ => {}
            }
        }
        let call_of = |own: &Candidate| {
            let (method, path) = named(&own.stated);
            let mut calls = calls.iter();
            calls
                .find(|(_, asked)| asked.0 == method && fills(&asked.1, &path))
                .map(|(at, _)| *at)
        };
        let mut rows: Vec<&mut Candidate> = candidates
            .iter_mut()
            .filter(|own| own.at == table)
            .collect();
        let called: BTreeSet<usize> = rows.iter().filter_map(|own| call_of(own)).collect();
        if called.len() > 1 {
            for own in &mut rows {
                own.at = call_of(own).unwrap_or(own.at);
            }
        }
    }
}

/// Whether a path is a template, or fills one in.
fn fills(path: &str, template: &str) -> bool {
    let (parts, own) = (path.split('/'), template.split('/'));
    parts.clone().count() == own.clone().count()
        && parts.zip(own).all(|(part, own)| part == own || own == "{}")
}

/// The one heading that a cell of a row begins with, in so many words and behind them others:
/// `Place Order sends one.`
fn leading(row: Option<&Row>, headings: &BTreeMap<String, Option<usize>>) -> Option<usize> {
    let cells = row.into_iter().flat_map(|row| &row.cells);
    let texts: Vec<String> = cells
        .map(|cell| cell.plain().trim().to_lowercase())
        .collect();
    let begins = |name: &str| {
        let mut rests = texts.iter().filter_map(|text| text.strip_prefix(name));
        name.contains(' ') && rests.any(|rest| rest.starts_with([' ', '.', ':', ',']))
    };
    let named = headings.iter().filter(|(name, _)| begins(name));
    let longest = named.max_by_key(|(name, _)| name.len())?;
    *longest.1
}

/// The names of headings that a cell may be meant by: its text, and the places that it links to.
fn named_by(cell: &Cell) -> Vec<String> {
    let mut names = vec![cell.plain().trim().to_lowercase()];
    for block in &cell.blocks {
        if let BlockKind::Paragraph(text) = &block.kind {
            let targets = text
                .links
                .iter()
                .filter_map(|link| link.target.strip_prefix('#'));
            names.extend(targets.map(str::to_lowercase));
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// Where the blocks below a heading end.
pub(super) fn end_of_section(flat: &[&Block], heading: usize) -> usize {
    let level_of = |at: usize| match flat.get(at).map(|block| &block.kind) {
        Some(BlockKind::Heading { level, .. }) => Some(*level),
        _ => None,
    };
    let own = level_of(heading).unwrap_or_default();
    (heading + 1..flat.len())
        .find(|at| level_of(*at).is_some_and(|level| level <= own))
        .unwrap_or(flat.len())
}
