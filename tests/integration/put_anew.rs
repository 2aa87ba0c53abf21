//! What a `PUT` puts there under an id of the caller's, where nothing else makes it: recognised by
//! the refusals that its path documents, silent where the service has its own ids, and resting on
//! the copy of the whole that it is put in.

use std::collections::BTreeMap;
use std::sync::Mutex;

use rstest::rstest;
use serde_json::{Value, json};

use super::support::docproof;
use super::support::small::Small;
use super::support::{Received, Reply};

/// The facts of the findings that fail a run of a document, and what is told.
fn found(
    document: &Value,
    act: impl Fn(&Received) -> Reply + Send + Sync + 'static,
) -> (Vec<String>, String) {
    let server = Small::start(Box::new(act));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document.to_string()).unwrap();
    let mut arguments = vec!["run", "api.json", "--endpoint", &server.url];
    // Beside each other, two changes may rest on one copy: the second is rightly refused.
    arguments.extend(["--report", "json=report.json", "-j", "1"]);
    let told = docproof(folder.path(), arguments);
    let report = std::fs::read_to_string(folder.path().join("report.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let failing = findings.filter(|finding| finding["level"] != "may");
    let fact = |finding: &Value| finding["fact"].as_str().unwrap().to_owned();
    (failing.map(fact).collect(), told.text())
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

fn in_path(name: &str) -> Value {
    let schema = json!({ "type": "string", "minLength": 1, "maxLength": 30 });
    json!({ "name": name, "in": "path", "required": true, "schema": schema })
}

/// Limits of projects: the `PUT` lists its refusals, and 404 is none of them.
fn limits() -> Value {
    let limit = json!({ "type": "object", "required": ["most"],
        "properties": { "most": { "type": "integer", "minimum": 0, "maximum": 90 } } });
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Limits", "version": "1" },
        "paths": { "/limits/{project}": {
            "parameters": [in_path("project")],
            "put": { "operationId": "set", "requestBody": body(&limit),
                "responses": { "204": { "description": "Set" }, "400": refused() } },
            "get": { "operationId": "show",
                "responses": { "200": answer(&limit), "404": refused() } },
            "delete": { "operationId": "remove",
                "responses": { "204": { "description": "Gone" }, "404": refused() } },
        } },
    })
}

#[rstest]
#[case::right("", &[])]
#[case::of_projects_that_are_known("known", &[])]
#[case::keeps_another("lost", &["limits::set::relation::lifecycle::create-then-read"])]
fn what_a_put_makes_is_tried(
    #[case] breach: &'static str,
    #[case] expected: &'static [&'static str],
) {
    let kept: Mutex<BTreeMap<String, Value>> = Mutex::new(BTreeMap::new());
    let (facts, told) = found(&limits(), move |request| {
        let Some(project) = request.target.strip_prefix("/limits/") else {
            return refusal(404);
        };
        let mut kept = kept.lock().unwrap();
        match request.method.as_str() {
            "PUT" if breach == "known" && project != "main" => refusal(404),
            "PUT" => {
                let sent: Value = serde_json::from_slice(&request.body).unwrap_or_default();
                let is_json = request.header("content-type") == Some("application/json");
                let most = sent["most"].as_u64().filter(|most| *most <= 90 && is_json);
                let Some(most) = most.filter(|_| project.len() <= 90) else {
                    return refusal(400);
                };
                let most = if breach == "lost" { 0 } else { most };
                kept.insert(project.to_owned(), json!({ "most": most }));
                Reply::json(204, &Value::Null)
            }
            "GET" => match kept.get(project) {
                Some(limit) => Reply::json(200, limit),
                None => refusal(404),
            },
            "DELETE" => match kept.remove(project) {
                Some(_) => Reply::json(204, &Value::Null),
                None => refusal(404),
            },
            _ => refusal(405).with("Allow", "GET, PUT, DELETE"),
        }
    });
    assert_eq!(facts, expected, "{told}");
    let is_tried = !told.contains("no resource `limits.project`");
    assert!(is_tried, "{told}");
}

/// Slots of a rack: each change names the generation of the rack, which the list of slots tells.
fn of_racks() -> Value {
    let number = json!({ "type": "integer" });
    let generation = || json!({ "rack_generation": number });
    let slot = json!({ "type": "object", "required": ["rack_generation", "size"], "properties": {
        "rack_generation": number,
        "size": { "type": "integer", "minimum": 1, "maximum": 60 } } });
    let mut slots = generation();
    slots["slots"] = json!({ "type": "object", "additionalProperties": { "type": "integer" } });
    let slots = json!({ "type": "object", "properties": slots });
    let rack = json!({ "type": "object", "required": ["rack_id"],
        "properties": { "rack_id": { "type": "integer" } } });
    let id = json!({ "name": "rack_id", "in": "path", "required": true,
        "schema": { "type": "integer", "minimum": 1 } });
    let both = [id.clone(), in_path("slot")];
    let gone = || json!({ "description": "Gone" });
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Racks", "version": "1" },
        "paths": {
            "/racks": { "post": { "operationId": "make", "responses": { "201": answer(&rack) } } },
            "/racks/{rack_id}": { "parameters": [id.clone()],
                "delete": { "operationId": "unmake",
                    "responses": { "204": gone(), "404": refused() } } },
            "/racks/{rack_id}/slots": { "parameters": [id],
                "get": { "operationId": "list",
                    "responses": { "200": answer(&slots), "404": refused() } } },
            "/racks/{rack_id}/slots/{slot}": { "parameters": both,
                "put": { "operationId": "put", "requestBody": body(&slot), "responses": {
                    "200": answer(&slot), "400": refused(), "404": refused(), "409": refused() } },
                "get": { "operationId": "show",
                    "responses": { "200": answer(&slot), "404": refused() } },
                "delete": { "operationId": "empty",
                    "responses": { "204": gone(), "404": refused() } } },
        },
    })
}

/// A rack: how often it was changed, and its slots.
#[derive(Default)]
struct Rack {
    generation: u64,
    slots: BTreeMap<String, u64>,
}

#[derive(Default)]
struct Racks {
    all: BTreeMap<u64, Rack>,
    made: u64,
}

fn slot(racks: &mut Racks, most: u64, request: &Received) -> Reply {
    let parts: Vec<&str> = request.target.split('/').skip(2).collect();
    if request.target == "/racks" {
        if request.method != "POST" {
            return refusal(405).with("Allow", "POST");
        }
        racks.made += 1;
        let rack = Rack {
            generation: 5,
            ..Rack::default()
        };
        racks.all.insert(racks.made, rack);
        return Reply::json(201, &json!({ "rack_id": racks.made }));
    }
    let id = parts.first().and_then(|id| id.parse::<u64>().ok());
    let Some((id, rack)) = id.and_then(|id| Some((id, racks.all.get_mut(&id)?))) else {
        return refusal(404);
    };
    let told = |rack: &Rack, size: u64| json!({ "rack_generation": rack.generation, "size": size });
    match (request.method.as_str(), parts.as_slice()) {
        ("DELETE", [_]) => {
            racks.all.remove(&id);
            Reply::json(204, &Value::Null)
        }
        ("GET", [_, "slots"]) => Reply::json(
            200,
            &json!({ "rack_generation": rack.generation, "slots": rack.slots }),
        ),
        ("PUT", [_, "slots", name]) => {
            let sent: Value = serde_json::from_slice(&request.body).unwrap_or_default();
            let is_json = request.header("content-type") == Some("application/json");
            let size = sent["size"].as_u64();
            let size = size.filter(|size| (1..=most).contains(size) && is_json);
            let (Some(size), true) = (size, sent["rack_generation"].is_i64()) else {
                return refusal(400);
            };
            if sent["rack_generation"].as_u64() != Some(rack.generation) {
                return refusal(409);
            }
            rack.generation += 1;
            rack.slots.insert((*name).to_owned(), size);
            Reply::json(200, &told(rack, size))
        }
        ("GET", [_, "slots", name]) => match rack.slots.get(*name) {
            Some(size) => Reply::json(200, &told(rack, *size)),
            None => refusal(404),
        },
        ("DELETE", [_, "slots", name]) => match rack.slots.remove(*name) {
            Some(_) => {
                rack.generation += 1;
                Reply::json(204, &Value::Null)
            }
            None => refusal(404),
        },
        (_, [_] | [_, "slots"] | [_, "slots", _]) => refusal(405).with("Allow", "GET, PUT, DELETE"),
        _ => refusal(404),
    }
}

#[rstest]
#[case::right(60, &[])]
#[case::a_documented_size_is_refused(50, &["racks::put::request.size::maximum"])]
fn a_new_item_rests_on_what_its_list_tells(
    #[case] most: u64,
    #[case] expected: &'static [&'static str],
) {
    let racks = Mutex::new(Racks::default());
    let (facts, told) = found(&of_racks(), move |request| {
        slot(&mut racks.lock().unwrap(), most, request)
    });
    assert_eq!(facts, expected, "{told}");
    assert!(!told.contains("could not be created"), "{told}");
}
