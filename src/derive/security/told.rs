//! The sentences and the code of blocks, as they are read for what they say of credentials.

use super::CONSEQUENCE;
use crate::page::{Block, BlockKind, Text};

/// A text with whether it is code: what code shows is sent.
pub(super) struct Told {
    pub(super) text: String,
    /// The same with marks around what is marked up as code in it.
    pub(super) ticked: String,
    pub(super) is_code: bool,
}

/// The sentences and the code of blocks; rows of tables are read by their names.
pub(super) fn told(blocks: &[Block]) -> Vec<Told> {
    let mut all = Vec::new();
    for block in blocks {
        match &block.kind {
            BlockKind::Paragraph(text) => sentences(text, &mut all),
            BlockKind::List(items) => items.iter().for_each(|item| all.extend(told(item))),
            BlockKind::Code { text, .. } => all.push(Told {
                text: text.clone(),
                ticked: text.clone(),
                is_code: true,
            }),
            BlockKind::Heading { .. }
            | BlockKind::Table(_)
            | BlockKind::Target { .. }
            | BlockKind::Unread(_) => {}
        }
    }
    all
}

pub(super) fn sentences(text: &Text, all: &mut Vec<Told>) {
    for sentence in text.ticked().split_inclusive(['.', '。', '\n']) {
        let sentence = CONSEQUENCE.replace(sentence, "");
        all.push(Told {
            text: sentence.replace('`', ""),
            ticked: sentence.into_owned(),
            is_code: false,
        });
    }
}
