//! What to connect to, settled: endpoints, resources and credentials, each with where it came from.

use std::collections::BTreeMap;

use crate::cli::CliError;
use crate::contract::Suite;
use crate::exchange::Credentials;
use crate::nearest::did_you_mean;
use crate::toml_reader::{Checked, Located};

use super::arguments::ConnectionArguments;
use super::credentials;
use super::file::FileTarget;
use super::source::{Settled, Source};
use super::values::{OneOrTable, endpoint_problem};

/// What to connect to.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Connection {
    /// The endpoint of every service without one of its own.
    pub(in crate::cli) default_endpoint: Option<Settled<String>>,
    /// Endpoints by service.
    pub(in crate::cli) endpoints: BTreeMap<String, Settled<String>>,
    /// Resources by the keys of `--set`.
    pub(in crate::cli) resources: BTreeMap<String, Settled<String>>,
    /// The credentials.
    pub(in crate::cli) credentials: Option<Settled<Credentials>>,
}

impl Connection {
    /// Settles what the command line, the environment and the chosen target say.
    pub(in crate::cli) fn new(
        suite: &Suite,
        arguments: &ConnectionArguments,
    ) -> Result<Self, CliError> {
        let target = arguments.chosen.as_ref();
        let mut connection = Self {
            default_endpoint: None,
            endpoints: BTreeMap::new(),
            resources: BTreeMap::new(),
            credentials: credentials::settle(&arguments.keys, target)?,
        };
        if let Some(target) = target {
            connection.file(suite, target)?;
        }
        // An empty one is no wish for the embedded mock, but a secret or a variable of CI that is
        // not set.
        if let Ok(text) = std::env::var("DOCPROOF_ENDPOINT") {
            let source = Source::Environment("DOCPROOF_ENDPOINT".to_owned());
            connection.endpoints_of(suite, &[text], &source)?;
        }
        connection.endpoints_of(suite, &arguments.endpoint, &Source::Flag("endpoint"))?;
        connection.settings(suite, &arguments.set)?;
        let project = connection.resources.get("project_id");
        if let (Some(project), Some(credentials)) = (project, &mut connection.credentials)
            && let Credentials::Keys { project: sent, .. } = &mut credentials.value
        {
            *sent = Some(project.value.clone());
        }
        Ok(connection)
    }

    /// Whether there is no endpoint at all: the embedded mock takes its place.
    pub(in crate::cli) fn is_embedded(&self) -> bool {
        self.default_endpoint.is_none() && self.endpoints.is_empty()
    }

    fn file(&mut self, suite: &Suite, target: &FileTarget) -> Result<(), CliError> {
        let settled = |value: &String, at: usize| Settled {
            value: value.clone(),
            source: target.source(at),
        };
        let table = &target.table;
        let services = services(suite);
        match &table.endpoint.value {
            OneOrTable::One(url) => {
                self.default_endpoint = Some(settled(url, table.endpoint.at));
            }
            OneOrTable::Table(urls) => {
                for (
                    service,
                    Located {
                        value: Checked(url),
                        at,
                    },
                ) in urls
                {
                    if !services.contains(&service.as_str()) {
                        let message = format!("the suite has no service `{service}`");
                        let hint = did_you_mean(service, &services);
                        return Err(target.wrong(*at, &message, hint));
                    }
                    self.endpoints.insert(service.clone(), settled(url, *at));
                }
            }
        }
        if let Some(Located {
            value: Checked(project),
            at,
        }) = &table.project
        {
            let project = settled(project, *at);
            self.resources.insert("project_id".to_owned(), project);
        }
        let known = suite.resource_keys();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        for (key, value, at) in table.resources() {
            if !known.contains(&key.as_str()) {
                let message = format!("the suite has no resource `{key}`");
                return Err(target.wrong(at, &message, did_you_mean(&key, &known)));
            }
            let before = self.resources.insert(key, settled(value, at));
            if before.is_some_and(|before| before.value != *value) {
                let message = "`project` and `resources.project_id` differ";
                let hint = "they are the same: leave one out".to_owned();
                return Err(target.wrong(at, message, hint));
            }
        }
        Ok(())
    }

    /// Endpoints of one source. One for every service takes the place of all that are known so far.
    fn endpoints_of(
        &mut self,
        suite: &Suite,
        given: &[String],
        source: &Source,
    ) -> Result<(), CliError> {
        let shown = match source {
            Source::Flag(flag) => format!("`--{flag}`"),
            other => format!("the {other}"),
        };
        let split = |text: &'_ str| -> (Option<String>, String) {
            match text.split_once('=') {
                Some((service, url)) if !service.contains('/') => {
                    (Some(service.to_owned()), url.to_owned())
                }
                _ => (None, text.to_owned()),
            }
        };
        if given.iter().any(|text| split(text).0.is_none()) {
            self.endpoints.clear();
        }
        for text in given {
            let (service, url) = split(text);
            if let Some(problem) = endpoint_problem(&url) {
                return Err(
                    CliError::usage(format!("{shown} takes {problem}, not `{}`", without_secrets(text)))
                        .with_hint("write it as `http://HOST:PORT` or `SERVICE=https://HOST`; the credential is given by `--token`, or `--ak` and `--sk`"),
                );
            }
            let settled = Settled {
                value: url,
                source: source.clone(),
            };
            match service {
                Some(service) => {
                    let known = services(suite);
                    if !known.contains(&service.as_str()) {
                        return Err(CliError::usage(format!(
                            "{shown}: the suite has no service `{service}`"
                        ))
                        .with_hint(format!("it has: {}", known.join(", "))));
                    }
                    self.endpoints.insert(service, settled);
                }
                None => self.default_endpoint = Some(settled),
            }
        }
        Ok(())
    }

    fn settings(&mut self, suite: &Suite, given: &[String]) -> Result<(), CliError> {
        let known = suite.resource_keys();
        for text in given {
            let Some((key, value)) = text.split_once('=').filter(|(_, value)| !value.is_empty())
            else {
                return Err(CliError::usage(format!("`--set {text}` is not KEY=VALUE"))
                    .with_hint(format!("keys: {}", known.join(", "))));
            };
            if !known.iter().any(|one| one == key) {
                return Err(CliError::usage(format!(
                    "`--set {key}=...`: the suite has no resource `{key}`"
                ))
                .with_hint(format!("keys: {}", known.join(", "))));
            }
            self.resources.insert(
                key.to_owned(),
                Settled {
                    value: value.to_owned(),
                    source: Source::Flag("set"),
                },
            );
        }
        Ok(())
    }
}

fn services(suite: &Suite) -> Vec<&str> {
    suite
        .services
        .iter()
        .map(|service| service.name.as_str())
        .collect()
}

/// An endpoint's text without what may be secret in it: user and password, query.
fn without_secrets(text: &str) -> String {
    let end = text.find(['?', '#']).unwrap_or(text.len());
    let text = text.get(..end).unwrap_or_default();
    match (text.find("://"), text.rfind('@')) {
        (Some(scheme), Some(at)) if scheme + 3 <= at => format!(
            "{}[redacted]{}",
            text.get(..scheme + 3).unwrap_or_default(),
            text.get(at..).unwrap_or_default()
        ),
        (None, Some(at)) => format!("[redacted]{}", text.get(at..).unwrap_or_default()),
        _ => text.to_owned(),
    }
}
