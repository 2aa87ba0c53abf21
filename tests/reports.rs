//! The reports of whole runs, from outside: each format is well-formed whatever the endpoint answers, and says what the run found.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use support::Endpoint;

/// Runs `docproof` in a folder.
fn docproof(folder: &Path, arguments: &[String]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_docproof"))
        .current_dir(folder)
        .args(arguments)
        .env_remove("DOCPROOF_TOKEN")
        .env_remove("DOCPROOF_ENDPOINT")
        .env_remove("GITHUB_STEP_SUMMARY")
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// Runs the suite against an endpoint, with more arguments.
fn run(folder: &Path, endpoint: &Endpoint, more: &str) -> Output {
    let mut arguments = vec!["run".to_owned()];
    arguments.extend(endpoint.arguments());
    arguments.extend(words(more));
    docproof(folder, &arguments)
}

fn read_json(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// What the report's own schema says against it.
fn schema_errors(report: &Value) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let printed = docproof(folder.path(), &words("schema report"));
    let schema: Value = serde_json::from_slice(&printed.stdout).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    validator
        .iter_errors(report)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

#[test]
fn the_json_report_obeys_its_schema() {
    let folder = tempfile::tempdir().unwrap();
    for (behaviour, code) in [("", 0), ("status-success", 1)] {
        let endpoint = Endpoint::start(behaviour);
        let output = run(
            folder.path(),
            &endpoint,
            "--cases 4 --report json=report.json",
        );
        let report = read_json(&folder.path().join("report.json"));
        assert_eq!(schema_errors(&report), Vec::<String>::new());
        assert_eq!(output.status.code(), Some(code), "{report:#}");
    }
}

#[test]
fn the_schema_refuses_what_is_no_report() {
    assert!(!schema_errors(&serde_json::json!({ "version": 1 })).is_empty());
}

#[test]
fn nothing_is_proven_from_one_side_or_unseen() {
    let folder = tempfile::tempdir().unwrap();
    let endpoint = Endpoint::start("");
    // Only what is accepted is tried: the other side is not.
    run(
        folder.path(),
        &endpoint,
        "request.name::maxLength::accepts --report json=report.json",
    );
    let report = read_json(&folder.path().join("report.json"));
    let line = |fact: &str| {
        report["ledger"]
            .as_array()
            .unwrap()
            .iter()
            .find(|line| line["fact"] == fact)
            .unwrap()
            .clone()
    };
    let name = line("gaussdb::CreateManualBackup::request.name::maxLength");
    assert_eq!(name["state"], "not-tested", "{name}");
    let reason = name["reason"].as_str().unwrap();
    assert!(reason.contains("only one side"), "{reason}");
    assert!(reason.contains("maxLength::rejects"), "{reason}");
    // The answers of that one trial passed every check all the same.
    let id = line("gaussdb::CreateManualBackup::response-2XX.backup.id::type");
    assert_eq!(id["state"], "proven", "{id}");
    assert!(id["shown"].as_u64().unwrap() > 0, "{id}");
    let list = line("dcs::ListBackupRecords::response-200.total_num::type");
    assert_eq!(list["state"], "not-tested", "{list}");
}

#[test]
fn a_coverage_below_what_was_asked_for_fails_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let output = docproof(folder.path(), &words("run maxLength --min-coverage 90"));
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("below the 90 % of `--min-coverage`"),
        "{said}"
    );
    let output = docproof(folder.path(), &words("run maxLength --min-coverage 1"));
    assert_eq!(output.status.code(), Some(0));
    let output = docproof(folder.path(), &words("run --min-coverage 101"));
    assert_eq!(output.status.code(), Some(2));
}
