//! Security schemes, as in OpenAPI: how a credential is carried, and what an operation asks for.

use std::fmt;
use std::str::FromStr;

use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::border::Spot;
use super::error::ContractError;

/// The scheme of `Authorization` by which AWS signs requests (Signature Version 4).
pub const AWS_SIGNATURE: &str = "AWS4-HMAC-SHA256";

/// How a credential is carried.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum SecurityScheme {
    /// The whole value of a header of this name (`X-API-Key: KEY`).
    Header(String),
    /// A parameter of the query of this name.
    Query(String),
    /// A cookie of this name.
    Cookie(String),
    /// `Authorization: Bearer TOKEN` (RFC 6750, section 2.1).
    Bearer,
    /// `Authorization: Basic`, with a user and a password in Base64 (RFC 7617).
    Basic,
    /// Another scheme of `Authorization`, by its name (`Digest`).
    Http(String),
    /// The certificate of the client, in the handshake of TLS.
    Certificate,
}

/// What an operation asks for: any one of the alternatives, and all schemes of that one. An
/// alternative without schemes is a request without a credential.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Security {
    /// The alternatives.
    pub alternatives: Vec<Vec<SecurityScheme>>,
}

impl Security {
    /// Whether no request without a credential is to be served.
    pub fn is_needed(&self) -> bool {
        !self.alternatives.is_empty() && self.alternatives.iter().all(|schemes| !schemes.is_empty())
    }

    /// Of what a request carries, each scheme without which it is not to be served: the rest is none
    /// of the alternatives. Nothing, where the whole is none either, or a scheme stands alone.
    pub fn indispensable<'s>(&self, carried: &'s [SecurityScheme]) -> Vec<&'s SecurityScheme> {
        let serves = |but: Option<&SecurityScheme>| {
            self.alternatives.iter().any(|asked| {
                asked.iter().all(|asked| {
                    let mut rest = carried.iter().filter(|one| Some(*one) != but);
                    rest.any(|one| one.is_what(asked))
                })
            })
        };
        if carried.len() < 2 || !serves(None) {
            return Vec::new();
        }
        let carried = carried.iter();
        carried.filter(|one| !serves(Some(one))).collect()
    }

    /// Whether all of some schemes are asked for at once.
    pub fn is_all(&self, schemes: &[SecurityScheme]) -> bool {
        schemes.len() > 1 && self.indispensable(schemes).len() == schemes.len()
    }

    /// Every scheme that is named.
    pub fn schemes(&self) -> impl Iterator<Item = &SecurityScheme> {
        self.alternatives.iter().flatten()
    }
}

impl SecurityScheme {
    /// The name of a scheme of `Authorization`.
    pub fn http(name: &str) -> Self {
        match name.to_ascii_lowercase().as_str() {
            "bearer" => Self::Bearer,
            "basic" => Self::Basic,
            _ => Self::Http(name.to_owned()),
        }
    }

    /// The name of the header that carries it, where one does.
    pub fn header(&self) -> Option<&str> {
        match self {
            Self::Header(name) => Some(name),
            Self::Bearer | Self::Basic | Self::Http(_) => Some("Authorization"),
            Self::Cookie(_) => Some("Cookie"),
            Self::Query(_) | Self::Certificate => None,
        }
    }

    /// Whether what carries a credential like this is what a source asks for.
    fn is_what(&self, asked: &Self) -> bool {
        match (self, asked) {
            (Self::Header(name), Self::Header(asked)) => name.eq_ignore_ascii_case(asked),
            (Self::Bearer | Self::Basic | Self::Http(_), Self::Header(asked)) => {
                asked.eq_ignore_ascii_case("authorization")
            }
            _ => self == asked,
        }
    }

    /// What OpenAPI's object of a security scheme says; `None` for one that is none of those of
    /// OpenAPI 3.1.
    pub fn of_openapi(node: &Value) -> Option<Self> {
        let text = |key: &str| node.get(key).and_then(Value::as_str);
        match text("type")? {
            "apiKey" => {
                let name = text("name")?.to_owned();
                match text("in")? {
                    "header" => Some(Self::Header(name)),
                    "query" => Some(Self::Query(name)),
                    "cookie" => Some(Self::Cookie(name)),
                    _ => None,
                }
            }
            "http" => Some(Self::http(text("scheme")?)),
            // What these give is sent as a bearer token.
            "oauth2" | "openIdConnect" => Some(Self::Bearer),
            "mutualTLS" => Some(Self::Certificate),
            _ => None,
        }
    }

    /// OpenAPI's object of it.
    pub fn to_openapi(&self) -> Value {
        match self {
            Self::Header(name) => json!({ "type": "apiKey", "in": "header", "name": name }),
            Self::Query(name) => json!({ "type": "apiKey", "in": "query", "name": name }),
            Self::Cookie(name) => json!({ "type": "apiKey", "in": "cookie", "name": name }),
            Self::Bearer => json!({ "type": "http", "scheme": "bearer" }),
            Self::Basic => json!({ "type": "http", "scheme": "basic" }),
            Self::Http(name) => json!({ "type": "http", "scheme": name }),
            Self::Certificate => json!({ "type": "mutualTLS" }),
        }
    }

    /// Its name among the components of a document.
    pub fn component(&self) -> String {
        let plain = |c: char| {
            if c.is_ascii_alphanumeric() || "._-".contains(c) {
                c
            } else {
                '-'
            }
        };
        self.to_string().chars().map(plain).collect()
    }

    /// As a sentence names it.
    pub fn in_words(&self) -> String {
        match self {
            Self::Header(name) => format!("the header `{name}`"),
            Self::Query(name) => format!("the query parameter `{name}`"),
            Self::Cookie(name) => format!("the cookie `{name}`"),
            Self::Bearer => "`Authorization: Bearer TOKEN`".to_owned(),
            Self::Basic => "`Authorization: Basic` with user and password".to_owned(),
            Self::Http(name) => format!("the scheme `{name}` of `Authorization`"),
            Self::Certificate => "a client certificate".to_owned(),
        }
    }

    /// The option that gives it.
    pub fn option(&self) -> String {
        match self {
            Self::Header(name) if name.eq_ignore_ascii_case("x-auth-token") => {
                "--token TOKEN".to_owned()
            }
            Self::Header(name) if name.eq_ignore_ascii_case("authorization") => {
                "--bearer TOKEN`, `--basic USER:PASSWORD` or `--api-key Authorization=VALUE"
                    .to_owned()
            }
            Self::Header(name) | Self::Query(name) => format!("--api-key {name}=VALUE"),
            Self::Cookie(name) => format!("--cookie {name}=VALUE"),
            Self::Bearer => "--bearer TOKEN".to_owned(),
            Self::Basic => "--basic USER:PASSWORD".to_owned(),
            Self::Http(name) if name == AWS_SIGNATURE => {
                "--aws REGION/SERVICE` with `--ak AK --sk SK".to_owned()
            }
            Self::Http(name) => format!("--header 'Authorization: {name} ...'"),
            Self::Certificate => "--cert FILE --key FILE".to_owned(),
        }
    }
}

impl fmt::Display for SecurityScheme {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(name) => write!(formatter, "header:{name}"),
            Self::Query(name) => write!(formatter, "query:{name}"),
            Self::Cookie(name) => write!(formatter, "cookie:{name}"),
            Self::Bearer => formatter.write_str("bearer"),
            Self::Basic => formatter.write_str("basic"),
            Self::Http(name) => write!(formatter, "http:{name}"),
            Self::Certificate => formatter.write_str("certificate"),
        }
    }
}

impl FromStr for SecurityScheme {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let scheme = match text.split_once(':') {
            Some(("header", name)) => Self::Header(name.to_owned()),
            Some(("query", name)) => Self::Query(name.to_owned()),
            Some(("cookie", name)) => Self::Cookie(name.to_owned()),
            Some(("http", name)) => Self::Http(name.to_owned()),
            None if text == "bearer" => Self::Bearer,
            None if text == "basic" => Self::Basic,
            None if text == "certificate" => Self::Certificate,
            _ => return Err(format!("`{text}` is no security scheme")),
        };
        Ok(scheme)
    }
}

impl TryFrom<String> for SecurityScheme {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<SecurityScheme> for String {
    fn from(scheme: SecurityScheme) -> Self {
        scheme.to_string()
    }
}

impl JsonSchema for SecurityScheme {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "SecurityScheme".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^(bearer|basic|certificate|(header|query|cookie|http):.+)$",
        })
    }
}

/// What a document names: the schemes of its components.
pub(super) type Components = IndexMap<String, Value>;

/// What a document or an operation asks for, as OpenAPI writes it: the names of schemes, each with
/// its scopes.
pub(super) type Requirements = Vec<IndexMap<String, Vec<String>>>;

/// The schemes of the components of a document.
pub(super) fn known(
    components: &Components,
    spot: &Spot,
) -> Result<IndexMap<String, SecurityScheme>, ContractError> {
    let spot = spot.join("components").join("securitySchemes");
    components
        .iter()
        .map(|(name, node)| match SecurityScheme::of_openapi(node) {
            Some(scheme) => Ok((name.clone(), scheme)),
            None => Err(spot
                .join(name)
                .error("expected a security scheme of OpenAPI 3.1")),
        })
        .collect()
}

/// What requirements come to.
pub(super) fn security(
    requirements: &Requirements,
    known: &IndexMap<String, SecurityScheme>,
    spot: &Spot,
) -> Result<Security, ContractError> {
    let spot = spot.join("security");
    let alternatives = requirements.iter().enumerate().map(|(index, names)| {
        let schemes = names.keys().map(|name| match known.get(name) {
            Some(scheme) => Ok(scheme.clone()),
            None => Err(spot
                .join(&index.to_string())
                .join(name)
                .error("`components.securitySchemes` has no such scheme")),
        });
        schemes.collect::<Result<Vec<_>, _>>()
    });
    Ok(Security {
        alternatives: alternatives.collect::<Result<_, _>>()?,
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(json!({"type": "apiKey", "in": "header", "name": "X-API-Key"}), "header:X-API-Key")]
    #[case(json!({"type": "apiKey", "in": "query", "name": "api_key"}), "query:api_key")]
    #[case(json!({"type": "apiKey", "in": "cookie", "name": "sid"}), "cookie:sid")]
    #[case(json!({"type": "http", "scheme": "Bearer", "bearerFormat": "JWT"}), "bearer")]
    #[case(json!({"type": "http", "scheme": "basic"}), "basic")]
    #[case(json!({"type": "http", "scheme": "digest"}), "http:digest")]
    #[case(json!({"type": "oauth2", "flows": {}}), "bearer")]
    #[case(json!({"type": "mutualTLS"}), "certificate")]
    fn schemes_are_read_and_written(#[case] node: Value, #[case] spelling: &str) {
        let scheme = SecurityScheme::of_openapi(&node).unwrap();
        assert_eq!(scheme.to_string(), spelling);
        assert_eq!(spelling.parse(), Ok(scheme.clone()));
        assert_eq!(
            SecurityScheme::of_openapi(&scheme.to_openapi()),
            Some(scheme)
        );
    }

    #[rstest]
    #[case::both("bearer header:X-Key", "bearer header:x-key", "bearer header:x-key")]
    #[case::either("bearer|header:X-Key", "bearer header:X-Key", "")]
    #[case::one_in_each("bearer query:a|bearer query:b", "bearer query:a query:b", "bearer")]
    #[case::one_is_not_asked_for("bearer", "bearer header:X-Key", "bearer")]
    #[case::not_all("bearer header:X-Key", "bearer query:k", "")]
    #[case::nobody_needs_one("bearer header:X-Key|", "bearer header:X-Key", "")]
    #[case::one_alone("bearer", "bearer", "")]
    #[case::a_row(
        "header:Authorization cookie:sid",
        "bearer cookie:sid",
        "bearer cookie:sid"
    )]
    fn what_cannot_be_left_out(#[case] asked: &str, #[case] carried: &str, #[case] expected: &str) {
        let schemes = |text: &str| -> Vec<SecurityScheme> {
            let words = text.split_whitespace();
            words.map(|word| word.parse().unwrap()).collect()
        };
        let security = Security {
            alternatives: asked.split('|').map(schemes).collect(),
        };
        let carried = schemes(carried);
        let found = security.indispensable(&carried).into_iter();
        let found: Vec<String> = found.map(ToString::to_string).collect();
        assert_eq!(found.join(" "), expected);
    }

    #[rstest]
    #[case(json!({"type": "apiKey", "in": "body", "name": "k"}))]
    #[case(json!({"type": "http"}))]
    #[case(json!("bearer"))]
    fn what_is_no_scheme_is_not_read(#[case] node: Value) {
        assert_eq!(SecurityScheme::of_openapi(&node), None);
    }
}
