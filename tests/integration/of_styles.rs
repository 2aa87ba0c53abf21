//! Services in the styles of HAL, JSON:API and OData, and with entity tags, described by documents:
//! the right ones have no finding, and each breach is one.

use std::collections::BTreeMap;
use std::sync::Mutex;

use rstest::rstest;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::by_the_letter::{answer, document, refused};
use super::support::docproof;
use super::support::small::Small;
use super::support::{Received, Reply};

/// The facts of the findings that fail a run of a document.
fn found(
    paths: &Value,
    only: &[&str],
    act: impl Fn(&Received) -> Reply + Send + Sync + 'static,
) -> Vec<String> {
    let server = Small::start(Box::new(act));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document(paths).to_string()).unwrap();
    let arguments = [
        "run",
        "api.json",
        "--endpoint",
        &server.url,
        "--report",
        "json=report.json",
    ];
    let told = docproof(folder.path(), arguments.iter().chain(only).copied());
    let report = std::fs::read_to_string(folder.path().join("report.json"));
    assert!(report.is_ok(), "{}", told.text());
    let report: Value = serde_json::from_str(&report.unwrap()).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let grave = findings.filter(|finding| finding["level"] != "may");
    let fact = |finding: &Value| finding["fact"].as_str().unwrap().to_owned();
    let facts: Vec<String> = grave.map(fact).collect();
    assert_eq!(told.code, i32::from(!facts.is_empty()), "{}", told.text());
    facts
}

/// Whether what was found is the one thing that was looked for, or nothing.
fn is_it(found: &[String], wanted: &str) -> bool {
    match found {
        [] => wanted.is_empty(),
        [one] => !wanted.is_empty() && one.ends_with(wanted),
        _ => false,
    }
}

fn refusal(status: u16) -> Reply {
    Reply::json(status, &json!({ "message": "no" }))
}

fn by_id(kind: &str) -> Value {
    json!([{ "name": "id", "in": "path", "required": true, "schema": { "type": kind } }])
}

fn body(schema: &Value) -> Value {
    json!({ "required": true, "content": { "application/json": { "schema": schema } } })
}

fn sent(request: &Received) -> Value {
    serde_json::from_slice(&request.body).unwrap_or_default()
}

/// Orders in HAL, which tell their address and no id, and are paid once.
#[rstest]
#[case::right("", "")]
#[case::paid_twice("twice", "pay::relation::lifecycle::act-again")]
fn what_is_paid_already_is_refused(#[case] wrong: &'static str, #[case] wanted: &str) {
    let address = json!({ "type": "object", "required": ["href"],
        "properties": { "href": { "type": "string" } } });
    let order = json!({ "type": "object", "required": ["_links", "status"], "properties": {
        "_links": { "type": "object", "required": ["self"], "properties": { "self": address } },
        "status": { "type": "string", "enum": ["open", "paid"] },
    } });
    let paid = json!({ "description": "The order is already paid." });
    let paths = json!({
        "/orders": { "post": { "operationId": "order",
            "responses": { "201": answer(&order), "4XX": refused() } } },
        "/orders/{id}": { "parameters": by_id("string"), "get": { "operationId": "show",
            "responses": { "200": answer(&order), "404": refused() } } },
        "/orders/{id}/pay": { "parameters": by_id("string"), "post": { "operationId": "pay",
            "responses": { "200": answer(&order), "404": refused(), "409": paid } } },
    });
    let kept: Mutex<BTreeMap<String, bool>> = Mutex::default();
    let found = found(&paths, &[], move |request| {
        let mut kept = kept.lock().unwrap();
        let told = |id: &str, is_paid: bool| {
            json!({ "_links": { "self": { "href": format!("/orders/{id}") } },
                "status": if is_paid { "paid" } else { "open" } })
        };
        let parts: Vec<&str> = request.target.trim_matches('/').split('/').collect();
        match (request.method.as_str(), parts.as_slice()) {
            ("POST", ["orders"]) => {
                let id = format!("o{}", kept.len());
                kept.insert(id.clone(), false);
                Reply::json(201, &told(&id, false))
            }
            (_, ["orders"]) => refusal(405).with("Allow", "POST"),
            ("GET" | "HEAD", ["orders", id]) if kept.contains_key(*id) => {
                Reply::json(200, &told(id, kept[*id]))
            }
            ("POST", ["orders", id, "pay"]) if kept.contains_key(*id) => {
                if kept.insert((*id).to_owned(), true) == Some(true) && wrong != "twice" {
                    return refusal(409);
                }
                Reply::json(200, &told(id, true))
            }
            (method, ["orders", id]) if kept.contains_key(*id) && method != "GET" => {
                refusal(405).with("Allow", "GET, HEAD")
            }
            (_, ["orders", id, "pay"]) if kept.contains_key(*id) => {
                refusal(405).with("Allow", "POST")
            }
            _ => refusal(404),
        }
    });
    assert!(is_it(&found, wanted), "{found:?}");
}

/// Notes whose change needs the entity tag, as its 428 says, though its header may be left out.
#[rstest]
#[case::right("", "")]
#[case::not_kept("lost", "change::relation::lifecycle::update-changes-this-alone")]
#[case::any_copy("any", "change::relation::entity-tag::precondition")]
fn a_change_that_needs_a_tag_has_it(#[case] wrong: &'static str, #[case] wanted: &str) {
    let text = json!({ "type": "string", "minLength": 1, "maxLength": 20 });
    let new = json!({ "type": "object", "required": ["title"], "properties": { "title": text } });
    let note = json!({ "type": "object", "required": ["id", "title"],
        "properties": { "id": { "type": "integer" }, "title": text } });
    let tag = json!([{ "name": "If-Match", "in": "header", "schema": { "type": "string" } }]);
    let paths = json!({
        "/notes": { "post": { "operationId": "make", "requestBody": body(&new),
            "responses": { "201": answer(&note), "400": refused() } } },
        "/notes/{id}": { "parameters": by_id("integer"),
            "get": { "operationId": "show", "responses": { "200": answer(&note), "404": refused() } },
            "patch": { "operationId": "change", "parameters": tag, "requestBody": body(&new),
                "responses": { "204": { "description": "Changed" }, "400": refused(),
                    "404": refused(), "412": refused(), "428": refused() } } },
    });
    let kept: Mutex<Vec<(String, usize)>> = Mutex::default();
    let found = found(&paths, &["change"], move |request| {
        let mut kept = kept.lock().unwrap();
        let sent = sent(request);
        let title = sent["title"]
            .as_str()
            .filter(|title| (1..=20).contains(&title.chars().count()));
        let id = request.target.strip_prefix("/notes/");
        let id = id
            .and_then(|id| id.parse::<usize>().ok())
            .filter(|id| *id < kept.len());
        match (request.method.as_str(), request.target.as_str(), id, title) {
            ("POST", "/notes", _, Some(title)) => {
                kept.push((title.to_owned(), 0));
                Reply::json(201, &json!({ "id": kept.len() - 1, "title": title }))
            }
            ("POST", "/notes", ..) => refusal(400),
            ("GET" | "HEAD", _, Some(id), _) => {
                let (title, copy) = &kept[id];
                let tag = format!("\"{copy}\"");
                Reply::json(200, &json!({ "id": id, "title": title })).with("ETag", &tag)
            }
            ("PATCH", _, Some(id), title) => {
                let newest = format!("\"{}\"", kept[id].1);
                match (request.header("if-match"), title) {
                    (None, _) => refusal(428),
                    (Some(tag), _) if tag != newest && wrong != "any" => refusal(412),
                    (Some(_), None) => refusal(400),
                    (Some(_), Some(title)) => {
                        kept[id].1 += 1;
                        if wrong != "lost" {
                            title.clone_into(&mut kept[id].0);
                        }
                        Reply::json(204, &Value::Null)
                    }
                }
            }
            (_, "/notes", ..) => refusal(405).with("Allow", "POST"),
            (_, _, Some(_), _) => refusal(405).with("Allow", "GET, HEAD, PATCH"),
            _ => refusal(404),
        }
    });
    assert!(is_it(&found, wanted), "{found:?}");
}

/// Products in the words of OData, of which a service has some from the start.
#[rstest]
#[case::right("", "")]
#[case::more_than_asked_for("top", "list::relation::pagination::limit")]
#[case::in_no_order("orderby", "list::relation::sort-by::by")]
#[case::any_name("filter", "list::relation::filter::fits")]
fn a_list_is_asked_for_in_the_words_of_odata(#[case] wrong: &'static str, #[case] wanted: &str) {
    let product = json!({ "type": "object", "required": ["Id", "Name"],
        "properties": { "Id": { "type": "integer" }, "Name": { "type": "string" } } });
    let parameter =
        |name: &str, schema: Value| json!({ "name": name, "in": "query", "schema": schema });
    let orders = json!({ "type": "array", "items": { "type": "string", "enum": ["Id", "Name"] } });
    let mut by = parameter("$orderby", orders);
    by["explode"] = json!(false);
    let list = json!({ "type": "object", "required": ["value"],
        "properties": { "value": { "type": "array", "items": product } } });
    let paths = json!({ "/Products": { "get": { "operationId": "list",
        "parameters": [
            parameter("$top", json!({ "type": "integer", "minimum": 0 })),
            parameter("$skip", json!({ "type": "integer", "minimum": 0 })),
            parameter("$count", json!({ "type": "boolean" })),
            by,
            parameter("filter[Name]", json!({ "type": "string" })),
        ],
        "responses": { "200": answer(&list), "400": refused() } } } });
    let laws = ["relation"];
    let found = found(&paths, &laws, move |request| {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        if path != "/Products" || request.method != "GET" {
            return refusal(404);
        }
        let query: BTreeMap<String, String> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let count = |name: &str, otherwise| {
            query
                .get(name)
                .map_or(Some(otherwise), |count| count.parse::<usize>().ok())
        };
        let (Some(top), Some(skip)) = (count("$top", 100), count("$skip", 0)) else {
            return refusal(400);
        };
        let mut all: Vec<(usize, &str)> = vec![
            (1, "plum"),
            (2, "apple"),
            (3, "quince"),
            (4, "melon"),
            (5, "berry"),
        ];
        if let Some(name) = query.get("filter[Name]").filter(|_| wrong != "filter") {
            all.retain(|(_, own)| own == name);
        }
        match query.get("$orderby").map(String::as_str) {
            Some("Name") if wrong != "orderby" => all.sort_by_key(|(_, name)| *name),
            None | Some("Id" | "Name") => {}
            Some(_) => return refusal(400),
        }
        let more = usize::from(wrong == "top");
        let shown = all.iter().skip(skip).take(top + more);
        let shown: Vec<Value> = shown
            .map(|(id, name)| json!({ "Id": id, "Name": name }))
            .collect();
        Reply::json(200, &json!({ "value": shown }))
    });
    assert!(is_it(&found, wanted), "{found:?}");
}

/// Pets of two kinds, each told by its kind, and a list that has to contain one seven.
#[rstest]
#[case::right("", "")]
#[case::kind_of_the_second("kind", "request.kind::enum")]
#[case::without_the_kind("none", "request.kind::required")]
#[case::more_of_the_second("more", "request::oneOf")]
#[case::items_beside_the_seven("items", "request.marks[]::type")]
fn each_kind_of_a_body_is_tried(#[case] wrong: &'static str, #[case] wanted: &str) {
    let marks =
        json!({ "type": "array", "items": { "type": "integer" }, "contains": { "const": 7 } });
    let pet = |kind: &str, own: &str| {
        json!({ "type": "object", "required": ["kind", own], "additionalProperties": false,
            "properties": { "kind": { "const": kind }, own: { "type": "string", "maxLength": 9 },
                "marks": marks } })
    };
    let pets = json!({ "oneOf": [pet("cat", "lives"), pet("dog", "bark")] });
    let paths = json!({ "/pets": { "post": { "operationId": "add", "requestBody": body(&pets),
        "responses": { "200": answer(&json!({ "type": "object" })), "400": refused() } } } });
    let found = found(&paths, &["request"], move |request| {
        if request.target != "/pets" || request.method != "POST" {
            return refusal(404);
        }
        let sent = sent(request);
        let fits = |kind: &str, own: &str| {
            let Some(map) = sent.as_object() else {
                return false;
            };
            let is_text = map.get(own).and_then(Value::as_str);
            let is_second = kind == "dog";
            let is_kind = match map.get("kind") {
                Some(known) => *known == kind || is_second && wrong == "kind",
                None => is_second && wrong == "none",
            };
            let is_known = |name: &String| ["kind", own, "marks"].contains(&name.as_str());
            let is_mark = |mark: &Value| mark.is_i64() || mark.is_u64() || wrong == "items";
            let marks = map.get("marks").map(|marks| {
                marks
                    .as_array()
                    .is_some_and(|marks| marks.contains(&json!(7)) && marks.iter().all(is_mark))
            });
            is_kind
                && is_text.is_some_and(|text| text.chars().count() <= 9)
                && (map.keys().all(is_known) || is_second && wrong == "more")
                && marks.unwrap_or(true)
        };
        if fits("cat", "lives") || fits("dog", "bark") {
            Reply::json(200, &json!({}))
        } else {
            refusal(400)
        }
    });
    assert!(is_it(&found, wanted), "{found:?}");
}
