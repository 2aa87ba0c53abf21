//! How an endpoint is connected to: whose certificates are trusted, which one is shown, by which
//! version of HTTP, and by which way.

use std::fmt;
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{InconsistentKeys, RootCertStore};
use url::Url;

use super::answer::Answer;
use super::curl::quote;
use super::redact::Redactor;

/// How an endpoint is connected to.
#[derive(Debug, Clone, Default)]
pub struct ConnectionOptions {
    /// Certificates of issuers that are trusted beside those of this machine, in PEM.
    pub issuers: Vec<u8>,
    /// The file that has them.
    pub issuers_file: Option<PathBuf>,
    /// The certificate that the client shows.
    pub identity: Option<Identity>,
    /// Whether the certificate of the endpoint is not verified.
    pub insecure: bool,
    /// Whether HTTP/2 is spoken.
    pub http2: Http2,
    /// The proxy that requests go by, where they go by one.
    pub proxy: Option<String>,
    /// The Unix socket that the endpoint listens on, where it does.
    pub unix_socket: Option<PathBuf>,
}

/// Whether HTTP/2 is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Http2 {
    /// It is not: what one request breaks of a connection is then nobody else's.
    #[default]
    Never,
    /// It is where the endpoint chooses it in the handshake of TLS (ALPN).
    Offered,
    /// It is from the first byte.
    PriorKnowledge,
}

/// A certificate and its key, in PEM.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity(Vec<u8>);

impl fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Identity")
    }
}

/// Which certificate a request shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Showing {
    /// The given one, where there is one.
    #[default]
    Given,
    /// None.
    Nothing,
    /// One that nobody has issued but its holder.
    OwnMake,
}

/// Why there is no identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// There is no certificate.
    #[error("there is no certificate in it: `-----BEGIN CERTIFICATE-----`")]
    Certificate,
    /// There is no key, or one that cannot be read.
    #[error("there is no private key in it that can be read: `-----BEGIN PRIVATE KEY-----`")]
    Key,
    /// The key is encrypted.
    #[error("the private key in it is encrypted: `openssl pkey -in FILE -out FILE` decrypts it")]
    Encrypted,
    /// The key is that of another certificate.
    #[error("the private key in it does not belong to the certificate")]
    Mismatch,
}

impl Identity {
    /// Reads a certificate, with those of its issuers behind it, and its key.
    pub fn new(certificate: &[u8], key: &[u8]) -> Result<Self, IdentityError> {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificate).collect();
        let chain = chain.map_err(|_| IdentityError::Certificate)?;
        if chain.is_empty() {
            return Err(IdentityError::Certificate);
        }
        let signing = PrivateKeyDer::from_pem_slice(key)
            .ok()
            .and_then(|key| any_supported_type(&key).ok());
        let signing = signing.ok_or_else(|| {
            let is_encrypted = String::from_utf8_lossy(key).contains("ENCRYPTED");
            if is_encrypted {
                IdentityError::Encrypted
            } else {
                IdentityError::Key
            }
        })?;
        // Where it cannot be known whether they belong together, the endpoint will say so.
        match CertifiedKey::new(chain, signing).keys_match() {
            Err(rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) => {
                return Err(IdentityError::Mismatch);
            }
            Err(rustls::Error::InvalidCertificate(_)) => return Err(IdentityError::Certificate),
            Ok(()) | Err(_) => {}
        }
        let mut pem = certificate.to_vec();
        if certificate != key {
            pem.push(b'\n');
            pem.extend_from_slice(key);
        }
        Ok(Self(pem))
    }

    /// A certificate that is signed by its own key: no endpoint has a reason to trust it.
    pub(super) fn of_own_make() -> Result<Self, rcgen::Error> {
        let made = rcgen::generate_simple_self_signed(["docproof".to_owned()])?;
        let pem = format!("{}\n{}", made.cert.pem(), made.signing_key.serialize_pem());
        Ok(Self(pem.into_bytes()))
    }
}

/// Whether a text in PEM holds certificates of issuers, each of which can be read.
pub fn holds_issuers(pem: &[u8]) -> bool {
    let mut roots = RootCertStore::empty();
    let is_read = CertificateDer::pem_slice_iter(pem)
        .all(|found| found.is_ok_and(|certificate| roots.add(certificate).is_ok()));
    is_read && !roots.is_empty()
}

impl ConnectionOptions {
    /// Makes a client builder connect so, and show this certificate.
    pub(super) fn apply(
        &self,
        mut builder: reqwest::ClientBuilder,
        identity: Option<&Identity>,
    ) -> reqwest::Result<reqwest::ClientBuilder> {
        if !self.issuers.is_empty() {
            let issuers = reqwest::Certificate::from_pem_bundle(&self.issuers)?;
            builder = builder.tls_certs_merge(issuers);
        }
        if let Some(Identity(pem)) = identity {
            builder = builder.identity(reqwest::Identity::from_pem(pem)?);
        }
        if self.insecure {
            builder = builder.tls_danger_accept_invalid_certs(true);
        }
        builder = match &self.proxy {
            Some(proxy) => builder.proxy(reqwest::Proxy::all(proxy)?),
            None => builder.no_proxy(),
        };
        #[cfg(unix)]
        if let Some(socket) = &self.unix_socket {
            builder = builder.unix_socket(socket.clone());
        }
        Ok(match self.http2 {
            Http2::Never => builder.http1_only(),
            Http2::Offered => builder,
            Http2::PriorKnowledge => builder.http2_prior_knowledge(),
        })
    }
}

impl ConnectionOptions {
    /// The options by which curl connects so, each with a blank before it. The certificate is a
    /// credential, and stands with those; so does who asks the proxy, and is left out.
    pub(super) fn curl_options(&self) -> String {
        let mut options = String::new();
        let mut add = |option: &str, value: &str| {
            options.push_str(&format!(" {option} {}", quote(value)));
        };
        if let Some(file) = &self.issuers_file {
            add("--cacert", &file.display().to_string());
        }
        if let Some(proxy) = &self.proxy {
            add("--proxy", &without_user(proxy));
        }
        if let Some(socket) = &self.unix_socket {
            add("--unix-socket", &socket.display().to_string());
        }
        if self.insecure {
            options.push_str(" --insecure");
        }
        options.push_str(match self.http2 {
            Http2::Never => "",
            Http2::Offered => " --http2",
            Http2::PriorKnowledge => " --http2-prior-knowledge",
        });
        options
    }

    /// Why there is no connection, as people are told: by which way, what it means where that is
    /// known, and what to do.
    pub(super) fn explained(&self, reason: &str) -> String {
        let meaning = match self.http2 {
            Http2::PriorKnowledge if reason.contains(NO_PROTOCOL) => {
                Some("it speaks no HTTP/2: leave `--http2-prior-knowledge` out")
            }
            Http2::Never | Http2::Offered | Http2::PriorKnowledge => explained(reason),
        };
        let told = match meaning {
            Some(meaning) => format!("{meaning} ({reason})"),
            None => reason.to_owned(),
        };
        match (&self.unix_socket, &self.proxy) {
            (Some(socket), _) => format!("by the Unix socket `{}`: {told}", socket.display()),
            (None, Some(proxy)) => format!("by the proxy `{}`: {told}", without_user(proxy)),
            (None, None) => told,
        }
    }
}

/// What servers of TLS say to a request that is not encrypted.
const NOT_ENCRYPTED: &[&str] = &[
    "plain HTTP request was sent to HTTPS port",
    "HTTP request to an HTTPS server",
    "plain HTTP to an SSL-enabled server port",
];

impl ConnectionOptions {
    /// How a token endpoint is connected to: it is another server than the endpoint, and need not
    /// speak as that does.
    pub(super) fn of_token_endpoint(&self) -> Self {
        Self {
            http2: Http2::Offered,
            unix_socket: None,
            ..self.clone()
        }
    }

    /// Tells a redactor of what nobody may see: who asks the proxy.
    pub(super) fn tell(&self, redactor: &Redactor) {
        let proxy = self.proxy.as_ref().and_then(|proxy| Url::parse(proxy).ok());
        let Some((proxy, password)) = proxy.as_ref().and_then(|url| Some((url, url.password()?)))
        else {
            return;
        };
        let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let (user, decoded) = (plain(proxy.username()), plain(password));
        redactor.add_secret(password);
        redactor.add_secret(&STANDARD.encode(format!("{user}:{decoded}")));
        redactor.add_secret(&decoded);
    }

    /// What an answer tells of the way to the endpoint, where the endpoint did not make it.
    pub(super) fn way_of(&self, answer: &Answer) -> Option<&'static str> {
        let says = |sentence: &str| {
            let mut windows = answer.body.windows(sentence.len());
            windows.any(|window| window.eq_ignore_ascii_case(sentence.as_bytes()))
        };
        match answer.status {
            407 if self.proxy.is_some() => Some(ASKS),
            505 if self.http2 == Http2::Never => Some(OTHER_VERSION),
            400 | 426 if NOT_ENCRYPTED.iter().any(|sentence| says(sentence)) => Some(ENCRYPTED),
            _ => None,
        }
    }
}

/// What to do about a proxy that asks who is there.
const ASKS: &str =
    "the proxy asks for a credential, or refuses it: `--proxy http://USER:PASSWORD@HOST:PORT`";

/// What to do about an endpoint that answers HTTP/1.1 by 505 (RFC 9110, section 15.6.6).
const OTHER_VERSION: &str = "it answers 505, that it does not speak HTTP/1.1: try `--http2`, or \
                             `--http2-prior-knowledge` for `http://`";

/// What to do about an endpoint that is not spoken to over TLS.
pub(super) const ENCRYPTED: &str =
    "what listens there speaks TLS: is it `https://` instead of `http://`?";

/// The URL of a proxy without who asks it.
pub fn without_user(proxy: &str) -> String {
    match Url::parse(proxy) {
        Ok(mut url) if !url.username().is_empty() || url.password().is_some() => {
            // A URL with a host has a place for a user.
            let _ = url.set_username("").and_then(|()| url.set_password(None));
            url.to_string()
        }
        _ => proxy.to_owned(),
    }
}

/// What TLS says where client and server have no version of HTTP in common.
const NO_PROTOCOL: &str = "NoApplicationProtocol";

/// What a reason means where it is known, and what to do.
pub(super) fn explained(reason: &str) -> Option<&'static str> {
    /// What TLS libraries say, and what it means.
    const KNOWN: &[(&str, &str)] = &[
        (
            "UnknownIssuer",
            "its certificate comes from an issuer that this machine does not trust: give the issuer's certificate by `--ca FILE` or SSL_CERT_FILE, or verify nothing by `--insecure`",
        ),
        (
            "CaUsedAsEndEntity",
            "its certificate is an issuer's own: give one that is issued for the host, or verify nothing by `--insecure`",
        ),
        (
            "certificate expired",
            "its certificate has expired: renew it, or verify nothing by `--insecure`",
        ),
        (
            "peer certificate: Expired",
            "its certificate has expired: renew it, or verify nothing by `--insecure`",
        ),
        (
            "certificate not valid yet",
            "its certificate is not valid yet: is the clock of this machine right?",
        ),
        (
            "peer certificate: NotValidYet",
            "its certificate is not valid yet: is the clock of this machine right?",
        ),
        (
            "peer certificate: NotValidForName",
            "its certificate is not for this host: use a host that the certificate names, or verify nothing by `--insecure`",
        ),
        (
            "certificate not valid for name",
            "its certificate is not for this host: use a host that the certificate names, or verify nothing by `--insecure`",
        ),
        (
            "InvalidContentType",
            "what listens there does not speak TLS: is it `http://` instead of `https://`?",
        ),
        (NO_PROTOCOL, "it speaks no HTTP/1.1: try `--http2`"),
        (
            "tls handshake eof",
            "it closed the connection within the handshake of TLS: is it `http://` instead of `https://`?",
        ),
        ("proxy authorization required", ASKS),
        (
            "CertificateRequired",
            "it asks for a client certificate: give one by `--cert FILE` and `--key FILE`",
        ),
        (
            "UnknownCA",
            "it does not know the issuer of the client certificate: is `--cert` the one that was issued for it?",
        ),
    ];
    let known = KNOWN.iter().find(|(said, _)| reason.contains(said));
    known.map(|(_, meaning)| *meaning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_certificate_is_no_identity() {
        assert_eq!(
            Identity::new(b"hello", b"hello"),
            Err(IdentityError::Certificate)
        );
        assert!(!holds_issuers(b"-----BEGIN CERTIFICATE-----\n"));
    }

    #[test]
    fn what_tls_says_is_explained() {
        let said = "invalid peer certificate: UnknownIssuer";
        assert!(explained(said).is_some_and(|meaning| meaning.contains("--ca")));
        assert_eq!(explained("connection refused"), None);
    }

    /// Each kind of error is explained as the library words it, with a context and without.
    #[test]
    fn what_is_wrong_with_a_certificate_is_explained() {
        use rustls::CertificateError;
        let host = rustls::pki_types::ServerName::try_from("there.test").unwrap();
        let of_name = CertificateError::NotValidForNameContext {
            expected: host,
            presented: vec!["DnsName(\"here.test\")".to_owned()],
        };
        for (error, said) in [
            (CertificateError::Expired, "has expired"),
            (CertificateError::NotValidYet, "not valid yet"),
            (CertificateError::NotValidForName, "not for this host"),
            (of_name, "not for this host"),
            (CertificateError::UnknownIssuer, "--ca FILE"),
        ] {
            let told = rustls::Error::InvalidCertificate(error).to_string();
            let explained = explained(&told).unwrap_or_default();
            assert!(explained.contains(said), "{told}: {explained}");
        }
    }

    #[test]
    fn curl_is_told_how_the_endpoint_is_connected_to() {
        assert_eq!(ConnectionOptions::default().curl_options(), "");
        let options = ConnectionOptions {
            issuers_file: Some(PathBuf::from("my ca.pem")),
            insecure: true,
            http2: Http2::PriorKnowledge,
            proxy: Some("http://user:s3cret@proxy:3128".to_owned()),
            unix_socket: Some(PathBuf::from("/run/it's.sock")),
            ..ConnectionOptions::default()
        };
        assert_eq!(
            options.curl_options(),
            " --cacert 'my ca.pem' --proxy 'http://proxy:3128/' --unix-socket '/run/it'\\''s.sock' \
             --insecure --http2-prior-knowledge"
        );
    }
}
