//! Compiling a contract: the operations of a service's document, each schema with its facts.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use serde_json::{Map, Value, json};

use super::border::Spot;
use super::bundle::{self, Bundled};
use super::combination::{UNSPECIFIED, combinations};
use super::document::{Document, LinkNode, Method, OperationNode};
use super::error::ContractError;
use super::facet::Facet;
use super::form::Form;
use super::list_style::ListStyle;
use super::message::{
    Link, LinkedValue, Location, Parameter, RequestBody, Response, ResponseHeader,
};
use super::operation::Operation;
use super::provenance::Fact;
use super::schema::{Schema, types_of};
use super::security;
use super::service::{DOCUMENT, Service};

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
    let mut schemas = Schemas {
        service,
        shared,
        pages: BTreeSet::new(),
    };
    schemas.cite(&node.annotation.facts);
    let mut parameters = Vec::new();
    for (index, parameter) in node.parameters.into_iter().enumerate() {
        let spot = spot.join("parameters").join(&index.to_string());
        if parameter.name.is_empty() {
            return Err(spot.join("name").error("expected a name"));
        }
        let style = parameter.style.as_deref();
        let style = style.and_then(|style| ListStyle::of(style, parameter.explode));
        let is_json = !parameter.content.is_empty();
        let schema = if is_json {
            let (kind, media) = parameter.content.into_media();
            let spot = spot.join("content").join(kind.as_str());
            schemas.bundled(media.schema.as_ref(), &spot)?
        } else {
            schemas.bundled(parameter.schema.as_ref(), &spot)?
        };
        parameters.push((
            parameter.name,
            parameter.location,
            parameter.required,
            schema,
            style,
            is_json,
            parameter.example,
        ));
    }
    let body = match node.request_body {
        Some(body) => {
            schemas.cite(&body.annotation.facts);
            let (kind, media) = body.content.into_media();
            let spot = spot.join("requestBody").join("content");
            let spot = spot.join(kind.as_str());
            let layout = media.layout();
            let schema = match &media.schema {
                Some(node) if kind.is_json() => schemas.open(node, &spot)?,
                node => {
                    let mut bundled = schemas.bundled(node.as_ref(), &spot)?;
                    layout.annotate(&mut bundled.root);
                    Open::Bundled(bundled)
                }
            };
            Some((
                kind,
                layout,
                body.required,
                body.annotation.facts,
                schema,
                media.into_examples(),
            ))
        }
        None => None,
    };
    let mut responses = Vec::new();
    for (status, response) in node.responses {
        schemas.cite(&response.annotation.facts);
        let kinds = response.content.kinds();
        let (kind, media) = response.content.into_media();
        let spot = spot.join("responses").join(&status.to_string());
        // Of what is no JSON the media type is looked at, and not what it holds.
        let schema = match &media.schema {
            Some(node) if kind.is_json() => {
                let spot = spot.join("content").join(kind.as_str());
                Some(schemas.open(node, &spot)?)
            }
            Some(_) | None => None,
        };
        let links = response.links.into_iter().flat_map(|(name, link)| {
            let spot = spot.join("links").join(&name);
            let LinkNode {
                operation,
                parameters,
            } = link;
            parameters.into_iter().map(move |(parameter, expression)| {
                let value = LinkedValue::read(&expression).ok_or_else(|| {
                    let spot = spot.join("parameters").join(&parameter);
                    spot.error("expected the name of a field of a body: `$response.body#/id`")
                })?;
                Ok(Link {
                    operation: operation.clone(),
                    parameter,
                    value,
                })
            })
        });
        let links = links.collect::<Result<Vec<Link>, ContractError>>()?;
        let mut headers = Vec::new();
        for (name, header) in response.headers {
            let spot = spot.join("headers").join(&name);
            let schema = schemas.bundled(header.schema.as_ref(), &spot)?;
            headers.push((name, header.required, schema));
        }
        responses.push((
            status,
            kinds,
            schema,
            headers,
            media.into_examples(),
            response.annotation.facts,
            links,
        ));
    }

    // Only now all pages of the operation are known.
    let parameters = parameters
        .into_iter()
        .map(
            |(name, location, required, schema, style, is_json, example)| {
                let schema = schemas.finish(schema)?;
                let is_list = types_of(&schema.root).contains(&"array");
                Ok(Parameter {
                    required: location == Location::Path || required,
                    schema,
                    name,
                    location,
                    style: style.filter(|_| is_list && !is_json),
                    is_json,
                    example,
                })
            },
        )
        .collect::<Result<Vec<_>, ContractError>>()?;
    let beside = [Location::Query, Location::Header, Location::Cookie]
        .into_iter()
        .filter_map(|location| Some((location, Arc::new(beside(&parameters, location)?))))
        .collect();
    let request_body = match body {
        Some((media, layout, required, facts, schema, examples)) => {
            let schema = schemas.close(schema)?;
            Some(RequestBody {
                form: Form::of(&media, &layout, &schema).map(Arc::new),
                media,
                required,
                empty_shown: facts.iter().any(|fact| fact.facet == Facet::EmptyBody),
                schema,
                examples,
            })
        }
        None => None,
    };
    let responses = responses
        .into_iter()
        .map(|(status, media, schema, headers, examples, facts, links)| {
            let headers = headers.into_iter().map(|(name, required, schema)| {
                let schema = schemas.finish(schema)?;
                Ok(ResponseHeader {
                    name,
                    required,
                    schema,
                })
            });
            Ok(Response {
                headers: headers.collect::<Result<_, ContractError>>()?,
                schema: schema.map(|schema| schemas.close(schema)).transpose()?,
                media,
                status,
                examples,
                facts,
                links,
            })
        })
        .collect::<Result<_, ContractError>>()?;
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
    let mut schemas = Schemas {
        service,
        shared: &shared,
        pages,
    };
    let reference = json!({ "$ref": file });
    let bundled = schemas.bundled(Some(&reference), &Spot::file(&service.name, DOCUMENT))?;
    schemas.finish(bundled)
}

/// The schemas that are files of their own, as operations of the same pages see them: many operations
/// of a large document answer the same.
type Shared = RefCell<HashMap<(String, BTreeSet<String>), Arc<Schema>>>;

/// A schema that is not compiled yet.
enum Open {
    /// One that is a file of its own.
    File {
        file: String,
        /// What refers to it.
        node: Value,
        from: Spot,
    },
    /// Any other.
    Bundled(Bundled),
}

/// The schemas of one operation.
struct Schemas<'s> {
    service: &'s Service,
    shared: &'s Shared,
    /// The pages that the operation itself cites.
    pages: BTreeSet<String>,
}

impl Schemas<'_> {
    fn cite(&mut self, facts: &[Fact]) {
        self.pages
            .extend(facts.iter().map(|fact| fact.page().to_owned()));
    }

    /// The schema below a place of the document; where none is, anything is allowed.
    fn bundled(&mut self, node: Option<&Value>, spot: &Spot) -> Result<Bundled, ContractError> {
        let anything = json!({});
        let spot = spot.join("schema");
        let bundled = bundle::schema(self.service, node.unwrap_or(&anything), &spot)?;
        self.cite(&bundled.inline);
        Ok(bundled)
    }

    /// The schema of a body, which is bundled when it is compiled if it is a file of its own: that has
    /// no facts of the document itself.
    fn open(&mut self, node: &Value, spot: &Spot) -> Result<Open, ContractError> {
        let alone = node.as_object().filter(|map| map.len() == 1);
        let target = alone.and_then(|map| map.get("$ref")?.as_str());
        Ok(
            match target.filter(|file| self.service.schemas.contains_key(*file)) {
                Some(file) => Open::File {
                    file: file.to_owned(),
                    node: node.clone(),
                    from: spot.clone(),
                },
                None => Open::Bundled(self.bundled(Some(node), spot)?),
            },
        )
    }

    /// Compiles a schema, or finds the same one.
    fn close(&mut self, open: Open) -> Result<Arc<Schema>, ContractError> {
        let (file, node, from) = match open {
            Open::File { file, node, from } => (file, node, from),
            Open::Bundled(bundled) => return self.finish(bundled),
        };
        let key = (file, self.pages.clone());
        if let Some(known) = self.shared.borrow().get(&key) {
            return Ok(Arc::clone(known));
        }
        let bundled = self.bundled(Some(&node), &from)?;
        let schema = self.finish(bundled)?;
        self.shared.borrow_mut().insert(key, Arc::clone(&schema));
        Ok(schema)
    }

    /// Compiles a schema. Of an object that the pages of many operations describe, the facts of
    /// this operation's pages are kept.
    fn finish(&self, mut bundled: Bundled) -> Result<Arc<Schema>, ContractError> {
        bundled
            .facts
            .values_mut()
            .for_each(|facts| self.keep_own(facts));
        let Bundled { root, facts, .. } = &mut bundled;
        let schema = Schema::with_facts(std::mem::take(root), std::mem::take(facts));
        schema.map(Arc::new).map_err(|error| {
            let spot = bundled.origin(&error.pointer);
            spot.unwrap_or_else(|| Spot::file(&self.service.name, DOCUMENT))
                .error(error.message)
        })
    }

    /// Leaves of each facet's facts those of the operation's pages, where there are any: who looks
    /// at an operation wants the rows of its own page, and not those of every other that shares an
    /// object with it.
    fn keep_own(&self, facts: &mut Vec<Fact>) {
        let is_own = |fact: &Fact| self.pages.contains(fact.page());
        let told: BTreeSet<Facet> = facts
            .iter()
            .filter(|fact| is_own(fact))
            .map(|fact| fact.facet)
            .collect();
        facts.retain(|fact| is_own(fact) || !told.contains(&fact.facet));
    }
}
