//! What correct services do that a document says nothing of: none of it fails a run.

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Received, Recorder, docproof};

/// Runs a document against a server, with the findings that fail a run.
fn found(
    document: &Value,
    more: &[&str],
    answer: impl FnMut(&Received) -> (u16, Value) + Send + 'static,
) -> (Vec<String>, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document.to_string()).unwrap();
    let server = Recorder::start(answer);
    let mut arguments = vec!["run", "api.json", "--endpoint", server.url()];
    arguments.extend(["--report", "json=report.json"]);
    arguments.extend(more);
    let told = docproof(folder.path(), arguments);
    let report = std::fs::read_to_string(folder.path().join("report.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let failing = findings.filter(|finding| finding["level"] != "may");
    let named = failing.map(|finding| format!("{}: {}", finding["fact"], finding["message"]));
    (named.collect(), told.text())
}

/// A document with these paths, whose refusals have a message.
fn document(paths: Value) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Desk", "version": "1" },
        "paths": paths,
        "components": { "responses": { "Refused": { "description": "Refused.",
            "content": { "application/json": { "schema": { "type": "object", "required": ["message"],
                "properties": { "message": { "type": "string" } } } } } } } },
    })
}

fn refused() -> Value {
    json!({ "$ref": "#/components/responses/Refused" })
}

fn no(status: u16) -> (u16, Value) {
    (status, json!({ "message": "no" }))
}

/// What answers what no path of a document serves.
fn elsewhere(request: &Received, paths: &[&str]) -> (u16, Value) {
    no(if paths.contains(&request.target.as_str()) {
        405
    } else {
        404
    })
}

fn of_json(schema: &Value) -> Value {
    json!({ "application/json": { "schema": schema } })
}

fn of_notes() -> Value {
    let note = json!({ "type": "object", "required": ["title"], "properties": {
        "title": { "type": "string", "minLength": 1, "maxLength": 12 },
        "price": { "type": "string", "pattern": "^[0-9]{1,5}\\.[0-9]{2}$", "example": "01.50" },
    } });
    let mut all = document(json!({ "/notes": { "post": {
        "operationId": "make_note",
        "security": [{ "token": [] }],
        "requestBody": { "required": true, "content": of_json(&note) },
        "responses": {
            "201": { "description": "Made.", "content": of_json(&note) },
            "400": refused(),
            "401": { "description": "Unauthorized" },
        },
    } } }));
    all["components"]["securitySchemes"] =
        json!({ "token": { "type": "http", "scheme": "bearer" } });
    all
}

/// Texts are read with a mark for what is no UTF-8, and kept without the blanks around them; a 401
/// has no body; a number in a text is shown without the zeros before it.
fn notes(request: &Received) -> (u16, Value) {
    if (request.method.as_str(), request.target.as_str()) != ("POST", "/notes") {
        return elsewhere(request, &["/notes"]);
    }
    if request.header("authorization") != Some("Bearer t1") {
        return (401, Value::Null);
    }
    let body: Result<Value, _> = serde_json::from_str(&String::from_utf8_lossy(&request.body));
    let Ok(Value::Object(mut body)) = body else {
        return no(400);
    };
    if request.header("content-type") != Some("application/json") {
        return no(400);
    }
    let title = body
        .get("title")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let title = title.trim().to_owned();
    let price = body
        .get("price")
        .map(|price| price.as_str().unwrap_or_default().to_owned());
    let is_price = |price: &String| {
        let parts = price.split_once('.');
        parts.is_some_and(|(whole, part)| {
            let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            (1..=5).contains(&whole.len()) && part.len() == 2 && is_number(whole) && is_number(part)
        })
    };
    if !(1..=12).contains(&title.chars().count())
        || price.as_ref().is_some_and(|one| !is_price(one))
    {
        return no(400);
    }
    body.insert("title".to_owned(), Value::from(title));
    if let Some(price) = price {
        let short = price.trim_start_matches('0');
        let zero = if short.starts_with('.') { "0" } else { "" };
        body.insert("price".to_owned(), Value::from(format!("{zero}{short}")));
    }
    (201, Value::Object(body))
}

#[test]
fn texts_are_kept_in_other_ways() {
    let (found, text) = found(&of_notes(), &["--bearer", "t1"], notes);
    assert_eq!(found, Vec::<String>::new(), "{text}");
}

#[test]
fn an_empty_field_of_a_form_is_none() {
    let form = json!({ "type": "object", "required": ["text"], "properties": {
        "text": { "type": "string", "minLength": 1, "maxLength": 20 },
        "limit": { "type": "integer", "minimum": 1, "maximum": 9 },
    } });
    let document = document(json!({ "/search": { "post": {
        "operationId": "search",
        "requestBody": { "required": true,
            "content": { "application/x-www-form-urlencoded": { "schema": form } } },
        "responses": { "200": { "description": "Found." }, "400": refused() },
    } } }));
    let (found, text) = found(&document, &[], |request| {
        if (request.method.as_str(), request.target.as_str()) != ("POST", "/search") {
            return elsewhere(request, &["/search"]);
        }
        let is_form = request.header("content-type") == Some("application/x-www-form-urlencoded");
        let fields: Vec<(String, String)> = url::form_urlencoded::parse(&request.body)
            .into_owned()
            .collect();
        let all = |name: &str| -> Vec<&String> {
            let own = fields.iter().filter(|(known, _)| known == name);
            own.map(|(_, value)| value).collect()
        };
        let is_text =
            matches!(all("text").as_slice(), [text] if (1..=20).contains(&text.chars().count()));
        let is_limit = match all("limit").as_slice() {
            [] => true,
            [limit] => limit.is_empty() || matches!(limit.as_bytes(), [b'1'..=b'9']),
            _ => false,
        };
        if is_form && is_text && is_limit {
            (200, Value::Null)
        } else {
            no(400)
        }
    });
    assert_eq!(found, Vec::<String>::new(), "{text}");
}

fn of_desks(more: Value) -> Value {
    let desk = json!({ "type": "object", "required": ["id", "name"], "properties": {
        "id": { "type": "string" }, "name": { "type": "string" },
    } });
    let made = json!({ "type": "object", "required": ["name"], "properties": {
        "name": { "type": "string", "minLength": 1, "maxLength": 60 },
    } });
    let shop = json!({ "name": "X-Shop", "in": "header", "required": true,
        "schema": { "type": "string", "enum": ["north", "south"] } });
    let id = json!({ "name": "desk_id", "in": "path", "required": true, "schema": { "type": "string" } });
    let mut paths = json!({
        "/desks": { "parameters": [shop.clone()],
            "get": { "operationId": "list_desks",
                "parameters": [{ "name": "limit", "in": "query",
                    "schema": { "type": "integer", "minimum": 1, "maximum": 5, "default": 5 } }],
                "responses": { "200": { "description": "Some.", "content": of_json(&json!({
                    "type": "object", "required": ["items"],
                    "properties": { "items": { "type": "array", "items": desk.clone() } } })) },
                "400": refused() } },
            "post": { "operationId": "make_desk",
                "requestBody": { "required": true, "content": of_json(&made) },
                "responses": { "201": { "description": "Made.", "content": of_json(&desk) }, "400": refused() } },
        },
        "/desks/{desk_id}": { "parameters": [shop, id],
            "get": { "operationId": "show_desk", "responses": {
                "200": { "description": "One.", "content": of_json(&desk) }, "400": refused(), "404": refused() } },
        },
    });
    if let (Value::Object(paths), Value::Object(more)) = (&mut paths, more) {
        paths.extend(more);
    }
    document(paths)
}

/// Desks of two shops, of which each shows its own, and lists the five first.
fn desks(known: usize) -> impl FnMut(&Received) -> (u16, Value) {
    let first = |number| (format!("d{number}"), "north".to_owned(), "old".to_owned());
    let mut desks: Vec<(String, String, String)> = (0..known).map(first).collect();
    move |request| {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        let shop = request.header("x-shop").unwrap_or_default().to_owned();
        let is_shop = ["north", "south"].contains(&shop.as_str());
        let shown = |(id, _, name): &(String, String, String)| json!({ "id": id, "name": name });
        let own = path.strip_prefix("/desks/");
        match (request.method.as_str(), own) {
            ("GET" | "POST", _) if (path == "/desks" || own.is_some()) && !is_shop => no(400),
            ("GET", None) if path == "/desks" => {
                let mut limit = 5;
                for (_, value) in url::form_urlencoded::parse(query.as_bytes()) {
                    match value.parse() {
                        Ok(number) if (1..=5).contains(&number) => limit = number,
                        _ => return no(400),
                    }
                }
                let items = desks.iter().filter(|desk| desk.1 == shop).take(limit);
                (
                    200,
                    json!({ "items": items.map(shown).collect::<Vec<_>>() }),
                )
            }
            ("POST", None) if path == "/desks" => {
                let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
                let name = body["name"].as_str().unwrap_or_default().to_owned();
                let is_json = request.header("content-type") == Some("application/json");
                if !is_json || !(1..=60).contains(&name.chars().count()) {
                    return no(400);
                }
                let desk = (format!("d{}", desks.len()), shop, name);
                desks.push(desk.clone());
                (201, shown(&desk))
            }
            ("GET", Some(id)) => {
                let desk = desks.iter().find(|desk| desk.0 == id && desk.1 == shop);
                desk.map_or_else(|| no(404), |desk| (200, shown(desk)))
            }
            ("GET" | "POST", None) => no(404),
            _ if path == "/desks" || own.is_some() => no(405),
            _ => no(404),
        }
    }
}

#[rstest]
#[case::few(0)]
#[case::more_than_a_page(60)]
fn what_belongs_to_another_or_stands_on_another_page_is_not_missed(#[case] known: usize) {
    let (found, text) = found(&of_desks(json!({})), &[], desks(known));
    assert_eq!(found, Vec::<String>::new(), "{text}");
}

#[test]
fn what_has_to_be_put_there_first_is_not_missed() {
    let lamp = json!({ "type": "object", "required": ["colour"], "properties": {
        "colour": { "type": "string", "minLength": 1, "maxLength": 9 } } });
    let id = json!({ "name": "desk_id", "in": "path", "required": true, "schema": { "type": "string" } });
    let more = json!({ "/desks/{desk_id}/lamp": { "parameters": [id],
        "get": { "operationId": "show_lamp", "responses": {
            "200": { "description": "It.", "content": of_json(&lamp) }, "404": refused() } },
        "put": { "operationId": "put_lamp",
            "requestBody": { "required": true, "content": of_json(&lamp) },
            "responses": { "200": { "description": "It.", "content": of_json(&lamp) },
                "400": refused(), "404": refused() } },
    } });
    let mut desks = desks(0);
    let mut known: Vec<String> = Vec::new();
    let mut lamps: Vec<(String, Value)> = Vec::new();
    let (found, text) = found(&of_desks(more), &[], move |request| {
        let path = request.target.split('?').next().unwrap_or_default();
        let Some(path) = path.strip_suffix("/lamp") else {
            let answer = desks(request);
            if answer.0 == 201 {
                known.push(format!(
                    "/desks/{}",
                    answer.1["id"].as_str().unwrap_or_default()
                ));
            }
            return answer;
        };
        if !matches!(request.method.as_str(), "GET" | "PUT") {
            return no(405);
        }
        if !known.iter().any(|one| one == path) {
            return no(404);
        }
        let at = lamps.iter().position(|(own, _)| own == path);
        if request.method == "GET" {
            return at.map_or_else(|| no(404), |at| (200, lamps[at].1.clone()));
        }
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let colour = body["colour"].as_str().unwrap_or_default();
        let is_json = request.header("content-type") == Some("application/json");
        if !is_json || !(1..=9).contains(&colour.chars().count()) {
            return no(400);
        }
        let lamp = json!({ "colour": colour });
        lamps.retain(|(own, _)| own != path);
        lamps.push((path.to_owned(), lamp.clone()));
        (200, lamp)
    });
    assert_eq!(found, Vec::<String>::new(), "{text}");
}

/// Two headers of a request are wanted, and one list of errors has the statuses of all such refusals.
fn of_racks(errors: Value) -> Value {
    let version = json!({ "name": "Depot-Version", "in": "header", "required": true,
        "schema": { "type": "string", "enum": ["2"] } });
    let mut responses = json!({ "200": { "description": "Some.", "content": of_json(&json!({
        "type": "object", "required": ["racks"],
        "properties": { "racks": { "type": "array", "items": { "type": "string" } } } })) } });
    if let (Value::Object(responses), Value::Object(errors)) = (&mut responses, errors) {
        responses.extend(errors);
    }
    document(json!({ "/racks": { "get": {
        "operationId": "list_racks", "parameters": [version], "responses": responses } } }))
}

#[rstest]
#[case::neither_is_listed(json!({ "404": refused() }), &[])]
#[case::the_other_is_listed(json!({ "404": refused(), "422": refused() }), &["response-404::status"])]
fn the_usual_refusal_is_denied_by_a_list_that_has_its_like(
    #[case] errors: Value,
    #[case] expected: &[&str],
) {
    let (found, text) = found(&of_racks(errors), &[], |request| {
        match (request.method.as_str(), request.target.as_str()) {
            ("GET", "/racks") if request.header("depot-version") == Some("2") => {
                (200, json!({ "racks": ["r1"] }))
            }
            ("GET", "/racks") => no(400),
            _ => elsewhere(request, &["/racks"]),
        }
    });
    assert_eq!(found.len(), expected.len(), "{text}");
    let is_found = |wanted: &&str| found.iter().any(|one| one.contains(*wanted));
    assert!(expected.iter().all(is_found), "{text}");
}

#[test]
fn a_file_too_large_may_be_refused_as_http_does() {
    let form = json!({ "type": "object", "required": ["picture"], "properties": {
        "picture": { "type": "string", "contentMediaType": "image/png", "maxLength": 2000 } } });
    let mut document = document(json!({ "/pictures": { "post": {
        "operationId": "put_picture",
        "requestBody": { "required": true, "content": { "multipart/form-data": { "schema": form } } },
        "responses": { "204": { "description": "Kept." }, "400": refused() },
    } } }));
    document["openapi"] = Value::from("3.1.0");
    let (found, text) = found(&document, &["--allow-changes", "put_picture"], |request| {
        if (request.method.as_str(), request.target.as_str()) != ("POST", "/pictures") {
            return elsewhere(request, &["/pictures"]);
        }
        let media = request.header("content-type").unwrap_or_default();
        let text = String::from_utf8_lossy(&request.body);
        let is_png = text.contains("Content-Type: image/png") && text.contains("IHDR");
        let is_one = text.matches("name=\"picture\"").count() == 1;
        // What stands around the file: the head of its part, and the boundary at the end.
        let boundary = media
            .split_once("boundary=")
            .map_or(0, |(_, own)| own.len());
        let head = text.find("\r\n\r\n").map_or(0, |at| at + 4);
        let around = head + boundary + "\r\n----\r\n".len();
        if request.body.len() > 2000 + around {
            no(413)
        } else if media.starts_with("multipart/form-data; boundary=") && is_png && is_one {
            (204, Value::Null)
        } else {
            no(400)
        }
    });
    assert_eq!(found, Vec::<String>::new(), "{text}");
    assert!(text.contains("OK: as documented"), "{text}");
}
