//! What pages say of all operations beside the sections of these: which body errors have, and, where
//! a page documents no operation, which credential and which headers every request has. That holds
//! for the pages that are read with it.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use super::as_shown;
use super::combine;
use super::draft::{Body, Draft, Example, FAILURE, Parameter};
use super::every_answer::EveryAnswer;
use super::finding::Finding;
use super::linker::Linker;
use super::operation::shared;
use super::outline::{Item, ItemKind, flatten, outline_of_shared};
use super::security::{self, Credential};
use super::sentences::sentences;
use super::split::split;
use super::statement::{Constraint, Direction, Node, Site};
use super::tables::{FieldTable, StatusRow};
use crate::contract::{DocumentationKind, Facet, Fact, Level, Location};
use crate::page::{BlockKind, Page};
use crate::vocabulary::{Topic, Wordings};

/// What a wording says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Says {
    /// All errors have the body that follows.
    Alike,
    /// The page is about all operations, by its title.
    General,
}

pattern! {
    /// Every wording.
    static OF_ERRORS: Wordings<Says> = Wordings::of(Topic::Errors);

    /// Titles of pages that are about all operations.
    static TITLES: Wordings<Says> = Wordings::of(Topic::Titles);
}

phrases! {
    ErrorWords:

    /// Words by which a sentence is about some errors.
    static OF_SOME;

    /// Words for whatever may fail, which are no condition.
    static OF_ANY;
}

/// How many texts may stand between what announces the body of errors and the body.
const BETWEEN: usize = 2;

/// The body that errors have.
pub(super) struct ErrorBody {
    body: Body,
    /// Where it stands.
    pub site: Site,
}

/// What a page says of all operations.
#[derive(Default)]
pub(super) struct OfAll {
    credential: Credential,
    /// The tables of headers that every request has.
    headers: Vec<FieldTable>,
    errors: Option<ErrorBody>,
    answers: EveryAnswer,
}

/// What a page without operations says of all requests.
pub(super) enum Said {
    /// Nothing.
    Nothing,
    /// It is about all operations.
    OfAll(Box<OfAll>),
    /// It may be about some requests only: the line where it says that they need a credential.
    Unsure(usize),
}

/// What a page without operations says of those of the pages that are read with it; `all` are these.
pub(super) fn said(page: &Page, all: &[Page]) -> Said {
    let split = split(page);
    let flat = flatten(&page.blocks);
    let credential = security::of_page(&flat, &split.shared, true);
    if !is_general(page) && !is_start(page, all) {
        let is_demand = |block: &&&crate::page::Block| {
            let own = [**block];
            security::of_page(&own, &own, true).is_needed
        };
        return match flat.iter().find(is_demand).filter(|_| credential.is_needed) {
            Some(block) => Said::Unsure(block.line),
            None => Said::Nothing,
        };
    }
    let (tables, headers) = shared(page, &split);
    let items = outline_of_shared(&split.shared);
    let site = Site {
        page: page.name.clone(),
        edition: page.edition.clone(),
        ..Site::default()
    };
    let own = OfAll {
        credential,
        headers,
        errors: error_body(page, &items, &tables.fields),
        answers: EveryAnswer::of(&items, &site),
    };
    let says_nothing = !own.credential.is_needed
        && own.headers.is_empty()
        && own.errors.is_none()
        && own.answers.is_empty();
    if says_nothing {
        Said::Nothing
    } else {
        Said::OfAll(Box::new(own))
    }
}

/// Whether a page is the start of the folder that all of them stand in: `index.md`, `README.md`.
fn is_start(page: &Page, all: &[Page]) -> bool {
    const STARTS: [&str; 3] = ["index", "_index", "readme"];
    let (folder, file) = page.name.rsplit_once('/').unwrap_or(("", &page.name));
    let stem = file.split('.').next().unwrap_or_default().to_lowercase();
    let is_within = |other: &Page| other.name.starts_with(folder);
    STARTS.contains(&stem.as_str()) && all.iter().all(is_within)
}

/// Whether the title of a page, or its name where it has none, is one of pages about all operations.
fn is_general(page: &Page) -> bool {
    let title = page.blocks.iter().find_map(|block| match &block.kind {
        BlockKind::Heading { text, .. } => Some(text.plain.as_str()),
        _ => None,
    });
    let title = title.unwrap_or_else(|| {
        let name = page.name.rsplit('/').next().unwrap_or_default();
        name.split('.').next().unwrap_or_default()
    });
    title.len() <= 80 && TITLES.in_text(title).next().is_some()
}

/// The body that the shared parts of a page say all errors have.
pub(super) fn error_body(
    page: &Page,
    items: &[Item<'_>],
    tables: &[FieldTable],
) -> Option<ErrorBody> {
    items.iter().enumerate().find_map(|(at, item)| {
        let is_told = match item.kind {
            ItemKind::Heading(text) => is_alike(&text.plain),
            ItemKind::Paragraph(text) => {
                let last = sentences(&text.plain).pop();
                last.is_some_and(|sentence| is_alike(&sentence))
            }
            _ => false,
        };
        is_told.then(|| below(page, items.get(at + 1..)?, tables))?
    })
}

fn is_alike(text: &str) -> bool {
    !OF_SOME.is_match(&OF_ANY.replace(text, ""))
        && OF_ERRORS
            .in_text(text)
            .any(|(_, says)| *says == Says::Alike)
}

/// The body that a table or an example shows at the beginning of some items.
fn below(page: &Page, items: &[Item<'_>], tables: &[FieldTable]) -> Option<ErrorBody> {
    let site = |item: &Item<'_>, row: &str| Site {
        page: page.name.clone(),
        edition: page.edition.clone(),
        table: item.heading.to_owned(),
        row: row.to_owned(),
        line: item.line,
    };
    let mut body = Body::default();
    let mut first: Option<Site> = None;
    let mut texts = 0;
    for item in items {
        match item.kind {
            ItemKind::Table(_) if !body.described && body.examples.is_empty() => {
                let at = tables.iter().position(|own| own.site.line == item.line)?;
                let all: Vec<&FieldTable> = tables.iter().collect();
                body.node = Linker::new(&all).object(at);
                combine::settle_body(&mut body.node, Direction::Response);
                body.described = true;
                first = Some(site(item, "table"));
            }
            ItemKind::Code(text) if body.examples.is_empty() => {
                let value = serde_json::from_str::<Value>(text).ok();
                let Some(value) = value.filter(Value::is_object) else {
                    break;
                };
                let own = site(item, "response");
                first.get_or_insert_with(|| own.clone());
                if !body.described {
                    body.node = of_example(&value, &own);
                    body.described = true;
                }
                body.examples.push(Example { value, site: own });
            }
            ItemKind::Paragraph(_) if texts < BETWEEN => texts += 1,
            _ => break,
        }
    }
    first.map(|site| ErrorBody { body, site })
}

/// What errors are by the one that is shown: of the types of its fields, of which another may lack
/// any.
fn of_example(value: &Value, site: &Site) -> Node {
    let mut node = Node::default();
    as_shown::take(&mut node, &[value], site);
    node.each_mut(&mut |object| {
        for (_, field) in &mut object.properties {
            field.state(Constraint::Required(false), site);
        }
    });
    node
}

impl ErrorBody {
    /// That no operation names the status of an error without a body.
    pub(super) fn unused(&self) -> Finding {
        let message = "what errors look like is not used: no operation names the status of an error \
                       without a body of its own";
        let kind = DocumentationKind::ExampleNotRead;
        Finding::left_out(kind, message.to_owned(), &self.site)
    }

    /// Gives the body to the errors that an operation documents without one; whether there are any.
    pub(super) fn give(&self, drafts: &mut [Draft]) -> bool {
        let mut is_used = false;
        for draft in drafts.iter_mut().filter(|own| own.method != "HEAD") {
            for response in &mut draft.responses {
                let is_error = response.status.starts_with(['4', '5']);
                if is_error && !response.has_body() {
                    response.body = self.body.clone();
                    is_used = true;
                }
            }
        }
        is_used
    }
}

/// Lets the operations of which no error is documented answer one, by these statuses where there
/// are any; whether there is such an operation.
pub(super) fn offer(drafts: &mut [Draft], statuses: &[StatusRow]) -> bool {
    let is_error = |status: u16| (400..500).contains(&status);
    let rows = statuses.iter().filter(|row| is_error(row.status));
    let facts = rows.map(|row| row.site.fact(Facet::Status, Level::May));
    let facts: Vec<Fact> = facts.collect();
    let mut is_taken = false;
    // A delete of what is gone may well be a success.
    let may_fail = |own: &&mut Draft| !matches!(own.method.as_str(), "HEAD" | "DELETE");
    for draft in drafts.iter_mut().filter(may_fail) {
        let mut known = draft.responses.iter();
        if known.any(|own| own.status.starts_with(['4', '5'])) {
            continue;
        }
        is_taken = true;
        draft.respond(FAILURE, |answer| answer.facts.extend(facts.iter().cloned()));
    }
    is_taken
}

impl OfAll {
    /// Gives an operation what holds for it too.
    pub(super) fn give(&self, draft: &mut Draft) {
        let known: BTreeSet<String> = draft
            .parameters
            .iter()
            .filter(|own| own.location == Location::Header)
            .map(|own| own.name.to_lowercase())
            .collect();
        security::take(draft, &self.credential, &known);
        let rows = self.headers.iter().flat_map(|table| &table.rows);
        for row in rows.filter(|row| !known.contains(&row.name.to_lowercase())) {
            draft.parameters.push(Parameter {
                name: row.name.clone(),
                location: Location::Header,
                node: row.node(),
                styles: Vec::new(),
                example: row.example.clone().map(Value::from),
            });
        }
        if let Some(errors) = &self.errors {
            errors.give(std::slice::from_mut(draft));
        }
        self.answers.give(draft);
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn each_example_is_read() {
        for (text, ..) in OF_ERRORS.examples() {
            assert!(is_alike(text), "{text}");
        }
        for (text, pattern, says) in TITLES.examples() {
            assert!(*says == Says::General && pattern.is_match(text), "{text}");
        }
    }

    #[rstest]
    #[case("All errors look the same:", true)]
    #[case("Most errors have this body:", false)]
    #[case("All 422 errors have this body:", false)]
    #[case("Errors are logged like this:", false)]
    #[case("All errors are logged.", false)]
    fn a_sentence_tells_of_all_errors(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(is_alike(text), expected);
    }
}
