//! Explicit markup: targets, tables with a caption, list and CSV tables, code, notes, and what
//! holds nothing.

use super::super::block::{Block, BlockKind, Cell, Row, Table, Unread};
use super::super::{html, tab_title};
use super::blocks::Reader;
use super::inline::inline;
use super::openstack::rest_status_code;
use super::own::own_target;
use super::{Line, dedent, numbered, target, verbatim};

/// What a directive is to us.
enum Directive {
    Table,
    ListTable,
    CsvTable,
    Code,
    Html,
    /// A file that is read as if it stood there.
    Include,
    /// A file that is code.
    IncludedCode,
    /// A list of fields that a file describes.
    Parameters,
    /// A list of statuses.
    Statuses,
    /// Its body is read as if it stood there.
    Transparent,
    Nothing,
}

/// The directives by name; a name that is not here is transparent.
const DIRECTIVES: &[(&str, Directive)] = &[
    ("table", Directive::Table),
    ("list-table", Directive::ListTable),
    ("csv-table", Directive::CsvTable),
    ("code-block", Directive::Code),
    ("code", Directive::Code),
    ("sourcecode", Directive::Code),
    ("parsed-literal", Directive::Code),
    ("literal", Directive::Code),
    ("prompt", Directive::Code),
    ("raw", Directive::Html),
    ("image", Directive::Nothing),
    ("figure", Directive::Nothing),
    ("toctree", Directive::Nothing),
    ("contents", Directive::Nothing),
    ("highlight", Directive::Nothing),
    ("include", Directive::Include),
    ("literalinclude", Directive::IncludedCode),
    ("rest_parameters", Directive::Parameters),
    ("rest_status_code", Directive::Statuses),
    ("index", Directive::Nothing),
    ("meta", Directive::Nothing),
    ("role", Directive::Nothing),
    ("tabularcolumns", Directive::Nothing),
    ("math", Directive::Nothing),
];

impl Reader {
    /// Reads an explicit block: its first line, and the lines indented below.
    pub(super) fn directive(&mut self, lines: &[Line<'_>], depth: usize, blocks: &mut Vec<Block>) {
        let Some(first) = lines.first() else { return };
        let head = first.text.get(2..).unwrap_or_default().trim();
        if let Some(target) = head.strip_prefix('_') {
            // `.. _name:` names what follows; `.. _name: url` is an address.
            if let Some(name) = target.strip_suffix(':') {
                self.anchors
                    .push(name.trim_matches('`').replace("\\:", ":"));
            }
            return;
        }
        let Some((name, argument)) = head.split_once("::") else {
            return;
        };
        // `.. |name| image:: x` defines a replacement; a comment may hold `::` too.
        if name.is_empty() || name.contains([' ', '|', '[']) {
            return;
        }
        let argument = argument.trim();
        let below = lines.get(1..).unwrap_or_default();
        let (targets, taken) = target::targets(name, argument, first.number, below);
        if !targets.is_empty() {
            let (_, body) = split_options(below.get(taken..).unwrap_or_default());
            let operation = target::together(&targets);
            blocks.extend(targets);
            let outer = self.operation.replace(operation);
            blocks.extend(self.blocks(&body, depth + 1));
            self.operation = outer;
            return;
        }
        let (options, body) = split_options(below);
        if let Some(target) = own_target(&options, first.number) {
            blocks.push(target);
            blocks.extend(self.blocks(&body, depth + 1));
            return;
        }
        let kind = DIRECTIVES
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name.rsplit(':').next().unwrap_or(name)))
            .map_or(&Directive::Transparent, |(_, kind)| kind);
        let at = body
            .iter()
            .find(|line| !line.is_blank())
            .map_or(first.number, |line| line.number);
        match kind {
            Directive::Table => {
                let anchors = std::mem::take(&mut self.anchors);
                let mut inner = self.blocks(&body, depth + 1);
                if let Some(Block {
                    kind: BlockKind::Table(table),
                    ..
                }) = inner
                    .iter_mut()
                    .find(|block| matches!(block.kind, BlockKind::Table(_)))
                {
                    entitle(table, argument, anchors);
                }
                blocks.extend(inner);
            }
            Directive::ListTable => {
                let anchors = std::mem::take(&mut self.anchors);
                let inner = self.blocks(&body, depth + 1);
                let mut table = list_table(inner, at);
                entitle(&mut table, argument, anchors);
                blocks.push(Block::new(first.number, BlockKind::Table(table)));
            }
            Directive::CsvTable => {
                let mut table = csv_table(&options, &body);
                entitle(&mut table, argument, std::mem::take(&mut self.anchors));
                blocks.push(Block::new(first.number, BlockKind::Table(table)));
            }
            Directive::Code => blocks.push(Block::new(
                at,
                BlockKind::Code {
                    language: (!argument.is_empty()).then(|| argument.to_owned()),
                    text: verbatim(&body),
                },
            )),
            Directive::Html if argument.eq_ignore_ascii_case("html") => {
                blocks.extend(html::read_fragment(&verbatim(&body), at));
            }
            Directive::Html | Directive::Nothing => {}
            Directive::Parameters => {
                self.rest_parameters(argument, &body, first.number, depth, blocks);
            }
            Directive::Statuses => rest_status_code(&body, blocks),
            Directive::Include => self.include(argument, first.number, depth, blocks),
            Directive::IncludedCode => {
                if let Some(text) = self.beside.text(argument) {
                    let language = options
                        .iter()
                        .find(|(name, _)| *name == "language")
                        .map(|(_, language)| (*language).to_owned());
                    blocks.push(Block::new(first.number, BlockKind::Code { language, text }));
                } else {
                    let unread = Unread::File(argument.to_owned());
                    blocks.push(Block::new(first.number, BlockKind::Unread(unread)));
                }
            }
            Directive::Transparent => {
                let mut body = body.as_slice();
                if !argument.is_empty() {
                    // What begins beside the name goes on to the next blank line.
                    let goes_on = if options.is_empty() { body } else { &[] };
                    let more = goes_on.iter().take_while(|line| !line.is_blank()).count();
                    let (own, rest) = body.split_at(more);
                    let mut text = argument.to_owned();
                    for line in own {
                        text.push(' ');
                        text.push_str(line.text.trim());
                    }
                    body = rest;
                    let is_tab = matches!(name, "tab" | "tab-item" | "group-tab" | "code-tab");
                    let shown = if is_tab && tab_title::is_of_status(&text) {
                        inline(&format!("**{}**", tab_title::label(&text)))
                    } else {
                        inline(&text)
                    };
                    blocks.push(Block::new(first.number, BlockKind::Paragraph(shown)));
                }
                blocks.extend(self.blocks(body, depth + 1));
            }
        }
    }
}

/// How many files may stand open within each other.
const INCLUDES: usize = 4;

impl Reader {
    /// Reads a file beside the page as if its text stood at the line that names it.
    fn include(&mut self, name: &str, line: usize, depth: usize, blocks: &mut Vec<Block>) {
        let text = (self.included < INCLUDES)
            .then(|| self.beside.text(name))
            .flatten();
        let Some(text) = text else {
            let unread = Unread::File(name.to_owned());
            blocks.push(Block::new(line, BlockKind::Unread(unread)));
            return;
        };
        let lines = numbered(text.lines().map(|text| (line, text)));
        self.included += 1;
        blocks.extend(self.blocks(&lines, depth + 1));
        self.included -= 1;
    }
}

fn entitle(table: &mut Table, caption: &str, anchors: Vec<String>) {
    if !caption.is_empty() {
        table.caption = Some(inline(caption));
    }
    table.anchors.splice(0..0, anchors);
}

/// The options of a directive (`:header-rows: 1`) and its body.
pub(super) fn split_options<'s>(lines: &[Line<'s>]) -> (Vec<(&'s str, &'s str)>, Vec<Line<'s>>) {
    let lines = dedent(lines);
    let mut options = Vec::new();
    let mut at = 0;
    while let Some((name, value)) = lines
        .get(at)
        .and_then(|line| line.text.strip_prefix(':')?.split_once(':'))
        .filter(|(name, _)| !name.is_empty() && !name.contains([' ', '`']))
    {
        options.push((name, value.trim()));
        at += 1;
    }
    (options, lines.get(at..).unwrap_or_default().to_vec())
}

/// A table written as a list of rows, each a list of cells.
fn list_table(blocks: Vec<Block>, line: usize) -> Table {
    let mut table = Table::default();
    let mut rows: Vec<Row> = Vec::new();
    for block in blocks {
        let BlockKind::List(items) = block.kind else {
            continue;
        };
        for item in items {
            for part in item {
                let BlockKind::List(cells) = part.kind else {
                    continue;
                };
                rows.push(Row {
                    line: part.line.max(line),
                    cells: cells.into_iter().map(|blocks| Cell { blocks }).collect(),
                });
            }
        }
    }
    let mut rows = rows.into_iter();
    table.header = rows
        .next()
        .map(|row| row.cells.iter().map(Cell::plain).collect())
        .unwrap_or_default();
    let width = table.header.len();
    table.rows = rows
        .map(|mut row| {
            row.cells.resize(width, Cell::default());
            row
        })
        .collect();
    table
}

/// A table of comma-separated values; the header stands in an option or in the first row.
fn csv_table(options: &[(&str, &str)], lines: &[Line<'_>]) -> Table {
    let mut table = Table::default();
    if let Some((_, header)) = options.iter().find(|(name, _)| *name == "header") {
        table.header = csv(header);
    }
    let mut open = String::new();
    let mut start = 0;
    for line in lines {
        if open.is_empty() {
            if line.is_blank() {
                continue;
            }
            start = line.number;
        } else {
            open.push('\n');
        }
        open.push_str(line.text);
        // A quoted cell may go on over lines; past any sensible length it is a mistake.
        if open.matches('"').count() % 2 == 1 && open.len() < 4_000 {
            continue;
        }
        let cells = csv(&std::mem::take(&mut open));
        if table.header.is_empty() {
            table.header = cells.iter().map(|cell| inline(cell).plain).collect();
        } else {
            let mut row: Vec<Cell> = cells
                .iter()
                .map(|cell| Cell {
                    blocks: cell
                        .split('\n')
                        .filter(|part| !part.trim().is_empty())
                        .map(|part| Block::new(start, BlockKind::Paragraph(inline(part))))
                        .collect(),
                })
                .collect();
            row.resize(table.header.len(), Cell::default());
            table.rows.push(Row {
                line: start,
                cells: row,
            });
        }
    }
    table
}

/// The cells of one record; quotes hold commas, line ends and doubled quotes.
fn csv(text: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let Some(cell) = cells.last_mut() else { break };
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            _ if cell.is_empty() && character.is_whitespace() => {}
            _ => cell.push(character),
        }
    }
    cells
        .into_iter()
        .map(|cell| cell.trim_end().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::super::tests::table_of;
    use super::*;
    use crate::page::Text;

    fn rows(table: &Table) -> Vec<Vec<String>> {
        table
            .rows
            .iter()
            .map(|row| row.cells.iter().map(Cell::plain).collect())
            .collect()
    }

    #[test]
    fn list_tables_are_tables() {
        let blocks = read(
            ".. list-table:: **Table 2** Fields\n   :header-rows: 1\n\n   * - Parameter\n     - Type\n   * - a\n     - String\n   * - b\n     - Long\n",
        );
        let table = table_of(&blocks);
        assert_eq!(table.caption.as_ref().unwrap().plain, "Table 2 Fields");
        assert_eq!(table.header, ["Parameter", "Type"]);
        assert_eq!(rows(table), [["a", "String"], ["b", "Long"]]);
        assert_eq!(table.rows[1].line, 8);
    }

    #[test]
    fn csv_tables_are_tables() {
        let blocks = read(
            ".. csv-table:: Fields\n   :header: \"Parameter\", \"Description\"\n\n   a, \"One, or \"\"two\"\".\"\n   b, Three\n",
        );
        let table = table_of(&blocks);
        assert_eq!(table.header, ["Parameter", "Description"]);
        assert_eq!(rows(table), [["a", "One, or \"two\"."], ["b", "Three"]]);
    }

    #[test]
    fn what_begins_beside_the_name_of_a_note_goes_on_below() {
        let blocks = read(
            ".. note:: A cart without\n          lines is empty.\n\n          - It is there.\n",
        );
        let text = Text::of("A cart without lines is empty.");
        assert_eq!(blocks[0].kind, BlockKind::Paragraph(text));
        assert!(matches!(blocks[1].kind, BlockKind::List(_)), "{blocks:#?}");
    }

    #[test]
    fn notes_are_read_through_and_pictures_left_out() {
        let blocks = read(
            ".. note::\n\n   Take care.\n\n.. image:: x.png\n   :alt: y\n\n.. a comment\n   of two lines\n",
        );
        assert_eq!(blocks.len(), 1, "{blocks:#?}");
        assert_eq!(blocks[0].kind, BlockKind::Paragraph(Text::of("Take care.")));
    }
}
