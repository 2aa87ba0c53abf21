//! Tokens from a token endpoint: the client credentials grant of OAuth 2 (RFC 6749, section 4.4).
//! No error repeats what was sent or what came.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use super::client::chain;
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

/// What a token endpoint answers (RFC 6749, section 5.1).
#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: Option<f64>,
}

impl ClientCredentials {
    /// Asks for a token. The client says who it is by Basic, which every server takes (section
    /// 2.3.1); one that refuses that is asked by the parameters of the body.
    pub(super) async fn ask(&self, http: &reqwest::Client) -> Result<FreshToken, GrantError> {
        let fail = |reason: String| GrantError {
            url: self.url.clone(),
            reason,
        };
        let mut refused = 0;
        for in_body in [false, true] {
            let mut request = http
                .post(&self.url)
                .header("accept", "application/json")
                .header("content-type", "application/x-www-form-urlencoded");
            if !in_body {
                request = request.basic_auth(&self.client_id, Some(&self.client_secret));
            }
            let answer = request.body(self.form(in_body)).send().await;
            let answer = answer.map_err(|error| fail(chain(&error)))?;
            let status = answer.status().as_u16();
            if status / 100 != 2 {
                refused = status;
                continue;
            }
            let body = answer.bytes().await.map_err(|error| fail(chain(&error)))?;
            let granted: Granted = Some(&body)
                .filter(|body| body.len() <= MOST)
                .and_then(|body| serde_json::from_slice(body).ok())
                .ok_or_else(|| {
                    fail("its answer is no JSON object with `access_token`".to_owned())
                })?;
            let life = granted
                .expires_in
                .filter(|life| life.is_finite() && *life > 0.0);
            let life = life.and_then(|life| SignedDuration::try_from_secs_f64(life).ok());
            return Ok(FreshToken {
                text: granted.access_token,
                renew: life.map(|life| renewal(Timestamp::now(), life)),
            });
        }
        Err(fail(format!("it answered {refused}")))
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
