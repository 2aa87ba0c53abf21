//! Portal text: one table cell a paragraph (or a line). Where a row begins is inferred: an
//! identifier, then a word for mandatory or a type.

use super::block::{Block, BlockKind, Cell, Row, Table, Text};
use super::caption::is_caption;
use super::cell::{announced_status, blocks_of_lines, bullet, heading};
use super::tabbed;
use super::words::{self, CellPart, Column, TypeName};

/// How many lines an example may have.
const EXAMPLE_LINES: usize = 5_000;

/// How many lines of brackets are looked at.
const BRACKETS: usize = 20;

pattern! {
    /// A member of an object of JSON.
    static MEMBER = r#"^"[^"]*"\s*:"#;
}

/// Over how many lines tools spread a type.
const TYPE_LINES: usize = 4;

/// The longest type.
const LONGEST_TYPE: usize = 100;

/// A line that is not empty, with its number.
pub(super) struct Line<'s> {
    pub number: usize,
    pub text: &'s str,
}

/// Reads portal text.
pub(super) fn read(source: &str) -> Vec<Block> {
    let lines: Vec<Line<'_>> = source
        .lines()
        .enumerate()
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(index, text)| Line {
            number: index + 1,
            text,
        })
        .collect();
    let mut blocks = Vec::new();
    let mut caption: Option<Text> = None;
    let mut titled = false;
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let text = line.text.trim();
        let number = line.number;
        let found = header_at(&lines, at)
            .map(|columns| table_at(&lines, at, &columns))
            .or_else(|| tabbed::table_at(&lines, at, ends_table));
        if let Some((mut table, next)) = found {
            table.caption = caption.take();
            blocks.push(Block::new(number, BlockKind::Table(table)));
            at = next;
            continue;
        }
        if let Some(held) = caption.take() {
            blocks.push(Block::new(number, BlockKind::Paragraph(held)));
        }
        if is_caption(text) {
            caption = Some(Text::of(text));
            at += 1;
        } else if is_number_column(&lines, at) {
            let (code, next) = sample_code(&lines, at);
            blocks.push(Block::new(
                number,
                BlockKind::Code {
                    language: Some("sample".to_owned()),
                    text: code,
                },
            ));
            at = next;
        } else if text.starts_with(['{', '[']) && !is_torn(&lines, at) {
            let (code, next) = json_at(&lines, at);
            blocks.push(Block::new(
                number,
                BlockKind::Code {
                    language: None,
                    text: code,
                },
            ));
            at = next;
        } else if let Some(heading) = heading(text, &mut titled) {
            blocks.push(Block::new(number, heading));
            at += 1;
        } else {
            let mut end = at + 1;
            if bullet(line.text).is_some() {
                while lines
                    .get(end)
                    .is_some_and(|line| bullet(line.text).is_some())
                {
                    end += 1;
                }
            }
            blocks.extend(blocks_of_lines(
                lines
                    .get(at..end)
                    .unwrap_or_default()
                    .iter()
                    .map(|line| (line.number, line.text)),
            ));
            at = end;
        }
    }
    blocks
}

/// Whether a line is no part of a table.
fn ends_table(text: &str) -> bool {
    is_caption(text)
        || announced_status(text).is_some()
        || text.starts_with(['{', '['])
        || (words::section(text).is_some()
            && !text.ends_with([':', '：'])
            && words::cell_part(text).is_none())
}

/// The columns of a table whose header starts here: two or more header words in a row, the first a
/// name or a code.
fn header_at(lines: &[Line<'_>], at: usize) -> Option<Vec<Column>> {
    let first = words::column(lines.get(at)?.text)?;
    if !matches!(first, Column::Name | Column::Status | Column::ErrorCode) {
        return None;
    }
    let mut columns = vec![first];
    while let Some(column) = lines
        .get(at + columns.len())
        .and_then(|line| words::column(line.text))
    {
        // A field may be named as a column is: `code`, `status`, `message`, `required`.
        if columns.contains(&column) || is_typed_row(lines, at + columns.len(), &columns) {
            break;
        }
        columns.push(column);
    }
    // `Status Code` / `Error Code` are headings too: only with a description they head a table.
    let described = columns.contains(&Column::Description)
        || columns.contains(&Column::Type)
        || columns.contains(&Column::ErrorMessage);
    (columns.len() >= 2 && described).then_some(columns)
}

/// Whether a row with a type begins here, as the columns that are known have it.
fn is_typed_row(lines: &[Line<'_>], at: usize, columns: &[Column]) -> bool {
    let Some(place) = columns.iter().position(|column| *column == Column::Type) else {
        return false;
    };
    let mut columns = columns.to_vec();
    // What the last column holds is not looked at.
    columns.push(Column::Description);
    let spelled = |step: usize| {
        let line = lines.get(at + step)?;
        type_of(line.text.trim())
    };
    // Below a type there is none: else it is the name of a field such as `files`.
    let is_type = |step: usize| spelled(step).is_some() && spelled(step + 1).is_none();
    row_at(lines, at, &columns).is_some() && (is_type(place) || place > 0 && is_type(place - 1))
}

fn table_at(lines: &[Line<'_>], at: usize, columns: &[Column]) -> (Table, usize) {
    let mut table = Table {
        header: lines
            .iter()
            .skip(at)
            .take(columns.len())
            .map(|line| line.text.trim().to_owned())
            .collect(),
        ..Table::default()
    };
    let mut next = at + columns.len();
    // A class of statuses stands before the first of them: `Success`, `200`, `OK`.
    let is_class = columns.first() == Some(&Column::Status)
        && row_at(lines, next, columns).is_none()
        && row_at(lines, next + 1, columns).is_some();
    next += usize::from(is_class);
    while let Some(heads) = row_at(lines, next, columns) {
        let number = lines.get(next).map_or(0, |line| line.number);
        let mut cells = heads.cells;
        let start = next + heads.lines;
        let mut end = start;
        while end < lines.len() && !ends_cell(lines, end, columns) {
            end += 1;
        }
        let body = lines.get(start..end).unwrap_or_default();
        let tail = Cell {
            blocks: blocks_of_lines(body.iter().map(|line| (line.number, line.text))),
        };
        cells.push(tail);
        cells.resize(columns.len(), Cell::default());
        table.rows.push(Row {
            line: number,
            cells,
        });
        next = end;
    }
    (table, next)
}

/// The short cells at the head of a row, and the lines that they took.
struct RowHead {
    cells: Vec<Cell>,
    lines: usize,
}

/// The head of a row that starts here, if one does: every column before the last is one line, and
/// what stands there fits.
fn row_at(lines: &[Line<'_>], at: usize, columns: &[Column]) -> Option<RowHead> {
    let mut cells = Vec::new();
    let mut taken = 0;
    for (index, column) in columns.iter().enumerate() {
        if index + 1 == columns.len() {
            break;
        }
        let line = lines.get(at + taken)?;
        let text = line.text.trim();
        if *column == Column::Type {
            let is_named = lines
                .get(at)
                .is_some_and(|name| name.text.trim().starts_with(char::is_lowercase));
            let is_marked = cells
                .iter()
                .skip(1)
                .any(|cell: &Cell| !cell.blocks.is_empty());
            // A merged cell above has the type of this row too.
            if index > 0 && opens_description(lines, at + taken) {
                cells.push(Cell::default());
                continue;
            }
            let may_go_on = is_marked || (is_named && text.starts_with(char::is_uppercase));
            let (spelled, own) = type_at(lines, at + taken, may_go_on)?;
            if !is_marked
                && lines
                    .get(at)
                    .is_some_and(|name| name.text.trim() == spelled)
            {
                // `String` twice is what is left of two cells.
                return None;
            }
            cells.push(Cell::of(line.number, spelled));
            taken += own;
            continue;
        }
        let fits = match column {
            Column::Name | Column::ErrorCode => is_identifier(text) && !is_cell_word(text),
            Column::Mandatory => words::mandatory(text).is_some(),
            Column::Status => {
                text.len() <= 12 && text.bytes().filter(u8::is_ascii_digit).count() == 3
            }
            _ => text.len() < 60,
        };
        if fits {
            cells.push(Cell::of(line.number, text));
            taken += 1;
        } else if *column == Column::Mandatory && is_bare_name(lines, at) {
            // Stored copies of some portals have lost the cell.
            cells.push(Cell::default());
        } else {
            return None;
        }
    }
    Some(RowHead {
        cells,
        lines: taken,
    })
}

/// Whether the cell that is being read ends before this line.
fn ends_cell(lines: &[Line<'_>], at: usize, columns: &[Column]) -> bool {
    let Some(line) = lines.get(at) else {
        return true;
    };
    let text = line.text.trim();
    if let Some(item) = bullet(line.text) {
        // Pages set `Example response` in a list.
        return words::section(item).is_some();
    }
    let typed = columns.contains(&Column::Type) || columns.contains(&Column::Mandatory);
    let status_row =
        columns.first() == Some(&Column::Status) || columns.first() == Some(&Column::ErrorCode);
    ((typed || status_row) && row_at(lines, at, columns).is_some())
        || is_caption(text)
        || announced_status(text).is_some()
        || header_at(lines, at).is_some()
        || is_number_column(lines, at)
        || (words::section(text).is_some()
            && type_of(text).is_none()
            && !text.ends_with([':', '：'])
            && !(typed && words::cell_part(text).is_some()))
}

/// The type that a line spells. `file` and `files` are names of fields: portals write `File`.
fn type_of(line: &str) -> Option<TypeName> {
    words::parse_type(line)
        .filter(|kind| *kind != TypeName::File || !line.starts_with(char::is_lowercase))
}

/// The type that begins here, and over how many lines: tools set each link of a cell on a line of
/// its own (`Array of`, `Tag`, `objects`). It is one line where what stands before it does not show
/// that a type must follow: else `owner` and `object` are a field and its type.
fn type_at(lines: &[Line<'_>], at: usize, may_go_on: bool) -> Option<(String, usize)> {
    let most = if may_go_on { TYPE_LINES } else { 1 };
    let mut spelled = String::new();
    for taken in 1..=most {
        let line = lines.get(at + taken - 1)?;
        if taken > 1 {
            spelled.push(' ');
        }
        spelled.push_str(line.text.trim());
        if spelled.len() > LONGEST_TYPE {
            return None;
        }
        let next = lines.get(at + taken).map(|next| next.text.trim());
        let is_named = matches!(
            type_of(line.text.trim()),
            None | Some(TypeName::Object(Some(_)))
        );
        let goes_on = taken < most
            && next.is_some_and(|next| {
                next.starts_with("of ")
                    || spelled.ends_with(" of")
                    || is_named && matches!(next, "object" | "objects")
            });
        if !goes_on && type_of(&spelled).is_some() {
            return Some((spelled, taken));
        }
    }
    None
}

/// Whether a line is what cells say, and no name: `N/A`, or a word for a part of a cell.
fn is_cell_word(text: &str) -> bool {
    text == "N/A" || (words::cell_part(text).is_some() && text.starts_with(char::is_uppercase))
}

/// Whether a line begins a description that is made of parts.
fn opens_description(lines: &[Line<'_>], at: usize) -> bool {
    lines.get(at).is_some_and(|line| {
        let text = line.text.trim();
        words::cell_part(text) == Some(CellPart::Definition)
            && !text.starts_with(char::is_lowercase)
    })
}

/// Whether a line alone shows that it is a field's name: no type, no word of a cell or a section.
fn is_bare_name(lines: &[Line<'_>], at: usize) -> bool {
    lines.get(at).is_some_and(|line| {
        let text = line.text.trim();
        let is_word = words::section(text).is_some()
            || type_of(text).is_some()
            || words::mandatory(text).is_some();
        !is_word
            && (text.starts_with(|c: char| c.is_ascii_lowercase()) || text.contains(['_', '-']))
    })
}

fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|first| {
        first.is_ascii_alphabetic() || matches!(first, '_' | '$' | '{' | '.' | '-')
    }) && text.len() <= 100
        && chars.all(|c| {
            c.is_ascii_alphanumeric()
                || matches!(
                    c,
                    '_' | '-' | '.' | '[' | ']' | '$' | ':' | '{' | '}' | '/' | '@'
                )
        })
}

/// The numbered lines that portals put before sample code: 1, 2, 3 alone on their lines.
fn is_number_column(lines: &[Line<'_>], at: usize) -> bool {
    (0..3).all(|step| {
        lines
            .get(at + step)
            .is_some_and(|line| line.text.trim().parse::<usize>() == Ok(step + 1))
    })
}

/// Whether brackets that hold nothing stand before members that were torn out of them.
fn is_torn(lines: &[Line<'_>], at: usize) -> bool {
    let mut brackets = String::new();
    for line in lines.iter().skip(at).take(BRACKETS) {
        let text = line.text.trim();
        let is_bracket = text
            .chars()
            .all(|c| matches!(c, '{' | '}' | '[' | ']' | ',' | ' '));
        if !is_bracket {
            return brackets.ends_with(['}', ']']) && MEMBER.is_match(text);
        }
        brackets.push_str(text);
    }
    false
}

fn joined(lines: &[Line<'_>], range: std::ops::Range<usize>) -> String {
    let lines = lines.get(range).unwrap_or_default().iter();
    lines.map(|line| line.text).collect::<Vec<_>>().join("\n")
}

/// Sample code: up to the next section heading that stands alone, unindented.
fn sample_code(lines: &[Line<'_>], at: usize) -> (String, usize) {
    let mut end = at;
    while let Some(line) = lines.get(end) {
        if words::section(line.text).is_some() && !line.text.starts_with(char::is_whitespace) {
            break;
        }
        end += 1;
    }
    (joined(lines, at..end), end)
}

/// A run of lines from an opening bracket to its closing one, strings respected; at most up to the
/// next section heading.
fn json_at(lines: &[Line<'_>], at: usize) -> (String, usize) {
    let mut depth = 0_i64;
    let mut quoted = false;
    let mut end = at;
    while let Some(line) = lines.get(end).filter(|_| end - at < EXAMPLE_LINES) {
        if end > at
            && !quoted
            && words::section(line.text).is_some()
            && !line.text.starts_with(char::is_whitespace)
        {
            break;
        }
        let mut escaped = false;
        for c in line.text.chars() {
            match c {
                _ if escaped => escaped = false,
                '\\' if quoted => escaped = true,
                '"' => quoted = !quoted,
                '{' | '[' if !quoted => depth += 1,
                '}' | ']' if !quoted => depth -= 1,
                _ => {}
            }
        }
        quoted = false;
        end += 1;
        if depth <= 0 {
            break;
        }
    }
    (joined(lines, at..end), end.max(at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_told_by_their_head_and_values_stay_in_their_cell() {
        let source = "A title\n\nTable 1 Body parameters\n\nParameter\n\nMandatory\n\nType\n\nDescription\n\nmode\n\nNo\n\nString\n\nDefinition:\n\nA mode.\n\nRange:\n\n  • fast\n\n  • slow\n\nDefault Value:\n\nslow\n\nsize\n\nYes\n\nLong\n\nA size.\n\nStatus Codes\n\nStatus Code\n\nDescription\n\n200\n\nDone.\n";
        let blocks = read(source);
        let tables: Vec<&Table> = blocks
            .iter()
            .filter_map(|block| match &block.kind {
                BlockKind::Table(table) => Some(table),
                _ => None,
            })
            .collect();
        assert_eq!(tables.len(), 2, "{blocks:?}");
        let names: Vec<String> = tables[0]
            .rows
            .iter()
            .map(|row| row.cells[0].plain())
            .collect();
        assert_eq!(names, ["mode", "size"]);
        assert_eq!(
            tables[0].rows[0].cells[3].plain(),
            "Definition: A mode. Range: fast slow Default Value: slow"
        );
        assert_eq!(
            tables[0].caption.as_ref().unwrap().plain,
            "Table 1 Body parameters"
        );
        assert_eq!(tables[1].rows[0].cells[0].plain(), "200");
    }
}
