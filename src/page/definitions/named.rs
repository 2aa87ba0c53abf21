//! Fields that stand in paragraphs of their own, the name in bold at the start and what is said of
//! them on lines below: `Type: String`, `Required: Yes`, `Length Constraints: ...`. They become the
//! list that they stand for.

use super::super::block::{Block, BlockKind, Text};

/// How many lines below a name may say something of it.
const BELOW: usize = 16;

phrases! {
    FieldLines:

    /// A line that says one thing of a field.
    static LABEL;
}

pattern! {
    /// A name in marks of bold, which spaces in them keep from being marks.
    static STARRED = r"^\s*\*\*\s+(?P<name>[A-Za-z_][\w.$-]*)\s+\*\*\s*(?P<rest>.*)$";
}

/// The name that a paragraph begins with, and what stands behind it.
fn named(block: &Block) -> Option<(&str, &str)> {
    let BlockKind::Paragraph(text) = &block.kind else {
        return None;
    };
    let found = STARRED.captures(&text.plain)?;
    Some((
        found.name("name")?.as_str(),
        found.name("rest").map_or("", |rest| rest.as_str()),
    ))
}

/// Whether a block says one thing of a field under its label.
fn is_labelled(block: &Block) -> bool {
    matches!(&block.kind, BlockKind::Paragraph(text) if LABEL.is_match(text.plain.trim()))
}

/// Replaces runs of such paragraphs by lists.
pub(super) fn gather(blocks: Vec<Block>) -> Vec<Block> {
    if !blocks.iter().any(|block| named(block).is_some()) {
        return blocks;
    }
    let mut out: Vec<Block> = Vec::with_capacity(blocks.len());
    let mut items: Vec<Vec<Block>> = Vec::new();
    let mut rest = blocks.as_slice();
    while let Some((block, behind)) = rest.split_first() {
        rest = behind;
        let own = named(block).filter(|_| {
            let mut below = behind.iter().take(BELOW);
            let end = below.position(|next| {
                named(next).is_some() || !matches!(next.kind, BlockKind::Paragraph(_))
            });
            let below = behind.get(..end.unwrap_or(behind.len().min(BELOW)));
            below.is_some_and(|below| below.iter().any(is_labelled))
        });
        match own {
            Some((name, description)) => {
                let term = Text {
                    plain: name.to_owned(),
                    marked: name.len(),
                    ..Text::default()
                };
                let mut item = vec![Block::new(block.line, BlockKind::Paragraph(term))];
                if !description.is_empty() {
                    let text = Text::of(description);
                    item.push(Block::new(block.line, BlockKind::Paragraph(text)));
                }
                items.push(item);
            }
            None => match items.last_mut() {
                Some(item)
                    if matches!(block.kind, BlockKind::Paragraph(_)) && named(block).is_none() =>
                {
                    item.push(block.clone());
                }
                _ => {
                    flush(&mut items, &mut out);
                    out.push(block.clone());
                }
            },
        }
    }
    flush(&mut items, &mut out);
    out
}

fn flush(items: &mut Vec<Vec<Block>>, out: &mut Vec<Block>) {
    if let Some(first) = items.first().and_then(|item| item.first()) {
        let line = first.line;
        out.push(Block::new(line, BlockKind::List(std::mem::take(items))));
    }
}
