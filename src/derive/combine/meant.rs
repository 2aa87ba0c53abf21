//! What a sentence about a field means for it and those beside it.

use serde_json::Value;

use super::super::conditions::{Says, Told};
use super::super::keywords::{agreed, spelled};
use super::super::statement::{Constraint, Kind, Node};
use super::Between;
use super::around::Around;
use crate::contract::{Combination, Effect, Guard, Sense, Test};

impl Around<'_> {
    /// The cases in which a test does not hold of a field that has a value as documented.
    fn denied(&self, field: &str, test: &Test) -> Option<Test> {
        let listed = self.listed(field);
        let rest = |values: &[Value]| -> Vec<Value> {
            let others = listed.iter().filter(|value| !values.contains(value));
            others.cloned().collect()
        };
        match test {
            Test::Present => Some(Test::Absent),
            Test::Absent => Some(Test::Present),
            Test::In(values) if listed.is_empty() => Some(Test::NotIn(values.clone())),
            Test::In(values) => Some(rest(values))
                .filter(|rest| !rest.is_empty())
                .map(Test::In),
            Test::NotIn(values) => Some(Test::In(values.clone())),
            Test::Lies(sense, other) => Some(Test::Lies(sense.denied(), other.clone())),
        }
    }

    /// Whether a test of a value holds of a field that is left out: by its default. `None` where
    /// there is no telling.
    fn by_default(&self, field: &str, test: &Test) -> Option<bool> {
        let node = self.field(field)?;
        let kind = node.kind().unwrap_or(Kind::String);
        let stated = node
            .statements
            .iter()
            .filter_map(|one| match &one.constraint {
                Constraint::Default(value) => Some(value),
                _ => None,
            });
        let default = spelled(agreed(stated)?, kind)?;
        Some(test.holds(Some(&default)))
    }

    /// Whether a field is always sent.
    pub(super) fn is_mandatory(&self, field: &str) -> bool {
        self.field(field).and_then(Node::mandatory) == Some(true)
    }

    /// That the value of a field lies so to that of another which words name.
    fn ordered(&self, own: &str, sense: Sense, words: &str) -> Between {
        let Some(other) = self.named(words).filter(|other| *other != own) else {
            return Between::default();
        };
        let broken = Guard::of(own, Test::Lies(sense.denied(), other.to_owned()));
        Between {
            loose: vec![broken],
            is_order: true,
            ..Between::default()
        }
    }

    /// What a sentence means that is about a field.
    pub(super) fn between(&self, own: &str, told: &Told) -> Between {
        let named = || self.mentioned(&told.sentence, own);
        if let Says::Lies(sense) = told.says {
            return self.ordered(own, sense, &told.when);
        }
        if self.is_mandatory(own) && !matches!(told.says, Says::InWords) {
            // A field that is always sent is no matter of others; they may be one of it.
            return Between::default();
        }
        match told.says {
            Says::InWords => Between::in_words(named()),
            Says::Lies(_) => Between::default(),
            Says::Needed { .. }
            | Says::Barred
            | Says::Allowed
            | Says::Effective
            | Says::Ignored
            | Says::Belongs => {
                let guard = self.guard(&told.when);
                let is_of_others = |guard: &Guard| guard.tests.iter().all(|(name, _)| name != own);
                match guard.filter(is_of_others) {
                    Some(guard) => self.conditioned(own, told.says, &guard),
                    None => Between::in_words(named()),
                }
            }
            Says::Together | Says::Beside | Says::Excludes => match self.all_named(&told.when) {
                Some(fields) => paired(own, told.says, &fields),
                None => Between::default(),
            },
            Says::Among { least, most } => {
                let mut fields = self.all_named(&told.when).unwrap_or_default();
                let is_chinese = !told.when.is_ascii() || !told.sentence.is_ascii();
                if is_chinese && !fields.is_empty() && !fields.contains(&own) {
                    // `与 b 二选一`: the field itself is the other one.
                    fields.push(own);
                }
                let others: Vec<&str> =
                    fields.iter().copied().filter(|name| *name != own).collect();
                if fields.contains(&own) && !others.is_empty() {
                    self.among(own, &others, least, most)
                } else if fields.is_empty() && self.mentioned(&told.when, own).is_empty() {
                    // Values, not fields, that one has to choose from.
                    Between::default()
                } else {
                    Between::in_words(named())
                }
            }
        }
    }

    /// A field that is there, or is not, where a guard holds of others.
    fn conditioned(&self, own: &str, says: Says, guard: &Guard) -> Between {
        let mut between = Between::default();
        let rule = |guard: Guard, effect: Effect| Combination {
            field: own.to_owned(),
            guard,
            effect,
        };
        let there = || Guard::of(own, Test::Present);
        let whole = |first: Guard| {
            let tests = guard.tests.iter();
            tests.fold(first, |all, (name, test)| all.and(name, test.clone()))
        };
        let (is_other_refused, is_other_told) = match says {
            Says::Needed { free } => {
                between.rules.push(rule(guard.clone(), Effect::Needed));
                (false, free)
            }
            Says::Allowed => (true, false),
            Says::Barred => {
                between.rules.push(rule(whole(there()), Effect::Barred));
                (false, true)
            }
            Says::Ignored => {
                between.loose.push(whole(there()));
                (false, true)
            }
            Says::Belongs => {
                if self.field(own).and_then(Node::mandatory).is_none() {
                    between.loose.push(whole(Guard::of(own, Test::Absent)));
                }
                (false, false)
            }
            _ => (false, false),
        };
        for (name, test) in &guard.tests {
            let is_of_value = matches!(test, Test::In(_) | Test::NotIn(_));
            let by_default = self.by_default(name, test);
            if is_of_value && !self.is_mandatory(name) {
                // What holds of a field that is left out, its default tells alone.
                if matches!(says, Says::Needed { .. }) && by_default == Some(true) {
                    let gone = Guard::of(own, Test::Absent);
                    between.loose.push(gone.and(name, Test::Absent));
                }
                if !is_other_told && by_default != Some(true) {
                    between.loose.push(there().and(name, Test::Absent));
                }
            }
            if is_other_told {
                continue;
            }
            if let Some(denied) = self.denied(name, test) {
                let other = there().and(name, denied);
                if is_other_refused {
                    between.rules.push(rule(other, Effect::Barred));
                } else {
                    between.loose.push(other);
                }
            }
        }
        between
    }

    /// A field of several of which one has to be there, or no two may be.
    fn among(&self, own: &str, others: &[&str], least: bool, most: bool) -> Between {
        let mut between = Between::default();
        if least && !others.iter().any(|other| self.is_mandatory(other)) {
            let guard = others
                .iter()
                .fold(Guard::default(), |all, other| all.and(*other, Test::Absent));
            between.rules.push(Combination {
                field: own.to_owned(),
                guard,
                effect: Effect::Needed,
            });
        }
        for other in others {
            let both = Guard::of(own, Test::Present).and(*other, Test::Present);
            if most {
                between.rules.push(Combination {
                    field: own.to_owned(),
                    guard: both,
                    effect: Effect::Barred,
                });
            } else if least {
                between.loose.push(both);
            }
        }
        between
    }
}

/// A field that goes with others, or does not.
fn paired(own: &str, says: Says, others: &[&str]) -> Between {
    let mut between = Between::default();
    for other in others.iter().filter(|other| **other != own) {
        let pair =
            |own_test: Test, other_test: Test| Guard::of(own, own_test).and(*other, other_test);
        let barred = |guard: Guard| Combination {
            field: own.to_owned(),
            guard,
            effect: Effect::Barred,
        };
        match says {
            Says::Excludes => between
                .rules
                .push(barred(pair(Test::Present, Test::Present))),
            Says::Together => {
                between
                    .rules
                    .push(barred(pair(Test::Present, Test::Absent)));
                between.loose.push(pair(Test::Absent, Test::Present));
            }
            _ => between.loose.push(pair(Test::Present, Test::Absent)),
        }
    }
    between
}
