//! What a page says becomes of a field that a change leaves out.

use crate::contract::{Facet, FieldPath, Meaning, Operation, Place, Schema};
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
pub(super) fn stays(operation: &Operation, fields: &[Mirrored], shown: &FieldPath) -> bool {
    let said = operation.request_body.as_ref().and_then(|body| {
        let field = fields.iter().find(|field| field.shown == *shown)?;
        left_out(&body.schema, &field.sent)
    });
    match said {
        Some(LeftOut::Kept) => true,
        Some(LeftOut::Reset) => false,
        None => operation.method != "PUT",
    }
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
