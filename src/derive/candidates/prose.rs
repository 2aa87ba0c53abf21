//! Targets that sentences of prose state: operations where their section has no other, and documents
//! what is sent or answered.

use std::collections::{BTreeMap, BTreeSet};

use super::choice::section_around;
use super::{Candidate, Passed, named, shows};
use crate::derive::called::documents;
use crate::derive::split::names;
use crate::derive::stated;
use crate::page::{Block, BlockKind};

/// Why a sentence opens no operation.
const UNDOCUMENTED: &str =
    "it stands in a sentence, and its section documents nothing that is sent or answered";

/// The same where the section is none of one operation.
const OF_SEVERAL: &str =
    "it stands in a sentence, and its section is not like those of the other operations";

/// The same where the sentences of one section state several.
const SEVERAL: &str = "several stand in the sentences of one section";

/// The targets of sentences that are operations of their own beside those that are kept.
pub(super) fn operations(
    flat: &[&Block],
    told: Vec<Candidate>,
    kept: &[Candidate],
    passed: &mut Vec<Passed>,
) -> Vec<Candidate> {
    let places: BTreeSet<usize> = kept.iter().map(|own| own.at).collect();
    let known: BTreeSet<(String, String)> = kept.iter().map(|own| named(&own.stated)).collect();
    // Sections of operations stand side by side.
    let levels: BTreeSet<u8> = kept
        .iter()
        .filter_map(|own| level_of(flat, section_around(flat, own.at)?.0))
        .collect();
    let is_beside = |heading: usize| {
        let own = level_of(flat, heading);
        levels.is_empty() || own.is_some_and(|own| levels.contains(&own))
    };
    let mut by_section: BTreeMap<(usize, usize), Vec<Candidate>> = BTreeMap::new();
    for own in told {
        let Some((heading, end)) = section_around(flat, own.at) else {
            continue;
        };
        if places.range(heading..end).next().is_none() && !known.contains(&named(&own.stated)) {
            by_section.entry((heading, end)).or_default().push(own);
        }
    }
    let mut found = Vec::new();
    for ((heading, end), several) in by_section {
        let names: BTreeSet<_> = several.iter().map(|own| named(&own.stated)).collect();
        let why = match several.first() {
            Some(_) if names.len() > 1 => SEVERAL,
            Some(own) if !is_beside(heading) || has_sections(flat, own.at, end) => OF_SEVERAL,
            Some(own) if is_documented(flat, own.at, end) => {
                found.extend(several.into_iter().next());
                continue;
            }
            _ => UNDOCUMENTED,
        };
        passed.extend(several.into_iter().map(|own| Passed {
            line: own.line,
            method: own.stated.method,
            path: own.stated.path,
            why,
        }));
    }
    found
}

/// The level of a heading.
fn level_of(flat: &[&Block], heading: usize) -> Option<u8> {
    match flat.get(heading).map(|block| &block.kind) {
        Some(BlockKind::Heading { level, .. }) => Some(*level),
        _ => None,
    }
}

/// Whether a section has others in it that may be those of operations.
fn has_sections(flat: &[&Block], at: usize, end: usize) -> bool {
    let mut section = flat.get(at..end).unwrap_or_default().iter();
    section.any(|block| match &block.kind {
        BlockKind::Heading { text, .. } => names(text) && !shows(&text.plain),
        _ => false,
    })
}

/// Whether what stands behind a sentence in its section documents an operation, or the sentence's own
/// paragraph says with which status it is answered.
fn is_documented(flat: &[&Block], at: usize, end: usize) -> bool {
    let mut section = flat.get(at..end).unwrap_or_default().iter();
    section.any(|block| match &block.kind {
        BlockKind::Code { .. } => true,
        BlockKind::Paragraph(text) => documents(block) || !stated::in_text(&text.plain).is_empty(),
        _ => documents(block),
    })
}
