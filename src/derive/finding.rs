//! Documentation findings while they are gathered: what a page says that it contradicts or leaves
//! open.

use super::statement::Site;
use crate::contract::{DocumentationFinding, DocumentationKind, Facet, Fact, Level};

/// A finding of an operation that has no name yet.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Finding {
    pub kind: DocumentationKind,
    pub message: String,
    pub rows: Vec<Fact>,
}

impl Finding {
    /// That something documented is not read: its row is a fact in prose.
    pub(super) fn left_out(kind: DocumentationKind, message: String, site: &Site) -> Self {
        Self {
            kind,
            message,
            rows: vec![site.fact(Facet::Prose, Level::Must)],
        }
    }
}

/// Findings, each once, with the rows of all that say the same.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Findings(Vec<Finding>);

/// How many findings are kept: a page with more is broken as a whole.
const MOST_FINDINGS: usize = 1_000;

impl Findings {
    /// Adds a finding, or the rows of one that is there already.
    pub(super) fn add(&mut self, kind: DocumentationKind, message: String, rows: Vec<Fact>) {
        let full = self.0.len() >= MOST_FINDINGS;
        match self
            .0
            .iter_mut()
            .find(|known| known.kind == kind && known.message == message)
        {
            Some(known) => {
                for row in rows {
                    if !known.rows.contains(&row) {
                        known.rows.push(row);
                    }
                }
            }
            None if full => {}
            None => self.0.push(Finding {
                kind,
                message,
                rows,
            }),
        }
    }

    /// Adds the findings of another.
    pub(super) fn unite(&mut self, other: Self) {
        for finding in other.0 {
            self.add(finding.kind, finding.message, finding.rows);
        }
    }

    /// Drops those of which something is known.
    pub(super) fn dropping(mut self, is_known: impl Fn(&Finding) -> bool) -> Self {
        self.0.retain(|finding| !is_known(finding));
        self
    }

    /// Drops those of a kind.
    pub(super) fn without(mut self, kind: DocumentationKind) -> Self {
        self.0.retain(|finding| finding.kind != kind);
        self
    }

    /// The findings as those of an operation.
    pub(super) fn of(&self, operation: &str) -> impl Iterator<Item = DocumentationFinding> {
        self.0.iter().map(|finding| DocumentationFinding {
            kind: finding.kind,
            operation: operation.to_owned(),
            message: finding.message.clone(),
            rows: finding.rows.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The source of every file below a folder.
    fn sources(folder: &Path) -> String {
        let mut text = String::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                text.push_str(&sources(&path));
            } else {
                text.push_str(&std::fs::read_to_string(&path).unwrap());
            }
        }
        text
    }

    #[test]
    fn every_kind_is_the_kind_of_a_finding() {
        let source = ["src/compare", "src/derive", "src/openapi", "src/report"]
            .map(|folder| sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)))
            .concat();
        for kind in DocumentationKind::ALL {
            assert!(
                source.contains(&format!("DocumentationKind::{kind:?}")),
                "nothing is found of kind {kind}"
            );
        }
    }
}
