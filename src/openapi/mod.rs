//! OpenAPI documents (3.0, 3.1, 3.2 as far as it says the same, Swagger 2.0) as contracts: the same
//! form that derivation writes, each fact with its document, pointer and line. What a contract cannot
//! say is a documentation finding and a fact in prose; nothing is passed over.

mod bodies;
mod error;
mod examples;
mod library;
mod lines;
mod links;
mod media;
mod notes;
mod operation;
mod parameters;
mod responses;
mod schema;
mod security;
mod servers;
mod spot;
#[cfg(test)]
mod tests;
mod unique;
mod version;
mod yaml;

use std::path::Path;

use serde_json::{Value, json};

use self::library::Library;
use self::operation::Operations;
use self::schema::Schemas;
use self::spot::Spot;
use self::version::Version;
use crate::contract::{
    ANNOTATION, ContractError, DIALECT, PageEdition, Provenance, Service, compile,
};

pub use self::error::{OpenApiError, Problem};
pub use self::examples::without_broken_examples;

/// A document, read, with the files that it refers to.
#[derive(Debug, Clone)]
pub struct Document {
    library: Library,
}

/// The contract that a document gives.
#[derive(Debug, Clone)]
pub struct Translated {
    /// The contract.
    pub service: Service,
    /// How many operations were read.
    pub read: usize,
    /// Those that were not, with their lines.
    pub not_read: Vec<String>,
}

/// Whether a text looks like an OpenAPI document.
pub fn is_document(bytes: &[u8]) -> bool {
    version::is_document(bytes)
}

impl Document {
    /// Reads a document. `path` is the file that it stands in, whose folder is searched for the
    /// files that it refers to.
    pub fn read(name: &str, bytes: &[u8], path: Option<&Path>) -> Result<Self, OpenApiError> {
        let library = Library::load(name, bytes, path)?;
        Ok(Self { library })
    }

    /// The files of the document by their paths from its folder.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.library.files()
    }

    /// The document's own file name.
    pub fn file_name(&self) -> &str {
        &self.library.root
    }

    /// Whether it is a contract that was derived, rather than a source of one.
    pub fn is_derived(&self) -> bool {
        let root = self.library.document();
        root.is_some_and(|root| root.get(ANNOTATION).is_some())
    }

    /// The contract that the document gives. `name` is the service's, where the document is not to
    /// say.
    pub fn translate(&self, name: Option<&str>) -> Result<Translated, OpenApiError> {
        let Some(document) = self.library.document() else {
            return Err(error::empty(&self.library.root));
        };
        if self.is_derived() {
            return self.read_back(&document);
        }
        let version = Version::of(&document)?;
        let info = document.get("info");
        let text = |key: &str| {
            let value = info.as_ref().and_then(|info| info.value.get(key));
            value.map(|value| match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            })
        };
        let title = text("title").unwrap_or_default();
        let name = match name {
            Some(name) => name.to_owned(),
            None => service_name(&title, &self.library.root),
        };
        let edition = text("version").filter(|version| !version.is_empty());
        let file = document.fact(crate::contract::Facet::Prose, crate::contract::Level::May);
        let mut operations =
            Operations::new(Schemas::new(&self.library, version), document.clone());
        operations.read()?;
        if operations.count == 0 {
            let at = document.get("paths").unwrap_or_else(|| document.clone());
            return Err(at.error(Problem::Empty, "describes no operation"));
        }
        let mut written = json!({
            "openapi": "3.1.0",
            "info": { "title": name, "version": edition.clone().unwrap_or_else(|| "1".to_owned()) },
            "jsonSchemaDialect": DIALECT,
            "paths": operations.paths,
        });
        if let (Value::Object(map), false) = (&mut written, operations.schemes.is_empty()) {
            let components = json!({ "securitySchemes": operations.schemes });
            map.insert("components".to_owned(), components);
        }
        let mut service = Service {
            name: name.clone(),
            document: written,
            provenance: Provenance {
                service: name,
                pages: vec![PageEdition {
                    page: file.page().to_owned(),
                    edition,
                }],
                documentation: operations.findings,
            },
            schemas: operations.schemas.files,
        };
        without_broken_examples(&mut service);
        Ok(Translated {
            service,
            read: operations.count,
            not_read: operations.not_read,
        })
    }
}

impl Document {
    /// The contract that was exported as one document.
    fn read_back(&self, document: &Spot<'_>) -> Result<Translated, OpenApiError> {
        let service = Service::unbundle(&self.library.root, document.value);
        let read = service.and_then(|service| {
            let read = compile(&service)?.len();
            Ok((service, read))
        });
        let (service, read) = read.map_err(|error| match error {
            ContractError::Wrong {
                pointer, message, ..
            } => document
                .at(&pointer)
                .unwrap_or_else(|| document.clone())
                .error(Problem::Form, message),
            other => document.error(Problem::Form, other.to_string()),
        })?;
        Ok(Translated {
            service,
            read,
            not_read: Vec::new(),
        })
    }
}

/// The longest name that is made from a title.
const LONGEST_NAME: usize = 40;

/// A service's name from the title of its document, or from the file's name.
fn service_name(title: &str, file: &str) -> String {
    let stem = file.split('.').next().unwrap_or_default();
    let slug = |text: &str| {
        let words: Vec<String> = text
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        let mut name = String::new();
        for word in words {
            if name.len() + word.len() >= LONGEST_NAME && !name.is_empty() {
                break;
            }
            if !name.is_empty() {
                name.push('-');
            }
            name.extend(word.chars().take(LONGEST_NAME));
        }
        name
    };
    [slug(title), slug(stem)]
        .into_iter()
        .find(|name| !name.is_empty())
        .unwrap_or_else(|| "api".to_owned())
}
