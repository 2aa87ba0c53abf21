//! The page that `docs/pages.md` shows is read whole, and a run against its own mock says nothing.

use std::fs;

use tempfile::TempDir;

use crate::support::docproof;

/// The sample page of the guide.
fn sample() -> String {
    let guide = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/pages.md"));
    let (_, rest) = guide.split_once("````markdown\n").unwrap();
    let (page, _) = rest.split_once("````\n").unwrap();
    page.to_owned()
}

#[test]
fn the_page_of_six_operations_is_read_whole() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("widgets.md"), sample()).unwrap();
    let told = docproof(folder.path(), ["init", "suite", "widgets.md"]);
    assert_eq!(told.code, 0, "{}", told.seen());
    assert!(
        told.seen().contains("documents 6 operations, all read"),
        "{}",
        told.seen()
    );
    assert!(!told.seen().contains("left out"), "{}", told.seen());
    let told = docproof(folder.path(), ["lint", "widgets.md", "--level", "may"]);
    assert!(told.seen().contains("nothing to mend"), "{}", told.seen());
    let told = docproof(folder.path(), ["run", "--suite", "suite"]);
    assert_eq!(told.code, 0, "{}", told.seen());
}
