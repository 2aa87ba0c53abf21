//! The suite against an endpoint written by hand: silent about every legal variation, and every fault found, with the row that it breaks.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::process::Command;

use serde_json::Value;
use support::{Endpoint, FAULTS, VARIATIONS};

/// Runs `docproof run` against a behaviour: exit code, report, output.
fn run(behaviour: &str) -> (i32, Value, String) {
    run_with(behaviour, &[])
}

/// Runs with further arguments, which stand above those of the endpoint.
fn run_with(behaviour: &str, more: &[&str]) -> (i32, Value, String) {
    let endpoint = Endpoint::start(behaviour);
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.json");
    let output = Command::new(env!("CARGO_BIN_EXE_docproof"))
        .arg("run")
        .args(endpoint.arguments())
        .args([
            "--report",
            &format!("json={}", report.display()),
            "--cases",
            "16",
            "--format",
            "terse",
            "--color",
            "never",
        ])
        .args(more)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    let report = std::fs::read(&report)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or(Value::Null);
    (output.status.code().unwrap_or(-1), report, text)
}

/// Runs many behaviours at once, a few at a time, and gathers what is wrong with each.
fn all(behaviours: &[&str], judge: impl Fn(&str) -> Option<String> + Sync) -> Vec<String> {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let wrong = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..10 {
            scope.spawn(|| {
                while let Some(behaviour) =
                    behaviours.get(next.fetch_add(1, std::sync::atomic::Ordering::SeqCst))
                {
                    if let Some(message) = judge(behaviour) {
                        wrong
                            .lock()
                            .unwrap()
                            .push(format!("{behaviour}: {message}"));
                    }
                }
            });
        }
    });
    wrong.into_inner().unwrap()
}

fn facts(report: &Value) -> Vec<String> {
    report["findings"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|finding| {
            format!(
                "{} ({}): {}",
                finding["fact"].as_str().unwrap(),
                finding["level"].as_str().unwrap(),
                finding["message"].as_str().unwrap()
            )
        })
        .collect()
}

#[test]
fn legal_variations_have_no_finding() {
    let wrong = all(VARIATIONS, |behaviour| {
        let (code, report, text) = run(behaviour);
        let found = facts(&report);
        (code != 0 || !found.is_empty()).then(|| {
            if found.is_empty() {
                text
            } else {
                found.join("; ")
            }
        })
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_fault_is_found_with_the_fact_that_it_breaks_and_a_row() {
    let behaviours: Vec<&str> = FAULTS.iter().map(|(behaviour, _)| *behaviour).collect();
    let wrong = all(&behaviours, |behaviour| {
        let (_, fact) = FAULTS.iter().find(|(known, _)| *known == behaviour)?;
        let (code, report, text) = run(behaviour);
        let findings = report["findings"].as_array().cloned().unwrap_or_default();
        let named = findings.iter().find(|finding| {
            finding["fact"]
                .as_str()
                .is_some_and(|name| name.contains(fact))
        });
        match named {
            _ if code != 1 => Some(format!(
                "exit {code}: {}",
                text.lines().last().unwrap_or_default()
            )),
            None => Some(format!("{fact} is not among {:?}", facts(&report))),
            Some(finding) if finding["rows"].as_array().is_none_or(Vec::is_empty) => {
                Some("the finding cites no row".to_owned())
            }
            Some(finding)
                if !finding["curl"].as_str().is_some_and(|curl| {
                    curl.starts_with("curl ") || curl.starts_with("printf ")
                }) =>
            {
                Some("the finding has no curl line".to_owned())
            }
            Some(_) => None,
        }
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_credential_is_in_no_output() {
    for behaviour in ["", "token-echoed", "error-500"] {
        let (_, report, text) = run(behaviour);
        assert!(!text.contains(support::TOKEN), "{text}");
        assert!(!report.to_string().contains(support::TOKEN), "{behaviour}");
    }
}

#[test]
fn read_only_mode_sends_nothing_that_writes() {
    let endpoint = Endpoint::start("");
    let output = Command::new(env!("CARGO_BIN_EXE_docproof"))
        .arg("run")
        .args(endpoint.arguments())
        .args(["--mode", "read-only", "--format", "terse"])
        .output()
        .unwrap();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    let received = endpoint.received();
    assert!(!received.is_empty());
    assert!(
        received.iter().all(|request| request.method == "GET"),
        "{received:?}"
    );
}

#[test]
fn one_seed_sends_the_same_generated_requests() {
    let sent = |seed: &str| {
        let endpoint = Endpoint::start("");
        let output = Command::new(env!("CARGO_BIN_EXE_docproof"))
            .args(["run", "::property::", "--seed", seed, "--format", "terse"])
            .args(endpoint.arguments())
            .output()
            .unwrap();
        assert_eq!(
            output.status.code(),
            Some(0),
            "{}",
            String::from_utf8_lossy(&output.stdout)
        );
        let mut sent: Vec<(String, String, Vec<u8>)> = endpoint
            .received()
            .into_iter()
            .map(|request| (request.method, request.target, request.body))
            .collect();
        sent.sort();
        sent
    };
    let first = sent("7");
    assert!(first.len() > 200, "{}", first.len());
    assert_eq!(first, sent("7"));
    assert_ne!(first, sent("8"));
}

/// The facts of the findings, without what is said of them.
fn broken(report: &Value) -> Vec<&str> {
    report["findings"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|finding| finding["fact"].as_str())
        .collect()
}

fn trials<'r>(report: &'r Value, verdict: &str) -> Vec<&'r str> {
    report["trials"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|trial| trial["verdict"] == verdict)
        .filter_map(|trial| trial["name"].as_str())
        .collect()
}

#[test]
fn resources_that_are_not_there_are_said_once_for_an_operation_and_prove_nothing() {
    let nobody = [
        "--set",
        "dcs.instance_id=00000000-0000-4000-8000-000000000000",
        "--set",
        "gaussdb.instance_id=00000000000000000000000000000000in14",
    ];
    let (code, report, text) = run_with("", &nobody);
    assert_eq!(code, 1, "{text}");
    assert_eq!(
        broken(&report),
        [
            "dcs::CopyInstance::request::example",
            "dcs::ListBackupRecords::request::example",
            "gaussdb::CreateManualBackup::request::example"
        ]
    );
    let proven: Vec<&str> = trials(&report, "passed")
        .into_iter()
        .filter(|name| name.ends_with("::rejects"))
        .collect();
    assert!(proven.is_empty(), "{proven:?}");
}

#[test]
fn a_credential_that_is_good_for_some_operations_is_not_blamed() {
    let (code, report, text) = run("reads-forbidden");
    assert_eq!(code, 1, "{text}");
    assert!(
        broken(&report).contains(&"dcs::ListBackupRecords::request::example"),
        "{:?}",
        facts(&report)
    );
    let passed = trials(&report, "passed");
    let name = "dcs::CopyInstance::request::example";
    assert!(passed.contains(&name), "{passed:?}");
}

#[test]
fn a_default_that_a_law_finds_broken_is_contradicted_in_the_ledger() {
    let law = ["CopyInstance::relation::created-appears::default"];
    let (code, report, text) = run_with("default-aof", &law);
    assert_eq!(code, 1, "{text}");
    let line = report["ledger"]
        .as_array()
        .unwrap()
        .iter()
        .find(|line| line["fact"] == "dcs::CopyInstance::request.backup_format::default")
        .unwrap();
    assert_eq!(line["state"], "contradicted");
}
