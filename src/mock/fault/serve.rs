//! The layer that makes the mock commit a fault.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::HeaderMap;
use serde_json::{Map, Value};

use crate::contract::formats::{DateParts, DateTemplate};
use crate::contract::{Listing, Location};

use super::super::breach::{Breach, Reason};
use super::super::call::Call;
use super::super::layer::{Answered, Layer};
use super::super::reply::{Body, JSON, Reply};
use super::super::resource::{Resources, text_of};
use super::super::served::{Served, TOKEN_HEADER};
use super::slips::Told;
use super::{Alter, Behaviour, Effect, Fault, Spoil, Travel, When};

/// Commits one fault.
#[derive(Debug)]
pub(crate) struct FaultLayer {
    fault: Fault,
    resources: Resources,
    calls: AtomicU64,
}

impl FaultLayer {
    /// `resources`: the mock's own, for faults that mistake one for another.
    pub(in super::super) fn new(fault: Fault, resources: Resources) -> Self {
        Self {
            fault,
            resources,
            calls: AtomicU64::new(0),
        }
    }

    fn concerns(&self, served: &Served) -> bool {
        served.name == self.fault.operation
    }

    /// Whether this is the n-th call of `every`.
    fn is_turn(&self, every: u64) -> bool {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        (call + 1).is_multiple_of(every.max(1))
    }
}

impl Layer for FaultLayer {
    fn serves_method(&self, served: &Served) -> bool {
        self.fault.effect == Effect::Method && self.concerns(served)
    }

    fn judge(&self, call: &Call<'_>, breaches: &mut Vec<Breach>) {
        if !self.concerns(call.served) {
            return;
        }
        match &self.fault.effect {
            Effect::Hole {
                place,
                field,
                facet,
            } => overlook(breaches, place, field, facet),
            Effect::Strict { place, field, when }
                if breaches.is_empty() && self.applies(call, place, field, when) =>
            {
                breaches.push(Breach::new("request", field, "strict", Reason::Value));
            }
            _ => {}
        }
    }

    fn rewrite(&self, call: &mut Call<'_>) {
        if !self.concerns(call.served) {
            return;
        }
        let Effect::Behave(behaviour) = &self.fault.effect else {
            return;
        };
        match behaviour {
            Behaviour::Default { field, value } => {
                let body = call.body.get_or_insert_with(|| Value::Object(Map::new()));
                if let Value::Object(map) = body {
                    map.entry(field.clone()).or_insert_with(|| value.clone());
                }
            }
            Behaviour::Kept { field, values } => {
                if let Some(Value::Object(map)) = &mut call.body
                    && let Some(slot) = map.get_mut(field)
                    && let Some(other) = values.iter().find(|value| *value != slot)
                {
                    *slot = other.clone();
                }
            }
            Behaviour::Lost { place } => set(call, place, Value::from("nowhere")),
            Behaviour::Foreign { place, key } => {
                if let Some(id) = self.resources.id(key) {
                    set(call, place, Value::from(id));
                }
            }
            Behaviour::Count { name, add } => {
                if let Some(value) = query(call, name)
                    && let Some(number) = value.as_i64()
                {
                    *value = Value::from(number.saturating_add(*add).max(0));
                }
            }
            Behaviour::Ignored { name } => call
                .parameters
                .retain(|(location, known, _)| *location != Location::Query || known != name),
            Behaviour::Shifted { name, seconds } => {
                let format = call
                    .served
                    .query
                    .iter()
                    .find(|taken| taken.name == *name)
                    .and_then(|taken| taken.schema.root.get("format"))
                    .and_then(Value::as_str)
                    .and_then(DateTemplate::parse);
                if let (Some(template), Some(value)) = (format, query(call, name))
                    && let Some(text) = value
                        .as_str()
                        .and_then(|text| shift(&template, text, *seconds))
                {
                    *value = Value::from(text);
                }
            }
            _ => {}
        }
    }

    fn reply(&self, answered: &Answered<'_>, reply: &mut Reply) {
        let Some(served) = answered.served.filter(|served| self.concerns(served)) else {
            return;
        };
        match &self.fault.effect {
            Effect::Answer { status, alter } => {
                let is_credentials = answered
                    .breach
                    .is_some_and(|breach| breach.reason == Reason::Credentials);
                let meant = if status.is_empty() {
                    is_credentials
                } else {
                    let elsewhere = is_credentials || answered.call.is_none();
                    covers(status, reply.status) && (!elsewhere || is_of_http(status))
                };
                if meant {
                    change(alter, answered.headers, reply);
                }
            }
            Effect::Oversized(reason)
                if answered
                    .breach
                    .is_some_and(|breach| breach.reason == *reason) =>
            {
                reply.status = 500;
            }
            Effect::Travel { every, how } if self.is_turn(*every) => travel(*how, served, reply),
            Effect::Behave(behaviour) if answered.breach.is_none() => {
                let call = answered.call;
                self.misreport(behaviour, call, reply);
            }
            _ => {}
        }
    }
}

impl FaultLayer {
    fn applies(&self, call: &Call<'_>, place: &str, field: &str, when: &When) -> bool {
        let value = call.at(&format!("{place}.{field}"));
        let text = value.and_then(Value::as_str);
        match when {
            When::Is(wanted) => value == Some(wanted),
            When::Characters(count) => text.is_some_and(|text| text.chars().count() == *count),
            When::MoreBytes(count) => text.is_some_and(|text| text.len() > *count),
            When::NonAscii => text.is_some_and(|text| !text.is_ascii()),
            When::Contains(character) => text.is_some_and(|text| text.contains(*character)),
            When::Present => value.is_some(),
            When::Absent => value.is_none(),
            When::NoBody => call.body.is_none(),
            When::Resource(key) => value.map(text_of).as_deref() == self.resources.id(key),
        }
    }

    /// Tells something else than what happened.
    fn misreport(&self, behaviour: &Behaviour, call: Option<&Call<'_>>, reply: &mut Reply) {
        let Body::Json(body) = &mut reply.body else {
            return;
        };
        let is_odd = || self.is_turn(2);
        match behaviour {
            Behaviour::Echo { path } => {
                each(body, path, &mut |parent, name| {
                    if let Some(Value::String(text)) = parent.get_mut(name) {
                        text.push('x');
                    }
                });
            }
            Behaviour::SameId { path } => {
                each(body, path, &mut |parent, name| {
                    let id = "00000000-0000-4000-8000-00000000000a";
                    parent.insert(name.to_owned(), Value::from(id));
                });
            }
            Behaviour::PageTotal { total, items } => {
                let count = body.get(items).and_then(Value::as_array).map(Vec::len);
                if let (Some(count), Some(map)) = (count, body.as_object_mut()) {
                    map.insert(total.clone(), Value::from(count));
                }
            }
            Behaviour::Order { items } | Behaviour::Reversed { items } => {
                let turns = matches!(behaviour, Behaviour::Reversed { .. }) || is_odd();
                if let Some(Value::Array(list)) = body.get_mut(items)
                    && turns
                {
                    list.reverse();
                }
            }
            Behaviour::Again { list } => {
                if let Some(marker) = marker_of(list, call) {
                    again(list, &marker, call, body);
                }
            }
            Behaviour::Skips { list } => {
                if let Some(Value::Array(items)) = body.pointer_mut(&list.items)
                    && !items.is_empty()
                    && marker_of(list, call).is_some()
                {
                    items.remove(0);
                }
            }
            // Three calls each way: a reading of the list may take several, and each has to be told from the next.
            Behaviour::Wavers {
                items,
                field,
                value,
            } if self.calls.fetch_add(1, Ordering::Relaxed) / 3 % 2 == 1 => {
                each(body, &format!("{items}[].{field}"), &mut |parent, name| {
                    parent.insert(name.to_owned(), value.clone());
                });
            }
            _ => {
                // The others have been at the request; nothing is left to do here.
                let _ = call;
            }
        }
    }
}

/// The marker that a request sends.
fn marker_of(list: &Listing, call: Option<&Call<'_>>) -> Option<Value> {
    let place = format!("query.{}", list.marker.as_deref()?);
    let marker = call?.at(&place)?.clone();
    (!text_of(&marker).is_empty()).then_some(marker)
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
        .and_then(|name| call?.at(&format!("query.{name}")))
        .and_then(|size| text_of(size).parse::<usize>().ok());
    if size == Some(items.len()) {
        items.pop();
    }
    items.insert(0, item);
}

/// Takes breaches of one rule away.
fn overlook(breaches: &mut Vec<Breach>, place: &str, field: &str, facet: &str) {
    let is_there = |breach: &Breach| breach.place == place && breach.field == field;
    match facet {
        "unknown" => {
            breaches.retain(|breach| !is_there(breach) || breach.reason != Reason::Unknown);
        }
        "unsuitable" => {
            breaches.retain(|breach| !is_there(breach) || breach.reason != Reason::Unsuitable);
        }
        _ => {
            if !breaches
                .iter()
                .any(|breach| is_there(breach) && breach.facet == facet)
            {
                return;
            }
            // A value of another type breaks every other rule of its field too, and names no resource: whoever does not see the one
            // does not get to see the others.
            breaches.retain(|breach| {
                !is_there(breach)
                    || (breach.facet != facet
                        && facet != "type"
                        && breach.reason != Reason::Unknown)
            });
        }
    }
}

fn query<'c>(call: &'c mut Call<'_>, name: &str) -> Option<&'c mut Value> {
    call.parameters
        .iter_mut()
        .find(|(location, known, _)| *location == Location::Query && *known == name)
        .map(|(_, _, value)| value)
}

/// Sets a parameter such as `path.instance_id`.
fn set(call: &mut Call<'_>, place: &str, value: Value) {
    let Some((head, field)) = place.split_once('.') else {
        return;
    };
    if let Some((_, _, slot)) = call
        .parameters
        .iter_mut()
        .find(|(location, known, _)| location.as_str() == head && *known == field)
    {
        *slot = value;
    }
}

/// A time some seconds later.
fn shift(template: &DateTemplate, text: &str, seconds: i64) -> Option<String> {
    let parts = template.read(text)?;
    let small = |number: u32| i8::try_from(number).ok();
    let time = jiff::civil::DateTime::new(
        i16::try_from(parts.year).ok()?,
        small(parts.month)?,
        small(parts.day)?,
        small(parts.hour)?,
        small(parts.minute)?,
        small(parts.second)?,
        0,
    )
    .ok()?
    .checked_add(jiff::SignedDuration::from_secs(seconds))
    .ok()?;
    let large = |number: i8| u32::try_from(number).ok();
    Some(template.write(DateParts {
        year: u32::try_from(time.year()).ok()?,
        month: large(time.month())?,
        day: large(time.day())?,
        hour: large(time.hour())?,
        minute: large(time.minute())?,
        second: large(time.second())?,
    }))
}

/// Whether a documented status is one of those that come from HTTP itself or from credentials, not from an operation's own rules. Where it is
/// documented, it is the operation's.
fn is_of_http(spelled: &str) -> bool {
    ["401", "403", "405", "413", "414", "431"].contains(&spelled)
}

/// Whether a status as the contract spells it covers one.
pub(crate) fn covers(spelled: &str, status: u16) -> bool {
    spelled.parse::<u16>().map_or_else(
        |_| {
            spelled.chars().next().and_then(|digit| digit.to_digit(10))
                == Some(u32::from(status / 100))
        },
        |own| own == status,
    )
}

fn change(alter: &Alter, headers: &HeaderMap, reply: &mut Reply) {
    match alter {
        Alter::Set(path, value) => {
            if let Body::Json(body) = &mut reply.body {
                each(body, path, &mut |parent, name| {
                    parent.insert(name.to_owned(), value.clone());
                });
            }
        }
        Alter::Remove(path) => {
            if let Body::Json(body) = &mut reply.body {
                each(body, path, &mut |parent, name| {
                    parent.shift_remove(name);
                });
            }
        }
        Alter::Status(status) => reply.status = *status,
        Alter::EmptyStatus(status) => *reply = Reply::empty(*status),
        Alter::ContentType(content_type) => reply.content_type = *content_type,
        Alter::NoBody => *reply = Reply::empty(reply.status),
        Alter::ExtraBody => {
            let body = "{\"message\":\"nothing\"}";
            let head = format!(
                "HTTP/1.1 {} No Content\r\ncontent-type: {JSON}\r\ncontent-length: {}\r\n\r\n",
                reply.status,
                body.len()
            );
            reply.wire.instead = Some((head + body).into_bytes());
        }
        Alter::Tell(path, told) => {
            let text = match told {
                Told::Text(text) => Value::from(*text),
                Told::Credential => headers
                    .get(TOKEN_HEADER)
                    .and_then(|token| token.to_str().ok())
                    .map_or(Value::Null, |token| {
                        Value::from(format!("the token {token} is not allowed to"))
                    }),
            };
            if let (Body::Json(body), false) = (&mut reply.body, text.is_null()) {
                each(body, path, &mut |parent, name| {
                    parent.insert(name.to_owned(), text.clone());
                });
            }
        }
        Alter::TwoLengths => {
            if let Body::Json(value) = &reply.body {
                let body = value.to_string();
                let length = body.len();
                let text = format!(
                    "HTTP/1.1 {} Told\r\ncontent-type: {JSON}\r\ncontent-length: {length}\r\ntransfer-encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n",
                    reply.status
                );
                reply.wire.instead = Some(text.into_bytes());
            }
        }
        Alter::Spoil(spoil) => {
            let bytes = match &reply.body {
                Body::Json(value) => serde_json::to_vec(value).unwrap_or_default(),
                Body::Raw(bytes) => bytes.clone(),
                Body::None => return,
            };
            reply.body = Body::Raw(spoilt(bytes, *spoil));
        }
    }
}

fn spoilt(mut bytes: Vec<u8>, spoil: Spoil) -> Vec<u8> {
    let within = |field: &str| {
        let mut text = format!("{{{field}").into_bytes();
        let rest = bytes.get(1..).unwrap_or_default();
        if rest != b"}" {
            text.push(b',');
        }
        text.extend_from_slice(rest);
        text
    };
    match spoil {
        Spoil::Truncated => {
            bytes.pop();
            bytes
        }
        Spoil::Trailing => {
            bytes.extend_from_slice(b" ok");
            bytes
        }
        Spoil::Duplicate => within("\"extra\":1,\"extra\":1"),
        Spoil::NotANumber => within("\"extra\":NaN"),
        Spoil::Mark => {
            let mut marked = b"\xef\xbb\xbf".to_vec();
            marked.append(&mut bytes);
            marked
        }
        Spoil::NotUtf8 => {
            if let Some(at) = bytes.iter().rposition(|byte| *byte == b'"') {
                bytes.insert(at, 0xff);
            }
            bytes
        }
    }
}

/// Does something with a field wherever its parent is: `items[].size`, `backup.id`.
pub(crate) fn each(
    value: &mut Value,
    path: &str,
    act: &mut dyn FnMut(&mut Map<String, Value>, &str),
) {
    match path.split_once(['.', '[']) {
        None => {
            if let Value::Object(map) = value {
                act(map, path);
            }
        }
        Some((name, rest)) => {
            let Some(child) = value.get_mut(name) else {
                return;
            };
            let Some(rest) = rest.strip_prefix(']') else {
                each(child, rest, act);
                return;
            };
            let rest = rest.strip_prefix('.').unwrap_or(rest);
            for item in child.as_array_mut().into_iter().flatten() {
                each(item, rest, act);
            }
        }
    }
}

fn travel(how: Travel, served: &Served, reply: &mut Reply) {
    match how {
        Travel::ServerError(status) => {
            *reply = served.refuse(&Breach::new("request", "", "error", Reason::Value));
            reply.status = status;
        }
        Travel::Redirect => {
            *reply = Reply::empty(302);
            reply.headers.push(("location", "/elsewhere".to_owned()));
        }
        Travel::Late(delay) => reply.wire.delay = Some(delay),
        Travel::Reset => reply.wire.instead = Some(Vec::new()),
        Travel::NotHttp => reply.wire.instead = Some(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec()),
        Travel::Cut => {
            let body = match &reply.body {
                Body::Json(value) => serde_json::to_vec(value).unwrap_or_default(),
                _ => b"{}".to_vec(),
            };
            let half = body.get(..body.len() / 2).unwrap_or_default();
            let head = format!(
                "HTTP/1.1 {} Cut\r\ncontent-type: {JSON}\r\ncontent-length: {}\r\n\r\n",
                if reply.status == 204 {
                    200
                } else {
                    reply.status
                },
                body.len()
            );
            let mut bytes = head.into_bytes();
            bytes.extend_from_slice(half);
            reply.wire.instead = Some(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case("a", json!({"a": 9, "b": {"c": 1}, "l": [{"m": 1}, {"m": 2}]}))]
    #[case("b.c", json!({"a": 0, "b": {"c": 9}, "l": [{"m": 1}, {"m": 2}]}))]
    #[case("l[].m", json!({"a": 0, "b": {"c": 1}, "l": [{"m": 9}, {"m": 9}]}))]
    #[case("x.y", json!({"a": 0, "b": {"c": 1}, "l": [{"m": 1}, {"m": 2}]}))]
    fn a_field_is_reached_wherever_it_is(#[case] path: &str, #[case] expected: Value) {
        let mut value = json!({"a": 0, "b": {"c": 1}, "l": [{"m": 1}, {"m": 2}]});
        change(
            &Alter::Set(path.to_owned(), json!(9)),
            &HeaderMap::new(),
            &mut Reply::json(200, Value::Null),
        );
        each(&mut value, path, &mut |parent, name| {
            parent.insert(name.to_owned(), json!(9));
        });
        assert_eq!(value, expected);
    }

    #[rstest]
    #[case(Spoil::Truncated)]
    #[case(Spoil::Trailing)]
    #[case(Spoil::Duplicate)]
    #[case(Spoil::Mark)]
    #[case(Spoil::NotUtf8)]
    #[case(Spoil::NotANumber)]
    fn a_spoilt_body_is_no_strict_json(#[case] spoil: Spoil) {
        let body = br#"{"a":"b"}"#.to_vec();
        assert!(crate::contract::parse_strict(&spoilt(body, spoil)).is_err());
    }

    #[test]
    fn a_time_is_shifted_over_midnight() {
        let template = DateTemplate::parse("yyyyMMddHHmmss").unwrap();
        assert_eq!(
            shift(&template, "20231231235959", 1).as_deref(),
            Some("20240101000000")
        );
    }
}
