//! What each bound place of a request takes: an id that the user gave, or that of a resource which
//! the run creates. A run changes and deletes only what it created, unless the user named the
//! resource.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use crate::contract::{
    FieldPath, MediaType, Operation, Place, Resource, Row, Suite, is_scope, parameters_of_path,
};
use crate::generate::{Request, Supply, Whose, id_of_nobody, supplied, text_of};

use super::changes::{Changes, changes, innermost};
use super::found::Found;
use super::target::{Allowed, Mode, Target};

/// Why a request cannot be made, or may not be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lack {
    /// No id was given for a resource key, and nothing creates one.
    Missing(String),
    /// An id is known that an answer or a source shows, which only reads are sent with.
    Shown(String),
    /// The request changes what the run did not create: the resource key.
    NotOurs(String),
    /// The operation writes, and nothing tells what it makes or changes.
    Untold(String),
    /// No page documents the method, and what it might change is not the run's.
    Undocumented,
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
            Self::Shown(key) => write!(
                formatter,
                "the one id of `{key}` that is known is somebody's, so that only reads have it: `--set {key}=VALUE` gives one for this"
            ),
            Self::NotOurs(key) => write!(
                formatter,
                "not sent: it changes `{key}`, which this run cannot create; `--allow-changes {key}` permits that"
            ),
            Self::Untold(operation) => write!(
                formatter,
                "not sent: nothing tells what `{operation}` makes or changes, so that a run could not clean up behind it; `--allow-changes {operation}` permits it"
            ),
            Self::Undocumented => formatter.write_str(
                "not sent: the method is undocumented here, and what it might change is none that this run made",
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

/// Which resources a run creates for itself, and what it may change.
#[derive(Debug, Clone, Default)]
pub(super) struct Supplies {
    /// The resources that can be created, as places among the suite's, by key.
    creatable: BTreeMap<String, usize>,
    /// The ids that were given, by key.
    given: BTreeMap<String, String>,
    /// Those that were found, for what reads alone.
    found: Vec<Found>,
    allowed: Allowed,
}

impl Supplies {
    /// Those of a suite on a target. What can be created is found from what is given upwards: a
    /// create whose own places cannot all be filled creates nothing.
    pub(super) fn of(suite: &Suite, target: &Target) -> Self {
        let mut supplies = Self {
            creatable: BTreeMap::new(),
            given: target.resources.clone(),
            found: target.found.clone(),
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

    /// The id that was given of a key.
    pub(super) fn given(&self, key: &str) -> Option<&str> {
        self.given.get(key).map(String::as_str)
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

    /// The same, with an id more for what reads alone.
    pub(super) fn with_found(&self, found: Found) -> Self {
        let mut more = self.clone();
        more.found.push(found);
        more
    }

    /// Whether another place of a request names what the run makes, which belongs to a resource that
    /// the run makes too: the one that is given has nothing to do with it.
    fn is_made_under(
        &self,
        suite: &Suite,
        operation: &Operation,
        bindings: &BTreeMap<String, String>,
        key: &str,
    ) -> bool {
        let is_known = |other: &String| {
            let mut found = self.found.iter();
            self.given.contains_key(other) || found.any(|own| own.serves(operation, other))
        };
        let mut others = bindings.values().filter(|other| *other != key);
        others.any(|other| {
            let makes = !is_known(other) && self.can_make(suite, operation, other);
            makes && self.stands_on(suite, other, key, &mut Vec::new())
        })
    }

    /// Whether what the run makes of a key is made below a resource of another key, near or far.
    fn stands_on(&self, suite: &Suite, made: &str, key: &str, seen: &mut Vec<String>) -> bool {
        if seen.iter().any(|known| known == made) {
            return false;
        }
        seen.push(made.to_owned());
        let place = self.creatable.get(made);
        let create = place
            .and_then(|place| suite.resources.get(*place)?.create.as_ref())
            .and_then(|create| suite.operations.get(create.operation));
        create.is_some_and(|create| {
            let mut below = suite.bindings(create).into_values();
            below.any(|own| own == key || self.stands_on(suite, &own, key, seen))
        })
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
            return Err(Lack::Untold(operation.id.clone()));
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
            let found = || self.found.iter().find(|own| own.serves(operation, key));
            let found = (!writes).then(found).flatten().map(|found| &found.id);
            let given = self.given.get(key).or(found);
            // What others belong to, a project, is taken as it is given, but where it is itself
            // what is changed.
            if creates_of.as_deref() == Some(key) && self.creatable.contains_key(key) {
                return Ok(Supply::Borrowed(Whose::Nobodys));
            }
            let wants_new = if is_scope(key) {
                is_own
            } else {
                writes || self.is_made_under(suite, operation, bindings, key)
            };
            if self.can_make(suite, operation, key) && (wants_new || given.is_none()) {
                return Ok(Supply::Borrowed(if is_own {
                    Whose::Own
                } else {
                    Whose::Everybodys
                }));
            }
            let is_shown = || self.found.iter().any(|own| own.serves(operation, key));
            let given = given.ok_or_else(|| {
                let lack = if is_shown() {
                    Lack::Shown
                } else {
                    Lack::Missing
                };
                lack(key.to_owned())
            })?;
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
    /// path: what it could change is the run's own, or nobody's.
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
        if method == "GET" {
            return self.fill(suite, operation, &bindings, &Changes::Nothing, false);
        }
        // Nobody knows what a method does that no page documents: to delete a collection is to
        // delete what is in it, and a `POST` may change what its path names, or what there is one
        // of. That somebody may change a thing as its page says does not permit this.
        let last = parameters_of_path(operation).pop();
        let of_last = || bindings.get(&format!("path.{}", last?)).cloned();
        let changes = innermost(operation, &bindings)
            .or_else(of_last)
            .map_or(Changes::Unnamed, |key| Changes::Resources(vec![key]));
        if let Allowed::Everything = self.allowed {
            return self.fill(suite, operation, &bindings, &changes, true);
        }
        // Where the path names nothing, whoever permits what the operation changes permits this, but
        // not to change or take away all that others have below the path.
        let Changes::Resources(keys) = &changes else {
            let request = self.fill(suite, operation, &bindings, &changes, true)?;
            let spares_others = !matches!(method, "DELETE" | "PATCH");
            return spares_others.then_some(request).ok_or(Lack::Undocumented);
        };
        if keys.iter().all(|key| self.can_make(suite, operation, key)) {
            return self.fill(suite, operation, &bindings, &changes, true);
        }
        // A thing that nobody has cannot be changed; one may be made of it by a method that puts.
        let nobodys = last.filter(|name| {
            !is_scope(name)
                && suite.names_thing(operation, name)
                && matches!(method, "DELETE" | "PATCH")
        });
        let Some(name) = nobodys else {
            return Err(Lack::Undocumented);
        };
        let row = Row {
            place: Place::Path,
            field: FieldPath::name(name),
        };
        let id = id_of_nobody(operation, &row);
        // What lists show of others is not written below either.
        let mut own = self.clone();
        if let Some(key) = bindings.get(&format!("path.{name}")) {
            own.given.insert(key.clone(), id.to_owned());
        }
        let mut request = own.fill(suite, operation, &bindings, &Changes::Nothing, true)?;
        let id = Value::from(id);
        request.set(row.place, &row.field, Some(id));
        Ok(request)
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
