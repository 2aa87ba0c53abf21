//! The examples of bodies against their schemas: what breaks them is a documentation finding, and
//! shows nothing.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::contract::{
    DocumentationFinding, DocumentationKind, Facet, Fact, Schema, Service, Violation, compile_file,
};

/// Takes the examples that break their schemas out of a contract, and says so.
pub fn without_broken_examples(service: &mut Service) {
    let mut document = std::mem::take(&mut service.document);
    let mut findings = Vec::new();
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    let operations = paths
        .into_iter()
        .flat_map(|paths| paths.values_mut())
        .filter_map(Value::as_object_mut)
        .flat_map(|item| item.values_mut());
    for operation in operations {
        let id = operation["operationId"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let mut bodies: Vec<&mut Value> = Vec::new();
        if let Some(map) = operation.as_object_mut() {
            for (key, value) in map.iter_mut() {
                match key.as_str() {
                    "requestBody" => bodies.push(value),
                    "responses" => {
                        bodies.extend(value.as_object_mut().into_iter().flat_map(Map::values_mut));
                    }
                    _ => {}
                }
            }
        }
        for body in bodies {
            let content = body.get_mut("content").and_then(Value::as_object_mut);
            for media in content.into_iter().flat_map(Map::values_mut) {
                of_media(service, &id, media, &mut findings);
            }
        }
    }
    service.document = document;
    service.provenance.documentation.extend(findings);
}

fn of_media(
    service: &Service,
    operation: &str,
    media: &mut Value,
    findings: &mut Vec<DocumentationFinding>,
) {
    let file = media["schema"]["$ref"].as_str().map(str::to_owned);
    let Some(media) = media.as_object_mut() else {
        return;
    };
    let Some(Value::Object(examples)) = media.shift_remove("examples") else {
        return;
    };
    let schema = file.and_then(|file| compile_file(service, &file, BTreeSet::new()).ok());
    let mut kept = Map::new();
    for example in examples.into_values() {
        let found = schema
            .as_ref()
            .map(|schema| schema.violations(&example["value"]))
            .unwrap_or_default();
        match (schema.as_deref(), found.first()) {
            (Some(schema), Some(first)) => {
                let finding = breach(schema, operation, first);
                if !findings.contains(&finding) {
                    findings.push(finding);
                }
            }
            _ => {
                kept.insert((kept.len() + 1).to_string(), example);
            }
        }
    }
    if !kept.is_empty() {
        media.insert("examples".to_owned(), Value::Object(kept));
    }
}

fn breach(schema: &Schema, operation: &str, violation: &Violation) -> DocumentationFinding {
    let field = if violation.field.is_root() {
        "the body".to_owned()
    } else {
        format!("`{}`", violation.field)
    };
    let rows: Vec<Fact> = schema.facts(&violation.pointer, violation.facet);
    DocumentationFinding {
        kind: kind(violation.facet),
        operation: operation.to_owned(),
        message: format!("in the documented example, {field} {}", violation.message),
        rows,
    }
}

/// The kind of finding of an example that breaks a rule.
pub(super) fn kind(facet: Facet) -> DocumentationKind {
    match facet {
        Facet::Required => DocumentationKind::ExampleLacksField,
        Facet::Type => DocumentationKind::ExampleBreaksType,
        Facet::Enum | Facet::Const => DocumentationKind::ExampleBreaksEnum,
        Facet::Format => DocumentationKind::ExampleBreaksFormat,
        Facet::Pattern => DocumentationKind::ExampleBreaksPattern,
        _ => DocumentationKind::ExampleBreaksLimit,
    }
}
