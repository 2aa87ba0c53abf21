//! What came back: an answer, or why there is none.

use std::time::Duration;

use serde_json::{Value, json};

use crate::generate::Request;

use super::credential::Authentication;
use super::redact::Redactor;

/// One request with its response.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The request as sent.
    pub request: Request,
    /// The whole URL.
    pub url: String,
    /// How the request was authenticated.
    pub authentication: Authentication,
    /// The answer, or why there is none.
    pub outcome: Result<Answer, TransportError>,
    /// From the first byte sent to the last received.
    pub elapsed: Duration,
}

/// A response.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers in the order received, names in lower case; bytes that are no text are replaced.
    pub headers: Vec<(String, String)>,
    /// The body, decompressed.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// No connection.
    #[error("cannot connect: {0}")]
    Connect(String),
    /// No whole answer in time.
    #[error("no complete answer within {0:?}")]
    Timeout(Duration),
    /// The connection broke, or what came is not HTTP.
    #[error("the answer broke off or is not HTTP: {0}")]
    Broken(String),
    /// The body is larger than is read.
    #[error("the body is larger than {0} bytes")]
    TooLarge(usize),
    /// The body holds more values than are read: what takes little room on the wire may take very much in memory.
    #[error("the body holds more than {0} JSON values")]
    TooMany(usize),
    /// There is no credential to send it with.
    #[error("{0}")]
    Credential(String),
    /// The request cannot be sent at all.
    #[error("the request cannot be sent: {0}")]
    Unsendable(String),
    /// The request was not sent: the mode forbids it, or the run is at its end.
    #[error("not sent: {0}")]
    NotSent(String),
}

impl Answer {
    /// The first header of a name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

impl Exchange {
    /// Whether there is an answer, and it is a success.
    pub fn is_success(&self) -> bool {
        self.outcome
            .as_ref()
            .is_ok_and(|answer| (200..300).contains(&answer.status))
    }

    /// The exchange as reports hold it: credentials redacted, bodies cut.
    pub fn to_json(&self, redactor: &Redactor) -> Value {
        const MOST: usize = 4_096;
        let redactor = &redactor.with(&self.authentication.secrets);
        // Redacted before it is cut to its length; of a large body no more is looked at than can be shown.
        let text = |bytes: &[u8]| {
            let mut text = match bytes.get(..4 * MOST) {
                Some(beginning) => {
                    let mut text = redactor.redact_beginning(&String::from_utf8_lossy(beginning));
                    if text.len() <= MOST {
                        text.push_str(&format!("... ({} bytes)", bytes.len()));
                    }
                    text
                }
                None => redactor.redact(&String::from_utf8_lossy(bytes)),
            };
            if text.len() > MOST {
                text.truncate(text.floor_char_boundary(MOST));
                text.push_str(&format!("... ({} bytes)", bytes.len()));
            }
            text
        };
        let mut headers = serde_json::Map::new();
        for (name, value) in &self.request.headers {
            headers.insert(name.clone(), Value::from(redactor.redact(value)));
        }
        if let Some(kind) = &self.request.content_type {
            headers.insert("Content-Type".to_owned(), Value::from(kind.as_str()));
        }
        for (name, value) in &self.authentication.headers {
            headers.insert((*name).to_owned(), Value::from(redactor.redact(value)));
        }
        let response = match &self.outcome {
            Ok(answer) => json!({
                "status": answer.status,
                "headers": headers_of(answer, redactor),
                "body": text(&answer.body),
            }),
            Err(error) => json!({ "error": redactor.redact(&error.to_string()) }),
        };
        json!({
            "request": {
                "method": self.request.method,
                "url": redactor.redact(&self.url),
                "headers": headers,
                "body": self.request.body_bytes().map(|bytes| text(&bytes)),
            },
            "response": response,
            "elapsed_ms": u64::try_from(self.elapsed.as_millis()).unwrap_or(u64::MAX),
        })
    }
}

/// The headers of an answer as reports hold them: so many, and so much of each.
fn headers_of(answer: &Answer, redactor: &Redactor) -> serde_json::Map<String, Value> {
    const MOST: usize = 64;
    const LONGEST: usize = 1_024;
    let short = |text: &str| {
        let length = text.len();
        let beginning = text.get(..text.floor_char_boundary(4 * LONGEST));
        let mut text = redactor.redact_beginning(beginning.unwrap_or_default());
        if text.len() > LONGEST {
            text.truncate(text.floor_char_boundary(LONGEST));
            text.push_str(&format!("... ({length} bytes)"));
        }
        text
    };
    let mut headers = serde_json::Map::new();
    for (name, value) in answer.headers.iter().take(MOST) {
        let value = short(value);
        match headers.get_mut(&short(name)) {
            // Several of one name are told as one, in their order (RFC 9110, section 5.3).
            Some(Value::String(known)) => known.push_str(&format!(", {value}")),
            _ => {
                headers.insert(short(name), Value::from(value));
            }
        }
    }
    headers
}
