//! A store for whatever a contract creates, shows, changes, deletes and lists: one for each service,
//! behind one lock. It knows no operation by name; what an operation does follows from the suite's
//! resources.

mod clock;
mod failing;
mod fields;
mod kind;
mod list;
mod served;
mod shape;
mod state;
mod unique;

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::contract::{Place, Resource, Suite, collections};

use super::super::MockOptions;
use super::super::call::Call;
use super::super::fault::Fault;
use super::super::operation::MockOperation;
use super::super::resource::{Bound, Ids, Resources, text_of};
use super::super::variation::Variation;
use kind::Kind;
use served::Role;
use state::{Record, Scope, Shelf};

pub(in crate::mock) use clock::tells_when_made;
pub(in crate::mock) use failing::{Failing, StoreFault};
pub(super) use served::Served;
pub(in crate::mock) use shape::{place as record_in_answer, place_in_request as record_in_request};
pub(in crate::mock) use unique::{documented_as, unique_fields};

/// The records of one service.
#[derive(Debug)]
pub(in crate::mock) struct Store {
    /// The resources.
    kept: Vec<Resource>,
    /// What is known of each.
    kinds: Vec<Kind>,
    shelves: Mutex<Vec<Shelf>>,
    ids: Ids,
    fault: Option<StoreFault>,
    /// Whether no two records that belong to the same may have the same name, where a page says how
    /// a second one is refused.
    has_unique_names: bool,
}

impl Store {
    /// A store of what a service creates; nothing where it creates nothing. `operations` are the
    /// suite's, made ready.
    pub(super) fn new(
        suite: &Suite,
        service: &str,
        operations: &[MockOperation],
        resources: &Resources,
        options: &MockOptions,
        ids: &Ids,
    ) -> Option<Self> {
        let mut kept = kept(suite);
        kept.retain(|resource| resource.service == service);
        let kinds: Vec<Kind> = kept
            .iter()
            .filter_map(|resource| Kind::new(suite, resource, operations))
            .collect();
        if kinds.is_empty() {
            return None;
        }
        let shelves = kinds
            .iter()
            .map(|kind| kind.seeded(operations, resources, ids))
            .collect();
        Some(Self {
            kept,
            kinds,
            shelves: Mutex::new(shelves),
            ids: ids.clone(),
            fault: options.fault.as_ref().and_then(Fault::of_store).cloned(),
            has_unique_names: options
                .variation
                .as_ref()
                .is_some_and(Variation::has_unique_names),
        })
    }

    /// The records; a panic elsewhere leaves them usable.
    fn shelves(&self) -> MutexGuard<'_, Vec<Shelf>> {
        self.shelves.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How the store fails at a resource.
    fn failing(&self, kind: &Kind) -> Option<&Failing> {
        let fault = self.fault.as_ref()?;
        (fault.resource == kind.key).then_some(&fault.failing)
    }

    /// The record of an id, as an operation of a role finds it; any other operation finds what was
    /// not deleted.
    fn find<'r>(
        &self,
        kind: &Kind,
        shelf: &'r Shelf,
        role: Option<Role>,
        (id, scope): (&str, &Scope),
    ) -> Option<&'r Record> {
        let is_show = role == Some(Role::Show);
        let failing = self.failing(kind);
        let anywhere = Scope::new();
        let scope = match failing {
            Some(Failing::ShowsForeign) if is_show => &anywhere,
            _ => scope,
        };
        shelf.find(id, scope).filter(|record| {
            if is_show {
                record.is_shown
            } else {
                !record.is_deleted
            }
        })
    }

    /// Whether what a request names at a place exists; nothing where the place names none of what
    /// is kept here.
    pub(in crate::mock) fn knows(
        &self,
        operation: &MockOperation,
        bound: &Bound,
        id: &str,
        call: &Call<'_>,
    ) -> Option<bool> {
        let index = self.kinds.iter().position(|kind| kind.key == bound.key)?;
        let kind = self.kinds.get(index)?;
        let role = kind.role_of(&operation.id);
        if role == Some(Role::Put) {
            // Whoever makes it says what it is called.
            return Some(true);
        }
        let named = operation
            .bound
            .iter()
            .filter(|other| other.row.place == Place::Path && other.key != bound.key);
        let shelves = self.shelves();
        // What belongs to something that is not there is not what is unknown.
        let is_there = |key: &str, id: &str| {
            let place = self.kinds.iter().position(|kind| kind.key == key);
            let shelf = place.and_then(|place| shelves.get(place));
            shelf.is_none_or(|shelf| shelf.find(id, &Scope::new()).is_some())
        };
        let scope: Scope = named
            .filter_map(|other| Some((other.key.clone(), text_of(call.at(&other.row)?))))
            .filter(|(key, id)| is_there(key, id))
            .collect();
        let shelf = shelves.get(index)?;
        let is_again = role == Some(Role::Delete)
            && (kind.is_repeatable
                || self.failing(kind) == Some(&Failing::DeletesAgain) && shelf.was_given(id));
        Some(is_again || self.find(kind, shelf, role, (id, &scope)).is_some())
    }
}

/// What a store keeps: what the suite's operations create, unless a backend of its own does.
pub(in crate::mock) fn kept(suite: &Suite) -> Vec<Resource> {
    let is_elsewhere = |operation: usize| {
        let operation = suite.operations.get(operation);
        operation.is_some_and(super::keeps_state)
    };
    let mut kept = suite.resources.clone();
    kept.extend(collections(&suite.operations, &suite.resources));
    kept.retain(|resource| {
        let creation = resource.create.as_ref();
        creation.is_some_and(|creation| {
            !is_elsewhere(creation.operation) && !names_its_own(suite, resource, creation.operation)
        })
    });
    kept
}

/// Whether what makes a resource asks for one of the same kind, which it does not choose: it adds to a
/// collection what is there already.
fn names_its_own(suite: &Suite, resource: &Resource, create: usize) -> bool {
    let operation = suite.operations.get(create);
    let bindings = operation.map(|operation| suite.bindings(operation));
    let names = bindings.is_some_and(|bindings| bindings.values().any(|key| *key == resource.key));
    names && !resource.is_chosen_by(create)
}

/// Whether a suite has operations that may want names to be unique.
pub(in crate::mock) fn may_want_unique_names(suite: &Suite) -> bool {
    kept(suite).iter().any(|resource| {
        let create = resource.create.as_ref().map(|create| create.operation);
        let operation = create.and_then(|create| suite.operations.get(create));
        operation.is_some_and(|operation| unique::unique_name(resource, operation).is_some())
    })
}

/// The operations that a store serves, as places among the suite's, with the names of the fields
/// of their answers that are as requests said.
pub(in crate::mock) fn served(suite: &Suite) -> HashMap<usize, HashSet<String>> {
    let mut served: HashMap<usize, HashSet<String>> = HashMap::new();
    for resource in kept(suite) {
        let roles = served::roles(&resource);
        let operations = roles.iter().filter_map(|(at, _)| suite.operations.get(*at));
        let bodies = operations.filter_map(|operation| operation.request_body.as_ref());
        let said: HashSet<String> = bodies
            .flat_map(|body| body.schema.fields())
            .filter_map(|field| field.path.last_name())
            .chain(list::NEXTS)
            .map(str::to_owned)
            .collect();
        for (at, _) in roles {
            served.entry(at).or_default().extend(said.iter().cloned());
        }
    }
    served
}
