//! Files that are not what they look like, and files that a run must not write.

use std::path::Path;

use rstest::rstest;

use crate::support::{docproof, program};

const PAGE: &str = "## List shelves\n\n`GET /v1/shelves`\n\nStatus code: 200\n";

#[cfg(unix)]
#[test]
fn a_folder_is_read_past_pipes_loops_and_links_that_lead_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let docs = folder.path().join("docs");
    std::fs::create_dir_all(docs.join("more")).unwrap();
    std::fs::write(docs.join("page.md"), PAGE).unwrap();
    let link = |to: &str, name: &str| std::os::unix::fs::symlink(to, docs.join(name)).unwrap();
    link("nowhere.md", "gone.md");
    link("..", "more/up");
    link("/dev/zero", "endless.md");
    let made = std::process::Command::new("mkfifo")
        .arg(docs.join("pipe.md"))
        .status();
    assert!(made.unwrap().success());
    let told = docproof(folder.path(), ["derive", "docs", "--out", "schemas"]);
    assert_eq!(told.code, 0, "{}", told.text());
    for said in [
        "`docs/gone.md` is passed over: it is a link that leads nowhere",
        "`docs/pipe.md` is passed over: it is no plain file",
        "`docs/endless.md` is passed over: it is no plain file",
    ] {
        assert!(told.err.contains(said), "{}", told.err);
    }
    // The page that a link leads back to is read once.
    assert!(!told.text().contains("up/page.md"), "{}", told.text());
}

#[cfg(unix)]
#[test]
fn a_page_without_an_end_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let told = docproof(folder.path(), ["lint", "/dev/zero"]);
    assert_eq!(told.code, 2, "{}", told.text());
    assert!(told.err.contains("it has more than 64 MiB"), "{}", told.err);
}

/// What a run may write in the folder of `files`, and what is said where it may not.
#[rstest]
#[case::page(&["run", "page.md", "--report", "json=page.md"], "the report would replace")]
#[case::by_a_detour(&["run", "page.md", "--report", "html=./docs/../page.md"], "would replace")]
#[case::of_a_folder(&["run", "docs/", "--report", "markdown=docs/page.md"], "would replace")]
#[case::that_names_docproof(&["run", "docs/", "--report", "markdown=docs/tested.md"], "would replace")]
#[case::journal(&["run", "page.md", "--journal", "page.md"], "the journal would replace")]
#[case::findings(&["run", "page.md", "--known-findings", "known.toml", "--report", "json=known.toml"], "would replace")]
#[case::settings(&["run", "page.md", "--config", "other.toml", "--journal", "other.toml"], "would replace")]
#[case::both(&["run", "page.md", "--report", "json=new", "--journal", "./new"], "both go to")]
#[case::two_reports(&["run", "page.md", "--report", "json=new", "--report", "html=./new"], "two reports go to")]
#[case::merged(&["merge", "old.json", "--report", "json=old.json"], "the report would replace")]
fn what_is_read_is_not_written(#[case] arguments: &[&str], #[case] said: &str) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("docs")).unwrap();
    let files = [
        ("page.md", PAGE),
        ("docs/page.md", PAGE),
        (
            "docs/tested.md",
            "# Tests\n\nThese pages are tested by docproof.\n",
        ),
        ("known.toml", ""),
        ("other.toml", ""),
        ("old.json", "{}"),
    ];
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let told = docproof(folder.path(), arguments);
    assert_eq!(told.code, 2, "{}", told.text());
    assert!(told.err.contains(said), "{}", told.err);
    for (name, text) in files {
        let now = std::fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(now, text, "{name}");
    }
}

#[test]
fn a_report_in_the_folder_of_the_pages_is_written_anew() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("docs")).unwrap();
    std::fs::write(folder.path().join("docs/page.md"), PAGE).unwrap();
    for report in ["html=docs/report.html", "markdown=docs/report.md"] {
        for _ in 0..2 {
            let told = docproof(folder.path(), ["run", "docs/", "--report", report]);
            assert_ne!(told.code, 2, "{}", told.text());
        }
    }
}

#[test]
fn two_runs_do_not_share_a_journal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.ndjson");
    std::fs::write(&path, "{}\n").unwrap();
    let held = std::fs::File::open(&path).unwrap();
    held.lock().unwrap();
    let arguments = ["run", "--journal", "journal.ndjson"];
    let told = docproof(folder.path(), arguments);
    assert_eq!(told.code, 2, "{}", told.text());
    assert!(told.err.contains("another run writes it"), "{}", told.err);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "{}\n");
    drop(held);
    let filtered = arguments
        .into_iter()
        .chain(["CopyInstance::response-200::example"]);
    assert_eq!(docproof(folder.path(), filtered).code, 0);
    assert_ne!(std::fs::read_to_string(&path).unwrap(), "{}\n");
}

#[rstest]
#[case::length(&["--header", "Content-Length: 3"], "`Content-Length` cannot be given")]
#[case::coding(&["--header", "transfer-encoding: chunked"], "`transfer-encoding` cannot be given")]
#[case::expect(&["--header", "Expect: 100-continue"], "`Expect` cannot be given")]
#[case::connection(&["--header", "Connection: close"], "`Connection` cannot be given")]
#[case::bearer(&["--bearer", ""], "`--bearer` is given nothing")]
#[case::basic(&["--basic", ""], "`--basic` is given nothing")]
fn what_no_request_can_carry_is_refused(#[case] flags: &[&str], #[case] said: &str) {
    let told = docproof(Path::new("."), ["run", "--list"].iter().chain(flags));
    assert_eq!(told.code, 2, "{}", told.text());
    assert!(told.err.contains(said), "{}", told.err);
}

#[rstest]
#[case::none(&[], "full")]
#[case::here(&["--proxy", "http://127.0.0.1:3128"], "full")]
#[case::elsewhere(&["--proxy", "http://proxy.example.com:3128"], "read-only")]
fn the_mode_follows_where_requests_go(#[case] flags: &[&str], #[case] mode: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = "[target.here]\nendpoint = \"http://127.0.0.1:9\"\n";
    std::fs::write(folder.path().join("docproof.toml"), file).unwrap();
    let mut command = program(folder.path());
    let told = crate::support::told(command.arg("targets").args(flags));
    let line = told.out.lines().find(|line| line.contains("mode"));
    assert!(
        line.is_some_and(|line| line.contains(mode)),
        "{}",
        told.text()
    );
    let proxy = flags.last().copied().unwrap_or("none");
    let line = told.out.lines().find(|line| line.contains("  proxy"));
    assert!(
        line.is_some_and(|line| line.contains(proxy)),
        "{}",
        told.text()
    );
}

/// A file of one request line among the pages of a folder is a sample, unless it is named.
#[test]
fn a_request_line_alone_is_no_page() {
    let folder = tempfile::tempdir().unwrap();
    let docs = folder.path().join("docs");
    std::fs::create_dir(&docs).unwrap();
    let page = "# Rows\n\n`GET /v1/rows`\n\n### Status code: 200\n\nThe rows.\n";
    std::fs::write(docs.join("rows.md"), page).unwrap();
    std::fs::write(docs.join("sample.txt"), "GET /rows?owner={owner}&all\n").unwrap();
    let told = docproof(folder.path(), ["derive", "docs", "--out", "out"]);
    assert_eq!(told.code, 0, "{}", told.text());
    assert!(told.text().contains("1 operation"), "{}", told.text());
    assert!(
        told.text()
            .contains("`docs/sample.txt` is passed over: it is one request line"),
        "{}",
        told.text()
    );
    let told = docproof(
        folder.path(),
        ["derive", "docs/sample.txt", "--out", "other"],
    );
    assert_eq!(told.code, 0, "{}", told.text());
}
