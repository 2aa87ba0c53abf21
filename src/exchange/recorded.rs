//! An exchange as it is written down: credentials redacted, the answer cut. The request is kept as
//! it was sent, so that it can be sent again and shown in every form, wherever redaction leaves all
//! of it as it is; where it does not, only what may be shown of it is kept.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::SecurityScheme;
use crate::generate::{COOKIE, Credential, Request, Scheme};

use super::answer::{Answer, Exchange};
use super::authenticator::Authentication;
use super::carry::shown;
use super::curl::curl_line;
use super::redact::Redactor;

/// The largest body that is kept as it was sent.
const LARGEST: usize = 64 * 1024;

/// How much of a body is shown, in bytes.
const LONGEST_BODY: usize = 4_096;

/// How many headers of an answer are shown, and how much of each, in bytes.
const MOST_HEADERS: usize = 64;
const LONGEST_HEADER: usize = 1_024;

/// Headers by name, in their order.
pub type Headers = IndexMap<String, String>;

/// An exchange as a finding keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct RecordedExchange {
    /// The request.
    pub request: RecordedRequest,
    /// The answer, or why there is none.
    pub response: RecordedResponse,
    /// From the first byte sent to the last received, in milliseconds.
    pub elapsed_ms: u64,
}

/// A request as it is kept: never with a credential in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum RecordedRequest {
    /// As it was sent: `docproof replay` can send it again.
    Sent(Box<SentRequest>),
    /// What may be shown of one that is larger than 64 KiB, or holds what must not be written down.
    Partial(PartialRequest),
}

/// A request as it was sent, but for the credential, which is injected anew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SentRequest {
    /// What stands before the path in the URL: scheme and host.
    pub endpoint: String,
    /// What was put where.
    #[serde(flatten)]
    pub request: Request,
    /// How the credential was carried.
    pub scheme: Scheme,
    /// The headers that carried it, as they may be shown.
    pub authentication: Headers,
    /// How the endpoint was connected to, as options of curl.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub connection: String,
}

/// What may be shown of a request that is not kept as it was sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct PartialRequest {
    /// Its parts.
    #[serde(flatten)]
    pub shown: ShownRequest,
    /// A curl line that sends it again, but for what is redacted in it.
    pub curl: String,
}

/// A request as people are shown it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShownRequest {
    /// The method.
    pub method: String,
    /// The whole URL.
    pub url: String,
    /// The headers.
    pub headers: Headers,
    /// The body as text, cut; null for none.
    pub body: Option<String>,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum RecordedResponse {
    /// An answer.
    Received {
        /// The status code.
        status: u16,
        /// The headers, names in lower case; several of one name are told as one.
        headers: Headers,
        /// The body as text, cut.
        body: String,
    },
    /// None.
    NoAnswer {
        /// Why.
        error: String,
    },
}

/// An exchange as the journal tells it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShownExchange {
    /// The request.
    pub request: ShownRequest,
    /// The answer, or why there is none.
    pub response: RecordedResponse,
    /// From the first byte sent to the last received, in milliseconds.
    pub elapsed_ms: u64,
}

impl RecordedExchange {
    /// The status of the answer, where there is one.
    pub fn status(&self) -> Option<u16> {
        match self.response {
            RecordedResponse::Received { status, .. } => Some(status),
            RecordedResponse::NoAnswer { .. } => None,
        }
    }
}

impl RecordedRequest {
    /// The request as people are shown it.
    pub fn shown(&self) -> ShownRequest {
        match self {
            Self::Sent(sent) => sent.shown(),
            Self::Partial(partial) => partial.shown.clone(),
        }
    }

    /// Whether it carried another credential than the right one, or none.
    pub fn is_unauthorised(&self) -> bool {
        match self {
            Self::Sent(sent) => {
                let request = &sent.request;
                request.credential != Credential::Given || request.credential_of.is_some()
            }
            Self::Partial(_) => false,
        }
    }

    /// The whole URL.
    pub fn url(&self) -> String {
        match self {
            Self::Sent(sent) => sent.url(),
            Self::Partial(partial) => partial.shown.url.clone(),
        }
    }

    /// A curl line that sends it again; the credential is taken from the environment.
    pub fn curl(&self) -> String {
        match self {
            Self::Sent(sent) => sent.curl(),
            Self::Partial(partial) => partial.curl.clone(),
        }
    }

    /// The request as it was sent, where it is kept.
    pub fn sent(&self) -> Option<&Request> {
        match self {
            Self::Sent(sent) => Some(&sent.request),
            Self::Partial(_) => None,
        }
    }
}

impl SentRequest {
    fn url(&self) -> String {
        format!("{}{}", self.endpoint, self.request.target())
    }

    fn shown(&self) -> ShownRequest {
        let nothing = Redactor::default();
        let url = with_key(&self.url(), &self.scheme, &self.request);
        ShownRequest::new(&self.request, &url, &self.authentication, &nothing)
    }

    fn curl(&self) -> String {
        curl_line(
            &self.request,
            &self.url(),
            &self.scheme,
            &self.authentication,
            &self.connection,
        )
    }

    /// Whether it is not too large, and holds nothing that must not be written down, in whatever
    /// form it is shown.
    fn may_be_kept(&self, partial: &PartialRequest, redactor: &Redactor) -> bool {
        let bytes = self.request.body_bytes().unwrap_or_default();
        if bytes.len() > LARGEST {
            return false;
        }
        let Ok(written) = serde_json::to_string(self) else {
            return false;
        };
        let body = String::from_utf8_lossy(&bytes);
        let parameters = self.request.path.values();
        let pairs = self.request.query.iter().chain(&self.request.cookies);
        let query = pairs.map(|(_, value)| value);
        written.len() <= 2 * LARGEST
            && !redactor.finds(&written)
            && !redactor.finds(&bytes)
            && self.shown() == partial.shown
            && self.curl() == partial.curl
            && redactor.redact(&body) == body
            && parameters
                .chain(query)
                .all(|text| redactor.redact(text) == *text)
    }
}

impl ShownRequest {
    fn new(request: &Request, url: &str, authentication: &Headers, redactor: &Redactor) -> Self {
        let mut headers: Headers = request
            .headers
            .iter()
            .map(|(name, value)| (redactor.redact(name), redactor.redact(value)))
            .collect();
        if let Some(kind) = &request.content_type {
            headers.insert("Content-Type".to_owned(), redactor.redact(kind));
        }
        headers.extend(authentication.clone());
        let carried = headers.get(COOKIE).map(String::as_str);
        if let Some(cookies) = request.cookie_header(carried) {
            headers.insert(COOKIE.to_owned(), redactor.redact(&cookies));
        }
        Self {
            method: redactor.redact(&request.method),
            url: redactor.redact(url),
            headers,
            body: request
                .body_bytes()
                .map(|bytes| beginning(&bytes, LONGEST_BODY, redactor)),
        }
    }
}

impl Exchange {
    /// The exchange as a finding keeps it.
    pub fn recorded(&self, redactor: &Redactor) -> RecordedExchange {
        let redactor = &redactor.with(&self.authentication.secrets);
        RecordedExchange {
            request: self.request_as_kept(redactor),
            response: self.recorded_response(redactor),
            elapsed_ms: self.elapsed_ms(),
        }
    }

    /// Its request as a finding keeps it.
    pub fn recorded_request(&self, redactor: &Redactor) -> RecordedRequest {
        self.request_as_kept(&redactor.with(&self.authentication.secrets))
    }

    /// The exchange as the journal tells it.
    pub fn shown(&self, redactor: &Redactor) -> ShownExchange {
        let redactor = &redactor.with(&self.authentication.secrets);
        let authentication = self.shown_authentication(redactor);
        ShownExchange {
            request: self.shown_request(&authentication, redactor),
            response: self.recorded_response(redactor),
            elapsed_ms: self.elapsed_ms(),
        }
    }

    fn shown_request(&self, authentication: &Headers, redactor: &Redactor) -> ShownRequest {
        let Authentication { scheme, .. } = &self.authentication;
        let url = with_key(&self.url, scheme, &self.request);
        ShownRequest::new(&self.request, &url, authentication, redactor)
    }

    fn shown_authentication(&self, redactor: &Redactor) -> Headers {
        self.authentication
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), redactor.redact(value)))
            .collect()
    }

    fn request_as_kept(&self, redactor: &Redactor) -> RecordedRequest {
        let scheme = self.authentication.scheme.clone();
        let authentication = self.shown_authentication(redactor);
        let connection = &self.connection;
        let line = curl_line(
            &self.request,
            &self.url,
            &scheme,
            &authentication,
            connection,
        );
        let partial = PartialRequest {
            shown: self.shown_request(&authentication, redactor),
            curl: redactor.redact(&line),
        };
        let sent = self
            .url
            .strip_suffix(&self.request.target())
            .map(|endpoint| SentRequest {
                endpoint: endpoint.to_owned(),
                request: self.request.clone(),
                scheme,
                authentication,
                connection: connection.to_string(),
            });
        match sent {
            Some(sent) if sent.may_be_kept(&partial, redactor) => {
                RecordedRequest::Sent(Box::new(sent))
            }
            _ => RecordedRequest::Partial(partial),
        }
    }

    fn recorded_response(&self, redactor: &Redactor) -> RecordedResponse {
        match &self.outcome {
            Ok(answer) => RecordedResponse::Received {
                status: answer.status,
                headers: shown_headers(answer, redactor),
                body: beginning(&answer.body, LONGEST_BODY, redactor),
            },
            Err(error) => RecordedResponse::NoAnswer {
                error: redactor.redact(&error.to_string()),
            },
        }
    }

    fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.elapsed.as_millis()).unwrap_or(u64::MAX)
    }
}

/// A URL with the keys that its query carried, as they may be shown.
fn with_key(url: &str, scheme: &Scheme, request: &Request) -> String {
    let mut url = url.to_owned();
    for scheme in scheme.schemes() {
        let credential = request.credential_by(scheme);
        if let SecurityScheme::Query(name) = scheme
            && credential != Credential::Absent
        {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(&format!("{name}={}", shown(credential)));
        }
    }
    url
}

/// The headers of an answer as reports hold them: so many, and so much of each.
fn shown_headers(answer: &Answer, redactor: &Redactor) -> Headers {
    let short = |text: &str| beginning(text.as_bytes(), LONGEST_HEADER, redactor);
    let mut headers = Headers::new();
    for (name, value) in answer.headers.iter().take(MOST_HEADERS) {
        let value = short(value);
        headers
            .entry(short(name))
            // Several of one name are told as one, in their order (RFC 9110, section 5.3).
            .and_modify(|known| known.push_str(&format!(", {value}")))
            .or_insert(value);
    }
    headers
}

/// What is shown of a text: redacted before it is cut; of a long one no more is looked at than can
/// be shown.
fn beginning(bytes: &[u8], most: usize, redactor: &Redactor) -> String {
    let looked_at = bytes.get(..4 * most).unwrap_or(bytes);
    let mut text = redactor.redact_beginning(&String::from_utf8_lossy(looked_at));
    if text.len() > most || looked_at.len() < bytes.len() {
        text.truncate(text.floor_char_boundary(most));
        text.push_str(&format!("... ({} bytes)", bytes.len()));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::exchange::TransportError;
    use crate::generate::Body;

    const TOKEN: &str = "s3cret-token";

    fn request(body: Body) -> Request {
        Request {
            method: "POST".to_owned(),
            template: "/v1/{id}".to_owned(),
            path: BTreeMap::from([("id".to_owned(), "a/b".to_owned())]),
            query: vec![
                ("q".to_owned(), "1".to_owned()),
                ("q".to_owned(), "2".to_owned()),
            ],
            headers: vec![("X-Language".to_owned(), "en-us".to_owned())],
            cookies: Vec::new(),
            body,
            content_type: Some("application/json".to_owned()),
            credential: Credential::Given,
            credential_of: None,
            borrowed: std::sync::Arc::default(),
            given: std::sync::Arc::default(),
            lists: std::sync::Arc::default(),
        }
    }

    fn exchange(request: Request) -> Exchange {
        Exchange {
            url: format!("http://127.0.0.1:9{}", request.target()),
            connection: std::sync::Arc::default(),
            request,
            authentication: Authentication {
                scheme: Scheme::token(),
                headers: vec![("X-Auth-Token".to_owned(), "[redacted]".to_owned())],
                secrets: Vec::new(),
            },
            outcome: Err(TransportError::Broken("x".to_owned())),
            elapsed: Duration::from_millis(7),
        }
    }

    fn redactor() -> Redactor {
        Redactor::new([TOKEN.to_owned()])
    }

    #[rstest]
    #[case(Body::Absent)]
    #[case(Body::Json(json!({"b": 1.5, "a": [null, "é"]})))]
    #[case(Body::Raw(b"{\"a\":1,\"a\":2}".to_vec()))]
    #[case(Body::Raw(vec![0xff, 0x00, 0x7b]))]
    #[case(Body::Raw(vec![b' '; 5_000]))]
    fn a_request_is_kept_to_the_letter_and_shown_as_it_was_sent(#[case] body: Body) {
        let exchange = exchange(request(body));
        let recorded = exchange.recorded(&redactor());
        let text = serde_json::to_string(&recorded).unwrap();
        let read: RecordedExchange = serde_json::from_str(&text).unwrap();
        assert_eq!(read, recorded);
        assert_eq!(read.request.sent(), Some(&exchange.request));
        assert_eq!(read.request.url(), exchange.url);
        assert_eq!(read.request.shown(), exchange.shown(&redactor()).request);
        assert!(
            read.request.curl().contains("$DOCPROOF_TOKEN"),
            "{}",
            read.request.curl()
        );
    }

    #[rstest]
    #[case::json(|request: &mut Request| request.body = Body::Json(json!({"a": TOKEN})))]
    #[case::text(|request: &mut Request| request.body = Body::Raw(TOKEN.as_bytes().to_vec()))]
    #[case::bytes(|request: &mut Request| request.body = Body::Raw([b"\xff", TOKEN.as_bytes()].concat()))]
    #[case::path(|request: &mut Request| { request.path.insert("id".to_owned(), TOKEN.to_owned()); })]
    #[case::query(|request: &mut Request| request.query.push((TOKEN.to_owned(), String::new())))]
    #[case::header(|request: &mut Request| request.headers.push(("X-A".to_owned(), TOKEN.to_owned())))]
    #[case::far_down(|request: &mut Request| {
        request.body = Body::Raw(format!("{}{TOKEN}", "x".repeat(20_000)).into_bytes());
    })]
    fn a_request_with_a_credential_is_not_kept(#[case] put: fn(&mut Request)) {
        for redactor in [redactor(), Redactor::default()] {
            // A token is found by its whole text, the name of a key only where texts are redacted.
            redactor.add_identifier(TOKEN);
            let mut holds = request(Body::Absent);
            put(&mut holds);
            let recorded = exchange(holds).recorded(&redactor);
            assert!(
                matches!(recorded.request, RecordedRequest::Partial(_)),
                "{recorded:?}"
            );
            let written = serde_json::to_string(&recorded).unwrap();
            assert!(!written.contains(TOKEN), "{written}");
        }
    }

    #[test]
    fn of_a_huge_body_the_beginning_is_kept_and_the_line_that_sends_it() {
        let blanks = Body::Raw(vec![b' '; LARGEST + 1]);
        let RecordedRequest::Partial(partial) =
            exchange(request(blanks)).recorded(&redactor()).request
        else {
            panic!("it is kept as it was sent");
        };
        let body = partial.shown.body.unwrap();
        assert!(body.ends_with("... (65537 bytes)"), "{body}");
        assert!(partial.curl.starts_with("printf '%s%*s' '' 65537 ''"));
    }
}
