//! Texts that are drawn: runs of characters one after another, which is what most patterns and
//! every limit come to. Drawing one costs little more than its characters do; a failing one is
//! shrunk to fewer characters first, then to plain ones.

use std::sync::Arc;

use proptest::num::usize::BinarySearch;
use proptest::prelude::*;
use proptest::strategy::{NewTree, ValueTree};
use proptest::test_runner::TestRunner;
use regex_syntax::hir::{Class, Hir, HirKind};

/// The longest run where nothing limits it.
const LONGEST: usize = 32;

/// Classes of up to so many characters are drawn from as they are; of larger ones, ordinary
/// characters are.
const SMALL: u32 = 128;

/// A strategy of texts: one run of characters after another.
#[derive(Debug, Clone)]
pub(super) struct Runs {
    all: Arc<[Run]>,
    least: usize,
    most: usize,
}

/// Some characters, and how many of them there are at a place.
#[derive(Debug, Clone)]
struct Run {
    characters: Vec<char>,
    least: usize,
    most: usize,
}

impl Runs {
    /// Texts of characters out of a set.
    pub(super) fn of(characters: Vec<char>, least: usize, most: usize) -> Self {
        let run = Run {
            characters,
            least,
            most,
        };
        Self {
            all: [run].into(),
            least,
            most,
        }
    }

    /// Texts that match a pattern and have no fewer and no more characters than documented; `None`
    /// where the pattern is more than one run after another. Of large classes, such as everything
    /// but quotation marks, the ordinary characters are taken.
    pub(super) fn of_pattern(
        pattern: &Hir,
        ordinary: &[char],
        least: usize,
        most: Option<usize>,
    ) -> Option<Self> {
        let mut runs = Vec::new();
        add(pattern, ordinary, &mut runs)?;
        let needed = runs.iter().map(|run| run.least).sum::<usize>();
        let room = runs
            .iter()
            .map(|run| run.most)
            .fold(0_usize, usize::saturating_add);
        let most = most.unwrap_or(needed.max(least).saturating_add(LONGEST));
        let fits = needed <= most && least <= room && least <= most;
        fits.then(|| Self {
            all: runs.into(),
            least,
            most,
        })
    }
}

/// Adds the runs that a pattern is made of.
fn add(pattern: &Hir, ordinary: &[char], runs: &mut Vec<Run>) -> Option<()> {
    match pattern.kind() {
        HirKind::Empty => {}
        HirKind::Look(look) => {
            // The beginning and the end of the text stand where they have to, or the pattern is
            // another kind of one.
            use regex_syntax::hir::Look;
            let is_start = *look == Look::Start && runs.is_empty();
            if !is_start && *look != Look::End {
                return None;
            }
        }
        HirKind::Literal(literal) => {
            for c in std::str::from_utf8(&literal.0).ok()?.chars() {
                runs.push(Run {
                    characters: vec![c],
                    least: 1,
                    most: 1,
                });
            }
        }
        HirKind::Class(class) => runs.push(Run {
            characters: characters(class, ordinary)?,
            least: 1,
            most: 1,
        }),
        HirKind::Capture(capture) => add(&capture.sub, ordinary, runs)?,
        HirKind::Repetition(repetition) => {
            let mut inner = Vec::new();
            add(&repetition.sub, ordinary, &mut inner)?;
            let [one] = inner.as_slice() else {
                return None;
            };
            if (one.least, one.most) != (1, 1) {
                return None;
            }
            runs.push(Run {
                characters: one.characters.clone(),
                least: usize::try_from(repetition.min).ok()?,
                most: match repetition.max {
                    Some(max) => usize::try_from(max).ok()?,
                    None => usize::MAX,
                },
            });
        }
        HirKind::Concat(parts) => {
            for (index, part) in parts.iter().enumerate() {
                let is_end = matches!(part.kind(), HirKind::Look(regex_syntax::hir::Look::End));
                if is_end && index + 1 < parts.len() {
                    return None;
                }
                add(part, ordinary, runs)?;
            }
        }
        HirKind::Alternation(_) => return None,
    }
    Some(())
}

/// The characters of a class that are drawn; `None` where there are none.
fn characters(class: &Class, ordinary: &[char]) -> Option<Vec<char>> {
    let Class::Unicode(class) = class else {
        return None;
    };
    let size: u32 = class
        .ranges()
        .iter()
        .map(|range| u32::from(range.end()) - u32::from(range.start()) + 1)
        .sum();
    let found: Vec<char> = if size <= SMALL {
        class
            .ranges()
            .iter()
            .flat_map(|range| range.start()..=range.end())
            .collect()
    } else {
        let holds = |c: char| {
            class
                .ranges()
                .iter()
                .any(|range| range.start() <= c && c <= range.end())
        };
        ordinary.iter().copied().filter(|c| holds(*c)).collect()
    };
    (!found.is_empty()).then_some(found)
}

impl Strategy for Runs {
    type Tree = Drawn;
    type Value = String;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let rng = runner.rng();
        let needed: usize = self.all.iter().map(|run| run.least).sum();
        let mut left = self.most.saturating_sub(needed);
        let mut more: Vec<usize> = self
            .all
            .iter()
            .map(|run| {
                let more = below(rng, (run.most - run.least).min(left).saturating_add(1));
                left -= more;
                more
            })
            .collect();
        let mut missing = self
            .least
            .saturating_sub(needed + more.iter().sum::<usize>());
        for (run, more) in self.all.iter().zip(&mut more) {
            let added = missing.min((run.most - run.least).saturating_sub(*more));
            *more += added;
            missing -= added;
        }
        let mut text = Vec::with_capacity(needed + more.iter().sum::<usize>());
        for (run, more) in self.all.iter().zip(&more) {
            for _ in 0..run.least + more {
                let at = below(rng, run.characters.len());
                text.extend(run.characters.get(at));
            }
        }
        Ok(Drawn {
            runs: Arc::clone(&self.all),
            extra: more.clone(),
            text,
            more: more.into_iter().map(BinarySearch::new).collect(),
            till: None,
            width: None,
            stage: 0,
            last: None,
        })
    }
}

/// A number below another, each as likely as the others.
fn below(rng: &mut impl Rng, bound: usize) -> usize {
    let bound = u64::try_from(bound).unwrap_or(u64::MAX);
    let drawn = (u64::from(rng.next_u32()) * bound.min(u64::from(u32::MAX))) >> 32;
    usize::try_from(drawn).unwrap_or(0)
}

/// A drawn text. It is made simpler in stages: each run has fewer characters; then all characters
/// from a place on are plain, and last all before another.
#[derive(Debug, Clone)]
pub(super) struct Drawn {
    runs: Arc<[Run]>,
    /// How many characters each run had beyond its least number.
    extra: Vec<usize>,
    text: Vec<char>,
    /// How many of them there still are.
    more: Vec<BinarySearch>,
    /// Characters from here on are plain.
    till: Option<BinarySearch>,
    /// So many characters before that place are as drawn.
    width: Option<BinarySearch>,
    stage: usize,
    /// The stage of the last step.
    last: Option<usize>,
}

impl Drawn {
    /// The search that a stage is about; none after the last.
    fn search(&mut self, stage: usize) -> Option<&mut BinarySearch> {
        match stage.checked_sub(self.more.len()) {
            None => self.more.get_mut(stage),
            Some(0) => {
                let length = self.length();
                Some(self.till.get_or_insert_with(|| BinarySearch::new(length)))
            }
            Some(1) => {
                let till = self.till.as_ref().map_or(0, ValueTree::current);
                Some(self.width.get_or_insert_with(|| BinarySearch::new(till)))
            }
            Some(_) => None,
        }
    }

    fn length(&self) -> usize {
        self.runs
            .iter()
            .zip(&self.more)
            .map(|(run, more)| run.least + more.current())
            .sum()
    }
}

impl ValueTree for Drawn {
    type Value = String;

    fn current(&self) -> String {
        let till = self.till.as_ref().map_or(usize::MAX, ValueTree::current);
        let from = self
            .width
            .as_ref()
            .map_or(0, |width| till.saturating_sub(width.current()));
        let mut text = String::with_capacity(self.text.len());
        let (mut begin, mut at) = (0, 0);
        for ((run, extra), more) in self.runs.iter().zip(&self.extra).zip(&self.more) {
            let kept = run.least + more.current();
            for c in self.text.iter().skip(begin).take(kept) {
                let is_drawn = from <= at && at < till;
                let plain = run.characters.first().unwrap_or(c);
                text.push(*if is_drawn { c } else { plain });
                at += 1;
            }
            begin += run.least + extra;
        }
        text
    }

    fn simplify(&mut self) -> bool {
        loop {
            let stage = self.stage;
            let Some(search) = self.search(stage) else {
                self.last = None;
                return false;
            };
            if search.simplify() {
                self.last = Some(stage);
                return true;
            }
            self.stage += 1;
        }
    }

    fn complicate(&mut self) -> bool {
        let Some(stage) = self.last else {
            return false;
        };
        if self.search(stage).is_some_and(ValueTree::complicate) {
            self.stage = stage;
            return true;
        }
        self.last = None;
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn runner() -> TestRunner {
        TestRunner::deterministic()
    }

    fn strategy(pattern: &str, least: usize, most: usize) -> Option<Runs> {
        let hir = regex_syntax::parse(pattern).unwrap();
        Runs::of_pattern(&hir, &['a', 'é', '1', '備'], least, Some(most))
    }

    #[rstest]
    #[case("^[A-Za-z][A-Za-z0-9_-]*$", 4, 64)]
    #[case("^[^>!<\"&'=]*$", 0, 256)]
    #[case("^[^>!<\"&'=]*$", 256, 256)]
    #[case("^[0-9]{4}-[0-9]{2}$", 0, 100)]
    #[case("^x[0-9]+y?z{2,}$", 6, 9)]
    fn drawn_texts_match_and_have_the_documented_length(
        #[case] pattern: &str,
        #[case] least: usize,
        #[case] most: usize,
    ) {
        let regex = crate::pattern::compile(pattern);
        let strategy = strategy(pattern, least, most).unwrap();
        let mut runner = runner();
        for _ in 0..300 {
            let mut tree = strategy.new_tree(&mut runner).unwrap();
            let mut steps = 0;
            loop {
                let text = tree.current();
                assert!(regex.is_match(&text), "{text}");
                assert!(text.chars().count() <= most, "{text}");
                if steps == 0 {
                    assert!(text.chars().count() >= least, "{text}");
                }
                steps += 1;
                if !tree.simplify() {
                    break;
                }
            }
        }
    }

    #[rstest]
    #[case::alternation("^(aof|rdb)$")]
    #[case::group("^([a-z]{2,4},)*$")]
    #[case::word("^a\\b$")]
    #[case::too_long("^[a-z]{12}$")]
    fn what_is_more_than_runs_is_left_to_others(#[case] pattern: &str) {
        assert!(strategy(pattern, 0, 9).is_none());
    }

    #[test]
    fn a_text_is_shrunk_to_the_character_that_it_fails_for() {
        let strategy = Runs::of(('a'..='z').collect(), 0, 60);
        let fails = |text: &str| text.contains('q');
        let mut runner = runner();
        let mut seen = 0;
        for _ in 0..200 {
            let mut tree = strategy.new_tree(&mut runner).unwrap();
            if !fails(&tree.current()) {
                continue;
            }
            seen += 1;
            let mut failed = true;
            let mut smallest = tree.current();
            while if failed {
                tree.simplify()
            } else {
                tree.complicate()
            } {
                failed = fails(&tree.current());
                if failed {
                    smallest = tree.current();
                }
            }
            assert!(fails(&smallest));
            let others = smallest.chars().filter(|c| *c != 'a').count();
            assert_eq!(others, 1, "{smallest}");
        }
        assert!(seen > 50);
    }
}
