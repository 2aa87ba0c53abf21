//! How an endpoint is connected to: whose certificates are trusted, which one is shown, by which
//! version of HTTP, and by which way.

use std::fmt;
use std::path::PathBuf;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// How an endpoint is connected to.
#[derive(Debug, Clone, Default)]
pub struct ConnectionOptions {
    /// Certificates of issuers that are trusted beside those of this machine, in PEM.
    pub issuers: Vec<u8>,
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

/// Why there is no identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// There is no certificate.
    #[error("there is no certificate in it: `-----BEGIN CERTIFICATE-----`")]
    Certificate,
    /// There is no key, or one that cannot be read.
    #[error("there is no private key in it that can be read: `-----BEGIN PRIVATE KEY-----`")]
    Key,
}

impl Identity {
    /// Reads a certificate, with those of its issuers behind it, and its key.
    pub fn new(certificate: &[u8], key: &[u8]) -> Result<Self, IdentityError> {
        if !holds_certificate(certificate) {
            return Err(IdentityError::Certificate);
        }
        if PrivateKeyDer::from_pem_slice(key).is_err() {
            return Err(IdentityError::Key);
        }
        let mut pem = certificate.to_vec();
        if certificate != key {
            pem.push(b'\n');
            pem.extend_from_slice(key);
        }
        Ok(Self(pem))
    }
}

/// Whether there is a certificate in a text in PEM.
pub fn holds_certificate(pem: &[u8]) -> bool {
    CertificateDer::pem_slice_iter(pem)
        .next()
        .is_some_and(|found| found.is_ok())
}

impl ConnectionOptions {
    /// Makes a client builder connect so; `is_bare` shows no certificate.
    pub(super) fn apply(
        &self,
        mut builder: reqwest::ClientBuilder,
        is_bare: bool,
    ) -> reqwest::Result<reqwest::ClientBuilder> {
        if !self.issuers.is_empty() {
            let issuers = reqwest::Certificate::from_pem_bundle(&self.issuers)?;
            builder = builder.tls_certs_merge(issuers);
        }
        if let Some(Identity(pem)) = self.identity.as_ref().filter(|_| !is_bare) {
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

/// What a failed connection means where the reason is known, and what to do.
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
            "certificate not valid for name",
            "its certificate is not for this host: use a host that the certificate names, or verify nothing by `--insecure`",
        ),
        (
            "InvalidContentType",
            "what listens there does not speak TLS: is it `http://` instead of `https://`?",
        ),
        (
            "NoApplicationProtocol",
            "it speaks no HTTP/1.1: try `--http2`",
        ),
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
        assert!(!holds_certificate(b"-----BEGIN CERTIFICATE-----\n"));
    }

    #[test]
    fn what_tls_says_is_explained() {
        let said = "invalid peer certificate: UnknownIssuer";
        assert!(explained(said).is_some_and(|meaning| meaning.contains("--ca")));
        assert_eq!(explained("connection refused"), None);
    }
}
