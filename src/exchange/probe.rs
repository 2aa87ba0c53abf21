//! A look at the first bytes of an endpoint that answers nothing as HTTP: it may speak TLS, or
//! another version of HTTP.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::Url;

use super::connection::{ConnectionOptions, ENCRYPTED, Http2};

/// The longest that is waited for the first bytes.
const LONGEST: Duration = Duration::from_secs(2);

/// The type of a record that ends a handshake of TLS with an alert, and the major version behind it
/// (RFC 8446, section 5.1).
const ALERT: [u8; 2] = [21, 3];

/// The type of the frame that a server of HTTP/2 begins with, at its place (RFC 9113, sections 3.4
/// and 4.1).
const SETTINGS: (usize, u8) = (3, 4);

/// What an endpoint speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spoken {
    /// The version of HTTP that it is asked in, whatever is wrong with its answers.
    AsAsked,
    /// Something else, and what to do.
    Other(&'static str),
}

/// What an endpoint speaks; nothing where that cannot be seen.
pub(super) async fn probe(
    endpoint: &str,
    connection: &ConnectionOptions,
    timeout: Duration,
) -> Option<Spoken> {
    let url = Url::parse(endpoint).ok()?;
    let is_direct = connection.proxy.is_none() && connection.unix_socket.is_none();
    if is_direct && url.scheme() == "http" {
        let first = tokio::time::timeout(timeout.min(LONGEST), first_bytes(&url));
        let first = first.await.ok().flatten().unwrap_or_default();
        if !first.is_empty() {
            return spoken(&first, connection.http2);
        }
        // Some servers of TLS close the connection without a word.
        if speaks_tls(&url, timeout.min(LONGEST)).await {
            return Some(Spoken::Other(ENCRYPTED));
        }
    }
    match connection.http2 {
        Http2::PriorKnowledge => Some(Spoken::Other(
            "it does not answer in HTTP/2: leave `--http2-prior-knowledge` out, or try `--http2`",
        )),
        Http2::Never | Http2::Offered => None,
    }
}

/// Whether a request over TLS is answered, whatever the certificate.
async fn speaks_tls(url: &Url, timeout: Duration) -> bool {
    let mut encrypted = url.clone();
    let port = url.port_or_known_default();
    if encrypted.set_scheme("https").is_err() || encrypted.set_port(port).is_err() {
        return false;
    }
    encrypted.set_path("/");
    let client = reqwest::Client::builder()
        .tls_danger_accept_invalid_certs(true)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .timeout(timeout)
        .build();
    match client {
        Ok(client) => client.get(encrypted).send().await.is_ok(),
        Err(_) => false,
    }
}

/// The first bytes that are answered to a plain request of HTTP/1.1.
async fn first_bytes(url: &Url) -> Option<Vec<u8>> {
    let host = url.host_str()?;
    let port = url.port_or_known_default()?;
    let plain = host.trim_start_matches('[').trim_end_matches(']');
    let mut stream = TcpStream::connect((plain, port)).await.ok()?;
    let request = format!("GET / HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut bytes = Vec::new();
    stream.take(16).read_to_end(&mut bytes).await.ok()?;
    Some(bytes)
}

/// What begins with such bytes.
fn spoken(bytes: &[u8], http2: Http2) -> Option<Spoken> {
    let (place, settings) = SETTINGS;
    let is_two = bytes.get(place) == Some(&settings) && bytes.starts_with(&[0]);
    let is_one = bytes.starts_with(b"HTTP/1.");
    match http2 {
        _ if bytes.starts_with(&ALERT) => Some(Spoken::Other(ENCRYPTED)),
        Http2::PriorKnowledge if is_one => Some(Spoken::Other(
            "it speaks HTTP/1.1: leave `--http2-prior-knowledge` out",
        )),
        Http2::Never | Http2::Offered if is_two => Some(Spoken::Other(
            "it speaks HTTP/2 alone: `--http2-prior-knowledge` does too",
        )),
        _ if is_one || is_two => Some(Spoken::AsAsked),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::tls(b"\x15\x03\x01\x00\x02\x02\x46", Http2::Never, "https://")]
    #[case::two(
        b"\x00\x00\x12\x04\x00\x00\x00",
        Http2::Never,
        "--http2-prior-knowledge"
    )]
    #[case::two_as_asked(b"\x00\x00\x12\x04\x00\x00\x00", Http2::PriorKnowledge, "as asked")]
    #[case::one(b"HTTP/1.1 404 Not", Http2::PriorKnowledge, "leave")]
    #[case::one_as_asked(b"HTTP/1.1 404 Not", Http2::Never, "as asked")]
    #[case::nothing(b"", Http2::Never, "unknown")]
    #[case::greeting(b"220 mail.example", Http2::Never, "unknown")]
    fn first_bytes_tell_what_is_spoken(
        #[case] bytes: &[u8],
        #[case] http2: Http2,
        #[case] said: &str,
    ) {
        let told = match spoken(bytes, http2) {
            Some(Spoken::AsAsked) => "as asked",
            Some(Spoken::Other(told)) => told,
            None => "unknown",
        };
        assert!(told.contains(said), "{told}");
    }
}
