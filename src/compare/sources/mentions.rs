//! What pages mention beside what is read of them: who compares them with a document must not say
//! that something is missing which a sentence, an example or a table elsewhere tells.

use std::collections::BTreeMap;

use crate::contract::{Operation, Source};
use crate::page::{Block, BlockKind, Page};

/// The words of pages, by the operation that they stand with.
#[derive(Debug, Default)]
pub struct Mentions {
    /// By page name: line and text, in the order of lines.
    lines: BTreeMap<String, Vec<(usize, Piece)>>,
    /// By page name: where the part of each operation begins.
    starts: BTreeMap<String, Vec<usize>>,
}

/// A piece of a page's text.
#[derive(Debug)]
enum Piece {
    Heading(u8, String),
    Words(String),
    Code(String),
}

impl Piece {
    fn text(&self) -> &str {
        match self {
            Self::Heading(_, text) | Self::Words(text) | Self::Code(text) => text,
        }
    }
}

impl Mentions {
    /// The words of pages that document these operations.
    pub fn of<'p>(pages: impl IntoIterator<Item = &'p Page>, operations: &[Operation]) -> Self {
        let mut mentions = Self::default();
        for page in pages {
            let lines = mentions.lines.entry(page.name.clone()).or_default();
            for block in &page.blocks {
                collect(block, lines);
            }
            lines.sort_by_key(|(line, _)| *line);
        }
        for operation in operations {
            if let Some((page, line)) = target(operation) {
                let starts = mentions.starts.entry(page.to_owned()).or_default();
                starts.push(line);
            }
        }
        for starts in mentions.starts.values_mut() {
            starts.sort_unstable();
        }
        mentions
    }

    /// Whether the part of an operation shows a name: one that can only be a name anywhere, one
    /// that is a word of the language too where code has it as a key.
    pub(super) fn has_name(&self, operation: &Operation, name: &str) -> bool {
        let is_word = name.chars().all(|c| c.is_alphabetic() && c.is_lowercase());
        let key = format!("\"{name}\"");
        let assigned = format!("{name}=");
        self.with(operation).any(|piece| match piece {
            Piece::Code(text) => {
                text.contains(&key) || text.contains(&assigned) || !is_word && has_word(text, name)
            }
            other => !is_word && has_word(other.text(), name),
        })
    }

    /// Whether a status stands with an operation, or on a page where it is said of them all.
    pub(super) fn has_status(&self, operation: &Operation, status: u16) -> bool {
        let status = status.to_string();
        let is_said = |piece: &Piece| has_word(piece.text(), &status);
        self.with(operation).any(is_said) || self.with_none().any(is_said)
    }

    /// What stands with one operation: from its method and path to those of the next.
    fn with(&self, operation: &Operation) -> impl Iterator<Item = &Piece> {
        let part = target(operation).and_then(|(page, line)| {
            let starts = self.starts.get(page)?;
            let end = starts.iter().find(|start| **start > line).copied();
            Some((self.lines.get(page)?, line, end.unwrap_or(usize::MAX)))
        });
        let pieces = part.into_iter().flat_map(|(lines, start, end)| {
            let own = move |(line, _): &&(usize, Piece)| (start..end).contains(line);
            lines.iter().filter(own)
        });
        pieces.map(|(_, piece)| piece)
    }

    /// What stands with no operation: before the first one of a page, and behind a heading that
    /// ends the part of the last.
    fn with_none(&self) -> impl Iterator<Item = &Piece> {
        self.lines.iter().flat_map(|(page, lines)| {
            let starts = self.starts.get(page).map_or(&[][..], Vec::as_slice);
            let first = starts.first().copied().unwrap_or(usize::MAX);
            let last = starts.last().copied().unwrap_or(usize::MAX);
            let heading = |(line, piece): &(usize, Piece)| match piece {
                Piece::Heading(level, _) => Some((*line, *level)),
                Piece::Words(_) | Piece::Code(_) => None,
            };
            let mut before = lines.iter().filter_map(heading);
            let level = before.rfind(|(line, _)| *line <= last);
            let level = level.map_or(0, |(_, level)| level);
            let mut after = lines.iter().filter_map(heading);
            let end = after.find(|(line, other)| *line > last && *other <= level);
            let end = end.map_or(usize::MAX, |(line, _)| line);
            let own = move |(line, _): &&(usize, Piece)| *line < first || *line >= end;
            lines.iter().filter(own).map(|(_, piece)| piece)
        })
    }
}

/// The page and line that state an operation's method and path.
fn target(operation: &Operation) -> Option<(&str, usize)> {
    operation.facts.iter().find_map(|fact| match &fact.source {
        Source::Page(row) => Some((row.page.as_str(), row.line)),
        Source::Document(_) => None,
    })
}

/// The text of a block, and of what stands in it.
fn collect(block: &Block, lines: &mut Vec<(usize, Piece)>) {
    match &block.kind {
        BlockKind::Heading { level, text } => {
            lines.push((block.line, Piece::Heading(*level, text.plain.clone())));
        }
        BlockKind::Paragraph(text) => lines.push((block.line, Piece::Words(text.plain.clone()))),
        BlockKind::Code { text, .. } => lines.push((block.line, Piece::Code(text.clone()))),
        BlockKind::List(items) => {
            for inner in items.iter().flatten() {
                collect(inner, lines);
            }
        }
        BlockKind::Table(table) => {
            for row in &table.rows {
                for cell in &row.cells {
                    lines.push((row.line, Piece::Words(cell.plain())));
                }
            }
        }
        BlockKind::Target { .. } | BlockKind::Unread(_) => {}
    }
}

/// Whether a text has a word, with no letter or digit beside it.
fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text
            .get(at + word.len()..)
            .and_then(|text| text.chars().next());
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}
