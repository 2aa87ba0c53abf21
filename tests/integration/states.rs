//! What sentences of a page say of the state that an operation leaves, of fields that no body has,
//! and of parameters that are left out: a right service is let alone, and each breach is found.

use std::collections::BTreeMap;
use std::sync::Mutex;

use rstest::rstest;
use serde_json::{Value, json};

use super::by_the_letter::{asked, refusal};
use super::support::small::try_page;
use super::support::{Received, Reply};

/// The page of a service of tickets.
const TICKETS: &str = "---
service: desk
operation: Tickets
edition: 2025-03-01
---

# Open a ticket

`POST /tickets`

Opens a ticket in the state `open`. Unknown fields are rejected with 400.

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| title | Yes | String | The title. It contains 1 to 20 characters. |

## Response 201

| Parameter | Type | Description |
|---|---|---|
| id | String | The id. |
| title | String | The title. |
| state | String | The state: `open`, `closed` or `lost`. |

## Response 400

The title is missing or too long, or a field is unknown.

# Show a ticket

`GET /tickets/{ticket_id}`

## Response 200

| Parameter | Type | Description |
|---|---|---|
| id | String | The id. |
| title | String | The title. |
| state | String | The state: `open`, `closed` or `lost`. |

## Response 404

There is no such ticket.

# Close a ticket

`POST /tickets/{ticket_id}/close`

The ticket is then `closed`.

## Response 200

| Parameter | Type | Description |
|---|---|---|
| id | String | The id. |
| state | String | The state: `open`, `closed` or `lost`. |

## Response 404

There is no such ticket.

## Response 409

The ticket is not `open`.
";

/// The service of tickets, with one fault or none.
struct Desk {
    fault: &'static str,
    tickets: BTreeMap<String, (String, &'static str)>,
}

impl Desk {
    fn answer(&mut self, request: &Received) -> Reply {
        let path = request.target.split('?').next().unwrap_or_default();
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        match (request.method.as_str(), parts.as_slice()) {
            ("POST", ["tickets"]) => self.open(request),
            ("GET", ["tickets", id]) => self.tickets.get(*id).map_or_else(
                || refusal(404),
                |(title, state)| {
                    Reply::json(200, &json!({ "id": id, "title": title, "state": state }))
                },
            ),
            ("POST", ["tickets", id, "close"]) => self.close(id),
            (_, ["tickets"] | ["tickets", _, "close"]) => refusal(405).with("Allow", "POST"),
            (_, ["tickets", _]) => refusal(405).with("Allow", "GET"),
            _ => refusal(404),
        }
    }

    fn open(&mut self, request: &Received) -> Reply {
        let is_json = request
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("application/json"));
        let sent: Option<BTreeMap<String, Value>> = serde_json::from_slice(&request.body).ok();
        let Some(sent) = sent.filter(|_| is_json) else {
            return refusal(400);
        };
        let title = sent.get("title").and_then(Value::as_str);
        let title = title.filter(|title| (1..=20).contains(&title.chars().count()));
        let (Some(title), true) = (title, sent.len() == 1 || self.fault == "more") else {
            return refusal(400);
        };
        let id = format!("t-{}", self.tickets.len() + 100);
        let state = if self.fault == "born" { "lost" } else { "open" };
        self.tickets.insert(id.clone(), (title.to_owned(), "open"));
        Reply::json(201, &json!({ "id": id, "title": title, "state": state }))
    }

    fn close(&mut self, id: &str) -> Reply {
        let fault = self.fault;
        match self.tickets.get_mut(id) {
            None => refusal(404),
            Some((_, state)) if *state != "open" && fault != "again" => refusal(409),
            Some((_, state)) => {
                *state = "closed";
                let state = if fault == "same" { "open" } else { "closed" };
                Reply::json(200, &json!({ "id": id, "state": state }))
            }
        }
    }
}

#[rstest]
#[case::right("", &[])]
#[case::born("born", &["response-201.state::enum"])]
#[case::same("same", &["response-200.state::enum"])]
#[case::again("again", &["relation::lifecycle::act-again"])]
#[case::more("more", &["request::additionalProperties"])]
fn an_operation_leaves_the_state_that_a_sentence_tells(
    #[case] fault: &'static str,
    #[case] expected: &[&str],
) {
    let desk = Mutex::new(Desk {
        fault,
        tickets: BTreeMap::new(),
    });
    let ran = try_page(
        TICKETS,
        &[],
        Box::new(move |request| desk.lock().unwrap().answer(request)),
    );
    assert_eq!(ran.broken(), expected, "{}", ran.text);
    assert_eq!(ran.code, i32::from(!expected.is_empty()), "{}", ran.text);
}

/// The page of a list of which some is left out.
const SHELVES: &str = "---
service: store
operation: ListShelves
edition: 2025-03-01
---

# List shelves

`GET /shelves`

## Query parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| kind | No | String | Only shelves of this kind are listed.<br>Enumeration values:<br>- wood<br>- metal<br>Default value: wood |
| sort | No | String | The field that the list is sorted by.<br>Enumeration values:<br>- height<br>- depth<br>Default value: height |
| full | No | Boolean | Only shelves that are full are listed. |

## Response 200

| Parameter | Type | Description |
|---|---|---|
| shelves | Array of Shelf objects | The shelves. |

### Shelf

| Parameter | Type | Description |
|---|---|---|
| id | String | The id. |
| kind | String | The kind. |
| height | Integer | The height. |
| depth | Integer | The depth. |
| full | Boolean | Whether it is full. |

## Response 400

A parameter is wrong.
";

fn shelves(request: &Received, fault: &str) -> Reply {
    if request.target.split('?').next() != Some("/shelves") {
        return refusal(404);
    }
    if request.method != "GET" {
        return refusal(405).with("Allow", "GET");
    }
    let left_out = |name: &str, own: &'static str, other: &'static str| {
        let is_other = fault == format!("other {name}");
        let own = if is_other { other } else { own };
        asked(request, name).unwrap_or(own).to_owned()
    };
    let kind = left_out("kind", "wood", "metal");
    let sort = left_out("sort", "height", "depth");
    let full = asked(request, "full");
    if fault == "no metal" && kind == "metal" {
        return refusal(400);
    }
    if !["wood", "metal"].contains(&kind.as_str())
        || !["height", "depth"].contains(&sort.as_str())
        || full.is_some_and(|full| !["true", "false"].contains(&full))
    {
        return refusal(400);
    }
    let mut all: Vec<(&str, i64, i64, bool)> = (0..8)
        .map(|n| {
            (
                if n % 3 == 0 { "metal" } else { "wood" },
                n,
                20 - n,
                n % 2 == 0,
            )
        })
        .filter(|(own, ..)| *own == kind)
        .filter(|(.., is_full)| match full {
            None => true,
            Some("false") if fault == "ignored" => true,
            Some("false") if fault != "turned" => !is_full,
            Some(_) => *is_full,
        })
        .collect();
    all.sort_by_key(|(_, height, depth, _)| if sort == "depth" { *depth } else { *height });
    let all: Vec<Value> = all
        .into_iter()
        .map(|(kind, height, depth, full)| {
            json!({ "id": format!("s{height}"), "kind": kind, "height": height, "depth": depth, "full": full })
        })
        .collect();
    Reply::json(200, &json!({ "shelves": all }))
}

/// What asks for what is not full may well be as if it were not sent, and never its contrary.
#[rstest]
#[case::right("", &[])]
#[case::as_if_not_sent("ignored", &[])]
#[case::kind("other kind", &["relation::omitted::default"])]
#[case::sort("other sort", &["relation::omitted::default"])]
#[case::turned("turned", &["relation::filter::fits"])]
#[case::refused("no metal", &["query.kind::enum", "relation::filter::fits"])]
fn a_parameter_that_is_left_out_is_its_default(
    #[case] fault: &'static str,
    #[case] expected: &[&str],
) {
    let ran = try_page(
        SHELVES,
        &[],
        Box::new(move |request| shelves(request, fault)),
    );
    assert_eq!(ran.broken(), expected, "{}", ran.text);
    assert_eq!(ran.code, i32::from(!expected.is_empty()), "{}", ran.text);
}

/// The page of a search that needs a text.
const SEARCH: &str = "---
service: store
operation: SearchBooks
edition: 2025-03-01
---

# Search books

`GET /books/search`

## Query parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| q | Yes | String | The text that is searched for in the title. It contains 3 to 30 characters. |
| sort | No | String | The order.<br>Enumeration values:<br>- year<br>- -year<br>Default value: year |
| limit | No | Integer | How many are shown at most. Values above 5 are treated as 5.<br>Default value: 5 |

## Response 200

| Header | Type | Description |
|---|---|---|
| X-Count | Integer | The number of books. |

The body is an array of:

| Parameter | Type | Description |
|---|---|---|
| title | String | The title. |
| year | Integer | The year. |

## Response 400

A parameter is wrong.

## Example request

```
GET /books/search?q=river
```
";

fn books(request: &Received, fault: &str) -> Reply {
    if request.target.split('?').next() != Some("/books/search") {
        return refusal(404);
    }
    if request.method != "GET" {
        return refusal(405).with("Allow", "GET");
    }
    let limit = asked(request, "limit").map_or(Ok(5), str::parse::<usize>);
    let sort = asked(request, "sort").unwrap_or("year");
    let query = request.target.split('?').nth(1).unwrap_or_default();
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    let q = pairs.find(|(name, _)| name == "q");
    let q = q.map(|(_, q)| q.to_lowercase()).unwrap_or_default();
    if !(3..=30).contains(&q.chars().count()) {
        return refusal(400);
    }
    let (Ok(limit @ 1..), "year" | "-year") = (limit, sort) else {
        return refusal(400);
    };
    let all = [
        ("Old Rivers", 1980),
        ("The River", 1951),
        ("Driver", 1999),
        ("Hills", 1960),
    ];
    let mut found: Vec<(&str, i64)> = all
        .into_iter()
        .filter(|(title, _)| title.to_lowercase().contains(&q) || fault == "all")
        .collect();
    let is_rising = (sort == "year") != (fault == "turned");
    found.sort_by_key(|(_, year)| if is_rising { *year } else { -*year });
    let book = |(title, year): &(&str, i64)| json!({ "title": title, "year": year });
    let found: Vec<Value> = found.iter().take(limit.min(5)).map(book).collect();
    Reply::json(200, &json!(found)).with("X-Count", &found.len().to_string())
}

/// A list that needs a text is asked for by the one that is shown.
#[rstest]
#[case::right("", &[])]
#[case::all("all", &["relation::search::fits"])]
#[case::turned("turned", &["relation::sort-by::direction"])]
fn a_search_is_tried_by_the_text_that_is_shown(
    #[case] fault: &'static str,
    #[case] expected: &[&str],
) {
    let ran = try_page(SEARCH, &[], Box::new(move |request| books(request, fault)));
    assert_eq!(ran.broken(), expected, "{}", ran.text);
    assert_eq!(ran.code, i32::from(!expected.is_empty()), "{}", ran.text);
}

/// The page of a body of rows of numbers.
const GRIDS: &str = "---
service: grids
operation: CreateGrid
edition: 2025-03-01
---

# Create a grid

`POST /grids`

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| rows | Yes | Array<Array<Integer>> | The rows, 1 to 4. {SAID} |

## Response 201

| Parameter | Type | Description |
|---|---|---|
| id | String | The id. |

## Response 400

The rows are wrong.

## Example request

```
POST /grids

{ \"rows\": [[1, 2], [3, 4]] }
```
";

/// Items of the lists that a list has are of the type that is told of them, and none is made up
/// where a sentence limits them.
#[rstest]
#[case::limited("Each row has 1 to 4 numbers from 0 to 9.", 0..=9)]
#[case::of_their_type("Each row has 1 to 4 numbers.", i64::MIN..=i64::MAX)]
fn lists_of_lists_have_items_of_their_type(
    #[case] said: &str,
    #[case] range: std::ops::RangeInclusive<i64>,
) {
    let page = GRIDS.replace("{SAID}", said);
    let ran = try_page(
        &page,
        &[],
        Box::new(move |request| {
            let sent: Option<Value> = serde_json::from_slice(&request.body).ok();
            let is_json = request.header("content-type") == Some("application/json");
            let rows = sent.as_ref().and_then(|sent| sent.get("rows")?.as_array());
            let is_number = |cell: &Value| {
                let number = cell.as_f64().filter(|own| own.fract() == 0.0);
                number.is_some() && cell.as_i64().is_none_or(|own| range.contains(&own))
            };
            let is_row = |row: &Value| {
                row.as_array()
                    .is_some_and(|row| (1..=4).contains(&row.len()) && row.iter().all(is_number))
            };
            match request.method.as_str() {
                _ if request.target != "/grids" => refusal(404),
                "POST" if is_json => match rows {
                    Some(rows) if (1..=4).contains(&rows.len()) && rows.iter().all(is_row) => {
                        Reply::json(201, &json!({ "id": "g1" }))
                    }
                    _ => refusal(400),
                },
                "POST" => refusal(400),
                _ => refusal(405).with("Allow", "POST"),
            }
        }),
    );
    assert_eq!(ran.code, 0, "{}", ran.text);
}
