//! Targets that stand together open one operation.

use super::LINKING;
use super::headings::names;
use crate::derive::candidates::{Candidate, named};
use crate::page::{Block, BlockKind};

pattern! {
    /// A status code in a sentence.
    static STATUS = r"\b[1-5]\d\d\b";
}

/// How many targets may share what stands below them: more are an overview.
const MOST_TOGETHER: usize = 50;

/// Targets that stand together open one part.
pub(super) fn groups(flat: &[&Block], candidates: Vec<Candidate>) -> Vec<Vec<Candidate>> {
    let mut groups: Vec<Vec<Candidate>> = Vec::new();
    for own in candidates {
        let joins = groups
            .last()
            .filter(|group| group.len() < MOST_TOGETHER)
            .and_then(|group| group.last())
            .filter(|last| last.unread.is_none() && own.unread.is_none())
            .is_some_and(|last| {
                last.at == own.at
                    || flat.get(last.at + 1..own.at).is_some_and(|between| {
                        let is_together = last.is_titled() && own.is_titled();
                        between.len() <= 2
                            && between
                                .iter()
                                .all(|block| links(block) || is_together && is_short(block))
                    }) && !is_heading(flat, last.at)
                        && !is_heading(flat, own.at)
            });
        match groups.last_mut().filter(|_| joins) {
            Some(group) => group.push(own),
            None => groups.push(vec![own]),
        }
    }
    groups
}

/// The groups of a page without those that state its one target again: in a section of the
/// operation that the first of them opens.
pub(super) fn stated_once(flat: &[&Block], mut groups: Vec<Vec<Candidate>>) -> Vec<Vec<Candidate>> {
    let states = |group: &[Candidate]| -> Vec<(String, String)> {
        group.iter().map(|own| named(&own.stated)).collect()
    };
    let Some((first, others)) = groups.split_first() else {
        return groups;
    };
    let own = states(first);
    let headings = |from: usize, to: usize| {
        let between = flat.get(from..to).unwrap_or_default().iter().rev();
        between.filter_map(|block| match &block.kind {
            BlockKind::Heading { level, text } => Some((*level, text)),
            _ => None,
        })
    };
    let start = first.first().map_or(0, |own| own.at + 1);
    let is_again = |group: &[Candidate]| {
        let at = group.first().map_or(0, |own| own.at);
        let mut between = headings(start, at);
        states(group) == own
            && between
                .next()
                .is_some_and(|(level, text)| !names(text) && between.all(|(own, _)| own >= level))
    };
    if others.iter().all(|group| is_again(group)) {
        groups.truncate(1);
    }
    groups
}

pub(super) fn is_heading(flat: &[&Block], at: usize) -> bool {
    flat.get(at)
        .is_some_and(|block| matches!(block.kind, BlockKind::Heading { .. }))
}

/// Whether a block between two targets only joins them: `or`.
fn links(block: &Block) -> bool {
    match &block.kind {
        BlockKind::Paragraph(text) => LINKING.is_match(&text.plain),
        _ => false,
    }
}

/// Whether a block is a sentence about what stands beside it. What an operation is answered with is
/// said of that one alone.
fn is_short(block: &Block) -> bool {
    matches!(
        &block.kind,
        BlockKind::Paragraph(text) if text.plain.len() <= 160 && !tells_status(&text.plain)
    )
}

/// Whether a text has a status code.
pub(in crate::derive) fn tells_status(text: &str) -> bool {
    STATUS.is_match(text)
}

/// Whether targets are those of one table, and not of one thing: what stands below the headings behind
/// it is not of each.
pub(super) fn several(flat: &[&Block], group: &[Candidate]) -> bool {
    let Some(first) = group.first() else {
        return false;
    };
    let is_of_table = |own: &Candidate| own.at == first.at;
    let stem = |own: &Candidate| {
        let (_, path) = named(&own.stated);
        let end = path.trim_end_matches("/{}").len();
        path.get(..end).unwrap_or_default().to_owned()
    };
    flat.get(first.at)
        .is_some_and(|block| matches!(block.kind, BlockKind::Table(_)))
        && group.iter().all(is_of_table)
        && group.iter().any(|own| stem(own) != stem(first))
}

/// The next heading behind targets that may name one of them, or another thing.
pub(super) fn next_of_others(flat: &[&Block], group: &[Candidate], end: usize) -> Option<usize> {
    let last = group.last()?;
    (last.at + 1..end).find(|at| {
        flat.get(*at).is_some_and(|block| match &block.kind {
            BlockKind::Heading { text, .. } => names(text),
            _ => false,
        })
    })
}
