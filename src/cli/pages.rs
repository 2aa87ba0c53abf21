//! The pages that a command is given: files, folders of pages, URLs.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::exchange::{FetchLimits, fetch, is_url};
use crate::page::{self, LARGEST, Page};

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

/// A page, with where it came from.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// The file's path, or the URL.
    pub(super) origin: String,
    /// The page that they are.
    pub(super) page: Page,
}

/// Reads every page: files sorted by name (a folder gives the pages in it), then URLs in the order given.
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
        sources.push(read(origin, &name, &bytes)?);
    }
    if !urls.is_empty() {
        sources.extend(fetch_all(&urls)?);
    }
    Ok(sources)
}

fn read(origin: String, name: &str, bytes: &[u8]) -> Result<Source, CliError> {
    let page = page::read_bytes(name, bytes).map_err(|error| {
        CliError::usage(format!("cannot read page `{origin}`: {error}")).with_hint(error.hint())
    })?;
    Ok(Source { origin, page })
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
        sources.push(read(fetched.url.clone(), &fetched.url, &fetched.body)?);
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
