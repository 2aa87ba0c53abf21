//! A service's contract as files: `openapi.json` and the schema files beside it; loading and
//! saving.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::border::{Spot, foreign};
use super::document::Provenance;
use super::error::ContractError;
use super::json::parse_strict;
use super::provenance::{ANNOTATION, DocumentationFinding};
use super::security::SecurityScheme;

/// The name of the OpenAPI document in a service's folder.
pub const DOCUMENT: &str = "openapi.json";

/// The dialect of every schema.
pub const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The contract of one service, as its files hold it.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// The service's name, which is its folder's.
    pub name: String,
    /// The OpenAPI 3.1 document, without what it says of itself.
    pub document: Value,
    /// What the document says of itself: its pages, and the findings about them.
    pub provenance: Provenance,
    /// The schema files by path relative to the service's folder
    /// (`objects/BackupRecordResponse.json`).
    pub schemas: BTreeMap<String, Value>,
}

impl Service {
    /// Loads every service below a folder (`schemas/`), sorted by name.
    pub fn load_all(folder: &Path) -> Result<Vec<Self>, ContractError> {
        let fail = |source| ContractError::Io {
            verb: "read",
            path: folder.to_owned(),
            source,
        };
        let mut services = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(fail)? {
            let path = entry.map_err(fail)?.path();
            if path.join(DOCUMENT).is_file() {
                services.push(Self::load(&path)?);
            }
        }
        if services.is_empty() {
            return Err(ContractError::Empty(folder.to_owned()));
        }
        services.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(services)
    }

    /// Loads the service of a folder that holds its document; the folder's name is the service's.
    pub fn load(folder: &Path) -> Result<Self, ContractError> {
        let mut files = BTreeMap::new();
        collect_files(folder, folder, &mut files, 0)?;
        let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        let name = absolute.file_name().unwrap_or_default();
        Self::from_files(&name.to_string_lossy(), files)
    }

    /// Makes a service from the text of its files, by path relative to its folder.
    pub fn from_files(name: &str, files: BTreeMap<String, String>) -> Result<Self, ContractError> {
        let mut schemas = BTreeMap::new();
        for (path, text) in files {
            let value =
                parse_strict(text.as_bytes()).map_err(|problem| ContractError::NotJson {
                    file: format!("{name}/{path}"),
                    problem,
                })?;
            schemas.insert(path, value);
        }
        let spot = Spot::file(name, DOCUMENT);
        let mut document = schemas
            .remove(DOCUMENT)
            .ok_or_else(|| ContractError::Missing(spot.file.to_string()))?;
        if let Some(what) = foreign(&document) {
            let file = spot.file.to_string();
            return Err(ContractError::Foreign { file, what });
        }
        let own = document
            .as_object_mut()
            .and_then(|map| map.shift_remove(ANNOTATION))
            .unwrap_or_default();
        Ok(Self {
            name: name.to_owned(),
            provenance: spot.join(ANNOTATION).read(&own)?,
            document,
            schemas,
        })
    }

    /// The files of the contract: path relative to the service's folder, and text.
    pub fn files(&self) -> BTreeMap<String, String> {
        let mut files: BTreeMap<String, String> = self
            .schemas
            .iter()
            .map(|(path, schema)| (path.clone(), render(schema)))
            .collect();
        files.insert(DOCUMENT.to_owned(), render(&self.whole_document()));
        files
    }

    /// The document with what it says of itself.
    pub(super) fn whole_document(&self) -> Value {
        let mut document = self.document.clone();
        if let Value::Object(map) = &mut document {
            let own = serde_json::to_value(&self.provenance).unwrap_or_default();
            map.insert(ANNOTATION.to_owned(), own);
        }
        document
    }

    /// The security schemes that the document names.
    pub fn security_schemes(&self) -> Vec<SecurityScheme> {
        let schemes = self.document.pointer("/components/securitySchemes");
        let schemes = schemes.and_then(Value::as_object).into_iter().flatten();
        schemes
            .filter_map(|(_, node)| SecurityScheme::of_openapi(node))
            .collect()
    }

    /// The documentation findings that `derive` recorded with the contract.
    pub fn documentation(&self) -> &[DocumentationFinding] {
        &self.provenance.documentation
    }
}

/// The text of a contract file: indented JSON with a final newline.
pub fn render(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

/// A copy without provenance: what two derivations of the same facts have in common.
pub fn without_provenance(value: &Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(
            map.iter()
                .filter(|(key, _)| *key != ANNOTATION)
                .map(|(key, child)| (key.clone(), without_provenance(child)))
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.iter().map(without_provenance).collect()),
        other => other.clone(),
    }
}

fn collect_files(
    root: &Path,
    folder: &Path,
    files: &mut BTreeMap<String, String>,
    depth: usize,
) -> Result<(), ContractError> {
    let fail = |path: &Path| {
        let (verb, path) = ("read", path.to_owned());
        move |source| ContractError::Io { verb, path, source }
    };
    for entry in std::fs::read_dir(folder).map_err(fail(folder))? {
        let path = entry.map_err(fail(folder))?.path();
        if path.is_dir() && depth < 4 {
            collect_files(root, &path, files, depth + 1)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            let text = std::fs::read_to_string(&path).map_err(fail(&path))?;
            let relative = path
                .strip_prefix(root)
                .unwrap_or(&path)
                .to_string_lossy()
                .replace('\\', "/");
            files.insert(relative, text);
        }
    }
    Ok(())
}
