//! What to connect to, settled: endpoints, resources and credentials, each with where it came from.

use std::collections::BTreeMap;

use crate::cli::CliError;
use crate::contract::{EVERYWHERE, Location, Place, SecurityScheme, Suite, may_carry_credential};
use crate::exchange::{Credentials, Part};
use crate::nearest::did_you_mean;
use crate::session::{Connection, Origin, Settled, Source};
use crate::toml_reader::{Checked, Located};

use super::arguments::ConnectionArguments;
use super::carried::{Carried, may_be_given};
use super::credentials::{self, Given};
use super::file::FileTarget;
use super::values::{OneOrTable, endpoint_problem};

impl Connection {
    /// Settles what the command line, the environment and the chosen target say.
    pub(crate) fn new(suite: &Suite, arguments: &ConnectionArguments) -> Result<Self, CliError> {
        let target = arguments.chosen.as_ref();
        let origin = arguments.origin;
        let flags = Carried::flags(suite, &arguments.carried, origin)?;
        let environment = match origin {
            Origin::CommandLine => Carried::environment(suite)?,
            Origin::Library => Carried::default(),
        };
        let gives_credential = arguments.keys.signs();
        let given = Given {
            suite: Some(suite),
            origin,
            flags: flags.parts,
            environment: environment.parts,
        };
        let mut connection = Self {
            default_endpoint: None,
            endpoints: BTreeMap::new(),
            resources: BTreeMap::new(),
            credentials: credentials::settle(&arguments.keys, given, target)?,
            headers: Vec::new(),
            transport: arguments.transport.options()?,
            gives_credential,
        };
        if let Some(target) = target {
            connection.headers_of(target)?;
        }
        connection.add_headers(environment.headers);
        connection.add_headers(flags.headers);
        if let Some(target) = target {
            connection.file(suite, target)?;
        }
        // An empty one is no wish for the embedded mock, but a secret or a variable of CI that is
        // not set.
        if origin == Origin::CommandLine
            && let Ok(text) = std::env::var("DOCPROOF_ENDPOINT")
        {
            let source = Source::Environment("DOCPROOF_ENDPOINT".to_owned());
            connection.endpoints_of(suite, &[text], &source)?;
        }
        connection.endpoints_of(suite, &arguments.endpoint, &origin.source("endpoint"))?;
        connection.settings(suite, &arguments.set, origin)?;
        connection.bound_credentials(suite)?;
        connection.certificate();
        connection.bound_headers(suite);
        let project = connection.resources.get("project_id");
        if let (Some(project), Some(credentials)) = (project, &mut connection.credentials)
            && let Credentials::Keys { project: sent, .. } = &mut credentials.value
        {
            *sent = Some(project.value.clone());
        }
        Ok(connection)
    }

    /// The headers of a target.
    fn headers_of(&mut self, target: &FileTarget) -> Result<(), CliError> {
        for (name, Located { value, at }) in &target.table.headers {
            if may_carry_credential(name) {
                return Err(target.wrong(
                    *at,
                    &format!("`headers.{name}`: no secret may stand in this file"),
                    format!("put it into an environment variable, and write under `auth`: `api_keys = {{ \"{name}\" = \"NAME_OF_THE_VARIABLE\" }}`"),
                ));
            }
            may_be_given(name).map_err(|why| {
                target.wrong(
                    *at,
                    &format!("`headers.{name}`: {why}"),
                    "leave it out".to_owned(),
                )
            })?;
            self.add_headers(vec![(name.clone(), value.0.clone())]);
        }
        Ok(())
    }

    /// Adds headers; one takes the place of an earlier one of its name.
    fn add_headers(&mut self, headers: Vec<(String, String)>) {
        let is_named = |name: &str| {
            headers
                .iter()
                .any(|(one, _)| one.eq_ignore_ascii_case(name))
        };
        self.headers.retain(|(name, _)| !is_named(name));
        self.headers.extend(headers);
    }

    /// What fills a header or parameter that carries the credential is one, however it was given.
    /// What was given as a credential says more of its place, and keys sign by themselves.
    fn bound_credentials(&mut self, suite: &Suite) -> Result<(), CliError> {
        let mut bound: Vec<Settled<Part>> = Vec::new();
        for (key, row) in suite.credential_keys() {
            let Some(Settled { value, source }) = self.resources.remove(&key) else {
                continue;
            };
            let name = row.field.top().unwrap_or_default();
            let parts = match row.place {
                Place::Query => vec![Part::text(SecurityScheme::Query(name.to_owned()), value)],
                _ => Part::of_header(name, &value),
            };
            for part in parts {
                // Several services may take one credential, each by a key of its own.
                if !bound.iter().any(|twin| twin.value.is_same(&part)) {
                    let source = source.clone();
                    bound.push(Settled {
                        value: part,
                        source,
                    });
                }
            }
        }
        let given: &[Part] = match &self.credentials {
            Some(credentials) => match &credentials.value {
                Credentials::Keys { .. } => return Ok(()),
                carried => carried.parts(),
            },
            None => &[],
        };
        bound.retain(|part| {
            let place = credentials::place(&part.value.scheme);
            !given
                .iter()
                .any(|twin| credentials::place(&twin.scheme) == place)
        });
        let Some(more) = credentials::at_once(bound)? else {
            return Ok(());
        };
        let mut parts = given.to_vec();
        parts.extend_from_slice(more.value.parts());
        let source = match self.credentials.take() {
            Some(given) => given.source,
            None => more.source,
        };
        self.credentials = Some(Settled {
            value: Credentials::Carried(parts),
            source,
        });
        Ok(())
    }

    /// A certificate that the client shows is a credential beside the others. Keys sign by
    /// themselves.
    fn certificate(&mut self) {
        if self.transport.identity.is_none() {
            return;
        }
        let given = self.credentials.take().unwrap_or(Settled {
            value: Credentials::None,
            source: Source::Flag("cert"),
        });
        let value = match given.value {
            keys @ Credentials::Keys { .. } => keys,
            carried => {
                let mut parts = carried.parts().to_vec();
                parts.push(Part::text(SecurityScheme::Certificate, ""));
                Credentials::Carried(parts)
            }
        };
        let source = given.source;
        self.credentials = Some(Settled { value, source });
    }

    /// A header that an operation documents is a value of its requests like others: what is given
    /// for every request is bound to it.
    fn bound_headers(&mut self, suite: &Suite) {
        for (name, value) in &self.headers {
            let is_documented = suite.operations.iter().any(|operation| {
                let mut headers = operation.parameters_in(Location::Header);
                headers.any(|parameter| parameter.name.eq_ignore_ascii_case(name))
            });
            if is_documented {
                let key = format!("{EVERYWHERE}{}", name.to_ascii_lowercase());
                let settled = Settled {
                    value: value.clone(),
                    source: Source::Flag("header"),
                };
                self.resources.insert(key, settled);
            }
        }
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
            Source::Flag(_) | Source::Method(_) => format!("`{source}`"),
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
                return Err(CliError::usage(format!(
                    "{shown} takes {problem}, not `{}`",
                    without_secrets(text)
                ))
                .with_hint("write it as `http://HOST:PORT` or `SERVICE=https://HOST`"));
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

    fn settings(
        &mut self,
        suite: &Suite,
        given: &[String],
        origin: Origin,
    ) -> Result<(), CliError> {
        let source = origin.source("set");
        let known = suite.resource_keys();
        let credentials = suite.credential_keys();
        for text in given {
            let Some((key, value)) = text.split_once('=').filter(|(_, value)| !value.is_empty())
            else {
                return Err(
                    CliError::usage(format!("`{source} {text}` is not KEY=VALUE"))
                        .with_hint(keys(&known)),
                );
            };
            // The name alone says which one is meant, where one service has it.
            let of_service = || {
                let mut all = known.iter().filter(|one| {
                    let mut parts = one.rsplitn(2, '.');
                    parts.next() == Some(key) && parts.next().is_some()
                });
                all.next().filter(|_| all.next().is_none())
            };
            let is_known = known.iter().any(|one| one == key) || credentials.contains_key(key);
            let Some(key) = (is_known.then_some(key)).or_else(|| of_service().map(String::as_str))
            else {
                return Err(CliError::usage(format!(
                    "`{source} {key}=...`: the suite has no resource `{key}`"
                ))
                .with_hint(keys(&known)));
            };
            self.resources.insert(
                key.to_owned(),
                Settled {
                    value: value.to_owned(),
                    source: source.clone(),
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

/// The keys that `--set` knows, as advice.
fn keys(known: &[String]) -> String {
    if known.is_empty() {
        "the suite has no resources: leave it out".to_owned()
    } else {
        format!("keys: {}", known.join(", "))
    }
}
