//! How the requests of a run are authenticated.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::contract::SecurityScheme;

/// How credentials are carried.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Scheme {
    /// There are none.
    #[default]
    None,
    /// A signature in `Authorization`.
    Signature,
    /// By security schemes, all of them at once.
    Carried(Arc<[SecurityScheme]>),
}

/// The header that carries a token where nobody says another.
pub const TOKEN_HEADER: &str = "X-Auth-Token";

/// What stands between the schemes of one request.
const AND: &str = " + ";

impl Scheme {
    /// A token in `X-Auth-Token`.
    pub fn token() -> Self {
        Self::Carried(Arc::new([SecurityScheme::Header(TOKEN_HEADER.to_owned())]))
    }

    /// The security schemes; none where requests are signed, or have no credential.
    pub fn schemes(&self) -> &[SecurityScheme] {
        match self {
            Self::Carried(schemes) => schemes,
            Self::None | Self::Signature => &[],
        }
    }

    /// As a sentence names it.
    pub fn in_words(&self) -> String {
        match self {
            Self::None => "no credential".to_owned(),
            Self::Signature => "a signature in `Authorization`".to_owned(),
            Self::Carried(schemes) => {
                let all: Vec<String> = schemes.iter().map(SecurityScheme::in_words).collect();
                all.join(" and ")
            }
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => formatter.write_str("none"),
            Self::Signature => formatter.write_str("signature"),
            Self::Carried(_) if *self == Self::token() => formatter.write_str("token"),
            Self::Carried(schemes) => {
                let all: Vec<String> = schemes.iter().map(ToString::to_string).collect();
                formatter.write_str(&all.join(AND))
            }
        }
    }
}

impl FromStr for Scheme {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "none" => Ok(Self::None),
            "signature" => Ok(Self::Signature),
            "token" => Ok(Self::token()),
            other => other
                .split(AND)
                .map(str::parse)
                .collect::<Result<Vec<SecurityScheme>, _>>()
                .map(|schemes| Self::Carried(schemes.into())),
        }
    }
}

impl TryFrom<String> for Scheme {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Scheme> for String {
    fn from(scheme: Scheme) -> Self {
        scheme.to_string()
    }
}

impl JsonSchema for Scheme {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Scheme".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "How the credential was carried: none, token, signature, or security schemes",
        })
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("none")]
    #[case("token")]
    #[case("signature")]
    #[case("bearer")]
    #[case("header:X-API-Key + query:app")]
    fn a_scheme_has_one_spelling(#[case] spelling: &str) {
        let scheme: Scheme = spelling.parse().unwrap();
        assert_eq!(scheme.to_string(), spelling);
    }
}
