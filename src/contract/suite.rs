//! A suite: the contract of one or more services, and what people wrote beside it in `cases/`
//! (bindings, relations). The bundled suite is inside the binary; any other is a folder with
//! `schemas/` and, optionally, `cases/`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};
use serde::Deserialize;

use super::compile::compile;
use super::error::ContractError;
use super::extent;
use super::field_path::FieldPath;
use super::fixtures::FixtureCase;
use super::message::{Location, Parameter};
use super::naming::words;
use super::operation::Operation;
use super::relation::Relation;
use super::resource::{ItemKeys, Resource, parameters_of_path, takes_id};
use super::rule::{Place, Row};
use super::security::SecurityScheme;
use super::service::{DOCUMENT, Service};
use crate::nearest::did_you_mean;
use crate::toml_reader;

static SCHEMAS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/schemas");
static CASES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/cases");

/// What the resource keys of headers begin with that every request carries.
pub const EVERYWHERE: &str = "header.";

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

/// What `cases/<service>/*.toml` say: the things that a page cannot.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseFile {
    /// Settings by operation id.
    #[serde(default)]
    pub operations: BTreeMap<String, OperationCases>,
    /// Laws between the answers of several requests.
    #[serde(default)]
    pub relations: Vec<Relation>,
    /// Which operations make, show, change and delete one thing, where that is not as it was
    /// recognised.
    #[serde(default)]
    pub fixtures: Vec<FixtureCase>,
}

/// What is written about one operation.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperationCases {
    /// Which resource of the target a parameter or body field is bound to: `"path.instance_id" =
    /// "dcs.instance_id"`.
    #[serde(default)]
    pub bind: BTreeMap<String, String>,
    /// Headers that the operation's requests carry beside the documented ones: `{ Accept =
    /// "text/plain" }`.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// What its request may have, by place: `{ "query.filter" = "size > 3", request = { name = "a" } }`.
    #[serde(default)]
    pub example: BTreeMap<String, serde_json::Value>,
    /// Further resources that the operation is tried on.
    #[serde(default)]
    pub resources: Vec<ResourceCase>,
    /// The kinds of relations that are not tried of the operation though the contract suggests
    /// them: `["pagination"]`.
    #[serde(default)]
    pub laws_off: Vec<String>,
    /// Whether the operation asks for a credential though no page says so.
    #[serde(default)]
    pub credential: bool,
}

/// One further resource that an operation is tried on, and what is documented for it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceCase {
    /// A word for the trial's name (`cluster`, `single-node`).
    pub name: String,
    /// What is documented.
    pub expect: ResourceExpectation,
    /// The bindings that differ from the operation's own.
    pub bind: BTreeMap<String, String>,
    /// Why this is expected, in a sentence: where the documentation says so.
    pub reason: String,
}

/// What is documented of an operation on a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResourceExpectation {
    /// A documented success.
    Success,
    /// A documented refusal (4xx).
    Refused,
    /// A success without records: 204, or a body whose arrays are empty.
    Empty,
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

    /// Leaves those places to made-up values that were bound by inference alone, and whose resource
    /// nobody gives and nothing creates: a value that is refused says no less than none.
    pub fn release_unknown(&mut self, is_given: impl Fn(&str) -> bool) {
        if !self.is_inferred {
            return;
        }
        let resources = &self.resources;
        let is_known = |key: &str| {
            let mut own = resources.iter().filter(|own| own.key == key);
            is_given(key) || own.any(|own| own.create.is_some())
        };
        for file in self.cases.values_mut() {
            for cases in file.operations.values_mut() {
                cases.bind.retain(|_, key| is_known(key));
            }
        }
    }

    /// Binds the header parameters of these names to what every request carries.
    pub fn bind_everywhere<'n>(&mut self, names: impl Iterator<Item = &'n str>) {
        for name in names {
            for operation in &self.operations {
                let mut headers = operation.parameters_in(Location::Header);
                let is_named =
                    |own: &&super::message::Parameter| own.name.eq_ignore_ascii_case(name);
                let Some(parameter) = headers.find(is_named) else {
                    continue;
                };
                let file = self.cases.entry(operation.service.clone()).or_default();
                let cases = file.operations.entry(operation.id.clone()).or_default();
                let place = format!("header.{}", parameter.name);
                let key = format!("{EVERYWHERE}{}", name.to_ascii_lowercase());
                cases.bind.entry(place).or_insert(key);
            }
        }
    }

    /// Takes note of how a user gives credentials: a parameter that one is given in is the credential
    /// of its operation, and no value like others.
    pub fn carry<'c>(&mut self, schemes: impl Iterator<Item = &'c SecurityScheme>) {
        for scheme in schemes {
            let (location, name) = match scheme {
                SecurityScheme::Header(name) => (Location::Header, name),
                SecurityScheme::Query(name) => (Location::Query, name),
                SecurityScheme::Cookie(name) => (Location::Cookie, name),
                SecurityScheme::Bearer
                | SecurityScheme::Basic
                | SecurityScheme::Http(_)
                | SecurityScheme::Certificate => continue,
            };
            for operation in &mut self.operations {
                if operation.is_credential(location, name) {
                    continue;
                }
                let is_own = |own: &&Parameter| match location {
                    Location::Header => own.name.eq_ignore_ascii_case(name),
                    Location::Query | Location::Cookie | Location::Path => own.name == *name,
                };
                let own = operation.parameters_in(location).find(is_own);
                let Some(is_required) = own.map(|own| own.required) else {
                    continue;
                };
                let security = operation.security.get_or_insert_default();
                if !is_required {
                    if security.alternatives.is_empty() {
                        security.alternatives.push(Vec::new());
                    }
                    security.alternatives.push(vec![scheme.clone()]);
                } else if security.alternatives.is_empty() {
                    security.alternatives.push(vec![scheme.clone()]);
                } else {
                    for schemes in &mut security.alternatives {
                        schemes.push(scheme.clone());
                    }
                }
            }
        }
    }

    /// What is written about an operation; nothing, where nobody wrote anything.
    pub fn cases_of(&self, operation: &Operation) -> OperationCases {
        self.cases
            .get(&operation.service)
            .and_then(|file| file.operations.get(&operation.id))
            .cloned()
            .unwrap_or_default()
    }

    /// Whether an operation asks for a credential: its source says so, or a person does.
    pub fn asks_for_credential(&self, operation: &Operation) -> bool {
        operation.asks_for_credential() || self.cases_of(operation).credential
    }

    /// How a token is carried where nobody says how: as the source says, by the scheme that can
    /// carry one and whose header most operations have a row of, the first of several; else in
    /// `X-Auth-Token`.
    pub fn security_scheme(&self) -> SecurityScheme {
        let of_operations = self.operations.iter().flat_map(Operation::security_schemes);
        let of_services = self.services.iter().flat_map(Service::security_schemes);
        let all: Vec<SecurityScheme> = of_operations
            .chain(of_services)
            .filter(|scheme| *scheme != SecurityScheme::Certificate)
            .collect();
        let is_bare = |scheme: &&SecurityScheme| {
            scheme.header() == Some("Authorization") && matches!(scheme, SecurityScheme::Header(_))
        };
        let rows = |scheme: &SecurityScheme| {
            let names = self
                .operations
                .iter()
                .flat_map(Operation::credential_headers);
            let header = scheme.header().unwrap_or_default();
            names
                .filter(|name| name.eq_ignore_ascii_case(header))
                .count()
        };
        let chosen = all.iter().filter(|scheme| !is_bare(scheme));
        // Of several that are alike `max_by_key` gives the last.
        let chosen = chosen.rev().max_by_key(|scheme| rows(scheme));
        match chosen {
            Some(scheme) => scheme.clone(),
            // A row of `Authorization` alone: most tokens are such.
            None if !all.is_empty() => SecurityScheme::Bearer,
            None => SecurityScheme::Header("X-Auth-Token".to_owned()),
        }
    }

    /// The resource keys that a credential is bound to, with the headers or parameters that they
    /// fill: they are given like resources, and are none.
    pub fn bound_credentials(&self) -> BTreeMap<String, Row> {
        let mut bound = BTreeMap::new();
        for operation in &self.operations {
            for (place, key) in self.cases_of(operation).bind {
                if let Ok(row) = place.parse::<Row>()
                    && is_credential_row(operation, &row)
                {
                    bound.insert(key, row);
                }
            }
        }
        bound
    }

    /// The same, with the keys of those that nobody bound: `SERVICE.authorization`.
    pub fn credential_keys(&self) -> BTreeMap<String, Row> {
        let mut keys = BTreeMap::new();
        for operation in &self.operations {
            for parameter in &operation.parameters {
                if operation.is_credential(parameter.location, &parameter.name) {
                    let name = words(&parameter.name).join("_");
                    let row = Row {
                        place: parameter.location.place(),
                        field: FieldPath::name(&parameter.name),
                    };
                    keys.insert(format!("{}.{name}", operation.service), row);
                }
            }
        }
        keys.extend(self.bound_credentials());
        keys
    }

    /// The resource key that each path parameter, and whatever else is bound, takes its value from.
    /// A path parameter that nobody bound takes `project_id` or `tenant_id` (where that is its
    /// name), or `SERVICE.NAME`; see [`ItemKeys`]. One whose values are listed takes those.
    pub fn bindings(&self, operation: &Operation) -> BTreeMap<String, String> {
        let mut bindings = BTreeMap::new();
        for parameter in operation.parameters_in(Location::Path) {
            if !takes_id(parameter) {
                continue;
            }
            let key = self.items.key_of(operation, &parameter.name);
            bindings.insert(format!("path.{}", parameter.name), key);
        }
        bindings.extend(self.items.of_verbs(operation));
        let is_credential = |place: &str| {
            let row = place.parse::<Row>();
            row.is_ok_and(|row| is_credential_row(operation, &row))
        };
        let bound = self.cases_of(operation).bind.into_iter();
        bindings.extend(bound.filter(|(place, _)| !is_credential(place)));
        bindings
    }

    /// Whether the values of a parameter of a path name things, of which one may not be there: its
    /// name is that of an id, a source documents that refusal, or what it names is made, listed or
    /// changed. A read may take others (`/range/{length}`) as they come, and an outer part of a path
    /// may be a label that is there as soon as something stands below it.
    pub fn names_thing(&self, operation: &Operation, parameter: &str) -> bool {
        if self.may_be_label(operation, parameter) {
            return false;
        }
        let is_id = words(parameter)
            .last()
            .is_some_and(|last| ["id", "uuid", "guid", "uid"].contains(&last.as_str()));
        let key = || self.items.key_of(operation, parameter);
        operation.writes()
            || is_id
            || operation.names(404)
            || operation.names(410)
            || self.resources.iter().any(|resource| {
                let is_kept = resource.create.is_some()
                    || resource.list.is_some()
                    || [resource.replace, resource.change, resource.delete]
                        .iter()
                        .any(Option::is_some)
                    || !resource.acts.is_empty();
                is_kept && resource.key == key()
            })
    }

    /// Whether an outer parameter of a path names what no source tells of: no operation stands on it,
    /// or on what it would be one of, and no refusal of what is not there is documented.
    fn may_be_label(&self, operation: &Operation, parameter: &str) -> bool {
        let is_outer = parameters_of_path(operation).pop() != Some(parameter);
        let place = format!("/{{{parameter}}}");
        let Some((collection, _)) = operation.path.split_once(&place).filter(|_| is_outer) else {
            return false;
        };
        let item = format!("{collection}{place}");
        let is_there = |other: &Operation| {
            let path = other.path.trim_end_matches('/');
            other.service == operation.service && (path == collection || path == item)
        };
        let refuses = [403, 404, 410]
            .into_iter()
            .any(|status| operation.is_documented(status));
        !refuses && !self.operations.iter().any(is_there)
    }

    /// Every resource key that the suite binds anything to: the keys of `--set`.
    pub fn resource_keys(&self) -> Vec<String> {
        let mut keys: BTreeSet<String> = BTreeSet::new();
        for operation in &self.operations {
            keys.extend(self.bindings(operation).into_values());
            for resource in self.cases_of(operation).resources {
                keys.extend(resource.bind.into_values());
            }
        }
        keys.extend(self.bound_credentials().into_keys());
        keys.into_iter().collect()
    }

    /// Refuses cases that name an operation or a parameter that the contract does not have.
    fn check_cases(&self) -> Result<(), SuiteError> {
        for (service, file) in &self.cases {
            let fail = |message: String, hint: String| SuiteError::Cases {
                file: format!("cases/{service}"),
                line: None,
                message,
                hint: Some(hint),
            };
            let own: BTreeMap<&str, &Operation> = self
                .operations
                .iter()
                .filter(|operation| operation.service == *service)
                .map(|operation| (operation.id.as_str(), operation))
                .collect();
            let ids: Vec<&str> = own.keys().copied().collect();
            for relation in &file.relations {
                for id in relation.operations() {
                    if !own.contains_key(id) {
                        return Err(fail(
                            format!(
                                "a relation names operation `{id}`, which the contract does not have"
                            ),
                            did_you_mean(id, &ids),
                        ));
                    }
                }
            }
            for (id, cases) in &file.operations {
                let operation = own.get(id.as_str()).ok_or_else(|| {
                    fail(
                        format!("operation `{id}` is not in the contract of `{service}`"),
                        did_you_mean(id, &ids),
                    )
                })?;
                for kind in &cases.laws_off {
                    if !Relation::KINDS.contains(&kind.as_str()) {
                        return Err(fail(
                            format!("`{id}` switches off `{kind}`, which is no kind of relation"),
                            did_you_mean(kind, Relation::KINDS),
                        ));
                    }
                }
                let binds = cases.bind.keys().chain(
                    cases
                        .resources
                        .iter()
                        .flat_map(|resource| resource.bind.keys()),
                );
                for place in binds {
                    if !has_place(operation, place) {
                        return Err(fail(
                            format!("`{id}` binds `{place}`, which the contract does not have"),
                            "a place is `path.NAME`, `query.NAME`, `header.NAME` or `request.FIELD`, as the contract spells it".to_owned(),
                        ));
                    }
                }
            }
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

/// Whether a place of an operation carries its credential.
fn is_credential_row(operation: &Operation, row: &Row) -> bool {
    let name = row.field.top().unwrap_or_default();
    match row.place {
        Place::Header => operation.is_credential(Location::Header, name),
        Place::Query => operation.is_credential(Location::Query, name),
        Place::Cookie => operation.is_credential(Location::Cookie, name),
        Place::Operation
        | Place::Path
        | Place::Request
        | Place::Response(_)
        | Place::ResponseHeader(_) => false,
    }
}

/// Whether a place such as `path.instance_id`, `query.limit` or `request.instance_id` exists.
fn has_place(operation: &Operation, place: &str) -> bool {
    let Some((head, field)) = place.split_once('.') else {
        return false;
    };
    let location = match head {
        "path" => Location::Path,
        "query" => Location::Query,
        "header" => Location::Header,
        "cookie" => Location::Cookie,
        "request" => {
            return operation
                .request_body
                .as_ref()
                .is_some_and(|body| body.schema.field(&FieldPath::from(field)).is_some());
        }
        _ => return false,
    };
    operation.parameter(location, field).is_some()
}

/// What the case files of one service say together, by file name.
pub(crate) fn merge_case_files(
    service: &str,
    files: BTreeMap<String, String>,
) -> Result<CaseFile, SuiteError> {
    let mut merged = CaseFile::default();
    for (name, text) in files {
        let read = toml_reader::read::<CaseFile>(&text);
        if let Some(first) = read.problems.first() {
            return Err(SuiteError::Cases {
                file: format!("cases/{service}/{name}"),
                line: Some(first.line),
                message: first.message(),
                hint: first.hint(),
            });
        }
        let file = read.value.unwrap_or_default();
        for (id, cases) in file.operations {
            let known = merged.operations.entry(id).or_default();
            known.bind.extend(cases.bind);
            known.headers.extend(cases.headers);
            known.example.extend(cases.example);
            known.resources.extend(cases.resources);
            known.laws_off.extend(cases.laws_off);
            known.credential |= cases.credential;
        }
        merged.relations.extend(file.relations);
        merged.fixtures.extend(file.fixtures);
    }
    Ok(merged)
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
