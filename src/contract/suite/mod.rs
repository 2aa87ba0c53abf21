//! A suite: the contract of one or more services, and what people wrote beside it in `cases/`
//! (bindings, relations). The bundled suite is inside the binary; any other is a folder with
//! `schemas/` and, optionally, `cases/`.

mod bound;
mod credentials;
mod written;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use super::compile::compile;
use super::error::ContractError;
use super::extent;
use super::operation::Operation;
use super::resource::{ItemKeys, Resource};
use super::service::{DOCUMENT, Service};

pub use bound::EVERYWHERE;
pub(crate) use written::merge_case_files;
pub use written::{CaseFile, ResourceExpectation};

static SCHEMAS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/schemas");
static CASES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/cases");

/// A suite, compiled.
#[derive(Debug)]
pub struct Suite {
    /// The services' contracts as their files hold them.
    pub services: Vec<Service>,
    /// Every operation of every service.
    pub operations: Vec<Operation>,
    /// What people wrote, by service.
    pub cases: BTreeMap<String, CaseFile>,
    /// The resources that the operations are about.
    pub resources: Vec<Resource>,
    /// The keys of what paths name.
    items: ItemKeys,
    /// Whether nobody wrote the cases: they were inferred from the contract.
    is_inferred: bool,
}

/// Why a suite cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum SuiteError {
    /// The contract cannot be loaded.
    #[error(transparent)]
    Contract(#[from] ContractError),
    /// A file in `cases/` is not as it should be.
    #[error("`{file}`{}: {message}", line.map(|line| format!(", line {line}")).unwrap_or_default())]
    Cases {
        /// The file, or the folder of several.
        file: String,
        /// The line, where one file is wrong in itself.
        line: Option<usize>,
        /// What is wrong.
        message: String,
        /// What to write instead.
        hint: Option<String>,
    },
    /// A file or folder cannot be read.
    #[error("cannot read `{}`: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl Suite {
    /// The bundled suite.
    pub fn bundled() -> Result<Self, SuiteError> {
        let mut services = Vec::new();
        for folder in SCHEMAS.dirs() {
            let name = folder.path().to_string_lossy().into_owned();
            let mut files = BTreeMap::new();
            embedded_files(folder, folder.path(), "json", &mut files);
            services.push(Service::from_files(&name, files)?);
        }
        let mut cases = BTreeMap::new();
        for folder in CASES.dirs() {
            let name = folder.path().to_string_lossy().into_owned();
            let mut files = BTreeMap::new();
            embedded_files(folder, folder.path(), "toml", &mut files);
            cases.insert(name.clone(), merge_case_files(&name, files)?);
        }
        Self::new(services, cases)
    }

    /// The suite in a folder: `schemas/SERVICE/openapi.json` and `cases/SERVICE/*.toml`. A folder
    /// that holds services itself is taken for the schemas alone.
    pub fn load(folder: &Path) -> Result<Self, SuiteError> {
        let inner = folder.join("schemas");
        let schemas = if inner.is_dir() {
            inner
        } else {
            folder.to_owned()
        };
        let services = Service::load_all(&schemas)?;
        if schemas != folder {
            without_document(&schemas)?;
        }
        let mut cases = BTreeMap::new();
        for service in &services {
            let path = folder.join("cases").join(&service.name);
            let mut files = BTreeMap::new();
            if path.is_dir() {
                let entries = std::fs::read_dir(&path).map_err(|source| SuiteError::Io {
                    path: path.clone(),
                    source,
                })?;
                for entry in entries {
                    let entry = entry.map_err(|source| SuiteError::Io {
                        path: path.clone(),
                        source,
                    })?;
                    let path = entry.path();
                    if path.extension().is_none_or(|end| end != "toml") {
                        continue;
                    }
                    let text = std::fs::read_to_string(&path).map_err(|source| SuiteError::Io {
                        path: path.clone(),
                        source,
                    })?;
                    files.insert(entry.file_name().to_string_lossy().into_owned(), text);
                }
            }
            cases.insert(
                service.name.clone(),
                merge_case_files(&service.name, files)?,
            );
        }
        Self::new(services, cases)
    }

    /// A suite of these services, and what was written about them.
    pub fn new(
        services: Vec<Service>,
        cases: BTreeMap<String, CaseFile>,
    ) -> Result<Self, SuiteError> {
        Self::with_cases(services, |_| cases, false)
    }

    /// Lets go of the schema files, which a run does not look at: its operations hold what they were
    /// compiled to.
    pub fn release_files(&mut self) {
        for service in &mut self.services {
            service.schemas.clear();
        }
    }

    /// A suite of these services, of which nobody has written anything: `infer` tells of their
    /// operations what a person would be shown to begin with.
    pub fn of_sources(
        services: Vec<Service>,
        infer: impl FnOnce(&[Operation]) -> BTreeMap<String, CaseFile>,
    ) -> Result<Self, SuiteError> {
        Self::with_cases(services, infer, true)
    }

    fn with_cases(
        mut services: Vec<Service>,
        cases: impl FnOnce(&[Operation]) -> BTreeMap<String, CaseFile>,
        is_inferred: bool,
    ) -> Result<Self, SuiteError> {
        services.sort_by(|a, b| a.name.cmp(&b.name));
        let mut operations = Vec::new();
        for service in &services {
            operations.extend(compile(service)?);
        }
        extent::share(&operations);
        let mut suite = Self {
            items: ItemKeys::of(&operations),
            cases: cases(&operations),
            services,
            operations,
            resources: Vec::new(),
            is_inferred,
        };
        suite.check_cases()?;
        suite.take_examples()?;
        suite.resources = suite.find_resources()?;
        Ok(suite)
    }

    /// Gives the operations the examples that people wrote.
    fn take_examples(&mut self) -> Result<(), SuiteError> {
        for operation in &mut self.operations {
            let file = self.cases.get(&operation.service);
            let Some(cases) = file.and_then(|file| file.operations.get(&operation.id)) else {
                continue;
            };
            let (service, id) = (operation.service.clone(), operation.id.clone());
            let fail = |message: String| SuiteError::Cases {
                file: format!("cases/{service}"),
                line: None,
                message: format!("the example of `{id}` cannot be used: {message}"),
                hint: Some(
                    "an example has `request`, the whole body, or `query.NAME`, `header.NAME`, \
                     `cookie.NAME`, `path.NAME`, with values that the contract allows"
                        .to_owned(),
                ),
            };
            operation
                .take_examples(cases.example.clone())
                .map_err(fail)?;
        }
        Ok(())
    }
}

/// Looks for a folder of schemas beside the others that has no document: its service would be
/// missing.
fn without_document(schemas: &Path) -> Result<(), SuiteError> {
    let fail = |source| SuiteError::Io {
        path: schemas.to_owned(),
        source,
    };
    for entry in std::fs::read_dir(schemas).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() && !name.starts_with('.') && !path.join(DOCUMENT).is_file() {
            return Err(ContractError::Missing(format!("{name}/{DOCUMENT}")).into());
        }
    }
    Ok(())
}

fn embedded_files(
    folder: &Dir<'_>,
    root: &Path,
    extension: &str,
    files: &mut BTreeMap<String, String>,
) {
    for file in folder
        .files()
        .filter(|file| file.path().extension().is_some_and(|end| end == extension))
    {
        let path = file.path().strip_prefix(root).unwrap_or(file.path());
        if let Some(text) = file.contents_utf8() {
            files.insert(path.to_string_lossy().replace('\\', "/"), text.to_owned());
        }
    }
    for inner in folder.dirs() {
        embedded_files(inner, root, extension, files);
    }
}
