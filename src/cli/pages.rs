//! The pages that a command is given: files, folders of pages, URLs.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::contract::Service;
use crate::derive::{DeriveError, Options, PageRead};
use crate::exchange::{FetchLimits, fetch, is_url, printable};
use crate::page::{self, Beside, LARGEST, Page};

use super::CliError;

/// The file names that a folder is searched for.
const PAGE_ENDINGS: [&str; 6] = ["md", "markdown", "txt", "rst", "html", "htm"];

/// How deep a folder is searched.
const DEPTH: usize = 6;

/// The longest that the fetch of one page may take.
const FETCH_TIME: Duration = Duration::from_secs(30);

/// What a page is called in what is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// By its file name alone: a contract is the same wherever the page lies.
    FileName,
    /// As it was given: a finding leads to the file.
    AsGiven,
}

/// A page, with where it came from and its bytes as they were.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// The file's path, or the URL.
    pub(super) origin: String,
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
    /// The page that they are.
    pub(super) page: Page,
}

impl Source {
    /// A name for a file that holds the page, which a folder of pages is searched for.
    pub(super) fn file_name(&self) -> String {
        let name = if is_url(&self.origin) {
            let path = self.origin.split(['?', '#']).next().unwrap_or_default();
            path.trim_end_matches('/')
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .to_owned()
        } else {
            file_name(Path::new(&self.origin))
        };
        let clean: String = name
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))
            .collect();
        let clean = clean.trim_matches('.');
        let clean = if clean.is_empty() { "page" } else { clean };
        let is_known = Path::new(clean)
            .extension()
            .and_then(|end| end.to_str())
            .is_some_and(|end| PAGE_ENDINGS.contains(&end));
        if is_known {
            return clean.to_owned();
        }
        let ending = match self.page.format {
            page::Format::Html => "html",
            page::Format::Markdown => "md",
            page::Format::RestructuredText => "rst",
            page::Format::Portal | page::Format::Pipe => "txt",
        };
        format!("{clean}.{ending}")
    }
}

/// Says what stands on the pages and not in the contract.
pub(super) fn tell_left_out(services: &[Service]) {
    for finding in services.iter().flat_map(Service::documentation) {
        if finding.is_left_out()
            && let Some(row) = finding.rows.first()
        {
            anstream::eprintln!(
                "warning: left out: {}:{}: {}",
                printable(row.page()),
                row.line(),
                printable(&finding.message)
            );
        }
    }
}

/// Says how many operations each page documents, where it is not one that was read.
pub(super) fn tell_operations(pages: &[PageRead]) {
    for page in pages {
        let documented = page.read + page.not_read.len();
        if documented == 1 {
            continue;
        }
        let read = if page.not_read.is_empty() {
            "all read".to_owned()
        } else {
            format!("{} read; not read: {}", page.read, page.not_read.join(", "))
        };
        anstream::eprintln!(
            "note: `{}` documents {documented} operations, {}",
            printable(&page.page),
            printable(&read)
        );
    }
}

/// The pages that tell of an operation. A folder holds introductions too, which are left out and
/// said; a page that was named is meant.
pub(super) fn with_operations(
    sources: Vec<Source>,
    given: &[String],
    options: &Options,
) -> Result<Vec<Source>, CliError> {
    let mut kept = Vec::new();
    let mut others: Vec<DeriveError> = Vec::new();
    for source in sources {
        match crate::derive::derive(std::slice::from_ref(&source.page), options) {
            Err(error @ (DeriveError::NoOperation { .. } | DeriveError::NoTable { .. })) => {
                others.push(error.named(&source.origin));
            }
            _ => kept.push(source),
        }
    }
    let is_named = |error: &&DeriveError| {
        let page = error.page().unwrap_or_default();
        given.iter().any(|given| given == page)
    };
    let named = others.iter().find(is_named);
    if let Some(error) = named.or(others.first().filter(|_| kept.is_empty())) {
        return Err(CliError::usage(error.to_string()).with_hint(error.hint()));
    }
    for error in others {
        match &error {
            DeriveError::NoOperation { page } => {
                anstream::eprintln!("note: `{}` tells of no operation", printable(page));
            }
            _ => anstream::eprintln!("note: {}", printable(&error.to_string())),
        }
    }
    Ok(kept)
}

/// Reads every page: files sorted by name (a folder gives the pages in it), then URLs in the order
/// given.
pub(super) fn read_pages(given: &[String], naming: Naming) -> Result<Vec<Source>, CliError> {
    let (urls, paths): (Vec<&String>, Vec<&String>) = given.iter().partition(|text| is_url(text));
    let mut files = Vec::new();
    for path in paths.into_iter().map(Path::new) {
        if path.is_dir() {
            let before = files.len();
            collect(path, &mut files, 0)?;
            if files.len() == before {
                return Err(CliError::usage(format!("no page in `{}`", path.display()))
                    .with_hint(format!("pages end in: {}", PAGE_ENDINGS.join(", "))));
            }
        } else {
            files.push(path.to_owned());
        }
    }
    files.sort();
    files.dedup();
    let mut sources = Vec::new();
    for file in files {
        let bytes = std::fs::read(&file).map_err(|error| {
            CliError::usage(format!("cannot read `{}`: {error}", file.display()))
        })?;
        let origin = file.display().to_string();
        let name = match naming {
            Naming::FileName => file_name(&file),
            Naming::AsGiven => origin.clone(),
        };
        sources.push(read(origin, &name, bytes, &Beside::page(&file))?);
    }
    if !urls.is_empty() {
        sources.extend(fetch_all(&urls)?);
    }
    Ok(sources)
}

fn read(origin: String, name: &str, bytes: Vec<u8>, beside: &Beside) -> Result<Source, CliError> {
    let page = page::read_bytes_beside(name, &bytes, beside).map_err(|error| {
        CliError::usage(format!("cannot read page `{origin}`: {error}")).with_hint(error.hint())
    })?;
    Ok(Source {
        origin,
        bytes,
        page,
    })
}

fn fetch_all(urls: &[&String]) -> Result<Vec<Source>, CliError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| CliError::usage(format!("cannot start: {error}")))?;
    let limits = FetchLimits {
        time: FETCH_TIME,
        bytes: LARGEST,
    };
    let mut sources: Vec<Source> = Vec::new();
    for url in urls {
        let fetched = runtime
            .block_on(fetch(url, limits))
            .map_err(|error| CliError::usage(error.to_string()).with_hint(error.hint()))?;
        if sources.iter().any(|known| known.origin == fetched.url) {
            continue;
        }
        let beside = Beside::default();
        sources.push(read(
            fetched.url.clone(),
            &fetched.url,
            fetched.body,
            &beside,
        )?);
    }
    Ok(sources)
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map_or_else(|| path.to_string_lossy(), |name| name.to_string_lossy())
        .into_owned()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>, depth: usize) -> Result<(), CliError> {
    let entries = std::fs::read_dir(folder)
        .map_err(|error| CliError::usage(format!("cannot read `{}`: {error}", folder.display())))?;
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() && depth < DEPTH {
            collect(&path, files, depth + 1)?;
        } else if path
            .extension()
            .and_then(|end| end.to_str())
            .is_some_and(|end| PAGE_ENDINGS.contains(&end))
        {
            files.push(path);
        }
    }
    Ok(())
}
