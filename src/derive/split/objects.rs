//! The objects that stand before and behind the only operation of a page, and are no part of it.

use std::collections::BTreeSet;

use super::OBJECTS;
use super::headings::{Headings, names};
use super::lent::links_of;
use crate::derive::labels::{Label, label};
use crate::derive::proofread::slug;
use crate::derive::section::Section;
use crate::page::{Block, BlockKind, Text};

/// Where the blocks of a page's only target begin: behind the sections beside its own that tell of
/// another operation, whose target is not read.
pub(super) fn past_others(flat: &[&Block], headings: &Headings, at: usize) -> usize {
    let heading_at = |at: usize| match flat.get(at).map(|block| &block.kind) {
        Some(BlockKind::Heading { text, .. }) => Some(text),
        _ => None,
    };
    let Some(own) = headings
        .above(at)
        .filter(|own| heading_at(*own).is_some_and(names))
    else {
        return 0;
    };
    let labels_fields = |block: &&Block| match &block.kind {
        BlockKind::Heading { text, .. } | BlockKind::Paragraph(text) => {
            text.plain.len() <= 60
                && matches!(
                    label(&text.plain),
                    Some(Label::Neutral(_) | Label::Of(Section::Request, _))
                )
        }
        _ => false,
    };
    let around = headings.around(own);
    let tells_of_another = |other: &usize| {
        headings.around(*other) == around
            && around.is_some()
            && heading_at(*other).is_some_and(names)
            && flat
                .get(other + 1..headings.end(*other))
                .is_some_and(|below| below.iter().any(labels_fields))
    };
    let linked = links_of(flat.get(at..headings.end(own)).unwrap_or_default());
    // A table below a heading of its own is an object that the operation may refer to, and so is what
    // is shown below one that it links to.
    let tells_of_an_object = |other: &usize| {
        headings.end(*other) <= own
            && heading_at(*other).is_some_and(names)
            && flat
                .get(other + 1..headings.end(*other))
                .is_some_and(|below| {
                    below.iter().any(|block| is_table(block))
                        || heading_at(*other).is_some_and(|text| is_linked(text, &linked))
                            && below.iter().any(|block| is_code(block))
                })
    };
    (0..own)
        .rev()
        .filter(|other| heading_at(*other).is_some())
        .find(|other| tells_of_another(other) || tells_of_an_object(other))
        .map_or(0, |other| headings.end(other))
}

/// Where the objects of a page begin behind its only target: at a heading for them, or one that the
/// operation links to, that is no part of the operation's section.
pub(super) fn objects(flat: &[&Block], headings: &Headings, at: usize) -> usize {
    let level_of = |at: usize| match flat.get(at).map(|block| &block.kind) {
        Some(BlockKind::Heading { level, .. }) => Some(*level),
        _ => None,
    };
    let Some(own) = headings.above(at).and_then(level_of) else {
        return flat.len();
    };
    let is_object = |other: usize, text: &Text| {
        let below = flat.get(other + 1..headings.end(other));
        let describes = |block: &&Block| is_table(block) || is_code(block);
        let linked = links_of(flat.get(at..other).unwrap_or_default());
        names(text)
            && is_linked(text, &linked)
            && below.is_some_and(|below| below.iter().any(describes))
    };
    (at + 1..flat.len())
        .find(|at| {
            let Some(Block {
                kind: BlockKind::Heading { level, text },
                ..
            }) = flat.get(*at)
            else {
                return false;
            };
            *level <= own && (OBJECTS.is_match(text.plain.trim()) || is_object(*at, text))
        })
        .unwrap_or(flat.len())
}

fn is_table(block: &Block) -> bool {
    matches!(block.kind, BlockKind::Table(_))
}

fn is_code(block: &Block) -> bool {
    matches!(block.kind, BlockKind::Code { .. })
}

/// Whether one of the anchors that links lead to is that of a heading.
fn is_linked(text: &Text, linked: &BTreeSet<String>) -> bool {
    let mut anchors = text.anchors.iter().map(|own| own.to_lowercase());
    linked.contains(&slug(&text.plain)) || anchors.any(|own| linked.contains(&own))
}
