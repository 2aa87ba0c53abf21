//! A conflict of an address, the body that every error has, what something new begins with, and the
//! names that a PUT may choose: a right service is let alone, and each breach is found.

use std::collections::BTreeMap;
use std::sync::Mutex;

use rstest::rstest;
use serde_json::{Map, Value, json};

use super::support::small::try_page;
use super::support::{Received, Reply};

/// The page of a service of feeds, and of the labels that they have.
const FEEDS: &str = "---
service: reader
operation: Feeds
edition: 2025-03-01
---

# Add a feed

`POST /feeds`

## Request body

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| url | Yes | String | The address (URL) of the feed. |

## Response 201

| Parameter | Type | Description |
|---|---|---|
| id | Integer | The id. |
| url | String | The address. |
| reads | Integer | How often it was read. It is 0 at first. |

## Response 400

| Parameter | Type | Description |
|---|---|---|
| error | Problem object | What is wrong. |

## Response 409

There is a feed of this address already.

| Parameter | Type | Description |
|---|---|---|
| error | Problem object | What is wrong. |

### Problem

| Parameter | Type | Description |
|---|---|---|
| message | String | The text. |

## Example request

```
POST https://{endpoint}/feeds

{\"url\": \"https://news.example.org/atom.xml\"}
```

# Show a feed

`GET /feeds/{id}`

## Response 200

| Parameter | Type | Description |
|---|---|---|
| id | Integer | The id. |
| url | String | The address. |
| reads | Integer | How often it was read. |

## Response 404

| Parameter | Type | Description |
|---|---|---|
| error | Problem object | What is wrong. |

### Problem

| Parameter | Type | Description |
|---|---|---|
| message | String | The text. |

# Set a label

Creates the label, or replaces it.

`PUT /labels/{name}`

## Path parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| name | Yes | String | The name. It contains 3 to 12 lowercase letters and digits and begins with a letter. |

## Request body

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| colour | Yes | String | The colour: six hexadecimal digits. |

## Response 200

| Parameter | Type | Description |
|---|---|---|
| name | String | The name. |
| colour | String | The colour. |

## Response 201

| Parameter | Type | Description |
|---|---|---|
| name | String | The name. |
| colour | String | The colour. |

## Response 400

| Parameter | Type | Description |
|---|---|---|
| error | Problem object | What is wrong. |

### Problem

| Parameter | Type | Description |
|---|---|---|
| message | String | The text. |

# Show a label

`GET /labels/{name}`

## Path parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| name | Yes | String | The name. |

## Response 200

| Parameter | Type | Description |
|---|---|---|
| name | String | The name. |
| colour | String | The colour. |

## Response 404

| Parameter | Type | Description |
|---|---|---|
| error | Problem object | What is wrong. |

### Problem

| Parameter | Type | Description |
|---|---|---|
| message | String | The text. |
";

/// A service of feeds, with one fault at most.
struct Reader {
    fault: &'static str,
    feeds: Vec<String>,
    labels: BTreeMap<String, String>,
}

impl Reader {
    fn is(&self, fault: &str) -> bool {
        self.fault == fault
    }

    fn refusal(&self, status: u16) -> Reply {
        let body = if self.is("flat") {
            json!({ "message": "no" })
        } else {
            json!({ "error": { "message": "no" } })
        };
        let reply = Reply::json(status, &body);
        match status {
            405 => reply.with("Allow", "GET, POST, PUT"),
            _ => reply,
        }
    }

    fn answer(&mut self, request: &Received) -> Reply {
        let path = request
            .target
            .split('?')
            .next()
            .unwrap_or_default()
            .to_owned();
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        match (request.method.as_str(), parts.as_slice()) {
            ("POST", ["feeds"]) => self.add(request),
            ("GET" | "HEAD", ["feeds", id]) => {
                let at = id.parse::<usize>().ok().and_then(|id| id.checked_sub(1));
                match at.and_then(|at| Some((at, self.feeds.get(at)?))) {
                    Some((at, url)) => {
                        Reply::json(200, &json!({ "id": at + 1, "url": url, "reads": 0 }))
                    }
                    None => self.refusal(404),
                }
            }
            ("PUT", ["labels", name]) => self.set(name, request),
            ("GET" | "HEAD", ["labels", name]) => match self.labels.get(*name) {
                Some(colour) => Reply::json(200, &json!({ "name": name, "colour": colour })),
                None => self.refusal(404),
            },
            (_, ["feeds" | "labels"] | ["feeds" | "labels", _]) => self.refusal(405),
            _ => self.refusal(404),
        }
    }

    fn add(&mut self, request: &Received) -> Reply {
        let sent = sent(request);
        let url = sent.as_ref().and_then(|sent| sent.get("url")?.as_str());
        let Some(url) = url.filter(|url| url.starts_with("https://") && url.len() < 2_000) else {
            return self.refusal(400);
        };
        if self.feeds.iter().any(|known| known == url) && !self.is("twice") {
            return self.refusal(409);
        }
        self.feeds.push(url.to_owned());
        let reads = i32::from(self.is("read"));
        let id = self.feeds.len();
        Reply::json(201, &json!({ "id": id, "url": url, "reads": reads }))
    }

    fn set(&mut self, name: &str, request: &Received) -> Reply {
        let is_small = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let is_name = (3..=12).contains(&name.len())
            && name.chars().all(is_small)
            && name.starts_with(|c: char| c.is_ascii_lowercase());
        let sent = sent(request);
        let colour = sent.as_ref().and_then(|sent| sent.get("colour")?.as_str());
        let digits = if self.is("long") { 6..=7 } else { 6..=6 };
        let is_colour = |colour: &&str| {
            digits.contains(&colour.len()) && colour.chars().all(|c| c.is_ascii_hexdigit())
        };
        let Some(colour) = colour.filter(is_colour) else {
            return self.refusal(400);
        };
        let is_any = self.is("any") && name.chars().all(|c| c.is_ascii_alphanumeric());
        if !is_name && !is_any {
            return self.refusal(400);
        }
        let known = self.labels.insert(name.to_owned(), colour.to_owned());
        let status = if known.is_some() { 200 } else { 201 };
        Reply::json(status, &json!({ "name": name, "colour": colour }))
    }
}

fn sent(request: &Received) -> Option<Map<String, Value>> {
    let kind = request.header("content-type")?;
    let is_json = kind.starts_with("application/json");
    serde_json::from_slice(&request.body)
        .ok()
        .filter(|_| is_json)
}

#[rstest]
#[case::right("", "")]
#[case::twice("twice", "relation::lifecycle::unique")]
#[case::read("read", "response-201.reads::")]
#[case::flat("flat", "response-4")]
#[case::any("any", "path.name::pattern")]
#[case::long("long", "request.colour::pattern")]
fn a_service_of_feeds_does_what_its_page_says(#[case] fault: &'static str, #[case] expected: &str) {
    let reader = Mutex::new(Reader {
        fault,
        feeds: Vec::new(),
        labels: BTreeMap::new(),
    });
    let ran = try_page(
        FEEDS,
        &[],
        Box::new(move |request| reader.lock().unwrap().answer(request)),
    );
    let broken = ran.broken();
    let is_expected = |fact: &String| !expected.is_empty() && fact.starts_with(expected);
    assert!(broken.iter().all(is_expected), "{broken:?}\n{}", ran.text);
    assert_eq!(ran.code, i32::from(!expected.is_empty()), "{}", ran.text);
}
