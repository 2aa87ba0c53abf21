//! Which of the places that state targets are those of the page's own operations, and which fill in
//! others, as examples do.

use std::collections::{BTreeMap, BTreeSet};

use super::finder::Finder;
use super::{Candidate, FILLED, HAS_HOST, OF_EXCHANGE, Passed, Weight, named, prose, shows};
use crate::derive::action;
use crate::derive::called::{badges, called, documents};
use crate::derive::overview::end_of_section;
use crate::derive::path::{made, shape};
use crate::derive::path_headings;
use crate::derive::split::names;
use crate::derive::target::{self, Stated};
use crate::page::{Block, BlockKind};

phrases! {
    ExampleWords:

    /// Words of a paragraph by which what stands below it is an example.
    static CALLED_EXAMPLE;
}

pattern! {
    static LITERAL = r"\d";
    /// A version of the whole, which is no value of a parameter.
    static VERSION = r"^v\d+(?:\.\d+)*$";
}

/// Which of what states targets are those of the page's operations.
pub(super) fn chosen(
    flat: &[&Block],
    mut finder: Finder<'_>,
    passed: &mut Vec<Passed>,
    unread: &mut Vec<Candidate>,
) -> Vec<Candidate> {
    let told = std::mem::take(&mut finder.prose);
    if !finder.found.is_empty() {
        let mut found = stated(flat, finder, passed, unread);
        found.extend(prose::operations(flat, told, &found, passed));
        return found;
    }
    let mut passed_of_told = Vec::new();
    let of_told = prose::operations(flat, told.clone(), &[], &mut passed_of_told);
    let is_tutorial = of_told.len() == 1 && !flat.iter().any(|block| documents(block));
    let mut passed_of_shown = Vec::new();
    let mut shown = shown_otherwise(flat, finder, &mut passed_of_shown);
    if of_told.len() >= shown.len() && !is_tutorial {
        passed.extend(passed_of_told.into_iter().filter(|_| !of_told.is_empty()));
        return of_told;
    }
    passed.extend(passed_of_shown);
    if !shown.is_empty() {
        shown.extend(prose::operations(flat, told, &shown, passed));
    }
    shown
}

/// The targets of a page on which no line states one.
fn shown_otherwise(
    flat: &[&Block],
    finder: Finder<'_>,
    passed: &mut Vec<Passed>,
) -> Vec<Candidate> {
    let badges = badges(flat);
    if !badges.is_empty() {
        return badges;
    }
    let relative = below_titles(flat, finder.relative);
    if !relative.is_empty() {
        return relative;
    }
    let headings = path_headings::targets(flat);
    if !headings.is_empty() {
        return headings;
    }
    let actions = action::targets(flat);
    if actions.is_empty() {
        called(flat, finder.called, passed)
    } else {
        actions
    }
}

/// The targets of a page that lines state.
fn stated(
    flat: &[&Block],
    finder: Finder<'_>,
    passed: &mut Vec<Passed>,
    unread: &mut Vec<Candidate>,
) -> Vec<Candidate> {
    let best = finder.found.iter().map(|own| own.weight).max();
    let mut found = finder.found;
    let opens = below_headings_of_markup(flat, &found);
    let is_beside = |own: &Candidate| {
        own.weight == Weight::Plain && !own.stated.path.contains('?') && opens.contains(&own.at)
    };
    let plain: BTreeSet<(String, String)> = found
        .iter()
        .filter(|own| own.weight == Weight::Plain)
        .map(|own| named(&own.stated))
        .collect();
    // Some pages write the version behind most targets and leave it out behind a few.
    let is_whole =
        |own: &Candidate| own.stated.has_version && own.stated.is_alone && !own.stated.has_host;
    let whole = found.iter().filter(|own| is_whole(own)).count();
    let is_usual = whole > plain.len();
    let is_another =
        |own: &Candidate| is_usual && is_whole(own) && !plain.contains(&named(&own.stated));
    let all = found.clone();
    // A host is no sign of an example where a heading says that the target stands below it, or where
    // the target has something to fill in and begins a section.
    let is_own = |own: &Candidate| {
        let begins = |at: usize| {
            let above = at.checked_sub(1).and_then(|at| flat.get(at));
            above.is_some_and(|block| match &block.kind {
                BlockKind::Heading { text, .. } => names(text),
                _ => false,
            })
        };
        own.stated.has_host
            && !own.stated.has_version
            && (own.told.is_titled || begins(own.at) && target::is_open(&own.stated.path))
    };
    found.retain(|own| {
        Some(own.weight) == best
            || best == Some(Weight::Plain) && is_own(own)
            || best == Some(Weight::Markup) && is_beside(own)
            || best == Some(Weight::Plain) && is_another(own)
    });
    let kept: BTreeSet<usize> = found.iter().map(|own| own.at).collect();
    let is_apart = |own: &Candidate| own.stated.has_host && tells_of_another(flat, own.at, &kept);
    let (apart, beside): (Vec<Candidate>, Vec<Candidate>) = all
        .into_iter()
        .partition(|own| !kept.contains(&own.at) && is_apart(own));
    // The requests of exchanges, in sections of their own: nothing else states those operations.
    let mut sections = BTreeSet::new();
    let exchanges: Vec<Candidate> = finder
        .called
        .into_iter()
        .filter(|own| own.asked.host.is_empty() && tells_of_another(flat, own.at, &kept))
        .filter(|own| sections.insert(own.heading))
        .map(|own| Candidate::plain(own.at, own.line, &own.asked.method, &own.asked.path))
        .collect();
    let lines: BTreeSet<usize> = others(&exchanges, &found)
        .into_iter()
        .map(|own| own.line)
        .collect();
    let told = exchanges
        .into_iter()
        .filter(|own| lines.contains(&own.line));
    unread.extend(told.map(|own| Candidate {
        unread: Some(OF_EXCHANGE),
        ..own
    }));
    passed.extend(others(&beside, &found));
    unread.extend(apart.into_iter().map(|own| Candidate {
        unread: Some(HAS_HOST),
        ..own
    }));
    if best == Some(Weight::Full) && found.iter().any(|own| own.told.in_uri) {
        found.retain(|own| own.told.in_uri);
    }
    if found.iter().any(|own| !own.told.is_filled_in) {
        found.retain(|own| !own.told.is_filled_in);
    }
    // Beside headings that say where the targets stand, code with nothing to fill in is an example.
    if found.iter().any(|own| own.told.is_titled) {
        let is_open = |path: &str| path.contains(['{', '<']) || path.contains("/:");
        found.retain(|own| own.told.is_titled || !own.is_code || is_open(&own.stated.path));
    }
    let found = without_examples(without_bodies(flat, found));
    let (examples, found): (Vec<Candidate>, Vec<Candidate>) = {
        let shown = shown_below(flat, &found);
        found.into_iter().partition(|own| shown.contains(&own.at))
    };
    passed.extend(examples.into_iter().map(|own| Passed {
        line: own.line,
        method: own.stated.method,
        path: own.stated.path,
        why: "it fills in the target above it, as an example does",
    }));
    found
}

/// The targets without a slash before their path that stand right below a heading which names an
/// operation: how a page states all of them.
fn below_titles(flat: &[&Block], relative: Vec<(usize, usize, Stated)>) -> Vec<Candidate> {
    let is_named = |at: usize| {
        let above = at.checked_sub(1).and_then(|at| flat.get(at));
        above.is_some_and(|block| match &block.kind {
            BlockKind::Heading { text, .. } => names(text) && !shows(&text.plain),
            _ => false,
        })
    };
    let own = relative.into_iter().filter(|(at, _, stated)| {
        let is_whole = target::is_open(&stated.path) || stated.path.matches('/').count() > 1;
        is_named(*at) && is_whole && !FILLED.is_match(&stated.path)
    });
    own.map(|(at, line, Stated { method, path, .. })| Candidate::plain(at, line, &method, &path))
        .collect()
}

/// Whether the section that a place stands in names an operation, and none of the targets that are
/// kept is in it.
fn tells_of_another(flat: &[&Block], at: usize, kept: &BTreeSet<usize>) -> bool {
    section_around(flat, at).is_some_and(|(heading, end)| kept.range(heading..end).next().is_none())
}

/// The nearest section around a place whose heading may name an operation: from its heading to its
/// end.
pub(super) fn section_around(flat: &[&Block], at: usize) -> Option<(usize, usize)> {
    let heading = (0..at).rev().find(|at| {
        flat.get(*at).is_some_and(|block| match &block.kind {
            BlockKind::Heading { text, .. } => names(text) && !shows(&text.plain),
            _ => false,
        })
    })?;
    Some((heading, end_of_section(flat, heading)))
}

/// The places of targets that fill in what the target before has as the last part of its path, below
/// the same heading: `GET /refs/heads/x` behind `GET /refs/{ref}`, which no part of a path can hold,
/// or one that a paragraph calls an example.
fn shown_below(flat: &[&Block], found: &[Candidate]) -> BTreeSet<usize> {
    let parts = |own: &Candidate| -> Vec<String> {
        let path = made(&own.stated.method, &own.stated.path, 0, "").path;
        path.split('/').map(str::to_owned).collect()
    };
    let mut shown = BTreeSet::new();
    let mut first: Option<&Candidate> = None;
    for own in found {
        let Some(before) = first.filter(|before| before.stated.method == own.stated.method) else {
            first = Some(own);
            continue;
        };
        let between = flat.get(before.at + 1..own.at).unwrap_or_default();
        let is_below = !between.is_empty()
            && !between
                .iter()
                .any(|block| matches!(block.kind, BlockKind::Heading { .. }));
        let told = between.last().is_some_and(|block| match &block.kind {
            BlockKind::Paragraph(text) => CALLED_EXAMPLE.is_match(&text.plain),
            _ => false,
        });
        let (template, path) = (parts(before), parts(own));
        let fills = template.split_last().is_some_and(|(last, head)| {
            let rest = path.strip_prefix(head).unwrap_or_default();
            last.starts_with('{')
                && !rest.is_empty()
                && rest
                    .iter()
                    .all(|part| !part.contains('{') && !part.is_empty())
                && head.iter().any(|part| part.starts_with('{'))
                && (rest.len() > 1 || told)
        });
        if is_below && fills {
            shown.insert(own.at);
        } else {
            first = Some(own);
        }
    }
    shown
}

/// What is left out because a host stands before it, as in an example, or because the page has markup
/// for its targets, and what can be no example of a target that is kept.
fn others(all: &[Candidate], kept: &[Candidate]) -> Vec<Passed> {
    let parts = |own: &Candidate| -> Vec<String> {
        let path = made(&own.stated.method, &own.stated.path, 0, "").path;
        shape(&path).split('/').map(str::to_owned).collect()
    };
    // By the last part of the path: what is looked through stays short on long pages.
    let mut known: BTreeMap<(&str, String), BTreeSet<Vec<String>>> = BTreeMap::new();
    for own in kept {
        let own_parts = parts(own);
        let last = own_parts.last().cloned().unwrap_or_default();
        let same = known.entry((&own.stated.method, last)).or_default();
        same.insert(own_parts);
    }
    let is_shown = |own: &Candidate| {
        let own_parts = parts(own);
        let last = own_parts.last().cloned().unwrap_or_default();
        let method = own.stated.method.as_str();
        [last, "{}".to_owned()]
            .into_iter()
            .filter_map(|last| known.get(&(method, last)))
            .flatten()
            .any(|kept| {
                let both = kept.iter().rev().zip(own_parts.iter().rev());
                let is_within = kept.len() <= own_parts.len() || kept.len() == 1;
                // The first part is the empty one before the slash.
                is_within
                    && both
                        .take(kept.len().saturating_sub(1))
                        .all(|(kept, own)| kept == "{}" || kept == own)
            })
    };
    let why = |own: &Candidate| {
        if own.stated.has_host {
            HAS_HOST
        } else {
            "the page states its other operations in another way"
        }
    };
    let places: BTreeSet<usize> = kept.iter().map(|own| own.at).collect();
    all.iter()
        .filter(|own| !places.contains(&own.at) && !own.told.is_filled_in && !is_shown(own))
        .map(|own| Passed {
            line: own.line,
            method: own.stated.method.clone(),
            path: own.stated.path.clone(),
            why: why(own),
        })
        .collect()
}

/// The places right below a heading of the kind that has markup for a target below it elsewhere: a
/// section that states its target otherwise is an operation all the same.
fn below_headings_of_markup(flat: &[&Block], found: &[Candidate]) -> BTreeSet<usize> {
    let mut above = None;
    let levels: Vec<Option<usize>> = flat
        .iter()
        .map(|block| {
            let before = above;
            if let BlockKind::Heading { level, .. } = &block.kind {
                above = Some(usize::from(*level));
            }
            before
        })
        .collect();
    let level = |at: usize| levels.get(at).copied().flatten();
    let marked: BTreeSet<usize> = found
        .iter()
        .filter(|own| own.weight == Weight::Markup)
        .filter_map(|own| level(own.at))
        .collect();
    let is_heading = |at: usize| {
        let block = flat.get(at);
        block.is_some_and(|block| matches!(block.kind, BlockKind::Heading { .. }))
    };
    let places: BTreeSet<usize> = found
        .iter()
        .filter(|own| own.weight == Weight::Markup)
        .map(|own| own.at)
        .collect();
    // A section of a name of its own, with none of the markup in it, is one too.
    let is_apart = |heading: usize| {
        let Some(BlockKind::Heading { text, .. }) = flat.get(heading).map(|block| &block.kind)
        else {
            return false;
        };
        let end = end_of_section(flat, heading);
        names(text) && !shows(&text.plain) && places.range(heading..end).next().is_none()
    };
    (1..flat.len())
        .filter(|at| is_heading(at - 1))
        .filter(|at| level(*at).is_some_and(|own| marked.contains(&own)) || is_apart(at - 1))
        .collect()
}

/// Leaves out blocks of code that show one request with its body where a line of the same section
/// states the target that they fill in.
fn without_bodies(flat: &[&Block], found: Vec<Candidate>) -> Vec<Candidate> {
    let has_body = |own: &Candidate| {
        flat.get(own.at).is_some_and(|block| match &block.kind {
            BlockKind::Code { text, .. } => {
                let mut below = text.trim().lines().skip(1).map(str::trim);
                below
                    .next()
                    .is_some_and(|line| line.starts_with(['{', '[']))
            }
            _ => false,
        })
    };
    let parts = |own: &Candidate| -> Vec<String> {
        let path = made(&own.stated.method, &own.stated.path, 0, "").path;
        shape(&path).split('/').map(str::to_owned).collect()
    };
    let fills = |own: &Candidate| {
        let Some((heading, end)) = section_around(flat, own.at) else {
            return false;
        };
        let shown = parts(own);
        found.iter().any(|line| {
            let template = parts(line);
            !line.is_code
                && (heading..end).contains(&line.at)
                && line.stated.method == own.stated.method
                && template.len() == shown.len()
                && template.contains(&"{}".to_owned())
                && template
                    .iter()
                    .zip(&shown)
                    .all(|(one, other)| one == "{}" || one == other)
        })
    };
    let shown: Vec<bool> = found
        .iter()
        .map(|own| own.is_code && has_body(own) && fills(own))
        .collect();
    let kept = found.into_iter().zip(shown).filter(|(_, shown)| !shown);
    kept.map(|(own, _)| own).collect()
}

/// Leaves out what fills in what the page states too: `/jobs/7` beside `/jobs/{job}`, `/jobs?a=b`
/// beside `/jobs`.
fn without_examples(found: Vec<Candidate>) -> Vec<Candidate> {
    let paths: Vec<(String, Vec<String>)> = found
        .iter()
        .map(|own| {
            let path = made(&own.stated.method, &own.stated.path, 0, "").path;
            let segments = shape(&path).split('/').map(str::to_owned).collect();
            (own.stated.method.clone(), segments)
        })
        .collect();
    let is_queried = |own: &Candidate| own.stated.path.contains('?');
    let plain: BTreeSet<(&str, String)> = found
        .iter()
        .zip(&paths)
        .filter(|(own, _)| !is_queried(own))
        .map(|(_, (method, segments))| (method.as_str(), segments.join("/")))
        .collect();
    let mut by_length: BTreeMap<(&str, usize), Vec<&[String]>> = BTreeMap::new();
    for (method, segments) in &paths {
        let same = by_length.entry((method, segments.len())).or_default();
        if same.len() < 200 && segments.iter().any(|segment| segment == "{}") {
            same.push(segments);
        }
    }
    let fills = |(method, segments): &(String, Vec<String>)| {
        by_length
            .get(&(method.as_str(), segments.len()))
            .is_some_and(|templates| {
                templates.iter().any(|template| {
                    // A word in the place of an id may be a collection of its own.
                    let mut is_literal = false;
                    template.iter().zip(segments).all(|(own, segment)| {
                        is_literal |=
                            own == "{}" && LITERAL.is_match(segment) && !VERSION.is_match(segment);
                        own == "{}" || own == segment
                    }) && is_literal
                })
            })
    };
    let kept: Vec<bool> = found
        .iter()
        .zip(&paths)
        .map(|(own, path)| {
            let is_filled = is_queried(own)
                && FILLED.is_match(&own.stated.path)
                && plain.contains(&(path.0.as_str(), path.1.join("/")));
            !is_filled && !fills(path)
        })
        .collect();
    found
        .into_iter()
        .zip(kept)
        .filter(|(_, kept)| *kept)
        .map(|(own, _)| own)
        .collect()
}
