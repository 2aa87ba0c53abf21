//! Which files of a folder are pages and documents.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::contract::ANNOTATION;
use crate::error::Error;
use crate::exchange::{is_url, printable};
use crate::file::read_found;
use crate::openapi::is_document;
use crate::text::counted;

use super::{Source, Tell};

/// The file names that a folder is searched for.
pub(super) const PAGE_ENDINGS: [&str; 9] = [
    "md", "apib", "markdown", "mdx", "rst", "inc", "html", "htm", "txt",
];

/// The endings of OpenAPI documents.
pub(super) const DOCUMENT_ENDINGS: [&str; 3] = ["yaml", "yml", "json"];

/// What lies among the pages of a suite, and is no page.
const OF_A_SUITE: &str = "toml";

/// How many endings of files that are no pages are named; more are counted together.
const ENDINGS: usize = 5;

/// How deep a folder is searched.
const DEPTH: usize = 6;

/// Whether what stands among the filters of a run names pages or a document, which no name of a
/// trial does: a URL, a file of their endings, any other file that is there, or a folder, as a path.
pub(crate) fn names_source(given: &str) -> bool {
    if is_url(given) {
        return true;
    }
    let path = Path::new(given);
    let is_there = path.extension().is_some() && path.is_file();
    let is_path = matches!(given, "." | "..") || given.contains('/') && path.is_dir();
    has_ending(path, &DOCUMENT_ENDINGS)
        || has_ending(path, &PAGE_ENDINGS)
        || given.ends_with('/')
        || is_path
        || is_there
}

/// Whether there are pages or documents in a folder.
pub(crate) fn holds_sources(folder: &Path) -> bool {
    let mut found = Found::default();
    found.collect(folder, 0).is_ok() && !found.files.is_empty()
}

/// Whether a file's name has one of these endings.
pub(super) fn has_ending(path: &Path, endings: &[&str]) -> bool {
    path.extension()
        .and_then(|end| end.to_str())
        .is_some_and(|end| endings.contains(&end))
}

/// Says how many files of the folders are no pages; those that a page names are read with it.
pub(super) fn tell_passed_over(others: Vec<PathBuf>, sources: &[Source], tell: Tell<'_>) {
    let beside: BTreeSet<PathBuf> = sources
        .iter()
        .flat_map(|source| {
            let folder = Path::new(&source.origin).parent().unwrap_or(Path::new(""));
            let names = source.page().into_iter().flat_map(|page| &page.beside);
            names.map(|(name, _)| folder.join(name))
        })
        .collect();
    let mut endings: BTreeMap<String, usize> = BTreeMap::new();
    for file in others.into_iter().filter(|file| !beside.contains(file)) {
        let what = if file.is_dir() {
            "folders deeper than any is searched".to_owned()
        } else {
            ending(&file).map_or_else(|| "without an ending".to_owned(), |end| format!("`.{end}`"))
        };
        *endings.entry(what).or_default() += 1;
    }
    let all: usize = endings.values().sum();
    if all == 0 {
        return;
    }
    let mut counts: Vec<(usize, String)> = endings
        .into_iter()
        .map(|(end, count)| (count, end))
        .collect();
    counts.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let others: usize = counts.iter().skip(ENDINGS).map(|(count, _)| count).sum();
    counts.truncate(ENDINGS);
    if others > 0 {
        counts.push((others, "of other endings".to_owned()));
    }
    let told: Vec<String> = counts
        .iter()
        .map(|(count, end)| format!("{count} {end}"))
        .collect();
    let are = if all == 1 {
        "is no page"
    } else {
        "are no pages"
    };
    tell(format!(
        "note: {} {are} and passed over: {}",
        counted(all, "file"),
        printable(&told.join(", "))
    ));
}

/// How a file's name ends, in small letters.
fn ending(path: &Path) -> Option<String> {
    Some(path.extension()?.to_str()?.to_lowercase())
}

fn is_page(path: &Path) -> bool {
    ending(path).is_some_and(|end| PAGE_ENDINGS.contains(&end.as_str()))
}

/// Whether a file or folder is hidden, as those of version control are.
fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| name.starts_with('.'))
}

/// What folders hold.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The pages and documents.
    pub(super) files: Vec<PathBuf>,
    /// What is none.
    pub(super) others: Vec<PathBuf>,
    /// What would be one by its name and cannot be read, and why.
    pub(super) unread: Vec<(PathBuf, &'static str)>,
    /// The folders that were looked into, as they are without links: one may lead back.
    folders: BTreeSet<PathBuf>,
}

impl Found {
    /// Gathers the pages below a folder, and what is none.
    pub(super) fn collect(&mut self, folder: &Path, depth: usize) -> Result<(), Error> {
        let fail = |error: std::io::Error| {
            Error::usage(format!("cannot read `{}`: {error}", folder.display()))
        };
        let entries = std::fs::read_dir(folder).map_err(fail)?;
        if !self.folders.insert(folder.canonicalize().map_err(fail)?) {
            return Ok(());
        }
        for entry in entries.flatten() {
            let path = entry.path();
            if is_hidden(&path) {
                continue;
            }
            let is_named = is_page(&path) || has_ending(&path, &DOCUMENT_ENDINGS);
            match path.metadata() {
                Err(_) if is_named => self.unread.push((path, "it is a link that leads nowhere")),
                Ok(about) if about.is_dir() && depth < DEPTH => self.collect(&path, depth + 1)?,
                Ok(about) if !about.is_dir() && !about.is_file() && is_named => {
                    self.unread.push((path, "it is no plain file"));
                }
                Ok(about)
                    if about.is_file() && (is_page(&path) || is_named && is_source(&path)) =>
                {
                    self.files.push(path);
                }
                _ if ending(&path).is_none_or(|end| end != OF_A_SUITE) => self.others.push(path),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Whether a run of a folder reads this file of it.
pub(crate) fn is_read(path: &Path) -> bool {
    is_page(path) || has_ending(path, &DOCUMENT_ENDINGS) && is_source(path)
}

/// Whether a file of a folder is a document by itself: neither a part of one nor what was derived.
fn is_source(path: &Path) -> bool {
    let is_derived = |bytes: &[u8]| {
        let mark = format!("\"{ANNOTATION}\"");
        bytes
            .windows(mark.len())
            .any(|window| window == mark.as_bytes())
    };
    read_found(path).is_ok_and(|bytes| is_document(&bytes) && !is_derived(&bytes))
}
