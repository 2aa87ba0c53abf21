//! Grid tables, drawn with `+`, `-`, `=` and `|`; cells may be merged in both directions.

use super::super::block::{Cell, Row, Table};
use super::super::cell::Copies;
use super::blocks::Reader;
use super::{Line, column_starts, dedent};

/// The grid table that starts at a line, and the line after it.
pub(super) fn table(
    reader: &mut Reader,
    lines: &[Line<'_>],
    at: usize,
    depth: usize,
) -> Option<(Table, usize)> {
    let top = lines.get(at)?.text;
    if !is_full_rule(top) || !top.starts_with("+-") {
        return None;
    }
    let mut end = at;
    while lines
        .get(end)
        .is_some_and(|line| line.text.starts_with(['+', '|']))
    {
        end += 1;
    }
    let lines = lines.get(at..end)?;
    if lines.len() < 3 {
        return None;
    }
    let grid = Grid::read(lines)?;
    Some((grid.table(reader, depth), end))
}

/// Whether a line is a rule from side to side.
fn is_full_rule(text: &str) -> bool {
    text.len() >= 3
        && text.starts_with('+')
        && text.ends_with('+')
        && text.bytes().all(|byte| matches!(byte, b'+' | b'-' | b'='))
}

/// One line cut at the columns' borders.
struct Segment<'s> {
    /// The columns that it covers.
    from: usize,
    to: usize,
    text: &'s str,
    /// Whether it is a piece of a rule.
    rule: bool,
}

/// The cells' lines, and which cell stands where in each row.
struct Grid<'s> {
    cells: Vec<Vec<Line<'s>>>,
    rows: Vec<(usize, Vec<Option<usize>>)>,
    /// How many rows are header.
    header: usize,
}

impl<'s> Grid<'s> {
    fn read(lines: &[Line<'s>]) -> Option<Self> {
        let mut borders: Vec<usize> = Vec::new();
        for line in lines.iter().filter(|line| is_full_rule(line.text)) {
            for (column, byte) in line.text.bytes().enumerate() {
                if byte == b'+' {
                    borders.push(column);
                }
            }
            // One column more than any page has: a hostile drawing.
            if borders.len() > 4_000 {
                borders.sort_unstable();
                borders.dedup();
                if borders.len() > 200 {
                    return None;
                }
            }
        }
        borders.sort_unstable();
        borders.dedup();
        let columns = borders
            .len()
            .checked_sub(1)
            .filter(|columns| *columns > 0)?;
        let mut grid = Self {
            cells: Vec::new(),
            rows: Vec::new(),
            header: 0,
        };
        let mut open: Vec<Option<usize>> = vec![None; columns];
        let mut row_line = 0;
        let mut filled = false;
        for line in lines {
            let segments = cut(line.text, &borders);
            let ruled = segments.iter().any(|segment| segment.rule);
            if ruled && filled {
                grid.rows.push((row_line, open.clone()));
                filled = false;
            }
            for segment in segments {
                if segment.rule {
                    for slot in open.iter_mut().take(segment.to).skip(segment.from) {
                        *slot = None;
                    }
                    continue;
                }
                if !filled {
                    filled = true;
                    row_line = line.number;
                }
                let cell = if let Some(cell) = open.get(segment.from).copied().flatten() {
                    cell
                } else {
                    grid.cells.push(Vec::new());
                    grid.cells.len() - 1
                };
                for slot in open.iter_mut().take(segment.to).skip(segment.from) {
                    slot.get_or_insert(cell);
                }
                if let Some(cell) = grid.cells.get_mut(cell) {
                    cell.push(Line {
                        number: line.number,
                        text: segment.text,
                    });
                }
            }
            if is_full_rule(line.text) && line.text.contains('=') && grid.header == 0 {
                grid.header = grid.rows.len();
            }
        }
        if filled {
            // The bottom is missing: the page was cut off.
            grid.rows.push((row_line, open));
        }
        Some(grid)
    }

    fn table(self, reader: &mut Reader, depth: usize) -> Table {
        let cells: Vec<Cell> = self
            .cells
            .iter()
            .map(|lines| Cell {
                blocks: reader.blocks(&dedent(lines), depth + 1),
            })
            .collect();
        let mut copies = Copies::default();
        let mut taken = vec![false; cells.len()];
        let mut rows: Vec<Row> = Vec::new();
        for (line, places) in &self.rows {
            let row = places
                .iter()
                .map(|place| {
                    let Some((place, cell)) =
                        place.and_then(|place| Some((place, cells.get(place)?)))
                    else {
                        return Cell::default();
                    };
                    match taken.get_mut(place) {
                        Some(taken) if !*taken => {
                            *taken = true;
                            cell.clone()
                        }
                        _ => copies.copy(cell),
                    }
                })
                .collect();
            rows.push(Row {
                line: *line,
                cells: row,
            });
        }
        let head: Vec<Row> = rows.drain(..self.header.max(1).min(rows.len())).collect();
        let columns = head.first().map_or(0, |row| row.cells.len());
        let header = (0..columns)
            .map(|column| {
                let mut words: Vec<String> = Vec::new();
                for word in head
                    .iter()
                    .filter_map(|row| row.cells.get(column).map(Cell::plain))
                {
                    if !word.is_empty() && !words.contains(&word) {
                        words.push(word);
                    }
                }
                words.join(" ")
            })
            .collect();
        Table {
            header,
            rows,
            ..Table::default()
        }
    }
}

/// Cuts a line at the borders where it has a `|` or a `+`.
fn cut<'s>(text: &'s str, borders: &[usize]) -> Vec<Segment<'s>> {
    let starts = if text.is_ascii() {
        Vec::new()
    } else {
        column_starts(text)
    };
    let offset = |column: usize| {
        if starts.is_empty() {
            column.min(text.len())
        } else {
            starts.get(column).copied().unwrap_or(text.len())
        }
    };
    let is_border = |column: usize| {
        text.get(offset(column)..)
            .is_none_or(|rest| rest.is_empty() || rest.starts_with(['|', '+']))
    };
    let mut segments = Vec::new();
    let mut from = 0;
    for (to, border) in borders.iter().enumerate().skip(1) {
        let last = to + 1 == borders.len();
        if !last && !is_border(*border) {
            continue;
        }
        let start = borders.get(from).map_or(0, |border| offset(*border) + 1);
        let end = if last {
            text.strip_suffix(['|', '+']).map_or(text.len(), str::len)
        } else {
            offset(*border)
        };
        let piece = text.get(start..end.max(start)).unwrap_or_default();
        let rule = piece.len() >= 2
            && piece.bytes().all(|byte| matches!(byte, b'-' | b'=' | b'+'))
            && is_corner(text, borders.get(from).map_or(0, |border| offset(*border)));
        segments.push(Segment {
            from,
            to,
            text: piece.strip_prefix(' ').unwrap_or(piece).trim_end(),
            rule,
        });
        from = to;
    }
    segments
}

fn is_corner(text: &str, at: usize) -> bool {
    text.get(at..).is_some_and(|rest| rest.starts_with('+'))
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::super::tests::table_of;
    use super::*;

    fn rows(source: &str) -> Vec<Vec<String>> {
        table_of(&read(source))
            .rows
            .iter()
            .map(|row| row.cells.iter().map(Cell::plain).collect())
            .collect()
    }

    #[test]
    fn merged_cells_are_repeated() {
        let source = "\
+-----+-----+-----+
| A   | B   | C   |
+=====+=====+=====+
| x   | 1   | 2   |
|     +-----+-----+
|     | 3 and 4   |
+-----+-----+-----+
";
        assert_eq!(rows(source), [["x", "1", "2"], ["x", "3 and 4", "3 and 4"]]);
    }

    #[test]
    fn wide_characters_keep_the_columns() {
        let source = "\
+------+----------+
| 参数 | 说明     |
+======+==========+
| id   | 实例的ID |
+------+----------+
";
        assert_eq!(rows(source), [["id", "实例的ID"]]);
    }

    #[test]
    fn a_table_that_is_cut_off_keeps_its_rows() {
        assert_eq!(
            rows("+---+---+\n| A | B |\n+===+===+\n| x | y |\n"),
            [["x", "y"]]
        );
    }

    #[test]
    fn tables_nest() {
        let source = "\
+--------------+
| A            |
+==============+
| +---+---+    |
| | B | C |    |
| +===+===+    |
| | 1 | 2 |    |
| +---+---+    |
+--------------+
";
        let blocks = read(source);
        let outer = table_of(&blocks);
        let inner = table_of(&outer.rows[0].cells[0].blocks);
        assert_eq!(inner.rows[0].cells[1].plain(), "2");
        assert_eq!(inner.rows[0].line, 7);
    }
}
