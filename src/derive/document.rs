//! United drafts -> the files of a service: the OpenAPI document and the schema files beside it.

use std::collections::{BTreeMap, BTreeSet};

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::as_shown;
use super::closed;
use super::combine;
use super::draft::{Body, Draft, Response, values};
use super::finding::Findings;
use super::resolve::{Writer, may_lack};
use super::schema::{DIALECT, Schema};
use super::security::Credential;
use super::statement::{Direction, Kind};
use super::told_states;
use crate::contract::{
    ANNOTATION, DocumentationFinding, Facet, Level, Location, MediaType, PageEdition, Provenance,
    SecurityScheme, Service, Writes, Writing,
};

/// The findings of each operation.
pub(super) struct Documentation {
    /// What the pages say that contradicts itself.
    pub stated: Vec<Findings>,
    /// What the examples break of what the pages say together.
    pub shown: Vec<Findings>,
}

impl Documentation {
    /// The findings with the names of their operations.
    pub(super) fn of(&self, drafts: &[Draft]) -> Vec<DocumentationFinding> {
        [&self.stated, &self.shown]
            .into_iter()
            .flat_map(|found| found.iter().zip(drafts))
            .flat_map(|(found, draft)| found.of(&draft.id.1))
            .collect()
    }
}

/// Puts drafts in the order in which they are written, and gives each an id of its own.
pub(super) fn arrange(drafts: &mut [Draft]) {
    drafts.sort_by(|a, b| (&a.path, &a.method).cmp(&(&b.path, &b.method)));
    unique_ids(drafts);
}

/// Writes the contract of a service. Of each body and named object is noted which file it is
/// written to.
pub(super) fn service(name: &str, drafts: &mut [Draft], documentation: &Documentation) -> Service {
    let mut schemas = BTreeMap::new();
    let mut paths: Map<String, Value> = Map::new();
    let mut pages: Vec<(String, Option<String>)> = Vec::new();
    let documentation = documentation.of(drafts);
    for draft in &mut *drafts {
        for page in &draft.pages {
            if !pages.contains(page) {
                pages.push(page.clone());
            }
        }
        let node = operation(draft, &mut schemas);
        let item = paths.entry(draft.path.clone()).or_insert_with(|| json!({}));
        if let Value::Object(item) = item {
            item.insert(draft.method.to_lowercase(), node);
        }
    }
    pages.sort();
    let version = pages
        .iter()
        .filter_map(|(_, edition)| edition.clone())
        .max()
        .unwrap_or_else(|| "1".to_owned());
    let schemes: Map<String, Value> = drafts
        .iter()
        .flat_map(|draft| &draft.credential.schemes)
        .map(|scheme| (scheme.component(), scheme.to_openapi()))
        .collect();
    let mut document = json!({
        "openapi": "3.1.0",
        "info": { "title": name, "version": version },
        "jsonSchemaDialect": DIALECT,
        "paths": paths,
    });
    if let (Value::Object(document), false) = (&mut document, schemes.is_empty()) {
        document.insert(
            "components".to_owned(),
            json!({ "securitySchemes": schemes }),
        );
    }
    Service {
        name: name.to_owned(),
        document,
        provenance: Provenance {
            service: name.to_owned(),
            pages: pages
                .into_iter()
                .map(|(page, edition)| PageEdition { page, edition })
                .collect(),
            documentation,
        },
        schemas: schemas
            .into_iter()
            .map(|(file, schema)| (file, schema.to_file()))
            .collect(),
    }
}

/// Two operations of a service never share an id.
fn unique_ids(drafts: &mut [Draft]) {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    // The next number to try for each stem: those before are taken.
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    for draft in drafts {
        let stem: String = draft
            .id
            .1
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
            .collect();
        let stem = if stem.is_empty() {
            "Operation".to_owned()
        } else {
            stem
        };
        let mut id = stem.clone();
        let number = numbers.entry(stem.clone()).or_insert(2);
        while taken.contains(&id) {
            id = format!("{stem}{number}");
            *number += 1;
        }
        taken.insert(id.clone());
        draft.id.1 = id;
    }
}

fn operation(draft: &mut Draft, schemas: &mut BTreeMap<String, Schema>) -> Value {
    closed::settle(draft);
    told_states::settle(draft);
    let id = draft.id.1.as_str();
    let mut writer = Writer {
        files: schemas,
        operation: id,
    };
    let mut node = Map::new();
    node.insert("operationId".to_owned(), Value::from(id));
    let together = combine::of_parameters(&draft.parameters);
    let parameters: Vec<Value> = draft
        .parameters
        .iter_mut()
        .zip(together)
        .map(|(parameter, together)| {
            let is_path = parameter.location == Location::Path;
            let style = parameter.style().filter(|_| parameter.node.is(Kind::Array));
            let mut node = json!({
                "name": parameter.name,
                "in": parameter.location.as_str(),
                "required": is_path || parameter.node.mandatory() == Some(true),
                "schema": writer.parameter(&mut parameter.node, together).to_json(),
            });
            if let (Value::Object(node), Some(style)) = (&mut node, style) {
                let (style, explode) = match parameter.location {
                    Location::Header => ("simple", false),
                    Location::Query | Location::Path | Location::Cookie => style.keywords(),
                };
                node.insert("style".to_owned(), Value::from(style));
                node.insert("explode".to_owned(), Value::from(explode));
            }
            if let (Value::Object(node), Some(example)) = (&mut node, &parameter.example) {
                node.insert("example".to_owned(), example.clone());
            }
            node
        })
        .collect();
    if !parameters.is_empty() {
        node.insert("parameters".to_owned(), Value::Array(parameters));
    }
    if let Some(body) = &mut draft.request {
        let fields = &body.node.properties;
        let mandatory = body.node.mandatory() == Some(true)
            || fields
                .iter()
                .any(|(_, field)| field.mandatory() == Some(true));
        let mut media = media(&mut writer, body, Direction::Request, "request.json");
        if let (Value::Object(map), false) = (&mut media, draft.layout.is_empty()) {
            map.insert("encoding".to_owned(), encoding(&draft.layout));
        }
        let mut request = json!({
            "required": mandatory && draft.empty_body.is_empty(),
            "content": { (draft.media.as_str()): media },
        });
        if !draft.empty_body.is_empty()
            && let Value::Object(map) = &mut request
        {
            map.insert(ANNOTATION.to_owned(), json!({ "facts": draft.empty_body }));
        }
        node.insert("requestBody".to_owned(), request);
    } else if matches!(draft.media.writing(), Writing::Unknown | Writing::Text) {
        let content = json!({ (draft.media.as_str()): {} });
        let request = json!({ "required": true, "content": content });
        node.insert("requestBody".to_owned(), request);
    }
    draft.responses.sort_by(|a, b| a.status.cmp(&b.status));
    let responses: Map<String, Value> = draft
        .responses
        .iter_mut()
        .map(|response| (response.status.clone(), answer(&mut writer, response)))
        .collect();
    node.insert("responses".to_owned(), Value::Object(responses));
    let Credential {
        schemes,
        is_needed,
        is_all,
        is_open: _,
    } = &draft.credential;
    if !schemes.is_empty() {
        // All of them have to be there, or any does; nothing does where none is said to be needed.
        let ways = if *is_all {
            vec![schemes.as_slice()]
        } else {
            schemes.chunks(1).collect()
        };
        let way = |schemes: &[SecurityScheme]| -> Value {
            let names = schemes.iter().map(|scheme| (scheme.component(), json!([])));
            names.collect::<Map<String, Value>>().into()
        };
        let mut security: Vec<Value> = ways.into_iter().map(way).collect();
        if !is_needed {
            security.push(json!({}));
        }
        node.insert("security".to_owned(), Value::Array(security));
    }
    node.insert(ANNOTATION.to_owned(), json!({ "facts": draft.facts }));
    Value::Object(node)
}

fn answer(writer: &mut Writer<'_>, response: &mut Response) -> Value {
    let mut node = Map::new();
    node.insert(
        "description".to_owned(),
        Value::from(reason(&response.status)),
    );
    let is_success = response.status.starts_with('2') || response.status.starts_with('3');
    let headers: Map<String, Value> = response
        .headers
        .iter_mut()
        .map(|(name, header)| {
            let required = header.mandatory() == Some(true) && !may_lack(header);
            let mut schema = writer.parameter(header, Map::new());
            if !required {
                schema.facts.retain(|fact| fact.facet != Facet::Required);
                // A row that knows of no condition promises the header to some answer at the least.
                let is_expected = is_success && header.mandatory().is_none() && !may_lack(header);
                let level = if is_expected {
                    Level::Should
                } else {
                    Level::May
                };
                let rows = header.rows.iter();
                let presence = rows.map(|row| row.fact(Facet::Required, level));
                schema
                    .facts
                    .extend(presence.filter(|_| is_expected || header.mandatory().is_some()));
            }
            (
                name.clone(),
                json!({ "required": required, "schema": schema.to_json() }),
            )
        })
        .collect();
    if !headers.is_empty() {
        node.insert("headers".to_owned(), Value::Object(headers));
    }
    if response.has_body() {
        let file = format!("response-{}.json", response.status);
        if is_success {
            describe(&mut response.body);
        }
        let media = media(writer, &mut response.body, Direction::Response, &file);
        let mut content = Map::new();
        let name = match response.media.as_slice() {
            [own] if own.is_json() => own.to_string(),
            _ => "application/json".to_owned(),
        };
        content.insert(name, media);
        for kind in &response.media {
            content.entry(kind.to_string()).or_insert(json!({}));
        }
        node.insert("content".to_owned(), Value::Object(content));
    } else if !response.media.is_empty() {
        let kinds = response.media.iter();
        let content: Map<String, Value> = kinds.map(|kind| (kind.to_string(), json!({}))).collect();
        node.insert("content".to_owned(), Value::Object(content));
    }
    if !response.facts.is_empty() {
        let mut facts = Vec::new();
        for fact in &response.facts {
            // The caption of a table and the table of statuses may both name it; one row is one
            // fact.
            if !facts.contains(fact) {
                facts.push(fact.clone());
            }
        }
        node.insert(ANNOTATION.to_owned(), json!({ "facts": facts }));
    }
    Value::Object(node)
}

/// Describes a body by what its examples show, where no table does; and its lists, of whose items none
/// tells.
fn describe(body: &mut Body) {
    let Some(first) = body.examples.first() else {
        return;
    };
    let site = first.site.clone();
    let shown: Vec<Value> = values(&body.examples).into_iter().cloned().collect();
    let shown: Vec<&Value> = shown.iter().collect();
    if body.described {
        as_shown::fill_lists(&mut body.node, &shown, &site);
    } else if shown
        .iter()
        .any(|value| value.is_object() || value.is_array())
    {
        as_shown::take(&mut body.node, &shown, &site);
        body.told.settle_shown(&mut body.node);
        body.described = true;
    }
}

fn media(writer: &mut Writer<'_>, body: &mut Body, direction: Direction, file: &str) -> Value {
    let mut media = Map::new();
    let values = values(&body.examples);
    if body.described {
        let path = writer.body(&mut body.node, &values, direction, file);
        media.insert("schema".to_owned(), json!({ "$ref": path }));
    }
    if !values.is_empty() {
        let examples: Map<String, Value> = values
            .iter()
            .enumerate()
            .map(|(index, value)| ((index + 1).to_string(), json!({ "value": value })))
            .collect();
        media.insert("examples".to_owned(), Value::Object(examples));
    }
    Value::Object(media)
}

/// How the fields of a form are written.
fn encoding(layout: &BTreeMap<String, Writes>) -> Value {
    let fields = layout.iter().map(|(name, writes)| {
        let mut node = Map::new();
        if let Some(style) = writes.style {
            let (style, explode) = style.keywords();
            node.insert("style".to_owned(), Value::from(style));
            node.insert("explode".to_owned(), Value::from(explode));
        }
        let kinds: Vec<&str> = writes.media.iter().map(MediaType::as_str).collect();
        if !kinds.is_empty() {
            node.insert("contentType".to_owned(), Value::from(kinds.join(", ")));
        }
        (name.clone(), Value::Object(node))
    });
    Value::Object(fields.collect())
}

/// The reason phrase of a status (RFC 9110, 15); of a class of statuses, its name.
fn reason(status: &str) -> &'static str {
    let class = match status.chars().next() {
        Some('1') => "Informational",
        Some('2') => "Success",
        Some('3') => "Redirection",
        Some('4') => "Client Error",
        _ => "Server Error",
    };
    match status {
        // `http` has the names of before RFC 9110.
        "203" => "Non-Authoritative Information",
        "413" => "Content Too Large",
        "422" => "Unprocessable Content",
        _ => status
            .parse()
            .ok()
            .and_then(|status: StatusCode| status.canonical_reason())
            .unwrap_or(class),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("200", "OK")]
    #[case("404", "Not Found")]
    #[case("422", "Unprocessable Content")]
    #[case("499", "Client Error")]
    #[case("2XX", "Success")]
    fn a_status_has_a_reason_phrase(#[case] status: &str, #[case] expected: &str) {
        assert_eq!(reason(status), expected);
    }
}
