//! Unbundling: a bundled document (what `export` writes) read back as the files of a service. What
//! was added for other tools is left out again.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::border::Spot;
use super::document::Provenance;
use super::error::ContractError;
use super::field_path::unescape_token;
use super::for_tools::forget_for_tools;
use super::keyword::{Holds, holds};
use super::provenance::ANNOTATION;
use super::service::{DIALECT, Service};

/// What a reference to a schema of a bundled document begins with.
const PREFIX: &str = "#/components/schemas/";

impl Service {
    /// The service of a bundled document. `file` is the document's name, for what is wrong in it.
    pub fn unbundle(file: &str, document: &Value) -> Result<Self, ContractError> {
        let spot = Spot {
            file: file.into(),
            pointer: String::new(),
        };
        let mut document = document.clone();
        forget_for_tools(&mut document);
        let map = document
            .as_object_mut()
            .ok_or_else(|| spot.error("expected an object"))?;
        let own = map.shift_remove(ANNOTATION).unwrap_or_default();
        let provenance: Provenance = spot.join(ANNOTATION).read(&own)?;
        let mut schemas = Map::new();
        if let Some(Value::Object(components)) = map.get_mut("components") {
            if let Some(Value::Object(own)) = components.shift_remove("schemas") {
                schemas = own;
            }
            if components.is_empty() {
                map.shift_remove("components");
            }
        }
        let names = Names::new(&document, &schemas);
        let mut files = BTreeMap::new();
        for (name, schema) in schemas {
            let path = names.path(&name);
            let mut written = Map::new();
            written.insert("$schema".to_owned(), Value::from(DIALECT));
            if let Value::Object(map) = names.schema(schema, &path) {
                written.extend(map);
            }
            files.insert(path, Value::Object(written));
        }
        Ok(Self {
            name: provenance.service.clone(),
            document: names.document(document),
            provenance,
            schemas: files,
        })
    }
}

/// The files of the schemas of a bundled document, by their names in it.
struct Names(BTreeMap<String, String>);

impl Names {
    fn new(document: &Value, schemas: &Map<String, Value>) -> Self {
        let paths = document.get("paths").and_then(Value::as_object);
        let ids: Vec<&str> = paths
            .into_iter()
            .flat_map(Map::values)
            .filter_map(Value::as_object)
            .flat_map(Map::values)
            .filter_map(|operation| operation.get("operationId")?.as_str())
            .collect();
        let path = |name: &String| {
            let of_operation = ids.iter().find_map(|id| {
                let file = name.strip_prefix(id)?.strip_prefix('-')?;
                let is_body = file == "request" || file.starts_with("response-");
                is_body.then(|| format!("{id}/{file}.json"))
            });
            of_operation.unwrap_or_else(|| format!("objects/{name}.json"))
        };
        Self(
            schemas
                .keys()
                .map(|name| (name.clone(), path(name)))
                .collect(),
        )
    }

    fn path(&self, name: &str) -> String {
        self.0
            .get(name)
            .cloned()
            .unwrap_or_else(|| format!("objects/{name}.json"))
    }

    /// A reference as the file at a path has it.
    fn reference(&self, target: &str, from: &str) -> String {
        let Some(rest) = target.strip_prefix(PREFIX) else {
            return target.to_owned();
        };
        let (name, fragment) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        let path = self.path(&unescape_token(name));
        let (folder, file) = path.split_once('/').unwrap_or(("", &path));
        let relative = match from.split_once('/') {
            None => path.clone(),
            Some((own, _)) if own == folder => file.to_owned(),
            Some(_) => format!("../{path}"),
        };
        if fragment.is_empty() {
            relative
        } else {
            format!("{relative}#{fragment}")
        }
    }

    /// A part of the document, whose schemas stand under the keys `schema`.
    fn document(&self, node: Value) -> Value {
        match node {
            Value::Object(map) => Value::Object(
                map.into_iter()
                    .map(|(key, child)| {
                        let child = match key.as_str() {
                            "schema" => self.schema(child, ""),
                            "examples" | ANNOTATION => child,
                            _ => self.document(child),
                        };
                        (key, child)
                    })
                    .collect(),
            ),
            Value::Array(items) => items.into_iter().map(|item| self.document(item)).collect(),
            other => other,
        }
    }

    /// A schema that stands in the file at a path.
    fn schema(&self, node: Value, from: &str) -> Value {
        let Value::Object(map) = node else {
            return node;
        };
        let written = map.into_iter().map(|(key, child)| {
            let child = match (key.as_str(), holds(&key), child) {
                ("$ref", _, Value::String(target)) => Value::from(self.reference(&target, from)),
                (_, Some(Holds::Schema), child) => self.schema(child, from),
                (_, Some(Holds::List), Value::Array(items)) => items
                    .into_iter()
                    .map(|item| self.schema(item, from))
                    .collect(),
                (_, Some(Holds::Names), Value::Object(named)) => named
                    .into_iter()
                    .map(|(name, child)| (name, self.schema(child, from)))
                    .collect(),
                (_, _, child) => child,
            };
            (key, child)
        });
        Value::Object(written.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::suite::Suite;
    use super::super::{Service, render};

    #[test]
    fn what_is_bundled_is_read_back_as_it_was() {
        for service in Suite::bundled().unwrap().services {
            let bundle = service.bundle().unwrap();
            let read = Service::unbundle("x.json", &bundle).unwrap();
            assert_eq!(read.files(), service.files());
            assert_eq!(render(&read.bundle().unwrap()), render(&bundle));
        }
    }
}
