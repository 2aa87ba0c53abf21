//! A request before it is bytes: what to put where. `target` and `body_bytes` are the one place
//! where it becomes what goes on the wire.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::contract::{
    Action, FieldPath, ListStyle, Place, Row, SecurityScheme, Step, numbered, sent_path,
};

use super::body::Body;
use super::lists::{Listed, Written, get_json, get_list, set_json, set_list};

/// The header that has all cookies of a request.
pub const COOKIE: &str = "Cookie";

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
    /// The target's own user with an empty password, which some directories take for a guest.
    EmptyPassword,
    /// One of the right form that is not the target's: another token or password, or a signature by
    /// another secret.
    Wrong,
    /// One in the name of a key or a user that nobody has.
    UnknownKey,
    /// The target's own under another scheme of `Authorization`.
    OtherScheme,
    /// The target's own without its last character.
    Cut,
    /// The target's own with a character after it.
    Extended,
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
    /// Cookie parameters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cookies: Vec<(String, String)>,
    /// The body.
    pub body: Body,
    /// The content type, where one is sent.
    pub content_type: Option<String>,
    /// The credential.
    pub credential: Credential,
    /// The one scheme that this is about, where the others carry what the target was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_of: Option<Box<SecurityScheme>>,
    /// The places that take the id of a resource which exists only when the request is sent.
    #[serde(skip)]
    pub borrowed: Arc<Vec<Borrowed>>,
    /// The places whose values the user gave.
    #[serde(skip)]
    #[schemars(skip)]
    pub given: Arc<Vec<Row>>,
    /// How the parameters that have several values are written.
    #[serde(skip)]
    #[schemars(skip)]
    pub lists: Arc<Vec<Listed>>,
}

/// Which resource a request borrows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// One that all trials read.
    Everybodys,
    /// One that was made for the trial, which changes it.
    Own,
    /// One that does not exist yet: the request makes it, of an id that nobody has.
    Nobodys,
}

/// A place of a request that takes the id of a resource that the run itself creates. Until the
/// request is sent, a value that the schema allows stands in for the id.
#[derive(Debug, Clone, PartialEq)]
pub struct Borrowed {
    /// The place.
    pub row: Row,
    /// The resource key.
    pub key: String,
    /// Which resource it is.
    pub whose: Whose,
    /// What stands in for the id.
    pub stand_in: Value,
}

/// What commas part.
const BY_COMMAS: Written = Written::List(ListStyle::Commas);

impl Request {
    /// A request of a method and a path's template, with the credential and nothing else.
    pub fn bare(method: &str, template: &str) -> Self {
        Self {
            method: method.to_owned(),
            template: template.to_owned(),
            path: BTreeMap::new(),
            query: Vec::new(),
            headers: Vec::new(),
            cookies: Vec::new(),
            body: Body::Absent,
            content_type: None,
            credential: Credential::Given,
            credential_of: None,
            borrowed: Arc::default(),
            given: Arc::default(),
            lists: Arc::default(),
        }
    }

    /// Which credential the request carries by a scheme.
    pub fn credential_by(&self, scheme: &SecurityScheme) -> Credential {
        match &self.credential_of {
            Some(only) if **only != *scheme => Credential::Given,
            Some(_) | None => self.credential,
        }
    }

    /// Whether a borrowed place still has what stands in for the id, and so takes the id.
    pub fn lacks(&self, borrowed: &Borrowed) -> bool {
        match (&self.body, borrowed.row.place) {
            (Body::Raw(bytes), Place::Request) => holds(bytes, &borrowed.stand_in).is_some(),
            _ => self
                .get(borrowed.row.place, &borrowed.row.field)
                .is_some_and(|value| text_of(&value) == text_of(&borrowed.stand_in)),
        }
    }

    /// Puts the id into a borrowed place, as the type that the place takes: what counts its ids may
    /// be named by a text elsewhere.
    pub fn lend(&mut self, borrowed: &Borrowed, id: &Value) {
        let id = match (&borrowed.stand_in, id) {
            (Value::String(_), Value::Number(number)) => &Value::from(number.to_string()),
            (Value::Number(_), Value::String(text)) => {
                &text.parse::<i64>().map_or_else(|_| id.clone(), Value::from)
            }
            _ => id,
        };
        match (&mut self.body, borrowed.row.place) {
            (Body::Raw(bytes), Place::Request) => {
                let old = borrowed.stand_in.to_string();
                if let Some(at) = holds(bytes, &borrowed.stand_in) {
                    bytes.splice(at..at + old.len(), id.to_string().into_bytes());
                }
            }
            _ => self.set(borrowed.row.place, &borrowed.row.field, Some(id.clone())),
        }
    }

    /// The path and query as sent, percent-encoded.
    pub fn target(&self) -> String {
        let mut target = String::new();
        let mut rest = sent_path(&self.template);
        while let Some(open) = rest.find('{') {
            target.push_str(rest.get(..open).unwrap_or_default());
            let after = rest.get(open + 1..).unwrap_or_default();
            let Some(close) = after.find('}') else { break };
            let name = after.get(..close).unwrap_or_default();
            encode(self.path.get(name).map_or("", String::as_str), &mut target);
            rest = after.get(close + 1..).unwrap_or_default();
        }
        target.push_str(rest);
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (index, (name, value)) in self.pairs().enumerate() {
            target.push(if index == 0 { '?' } else { '&' });
            let count = counts.entry(name).or_default();
            encode(&numbered::sent_name(name, *count), &mut target);
            *count += 1;
            target.push('=');
            let listed = self.lists.iter();
            let mut listed = listed.filter(|listed| listed.place == Place::Query);
            let is_parted =
                listed.any(|listed| listed.name == *name && listed.written == BY_COMMAS);
            for (index, part) in value.split(',').enumerate() {
                match index {
                    0 => {}
                    // What parts values is no part of them (RFC 3986, section 2.2).
                    _ if is_parted => target.push(','),
                    _ => encode(",", &mut target),
                }
                encode(part, &mut target);
            }
        }
        target
    }

    /// The pairs of the query, with the action that the path names where none of them does.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let action = Action::of(&self.template)
            .filter(|action| !self.query.iter().any(|(name, _)| name == action.parameter));
        let own = self.query.iter();
        action
            .map(|action| (action.parameter, action.name))
            .into_iter()
            .chain(own.map(|(name, value)| (name.as_str(), value.as_str())))
    }

    /// Whether the method is a safe one (RFC 9110, 9.2.1): it asks for nothing to be changed.
    pub fn is_safe(&self) -> bool {
        is_safe(&self.method, &self.template)
    }

    /// Whether it has a header of a name, in whatever case.
    pub fn has_header(&self, name: &str) -> bool {
        let mut names = self.headers.iter().map(|(own, _)| own);
        names.any(|own| own.eq_ignore_ascii_case(name))
    }

    /// Whether HTTP can carry it: the names of headers are tokens, and no control character is in a
    /// value (RFC 9110, sections 5.1 and 5.5).
    pub fn is_sendable(&self) -> bool {
        let is_token =
            |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        self.content_type.as_deref().is_none_or(is_header_value)
            && self.headers.iter().all(|(name, value)| {
                !name.is_empty() && name.bytes().all(is_token) && is_header_value(value)
            })
            && self.cookies.iter().all(|(name, value)| {
                !name.is_empty() && name.bytes().all(is_token) && value.bytes().all(is_of_cookie)
            })
    }

    /// The one header that has all cookies (RFC 6265, section 5.4), those that carry a credential
    /// first; none where there is no cookie.
    pub fn cookie_header(&self, carried: Option<&str>) -> Option<String> {
        let own = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let all: Vec<String> = carried.map(str::to_owned).into_iter().chain(own).collect();
        (!all.is_empty()).then(|| all.join("; "))
    }

    /// The body as sent; `None` for no body.
    pub fn body_bytes(&self) -> Option<Vec<u8>> {
        self.body.bytes()
    }

    /// Puts a value into a field of a place; `None` removes it. What is no part of a request is
    /// left alone.
    pub fn set(&mut self, place: Place, field: &FieldPath, value: Option<Value>) {
        match place {
            Place::Path => {
                let text = value.as_ref().map(text_of).unwrap_or_default();
                self.path.insert(parameter_name(field), text);
            }
            Place::Query | Place::Header => {
                let written = self.written(place, field);
                let list = match place {
                    Place::Query => &mut self.query,
                    _ => &mut self.headers,
                };
                match written {
                    Some(Written::List(style)) => set_list(list, field, value.as_ref(), style),
                    Some(Written::Json) => set_json(list, field, value.as_ref()),
                    None => set_parameter(list, field, value),
                }
            }
            Place::Request => {
                if self.body.value().is_none() {
                    self.body = Body::Json(Value::Object(Map::new()));
                    self.content_type = Some("application/json".to_owned());
                }
                if let Some(body) = self.body.value_mut() {
                    set_field(body, field, value);
                }
            }
            Place::Cookie => set_parameter(&mut self.cookies, field, value),
            Place::Operation | Place::Response(_) | Place::ResponseHeader(_) => {}
        }
    }

    /// How the value of a parameter is written, where it is more than a plain text.
    pub(super) fn written(&self, place: Place, field: &FieldPath) -> Option<Written> {
        let name = field.top()?;
        let mut lists = self.lists.iter();
        let known = lists.find(|listed| listed.place == place && listed.name == name)?;
        Some(known.written)
    }

    /// The value that stands in a field of a place, as JSON.
    pub fn get(&self, place: Place, field: &FieldPath) -> Option<Value> {
        let listed = |list: &[(String, String)]| {
            match self.written(place, field) {
                Some(Written::List(style)) => return get_list(list, field, style),
                Some(Written::Json) => return get_json(list, field),
                None => {}
            }
            let name = parameter_name(field);
            let (_, text) = list.iter().find(|(known, _)| *known == name)?;
            Some(Value::from(text.as_str()))
        };
        match place {
            Place::Path => {
                let text = self.path.get(&parameter_name(field))?;
                Some(Value::from(text.as_str()))
            }
            Place::Query => listed(&self.query),
            Place::Header => listed(&self.headers),
            Place::Request => self.body.at(field).cloned(),
            Place::Cookie => listed(&self.cookies),
            Place::Operation | Place::Response(_) | Place::ResponseHeader(_) => None,
        }
    }
}

impl Body {
    /// The value of a field of a JSON body; an array's first item stands for all.
    pub(super) fn at(&self, field: &FieldPath) -> Option<&Value> {
        self.value()?.pointer(&field.to_pointer())
    }
}

/// The name of the parameter that a path stands for.
fn parameter_name(field: &FieldPath) -> String {
    match field.steps() {
        [Step::Name(name)] => name.clone(),
        _ => field.to_string(),
    }
}

/// Sets or removes a parameter, which keeps its position.
fn set_parameter(list: &mut Vec<(String, String)>, field: &FieldPath, value: Option<Value>) {
    let name = parameter_name(field);
    let at = list.iter().position(|(known, _)| *known == name);
    match (value, at) {
        (Some(value), Some(at)) => {
            if let Some((_, text)) = list.get_mut(at) {
                *text = text_of(&value);
            }
        }
        (Some(value), None) => list.push((name, text_of(&value))),
        (None, Some(at)) => {
            list.remove(at);
        }
        (None, None) => {}
    }
}

/// Whether a text can be a header's value: no control character is in it (RFC 9110, section 5.5).
pub(super) fn is_header_value(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte == b'\t' || (byte >= 0x20 && byte != 0x7f))
}

/// Whether a byte can stand in a cookie's value (RFC 6265, section 4.1.1).
pub(super) fn is_of_cookie(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"\",;\\".contains(&byte)
}

/// Whether a method is a safe one (RFC 9110, 9.2.1), and the path names no action that changes
/// something.
pub(super) fn is_safe(method: &str, template: &str) -> bool {
    matches!(method, "GET" | "HEAD" | "OPTIONS" | "TRACE")
        && Action::of(template).is_none_or(Action::reads)
}

/// Where raw bytes hold a value as JSON writes it.
fn holds(bytes: &[u8], value: &Value) -> Option<usize> {
    let wanted = value.to_string().into_bytes();
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
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
pub fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Sets or removes a field; parents that are not there are made. Of an array, the first item stands
/// for all.
pub(super) fn set_field(body: &mut Value, field: &FieldPath, value: Option<Value>) {
    let Some((last, parents)) = field.steps().split_last() else {
        if let Some(value) = value {
            *body = value;
        }
        return;
    };
    let mut node = body;
    let below = field.steps().iter().skip(1);
    for (step, next) in parents.iter().zip(below) {
        let missing = || match next {
            Step::Item => Value::Array(Vec::new()),
            Step::Name(_) | Step::Entry => Value::Object(Map::new()),
        };
        node = match node {
            Value::Array(items) => {
                if items.is_empty() {
                    items.push(missing());
                }
                let Some(first) = items.first_mut() else {
                    return;
                };
                first
            }
            Value::Object(map) => map.entry(key_of(step)).or_insert_with(missing),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return,
        };
    }
    match (node, value) {
        // What stands beside it may have to: a list can be of two items at least.
        (Value::Array(items), Some(value)) => {
            let others = items.drain(..).skip(1).filter(|other| *other != value);
            let others: Vec<Value> = others.collect();
            items.push(value);
            items.extend(others);
        }
        (Value::Array(items), None) => items.clear(),
        (Value::Object(map), Some(value)) => {
            map.insert(key_of(last), value);
        }
        (Value::Object(map), None) => {
            map.shift_remove(&key_of(last));
        }
        (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_), _) => {}
    }
}

/// The key that a step is in an object: what should be an array and is none shows as an object.
fn key_of(step: &Step) -> String {
    match step {
        Step::Name(name) => name.clone(),
        Step::Item => "0".to_owned(),
        Step::Entry => "*".to_owned(),
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
        set_field(&mut body, &FieldPath::from(field), value);
        assert_eq!(body, expected);
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
            headers: vec![("X-Language".to_owned(), value.to_owned())],
            ..Request::bare("GET", "/")
        };
        assert_eq!(request.is_sendable(), expected);
        request.headers = vec![(value.to_owned(), "a".to_owned())];
        assert_eq!(request.is_sendable(), value == "a");
    }

    #[test]
    fn targets_are_percent_encoded() {
        let request = Request {
            path: BTreeMap::from([("id".to_owned(), "a/b".to_owned())]),
            query: vec![("q".to_owned(), "1 é&".to_owned())],
            ..Request::bare("GET", "/v2/{id}/x")
        };
        assert_eq!(request.target(), "/v2/a%2Fb/x?q=1%20%C3%A9%26");
    }
}
