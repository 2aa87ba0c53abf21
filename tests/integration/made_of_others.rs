//! Numbers that are computed from others, acts that are done, ids that grow, changes of a part: a
//! right service is let alone, and each breach is found.

use std::collections::BTreeMap;
use std::sync::Mutex;

use rstest::rstest;
use serde_json::{Map, Value, json};

use super::support::small::try_page;
use super::support::{Received, Reply};

/// The page of a service of parcels.
const PARCELS: &str = "---
service: post
operation: Parcels
edition: 2025-03-01
---

# Create a parcel

`POST /parcels`

## Request body

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| address | Yes | String | The address. It contains 1 to 30 characters. |
| items | Yes | Array of Item objects | The items.<br>Array length: 1 to 3 |

### Item

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| price | Yes | Integer | The price. The value ranges from 1 to 50. |
| count | Yes | Integer | How many. The value ranges from 1 to 9. |

## Response 201

| Parameter | Type | Description |
|---|---|---|
| id | Integer | The id. Each parcel has a greater number than those before it. |
| address | String | The address. |
| value | Integer | The sum of price times count over all items. |
| items | Array of Line objects | The items. |
| state | String | The state.<br>Enumeration values:<br>- new<br>- packed<br>- sent |

### Line

| Parameter | Type | Description |
|---|---|---|
| price | Integer | The price. |
| count | Integer | How many. |
| amount | Integer | The price times the count. |

## Response 400

Something is wrong.

# Show a parcel

`GET /parcels/{id}`

## Response 200

| Parameter | Type | Description |
|---|---|---|
| id | Integer | The id. |
| address | String | The address. |
| state | String | The state.<br>Enumeration values:<br>- new<br>- packed<br>- sent |

## Response 404

There is none.

# Change a parcel

What is not given stays as it is.

`PATCH /parcels/{id}`

## Request body

| Parameter | Type | Description |
|---|---|---|
| address | String | The address. It contains 1 to 30 characters. |
| note | String | A note. It contains 1 to 30 characters. |

## Response 200

| Parameter | Type | Description |
|---|---|---|
| id | Integer | The id. |
| address | String | The address. |

## Response 400

Something is wrong.

## Response 404

There is none.

# Pack a parcel

The status of the parcel becomes packed.

`POST /parcels/{id}/pack`

## Response 200

| Parameter | Type | Description |
|---|---|---|
| id | Integer | The id. |
| state | String | The state.<br>Enumeration values:<br>- new<br>- packed<br>- sent |

## Response 404

There is none.

## Response 409

The state is not new.

# Send a parcel

The state of the parcel becomes sent.

`POST /parcels/{id}/send`

## Response 200

| Parameter | Type | Description |
|---|---|---|
| id | Integer | The id. |
| state | String | The state.<br>Enumeration values:<br>- new<br>- packed<br>- sent |

## Response 404

There is none.

## Response 409

The state is not packed.
";

fn refusal(status: u16) -> Reply {
    let mut reply = Reply::json(status, &Value::Null);
    if status == 405 {
        reply = reply.with("Allow", "GET, POST, PATCH");
    }
    reply
}

/// A service of parcels, with one fault at most.
struct Post {
    fault: &'static str,
    parcels: BTreeMap<i64, Map<String, Value>>,
}

impl Post {
    fn answer(&mut self, request: &Received) -> Reply {
        let path = request.target.split('?').next().unwrap_or_default();
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        match (request.method.as_str(), parts.as_slice()) {
            ("POST", ["parcels"]) => self.create(request),
            ("GET" | "HEAD", ["parcels", id]) => match self.parcel(id) {
                Some(parcel) => Reply::json(200, &Value::Object(parcel.clone())),
                None => refusal(404),
            },
            ("PATCH", ["parcels", id]) => self.change(id, request),
            ("POST", ["parcels", id, "pack"]) => self.act(id, "new", "packed"),
            ("POST", ["parcels", id, "send"]) => self.act(id, "packed", "sent"),
            (_, ["parcels"] | ["parcels", _] | ["parcels", _, "pack" | "send"]) => refusal(405),
            _ => refusal(404),
        }
    }

    fn parcel(&mut self, id: &str) -> Option<&mut Map<String, Value>> {
        self.parcels.get_mut(&id.parse().ok()?)
    }

    fn create(&mut self, request: &Received) -> Reply {
        let Some(sent) = body(request) else {
            return refusal(400);
        };
        let (Some(address), Some(items)) = (text(sent.get("address")), lines(sent.get("items")))
        else {
            return refusal(400);
        };
        let is = |fault: &str| self.fault == fault;
        let sum: i64 = items.iter().map(|(price, count)| price * count).sum();
        let items: Vec<Value> = items
            .iter()
            .map(|(price, count)| {
                let amount = if is("amount") {
                    *price + 99
                } else {
                    price * count
                };
                json!({ "price": price, "count": count, "amount": amount })
            })
            .collect();
        let number = i64::try_from(self.parcels.len()).unwrap();
        let id = if is("down") {
            100_000 - number
        } else {
            1 + number
        };
        let value = if is("value") { sum + 1 } else { sum };
        let parcel = json!({
            "id": id, "address": address, "value": value, "items": items, "state": "new",
        });
        let mut kept = parcel.as_object().cloned().unwrap();
        kept.insert("note".to_owned(), json!("none"));
        self.parcels.insert(id, kept);
        Reply::json(201, &parcel)
    }

    fn change(&mut self, id: &str, request: &Received) -> Reply {
        let fault = self.fault;
        let Some(parcel) = self.parcel(id) else {
            return refusal(404);
        };
        let Some(sent) = body(request) else {
            return refusal(400);
        };
        let mut changed = parcel.clone();
        for name in ["address", "note"] {
            match (sent.get(name), text(sent.get(name))) {
                (None, _) => {}
                (Some(_), Some(text)) => {
                    changed.insert(name.to_owned(), Value::from(text));
                }
                (Some(_), None) => return refusal(400),
            }
        }
        if fault != "unchanged" {
            parcel.clone_from(&changed);
        }
        Reply::json(200, &Value::Object(changed))
    }

    fn act(&mut self, id: &str, before: &str, after: &str) -> Reply {
        let fault = self.fault;
        let Some(parcel) = self.parcel(id) else {
            return refusal(404);
        };
        let is_ready = parcel.get("state") == Some(&Value::from(before));
        if !is_ready && fault != "again" {
            return refusal(409);
        }
        let mut done = parcel.clone();
        done.insert("state".to_owned(), Value::from(after));
        if !(fault == "unsent" && after == "sent" || fault == "unpacked" && after == "packed") {
            parcel.clone_from(&done);
        }
        Reply::json(200, &Value::Object(done))
    }
}

fn body(request: &Received) -> Option<Map<String, Value>> {
    let kind = request.header("content-type")?;
    let is_json = kind.starts_with("application/json");
    serde_json::from_slice(&request.body)
        .ok()
        .filter(|_| is_json)
}

fn text(value: Option<&Value>) -> Option<&str> {
    let text = value?.as_str()?;
    (1..=30).contains(&text.chars().count()).then_some(text)
}

fn lines(value: Option<&Value>) -> Option<Vec<(i64, i64)>> {
    let items = value?.as_array()?;
    let number = |item: &Value, name: &str, most: i64| {
        let number = item.get(name)?.as_f64()?;
        let mut all = 1..=most;
        all.find(|whole| Value::from(*whole).as_f64() == Some(number))
    };
    let all = items
        .iter()
        .map(|item| Some((number(item, "price", 50)?, number(item, "count", 9)?)));
    let all: Option<Vec<(i64, i64)>> = all.collect();
    all.filter(|all| (1..=3).contains(&all.len()))
}

#[rstest]
#[case::right("", &[])]
#[case::amount("amount", &["response-201.items[].amount::computed"])]
#[case::value("value", &["response-201.value::computed"])]
#[case::down("down", &["relation::echo::unique"])]
#[case::unchanged("unchanged", &["relation::lifecycle::update-changes-this-alone"])]
#[case::unpacked("unpacked", &["relation::lifecycle::act-is-shown"])]
#[case::unsent("unsent", &["relation::lifecycle::act-is-shown"])]
#[case::again("again", &["relation::lifecycle::act-again", "relation::lifecycle::act-again"])]
fn a_service_of_parcels_does_what_its_page_says(
    #[case] fault: &'static str,
    #[case] expected: &[&str],
) {
    let post = Mutex::new(Post {
        fault,
        parcels: BTreeMap::new(),
    });
    let ran = try_page(
        PARCELS,
        &[],
        Box::new(move |request| post.lock().unwrap().answer(request)),
    );
    assert_eq!(ran.broken(), expected, "{}", ran.text);
    assert_eq!(ran.code, i32::from(!expected.is_empty()), "{}", ran.text);
}

/// The page of a list of books, of which those with some ids may be asked for.
const BOOKS: &str = "---
service: shelf
operation: Books
edition: 2025-03-01
---

# List books

`GET /books`

## Query parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| ids | No | String | Only the books with these ids, separated by commas, for example, ids=1,2. |
| page | No | Integer | The page, 3 books each. |
| count_only | No | Boolean | Return only the number of books. |
| limit | No | Integer | How many books a page has, from 1 to 50; 0 lists all. Default: 3 |

## Response 200

| Parameter | Type | Description |
|---|---|---|
| [Array element] | Array of Book objects | The books. |

### Book

| Parameter | Type | Description |
|---|---|---|
| id | Integer | The id. |
| title | String | The title. |

## Response 400

Something is wrong.
";

fn books(request: &Received) -> Reply {
    let (path, query) = request
        .target
        .split_once('?')
        .unwrap_or((&request.target, ""));
    if path != "/books" {
        return refusal(404);
    }
    if !matches!(request.method.as_str(), "GET" | "HEAD") {
        return refusal(405);
    }
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let given = |name: &str| {
        let mut own = pairs.iter().filter(|(known, _)| known == name);
        own.next_back().map(|(_, value)| value.as_str())
    };
    let mut ids: Vec<usize> = (1..=7).collect();
    if let Some(text) = given("ids") {
        let asked: Result<Vec<usize>, _> = text.split(',').map(str::parse).collect();
        let Ok(asked) = asked else {
            return refusal(400);
        };
        ids.retain(|id| asked.contains(id));
    }
    match given("count_only") {
        None | Some("false") => {}
        Some("true") => return Reply::json(200, &json!({ "count": ids.len() })),
        Some(_) => return refusal(400),
    }
    let number = |name: &str, default: usize| match given(name) {
        None => Some(default),
        Some(text) => text.parse::<usize>().ok(),
    };
    let (Some(limit @ 0..=50), Some(page @ 1..)) = (number("limit", 3), number("page", 1)) else {
        return refusal(400);
    };
    let limit = if limit == 0 { ids.len().max(1) } else { limit };
    let start = (page - 1).saturating_mul(limit);
    // A page beyond the last is none.
    if page > 1 && start >= ids.len() {
        return refusal(400);
    }
    let shown = ids.iter().skip(start).take(limit);
    let books: Vec<Value> = shown
        .map(|id| json!({ "id": id, "title": format!("Book {id}") }))
        .collect();
    Reply::json(200, &Value::from(books))
}

/// What a parameter says of another kind of answer, and of all items at once, is held against nobody.
#[test]
fn a_list_is_left_in_peace() {
    let ran = try_page(BOOKS, &[], Box::new(books));
    assert_eq!(ran.broken(), Vec::<String>::new(), "{}", ran.text);
    assert_eq!(ran.code, 0, "{}", ran.text);
}

/// The page of an import whose answer tells of each item what became of it.
const IMPORT: &str = "---
service: list
operation: ImportContacts
edition: 2025-03-01
---

# Import contacts

`POST /contacts/import`

## Request body

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| [items] | Yes | Array of Contact objects | The contacts.<br>Array length: 1 to 4 |

### Contact

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| name | Yes | String | The name. It contains 1 to 20 characters. |

## Response 207

| Parameter | Type | Description |
|---|---|---|
| results | Array of Result objects | One result for each contact. |

### Result

| Parameter | Type | Description |
|---|---|---|
| status | Integer | 201 if it was made, 422 if it is wrong. |

## Response 400

The body is no array, or has 0 or more than 4 contacts.
";

fn import(fault: &str, request: &Received) -> Reply {
    if request.target.split('?').next() != Some("/contacts/import") {
        return refusal(404);
    }
    if request.method != "POST" {
        return refusal(405);
    }
    let kind = request.header("content-type").unwrap_or_default();
    let sent: Option<Vec<Value>> = serde_json::from_slice(&request.body).ok();
    let sent =
        sent.filter(|all| kind.starts_with("application/json") && (1..=4).contains(&all.len()));
    let Some(sent) = sent else {
        return refusal(400);
    };
    let of = |item: &Value| {
        let name = item.get("name").and_then(Value::as_str);
        let is_right = name.is_some_and(|name| (1..=20).contains(&name.chars().count()));
        json!({ "status": if is_right || fault == "taken" { 201 } else { 422 } })
    };
    let results: Vec<Value> = sent.iter().map(of).collect();
    Reply::json(207, &json!({ "results": results }))
}

#[rstest]
#[case::right("", 0)]
#[case::taken("taken", 1)]
fn an_item_may_be_refused_by_itself(#[case] fault: &'static str, #[case] code: i32) {
    let ran = try_page(IMPORT, &[], Box::new(move |request| import(fault, request)));
    assert_eq!(ran.code, code, "{}", ran.text);
    let mut broken = ran.broken().into_iter();
    assert!(
        broken.all(|fact| fact.contains("request[]")),
        "{}",
        ran.text
    );
}
