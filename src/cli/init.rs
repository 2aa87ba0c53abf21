//! `docproof init`: a new suite from pages and OpenAPI documents.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::contract::{Operation, SecurityScheme, Service, Suite, compile};
use crate::derive::{Derived, Options, PageRead};
use crate::exchange::{printable, without_user};
use crate::exit_code::ExitCode;
use crate::page::Page;
use crate::sources::{
    Content, Naming, Source, derive_all, derive_sources, read_sources, tell_left_out,
    tell_operations, with_operations,
};
use crate::starter::{Starter, configuration, fixtures, starter};
use crate::text::counted;

use super::settings::{ConnectionArguments, FILE_NAME, endpoint_problem};
use super::{CliError, first_look};

/// How many keys of resources are told one by one.
const MOST_KEYS: usize = 8;

/// What `init` prints below its help.
const EXAMPLES: &str = "\
Examples:
  docproof init shop docs/orders.md docs/list-orders.md
  docproof init shop openapi.yaml
  docproof init shop docs/ --endpoint http://127.0.0.1:8080
  docproof init shop https://docs.example.com/api/orders.html --service shop
  docproof run --suite shop
  docproof selftest --suite shop";

/// What `init` is told.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct InitArguments {
    /// The folder of the new suite
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Pages and OpenAPI documents: files, folders, or URLs
    #[arg(required = true, value_name = "PAGE|DIR|URL")]
    pages: Vec<String>,
    /// The service's name, for pages that do not tell
    #[arg(long)]
    service: Option<String>,
    /// The service: its operations that only read are tried, and a run in the folder is against it
    #[command(flatten)]
    pub(super) connection: ConnectionArguments,
}

impl InitArguments {
    /// The endpoint that is given. What has no place in `docproof.toml` is refused.
    fn endpoint(&self) -> Result<Option<&str>, CliError> {
        let given = match self.connection.endpoint.as_slice() {
            [] => return Ok(None),
            [given] => given,
            [_, other, ..] => {
                return Err(CliError::usage(format!(
                    "`--endpoint {}` is one endpoint too many",
                    without_user(other)
                ))
                .with_hint("a new suite has one; `docproof.toml` takes one for each service"));
            }
        };
        match endpoint_problem(given) {
            None => Ok(Some(given)),
            Some(problem) => Err(CliError::usage(format!(
                "`--endpoint {}`: it takes {problem}",
                without_user(given)
            ))),
        }
    }
}

/// A suite that is not written yet.
struct Plan {
    suite: Suite,
    starters: BTreeMap<String, Starter>,
    /// Every file, by its path below the suite's folder.
    files: BTreeMap<String, Vec<u8>>,
    pages: Vec<PageRead>,
}

/// Makes the suite.
pub(super) fn init(arguments: &InitArguments) -> Result<ExitCode, CliError> {
    let folder = &arguments.folder;
    let endpoint = arguments.endpoint()?;
    refuse_used(folder)?;
    let options = Options {
        service: arguments.service.clone(),
    };
    let sources = read_sources(&arguments.pages, Naming::FileName, &super::tell)?;
    let sources = with_operations(sources, &arguments.pages, &options, &super::tell)?;
    let mut plan = plan(&sources, &options)?;
    let known = configuration_above(folder);
    if known.is_none() {
        let text = configuration(&plan.suite, endpoint);
        plan.files.insert(FILE_NAME.to_owned(), text.into_bytes());
    }
    for (path, bytes) in &plan.files {
        write(&folder.join(path), bytes)?;
    }
    tell_operations(&plan.pages, &super::tell);
    tell_left_out(&plan.suite.services, &super::tell);
    tell(
        folder,
        &plan,
        arguments.service.as_deref(),
        known.as_deref(),
    );
    if endpoint.is_some() {
        first_look::tell(folder, &arguments.connection);
    }
    next(folder, &plan.suite, arguments, endpoint);
    Ok(ExitCode::Success)
}

/// The configuration of a folder above a new one: another file below it would hide its targets.
fn configuration_above(folder: &Path) -> Option<PathBuf> {
    let folder = std::path::absolute(folder).ok()?;
    let mut above = folder
        .ancestors()
        .skip(1)
        .map(|above| above.join(FILE_NAME));
    above.find(|path| path.is_file())
}

/// A folder that holds something is left alone.
fn refuse_used(folder: &Path) -> Result<(), CliError> {
    let shown = folder.display();
    let used = match std::fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
        Err(error) => return Err(CliError::usage(format!("cannot use `{shown}`: {error}"))),
    };
    if used {
        return Err(
            CliError::usage(format!("`{shown}` is not empty")).with_hint(format!(
                "name a new folder; for a suite whose pages have changed: docproof derive {shown}/cases --out {shown}/schemas"
            )),
        );
    }
    Ok(())
}

/// Everything that is to be written, and the proof that it loads.
fn plan(sources: &[Source], options: &Options) -> Result<Plan, CliError> {
    let mut placed = place(sources, options)?;
    // The order that `derive` reads the folder in: the schemas are what it would write.
    placed.sort_by(|(one, _), (other, _)| Path::new(one).cmp(Path::new(other)));
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut pages = Vec::new();
    let mut documents = Vec::new();
    for (path, source) in &placed {
        let name = path.rsplit('/').next().unwrap_or_default();
        let folder = path.trim_end_matches(name);
        match &source.content {
            Content::Page(page) => {
                pages.push(Page {
                    name: name.to_owned(),
                    ..page.clone()
                });
                files.insert(path.clone(), source.bytes.clone());
                for (name, text) in &page.beside {
                    add(&mut files, format!("{folder}{name}"), text.as_bytes())?;
                }
            }
            Content::Document(document) => {
                documents.push(document);
                for (part, bytes) in document.files() {
                    let is_root = part == document.file_name();
                    let part = if is_root { name } else { part };
                    add(&mut files, format!("{folder}{part}"), bytes)?;
                }
            }
        }
    }
    let derived = derive_all(&pages, &documents, options)?;
    let usage = |error: &dyn std::fmt::Display| CliError::usage(error.to_string());
    let mut starters = BTreeMap::new();
    for service in &derived.services {
        let operations = compile(service).map_err(|error| usage(&error))?;
        let operations: Vec<&Operation> = operations.iter().collect();
        let starter = starter(&operations);
        let name = &service.name;
        for (file, text) in service.files() {
            files.insert(format!("schemas/{name}/{file}"), text.into_bytes());
        }
        for (file, text) in [
            ("bindings.toml", &starter.bindings),
            ("relations.toml", &starter.relations),
        ] {
            files.insert(format!("cases/{name}/{file}"), text.clone().into_bytes());
        }
        starters.insert(name.clone(), starter);
    }
    let suite = loaded(derived.services, &files)?;
    for service in &suite.services {
        let name = &service.name;
        let text = fixtures(&suite, name);
        files.insert(format!("cases/{name}/fixtures.toml"), text.into_bytes());
    }
    Ok(Plan {
        suite,
        starters,
        files,
        pages: derived.pages,
    })
}

/// Where each page goes: `cases/SERVICE/pages/FILE`, no two to one place.
fn place<'s>(
    sources: &'s [Source],
    options: &Options,
) -> Result<Vec<(String, &'s Source)>, CliError> {
    let mut placed: Vec<(String, &Source)> = Vec::new();
    let alone: Vec<Option<Derived>> = sources
        .iter()
        .map(|source| derive_sources(std::slice::from_ref(source), options).ok())
        .collect();
    // What a page and a document describe together may have another name than each alone, and a page
    // may be there for others alone.
    let is_several = sources.iter().any(|source| source.document().is_some());
    let together = if is_several || alone.iter().any(Option::is_none) {
        derive_sources(sources, options)?.services
    } else {
        Vec::new()
    };
    for (source, alone) in sources.iter().zip(&alone) {
        let own = alone.as_ref().and_then(|alone| alone.services.first());
        let name = source.file_name();
        let cited = own.and_then(|own| own.provenance.pages.first());
        let is_of = |service: &&Service| {
            let pages = service.provenance.pages.iter();
            let mut pages = pages.map(|page| &page.page);
            pages.any(|page| cited.is_some_and(|cited| cited.page == *page))
        };
        let is_known = |own: &&Service| together.iter().any(|known| known.name == own.name);
        let service = own
            .filter(is_known)
            .or_else(|| together.iter().find(is_of))
            .or(own)
            .or_else(|| together.first())
            .map_or("api", |service| service.name.as_str());
        let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, "txt"));
        let mut path = format!("cases/{service}/pages/{name}");
        let mut count = 1;
        while placed.iter().any(|(known, _)| *known == path) {
            count += 1;
            path = format!("cases/{service}/pages/{stem}-{count}.{ending}");
        }
        placed.push((path, source));
    }
    Ok(placed)
}

/// Adds a file that lies beside a page.
fn add(files: &mut BTreeMap<String, Vec<u8>>, path: String, bytes: &[u8]) -> Result<(), CliError> {
    let name = path.rsplit("/pages/").next().unwrap_or_default().to_owned();
    let known = files.insert(path, bytes.to_vec());
    if known.is_some_and(|known| known != bytes) {
        return Err(CliError::usage(format!(
            "two pages of one service have different files `{name}` beside them"
        ))
        .with_hint("make a suite of each folder, or name the services: --service NAME"));
    }
    Ok(())
}

/// The suite as it will be loaded.
fn loaded(
    services: Vec<Service>,
    files: &BTreeMap<String, Vec<u8>>,
) -> Result<Suite, crate::contract::SuiteError> {
    let mut cases = BTreeMap::new();
    for service in &services {
        let texts = ["bindings.toml", "relations.toml"]
            .into_iter()
            .filter_map(|file| {
                let bytes = files.get(&format!("cases/{}/{file}", service.name))?;
                Some((file.to_owned(), String::from_utf8_lossy(bytes).into_owned()))
            })
            .collect();
        cases.insert(
            service.name.clone(),
            crate::contract::merge_case_files(&service.name, texts)?,
        );
    }
    Suite::new(services, cases)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let fail = |error: std::io::Error| {
        CliError::usage(format!("cannot write `{}`: {error}", path.display()))
    };
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(fail)?;
    }
    std::fs::write(path, bytes).map_err(fail)
}

/// Says what is there now.
fn tell(folder: &Path, plan: &Plan, service: Option<&str>, known: Option<&Path>) {
    let shown = folder.display().to_string();
    let shown = printable(&shown);
    let (suite, pages) = (&plan.suite, plan.pages.len());
    outln!(
        "`{shown}` is a suite: {}, from {}\n",
        counted(suite.operations.len(), "operation"),
        counted(pages, "page")
    );
    for operation in &suite.operations {
        outln!(
            "  {}  {} {}",
            printable(&operation.name()),
            operation.method,
            printable(&operation.path)
        );
    }
    if let Some(scheme) = &credential(suite) {
        outln!(
            "\ncredential: the source asks for {}, which `{}` gives (docs/credentials.md)",
            printable(&scheme.in_words()),
            printable(&option_of(scheme))
        );
    }
    outln!("\nto look through:");
    for (service, starter) in &plan.starters {
        outln!(
            "  {shown}/cases/{service}/bindings.toml: which resources of a target the requests are about"
        );
        outln!(
            "  {shown}/cases/{service}/fixtures.toml: what a run creates for itself{}",
            printable(&created(suite, service))
        );
        for (laws, word) in [
            (&starter.applied, "in force"),
            (&starter.suggested, "suggested"),
        ] {
            if laws.is_empty() {
                continue;
            }
            let mut kinds: Vec<&str> = laws.iter().map(|(kind, _)| *kind).collect();
            kinds.sort_unstable();
            kinds.dedup();
            outln!(
                "  {shown}/cases/{service}/relations.toml: {} {word} ({})",
                counted(laws.len(), "relation"),
                kinds.join(", ")
            );
        }
    }
    match known {
        None => outln!(
            "  {shown}/{FILE_NAME}: what a run in that folder is against, and what gives its credential"
        ),
        Some(known) => outln!(
            "  {}: it was there, and is left as it is: a target of it is this suite's by `--suite {shown} --target NAME`",
            printable(&known.display().to_string())
        ),
    }
    let findings: usize = suite
        .services
        .iter()
        .map(|service| service.documentation().len())
        .sum();
    let option = service_option(service);
    if findings > 0 {
        outln!(
            "  docproof lint {shown}/cases{option} --level may: {}",
            counted(findings, "documentation finding")
        );
    }
}

/// The credential that a suite asks for; of several the first.
fn credential(suite: &Suite) -> Option<SecurityScheme> {
    let operations = suite.operations.iter();
    let mut asking = operations.filter(|own| suite.asks_for_credential(own));
    asking.find_map(|own| own.security_schemes().into_iter().next())
}

/// The option that gives a credential; of several ways the first.
fn option_of(scheme: &SecurityScheme) -> String {
    let option = scheme.option();
    option.split('`').next().unwrap_or_default().to_owned()
}

/// What a run creates of a service, by the keys of its resources.
fn created(suite: &Suite, service: &str) -> String {
    let resources = suite.resources.iter();
    let own = resources.filter(|own| own.service == service && own.create.is_some());
    let keys: Vec<&str> = own.map(|own| own.key.as_str()).collect();
    if keys.is_empty() {
        ": nothing was recognised".to_owned()
    } else {
        format!(" ({})", some(&keys))
    }
}

/// The first of several names, and how many more there are.
fn some(names: &[&str]) -> String {
    let few = names.iter().take(MOST_KEYS).copied();
    let mut told = few.collect::<Vec<_>>().join(", ");
    if let Some(more @ 1..) = names.len().checked_sub(MOST_KEYS) {
        told.push_str(&format!(" and {more} more"));
    }
    told
}

/// Says what comes next.
fn next(folder: &Path, suite: &Suite, arguments: &InitArguments, endpoint: Option<&str>) {
    let shown = folder.display().to_string();
    let shown = printable(&shown);
    let option = service_option(arguments.service.as_deref());
    let is_created = |key: &str| {
        let mut own = suite.resources.iter().filter(|own| own.key == key);
        own.any(|own| own.create.is_some())
    };
    let keys = suite.resource_keys();
    let given = &arguments.connection.set;
    let is_given = |key: &str| given.iter().any(|set| set.split('=').next() == Some(key));
    let wanted: Vec<&String> = keys
        .iter()
        .filter(|key| !is_created(key) && !is_given(key))
        .collect();
    let few = wanted.iter().take(MOST_KEYS);
    let few: Vec<String> = few
        .map(|key| format!(" --set {}=...", printable(key)))
        .collect();
    let mut settings = few.concat();
    if let Some(more @ 1..) = wanted.len().checked_sub(MOST_KEYS) {
        let more = format!(" ...     ({more} more: {shown}/cases/ names them)");
        settings.push_str(&more);
    }
    let given = credential(suite).map_or_else(String::new, |scheme| {
        format!(" {}", printable(&option_of(&scheme)))
    });
    let endpoint = printable(endpoint.unwrap_or("URL"));
    outln!(
        "\nnext:\n  docproof run --suite {shown}\n  docproof selftest --suite {shown}\n  docproof run --suite {shown} --endpoint {endpoint}{given}{settings}\n  docproof derive {shown}/cases{option} --out {shown}/schemas     (after a page has changed)"
    );
}

/// The option that names a service, where one was named.
fn service_option(service: Option<&str>) -> String {
    let option = service.map(|service| format!(" --service {service}"));
    option.unwrap_or_default()
}
