//! Credentials: a token, a command that prints tokens, or a pair of keys; and what each request
//! carries of them.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;
use url::Url;

use crate::generate::{Credential, Request, Scheme};

use super::answer::TransportError;
use super::redact::Redactor;
use super::sign::{self, KeyPair, Signable};
use super::token_command::{FreshToken, TokenCommand, TokenCommandError};

const TOKEN_HEADER: &str = "X-Auth-Token";
pub(super) const PROJECT_HEADER: &str = "X-Project-Id";

/// After so many renewals that did not help, a 401 is an answer like any other.
const MOST_USELESS: u32 = 3;

/// What a target is authenticated by.
#[derive(Clone, Default)]
pub enum Credentials {
    /// Nothing.
    #[default]
    None,
    /// A token, sent as `X-Auth-Token`.
    Token(String),
    /// A command that prints tokens.
    Command(TokenCommand),
    /// A pair of keys that sign each request, and the project sent as `X-Project-Id`.
    Keys {
        /// The keys.
        keys: KeyPair,
        /// The project.
        project: Option<String>,
    },
}

impl Credentials {
    /// How requests carry them.
    pub fn scheme(&self) -> Scheme {
        match self {
            Self::None => Scheme::None,
            Self::Token(_) | Self::Command(_) => Scheme::Token,
            Self::Keys { .. } => Scheme::Signature,
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Credentials({:?})", self.scheme())
    }
}

/// How an exchange's request was authenticated, as far as it may be shown.
#[derive(Debug, Clone, Default)]
pub struct Authentication {
    /// The scheme.
    pub scheme: Scheme,
    /// The headers that carried the credential, as reports show them.
    pub headers: Vec<(&'static str, String)>,
    /// What belongs to this one request and must not be shown: its signature.
    pub secrets: Vec<String>,
}

/// What is added to one request.
pub(super) struct Attached {
    /// The headers.
    pub(super) headers: Vec<(String, String)>,
    /// What may be shown of them.
    pub(super) authentication: Authentication,
    /// The token among them, where it may be renewed.
    pub(super) token: Option<String>,
}

/// Puts credentials on requests, and renews them.
#[derive(Debug)]
pub(super) struct Authenticator {
    credentials: Credentials,
    redactor: Redactor,
    minted: Mutex<Option<FreshToken>>,
    /// The token was renewed because the last one was refused, and nothing has accepted it yet.
    doubted: AtomicBool,
    /// How many renewals in a row did not help.
    useless: AtomicU32,
    failure: OnceLock<String>,
}

impl Authenticator {
    pub(super) fn new(credentials: Credentials) -> Self {
        let redactor = Redactor::default();
        match &credentials {
            Credentials::None | Credentials::Command(_) => {}
            Credentials::Token(token) => redactor.add_secret(token),
            Credentials::Keys { keys, .. } => {
                redactor.add_secret(&keys.secret_key);
                if let Some(token) = &keys.security_token {
                    redactor.add_secret(token);
                }
                redactor.add_identifier(&keys.access_key);
            }
        }
        Self {
            credentials,
            redactor,
            minted: Mutex::default(),
            doubted: AtomicBool::new(false),
            useless: AtomicU32::new(0),
            failure: OnceLock::new(),
        }
    }

    pub(super) fn scheme(&self) -> Scheme {
        self.credentials.scheme()
    }

    /// A redactor that knows every credential, those of later included.
    pub(super) fn redactor(&self) -> Redactor {
        self.redactor.clone()
    }

    /// Why there are no credentials any more, where a command broke off.
    pub(super) fn failure(&self) -> Option<&str> {
        self.failure.get().map(String::as_str)
    }

    /// Makes sure that there is a token.
    pub(super) async fn prepare(&self) -> Result<(), TransportError> {
        self.token().await.map(drop)
    }

    /// What a request carries. The URL is the one that goes on the wire: what is signed has to be
    /// what is sent.
    pub(super) async fn attach(
        &self,
        request: &Request,
        url: &Url,
        endpoint: &str,
    ) -> Result<Attached, TransportError> {
        if let Credentials::Keys { keys, project } = &self.credentials {
            return Ok(signed(keys, project.as_deref(), request, url, endpoint));
        }
        let (value, shown, token) = match request.credential {
            Credential::Absent => (None, "", None),
            Credential::Empty => (Some(String::new()), "", None),
            Credential::Given => {
                let token = self.token().await?;
                (token.clone(), "[redacted]", token)
            }
            Credential::Wrong | Credential::UnknownKey => {
                let token = self.token().await?.unwrap_or_else(|| "token".to_owned());
                (Some(counterfeit(&token)), "[wrong]", None)
            }
            Credential::Cut => {
                let token = self.token().await?.unwrap_or_else(|| "token".to_owned());
                (Some(cut(&token)), "[cut]", None)
            }
            Credential::Extended => {
                let token = self.token().await?.unwrap_or_else(|| "token".to_owned());
                (Some(format!("{token}{SUFFIX}")), "[extended]", None)
            }
        };
        // What is nearly the credential tells nearly all of it, and whoever repeats a wrong one
        // repeats what somebody took for a right one.
        let is_presented = match request.credential {
            Credential::Wrong | Credential::UnknownKey | Credential::Cut | Credential::Extended => {
                true
            }
            Credential::Given | Credential::Absent | Credential::Empty => false,
        };
        let presented = value
            .iter()
            .filter(|value| is_presented && value.len() >= TELLING);
        Ok(Attached {
            authentication: Authentication {
                scheme: self.scheme(),
                headers: value
                    .iter()
                    .map(|_| (TOKEN_HEADER, shown.to_owned()))
                    .collect(),
                secrets: presented.cloned().collect(),
            },
            headers: value
                .map(|value| (TOKEN_HEADER.to_owned(), value))
                .into_iter()
                .collect(),
            token,
        })
    }

    /// The token: the given one, or that of the command, renewed where its time is nearly up.
    async fn token(&self) -> Result<Option<String>, TransportError> {
        let command = match &self.credentials {
            Credentials::Token(token) => return Ok(Some(token.clone())),
            Credentials::Command(command) => command,
            Credentials::None | Credentials::Keys { .. } => return Ok(None),
        };
        let mut minted = self.minted.lock().await;
        if let Some(fresh) = minted.as_ref()
            && fresh.renew.is_none_or(|renew| Timestamp::now() < renew)
        {
            return Ok(Some(fresh.text.clone()));
        }
        let fresh = self.mint(command).await?;
        Ok(Some(minted.insert(fresh).text.clone()))
    }

    /// Runs the command. Once it has failed it is not run again: one sentence is enough.
    async fn mint(&self, command: &TokenCommand) -> Result<FreshToken, TransportError> {
        if let Some(failure) = self.failure.get() {
            return Err(TransportError::Credential(failure.clone()));
        }
        let running = command.clone();
        let outcome = tokio::task::spawn_blocking(move || running.run())
            .await
            .map_err(|error| error.to_string())
            .and_then(|outcome| outcome.map_err(|error: TokenCommandError| error.to_string()));
        match outcome {
            Ok(fresh) => {
                self.redactor.add_secret(&fresh.text);
                Ok(fresh)
            }
            Err(message) => Err(TransportError::Credential(
                self.failure.get_or_init(|| message).clone(),
            )),
        }
    }

    /// Renews a token that was refused (401). Whether there is another one now, so that the request
    /// is worth sending again.
    pub(super) async fn renew(&self, refused: &str) -> Result<bool, TransportError> {
        let Credentials::Command(command) = &self.credentials else {
            return Ok(false);
        };
        let mut minted = self.minted.lock().await;
        if minted.as_ref().is_some_and(|fresh| fresh.text != refused) {
            // Another request was refused earlier, and has renewed it.
            return Ok(true);
        }
        // An endpoint that refuses the new token too does not get the command run for every
        // request.
        if self.useless.load(Ordering::SeqCst) >= MOST_USELESS
            || self.doubted.swap(true, Ordering::SeqCst)
        {
            return Ok(false);
        }
        // Where the command breaks off there is no token any more, and the next request says so.
        *minted = None;
        let fresh = self.mint(command).await?;
        let is_new = fresh.text != refused;
        *minted = Some(fresh);
        Ok(is_new)
    }

    /// Whether a request that was refused for its token was taken with a renewed one. Where it was
    /// not, it is not the token that is refused.
    pub(super) fn renewal_helped(&self, helped: bool) {
        if helped {
            self.useless.store(0, Ordering::SeqCst);
        } else {
            self.useless.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// A token was accepted.
    pub(super) fn accepted(&self) {
        self.doubted.store(false, Ordering::SeqCst);
    }
}

/// The headers of a request that is signed by a pair of keys, or by a wrong one.
fn signed(
    keys: &KeyPair,
    project: Option<&str>,
    request: &Request,
    url: &Url,
    endpoint: &str,
) -> Attached {
    let mut given: Vec<(String, String)> = Vec::new();
    if let Some(kind) = &request.content_type {
        given.push(("Content-Type".to_owned(), kind.clone()));
    }
    let is_single = |name: &str| {
        request
            .headers
            .iter()
            .filter(|(other, _)| other.eq_ignore_ascii_case(name))
            .count()
            == 1
    };
    // A header that stands twice has no one value to sign.
    given.extend(
        request
            .headers
            .iter()
            .filter(|(name, _)| is_single(name))
            .cloned(),
    );
    let mut headers: Vec<(String, String)> = project
        .map(|project| (PROJECT_HEADER.to_owned(), project.to_owned()))
        .into_iter()
        .collect();
    given.extend(headers.iter().cloned());
    let forged = match request.credential {
        Credential::Given
        | Credential::Absent
        | Credential::Empty
        | Credential::Cut
        | Credential::Extended => keys.clone(),
        Credential::Wrong => KeyPair {
            secret_key: counterfeit(&keys.secret_key),
            ..keys.clone()
        },
        Credential::UnknownKey => KeyPair {
            access_key: counterfeit(&keys.access_key),
            ..keys.clone()
        },
    };
    match request.credential {
        Credential::Absent => {}
        Credential::Empty => headers.push(("Authorization".to_owned(), String::new())),
        Credential::Given
        | Credential::Wrong
        | Credential::UnknownKey
        | Credential::Cut
        | Credential::Extended => {
            let now = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
            let query = sign::query_pairs(url.query().unwrap_or_default());
            let body = request.body_bytes().unwrap_or_default();
            let signable = Signable {
                method: &request.method,
                path: url.path(),
                query: &query,
                headers: &given,
                body: &body,
            };
            headers.extend(
                signable
                    .sign(&forged, &authority(url, endpoint), &now)
                    .into_iter()
                    .skip(given.len()),
            );
        }
    }
    for (name, value) in &mut headers {
        match request.credential {
            // A signature is the end of its header.
            Credential::Cut if name == "Authorization" => *value = cut(value),
            Credential::Extended if name == "Authorization" => value.push(SUFFIX),
            _ => {}
        }
    }
    let mut authentication = Authentication {
        scheme: Scheme::Signature,
        ..Authentication::default()
    };
    for (name, value) in &headers {
        match name.as_str() {
            "Authorization" => {
                let (head, signature) = value.split_once("Signature=").unwrap_or((value, ""));
                let shown = if signature.is_empty() {
                    head.to_owned()
                } else {
                    authentication.secrets.push(signature.to_owned());
                    format!(
                        "{}Signature=[redacted]",
                        head.replace(&forged.access_key, "[redacted]")
                    )
                };
                authentication.headers.push(("Authorization", shown));
            }
            "X-Security-Token" => authentication
                .headers
                .push(("X-Security-Token", "[redacted]".to_owned())),
            "X-Sdk-Date" => authentication.headers.push(("X-Sdk-Date", value.clone())),
            "X-Sdk-Content-Sha256" => authentication
                .headers
                .push(("X-Sdk-Content-Sha256", value.clone())),
            PROJECT_HEADER => authentication.headers.push((PROJECT_HEADER, value.clone())),
            _ => {}
        }
    }
    Attached {
        headers,
        authentication,
        token: None,
    }
}

/// What is added to a credential to make it a longer one: a digit of a signature too.
const SUFFIX: char = '0';

/// The shortest text that tells anything of a credential.
const TELLING: usize = 4;

/// A credential without its last character.
fn cut(credential: &str) -> String {
    let mut shorter = credential.to_owned();
    shorter.pop();
    shorter
}

/// The authority of an endpoint: the host, and the port where the endpoint was written with one, be
/// it the scheme's own.
fn authority(url: &Url, endpoint: &str) -> String {
    let host = url.host_str().unwrap_or_default();
    let written = endpoint
        .split_once("://")
        .map_or(endpoint, |(_, rest)| rest)
        .split(['/', '?', '#'])
        .next()
        .unwrap_or_default();
    match url.port_or_known_default() {
        Some(port) if url.port().is_some() || written.ends_with(&format!(":{port}")) => {
            format!("{host}:{port}")
        }
        _ => host.to_owned(),
    }
}

/// A credential of the same form that is not the right one, and tells nothing of it: letters and
/// digits are replaced by others of their kind, as a hash has it.
fn counterfeit(credential: &str) -> String {
    let mut stream = Vec::new();
    let mut block = Sha256::digest(credential.as_bytes());
    while stream.len() < credential.len() {
        stream.extend_from_slice(&block);
        block = Sha256::digest(block);
    }
    let mut forged: String = credential
        .chars()
        .zip(stream)
        .map(|(c, byte)| match c {
            '0'..='9' => char::from(b'0' + byte % 10),
            'a'..='z' => char::from(b'a' + byte % 26),
            'A'..='Z' => char::from(b'A' + byte % 26),
            other => other,
        })
        .collect();
    if forged == credential {
        forged.push('0');
    }
    forged
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("https://a.example", "a.example")]
    #[case("https://a.example:443", "a.example:443")]
    #[case("http://a.example:80/prefix", "a.example:80")]
    #[case("http://A.example:8080", "a.example:8080")]
    #[case("http://[::1]:9", "[::1]:9")]
    fn the_authority_is_the_endpoints(#[case] endpoint: &str, #[case] expected: &str) {
        let url = Url::parse(endpoint).unwrap();
        assert_eq!(authority(&url, endpoint), expected);
    }

    #[test]
    fn a_counterfeit_has_the_form_and_nothing_else() {
        for credential in [
            "",
            "-",
            "7",
            "MIIabc-0123/+=ZZ",
            "SkExampleSecretKey0123456789",
        ] {
            let forged = counterfeit(credential);
            assert_ne!(forged, credential);
            assert_eq!(forged, counterfeit(credential));
            let kinds = |text: &str| -> Vec<(bool, bool, bool)> {
                text.chars()
                    .take(credential.len())
                    .map(|c| {
                        (
                            c.is_ascii_digit(),
                            c.is_ascii_lowercase(),
                            c.is_ascii_uppercase(),
                        )
                    })
                    .collect()
            };
            assert_eq!(kinds(&forged), kinds(credential));
        }
    }
}
