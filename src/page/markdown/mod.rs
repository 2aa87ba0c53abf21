//! Markdown: GFM with pipe tables, and with HTML tables. The interface to the `pulldown-cmark`
//! crate is localised here.

mod admonition;
mod anchor;
mod aside;
mod front;
mod html_tables;
mod indented;
mod inline;
mod open_header;

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

pub(super) use self::front::front_matter;
use self::html_tables::{MARK, take_tables};
pub(super) use self::inline::footnote;
use self::inline::{
    heading, inline_tag, is_path_part, is_type_argument, route, status_of_fence, take_attributes,
    title_of_fence,
};
use super::block::{Block, BlockKind, Cell, Link, Row, Table, Text, mark_codes};
use super::cell::blocks_of_lines;
use super::code;
use super::generated::indent;
use super::html::{read_fragment, read_in_markdown};
use super::{
    blueprint, component, gitbook, headerless, liquid, magic, permalink, run_on, shortcode,
    spanned, tag, torn_rows,
};

/// How deep lists and quotes are followed.
const DEPTH: usize = 40;

/// Reads Markdown; `skip` lines at the start are front matter.
pub(super) fn read(source: &str, skip: usize) -> Vec<Block> {
    let body: String = source
        .split_inclusive('\n')
        .enumerate()
        .map(|(index, line)| if index < skip { "\n" } else { line })
        .collect();
    let blueprint = blueprint::rewrite(&body);
    let body = blueprint.as_ref().map_or(body.as_str(), |own| &own.text);
    let body = magic::replace(body);
    let body = gitbook::replace(&body);
    let body = liquid::replace(&body);
    let body = shortcode::replace(&body);
    let body = component::replace(&body);
    let body = aside::replace(&body);
    let body = admonition::replace(&body);
    let body = anchor::replace(&body);
    let body = indented::html(&body);
    let body = open_header::close(&body);
    let (body, tables) = take_tables(&body);
    let spanned = spanned::join(&body);
    let ruled = headerless::rule(&spanned.text);
    let torn_rows = torn_rows::join(&ruled.text);
    let run_on::Joined { text: body, lines } = run_on::join(&torn_rows.text);
    let lines = lines
        .into_iter()
        .map(|line| {
            let before = [&torn_rows.lines, &ruled.lines, &spanned.lines];
            before.into_iter().fold(line, |line, lines| {
                line.checked_sub(1)
                    .and_then(|at| lines.get(at))
                    .copied()
                    .unwrap_or(line)
            })
        })
        .map(|line| {
            let lines = blueprint.iter().map(|own| &own.lines);
            lines
                .filter_map(|own| own.get(line - 1))
                .copied()
                .next()
                .unwrap_or(line)
        })
        .collect();
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
        is_struck: false,
        indent: None,
    };
    reader.blocks(0)
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

struct Reader<'s> {
    events: std::vec::IntoIter<(Event<'s>, Range<usize>)>,
    /// The target that a tag of the text that is read states.
    route: Option<tag::Tag>,
    starts: Vec<usize>,
    /// The line of the source that each line of what is read begins at.
    lines: Vec<usize>,
    tables: Vec<(String, usize)>,
    /// Whether the last text is struck out as a whole.
    is_struck: bool,
    /// How the last text is indented: a sign for each space, and the text without.
    indent: Option<(String, String)>,
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
                    self.strike(&mut text);
                    if let Some(stated) = self.route.take() {
                        blocks.extend(route(line, stated, &mut text));
                    }
                    self.paragraph(line, text, &mut blocks);
                }
                Event::Start(Tag::Heading { level, .. }) => {
                    let mut text = self.inline();
                    take_attributes(&mut text);
                    self.strike(&mut text);
                    blocks.push(Block::new(
                        line,
                        BlockKind::Heading {
                            level: level as u8,
                            text,
                        },
                    ));
                }
                Event::Start(Tag::CodeBlock(kind)) => {
                    let is_indented = matches!(kind, CodeBlockKind::Indented);
                    let language = match kind {
                        CodeBlockKind::Fenced(name) if !name.is_empty() => Some(name.to_string()),
                        _ => None,
                    };
                    let text = self.raw_text();
                    if let Some(table) = indented::table(&text).filter(|_| is_indented) {
                        blocks.extend(read(&format!("{}{table}", "\n".repeat(line - 1)), 0));
                        continue;
                    }
                    let status = language.as_deref().and_then(status_of_fence);
                    blocks.extend(status.map(|status| {
                        let label = Text::of(format!("Response example ({status})"));
                        Block::new(line, BlockKind::Paragraph(label))
                    }));
                    let title = language.as_deref().and_then(title_of_fence);
                    blocks.extend(title.filter(|_| status.is_none()).map(|title| {
                        let label = Text {
                            marked: title.len(),
                            ..Text::of(title)
                        };
                        Block::new(line, BlockKind::Paragraph(label))
                    }));
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
                    let start = loose.plain.len();
                    loose.plain.push_str(&text);
                    if is_code {
                        loose.codes.push(start..loose.plain.len());
                    }
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

    /// Gives a text that is struck out its marks back: what it says holds no more.
    fn strike(&mut self, text: &mut Text) {
        if std::mem::take(&mut self.is_struck) {
            text.plain = format!("~~{}~~", text.plain);
            text.marked = 0;
            text.codes.clear();
        }
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
        // The same of a text that is struck out, and where that ends.
        let mut struck = (None, 0);
        // The depth of what is set in italics, and where it begins.
        let mut italic = None;
        // Where what is raised begins.
        let mut raised = None;
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
                Event::InlineHtml(tag)
                    if is_type_argument(&text.plain, &tag) || is_path_part(&text.plain, &tag) =>
                {
                    text.plain.push_str(&tag);
                }
                Event::InlineHtml(tag) | Event::Html(tag) => {
                    muted = permalink::opens(&tag) || (muted && !tag.starts_with("</"));
                    if self.route.is_none() {
                        self.route = tag::target(&tag);
                    }
                    inline_tag(&tag, &mut text);
                    if matches!(&*tag, "<i>" | "<em>" | "<var>") {
                        italic = Some((depth, text.plain.len()));
                    } else if let Some((_, start)) = italic.take_if(|_| tag.starts_with("</")) {
                        code::brace(&mut text.plain, start);
                    }
                    if tag.starts_with("<sup") {
                        raised = Some(text.plain.len());
                    } else if let Some(start) = raised.take_if(|_| tag.starts_with("</sup")) {
                        footnote(&mut text, start);
                    }
                }
                Event::Start(tag) => {
                    depth += 1;
                    if matches!(tag, Tag::Strong) && text.plain.is_empty() {
                        bold = Some(depth);
                    }
                    if matches!(tag, Tag::Emphasis) {
                        italic = Some((depth, text.plain.len()));
                    }
                    if matches!(tag, Tag::Strikethrough) && text.plain.is_empty() {
                        struck.0 = Some(depth);
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
                    if let Some((_, start)) = italic.take_if(|(at, _)| *at == depth) {
                        code::brace(&mut text.plain, start);
                    }
                    if bold.take_if(|at| *at == depth).is_some() {
                        text.marked = text.plain.len();
                    }
                    if struck.0.take_if(|at| *at == depth).is_some() {
                        struck.1 = text.plain.len();
                    }
                    depth -= 1;
                }
                Event::End(_) => break,
                _ => {}
            }
        }
        self.is_struck = struck.1 > 0 && struck.1 == text.plain.trim_end().len();
        self.indent = indent(&text.plain).map(|(signs, name)| (signs, name.to_owned()));
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
                    let mut text = self.inline();
                    // A name is what the first column of a table of fields holds.
                    if let Some((signs, name)) = self.indent.take_if(|_| cells.is_empty()) {
                        text.plain = format!("{signs} {}", name.trim());
                        text.codes.clear();
                    }
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
}
