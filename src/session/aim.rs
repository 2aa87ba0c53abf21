//! What a run is aimed at: the target that the settings come to, or the embedded mock where there
//! is none.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;

use crate::contract::{
    AWS_SIGNATURE, ContractError, Operation, SecurityScheme, Suite, SuiteError, is_credential,
};
use crate::derive::Options;
use crate::error::Error;
use crate::exchange::{Client, ClientOptions, ConnectionOptions, Credentials, Http2, Part, Secret};
use crate::exit_code::ExitCode;
use crate::generate::Scheme;
use crate::harness::{Allowed, Mode, RunError, Target, changeable};
use crate::mock::{Mock, MockKeys, MockOptions};
use crate::nearest::did_you_mean;
use crate::report::EMBEDDED;
use crate::sources::{
    Naming, Tell, derive_sources, holds_sources, read_sources, tell_left_out, with_operations,
};
use crate::starter::inferred;

use super::connection::Connection;
use super::source::Settled;

/// The token of the embedded mock.
const MOCK_TOKEN: &str = "embedded:mock-token";

/// What stands in reports behind the address of an endpoint whose certificate was not verified.
pub(crate) const UNVERIFIED: &str = " (--insecure: its certificate was not verified)";

/// A target, and what is needed to talk to it.
pub(crate) struct Aim {
    /// The target.
    pub(crate) target: Target,
    /// The credentials that are sent.
    pub(crate) credentials: Credentials,
    /// How endpoints are connected to.
    pub(crate) transport: ConnectionOptions,
    /// The embedded mock, where the target is it; it serves when it is told to, and until it is
    /// dropped.
    pub(crate) mock: Option<Mock>,
    /// Where the requests go, by service, as reports show it.
    pub(crate) shown: BTreeMap<String, String>,
}

/// Why how to connect is of no use without an endpoint. Files and a proxy may come from an
/// environment that also serves runs against a real one.
fn without_endpoint(transport: &ConnectionOptions) -> Option<&'static str> {
    if transport.unix_socket.is_some() {
        Some(
            "`--unix-socket` needs `--endpoint`, which says what requests name as their host, such \
             as `http://localhost`",
        )
    } else if transport.insecure {
        Some("`--insecure` needs `--endpoint`, whose certificate is not to be verified")
    } else if transport.http2 != Http2::Never {
        Some("HTTP/2 needs `--endpoint`, which is to speak it")
    } else {
        None
    }
}

/// Settles the target.
pub(crate) fn aim(
    suite: &Arc<Suite>,
    connection: Connection,
    mode: Option<Mode>,
    max_writes: u64,
    allowed: BTreeSet<String>,
) -> Result<Aim, Error> {
    let embedded = connection.is_embedded();
    let mut credentials = connection
        .credentials
        .map(|credentials| credentials.value)
        .unwrap_or_default();
    let values = |settled: BTreeMap<String, Settled<String>>| -> BTreeMap<String, String> {
        settled
            .into_iter()
            .map(|(key, settled)| (key, settled.value))
            .collect()
    };
    let mut resources = values(connection.resources);
    let mut endpoints = values(connection.endpoints);
    let mut default_endpoint = connection.default_endpoint.map(|settled| settled.value);
    without_common_path(suite, default_endpoint.as_deref(), &mut endpoints);
    let mut mock = None;
    if let Some(why) = without_endpoint(&connection.transport).filter(|_| embedded) {
        return Err(Error::usage(format!(
            "{why}: without one the run would test the embedded mock"
        )));
    }
    if embedded {
        // The mock of this run takes what is asked for on the command line, and nothing of what the
        // environment holds for real endpoints.
        if !connection.gives_credential {
            credentials = mock_credentials(suite);
        }
        if let Credentials::Keys { aws: Some(_), .. } = credentials {
            let message = "the embedded mock knows no signatures of AWS";
            let hint = "`--aws` needs `--endpoint`, which is to check them";
            return Err(Error::usage(message).with_hint(hint));
        }
        let listens = Mock::listen(Arc::clone(suite), mock_options(&credentials))
            .map_err(|error| Error::usage(error.to_string()))?;
        for (key, value) in listens.resources() {
            resources.entry(key).or_insert(value);
        }
        default_endpoint = Some(listens.url());
        mock = Some(listens);
    }
    let all = default_endpoint
        .iter()
        .chain(endpoints.values())
        .chain(connection.transport.proxy.iter().filter(|_| !embedded))
        .map(String::as_str);
    let mode = mode.unwrap_or_else(|| Target::default_mode(all));
    let shown: BTreeMap<String, String> = suite
        .services
        .iter()
        .filter_map(|service| {
            let endpoint = endpoints.get(&service.name).or(default_endpoint.as_ref())?;
            let shown = match (embedded, connection.transport.insecure) {
                (true, _) => EMBEDDED.to_owned(),
                (false, true) => format!("{endpoint}{UNVERIFIED}"),
                (false, false) => endpoint.clone(),
            };
            Some((service.name.clone(), shown))
        })
        .collect();
    Ok(Aim {
        target: Target {
            default_endpoint,
            endpoints,
            resources,
            found: Vec::new(),
            headers: connection.headers,
            mode,
            max_writes,
            // The embedded mock is the run's own.
            allowed: if embedded {
                Allowed::Everything
            } else {
                Allowed::These(allowed)
            },
        },
        credentials,
        transport: if embedded {
            ConnectionOptions::default()
        } else {
            connection.transport
        },
        mock,
        shown,
    })
}

/// What `--allow-changes` names, which has to be something of the suite.
pub(crate) fn allowed(suite: &Suite, names: &[String]) -> Result<BTreeSet<String>, Error> {
    let known = changeable(suite);
    for name in names {
        if !known.contains(name) {
            let all: Vec<&str> = known.iter().map(String::as_str).collect();
            let message = format!("`--allow-changes {name}` names nothing of this suite");
            return Err(Error::usage(message).with_hint(did_you_mean(name, &all)));
        }
    }
    Ok(names.iter().cloned().collect())
}

/// The credentials of the embedded mock: carried as the suite says.
pub(crate) fn mock_credentials(suite: &Suite) -> Credentials {
    let scheme = suite.security_scheme();
    Credentials::Carried(vec![Part::text(scheme, MOCK_TOKEN)])
}

/// A mock that takes these credentials.
pub(crate) fn mock_options(credentials: &Credentials) -> MockOptions {
    MockOptions {
        token: match credentials {
            Credentials::Carried(parts) => parts.iter().find_map(|part| match &part.secret {
                Secret::Text(text) => Some(text.clone()),
                Secret::Command(_) | Secret::Grant(_) => None,
            }),
            _ => None,
        },
        keys: match credentials {
            Credentials::Keys { keys, .. } => Some(MockKeys {
                access_key: keys.access_key.clone(),
                secret_key: keys.secret_key.clone(),
                security_token: keys.security_token.clone(),
            }),
            _ => None,
        },
        ..MockOptions::default()
    }
}

/// The suite in a folder, what a page, a document or a folder of them gives by itself, or the
/// bundled suite.
pub(crate) fn load_suite(given: Option<&Path>, tell: Tell<'_>) -> Result<Suite, Error> {
    Ok(match given {
        Some(file) if file.is_file() => suite_of(&[file.display().to_string()], tell)?,
        Some(folder) => match Suite::load(folder) {
            Err(SuiteError::Contract(ContractError::Empty(_)))
                if !folder.join("schemas").exists() && holds_sources(folder) =>
            {
                suite_of(&[folder.display().to_string()], tell)?
            }
            loaded => loaded?,
        },
        None => Suite::bundled()?,
    })
}

/// What pages and documents give by themselves.
pub(crate) fn suite_of(given: &[String], tell: Tell<'_>) -> Result<Suite, Error> {
    let options = Options::default();
    let sources = read_sources(given, Naming::FileName, tell)?;
    let sources = match sources.as_slice() {
        [_] => sources,
        _ => with_operations(sources, given, &options, tell)?,
    };
    let derived = derive_sources(&sources, &options)?;
    tell_left_out(&derived.services, tell);
    Ok(Suite::of_sources(derived.services, inferred)?)
}

/// Leaves the path out of each endpoint with which all paths of its service begin: that of the
/// server is a part of a document's paths.
fn without_common_path(
    suite: &Suite,
    default_endpoint: Option<&str>,
    endpoints: &mut BTreeMap<String, String>,
) {
    for service in &suite.services {
        let own = endpoints.get(&service.name).map(String::as_str);
        let Some(endpoint) = own.or(default_endpoint) else {
            continue;
        };
        let trimmed = endpoint.trim_end_matches('/');
        let after_scheme = trimmed.find("://").map_or(0, |at| at + 3);
        let path = trimmed
            .get(after_scheme..)
            .and_then(|rest| rest.find('/'))
            .and_then(|at| trimmed.split_at_checked(after_scheme + at));
        let Some((host, path)) = path else {
            continue;
        };
        let mut paths = suite
            .operations
            .iter()
            .filter(|operation| operation.service == service.name)
            .map(|operation| operation.path.as_str());
        let is_below = |own: &str| {
            own.strip_prefix(path)
                .is_some_and(|rest| rest.starts_with('/'))
        };
        if paths.all(is_below) {
            endpoints.insert(service.name.clone(), host.to_owned());
        }
    }
}

/// What to do about a command that gives no token.
const TOKEN_COMMAND_HINT: &str = "run the command by hand: it has to print a token, or JSON with `token` and `expires_at` or `expires_in`, within 30 seconds";

/// What carries a run: the runtime, and the client in it.
pub(crate) fn client(
    target: &Target,
    credentials: Credentials,
    connection: ConnectionOptions,
    timeout: Duration,
    rate: Option<f64>,
) -> Result<(Runtime, Client), Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Error::usage(format!("cannot start: {error}")))?;
    let asks_over_tls = credentials.parts().iter().any(|part| match &part.secret {
        Secret::Grant(grant) => grant.url.starts_with("https:"),
        Secret::Text(_) | Secret::Command(_) => false,
    });
    let client = Client::new(ClientOptions {
        credentials,
        connection,
        timeout,
        rate,
        // A token endpoint may be spoken to over TLS where no endpoint is.
        tls: target.uses_tls() || asks_over_tls,
    })
    .map_err(|error| Error::usage(error.to_string()))?;
    Ok((runtime, client))
}

/// What to do about a token endpoint that grants no token.
const TOKEN_URL_HINT: &str = "check the token endpoint's URL, the id and secret of the client, and its scope: it has to answer a JSON object with `access_token`, and `expires_in` where tokens expire";

/// Makes ready to send: has the embedded mock serve, where the target is it, and gets the credential
/// that a command prints or a token endpoint grants, where there is one.
pub(crate) fn prepare(
    runtime: &Runtime,
    client: &Client,
    mock: Option<&mut Mock>,
) -> Result<(), Error> {
    if let Some(mock) = mock {
        mock.serve()
            .map_err(|error| Error::usage(error.to_string()))?;
    }
    let prepared = runtime.block_on(client.prepare());
    prepared.map_err(|error| {
        if client.asks_for_token() {
            Error {
                code: ExitCode::Unreachable,
                ..Error::usage(error.to_string()).with_hint(TOKEN_URL_HINT)
            }
        } else {
            Error::usage(error.to_string()).with_hint(TOKEN_COMMAND_HINT)
        }
    })
}

/// What to do about an endpoint that no trial can be held against.
pub(crate) fn not_run(error: RunError, suite: &Suite, scheme: &Scheme) -> Error {
    let (hint, code) = match &error {
        // Where the reason is known, it says what to do.
        RunError::Unreachable { reason, .. } => (
            (!reason.contains("`--"))
                .then(|| "check the URL of `--endpoint`, and that the endpoint is up".to_owned()),
            ExitCode::Unreachable,
        ),
        RunError::Refused { .. } => (Some(refused(suite, scheme)), ExitCode::Unreachable),
        RunError::NotThere { .. } => (
            Some(
                "is the path of `--endpoint` right? The documented paths come after it".to_owned(),
            ),
            ExitCode::Unreachable,
        ),
        RunError::Aborted(_) => (None, ExitCode::Interrupted),
    };
    Error {
        message: error.to_string(),
        hint,
        code,
    }
}

/// The options that give a credential.
const DOORS: &str = "`--token`, `--bearer`, `--basic`, `--api-key`, `--cookie`, `--header`, \
                     `--token-url`, `--cert`, or `--ak` and `--sk` (with `--aws`)";

/// What to do where a credential is refused, or there is none: the message says what was sent and
/// what is asked for.
fn refused(suite: &Suite, scheme: &Scheme) -> String {
    let of_operations = suite.operations.iter();
    let asked: Vec<SecurityScheme> = of_operations.flat_map(Operation::security_schemes).fold(
        Vec::new(),
        |mut asked, scheme| {
            if !asked.contains(&scheme) {
                asked.push(scheme);
            }
            asked
        },
    );
    let is_sent = |one: &SecurityScheme| scheme.schemes().contains(one);
    let options: Vec<String> = asked
        .iter()
        .take(3)
        .map(|one| format!("`{}`", one.option()))
        .collect();
    let is_none = matches!(scheme, Scheme::None);
    if is_none && options.is_empty() {
        return format!("give a credential by {DOORS}");
    }
    if options.is_empty() || asked.iter().any(is_sent) {
        let is_key = |one: &SecurityScheme| match one {
            SecurityScheme::Header(name) => !is_credential(name),
            _ => false,
        };
        let is_unsaid = options.is_empty() && scheme.schemes().iter().any(is_key);
        let place = if is_unsaid {
            "; a key that stands in the query or in a cookie is given by `--api-key query:NAME=VALUE` \
             or `--api-key cookie:NAME=VALUE`"
        } else {
            ""
        };
        let others = if options.is_empty() {
            "; the source names no credential, and `docproof run --help` lists what can be given"
        } else {
            ""
        };
        return format!(
            "check the credential, the target's `auth`, and the project that the resources belong \
             to{place}{others}"
        );
    }
    let of_aws = SecurityScheme::Http(AWS_SIGNATURE.to_owned());
    if *scheme == Scheme::Signature && asked.contains(&of_aws) {
        return "check the keys, and that `--aws REGION/SERVICE` names where they count: the source asks \
                for a signature of AWS"
            .to_owned();
    }
    let instead = if is_none { "" } else { " instead" };
    format!("give it by {}{instead}", options.join(" or "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::AbortReason;

    #[test]
    fn an_interrupted_plan_ends_as_an_interrupted_run() {
        let suite = Suite::bundled().unwrap();
        let aborted = RunError::Aborted(AbortReason::Interrupted);
        let error = not_run(aborted, &suite, &Scheme::None);
        assert_eq!(error.code, ExitCode::Interrupted);
        assert_eq!(error.hint, None);
    }
}
