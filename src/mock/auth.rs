//! Authentication by `X-Auth-Token`.
//!
//! With a token given at the start, exactly that one is accepted. Without, the first non-empty token that is seen is the one that is
//! accepted from then on, and requests without a token are served until one has been seen: a mock that nobody configured can be
//! tried with plain requests, and still tells a wrong token from a right one.

use std::sync::OnceLock;

use axum::http::HeaderMap;

use super::served::TOKEN_HEADER;

/// The token that is accepted.
#[derive(Debug, Default)]
pub(super) struct Auth {
    given: Option<String>,
    learnt: OnceLock<Vec<u8>>,
}

impl Auth {
    /// Accepts one token, or learns it.
    pub(super) fn new(given: Option<String>) -> Self {
        Self {
            given,
            learnt: OnceLock::new(),
        }
    }

    /// Whether a request's headers carry the token, or need none yet. `required`: a page makes the header mandatory.
    pub(super) fn admits(&self, headers: &HeaderMap, required: bool) -> bool {
        let mut sent = headers.get_all(TOKEN_HEADER).iter();
        let token = sent
            .next()
            .map(axum::http::HeaderValue::as_bytes)
            .filter(|token| !token.is_empty());
        if sent.next().is_some() {
            // Two tokens: whichever is meant, a service cannot know.
            return false;
        }
        match (&self.given, token) {
            (Some(given), token) => token == Some(given.as_bytes()),
            (None, Some(token)) => self.learnt.get_or_init(|| token.to_owned()) == token,
            (None, None) => !required && self.learnt.get().is_none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(tokens: &[&'static str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for token in tokens {
            headers.append(TOKEN_HEADER, axum::http::HeaderValue::from_static(token));
        }
        headers
    }

    #[test]
    fn a_given_token_is_the_only_one() {
        let auth = Auth::new(Some("t".to_owned()));
        assert!(auth.admits(&headers(&["t"]), false));
        for tokens in [&[][..], &[""], &["T"], &["t", "t"], &["t2"]] {
            assert!(!auth.admits(&headers(tokens), false), "{tokens:?}");
        }
    }

    #[test]
    fn the_first_token_is_learnt() {
        let auth = Auth::new(None);
        assert!(auth.admits(&headers(&[]), false));
        assert!(auth.admits(&headers(&[""]), false));
        assert!(!auth.admits(&headers(&[]), true));
        assert!(auth.admits(&headers(&["a"]), false));
        assert!(!auth.admits(&headers(&["b"]), false));
        assert!(!auth.admits(&headers(&[]), false));
    }
}
