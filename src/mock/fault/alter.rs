//! What a fault does to an answer, and the bytes of a body that it spoils.

use axum::http::HeaderMap;
use serde_json::Value;

use crate::contract::{FieldPath, told};

use super::super::reply::{Body, JSON, Reply, each};
use super::slips::Told;

/// How an answer is altered.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Alter {
    /// A field takes a value, wherever its parent is.
    Set(FieldPath, Value),
    /// A number is one more, wherever it is.
    More(FieldPath),
    /// A field is left out.
    Remove(FieldPath),
    /// Another status, the body as it was.
    Status(u16),
    /// Another status, no body.
    EmptyStatus(u16),
    /// Another content type, or none.
    ContentType(Option<&'static str>),
    /// No body where one belongs.
    NoBody,
    /// A body where none belongs.
    ExtraBody,
    /// The bytes of the body are spoilt.
    Spoil(Spoil),
    /// A field tells what it should not.
    Tell(FieldPath, Told),
    /// A length and a transfer encoding, both.
    TwoLengths,
    /// A header takes a value, or is left out.
    Header(String, Option<String>),
}

/// How the bytes of a body are spoilt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spoil {
    /// The last byte is missing.
    Truncated,
    /// Something follows the value.
    Trailing,
    /// A field stands there twice.
    Duplicate,
    /// A byte-order mark comes first.
    Mark,
    /// A byte that is not UTF-8.
    NotUtf8,
    /// `NaN` where a value belongs.
    NotANumber,
}

impl Alter {
    /// Alters an answer; `headers` are the request's.
    pub(super) fn apply(&self, headers: &HeaderMap, reply: &mut Reply) {
        match self {
            Self::Set(path, value) => {
                if let Body::Json(body) = &mut reply.body {
                    each(body, path, &mut |parent, name| {
                        parent.insert(name.to_owned(), value.clone());
                    });
                }
            }
            Self::More(path) => {
                if let Body::Json(body) = &mut reply.body {
                    each(body, path, &mut |parent, name| {
                        if let Some(value) = parent.get_mut(name)
                            && let Some(number) = told(value)
                        {
                            *value = match (value.as_i64(), value.is_string()) {
                                (Some(whole), _) => Value::from(whole.saturating_add(1)),
                                (None, true) => Value::from((number + 1.0).to_string()),
                                (None, false) => Value::from(number + 1.0),
                            };
                        }
                    });
                }
            }
            Self::Remove(path) => {
                if let Body::Json(body) = &mut reply.body {
                    each(body, path, &mut |parent, name| {
                        parent.shift_remove(name);
                    });
                }
            }
            Self::Status(status) => reply.status = *status,
            Self::Header(name, value) => {
                reply
                    .headers
                    .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
                let added = value
                    .iter()
                    .map(|value| (name.clone().into(), value.clone()));
                reply.headers.extend(added);
            }
            Self::EmptyStatus(status) => *reply = Reply::empty(*status),
            Self::ContentType(content_type) => reply.content_type = content_type.map(Into::into),
            Self::NoBody => *reply = Reply::empty(reply.status),
            Self::ExtraBody => {
                let body = "{\"message\":\"nothing\"}";
                let head = format!(
                    "HTTP/1.1 {} No Content\r\ncontent-type: {JSON}\r\ncontent-length: {}\r\n\r\n",
                    reply.status,
                    body.len()
                );
                reply.wire.instead = Some((head + body).into_bytes());
            }
            Self::Tell(path, told) => {
                let text = match told {
                    Told::Text(text) => Value::from(*text),
                    Told::Credential => ["x-auth-token", "x-api-key", "cookie", "authorization"]
                        .iter()
                        .find_map(|name| headers.get(*name)?.to_str().ok())
                        .map_or(Value::Null, |token| {
                            Value::from(format!("the token {token} is not allowed to"))
                        }),
                };
                if let (Body::Json(body), false) = (&mut reply.body, text.is_null()) {
                    each(body, path, &mut |parent, name| {
                        parent.insert(name.to_owned(), text.clone());
                    });
                }
            }
            Self::TwoLengths => {
                if let Body::Json(value) = &reply.body {
                    let body = value.to_string();
                    let length = body.len();
                    let text = format!(
                        "HTTP/1.1 {} Told\r\ncontent-type: {JSON}\r\ncontent-length: {length}\r\ntransfer-encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n",
                        reply.status
                    );
                    reply.wire.instead = Some(text.into_bytes());
                }
            }
            Self::Spoil(spoil) => {
                let bytes = match &reply.body {
                    Body::Json(value) => serde_json::to_vec(value).unwrap_or_default(),
                    Body::Raw(bytes) => bytes.clone(),
                    Body::None => return,
                };
                reply.body = Body::Raw(spoilt(bytes, *spoil));
            }
        }
    }
}

fn spoilt(mut bytes: Vec<u8>, spoil: Spoil) -> Vec<u8> {
    let within = |field: &str| {
        let mut text = format!("{{{field}").into_bytes();
        let rest = bytes.get(1..).unwrap_or_default();
        if rest != b"}" {
            text.push(b',');
        }
        text.extend_from_slice(rest);
        text
    };
    match spoil {
        Spoil::Truncated => {
            bytes.pop();
            bytes
        }
        Spoil::Trailing => {
            bytes.extend_from_slice(b" ok");
            bytes
        }
        Spoil::Duplicate => within("\"extra\":1,\"extra\":1"),
        Spoil::NotANumber => within("\"extra\":NaN"),
        Spoil::Mark => {
            let mut marked = b"\xef\xbb\xbf".to_vec();
            marked.append(&mut bytes);
            marked
        }
        Spoil::NotUtf8 => {
            if let Some(at) = bytes.iter().rposition(|byte| *byte == b'"') {
                bytes.insert(at, 0xff);
            }
            bytes
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::parse_strict;
    use rstest::rstest;

    #[rstest]
    #[case(Spoil::Truncated)]
    #[case(Spoil::Trailing)]
    #[case(Spoil::Duplicate)]
    #[case(Spoil::Mark)]
    #[case(Spoil::NotUtf8)]
    #[case(Spoil::NotANumber)]
    fn a_spoilt_body_is_no_strict_json(#[case] spoil: Spoil) {
        let body = br#"{"a":"b"}"#.to_vec();
        assert!(parse_strict(&spoilt(body, spoil)).is_err());
    }
}
