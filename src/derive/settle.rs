//! The last look at a contract: whatever a documented example still breaks is loosened, and the difference reported. A contract never
//! contradicts its own pages.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::draft::add_finding;
use crate::contract::{
    ANNOTATION, DocumentationFinding, Fact, Level, Service, Violation, join_reference, type_of,
};

/// How often a contract is looked at: what is loosened may show what was hidden below.
const ROUNDS: usize = 6;

/// Loosens what the documented examples break.
pub(super) fn settle(mut service: Service) -> Service {
    list_defaults(&mut service.document);
    service.schemas.values_mut().for_each(list_defaults);
    let mut documentation = service.documentation();
    for _ in 0..ROUNDS {
        let broken = broken(&service);
        if broken.is_empty() {
            break;
        }
        for breach in broken {
            let finding = breach.finding();
            loosen(&mut service.schemas, &breach);
            add_finding(&mut documentation, finding);
        }
    }
    if let Ok(documentation) = serde_json::to_value(documentation)
        && let Some(annotation) = service.document.get_mut(ANNOTATION)
        && let Some(entry) = annotation.get_mut("documentation")
    {
        *entry = documentation;
    }
    service
}

/// A default that is none of the values is one of them after all: who leaves the field out gets it. That the page differs is reported elsewhere.
fn list_defaults(node: &mut Value) {
    match node {
        Value::Object(map) => {
            if let Some(default) = map.get("default").cloned()
                && !default.is_object()
                && let Some(values) = map.get_mut("enum").and_then(Value::as_array_mut)
                && !values.contains(&default)
            {
                values.push(default);
            }
            map.values_mut().for_each(list_defaults);
        }
        Value::Array(items) => items.iter_mut().for_each(list_defaults),
        _ => {}
    }
}

/// A documented example against the schema of its body.
struct Breach {
    operation: String,
    /// The schema file of the body.
    file: String,
    violation: Violation,
    /// The value that breaks it; none where it is absent.
    value: Option<Value>,
    rows: Vec<Fact>,
}

impl Breach {
    fn kind(&self) -> &'static str {
        match self.violation.facet.as_str() {
            "required" => "example-lacks-field",
            "type" => "example-breaks-type",
            "enum" => "example-breaks-enum",
            "format" => "example-breaks-format",
            "pattern" => "example-breaks-pattern",
            _ => "example-breaks-limit",
        }
    }

    fn finding(&self) -> DocumentationFinding {
        let field = if self.violation.field.is_empty() {
            "the body"
        } else {
            &self.violation.field
        };
        DocumentationFinding {
            kind: self.kind().to_owned(),
            operation: self.operation.clone(),
            message: format!(
                "in the documented example, `{field}` {}",
                self.violation.message
            ),
            rows: self.rows.clone(),
        }
    }
}

/// Everything that the examples of a contract break.
fn broken(service: &Service) -> Vec<Breach> {
    let mut found: Vec<Breach> = Vec::new();
    let Ok(operations) = service.operations() else {
        return found;
    };
    for operation in &operations {
        let node = service
            .document
            .get("paths")
            .and_then(|paths| paths.get(&operation.path))
            .and_then(|item| item.get(operation.method.to_lowercase()));
        let request = operation
            .request_body
            .as_ref()
            .map(|body| ("request".to_owned(), Some(&body.schema), &body.examples));
        let responses = operation.responses.iter().map(|response| {
            (
                response.status.clone(),
                response.schema.as_ref(),
                &response.examples,
            )
        });
        for (place, schema, examples) in request.into_iter().chain(responses) {
            let holder = if place == "request" {
                node.and_then(|node| node.get("requestBody"))
            } else {
                node.and_then(|node| node.get("responses")?.get(&place))
            };
            let file = holder
                .and_then(|holder| holder.pointer("/content/application~1json/schema/$ref"))
                .and_then(Value::as_str);
            let (Some(schema), Some(file)) = (schema, file) else {
                continue;
            };
            for example in examples {
                for violation in schema.violations(example) {
                    let rows = schema.facts(&violation.pointer, &violation.facet);
                    // That an example leaves out what it need not show is no contradiction.
                    let settled = violation.facet == "required"
                        && rows
                            .iter()
                            .all(|row| row.facet == "required" && row.level < Level::Must);
                    // A list that lacks what the example shows has been weakened where it was read.
                    let weak = violation.facet == "enum"
                        && rows.iter().any(|row| row.facet == "enum")
                        && rows
                            .iter()
                            .all(|row| row.facet != "enum" || row.level == Level::May);
                    if settled
                        || weak
                        || found.iter().any(|known| {
                            known.file == file && known.violation.field == violation.field
                        })
                    {
                        continue;
                    }
                    found.push(Breach {
                        operation: operation.id.clone(),
                        file: file.to_owned(),
                        value: example.pointer(&violation.pointer).cloned(),
                        violation,
                        rows,
                    });
                }
            }
        }
    }
    found
}

/// Where a schema node stands: its file, and the way into it.
type Place = (String, Vec<String>);

/// The node that describes the value at a pointer, references between files followed; its parent where the value is absent.
fn locate(files: &BTreeMap<String, Value>, file: &str, tokens: &[String]) -> Option<Place> {
    let mut place: Place = follow(files, (file.to_owned(), Vec::new()), 0)?;
    for token in tokens {
        let node = at(files, &place)?;
        let step: Vec<String> = if node
            .get("properties")
            .and_then(|all| all.get(token))
            .is_some()
        {
            vec!["properties".to_owned(), token.clone()]
        } else if node.get("items").is_some() && token.bytes().all(|byte| byte.is_ascii_digit()) {
            vec!["items".to_owned()]
        } else if node
            .get("additionalProperties")
            .is_some_and(Value::is_object)
        {
            vec!["additionalProperties".to_owned()]
        } else {
            return None;
        };
        place.1.extend(step);
        place = follow(files, place, 0)?;
    }
    Some(place)
}

fn at<'f>(files: &'f BTreeMap<String, Value>, place: &Place) -> Option<&'f Value> {
    place
        .1
        .iter()
        .try_fold(files.get(&place.0)?, |node, token| node.get(token))
}

fn at_mut<'f>(files: &'f mut BTreeMap<String, Value>, place: &Place) -> Option<&'f mut Value> {
    place
        .1
        .iter()
        .try_fold(files.get_mut(&place.0)?, |node, token| node.get_mut(token))
}

/// The place that a reference leads to, references of references too.
fn follow(files: &BTreeMap<String, Value>, place: Place, depth: usize) -> Option<Place> {
    let node = at(files, &place)?;
    match node.get("$ref").and_then(Value::as_str) {
        Some(target) if depth < 16 => {
            let file = join_reference(&place.0, target);
            follow(files, (file, Vec::new()), depth + 1)
        }
        _ => Some(place),
    }
}

/// Makes the schema allow what the example shows.
fn loosen(files: &mut BTreeMap<String, Value>, breach: &Breach) {
    let facet = breach.violation.facet.as_str();
    let mut tokens: Vec<String> = breach
        .violation
        .pointer
        .split('/')
        .skip(1)
        .map(|token| token.replace("~1", "/").replace("~0", "~"))
        .collect();
    if facet == "required" {
        let Some(name) = tokens.pop() else { return };
        if let Some(mut parent) = locate(files, &breach.file, &tokens) {
            parent.1.extend(["properties".to_owned(), name.clone()]);
            let cited = at_mut(files, &parent).is_some_and(weaken);
            if !cited {
                // Nothing states it: it is not required at all.
                parent.1.truncate(parent.1.len() - 2);
                if let Some(required) = at_mut(files, &parent)
                    .and_then(|node| node.get_mut("required"))
                    .and_then(Value::as_array_mut)
                {
                    required.retain(|known| *known != name);
                }
            }
        }
        return;
    }
    let Some(place) = locate(files, &breach.file, &tokens) else {
        return;
    };
    let Some(node) = at_mut(files, &place).and_then(Value::as_object_mut) else {
        return;
    };
    let value = breach.value.as_ref().unwrap_or(&Value::Null);
    let length = value.as_str().map(|text| text.chars().count());
    let count = value.as_array().map(Vec::len);
    match facet {
        "type" => {
            let shown = type_of(value);
            let mut types: Vec<Value> = match node.get("type") {
                Some(Value::Array(many)) => many.clone(),
                Some(one) => vec![one.clone()],
                None => return,
            };
            types.push(Value::from(shown));
            node.insert("type".to_owned(), Value::Array(types));
            // What bounded the values of the one type alone stays; a list of values bounds them all.
            if let Some(values) = node.get_mut("enum").and_then(Value::as_array_mut)
                && !values.contains(value)
            {
                values.push(value.clone());
            }
        }
        "enum" if node.get("enum").is_some() => {
            if let Some(values) = node.get_mut("enum").and_then(Value::as_array_mut) {
                values.push(value.clone());
            }
        }
        "enum" => {
            if let Some(branches) = node.get_mut("anyOf").and_then(Value::as_array_mut) {
                branches.push(json!({ "enum": [value] }));
            } else {
                node.shift_remove("const");
            }
        }
        "minLength" | "maxLength" => {
            node.insert(facet.to_owned(), json!(length));
        }
        "minItems" | "maxItems" => {
            node.insert(facet.to_owned(), json!(count));
        }
        "minimum" | "maximum" => {
            node.insert(facet.to_owned(), value.clone());
        }
        _ => {
            node.shift_remove(facet);
            for fact in facts_mut(node) {
                if fact.get("facet").and_then(Value::as_str) == Some(facet)
                    && let Some(fact) = fact.as_object_mut()
                {
                    fact.insert("facet".to_owned(), Value::from("prose"));
                }
            }
        }
    }
}

fn facts_mut(node: &mut serde_json::Map<String, Value>) -> impl Iterator<Item = &mut Value> {
    node.get_mut(ANNOTATION)
        .and_then(|annotation| annotation.get_mut("facts"))
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
}

/// States that a field is expected, not that it must be there; whether anything states it at all.
fn weaken(field: &mut Value) -> bool {
    let Some(field) = field.as_object_mut() else {
        return false;
    };
    let mut cited = false;
    for fact in facts_mut(field) {
        if fact.get("facet").and_then(Value::as_str) == Some("required")
            && let Some(fact) = fact.as_object_mut()
        {
            fact.insert("level".to_owned(), Value::from(Level::Should.as_str()));
            cited = true;
        }
    }
    cited
}
