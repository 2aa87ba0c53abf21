//! Authentication: by `X-Auth-Token`, or by a signature.
//!
//! With a token given at the start, exactly that one is accepted. With a pair of keys, requests
//! have to be signed by them; with both, either does. With neither, the first non-empty token that
//! is seen is the one that is accepted from then on, and requests without a token are served until
//! one has been seen: a mock that nobody configured can be tried with plain requests, and still
//! tells a wrong token from a right one.

use std::sync::OnceLock;

use axum::http::{HeaderMap, HeaderValue};
use jiff::Timestamp;

use super::operation::TOKEN_HEADER;
use super::rejection::Flaw;
use super::signature::{Arrived, MockKeys, Refusal};

/// What is accepted.
#[derive(Debug, Default)]
pub(super) struct Auth {
    given: Option<String>,
    keys: Option<MockKeys>,
    learnt: OnceLock<Vec<u8>>,
}

/// Why a request is not admitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Denied {
    /// What is wrong with the credential.
    pub(super) flaw: Flaw,
    /// A sentence for people.
    pub(super) reason: String,
}

impl Auth {
    /// Accepts one token, or the signatures of one pair of keys, or learns a token.
    pub(super) fn new(given: Option<String>, keys: Option<MockKeys>) -> Self {
        Self {
            given,
            keys,
            learnt: OnceLock::new(),
        }
    }

    /// Whether a request carries the credential, or needs none yet. `required`: a page makes the
    /// token mandatory.
    pub(super) fn admit(&self, arrived: &Arrived<'_>, required: bool) -> Result<(), Denied> {
        if let Some(keys) = &self.keys {
            let by_token = self.given.is_some() && arrived.headers.contains_key(TOKEN_HEADER);
            if !by_token {
                return keys
                    .verify(arrived, Timestamp::now())
                    .map_err(|refusal| Denied {
                        flaw: if refusal == Refusal::Unsigned
                            && !arrived.headers.contains_key("authorization")
                        {
                            Flaw::Missing
                        } else {
                            Flaw::Wrong
                        },
                        reason: refusal.to_string(),
                    });
            }
        }
        if self.takes_token(arrived.headers, required) {
            Ok(())
        } else {
            Err(Denied {
                flaw: self.flaw(arrived.headers),
                reason: "the token is missing or not valid".to_owned(),
            })
        }
    }

    /// What is wrong with the token of a request.
    fn flaw(&self, headers: &HeaderMap) -> Flaw {
        let Some(sent) = headers.get(TOKEN_HEADER).map(HeaderValue::as_bytes) else {
            return Flaw::Missing;
        };
        let learnt = self.learnt.get().map(Vec::as_slice);
        let given = self.given.as_ref().map(String::as_bytes);
        match given.or(learnt) {
            Some(right) if !sent.is_empty() && right.starts_with(sent) => Flaw::Cut,
            Some(right) if sent.starts_with(right) => Flaw::Extended,
            Some(_) | None => Flaw::Wrong,
        }
    }

    fn takes_token(&self, headers: &HeaderMap, required: bool) -> bool {
        let mut sent = headers.get_all(TOKEN_HEADER).iter();
        let token = sent
            .next()
            .map(HeaderValue::as_bytes)
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
        let auth = Auth::new(Some("t".to_owned()), None);
        assert!(auth.takes_token(&headers(&["t"]), false));
        for tokens in [&[][..], &[""], &["T"], &["t", "t"], &["t2"]] {
            assert!(!auth.takes_token(&headers(tokens), false), "{tokens:?}");
        }
    }

    #[test]
    fn the_first_token_is_learnt() {
        let auth = Auth::new(None, None);
        assert!(auth.takes_token(&headers(&[]), false));
        assert!(auth.takes_token(&headers(&[""]), false));
        assert!(!auth.takes_token(&headers(&[]), true));
        assert!(auth.takes_token(&headers(&["a"]), false));
        assert!(!auth.takes_token(&headers(&["b"]), false));
        assert!(!auth.takes_token(&headers(&[]), false));
    }
}
