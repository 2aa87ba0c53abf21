//! Rows of path parameters whose names have blanks, as the path has them: `<Project ID>`.

use std::collections::BTreeSet;

use super::outline::{Item, ItemKind};
use super::path::{RequestTarget, path_names};
use super::rows;
use super::section::Section;
use super::tables::{Role, Tables};
use crate::page::words::Column;
use crate::page::{Cell, Row};

/// Reads such rows into the tables that they stand in; their lines.
pub(super) fn read(
    tables: &mut Tables,
    items: &[Item<'_>],
    targets: &[RequestTarget],
) -> BTreeSet<usize> {
    let names: BTreeSet<&str> = targets
        .iter()
        .flat_map(|own| path_names(&own.path))
        .collect();
    let mut lines = BTreeSet::new();
    for item in items {
        let is_of_path = item.section == Section::Uri || item.role == Some(Role::Path);
        let ItemKind::Table(table) = item.kind else {
            continue;
        };
        let columns = rows::columns(table);
        let at = columns
            .iter()
            .position(|column| *column == Some(Column::Name));
        let own = tables
            .fields
            .iter_mut()
            .find(|own| own.site.line == item.line);
        let (Some(at), Some(own), true) = (at, own, is_of_path) else {
            continue;
        };
        for row in &table.rows {
            let name = row.cells.get(at).map(Cell::plain).unwrap_or_default();
            let squashed: String = name.split_whitespace().collect();
            if squashed.len() == name.trim().len() || !names.contains(squashed.as_str()) {
                continue;
            }
            let mut cells = row.cells.clone();
            if let Some(cell) = cells.get_mut(at) {
                *cell = Cell::of(row.line, squashed);
            }
            let row = Row {
                cells,
                ..row.clone()
            };
            own.rows.extend(rows::read(&row, &columns, &own.site));
            lines.insert(row.line);
        }
    }
    lines
}
