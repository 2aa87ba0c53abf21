//! What a document says of totals, of the size of a page that nobody asks for, and of changes: a
//! correct server gets no finding, and each breach of one of them is found.

use std::collections::BTreeMap;
use std::sync::Mutex;

use rstest::rstest;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::support::docproof;
use super::support::small::Small;
use super::support::{Received, Reply};

/// How many items a page has where nobody asks for a size.
const DEFAULT: usize = 5;

const KINDS: [&str; 3] = ["letter", "parcel", "freight"];

/// What can be set.
const NAMES: [&str; 4] = ["title", "customer", "priority", "kind"];

/// A document of orders, which are listed with a count beside them, and of tags, which are listed
/// with their total in a header.
fn document() -> Value {
    let sent = json!({
        "title": { "type": "string", "minLength": 1, "maxLength": 40 },
        "customer": { "type": "string", "minLength": 1, "maxLength": 40 },
        "priority": { "type": "integer", "minimum": 1, "maximum": 9, "default": 1 },
        "kind": { "type": "string", "enum": ["letter", "parcel", "freight"], "default": "letter" },
    });
    let mut shown = sent.clone();
    shown["id"] = json!({ "type": "integer" });
    let names = ["title", "customer"];
    let shown_names = ["id", "title", "customer", "priority", "kind"];
    let new = json!({ "type": "object", "required": names, "properties": sent.clone() });
    let change = json!({ "type": "object", "minProperties": 1, "properties": sent });
    let shown = json!({ "type": "object", "required": shown_names, "properties": shown });
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let list = json!({ "type": "object", "required": ["items", "count"], "properties": {
        "items": { "type": "array", "items": reference("Order") },
        "count": { "type": "integer", "description": "Number of all orders that fit" },
    } });
    let content = |schema: Value| json!({ "application/json": { "schema": schema } });
    let answer = |schema: Value| json!({ "description": "", "content": content(schema) });
    let body = |name: &str| json!({ "required": true, "content": content(reference(name)) });
    let no = answer(reference("Problem"));
    let query = |name: &str, schema: Value, text: &str| json!({ "name": name, "in": "query", "schema": schema, "description": text });
    let limit = json!({ "type": "integer", "minimum": 1, "maximum": 50, "default": DEFAULT });
    let paging = [
        query(
            "offset",
            json!({ "type": "integer", "minimum": 0, "default": 0 }),
            "How many are left out at the beginning.",
        ),
        query("limit", limit, "The most that an answer has."),
    ];
    let mut of_orders = paging.to_vec();
    let text = json!({ "type": "string", "minLength": 1, "maxLength": 40 });
    of_orders.push(query("customer", text, "Only orders of this customer."));
    let of_pages = [
        query(
            "page",
            json!({ "type": "integer", "minimum": 0, "default": 0 }),
            "The page, counted from 0.",
        ),
        paging[1].clone(),
    ];
    let mut of_tags = answer(json!({ "type": "array", "items": reference("Order") }));
    of_tags["headers"] = json!({ "X-Total-Count": {
        "schema": { "type": "integer" }, "description": "How many tags there are.",
    } });
    let one = |name: &str, schema: &str| {
        let id = json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "integer" } });
        json!({
            "parameters": [id],
            "get": {
                "operationId": format!("show{name}"),
                "responses": { "200": answer(reference(schema)), "404": no },
            },
            "patch": {
                "operationId": format!("change{name}"), "requestBody": body("Change"),
                "description": "Fields that are left out do not change.",
                "responses": { "200": answer(reference(schema)), "400": no, "404": no },
            },
            "delete": {
                "operationId": format!("drop{name}"),
                "responses": { "204": { "description": "" }, "404": no },
            },
        })
    };
    let all = |name: &str, parameters: Vec<Value>, list: Value| {
        json!({
            "post": {
                "operationId": format!("add{name}"), "requestBody": body("New"),
                "responses": { "201": answer(reference("Order")), "400": no },
            },
            "get": {
                "operationId": format!("list{name}s"), "parameters": parameters,
                "responses": { "200": list, "400": no },
            },
        })
    };
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Shop", "version": "1" },
        "paths": {
            "/orders": all("Order", of_orders, answer(reference("Page"))),
            "/orders/{id}": one("Order", "Order"),
            "/tags": all("Tag", of_pages.to_vec(), of_tags),
            "/tags/{id}": one("Tag", "Order"),
        },
        "components": { "schemas": {
            "Order": shown, "New": new, "Change": change, "Page": list,
            "Problem": { "type": "object", "required": ["message"], "properties": { "message": { "type": "string" } } },
        } },
    })
}

/// What the server keeps: the orders and the tags.
#[derive(Default)]
struct Shop {
    last: i64,
    kept: BTreeMap<&'static str, BTreeMap<i64, Value>>,
}

fn refuse(status: u16) -> Reply {
    Reply::json(status, &json!({ "message": "no" }))
}

/// Whether a body has fields that are right, and all of them where it is whole.
fn is_valid(body: &Value, is_whole: bool) -> bool {
    let right = |name: &str| match body.get(name) {
        None => !is_whole || matches!(name, "priority" | "kind"),
        Some(value) if name == "priority" => value
            .as_i64()
            .is_some_and(|number| (1..=9).contains(&number)),
        Some(value) if name == "kind" => KINDS.iter().any(|kind| value == kind),
        Some(value) => value
            .as_str()
            .is_some_and(|text| (1..=40).contains(&text.chars().count())),
    };
    let has_one = NAMES.iter().any(|name| body.get(name).is_some());
    body.is_object() && has_one && NAMES.into_iter().all(right)
}

impl Shop {
    fn list(&self, breach: &str, of: &'static str, query: &str) -> Option<Reply> {
        let asked: BTreeMap<String, String> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let number = |name: &str, default: usize, least: usize, most: usize| {
            let text = asked.get(name);
            let number = text.map_or(Some(default), |text| text.parse().ok());
            number.filter(|number| (least..=most).contains(number))
        };
        let default = if breach == "other-default" {
            3
        } else {
            DEFAULT
        };
        let limit = number("limit", default, 1, 50)?;
        let offset = if of == "orders" {
            number("offset", 0, 0, usize::MAX)?
        } else {
            let page = number("page", 0, 0, usize::MAX)?;
            let page = if breach == "pages-from-1" {
                page.saturating_sub(1)
            } else {
                page
            };
            page.saturating_mul(limit)
        };
        let customer = asked.get("customer").filter(|_| of == "orders");
        if customer.is_some_and(|text| !(1..=40).contains(&text.chars().count())) {
            return None;
        }
        let own = self.kept.get(of).into_iter().flat_map(BTreeMap::values);
        let all: Vec<&Value> = own.collect();
        let fits = |one: &&Value| customer.is_none_or(|text| one["customer"] == json!(text));
        let fitting: Vec<&Value> = all.iter().copied().filter(fits).collect();
        let page: Vec<&Value> = fitting.iter().copied().skip(offset).take(limit).collect();
        let total = match breach {
            "count-of-page" | "header-of-page" => page.len(),
            "count-of-all" => all.len(),
            _ => fitting.len(),
        };
        Some(if of == "orders" {
            let total = if breach == "header-of-page" {
                fitting.len()
            } else {
                total
            };
            Reply::json(200, &json!({ "items": page, "count": total }))
        } else {
            let total = if breach == "header-of-page" {
                total
            } else {
                fitting.len()
            };
            Reply::json(200, &json!(page)).with("X-Total-Count", &total.to_string())
        })
    }

    fn change(&mut self, breach: &str, of: &'static str, id: i64, body: &Value) -> Value {
        let own = self.kept.entry(of).or_default();
        for (known, one) in own.iter_mut() {
            for name in NAMES {
                let is_of_all = breach == "priority-of-all" && name == "priority";
                if let Some(value) = body.get(name)
                    && (*known == id || is_of_all)
                {
                    one[name] = value.clone();
                } else if *known == id && breach == "change-resets" && name == "priority" {
                    one[name] = json!(1);
                }
            }
        }
        own[&id].clone()
    }

    fn answer(&mut self, breach: &str, request: &Received) -> Reply {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        let (of, rest) = match (path.strip_prefix("/orders"), path.strip_prefix("/tags")) {
            (Some(rest), _) => ("orders", rest),
            (_, Some(rest)) => ("tags", rest),
            _ => return refuse(404),
        };
        let id = rest.strip_prefix('/').and_then(|id| id.parse::<i64>().ok());
        let is_known = |id: &i64| self.kept.get(of).is_some_and(|own| own.contains_key(id));
        let id = id.filter(is_known);
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        match (request.method.as_str(), rest.is_empty(), id) {
            ("POST", true, _) if is_valid(&body, true) => {
                self.last += 1;
                let mut new = json!({ "id": self.last, "priority": 1, "kind": "letter" });
                for name in NAMES {
                    if let Some(value) = body.get(name) {
                        new[name] = value.clone();
                    }
                }
                self.kept
                    .entry(of)
                    .or_default()
                    .insert(self.last, new.clone());
                Reply::json(201, &new)
            }
            ("GET", true, _) => self.list(breach, of, query).unwrap_or_else(|| refuse(400)),
            ("GET", false, Some(id)) => {
                let mut one = self.kept[of][&id].clone();
                if breach == "another-kind" && one["kind"] == "freight" {
                    one["kind"] = json!("parcel");
                }
                Reply::json(200, &one)
            }
            ("PATCH", false, Some(id)) if is_valid(&body, false) => {
                let before = self.kept[of][&id].clone();
                let after = self.change(breach, of, id, &body);
                let told = if breach == "answers-before" {
                    before
                } else {
                    after
                };
                Reply::json(200, &told)
            }
            ("POST", true, _) | ("PATCH", false, Some(_)) => refuse(400),
            ("DELETE", false, Some(id)) => {
                self.kept.entry(of).or_default().remove(&id);
                Reply::json(204, &Value::Null)
            }
            ("GET" | "PATCH" | "DELETE", false, None) => refuse(404),
            _ => refuse(405).with("Allow", "GET, PATCH, DELETE, POST"),
        }
    }
}

#[rstest]
#[case::correct("", "")]
#[case::a_count_of_the_page("count-of-page", "listOrders::relation::pagination::total")]
#[case::a_count_of_what_does_not_fit("count-of-all", "listOrders::relation::filter::total")]
#[case::a_header_of_the_page("header-of-page", "listTags::relation::pagination::total")]
#[case::pages_from_another_number("pages-from-1", "listTags::relation::pagination::pages")]
#[case::another_default("other-default", "listOrders::relation::pagination::default")]
#[case::another_is_changed_too("priority-of-all", "update-changes-this-alone")]
#[case::a_change_that_resets("change-resets", "update-changes-this-alone")]
#[case::a_value_that_a_read_shows_otherwise("another-kind", "create-then-read")]
fn what_a_document_says_of_totals_and_changes_is_tried(
    #[case] breach: &'static str,
    #[case] told: &str,
) {
    let shop = Mutex::new(Shop::default());
    let server = Small::start(Box::new(move |request| {
        shop.lock().unwrap().answer(breach, request)
    }));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document().to_string()).unwrap();
    let arguments = ["run", "api.json", "--endpoint", &server.url, "--cases", "4"];
    let ran = docproof(folder.path(), arguments);
    assert_eq!(ran.code, i32::from(!breach.is_empty()), "{}", ran.text());
    assert!(ran.text().contains(told), "{}", ran.text());
}

#[rstest]
#[case::nobody_says_so("The order.", 1)]
#[case::the_answer_is_said_to("The order as it was before the change.", 0)]
fn a_change_may_be_documented_to_answer_what_was_there(
    #[case] description: &'static str,
    #[case] code: i32,
) {
    let shop = Mutex::new(Shop::default());
    let server = Small::start(Box::new(move |request| {
        shop.lock().unwrap().answer("answers-before", request)
    }));
    let folder = tempfile::tempdir().unwrap();
    let mut document = document();
    for path in ["/orders/{id}", "/tags/{id}"] {
        let answers = &mut document["paths"][path]["patch"]["responses"];
        answers["200"]["description"] = json!(description);
    }
    std::fs::write(folder.path().join("api.json"), document.to_string()).unwrap();
    let arguments = ["run", "api.json", "--endpoint", &server.url, "--cases", "4"];
    let ran = docproof(folder.path(), arguments);
    assert_eq!(ran.code, code, "{}", ran.text());
    let is_told = ran.text().contains("as it was before");
    assert_eq!(is_told, code == 1, "{}", ran.text());
}

#[rstest]
#[case::skip("skip", "limit")]
#[case::start("start", "count")]
#[case::start_at("startAt", "maxResults")]
fn pages_are_known_by_other_names(#[case] offset: &'static str, #[case] limit: &'static str) {
    let shop = Mutex::new(Shop::default());
    let server = Small::start(Box::new(move |request| {
        let mut request = request.clone();
        let known = request.target.replace(&format!("{offset}="), "offset=");
        request.target = known.replace(&format!("{limit}="), "limit=");
        shop.lock().unwrap().answer("", &request)
    }));
    let folder = tempfile::tempdir().unwrap();
    let document = document().to_string();
    let document = document.replace("\"name\":\"offset\"", &format!("\"name\":\"{offset}\""));
    let document = document.replace("\"name\":\"limit\"", &format!("\"name\":\"{limit}\""));
    std::fs::write(folder.path().join("api.json"), document).unwrap();
    let arguments = [
        "run",
        "api.json",
        "--endpoint",
        &server.url,
        "--cases",
        "4",
        "--verbose",
    ];
    let ran = docproof(folder.path(), arguments);
    assert_eq!(ran.code, 0, "{}", ran.text());
    for law in ["offset", "limit", "total"] {
        let trial = format!("listOrders::relation::pagination::{law}");
        let line = ran.out.lines().find(|line| line.contains(&trial));
        assert!(
            line.is_some_and(|line| line.starts_with("passed")),
            "{trial}: {}",
            ran.text()
        );
    }
}
