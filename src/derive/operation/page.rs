//! All operations of a page.

use std::collections::{BTreeMap, BTreeSet};

use super::anchors::{anchor_below_labels, anchor_by_names};
use super::objects::shown_objects;
use super::{Reader, leave_out_before, without_place};
use crate::contract::{DocumentationKind, Facet, Fact, Location};
use crate::derive::behaviour;
use crate::derive::borrowed::{self, Place};
use crate::derive::candidates::UNKNOWN_METHOD;
use crate::derive::common::take_common;
use crate::derive::draft::Draft;
use crate::derive::every_answer::EveryAnswer;
use crate::derive::examples::{self, Examples};
use crate::derive::finding::Finding;
use crate::derive::identity::{self, OwnHeading};
use crate::derive::instead::instead;
use crate::derive::listed::Lists;
use crate::derive::mandatory::Marks;
use crate::derive::nesting::Around;
use crate::derive::of_all::{error_body, offer};
use crate::derive::outline::{ItemKind, flatten, outline, outline_of_shared};
use crate::derive::parameters::takes_body;
use crate::derive::path::{made, shape};
use crate::derive::proofread::{Targets, slug};
use crate::derive::security;
use crate::derive::split::{Opening, Split, lendable, lent, split};
use crate::derive::statement::Site;
use crate::derive::tables::{FieldTable, Role, StatusRow, Tables, led_name, object_name, tables};
use crate::derive::target::Stated;
use crate::derive::unread::unread;
use crate::derive::versions::is_past;
use crate::derive::{DeriveError, dotted};
use crate::page::{Block, Page};

/// What a page tells of.
pub(in crate::derive) struct Read {
    pub drafts: Vec<Draft>,
    /// The operations that the page documents and that are not read: the second time that it tells
    /// of one.
    pub passed_over: Vec<String>,
    /// The tables of other pages that its operations refer to: page and line.
    pub used: BTreeSet<(String, usize)>,
    /// Whether the page states its operations by nothing but calls with values in them.
    pub is_by_values: bool,
}

/// What opens the operations of a page.
fn openings<'s>(split: &'s Split<'_>) -> impl Iterator<Item = &'s Opening> {
    split.parts.iter().flat_map(|part| &part.targets)
}

/// The same as methods and paths.
fn targets_of(split: &Split<'_>) -> Vec<Stated> {
    openings(split).map(|own| own.stated.clone()).collect()
}

/// How many tables a page must announce in vain to be refused: a single one may be no table.
const LOST: usize = 2;

/// Reads the operations that a page tells of; `foreign` are the tables of other pages that it may
/// refer to.
pub(in crate::derive) fn drafts(page: &Page, foreign: &[FieldTable]) -> Result<Read, DeriveError> {
    let split = split(page);
    if split.parts.iter().all(|part| part.unread.is_some()) {
        let openings = split.parts.iter().flat_map(|part| {
            let why = part.unread.unwrap_or(UNKNOWN_METHOD);
            part.targets.iter().map(move |own| (own, why))
        });
        let unread = openings.map(|(own, why)| {
            let Opening { stated, line, .. } = own;
            format!("line {line}: `{} {}`: {why}", stated.method, stated.path)
        });
        return Err(DeriveError::NoOperation {
            page: page.name.clone(),
            instead: unread.chain(instead(page)).collect(),
        });
    }
    let flat = flatten(&page.blocks);
    let whole = outline(&flat, &[]);
    let (shared, common) = shared(page, &split);
    let targets = targets_of(&split);
    let mut reader = Reader {
        page,
        service: identity::service(page, &whole, &targets),
        references: Targets::of(page),
        targets,
        shown: examples::of_page(&flat),
        shared,
        objects: shown_objects(&outline_of_shared(&split.shared)),
        foreign,
        common,
        lists: Lists::of(&flat),
        credential: security::of_page(&flat, &split.shared, split.parts.len() > 1),
        marks: Marks::of(page),
        used: BTreeSet::new(),
        read: 0,
        lost: BTreeSet::new(),
        borrowed: None,
        named: Vec::new(),
    };
    let count = split.parts.len();
    let mut read = Read {
        drafts: Vec::new(),
        passed_over: Vec::new(),
        used: BTreeSet::new(),
        is_by_values: openings(&split).any(|own| own.is_by_value),
    };
    let mut known = BTreeMap::new();
    let (mut places, mut wanted, mut named) = (Vec::new(), Vec::new(), Vec::new());
    for part in split.parts.iter().filter(|part| part.unread.is_none()) {
        let is_past = part.title.is_some_and(|title| is_past(&title.plain));
        let drafts = reader.part(part, OwnHeading::of(part, count));
        let borrowed = reader.borrowed.take();
        let answers = std::mem::take(&mut reader.named);
        for draft in drafts {
            let takes = borrowed.as_ref().filter(|_| takes_body(&draft.method));
            named.extend(answers.iter().map(|own| (places.len(), own.clone())));
            wanted.extend(takes.map(|own| (places.len(), own.clone())));
            places.push(Place::of(part.title, &draft));
            read.add(&mut known, draft, is_past);
        }
    }
    borrowed::give(&mut read.drafts, &places, &wanted);
    borrowed::give_named(&mut read.drafts, &places, &named);
    // A page of many operations tells of those, whatever became of its tables.
    let is_one = read.drafts.len() + read.passed_over.len() == 1;
    if is_one && reader.read == 0 && reader.lost.len() >= LOST {
        return Err(DeriveError::NoTable {
            page: page.name.clone(),
            announced: reader.lost.len(),
        });
    }
    let items = outline_of_shared(&split.shared);
    let errors = error_body(page, &items, &reader.shared.fields)
        .or_else(|| error_body(page, &outline_of_shared(&before(&split)), &[]));
    if let Some(errors) = errors {
        let own = (page.name.clone(), errors.site.line);
        // The statuses of errors that stand with what they look like are those of any operation.
        let statuses = &mut reader.shared.statuses;
        let (listed, others) = std::mem::take(statuses)
            .into_iter()
            .partition(|row: &StatusRow| row.site.table == errors.site.table);
        *statuses = others;
        if !offer(&mut read.drafts, &listed) {
            statuses.extend(listed);
        }
        if errors.give(&mut read.drafts) {
            reader.used.insert(own);
        } else {
            leave_out_before(&mut read.drafts, errors.site.line, errors.unused());
        }
    }
    let site = Site {
        page: page.name.clone(),
        edition: page.edition.clone(),
        ..Site::default()
    };
    let above = outline_of_shared(&before(&split));
    for told in [&items, &above].map(|items| EveryAnswer::of(items, &site)) {
        read.drafts.iter_mut().for_each(|draft| told.give(draft));
    }
    for items in [&items, &above] {
        behaviour::where_set_up(items, &site, &mut read.drafts);
    }
    // The operation in whose section a table stands tells of it.
    let lent = lent(&split).into_iter();
    let own = lent.map(|block| (page.name.clone(), block.line));
    reader.used.extend(own);
    reader.leave_out_unused(&mut read.drafts);
    for finding in unread(page, &items) {
        if finding.kind == DocumentationKind::ErrorCodesNotTried {
            let line = finding.rows.first().map_or(0, Fact::line);
            leave_out_before(&mut read.drafts, line, finding);
        }
    }
    reader.leave_out_unread(&split, &mut read);
    let used = std::mem::take(&mut reader.used).into_iter();
    read.used = used.filter(|(other, _)| *other != page.name).collect();
    Ok(read)
}

/// What stands above the one operation of a page, which may be said of any.
fn before<'p>(split: &Split<'p>) -> Vec<&'p Block> {
    let [part] = split.parts.as_slice() else {
        return Vec::new();
    };
    let first = part.targets.iter().map(|own| own.at).min();
    part.blocks
        .iter()
        .take(first.unwrap_or(0))
        .copied()
        .collect()
}

/// Tells of the tables of a page without operations that no operation of other pages refers to,
/// where they refer to some of it.
pub(in crate::derive) fn leave_out_of_others(
    page: &Page,
    refers: &BTreeSet<(String, usize)>,
    drafts: &mut [Draft],
) {
    if !refers.iter().any(|(name, _)| *name == page.name) {
        return;
    }
    for table in shared_tables(page) {
        let own = (page.name.clone(), table.site.line);
        if let Some(draft) = drafts.first_mut().filter(|_| !refers.contains(&own)) {
            draft.leave_out(without_place(&table));
        }
    }
}

/// The tables of a page that stand in no operation: what other pages may refer to.
pub(in crate::derive) fn shared_tables(page: &Page) -> Vec<FieldTable> {
    let mut split = split(page);
    let lendable = lendable(&split);
    split.shared.extend(lendable);
    let mut tables = shared(page, &split).0.fields;
    tables.retain(|table| !table.rows.is_empty());
    tables
}

/// The tables that stand in no operation: those that rows may refer to, and those of headers that
/// every request has.
pub(in crate::derive) fn shared(page: &Page, split: &Split<'_>) -> (Tables, Vec<FieldTable>) {
    let blocks = [split.shared.as_slice(), &lent(split)].concat();
    let items = outline_of_shared(&blocks);
    let mut found = tables(page, &items, Marks::default());
    let common = take_common(page, &items, &mut found);
    let mut anchors: BTreeMap<&str, &[String]> = BTreeMap::new();
    for item in &items {
        if let ItemKind::Heading(text) = item.kind {
            anchors.insert(text.plain.as_str(), &text.anchors);
        }
    }
    let mut below: BTreeMap<String, usize> = BTreeMap::new();
    for table in &found.fields {
        *below.entry(table.label.clone()).or_default() += 1;
    }
    let leads: BTreeMap<usize, &str> = items
        .iter()
        .zip(items.iter().skip(1))
        .filter_map(|(lead, table)| match (lead.kind, table.kind) {
            (ItemKind::Paragraph(text), ItemKind::Table(_)) => {
                Some((table.line, text.plain.as_str()))
            }
            _ => None,
        })
        .collect();
    for table in &mut found.fields {
        // `A post:` right above it, whatever else the heading is of.
        let led = leads.get(&table.site.line).and_then(|lead| led_name(lead));
        if let Some(name) = led.filter(|_| table.name.is_none()) {
            table.anchors.push(slug(&name));
            table.name = Some(name);
        }
        // A heading names and anchors the one table below it.
        if below.get(&table.label) == Some(&1) && !table.label.is_empty() {
            table.name = table.name.take().or_else(|| object_name(&table.label));
            table.anchors.push(slug(&table.label));
            let own = anchors.get(table.label.as_str()).copied();
            table.anchors.extend_from_slice(own.unwrap_or_default());
        }
        table.role = Role::Object;
        table.is_shared = true;
    }
    anchor_by_names(&mut found.fields, &items);
    anchor_below_labels(&mut found.fields, &items);
    let target = made("GET", "/", 0, "");
    let around = Around {
        target: &target,
        takes_body: false,
        is_json: false,
        of_page: &[],
    };
    let mut left_out = Vec::new();
    dotted::nest(&mut found, &Examples::default(), &around, &mut left_out);
    for table in &mut found.fields {
        table.is_shared = true;
    }
    (found, common)
}

/// The operations of a page by method and shape of the path: the place of each among the drafts, and
/// whether it is that of an old version.
type Known = BTreeMap<(String, String), (usize, bool)>;

impl Read {
    /// Adds an operation of a page. One that the page tells of twice is not united with the other:
    /// the two may be variants of which each has fields of its own. That of the newest version is
    /// kept, else the one with more rows.
    fn add(&mut self, known: &mut Known, draft: Draft, is_past: bool) {
        let key = (draft.method.clone(), shape(&draft.path));
        let (place, own_is_past) = known.entry(key).or_insert((self.drafts.len(), is_past));
        let Some(own) = self.drafts.get_mut(*place) else {
            self.drafts.push(draft);
            return;
        };
        let mut other = draft;
        let is_better = match (is_past, *own_is_past) {
            (false, true) => true,
            (true, false) => false,
            _ => weight(&other) > weight(own),
        };
        if is_better {
            std::mem::swap(own, &mut other);
            *own_is_past = is_past;
        }
        // Without rows it is a mere mention, as in a list of what the page documents.
        let Some(fact) = other.facts.first().filter(|_| weight(&other) > 0) else {
            return;
        };
        self.passed_over.push(format!(
            "{} {} (line {})",
            other.method,
            other.path,
            fact.line()
        ));
        let message = format!(
            "`{} {}` is documented a second time on the page; this part of it is not read",
            other.method, other.path
        );
        own.leave_out(Finding {
            kind: DocumentationKind::OperationNotRead,
            message,
            rows: vec![Fact {
                facet: Facet::Prose,
                ..fact.clone()
            }],
        });
    }
}

/// How many rows and examples tell of an operation.
fn weight(draft: &Draft) -> usize {
    let body = draft
        .request
        .as_ref()
        .map_or(0, |body| body.node.properties.len() + body.examples.len());
    let answers: usize = draft
        .responses
        .iter()
        .map(|response| response.facts.len() + response.body.node.properties.len())
        .sum();
    let rows = draft
        .parameters
        .iter()
        .filter(|parameter| parameter.location != Location::Path)
        .count();
    body + answers + rows
}
