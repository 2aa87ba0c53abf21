//! A request before it is bytes: what to put where. `target` and `body_bytes` are the one place where it becomes what goes on the wire.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::contract::{Location, Operation};

use super::body::Body;

/// How credentials are carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scheme {
    /// There are none.
    #[default]
    None,
    /// A token in `X-Auth-Token`.
    Token,
    /// A signature in `Authorization`.
    Signature,
}

/// Which credential a request carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Credential {
    /// The one that the target was given.
    Given,
    /// None at all.
    Absent,
    /// An empty one.
    Empty,
    /// One of the right form that is not the target's: another token, or a signature by another secret.
    Wrong,
    /// A signature in the name of a key that nobody has.
    UnknownKey,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The path template.
    pub template: String,
    /// Path parameters by name, not encoded.
    pub path: BTreeMap<String, String>,
    /// Query parameters in order, not encoded.
    pub query: Vec<(String, String)>,
    /// Header parameters and further headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Body,
    /// The content type, where one is sent.
    pub content_type: Option<String>,
    /// The credential.
    pub credential: Credential,
}

impl Request {
    /// The path and query as sent, percent-encoded.
    pub fn target(&self) -> String {
        let mut target = String::new();
        let mut rest = self.template.as_str();
        while let Some(open) = rest.find('{') {
            target.push_str(rest.get(..open).unwrap_or_default());
            let after = rest.get(open + 1..).unwrap_or_default();
            let Some(close) = after.find('}') else { break };
            let name = after.get(..close).unwrap_or_default();
            encode(self.path.get(name).map_or("", String::as_str), &mut target);
            rest = after.get(close + 1..).unwrap_or_default();
        }
        target.push_str(rest);
        for (index, (name, value)) in self.query.iter().enumerate() {
            target.push(if index == 0 { '?' } else { '&' });
            encode(name, &mut target);
            target.push('=');
            encode(value, &mut target);
        }
        target
    }

    /// Whether the method is a safe one (RFC 9110, 9.2.1): it asks for nothing to be changed.
    pub fn is_safe(&self) -> bool {
        matches!(self.method.as_str(), "GET" | "HEAD" | "OPTIONS" | "TRACE")
    }

    /// Whether HTTP can carry it: the names of headers are tokens, and no control character is in a value (RFC 9110, sections 5.1 and 5.5).
    pub fn is_sendable(&self) -> bool {
        let is_value = |text: &str| {
            text.bytes()
                .all(|byte| byte == b'\t' || (byte >= 0x20 && byte != 0x7f))
        };
        let is_token =
            |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        self.content_type.as_deref().is_none_or(is_value)
            && self.headers.iter().all(|(name, value)| {
                !name.is_empty() && name.bytes().all(is_token) && is_value(value)
            })
    }

    /// The body as sent; `None` for no body.
    pub fn body_bytes(&self) -> Option<Vec<u8>> {
        match &self.body {
            Body::Absent => None,
            Body::Json(value) => Some(value.to_string().into_bytes()),
            Body::Raw(bytes) => Some(bytes.clone()),
        }
    }

    /// Puts a value into the place that a fact names: `request` + `backup_format`, `query` + `limit`. `None` removes it.
    pub fn set(&mut self, place: &str, field: &str, value: Option<Value>) {
        match place {
            "path" => {
                self.path.insert(
                    field.to_owned(),
                    value.as_ref().map(text_of).unwrap_or_default(),
                );
            }
            "query" | "header" => {
                let list = if place == "query" {
                    &mut self.query
                } else {
                    &mut self.headers
                };
                let at = list.iter().position(|(name, _)| name == field);
                match (value, at) {
                    (Some(value), Some(at)) => {
                        if let Some(slot) = list.get_mut(at) {
                            slot.1 = text_of(&value);
                        }
                    }
                    (Some(value), None) => list.push((field.to_owned(), text_of(&value))),
                    (None, Some(at)) => {
                        list.remove(at);
                    }
                    (None, None) => {}
                }
            }
            _ => {
                if !matches!(self.body, Body::Json(_)) {
                    self.body = Body::Json(Value::Object(Map::new()));
                    self.content_type = Some("application/json".to_owned());
                }
                if let Body::Json(body) = &mut self.body {
                    set_field(body, field, value);
                }
            }
        }
    }

    /// The value that stands in a place, as JSON.
    pub fn get(&self, place: &str, field: &str) -> Option<Value> {
        match place {
            "path" => self.path.get(field).map(|text| Value::from(text.as_str())),
            "query" => self
                .query
                .iter()
                .find(|(name, _)| name == field)
                .map(|(_, text)| Value::from(text.as_str())),
            "header" => self
                .headers
                .iter()
                .find(|(name, _)| name == field)
                .map(|(_, text)| Value::from(text.as_str())),
            _ => match &self.body {
                Body::Json(body) => body.pointer(&pointer_of(field)).cloned(),
                _ => None,
            },
        }
    }
}

/// The plainest documented-valid request of an operation: the documented example where there is one, else the required fields; bound
/// places take the target's resources. `None` names the first resource that is not given.
pub fn baseline(
    operation: &Operation,
    bindings: &BTreeMap<String, String>,
    resources: &BTreeMap<String, String>,
) -> Result<Request, String> {
    let mut request = Request {
        method: operation.method.clone(),
        template: operation.path.clone(),
        path: BTreeMap::new(),
        query: Vec::new(),
        headers: Vec::new(),
        body: Body::Absent,
        content_type: None,
        credential: Credential::Given,
    };
    for (index, parameter) in operation.parameters.iter().enumerate() {
        // The token is the credential's business, not a case's.
        if parameter.required
            && parameter.location != Location::Path
            && !is_protocol_header(&parameter.name)
        {
            let value = super::sample(&parameter.schema, &parameter.schema.root, index);
            request.set(parameter.location.as_str(), &parameter.name, Some(value));
        }
    }
    if let Some(body) = &operation.request_body {
        let value = body
            .examples
            .iter()
            .find(|example| body.schema.is_valid(example))
            .cloned()
            .unwrap_or_else(|| super::sample(&body.schema, &body.schema.root, 0));
        request.body = Body::Json(value);
        request.content_type = Some("application/json".to_owned());
    }
    for (place, key) in bindings {
        let Some((head, field)) = place.split_once('.') else {
            continue;
        };
        let value = resources.get(key).ok_or_else(|| key.clone())?;
        request.set(head, field, Some(Value::from(value.as_str())));
    }
    Ok(request)
}

/// Whether a place takes a resource of the target, or is an object that a resource stands in: its value is the baseline's.
pub fn is_bound(bindings: &BTreeMap<String, String>, place: &str, field: &str) -> bool {
    let own = format!("{place}.{field}");
    bindings.keys().any(|bound| {
        bound
            .strip_prefix(&own)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    })
}

/// Headers that the client sends by itself: credentials and the content type.
pub fn is_protocol_header(name: &str) -> bool {
    [
        "x-auth-token",
        "content-type",
        "authorization",
        "x-sdk-date",
        "host",
        "content-length",
        "x-project-id",
        "x-security-token",
    ]
    .contains(&name.to_ascii_lowercase().as_str())
}

/// A value as the text of a parameter.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The JSON pointer of a field path; the items of an array are its first.
pub fn pointer_of(field: &str) -> String {
    if field.is_empty() {
        return String::new();
    }
    let spaced = field.replace("[]", ".0");
    let mut pointer = String::new();
    for part in spaced.split('.').filter(|part| !part.is_empty()) {
        pointer.push('/');
        pointer.push_str(&part.replace('~', "~0").replace('/', "~1"));
    }
    pointer
}

/// Sets or removes a field; parents that are not there are made.
fn set_field(body: &mut Value, field: &str, value: Option<Value>) {
    let spaced = field.replace("[]", ".0");
    let parts: Vec<&str> = spaced.split('.').filter(|part| !part.is_empty()).collect();
    let Some((last, parents)) = parts.split_last() else {
        if let Some(value) = value {
            *body = value;
        }
        return;
    };
    let mut node = body;
    for part in parents {
        node = match node {
            Value::Array(items) => {
                if items.is_empty() {
                    items.push(Value::Object(Map::new()));
                }
                let Some(first) = items.first_mut() else {
                    return;
                };
                first
            }
            Value::Object(map) => map
                .entry((*part).to_owned())
                .or_insert_with(|| Value::Object(Map::new())),
            _ => return,
        };
    }
    match (node, value) {
        (Value::Array(items), Some(value)) => {
            items.clear();
            items.push(value);
        }
        (Value::Array(items), None) => items.clear(),
        (Value::Object(map), Some(value)) => {
            map.insert((*last).to_owned(), value);
        }
        (Value::Object(map), None) => {
            map.shift_remove(*last);
        }
        _ => {}
    }
}

/// Percent-encodes everything but RFC 3986's unreserved characters.
fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            let digit = |four: u8| char::from(b"0123456789ABCDEF"[usize::from(four & 0xF)]);
            out.extend(['%', digit(byte >> 4), digit(byte)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case("name", Some(json!("x")), json!({"name": "x", "tags": []}))]
    #[case("tags[].key", Some(json!("k")), json!({"name": "a", "tags": [{"key": "k"}]}))]
    #[case("name", None, json!({"tags": []}))]
    fn fields_are_set_by_their_path(
        #[case] field: &str,
        #[case] value: Option<Value>,
        #[case] expected: Value,
    ) {
        let mut body = json!({"name": "a", "tags": []});
        set_field(&mut body, field, value);
        assert_eq!(body, expected);
    }

    #[rstest]
    #[case("request", "eip.id", true)]
    #[case("request", "eip", true)]
    #[case("request", "ei", false)]
    #[case("request", "eip.name", false)]
    #[case("query", "eip", false)]
    fn what_holds_a_resource_is_bound(
        #[case] place: &str,
        #[case] field: &str,
        #[case] bound: bool,
    ) {
        let bindings = BTreeMap::from([("request.eip.id".to_owned(), "shop.eip_id".to_owned())]);
        assert_eq!(is_bound(&bindings, place, field), bound);
    }

    #[rstest]
    #[case::plain("a", true)]
    #[case::beyond_ascii("é", true)]
    #[case::tab("a\tb", true)]
    #[case::line_feed("a\nb", false)]
    #[case::null("\u{0}", false)]
    #[case::delete("\u{7f}", false)]
    fn what_a_header_cannot_carry_is_not_sendable(#[case] value: &str, #[case] expected: bool) {
        let mut request = Request {
            method: "GET".to_owned(),
            template: "/".to_owned(),
            path: BTreeMap::new(),
            query: Vec::new(),
            headers: vec![("X-Language".to_owned(), value.to_owned())],
            body: Body::Absent,
            content_type: None,
            credential: Credential::Given,
        };
        assert_eq!(request.is_sendable(), expected);
        request.headers = vec![(value.to_owned(), "a".to_owned())];
        assert_eq!(request.is_sendable(), value == "a");
    }

    #[test]
    fn targets_are_percent_encoded() {
        let request = Request {
            method: "GET".to_owned(),
            template: "/v2/{id}/x".to_owned(),
            path: BTreeMap::from([("id".to_owned(), "a/b".to_owned())]),
            query: vec![("q".to_owned(), "1 é&".to_owned())],
            headers: Vec::new(),
            body: Body::Absent,
            content_type: None,
            credential: Credential::Given,
        };
        assert_eq!(request.target(), "/v2/a%2Fb/x?q=1%20%C3%A9%26");
    }
}
