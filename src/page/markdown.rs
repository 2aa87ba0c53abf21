//! Markdown: GFM with pipe tables, and with HTML tables. The interface to the `pulldown-cmark`
//! crate is localised here.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::block::{Block, BlockKind, Cell, Link, Row, Table, Text, mark_codes};
use super::cell::blocks_of_lines;
use super::html::{read_fragment, read_in_markdown};
use super::{permalink, run_on, shortcode, tag, words};

/// Stands for an HTML table while Markdown is parsed: `MARK`, a number, `MARK`.
const MARK: char = '\u{e000}';

/// How deep lists and quotes are followed.
const DEPTH: usize = 40;

/// The most lines of front matter.
const FRONT: usize = 200;

/// Splits off the front matter (`---`, YAML, `---`) and says how many lines it took. Of its values
/// only those on the line of their key are read.
pub(super) fn front_matter(source: &str) -> (Vec<(String, String)>, usize) {
    let mut lines = source.lines();
    if lines.next().map(str::trim_end) != Some("---") {
        return (Vec::new(), 0);
    }
    let mut metadata = Vec::new();
    let mut is_begun = false;
    for (index, line) in lines.take(FRONT).enumerate() {
        if line.trim_end() == "---" {
            return (metadata, index + 2);
        }
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let pair = line.split_once(':').filter(|(key, _)| is_key(key));
        match pair {
            Some((key, value)) => {
                let value = value.trim().trim_matches(['"', '\'']);
                metadata.push((key.to_owned(), value.to_owned()));
            }
            // What goes on below a key: an item, a bracket, text of several lines.
            None if is_begun => {}
            None => break,
        }
        is_begun = true;
    }
    (Vec::new(), 0)
}

/// Whether a text is a key of front matter, at the beginning of its line.
fn is_key(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ' '))
}

/// Reads Markdown; `skip` lines at the start are front matter.
pub(super) fn read(source: &str, skip: usize) -> Vec<Block> {
    let body: String = source
        .split_inclusive('\n')
        .enumerate()
        .map(|(index, line)| if index < skip { "\n" } else { line })
        .collect();
    let body = shortcode::replace(&body);
    let (body, tables) = take_tables(&body);
    let run_on::Joined { text: body, lines } = run_on::join(&body);
    let starts: Vec<usize> = std::iter::once(0)
        .chain(body.match_indices('\n').map(|(at, _)| at + 1))
        .collect();
    let mut options = Options::empty();
    options.insert(Options::ENABLE_TABLES);
    options.insert(Options::ENABLE_STRIKETHROUGH);
    options.insert(Options::ENABLE_DEFINITION_LIST);
    let events: Vec<(Event<'_>, Range<usize>)> =
        Parser::new_ext(&body, options).into_offset_iter().collect();
    let mut reader = Reader {
        events: events.into_iter(),
        route: None,
        starts,
        lines,
        tables,
    };
    reader.blocks(0)
}

pattern! {
    /// Attributes behind a heading: `{#errors .section}`, `{: #errors}`. Anything else in braces
    /// may be a part of a path.
    static ATTRIBUTES = r"\s*\{:?\s*(?:[#.][\w:.-]+\s*)+\}\s*$";
    static ANCHOR = r"#(?P<id>[\w:.-]+)";
}

/// Takes the attributes behind a heading out of its text: its anchor is what a link points to.
fn take_attributes(text: &mut Text) {
    let Some(found) = ATTRIBUTES.find(&text.plain) else {
        return;
    };
    let ids = ANCHOR.captures_iter(found.as_str());
    let anchors: Vec<String> = ids
        .filter_map(|captures| Some(captures.name("id")?.as_str().to_owned()))
        .collect();
    let end = found.start();
    text.anchors.extend(anchors);
    text.plain.truncate(end);
    text.marked = text.marked.min(end);
}

/// Reads the Markdown in a cell of HTML. It has no tables of HTML of its own, and lists may be
/// nested as deep as [`DEPTH`].
pub(super) fn read_cell(source: &str) -> Vec<Block> {
    let common = source
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start_matches([' ', '\t']).len())
        .min()
        .unwrap_or_default();
    let lines: Vec<&str> = source
        .lines()
        .map(|line| line.get(common..).unwrap_or_default())
        .collect();
    read(&lines.join("\n"), 0)
}

/// Replaces every HTML table by a mark on a line of its own and as many line ends as it had, so
/// that lines keep their numbers.
fn take_tables(source: &str) -> (String, Vec<(String, usize)>) {
    let lower = source.to_ascii_lowercase();
    let mut out = String::with_capacity(source.len());
    let mut tables = Vec::new();
    let mut at = 0;
    let mut fenced = false;
    let mut scanned = 0;
    let mut line = 1;
    for (start, end) in spans(&lower) {
        if start < at {
            // Inside a table that was taken whole.
            continue;
        }
        let between = lower.get(scanned..start).unwrap_or_default();
        fenced ^= between
            .lines()
            .filter(|line| line.trim_start().starts_with("```"))
            .count()
            % 2
            == 1;
        line += between.matches('\n').count();
        scanned = start;
        let Some(end) = end.filter(|_| !fenced) else {
            continue;
        };
        out.push_str(source.get(at..start).unwrap_or_default());
        let table = source.get(start..end).unwrap_or_default();
        // A mark on the line of an anchor (`<a name="x"></a><table>`) would stay inside that HTML
        // block.
        out.push_str(&format!("{MARK}{}{MARK}", tables.len()));
        out.extend(std::iter::repeat_n('\n', table.matches('\n').count()));
        tables.push((table.to_owned(), line));
        at = end;
    }
    out.push_str(source.get(at..).unwrap_or_default());
    (out, tables)
}

/// Where each table starts, in order, and where it ends if it does, nested ones counted.
fn spans(lower: &str) -> Vec<(usize, Option<usize>)> {
    const OPEN: &str = "<table";
    const CLOSE: &str = "</table>";
    let mut tags: Vec<(usize, bool)> = lower
        .match_indices(OPEN)
        .map(|(at, _)| (at, true))
        .chain(lower.match_indices(CLOSE).map(|(at, _)| (at, false)))
        .collect();
    tags.sort_unstable();
    let mut spans: Vec<(usize, Option<usize>)> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for (at, opens) in tags {
        if opens {
            open.push(spans.len());
            spans.push((at, None));
        } else if let Some((_, end)) = open.pop().and_then(|index| spans.get_mut(index)) {
            *end = Some(at + CLOSE.len());
        }
    }
    spans
}

struct Reader<'s> {
    events: std::vec::IntoIter<(Event<'s>, Range<usize>)>,
    /// The target that a tag of the text that is read states.
    route: Option<tag::Tag>,
    starts: Vec<usize>,
    /// The line of the source that each line of what is read begins at.
    lines: Vec<usize>,
    tables: Vec<(String, usize)>,
}

impl Reader<'_> {
    fn line(&self, offset: usize) -> usize {
        let line = self.starts.partition_point(|start| *start <= offset);
        line.checked_sub(1)
            .and_then(|at| self.lines.get(at))
            .copied()
            .unwrap_or(line)
    }

    /// Reads blocks up to the end of the element that is open.
    fn blocks(&mut self, depth: usize) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut loose = Text::default();
        let mut loose_line = 0;
        while let Some((event, range)) = self.events.next() {
            let line = self.line(range.start);
            match event {
                Event::Start(Tag::Paragraph) => {
                    let mut text = self.inline();
                    if let Some(stated) = self.route.take() {
                        blocks.extend(route(line, stated, &mut text));
                    }
                    self.paragraph(line, text, &mut blocks);
                }
                Event::Start(Tag::Heading { level, .. }) => {
                    let mut text = self.inline();
                    take_attributes(&mut text);
                    blocks.push(Block::new(
                        line,
                        BlockKind::Heading {
                            level: level as u8,
                            text,
                        },
                    ));
                }
                Event::Start(Tag::CodeBlock(kind)) => {
                    let language = match kind {
                        CodeBlockKind::Fenced(name) if !name.is_empty() => Some(name.to_string()),
                        _ => None,
                    };
                    let text = self.raw_text();
                    blocks.push(Block::new(line, BlockKind::Code { language, text }));
                }
                Event::Start(Tag::List(_)) => {
                    let mut items = Vec::new();
                    while let Some((event, _)) = self.events.next() {
                        match event {
                            Event::Start(Tag::Item) if depth < DEPTH => {
                                items.push(self.blocks(depth + 1));
                            }
                            Event::End(TagEnd::List(_)) => break,
                            _ => {}
                        }
                    }
                    blocks.push(Block::new(line, BlockKind::List(items)));
                }
                Event::Start(Tag::DefinitionList) => {
                    let items = self.terms(depth);
                    blocks.push(Block::new(line, BlockKind::List(items)));
                }
                Event::Start(Tag::Table(_)) => {
                    let table = self.table();
                    blocks.push(Block::new(line, BlockKind::Table(table)));
                }
                Event::Start(Tag::HtmlBlock) => {
                    let text = self.raw_text();
                    self.html(line, &text, &mut blocks);
                }
                Event::Start(Tag::BlockQuote(_)) if depth < DEPTH => {
                    blocks.extend(self.blocks(depth + 1));
                }
                Event::End(
                    TagEnd::Item | TagEnd::BlockQuote(_) | TagEnd::DefinitionListDefinition,
                ) => break,
                Event::Text(_) | Event::Code(_) => {
                    let is_code = matches!(event, Event::Code(_));
                    let (Event::Text(text) | Event::Code(text)) = event else {
                        continue;
                    };
                    // The text of a tight list item stands without a paragraph.
                    if loose.plain.is_empty() {
                        loose_line = line;
                        loose.marked = if is_code { text.len() } else { 0 };
                    }
                    loose.plain.push_str(&text);
                }
                Event::SoftBreak | Event::HardBreak => loose.plain.push(' '),
                Event::Start(Tag::Link { dest_url, .. }) => {
                    let inner = self.inline();
                    if loose.plain.is_empty() {
                        loose_line = line;
                        loose.marked = inner.marked;
                    }
                    loose.plain.push_str(&inner.plain);
                    loose.links.push(Link {
                        text: inner.plain,
                        target: dest_url.to_string(),
                    });
                }
                Event::Start(tag @ (Tag::Strong | Tag::Emphasis | Tag::Strikethrough)) => {
                    let inner = self.inline();
                    if loose.plain.is_empty() {
                        loose_line = line;
                        loose.marked = match tag {
                            Tag::Strong => inner.plain.len(),
                            _ => inner.marked,
                        };
                    }
                    loose.plain.push_str(&inner.plain);
                    loose.links.extend(inner.links);
                }
                _ => {}
            }
        }
        if !loose.plain.trim().is_empty() {
            blocks.insert(0, Block::new(loose_line, BlockKind::Paragraph(loose)));
        }
        blocks
    }

    /// A list of terms and what they mean, an item each.
    fn terms(&mut self, depth: usize) -> Vec<Vec<Block>> {
        let mut items: Vec<Vec<Block>> = Vec::new();
        while let Some((event, range)) = self.events.next() {
            match event {
                Event::Start(Tag::DefinitionListTitle) => {
                    let line = self.line(range.start);
                    let mut term = self.inline();
                    // A word that a list describes is a name.
                    if term.marked == 0 && !term.plain.contains(char::is_whitespace) {
                        term.marked = term.plain.len();
                    }
                    items.push(vec![Block::new(line, BlockKind::Paragraph(term))]);
                }
                Event::Start(Tag::DefinitionListDefinition) if depth < DEPTH => {
                    let blocks = self.blocks(depth + 1);
                    if let Some(item) = items.last_mut() {
                        item.extend(blocks);
                    }
                }
                Event::End(TagEnd::DefinitionList) => break,
                _ => {}
            }
        }
        items
    }

    /// A paragraph, in which marks stand for tables.
    fn paragraph(&mut self, line: usize, text: Text, blocks: &mut Vec<Block>) {
        if !text.plain.contains(MARK) {
            let lines: Vec<&str> = text.plain.split('\n').collect();
            if lines.len() > 1 {
                blocks.extend(blocks_of_lines(lines.into_iter().map(|part| (line, part))));
            } else if !text.plain.trim().is_empty() || !text.anchors.is_empty() {
                blocks.push(Block::new(line, BlockKind::Paragraph(text)));
            }
            return;
        }
        let mut text = text;
        let plain = std::mem::take(&mut text.plain);
        for (index, piece) in plain.split(MARK).enumerate() {
            match piece
                .parse::<usize>()
                .ok()
                .filter(|_| index % 2 == 1)
                .and_then(|number| self.tables.get(number))
            {
                Some((table, line)) => {
                    if !text.plain.is_empty() || !text.anchors.is_empty() {
                        blocks.push(Block::new(
                            *line,
                            BlockKind::Paragraph(std::mem::take(&mut text)),
                        ));
                    }
                    blocks.extend(read_in_markdown(table, *line));
                }
                None => piece.trim().clone_into(&mut text.plain),
            }
        }
        if !text.plain.is_empty() {
            blocks.push(Block::new(line, BlockKind::Paragraph(text)));
        }
    }

    fn html(&mut self, line: usize, source: &str, blocks: &mut Vec<Block>) {
        let targets = tag::targets(source);
        blocks.extend(targets.into_iter().map(|(below, method, path)| {
            Block::new(line + below, BlockKind::Target { method, path })
        }));
        if tag::is_component(source) && source.lines().any(|line| heading(line).is_some()) {
            for (below, text) in source.lines().enumerate() {
                match heading(text) {
                    Some((level, text)) => {
                        let text = Text::of(text);
                        let kind = BlockKind::Heading { level, text };
                        blocks.push(Block::new(line + below, kind));
                    }
                    None => blocks.extend(read_fragment(text, line + below)),
                }
            }
            return;
        }
        let parts: Vec<&str> = source.split(MARK).collect();
        for (index, piece) in parts.into_iter().enumerate() {
            match piece
                .parse::<usize>()
                .ok()
                .filter(|_| index % 2 == 1)
                .and_then(|number| self.tables.get(number))
            {
                Some((table, line)) => blocks.extend(read_in_markdown(table, *line)),
                None => blocks.extend(read_fragment(piece, line)),
            }
        }
    }

    /// Inline content up to the end of the element that is open. A hard break is a line end; a soft
    /// one is a space.
    fn inline(&mut self) -> Text {
        let mut text = Text::default();
        let mut depth = 0_usize;
        // Whether a link to the place itself is open, whose text is no text of the page.
        let mut muted = false;
        // The links that are open: the depth, the place among the links, where the words begin.
        let mut open: Vec<(usize, usize, usize)> = Vec::new();
        // The depth at which the text begins in bold.
        let mut bold = None;
        for (event, _) in self.events.by_ref() {
            match event {
                Event::Text(_) | Event::Code(_) if muted => {}
                Event::Code(piece) => {
                    if text.plain.is_empty() {
                        text.marked = piece.len();
                    }
                    let start = text.plain.len();
                    text.plain.push_str(&piece);
                    text.codes.push(start..text.plain.len());
                }
                Event::Text(piece) => text.plain.push_str(&piece),
                Event::SoftBreak => text.plain.push(' '),
                Event::HardBreak => text.plain.push('\n'),
                Event::InlineHtml(tag) if is_type_argument(&text.plain, &tag) => {
                    text.plain.push_str(&tag);
                }
                Event::InlineHtml(tag) | Event::Html(tag) => {
                    muted = permalink::opens(&tag) || (muted && !tag.starts_with("</"));
                    if self.route.is_none() {
                        self.route = tag::target(&tag);
                    }
                    inline_tag(&tag, &mut text);
                }
                Event::Start(tag) => {
                    depth += 1;
                    if matches!(tag, Tag::Strong) && text.plain.is_empty() {
                        bold = Some(depth);
                    }
                    if let Tag::Link { dest_url, .. } = tag {
                        open.push((depth, text.links.len(), text.plain.len()));
                        text.links.push(Link {
                            text: String::new(),
                            target: dest_url.to_string(),
                        });
                    }
                }
                Event::End(_) if depth > 0 => {
                    if let Some((_, link, start)) = open.pop_if(|(own, ..)| *own == depth)
                        && let Some(link) = text.links.get_mut(link)
                        && let Some(words) = text.plain.get(start..)
                    {
                        words.trim().clone_into(&mut link.text);
                    }
                    if bold.take_if(|at| *at == depth).is_some() {
                        text.marked = text.plain.len();
                    }
                    depth -= 1;
                }
                Event::End(_) => break,
                _ => {}
            }
        }
        let blank = text.plain.len() - text.plain.trim_start().len();
        for code in &mut text.codes {
            *code = code.start.saturating_sub(blank)..code.end.saturating_sub(blank);
        }
        text.plain = text.plain.trim().into();
        text
    }

    fn raw_text(&mut self) -> String {
        let mut text = String::new();
        for (event, _) in self.events.by_ref() {
            match event {
                Event::Text(piece) | Event::Html(piece) | Event::InlineHtml(piece) => {
                    text.push_str(&piece);
                }
                Event::End(_) => break,
                _ => {}
            }
        }
        text
    }

    fn table(&mut self) -> Table {
        let mut table = Table::default();
        let mut cells: Vec<Cell> = Vec::new();
        let mut row_line = 0;
        while let Some((event, range)) = self.events.next() {
            let line = self.line(range.start);
            match event {
                Event::Start(Tag::TableRow | Tag::TableHead) => row_line = line,
                Event::Start(Tag::TableCell) => {
                    let text = self.inline();
                    let mut blocks =
                        blocks_of_lines(text.plain.split('\n').map(|part| (row_line, part)));
                    mark_codes(&mut blocks, &text);
                    if let Some(Block {
                        kind: BlockKind::Paragraph(first),
                        ..
                    }) = blocks.first_mut()
                    {
                        first.marked = text.marked.min(first.plain.len());
                        first.links = text.links;
                        first.anchors = text.anchors;
                    }
                    cells.push(Cell { blocks });
                }
                Event::End(TagEnd::TableHead) => {
                    table.header = std::mem::take(&mut cells).iter().map(Cell::plain).collect();
                }
                Event::End(TagEnd::TableRow) => table.rows.push(Row {
                    line: row_line,
                    cells: std::mem::take(&mut cells),
                }),
                Event::End(TagEnd::Table) => break,
                _ => {}
            }
        }
        table
    }
}

/// The heading that a line is: what stands right below a component is part of its block for
/// Markdown, and of the page for its author.
fn heading(line: &str) -> Option<(u8, &str)> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    let words = text.strip_prefix(' ')?.trim();
    let level = u8::try_from(level)
        .ok()
        .filter(|level| (1..=6).contains(level))?;
    (!words.is_empty()).then_some((level, words))
}

/// The target that a tag in a paragraph states: the path stands in the tag, or is the paragraph up to
/// its first table. What is left of the paragraph stays in the text.
fn route(line: usize, stated: tag::Tag, text: &mut Text) -> Option<Block> {
    let method = stated.method;
    let target = |path| Block::new(line, BlockKind::Target { method, path });
    if let Some(path) = stated.path {
        return Some(target(path));
    }
    let end = text.plain.find(MARK).unwrap_or(text.plain.len());
    let path = text.plain.get(..end)?.trim();
    if !tag::is_path(path) {
        return None;
    }
    let path = path.to_owned();
    text.plain = text.plain.get(end..).unwrap_or_default().to_owned();
    Some(target(path))
}

/// Whether what looks like a tag is the argument of the type before it: `List<String>`, `string
/// <uuid>`.
fn is_type_argument(before: &str, tag: &str) -> bool {
    const GENERIC: [&str; 12] = [
        "array",
        "collection",
        "dict",
        "iterable",
        "list",
        "map",
        "optional",
        "page",
        "record",
        "sequence",
        "set",
        "vec",
    ];
    let is_plain = tag
        .trim_start_matches('<')
        .trim_end_matches('>')
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let word = before
        .trim_end()
        .rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .next()
        .unwrap_or_default();
    let is_html = [
        "br", "p", "ul", "ol", "li", "sup", "sub", "code", "b", "i", "em", "strong",
    ];
    let inner = tag.trim_matches(['<', '>']).to_ascii_lowercase();
    is_plain
        && !word.is_empty()
        && !is_html.contains(&inner.as_str())
        && (GENERIC.contains(&word.to_ascii_lowercase().as_str())
            || words::parse_type(word).is_some())
}

/// What an inline tag means for the text: breaks, list items and anchors.
fn inline_tag(tag: &str, text: &mut Text) {
    let lower = tag.to_ascii_lowercase();
    if lower.starts_with("<br")
        || lower.starts_with("<p")
        || lower.starts_with("</ul")
        || lower.starts_with("</ol")
    {
        text.plain.push('\n');
    } else if lower.starts_with("<li") {
        text.plain.push_str("\n• ");
    } else if let Some(name) = ["name=\"", "id=\""]
        .iter()
        .find_map(|key| lower.find(key).map(|at| at + key.len()))
        && let Some(anchor) = tag.get(name..).and_then(|rest| rest.split('"').next())
    {
        text.anchors.push(anchor.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::super::attach::attach_captions;
    use super::*;

    #[test]
    fn gfm_cells_keep_paragraphs_and_lists() {
        let blocks = attach_captions(read(
            "Table 1 Fields\n\n| Name | Description |\n|---|---|\n| a | One.<br>Values:<br>- x<br>- y |\n",
            0,
        ));
        let Some(Block {
            kind: BlockKind::Table(table),
            ..
        }) = blocks.first()
        else {
            panic!("{blocks:?}")
        };
        assert_eq!(table.caption.as_ref().unwrap().plain, "Table 1 Fields");
        assert_eq!(table.rows[0].line, 5);
        let cell = &table.rows[0].cells[1];
        assert!(
            matches!(&cell.blocks[2].kind, BlockKind::List(items) if items.len() == 2),
            "{cell:?}"
        );
    }

    #[test]
    fn html_tables_in_markdown_keep_their_lines() {
        let source = "# T\n\n**表 1**  字段\n\n<a name=\"x\"></a>\n<table><tr><th>参数</th></tr>\n<tr><td><p>a</p>\n\n</td></tr></table>\n\nafter\n";
        let blocks = attach_captions(read(source, 0));
        let table = blocks.iter().find_map(|block| match &block.kind {
            BlockKind::Table(table) => Some(table),
            _ => None,
        });
        let table = table.unwrap();
        assert_eq!(table.rows[0].line, 7);
        assert_eq!(table.caption.as_ref().unwrap().plain, "表 1  字段");
        assert_eq!(table.anchors, ["x"]);
        assert!(
            matches!(&blocks.last().unwrap().kind, BlockKind::Paragraph(text) if text.plain == "after"),
            "{blocks:?}"
        );
    }

    #[rstest::rstest]
    #[case("# Errors {#errors .section}", "Errors", &["errors"])]
    #[case("# Errors {: #errors}", "Errors", &["errors"])]
    #[case("# GET /v1/jobs/{id}", "GET /v1/jobs/{id}", &[])]
    fn attributes_of_a_heading_are_no_text(
        #[case] source: &str,
        #[case] plain: &str,
        #[case] anchors: &[&str],
    ) {
        let blocks = read(source, 0);
        let BlockKind::Heading { text, .. } = &blocks[0].kind else {
            panic!("{blocks:?}");
        };
        assert_eq!(text.plain, plain);
        assert_eq!(text.anchors, anchors);
    }

    #[test]
    fn front_matter_is_read() {
        let (metadata, lines) = front_matter("---\nservice: dcs\nedition: 2025-08-05\n---\n# T\n");
        assert_eq!(
            metadata,
            [
                ("service".to_owned(), "dcs".to_owned()),
                ("edition".to_owned(), "2025-08-05".to_owned())
            ]
        );
        assert_eq!(lines, 4);
    }

    #[rstest::rstest]
    #[case("List<String>", "List<String>")]
    #[case("Map<String, List<Integer>>", "Map<String, List<Integer>>")]
    #[case("string <uuid>", "string <uuid>")]
    #[case("string<br>or null", "string\nor null")]
    #[case("See it<Note>here</Note>", "See ithere")]
    fn arguments_of_types_are_no_tags(#[case] source: &str, #[case] expected: &str) {
        let blocks = read(&format!("## {source}\n"), 0);
        let BlockKind::Heading { text, .. } = &blocks[0].kind else {
            panic!("{blocks:?}");
        };
        assert_eq!(text.plain, expected);
    }
}
