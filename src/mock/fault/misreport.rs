//! What a fault tells of an accepted request instead of what happened.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;

use crate::contract::{FieldPath, Listing, Location};

use super::super::call::Call;
use super::super::reply::each;
use super::super::resource::text_of;

/// How the body of an answer is made to tell something else; the backends know nothing of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Misreport {
    /// A field says something else than the request did.
    Echo { field: FieldPath },
    /// Every creation gets the same id.
    SameId { field: FieldPath },
    /// The number of matches is that of the page.
    PageTotal { total: FieldPath, items: FieldPath },
    /// The order of a list changes from call to call.
    Order { items: FieldPath },
    /// The order of a list is the other way round.
    Reversed { items: FieldPath },
    /// A page begins with the item that its marker names, once more.
    Again { list: Box<Listing> },
    /// A page leaves out the item after its marker.
    Skips { list: Box<Listing> },
    /// A field of a list's items takes another of its values on every other call.
    Wavers { field: FieldPath, value: Value },
}

impl Misreport {
    /// Changes the body of an answer; `calls` counts those that a change from call to call goes by.
    pub(super) fn apply(&self, calls: &AtomicU64, call: Option<&Call<'_>>, body: &mut Value) {
        match self {
            Self::Echo { field } => {
                each(body, field, &mut |parent, name| {
                    if let Some(Value::String(text)) = parent.get_mut(name) {
                        text.push('x');
                    }
                });
            }
            Self::SameId { field } => {
                each(body, field, &mut |parent, name| {
                    let id = "00000000-0000-4000-8000-00000000000a";
                    parent.insert(name.to_owned(), Value::from(id));
                });
            }
            Self::PageTotal { total, items } => {
                let list = body.pointer(&items.to_pointer());
                if let Some(count) = list.and_then(Value::as_array).map(Vec::len) {
                    each(body, total, &mut |parent, name| {
                        parent.insert(name.to_owned(), Value::from(count));
                    });
                }
            }
            Self::Order { items } => {
                if calls.fetch_add(1, Ordering::Relaxed) % 2 == 1 {
                    reverse(items, body);
                }
            }
            Self::Reversed { items } => reverse(items, body),
            Self::Again { list } => {
                if let Some(marker) = marker_of(list, call) {
                    again(list, &marker, call, body);
                }
            }
            Self::Skips { list } => {
                if let Some(Value::Array(items)) = body.pointer_mut(&list.items)
                    && !items.is_empty()
                    && marker_of(list, call).is_some()
                {
                    items.remove(0);
                }
            }
            Self::Wavers { field, value } => {
                // Three calls each way: a reading of the list may take several, and each has to be
                // told from the next.
                if calls.fetch_add(1, Ordering::Relaxed) / 3 % 2 == 1 {
                    each(body, field, &mut |parent, name| {
                        parent.insert(name.to_owned(), value.clone());
                    });
                }
            }
        }
    }
}

fn reverse(items: &FieldPath, body: &mut Value) {
    if let Some(Value::Array(list)) = body.pointer_mut(&items.to_pointer()) {
        list.reverse();
    }
}

/// The marker that a request sends.
fn marker_of(list: &Listing, call: Option<&Call<'_>>) -> Option<Value> {
    let marker = call?.parameter(Location::Query, list.marker.as_deref()?)?;
    (!text_of(marker).is_empty()).then(|| marker.clone())
}

/// Puts the item that the marker names before the page, which keeps its size.
fn again(list: &Listing, marker: &Value, call: Option<&Call<'_>>, body: &mut Value) {
    let Some(Value::Array(items)) = body.pointer_mut(&list.items) else {
        return;
    };
    let Some(mut item) = items.first().cloned() else {
        return;
    };
    if let Some(id) = item.pointer_mut(&list.id) {
        *id = if id.is_string() {
            Value::from(text_of(marker))
        } else {
            text_of(marker)
                .parse::<i64>()
                .map_or(Value::Null, Value::from)
        };
    }
    let size = list
        .limit
        .as_deref()
        .and_then(|name| call?.parameter(Location::Query, name))
        .and_then(|size| text_of(size).parse::<usize>().ok());
    if size == Some(items.len()) {
        items.pop();
    }
    items.insert(0, item);
}
