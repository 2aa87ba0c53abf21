//! The presence of response fields on a server of a test's own: what services rightly leave out is
//! no finding, and a field that its example shows and that no answer of a run has is one.

use std::path::Path;

use rstest::rstest;
use serde_json::{Map, Value, json};

use crate::support::{Received, Recorder, Told, docproof};

const PAGE: &str = "---\nservice: jobs\noperation: ListJobs\n---\n\n# List the jobs\n\n## URI\n\n`GET /v1/jobs`\n\n\
Table 4 Query parameters\n\n| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n\
| limit | No | Integer | How many jobs a page has. The value ranges from 1 to 50. |\n\n\
## Response parameters\n\n### Status code: 200\n\nTable 1 Response body parameters\n\n| Parameter | Type | Description |\n|---|---|---|\n\
| jobs | Array of Job objects | The jobs. |\n| next | String | The next page, if there is one. |\n\n\
Table 2 Job\n\n| Parameter | Type | Description |\n|---|---|---|\n\
| id | String | The id. |\n| state | String | The state.<br>Enumeration values:<br>- running<br>- done<br>- failed |\n\
| fault | String | What went wrong. |\n| period | String | How often it is run. |\n| error_code | String | The code. |\n\
| note | String | A note. Optional. |\n| zone | String | Where it runs. New in version 2.4. |\n\
| parent | String | The job that made it. It is returned only for children. |\n\
| owner | String | Who made it. |\n| percent | Integer | How much is done. The value ranges from 0 to 100. |\n\n\
### Status code: 400\n\nTable 3 Response body parameters\n\n| Parameter | Type | Description |\n|---|---|---|\n\
| error_code | String | The code. |\n| error_msg | String | The message. |\n\n\
## Example response\n\n### Status code: 200\n\n```\n\
{ \"next\" : \"p2\", \"jobs\" : [ { \"id\" : \"j-1\", \"state\" : \"failed\", \"fault\" : \"disk\", \"period\" : {}, \"error_code\" : \"\", \"note\" : \"n\", \"zone\" : \"z\", \"parent\" : \"j-0\", \"owner\" : \"ann\", \"percent\" : 30 } ] }\n```\n";

fn job(id: &str, more: &Value) -> Map<String, Value> {
    let mut job = json!({ "id": id, "state": "done", "owner": "ann", "percent": 100 });
    let fields = job.as_object_mut().unwrap();
    fields.extend(more.as_object().unwrap().clone());
    fields.clone()
}

/// The jobs of a server that behaves in one way.
fn jobs(behaviour: &str, call: usize) -> Value {
    let mut jobs = vec![
        job("a", &json!({ "state": "running", "percent": 3 })),
        job("b", &json!({})),
        job("c", &json!({ "state": "failed", "fault": "net" })),
    ];
    let mut each = |act: &dyn Fn(&mut Map<String, Value>)| jobs.iter_mut().for_each(act);
    match behaviour {
        "no-owner" => each(&|job| {
            job.remove("owner");
        }),
        "some-owners" => {
            jobs[1].remove("owner");
        }
        "owner-at-times" if !call.is_multiple_of(5) => each(&|job| {
            job.remove("owner");
        }),
        "null-for-absent" => each(&|job| {
            for name in ["fault", "period", "error_code", "note", "zone", "parent"] {
                job.entry(name).or_insert(Value::from(""));
            }
        }),
        "never-failed" => {
            jobs.pop();
        }
        "percent-text" => {
            jobs[1].insert("percent".to_owned(), Value::from("100"));
        }
        "none" => jobs.clear(),
        _ => {}
    }
    json!({ "jobs": jobs })
}

fn answer(behaviour: &str, call: usize, request: &Received) -> (u16, Value) {
    let refuse = |status: u16| {
        let mut body = json!({ "error_code": "J.1", "error_msg": "no" });
        if behaviour == "no-message" {
            body.as_object_mut().unwrap().remove("error_msg");
        }
        (status, body)
    };
    let (path, query) = request
        .target
        .split_once('?')
        .unwrap_or((&request.target, ""));
    if path != "/v1/jobs" {
        return refuse(404);
    }
    if request.method != "GET" {
        return refuse(405);
    }
    let limits: Vec<&str> = query
        .split('&')
        .filter_map(|pair| pair.strip_prefix("limit="))
        .collect();
    let is_right = |limit: &&str| limit.parse().is_ok_and(|limit| (1..=50).contains(&limit));
    if limits.len() > 1 || !limits.iter().all(is_right) {
        return refuse(400);
    }
    (200, jobs(behaviour, call))
}

/// A run of the suite in a folder against a server that behaves in one way.
fn run(folder: &Path, behaviour: &'static str, more: &[&str]) -> Told {
    let mut calls = 0;
    let server = Recorder::start(move |request| {
        calls += 1;
        answer(behaviour, calls, request)
    });
    let mut arguments = vec!["run", "--suite", "suite", "--endpoint", server.url()];
    arguments.extend(more);
    docproof(folder, arguments)
}

fn suite(folder: &Path) {
    std::fs::write(folder.join("page.md"), PAGE).unwrap();
    let told = docproof(folder, ["init", "suite", "page.md"]);
    assert_eq!(told.code, 0, "{}", told.text());
}

/// The headings of the findings.
fn found(told: &Told) -> Vec<String> {
    let text = told.text();
    let headings = text.lines().filter(|line| line.contains(". jobs::"));
    headings.map(str::to_owned).collect()
}

#[rstest]
#[case::what_does_not_apply_is_left_out("plain")]
#[case::some_records_have_it("some-owners")]
#[case::some_answers_have_it("owner-at-times")]
#[case::empty_for_absent("null-for-absent")]
#[case::no_record_could_have_it("never-failed")]
#[case::no_record_at_all("none")]
fn what_a_service_may_leave_out_is_no_finding(#[case] behaviour: &'static str) {
    let folder = tempfile::tempdir().unwrap();
    suite(folder.path());
    let told = run(folder.path(), behaviour, &[]);
    assert_eq!(told.code, 0, "{}", told.text());
}

#[test]
fn a_list_of_one_page_tells_no_next_one() {
    let folder = tempfile::tempdir().unwrap();
    let said = "The next page, if there is one.";
    let page = PAGE
        .replace(said, "The next page.")
        .replace("next", "next_page_token");
    assert!(!page.contains(said));
    std::fs::write(folder.path().join("page.md"), page).unwrap();
    let told = docproof(folder.path(), ["init", "suite", "page.md"]);
    assert_eq!(told.code, 0, "{}", told.text());
    let told = run(folder.path(), "plain", &[]);
    assert_eq!(told.code, 0, "{}", told.text());
}

#[rstest]
#[case("no-owner", "response-200.jobs[].owner::required (must")]
#[case("no-message", "response-400.error_msg::required (should")]
#[case("percent-text", "response-200.jobs[].percent::type")]
fn what_no_answer_has_is_one_finding(#[case] behaviour: &'static str, #[case] fact: &str) {
    let folder = tempfile::tempdir().unwrap();
    suite(folder.path());
    let told = run(folder.path(), behaviour, &[]);
    assert_eq!(told.code, 1, "{}", told.text());
    let found = found(&told);
    assert!(
        found.len() == 1 && found[0].contains(fact),
        "{fact} in {found:?}"
    );
}

#[test]
fn a_field_that_one_part_of_a_run_saw_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    suite(folder);
    let fact = "response-200.jobs[].owner::required";
    let part = |name: &str, behaviour: &'static str| {
        let report = format!("json={name}.json");
        let number = if name == "one" { "1/2" } else { "2/2" };
        let told = run(
            folder,
            behaviour,
            &["--partition", number, "--report", &report],
        );
        found(&told).iter().any(|line| line.contains(fact))
    };
    // Whichever part has the trial that is about it, the other one has answers too.
    let is_first = part("one", "no-owner");
    let is_second = part("two", "no-owner");
    assert!(is_first != is_second);
    let merged = || {
        let told = docproof(
            folder,
            ["merge", "--suite", "suite", "one.json", "two.json"],
        );
        (told.code, found(&told))
    };
    assert_eq!(merged().0, 1);
    part(if is_first { "two" } else { "one" }, "plain");
    assert_eq!(merged(), (0, Vec::new()));
}

#[test]
fn a_replay_tells_whether_the_field_is_there_now() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    suite(folder);
    let told = run(folder, "no-owner", &["--report", "json=report.json"]);
    assert_eq!(told.code, 1, "{}", told.text());
    for (behaviour, code, word) in [("no-owner", 1, "failed: "), ("plain", 0, "fixed: ")] {
        let server = Recorder::start(move |request| answer(behaviour, 1, request));
        let told = docproof(
            folder,
            [
                "replay",
                "report.json",
                "--suite",
                "suite",
                "--endpoint",
                server.url(),
            ],
        );
        assert_eq!(told.code, code, "{}", told.text());
        assert!(told.text().contains(word), "{}", told.text());
    }
}

#[test]
fn the_ledger_counts_what_was_seen_and_each_fault_is_caught() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    suite(folder);
    run(folder, "plain", &["--report", "json=report.json"]);
    let report: Value =
        serde_json::from_slice(&std::fs::read(folder.join("report.json")).unwrap()).unwrap();
    let state = |field: &str| {
        let lines = report["ledger"].as_array().unwrap().iter();
        let name = format!("jobs::ListJobs::response-200.jobs[].{field}::required");
        let mut own = lines.filter(|line| line["fact"] == *name);
        own.next().unwrap()["state"].clone()
    };
    assert_eq!(state("owner"), "proven");
    assert_eq!(state("fault"), "proven");
    assert_eq!(state("period"), "not-tested");
    let told = docproof(folder, ["selftest", "--suite", "suite"]);
    assert_eq!(told.code, 0, "{}", told.text());
}
