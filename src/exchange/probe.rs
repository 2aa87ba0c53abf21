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

/// What an endpoint speaks instead of what it is asked in, and what to do; nothing where that
/// cannot be seen.
pub(super) async fn probe(
    endpoint: &str,
    connection: &ConnectionOptions,
    timeout: Duration,
) -> Option<&'static str> {
    let url = Url::parse(endpoint).ok()?;
    let is_direct = connection.proxy.is_none() && connection.unix_socket.is_none();
    if is_direct && url.scheme() == "http" {
        let first = tokio::time::timeout(timeout.min(LONGEST), first_bytes(&url));
        if let Ok(Some(bytes)) = first.await {
            return spoken(&bytes, connection.http2);
        }
    }
    match connection.http2 {
        Http2::PriorKnowledge => Some(
            "it does not answer in HTTP/2: leave `--http2-prior-knowledge` out, or try `--http2`",
        ),
        Http2::Never | Http2::Offered => None,
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

/// What begins with such bytes, where it is not what was asked for.
fn spoken(bytes: &[u8], http2: Http2) -> Option<&'static str> {
    let (place, settings) = SETTINGS;
    if bytes.starts_with(&ALERT) {
        Some(ENCRYPTED)
    } else if bytes.starts_with(b"HTTP/1.") {
        (http2 == Http2::PriorKnowledge)
            .then_some("it speaks HTTP/1.1: leave `--http2-prior-knowledge` out")
    } else if bytes.get(place) == Some(&settings) && bytes.starts_with(&[0]) {
        (http2 != Http2::PriorKnowledge)
            .then_some("it speaks HTTP/2 alone: `--http2-prior-knowledge` does too")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::tls(b"\x15\x03\x01\x00\x02\x02\x46", Http2::Never, Some("https://"))]
    #[case::two(
        b"\x00\x00\x12\x04\x00\x00\x00\x00\x00",
        Http2::Never,
        Some("--http2-prior-knowledge")
    )]
    #[case::two_as_asked(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00", Http2::PriorKnowledge, None)]
    #[case::one(b"HTTP/1.1 404 Not", Http2::PriorKnowledge, Some("leave"))]
    #[case::one_as_asked(b"HTTP/1.1 404 Not", Http2::Never, None)]
    #[case::nothing(b"", Http2::Never, None)]
    #[case::greeting(b"220 mail.example", Http2::Never, None)]
    fn first_bytes_tell_what_is_spoken(
        #[case] bytes: &[u8],
        #[case] http2: Http2,
        #[case] said: Option<&str>,
    ) {
        let told = spoken(bytes, http2);
        assert_eq!(told.is_some(), said.is_some(), "{told:?}");
        assert!(told.unwrap_or_default().contains(said.unwrap_or_default()));
    }
}
