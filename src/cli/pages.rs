//! The sources that a command is given, pages and OpenAPI documents: files, folders, URLs.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::contract::{ANNOTATION, Service};
use crate::derive::{DeriveError, Derived, Options, PageRead};
use crate::exchange::{FetchLimits, fetch, is_url, printable};
use crate::openapi::{Document, OpenApiError, is_document};
use crate::page::{self, Beside, LARGEST, Page};

use super::CliError;

/// The file names that a folder is searched for.
pub(super) const PAGE_ENDINGS: [&str; 6] = ["md", "markdown", "txt", "rst", "html", "htm"];

/// The endings of OpenAPI documents.
pub(super) const DOCUMENT_ENDINGS: [&str; 3] = ["yaml", "yml", "json"];

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

/// A page or document, with where it came from and its bytes as they were.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// The file's path, or the URL.
    pub(super) origin: String,
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
    /// What they are.
    pub(super) content: Content,
}

/// What a source is.
#[derive(Debug, Clone)]
pub(super) enum Content {
    /// A page.
    Page(Page),
    /// An OpenAPI document.
    Document(Document),
}

impl From<OpenApiError> for CliError {
    fn from(error: OpenApiError) -> Self {
        Self::usage(error.to_string()).with_hint(error.hint())
    }
}

impl Source {
    /// The page, where it is one.
    pub(super) fn page(&self) -> Option<&Page> {
        match &self.content {
            Content::Page(page) => Some(page),
            Content::Document(_) => None,
        }
    }

    /// The document, where it is one.
    pub(super) fn document(&self) -> Option<&Document> {
        match &self.content {
            Content::Page(_) => None,
            Content::Document(document) => Some(document),
        }
    }

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
        let (endings, ending) = match &self.content {
            Content::Page(page) => {
                let ending = match page.format {
                    page::Format::Html => "html",
                    page::Format::Markdown => "md",
                    page::Format::RestructuredText => "rst",
                    page::Format::Portal | page::Format::Pipe => "txt",
                };
                (PAGE_ENDINGS.as_slice(), ending)
            }
            Content::Document(_) if self.bytes.trim_ascii_start().starts_with(b"{") => {
                (DOCUMENT_ENDINGS.as_slice(), "json")
            }
            Content::Document(_) => (DOCUMENT_ENDINGS.as_slice(), "yaml"),
        };
        if has_ending(Path::new(clean), endings) {
            return clean.to_owned();
        }
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
        let Some(page) = source.page() else {
            kept.push(source);
            continue;
        };
        match crate::derive::derive(std::slice::from_ref(page), options) {
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

/// What sources come to: the contract of each service, from pages or from a document.
pub(super) fn derive_sources(sources: &[Source], options: &Options) -> Result<Derived, CliError> {
    let pages: Vec<Page> = sources.iter().filter_map(Source::page).cloned().collect();
    let documents: Vec<&Document> = sources.iter().filter_map(Source::document).collect();
    derive_all(&pages, &documents, options)
}

/// What pages and documents come to.
pub(super) fn derive_all(
    pages: &[Page],
    documents: &[&Document],
    options: &Options,
) -> Result<Derived, CliError> {
    let mut derived = if pages.is_empty() && !documents.is_empty() {
        Derived {
            services: Vec::new(),
            skipped: Vec::new(),
            pages: Vec::new(),
        }
    } else {
        crate::derive::derive(pages, options)
            .map_err(|error| CliError::usage(error.to_string()).with_hint(error.hint()))?
    };
    for document in documents {
        let translated = document.translate(options.service.as_deref())?;
        let name = &translated.service.name;
        if derived.services.iter().any(|known| known.name == *name) {
            return Err(CliError::usage(format!(
                "two sources describe the service `{name}`, one of them the document `{}`",
                document.file_name()
            ))
            .with_hint("give each a suite of its own, or another name: --service NAME"));
        }
        derived.pages.push(PageRead {
            page: document.file_name().to_owned(),
            read: translated.read,
            not_read: translated.not_read,
        });
        derived.services.push(translated.service);
    }
    derived.services.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(derived)
}

/// Reads every source: files sorted by name (a folder gives the pages and documents in it), then
/// URLs in the order given.
pub(super) fn read_sources(given: &[String], naming: Naming) -> Result<Vec<Source>, CliError> {
    let (urls, paths): (Vec<&String>, Vec<&String>) = given.iter().partition(|text| is_url(text));
    let mut files = Vec::new();
    for path in paths.into_iter().map(Path::new) {
        if path.is_dir() {
            let before = files.len();
            collect(path, &mut files, 0)?;
            if files.len() == before {
                return Err(
                    CliError::usage(format!("no page in `{}`", path.display())).with_hint(format!(
                        "pages end in: {}; OpenAPI documents in: {}",
                        PAGE_ENDINGS.join(", "),
                        DOCUMENT_ENDINGS.join(", ")
                    )),
                );
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
        sources.push(read(origin, &name, bytes, Some(&file))?);
    }
    if !urls.is_empty() {
        sources.extend(fetch_all(&urls)?);
    }
    Ok(sources)
}

/// Reads a source; `file` is where it lies, so that what lies beside it is found.
fn read(
    origin: String,
    name: &str,
    bytes: Vec<u8>,
    file: Option<&Path>,
) -> Result<Source, CliError> {
    let is_named = has_ending(Path::new(name), &DOCUMENT_ENDINGS);
    let content = if is_named || is_document(&bytes) {
        Content::Document(Document::read(name, &bytes, file)?)
    } else {
        let beside = file.map(Beside::page).unwrap_or_default();
        let page = page::read_bytes_beside(name, &bytes, &beside).map_err(|error| {
            CliError::usage(format!("cannot read page `{origin}`: {error}")).with_hint(error.hint())
        })?;
        Content::Page(page)
    };
    Ok(Source {
        origin,
        bytes,
        content,
    })
}

/// Whether a file's name has one of these endings.
pub(super) fn has_ending(path: &Path, endings: &[&str]) -> bool {
    path.extension()
        .and_then(|end| end.to_str())
        .is_some_and(|end| endings.contains(&end))
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
        sources.push(read(fetched.url.clone(), &fetched.url, fetched.body, None)?);
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
        } else if has_ending(&path, &PAGE_ENDINGS)
            || has_ending(&path, &DOCUMENT_ENDINGS) && is_source(&path)
        {
            files.push(path);
        }
    }
    Ok(())
}

/// Whether a file of a folder is a document by itself: neither a part of one nor what was derived.
fn is_source(path: &Path) -> bool {
    let is_derived = |bytes: &[u8]| {
        let mark = format!("\"{ANNOTATION}\"");
        bytes
            .windows(mark.len())
            .any(|window| window == mark.as_bytes())
    };
    std::fs::read(path).is_ok_and(|bytes| is_document(&bytes) && !is_derived(&bytes))
}
