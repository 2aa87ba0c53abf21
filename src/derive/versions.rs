//! Versions that a page tells of apart: `Response (microversions 1.19 - )` beside `Response
//! (microversions 1.0 - 1.18)`. Of parts that stand for each other the newest is read, and the
//! others are reported: what only an old version knows is nothing that a new one answers.

use std::collections::BTreeMap;

use super::finding::Finding;
use super::statement::Site;
use crate::contract::DocumentationKind;
use crate::page::{Block, BlockKind, Page};

/// The longest heading that is looked at.
const LONGEST: usize = 200;

/// The versions that something holds for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Versions {
    /// The last one; none where it holds for the newest too.
    until: Option<Vec<u32>>,
}

phrases! {
    Versions:

    /// From one version to another, the group `until`; `word` has what calls them so.
    static CLOSED;

    /// Up to a version.
    static UNTIL;

    /// From a version on.
    static OPEN;
}

pattern! {
    /// The bracket at the end of a heading, and what stands before it.
    static BRACKET = r"^(?P<stem>.*?)\s*[(（\[](?P<inner>[^()（）\[\]]{1,60})[)）\]]\s*[:：]?\s*$";
}

impl Versions {
    /// The versions that the words in a bracket name.
    pub(super) fn of(inner: &str) -> Option<Self> {
        let inner = inner.trim();
        if OPEN.is_match(inner) {
            return Some(Self { until: None });
        }
        let captures = match CLOSED.captures(inner) {
            // Numbers alone may count anything.
            Some(captures) if captures.name("word").is_some() || inner.contains('.') => captures,
            Some(_) => return None,
            None => UNTIL.captures(inner)?,
        };
        Some(Self {
            until: Some(numbers(captures.name("until")?.as_str())),
        })
    }

    /// Whether newer versions than these are known.
    pub(super) fn are_past(&self) -> bool {
        self.until.is_some()
    }
}

fn numbers(version: &str) -> Vec<u32> {
    version
        .trim_start_matches(['v', 'V'])
        .split('.')
        .map(|part| part.parse().unwrap_or(u32::MAX))
        .collect()
}

/// The versions that a heading names, and its words without them.
pub(super) fn of_heading(heading: &str) -> Option<(&str, Versions)> {
    if heading.len() > LONGEST {
        return None;
    }
    let captures = BRACKET.captures(heading)?;
    let versions = Versions::of(captures.name("inner")?.as_str())?;
    Some((captures.name("stem")?.as_str(), versions))
}

/// Whether a heading names versions of which none is the newest.
pub(super) fn is_past(heading: &str) -> bool {
    of_heading(heading).is_some_and(|(_, versions)| versions.are_past())
}

/// The blocks of an operation without those that tell of another version than others of them.
pub(super) struct Current<'p> {
    pub blocks: Vec<&'p Block>,
    /// The places of the targets among them.
    pub targets: Vec<usize>,
    pub left_out: Vec<Finding>,
}

/// Leaves out what an operation's blocks tell of past versions, where they tell the same of a
/// newer one.
pub(super) fn current<'p>(page: &Page, blocks: &[&'p Block], targets: &[usize]) -> Current<'p> {
    let past = past_headings(blocks);
    let mut current = Current {
        blocks: Vec::with_capacity(blocks.len()),
        targets: Vec::new(),
        left_out: Vec::new(),
    };
    let mut within: Option<u8> = None;
    for (at, block) in blocks.iter().copied().enumerate() {
        if let BlockKind::Heading { level, text } = &block.kind {
            if within.is_some_and(|own| *level <= own) {
                within = None;
            }
            if within.is_none() && past.contains(&at) {
                within = Some(*level);
                current
                    .left_out
                    .push(left_out(page, &text.plain, block.line));
            }
        }
        let is_target = targets.contains(&at);
        if within.is_some() && !is_target {
            continue;
        }
        if is_target {
            current.targets.push(current.blocks.len());
        }
        current.blocks.push(block);
    }
    current
}

/// The places of the headings of past versions beside which the same stands for a newer one.
fn past_headings(blocks: &[&Block]) -> Vec<usize> {
    let mut alike: BTreeMap<String, Vec<(usize, Option<Versions>)>> = BTreeMap::new();
    for (at, block) in blocks.iter().enumerate() {
        if let BlockKind::Heading { text, .. } = &block.kind {
            let (stem, versions) = match of_heading(&text.plain) {
                Some((stem, versions)) => (stem, Some(versions)),
                None => (text.plain.as_str(), None),
            };
            let stem = stem.trim().trim_end_matches([':', '：']).to_lowercase();
            alike.entry(stem).or_default().push((at, versions));
        }
    }
    let mut past = Vec::new();
    for headings in alike.into_values() {
        let until = |versions: Option<&Versions>| versions.and_then(|own| own.until.clone());
        // Without a last version, the newest of all: a text without a range holds for all.
        let newest = headings
            .iter()
            .map(|(_, versions)| until(versions.as_ref()));
        let has_newest = newest.clone().any(|until| until.is_none());
        let last = newest.flatten().max();
        past.extend(
            headings
                .iter()
                .filter(|(_, versions)| {
                    let own = until(versions.as_ref());
                    own.is_some() && (has_newest || own != last)
                })
                .map(|(at, _)| *at),
        );
    }
    past
}

fn left_out(page: &Page, heading: &str, line: usize) -> Finding {
    let site = Site {
        page: page.name.clone(),
        edition: page.edition.clone(),
        table: heading.to_owned(),
        row: "versions".to_owned(),
        line,
    };
    let message = format!("`{heading}`: only what the page says of the newest version is tried");
    Finding::left_out(DocumentationKind::VersionNotTried, message, &site)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::closed("Response (microversions 1.1 - 1.18)", Some(("Response", true)))]
    #[case::open("Response (microversions 1.19 - )", Some(("Response", false)))]
    #[case::since("Request (since 2.0)", Some(("Request", false)))]
    #[case::until("Request (until v2.4):", Some(("Request", true)))]
    #[case::without_word("Example (1.2 - 1.6)", Some(("Example", true)))]
    #[case::latest("Example (1.7 - latest)", Some(("Example", false)))]
    #[case::plus("Response [v3+]", Some(("Response", false)))]
    #[case::numbers("Steps (1 - 3)", None)]
    #[case::one("Response (v2)", None)]
    #[case::status("Response (200)", None)]
    #[case::words("Response (success)", None)]
    fn versions_stand_in_brackets(#[case] heading: &str, #[case] expected: Option<(&str, bool)>) {
        let told = of_heading(heading).map(|(stem, versions)| (stem, versions.are_past()));
        assert_eq!(told, expected);
    }

    #[rstest]
    #[case::beside_open(&["Response (1.0 - 1.8)", "Response (1.9 - )"], &["Response (1.9 - )"])]
    #[case::beside_plain(&["Response", "Response (until 1.8)"], &["Response"])]
    #[case::alone(&["Response (1.0 - 1.8)"], &["Response (1.0 - 1.8)"])]
    #[case::newest_of_old(&["Body (1.0 - 1.9)", "Body (1.10 - 1.11)"], &["Body (1.10 - 1.11)"])]
    #[case::of_other_things(&["Request (1.0 - 1.8)", "Response (1.9 - )"], &["Request (1.0 - 1.8)", "Response (1.9 - )"])]
    fn the_newest_is_read(#[case] headings: &[&str], #[case] expected: &[&str]) {
        let sections = headings
            .iter()
            .map(|heading| format!("## {heading}\n\nWords.\n"));
        let text = sections.collect::<Vec<_>>().join("\n");
        let page = crate::page::read("p.md", &text).unwrap();
        let blocks: Vec<&Block> = page.blocks.iter().collect();
        let current = current(&page, &blocks, &[]);
        let kept: Vec<&str> = current
            .blocks
            .iter()
            .filter_map(|block| match &block.kind {
                BlockKind::Heading { text, .. } => Some(text.plain.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(kept, expected);
        assert_eq!(current.left_out.len(), headings.len() - expected.len());
    }
}
