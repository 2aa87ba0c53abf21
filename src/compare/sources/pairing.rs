//! Which operations of pages and of a document are one: those of one method and path, names of
//! parameters aside, where either may leave out the path that the service stands below.

use std::collections::{BTreeMap, BTreeSet};

use crate::compare::operations::shape;
use crate::contract::Operation;

/// The operations of both, paired.
#[derive(Debug)]
pub struct Paired<'o> {
    /// Those that both have, in the order of the pages.
    pub pairs: Vec<(&'o Operation, &'o Operation)>,
    /// Those that the pages alone have.
    pub only_pages: Vec<&'o Operation>,
    /// Those that the document alone has.
    pub only_document: Vec<&'o Operation>,
    /// What stands before the paths of one of them.
    pub base: Base,
}

/// What stands before the paths of one side only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Base {
    /// What the paths of pages have before those of the document.
    pub of_pages: String,
    /// What the paths of the document have before those of pages.
    pub of_document: String,
}

/// Pairs the operations of pages with those of a document.
pub fn pair<'o>(pages: &'o [Operation], document: &'o [Operation]) -> Paired<'o> {
    let base = base(pages, document);
    let key = |operation: &Operation, own: &str| {
        let path = shape(&operation.path);
        let path = path.strip_prefix(own).map(str::to_owned).unwrap_or(path);
        (operation.method.clone(), path)
    };
    let mut open: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (index, operation) in document.iter().enumerate() {
        open.entry(key(operation, &base.of_document))
            .or_insert(index);
    }
    let mut met = BTreeSet::new();
    let mut paired = Paired {
        pairs: Vec::new(),
        only_pages: Vec::new(),
        only_document: Vec::new(),
        base: Base::default(),
    };
    for operation in pages {
        let partner = open.get(&key(operation, &base.of_pages)).copied();
        let partner = partner.and_then(|index| Some((index, document.get(index)?)));
        if let Some((index, partner)) = partner {
            met.insert(index);
            paired.pairs.push((operation, partner));
        } else {
            paired.only_pages.push(operation);
        }
    }
    let others = document.iter().enumerate();
    let others = others.filter(|(index, _)| !met.contains(index));
    paired.only_document = others.map(|(_, operation)| operation).collect();
    // Pages of several services are held against a document of one: what the document has nothing
    // of is not its matter.
    let shared: BTreeSet<&str> = paired
        .pairs
        .iter()
        .map(|(operation, _)| operation.service.as_str())
        .collect();
    if !shared.is_empty() {
        paired
            .only_pages
            .retain(|operation| shared.contains(operation.service.as_str()));
    }
    paired.base = base;
    paired
}

/// The base that the most operations have in common with those of the other side.
fn base(pages: &[Operation], document: &[Operation]) -> Base {
    let mut by_last: BTreeMap<(&str, String), Vec<String>> = BTreeMap::new();
    let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    for operation in document {
        let path = shape(&operation.path);
        let known = by_last.entry((operation.method.as_str(), last(&path)));
        known.or_default().push(path);
    }
    let mut counts: BTreeMap<Base, usize> = BTreeMap::new();
    for operation in pages {
        let path = shape(&operation.path);
        let others = by_last.get(&(operation.method.as_str(), last(&path)));
        for other in others.into_iter().flatten() {
            let before = |long: &str, short: &str| {
                let is_short = short.len() < 2;
                let rest = long.strip_suffix(short).filter(|_| !is_short);
                rest.filter(|rest| !rest.contains('{')).map(str::to_owned)
            };
            let base = if path == *other {
                Some(Base::default())
            } else if let Some(before) = before(&path, other) {
                Some(Base {
                    of_pages: before,
                    ..Base::default()
                })
            } else {
                before(other, &path).map(|before| Base {
                    of_document: before,
                    ..Base::default()
                })
            };
            if let Some(base) = base {
                *counts.entry(base).or_default() += 1;
            }
        }
    }
    // Of two that are as good, the shorter: maps are sorted, and the last of equals would win.
    let best = counts.into_iter().rev().max_by_key(|(_, count)| *count);
    best.map(|(base, _)| base).unwrap_or_default()
}
