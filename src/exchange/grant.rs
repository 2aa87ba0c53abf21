//! Tokens from a token endpoint: the client credentials grant of OAuth 2 (RFC 6749, section 4.4).
//! No error repeats what was sent or what came.

use std::fmt;

use futures_util::StreamExt;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};
use url::form_urlencoded::{Serializer, byte_serialize};

use super::client::chain;
use super::connection::{explained, without_user};
use super::token_command::{FreshToken, renewal};

/// The most bytes of an answer that are read.
const MOST: usize = 64 * 1024;

/// Who asks for a token, and where.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientCredentials {
    /// The token endpoint.
    pub url: String,
    /// The id of the client.
    pub client_id: String,
    /// The secret of the client.
    pub client_secret: String,
    /// The scope that is asked for, where one is.
    pub scope: Option<String>,
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ClientCredentials({})", self.url)
    }
}

/// Why a token endpoint gave no token.
#[derive(Debug, thiserror::Error)]
#[error("the token endpoint `{url}` gave no token: {reason}")]
pub struct GrantError {
    url: String,
    reason: String,
}

/// The reasons that a token endpoint may give (RFC 6749, section 5.2): no other word of it is
/// repeated.
const REASONS: &[&str] = &[
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
];

impl ClientCredentials {
    /// Asks for a token. The client says who it is by Basic, which every server takes (section
    /// 2.3.1); one that refuses that is asked by the parameters of the body.
    pub(super) async fn ask(&self, http: &reqwest::Client) -> Result<FreshToken, GrantError> {
        let fail = |reason: String| GrantError {
            // What stands in a query may be a secret too.
            url: without_user(&self.url)
                .split('?')
                .next()
                .unwrap_or_default()
                .to_owned(),
            reason,
        };
        let mut refusal = String::new();
        for way in Way::ALL {
            let [id, secret] = [&self.client_id, &self.client_secret].map(|text| in_form(text));
            let is_same = id == self.client_id && secret == self.client_secret;
            if is_same && way == Way::Unencoded {
                continue;
            }
            let mut request = http
                .post(&self.url)
                .header("accept", "application/json")
                .header("content-type", "application/x-www-form-urlencoded");
            request = match way {
                Way::Encoded => request.basic_auth(id, Some(secret)),
                Way::Unencoded => request.basic_auth(&self.client_id, Some(&self.client_secret)),
                Way::InBody => request,
            };
            let answer = request.body(self.form(way == Way::InBody)).send().await;
            let answer = answer.map_err(|error| fail(told(&error)))?;
            let status = answer.status().as_u16();
            let body = read(answer).await.map_err(|error| fail(told(&error)))?;
            if status / 100 != 2 {
                refusal = refused(status, &body);
                continue;
            }
            return granted(&body).map_err(|what| fail(what.to_owned()));
        }
        Err(fail(refusal))
    }

    /// The parameters of the body.
    fn form(&self, in_body: bool) -> String {
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "client_credentials");
        if let Some(scope) = &self.scope {
            form.append_pair("scope", scope);
        }
        if in_body {
            form.append_pair("client_id", &self.client_id);
            form.append_pair("client_secret", &self.client_secret);
        }
        form.finish()
    }
}

/// How a client says who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Basic, of id and secret as they stand in a form (RFC 6749, section 2.3.1).
    Encoded,
    /// Basic, of both as they are: many servers do not decode them.
    Unencoded,
    /// In the body.
    InBody,
}

impl Way {
    const ALL: [Self; 3] = [Self::Encoded, Self::Unencoded, Self::InBody];
}

/// A text as it stands in a form.
pub(super) fn in_form(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}

/// Why an endpoint cannot be asked.
fn told(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "it does not answer in time".to_owned();
    }
    let reason = chain(error);
    match explained(&reason) {
        Some(meaning) => format!("{meaning} ({reason})"),
        None => reason,
    }
}

/// The beginning of a body: one more byte than is taken of it tells that it is too long.
async fn read(answer: reqwest::Response) -> Result<Vec<u8>, reqwest::Error> {
    let mut body = Vec::new();
    let mut chunks = answer.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        body.extend_from_slice(&chunk?);
        if body.len() > MOST {
            break;
        }
    }
    Ok(body)
}

fn object(body: &[u8]) -> Option<Map<String, Value>> {
    let body = (body.len() <= MOST).then_some(body)?;
    serde_json::from_slice(body).ok()
}

/// What a refusal says.
fn refused(status: u16, body: &[u8]) -> String {
    let object = object(body).unwrap_or_default();
    let said = object.get("error").and_then(Value::as_str);
    match said.filter(|said| REASONS.contains(said)) {
        Some(reason) => format!("it answered {status}, `{reason}`"),
        None => format!("it answered {status}"),
    }
}

/// The token of an answer (RFC 6749, section 5.1); the error says what it is instead.
fn granted(body: &[u8]) -> Result<FreshToken, &'static str> {
    let object = object(body).ok_or("its answer is no JSON object with `access_token`")?;
    let token = object.get("access_token").and_then(Value::as_str);
    let token = token
        .filter(|token| !token.is_empty())
        .ok_or("its answer has no `access_token`")?;
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("its `access_token` has characters that no header carries");
    }
    // RFC 6749, section 5.1: it has to be there, and is read in any case.
    let kind = object.get("token_type").and_then(Value::as_str);
    if kind.is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
        return Err("its `token_type` is another than `bearer`, which is not sent");
    }
    // Some servers write the number as a text.
    let life = match object.get("expires_in") {
        Some(Value::Number(life)) => life.as_f64(),
        Some(Value::String(life)) => life.parse().ok(),
        _ => None,
    };
    let life = life.filter(|life| life.is_finite() && *life > 0.0);
    let life = life.and_then(|life| SignedDuration::try_from_secs_f64(life).ok());
    Ok(FreshToken {
        text: token.to_owned(),
        renew: life.map(|life| renewal(Timestamp::now(), life)),
    })
}
