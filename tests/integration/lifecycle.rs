//! docproof against servers of widgets, with nothing given by `--set`: silent about the correct
//! one, whatever its conventions; it touches nothing that the run did not create; and every breach
//! is found by the law that it breaks.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rstest::rstest;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::docproof;
use crate::support::widgets::{BREACHES, Options, SEEDED, Seen, Widgets};

/// The pages, in the order in which a person would write them.
const PAGES: [&str; 8] = [
    "create-widget",
    "list-widgets",
    "show-widget",
    "replace-widget",
    "change-widget",
    "delete-widget",
    "add-part",
    "list-parts",
];

/// A folder with a suite made from the pages, which are named so that they are in an order.
fn suite(order: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/widgets");
    let mut arguments = vec!["init".to_owned(), "suite".to_owned()];
    for (number, page) in order.iter().enumerate() {
        let name = format!("{number}-{page}.md");
        std::fs::copy(from.join(format!("{page}.md")), folder.path().join(&name)).unwrap();
        arguments.push(name);
    }
    let told = docproof(folder.path(), arguments);
    assert_eq!(told.code, 0, "{}", told.seen());
    folder
}

/// A folder with a suite made from an OpenAPI document that says the same.
fn suite_of_document() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/widgets-document");
    std::fs::copy(
        from.join("openapi.json"),
        folder.path().join("openapi.json"),
    )
    .unwrap();
    let told = docproof(folder.path(), ["init", "suite", "openapi.json"]);
    assert_eq!(told.code, 0, "{}", told.seen());
    folder
}

/// A run of a suite against a server.
struct Run {
    code: i32,
    text: String,
    report: Value,
}

fn run(folder: &TempDir, server: &Widgets, name: &str, more: &[&str]) -> Run {
    server.begin_run();
    let report = format!("{name}.json");
    let kind = format!("json={report}");
    let mut arguments = vec!["run", "--suite", "suite", "--endpoint", server.url()];
    arguments.extend(["--cases", "8", "--format", "terse", "--report", &kind]);
    arguments.extend(more);
    let told = docproof(folder.path(), arguments);
    let report = std::fs::read(folder.path().join(report));
    Run {
        code: told.code,
        text: told.text(),
        report: report.map_or(Value::Null, |bytes| serde_json::from_slice(&bytes).unwrap()),
    }
}

impl Run {
    /// The findings of every level, in short.
    fn findings(&self) -> Vec<String> {
        let findings = self.report["findings"].as_array().into_iter().flatten();
        let text =
            |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
        findings
            .map(|finding| format!("{}: {}", text(finding, "fact"), text(finding, "message")))
            .collect()
    }

    /// The names of the trials that failed.
    fn failed(&self) -> Vec<&str> {
        let trials = self.report["trials"].as_array().into_iter().flatten();
        trials
            .filter(|trial| {
                trial["findings"]
                    .as_array()
                    .is_some_and(|found| !found.is_empty())
            })
            .filter_map(|trial| trial["name"].as_str())
            .collect()
    }

    /// Nothing is said against a server that is correct.
    fn assert_silent(&self, which: &str) {
        let findings = self.findings();
        assert!(
            self.code == 0 && findings.is_empty(),
            "{which}: exit {}, {findings:#?}\n{}",
            self.code,
            self.text.lines().last().unwrap_or_default()
        );
    }
}

/// A request in short.
fn short(seen: &Seen) -> String {
    let body = String::from_utf8_lossy(&seen.body)
        .chars()
        .take(200)
        .collect::<String>();
    format!("{} {} {body} -> {}", seen.method, seen.target, seen.status)
}

/// Nothing of anybody else has been changed, nor was it tried, and the run has removed its own.
fn assert_clean(server: &Widgets) {
    let foreign: Vec<String> = server.foreign_writes().iter().map(short).collect();
    assert!(foreign.is_empty(), "{foreign:#?}");
    assert!(server.untouched());
    assert!(
        server.left().is_empty(),
        "{} widgets are left",
        server.left().len()
    );
}

/// The orders in which the pages are tried.
fn order(kind: &str) -> Vec<&'static str> {
    let mut pages = PAGES.to_vec();
    match kind {
        "reversed" => pages.reverse(),
        // What destroys comes before what creates.
        "deletes-first" => pages.rotate_left(5),
        _ => {}
    }
    pages
}

const PLAIN: Options = Options {
    breach: None,
    unique: false,
    seeded: true,
    builds: false,
    token: None,
};

const UNIQUE: Options = Options {
    unique: true,
    ..PLAIN
};

#[rstest]
#[case::plain("as-written", PLAIN)]
#[case::reversed("reversed", PLAIN)]
#[case::deletes_first("deletes-first", PLAIN)]
#[case::unique("as-written", UNIQUE)]
#[case::unique_reversed("reversed", UNIQUE)]
#[case::unique_deletes_first("deletes-first", UNIQUE)]
#[case::empty("as-written", Options { seeded: false, ..UNIQUE })]
#[case::builds("as-written", Options { builds: true, ..UNIQUE })]
#[case::token("as-written", Options { token: Some("of-the-test"), ..PLAIN })]
fn the_correct_server_is_left_in_peace(#[case] kind: &str, #[case] options: Options) {
    let folder = suite(&order(kind));
    let server = Widgets::start(options);
    let token = options.token.map(|token| ["--token", token]);
    let more: &[&str] = token.as_ref().map_or(&[], <[&str; 2]>::as_slice);
    // What the first run leaves behind, the second one would stumble over.
    for round in ["first", "second"] {
        let told = run(&folder, &server, round, more);
        assert_clean(&server);
        told.assert_silent(&format!("{round} run"));
    }
}

#[rstest]
fn what_others_have_is_not_touched(
    #[values("full", "sandbox", "read-only")] mode: &str,
    #[values(PLAIN, UNIQUE)] options: Options,
) {
    let folder = suite(&PAGES);
    let server = Widgets::start(options);
    let limit: &[&str] = match mode {
        "sandbox" => &["--max-writes", "4000"],
        _ => &[],
    };
    run(
        &folder,
        &server,
        "report",
        &[&["--mode", mode], limit].concat(),
    );
    assert_clean(&server);
    let seen = server.seen();
    let is_write = |seen: &&Seen| !["GET", "HEAD", "OPTIONS"].contains(&seen.method.as_str());
    let writes: Vec<&Seen> = seen.iter().filter(is_write).collect();
    if mode == "read-only" {
        let writes: Vec<String> = writes.into_iter().map(short).collect();
        assert!(writes.is_empty(), "{writes:#?}");
        return;
    }
    // It is not for want of trying.
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        let is_done = |seen: &&Seen| seen.method == method && seen.status < 300;
        assert!(
            writes.iter().copied().any(|seen| is_done(&seen)),
            "no {method} was accepted"
        );
    }
}

/// What a user gives serves for reading alone.
#[test]
fn what_is_given_is_only_read() {
    let folder = suite(&PAGES);
    let server = Widgets::start(PLAIN);
    let given = format!("widgets.widget_id={}", SEEDED[0]);
    run(&folder, &server, "report", &["--set", &given]);
    assert_clean(&server);
    let is_shown = |seen: &Seen| seen.target.contains(SEEDED[0]) && seen.status == 200;
    assert!(server.seen().iter().any(is_shown));
}

/// What is wrong with the run against a server with a breach; nothing if its law is named.
fn missed(folder: &TempDir, breach: &'static str, laws: &[&str]) -> Option<String> {
    let server = Widgets::start(Options {
        breach: Some(breach),
        ..PLAIN
    });
    let told = run(folder, &server, breach, &[]);
    let failed = told.failed();
    let is_law = |part: &str| laws.iter().any(|law| part.starts_with(law));
    // Some laws are held by a check of every answer, whichever trial has it.
    let facts = told.findings();
    let mut names = failed
        .iter()
        .copied()
        .chain(facts.iter().map(String::as_str));
    let is_named = names.any(|name| name.split("::").any(is_law));
    if told.code == 1 && is_named {
        return None;
    }
    let findings = told.findings();
    Some(format!(
        "{breach} ({laws:?}): exit {}, {failed:?}, {findings:#?}",
        told.code
    ))
}

#[test]
fn every_breach_is_found_by_its_law() {
    find_every_breach(&suite(&PAGES));
}

#[test]
fn every_breach_is_found_from_a_document() {
    find_every_breach(&suite_of_document());
}

/// A document alone is enough: one command, without a suite.
#[test]
fn the_correct_server_is_as_its_document_says() {
    let folder = suite_of_document();
    let server = Widgets::start(UNIQUE);
    server.begin_run();
    let document = ["run", "openapi.json", "--endpoint", server.url()];
    let told = docproof(folder.path(), document);
    assert_eq!(told.code, 0, "{}", told.text());
    assert_clean(&server);
    let told = run(&folder, &server, "report", &[]);
    told.assert_silent("suite of a document");
}

fn find_every_breach(folder: &TempDir) {
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while let Some(breach) = BREACHES.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let message = missed(folder, breach.name, breach.laws);
                    wrong.lock().unwrap().extend(message);
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(
        wrong.is_empty(),
        "{} of {} are missed:\n{}",
        wrong.len(),
        BREACHES.len(),
        wrong.join("\n")
    );
}
