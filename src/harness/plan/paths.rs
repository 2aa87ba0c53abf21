//! The paths of a suite, by what stands on them.

use std::collections::BTreeMap;

use crate::contract::{Operation, Suite};
use crate::harness::target::Target;

/// Which methods are documented on the paths of each endpoint, and which operation of a path is the
/// first one of its service.
#[derive(Debug)]
pub(super) struct Paths<'s> {
    /// By endpoint and by the parts of a path.
    methods: BTreeMap<(Option<&'s str>, Vec<&'s str>), Vec<&'s str>>,
    /// By service and path.
    first: BTreeMap<(&'s str, &'s str), usize>,
}

impl<'s> Paths<'s> {
    /// The paths of a suite, tried at a target.
    pub(super) fn of(suite: &'s Suite, target: &'s Target) -> Self {
        let mut methods: BTreeMap<_, Vec<&str>> = BTreeMap::new();
        let mut first = BTreeMap::new();
        for (index, operation) in suite.operations.iter().enumerate() {
            let place = (target.endpoint(&operation.service), parts(&operation.path));
            methods.entry(place).or_default().push(&operation.method);
            first
                .entry((operation.service.as_str(), operation.path.as_str()))
                .or_insert(index);
        }
        Self { methods, first }
    }

    /// Whether any operation documents a method on the path of this one, or on one with a parameter
    /// where this one has a word: `PUT /docs/search` may well be `PUT /docs/{slug}`. Whoever answers
    /// `HEAD` may answer `GET` (RFC 9110, section 9.3.2).
    pub(super) fn document(&self, target: &Target, operation: &Operation, method: &str) -> bool {
        let endpoint = target.endpoint(&operation.service);
        let own = parts(&operation.path);
        let last_words: Vec<usize> = (0..own.len())
            .rev()
            .filter(|at| own.get(*at).is_some_and(|part| *part != ANY))
            .take(MOST_WORDS)
            .collect();
        let path = |choice: u32| {
            let mut path = own.clone();
            for (bit, at) in last_words.iter().enumerate() {
                if let (1, Some(part)) = (choice >> bit & 1, path.get_mut(*at)) {
                    *part = ANY;
                }
            }
            path
        };
        (0..1_u32 << last_words.len())
            .filter_map(|choice| self.methods.get(&(endpoint, path(choice))))
            .flatten()
            .any(|own| *own == method || *own == "HEAD" && method == "GET")
    }

    /// Whether an operation, by its place in the suite, is the first one on its path.
    pub(super) fn is_first(&self, operation: &Operation, index: usize) -> bool {
        let place = (operation.service.as_str(), operation.path.as_str());
        self.first.get(&place) == Some(&index)
    }
}

/// What stands for a parameter among the parts of a path.
const ANY: &str = "{}";

/// How many words of a path may stand where another has a parameter.
const MOST_WORDS: usize = 4;

/// The parts of a path; the names of parameters make no difference.
fn parts(path: &str) -> Vec<&str> {
    path.trim_matches('/')
        .split('/')
        .map(|part| if part.starts_with('{') { ANY } else { part })
        .collect()
}
