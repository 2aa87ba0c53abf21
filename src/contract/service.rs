//! A service's contract as files: `openapi.json` and the schema files beside it; loading, saving, comparing, bundling.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::operation::{self, Operation};
use super::provenance::{ANNOTATION, DocumentationFinding};
use super::schema::{Schema, SchemaError, facts_of};

/// The name of the OpenAPI document in a service's folder.
pub const DOCUMENT: &str = "openapi.json";

/// The dialect of every schema.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The contract of one service, as its files hold it.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// The service's name, which is its folder's.
    pub name: String,
    /// The OpenAPI 3.1 document.
    pub document: Value,
    /// The schema files by path relative to the service's folder (`objects/BackupRecordResponse.json`).
    pub schemas: BTreeMap<String, Value>,
}

/// Why a contract cannot be loaded, compiled or saved.
#[derive(Debug, thiserror::Error)]
pub enum ContractError {
    /// A file could not be read or written.
    #[error("cannot {verb} `{}`: {source}", path.display())]
    Io {
        /// What was tried (`read`, `write`).
        verb: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
    /// A file is not JSON.
    #[error("`{file}` is not JSON: {message}")]
    NotJson {
        /// The file.
        file: String,
        /// Why.
        message: String,
    },
    /// Something in a file is not as a contract has it.
    #[error("`{file}`, at `{pointer}`: {message}")]
    Wrong {
        /// The file.
        file: String,
        /// The JSON pointer (RFC 6901) to it.
        pointer: String,
        /// What was expected.
        message: String,
    },
    /// A `$ref` points to no file of the contract.
    #[error("`{from}` refers to `{target}`, which is not part of the contract")]
    DanglingReference {
        /// Where the reference stands.
        from: String,
        /// What it points to.
        target: String,
    },
    /// There is no contract in the folder.
    #[error("no contract in `{}`: expected SERVICE/openapi.json below it", .0.display())]
    Empty(PathBuf),
    /// A schema does not compile.
    #[error(transparent)]
    Schema(#[from] SchemaError),
}

impl Service {
    /// Loads every service below a folder (`schemas/`), sorted by name.
    pub fn load_all(folder: &Path) -> Result<Vec<Self>, ContractError> {
        let read = |path: &Path| {
            std::fs::read_dir(path).map_err(|source| ContractError::Io {
                verb: "read",
                path: path.to_owned(),
                source,
            })
        };
        let mut services = Vec::new();
        for entry in read(folder)?.flatten() {
            if entry.path().join(DOCUMENT).is_file() {
                services.push(Self::load(&entry.path())?);
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
        let mut document = Value::Null;
        let mut schemas = BTreeMap::new();
        for (path, text) in files {
            let value: Value =
                serde_json::from_str(&text).map_err(|error| ContractError::NotJson {
                    file: format!("{name}/{path}"),
                    message: error.to_string(),
                })?;
            if path == DOCUMENT {
                document = value;
            } else {
                schemas.insert(path, value);
            }
        }
        Ok(Self {
            name: name.to_owned(),
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
        files.insert(DOCUMENT.to_owned(), render(&self.document));
        files
    }

    /// The documentation findings that `derive` recorded with the contract.
    pub fn documentation(&self) -> Vec<DocumentationFinding> {
        self.document
            .get(ANNOTATION)
            .and_then(|annotation| annotation.get("documentation"))
            .and_then(|findings| serde_json::from_value(findings.clone()).ok())
            .unwrap_or_default()
    }

    /// Compiles the operations.
    pub fn operations(&self) -> Result<Vec<Operation>, ContractError> {
        operation::compile(self)
    }

    /// Compiles one schema node of the document, the files it refers to bundled under `$defs`. No node means that anything is allowed. Of an object that
    /// the pages of many operations describe, the facts of these pages are kept.
    pub(crate) fn schema(
        &self,
        node: Option<&Value>,
        place: &str,
        pages: &BTreeSet<String>,
    ) -> Result<Arc<Schema>, ContractError> {
        let mut definitions = Map::new();
        let mut root =
            self.resolve(node.unwrap_or(&json!({})), "", "#/$defs/", &mut definitions)?;
        // A root that is one reference is replaced by its target, so that `root` is the body's schema itself.
        if let Some(name) = root
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|target| target.strip_prefix("#/$defs/"))
            && let Some(target) = definitions.get(name).cloned()
        {
            root = target;
        }
        if !definitions.is_empty()
            && let Value::Object(map) = &mut root
        {
            map.insert("$defs".to_owned(), Value::Object(definitions));
        }
        keep_own_facts(&mut root, pages);
        Ok(Arc::new(Schema::compile(
            root,
            &format!("{} {place}", self.name),
        )?))
    }

    /// One OpenAPI document without references to other files: every schema file stands under `components/schemas`.
    pub fn bundle(&self) -> Result<Value, ContractError> {
        let mut definitions = Map::new();
        let mut document = self.resolve(
            &self.document,
            "",
            "#/components/schemas/",
            &mut definitions,
        )?;
        if let Value::Object(map) = &mut document
            && !definitions.is_empty()
        {
            map.insert("components".to_owned(), json!({ "schemas": definitions }));
        }
        state_wire_types(&mut document);
        state_any_refusal(&mut document);
        Ok(document)
    }

    /// One JSON Schema that holds every schema file under `$defs`, by the name that it has in a bundled document.
    pub fn bundle_schemas(&self) -> Result<Value, ContractError> {
        let mut definitions = Map::new();
        for file in self.schemas.keys() {
            let reference = json!({ "$ref": file });
            self.resolve(&reference, "", "#/$defs/", &mut definitions)?;
        }
        Ok(json!({
            "$schema": DIALECT,
            "title": self.name,
            "$defs": definitions,
        }))
    }

    /// A copy of a node with references to files rewritten to `prefix` + name, the files' schemas gathered in `definitions`.
    fn resolve(
        &self,
        node: &Value,
        base: &str,
        prefix: &str,
        definitions: &mut Map<String, Value>,
    ) -> Result<Value, ContractError> {
        Ok(match node {
            Value::Object(map) => {
                let mut out = Map::new();
                for (key, child) in map {
                    match child
                        .as_str()
                        .filter(|target| key == "$ref" && !target.starts_with('#'))
                    {
                        Some(target) => {
                            let file = join(base, target);
                            let name = definition_name(&file);
                            if !definitions.contains_key(&name) {
                                let schema = self.schemas.get(&file).ok_or_else(|| {
                                    ContractError::DanglingReference {
                                        from: format!("{}/{base}", self.name),
                                        target: target.to_owned(),
                                    }
                                })?;
                                // Entered before it is resolved, so that a schema may refer to itself.
                                definitions.insert(name.clone(), Value::Null);
                                let mut resolved =
                                    self.resolve(schema, &file, prefix, definitions)?;
                                if let Value::Object(map) = &mut resolved {
                                    map.shift_remove("$schema");
                                }
                                definitions.insert(name.clone(), resolved);
                            }
                            out.insert(key.clone(), Value::from(format!("{prefix}{name}")));
                        }
                        None => {
                            out.insert(
                                key.clone(),
                                self.resolve(child, base, prefix, definitions)?,
                            );
                        }
                    }
                }
                Value::Object(out)
            }
            Value::Array(items) => {
                let items: Result<Vec<Value>, _> = items
                    .iter()
                    .map(|item| self.resolve(item, base, prefix, definitions))
                    .collect();
                Value::Array(items?)
            }
            other => other.clone(),
        })
    }
}

/// Adds the pages that a node of a contract cites.
pub(super) fn pages_of(node: &Value, pages: &mut BTreeSet<String>) {
    match node {
        Value::Object(map) => {
            pages.extend(facts_of(node).iter().map(|fact| fact.page().to_owned()));
            map.values().for_each(|child| pages_of(child, pages));
        }
        Value::Array(items) => items.iter().for_each(|item| pages_of(item, pages)),
        _ => {}
    }
}

/// Leaves of each facet's facts those of some pages, where there are any: who looks at an operation wants the rows of its own page, and not those of every other
/// that shares an object with it.
fn keep_own_facts(node: &mut Value, pages: &BTreeSet<String>) {
    let is_own = |fact: &Value| {
        fact.get("page")
            .and_then(Value::as_str)
            .is_some_and(|page| pages.contains(page))
    };
    match node {
        Value::Object(map) => {
            let facts = map
                .get_mut(ANNOTATION)
                .and_then(|annotation| annotation.get_mut("facts"))
                .and_then(Value::as_array_mut);
            if let Some(facts) = facts.filter(|facts| facts.len() > 1) {
                let facet = |fact: &Value| {
                    let facet = fact.get("facet").and_then(Value::as_str);
                    facet.unwrap_or_default().to_owned()
                };
                let own: BTreeSet<String> = facts
                    .iter()
                    .filter(|fact| is_own(fact))
                    .map(facet)
                    .collect();
                let is_told = |fact: &Value| own.contains(&facet(fact));
                facts.retain(|fact| is_own(fact) || !is_told(fact));
            }
            map.values_mut()
                .for_each(|child| keep_own_facts(child, pages));
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| keep_own_facts(item, pages)),
        _ => {}
    }
}

/// In a URL or a header everything is text. Where no page gives a parameter's type this is said, for tools that would draw values of any type.
fn state_wire_types(document: &mut Value) {
    let operations = document
        .get_mut("paths")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flat_map(|paths| paths.values_mut())
        .filter_map(Value::as_object_mut)
        .flat_map(|item| item.values_mut());
    for operation in operations {
        let parameters = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            if let Some(schema) = parameter.get_mut("schema").and_then(Value::as_object_mut)
                && ["type", "$ref", "anyOf", "enum", "const"]
                    .iter()
                    .all(|keyword| !schema.contains_key(*keyword))
            {
                schema.insert("type".to_owned(), Value::from("string"));
            }
        }
    }
}

/// Where no page names a refusal, any counts as documented. This is said, for tools that take what is not listed for a breach.
fn state_any_refusal(document: &mut Value) {
    let responses = document
        .get_mut("paths")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flat_map(|paths| paths.values_mut())
        .filter_map(Value::as_object_mut)
        .flat_map(|item| item.values_mut())
        .filter_map(|operation| operation.get_mut("responses")?.as_object_mut());
    for responses in responses {
        if !responses
            .keys()
            .any(|status| status.starts_with('4') || status == "default")
        {
            responses.insert(
                "4XX".to_owned(),
                json!({ "description": "A refusal; no page names its status" }),
            );
        }
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

/// `CopyInstance/response-200.json` -> `CopyInstance-response-200`; `objects/Tag.json` -> `Tag`.
fn definition_name(file: &str) -> String {
    let stem = file.strip_suffix(".json").unwrap_or(file);
    stem.strip_prefix("objects/")
        .unwrap_or(stem)
        .replace('/', "-")
}

/// A reference relative to the file it stands in.
fn join(base: &str, target: &str) -> String {
    let mut parts: Vec<&str> = base.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.join("/")
}

fn collect_files(
    root: &Path,
    folder: &Path,
    files: &mut BTreeMap<String, String>,
    depth: usize,
) -> Result<(), ContractError> {
    let fail = |verb, path: &Path| {
        let path = path.to_owned();
        move |source| ContractError::Io { verb, path, source }
    };
    for entry in std::fs::read_dir(folder)
        .map_err(fail("read", folder))?
        .flatten()
    {
        let path = entry.path();
        if path.is_dir() && depth < 4 {
            collect_files(root, &path, files, depth + 1)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            let text = std::fs::read_to_string(&path).map_err(fail("read", &path))?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(
        "CopyInstance/response-200.json",
        "../objects/Tag.json",
        "objects/Tag.json"
    )]
    #[case("", "CopyInstance/request.json", "CopyInstance/request.json")]
    #[case("objects/A.json", "./B.json", "objects/B.json")]
    fn reference_is_relative_to_its_file(
        #[case] base: &str,
        #[case] target: &str,
        #[case] expected: &str,
    ) {
        assert_eq!(join(base, target), expected);
    }
}
