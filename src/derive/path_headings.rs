//! Targets of a page whose headings are paths, of which a call below each tells the method:
//! `## /v1/jobs/stop`, and `curl -X POST http://127.0.0.1/v1/jobs/stop` below it.

use std::collections::BTreeSet;

use super::candidates::Candidate;
use super::curl;
use super::overview::end_of_section;
use super::target;
use crate::page::{Block, BlockKind};

/// The targets, where several headings are paths, and the calls below each agree on its method.
pub(super) fn targets(flat: &[&Block]) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (at, block) in flat.iter().enumerate() {
        let BlockKind::Heading { text, .. } = &block.kind else {
            continue;
        };
        let Some(stated) = target::with_bare_path("GET", &text.plain) else {
            continue;
        };
        let end = end_of_section(flat, at);
        let below = flat.get(at + 1..end).unwrap_or_default();
        let methods: BTreeSet<String> = below
            .iter()
            .filter_map(|block| match &block.kind {
                BlockKind::Paragraph(text) => curl::target(&text.plain),
                BlockKind::Code { text, .. } => curl::target(text),
                _ => None,
            })
            .filter(|asked| asks_for(&asked.path, &stated.path))
            .map(|asked| asked.method)
            .collect();
        if let [method] = Vec::from_iter(methods).as_slice() {
            found.push(Candidate::plain(at, block.line, method, &stated.path));
        }
    }
    if found.len() < 2 { Vec::new() } else { found }
}

/// Whether a path is that of a heading, below whatever the service stands at.
fn asks_for(path: &str, heading: &str) -> bool {
    let own = path.trim_end_matches('/');
    own.ends_with(heading.trim_end_matches('/'))
}
