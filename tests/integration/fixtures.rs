//! What a run creates for itself, from outside: what `init` writes down, what a person corrects,
//! and what may be changed only where the user says so.

use std::path::Path;

use insta::assert_snapshot;
use tempfile::TempDir;

use crate::support::docproof;
use crate::support::widgets::{Options, SEEDED, Widgets};

/// A folder with the suite of some pages.
fn suite(pages: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/widgets");
    let mut arguments = vec!["init".to_owned(), "suite".to_owned()];
    for page in pages {
        let file = from.join(format!("{page}.md"));
        arguments.push(file.to_str().unwrap().to_owned());
    }
    let told = docproof(folder.path(), arguments);
    assert_eq!(told.code, 0, "{}", told.seen());
    folder
}

fn server() -> Widgets {
    Widgets::start(Options {
        breach: None,
        unique: false,
        seeded: true,
        builds: false,
        token: None,
    })
}

fn fixtures(folder: &TempDir) -> std::path::PathBuf {
    folder.path().join("suite/cases/widgets/fixtures.toml")
}

#[test]
fn init_writes_down_what_can_be_created() {
    let folder = suite(&[
        "create-widget",
        "list-widgets",
        "show-widget",
        "replace-widget",
        "change-widget",
        "delete-widget",
        "add-part",
        "list-parts",
    ]);
    assert_snapshot!(
        "fixtures",
        std::fs::read_to_string(fixtures(&folder)).unwrap()
    );
    let folder = suite(&["show-widget", "delete-widget"]);
    assert_snapshot!(
        "fixtures-none",
        std::fs::read_to_string(fixtures(&folder)).unwrap()
    );
}

#[test]
fn fixtures_that_are_wrong_are_told_with_what_to_write() {
    let folder = suite(&["create-widget", "show-widget", "delete-widget"]);
    let wrong = [
        "[[fixtures]]\nkey = \"widgets.widget_id\"\ncreate = \"CreateWidgets\"\n",
        "[[fixtures]]\nkey = \"widgets.widget_id\"\nmake = \"CreateWidget\"\n",
        "[[fixtures]]\nkey = \"widgets.widget_id\"\ncreate = \"CreateWidget\"\nid = \"id\"\n",
        "[[fixtures]]\nkey = \"widgets.widget\"\ncreate = \"CreateWidget\"\n",
        "[[fixtures]]\nkey = \"widgets.widget_id\"\nparent = \"widgets.shelf_id\"\n",
    ];
    let mut told = String::new();
    for text in wrong {
        std::fs::write(fixtures(&folder), text).unwrap();
        let seen = docproof(folder.path(), ["run", "--suite", "suite", "--list"]).seen();
        told.push_str(&format!("{text}{seen}\n"));
    }
    std::fs::write(fixtures(&folder), "").unwrap();
    let more = [
        "run",
        "--suite",
        "suite",
        "--allow-changes",
        "widgets.widget",
    ];
    told.push_str(&docproof(folder.path(), more).seen());
    assert_snapshot!("fixtures-wrong", told);
}

/// Runs the trials of the delete against a server with nothing that creates one; gives the output.
fn delete(folder: &TempDir, server: &Widgets, more: &[&str]) -> String {
    server.begin_run();
    let given = format!("widgets.widget_id={}", SEEDED[0]);
    let mut arguments = vec!["run", "--suite", "suite", "--endpoint", server.url()];
    arguments.extend(["--set", &given, "--format", "terse", "DeleteWidget"]);
    arguments.extend(more);
    docproof(folder.path(), arguments).text()
}

#[test]
fn what_nothing_creates_is_changed_only_where_that_is_permitted() {
    let folder = suite(&["show-widget", "delete-widget"]);
    let server = server();
    let told = delete(&folder, &server, &[]);
    assert!(
        told.contains("not sent: it changes `widgets.widget_id`"),
        "{told}"
    );
    assert!(server.untouched() && server.foreign_writes().is_empty());
    let told = delete(&folder, &server, &["--allow-changes", "widgets.widget_id"]);
    assert!(!told.contains("not sent: it changes"), "{told}");
    assert!(!server.untouched());
}

#[test]
fn a_given_resource_that_was_deleted_is_held_against_nobody() {
    let pages = [
        "show-widget",
        "replace-widget",
        "change-widget",
        "delete-widget",
    ];
    let folder = suite(&pages);
    for jobs in ["1", "8"] {
        let server = server();
        let given = format!("widgets.widget_id={}", SEEDED[0]);
        let mut arguments = vec!["run", "--suite", "suite", "--endpoint", server.url()];
        arguments.extend(["--set", &given, "--format", "terse", "-j", jobs]);
        arguments.extend(["--allow-changes", "widgets.widget_id"]);
        let told = docproof(folder.path(), arguments);
        assert_eq!(told.code, 0, "{}", told.text());
        // The delete itself was tried, and so was all before it.
        assert!(!server.untouched());
        assert!(
            told.text().contains("this run has deleted it"),
            "{}",
            told.text()
        );
    }
}

#[test]
fn a_plan_says_what_is_changed_and_what_makes_it() {
    let folder = suite(&[
        "create-widget",
        "show-widget",
        "change-widget",
        "delete-widget",
    ]);
    let told = docproof(
        folder.path(),
        [
            "run",
            "--suite",
            "suite",
            "--endpoint",
            "http://localhost:1",
            "--plan",
        ],
    );
    let lines: Vec<&str> = told
        .out
        .lines()
        .filter(|line| line.contains("widgets.widget_id") || !line.starts_with(' '))
        .collect();
    assert_snapshot!("fixtures-plan", lines.join("\n"));
}
