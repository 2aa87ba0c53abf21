//! What is refused: items alone, fields without others, bodies of another form, times.

use std::collections::BTreeMap;

use rstest::rstest;
use serde_json::{Value, json};

use super::{Kept, assert_found, is_text, keeping, refusal, sent};
use crate::support::{Received, Reply};

const IMPORT: &str = "# Import contacts

Each contact is looked at alone: what is right is stored, what is wrong is refused.

`POST /contacts/import`

## Request body

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| contacts | Yes | Array of Contact objects | 1 to 5 items. |

Contact

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| name | Yes | String | The name. It contains 1 to 20 characters. |

## Response 200

| Parameter | Type | Description |
|---|---|---|
| results | Array of Result objects | One for each contact. |

Result

| Parameter | Type | Description |
|---|---|---|
| status | String | What was done.<br>Enumeration values:<br>- created<br>- error |

## Response 400

The request as a whole is not understood.
";

fn import(fault: &str, _: &mut Kept, request: &Received, path: &[&str]) -> Reply {
    if path != ["contacts", "import"] {
        return refusal(404);
    }
    if request.method != "POST" {
        return refusal(405);
    }
    let contacts = sent(request).and_then(|own| own.get("contacts")?.as_array().cloned());
    let Some(contacts) = contacts.filter(|own| (1..=5).contains(&own.len())) else {
        return refusal(400);
    };
    let is_right = |own: &Value| own.get("name").is_some_and(|name| is_text(name, 20));
    let result = |own: &Value| {
        if is_right(own) || fault == "taken" {
            json!({ "status": "created" })
        } else {
            json!({ "status": "error" })
        }
    };
    let results: Vec<Value> = contacts.iter().map(result).collect();
    Reply::json(200, &json!({ "results": results }))
}

#[rstest]
#[case::right("", &[])]
#[case::taken("taken", &["request.contacts[].name::maxLength"])]
fn an_item_is_refused_alone(#[case] fault: &'static str, #[case] expected: &[&str]) {
    assert_found(IMPORT, keeping(fault, import), expected);
}

const TOGETHER: &str = "# Create an alert

`POST /alerts`

## Request body

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| name | Yes | String | The name. It contains 1 to 40 characters. |
| threshold | No | Integer | 1 to 100. |
| window | No | Integer | 1 to 60. Only allowed together with threshold. |

## Response 201

| Parameter | Type | Description |
|---|---|---|
| id | String | The id. |

## Response 400

Something is wrong.
";

fn alerts(fault: &str, _: &mut Kept, request: &Received, path: &[&str]) -> Reply {
    match (request.method.as_str(), path) {
        ("POST", ["alerts"]) => {}
        (_, ["alerts"]) => return refusal(405),
        _ => return refusal(404),
    }
    let own = sent(request).unwrap_or_default();
    let is_within = |name: &str, most: f64| {
        let value = own.get(name).map(|value| value.as_f64().unwrap_or(-1.0));
        value.is_none_or(|value| value.fract() == 0.0 && (1.0..=most).contains(&value))
    };
    let is_alone = own.contains_key("window") && !own.contains_key("threshold");
    let is_right = own.get("name").is_some_and(|name| is_text(name, 40))
        && is_within("threshold", 100.0)
        && is_within("window", 60.0)
        && (!is_alone || fault == "alone");
    if is_right {
        Reply::json(201, &json!({ "id": "a1" }))
    } else {
        refusal(400)
    }
}

#[rstest]
#[case::right("", &[])]
#[case::alone("alone", &["request.window::if"])]
fn a_field_goes_only_together_with_another(#[case] fault: &'static str, #[case] expected: &[&str]) {
    assert_found(TOGETHER, keeping(fault, alerts), expected);
}

const SHAPES: &str = "# Create a shape

`POST /shapes`

## Request body

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| kind | Yes | String | The kind.<br>Enumeration values:<br>- circle |
| radius | Yes | Integer | 1 to 9. |

## Response 201

| Parameter | Type | Description |
|---|---|---|
| id | String | The id. |

## Response 400

Something is wrong.

## Example request

```
POST /shapes

{\"kind\": \"circle\", \"radius\": 2}
```

```
POST /shapes

{\"kind\": \"square\", \"width\": 2}
```
";

fn shapes(fault: &str, _: &mut Kept, request: &Received, path: &[&str]) -> Reply {
    match (request.method.as_str(), path) {
        ("POST", ["shapes"]) => {}
        (_, ["shapes"]) => return refusal(405),
        _ => return refusal(404),
    }
    let own = sent(request).unwrap_or_default();
    let is_size = |name: &str| {
        let value = own.get(name).and_then(Value::as_f64);
        value.is_some_and(|value| value.fract() == 0.0 && (1.0..=9.0).contains(&value))
    };
    let is_right = match own.get("kind").and_then(Value::as_str) {
        Some("circle") => is_size("radius"),
        Some("square") => is_size("width"),
        _ => fault == "any",
    };
    if is_right {
        Reply::json(201, &json!({ "id": "s1" }))
    } else {
        refusal(400)
    }
}

#[rstest]
#[case::right("", &[])]
#[case::any("any", &["request.kind::enum"])]
fn an_example_may_be_of_another_body(#[case] fault: &'static str, #[case] expected: &[&str]) {
    assert_found(SHAPES, keeping(fault, shapes), expected);
}

const EVENTS: &str = "# List events

`GET /events`

## Query parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| since | No | String (date-time) | Events at this time or later. |
| until | No | String (date-time) | Events before this time. |

## Response 200

| Parameter | Type | Description |
|---|---|---|
| events | Array of Event objects | The events. |

Event

| Parameter | Type | Description |
|---|---|---|
| id | String | The id. |
| happened_at | String | When it happened. |

```json
{\"events\": [{\"id\": \"e1\", \"happened_at\": \"2026-03-01T08:00:00Z\"}]}
```

## Response 400

Something is wrong.
";

fn events(fault: &str, _: &mut Kept, request: &Received, path: &[&str]) -> Reply {
    match (request.method.as_str(), path) {
        ("GET" | "HEAD", ["events"]) => {}
        (_, ["events"]) => return refusal(405),
        _ => return refusal(404),
    }
    let query = request
        .target
        .split_once('?')
        .map_or("", |(_, query)| query);
    let mut ends = BTreeMap::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = value.replace("%3A", ":").replace("%2B", "+");
        if value.parse::<jiff::Timestamp>().is_err() {
            return refusal(400);
        }
        ends.insert(name.to_owned(), value.parse::<jiff::Timestamp>().unwrap());
    }
    let is_within = |at: &str| {
        let at: jiff::Timestamp = at.parse().unwrap();
        let is_late = |since: &jiff::Timestamp| at > *since || at == *since && fault != "late";
        ends.get("since").is_none_or(is_late)
            && (fault == "endless" || ends.get("until").is_none_or(|until| at < *until))
    };
    let all = (1..7).map(|day| format!("2026-03-0{day}T08:00:00Z"));
    let shown = all.filter(|at| is_within(at)).map(|at| {
        let id = &at[8..10];
        json!({ "id": id, "happened_at": at })
    });
    Reply::json(200, &json!({ "events": shown.collect::<Vec<_>>() }))
}

#[rstest]
#[case::right("", &[])]
#[case::late("late", &["relation::range::ends"])]
#[case::endless("endless", &["relation::range::within"])]
fn events_lie_between_two_times(#[case] fault: &'static str, #[case] expected: &[&str]) {
    assert_found(EVENTS, keeping(fault, events), expected);
}
