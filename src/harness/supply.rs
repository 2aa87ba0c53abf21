//! What each bound place of a request takes: an id that the user gave, or that of a resource which
//! the run creates. A run changes and deletes only what it created, unless the user named the
//! resource.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value;

use crate::contract::{
    MediaType, Operation, Resource, Response, Row, Suite, makes, parameters_of_path, words,
};
use crate::generate::{Request, Supply, Whose, supplied, text_of};

use super::target::{Allowed, Mode, Target};

/// Why a request cannot be made, or may not be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lack {
    /// No id was given for a resource key, and nothing creates one.
    Missing(String),
    /// The request changes what the run did not create: the resource key, or the operation where no
    /// key names it.
    NotOurs(String),
    /// The request carries a body of a media type that is not sent.
    Unwritten(MediaType),
}

impl fmt::Display for Lack {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(key) => {
                write!(formatter, "no resource `{key}`: give `--set {key}=VALUE`")
            }
            Self::NotOurs(key) => write!(
                formatter,
                "not sent: it changes `{key}`, which this run cannot create; `--allow-changes {key}` permits that"
            ),
            Self::Unwritten(media) => write!(formatter, "not sent: the body is {media}"),
        }
    }
}

/// What a request changes, beside what it creates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Changes {
    /// Nothing that was there before.
    Nothing,
    /// The resource of a key.
    Resource(String),
    /// Something that no id names: a whole collection, or what there is one of.
    Unnamed,
}

/// Which resources a run creates for itself, and what it may change.
#[derive(Debug, Clone, Default)]
pub(super) struct Supplies {
    /// The resources that can be created, as places among the suite's, by key.
    creatable: BTreeMap<String, usize>,
    /// The ids that were given, by key.
    given: BTreeMap<String, String>,
    allowed: Allowed,
}

impl Supplies {
    /// Those of a suite on a target. What can be created is found from what is given upwards: a
    /// create whose own places cannot all be filled creates nothing.
    pub(super) fn of(suite: &Suite, target: &Target) -> Self {
        let mut supplies = Self {
            creatable: BTreeMap::new(),
            given: target.resources.clone(),
            allowed: target.allowed.clone(),
        };
        if target.mode == Mode::ReadOnly {
            return supplies;
        }
        loop {
            let more: Vec<(String, usize)> = suite
                .resources
                .iter()
                .enumerate()
                .filter(|(_, resource)| !supplies.creatable.contains_key(&resource.key))
                .filter(|(_, resource)| target.endpoint(&resource.service).is_some())
                .filter(|(_, resource)| supplies.can_create(suite, resource))
                .map(|(index, resource)| (resource.key.clone(), index))
                .collect();
            if more.is_empty() {
                return supplies;
            }
            supplies.creatable.extend(more);
        }
    }

    fn can_create(&self, suite: &Suite, resource: &Resource) -> bool {
        let Some(create) = &resource.create else {
            return false;
        };
        suite
            .operations
            .get(create.operation)
            .filter(|operation| operation.unwritten_body().is_none())
            .is_some_and(|operation| {
                suite.bindings(operation).into_values().all(|key| {
                    key == resource.key
                        || self.given.contains_key(&key)
                        || self.creatable.contains_key(&key)
                })
            })
    }

    /// The resource that can be created for a key, as a place among the suite's.
    pub(super) fn creatable(&self, key: &str) -> Option<usize> {
        self.creatable.get(key).copied()
    }

    /// Whether a person named what may be changed.
    fn allows(&self, name: &str) -> bool {
        match &self.allowed {
            Allowed::Everything => true,
            Allowed::These(names) => names.contains(name),
        }
    }

    /// Whether the run can make a resource of a key for an operation: one of its own service.
    fn can_make(&self, suite: &Suite, operation: &Operation, key: &str) -> bool {
        self.creatable
            .get(key)
            .and_then(|place| suite.resources.get(*place))
            .is_some_and(|resource| resource.service == operation.service)
    }

    /// The plainest request of an operation that makes such changes.
    fn fill(
        &self,
        suite: &Suite,
        operation: &Operation,
        bindings: &BTreeMap<String, String>,
        changes: &Changes,
        writes: bool,
    ) -> Result<Request, Lack> {
        let is_permitted = [&operation.id, &operation.name(), &operation.service]
            .into_iter()
            .any(|name| self.allows(name));
        if *changes == Changes::Unnamed && !is_permitted {
            return Err(Lack::NotOurs(operation.id.clone()));
        }
        let index = suite
            .operations
            .iter()
            .position(|other| std::ptr::eq(other, operation));
        // A create that chooses its id makes something new each time.
        let creates_of = index
            .and_then(|index| suite.resources.iter().find(|own| own.is_chosen_by(index)))
            .filter(|_| writes)
            .map(|own| own.key.clone());
        supplied(operation, bindings, &|_: &Row, key: &str| {
            let is_own = *changes == Changes::Resource(key.to_owned());
            let given = self.given.get(key);
            // What others belong to, a project, is taken as it is given, but where it is itself
            // what is changed.
            if creates_of.as_deref() == Some(key) && self.creatable.contains_key(key) {
                return Ok(Supply::Borrowed(Whose::Nobodys));
            }
            let wants_new = if is_scope(key) { is_own } else { writes };
            if self.can_make(suite, operation, key) && (wants_new || given.is_none()) {
                return Ok(Supply::Borrowed(if is_own {
                    Whose::Own
                } else {
                    Whose::Everybodys
                }));
            }
            let given = given.ok_or_else(|| Lack::Missing(key.to_owned()))?;
            if is_own && !is_permitted && !self.allows(key) {
                return Err(Lack::NotOurs(key.to_owned()));
            }
            Ok(Supply::Given(given.clone()))
        })
    }

    /// The plainest request of an operation, with other bindings than its own.
    pub(super) fn baseline_of(
        &self,
        suite: &Suite,
        index: usize,
        bindings: &BTreeMap<String, String>,
    ) -> Result<Request, Lack> {
        let Some(operation) = suite.operations.get(index) else {
            return Err(Lack::Missing(String::new()));
        };
        is_written(operation)?;
        let changes = changes(suite, index);
        self.fill(suite, operation, bindings, &changes, operation.writes())
    }

    /// The plainest request of an operation.
    pub(super) fn baseline(&self, suite: &Suite, index: usize) -> Result<Request, Lack> {
        let bindings = suite.operations.get(index).map(|of| suite.bindings(of));
        self.baseline_of(suite, index, &bindings.unwrap_or_default())
    }

    /// The same, but that what can be created is not taken from what was given: what the run made
    /// belongs to what it made.
    fn of_run(&self) -> Self {
        let mut own = self.clone();
        own.given
            .retain(|key, _| is_scope(key) || !self.creatable.contains_key(key));
        own
    }

    /// The plainest request of an operation, about nothing but what the run makes.
    pub(super) fn baseline_of_run(&self, suite: &Suite, index: usize) -> Result<Request, Lack> {
        self.of_run().baseline(suite, index)
    }

    /// The plainest request of an operation that reads the resource of a key and id, which the run
    /// made if it can.
    pub(super) fn about(
        &self,
        suite: &Suite,
        index: usize,
        key: &str,
        id: &Value,
    ) -> Result<Request, Lack> {
        let text = text_of(id);
        let mut own = if self.creatable.contains_key(key) {
            self.of_run()
        } else {
            self.clone()
        };
        own.creatable.remove(key);
        own.given.insert(key.to_owned(), text);
        // It is the run's own.
        if let Allowed::These(names) = &mut own.allowed {
            names.insert(key.to_owned());
        }
        own.baseline(suite, index)
    }

    /// The plainest request of an operation whose innermost resource is going to be one that nobody
    /// has, so that nothing can be changed.
    pub(super) fn of_nobody(&self, suite: &Suite, index: usize) -> Result<Request, Lack> {
        let Some(operation) = suite.operations.get(index) else {
            return Err(Lack::Missing(String::new()));
        };
        is_written(operation)?;
        let bindings = suite.bindings(operation);
        let key = parameters_of_path(operation)
            .pop()
            .and_then(|name| bindings.get(&format!("path.{name}")).cloned());
        let mut own = self.clone();
        if let Some(key) = key {
            own.given.entry(key).or_insert_with(|| "nobody".to_owned());
        }
        own.fill(suite, operation, &bindings, &Changes::Nothing, false)
    }

    /// The plainest request of an operation, to be sent with a method that no page documents on its
    /// path: what it could change is the run's own, or may be changed.
    pub(super) fn undocumented(
        &self,
        suite: &Suite,
        index: usize,
        method: &str,
    ) -> Result<Request, Lack> {
        let Some(operation) = suite.operations.get(index) else {
            return Err(Lack::Missing(String::new()));
        };
        // `GET` carries no body.
        if method != "GET" {
            is_written(operation)?;
        }
        let bindings = suite.bindings(operation);
        let is_item = operation.path.trim_end_matches('/').ends_with('}');
        let named = || {
            innermost(operation, &bindings)
                .or_else(|| {
                    let last = parameters_of_path(operation).pop()?;
                    bindings.get(&format!("path.{last}")).cloned()
                })
                .map_or(Changes::Unnamed, Changes::Resource)
        };
        let changes = match method {
            "GET" => Changes::Nothing,
            _ if is_item => named(),
            // To delete or replace a collection is to delete what is in it.
            "DELETE" | "PUT" | "PATCH" => named(),
            _ => Changes::Nothing,
        };
        self.fill(suite, operation, &bindings, &changes, method != "GET")
    }
}

/// Whether a case of an operation can be written in the media type of its body.
fn is_written(operation: &Operation) -> Result<(), Lack> {
    operation
        .unwritten_body()
        .map_or(Ok(()), |media| Err(Lack::Unwritten(media)))
}

/// Whether a key names what others belong to: a project or a tenant.
fn is_scope(key: &str) -> bool {
    matches!(key, "project_id" | "tenant_id")
}

/// The key of the innermost parameter of an operation's path, those of projects and tenants aside.
fn innermost(operation: &Operation, bindings: &BTreeMap<String, String>) -> Option<String> {
    parameters_of_path(operation)
        .into_iter()
        .rev()
        .filter_map(|name| bindings.get(&format!("path.{name}")))
        .find(|key| !is_scope(key))
        .cloned()
}

/// What an operation of a suite changes, beside what it creates.
pub(super) fn changes(suite: &Suite, index: usize) -> Changes {
    let Some(operation) = suite.operations.get(index) else {
        return Changes::Nothing;
    };
    if !operation.writes() {
        return Changes::Nothing;
    }
    if suite.chosen_by(index).is_some() {
        return Changes::Nothing;
    }
    if let Some(resource) = suite
        .resources
        .iter()
        .find(|resource| resource.is_changed_by(index))
    {
        return Changes::Resource(resource.key.clone());
    }
    let is_create = suite.resources.iter().any(|resource| {
        let create = resource.create.as_ref();
        create.is_some_and(|create| create.operation == index)
    });
    if is_create || operation.method == "POST" && makes(operation) {
        return Changes::Nothing;
    }
    let bindings = suite.bindings(operation);
    let is_known = |key: &&String| suite.resources.iter().any(|known| known.key == **key);
    // A request that is about a resource and makes nothing changes it, wherever its id stands.
    let elsewhere = || {
        let mut others = bindings
            .iter()
            .filter(|(place, _)| !place.starts_with("path."));
        others.find_map(|(_, key)| Some(key).filter(is_known).cloned())
    };
    match innermost(operation, &bindings).or_else(elsewhere) {
        Some(key) => Changes::Resource(key),
        // A `POST` to a path that names nothing may only ask for something.
        None if operation.method == "POST" && asks(operation) => Changes::Nothing,
        None => Changes::Unnamed,
    }
}

/// Whether a `POST` that names nothing asks for something or makes something: its page does not say
/// that it takes something away, and a success has more to tell than that it was done (204).
fn asks(operation: &Operation) -> bool {
    let mut successes = operation.successes().peekable();
    let only_does = successes.peek().is_some() && successes.all(Response::is_bodyless);
    !destroys(operation) && !only_does
}

/// Whether an operation says by its id or by the end of its path that it takes something away.
fn destroys(operation: &Operation) -> bool {
    const WORDS: [&str; 12] = [
        "delete", "remove", "purge", "clear", "empty", "reset", "flush", "wipe", "truncate",
        "destroy", "drop", "erase",
    ];
    let last = operation.path.trim_end_matches('/').rsplit('/').next();
    [operation.id.as_str(), last.unwrap_or_default()]
        .into_iter()
        .flat_map(words)
        .any(|word| WORDS.contains(&word.as_str()))
}

/// What `--allow-changes` may name: resource keys, operations and services.
pub(crate) fn changeable(suite: &Suite) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = suite.resource_keys().into_iter().collect();
    for operation in &suite.operations {
        names.extend([
            operation.id.clone(),
            operation.name(),
            operation.service.clone(),
        ]);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::StatusRange;
    use rstest::rstest;

    /// The bundled create of a backup, at another path and under another id.
    fn suite(method: &str, path: &str, id: &str, statuses: &[u16]) -> Suite {
        let mut suite = Suite::bundled().unwrap();
        let operation = suite
            .operations
            .iter()
            .position(|operation| operation.id == "CreateManualBackup")
            .unwrap();
        let mut operation = suite.operations.swap_remove(operation);
        method.clone_into(&mut operation.method);
        path.clone_into(&mut operation.path);
        id.clone_into(&mut operation.id);
        operation.parameters.clear();
        operation.request_body = None;
        operation.responses.truncate(statuses.len());
        for (response, status) in operation.responses.iter_mut().zip(statuses) {
            response.status = StatusRange::Code(*status);
            response.schema = None;
        }
        suite.operations = vec![operation];
        suite.resources.clear();
        suite.cases.clear();
        suite
    }

    #[rstest]
    #[case::search("POST", "/v1/search", "Search", &[200], Changes::Nothing)]
    #[case::only_done("POST", "/v1/widgets/recount", "Recount", &[204], Changes::Unnamed)]
    #[case::purge("POST", "/v1/widgets/purge", "PurgeWidgets", &[200], Changes::Unnamed)]
    #[case::singleton("PUT", "/v1/settings", "ReplaceSettings", &[200], Changes::Unnamed)]
    #[case::collection("DELETE", "/v1/widgets", "DeleteWidgets", &[204], Changes::Unnamed)]
    #[case::read("GET", "/v1/widgets", "ListWidgets", &[200], Changes::Nothing)]
    fn what_names_nothing_changes_all_or_nothing(
        #[case] method: &str,
        #[case] path: &str,
        #[case] id: &str,
        #[case] statuses: &[u16],
        #[case] expected: Changes,
    ) {
        assert_eq!(changes(&suite(method, path, id, statuses), 0), expected);
    }
}
