//! Compiling a contract: the operations of a service's document, each schema with its facts.

mod parts;
mod schemas;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use serde_json::{Map, Value, json};

use super::border::Spot;
use super::combination::{UNSPECIFIED, combinations};
use super::document::{Document, Method, OperationNode};
use super::error::ContractError;
use super::facet::Facet;
use super::message::{Location, Parameter};
use super::operation::Operation;
use super::schema::Schema;
use super::security;
use super::service::{DOCUMENT, Service};

use self::parts::{OpenBody, OpenParameter, OpenResponse};
use self::schemas::{Schemas, Shared};

/// The operations of a service.
pub fn compile(service: &Service) -> Result<Vec<Operation>, ContractError> {
    let spot = Spot::file(&service.name, DOCUMENT);
    let document: Document = spot.read(&service.document)?;
    let known = security::known(&document.components.security_schemes, &spot)?;
    let common = match &document.security {
        Some(requirements) => Some(security::security(requirements, &known, &spot)?),
        None => None,
    };
    let mut operations: Vec<Operation> = Vec::new();
    let shared = Shared::default();
    let mut places: BTreeMap<String, Spot> = BTreeMap::new();
    for (path, item) in document.paths {
        for (method, node) in item {
            let spot = spot
                .join("paths")
                .join(&path)
                .join(&method.as_str().to_lowercase());
            if let Some(other) = places.insert(node.id.clone(), spot.clone()) {
                return Err(spot.join("operationId").error(format!(
                    "`{}` is the `operationId` of `{}` too",
                    node.id, other.pointer
                )));
            }
            let security = match &node.security {
                Some(requirements) => Some(security::security(requirements, &known, &spot)?),
                None => common.clone(),
            };
            operations.push(Operation {
                security,
                ..operation(service, &shared, &path, method, node, &spot)?
            });
        }
    }
    Ok(operations)
}

fn operation(
    service: &Service,
    shared: &Shared,
    path: &str,
    method: Method,
    node: OperationNode,
    spot: &Spot,
) -> Result<Operation, ContractError> {
    let id = node.id;
    if id.is_empty() {
        return Err(spot.join("operationId").error("expected a name"));
    }
    let mut schemas = Schemas::new(service, shared);
    schemas.cite(&node.annotation.facts);
    let parameters = node.parameters.into_iter().enumerate();
    let parameters = parameters.map(|(index, parameter)| {
        let spot = spot.join("parameters").join(&index.to_string());
        OpenParameter::read(parameter, &mut schemas, &spot)
    });
    let parameters = parameters.collect::<Result<Vec<_>, ContractError>>()?;
    let body = node.request_body;
    let body = body.map(|body| OpenBody::read(body, &mut schemas, &spot.join("requestBody")));
    let body = body.transpose()?;
    let responses = node.responses.into_iter().map(|(status, response)| {
        let spot = spot.join("responses").join(&status.to_string());
        OpenResponse::read(status, response, &mut schemas, &spot)
    });
    let responses = responses.collect::<Result<Vec<_>, ContractError>>()?;

    // Only now all pages of the operation are known.
    let parameters = parameters.into_iter().map(|open| open.close(&schemas));
    let parameters = parameters.collect::<Result<Vec<_>, ContractError>>()?;
    let beside = [Location::Query, Location::Header, Location::Cookie]
        .into_iter()
        .filter_map(|location| Some((location, Arc::new(beside(&parameters, location)?))))
        .collect();
    let request_body = body.map(|open| open.close(&mut schemas)).transpose()?;
    let responses = responses.into_iter().map(|open| open.close(&mut schemas));
    let responses = responses.collect::<Result<_, ContractError>>()?;
    let (prose, facts) = node
        .annotation
        .facts
        .into_iter()
        .partition(|fact| fact.facet == Facet::Prose);
    Ok(Operation {
        service: service.name.clone(),
        id,
        method: method.as_str().to_owned(),
        path: path.to_owned(),
        parameters,
        beside,
        request_body,
        responses,
        security: None,
        facts,
        prose,
        examples: BTreeMap::new(),
        documented: OnceLock::new(),
    })
}

/// The parameters of a place as the fields of one object, where something is said of which of them
/// go together.
fn beside(parameters: &[Parameter], location: Location) -> Option<Schema> {
    let (mut properties, mut loose) = (Map::new(), Map::new());
    let (mut rules, mut required) = (Vec::new(), Vec::new());
    for parameter in parameters.iter().filter(|one| one.location == location) {
        let mut own = parameter.schema.root.clone();
        if let Value::Object(map) = &mut own {
            if !combinations(&parameter.schema.root).is_empty()
                && let Some(Value::Array(own)) = map.shift_remove("allOf")
            {
                rules.extend(own);
            }
            if let Some(Value::Object(own)) = map.shift_remove(UNSPECIFIED) {
                loose.extend(own);
            }
            if map.contains_key("$defs") {
                own = Value::Bool(true);
            }
        }
        if parameter.required {
            required.push(parameter.name.clone());
        }
        properties.insert(parameter.name.clone(), own);
    }
    if rules.is_empty() && loose.is_empty() {
        return None;
    }
    let mut root = json!({
        "type": "object",
        "properties": properties,
        "required": required,
        (UNSPECIFIED): loose,
    });
    // No schema has an empty `allOf`: it would be lost with all that is said beside it.
    if let (Some(map), false) = (root.as_object_mut(), rules.is_empty()) {
        map.insert("allOf".to_owned(), Value::Array(rules));
    }
    Schema::compile(root).ok()
}

/// The schema of one file, for an operation of some pages.
pub fn compile_file(
    service: &Service,
    file: &str,
    pages: BTreeSet<String>,
) -> Result<Arc<Schema>, ContractError> {
    let shared = Shared::default();
    let mut schemas = Schemas::new(service, &shared);
    schemas.pages = pages;
    let reference = json!({ "$ref": file });
    let bundled = schemas.bundled(Some(&reference), &Spot::file(&service.name, DOCUMENT))?;
    schemas.finish(bundled)
}
