//! What readings of words came to, kept for when they are read again: the tables of a service say
//! the same of many fields.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::Hash;

/// How many are kept, on each thread: then all are forgotten, so that no documentation fills the
/// memory.
const MOST: usize = 4_096;

/// What a reading gave, by what was read. It has to be a function of that alone.
#[derive(Debug)]
pub(crate) struct Remembered<K, V> {
    known: RefCell<HashMap<K, V>>,
}

impl<K, V> Default for Remembered<K, V> {
    fn default() -> Self {
        Self {
            known: RefCell::default(),
        }
    }
}

impl<K: Hash + Eq, V: Clone> Remembered<K, V> {
    /// What reading a key gives.
    pub(crate) fn of(&self, key: K, read: impl FnOnce(&K) -> V) -> V {
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let value = read(&key);
        let mut known = self.known.borrow_mut();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(key, value.clone());
        value
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn what_was_read_is_read_again_once_it_was_forgotten() {
        let known = Remembered::default();
        let reads = Cell::new(0);
        let read = |key: usize| {
            known.of(key, |key| {
                reads.set(reads.get() + 1);
                key * 2
            })
        };
        assert_eq!((read(7), read(7), reads.get()), (14, 14, 1));
        for key in 0..=MOST {
            assert_eq!(read(key), key * 2);
        }
        assert_eq!((read(7), reads.get()), (14, MOST + 2));
    }
}
