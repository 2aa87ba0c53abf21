//! What a run learns of the endpoint while it goes on, from all of its threads: which valid
//! requests were taken, which resources were busy, and the answers that many trials look at.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tokio::sync::OnceCell;

use crate::contract::{FieldPath, Row};
use crate::exchange::{Exchange, asks_for_patience};
use crate::generate::Case;
use crate::snapshot::{Drawn, Draws};

use super::trial::Provocation;

/// An operation, by its index in the suite, and the path of a request.
pub(super) type Place = (usize, String);

/// Answers that are brought about once, by whichever trial looks at them first.
pub(super) type Provoked = Arc<OnceCell<Provocation>>;

/// What a run remembers.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// The last valid write that was accepted, by operation and path.
    accepted: Mutex<HashMap<Place, Case>>,
    /// How many cases in a row found a resource busy all the time, by operation and path.
    busy: Mutex<HashMap<Place, u32>>,
    /// What became of the valid requests of each operation's own resources.
    plain: Mutex<Plain>,
    /// The answers of each class that were brought about, by operation.
    provoked: Mutex<HashMap<(usize, u16), Provoked>>,
    /// How often in a row no resource of a key could be made, and why.
    failures: Mutex<HashMap<String, (u32, String)>>,
    /// What was learnt of the values that must be unique, by operation.
    unique: Mutex<HashMap<usize, Learnt>>,
    /// A request with a value that was there already, which was answered with a server error, by
    /// operation; nothing where it was told.
    taken_twice: Mutex<HashMap<usize, Option<(Case, Exchange)>>>,
    /// The values of an example that are its author's and in the way, by operation.
    authors: Mutex<HashMap<usize, Learnt>>,
    /// Why a service serves nothing of an operation, in its own words, by operation.
    off: Mutex<HashMap<usize, String>>,
    /// The last operation that was taken and changes what no id names.
    of_all: Mutex<Option<usize>>,
    /// The field that the refusals of an operation's valid requests name, by operation.
    named: Mutex<HashMap<usize, Row>>,
    /// How often somebody left such values out in vain, by operation.
    left_out: Mutex<HashMap<usize, u32>>,
    /// How often somebody tried to find out, by operation.
    vain: Mutex<HashMap<usize, u32>>,
    /// Creates that give all trials the same thing, by operation.
    never_apart: Mutex<HashSet<usize>>,
    /// The operations that have no JSON of what is asked for, or say so.
    of_any_kind: Mutex<HashSet<usize>>,
    /// How often a create has answered with an id, by operation and path of the request, where
    /// nobody deleted it since.
    given: Mutex<HashMap<(Place, String), u32>>,
    /// For whom the things were made that can be removed, by the request that removes them and their
    /// id.
    holders: Mutex<HashMap<(Place, String), HashSet<u64>>>,
    /// The ids that the run chose for what it makes.
    chosen: Mutex<HashSet<String>>,
    /// Whether the plainest request was asked for by itself, by operation.
    asked: Mutex<HashMap<usize, Arc<OnceCell<()>>>>,
    /// Whether the plainest request itself was taken, by operation, where others were.
    bases: Mutex<HashMap<usize, Arc<OnceCell<bool>>>>,
    /// What was drawn anew while snapshots are taken.
    draws: Mutex<Option<Draws>>,
}

/// How often it is tried to find out which values of an operation must be unique.
const MOST_IN_VAIN: u32 = 4;

/// How often it is tried to leave out what an example has of its author.
const MOST_LEFT_OUT: u32 = 12;

/// The fields whose values must be unique, once somebody has found them out.
pub(super) type Learnt = Arc<OnceCell<Vec<FieldPath>>>;

/// The operations of which a valid request was taken, and those of which one was refused, with the
/// status of the first refusal.
#[derive(Debug, Default)]
struct Plain {
    taken: HashSet<usize>,
    refused: HashMap<usize, u16>,
}

/// A poisoned lock is that of a thread that panicked: what it holds is whole all the same.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Memory {
    /// From now on what is drawn anew is remembered.
    pub(super) fn watch_draws(&self) {
        *lock(&self.draws) = Some(Draws::default());
    }

    /// From now on it is not.
    pub(super) fn forget_draws(&self) {
        *lock(&self.draws) = None;
    }

    /// Takes note of a value that was drawn anew for a field.
    pub(super) fn note_drawn(&self, field: &FieldPath, from: &Value, to: &Value) {
        if let Some(draws) = lock(&self.draws).as_mut() {
            draws.note(Drawn {
                field: field.last_name().unwrap_or_default().to_owned(),
                from: from.clone(),
                to: to.clone(),
            });
        }
    }

    /// What was drawn anew since it is remembered.
    pub(super) fn draws(&self) -> Draws {
        lock(&self.draws).clone().unwrap_or_default()
    }

    /// Remembers an id that the run chose, and that nobody had before.
    pub(super) fn choose(&self, id: &str) {
        lock(&self.chosen).insert(id.to_owned());
    }

    /// Whether the run chose an id: what is put there is its own.
    pub(super) fn is_chosen(&self, id: &str) -> bool {
        lock(&self.chosen).contains(id)
    }

    /// Remembers a valid write that was accepted.
    pub(super) fn accept(&self, place: Place, case: &Case) {
        lock(&self.accepted).insert(place, case.clone());
    }

    /// The last valid write that was accepted at a place.
    pub(super) fn accepted(&self, place: &Place) -> Option<Case> {
        lock(&self.accepted).get(place).cloned()
    }

    /// Reads and changes how often in a row a resource was busy all the time.
    pub(super) fn busy_count(&self, place: &Place, change: impl Fn(u32) -> u32) -> u32 {
        let mut busy = lock(&self.busy);
        let count = busy.entry(place.clone()).or_default();
        let before = *count;
        *count = change(before);
        before
    }

    /// Takes note of what became of a valid request of an operation's own resources.
    pub(super) fn note_plain(&self, operation: usize, exchange: &Exchange) {
        let mut plain = lock(&self.plain);
        if exchange.is_success() {
            plain.taken.insert(operation);
        } else if let Ok(answer) = &exchange.outcome
            && (400..500).contains(&answer.status)
            && !asks_for_patience(answer)
        {
            plain.refused.entry(operation).or_insert(answer.status);
        }
    }

    /// The operations of which a valid request was taken.
    pub(super) fn taken(&self) -> HashSet<usize> {
        lock(&self.plain).taken.clone()
    }

    /// Whether valid requests of an operation were refused, and none was taken.
    pub(super) fn is_refused(&self, operation: usize) -> bool {
        self.refusal(operation).is_some()
    }

    /// How the first valid request of an operation was refused, where none was taken.
    pub(super) fn refusal(&self, operation: usize) -> Option<u16> {
        let plain = lock(&self.plain);
        let status = plain.refused.get(&operation).copied()?;
        (!plain.taken.contains(&operation)).then_some(status)
    }

    /// Whether nothing is known of the valid requests of an operation.
    pub(super) fn is_unknown(&self, operation: usize) -> bool {
        let plain = lock(&self.plain);
        !plain.refused.contains_key(&operation) && !plain.taken.contains(&operation)
    }

    /// Whether a valid request of an operation was taken.
    pub(super) fn is_taken(&self, operation: usize) -> bool {
        lock(&self.plain).taken.contains(&operation)
    }

    /// Takes note of an operation that was taken and changes what no id names: a whole collection, or
    /// all that a service has.
    pub(super) fn note_of_all(&self, operation: usize) {
        *lock(&self.of_all) = Some(operation);
    }

    /// The last such operation, by its place.
    pub(super) fn of_all(&self) -> Option<usize> {
        *lock(&self.of_all)
    }

    /// That the plainest request of an operation was asked for by itself, once.
    pub(super) fn asked(&self, operation: usize) -> Arc<OnceCell<()>> {
        Arc::clone(lock(&self.asked).entry(operation).or_default())
    }

    /// Whether the plainest request of an operation itself was taken, to be found out once.
    pub(super) fn base(&self, operation: usize) -> Arc<OnceCell<bool>> {
        Arc::clone(lock(&self.bases).entry(operation).or_default())
    }

    /// Takes note that a create has answered with an id.
    pub(super) fn note_given(&self, create: Place, id: String) {
        *lock(&self.given).entry((create, id)).or_default() += 1;
    }

    /// Takes note that a delete has named an id: what is made after it may have it anew.
    pub(super) fn forget_given(&self, id: &str) {
        lock(&self.given).retain(|(_, known), _| known != id);
    }

    /// Whether a create has answered with an id more than once: it answers with what is there.
    pub(super) fn is_given_again(&self, create: Place, id: &str) -> bool {
        let given = lock(&self.given);
        let count = given.get(&(create, id.to_owned()));
        count.is_some_and(|count| *count > 1)
    }

    /// Takes note that a thing was made for a trial, by the request that removes it, and its id.
    pub(super) fn note_holder(&self, removal: Place, id: String, scope: u64) {
        lock(&self.holders)
            .entry((removal, id))
            .or_default()
            .insert(scope);
    }

    /// Whether a thing was made for another trial too, which goes on.
    pub(super) fn has_other_holder(&self, removal: Place, id: String, scope: u64) -> bool {
        let holders = lock(&self.holders);
        let own = holders.get(&(removal, id));
        own.is_some_and(|own| own.iter().any(|other| *other != scope))
    }

    /// Takes note that a trial is over, and what it made removed.
    pub(super) fn forget_holder(&self, scope: u64) {
        lock(&self.holders).retain(|_, own| {
            own.remove(&scope);
            !own.is_empty()
        });
    }

    /// Why no more resources of a key are tried to be made, if so many failed in a row.
    pub(super) fn cannot_make(&self, key: &str, most: u32) -> Option<String> {
        let failures = lock(&self.failures);
        let (count, reason) = failures.get(key)?;
        (*count >= most).then(|| reason.clone())
    }

    /// Takes note of whether a resource of a key could be made.
    pub(super) fn note_made(&self, key: &str, failure: Option<&String>) {
        let mut failures = lock(&self.failures);
        match failure {
            None => {
                failures.remove(key);
            }
            Some(reason) => {
                let failure = failures.entry(key.to_owned()).or_default();
                *failure = (failure.0 + 1, reason.clone());
            }
        }
    }

    /// The values of an operation that must be unique, to be found out once.
    pub(super) fn unique(&self, operation: usize) -> Learnt {
        Arc::clone(lock(&self.unique).entry(operation).or_default())
    }

    /// Takes note that a request was answered with a server error since a value of it is there
    /// already: the first one of an operation.
    pub(super) fn note_taken_twice(&self, operation: usize, case: &Case, exchange: &Exchange) {
        let mut taken_twice = lock(&self.taken_twice);
        let own = taken_twice.entry(operation);
        own.or_insert_with(|| Some((case.clone(), exchange.clone())));
    }

    /// Whether there was such a request of an operation.
    pub(super) fn is_taken_twice(&self, operation: usize) -> bool {
        lock(&self.taken_twice).contains_key(&operation)
    }

    /// Such a request, to be told once.
    pub(super) fn tell_taken_twice(&self, operation: usize) -> Option<(Case, Exchange)> {
        lock(&self.taken_twice).get_mut(&operation)?.take()
    }

    /// The values of an example that are its author's and in the way, to be found out once.
    pub(super) fn authors(&self, operation: usize) -> Learnt {
        Arc::clone(lock(&self.authors).entry(operation).or_default())
    }

    /// Whether such values were left out in vain so often that it is not tried again; counts.
    pub(super) fn leaves_out_too_often(&self, operation: usize) -> bool {
        let mut left_out = lock(&self.left_out);
        let count = left_out.entry(operation).or_default();
        *count += 1;
        *count > MOST_LEFT_OUT
    }

    /// Takes note that a service serves nothing of an operation, and why.
    pub(super) fn note_off(&self, operation: usize, reason: &str) {
        let mut off = lock(&self.off);
        off.entry(operation).or_insert_with(|| reason.to_owned());
    }

    /// Why a service serves nothing of an operation, if so.
    pub(super) fn off(&self, operation: usize) -> Option<String> {
        lock(&self.off).get(&operation).cloned()
    }

    /// Takes note of the field that the refusal of a valid request names.
    pub(super) fn note_named(&self, operation: usize, row: Row) {
        lock(&self.named).entry(operation).or_insert(row);
    }

    /// The field that the refusals of an operation's valid requests name.
    pub(super) fn named(&self, operation: usize) -> Option<Row> {
        lock(&self.named).get(&operation).cloned()
    }

    /// Whether fresh values were tried in vain so often that they are not tried again; counts.
    pub(super) fn learns_too_often(&self, operation: usize) -> bool {
        let mut vain = lock(&self.vain);
        let count = vain.entry(operation).or_default();
        *count += 1;
        *count > MOST_IN_VAIN
    }

    /// Takes note that a trial waited in vain for a thing of its own, since a create gives all the
    /// same one.
    pub(super) fn note_never_apart(&self, operation: usize) {
        lock(&self.never_apart).insert(operation);
    }

    /// Whether that was so: no other trial waits.
    pub(super) fn is_never_apart(&self, operation: usize) -> bool {
        lock(&self.never_apart).contains(&operation)
    }

    /// Takes note that an operation has nothing of the kind that docproof asks for by itself.
    pub(super) fn note_of_any_kind(&self, operation: usize) {
        lock(&self.of_any_kind).insert(operation);
    }

    /// Whether the requests of an operation take an answer of any kind.
    pub(super) fn is_of_any_kind(&self, operation: usize) -> bool {
        lock(&self.of_any_kind).contains(&operation)
    }

    /// The answers of a class, to be brought about once.
    pub(super) fn provoked(&self, operation: usize, class: u16) -> Provoked {
        Arc::clone(lock(&self.provoked).entry((operation, class)).or_default())
    }
}
