//! Pages of a list that are found by a marker, for operations whose state nobody keeps: the same
//! items on every call, cut as the request asks.

use serde_json::Value;

use crate::contract::{
    FieldPath, Listing, Location, Operation, Relation, ResourceExpectation, Suite, unescape_token,
};
use crate::generate::sample;

use super::answer::Answer;
use super::call::Call;
use super::reply::{Body, Reply};
use super::resource::{Ids, text_of};

/// How many items such a list has: enough for three pages, and for one in the middle.
const ITEMS: usize = 7;

/// The pages of one operation's list.
#[derive(Debug)]
pub(super) struct Pages {
    listing: Listing,
    limit: String,
    marker: String,
    /// The identities of all items, in order.
    ids: Vec<Value>,
}

/// The list of an operation that a relation of the suite calls paged by a marker.
pub(super) fn marked<'s>(suite: &'s Suite, operation: &Operation) -> Option<&'s Listing> {
    suite
        .cases
        .get(&operation.service)?
        .relations
        .iter()
        .find_map(|relation| match relation {
            Relation::Pagination { list }
                if list.operation == operation.id
                    && list.offset.is_none()
                    && list.limit.is_some()
                    && list.marker.is_some() =>
            {
                Some(list)
            }
            _ => None,
        })
}

impl Pages {
    /// The pages of an operation's list; `None` where it is not paged by a marker, or its items
    /// cannot be told apart within the contract.
    pub(super) fn new(suite: &Suite, operation: &Operation, answer: &Answer) -> Option<Self> {
        let listing = marked(suite, operation)?;
        let (limit, marker) = (listing.limit.clone()?, listing.marker.clone()?);
        operation.parameter(Location::Query, &limit)?;
        operation.parameter(Location::Query, &marker)?;
        let mut pages = Self {
            listing: listing.clone(),
            limit,
            marker,
            ids: Vec::new(),
        };
        let template = answer.template.as_ref()?;
        let schema = answer.schema.as_ref()?;
        let item = below(&FieldPath::root(), &pages.listing.items).item();
        let node = schema.field(&below(&item, &pages.listing.id))?.node;
        let made = Ids::default();
        for variety in 0..8 * ITEMS {
            let candidates = [
                Value::from(made.uuid()),
                sample(schema, node, variety),
                Value::from(variety),
            ];
            let id = candidates.into_iter().find(|id| {
                let mut body = template.clone();
                !pages.ids.contains(id)
                    && pages.put(&mut body, std::slice::from_ref(id)).is_some()
                    && answer.allows(&body)
            });
            pages.ids.extend(id);
            if pages.ids.len() == ITEMS {
                break;
            }
        }
        let mut whole = template.clone();
        pages.put(&mut whole, &pages.ids)?;
        (pages.ids.len() == ITEMS && answer.allows(&whole)).then_some(pages)
    }

    /// Cuts an answer to the page that was asked for.
    pub(super) fn turn(&self, call: &Call<'_>, answer: &Answer, reply: &mut Reply) {
        let Body::Json(body) = &mut reply.body else {
            return;
        };
        if call.expectation == ResourceExpectation::Empty {
            return;
        }
        let marker = call.parameter(Location::Query, &self.marker).map(text_of);
        let start = marker
            .filter(|marker| !marker.is_empty())
            .map_or(0, |marker| {
                self.ids
                    .iter()
                    .position(|id| text_of(id) == marker)
                    .map_or(self.ids.len(), |at| at + 1)
            });
        let size = call
            .parameter(Location::Query, &self.limit)
            .and_then(|size| text_of(size).parse().ok())
            .unwrap_or(self.ids.len());
        let end = start.saturating_add(size).min(self.ids.len());
        let page = self.ids.get(start..end).unwrap_or_default();
        let mut turned = body.clone();
        if self.put(&mut turned, page).is_none() {
            return;
        }
        let next = page
            .last()
            .filter(|_| end < self.ids.len())
            .map(|id| Value::from(text_of(id)));
        for next in [next.unwrap_or(Value::Null), Value::from("")] {
            let mut whole = turned.clone();
            if let Some(slot) = self
                .listing
                .next
                .as_ref()
                .and_then(|pointer| whole.pointer_mut(pointer))
            {
                *slot = next;
            }
            if answer.allows(&whole) {
                *body = whole;
                return;
            }
        }
    }

    /// Puts items of these identities into a body: copies of its first.
    fn put(&self, body: &mut Value, ids: &[Value]) -> Option<()> {
        let list = body.pointer_mut(&self.listing.items)?.as_array_mut()?;
        let first = list.first()?.clone();
        list.clear();
        for id in ids {
            let mut item = first.clone();
            *item.pointer_mut(&self.listing.id)? = id.clone();
            list.push(item);
        }
        if let Some(total) = &self.listing.total
            && !self.ids.is_empty()
            && let Some(slot) = body.pointer_mut(total)
        {
            *slot = Value::from(self.ids.len());
        }
        Some(())
    }
}

/// The path of what a pointer leads to from a field; its tokens are names.
fn below(field: &FieldPath, pointer: &str) -> FieldPath {
    pointer
        .split('/')
        .skip(1)
        .fold(field.clone(), |path, token| {
            path.child(unescape_token(token))
        })
}
