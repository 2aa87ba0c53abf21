//! The contract of pages and that of an OpenAPI document as one, by the rules of editions: silence
//! contradicts nothing, the looser of two statements holds, what only one of them states is a
//! `should`, and each difference is a documentation finding with the places of both.

mod files;
mod looser;
mod naming;
mod operation;
mod schema;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::compare::{Base, Disagreement, Mentions, Paired, disagreements, pair};
use crate::contract::{ContractError, Operation, Service, compile};
use crate::openapi::without_broken_examples;
use crate::page::Page;

use self::files::Files;
use self::naming::{Names, with_base};
use self::operation::united;

/// Unites what a document says with what pages say of the same operations. A document that has no
/// operation in common with them, and another name, stays a service of its own.
///
/// `texts` are the pages that the services were made of.
/// `nameless` is what a service of pages is called that name none: then the document's name holds.
pub fn unite(
    mut pages: Vec<Service>,
    document: Service,
    texts: &[Page],
    nameless: &str,
) -> Result<Vec<Service>, ContractError> {
    if pages.is_empty() {
        return Ok(vec![document]);
    }
    let written = operations(&pages)?;
    let given = compile(&document)?;
    let Paired {
        pairs,
        only_document,
        base,
        ..
    } = pair(&written, &given);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (own, _) in &pairs {
        *counts.entry(own.service.as_str()).or_default() += 1;
    }
    // Of services that have as many in common, the first by name takes what is left.
    let most = counts.iter().rev().max_by_key(|(_, count)| **count);
    let main = most.map(|(name, _)| (*name).to_owned());
    let is_known = pages.iter().any(|service| service.name == document.name);
    let Some(main) = main.or_else(|| is_known.then(|| document.name.clone())) else {
        pages.push(document);
        return Ok(pages);
    };
    let found = disagreements(&written, &given, &Mentions::of(texts, &written));
    for service in &mut pages {
        let is_main = service.name == main;
        let of_service = |own: &Operation| own.service == service.name;
        let own_pairs: Vec<(&Operation, &Operation)> = pairs
            .iter()
            .filter(|(own, _)| of_service(own))
            .copied()
            .collect();
        if own_pairs.is_empty() && !is_main {
            continue;
        }
        let rest: &[&Operation] = if is_main { &only_document } else { &[] };
        let mut one = joined(service, &document, &own_pairs, rest, &base);
        let differences = found.found.iter().chain(&found.silences);
        let differences = differences.filter(|one| one.service == service.name);
        one.provenance
            .documentation
            .extend(differences.map(Disagreement::finding));
        if one.name == nameless {
            rename(&mut one, &document.name);
        }
        without_broken_examples(&mut one);
        *service = one;
    }
    Ok(pages)
}

fn operations(services: &[Service]) -> Result<Vec<Operation>, ContractError> {
    let mut all = Vec::new();
    for service in services {
        all.extend(compile(service)?);
    }
    Ok(all)
}

/// One service of pages with the operations of a document that are its own.
fn joined(
    pages: &Service,
    document: &Service,
    pairs: &[(&Operation, &Operation)],
    rest: &[&Operation],
    base: &Base,
) -> Service {
    let mut files = Files::new(pages, document);
    let names = Names::of(pairs, base);
    let mut paths: Vec<(String, String, Value)> = Vec::new();
    let mut partners: BTreeMap<(&str, &str), &Operation> = BTreeMap::new();
    for (own, other) in pairs {
        partners.insert((own.path.as_str(), own.method.as_str()), other);
    }
    let mut ids = Vec::new();
    for (path, method, node) in written(&pages.document) {
        let capitals = method.to_uppercase();
        let partner = partners.get(&(path, capitals.as_str()));
        let node = match partner.and_then(|other| node_of(&document.document, other)) {
            Some(other) => united(&mut files, node, other, path),
            None => files.copy_operation(node, files::Side::Pages),
        };
        ids.push(node["operationId"].as_str().unwrap_or_default().to_owned());
        let path = with_base(path, &base.of_document);
        paths.push((path, method.to_owned(), node));
    }
    for operation in rest {
        let Some(node) = node_of(&document.document, operation) else {
            continue;
        };
        let mut node = files.copy_operation(node, files::Side::Document);
        let path = names.renamed(&with_base(&operation.path, &base.of_pages), &mut node);
        naming::own_id(&mut node, &mut ids);
        paths.push((path, operation.method.to_lowercase(), node));
    }
    // The order that the operations of pages are written in.
    paths.sort_by(|one, other| (&one.0, &one.1).cmp(&(&other.0, &other.1)));
    let mut written = Map::new();
    for (path, method, node) in paths {
        let item = written.entry(path).or_insert_with(|| json!({}));
        if let Value::Object(item) = item {
            item.insert(method, node);
        }
    }
    let mut service = pages.clone();
    service.document = with_paths(&pages.document, &document.document, written);
    service.schemas = files.finish();
    let known = service.provenance.pages.clone();
    let more = document.provenance.pages.iter();
    let more = more.filter(|page| !known.contains(page)).cloned();
    service.provenance.pages.extend(more);
    let findings = document.provenance.documentation.iter();
    service
        .provenance
        .documentation
        .extend(naming::findings(findings, pairs, rest));
    service
}

/// Every operation of a document of the contract: its path, its method in small letters, its node.
fn written(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let paths = document.get("paths").and_then(Value::as_object);
    paths.into_iter().flatten().flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten();
        methods.map(move |(method, node)| (path.as_str(), method.as_str(), node))
    })
}

fn node_of<'d>(document: &'d Value, operation: &Operation) -> Option<&'d Value> {
    let item = document.get("paths")?.get(&operation.path)?;
    item.get(operation.method.to_lowercase())
}

/// The document of pages with other paths, and with what both name once.
fn with_paths(pages: &Value, document: &Value, paths: Map<String, Value>) -> Value {
    let mut one = pages.clone();
    let schemes = |of: &Value| {
        let found = of.pointer("/components/securitySchemes");
        found
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default()
    };
    let mut all = schemes(pages);
    for (name, scheme) in schemes(document) {
        all.entry(name).or_insert(scheme);
    }
    if let Value::Object(map) = &mut one {
        map.insert("paths".to_owned(), Value::Object(paths));
        if !all.is_empty() {
            let components = json!({ "securitySchemes": all });
            map.insert("components".to_owned(), components);
        }
    }
    one
}

fn rename(service: &mut Service, name: &str) {
    name.clone_into(&mut service.name);
    name.clone_into(&mut service.provenance.service);
    if let Some(title) = service.document.pointer_mut("/info/title") {
        *title = Value::from(name);
    }
}
