//! The HTTP client: bounded in time and size, follows nothing, sends the credential only to the
//! endpoint it was given for.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use reqwest::header::{HeaderName, HeaderValue, InvalidHeaderValue};
use url::Url;

use crate::contract::is_too_deep;
use crate::generate::{COOKIE, Request, Scheme};

use super::answer::{Answer, Exchange, TransportError};
use super::authenticator::{Attached, Authentication, Authenticator};
use super::connection::{ConnectionOptions, Http2, Identity, Showing, explained};
use super::content::Contents;
use super::credential::{Credentials, Part};
use super::pace::Pace;
use super::probe::{Spoken, probe};
use super::redact::Redactor;

/// The most bytes of a body that are read, decompressed.
pub const LARGEST_BODY: usize = 8 * 1024 * 1024;

/// The most JSON values of a body that are read: what takes little room on the wire may take very
/// much in memory.
const MOST_VALUES: usize = 65_536;

/// What makes a body a large one: so many bytes, or JSON values.
const LARGE_BODY: usize = 1024 * 1024;
const LARGE_VALUES: usize = 16_384;

/// How many large bodies are read in a run: an endpoint that answers everything with one must use
/// up neither memory nor time.
const LARGE_BODIES: u32 = 24;

/// How long an idle connection is kept: less than servers do, for a write that meets a closing
/// connection cannot be sent again.
const IDLE: Duration = Duration::from_millis(1_500);

/// How long after a failed connection a safe request is sent again.
const RECONNECT: Duration = Duration::from_millis(100);

/// How many kept connections may have been closed as a request was sent on them, before none is
/// kept any more: the endpoint closes them all (RFC 9112, section 9.5).
const CLOSED_KEPT: u32 = 2;

/// How often one request is sent again with a newer token: tokens may run out while several
/// requests are on their way.
const MOST_RENEWALS: u32 = 3;

/// How many writes have connections of their own; those of longer runs share kept ones, for a
/// system has only so many ports.
const FRESH_WRITES: u64 = 5_000;

/// Why nothing can be said of a write on a kept connection that broke off.
const KEPT_CLOSED: &str =
    "the endpoint closed a kept connection as the write was sent, which is its right";

/// Why nothing can be said of an answer that nests without end.
const TOO_DEEP: &str = "the answer nests deeper than is read: it was not read to its end";

/// Why nothing can be said of one large answer among many.
const LARGE_ENOUGH: &str = "the answer is large, and the run has read as many large ones as it may";

/// What a client needs to know.
#[derive(Debug, Clone)]
pub struct ClientOptions {
    /// What requests are authenticated by.
    pub credentials: Credentials,
    /// How the endpoints are connected to.
    pub connection: ConnectionOptions,
    /// The most time for one request, in all.
    pub timeout: Duration,
    /// The most requests a second, where there is such a bound.
    pub rate: Option<f64>,
    /// Whether an endpoint is spoken to over TLS: only then are the certificates read that this
    /// machine trusts.
    pub tls: bool,
}

/// The client.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    /// Opens a connection for every request.
    fresh: reqwest::Client,
    /// Shows no certificate, where the others do.
    bare: Option<reqwest::Client>,
    /// Shows a certificate that nobody trusts, where the others show one.
    forged: Option<reqwest::Client>,
    /// How many writes were sent.
    writes: AtomicU64,
    /// How many safe requests broke off on a kept connection, and had an answer on one of their own.
    closed: AtomicU32,
    authenticator: Authenticator,
    /// How endpoints are connected to, as options of curl.
    curl_options: Arc<str>,
    connection: ConnectionOptions,
    timeout: Duration,
    pace: Pace,
    sent: AtomicU64,
    /// How many more large bodies are read.
    large: AtomicU32,
    /// The contents of answers that came last.
    contents: Contents,
}

/// The value of a header. Blanks at its ends are no part of it (RFC 9110, section 5.5), and HTTP/2
/// has none (RFC 9113, section 8.2.1).
fn field_value(text: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    HeaderValue::from_bytes(text.trim_matches([' ', '\t']).as_bytes())
}

/// Why there can be no client.
#[derive(Debug, thiserror::Error)]
#[error("cannot start the HTTP client: {0}")]
pub struct ClientError(String);

impl Client {
    /// Makes a client.
    pub fn new(options: ClientOptions) -> Result<Self, ClientError> {
        install_provider();
        let builder_of = |connection: &ConnectionOptions, identity: Option<&Identity>| {
            let builder = reqwest::Client::builder();
            let builder = if options.tls {
                builder
            } else {
                builder.tls_certs_only([])
            };
            let builder = builder
                .redirect(reqwest::redirect::Policy::none())
                .retry(reqwest::retry::never())
                .referer(false)
                .timeout(options.timeout)
                .connect_timeout(options.timeout.min(Duration::from_secs(10)))
                .pool_idle_timeout(IDLE)
                .user_agent(concat!("docproof/", env!("CARGO_PKG_VERSION")));
            connection.apply(builder, identity)
        };
        let given = options.connection.identity.as_ref();
        let builder = |identity: Option<&Identity>| builder_of(&options.connection, identity);
        let failed = |error: reqwest::Error| ClientError(chain(&error));
        let fresh = |identity: Option<&Identity>| {
            let builder = builder(identity)?.pool_max_idle_per_host(0);
            builder.build()
        };
        if options.credentials.parts().iter().any(Part::is_unsendable) {
            return Err(ClientError(
                "the credential (of `--bearer`, `--token`, `--api-key`, `--cookie` or `--header`) has \
                 a character that no header can carry, such as a line break"
                    .to_owned(),
            ));
        }
        // An endpoint that ends a connection of HTTP/2 ends every request on it, so that each gets
        // one of its own: what one request did is not to be held against another.
        let http = match options.connection.http2 {
            Http2::Never => builder(given).and_then(reqwest::ClientBuilder::build),
            Http2::Offered | Http2::PriorKnowledge => fresh(given),
        };
        let http = http.map_err(failed)?;
        let bare = given.is_some().then(|| fresh(None));
        let own_make = given.is_some().then(Identity::of_own_make).transpose();
        let own_make = own_make.map_err(|error| ClientError(error.to_string()))?;
        let forged = own_make.as_ref().map(|identity| fresh(Some(identity)));
        let asks = options.credentials.parts().iter().any(Part::is_granted);
        let asking = asks.then(|| {
            let connection = options.connection.of_token_endpoint();
            builder_of(&connection, given).and_then(reqwest::ClientBuilder::build)
        });
        let asking = asking.transpose().map_err(failed)?;
        let authenticator = Authenticator::new(options.credentials, asking);
        options.connection.tell(&authenticator.redactor());
        Ok(Self {
            fresh: fresh(given).map_err(failed)?,
            bare: bare.transpose().map_err(failed)?,
            forged: forged.transpose().map_err(failed)?,
            writes: AtomicU64::new(0),
            closed: AtomicU32::new(0),
            authenticator,
            http,
            curl_options: options.connection.curl_options().into(),
            connection: options.connection,
            timeout: options.timeout,
            pace: Pace::new(options.rate),
            sent: AtomicU64::new(0),
            large: AtomicU32::new(LARGE_BODIES),
            contents: Contents::default(),
        })
    }

    /// How many requests were sent.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// The most time for one request, in all.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// How requests are authenticated.
    pub fn scheme(&self) -> Scheme {
        self.authenticator.scheme()
    }

    /// A redactor of this client's credentials, those that are renewed included.
    pub fn redactor(&self) -> Redactor {
        self.authenticator.redactor()
    }

    /// What an endpoint speaks that answers nothing as HTTP, where that can be seen.
    pub async fn spoken(&self, endpoint: &str) -> Option<Spoken> {
        probe(endpoint, &self.connection, self.timeout).await
    }

    /// What an answer tells of the way to the endpoint, where the endpoint did not make it.
    pub fn way_of(&self, answer: &Answer) -> Option<&'static str> {
        self.connection.way_of(answer)
    }

    /// Whether a token endpoint grants the credential.
    pub fn asks_for_token(&self) -> bool {
        self.authenticator.asks()
    }

    /// Gets the first token where tokens come from a command or a token endpoint.
    pub async fn prepare(&self) -> Result<(), TransportError> {
        self.authenticator.prepare().await
    }

    /// Sends a request to an endpoint, waiting where the endpoint asks for it. A safe request whose
    /// connection fails is sent again once; a write never, for nobody knows what became of it.
    /// `is_out` tells, while this goes on, whether the request is with the endpoint: not while it
    /// waits.
    pub async fn send(&self, endpoint: &str, request: &Request, is_out: &AtomicBool) -> Exchange {
        let url = format!("{}{}", endpoint.trim_end_matches('/'), request.target());
        let mut attempt = 0;
        let mut reconnected = false;
        let mut broke_off = false;
        let mut renewals = 0;
        loop {
            is_out.store(false, Ordering::SeqCst);
            self.pace.turn().await;
            let mut started = Instant::now();
            let (outcome, authentication) = match self.attach(endpoint, &url, request).await {
                Ok((parsed, attached)) => {
                    // A credential that had to be renewed first took none of the endpoint's time.
                    started = Instant::now();
                    is_out.store(true, Ordering::SeqCst);
                    let outcome = self
                        .send_once(parsed, request, &attached, reconnected)
                        .await;
                    let refused = matches!(&outcome, Ok(answer) if answer.status == 401);
                    if let (Ok(_), Some(token)) = (&outcome, &attached.token) {
                        if renewals > 0 && (!refused || renewals == MOST_RENEWALS) {
                            self.authenticator.renewal_helped(!refused);
                        }
                        // A request that was refused for its credential did nothing: it may be sent
                        // again, a write too.
                        if refused && renewals < MOST_RENEWALS {
                            renewals += 1;
                            // A command that breaks off here is told by the next request.
                            if let Ok(true) = self.authenticator.renew(token).await {
                                continue;
                            }
                        } else if !refused {
                            self.authenticator.accepted();
                        }
                    }
                    (outcome, attached.authentication)
                }
                Err(error) => (Err(error), Authentication::default()),
            };
            let elapsed = started.elapsed();
            attempt += 1;
            match &outcome {
                Ok(answer) if self.pace.asked(answer, attempt) => continue,
                Err(error @ (TransportError::Broken(_) | TransportError::Connect(_)))
                    if request.is_safe() && !reconnected =>
                {
                    reconnected = true;
                    broke_off = matches!(error, TransportError::Broken(_));
                    tokio::time::sleep(RECONNECT).await;
                    continue;
                }
                Ok(_) if broke_off => {
                    self.closed.fetch_add(1, Ordering::Relaxed);
                }
                _ => {}
            }
            return Exchange {
                request: request.clone(),
                url,
                authentication,
                connection: Arc::clone(&self.curl_options),
                outcome,
                elapsed,
            };
        }
    }

    /// The URL as it goes on the wire, and what the request carries of the credentials.
    async fn attach(
        &self,
        endpoint: &str,
        url: &str,
        request: &Request,
    ) -> Result<(Url, Attached), TransportError> {
        let mut parsed =
            Url::parse(url).map_err(|error| TransportError::Unsendable(error.to_string()))?;
        let attached = self
            .authenticator
            .attach(request, &parsed, endpoint)
            .await?;
        for (name, value) in &attached.query {
            parsed.query_pairs_mut().append_pair(name, value);
        }
        Ok((parsed, attached))
    }

    /// Sends a request once; `alone` where it is to have a connection of its own.
    async fn send_once(
        &self,
        url: Url,
        request: &Request,
        attached: &Attached,
        alone: bool,
    ) -> Result<Answer, TransportError> {
        let unsendable = |message: String| TransportError::Unsendable(message);
        let method = reqwest::Method::from_bytes(request.method.as_bytes())
            .map_err(|error| unsendable(error.to_string()))?;
        // An endpoint may close a kept connection at any time (RFC 9112, section 9.5), and nobody
        // knows what became of a write that meets the closing.
        let is_common =
            request.is_safe() || self.writes.fetch_add(1, Ordering::Relaxed) >= FRESH_WRITES;
        let is_kept = is_common && !alone && self.closed.load(Ordering::Relaxed) < CLOSED_KEPT;
        let other = match attached.certificate {
            Showing::Given => None,
            Showing::Nothing => self.bare.as_ref(),
            Showing::OwnMake => self.forged.as_ref(),
        };
        let http = match other {
            Some(other) => other,
            None if is_kept => &self.http,
            None => &self.fresh,
        };
        let mut builder = http.request(method, url);
        if !request.has_header("accept") {
            builder = builder.header("accept", "application/json");
        }
        let carried = attached.headers.iter().find(|(name, _)| name == COOKIE);
        let cookies = request.cookie_header(carried.map(|(_, value)| value.as_str()));
        let attached_headers = attached.headers.iter().filter(|(name, _)| name != COOKIE);
        let attached_headers = attached_headers.map(|(name, value)| (name.as_str(), value));
        for (name, value) in attached_headers.chain(cookies.iter().map(|value| (COOKIE, value))) {
            let mut value = field_value(value).map_err(|error| unsendable(error.to_string()))?;
            value.set_sensitive(true);
            builder = builder.header(name, value);
        }
        if let Some(kind) = &request.content_type {
            builder = builder.header("content-type", kind.as_str());
        }
        for (name, value) in &request.headers {
            let name = HeaderName::from_bytes(name.as_bytes())
                .map_err(|error| unsendable(error.to_string()))?;
            let value = field_value(value).map_err(|error| unsendable(error.to_string()))?;
            builder = builder.header(name, value);
        }
        if let Some(body) = request.body_bytes() {
            builder = builder.body(body);
        } else if request.method == "POST" || request.method == "PUT" || request.method == "PATCH" {
            builder = builder.header("content-length", "0");
        }
        self.sent.fetch_add(1, Ordering::Relaxed);
        let response = builder
            .send()
            .await
            .map_err(|error| match self.classify(&error) {
                TransportError::Broken(_) if is_kept && !request.is_safe() => {
                    TransportError::NotSent(KEPT_CLOSED.to_owned())
                }
                other => other,
            })?;
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| {
                (
                    name.as_str().to_owned(),
                    String::from_utf8_lossy(value.as_bytes()).into_owned(),
                )
            })
            .collect();
        let mut body = Vec::new();
        let mut is_large = false;
        let mut chunks = response.bytes_stream();
        while let Some(chunk) = chunks.next().await {
            body.extend_from_slice(&chunk.map_err(|error| self.classify(&error))?);
            if body.len() > LARGEST_BODY {
                return Err(TransportError::TooLarge(LARGEST_BODY));
            }
            if body.len() > LARGE_BODY && !is_large {
                is_large = true;
                if !self.may_be_large() {
                    return Err(TransportError::NotSent(LARGE_ENOUGH.to_owned()));
                }
                // Once, instead of twice as much again and again.
                body.reserve_exact(LARGEST_BODY.saturating_sub(body.len()));
            }
        }
        if is_too_deep(&body) {
            return Err(TransportError::NotSent(TOO_DEEP.to_owned()));
        }
        if holds_more_than(MOST_VALUES, &body) {
            return Err(TransportError::TooMany(MOST_VALUES));
        }
        if !is_large && holds_more_than(LARGE_VALUES, &body) && !self.may_be_large() {
            return Err(TransportError::NotSent(LARGE_ENOUGH.to_owned()));
        }
        Ok(Answer {
            status,
            headers,
            body: self.contents.of(body),
            refuses: false,
        })
    }

    /// Whether one more large body is read.
    fn may_be_large(&self) -> bool {
        self.large
            .try_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                left.checked_sub(1)
            })
            .is_ok()
    }

    fn classify(&self, error: &reqwest::Error) -> TransportError {
        if error.is_timeout() {
            TransportError::Timeout(self.timeout)
        } else if error.is_connect() {
            TransportError::Connect(self.connection.explained(&chain(error)))
        } else if error.is_builder() {
            TransportError::Unsendable(chain(error))
        } else {
            let reason = chain(error);
            if explained(&reason).is_some() {
                TransportError::Connect(self.connection.explained(&reason))
            } else if error.is_body() || error.is_decode() {
                TransportError::Cut(reason)
            } else {
                TransportError::Broken(reason)
            }
        }
    }
}

/// Whether a body, read as JSON, holds more than so many values: what follows a comma or a bracket
/// outside texts.
fn holds_more_than(most: usize, body: &[u8]) -> bool {
    if body.len() <= most {
        return false;
    }
    let (mut in_text, mut escaped, mut values) = (false, false, 0);
    for byte in body {
        match (in_text, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_text = !in_text,
            (false, b',' | b'[' | b'{') => {
                values += 1;
                if values > most {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

/// Installs what encrypts connections. Already installed is as good: the first caller in the
/// process wins.
pub(super) fn install_provider() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// An error with its causes, the URL left out: it may hold what is secret, and is said elsewhere.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let text = inner.to_string();
        if parts.last() != Some(&text) {
            parts.push(text);
        }
        cause = inner.source();
    }
    if parts.is_empty() {
        error.to_string()
    } else {
        parts.join(": ")
    }
}
