//! An ordinary service of tasks, described by a document: pages by `page` and `size`, texts without
//! the blanks around them, tags as a set, an action that shows its task, notes that are only made.

use std::collections::{BTreeMap, BTreeSet};

use rstest::rstest;
use serde_json::{Map, Value, json};

use super::support::{Received, Recorder, Told, docproof};

const PRIORITIES: [&str; 3] = ["low", "normal", "high"];

fn document() -> Value {
    let of = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let says = |schema: Value| json!({ "description": "-", "content": { "application/json": { "schema": schema } } });
    let sent = |schema: Value| json!({ "required": true, "content": { "application/json": { "schema": schema } } });
    let refused = || says(of("Error"));
    let id = json!({ "name": "task_id", "in": "path", "required": true, "schema": { "type": "integer" } });
    let query = |name: &str, schema: Value| json!({ "name": name, "in": "query", "required": false, "schema": schema });
    let priority = || json!({ "type": "string", "enum": PRIORITIES });
    let fields = || {
        json!({
            "title": { "type": "string", "minLength": 1, "maxLength": 60 },
            "priority": priority(),
            "tags": { "type": "array", "maxItems": 6, "items": { "type": "string", "minLength": 1, "maxLength": 16 } },
        })
    };
    let mut told = fields();
    told["id"] = json!({ "type": "integer" });
    told["archived"] = json!({ "type": "boolean" });
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Tasks", "version": "1" },
        "security": [{ "key": [] }],
        "paths": {
            "/tasks": {
                "get": {
                    "operationId": "listTasks",
                    "parameters": [
                        query("page", json!({ "type": "integer", "minimum": 1, "default": 1 })),
                        query("size", json!({ "type": "integer", "minimum": 1, "maximum": 50, "default": 10 })),
                        query("priority", priority()),
                    ],
                    "responses": { "200": says(of("Page")), "401": refused(), "422": refused() },
                },
                "post": {
                    "operationId": "createTask",
                    "requestBody": sent(of("New")),
                    "responses": { "201": says(of("Task")), "401": refused(), "422": refused() },
                },
            },
            "/tasks/{task_id}": {
                "parameters": [id.clone()],
                "get": {
                    "operationId": "showTask",
                    "responses": { "200": says(of("Task")), "401": refused(), "404": refused(), "422": refused() },
                },
                "put": {
                    "operationId": "replaceTask",
                    "requestBody": sent(of("New")),
                    "responses": { "200": says(of("Task")), "401": refused(), "404": refused(), "422": refused() },
                },
                "delete": {
                    "operationId": "deleteTask",
                    "responses": { "204": { "description": "-" }, "401": refused(), "404": refused(), "422": refused() },
                },
            },
            "/tasks/{task_id}/archive": {
                "parameters": [id.clone()],
                "post": {
                    "operationId": "archiveTask",
                    "responses": { "200": says(of("Task")), "401": refused(), "404": refused(), "409": refused(), "422": refused() },
                },
            },
            "/tasks/{task_id}/notes": {
                "parameters": [id],
                "post": {
                    "operationId": "addNote",
                    "requestBody": sent(json!({
                        "type": "object", "required": ["text"],
                        "properties": { "text": { "type": "string", "minLength": 1, "maxLength": 90 } },
                    })),
                    "responses": { "201": says(of("Note")), "401": refused(), "404": refused(), "422": refused() },
                },
            },
        },
        "components": {
            "securitySchemes": { "key": { "type": "apiKey", "in": "header", "name": "X-API-Key" } },
            "schemas": {
                "New": { "type": "object", "required": ["title"], "properties": fields() },
                "Task": { "type": "object", "required": ["id", "title", "priority", "tags", "archived"], "properties": told },
                "Note": {
                    "type": "object", "required": ["id", "text"],
                    "properties": { "id": { "type": "integer" }, "text": { "type": "string" } },
                },
                "Page": {
                    "type": "object", "required": ["items", "total"],
                    "properties": { "items": { "type": "array", "items": of("Task") }, "total": { "type": "integer" } },
                },
                "Error": { "type": "object", "required": ["error"], "properties": { "error": { "type": "string" } } },
            },
        },
    })
}

/// The service; without a delete in its document it has none.
#[derive(Default)]
struct Tasks {
    breach: &'static str,
    has_delete: bool,
    made: u64,
    kept: BTreeMap<u64, Map<String, Value>>,
}

fn refuse(status: u16) -> (u16, Value) {
    (status, json!({ "error": "no" }))
}

impl Tasks {
    fn answer(&mut self, request: &Received) -> (u16, Value) {
        let target = request.target.as_str();
        if target.len() > 4_000 || request.body.len() > 100_000 {
            return refuse(413);
        }
        let longest = request.headers.iter().map(|(_, value)| value.len()).max();
        if longest > Some(8_000) {
            return refuse(431);
        }
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        let methods: &[&str] = match parts.as_slice() {
            ["tasks"] => &["GET", "POST"],
            ["tasks", _] if self.has_delete => &["GET", "PUT", "DELETE"],
            ["tasks", _] => &["GET", "PUT"],
            ["tasks", _, "archive" | "notes"] => &["POST"],
            _ => return refuse(404),
        };
        let method = request.method.as_str();
        if !methods.contains(&method) {
            return refuse(405);
        }
        let is_open = self.breach == "open-archive" && parts.get(2) == Some(&"archive");
        if request.header("x-api-key") != Some("k-secret") && !is_open {
            return refuse(401);
        }
        let id = match parts.get(1).map(|id| id.parse::<u64>()) {
            Some(Err(_)) => return refuse(422),
            Some(Ok(id)) if !self.kept.contains_key(&id) => return refuse(404),
            Some(Ok(id)) => id,
            None => 0,
        };
        match (method, parts.as_slice()) {
            ("GET", ["tasks"]) => self.list(query),
            ("POST", ["tasks"]) => match self.fields(request) {
                None => refuse(422),
                Some(mut task) => {
                    self.made += 1;
                    task.insert("id".to_owned(), json!(self.made));
                    task.insert("archived".to_owned(), json!(false));
                    self.kept.insert(self.made, task.clone());
                    (201, task.into())
                }
            },
            ("GET", _) => (200, self.kept[&id].clone().into()),
            ("PUT", _) => match self.fields(request) {
                None => refuse(422),
                Some(fields) => {
                    let task = self.kept.entry(id).or_default();
                    task.extend(fields);
                    (200, task.clone().into())
                }
            },
            ("DELETE", _) => {
                self.kept.remove(&id);
                (204, Value::Null)
            }
            (_, [_, _, "archive"]) => {
                let task = self.kept.entry(id).or_default();
                if task["archived"] == true {
                    return refuse(409);
                }
                task.insert("archived".to_owned(), json!(true));
                (200, task.clone().into())
            }
            _ => {
                let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
                match body["text"].as_str().map(|text| text.chars().count()) {
                    Some(1..=90) => {
                        self.made += 1;
                        (201, json!({ "id": self.made, "text": body["text"] }))
                    }
                    _ => refuse(422),
                }
            }
        }
    }

    /// The fields of a request as they are kept: no blanks around texts, each tag once, in order.
    fn fields(&self, request: &Received) -> Option<Map<String, Value>> {
        let kind = request.header("content-type").unwrap_or_default();
        let body: Map<String, Value> = serde_json::from_slice(&request.body)
            .ok()
            .filter(|_| kind.starts_with("application/json"))?;
        let title = body.get("title")?.as_str()?.trim();
        if !(1..=60).contains(&title.chars().count()) {
            return None;
        }
        let priority = match body.get("priority") {
            None => "normal",
            Some(priority) => priority.as_str()?,
        };
        let lower = priority.to_lowercase();
        let priority = match self.breach {
            "lowers-priority" => lower.as_str(),
            _ => priority,
        };
        if !PRIORITIES.contains(&priority) && self.breach != "any-priority" {
            return None;
        }
        let mut tags = BTreeSet::new();
        if let Some(sent) = body.get("tags") {
            for tag in sent.as_array().filter(|sent| sent.len() <= 6)? {
                let fits = |tag: &&str| (1..=16).contains(&tag.chars().count());
                tags.insert(tag.as_str().filter(fits)?.to_owned());
            }
        }
        let fields = json!({ "title": title, "priority": priority, "tags": tags });
        fields.as_object().cloned()
    }

    fn list(&self, query: &str) -> (u16, Value) {
        let (mut page, mut size, mut priority) = (1, 10, None);
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let number = value.parse::<usize>().ok().filter(|number| *number > 0);
            match (&*name, number) {
                ("page", Some(number)) => page = number,
                ("size", Some(number @ 1..=50)) => size = number,
                ("priority", _) if PRIORITIES.contains(&&*value) => {
                    priority = Some(value.into_owned());
                }
                ("page" | "size" | "priority", _) => return refuse(422),
                _ => {}
            }
        }
        let fits = |task: &&Map<String, Value>| {
            priority
                .as_ref()
                .is_none_or(|priority| task["priority"] == *priority)
        };
        let all: Vec<&Map<String, Value>> = self.kept.values().filter(fits).collect();
        let items: Vec<_> = all
            .iter()
            .skip((page - 1).saturating_mul(size))
            .take(size)
            .collect();
        (200, json!({ "items": items, "total": all.len() }))
    }
}

/// What a run of the document tells of the service, its report, and what came.
fn judged(breach: &'static str, has_delete: bool) -> (Told, Value, Vec<Received>) {
    judged_by(document(), breach, has_delete)
}

fn judged_by(
    mut document: Value,
    breach: &'static str,
    has_delete: bool,
) -> (Told, Value, Vec<Received>) {
    let folder = tempfile::tempdir().unwrap();
    if !has_delete {
        let item = document["paths"]["/tasks/{task_id}"].as_object_mut();
        item.unwrap().remove("delete");
    }
    std::fs::write(folder.path().join("api.json"), document.to_string()).unwrap();
    let mut tasks = Tasks {
        breach,
        has_delete,
        ..Tasks::default()
    };
    let server = Recorder::start(move |request| tasks.answer(request));
    let told = docproof(
        folder.path(),
        [
            "run",
            "api.json",
            "--endpoint",
            server.url(),
            "--mode",
            "full",
            "--api-key",
            "X-API-Key=k-secret",
            "--report",
            "json=report.json",
        ],
    );
    let report = std::fs::read(folder.path().join("report.json")).unwrap();
    (
        told,
        serde_json::from_slice(&report).unwrap(),
        server.received(),
    )
}

#[test]
fn its_own_mock_has_no_finding() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("api.json"), document().to_string()).unwrap();
    let told = docproof(folder.path(), ["run", "api.json", "--level", "may"]);
    assert_eq!(told.code, 0, "{}", told.text());
}

#[test]
fn the_right_service_has_no_finding_and_nothing_is_left() {
    let (told, report, received) = judged("", true);
    assert_eq!(report["findings"], json!([]), "{}", told.text());
    // What is archived is no task that others read: each has its own.
    let archives = received
        .iter()
        .filter(|request| request.target.ends_with("/archive"));
    let archived: Vec<&str> = archives.map(|request| request.target.as_str()).collect();
    let distinct: BTreeSet<&&str> = archived.iter().collect();
    assert!(distinct.len() > 3, "{archived:?}");
    let read = received.iter().filter(|request| {
        request.method == "GET"
            && distinct.contains(&format!("{}/archive", request.target).as_str())
    });
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for request in read {
        *times.entry(request.target.as_str()).or_default() += 1;
    }
    assert!(times.values().all(|count| *count < 20), "{times:?}");
    let left = report["created"].as_array().unwrap().iter();
    let left: Vec<&Value> = left
        .filter(|one| {
            one["operation"].as_str().unwrap().ends_with("createTask") && one["removed"] != true
        })
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn what_cannot_be_removed_is_told() {
    let (told, report, received) = judged("", false);
    let made = received
        .iter()
        .filter(|request| request.method == "POST" && request.target == "/tasks")
        .count();
    let created = report["created"].as_array().unwrap();
    let tasks = created
        .iter()
        .filter(|one| one["operation"].as_str().unwrap().ends_with("createTask"));
    assert!(
        tasks.clone().count() > 10 && tasks.count() <= made,
        "{}",
        told.text()
    );
    assert!(
        told.text().contains("left behind by this run"),
        "{}",
        told.text()
    );
}

/// Whose create describes no answer is known by the id that it answers with all the same.
#[test]
fn a_create_without_a_described_answer_makes_tasks_too() {
    let mut document = document();
    document["paths"]["/tasks"]["post"]["responses"]["201"] = json!({ "description": "-" });
    let (told, report, received) = judged_by(document.clone(), "", true);
    assert_eq!(report["findings"], json!([]), "{}", told.text());
    assert!(
        received
            .iter()
            .any(|request| request.target.ends_with("/archive"))
    );
    let (told, report, _) = judged_by(document, "open-archive", true);
    let facts = report["findings"].to_string();
    assert!(facts.contains("archiveTask::auth"), "{}", told.text());
}

/// A listed value in capitals that is taken for the listed one fails no run.
#[test]
fn a_value_that_is_kept_as_it_is_listed_is_no_breach() {
    let (told, _, _) = judged("lowers-priority", true);
    assert_eq!(told.code, 0, "{}", told.text());
}

#[rstest]
#[case("open-archive", "archiveTask::response-401::status")]
#[case("any-priority", "request.priority::enum")]
fn a_breach_is_found(#[case] breach: &'static str, #[case] fact: &str) {
    let (told, report, _) = judged(breach, true);
    assert_eq!(told.code, 1, "{}", told.text());
    let facts = report["findings"].as_array().unwrap().iter();
    let facts: Vec<&str> = facts
        .map(|finding| finding["fact"].as_str().unwrap())
        .collect();
    assert!(facts.iter().any(|known| known.contains(fact)), "{facts:?}");
    assert!(facts.len() < 3, "{}", told.text());
    // A change that is refused after one that was taken has left nothing.
    assert!(
        !facts
            .iter()
            .any(|known| known.contains("refused-leaves-nothing")),
        "{facts:?}"
    );
}
