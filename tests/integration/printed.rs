//! What becomes of a run whose output nobody reads, or nobody can write.

use std::process::Stdio;

use rstest::rstest;

use crate::support::widgets::{Options, Widgets};
use crate::support::{docproof, program};

#[cfg(unix)]
#[rstest]
#[case::plain(&[])]
#[case::each_trial(&["--verbose"])]
#[case::as_libtest(&["--format", "pretty"])]
fn a_run_that_nobody_reads_ends_as_any_other(#[case] more: &[&str]) {
    let (folder, server) = (
        tempfile::tempdir().unwrap(),
        Widgets::start(Options::default()),
    );
    let pages = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/widgets");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let status = program(folder.path())
        .args(["run", pages, "--report", "json=report.json"])
        .args(["--endpoint", server.url()])
        .args(more)
        .stdout(writer)
        .stderr(Stdio::null())
        .status()
        .unwrap();
    let report = std::fs::read(folder.path().join("report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&report).unwrap();
    assert_eq!(report["summary"]["halted"], serde_json::Value::Null);
    assert_eq!(status.code(), Some(0), "{:#}", report["summary"]);
    assert!(server.seen().iter().any(|seen| seen.method == "POST"));
    assert_eq!(server.left(), Vec::<String>::new());
}

#[cfg(target_os = "linux")]
#[rstest]
#[case::run(&["run"])]
#[case::each_trial(&["run", "--verbose"])]
#[case::as_libtest(&["run", "--format", "json"])]
#[case::list(&["run", "--list"])]
#[case::plan(&["run", "--plan"])]
#[case::lint(&["lint", "page.md"])]
#[case::export(&["export", "dcs"])]
#[case::completions(&["completions", "bash"])]
#[case::man(&["man"])]
#[case::schema(&["schema", "report"])]
#[case::help(&["--help"])]
fn what_cannot_be_printed_is_an_error(#[case] arguments: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("page.md"),
        "## List\n\n`GET /v1/shelves`\n",
    )
    .unwrap();
    let full = || {
        std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .unwrap()
    };
    let mut command = program(folder.path());
    let output = command.args(arguments).stdout(full()).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(
        told.contains("error: cannot write to standard output"),
        "{told}"
    );
    assert!(!told.contains("a bug in docproof"), "{told}");
    // Nobody can be told, and the code is what it would be.
    let mut command = program(folder.path());
    let quiet = command.args(["lint", "none.md"]).stderr(full()).status();
    assert_eq!(quiet.unwrap().code(), Some(2));
}

#[test]
fn colours_of_libtest_are_as_they_are_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let run = |colour: &str| {
        let filter = "CopyInstance::response-200::example";
        let arguments = ["run", "--format", "pretty", "--color", colour, filter];
        docproof(folder.path(), arguments).out
    };
    assert!(run("always").contains("\u{1b}[32mok"), "{}", run("always"));
    assert!(!run("auto").contains('\u{1b}'), "{}", run("auto"));
}
