//! Targets that a page states by what it shows of calls: a `curl` command with what is to be filled
//! in, or a badge with a method beside a template.

use std::collections::BTreeMap;

use super::by_values;
use super::candidates::{Candidate, Passed};
use super::curl::Asked;
use super::labels::label;
use super::section::{Section, section_of};
use super::target;
use crate::page::words::{self, Column};
use crate::page::{Block, BlockKind};

/// A call that no label calls an example.
pub(super) struct Called {
    pub at: usize,
    pub line: usize,
    /// The place of the heading above.
    pub heading: usize,
    pub asked: Asked,
}

impl Called {
    fn passed(self, why: &'static str) -> Passed {
        Passed {
            line: self.line,
            method: self.asked.method,
            path: self.asked.path,
            why,
        }
    }
}

/// The targets of a page that states each by a call with what is to be filled in, one below a
/// heading, and nowhere else. What other calls of such a page ask for is passed over.
pub(super) fn called(
    flat: &[&Block],
    calls: Vec<Called>,
    passed: &mut Vec<Passed>,
) -> Vec<Candidate> {
    let mut open = calls.iter().filter(|own| target::is_open(&own.asked.path));
    let Some(host) = open.next().map(|own| own.asked.host.clone()) else {
        return by_values::targets(flat, &calls);
    };
    let mut left = Vec::new();
    let mut below: BTreeMap<usize, Vec<Called>> = BTreeMap::new();
    for own in calls {
        if own.asked.host != host {
            // Who gives tokens, or serves a sample, is another service.
            left.push(own.passed("it asks another host than the others do"));
        } else if target::has_value(&own.asked.path) {
            left.push(own.passed("its path has a value in it, as that of an example"));
        } else {
            below.entry(own.heading).or_default().push(own);
        }
    }
    let mut found = Vec::new();
    for calls in below.into_values() {
        let mut several = calls.into_iter();
        let Some(first) = several.next() else {
            continue;
        };
        let others: Vec<Called> = several.filter(|own| own.asked != first.asked).collect();
        // Other paths of the same operation, each with what is to be filled in.
        let is_way = |own: &Called| {
            own.asked.method == first.asked.method
                && own.asked.path != first.asked.path
                && target::is_open(&own.asked.path)
        };
        if target::is_open(&first.asked.path) && others.iter().all(is_way) {
            let mut paths: Vec<&str> = Vec::new();
            for Called {
                at, line, asked, ..
            } in std::iter::once(&first).chain(&others)
            {
                if !paths.contains(&asked.path.as_str()) {
                    paths.push(&asked.path);
                    found.push(Candidate::plain(*at, *line, &asked.method, &asked.path));
                }
            }
            continue;
        }
        if others.is_empty() {
            let Asked { method, path, .. } = &first.asked;
            found.push(Candidate::plain(first.at, first.line, method, path));
            continue;
        }
        let why = "several calls stand below one heading";
        left.extend(
            std::iter::once(first)
                .chain(others)
                .map(|own| own.passed(why)),
        );
    }
    // One call on a page that documents no field is a step of a tutorial.
    let is_one = found.len() == 1 && !flat.iter().any(|block| documents(block));
    if is_one {
        found.clear();
    }
    if !found.is_empty() {
        passed.extend(left);
    }
    found
}

/// Whether a block is of what pages have that document operations: a table of fields, or a heading
/// or label of a request's or an answer's part.
pub(super) fn documents(block: &Block) -> bool {
    match &block.kind {
        BlockKind::Heading { text, .. } | BlockKind::Paragraph(text) => {
            text.plain.len() <= 60
                && (label(&text.plain).is_some()
                    || matches!(
                        section_of(&text.plain),
                        Some(
                            Section::Uri
                                | Section::Request
                                | Section::Response
                                | Section::StatusCodes
                                | Section::ResponseExample
                                | Section::RequestExample
                        )
                    ))
        }
        BlockKind::Table(table) => {
            let mut columns = table.header.iter().map(|header| words::header(header));
            columns.any(|column| column == Some(Column::Name))
        }
        _ => false,
    }
}

/// The targets of a page that states each by a badge and a template beside it, among what it shows of
/// calls, and nowhere else.
pub(super) fn badges(flat: &[&Block]) -> Vec<Candidate> {
    let mut around: Vec<(u8, usize)> = Vec::new();
    let mut stated: Vec<(Vec<usize>, usize, usize, String, &str)> = Vec::new();
    let mut below: BTreeMap<usize, usize> = BTreeMap::new();
    for (at, block) in flat.iter().enumerate() {
        match &block.kind {
            BlockKind::Heading { level, .. } => {
                around.retain(|(known, _)| known < level);
                around.push((*level, at));
            }
            BlockKind::Paragraph(text) => {
                let Some((method, path)) = target::of_badge(&text.plain) else {
                    continue;
                };
                let headings: Vec<usize> = around.iter().map(|(_, at)| *at).collect();
                for heading in &headings {
                    *below.entry(*heading).or_default() += 1;
                }
                stated.push((headings, at, block.line, method, path));
            }
            BlockKind::List(_)
            | BlockKind::Table(_)
            | BlockKind::Code { .. }
            | BlockKind::Target { .. }
            | BlockKind::Unread(_) => {}
        }
    }
    // The operation is what the outermost heading opens that has no other below it.
    stated
        .into_iter()
        .map(|(headings, at, line, method, path)| {
            let own = headings.iter().find(|own| below.get(*own) == Some(&1));
            Candidate::plain(own.copied().unwrap_or(at), line, &method, path)
        })
        .collect()
}
