//! Simple tables: columns below rules of `=`; a row whose first cell is blank goes on.

use super::super::block::{Cell, Row, Table};
use super::blocks::Reader;
use super::{Line, column_starts, dedent};

/// The simple table that starts at a line, and the line after it.
pub(super) fn table(
    reader: &mut Reader,
    lines: &[Line<'_>],
    at: usize,
    depth: usize,
) -> Option<(Table, usize)> {
    let top = lines.get(at)?.text;
    if !is_rule(top) {
        return None;
    }
    let columns = columns(top);
    if columns.len() > 200 {
        return None;
    }
    // A rule before a blank line ends the table; the one before it ends the header.
    let mut rules = vec![at];
    let mut end = at + 1;
    while let Some(line) = lines.get(end) {
        end += 1;
        if is_rule(line.text) {
            rules.push(end - 1);
            if lines.get(end).is_none_or(Line::is_blank) {
                break;
            }
        }
        if line.indent() == 0 && line.text.starts_with(".. ") {
            // The rule at the bottom is missing.
            end -= 1;
            break;
        }
    }
    if rules.len() < 2 {
        return None;
    }
    let head_end = if rules.len() > 2 {
        rules.get(1).copied()?
    } else {
        at
    };
    let bottom = rules.last().copied().filter(|last| *last > head_end);
    let body_end = bottom.unwrap_or(end);
    let mut rows = if head_end > at {
        read_rows(reader, lines.get(at + 1..head_end)?, &columns, depth)
    } else {
        Vec::new()
    };
    let header_rows = rows.len();
    rows.extend(read_rows(
        reader,
        lines.get(head_end + 1..body_end).unwrap_or_default(),
        &columns,
        depth,
    ));
    let mut rows = rows.into_iter();
    let mut header: Vec<String> = Vec::new();
    for row in rows.by_ref().take(header_rows.max(1)) {
        for (index, cell) in row.cells.iter().enumerate() {
            let word = cell.plain();
            match header.get_mut(index) {
                Some(known) if !word.is_empty() => {
                    known.push(' ');
                    known.push_str(&word);
                }
                Some(_) => {}
                None => header.push(word),
            }
        }
    }
    let table = Table {
        header,
        rows: rows.collect(),
        ..Table::default()
    };
    Some((table, end))
}

/// Whether a line is a rule of two or more columns.
fn is_rule(text: &str) -> bool {
    text.starts_with('=')
        && text.contains(" =")
        && text.bytes().all(|byte| matches!(byte, b'=' | b' '))
}

/// Where the columns of a rule start and end.
fn columns(rule: &str) -> Vec<(usize, usize)> {
    let mut columns: Vec<(usize, usize)> = Vec::new();
    let mut start = None;
    for (at, byte) in rule.bytes().chain(std::iter::once(b' ')).enumerate() {
        match (byte == b' ', start) {
            (false, None) => start = Some(at),
            (true, Some(from)) => {
                columns.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    columns
}

/// The rows between two rules.
fn read_rows(
    reader: &mut Reader,
    lines: &[Line<'_>],
    columns: &[(usize, usize)],
    depth: usize,
) -> Vec<Row> {
    let mut rows: Vec<(usize, Vec<Vec<Line<'_>>>)> = Vec::new();
    for line in lines {
        if line.is_blank() || line.text.bytes().all(|byte| matches!(byte, b'-' | b' ')) {
            // A line of `-` marks merged columns of the row above, which no page has.
            if let Some((_, cells)) = rows.last_mut() {
                for cell in cells {
                    cell.push(Line {
                        number: line.number,
                        text: "",
                    });
                }
            }
            continue;
        }
        let pieces = cut(line.text, columns);
        let starts = pieces.first().is_some_and(|first| !first.trim().is_empty());
        if starts || rows.is_empty() {
            rows.push((line.number, vec![Vec::new(); columns.len()]));
        }
        let Some((_, cells)) = rows.last_mut() else {
            continue;
        };
        for (cell, piece) in cells.iter_mut().zip(pieces) {
            cell.push(Line {
                number: line.number,
                text: if piece.trim() == "\\" {
                    ""
                } else {
                    piece.trim_end()
                },
            });
        }
    }
    rows.into_iter()
        .map(|(line, cells)| Row {
            line,
            cells: cells
                .iter()
                .map(|lines| Cell {
                    blocks: reader.blocks(&dedent(lines), depth + 1),
                })
                .collect(),
        })
        .collect()
}

/// The pieces of a line in each column; the last one has no end.
fn cut<'s>(text: &'s str, columns: &[(usize, usize)]) -> Vec<&'s str> {
    let starts = column_starts(text);
    let offset = |column: usize| starts.get(column).copied().unwrap_or(text.len());
    let mut pieces = Vec::with_capacity(columns.len());
    for (index, (from, _)) in columns.iter().enumerate() {
        let end = columns
            .get(index + 1)
            .map_or(text.len(), |(next, _)| offset(*next));
        pieces.push(text.get(offset(*from)..end).unwrap_or_default());
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::super::tests::table_of;
    use super::*;

    #[test]
    fn rows_go_on_where_the_first_cell_is_blank() {
        let source = "\
==== ======= ===========
Name Type    Description
==== ======= ===========
a    String  One
             and more.
b    Long    Two, longer than its column is
==== ======= ===========

after
";
        let blocks = read(source);
        let table = table_of(&blocks);
        assert_eq!(table.header, ["Name", "Type", "Description"]);
        let rows: Vec<Vec<String>> = table
            .rows
            .iter()
            .map(|row| row.cells.iter().map(Cell::plain).collect())
            .collect();
        assert_eq!(
            rows,
            [
                ["a", "String", "One and more."],
                ["b", "Long", "Two, longer than its column is"]
            ]
        );
        assert_eq!(table.rows[1].line, 6);
        assert_eq!(blocks.len(), 2);
    }
}
