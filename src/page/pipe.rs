//! Squashed pipe text: each cell on a line of its own that ends with `|`; captions are gone, and so
//! are lists inside cells.

use super::block::{Block, BlockKind, Cell, Row, Table, Text};
use super::caption::is_caption;
use super::cell::{blocks_of_lines, heading};
use super::words;

/// Whether a line is the rule below a header: `---|---|`.
pub(super) fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.contains("--")
        && line.contains('|')
        && line.chars().all(|c| matches!(c, '-' | '|' | ':' | ' '))
}

/// Reads squashed pipe text.
pub(super) fn read(source: &str) -> Vec<Block> {
    let lines: Vec<&str> = source.lines().collect();
    let mut blocks: Vec<Block> = Vec::new();
    let mut titled = false;
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let text = line.trim();
        let number = at + 1;
        if text.is_empty() {
            at += 1;
        } else if text.ends_with('|') || text.starts_with('|') {
            let (table, next) = table_at(&lines, at);
            blocks.push(Block::new(number, BlockKind::Table(table)));
            at = next;
        } else if let Some((head, json)) = split_json(text) {
            if !head.is_empty() {
                blocks.push(Block::new(number, BlockKind::Paragraph(Text::of(head))));
            }
            blocks.push(Block::new(
                number,
                BlockKind::Code {
                    language: None,
                    text: json.to_owned(),
                },
            ));
            at += 1;
        } else if let Some(heading) = heading(text, &mut titled) {
            blocks.push(Block::new(number, heading));
            at += 1;
        } else {
            blocks.extend(blocks_of_lines([(number, *line)]));
            at += 1;
        }
    }
    blocks
}

/// A line that holds an example: text before the bracket, and the JSON.
fn split_json(text: &str) -> Option<(&str, &str)> {
    let start = if text.starts_with(['{', '[']) {
        0
    } else {
        text.find(" {")? + 1
    };
    let json = text.get(start..)?;
    json.ends_with(['}', ']'])
        .then(|| (text.get(..start).unwrap_or_default().trim(), json))
}

/// The table that starts here and the line after it.
fn table_at(lines: &[&str], at: usize) -> (Table, usize) {
    let mut cells: Vec<(usize, String)> = Vec::new();
    let mut width = None;
    let mut rule_cells = 0;
    let mut open = String::new();
    let mut open_line = at + 1;
    let mut next = at;
    let mut kept = at;
    let mut kept_cells = 0;
    while let Some(line) = lines.get(next) {
        let text = line.trim();
        let number = next + 1;
        next += 1;
        if width.is_some() && is_rule(text) {
            // A second rule: the cells before it are the header of the next table, which follows
            // without a caption.
            let columns = text.split('|').filter(|part| part.contains('-')).count();
            let rows = cells.len().saturating_sub(columns);
            if let Some((header, _)) = cells.get(rows) {
                next = header.saturating_sub(1).max(at + 1);
                cells.truncate(rows);
                kept = next;
                kept_cells = cells.len();
                break;
            }
        }
        if width.is_none() && is_rule(text) {
            width = Some(text.split('|').filter(|part| part.contains('-')).count());
            cells.push((number, String::new()));
            kept = next;
            kept_cells = cells.len();
            rule_cells = kept_cells;
            continue;
        }
        // Between two rows stands no cell that is open: what follows there is another row, or no
        // part of the table.
        let is_between = width
            .is_some_and(|width| width > 0 && (cells.len() - rule_cells).is_multiple_of(width));
        if !text.contains('|') {
            let is_title = words::section(text).is_some()
                || super::cell::announced_status(text).is_some()
                || is_caption(text);
            // A cell of several lines; if no line closes it, the table has ended before it.
            if next - kept > 60
                || (open.is_empty() && is_title)
                || (is_between && (is_title || !open.is_empty()))
            {
                break;
            }
            if open.is_empty() {
                open_line = number;
            } else {
                open.push('\n');
            }
            open.push_str(text);
            continue;
        }
        let is_whole_row = text.starts_with('|') && text.matches('|').count() > 2;
        if is_between && !open.is_empty() && is_whole_row {
            break;
        }
        let in_row = width.is_some_and(|width| width > 0) && !is_between;
        if text == "|" && open.is_empty() && in_row {
            // A pipe alone closes a cell in which nothing is left; before a row it leads the row.
            cells.push((number, String::new()));
            kept = next;
            kept_cells = cells.len();
            continue;
        }
        let inner = text
            .strip_prefix('|')
            .filter(|_| open.is_empty())
            .unwrap_or(text);
        let parts: Vec<&str> = inner.split('|').collect();
        let count = parts.len();
        for (index, part) in parts.into_iter().enumerate() {
            if index + 1 == count {
                // What follows the last pipe belongs to the next cell.
                part.trim().clone_into(&mut open);
                open_line = number;
                break;
            }
            if index == 0 && !open.is_empty() {
                if !part.trim().is_empty() {
                    open.push('\n');
                    open.push_str(part.trim());
                }
                cells.push((open_line, std::mem::take(&mut open)));
            } else {
                cells.push((number, part.trim().to_owned()));
            }
        }
        kept = next;
        kept_cells = cells.len();
    }
    cells.truncate(kept_cells);
    (assemble(&cells, width), kept.max(at + 1))
}

/// Header, rule, rows: from the flat run of cells.
fn assemble(cells: &[(usize, String)], width: Option<usize>) -> Table {
    let Some(width) = width.filter(|width| *width > 0) else {
        return Table::default();
    };
    let rule = cells
        .iter()
        .position(|(_, text)| text.is_empty())
        .unwrap_or(0)
        .min(width.max(1))
        .max(width.min(cells.len()));
    let header = cells
        .iter()
        .take(rule)
        .map(|(_, text)| text.clone())
        .collect();
    let rows = cells
        .get(rule + 1..)
        .unwrap_or_default()
        .chunks(width)
        .filter(|chunk| chunk.iter().any(|(_, text)| !text.is_empty()))
        .map(|chunk| Row {
            line: chunk.first().map_or(0, |(line, _)| *line),
            cells: chunk
                .iter()
                .map(|(line, text)| Cell {
                    blocks: blocks_of_lines(text.split('\n').map(|part| (*line, part))),
                })
                .chain(std::iter::repeat(Cell::default()))
                .take(width)
                .collect(),
        })
        .collect();
    Table {
        header,
        rows,
        ..Table::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squashed_cells_become_rows_and_lost_lists_leave_their_cell() {
        let source = "A title\nRequest Parameters\nParameter |\nMandatory |\nType |\nDescription |\n---|---|---|---|\nmode |\nNo |\nString |\nA mode. Enumeration values:\n|\nsize |\nYes |\nLong |\nA size. |\nResponse Parameters\nStatus code: 200\n";
        let blocks = read(source);
        let Some(Block {
            kind: BlockKind::Table(table),
            line,
        }) = blocks.get(2)
        else {
            panic!("{blocks:?}")
        };
        assert_eq!(*line, 3);
        assert_eq!(
            table.header,
            ["Parameter", "Mandatory", "Type", "Description"]
        );
        let rows: Vec<Vec<String>> = table
            .rows
            .iter()
            .map(|row| row.cells.iter().map(Cell::plain).collect())
            .collect();
        assert_eq!(
            rows,
            [
                ["mode", "No", "String", "A mode. Enumeration values:"],
                ["size", "Yes", "Long", "A size."]
            ]
        );
        assert!(
            matches!(&blocks[3].kind, BlockKind::Heading { .. }),
            "{:?}",
            blocks[3]
        );
    }

    #[test]
    fn a_pipe_alone_closes_an_empty_cell() {
        let blocks = read(
            "T\nParameter |\nType |\nDescription |\n---|---|---|\na |\nLong |\n\n|\nb |\nLong |\nTwo. |\n",
        );
        let Some(Block {
            kind: BlockKind::Table(table),
            ..
        }) = blocks.get(1)
        else {
            panic!("{blocks:?}")
        };
        let names: Vec<String> = table.rows.iter().map(|row| row.cells[0].plain()).collect();
        assert_eq!(names, ["a", "b"]);
    }

    #[test]
    fn a_second_rule_starts_a_table_of_its_own() {
        let source = "T\nParameter |\nType |\n---|---|\na |\nX object |\nName |\nType |\nDescription |\n---|---|---|\nb |\nLong |\nA size. |\n";
        let tables: Vec<Table> = read(source)
            .into_iter()
            .filter_map(|block| match block.kind {
                BlockKind::Table(table) => Some(table),
                _ => None,
            })
            .collect();
        assert_eq!(tables.len(), 2, "{tables:#?}");
        assert_eq!(tables[0].rows.len(), 1);
        assert_eq!(tables[1].header, ["Name", "Type", "Description"]);
        assert_eq!(tables[1].rows.len(), 1);
    }

    #[rstest::rstest]
    #[case("| b | Long |\n状态码： 400\n表 2 响应参数\n| 参数 | 类型 |\n|---|---|\n| c | Long |\n")]
    #[case(
        "| b | Long |\nNone\n状态码： 400\n表 2 响应参数\n| 参数 | 类型 |\n|---|---|\n| c | Long |\n"
    )]
    #[case("| b | Long |\nNone\n| 参数 | 类型 |\n|---|---|\n| c | Long |\n")]
    fn what_stands_between_two_tables_is_kept(#[case] text: &str) {
        let blocks = read(&format!(
            "T\n| 参数 | 类型 |\n|---|---|\n| a | Long |\n{text}"
        ));
        let names = |block: &Block| match &block.kind {
            BlockKind::Table(table) => {
                let names = table.rows.iter().map(|row| row.cells[0].plain());
                names.collect::<Vec<_>>().join(" ")
            }
            _ => super::super::plain(std::slice::from_ref(block)),
        };
        let found: Vec<String> = blocks.iter().map(names).collect();
        let told: Vec<&str> = text.lines().filter(|line| !line.contains('|')).collect();
        let expected = [vec!["T", "a b"], told, vec!["c"]].concat();
        assert_eq!(found, expected);
    }

    #[test]
    fn rows_with_all_cells_on_one_line_are_read_too() {
        let blocks = read("T\n| Parameter | Type |\n|---|---|\n| a | String |\n| b | Long |\n");
        let Some(Block {
            kind: BlockKind::Table(table),
            ..
        }) = blocks.get(1)
        else {
            panic!("{blocks:?}")
        };
        assert_eq!(table.rows.len(), 2, "{table:?}");
    }
}
