//! What each bound place of a request takes: an id that the user gave, or that of a resource which
//! the run creates. A run changes and deletes only what it created, unless the user named the
//! resource.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value;

use crate::contract::{
    Location, MediaType, Operation, Resource, Response, Row, Step, Suite, enum_values, is_called,
    makes, parameters_of_path, singular, types_of, words,
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
    /// The request needs what no run sends; where the source asks for it.
    Unsent(String),
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
            Self::Unwritten(MediaType::Multipart) => write!(
                formatter,
                "not sent: the body is multipart/form-data, and no source shows its file or says of which kind it is"
            ),
            Self::Unwritten(media) => write!(
                formatter,
                "not sent: the body is {media}, and only JSON, forms and texts are written"
            ),
            Self::Unsent(place) => {
                write!(formatter, "not sent: it needs what no run sends ({place})")
            }
        }
    }
}

/// What a request changes, beside what it creates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Changes {
    /// Nothing that was there before.
    Nothing,
    /// The resources of these keys.
    Resources(Vec<String>),
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
            .filter(|operation| is_written(operation).is_ok())
            .is_some_and(|operation| {
                suite.bindings(operation).into_values().all(|key| {
                    // What has to be there before is not made by what asks for it.
                    if key == resource.key {
                        return resource.is_chosen_by(create.operation);
                    }
                    self.given.contains_key(&key) || self.creatable.contains_key(&key)
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

    /// Whether a person named an operation or its service as what may be changed.
    fn permits(&self, operation: &Operation) -> bool {
        [&operation.id, &operation.name(), &operation.service]
            .into_iter()
            .any(|name| self.allows(name))
    }

    /// Whether a person named an operation, its service or a resource of it as what may be changed.
    pub(super) fn may_change(&self, operation: &Operation, key: &str) -> bool {
        self.permits(operation) || self.allows(key)
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
        let is_permitted = self.permits(operation);
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
            let is_own = match changes {
                Changes::Resources(keys) => keys.iter().any(|own| own == key),
                Changes::Nothing | Changes::Unnamed => false,
            };
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
        // Nobody knows what a method does that no page documents: to delete a collection is to
        // delete what is in it, and a `POST` may change what its path names, or what there is one
        // of.
        let changes = if method == "GET" {
            Changes::Nothing
        } else {
            innermost(operation, &bindings)
                .or_else(|| {
                    let last = parameters_of_path(operation).pop()?;
                    bindings.get(&format!("path.{last}")).cloned()
                })
                .map_or(Changes::Unnamed, |key| Changes::Resources(vec![key]))
        };
        self.fill(suite, operation, &bindings, &changes, method != "GET")
    }
}

/// Whether a case of an operation can be written, with all that it needs and in the media type of
/// its body.
fn is_written(operation: &Operation) -> Result<(), Lack> {
    if let Some(fact) = operation.unsent() {
        let place = format!("{}, line {}", fact.page(), fact.line());
        return Err(Lack::Unsent(place));
    }
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

/// Whether an operation changes one of a few things whose names its page lists: they are there, and
/// none of them is the run's.
fn is_of_listed(operation: &Operation) -> bool {
    let (_, rest) = operation.path.rsplit_once('{').unwrap_or_default();
    let last = rest.split('}').next().unwrap_or_default();
    let row = operation.parameter(Location::Path, last);
    operation.method != "POST"
        && row.is_some_and(|row| !enum_values(row.schema.follow(&row.schema.root)).is_empty())
}

/// What an operation of a suite changes, beside what it creates.
pub(super) fn changes(suite: &Suite, index: usize) -> Changes {
    let Some(operation) = suite.operations.get(index) else {
        return Changes::Nothing;
    };
    if !operation.writes() {
        return Changes::Nothing;
    }
    if is_of_listed(operation) {
        return Changes::Unnamed;
    }
    if suite.chosen_by(index).is_some() {
        return Changes::Nothing;
    }
    if let Some(resource) = suite
        .resources
        .iter()
        .find(|resource| resource.is_changed_by(index))
    {
        return Changes::Resources(vec![resource.key.clone()]);
    }
    let is_create = suite.resources.iter().any(|resource| {
        let create = resource.create.as_ref();
        create.is_some_and(|create| create.operation == index)
    });
    let is_post = operation.method == "POST";
    let bindings = suite.bindings(operation);
    let innermost = innermost(operation, &bindings);
    // Of what has no id in its path, an id in the answer may be that of what was there.
    let is_sure = innermost.is_some() || [201, 202].iter().any(|status| operation.names(*status));
    if is_create || is_post && makes(operation) && (is_sure || ends_in_plural(operation)) {
        return Changes::Nothing;
    }
    if let Some(key) = innermost {
        return Changes::Resources(vec![key]);
    }
    // A `POST` to a path that names nothing may only ask for something.
    if is_post && only_reads(operation) {
        return Changes::Nothing;
    }
    // A request that is about resources and makes nothing changes them, wherever their ids stand.
    let is_known = |key: &str| suite.resources.iter().any(|known| known.key == key);
    let mut elsewhere: Vec<String> = bindings
        .iter()
        .filter(|(place, key)| {
            let is_in_body = place.starts_with("request.");
            !place.starts_with("path.") && !is_scope(key) && (is_in_body || is_known(key))
        })
        .map(|(_, key)| key.clone())
        .collect();
    elsewhere.sort();
    elsewhere.dedup();
    if !elsewhere.is_empty() {
        Changes::Resources(elsewhere)
    } else if is_post && asks(operation) && !names_others(suite, operation) {
        Changes::Nothing
    } else {
        Changes::Unnamed
    }
}

/// Whether the path of an operation ends in a plural: that of what it makes one of.
fn ends_in_plural(operation: &Operation) -> bool {
    let last = operation.path.trim_end_matches('/').rsplit('/').next();
    last.is_some_and(|last| singular(last) != last)
}

/// Whether a body has ids of resources of its service that no binding fills: `alarm_ids`, `ids`, the
/// `alarm`, or the `id` of each of `alarms`. Those that the page's example shows may be somebody's.
fn names_others(suite: &Suite, operation: &Operation) -> bool {
    let Some(body) = &operation.request_body else {
        return false;
    };
    let of_service = |resource: &&Resource| resource.service == operation.service;
    let nouns: Vec<&str> = suite
        .resources
        .iter()
        .filter(of_service)
        .map(|resource| resource.noun.as_str())
        .collect();
    let names_one = |name: &str| {
        nouns.iter().any(|noun| {
            let ends = ["", "_id", "_ids", "_uuid", "_uuids"];
            let mut names = ends.iter().map(|end| format!("{noun}{end}"));
            names.any(|wanted| is_called(name, &wanted))
        })
    };
    let names_several = |name: &str| {
        let names_it = |noun: &&str| is_called(&singular(name), noun);
        name == "ids" || nouns.iter().any(names_it)
    };
    body.schema.fields().any(|field| {
        let holds_text = types_of(field.node).contains(&"string");
        let name = field.path.last_name().unwrap_or_default();
        match field.path.steps() {
            [Step::Name(_)] => holds_text && names_one(name),
            [Step::Name(list), Step::Item] => {
                holds_text && !nouns.is_empty() && (names_one(list) || names_several(list))
            }
            [Step::Name(list), Step::Item, Step::Name(_)] => {
                names_one(name) || GENERAL_IDS.contains(&name) && names_several(list)
            }
            _ => false,
        }
    })
}

/// What the id of an item is called in a list of them.
const GENERAL_IDS: [&str; 3] = ["id", "uuid", "uid"];

/// Whether an operation says by its id or by the end of its path that it only looks for something,
/// or looks at what it is sent.
fn only_reads(operation: &Operation) -> bool {
    const WORDS: [&str; 25] = [
        "search",
        "query",
        "list",
        "filter",
        "validate",
        "preview",
        "find",
        "lookup",
        "show",
        "describe",
        "get",
        "fetch",
        "check",
        "verify",
        "count",
        "estimate",
        "calculate",
        "quote",
        "compare",
        "simulate",
        "parse",
        "login",
        "authenticate",
        "explain",
        "suggest",
    ];
    says(operation, &WORDS) && !destroys(operation)
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
    says(operation, &WORDS)
}

/// Whether one of some words is in an operation's id, or in the end of its path.
fn says(operation: &Operation, wanted: &[&str]) -> bool {
    let last = operation.path.trim_end_matches('/').rsplit('/').next();
    [operation.id.as_str(), last.unwrap_or_default()]
        .into_iter()
        .flat_map(words)
        .any(|word| wanted.contains(&word.as_str()))
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
