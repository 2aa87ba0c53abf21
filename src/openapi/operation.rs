//! The operations of a document as those of a contract.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::error::{OpenApiError, Problem};
use super::media::{self, Body};
use super::schema::{Schemas, Side};
use super::security;
use super::servers;
use super::spot::Spot;
use super::version::Version;
use crate::contract::{
    ANNOTATION, DocumentationFinding, DocumentationKind, Facet, Fact, Level, MediaType,
    StatusRange, is_without_body,
};

/// The methods that the contract has.
const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Words of a path that are no methods.
const OF_PATH: [&str; 5] = ["$ref", "summary", "description", "servers", "parameters"];

/// A body of a request: where it stands, the media type that is read, and those beside it.
type GivenBody<'l> = (Spot<'l>, Body<'l>, Vec<Spot<'l>>);

/// The operations of a document while they are read.
pub(super) struct Operations<'l> {
    /// The schemas.
    pub(super) schemas: Schemas<'l>,
    /// The whole of the document.
    document: Spot<'l>,
    /// The paths of the contract.
    pub(super) paths: Map<String, Value>,
    /// What of the document is wrong or not used.
    pub(super) findings: Vec<DocumentationFinding>,
    /// The ids that operations have, and the spots of those that the document gives.
    ids: HashMap<String, Spot<'l>>,
    taken: HashSet<String>,
    /// How many were read.
    pub(super) count: usize,
    /// Those that were not.
    pub(super) not_read: Vec<String>,
}

impl<'l> Operations<'l> {
    pub(super) fn new(schemas: Schemas<'l>, document: Spot<'l>) -> Self {
        Self {
            schemas,
            document,
            paths: Map::new(),
            findings: Vec::new(),
            ids: HashMap::new(),
            taken: HashSet::new(),
            count: 0,
            not_read: Vec::new(),
        }
    }

    /// Reads every operation.
    pub(super) fn read(&mut self) -> Result<(), OpenApiError> {
        let document = self.document.clone();
        if let Some(webhooks) = document.get("webhooks") {
            let message = "webhooks are not tried: the service sends them";
            self.schemas
                .notes
                .add(DocumentationKind::PartNotTried, &webhooks, message);
        }
        let paths = document.get("paths");
        for path in paths.iter().flat_map(Spot::members) {
            if path.key().starts_with("x-") {
                continue;
            }
            let item = self.resolved(&path)?;
            for member in item.members() {
                let word = member.key();
                if METHODS.contains(&word.as_str()) {
                    self.operation(&path, &item, &member)?;
                } else if word == "query" || word == "additionalOperations" {
                    let told = format!("{} {}", word.to_uppercase(), path.key());
                    self.not_read
                        .push(format!("{told} ({})", place_of(&member)));
                    let message = format!("operations of `{word}` are not read");
                    self.schemas
                        .notes
                        .add(DocumentationKind::OperationNotRead, &member, message);
                } else if !OF_PATH.contains(&word.as_str()) && !word.starts_with("x-") {
                    let message = format!("`{word}` is no method that is read");
                    self.schemas
                        .notes
                        .add(DocumentationKind::PartNotRead, &member, message);
                }
            }
        }
        Ok(())
    }

    /// What a spot is, its reference followed.
    fn resolved(&self, spot: &Spot<'l>) -> Result<Spot<'l>, OpenApiError> {
        let mut at = spot.clone();
        let mut seen = vec![at.id()];
        while let Some(reference) = at.text("$ref") {
            let from = at.get("$ref").unwrap_or_else(|| at.clone());
            at = self.schemas.library.target(&from, reference)?;
            if seen.contains(&at.id()) {
                let message = "a `$ref` that leads back to itself";
                return Err(spot.error(Problem::Reference, message));
            }
            seen.push(at.id());
        }
        Ok(at)
    }

    fn operation(
        &mut self,
        path: &Spot<'l>,
        item: &Spot<'l>,
        spot: &Spot<'l>,
    ) -> Result<(), OpenApiError> {
        let method = spot.key();
        let template = path.key();
        let id = self.id(spot, &method, &template)?;
        let base = servers::base(&[spot, item, &self.document]);
        let full = format!("{base}{template}");
        let mut node = Map::new();
        node.insert("operationId".to_owned(), Value::from(id.as_str()));
        let mut prose: Vec<Fact> = Vec::new();
        let (parameters, body) = self.parameters(item, spot, &template, &mut prose)?;
        if !parameters.is_empty() {
            node.insert("parameters".to_owned(), Value::Array(parameters));
        }
        let body = match spot.get("requestBody") {
            Some(body) => {
                let body = self.resolved(&body)?;
                let read = body
                    .get("content")
                    .and_then(|content| media::body(&content));
                read.map(|(read, others)| (body, read, others))
            }
            None => body,
        };
        if let Some((at, body, others)) = body {
            let request = self.request(&id, &at, body, &others, &mut prose)?;
            node.insert("requestBody".to_owned(), request);
        }
        let responses = self.responses(&id, &method, spot, &mut prose)?;
        node.insert("responses".to_owned(), Value::Object(responses));
        if let Some(callbacks) = spot.get("callbacks") {
            let message = "callbacks are not tried: the service sends them";
            self.not_tried(&callbacks, message, &mut prose);
        }
        let mut facts = vec![spot.fact(Facet::Method, Level::Must)];
        facts.append(&mut prose);
        node.insert(ANNOTATION.to_owned(), json!({ "facts": facts }));
        let item = self.paths.entry(full).or_insert_with(|| json!({}));
        if let Value::Object(item) = item
            && item.insert(method.clone(), Value::Object(node)).is_some()
        {
            let message = format!("{} {template} is documented twice", method.to_uppercase());
            return Err(spot.error(Problem::Duplicate, message));
        }
        self.count += 1;
        self.findings.extend(self.schemas.notes.take(&id));
        Ok(())
    }

    /// Notes that something is not tried, as a finding and as a fact in prose.
    fn not_tried(&mut self, spot: &Spot<'l>, message: &str, prose: &mut Vec<Fact>) {
        let kind = DocumentationKind::PartNotTried;
        self.schemas.notes.add(kind, spot, message);
        prose.push(spot.fact(Facet::Prose, Level::May));
    }

    /// The id of an operation: the document's own, or one made from method and path.
    fn id(
        &mut self,
        spot: &Spot<'l>,
        method: &str,
        template: &str,
    ) -> Result<String, OpenApiError> {
        let given = spot.text("operationId").filter(|id| !id.is_empty());
        if let Some(given) = given {
            let at = spot.get("operationId").unwrap_or_else(|| spot.clone());
            if let Some(other) = self.ids.insert(given.to_owned(), at.clone()) {
                let message = format!(
                    "`{given}` is the `operationId` of `{}` too",
                    other.pointer.trim_end_matches("/operationId")
                );
                return Err(at.error(Problem::Duplicate, message));
            }
        }
        let is_plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let stem: String = if let Some(given) = given {
            given.chars().filter(is_plain).collect()
        } else {
            let words = template.split(|c: char| !c.is_ascii_alphanumeric());
            std::iter::once(method)
                .chain(words.filter(|word| !word.is_empty()))
                .collect::<Vec<_>>()
                .join("_")
        };
        let stem = if stem.is_empty() {
            method.to_owned()
        } else {
            stem
        };
        let mut id = stem.clone();
        let mut number = 2;
        while !self.taken.insert(id.clone()) {
            id = format!("{stem}{number}");
            number += 1;
        }
        Ok(id)
    }

    /// The parameters of an operation, those of its path among them; and of Swagger 2.0 the body,
    /// which is one.
    fn parameters(
        &mut self,
        item: &Spot<'l>,
        operation: &Spot<'l>,
        template: &str,
        prose: &mut Vec<Fact>,
    ) -> Result<(Vec<Value>, Option<GivenBody<'l>>), OpenApiError> {
        let mut all: Vec<Spot<'l>> = Vec::new();
        for holder in [item, operation] {
            for given in holder.get("parameters").iter().flat_map(Spot::items) {
                let spot = self.resolved(&given)?;
                let key = |spot: &Spot<'l>| (spot.text("name"), spot.text("in"));
                all.retain(|known| key(known) != key(&spot));
                all.push(spot);
            }
        }
        let mut written: Vec<Value> = Vec::new();
        let mut body = None;
        let mut form: Vec<Spot<'l>> = Vec::new();
        for spot in all {
            let (Some(name), Some(place)) = (spot.text("name"), spot.text("in")) else {
                let message = "a parameter without a name or a place is not read";
                self.schemas
                    .notes
                    .add(DocumentationKind::PartNotRead, &spot, message);
                prose.push(spot.fact(Facet::Prose, Level::Must));
                continue;
            };
            match place {
                "body" if self.schemas.version == Version::Swagger => {
                    body = Some(spot);
                    continue;
                }
                "formData" if self.schemas.version == Version::Swagger => {
                    form.push(spot);
                    continue;
                }
                _ => {}
            }
            if place == "path" && !template.contains(&format!("{{{name}}}")) {
                let message = format!("the path has no parameter `{name}`");
                self.schemas
                    .notes
                    .add(DocumentationKind::ParameterNotInPath, &spot, message);
                prose.push(spot.fact(Facet::Prose, Level::Must));
                continue;
            }
            match self.obstacle(&spot, name, place)? {
                Some((kind, message)) => {
                    self.schemas.notes.add(kind, &spot, message);
                    prose.push(spot.fact(Facet::Prose, kind.level()));
                }
                None => written.push(self.parameter(&spot, name, place)?),
            }
        }
        for name in placeholders(template) {
            let is_known = written
                .iter()
                .any(|known| known["in"] == "path" && known["name"] == name);
            if !is_known {
                let message = format!("the parameter `{name}` of the path is not described");
                let kind = DocumentationKind::PathParameterWithoutRow;
                self.schemas.notes.add(kind, operation, message);
                written.push(json!({
                    "name": name, "in": "path", "required": true, "schema": { "type": "string" },
                }));
            }
        }
        let found = security::credentials(&self.document, operation);
        for credential in found {
            match credential.header {
                Some(header) => {
                    let is_known = written.iter().any(|known| {
                        known["in"] == "header"
                            && known["name"]
                                .as_str()
                                .is_some_and(|name| name.eq_ignore_ascii_case(&header))
                    });
                    if !is_known {
                        let fact = credential.spot.fact(Facet::Required, Level::Must);
                        written.push(json!({
                            "name": header, "in": "header", "required": true,
                            "schema": { "type": "string", (ANNOTATION): { "facts": [fact] } },
                        }));
                    }
                }
                None => self.not_tried(&credential.spot, &credential.message, prose),
            }
        }
        let body = match body {
            Some(spot) => Some(self.swagger_body(operation, spot)),
            None => self.swagger_form(operation, form),
        };
        Ok((written, body))
    }

    /// Why a parameter cannot be sent; nothing for one that can.
    fn obstacle(
        &self,
        spot: &Spot<'l>,
        name: &str,
        place: &str,
    ) -> Result<Option<(DocumentationKind, String)>, OpenApiError> {
        let not_tried = |message: String| Some((DocumentationKind::FieldNotTried, message));
        Ok(match place {
            "cookie" => not_tried(format!("the cookie `{name}` is not sent")),
            "querystring" => not_tried("a query string as a whole is not sent".to_owned()),
            "header"
                if ["accept", "content-type"].contains(&name.to_ascii_lowercase().as_str()) =>
            {
                not_tried(format!("the header `{name}` is set by the client itself"))
            }
            "path" | "query" | "header" => {
                if spot.get("content").is_some() {
                    return Ok(not_tried(format!(
                        "the parameter `{name}` is a text of another media type, and is not sent"
                    )));
                }
                let schema = spot.get("schema").unwrap_or_else(|| spot.clone());
                let is_compound = self.schemas.is_compound(&schema)?;
                is_compound
                    .then(|| {
                        not_tried(format!(
                            "the parameter `{name}` is a list or an object, and is not sent"
                        ))
                    })
                    .flatten()
            }
            other => Some((
                DocumentationKind::PartNotRead,
                format!("`{other}` is no place of a parameter that is read"),
            )),
        })
    }

    fn parameter(
        &mut self,
        spot: &Spot<'l>,
        name: &str,
        place: &str,
    ) -> Result<Value, OpenApiError> {
        let is_path = place == "path";
        let stated = spot.get("required").unwrap_or_else(|| spot.clone());
        let facts = vec![stated.fact(Facet::Required, Level::Must)];
        let schema = match spot.get("schema") {
            Some(schema) => {
                let mut written = self.schemas.parameter(&schema, facts)?;
                self.show(spot, &mut written);
                written
            }
            // Of Swagger 2.0 the parameter itself is the schema.
            None => self.schemas.parameter(spot, facts)?,
        };
        Ok(json!({
            "name": name,
            "in": place,
            "required": is_path || spot.is("required"),
            "schema": schema,
        }))
    }

    /// Adds the examples that stand beside the schema of a parameter.
    fn show(&mut self, spot: &Spot<'l>, schema: &mut Value) {
        let mut shown: Vec<Value> = Vec::new();
        let one = spot.get("example");
        let named = spot.get("examples");
        let each = named.iter().flat_map(Spot::members);
        let each = each.filter_map(|example| example.get("value"));
        for example in one.into_iter().chain(each) {
            if example.value.is_null() || shown.contains(example.value) {
                continue;
            }
            let fits =
                crate::contract::Schema::compile(crate::contract::without_provenance(schema))
                    .is_ok_and(|schema| schema.is_valid(example.value));
            if fits {
                shown.push(example.value.clone());
            } else {
                let message = format!(
                    "the example {} is not what the schema allows",
                    example.value
                );
                let kind = DocumentationKind::ExampleBreaksType;
                self.schemas.notes.add(kind, &example, message);
            }
        }
        if let Value::Object(map) = schema
            && !shown.is_empty()
        {
            map.insert("examples".to_owned(), Value::Array(shown));
        }
    }

    /// The body of Swagger 2.0: a parameter.
    fn swagger_body(&self, operation: &Spot<'l>, spot: Spot<'l>) -> GivenBody<'l> {
        let listed = operation
            .get("consumes")
            .or_else(|| self.document.get("consumes"));
        let mut names: Vec<String> = listed
            .iter()
            .flat_map(Spot::items)
            .filter_map(|item| item.value.as_str().map(str::to_owned))
            .collect();
        let is_json = |name: &String| media::media_type(name) == MediaType::Json;
        let at = names.iter().position(is_json).unwrap_or_default();
        let name = if names.is_empty() {
            "application/json".to_owned()
        } else {
            names.swap_remove(at)
        };
        let body = Body {
            media: media::media_type(&name),
            is_json: true,
            schema: spot.get("schema"),
            examples: Vec::new(),
            name,
        };
        (spot, body, Vec::new())
    }

    /// The form of Swagger 2.0: parameters, of which no schema is one.
    fn swagger_form(&self, operation: &Spot<'l>, form: Vec<Spot<'l>>) -> Option<GivenBody<'l>> {
        let first = form.into_iter().next()?;
        let listed = operation
            .get("consumes")
            .or_else(|| self.document.get("consumes"));
        let is_multipart = listed
            .iter()
            .flat_map(Spot::items)
            .any(|item| item.value == "multipart/form-data");
        let media = if is_multipart {
            MediaType::Multipart
        } else {
            MediaType::Form
        };
        let body = Body {
            media,
            is_json: false,
            schema: None,
            examples: Vec::new(),
            name: media.as_str().to_owned(),
        };
        Some((first, body, Vec::new()))
    }

    fn request(
        &mut self,
        id: &str,
        at: &Spot<'l>,
        body: Body<'l>,
        others: &[Spot<'l>],
        prose: &mut Vec<Fact>,
    ) -> Result<Value, OpenApiError> {
        if body.media != MediaType::Json {
            let message = format!("no request is written as `{}`", body.name);
            self.not_tried(at, &message, prose);
        }
        for other in others {
            let message = format!(
                "bodies of `{}` are not tried: one media type is",
                other.key()
            );
            self.not_tried(other, &message, prose);
        }
        let mut written = Map::new();
        let examples = self.examples(&body)?;
        if let Some(schema) = &body.schema {
            let schema = self.schemas.body(schema, Side::Request, id, "request")?;
            written.insert("schema".to_owned(), schema);
        }
        if !examples.is_empty() {
            written.insert("examples".to_owned(), Value::Object(examples));
        }
        Ok(json!({
            "required": at.is("required"),
            "content": { (body.media.as_str()): written },
        }))
    }

    /// The examples of a body: its own, or those of its schema.
    fn examples(&self, body: &Body<'l>) -> Result<Map<String, Value>, OpenApiError> {
        let mut examples = body.examples.clone();
        if let (Some(schema), true) = (&body.schema, examples.is_empty()) {
            examples = media::shown_by(&self.resolved(schema)?);
        }
        if !body.is_json {
            examples.clear();
        }
        Ok(examples
            .iter()
            .enumerate()
            .map(|(index, spot)| ((index + 1).to_string(), json!({ "value": spot.value })))
            .collect())
    }

    fn responses(
        &mut self,
        id: &str,
        method: &str,
        operation: &Spot<'l>,
        prose: &mut Vec<Fact>,
    ) -> Result<Map<String, Value>, OpenApiError> {
        let mut found: Vec<(StatusRange, Value)> = Vec::new();
        let responses = operation.get("responses");
        for given in responses.iter().flat_map(Spot::members) {
            let key = given.key();
            if key.starts_with("x-") {
                continue;
            }
            let Ok(status) = key.parse::<StatusRange>() else {
                let message = format!("`{key}` is no status that is read");
                let kind = DocumentationKind::PartNotRead;
                self.schemas.notes.add(kind, &given, message);
                prose.push(given.fact(Facet::Prose, Level::Must));
                continue;
            };
            let answer = self.response(id, method, status, &given, prose)?;
            found.push((status, answer));
        }
        // What names a status comes before its class, and the class before what is left.
        found.sort_by_key(|(status, _)| *status);
        Ok(found
            .into_iter()
            .map(|(status, answer)| (status.to_string(), answer))
            .collect())
    }

    fn response(
        &mut self,
        id: &str,
        method: &str,
        status: StatusRange,
        given: &Spot<'l>,
        prose: &mut Vec<Fact>,
    ) -> Result<Value, OpenApiError> {
        let spot = self.resolved(given)?;
        let mut facts = vec![given.fact(Facet::Status, Level::Must)];
        let mut node = Map::new();
        node.insert("description".to_owned(), Value::from(""));
        let headers = self.headers(&spot, prose)?;
        if !headers.is_empty() {
            node.insert("headers".to_owned(), Value::Object(headers));
        }
        if let Some(links) = spot.get("links") {
            self.not_tried(&links, "links between operations are not tried", prose);
        }
        let is_bare = status
            .code()
            .is_some_and(|status| is_without_body(&method.to_uppercase(), status));
        let content = match self.schemas.version {
            Version::Swagger => swagger_content(&spot),
            Version::V30 | Version::V31 => {
                let content = spot.get("content");
                content.and_then(|content| media::body(&content))
            }
        };
        match content {
            Some((body, _)) if is_bare => {
                let at = body.schema.as_ref().unwrap_or(&spot);
                self.not_tried(at, "an answer that has no body by HTTP", prose);
            }
            Some((body, _)) if body.is_json => {
                let mut written = Map::new();
                let examples = self.examples(&body)?;
                if let Some(schema) = &body.schema {
                    let name = format!("response-{status}");
                    let schema = self.schemas.body(schema, Side::Response, id, &name)?;
                    written.insert("schema".to_owned(), schema);
                }
                if !examples.is_empty() {
                    written.insert("examples".to_owned(), Value::Object(examples));
                }
                let json = MediaType::Json.as_str();
                node.insert("content".to_owned(), json!({ (json): written }));
            }
            Some((body, _)) => {
                let message = format!(
                    "answers of `{}` are held against their status alone",
                    body.name
                );
                let at = spot.get("content").unwrap_or_else(|| spot.clone());
                self.not_tried(&at, &message, prose);
            }
            None if status == StatusRange::Code(204) => {
                facts.push(given.fact(Facet::Body, Level::Must));
            }
            None => {}
        }
        node.insert(ANNOTATION.to_owned(), json!({ "facts": facts }));
        Ok(Value::Object(node))
    }

    /// The headers of an answer.
    fn headers(
        &mut self,
        response: &Spot<'l>,
        prose: &mut Vec<Fact>,
    ) -> Result<Map<String, Value>, OpenApiError> {
        let mut written = Map::new();
        let headers = response.get("headers");
        for given in headers.iter().flat_map(Spot::members) {
            let name = given.key();
            let spot = self.resolved(&given)?;
            let schema = match (self.schemas.version, spot.get("schema")) {
                (Version::Swagger, _) => Some(spot.clone()),
                (Version::V30 | Version::V31, schema) => schema,
            };
            let schema = schema.filter(|_| !name.eq_ignore_ascii_case("content-type"));
            let is_compound = match &schema {
                Some(schema) => self.schemas.is_compound(schema)?,
                None => false,
            };
            let (Some(schema), false) = (schema, is_compound) else {
                let message = format!("the header `{name}` of answers is not tried");
                self.not_tried(&given, &message, prose);
                continue;
            };
            let required = spot.is("required");
            let stated = spot.get("required").filter(|_| required);
            let stated = stated.map(|spot| spot.fact(Facet::Required, Level::Must));
            let facts = stated.into_iter().collect();
            let schema = self.schemas.parameter(&schema, facts)?;
            written.insert(name, json!({ "required": required, "schema": schema }));
        }
        Ok(written)
    }
}

/// The body of an answer of Swagger 2.0.
fn swagger_content<'l>(spot: &Spot<'l>) -> Option<(Body<'l>, Vec<Spot<'l>>)> {
    let schema = spot.get("schema")?;
    let examples = spot.get("examples");
    let shown = examples
        .iter()
        .flat_map(Spot::members)
        .filter(|example| media::media_type(&example.key()) == MediaType::Json)
        .collect();
    let is_file = schema.text("type") == Some("file");
    let body = Body {
        media: MediaType::Json,
        is_json: !is_file,
        name: "application/json".to_owned(),
        schema: Some(schema),
        examples: shown,
    };
    Some((body, Vec::new()))
}

/// The names of a path's parameters.
fn placeholders(template: &str) -> Vec<String> {
    let pieces = template.split('{').skip(1);
    pieces
        .filter_map(|piece| piece.split_once('}'))
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// Where a spot stands, for people.
fn place_of(spot: &Spot<'_>) -> String {
    format!("line {}", spot.fact(Facet::Prose, Level::May).line())
}
