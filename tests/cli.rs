//! The whole program from outside: exit code, standard output and standard error together, as snapshots.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::path::Path;
use std::process::Command;

use support::Endpoint;

/// Runs `docproof` in a folder and renders what a person would see.
fn docproof(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_docproof"))
        .current_dir(folder)
        .args(arguments)
        .env_remove("DOCPROOF_TOKEN")
        .env_remove("DOCPROOF_ENDPOINT")
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    format!(
        "exit: {}\n----- stdout\n{}----- stderr\n{}",
        output.status.code().unwrap_or(-1),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// Snapshots with what changes from run to run replaced.
fn assert_seen(name: &str, seen: &str) {
    insta::with_settings!({
        filters => vec![
            (r"127\.0\.0\.1:\d+", "127.0.0.1:[port]"),
            (r"in \d+\.\d+ ?s", "in [time]"),
            (r"\d+ requests", "[n] requests"),
            (r"\d+ filtered out", "[n] filtered out"),
        ],
        omit_expression => true,
        prepend_module_to_snapshot => false,
    }, { insta::assert_snapshot!(name, seen) });
}

#[test]
fn a_wrong_flag_is_a_usage_error() {
    let folder = tempfile::tempdir().unwrap();
    assert_seen(
        "wrong-flag",
        &docproof(folder.path(), &["run", "--endpont", "http://x"]),
    );
}

#[test]
fn a_dead_endpoint_is_said_once() {
    let folder = tempfile::tempdir().unwrap();
    // Nothing listens on port 9 of the loopback interface.
    let arguments = [
        "run",
        "--endpoint",
        "http://127.0.0.1:9",
        "--set",
        "project_id=p",
        "--set",
        "dcs.instance_id=i",
    ];
    let seen = docproof(folder.path(), &arguments);
    assert!(seen.starts_with("exit: 3\n"), "{seen}");
    assert!(seen.contains("cannot reach http://127.0.0.1:9"), "{seen}");
    assert!(seen.contains("hint: "), "{seen}");
}

#[test]
fn an_endpoint_that_refuses_the_credential_is_said_once() {
    let folder = tempfile::tempdir().unwrap();
    let endpoint = Endpoint::start("");
    let mut arguments: Vec<String> = vec!["run".to_owned()];
    arguments.extend(endpoint.arguments());
    let arguments: Vec<&str> = arguments
        .iter()
        .map(|text| {
            if text == support::TOKEN {
                "another-token"
            } else {
                text.as_str()
            }
        })
        .collect();
    assert_seen("refused-credential", &docproof(folder.path(), &arguments));
}

#[test]
fn arguments_that_make_no_sense_say_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let cases: [&[&str]; 8] = [
        &["run", "--endpoint", "localhost:80"],
        &["run", "--endpoint", "http://user:secret@localhost"],
        &["run", "--endpoint", "dsc=http://localhost"],
        &["run", "--set", "instance_id=x"],
        &["run", "--set", "project_id"],
        &["run", "--report", "json=missing/folder/report.json"],
        &["run", "--report", "pdf=report.pdf"],
        &["run", "--timeout", "0"],
    ];
    let seen: Vec<String> = cases
        .iter()
        .map(|arguments| {
            format!(
                "$ docproof {}\n{}",
                arguments.join(" "),
                docproof(folder.path(), arguments)
            )
        })
        .collect();
    assert_seen("senseless-arguments", &seen.join("\n"));
}

#[test]
fn pages_that_cannot_be_read_are_named_with_the_reason_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("empty.md", b"");
    write("binary.md", b"\x7fELF\x02\x01\x00\xff\xfe");
    write("letter.md", b"# Dear reader\n\nThis is a letter.\n");
    std::fs::create_dir(folder.path().join("nothing")).unwrap();
    let mut seen = Vec::new();
    for page in [
        "empty.md",
        "binary.md",
        "letter.md",
        "nothing",
        "missing.md",
    ] {
        seen.push(format!(
            "$ docproof derive {page} --out out\n{}",
            docproof(folder.path(), &["derive", page, "--out", "out"])
        ));
    }
    assert_seen("unreadable-pages", &seen.join("\n"));
    assert!(!folder.path().join("out").exists());
}

#[test]
fn a_finding_names_the_row_what_was_seen_and_a_curl_line() {
    let folder = tempfile::tempdir().unwrap();
    let endpoint = Endpoint::start("name-65");
    let mut arguments: Vec<String> = vec![
        "run".to_owned(),
        "request.name::maxLength".to_owned(),
        // One at a time: the order of the dots is part of what is seen.
        "-j".to_owned(),
        "1".to_owned(),
        "--format".to_owned(),
        "terse".to_owned(),
    ];
    arguments.extend(endpoint.arguments());
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    assert_seen("finding", &docproof(folder.path(), &arguments));
}

#[test]
fn a_service_without_endpoint_and_a_trial_without_resource_are_skipped_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let endpoint = Endpoint::start("");
    let url = format!("dcs={}", endpoint.url());
    let arguments = [
        "run",
        "::example",
        "--endpoint",
        &url,
        "--token",
        support::TOKEN,
        "--set",
        "project_id=p",
        "--set",
        "dcs.instance_id=i",
    ];
    let seen = docproof(folder.path(), &arguments);
    assert!(seen.contains("no endpoint for `gaussdb`"), "{seen}");
    let arguments = [
        "run",
        "::request::example",
        "--endpoint",
        endpoint.url(),
        "--token",
        support::TOKEN,
        "--set",
        "project_id=p",
    ];
    let seen = docproof(folder.path(), &arguments);
    assert!(
        seen.contains("no resource `dcs.instance_id`: give `--set dcs.instance_id=VALUE`"),
        "{seen}"
    );
    assert!(seen.starts_with("exit: 4\n"), "{seen}");
}

#[test]
fn derive_check_tells_a_changed_file() {
    let folder = tempfile::tempdir().unwrap();
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let cases = cases.to_str().unwrap();
    assert!(
        docproof(folder.path(), &["derive", cases, "--out", "schemas"]).starts_with("exit: 0\n")
    );
    assert!(
        docproof(
            folder.path(),
            &["derive", cases, "--out", "schemas", "--check"]
        )
        .starts_with("exit: 0\n")
    );
    let changed = folder.path().join("schemas/dcs/CopyInstance/request.json");
    std::fs::write(&changed, "{}\n").unwrap();
    assert_seen(
        "derive-check",
        &docproof(
            folder.path(),
            &["derive", cases, "--out", "schemas", "--check"],
        ),
    );
}

#[test]
fn a_derived_folder_is_a_suite() {
    let folder = tempfile::tempdir().unwrap();
    let page = "# Listing things\n\n## URI\n\nGET /v1/things\n\nTable 1 Query parameters\n\n| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n| state | No | String | The state.<br>Enumeration values:<br>- on<br>- off |\n\n## Response parameters\n\nStatus code: 200\n\nTable 2 Response body parameters\n\n| Parameter | Type | Description |\n|---|---|---|\n| count | Integer | How many. |\n\nStatus code: 400\n\nTable 3 Response body parameters\n\n| Parameter | Type | Description |\n|---|---|---|\n| error_code | String | The code. |\n";
    std::fs::write(folder.path().join("list-things.md"), page).unwrap();
    assert!(
        docproof(
            folder.path(),
            &[
                "derive",
                "list-things.md",
                "--service",
                "things",
                "--out",
                "suite/schemas"
            ]
        )
        .starts_with("exit: 0\n")
    );
    assert_seen(
        "derived-suite",
        &docproof(folder.path(), &["run", "--suite", "suite", "-j", "1"]),
    );
}

#[test]
fn a_port_in_use_is_an_error_with_advice() {
    let folder = tempfile::tempdir().unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let seen = docproof(folder.path(), &["mock", "--port", &port]);
    assert!(
        seen.starts_with("exit: 2\n") && seen.contains("is in use"),
        "{seen}"
    );
}

#[test]
fn a_reader_that_goes_away_ends_the_program_without_a_word() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_docproof"))
        .args(["run", "--list"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
