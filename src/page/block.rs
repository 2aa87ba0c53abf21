//! The block tree: what every page format is read into. It knows nothing of what the words on a
//! page mean.

use std::ops::Range;

/// One documentation page, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The file name (without folders) or URL that the page came from; facts cite it.
    pub name: String,
    /// Which format the text was recognised as.
    pub format: Format,
    /// What the page says of itself in front matter: `service`, `operation`, `edition`, in the
    /// order written.
    pub metadata: Vec<(String, String)>,
    /// The edition of the page, where it says one (`2025-08-05`).
    pub edition: Option<String>,
    /// The page's blocks in reading order.
    pub blocks: Vec<Block>,
    /// The files beside the page that its markup names and that were read: name and text.
    pub beside: Vec<(String, String)>,
    /// Tags and directives that may state an operation, and that are not read: line and text.
    pub unread: Vec<(usize, String)>,
}

/// The formats that pages are read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A portal's text: one table cell a paragraph.
    Portal,
    /// A portal's text squashed into `cell |` lines.
    Pipe,
    /// Markdown, with GFM pipe tables or HTML tables.
    Markdown,
    /// reStructuredText.
    RestructuredText,
    /// A saved HTML page.
    Html,
}

/// One block of a page and the line (1-based) of the page's text that it starts on.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// The 1-based line of the source text.
    pub line: usize,
    /// What the block is.
    pub kind: BlockKind,
}

/// What a block can be.
#[derive(Debug, Clone, PartialEq)]
pub enum BlockKind {
    /// A heading: level 1 is the page's title.
    Heading {
        /// 1 for the title, 2 for sections, and so on.
        level: u8,
        /// The heading's text.
        text: Text,
    },
    /// A paragraph.
    Paragraph(Text),
    /// A bulleted or numbered list: each item is a list of blocks.
    List(Vec<Vec<Block>>),
    /// A table.
    Table(Table),
    /// The method and path of an operation, in markup that says nothing else (a directive
    /// `http:get::`): what follows is about it.
    Target {
        /// The method, in upper case.
        method: String,
        /// The path, as written.
        path: String,
    },
    /// Something documented that the markup does not give.
    Unread(Unread),
    /// A code block, or a run of lines that is plainly code or JSON.
    Code {
        /// The language where the page names it.
        language: Option<String>,
        /// The text of the code, without its fences.
        text: String,
    },
}

/// What of a page's markup cannot be read, or not surely.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// A file that does not lie beside the page.
    File(String),
    /// A name that a file beside the page does not describe: the name, and the file.
    Entry(String, String),
    /// An entry of a list of fields that names no field.
    Field(String),
    /// An entry of which it is not sure whether the request or the answer is meant; it is read as
    /// the one that is named.
    Side(String, Subject),
}

/// A run of text without markup.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    /// The text; white space folded, escapes resolved.
    pub plain: String,
    /// Links that stand in the text, in order.
    pub links: Vec<Link>,
    /// Anchors (names that links may point to) that stand in or directly before the text.
    pub anchors: Vec<String>,
    /// How many bytes of the text, from its beginning, are marked up as names are: as code, or in
    /// bold.
    pub marked: usize,
    /// The bytes of the text that are marked up as code, in order.
    pub codes: Vec<Range<usize>>,
}

/// A link: its text and where it points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The words of the link.
    pub text: String,
    /// The target as written: a URL, `file.md`, or `#anchor`.
    pub target: String,
}

/// A table. Merged cells are repeated in each place that they cover, so every row has as many cells
/// as the header.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// The caption with its number (`Table 4 BackupRecordResponse`), where there is one.
    pub caption: Option<Text>,
    /// Anchors that point to the table.
    pub anchors: Vec<String>,
    /// The header cells' text.
    pub header: Vec<String>,
    /// The rows below the header.
    pub rows: Vec<Row>,
    /// What the table is about, where the markup says so rather than the words around it.
    pub subject: Option<Subject>,
}

/// What the markup of a table says that its rows are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Fields of the request.
    Request,
    /// Fields of the answer.
    Response,
    /// Fields inside the field whose row links to the table.
    Inner,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// The 1-based line of the source text that the row starts on.
    pub line: usize,
    /// The cells.
    pub cells: Vec<Cell>,
}

/// A cell of a table: blocks, because cells hold paragraphs, lists, code and tables of their own.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell {
    /// What stands in the cell.
    pub blocks: Vec<Block>,
}

impl Text {
    /// Text without links or anchors.
    pub fn of(plain: impl Into<String>) -> Self {
        Self {
            plain: plain.into(),
            ..Self::default()
        }
    }

    /// The part of the text that is `part`, the last where it stands twice.
    pub(super) fn part(&self, part: &str) -> Self {
        let start = self.plain.rfind(part);
        let codes = self.codes.iter().filter_map(|code| {
            let start = start?;
            let is_inside = start <= code.start && code.end <= start + part.len();
            is_inside.then(|| code.start - start..code.end - start)
        });
        Self {
            codes: codes.collect(),
            plain: part.to_owned(),
            marked: 0,
            ..self.clone()
        }
    }

    /// The text with code marks around what is marked up as code.
    pub fn ticked(&self) -> String {
        let mut ticked = String::with_capacity(self.plain.len() + 2 * self.codes.len());
        let mut at = 0;
        for code in &self.codes {
            let (Some(before), Some(inner)) =
                (self.plain.get(at..code.start), self.plain.get(code.clone()))
            else {
                continue;
            };
            ticked.push_str(before);
            ticked.extend(["`", inner, "`"]);
            at = code.end;
        }
        ticked.push_str(self.plain.get(at..).unwrap_or_default());
        ticked
    }
}

/// Marks in the paragraphs that a text was taken apart into what is code in the text.
pub(super) fn mark_codes(blocks: &mut [Block], whole: &Text) {
    if !whole.codes.is_empty() {
        let mut at = 0;
        mark_codes_from(blocks, whole, &mut at);
    }
}

fn mark_codes_from(blocks: &mut [Block], whole: &Text, at: &mut usize) {
    for block in blocks {
        match &mut block.kind {
            BlockKind::Paragraph(text) => {
                let rest = whole.plain.get(*at..).unwrap_or_default();
                let Some(start) = rest.find(text.plain.as_str()).map(|found| *at + found) else {
                    continue;
                };
                let end = start + text.plain.len();
                text.codes = whole
                    .codes
                    .iter()
                    .filter(|code| start <= code.start && code.end <= end)
                    .map(|code| code.start - start..code.end - start)
                    .collect();
                *at = end;
            }
            BlockKind::List(items) => {
                for item in items {
                    mark_codes_from(item, whole, at);
                }
            }
            _ => {}
        }
    }
}

impl Block {
    /// A block that starts on a line.
    pub fn new(line: usize, kind: BlockKind) -> Self {
        Self { line, kind }
    }
}

impl Cell {
    /// A cell of one paragraph.
    pub fn of(line: usize, plain: impl Into<String>) -> Self {
        Self {
            blocks: vec![Block::new(line, BlockKind::Paragraph(Text::of(plain)))],
        }
    }

    /// The paragraph that is all of the cell; `None` where it is more, or something else.
    pub fn paragraph(&self) -> Option<&Text> {
        match self.blocks.as_slice() {
            [
                Block {
                    kind: BlockKind::Paragraph(text),
                    ..
                },
            ] => Some(text),
            _ => None,
        }
    }

    /// The cell's text, its blocks joined by one space.
    pub fn plain(&self) -> String {
        plain(&self.blocks)
    }
}

/// The text of blocks, lists included, tables left out, joined by one space.
pub fn plain(blocks: &[Block]) -> String {
    let mut parts: Vec<String> = Vec::new();
    for block in blocks {
        match &block.kind {
            BlockKind::Heading { text, .. } | BlockKind::Paragraph(text) => {
                parts.push(text.plain.clone());
            }
            BlockKind::List(items) => parts.extend(items.iter().map(|item| plain(item))),
            BlockKind::Code { text, .. } => parts.push(text.clone()),
            BlockKind::Target { method, path } => parts.push(format!("{method} {path}")),
            BlockKind::Table(_) | BlockKind::Unread(_) => {}
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.join(" ")
}
