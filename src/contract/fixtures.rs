//! `cases/<service>/fixtures.toml`: which operations make, show, change and delete one thing. What
//! stands there takes the place of what was recognised for the same key.

use serde::Deserialize;

use super::field_path::{FieldPath, unescape_token};
use super::message::Location;
use super::operation::Operation;
use super::resource::{Collection, Creation, Identity, Resource, resources, singular};
use super::rule::Row;
use super::suite::{Suite, SuiteError};
use crate::nearest::did_you_mean;

/// One resource, as a person wrote it down. Operations are named by their ids; what is left out
/// does not exist.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixtureCase {
    /// The resource key that its id is given by: `widgets.widget_id`.
    pub key: String,
    /// The key of the resource that it belongs to.
    pub parent: Option<String>,
    /// Makes one.
    pub create: Option<String>,
    /// Where the id of a new one comes from: the pointer into the create's answer (`/id`), a field
    /// of its body (`request.name`), `path` where the request chooses it, or `location` for the
    /// last part of that header.
    pub id: Option<String>,
    /// Shows one.
    pub show: Option<String>,
    /// Replaces one.
    pub replace: Option<String>,
    /// Changes a part of one.
    pub change: Option<String>,
    /// Deletes one.
    pub delete: Option<String>,
    /// Lists them.
    pub list: Option<String>,
    /// The pointer to the array of items in the list's answer.
    pub items: Option<String>,
    /// The name of the id within an item.
    pub item_id: Option<String>,
    /// What else changes one.
    #[serde(default)]
    pub acts: Vec<String>,
}

impl Suite {
    /// Where a request to an operation, by its place in the suite, chooses the id of what it makes.
    pub fn chosen_by(&self, operation: usize) -> Option<Row> {
        let resource = self
            .resources
            .iter()
            .find(|resource| resource.is_chosen_by(operation))?;
        let bindings = self.bindings(self.operations.get(operation)?);
        let (place, _) = bindings.iter().find(|(_, key)| **key == resource.key)?;
        place.parse().ok()
    }

    /// The resources of the suite: as they were recognised, and as people wrote them.
    pub(super) fn find_resources(&self) -> Result<Vec<Resource>, SuiteError> {
        let key = |operation: &Operation, parameter: &str| {
            let place = format!("path.{parameter}");
            self.bindings(operation).remove(&place).unwrap_or_default()
        };
        let mut found = resources(&self.operations, &key);
        // An id that names something elsewhere too is not chosen by whoever puts it there. Directly
        // behind another id it names what is of that: `/shares/{owner}/{server_name}`.
        let is_of_collection = |own: &&Resource| {
            let mut known = [own.show, own.replace, own.change, own.delete]
                .into_iter()
                .flatten()
                .chain(own.acts.iter().copied())
                .filter_map(|index| self.operations.get(index));
            let behind = format!("}}/{{{}}}", own.parameter);
            known
                .next()
                .is_none_or(|known| !known.path.contains(&behind))
        };
        let of_collections = found.iter().filter(is_of_collection);
        let keys: Vec<String> = of_collections.map(|own| own.key.clone()).collect();
        for own in &mut found {
            let is_chosen = own.create.as_ref().map(|create| &create.identity);
            let same = keys.iter().filter(|key| **key == own.key).count();
            if same > 1 && is_chosen == Some(&Identity::Chosen) {
                own.create = None;
            }
        }
        let bound = self.resource_keys();
        for (service, file) in &self.cases {
            for case in &file.fixtures {
                let written = self.written(service, case)?;
                match found.iter_mut().find(|known| known.key == case.key) {
                    Some(known) => {
                        let (parent, noun) = (known.parent, known.noun.clone());
                        *known = Resource {
                            noun,
                            parent,
                            ..written
                        };
                    }
                    None if bound.contains(&case.key) => found.push(written),
                    None => {
                        let known: Vec<&str> = bound.iter().map(String::as_str).collect();
                        return Err(fail(
                            service,
                            format!("no place of a request is bound to `{}`", case.key),
                            did_you_mean(&case.key, &known),
                        ));
                    }
                }
            }
        }
        for (service, file) in &self.cases {
            for case in &file.fixtures {
                let Some(parent) = &case.parent else { continue };
                let outer = found.iter().position(|known| known.key == *parent);
                let Some(outer) = outer else {
                    return Err(fail(
                        service,
                        format!("a fixture belongs to `{parent}`, which is no fixture's key"),
                        "give the `key` of another fixture".to_owned(),
                    ));
                };
                if let Some(own) = found.iter_mut().find(|known| known.key == case.key) {
                    own.parent = Some(outer);
                }
            }
        }
        Ok(found)
    }

    /// The parameter of a path, or else the field, that takes the id of a fixture.
    fn parameter_of(&self, case: &FixtureCase, service: &str) -> Option<String> {
        let named = [
            &case.show,
            &case.delete,
            &case.replace,
            &case.change,
            &case.create,
        ];
        named.into_iter().flatten().find_map(|id| {
            let operation = self
                .operations
                .iter()
                .find(|own| own.service == service && own.id == *id)?;
            let bindings = self.bindings(operation);
            let in_path = operation
                .parameters_in(Location::Path)
                .map(|parameter| parameter.name.as_str())
                .find(|name| bindings.get(&format!("path.{name}")) == Some(&case.key));
            let elsewhere = || {
                let (place, _) = bindings.iter().find(|(_, key)| **key == case.key)?;
                Some(place.parse::<Row>().ok()?.field.to_string())
            };
            in_path.map(str::to_owned).or_else(elsewhere)
        })
    }

    fn written(&self, service: &str, case: &FixtureCase) -> Result<Resource, SuiteError> {
        let find = |id: &String| {
            let is_own = |operation: &&Operation| operation.service == service;
            let own = self.operations.iter();
            own.clone()
                .position(|operation| is_own(&operation) && operation.id == *id)
                .ok_or_else(|| {
                    let ids: Vec<&str> = own.filter(is_own).map(|own| own.id.as_str()).collect();
                    fail(
                        service,
                        format!(
                            "the fixture `{}` names operation `{id}`, which the contract does not have",
                            case.key
                        ),
                        did_you_mean(id, &ids),
                    )
                })
        };
        let optional = |id: &Option<String>| id.as_ref().map(find).transpose();
        let last = case.key.rsplit('.').next().unwrap_or_default();
        let create = match &case.create {
            Some(id) => Some(Creation {
                operation: find(id)?,
                identity: identity(service, case)?,
            }),
            None => None,
        };
        let list = match optional(&case.list)? {
            Some(operation) => {
                let items = case.items.as_deref().unwrap_or_default();
                Some(Collection {
                    operation,
                    items: path_of(items).ok_or_else(|| no_pointer(service, case, items))?,
                    id: case.item_id.clone().unwrap_or_else(|| "id".to_owned()),
                })
            }
            None => None,
        };
        Ok(Resource {
            service: service.to_owned(),
            noun: singular(last.trim_end_matches("_id")),
            key: case.key.clone(),
            parameter: self
                .parameter_of(case, service)
                .unwrap_or_else(|| last.to_owned()),
            parent: None,
            create,
            show: optional(&case.show)?,
            replace: optional(&case.replace)?,
            change: optional(&case.change)?,
            delete: optional(&case.delete)?,
            list,
            acts: case.acts.iter().map(find).collect::<Result<_, _>>()?,
        })
    }
}

fn fail(service: &str, message: String, hint: String) -> SuiteError {
    SuiteError::Cases {
        file: format!("cases/{service}/fixtures.toml"),
        line: None,
        message,
        hint: Some(hint),
    }
}

fn no_pointer(service: &str, case: &FixtureCase, text: &str) -> SuiteError {
    fail(
        service,
        format!("`{text}` of the fixture `{}` is no JSON pointer", case.key),
        "a pointer begins with `/`, as in `/widgets`; the answer itself is an empty text"
            .to_owned(),
    )
}

/// Where the id of a new one comes from.
fn identity(service: &str, case: &FixtureCase) -> Result<Identity, SuiteError> {
    let text = case.id.as_deref().unwrap_or("/id");
    match text {
        "path" => return Ok(Identity::Chosen),
        "location" => return Ok(Identity::Located),
        _ => {}
    }
    if let Some(field) = text.strip_prefix("request.") {
        return Ok(Identity::Sent(FieldPath::from(field)));
    }
    match path_of(text) {
        Some(path) if !path.is_root() => Ok(Identity::Answered(path)),
        Some(_) | None => Err(fail(
            service,
            format!("`id = \"{text}\"` of the fixture `{}` says nothing", case.key),
            "an id is a JSON pointer into the answer (`/id`), `request.FIELD`, `path` or `location`"
                .to_owned(),
        )),
    }
}

/// The path of a JSON pointer (RFC 6901) that leads through objects alone.
fn path_of(pointer: &str) -> Option<FieldPath> {
    if pointer.is_empty() {
        return Some(FieldPath::root());
    }
    let mut path = FieldPath::root();
    for token in pointer.strip_prefix('/')?.split('/') {
        path = path.child(unescape_token(token));
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("/id", Some(Identity::Answered(FieldPath::name("id"))))]
    #[case("/widget/id", Some(Identity::Answered(FieldPath::name("widget").child("id"))))]
    #[case("request.name", Some(Identity::Sent(FieldPath::name("name"))))]
    #[case("path", Some(Identity::Chosen))]
    #[case("location", Some(Identity::Located))]
    #[case("id", None)]
    #[case("", None)]
    fn an_id_is_where_it_says(#[case] text: &str, #[case] expected: Option<Identity>) {
        let case = FixtureCase {
            key: "s.widget_id".to_owned(),
            id: Some(text.to_owned()),
            ..FixtureCase::default()
        };
        assert_eq!(identity("s", &case).ok(), expected);
    }
}
