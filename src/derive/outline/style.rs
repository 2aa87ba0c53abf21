//! How the blocks of an operation are labelled: a label for the method alone, and labels at the
//! beginning of a paragraph that says, too, what they label (`**Parameters**: None`).

use crate::derive::labels::Label;
use crate::derive::named_status::label_with_status;
use crate::derive::section::Section;
use crate::derive::target;
use crate::page::{Block, BlockKind, Text};

/// How blocks are labelled.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    /// Whether a label of its own says that the method stands below it: the path has one too.
    pub is_apart: bool,
    /// Whether paragraphs begin with the labels of what they say.
    pub has_inline: bool,
}

impl Style {
    /// That of some blocks.
    pub(super) fn of(blocks: &[&Block]) -> Self {
        Self {
            is_apart: blocks.iter().any(|block| titles_method(block)),
            has_inline: are_used(blocks),
        }
    }
}

/// Whether a block is a label below which a method stands alone.
fn titles_method(block: &Block) -> bool {
    match &block.kind {
        BlockKind::Heading { text, .. } | BlockKind::Paragraph(text) => {
            target::titles_method(&text.plain)
        }
        _ => false,
    }
}

/// The label that a paragraph begins with, where it is set off and a colon parts it from the rest.
pub(super) fn label_of(text: &Text) -> Option<&str> {
    let (head, rest) = text.plain.split_at_checked(text.marked)?;
    let label = head.trim().trim_end_matches([':', '：', ' ']);
    let is_parted =
        head.trim_end().ends_with([':', '：']) || rest.trim_start().starts_with([':', '：']);
    let rest = rest.trim_matches([':', '：', ' ']);
    let is_label = is_parted && !label.is_empty() && !rest.is_empty();
    is_label.then_some(label)
}

/// Whether blocks have several such labels, and one of what is sent: then those of the answer part the
/// two sides.
fn are_used(blocks: &[&Block]) -> bool {
    let labels = blocks.iter().filter_map(|block| match &block.kind {
        BlockKind::Paragraph(text) => Some(label_with_status(label_of(text)?)?.0),
        _ => None,
    });
    let labels: Vec<Label> = labels.collect();
    let is_of_request =
        |own: &Label| matches!(own, Label::Neutral(_) | Label::Of(Section::Request, _));
    labels.len() > 1 && labels.iter().any(is_of_request)
}
