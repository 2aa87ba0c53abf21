//! Tables that a tool set below each other without a gap: the header of the second is a row of the
//! first. It is told by the statuses below it.

use super::block::{Block, BlockKind, Cell, Row, Table};
use super::words::{self, Column};

/// Parts tables that were glued together.
pub(super) fn part(blocks: &mut Vec<Block>) {
    let mut at = 0;
    while let Some(block) = blocks.get_mut(at) {
        at += 1;
        let BlockKind::Table(table) = &mut block.kind else {
            continue;
        };
        let Some(place) = (1..table.rows.len()).find(|place| heads_statuses(&table.rows, *place))
        else {
            continue;
        };
        let mut rows = table.rows.split_off(place).into_iter();
        let Some(header) = rows.next() else {
            continue;
        };
        let second = Table {
            header: header.cells.iter().map(Cell::plain).collect(),
            rows: rows.collect(),
            ..Table::default()
        };
        blocks.insert(at, Block::new(header.line, BlockKind::Table(second)));
    }
}

/// Whether a row is the header of a table of statuses: words for columns, of which one is that of
/// the statuses in the rows below.
fn heads_statuses(rows: &[Row], place: usize) -> bool {
    let Some((header, below)) = rows.get(place).zip(rows.get(place + 1..)) else {
        return false;
    };
    let columns: Vec<Option<Column>> = header
        .cells
        .iter()
        .map(|cell| words::column(&cell.plain()))
        .collect();
    let Some(status) = columns
        .iter()
        .position(|column| *column == Some(Column::Status))
    else {
        return false;
    };
    let is_status = |row: &Row| {
        row.cells.get(status).is_some_and(|cell| {
            let plain = cell.plain();
            let text = plain.trim();
            text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    columns.contains(&Some(Column::Description)) && below.first().is_some_and(is_status)
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    #[test]
    fn a_table_of_statuses_is_one_of_its_own() {
        let source = "# T\n\n| Parameter | Type | Description |\n|---|---|---|\n| code | String | A code. |\n| Class | Status Code | Description |\n| Failure | 400 | Bad. |\n";
        let page = read("p.md", source).unwrap();
        let headers: Vec<&[String]> = page
            .blocks
            .iter()
            .filter_map(|block| match &block.kind {
                BlockKind::Table(table) => Some(table.header.as_slice()),
                _ => None,
            })
            .collect();
        assert_eq!(
            headers,
            [
                ["Parameter", "Type", "Description"],
                ["Class", "Status Code", "Description"]
            ]
        );
    }
}
