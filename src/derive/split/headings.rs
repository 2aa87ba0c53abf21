//! The headings of a page: which blocks each holds, and which of them names an operation.

use super::GENERAL;
use super::groups::tells_status;
use crate::derive::candidates::{Candidate, titles_targets};
use crate::derive::labels::{Label, label};
use crate::derive::mandatory::is_alone;
use crate::derive::section::{Section, section_of, status_alone};
use crate::derive::target;
use crate::page::{Block, BlockKind, Text};

/// The headings of a page: which holds which block, and how many groups of targets.
pub(super) struct Headings {
    /// The heading that each block stands below: its own place for a heading.
    of: Vec<Option<usize>>,
    /// The heading around each heading.
    parent: Vec<Option<usize>>,
    /// The place after the last block of each heading.
    end: Vec<usize>,
    /// How many groups begin before each place.
    before: Vec<usize>,
}

impl Headings {
    pub(super) fn of(flat: &[&Block], groups: &[Vec<Candidate>]) -> Self {
        let mut open: Vec<(u8, usize)> = Vec::new();
        let mut of = vec![None; flat.len()];
        let mut parent = vec![None; flat.len()];
        let mut end = vec![flat.len(); flat.len()];
        for (at, block) in flat.iter().enumerate() {
            if let BlockKind::Heading { level, .. } = &block.kind {
                while let Some((_, closed)) =
                    open.last().copied().filter(|(known, _)| known >= level)
                {
                    if let Some(place) = end.get_mut(closed) {
                        *place = at;
                    }
                    open.pop();
                }
                if let Some(place) = parent.get_mut(at) {
                    *place = open.last().map(|(_, around)| *around);
                }
                open.push((*level, at));
            }
            if let Some(place) = of.get_mut(at) {
                *place = open.last().map(|(_, own)| *own);
            }
        }
        let mut starts = vec![0_usize; flat.len() + 1];
        for first in groups.iter().filter_map(|group| group.first()) {
            if let Some(place) = starts.get_mut(first.at + 1) {
                *place += 1;
            }
        }
        let before = starts
            .into_iter()
            .scan(0, |sum, count| {
                *sum += count;
                Some(*sum)
            })
            .collect();
        Self {
            of,
            parent,
            end,
            before,
        }
    }

    pub(super) fn above(&self, at: usize) -> Option<usize> {
        self.of.get(at).copied().flatten()
    }

    pub(super) fn around(&self, heading: usize) -> Option<usize> {
        self.parent.get(heading).copied().flatten()
    }

    pub(super) fn end(&self, heading: usize) -> usize {
        self.end.get(heading).copied().unwrap_or_default()
    }

    /// How many groups begin between two places.
    fn groups(&self, from: usize, to: usize) -> usize {
        let count = |at: usize| self.before.get(at).copied().unwrap_or_default();
        count(to).saturating_sub(count(from))
    }

    /// The heading above a target that names its operation: no section, and not before `from`.
    pub(super) fn title<'p>(&self, flat: &[&'p Block], at: usize, from: usize) -> Option<&'p Text> {
        let mut next = self.above(at);
        while let Some(heading) = next.filter(|heading| *heading >= from) {
            if let Some(Block {
                kind: BlockKind::Heading { text, .. },
                ..
            }) = flat.get(heading)
                && names(text)
            {
                return Some(text);
            }
            next = self.around(heading);
        }
        // The title of sections that stand beside it.
        match flat.get(from).map(|block| &block.kind) {
            Some(BlockKind::Heading { text, .. }) if names(text) => Some(text),
            _ => None,
        }
    }
}

/// Whether a heading can name an operation: one that opens a section or states a target does not.
pub(in crate::derive) fn names(text: &Text) -> bool {
    section_of(&text.plain).is_none()
        && !matches!(label(&text.plain), Some(Label::Of(..)))
        && !is_label_of_fields(&text.plain)
        && target::of_heading(&text.plain).is_empty()
        && !target::titles_half(&text.plain)
        && !titles_targets(&text.plain)
        && !GENERAL.is_match(text.plain.trim())
        && target::method_of_heading(&text.plain).is_none()
        && !is_alone(&text.plain)
        && !text.plain.trim_start().starts_with('/')
}

/// Whether a heading labels fields in more than one word: a resource may be called by one.
fn is_label_of_fields(heading: &str) -> bool {
    let words = heading.trim();
    words.contains(' ') && matches!(label(words), Some(Label::Neutral(_)))
}

/// The outermost heading around a target that holds no other.
pub(super) fn own_heading(flat: &[&Block], headings: &Headings, at: usize) -> Option<usize> {
    let mut own = None;
    let mut next = headings.above(at);
    // A table between a section's heading and the target is of the operation before.
    if let Some(heading) = next
        && headings.groups(heading, headings.end(heading)) == 1
        && let Some(Block {
            kind: BlockKind::Heading { text, .. },
            ..
        }) = flat.get(heading)
        && section_of(&text.plain).is_some()
        && flat.get(heading..at).is_some_and(|between| {
            between
                .iter()
                .any(|block| matches!(block.kind, BlockKind::Table(_)))
        })
        && headings
            .around(heading)
            .is_some_and(|around| headings.groups(around, heading) > 0)
    {
        return None;
    }
    if next.is_some_and(|heading| answers_another(flat, headings, heading, at)) {
        return None;
    }
    while let Some(heading) =
        next.filter(|heading| headings.groups(*heading, headings.end(*heading)) == 1)
    {
        own = Some(heading);
        next = headings.around(heading);
    }
    own
}

/// Whether a heading above a target labels fields or answers of the operation before: a status is told
/// between the two, and no heading names another operation.
fn answers_another(flat: &[&Block], headings: &Headings, heading: usize, at: usize) -> bool {
    let text = |at: usize| match flat.get(at).map(|block| &block.kind) {
        Some(BlockKind::Heading { text, .. }) => Some(text),
        _ => None,
    };
    let is_of_parts = text(heading).is_some_and(|text| {
        !matches!(
            section_of(&text.plain),
            None | Some(Section::Uri | Section::Other | Section::Operation)
        ) || label(&text.plain).is_some()
    });
    let is_of_answer = |block: &&Block| match &block.kind {
        BlockKind::Paragraph(text) => tells_status(&text.plain),
        _ => false,
    };
    is_of_parts
        && flat
            .get(heading + 1..at)
            .is_some_and(|between| between.iter().any(is_of_answer))
        && headings.groups(
            (0..heading)
                .rev()
                .find(|other| text(*other).is_some_and(names))
                .unwrap_or_default(),
            heading,
        ) > 0
}

/// A heading's blocks; where it is a section like its neighbours, with the sections that follow and
/// the title before.
pub(super) fn with_sections(
    flat: &[&Block],
    headings: &Headings,
    heading: usize,
) -> std::ops::Range<usize> {
    let is_section = |at: usize| {
        matches!(flat.get(at), Some(Block { kind: BlockKind::Heading { text, .. }, .. })
            if section_of(&text.plain).is_some()
                || matches!(label(&text.plain), Some(Label::Of(..)))
                || status_alone(&text.plain).is_some()
                || target::titles_half(&text.plain))
    };
    let mut start = heading;
    let mut end = headings.end(heading);
    while is_section(end)
        && headings.around(end) == headings.around(heading)
        && headings.groups(end, headings.end(end)) == 0
        && !(end == headings.end(heading) && is_of_all(flat, headings, heading, &is_section))
    {
        end = headings.end(end);
    }
    let before = heading
        .checked_sub(1)
        .and_then(|at| sibling(headings, at, heading));
    if is_section(heading)
        && let Some(before) = before.filter(|before| {
            !is_section(*before) && headings.groups(*before, headings.end(*before)) == 0
        })
    {
        start = before;
    }
    start..end
}

/// Whether the section behind an operation's heading is of codes that all operations have: it stands
/// behind the last of several, and no other section stands beside their headings.
fn is_of_all(
    flat: &[&Block],
    headings: &Headings,
    heading: usize,
    is_section: &dyn Fn(usize) -> bool,
) -> bool {
    let at = headings.end(heading);
    let is_of_codes = matches!(flat.get(at), Some(Block { kind: BlockKind::Heading { text, .. }, .. })
        if matches!(section_of(&text.plain), Some(Section::ErrorCodes | Section::StatusCodes))
            && status_alone(&text.plain).is_none());
    let around = headings.around(heading);
    let (from, to) = around.map_or((0, flat.len()), |own| (own, headings.end(own)));
    let is_beside = |other: usize| {
        let is_own = headings.above(other) == Some(other) && headings.around(other) == around;
        is_own && other != at && is_section(other)
    };
    is_of_codes
        && headings.groups(from, heading) > 0
        && headings.groups(at, to) == 0
        && !(from..to).any(is_beside)
}

/// The heading before another of the same level below the same heading.
fn sibling(headings: &Headings, at: usize, heading: usize) -> Option<usize> {
    let mut next = headings.above(at);
    while let Some(own) = next {
        if headings.around(own) == headings.around(heading) && headings.end(own) == heading {
            return Some(own);
        }
        next = headings.around(own);
    }
    None
}

/// Where the text that leads to a target begins, when no heading does it: the paragraph before.
pub(super) fn opening(flat: &[&Block], at: usize) -> usize {
    let before = at.checked_sub(1).and_then(|before| flat.get(before));
    match before.map(|block| &block.kind) {
        Some(BlockKind::Paragraph(text)) if text.plain.trim_end().ends_with([':', '：']) => at - 1,
        _ => at,
    }
}
