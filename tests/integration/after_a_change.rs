//! What is there after a change, a delete and what undoes it: a right service is let alone, and each
//! breach is found.

use std::collections::BTreeMap;
use std::sync::Mutex;

use rstest::rstest;
use serde_json::{Map, Value, json};

use super::support::small::try_page;
use super::support::{Received, Reply};

/// The page of a service whose deleted events are hidden, and come back.
const EVENTS: &str = "---
service: events
operation: Events
edition: 2025-03-01
---

# Create an event

`POST /events`

## Request body

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| title | Yes | String | The title. It contains 1 to 30 characters. |
| kind | No | String | The kind.<br>Enumeration values:<br>- fair<br>- talk |
| open | No | Boolean | Whether it is computed as open.<br>Default value: true |

## Response 201

| Parameter | Type | Description |
|---|---|---|
| id | String | The id. |
| title | String | The title. |
| kind | String | The format.<br>Enumeration values:<br>- fair<br>- talk |
| open | Boolean | Whether it is computed as open. |
| deleted | Boolean | Whether it has been deleted. |

## Response 400

Something is wrong.

# List events

Deleted events are not listed unless with_deleted is true.

`GET /events`

## Query parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| with_deleted | No | Boolean | Whether deleted events are listed too.<br>Default value: false |

## Response 200

| Parameter | Type | Description |
|---|---|---|
| events | Array of Event objects | The events. |

### Event

| Parameter | Type | Description |
|---|---|---|
| id | String | The id. |
| title | String | The title. |
| deleted | Boolean | Whether it has been deleted. |

## Response 400

Something is wrong.

# Show an event

`GET /events/{event_id}`

## Response 200

| Parameter | Type | Description |
|---|---|---|
| id | String | The id. |
| title | String | The title. |
| kind | String | The format.<br>Enumeration values:<br>- fair<br>- talk |
| open | Boolean | Whether it is computed as open. |
| deleted | Boolean | Whether it has been deleted. |

## Response 404

There is no such event, or it has been deleted.

# Delete an event

`DELETE /events/{event_id}`

## Response 204

It has been deleted.

## Response 404

There is no such event, or it has been deleted.

# Restore an event

`POST /events/{event_id}/restore`

## Response 200

| Parameter | Type | Description |
|---|---|---|
| id | String | The id. |
| title | String | The title. |
| deleted | Boolean | Whether it has been deleted. |

## Response 404

There is no such event.

## Response 409

The event has not been deleted.
";

fn refusal(status: u16) -> Reply {
    let reply = Reply::json(status, &Value::Null);
    if status == 405 {
        return reply.with("Allow", "GET, POST, PUT, DELETE");
    }
    reply
}

/// A service with one fault at most, and what it keeps.
struct Kept {
    fault: &'static str,
    all: BTreeMap<String, Map<String, Value>>,
}

impl Kept {
    fn answering(
        fault: &'static str,
        answer: fn(&mut Self, &Received) -> Reply,
    ) -> Box<dyn Fn(&Received) -> Reply + Send + Sync> {
        let kept = Mutex::new(Self {
            fault,
            all: BTreeMap::new(),
        });
        Box::new(move |request| answer(&mut kept.lock().unwrap(), request))
    }

    fn is(&self, fault: &str) -> bool {
        self.fault == fault
    }

    fn new_id(&self) -> String {
        format!("{:08x}", self.all.len() * 7_919 + 0x0d0f_0b05)
    }

    fn events(&mut self, request: &Received) -> Reply {
        let (path, query) = parted(request);
        match (request.method.as_str(), path.as_slice()) {
            ("POST", ["events"]) => self.create_event(request),
            ("GET" | "HEAD", ["events"]) => {
                let with_deleted = match query {
                    "" | "with_deleted=false" => false,
                    "with_deleted=true" => true,
                    _ => return refusal(400),
                };
                let shown = self.all.values();
                let shown = shown.filter(|own| {
                    with_deleted || self.fault == "listed" || own["deleted"] == json!(false)
                });
                Reply::json(200, &json!({ "events": shown.collect::<Vec<_>>() }))
            }
            ("GET" | "HEAD", ["events", id]) => match self.all.get(*id) {
                Some(own) if own["deleted"] == json!(false) || self.is("shown") => {
                    Reply::json(200, &json!(own))
                }
                _ => refusal(404),
            },
            ("DELETE", ["events", id]) => match self.all.get_mut(*id) {
                Some(own) if own["deleted"] == json!(false) => {
                    own.insert("deleted".to_owned(), json!(true));
                    Reply::json(204, &Value::Null)
                }
                _ => refusal(404),
            },
            ("POST", ["events", id, "restore"]) => {
                let (is_lax, is_lost) = (self.is("lax"), self.is("lost"));
                let Some(own) = self.all.get_mut(*id) else {
                    return refusal(404);
                };
                if own["deleted"] == json!(false) && !is_lax {
                    return refusal(409);
                }
                let mut restored = own.clone();
                restored.insert("deleted".to_owned(), json!(false));
                if !is_lost {
                    own.clone_from(&restored);
                }
                Reply::json(200, &json!(restored))
            }
            (_, ["events"] | ["events", _] | ["events", _, "restore"]) => refusal(405),
            _ => refusal(404),
        }
    }

    fn create_event(&mut self, request: &Received) -> Reply {
        let Some(sent) = body(request) else {
            return refusal(400);
        };
        let Some(title) = text(&sent, "title", 30) else {
            return refusal(400);
        };
        let kind = sent.get("kind").cloned().unwrap_or(json!("fair"));
        let open = sent.get("open").cloned().unwrap_or(json!(true));
        if ![json!("fair"), json!("talk")].contains(&kind) || !open.is_boolean() {
            return refusal(400);
        }
        let id = self.new_id();
        let kind = if self.is("kind") { json!("fair") } else { kind };
        let open = if self.is("open") { json!(true) } else { open };
        let event =
            json!({ "id": id, "title": title, "kind": kind, "open": open, "deleted": false });
        self.all.insert(id, event.as_object().cloned().unwrap());
        Reply::json(201, &event)
    }

    fn notes(&mut self, request: &Received) -> Reply {
        let (path, _) = parted(request);
        match (request.method.as_str(), path.as_slice()) {
            ("POST", ["notes"]) => {
                let sent = body(request);
                let name = sent.as_ref().and_then(|sent| text(sent, "name", 16));
                let Some(name) = name else {
                    return refusal(400);
                };
                if self.all.values().any(|own| own["name"] == json!(name)) {
                    return refusal(409);
                }
                let id = self.new_id();
                let note = json!({ "id": id, "name": name, "due": null, "version": 1 });
                self.all.insert(id, note.as_object().cloned().unwrap());
                Reply::json(201, &note)
            }
            ("GET" | "HEAD", ["notes", id]) => match self.all.get(*id) {
                Some(own) => Reply::json(200, &json!(own)).with("ETag", &self.tag(own)),
                None => refusal(404),
            },
            ("PUT", ["notes", id]) => self.change_note(id, request),
            (_, ["notes"] | ["notes", _]) => refusal(405),
            _ => refusal(404),
        }
    }

    /// The entity tag of a note.
    fn tag(&self, note: &Map<String, Value>) -> String {
        let version = if self.is("tag") {
            &json!(1)
        } else {
            &note["version"]
        };
        format!("\"{}-{version}\"", note["id"].as_str().unwrap())
    }

    fn change_note(&mut self, id: &str, request: &Received) -> Reply {
        let Some(mut note) = self.all.get(id).cloned() else {
            return refusal(404);
        };
        let Some(sent) = body(request) else {
            return refusal(400);
        };
        let Some(name) = text(&sent, "name", 16) else {
            return refusal(400);
        };
        let mut others = self.all.iter().filter(|(known, _)| *known != id);
        if others.any(|(_, own)| own["name"] == json!(name)) {
            return refusal(409);
        }
        note.insert("name".to_owned(), json!(name));
        match sent.get("due") {
            None => {}
            Some(Value::Null) if self.is("due") => {}
            Some(Value::Null) => {
                note.insert("due".to_owned(), Value::Null);
            }
            Some(_) => match text(&sent, "due", 20) {
                Some(due) => {
                    note.insert("due".to_owned(), json!(due));
                }
                None => return refusal(400),
            },
        }
        note.insert(
            "version".to_owned(),
            json!(note["version"].as_i64().unwrap() + 1),
        );
        if self.is("name") {
            return Reply::json(200, &json!(note));
        }
        if self.is("id") {
            self.all.remove(id);
            let new = format!("{:08x}", self.all.len() * 6_007 + 0x0a0a_0b0b);
            note.insert("id".to_owned(), json!(new));
            self.all.insert(new, note.clone());
        } else {
            self.all.insert(id.to_owned(), note.clone());
        }
        Reply::json(200, &json!(note))
    }
}

/// The parts of a request's path, and its query.
fn parted(request: &Received) -> (Vec<&str>, &str) {
    let target = request.target.as_str();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    (path.trim_start_matches('/').split('/').collect(), query)
}

fn body(request: &Received) -> Option<Map<String, Value>> {
    let kind = request.header("content-type")?;
    let is_json = kind.starts_with("application/json");
    let read = serde_json::from_slice(&request.body).ok();
    read.filter(|_| is_json)
}

fn text<'b>(body: &'b Map<String, Value>, name: &str, most: usize) -> Option<&'b str> {
    let text = body.get(name)?.as_str()?;
    (1..=most).contains(&text.chars().count()).then_some(text)
}

#[rstest]
#[case::right("", &[])]
#[case::listed("listed", &["relation::lifecycle::delete-then-gone"])]
#[case::shown("shown", &["relation::lifecycle::delete-then-gone"])]
#[case::lax("lax", &["relation::lifecycle::act-again"])]
#[case::lost("lost", &["relation::lifecycle::act-is-shown"])]
#[case::kind("kind", &["relation::echo::same"])]
#[case::open("open", &["relation::echo::same"])]
fn what_is_deleted_is_hidden_and_comes_back(
    #[case] fault: &'static str,
    #[case] expected: &[&str],
) {
    let ran = try_page(EVENTS, &[], Kept::answering(fault, Kept::events));
    assert_eq!(ran.broken(), expected, "{}", ran.text);
    assert_eq!(ran.code, i32::from(!expected.is_empty()), "{}", ran.text);
}

/// The page of notes that have versions and names that are unique.
const NOTES: &str = "---
service: notes
operation: Notes
edition: 2025-03-01
---

# Create a note

`POST /notes`

## Request body

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| name | Yes | String | The name. It contains 1 to 16 characters. The name must be unique. |

## Response 201

| Parameter | Type | Description |
|---|---|---|
| id | String | The id. |
| name | String | The name. |
| due | String | When it is due, or null. |
| version | Integer | The version. |

## Response 400

Something is wrong.

## Response 409

The name is taken.

# Show a note

`GET /notes/{note_id}`

## Response 200

### Response headers

| Parameter | Type | Description |
|---|---|---|
| ETag | String | The version of the note. |

### Response body

| Parameter | Type | Description |
|---|---|---|
| id | String | The id. |
| name | String | The name. |
| due | String | When it is due, or null. |
| version | Integer | The version. |

## Response 404

There is none.

# Change a note

What is left out stays as it is.

`PUT /notes/{note_id}`

## Request body

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| name | Yes | String | The name. It contains 1 to 16 characters. The name must be unique. |
| due | No | String | When it is due. It contains 1 to 20 characters. If it is null, the day is removed. |

## Response 200

| Parameter | Type | Description |
|---|---|---|
| id | String | The id. |
| name | String | The name. |
| due | String | When it is due, or null. |
| version | Integer | The version. |

## Response 400

Something is wrong.

## Response 404

There is none.

## Response 409

The name is taken.
";

#[rstest]
#[case::right("", &[])]
#[case::another_id("id", &["relation::lifecycle::update-changes-this-alone"])]
#[case::the_same_tag("tag", &["relation::lifecycle::update-changes-this-alone"])]
#[case::not_kept("name", &["relation::lifecycle::update-changes-this-alone"])]
#[case::null("due", &["relation::lifecycle::null-takes-away"])]
fn a_change_is_one_of_what_it_names(#[case] fault: &'static str, #[case] expected: &[&str]) {
    let ran = try_page(NOTES, &[], Kept::answering(fault, Kept::notes));
    let broken = ran.broken();
    let is_found = |fact: &&&str| broken.iter().any(|own| own == **fact);
    assert_eq!(
        expected.iter().filter(is_found).count(),
        expected.len(),
        "{}",
        ran.text
    );
    assert_eq!(ran.code, i32::from(!expected.is_empty()), "{}", ran.text);
}
