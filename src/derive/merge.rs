//! Editions of one operation, united.
//!
//! A draft is a set of statements, so uniting is a union: it does not matter which edition comes
//! first, and an edition united with itself is itself. What the statements mean together is decided
//! in [`super::resolve`], what they contradict in [`super::findings`].

use std::collections::BTreeMap;

use super::draft::{Draft, Parameter, SUCCESS};
use super::path::{path_names, shape};
use crate::contract::Location;

/// Puts drafts in the order in which they are united: the newest edition first, so that its names
/// and order hold.
pub(super) fn order(drafts: &mut [Draft]) {
    drafts.sort_by(|a, b| {
        let edition = |draft: &Draft| draft.pages.first().and_then(|(_, edition)| edition.clone());
        let name = |draft: &Draft| draft.pages.first().map(|(name, _)| name.clone());
        edition(b)
            .cmp(&edition(a))
            .then_with(|| name(a).cmp(&name(b)))
    });
}

/// Unites drafts that tell of one operation: the same method and path template, and no two
/// different services.
pub(super) fn merge(mut drafts: Vec<Draft>) -> Vec<Draft> {
    order(&mut drafts);
    let mut merged: Vec<Draft> = Vec::new();
    let mut places: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    // Pages that name their service come first, so that those without one find where they belong.
    let (named, nameless): (Vec<Draft>, Vec<Draft>) = drafts
        .into_iter()
        .partition(|draft| draft.service.is_some());
    for draft in named.into_iter().chain(nameless) {
        let same = places
            .entry((draft.method.clone(), shape(&draft.path)))
            .or_default();
        let is_of = |known: &Draft| match (&known.service, &draft.service) {
            (Some((_, own)), Some((_, other))) => own == other,
            _ => true,
        };
        let known = same
            .iter()
            .copied()
            .find(|place| merged.get(*place).is_some_and(is_of));
        if let Some(known) = known.and_then(|place| merged.get_mut(place)) {
            unite(known, draft);
        } else {
            same.push(merged.len());
            merged.push(draft);
        }
    }
    order(&mut merged);
    merged
}

/// Unites a draft with another edition of its operation.
fn unite(own: &mut Draft, mut other: Draft) {
    rename_path_parameters(own, &mut other);
    for page in other.pages {
        if !own.pages.contains(&page) {
            own.pages.push(page);
        }
    }
    own.pages
        .sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    if let Some(service) = other.service
        && own.service.as_ref().is_none_or(|known| service < *known)
    {
        own.service = Some(service);
    }
    if other.id < own.id {
        own.id = other.id;
    }
    own.findings.unite(other.findings);
    own.credential.unite(other.credential);
    for fact in other.facts {
        if !own.facts.contains(&fact) {
            own.facts.push(fact);
        }
    }
    for parameter in other.parameters {
        let known = own
            .parameters
            .iter_mut()
            .find(|known| known.name == parameter.name && known.location == parameter.location);
        match known {
            Some(known) => {
                known.node.unite(parameter.node);
                known.styles.extend(parameter.styles);
                known.example = known.example.take().or(parameter.example);
            }
            None => own.parameters.push(parameter),
        }
    }
    match (&mut own.request, other.request) {
        (Some(body), Some(more)) => {
            body.unite(more);
            // What one edition calls a form and another JSON can be sent as JSON.
            own.media = std::mem::take(&mut own.media).min(other.media);
            for (name, writes) in other.layout {
                own.layout.entry(name).or_insert(writes);
            }
        }
        (body @ None, more) => {
            *body = more;
            own.media = other.media;
            own.layout = other.layout;
        }
        (Some(_), None) => {}
    }
    own.is_bodyless |= other.is_bodyless;
    own.closed = own.closed.take().or(other.closed);
    match (own.left.first(), other.left.first()) {
        // Where they differ, which of them counts is not told.
        (Some((one, _)), Some((other, _))) if one != other => own.left.clear(),
        (None, Some(_)) => own.left = other.left,
        _ => {}
    }
    own.wanted.extend(other.wanted);
    for fact in other.empty_body {
        if !own.empty_body.contains(&fact) {
            own.empty_body.push(fact);
        }
    }
    for response in other.responses {
        own.respond(&response.status.clone(), |known| {
            for fact in response.facts {
                if !known.facts.contains(&fact) {
                    known.facts.push(fact);
                }
            }
            for (name, node) in response.headers {
                known.add_header(&name, node);
            }
            known.body.unite(response.body);
        });
    }
    settle_success(own);
}

/// Gives an edition's path parameters the names that the other edition has at their place in the
/// path.
fn rename_path_parameters(own: &Draft, other: &mut Draft) {
    if own.path == other.path {
        return;
    }
    let pairs: Vec<(String, String)> = path_names(&other.path)
        .into_iter()
        .map(str::to_owned)
        .zip(path_names(&own.path).into_iter().map(str::to_owned))
        .collect();
    let rename = |parameter: &mut Parameter| {
        if parameter.location == Location::Path
            && let Some((_, name)) = pairs.iter().find(|(old, _)| *old == parameter.name)
        {
            parameter.name.clone_from(name);
        }
    };
    other.parameters.iter_mut().for_each(rename);
    other.path.clone_from(&own.path);
}

/// A body that one edition leaves without a status belongs to the success that another edition
/// names.
fn settle_success(draft: &mut Draft) {
    let Some(named) = draft
        .responses
        .iter()
        .find(|response| {
            response.status.starts_with('2')
                && response.status != SUCCESS
                && response.status != "204"
        })
        .map(|response| response.status.clone())
    else {
        return;
    };
    if let Some(place) = draft
        .responses
        .iter()
        .position(|response| response.status == SUCCESS)
    {
        let nameless = draft.responses.remove(place);
        draft.respond(&named, |known| {
            for (name, node) in nameless.headers {
                known.add_header(&name, node);
            }
            known.body.unite(nameless.body);
        });
    }
}
