//! What is asked for beside the documented request: the kind of an answer, and a body that no page
//! tells of, each on a small service of jobs.

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Received, Recorder, Told, docproof};

/// A page of one read and of one act that has no body.
const JOBS: &str = "# Jobs

## GET /v1/jobs

| Name | In | Type | Required |
|---|---|---|---|
| limit | query | integer | no |

### Response

| Name | Type |
|---|---|
| count | integer |

| Code | Description |
|---|---|
| 200 | The jobs |
| 400 | Refused |

## POST /v1/jobs/prune

| Code | Description |
|---|---|
| 200 | Done |
| 400 | Refused |
";

/// Runs the page of jobs against a server, with what of it was contradicted and its text.
fn run_jobs(answer: impl FnMut(&Received) -> (u16, Value) + Send + 'static) -> (Told, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("jobs.md"), JOBS).unwrap();
    let server = Recorder::start(answer);
    let run = docproof(
        folder.path(),
        [
            "run",
            "jobs.md",
            "--endpoint",
            server.url(),
            "--report",
            "json=report.json",
            "--allow-changes",
            "PostJobsPrune",
        ],
    );
    let report = std::fs::read_to_string(folder.path().join("report.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let found = findings.map(|finding| {
        let text = |name: &str| finding[name].as_str().unwrap_or_default().to_owned();
        format!("{} {} {}", text("level"), text("fact"), text("message"))
    });
    (run, found.collect())
}

/// A server of jobs: `is_read` says what reads it takes, `is_act` which acts.
fn jobs(
    is_read: fn(&Received) -> bool,
    is_act: fn(&Received) -> bool,
) -> impl FnMut(&Received) -> (u16, Value) {
    move |request| {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        let limit = query.strip_prefix("limit=");
        match (request.method.as_str(), path) {
            ("GET", "/v1/jobs") if !is_read(request) => (406, json!({ "error": "no such kind" })),
            ("GET", "/v1/jobs") if limit.is_some_and(|limit| limit.parse::<u32>().is_err()) => {
                (400, json!({ "error": "no number" }))
            }
            ("GET", "/v1/jobs") => (200, json!({ "count": 1 })),
            ("POST", "/v1/jobs/prune") if !is_act(request) => {
                (415, json!({ "error": "JSON alone" }))
            }
            ("POST", "/v1/jobs/prune") => (200, json!({})),
            ("GET" | "POST", _) => (404, json!({ "error": "not here" })),
            _ => (405, json!({ "error": "not so" })),
        }
    }
}

fn takes_any(request: &Received) -> bool {
    request.header("accept") == Some("*/*")
}

fn is_json(request: &Received) -> bool {
    request.header("content-type") == Some("application/json")
}

#[test]
fn what_is_refused_for_a_kind_that_the_run_alone_asks_for_is_asked_for_in_any() {
    let (run, found) = run_jobs(jobs(takes_any, |_| true));
    let about_kind = |line: &&String| line.contains("406");
    assert_eq!(found.iter().find(about_kind), None, "{}", run.text());
    // The number alone may be part of the server's port.
    for told in ["answered 406", "(406)", "HTTP 406"] {
        assert!(!run.text().contains(told), "{}", run.text());
    }
}

#[test]
fn a_read_that_is_refused_whatever_kind_is_asked_for_is_told_of() {
    let (run, found) = run_jobs(jobs(|_| false, |_| true));
    let is_told = |line: &String| {
        line.starts_with("must api::GetJobs") && line.contains("answered 406, expected")
            || line.starts_with("must jobs::") && line.contains("answered 406, expected")
    };
    assert!(found.iter().any(is_told), "{found:?}\n{}", run.text());
    assert_eq!(run.code, 1, "{}", run.text());
}

#[rstest]
#[case::of_an_empty_object(is_json as fn(&Received) -> bool, 1)]
#[case::of_another_type(|_: &Received| false, 0)]
fn an_act_that_wants_a_body_which_no_page_tells_of_fails_nothing(
    #[case] is_act: fn(&Received) -> bool,
    #[case] told: usize,
) {
    let (run, found) = run_jobs(jobs(|_| true, is_act));
    let about_body: Vec<&String> = found.iter().filter(|line| line.contains("415")).collect();
    assert_eq!(about_body.len(), told, "{found:?}\n{}", run.text());
    assert!(
        about_body.iter().all(|line| line.starts_with("may ")),
        "{found:?}"
    );
    assert_eq!(run.code, 0, "{}", run.text());
}

#[test]
fn a_status_of_refusals_asks_for_no_more_than_the_rule_that_brings_it_about() {
    let (run, found) = run_jobs(|request| match request.target.as_str() {
        // A negative limit is none.
        "/v1/jobs" | "/v1/jobs?limit=-1" => (200, json!({ "count": 1 })),
        target if target.starts_with("/v1/jobs") => jobs(|_| true, |_| true)(request),
        _ => (404, json!({ "error": "not here" })),
    });
    let is_firm = |line: &&String| line.starts_with("must ") && line.contains("-1: answered 200");
    assert_eq!(found.iter().find(is_firm), None, "{}", run.text());
}
