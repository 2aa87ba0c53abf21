//! Bundling: one JSON Schema or OpenAPI document without references to other files, made from the
//! files of a service. On the way the facts of each schema are read.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::border::Spot;
use super::document::Annotation;
use super::error::ContractError;
use super::field_path::escape_token;
use super::for_tools::{state_for_tools, state_in_schemas};
use super::keyword::{Holds, holds};
use super::provenance::{ANNOTATION, Fact};
use super::service::{DIALECT, DOCUMENT, Service};

/// The schemas gathered so far, by the names that references to them have.
pub(super) struct Bundler<'s> {
    service: &'s Service,
    /// What a reference begins with: `#/$defs/`.
    prefix: &'static str,
    /// Whether the annotations stay beside what they are about.
    annotated: bool,
    definitions: Map<String, Value>,
    facts: BTreeMap<String, Vec<Fact>>,
    /// Facts of the document itself, not of a schema file.
    inline: Vec<Fact>,
    /// Where each schema came from, by where it stands.
    origins: Vec<(String, Spot)>,
}

/// A schema without references to other files.
pub(super) struct Bundled {
    pub(super) root: Value,
    /// The facts of each node, by the pointer to it from the root.
    pub(super) facts: BTreeMap<String, Vec<Fact>>,
    /// Those that stand in the document itself, not in a schema file.
    pub(super) inline: Vec<Fact>,
    origins: Vec<(String, Spot)>,
}

impl Bundled {
    /// Where in the files stands what stands at a pointer from the root.
    pub(super) fn origin(&self, pointer: &str) -> Option<Spot> {
        let below = |(to, spot): &(String, Spot)| {
            let rest = pointer.strip_prefix(to.as_str())?;
            (rest.is_empty() || rest.starts_with('/')).then(|| Spot {
                file: Arc::clone(&spot.file),
                pointer: format!("{}{rest}", spot.pointer),
            })
        };
        // What was gathered last stands deepest.
        self.origins.iter().rev().find_map(below)
    }
}

/// The schema at a place of the document, the files it refers to under `$defs`.
pub(super) fn schema(
    service: &Service,
    node: &Value,
    from: &Spot,
) -> Result<Bundled, ContractError> {
    let mut bundler = Bundler::new(service, "#/$defs/", false);
    let alone = node.as_object().filter(|map| map.len() == 1);
    let target = alone
        .and_then(|map| map.get("$ref"))
        .and_then(Value::as_str)
        .and_then(|target| Some((target, service.schemas.get(target)?)));
    // A root that is one reference is its target, so that `root` is the body's schema itself.
    let (node, file, from) = target.map_or_else(
        || (node, "", from.clone()),
        |(file, schema)| (schema, file, Spot::file(&service.name, file)),
    );
    bundler.origins.push((String::new(), from.clone()));
    let mut root = bundler.schema(node, file, &from, "")?;
    if let Value::Object(map) = &mut root {
        if !file.is_empty() {
            map.shift_remove("$schema");
        }
        if !bundler.definitions.is_empty() {
            map.insert("$defs".to_owned(), Value::Object(bundler.definitions));
        }
    }
    Ok(Bundled {
        root,
        facts: bundler.facts,
        inline: bundler.inline,
        origins: bundler.origins,
    })
}

impl Service {
    /// One OpenAPI document without references to other files: every schema file stands under
    /// `components/schemas`.
    pub fn bundle(&self) -> Result<Value, ContractError> {
        let mut bundler = Bundler::new(self, "#/components/schemas/", true);
        let spot = Spot::file(&self.name, DOCUMENT);
        let mut document = bundler.document(&self.whole_document(), &spot)?;
        if let Value::Object(map) = &mut document
            && !bundler.definitions.is_empty()
        {
            let components = map.entry("components").or_insert_with(|| json!({}));
            if let Value::Object(components) = components {
                components.insert("schemas".to_owned(), json!(bundler.definitions));
            }
        }
        state_for_tools(&mut document);
        Ok(document)
    }

    /// One JSON Schema that holds every schema file under `$defs`, by the name that it has in a
    /// bundled document.
    pub fn bundle_schemas(&self) -> Result<Value, ContractError> {
        let mut bundler = Bundler::new(self, "#/$defs/", true);
        for file in self.schemas.keys() {
            bundler.file(file, &Spot::file(&self.name, file))?;
        }
        let mut document = json!({
            "$schema": DIALECT,
            "title": self.name,
            "$defs": bundler.definitions,
        });
        state_in_schemas(&mut document);
        Ok(document)
    }
}

impl<'s> Bundler<'s> {
    fn new(service: &'s Service, prefix: &'static str, annotated: bool) -> Self {
        Self {
            service,
            prefix,
            annotated,
            definitions: Map::new(),
            facts: BTreeMap::new(),
            inline: Vec::new(),
            origins: Vec::new(),
        }
    }

    /// A part of the document, whose schemas stand under the keys `schema`.
    fn document(&mut self, node: &Value, from: &Spot) -> Result<Value, ContractError> {
        Ok(match node {
            Value::Object(map) => {
                let mut out = Map::new();
                for (key, child) in map {
                    let child = match key.as_str() {
                        "schema" => self.schema(child, "", &from.join(key), "")?,
                        "examples" | ANNOTATION => child.clone(),
                        _ => self.document(child, &from.join(key))?,
                    };
                    out.insert(key.clone(), child);
                }
                Value::Object(out)
            }
            Value::Array(items) => {
                let items = items.iter().enumerate();
                let items: Result<Vec<Value>, _> = items
                    .map(|(index, item)| self.document(item, &from.join(&index.to_string())))
                    .collect();
                Value::Array(items?)
            }
            other => other.clone(),
        })
    }

    /// A copy of a schema with its references rewritten. It stands in `file` at `from`, and will
    /// stand at the pointer `to`.
    fn schema(
        &mut self,
        node: &Value,
        file: &str,
        from: &Spot,
        to: &str,
    ) -> Result<Value, ContractError> {
        let map = match node {
            Value::Object(map) => map,
            Value::Bool(_) => return Ok(node.clone()),
            _ => return Err(from.error("expected a schema: an object, `true` or `false`")),
        };
        let mut out = Map::new();
        for (key, child) in map {
            let from = from.join(key);
            let to = || format!("{to}/{}", escape_token(key));
            let value = match (key.as_str(), holds(key)) {
                (ANNOTATION, _) => {
                    self.annotation(&from, child, file, to().as_str())?;
                    if !self.annotated {
                        continue;
                    }
                    child.clone()
                }
                ("$ref", _) => Value::from(self.reference(child, file, &from)?),
                (_, Some(Holds::Data)) => child.clone(),
                (_, Some(Holds::Schema)) => self.schema(child, file, &from, &to())?,
                (_, Some(Holds::List)) => {
                    let list = child.as_array();
                    let list = list.ok_or_else(|| from.error("expected a list of schemas"))?;
                    let mut schemas = Vec::new();
                    for (index, child) in list.iter().enumerate() {
                        let index = index.to_string();
                        let to = format!("{}/{index}", to());
                        schemas.push(self.schema(child, file, &from.join(&index), &to)?);
                    }
                    Value::Array(schemas)
                }
                (_, Some(Holds::Names)) => {
                    let names = child.as_object();
                    let names = names.ok_or_else(|| from.error("expected schemas by name"))?;
                    let mut schemas = Map::new();
                    for (name, child) in names {
                        let to = format!("{}/{}", to(), escape_token(name));
                        let schema = self.schema(child, file, &from.join(name), &to)?;
                        schemas.insert(name.clone(), schema);
                    }
                    Value::Object(schemas)
                }
                (_, None) => {
                    return Err(from.error(
                        "expected a keyword of JSON Schema 2020-12, or a word that begins with `x-`",
                    ));
                }
            };
            out.insert(key.clone(), value);
        }
        Ok(Value::Object(out))
    }

    /// Reads the facts of a node; `to` is where the annotation will stand.
    fn annotation(
        &mut self,
        from: &Spot,
        annotation: &Value,
        file: &str,
        to: &str,
    ) -> Result<(), ContractError> {
        let facts = from.read::<Annotation>(annotation)?.facts;
        if file.is_empty() {
            self.inline.extend(facts.iter().cloned());
        }
        let node = to.rsplit_once('/').map_or("", |(node, _)| node);
        self.facts.insert(node.to_owned(), facts);
        Ok(())
    }

    /// What a reference in `file` is in the bundle.
    fn reference(
        &mut self,
        target: &Value,
        file: &str,
        from: &Spot,
    ) -> Result<String, ContractError> {
        let target = target
            .as_str()
            .ok_or_else(|| from.error("expected a reference: the path of a file"))?;
        let (path, fragment) = target.split_once('#').unwrap_or((target, ""));
        let path = if path.is_empty() {
            file.to_owned()
        } else {
            join(file, path)
        };
        let schema = self.service.schemas.get(&path);
        if schema.is_none_or(|schema| schema.pointer(fragment).is_none()) {
            return Err(from.error(format!(
                "refers to `{target}`, which is not part of the contract"
            )));
        }
        let name = self.file(&path, from)?;
        Ok(format!("{}{}{fragment}", self.prefix, escape_token(&name)))
    }

    /// Enters a schema file among the definitions; gives the name that it has there.
    fn file(&mut self, path: &str, from: &Spot) -> Result<String, ContractError> {
        let name = definition_name(path);
        if !self.definitions.contains_key(&name) {
            let service = self.service;
            let schema = service
                .schemas
                .get(path)
                .ok_or_else(|| from.error(format!("`{path}` is not part of the contract")))?;
            // Entered before it is resolved, so that a schema may refer to itself.
            self.definitions.insert(name.clone(), Value::Null);
            let to = format!("/$defs/{}", escape_token(&name));
            let origin = Spot::file(&service.name, path);
            let mut resolved = self.schema(schema, path, &origin, &to)?;
            self.origins.push((to, origin));
            if let Value::Object(map) = &mut resolved {
                map.shift_remove("$schema");
            }
            self.definitions.insert(name.clone(), resolved);
        }
        Ok(name)
    }
}

/// `CopyInstance/response-200.json` -> `CopyInstance-response-200`; `objects/Tag.json` -> `Tag`.
fn definition_name(file: &str) -> String {
    let stem = file.strip_suffix(".json").unwrap_or(file);
    stem.strip_prefix("objects/")
        .unwrap_or(stem)
        .replace('/', "-")
}

/// A reference relative to the file it stands in.
fn join(base: &str, target: &str) -> String {
    let mut parts: Vec<&str> = base.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(
        "CopyInstance/response-200.json",
        "../objects/Tag.json",
        "objects/Tag.json"
    )]
    #[case("", "CopyInstance/request.json", "CopyInstance/request.json")]
    #[case("objects/A.json", "./B.json", "objects/B.json")]
    fn reference_is_relative_to_its_file(
        #[case] base: &str,
        #[case] target: &str,
        #[case] expected: &str,
    ) {
        assert_eq!(join(base, target), expected);
    }
}
