//! Tables of objects that stand in the section of one operation and that others refer to, by a link
//! or by their name: pages that grew out of one page for each operation describe an object where it
//! comes first.

use std::collections::{BTreeMap, BTreeSet};

use super::{Part, Split};
use crate::derive::labels::label;
use crate::derive::proofread::slug;
use crate::derive::section::section_of;
use crate::derive::tables::object_name;
use crate::page::{Block, BlockKind, Cell, Row, Table, Text, caption};

/// How deep blocks are walked.
const DEPTH: usize = 8;

/// The longest cell in which the name of an object is looked for.
const LONGEST_TYPE: usize = 60;

/// A table that others may refer to, with what stands above it and belongs to it.
struct Lendable<'p> {
    part: usize,
    /// The anchors that lead to it, in lower case.
    anchors: BTreeSet<String>,
    /// The name that a caption gives to its object.
    name: Option<String>,
    blocks: Vec<&'p Block>,
    table: &'p Table,
}

/// The blocks of all tables of objects that stand in sections of operations.
pub(in crate::derive) fn lendable<'p>(split: &Split<'p>) -> Vec<&'p Block> {
    let all = split.parts.iter().enumerate();
    all.flat_map(|(at, part)| of_part(at, part))
        .flat_map(|own| own.blocks)
        .collect()
}

/// The blocks of those that the operations of the page refer to in whose sections they do not stand.
pub(in crate::derive) fn lent<'p>(split: &Split<'p>) -> Vec<&'p Block> {
    if split.parts.len() < 2 {
        return Vec::new();
    }
    let parts = split.parts.iter().enumerate();
    let all: Vec<Lendable<'p>> = parts.flat_map(|(at, part)| of_part(at, part)).collect();
    if all.is_empty() {
        return Vec::new();
    }
    let by_anchor = only(&all, |own| own.anchors.iter().cloned().collect());
    let by_name = only(&all, |own| own.name.clone().into_iter().collect());
    let mut taken = BTreeSet::new();
    for (at, part) in split.parts.iter().enumerate() {
        let mut said = Said::default();
        part.blocks.iter().for_each(|block| said.block(block, 0));
        // What is taken may refer to more of its own section.
        let mut open = said.of_others(&all, (&by_anchor, &by_name), at);
        while let Some(next) = open.pop() {
            if taken.insert(next)
                && let Some(own) = all.get(next)
            {
                let mut inner = Said::default();
                inner.table(own.table, 0);
                open.extend(inner.of_others(&all, (&by_anchor, &by_name), at));
            }
        }
    }
    let places = taken.into_iter().filter_map(|at| all.get(at));
    places.flat_map(|own| own.blocks.iter().copied()).collect()
}

/// The only table that each of these words leads to.
fn only(all: &[Lendable<'_>], words: impl Fn(&Lendable<'_>) -> Vec<String>) -> Only {
    let mut found: BTreeMap<String, Option<usize>> = BTreeMap::new();
    for (at, own) in all.iter().enumerate() {
        for word in words(own) {
            found
                .entry(word)
                .and_modify(|known| *known = None)
                .or_insert(Some(at));
        }
    }
    found
        .into_iter()
        .filter_map(|(word, at)| Some((word, at?)))
        .collect()
}

type Only = BTreeMap<String, usize>;

/// The tables of objects in the section of an operation.
fn of_part<'p>(at: usize, part: &Part<'p>) -> Vec<Lendable<'p>> {
    let first = part.targets.iter().map(|own| own.at).min().unwrap_or(0);
    let mut found = Vec::new();
    // What stands right above: paragraphs, and a heading before them.
    let mut above: Vec<&'p Block> = Vec::new();
    let mut tables_below = BTreeMap::<usize, usize>::new();
    let mut heading = None;
    for (place, block) in part.blocks.iter().enumerate() {
        match &block.kind {
            BlockKind::Heading { .. } => {
                above = vec![block];
                heading = Some(place);
            }
            BlockKind::Paragraph(text) if text.plain.is_empty() || caption::opens(&text.plain) => {
                above.push(block);
            }
            BlockKind::Table(table) if place > first => {
                if let Some(heading) = heading {
                    *tables_below.entry(heading).or_default() += 1;
                }
                let own = lendable_of(at, &above, block, table);
                found.extend(own.map(|own| (heading, own)));
                above.clear();
            }
            _ => above.retain(|own| matches!(own.kind, BlockKind::Heading { .. })),
        }
    }
    // A heading above several tables is that of none.
    let is_of_one = |heading: &Option<usize>, own: &Lendable<'_>| {
        let count = heading.and_then(|heading| tables_below.get(&heading));
        let begins = own
            .blocks
            .first()
            .is_some_and(|first| matches!(first.kind, BlockKind::Heading { .. }));
        !begins || count == Some(&1)
    };
    found
        .into_iter()
        .filter(|(heading, own)| is_of_one(heading, own))
        .map(|(_, own)| own)
        .collect()
}

fn lendable_of<'p>(
    part: usize,
    above: &[&'p Block],
    block: &'p Block,
    table: &'p Table,
) -> Option<Lendable<'p>> {
    let mut anchors: BTreeSet<String> = lower(&table.anchors);
    let mut name = None;
    let mut blocks = Vec::new();
    let own_caption = table.caption.as_ref();
    let captions = above.iter().filter_map(|block| match &block.kind {
        BlockKind::Paragraph(text) => Some((*block, text)),
        _ => None,
    });
    for (block, text) in captions {
        anchors.extend(lower(&text.anchors));
        name = name.or_else(|| named(text));
        blocks.push(block);
    }
    anchors.extend(
        own_caption
            .map(|text| lower(&text.anchors))
            .unwrap_or_default(),
    );
    name = name.or_else(|| own_caption.and_then(named));
    // A heading names the object where nothing nearer does.
    if name.is_none()
        && anchors.is_empty()
        && let Some((heading, text)) = above.iter().find_map(|block| match &block.kind {
            BlockKind::Heading { text, .. } => Some((*block, text)),
            _ => None,
        })
        && section_of(&text.plain).is_none()
        && label(&text.plain).is_none()
        && object_name(&text.plain).is_some()
    {
        anchors.insert(slug(&text.plain).to_lowercase());
        anchors.extend(lower(&text.anchors));
        blocks.insert(0, heading);
    }
    blocks.push(block);
    (!anchors.is_empty() || name.is_some()).then_some(Lendable {
        part,
        anchors,
        name,
        blocks,
        table,
    })
}

/// The name of the object that a caption names; one of parameters names none.
fn named(caption: &Text) -> Option<String> {
    let title = caption::parts(&caption.plain)?.1;
    let is_label = label(title).is_some() || section_of(title).is_some();
    object_name(title).filter(|_| !is_label)
}

fn lower(anchors: &[String]) -> BTreeSet<String> {
    anchors.iter().map(|own| own.to_lowercase()).collect()
}

/// The anchors that the links of blocks lead to, in lower case.
pub(super) fn links_of(blocks: &[&Block]) -> BTreeSet<String> {
    let mut said = Said::default();
    for block in blocks {
        said.block(block, 0);
    }
    said.links
}

/// What blocks refer to.
#[derive(Default)]
struct Said {
    /// The anchors that links lead to, in lower case.
    links: BTreeSet<String>,
    /// The words of cells: the name of a type is one.
    words: BTreeSet<String>,
}

impl Said {
    fn block(&mut self, block: &Block, depth: usize) {
        if depth > DEPTH {
            return;
        }
        match &block.kind {
            BlockKind::Heading { text, .. } | BlockKind::Paragraph(text) => self.text(text),
            BlockKind::List(items) => {
                let inner = items.iter().flatten();
                inner.for_each(|block| self.block(block, depth + 1));
            }
            BlockKind::Table(table) => self.table(table, depth),
            BlockKind::Code { .. } | BlockKind::Target { .. } | BlockKind::Unread(_) => {}
        }
    }

    fn table(&mut self, table: &Table, depth: usize) {
        for cell in table.rows.iter().flat_map(|Row { cells, .. }| cells) {
            let Cell { blocks } = cell;
            for block in blocks {
                self.block(block, depth + 1);
            }
            let text = cell.plain();
            if text.len() <= LONGEST_TYPE {
                let words = text.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_');
                let words = words.filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase()));
                self.words.extend(words.map(str::to_owned));
            }
        }
    }

    fn text(&mut self, text: &Text) {
        let targets = text
            .links
            .iter()
            .filter_map(|link| link.target.strip_prefix('#'));
        self.links.extend(targets.map(str::to_lowercase));
    }

    /// The tables of other sections than a part's that it refers to.
    fn of_others(
        &self,
        all: &[Lendable<'_>],
        (by_anchor, by_name): (&Only, &Only),
        part: usize,
    ) -> Vec<usize> {
        let linked = self.links.iter().filter_map(|anchor| by_anchor.get(anchor));
        let named = self.words.iter().filter_map(|word| by_name.get(word));
        let is_of_another = |at: &usize| all.get(*at).is_some_and(|own| own.part != part);
        linked.chain(named).copied().filter(is_of_another).collect()
    }
}
