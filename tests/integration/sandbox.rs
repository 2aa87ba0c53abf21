//! The sandbox mode from outside, against servers that write down everything that comes: no write
//! more than was allowed, names that can be told apart, and nothing left behind where the contract
//! documents a delete.

use crate::support;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::small::try_page;
use crate::support::{Endpoint, Received, Recorder, Reply, docproof};

/// A board of notes, as the fixture's pages describe it.
#[derive(Default)]
struct Board {
    requests: Vec<Received>,
    notes: BTreeMap<String, String>,
    all: Vec<String>,
    /// Whether notes can be taken down: the first time that it is asked for, a note is still being
    /// written.
    removable: bool,
    asked: Vec<String>,
}

impl Board {
    fn answer(&mut self, request: &Received) -> (u16, Value) {
        self.requests.push(request.clone());
        let refusal = |status| (status, json!({ "error_code": "N.1", "error_msg": "no" }));
        let segments: Vec<&str> = request.target.split('/').collect();
        match (request.method.as_str(), segments.as_slice()) {
            ("POST", ["", "v1", "board-1", "notes"]) => {
                let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
                let name = body["name"].as_str().unwrap_or_default();
                let colour = body.get("colour").is_none_or(|colour| {
                    colour
                        .as_str()
                        .is_some_and(|word| ["yellow", "blue"].contains(&word))
                });
                let json = request
                    .header("content-type")
                    .is_some_and(|kind| kind.starts_with("application/json"));
                if !json || !colour || !(4..=32).contains(&name.chars().count()) {
                    return refusal(400);
                }
                let id = format!("n-{}", self.all.len());
                self.all.push(name.to_owned());
                self.notes.insert(id.clone(), name.to_owned());
                (201, json!({ "id": id, "task_id": "t" }))
            }
            ("DELETE", ["", "v1", "board-1", "notes", id]) => {
                if !self.removable {
                    return refusal(405);
                }
                if !self.notes.contains_key(*id) {
                    return refusal(404);
                }
                if !self.asked.contains(&(*id).to_owned()) {
                    self.asked.push((*id).to_owned());
                    return refusal(409);
                }
                match self.notes.remove(*id) {
                    Some(_) => (204, Value::Null),
                    None => refusal(404),
                }
            }
            ("POST" | "DELETE" | "GET", _) => refusal(404),
            _ => refusal(405),
        }
    }

    fn writes(&self) -> usize {
        self.requests
            .iter()
            .filter(|request| request.method != "GET")
            .count()
    }
}

/// Serves a board for as long as the test runs.
fn serve(removable: bool) -> (String, Arc<Mutex<Board>>) {
    let board = Arc::new(Mutex::new(Board {
        removable,
        ..Board::default()
    }));
    let shared = Arc::clone(&board);
    let recorder = Recorder::start(move |request| shared.lock().unwrap().answer(request));
    (recorder.url().to_owned(), board)
}

/// The suite of the fixture's pages.
fn suite(folder: &Path) {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/notes");
    let output = docproof(
        folder,
        ["derive", pages.to_str().unwrap(), "--out", "suite/schemas"],
    );
    assert_eq!(output.code, 0, "{output:?}");
}

/// Runs the fixture's suite against a board; gives the exit code and the report.
fn run(folder: &Path, url: &str, more: &[&str]) -> (i32, Value) {
    let mut arguments = vec!["run", "--suite", "suite", "--endpoint", url, "--set"];
    arguments.push("notes.board_id=board-1");
    arguments.extend(["--cases", "8", "--report", "json=report.json"]);
    arguments.extend(more);
    let output = docproof(folder, arguments);
    let report = std::fs::read_to_string(folder.join("report.json")).unwrap();
    (output.code, serde_json::from_str(&report).unwrap())
}

/// What the report says of the removal of each note. Of a note's task, which no page says how to
/// remove, it says nothing.
fn removals(report: &Value) -> Vec<Value> {
    let created = report["created"].as_array().unwrap();
    let of = |field: &str| -> Vec<Value> {
        created
            .iter()
            .filter(|one| one["field"] == field)
            .map(|one| one["removed"].clone())
            .collect()
    };
    assert!(of("task_id").iter().all(Value::is_null));
    of("id")
}

#[test]
fn what_a_sandbox_run_creates_can_be_told_apart_and_is_removed_again() {
    let folder = tempfile::tempdir().unwrap();
    suite(folder.path());
    let (url, board) = serve(true);
    let (code, report) = run(folder.path(), &url, &["--mode", "sandbox"]);
    let board = board.lock().unwrap();
    assert_eq!(code, 0, "{report:#}");
    assert!(board.all.len() > 5, "{:?}", board.all);
    assert_eq!(board.notes, BTreeMap::new());
    for name in &board.all {
        // A name of four characters has no room for the mark.
        assert!(
            name.starts_with("docproof") || name.chars().count() < 12,
            "{name}"
        );
    }
    let marked = board.all.iter().filter(|name| name.starts_with("docproof"));
    assert!(marked.count() * 4 > board.all.len() * 3, "{:?}", board.all);
    assert!(board.writes() <= 100, "{}", board.writes());
    assert_eq!(removals(&report), vec![json!(true); board.all.len()]);
    // A conflict passed: every note was asked for twice.
    assert_eq!(board.asked.len(), board.all.len());
}

#[test]
fn writes_stay_within_the_bound_removals_included() {
    let folder = tempfile::tempdir().unwrap();
    suite(folder.path());
    for most in [0, 1, 7, 20] {
        let (url, board) = serve(true);
        let more = ["--mode", "sandbox", "--max-writes", &most.to_string()];
        run(folder.path(), &url, &more);
        let board = board.lock().unwrap();
        assert!(board.writes() <= most, "{} of {most}", board.writes());
        let removals = board
            .requests
            .iter()
            .filter(|request| request.method == "DELETE");
        assert!(removals.count() >= board.all.len(), "of {most}");
    }
}

#[test]
fn what_cannot_be_removed_is_left_and_every_create_is_tried_once() {
    let folder = tempfile::tempdir().unwrap();
    suite(folder.path());
    let (url, board) = serve(false);
    // The delete itself does not do what its page says.
    let more = ["--mode", "sandbox", "--skip", "notes::DeleteNote"];
    let (code, report) = run(folder.path(), &url, &more);
    let board = board.lock().unwrap();
    assert_eq!(code, 0);
    assert_eq!(removals(&report), vec![json!(false); board.all.len()]);
    assert!(!board.notes.is_empty());
    assert_eq!(board.notes.len(), board.all.len());
}

#[test]
fn a_read_only_run_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    suite(folder.path());
    let (url, board) = serve(true);
    let (_, report) = run(folder.path(), &url, &["--mode", "read-only"]);
    assert_eq!(board.lock().unwrap().writes(), 0);
    let trials = report["trials"].as_array().unwrap();
    let skipped = trials.iter().filter(|trial| trial["verdict"] == "skipped");
    assert!(skipped.count() > 5, "{report:#}");
}

#[test]
fn names_and_remarks_of_the_bundled_suite_are_marked() {
    let folder = tempfile::tempdir().unwrap();
    let endpoint = Endpoint::start("");
    let more = ["--mode", "sandbox", "--max-writes", "60"];
    let output = support::run(folder.path(), &endpoint, more);
    assert_eq!(output.code, 0, "{}", output.out);
    let received = endpoint.received();
    let writes: Vec<&Received> = received.iter().filter(|one| one.method != "GET").collect();
    assert!(writes.len() <= 60, "{}", writes.len());
    let mut marked = 0;
    for write in writes {
        let body: Value = serde_json::from_slice(&write.body).unwrap_or_default();
        let valid = |text: &&str| {
            (12..=64).contains(&text.chars().count())
                && text.starts_with(|first: char| first.is_ascii_alphabetic())
                && text
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
        };
        if let Some(name) = body["name"].as_str().filter(valid) {
            assert!(name.starts_with("docproof"), "{name}");
            marked += 1;
        }
    }
    assert!(marked > 3, "{marked}");
}

/// A `PUT` that makes what is not there, under names of which each is taken: nothing is replaced, and
/// nothing removed.
#[rstest]
#[case::listed("One of `north`, `south`.", "north")]
#[case::few("Two digits. Matches `^[0-9]{2}$`.", "17")]
fn what_a_put_would_replace_is_left_alone(#[case] row: &str, #[case] shown: &str) {
    let page = format!(
        "# Zones\n\n## Put a zone\n\n`PUT /zones/{{zone}}`\n\nCreates a zone or replaces it.\n\n\
         ### Path parameters\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n\
         | zone | string | yes | The zone, such as `{shown}`. {row} |\n\n### Request body\n\n\
         | Name | Type | Required | Description |\n|---|---|---|---|\n\
         | colour | string | yes | 1 to 20 letters. |\n\n### Response\n\n`200 OK`\n\n\
         | Field | Type | Description |\n|---|---|---|\n| colour | string | The colour. |\n\n\
         | Status | Meaning |\n|---|---|\n| 400 | Something is wrong. |\n\n\
         ## Show a zone\n\n`GET /zones/{{zone}}`\n\n### Response\n\n`200 OK`\n\n\
         | Field | Type | Description |\n|---|---|---|\n| colour | string | The colour. |\n\n\
         | Status | Meaning |\n|---|---|\n| 404 | There is none. |\n\n\
         ## Delete a zone\n\n`DELETE /zones/{{zone}}`\n\n### Response\n\n`204 No Content`\n\n\
         | Status | Meaning |\n|---|---|\n| 404 | There is none. |\n"
    );
    let answer = |request: &Received| -> Reply {
        let zone = request.target.strip_prefix("/zones/").unwrap_or_default();
        let is_two = zone.len() == 2 && zone.bytes().all(|byte| byte.is_ascii_digit());
        let is_there = matches!(zone, "north" | "south") || is_two;
        match request.method.as_str() {
            "GET" | "PUT" if is_there => Reply::json(200, &json!({ "colour": "red" })),
            "DELETE" if is_there => Reply::json(204, &json!({})),
            _ => Reply::json(404, &json!({})),
        }
    };
    let ran = try_page(&page, &[], Box::new(answer));
    let is_write = |request: &&Received| {
        let zone = request.target.strip_prefix("/zones/").unwrap_or_default();
        let is_there = matches!(zone, "north" | "south") || zone.len() == 2;
        is_there && matches!(request.method.as_str(), "PUT" | "DELETE")
    };
    let writes = ran.received.iter().filter(is_write);
    let writes: Vec<String> = writes
        .map(|request| format!("{} {}", request.method, request.target))
        .collect();
    assert_eq!(writes, Vec::<String>::new(), "{}", ran.text);
}
