//! The OpenAPI document of a contract, as types: what `derive` writes, and nothing beside it.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::layout::{Layout, Writes};
use super::list_style::ListStyle;
use super::media::MediaType;
use super::message::Location;
use super::provenance::{DocumentationFinding, Fact};
use super::rule::StatusRange;
use super::security::{Components, Requirements};

/// The document as a whole.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "every key is read, so that any other is an error")]
pub(super) struct Document {
    openapi: String,
    info: Info,
    #[serde(rename = "jsonSchemaDialect")]
    dialect: Option<String>,
    #[serde(default)]
    pub(super) components: ComponentsNode,
    /// What holds of operations that say nothing of it.
    pub(super) security: Option<Requirements>,
    pub(super) paths: IndexMap<String, BTreeMap<Method, OperationNode>>,
}

/// What a document names once.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ComponentsNode {
    #[serde(rename = "securitySchemes", default)]
    pub(super) security_schemes: Components,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "every key is read, so that any other is an error")]
struct Info {
    title: String,
    version: String,
}

/// What the document says of itself under `x-docproof`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// The service that it was derived for.
    pub service: String,
    /// The pages that it was derived from.
    pub pages: Vec<PageEdition>,
    /// What the pages contradict or leave open.
    pub documentation: Vec<DocumentationFinding>,
}

/// A page that a contract was derived from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageEdition {
    /// The page's file name.
    pub page: String,
    /// Its edition, where it says one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
}

/// A method, in the order in which the operations of a path are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub(super) enum Method {
    Get,
    Put,
    Post,
    Delete,
    Options,
    Head,
    Patch,
    Trace,
    /// `LIST` and `COPY` are no methods of OpenAPI; services have them all the same.
    List,
    Copy,
}

impl Method {
    /// The method in capitals.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Head => "HEAD",
            Self::Patch => "PATCH",
            Self::Trace => "TRACE",
            Self::List => "LIST",
            Self::Copy => "COPY",
        }
    }
}

impl TryFrom<String> for Method {
    type Error = String;

    fn try_from(key: String) -> Result<Self, Self::Error> {
        Ok(match key.as_str() {
            "get" => Self::Get,
            "put" => Self::Put,
            "post" => Self::Post,
            "delete" => Self::Delete,
            "options" => Self::Options,
            "head" => Self::Head,
            "patch" => Self::Patch,
            "trace" => Self::Trace,
            "list" => Self::List,
            "copy" => Self::Copy,
            _ => {
                return Err(format!(
                    "`{key}` is not read here: expected a method, such as `get`"
                ));
            }
        })
    }
}

/// An operation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OperationNode {
    #[serde(rename = "operationId")]
    pub(super) id: String,
    #[serde(default)]
    pub(super) parameters: Vec<ParameterNode>,
    #[serde(rename = "requestBody")]
    pub(super) request_body: Option<RequestBodyNode>,
    pub(super) responses: IndexMap<StatusRange, ResponseNode>,
    pub(super) security: Option<Requirements>,
    #[serde(rename = "x-docproof", default)]
    pub(super) annotation: Annotation,
}

/// A parameter.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ParameterNode {
    pub(super) name: String,
    #[serde(rename = "in")]
    pub(super) location: Location,
    #[serde(default)]
    pub(super) required: bool,
    /// How several values are written; not every style is one that is sent.
    #[serde(default)]
    pub(super) style: Option<String>,
    #[serde(default)]
    pub(super) explode: Option<bool>,
    pub(super) schema: Option<Value>,
    /// What stands for the schema where the value is a text of a media type.
    #[serde(default)]
    pub(super) content: Content,
    #[serde(default)]
    pub(super) example: Option<Value>,
}

/// A request body.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RequestBodyNode {
    #[serde(default)]
    pub(super) required: bool,
    pub(super) content: Content,
    #[serde(rename = "x-docproof", default)]
    pub(super) annotation: Annotation,
}

/// A response.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ResponseNode {
    #[serde(rename = "description", default)]
    _description: String,
    #[serde(default)]
    pub(super) headers: IndexMap<String, HeaderNode>,
    #[serde(default)]
    pub(super) content: Content,
    #[serde(default)]
    pub(super) links: IndexMap<String, LinkNode>,
    #[serde(rename = "x-docproof", default)]
    pub(super) annotation: Annotation,
}

/// Which operation takes a value of an answer, and as which parameter.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LinkNode {
    #[serde(rename = "operationId")]
    pub(super) operation: String,
    #[serde(default)]
    pub(super) parameters: IndexMap<String, String>,
}

/// A header of a response.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HeaderNode {
    #[serde(default)]
    pub(super) required: bool,
    pub(super) schema: Option<Value>,
}

/// A body by its media types.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Content(BTreeMap<MediaType, Media>);

impl Content {
    /// Whether it names no media type.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Its media types, the one that is taken first before the others.
    pub(super) fn kinds(&self) -> Vec<MediaType> {
        self.0.keys().cloned().collect()
    }

    /// The body and its media type: one with a schema before one without, JSON before a form, and a
    /// form before other texts.
    pub(super) fn into_media(self) -> (MediaType, Media) {
        let mut all = self.0.into_iter();
        let first = all.next().unwrap_or_default();
        if first.1.schema.is_some() || !first.0.is_json() {
            return first;
        }
        let described = all.find(|(kind, media)| kind.is_json() && media.schema.is_some());
        described.unwrap_or(first)
    }
}

/// The schema and the examples of a body.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Media {
    pub(super) schema: Option<Value>,
    #[serde(default)]
    examples: IndexMap<String, Example>,
    /// How the fields of a form are written, where that is told.
    #[serde(default)]
    encoding: IndexMap<String, EncodingNode>,
}

/// How a field of a form is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EncodingNode {
    /// How several values are written; not every style is one that is sent.
    #[serde(default)]
    style: Option<String>,
    #[serde(default)]
    explode: Option<bool>,
    /// The media types of the part, parted by commas.
    #[serde(rename = "contentType", default)]
    content_type: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    value: Value,
}

impl Media {
    /// How the fields of the body are written, where it is a form.
    pub(super) fn layout(&self) -> Layout {
        let fields = self.encoding.iter().map(|(name, told)| {
            let style = told.style.as_deref();
            // Each value in a part or pair of its own is what a form has where nothing is told.
            let style = ListStyle::of(style.unwrap_or("form"), told.explode);
            let media = told.content_type.as_deref().unwrap_or_default();
            let media = media.split(',').filter_map(MediaType::read).collect();
            (name.clone(), Writes { style, media })
        });
        Layout(fields.collect())
    }

    /// The values of the examples.
    pub(super) fn into_examples(self) -> Vec<Value> {
        self.examples
            .into_values()
            .map(|example| example.value)
            .collect()
    }
}

/// The facts about what carries them: a schema, a response, a request body or an operation.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Annotation {
    pub(super) facts: Vec<Fact>,
}
