//! Derivation: the block trees of pages -> the contract, with provenance and documentation
//! findings.
//!
//! A page is split into its operations (`split`), and each becomes a draft (`operation`); drafts of
//! one operation are united
//! (`merge`); what their statements mean together is decided last (`resolve`, `findings`) and
//! written (`document`).

mod action;
mod alternatives;
mod answer_headers;
mod as_shown;
mod at_first;
mod behaviour;
mod borrowed;
mod by_values;
mod called;
mod candidates;
mod cases;
mod closed;
mod code_label;
mod combine;
mod common;
mod computed;
mod conditions;
mod converter;
mod counted;
mod credential_rows;
mod crossread;
mod curl;
mod declared;
mod demand;
mod description;
mod document;
mod dotted;
mod draft;
mod either;
mod enums;
mod every_answer;
mod examples;
mod exempt;
mod files;
mod finding;
mod findings;
mod foreign;
mod form;
mod form_example;
mod identity;
mod imperative;
mod instead;
mod keywords;
mod labels;
mod linked;
mod linker;
mod listed;
mod lists;
mod literal;
mod mandatory;
mod meanings;
mod meant;
mod merge;
mod named_status;
mod named_types;
mod nesting;
mod nullability;
mod of_all;
mod of_items;
mod one_of;
mod operation;
mod outline;
mod overview;
mod parameters;
mod path;
mod path_headings;
mod patterns;
mod payload;
mod presence;
mod promised;
mod proofread;
mod ranges;
mod resolve;
mod root;
mod rows;
pub(crate) mod said;
mod samples;
mod schema;
mod schemes;
mod scope;
mod section;
mod security;
mod sentences;
mod settle;
mod shown;
mod signs;
mod some_of;
mod spaced;
mod spelled;
mod split;
mod stated;
mod statement;
mod status_causes;
mod statuses;
mod tables;
mod target;
mod together;
mod told_answers;
mod told_headers;
mod told_names;
mod told_states;
mod told_values;
mod type_detail;
mod unread;
mod versions;
mod widening;
mod wordings;
mod wrapper;

use std::collections::{BTreeMap, BTreeSet};

use self::of_all::Said;
use self::together::Together;
use crate::contract::Service;
use crate::page::Page;

/// What can be told from outside.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The name of the service, whatever the pages say.
    pub service: Option<String>,
}

/// What pages derive to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Derived {
    /// The contracts by service, sorted by name. Documentation findings are part of each:
    /// [`Service::documentation`].
    pub services: Vec<Service>,
    /// Why each page that nothing is read of is passed over, where others are read.
    pub skipped: Vec<DeriveError>,
    /// The operations of each other page, sorted by the page's name.
    pub pages: Vec<PageRead>,
    /// The pages without operations that are read for the others: of objects that these refer to, of
    /// what every request has. Sorted.
    pub used: Vec<String>,
}

/// The operations that a page documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRead {
    /// The page's name.
    pub page: String,
    /// How many were read.
    pub read: usize,
    /// Those that were not, with their lines.
    pub not_read: Vec<String>,
}

/// Why pages do not derive.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeriveError {
    /// There is no page at all.
    #[error("no pages to derive from")]
    NoPages,
    /// A page tells of no operation.
    #[error("{}", no_operation(page, instead))]
    NoOperation {
        /// The page's name.
        page: String,
        /// What it has that looks like documentation, and why it is none.
        instead: Vec<String>,
    },
    /// A page announces tables, and not one of them could be read.
    #[error("`{page}`: 0 of {announced} announced tables were read")]
    NoTable {
        /// The page's name.
        page: String,
        /// How many tables it announces.
        announced: usize,
    },
}

impl DeriveError {
    /// The page that it is about.
    pub fn page(&self) -> Option<&str> {
        match self {
            Self::NoPages => None,
            Self::NoOperation { page, .. } | Self::NoTable { page, .. } => Some(page),
        }
    }

    /// Adds to what a page has instead of operations.
    fn tell(&mut self, what: String) {
        if let Self::NoOperation { instead, .. } = self {
            instead.push(what);
        }
    }

    /// The same of a page by another name.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        match &mut self {
            Self::NoPages => {}
            Self::NoOperation { page, .. } | Self::NoTable { page, .. } => name.clone_into(page),
        }
        self
    }

    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NoPages => "name one or more pages, or a folder that holds some",
            Self::NoTable { .. } => {
                "save the page as HTML or Markdown: the tool that made this text of it has lost the tables' cells"
            }
            Self::NoOperation { .. } => {
                "state each operation as a method and a path on a line of its own, such as `POST /v2/{project_id}/backups`, below a heading or in a block of code; or show each by one `curl` call right below a heading or a sentence of its own, with its answer"
            }
        }
    }
}

/// That no operation is read of a page, and what it has instead.
fn no_operation(page: &str, instead: &[String]) -> String {
    if instead.is_empty() {
        return format!("`{page}` is not an API page: no line such as `GET /path` found");
    }
    format!(
        "`{page}`: no operation is read, for no line states one as `GET /path` does:\n  {}",
        instead.join("\n  ")
    )
}

/// The service of pages that name none.
pub const NAMELESS: &str = "api";

/// Derives the contract of the operations that pages tell of. The order of the pages does not
/// matter.
pub fn derive(pages: &[Page], options: &Options) -> Result<Derived, DeriveError> {
    if pages.is_empty() {
        return Err(DeriveError::NoPages);
    }
    let mut drafts = Vec::new();
    let mut skipped = Vec::new();
    let mut read = Vec::new();
    let mut refers = BTreeSet::new();
    let together = Together::of(pages);
    let mut of_all = Vec::new();
    let all = draft_all(&together);
    // Beside pages that state operations calls with values in them are examples.
    let states = |found: &Result<operation::Read, DeriveError>| {
        let found = found.as_ref().ok();
        found.is_some_and(|found| !found.is_by_values && !found.drafts.is_empty())
    };
    let is_stated = all.iter().any(states);
    for (page, found) in pages.iter().zip(all) {
        let found = match found {
            Ok(found) if found.is_by_values && is_stated => Err(DeriveError::NoOperation {
                page: page.name.clone(),
                instead: vec![
                    "calls with values in them, which are examples beside pages that state \
                     operations"
                        .to_owned(),
                ],
            }),
            other => other,
        };
        match found {
            Ok(found) => {
                read.push(PageRead {
                    page: page.name.clone(),
                    read: found.drafts.len(),
                    not_read: found.passed_over,
                });
                refers.extend(found.used);
                drafts.extend(found.drafts);
            }
            // Folders of pages hold overviews and lists of error codes too.
            Err(mut error) => {
                match of_all::said(page, pages) {
                    Said::OfAll(said) => of_all.push((page.name.clone(), said)),
                    Said::Unsure(line) => error.tell(format!(
                        "line {line}: that requests need a credential, which is not used: the page may \
                         be about some of them"
                    )),
                    Said::Nothing => {}
                }
                skipped.push(error);
            }
        }
    }
    read.sort_by(|one: &PageRead, other| one.page.cmp(&other.page));
    if drafts.is_empty() {
        return Err(all_skipped(skipped));
    }
    for draft in &mut drafts {
        if let Some(service) = &options.service {
            draft.service = Some((0, service.clone()));
        }
        for (_, said) in &of_all {
            said.give(draft);
        }
    }
    let without = |page: &&Page| skipped.iter().any(|own| own.page() == Some(&page.name));
    for page in pages.iter().filter(without) {
        operation::leave_out_of_others(page, &refers, &mut drafts);
    }
    let mut used: BTreeSet<String> = of_all.into_iter().map(|(page, _)| page).collect();
    used.extend(refers.into_iter().map(|(page, _)| page));
    used.retain(|page| {
        let is_of = |error: &DeriveError| error.page() == Some(page);
        let is_skipped = skipped.iter().any(is_of);
        skipped.retain(|error| !is_of(error));
        is_skipped
    });
    let mut by_service: BTreeMap<String, Vec<draft::Draft>> = BTreeMap::new();
    for draft in merge::merge(drafts) {
        let name = draft
            .service
            .as_ref()
            .map_or_else(|| NAMELESS.to_owned(), |(_, name)| folder(name));
        by_service.entry(name).or_default().push(draft);
    }
    Ok(Derived {
        services: by_service
            .into_iter()
            .map(|(name, drafts)| settle::settle(&name, drafts))
            .collect(),
        skipped,
        pages: read,
        used: used.into_iter().collect(),
    })
}

/// Why nothing is read of any page.
fn all_skipped(skipped: Vec<DeriveError>) -> DeriveError {
    let is_other = |error: &&DeriveError| !matches!(error, DeriveError::NoOperation { .. });
    if let Some(own) = skipped.iter().find(is_other).or(match skipped.as_slice() {
        [own] => Some(own),
        _ => None,
    }) {
        return own.clone();
    }
    let mut names = Vec::new();
    let mut all = Vec::new();
    for error in &skipped {
        if let DeriveError::NoOperation { page, instead } = error {
            names.push(page.as_str());
            all.extend(
                instead
                    .iter()
                    .take(instead::A_PAGE_OF_MANY)
                    .map(|own| format!("`{page}`: {own}")),
            );
        }
    }
    DeriveError::NoOperation {
        page: names.join(", "),
        instead: all,
    }
}

/// How many pages are worth a thread of their own.
const PAGES_A_THREAD: usize = 16;

/// Reads the operations of each page, in their order; many pages on all cores.
fn draft_all(together: &Together<'_>) -> Vec<Result<operation::Read, DeriveError>> {
    let pages: Vec<(&Page, &[tables::FieldTable])> = together.each().collect();
    let read = |(page, objects): &(&Page, &[tables::FieldTable])| operation::drafts(page, objects);
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let threads = cores.min(pages.len() / PAGES_A_THREAD).max(1);
    if threads == 1 {
        return pages.iter().map(read).collect();
    }
    std::thread::scope(|scope| {
        let workers: Vec<_> = pages
            .chunks(pages.len().div_ceil(threads))
            .map(|chunk| scope.spawn(move || chunk.iter().map(read).collect::<Vec<_>>()))
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| {
                worker
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    })
}

/// A service's name as a folder's: letters, digits, `-` and `_`.
fn folder(name: &str) -> String {
    let clean: String = name
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        .collect();
    if clean.is_empty() {
        NAMELESS.to_owned()
    } else {
        clean
    }
}
