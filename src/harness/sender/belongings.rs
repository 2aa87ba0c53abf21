//! What a run created and may remove again, and what was there before it.

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use serde_json::Value;

use super::super::created::{Created, Leftover, created, has_made, told_otherwise};
use super::super::removal::{KEPT_BACK, leftover};
use super::super::target::Mode;
use super::Sender;
use crate::contract::{Operation, Place, Row, Suite, parameters_of_path};
use crate::exchange::Exchange;
use crate::generate::{Request, text_of};

impl Sender {
    /// Whether an exchange has made something: what a `PUT` says to have replaced is new all the same
    /// where the run chose an id that nobody had.
    pub(in crate::harness) fn has_made(&self, operation: &Operation, exchange: &Exchange) -> bool {
        let Ok(answer) = exchange.outcome.as_ref() else {
            return false;
        };
        let last = parameters_of_path(operation).pop();
        let id = last.and_then(|name| exchange.request.path.get(name));
        let is_chosen = || id.is_some_and(|id| self.memory.is_chosen(id));
        let is_put = operation.method == "PUT";
        answer.is_success() && (has_made(operation, answer.status) || is_put && is_chosen())
    }

    /// Takes note of what an answer says was created, and whether it can be removed.
    pub(super) fn note_created(
        &self,
        operation: &Operation,
        exchange: &Exchange,
        answer: &[u8],
        scope: u64,
    ) -> bool {
        let request = &exchange.request;
        let mut found = created(&operation.name(), request, answer);
        let is_told = !found.is_empty();
        let mut known = self.created.lock().unwrap_or_else(PoisonError::into_inner);
        found.retain(|one| !self.is_others(&one.id) && !known.holds(one));
        let index = self.index_of(operation);
        let status = exchange.outcome.as_ref().map_or(0, |answer| answer.status);
        let is_create = request.method == operation.method && self.has_made(operation, exchange);
        let made = leftover(
            &self.suite,
            &self.target.resources,
            (index, operation),
            exchange,
            (known.len(), scope),
        )
        .filter(|(id, _)| is_create && !self.is_others(&text_of(id)));
        let mut leftovers = self
            .leftovers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mut is_removable = false;
        if let Some((id, leftover)) = &made {
            let removal = (leftover.delete, leftover.request.target());
            self.memory.note_holder(removal, text_of(id), scope);
        }
        if let Some((id, mut leftover)) = made
            && !leftovers
                .iter()
                .any(|known| known.request == leftover.request)
        {
            let id = text_of(&id);
            let at = if let Some(at) = found.iter().position(|one| one.id == id) {
                at
            } else {
                found.push(Created {
                    operation: operation.name(),
                    field: "id".to_owned(),
                    id,
                    removed: None,
                    place: request.target(),
                });
                found.len() - 1
            };
            if let Some(one) = found.get_mut(at) {
                one.removed = Some(false);
            }
            leftover.created += at;
            leftovers.push(leftover);
            is_removable = true;
        }
        if is_create && !is_told && found.is_empty() {
            let mut resources = self.suite.resources.iter();
            let resource = resources.find(|resource| {
                let create = resource.create.as_ref();
                create.is_some_and(|create| create.operation == index)
            });
            match told_otherwise(resource, operation, exchange) {
                Some((field, id)) => {
                    let one = Created {
                        operation: operation.name(),
                        field,
                        id,
                        removed: None,
                        place: request.target(),
                    };
                    found.extend((!self.is_others(&one.id) && !known.holds(&one)).then_some(one));
                }
                // RFC 9110, section 15.3.2: this status says that something was made.
                None if resource.is_some() || status == 201 => {
                    known.add_untold(operation.name(), request.target());
                }
                None => {}
            }
        }
        for one in &mut found {
            one.id = self.redactor.redact(&one.id);
            one.field = self.redactor.redact(&one.field);
        }
        known.append(found);
        is_removable
    }

    /// Whether what an exchange has made was made for another trial too, which may remove it.
    pub(in crate::harness) fn is_anothers(
        &self,
        operation: &Operation,
        exchange: &Exchange,
        scope: u64,
    ) -> bool {
        let index = self.index_of(operation);
        let given = &self.target.resources;
        let made = leftover(&self.suite, given, (index, operation), exchange, (0, scope));
        made.is_some_and(|(id, leftover)| {
            let removal = (leftover.delete, leftover.request.target());
            let memory = &self.memory;
            memory.has_other_holder(removal, text_of(&id), scope)
        })
    }

    /// Takes note of what a trial's own request deleted: it needs no removal any more.
    pub(super) fn note_deleted(&self, operation: &Operation, request: &Request) {
        let last = parameters_of_path(operation).pop();
        let id = last.and_then(|name| request.path.get(name));
        if let Some(id) = id.filter(|id| self.target.resources.values().any(|one| one == *id)) {
            let mut gone = self.gone.lock().unwrap_or_else(PoisonError::into_inner);
            gone.insert(id.clone());
        }
        let target = request.target();
        let mut leftovers = self
            .leftovers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        // What names it elsewhere than in its path has one target for all of them.
        let index = self.index_of(operation);
        let mut resources = self.suite.resources.iter();
        let rows = resources
            .find(|resource| resource.delete == Some(index))
            .map(|resource| rows_outside_path(&self.suite, operation, &resource.key))
            .unwrap_or_default();
        let is_it = |leftover: &mut Leftover| {
            let is_one = |row: &Row| {
                leftover.request.get(row.place, &row.field) == request.get(row.place, &row.field)
            };
            leftover.request.target() == target && rows.iter().all(is_one)
        };
        let gone: Vec<Leftover> = leftovers.extract_if(.., is_it).collect();
        drop(leftovers);
        for leftover in gone {
            self.give_back(1);
            self.note_removed(&leftover);
        }
    }

    /// What one scope made and can be removed, for whoever removes it now.
    pub(in crate::harness) fn take_leftovers_of(&self, scope: u64) -> Vec<Leftover> {
        let mut leftovers = self
            .leftovers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let taken: Vec<Leftover> = leftovers
            .extract_if(.., |leftover| leftover.scope == scope)
            .collect();
        drop(leftovers);
        self.give_back(u64::try_from(taken.len()).unwrap_or(0));
        taken
    }

    /// Takes back what could not be removed now, for the end of the run.
    pub(in crate::harness) fn put_back(&self, leftover: Leftover) {
        if self.target.mode == Mode::Sandbox {
            self.reserved.fetch_add(KEPT_BACK, Ordering::SeqCst);
            self.writes.fetch_add(KEPT_BACK, Ordering::SeqCst);
        }
        let mut leftovers = self
            .leftovers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        leftovers.push(leftover);
    }

    /// Takes note that what was only promised is there.
    pub(in crate::harness) fn note_shown(&self, id: &Value) {
        let text = text_of(id);
        let mut leftovers = self
            .leftovers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for leftover in leftovers.iter_mut() {
            if leftover.request.path.values().any(|value| *value == text) {
                leftover.is_promised = false;
            }
        }
    }

    /// Whether an id is that of something which was there before the run, or which the user gave.
    pub(in crate::harness) fn is_others(&self, id: &str) -> bool {
        let is_given = self.target.resources.values().any(|given| given == id);
        let others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        is_given || others.contains(id)
    }

    /// Whether an answer to this run said that it created the thing of an id.
    pub(in crate::harness) fn has_created(&self, id: &str) -> bool {
        let created = self.created.lock().unwrap_or_else(PoisonError::into_inner);
        created.names(id)
    }

    /// Takes note of what was there before the run.
    pub(in crate::harness) fn note_others(&self, ids: impl IntoIterator<Item = String>) {
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        others.extend(ids);
    }

    /// What can be removed, for whoever removes it now: the writes that were kept back for that are
    /// given free.
    pub(in crate::harness) fn take_leftovers(&self) -> Vec<Leftover> {
        let reserved = self.reserved.swap(0, Ordering::SeqCst);
        self.writes.fetch_sub(reserved, Ordering::SeqCst);
        let mut leftovers = self
            .leftovers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mut taken = std::mem::take(&mut *leftovers);
        drop(leftovers);
        // What was put back came in another order than it was made in.
        taken.sort_by_key(|leftover| leftover.created);
        taken
    }

    /// Takes note that something was removed.
    pub(in crate::harness) fn note_removed(&self, leftover: &Leftover) {
        let mut created = self.created.lock().unwrap_or_else(PoisonError::into_inner);
        let below = format!("{}/", leftover.request.target());
        // What belongs to it goes with it; a copy that was made by a path below it does not.
        let belongs = |operation: &str| {
            self.suite.resources.iter().any(|resource| {
                let create = resource
                    .create
                    .as_ref()
                    .filter(|_| resource.parent.is_some());
                let create = create.and_then(|create| self.suite.operations.get(create.operation));
                create.is_some_and(|create| create.name() == operation)
            })
        };
        created.remove(leftover.created, &below, belongs);
    }

    /// What the run created, and how much more each operation created of which no answer told an
    /// id.
    pub(in crate::harness) fn take_created(&self) -> (Vec<Created>, BTreeMap<String, u64>) {
        let mut created = self.created.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *created).into_all()
    }
}

/// Where an operation names the resource of a key, unless its path does, and after that the other
/// places that are bound outside the path: what a version is a version of.
pub(super) fn rows_outside_path(suite: &Suite, operation: &Operation, key: &str) -> Vec<Row> {
    let bindings = suite.bindings(operation);
    let (own, others): (Vec<_>, Vec<_>) = bindings.iter().partition(|(_, of)| *of == key);
    let row = |(place, _): (&String, &String)| place.parse::<Row>().ok();
    let own: Vec<Row> = own.into_iter().filter_map(row).collect();
    if own.iter().any(|row| row.place == Place::Path) || own.is_empty() {
        return Vec::new();
    }
    let others = others.into_iter().filter_map(row);
    let others = others.filter(|row| row.place != Place::Path);
    own.into_iter().take(1).chain(others).collect()
}
