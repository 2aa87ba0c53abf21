//! Credentials by the way that they are carried, and headers that go with every request.

use clap::Args;

use crate::cli::CliError;
use crate::contract::{Location, SecurityScheme, Suite, may_carry_credential};
use crate::exchange::{ClientCredentials, Part, Secret};
use crate::session::{Origin, Settled, Source, variable};

/// Credentials on the command line, by the way that they are carried.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Credentials and headers")]
pub(crate) struct CarriedArguments {
    /// Sent as `Authorization: Bearer TOKEN`
    ///
    /// Better given by the environment variable DOCPROOF_BEARER.
    #[arg(long, value_name = "TOKEN")]
    pub(crate) bearer: Option<String>,
    /// Sent as `Authorization: Basic`
    ///
    /// Better given by the environment variable DOCPROOF_BASIC.
    #[arg(long, value_name = "USER:PASSWORD")]
    pub(crate) basic: Option<String>,
    /// A key in the header, query or cookie of a name
    ///
    /// Which of them it is, the documentation says, or you: `query:NAME=VALUE`, `cookie:NAME=VALUE`,
    /// `header:NAME=VALUE`. A header where nobody says anything. Better given by the environment
    /// variable DOCPROOF_API_KEY.
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) api_key: Vec<String>,
    /// A cookie that is the credential
    ///
    /// Better given by the environment variable DOCPROOF_COOKIE.
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) cookie: Vec<String>,
    /// A header that every request carries
    ///
    /// One that carries a credential by its name is one. The environment gives them by
    /// DOCPROOF_HEADER, one a line.
    #[arg(long, value_name = "NAME: VALUE")]
    pub(crate) header: Vec<String>,
    /// What grants tokens to a client (OAuth 2)
    ///
    /// The token endpoint of the grant of client credentials, or DOCPROOF_TOKEN_URL.
    #[arg(long, value_name = "URL")]
    pub(super) token_url: Option<String>,
    /// The client that asks for tokens
    ///
    /// Its id, or DOCPROOF_CLIENT_ID; its secret is given by DOCPROOF_CLIENT_SECRET.
    #[arg(long, value_name = "ID", hide_short_help = true)]
    pub(super) client_id: Option<String>,
    /// The scope that tokens are asked for, or DOCPROOF_SCOPE
    #[arg(long, value_name = "SCOPE", hide_short_help = true)]
    pub(super) scope: Option<String>,
}

/// The headers that say how one message is carried.
const OF_THE_CONNECTION: [&str; 9] = [
    "connection",
    "content-length",
    "expect",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Whether a header may be given for every request: one that frames a message is
/// right only as the connection writes it. `Host` may be: it names a virtual host.
pub(super) fn may_be_given(name: &str) -> Result<(), String> {
    if OF_THE_CONNECTION
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name))
    {
        return Err(format!(
            "`{name}` cannot be given: the connection writes it for each request, and another value would break the requests rather than test the endpoint"
        ));
    }
    Ok(())
}

/// A header that every request carries.
pub(super) type Header = (String, String);

/// What one place gives.
#[derive(Default)]
pub(super) struct Carried {
    /// The credentials.
    pub(super) parts: Vec<Settled<Part>>,
    /// Headers that are none.
    pub(super) headers: Vec<Header>,
}

impl Carried {
    /// What the command line gives.
    pub(super) fn flags(
        suite: &Suite,
        arguments: &CarriedArguments,
        origin: Origin,
    ) -> Result<Self, CliError> {
        let mut carried = Self::default();
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        for (text, flag) in [
            (&arguments.bearer, "--bearer"),
            (&arguments.basic, "--basic"),
            (&arguments.token_url, "--token-url"),
        ] {
            // A variable of the shell that is not set, most likely.
            if text.as_deref() == Some("") {
                return Err(
                    CliError::usage(format!("`{flag}` is given nothing")).with_hint(
                        "is the variable that holds it set? Leave the flag out to send none",
                    ),
                );
            }
        }
        if let Some(token) = given(&arguments.bearer) {
            carried.bearer(&token, origin.source("bearer"))?;
        }
        if let Some(pair) = given(&arguments.basic) {
            carried.basic(&pair, origin.source("basic"))?;
        }
        for text in &arguments.api_key {
            carried.api_key(suite, text, origin.source("api-key"))?;
        }
        for text in &arguments.cookie {
            carried.cookies(text, origin.source("cookie"))?;
        }
        for text in &arguments.header {
            carried.header(suite, text, origin.source("header"))?;
        }
        if arguments.client_id.is_some()
            && given(&arguments.token_url).is_none()
            && variable("DOCPROOF_TOKEN_URL").is_none()
        {
            return Err(
                CliError::usage("`--client-id` has no token endpoint to ask")
                    .with_hint("give it by `--token-url` or DOCPROOF_TOKEN_URL"),
            );
        }
        if let Some(url) = given(&arguments.token_url) {
            let or = |flag: &Option<String>, name: &str| given(flag).or_else(|| variable(name));
            carried.grant(
                url,
                or(&arguments.client_id, "DOCPROOF_CLIENT_ID"),
                or(&arguments.scope, "DOCPROOF_SCOPE"),
                origin.source("token-url"),
            )?;
        }
        Ok(carried)
    }

    /// What the environment gives.
    pub(super) fn environment(suite: &Suite) -> Result<Self, CliError> {
        let mut carried = Self::default();
        let read =
            |name: &str| variable(name).map(|value| (value, Source::Environment(name.to_owned())));
        if let Some((token, source)) = read("DOCPROOF_BEARER") {
            carried.bearer(&token, source)?;
        }
        if let Some((pair, source)) = read("DOCPROOF_BASIC") {
            carried.basic(&pair, source)?;
        }
        if let Some((text, source)) = read("DOCPROOF_API_KEY") {
            carried.api_key(suite, &text, source)?;
        }
        if let Some((text, source)) = read("DOCPROOF_COOKIE") {
            carried.cookies(&text, source)?;
        }
        if let Some((text, source)) = read("DOCPROOF_HEADER") {
            for line in text.lines().filter(|line| !line.trim().is_empty()) {
                carried.header(suite, line, source.clone())?;
            }
        }
        if let Some((url, source)) = read("DOCPROOF_TOKEN_URL") {
            let (id, scope) = (variable("DOCPROOF_CLIENT_ID"), variable("DOCPROOF_SCOPE"));
            carried.grant(url, id, scope, source)?;
        }
        Ok(carried)
    }

    fn add(&mut self, scheme: SecurityScheme, secret: &str, source: Source) {
        self.parts.push(Settled {
            value: Part::text(scheme, secret),
            source,
        });
    }

    /// A token that is sent as `Authorization: Bearer TOKEN`.
    fn bearer(&mut self, token: &str, source: Source) -> Result<(), CliError> {
        let word = token.get(..7).unwrap_or_default();
        if word.eq_ignore_ascii_case("bearer ") {
            let message =
                format!("{source}: it begins with `Bearer`, which is sent in front of it");
            return Err(CliError::usage(message).with_hint("give the token alone"));
        }
        self.add(SecurityScheme::Bearer, token, source);
        Ok(())
    }

    /// A user and a password.
    pub(super) fn basic(&mut self, pair: &str, source: Source) -> Result<(), CliError> {
        if !pair.contains(':') {
            return Err(
                CliError::usage(format!("{source}: there is no colon in it"))
                    .with_hint("write it as `USER:PASSWORD`; an empty password is `USER:`"),
            );
        }
        self.add(SecurityScheme::Basic, pair, source);
        Ok(())
    }

    /// An API key, with its name.
    fn api_key(&mut self, suite: &Suite, text: &str, source: Source) -> Result<(), CliError> {
        let (name, value) = named(text, &source)?;
        let scheme = scheme_of_key(suite, name);
        let is_query = matches!(scheme, SecurityScheme::Query(_));
        let bare = name.split_once(':').map_or(name, |(_, name)| name);
        let is_placed = !matches!(&scheme, SecurityScheme::Header(own) if own.contains(':'));
        if !is_placed || bare.is_empty() || !is_query && !bare.bytes().all(is_token) {
            let message = format!("{source}: no header, query parameter or cookie has such a name");
            return Err(CliError::usage(message).with_hint(
                "as in `--api-key X-API-Key=VALUE`, `query:NAME=VALUE`, `cookie:NAME=VALUE` or \
                 `header:NAME=VALUE`",
            ));
        }
        self.add(scheme, value, source);
        Ok(())
    }

    /// An API key of a name.
    pub(super) fn key(&mut self, suite: &Suite, name: &str, value: &str, source: Source) {
        self.add(scheme_of_key(suite, name), value, source);
    }

    /// Cookies, each with its name.
    fn cookies(&mut self, text: &str, source: Source) -> Result<(), CliError> {
        for pair in text.split(';') {
            let (name, value) = named(pair.trim(), &source)?;
            // RFC 6265, section 4.1.1; the name may be a part of the secret, and is not repeated.
            if !name.bytes().all(is_token) {
                let message = format!("{source}: the name has a character that no cookie's has");
                return Err(CliError::usage(message).with_hint("as in `--cookie sid=VALUE`"));
            }
            self.add(
                SecurityScheme::Cookie(name.to_owned()),
                value,
                source.clone(),
            );
        }
        Ok(())
    }

    /// A header, which is a credential where its name or the source says so.
    fn header(&mut self, suite: &Suite, text: &str, source: Source) -> Result<(), CliError> {
        let parts = text
            .split_once(':')
            .map(|(name, value)| (name.trim(), value.trim()));
        let Some((name, value)) =
            parts.filter(|(name, _)| !name.is_empty() && name.bytes().all(is_token))
        else {
            return Err(
                CliError::usage(format!("{source}: a header is written as `Name: value`"))
                    .with_hint("for example `--header 'Accept-Version: 2'`"),
            );
        };
        if value.chars().any(char::is_control) {
            return Err(CliError::usage(format!(
                "{source}: the value of `{name}` has a control character, which no header carries"
            )));
        }
        may_be_given(name).map_err(|why| CliError::usage(format!("{source}: {why}")))?;
        let is_scheme = matches!(said_of_key(suite, name), Some(SecurityScheme::Header(_)));
        if is_scheme || may_carry_credential(name) {
            for part in Part::of_header(name, value) {
                let source = source.clone();
                self.parts.push(Settled {
                    value: part,
                    source,
                });
            }
        } else {
            self.headers.push((name.to_owned(), value.to_owned()));
        }
        Ok(())
    }

    /// A token endpoint.
    fn grant(
        &mut self,
        url: String,
        client_id: Option<String>,
        scope: Option<String>,
        source: Source,
    ) -> Result<(), CliError> {
        let secret = variable("DOCPROOF_CLIENT_SECRET");
        let (Some(client_id), Some(client_secret)) = (client_id, secret) else {
            return Err(CliError::usage(format!(
                "{source}: a token endpoint is asked by a client, of which the id or the secret is missing"
            ))
            .with_hint(
                "give them by `--client-id` or DOCPROOF_CLIENT_ID, and by DOCPROOF_CLIENT_SECRET",
            ));
        };
        self.granted(
            ClientCredentials {
                url,
                client_id,
                client_secret,
                scope,
            },
            source,
        )
    }

    /// What a token endpoint grants is a bearer token (RFC 6749, section 7.1).
    pub(super) fn granted(
        &mut self,
        grant: ClientCredentials,
        source: Source,
    ) -> Result<(), CliError> {
        let url = url::Url::parse(&grant.url);
        if !url.is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host()) {
            return Err(CliError::usage(format!(
                "{source}: the token endpoint is no URL such as `https://HOST/token`"
            )));
        }
        self.parts.push(Settled {
            value: Part {
                scheme: SecurityScheme::Bearer,
                secret: Secret::Grant(grant),
            },
            source,
        });
        Ok(())
    }
}

/// Whether a byte may stand in a token of HTTP (RFC 9110, section 5.6.2).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// A name and a value. What it holds is never repeated.
fn named<'t>(text: &'t str, source: &Source) -> Result<(&'t str, &'t str), CliError> {
    let pair = text.split_once('=').filter(|(name, _)| !name.is_empty());
    pair.ok_or_else(|| {
        CliError::usage(format!("{source}: it is not `NAME=VALUE`"))
            .with_hint("the name is that of the header, query parameter or cookie, as in `--api-key X-API-Key=VALUE` and `--cookie sid=VALUE`; `docproof init` says which name the pages give")
    })
}

/// How a source says that a key of a name is carried.
fn said_of_key(suite: &Suite, name: &str) -> Option<SecurityScheme> {
    let of_operations = suite.operations.iter();
    let of_operations = of_operations.flat_map(crate::contract::Operation::security_schemes);
    let of_services = suite.services.iter();
    let of_services = of_services.flat_map(crate::contract::Service::security_schemes);
    of_operations
        .chain(of_services)
        .find(|scheme| match scheme {
            SecurityScheme::Header(own) => own.eq_ignore_ascii_case(name),
            SecurityScheme::Query(own) | SecurityScheme::Cookie(own) => own == name,
            SecurityScheme::Bearer
            | SecurityScheme::Basic
            | SecurityScheme::Http(_)
            | SecurityScheme::Certificate => false,
        })
}

/// How an API key of a name is carried: as the name says itself (`query:key`), or as the source says
/// of that name, else in a header.
fn scheme_of_key(suite: &Suite, name: &str) -> SecurityScheme {
    match name.split_once(':') {
        Some(("query", name)) => return SecurityScheme::Query(name.to_owned()),
        Some(("cookie", name)) => return SecurityScheme::Cookie(name.to_owned()),
        Some(("header", name)) => return SecurityScheme::Header(name.to_owned()),
        _ => {}
    }
    let in_query = || {
        let mut operations = suite.operations.iter();
        operations.any(|operation| operation.parameter(Location::Query, name).is_some())
    };
    match said_of_key(suite, name) {
        Some(scheme) => scheme,
        None if in_query() => SecurityScheme::Query(name.to_owned()),
        None => SecurityScheme::Header(name.to_owned()),
    }
}
