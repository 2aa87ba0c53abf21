//! What a page says of answers beside their tables, and of fields that only several answers show: a
//! right service is let alone, and each breach is found.

use std::collections::BTreeMap;
use std::sync::Mutex;

use rstest::rstest;
use serde_json::{Map, Value, json};

use super::support::small::try_page;
use super::support::{Received, Reply};

/// The page of a service of bookings.
const BOOKINGS: &str = "---
service: inn
operation: Bookings
edition: 2025-03-01
---

Every response carries the header `X-Request-Id`.

# Book a room

`POST /bookings`

## Header parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| Idempotency-Key | No | String | A key of 1 to 64 characters. A request that is repeated with it makes nothing new. The same key with another body gets a 409. |

## Request body

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| room | Yes | String | The room. It contains 1 to 20 characters. |
| start_day | Yes | String | The first day, in the format YYYY-MM-DD. |
| end_day | Yes | String | The last day, in the format YYYY-MM-DD. It must be later than start_day. |
| seats | No | Integer | The number of seats. The value ranges from 1 to 9.<br>Default value: 2 |
| note | No | String | A note. It contains 1 to 20 characters. |

## Response 201

| Parameter | Type | Description |
|---|---|---|
| id | String | The id. |
| room | String | The room. |
| note | String | The note. The value is null if none was given. |
| secret | String | The word that opens the door. It is shown only once, in this answer. |

## Response 400

The body is not well-formed JSON.

## Response 409

The key was used before.

## Response 415

The body is of another media type.

## Response 422

A field is missing or has a wrong value.

# Show a booking

`GET /bookings/{booking_id}`

## Response 200

| Parameter | Type | Description |
|---|---|---|
| id | String | The id. |
| room | String | The room. |
| seats | Integer | The number of seats. |

## Response 404

There is no such booking.

# List bookings

`GET /bookings`

## Response 200

| Parameter | Type | Description |
|---|---|---|
| bookings | Array of Booking objects | The bookings. |
| count | Integer | The number of bookings in this answer. |

### Booking

| Parameter | Type | Description |
|---|---|---|
| id | String | The id. |
| room | String | The room. |
";

/// The service of bookings, with one fault or none.
#[derive(Default)]
struct Inn {
    fault: &'static str,
    bookings: BTreeMap<String, Value>,
    keys: BTreeMap<String, (Vec<u8>, Value)>,
}

/// A refusal.
fn refused(status: u16) -> Reply {
    Reply::json(status, &json!({ "error": "no" }))
}

/// A day as the page writes it.
fn day(value: Option<&Value>) -> Option<String> {
    let text = value?.as_str()?;
    let is_day = text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok();
    is_day.then(|| text.to_owned())
}

impl Inn {
    fn answer(&mut self, request: &Received) -> Reply {
        let reply = self.plain(request);
        if self.fault == "bare" && reply.status >= 400 {
            return reply;
        }
        reply.with("X-Request-Id", "r-1")
    }

    fn plain(&mut self, request: &Received) -> Reply {
        let path = request.target.split('?').next().unwrap_or_default();
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        match (request.method.as_str(), parts.as_slice()) {
            ("POST", ["bookings"]) => self.book(request).unwrap_or_else(refused),
            ("GET", ["bookings", id]) => match self.bookings.get(*id) {
                Some(own) => Reply::json(200, &self.shown(own, &["seats"], "again")),
                None => refused(404),
            },
            ("GET", ["bookings"]) => {
                let all = self.bookings.values();
                let all: Vec<Value> = all.map(|own| self.shown(own, &[], "listed")).collect();
                let count = all.len() + usize::from(self.fault == "count");
                Reply::json(200, &json!({ "bookings": all, "count": count }))
            }
            (_, ["bookings"]) => refused(405).with("Allow", "GET, POST"),
            (_, ["bookings", _]) => refused(405).with("Allow", "GET"),
            _ => refused(404),
        }
    }

    /// A booking as it is shown later.
    fn shown(&self, own: &Value, more: &[&str], leaks: &str) -> Value {
        let mut names = vec!["id", "room"];
        names.extend(more);
        names.extend((self.fault == leaks).then_some("secret"));
        let fields = names
            .into_iter()
            .map(|name| (name.to_owned(), own[name].clone()));
        Value::Object(fields.collect::<Map<String, Value>>())
    }

    fn book(&mut self, request: &Received) -> Result<Reply, u16> {
        let is_json = request
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("application/json"));
        if !is_json {
            return Err(if self.fault == "media" { 400 } else { 415 });
        }
        let invalid: u16 = if self.fault == "status" { 400 } else { 422 };
        let malformed: u16 = if self.fault == "json" { 422 } else { 400 };
        let sent: Value = serde_json::from_slice(&request.body).map_err(|_| malformed)?;
        let sent = sent.as_object().ok_or(invalid)?;
        let text = |name: &str| {
            let text = sent.get(name).and_then(Value::as_str);
            text.filter(|text| (1..=20).contains(&text.chars().count()))
        };
        let room = text("room").ok_or(invalid)?;
        let start = day(sent.get("start_day")).ok_or(invalid)?;
        let end = day(sent.get("end_day")).ok_or(invalid)?;
        let is_ordered = match self.fault {
            "order" => true,
            "equal" => end >= start,
            _ => end > start,
        };
        let own = if self.fault == "default" { 3 } else { 2 };
        let seats: Option<i32> = match sent.get("seats") {
            None => Some(own),
            Some(seats) => (1..=9).find(|own| seats.as_f64() == Some(f64::from(*own))),
        };
        let note = if sent.contains_key("note") {
            Some(text("note").ok_or(invalid)?)
        } else {
            None
        };
        let given = request.header("idempotency-key");
        let key = given.unwrap_or_default();
        if !is_ordered || seats.is_none() || key.len() > 64 || given == Some("") {
            return Err(invalid);
        }
        if let Some((body, reply)) = self.keys.get(key).filter(|_| !key.is_empty()) {
            if *body == request.body {
                return Ok(Reply::json(201, reply));
            }
            if self.fault != "key" {
                return Err(409);
            }
        }
        let id = format!("b-{}", self.bookings.len() + 100);
        let mut note = note.map_or(Value::Null, Value::from);
        if self.fault == "note" && note.is_null() {
            note = Value::from("");
        }
        let secret = format!("sesame-{id}");
        let made =
            json!({ "id": id, "room": room, "note": note, "secret": secret, "seats": seats });
        self.bookings.insert(id, made.clone());
        let mut told = made;
        if let Some(told) = told.as_object_mut() {
            told.remove("seats");
        }
        let own = (request.body.clone(), told.clone());
        self.keys.insert(key.to_owned(), own);
        Ok(Reply::json(201, &told))
    }
}

#[rstest]
#[case::right("", &[])]
#[case::no_header_on_errors("bare", &["header.X-Request-Id::required"])]
#[case::another_default("default", &["relation::lifecycle::create-then-read"])]
#[case::not_null("note", &["relation::echo::same"])]
#[case::shown_again("again", &["relation::lifecycle::create-then-read"])]
#[case::listed("listed", &["relation::lifecycle::create-then-list"])]
#[case::status_of_values("status", &["response-422::status"])]
#[case::status_of_bodies("json", &["response-400::status"])]
#[case::status_of_media_types("media", &["response-415::status"])]
#[case::key("key", &["relation::repeated::other-body"])]
#[case::count("count", &["response-200.count::counts"])]
#[case::order("order", &["request.end_day::if"])]
#[case::equal("equal", &["request.end_day::if"])]
fn what_is_said_of_answers_is_held(#[case] fault: &'static str, #[case] expected: &[&str]) {
    let inn = Mutex::new(Inn {
        fault,
        ..Inn::default()
    });
    let ran = try_page(
        BOOKINGS,
        &[],
        Box::new(move |request| inn.lock().unwrap().answer(request)),
    );
    let broken = ran.broken();
    let is_expected = |fact: &String| expected.iter().any(|own| fact.ends_with(own));
    assert!(broken.iter().all(is_expected), "{broken:?} {}", ran.text);
    assert_eq!(broken.is_empty(), expected.is_empty(), "{}", ran.text);
    assert_eq!(ran.code, i32::from(!expected.is_empty()), "{}", ran.text);
}

/// The page of a read that takes a name, and answers with a cookie and the version of what it shows.
const NAMES: &str = "---
service: names
operation: CheckName
edition: 2025-03-01
---

# Check a name

The answer has an `ETag` header. A request with this value in `If-None-Match` is answered `304 Not
Modified`.

`GET /names/{name}`

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| name | Yes | String | The name: 3 to 8 lowercase letters. |

## Response 200

| Header | Type | Description |
|---|---|---|
| Set-Cookie | String | The session: `sid=`, 32 hexadecimal digits, and `HttpOnly`. |

The body:

| Parameter | Type | Description |
|---|---|---|
| name | String | The name. |

## Response 304

Nothing has changed.

## Response 400

This is no name.
";

fn names(request: &Received, fault: &str) -> Reply {
    let Some(name) = request.target.strip_prefix("/names/") else {
        return refused(404);
    };
    if request.method != "GET" {
        return refused(405).with("Allow", "GET");
    }
    let least = if fault == "short" { 1 } else { 3 };
    let most = if fault == "long" { 400 } else { 8 };
    let is_letter = |c: char| c.is_ascii_lowercase() || fault == "upper" && c.is_ascii_uppercase();
    if !(least..=most).contains(&name.len()) || !name.chars().all(is_letter) {
        return refused(400);
    }
    let tag = "\"1\"";
    if fault != "ignored" && request.header("if-none-match") == Some(tag) {
        return Reply::json(304, &Value::Null).with("ETag", tag);
    }
    let reply = Reply::json(200, &json!({ "name": name }));
    let cookie = "sid=0123456789abcdef0123456789abcdef; HttpOnly";
    let reply = reply.with("Set-Cookie", cookie);
    if fault == "untagged" {
        return reply;
    }
    reply.with("ETag", tag)
}

#[rstest]
#[case::right("", &[])]
#[case::short("short", &["path.name::pattern"])]
#[case::long("long", &["path.name::pattern"])]
#[case::upper("upper", &["path.name::pattern"])]
#[case::copies_are_ignored("ignored", &["relation::entity-tag::not-modified"])]
#[case::no_tag(
    "untagged",
    &["relation::entity-tag::not-modified", "response-200.header.ETag::required"]
)]
fn a_read_is_held_to_its_path_and_headers(#[case] fault: &'static str, #[case] expected: &[&str]) {
    let ran = try_page(
        NAMES,
        &["--set", "names.name_name=abc"],
        Box::new(move |request| names(request, fault)),
    );
    let broken = ran.broken();
    let is_expected = |fact: &String| expected.iter().any(|own| fact == own);
    assert!(broken.iter().all(is_expected), "{broken:?} {}", ran.text);
    assert_eq!(broken.is_empty(), expected.is_empty(), "{}", ran.text);
}

/// The page of what is made and closed, and never shown.
const BATCHES: &str = "---
service: mill
operation: Batches
edition: 2025-03-01
---

# Create a batch

`POST /batches`

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| name | Yes | String | The name. It contains 1 to 20 characters. |

## Response 201

| Parameter | Type | Description |
|---|---|---|
| batch_id | String | The id. |
| state | String | The state: `new` or `closed`. |

## Response 400

The name is missing or too long.

# Close a batch

`POST /batches/{batch_id}/close`

## Response 200

| Parameter | Type | Description |
|---|---|---|
| batch_id | String | The id. |
| state | String | The state: `new` or `closed`. |

## Response 404

There is no such batch.

## Response 409

The batch has been closed already.
";

#[rstest]
#[case::right("", &[])]
#[case::twice("again", &["relation::lifecycle::act-again"])]
#[case::of_nobody("any", &["response-404::status"])]
fn what_nothing_shows_is_acted_on(#[case] fault: &'static str, #[case] expected: &[&str]) {
    let batches: Mutex<BTreeMap<String, bool>> = Mutex::default();
    let answer = move |request: &Received| {
        let mut batches = batches.lock().unwrap();
        let parts: Vec<&str> = request.target.trim_start_matches('/').split('/').collect();
        match (request.method.as_str(), parts.as_slice()) {
            ("POST", ["batches"]) => {
                let sent: Value = serde_json::from_slice(&request.body).unwrap_or_default();
                let name = sent["name"].as_str().map_or(0, |name| name.chars().count());
                if !(1..=20).contains(&name) {
                    return refused(400);
                }
                let id = format!("b-{}", batches.len() + 100);
                batches.insert(id.clone(), false);
                Reply::json(201, &json!({ "batch_id": id, "state": "new" }))
            }
            ("POST", ["batches", id, "close"]) => match batches.get_mut(*id) {
                None if fault != "any" => refused(404),
                Some(true) if fault != "again" => refused(409),
                own => {
                    if let Some(own) = own {
                        *own = true;
                    }
                    Reply::json(200, &json!({ "batch_id": id, "state": "closed" }))
                }
            },
            (_, ["batches"] | ["batches", _, "close"]) => refused(405).with("Allow", "POST"),
            _ => refused(404),
        }
    };
    let ran = try_page(BATCHES, &[], Box::new(answer));
    let broken = ran.broken();
    let is_expected = |fact: &String| expected.iter().any(|own| fact == own);
    assert!(broken.iter().all(is_expected), "{broken:?} {}", ran.text);
    assert_eq!(broken.is_empty(), expected.is_empty(), "{}", ran.text);
}
