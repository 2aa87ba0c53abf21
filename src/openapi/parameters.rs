//! The parameters of an operation, those that carry its credential among them.

use serde_json::{Value, json};

use super::bodies::GivenBody;
use super::error::OpenApiError;
use super::media;
use super::operation::Operations;
use super::schema::Schemas;
use super::schema::described::describe_parameter;
use super::security;
use super::spot::Spot;
use super::version::Version;
use crate::contract::{
    ANNOTATION, DocumentationKind, Facet, Fact, Level, ListStyle, Location, Meaning,
};

/// A field of an object of the query: its name on the wire, its schema, and where it is said that the
/// object needs it.
type Single<'l> = (String, Spot<'l>, Option<Spot<'l>>);

impl<'l> Operations<'l> {
    /// The parameters of an operation, those of its path among them; and of Swagger 2.0 the body,
    /// which is one.
    pub(super) fn parameters(
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
        let mut in_path: Vec<(&'l str, Spot<'l>)> = Vec::new();
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
                "body" | "formData" => {
                    let is_form = place == "formData";
                    if self.is_more_than_the_body(operation, &spot, is_form, body.is_some()) {
                        prose.push(spot.fact(Facet::Prose, Level::Must));
                    } else if is_form {
                        form.push(spot);
                    } else {
                        body = Some(spot);
                    }
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
            if let Some(single) = self.singles(&spot, name, place)? {
                for (name, field, needed) in single {
                    let is_known = |known: &Value| known["in"] == "query" && known["name"] == *name;
                    if written.iter().any(is_known) {
                        continue;
                    }
                    if let Some((kind, message)) = self.obstacle(&field, &name, place)? {
                        self.schemas.notes.add(kind, &field, message);
                        prose.push(field.fact(Facet::Prose, kind.level()));
                    } else {
                        let needed = needed.as_ref();
                        written.push(self.parameter(&field, &name, place, needed)?);
                    }
                }
                continue;
            }
            match self.obstacle(&spot, name, place)? {
                Some((kind, message)) => {
                    self.schemas.notes.add(kind, &spot, message);
                    prose.push(spot.fact(Facet::Prose, kind.level()));
                    if place == "path" {
                        in_path.push((name, spot));
                    } else if spot.is("required")
                        && kind == DocumentationKind::FieldNotTried
                        && place != "header"
                    {
                        let unsent = Facet::Meaning(Meaning::Unsent);
                        prose.push(spot.fact(unsent, Level::Must));
                    }
                }
                None => written.push(self.parameter(&spot, name, place, None)?),
            }
        }
        for name in placeholders(template) {
            let is_known = written
                .iter()
                .any(|known| known["in"] == "path" && known["name"] == name);
            if is_known {
                continue;
            }
            let mut schema = json!({ "type": "string" });
            if let Some((_, spot)) = in_path.iter().find(|(known, _)| *known == name) {
                // Which texts it takes is not told by a schema of texts.
                let facts = [spot.fact(Facet::Prose, Level::Must)];
                schema[ANNOTATION] = json!({ "facts": facts });
            } else {
                let message = format!("the parameter `{name}` of the path is not described");
                let kind = DocumentationKind::PathParameterWithoutRow;
                self.schemas.notes.add(kind, operation, message);
            }
            written.push(json!({
                "name": name, "in": "path", "required": true, "schema": schema,
            }));
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
                None if credential.message.is_empty() => {}
                None => self.not_tried(&credential.spot, &credential.message, prose),
            }
        }
        let body = match body {
            Some(spot) => Some(self.swagger_body(operation, spot)),
            None => self.swagger_form(operation, form),
        };
        Ok((written, body))
    }

    /// Whether a parameter that is a body, or a field of one, stands beside another body: which of the
    /// two an operation takes, nobody can tell. One of a document that has `requestBody` is read as
    /// it is meant, and noted.
    fn is_more_than_the_body(
        &mut self,
        operation: &Spot<'l>,
        spot: &Spot<'l>,
        is_form: bool,
        has_body: bool,
    ) -> bool {
        let is_swagger = self.schemas.version == Version::Swagger;
        let is_more = has_body || !is_swagger && operation.get("requestBody").is_some();
        let message = match (is_more, is_form) {
            (true, _) => "a second body is not read: a request has one",
            (false, _) if is_swagger => return false,
            (false, true) => "`in: formData` is of Swagger 2.0: it is read as a field of the body",
            (false, false) => "`in: body` is of Swagger 2.0: it is read as the body",
        };
        let kind = if is_more {
            DocumentationKind::PartNotRead
        } else {
            DocumentationKind::PartOfAnotherVersion
        };
        self.schemas.notes.add(kind, spot, message);
        is_more
    }

    /// A path with what is written before the one value of a parameter whose style says so: a full
    /// stop, or a semicolon and its name.
    pub(super) fn styled(
        &self,
        item: &Spot<'l>,
        operation: &Spot<'l>,
        template: &str,
    ) -> Result<String, OpenApiError> {
        let mut styled = template.to_owned();
        for name in placeholders(template) {
            let mut found = None;
            for holder in [operation, item] {
                for given in holder.get("parameters").iter().flat_map(Spot::items) {
                    let spot = self.resolved(&given)?;
                    let is_it = spot.text("name") == Some(&name) && spot.text("in") == Some("path");
                    found = found.or(Some(spot).filter(|_| is_it));
                }
            }
            let Some(spot) = found else { continue };
            let schema = spot.get("schema").unwrap_or_else(|| spot.clone());
            let before = match spot.text("style") {
                Some("label") => ".".to_owned(),
                Some("matrix") => format!(";{name}="),
                _ => continue,
            };
            if !self.schemas.is_compound(&schema)? {
                let sent = format!("{before}{{{name}}}");
                styled = styled.replace(&format!("{{{name}}}"), &sent);
            }
        }
        Ok(styled)
    }

    /// The parameters that an object of the query is sent as, one for each of its fields, by their
    /// names on the wire; none of what is no such object, or needs a field where it is sent at all and
    /// may be left out itself.
    fn singles(
        &self,
        spot: &Spot<'l>,
        name: &str,
        place: &str,
    ) -> Result<Option<Vec<Single<'l>>>, OpenApiError> {
        let style = spot.text("style").unwrap_or("form");
        let explode = spot.get("explode").and_then(|spot| spot.value.as_bool());
        let is_parted = match style {
            "form" => explode.unwrap_or(true),
            "deepObject" => true,
            _ => false,
        };
        let Some(schema) = spot.get("schema").filter(|_| place == "query" && is_parted) else {
            return Ok(None);
        };
        let parts = self.schemas.parts(vec![schema])?;
        // What is needed where the object is sent is needed where the object is.
        let is_needed = spot.is("required");
        let is_plain = parts.nullable.is_none()
            && parts.all.iter().all(|part| {
                let kind = part.get("type");
                let known = ["properties", "type", "required", "additionalProperties"];
                let is_known = |word: &str| known.contains(&word) || Schemas::is_about(word);
                part.value
                    .as_object()
                    .is_some_and(|map| map.keys().all(|word| is_known(word)))
                    && kind.is_none_or(|kind| *kind.value == "object")
                    && part
                        .get("additionalProperties")
                        .is_none_or(|more| more.value.is_boolean())
                    && part
                        .get("required")
                        .is_none_or(|list| is_needed || list.items().next().is_none())
            });
        let needed = |name: &str| {
            let lists = parts.all.iter().filter_map(|part| part.get("required"));
            let named = |list: Spot<'l>| {
                let mut all = list.items();
                all.find(|named| named.value.as_str() == Some(name))
            };
            lists.into_iter().find_map(named)
        };
        let mut single: Vec<Single<'l>> = Vec::new();
        for field in parts.all.iter().filter_map(|part| part.get("properties")) {
            for field in field.members() {
                let wire = match style {
                    "deepObject" => format!("{name}[{}]", field.key()),
                    _ => field.key(),
                };
                // Of two schemas for one field, neither alone is it.
                if single.iter().any(|(known, ..)| *known == wire) {
                    return Ok(None);
                }
                let needed = needed(&field.key());
                single.push((wire, field, needed));
            }
        }
        Ok(Some(single).filter(|single| is_plain && !single.is_empty()))
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
            // Nobody makes up what a session is known by.
            "cookie" if names_session(name) => {
                not_tried(format!("the cookie `{name}` is not sent"))
            }
            "querystring" => not_tried("a query string as a whole is not sent".to_owned()),
            "header"
                if ["accept", "content-type"].contains(&name.to_ascii_lowercase().as_str()) =>
            {
                not_tried(format!("the header `{name}` is set by the client itself"))
            }
            "path" | "query" | "header" | "cookie" => {
                if let Some(content) = spot.get("content") {
                    let is_sent = matches!(place, "query" | "header");
                    return Ok(match json_of(&content).filter(|_| is_sent) {
                        Some(_) => None,
                        None => not_tried(format!(
                            "the parameter `{name}` is a text of another media type, and is not \
                             sent"
                        )),
                    });
                }
                let schema = spot.get("schema").unwrap_or_else(|| spot.clone());
                let is_sent = !self.schemas.is_compound(&schema)?
                    || !matches!(place, "path" | "cookie")
                        && self.list_style(spot, place).is_some()
                        && self.schemas.is_plain_list(&schema)?;
                if is_sent {
                    None
                } else {
                    not_tried(format!(
                        "the parameter `{name}` is a list or an object, and is not sent"
                    ))
                }
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
        needed: Option<&Spot<'l>>,
    ) -> Result<Value, OpenApiError> {
        let is_path = place == "path";
        let stated = needed.cloned().or_else(|| spot.get("required"));
        let stated = stated.unwrap_or_else(|| spot.clone());
        // What is taken where it is left out need not be sent.
        let content = spot.get("content");
        let content = content.and_then(|content| json_of(&content));
        let own = content.as_ref().and_then(|media| media.get("schema"));
        let own = own.or_else(|| spot.get("schema"));
        let own = own.unwrap_or_else(|| spot.clone());
        let is_doubtful = !is_path && spot.is("required") && own.get("default").is_some();
        if is_doubtful {
            let kind = DocumentationKind::PageDiffersFromItself;
            let message =
                format!("`{name}` is required, and has a default for where it is left out");
            self.schemas.notes.add(kind, &stated, message);
        }
        let level = if is_doubtful { Level::May } else { Level::Must };
        let facts = vec![stated.fact(Facet::Required, level)];
        let mut schema = match (&content, spot.get("schema")) {
            (Some(media), _) => {
                let mut written = match media.get("schema") {
                    Some(schema) => self.schemas.json_parameter(&schema, facts)?,
                    None => json!({ (ANNOTATION): { "facts": facts } }),
                };
                self.show(media, &mut written);
                self.show(spot, &mut written);
                written
            }
            (None, Some(schema)) => {
                let mut written = self.schemas.parameter(&schema, facts)?;
                self.show(spot, &mut written);
                written
            }
            // Of Swagger 2.0 the parameter itself is the schema.
            (None, None) => {
                if self.schemas.version != Version::Swagger {
                    let kind = DocumentationKind::PartOfAnotherVersion;
                    let message =
                        format!("`{name}` has no `schema`: what stands in its place is read");
                    self.schemas.notes.add(kind, spot, message);
                }
                self.schemas.parameter(spot, facts)?
            }
        };
        let location = match place {
            "path" => Location::Path,
            "header" => Location::Header,
            "cookie" => Location::Cookie,
            _ => Location::Query,
        };
        describe_parameter(
            &mut self.schemas.readings,
            name,
            location,
            spot,
            &mut schema,
        );
        let mut written = json!({
            "name": name,
            "in": place,
            "required": is_path || needed.is_some() || spot.is("required"),
        });
        if let Some(media) = &content {
            let kind = media::json_type(&media.key());
            written["content"] = json!({ (kind.as_str()): { "schema": schema } });
            return Ok(written);
        }
        let is_list = schema.get("items").is_some() || schema["type"] == "array";
        if let Some(style) = self.list_style(spot, place).filter(|_| is_list) {
            let (word, explode) = style.keywords();
            written["style"] = Value::from(word);
            written["explode"] = Value::Bool(explode);
        }
        written["schema"] = schema;
        Ok(written)
    }

    /// How a parameter with several values is written; none where it is in no way that is sent.
    pub(super) fn list_style(&self, spot: &Spot<'l>, place: &str) -> Option<ListStyle> {
        if self.schemas.version == Version::Swagger {
            return match spot.text("collectionFormat").unwrap_or("csv") {
                "csv" => Some(ListStyle::Commas),
                "ssv" => Some(ListStyle::Spaces),
                "pipes" => Some(ListStyle::Pipes),
                "multi" => Some(ListStyle::Repeated),
                _ => None,
            };
        }
        let usual = if place == "query" { "form" } else { "simple" };
        let style = spot.text("style").unwrap_or(usual);
        // Objects alone have brackets in OpenAPI's own words.
        if style == "deepObject" {
            return None;
        }
        let explode = spot.get("explode").and_then(|spot| spot.value.as_bool());
        ListStyle::of(style, explode)
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
}

/// Parts of the names of cookies by which a server knows again whom it let in.
const SESSION: [&str; 9] = [
    "sess",
    "csrf",
    "xsrf",
    "jwt",
    "auth",
    "token",
    "login",
    "remember",
    "credential",
];

/// Whether a cookie is one that a server hands out, as far as its name tells.
fn names_session(name: &str) -> bool {
    let name = name.to_lowercase();
    SESSION.iter().any(|part| name.contains(part)) || name.ends_with("sid")
}

/// The media type of JSON that a parameter's text has, where it has one.
fn json_of<'l>(content: &Spot<'l>) -> Option<Spot<'l>> {
    let mut all = content.members();
    all.find(|media| media::is_json(&media.key()))
}

/// The names of a path's parameters.
fn placeholders(template: &str) -> Vec<String> {
    let pieces = template.split('{').skip(1);
    pieces
        .filter_map(|piece| piece.split_once('}'))
        .map(|(name, _)| name.to_owned())
        .collect()
}
