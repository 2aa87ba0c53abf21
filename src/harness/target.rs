//! The target: which endpoint serves each service, its resources, and what may be sent to it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use url::Url;

use crate::contract::Suite;

use super::found::Found;

/// What may be sent.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Everything.
    Full,
    /// Writes too, but no more than `--max-writes`, under names that can be told apart.
    Sandbox,
    /// Only requests that cannot write.
    ReadOnly,
}

impl Mode {
    /// The mode's word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Sandbox => "sandbox",
            Self::ReadOnly => "read-only",
        }
    }
}

impl std::fmt::Display for Mode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A target.
#[derive(Debug, Clone)]
pub struct Target {
    /// The endpoint of every service without one of its own.
    pub default_endpoint: Option<String>,
    /// Endpoints by service.
    pub endpoints: BTreeMap<String, String>,
    /// The resources, by the keys of `--set`.
    pub resources: BTreeMap<String, String>,
    /// What nobody gave, and lists or sources show: somebody's, so that it is read alone.
    pub found: Vec<Found>,
    /// Headers that every request carries, but for those of operations that document them: there
    /// they are values like others.
    pub headers: Vec<(String, String)>,
    /// What may be sent.
    pub mode: Mode,
    /// The most requests that could write, in the sandbox mode.
    pub max_writes: u64,
    /// What may be changed though the run did not create it.
    pub allowed: Allowed,
}

/// What a run may change though it did not create it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Allowed {
    /// Everything: the endpoint is the run's own.
    Everything,
    /// What these resource keys, operations and services name.
    These(BTreeSet<String>),
}

impl Default for Allowed {
    fn default() -> Self {
        Self::These(BTreeSet::new())
    }
}

/// The most requests that could write, in the sandbox mode, if not told.
pub const MAX_WRITES: u64 = 100;

impl Target {
    /// The endpoint of a service; `None` where none was given.
    pub fn endpoint(&self, service: &str) -> Option<&str> {
        self.endpoints
            .get(service)
            .or(self.default_endpoint.as_ref())
            .map(String::as_str)
    }

    /// Whether any endpoint is spoken to over TLS.
    pub fn uses_tls(&self) -> bool {
        let mut endpoints = self.endpoints.values().chain(&self.default_endpoint);
        endpoints.any(|endpoint| Url::parse(endpoint).is_ok_and(|url| url.scheme() != "http"))
    }

    /// A target that has everything that a suite asks for, and is nowhere: for plans that leave no
    /// trial out.
    pub(super) fn of_everything(suite: &Suite) -> Self {
        Self {
            default_endpoint: Some("http://localhost".to_owned()),
            endpoints: BTreeMap::new(),
            found: Vec::new(),
            resources: suite
                .resource_keys()
                .into_iter()
                .map(|key| (key, "placeholder".to_owned()))
                .collect(),
            headers: Vec::new(),
            mode: Mode::Full,
            max_writes: MAX_WRITES,
            allowed: Allowed::Everything,
        }
    }

    /// The mode where none was asked for: what is not on this machine is only read from. What
    /// counts is where requests go, so that a proxy is among the endpoints.
    pub fn default_mode<'e>(endpoints: impl IntoIterator<Item = &'e str>) -> Mode {
        if endpoints.into_iter().all(is_loopback) {
            Mode::Full
        } else {
            Mode::ReadOnly
        }
    }
}

/// Whether a URL's host is this machine.
fn is_loopback(endpoint: &str) -> bool {
    Url::parse(endpoint).ok().and_then(|url| {
        Some(match url.host()? {
            url::Host::Domain(name) => name == "localhost",
            url::Host::Ipv4(address) => address.is_loopback(),
            url::Host::Ipv6(address) => address.is_loopback(),
        })
    }) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("http://127.0.0.1:8080", Mode::Full)]
    #[case("http://localhost", Mode::Full)]
    #[case("http://[::1]:9", Mode::Full)]
    #[case("https://dcs.example.com", Mode::ReadOnly)]
    #[case("http://10.0.0.1", Mode::ReadOnly)]
    #[case("http://localhost.example.com", Mode::ReadOnly)]
    fn only_loopback_is_written_to_by_default(#[case] endpoint: &str, #[case] expected: Mode) {
        assert_eq!(Target::default_mode([endpoint]), expected);
    }
}
