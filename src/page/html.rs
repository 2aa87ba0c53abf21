//! HTML: saved pages, and the tables that stand in Markdown. The interface to the `scraper` crate
//! is localised here.

use scraper::{ElementRef, Html, Node};

use super::attach::attach_captions;
use super::block::{Block, BlockKind, Cell, Link, Row, Table, Text};
use super::cell::{self, Copies};
use super::generated::{DASHES, indent};
use super::text_lines::TextLines;
use super::{code, markdown, permalink, rendered, tag, term};

pattern! {
    static BLANK_LINE = r"\n[ \t]*\r?\n";
}

/// How deep elements are followed: a hostile page nests without end.
const DEPTH: usize = 60;

/// How many places a merged cell may cover.
const SPAN: usize = 200;

/// Reads a whole saved page.
pub(super) fn read_document(source: &str) -> Vec<Block> {
    if is_too_deep(source) {
        return without_structure(source, 1);
    }
    let document = Html::parse_document(source);
    let mut lines = Lines::new(source);
    walk(document.root_element(), &mut lines, 0)
}

/// Reads the blocks of a fragment, `first_line` being the line it starts on.
pub(super) fn read_fragment(source: &str, first_line: usize) -> Vec<Block> {
    fragment(source, first_line, false)
}

/// Reads the blocks of HTML that stands in Markdown: there, what follows a blank line in a cell is
/// Markdown again.
pub(super) fn read_in_markdown(source: &str, first_line: usize) -> Vec<Block> {
    fragment(source, first_line, true)
}

fn fragment(source: &str, first_line: usize, in_markdown: bool) -> Vec<Block> {
    if is_too_deep(source) {
        return without_structure(source, first_line);
    }
    let fragment = Html::parse_fragment(source);
    let mut lines = Lines::new(source);
    lines.offset = first_line.saturating_sub(1);
    lines.in_markdown = in_markdown;
    walk(fragment.root_element(), &mut lines, 0)
}

/// How deep tags may nest before a text is read as text: a parser's time goes with the square of
/// the depth.
const NESTED: usize = 1_000;

/// Elements that end by themselves, or where the next one of their kind begins.
const UNNESTED: &[&str] = &[
    "p", "li", "td", "th", "tr", "dt", "dd", "option", "tbody", "thead", "tfoot", "br", "img",
    "hr", "input", "meta", "link", "area", "base", "col", "embed", "source", "track", "wbr",
];

/// Whether tags nest without end.
fn is_too_deep(source: &str) -> bool {
    let mut depth = 0_usize;
    source.split('<').skip(1).any(|tag| {
        let (closes, tag) = tag
            .strip_prefix('/')
            .map_or((false, tag), |tag| (true, tag));
        let name = tag
            .split(|c: char| !c.is_ascii_alphanumeric())
            .next()
            .unwrap_or_default();
        let unnested = |known: &&str| known.eq_ignore_ascii_case(name);
        if name.is_empty() || UNNESTED.iter().any(unnested) {
            return false;
        }
        depth = if closes {
            depth.saturating_sub(1)
        } else {
            depth + 1
        };
        depth > NESTED
    })
}

/// The text between the tags, line by line.
fn without_structure(source: &str, first_line: usize) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (index, line) in source.lines().enumerate() {
        let text: String = line
            .split('<')
            .map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text))
            .collect();
        let text = text.trim();
        if !text.is_empty() {
            blocks.push(Block::new(
                first_line + index,
                BlockKind::Paragraph(Text::of(text)),
            ));
        }
    }
    blocks
}

/// The lines on which `<tr` stands, in order: html5ever keeps no positions, rows come in the order
/// of the source.
struct Lines {
    rows: std::vec::IntoIter<usize>,
    offset: usize,
    last: usize,
    /// The lines of texts.
    texts: TextLines,
    /// Whether a row is read: what stands in it has its line.
    in_row: bool,
    copies: Copies,
    /// Whether the text stands in Markdown.
    in_markdown: bool,
    levels: Levels,
}

/// The levels of headings: those inside an operation's details stand below its title.
#[derive(Default)]
struct Levels {
    /// The last heading's outside of details.
    last: u8,
    /// Whether details are read.
    in_details: bool,
}

impl Lines {
    fn new(source: &str) -> Self {
        let rows: Vec<usize> = source
            .lines()
            .enumerate()
            .flat_map(|(index, line)| {
                std::iter::repeat_n(index + 1, line.to_ascii_lowercase().matches("<tr").count())
            })
            .collect();
        Self {
            rows: rows.into_iter(),
            offset: 0,
            last: 1,
            texts: TextLines::of(source),
            in_row: false,
            copies: Copies::for_text(source),
            in_markdown: false,
            levels: Levels::default(),
        }
    }

    fn next_row(&mut self) -> usize {
        if let Some(row) = self.rows.next() {
            self.last = row;
        }
        self.here()
    }

    fn here(&self) -> usize {
        self.last + self.offset
    }

    /// Goes on to a text; the line where it stands.
    fn meet(&mut self, text: &str) -> usize {
        if let Some(line) = self.texts.meet(text).filter(|_| !self.in_row) {
            self.last = line;
        }
        self.here()
    }

    /// The line of an element: that of the first text in it.
    fn of(&self, element: ElementRef<'_>) -> usize {
        let mut texts = element.text().filter(|text| !text.trim().is_empty());
        let line = texts.next().and_then(|text| self.texts.line(text));
        line.filter(|_| !self.in_row)
            .map_or_else(|| self.here(), |line| line + self.offset)
    }

    /// Goes past an element whose texts are not read, or were read as a whole.
    fn pass(&mut self, element: ElementRef<'_>) {
        for text in element.text() {
            self.meet(text);
        }
    }
}

/// Text that is being gathered between block elements.
#[derive(Default)]
struct Inline {
    text: Text,
    /// The line where it begins.
    line: Option<usize>,
}

impl Inline {
    fn push(&mut self, piece: &str) {
        for word in piece.split_inclusive(char::is_whitespace) {
            let trimmed = word.trim_end();
            if !trimmed.is_empty() {
                self.text.plain.push_str(trimmed);
            }
            if trimmed.len() < word.len()
                && !self.text.plain.is_empty()
                && !self.text.plain.ends_with([' ', '\n'])
            {
                self.text.plain.push(' ');
            }
        }
    }

    fn flush(&mut self, line: usize, blocks: &mut Vec<Block>) {
        let mut text = std::mem::take(&mut self.text);
        let line = self.line.take().unwrap_or(line);
        text.plain = text.plain.trim().into();
        if !text.plain.is_empty() || !text.anchors.is_empty() {
            blocks.push(Block::new(line, BlockKind::Paragraph(text)));
        }
    }
}

fn walk(element: ElementRef<'_>, lines: &mut Lines, depth: usize) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut inline = Inline::default();
    walk_into(element, lines, depth, &mut blocks, &mut inline);
    inline.flush(lines.here(), &mut blocks);
    blocks
}

fn walk_into(
    element: ElementRef<'_>,
    lines: &mut Lines,
    depth: usize,
    blocks: &mut Vec<Block>,
    inline: &mut Inline,
) {
    if depth > DEPTH {
        inline.push(&element.text().take(1_000).collect::<String>());
        return;
    }
    for child in element.children() {
        match child.value() {
            Node::Text(text) => {
                let line = lines.meet(text);
                if inline.line.is_none() && !text.trim().is_empty() {
                    inline.line = Some(line);
                }
                inline.push(text);
            }
            Node::Element(_) => {
                if let Some(child) = ElementRef::wrap(child) {
                    element_into(child, lines, depth, blocks, inline);
                }
            }
            _ => {}
        }
    }
}

fn element_into(
    element: ElementRef<'_>,
    lines: &mut Lines,
    depth: usize,
    blocks: &mut Vec<Block>,
    inline: &mut Inline,
) {
    let name = element.value().name();
    let line = match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "pre" | "ul" | "ol" | "dl" => lines.of(element),
        _ => lines.here(),
    };
    for attribute in ["id", "name"] {
        if let Some(anchor) = element
            .value()
            .attr(attribute)
            .filter(|_| name == "a" || attribute == "id")
        {
            inline.text.anchors.push(anchor.to_owned());
        }
    }
    if let Some(head) = rendered::head(element) {
        let anchors = std::mem::take(&mut inline.text.anchors);
        inline.flush(line, blocks);
        let line = lines.of(element);
        lines.pass(element);
        blocks.extend(headed(head, anchors, lines.levels.last + 1, line));
        return;
    }
    if rendered::holds_details(element) && !lines.levels.in_details {
        inline.flush(line, blocks);
        lines.levels.in_details = true;
        walk_into(element, lines, depth + 1, blocks, inline);
        lines.levels.in_details = false;
        inline.flush(lines.here(), blocks);
        return;
    }
    match name {
        "script" | "style" => {}
        "nav" | "noscript" | "template" | "svg" => lines.pass(element),
        "br" => inline.flush(line, blocks),
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
            let anchors = std::mem::take(&mut inline.text.anchors);
            inline.flush(line, blocks);
            let mut heading = Inline::default();
            heading.text.anchors = anchors;
            walk_into(element, lines, depth + 1, blocks, &mut heading);
            heading.text.plain = heading.text.plain.trim().into();
            let own = name.as_bytes().get(1).map_or(2, |digit| digit - b'0');
            let level = if lines.levels.in_details {
                (own + lines.levels.last.saturating_sub(1)).max(lines.levels.last + 2)
            } else {
                lines.levels.last = own;
                own
            };
            blocks.push(Block::new(
                line,
                BlockKind::Heading {
                    level,
                    text: heading.text,
                },
            ));
        }
        "pre" => {
            inline.flush(line, blocks);
            lines.pass(element);
            let text = code::text_of(element);
            // Generators keep the method in an attribute of the block that shows the path.
            let stated = element
                .value()
                .attr("data-type")
                .and_then(|method| tag::of_block(method, &text));
            let kind = match stated {
                Some((method, path)) => BlockKind::Target { method, path },
                None => BlockKind::Code {
                    language: None,
                    text,
                },
            };
            blocks.push(Block::new(line, kind));
        }
        "ul" | "ol" => {
            inline.flush(line, blocks);
            let items: Vec<Vec<Block>> = element
                .children()
                .filter_map(ElementRef::wrap)
                .filter(|item| item.value().name() == "li")
                .map(|item| walk(item, lines, depth + 1))
                .collect();
            blocks.push(Block::new(line, BlockKind::List(items)));
        }
        "table" => {
            let anchors = std::mem::take(&mut inline.text.anchors);
            inline.flush(line, blocks);
            let was_in_row = std::mem::replace(&mut lines.in_row, true);
            let mut table = table(element, lines, depth + 1);
            lines.in_row = was_in_row;
            table.anchors = anchors;
            blocks.push(Block::new(
                lines
                    .here()
                    .min(table.rows.first().map_or(line, |row| row.line)),
                BlockKind::Table(table),
            ));
        }
        "a" if is_permalink(element) => lines.pass(element),
        "a" => {
            if let Some(target) = element.value().attr("href") {
                let text: String = element.text().collect();
                inline.text.links.push(Link {
                    text: text.trim().to_owned(),
                    target: target.to_owned(),
                });
            }
            walk_into(element, lines, depth + 1, blocks, inline);
        }
        "dl" => {
            inline.flush(line, blocks);
            if let Some(items) = definitions(element, lines, depth) {
                blocks.push(Block::new(line, BlockKind::List(items)));
            } else {
                walk_into(element, lines, depth + 1, blocks, inline);
                inline.flush(lines.here(), blocks);
            }
        }
        "sup" => {
            let start = inline.text.plain.len();
            walk_into(element, lines, depth + 1, blocks, inline);
            markdown::footnote(&mut inline.text, start);
        }
        "code" | "tt" | "samp" | "strong" | "b" => {
            let start = inline.text.plain.len();
            walk_into(element, lines, depth + 1, blocks, inline);
            let end = inline.text.plain.trim_end().len();
            if start == 0 {
                inline.text.marked = end;
            }
            let is_code = !matches!(element.value().name(), "strong" | "b");
            if is_code && start < end && inline.text.codes.last().is_none_or(|own| own.end <= start)
            {
                inline.text.codes.push(start..end);
            }
        }
        "p" | "div" | "section" | "article" | "main" | "header" | "footer" | "li" | "dd" | "dt"
        | "blockquote" | "body" | "html" | "caption" => {
            inline.flush(line, blocks);
            walk_into(element, lines, depth + 1, blocks, inline);
            inline.flush(lines.here(), blocks);
        }
        _ => {
            let start = inline.text.plain.len();
            walk_into(element, lines, depth + 1, blocks, inline);
            // Method and path in neighbouring elements are one line, whatever parts them to the eye.
            if inline
                .text
                .plain
                .get(start..)
                .is_some_and(rendered::is_method)
            {
                inline.push(" ");
            }
            if matches!(name, "i" | "em" | "var") {
                code::brace(&mut inline.text.plain, start);
            }
        }
    }
}

/// Whether a link leads to the very place where it stands.
fn is_permalink(element: ElementRef<'_>) -> bool {
    let is_classed = || element.value().classes().any(permalink::is_class);
    let is_here = || {
        let target = element.value().attr("href").unwrap_or_default();
        target.starts_with('#') && permalink::is_sign(&element.text().take(2).collect::<String>())
    };
    is_classed() || is_here()
}

/// What parts a page rather than describe a term of a list.
const PARTING: [&str; 9] = ["h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "dl"];

/// The longest term of a list of definitions.
const LONGEST_TERM: usize = 120;

/// A list of terms and what they mean, an item each; none where terms are labels of parts of the
/// page.
fn definitions(
    element: ElementRef<'_>,
    lines: &mut Lines,
    depth: usize,
) -> Option<Vec<Vec<Block>>> {
    let children = || element.children().filter_map(ElementRef::wrap);
    let is_term = |child: &ElementRef<'_>| child.value().name() == "dt";
    let describes = children().all(|child| match child.value().name() {
        "dt" => {
            let text: String = child.text().take(50).collect();
            text.len() <= LONGEST_TERM && !text.trim_end().ends_with([':', '：'])
        }
        "dd" => !child
            .descendent_elements()
            .any(|inner| PARTING.contains(&inner.value().name())),
        _ => false,
    });
    if !describes || !children().next().as_ref().is_some_and(is_term) {
        return None;
    }
    let mut items: Vec<Vec<Block>> = Vec::new();
    for child in children() {
        let mut blocks = walk(child, lines, depth + 1);
        if is_term(&child) {
            mark_term(&mut blocks);
        }
        match items.last_mut() {
            Some(last) if !is_term(&child) => last.extend(blocks),
            _ => items.push(blocks),
        }
    }
    Some(items)
}

/// Marks the name that a term begins with as one is: alone, or before its type.
fn mark_term(blocks: &mut [Block]) {
    let Some(Block {
        kind: BlockKind::Paragraph(text),
        ..
    }) = blocks.first_mut()
    else {
        return;
    };
    if text.marked == 0
        && let Some(name) = term::name(&text.plain)
    {
        text.marked = name.len();
    }
}

/// The title of an operation, with its target.
fn headed(head: rendered::Head, anchors: Vec<String>, level: u8, line: usize) -> Vec<Block> {
    let title = (!head.title.is_empty()).then(|| BlockKind::Heading {
        level,
        text: Text {
            anchors,
            ..Text::of(head.title)
        },
    });
    let target = BlockKind::Target {
        method: head.method,
        path: head.path,
    };
    title
        .into_iter()
        .chain([target])
        .map(|kind| Block::new(line, kind))
        .collect()
}

/// A table: merged cells are repeated in each place that they cover.
/// The blocks of a cell with a sign for each space that the cell's name is indented by.
fn indented(cell: ElementRef<'_>, mut blocks: Vec<Block>) -> Vec<Block> {
    let source: String = cell.text().collect();
    if let [
        Block {
            kind: BlockKind::Paragraph(text),
            ..
        },
    ] = blocks.as_mut_slice()
        && let Some((signs, name)) = indent(&source)
        && name
            .split_whitespace()
            .eq(text.plain.trim_start_matches(DASHES).split_whitespace())
    {
        text.plain = format!("{signs} {}", name.trim());
        text.codes.clear();
    }
    blocks
}

fn table(element: ElementRef<'_>, lines: &mut Lines, depth: usize) -> Table {
    let mut out = Table::default();
    let mut rows = Vec::new();
    gather_rows(element, &mut rows, &mut out, 0);
    // What a merged cell still covers: column -> (rows left, cell).
    let mut pending: Vec<Option<(usize, Cell)>> = Vec::new();
    let mut width = 0;
    // A table whose rows each begin with a name in code as their own header has none above.
    let is_keyed = !rows.is_empty() && rows.iter().all(|row| names_itself(*row));
    if is_keyed {
        width = 2;
        let are_statuses = rows.iter().all(|row| {
            let words: String = row.text().collect();
            let word = words.split_whitespace().next().unwrap_or_default();
            word.len() == 3 && word.bytes().all(|digit| digit.is_ascii_digit())
        });
        let name = if are_statuses { "Status code" } else { "Name" };
        out.header = vec![name.to_owned(), "Description".to_owned()];
    }
    for (index, row) in rows.into_iter().enumerate() {
        let line = lines.next_row();
        let mut cells: Vec<Cell> = Vec::new();
        for cell in row
            .children()
            .filter_map(ElementRef::wrap)
            .filter(|cell| matches!(cell.value().name(), "td" | "th"))
        {
            fill_pending(&mut cells, &mut pending, &mut lines.copies);
            let span = |name: &str| {
                cell.value()
                    .attr(name)
                    .and_then(|text| text.parse::<usize>().ok())
                    .unwrap_or(1)
                    .clamp(1, SPAN)
            };
            let blocks = match markdown_of(cell, lines) {
                Some(source) => cell::at_line(markdown::read_cell(&source), line),
                None => walk(cell, lines, depth + 1),
            };
            let blocks = if cells.is_empty() {
                indented(cell, blocks)
            } else {
                blocks
            };
            let content = Cell {
                blocks: attach_captions(blocks),
            };
            let (columns, rows) = (span("colspan"), span("rowspan"));
            for column in 1..=columns {
                if rows > 1
                    && let Some(below) = lines.copies.another(&content)
                {
                    if pending.len() <= cells.len() {
                        pending.resize(cells.len() + 1, None);
                    }
                    if let Some(slot) = pending.get_mut(cells.len()) {
                        *slot = Some((rows - 1, below));
                    }
                }
                if column == columns {
                    break;
                }
                cells.extend(lines.copies.another(&content));
            }
            cells.push(content);
        }
        fill_pending(&mut cells, &mut pending, &mut lines.copies);
        if index == 0 && !is_keyed {
            width = cells.len();
            out.header = cells.iter().map(Cell::plain).collect();
        } else if !cells.is_empty() {
            cells.resize(width.max(cells.len().min(SPAN)), Cell::default());
            out.rows.push(Row { line, cells });
        }
    }
    out
}

/// Whether a row is a name in code marks, as a header, and one cell that describes it.
fn names_itself(row: ElementRef<'_>) -> bool {
    let mut cells = row.children().filter_map(ElementRef::wrap);
    let (Some(head), Some(cell), None) = (cells.next(), cells.next(), cells.next()) else {
        return false;
    };
    let words = |element: ElementRef<'_>| element.text().collect::<String>().trim().to_owned();
    let mut inner = head.children().filter_map(ElementRef::wrap);
    let code = inner.next().filter(|own| own.value().name() == "code");
    matches!(head.value().name(), "th" | "td")
        && cell.value().name() == "td"
        && code.is_some_and(|code| words(code) == words(head))
}

/// The text of a cell that is Markdown: it stands after a blank line. Tables in such a cell are
/// left to HTML.
fn markdown_of(cell: ElementRef<'_>, lines: &Lines) -> Option<String> {
    let is_markdown = |text: &str| {
        BLANK_LINE.find(text).is_some_and(|blank| {
            text.get(blank.end()..)
                .is_some_and(|rest| !rest.trim().is_empty())
        })
    };
    let is_own = lines.in_markdown
        && cell.children().any(|child| match child.value() {
            Node::Text(text) => is_markdown(text),
            _ => false,
        });
    let source = cell.inner_html();
    (is_own && !source.contains("<table")).then_some(source)
}

fn fill_pending(cells: &mut Vec<Cell>, pending: &mut [Option<(usize, Cell)>], copies: &mut Copies) {
    while let Some(slot) = pending.get_mut(cells.len()) {
        let Some((left, cell)) = slot.take() else {
            break;
        };
        if left > 1 {
            *slot = copies.another(&cell).map(|below| (left - 1, below));
        }
        cells.push(cell);
    }
}

/// The rows of a table itself, not of tables in its cells.
fn gather_rows<'h>(
    element: ElementRef<'h>,
    rows: &mut Vec<ElementRef<'h>>,
    table: &mut Table,
    depth: usize,
) {
    for child in element.children().filter_map(ElementRef::wrap) {
        match child.value().name() {
            "tr" => rows.push(child),
            "thead" | "tbody" | "tfoot" if depth < 3 => gather_rows(child, rows, table, depth + 1),
            "caption" => {
                let mut caption = Text::of(
                    child
                        .text()
                        .collect::<String>()
                        .split_whitespace()
                        .collect::<Vec<_>>()
                        .join(" "),
                );
                permalink::strip(&mut caption);
                table.caption = Some(caption);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merged_cells_are_repeated_in_each_place() {
        let html = "<table><tr><th>A</th><th>B</th></tr><tr><td rowspan=2>x</td><td>1</td></tr><tr><td>2</td></tr></table>";
        let blocks = read_fragment(html, 1);
        let Some(Block {
            kind: BlockKind::Table(table),
            ..
        }) = blocks.first()
        else {
            panic!("{blocks:?}")
        };
        let rows: Vec<Vec<String>> = table
            .rows
            .iter()
            .map(|row| row.cells.iter().map(Cell::plain).collect())
            .collect();
        assert_eq!(rows, [["x", "1"], ["x", "2"]]);
    }

    #[test]
    fn lists_in_cells_stay_lists() {
        let html = "<table><tr><th>A</th></tr><tr><td><p>Values:</p><ul><li><p>aof</p></li><li>rdb</li></ul></td></tr></table>";
        let blocks = read_fragment(html, 1);
        let Some(Block {
            kind: BlockKind::Table(table),
            ..
        }) = blocks.first()
        else {
            panic!("{blocks:?}")
        };
        let cell = &table.rows[0].cells[0];
        assert!(
            matches!(&cell.blocks[1].kind, BlockKind::List(items) if items.len() == 2),
            "{cell:?}"
        );
    }
}
