//! Which table a caption belongs to: the one below it, or on some pages the one above.

use super::block::{Block, BlockKind, Table, Text};
use super::caption::is_caption;

/// Moves a caption paragraph that stands directly before a table into it; anchors between them
/// belong to the table too.
pub(super) fn attach_captions(blocks: Vec<Block>) -> Vec<Block> {
    if are_below(&blocks) {
        return attach_above(blocks);
    }
    let mut out: Vec<Block> = Vec::new();
    for mut block in blocks {
        if let BlockKind::Table(table) = &mut block.kind {
            while let Some(Block {
                kind: BlockKind::Paragraph(text),
                ..
            }) = out.last()
            {
                if text.plain.is_empty() {
                    table.anchors.extend(text.anchors.iter().cloned());
                } else if table.caption.is_none() && is_caption(&text.plain) {
                    table.anchors.extend(text.anchors.iter().cloned());
                    table.caption = Some(plain_caption(text));
                } else {
                    break;
                }
                out.pop();
            }
        }
        out.push(block);
    }
    out
}

/// What stands on a page in the order of tables and captions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Table,
    Caption,
    Other,
}

/// Whether captions stand below their tables: each right behind one, so that the first table has
/// none above it and the last caption has no table below it.
fn are_below(blocks: &[Block]) -> bool {
    let kinds: Vec<Kind> = blocks.iter().filter_map(kind).collect();
    let has_caption = kinds.contains(&Kind::Caption);
    let starts = kinds.iter().find(|kind| **kind != Kind::Other) == Some(&Kind::Table);
    let follows = kinds
        .windows(2)
        .all(|pair| pair[1] != Kind::Caption || pair[0] == Kind::Table);
    let ends = kinds
        .iter()
        .rposition(|kind| *kind == Kind::Caption)
        .is_some_and(|last| kinds.get(last + 1) != Some(&Kind::Table));
    has_caption && starts && follows && ends
}

fn kind(block: &Block) -> Option<Kind> {
    match &block.kind {
        BlockKind::Table(Table { caption: None, .. }) => Some(Kind::Table),
        BlockKind::Paragraph(text) if text.plain.is_empty() => None,
        BlockKind::Paragraph(text) if is_caption(&text.plain) => Some(Kind::Caption),
        _ => Some(Kind::Other),
    }
}

/// Moves each caption into the table above it.
fn attach_above(blocks: Vec<Block>) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    for block in blocks {
        let above = out
            .iter_mut()
            .rev()
            .find(|known| kind(known).is_some())
            .map(|known| &mut known.kind);
        match (&block.kind, above) {
            (BlockKind::Paragraph(text), Some(BlockKind::Table(table)))
                if table.caption.is_none() && is_caption(&text.plain) =>
            {
                table.anchors.extend(text.anchors.iter().cloned());
                table.caption = Some(plain_caption(text));
            }
            _ => out.push(block),
        }
    }
    out
}

fn plain_caption(text: &Text) -> Text {
    let mut caption = text.clone();
    caption.plain = caption.plain.replace("**", "");
    caption
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    /// The captions of the tables of a page: `T` is a table, `-` a paragraph, a digit the caption
    /// of that number.
    fn captions(page: &str) -> Vec<Option<String>> {
        let blocks = page
            .chars()
            .map(|sign| {
                let kind = match sign {
                    'T' => BlockKind::Table(Table::default()),
                    '-' => BlockKind::Paragraph(Text::of("Words.")),
                    number => BlockKind::Paragraph(Text::of(format!("Table {number} Fields"))),
                };
                Block::new(1, kind)
            })
            .collect();
        attach_captions(blocks)
            .into_iter()
            .filter_map(|block| match block.kind {
                BlockKind::Table(table) => Some(table.caption.map(|caption| caption.plain)),
                _ => None,
            })
            .collect()
    }

    #[rstest]
    #[case::above("1T2T", &["Table 1 Fields", "Table 2 Fields"])]
    #[case::above_with_words("-1T-2T-", &["Table 1 Fields", "Table 2 Fields"])]
    #[case::below("T1T2", &["Table 1 Fields", "Table 2 Fields"])]
    #[case::below_with_words("-T1-T2-", &["Table 1 Fields", "Table 2 Fields"])]
    #[case::first_has_none("T-1T", &["", "Table 1 Fields"])]
    #[case::last_is_lost("1T2-", &["Table 1 Fields"])]
    #[case::lost_after_words("T-1T-2-", &["", "Table 1 Fields"])]
    fn a_caption_finds_its_table(#[case] page: &str, #[case] expected: &[&str]) {
        let found: Vec<String> = captions(page)
            .into_iter()
            .map(Option::unwrap_or_default)
            .collect();
        assert_eq!(found, expected);
    }
}
