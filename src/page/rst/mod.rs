//! reStructuredText: sections, lists, directives, literal blocks, and grid, simple, list and CSV
//! tables, nested in each other.

mod blocks;
mod directive;
mod fields;
mod grid;
mod inline;
mod line_block;
mod openstack;
mod own;
mod sense;
mod simple;
mod target;
mod terms;

use super::beside::Beside;
use super::block::Block;

/// How deep lists, directives and cells are followed; what is deeper is read as plain paragraphs.
const DEPTH: usize = 24;

/// A line of the source without the indentation of what it stands in.
#[derive(Debug, Clone, Copy)]
struct Line<'s> {
    number: usize,
    text: &'s str,
}

impl Line<'_> {
    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// How many bytes of spaces and tabs the line begins with.
    fn indent(&self) -> usize {
        self.text.len() - self.text.trim_start_matches([' ', '\t']).len()
    }

    /// The line without its first `indent` bytes of white space.
    fn outdented(&self, indent: usize) -> Self {
        let cut = indent.min(self.indent());
        Self {
            number: self.number,
            text: self.text.get(cut..).unwrap_or_default(),
        }
    }
}

/// Reads reStructuredText, with the files that lie beside it.
pub(super) fn read(source: &str, beside: &Beside) -> Vec<Block> {
    let lines = numbered(source.lines().zip(1..).map(|(text, number)| (number, text)));
    let mut reader = blocks::Reader {
        beside: beside.clone(),
        sense: sense::sense(&lines),
        ..blocks::Reader::default()
    };
    reader.blocks(&lines, 0)
}

/// Reads a piece of reStructuredText that stands elsewhere: lines with their numbers.
fn read_lines<'s>(lines: impl Iterator<Item = (usize, &'s str)>) -> Vec<Block> {
    blocks::Reader::default().blocks(&numbered(lines), 0)
}

fn numbered<'s>(lines: impl Iterator<Item = (usize, &'s str)>) -> Vec<Line<'s>> {
    lines
        .map(|(number, text)| Line {
            number,
            text: text.trim_end(),
        })
        .collect()
}

/// Lines that are indented, without the indentation that they have in common.
fn dedent<'s>(lines: &[Line<'s>]) -> Vec<Line<'s>> {
    let common = lines
        .iter()
        .filter(|line| !line.is_blank())
        .map(Line::indent)
        .min()
        .unwrap_or(0);
    lines.iter().map(|line| line.outdented(common)).collect()
}

/// The text of lines as it stands, blank lines at both ends left out.
fn verbatim(lines: &[Line<'_>]) -> String {
    let first = lines.iter().position(|line| !line.is_blank()).unwrap_or(0);
    let last = lines
        .iter()
        .rposition(|line| !line.is_blank())
        .map_or(0, |last| last + 1);
    let texts: Vec<&str> = lines
        .get(first..last.max(first))
        .unwrap_or_default()
        .iter()
        .map(|line| line.text)
        .collect();
    texts.join("\n")
}

/// How many columns a character takes: East Asian wide ones take two, and tables are drawn with
/// that in mind.
fn width(character: char) -> usize {
    const WIDE: &[std::ops::RangeInclusive<char>] = &[
        '\u{1100}'..='\u{115f}',
        '\u{2e80}'..='\u{303e}',
        '\u{3041}'..='\u{a4cf}',
        '\u{ac00}'..='\u{d7a3}',
        '\u{f900}'..='\u{faff}',
        '\u{fe30}'..='\u{fe6f}',
        '\u{ff00}'..='\u{ff60}',
        '\u{ffe0}'..='\u{ffe6}',
        '\u{20000}'..='\u{3fffd}',
    ];
    if WIDE.iter().any(|range| range.contains(&character)) {
        2
    } else {
        1
    }
}

/// The bytes at which a line's columns begin, one entry a column and one for the end.
fn column_starts(text: &str) -> Vec<usize> {
    let mut starts = Vec::with_capacity(text.len() + 1);
    for (at, character) in text.char_indices() {
        starts.extend(std::iter::repeat_n(at, width(character)));
    }
    starts.push(text.len());
    starts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{BlockKind, Table};

    pub(super) fn read(source: &str) -> Vec<Block> {
        super::read(source, &Beside::default())
    }

    pub(super) fn table_of(blocks: &[Block]) -> &Table {
        blocks
            .iter()
            .find_map(|block| match &block.kind {
                BlockKind::Table(table) => Some(table),
                _ => None,
            })
            .unwrap()
    }

    #[test]
    fn a_page_is_read_with_sections_lists_tables_and_code() {
        let source = "\
.. _MakeThing:

Making a Thing
==============

URI
---

-  URI format

   POST /v1/{id}/things

-  Parameter description

   .. _here:

   .. table:: **Table 1** Path parameters

      +------+--------+-------------------+
      | Name | Type   | Description       |
      +======+========+===================+
      | id   | String | One of:           |
      |      |        |                   |
      |      |        | -  **a**: first   |
      |      |        | -  *b*: second    |
      +------+--------+-------------------+

Example
-------

.. code-block:: json

   {
     \"a\": 1
   }
";
        let blocks = read(source);
        let BlockKind::Heading { level: 1, text } = &blocks[0].kind else {
            panic!("{blocks:#?}")
        };
        assert_eq!(
            (text.plain.as_str(), text.anchors[0].as_str()),
            ("Making a Thing", "MakeThing")
        );
        let BlockKind::List(items) = &blocks[2].kind else {
            panic!("{blocks:#?}")
        };
        assert_eq!(items.len(), 2);
        let table = table_of(&items[1]);
        assert_eq!(
            table.caption.as_ref().unwrap().plain,
            "Table 1 Path parameters"
        );
        assert_eq!(table.anchors, ["here"]);
        assert_eq!(table.header, ["Name", "Type", "Description"]);
        assert_eq!(table.rows[0].line, 22);
        assert_eq!(table.rows[0].cells[2].plain(), "One of: a: first b: second");
        assert!(
            matches!(&blocks[4].kind, BlockKind::Code { text, .. } if text == "{\n  \"a\": 1\n}"),
            "{blocks:#?}"
        );
    }
}
