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
    /// The number of each creation is less than that of the one before.
    Falls { field: FieldPath },
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
    /// A page that is the last one tells a marker of the next all the same.
    Endless { list: Box<Listing> },
    /// A list that a query parameter filters leaves out its first item.
    LeavesOut { name: String, items: String },
    /// A whole number is rounded as a double does.
    Rounds { field: FieldPath },
    /// A truth is told as its opposite.
    Flips { field: FieldPath },
    /// A field of the request is shown.
    Shows { field: FieldPath },
    /// A field of a list's items takes another of its values on every other call.
    Wavers { field: FieldPath, value: Value },
}

/// Where numbers begin that fall.
const HIGHEST: u64 = 1_000_000;

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
            Self::Falls { field } => {
                let number = HIGHEST.saturating_sub(calls.fetch_add(1, Ordering::Relaxed));
                each(body, field, &mut |parent, name| {
                    parent.insert(name.to_owned(), Value::from(number));
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
            Self::Endless { list } => endless(list, call, body),
            Self::LeavesOut { name, items } => {
                let is_asked =
                    call.is_some_and(|call| call.parameter(Location::Query, name).is_some());
                if let Some(Value::Array(items)) = body.pointer_mut(items)
                    && is_asked
                    && !items.is_empty()
                {
                    items.remove(0);
                }
            }
            Self::Rounds { field } => {
                each(body, field, &mut |parent, name| {
                    if let Some(slot) = parent.get_mut(name)
                        && let Some(number) = slot.as_i64()
                    {
                        *slot = Value::from(rounded(number));
                    }
                });
            }
            Self::Flips { field } => {
                each(body, field, &mut |parent, name| {
                    if let Some(Value::Bool(truth)) = parent.get_mut(name) {
                        *truth = !*truth;
                    }
                });
            }
            Self::Shows { field } => {
                let sent = call.and_then(|call| call.body.as_ref());
                let sent = sent.and_then(|sent| sent.pointer(&field.to_pointer()));
                if let (Some(sent), Value::Object(map), Some(name)) =
                    (sent, body, field.last_name())
                {
                    map.insert(name.to_owned(), sent.clone());
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

/// A whole number as a double holds it.
fn rounded(number: i64) -> i64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "the loss is the fault"
    )]
    let rounded = number as f64 as i64;
    rounded
}

/// Tells a marker where none is to be told: that of the page's last item, or the one that was sent.
fn endless(list: &Listing, call: Option<&Call<'_>>, body: &mut Value) {
    let last = body
        .pointer(&list.items)
        .and_then(Value::as_array)
        .and_then(|items| items.last())
        .and_then(|item| item.pointer(&list.id))
        .cloned();
    let marker = last.or_else(|| marker_of(list, call));
    let (Some(pointer), Some(marker)) = (&list.next, marker) else {
        return;
    };
    let told = body.pointer(pointer).and_then(Value::as_str);
    if told.is_some_and(|told| !told.is_empty()) {
        return;
    }
    // At the end the marker may be left out.
    let (object, name) = pointer.rsplit_once('/').unwrap_or_default();
    if let Some(Value::Object(object)) = body.pointer_mut(object) {
        let name = crate::contract::unescape_token(name);
        object.insert(name, Value::from(text_of(&marker)));
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
