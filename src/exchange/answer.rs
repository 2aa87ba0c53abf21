//! What came back: an answer, or why there is none.

use std::sync::Arc;
use std::time::Duration;

use crate::generate::Request;

use super::authenticator::Authentication;
use super::content::Content;

/// One request with its response.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The request as sent.
    pub request: Request,
    /// The whole URL.
    pub url: String,
    /// How the request was authenticated.
    pub authentication: Authentication,
    /// How the endpoint was connected to, as options of curl.
    pub connection: Arc<str>,
    /// The answer, or why there is none.
    pub outcome: Result<Answer, TransportError>,
    /// From the first byte sent to the last received.
    pub elapsed: Duration,
}

/// A response.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers in the order received, names in lower case; bytes that are no text are replaced.
    pub headers: Vec<(String, String)>,
    /// The body, decompressed.
    pub body: Content,
    /// Whether the body says that nothing was done, though the status is that of a success.
    pub refuses: bool,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// No connection.
    #[error("cannot connect: {0}")]
    Connect(String),
    /// No whole answer in time.
    #[error("no complete answer within {0:?}")]
    Timeout(Duration),
    /// The connection broke, or what came is not HTTP.
    #[error("the answer broke off or is not HTTP: {0}")]
    Broken(String),
    /// The head of an answer came, and no whole body: what is wrong is the answer, and not the
    /// protocol.
    #[error("the answer broke off or is not HTTP: {0}")]
    Cut(String),
    /// The body is larger than is read.
    #[error("the body is larger than {0} bytes")]
    TooLarge(usize),
    /// The body holds more values than are read: what takes little room on the wire may take very
    /// much in memory.
    #[error("the body holds more than {0} JSON values")]
    TooMany(usize),
    /// There is no credential to send it with.
    #[error("{0}")]
    Credential(String),
    /// The request cannot be sent at all.
    #[error("the request cannot be sent: {0}")]
    Unsendable(String),
    /// The request was not sent: the mode forbids it, or the run is at its end.
    #[error("not sent: {0}")]
    NotSent(String),
}

impl Answer {
    /// Whether it says that what was asked for was done.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status) && !self.refuses
    }

    /// The first header of a name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

impl Exchange {
    /// Whether there is an answer, and it is a success.
    pub fn is_success(&self) -> bool {
        self.outcome.as_ref().is_ok_and(Answer::is_success)
    }
}
