//! Credentials from outside: signed runs against the mock that verifies, tokens from a command, and
//! no credential in any output.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};

use crate::support::{Received, Recorder, docproof, program};
use rstest::rstest;
use serde_json::{Value, json};

const AK: &str = "AKOFTHETESTS00000001";
const SK: &str = "SecretKeyOfTheTests+/=0123456789";
const TEMPORARY: &str = "temporary-token-of-the-tests==";

/// A part of the names of a few trials of each operation: enough to tell which credential was used.
const SOME: &str = "::request::";

/// A mock in a process of its own.
pub(crate) struct Mock {
    process: Child,
    pub(crate) url: String,
    resources: Vec<String>,
}

impl Mock {
    pub(crate) fn start(more: &[&str]) -> Self {
        let process = program(&std::env::temp_dir())
            .args(["mock", "--port", "0", "--print-resources"])
            .args(more)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut mock = Self {
            process,
            url: String::new(),
            resources: Vec::new(),
        };
        for line in BufReader::new(mock.process.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            match line.strip_prefix("listening ") {
                Some(url) => {
                    url.clone_into(&mut mock.url);
                    break;
                }
                None => mock.resources.push(line),
            }
        }
        assert!(!mock.url.is_empty(), "the mock ended before it listened");
        mock
    }

    /// `docproof run` against it.
    fn run(&self, folder: &Path) -> Command {
        let mut command = program(folder);
        command.args(["run", "--endpoint", &self.url, "--cases", "8"]);
        for resource in &self.resources {
            command.args(["--set", resource]);
        }
        command
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[rstest]
#[case::options(&["--ak", AK, "--sk", SK], &[], "")]
#[case::own_variables(&[], &[("DOCPROOF_AK", AK), ("DOCPROOF_SK", SK)], SOME)]
#[case::shared_variables(&[], &[("CLOUD_SDK_AK", AK), ("CLOUD_SDK_SK", SK)], SOME)]
#[case::own_above_shared(&[], &[("DOCPROOF_AK", AK), ("DOCPROOF_SK", SK), ("CLOUD_SDK_AK", "other"), ("CLOUD_SDK_SK", "other")], SOME)]
#[case::options_above_all(&["--ak", AK, "--sk", SK], &[("DOCPROOF_TOKEN", "other"), ("CLOUD_SDK_AK", "other")], SOME)]
#[case::half_and_half(&["--ak", AK], &[("DOCPROOF_SK", SK)], SOME)]
fn a_signed_run_passes_against_the_mock_that_verifies(
    #[case] options: &[&str],
    #[case] variables: &[(&str, &str)],
    #[case] trials: &str,
) {
    let folder = tempfile::tempdir().unwrap();
    let mock = Mock::start(&["--ak", AK, "--sk", SK]);
    let output = mock
        .run(folder.path())
        .arg(trials)
        .args(options)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
}

#[rstest]
#[case::wrong_secret(&["--ak", AK, "--sk", "another"])]
#[case::unknown_key(&["--ak", "ANOTHER", "--sk", SK])]
#[case::no_temporary_token(&["--ak", AK, "--sk", SK])]
#[case::wrong_temporary_token(&["--ak", AK, "--sk", SK, "--security-token", "another"])]
#[case::token(&["--token", "some-token"])]
#[case::nothing(&[])]
fn what_the_mock_does_not_take_ends_the_run(#[case] options: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let mock = Mock::start(&["--ak", AK, "--sk", SK, "--security-token", TEMPORARY]);
    let output = mock.run(folder.path()).args(options).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", text(&output));
    let output = mock
        .run(folder.path())
        .args([SOME, "--ak", AK, "--sk", SK, "--security-token", TEMPORARY])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
}

#[rstest]
#[case::both(&["--token", "t", "--ak", AK, "--sk", SK], "gives a token")]
#[case::no_secret_key(&["--ak", AK], "no secret key")]
#[case::no_access_key(&["--sk", SK], "no access key")]
#[case::no_pair(&["--security-token", TEMPORARY], "there is none")]
fn half_a_credential_is_a_usage_error(#[case] options: &[&str], #[case] said: &str) {
    let folder = tempfile::tempdir().unwrap();
    let output = program(folder.path())
        .args(["run", "--endpoint", "http://127.0.0.1:9"])
        .args(options)
        .output()
        .unwrap();
    let seen = text(&output);
    assert_eq!(output.status.code(), Some(2), "{seen}");
    assert!(seen.contains(said) && seen.contains("\nhint: "), "{seen}");
    assert!(!seen.contains(SK) && !seen.contains(AK), "{seen}");
}

#[test]
fn keys_and_signatures_are_in_no_output() {
    let folder = tempfile::tempdir().unwrap();
    let mock = Mock::start(&[
        "--ak",
        AK,
        "--sk",
        SK,
        "--security-token",
        TEMPORARY,
        "--fault",
        "gaussdb::CreateManualBackup::request.name::maxLength::accepted",
    ]);
    let output = mock
        .run(folder.path())
        .args([
            "CreateManualBackup",
            "--report",
            "json=report.json",
            "--report",
            "junit=report.xml",
        ])
        .args([
            "--report",
            "markdown=report.md",
            "--journal",
            "journal.ndjson",
        ])
        .envs([
            ("DOCPROOF_AK", AK),
            ("DOCPROOF_SK", SK),
            ("DOCPROOF_SECURITY_TOKEN", TEMPORARY),
        ])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", text(&output));
    let mut all = text(&output);
    for file in ["report.json", "report.xml", "report.md", "journal.ndjson"] {
        all.push_str(&std::fs::read_to_string(folder.path().join(file)).unwrap());
    }
    for secret in [AK, SK, TEMPORARY, "SecretKeyOfTheTests"] {
        assert!(!all.contains(secret), "{secret}");
    }
    let signatures = all.matches("Signature=").count();
    assert!(signatures > 0);
    // The mock tells whoever sends half a signature what one looks like.
    let harmless = ["Signature=[redacted]", "Signature=...`"];
    let harmless = harmless.map(|shown| all.matches(shown).count());
    assert_eq!(signatures, harmless.iter().sum::<usize>());
    // A finding of a signed request is shown by a line that signs anew.
    assert!(all.contains("docproof sign -X POST"), "{}", text(&output));
}

/// A service with one operation that reads, and the suite that documents it.
fn things(folder: &Path) {
    let page = r"---
service: things
operation: ListThings
edition: 2025-01-01
---

# List things

## URI

`GET /v1/{shelf_id}/things`

Table 1 Path parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| shelf_id | Yes | String | The shelf. |

Table 2 Query parameters

| Parameter | Mandatory | Type | Description |
|---|---|---|---|
| limit | No | Integer | How many.<br>Minimum value: 1<br>Maximum value: 50 |

## Response parameters

Status code: 200

Table 3 Response body parameters

| Parameter | Type | Description |
|---|---|---|
| count | Integer | How many there are. |

## Status codes

| Status code | Description |
|---|---|
| 200 | The things. |
| 400 | The request is wrong. |
";
    std::fs::write(folder.join("page.md"), page).unwrap();
    let output = program(folder)
        .args(["derive", "page.md", "--out", "suite/schemas"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output));
}

/// What the service says to a request with a good token.
fn answer(request: &Received) -> (u16, Value) {
    let target = request.target.as_str();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    if request.method != "GET" {
        return (405, json!({ "error_code": "T.4", "error_msg": "only GET" }));
    }
    if path != "/v1/s/things" {
        return (
            404,
            json!({ "error_code": "T.2", "error_msg": "no such shelf" }),
        );
    }
    let limits: Vec<&str> = query
        .split('&')
        .filter_map(|pair| pair.strip_prefix("limit="))
        .collect();
    let good = limits.iter().all(|limit| {
        limit
            .parse::<u32>()
            .is_ok_and(|limit| (1..=50).contains(&limit))
    });
    if good && limits.len() < 2 {
        (200, json!({ "count": 3 }))
    } else {
        (400, json!({ "error_code": "T.1", "error_msg": "limit" }))
    }
}

/// A command that prints `token-1`, `token-2` and so on, in the given form.
fn mint(folder: &Path, printed: &str) {
    let script =
        format!("#!/bin/sh\necho x >> minted\nn=$(wc -l < minted | tr -d ' ')\n{printed}\n");
    std::fs::write(folder.join("mint.sh"), script).unwrap();
}

fn minted(folder: &Path) -> usize {
    std::fs::read_to_string(folder.join("minted"))
        .unwrap_or_default()
        .lines()
        .count()
}

fn run_with_command(folder: &Path, url: &str, more: &[&str]) -> Output {
    let file = format!(
        "[target.t]\nendpoint = \"{url}\"\nresources = {{ \"things.shelf_id\" = \"s\" }}\nauth.token_command = [\"sh\", \"mint.sh\"]\n"
    );
    std::fs::write(folder.join("docproof.toml"), file).unwrap();
    program(folder)
        .args([
            "run",
            "--suite",
            "suite",
            "--target",
            "t",
            "--report",
            "json=report.json",
        ])
        .args(more)
        .output()
        .unwrap()
}

#[test]
fn a_token_of_a_command_is_renewed_on_a_401() {
    let folder = tempfile::tempdir().unwrap();
    things(folder.path());
    mint(folder.path(), "echo fresh-token-$n");
    // Every token is good for thirty requests.
    let uses = Arc::new(Mutex::new((1, 0)));
    let server = Recorder::start(move |request| {
        let mut uses = uses.lock().unwrap();
        let (number, count) = &mut *uses;
        if request.header("x-auth-token") != Some(&format!("fresh-token-{number}")) {
            return (
                401,
                json!({ "error_code": "T.3", "error_msg": "who are you" }),
            );
        }
        *count += 1;
        if *count == 30 {
            *number += 1;
            *count = 0;
        }
        answer(request)
    });
    // Fewer at once than a token is good for: none is overtaken twice while it waits.
    let output = run_with_command(folder.path(), server.url(), &["-j", "4"]);
    let seen = text(&output);
    assert_eq!(output.status.code(), Some(0), "{seen}");
    let received = server.received().len();
    let minted = minted(folder.path());
    assert!(minted >= 3, "{minted} tokens for {received} requests");
    assert!(
        minted <= received / 30 + 1,
        "{minted} tokens for {received} requests"
    );
    let report = std::fs::read_to_string(folder.path().join("report.json")).unwrap();
    assert!(!seen.contains("fresh-token") && !report.contains("fresh-token"));
}

#[test]
fn a_token_of_a_command_is_renewed_before_it_expires() {
    let folder = tempfile::tempdir().unwrap();
    things(folder.path());
    mint(
        folder.path(),
        "echo \"{\\\"token\\\": \\\"fresh-token-$n-end\\\", \\\"expires_in\\\": 1}\"",
    );
    let server = Recorder::start(move |request| match request.header("x-auth-token") {
        Some(token) if token.starts_with("fresh-token-") && token.ends_with("-end") => {
            answer(request)
        }
        _ => (
            401,
            json!({ "error_code": "T.3", "error_msg": "who are you" }),
        ),
    });
    let output = run_with_command(folder.path(), server.url(), &["--rate", "60"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    assert!(minted(folder.path()) >= 2, "{}", minted(folder.path()));
}

#[test]
fn an_endpoint_that_refuses_every_token_does_not_have_the_command_run_for_each() {
    let folder = tempfile::tempdir().unwrap();
    things(folder.path());
    mint(folder.path(), "echo fresh-token-$n");
    let server = Recorder::start(|_| (401, json!({ "error_code": "T.3", "error_msg": "no" })));
    let output = run_with_command(folder.path(), server.url(), &[]);
    assert_eq!(output.status.code(), Some(3), "{}", text(&output));
    assert!(minted(folder.path()) <= 2, "{}", minted(folder.path()));
}

#[rstest]
#[case::fails("echo s3cret-output; exit 3", "failed")]
#[case::says_nothing("true", "printed no token")]
#[case::says_too_much("echo s3cret-output and more", "printed more than a token")]
fn a_command_that_gives_no_token_is_said_before_the_first_request(
    #[case] script: &str,
    #[case] said: &str,
) {
    let folder = tempfile::tempdir().unwrap();
    things(folder.path());
    mint(folder.path(), script);
    let server = Recorder::start(answer);
    let output = run_with_command(folder.path(), server.url(), &[]);
    let seen = text(&output);
    assert_eq!(output.status.code(), Some(2), "{seen}");
    assert!(seen.contains(said) && seen.contains("\nhint: "), "{seen}");
    assert!(!seen.contains("s3cret-output"), "{seen}");
    assert!(server.received().is_empty());
}

#[test]
fn a_command_that_breaks_off_ends_the_run_with_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    things(folder.path());
    mint(folder.path(), "[ $n -lt 2 ] || exit 1\necho fresh-token-$n");
    let count = Mutex::new(0);
    let server = Recorder::start(move |request| {
        let mut count = count.lock().unwrap();
        *count += 1;
        if *count > 20 {
            return (
                401,
                json!({ "error_code": "T.3", "error_msg": "who are you" }),
            );
        }
        match request.header("x-auth-token") {
            Some("fresh-token-1") => answer(request),
            _ => (
                401,
                json!({ "error_code": "T.3", "error_msg": "who are you" }),
            ),
        }
    });
    let output = run_with_command(folder.path(), server.url(), &[]);
    let seen = text(&output);
    assert_eq!(output.status.code(), Some(3), "{seen}");
    assert!(seen.contains("the token command `sh` failed"), "{seen}");
    let report = std::fs::read_to_string(folder.path().join("report.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["summary"]["failed"], 0, "{seen}");
}

#[test]
fn a_port_in_use_is_a_usage_error() {
    let folder = tempfile::tempdir().unwrap();
    let mock = Mock::start(&[]);
    let port = mock.url.rsplit(':').next().unwrap();
    let output = program(folder.path())
        .args(["mock", "--port", port])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        text(&output),
        format!(
            "error: port {port} is in use\n\nhint: give another one by `--port`, or 0 for any that is free\n"
        )
    );
}

#[test]
fn a_signed_request_carries_project_and_temporary_token_and_signs_both() {
    let folder = tempfile::tempdir().unwrap();
    let server = Recorder::start(|_| (200, json!({})));
    let output = program(folder.path())
        .args(["run", "::request::example", "--endpoint", server.url()])
        .args([
            "--set",
            "project_id=p-1",
            "--set",
            "gaussdb.instance_id=i-1",
        ])
        .args(["--ak", AK, "--sk", SK, "--security-token", TEMPORARY])
        .output()
        .unwrap();
    let received = server.received();
    let request = received
        .iter()
        .find(|request| request.method == "POST")
        .unwrap();
    assert_eq!(request.target, "/v3/p-1/backups", "{}", text(&output));
    assert_eq!(request.header("x-project-id"), Some("p-1"));
    assert_eq!(request.header("x-security-token"), Some(TEMPORARY));
    assert_eq!(request.header("x-auth-token"), None);
    let authorization = request.header("authorization").unwrap();
    assert!(
        authorization.contains(
            "SignedHeaders=content-type;host;x-project-id;x-sdk-date;x-security-token, Signature="
        ),
        "{authorization}"
    );
}

#[rstest]
#[case::query("query:key=k3y-of-the-caller", 0)]
#[case::cookie("cookie:key=k3y-of-the-caller", 3)]
#[case::header_where_nobody_says("key=k3y-of-the-caller", 3)]
fn where_a_key_stands_can_be_said_by_hand(#[case] key: &str, #[case] code: i32) {
    let folder = tempfile::tempdir().unwrap();
    let page = "# Racks\n\n## List racks\n\n`GET /v1/racks`\n\n### Response 200\n\n\
                | Name | Type | Description |\n|---|---|---|\n| total | integer | How many there are |\n\n\
                ### Response 401\n\nThe key is missing or wrong.\n";
    std::fs::write(folder.path().join("racks.md"), page).unwrap();
    let server = Recorder::start(|request: &Received| {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        let has_key = query.split('&').any(|pair| pair == "key=k3y-of-the-caller");
        match (request.method.as_str(), path) {
            _ if !has_key => (401, json!({ "error": "no key" })),
            ("GET", "/v1/racks") => (200, json!({ "total": 2 })),
            (_, "/v1/racks") => (405, json!({ "error": "not so" })),
            _ => (404, json!({ "error": "not here" })),
        }
    });
    let arguments = [
        "run",
        "racks.md",
        "--endpoint",
        server.url(),
        "--api-key",
        key,
    ];
    let run = docproof(folder.path(), arguments);
    assert_eq!(run.code, code, "{}", run.text());
    let is_told = run.text().contains("--api-key query:NAME=VALUE");
    assert_eq!(is_told, !key.contains(':'), "{}", run.text());
}

#[test]
fn a_password_in_an_endpoint_is_not_repeated() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("racks.md"),
        "# Racks\n\n`GET /v1/racks`\n",
    )
    .unwrap();
    let endpoint = "http://mona:s3cret@127.0.0.1:1";
    for command in [vec!["init", "suite", "racks.md"], vec!["run", "racks.md"]] {
        let mut arguments = command;
        arguments.extend(["--endpoint", endpoint]);
        let run = docproof(folder.path(), arguments);
        assert_eq!(run.code, 2, "{}", run.text());
        assert!(!run.text().contains("s3cret"), "{}", run.text());
    }
}
