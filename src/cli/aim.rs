//! What a run is aimed at: the target that the settings come to, or the embedded mock where there is none.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::contract::Suite;
use crate::exchange::Credentials;
use crate::harness::{Mode, Target};
use crate::mock::{Mock, MockKeys, MockOptions};

use super::CliError;
use super::settings::{Connection, Settled};

/// The token of the embedded mock.
pub(super) const MOCK_TOKEN: &str = "embedded-mock-token";

/// What stands in reports for the address of the embedded mock.
pub(super) const EMBEDDED: &str = "embedded mock";

/// A target, and what is needed to talk to it.
pub(super) struct Aim {
    /// The target.
    pub(super) target: Target,
    /// The credentials that are sent.
    pub(super) credentials: Credentials,
    /// The embedded mock, where the target is it; it serves until it is dropped.
    pub(super) mock: Option<Mock>,
    /// Where the requests go, by service, as reports show it.
    pub(super) shown: BTreeMap<String, String>,
}

/// Settles the target. `signs` says whether the command line asks for signed requests.
pub(super) fn aim(
    suite: &Arc<Suite>,
    connection: Connection,
    signs: bool,
    mode: Option<Mode>,
    max_writes: u64,
) -> Result<Aim, CliError> {
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
    let endpoints = values(connection.endpoints);
    let mut default_endpoint = connection.default_endpoint.map(|settled| settled.value);
    let mut mock = None;
    if embedded {
        // The mock of this run takes what is asked for on the command line, and nothing of what the environment holds for real endpoints.
        if !signs {
            credentials = Credentials::Token(MOCK_TOKEN.to_owned());
        }
        let started = Mock::start(Arc::clone(suite), mock_options(&credentials))
            .map_err(|error| CliError::usage(error.to_string()))?;
        for (key, value) in started.resources() {
            resources.entry(key).or_insert(value);
        }
        default_endpoint = Some(started.url());
        mock = Some(started);
    }
    let all = default_endpoint
        .iter()
        .chain(endpoints.values())
        .map(String::as_str);
    let mode = mode.unwrap_or_else(|| Target::default_mode(all));
    let shown: BTreeMap<String, String> = suite
        .services
        .iter()
        .filter_map(|service| {
            let endpoint = endpoints.get(&service.name).or(default_endpoint.as_ref())?;
            Some((
                service.name.clone(),
                if embedded {
                    EMBEDDED.to_owned()
                } else {
                    endpoint.clone()
                },
            ))
        })
        .collect();
    Ok(Aim {
        target: Target {
            default_endpoint,
            endpoints,
            resources,
            mode,
            max_writes,
        },
        credentials,
        mock,
        shown,
    })
}

/// A mock that takes these credentials.
pub(super) fn mock_options(credentials: &Credentials) -> MockOptions {
    MockOptions {
        token: match credentials {
            Credentials::Token(token) => Some(token.clone()),
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
