//! One cause, one finding: a server of jobs that is right, or wrong in one way. Whatever that way
//! shows in how many answers, it is one finding, short on a terminal and whole in the reports.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::small::try_page;
use crate::support::{Received, Recorder, Reply, Told, docproof, report_schema};

const TOKEN: &str = "jobs-token-of-a-test";

/// What an answer tells of a job.
const JOB: &str = "| id | String | The id. |\n| title | String | The title. It contains 1 to 32 characters. |\n\
| kind | String | The kind. Enumeration values:<br>- batch<br>- stream |\n| owner | String | Whose it is. |\n\
| due | String | When it is due, in UTC. Format: yyyyMMddHHmmss |\n";

const ERRORS: &str = "| error_code | String | The code. |\n| error_msg | String | The message. It contains 1 to 64 characters. |\n";

const HEAD: &str = "| Parameter | Type | Description |\n|---|---|---|\n";

const HEADERS: &str = "Table 9 Request header parameters\n\n| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n| X-Auth-Token | Yes | String | The token. |\n\n";

/// The pages: a create, a show and a list.
fn pages() -> [(&'static str, String); 3] {
    let errors = |statuses: &[u16]| -> String {
        statuses
            .iter()
            .map(|status| {
                format!("### Status code: {status}\n\nTable {status} Response body parameters\n\n{HEAD}{ERRORS}\n")
            })
            .collect()
    };
    let create = format!(
        "---\nservice: jobs\noperation: CreateJob\n---\n\n# Create a job\n\n## URI\n\n`POST /v1/jobs`\n\n## Request parameters\n\n{HEADERS}\
Table 1 Request body parameters\n\n| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n\
| title | Yes | String | The title. It contains 1 to 32 characters. |\n\
| kind | No | String | The kind. Enumeration values:<br>- batch<br>- stream |\n\
| due | No | String | When it is due, in UTC. Format: yyyyMMddHHmmss |\n\n\
## Response parameters\n\n### Status code: 201\n\nTable 2 Response body parameters\n\n{HEAD}{JOB}\n{}\
## Example request\n\n```\nPOST https://jobs.example.com/v1/jobs\n\n{{ \"title\" : \"tidy up\", \"kind\" : \"batch\" }}\n```\n",
        errors(&[400, 401])
    );
    let show = format!(
        "---\nservice: jobs\noperation: ShowJob\n---\n\n# Show a job\n\n## URI\n\n`GET /v1/jobs/{{job_id}}`\n\nTable 1 Path parameters\n\n\
| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n| job_id | Yes | String | The id. |\n\n## Request parameters\n\n{HEADERS}\
## Response parameters\n\n### Status code: 200\n\nTable 2 Response body parameters\n\n{HEAD}{JOB}\n{}",
        errors(&[401, 404])
    );
    let list = format!(
        "---\nservice: jobs\noperation: ListJobs\n---\n\n# List jobs\n\n## URI\n\n`GET /v1/jobs`\n\n## Request parameters\n\n{HEADERS}\
## Response parameters\n\n### Status code: 200\n\nTable 2 Response body parameters\n\n{HEAD}| jobs | Array of Job objects | The jobs. |\n\n\
Table 3 Job\n\n{HEAD}{JOB}\n{}",
        errors(&[401])
    );
    [("create.md", create), ("show.md", show), ("list.md", list)]
}

/// A suite of the pages, as `init` makes it.
fn suite(folder: &Path) {
    let mut arguments = vec!["init", "suite"];
    for (name, text) in pages() {
        std::fs::write(folder.join(name), text).unwrap();
        arguments.push(name);
    }
    let told = docproof(folder, arguments);
    assert_eq!(told.code, 0, "{}", told.text());
}

/// The jobs of a server that is right but for one word.
struct Jobs {
    breach: &'static str,
    all: Vec<Value>,
    creates: u64,
    has_broken: bool,
}

fn refuse(status: u16, what: &str) -> (u16, Value) {
    (
        status,
        json!({ "error_code": format!("J.{status}"), "error_msg": what }),
    )
}

/// Whether a text is fourteen digits that tell a day and a time.
fn is_time(text: &str) -> bool {
    let two = |at: usize| text[at..at + 2].parse::<u32>().unwrap_or(99);
    let is_leap = |year: u32| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    text.len() == 14 && text.bytes().all(|byte| byte.is_ascii_digit()) && {
        let (year, month, day) = (two(0) * 100 + two(2), two(4), two(6));
        let most = match month {
            2 if is_leap(year) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => 0,
        };
        let most_seconds = if two(10) == 59 { 60 } else { 59 };
        (1..=most).contains(&day) && two(8) < 24 && two(10) < 60 && two(12) <= most_seconds
    }
}

impl Jobs {
    fn answer(&mut self, request: &Received) -> (u16, Value) {
        let path = request.target.split('?').next().unwrap_or_default();
        let token = request.header("x-auth-token").unwrap_or_default();
        let id = path.strip_prefix("/v1/jobs/").filter(|id| !id.is_empty());
        if path != "/v1/jobs" && id.is_none() {
            let status = if self.breach == "any-path" { 200 } else { 404 };
            return refuse(status, "no such path");
        }
        if token != TOKEN {
            return match self.breach {
                "echoes-token" => refuse(401, &format!("unknown token {token}")),
                _ => refuse(401, "unknown token"),
            };
        }
        match (request.method.as_str(), id) {
            ("POST", None) => self.create(&request.body),
            ("GET", None) if self.breach == "large" => {
                let jobs: Vec<Value> = (0..70_000).map(|_| json!({})).collect();
                (200, json!({ "jobs": jobs }))
            }
            ("GET", None) => (200, json!({ "jobs": self.all })),
            ("GET", Some(id)) => {
                let job = self.all.iter().find(|job| job["id"] == id);
                job.map_or_else(|| refuse(404, "no such job"), |job| (200, job.clone()))
            }
            _ => refuse(404, "no such method"),
        }
    }

    fn create(&mut self, body: &[u8]) -> (u16, Value) {
        self.creates += 1;
        // A body that is no strict JSON object is refused.
        let text = std::str::from_utf8(body).unwrap_or_default();
        let Ok(Value::Object(sent)) = serde_json::from_str(text) else {
            return refuse(400, "no object");
        };
        let title = match &sent.get("title") {
            Some(Value::String(title))
                if self.breach == "breaks-once" && title.len() == 32 && !self.has_broken =>
            {
                self.has_broken = true;
                return refuse(500, "near \"jobs\": syntax error");
            }
            Some(Value::String(title)) if (1..=32).contains(&title.chars().count()) => title,
            Some(Value::String(title)) => {
                return match self.breach {
                    "repeats" => refuse(400, &format!("not a title: {title}")),
                    "breaks-on-titles" => refuse(
                        500,
                        "Traceback (most recent call last):\n  near \"title\": syntax error",
                    ),
                    _ => refuse(400, "title"),
                };
            }
            _ => return refuse(400, "title"),
        };
        let kind = match sent.get("kind") {
            None => json!("batch"),
            Some(kind) if *kind == "batch" || *kind == "stream" => kind.clone(),
            Some(kind @ Value::String(_)) if self.breach == "accepts-kinds" => kind.clone(),
            Some(_) => return refuse(400, "kind"),
        };
        let due = match sent.get("due") {
            None => json!("20300101000000"),
            Some(Value::String(due)) if is_time(due) => {
                if self.breach == "breaks-on-dates"
                    && (due.starts_with("0000") || due.ends_with("60"))
                {
                    return refuse(500, "year is out of range");
                }
                json!(due)
            }
            Some(_) => return refuse(400, "due"),
        };
        let owner = if self.breach == "owner-is-a-number" {
            json!(7)
        } else {
            json!("ann")
        };
        let id = format!("j-{:04}", self.creates);
        let job = json!({ "id": id, "title": title, "kind": kind, "owner": owner, "due": due });
        self.all.push(job.clone());
        (201, job)
    }
}

/// Runs the suite against a server; gives what was told and the JSON report.
fn run(folder: &Path, url: &str, more: &[&str]) -> (Told, Value) {
    let mut arguments = vec![
        "run",
        "--suite",
        "suite",
        "--endpoint",
        url,
        "--token",
        TOKEN,
        "--report",
        "json=r.json",
        "--report",
        "html=r.html",
        "--report",
        "junit=r.xml",
        "--report",
        "sarif=r.sarif",
        "--journal",
        "j.jsonl",
    ];
    arguments.extend(more);
    let told = docproof(folder, arguments);
    let text = std::fs::read_to_string(folder.join("r.json")).unwrap_or_default();
    let report = serde_json::from_str(&text).unwrap_or_default();
    (told, report)
}

fn try_on(folder: &Path, breach: &'static str) -> (Told, Value) {
    suite(folder);
    let mut jobs = Jobs {
        breach,
        all: Vec::new(),
        creates: 0,
        has_broken: false,
    };
    let server = Recorder::start(move |request| jobs.answer(request));
    run(folder, server.url(), &[])
}

/// The facts of the findings of a report.
fn facts(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().cloned().unwrap_or_default();
    let mut facts: Vec<String> = findings
        .iter()
        .filter(|finding| finding["level"] != "may")
        .map(|finding| finding["fact"].as_str().unwrap_or_default().to_owned())
        .collect();
    facts.sort();
    facts
}

/// The facts of what has the cause of a finding.
fn related(report: &Value, fact: &str) -> Vec<String> {
    let findings = report["findings"].as_array().cloned().unwrap_or_default();
    let finding = findings.iter().find(|finding| finding["fact"] == fact);
    let related = finding.and_then(|finding| finding["related"].as_array().cloned());
    let mut facts: Vec<String> = related
        .unwrap_or_default()
        .iter()
        .map(|one| {
            one["finding"]["fact"]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        })
        .collect();
    facts.sort();
    facts
}

/// The most lines that a finding has on the terminal.
fn longest_block(told: &Told) -> usize {
    let mut most = 0;
    let mut lines = 0;
    for line in told.out.lines() {
        if line.is_empty() || !line.starts_with(' ') && line.split_once(". jobs::").is_none() {
            lines = 0;
        } else if line.starts_with(' ') || line.contains(". jobs::") {
            lines += 1;
            most = most.max(lines);
        }
    }
    most
}

#[test]
fn a_right_server_has_no_finding() {
    let folder = tempfile::tempdir().unwrap();
    let (told, report) = try_on(folder.path(), "");
    assert_eq!(told.code, 0, "{}", told.out);
    assert_eq!(facts(&report), Vec::<String>::new(), "{}", told.out);
}

#[rstest]
#[case::stored_value(
    "accepts-kinds",
    &["jobs::CreateJob::request.kind::enum"],
    &["jobs::CreateJob::response-201.kind::enum"]
)]
#[case::shared_object(
    "owner-is-a-number",
    &["jobs::CreateJob::response-201.owner::type"],
    &["jobs::ListJobs::response-200.jobs[].owner::type", "jobs::ShowJob::response-200.owner::type"]
)]
#[case::broken_page(
    "breaks-on-titles",
    &["jobs::CreateJob::request.title::maxLength"],
    &["jobs::CreateJob::request.title::minLength", "jobs::CreateJob::response-500::leak"]
)]
#[case::long_message("repeats", &["jobs::CreateJob::response-400.error_msg::maxLength"], &[])]
#[case::extreme_date("breaks-on-dates", &["jobs::CreateJob::request.due::type"], &[])]
#[case::other_path("any-path", &["jobs::ListJobs::undocumented-path"], &[])]
fn what_has_one_cause_is_one_finding(
    #[case] breach: &'static str,
    #[case] expected: &[&str],
    #[case] beside: &[&str],
) {
    let folder = tempfile::tempdir().unwrap();
    let (told, report) = try_on(folder.path(), breach);
    assert_eq!(told.code, 1, "{}", told.out);
    assert_eq!(facts(&report), expected, "{}", told.out);
    let known = related(&report, expected[0]);
    for fact in beside {
        assert!(
            known.iter().any(|one| one == fact),
            "{known:?} {}",
            told.out
        );
    }
    assert!(longest_block(&told) <= 40, "{}", told.out);
    assert!(
        jsonschema::is_valid(&report_schema(), &report),
        "the report breaks its schema"
    );
}

#[test]
fn what_a_trial_stored_is_no_finding_of_who_lists_it() {
    let folder = tempfile::tempdir().unwrap();
    let (told, report) = try_on(folder.path(), "accepts-kinds");
    for trial in report["trials"].as_array().unwrap() {
        let name = trial["name"].as_str().unwrap();
        let is_of_reads = name.contains("::ListJobs::") || name.contains("::ShowJob::");
        assert!(
            !is_of_reads || trial["verdict"] != "failed",
            "{name}\n{}",
            told.out
        );
    }
}

#[test]
fn a_failure_that_comes_once_is_flaky() {
    let folder = tempfile::tempdir().unwrap();
    let (told, report) = try_on(folder.path(), "breaks-once");
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{}", told.out);
    assert_eq!(findings[0]["level"], "should", "{}", told.out);
    assert!(told.out.contains("flaky: fails in 1 of "), "{}", told.out);
}

#[test]
fn a_wrong_credential_that_is_repeated_leaks_and_stays_out_of_every_output() {
    let folder = tempfile::tempdir().unwrap();
    let (told, report) = try_on(folder.path(), "echoes-token");
    assert_eq!(told.code, 1, "{}", told.out);
    assert_eq!(facts(&report).len(), 1, "{}", told.out);
    assert!(
        facts(&report)[0].ends_with("::response-401::leak"),
        "{}",
        told.out
    );
    assert!(
        told.out.contains("shows the credential that was presented"),
        "{}",
        told.out
    );
    // What was presented stands after these words wherever it is shown.
    for name in ["r.json", "r.html", "r.xml", "r.sarif", "j.jsonl"] {
        let text = std::fs::read_to_string(folder.path().join(name)).unwrap();
        for (at, words) in text.match_indices("unknown token ") {
            let after = &text[at + words.len()..];
            // The right credential is taken, and an empty one is not to be seen.
            assert!(
                after.starts_with("[redacted]") || after.starts_with(['"', '\\', '<', '&']),
                "{name}: {}",
                &after[..after.floor_char_boundary(40)]
            );
        }
    }
}

#[test]
fn an_answer_that_is_not_read_to_its_end_is_no_finding() {
    let folder = tempfile::tempdir().unwrap();
    let (told, report) = try_on(folder.path(), "large");
    assert_eq!(facts(&report), Vec::<String>::new(), "{}", told.out);
    let blocked = report["trials"].as_array().unwrap().iter().any(|trial| {
        let reason = trial["reason"].as_str().unwrap_or_default();
        trial["verdict"] == "blocked" && reason.contains("larger than docproof reads")
    });
    assert!(blocked, "{}", told.out);
}

/// A server that answers so many requests as `jobs` would, one a connection, and is then gone.
fn mortal(answers: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut jobs = Jobs {
            breach: "",
            all: Vec::new(),
            creates: 0,
            has_broken: false,
        };
        for stream in listener.incoming().flatten().take(answers) {
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut head = String::new();
            while reader.read_line(&mut head).is_ok_and(|read| read > 2) {}
            let header = |name: &str| {
                let mut lines = head.lines().filter_map(|line| line.split_once(':'));
                let found = lines.find(|(known, _)| known.eq_ignore_ascii_case(name));
                found.map(|(_, value)| value.trim().to_owned())
            };
            let length = header("content-length").and_then(|text| text.parse().ok());
            let mut body = vec![0; length.unwrap_or(0)];
            let _ = reader.read_exact(&mut body);
            let mut line = head.split_whitespace();
            let request = Received {
                method: line.next().unwrap_or_default().to_owned(),
                target: line.next().unwrap_or_default().to_owned(),
                headers: header("x-auth-token")
                    .map(|token| ("x-auth-token".to_owned(), token))
                    .into_iter()
                    .collect(),
                body,
            };
            let (status, value) = jobs.answer(&request);
            let body = value.to_string();
            let length = body.len();
            let _ = (&stream).write_all(
                format!("HTTP/1.1 {status} Answer\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}").as_bytes(),
            );
        }
    });
    url
}

#[test]
fn whoever_cannot_be_reached_any_more_breaks_nothing() {
    let folder = tempfile::tempdir().unwrap();
    suite(folder.path());
    let (told, report) = run(folder.path(), &mortal(60), &["-j", "1"]);
    assert_eq!(facts(&report), Vec::<String>::new(), "{}", told.text());
    assert_eq!(report["halted"]["cause"]["kind"], "gone", "{}", told.text());
    assert_eq!(told.code, 3, "{}", told.text());
}

#[test]
fn a_run_that_decides_little_is_no_clean_bill() {
    let folder = tempfile::tempdir().unwrap();
    suite(folder.path());
    let mut jobs = Jobs {
        breach: "",
        all: Vec::new(),
        creates: 0,
        has_broken: false,
    };
    let server = Recorder::start(move |request| jobs.answer(request));
    let (told, report) = run(folder.path(), server.url(), &["ListJobs::auth"]);
    assert_eq!(told.code, 0, "{}", told.out);
    assert_eq!(report["summary"]["outcome"], "little-decided");
    let last = told.out.lines().last().unwrap();
    assert!(last.contains("little was decided"), "{last}");
    assert!(!told.out.contains("OK:"), "{}", told.out);
}

#[rstest]
#[case::looked_at(true, &[])]
#[case::not_looked_at(false, &["header.Depot-Version"])]
fn a_header_that_nobody_looks_at_is_one_finding(
    #[case] is_looked_at: bool,
    #[case] expected: &[&str],
) {
    let operation = |title: &str, path: &str| {
        format!(
            "## {title}\n\n`GET {path}`\n\n### Response\n\n`200 OK`\n\n\
             | Field | Type | Description |\n|---|---|---|\n| total | integer | How many. |\n\n\
             | Status | Meaning |\n|---|---|\n| 400 | A header is wrong. |\n\n"
        )
    };
    let page = format!(
        "# Depot\n\n## Common request headers\n\n\
         | Name | Type | Required | Description |\n|---|---|---|---|\n\
         | Depot-Version | string | yes | One of `1`, `2`. |\n\n{}{}",
        operation("List racks", "/v1/racks"),
        operation("List parcels", "/v1/parcels")
    );
    let answer = move |request: &Received| -> Reply {
        let path = request.target.split('?').next().unwrap_or_default();
        let version = request.header("depot-version");
        if !matches!(path, "/v1/racks" | "/v1/parcels") {
            Reply::json(404, &json!({}))
        } else if request.method != "GET" {
            Reply::json(405, &json!({})).with("Allow", "GET")
        } else if is_looked_at && !matches!(version, Some("1" | "2")) {
            Reply::json(400, &json!({}))
        } else {
            Reply::json(200, &json!({ "total": 3 }))
        }
    };
    let ran = try_page(&page, &[], Box::new(answer));
    let broken = ran.broken();
    assert_eq!(broken.len(), expected.len(), "{broken:?}\n{}", ran.text);
    for (fact, expected) in broken.iter().zip(expected) {
        assert!(fact.contains(expected), "{fact}\n{}", ran.text);
    }
}
