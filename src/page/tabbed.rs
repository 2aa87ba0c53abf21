//! Tables as a browser copies them: a row is a line, its cells parted by tabs, and further lines of
//! its last cell stand below it.

use super::block::{Cell, Row, Table};
use super::cell::blocks_of_lines;
use super::portal::Line;
use super::words::{self, Column};

/// The table whose header is the line at a place, and the place behind it. `ends` says which lines
/// are no part of a cell.
pub(super) fn table_at(
    lines: &[Line<'_>],
    at: usize,
    ends: impl Fn(&str) -> bool,
) -> Option<(Table, usize)> {
    let header = cells(lines.get(at)?.text);
    let known = header.iter().filter(|cell| words::column(cell).is_some());
    if header.len() < 2 || known.count() < 2 {
        return None;
    }
    let status = header
        .iter()
        .position(|cell| words::column(cell) == Some(Column::Status));
    let is_row = |line: &Line<'_>| row(line, header.len(), status).is_some();
    let mut rows: Vec<Row> = Vec::new();
    let mut next = at + 1;
    while let Some(line) = lines.get(next)
        && let Some(mut own) = row(line, header.len(), status)
    {
        let first = next;
        next += 1;
        // Up to the next row, else as far as no line is empty.
        let below = lines.get(next..).unwrap_or_default();
        let goes_on = |line: &&Line<'_>| {
            let text = line.text.trim();
            !line.text.contains('\t') && !ends(text)
        };
        let far = below.iter().take_while(goes_on).count();
        let is_inside = below.get(far).is_some_and(is_row);
        let near = below
            .iter()
            .take(far)
            .zip(line.number + 1..)
            .take_while(|(line, number)| line.number == *number)
            .count();
        next += if is_inside { far } else { near };
        let last = own.pop().unwrap_or_default();
        let mut cells: Vec<Cell> = own
            .into_iter()
            .map(|text| Cell {
                blocks: blocks_of_lines([(line.number, text)]),
            })
            .collect();
        let rest = lines.get(first + 1..next).unwrap_or_default();
        let texts = std::iter::once((line.number, last))
            .chain(rest.iter().map(|line| (line.number, line.text)));
        cells.push(Cell {
            blocks: blocks_of_lines(texts.collect::<Vec<_>>()),
        });
        rows.push(Row {
            line: line.number,
            cells,
        });
    }
    let table = Table {
        header: header.into_iter().map(str::to_owned).collect(),
        rows,
        ..Table::default()
    };
    (!table.rows.is_empty()).then_some((table, next))
}

/// The cells of a line that is a row of so many. Of a row of statuses a merged cell may be left out
/// before the status.
fn row<'s>(line: &Line<'s>, columns: usize, status: Option<usize>) -> Option<Vec<&'s str>> {
    let mut own = cells(line.text);
    let is_status = |cell: &str| matches!(cell.as_bytes(), [b'1'..=b'5', rest @ ..] if rest.len() == 2 && rest.iter().all(u8::is_ascii_digit));
    if let Some(place) = status.and_then(|place| place.checked_sub(1))
        && own.len() + 1 == columns
        && own.get(place).is_some_and(|cell| is_status(cell))
    {
        own.insert(place, "");
    }
    (own.len() == columns).then_some(own)
}

/// The cells of a line.
fn cells(line: &str) -> Vec<&str> {
    line.split('\t').map(str::trim).collect()
}

#[cfg(test)]
mod tests {
    use super::super::block::{BlockKind, Cell};
    use super::super::read;

    #[test]
    fn a_row_of_statuses_without_its_merged_cell_is_one() {
        let source = "Fell a tree\nURI\nDELETE /v1/trees\nStatus Codes\nClass\tStatus Code\tDescription\nFine\t204\tFelled.\nFailure\t400\tBad.\n404\tNo such tree.\n";
        let page = read("p.txt", source).unwrap();
        let table = page.blocks.iter().find_map(|block| match &block.kind {
            BlockKind::Table(table) => Some(table),
            _ => None,
        });
        let statuses: Vec<String> = table
            .unwrap()
            .rows
            .iter()
            .map(|row| row.cells[1].plain())
            .collect();
        assert_eq!(statuses, ["204", "400", "404"]);
    }

    #[test]
    fn rows_of_a_copy_are_lines_with_tabs() {
        let source = "Plant a tree\nURI\nPOST /v1/trees\nTable 1 Request body parameters\nParameter\tMandatory\tType\tDescription\nkind\tYes\tString\tA kind. Values:\noak\nash\n\nage\t\tInteger\tIts age.\nIn years.\nResponse Parameters\nNone\n";
        let page = read("p.txt", source).unwrap();
        let table = page.blocks.iter().find_map(|block| match &block.kind {
            BlockKind::Table(table) => Some(table),
            _ => None,
        });
        let rows: Vec<(usize, Vec<String>)> = table
            .unwrap()
            .rows
            .iter()
            .map(|row| (row.line, row.cells.iter().map(Cell::plain).collect()))
            .collect();
        let row = |line: usize, cells: [&str; 4]| (line, cells.map(str::to_owned).to_vec());
        assert_eq!(
            rows,
            [
                row(6, ["kind", "Yes", "String", "A kind. Values: oak ash"]),
                row(10, ["age", "", "Integer", "Its age. In years."]),
            ]
        );
    }
}
