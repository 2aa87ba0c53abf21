//! The bodies of requests: of which media type each is, and what it shows.

use serde_json::{Map, Value, json};

use super::error::OpenApiError;
use super::media::{self, Body};
use super::operation::Operations;
use super::schema::described::{add_alone, add_left_out, alone, left_out};
use super::schema::{Side, add_facts};
use super::spot::Spot;
use super::unique::add_unique;
use crate::contract::{Facet, Fact, Level, ListStyle, MediaType, Writing};

/// A body of a request: where it stands, the media type that is read, and those beside it.
pub(super) type GivenBody<'l> = (Spot<'l>, Body<'l>, Vec<Spot<'l>>);

impl<'l> Operations<'l> {
    /// The body of Swagger 2.0: a parameter.
    pub(super) fn swagger_body(&self, operation: &Spot<'l>, spot: Spot<'l>) -> GivenBody<'l> {
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
            form: Vec::new(),
            examples: Vec::new(),
            name,
        };
        (spot, body, Vec::new())
    }

    /// The form of Swagger 2.0: parameters, of which no schema is one.
    pub(super) fn swagger_form(
        &self,
        operation: &Spot<'l>,
        form: Vec<Spot<'l>>,
    ) -> Option<GivenBody<'l>> {
        let first = form.first()?.clone();
        let has_file = form.iter().any(|spot| spot.text("type") == Some("file"));
        let listed = operation
            .get("consumes")
            .or_else(|| self.document.get("consumes"));
        let is_multipart = listed
            .iter()
            .flat_map(Spot::items)
            .any(|item| item.value == "multipart/form-data");
        let media = if is_multipart || has_file {
            MediaType::Multipart
        } else {
            MediaType::Form
        };
        let name = media.as_str().to_owned();
        let body = Body {
            media,
            is_json: false,
            schema: None,
            form,
            examples: Vec::new(),
            name,
        };
        Some((first, body, Vec::new()))
    }

    /// The object that the parameters of a form are the fields of, and how their lists are written.
    fn form_of(&mut self, id: &str, form: &[Spot<'l>]) -> Result<Map<String, Value>, OpenApiError> {
        let (mut properties, mut encoding) = (Map::new(), Map::new());
        let mut required: Vec<Value> = Vec::new();
        for spot in form {
            let Some(name) = spot.text("name") else {
                continue;
            };
            let stated = spot.get("required").filter(|_| spot.is("required"));
            required.extend(stated.is_some().then(|| Value::from(name)));
            let mut facts: Vec<Fact> = stated
                .map(|spot| spot.fact(Facet::Required, Level::Must))
                .into_iter()
                .collect();
            let schema = if spot.text("type") == Some("file") {
                let told = spot.get("type");
                facts.extend(told.map(|spot| spot.fact(Facet::Type, Level::Must)));
                let mut file = json!({ "type": "string", "format": "binary" });
                add_facts(&mut file, facts, true);
                file
            } else {
                self.schemas.parameter(spot, facts)?
            };
            let is_list = spot.text("type") == Some("array");
            // Each value in a pair of its own is what a form has anyway.
            let style = self.list_style(spot, "formData");
            let style = style.filter(|style| is_list && *style != ListStyle::Repeated);
            if let Some(style) = style {
                let (word, explode) = style.keywords();
                let style = json!({ "style": word, "explode": explode });
                encoding.insert(name.to_owned(), style);
            }
            properties.insert(name.to_owned(), schema);
        }
        let mut schema = json!({ "type": "object", "properties": properties });
        if !required.is_empty() {
            schema["required"] = Value::Array(required);
        }
        let schema = self.schemas.keep(schema, id, "request", &as_bytes);
        let mut written = Map::from_iter([("schema".to_owned(), schema)]);
        if !encoding.is_empty() {
            written.insert("encoding".to_owned(), Value::Object(encoding));
        }
        Ok(written)
    }

    pub(super) fn request(
        &mut self,
        id: &str,
        operation: &Spot<'l>,
        (at, body, others): GivenBody<'l>,
        prose: &mut Vec<Fact>,
    ) -> Result<Value, OpenApiError> {
        if body.media.writing() == Writing::Unknown || body.is_undescribed() {
            let message = format!("no request is written as `{}`", body.name);
            self.not_tried(&at, &message, prose);
        }
        for other in &others {
            let message = format!(
                "bodies of `{}` are not tried: one media type is",
                other.key()
            );
            self.not_tried(other, &message, prose);
        }
        let mut written = Map::new();
        let examples = self.examples(&body)?;
        if let Some(schema) = &body.schema {
            let (left_out, alone) = (left_out(operation), alone(operation));
            let unique = self.unique(operation);
            let has_files = body.media == MediaType::Multipart;
            let is_patch = body.media == MediaType::JsonPatch;
            let is_changed = left_out.is_some() || alone.is_some() || !unique.is_empty();
            let schema = if is_changed || has_files || is_patch {
                let change = |schema: &mut Value| {
                    if let Some(fact) = &left_out {
                        add_left_out(schema, fact);
                    }
                    if let Some((at, alone)) = &alone {
                        add_alone(schema, at, alone);
                    }
                    add_unique(schema, &unique);
                    if has_files {
                        as_bytes(schema);
                    }
                    if is_patch {
                        as_of_another(schema, &at);
                    }
                };
                self.schemas
                    .own_body(schema, Side::Request, id, "request", &change)?
            } else {
                self.schemas.body(schema, Side::Request, id, "request")?
            };
            written.insert("schema".to_owned(), schema);
        }
        if !body.form.is_empty() {
            written = self.form_of(id, &body.form)?;
        }
        if !examples.is_empty() {
            written.insert("examples".to_owned(), Value::Object(examples));
        }
        let is_needed = |spot: &Spot<'l>| spot.is("required");
        Ok(json!({
            "required": is_needed(&at) || body.form.iter().any(is_needed),
            "content": { (body.media.as_str()): written },
        }))
    }

    /// The examples of a body: its own, or those of its schema.
    pub(super) fn examples(&self, body: &Body<'l>) -> Result<Map<String, Value>, OpenApiError> {
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
}

/// The operations of a JSON Patch (RFC 6902) name fields of what they change, and values of them: which
/// of them fit that, no schema of theirs says.
fn as_of_another(schema: &mut Value, at: &Spot<'_>) {
    let fact = || vec![at.fact(Facet::Prose, Level::Must)];
    if let Some(items) = schema.get_mut("items") {
        add_facts(items, fact(), false);
    }
    add_facts(schema, fact(), false);
}

/// A file of a form of which nothing says what it holds: any bytes.
fn as_bytes(schema: &mut Value) {
    let fields = schema.get_mut("properties").and_then(Value::as_object_mut);
    for field in fields.into_iter().flatten().map(|(_, field)| field) {
        let is_file = field["format"] == "binary" && field.get("contentMediaType").is_none();
        if let (true, Value::Object(map)) = (is_file, field) {
            let any = Value::from("application/octet-stream");
            map.insert("contentMediaType".to_owned(), any);
        }
    }
}
