//! Credentials: texts that security schemes carry, commands and token endpoints that give such
//! texts, or a pair of keys.

use std::fmt;

use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use base64::engine::{DecodePaddingMode, Engine};
use percent_encoding::percent_decode_str;

use crate::contract::SecurityScheme;
use crate::generate::Scheme;

use super::aws::AwsScope;
use super::forge::cut;
use super::grant::{ClientCredentials, in_form};
use super::redact::{Redactor, TELLING};
use super::sign::KeyPair;
use super::spelling::SHORTEST;
use super::token_command::TokenCommand;

/// Base64 with or without the signs at its end.
const INDIFFERENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD_INDIFFERENT: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, INDIFFERENT);
const URL_SAFE_INDIFFERENT: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, INDIFFERENT);

/// What a target is authenticated by.
#[derive(Clone, Default)]
pub enum Credentials {
    /// Nothing.
    #[default]
    None,
    /// What security schemes carry, all at once.
    Carried(Vec<Part>),
    /// A pair of keys that sign each request, and the project sent as `X-Project-Id`.
    Keys {
        /// The keys.
        keys: KeyPair,
        /// The project.
        project: Option<String>,
        /// Where the signature counts, where requests are signed as AWS does it.
        aws: Option<AwsScope>,
    },
}

/// A credential that one security scheme carries.
#[derive(Clone)]
pub struct Part {
    /// How it is carried.
    pub scheme: SecurityScheme,
    /// What it is, or who gives it.
    pub secret: Secret,
}

/// A secret, or who gives it.
#[derive(Clone)]
pub enum Secret {
    /// The secret itself; of Basic the user, a colon and the password.
    Text(String),
    /// A command that prints tokens.
    Command(TokenCommand),
    /// A token endpoint that grants tokens (OAuth 2).
    Grant(ClientCredentials),
}

impl Credentials {
    /// How requests carry them.
    pub fn scheme(&self) -> Scheme {
        match self {
            Self::None => Scheme::None,
            Self::Carried(parts) if parts.is_empty() => Scheme::None,
            Self::Carried(parts) => {
                Scheme::Carried(parts.iter().map(|part| part.scheme.clone()).collect())
            }
            Self::Keys { .. } => Scheme::Signature,
        }
    }

    /// What security schemes carry.
    pub fn parts(&self) -> &[Part] {
        match self {
            Self::Carried(parts) => parts,
            Self::None | Self::Keys { .. } => &[],
        }
    }

    /// Tells a redactor what nobody may see.
    pub(super) fn tell(&self, redactor: &Redactor) {
        match self {
            Self::None => {}
            Self::Carried(parts) => parts.iter().for_each(|part| part.tell(redactor)),
            Self::Keys { keys, .. } => {
                redactor.add_secret(&keys.secret_key);
                if let Some(token) = &keys.security_token {
                    redactor.add_secret(token);
                }
                redactor.add_identifier(&keys.access_key);
            }
        }
    }
}

impl Part {
    /// A secret that a scheme carries.
    pub fn text(scheme: SecurityScheme, secret: impl Into<String>) -> Self {
        Self {
            scheme,
            secret: Secret::Text(secret.into()),
        }
    }

    /// What the value of a header carries: of `Authorization` and `Cookie` the parts that HTTP
    /// knows, else the whole value.
    pub fn of_header(name: &str, value: &str) -> Vec<Self> {
        if name.eq_ignore_ascii_case("cookie") {
            let cookies = value
                .split(';')
                .filter_map(|pair| pair.trim().split_once('='));
            return cookies
                .map(|(name, value)| Self::text(SecurityScheme::Cookie(name.to_owned()), value))
                .collect();
        }
        if name.eq_ignore_ascii_case("authorization")
            && let Some((scheme, rest)) = value.trim().split_once(' ')
        {
            let (scheme, rest) = (SecurityScheme::http(scheme), rest.trim());
            if scheme != SecurityScheme::Basic {
                return vec![Self::text(scheme, rest)];
            }
            let decoded = STANDARD.decode(rest).ok();
            if let Some(pair) = decoded.and_then(|bytes| String::from_utf8(bytes).ok()) {
                return vec![Self::text(scheme, pair)];
            }
        }
        vec![Self::text(SecurityScheme::Header(name.to_owned()), value)]
    }

    /// Whether two are one text that is carried in one way.
    pub fn is_same(&self, other: &Self) -> bool {
        matches!((&self.secret, &other.secret),
            (Secret::Text(one), Secret::Text(same)) if one == same && self.scheme == other.scheme)
    }

    /// Whether another secret can be had for one that is refused.
    pub(super) fn is_renewable(&self) -> bool {
        match self.secret {
            Secret::Text(_) => false,
            Secret::Command(_) | Secret::Grant(_) => true,
        }
    }

    /// Whether a token endpoint gives it.
    pub(super) fn is_granted(&self) -> bool {
        match self.secret {
            Secret::Grant(_) => true,
            Secret::Text(_) | Secret::Command(_) => false,
        }
    }

    /// Whether it is so short that it stands in many a text by chance, and is not redacted.
    pub fn is_short(&self) -> bool {
        let secret = match &self.secret {
            Secret::Text(text) => text,
            Secret::Command(_) | Secret::Grant(_) => return false,
        };
        let secret = match (&self.scheme, secret.split_once(':')) {
            (SecurityScheme::Basic, Some((_, password))) => password,
            _ => secret,
        };
        !secret.is_empty() && secret.len() < SHORTEST
    }

    /// Whether no header can carry it.
    pub(super) fn is_unsendable(&self) -> bool {
        let in_query = matches!(self.scheme, SecurityScheme::Query(_));
        // Basic is Base64 on the wire.
        let is_plain = !in_query && self.scheme != SecurityScheme::Basic;
        matches!(&self.secret, Secret::Text(text)
            if is_plain && reqwest::header::HeaderValue::from_str(text).is_err())
    }

    fn tell(&self, redactor: &Redactor) {
        match &self.secret {
            Secret::Text(secret) => tell(&self.scheme, secret, redactor),
            Secret::Command(_) => {}
            Secret::Grant(grant) => {
                redactor.add_secret(&grant.client_secret);
                let pair = format!("{}:{}", grant.client_id, grant.client_secret);
                redactor.add_secret(&STANDARD.encode(pair));
                let [id, secret] = [&grant.client_id, &grant.client_secret].map(|one| in_form(one));
                redactor.add_secret(&STANDARD.encode(format!("{id}:{secret}")));
            }
        }
    }
}

/// Tells a redactor of a secret that a scheme carries, in each form that it has on the wire.
pub(super) fn tell(scheme: &SecurityScheme, secret: &str, redactor: &Redactor) {
    tell_text(secret, redactor);
    if *scheme == SecurityScheme::Basic {
        let encoded = STANDARD.encode(secret);
        // Whoever repeats it may leave the padding out (RFC 4648, section 3.2).
        redactor.add_secret(encoded.trim_end_matches('='));
        redactor.add_secret(&encoded);
        if let Some((_, password)) = secret.split_once(':') {
            tell_text(password, redactor);
        }
    }
}

/// Tells a redactor of a secret, and of what a service makes of it that decodes it.
fn tell_text(secret: &str, redactor: &Redactor) {
    redactor.add_secret(secret);
    // A trial sends it without its last character, and what that made may be shown by later ones.
    let shorter = cut(secret);
    if shorter.len() >= TELLING {
        redactor.add_identifier(&shorter);
    }
    for text in unescaped(secret) {
        redactor.add_secret(&text);
    }
    // A word may be Base64 by chance: what it would stand for is hidden, and is no leak.
    for text in of_base64(secret) {
        redactor.add_identifier(&text);
    }
}

/// What a secret comes to where a service takes it for a part of a URL, as many take cookies and
/// keys.
pub(super) fn unescaped(secret: &str) -> Vec<String> {
    let decoded = percent_decode_str(secret).decode_utf8_lossy();
    let mut all = vec![decoded.replace('+', " "), decoded.into_owned()];
    all.retain(|text| text != secret);
    all.dedup();
    all
}

/// What a secret comes to where it is the Base64 of a text; of a user and a password the password
/// too.
pub(super) fn of_base64(secret: &str) -> Vec<String> {
    let engines = [STANDARD_INDIFFERENT, URL_SAFE_INDIFFERENT].into_iter();
    let decoded = engines.filter_map(|engine| String::from_utf8(engine.decode(secret).ok()?).ok());
    let mut all: Vec<String> = decoded.collect();
    all.dedup();
    let passwords = all.iter().filter_map(|text| text.split_once(':'));
    let passwords: Vec<String> = passwords.map(|(_, text)| text.to_owned()).collect();
    all.extend(passwords);
    all
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Credentials({})", self.scheme())
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Part({})", self.scheme)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Text(_) => "Secret::Text",
            Self::Command(_) => "Secret::Command",
            Self::Grant(_) => "Secret::Grant",
        })
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("X-API-Key", "k", "header:X-API-Key", "k")]
    #[case("authorization", "bearer  t.u", "bearer", "t.u")]
    #[case("Authorization", "Basic dTpwOnE=", "basic", "u:p:q")]
    #[case("Authorization", "Basic ???", "header:Authorization", "Basic ???")]
    #[case("Authorization", "ApiKey k", "http:ApiKey", "k")]
    #[case("Authorization", "bare", "header:Authorization", "bare")]
    #[case("Cookie", "sid=a=b", "cookie:sid", "a=b")]
    fn a_header_is_read_as_what_it_carries(
        #[case] name: &str,
        #[case] value: &str,
        #[case] scheme: &str,
        #[case] secret: &str,
    ) {
        let parts = Part::of_header(name, value);
        let [part] = parts.as_slice() else {
            panic!("{parts:?}");
        };
        assert_eq!(part.scheme.to_string(), scheme);
        assert!(matches!(&part.secret, Secret::Text(text) if text == secret));
    }
}
