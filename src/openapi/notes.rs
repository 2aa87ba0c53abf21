//! What of a document is not used: gathered on the way, and given to the operation that met it.

use super::spot::Spot;
use crate::contract::{DocumentationFinding, DocumentationKind, Facet, Fact, Level};

/// The most notes of one document: a document with more is broken as a whole.
const MOST_NOTES: usize = 1_000;

/// What was noted, not yet taken by an operation.
#[derive(Debug, Default)]
pub(super) struct Notes {
    open: Vec<(DocumentationKind, String, Fact)>,
    count: usize,
}

impl Notes {
    /// Notes what is wrong or not used at a spot, as a fact that no test can be made of.
    pub(super) fn add(
        &mut self,
        kind: DocumentationKind,
        spot: &Spot<'_>,
        message: impl Into<String>,
    ) {
        self.push(kind, spot, Facet::Prose, message.into());
    }

    /// Notes what is wrong at a spot, and read all the same as what it says of this facet.
    pub(super) fn add_read(
        &mut self,
        kind: DocumentationKind,
        spot: &Spot<'_>,
        facet: Facet,
        message: impl Into<String>,
    ) {
        self.push(kind, spot, facet, message.into());
    }

    fn push(&mut self, kind: DocumentationKind, spot: &Spot<'_>, facet: Facet, message: String) {
        self.count += 1;
        if self.count <= MOST_NOTES {
            let fact = spot.fact(facet, kind.level());
            self.open.push((kind, message, fact));
        }
    }

    /// The notes since they were last taken, as findings of an operation.
    pub(super) fn take(&mut self, operation: &str) -> Vec<DocumentationFinding> {
        let mut findings: Vec<DocumentationFinding> = Vec::new();
        for (kind, message, fact) in self.open.drain(..) {
            let known = findings
                .iter_mut()
                .find(|known| known.kind == kind && known.message == message);
            match known {
                Some(known) if known.rows.contains(&fact) => {}
                Some(known) => known.rows.push(fact),
                None => findings.push(DocumentationFinding {
                    kind,
                    operation: operation.to_owned(),
                    message,
                    rows: vec![fact],
                }),
            }
        }
        findings
    }
}

/// A fact in prose: what stands at a spot restricts values in a way that is not read.
pub(super) fn unread(spot: &Spot<'_>) -> Fact {
    spot.fact(Facet::Prose, Level::Must)
}
