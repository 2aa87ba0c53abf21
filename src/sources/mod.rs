//! The sources that a suite is made of, pages and OpenAPI documents: files, folders, URLs. What
//! people are told of them while they are read goes to a [`Tell`].

mod found;

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use crate::contract::Service;
use crate::derive::{DeriveError, Derived, NAMELESS, Options, PageRead};
use crate::error::Error;
use crate::exchange::{FetchLimits, fetch, is_url, printable};
use crate::file::read_named;
use crate::foreign::format_of;
use crate::openapi::{Document, OpenApiError, is_document};
use crate::page::{self, Beside, LARGEST, Page};
use crate::text::counted;
use crate::unite::unite;

pub(crate) use found::{holds_sources, is_read, names_source};

use self::found::{DOCUMENT_ENDINGS, Found, PAGE_ENDINGS, has_ending, tell_passed_over};

/// How many pages without an operation are named; more are counted.
const NAMED: usize = 20;

/// The methods that the sample of a request begins with.
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// The longest that the fetch of one page may take.
const FETCH_TIME: Duration = Duration::from_secs(30);

/// Who is told what people should know of sources, a line at a time.
pub(crate) type Tell<'t> = &'t dyn Fn(String);

/// What a page is called in what is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Naming {
    /// By its file name alone: a contract is the same wherever the page lies.
    FileName,
    /// As it was given: a finding leads to the file.
    AsGiven,
}

/// A page or document, with where it came from and its bytes as they were.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// The file's path, or the URL.
    pub(crate) origin: String,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
    /// What they are.
    pub(crate) content: Content,
}

/// What a source is.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    /// A page.
    Page(Page),
    /// An OpenAPI document.
    Document(Document),
}

impl From<OpenApiError> for Error {
    fn from(error: OpenApiError) -> Self {
        Self::usage(error.to_string()).with_hint(error.hint())
    }
}

impl Source {
    /// The page, where it is one.
    pub(crate) fn page(&self) -> Option<&Page> {
        match &self.content {
            Content::Page(page) => Some(page),
            Content::Document(_) => None,
        }
    }

    /// The document, where it is one.
    pub(crate) fn document(&self) -> Option<&Document> {
        match &self.content {
            Content::Page(_) => None,
            Content::Document(document) => Some(document),
        }
    }

    /// Whether it is a contract that was exported, rather than a source of one.
    pub(crate) fn is_derived(&self) -> bool {
        self.document().is_some_and(Document::is_derived)
    }

    /// A name for a file that holds the page, which a folder of pages is searched for.
    pub(crate) fn file_name(&self) -> String {
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
pub(crate) fn tell_left_out(services: &[Service], tell: Tell<'_>) {
    for finding in services.iter().flat_map(Service::documentation) {
        if finding.is_left_out()
            && let Some(row) = finding.rows.first()
        {
            tell(format!(
                "warning: left out: {}:{}: {}",
                printable(row.page()),
                row.line(),
                printable(&finding.message)
            ));
        }
    }
}

/// Says how many operations each page documents, and which of them are not read.
pub(crate) fn tell_operations(pages: &[PageRead], tell: Tell<'_>) {
    let is_usual = |page: &&PageRead| page.read == 1 && page.not_read.is_empty();
    let usual = pages.iter().filter(is_usual).count();
    // What one page documents is said by what follows.
    if usual > 0 && pages.len() > 1 {
        let document = if usual == 1 { "documents" } else { "document" };
        tell(format!(
            "note: {} {document} one operation, which is read",
            counted(usual, "page")
        ));
    }
    for page in pages {
        let documented = page.read + page.not_read.len();
        if is_usual(&page) {
            continue;
        }
        let read = if page.not_read.is_empty() {
            "all read".to_owned()
        } else {
            format!("{} read; not read: {}", page.read, page.not_read.join(", "))
        };
        tell(format!(
            "note: `{}` documents {}, {}",
            printable(&page.page),
            counted(documented, "operation"),
            printable(&read)
        ));
    }
}

/// The pages that tell of an operation. A folder holds introductions too, which are left out and
/// said; a page that was named is meant.
pub(crate) fn with_operations(
    sources: Vec<Source>,
    given: &[String],
    options: &Options,
    tell: Tell<'_>,
) -> Result<Vec<Source>, Error> {
    let pages: Vec<Page> = sources.iter().filter_map(Source::page).cloned().collect();
    let names: BTreeSet<&str> = pages.iter().map(|page| page.name.as_str()).collect();
    // Read together, a page may be there for others alone; of pages of one name it is not told which
    // is which.
    let together = if names.len() == pages.len() {
        crate::derive::derive(&pages, options).ok()
    } else {
        None
    };
    let mut kept = Vec::new();
    let mut others: Vec<DeriveError> = Vec::new();
    for source in sources {
        let Some(page) = source.page() else {
            kept.push(source);
            continue;
        };
        let passed = match &together {
            Some(derived) => {
                let mut skipped = derived.skipped.iter();
                skipped.find(|own| own.page() == Some(&page.name)).cloned()
            }
            None => match crate::derive::derive(std::slice::from_ref(page), options) {
                Err(error @ (DeriveError::NoOperation { .. } | DeriveError::NoTable { .. })) => {
                    Some(error)
                }
                _ => None,
            },
        };
        match passed {
            Some(error) => others.push(error.named(&source.origin)),
            None => kept.push(source),
        }
    }
    if kept.is_empty() && !others.is_empty() {
        return Err(refused(&others.iter().collect::<Vec<_>>()));
    }
    pass_over(
        &others,
        |page| given.iter().any(|given| given == page),
        tell,
    )?;
    Ok(kept)
}

/// Whether a file of a folder is no page but the sample of a request: one line that begins with a
/// method.
fn is_request_line(source: &Source) -> bool {
    let text = String::from_utf8_lossy(&source.bytes);
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let first = lines.next().and_then(|line| line.split_whitespace().next());
    let is_method = first.is_some_and(|word| METHODS.contains(&word));
    is_method && lines.next().is_none() && source.page().is_some()
}

/// Tells of the pages that nothing is read of. Folders hold introductions too; a page that was
/// named is meant, and ends the call.
pub(crate) fn pass_over(
    errors: &[DeriveError],
    is_named: impl Fn(&str) -> bool,
    tell: Tell<'_>,
) -> Result<(), Error> {
    let named: Vec<&DeriveError> = errors
        .iter()
        .filter(|error| is_named(error.page().unwrap_or_default()))
        .collect();
    if !named.is_empty() {
        return Err(refused(&named));
    }
    for error in errors.iter().take(NAMED) {
        match error {
            DeriveError::NoOperation { page, instead } => {
                let has = match instead.as_slice() {
                    [] => String::new(),
                    some => format!(": {}", some.join("; ")),
                };
                let text = format!("`{page}` tells of no operation{has}");
                tell(format!("note: {}", printable(&text)));
            }
            _ => tell(format!("warning: {}", printable(&error.to_string()))),
        }
    }
    if let Some(more) = errors.len().checked_sub(NAMED).filter(|more| *more > 0) {
        tell(format!(
            "note: nothing is read of {}: name them one by one to see why",
            counted(more, "more page")
        ));
    }
    Ok(())
}

/// The error of pages that are meant and of which nothing is read.
pub(crate) fn refused(errors: &[&DeriveError]) -> Error {
    let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
    let hint = errors.first().map_or("", |error| error.hint());
    Error::usage(told.join("\n")).with_hint(hint)
}

/// What sources come to: the contract of each service, from pages or from a document.
pub(crate) fn derive_sources(sources: &[Source], options: &Options) -> Result<Derived, Error> {
    let pages: Vec<Page> = sources.iter().filter_map(Source::page).cloned().collect();
    let documents: Vec<&Document> = sources.iter().filter_map(Source::document).collect();
    derive_all(&pages, &documents, options)
}

/// What pages and documents come to.
pub(crate) fn derive_all(
    pages: &[Page],
    documents: &[&Document],
    options: &Options,
) -> Result<Derived, Error> {
    let mut derived = if pages.is_empty() && !documents.is_empty() {
        Derived::default()
    } else {
        crate::derive::derive(pages, options).map_err(|error| refused(&[&error]))?
    };
    let mut of_documents: BTreeSet<String> = BTreeSet::new();
    for document in documents {
        let translated = document.translate(options.service.as_deref())?;
        let name = &translated.service.name;
        if of_documents.contains(name) {
            return Err(Error::usage(format!(
                "two sources describe the service `{name}`, one of them the document `{}`",
                document.file_name()
            ))
            .with_hint("give each a suite of its own, or another name: `docproof init DIR PAGE --service NAME`"));
        }
        derived.pages.push(PageRead {
            page: document.file_name().to_owned(),
            read: translated.read,
            not_read: translated.not_read,
        });
        of_documents.insert(name.clone());
        let services = std::mem::take(&mut derived.services);
        derived.services = unite(services, translated.service, pages, NAMELESS)
            .map_err(|error| Error::usage(error.to_string()))?;
    }
    derived.services.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(derived)
}

/// Reads every source: files sorted by name (a folder gives the pages and documents in it), then
/// URLs in the order given.
pub(crate) fn read_sources(
    given: &[String],
    naming: Naming,
    tell: Tell<'_>,
) -> Result<Vec<Source>, Error> {
    let (urls, paths): (Vec<&String>, Vec<&String>) = given.iter().partition(|text| is_url(text));
    let mut found = Found::default();
    for path in paths.into_iter().map(Path::new) {
        if path.is_dir() {
            let before = found.files.len();
            found.collect(path, 0)?;
            if found.files.len() == before {
                return Err(
                    Error::usage(format!("no page in `{}`", path.display())).with_hint(format!(
                        "pages end in: {}; OpenAPI documents in: {}",
                        PAGE_ENDINGS.join(", "),
                        DOCUMENT_ENDINGS.join(", ")
                    )),
                );
            }
        } else {
            found.files.push(path.to_owned());
        }
    }
    let Found {
        mut files,
        others,
        unread,
        ..
    } = found;
    for (path, why) in unread {
        let path = printable(&path.display().to_string());
        tell(format!("warning: `{path}` is passed over: {why}"));
    }
    files.sort();
    files.dedup();
    let (mut sources, mut samples) = (Vec::new(), Vec::new());
    for file in files {
        let bytes = read_named(&file).map_err(|error| {
            Error::usage(format!("cannot read `{}`: {error}", file.display()))
                .with_hint("give pages and OpenAPI documents: files, folders, or URLs")
        })?;
        let origin = file.display().to_string();
        let name = match naming {
            Naming::FileName => file_name(&file),
            Naming::AsGiven => origin.clone(),
        };
        let source = read(origin, &name, bytes, Some(&file))?;
        let is_named = given.iter().any(|given| Path::new(given) == file);
        if !is_named && is_request_line(&source) {
            samples.push(source);
        } else {
            sources.push(source);
        }
    }
    if sources.is_empty() {
        sources.append(&mut samples);
    }
    for sample in samples {
        let path = printable(&sample.origin);
        tell(format!(
            "note: `{path}` is passed over: it is one request line, as in an example"
        ));
    }
    tell_passed_over(others, &sources, tell);
    if !urls.is_empty() {
        sources.extend(fetch_all(&urls)?);
    }
    Ok(sources)
}

/// Reads a source; `file` is where it lies, so that what lies beside it is found.
fn read(origin: String, name: &str, bytes: Vec<u8>, file: Option<&Path>) -> Result<Source, Error> {
    let is_named = has_ending(Path::new(name), &DOCUMENT_ENDINGS);
    if let Some(format) = format_of(name, &bytes).filter(|_| !is_document(&bytes)) {
        let error = format!("cannot read `{origin}`: it is {}", format.what);
        return Err(Error::usage(error).with_hint(format.hint));
    }
    let content = if is_named || is_document(&bytes) {
        Content::Document(Document::read(name, &bytes, file)?)
    } else {
        let beside = file.map(Beside::page).unwrap_or_default();
        let page = page::read_bytes_beside(name, &bytes, &beside).map_err(|error| {
            Error::usage(format!("cannot read page `{origin}`: {error}")).with_hint(error.hint())
        })?;
        Content::Page(page)
    };
    Ok(Source {
        origin,
        bytes,
        content,
    })
}

fn fetch_all(urls: &[&String]) -> Result<Vec<Source>, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::usage(format!("cannot start: {error}")))?;
    let limits = FetchLimits {
        time: FETCH_TIME,
        bytes: LARGEST,
    };
    let mut sources: Vec<Source> = Vec::new();
    for url in urls {
        let fetched = runtime
            .block_on(fetch(url, limits))
            .map_err(|error| Error::usage(error.to_string()).with_hint(error.hint()))?;
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
