//! What tools leave on a page beside its words: links of headings to themselves, captions where a
//! table's header belongs, and characters that nobody sees.

use super::block::{Block, BlockKind, Cell, Table, Text};
use super::cell::part_lines;
use super::invisible::{strip, strip_text};
use super::permalink;
use super::words;

/// How deep blocks are followed.
const DEPTH: usize = 8;

/// Takes away what tools left, in all blocks.
pub(super) fn tidy(blocks: &mut [Block]) {
    tidy_at(blocks, 0);
}

fn tidy_at(blocks: &mut [Block], depth: usize) {
    if depth > DEPTH {
        return;
    }
    for block in blocks {
        match &mut block.kind {
            BlockKind::Heading { text, .. } => {
                permalink::strip(text);
                strip_text(text);
            }
            BlockKind::Paragraph(text) => {
                permalink::strip_link(text);
                strip_text(text);
            }
            BlockKind::List(items) => {
                for item in items {
                    tidy_at(item, depth + 1);
                }
            }
            BlockKind::Table(table) => {
                if let Some(caption) = &mut table.caption {
                    permalink::strip(caption);
                    strip_text(caption);
                }
                table.header.iter_mut().for_each(strip);
                find_header(table);
                for cell in table.rows.iter_mut().flat_map(|row| &mut row.cells) {
                    part_lines(cell);
                    tidy_at(&mut cell.blocks, depth + 1);
                }
            }
            BlockKind::Target { path, .. } => strip(path),
            BlockKind::Code { .. } | BlockKind::Unread(_) => {}
        }
    }
}

/// Takes the first row for the header where what stands above it is empty, or one caption.
fn find_header(table: &mut Table) {
    let mut said: Vec<&str> = table.header.iter().map(|cell| cell.trim()).collect();
    // A merged cell is repeated in each place that it covers.
    said.dedup();
    said.retain(|cell| !cell.is_empty());
    let caption = match said.as_slice() {
        [] => None,
        [caption] if table.header.len() > 1 && words::column(caption).is_none() => {
            Some((*caption).to_owned())
        }
        _ => return,
    };
    let Some(first) = table.rows.first() else {
        return;
    };
    let header: Vec<String> = first.cells.iter().map(Cell::plain).collect();
    let known = header
        .iter()
        .filter(|cell| words::column(cell).is_some())
        .count();
    let is_header = known >= 2
        && header
            .iter()
            .all(|cell| cell.is_empty() || !cell.contains(". "));
    if !is_header {
        return;
    }
    table.header = header;
    table.rows.remove(0);
    if table.caption.is_none() {
        table.caption = caption.map(Text::of);
    }
}

#[cfg(test)]
mod tests {
    use super::super::block::Row;
    use super::*;
    use rstest::rstest;

    fn table(header: &[&str], rows: &[&[&str]]) -> Table {
        let mut table = Table {
            header: header.iter().map(|cell| (*cell).to_owned()).collect(),
            rows: rows
                .iter()
                .map(|cells| Row {
                    line: 1,
                    cells: cells.iter().map(|cell| Cell::of(1, *cell)).collect(),
                })
                .collect(),
            ..Table::default()
        };
        find_header(&mut table);
        table
    }

    #[rstest]
    #[case::caption(&["Table 1 Body", "", ""], &["Name", "Type", "Description"], "Name", "Table 1 Body")]
    #[case::merged_caption(&["Table 1 Body", "Table 1 Body"], &["Name", "Type"], "Name", "Table 1 Body")]
    #[case::empty(&["", ""], &["Name", "Type"], "Name", "")]
    #[case::header(&["Name", "Type"], &["name", "type"], "Name", "")]
    #[case::one_column(&["Name", ""], &["name", "String"], "Name", "")]
    #[case::no_header_below(&["Things", ""], &["a", "b"], "Things", "")]
    fn the_header_is_the_row_of_header_words(
        #[case] header: &[&str],
        #[case] first: &[&str],
        #[case] expected: &str,
        #[case] caption: &str,
    ) {
        let found = table(header, &[first]);
        assert_eq!(found.header.first().map(String::as_str), Some(expected));
        assert_eq!(
            found.caption.map(|own| own.plain).unwrap_or_default(),
            caption
        );
    }
}
