//! Which parameters of a suite's operations are credentials, and how a credential is carried.

use std::collections::BTreeMap;

use crate::contract::field_path::FieldPath;
use crate::contract::message::{Location, Parameter};
use crate::contract::naming::words;
use crate::contract::operation::Operation;
use crate::contract::provenance::{Fact, Source};
use crate::contract::rule::{Place, Row};
use crate::contract::security::{Security, SecurityScheme};
use crate::contract::service::Service;

use super::Suite;

impl Suite {
    /// Takes note of how a user gives credentials: a parameter that one is given in is the credential
    /// of its operation, and no value like others.
    pub fn carry<'c>(&mut self, schemes: impl Iterator<Item = &'c SecurityScheme>) {
        for scheme in schemes {
            let (location, name) = match scheme {
                SecurityScheme::Header(name) => (Location::Header, name),
                SecurityScheme::Query(name) => (Location::Query, name),
                SecurityScheme::Cookie(name) => (Location::Cookie, name),
                SecurityScheme::Bearer
                | SecurityScheme::Basic
                | SecurityScheme::Http(_)
                | SecurityScheme::Certificate => continue,
            };
            for operation in &mut self.operations {
                if operation.is_credential(location, name) {
                    continue;
                }
                let is_own = |own: &&Parameter| match location {
                    Location::Header => own.name.eq_ignore_ascii_case(name),
                    Location::Query | Location::Cookie | Location::Path => own.name == *name,
                };
                let own = operation.parameters_in(location).find(is_own);
                let Some(is_required) = own.map(|own| own.required) else {
                    continue;
                };
                let security = operation.security.get_or_insert_default();
                if !is_required {
                    if security.alternatives.is_empty() {
                        security.alternatives.push(Vec::new());
                    }
                    security.alternatives.push(vec![scheme.clone()]);
                } else if security.alternatives.is_empty() {
                    security.alternatives.push(vec![scheme.clone()]);
                } else {
                    for schemes in &mut security.alternatives {
                        schemes.push(scheme.clone());
                    }
                }
            }
        }
    }

    /// Whether an operation asks for a credential: its source says so, or a person does.
    pub fn asks_for_credential(&self, operation: &Operation) -> bool {
        operation.asks_for_credential() && !self.is_spared(operation)
            || self.cases_of(operation).credential
    }

    /// Whether a document states for others of its operations which credential they need, and nothing
    /// for this one: that a 401 stands there, as frameworks write it for all operations of a kind,
    /// asks for none (OpenAPI 3.1, section 4.8.10).
    fn is_spared(&self, operation: &Operation) -> bool {
        let is_of_document = |fact: &Fact| matches!(fact.source, Source::Document(_));
        let mut others = self.operations.iter();
        operation.security.is_none()
            && operation.facts.iter().all(is_of_document)
            && operation.credential_headers().next().is_none()
            && others.any(|other| {
                let needs = other.security.as_ref().is_some_and(Security::is_needed);
                other.service == operation.service && needs
            })
    }

    /// How a token is carried where nobody says how: as the source says, by the scheme that can
    /// carry one and whose header most operations have a row of, the first of several; else in
    /// `X-Auth-Token`.
    pub fn security_scheme(&self) -> SecurityScheme {
        let of_operations = self.operations.iter().flat_map(Operation::security_schemes);
        let of_services = self.services.iter().flat_map(Service::security_schemes);
        let all: Vec<SecurityScheme> = of_operations
            .chain(of_services)
            .filter(|scheme| *scheme != SecurityScheme::Certificate)
            .collect();
        let is_bare = |scheme: &&SecurityScheme| {
            scheme.header() == Some("Authorization") && matches!(scheme, SecurityScheme::Header(_))
        };
        let rows = |scheme: &SecurityScheme| {
            let names = self
                .operations
                .iter()
                .flat_map(Operation::credential_headers);
            let header = scheme.header().unwrap_or_default();
            names
                .filter(|name| name.eq_ignore_ascii_case(header))
                .count()
        };
        let chosen = all.iter().filter(|scheme| !is_bare(scheme));
        // Of several that are alike `max_by_key` gives the last.
        let chosen = chosen.rev().max_by_key(|scheme| rows(scheme));
        match chosen {
            Some(scheme) => scheme.clone(),
            // A row of `Authorization` alone: most tokens are such.
            None if !all.is_empty() => SecurityScheme::Bearer,
            None => SecurityScheme::Header("X-Auth-Token".to_owned()),
        }
    }

    /// The resource keys that a credential is bound to, with the headers or parameters that they
    /// fill: they are given like resources, and are none.
    pub fn bound_credentials(&self) -> BTreeMap<String, Row> {
        let mut bound = BTreeMap::new();
        for operation in &self.operations {
            for (place, key) in self.cases_of(operation).bind {
                if let Ok(row) = place.parse::<Row>()
                    && is_credential_row(operation, &row)
                {
                    bound.insert(key, row);
                }
            }
        }
        bound
    }

    /// The same, with the keys of those that nobody bound: `SERVICE.authorization`.
    pub fn credential_keys(&self) -> BTreeMap<String, Row> {
        let mut keys = BTreeMap::new();
        for operation in &self.operations {
            for parameter in &operation.parameters {
                if operation.is_credential(parameter.location, &parameter.name) {
                    let name = words(&parameter.name).join("_");
                    let row = Row {
                        place: parameter.location.place(),
                        field: FieldPath::name(&parameter.name),
                    };
                    keys.insert(format!("{}.{name}", operation.service), row);
                }
            }
        }
        keys.extend(self.bound_credentials());
        keys
    }
}

/// Whether a place of an operation carries its credential.
pub(super) fn is_credential_row(operation: &Operation, row: &Row) -> bool {
    let name = row.field.top().unwrap_or_default();
    match row.place {
        Place::Header => operation.is_credential(Location::Header, name),
        Place::Query => operation.is_credential(Location::Query, name),
        Place::Cookie => operation.is_credential(Location::Cookie, name),
        Place::Operation
        | Place::Path
        | Place::Request
        | Place::Response(_)
        | Place::ResponseHeader(_) => false,
    }
}
