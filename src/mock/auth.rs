//! Authentication: by the security scheme of the suite, or by a signature.
//!
//! With a token given at the start, exactly that one is accepted. With a pair of keys, requests
//! have to be signed by them; with both, either does. With neither, the first non-empty token that
//! is seen is the one that is accepted from then on, and requests without a token are served until
//! one has been seen: a mock that nobody configured can be tried with plain requests, and still
//! tells a wrong token from a right one. What an operation asks for at the same time is learnt in
//! the same way.

use std::collections::HashMap;
use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use crate::contract::SecurityScheme;

use super::rejection::Flaw;
use super::signature::{Arrived, MockKeys, Refusal};

/// What is accepted.
#[derive(Debug)]
pub(super) struct Auth {
    scheme: SecurityScheme,
    given: Option<String>,
    keys: Option<MockKeys>,
    learnt: OnceLock<Vec<u8>>,
    /// What was learnt of the schemes that operations ask for beside it.
    beside: HashMap<SecurityScheme, OnceLock<Vec<u8>>>,
}

/// What an operation asks for.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// A page makes the token mandatory. One was refused only once a token is known, otherwise.
    pub(super) required: bool,
    /// A document says that it is served without any.
    pub(super) is_open: bool,
    /// What it asks for at the same time.
    pub(super) beside: Vec<SecurityScheme>,
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
    pub(super) fn new(
        scheme: SecurityScheme,
        given: Option<String>,
        keys: Option<MockKeys>,
        beside: impl IntoIterator<Item = SecurityScheme>,
    ) -> Self {
        let beside = beside.into_iter();
        Self {
            scheme,
            given,
            keys,
            learnt: OnceLock::new(),
            beside: beside.map(|scheme| (scheme, OnceLock::new())).collect(),
        }
    }

    /// Whether a request carries what an operation asks for, or needs nothing yet.
    pub(super) fn admit(&self, arrived: &Arrived<'_>, asked: &Asked) -> Result<(), Denied> {
        if asked.is_open && sent(&self.scheme, arrived).texts.is_empty() {
            return Ok(());
        }
        self.admit_first(arrived, asked.required)?;
        for scheme in &asked.beside {
            let Some(learnt) = self.beside.get(scheme) else {
                continue;
            };
            let sent = sent(scheme, arrived);
            let flaw = match sent.texts.as_slice() {
                [] if learnt.get().is_none() => continue,
                [text] if !text.is_empty() && !sent.is_other => {
                    if learnt.get_or_init(|| text.clone().into_bytes()) == text.as_bytes() {
                        continue;
                    }
                    Flaw::Wrong
                }
                [] => Flaw::Missing,
                _ => Flaw::Wrong,
            };
            return Err(Denied {
                flaw,
                reason: format!("{} is missing or not valid", scheme.in_words()),
            });
        }
        Ok(())
    }

    /// The same for the one credential that the mock may be given. `required`: a page makes the
    /// token mandatory.
    fn admit_first(&self, arrived: &Arrived<'_>, required: bool) -> Result<(), Denied> {
        if let Some(keys) = &self.keys {
            let by_token = self.given.is_some()
                && match self.scheme.header() {
                    Some("Authorization") | None => false,
                    Some(name) => arrived.headers.contains_key(name),
                };
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
        let sent = sent(&self.scheme, arrived);
        if self.takes(&sent, required) {
            Ok(())
        } else {
            Err(Denied {
                flaw: self.flaw(&sent),
                reason: "the token is missing or not valid".to_owned(),
            })
        }
    }

    /// What is wrong with the token of a request.
    fn flaw(&self, sent: &Sent) -> Flaw {
        let Some(text) = sent.texts.first().map(String::as_bytes) else {
            return Flaw::Missing;
        };
        let learnt = self.learnt.get().map(Vec::as_slice);
        let given = self.given.as_ref().map(String::as_bytes);
        match given.or(learnt) {
            Some(right) if sent.is_other => {
                if text == right {
                    Flaw::OtherScheme
                } else {
                    Flaw::Wrong
                }
            }
            Some(right) if !text.is_empty() && right.starts_with(text) => Flaw::Cut,
            Some(right) if text.starts_with(right) => Flaw::Extended,
            Some(_) | None => Flaw::Wrong,
        }
    }

    fn takes(&self, sent: &Sent, required: bool) -> bool {
        // Two tokens: whichever is meant, a service cannot know.
        if sent.texts.len() > 1 || sent.is_other {
            return false;
        }
        let token = sent.texts.first().map(String::as_bytes);
        let token = token.filter(|token| !token.is_empty());
        match (&self.given, token) {
            (Some(given), token) => token == Some(given.as_bytes()),
            (None, Some(token)) => self.learnt.get_or_init(|| token.to_owned()) == token,
            (None, None) => !required && self.learnt.get().is_none(),
        }
    }
}

/// The credentials that a request carries.
#[derive(Debug, Default)]
struct Sent {
    texts: Vec<String>,
    /// Whether they stand under another scheme of `Authorization`.
    is_other: bool,
}

/// What a request carries of a scheme.
fn sent(scheme: &SecurityScheme, arrived: &Arrived<'_>) -> Sent {
    let values = |name: &str| -> Vec<String> {
        let values = arrived.headers.get_all(name).iter();
        values
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .collect()
    };
    let mut sent = Sent::default();
    match scheme {
        SecurityScheme::Header(name) => sent.texts = values(name),
        SecurityScheme::Query(name) => {
            let pairs = url::form_urlencoded::parse(arrived.query.as_bytes());
            sent.texts = pairs
                .filter(|(known, _)| known == name)
                .map(|(_, value)| value.into_owned())
                .collect();
        }
        SecurityScheme::Cookie(name) => {
            let cookies = values("cookie");
            let pairs = cookies.iter().flat_map(|cookies| cookies.split(';'));
            sent.texts = pairs
                .filter_map(|pair| pair.trim().split_once('='))
                .filter(|(known, _)| known == name)
                .map(|(_, value)| value.to_owned())
                .collect();
        }
        SecurityScheme::Bearer | SecurityScheme::Basic | SecurityScheme::Http(_) => {
            let wanted = match scheme {
                SecurityScheme::Bearer => "bearer",
                SecurityScheme::Basic => "basic",
                SecurityScheme::Http(name) => name,
                _ => "",
            };
            let is_basic = *scheme == SecurityScheme::Basic;
            for value in values("authorization") {
                let (word, rest) = value.split_once(' ').unwrap_or((&value, ""));
                let rest = rest.trim();
                sent.is_other |= !word.eq_ignore_ascii_case(wanted);
                let decoded = is_basic.then(|| STANDARD.decode(rest).ok()).flatten();
                let decoded = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
                sent.texts.push(decoded.unwrap_or_else(|| rest.to_owned()));
            }
        }
        SecurityScheme::Certificate => {}
    }
    sent
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderMap;

    fn takes(auth: &Auth, name: &'static str, values: &[&'static str], required: bool) -> bool {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name, axum::http::HeaderValue::from_static(value));
        }
        let arrived = Arrived {
            method: "GET",
            path: "/",
            query: "",
            headers: &headers,
            body: &[],
        };
        auth.takes(&sent(&auth.scheme, &arrived), required)
    }

    fn token(given: Option<&str>) -> Auth {
        let scheme = SecurityScheme::Header("x-auth-token".to_owned());
        Auth::new(scheme, given.map(str::to_owned), None, [])
    }

    #[test]
    fn a_given_token_is_the_only_one() {
        let auth = token(Some("t"));
        assert!(takes(&auth, "x-auth-token", &["t"], false));
        for tokens in [&[][..], &[""], &["T"], &["t", "t"], &["t2"]] {
            assert!(!takes(&auth, "x-auth-token", tokens, false), "{tokens:?}");
        }
    }

    #[test]
    fn the_first_token_is_learnt() {
        let auth = token(None);
        assert!(takes(&auth, "x-auth-token", &[], false));
        assert!(takes(&auth, "x-auth-token", &[""], false));
        assert!(!takes(&auth, "x-auth-token", &[], true));
        assert!(takes(&auth, "x-auth-token", &["a"], false));
        assert!(!takes(&auth, "x-auth-token", &["b"], false));
        assert!(!takes(&auth, "x-auth-token", &[], false));
    }

    #[test]
    fn a_password_is_taken_under_its_scheme_alone() {
        let auth = Auth::new(SecurityScheme::Basic, Some("u:pw".to_owned()), None, []);
        assert!(takes(&auth, "authorization", &["Basic dTpwdw=="], true));
        assert!(takes(&auth, "authorization", &["basic dTpwdw=="], true));
        assert!(!takes(&auth, "authorization", &["Bearer dTpwdw=="], true));
        assert!(!takes(&auth, "authorization", &["Basic dTpw"], true));
    }
}
