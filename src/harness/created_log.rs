//! What a run created, in the order of the answers that told of it, and found again without looking
//! through all of it: a long run creates much.

use std::collections::{BTreeMap, HashMap};

use super::created::Created;

/// What a run created.
#[derive(Debug, Default)]
pub(super) struct CreatedLog {
    all: Vec<Created>,
    /// By id.
    of_ids: HashMap<String, Vec<usize>>,
    /// By the place where it was made.
    of_places: BTreeMap<String, Vec<usize>>,
    /// How much each operation created of which no answer told an id, by the place where it was
    /// made.
    untold: BTreeMap<String, BTreeMap<String, u64>>,
}

impl CreatedLog {
    /// How much was created.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether an answer told of the thing of an id.
    pub(super) fn names(&self, id: &str) -> bool {
        self.of_ids.contains_key(id)
    }

    /// Whether it tells of a thing already, which was not removed since.
    pub(super) fn holds(&self, one: &Created) -> bool {
        let same = self.of_ids.get(&one.id).into_iter().flatten();
        same.filter_map(|index| self.all.get(*index))
            .any(|known| known.operation == one.operation && known.removed != Some(true))
    }

    /// Adds what an answer told of.
    pub(super) fn append(&mut self, found: Vec<Created>) {
        for one in found {
            let index = self.all.len();
            self.of_ids.entry(one.id.clone()).or_default().push(index);
            let places = self.of_places.entry(one.place.clone()).or_default();
            places.push(index);
            self.all.push(one);
        }
    }

    /// Adds one thing of which no answer told an id.
    pub(super) fn add_untold(&mut self, operation: String, place: String) {
        let of_place = self.untold.entry(place).or_default();
        *of_place.entry(operation).or_default() += 1;
    }

    /// Takes note that a thing was removed, by its number, and with it what was made below a place
    /// and goes with it.
    pub(super) fn remove(
        &mut self,
        index: usize,
        below: &str,
        goes_with_it: impl Fn(&str) -> bool,
    ) {
        if let Some(one) = self.all.get_mut(index) {
            one.removed = Some(true);
        }
        let places = self.of_places.range(below.to_owned()..);
        let inner = places.take_while(|(place, _)| place.starts_with(below));
        for index in inner.flat_map(|(_, all)| all) {
            if let Some(one) = self.all.get_mut(*index)
                && goes_with_it(&one.operation)
            {
                one.removed = Some(true);
            }
        }
        let places = self.untold.range_mut(below.to_owned()..);
        for (_, untold) in places.take_while(|(place, _)| place.starts_with(below)) {
            untold.retain(|operation, _| !goes_with_it(operation));
        }
    }

    /// All that was created, in its order, and how much more each operation created of which no
    /// answer told an id.
    pub(super) fn into_all(self) -> (Vec<Created>, BTreeMap<String, u64>) {
        let mut untold: BTreeMap<String, u64> = BTreeMap::new();
        for (operation, times) in self.untold.into_values().flatten() {
            *untold.entry(operation).or_default() += times;
        }
        (self.all, untold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(operation: &str, id: &str, place: &str) -> Created {
        Created {
            operation: operation.to_owned(),
            field: "id".to_owned(),
            id: id.to_owned(),
            removed: None,
            place: place.to_owned(),
        }
    }

    #[test]
    fn what_is_removed_takes_along_what_was_made_below_it() {
        let mut log = CreatedLog::default();
        log.append(vec![
            made("s::Create", "1", "/boards"),
            made("s::AddCard", "c", "/boards/1/cards"),
            made("s::Copy", "2", "/boards/1/copies"),
            made("s::AddCard", "d", "/boards/10/cards"),
        ]);
        for place in ["/boards/1/cards", "/boards/10/cards", "/boards/2/cards"] {
            log.add_untold("s::AddCard".to_owned(), place.to_owned());
        }
        log.remove(0, "/boards/1/", |operation| operation == "s::AddCard");
        assert!(!log.holds(&made("s::Create", "1", "/boards")));
        assert!(log.names("1"), "what was removed was created all the same");
        assert!(log.holds(&made("s::AddCard", "d", "/elsewhere")));
        let (all, untold) = log.into_all();
        let removed: Vec<_> = all.iter().map(|one| one.removed).collect();
        assert_eq!(removed, [Some(true), Some(true), None, None]);
        assert_eq!(untold, BTreeMap::from([("s::AddCard".to_owned(), 2)]));
    }
}
