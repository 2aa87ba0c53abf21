//! What pages and an OpenAPI document say of the same operations: where both state something and
//! the two differ. What only one of them is silent about contradicts nothing.

mod answers;
mod fields;
mod mentions;
mod pairing;
mod parameters;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::contract::{DocumentationFinding, DocumentationKind, Fact, Operation, Schema};

pub use self::mentions::Mentions;
pub use self::pairing::{Base, Paired, pair};

/// One thing of which pages and document say different things.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Disagreement {
    /// The service of the operation.
    pub service: String,
    /// The operation: that of the pages, where they have it.
    pub operation: String,
    /// Its method.
    pub method: String,
    /// Its path.
    pub path: String,
    /// What differs, in one clause.
    pub message: String,
    /// Whether one of the two is only silent.
    #[serde(skip)]
    pub is_silence: bool,
    /// The rows of the pages.
    pub pages: Vec<Fact>,
    /// The places of the document.
    pub document: Vec<Fact>,
}

/// What a comparison of pages with a document came to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Disagreements {
    /// How many operations both have.
    pub compared: usize,
    /// In how many of them nothing differs.
    pub agreeing: usize,
    /// What differs, in the order of the pages.
    pub found: Vec<Disagreement>,
    /// What only one of the two states.
    pub silences: Vec<Disagreement>,
}

impl Disagreement {
    /// The disagreement as a documentation finding.
    pub fn finding(&self) -> DocumentationFinding {
        let kind = if self.is_silence {
            DocumentationKind::OnlyOneSource
        } else {
            DocumentationKind::DocumentDiffers
        };
        DocumentationFinding {
            kind,
            operation: self.operation.clone(),
            message: self.message.clone(),
            rows: self.pages.iter().chain(&self.document).cloned().collect(),
        }
    }
}

/// Everything of which pages and a document say different things. `mentions` tells what the pages
/// say beside their contract.
pub fn disagreements(
    pages: &[Operation],
    document: &[Operation],
    mentions: &Mentions,
) -> Disagreements {
    let mut result = Disagreements::default();
    let Paired {
        pairs,
        only_pages,
        only_document,
        ..
    } = pair(pages, document);
    for (page, other) in pairs {
        let mut walk = Walk::new(page, mentions);
        walk.operation(other);
        result.compared += 1;
        if walk.found.iter().all(|one| one.is_silence) {
            result.agreeing += 1;
        }
        for one in walk.found {
            if one.is_silence {
                result.silences.push(one);
            } else {
                result.found.push(one);
            }
        }
    }
    for operation in only_pages {
        let mut walk = Walk::new(operation, mentions);
        let rows = first(&operation.facts);
        let message = format!(
            "{} {} stands in the pages and not in the document",
            operation.method, operation.path
        );
        walk.differs(message, rows, Vec::new());
        result.found.append(&mut walk.found);
    }
    for operation in only_document {
        let mut walk = Walk::new(operation, mentions);
        let rows = first(&operation.facts);
        let message = format!(
            "{} {} stands in the document and not in the pages",
            operation.method, operation.path
        );
        walk.differs(message, Vec::new(), rows);
        result.found.append(&mut walk.found);
    }
    result
}

/// The walk over one operation, as the pages have it.
struct Walk<'o> {
    pages: &'o Operation,
    found: Vec<Disagreement>,
    mentions: &'o Mentions,
    /// What was said already: fields of one table may stand in several places.
    said: BTreeSet<String>,
}

impl<'o> Walk<'o> {
    fn new(pages: &'o Operation, mentions: &'o Mentions) -> Self {
        Self {
            pages,
            mentions,
            found: Vec::new(),
            said: BTreeSet::new(),
        }
    }

    fn operation(&mut self, document: &'o Operation) {
        self.parameters(document);
        self.request(document);
        self.statuses(document);
        self.answers(document);
    }

    /// Notes that the two say different things.
    fn differs(&mut self, message: String, pages: Vec<Fact>, document: Vec<Fact>) {
        self.note(message, false, pages, document);
    }

    /// Notes that the pages do not have what the document has; where they mention its name all the
    /// same, they are only silent of the rest.
    fn missing(&mut self, name: &str, message: String, pages: Vec<Fact>, document: Vec<Fact>) {
        let is_mentioned = self.mentions.has_name(self.pages, name);
        self.note(message, is_mentioned, pages, document);
    }

    /// Notes that only one of the two says something.
    fn silent(&mut self, message: String, pages: Vec<Fact>, document: Vec<Fact>) {
        self.note(message, true, pages, document);
    }

    fn note(&mut self, message: String, is_silence: bool, pages: Vec<Fact>, document: Vec<Fact>) {
        if !self.said.insert(message.clone()) {
            return;
        }
        self.found.push(Disagreement {
            service: self.pages.service.clone(),
            operation: self.pages.id.clone(),
            method: self.pages.method.clone(),
            path: self.pages.path.clone(),
            message,
            is_silence,
            pages,
            document,
        });
    }
}

/// The first of some facts, which leads to the place.
fn first(facts: &[Fact]) -> Vec<Fact> {
    facts.first().cloned().into_iter().collect()
}

/// The first fact of what a schema describes as a whole, or of anything in it.
fn of_schema(schema: &Schema) -> Vec<Fact> {
    let mut fields = schema.fields();
    fields
        .find_map(|field| field.facts.first().cloned())
        .into_iter()
        .collect()
}
