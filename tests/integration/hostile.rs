//! Endpoints that mean harm, from outside: the run ends by itself, says what is wrong, goes on
//! after each hostile answer, and nothing of what came gets out of its place: no credential, no
//! control character, no command. And what may be sent: proven by servers that write down
//! everything that comes.

use crate::support;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::support::hostile::{Hostile, SECRET};
use crate::support::{Endpoint, RESOURCES, TOKEN, report_schema};
use rstest::rstest;
use serde_json::Value;

/// Every kind of report, and the file that it goes to.
const REPORTS: &[(&str, &str)] = &[
    ("json", "report.json"),
    ("html", "report.html"),
    ("junit", "report.xml"),
    ("markdown", "report.md"),
    ("github", "report.txt"),
    ("sarif", "report.sarif"),
    ("badge", "badge.svg"),
    ("shields", "badge.json"),
];

fn command(folder: &Path, url: &str, more: &[&str]) -> Command {
    let mut command = support::program(folder);
    command
        .env("DOCPROOF_TOKEN", SECRET)
        .args(["run", "--endpoint", url])
        .args(["--journal", "journal.ndjson"])
        .args(more);
    for (key, value) in RESOURCES {
        command.args(["--set", &format!("{key}={value}")]);
    }
    for (kind, file) in REPORTS {
        command.args(["--report", &format!("{kind}={file}")]);
    }
    command
}

/// Everything that a run wrote, by name.
fn written(folder: &Path, output: &Output) -> Vec<(String, String)> {
    let mut all = vec![
        ("stdout".to_owned(), output.stdout.clone()),
        ("stderr".to_owned(), output.stderr.clone()),
    ];
    for name in REPORTS
        .iter()
        .map(|(_, file)| *file)
        .chain(["journal.ndjson"])
    {
        let bytes = std::fs::read(folder.join(name)).unwrap_or_else(|error| {
            panic!(
                "{name}: {error}; {}",
                String::from_utf8_lossy(&output.stderr)
            )
        });
        all.push((name.to_owned(), bytes));
    }
    all.into_iter()
        .map(|(name, bytes)| {
            let text = String::from_utf8(bytes).unwrap_or_else(|_| panic!("{name} is not UTF-8"));
            (name, text)
        })
        .collect()
}

/// The spellings of the credential that an endpoint of ours uses.
fn spellings() -> Vec<String> {
    let percent: String = SECRET.bytes().map(|byte| format!("%{byte:02x}")).collect();
    [
        SECRET,
        "9f8e7d6c5b4a",
        &percent,
        "s3cr%2fet",
        "czNjci9ldCtUbz1rZW4mOWY4ZTdkNmM1YjRh",
        "MzY3IvZXQrVG89a2VuJjlmOGU3ZDZjNWI0Y",
    ]
    .iter()
    .map(|spelling| spelling.to_lowercase())
    .collect()
}

/// What is wrong with what a run wrote.
fn wrong(files: &[(String, String)]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, text) in files {
        let lower = text.to_lowercase();
        for spelling in spellings() {
            if lower.contains(&spelling) {
                wrong.push(format!("{name} shows the credential as {spelling}"));
            }
        }
        let harmful = |c: char| {
            c.is_control() && !matches!(c, '\n' | '\t')
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        if let Some((at, c)) = text.char_indices().find(|(_, c)| harmful(*c)) {
            let near: String = text[..at].chars().rev().take(60).collect();
            let near: String = near.chars().rev().collect();
            wrong.push(format!("{name} has {c:?} after {near:?}"));
        }
        for line in text.lines().map(str::trim_start) {
            if line.starts_with("##[") || line.starts_with("::error file=x") {
                wrong.push(format!("{name} has the command {line:?}"));
            }
        }
        if lower.contains("panicked at") && !name.starts_with("report") {
            wrong.push(format!("{name} tells of a panic"));
        }
        if name.ends_with(".html") || name.ends_with(".svg") {
            for sign in ["<script>harm", "<img src=x"] {
                if lower.contains(sign) {
                    wrong.push(format!("{name} has {sign}"));
                }
            }
        }
        if name.ends_with(".xml") && (text.contains("<script>") || text.contains('\u{fffe}')) {
            wrong.push(format!("{name} is not escaped"));
        }
    }
    wrong
}

fn json(files: &[(String, String)], name: &str) -> Value {
    let (_, text) = files.iter().find(|(known, _)| known == name).unwrap();
    serde_json::from_str(text).unwrap()
}

/// Runs against a kind; gives the exit code, the report, and all that came.
fn survive(kind: &'static str, timeout: &str, filter: &[&str]) -> (i32, Value, Hostile) {
    let endpoint = Hostile::start(kind);
    let folder = tempfile::tempdir().unwrap();
    let mut more = vec!["--cases", "2", "--timeout", timeout];
    more.extend(filter);
    let started = Instant::now();
    let output = command(folder.path(), &endpoint.url, &more)
        .output()
        .unwrap();
    let files = written(folder.path(), &output);
    let code = output.status.code().unwrap_or(-1);
    let report = json(&files, "report.json");
    json(&files, "report.sarif");
    json(&files, "badge.json");
    let schema = report_schema();
    assert!(
        jsonschema::is_valid(&schema, &report),
        "{kind}: the report breaks its schema"
    );
    for line in files.last().unwrap().1.split_terminator('\n') {
        serde_json::from_str::<Value>(line).unwrap();
    }
    assert_eq!(wrong(&files), Vec::<String>::new(), "{kind}");
    assert!(matches!(code, 1 | 3), "{kind}: exit {code}: {output:?}");
    assert!(started.elapsed() < Duration::from_secs(90), "{kind}");
    (code, report, endpoint)
}

/// A few trials of each kind of work: enough to meet every path, few enough to be quick.
const SOME: &[&str] = &[
    "query.limit::type::rejects",
    "query.limit::type::accepts",
    "request.remark::type",
    "pagination::pages",
    "echo::same",
];

#[rstest]
fn a_hostile_answer_fails_its_trial_and_nothing_else(
    #[values(
        "endless-body",
        "endless-headers",
        "long-header",
        "truncated",
        "closes",
        "short-length",
        "negative-length",
        "garbage",
        "ssh",
        "tls-alert",
        "http-0.9",
        "http-2",
        "gzip-bomb",
        "gzip-broken",
        "bad-chunk",
        "huge-chunk",
        "echo-in-chunk",
        "redirects",
        "redirects-to-file",
        "nested-arrays",
        "nested-objects",
        "many-values",
        "many-keys",
        "huge-number",
        "lone-surrogates",
        "not-utf-8",
        "harm",
        "harm-in-errors",
        "harm-as-it-is",
        "echo",
        "echo-encoded",
        "echo-cut",
        "500",
        "splits",
        "answers-twice",
        "cookies",
        "large-bodies"
    )]
    kind: &'static str,
) {
    let (code, report, endpoint) = survive(kind, "5", SOME);
    assert_eq!(code, 1, "{kind}");
    // It goes on: more is sent after the first hostile answer, and nothing ends the run early.
    assert!(endpoint.received().len() > 10, "{kind}");
    assert_eq!(report.get("halted"), None, "{kind}");
    assert_eq!(endpoint.elsewhere(), 0, "{kind}");
}

#[rstest]
#[case::refused("401-all", "refused")]
#[case::forbidden("403-all", "refused")]
#[case::closed("closes-at-accept", "")]
#[case::throttled("429-all", "throttled")]
#[case::trickled("trickled-body", "")]
#[case::continued("endless-continue", "gone")]
#[case::silent("hangs", "gone")]
fn an_endpoint_of_no_use_ends_the_run(#[case] kind: &'static str, #[case] cause: &str) {
    // Where the run ends by itself, it ends before most trials begin.
    let some = if cause.is_empty() { SOME } else { &[] };
    let (code, report, _) = survive(kind, "0.4", some);
    if !cause.is_empty() {
        assert_eq!(code, 3, "{kind}");
        assert_eq!(report["halted"]["cause"]["kind"], cause, "{kind}");
    }
}

#[rstest]
fn an_endpoint_that_does_not_speak_http_is_said_once(
    #[values("ssh-all", "garbage-all")] kind: &'static str,
) {
    let folder = tempfile::tempdir().unwrap();
    let endpoint = Hostile::start(kind);
    let told = command(folder.path(), &endpoint.url, &[]).output().unwrap();
    let text = String::from_utf8_lossy(&told.stderr).into_owned();
    assert_eq!(told.status.code(), Some(3), "{text}");
    assert!(text.contains("it answers nothing that is HTTP"), "{text}");
}

/// The reads and the writes of a run in a mode.
fn sent(mode: &[&str]) -> (usize, usize) {
    let endpoint = Endpoint::start("");
    let folder = tempfile::tempdir().unwrap();
    let more = ["--cases", "4"].iter().chain(mode);
    support::run(folder.path(), &endpoint, more);
    let received = endpoint.received();
    let reads = received
        .iter()
        .filter(|one| matches!(one.method.as_str(), "GET" | "HEAD"))
        .count();
    (reads, received.len() - reads)
}

#[test]
fn nothing_outside_the_mode_is_sent() {
    let (reads, writes) = sent(&["--mode", "read-only"]);
    assert!(reads > 50 && writes == 0, "{reads} {writes}");
    for most in ["0", "1", "17"] {
        let (_, writes) = sent(&["--mode", "sandbox", "--max-writes", most]);
        assert_eq!(writes.to_string(), most);
    }
    let (reads, writes) = sent(&["--mode", "full"]);
    assert!(reads > 50 && writes > 150, "{reads} {writes}");
    assert_eq!(sent(&["--plan"]), (0, 0));
}

/// How often each request came in a run of one trial.
fn times(trial: &str) -> Vec<(String, usize)> {
    let folder = tempfile::tempdir().unwrap();
    let endpoint = Hostile::start("closes-all");
    command(folder.path(), &endpoint.url, &["--exact", trial])
        .output()
        .unwrap();
    let mut times: Vec<(String, usize)> = Vec::new();
    for received in endpoint.received() {
        let body = String::from_utf8_lossy(&received.body);
        // A look at what such an endpoint speaks is no request of the run.
        if received.target == "/" || received.target.contains("no-such-path") {
            continue;
        }
        let spelled = format!("{} {} {body}", received.method, received.target);
        match times.iter_mut().find(|(known, _)| *known == spelled) {
            Some((_, count)) => *count += 1,
            None => times.push((spelled, 1)),
        }
    }
    times
}

#[test]
fn a_read_whose_connection_breaks_is_sent_again_once() {
    let times = times("dcs::ListBackupRecords::query.limit::type::rejects");
    assert!(times.len() > 2, "{times:?}");
    // Every try of a read is two requests; a failing case is tried again to tell how surely it
    // fails.
    for (request, count) in &times {
        assert!(
            request.starts_with("GET ") && count % 2 == 0,
            "{request}: {count}"
        );
    }
    assert!(times.iter().any(|(_, count)| *count == 2), "{times:?}");
}

#[test]
fn a_write_whose_connection_breaks_is_tried_twice_more_at_most() {
    let times = times("dcs::CopyInstance::request.remark::type::accepts");
    let writes: Vec<&(String, usize)> = times
        .iter()
        .filter(|(request, _)| request.starts_with("POST "))
        .collect();
    assert!(writes.len() > 3, "{writes:?}");
    assert!(writes.iter().all(|(_, count)| *count <= 3), "{writes:?}");
    assert!(writes.iter().any(|(_, count)| *count == 3), "{writes:?}");
}

#[rstest]
#[case::now_and_then("loses-answers", 0)]
#[case::always("loses-answers-of-copies", 1)]
fn an_answer_that_is_lost_is_held_against_the_endpoint_where_it_never_comes(
    #[case] behaviour: &str,
    #[case] code: i32,
) {
    let endpoint = Endpoint::start(behaviour);
    let folder = tempfile::tempdir().unwrap();
    let more = [
        "CopyInstance",
        "ListBackupRecords",
        "--report",
        "json=report.json",
    ];
    let told = support::run(folder.path(), &endpoint, more);
    assert_eq!(told.code, code, "{}", told.text());
    let report = std::fs::read(folder.path().join("report.json")).unwrap();
    let report: Value = serde_json::from_slice(&report).unwrap();
    assert_eq!(report["summary"]["lost"] == 0, code == 1, "{}", told.text());
    let found = report["findings"].as_array().unwrap();
    let checks: Vec<&Value> = found.iter().map(|finding| &finding["check"]).collect();
    assert!(
        checks.iter().all(|check| *check == "transport"),
        "{}",
        told.text()
    );
    assert_eq!(checks.is_empty(), code == 0, "{}", told.text());
}

/// A run in the middle of its work.
fn working(folder: &Path, endpoint: &Endpoint) -> Child {
    let mut command = command(folder, endpoint.url(), &["--cases", "400", "--rate", "60"]);
    let child = command
        .env("DOCPROOF_TOKEN", TOKEN)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while endpoint.received().len() < 20 {
        assert!(
            started.elapsed() < Duration::from_secs(20),
            "the run does not begin"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    child
}

fn signal(child: &Child, name: &str) {
    let status = Command::new("kill")
        .args(["-s", name, &child.id().to_string()])
        .status()
        .unwrap();
    assert!(status.success());
}

#[cfg(unix)]
#[rstest]
#[case("INT")]
#[case("TERM")]
#[case("HUP")]
fn an_interrupted_run_writes_all_reports(#[case] name: &str) {
    let folder = tempfile::tempdir().unwrap();
    let endpoint = Endpoint::start("");
    let child = working(folder.path(), &endpoint);
    signal(&child, name);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let files = written(folder.path(), &output);
    let report = json(&files, "report.json");
    assert_eq!(report["halted"]["cause"]["kind"], "interrupted");
    assert!(report["summary"]["requests"].as_u64().unwrap() >= 20);
    assert_eq!(wrong(&files), Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn a_second_interruption_waits_for_nothing_and_writes_the_reports() {
    let folder = tempfile::tempdir().unwrap();
    // A write that hangs is waited for: what it creates has to be told.
    let endpoint = Hostile::start("hangs");
    let more = ["--timeout", "60", "CopyInstance::request.remark"];
    let child = command(folder.path(), &endpoint.url, &more)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while endpoint.received().is_empty() && started.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(20));
    }
    signal(&child, "INT");
    std::thread::sleep(Duration::from_millis(200));
    signal(&child, "INT");
    let asked = Instant::now();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    assert!(asked.elapsed() < Duration::from_secs(3));
    let files = written(folder.path(), &output);
    let report = json(&files, "report.json");
    assert_eq!(report["halted"]["cause"]["kind"], "interrupted");
}

#[rstest]
#[case::unwritable(&["--report", "json=absent/report.json"], "absent/report.json")]
#[case::journal(&["--journal", "absent/journal"], "absent/journal")]
#[case::flag(&["--cases", "many"], "--cases")]
#[case::unknown_flag(&["--casse", "3"], "--cases")]
#[case::kind(&["--report", "pdf=x"], "kinds:")]
fn what_cannot_be_is_said_before_the_first_request(#[case] more: &[&str], #[case] said: &str) {
    let folder = tempfile::tempdir().unwrap();
    let endpoint = Endpoint::start("");
    let output = support::run(folder.path(), &endpoint, more);
    let text = output.err;
    assert_eq!(output.code, 2, "{text}");
    assert!(text.contains(said), "{text}");
    assert!(endpoint.received().is_empty());
}

#[test]
fn a_port_in_use_is_said() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let folder = tempfile::tempdir().unwrap();
    let output = support::docproof(folder.path(), ["mock", "--port", &port]);
    let text = output.err;
    assert_eq!(output.code, 2, "{text}");
    assert!(text.contains(&port) && text.contains("hint"), "{text}");
}
