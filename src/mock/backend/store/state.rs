//! What a store holds: the records of each resource, in the order in which they were made.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value};

/// How many records of one resource are kept beside those that were there from the start: the
/// oldest go first, so that a mock that runs for days does not grow.
const MOST_RECORDS: usize = 10_000;

/// What a record belongs to: the ids of other resources, by resource key.
pub(super) type Scope = BTreeMap<String, String>;

/// One thing that is kept.
#[derive(Debug, Clone)]
pub(super) struct Record {
    /// Its id, as a path has it.
    pub(super) id: String,
    /// What it belongs to.
    pub(super) scope: Scope,
    /// What is told of it, its id aside.
    pub(super) fields: Map<String, Value>,
    /// Whether it is shown. Everything is, but for failings of the store.
    pub(super) is_shown: bool,
    /// Whether it is listed.
    pub(super) is_listed: bool,
    /// Whether it was deleted.
    pub(super) is_deleted: bool,
    /// The operations that were done with it, of those that are done once.
    pub(super) done: BTreeSet<String>,
    /// How often reading it has changed it to and fro.
    pub(super) spoilt: u32,
}

impl Record {
    /// A record that is shown and listed.
    pub(super) fn new(id: String, scope: Scope, fields: Map<String, Value>) -> Self {
        Self {
            id,
            scope,
            fields,
            is_shown: true,
            is_listed: true,
            is_deleted: false,
            done: BTreeSet::new(),
            spoilt: 0,
        }
    }
}

/// The records of one resource.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    records: BTreeMap<u64, Record>,
    /// Where each id was put; what was taken away since stays here, so that a marker that names it
    /// still says where a page begins.
    places: HashMap<String, Vec<u64>>,
    next: u64,
    /// How many were there from the start: they are never pushed out.
    lasting: u64,
}

/// Whether two scopes name nothing that differs.
pub(super) fn agree(one: &Scope, other: &Scope) -> bool {
    one.iter()
        .all(|(key, id)| other.get(key).is_none_or(|known| known == id))
}

impl Shelf {
    /// Adds a record, the newest.
    pub(super) fn add(&mut self, record: Record) {
        self.places
            .entry(record.id.clone())
            .or_default()
            .push(self.next);
        self.records.insert(self.next, record);
        self.next += 1;
        let made = self.records.range(self.lasting..);
        if made.count() > MOST_RECORDS
            && let Some((oldest, _)) = self.records.range(self.lasting..).next()
        {
            let oldest = *oldest;
            self.records.remove(&oldest);
        }
    }

    /// Takes what there is so far for what is there from the start.
    pub(super) fn seal(&mut self) {
        self.lasting = self.next;
    }

    /// Where the record of an id is, among those of a scope; the newest where there are several.
    fn place(&self, id: &str, scope: &Scope) -> Option<u64> {
        let places = self.places.get(id)?;
        places.iter().rev().copied().find(|place| {
            self.record(*place)
                .is_some_and(|it| agree(&it.scope, scope))
        })
    }

    fn record(&self, place: u64) -> Option<&Record> {
        self.records.get(&place)
    }

    /// The record of an id, among those of a scope.
    pub(super) fn find(&self, id: &str, scope: &Scope) -> Option<&Record> {
        self.record(self.place(id, scope)?)
    }

    /// The record of an id, to be changed.
    pub(super) fn find_mut(&mut self, id: &str, scope: &Scope) -> Option<&mut Record> {
        let place = self.place(id, scope)?;
        self.records.get_mut(&place)
    }

    /// Every record that is there.
    pub(super) fn all_mut(&mut self) -> impl Iterator<Item = &mut Record> {
        self.records.values_mut()
    }

    /// Takes a record away.
    pub(super) fn remove(&mut self, id: &str, scope: &Scope) -> Option<Record> {
        let place = self.place(id, scope)?;
        self.records.remove(&place)
    }

    /// Takes away whatever belongs to a record of another resource.
    pub(super) fn remove_below(&mut self, key: &str, parent: &Record) {
        self.records.retain(|_, record| {
            record.scope.get(key) != Some(&parent.id) || !agree(&record.scope, &parent.scope)
        });
    }

    /// Whether an id was ever given.
    pub(super) fn was_given(&self, id: &str) -> bool {
        self.places.contains_key(id)
    }

    /// How many ids were given.
    pub(super) fn given(&self) -> u64 {
        self.next
    }

    /// The records of a scope with their places, the newest first.
    pub(super) fn newest_first(&self, scope: &Scope) -> impl Iterator<Item = (u64, &Record)> {
        self.records
            .iter()
            .rev()
            .filter(move |(_, record)| agree(&record.scope, scope))
            .map(|(place, record)| (*place, record))
    }

    /// Where an id was put last, whether it is still there or not.
    pub(super) fn last_place(&self, id: &str) -> Option<u64> {
        self.places.get(id)?.last().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(id: &str, widget: &str) -> Record {
        let scope = Scope::from([("widgets.widget_id".to_owned(), widget.to_owned())]);
        Record::new(id.to_owned(), scope, Map::new())
    }

    #[test]
    fn a_record_is_found_in_its_scope_alone() {
        let mut shelf = Shelf::default();
        shelf.add(record("p", "a"));
        let scope = |widget: &str| record("", widget).scope;
        assert!(shelf.find("p", &scope("a")).is_some());
        assert!(shelf.find("p", &scope("b")).is_none());
        assert!(shelf.find("p", &Scope::new()).is_some());
        let parent = Record::new("a".to_owned(), Scope::new(), Map::new());
        shelf.remove_below("widgets.widget_id", &parent);
        assert!(shelf.find("p", &scope("a")).is_none());
        assert!(shelf.was_given("p"));
    }

    #[test]
    fn what_was_there_from_the_start_is_never_pushed_out() {
        let mut shelf = Shelf::default();
        shelf.add(record("first", "a"));
        shelf.seal();
        for index in 0..=MOST_RECORDS {
            shelf.add(record(&index.to_string(), "a"));
        }
        assert!(shelf.find("first", &Scope::new()).is_some());
        assert!(shelf.find("0", &Scope::new()).is_none());
        assert!(shelf.find("1", &Scope::new()).is_some());
    }
}
