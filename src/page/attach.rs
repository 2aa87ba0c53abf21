//! Which table a caption belongs to: the one below it, or on some pages the one above.

use super::block::{Block, BlockKind, Table, Text};
use super::caption::is_caption;

/// How deep lists are followed.
const DEPTH: usize = 40;

/// Moves each caption of a page into its table, in lists too; anchors between them belong to the
/// table as well.
pub(super) fn attach_captions(blocks: Vec<Block>) -> Vec<Block> {
    let blocks = without_repeats(blocks, 0);
    let mut kinds = Vec::new();
    gather(&blocks, &mut kinds, 0);
    attach(blocks, are_below(&kinds), 0)
}

/// The blocks without captions that a tool has set below tables that have them already.
fn without_repeats(blocks: Vec<Block>, depth: usize) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    for mut block in blocks {
        if let BlockKind::List(items) = &mut block.kind
            && depth < DEPTH
        {
            for item in items {
                *item = without_repeats(std::mem::take(item), depth + 1);
            }
        }
        let above = out.iter_mut().rev().find(|known| kind(known).is_some());
        if let BlockKind::Paragraph(text) = &block.kind
            && let Some(BlockKind::Table(table)) = above.map(|known| &mut known.kind)
            && let Some(caption) = &table.caption
            && is_caption(&text.plain)
            && plain_caption(text).plain.trim() == plain_caption(caption).plain.trim()
        {
            table.anchors.extend(text.anchors.iter().cloned());
        } else {
            out.push(block);
        }
    }
    out
}

fn attach(mut blocks: Vec<Block>, is_below: bool, depth: usize) -> Vec<Block> {
    for block in blocks.iter_mut().filter(|_| depth < DEPTH) {
        if let BlockKind::List(items) = &mut block.kind {
            for item in items {
                *item = attach(std::mem::take(item), is_below, depth + 1);
            }
        }
    }
    let blocks = attach_below(blocks, !is_below);
    if is_below {
        attach_above(blocks)
    } else {
        blocks
    }
}

/// Moves what stands directly before a table into it: anchors, and where captions stand so, its
/// caption.
fn attach_below(blocks: Vec<Block>, has_captions: bool) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    for mut block in blocks {
        if let BlockKind::Table(table) = &mut block.kind {
            while let Some(Block {
                kind: BlockKind::Paragraph(text),
                ..
            }) = out.last()
            {
                let is_caption = has_captions && table.caption.is_none() && is_caption(&text.plain);
                if !text.plain.is_empty() && !is_caption {
                    break;
                }
                table.anchors.extend(text.anchors.iter().cloned());
                if is_caption {
                    table.caption = Some(plain_caption(text));
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
fn are_below(kinds: &[Kind]) -> bool {
    let has_caption = kinds.contains(&Kind::Caption);
    let starts = kinds.iter().find(|kind| **kind != Kind::Other) == Some(&Kind::Table);
    let follows = kinds
        .iter()
        .zip(kinds.iter().skip(1))
        .all(|(before, own)| *own != Kind::Caption || *before == Kind::Table);
    let ends = kinds
        .iter()
        .rposition(|kind| *kind == Kind::Caption)
        .is_some_and(|last| kinds.get(last + 1) != Some(&Kind::Table));
    has_caption && starts && follows && ends
}

/// The kinds of blocks, those in lists among them, in the order of the page.
fn gather(blocks: &[Block], kinds: &mut Vec<Kind>, depth: usize) {
    for block in blocks {
        match &block.kind {
            BlockKind::List(items) if depth < DEPTH => {
                kinds.push(Kind::Other);
                for item in items {
                    gather(item, kinds, depth + 1);
                    kinds.push(Kind::Other);
                }
            }
            _ => kinds.extend(kind(block)),
        }
    }
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

    /// Blocks: `T` is a table, `O` one with a caption of its own, `o` the same caption as a
    /// paragraph, `-` a paragraph, a digit the caption of that number, and what stands between `[`
    /// and `]` is in a list.
    fn blocks(signs: &mut std::str::Chars<'_>) -> Vec<Block> {
        let mut blocks = Vec::new();
        while let Some(sign) = signs.next() {
            let kind = match sign {
                '[' => BlockKind::List(vec![self::blocks(signs)]),
                ']' => break,
                'T' => BlockKind::Table(Table::default()),
                'O' => BlockKind::Table(Table {
                    caption: Some(Text::of("Table 9 Own")),
                    ..Table::default()
                }),
                'o' => BlockKind::Paragraph(Text::of("**Table 9** Own")),
                '-' => BlockKind::Paragraph(Text::of("Words.")),
                number => BlockKind::Paragraph(Text::of(format!("Table {number} Fields"))),
            };
            blocks.push(Block::new(1, kind));
        }
        blocks
    }

    /// The captions of tables.
    fn captions(blocks: Vec<Block>) -> Vec<String> {
        let mut found = Vec::new();
        for block in blocks {
            match block.kind {
                BlockKind::Table(table) => {
                    found.push(table.caption.map(|own| own.plain).unwrap_or_default());
                }
                BlockKind::List(items) => found.extend(items.into_iter().flat_map(captions)),
                _ => {}
            }
        }
        found
    }

    #[rstest]
    #[case::above("1T2T", &["Table 1 Fields", "Table 2 Fields"])]
    #[case::above_with_words("-1T-2T-", &["Table 1 Fields", "Table 2 Fields"])]
    #[case::below("T1T2", &["Table 1 Fields", "Table 2 Fields"])]
    #[case::below_with_words("-T1-T2-", &["Table 1 Fields", "Table 2 Fields"])]
    #[case::below_in_lists("[T1-][T2]", &["Table 1 Fields", "Table 2 Fields"])]
    #[case::above_in_lists("[1T][2T]", &["Table 1 Fields", "Table 2 Fields"])]
    #[case::first_has_none("T-1T", &["", "Table 1 Fields"])]
    #[case::last_is_lost("1T2-", &["Table 1 Fields"])]
    #[case::lost_after_words("T-1T-2-", &["", "Table 1 Fields"])]
    #[case::repeated("OoT1", &["Table 9 Own", "Table 1 Fields"])]
    #[case::repeated_last("T1Oo-", &["Table 1 Fields", "Table 9 Own"])]
    #[case::repeated_in_a_list("[Oo]T1", &["Table 9 Own", "Table 1 Fields"])]
    fn a_caption_finds_its_table(#[case] page: &str, #[case] expected: &[&str]) {
        let page = attach_captions(blocks(&mut page.chars()));
        assert_eq!(captions(page), expected);
    }
}
