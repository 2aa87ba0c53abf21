//! What an operation's requests and answers are made of: parameters, bodies, headers.

use std::borrow::Cow;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;

use super::facet::{Facet, Meaning};
use super::field_path::{FieldPath, unescape_token};
use super::form::{Form, is_file};
use super::list_style::ListStyle;
use super::media::{MediaType, Writing};
use super::provenance::Fact;
use super::rule::{Place, StatusRange};
use super::schema::{Schema, types_of};

/// Where a parameter is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Location {
    /// In the path.
    Path,
    /// In the query string.
    Query,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
}

impl Location {
    /// OpenAPI's word for it, which is also the place in a fact's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }

    /// The place of the rules about its parameters.
    pub fn place(self) -> Place {
        match self {
            Self::Path => Place::Path,
            Self::Query => Place::Query,
            Self::Header => Place::Header,
            Self::Cookie => Place::Cookie,
        }
    }
}

/// A documented parameter.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where it is sent.
    pub location: Location,
    /// Whether it must be sent.
    pub required: bool,
    /// Its schema.
    pub schema: Arc<Schema>,
    /// How its values are written, where it has several and a page says how.
    pub style: Option<ListStyle>,
    /// Whether its value is sent as a JSON text (OpenAPI's `content`), whatever its type.
    pub is_json: bool,
    /// The value that a documented request has.
    pub example: Option<Value>,
}

impl Parameter {
    /// The name that is sent.
    pub fn sent_name(&self) -> Cow<'_, str> {
        match self.style {
            Some(style) => style.name(&self.name),
            None => Cow::Borrowed(&self.name),
        }
    }

    /// Whether it is a text of several values with commas between them, as its row says.
    pub fn is_parted(&self) -> bool {
        let several = Facet::Meaning(Meaning::SeveralOf);
        let mut facts = self.schema.own_facts().iter();
        self.style.is_none() && facts.any(|fact| fact.facet == several)
    }
}

/// A documented request body.
#[derive(Debug)]
pub struct RequestBody {
    /// Its media type.
    pub media: MediaType,
    /// Whether a body must be sent.
    pub required: bool,
    /// Whether a page shows the request without a body; then an empty body is documented-valid.
    pub empty_shown: bool,
    /// How it is written, where it is no JSON.
    pub form: Option<Arc<Form>>,
    /// Its schema.
    pub schema: Arc<Schema>,
    /// Documented examples.
    pub examples: Vec<Value>,
}

/// A documented response.
#[derive(Debug)]
pub struct Response {
    /// The statuses that it stands for: `200`, or `2XX` where no page names one.
    pub status: StatusRange,
    /// The media types of its body; none where no source names one.
    pub media: Vec<MediaType>,
    /// The body's schema; `None` where the response has no body, it is not JSON, or no page
    /// describes it.
    pub schema: Option<Arc<Schema>>,
    /// Its documented headers.
    pub headers: Vec<ResponseHeader>,
    /// Documented examples.
    pub examples: Vec<Value>,
    /// Facts about the status itself.
    pub facts: Vec<Fact>,
    /// The operations that take a value of this answer, or of its request.
    pub links: Vec<Link>,
}

/// That a parameter of another operation takes a value of an answer, or of its request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The other operation.
    pub operation: String,
    /// Its parameter.
    pub parameter: String,
    /// The value that it takes.
    pub value: LinkedValue,
}

/// A value that a link passes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkedValue {
    /// That of a field of the answer's body.
    Answered(FieldPath),
    /// That of a field of the request's body.
    Sent(FieldPath),
}

impl LinkedValue {
    /// Reads one from an expression such as `$response.body#/id`; none of what is no named field of
    /// a body.
    pub fn read(expression: &str) -> Option<Self> {
        let (body, pointer) = expression.trim().split_once("#/")?;
        let names: Vec<String> = pointer.split('/').map(unescape_token).collect();
        let is_name =
            |name: &String| !name.is_empty() && !name.chars().all(|digit| digit.is_ascii_digit());
        if !names.iter().all(is_name) {
            return None;
        }
        let path = names
            .into_iter()
            .fold(FieldPath::default(), |path, name| path.child(name));
        match body {
            "$response.body" => Some(Self::Answered(path)),
            "$request.body" => Some(Self::Sent(path)),
            _ => None,
        }
    }
}

/// A documented header of a response.
#[derive(Debug)]
pub struct ResponseHeader {
    /// Its name, as it is documented.
    pub name: String,
    /// Whether each answer has it.
    pub required: bool,
    /// The schema of its value.
    pub schema: Arc<Schema>,
}

impl Response {
    /// Whether its body is JSON by names of its own alone (`application/problem+json`), so that
    /// plain JSON is not what is documented.
    pub fn is_json_by_name(&self) -> bool {
        let is_named = |media: &MediaType| media.is_json() && *media != MediaType::Json;
        !self.media.is_empty() && self.media.iter().all(is_named)
    }

    /// Whether its body is documented as JSON: by a schema, or by examples that are objects or lists.
    pub fn has_json(&self) -> bool {
        let is_structured = |value: &Value| value.is_object() || value.is_array();
        self.schema.is_some()
            || self.media.iter().all(MediaType::is_json) && self.examples.iter().any(is_structured)
    }

    /// Whether this response describes a status.
    pub fn covers(&self, status: u16) -> bool {
        self.status.covers(status)
    }

    /// The class of the status: 2 for `200` and for `2XX`.
    pub fn class(&self) -> Option<u16> {
        self.status.class()
    }

    /// Whether this answer has no body: 204 by HTTP (RFC 9110, 15.3.5), whatever else is documented.
    pub fn is_bodyless(&self) -> bool {
        self.status == StatusRange::Code(204)
    }

    /// Whether it answers a request that did what it asked for: a success, or a redirection to where
    /// the answer is. That a copy is the newest (304) answers a conditional request alone.
    pub fn is_success(&self) -> bool {
        match self.class() {
            Some(2) => true,
            Some(3) => self.status != StatusRange::Code(304),
            _ => false,
        }
    }
}

/// Whether HTTP gives an answer no body, whatever its headers say of one: an answer to `HEAD` (RFC
/// 9110, 9.3.2), and the statuses 1xx, 204 and 304 (sections 15.2, 15.3.5 and 15.4.5).
pub fn is_without_body(method: &str, status: u16) -> bool {
    method == "HEAD" || status / 100 == 1 || matches!(status, 204 | 304)
}

/// Whether the answers of a status redirect to a `Location` (RFC 9110, sections 15.4.2 to 15.4.9).
pub fn is_redirect(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

impl RequestBody {
    /// Whether no field of a form is described, or a text is no text: nothing can be written then.
    pub(super) fn is_undescribed(&self) -> bool {
        let mut fields = self.schema.fields();
        match self.media.writing() {
            Writing::Form | Writing::Multipart => !fields.any(|field| !field.path.is_root()),
            Writing::Text => {
                let root = self.schema.follow(&self.schema.root);
                let is_silent = root.as_object().is_none_or(serde_json::Map::is_empty);
                let kinds = types_of(root);
                is_silent && self.examples.is_empty()
                    || !kinds.is_empty() && !kinds.contains(&"string")
            }
            Writing::Json | Writing::Unknown => false,
        }
    }

    /// Whether it has to have a file that no example shows and of which nothing says what it holds:
    /// what is made up is hardly such a file.
    pub(super) fn needs_untold_file(&self) -> bool {
        if self.media.writing() != Writing::Multipart {
            return false;
        }
        let is_shown = |path: &FieldPath| {
            let pointer = path.to_pointer();
            self.examples
                .iter()
                .any(|body| body.pointer(&pointer).is_some())
        };
        self.schema.fields().any(|field| {
            let media = field.node.get("contentMediaType");
            let media = media.and_then(Value::as_str).unwrap_or("*");
            let top = field.path.top().map(FieldPath::name);
            let top = top.and_then(|top| self.schema.field(&top));
            let is_needed = top.is_some_and(|top| top.required);
            is_needed && is_file(field.node) && media.ends_with('*') && !is_shown(field.path)
        })
    }

    /// The content type that its bytes go with.
    pub fn content_type(&self) -> String {
        match &self.form {
            Some(form) => form.content_type(),
            None => self.media.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("$response.body#/id", Some("answered id"))]
    #[case("$response.body#/data/id", Some("answered data.id"))]
    #[case("$request.body#/code", Some("sent code"))]
    #[case("$response.body#/items/0/id", None)]
    #[case("$response.body", None)]
    #[case("$response.header.Location", None)]
    #[case("$url", None)]
    fn an_expression_names_a_field_of_a_body(
        #[case] expression: &str,
        #[case] expected: Option<&str>,
    ) {
        let found = LinkedValue::read(expression).map(|value| match value {
            LinkedValue::Answered(path) => format!("answered {path}"),
            LinkedValue::Sent(path) => format!("sent {path}"),
        });
        assert_eq!(found.as_deref(), expected);
    }
}
