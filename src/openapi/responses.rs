//! The answers of an operation: their statuses, headers and bodies.

use serde_json::{Map, Value, json};

use super::error::OpenApiError;
use super::links::OfAnswer;
use super::media::{self, Body};
use super::operation::Operations;
use super::schema::Side;
use super::schema::described::{add_order, order};
use super::spot::Spot;
use super::version::Version;
use crate::contract::{
    ANNOTATION, DocumentationKind, Facet, Fact, Level, MediaType, StatusRange, is_without_body,
};

impl<'l> Operations<'l> {
    /// The answers of an operation by their statuses.
    pub(super) fn responses(
        &mut self,
        id: &str,
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
            let answer = self.response(id, operation, status, &given, prose)?;
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
        operation: &Spot<'l>,
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
        let links = self.links(&spot, prose)?;
        if !links.is_empty() {
            self.linked.push(OfAnswer {
                path: String::new(),
                method: String::new(),
                status: status.to_string(),
                links,
            });
        }
        let is_bare = status
            .code()
            .is_some_and(|status| is_without_body(&operation.key().to_uppercase(), status));
        let content = match self.schemas.version {
            Version::Swagger => self.swagger_content(operation, status, &spot),
            Version::V30 | Version::V31 => {
                let content = spot.get("content");
                let read = content.and_then(|content| media::body(&content));
                read.map(|(body, others)| (body, others.iter().map(Spot::key).collect()))
            }
        };
        match content {
            Some((body, _)) if is_bare => {
                let at = body.schema.as_ref().unwrap_or(&spot);
                self.not_tried(at, "an answer that has no body by HTTP", prose);
            }
            Some((body, others)) if body.is_json => {
                let mut written = Map::new();
                let examples = self.examples(&body)?;
                if let Some(schema) = &body.schema {
                    let name = format!("response-{status}");
                    let order = order(operation, &spot).filter(|_| status.class() == Some(2));
                    let schema = match order {
                        Some(order) => {
                            let change = |schema: &mut Value| add_order(schema, &order);
                            let items = order.field.is_some();
                            let side = Side::Response;
                            self.schemas
                                .own_list(schema, side, id, &name, items, &change)?
                        }
                        None => self.schemas.body(schema, Side::Response, id, &name)?,
                    };
                    written.insert("schema".to_owned(), schema);
                }
                if !examples.is_empty() {
                    written.insert("examples".to_owned(), Value::Object(examples));
                }
                // JSON by a name of its own keeps it, and so does what stands beside it as JSON.
                let mut content = Map::new();
                let beside = others.iter().filter(|name| media::is_json(name));
                content.insert(media::json_type(&body.name).to_string(), written.into());
                for name in beside {
                    let name = media::json_type(name).to_string();
                    content.entry(name).or_insert_with(|| json!({}));
                }
                node.insert("content".to_owned(), Value::Object(content));
            }
            Some((body, others)) => {
                let message = format!(
                    "answers of `{}` are held against their status and media type alone",
                    body.name
                );
                let mut names = vec![body.name.clone()];
                names.extend(others);
                let media = names.iter().filter_map(|name| MediaType::read(name));
                let media = media.filter(|media| !media.is_json());
                let mut content: Map<String, Value> =
                    media.map(|media| (media.to_string(), json!({}))).collect();
                // No text is an object: where the schema of a refusal is one, it is a JSON text as well.
                let is_object = match &body.schema {
                    Some(schema) => self.schemas.is_compound(schema)?,
                    None => false,
                };
                if is_object && body.name.starts_with("text/") && status.class() != Some(2) {
                    content.insert(MediaType::Json.to_string(), json!({}));
                }
                if !content.is_empty() {
                    node.insert("content".to_owned(), Value::Object(content));
                }
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

    /// The body of an answer of Swagger 2.0, and the media types beside its own. An operation says for
    /// all of its answers which they have.
    fn swagger_content(
        &self,
        operation: &Spot<'l>,
        status: StatusRange,
        spot: &Spot<'l>,
    ) -> Option<(Body<'l>, Vec<String>)> {
        let stated = operation.get("produces");
        let stated = stated.or_else(|| self.document.get("produces"));
        let names = stated.iter().flat_map(Spot::items);
        let names = names.filter_map(|name| name.value.as_str().map(str::to_owned));
        let mut names: Vec<String> = names.filter(|name| !name.contains('*')).collect();
        let is_told = !names.is_empty() && !names.iter().any(|name| media::is_json(name));
        let schema = spot.get("schema");
        let has_body = status.class() == Some(2) && status.code() != Some(204);
        // What a refusal is written in where no JSON is produced, nobody knows.
        if is_told && !has_body || schema.is_none() && !is_told {
            return None;
        }
        let is_file = schema
            .as_ref()
            .is_some_and(|schema| schema.text("type") == Some("file"));
        let is_other = is_told || is_file;
        if !is_other {
            names.retain(|name| media::is_json(name));
            names.sort_by_key(|name| media::media_type(name) != MediaType::Json);
        }
        let examples = spot.get("examples");
        let shown = examples
            .iter()
            .flat_map(Spot::members)
            .filter(|example| media::media_type(&example.key()) == MediaType::Json)
            .collect();
        let plain = || "application/json".to_owned();
        let mut names = names.into_iter();
        let name = names.next().unwrap_or_else(plain);
        let body = Body {
            media: media::media_type(&name),
            is_json: !is_other,
            name,
            schema,
            form: Vec::new(),
            examples: shown,
        };
        Some((body, names.collect()))
    }
}
