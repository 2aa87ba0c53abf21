//! Entity tags: what the mock does about a request that names the copies which its caller holds, or
//! the one that a change rests on.

use crate::contract::{Location, Operation, Relation};
use crate::recognise::Laws;

use super::call::Call;
use super::rejection::Reason;
use super::reply::{ErrorShape, Reply};

/// The header of an answer that has its tag.
const ETAG: &str = "etag";

/// The tag of every answer for which no page gives the tag another form.
const TAG: &str = "\"docproof-1\"";

/// The headers by which an operation's requests are conditional.
#[derive(Debug)]
pub(super) struct Tags {
    if_none_match: Option<String>,
    if_match: Option<String>,
    mismatch: ErrorShape,
}

impl Tags {
    /// Those of an operation; `None` where no law speaks of tags.
    pub(super) fn new(laws: &Laws, operation: &Operation) -> Option<Self> {
        laws.of(operation).iter().find_map(|relation| {
            let Relation::EntityTag {
                if_none_match,
                if_match,
                ..
            } = relation
            else {
                return None;
            };
            Some(Self {
                if_none_match: if_none_match.clone(),
                if_match: if_match.clone(),
                mismatch: ErrorShape::of(operation, 412),
            })
        })
    }

    /// The refusal of a request that rests on another copy.
    pub(super) fn refuse(&self, call: &Call<'_>) -> Option<Reply> {
        let name = self.if_match.as_deref()?;
        // What is no tag names no copy.
        let named = call.text(Location::Header, name);
        let named = named.filter(|named| named.contains('"'))?;
        let message = format!("{name} names another copy");
        (!names(named, TAG)).then(|| self.mismatch.reply(Reason::Unsuitable, &message))
    }

    /// Adds the tag to an answer that has none, and leaves out what the caller holds already.
    pub(super) fn settle(&self, call: &Call<'_>, reply: &mut Reply) {
        let Some(name) = &self.if_none_match else {
            return;
        };
        if reply.status / 100 != 2 {
            return;
        }
        let known = reply.headers.iter().find(|(header, _)| is_tag(header));
        let tag = known.map_or_else(|| TAG.to_owned(), |(_, tag)| tag.clone());
        if known.is_none() {
            reply.headers.push((ETAG.into(), tag.clone()));
        }
        let held = call.text(Location::Header, name);
        if held.is_some_and(|held| names(held, &tag)) {
            let headers = std::mem::take(&mut reply.headers);
            *reply = Reply::empty(304);
            reply.headers = headers;
        }
    }
}

/// Whether a header is the one that has an answer's tag.
fn is_tag(header: &str) -> bool {
    header.eq_ignore_ascii_case(ETAG)
}

/// Whether a list of tags, or the star for all, has a tag.
fn names(list: &str, tag: &str) -> bool {
    list.trim() == "*" || list.split(',').any(|one| one.trim() == tag.trim())
}
