//! Services as common frameworks make them, described by their own documents: a create that answers
//! with its address alone, a `PUT` that stores without an answer, lists with brackets in their
//! queries. The right ones are silent, and each breach is found.

use std::collections::BTreeMap;
use std::sync::Mutex;

use rstest::rstest;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::support::docproof;
use super::support::small::Small;
use super::support::{Received, Reply};

/// What a run of a document comes to: the findings that fail it, and what is told.
fn found(
    document: &Value,
    act: impl Fn(&Received) -> Reply + Send + Sync + 'static,
) -> (Vec<Value>, String) {
    let server = Small::start(Box::new(act));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document.to_string()).unwrap();
    let arguments = ["run", "api.json", "--endpoint", &server.url];
    let told = docproof(
        folder.path(),
        arguments
            .into_iter()
            .chain(["--report", "json=report.json"]),
    );
    let report = std::fs::read_to_string(folder.path().join("report.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    let mut findings = report["findings"].as_array().unwrap().clone();
    findings.retain(|finding| finding["level"] != "may");
    (findings, told.text())
}

/// The facts of findings, without the service.
fn facts(findings: &[Value]) -> Vec<String> {
    let fact = |finding: &Value| {
        let fact = finding["fact"].as_str().unwrap();
        fact.split_once("::").unwrap().1.to_owned()
    };
    findings.iter().map(fact).collect()
}

fn refusal(status: u16) -> Reply {
    Reply::json(status, &json!({ "message": "no" }))
}

fn refused() -> Value {
    let schema = json!({ "type": "object", "required": ["message"],
        "properties": { "message": { "type": "string" } } });
    json!({ "description": "Refused.", "content": { "application/json": { "schema": schema } } })
}

fn answer(schema: &Value) -> Value {
    json!({ "description": "Done.", "content": { "application/json": { "schema": schema } } })
}

fn body(schema: &Value) -> Value {
    json!({ "required": true, "content": { "application/json": { "schema": schema } } })
}

fn parameter(name: &str, place: &str, schema: &Value) -> Value {
    json!({ "name": name, "in": place, "required": place == "path", "schema": schema })
}

/// Customers, and orders that a `PUT` below one stores under a number of the caller's.
fn shop() -> Value {
    let text = json!({ "type": "string", "maxLength": 12 });
    let fields = json!({ "name": { "type": "string", "minLength": 1, "maxLength": 40 },
        "city": text, "street": text, "remark": text });
    let customer = json!({ "type": "object", "required": ["name"], "properties": fields.clone() });
    let mut shown = customer.clone();
    shown["properties"]["id"] = json!({ "type": "integer" });
    let amount = json!({ "type": "integer", "minimum": 0, "maximum": 9_000 });
    let order = json!({ "type": "object", "required": ["amount"],
        "properties": { "amount": amount } });
    let id = parameter(
        "id",
        "path",
        &json!({ "type": "integer", "format": "int64" }),
    );
    let number = parameter("orderNo", "path", &text);
    json!({
        "openapi": "3.0.1",
        "info": { "title": "Shop", "version": "1" },
        "paths": {
            "/customers": { "post": {
                "operationId": "create",
                "requestBody": body(&customer),
                "responses": { "400": refused(), "201": { "description": "Created",
                    "headers": { "Location": { "schema": { "type": "string" } } } } },
            } },
            "/customers/{id}": {
                "parameters": [id],
                "get": { "operationId": "show",
                    "responses": { "200": answer(&shown), "400": refused(), "404": refused() } },
                "delete": { "operationId": "remove", "responses": {
                    "204": { "description": "Gone" }, "400": refused(), "404": refused() } },
            },
            "/customers/{id}/orders/{orderNo}": {
                "parameters": [id, number],
                "put": { "operationId": "store", "requestBody": body(&order), "responses": {
                    "204": { "description": "Stored" }, "400": refused(), "404": refused() } },
                "get": { "operationId": "order",
                    "responses": { "200": answer(&order), "400": refused(), "404": refused() } },
            },
        },
    })
}

#[derive(Default)]
struct Shop {
    customers: BTreeMap<u64, Map<String, Value>>,
    orders: BTreeMap<(u64, String), Value>,
    made: u64,
}

/// A customer as it is kept, if it may be: numbers are taken for the texts that they are written as.
fn kept(breach: &str, body: &[u8]) -> Option<Map<String, Value>> {
    let mut sent: Map<String, Value> = serde_json::from_slice(body).ok()?;
    sent.retain(|name, _| ["name", "city", "street", "remark"].contains(&name.as_str()));
    if breach == "nulls" {
        sent.retain(|name, value| name == "name" || !value.is_null());
    }
    for (name, value) in &mut sent {
        if value.is_number() {
            *value = match breach {
                "numbers-lost" => Value::from("unset"),
                _ => Value::from(value.to_string()),
            };
        }
        let most = if name == "name" { 40 } else { 12 };
        let count = value.as_str()?.chars().count();
        if count > most || name == "name" && count == 0 {
            return None;
        }
    }
    sent.contains_key("name").then_some(sent)
}

impl Shop {
    fn answer(&mut self, breach: &str, request: &Received) -> Reply {
        let parts: Vec<&str> = request.target.split('/').skip(1).collect();
        let id = parts.get(1).map(|id| id.parse::<u64>());
        match (request.method.as_str(), parts.as_slice(), id) {
            (_, [_, _] | [_, _, "orders", _], Some(Err(_))) => refusal(400),
            ("POST", ["customers"], _) => {
                let is_json = request.header("content-type") == Some("application/json");
                let Some(sent) = kept(breach, &request.body).filter(|_| is_json) else {
                    return refusal(400);
                };
                self.made += 1;
                self.customers.insert(self.made, sent);
                let place = format!("/customers/{}", self.made);
                Reply::json(201, &Value::Null).with("Location", &place)
            }
            ("GET", ["customers", _], Some(Ok(id))) => match self.customers.get(&id) {
                Some(customer) => {
                    let mut shown = customer.clone();
                    shown.insert("id".to_owned(), Value::from(id));
                    Reply::json(200, &Value::Object(shown))
                }
                None => refusal(404),
            },
            ("DELETE", ["customers", _], Some(Ok(id))) => match self.customers.remove(&id) {
                Some(_) => Reply::json(204, &Value::Null),
                None => refusal(404),
            },
            ("PUT", ["customers", _, "orders", number], Some(Ok(id))) => {
                let sent: Value = serde_json::from_slice(&request.body).unwrap_or_default();
                let is_json = request.header("content-type") == Some("application/json");
                let amount = sent["amount"].as_u64().filter(|amount| *amount <= 9_000);
                let is_short = decoded(number).chars().count() <= 12;
                let (Some(amount), true, true) = (amount, is_short, is_json) else {
                    return refusal(400);
                };
                if !self.customers.contains_key(&id)
                    || breach == "orders-listed" && !["first", "last"].contains(number)
                {
                    return refusal(404);
                }
                let amount = if breach == "amount-lost" { 7 } else { amount };
                let stored = json!({ "amount": amount });
                self.orders.insert((id, (*number).to_owned()), stored);
                Reply::json(204, &Value::Null)
            }
            ("GET", ["customers", _, "orders", number], Some(Ok(id))) => {
                let known = self.orders.get(&(id, (*number).to_owned()));
                let known = known.filter(|_| self.customers.contains_key(&id));
                known.map_or_else(|| refusal(404), |order| Reply::json(200, order))
            }
            (_, ["customers"], _) => refusal(405).with("Allow", "POST"),
            (_, ["customers", _], _) => refusal(405).with("Allow", "GET, DELETE"),
            (_, ["customers", _, "orders", _], _) => refusal(405).with("Allow", "GET, PUT"),
            _ => refusal(404),
        }
    }
}

/// A part of a path as it is meant.
fn decoded(part: &str) -> String {
    let text = format!("x={}", part.replace('+', "%2B"));
    let mut pairs = form_urlencoded::parse(text.as_bytes());
    pairs.next().map(|(_, value)| value.into_owned()).unwrap()
}

fn try_shop(breach: &'static str) -> (Vec<Value>, String) {
    let (document, shop) = (shop(), Mutex::new(Shop::default()));
    found(&document, move |request| {
        shop.lock().unwrap().answer(breach, request)
    })
}

#[rstest]
#[case::right("")]
#[case::orders_that_are_there_before("orders-listed")]
fn a_right_shop_has_no_finding(#[case] breach: &'static str) {
    let (findings, told) = try_shop(breach);
    assert!(findings.is_empty(), "{told}");
}

#[test]
fn an_order_that_a_put_stores_is_tried() {
    let (findings, told) = try_shop("amount-lost");
    let facts = facts(&findings);
    assert!(!facts.is_empty(), "{told}");
    let is_of_orders = |fact: &String| fact.starts_with("store::") || fact.starts_with("order::");
    assert!(facts.iter().all(is_of_orders), "{told}");
    assert!(!told.contains("no resource `shop.orderNo`"), "{told}");
}

/// A number that is taken for a text counts where the text is not shown as that number.
#[test]
fn what_a_create_without_a_body_has_taken_is_looked_up() {
    let (findings, told) = try_shop("numbers-lost");
    assert_eq!(facts(&findings), ["create::request.city::type"], "{told}");
    let related = findings[0]["related"].as_array().unwrap();
    assert_eq!(related.len(), 3, "{told}");
}

/// Null in any of the fields that may be left out is one way of reading, and one finding.
#[test]
fn one_way_of_reading_is_one_finding() {
    let (findings, told) = try_shop("nulls");
    assert_eq!(findings.len(), 1, "{told}");
    let related = findings[0]["related"].as_array().unwrap();
    assert_eq!(related.len(), 2, "{told}");
}

/// Books as JSON:API lists them.
fn library() -> Value {
    let state = json!({ "type": "string", "enum": ["free", "lent"] });
    let title = json!({ "type": "string", "minLength": 1, "maxLength": 40 });
    let attributes = json!({ "type": "object", "required": ["title", "state"],
        "properties": { "title": title, "state": state.clone() } });
    let book = json!({ "type": "object", "required": ["id", "attributes"],
        "properties": { "id": { "type": "string" }, "attributes": attributes } });
    let list = json!({ "type": "object", "required": ["data", "meta"], "properties": {
        "data": { "type": "array", "items": book },
        "meta": { "type": "object", "required": ["total"],
            "properties": { "total": { "type": "integer" } } } } });
    let number = |least: u32, most: u32, default: u32| json!({ "type": "integer", "minimum": least, "maximum": most, "default": default });
    let order = json!({ "type": "string", "enum": ["title", "-title"], "default": "title" });
    let mut by_state = parameter("filter[state]", "query", &state);
    by_state["description"] = json!("Only books in this state");
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Library", "version": "1" },
        "paths": { "/books": { "get": {
            "operationId": "list",
            "parameters": [
                parameter("page[number]", "query", &number(1, 1_000, 1)),
                parameter("page[size]", "query", &number(1, 5, 3)),
                by_state,
                parameter("sort", "query", &order),
            ],
            "responses": { "200": answer(&list), "400": refused() },
        } } },
    })
}

fn books(breach: &str, request: &Received) -> Reply {
    let (path, query) = request
        .target
        .split_once('?')
        .unwrap_or((&request.target, ""));
    if path != "/books" {
        return refusal(404);
    }
    if request.method != "GET" {
        return refusal(405).with("Allow", "GET");
    }
    let given: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let of = |name: &str| {
        let found = given.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    };
    let number = |name: &str, default: usize, most: usize| match of(name) {
        None => Some(default),
        Some(text) => text
            .parse::<usize>()
            .ok()
            .filter(|number| (1..=most).contains(number) && number.to_string() == text),
    };
    let (Some(page), Some(size)) = (number("page[number]", 1, 1_000), number("page[size]", 3, 5))
    else {
        return refusal(400);
    };
    let state = of("filter[state]");
    if state.is_some_and(|state| !["free", "lent"].contains(&state)) {
        return refusal(400);
    }
    let mut all: Vec<(String, &str)> = (0..8)
        .map(|number| {
            let letter = char::from(b'a' + (number * 5 % 8));
            let state = if number % 3 == 0 { "lent" } else { "free" };
            (letter.to_string(), state)
        })
        .collect();
    all.sort();
    match of("sort") {
        None | Some("title") => {}
        Some("-title") if breach == "sort" => {}
        Some("-title") => all.reverse(),
        Some(_) => return refusal(400),
    }
    if breach != "filter" {
        all.retain(|(_, own)| state.is_none_or(|state| state == *own));
    }
    let total = all.len();
    let begin = if breach == "page" {
        0
    } else {
        (page - 1) * size
    };
    let book = |(title, state): &(String, &str)| json!({ "id": format!("b-{title}"), "attributes": { "title": title, "state": state } });
    let data: Vec<Value> = all.iter().skip(begin).take(size).map(book).collect();
    let total = if breach == "total" { data.len() } else { total };
    Reply::json(200, &json!({ "data": data, "meta": { "total": total } }))
}

#[rstest]
#[case::right("", &[])]
#[case::filter("filter", &["list::relation::filter::fits"])]
#[case::page("page", &["list::relation::pagination::pages"])]
#[case::sort("sort", &["list::relation::sort-by::direction"])]
#[case::total("total", &["list::relation::pagination::total"])]
fn the_brackets_of_a_query_are_read(
    #[case] breach: &'static str,
    #[case] expected: &'static [&'static str],
) {
    let (findings, told) = found(&library(), move |request| books(breach, request));
    let facts = facts(&findings);
    let is_found = |fact: &&str| facts.iter().any(|known| known == fact);
    assert!(expected.iter().all(is_found), "{facts:?} {told}");
    assert_eq!(facts.is_empty(), expected.is_empty(), "{facts:?} {told}");
}

/// A listed value that is refused is plain in the trials of other fields too: it is told once.
#[test]
fn a_listed_value_that_is_refused_is_one_finding() {
    let code = json!({ "type": "string", "enum": ["EUR", "USD"] });
    let amount = json!({ "type": "integer", "minimum": 1, "maximum": 90 });
    let line = json!({ "type": "object", "required": ["currency", "amount"],
        "properties": { "currency": code, "amount": amount } });
    let order = json!({ "type": "object", "required": ["lines"], "properties": {
        "lines": { "type": "array", "minItems": 1, "maxItems": 3, "items": line } } });
    let made = json!({ "type": "object", "required": ["id"],
        "properties": { "id": { "type": "integer" } } });
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "Till", "version": "1" },
        "paths": { "/orders": { "post": {
            "operationId": "order",
            "requestBody": body(&order),
            "responses": { "201": answer(&made), "400": refused() },
        } } },
    });
    let is_line = |line: &Value| {
        let amount = line["amount"].as_u64();
        line["currency"] == "EUR" && amount.is_some_and(|amount| (1..=90).contains(&amount))
    };
    let (findings, told) = found(&document, move |request| {
        if request.target != "/orders" {
            return refusal(404);
        }
        if request.method != "POST" {
            return refusal(405).with("Allow", "POST");
        }
        let is_json = request.header("content-type") == Some("application/json");
        let sent: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let lines = sent["lines"].as_array().filter(|_| is_json);
        let is_order =
            lines.is_some_and(|lines| (1..=3).contains(&lines.len()) && lines.iter().all(is_line));
        if is_order {
            Reply::json(201, &json!({ "id": 7 }))
        } else {
            refusal(400)
        }
    });
    assert_eq!(
        facts(&findings),
        ["order::request.lines[].currency::enum"],
        "{told}"
    );
    assert!(findings[0]["related"].as_array().is_some(), "{told}");
}
