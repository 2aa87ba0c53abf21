//! The library from outside: a suite is run as a value, in tests of every kind, and says what the
//! program says.

use std::path::{Path, PathBuf};
use std::time::Duration;

use docproof::{Mode, Report, Severity, Suite};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::TOKEN;
use crate::support::program;
use crate::support::widgets::{Options, Widgets};

/// A path of this package.
fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn widgets(breach: Option<&'static str>) -> Widgets {
    Widgets::start(Options {
        breach,
        token: Some(TOKEN),
        ..Options::default()
    })
}

fn suite(server: &Widgets) -> Suite {
    Suite::from_pages(at("tests/fixtures/widgets"))
        .unwrap()
        .endpoint(server.url())
        .token(TOKEN)
        .cases(5)
}

/// What `assert_ok` panics with.
fn panic_of(report: Report) -> String {
    let panic = std::panic::catch_unwind(|| report.assert_ok()).unwrap_err();
    panic.downcast_ref::<String>().unwrap().clone()
}

#[test]
fn a_correct_server_is_ok() {
    let server = widgets(None);
    let report = suite(&server).run();
    report.assert_ok();
    assert!(report.is_ok());
    assert_eq!(report.exit_code(), 0);
    assert!(report.findings().is_empty() && report.error().is_none());
    let counts = report.counts();
    assert!(counts.passed > 50 && counts.failed == 0, "{counts:?}");
    assert!(
        counts.requests > 100 && counts.facts.proven > 50,
        "{counts:?}"
    );
    assert!(server.left().is_empty(), "what a run created is removed");
}

#[test]
fn a_documents_suite_is_that_of_its_pages() {
    let server = widgets(None);
    Suite::from_openapi(at("tests/fixtures/widgets-document/openapi.json"))
        .unwrap()
        .endpoint(server.url())
        .header("X-Auth-Token", TOKEN)
        .cases(5)
        .run()
        .assert_ok();
}

#[test]
fn a_broken_server_fails_the_test_with_what_a_person_reads() {
    let server = widgets(Some("delete-does-nothing"));
    let report = suite(&server).run();
    assert_eq!(report.exit_code(), 1);
    let findings = report.findings();
    let finding = findings.first().unwrap();
    assert!(finding.fact.contains("Widget"), "{finding:?}");
    assert!(finding.severity >= Severity::Should);
    assert!(finding.status.is_some() && finding.curl.as_ref().unwrap().starts_with("curl"));
    assert!(
        finding.sources.iter().all(|source| source.contains(".md")),
        "{finding:?}"
    );
    assert!(!finding.curl.as_ref().unwrap().contains(TOKEN));
    let text = panic_of(report);
    assert!(text.contains(&finding.fact), "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
    assert!(!text.contains(TOKEN), "{text}");
}

#[rstest]
#[case::unknown_key(|suite: Suite| suite.set("no.such.key", "x"), "Suite::set no.such.key", 2)]
#[case::no_url(|suite: Suite| suite.endpoint("localhost"), "Suite::endpoint", 2)]
#[case::no_file(|suite: Suite| suite.known_findings("no/such.toml"), "no/such.toml", 2)]
#[case::two_credentials(|suite: Suite| suite.token("a").key_pair("b", "c"), "Suite::token", 2)]
#[case::nobody_there(|suite: Suite| suite.endpoint("http://127.0.0.1:1"), "127.0.0.1:1", 3)]
#[case::refused(|suite: Suite| suite.token("wrong"), "401", 3)]
fn a_run_that_cannot_be_made_says_why(
    #[case] told: fn(Suite) -> Suite,
    #[case] said: &str,
    #[case] code: u8,
) {
    let server = widgets(None);
    let report = told(suite(&server)).run();
    assert_eq!(report.exit_code(), code, "{report}");
    assert!(!report.is_ok());
    let error = report.error().unwrap();
    assert!(error.message().contains(said), "{error}");
    assert!(error.hint().is_some(), "{error}");
    assert!(panic_of(report).contains(said));
}

#[rstest]
#[case::no_folder(Suite::from_pages("no/such/folder"), "no/such/folder")]
#[case::no_page(Suite::from_pages(at("schemas")), "schemas")]
#[case::no_document(Suite::from_openapi(at("README.md")), "README.md")]
#[case::no_suite(Suite::open(at("tests/fixtures/widgets")), "tests/fixtures/widgets")]
fn what_is_no_suite_is_an_error_that_names_it(
    #[case] read: Result<Suite, docproof::Error>,
    #[case] name: &str,
) {
    let error = read.unwrap_err();
    assert!(error.message().contains(name), "{error}");
    assert!(error.hint().is_some(), "{error}");
}

/// The names and verdicts of a report's trials.
fn verdicts(report: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let trials = report["trials"].as_array().unwrap().iter();
    trials
        .map(|trial| (text(&trial["name"]), text(&trial["verdict"])))
        .collect()
}

#[test]
fn the_library_and_the_program_make_the_same_run() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.json");
    let page = at("tests/fixtures/widgets-document/openapi.json");
    let server = widgets(Some("delete-does-nothing"));
    let told = program(folder.path())
        .args(["run", "--cases", "5", "--endpoint", server.url()])
        .args(["--token", TOKEN, "--report"])
        .arg(format!("json={}", file.display()))
        .arg(&page)
        .output()
        .unwrap();
    assert_eq!(told.status.code(), Some(1));
    let program: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let server = widgets(Some("delete-does-nothing"));
    let library = Suite::from_openapi(&page)
        .unwrap()
        .endpoint(server.url())
        .token(TOKEN)
        .cases(5)
        .run();
    assert_eq!(verdicts(&library.to_json()), verdicts(&program));
    assert_eq!(library.exit_code(), 1);
}

#[test]
fn a_mode_and_a_floor_of_coverage_are_kept() {
    let server = widgets(None);
    let report = suite(&server)
        .mode(Mode::ReadOnly)
        .min_coverage(99.0)
        .timeout(Duration::from_secs(5))
        .run();
    let writes = |seen: &&crate::support::widgets::Seen| {
        matches!(seen.method.as_str(), "POST" | "PUT" | "DELETE")
    };
    // A method that no page documents of a path is sent to see it refused.
    let created = server
        .seen()
        .iter()
        .filter(writes)
        .any(|seen| seen.status == 201);
    assert!(!created);
    assert_eq!(report.exit_code(), 1);
    assert!(panic_of(report).contains("--min-coverage"));
}

/// A server of one list within the runtime of the test itself.
async fn of_this_runtime() -> String {
    use axum::routing::get;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let notes = || async {
        (
            [("content-type", "application/json")],
            json!({ "notes": [{ "id": "n1" }] }).to_string(),
        )
    };
    let router = axum::Router::new().route("/notes", get(notes));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    url
}

/// What documents that server.
fn document(folder: &Path) -> PathBuf {
    let answer = json!({
        "type": "object",
        "required": ["notes"],
        "properties": { "notes": { "type": "array", "items": {
            "type": "object", "properties": { "id": { "type": "string" } }
        } } }
    });
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "Notes", "version": "1" },
        "paths": { "/notes": { "get": {
            "operationId": "listNotes",
            "responses": { "200": {
                "description": "The notes.",
                "content": { "application/json": { "schema": answer } }
            } }
        } } }
    });
    let path = folder.join("openapi.json");
    std::fs::write(&path, document.to_string()).unwrap();
    path
}

#[tokio::test]
async fn a_server_in_the_tests_own_runtime_is_run_against_without_holding_it() {
    let folder = tempfile::tempdir().unwrap();
    let url = of_this_runtime().await;
    let suite = Suite::from_openapi(document(folder.path())).unwrap();
    suite.endpoint(url).run_async().await.assert_ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_blocking_run_goes_through_in_a_runtime_of_several_threads() {
    let folder = tempfile::tempdir().unwrap();
    let url = of_this_runtime().await;
    let suite = Suite::from_openapi(document(folder.path())).unwrap();
    suite.endpoint(url).run().assert_ok();
}

#[tokio::test]
async fn a_blocking_run_that_holds_its_own_server_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let url = of_this_runtime().await;
    let suite = Suite::from_openapi(document(folder.path())).unwrap();
    let limit = Duration::from_millis(300);
    let report = suite.endpoint(url).timeout(limit).run();
    assert_eq!(report.exit_code(), 3, "{report}");
    assert!(
        report
            .error()
            .unwrap()
            .hint()
            .unwrap()
            .contains("run_async"),
        "{report}"
    );
}
