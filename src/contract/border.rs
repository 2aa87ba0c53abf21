//! Reading the JSON of a contract into types. What is unknown, of another type or missing is an
//! error that says where it stands and what was expected: what is passed over is tested by nobody.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;
use serde_path_to_error::Segment;

use super::error::ContractError;
use super::field_path::escape_token;
use super::provenance::ANNOTATION;

/// Where a value stands: a file of the contract, and a JSON pointer (RFC 6901) in it.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    /// The file, after the service's name.
    pub(super) file: Arc<str>,
    pub(super) pointer: String,
}

impl Spot {
    /// The whole of a file.
    pub(super) fn file(service: &str, path: &str) -> Self {
        Self {
            file: format!("{service}/{path}").into(),
            pointer: String::new(),
        }
    }

    /// A member of what stands here.
    pub(super) fn join(&self, token: &str) -> Self {
        Self {
            file: Arc::clone(&self.file),
            pointer: [self.pointer.as_str(), &escape_token(token)].join("/"),
        }
    }

    /// What is wrong here.
    pub(super) fn error(&self, message: impl Into<String>) -> ContractError {
        ContractError::Wrong {
            file: self.file.to_string(),
            pointer: self.pointer.clone(),
            message: message.into(),
        }
    }

    /// Reads what stands here.
    pub(super) fn read<'v, T: Deserialize<'v>>(
        &self,
        value: &'v Value,
    ) -> Result<T, ContractError> {
        // Where something is wrong is only looked for once something is.
        T::deserialize(value)
            .or_else(|_| serde_path_to_error::deserialize(value))
            .map_err(|error| {
                let spot = error
                    .path()
                    .iter()
                    .fold(self.clone(), |spot, segment| match segment {
                        Segment::Seq { index } => spot.join(&index.to_string()),
                        Segment::Map { key } => spot.join(key),
                        Segment::Enum { variant } => spot.join(variant),
                        Segment::Unknown => spot,
                    });
                spot.error(error.inner().to_string())
            })
    }
}

/// What a JSON document is that is no contract; nothing for one that claims to be a contract.
pub(super) fn foreign(document: &Value) -> Option<String> {
    let version = |key: &str| document.get(key).and_then(Value::as_str);
    let has = |key: &str| document.get(key).is_some();
    if !document.is_object() {
        return Some("JSON, and no object".to_owned());
    }
    if let Some(version) = version("openapi") {
        return (!has(ANNOTATION)).then(|| {
            format!("an OpenAPI {version} document without docproof's provenance (`{ANNOTATION}`)")
        });
    }
    Some(if let Some(version) = version("swagger") {
        format!("a Swagger {version} document")
    } else if let Some(version) = version("asyncapi") {
        format!("an AsyncAPI {version} document")
    } else if has("$schema") || has("type") || has("properties") || has("$ref") {
        "a JSON Schema".to_owned()
    } else {
        "JSON without the key `openapi`".to_owned()
    })
}
