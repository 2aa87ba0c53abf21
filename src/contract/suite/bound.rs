//! The resource keys that the parameters and fields of a suite's operations take their values from.

use std::collections::{BTreeMap, BTreeSet};

use crate::contract::message::{Location, Parameter};
use crate::contract::naming::words;
use crate::contract::operation::Operation;
use crate::contract::resource::{parameters_of_path, takes_id};
use crate::contract::rule::Row;

use super::Suite;
use super::credentials::is_credential_row;

/// What the resource keys of headers begin with that every request carries.
pub const EVERYWHERE: &str = "header.";

impl Suite {
    /// The resource key that each path parameter, and whatever else is bound, takes its value from.
    /// A path parameter that nobody bound takes `project_id` or `tenant_id` (where that is its
    /// name), or `SERVICE.NAME`; see [`ItemKeys`]. One whose values are listed takes those.
    pub fn bindings(&self, operation: &Operation) -> BTreeMap<String, String> {
        let mut bindings = BTreeMap::new();
        for parameter in operation.parameters_in(Location::Path) {
            if !takes_id(parameter) {
                continue;
            }
            let key = self.items.key_of(operation, &parameter.name);
            bindings.insert(format!("path.{}", parameter.name), key);
        }
        bindings.extend(self.items.of_verbs(operation));
        let is_credential = |place: &str| {
            let row = place.parse::<Row>();
            row.is_ok_and(|row| is_credential_row(operation, &row))
        };
        let bound = self.cases_of(operation).bind.into_iter();
        bindings.extend(bound.filter(|(place, _)| !is_credential(place)));
        bindings
    }

    /// Whether the values of a parameter of a path name things, of which one may not be there: its
    /// name is that of an id, a source documents that refusal, or what it names is made, listed or
    /// changed. A read may take others (`/range/{length}`) as they come, and an outer part of a path
    /// may be a label that is there as soon as something stands below it.
    pub fn names_thing(&self, operation: &Operation, parameter: &str) -> bool {
        if self.may_be_label(operation, parameter) {
            return false;
        }
        let is_id = words(parameter)
            .last()
            .is_some_and(|last| ["id", "uuid", "guid", "uid"].contains(&last.as_str()));
        let key = || self.items.key_of(operation, parameter);
        operation.writes()
            || is_id
            || operation.names(404)
            || operation.names(410)
            || self.resources.iter().any(|resource| {
                let is_kept = resource.create.is_some()
                    || resource.list.is_some()
                    || [resource.replace, resource.change, resource.delete]
                        .iter()
                        .any(Option::is_some)
                    || !resource.acts.is_empty();
                is_kept && resource.key == key()
            })
    }

    /// Whether an outer parameter of a path names what no source tells of: no operation stands on it,
    /// or on what it would be one of, and no refusal of what is not there is documented.
    fn may_be_label(&self, operation: &Operation, parameter: &str) -> bool {
        let is_outer = parameters_of_path(operation).pop() != Some(parameter);
        let place = format!("/{{{parameter}}}");
        let Some((collection, _)) = operation.path.split_once(&place).filter(|_| is_outer) else {
            return false;
        };
        let item = format!("{collection}{place}");
        let is_there = |other: &Operation| {
            let path = other.path.trim_end_matches('/');
            other.service == operation.service && (path == collection || path == item)
        };
        let refuses = [403, 404, 410]
            .into_iter()
            .any(|status| operation.is_documented(status));
        !refuses && !self.operations.iter().any(is_there)
    }

    /// Every resource key that the suite binds anything to: the keys of `--set`.
    pub fn resource_keys(&self) -> Vec<String> {
        let mut keys: BTreeSet<String> = BTreeSet::new();
        for operation in &self.operations {
            keys.extend(self.bindings(operation).into_values());
            for resource in self.cases_of(operation).resources {
                keys.extend(resource.bind.into_values());
            }
        }
        keys.extend(self.bound_credentials().into_keys());
        keys.into_iter().collect()
    }

    /// Leaves those places to made-up values that were bound by inference alone, and whose resource
    /// nobody gives and nothing creates: a value that is refused says no less than none.
    pub fn release_unknown(&mut self, is_given: impl Fn(&str) -> bool) {
        if !self.is_inferred {
            return;
        }
        let resources = &self.resources;
        let is_known = |key: &str| {
            let mut own = resources.iter().filter(|own| own.key == key);
            is_given(key) || own.any(|own| own.create.is_some())
        };
        for file in self.cases.values_mut() {
            for cases in file.operations.values_mut() {
                cases.bind.retain(|_, key| is_known(key));
            }
        }
    }

    /// Binds the header parameters of these names to what every request carries.
    pub fn bind_everywhere<'n>(&mut self, names: impl Iterator<Item = &'n str>) {
        for name in names {
            for operation in &self.operations {
                let mut headers = operation.parameters_in(Location::Header);
                let is_named = |own: &&Parameter| own.name.eq_ignore_ascii_case(name);
                let Some(parameter) = headers.find(is_named) else {
                    continue;
                };
                let file = self.cases.entry(operation.service.clone()).or_default();
                let cases = file.operations.entry(operation.id.clone()).or_default();
                let place = format!("header.{}", parameter.name);
                let key = format!("{EVERYWHERE}{}", name.to_ascii_lowercase());
                cases.bind.entry(place).or_insert(key);
            }
        }
    }
}
