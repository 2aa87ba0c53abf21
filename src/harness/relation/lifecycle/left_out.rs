//! What a page says becomes of a field that a change leaves out.

use crate::contract::{Facet, FieldPath, Meaning, MediaType, Operation, Place, Schema};
use crate::generate::Request;

use super::record::{Mirrored, mirrored, steady};

/// What becomes of a field that is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LeftOut {
    /// It stays as it is.
    Kept,
    /// It goes back to its default.
    Reset,
}

/// What the page says becomes of a field of a request's body, or of an object around it, that is
/// left out; nothing where it says nothing, or both.
pub(super) fn left_out(body: &Schema, field: &FieldPath) -> Option<LeftOut> {
    let mut path = Some(field.clone());
    while let Some(own) = path {
        let facts = body.field(&own).map(|field| field.facts);
        let says = |facet| facts.is_some_and(|all| all.iter().any(|fact| fact.facet == facet));
        match (
            says(Facet::Meaning(Meaning::Kept)),
            says(Facet::Meaning(Meaning::Reset)),
        ) {
            (true, false) => return Some(LeftOut::Kept),
            (false, true) => return Some(LeftOut::Reset),
            (true, true) => return None,
            (false, false) => path = own.parent(),
        }
    }
    None
}

/// Leaves out of a request what the page says is kept then.
pub(super) fn without_kept(body: &Schema, request: &mut Request) {
    let is_kept = |path: &FieldPath| left_out(body, path) == Some(LeftOut::Kept);
    let paths: Vec<FieldPath> = body
        .fields()
        .filter(|field| !field.path.is_root() && !field.path.has_item() && !field.required)
        .filter(|field| is_kept(field.path))
        .map(|field| field.path.clone())
        .collect();
    for path in paths.into_iter().rev() {
        if request.get(Place::Request, &path).is_some() {
            request.set(Place::Request, &path, None);
        }
    }
}

/// Whether a field that a change shows stays as it is where the change leaves it out: where the page
/// says so, else where the change is none of the whole (RFC 5789).
pub(super) fn stays(
    operation: &Operation,
    change: &Request,
    fields: &[Mirrored],
    shown: &FieldPath,
) -> bool {
    let field = fields.iter().find(|field| field.shown == *shown);
    let said = operation.request_body.as_ref().zip(field);
    match said.and_then(|(body, field)| left_out(&body.schema, &field.sent)) {
        Some(LeftOut::Kept) => true,
        Some(LeftOut::Reset) => false,
        None => {
            let body = operation.request_body.as_ref();
            let is_open = body
                .zip(field)
                .is_some_and(|(body, field)| is_put_anew(&body.schema, change, &field.sent));
            operation.method != "PUT" && !is_open
        }
    }
}

/// Whether a change sends the object that a field is in: one service puts such an object in the
/// place of the old one, and another joins them. A merge patch says which (RFC 7396). The one object
/// around the whole of a body is no part of it.
fn is_put_anew(body: &Schema, change: &Request, field: &FieldPath) -> bool {
    let media = change.content_type.as_deref().and_then(MediaType::read);
    let outer = body.fields().filter(|own| own.path.steps().len() == 1);
    let least = if outer.count() == 1 { 2 } else { 1 };
    let parent = field
        .parent()
        .filter(|parent| parent.steps().len() >= least);
    media != Some(MediaType::MergePatch)
        && parent.is_some_and(|parent| change.get(Place::Request, &parent).is_some())
}

/// Whether what becomes of a field, or of what is in it, can be seen where it is shown.
pub(in crate::harness) fn is_seen(change: &Operation, show: &Operation, field: &FieldPath) -> bool {
    let (Some(body), Some(shown)) = (&change.request_body, show.answer()) else {
        return false;
    };
    let steady = steady(shown);
    mirrored(&body.schema, shown)
        .iter()
        .any(|own| field.contains(&own.sent) && steady.contains(&own.shown))
}
