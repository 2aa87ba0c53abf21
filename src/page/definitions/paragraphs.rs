//! Fields that stand in paragraphs, one below the other: a line with the name, the type and whether
//! the field must be sent, and texts below it. They become the list that they stand for.

use super::super::block::{Block, BlockKind, Text};
use super::head::{first_text, head};
use super::lines::opens_below;
use super::opening::is_labelled;
use super::{announces_fields, is_status, names_side};

/// How many paragraphs may stand between a heading and the first field.
const OPENING: usize = 3;

/// How many texts below a name are looked at for what they say of it.
const BELOW: usize = 8;

/// Replaces runs of paragraphs that define fields, below headings that announce fields, by lists.
pub(super) fn gather(blocks: Vec<Block>) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::with_capacity(blocks.len());
    // How many more paragraphs may pass until fields begin.
    let mut open = 0;
    let mut items: Vec<Vec<Block>> = Vec::new();
    let mut rest = blocks.into_iter().peekable();
    let mut ahead: std::collections::VecDeque<Block> = std::collections::VecDeque::new();
    loop {
        while ahead.len() <= BELOW {
            match rest.next() {
                Some(block) => ahead.push_back(block),
                None => break,
            }
        }
        let Some(block) = ahead.pop_front() else {
            break;
        };
        let ends = match &block.kind {
            BlockKind::Heading { .. } | BlockKind::Target { .. } => true,
            // A field may be called as labels are: `attributes`, and below it its type.
            BlockKind::Paragraph(text) => {
                let is_name = !text.plain.trim().contains(char::is_whitespace);
                let begins = is_name && (open > 0 || !items.is_empty());
                is_label(text) && !(begins && is_field(&block, ahead.iter()))
                    || opens_below(text, ahead.iter())
            }
            _ => false,
        };
        if ends {
            flush(&mut items, &mut out);
            let announces = match &block.kind {
                BlockKind::Heading { text, .. } => {
                    announces_fields(&text.plain)
                        || is_status(&text.plain)
                        || names_side(&text.plain)
                }
                BlockKind::Paragraph(text) => {
                    announces_fields(&text.plain) || names_side(&text.plain)
                }
                _ => false,
            };
            open = if announces { OPENING } else { 0 };
            out.push(block);
            continue;
        }
        let begins = (open > 0 || !items.is_empty()) && is_field(&block, ahead.iter());
        if begins || !items.is_empty() && is_named(&block) {
            items.push(vec![block]);
        } else if is_set_off(&block) {
            flush(&mut items, &mut out);
            open = 0;
            out.push(block);
        } else if let Some(last) = items.last_mut() {
            last.push(block);
        } else {
            open = match block.kind {
                BlockKind::Paragraph(_) => usize::saturating_sub(open, 1),
                _ => 0,
            };
            out.push(block);
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

/// Whether a paragraph, marked as a whole, names a part of the page.
fn is_label(text: &Text) -> bool {
    let plain = text.plain.trim_end();
    text.marked > 0
        && text.marked + 1 >= plain.len()
        && (plain.ends_with([':', '：']) || text.codes.is_empty() && announces_fields(plain))
}

/// Whether a paragraph is set off as a whole, as a heading is: what stands above it ends.
fn is_set_off(block: &Block) -> bool {
    match &block.kind {
        BlockKind::Paragraph(text) => {
            text.codes.is_empty() && text.marked > 0 && text.marked >= text.plain.trim_end().len()
        }
        _ => false,
    }
}

/// Whether a paragraph begins with a word that is set off, and something in code marks right behind
/// it: a field whose type may not be known, and no part of the one before.
fn is_named(block: &Block) -> bool {
    let BlockKind::Paragraph(text) = &block.kind else {
        return false;
    };
    let (name, rest) = text.plain.split_at_checked(text.marked).unwrap_or_default();
    let start = text.marked + rest.len() - rest.trim_start().len();
    let is_word = !name.is_empty() && !name.contains(char::is_whitespace);
    is_word
        && text
            .codes
            .iter()
            .any(|code| code.start == start && start > text.marked)
}

/// Whether a paragraph is a name and what is said of it, or a name below which that is said.
pub(super) fn is_field<'b>(block: &Block, below: impl Iterator<Item = &'b Block>) -> bool {
    let own = std::slice::from_ref(block);
    let Some((_, text)) = first_text(own).filter(|(_, text)| text.marked > 0) else {
        return false;
    };
    let Some(head) = head(own) else {
        return false;
    };
    if !head.rest.is_empty() && !head.is_coded {
        return false;
    }
    if head.is_typed {
        return true;
    }
    let is_alone = text.marked >= text.plain.trim_end().len();
    is_alone
        && below
            .take(BELOW)
            .map_while(|block| match &block.kind {
                BlockKind::Paragraph(own) if own.marked == 0 || own.marked < own.plain.len() => {
                    Some(own)
                }
                BlockKind::List(_) => Some(text),
                _ => None,
            })
            .any(is_labelled)
}
