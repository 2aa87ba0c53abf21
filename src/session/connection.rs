//! What a run connects to, settled.

use std::collections::BTreeMap;

use crate::contract::SecurityScheme;
use crate::exchange::{ConnectionOptions, Credentials, Part};

use super::source::Settled;

/// What to connect to, each value with where it came from.
#[derive(Debug, Clone)]
pub(crate) struct Connection {
    /// The endpoint of every service without one of its own.
    pub(crate) default_endpoint: Option<Settled<String>>,
    /// Endpoints by service.
    pub(crate) endpoints: BTreeMap<String, Settled<String>>,
    /// Resources by the keys of `--set`.
    pub(crate) resources: BTreeMap<String, Settled<String>>,
    /// The credentials.
    pub(crate) credentials: Option<Settled<Credentials>>,
    /// Headers that every request carries.
    pub(crate) headers: Vec<(String, String)>,
    /// How endpoints are connected to.
    pub(crate) transport: ConnectionOptions,
    /// Whether the command line gives the credential: the embedded mock then takes that.
    pub(crate) gives_credential: bool,
}

impl Connection {
    /// How the credentials are carried that are given.
    pub(crate) fn schemes(&self) -> impl Iterator<Item = &SecurityScheme> {
        let parts = self
            .credentials
            .iter()
            .flat_map(|given| given.value.parts());
        parts.map(|part| &part.scheme)
    }

    /// Whether a credential is too short to be redacted.
    pub(crate) fn is_short(&self) -> bool {
        let mut parts = self
            .credentials
            .iter()
            .flat_map(|given| given.value.parts());
        parts.any(Part::is_short)
    }

    /// Whether there is no endpoint at all: the embedded mock takes its place.
    pub(crate) fn is_embedded(&self) -> bool {
        self.default_endpoint.is_none() && self.endpoints.is_empty()
    }
}
