//! Documents whose words may be taken in two ways: a server that takes them by the letter and one
//! that takes them as most mean them are both right, and what neither does is found.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rstest::rstest;
use serde_json::{Value, json};

use super::support::docproof;
use super::support::small::Small;
use super::support::{Received, Reply};

/// Runs a document of some paths against a server: the exit code, the facts that fail, what is told.
pub(crate) fn run(
    document: &Value,
    act: impl Fn(&Received) -> Reply + Send + Sync + 'static,
) -> (i32, Vec<String>, String) {
    let server = Small::start(Box::new(act));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document.to_string()).unwrap();
    let command = ["run", "api.json", "--endpoint", &server.url];
    let report = ["--report", "json=report.json"];
    let told = docproof(folder.path(), command.into_iter().chain(report));
    let report = std::fs::read(folder.path().join("report.json")).unwrap_or_default();
    let report: Value = serde_json::from_slice(&report).unwrap_or_default();
    let findings = report["findings"].as_array().cloned().unwrap_or_default();
    let failing = findings.iter().filter(|finding| finding["level"] != "may");
    let facts = failing.map(|finding| finding["fact"].as_str().unwrap().to_owned());
    (told.code, facts.collect(), told.text())
}

pub(crate) fn document(paths: &Value) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Yard", "version": "1" },
        "paths": paths,
    })
}

pub(crate) fn answer(schema: &Value) -> Value {
    json!({ "description": "", "content": { "application/json": { "schema": schema } } })
}

pub(crate) fn refusal(status: u16) -> Reply {
    Reply::json(status, &json!({ "message": "no" }))
}

/// What a refusal is documented to be.
pub(crate) fn refused() -> Value {
    answer(&json!({
        "type": "object", "required": ["message"], "properties": { "message": { "type": "string" } }
    }))
}

/// The value of a parameter of a request's query.
pub(crate) fn asked<'r>(request: &'r Received, name: &str) -> Option<&'r str> {
    let (_, query) = request.target.split_once('?')?;
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .into_iter()
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}

/// A body that is taken as it is valid by a schema, and answered as it was sent.
pub(crate) fn takes(request: &Received, schema: &Value) -> Reply {
    let sent = serde_json::from_slice::<Value>(&request.body).ok();
    match sent.filter(|sent| jsonschema::is_valid(schema, sent)) {
        _ if request.method != "POST" => refusal(405).with("Allow", "POST"),
        _ if request.target != "/boxes" => refusal(404),
        Some(sent) => Reply::json(200, &sent),
        None => refusal(400),
    }
}

/// A document of one operation that takes a body and answers it.
pub(crate) fn boxes(schema: &Value, components: &Value) -> Value {
    let mut document = document(&json!({ "/boxes": { "post": {
        "operationId": "fillBox",
        "requestBody": { "required": true, "content": { "application/json": { "schema": schema } } },
        "responses": { "200": answer(schema), "4XX": refused() },
    } } }));
    document["components"] = json!({ "schemas": components });
    document
}

#[rstest]
#[case::treated("Page size. Values above 50 are treated as 50.", true, 0)]
#[case::treated_and_refused("Page size. Values above 50 are treated as 50.", false, 1)]
#[case::perhaps("How many there are (capped at 50).", true, 0)]
#[case::perhaps_refused("How many there are (capped at 50).", false, 0)]
#[case::said_nothing("Page size.", true, 1)]
#[case::said_nothing_and_refused("Page size.", false, 0)]
fn a_limit_to_which_larger_values_are_cut_is_no_limit_that_is_refused(
    #[case] description: &str,
    #[case] cuts: bool,
    #[case] expected: i32,
) {
    let items = json!({ "type": "array", "items": {
        "type": "object", "required": ["id"], "properties": { "id": { "type": "integer" } },
    } });
    let size = json!({ "type": "integer", "minimum": 1, "maximum": 50, "default": 20 });
    let document = document(&json!({ "/rows": { "get": {
        "operationId": "listRows",
        "parameters": [
            { "name": "limit", "in": "query", "description": description, "schema": size },
        ],
        "responses": { "200": answer(&items), "4XX": refused() },
    } } }));
    let act = move |request: &Received| {
        let limit = asked(request, "limit").map_or(Ok(20), str::parse::<usize>);
        match limit {
            _ if request.target.split('?').next() != Some("/rows") => refusal(404),
            _ if request.method != "GET" => refusal(405).with("Allow", "GET"),
            Ok(limit) if limit > 0 && (cuts || limit <= 50) => {
                let rows: Vec<Value> = (0..70).map(|id| json!({ "id": id })).collect();
                Reply::json(200, &json!(rows.get(..limit.min(50))))
            }
            _ => refusal(400),
        }
    };
    let (code, _, text) = run(&document, act);
    assert_eq!(code, expected, "{text}");
}

/// `nullable` beside a list of values without null: null is a value for some, and none by the letter.
#[rstest]
#[case::as_most_mean_it(json!({ "enum": ["red", "blue", null] }), 0)]
#[case::by_the_letter(json!({ "enum": ["red", "blue"] }), 0)]
#[case::any_text(json!({ "type": "string" }), 1)]
fn null_beside_listed_values_without_it_is_taken_or_refused(
    #[case] colour: Value,
    #[case] code: i32,
) {
    let listed = json!({ "type": "string", "nullable": true, "enum": ["red", "blue"] });
    let schema = json!({
        "type": "object", "required": ["size"],
        "properties": { "colour": listed, "size": { "type": "integer" } },
    });
    let mut real = schema.clone();
    real["properties"]["colour"] = colour;
    let (found, facts, text) = run(&boxes(&schema, &json!({})), move |request| {
        takes(request, &real)
    });
    assert_eq!(found, code, "{text}");
    assert_eq!(facts.len(), usize::from(code == 1), "{text}");
}

/// One of several joined schemas forbids what it has no name for: by the letter the fields of the
/// others, as most mean it what none of them has a name for.
#[rstest]
#[case::as_most_mean_it(json!({ "type": "object", "required": ["name"], "properties": {
    "name": { "type": "string" }, "size": { "type": "integer", "minimum": 1, "maximum": 9 },
} }))]
#[case::by_the_letter(json!({ "type": "object", "required": ["name"], "properties": {
    "name": { "type": "string" },
}, "additionalProperties": false }))]
fn what_a_joined_schema_forbids_is_taken_or_refused(#[case] real: Value) {
    let named = json!({
        "type": "object", "required": ["name"], "additionalProperties": false,
        "properties": { "name": { "type": "string" } },
    });
    let schema = json!({ "allOf": [
        { "$ref": "#/components/schemas/Named" },
        { "type": "object", "properties": {
            "size": { "type": "integer", "minimum": 1, "maximum": 9 },
        } },
    ] });
    let document = boxes(&schema, &json!({ "Named": named }));
    let (code, _, text) = run(&document, move |request| takes(request, &real));
    assert_eq!(code, 0, "{text}");
}

/// A service that keeps things under ids of one field.
fn keeps(
    wrong: &'static str,
    made: impl Fn(&Value, usize) -> Option<Value> + Send + Sync + 'static,
    collection: &'static str,
    item: &'static str,
) -> impl Fn(&Received) -> Reply + Send + Sync + 'static {
    let kept: Mutex<BTreeMap<String, Value>> = Mutex::default();
    // No two things ever have one number, whichever were removed meanwhile.
    let count = AtomicUsize::new(0);
    move |request| {
        let mut kept = kept.lock().unwrap();
        let path = request.target.split('?').next().unwrap_or_default();
        let id = path.strip_prefix(item).filter(|id| !id.contains('/'));
        match (request.method.as_str(), id) {
            ("POST", _) if path == collection => {
                let sent: Value = serde_json::from_slice(&request.body).unwrap_or_default();
                let is_named = sent["name"]
                    .as_str()
                    .is_some_and(|name| (1..=40).contains(&name.chars().count()));
                let thing = made(&sent, count.fetch_add(1, Ordering::SeqCst)).filter(|_| is_named);
                let Some(thing) = thing else {
                    return refusal(400);
                };
                let id = thing["code"].to_string().replace('"', "");
                if kept.contains_key(&id) {
                    return refusal(409);
                }
                kept.insert(id, thing.clone());
                Reply::json(201, &thing)
            }
            ("GET", Some(id)) => match kept.get(id) {
                Some(thing) if wrong == "nameless" => {
                    Reply::json(200, &json!({ "code": thing["code"] }))
                }
                Some(thing) => Reply::json(200, thing),
                None => refusal(404),
            },
            ("DELETE", Some(id)) => match kept.get(id) {
                Some(_) if wrong == "kept" => Reply::json(204, &Value::Null),
                Some(_) => {
                    kept.remove(id);
                    Reply::json(204, &Value::Null)
                }
                None => refusal(404),
            },
            (_, Some(_)) => refusal(405).with("Allow", "GET, DELETE"),
            _ if path == collection => refusal(405).with("Allow", "POST"),
            _ => refusal(404),
        }
    }
}

/// A whole number that the caller chooses is varied as a name is, and what is made by it is read and
/// deleted.
#[rstest]
#[case::right("", &[])]
#[case::nameless("nameless", &["yard::getThing::response-200.name::required"])]
#[case::kept("kept", &["yard::dropThing::relation::lifecycle::delete-then-gone"])]
fn a_whole_number_that_the_caller_chooses_is_an_id(
    #[case] wrong: &'static str,
    #[case] expected: &[&str],
) {
    let code = json!({ "type": "integer", "minimum": 1, "maximum": 2_147_483_647 });
    let thing = json!({
        "type": "object", "required": ["code", "name"],
        "properties": {
            "code": code, "name": { "type": "string", "minLength": 1, "maxLength": 40 },
        },
    });
    let document = document(&json!({
        "/things": { "post": {
            "operationId": "addThing",
            "requestBody": { "required": true, "content": { "application/json": { "schema": thing } } },
            "responses": { "201": answer(&thing), "409": refused(), "4XX": refused() },
        } },
        "/things/{code}": {
            "parameters": [{ "name": "code", "in": "path", "required": true, "schema": code }],
            "get": { "operationId": "getThing", "responses": { "200": answer(&thing), "4XX": refused() } },
            "delete": { "operationId": "dropThing", "responses": { "204": { "description": "" }, "4XX": refused() } },
        },
    }));
    let made = |sent: &Value, _| {
        let code = sent["code"].as_i64()?;
        (1..=2_147_483_647)
            .contains(&code)
            .then(|| json!({ "code": code, "name": sent["name"] }))
    };
    let (_, facts, text) = run(&document, keeps(wrong, made, "/things", "/things/"));
    assert_eq!(facts, expected, "{text}");
    assert!(text.contains("0 blocked") || !wrong.is_empty(), "{text}");
}

/// Where neither paths nor names tell that what is packed is read as a box, a link does.
#[rstest]
#[case::right("", true, 0)]
#[case::nameless("nameless", true, 1)]
#[case::kept("kept", true, 1)]
#[case::without_a_link("nameless", false, 0)]
fn a_link_tells_where_an_id_comes_from(
    #[case] wrong: &'static str,
    #[case] is_linked: bool,
    #[case] code: i32,
    #[values("operationId", "operationRef")] by: &str,
) {
    let name = json!({ "type": "string", "minLength": 1, "maxLength": 40 });
    let thing = json!({
        "type": "object", "required": ["code", "name"],
        "properties": { "code": { "type": "string" }, "name": name },
    });
    let sent = json!({ "type": "object", "required": ["name"], "properties": { "name": name } });
    let to = if by == "operationId" {
        "showBox"
    } else {
        "#/paths/~1boxes~1{mark}/get"
    };
    let links = json!({ "show": { by: to, "parameters": { "mark": "$response.body#/code" } } });
    let mut packed = answer(&thing);
    if is_linked {
        packed["links"] = links;
    }
    let document = document(&json!({
        "/crates": { "post": {
            "operationId": "packCrate",
            "requestBody": { "required": true, "content": { "application/json": { "schema": sent } } },
            "responses": { "201": packed, "4XX": refused() },
        } },
        "/boxes/{mark}": {
            "parameters": [{ "name": "mark", "in": "path", "required": true, "schema": { "type": "string" } }],
            "get": { "operationId": "showBox", "responses": { "200": answer(&thing), "4XX": refused() } },
            "delete": { "operationId": "dropBox", "responses": { "204": { "description": "" }, "4XX": refused() } },
        },
    }));
    let made = |sent: &Value, count: usize| {
        Some(json!({ "code": format!("x{count}-{}", std::process::id()), "name": sent["name"] }))
    };
    let (found, _, text) = run(&document, keeps(wrong, made, "/crates", "/boxes/"));
    assert_eq!(found, code, "{text}");
}

/// Links that lead nowhere, or pass on what is no field of a body, are told; the others are read
/// back from an export.
#[test]
fn what_a_link_does_not_tell_is_reported() {
    let thing = json!({
        "type": "object", "required": ["id"], "properties": { "id": { "type": "string" } },
    });
    let mut made = answer(&thing);
    made["links"] = json!({
        "lost": { "operationId": "nobody", "parameters": { "id": "$response.body#/id" } },
        "odd": { "operationId": "getThing", "parameters": { "id": "$request.header.x" } },
        "read": { "operationId": "getThing", "parameters": { "id": "$response.body#/id" } },
    });
    let document = document(&json!({
        "/things": { "post": { "operationId": "addThing", "responses": { "201": made } } },
        "/things/{id}": {
            "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }],
            "get": { "operationId": "getThing", "responses": { "200": answer(&thing) } },
        },
    }));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document.to_string()).unwrap();
    let told = docproof(folder.path(), ["lint", "api.json", "--level", "may"]);
    for (name, is_told) in [("`lost`", true), ("`odd`", true), ("`read`", false)] {
        assert_eq!(told.text().contains(name), is_told, "{}", told.text());
    }
    let export = |document: &str| {
        let told = docproof(folder.path(), ["export", "--suite", document]);
        assert_eq!(told.code, 0, "{}", told.err);
        told.out
    };
    let first = export("api.json");
    assert!(first.contains("$response.body#/id"), "{first}");
    std::fs::write(folder.path().join("exported.json"), &first).unwrap();
    assert_eq!(export("exported.json"), first);
}

/// Who documents that a media type which is not offered is refused, refuses it.
#[rstest]
#[case::right(true, true, 0)]
#[case::taken(true, false, 1)]
#[case::not_documented(false, false, 0)]
fn a_media_type_that_is_not_offered_is_refused_where_that_is_documented(
    #[case] is_documented: bool,
    #[case] refuses: bool,
    #[case] code: i32,
) {
    let thing = json!({
        "type": "object", "required": ["size"], "properties": { "size": { "type": "integer" } },
    });
    let mut responses = json!({ "200": answer(&thing), "404": refused() });
    if is_documented {
        responses["406"] = refused();
    }
    let document = document(&json!({ "/box": { "get": {
        "operationId": "getBox", "responses": responses,
    } } }));
    let act = move |request: &Received| {
        let accept = request.header("accept").unwrap_or("*/*");
        match request.method.as_str() {
            _ if request.target.split('?').next() != Some("/box") => refusal(404),
            "GET" if refuses && !accept.contains("json") && !accept.contains("*/*") => refusal(406),
            "GET" => Reply::json(200, &json!({ "size": 3 })),
            _ => refusal(405).with("Allow", "GET"),
        }
    };
    let (found, _, text) = run(&document, act);
    assert_eq!(found, code, "{text}");
}

/// A list whose ends of a range are documented has what is within, that of exactly an end where it is
/// documented as within; of two ends that are one day, what is of that day.
#[rstest]
#[case::right("", &[])]
#[case::upper_end_left_out("to <", &["relation::range::ends"])]
#[case::lower_end_left_out("from <", &["relation::range::ends"])]
#[case::upper_end_ignored("to", &["relation::range::within"])]
#[case::lower_end_ignored("from", &["relation::range::within"])]
fn a_list_keeps_to_the_ends_of_a_range(#[case] wrong: &'static str, #[case] expected: &[&str]) {
    let event = json!({
        "type": "object", "required": ["id", "held_on"],
        "properties": {
            "id": { "type": "integer" }, "held_on": { "type": "string", "format": "date" },
        },
    });
    let end = |name: &str, text: &str| {
        let day = json!({ "type": "string", "format": "date" });
        json!({ "name": name, "in": "query", "description": text, "schema": day })
    };
    let document = document(&json!({ "/events": { "get": {
        "operationId": "listEvents",
        "parameters": [
            end("held_from", "Only events that are held on or after this day (inclusive)."),
            end("held_to", "Only events that are held on or before this day (inclusive)."),
        ],
        "responses": {
            "200": answer(&json!({ "type": "array", "items": event })), "4XX": refused(),
        },
    } } }));
    let act = move |request: &Received| {
        let days = [
            "2024-01-01",
            "2024-01-05",
            "2024-01-05",
            "2024-02-01",
            "2024-03-01",
        ];
        let is_day = |text: &str| text.parse::<jiff::civil::Date>().is_ok() && text.len() == 10;
        let (from, to) = (asked(request, "held_from"), asked(request, "held_to"));
        match request.method.as_str() {
            _ if request.target.split('?').next() != Some("/events") => refusal(404),
            "GET" if from.into_iter().chain(to).all(is_day) => {
                let within = |day: &str| {
                    let after = from.is_none_or(|from| match wrong {
                        "from" => true,
                        "from <" => day > from,
                        _ => day >= from,
                    });
                    let before = to.is_none_or(|to| match wrong {
                        "to" => true,
                        "to <" => day < to,
                        _ => day <= to,
                    });
                    after && before
                };
                let all = days.iter().enumerate().filter(|(_, day)| within(day));
                let all: Vec<Value> = all
                    .map(|(id, day)| json!({ "id": id, "held_on": day }))
                    .collect();
                Reply::json(200, &json!(all))
            }
            "GET" => refusal(400),
            _ => refusal(405).with("Allow", "GET"),
        }
    };
    let (_, facts, text) = run(&document, act);
    let expected: Vec<String> = expected
        .iter()
        .map(|law| format!("yard::listEvents::{law}"))
        .collect();
    assert_eq!(facts, expected, "{text}");
}

/// `from` alone does not say of which day it is: that an item shows another one proves nothing.
#[test]
fn an_end_without_a_name_of_its_own_is_of_no_day_that_is_called_otherwise() {
    let bill = json!({
        "type": "object", "required": ["id", "made_on"],
        "properties": { "id": { "type": "integer" }, "made_on": { "type": "string", "format": "date" } },
    });
    let document = document(&json!({ "/bills": { "get": {
        "operationId": "listBills",
        "parameters": [{
            "name": "from", "in": "query", "description": "Only bills paid on or after this day (inclusive).",
            "schema": { "type": "string", "format": "date" },
        }],
        "responses": { "200": answer(&json!({ "type": "array", "items": bill })), "4XX": refused() },
    } } }));
    // When a bill was made, and when it was paid, which nobody sees.
    let bills = [
        ("2024-01-01", "2024-03-01"),
        ("2024-01-20", "2024-01-25"),
        ("2024-02-01", "2024-02-02"),
    ];
    let act = move |request: &Received| {
        let from = asked(request, "from");
        let is_day = |text: &str| text.parse::<jiff::civil::Date>().is_ok() && text.len() == 10;
        match request.method.as_str() {
            _ if request.target.split('?').next() != Some("/bills") => refusal(404),
            "GET" if from.is_none_or(is_day) => {
                let all = bills.iter().enumerate();
                let paid = all.filter(|(_, (_, paid))| from.is_none_or(|from| *paid >= from));
                let shown = paid.map(|(id, (made, _))| json!({ "id": id, "made_on": made }));
                Reply::json(200, &json!(shown.collect::<Vec<_>>()))
            }
            "GET" => refusal(400),
            _ => refusal(405).with("Allow", "GET"),
        }
    };
    let (code, facts, text) = run(&document, act);
    assert_eq!((code, facts), (0, Vec::new()), "{text}");
}

/// A link leads to what was there before as well: the customer of an order is not made with it, and
/// not deleted. What else the answer tells of the order may be called as ids are, too.
#[rstest]
#[case::named("user_id", "$response.body#/user_id")]
#[case::of_a_general_name("code", "$response.body#/code")]
#[case::sent("user_id", "$request.body#/user_id")]
fn what_a_link_leads_to_need_not_be_what_was_made(#[case] field: &str, #[case] value: &str) {
    let text = json!({ "type": "string", "minLength": 1, "maxLength": 40 });
    let order = json!({
        "type": "object", "required": ["id", field],
        "properties": { "id": { "type": "string" }, (field): text },
    });
    let sent = json!({ "type": "object", "required": [field], "properties": { (field): text } });
    let user = json!({
        "type": "object", "required": ["name"], "properties": { "name": { "type": "string" } },
    });
    let mut made = answer(&order);
    made["links"] =
        json!({ "buyer": { "operationId": "getUser", "parameters": { "mark": value } } });
    let document = document(&json!({
        "/orders": { "post": {
            "operationId": "addOrder",
            "requestBody": { "required": true, "content": { "application/json": { "schema": sent } } },
            "responses": { "201": made, "4XX": refused() },
        } },
        "/users/{mark}": {
            "parameters": [{ "name": "mark", "in": "path", "required": true, "schema": { "type": "string" } }],
            "get": { "operationId": "getUser", "responses": { "200": answer(&user), "4XX": refused() } },
            "delete": { "operationId": "dropUser", "responses": { "204": { "description": "" }, "4XX": refused() } },
        },
    }));
    let deleted = std::sync::Arc::new(Mutex::new(Vec::new()));
    let seen = std::sync::Arc::clone(&deleted);
    let buyers = std::sync::Arc::new(Mutex::new(std::collections::BTreeSet::new()));
    let known = std::sync::Arc::clone(&buyers);
    let name = field.to_owned();
    let act = move |request: &Received| {
        let sent = serde_json::from_slice::<Value>(&request.body).unwrap_or_default();
        let buyer = sent[&name]
            .as_str()
            .filter(|own| (1..=40).contains(&own.chars().count()));
        match (request.method.as_str(), request.target.as_str()) {
            ("POST", "/orders") => match buyer {
                Some(buyer) => {
                    let mut buyers = known.lock().unwrap();
                    buyers.insert(format!("/users/{buyer}"));
                    let id = format!("o-{}-{}", std::process::id(), buyers.len());
                    Reply::json(201, &json!({ "id": id, (&name): buyer }))
                }
                None => refusal(400),
            },
            ("GET", target) if target.starts_with("/users/") => {
                Reply::json(200, &json!({ "name": "a" }))
            }
            ("DELETE", target) if target.starts_with("/users/") => {
                seen.lock().unwrap().push(target.to_owned());
                Reply::json(204, &json!(null))
            }
            (_, "/orders") => refusal(405).with("Allow", "POST"),
            (_, target) if target.starts_with("/users/") => {
                refusal(405).with("Allow", "GET, DELETE")
            }
            _ => refusal(404),
        }
    };
    let (_, _, text) = run(&document, act);
    let (deleted, buyers) = (deleted.lock().unwrap(), buyers.lock().unwrap());
    let lost: Vec<&String> = deleted.iter().filter(|own| buyers.contains(*own)).collect();
    assert!(!buyers.is_empty(), "{text}");
    assert_eq!(lost, Vec::<&String>::new(), "{text}");
}

/// A create that tells another id than it was sent is one finding, and what is not found by that
/// stands with it.
#[test]
fn what_is_not_found_by_a_wrong_id_stands_with_its_cause() {
    let code = json!({ "type": "string", "pattern": "^[a-z]{3}-[0-9]{4}$" });
    let thing = json!({
        "type": "object", "required": ["code", "name"],
        "properties": {
            "code": code, "name": { "type": "string", "minLength": 1, "maxLength": 40 },
        },
    });
    let document = document(&json!({
        "/things": { "post": {
            "operationId": "addThing",
            "requestBody": { "required": true, "content": { "application/json": { "schema": thing } } },
            "responses": { "201": answer(&thing), "409": refused(), "4XX": refused() },
        } },
        "/things/{code}": {
            "parameters": [{ "name": "code", "in": "path", "required": true, "schema": code }],
            "get": { "operationId": "getThing", "responses": { "200": answer(&thing), "4XX": refused() } },
            "delete": { "operationId": "dropThing", "responses": { "204": { "description": "" }, "4XX": refused() } },
        },
    }));
    let schema = thing.clone();
    let act = keeps(
        "",
        move |sent: &Value, _| {
            let is_right = jsonschema::is_valid(&schema, sent);
            is_right.then(|| json!({ "code": sent["code"], "name": sent["name"] }))
        },
        "/things",
        "/things/",
    );
    let (_, facts, text) = run(&document, move |request| {
        let mut reply = act(request);
        if reply.status == 201 {
            let mut told: Value = serde_json::from_slice(&reply.body).unwrap();
            told["code"] = json!(format!("x{}", told["code"].as_str().unwrap()));
            reply.body = told.to_string().into_bytes();
        }
        reply
    });
    assert_eq!(
        facts,
        ["yard::addThing::response-201.code::pattern"],
        "{text}"
    );
}

/// Whoever documents that a read needs no credential, where another one does, serves it without one.
#[rstest]
#[case::open(json!([]), true, 0)]
#[case::closed(json!([]), false, 1)]
#[case::either(json!([{}, { "key": [] }]), false, 1)]
#[case::needed(json!([{ "key": [] }]), false, 0)]
fn what_needs_no_credential_is_served_without_one(
    #[case] security: Value,
    #[case] is_open: bool,
    #[case] code: i32,
) {
    let thing = json!({
        "type": "object", "required": ["size"], "properties": { "size": { "type": "integer" } },
    });
    let read = |id: &str| json!({ "operationId": id, "responses": { "200": answer(&thing), "404": refused() } });
    let mut open = read("getOpen");
    open["security"] = security;
    let mut document = document(&json!({
        "/open": { "get": open }, "/closed": { "get": read("getClosed") },
    }));
    document["security"] = json!([{ "key": [] }]);
    document["components"] = json!({ "securitySchemes": {
        "key": { "type": "apiKey", "in": "header", "name": "X-API-Key" },
    } });
    let act = move |request: &Received| {
        let is_known = request.header("x-api-key") == Some("secret-123");
        let path = request.target.split('?').next().unwrap_or_default();
        match (request.method.as_str(), path) {
            ("GET", "/open") if is_open || is_known => Reply::json(200, &json!({ "size": 1 })),
            ("GET", "/closed") if is_known => Reply::json(200, &json!({ "size": 2 })),
            ("GET", "/open" | "/closed") => refusal(401),
            (_, "/open" | "/closed") => refusal(405).with("Allow", "GET"),
            _ => refusal(404),
        }
    };
    let server = Small::start(Box::new(act));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document.to_string()).unwrap();
    let command = ["run", "api.json", "--endpoint", &server.url];
    let key = ["--header", "X-API-Key: secret-123"];
    let told = docproof(folder.path(), command.into_iter().chain(key));
    assert_eq!(told.code, code, "{}", told.text());
}
