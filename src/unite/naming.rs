//! Names where pages and a document are united: those of path parameters, operations and paths.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::compare::Base;
use crate::contract::{DocumentationFinding, Operation};

/// The names that pages give the parameters of paths, by what stands before each.
pub(super) struct Names(BTreeMap<String, String>);

impl Names {
    /// Those of the operations that both have.
    pub(super) fn of(pairs: &[(&Operation, &Operation)], base: &Base) -> Self {
        let mut names = BTreeMap::new();
        for (own, _) in pairs {
            let path = with_base(&own.path, &base.of_document);
            for (before, name) in parameters(&path) {
                names.entry(before).or_insert(name);
            }
        }
        Self(names)
    }

    /// A path with the names that pages have for its parameters, as the operation's too.
    pub(super) fn renamed(&self, path: &str, operation: &mut Value) -> String {
        let mut renamed = path.to_owned();
        for (before, name) in parameters(path) {
            let Some(known) = self.0.get(&before).filter(|known| **known != name) else {
                continue;
            };
            renamed = renamed.replace(&format!("{{{name}}}"), &format!("{{{known}}}"));
            rename_parameter(operation, &name, known);
        }
        renamed
    }
}

/// Gives a path parameter of an operation another name.
pub(super) fn rename_parameter(operation: &mut Value, from: &str, to: &str) {
    let parameters = operation.get_mut("parameters");
    let parameters = parameters.and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten() {
        if parameter["in"] == "path" && parameter["name"] == from {
            parameter["name"] = Value::from(to);
        }
    }
}

/// The parameters of a path: what stands before each, names left out, and its name.
fn parameters(path: &str) -> Vec<(String, String)> {
    let mut before = String::new();
    let mut found = Vec::new();
    let mut rest = path;
    while let Some((text, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        before.push_str(text);
        found.push((before.clone(), name.to_owned()));
        before.push_str("{}");
        rest = after;
    }
    found
}

/// A path behind the path that its service stands below, which the other source names.
pub(super) fn with_base(path: &str, base: &str) -> String {
    format!("{base}{path}")
}

/// Gives an operation an id that no other has.
pub(super) fn own_id(operation: &mut Value, taken: &mut Vec<String>) {
    let stem = operation["operationId"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let mut id = stem.clone();
    let mut number = 2;
    while taken.contains(&id) {
        id = format!("{stem}{number}");
        number += 1;
    }
    operation["operationId"] = Value::from(id.as_str());
    taken.push(id);
}

/// The findings about a document, by the names that its operations have now.
pub(super) fn findings<'f>(
    findings: impl Iterator<Item = &'f DocumentationFinding>,
    pairs: &[(&Operation, &Operation)],
    rest: &[&Operation],
) -> Vec<DocumentationFinding> {
    let mut kept = Vec::new();
    for finding in findings {
        let partner = pairs
            .iter()
            .find(|(_, other)| other.id == finding.operation);
        let is_rest = rest.iter().any(|one| one.id == finding.operation);
        let operation = match partner {
            Some((own, _)) => own.id.clone(),
            None if is_rest || finding.operation.is_empty() => finding.operation.clone(),
            None => continue,
        };
        kept.push(DocumentationFinding {
            operation,
            ..finding.clone()
        });
    }
    kept
}
