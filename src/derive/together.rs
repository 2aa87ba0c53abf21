//! Pages that are read together: an object that a link leads to may stand on another of them
//! (`[Ticket](models.md#ticket)`).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::operation::shared_tables;
use super::proofread::slug;
use super::tables::FieldTable;
use crate::page::words::TypeName;
use crate::page::{Block, BlockKind, Link, Page, Table, Text, caption};

/// The endings of the names of pages, which links leave out.
const ENDINGS: [&str; 9] = [
    "md", "apib", "mdx", "markdown", "rst", "inc", "html", "htm", "txt",
];

/// How deep blocks are walked.
const DEPTH: usize = 16;

/// How many tables of other pages one page may refer to.
const MOST: usize = 500;

/// Pages, and what each may refer to on others.
pub(super) struct Together<'p> {
    /// The pages. Links to objects of others lead to these by the other page's name.
    pages: Vec<Cow<'p, Page>>,
    /// The tables of other pages that each refers to.
    objects: Vec<Vec<FieldTable>>,
}

/// The anchor that a link leads to. One on another page that is read together has the page's name
/// before it.
pub(super) fn anchor(link: &Link) -> &str {
    let target = link.target.as_str();
    match target.strip_prefix('#') {
        Some(anchor) => anchor,
        None => target.rsplit('#').next().unwrap_or(target),
    }
}

/// Whether a link may lead to an object: to a place on its own page, or to a page of the same
/// documentation.
pub(super) fn may_lead_to_object(link: &Link) -> bool {
    let target = link.target.as_str();
    if target.starts_with('#') {
        return true;
    }
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let ending = path
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_lowercase());
    let is_page = ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()));
    !path.contains(':') && (is_page || !anchor.is_empty())
}

/// Whether a link leads to an anchor of a table.
pub(super) fn leads_to(link: &Link, table: &FieldTable) -> bool {
    let anchor = anchor(link);
    let mut anchors = table.anchors.iter();
    anchors.any(|own| own.eq_ignore_ascii_case(anchor))
}

impl<'p> Together<'p> {
    /// What pages are to each other.
    pub(super) fn of(pages: &'p [Page]) -> Self {
        let names = Names::of(pages);
        let leads: Vec<BTreeSet<(usize, String)>> = (0..pages.len())
            .map(|own| names.leads(own, &pages[own..=own]))
            .collect();
        let wanted: BTreeSet<usize> = leads.iter().flatten().map(|(other, _)| *other).collect();
        let pages: Vec<Cow<'p, Page>> = pages
            .iter()
            .enumerate()
            .map(|(own, page)| names.with_links_home(own, page))
            .collect();
        if wanted.is_empty() {
            return Self {
                objects: vec![Vec::new(); pages.len()],
                pages,
            };
        }
        let anchors: BTreeMap<usize, Vec<FieldTable>> = wanted
            .iter()
            .filter_map(|other| Some((*other, shared_tables(pages.get(*other)?))))
            .collect();
        let is_there = |other: usize, anchor: &str| {
            let tables = anchors.get(&other);
            tables.is_some_and(|tables| place_of(tables, anchor).is_some())
        };
        let pages: Vec<Cow<'p, Page>> = pages
            .iter()
            .zip(&leads)
            .enumerate()
            .map(|(own, (page, leads))| {
                if !leads.iter().any(|(other, anchor)| is_there(*other, anchor)) {
                    return page.clone();
                }
                let mut page = page.as_ref().clone();
                each_link(&mut page.blocks, 0, &mut |link| {
                    let Some((other, anchor)) = names.lead(own, &link.target) else {
                        return;
                    };
                    if is_there(other, anchor)
                        && let Some(name) = names.names.get(other)
                    {
                        link.target = format!("#{name}#{anchor}");
                    }
                });
                Cow::Owned(page)
            })
            .collect();
        let tables: BTreeMap<usize, Vec<FieldTable>> = anchors
            .into_iter()
            .map(|(own, read)| match pages.get(own) {
                Some(Cow::Owned(page)) => (own, shared_tables(page)),
                _ => (own, read),
            })
            .collect();
        let objects = leads
            .iter()
            .map(|leads| reached(leads, &tables, &names))
            .collect();
        Self { pages, objects }
    }

    /// The pages, each with the tables of others that it may refer to.
    pub(super) fn each(&self) -> impl Iterator<Item = (&Page, &[FieldTable])> {
        let pages = self.pages.iter().map(AsRef::as_ref);
        pages.zip(self.objects.iter().map(Vec::as_slice))
    }
}

/// How links call the pages.
struct Names {
    /// The name of each.
    names: Vec<String>,
    /// Those that are called so in a link, by the last part of its path.
    by_key: BTreeMap<String, Vec<usize>>,
}

impl Names {
    fn of(pages: &[Page]) -> Self {
        let names: Vec<String> = pages.iter().map(|page| page.name.clone()).collect();
        let mut by_key: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, name) in names.iter().enumerate() {
            by_key.entry(key(name)).or_default().push(at);
        }
        Self { names, by_key }
    }

    /// The page and the anchor that a link leads to from a page, if that is another one.
    fn lead<'t>(&self, own: usize, target: &'t str) -> Option<(usize, &'t str)> {
        let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
        let path = path.split('?').next().unwrap_or(path);
        if path.is_empty() || path.contains("://") || path.starts_with("mailto:") {
            return None;
        }
        match self.by_key.get(&key(path))?.as_slice() {
            [other] if *other != own => Some((*other, anchor)),
            _ => None,
        }
    }

    /// The anchor on the own page that a link by a path leads to: the path is called as the page is,
    /// or no page is, and the anchor is that of a heading which has the words of the link.
    fn lead_home<'t>(
        &self,
        own: usize,
        link: &'t Link,
        headings: &BTreeSet<String>,
    ) -> Option<&'t str> {
        let (path, anchor) = link.target.split_once('#')?;
        let path = path.split('?').next().unwrap_or(path);
        if path.is_empty() || anchor.is_empty() || !may_lead_to_object(link) {
            return None;
        }
        let is_there = headings.contains(&anchor.to_lowercase());
        let is_home = match self.by_key.get(&key(path)).map(Vec::as_slice) {
            Some([other]) => *other == own,
            Some(_) => false,
            None => {
                let words = slug(&link.text);
                let mut parts = anchor.split('-');
                path.starts_with('/') && parts.any(|part| part.eq_ignore_ascii_case(&words))
            }
        };
        (is_there && is_home).then_some(anchor)
    }

    /// A page whose links by a path that lead to itself do so by their anchors alone.
    fn with_links_home<'p>(&self, own: usize, page: &'p Page) -> Cow<'p, Page> {
        let mut headings = BTreeSet::new();
        for block in &page.blocks {
            if let BlockKind::Heading { text, .. } = &block.kind {
                headings.insert(slug(&text.plain));
                headings.extend(text.anchors.iter().map(|anchor| anchor.to_lowercase()));
            }
        }
        let mut is_changed = false;
        visit(&page.blocks, 0, &mut |text| {
            let mut links = text.links.iter();
            is_changed |= links.any(|link| self.lead_home(own, link, &headings).is_some());
        });
        if !is_changed {
            return Cow::Borrowed(page);
        }
        let mut page = page.clone();
        each_link(&mut page.blocks, 0, &mut |link| {
            if let Some(anchor) = self.lead_home(own, link, &headings) {
                link.target = format!("#{anchor}");
            }
        });
        Cow::Owned(page)
    }

    /// Where the links of a page lead to on others.
    fn leads(&self, own: usize, page: &[Page]) -> BTreeSet<(usize, String)> {
        let mut leads = BTreeSet::new();
        if self.names.len() < 2 {
            return leads;
        }
        for page in page {
            visit(&page.blocks, 0, &mut |text| {
                for link in &text.links {
                    if let Some((other, anchor)) = self.lead(own, &link.target) {
                        leads.insert((other, anchor.to_owned()));
                    }
                }
            });
        }
        leads
    }
}

/// What a page is called in links, whatever their folder and their ending.
fn key(name: &str) -> String {
    let last = name.trim_end_matches('/').rsplit('/').next();
    let last = last.unwrap_or(name);
    let stem = match last.rsplit_once('.') {
        Some((stem, ending)) if ENDINGS.contains(&ending.to_lowercase().as_str()) => stem,
        _ => last,
    };
    stem.to_lowercase()
}

/// The table that an anchor leads to; without one a page's only table.
fn place_of(tables: &[FieldTable], anchor: &str) -> Option<usize> {
    if anchor.is_empty() {
        return (tables.len() == 1).then_some(0);
    }
    tables.iter().position(|table| {
        let mut anchors = table.anchors.iter();
        anchors.any(|own| own.eq_ignore_ascii_case(anchor))
    })
}

/// The tables that links lead to, and those that these refer to in turn, as other pages see them.
fn reached(
    leads: &BTreeSet<(usize, String)>,
    tables: &BTreeMap<usize, Vec<FieldTable>>,
    names: &Names,
) -> Vec<FieldTable> {
    let find = |page: usize, anchor: &str| Some((page, place_of(tables.get(&page)?, anchor)?));
    let mut open: Vec<(usize, usize)> = leads
        .iter()
        .filter_map(|(page, anchor)| find(*page, anchor))
        .collect();
    let mut known: BTreeSet<(usize, usize)> = open.iter().copied().collect();
    let mut reached = Vec::new();
    while let Some((page, at)) = open.pop() {
        let own = tables.get(&page).map(Vec::as_slice).unwrap_or_default();
        let (Some(table), Some(name)) = (own.get(at), names.names.get(page)) else {
            continue;
        };
        if reached.len() >= MOST {
            break;
        }
        let beside = own
            .iter()
            .enumerate()
            .filter(|(_, other)| refers(table, other));
        let mut next: Vec<(usize, usize)> = beside.map(|(at, _)| (page, at)).collect();
        let links = table.rows.iter().flat_map(|row| &row.links);
        next.extend(links.filter_map(|link| {
            let (other, anchor) = link.target.strip_prefix('#')?.split_once('#')?;
            find(names.names.iter().position(|own| own == other)?, anchor)
        }));
        open.extend(next.into_iter().filter(|own| known.insert(*own)));
        reached.push(from_outside(table, name));
    }
    reached
}

/// Whether a row of a table refers to another of its page: by a link, the name of its type or its own,
/// or a number.
fn refers(table: &FieldTable, other: &FieldTable) -> bool {
    let is_name = |wanted: &str| {
        let name = other.name.as_deref();
        name.is_some_and(|name| name.eq_ignore_ascii_case(wanted))
    };
    table.rows.iter().any(|row| {
        let named = match &row.kind {
            Some(TypeName::Object(name)) => name.as_deref(),
            Some(TypeName::Array(item) | TypeName::Map(item)) => match item.as_ref() {
                TypeName::Object(name) => name.as_deref(),
                _ => None,
            },
            _ => None,
        };
        named.is_some_and(is_name)
            || is_name(&row.name)
            || row.links.iter().any(|link| leads_to(link, other))
            || caption::references(&row.text)
                .any(|reference| other.number == Some(reference.number))
    })
}

/// A table as another page refers to it: its anchors have the name of its page before them, and so
/// have the links of its rows.
fn from_outside(table: &FieldTable, page: &str) -> FieldTable {
    let mut table = table.clone();
    // A link without an anchor leads to the only table.
    table.anchors.push(String::new());
    for own in &mut table.anchors {
        *own = format!("{page}#{own}");
    }
    for link in table.rows.iter_mut().flat_map(|row| &mut row.links) {
        if let Some(own) = link.target.strip_prefix('#')
            && !own.contains('#')
        {
            link.target = format!("#{page}#{own}");
        }
    }
    table.is_shared = true;
    table
}

/// Looks at every text of blocks that may have links.
fn visit(blocks: &[Block], depth: usize, look: &mut impl FnMut(&Text)) {
    if depth > DEPTH {
        return;
    }
    for block in blocks {
        match &block.kind {
            BlockKind::Heading { text, .. } | BlockKind::Paragraph(text) => look(text),
            BlockKind::List(items) => items.iter().for_each(|item| visit(item, depth + 1, look)),
            BlockKind::Table(Table { caption, rows, .. }) => {
                if let Some(caption) = caption {
                    look(caption);
                }
                for cell in rows.iter().flat_map(|row| &row.cells) {
                    visit(&cell.blocks, depth + 1, look);
                }
            }
            BlockKind::Code { .. } | BlockKind::Target { .. } | BlockKind::Unread(_) => {}
        }
    }
}

/// Changes every link of blocks.
fn each_link(blocks: &mut [Block], depth: usize, change: &mut impl FnMut(&mut Link)) {
    if depth > DEPTH {
        return;
    }
    for block in blocks {
        match &mut block.kind {
            BlockKind::Heading { text, .. } | BlockKind::Paragraph(text) => {
                text.links.iter_mut().for_each(&mut *change);
            }
            BlockKind::List(items) => {
                for item in items {
                    each_link(item, depth + 1, change);
                }
            }
            BlockKind::Table(Table { caption, rows, .. }) => {
                if let Some(caption) = caption {
                    caption.links.iter_mut().for_each(&mut *change);
                }
                for cell in rows.iter_mut().flat_map(|row| &mut row.cells) {
                    each_link(&mut cell.blocks, depth + 1, change);
                }
            }
            BlockKind::Code { .. } | BlockKind::Target { .. } | BlockKind::Unread(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("models.md", "models")]
    #[case("/docs/models/", "models")]
    #[case("../Models.html", "models")]
    #[case("v1.2", "v1.2")]
    fn a_page_is_called_by_the_last_part_of_its_path(#[case] name: &str, #[case] expected: &str) {
        assert_eq!(key(name), expected);
    }
}
