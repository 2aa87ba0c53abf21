//! Texts that state the method or the path of a target alone.

use super::Finder;
use crate::derive::candidates::{Candidate, Weight, weight};
use crate::derive::target::{self, Half, Stated};

impl Finder<'_> {
    /// A text that states the method or the path of a target alone; whether it is one.
    pub(super) fn half(&mut self, at: usize, line: usize, text: &str, announced: bool) -> bool {
        if self.is_example(announced) {
            return false;
        }
        let half = target::labelled_half(text).or_else(|| target::half_below(self.label, text));
        match half {
            Some(Half::Method(method)) => self.method = Some((at, method)),
            Some(Half::Path(path, has_host)) => self.path = Some((at, line, path, has_host)),
            None => return false,
        }
        if let (Some((first, method)), Some((second, line, path, has_host))) =
            (&self.method, &self.path)
        {
            let stated = Stated {
                method: method.clone(),
                path: path.clone(),
                has_host: *has_host,
                has_version: false,
                is_alone: false,
            };
            // Beside labels of both, a host does not make an example of it.
            let own = path.split('?').next().unwrap_or(path);
            let weight = if target::has_value(own) {
                weight(&stated)
            } else {
                Weight::Plain
            };
            self.found.push(Candidate {
                weight,
                told: self.labels.told,
                ..Candidate::of(*first.min(second), *line, stated)
            });
            self.method = None;
            self.path = None;
        }
        true
    }
}
