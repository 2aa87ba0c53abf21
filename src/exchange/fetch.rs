//! Fetching a page: bounded in time and size, no proxy of the environment, no redirect to another
//! host, no credential.

use std::time::Duration;

use futures_util::StreamExt;
use url::Url;

use super::client::{chain, install_provider};

/// The most redirects that are followed, all within one host.
const REDIRECTS: usize = 5;

/// Bounds of a fetch.
#[derive(Debug, Clone, Copy)]
pub struct FetchLimits {
    /// The most time in all, redirects included.
    pub time: Duration,
    /// The most bytes that are read, decompressed.
    pub bytes: usize,
}

/// A fetched page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The URL that answered, after redirects.
    pub url: String,
    /// The body.
    pub body: Vec<u8>,
}

/// Why a page cannot be fetched.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum FetchError {
    /// Not the URL of a page.
    #[error("`{0}` is not the URL of a page")]
    NotAUrl(String),
    /// The URL carries a credential.
    #[error("the URL of a page on `{0}` carries a user or password")]
    Credential(String),
    /// No connection, or it broke.
    #[error("cannot fetch `{url}`: {reason}")]
    Transport {
        /// The URL.
        url: String,
        /// Why.
        reason: String,
    },
    /// Too slow.
    #[error("cannot fetch `{url}`: no whole answer within {} s", limit.as_secs_f64())]
    Timeout {
        /// The URL.
        url: String,
        /// The bound.
        limit: Duration,
    },
    /// Too much.
    #[error("cannot fetch `{url}`: the answer has more than {limit} bytes")]
    TooLarge {
        /// The URL.
        url: String,
        /// The bound.
        limit: usize,
    },
    /// Another status than success.
    #[error("cannot fetch `{url}`: it answers {status}")]
    Status {
        /// The URL.
        url: String,
        /// The status.
        status: u16,
    },
    /// A redirect that is not followed.
    #[error("`{url}` redirects to `{target}`, {why}")]
    Redirect {
        /// The URL.
        url: String,
        /// Where it points.
        target: String,
        /// Why it is not followed.
        why: &'static str,
    },
    /// The client cannot be made.
    #[error("cannot start the HTTP client: {0}")]
    Client(String),
}

impl FetchError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NotAUrl(_) => "write it as `https://HOST/PATH`",
            Self::Credential(_) => "save the page in the browser and give the file",
            Self::Redirect { .. } => {
                "give the URL that it redirects to, if that is the page that is meant"
            }
            Self::TooLarge { .. } => "give the URL of one page, not of a whole manual",
            Self::Status { .. } => {
                "open the URL in a browser; a page behind a login is saved there and given as a file"
            }
            Self::Transport { .. } | Self::Timeout { .. } | Self::Client(_) => {
                "no proxy is used: where the host is out of reach, save the page and give the file"
            }
        }
    }
}

/// Whether an argument is meant as a URL.
pub fn is_url(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// Fetches a page.
pub async fn fetch(url: &str, limits: FetchLimits) -> Result<Fetched, FetchError> {
    let mut target = Url::parse(url)
        .ok()
        .filter(|parsed| matches!(parsed.scheme(), "http" | "https") && parsed.has_host())
        .ok_or_else(|| FetchError::NotAUrl(url.to_owned()))?;
    if !target.username().is_empty() || target.password().is_some() {
        let host = target.host_str().unwrap_or_default().to_owned();
        return Err(FetchError::Credential(host));
    }
    target.set_fragment(None);
    let asked = target.to_string();
    tokio::time::timeout(limits.time, follow(target, limits))
        .await
        .unwrap_or(Err(FetchError::Timeout {
            url: asked,
            limit: limits.time,
        }))
}

async fn follow(mut target: Url, limits: FetchLimits) -> Result<Fetched, FetchError> {
    install_provider();
    let http = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(limits.time.min(Duration::from_secs(10)))
        .http1_only()
        .user_agent(concat!("docproof/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| FetchError::Client(chain(&error)))?;
    let asked = target.clone();
    for _ in 0..=REDIRECTS {
        let broken = |error: reqwest::Error| FetchError::Transport {
            url: target.to_string(),
            reason: chain(&error),
        };
        let response = http
            .get(target.clone())
            .header("accept", "text/html, text/markdown, text/plain, */*;q=0.1")
            .send()
            .await
            .map_err(broken)?;
        let status = response.status().as_u16();
        if matches!(status, 301 | 302 | 303 | 307 | 308) {
            let location = response
                .headers()
                .get("location")
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default();
            target = redirect(&target, location)?;
            continue;
        }
        if status != 200 {
            return Err(FetchError::Status {
                url: target.to_string(),
                status,
            });
        }
        let mut body = Vec::new();
        let mut chunks = response.bytes_stream();
        while let Some(chunk) = chunks.next().await {
            body.extend_from_slice(&chunk.map_err(broken)?);
            if body.len() > limits.bytes {
                return Err(FetchError::TooLarge {
                    url: target.to_string(),
                    limit: limits.bytes,
                });
            }
        }
        return Ok(Fetched {
            url: target.to_string(),
            body,
        });
    }
    Err(FetchError::Redirect {
        url: asked.to_string(),
        target: target.to_string(),
        why: "the last of more than five redirects",
    })
}

/// Where a redirect leads, if it is one that is followed: the same host, and never from `https` to
/// `http`.
fn redirect(from: &Url, location: &str) -> Result<Url, FetchError> {
    let refuse = |target: &str, why| FetchError::Redirect {
        url: from.to_string(),
        target: target.to_owned(),
        why,
    };
    let Ok(mut target) = from.join(location) else {
        return Err(refuse(location, "which is no URL"));
    };
    if location.is_empty() || !matches!(target.scheme(), "http" | "https") {
        return Err(refuse(location, "which is no URL of a page"));
    }
    let upgrade = from.scheme() == "http" && target.scheme() == "https";
    let same_port = from.port_or_known_default() == target.port_or_known_default();
    if target.host_str() != from.host_str() || !(same_port || upgrade) {
        return Err(refuse(target.as_str(), "another host"));
    }
    if from.scheme() == "https" && target.scheme() == "http" {
        return Err(refuse(target.as_str(), "which is not encrypted"));
    }
    if !target.username().is_empty() || target.password().is_some() {
        return Err(refuse(
            target.host_str().unwrap_or_default(),
            "with a user or password",
        ));
    }
    target.set_fragment(None);
    Ok(target)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("https://a/x", "/y", Some("https://a/y"))]
    #[case("https://a/x", "https://a/y#part", Some("https://a/y"))]
    #[case("http://a/x", "https://a/x", Some("https://a/x"))]
    #[case("https://a/x", "http://a/x", None)]
    #[case("https://a/x", "https://b/x", None)]
    #[case("https://a/x", "//b/x", None)]
    #[case("https://a/x", "https://a:8443/x", None)]
    #[case("https://a/x", "https://u:p@a/x", None)]
    #[case("https://a/x", "file:///etc/passwd", None)]
    #[case("https://a/x", "", None)]
    fn redirects_stay_on_their_host(
        #[case] from: &str,
        #[case] location: &str,
        #[case] expected: Option<&str>,
    ) {
        let from = Url::parse(from).unwrap();
        let reached = redirect(&from, location).ok();
        assert_eq!(reached.as_ref().map(Url::as_str), expected);
    }
}
