//! The parts of an operation between two steps: read with their schemas open, for these are compiled
//! with the facts of the operation's own pages, and closed once all of these are known.

use std::sync::Arc;

use serde_json::Value;

use super::super::border::Spot;
use super::super::bundle::Bundled;
use super::super::document::{HeaderNode, LinkNode, ParameterNode, RequestBodyNode, ResponseNode};
use super::super::error::ContractError;
use super::super::facet::Facet;
use super::super::form::Form;
use super::super::layout::Layout;
use super::super::list_style::ListStyle;
use super::super::media::MediaType;
use super::super::message::{
    Link, LinkedValue, Location, Parameter, RequestBody, Response, ResponseHeader,
};
use super::super::provenance::Fact;
use super::super::rule::StatusRange;
use super::super::schema::types_of;
use super::schemas::{Open, Schemas};

/// A parameter whose schema is open.
pub(super) struct OpenParameter {
    name: String,
    location: Location,
    required: bool,
    schema: Bundled,
    style: Option<ListStyle>,
    is_json: bool,
    example: Option<Value>,
}

impl OpenParameter {
    /// Reads one, which stands at a place of the document.
    pub(super) fn read(
        node: ParameterNode,
        schemas: &mut Schemas<'_>,
        spot: &Spot,
    ) -> Result<Self, ContractError> {
        if node.name.is_empty() {
            return Err(spot.join("name").error("expected a name"));
        }
        let style = node.style.as_deref();
        let style = style.and_then(|style| ListStyle::of(style, node.explode));
        let is_json = !node.content.is_empty();
        let schema = if is_json {
            let (kind, media) = node.content.into_media();
            let spot = spot.join("content").join(kind.as_str());
            schemas.bundled(media.schema.as_ref(), &spot)?
        } else {
            schemas.bundled(node.schema.as_ref(), spot)?
        };
        Ok(Self {
            name: node.name,
            location: node.location,
            required: node.required,
            schema,
            style,
            is_json,
            example: node.example,
        })
    }

    /// Compiles its schema.
    pub(super) fn close(self, schemas: &Schemas<'_>) -> Result<Parameter, ContractError> {
        let schema = schemas.finish(self.schema)?;
        let is_list = types_of(&schema.root).contains(&"array");
        Ok(Parameter {
            required: self.location == Location::Path || self.required,
            schema,
            name: self.name,
            location: self.location,
            style: self.style.filter(|_| is_list && !self.is_json),
            is_json: self.is_json,
            example: self.example,
        })
    }
}

/// A request's body whose schema is open.
pub(super) struct OpenBody {
    media: MediaType,
    layout: Layout,
    required: bool,
    facts: Vec<Fact>,
    schema: Open,
    examples: Vec<Value>,
}

impl OpenBody {
    /// Reads one, which stands at a place of the document.
    pub(super) fn read(
        node: RequestBodyNode,
        schemas: &mut Schemas<'_>,
        spot: &Spot,
    ) -> Result<Self, ContractError> {
        schemas.cite(&node.annotation.facts);
        let (kind, media) = node.content.into_media();
        let spot = spot.join("content").join(kind.as_str());
        let layout = media.layout();
        let schema = match &media.schema {
            Some(node) if kind.is_json() => schemas.open(node, &spot)?,
            node => {
                let mut bundled = schemas.bundled(node.as_ref(), &spot)?;
                layout.annotate(&mut bundled.root);
                Open::Bundled(bundled)
            }
        };
        Ok(Self {
            media: kind,
            layout,
            required: node.required,
            facts: node.annotation.facts,
            schema,
            examples: media.into_examples(),
        })
    }

    /// Compiles its schema.
    pub(super) fn close(self, schemas: &mut Schemas<'_>) -> Result<RequestBody, ContractError> {
        let schema = schemas.close(self.schema)?;
        let is_shown_empty = |fact: &Fact| fact.facet == Facet::EmptyBody;
        Ok(RequestBody {
            form: Form::of(&self.media, &self.layout, &schema).map(Arc::new),
            media: self.media,
            required: self.required,
            empty_shown: self.facts.iter().any(is_shown_empty),
            schema,
            examples: self.examples,
        })
    }
}

/// An answer whose schemas are open.
pub(super) struct OpenResponse {
    status: StatusRange,
    media: Vec<MediaType>,
    schema: Option<Open>,
    headers: Vec<OpenHeader>,
    examples: Vec<Value>,
    facts: Vec<Fact>,
    links: Vec<Link>,
}

impl OpenResponse {
    /// Reads one, which stands at a place of the document.
    pub(super) fn read(
        status: StatusRange,
        node: ResponseNode,
        schemas: &mut Schemas<'_>,
        spot: &Spot,
    ) -> Result<Self, ContractError> {
        schemas.cite(&node.annotation.facts);
        let kinds = node.content.kinds();
        let (kind, media) = node.content.into_media();
        // Of what is no JSON the media type is looked at, and not what it holds.
        let schema = media.schema.as_ref().filter(|_| kind.is_json());
        let place = spot.join("content").join(kind.as_str());
        let schema = schema.map(|node| schemas.open(node, &place)).transpose()?;
        let mut links = Vec::new();
        for (name, link) in node.links {
            links.extend(linked(link, &spot.join("links").join(&name))?);
        }
        let headers = node.headers.into_iter().map(|(name, header)| {
            let spot = spot.join("headers").join(&name);
            OpenHeader::read(name, header, schemas, &spot)
        });
        Ok(Self {
            status,
            media: kinds,
            schema,
            headers: headers.collect::<Result<_, ContractError>>()?,
            examples: media.into_examples(),
            facts: node.annotation.facts,
            links,
        })
    }

    /// Compiles its schemas.
    pub(super) fn close(self, schemas: &mut Schemas<'_>) -> Result<Response, ContractError> {
        let headers = self.headers.into_iter().map(|header| header.close(schemas));
        Ok(Response {
            headers: headers.collect::<Result<_, ContractError>>()?,
            schema: self.schema.map(|open| schemas.close(open)).transpose()?,
            media: self.media,
            status: self.status,
            examples: self.examples,
            facts: self.facts,
            links: self.links,
        })
    }
}

/// The links of an answer to one operation, one for each parameter that takes a value.
fn linked(node: LinkNode, spot: &Spot) -> Result<Vec<Link>, ContractError> {
    let LinkNode {
        operation,
        parameters,
    } = node;
    let links = parameters.into_iter().map(|(parameter, expression)| {
        let value = LinkedValue::read(&expression).ok_or_else(|| {
            let spot = spot.join("parameters").join(&parameter);
            spot.error("expected the name of a field of a body: `$response.body#/id`")
        })?;
        Ok(Link {
            operation: operation.clone(),
            parameter,
            value,
        })
    });
    links.collect()
}

/// A header of an answer whose schema is open.
struct OpenHeader {
    name: String,
    required: bool,
    schema: Bundled,
}

impl OpenHeader {
    fn read(
        name: String,
        node: HeaderNode,
        schemas: &mut Schemas<'_>,
        spot: &Spot,
    ) -> Result<Self, ContractError> {
        Ok(Self {
            name,
            required: node.required,
            schema: schemas.bundled(node.schema.as_ref(), spot)?,
        })
    }

    fn close(self, schemas: &Schemas<'_>) -> Result<ResponseHeader, ContractError> {
        Ok(ResponseHeader {
            name: self.name,
            required: self.required,
            schema: schemas.finish(self.schema)?,
        })
    }
}
