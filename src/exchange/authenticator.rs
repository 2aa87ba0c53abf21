//! Puts credentials on requests, and renews those that run out.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use jiff::Timestamp;
use tokio::sync::Mutex;
use url::Url;

use crate::contract::SecurityScheme;
use crate::generate::{Credential, Request, Scheme};

use super::answer::TransportError;
use super::carry::carry;
use super::connection::Showing;
use super::credential::{Credentials, Part, Secret, tell};
use super::redact::Redactor;
use super::signed::signed;
use super::token_command::FreshToken;

/// After so many renewals that did not help, a 401 is an answer like any other.
const MOST_USELESS: u32 = 3;

/// How an exchange's request was authenticated, as far as it may be shown.
#[derive(Debug, Clone, Default)]
pub struct Authentication {
    /// The scheme.
    pub scheme: Scheme,
    /// The headers that carried the credential, as reports show them.
    pub headers: Vec<(String, String)>,
    /// What belongs to this one request and must not be shown: its signature.
    pub secrets: Vec<String>,
}

impl Authentication {
    /// Whether a request showed no certificate, or a wrong one, though there is a right one.
    pub fn lacks_certificate(&self, request: &Request) -> bool {
        let shown = request.credential_by(&SecurityScheme::Certificate);
        matches!(shown, Credential::Absent | Credential::Wrong)
            && self.scheme.schemes().contains(&SecurityScheme::Certificate)
    }
}

/// What is added to one request.
#[derive(Default)]
pub(super) struct Attached {
    /// The headers.
    pub(super) headers: Vec<(String, String)>,
    /// The parameters of the query.
    pub(super) query: Vec<(String, String)>,
    /// The certificate that the client is to show.
    pub(super) certificate: Showing,
    /// What may be shown of them.
    pub(super) authentication: Authentication,
    /// The token among them, where it may be renewed.
    pub(super) token: Option<String>,
}

/// Puts credentials on requests, and renews them.
#[derive(Debug)]
pub(super) struct Authenticator {
    credentials: Credentials,
    scheme: Scheme,
    redactor: Redactor,
    /// What token endpoints are asked by, where there is one.
    http: Option<reqwest::Client>,
    minted: Mutex<Option<FreshToken>>,
    /// The token was renewed because the last one was refused, and nothing has accepted it yet.
    doubted: AtomicBool,
    /// How many renewals in a row did not help.
    useless: AtomicU32,
    failure: OnceLock<String>,
}

impl Authenticator {
    pub(super) fn new(credentials: Credentials, http: Option<reqwest::Client>) -> Self {
        let redactor = Redactor::default();
        credentials.tell(&redactor);
        Self {
            scheme: credentials.scheme(),
            credentials,
            redactor,
            http,
            minted: Mutex::default(),
            doubted: AtomicBool::new(false),
            useless: AtomicU32::new(0),
            failure: OnceLock::new(),
        }
    }

    pub(super) fn scheme(&self) -> Scheme {
        self.scheme.clone()
    }

    /// A redactor that knows every credential, those of later included.
    pub(super) fn redactor(&self) -> Redactor {
        self.redactor.clone()
    }

    /// Whether a token endpoint is asked.
    pub(super) fn asks(&self) -> bool {
        self.http.is_some()
    }

    /// Makes sure that there is a token.
    pub(super) async fn prepare(&self) -> Result<(), TransportError> {
        for part in self.credentials.parts() {
            self.text(part).await?;
        }
        Ok(())
    }

    /// What a request carries. The URL is the one that goes on the wire: what is signed has to be
    /// what is sent.
    pub(super) async fn attach(
        &self,
        request: &Request,
        url: &Url,
        endpoint: &str,
    ) -> Result<Attached, TransportError> {
        if let Credentials::Keys { keys, project, aws } = &self.credentials {
            let project = project.as_deref();
            return signed(keys, project, aws.as_ref(), request, url, endpoint)
                .map_err(TransportError::Unsendable);
        }
        let mut attached = Attached::default();
        attached.authentication.scheme = self.scheme.clone();
        for part in self.credentials.parts() {
            let credential = request.credential_by(&part.scheme);
            let text = match credential {
                Credential::Absent => String::new(),
                _ => self.text(part).await?,
            };
            carry(&part.scheme, &text, credential, &mut attached);
            if request.credential == Credential::Given && part.is_renewable() {
                attached.token = Some(text);
            }
        }
        Ok(attached)
    }

    /// The secret of a part: the given one, or that of its command or endpoint, renewed where its
    /// time is nearly up.
    async fn text(&self, part: &Part) -> Result<String, TransportError> {
        if let Secret::Text(text) = &part.secret {
            return Ok(text.clone());
        }
        let mut minted = self.minted.lock().await;
        if let Some(fresh) = minted.as_ref()
            && fresh.renew.is_none_or(|renew| Timestamp::now() < renew)
        {
            return Ok(fresh.text.clone());
        }
        let fresh = self.mint(part).await?;
        Ok(minted.insert(fresh).text.clone())
    }

    /// Gets a token from who gives it. Once that has failed it is not tried again: one sentence is
    /// enough.
    async fn mint(&self, part: &Part) -> Result<FreshToken, TransportError> {
        if let Some(failure) = self.failure.get() {
            return Err(TransportError::Credential(failure.clone()));
        }
        let outcome = match &part.secret {
            Secret::Text(text) => Ok(FreshToken {
                text: text.clone(),
                renew: None,
            }),
            Secret::Command(command) => {
                let running = command.clone();
                tokio::task::spawn_blocking(move || running.run())
                    .await
                    .map_err(|error| error.to_string())
                    .and_then(|outcome| outcome.map_err(|error| error.to_string()))
            }
            Secret::Grant(grant) => match &self.http {
                Some(http) => Box::pin(grant.ask(http))
                    .await
                    .map_err(|error| error.to_string()),
                None => Err("there is nothing to ask a token endpoint by".to_owned()),
            },
        };
        match outcome {
            Ok(fresh) => {
                tell(&part.scheme, &fresh.text, &self.redactor);
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
        let mut parts = self.credentials.parts().iter();
        let Some(part) = parts.find(|part| part.is_renewable()) else {
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
        let fresh = self.mint(part).await?;
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
