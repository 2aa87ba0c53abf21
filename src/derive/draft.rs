//! Drafts: an operation as one page tells it, and as several editions together do.

use std::collections::BTreeMap;

use serde_json::Value;

use super::finding::{Finding, Findings};
use super::security::Credential;
use super::statement::{Node, Site};
use super::told_answers::Sayings;
use super::told_states::Left;
use crate::contract::{DocumentationKind, Fact, ListStyle, Location, MediaType, Writes};

/// The status of an answer for which a page names none.
pub(super) const SUCCESS: &str = "2XX";
/// The status of an error for which a page names none.
pub(super) const FAILURE: &str = "4XX";

/// A documented example body and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Example {
    pub value: Value,
    pub site: Site,
}

/// A body: its fields and the examples that show it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Body {
    pub node: Node,
    /// Whether a table describes it.
    pub described: bool,
    pub examples: Vec<Example>,
    /// What sentences say of its fields, where only examples show which these are.
    pub told: Sayings,
}

impl Body {
    /// Unites with what another edition says.
    pub(super) fn unite(&mut self, other: Self) {
        self.node.unite(other.node);
        self.described |= other.described;
        self.told.unite(other.told);
        for example in other.examples {
            if !self.examples.contains(&example) {
                self.examples.push(example);
            }
        }
    }
}

/// The values of examples, each once.
pub(super) fn values(examples: &[Example]) -> Vec<&Value> {
    let mut values: Vec<&Value> = Vec::new();
    for example in examples {
        if !values.contains(&&example.value) {
            values.push(&example.value);
        }
    }
    values
}

/// A parameter.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Parameter {
    pub name: String,
    pub location: Location,
    pub node: Node,
    /// How several values are written, as each page says.
    pub styles: Vec<ListStyle>,
    /// The value that an example request has.
    pub example: Option<Value>,
}

impl Parameter {
    /// How several values are written, where all that is said of it is one way.
    pub(super) fn style(&self) -> Option<ListStyle> {
        let (first, rest) = self.styles.split_first()?;
        rest.iter().all(|other| other == first).then_some(*first)
    }
}

/// A response: its status (`200`, `2XX`), the facts that name it, its body.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Response {
    pub status: String,
    pub facts: Vec<Fact>,
    /// Its headers by name.
    pub headers: Vec<(String, Node)>,
    /// The media types of a body that no table describes.
    pub media: Vec<MediaType>,
    pub body: Body,
}

impl Response {
    /// Adds what a page says of a header, whose name is read in any case (RFC 9110, section 5.1).
    pub(super) fn add_header(&mut self, name: &str, node: Node) {
        let known = self
            .headers
            .iter_mut()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        match known {
            Some((_, known)) => known.unite(node),
            None => self.headers.push((name.to_owned(), node)),
        }
    }

    /// Whether a table or an example shows a body, and the status can have one.
    pub(super) fn has_body(&self) -> bool {
        (self.body.described || !self.body.examples.is_empty()) && self.status != "204"
    }
}

/// How good a source of a name is; the least wins.
pub(super) type Rank = u8;

/// An operation.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Draft {
    /// The pages that tell of it: name and edition.
    pub pages: Vec<(String, Option<String>)>,
    pub service: Option<(Rank, String)>,
    pub id: (Rank, String),
    pub method: String,
    pub path: String,
    pub facts: Vec<Fact>,
    pub parameters: Vec<Parameter>,
    pub request: Option<Body>,
    /// The media type of the request body.
    pub media: MediaType,
    /// How the fields of the body are written, where it is a form.
    pub layout: BTreeMap<String, Writes>,
    /// The facts of examples that show the request without a body.
    pub empty_body: Vec<Fact>,
    /// Whether a sentence says that its answers have no body.
    pub is_bodyless: bool,
    pub responses: Vec<Response>,
    /// In which state a sentence says that it leaves what it is about.
    pub left: Vec<Left>,
    /// The states in which a refusal says that it should be.
    pub wanted: Vec<Left>,
    /// Where a sentence says that its body has no field beside those that are described.
    pub closed: Option<Site>,
    /// How its credential is carried, and whether it asks for one.
    pub credential: Credential,
    pub findings: Findings,
}

impl Draft {
    /// Changes the response of a status, which is entered when it is not there.
    pub(super) fn respond(&mut self, status: &str, change: impl FnOnce(&mut Response)) {
        if let Some(known) = self
            .responses
            .iter_mut()
            .find(|response| response.status == status)
        {
            change(known);
            return;
        }
        let mut response = Response {
            status: status.to_owned(),
            ..Response::default()
        };
        change(&mut response);
        self.responses.push(response);
    }

    /// Adds a finding, or the rows of one that is there already.
    pub(super) fn find(&mut self, kind: DocumentationKind, message: String, rows: Vec<Fact>) {
        self.findings.add(kind, message, rows);
    }

    /// Records that something documented is not read: as a finding, and as facts that the ledger
    /// keeps.
    pub(super) fn leave_out(&mut self, finding: Finding) {
        for fact in &finding.rows {
            if !self.facts.contains(fact) {
                self.facts.push(fact.clone());
            }
        }
        self.find(finding.kind, finding.message, finding.rows);
    }
}
